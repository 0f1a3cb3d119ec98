"""DEMFIX: fills the holes of a height model, from another one if there is one. Source: ``vos/p2/prog/demfix`` (C).

Connected pixels not above THRESH are a hole; the pixels around it are its border. A hole gets the heights of the second
model, lifted by the mean difference of the border, and the differences of the border that remain, weighted by distance.

Kept: the second model is read through two lines that never go back; nothing of the last line's edge is renewed, but of
the line whose number is that of the samples; the column beside the last is looked for by the number of lines; pixels of
32000 beside a hole count 0.

accepted
* EDGEON and EDGEOFF: the original dies of them; here they do what HELP says.
* Holes without any border, images of one line or of less than three samples: the original takes memory it never set,
  or dies. Nothing is added to such a hole here; small images end with a sentence.
* THRESH from 32000 on, which the original takes for its own marks, ends with a sentence.
"""

from __future__ import annotations

import numpy as np

from programs.carto import _demfix_kernels as kernels
from vicar import geotiff
from vicar.image.image import Image
from vicar.numerics.heapsort import heapsort
from vicar.numerics.rounding import truncate

FORMATS = ("BYTE", "HALF")


def main(task):
    task.if_message("DEMFIX version 2019-08-22")
    thresh, ocean_thresh = task.integer("THRESH"), task.integer("OCNTHRSH")
    edge = wants_edge(task, thresh)
    if thresh >= kernels.OCEAN:
        task.abend(f"THRESH must be below {kernels.OCEAN}.")
    two = task.count("INP") > 1
    first = mapping(task, 1, "primary")
    other = mapping(task, 2, "secondary") if two else first
    image = heights_of(task, 1)
    second = heights_of(task, 2) if two else np.zeros((0, 1), np.int16)
    model = first.forward, other.inverse, second
    work = with_edge(image.copy(), thresh, len(image)) if edge else image.copy()
    holes, components, ocean = find(task, work, thresh, ocean_thresh, edge, model)
    heights = np.zeros(holes.shape[1], np.int64)
    if two:
        task.if_message("reading secondary dem file")
        factor = float(task.real("DEMFAC"))
        arguments = (*holes[:2], *map(np.array, model[:2]), second, factor, heights)
        kernels.second_heights.best(len(heights))(*arguments)
    heights = lift(holes, truncate_short(heights), components, thresh)
    task.if_message("final update of primary file")
    nl, ns = image.shape
    with task.open("INP"), task.create("OUT", nl=nl, ns=ns, u_format="HALF") as result:
        if edge:
            with_edge(image, thresh, ns)
        if holes.shape[1]:
            fill(task, image, holes, heights, thresh, exponent(task.double("POW")))
        image[ocean[0], ocean[1]] = 0
        if task.keyword("NONEG"):
            np.maximum(image, 0, out=image)
        result.write_window(image)


def exponent(power: float) -> float:
    """Power of a squared distance; 1 for about 2."""
    return 1.0 if 1.99999 < power < 2.00001 else power * 0.5


def truncate_short(values: np.ndarray) -> np.ndarray:
    """C's assignment to a short: the low half."""
    return values.astype(np.int32).astype(np.int16)


def mapping(task, number: int, which: str):
    label = geotiff.read_label(task, "INP", number)
    found = geotiff.read_mapping(label.upper, label.nl, label.ns)
    if found is None:
        task.abend(f"Failed to get mapping from {which} GeoTIFF label")
    return found


def heights_of(task, number: int) -> np.ndarray:
    """All pixels of an input, int16 (lines, samples)."""
    with task.open("INP", number, u_format="HALF") as source:
        check_format(task, source)
        return source.read_window().astype(np.int16)


def check_format(task, source: Image) -> None:
    if source.format not in FORMATS:
        task.abend("Invalid input data format.  Use BYTE or HALF.")


# ---- the edge --------------------------------------------------------------------------------------------------------


def wants_edge(task, thresh: int) -> bool:
    """Whether the edge is computed anew; by default where its steps are four times as frequent as those inside."""
    if task.keyword("EDGEON") or task.keyword("EDGEOFF"):
        return task.keyword("EDGEON")
    with task.open("INP", u_format="HALF") as source:
        if source.ns < 3 or source.nl < 2:
            task.abend("The image needs two lines and three samples.")
        image = source.read_window().astype(np.int32)
    nl, ns = image.shape
    left = steps(image[:, 0], image[:, 1], image[:, 2], thresh)
    right = steps(image[:, -1], image[:, -2], image[:, -3], thresh)
    bad = left + right + steps(image[1, 1:-2], image[0, 1:-2], image[1, 2:-1], thresh, first=True)
    count = 2 * nl + ns - 3
    if nl > 2:
        last, before = image[-1], image[-2]
        bad += steps(last[1:-2], before[1:-2], before[2:-1], thresh, above=last[2:-1])
        count += ns - 3
    inner = image[:, 1:-1]
    bad_inside = steps(inner[:, :-2], inner[:, 1:-1], inner[:, 2:], thresh)
    inside = nl * max(ns - 4, 0)
    with np.errstate(divide="ignore"):
        edge = bool(np.float32(bad) / np.float32(count) > 4.0 * float(np.float32(bad_inside + 2)) / np.float64(inside))
    found = "performing edge fix" if edge else "no edge fix"
    task.if_message(f"{found}, statistics edge={bad}/{count} interior={bad_inside}/{inside}")
    return edge


