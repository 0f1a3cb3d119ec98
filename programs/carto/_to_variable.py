"""What GT2TCL and PLAB2TCL share: a value, or an element of "(a,b,c)", of a property item to a variable.

accepted: behind the last element of a vector that is not closed stands nothing, and a tag is not found that the original looks
for without an end (its set has another with the same items behind it).
"""

from __future__ import annotations

import re

from vicar import geotiff

MISSING = "-999"


def return_item(task, property: str) -> None:
    """Look for tag KEYWORD and set VAL."""
    wanted = geotiff.upper(task.string("KEYWORD", ""))
    with task.open("INP") as image:
        value = item_value(image.label, property, wanted, task.integer("ELEMENT"))
    if value is not None and value.startswith("("):
        value = vector_element(value, task.integer("SEQUENCE"))
    value = MISSING if value is None else value
    kind = task.integer("VTYPE")
    if kind == 0:
        task.output("VAL", value[:130])
    elif kind in (2, 4):
        task.output("VAL", geotiff.whole_number(value))
    else:
        task.output("VAL", geotiff.number(value)[0])


def item_value(label, property: str, wanted: str, element: int) -> str | None:
    for info in geotiff.property_items(label, property):
        if info.key == wanted and 1 <= element <= info.nelement:
            return label.get(info.key, property=property, element=element, format="STRING")[: geotiff.VALUE_LENGTH]
    return None


def vector_element(value: str, number: int) -> str | None:
    """Element ``number`` of "(a,b,c)"; None behind the end."""
    parts = re.split("[,)]", value[1:])
    ends = re.findall("[,)]", value)
    for n in range(max(number, 1) - 1):
        if n >= len(ends) or ends[n] == ")":
            return None
    return parts[max(number, 1) - 1] if max(number, 1) <= len(ends) else None
