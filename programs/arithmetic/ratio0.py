"""RATIO0: the function that stretches the ratio or difference of two images. Source: ``vos/p2/prog/ratio0`` (Fortran,
14-SEP-2011). Procedure RATIO hands the function to F2.

Kept: a histogram with a single bin below zero gives a gain that cannot be written; the original dies without a word,
and so the program ends here without a result.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import math

from programs.arithmetic import _ratio
from vicar.numerics.fortran import fixed
from vicar.numerics.rounding import truncate

FORTRAN = True
GRID = "".join("+" if n % 10 == 0 else " " for n in range(101))


def main(task):
    task.if_message("RATIO version 14-SEP-2011")
    first, second = (task.open("INP", n, u_format="REAL") for n in (1, 2))
    chosen = _ratio.choice(task, task.size_field())
    found = _ratio.find(task, chosen, first, second, 1, "SATURATION GREATER THAN 100 PERCENT")
    low, high = float(found.value(found.low)), float(found.value(found.high))
    if low == high:
        # the flat image: a hundredth to either side, in single precision
        margin = _ratio.f32(low * float(_ratio.f32(0.01))) or _ratio.f32(0.01)
        low, high = low - float(margin), high + float(margin)
    gain = 255.0 / (high - low)
    if chosen.display:
        display(task, chosen, found)
    if not gain > 0:
        task.quit()
    function = expression(chosen, gain, -gain * low)
    task.messages("The ratio function is: ", " ", function, " ")
    task.output("FUNC", function)


def expression(chosen: _ratio.Choice, gain: float, offset: float) -> str:
    """The function, in quotes."""
    decimals = int(truncate(7 - math.log10(gain)))
    width = int(math.log10(abs(offset) + 1)) + 4
    tail = fixed(offset, width, 1)
    if offset >= 0:
        tail = "+" + tail[1:]
    operands = [term("IN1", chosen.atm1), term("IN2", chosen.atm2)]
    inside = ("-" if chosen.difference else "/").join(operands)
    return f'"{fixed(gain, 10, decimals)}*{"ALOG" if chosen.log else ""}({inside}){tail}"'


def term(name: str, correction) -> str:
    if correction == 0:
        return name
    number = fixed(correction, 6, 1)
    return f"({name}{'+' + number[1:] if correction > 0 else number})"


def display(task, chosen: _ratio.Choice, found: _ratio.Stretch) -> None:
    """The histogram, a line a filled bin."""
    scale = " " * 19 + "".join(f"{n:3d}".ljust(10) for n in range(0, 101, 10))
    task.messages(" ", _ratio.heading(chosen), " ", " ", " ", scale.rstrip())
    for row in _ratio.rows(found):
        if row is None:
            task.message(" ")
            continue
        number, value, label = row
        stars = 100 * int(found.counts[number - 1]) // found.most + 1
        task.message((fixed(value, 12, 3) + label.rjust(7) + "  " + "*" * stars + GRID[stars:]).rstrip())
    task.message(" ")
