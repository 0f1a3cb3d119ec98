"""FITG: linear stretch between percentages of the histogram, then, if wanted, a Gaussian one.

Source: ``vos/p2/prog/fitg`` (C, 2019-06-11).

Kept as they are: PERCENT has no effect, LEFT and RIGHT always count; the Gaussian stretch adds to what is left of the
first histogram from its 65th place on.
accepted: GAUSS of BYTE images ends with a sentence, where the original spoils its memory and dies; DEBUG prints
nothing.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm

UNSET = 999999
RANGES = {"BYTE": (0, 255), "HALF": (-32768, 32767)}
BIAS = 32768
LEVELS = 256
CLEARED = 64  # places of the histogram that are cleared before the second count
_F = np.float32


def main(task):
    task.if_message("fitg version 2019-06-11")
    gauss = task.keyword("GAUSS") or not task.defaulted("MEAN") or not task.defaulted("SIGMA")
    source = task.open("INP")
    if source.format not in RANGES:
        task.abend("Input must be BYTE or HALF word files")
    half = source.format == "HALF"
    narrow = half and (task.keyword("BYTE") or gauss)
    nl, ns = source.nl, source.ns
    kind = "HALF" if half and not task.keyword("BYTE") else "BYTE"
    result = task.create("OUT", nl=nl, ns=ns, format=kind, u_format=source.format)
    low, high = limits(task, "BYTE" if narrow or not half else "HALF")
    pixels = np.stack([source.read(line=line + 1, samp=1, nsamps=ns) for line in range(nl)])
    source.close()
    if gauss and not half:
        task.abend("GAUSS is for HALF images only.")
    if half and task.keyword("SWAP"):
        pixels = pixels.byteswap()
    counts = np.bincount(pixels.ravel().astype(np.int32) + (BIAS if half else 0), minlength=1 << 16)
    verbose = task.keyword("VERBOSE")
    if verbose:
        show(task, "before", counts, half)
    first, last = ends(counts, task.double("LEFT"), task.double("RIGHT"), nl * ns)
    wanted = [np.array([place - (BIAS if half else 0)]).astype(pixels.dtype)[0] for place in (first, last)]
    if verbose and (narrow or not half):
        task.printf(f"loVal: {wanted[0]} hiVal: {wanted[1]}\n")
    pixels = stretched(pixels, *wanted, low, high)
    if gauss:
        if verbose:
            task.printf("Linear stretch complete, performing Gaussian stretch\n")
        pixels = shaped(task, pixels, counts, low, high)
    if verbose:
        after = pixels.ravel().astype(np.int32) + (BIAS if half and not narrow else 0)
        show(task, "after", np.bincount(after, minlength=1 << 16), half and not narrow)
    result.write_window(pixels)


def limits(task, kind: str) -> tuple[int, int]:
    """OUTMIN and OUTMAX, those out of range replaced by the ends of it."""
    bottom, top = RANGES[kind]
    return tuple(
        value if value != UNSET and bottom <= value <= top else usual
        for value, usual in ((task.integer("OUTMIN"), bottom), (task.integer("OUTMAX"), top))
    )


def ends(counts: np.ndarray, left: float, right: float, total: int) -> tuple[int, int]:
    """First and last place at which so many percent of the pixels are reached from either end."""
    used = np.flatnonzero(counts)
    found = []
    for share, order in ((left, 1), (right, -1)):
        sums = np.cumsum(counts[::order])
        reached = np.flatnonzero(sums >= total * share / 100)
        start = used[0] if order == 1 else len(counts) - 1 - used[-1]
        found.append(max(int(reached[0]), int(start)) if len(reached) else len(counts))
    return found[0], len(counts) - 1 - found[1]


def stretched(pixels: np.ndarray, first, last, low: int, high: int) -> np.ndarray:
    """Values ``first`` to ``last`` spread over ``low`` to ``high``, those beyond cut off; in the pixels' type."""
    span = np.float32(int(last) - int(first))
    with np.errstate(all="ignore"):
        share = (pixels.astype(np.int32) - int(first)).astype(np.float32) * _F(high - low) / span
        inner = (0.5 + share.astype(np.float64)).astype(np.int32) + np.int32(low)
    result = np.where(pixels < first, low, np.where(pixels > last, high, inner))
    return result.astype(pixels.dtype)


def shaped(task, pixels: np.ndarray, counts: np.ndarray, low: int, high: int) -> np.ndarray:
    """The Gaussian stretch of values 0 to 255."""
    counts = counts[:LEVELS].copy()
    counts[:CLEARED] = 0
    counts += np.bincount(pixels.ravel().astype(np.int32), minlength=LEVELS)[:LEVELS]
    sigma, mean = _F(task.double("SIGMA")), _F(task.double("MEAN"))
    if sigma == 0:
        task.abend("SIGMA is zero.")
    spread = _F(127.5 / float(sigma))
    spread = _F(2.0 * float(spread) * float(spread))
    places = np.arange(LEVELS, dtype=np.float32)
    exponents = -(places - mean) * (places - mean) / spread
    curve = libm.exp(exponents.astype(np.float64)).astype(np.float32)
    return lookup(counts, curve, low, high)[pixels.astype(np.int32)].astype(pixels.dtype)


def lookup(counts: np.ndarray, curve: np.ndarray, low: int, high: int) -> np.ndarray:
    """Table that gives values ``low`` to ``high`` the distribution of the curve; float32 sums in order."""
    counts = counts.copy()
    counts[:low] = 0
    counts[high + 1 :] = 0
    area = np.add.accumulate(curve, dtype=np.float32)[-1]
    scale = np.add.accumulate(counts[low : high + 1].astype(np.float32), dtype=np.float32)[-1] if high >= low else _F(0)
    scale = scale / area
    wanted = np.add.accumulate(curve * scale, dtype=np.float32)
    table = np.full(LEVELS, 255, np.uint8)
    value, place = 0, 0
    total, following = _F(0), _F(counts[0])
    while value < LEVELS and place < LEVELS:
        while abs(wanted[place] - total) >= abs(wanted[place] - following):
            table[value] = place
            value += 1
            if value == LEVELS:
                break
            total = following
            following = total + _F(counts[value])
        place += 1
    return table


def show(task, when: str, counts: np.ndarray, half: bool) -> None:
    task.printf(f"histogram {when} stretch:\n")
    for place in np.flatnonzero(counts):
        task.printf(f"{place - (BIAS if half else 0):5d}: {counts[place]}\n")
