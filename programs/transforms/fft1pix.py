"""FFT1PIX: amplitudes and phases of transformed lines as pictures, and back.

Source: ``vos/p2/prog/fft1pix`` (Fortran).

Lines are read from the first on, whatever the window says; they are taken for complex numbers, whatever their format.

Kept as they are: with PHASE and PLOT the amplitudes go to a unit that does not exist; AVG keeps four times as much of
a line as it needs and so writes over the next ones; the middle term is multiplied by GAIN twice; with NORMAL and
PHASE the error allowed of phases is that of the amplitudes from the second line on.
accepted: PLOT in reverse mode and an AVG below 1 end the program with a sentence; the original dies.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.fortran import edit, exponent, fixed, integer
from vicar.numerics.rounding import truncate

FORTRAN = True
_F = np.float32
ROOM = 2048  # points of a line
KEPT, MOST_KEPT = 512, 10
TOP = 255


def main(task):
    source = task.open("INP")
    window = task.size_field(source)
    options = Options(task, window)
    if options.lines and options.average < 1:
        task.abend("AVG has to be 1 or more.")
    if task.count("INP") > 1 and task.keyword("REVERSE"):
        if options.lines:
            task.abend("PLOT is for pictures only, not for the reverse mode.")
        Reverse(task, source, options).run()
    else:
        Forward(task, source, options).run()


class Options:
    def __init__(self, task, window):
        self.nl, self.ns, self.sl = window.nl, window.ns, window.sl
        outputs = task.count("OUT")
        self.log, self.conjugate, self.normal = (task.keyword(word) for word in ("LOG", "CONJ", "NORMAL"))
        self.spike, self.unsigned = task.integer("SPIKE"), task.keyword("NOSIGN")
        self.lines, self.average = task.integers("PLOT"), min(task.integer("AVG"), MOST_KEPT)
        self.phase = task.keyword("PHASE") and outputs > 0
        self.amplitude = task.keyword("AMPL") and outputs > 0
        self.used = self.ns if self.conjugate else self.ns // 2 + 1


class Line:
    """The complex numbers of a line; what a shorter record does not reach stays from before."""

    def __init__(self, source):
        self.source, self.bytes = source, np.zeros(8 * ROOM, np.uint8)

    def read(self) -> np.ndarray:
        data = np.frombuffer(self.source.read().tobytes(), np.uint8)
        self.bytes[: len(data)] = data[: len(self.bytes)]
        return self.bytes.view(np.complex64)


def amplitudes(values: np.ndarray) -> np.ndarray:
    return libm.hypot(values.real.copy(), values.imag.copy())


def phases(values: np.ndarray, unsigned: bool) -> np.ndarray:
    """Angles; 1.570796 with its sign where there is no real part."""
    re, im = values.real.copy(), values.imag.copy()
    upright = np.where(im == 0, _F(0), np.copysign(_F(1.570796), im))
    angle = np.where(re == 0, upright, libm.atan2(im, re)).astype(np.float32)
    return np.abs(angle) if unsigned else angle


def logarithm(values: np.ndarray) -> np.ndarray:
    """Natural logarithm of what is positive."""
    return np.where(values > 0, libm.log(np.where(values > 0, values, _F(1))), values).astype(np.float32)


def reference(options: Options, values: np.ndarray):
    """The first amplitude, or the SPIKE-th highest; its logarithm if asked for."""
    top = values[0]
    if options.spike:
        top, peak = _F(9.9e30), _F(0)
        for _ in range(options.spike):
            below = values[(values > 0) & (values < top)]
            peak = below.max() if len(below) else _F(0)
            top = peak
    return logarithm(np.array([top], np.float32))[0] if options.log and top > 0 else top


class Forward:
    """Pictures of amplitudes and phases, and plots."""

    def __init__(self, task, source, options: Options):
        self.task, self.source, self.options = task, source, options
        if options.phase and task.count("OUT") <= 1:
            options.amplitude = False
        self.scale = _F(0)
        self.outputs = {}
        titles = []
        if options.amplitude:
            spike = f"SPIKE {integer(options.spike, 4)[2:]}" if options.spike > 0 else ""
            titles.append(f"{'LOG ' * options.log}AMPLITUDE {'NORMAL ' * options.normal}{spike}")
        if options.phase:
            titles.append(f"PHASE {'NOSIGN' * options.unsigned}")
        for number, title in enumerate(titles, 1):
            output = task.create("OUT", number, nl=options.nl, ns=options.used, format="BYTE", u_format="BYTE")
            output.label.add("PGM_LAB", title.rstrip(" "), task="", format="STRING")
            self.outputs["phase" if title.startswith("PHASE") else "amplitude"] = output
        if titles:
            task.message(f"** OUTPUT  NL={integer(options.nl, 4)}   NS={integer(options.used, 4)} **")
            task.message(" ")

    def run(self) -> None:
        options, line = self.options, Line(self.source)
        plots, kept = list(options.lines), Kept(options)
        values = np.zeros(ROOM, np.float32)
        for number in range(1, options.nl + 1):
            numbers = line.read()[: options.used]
            if options.amplitude or plots:
                values[: options.used] = amplitudes(numbers)
                if plots:
                    kept.add(values)
                    if plots[0] == number + options.sl - 1:
                        page(self.task, plots.pop(0), options, kept.mean())
                if not self.outputs:
                    continue
                self.write_amplitudes(number, values[: options.used])
            if options.phase:
                values[: options.used] = phases(numbers, options.unsigned)
                self.outputs["phase"].write(scaled_phases(values[: options.used]))

    def write_amplitudes(self, number: int, values: np.ndarray) -> None:
        options = self.options
        if not options.normal or number == 1:
            top = reference(options, values)
            self.scale = _F(255) / (_F(1) if top <= 0 else top)
        values = logarithm(values) if options.log else values
        dn = np.clip(truncate(values * self.scale + _F(0.5)), 0, TOP)
        if options.amplitude:
            self.outputs["amplitude"].write(dn.astype(np.uint8))
        else:
            self.task.no_unit()


def scaled_phases(values: np.ndarray) -> np.ndarray:
    low, high = values.min(), values.max()
    scale = _F(0) if high == low else _F(255) / (high - low)
    return truncate(scale * (values - low) + _F(0.5)).astype(np.uint8)


class Kept:
    """Amplitudes of the last lines, for their mean."""

    def __init__(self, options: Options):
        self.average, self.points = options.average, min(options.used, KEPT)
        self.cells = np.zeros(KEPT * MOST_KEPT + ROOM, np.float32)
        self.lines = 0

    def add(self, values: np.ndarray) -> None:
        start = self.lines % self.average * KEPT
        count = min(4 * self.points, ROOM)
        self.cells[start : start + count] = values[:count]
        self.lines += 1

    def mean(self) -> np.ndarray:
        count = min(self.lines, self.average)
        total = np.zeros(self.points, np.float32)
        for place in range(count):
            total = total + self.cells[place * KEPT : place * KEPT + self.points]
        return total * (_F(1) / _F(count))


def page(task, line: int, options: Options, values: np.ndarray) -> None:
    """A plot of stars, in percent of the PSPIKE-th highest value."""
    frequencies = task.keyword("FREQ")
    task.message("")
    task.message("")
    task.message(f"1-D FOURIER TRANSFORM    LINE {integer(line, 4)}    AVERAGE{integer(options.average, 2)}")
    task.message(" ")
    top, peak = _F(9.9e15), _F(0)
    for _ in range(task.integer("PSPIKE")):
        below = values[(values > 0) & (values < top)]
        top = peak = below.max() if len(below) else _F(0)
    if peak < _F(1e-20):
        peak = _F(1)
    task.message(f"         {exponent(peak, 8, 3)} = 100 PERCENT")
    task.message(" ")
    ruler = "".join(f"{percent:10d}" for percent in range(10, 101, 10))
    task.message(f"{'    FREQ' if frequencies else '    TERM'}    AMP      PERCENT  0{ruler}")
    factor, step = _F(1) / peak, _F(1) / _F(options.ns)
    for place, value in enumerate(values):
        percent = _F(100) * value * factor + _F(0.0005)
        stars = min(max(int(truncate(percent + _F(0.5))), 0), 100) + 1
        abscissa = fixed(_F(place) * step, 8, 3) if frequencies else integer(place + 1, 8)
        marks = ("+" + " " * 9) * 10 + "+"
        task.message(f"{abscissa}  {exponent(value, 8, 3)}  {edit('(F8.3)', percent)}  {'*' * stars}{marks[stars:]}")


class Reverse:
    """The transform changed where pictures of its amplitudes and phases were changed."""

    def __init__(self, task, source, options: Options):
        self.task, self.source, self.options = task, source, options
        self.pictures = {}
        count = task.count("INP")
        self.with_amplitude = not (options.phase and count <= 2)
        if self.with_amplitude:
            self.pictures["amplitude"] = Bytes(task.open("INP", 2))
        if options.phase:
            self.pictures["phase"] = Bytes(task.open("INP", 3 if self.with_amplitude else 2))
        self.output = task.create("OUT", 1, format="COMP", u_format="COMP")
        self.scale = self.error = _F(0)

    def run(self) -> None:
        options, line = self.options, Line(self.source)
        for number in range(options.nl):
            numbers = line.read()
            picture = self.pictures["amplitude"].read() if self.with_amplitude else None
            if picture is not None:
                self.amplify(numbers, picture, first=number == 0)
            if options.phase:
                self.turn(numbers, self.pictures["phase"].read())
            self.output.write(numbers[: self.output.ns])

    def amplify(self, numbers: np.ndarray, picture: np.ndarray, first: bool) -> None:
        options, task = self.options, self.task
        used, mirrored = options.used, not options.conjugate
        values = amplitudes(numbers[: options.ns])
        if not options.normal or first:
            self.scale = reference(options, values[:used]) / _F(255)
            self.error = _F(0.5) * self.scale
        level = task.real("DC") * _F(options.ns * 8)
        if level != 0:
            angle = phases(numbers[:1], False)
            length = values[0] + _F(int(level))
            numbers[0] = complex(length * libm.cos(angle)[0], length * libm.sin(angle)[0])
        gain = task.real("GAIN")
        parts = numbers.view(np.float32).reshape(-1, 2)
        near = np.arange(1, used)
        far = 2 * used - near - 2
        multiply(parts, near, gain)
        if mirrored:
            multiply(parts, far, gain)
        dn = picture[near].astype(np.int32)
        wanted = dn.astype(np.float32) * self.scale
        present = logarithm(values[near]) if options.log else values[near]
        change = (dn < TOP) & ~(np.abs(present - wanted) <= self.error) & ~(present < _F(1e-25))
        with np.errstate(all="ignore"):
            factor = wanted / present
        multiply(parts, near[change], factor[change])
        if mirrored:
            both = change & (near != used - 1)
            multiply(parts, far[both], factor[both])

    def turn(self, numbers: np.ndarray, picture: np.ndarray) -> None:
        options = self.options
        used = options.used
        angles = phases(numbers[: options.ns], options.unsigned)
        scale = (angles.max() - angles.min()) / _F(255)
        error = self.error = _F(0.5) * scale
        near = np.arange(1, used)
        wanted = picture[near].astype(np.float32) * scale + angles.min()
        change = ~(np.abs(angles[near] - wanted) < error)
        with np.errstate(all="ignore"):
            tangent = libm.tan(wanted) ** 2
            length = amplitudes(numbers[near])
            real, imaginary = length / np.sqrt(_F(1) + tangent), length / np.sqrt(_F(1) + _F(1) / tangent)
        parts = numbers.view(np.float32).reshape(-1, 2)
        parts[near[change]] = np.stack((real, imaginary), axis=1)[change]
        if not options.conjugate:
            both = change & (near != used - 1)
            parts[2 * used - near[both] - 2] = np.stack((real, -imaginary), axis=1)[both]


def multiply(parts: np.ndarray, places: np.ndarray, factor) -> None:
    """Complex numbers (points, 2) times real ones, as if those had an imaginary part: zeros get the sign of that sum."""
    re, im = parts[places, 0], parts[places, 1]
    parts[places, 0], parts[places, 1] = re * factor - im * _F(0), re * _F(0) + im * factor


class Bytes:
    """A picture read as bytes, whatever its format."""

    def __init__(self, image):
        self.image, self.bytes = image, np.zeros(ROOM, np.uint8)

    def read(self) -> np.ndarray:
        data = np.frombuffer(self.image.read().tobytes(), np.uint8)[:ROOM]
        self.bytes[: len(data)] = data
        return self.bytes
