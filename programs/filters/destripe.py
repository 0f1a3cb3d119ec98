"""DESTRIPE: brings the means of lines or columns to the largest of them. Source: ``vos/p2/prog/destripe`` (Fortran,
2016-05-26).

Kept: HORIZ changes but one sample of each line, the one behind the window, which in most cases is the first of the next line;
means are divided by the last line or sample of the window; VERT fails if there are more lines than samples.
known: nothing. accepted: lines and columns outside the window are left alone, where the original adds what its memory holds.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True


def main(task):
    task.message("** DESTRIPE version 2016-05-26")
    source = task.open("INP", u_format="REAL")
    kind = {"WORD": "HALF"}.get(source.format, source.format)
    if kind not in ("BYTE", "HALF", "FULL", "REAL", "DOUB"):
        task.abend("??E - Unknown data format for input image")
    if source.org == "BIP":
        task.abend("??E - BIP files not supported, use TRAN to convert to BSQ")
    nl, ns = source.nl, source.ns
    result = task.create("OUT", format=kind, u_format="REAL")
    window = task.integers("WINDOW")
    if window[2] == 0 and window[3] == 0:
        window[2:] = nl, ns
    across = task.string("ORIENT") == "HORIZ"
    task.message("HORIZ" if across else "VERT")
    task.message(f"memory allocated  1 = {4 * nl * ns:12d}, 2 = {8 * nl:12d}, 3 = {8 * nl:12d}")
    if not across and ns < nl:
        task.abend("??E - Unable to allocate enough memory in stacka")
    if not across:
        task.printf(" windows 1,2,3,4 = " + "".join(f"{value:12d}" for value in window))
    with source, result:
        image = source.read_window(1, 1, nl, ns)
        (level_lines if across else level_columns)(image, window)
        result.write_window(image)


def adjustments(rows: np.ndarray, divisor: int, first: int, count: int) -> np.ndarray:
    """What to add to each of ``count`` rows so that the means of those given become equal; float32."""
    sums = np.add.accumulate(rows.astype(np.float64), axis=1)[:, -1] if rows.shape[1] else np.zeros(len(rows))
    means = sums / divisor
    result = np.zeros(count, np.float32)
    if len(means):
        result[first : first + len(means)] = np.fmax.reduce(means, initial=-1.0e38) - means
    return result


def level_lines(image: np.ndarray, window: list[int]) -> None:
    first_line, first_sample = window[0] - 1, window[1] - 1
    last_line, last_sample = window[2] - first_line, window[3] - first_sample
    part = image[first_line:last_line, first_sample:last_sample]
    change = adjustments(part, window[3], first_line, len(image))
    flat = image.reshape(-1)
    places = np.arange(len(image)) * image.shape[1] + max(last_sample, first_sample)
    inside = places < flat.size
    flat[places[inside]] += change[inside]


def level_columns(image: np.ndarray, window: list[int]) -> None:
    first_line, first_sample = window[0] - 1, window[1] - 1
    last_line, last_sample = window[2] - first_line, window[3] - first_sample
    part = image[first_line:last_line, first_sample:last_sample]
    image += adjustments(part.T, window[2], first_sample, image.shape[1])
