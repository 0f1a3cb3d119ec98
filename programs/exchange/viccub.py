"""VICCUB: images to the bands of one. Source: ``vos/p2/prog/viccub`` (C)."""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.image.sweep import line_blocks


def main(task):
    first = open_input(task, 1, "can not open first input image")
    nl, ns, form = first.nl, first.ns, first.format
    first.close()
    if form == "COMP":
        fail(task, "first input image has complex format, not supported")
    number = task.count("INP")
    bands = task.integers("BAND")
    try:
        result = task.create("OUT", nl=nl, ns=ns, nb=number, format=form)
    except VicarError:
        fail(task, "can not open output image")
    with result:
        pixels = np.zeros(ns, result.dtype)
        for n in range(1, number + 1):
            with open_input(task, n, f"can not open input image # {n:5d}") as source:
                check(task, source, n, nl, ns, form, bool(bands))
                band = bands[n - 1] if n <= len(bands) else 1
                if band > source.nb:
                    task.message(f"Band number {band} too high for input {n}, {source.nb} used instead")
                    band = source.nb
                if result.org == "BSQ" and source.org != "BIP" and not source.short and nl and ns and band > 0:
                    for line, block in line_blocks(source, 1, 1, nl, ns, band):
                        result.write_window(block, line + 1, 1, n)
                    pixels = block[-1]
                    continue
                for line in range(1, nl + 1):
                    try:
                        pixels = source.read(line=line, band=band)
                    except VicarError:
                        pass  # the line before is written again
                    result.write(pixels)


def open_input(task, number: int, complaint: str):
    try:
        return task.open("INP", number)
    except VicarError:
        fail(task, complaint)


def check(task, source, number: int, nl: int, ns: int, form: str, chosen: bool) -> None:
    name = f"input image # {number:5d} has "
    if source.nb != 1 and not chosen:
        fail(task, name + "more than 1 band")
    if source.ns != ns:
        fail(task, name + "different number of samples")
    if source.nl != nl:
        fail(task, name + "different number of lines")
    if source.format != form:
        fail(task, name + "different image format")


def fail(task, text: str):
    task.abend("", "     ******* VICCUB error *******", text, "")
