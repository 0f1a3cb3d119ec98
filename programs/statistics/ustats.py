"""USTATS: classes found by clustering samples of several images. Source: ``vos/p2/prog/ustats`` (Fortran, 21-Jul-2011).

Sampled pixels join the nearest cluster within a radius or begin a new one, then their neighbours follow as far as they are near.
Clusters of one pixel are dropped, those that overlap are joined, and the largest are written as class statistics.

Kept as they are: INC has no effect, LINC and SINC always count; a pixel of the value 9999 is never sampled.
accepted: ALL where one cluster or none was formed ends; the original's sort never does.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.statistics._bands import announced_format
from programs.statistics._growing import TAKEN, Clusters
from vicar.ibis import classstatistics
from vicar.numerics.fortran import fixed, integer
from vicar.numerics.rounding import nint

FORTRAN = True
POPULATION_WIDTH = 12
# columns of a class by bands: width of a band, of its number, of its mean and deviation with their decimals
CLASS_COLUMNS = {9: (16, 14, (8, 2), (6, 2)), 10: (14, 12, (7, 1), (5, 2))}
USUAL_COLUMNS = (18, 18, (10, 2), (8, 2))


def main(task):
    task.if_message("USTATS version 21-Jul-2011")
    bands = task.count("INP")
    if bands == 1:
        task.abend("??E - USTATS requires more than one input image")
    images = opened(task, bands)
    window = task.size_field(images[0])
    if window.sl + window.nl - 1 > window.nli:
        task.abend("??E - Number of lines requested exceeds input size")
    if window.ss + window.ns - 1 > window.nsi:
        task.abend("??E - Number of samples requested exceeds input size")
    clusters = Clusters(task.integer("CLUSTERS", 500), bands, window.nl // max(task.integer("LINC"), 1) * window.ns * bands)
    sampled = sample(task, images, window, clusters)
    for image in images:
        image.close()
    task.message(" ")
    task.message(f"{clusters.used:5d} CLUSTERS FORMED")
    weeded(task, clusters)
    if not task.keyword("NOPRINT"):
        show_populations(task, clusters)
    write_classes(task, clusters, show_classes(task, clusters, sampled))


def opened(task, bands: int) -> list:
    """The inputs; the first says what format is announced."""
    kind = announced_format(task)
    return [task.open("INP", number, i_format=kind, u_format="HALF") for number in range(1, bands + 1)]


def sample(task, images, window, clusters: Clusters) -> int:
    """Fill the clusters; gives the number of pixels that went into them."""
    down, across = task.integer("LINC", task.integer("INC")), task.integer("SINC", task.integer("INC"))
    excluded = np.array([TAKEN, *task.integers("EXCLUDE")], np.int32)
    bound = task.real("INITIAL") * task.real("INITIAL")
    tell, told = task.keyword("NOTIFY"), down + window.nl // 10
    for line in range(1, window.nl + 1, down):
        task.progress(line, window.nl)
        if tell and line >= told:
            task.message(f" ustats IS {100 * (line - down) // window.nl:3d} PERCENT COMPLETE")
            told += window.nl // 10
        lines = [image.read(window.sl + line - 1, window.ss, window.ns) for image in images]
        if not clusters.sample(np.stack(lines, axis=1), across, excluded, bound, not task.keyword("NONN")):
            task.message(f"   SAMPLING INCOMPLETE AT LINE{line:5d}")
            task.message("??W - Reached Maximum cluster size")
            break
    return int(clusters.points.sum(dtype=np.float64))


def weeded(task, clusters: Clusters) -> None:
    """Clusters of several pixels only, those that overlap joined, the largest first; with ALL only put in order."""
    if task.keyword("ALL"):
        clusters.deviations()
        clusters.sort()
        return
    clusters.keep(np.flatnonzero(clusters.points[: clusters.used] != 1))
    clusters.deviations()
    if clusters.used == 0:
        task.abend("??E - no cluster contains more than one pixel***", " ***PROGRAM TERMINATED***")
    task.message(f"{clusters.used:5d} CLUSTERS AFTER REMOVING ONE-PIXEL CLUSTERS")
    if clusters.used == 1:
        return
    clusters.sort()
    clusters.join()
    clusters.sort()
    clusters.used = int(np.count_nonzero(clusters.points[: clusters.used]))
    task.message(f"{clusters.used:5d} CLUSTERS AFTER COMBINING THOSE WHICH OVERLAP BY ONE STANDARD DEVIATION")


def show_populations(task, clusters: Clusters) -> None:
    bands = clusters.means.shape[1]
    task.message(" ")
    task.message("      PIXELS" + "".join(f"     BAND{band:3d}" for band in range(1, bands + 1)))
    for row in range(clusters.used):
        means = "".join(fixed(value, POPULATION_WIDTH, 2) for value in clusters.means[row])
        task.message(f"{integer(row + 1, 5)}{integer(int(nint(clusters.points[row])), 8)}{means}"[1:])


def show_classes(task, clusters: Clusters, sampled: int) -> int:
    """Print the classes that are kept; gives how many."""
    bands = clusters.means.shape[1]
    width, number, mean, deviation = CLASS_COLUMNS.get(bands, USUAL_COLUMNS)
    side = (width - 1) // 2
    task.message(" ")
    task.message("CLASSES RETAINED FOR OUTPUT")
    head, titles = bytearray(b" " * (width * bands + 8)), bytearray(b" CLASS".ljust(width * bands + 16))
    for band in range(1, bands + 1):
        start = 4 + width * (band - 1)
        head[start : start + width] = f"{band:{number}d}".ljust(width).encode()
        head[width * band - 3 : width * band + 1] = b"BAND"
        titles[2 + width * band - side : 6 + width * band - side] = b"MEAN"
        titles[3 + width * band : 6 + width * band] = b"SIG"
    task.message(head[1 : 4 + width * bands].decode())
    task.message(titles[1 : 6 + width * bands].decode())
    most = clusters.most if task.keyword("ALL") or not task.count("CLASSES") and task.count("PERCENT") else None
    most = most if most is not None else task.integer("CLASSES", 10)
    cutoff = np.float32(0.01) * (task.real("PERCENT") if task.count("PERCENT") else np.float32(0)) * np.float32(sampled)
    for row in range(clusters.used):
        if clusters.points[row] < cutoff or row >= most:
            return row
        text = bytearray(f"{integer(row + 1, 5)}".ljust(6 + width * bands).encode())
        for band in range(bands):
            end = 6 + width * (band + 1)
            text[end - width : end] = fixed(clusters.means[row, band], *mean).ljust(width).encode()
            text[end - side : end] = fixed(clusters.variances[row, band], *deviation).ljust(side).encode()
        task.message(text[1:].decode())
    return clusters.used


def write_classes(task, clusters: Clusters, count: int) -> None:
    bands = clusters.means.shape[1]
    rows, columns = np.tril_indices(bands)
    table = classstatistics.create(task, count, bands)
    for row in range(count):
        item = classstatistics.ClassStatistics(
            f"CLASS{integer(row + 1, 3)}", int(nint(clusters.points[row])), bands, clusters.means[row],
            clusters.covariances[row][rows, columns].astype(np.float32),
        )  # fmt: skip
        classstatistics.write(table, row + 1, item)
    classstatistics.close(table, bands)
