"""Writes a cube as GeoTIFF with GDAL on one thread (to make the files that gdal-read and the workbench are compared on).

--option may be given many times, as GDAL names them: --option COMPRESS=DEFLATE --option TILED=YES
--option INTERLEAVE=BAND --option PREDICTOR=2.
"""

import argparse
from pathlib import Path

from osgeo import gdal

from work import Work


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cube", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")


def prepare(options: argparse.Namespace) -> Work:
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_NUM_THREADS", "1")

    def run() -> Path:
        gdal.Translate(options.out, options.cube, format="GTiff", creationOptions=options.option)
        return Path(options.out)

    def checksum(written: Path) -> float:
        """The file's size in bytes: the values are compared by reading it."""
        return float(written.stat().st_size)

    return Work(run, checksum, {"gdal": gdal.__version__})
