"""FIL2: convolution weights from a transfer function, written as a parameter file for FILTER.

Source: ``vos/p2/prog/fil2`` over ``rft2ch``, ``rft2``, ``dfft``, ``realtr`` (Fortran, float32 throughout). Lines of weights use a
transform of 128 to 1024 points, fields one of 64 by 64.

Kept: WTMAX is an integer whose bits are taken for a REAL (so that weights become 0); a table of frequencies that ends before
0.5 is read on into what lies behind it; PRINT shows each line of the transform from sample (NSW+1)/2+1 on.
accepted: where a table is missing no parameter file is left; the original's holds nothing of use.
known: more than one transfer function in a direction, more than 127 weights in a line of a field and more than 500 weights
overrun the original's memory; a line of 1025 weights kills it.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import realfft
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import truncate
from vicar.parmfile import ParameterFileWriter

FORTRAN = True
_F = np.float32
POINTS, HALF = 64, 33
_LARGE = _F(1000.0)
_CELLS = _F(4096.0)


def main(task):
    task.if_message("fil2 version 1-JULY-94")
    job = Job(task)
    with ParameterFileWriter(task, "filtparms") as file:
        if not job.complete:
            task.message("*** A SET OF FREQ. OR MTFS IS MISSING")
            task.abend()
        job.file = file
        with np.errstate(all="ignore"):
            for number in range(1, job.count + 1):
                if 1 in (job.nlw, job.nsw):
                    line_of_weights(job, number)
                    if number >= job.horizontal:
                        break
                else:
                    field_of_weights(job, number)


class Job:
    """Parameters, and the tables in the order they lie in memory."""

    SIZES = {"F1": 330, "MTF1": 330, "F": 33, "MTF": 66, "F2": 330, "MTF2": 330}

    def __init__(self, task):
        self.task = task
        self.file = None
        self.memory = np.zeros(sum(self.SIZES.values()) + 64, _F)
        starts = np.cumsum([0, *self.SIZES.values()]).tolist()
        self.start = dict(zip(self.SIZES, starts, strict=False))
        self.rectangular, self.print = task.keyword("RECT"), task.keyword("PRINT")
        self.nlw, self.nsw = (odd(task.integer(name, 11)) for name in ("NLW", "NSW"))
        given = task.integer("WTMAX")
        self.largest = _F(32000) if given is None else np.array([given], np.int32).view(_F)[0]
        self.scale = ([*task.integers("SCALE"), 0, 1] if len(task.integers("SCALE")) != 1 else [*task.integers("SCALE"), 1])[:2]
        self.divide = task.integer("DIVIDE") or 0
        noise = task.reals("SN")
        self.noise = _F(1) / (noise[0] * noise[0]) if len(noise) else None
        self._read_tables(task)

    def _read_tables(self, task) -> None:
        self.spread: set[int] = set()  # transfer functions given as spread functions
        horizontal = horizontal_places = vertical = vertical_places = 0
        if len(values := task.reals("PSF")):
            horizontal = horizontal_places = 1
            self.fill("MTF1", 1, values)
            self.spread.add(1)
        if len(values := task.reals("VIF")):
            vertical_places = 1
            self.fill("F2", 1, values)
        if len(values := task.reals("HIF")):
            horizontal_places += 1
            self.fill("F1", horizontal_places, values)
        if len(values := task.reals("VIA")):
            vertical = 1
            self.fill("MTF2", 1, values)
        if len(values := task.reals("HIA")):
            horizontal += 1
            self.fill("MTF1", horizontal, values)
        if len(values := task.reals("MTF")):
            horizontal, horizontal_places = horizontal + 1, horizontal_places + 1
            self.fill("MTF1", horizontal, values[: len(values) // 2 * 2 : 2])
            self.fill("F1", horizontal, values[1::2])
        self.horizontal, self.vertical = horizontal, vertical
        self.count = max(horizontal, vertical)
        self.complete = horizontal == horizontal_places and vertical == vertical_places and self.count > 0

    def fill(self, name: str, number: int, values) -> None:
        place = self.start[name] + HALF * (number - 1)
        self.memory[place : place + len(values)] = values

    def table(self, name: str, number: int = 1) -> np.ndarray:
        """A table and all that lies behind it."""
        return self.memory[self.start[name] + HALF * (number - 1) :]

    def show(self, kind: str, values, title: str) -> None:
        self.task.messages(*prnt(kind, values, title))

    def put(self, name: str, values) -> None:
        self.file.put(name, values, "INT")

    def put_weights(self, weights: np.ndarray, cells: np.float32, title_divisor: bool) -> np.ndarray:
        """Scale to the largest weight and write; gives the whole numbers."""
        norm = self.largest / (np.abs(weights).max() / cells)
        self.put("NLW", self.nlw)
        self.put("NSW", self.nsw)
        self.put("SCALE", self.scale)
        divisor = self.divide if self.divide > 0 else int(rounded(norm))
        self.put("DIVIDE", divisor)
        if title_divisor:
            self.show("FULL", divisor, "DIVIDE")
        whole = rounded(weights * (norm / cells))
        self.put("WEIGHTS", whole.tolist())
        return whole


def odd(number: int) -> int:
    return number - 1 if number % 2 == 0 else number


def rounded(values) -> np.ndarray:
    values = np.asarray(values, _F)
    return truncate(np.where(values < 0, values - _F(0.5), values + _F(0.5)))


def interpolated(places: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``values`` at the frequencies ``known``, along straight lines, for the increasing ``places``."""
    result = np.zeros(len(places), _F)
    j = 1
    slope = (values[1] - values[0]) / (known[1] - known[0])
    constant = values[0] - slope * known[0]
    result[0] = values[0]
    for i in range(1, len(places)):
        while places[i] >= known[j] and i < len(places) - 1:
            j += 1
            slope = (values[j] - values[j - 1]) / (known[j] - known[j - 1])
            constant = values[j - 1] - slope * known[j - 1]
        result[i] = slope * places[i] + constant
    return result


