"""GEN: a synthetic image from an initial value and increments by sample, line and band.

Source: ``vos/p2/prog/gen`` (C). Values are running sums in double precision (in single for COMP), reduced by ``fmod`` after
each step when MODULO is positive, and cast to the file's format as they are stored: integers keep their low bits.

Two habits of the original are kept because they show in the pixels: with MODULO the next band starts at the value the line
after the last would have had, and with BIL and BIP the three increments belong to the axes of the file.

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.image.records import write_rows

FORMATS = {"REAL4": "REAL", "REAL8": "DOUB"}
KNOWN_FORMATS = ("BYTE", "HALF", "FULL", "REAL", "DOUB", "COMP")
SAMPLES_AT_ONCE, CACHED_SAMPLES = 1 << 21, 1 << 18  # computed before they are written; the second where that is quick


def main(task):
    task.message("GEN Version 2019-05-28")
    given = task.string("FORMAT")
    fmt = FORMATS.get(given, given)
    if fmt not in KNOWN_FORMATS:
        task.message(f"'{fmt}' is not a valid data format.", "GEN-BADFMT")
        task.abend()
    nl, ns, nb, org = task.integer("NL"), task.integer("NS"), task.integer("NB"), task.string("ORG")
    complex_pixels = fmt == "COMP"
    whole = small_whole_numbers(task, fmt, max(nl, ns, nb))
    u_format = fmt if whole or fmt in ("REAL", "COMP") else "DOUB"  # the library's casts from double are GEN's own
    with task.create("OUT", nl=nl, ns=ns, nb=nb, format=fmt, u_format=u_format, org=org) as result:
        steps = read_steps(task, complex_pixels)
        for key in ("IVAL", "SINC", "LINC", "BINC", "MODULO"):
            values = steps[key] if complex_pixels else steps[key][:1]
            result.label.add(key, values, task="", format="DOUB")
        inner, middle, outer = (nb, ns, nl) if org == "BIP" else (ns, nb, nl) if org == "BIL" else (ns, nl, nb)
        names = {"BIP": ("BINC", "SINC", "LINC"), "BIL": ("SINC", "BINC", "LINC")}.get(org, ("SINC", "LINC", "BINC"))
        start, modulo = steps["IVAL"], steps["MODULO"]
        increments = [steps[name] for name in names]
        parts = 2 if complex_pixels else 1
        kind = ComplexRamp if complex_pixels else WholeRamp if whole else RealRamp
        options = {"dtype": result.dtype} if whole else {}
        ramp = kind([step[:parts] for step in increments], start[:parts], modulo[:parts], **options)
        write_ramp(result, ramp, inner, middle, outer)
    task.message("GEN task completed")


def small_whole_numbers(task, fmt: str, size: int) -> bool:
    """Whether all sums are whole numbers that 32 bits hold, so that they may be computed in the file's own format."""
    values = [v for key in ("IVAL", "SINC", "LINC", "BINC") for v in task.doubles(key)[:1]]
    if fmt == "COMP" or any(task.doubles("MODULO")) or not all(np.isfinite(v) and v == int(v) for v in values):
        return False
    return sum(abs(v) for v in values) * (size + 1) < 2**31


def read_steps(task, complex_pixels: bool) -> dict[str, list[float]]:
    """The five value parameters as (real, imaginary) pairs; a missing imaginary part is 0, for increments 1."""
    steps = {}
    modulo = task.doubles("MODULO")
    for value in modulo if complex_pixels else modulo[:1]:
        if value < 0.0:
            task.message("Modulo value cannot be negative", "GEN-BADPARM")
            task.abend()
    steps["MODULO"] = pair(modulo, 0.0)
    start = pair(task.doubles("IVAL"), 0.0)
    steps["IVAL"] = [float(np.fmod(v, m)) if m > 0.0 else v for v, m in zip(start, steps["MODULO"])]
    for key in ("SINC", "LINC", "BINC"):
        steps[key] = pair(task.doubles(key), 1.0)
    return steps


def pair(values, missing: float) -> list[float]:
    values = [float(v) for v in values]
    return (values + [missing])[:2]


