"""LAVE: mean or standard deviation of each line or each column of an image.

Source: ``vos/p2/prog/lave`` (Fortran). Pixels are single precision, sums double precision in pixel order; deviations are
taken from differences to the first pixel. Printed and written values of whole-number images are rounded. Sums of bytes and
halfwords, and of their squared differences, are exact in any order.

Kept as they are: with VERTICAL, STDEV and EXCLUDE only as many columns as there are lines get a deviation, the others show
their first pixel; without an output a line's averages end with a complaint about an undefined unit.
"""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics.fortran import exponent, integer
from vicar.numerics.rounding import anint, nint

FORTRAN = True
F32 = np.float32
EXACT = ("BYTE", "HALF")
WHOLE = ("BYTE", "HALF", "FULL")
LINE_LENGTH = 131
PIXELS_AT_ONCE = 1 << 17
AIS_SIZE = 32


def main(task):
    task.message("** LAVE version 2016-12-18")
    with task.open("INP", u_format="REAL") as image:
        window = task.size_field(image)
        vertical = task.string("MODE") == "VERTICAL"
        with_output = task.count("OUT") > 0 and not task.defaulted("OUT")
        result = create_output(task, window, vertical) if with_output else None
        if window.nl < 1 or window.ns < 1:
            task.abend("??E- Insufficient memory for STACKA buffers")
        excluded = None if task.defaulted("EXCLUDE") else task.integer("EXCLUDE")
        deviations = task.count("STDEV") > 0
        tables = Columns if vertical else Lines
        whole = image.format in EXACT
        with task.open("INP") if whole else nullcontext(image) as pixels:
            table = tables(pixels, window, excluded)
            values = table.deviations() if deviations else table.means()
        printer = Printer(task, image.format, deviations)
        if not task.count("QUIET"):
            if task.count("AIS"):
                printer.print_ais(values, task.string("TITLE") or "  ")
            else:
                printer.print(values)
        width = task.integer("FILTER")
        if width != 1 and not task.defaulted("FILTER"):
            values = smoothed(values, width, image.format, task.count("HIGHPASS") > 0)
            task.message("??I - After filtering")
            printer.print(values)
        if result is not None:
            write_output(task, result, values, image.format, window, vertical)
    task.message("LAVE PROCESSING COMPLETE")
    if not vertical and not with_output:
        task.no_unit()


def create_output(task, window, vertical: bool):
    if task.count("IMAGE"):
        nl, ns = window.nl, window.ns
    else:
        nl, ns = 1, window.ns if vertical else window.nl
    return task.create("OUT", nl=nl, ns=ns, u_format="REAL")


def write_output(task, result, values: np.ndarray, fmt: str, window, vertical: bool) -> None:
    if fmt in WHOLE:
        values = anint(values)
    with result:
        if not task.count("IMAGE"):
            result.write(values)
        elif vertical:
            for _ in range(window.nl):
                result.write(values)
        else:
            for value in values:
                result.write(np.full(window.ns, value))


# -- statistics ---------------------------------------------------------------------------------------------------------


