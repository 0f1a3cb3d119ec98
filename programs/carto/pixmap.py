"""PIXMAP: convert pixel to map coordinates or back in two columns of a table. Source: ``vos/p2/prog/pixmap`` (C)."""

from __future__ import annotations

import numpy as np

from programs.carto._columns import choose
from vicar import geotiff


def main(task):
    task.if_message("pixmap version Thu Jan  3 2008")
    to_pixel, to_map = task.keyword("MAPTOPIX"), task.keyword("PIXTOMAP")
    if to_pixel and to_map:
        task.abend("Only one keyword for mapping direction can be given")
    if not to_pixel and not to_map:
        task.abend("One keyword for mapping direction must be given")
    mapped, pixels = task.integers("MAPCOLS"), task.integers("PIXCOLS")
    source, target = (mapped, pixels) if to_pixel else (pixels, mapped)
    if task.count("INP") != 2:
        task.abend("Requires two input files")
    ignored = task.doubles("IGNORE")
    if len(ignored) != 2:
        task.abend("Ignore param requires two values")
    task.printf(f"converting columns ({source[0]},{source[1]}) to columns ({target[0]},{target[1]})")
    label = geotiff.read_label(task, "INP", 2)
    mapping = geotiff.read_mapping(label.upper, label.nl, label.ns)
    if mapping is None:
        task.abend("Failed to get mapping from GeoTIFF label")
    t = mapping.inverse if to_pixel else mapping.forward
    with task.open_table("INP", 1, "UPDATE") as table:
        choose(table, *source, *target)
        x, y = (table.read(column, "DOUB") for column in source)
        for column, values in zip(target, converted(x, y, t, ignored)):
            table.write(column, values)


def converted(x: np.ndarray, y: np.ndarray, t, ignored) -> tuple[np.ndarray, np.ndarray]:
    """Both coordinates through the mapping; pairs that are the ignored pair stay."""
    near = [np.abs(values - ignore) < np.abs(values).max(initial=0.001) * 1.0e-14 for values, ignore in zip((x, y), ignored)]
    keep = near[0] & near[1]
    return np.where(keep, x, x * t[0] + y * t[1] + t[2]), np.where(keep, y, x * t[3] + y * t[4] + t[5])
