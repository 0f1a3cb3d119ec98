"""AVERAGE: mean of several images, pixel by pixel.

Source: ``vos/p2/prog/average`` (Fortran). The sum is an integer: fractions are lost with every image added, and the quotient
is truncated. Inputs lie in one buffer, each as long as a line of the first.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import abreast
from vicar.numerics.rounding import truncate

FORTRAN = True
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}


def main(task):
    task.if_message("AVERAGE  16-MAY-2011")
    number = task.count("INP")
    first = task.open("INP")
    window = task.size_field(first)
    if first.format not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    fmt = FORMATS[first.format]
    first.close()
    kind = sum_type(task, number) if fmt in ("BYTE", "HALF") else None
    images = [task.open("INP", i + 1, u_format="DOUB" if kind is None else None) for i in range(number)]
    with task.create("OUT", nl=window.nl, ns=window.ns, format=fmt, u_format="DOUB" if kind is None else fmt) as result:
        length = window.nsi
        room = length * number + max(image.n1 for image in images) + window.ss + window.ns
        for count, parts in abreast(images, window.sl, 1, window.nl, [image.n1 for image in images]):
            line = result.record_number
            result.write_window(mean(windows(parts, length, window.ss - 1, window.ns, room), kind), line + 1)
            task.progress(line + count, window.nl)
    for image in images:
        image.close()


def sum_type(task, number: int):
    """The integer type that holds all sums exactly, if all inputs are bytes or halfwords; else None."""
    formats = []
    for instance in range(1, number + 1):
        with task.open("INP", instance) as image:
            formats.append(image.format)
    if not set(formats) <= {"BYTE", "HALF", "WORD"} or number > 1000:
        return None
    return np.uint16 if set(formats) == {"BYTE"} and number < 256 else np.int32


def mean(parts: list[np.ndarray], kind) -> np.ndarray:
    """The truncated mean; ``kind``: see `sum_type`."""
    if kind is not None:
        total = parts[0].astype(kind)
        for part in parts[1:]:
            total += part.astype(kind, copy=False)
        return quotient(total, len(parts))
    total = np.zeros(parts[0].shape, np.int32)
    for part in parts:
        total = truncate(total + part)
    return quotient(total, len(parts)).astype(np.float64)


def windows(parts: list[np.ndarray], length: int, start: int, ns: int, room: int):
    """What of each image the window has; where it reaches over a line, the next image's pixels follow in the buffer."""
    if start >= 0 and start + ns <= length <= min(part.shape[1] for part in parts):
        return [part[:, start : start + ns] for part in parts]
    buffer = np.zeros((len(parts[0]), room), parts[0].dtype if len({part.dtype for part in parts}) == 1 else np.float64)
    for at, part in enumerate(parts):
        buffer[:, at * length : at * length + part.shape[1]] = part
    return [buffer[:, at * length + start :][:, :ns] for at in range(len(parts))]


def quotient(total: np.ndarray, number: int) -> np.ndarray:
    """int32 division that truncates."""
    result = total // total.dtype.type(number)
    if total.dtype.kind == "i" and total.min(initial=0) < 0:
        result += (total < 0) & (result * number != total)
    return result
