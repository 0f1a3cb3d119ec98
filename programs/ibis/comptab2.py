"""COMPTAB2: a table of connected components, with centroids. Source: ``vos/p2/prog/comptab2`` (C)."""

from __future__ import annotations

import numpy as np

from programs.ibis import _components

EMPTY = 4  # columns between the centroid and the mean DNs that nobody fills


def main(task):
    task.if_message("comptab2 version 2017-08-03")

    def say(what, instance):
        task.printf(f"\nOutput {what} truncated to match input size, input {instance}\n\n")

    arrays, width, origin = _components.read_images(task, say)
    parts = _components.gather(arrays, width, origin)
    columns = [np.arange(1, len(parts.count) + 1, dtype=np.int32)]
    columns += [_components.through_real(values) for values in (parts.count, parts.line, parts.sample)]
    diameter, *means = _components.measures(parts)
    with np.errstate(all="ignore"):
        columns += [diameter, parts.lines / parts.count, parts.samples / parts.count]
    width = 2 * len(arrays) + 19
    with task.create_table(nr=len(parts.count), nc=width, formats=["FULL"] * 4 + ["DOUB"] * (width - 4)) as table:
        for number, values in [*enumerate(columns, 1), *enumerate(means, len(columns) + EMPTY + 1)]:
            table.write(number, values)
