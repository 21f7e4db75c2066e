"""Chessboard corners of photos and one calibration with python3-opencv, photos read from their files each time."""

import argparse

import cv2
import numpy

from work import Work


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--board", required=True, help="columns,rows of inner corners")
    parser.add_argument("photos", nargs="+")


def prepare(options: argparse.Namespace) -> Work:
    columns, rows = (int(value) for value in options.board.split(","))
    board = numpy.zeros((columns * rows, 3), numpy.float32)
    board[:, :2] = numpy.mgrid[0:columns, 0:rows].T.reshape(-1, 2)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.001)

    def run() -> float:
        seen = []
        for path in options.photos:
            grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
            found, corners = cv2.findChessboardCorners(grey, (columns, rows))
            if found:
                seen.append(cv2.cornerSubPix(grey, corners, (5, 5), (-1, -1), criteria))
        size = grey.shape[::-1]
        _, matrix, *_ = cv2.calibrateCamera([board] * len(seen), seen, size, None, None)
        return float(matrix[0, 0])

    return Work(run, lambda fx: fx, {"opencv": cv2.__version__})
