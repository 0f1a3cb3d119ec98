"""DIFPIC: compare two images and count, or write, their differences.

Source: ``vos/p2/prog/difpic`` (C++ and Fortran). Totals of differences are kept as the original keeps them: integers for
BYTE, single precision sums in pixel order for HALF, FULL and REAL (and the parts of COMP), double precision for DOUB;
averages are single precision. RETVAL gets 1 for labels, 2 for binary headers, 4 for histories, 8 for line prefixes, 16 for
pixels that differ.

The comparison of labels is in ``_difpic_label``, of binary headers and prefixes in ``_difpic_binary``. The original never
compared histories: HSTCMP says so and counts as a difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.numerics.fortran import general
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import accumulate, wrap_int32

FORTRAN = True
LABEL, BINARY_HEADER, HISTORY, PREFIX, PIXELS = 1, 2, 4, 8, 16
BUFFER_BYTES = 500000
PIXELS_AT_ONCE = 1 << 20
OLD_NAMES = {"WORD": "HALF", "COMPLEX": "COMP"}


def main(task):
    task.message("DIFPIC version 2021-03-09")
    everything = task.keyword("ALL")
    status = 0
    if (everything or task.keyword("LBLCMP")) and not same_labels(task):
        status |= LABEL
    if everything or task.keyword("BINCMP"):
        from programs.arithmetic._difpic_binary import same_headers

        status |= 0 if same_headers(task) else BINARY_HEADER
    if everything or task.keyword("LPRCMP"):
        from programs.arithmetic._difpic_binary import same_prefixes

        status |= 0 if same_prefixes(task) else PREFIX
    if everything or task.keyword("HSTCMP"):
        status |= HISTORY
        for instance in (1, 2):
            task.open("INP", instance).close()
        if not task.keyword("SILENT"):
            task.message("***** History label comparision not implemented yet. *****\n", "ERROR")
    if (everything or task.keyword("PIXCMP")) and compare_pixels(task):
        status |= PIXELS
    task.output("RETVAL", status)


def same_labels(task) -> bool:
    from programs.arithmetic._difpic_label import same_labels as compare

    return compare(task)


# -- pixels -------------------------------------------------------------------------------------------------------


@dataclass
class Part:
    """The pixels to compare: window and bands."""

    sl: int
    ss: int
    sb: int
    nl: int
    ns: int
    nb: int


@dataclass
class Totals:
    """Number and sum of the positive and of the negative differences, in the original's type."""

    positive: int = 0
    negative: int = 0
    positive_sum: object = None
    negative_sum: object = None
    zero: object = field(default=0)


def compare_pixels(task) -> bool:
    """Compare; True if pixels differ."""
    images = []
    for instance in (1, 2):
        image = task.open("INP", instance)
        if instance == 1 and image.ns * image.pix_size > BUFFER_BYTES:
            task.abend("Record too big for buffer, notify cognizant programmer.")
        if image.nb > 1 and image.org == "BIP":
            task.message(" BIP files not supported, use program TRAN to convert to BSQ")
            return False
        images.append(image)
    first, second = images
    if pixel_format(first)[:4] != pixel_format(second)[:4]:
        task.abend("Files must have same formats")
    if "BIL" in (first.org, second.org):
        task.message(" Warning: BIL format may cause performance degradation")
    part = common_part(task, first, second)
    if not task.count("OUT"):
        different = sum(int(np.count_nonzero(a != b)) for _, _, a, b in pairs(task, first, second, part))
        title = " NUMBER OF DIFFERENT PIXELS =" if pixel_format(first) == "BYTE" else " NUMBER OF DIFFERENCES ="
        task.message(title + integer_text(different))
        return different > 0
    with task.create("OUT", nl=part.nl, ns=part.ns, nb=part.nb) as result:
        totals = write_differences(task, first, second, result, part)
    print_totals(task, totals, pixel_format(first), part.nl * part.ns * part.nb)
    return bool(totals.positive or totals.negative)


def pixel_format(image) -> str:
    return OLD_NAMES.get(image.format, image.format)


def common_part(task, first, second) -> Part:
    """The window the user asked for, reduced to what both images have."""
    window, bands = task.size_field(first), task.band_field(first)
    part = Part(window.sl, window.ss, bands.sb, window.nl, window.ns, bands.nb)
    for count, start, axis in (("ns", "ss", "ns"), ("nl", "sl", "nl"), ("nb", "sb", "nb")):
        available = min(getattr(first, axis), getattr(second, axis))
        if getattr(part, start) + getattr(part, count) - 1 > available:
            task.message(f" {axis.upper()} too large, reduced to fit input")
            setattr(part, count, available - getattr(part, start) + 1)
    return part


