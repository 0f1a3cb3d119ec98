"""PIC2VIC: PIC file to a VICAR image. Source: ``vos/p2/prog/pic2vic`` (C).

With three bands and a window, lines are taken as if they were as long as the output's and the first lines stay empty, as in
the original.
"""

from __future__ import annotations

import numpy as np


def main(task):
    for text in (" ", "PIC2VIC version 2019-09-06", " "):
        task.if_message(text)
    planes = read_pic(task, task.string("PIC_INP"))
    window = checked_window(task, *planes.shape)
    sl, ss, sb, nl, ns, nb = window
    with task.create("OUT", nl=nl, ns=ns, nb=nb) as result:
        if nb == 1 and 1 <= sb <= 3:
            result.write_window(planes[min(sb, len(planes)) - 1, sl - 1 : sl - 1 + nl, ss - 1 : ss - 1 + ns])
        elif nb == 3:
            write_three(result, planes, sl, ss, nl, ns)


def fail(task, text: str):
    task.printf(text)
    task.abend()


def read_pic(task, name: str) -> np.ndarray:
    """Red, green and blue, or one plane: bands x lines x samples."""
    try:
        data = np.fromfile(task.directory / name, np.uint8)
    except OSError:
        fail(task, f"Error opening PIC file: {name}")
    if len(data) < 8:
        fail(task, f"Error reading PIC-file header: {name}")
    head = data[:8].reshape(2, 4).astype(int)
    if not head[:, :2].any():
        nl, ns = head[:, 2] * 256 + head[:, 3]
    elif not head[:, 2:].any():
        nl, ns = head[:, 1] * 256 + head[:, 0]
    else:
        fail(task, f"Bad PIC-file header: {name}")
    pixels, size = int(nl * ns), len(data) - 8
    bands = size // pixels if pixels else 0
    if bands * pixels != size or not pixels:
        fail(task, f"Error: Could not calculate band count of file: {name}.")
    if bands not in (1, 3):
        fail(task, f"Error: {bands} bands found from file: {name}. Count must be 1 or 3.")
    planes = data[8:].reshape(bands, nl, ns)
    return planes[[1, 0, 2]] if bands == 3 else planes


def checked_window(task, bands: int, lines: int, samples: int) -> tuple[int, int, int, int, int, int]:
    """sl, ss, sb, nl, ns, nb; -1 means not given."""
    field = task.size_field()
    sl, ss, nl, ns = field.sl, field.ss, field.nl, field.ns
    sb, nb = task.integer("SB"), task.integer("NB")
    if sb == -1:
        sb = task.integer("BAND")

    def check(bad: bool, what: str, key: str) -> None:
        if bad:
            task.message(f"{what} '{key}' is invalid")
            task.abend()

    check(sl != -1 and not 1 <= sl <= lines, "Starting line number", "SL")
    sl = 1 if sl == -1 else sl
    check(ss != -1 and (ss > samples or ns < 1), "Starting sample number", "SS")
    ss = 1 if ss == -1 else ss
    check(sb != -1 and (sb > bands or nb < 1), "Starting band number", "SB")
    sb = 1 if sb == -1 else sb
    check(ns != -1 and (ns + ss - 1 > samples or ns < 1), "Number of samples", "NS")
    check(nl != -1 and (nl + sl - 1 > lines or nl < 1), "Number of lines", "NL")
    check(nb != -1 and (nb + sb - 1 > bands or nb < 1), "Number of bands", "NB")
    if nb not in (-1, 1, 3):
        task.message("Number of bands 'NB' must be 1 or 3")
        task.abend()
    return (sl, ss, sb, lines - sl + 1 if nl == -1 else nl, samples - ss + 1 if ns == -1 else ns,
            bands - sb + 1 if nb == -1 else nb)  # fmt: skip


def write_three(result, planes: np.ndarray, sl: int, ss: int, nl: int, ns: int) -> None:
    """The three planes lie one behind the other; lines run on from one into the next."""
    lines, samples = planes.shape[1:]
    memory = np.concatenate([planes.reshape(-1), np.zeros(nl * ns, np.uint8)])
    gray = (planes[0] == planes[1]).all() and (planes[1] == planes[2]).all()
    for band in range(3):
        start = (0 if gray else band * lines * samples) + (sl - 1) * samples + ss - 1
        for line in range(sl - 1, nl):
            at = start + line * ns
            result.write(memory[at : at + ns], line=line + 1, samp=1, band=band + 1)
