"""One pixel's spectrum from an ENVI cube with Spectral Python's memory map; the file is opened in every run."""

import argparse

import numpy
import spectral

from spectral_cube import add_cube_option, open_cube
from work import Work


def add_options(parser: argparse.ArgumentParser) -> None:
    add_cube_option(parser)
    parser.add_argument("--line", type=int, default=0)
    parser.add_argument("--sample", type=int, default=0)


def prepare(options: argparse.Namespace) -> Work:
    def run() -> numpy.ndarray:
        return numpy.array(open_cube(options.cube).read_pixel(options.line, options.sample))

    def checksum(spectrum: numpy.ndarray) -> float:
        return float(spectrum.sum(dtype=numpy.float64))

    return Work(run, checksum, {"numpy": numpy.__version__, "spectral": spectral.__version__})
