"""LABVFY: whether a history item contains a string. Source: ``vos/p2/prog/labvfy`` (Fortran)."""

from __future__ import annotations

FORTRAN = True
LENGTH = 132


def main(task):
    task.if_message("LABVFY version 05-SEP-94")
    key, wanted = task.string("KEYWORD", "")[:8], task.string("LABEL", "")[:LENGTH].rstrip(" ")
    with task.open("INP") as image:
        label = image.label
        places = label.tasks()[:1000] if task.defaulted("TASK") else [(task.string("TASK", "")[:8], 1)]
        values = [label.get(key, task=name, instance=n, format="STRING", default="") for name, n in places]
    task.output("RESULT", int(any(value and wanted in value[:LENGTH].ljust(LENGTH) for value in values)))
