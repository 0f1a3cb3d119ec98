"""COMPTAB2: a table of connected components, with centroids. Source: ``vos/p2/prog/comptab2`` (C)."""

from __future__ import annotations

import numpy as np

from programs.ibis import _components

EMPTY = 4  # columns between the centroid and the mean DNs that nobody fills


def main(task):
    task.if_message("comptab2 version 2017-08-03")

    def say(what, instance):
        task.printf(f"\nOutput {what} truncated to match input size, input {instance}\n\n")

    parts = _components.gather(task, say)
    diameter, *means = _components.measures(parts)
    count, *sums = (parts.places[:, column] for column in (_components.COUNT, _components.LINES, _components.SAMPLES))
    with np.errstate(all="ignore"):
        columns = [*_components.columns(parts), diameter, *(total.astype(float) / count for total in sums)]
    width = 2 * task.count("INP") + 19
    with task.create_table(nr=len(parts), nc=width, formats=["FULL"] * 4 + ["DOUB"] * (width - 4)) as table:
        for number, values in [*enumerate(columns, 1), *enumerate(means, len(columns) + EMPTY + 1)]:
            table.write(number, values)
