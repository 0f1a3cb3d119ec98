"""HIST of p3: histogram, mean and standard deviation of an image. Source: ``vos/p3/prog/hist`` (Fortran).

Another program than HIST of the main library: bins have a width of their own in single precision, the first and last collect what
is beyond LIMITS, and all bands together make one histogram unless BYCHAN is given.

Kept as they are there: 'SCREEN counts each DN one column too far to the right, moves the lower limit for the next area, and draws
that over the last picture.

accepted: values so far above LIMITS that their bin number overflows crash the original; here they are beyond the high limit.
FORMAT other than the image's own, which there reads what is behind a line, is refused.
known: plots ('PPLOT, 'WINDOW, 'WBAR), which there need IDL or crash.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.p3._hist_kernel import tally_single
from vicar.image.sweep import line_spans
from vicar.numerics.bytetables import count_bytes, count_halfwords
from vicar.numerics.compiled import as_input
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import accumulate, wrap_int32

FORTRAN = True
f32 = np.float32
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}
NOHIST, NORMAL, WIDE, SCREEN, PLOT = -1, 0, 1, 2, 3
MODES = {"NOHIST": NOHIST, "WIDE": WIDE, "SCREEN": SCREEN, "WINDOW": PLOT, "WBAR": PLOT}
MOST_SPIKES = 9
NARROW_BAR, WIDE_BAR = 50, 100
RULER = ("+" + " " * 9) * 10 + "+"
EMPTY = {"BYTE": (-1, 0), "HALF": (99999, -99999), "FULL": (999999999, -999999999), "REAL": (f32(1e30), f32(-1e30))}


@dataclass
class Bins:
    """low : lower edge of the second bin less one and a half widths; all float32."""

    count: int
    low: np.float32
    high: np.float32
    width: np.float32


@dataclass
class Area:
    """First and last line and sample, from 1, and the bands."""

    sl: int
    ss: int
    el: int
    es: int
    bands: range
    linc: int
    sinc: int


@dataclass
class Statistics:
    pixels: np.float32
    mean: np.float32
    deviation: np.float32
    low: float
    high: float


@dataclass
class Screen:
    """The picture of 'SCREEN, which lasts for all areas."""

    rows: np.ndarray


def main(task):
    task.message("*** p3/HIST version Sep 9 2015 ***")
    with task.open("INP") as image:
        if image.org == "BIP":
            task.abend(" HIST does not accept BIP input")
        window, bands = task.size_field(image), task.band_field(image)
        fmt = read_format(task, image)
        steps = (task.integer("LINC"), task.integer("SINC")) if task.defaulted("INC") else (task.integer("INC"),) * 2
        mode = read_mode(task, fmt)
        bins = read_bins(task, fmt)
        numbers = task.integers("AREA")
        if task.defaulted("AREA"):
            numbers[2:4] = window.nl, window.ns
        screen = Screen(np.full((22, 81), " "))
        together = range(bands.sb, bands.sb + bands.nb)
        for chosen in [range(band, band + 1) for band in together] if task.keyword("BYCHAN") else [together]:
            if task.keyword("BYCHAN"):
                task.messages(" ", " ", " ", edit("('---Channel',I4)", chosen[0]))
            for at in range(0, len(numbers) - 3, 4):
                area = clipped(task, window, numbers[at : at + 4], chosen, steps)
                found = one_area(task, image, fmt, area, bins, mode, screen)
            for name, value in (("MIN", found.low), ("MAX", found.high), ("MEAN", found.mean), ("SIGMA", found.deviation)):
                task.output(name, f32(value))


def read_format(task, image) -> str:
    wanted = task.string("FORMAT") if not task.defaulted("FORMAT") else image.format
    if wanted not in FORMATS:
        task.abend(f" ** FORMAT {wanted:<8} NOT SUPPORTED **")
    if FORMATS[wanted] != FORMATS.get(image.format):
        task.abend(f"** The image is {image.format}, not {wanted} **")
    return FORMATS[wanted]


