"""SHADY of the p3 library: the same as p2's but for its messages. Source: ``vos/p3/prog/shady`` (Fortran).

Kept: the input is read from its first line, whatever SL says.
known: nothing. accepted: values outside 0..255 are taken as the nearest of them; the original looks beside its tables.
"""

from __future__ import annotations

from programs.graphics import _shading

FORTRAN = True


def main(task):
    task.message("SHADY version  16-JUL-1993")
    with task.open("INP", u_format="HALF") as source:
        window = task.size_field()
        result = task.create("OUT", format="BYTE", u_format="HALF")
        regions = None if task.keyword("NOCONTOU") else _shading.contour_table(*task.integers("CONTOUR"))
        shades = None if task.keyword("NOSHADE") else _shading.shade_table(*task.integers("SCALE"))
        if regions is None and shades is None:
            task.abend("Both shading and contours suppressed, task cancelled")
        if task.keyword("DBUG"):
            for name, table in (("CTBL", regions), ("STBL", shades)):
                values = [0] * 256 if table is None else table[:256]
                task.message(name)
                task.messages(*("".join(f"{v:8d}" for v in values[i : i + 16]) for i in range(0, 256, 16)))
        with result:
            _shading.draw(source, result, window, task.integer("SHADE"), shades, regions)
