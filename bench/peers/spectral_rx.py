"""RX of an ENVI cube with Spectral Python: the file is opened and loaded in every run, the distances written as NPY."""

import argparse
from pathlib import Path

import numpy
import spectral

from spectral_cube import add_cube_option, open_cube
from work import Work, array_checksum


def add_options(parser: argparse.ArgumentParser) -> None:
    add_cube_option(parser)
    parser.add_argument("--out", type=Path, required=True)


def prepare(options: argparse.Namespace) -> Work:
    def run() -> numpy.ndarray:
        distances = spectral.rx(open_cube(options.cube).load()).astype("float32")
        numpy.save(options.out, distances)
        return distances

    return Work(run, array_checksum, {"numpy": numpy.__version__, "spectral": spectral.__version__})
