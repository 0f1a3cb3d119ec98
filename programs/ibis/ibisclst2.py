"""IBISCLST2: numbers clusters of points of the plane, each near another of its cluster. Source: ``vos/p2/prog/ibisclst2`` (C++).

Distances are single precision. Points at the same place share a cluster's entry: the second of them, met later, does not
get the number of the first but one of its own unless it is near another point. The last point never begins a cluster.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._cluster_kernels import number_chains, places
from vicar.numerics.compiled import as_input


def main(task):
    task.message("ibisclst2 version 2016-06-16")
    distance = task.double("DISTANCE")
    names = (("xCol", "xcol", "XCOL"), ("yCol", "yCol", "YCOL"), ("clustCol", "clustCol", "CLUSTCOL"))
    if distance <= 0:
        task.abend("dist must be > 0.0")
    with task.open_table(mode="UPDATE") as table:
        task.if_message(f"{table.nr} rows input")
        x_column, y_column, target = (double_column(task, table, *name) for name in names)
        numbers, found = cluster_numbers(table.read(x_column), table.read(y_column), distance)
        table.write(target, numbers)
    task.if_message(f"{found} clusters found")


def double_column(task, table, name: str, spoken: str, parameter: str) -> int:
    """Number of a column that has to be DOUB."""
    column = task.integer(parameter)
    if not 0 < column <= table.nc:
        task.abend(f"error getting {spoken} column format")
    if table.formats[column - 1][0] != "D":
        task.abend(f"{name} fmt {table.formats[column - 1]} should be DOUB")
    return column


def cluster_numbers(x: np.ndarray, y: np.ndarray, distance: float) -> tuple[np.ndarray, int]:
    """Cluster of each point, from 1, and how many there are."""
    numbers, following = np.zeros(len(x)), 1
    compiled = number_chains.pick(len(x) ** 2)
    if compiled is not None:
        flags = np.zeros(len(x), np.bool_)
        return numbers, compiled(as_input(x), as_input(y), places(x, y), distance, flags, numbers) - 1
    clustered: set[tuple[float, float]] = set()
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    for i in range(len(x) - 1):
        dx, dy = (x[i] - x[i + 1 :]).astype(np.float32), (y[i] - y[i + 1 :]).astype(np.float32)
        near = np.flatnonzero(np.sqrt((dx * dx + dy * dy).astype(np.float64)).astype(np.float32) < distance) + i + 1
        for j in near.tolist():
            if points[j] in clustered:
                if points[i] not in clustered:
                    clustered.add(points[i])
                    numbers[i] = numbers[j]
                continue
            if points[i] not in clustered:
                clustered.add(points[i])
                numbers[i] = following
                following += 1
            clustered.add(points[j])
            numbers[j] = numbers[i]
        if not numbers[i]:
            numbers[i] = following
            following += 1
    return numbers, following - 1
