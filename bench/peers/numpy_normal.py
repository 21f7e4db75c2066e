"""Samples of the nine-dimensional integer Gaussian with numpy's multivariate_normal, by Cholesky."""

import argparse

import numpy

from work import Work


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--covariance", required=True, help="rows of nine numbers, all separated by commas")


def prepare(options: argparse.Namespace) -> Work:
    covariance = numpy.array([float(value) for value in options.covariance.split(",")]).reshape(9, 9)
    mean = numpy.arange(1.0, 10.0)
    generator = numpy.random.default_rng(options.seed)

    def run() -> numpy.ndarray:
        return generator.multivariate_normal(mean, covariance, options.count, method="cholesky")

    def checksum(samples: numpy.ndarray) -> float:
        """Mean of all numbers."""
        return float(samples.mean())

    return Work(run, checksum, {"numpy": numpy.__version__})
