"""RANDPIXEL: set pixels at random places of an image.

Source: ``vos/p2/prog/randpixel`` (Fortran) over RANGEN. Each place is the seed of the next.

Kept: the seed is the bit pattern of the REAL parameter. Places are counted along the lines from the start of the image,
whatever SLSHAPE and SSSHAPE say; only the product of NLSHAPE and NSSHAPE counts, and place 0 is no pixel. SYMMETRY and LIST
do nothing, as the original looks for their names in capitals. CIRCLE is not there: the output stays empty. An input of more
than one band cannot be read.

accepted: without INP, an ONL or ONS of 0 is refused; the original may take a number from its memory instead.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.random import Rangen

FORTRAN = True
LARGEST = 2048 * 2048


def main(task):
    task.message("*** RANDPIXEL version 2016-06-08 ***")
    source = open_source(task)
    if source:
        nl, ns, format = source.nl, source.ns, source.format
    else:
        nl, ns, format = read_size(task)
    circle = task.string("SHAPE") == "circle"
    with task.create("OUT", nl=nl, ns=ns, org="BSQ", format=format, u_format="HALF") as result:
        if circle:
            task.message(f"??E - Random circle {'with input data ' if source else ''}not active")
            return
        if source and source.nb > 1:
            raise VicarError("STRTREC", "XVREAD", source.name, line=0)
        pixels = source.read_window(1, 1, nl, ns).ravel() if source else np.zeros(nl * ns, np.int16)
        shape = (task.integer("NLSHAPE") or nl) * (task.integer("NSSHAPE") or ns)
        places = choose(task, task.integer("POINTS"), shape)
        value = np.array([task.integer("RANDFILL")]).astype(np.int16)[0]
        pixels[places[(places > 0) & (places <= len(pixels))] - 1] = value
        result.write_window(pixels.reshape(nl, ns))


def open_source(task):
    if not task.count("INP"):
        return None
    source = task.open("INP", u_format="HALF")
    if source.format not in ("BYTE", "HALF"):
        _stop(task, f"??E - Input format {source.format:<4.4s} illegal - only BYTE or HALF")
    if source.nl * source.ns > LARGEST:
        _stop(task, "??E - Total pixels gt 2048x2048")
    return source


def read_size(task) -> tuple[int, int, str]:
    nl, ns, format = task.integer("ONL", 0), task.integer("ONS", 0), task.string("OUTFMT") or ""
    if not nl:
        _stop(task, "??E - Output has no lines")
    if not ns:
        _stop(task, "??E - Output has no samples")
    if nl * ns > LARGEST:
        _stop(task, "??E - Total pixels gt 2048x2048")
    if format not in ("BYTE", "HALF", "byte", "half"):
        _stop(task, f"??E - Output format {format:<4.4s} illegal - only BYTE or HALF")
    return nl, ns, format.upper()


def _stop(task, text: str) -> None:
    task.message(text)
    task.abend()


def choose(task, points: int, shape: int) -> np.ndarray:
    """Places from 0 to ``shape`` - 1; each is the next one's seed."""
    seed = int(np.array([task.real("RANDSEED")], np.float32).view(np.int32)[0])
    generator = Rangen(seed, task.message)
    places = np.zeros(max(points, 0), np.int64)
    factor = np.float32(shape)
    for index in range(len(places)):
        places[index] = generator.seed = int(np.float32(generator.draws(1)[0]) * factor)
    return places
