"""COLORT: three images of BYTE from blue, green and red to another colour space, or back.

Source: ``vos/p2/prog/colort`` (Fortran, 2017-05-31). The transformations are in ``_colour_tables.py``.

known: nothing. accepted: values that a table does not have end with a sentence (the original takes other memory), and
so does a pixel with a single DN of 1 in SPHERIC and HSR, where it dies.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic import _colour_tables as tables
from vicar.image.sweep import together

FORTRAN = True


def main(task):
    task.if_message("** COLORT version 2017-05-31")
    images = [task.open("INP", number, u_format="HALF") for number in (1, 2, 3)]
    window = task.size_field(images[0])
    start, end = task.string("FROM"), task.string("TO")
    if (start in tables.SPACES) == (end in tables.SPACES):
        task.abend('??E - Either "FROM" or "TO" must be specified')
    text = transformation(start, end)
    task.message(text)
    names, make, _ = tables.SPACES[end] if end in tables.SPACES else (tables.COLOURS, tables.SPACES[start][2], None)
    outputs = [task.create("OUT", number, format="BYTE", u_format="HALF") for number in (1, 2, 3)]
    for output, name in zip(outputs, names):
        output.label.add("LABEL", dimension(text, name), task="", format="STRING")
    convert = make()
    for done, planes in together(images, window.sl, window.ss, window.nl, window.ns, None):
        try:
            results = convert(*(plane.astype(np.int32) for plane in planes))
        except tables.OutOfTable:
            task.abend("Pixels have values that this transformation does not have.")
        for output, values in zip(outputs, results):
            output.write_window(values.astype(np.int16), done + 1)


def transformation(start: str, end: str) -> str:
    return f"Transformation from {start:9.9s}to {end}"


def dimension(text: str, name: str) -> str:
    """Item of the label."""
    return f"{text:41.41s} dimension = {name}"
