"""PRINTPIX: a picture in printed characters. Source: ``vos/p2/prog/printpix`` (Fortran, 8-MAY-95).

Kept: the sums over INC samples are taken one sample to the right, and the value looked up in the stretch is one too low.
known: nothing. accepted: a value of zero, which the original looks up in front of its table, is printed as black.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint

FORTRAN = True
CHARACTERS = np.array(list("#@$&WNV%*=?!-:. "))
PAGE = 130
RULER = ("I***-" + "****I****-" * 13)[:PAGE]


def main(task):
    task.if_message("PRINTPIX version 8-MAY-95")
    with task.open("INP", u_format="HALF") as source:
        if source.format != "BYTE":
            task.abend("PRINTPIX ACCEPTS BYTE DATA ONLY")
        window = task.size_field()
        if window.sl + window.nl - 1 > window.nli:
            task.abend("NUMBER OF LINES REQUESTED EXCEEDS INPUT SIZE")
        if window.ss + window.ns - 1 > window.nsi:
            task.abend("NUMBER OF SAMPLES REQUESTED EXCEEDS INPUT SIZE")
        complement = task.keyword("COMP")
        low, high = (255 - v if complement else v for v in task.integers("STRETCH"))
        ns = window.ns
        if ns > 3500:
            task.message("WARNING---SAMPLE COUNT TOO LARGE---SAMPLE COUNT TRUNCATED TO 3500 SAMPLES.")
            ns = 3500
        step = announce(task, window, ns)
        table = stretch(low, high)
        print_pages(task, source, window, ns, step, table)
    if (low, high, complement) != (0, 255, False):
        task.message(f"STRETCH= {low:4d}, {high:4d}" + (" (COMPLEMENTED)" if complement else ""))
    task.messages(" ", " ")


def stretch(low: int, high: int) -> np.ndarray:
    """Stretched value of DN + 1; that of index 0 stands for what lies in front of the table."""
    with np.errstate(all="ignore"):
        factor = np.float32(255) / np.float32(high - low)
        values = np.clip(nint((np.arange(256) - low).astype(np.float32) * factor), -32768, 32767)
    return np.concatenate(([0], np.clip(values, 0, 255)))


def announce(task, window, ns: int) -> int:
    """Print the layout; gives the scanning increment."""
    step, pages = task.integer("INC"), task.integer("NP")
    if step == 0:  # the original divides by it
        task.abend("INC must not be 0.")
    given = step != 1
    if not given:
        exact = np.float32(ns) / np.float32(130) / np.float32(pages)
        step = int(exact) + (int(exact) != exact)
    columns, rows = ns // step, window.nl // step
    pages = columns // PAGE + (columns % PAGE != 0)
    small = not task.keyword("LARGE")
    lines = rows // 5 * (3 + small) + rows % 5 - rows % 5 // 3
    task.message(f"INPUT SL=  {window.sl:4d} SS=  {window.ss:4d} NL=  {window.nl:4d} NS=  {ns:4d}")
    form = "('OUTPUT SCANNING INCREMENT=  ',I4,' NL=  ',I4,' NS=  ',I4,' PAGES= ',I4)"
    task.message(edit(form, step, lines, columns, pages))
    task.message(f"***THIS PRINTOUT IS FOR THE {'SMALL' if small else 'LARGE'} PAPER ASPECT RATIO***")
    return step


def print_pages(task, source, window, ns: int, step: int, table: np.ndarray) -> None:
    """Pages of 130 columns, from left to right."""
    small, heading = not task.keyword("LARGE"), task.keyword("HEAD")
    start, width, end = window.ss - 1, 0, ns + window.ss - 1
    head = [" "] * PAGE
    while True:
        task.messages(" ", " ")
        start += width
        count = min(PAGE * step, end - start) // step
        width = count * step
        if heading:
            number_columns(head, start, count, step)
            task.messages("".join(head)[:count], RULER[:count])
        for row in range(window.nl // step):
            if (row + 1) % 5 == 3 or (not small and (row + 1) % 5 == 0):
                continue
            block = source.read_window(window.sl + row * step, start + 1, step, width).astype(np.int32)
            values = table[np.maximum(row_values(block.sum(axis=0), count, step), 0)]
            task.message("".join(CHARACTERS[values // 16]))
        if heading:
            task.messages(RULER[:count], "".join(head)[:count])
        if start + width + step >= ns:
            return


def row_values(sums: np.ndarray, count: int, step: int) -> np.ndarray:
    """Mean of each group of samples as the original forms it; whole numbers, cut off toward zero."""
    groups = np.arange(count) * step
    first = sums[groups]
    total = first.copy()
    for offset in range(1, step + 1):
        places = groups + offset
        inside = places < count * step
        total[inside] += sums[places[inside]] - first[inside]
    total = np.trunc(total / step).astype(np.int64)
    return np.trunc(total / (step * step)).astype(np.int64)


def number_columns(head: list[str], start: int, count: int, step: int) -> None:
    """Sample numbers above every tenth column, in place."""
    for number in range(count // 10):
        sample = start + number * 10 * step + (number == 0)
        place, width = number * 10 + (4 if number == 0 else 0), 4
        if sample == 1:
            place, width = 1, 1
        text = f"{sample:{width}d}"
        head[place - width : place] = text if len(text) == width else "*" * width
