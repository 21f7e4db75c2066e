"""What a peer hands to run.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy


@dataclass
class Work:
    """`run` is what is timed; `checksum` takes its last result, untimed; `versions` names the libraries used."""

    run: Callable[[], Any]
    checksum: Callable[[Any], float]
    versions: dict[str, str]


def array_checksum(values: numpy.ndarray) -> float:
    """Sum of the finite values in float64, plane by plane so that no second cube is needed."""
    planes = values if values.ndim == 3 else values[numpy.newaxis]
    return float(sum(numpy.sum(plane, dtype=numpy.float64, where=numpy.isfinite(plane)) for plane in planes))
