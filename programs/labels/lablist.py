"""LABLIST: a label in the form of its project, and its processing history. Source: ``vos/p2/prog/lablist`` (C).

accepted: for an image without any history the original looks at memory it never set; here only the system label is shown.
"""

from __future__ import annotations

from vicar.errors import VicarError

WIDTH = 79
GROUND, FLIGHT, OTHER = 0, 1, 2


def main(task):
    task.message("LABLIST version 2019-08-01")
    name = task.string("INP")
    extent = task.string("EXTENT", "")
    with task.open("INP") as image:
        label = image.label
        task.message("\nLABEL FOR FILE:")
        task.message(name[:WIDTH])
        task.message(("%s FORMAT  NB=%2d  NL=%5d  NS=%5d  FILE ORGANIZATION=%s"
                      % (image.format, image.nb, image.nl, image.ns, image.org))[:WIDTH])  # fmt: skip
        tasks = label.tasks(32)[:60]
        if not tasks:
            return
        kind = label_kind(label, tasks[0][0])
        if kind == GROUND:
            list_ground_label(task, label, tasks[0][0])
        elif kind == FLIGHT:
            from vicar.missions.galileo_label import flight_label_lines

            task.messages(*flight_label_lines(label, image.format))
        if len(tasks) > 1 or kind == OTHER:
            task.message(" ")
            chosen = tasks[0 if kind == OTHER else 1 :]
            if extent[:1] in ("F", "f"):
                list_history(task, label, chosen)
            else:
                list_names(task, [name for name, _ in chosen])


def label_kind(label, task: str) -> int:
    if label.has("LAB01", task=task):
        return GROUND
    return FLIGHT if label.has("MISSION", task=task) else OTHER


def list_ground_label(task, label, name: str) -> None:
    """The LABnn items behind the first."""
    for n in range(2, int(label.get("NLABS", task=name, default=10)) + 1):
        try:
            text = str(label.get(f"LAB{n:02d}", task=name))
        except VicarError as error:
            task.error(error)
            return
        task.message(text[:71])


def list_names(task, names: list[str]) -> None:
    """Task names in lines of up to 75 characters."""
    line = names[0] if names else ""
    for name in names[1:]:
        if len(line) + len(name) + 3 > 75:
            task.message(line)
            line = " "
        line += f" - {name}"
    task.message(line)


def list_history(task, label, tasks: list[tuple[str, int]]) -> None:
    hidden = task.keyword("NOUSRTIM")
    for name, instance in tasks:
        place = {"task": name, "instance": instance}
        try:
            user, time = (str(label.get(key, **place)) for key in ("USER", "DAT_TIM"))
        except VicarError as error:
            task.error(error)
            return
        user, time = ("", "") if hidden else (user, time)
        task.message(("---- TASK: %-14.8sUSER: %s\t%s ----" % (name, user, time))[:WIDTH])
        label.info("TASK", **place)
        while True:
            try:
                item = label.next_item()
            except VicarError:
                break
            if item.key == "TASK":
                break
            if item.key in ("DAT_TIM", "USER"):
                continue
            list_item(task, item, [str(v) for v in label.values(item.key, format="STRING", **place)])


def list_item(task, item, values: list[str]) -> None:
    """One item, continued on further lines where it is long."""
    line = item.key + "=" + ("(" if len(values) > 1 else "")
    quote = "'" if item.format == "STRING" else ""
    for n, value in enumerate(values):
        if line and len(line) + len(value) + 4 >= WIDTH + 1:
            task.message(line)
            line = ""
        line += quote + value + quote + (", " if n < len(values) - 1 else "")
    task.message(line + (")" if len(values) > 1 else ""))
