"""Steps of a variational autoencoder 220-64-3-64-220 with TensorFlow: one tf.function a step, Adam of Keras; `seconds` is of `--steps` steps."""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy
import tensorflow as tf

from work import Work


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=100)


def prepare(options: argparse.Namespace) -> Work:
    tf.random.set_seed(1)
    columns, latent = 220, 3
    data = tf.constant(numpy.random.default_rng(1).normal(size=(options.batch, columns)).astype("float32"))
    dense = tf.keras.layers.Dense
    encoder = tf.keras.Sequential([tf.keras.Input((columns,)), dense(64, "relu"), dense(2 * latent)])
    decoder = tf.keras.Sequential([tf.keras.Input((latent,)), dense(64, "relu"), dense(columns)])
    optimizer = tf.keras.optimizers.Adam(5e-3)
    weights = encoder.trainable_variables + decoder.trainable_variables

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            mu, log_variance = tf.split(encoder(data), 2, axis=1)
            log_variance = tf.clip_by_value(log_variance, -10.0, 10.0)
            z = mu + tf.exp(log_variance / 2) * tf.random.normal(tf.shape(mu))
            error = tf.reduce_sum((data - decoder(z)) ** 2, axis=1) / (2 * 0.1)
            divergence = 0.5 * tf.reduce_sum(mu**2 + tf.exp(log_variance) - 1 - log_variance, axis=1)
            loss = tf.reduce_mean(error + divergence)
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return loss

    step()

    def run() -> float:
        loss = 0.0
        for _ in range(options.steps):
            loss = step()
        return float(loss)

    return Work(run, lambda loss: loss, {"tensorflow": tf.__version__})
