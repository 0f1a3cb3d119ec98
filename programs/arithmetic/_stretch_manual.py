"""STRETCH by numbers the user gives. Source: ``manual_stretch.f`` of ``vos/p2/prog/stretch``."""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.knuth import KnuthError, compile_expression
from vicar.numerics.realcon import realcon
from vicar.numerics.rounding import nint

F32 = np.float32
TITLES = {
    "linear": "*** LINEAR CONTRAST STRETCH MODE ***",
    "complement": "*** COMPLEMENT MODE ***",
    "clip": "*** BIT CLIPPING MODE ***",
    "contour": "*** CONTOUR MODE ***",
    "alarm": "*** ALARM MODE ***",
    "individual": "*** INDIVIDUAL DN TABLE STRETCH MODE ***",
    "piecewise": "*** TABLE STRETCH MODE ***",
    "periodic": "*** PERIODIC STRETCH MODE ***",
    "logarithmic": "*** LOGARITHMIC STRETCH MODE ***",
    "function": "*** USER SPECIFIED FUNCTION MODE ***",
}


class Chosen:
    """Counts the stretches asked for; more than one is an error."""

    def __init__(self, task):
        self.task = task
        self.number = 0

    def one_more(self) -> None:
        self.number += 1
        if self.number > 1:
            self.task.message("***More than one stretch specified")
            self.task.message("***STRETCH task cancelled")
            self.task.abend()


def apply(task, stretch) -> Chosen:
    """Do the stretches given by numbers, in the original's order."""
    chosen = Chosen(task)
    for wanted, make in (
        (task.count("LINEAR") >= 2, linear),
        (task.keyword("COMP"), complement),
        (task.count("CLIP"), clip),
        (task.count("CONTOUR"), contour),
        (task.count("ALARM"), alarm),
        (task.count("ITABLE") >= 2, individual),
        (task.count("TABLE") >= 4, piecewise),
        (task.keyword("PSTRETCH"), periodic),
        (task.count("LOG"), logarithmic),
        (task.count("FUNCTION") > 0, function),
    ):
        if wanted:
            chosen.one_more()
            task.message(TITLES[make.__name__])
            make(task, stretch)
    return chosen


def describe(task, stretch, text: str, length: int) -> None:
    task.message(text)
    stretch.describe(text, length)


def start_table(task, stretch) -> None:
    """Background, or each value itself."""
    background = task.integer("BACKGND")
    inputs = stretch.inputs()
    values = inputs if background is None else np.full(len(inputs), background)
    stretch.set(stretch.in_low, stretch.limited(values))


def marker(task, stretch) -> int:
    return int(stretch.limited(task.integer("DNVALUE", stretch.high)))


def linear(task, stretch) -> None:
    low, high = task.reals("LINEAR")[:2]
    if low == high:
        high = high + F32(1)
    scale = F32(stretch.high - stretch.low) / (high - low)
    offset = -scale * low + F32(stretch.low)
    stretch.set(stretch.in_low, stretch.rounded(scale * stretch.inputs().astype(F32) + offset))
    ends = [realcon(v, 7) if F32(nint(v)) != v else edit("(I7)", int(nint(v))) for v in (low, high)]
    describe(task, stretch, f"Linear Stretch:{ends[0]} to{edit('(I7)', stretch.low)} and{ends[1]} to"
             f"{edit('(I7)', stretch.high)}", 54)


def complement(task, stretch) -> None:
    low, high = stretch.low, stretch.high
    stretch.set(stretch.in_low, stretch.limited(low + high - stretch.inputs()))
    describe(task, stretch, edit("('Complement Stretch:',I7,' to',I7,' and',I7,' to',I7)", low, high, high, low), 58)


def clip(task, stretch) -> None:
    """Shift the bits to the left (positive) or to the right."""
    bits = task.integer("CLIP")
    width, kind = (8, np.uint8) if stretch.fmt == "BYTE" else (16, np.int16)
    inputs = stretch.inputs().astype(kind)
    if bits >= width or (bits <= -width and stretch.fmt == "BYTE"):
        values = np.zeros_like(inputs)
    elif bits >= 0:
        values = (inputs.astype(np.int64) << bits).astype(kind)
    else:
        values = inputs >> min(-bits, width - 1)
    stretch.set(stretch.in_low, stretch.limited(values.astype(np.int32)))
    side = "Most " if bits > 0 else "Least"
    describe(task, stretch, edit(f"('Bit Clip Stretch:',I3,' {side} Significant Bits Clipped')", abs(bits)), 52)


