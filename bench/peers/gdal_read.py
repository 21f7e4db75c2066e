"""One band or one pixel's spectrum with GDAL on one thread; the dataset is opened and its blocks decoded in every run."""

import argparse

import numpy
from osgeo import gdal

from work import Work


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cube", required=True)
    parser.add_argument("--read", choices=["band", "pixel"], default="band")
    parser.add_argument("--band", type=int, default=1, help="band number, from 1")
    parser.add_argument("--line", type=int, default=0)
    parser.add_argument("--sample", type=int, default=0)


def prepare(options: argparse.Namespace) -> Work:
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_NUM_THREADS", "1")

    def run() -> numpy.ndarray:
        # Closing the dataset drops its cached blocks: nothing decoded is kept from one run to the next.
        dataset = gdal.Open(options.cube)
        if options.read == "band":
            return dataset.GetRasterBand(options.band).ReadAsArray()
        return dataset.ReadAsArray(options.sample, options.line, 1, 1)

    def checksum(values: numpy.ndarray) -> float:
        return float(values.sum(dtype=numpy.float64, where=numpy.isfinite(values)))

    return Work(run, checksum, {"numpy": numpy.__version__, "gdal": gdal.__version__})
