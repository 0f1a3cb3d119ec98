"""DIFPIC's comparison of property labels. Source: ``VicarImageLabel.cc``, ``VicarImageUtil.cc``, ``difpic_bridges.cc``."""

from __future__ import annotations

from vicar.errors import VicarError

MISSING = "<LABEL MISSING>"
LINE_LENGTH = 249
Sets = dict[str, dict[str, list[str]]]


def same_labels(task) -> bool:
    """Compare the property labels of the two inputs and print what differs."""
    labels: list[Sets] = []
    for instance in (1, 2):
        with task.open("INP", instance) as image:
            try:
                labels.append(property_sets(image.label))
            except VicarError:
                # the last property is not followed by a history: the original gives up and calls it equal
                task.message("Error getting information about next key", "Exception::labeldifC")
                return True
    text = differences(*labels, task.strings("PROP_IGNORE"), task.strings("LBL_IGNORE"))
    if not task.keyword("SILENT"):
        if text is None:
            task.message("------- Vicar label comparison passed. -------\n")
        else:
            task.message("Found following label differences between given images:\n")
            print_text(task, text)
            task.message("\n------------ Vicar label differs. ------------\n")
        task.message("\n")
    return text is None


def print_text(task, text: str) -> None:
    """One message a line, its line feed included; longer lines are cut into pieces."""
    for line in text.splitlines(keepends=True):
        for at in range(0, len(line), LINE_LENGTH):
            task.message(line[at : at + LINE_LENGTH])


def property_sets(label) -> Sets:
    """Items of each property by name; sets of one name are thrown together."""
    sets: Sets = {}
    for name, instance in label.properties():
        items = sets.setdefault(name, {})
        label.info("PROPERTY", property=name, instance=instance)
        while (item := label.next_item()).key not in ("TASK", "PROPERTY"):
            items.setdefault(item.key, []).extend(
                label.values(item.key, property=name, instance=instance, format="STRING")
            )
    return sets


def differences(first: Sets, second: Sets, ignored_sets: list[str], ignored_keys: list[str]) -> str | None:
    """Text about everything that differs; None if nothing does. Sets and keys come in alphabetical order."""
    text, same = "", True
    for name in sorted(first):
        if name in ignored_sets:
            continue
        if name not in second:
            text += heading(name) + "".join(line(k, value(first[name][k]), MISSING) for k in sorted(first[name]))
            same = False
            continue
        left, right = first[name], second[name]
        changed = ""
        for key in sorted(left):
            if key in ignored_keys:
                continue
            old, new = value(left[key]), value(right[key]) if key in right else MISSING
            if key not in right or old != new:
                changed += line(key, old, new)
        extra = sorted(key for key in right if key not in left)
        if changed or extra:
            text += heading(name) + changed
        if extra:
            # the heading is printed again
            missing = missing_keys(right, extra, ignored_keys)
            text += heading(name) + missing
            same = same and not missing
        same = same and not changed
    for name in sorted(second):
        if name not in first and name not in ignored_sets:
            missing = missing_keys(second[name], sorted(second[name]), ignored_keys)
            text += heading(name) + missing
            same = same and not missing
    return None if same else text


def missing_keys(items: dict[str, list[str]], keys: list[str], ignored: list[str]) -> str:
    return "".join(line(key, MISSING, value(items[key])) for key in keys if key not in ignored)


def heading(name: str) -> str:
    return "\n" + " " * max(0, (64 - len(name)) // 2 - 2) + f"------- {name} -------\n"


def line(key: str, first: str, second: str) -> str:
    return f"{key} : {first} <> {second}\n"


def value(values: list[str]) -> str:
    return values[0] if len(values) == 1 else "(" + ",".join(values) + ")"
