"""Special pixels: values that say why there is no measurement.

A label's own keywords decide (``CORE_NULL`` and its kin: one real instrument uses -8192 for NULL); the usual values stand
in where they are absent and are what new files get. Facts: the labels of five real cubes, and ISIS3's SpecialPixel.h for
32-bit reals. Reals are compared as bit patterns, since a pattern need not be a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from vicar.isis2.label import Label
from vicar.isis2.values import Based

NAMES = ("null", "lrs", "lis", "his", "hrs")
KEYWORDS = {
    "null": ("NULL",),
    "lrs": ("LOW_REPR_SATURATION", "LOW_REPR_SAT"),
    "lis": ("LOW_INSTR_SATURATION", "LOW_INSTR_SAT"),
    "his": ("HIGH_INSTR_SATURATION", "HIGH_INSTR_SAT"),
    "hrs": ("HIGH_REPR_SATURATION", "HIGH_REPR_SAT"),
    "valid": ("VALID_MINIMUM",),
}
LARGEST = 0x7F7FFFFF
NEVER = 1 << 40  # no item has this value


@dataclass(frozen=True)
class Special:
    """Stored values of the five special pixels, the smallest and the largest valid one; for reals, bit patterns."""

    null: int
    lrs: int
    lis: int
    his: int
    hrs: int
    valid: int
    most: int


USUAL = {
    "byte": Special(0, 0, 0, 255, 255, 1, 254),
    "half": Special(-32768, -32767, -32766, -32765, -32764, -32752, 32767),
    "real": Special(0xFF7FFFFB, 0xFF7FFFFC, 0xFF7FFFFD, 0xFF7FFFFE, 0xFF7FFFFF, 0xFF7FFFFA, LARGEST),
    "vax": Special(0xFFFFFFFF, 0xFFFEFFFF, 0xFFFDFFFF, 0xFFFCFFFF, 0xFFFBFFFF, 0xFFEFFFFF, 0xFFFF7FFF),
    "none": Special(NEVER, NEVER, NEVER, NEVER, NEVER, -NEVER, NEVER),  # integers without special values
}


def usual(kind: str, size: int, vax: bool = False) -> Special:
    """The usual special pixels of a number format: ``kind`` u, i or f of numpy, ``size`` in bytes."""
    name = {("u", 1): "byte", ("i", 1): "byte", ("i", 2): "half", ("f", 4): "vax" if vax else "real"}.get((kind, size), "none")
    return USUAL[name]


def from_label(label: Label, prefix: str, path: str, common: Special, index: int | None = None) -> Special:
    """Special pixels a label names (``prefix`` CORE or e.g. BAND_SUFFIX), ``common`` for what it leaves out."""
    found = {}
    for name, endings in KEYWORDS.items():
        for ending in endings:
            value = label.get(f"{prefix}_{ending}", path)
            if isinstance(value, tuple):
                value = value[index or 0] if (index or 0) < len(value) else None
            if isinstance(value, int | float) and math.isfinite(value) and name not in found:
                found[name] = _pattern(value, common)
    return Special(**{f.name: found.get(f.name, getattr(common, f.name)) for f in fields(Special)})


def _pattern(value: int | float, common: Special) -> int:
    """What a label's number is as stored: reals written as numbers become their bits."""
    if common.null < 1 << 31 or isinstance(value, Based):
        return int(value)
    if isinstance(value, int) and value >= 1 << 31:
        return value
    return int(np.array(value, "<f4").view("<u4")) if abs(value) <= 3.5e38 else 0xFF7FFFFF


def keyword_values(special: Special, real: bool) -> dict[str, int]:
    """The CORE_ keywords of a label, in the order ISIS 2 writes them."""
    def one(number: int) -> int:
        return Based(number) if real else number

    return {
        "CORE_VALID_MINIMUM": one(special.valid), "CORE_NULL": one(special.null),
        "CORE_LOW_REPR_SATURATION": one(special.lrs), "CORE_LOW_INSTR_SATURATION": one(special.lis),
        "CORE_HIGH_INSTR_SATURATION": one(special.his), "CORE_HIGH_REPR_SATURATION": one(special.hrs),
    }  # fmt: skip


def masks(stored: np.ndarray, special: Special) -> dict[str, np.ndarray]:
    """Where each special pixel is; ``stored`` are integers, or the bit patterns (uint32) of reals. Earlier names win."""
    taken = np.zeros(stored.shape, bool)
    found = {}
    for name in NAMES:
        here = (stored == getattr(special, name)) & ~taken
        found[name] = here
        taken |= here
    return found
