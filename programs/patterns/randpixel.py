"""RANDPIXEL: sets pixels at random places. Source: ``vos/p2/prog/randpixel`` (Fortran, 2016-06-08).

Kept: the seed is the bit pattern of a REAL number; every place drawn is the seed of the next; places are drawn from the first
NLSHAPE*NSSHAPE pixels of the image, wherever the shape is said to be; SYMMETRY and LIST do nothing, as the program looks for
them in capitals; circles are not made.
known: nothing. accepted: a size that is not given is refused; the original takes what its memory holds.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.random import Rangen

MOST = 2048 * 2048


def main(task):
    task.message("*** RANDPIXEL version 2016-06-08 ***")
    source = open_input(task) if task.count("INP") else None
    nl, ns, kind = (source.nl, source.ns, source.format) if source else new_size(task)
    if source and nl * ns > MOST:
        task.abend("??E - Total pixels gt 2048x2048")
    with task.create("OUT", nl=nl, ns=ns, format=kind.upper(), org="BSQ", u_format="HALF") as result:
        if task.string("SHAPE").lower() == "circle":
            with_input = " with input data" if source else ""
            task.message(f"??E - Random circle{with_input} not active")
            return
        pixels = source.read_window().ravel() if source else np.zeros(nl * ns, np.int16)
        places = draw(task, (task.integer("NLSHAPE") or nl) * (task.integer("NSSHAPE") or ns))
        pixels[places[(places > 0) & (places <= len(pixels))] - 1] = np.array(task.integer("RANDFILL")).astype(np.int16)
        result.write_window(pixels.reshape(nl, ns))
    if source:
        source.close()


def open_input(task):
    source = task.open("INP", 1, u_format="HALF")
    if source.format not in ("HALF", "BYTE"):
        task.abend(f"??E - Input format {source.format[:4]:4} illegal - only BYTE or HALF")
    return source


def new_size(task) -> tuple[int, int, str]:
    nl, ns = task.integer("ONL", 0), task.integer("ONS", 0)
    if not nl:
        task.abend("??E - Output has no lines")
    if not ns:
        task.abend("??E - Output has no samples")
    if nl * ns > MOST:
        task.abend("??E - Total pixels gt 2048x2048")
    kind = task.string("OUTFMT", "")[:4]
    if kind not in ("HALF", "BYTE", "half", "byte"):
        task.abend(f"??E - Output format {kind:4} illegal - only BYTE or HALF")
    return nl, ns, kind


def draw(task, count: int) -> np.ndarray:
    """Places from 0 to ``count`` - 1."""
    seed = int(np.float32(task.real("RANDSEED")).view(np.int32))
    generator = Rangen(seed, task.message)
    places = np.zeros(task.integer("POINTS"), np.int64)
    for number in range(len(places)):
        places[number] = int(generator() * np.float32(count))
        generator.seed = int(places[number])
    return places
