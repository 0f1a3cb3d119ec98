"""How two VICAR files differ: labels item by item, pixels by bits, IBIS tables cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from vicar.image import open_image

BLOCK_PIXELS = 1 << 22
FEW = 24  # that many distinct integer differences are listed one by one
AREA_SIDE = 1024  # the picture of where is at most that high and wide


@dataclass(frozen=True)
class ItemDifference:
    """One label item; ``None`` stands for an item that is not there. ``place`` is ``system``, ``property X`` or ``task X``."""

    place: str
    key: str
    a: str | None
    b: str | None

    def __str__(self) -> str:
        if self.a is None:
            return f"{self.place}: {self.key}={self.b} only in B"
        if self.b is None:
            return f"{self.place}: {self.key}={self.a} only in A"
        return f"{self.place}: {self.key}: {self.a} | {self.b}"


@dataclass
class PixelDifferences:
    """What differs among ``total`` pixels.

    ``count`` pixels differ in their bits (in value, when the formats differ). ``maximum`` is the largest absolute difference in
    value, at ``position`` (line, sample, band; from 1), where A holds ``a`` and B holds ``b``. ``histogram`` counts B minus A:
    each difference by itself for integers with few distinct ones, else by powers of two. ``area`` marks where: the largest
    absolute difference of each cell, signed (lines x samples, over all bands, reduced to at most ``AREA_SIDE``).
    """

    total: int = 0
    count: int = 0
    maximum: float = 0.0
    position: tuple[int, int, int] | None = None
    a: Any = None
    b: Any = None
    first: tuple[int, int, int] | None = None
    histogram: list[tuple[str, int]] = field(default_factory=list)
    area: np.ndarray | None = None


@dataclass
class Difference:
    """Everything found; ``same`` when nothing that was not ignored differs."""

    labels: list[ItemDifference] = field(default_factory=list)
    ignored: int = 0
    sizes: str = ""
    pixels: PixelDifferences | None = None
    binary: list[str] = field(default_factory=list)
    table: list[str] = field(default_factory=list)
    table_count: int = 0

    @property
    def same(self) -> bool:
        return not (self.labels or self.sizes or self.binary or self.table_count or (self.pixels and self.pixels.count))


# ---- labels --------------------------------------------------------------------------------------------------------


def label_items(label: Any) -> list[tuple[str, str, str]]:
    """(place, key, raw value) of every item, in order; tasks and properties of the same name are numbered."""
    place, counts, found = "system", Counter[tuple[str, str]](), []
    for item in label.all_items:
        if item.key in ("PROPERTY", "TASK"):
            kind, name = item.key.lower(), item.value.strip("'").strip()
            counts[kind, name] += 1
            place = f"{kind} {name}" + (f"({counts[kind, name]})" if counts[kind, name] > 1 else "")
        found.append((place, item.key, item.value))
    return found


def compare_labels(a: Any, b: Any, ignore: Iterable[str] = ()) -> tuple[list[ItemDifference], int]:
    """Differences of two labels, and how many were ignored.

    ``ignore`` holds names of items (``DAT_TIM``), or of a place and an item (``"task GEN.IVAL"``, ``"system.HOST"``); case does
    not matter and ``*`` stands for anything.
    """
    patterns = [one.upper() for one in ignore]
    sides = [_numbered(label_items(label)) for label in (a, b)]
    found, ignored = [], 0
    for place, key, number in dict.fromkeys([*sides[0], *sides[1]]):
        values = [side.get((place, key, number)) for side in sides]
        if values[0] == values[1]:
            continue
        if _ignored(place, key, patterns):
            ignored += 1
        else:
            found.append(ItemDifference(place, key, *values))
    if not found:
        found += _order(sides, patterns)
    return found, ignored


def _numbered(items: list[tuple[str, str, str]]) -> dict[tuple[str, str, int], str]:
    counts: Counter = Counter()
    result = {}
    for place, key, value in items:
        counts[place, key] += 1
        result[place, key, counts[place, key]] = value
    return result


def _ignored(place: str, key: str, patterns: list[str]) -> bool:
    names = (key.upper(), f"{place}.{key}".upper())
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _order(sides: list[dict], patterns: list[str]) -> Iterator[ItemDifference]:
    """The first place where the same items stand in another order."""
    kept = [[item for item in side if not _ignored(item[0], item[1], patterns)] for side in sides]
    for one, other in zip(*kept, strict=False):
        if one != other:
            yield ItemDifference(one[0], "(order of items)", one[1], other[1])
            return


# ---- pixels --------------------------------------------------------------------------------------------------------


class _Tally:
    """Gathers differences block by block."""

    def __init__(self, nl: int, ns: int):
        self.result = PixelDifferences()
        self.step = (max(1, -(-nl // AREA_SIDE)), max(1, -(-ns // AREA_SIDE)))
        self.area = np.zeros((-(-nl // self.step[0]), -(-ns // self.step[1])), np.float64)
        self.distinct: Counter = Counter()
        self.powers: Counter = Counter()
        self.integers = True

    def add(self, a: np.ndarray, b: np.ndarray, line: int, band: int) -> None:
        """Compare two blocks (lines x samples) that begin at ``line`` of ``band``."""
        self.result.total += a.size
        lines, samps = np.nonzero(_differ(a, b))
        if not lines.size:
            return
        left, right = a[lines, samps], b[lines, samps]
        change = _change(left, right)
        if self.result.first is None:
            self.result.first = (line + int(lines[0]), 1 + int(samps[0]), band)
        self.result.count += lines.size
        size = np.where(np.isnan(change), np.inf, np.abs(change)).astype(np.float64)
        worst = int(size.argmax())
        if self.result.position is None or size[worst] > self.result.maximum:
            self.result.maximum = float(size[worst])
            self.result.position = (line + int(lines[worst]), 1 + int(samps[worst]), band)
            self.result.a, self.result.b = left[worst].item(), right[worst].item()
        self._count(change, size)
        self._mark(line - 1 + lines, samps, np.where(change < 0, -size, size))

    def _count(self, change: np.ndarray, size: np.ndarray) -> None:
        self.integers &= change.dtype.kind == "i"
        if self.integers and len(self.distinct) <= 4 * FEW:
            values, counts = np.unique(change, return_counts=True)
            self.distinct.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        with np.errstate(divide="ignore"):
            power = np.where(size == 0, -9999, np.where(np.isinf(size), 9999, np.floor(np.log2(size))))
        keys = np.stack([np.where(change < 0, -1, 1), power.astype(np.int64)])
        values, counts = np.unique(keys, axis=1, return_counts=True)
        for (sign, exponent), count in zip(values.T.tolist(), counts.tolist(), strict=True):
            self.powers[sign, exponent] += count

    def _mark(self, lines: np.ndarray, samps: np.ndarray, signed: np.ndarray) -> None:
        cells = (lines // self.step[0], samps // self.step[1])
        order = np.argsort(np.abs(signed), kind="stable")
        strongest = np.where(signed == 0, np.finfo(np.float64).tiny, signed)[order]
        rows, columns = cells[0][order], cells[1][order]
        fresh = np.zeros_like(self.area)
        fresh[rows, columns] = strongest  # the last, strongest one of each cell stays
        larger = np.abs(fresh) > np.abs(self.area)
        self.area[larger] = fresh[larger]

    def finish(self) -> PixelDifferences:
        self.result.area = self.area
        if self.integers and len(self.distinct) <= FEW:
            self.result.histogram = [(f"{value:+d}", count) for value, count in sorted(self.distinct.items())]
        else:
            ordered = sorted(self.powers.items(), key=lambda one: one[0][0] * (one[0][1] + 10000))
            self.result.histogram = [(_power_name(*key), count) for key, count in ordered]
        return self.result


def _power_name(sign: int, exponent: int) -> str:
    if exponent == -9999:
        return "same value, other bits"
    if exponent == 9999:
        return "not finite"
    low, high = (f"{2.0**power:g}" for power in (exponent, exponent + 1))
    return f"[{low}, {high})" if sign > 0 else f"(-{high}, -{low}]"


def _differ(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Where two blocks differ: in their bits, or in value when they are of different types."""
    if a.dtype != b.dtype:
        return (a != b) & ~((a != a) & (b != b))
    if a.dtype.kind in "ui":
        return a != b
    parts = {"f4": "u4", "f8": "u8", "c8": "u8"}[a.dtype.str[1:]]
    return np.ascontiguousarray(a).view(parts) != np.ascontiguousarray(b).view(parts)


