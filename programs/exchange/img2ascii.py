"""IMG2ASCII: pixel values to a text file, of the VICAR library. Source: ``vos/p2/prog/img2ascii`` (Fortran).

Oddities of the original that are kept: of a line of 12*n+m samples the last m are not written and of the twelve before them
only the first m; of twelve real numbers only the last six are; columns begin at sample 2*SS-1.

accepted: columns of a window with SS above 1 end in memory that was never set in the original, and INDEX=NO leaves a switch
unset; here zeros are written, and no line numbers.
"""

from __future__ import annotations

import numpy as np

from programs.exchange._image_text import PER_LINE, TextFile, clipped_window, extremes
from vicar.numerics.conversion import to_int32
from vicar.numerics.fortran import edit, exponent, integer

FORTRAN = True


def main(task):
    task.if_message("IMG2ASCII version 2015-08-10")
    with task.open("INP") as image:
        form = image.format
    if form not in ("BYTE", "HALF", "FULL", "REAL"):
        task.abend("??E - Unknown data format for input image")
    with task.open("INP", u_format="REAL") as source:
        window = clipped_window(task, source, "??E - Invalid SIZE parameters entered !")
        text = TextFile(task)
        if not window or not text.usable:
            return
        real, rows = form == "REAL", task.string("ORG") == "ROWS"
        numbered = not rows and task.string("INDEX") == "YES"
        low, high = np.float32(3.0e10), np.float32(-3.0e10)
        sl, ss, nl, ns, _ = window
        for line in range(nl):
            values = source.read(line=sl + line, samp=ss, nsamps=ns)
            text.lines += row_lines(values, real) if rows else column_lines(values, ss, real, line * ns if numbered else None)
            low, high = extremes(values, low, high)
        text.write()
    if task.string("NOTES")[:2] == "ON":
        show_notes(task, real, rows, low, high, nl, ns if rows else 1 + numbered)


def number_text(value, real: bool) -> str:
    return exponent(value, 10, 3) if real else integer(value, 6)


def row_lines(values: np.ndarray, real: bool) -> list[str]:
    """Lines of twelve numbers; see above for what is left out."""
    rest = len(values) % PER_LINE or PER_LINE
    chunks = len(values) // PER_LINE
    numbers = values if real else to_int32(values)
    lines = []
    for n in range(chunks):
        count = PER_LINE if n < chunks - 1 else rest
        part = numbers[n * PER_LINE : n * PER_LINE + count]
        if real and count == PER_LINE:
            lines.append("".join(number_text(v, True) for v in part[6:]).ljust(120))
        else:
            lines.append("".join(number_text(v, real) for v in part))
    return lines


def column_lines(values: np.ndarray, ss: int, real: bool, before: int | None) -> list[str]:
    """One number a line, numbered behind ``before``."""
    shifted = np.concatenate([values[ss - 1 :], np.zeros(min(ss - 1, len(values)), values.dtype)])[: len(values)]
    numbers = shifted if real else to_int32(shifted)
    texts = [number_text(v, real) for v in numbers]
    return texts if before is None else [f"{integer(before + n, 6)}  {text}" for n, text in enumerate(texts, start=1)]


def show_notes(task, real: bool, rows: bool, low, high, nl: int, width: int) -> None:
    if real:
        task.message(edit("('Minimum value: ',E10.3,' Maximum value: ',E10.3)", low, high))
    else:
        task.message(edit("('Minimum value: ',I6,' Maximum value: ',I6)", *to_int32(np.array([low, high]))))
    last = ("I6" if rows else "I2") if real else ("I4" if rows else "I6")
    task.message(edit(f"('The output text file is dimensioned ',I4,' by ',{last})", nl, width))
    task.output("MINVAL", float(low))
    task.output("MAXVAL", float(high))
