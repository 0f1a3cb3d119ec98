"""GTCOPY: window of an image with its GeoTIFF label. Source: ``vos/p2/prog/gtcopy`` (C)."""

from __future__ import annotations

import numpy as np

from programs.carto._lines import LINES_AT_ONCE, read_lines, write_lines
from programs.carto._window import window
from vicar import geotiff


def main(task):
    task.if_message("gtcopy version 2017-08-03")
    sl, ss, nl, ns = window(task)
    label = geotiff.read_label(task)
    if not label.text:
        task.abend("Failed to get mapping from input label")
    text = label.upper
    mapping = geotiff.read_mapping(text, label.nl, label.ns)
    if mapping is None:
        task.abend("Failed to get mapping from GeoTIFF label, first input")
    with task.open("INP") as source:
        nl = nl or source.nl - sl + 1
        ns = ns or source.ns - ss + 1
        with task.create("OUT", nl=nl, ns=ns) as result:
            copy_over_edges(source, result, sl, ss, nl, ns)
    new = geotiff.windowed(mapping, text, 1.0, 0.5 + (sl - 0.5), 1.0, 0.5 + (ss - 0.5))
    starts = {"RPC_FIELD4": sl, "RPC_FIELD5": ss}

    def shifted(tag: str, value: str) -> str:
        """The offsets of a rational camera model move with the window."""
        if tag not in starts:
            return value
        return str(int(geotiff.number(value)[0] + 0.5) - starts[tag] + 1)

    geotiff.replace_label(task, "OUT", 1, text, mapping=new, edit=shifted)


def copy_over_edges(source, result, sl: int, ss: int, nl: int, ns: int) -> None:
    """Copy; what lies outside the input is zero."""
    first, last = max(1, ss), min(source.ns, ss + ns - 1)
    at = max(1, 2 - ss) - 1
    for start in range(0, nl, LINES_AT_ONCE):
        count = min(LINES_AT_ONCE, nl - start)
        pixels = np.zeros((count, ns), source.dtype)
        top, bottom = max(1, sl + start), min(source.nl, sl + start + count - 1)
        if top <= bottom:
            part = read_lines(source, top, first, bottom - top + 1, last - first + 1)
            pixels[top - sl - start : bottom + 1 - sl - start, at : at + last - first + 1] = part
        write_lines(result, pixels, start + 1)
