"""SHADY of the p3 library: the same as p2's but for its messages. Source: ``vos/p3/prog/shady`` (Fortran).

known: nothing. accepted: as p2's.
"""

from __future__ import annotations

from programs.graphics import _shading

FORTRAN = True


def main(task):
    def show_tables(tables) -> None:
        for name, table in zip(("CTBL", "STBL"), tables, strict=True):
            task.message(name)
            task.messages(*("".join(f"{v:8d}" for v in table[i : i + 16]) for i in range(0, 256, 16)))

    _shading.relief(task, ("Both shading and contours suppressed, task cancelled",), show_tables)
