"""F2COMP: arithmetic on complex images, and between them and REAL ones.

Source: ``vos/p2/prog/f2comp`` (C). All in float32; a quotient of nothing is 0.

accepted: inputs of other formats than REAL and COMP are refused; the original takes their bytes for REAL numbers.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.ibis.errors import ReportedError

BLOCK = 256
TWO_INPUTS = ("ADD", "SUB", "MULT", "DIV", "COMP")
ONE_INPUT = ("CABS", "CONJ", "REAL2COMPREAL", "REAL2COMPIMAG", "COMP2REAL", "COMP2IMAG")
REAL_RESULT = ("CABS", "COMP2REAL", "COMP2IMAG")


def main(task):
    task.if_message("F2COMP version 2019-08-22")
    field, whole = wanted_field(task)
    sources = []
    for index in range(task.count("INP")):
        sources.append(task.open("INP", index + 1))
        if not whole:
            check_field(task, field, sources[-1])
    operation = chosen(task, [source.format for source in sources])
    sl, ss, nl, ns = field
    if whole:
        sl, ss = 1, 1
        nl, ns = (min(getattr(source, size) for source in sources) for size in ("nl", "ns"))
    format = "REAL" if operation in REAL_RESULT else "COMP"
    step = SCALAR.get(operation) if task.keyword("SCALAR") else None
    step = step or OPERATIONS[operation]
    with task.create("OUT", nl=nl or None, ns=ns or None, format=format, u_format=format) as result, np.errstate(all="ignore"):
        if nl > 0 and ns == 0:
            raise ReportedError(VicarError("BADSAMP", "XVREAD", sources[0].name, line=0), "NO MODULE")
        for line in range(0, nl, BLOCK):
            lines = min(BLOCK, nl - line)
            values = step(*(source.read_window(sl + line, ss, lines, ns) for source in sources))
            result.write_window(values, line + 1, 1)


def wanted_field(task) -> tuple[tuple[int, int, int, int], bool]:
    """SL, SS, NL, NS, of which SIZE fills in what was left at its default; and whether nothing was asked for."""
    size, usual = task.integers("SIZE"), (1, 1, 0, 0)
    field = tuple(
        given if (given := task.integer(name)) != default else asked
        for name, default, asked in zip(("SL", "SS", "NL", "NS"), usual, size, strict=True)
    )
    return field, field == usual


def check_field(task, field, source) -> None:
    sl, ss, nl, ns = field
    if ss - 1 + ns > source.ns:
        task.abend("The input ss + ns is greater than the image sample size.\n")
    if sl - 1 + nl > source.nl:
        task.abend("The input sl + nl is greater than the image line size.\n")


def chosen(task, formats: list[str]) -> str:
    """The operation, if the inputs fit it."""
    operations = [name for name in TWO_INPUTS + ONE_INPUT if task.keyword(name)]
    if len(operations) != 1:
        task.abend("Please choose one function to perform.\n")
    (operation,) = operations
    if operation in TWO_INPUTS and len(formats) != 2:
        task.abend("The option specified requires 2 input images.\n")
    if operation in ONE_INPUT and len(formats) != 1:
        task.abend("The option specified requires 1 input image. \n")
    all_real = all(format == "REAL" for format in formats)
    if operation in ("ADD", "SUB", "MULT", "DIV") and all_real:
        task.abend("At least 1 input file must be complex.\n")
    if operation == "COMP":
        if not all_real:
            task.abend("The option specified requires both input files to be real. \n")
    elif operation.startswith("REAL2"):
        if formats[0] == "COMP":
            task.abend("The option specified requires 1 real input file. \n")
    elif formats[0] != "COMP":
        task.abend("The option specified requires 1 complex input file. \n")
    if any(format not in ("REAL", "COMP") for format in formats):
        task.abend("Inputs must be REAL or COMP")
    return operation


# ---------------------------------------------------------------- operations


def joined(real, imaginary) -> np.ndarray:
    result = np.empty(np.shape(real), np.complex64)
    result.real, result.imag = real, imaginary
    return result


def multiply(a, b):
    a, b = a.astype(np.complex64), b.astype(np.complex64)
    return joined(a.real * b.real - a.imag * b.imag, a.real * b.imag - -a.imag * b.real)


def divide(a, b):
    a, b = a.astype(np.complex64), b.astype(np.complex64)
    size = b.real * b.real + b.imag * b.imag
    real = (a.real * b.real + a.imag * b.imag) / size
    imaginary = (a.imag * b.real + -a.real * b.imag) / size
    return joined(np.where(size == 0, np.float32(0), real), np.where(size == 0, np.float32(0), imaginary))


def both(function):
    """Real and imaginary parts by themselves."""

    def parts(a, b):
        a, b = a.astype(np.complex64), b.astype(np.complex64)
        return joined(function(a.real, b.real), function(a.imag, b.imag))

    return parts


def by_real_part(function):
    def parts(a, b):
        a = a.astype(np.complex64)
        return joined(function(a.real, b.real), function(a.imag, b.real))

    return parts


OPERATIONS = {
    "ADD": both(np.add),
    "SUB": both(np.subtract),
    "MULT": multiply,
    "DIV": divide,
    "COMP": joined,
    "CABS": lambda a: np.sqrt(a.real * a.real + a.imag * a.imag),
    "CONJ": lambda a: joined(a.real, a.imag * np.float32(-1)),
    "REAL2COMPREAL": lambda a: joined(a, np.float32(0)),
    "REAL2COMPIMAG": lambda a: joined(np.zeros_like(a), a),
    "COMP2REAL": lambda a: a.real,
    "COMP2IMAG": lambda a: a.imag,
}
SCALAR = {"MULT": by_real_part(np.multiply), "DIV": by_real_part(np.divide)}
