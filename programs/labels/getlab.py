"""GETLAB: one item of a label to a variable. Source: ``vos/p2/prog/getlab`` (C).

accepted: for an ELEMENT behind the last the original returns what lies in memory; here 0 or an empty string.
"""

from __future__ import annotations

from vicar.errors import VicarError
from vicar.geotiff import upper

MAXIMUM_TASKS = 200


def main(task):
    task.if_message("GETLAB version 2019-06-13")
    key, form = upper(task.string("LAB_ITEM", "")), upper(task.string("ITM_TYPE", ""))
    element = task.integer("ELEMENT")
    with task.open("INP") as image:
        values = find(task, image.label, key, form)
    missing = "" if form == "STRING" else 0 if form == "INT" else 0.0
    task.output("ITM_NAME", values[element - 1] if 1 <= element <= len(values) else missing)


def find(task, label, key: str, form: str) -> list:
    """All values of the item."""
    name = upper(task.string("ITM_TASK", ""))
    if task.keyword("SYSTEM"):
        return label.values(key, format=form)
    if task.keyword("PROPERTY"):
        return label.values(key, property=name, format=form)
    mode = name if task.keyword("INSTANCE") else "LATEST" if task.keyword("LATEST") else "EARLIEST"
    if mode not in ("LATEST", "EARLIEST"):  # with INSTANCE these two are no names of tasks
        return label.values(key, task=name, instance=task.integer("ITM_INST"), format=form)
    tasks = label.tasks(32)[:MAXIMUM_TASKS]
    for name, instance in reversed(tasks) if mode == "LATEST" else tasks:
        try:
            return label.values(key, task=name, instance=instance, format=form)
        except VicarError as error:
            if error.key != "FNDKEY":
                raise
    raise VicarError("FNDKEY", "XLGET", label.name)
