"""XFORM: linear combinations of bands, scaled by hand or by their histograms.

Source: ``vos/p2/prog/xform`` (Fortran, 11-JAN-2004).

Bands come as several images, as bands of one, or side by side in its lines (MSS). Single precision throughout.

Kept as they are: with several images USEBANDS says only how many are used; an area wider than the output runs on into
the next band; RANGE without values takes what is left of OFFSET, GAIN or MATRIX.
accepted: percentages that are never reached and increments of 0 end with a sentence, where the original counts
through memory; an area wider than the output does not spoil the histogram, as it does there.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import as_input, kernel
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint

FORTRAN = True
_F = np.float32
LIMITS = {"BYTE": (0.0, 255.0), "HALF": (-32768.0, 32767.0), "FULL": (-2.14748e9, 2.14748e9), "REAL": (-1.70141e38, 1.70141e38)}
MOST = 300
COLUMNS = 13
AT_ONCE = 1 << 18  # samples of a block of lines
SAFE = 2.0**31  # what is smaller is rounded alike by numpy and compiled


def main(task):
    task.message("XFORM version 11-JAN-2004")
    images = []
    for number in range(1, task.count("INP") + 1):
        images.append(task.open("INP", number, u_format="REAL"))
        if images[-1].org == "BIP":
            task.abend("BIP format is not supported")
    bands = Bands(task, images)
    matrix = bands.matrix
    outputs = opened(task, bands, len(matrix))
    show_matrix(task, bands, matrix)
    scaling = Scaling(task, bands, len(matrix))
    if scaling.scan:
        task.message(" *** AUTO-SCALE MODE ***")
        task.message(
            edit("(5X,'Desired Spread',F8.1,'   Center',F8.1,'   Percent Sat.',F5.1)", scaling.spread, scaling.center,
                 scaling.low + scaling.high)
        )  # fmt: skip
        scaling.measure(task, bands, outputs)
    task.message(" *** SCALING FACTORS ***")
    task.message("     OFFSET    GAIN")
    for number in range(len(matrix)):
        task.message(edit("(F11.3,F9.3)", scaling.offset[number], scaling.gain[number]))
    transform(task, bands, scaling, outputs)


class Bands:
    """Where the values of each band are, and the window of the output."""

    def __init__(self, task, images):
        self.images = images
        first = images[0]
        window = self.window = task.size_field(first)
        if window.sl + window.nl - 1 > window.nli:
            task.abend(" Number of lines requested exceeds input size")
        available = len(images) if len(images) > 1 else first.nb
        self.format = task.string("FORMAT") if task.count("FORMAT") else first.format
        if self.format not in LIMITS:
            task.abend(f"{self.format:>8.4s} pixel format is not supported")
        self.given = task.real("SPREAD"), task.real("CENTER")
        self.mss = task.count("MSS") > 0
        self.width = window.nsi
        if self.mss:
            available = task.integer("MSS")
            if available == 0:
                task.abend("MSS is zero.")
            self.width = window.nsi // available
            if available * self.width != window.nsi:
                task.abend(" number of input samples is not consistent with number of bands")
        self.partial = window.ns != window.nsi
        self.ns = window.ns if self.partial else self.width
        if self.partial and window.ss + self.ns - 1 > window.nsi:
            task.abend(" Number of samples specified exceeds input size")
        self.chosen = task.integers("USEBANDS")
        if self.chosen:
            self.partial = True
            if len(self.chosen) > available:
                task.abend(" Inconsistent MSS and USE parameters")
        else:
            self.chosen = list(range(1, available + 1))
        areas = task.integers("AREA")
        if len(areas) % 4:
            task.abend(" Invalid number of area parameter values")
        usual = [(window.sl, window.ss, window.nl, self.ns)]
        self.areas = [tuple(areas[i : i + 4]) for i in range(0, len(areas), 4)] or usual
        elements = task.reals("MATRIX")
        count = len(elements) // len(self.chosen)
        if count * len(self.chosen) != len(elements):
            task.abend(" Invalid number of matrix elements")
        self.matrix = elements.reshape(count, len(self.chosen))

    def read(self, line: int, samp: int, ns: int, whole: bool) -> np.ndarray:
        """Values of a line, float32 (bands, ns); ``whole`` lines of an MSS image are read at once."""
        count, first = len(self.chosen), self.images[0]
        buffer = np.zeros(self.ns * count + max(ns, first.ns), np.float32)
        if self.mss and whole:
            values = first.read(line=line)
            buffer[: len(values)] = values
        else:
            for place, band in enumerate(self.chosen):
                if self.mss:
                    values = first.read(line=line, samp=(band - 1) * self.width + samp, nsamps=ns)
                elif len(self.images) > 1 or count == 1:
                    values = self.images[place].read(line=line, samp=samp, nsamps=ns)
                else:
                    values = first.read(line=line, band=band, samp=samp, nsamps=ns)
                buffer[place * self.ns : place * self.ns + len(values)] = values
        return np.stack([buffer[place * self.ns : place * self.ns + ns] for place in range(count)])


    def blocks(self, area: tuple[int, int, int, int], step: int, whole: bool, at_once: int = AT_ONCE):
        """Values of each ``step``-th line of an area (first line and sample, lines, samples), some lines at a time.

        Yields float32 (bands, lines, samples). Where the lines of every image are plain, they are read together.
        """
        sl, ss, nl, ns = area
        used = self.images[: len(self.chosen)]
        plain = (
            step == 1 and not self.mss and len(used) == len(self.chosen) and min(sl, ss, ns) > 0 and ns <= self.ns
            and all(image.nb == 1 and sl + nl - 1 <= image.nl and ss + ns - 1 <= image.ns for image in used)
        )  # fmt: skip
        many = max(1, at_once // ns) if plain else 1
        for line in range(sl, sl + nl, many * step):
            if many == 1:
                yield self.read(line, ss, ns, whole)[:, None]
            else:
                count = min(many, sl + nl - line)
                yield np.stack([image.read_window(line, ss, count, ns, copy=False) for image in used])


def opened(task, bands: Bands, count: int) -> list:
    """The outputs, one for each combination: several images, or one BIL image again and again."""
    options = {"nl": bands.window.nl, "ns": bands.ns, "format": bands.format, "u_format": "REAL"}
    if task.count("OUT") == 1:
        return [task.create("OUT", 1, nb=count, org="BSQ" if count == 1 else "BIL", **options)]
    outputs = []
    for number in range(1, task.count("OUT") + 1):
        outputs.append(task.create("OUT", number, nb=1, org="BSQ", **options))
        outputs[-1].label.add("BAND", number, task="", format="INT")
    return outputs


def show_matrix(task, bands: Bands, matrix: np.ndarray) -> None:
    if bands.mss:
        task.message(edit("(' *** Output  NS =',I5,' ***')", bands.ns))
    task.message(" ")
    task.message(edit("('     (',I2,',',I2,') TRANSFORMATION MATRIX')", *matrix.shape))
    for start in range(0, matrix.shape[1], COLUMNS):
        task.message(" ")
        for row in matrix:
            task.message(edit("(1X,13F10.4)", *row[start : start + COLUMNS]))
    task.message(" ")


class Scaling:
    """Gain and offset of each output, float32, and how they are found."""

    def __init__(self, task, bands: Bands, count: int):
        self.bands = bands
        low, high = (_F(value) for value in LIMITS[bands.format])
        self.low = task.real("LPERCENT", task.real("PERCENT") / _F(2))
        self.high = task.real("HPERCENT", task.real("PERCENT") / _F(2))
        self.step = task.integer("LINC", task.integer("INC")), task.integer("SINC", task.integer("INC"))
        self.excluded = task.real("EXCLUDE")
        self.spread = task.real("SPREAD", high - low)
        self.center = task.real("CENTER", self.spread / _F(2) if bands.format == "BYTE" else _F(0))
        half = self.spread / _F(2)
        self.limits = (self.center - half, self.center + half) if task.keyword("FIRM") else (low, high)
        self.gain, self.offset = np.ones(MOST, np.float32), np.zeros(MOST, np.float32)
        self.scan = not task.keyword("PRESET") and bands.format != "REAL"
        left = [*bands.matrix.ravel(), _F(0), _F(0)]
        for name, values in (("GAIN", self.gain), ("OFFSET", self.offset)):
            given = task.reals(name)
            if len(given):
                self.scan = False
                values[: count if len(given) == 1 else len(given)] = given
                left[: len(given)] = given
        ends = task.reals("RANGE") if task.count("RANGE") else left
        self.bins = task.integer("HISTSIZE")
        with np.errstate(all="ignore"):
            self.hgain = _F(self.bins - 1) / (ends[1] - ends[0])
            self.hoffset = _F(1) - self.hgain * ends[0]

    def place(self, values):
        """Bin of the histogram, from 0."""
        with np.errstate(all="ignore"):
            return np.clip(nint(values * self.hgain + self.hoffset), 1, self.bins) - 1

    def counted(self, row: np.ndarray, values: np.ndarray, compiled) -> np.ndarray:
        """Histogram of one combination of values (bands, samples), by the kernel if there is one and it can."""
        if compiled:
            counts = np.zeros(self.bins, np.int64)
            if compiled(as_input(values), as_input(row), self.hgain, self.hoffset, counts):
                return counts
        sums = combined(row[None], values, np.zeros(1, np.float32))[0]
        return np.bincount(self.place(sums), minlength=self.bins)

    def measure(self, task, bands: Bands, outputs) -> None:
        """Gain and offset from the histograms of the combinations in the areas."""
        matrix = bands.matrix
        if self.bins < 1 or 0 in self.step:
            task.abend("HISTSIZE and the increments have to be positive.")
        counts = np.zeros((len(matrix), self.bins), np.int64)
        for number, area in enumerate(bands.areas, 1):
            nl, ns = area[2:]
            text = edit("(I5,',',I5,',',I5,',',I5,')   LINC=',I3,'   SINC=',I3)", *area, *self.step)
            task.message(f"     AREA SAMPLED ({text}")
            for output in outputs:
                output.label.add(f"SUBAREA{chr(number + 48)}", text, task="", format="STRING")
            whole = ns == bands.width and not bands.partial
            compiled = tally.pick(nl * ns * len(matrix))
            for values in bands.blocks(area, self.step[0], whole):
                values = values[:, :, :: self.step[1]].reshape(len(values), -1)
                for row in range(len(matrix)):
                    counts[row] += self.counted(matrix[row], values, compiled)
        if self.excluded is not None:
            spike = combined(matrix, np.full((matrix.shape[1], 1), self.excluded), np.zeros(len(matrix), np.float32))
            counts[np.arange(len(matrix)), self.place(spike[:, 0])] = 0
        base = self.center - self.spread / _F(2)
        for row in range(len(matrix)):
            total = int(counts[row].sum())
            bottom = self.reached(task, counts[row], _F(total) * self.low / _F(100), -1)
            top = self.reached(task, counts[row], _F(total) * self.high / _F(100), 1)
            if top == bottom:
                task.abend(" Histogram has no spread")
            self.gain[row] = self.spread / (top - bottom)
            self.offset[row] = base - self.gain[row] * bottom

    def reached(self, task, counts: np.ndarray, wanted, side: int):
        """Value at which ``wanted`` counts are reached from below (``side`` -1) or from above (1)."""
        wanted = max(wanted, _F(0.5))
        ordered = counts if side < 0 else counts[::-1]
        sums = np.add.accumulate(ordered.astype(np.float32), dtype=np.float32)
        found = np.flatnonzero(~(sums < wanted))
        if not len(found):
            task.abend("The percentages are not reached by the histogram.")
        at = int(found[0])
        part = (sums[at] - wanted) / _F(ordered[at])
        place = _F(at + 1) - part if side < 0 else _F(len(counts) - at) + part
        return (place - self.hoffset) / self.hgain


def combined(matrix: np.ndarray, values: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Rows of the matrix times the bands, added to ``start`` band after band in single precision."""
    sums = np.repeat(start[:, None], values.shape[1], axis=1)
    with np.errstate(all="ignore"):
        for band in range(matrix.shape[1]):
            sums = sums + matrix[:, band : band + 1] * values[band]
    return sums


