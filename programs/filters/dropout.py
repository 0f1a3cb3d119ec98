"""DROPOUT: fills missing lines and groups of missing pixels by interpolation. Source: ``vos/p2/prog/dropout`` (Fortran,
5-SEP-94).

Kept: the input is read from its first line, whatever SL says, and SL only numbers the lines.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
BUFFER = 1000000
f32 = np.float32


def main(task):
    task.if_message("DROPOUT version 5-SEP-94")
    source = task.open("INP", u_format="HALF")
    result = task.create("OUT", u_format="HALF")
    window = task.size_field()
    end = window.sl + window.nl - 1
    last = window.nli if end > window.nli else window.nl
    threshold = task.integer("THRESH")
    dropped = []
    for line in range(window.sl, end + 1):
        values = source.read()
        part = values[: window.ns]
        if (part <= threshold).all():
            dropped.append(line)
        else:
            fill_gaps(part, threshold)
        result.write(values[: result.ns])
    result.close()
    with task.open("OUT", op="UPDATE", u_format="HALF") as result:
        for first, stop in groups(task, dropped, window.ns):
            fill_lines(task, result, first, stop, window, last)
    source.close()


def fill_gaps(values: np.ndarray, threshold: int) -> None:
    """Interpolate, in place, between the good pixels around each gap; the ends of the line stay.

    The last pixel of a gap has the value behind it already.
    """
    good = np.flatnonzero(values > threshold)
    for place in np.flatnonzero(np.diff(good) > 1).tolist():
        left, right = int(good[place]), int(good[place + 1])
        start, end = f32(values[left]), f32(values[right])
        steps = np.full(right - left, (end - start) / f32(right - left - 1), np.float32)
        steps[0] = start + f32(0.5)
        sums = np.add.accumulate(steps, dtype=np.float32)
        values[left:right] = np.clip(sums, f32(-32768), f32(32767)).astype(np.int16)


def groups(task, dropped: list[int], ns: int):
    """First and last line of each group of neighbouring lines."""
    start = stop = dropped[0] if dropped else 0
    for number, line in enumerate(dropped):
        final = number + 1 == len(dropped)
        if not final and dropped[number + 1] <= stop + 1:
            stop += 1
        elif (stop - start + 2) * ns < BUFFER:
            yield start, stop
            start = stop = 0 if final else dropped[number + 1]
        else:
            task.message(f"too many lines to fix, start={start:4d} stop={stop:4d}")


def fill_lines(task, image, start: int, stop: int, window, last: int) -> None:
    """Interpolate lines between those above and below."""
    if start == 1 or stop == last:
        return
    ns, count = window.ns, stop - start + 1
    above = image.read(line=start - window.sl)[:ns].astype(np.float32)
    below = image.read(line=stop - window.sl + 2)[:ns].astype(np.float32)
    task.message(f" lines {start:4d} to {stop:4d} are missing")
    steps = np.repeat(((below - above) / f32(count + 1))[None], count + 1, axis=0)
    steps[0] = above
    lines = np.add.accumulate(steps, axis=0, dtype=np.float32)[1:]
    for number, values in enumerate(lines):
        image.write(values.astype(np.int32).astype(np.int16), line=start - window.sl + 1 + number)
