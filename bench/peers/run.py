#!/usr/bin/env python3
"""Times one operation of another program, in this process, and prints one JSON document.

Usage: run.py PEER [options of the peer] [--repeat 3]
       run.py PEER --help

Output {peer, seconds, runs, checksum, peak_rss, versions}: `seconds` the fastest of `runs` (in s), `checksum` the sum of
the result's finite values in float64, `peak_rss` the largest resident memory of this process in bytes (preparation
included), `versions` of Python and of the libraries used. Exit code 2 for wrong use, 3 where a library is missing
({peer, missing}).

A peer is a module beside this file with `add_options(parser)` and `prepare(options) -> Work`.
"""

import argparse
import gc
import importlib
import json
import platform
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from work import Work

# No cache folder among the sources.
sys.dont_write_bytecode = True

PEERS = {
    "copy-memory": "copy_memory",
    "savgol-memory": "savgol_memory",
    "spectral-derivative-image": "spectral_derivative_image",
    "spectral-pixel": "spectral_pixel",
    "spectral-export": "spectral_export",
    "spectral-rx": "spectral_rx",
    "numpy-normal": "numpy_normal",
    "opencv-calibrate": "opencv_calibrate",
    "numpy-encode": "numpy_encode",
    "keras-vae": "keras_vae",
    "gdal-read": "gdal_read",
    "gdal-convert": "gdal_convert",
}


def peak_rss() -> int:
    """Largest resident memory so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux that keeps the size of the program that started this one.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def timed_runs(work: "Work", repeat: int) -> tuple[list[float], float]:
    """Seconds of each run, and the last result's checksum."""
    runs = []
    result = None
    for _ in range(repeat):
        result = None
        gc.collect()
        start = time.perf_counter()
        result = work.run()
        runs.append(time.perf_counter() - start)
    return runs, work.checksum(result)


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in PEERS:
        print(f"{__doc__}\nPEER is one of {', '.join(PEERS)}.", file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(PEERS[name])
    except ImportError as error:
        print(json.dumps({"peer": name, "missing": str(error)}))
        return 3
    parser = argparse.ArgumentParser(prog=f"run.py {name}", description=module.__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    module.add_options(parser)
    options = parser.parse_args(sys.argv[2:])
    if options.repeat < 1:
        parser.error("--repeat must be 1 or more")
    work = module.prepare(options)
    runs, checksum = timed_runs(work, options.repeat)
    document = {
        "peer": name,
        "seconds": min(runs),
        "runs": runs,
        "checksum": checksum,
        "peak_rss": peak_rss(),
        "versions": {"python": platform.python_version(), **work.versions},
    }
    print(json.dumps(document, allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
