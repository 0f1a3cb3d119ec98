"""HISTGEN: the histogram of an image as a table, with its mean and deviation.

Source: ``vos/p2/prog/histgen`` (Fortran). The table has one FULL column: number of levels, 1000 times the mean and the
deviation, then the counts of DN 0 to MAXD; those below and above are counted at the ends. Sums are REAL products added in
double precision.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import fortran
from vicar.numerics.rounding import truncate

FORTRAN = True
BLOCK_PIXELS = 1 << 20
LOWEST = {"BYTE": (0, 255), "HALF": (-32768, 32767)}
GROUPS = (
    "HISTOGRAM", "C_VALUE", "MATRIX", "C_HISTOGRAM", "C_MATRIX", "HISTOGRAM FOR MASKV OR VGRMASK", "C_STATISTICS", "C_ROOT",
)  # fmt: skip


def main(task):
    task.message(" HISTGEN version July 26, 1999")
    source = task.open("INP")
    if source.format not in LOWEST:
        _cancel(task, " ***Invalid input data format")
    low, high = LOWEST[source.format]
    levels = high if task.defaulted("MAXD") else task.integer("MAXD", high)
    table = task.create_table("OUT", nc=1, nr=levels + 4, org="COLUMN", formats=["FULL"])
    window = task.size_field(source)
    if window.sl + window.nl - 1 > window.nli:
        _cancel(task, " ***Number of lines requested exceeds input size")
    if window.ss + window.ns - 1 > window.nsi:
        _cancel(task, " ***Number of samples requested exceeds input size")
    table.set_type("STATISTICS")  # a cancelled task leaves a table without
    counts = count(source, window, low, high)
    mean, deviation = moments(counts, low, window.nl * window.ns)
    values = np.zeros(levels + 4, np.int32)
    values[0] = levels + 1
    values[1:3] = truncate(np.array([1000.0 * mean + 0.5, 1000.0 * deviation + 0.5]))
    values[3:] = within(task, counts, low, levels)
    table.write(1, values)
    for name in GROUPS:
        table.new_group(name, [1])
    label = table.image.label
    label.add("SCALE_TYPE", "0 - MAXD", property="STATISTICS", format="STRING")
    label.add("NUMBER_OF_LEVELS_IN_HISTOGRAM", levels + 1, property="STATISTICS", format="INT")
    label.add("MEAN_VALUE", np.float32(mean), property="STATISTICS", format="REAL")
    label.add("STANDARD_DEVIATION_VALUE", np.float32(deviation), property="STATISTICS", format="REAL")
    table.close()
    task.message(" HISTGEN task completed")


def _cancel(task, text: str) -> None:
    task.message(text)
    task.abend(" ***HISTGEN task cancelled")


def count(source, window, low: int, high: int) -> np.ndarray:
    """Counts of DN ``low`` to ``high``."""
    counts = np.zeros(high - low + 1, np.int64)
    step = max(1, BLOCK_PIXELS // max(1, window.ns))
    for line in range(window.sl, window.sl + window.nl, step):
        lines = min(step, window.sl + window.nl - line)
        dn = source.read_window(line, window.ss, lines, window.ns)
        counts += np.bincount(dn.ravel().astype(np.int32) - low, minlength=len(counts))
    return counts


def moments(counts: np.ndarray, low: int, pixels: int) -> tuple[float, float]:
    """Mean and deviation; the sums run from the lowest DN up."""
    dn = np.arange(low, low + len(counts)).astype(np.float32)
    number = counts.astype(np.float32)
    with np.errstate(all="ignore"):
        mean = np.add.accumulate((number * dn).astype(np.float64))[-1] / np.float64(pixels)
        square = np.add.accumulate((number * (dn * dn)).astype(np.float64))[-1] / np.float64(pixels)
        return mean, np.sqrt(square - mean * mean)


def within(task, counts: np.ndarray, low: int, levels: int) -> np.ndarray:
    """Counts of DN 0 to ``levels``; the rest is added at the ends, and told."""
    below, rest = int(counts[:-low].sum()) if low else 0, counts[-low:]
    above = int(rest[levels + 1 :].sum())
    result = np.zeros(levels + 1, np.int64)
    result[: len(rest)] = rest[: levels + 1]
    result[0] += below
    result[levels] += above
    if below + above > 0:
        task.message(" Number of DN values below 0=" + fortran.integer(below, 7))
        task.message(" Number of DN values above" + fortran.integer(levels, 5) + " =" + fortran.integer(above, 7))
    return result
