"""The encoder of an autoencoder with NumPy's matrix products: a uint16 BIP cube is read, standardised and encoded, mu and sigma written as NPY."""

import argparse
import json
from pathlib import Path

import numpy

from work import Work, array_checksum


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cube", type=Path, required=True)
    parser.add_argument("--shape", required=True, help="lines,samples,bands")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)


def prepare(options: argparse.Namespace) -> Work:
    lines, samples, bands = (int(value) for value in options.shape.split(","))
    model = json.loads(options.weights.read_text())
    arrays = {w["name"]: numpy.array(w["values"], "float32").reshape(w["shape"]) for w in model["weights"]}
    layers = sorted({name.rsplit("/", 1)[0] for name in arrays if name.startswith("encoder")})
    mean, deviation = (numpy.array(model[name], "float32") for name in ("mean", "deviation"))

    def run() -> numpy.ndarray:
        cube = numpy.fromfile(options.cube, "<u2").reshape(-1, bands)
        values = (cube.astype("float32") - mean) / deviation
        for k, layer in enumerate(layers):
            values = values @ arrays[layer + "/weight"] + arrays[layer + "/bias"]
            if k < len(layers) - 1:
                values = numpy.maximum(values, 0)
        latent = values.shape[1] // 2
        values[:, latent:] = numpy.exp(numpy.clip(values[:, latent:], -10, 10) / 2)
        numpy.save(options.out, values.reshape(lines, samples, -1))
        return values

    return Work(run, array_checksum, {"numpy": numpy.__version__})
