"""GTCROP: set to zero what lies outside a polygon. Source: ``vos/p2/prog/gtcrop`` (C).

Crossings of the polygon with a line are counted from the output's first line, where its first sample is meant, as in the
original: a polygon that does not begin at equal line and sample is shifted.
"""

from __future__ import annotations

import numpy as np

from programs.carto._columns import choose
from vicar import geotiff
from vicar.numerics.rounding import truncate, wrap_int32

GROWTH = 1.00000001  # so that edges that run exactly through pixel centers include them


def main(task):
    task.if_message("gtcrop version 2015-10-15")
    columns = task.integers("COLS")
    if len(columns) != 2:
        task.abend("gtcrop requires two columns")
    cover = task.keyword("COVERPOL")
    label = geotiff.read_label(task)
    mapping, text = None, label.upper
    if text and cover:
        mapping = geotiff.read_mapping(text, label.nl, label.ns)
        if mapping is None:
            task.abend("Failed to get mapping from GeoTIFF label, first input")
    with task.open_table("INP", 2) as table:
        choose(table, *columns)
        x, y = (table.read(column, "DOUB") for column in columns)
    with task.open("INP", u_format="HALF") as source:
        if source.format not in ("BYTE", "HALF"):
            task.abend("Invalid input data format.  Use BYTE or HALF.")
        sl, ss, nl, ns = 1, 1, source.nl, source.ns
        x, y = grown(x, nl), grown(y, ns)
        if cover:
            sl, ss = int(min(x.min(initial=9999999.0), 9999999.0)) + 1, int(min(y.min(initial=9999999.0), 9999999.0)) + 1
            nl, ns = int(x.max(initial=-9999999.0)) - sl + 1, int(y.max(initial=-9999999.0)) - ss + 1
        with task.create("OUT", nl=nl, ns=ns) as result:
            for line in range(nl):
                pixels = source.read(line=sl + line, samp=ss, nsamps=ns)
                for first, last in outside(x, y, sl, sl + line, ns):
                    pixels[max(first, 0) : min(last, ns)] = 0
                result.write(pixels, line=line + 1)
    if mapping is not None:
        new = geotiff.windowed(mapping, text, 1.0, 0.5 + (sl - 0.5), 1.0, 0.5 + (ss - 0.5))
        geotiff.replace_label(task, "OUT", 1, text, mapping=new)
    task.output("VSLINE", sl)
    task.output("VSSAMP", ss)


def grown(values: np.ndarray, size: int) -> np.ndarray:
    """Coordinates moved a little away from the middle of the image."""
    middle = (size + 1) * 0.5
    return (values - middle) * GROWTH + middle


def outside(x: np.ndarray, y: np.ndarray, sl: int, line: int, ns: int) -> list[tuple[int, int]]:
    """Stretches of samples (from 0, end excluded) of a line that are not in the polygon."""
    x0, x1, y0, y1 = x[:-1], x[1:], y[:-1], y[1:]
    met = ~((line - x0) * (line - x1) > 0.0)
    x0, x1, y0, y1 = x0[met], x1[met], y0[met], y1[met]
    crossing = (y1 - y0) * ((line - x0) / (x1 - x0)) + y0
    places = sorted([-1, ns + 2] + [wrap_int32(int(n) - sl + 1) for n in truncate(crossing)])
    return [(places[n], places[n + 1]) for n in range(0, len(places) - 1, 2)]
