"""One Savitzky-Golay image of one band from an ENVI cube: Spectral Python's memory map, weighted sum in numpy.

Opens the cube, maps it and adds the window's bands in float32, each read once. --method loop adds band by band, dot
makes one matrix product of the window's slab (faster where a pixel's bands lie together). The band must lie half a
window inside.
"""

import argparse

import numpy
import scipy
import spectral
from scipy.signal import savgol_coeffs

from filter_options import add_filter_options
from spectral_cube import add_cube_option, open_cube
from work import Work, array_checksum


def add_options(parser: argparse.ArgumentParser) -> None:
    add_cube_option(parser)
    add_filter_options(parser)
    parser.add_argument("--band", type=int, default=100, help="band number, from 1")
    parser.add_argument("--method", choices=["loop", "dot"], default="loop")


def by_loop(cube: numpy.ndarray, first: int, weights: numpy.ndarray) -> numpy.ndarray:
    """Band by band into one image."""
    image = numpy.zeros(cube.shape[:2], dtype=numpy.float32)
    for k, weight in enumerate(weights):
        image += weight * cube[:, :, first + k]
    return image


def by_dot(cube: numpy.ndarray, first: int, weights: numpy.ndarray) -> numpy.ndarray:
    """One product of the slab of bands."""
    return cube[:, :, first : first + len(weights)].astype(numpy.float32) @ weights


def prepare(options: argparse.Namespace) -> Work:
    weights = savgol_coeffs(options.window, options.degree, deriv=options.derivative, use="dot").astype(
        numpy.float32
    )
    half = options.window // 2
    first = options.band - 1 - half
    if first < 0 or first + options.window > open_cube(options.cube).nbands:
        raise SystemExit(f"--band {options.band} is closer than {half} bands to an end of the cube")
    method = by_loop if options.method == "loop" else by_dot

    def run() -> numpy.ndarray:
        return method(open_cube(options.cube).open_memmap(interleave="bip"), first, weights)

    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__, "spectral": spectral.__version__}
    return Work(run, array_checksum, versions)
