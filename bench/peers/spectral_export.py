"""A whole filtered cube as a person scripts it: Spectral Python load, scipy savgol_filter, Spectral Python save_image.

Loads the ENVI cube as float32, filters along the bands and writes float32 ENVI to --out (its .hdr beside it), in the
source's interleave unless told.
"""

import argparse
from pathlib import Path

import numpy
import scipy
import spectral
from scipy.signal import savgol_filter

from filter_options import add_filter_options
from spectral_cube import add_cube_option, open_cube
from work import Work

INTERLEAVES = {spectral.BSQ: "bsq", spectral.BIL: "bil", spectral.BIP: "bip"}


def add_options(parser: argparse.ArgumentParser) -> None:
    add_cube_option(parser)
    add_filter_options(parser)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--interleave", choices=["bsq", "bil", "bip"])


def file_checksum(path: Path) -> float:
    """Sum of the finite values of a file of little-endian float32, in float64."""
    total = 0.0
    values = numpy.memmap(path, dtype="<f4", mode="r")
    for start in range(0, len(values), 1 << 22):
        part = values[start : start + (1 << 22)]
        total += float(numpy.sum(part, dtype=numpy.float64, where=numpy.isfinite(part)))
    return total


def prepare(options: argparse.Namespace) -> Work:
    header = options.out.with_suffix(".hdr")

    def run() -> Path:
        image = open_cube(options.cube)
        interleave = options.interleave or INTERLEAVES[image.interleave]
        filtered = savgol_filter(
            image.load(), options.window, options.degree, deriv=options.derivative, axis=2, mode="interp"
        )
        spectral.io.envi.save_image(
            str(header),
            filtered,
            dtype=numpy.float32,
            interleave=interleave,
            ext=options.out.suffix,
            force=True,
            metadata=image.metadata,
        )
        return options.out

    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__, "spectral": spectral.__version__}
    return Work(run, file_checksum, versions)
