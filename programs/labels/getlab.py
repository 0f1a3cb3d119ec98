"""GETLAB: one item of a label to a variable. Source: ``vos/p2/prog/getlab`` (C)."""

from __future__ import annotations

from vicar.errors import VicarError
from vicar.geotiff import upper

MAXIMUM_TASKS = 200


def main(task):
    task.if_message("GETLAB version 2019-06-13")
    key, form = upper(task.string("LAB_ITEM", "")), upper(task.string("ITM_TYPE", ""))
    with task.open("INP") as image:
        value = find(task, image, key, form, {"element": task.integer("ELEMENT"), "format": form})
    task.output("ITM_NAME", value)


def find(task, image, key: str, form: str, how: dict):
    name = upper(task.string("ITM_TASK", ""))
    if task.keyword("SYSTEM"):
        return image.label.get(key, **how)
    if task.keyword("PROPERTY"):
        return image.label.get(key, property=name, **how)
    if task.keyword("INSTANCE"):
        return image.label.get(key, task=name, instance=task.integer("ITM_INST"), **how)
    tasks = image.label.tasks(32)[:MAXIMUM_TASKS]
    for name, instance in reversed(tasks) if task.keyword("LATEST") else tasks:
        try:
            return image.label.get(key, task=name, instance=instance, **how)
        except VicarError as error:
            if error.key != "FNDKEY":
                raise
    raise VicarError("FNDKEY", "XLGET", image.name)
