"""SAMPLER: DNs of images at one random place in each cell of a grid, as a table. Source: ``vos/p2/prog/sampler`` (C).

Lines and samples count from 0. The places are sorted by line, otherwise in the order they were drawn.

accepted: a grid finer than the image ends the program with a message; the original divides by zero.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.random import Rand

TINY = 10e-10


def main(task):
    task.if_message("SAMPLER version 2019-09-06")
    images = [task.open("INP", instance, u_format="DOUB") for instance in range(1, task.count("INP") + 1)]
    places = draw_places(task, images[0].nl, images[0].ns)
    task.printf("--> sorting")
    places = places[np.argsort(places[:, 0], kind="stable")]
    task.printf("--> reading")
    dn = np.zeros((len(places), len(images)))
    for band, image in enumerate(images):
        for line in np.unique(places[:, 0]).tolist():
            rows = places[:, 0] == line
            dn[rows, band] = image.read(line + 1)[places[rows, 1]]
    if task.keyword("REMZEROS"):
        kept = (dn >= TINY).all(axis=1)
        places, dn = places[kept], dn[kept]
    task.printf("--> writing")
    width = len(images) + 2
    with task.create_table(nr=len(places), nc=width, formats=["REAL"] * width, org="ROW") as table:
        for column, values in enumerate([*places.T, *dn.T], 1):
            table.write(column, values.astype(np.float32))


def draw_places(task, nl: int, ns: int) -> np.ndarray:
    """(line, sample) of each cell, column of cells after column."""
    across, down = task.integer("NGRIDX"), task.integer("NGRIDY")
    if not (across and down):  # the original divides by them
        task.abend("NGRIDX and NGRIDY must not be 0.")
    width, height = ns // across, nl // down
    if width < 1 or height < 1:
        task.abend("More grid cells than pixels.")
    draw = Rand(task.integer("SEED"))
    places = []
    for column in range(across):
        for row in range(down):
            sample = width * column + draw() % width
            places.append((height * row + draw() % height, sample))
    return np.array(places)