def restoring(transfer: np.ndarray, noise: np.float32) -> np.ndarray:
    result = transfer / (transfer * transfer + noise)
    result[0] = _F(1) / transfer[0]
    return result


def added(values) -> np.float32:
    return np.add.accumulate(np.concatenate((np.zeros(1, _F), np.asarray(values, _F))))[-1]


def normalized_spread(values: np.ndarray) -> np.ndarray:
    return values / (added(values[1:HALF] * _F(2)) + values[0])


# ---------------------------------------------------------------- one line of weights


def line_of_weights(job: Job, number: int) -> None:
    weights = job.nlw * job.nsw
    points = 128
    while points < weights and points < 1024:
        points *= 2
    size, half = _F(points), points // 2 + 1
    places = np.arange(half).astype(_F) / size
    job.show("REAL", places, "FREQUENCIES")
    if number in job.spread:
        values = np.zeros(half, _F)
        values[:HALF] = normalized_spread(job.table("MTF1", number)[:HALF])
        transfer = realfft.inverse(values)[0][:half]
    else:
        transfer = interpolated(places, job.table("F1", number), job.table("MTF1", number))
    if job.noise is not None and number == 1:
        transfer = restoring(transfer, job.noise)
    job.show("REAL", transfer, "HORIZONTAL OTF")
    response = realfft.inverse(transfer)[0]
    count = (weights + 1) // 2
    part = response[:count][::-1].copy()
    total = added(part[:-1] * _F(2)) + part[-1]
    wanted = transfer[0] * size
    kept = response.copy()
    kept[0] = kept[0] + (wanted - total)
    part[-1] = part[-1] - total + wanted
    whole = job.put_weights(part, size, False)
    job.show("FULL", whole, "TOP LEFT WEIGHT QUADRANT")
    kept[count : points - count + 1] = 0
    recomputed = realfft.forward(kept)[0].real / (_F(2) * size)
    job.show("REAL", recomputed, "HORIZONTAL OTF RECOMPUTED FROM WEIGHTS")


# ---------------------------------------------------------------- a field of weights


