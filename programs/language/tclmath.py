"""TCLMATH: a function of up to 20 numbers, for procedures. Source: ``vos/p2/prog/tclmath`` (Fortran). Single precision.

accepted: OUTVALS always gets 20 values; those behind the results are zero here, whatever was in memory in the original.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.rounding import accumulate

FORTRAN = True
LENGTH = 20
FUNCTIONS = {
    "SQROOT": np.sqrt,
    "NATLOG": libm.log,
    "LN": libm.log,
    "LOG": libm.log10,
    "LOG10": libm.log10,
    "EXP": libm.exp,
    "SQUARE": lambda x: x * x,
    "CUBE": lambda x: x * x * x,
}


def main(task):
    task.message("*** tclmath version 2016-06-09 ***")
    values = task.reals("INVALS")
    name = task.string("FUNC", "")[:12]
    if name == "AVERAGE":
        total = np.array([accumulate(values, np.float32(0))], np.float32)
        result = total / np.float32(len(values))  # as arrays: nothing divided by nothing is -nan, as in the machine
    elif name in FUNCTIONS:
        result = np.asarray(FUNCTIONS[name](values), np.float32)
    else:
        task.abend(f"??E - Function {name:<12} not recognized")
    task.output("OUTCOUNT", len(result))
    task.output("OUTVALS", *(float(v) for v in result), *[0.0] * (LENGTH - len(result)))
