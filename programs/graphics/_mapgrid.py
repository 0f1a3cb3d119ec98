"""A scaled grid drawn into an image: what both MAPGRID programs do. Source: ``vos/p2/prog/mapgrid``, ``vos/p3/prog/mapgrid``."""

from __future__ import annotations

import numpy as np


def run(task, version: str) -> None:
    task.message(version)
    source = task.open("INP", u_format="HALF")
    result = task.create("OUT", u_format="HALF")
    half = source.pix_size == 2
    top = 511 if half else 255
    amount = task.integer("MODU") if not task.defaulted("MODU") else top if task.keyword("BLACK") else 64
    window = task.size_field()
    ns, nl = window.ns, window.nl
    outside = "**** MAPGRID-REQUESTED AREA OUTSIDE INPUT PICTURE"
    if window.ss - 1 + ns > window.nsi:
        ns = window.nsi - window.ss + 1
        task.message("**** MAPGRID SAMPLES TRUNCATEd")
        if ns <= 0:
            task.abend(outside)
    if window.sl - 1 + nl > window.nli:
        nl = window.nli - window.sl + 1
        task.message("**** MAPGRID LINES TRUNATEd")
        if nl <= 0:
            task.abend(outside)
    task.message("HALFWORD INPUT" if half else "BYTE INPUT")
    with source, result:
        for line in range(1, nl + 1):
            # after the first line the original asks for the next one
            values = source.read(line=window.sl if line == 1 else None, samp=window.ss, nsamps=ns)
            draw(values, line, amount, top)
            result.write(values, nsamps=ns)
    task.message("**** MAPGRID run COMPLETED")


def draw(values: np.ndarray, line: int, amount: int, top: int) -> None:
    """Marks of one line, in place: squares of five pixels along every 25th line, of one pixel along every 25th sample."""

    def brighter(places, factor=1):
        values[places] = np.minimum(values[places].astype(np.int32) + factor * amount, top)

    def darker(places, factor=1):
        values[places] = np.maximum(values[places].astype(np.int32) - factor * amount, 0)

    hundreds = slice(99, None, 100)
    if line % 25:
        first, second = (brighter, darker) if (line + 4) // 5 % 2 else (darker, brighter)
        first(slice(24, None, 50))
        second(slice(49, None, 50))
        second(hundreds)
        return
    places = np.arange(len(values)) % 10 < 5
    if line % 100 == 0:
        darker(places, 2)
        brighter(~places, 2)
        return
    first, second = (brighter, darker) if line // 25 % 2 else (darker, brighter)
    first(places)
    second(~places)
    second(hundreds)