def contour(task, stretch) -> None:
    interval = task.integer("CONTOUR")
    start_table(task, stretch)
    value = marker(task, stretch)
    for dn in range(stretch.low, stretch.high + 1, interval):
        stretch.set(dn, [value])
    describe(task, stretch, edit("('Contour Stretch: Interval =',I5,'  DNvalue =',I7)", interval, value), 51)


def alarm(task, stretch) -> None:
    start_table(task, stretch)
    value = marker(task, stretch)
    for dn in task.integers("ALARM")[:100]:
        stretch.set(dn, [value])
    describe(task, stretch, edit("('Alarm Stretch: DNvalue =',I7)", value), 32)


def individual(task, stretch) -> None:
    numbers = task.integers("ITABLE")
    if len(numbers) % 2:
        task.message("***Invalid number of table entries")
        task.abend()
    start_table(task, stretch)
    for dn, value in zip(numbers[::2], numbers[1::2]):
        stretch.set(dn, [stretch.limited(value)])
    stretch.describe("Individual Table Stretch", 25)


def piecewise(task, stretch) -> None:
    """Straight lines between pairs of values; the slopes are whole numbers."""
    numbers = task.reals("TABLE")
    if len(numbers) % 2:
        task.message("***Invalid # of TABLE entries")
        task.abend()
    start_table(task, stretch)
    inputs = [int(nint(v)) for v in numbers[::2]]
    outputs = [int(v) for v in numbers[1::2]]
    for first, last, out, out_last in zip(inputs, inputs[1:], outputs, outputs[1:]):
        if last <= first:
            task.abend("***Table stretch parameter error")
        slope = float(int((out_last - out) / (last - first)))
        offset = out - slope * first
        stretch.set(first, stretch.rounded(slope * np.arange(first, last + 1) + offset))
    stretch.describe("Table Stretch", 14)


def periodic(task, stretch) -> None:
    frequency, phase = task.real("FREQ"), task.real("PHI")
    level = task.real("DC", F32(stretch.high + stretch.low) / F32(2))
    amplitude = task.real("AMPL", F32(stretch.high - stretch.low)) / F32(2)
    rate = F32(2.0) * F32(3.14159) * frequency / F32(stretch.high - stretch.low)
    wave = libm.sin(rate * stretch.inputs().astype(F32) + phase)
    stretch.set(stretch.in_low, stretch.rounded(amplitude * wave + level))
    describe(task, stretch, edit("('Periodic Stretch: FREQ=',F6.2,'  DC=',F8.1,'  AMPL=',F8.1,'  PHI=',F6.2)", frequency,
                                 level, F32(2) * amplitude, phase), 70)


def logarithmic(task, stretch) -> None:
    given = task.reals("LOG")
    low, high = given[:2] if len(given) == 2 else (F32(stretch.low), F32(stretch.high))
    if high == low:
        task.abend("Sorry,the HIGH and LOW parameters may not be equal.")
    curve = task.real("CURVE", F32(1))
    if low + curve <= 0:
        task.abend("Sorry,LOW + CURVE must be greater than zero.")
    if high + curve <= 0:
        task.abend("Sorry,HIGH + CURVE must be greater than zero.")
    shift = float(curve)
    scale = (stretch.high - stretch.low) / libm.log((float(high) + shift) / (float(low) + shift))
    offset = stretch.low - scale * libm.log(float(low) + shift)
    inputs = stretch.inputs() + shift
    positive = inputs > 0  # where there is no logarithm the table is left as it is
    values = stretch.rounded((scale * libm.log(np.where(positive, inputs, 1.0)) + offset).astype(F32))
    entries = slice(stretch.in_low + 32768, stretch.in_high + 32769)
    stretch.table[entries] = np.where(positive, values, stretch.table[entries])
    describe(task, stretch, edit("('LOGARITHMIC Stretch:',F7.1,' to',I7,' and',F7.1,' to',I7,' with CURVE=',G10.2)", low,
                                 stretch.low, high, stretch.high, curve)[:80], 80)


def function(task, stretch) -> None:
    text = task.string("FUNCTION")
    shown = text[:50]
    describe(task, stretch, f"Function Stretch: FUNCTION = {shown}", 30 + len(shown))
    try:
        program = compile_expression(text)
    except KnuthError:
        task.message("***Error in parsing function with KNUTH")
        task.message(text)
        task.abend()
    values = np.broadcast_to(program.evaluate({1: stretch.inputs().astype(F32)}), (len(stretch.inputs()),))
    stretch.set(stretch.in_low, stretch.rounded(values.astype(F32)))
