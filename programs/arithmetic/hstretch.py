"""HSTRETCH: replaces values by a table. Source: ``vos/p2/prog/hstretch`` (Fortran, 5-SEP-94).

known: nothing. accepted: table entries beyond 16 bits wrap around instead of reaching outside the table.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks

FORTRAN = True
LOWEST = -32768


def main(task):
    task.if_message("HSTRETCH version 5-SEP-94")
    if task.defaulted("TABLE") and task.defaulted("QTABLE"):
        task.abend("Must set either TABLE or QTABLE")
    table = lookup(task)
    source = task.open("INP", u_format="HALF")
    kind = task.string("FORMAT")
    window = task.size_field()
    result = task.create("OUT", nl=window.nl, ns=window.ns, format=source.format if kind == "SAME" else kind, u_format="HALF")
    with source, result:
        for line, block in line_blocks(source, window.sl, window.ss, window.nl, window.ns):
            result.write_window(table[block.astype(np.int32) - LOWEST], line + 1)


def lookup(task) -> np.ndarray:
    """New value of each 16-bit value, from -32768 on."""
    values = np.arange(LOWEST, LOWEST + 65536).astype(np.int16)
    if not task.defaulted("BVALUE"):
        values[:] = np.array(task.integer("BVALUE")).astype(np.int16)
    if not task.defaulted("TABLE"):
        pairs = task.integers("TABLE")
        pairs += [0] * (len(pairs) % 2)
        old, new = pairs[::2], pairs[1::2]
    else:
        old = task.integers("QTABLE")
        new = [task.integer("VALUE")] * len(old)
    for before, after in zip(old, new):
        values[(before - LOWEST) % 65536] = np.array(after).astype(np.int16)
    return values
