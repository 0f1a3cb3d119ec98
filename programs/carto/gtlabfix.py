"""GTLABFIX: write numbers with short exponents out as decimals. Source: ``vos/p2/prog/gtlabfix`` (C).

Kept: what looks like a number and is none is replaced by the number before it.
accepted: if there is none before it, by 0; the original takes what its memory holds.
"""

from __future__ import annotations

from vicar.geotiff import property_items
from vicar.numerics.cformat import scanned, sprintf


def main(task):
    task.if_message("gtlabfix version 2017-05-31")
    property = task.string("PROPERTY", "")[:98]
    with task.open("INP", 1, "UPDATE") as image:
        label = image.label
        items = [(info.key, label.get(info.key, property=property, format="STRING"))
                 for info in property_items(label, property)]  # fmt: skip
        last = 0.0
        for key, value in items:
            if is_short(value):
                last = scanned(value, last)
                value = sprintf("%18.15f", last)
            label.delete(key, property=property)
            label.add(key, value, property=property, format="STRING")


def is_short(value: str) -> bool:
    """Whether it looks like a number with an exponent of at most three characters."""
    at = next((n for n, c in enumerate(value) if c in "Ee"), None)
    return at is not None and len(value) - at <= 4 and all(c in "0123456789Ee+-." for c in value)
