"""STATS: means and covariances of classes from training areas in several images.

Source: ``vos/p2/prog/stats`` (Fortran, 04-Jul-2011).

Kept as they are: of a class only the first ten values are read; a class is written into the row of its parameter and
numbered in the order of those given; histograms of HALF images go on from class to class.
accepted: after an error the means of classes before it are in the table; the last column of the ruler of a spectral
plot is blank, where the original prints memory.
known: SCRIBE and a second output, which draw the areas into an image, end the program with a sentence."""

from __future__ import annotations

import numpy as np

from programs.statistics._bands import announced_format
from programs.statistics._training import Polygons, TooLarge, rectangle
from vicar.ibis import classstatistics
from vicar.numerics.fortran import edit, integer
from vicar.numerics.prnt import prnt

FORTRAN = True
_F = np.float32
CLASSES, VALUES, ROWS = 50, 10, 100
WIDEST = 600  # samples of a run
COLUMNS, HEIGHT, LAST = 122, 15, 243
HALF_LEVELS = 32767
SCALE = "0   " + "".join(f"{value:<5d}" for value in range(10, 251, 10)).rstrip()
RULER = "--" + "|----" * 25 + "|---"


def main(task):
    task.if_message("STATS version 04-Jul-2011")
    kind = announced_format(task)
    images = [task.open("INP", number, i_format=kind, u_format="HALF") for number in range(1, task.count("INP") + 1)]
    bands = len(images)
    histograms, plots = (wanted(task, name, bands) for name in ("HIST", "SPEC"))
    excluded = task.integers("EXCLUDE")
    rectangles_only = {number for number in task.integers("VERT") if 1 <= number <= CLASSES}
    if task.count("OUT") > 1 or task.integer("SCRIBE") > 0:
        task.abend("SCRIBE and a second output are not known here.")
    table = classstatistics.create(task, ROWS, bands)
    if excluded:
        task.messages(*prnt("FULL", excluded, "THE FOLLOWING DN ARE EXCLUDED FROM STATISTICS:."))
    collection = Collection(task, images, kind, histograms, excluded, rectangles_only)
    for number in range(1, CLASSES + 1):
        values = task.integers(f"CLASS{number}")[:VALUES]
        if len(values) > 2:
            classstatistics.write(table, number, collection.gather(number, values))
    found = collection.classes
    if not found:
        task.abend("??E -  No training areas specified")
    task.message(" ")
    task.message(" CLASS NUMBERS ASSIGNED")
    task.message(" ----------------------")
    for number, item in enumerate(found, 1):
        task.message(f"{number:6d} = {item.name}")
    if plots:
        shown = task.integers("SPLOT")
        spectral_plot(task, plots, shown if shown[0] > 0 else list(range(1, len(found) + 1)), found)
    table.set_length(len(found))
    classstatistics.close(table, bands)


def wanted(task, name: str, bands: int) -> list[int]:
    """Bands of a list: all for 0, none for -1."""
    values = task.integers(name)
    if name == "SPEC" and len(values) and not all(-1 <= value <= bands for value in values):
        task.abend("SPEC: there is no such band.")  # the original plots what its memory holds
    return list(range(1, bands + 1)) if values[0] == 0 else [] if values[0] == -1 else values


