"""Connected components of the pixels that are not zero, numbered as CONCOMP and CONCOMPI number them.

Source: ``vos/p2/prog/concomp``, ``vos/p2/prog/concompi`` (C). Each pixel takes the number of its left or upper neighbour; numbers
that meet are linked in rings. Sizes are counted from the zeros between runs, so that a run which reaches the end of its
line does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.compiled import kernel


@dataclass
class Numbers:
    """Preliminary numbers (lines, samples), and for each of them its ring, size and mark."""

    pixels: np.ndarray
    ring: np.ndarray
    size: np.ndarray
    marked: np.ndarray
    count: int


def scan(pixels: np.ndarray, marks: np.ndarray | None, edge: bool, most: int) -> Numbers | int:
    """Number the regions of int32 ``pixels``; ``edge`` joins all at the border. The line, if there are more than ``most``.

    Numbers of regions that touch a pixel not zero in ``marks`` are marked.
    """
    nl, ns = pixels.shape
    room = min(most, (nl + 1) * (ns + 2)) + 2
    ring, size = np.arange(room, dtype=np.int32), np.zeros(room, np.int32)
    marked = np.zeros(room, np.uint8)
    border = 1 if edge else 0
    rows = np.full((2, ns + 2), border, np.int32)
    result = np.empty((nl, ns), np.int32)
    flags = np.zeros((nl + 1, ns + 1) if marks is not None else (1, ns + 1), np.uint8)
    if marks is not None:
        flags[:nl, :ns] = marks
    number_line = _number_line.best(pixels.size)
    count, last = border, 1
    for line in range(nl + border):
        before, here = rows[1 - last], rows[last]
        if line < nl:
            here[1 : ns + 1] = pixels[line]
        else:
            here[:] = border
        count = number_line(before, here, flags[line % len(flags)], ring, size, marked, count, ns + 1 + border, most)
        if count > most:
            return line
        if line < nl:
            result[line] = here[1 : ns + 1]
        last = 1 - last
    return Numbers(result, ring, size, marked, count)


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
    ring = found.ring[: found.count + 1].tolist()
    size, marks = found.size[: found.count + 1].tolist(), found.marked[: found.count + 1].tolist()
    final = [0] * (found.count + 2)
    number = -1 if edge else 0
    for start in range(1, found.count + 1):
        if ring[start] < start or ring[start] == 0:
            continue
        number += 1
        members, place = [], start
        while True:
            members.append(place)
            following = ring[place]
            ring[place] = number
            if marks[place]:
                final[number] = 1
            place = following
            if place == start:
                break
        if sum(size[member] for member in members) < least:
            number -= 1
            for member in members:
                ring[member] = 0
    ring[0] = 0
    return np.array(ring, np.int32), np.array(final, bool), number


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


def read_part(image, part: tuple[int, int, int, int]) -> np.ndarray:
    """A window, read line after line where it reaches beyond the image."""
    from vicar.image.sweep import line_blocks

    sl, ss, nl, ns = part
    return np.concatenate([block for _, block in line_blocks(image, sl, ss, nl, ns)])


def write(task, instance: int, values: np.ndarray) -> None:
    """A FULL image."""
    nl, ns = values.shape
    with task.create("OUT", instance, nl=nl, ns=ns, format="FULL", u_format="FULL") as result:
        result.write_window(values)
