"""scipy.signal.savgol_filter over the bands of a float32 cube in memory: axis 0 (bsq), 1 (bil) or 2 (bip)."""

import argparse

import numpy
import scipy
from scipy.signal import savgol_filter

from cube_values import band_axis, bench_cube
from filter_options import add_filter_options, add_shape_options
from work import Work, array_checksum


def add_options(parser: argparse.ArgumentParser) -> None:
    add_shape_options(parser)
    add_filter_options(parser)


def prepare(options: argparse.Namespace) -> Work:
    cube = bench_cube(
        options.lines, options.samples, options.bands, options.interleave, options.seed, "float32"
    )
    axis = band_axis(options.interleave)

    def run() -> numpy.ndarray:
        return savgol_filter(
            cube, options.window, options.degree, deriv=options.derivative, axis=axis, mode="interp"
        )

    return Work(run, array_checksum, {"numpy": numpy.__version__, "scipy": scipy.__version__})
