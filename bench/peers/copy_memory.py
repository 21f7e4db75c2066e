"""One copy of a float32 cube within memory (numpy.copyto between two arrays that both exist): the floor of any filter."""

import argparse

import numpy

from cube_values import bench_cube
from filter_options import add_shape_options
from work import Work, array_checksum


def add_options(parser: argparse.ArgumentParser) -> None:
    add_shape_options(parser)


def prepare(options: argparse.Namespace) -> Work:
    cube = bench_cube(
        options.lines, options.samples, options.bands, options.interleave, options.seed, "float32"
    )
    target = numpy.zeros_like(cube)

    def run() -> numpy.ndarray:
        numpy.copyto(target, cube)
        return target

    # The target's pages exist before the first run.
    run()
    return Work(run, array_checksum, {"numpy": numpy.__version__})
