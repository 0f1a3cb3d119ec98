"""MINFILT: least value in a window around each pixel. Source: ``vos/p2/prog/minfilt`` (Fortran, 18-May-2011).

Lines and samples beyond the edge are those reflected about it; beyond the single sample of an image one sample wide lie
zeros.
known: nothing. accepted: an image of one line is reflected onto itself, where the original never ends.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

FORTRAN = True
LONGEST = 10000
ROWS_AT_ONCE = 512


def main(task):
    task.message("** MINFILT - 18-May-2011")
    source = task.open("INP", u_format="REAL")
    kind = {"WORD": "HALF"}.get(source.format, source.format)
    if kind not in ("BYTE", "HALF", "FULL", "REAL"):
        task.abend("??E - Unknown data format for input image")
    if source.org == "BIP":
        task.abend("??E - BIP files not supported, use TRAN to convert to BSQ")
    window = task.size_field()
    result = task.create("OUT", format=kind, u_format="REAL")
    nlw, nsw = (2 * int(task.integer(name) / 2) + 1 for name in ("NLW", "NSW"))
    if LONGEST < window.ns + nsw - 1:
        task.abend("??E - input line too long")
    if 51 * LONGEST < (window.ns + nsw - 1) * nlw:
        task.abend("??E - insufficient memory available")
    with source, result:
        if over_the_edge(source, window):
            for number, values in enumerate(line_by_line(source, window, nlw, nsw), 1):
                result.write(values, line=number)
            return
        for line in range(0, window.nl, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, window.nl - line)
            wanted = reflected(np.arange(line - nlw // 2, line + count + nlw // 2), window.nl)
            first = int(wanted.min())
            rows = source.read_window(window.sl + first, window.ss, int(wanted.max()) - first + 1, window.ns, None)
            values = least(rows[wanted - first], nlw, nsw)
            if np.isnan(rows).any():
                values = scanned(rows[wanted - first], line, nlw, nsw)
            result.write_window(values, line + 1)


def over_the_edge(source, window) -> bool:
    inside = window.sl >= 1 and window.ss >= 1 and window.nl >= 1 and window.ns >= 1
    return not inside or window.sl + window.nl - 1 > source.nl or window.ss + window.ns - 1 > source.ns or source.short


def line_by_line(source, window, nlw: int, nsw: int) -> Iterator[np.ndarray]:
    """Minima of a window over the edge: lines in the original's order; what a line lacks stays as it was."""
    buffer = np.zeros((nlw, window.ns if window.ns > 0 else 1), np.float32)
    there = max(0, min(window.ns, source.ns - window.ss + 1))
    for number in range(nlw - 1 + window.nl):
        place = int(reflected(np.array([number - nlw // 2]), window.nl)[0]) if window.nl > 0 else -window.sl - 1
        values = source.read(line=window.sl + place, samp=window.ss, nsamps=window.ns)
        buffer[number % nlw, :there] = values[:there]
        if number >= nlw - 1:
            yield searched(widened(buffer, nsw), nsw)


def reflected(places: np.ndarray, count: int) -> np.ndarray:
    """Places outside 0..count-1 brought back by reflection about the first and the last."""
    if count == 1:
        return np.zeros_like(places)
    places = np.abs(places) % (2 * count - 2)
    return np.where(places >= count, 2 * count - 2 - places, places)


def least(rows: np.ndarray, nlw: int, nsw: int) -> np.ndarray:
    """Minima of windows; ``rows`` has the lines around."""
    return running_minimum(running_minimum(widened(rows, nsw), nsw).T, nlw).T


def widened(rows: np.ndarray, nsw: int) -> np.ndarray:
    """Lines with the samples around them."""
    ns, side = rows.shape[1], nsw // 2
    if ns == 1:
        return np.pad(rows, ((0, 0), (side, side)))
    return rows[:, reflected(np.arange(-side, ns + side), ns)]


def scanned(rows: np.ndarray, done: int, nlw: int, nsw: int) -> np.ndarray:
    """Minima as the original looks for them, which shows where values are no numbers; ``done`` lines came before.

    The first line is that in the first place of a round buffer.
    """
    rows = widened(rows, nsw)
    windows = (np.roll(rows[n : n + nlw], (n + done) % nlw, axis=0) for n in range(len(rows) - nlw + 1))
    return np.stack([searched(window, nsw) for window in windows])


def searched(window: np.ndarray, nsw: int) -> np.ndarray:
    """Minima along the lines of a window.

    They are searched from the first value on, and nothing is less than what is no number. As long as the sample of the
    minimum stays inside the ``nsw`` samples, only new samples are compared.
    """
    result = np.empty(window.shape[1] - nsw + 1, np.float32)
    place, low = -1, np.float32(0)
    for samp in range(len(result)):
        if place < samp:
            part = window[:, samp : samp + nsw]
            low, place = part[0, 0], samp
            if not np.isnan(low):
                found = int(np.nanargmin(part))
                low, place = part.flat[found], samp + found % nsw
        else:
            new = np.fmin.reduce(window[:, samp + nsw - 1])
            if new < low:
                low, place = new, samp + nsw - 1
        result[samp] = low
    return result


def running_minimum(rows: np.ndarray, width: int) -> np.ndarray:
    """Minimum of each ``width`` neighbours along a row, by windows of doubling width."""
    done = 1
    while done < width:
        step = min(done, width - done)
        rows = np.minimum(rows[:, :-step], rows[:, step:])
        done += step
    return rows
