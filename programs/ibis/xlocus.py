"""XLOCUS: a linear transformation of pairs of coordinates. Source: ``vos/p2/prog/xlocus`` (Fortran, 8-MAY-95).

The pairs are in one line of a REAL image. Only the first half of each list is printed.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.prnt import prnt

FORTRAN = True
MOST = 3000


def main(task):
    task.if_message("XLOCUS VERSION 8-MAY-95")
    values = task.reals("T")
    for name, value in zip(("R(1,1)", "R(2,1)", "R(1,2)", "R(2,2)", "O(1)", "O(2)"), values):
        task.messages(*prnt("REAL", value, f"0 {name}= ."))
    (a, c, b, d), (e, f) = values[:4], values[4:6]
    with task.open("INP") as source:
        window = task.size_field()
        pairs = np.zeros((MOST // 2, 2), np.float32)
        line = np.frombuffer(source.read(nsamps=window.ns).tobytes().ljust(pairs.nbytes, b"\0")[: pairs.nbytes], np.float32)
        pairs[:] = line.reshape(-1, 2)
        count = window.ns // 2
        task.messages(*prnt("REAL", pairs.ravel()[:count], " DUMP IN."))
        x, y = pairs[:count].T.copy()
        moved = np.zeros_like(pairs)
        moved[:count] = np.stack([a * x + b * y + e, c * x + d * y + f], axis=1)
        task.messages(*prnt("REAL", moved.ravel()[:count], " DUMP OUT."))
        with task.create("OUT", nl=1, ns=window.ns) as result:
            stored = np.frombuffer(moved.tobytes(), result.dtype)
            result.write(stored[: window.ns])