class Collection:
    """Goes through the classes; keeps what the next one finds."""

    def __init__(self, task, images, kind: str, histograms, excluded, polygons):
        self.task, self.images, self.kind = task, images, kind
        self.histograms, self.excluded, self.polygons = histograms, excluded, polygons
        self.walker = Polygons()
        self.classes: list[classstatistics.ClassStatistics] = []
        self.deviations: list[np.ndarray] = []
        self.counts = np.zeros((max([12, *histograms]) + 1, HALF_LEVELS + 2), np.int64)

    def gather(self, number: int, values: list[int]) -> classstatistics.ClassStatistics:
        """One class, printed unless NOPRINT says otherwise."""
        task, place = self.task, len(self.classes) + 1
        name, silent, polygon = f"CLASS{place:03d}", task.keyword("NOPRINT"), number in self.polygons
        if self.kind == "BYTE":
            self.counts[:] = 0
        if not silent:
            task.message(" ")
            task.message(f"TRAINING AREAS FOR CLASS # {integer(place, 2)}   \"{name}\"")
            if polygon:
                task.message("IRREGULAR AREA VERTICES")
                task.message("LINE SAMPLE     " * 7)
        sums = Sums(len(self.images))
        at = 0
        while at + 3 < len(values):
            used, runs = self.area(number, values, at, polygon, silent)
            self.read(runs, sums)
            at += used
        if at != len(values):
            self.fault(number)
        item, deviations = sums.statistics(name)
        self.classes.append(item)
        self.deviations.append(deviations)
        if not silent:
            show_class(task, place, item, deviations)
        if self.histograms:
            show_histograms(task, self.counts[:, : 257 if self.kind == "BYTE" else None], self.histograms, name, self.excluded)
        return item

    def fault(self, number: int) -> None:
        self.task.abend(f"*** PARAMETER ERROR FOR CLASS{integer(number, 3)}")

    def area(self, number: int, values, at: int, polygon: bool, silent: bool):
        """How many values an area takes, and its runs; the area is printed."""
        task = self.task
        if not polygon:
            try:
                runs = rectangle(*values[at : at + 4])
            except TooLarge:
                task.abend("??E - Maximum of 600 lines or samples exceeded")
            if not silent:
                task.message(edit("(9X,'SL=',I5,'   SS=',I5,'   NL=',I5,'   NS=',I5)", *values[at : at + 4]))
            return 4, runs
        first = values[at : at + 2]
        ends = (n for n in range(1, len(values) // 2) if values[at + 2 * n : at + 2 * n + 2] == first)
        corners = next(ends, None)
        if corners is None:
            self.fault(number)
        used = 2 * (corners + 1)
        points = [(values[at + 2 * n], values[at + 2 * n + 1]) for n in range(corners)]
        runs = self.walker.runs(points)
        if not silent:
            shown = values[at : at + used]
            for start in range(0, used, 14):
                task.message(edit("(7(2I6,4X))", *shown[start : start + 14])[1:])
        return used, runs

    def read(self, runs, sums: Sums) -> None:
        """Add the pixels of the runs, up to one of line 0."""
        for line, samp, count in runs:
            if line == 0:
                return
            count = min(count, WIDEST)
            values = np.stack([image.read(line=line, samp=samp, nsamps=count) for image in self.images])
            for band in self.histograms:
                if 1 <= band <= len(values):
                    levels = values[band - 1].astype(np.int32)
                    levels = levels[levels >= 0]
                    self.counts[band] += np.bincount(levels, minlength=self.counts.shape[1])[: self.counts.shape[1]]
            sums.add(values, self.excluded)


class Sums:
    """Numbers of pixels, values and products of a class; whole numbers, so that their order does not matter."""

    def __init__(self, bands: int):
        self.pixels = 0
        self.values = np.zeros(bands, np.int64)
        self.products = np.zeros((bands, bands), np.int64)

    def add(self, values: np.ndarray, excluded: list[int]) -> None:
        values = values.astype(np.int64)
        if excluded:
            values = values[:, ~np.isin(values, excluded).any(axis=0)]
        self.pixels += values.shape[1]
        self.values += values.sum(axis=1)
        self.products += values @ values.T

    def statistics(self, name: str):
        """The class, and the deviations of its bands."""
        count = float(self.pixels)
        whole, less = (1.0, 1.0) if count < 2 else (count, count - 1.0)
        whole, less = 1.0 / whole, 1.0 / less
        mean = self.values.astype(np.float64)
        covariance = (self.products.astype(np.float64) - mean[:, None] * mean[None, :] * whole) * less
        diagonal = np.diag(covariance)
        deviations = np.sqrt(np.where(diagonal > 0, diagonal, 0)).astype(np.float32)
        below = covariance[np.tril_indices(len(mean))].astype(np.float32)
        item = classstatistics.ClassStatistics(name, self.pixels, len(mean), (mean * whole).astype(np.float32), below)
        return item, deviations


def show_class(task, number: int, item, deviations: np.ndarray) -> None:
    task.message(edit("(5X,'TOTAL POINTS =',I7)", item.pixels))
    task.message(" ")
    task.message(f" STATISTICS FOR CLASS # {integer(number, 2)}   \"{item.name}\"")
    task.message(edit("('   CHANNEL',4X,12(I2,7X))", list(range(1, item.bands + 1))))
    task.message(edit("('    MEAN ',12F9.2)", item.means))
    task.message(edit("('   ST DEV',12F9.2)", deviations))
    task.message(" ")
    rows = [slice(band * (band + 1) // 2, (band + 1) * (band + 2) // 2) for band in range(item.bands)]
    task.message("   COVARIANCE MATRIX")
    for row in rows:
        task.message(edit("(9X,12F9.2)", item.covariance[row]))
    task.message(" ")
    task.message("   CORRELATION MATRIX")
    for band, row in enumerate(rows):
        product = deviations[band] * deviations[: band + 1]
        ratio = np.where(product != 0, item.covariance[row] / np.where(product != 0, product, _F(1)), _F(0))
        task.message(edit("(9X,12F9.4)", ratio.astype(np.float32)))


def show_histograms(task, counts: np.ndarray, bands, name: str, excluded) -> None:
    """Histograms of two DN a column; two bands under a heading. What is beyond 240 is added to the last column, for good."""
    for number, band in enumerate(bands):
        if number % 2 == 0:
            task.message(" ")
            task.message(f'HISTOGRAM FOR:  "{name}"')
        tally = counts[band]  # of level n at place n
        tally[LAST - 1] += tally[LAST:].sum()
        tally[LAST:] = 0
        for value in excluded:
            if 0 <= value < len(tally):
                tally[value] = 0
        pairs = tally[: 2 * COLUMNS : 2] + tally[1 : 2 * COLUMNS : 2]
        most = int(pairs.max())
        each = (most + HEIGHT - 1) // HEIGHT if most > HEIGHT else 1
        task.message(f"CHANNEL {integer(band, 3)}")
        task.message(f"   EACH * REPRESENTS{integer(each, 4)}  POINT(S).")
        for row in range(HEIGHT, 0, -1):
            task.message(f"{integer(row * each, 4)} I {''.join(symbol(int(pair), row * each, each) for pair in pairs)}")
        task.message("       " + "+---------" * 12 + "+=>")
        task.message("     " + "".join(f"{value:3d}       " for value in range(0, 240, 20)) + "240")


def symbol(count: int, top: int, each: int) -> str:
    """A column in a row of ``each`` points up to ``top``: a star if it is full, else how full it is."""
    if count >= top:
        return "*"
    over = count - (top - each)
    if over <= 0:
        return " "
    return str(over) if over < 10 else chr(ord("A") + over - 10) if over < 36 else "$"


def spectral_plot(task, bands, classes, found) -> None:
    """Mean and deviation of each class in each band as a bar."""
    deviations = [np.sqrt(np.maximum(_diagonal(item), _F(0))) for item in found]
    task.message(" " * 50 + "   SPECTRAL PLOT")
    lines = 1
    for band in bands:
        lines += len(classes) + 12
        if lines > 60:
            task.message("1")
            lines = len(classes) + 13
        for _ in range(4):
            task.message(" ")
        task.messages(f"C     BAND {integer(band, 2)}", "l            +/- 1 STANDARD DEVIATION", "A", "S", f"S {SCALE}", RULER)
        for number, place in enumerate(classes, 1):
            mean, deviation = found[place - 1].means[band - 1], deviations[place - 1][band - 1]
            task.message(bar(number, place, mean, deviation))
        task.messages(RULER, f"  {SCALE}")


def _diagonal(item) -> np.ndarray:
    return item.covariance[[band * (band + 3) // 2 for band in range(item.bands)]]


def bar(number: int, place: int, mean, deviation) -> str:
    text = [" "] * 140
    text[:3] = integer(number, 3)
    left, right = (min(132, max(4, int((mean + side * deviation + _F(9)) / _F(2)))) for side in (-1, 1))
    text[left : right - 1] = "-" * max(right - 1 - left, 0)
    text[left - 1] = text[right - 1] = "|"
    centre = min(max(int((mean + _F(9 if place < 10 else 10)) / _F(2)), 2), 132)
    shown = str(place)
    text[centre - len(shown) : centre] = shown
    return "".join(text[1:132])