def steps(a, b, c, thresh: int, first: bool = False, above=None) -> int:
    """In how many places ``a`` to ``b`` is more than four times ``b`` (``first``: ``a``) to ``c`` and a bit.

    Only where ``a``, ``b`` and ``c`` (or ``above`` instead of it) are above THRESH.
    """
    outer, inner = np.abs(a - b), np.abs((a if first else b) - c)
    valid = (a > thresh) & (b > thresh) & ((c if above is None else above) > thresh)
    return int(np.count_nonzero((outer > 4 * (inner + 5)) & valid))


def with_edge(image: np.ndarray, thresh: int, last: int) -> np.ndarray:
    """The image with THRESH at its sides, in its first line, and in line ``last`` from 1."""
    value = truncate_short(np.array(thresh))
    image[:, 0] = image[:, -1] = value
    image[0, 1:-1] = value
    if last <= len(image):
        image[last - 1, 1:-1] = value
    return image


# ---- holes -----------------------------------------------------------------------------------------------------------


def find(task, image: np.ndarray, thresh: int, ocean_thresh: int, edge: bool, model):
    """Records of holes and borders by line (4, n: line, sample, component, value), components, ocean (2, n)."""
    forward, inverse, second = model
    nl, ns = image.shape
    records = np.empty((4, min(kernels.MOST, 3 * image.size) + 3), np.int32)
    ocean = np.empty((2, image.size if len(second) else 0), np.int32)
    reports = np.zeros((2, -(-nl // kernels.REPORT)), np.int64)
    search = kernels.find_holes.best(image.size)
    state, count, components, wet, reached = search(
        image, thresh, ocean_thresh, edge, np.array(forward), np.array(inverse), second, records, ocean, reports
    )
    for number in range(reached // kernels.REPORT + 1):
        pixels, sets = reports[:, number]
        task.if_message(f"line={number * kernels.REPORT} pixels={pixels} component={sets}")
    if state == kernels.ELSEWHERE:
        task.abend("input 1 not same area as input 2")
    if state == kernels.TOO_MANY:
        task.abend("too many pixels in holes")
    records = records[:, :count]
    _, order = heapsort(records[0].tolist())
    return np.ascontiguousarray(records[:, order]), components, ocean[:, :wet]


def lift(holes: np.ndarray, heights: np.ndarray, components: int, thresh: int) -> np.ndarray:
    """Heights of the second model plus what the borders of their holes are above it in the mean."""
    _, _, component, value = holes
    border = (value > thresh) & (heights != -32767)
    count = np.bincount(component[border], minlength=components)
    sums = [np.zeros(max(components, len(count)), np.int64) for _ in range(2)]
    for total, numbers in zip(sums, (value, heights), strict=True):
        np.add.at(total, component[border], numbers[border])
    own, other = (total.astype(np.int32).astype(np.int64) for total in sums)
    mean = (own - other).astype(np.int32) / np.maximum(count, 1)
    boost = np.where(count > 0, truncate(mean + np.where(mean < 0, -0.5, 0.5)), 0)
    return truncate_short(heights + boost[component])


def fill(task, image: np.ndarray, holes: np.ndarray, heights: np.ndarray, thresh: int, power: float) -> None:
    """Put heights into the holes of ``image``."""
    lines, samples, components, values = holes
    borders = np.flatnonzero(values > thresh)
    within = np.searchsorted(lines[borders], np.arange(len(image)) + kernels.BAND, side="right")
    before = np.searchsorted(lines[borders], np.arange(len(image)) - kernels.BAND - 1)
    if (within - before).max() >= kernels.BAND * image.shape[1]:
        task.abend("Too many edge pixels")
    borders = borders[np.argsort(components[borders], kind="stable")]
    counts = np.bincount(components[borders], minlength=components.max() + 1)
    starts = np.concatenate(([0], np.cumsum(counts)))
    residuals = values[borders].astype(np.int64) - heights[borders]
    empty = np.flatnonzero(image[lines, samples] <= thresh)
    out = np.empty(len(empty))
    compute = kernels.fill.best(int(counts[components[empty]].sum()))
    compute(lines[empty], samples[empty], components[empty], heights[empty].astype(np.int64), starts, lines[borders],
            samples[borders], residuals, power, out)  # fmt: skip
    image[lines[empty], samples[empty]] = truncate(out, np.int16)
