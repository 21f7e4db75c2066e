"""The benchmark cubes' values, the same as bench/cubes.ts writes them."""

import numpy

# axis: period and slope of its triangle wave, factor of its hash
PATTERN = {
    "line": (128, 6, 0x9E3779B1),
    "sample": (96, 8, 0x85EBCA77),
    "band": (64, 40, 0xC2B2AE3D),
}
AXIS_ORDER = {
    "bsq": ("band", "line", "sample"),
    "bil": ("line", "band", "sample"),
    "bip": ("line", "sample", "band"),
}


def _terms(axis: str, count: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    period, slope, factor = PATTERN[axis]
    index = numpy.arange(count, dtype=numpy.int64)
    level = slope * numpy.abs(index % period - period // 2)
    return level, (index * factor & 0xFFFFFFFF).astype(numpy.uint32)


def bench_cube(lines: int, samples: int, bands: int, interleave: str, seed: int, dtype: str) -> numpy.ndarray:
    """A cube of shape (bands, lines, samples), (lines, bands, samples) or (lines, samples, bands) by interleave."""
    counts = {"line": lines, "sample": samples, "band": bands}
    outer, middle, inner = (_terms(axis, counts[axis]) for axis in AXIS_ORDER[interleave])
    cube = numpy.empty([len(level) for level, _ in (outer, middle, inner)], dtype=dtype)
    for plane, level, hashed in zip(cube, *outer):
        mixed = hashed ^ middle[1][:, None] ^ inner[1][None, :] ^ numpy.uint32(seed)
        mixed = (mixed ^ (mixed >> numpy.uint32(15))) * numpy.uint32(0x2C1B3C6D)
        noise = (mixed ^ (mixed >> numpy.uint32(12))) & numpy.uint32(63)
        plane[...] = 1000 + level + middle[0][:, None] + inner[0][None, :] + noise
    return cube


def band_axis(interleave: str) -> int:
    """The band axis of such a cube."""
    return AXIS_ORDER[interleave].index("band")
