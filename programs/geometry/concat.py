"""CONCAT: put images side by side and below each other, with an automatic stretch to bytes.

Source: ``vos/p2/prog/concat`` (Fortran). The stretch of each image is linear between the values that leave PERCENT of its
pixels at either end, found in a histogram of 10001 bins; everything is single precision. Lines of images narrower than the
first follow each other without gaps, and what they do not fill keeps the values of the row of images above.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks, line_spans
from vicar.numerics import bytetables
from vicar.numerics.conversion import cast
from vicar.numerics.fortran import general
from vicar.numerics.rounding import nint

FORTRAN = True
SAMPLE_LIMIT, IMAGE_LIMIT, TOP_BIN = 20000, 50, 10000
F32 = np.float32


def main(task):
    number = task.count("INP")
    plain = task.keyword("NOSTR")
    ns, percent = task.integer("NS"), task.real("PERCENT", F32(0))
    if number > IMAGE_LIMIT:
        task.message("Too many inputs")
        task.abend()
    images = open_inputs(task, number)
    first = images[0]
    stretches = [None if plain else stretch(task, i + 1, image, percent) for i, image in enumerate(images)]
    if ns // first.ns * first.ns != ns:
        task.message("NS not a multiple of input line length")
        task.abend()
    across = ns // first.ns
    down = -(-number // across)
    with task.create("OUT", nl=down * first.nl, ns=ns, format="BYTE", u_format="BYTE") as result:
        record = np.zeros(max(ns, 1), np.uint8)
        for row in range(down):
            chosen = [(images[i], stretches[i]) for i in range(row * across, min((row + 1) * across, number))]
            good = min(first.nl, *(image.nl if image.n3 == 1 else 0 for image, _ in chosen))
            above = record
            for done, count in line_spans(good, ns):
                lines = row_of_images(chosen, first, done + 1, count, across, above)
                write_lines(result, lines)
                record = lines[-1]
            if good < first.nl:
                read_across(chosen, good + 1)
            task.progress(row + 1, down)
    for image in images:
        image.close()


def open_inputs(task, number: int) -> list:
    images = []
    for instance in range(1, number + 1):
        image = task.open("INP", instance)
        images.append(image)
        if image.ns > SAMPLE_LIMIT:
            task.message("Input picture line too long")
            task.abend()
        if image.ns > images[0].ns:
            task.message("Input picture lines differ")
            task.abend()
        if image.nl > images[0].nl:
            task.message("Input pictures columns differ")
            task.abend()
    return images


def as_read(dn: np.ndarray) -> np.ndarray:
    """Small integers as they are, all others REAL."""
    return dn if dn.dtype in (np.uint8, np.int16) else cast(dn, F32)


def values_in(image):
    """REAL values and how often each occurs, for blocks of lines, all read by their numbers alone."""
    if image.n3 > 1:
        image.read(line=1)  # an error if there are several bands
    for _, block in line_blocks(image, 1, 1, image.nl, image.ns):
        dn = as_read(block)
        if dn.dtype == F32:
            yield dn.ravel(), None
            continue
        often = bytetables.count_bytes(dn) if dn.dtype == np.uint8 else bytetables.count_halfwords(dn)
        yield all_values(dn.dtype)[often > 0], often[often > 0]


def all_values(dtype) -> np.ndarray:
    """All numbers of one or two bytes, REAL."""
    return np.arange(np.iinfo(dtype).min, np.iinfo(dtype).max + 1, dtype=F32)


def stretch(task, number: int, image, percent) -> tuple[np.float32, np.float32]:
    """Slope and offset that bring most of the values to 0...255."""
    low, high = F32(1e30), F32(-1e30)
    for dn, _ in values_in(image):
        low, high = np.fmin.reduce(dn, None, initial=low), np.fmax.reduce(dn, None, initial=high)
    task.message(f" image= {number:12d}  min dn=  {listed(low)}  max dn=  {listed(high)}".rstrip())
    if high == low:
        return F32(0), F32(128)
    if high <= low:
        slope, offset = F32(TOP_BIN), F32(0)
    else:
        slope = F32(TOP_BIN) / (high - low)
        offset = F32(TOP_BIN) - slope * high
    counts = np.zeros(TOP_BIN + 1, np.int64)
    for dn, often in values_in(image):
        counts += np.bincount(np.clip(nint(dn * slope + offset), 0, TOP_BIN), often, TOP_BIN + 1).astype(np.int64)
    wanted = int(F32(image.nl * image.ns) * percent / F32(100))
    below = int(np.argmax(np.cumsum(counts) >= wanted))
    above = TOP_BIN - int(np.argmax(np.cumsum(counts[::-1]) >= wanted))
    low, high = (F32(below) - offset) / slope, (F32(above) - offset) / slope
    if high <= low:
        return F32(255), F32(0)
    slope = F32(255) / (high - low)
    return slope, F32(255) - slope * high


def listed(value) -> str:
    """A REAL as list-directed output writes it."""
    return general(value, 16, 9, scale=1)


def row_of_images(chosen, first, line: int, nl: int, across: int, above: np.ndarray) -> np.ndarray:
    """``nl`` lines of a row of images from ``line`` on; places nothing is written to keep the values of ``above``."""
    lines = np.repeat(above[np.newaxis], nl, axis=0)
    at = 0
    for image, how in chosen:
        dn = as_read(np.concatenate([block for _, block in line_blocks(image, line, 1, nl, image.ns)]))
        room = lines[:, at : at + image.ns]
        room[:] = to_bytes(dn, how)[:, : room.shape[1]]
        at += image.ns
    lines[:, at : at + (across - len(chosen)) * first.ns] = 0
    return lines


def to_bytes(dn: np.ndarray, how: tuple | None) -> np.ndarray:
    """Pixels stretched if ``how`` is a slope and an offset, and limited; a table does it for those of one and two bytes."""
    if dn.dtype != F32:
        table = to_bytes(all_values(dn.dtype), how)
        return bytetables.through_table(table, dn) if dn.dtype == np.uint8 else np.roll(table, 32768)[dn.view(np.uint16)]
    if how is not None:
        dn = dn * how[0] + how[1] + F32(0.5)
    return cast(np.where(dn < 0, F32(0), np.where(dn > 255, F32(255), dn)), np.uint8)


def read_across(chosen, line: int) -> None:
    """Read a line that not all images have, for the error."""
    for image, _ in chosen:
        image.record_number = line - 1
        image.read(line=line)


def write_lines(result, rows: np.ndarray) -> None:
    if result.nb == 1 and result.org == "BSQ":
        result.write_window(rows, result.record_number + 1)
        return
    for row in rows:
        result.write(row)