def pairs(task, first, second, part: Part):
    """Blocks of lines of both images, in the order the original reads them: band, first line, two arrays."""
    block = max(1, PIXELS_AT_ONCE // max(part.ns, 1))
    for band in range(part.nb):
        for line in range(0, part.nl, block):
            count = min(block, part.nl - line)
            where = (part.sl + line, part.ss, count, part.ns, part.sb + band)
            yield band, line, first.read_window(*where, copy=False), second.read_window(*where, copy=False)
            task.progress(band * part.nl + line + count, part.nb * part.nl)


def write_differences(task, first, second, result, part: Part) -> Totals:
    fmt = pixel_format(first)
    modulo = task.keyword("MOD")
    zero = {"BYTE": 0, "DOUB": np.float64(0), "COMP": np.complex64(0)}.get(fmt, np.float32(0))
    totals = Totals(positive_sum=zero, negative_sum=zero, zero=zero)
    record = 0
    for band, line, a, b in pairs(task, first, second, part):
        if fmt == "BYTE":
            written = byte_differences(a, b, totals, modulo)
        else:
            written, counted, differs = DIFFERENCES[fmt](a, b)
            add_up(totals, counted, differs)
        result.write_window(written, line + 1, 1, band + 1)
        for thousand in range(record // 1000 + 1, (record + len(a)) // 1000 + 1):
            task.message(" REC # =" + integer_text(1000 * thousand))
        record += len(a)
    return totals


# each gives the pixels to write, the values to sum, and the numbers whose sign counts


def byte_differences(a, b, totals: Totals, modulo: bool) -> np.ndarray:
    """Differences of bytes, limited to 0 or ``modulo`` 256, and their totals; never wider than a byte."""
    larger = np.maximum(a, b)
    positive, negative = larger - b, larger - a
    totals.positive += int(np.count_nonzero(positive))
    totals.negative += int(np.count_nonzero(negative))
    totals.positive_sum = wrap_int32(totals.positive_sum + byte_sum(positive))
    totals.negative_sum = wrap_int32(totals.negative_sum - byte_sum(negative))
    return a - b if modulo else positive


def byte_sum(values: np.ndarray) -> int:
    return int(values.sum(axis=1, dtype=np.uint32).sum(dtype=np.uint64))


def half_difference(a, b):
    difference = a.astype(np.int32) - b
    return np.clip(difference, -32768, 32767).astype(np.int16), difference.astype(np.float32), difference


def full_difference(a, b):
    """Differences out of range are limited, judged in single precision."""
    low, high = np.float32(-(2.0**31)), np.float32(2.0**31)
    difference = a - b  # wraps
    real = np.where((a >= 0) & (b >= 0), difference.astype(np.float32), a.astype(np.float32) - b.astype(np.float32))
    limited = np.where(real < low, np.int32(-(2**31)), np.where(real > high, np.int32(2**31 - 1), difference))
    return limited, real, limited


def real_difference(a, b):
    difference = a - b
    return difference, difference, difference


def complex_difference(a, b):
    """The sign of the real part counts; a difference that is only imaginary counts as positive."""
    difference = a - b
    sign = np.where(a != b, np.where(difference.real >= 0, 1, np.where(difference.real < 0, -1, 0)), 0)
    return difference, difference, sign


DIFFERENCES = {
    "HALF": half_difference,
    "FULL": full_difference,
    "REAL": real_difference,
    "DOUB": real_difference,
    "COMP": complex_difference,
}


def add_up(totals: Totals, values, signs) -> None:
    positive, negative = signs > 0, signs < 0
    totals.positive += int(np.count_nonzero(positive))
    totals.negative += int(np.count_nonzero(negative))
    totals.positive_sum = accumulate(values[positive], totals.positive_sum)
    totals.negative_sum = accumulate(values[negative], totals.negative_sum)


# -- printing -----------------------------------------------------------------------------------------------------


def integer_text(value: int) -> str:
    """Four digits, or eleven if they do not fit."""
    return f"{value:4d}" if -999 <= value <= 9999 else f"{value:11d}"


def print_totals(task, totals: Totals, fmt: str, pixels: int) -> None:
    different = totals.positive + totals.negative
    both = totals.positive_sum + totals.negative_sum
    if fmt == "BYTE":
        both = wrap_int32(both)
    if totals.positive:
        print_average(task, totals.positive_sum, totals.positive, " AVE VAL OF POS DIFFS=", fmt)
    task.message(" NUMBER OF POS DIFF=" + integer_text(totals.positive))
    if totals.negative:
        print_average(task, totals.negative_sum, totals.negative, " AVE VAL OF NEG DIFFS=", fmt)
    task.message(" NUMBER OF NEG DIFFS=" + integer_text(totals.negative))
    task.message(" TOTAL NUMBER OF DIFFERENT PIXELS=" + integer_text(different))
    print_average(task, both, pixels, " AVE VAL OF DIFFS=", fmt)
    percent = np.float32(100.0) * np.float32(different) / np.float32(pixels)
    task.message(" % DIFF PIXELS=" + general(percent, 13, 6))


def print_average(task, total, count: int, title: str, fmt: str) -> None:
    if fmt == "COMP":
        total, count = np.complex64(total), np.float32(count)
        task.messages(*prnt("COMP", [np.complex64(complex(total.real / count, total.imag / count))], title))
        return
    task.message(title + general(np.float32(total) / np.float32(count), 13, 6))
