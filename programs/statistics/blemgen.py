"""BLEMGEN: blemishes of a camera's sensor from the files of GALGEN, and how each is to be repaired.

Source: ``vos/p2/prog/blemgen`` (C, 2019-08-22).

Slopes are taken as REAL and the other inputs as HALF, whatever their formats. The slope file gets the mean slope into
its label, the dark-current file the mean dark current.
Kept as it is: without blemishes the output is a line as long as the first input's, with the mark of the end in it.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.statistics._phist import print_histogram
from vicar.numerics.cformat import sprintf
from vicar.numerics.prnt import prnt

MOST, LARGEST_DN, LONGEST = 4090, 4095, 1024
NOT_SATURATED, END = 32767, 32767
SLOPE, DARK, SATURATION, ERROR, RMS, LOW_WELL = 1, 2, 4, 5, 6, 7  # criteria


class Criteria:
    """What pixels are blemishes for; limits of the dark current in the scale of its file."""

    def __init__(self, task, scale: int):
        self.slopes = task.real("MINSLOPE"), task.real("MAXSLOPE")
        self.darks = task.real("MINDC") * np.float32(scale), task.real("MAXDC") * np.float32(scale)
        self.least, self.error, self.rms = task.integer("MINSAT"), task.integer("MAXERR"), task.integer("MAXRMS")


def main(task):
    task.if_message("BLEMGEN version 2019-08-22")
    images = [task.open("INP", number) for number in range(1, task.count("INP") + 1)]
    nl, ns = images[0].nl, images[0].ns
    if any((image.nl, image.ns) != (nl, ns) for image in images):
        task.abend("***Invalid input files")
    scale = dark_scale(task, images[4]) if len(images) == 5 else 0
    if ns > LONGEST:
        task.abend("The inputs have more than 1024 samples.")
    found, sums = search(task, images, Criteria(task, scale))
    names = [task.file_name("INP", number) for number in range(1, len(images) + 1)]
    for image in images:
        image.close()
    summarize(task, names, found, sums, nl * ns, scale)
    task.message("Classifying blemishes...")
    if not task.keyword("BC"):
        classify(task, found, nl, ns)
    count_classes(task, found)
    write(task, found)
    task.message("BLEMGEN done.")


def dark_scale(task, image) -> int:
    for name, instance in reversed(image.label.tasks()[:20]):
        scale = image.label.get("PICSCALE", task=name, instance=instance, default=None)
        if scale is not None:
            return int(scale)
    if image.format != "BYTE":
        task.abend("Scale of DC frame ambiguous")
    return 1


class Sums:
    """Slopes and dark currents of the good pixels, and their squares."""

    slopes = squares = dark = dark_squares = 0.0


def search(task, images, criteria: Criteria) -> tuple[list[list[int]], Sums]:
    """Blemishes (line, sample, criterion, saturation DN) in order, and the sums."""
    found, sums, total = [], Sums(), len(images)
    buffers = [np.zeros(8 * LONGEST, np.uint8) for _ in range(5)]
    ns, keep_on = images[0].ns, task.keyword("BC")
    for line in range(1, images[0].nl + 1):
        for image, buffer in zip(images, buffers):
            data = np.frombuffer(image.read().tobytes(), np.uint8)
            buffer[: len(data)] = data[: len(buffer)]
        slope = buffers[0].view(np.float32)[:ns]
        saturation, error, rms, dark = (buffer.view(np.int16)[:ns].astype(np.int32) for buffer in buffers[1:])
        tests = [(LOW_WELL, saturation != NOT_SATURATED), (SLOPE, outside(slope, criteria.slopes)),
                 (SATURATION, saturation < criteria.least)]  # fmt: skip
        tests += [(ERROR, error > criteria.error)] if total > 2 else []
        tests += [(RMS, rms > criteria.rms)] if total > 3 else []
        tests += [(DARK, outside(dark.astype(np.float32), criteria.darks))] if total > 4 else []
        which = np.zeros(ns, np.int32)
        for criterion, failed in tests:
            which[failed] = criterion
        full = False
        for place in np.flatnonzero(which):
            if len(found) >= MOST:
                task.messages("***Blemish total exceeds allocated storage", f"On line {line}, sample {place + 1}")
                if not keep_on:
                    task.abend()
                full = True
                continue
            criterion = int(which[place])
            found.append([line, int(place) + 1, criterion, int(saturation[place]) if criterion == LOW_WELL else 0])
        add_good(sums, slope[which == 0].astype(np.float64), dark[which == 0].astype(np.float64))
        sums.dark_squares += sums.line_squares
        if full:
            break
    return found, sums


def add_good(sums: Sums, slopes: np.ndarray, darks: np.ndarray) -> None:
    """Add the good pixels of a line, one after the other."""

    def add(start: float, values: np.ndarray) -> float:
        return float(np.add.accumulate(np.concatenate(([start], values)))[-1])

    sums.slopes, sums.squares = add(sums.slopes, slopes), add(sums.squares, slopes * slopes)
    sums.dark, sums.line_squares = add(sums.dark, darks), add(0.0, darks * darks)


def outside(values: np.ndarray, limits) -> np.ndarray:
    return (values < limits[0]) | (values > limits[1])


def summarize(task, names, found, sums: Sums, pixels: int, scale: int) -> None:
    """Means and deviations, to the log and into the labels."""
    task.message(f"Total of {len(found)} blemishes found")
    luminance = task.keyword("LUMINANC")
    good = np.float64(pixels - len(found))
    with np.errstate(all="ignore"):
        mean = np.float64(sums.slopes) / good
        sigma = root(np.float64(sums.squares) / good - mean * mean)
        task.message(f"Energy unit = {'relative-foot-lambert-milliseconds' if luminance else 'picoamp-milliseconds'}")
        task.message(sprintf("Slope -- Mean=%-.10f Energy unit/DN   Sigma=%-.4f", mean, sigma))
        text = "1.0/0.0 DN/ENERGY_UNIT" if mean == 0 else sprintf("%-.10f DN/ENERGY_UNIT", np.float64(1) / mean)
    unit = "RELATIVE-FOOT-LAMBERT-MILLISECONDS" if luminance else "PICOAMP-MILLISECONDS"
    note(task, names[0], ENERGY_UNIT=unit, MEANSLOP=text)
    if len(names) < 5:
        return
    with np.errstate(all="ignore"):
        mean = np.float64(sums.dark) / (good * scale)
        sigma = root(np.float64(sums.dark_squares) / np.float64(scale * scale) / good - mean * mean)
    task.message(sprintf(" DC -- Mean=%-.10f DN   Sigma=%-.4f", mean, sigma))
    note(task, names[4], MEANDC=sprintf("%-.10f DN", mean))


def root(value):
    """Square root; of a negative number the NaN the machine gives, which has a sign."""
    return np.sqrt(value) if value >= 0 else np.copysign(np.float64("nan"), -1.0)


def note(task, name: str, **items) -> None:
    """Replace items in the last task of a file's label."""
    with task.open(file=name, op="UPDATE") as image:
        for key, value in items.items():
            image.label.add(key, value, task="", format="STRING", mode="REPLACE")