def _change(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """B minus A; the absolute difference for complex pixels."""
    if a.dtype.kind == "c" or b.dtype.kind == "c":
        return np.abs(b.astype(np.complex128) - a.astype(np.complex128))
    if a.dtype.kind in "ui" and b.dtype.kind in "ui":
        return b.astype(np.int64) - a.astype(np.int64)
    with np.errstate(invalid="ignore", over="ignore"):
        return b.astype(np.float64) - a.astype(np.float64)


def compare_pixels(a: Any, b: Any) -> PixelDifferences:
    """Compare two open images of the same size, block by block."""
    tally = _Tally(a.nl, a.ns)
    rows = max(1, BLOCK_PIXELS // max(1, a.ns))
    for band in range(1, a.nb + 1):
        for line in range(1, a.nl + 1, rows):
            count = min(rows, a.nl - line + 1)
            blocks = [image.read_window(line, 1, count, image.ns, band) for image in (a, b)]
            with np.errstate(all="ignore"):
                tally.add(blocks[0], blocks[1], line, band)
    return tally.finish()


def _binary(a: Any, b: Any) -> Iterator[str]:
    """Differences of the binary header and of the line prefixes."""
    for name, sizes, read in (
        ("binary header", (a.nlb, b.nlb), lambda image: image.binary_header()),
        ("line prefixes", (a.nbb, b.nbb), lambda image: image.prefixes()),
    ):
        if sizes[0] != sizes[1]:
            yield f"{name}: {sizes[0]} | {sizes[1]} {'lines' if 'header' in name else 'bytes'}"
        elif sizes[0]:
            one, other = (np.asarray(read(image)).view(np.uint8).ravel() for image in (a, b))
            count = int((one != other).sum()) if one.size == other.size else abs(one.size - other.size)
            if count:
                yield f"{name}: {count} of {one.size} bytes differ"


# ---- whole files ---------------------------------------------------------------------------------------------------


def compare_files(a: Path, b: Path, ignore: Iterable[str] = (), labels: bool = True, pixels: bool = True) -> Difference:
    """Compare two files; raises ``VicarError`` (or ``OSError``) when one cannot be read."""
    result = Difference()
    with open_image(a) as one, open_image(b) as other:
        if labels:
            result.labels, result.ignored = compare_labels(one.label, other.label, ignore)
        if pixels:
            _compare_contents(a, b, one, other, result)
    return result


def _compare_contents(a: Path, b: Path, one: Any, other: Any, result: Difference) -> None:
    from monitor.verify.tables import compare_tables, is_table

    if is_table(one) and is_table(other) and (found := compare_tables(a, b)) is not None:
        result.table, result.table_count = found
        return
    sizes = [(image.nl, image.ns, image.nb) for image in (one, other)]
    if sizes[0] != sizes[1]:
        result.sizes = " | ".join(f"{nl} lines, {ns} samples, {nb} bands" for nl, ns, nb in sizes)
        return
    result.pixels = compare_pixels(one, other)
    result.binary = list(_binary(one, other))
