"""Connected components of the pixels that are not zero, numbered as CONCOMP and CONCOMPI number them.

Source: ``vos/p2/prog/concomp``, ``vos/p2/prog/concompi`` (C). Each pixel takes the number of its left or upper neighbour; numbers
that meet are linked in rings. Sizes are counted from the zeros between runs, so that a run which reaches the end of its
line does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.image.sweep import abreast
from vicar.numerics.compiled import kernel

LINES_AT_ONCE = 256


@dataclass
class Numbers:
    """Preliminary numbers (lines, samples), and for each of them its ring, size and mark."""

    pixels: np.ndarray
    ring: np.ndarray
    size: np.ndarray
    marked: np.ndarray
    count: int


def scan(images: list, part: tuple[int, int, int, int], edge: bool, most: int, result) -> Numbers | int:
    """Number the regions of the first image and write the numbers to ``result``; the line, if there are more than ``most``.

    ``edge`` joins all regions at the border. Numbers of regions that touch a pixel not zero in the second image are marked.
    """
    sl, ss, nl, ns = part
    room = min(most, (nl + 1) * (ns + 2)) + 2
    border = 1 if edge else 0
    found = Numbers(np.empty((nl, ns), np.int32), np.arange(room, dtype=np.int32), np.zeros(room, np.int32),
                    np.zeros(room, np.uint8), border)  # fmt: skip
    rows = np.full((2, ns + 2), border, np.int32)
    number_line = _number_line.best(nl * ns)
    line = 0

    def number(here: np.ndarray, flags: np.ndarray) -> bool:
        before = rows[(line + 1) % 2]
        found.count = number_line(before, here, flags, found.ring, found.size, found.marked, found.count, ns + 1 + border, most)
        return found.count <= most

    blank = np.zeros(ns + 1, np.uint8)
    there = min(max(images[0].ns - ss + 1, 0), ns)
    for count, (pixels, *marks) in abreast(images, sl, ss, nl, [ns] * len(images)):
        start = line
        flags = np.pad(marks[0], ((0, 0), (0, 1))) if marks else None
        for n in range(count):
            here = rows[line % 2]
            here[1 : there + 1] = pixels[n, :there]  # beyond the image stays what was there two lines before
            if not number(here, blank if flags is None else flags[n]):
                result.write_window(found.pixels[start:line], start + 1)
                return line
            found.pixels[line] = here[1 : ns + 1]
            line += 1
        result.write_window(found.pixels[start:line], start + 1)
    if edge:
        rows[line % 2] = border
        if not number(rows[line % 2], blank):
            return line
    return found


@kernel(above=100_000)
def _number_line(before, here, flags, ring, size, marked, count, end, most):
    """Number one line in place; gives the highest number so far."""
    settled, gap = True, 0
    for i in range(1, end):
        left, above, flag = here[i - 1], before[i], flags[i - 1] != 0
        if here[i] == 0:
            run = i - gap - 1
            gap = i
            if run > 0 and left != 0:
                size[left] = min(most, run + size[left])
        elif above == left:
            if above <= 0:
                count += 1
                if count > most:
                    return count
                settled = False
                above = count
            here[i] = above
            if flag:
                marked[above] = 1
        elif above == 0 or left == 0:
            here[i] = left if above == 0 else above
            if flag:
                marked[here[i]] = 1
        elif left == count and not settled:
            # the newest number is not needed after all
            back = i
            while True:
                here[back] = above
                back -= 1
                if here[back] != count:
                    break
            if flag:
                marked[count] = 0
                marked[above] = 1
            count -= 1
            settled = True
        else:
            here[i] = left
            place = left
            while True:
                place = ring[place]
                if place == above or ring[place] == left:
                    break
            if place != above:
                ring[place] = ring[above]
                ring[above] = left
    return count


def final_numbers(found: Numbers, edge: bool, least: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Final number of each preliminary one (0: dropped), which final ones are marked, and the highest.

    Kept: the mark of a region that is dropped passes to the next one.
    """
    tables = found.ring[: found.count + 1], found.size, found.marked, np.zeros(found.count + 2, np.int32)
    first = -1 if edge else 0
    quick = _renumber.pick(found.count)
    if quick is not None:
        number = quick(*tables, np.zeros(found.count + 1, np.int32), first, least)
        ring, final = tables[0], tables[-1]
    else:
        ring, *others, final = (table.tolist() for table in tables)
        number = _renumber.plain(ring, *others, final, [0] * (found.count + 1), first, least)
    numbers = np.array(ring, np.int32)
    numbers[0] = 0
    return numbers, np.array(final, bool), number


@kernel(above=200_000)
def _renumber(ring, size, marks, final, members, number, least):
    """Replace each preliminary number by its final one and note in ``final`` which of these are marked; gives the last."""
    for start in range(1, len(ring)):
        if ring[start] < start or ring[start] == 0:
            continue
        number += 1
        count, total, place = 0, 0, start
        while True:
            members[count] = place
            count += 1
            total += size[place]
            following = ring[place]
            ring[place] = number
            if marks[place]:
                final[number] = 1
            place = following
            if place == start:
                break
        if total < least:
            number -= 1
            for i in range(count):
                ring[members[i]] = 0
    return number


def read_window(task, image) -> tuple[int, int, int, int]:
    """Starting line and sample, lines and samples by SL, SS, NL and NS."""
    sl, ss, nl, ns = (task.integer(name) for name in ("SL", "SS", "NL", "NS"))
    nl, ns = nl if nl >= 1 else image.nl, ns if ns >= 1 else image.ns
    if sl < 1:
        task.abend("parameter sl < 1")
    if ss < 1:
        task.abend("parameter ss < 1")
    if nl > image.nl:
        task.abend("parameter nl larger than image")
    if ns > image.ns:
        task.abend("parameter ns larger than image")
    return sl, ss, nl, ns


def create(task, instance: int, part: tuple[int, int, int, int]):
    """A FULL image of the size of the window."""
    return task.create("OUT", instance, nl=part[2], ns=part[3], format="FULL", u_format="FULL")


def write(task, found: Numbers, part: tuple[int, int, int, int], numbers: np.ndarray) -> None:
    """The first output: ``numbers`` of the preliminary numbers, int32."""
    with create(task, 1, part) as result:
        for start in range(0, part[2], LINES_AT_ONCE):
            result.write_window(numbers.take(found.pixels[start : start + LINES_AT_ONCE]), start + 1)