def classify(task, found, nl: int, ns: int) -> None:
    """Criteria become classes: which pairs of neighbours are good for interpolation."""
    bad = {(blemish[0], blemish[1]) for blemish in found}

    def pair(one, two) -> bool:
        return one in bad or two in bad

    for blemish in found:
        line, samp = blemish[:2]
        if samp in (1, ns) or line in (1, nl):
            blemish[2] = 0
            continue
        value = 0xD if pair((line - 1, samp), (line + 1, samp)) else 0xF
        for mask, one, two in (
            (0xE, (line - 1, samp - 1), (line + 1, samp + 1)), (0xB, (line - 1, samp + 1), (line + 1, samp - 1)),
            (0x7, (line, samp - 1), (line, samp + 1)),
        ):  # fmt: skip
            value &= mask if pair(one, two) else 0xF
        if value == 0:
            value = double_column(pair, line, samp, ns)
            if value == 0 and line != nl - 1 and samp != 2:
                task.message(f"***** Blemish at line {line}, sample {samp} is not classified *****")
        blemish[2] = value


def double_column(pair, line: int, samp: int, ns: int) -> int:
    """Class of a blemish two samples wide, 0 if no neighbours are good: left half first, then right half."""
    for allowed, start, left, right in ((samp < ns - 1, 0x1F, samp - 1, samp + 2), (samp > 2, 0x17, samp - 2, samp + 1)):
        if not allowed:
            continue
        value = start
        for mask, one, two in ((0x1E, -1, 1), (0x1D, 0, 0), (0x1B, 1, -1)):
            value &= mask if pair((line + one, left), (line + two, right)) else 0x1F
        if value & 7:
            return value
    return 0


def count_classes(task, found) -> None:
    classes = [blemish[2] for blemish in found]
    levels = [min(blemish[3], LARGEST_DN) for blemish in found if blemish[3] > 0]

    def tell(title: str, number: int) -> None:
        task.messages(*prnt("FULL", number, title))

    tell("Number of permanent blemishes=.", len(found) - len(levels))
    tell("Number of low-full-well-pixels=.", len(levels))
    if task.keyword("BC"):
        tell("Number of double column blemishes=.", sum(value > 15 for value in classes))
        tell("Number of unclassified blemishes=.", classes.count(0))
        task.message(" ")
        task.message("Blemishes found by each criteria (slope,dc,sat,err,rms,lfwp)")
        counts = (classes.count(value) for value in (SLOPE, DARK, SATURATION, ERROR, RMS, LOW_WELL))
        task.message(" " + " ".join(str(count) for count in counts) + "\n")
    tell("Total number of blemishes=.", len(found))
    task.message("Histogram of low-full-well pixels")
    if levels:
        task.fortran = True  # the routine is Fortran's: blanks at the ends of its lines are lost
        print_histogram(task, np.bincount(levels, minlength=LARGEST_DN + 1), len(levels), 0, 0, False)
        task.fortran = False


def write(task, found) -> None:
    with task.create("OUT", nl=1, ns=4 * len(found), format="HALF", u_format="HALF") as result:
        if task.keyword("BC"):
            result.label.add("BLEMGEN", "BLEMISH CRITERIA ***WARNING: NOT A VALID BLEMISH FILE", task="", format="STRING")
        else:
            result.label.add("FILE", "BLEMISH FILE", task="", format="STRING")
        values = np.zeros(max(result.ns, 4 * len(found) + 8), np.int16)
        values[: 4 * len(found)] = np.array(found, np.int16).ravel()
        values[4 * len(found) + 4 : 4 * len(found) + 6] = END
        result.write(values[: result.ns])
