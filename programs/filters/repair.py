"""REPAIR: finds lines that do not fit their neighbours, and puts others between good ones in their place.

Source: ``vos/p2/prog/repair`` (Fortran, 8-MAR-96).

Kept: areas are compared with the number of lines of the window where the last line is meant; the sums of a pair of lines are
kept in double precision, the means in single.

known: mode ALL with the first line bad, where the original interpolates from whatever its memory held (here zeros); areas
that go on beyond the right side, where it continues into the next buffer (here they end there).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.fortran import edit

FORTRAN = True

f32 = np.float32
NEVER = 999999
PER_LINE = 15  # line numbers a message


@dataclass
class Area:
    """Suspect lines: first line and sample, numbers of lines and samples. Areas joined to others have no lines."""

    line: int
    sample: int
    lines: int
    samples: int


@dataclass
class Limits:
    """How alike lines must be."""

    correlation: np.float32
    mean: np.float32
    variance: np.float32
    statistics: bool  # whether mean and variance matter
    zeros: bool  # whether empty lines are good


def main(task) -> None:
    """Run REPAIR."""
    task.if_message("REPAIR Version 8-MAR-96")
    source = task.open("INP", u_format="REAL")
    result = task.create("OUT", u_format="REAL")
    window = task.size_field(source)
    check_sizes(task, window)
    rounding = f32(0) if source.format == "REAL" else f32(0.5)
    limits = read_limits(task)
    areas = join(read_areas(task, window))
    work = Repair(task, source, result, window, rounding)
    if task.keyword("ALL"):
        work.replace(areas)
        return
    task.message("Correlation tolerance =" + edit("(f6.3)", limits.correlation))
    if limits.statistics:
        task.message("Mean tolerance =" + edit("(f6.2)", limits.mean))
        task.message("Variance tolerance =" + edit("(f7.2)", limits.variance))
    work.search(areas, limits)


# -- parameters -----------------------------------------------------------------------------------------------------------


def check_sizes(task, window) -> None:
    """Refuse windows outside the image."""
    sl, ss, nl, ns = task.integers("SIZE")
    for first, last, most in ((sl, nl, window.nli), (ss, ns, window.nsi)):
        if (last > 0 and (first > last or last > most)) or first > most:
            task.abend("Invalid SIZE value.  Program terminated.")
    for name, most in (("SL", window.nli), ("SS", window.nsi), ("NL", window.nli), ("NS", window.nsi)):
        if task.integer(name) > most:
            task.abend(f"Invalid {name} value.  Program terminated.")


def read_limits(task) -> Limits:
    statistics = task.keyword("MV")
    values = {}
    for name in ("MEAN", "VARIANCE"):
        values[name] = task.real(name)
        if values[name] < 0:
            task.abend(f"{name} parameter value must not be negative")
        statistics |= not task.defaulted(name)
    return Limits(task.real("CORR"), values["MEAN"], values["VARIANCE"], statistics, task.keyword("ZOK"))


def read_areas(task, window) -> list[Area]:
    """The suspect areas, in order of their lines; the whole window if none is named."""
    nl, ns, areas = window.nl, window.ns, []

    def groups(name: str, size: int):
        values = task.integers(name)
        if len(values) % size:
            task.abend(f" {name} parameter values must be in sets of {size}")
        return zip(*(values[k::size] for k in range(size)), strict=True)

    for sl, ss, lines, samples in groups("AREA", 4):
        ss += 1 - window.ss
        for wrong, text in (
            (lines > nl or samples > ns, "NL or NS may be out of range"), (sl > nl or ss > ns, "SL or SS may be out of range"),
            (samples <= 0 or lines <= 0, "NL and NS must be positive"), (sl <= 0 or ss <= 0, "SL and SS must be positive"),
        ):  # fmt: skip
            if wrong:
                task.abend("AREA parameters " + text)
        areas.append(Area(sl, ss, lines, samples))
    for name, size in (("LINESET", 2), ("BADLINE", 1)):
        for numbers in groups(name, size):
            if max(numbers) > nl:
                task.abend(f"{name} parameters may be out of range")
            if min(numbers) <= 0:
                task.abend(f"{name} parameters must be positive")
            areas.append(Area(numbers[0], 1, numbers[1] if size == 2 else 1, ns))
    for one in range(len(areas)):
        for other in range(one + 1, len(areas)):
            if areas[one].line > areas[other].line:
                areas[one], areas[other] = areas[other], areas[one]
    return areas or [Area(1, 1, nl, ns)]


def join(areas: list[Area]) -> list[Area]:
    """Join areas with common lines to one; those joined to another are left without lines."""
    for number, area in enumerate(areas):
        if area.lines == 0:
            continue
        last = area.line + area.lines - 1
        for other in areas[number + 1 :]:
            if last < other.line:
                break
            last = max(last, other.line + other.lines - 1)
            area.lines, other.lines = last - area.line + 1, 0
            area.sample = min(area.sample, other.sample)  # before the end is taken from it, so that samples get lost
            area.samples = max(area.sample + area.samples, other.sample + other.samples) - area.sample
    return areas


# -- lines ----------------------------------------------------------------------------------------------------------------


class Repair:
    """One run over the window."""

    def __init__(self, task, source, result, window, rounding: np.float32):
        self.task, self.source, self.result, self.window, self.rounding = task, source, result, window, rounding

    def _read(self, line: int) -> np.ndarray:
        return self.source.read(line, self.window.ss, self.window.ns)

    def _between(self, one: np.ndarray, other: np.ndarray, step: int, steps: int) -> np.ndarray:
        """Line ``step`` of those between two others that are ``steps`` apart."""
        share = f32(step) / f32(steps)
        return (f32(1) - share) * one + share * other + self.rounding

    def replace(self, areas: list[Area]) -> None:
        """Replace the areas without asking whether they are bad."""
        line, end = self.window.sl, self.window.sl + self.window.nl
        good = np.zeros(self.window.ns, f32)
        for area in areas:
            if area.lines == 0:
                continue
            while line < area.line:
                good = self._read(line)
                self.result.write(good)
                line += 1
            after = area.line + area.lines
            below = self._read(after) if after <= self.window.nl else None
            part = slice(area.sample - 1, area.sample - 1 + area.samples)
            for step in range(1, area.lines + 1):
                values = good if below is None else self._between(good, below, step, area.lines + 1)
                if area.samples != self.window.ns:
                    whole = self._read(line).copy()
                    whole[part] = values[part]
                    values, line = whole, line + 1
                self.result.write(values)
            line = after
        for number in range(line, end):
            self.result.write(self._read(number))

    def search(self, areas: list[Area], limits: Limits) -> None:
        """Replace the lines of the areas that do not fit."""
        first, count = self.window.sl, self.window.nl
        current, following = self._read(first), self._read(first + 1)
        last, last_good = following, first - 1
        bad, numbers = False, []
        guard = Guard(areas)
        for line in range(first, first + count):
            if first < line:
                following = self._read(line + 1) if line < first + count - 1 else last
            part = guard.part(line)
            bad = part is not None and differs(last[part], current[part], following[part], limits)
            if bad:
                if not numbers:
                    self.task.message("The following lines were repaired:")
                numbers.append(line)
                if len(numbers) % PER_LINE == 0:
                    self.task.message(_listed(numbers[-PER_LINE:]))
            else:
                for step in range(1, line - last_good):
                    self.result.write(self._between(last, current, step, line - last_good))
                self.result.write(current)
                last, last_good = current, line
            current = following
        if bad:
            for _ in range(last_good + 1, first + count):
                self.result.write(last)
        if len(numbers) % PER_LINE:
            self.task.message(_listed(numbers[-(len(numbers) % PER_LINE) :]))
        if not numbers:
            self.task.message("No bad lines found")


def _listed(numbers: list[int]) -> str:
    return edit("(15i5)", numbers)


class Guard:
    """Tells which samples of a line are to be tested; lines are asked for one after another."""

    def __init__(self, areas: list[Area]):
        self.areas, self.number, self.end = areas, -1, -1
        self.start, self.samples = NEVER, slice(None)

    def part(self, line: int) -> slice | None:
        if line > self.end:
            self._next()
        return self.samples if line >= self.start else None

    def _next(self) -> None:
        self.number += 1
        while self.number < len(self.areas) - 1 and self.areas[self.number].lines <= 0:
            self.number += 1
        if self.number >= len(self.areas):
            self.start = self.end = NEVER
            return
        area = self.areas[self.number]
        self.start, self.end = area.line, area.line + area.lines - 1
        self.samples = slice(area.sample - 1, area.sample - 1 + area.samples)


# -- statistics -----------------------------------------------------------------------------------------------------------


def _total(values: np.ndarray) -> np.float64:
    return np.add.accumulate(values, dtype=np.float64)[-1]


def _moments(values: np.ndarray) -> tuple[np.float32, np.float32]:
    mean = f32(_total(values) / len(values))
    return mean, f32(_total(values * values) / len(values) - np.float64(mean * mean))


def differs(last: np.ndarray, test: np.ndarray, following: np.ndarray, limits: Limits) -> bool:
    """Whether a line is unlike the last good line, and unlike the mean of that and the next."""
    mean, variance = _moments(test)

    def likeness(other: np.ndarray):
        other_mean, other_variance = _moments(other)
        if variance <= 0 or other_variance <= 0:
            rho = f32(1) if limits.zeros and (mean == 0 or other_mean == 0) else f32(0)
        else:
            common = _total(test * other) / len(test) - np.float64(mean * other_mean)
            rho = f32(common / np.float64(np.sqrt(variance * other_variance)))
        return rho, abs(mean - other_mean), abs(variance - other_variance)

    rho, shift, spread = likeness(last)
    if not rho < limits.correlation and not (limits.statistics and (shift >= limits.mean or spread >= limits.variance)):
        return False
    rho, shift, spread = likeness((last + following) / f32(2))
    return not (rho >= limits.correlation and (not limits.statistics or (shift <= limits.mean and spread <= limits.variance)))
