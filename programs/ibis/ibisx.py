"""IBISX: rows of a table in columns of fixed width, with mean and deviation. Source: ``vos/p2/prog/ibisx`` (C).

Rows count from 0. BYTE cells are signed. The widths of headings go wrong from column 20 on, as in the original.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import running_texts
from vicar.ibis.formats import is_text, text_length
from vicar.numerics.cformat import sprintf
from vicar.numerics.random import Rand

GREATEST = 2147483647


def main(task):
    task.if_message("IBISX version 2019-07-31")
    with task.open_table() as table:
        columns = [column_values(table, number) for number in range(1, table.nc + 1)]
        rows = chosen_rows(task, table.nr)
        forms = [cell_format(form) for form in table.formats]
        heading(task, table.formats)
        for text in row_texts(forms, [values[rows] for values in columns]):
            task.if_message(text)
        statistics(task, table.formats, forms, [values[rows] for values in columns])


def column_values(table, number: int) -> np.ndarray:
    if is_text(table.formats[number - 1]):
        return np.array(running_texts(table, number, 1, table.nr, table.nr), object)
    values = table.read(number)
    return values.view(np.int8) if values.dtype == np.uint8 else values


def chosen_rows(task, count: int) -> np.ndarray:
    """Row numbers from 0, upwards."""
    skip, random = task.integer("SKIP"), task.keyword("RANDOM")
    first, percent, wanted = (task.integer(name) or 0 for name in ("SR", "PERCENT", "NR"))
    if first > count:
        task.message(f"---> Number of rows in ibis file: {count}")
        task.message(f"---> Start row specified        : {first}")
    if skip and random:
        task.if_message("---> Both skip and random chosen... Ignoring random and doing skip.")
    if wanted and percent:
        task.if_message("---> Both nr and percent specified... Ignoring nr and doing percent.")
    if percent > 0:
        wanted = int((percent / 100.0) * count)
    elif wanted == 0 or wanted > count - first:
        wanted = count - first
    if (not random and not skip) or wanted == count - first:
        return np.arange(first, min(count, first + max(wanted, 1)))
    if skip:
        return np.arange(first, count, skip)[: max(wanted, 0)]
    draw = Rand(int(task.now().timestamp()) if task.keyword("SEED") else 1)
    taken: set[int] = set()
    while len(taken) < wanted:
        row = int((draw() / GREATEST) * count)
        if row >= first:
            taken.add(row)
    return np.array(sorted(taken), int)


# -- layout -----------------------------------------------------------------------------------------------------------


def cell_format(form: str) -> str:
    if is_text(form):
        return f"%{text_length(form) + 2}s"
    return {"R": "%13.2f", "D": "%13.2f", "C": " (%-8.2f,%9.2f)"}.get(form[0], "%13d")


def cell_width(form: str) -> int:
    return text_length(form) + 2 if is_text(form) else 21 if form == "COMP" else 13


def row_texts(forms: list[str], columns: list[np.ndarray]):
    """The rows as text, one after the other."""
    parts, odd = [], np.zeros(len(columns[0]), bool)  # odd: NaNs, whose sign Python does not show
    for values in columns:
        if values.dtype.kind == "O":
            parts.append(values.tolist())
            continue
        parts += [values.real.tolist(), values.imag.tolist()] if values.dtype.kind == "c" else [values.tolist()]
        odd |= np.isnan(values)
    pattern = "".join(forms)
    for row, strange in zip(zip(*parts, strict=True), odd.tolist(), strict=True):
        yield sprintf(pattern, *row) if strange else pattern % row


def ruler(formats) -> str:
    return "".join("-" * (cell_width(form) - 1) + "+" for form in formats)


def heading(task, formats) -> None:
    task.if_message("")
    task.if_message(" " + ruler(formats))
    line = " "
    for number, form in enumerate(formats):
        digits = 1
        while number // (digits * 10):
            digits += 1
        line += " " * (cell_width(form) - (3 + digits)) + f"C:{number} "
    task.if_message(line)
    task.if_message(" " + ruler(formats))


# -- statistics -------------------------------------------------------------------------------------------------------


def running_sum(values: np.ndarray) -> float:
    return float(np.add.accumulate(values)[-1]) if len(values) else 0.0


def statistics(task, formats, forms, columns) -> None:
    task.if_message(ruler(formats))
    lines = ["MEAN:", "STDV:"]
    for name, form, values in zip(formats, forms, columns, strict=True):
        if is_text(name):
            pair = [sprintf(form, " ")] * 2
        elif name == "COMP":
            mean, deviation = moments(values.real.astype(float))
            _, other = moments(values.imag.astype(float), 0.0)
            pair = [sprintf(form, np.float32(mean), 0.0), sprintf(form, np.float32(deviation), np.float32(other))]
        else:
            pair = [sprintf("%13.2f", value) for value in moments(values.astype(float))]
        lines = [line + text for line, text in zip(lines, pair, strict=True)]
    for line in lines:
        task.if_message(line)


def moments(values: np.ndarray, mean: float | None = None) -> tuple[float, float]:
    """Mean and deviation; the mean of imaginary parts is never taken and stays zero."""
    if mean is None:
        mean = running_sum(values) / len(values) if len(values) else 0.0
    squares = running_sum((values - mean) * (values - mean))
    if squares > 10e-10:
        with np.errstate(all="ignore"):
            squares = float(np.sqrt(np.float64(squares) / np.float64(len(values) - 1)))
    return mean, squares