def read_mode(task, fmt: str) -> int:
    mode = NORMAL
    for word, number in MODES.items():
        if task.keyword(word):
            mode = number
    if task.keyword("PPLOT") and task.defaulted("MODE"):
        mode = PLOT
    if mode == SCREEN and fmt != "BYTE":
        task.abend(" Screen oriented histogram not supported for non-byte data")
    return mode


def read_bins(task, fmt: str) -> Bins:
    count = max(task.integer("BINS"), 2)
    low, high = task.reals("LIMITS")
    if task.defaulted("LIMITS") and fmt != "BYTE":
        low, high = f32(-32768), f32(32767)
    width = (high - low) / f32(count - 1)
    if fmt != "REAL":
        width = max(width, f32(1))
    return Bins(count + 2, low - f32(2.5) * width, high, width)


def clipped(task, window, numbers: list[int], bands: range, steps: tuple[int, int]) -> Area:
    sl, ss = numbers[0] + window.sl - 1, numbers[1] + window.ss - 1
    el, es = numbers[2] + sl - 1, numbers[3] + ss - 1
    if el > window.nli:
        task.message(" DESIRED AREA EXCEEDS INPUT IMAGE SIZE, LINES TRUNCATED")
    if es > window.nsi:
        task.message(" DESIRED AREA EXCEEDS INPUT IMAGE SIZE, SAMPLES TRUNCATED")
    return Area(sl, ss, min(el, window.nli), min(es, window.nsi), bands, *steps)


def one_area(task, image, fmt: str, area: Area, bins: Bins, mode: int, screen: Screen) -> Statistics:
    counts, total, squares, zeroes, low, high = tally(image, fmt, area, bins)
    number = len(area.bands) * (1 + quotient(area.el - area.sl, area.linc)) * (1 + quotient(area.es - area.ss, area.sinc))
    pixels = f32(number)
    if task.keyword("EXCLUDE"):
        pixels = pixels - f32(zeroes)
    found = Statistics(pixels, f32(0), f32(0), low, high)
    if pixels != 0:
        found.mean = f32(total / float(pixels))
        spread = float(pixels) * squares - total * total
        if spread > 0:
            found.deviation = f32(np.sqrt(spread) / float(pixels))
    task.message(" ")
    if mode <= WIDE:
        print_histogram(task, counts, bins, found, fmt, mode, area)
        task.message(" ")
    elif mode == SCREEN:
        print_screen(task, counts, bins, found, screen)
    if mode == PLOT or task.keyword("PPLOT"):
        print_plot(task, counts, bins, found, fmt, mode)
    return found


def quotient(a: int, b: int) -> int:
    return int(a / b)


# -- counting -------------------------------------------------------------------------------------------------------


def tally(image, fmt: str, area: Area, bins: Bins):
    """Counts by bin, sum, sum of squares, number of zeroes, least and greatest value."""
    if fmt in ("BYTE", "HALF"):
        return tally_values(image, fmt, area, bins)
    counts = np.zeros(bins.count, np.int64)
    total = squares = np.float64(0)
    zeroes, (low, high) = 0, EMPTY[fmt]
    compiled = tally_single.pick(max(area.el - area.sl + 1, 0) * max(area.es - area.ss + 1, 0))
    for block in blocks(image, area):
        values = block.ravel()
        if not values.size:
            continue
        wide = f32 if fmt == "REAL" else np.int64
        low, high = np.fmin(low, wide(np.fmin.reduce(values))), np.fmax(high, wide(np.fmax.reduce(values)))
        if compiled is not None:
            total, squares, more = compiled(as_input(values), bins.low, bins.width, f32(bins.count), total, squares, counts)
            zeroes += more
            continue
        zeroes += int(np.count_nonzero(values == 0))
        with np.errstate(over="ignore", invalid="ignore"):
            single = values.astype(f32)
            total = accumulate(values.astype(float), total)
            squares = accumulate((single * single).astype(float), squares)
        counts += np.bincount(places(single, bins), minlength=bins.count)
    return counts, float(total), float(squares), zeroes, low, high