def field_of_weights(job: Job, number: int) -> None:
    frequencies = job.table("F")
    frequencies[:HALF] = np.arange(HALF).astype(_F) / _F(64)
    job.show("REAL", frequencies[:HALF], "FREQUENCIES")
    across, down = number <= job.horizontal, number <= job.vertical
    tables = job.table("MTF")
    places = frequencies[:HALF].copy()
    if across:
        if number in job.spread:
            tables[:HALF] = realfft.inverse(normalized_spread(job.table("MTF1", number)[:HALF]))[0][:HALF]
        else:
            tables[:HALF] = interpolated(places, job.table("F1", number), job.table("MTF1", number))
    if down:
        tables[HALF : 2 * HALF] = interpolated(places, job.table("F2", number), job.table("MTF2", number))
    horizontal, vertical = tables[:HALF], tables[HALF : 2 * HALF]
    for used, transfer, title in ((across, horizontal, "HORIZONTAL"), (down, vertical, "VERTICAL")):
        if used and job.noise is not None and number == 1:
            transfer[:] = restoring(transfer, job.noise)
    for used, transfer, title in ((across, horizontal, "HORIZONTAL"), (down, vertical, "VERTICAL")):
        if used:
            job.show("REAL", transfer, f"{title} INPUT OTF")
    if across and down:
        big = (horizontal[0] + vertical[0]) / _F(2)
        quadrant = rectangle(horizontal, vertical) if job.rectangular else mixture(horizontal, vertical)
        quadrant[0, 0] = big
    else:
        transfer = horizontal if across else vertical
        big = transfer[0]
        quadrant = along_radius(transfer)
    rows = np.concatenate((quadrant, quadrant[-2:0:-1]))
    weigh_field(job, realfft.inverse_plane(rows.astype(_F)), big)


def radius() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Distance from (1,1) plus 1, its whole part, line and sample from 1."""
    i, j = np.mgrid[1 : HALF + 1, 1 : HALF + 1]
    r = np.sqrt(((j - 1) ** 2 + (i - 1) ** 2).astype(_F)) + _F(1)
    return r, truncate(r), i, j


def at_radius(transfer: np.ndarray, r: np.ndarray, whole: np.ndarray) -> np.ndarray:
    beyond = r - whole.astype(_F)
    low = np.minimum(whole, HALF - 1)
    value = transfer[low - 1] * (_F(1) - beyond) + transfer[low] * beyond
    return np.where(whole >= HALF, transfer[HALF - 1], value)


def along_radius(transfer: np.ndarray) -> np.ndarray:
    r, whole, _, _ = radius()
    return at_radius(transfer, r, whole)


def rectangle(horizontal: np.ndarray, vertical: np.ndarray) -> np.ndarray:
    """The lesser of the two; the greater where it is very large."""
    greater = np.maximum(vertical[:, None], horizontal[None, :])
    return np.where(greater > _LARGE, greater, np.minimum(vertical[:, None], horizontal[None, :]))


def mixture(horizontal: np.ndarray, vertical: np.ndarray) -> np.ndarray:
    """Both at the distance, by how far the point lies from each axis."""
    r, whole, i, j = radius()
    i_weight = np.square(r - i.astype(_F)) + ((j - 1) ** 2).astype(_F)
    j_weight = np.square(r - j.astype(_F)) + ((i - 1) ** 2).astype(_F)
    total = i_weight + j_weight
    return at_radius(horizontal, r, whole) * i_weight / total + at_radius(vertical, r, whole) * j_weight / total


def weigh_field(job: Job, response: np.ndarray, big: np.float32) -> None:
    """Take the middle of the response; its sum is corrected at the centre."""
    rows, columns = (job.nlw + 1) // 2, (job.nsw + 1) // 2
    part = response[:rows, :columns][::-1, ::-1].copy()
    times = np.full(part.shape, 4.0, _F)
    times[-1], times[:, -1] = 2, 2
    times[-1, -1] = 1
    total = added((part * times).ravel())
    kept = response.copy()
    kept[0, 0] = kept[0, 0] + (big * _CELLS - total)
    part[-1, -1] = part[-1, -1] - total + big * _CELLS
    whole = job.put_weights(part.ravel(), _CELLS, True)
    job.task.message("TOP LEFT WEIGHT QUADRANT")
    for row in whole.reshape(part.shape):
        job.show("FULL", row, " ")
    kept[rows : POINTS - rows + 1] = 0
    kept[:, columns : POINTS - columns + 1] = 0
    show_result(job, realfft.forward_plane(kept).real, columns)


def show_result(job: Job, transfer: np.ndarray, columns: int) -> None:
    tables = job.table("MTF")
    if job.print:
        job.task.message("2-D OTF,DC AT UPPER LEFT")
        for row in transfer[:HALF]:
            tables[:HALF] = row
            job.show("REAL", tables[columns : columns + HALF], " ")
        return
    for values, title in ((transfer[:HALF, 0], "VERTICAL"), (transfer[0, :HALF], "HORIZONTAL")):
        tables[:HALF] = values / _F(8192)
        job.show("REAL", tables[:HALF], f"{title} OTF RECOMPUTED FROM WEIGHTS")
