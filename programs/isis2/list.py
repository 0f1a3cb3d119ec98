"""LIST: prints pixels of a cube (the ISIS 2 program; VICAR's LIST is another).

Parameters are the manual's; the layout of a page is ours, since no listing survives: sample numbers above, line numbers to
the left, special pixels by name. True values are printed.

FORMAT INTEGER or REAL, BEFORE and AFTER the digits before and behind the point, PAGWID columns a line, PAGE lines a page,
MAXPGS pages at most; LISTFIL a file to write to instead of the terminal.
"""

from __future__ import annotations

import numpy as np

from programs.isis2._program import Isis, isis_program
from vicar.isis2 import subcube
from vicar.isis2.cube import Cube, Pixels
from vicar.isis2.errors import IsisError

BANNER = False
NAMES = {"null": "NULL", "lrs": "LRS", "lis": "LIS", "his": "HIS", "hrs": "HRS"}


@isis_program("2026-11-21", "List pixels of a cube")
def main(isis: Isis) -> None:
    """Run LIST."""
    cube = isis.open("FROM")
    part = subcube.parse(isis.task.string("SFROM"), cube)
    real = isis.text("FORMAT").upper().startswith("R") or (not isis.text("FORMAT") and cube.number.real)
    before, after = int(isis.number("BEFORE") or 6), int(isis.number("AFTER") or 3) if real else 0
    width = max(before + (after + 1 if real else 0), 4) + 1
    columns = max(1, (int(isis.number("PAGWID") or 80) - 7) // width)
    lines: list[str] = []
    for title, pixels, offset in planes(isis, cube, part):
        lines += table(title, pixels, part, width, after, columns, offset)
    page, most = int(isis.number("PAGE") or 60), int(isis.number("MAXPGS") or 0)
    if most:
        lines = lines[: page * most]
    if isis.text("LISTFIL"):
        path = isis.task.directory / isis.text("LISTFIL")
        if path.exists() and not isis.overwrite:
            raise IsisError("EXISTS", f"The output file {path.name} already exists")
        text = "\n".join(("\f" if n and n % page == 0 else "") + line for n, line in enumerate(lines))
        path.write_text(text + "\n", "utf-8")
        return
    for line in lines:
        isis.task.message(line)


def planes(isis: Isis, cube: Cube, part):
    """Title, pixels and whether they are a suffix, of each plane to print."""
    if isis.text("REGION").upper().startswith("B") or isis.text("BCKNAM"):
        name = isis.text("BCKNAM") or int(isis.number("BAND") or 1)
        yield f"Backplane {name}", cube.suffix("BAND", name), True
        return
    bands = [int(b) for b in isis.task.parameters.values_of("BAND")] or part.bands
    for band in bands:
        yield f"Band {band}", cube.read(band), False


def table(title: str, pixels: Pixels, part, width: int, after: int, columns: int, suffix: bool) -> list[str]:
    """A plane as text, as many samples side by side as fit."""
    out = [f"{title} of {'the suffix' if suffix else 'the core'}"]
    samples = np.array(part.samples)
    for first in range(0, len(samples), columns):
        chosen = samples[first : first + columns]
        out += ["", " " * 7 + "".join(f"{s:>{width}d}" for s in chosen)]
        for line in part.lines:
            row = Pixels(pixels.stored[line - 1][chosen - 1], pixels.number, pixels.special, pixels.base, pixels.multiplier)
            words = [f"{v:>{width}.{after}f}" for v in row.true()]
            for name, here in row.masks().items():
                for i in np.flatnonzero(here):
                    words[i] = f"{NAMES[name]:>{width}}"
            out.append(f"{line:>7d}" + "".join(words))
    return [*out, ""]
