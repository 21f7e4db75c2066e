"""The Savitzky-Golay options that several peers share."""

import argparse


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """--window, --degree, --derivative with the workbench's defaults for a second derivative."""
    parser.add_argument("--window", type=int, default=11)
    parser.add_argument("--degree", type=int, default=2)
    parser.add_argument("--derivative", type=int, default=2)


def add_shape_options(parser: argparse.ArgumentParser) -> None:
    """--lines, --samples, --bands, --interleave, --seed of a cube in memory."""
    parser.add_argument("--lines", type=int, default=512)
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("--bands", type=int, default=224)
    parser.add_argument("--interleave", choices=["bsq", "bil", "bip"], default="bsq")
    parser.add_argument("--seed", type=int, default=1)
