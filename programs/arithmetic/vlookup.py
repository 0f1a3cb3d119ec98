"""VLOOKUP: byte images through lookup tables, of an IBIS file or the seven built-in pseudocolor ones.

Source: ``vos/p2/prog/vlookup`` (Fortran and C). One image with three outputs (or bands) is pseudocolor; otherwise output
n comes from input (or band) n, and outputs without an input from the last one. The table entries that a short lookup
file does not reach are those of TABLE, or zero.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic._pseudocolor import pseudocolor
from programs.ibis._columns import numbers

FORTRAN = True
MOST = 5
BLOCK = 4_000_000


def main(task):
    task.if_message("VLOOKUP version 4-MAR-1994")
    ni, no = task.count("INP"), task.count("OUT")
    inputs, bands, window, nb = open_inputs(task, ni, no)
    number = task.integer("TABLE", 0)
    columns = task.integers("COLUMN") + [1, 2, 3, 4, 5][task.count("COLUMN") :]
    table = pseudocolor(number) if number else np.zeros((MOST, 256), np.int16)
    sources, targets = max(ni, bands), max(no, nb)
    if task.count("LUTFILE"):
        read_lookup(task, table, columns, targets)
        rows = list(range(targets))
    elif number:
        rows = [column - 1 for column in columns[:targets]]
    else:
        task.abend("ERROR: NEITHER LUTFILE NOR TABLE ENTERED.")
    lookup = np.clip(table, 0, 255).astype(np.uint8)
    outputs = [task.create("OUT", n, nl=window.nl, ns=window.ns, nb=nb) for n in range(1, no + 1)]
    sound = all(window.sl + window.nl - 1 <= image.nl and not image.short for image in inputs)
    step = max(1, BLOCK // max(window.ns, 1)) if sound else 1
    for first in range(0, window.nl, step):
        lines = min(step, window.nl - first)
        for place, row in enumerate(rows):
            if place < (1 if sources == 1 else sources):
                source, band = (inputs[place], 1) if bands == 1 else (inputs[0], place + 1)
                if sound:
                    dn = source.read_window(window.sl + first, window.ss, lines, window.ns, band)
                else:  # as the original reads: behind a band lies the next one
                    where = {} if bands == 1 else {"line": window.sl + first, "band": band}
                    dn = source.read(samp=window.ss, nsamps=window.ns, **where)[np.newaxis]
            target, band = (outputs[place], 1) if nb == 1 else (outputs[0], place + 1)
            target.write_window(lookup[row][dn], first + 1, 1, band)


def open_inputs(task, ni: int, no: int):
    """The input images, bands of the last one, the window, and bands of the output."""
    inputs = []
    for instance in range(1, ni + 1):
        image = task.open("INP", instance)
        inputs.append(image)
        if image.format.rstrip() != "BYTE":
            task.abend("ONLY BYTE DATA ALLOWED")
        bands = image.nb
        if bands > 1 and ni > 1:
            task.messages("MULTIPLE INPUT FILES IMPLIES SINGLE-BAND MODE:", "  BANDS BEYOND THE FIRST ARE IGNORED")
            bands = 1
        if bands > MOST:
            task.message("INPUT HAS TOO MANY BANDS, EXCESS IGNORED")
            bands = MOST
        if instance == 1:
            window, nb = task.size_field(), task.band_field().nb
            if nb > 1 and no > 1:
                if nb > bands:
                    task.abend("ONLY ONE OUTPUT ALLOWED IF MULTI-BAND")
                task.messages("MULTIPLE OUTPUT FILES IMPLIES SINGLE-BAND MODE:", "  BANDS BEYOND THE FIRST ARE IGNORED")
                nb = 1
        elif image.nl < window.sl + window.nl - 1 or image.ns < window.ss + window.ns - 1:
            task.abend("ERROR: ALL INPUT IMAGES SHOULD HAVE SAME SIZE")
        if bands == 1 and window.sl > 1:
            image.read(line=window.sl - 1)  # the original goes to its first line before it looks for the table
    return inputs, bands, window, nb


def read_lookup(task, table, columns, count: int) -> None:
    """Columns of the lookup file over the rows of ``table``."""
    with task.open_table(file=task.string("LUTFILE")) as lut:
        for place in range(min(count, lut.nc)):
            values = numbers(lut, columns[place], "HALF")[:256]
            table[place, : len(values)] = values
