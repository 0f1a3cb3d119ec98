"""GTGENUP: change items of a property label in place. Source: ``vos/p2/prog/gtgenup`` (C)."""

from __future__ import annotations

from programs.carto._property import read_property
from vicar.errors import VicarError

MAXIMUM, LENGTH, NAME = 40, 199, 98
ONE_SOURCE = "gtgenup: exactly one of the second inp parm, the parmfile parm, or the geotiff parm must be specified"
FILE_LINE = 198


def main(task):
    task.if_message("gtgenup version 2015-10-15")
    property = task.string("PROPERTY", "")[:NAME]
    no_file, no_items = task.defaulted("PARMFILE"), task.defaulted("GEOTIFF")
    two = task.count("INP") == 2
    if no_file + no_items + (task.count("INP") == 1) != 2:
        task.abend(ONE_SOURCE)
    with task.open("INP", 1, "UPDATE") as image:
        if two:
            items = [f"{key}={value}" for key, value in read_property(task, 2, property)]
        elif no_file:
            items = [text[:LENGTH] for text in task.strings("GEOTIFF")[:MAXIMUM]]
        else:
            items = file_items(task)
        for item in items:
            update(task, image.label, property, item)


def file_items(task) -> list[str]:
    """Lines of the parameter file, each without its last character."""
    try:
        text = (task.directory / task.string("PARMFILE", "")[:NAME]).read_bytes().decode("latin-1")
    except OSError:
        task.abend("gtgenup: error opening parmfile for input")
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
    return [line[i : i + FILE_LINE][:-1] for line in lines for i in range(0, len(line), FILE_LINE)]


def update(task, label, property: str, item: str) -> None:
    """Delete and add one item; what the label refuses is passed over."""
    key, equals, value = item.partition("=")
    if not equals:
        task.if_message(f"parm \"{item}\" missing '='")
        return
    for change in (lambda: label.delete(key, property=property),
                   lambda: label.add(key, value, property=property, format="STRING")):  # fmt: skip
        try:
            change()
        except VicarError:
            pass