class Lines:
    """Statistics of each line of the window; pixels are single precision, or integers of at most two bytes."""

    def __init__(self, image, window, excluded):
        self.blocks = lambda: (b for _, b in line_blocks(image, window.sl, window.ss, window.nl, window.ns, None))
        self.excluded = excluded

    def kept(self, dn: np.ndarray) -> np.ndarray | None:
        """Which pixels count; None for all of them."""
        return None if self.excluded is None else dn.astype(F32, copy=False) != F32(self.excluded)

    def means(self) -> np.ndarray:
        found = []
        for dn in self.blocks():
            kept = self.kept(dn)
            total = row_sums(dn if kept is None else np.where(kept, dn, dn.dtype.type(0)))
            count = dn.shape[1] if kept is None else np.maximum(kept.sum(axis=1), 1)
            found.append((total / count).astype(F32))
        return np.concatenate(found)

    def deviations(self) -> np.ndarray:
        found = []
        for dn in self.blocks():
            kept = self.kept(dn)
            place = 0 if kept is None else kept.argmax(axis=1)
            count = dn.shape[1] if kept is None else np.maximum(kept.sum(axis=1), 1)
            total, squares = np.empty(len(dn)), np.empty(len(dn))
            first = dn[np.arange(len(dn)), place]
            step = max(1, PIXELS_AT_ONCE // dn.shape[1])
            for start in range(0, len(dn), step):
                here = slice(start, start + step)
                difference = differences(dn[here], first[here, np.newaxis], None if kept is None else kept[here])
                total[here], squares[here] = row_sums(difference), row_sums(squared(difference))
            found.append(deviation(total, squares, count))
        return np.concatenate(found)


class Columns(Lines):
    """Statistics of each column of the window."""

    def means(self) -> np.ndarray:
        total = count = None
        for dn in self.blocks():
            kept = self.kept(dn)
            total = add_rows(total, dn if kept is None else np.where(kept, dn, dn.dtype.type(0)))
            count = (len(dn) if kept is None else kept.sum(axis=0)) + (0 if count is None else count)
        return np.where(count > 0, total / np.maximum(count, 1), 0).astype(F32)

    def deviations(self) -> np.ndarray:
        total = squares = first = None
        lines = 0
        for dn in self.blocks():
            kept = self.kept(dn)
            there = np.ones(dn.shape, bool) if kept is None else kept
            if first is None:
                first, count = np.zeros(dn.shape[1], dn.dtype), np.zeros(dn.shape[1], int)
            new = (count == 0) & there.any(axis=0)
            first = np.where(new, dn[there.argmax(axis=0), np.arange(dn.shape[1])], first)
            difference = differences(dn, first, kept)
            total, squares = add_rows(total, difference), add_rows(squares, squared(difference))
            count = count + there.sum(axis=0)
            lines += len(dn)
        found = deviation(total, squares, np.maximum(count, 1))
        if self.excluded is not None:
            found[lines:] = first[lines:]
        return found


def differences(dn: np.ndarray, first: np.ndarray, kept: np.ndarray | None) -> np.ndarray:
    """Differences to the first pixel, 0 where nothing is kept; integers stay integers."""
    kind = {1: np.int16, 2: np.int32}.get(dn.itemsize, F32)
    difference = np.subtract(dn, first, dtype=kind)
    return difference if kept is None else np.where(kept, difference, kind(0))


def squared(difference: np.ndarray) -> np.ndarray:
    """Squares as single precision has them; those of bytes are whole in any format."""
    if difference.dtype == np.int16:
        return np.multiply(difference, difference, dtype=np.int32)
    difference = difference.astype(F32, copy=False)
    return difference * difference


def row_sums(values: np.ndarray) -> np.ndarray:
    """Sums from left to right in double precision; those of whole numbers in any order."""
    if values.dtype.kind in "iu":
        return values.sum(axis=1, dtype=np.int64 if values.itemsize > 2 or values.shape[1] > 65536 else np.int32).astype(float)
    return np.add.accumulate(values.astype(np.float64), axis=1)[:, -1]


def add_rows(total, values: np.ndarray) -> np.ndarray:
    """Sums from top to bottom in double precision, on top of ``total``."""
    total = np.zeros(values.shape[1]) if total is None else total
    if values.dtype.kind in "iu" and len(values) < 32768:
        narrow = values.itemsize < 4
        return total + values.sum(axis=0, dtype=np.int32 if narrow else np.int64)
    for row in values:
        total = total + row.astype(np.float64)
    return total


def deviation(total, squares, count) -> np.ndarray:
    spread = squares - total * total / count
    return np.where(spread <= 0, 0, np.sqrt(np.maximum(spread, 0) / count)).astype(F32)


def smoothed(values: np.ndarray, width: int, fmt: str, highpass: bool) -> np.ndarray:
    """Running mean over ``width`` values, or what is left without it. The window is cut off at both ends.

    A negative width leaves the values as they are.
    """
    if width < 0 and not highpass:
        return values
    count, half = len(values), width // 2
    out = np.concatenate((values, np.zeros(max(0, width - count), F32)))
    means: list = []
    total = F32(0)
    for value in out[:half]:
        total = total + value
    for size in range(half + 1, width + 1):
        total = total + out[size - 1]
        means.append(total / F32(size))
    for place in range(width, count):
        total = total + out[place] - out[place - width]
        means.append(total / F32(width))
    size = F32(width)
    for place in range(len(means) - half - 1, count - half - 1):
        total = total - out[place]
        size = size - F32(1)
        means.append(total / size)
    result = np.concatenate((np.array(means, F32), np.zeros(count, F32)))[:count]
    if highpass:
        result = values - result + F32(128 if fmt == "BYTE" else 0)
        if fmt == "BYTE":
            result = np.clip(result, F32(0), F32(255))
    return result


# -- printing -------------------------------------------------------------------------------------------------------------


class Printer:
    """Prints values as the format of the image asks for."""

    def __init__(self, task, fmt: str, deviations: bool):
        self.task = task
        self.fmt = fmt
        self.title = "    SAMPLE  " + ("STANDARD DEVIATION VALUES" if deviations else "AVERAGE VALUES")

    def fields(self, values: np.ndarray, width: int) -> list[str]:
        if self.fmt in WHOLE:
            whole = nint(values, np.int32 if self.fmt == "FULL" else np.int16).tolist()
            return [integer(value, width) for value in whole]
        return [" " + exponent(value, width - 1, width - 7) for value in values]

    def print(self, values: np.ndarray) -> None:
        width = {"BYTE": 4, "HALF": 6}.get(self.fmt, 11)
        self.task.message(" ")
        self.task.message(self.title)
        a_line = (LINE_LENGTH - 11) // width
        fields = self.fields(values, width)
        for start in range(0, max(len(values), 1), a_line):
            part = fields[start : start + a_line]
            head = f"{start + 1:5d}-{start + len(part):5d}"
            self.task.message(head + "".join(part))

    def print_ais(self, values: np.ndarray, title: str) -> None:
        """Squares of 32 x 32 values, in pieces as wide as a line."""
        message = self.task.message
        if len(values) % (AIS_SIZE * AIS_SIZE):
            message("??E - Incorrect number of input samples for ais print format")
            self.task.abend()
        width, a_line = (6, 18) if self.fmt in ("BYTE", "HALF") else (11, 9)
        message(" ")
        message(self.title)
        squares = values.reshape(-1, AIS_SIZE, AIS_SIZE)
        for number, square in enumerate(squares, 1):
            for _ in range(5):
                message(" ")
            message(title)
            if len(squares) > 1:
                message(" ")
                message(f"SECTION{number:3d}")
            for start in range(0, AIS_SIZE, a_line):
                columns = range(start + 1, min(start + a_line, AIS_SIZE) + 1)
                message(" ")
                message(" ")
                numbers = "".join(integer(column, width) + " " * width for column in columns[::2])
                message(("     SAMP  " + numbers).rstrip())
                message(" LINE")
                for line, row in enumerate(square[:, columns[0] - 1 : columns[-1]], 1):
                    message(f"{line:5d}      " + "".join(self.fields(row, width)))
