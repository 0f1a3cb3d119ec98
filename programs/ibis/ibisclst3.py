"""IBISCLST3: numbers clusters of points around the first of each, with centroids. Source: ``vos/p2/prog/ibisclst3`` (C++).

A point at the very place of an earlier one gets no cluster (number 0).

accepted: the centroids of such a point are zero; the original takes what lies before its arrays.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._cluster_kernels import number_around, places
from vicar.numerics.compiled import as_input

MOST = 10000
PARAMETERS = ("dline", "dsamp", "sampcol", "linecol", "clustcol", "sampctr", "linectr", "loncol", "latcol", "lonctr", "latctr")


def main(task):
    task.message("ibisclst3 version 2016-09-14")
    given = {}
    for name in PARAMETERS:
        given[name] = task.integer(name)
        task.if_message(f"{name} {given[name]}")
        if name == "dsamp" and given["dline"] <= 0 and given["dsamp"] <= 0:
            task.abend("either dline or dsamp must be > 0")
    with task.open_table(mode="UPDATE") as table:
        task.if_message(f"{table.nr} points input")
        for name, spoken in (("sampcol", "sampcol"), ("linecol", "linecol"), ("clustcol", "clustCol")):
            need_double(task, table, given[name], spoken)
        pairs = wanted_centroids(given)
        for names, spoken in pairs.items():
            for name, word in zip(names, spoken, strict=True):
                need_double(task, table, given[name], word)
        x, y = table.read(given["sampcol"]), table.read(given["linecol"])
        numbers = cluster_numbers(x, y, given["dsamp"], given["dline"])
        count = int(numbers.max(initial=0))
        if count > MOST:
            task.abend("clustCount > MAXCLUSTCNT")
        table.write(given["clustcol"], numbers.astype(float))
        if ("sampctr", "linectr") in pairs:
            table.write(given["linectr"], centroids(y, numbers, count))
            table.write(given["sampctr"], centroids(x, numbers, count))
        if ("loncol", "latcol", "lonctr", "latctr") in pairs:
            for source, target in (("latcol", "latctr"), ("loncol", "lonctr")):
                table.write(given[target], centroids(table.read(given[source]), numbers, count))
    task.if_message(f"{count} clusters found")


def wanted_centroids(given) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The parameters of each kind of centroid that is asked for completely, and what messages call them."""
    kinds = {
        ("sampctr", "linectr"): ("sampCtrCol", "lineCtrCol"),
        ("loncol", "latcol", "lonctr", "latctr"): ("lonCol", "latCol", "lonCtrCol", "latCtrCol"),
    }
    return {names: spoken for names, spoken in kinds.items() if all(given[name] > 0 for name in names)}


def need_double(task, table, column: int, spoken: str) -> None:
    if not 0 < column <= table.nc:
        task.abend(f"error getting {spoken} column format")
    if table.formats[column - 1][0] != "D":
        task.abend(f"{spoken} fmt {table.formats[column - 1]} should be DOUB")


def cluster_numbers(x: np.ndarray, y: np.ndarray, reach_x: int, reach_y: int) -> np.ndarray:
    """Cluster of each point, from 1; 0 for a point that stands where a clustered one stands."""
    numbers, following = np.zeros(len(x), int), 1
    compiled = number_around.pick(len(x) ** 2)
    if compiled is not None:
        flags = np.zeros(len(x), np.bool_)
        compiled(as_input(x), as_input(y), places(x, y), float(reach_x), float(reach_y), flags, numbers)
        return numbers
    taken: set[tuple[float, float]] = set()
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    for i, place in enumerate(points):
        if place in taken:
            continue
        taken.add(place)
        numbers[i] = following
        near = (np.abs(x[i] - x[i + 1 :]) <= reach_x) & (np.abs(y[i] - y[i + 1 :]) <= reach_y)
        for j in (np.flatnonzero(near) + i + 1).tolist():
            if points[j] not in taken:
                taken.add(points[j])
                numbers[j] = following
        following += 1
    return numbers


def centroids(values: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """The mean of its cluster for each point, summed in order."""
    inside = numbers > 0
    sums = np.zeros(count + 1)
    np.add.at(sums, numbers[inside], values[inside])
    means = sums / np.maximum(np.bincount(numbers[inside], minlength=count + 1), 1)
    return np.where(inside, means[numbers], 0.0)
