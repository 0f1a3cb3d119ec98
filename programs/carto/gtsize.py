"""GTSIZE: change the size of an image and correct its GeoTIFF label. Source: ``vos/p2/prog/gtsize`` (C).

An output pixel (line i, sample j, from 0) has its center at ``line = a*i + b``, ``sample = c*j + d`` of the input.

Kept: in an image of one sample, interpolation reads what lies before the line: zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.carto._lines import LINES_AT_ONCE, read_lines
from vicar import geotiff
from vicar.numerics.compiled import as_input, kernel
from vicar.numerics.conversion import cast

TAGS = tuple(tag for tag in geotiff.MAP_TAGS if tag not in geotiff.UNIT_TAGS)
ROUNDER = 0.5 + 9.0e-14  # keeps results the same when the output starts elsewhere and the step is a third
SIZES_NEEDED = "Cannot set sl or ss without setting nl and ns"


@dataclass
class Plan:
    """Where the output lies: its size, the part that gets pixels (from 0), and the transformation."""

    nl: int
    ns: int
    sl: int = 0
    ss: int = 0
    wnl: int = 0
    wns: int = 0
    a: float = 1.0
    b: float = 0.0
    c: float = 1.0
    d: float = 0.0
    reduction: int = 0  # pixels to average; 0 for interpolation


def main(task):
    task.if_message("GTSIZE version 2019-09-05")
    azoom, pzoom = (positive(task.double(name, 0.0)) for name in ("AZOOM", "PZOOM"))
    label = geotiff.read_label(task)
    text, mapping = label.upper, None
    if label.text and not task.keyword("IGNOREGT"):
        mapping = geotiff.read_mapping(text, label.nl, label.ns)
        if mapping is None:
            task.abend("Failed to get mapping from GeoTIFF label, first input")
        check_zoom_kind(task, text, azoom, pzoom)
    reference = read_reference(task, text) if task.count("INP") > 1 else None
    with task.open("INP", u_format="HALF") as source:
        if source.format not in ("BYTE", "HALF"):
            task.abend("Invalid input data format.  Use BYTE or HALF.")
        plan = make_plan(task, source, azoom, pzoom, mapping, reference)
        with task.create("OUT", nl=plan.nl, ns=plan.ns, u_format="HALF") as result:
            if plan.reduction and not task.keyword("NOIN"):
                reduce(source, result, plan)
            else:
                resample(source, result, plan, task.keyword("NOIN"))
    if mapping is not None:
        new = geotiff.windowed(mapping, text, plan.a, plan.b, plan.c, plan.d)
        geotiff.replace_label(task, "OUT", 1, text, mapping=new)


def positive(zoom: float) -> float:
    return -1.0 / zoom if zoom < 0.0 else zoom


def check_zoom_kind(task, text: str, azoom: float, pzoom: float) -> None:
    points = geotiff.find(text, geotiff.POINT_RASTER) is not None
    if points and azoom > 0.0:
        task.abend("Applying area zoom to point type image")
    if not points and pzoom > 0.0:
        task.abend("Applying point zoom to area type image")


def read_reference(task, text: str) -> tuple[geotiff.GeoLabel, geotiff.Mapping]:
    """Label and mapping of the second input, which must lie as the first."""
    label = geotiff.read_label(task, "INP", 2)
    if not label.text:
        task.abend("Failed to get mapping from GeoTIFF label, second input")
    if not (geotiff.is_rectangular(task, text) and geotiff.is_rectangular(task, label.upper)):
        task.abend("GTSIZE is restricted to rectangular mappings when 2d input")
    mapping = geotiff.read_mapping(label.upper, label.nl, label.ns)
    if mapping is None:
        task.abend("Failed to get mapping from GeoTIFF label, second input")
    if not geotiff.same_map(task, text, label.upper, TAGS, ("-1", "-2")):
        task.abend("Mappings not compatible")
    if geotiff.rotation(task, text) != geotiff.rotation(task, label.upper):
        task.abend("Different rotations for two inputs, use GTROTATE")
    return label, mapping


# ---- what the parameters ask for -------------------------------------------------------------------------------------


def make_plan(task, source, azoom: float, pzoom: float, mapping, reference) -> Plan:
    ties = tie_rectangles(task, reference is not None)
    sized, field = size_field(task, reference is not None)
    sl, ss, nl, ns = field[0], field[1], field[2] or source.nl, field[3] or source.ns
    if ties is None and (sl != 1 or ss != 1):
        task.abend("SL,SS cannot be used without ITIE,OTIE")
    if ties is not None and not sized:
        otie = ties[1]
        sl, ss = int(otie[0] + 0.50000001), int(otie[1] + 0.50000001)
        nl, ns = int(otie[2] - otie[0] + 0.49999999), int(otie[3] - otie[1] + 0.49999999)
    reduction = 0
    if azoom > 0.0 or pzoom > 0.0:
        if azoom > 0.0 and pzoom > 0.0:
            task.abend("Cannot use both azoom and pzoom")
        if reference is not None:
            task.abend("Cannot use GeoTIFF reference with zoom")
        if ties is not None:
            task.abend("Cannot use itie-otie with zoom")
        sl = ss = 1
        nl, ns, ties, reduction = zoomed(task, source, azoom or pzoom, points=pzoom > 0.0)
    if reference is not None:
        return plan_by_reference(task, mapping, *reference)
    if ties is None:
        a, c = source.nl / nl, source.ns / ns
        return Plan(nl, ns, 0, 0, nl, ns, a, 0.5 + (sl - 0.5) * a, c, 0.5 + (ss - 0.5) * c, reduction)
    itie, otie = ties
    lines = axis_by_ties(itie[0::2], otie[0::2], sl, nl, source.nl)
    samples = axis_by_ties(itie[1::2], otie[1::2], ss, ns, source.ns)
    return Plan(nl, ns, lines[0], samples[0], lines[1], samples[1], *lines[2:], *samples[2:], reduction)


def tie_rectangles(task, referenced: bool) -> tuple[list[float], list[float]] | None:
    itie, otie = list(task.doubles("ITIE")), list(task.doubles("OTIE"))
    given = [not task.defaulted("ITIE"), not task.defaulted("OTIE")]
    if given[0] and len(itie) != 4:
        task.abend("ITIE requires four values")
    if given[0] and referenced:
        task.abend("Cannot use itie parameters with GeoTIFF reference")
    if given[1] and len(otie) != 4:
        task.abend("OTIE requires four values")
    if given[0] != given[1]:
        task.abend("ITIE and OTIE must both be given, or neither")
    if not given[0]:
        return None
    if any(t[n + 2] <= t[n] for t in (itie, otie) for n in (0, 1)):
        task.abend("Tiepoint rectangle must subtend positive area")
    return itie, otie


def size_field(task, referenced: bool) -> tuple[bool, list[int]]:
    """Whether any size was given, and sl, ss, nl, ns."""
    size = task.integers("SIZE")
    sized = not task.defaulted("SIZE")
    if sized and 0 in [*size, 0, 0][2:4]:
        task.abend(SIZES_NEEDED)
    given = [not task.defaulted(name) for name in ("SL", "SS", "NL", "NS")]
    if (sized or any(given)) and referenced:
        task.abend("Cannot use size parameters with GeoTIFF reference")
    if any(given[:2]) and not any(given[2:]):
        task.abend(SIZES_NEEDED)
    if sized:
        return True, size + [0] * (4 - len(size))
    return any(given), [task.integer(name, 0) for name in ("SL", "SS", "NL", "NS")]


def zoomed(task, source, zoom: float, points: bool) -> tuple:
    """Output size, tiepoint rectangles and reduction of a zoom."""
    reduction = 0
    if zoom < 0.51:
        reduction = int(1.0 / zoom + 0.000001)
        if abs(1.0 - reduction * zoom) > 0.000001:
            task.abend("Zooms smaller than 0.5 must be integral for now")
    nl, ns = int(source.nl * zoom + 0.0001), int(source.ns * zoom + 0.0001)
    if reduction:
        start, out = (reduction + 1) * 0.5, 1.0
    elif points:
        start = out = 1.0
        nl, ns = int((source.nl - 1) * zoom + 1.0001), int((source.ns - 1) * zoom + 1.0001)
    else:
        start = out = 0.5
    itie = [start, start, start + 100.0, start + 100.0]
    otie = [out, out, 100.0 * zoom + out, 100.0 * zoom + out]
    return nl, ns, (itie, otie), reduction


def axis_by_ties(tie_in, tie_out, first: int, size: int, input_size: int) -> tuple[int, int, float, float]:
    """Start and length of the part with pixels, step and offset, along one axis."""
    step = (tie_in[1] - tie_in[0]) / (tie_out[1] - tie_out[0])
    offset = tie_in[0] + (float(first) - tie_out[0]) * step
    low = (0.5 - tie_in[0]) / step + tie_out[0] - float(first - 1)
    start = max(1, ceiling(low)) - 1
    high = (float(input_size) + 0.5 - tie_in[0]) / step + tie_out[0] - float(first - 1)
    return start, min(size, int(high)) - start, step, offset


def ceiling(value: float) -> int:
    """Upwards, but numbers close above a whole one go down to it."""
    return int(value + 0.999999) if value > 0 else int(value - 0.000001)


def plan_by_reference(task, mapping, label: geotiff.GeoLabel, other: geotiff.Mapping) -> Plan:
    """The pixels of the reference image, over all of it or over the first input."""
    r, corner = other.inverse, mapping.corner
    low = [r[n] * corner[0] + r[n + 1] * corner[1] + r[n + 2] for n in (0, 3)]
    high = [r[n] * corner[2] + r[n + 1] * corner[3] + r[n + 2] for n in (0, 3)]
    if task.keyword("COVERREF"):
        nl, ns = label.nl, label.ns
        start = [max(1, ceiling(v)) - 1 for v in low]
        size = [min(n, int(v)) - s for n, v, s in zip((nl, ns), high, start)]
    else:
        begin = [ceiling(v) - 1 for v in low]
        size = [int(v) - s for v, s in zip(high, begin)]
        low = [v - s for v, s in zip(low, begin)]
        start = [0, 0]
        nl, ns = size
    t = mapping.inverse
    a, c = (t[0] + t[1]) / (r[0] + r[1]), (t[3] + t[4]) / (r[3] + r[4])
    return Plan(nl, ns, *start, *size, a, 0.5 + (1.0 - low[0]) * a, c, 0.5 + (1.0 - low[1]) * c)


# ---- pixels ----------------------------------------------------------------------------------------------------------


def reduce(source, result, plan: Plan) -> None:
    """Averages of squares of pixels."""
    n = plan.reduction
    factor = 1.0 / (n * n)
    quick = _square_sums.pick(plan.nl * plan.ns * n * n)
    lines = max(1, lines_at_once(source) // n)
    for start in range(0, plan.nl, lines):
        count = min(lines, plan.nl - start)
        rows = read_lines(source, start * n + 1, 1, count * n, source.ns)
        if plan.ns < 1:
            result.write(np.zeros(0, np.int16), line=start + 1, nsamps=plan.ns)
        if quick is not None:
            total = np.zeros((count, plan.ns), np.int64)
            quick(as_input(rows), n, total)
        else:
            squares = rows[:, : plan.ns * n].astype(np.int64).reshape(count, n, plan.ns, n)
            total = squares.sum(axis=1).sum(axis=2)
        result.write_window(cast(total * factor + 0.5, np.int16), start + 1)


def lines_at_once(source) -> int:
    """One where a line may be missing or refused, so that the lines before it are there."""
    return 1 if source.n3 != 1 or source.short else LINES_AT_ONCE


@kernel()
def _square_sums(rows, n, total):
    for y in range(rows.shape[0]):
        for x in range(total.shape[1]):
            for i in range(x * n, x * n + n):
                total[y // n, x] += rows[y, i]


def resample(source, result, plan: Plan, nearest: bool) -> None:
    """Interpolation between four pixels, or the nearest of them; zero where the input does not reach."""
    x = np.arange(plan.ss, plan.ss + max(plan.wns, 0)).astype(np.float64) * plan.c + plan.d
    left = np.minimum(np.maximum(np.trunc(x).astype(np.int64) - 1, 0), source.ns - 2)
    part = x - left - 1.0
    if source.ns == 1:
        left += 1  # `Lines` puts the zero in front
    right = left + 1
    columns = np.where(1.0 - part < 0.5, right, left)
    negative = source.format == "HALF"
    quick = _bilinear.pick(2 * plan.nl * len(x))
    lines = Lines(source)
    if plan.ns < 1 and plan.nl > 0:
        result.write(np.zeros(0, np.int16), line=1, nsamps=plan.ns)
    for start in range(0, plan.nl, lines.step):
        rows = np.zeros((min(lines.step, plan.nl - start), plan.ns), np.int16)
        for line in range(max(start, plan.sl), min(start + len(rows), plan.sl + plan.wnl)):
            values = rows[line - start, plan.ss : plan.ss + len(x)]
            y = float(line) * plan.a + plan.b
            upper = min(max(int(y) - 1, 0), source.nl - 2)
            lower_part = y - float(upper) - 1.0
            above, below = lines[upper], lines[upper + 1]
            if nearest:
                chosen = below if 1.0 - lower_part < 0.5 else above
                np.take(chosen, columns, out=values, mode="clip")
            elif quick is not None:
                quick(above, below, left, right, part, lower_part, negative, values)
            else:
                values[:] = bilinear(above, below, left, right, part, lower_part, negative)
        result.write_window(rows, start + 1)


class Lines:
    """Lines of the input by number (from 0), some of them kept; before the first comes the first."""

    def __init__(self, source):
        self.source, self.step = source, lines_at_once(source)
        self.kept: dict[int, np.ndarray] = {}

    def __getitem__(self, number: int) -> np.ndarray:
        if number not in self.kept:
            self.kept = {old: line for old, line in self.kept.items() if old == number - 1}
            first = max(number, 0)
            count = max(1, min(self.step, self.source.nl - first))
            block = read_lines(self.source, first + 1, 1, count, self.source.ns)
            if self.source.ns == 1:
                block = np.pad(block, ((0, 0), (1, 0)))
            self.kept.update(zip(range(number, number + count), map(as_input, block)))
        return self.kept[number]


def bilinear(above, below, left, right, part, lower_part: float, negative: bool) -> np.ndarray:
    rest, upper_part = 1.0 - part, 1.0 - lower_part
    top = rest * above[left] + part * above[right]
    bottom = rest * below[left] + part * below[right]
    value = upper_part * top + lower_part * bottom
    up = cast(value + ROUNDER, np.int16)
    return np.where(value >= 0.0, up, cast(value - ROUNDER, np.int16) if negative else np.int16(0))


@kernel()
def _bilinear(above, below, left, right, part, lower_part, negative, result):
    """`bilinear` into ``result``."""
    for x in range(len(result)):
        i, j, p = left[x], right[x], part[x]
        top = (1.0 - p) * above[i] + p * above[j]
        bottom = (1.0 - p) * below[i] + p * below[j]
        value = (1.0 - lower_part) * top + lower_part * bottom
        if value >= 0.0:
            result[x] = np.int16(np.int64(value + ROUNDER))
        else:
            result[x] = np.int16(np.int64(value - ROUNDER)) if negative else np.int16(0)
