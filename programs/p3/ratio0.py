"""RATIO0 of the p3 library: like p2's, with another way to write the function. Source: ``vos/p3/prog/ratio0`` (Fortran,
Sep 9 2015).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic import _ratio
from vicar.numerics.fortran import edit, fixed

FORTRAN = True


def main(task):
    task.message("*** p3/RATIO0 version Sep 9 2015 ***")
    first, second = (task.open("INP", n, u_format="REAL") for n in (1, 2))
    chosen = _ratio.choice(task, task.size_field())
    found = _ratio.find(task, chosen, first, second, chosen.area[1], " SATURATION GREATER THAN 100 PERCENT")
    with np.errstate(all="ignore"):
        gain = np.float32(255) / (found.value(found.high) - found.value(found.low))
        offset = -gain * found.value(found.low)
    if chosen.display:
        display(task, chosen, found)
    function = expression(chosen, gain, offset)
    task.message(function)
    task.output("FUNC", function)


def expression(chosen: _ratio.Choice, gain, offset) -> str:
    """The function, in quotes and without blanks."""
    one, two = "IN1", "IN2"
    if chosen.atm1 != 0 or chosen.atm2 != 0:
        one, two = f"({one}{edit('(SP,F6.1)', chosen.atm1)})", f"({two}{edit('(SP,F6.1)', chosen.atm2)})"
    sign = "-" if chosen.difference else "/"
    text = f"{edit('(G13.6)', gain)}*{'ALOG' if chosen.log else ''}({one}{sign}{two}){edit('(SP,G13.6)', offset)}"
    return f'"{text.replace(" ", "")}"'


def display(task, chosen: _ratio.Choice, found: _ratio.Stretch) -> None:
    """The histogram, a line a filled bin."""
    task.messages(_ratio.heading(chosen), " ")
    for row in _ratio.rows(found):
        if row is None:
            task.message(" ")
            continue
        number, value, label = row
        stars = 50 * int(found.counts[number - 1]) // found.most + 1
        task.message(fixed(value, 12, 3) + "   " + label.rjust(5) + "  " + "*" * stars)
    task.message(" ")
