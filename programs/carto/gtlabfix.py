"""GTLABFIX: write numbers with short exponents out as decimals. Source: ``vos/p2/prog/gtlabfix`` (C)."""

from __future__ import annotations

from vicar.geotiff import property_items
from vicar.numerics.cformat import atof, sprintf


def main(task):
    task.if_message("gtlabfix version 2017-05-31")
    property = task.string("PROPERTY", "")[:98]
    with task.open("INP", 1, "UPDATE") as image:
        label = image.label
        items = [(info.key, label.get(info.key, property=property, format="STRING"))
                 for info in property_items(label, property)]  # fmt: skip
        for key, value in items:
            label.delete(key, property=property)
            label.add(key, written_out(value), property=property, format="STRING")


def written_out(value: str) -> str:
    """The value with 15 decimals if it is a number with an exponent of at most three characters."""
    if any(c not in "0123456789Ee+-." for c in value):
        return value
    at = next((n for n, c in enumerate(value) if c in "Ee"), None)
    if at is None or len(value) - at > 4:
        return value
    return sprintf("%18.15f", atof(value))
