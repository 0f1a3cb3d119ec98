"""A label for people: one item a line, by set."""

from __future__ import annotations


def label_text(image) -> str:
    """The label of an open image as lines of text."""
    if not image.labelled:
        return "(no label)\n"
    lines = [
        f"{image.name}",
        f"  {image.format} {image.org}, {image.nl} lines x {image.ns} samples x {image.nb} bands",
        f"  host {image.host}, integers {image.intfmt}, reals {image.realfmt}",
    ]
    if image.nbb or image.nlb:
        lines.append(f"  binary header {image.nlb} records, prefix {image.nbb} bytes, type {image.bltype or 'unnamed'}")
    if image.compress not in ("", "NONE"):
        lines.append(f"  compressed: {image.compress}")
    lines += _set("system", image.label.items())
    for name, instance in image.label.properties():
        lines += _set(f"property {name}" + _number(instance), image.label.items(property=name, instance=instance))
    for name, instance in image.label.tasks():
        lines += _set(f"task {name}" + _number(instance), image.label.items(task=name, instance=instance))
    return "\n".join(lines) + "\n"


def _number(instance: int) -> str:
    return f" ({instance})" if instance > 1 else ""


def _set(title: str, items) -> list[str]:
    shown = [(key, value) for key, value in items if key not in ("PROPERTY", "TASK")]
    width = max((len(key) for key, _ in shown), default=0)
    return [f"{title}:"] + [f"  {key:<{width}} = {_value(value)}" for key, value in shown]


def _value(value) -> str:
    if isinstance(value, list):
        return "(" + ", ".join(_value(v) for v in value) + ")"
    return value if isinstance(value, str) else f"{value}"
