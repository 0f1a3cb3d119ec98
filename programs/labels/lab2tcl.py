"""LAB2TCL: items of the system and history labels to variables. Source: ``vos/p2/prog/lab2tcl`` (Fortran)."""

from __future__ import annotations

from vicar.errors import VicarError

FORTRAN = True
MAXIMUM_TASKS = 100
LENGTH = 8


def main(task):
    task.if_message("LAB2TCL - 09 Dec 2012 - rjb - (64-bit)")
    with task.open("INP") as image:
        label = image.label
        system = task.keyword("ALL") or task.keyword("SYSTEM")
        history = task.keyword("ALL") or not task.keyword("SYSTEM")
        values = []
        for key in task.strings("KEYWORD"):
            key = key[:LENGTH]
            if key[:1] in ("", " "):
                if not values:
                    task.abend(" The first keyword in a KEYWORD list cannot be an empty string.")
                values.append(values[-1])
                continue
            value = find(label, key, system, history)
            if value is None:
                task.abend(f" Keyword {key:<8} not found in label.")
            values.append(value)
    for n, value in enumerate(values, start=1):
        task.output(f"V{n}", value)


def find(label, key: str, system: bool, history: bool):
    """First value: of the system label, else of the last task, else of the latest task before it that has the key."""
    places = [{}] if system else []
    if history:
        tasks = label.tasks()[:MAXIMUM_TASKS]
        before = tasks if len(tasks) == MAXIMUM_TASKS else tasks[:-1]
        places += [{"task": ""}] + [{"task": name, "instance": n} for name, n in reversed(before)]
    for place in places:
        try:
            form = label.info(key, **place).format
        except VicarError as error:
            if error.key != "FNDKEY":
                return None
            continue
        return label.get(key, format=form if form in ("INT", "REAL") else "STRING", **place)
    return None