@kernel()
def tally(values, row, gain, offset, counts):
    """Count a combination of values (bands, samples) in its bins; False if one is too large or no number."""
    for n in range(values.shape[1]):
        total = np.float32(0)
        for band in range(values.shape[0]):
            total += row[band] * values[band, n]
        place = np.float64(total * gain + offset)
        if not abs(place) < SAFE - 1:
            return False
        counts[min(max(np.int64(place + (0.5 if place > 0 else -0.5)), 1), len(counts)) - 1] += 1
    return True


@kernel()
def limited(values, row, start, low, high, out):
    """A combination of values (bands, samples) with ``start``, within limits, rounded."""
    for n in range(values.shape[1]):
        total = start
        for band in range(values.shape[0]):
            total += row[band] * values[band, n]
        if not total > low:
            total = low
        if not total < high:
            total = high
        wide = np.float64(total)
        out[n] = np.int32(wide + (0.5 if wide > 0 else -0.5))


def transform(task, bands: Bands, scaling: Scaling, outputs) -> None:
    window, count = bands.window, len(bands.matrix)
    matrix = bands.matrix * scaling.gain[:count, None]
    start, (low, high) = scaling.offset[:count], scaling.limits
    compiled = limited.pick(window.nl * bands.ns * count)
    if bands.format == "REAL" or not max(abs(low), abs(high)) < SAFE - 1:
        compiled = None
    area = window.sl, window.ss, window.nl, bands.ns
    at_once = 1 if 1 < len(outputs) < count else AT_ONCE  # where writing fails, at the original's line
    line = 1
    for values in bands.blocks(area, 1, not bands.partial, at_once):
        lines = values.shape[1]
        values = values.reshape(len(values), -1)
        results = np.empty((count, values.shape[1]), np.float32)
        if compiled:
            for number in range(count):
                compiled(as_input(values), as_input(matrix[number]), start[number], low, high, results[number])
        else:
            results = np.fmin(np.fmax(combined(matrix, values, start), low), high)
            if bands.format != "REAL":
                results = nint(results).astype(np.float32)
        put(bands, outputs, results.reshape(count, lines, -1), line)
        line += lines


def put(bands: Bands, outputs: list, results: np.ndarray, line: int) -> None:
    """Write lines of all combinations (combinations, lines, samples), the first of them number ``line`` of the output."""
    if len(outputs) == len(results) and results.shape[1] > 1:
        for output, block in zip(outputs, results):
            output.write_window(block, line)
        return
    for row in range(results.shape[1]):
        for number in range(len(results)):
            if len(outputs) == 1:
                place = outputs[0]
            else:  # the units of outputs that are not given are 0, which is the first input's
                place = outputs[number] if number < len(outputs) else bands.images[0]
            place.write(results[number, row], nsamps=bands.ns)