def tally_values(image, fmt: str, area: Area, bins: Bins):
    """The same for bytes and halfwords, from how often each value occurs; their sums are exact."""
    least, count, many = (0, count_bytes, 256) if fmt == "BYTE" else (-32768, count_halfwords, 65536)
    by_value = np.zeros(many, np.int64)
    for block in blocks(image, area):
        by_value += count(np.ascontiguousarray(block).reshape(len(block), -1))
    values = np.arange(float(many)) + least
    present = np.flatnonzero(by_value)
    low, high = (int(present[0]) + least, int(present[-1]) + least) if len(present) else EMPTY[fmt]
    counts = np.bincount(places(values.astype(f32), bins), by_value, bins.count).astype(np.int64)
    return counts, float(by_value @ values), float(by_value @ values**2), int(by_value[-least]), low, high


def places(values: np.ndarray, bins: Bins) -> np.ndarray:
    """Bins from 0; what is no number is in the first."""
    with np.errstate(all="ignore"):
        number = np.fmax((values - bins.low) / bins.width, f32(1))
    return np.fmin(number, f32(bins.count)).astype(np.int64) - 1


def blocks(image, area: Area):
    """Pixels of the area, some lines at a time, the bands of a line after each other."""
    lines = max(area.el - area.sl + 1, 0)
    width = max(area.es - area.ss + 1, 0) * len(area.bands)
    step = abs(area.linc)
    if lines and area.bands[-1] > image.nb:  # the error names the last record read
        for band in area.bands:
            image.read(line=area.sl, band=band)
    for first, count in line_spans(-(-lines // step) if step else 0, max(width, 1)):
        top = area.sl + first * step
        bands = [image.read_window(top, 1, min((count - 1) * step + 1, area.el - top + 1), image.ns, band)[::step]
                 for band in area.bands]  # fmt: skip
        yield np.stack(bands, axis=1)[:, :, area.ss - 1 : area.es : area.sinc]


# -- printing -------------------------------------------------------------------------------------------------------


def ranked(counts: np.ndarray, number: int) -> tuple[dict[int, int], int]:
    """Ranks (from 1) of the fullest bins by place, and the count of the last of them."""
    left, ranks, top = counts.copy(), {}, 0
    for rank in range(1, number + 1):
        fullest = int(left.argmax()) if len(left) else 0
        if not len(left) or left[fullest] <= 0:
            break
        ranks[fullest], top, left[fullest] = rank, int(left[fullest]), 0
    return ranks, top


def spikes(task) -> int:
    return min(max(task.integer("SPIKES"), 1), MOST_SPIKES)


def bar(count: int, top: int, length: int) -> int:
    return int(wrap_int32(min(count, top) * length) / top)


def print_histogram(task, counts, bins: Bins, found: Statistics, fmt: str, mode: int, area: Area) -> None:
    if mode != NOHIST:
        (print_wide if mode == WIDE else print_narrow)(task, counts, bins, found, area)
        task.message(" ")
    if task.keyword("EXCLUDE"):
        task.message(" EXCLUDING PIXELS OF DN=0")
    form = "G14.6" if fmt == "REAL" else "I10"
    low, high = (f32(v) if fmt == "REAL" else int(v) for v in (found.low, found.high))
    task.message(edit(f"(' Average Gray Level = ',G14.6,10X,'Minimum = ',{form})", found.mean, low))
    task.message(edit(f"(' Standard Deviation = ',G14.6,10X,'Maximum = ',{form})", found.deviation, high))
    task.message(edit("(' Number of Pixels =',I8)", int(found.pixels)))


def names(bins: Bins) -> list[str]:
    """Eleven characters for each bin."""
    start = bins.low + f32(0.5) * bins.width
    levels = np.add.accumulate(np.append(start, np.full(bins.count, bins.width, f32)))[1:]
    texts = [edit("(G11.5)", level) for level in levels]
    texts[0], texts[-1] = "< LOW LIMIT", ">HIGH LIMIT"
    return texts


def print_narrow(task, counts, bins: Bins, found: Statistics, area: Area) -> None:
    ranks, top = ranked(counts, spikes(task))
    texts = names(bins)
    for place in np.flatnonzero(counts).tolist():
        gap = "*" if place > 1 and counts[place - 1] == 0 else " "
        text = texts[place] + edit("(I8)", int(counts[place])) + gap + " " * 5
        stars = bar(int(counts[place]), top, NARROW_BAR)
        if stars > 0:
            text += f"{'*' * stars:<{NARROW_BAR}}" + (edit("(I2)", ranks[place]) if place in ranks else "")
        task.message(text)


def print_wide(task, counts, bins: Bins, found: Statistics, area: Area) -> None:
    ranks, top = ranked(counts, spikes(task))
    texts, each = names(bins), task.keyword("NOCUM")
    task.message(edit("(' FREQUENCY DISTRIBUTION     SL=',I5,'     SS=',I5,'     NL=',I5,'     NS=',I5,'     LINC=',I3,"
                      "'    SINC=',I3)", area.sl, area.ss, area.el - area.sl + 1, area.es - area.ss + 1, area.linc, area.sinc))
    task.message(" ")
    scale = "".join(f"{n:10d}" for n in range(10, 101, 10))
    task.message(f"        GRAY    FREQ  {'PERCNT' if each else '   CDF'}   {scale}")
    task.message(" " * 30 + RULER)
    share = f32(0)
    for place, count in enumerate(counts.tolist()):
        if not count:
            if place and counts[place - 1]:
                task.message(" ")
            continue
        part = f32(100) * f32(count) / found.pixels
        share = part if each else share + part
        text = texts[place] + edit("(I8,F8.3)", count, share) + "  "
        stars = bar(count, top, WIDE_BAR)
        if stars > 0:
            text += " " + "*" * stars + RULER[stars:] + (edit("(I2)", ranks[place]) if place in ranks else "")
        else:
            text += RULER
        task.message(text[:132])


def print_screen(task, counts, bins: Bins, found: Statistics, screen: Screen) -> None:
    """A picture of 22 lines of 80 columns and a line of statistics."""
    bins.low = bins.low + f32(2.5) * bins.width
    low, high = (found.low, found.high) if (bins.low, bins.high) == (0, 255) else (int(bins.low), int(bins.high))
    width = 1 + quotient(high - low, 80)
    columns = 1 + quotient(high - low, width)
    held = np.zeros(max(low + columns * width, len(counts)) + 1, np.int64)
    held[: len(counts)] = counts
    levels = held[max(low, 0) : max(low, 0) + columns * width].reshape(columns, width).sum(axis=1)
    ranks, top = ranked(levels, spikes(task))
    divisor = f32(top) / f32(19)
    level = low + quotient(width, 2)
    for column, count in enumerate(levels.tolist()):
        if column % 5 == 0:
            screen.rows[19:22, column + 1] = list(edit("(I3)", level))
            level += 5 * width
        if not count:
            continue
        row = int(f32(20.5) - f32(count) / divisor)
        if column in ranks:
            screen.rows[0, column + 1] = str(ranks[column])
            row = 2
        screen.rows[row - 1 : 19, column + 1] = "*"
    for line in screen.rows:
        task.message("".join(line[:80]))
    task.message(edit("(I10,'PIXELS   RANGE',I4,'-',I3,'     MEAN',F8.3,'     STD DEV',F8.3)", int(found.pixels), found.low,
                      found.high, found.mean, found.deviation))


def print_plot(task, counts, bins: Bins, found: Statistics, fmt: str, mode: int) -> None:
    """The line of statistics that stands above a plot."""
    bins.low = bins.low + f32(2.5) * bins.width
    inner = np.sort(counts[1 : bins.count - 1])
    if max(bins.low, f32(found.low)) < min(bins.high, f32(found.high)) and (len(inner) < 2 or inner[-2] == 0):
        task.message(" Only 1 bin occupied, no plotting done.")
    form = "F14.3" if fmt == "REAL" else "F12.1"
    text = edit(f"('#',I9,'#PIXELS###RANGE#',{form},'#TO#',{form},'###MEAN#',F12.3,'###STD#DEV#',F12.3)", int(found.pixels),
                f32(found.low), f32(found.high), found.mean, found.deviation)
    if mode == PLOT:
        task.message(text.replace(" ", "").replace("#", " "))
    task.abend("***Plots are not done here")
