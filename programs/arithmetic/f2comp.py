"""F2COMP: arithmetic on complex images. Source: ``vos/p2/prog/f2comp`` (C, 2019-08-22).

Single precision, part by part.
known: nothing. accepted: inputs that are neither REAL nor COMP are taken as REAL; the original reads their bytes as if they were.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.ibis.errors import ReportedError
from vicar.image.sweep import together

f32 = np.float32
TWO = ("ADD", "SUB", "MULT", "DIV")
TO_REAL = ("CABS", "COMP2REAL", "COMP2IMAG")
FROM_REAL = ("REAL2COMPREAL", "REAL2COMPIMAG")


def main(task):
    task.if_message("F2COMP version 2019-08-22")
    count = task.count("INP")
    window, whole = asked(task)
    sources = []
    for number in range(1, count + 1):
        kind = task.open("INP", number)
        image = task.open("INP", number, u_format="COMP" if kind.format == "COMP" else "REAL")
        kind.close()
        sources.append(image)
        if not whole:
            check_window(task, image, *window)
    task.primary(sources[0])
    operation = task.string("OP")
    check(task, operation, [image.format for image in sources])
    if whole:
        window = (1, 1, min(image.nl for image in sources), min(image.ns for image in sources))
    sl, ss, nl, ns = window
    kind = "REAL" if operation in TO_REAL else "COMP"
    scalar = task.keyword("SCALAR")
    with task.create("OUT", nl=nl, ns=ns, format=kind, u_format=kind) as result:
        if nl > 0 and ns == 0:
            raise ReportedError(VicarError("BADSAMP", "XVREAD", sources[0].name, line=0), "NO MODULE")
        for line, parts in together(sources, sl, ss, nl, ns):
            result.write_window(compute(operation, scalar, parts), line + 1)
    for image in sources:
        image.close()


def asked(task) -> tuple[tuple[int, int, int, int], bool]:
    """The window by SL, SS, NL, NS and SIZE, and whether it is the whole image."""
    single = [task.integer("SL", 0), task.integer("SS", 0), task.integer("NL", 0), task.integer("NS", 0)]
    size = task.integers("SIZE")
    window = [size[n] if value == default and size[n] != default else value
              for n, (value, default) in enumerate(zip(single, (1, 1, 0, 0)))]  # fmt: skip
    return tuple(window), window == [1, 1, 0, 0]


def check_window(task, image, sl: int, ss: int, nl: int, ns: int) -> None:
    if ss - 1 + ns > image.ns:
        task.abend("The input ss + ns is greater than the image sample size.\n")
    if sl - 1 + nl > image.nl:
        task.abend("The input sl + nl is greater than the image line size.\n")


def check(task, operation: str | None, formats: list[str]) -> None:
    """The right number and formats of inputs."""
    if operation is None:
        task.abend("Please choose one function to perform.\n")
    if operation in TWO or operation == "COMP":
        if len(formats) != 2:
            task.abend("The option specified requires 2 input images.\n")
    elif len(formats) != 1:
        task.abend("The option specified requires 1 input image. \n")
    if operation in TWO and formats == ["REAL", "REAL"]:
        task.abend("At least 1 input file must be complex.\n")
    if operation == "COMP":
        if formats != ["REAL", "REAL"]:
            task.abend("The option specified requires both input files to be real. \n")
    elif operation in FROM_REAL:
        if formats[0] == "COMP":
            task.abend("The option specified requires 1 real input file. \n")
    elif formats[0] != "COMP":
        task.abend("The option specified requires 1 complex input file. \n")


def joined(real, imaginary) -> np.ndarray:
    values = np.empty(real.shape, np.complex64)
    values.real, values.imag = real, imaginary
    return values


def compute(operation: str, scalar: bool, blocks: list[np.ndarray]) -> np.ndarray:
    a, b = blocks[0].real, blocks[0].imag if np.iscomplexobj(blocks[0]) else np.zeros_like(blocks[0])
    if len(blocks) == 1:
        return single(operation, a, b)
    c, d = blocks[1].real, blocks[1].imag if np.iscomplexobj(blocks[1]) else np.zeros_like(blocks[1])
    with np.errstate(all="ignore"):
        if operation == "COMP":
            return joined(a, c)
        if operation == "ADD":
            return joined(a + c, b + d)
        if operation == "SUB":
            return joined(a - c, b - d)
        if scalar:
            return joined(a * c, b * c) if operation == "MULT" else joined(a / c, b / c)
        if operation == "MULT":
            return joined(a * c - b * d, a * d - (-b) * c)
        square = c * c + d * d
        real, imaginary = (a * c + b * d) / square, (b * c + (-a) * d) / square
        return joined(np.where(square == 0, f32(0), real), np.where(square == 0, f32(0), imaginary))


def single(operation: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if operation == "CABS":
        return np.sqrt((a * a + b * b).astype(np.float64)).astype(np.float32)
    zero = np.zeros_like(a)
    return {
        "CONJ": lambda: joined(a, b * f32(-1)), "COMP2REAL": lambda: a, "COMP2IMAG": lambda: b,
        "REAL2COMPREAL": lambda: joined(a, zero), "REAL2COMPIMAG": lambda: joined(zero, a),
    }[operation]()  # fmt: skip