def write_ramp(result, ramp, inner: int, middle: int, outer: int) -> None:
    """Write the records in the order of the file."""
    block = max(1, (CACHED_SAMPLES if isinstance(ramp, WholeRamp) else SAMPLES_AT_ONCE) // max(inner, 1))
    starts = ramp.start
    for _ in range(outer):
        first = starts
        if ramp.rows_repeat:
            row = ramp.rows([first], inner)
            for done in range(0, middle, block):
                write_rows(result, np.broadcast_to(row, (min(block, middle - done), inner)))
            starts = ramp.row_starts(first, middle)[-1]
        else:
            values = ramp.row_starts(first, middle)
            for done in range(0, middle, block):
                write_rows(result, ramp.rows(values[done : min(done + block, middle)], inner))
            starts = values[-1]
        starts = ramp.next_plane(first, starts)


class RealRamp:
    """Running sums in double precision."""

    def __init__(self, increments, start, modulo):
        (self.along,), (self.down,), (self.back,) = increments
        (self.start,), (self.modulo,) = start, modulo
        self.rows_repeat = self.down == 0.0

    def row_starts(self, first: float, rows: int) -> np.ndarray:
        """First values of the rows and, at the end, of the row after the last."""
        if self.modulo <= 0.0:
            steps = np.full(rows + 1, self.down)
            steps[0] = first
            return np.add.accumulate(steps)
        values = np.empty(rows + 1)
        value, modulo, step = np.float64(first), self.modulo, self.down
        for row in range(rows + 1):
            values[row] = value
            value = np.fmod(value + step, modulo)
        return values

    def rows(self, first, count: int) -> np.ndarray:
        first = np.asarray(first, dtype=np.float64)
        if self.along == 0.0:
            return np.repeat(first[:, None], count, axis=1)
        if self.modulo <= 0.0:
            steps = np.full((len(first), count), self.along)
            steps[:, 0] = first
            return np.add.accumulate(steps, axis=1)
        columns = np.empty((count, len(first)))
        for column in range(count):
            columns[column] = first
            first = np.fmod(first + self.along, self.modulo)
        return columns.T

    def next_plane(self, first: float, after_last: float) -> float:
        return float(np.fmod(after_last, self.modulo)) if self.modulo > 0.0 else first + self.back


class WholeRamp(RealRamp):
    """Sums of whole numbers in the file's format; those of small integers wrap around."""

    def __init__(self, increments, start, modulo, dtype):
        super().__init__(increments, start, modulo)
        self.dtype = np.dtype(dtype)

    def rows(self, first, count: int) -> np.ndarray:
        first = np.asarray(first, np.float64).astype(np.int32)
        steps = (np.arange(count, dtype=np.float64) * self.along).astype(np.int32)
        direct = self.dtype != np.float32 or abs(first).max() + abs(steps[-1].astype(np.int64)) < 1 << 24
        if direct:
            first, steps = first.astype(self.dtype), steps.astype(self.dtype)
        return np.add(first[:, np.newaxis], steps, dtype=first.dtype).astype(self.dtype, copy=False)


class ComplexRamp:
    """The same for (real, imaginary), stored in single precision after every step."""

    def __init__(self, increments, start, modulo):
        self.along, self.down, self.back = (np.array(step) for step in increments)
        self.modulo = np.array(modulo)
        self.start = np.array(start).astype(np.float32)
        self.rows_repeat = not self.down.any()

    def advance(self, values: np.ndarray, step: np.ndarray) -> np.ndarray:
        values = (values.astype(np.float64) + step).astype(np.float32)
        for part in np.flatnonzero(self.modulo > 0.0):
            values[..., part] = np.fmod(values[..., part].astype(np.float64), self.modulo[part])
        return values

    def _exact(self, first: np.ndarray, step: np.ndarray, count: int) -> bool:
        """Whether all sums of ``count`` steps are whole numbers that single precision holds, and none is -0."""
        whole = all((part == np.trunc(part)).all() for part in (first, step)) and not np.signbit(first[first == 0]).any()
        return whole and np.abs(first).max() + count * np.abs(step).max() < 1 << 24 and not (self.modulo > 0.0).any()

    def _multiples(self, step: np.ndarray, count: int) -> np.ndarray:
        return np.arange(count, dtype=np.float32)[:, None] * step.astype(np.float32)

    def row_starts(self, first, rows: int) -> np.ndarray:
        if self._exact(first, self.down, rows):
            return first + self._multiples(self.down, rows + 1)
        values = np.empty((rows + 1, 2), dtype=np.float32)
        for row in range(rows + 1):
            values[row] = first
            first = self.advance(first, self.down)
        return values

    def rows(self, first, count: int) -> np.ndarray:
        first = np.asarray(first, dtype=np.float32)
        if self._exact(first, self.along, count):
            return first.view(np.complex64) + self._multiples(self.along, count).view(np.complex64).T
        columns = np.empty((count, len(first), 2), dtype=np.float32)
        for column in range(count):
            columns[column] = first
            first = self.advance(first, self.along)
        return np.ascontiguousarray(columns.transpose(1, 0, 2)).view(np.complex64)[..., 0]

    def next_plane(self, first, after_last):
        values = (first.astype(np.float64) + self.back).astype(np.float32)
        for part in np.flatnonzero(self.modulo > 0.0):
            values[part] = np.fmod(np.float64(after_last[part]), self.modulo[part])
        return values
