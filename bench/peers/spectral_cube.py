"""Opening an ENVI cube with Spectral Python."""

import argparse
from pathlib import Path

import spectral


def add_cube_option(parser: argparse.ArgumentParser) -> None:
    """--cube: the data file, its header beside it as X.hdr."""
    parser.add_argument("--cube", type=Path, required=True)


def open_cube(data: Path) -> spectral.io.spyfile.SpyFile:
    """The image; the header is read again every time, as a person who opens a cube does."""
    return spectral.io.envi.open(str(data.with_suffix(".hdr")), str(data))
