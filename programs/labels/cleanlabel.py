"""CLEANLABEL: keep one instance of history items that occur in several tasks. Source: ``vos/p2/prog/cleanlabel`` (C).

As in the original, of the image only the last record is copied to a new file, as its first.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError

MAXIMUM_TASKS = 200
HEADER = ("TASK", "USER", "DAT_TIM")
RECORD = 200000


def main(task):
    task.message("CLEANLABEL version 2019-07-18")
    source = task.open("INP", u_org="BSQ") if task.count("OUT") else task.open("INP", 1, "UPDATE", u_org="BSQ")
    result = source
    if task.count("OUT"):
        result = task.create("OUT", org="BSQ", type="IMAGE")
    tasks = source.label.tasks(32)[:MAXIMUM_TASKS]
    if not tasks:
        task.abend("Error: NO_TASKS_IN_LABEL")
    task.message(f"Beginning to clean {task.string('INP')}..."[:79])
    keys = [key[:32] for key in task.strings("KEYWORDS")] or all_keys(source.label, tasks[0])
    if task.string("MODE", "").upper() == "KEEPLAST":
        tasks = tasks[::-1]
    for key in keys:
        clean(task, source.label, result.label, tasks, key)
    task.message("Cleaning completed successfully!!!")
    if result is not source:
        task.message("Copying image to cleaned header...")
        copy_last_record(source, result)
        source.close()
    result.close()


def all_keys(label, first: tuple[str, int]) -> list[str]:
    """Keys of all tasks, each once."""
    label.info("TASK", task=first[0], instance=first[1])
    keys: list[str] = []
    while True:
        try:
            key = label.next_item().key
        except VicarError:
            return keys
        if key not in HEADER and key not in keys:
            keys.append(key)


def clean(task, present, cleaned, tasks: list[tuple[str, int]], key: str) -> None:
    """Delete a key from all tasks but the first of the list that has it."""
    having = []
    for name, instance in tasks:
        try:
            present.info(key, task=name, instance=instance)
        except VicarError as error:
            if error.key != "FNDKEY":
                raise
            continue
        having.append((name, instance))
        if len(having) > 1:
            cleaned.delete(key, task=name, instance=instance)
    count = len(having) - 1
    if not having:
        task.message(f"Could not find keyword {key}"[:79], "CLLBL-I-KNF")
    elif count == 1:
        task.message(f" 1 instance  of keyword {key:>8} was  cleaned"[:79])
    elif count > 1:
        task.message(f"{count:2d} instances of keyword {key:>8} were cleaned"[:79])


def copy_last_record(source, result) -> None:
    pixels = np.zeros(0, source.dtype)
    if source.labelled and not source.short:
        source.record_number = max(0, source.n2 * source.n3 - 1)
    while True:
        try:
            pixels = source.read()
        except VicarError as error:
            if error.key != "EOF":
                raise
            break
    result.write(pixels)
