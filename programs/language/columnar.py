"""COLUMNAR: lines of two text files side by side. Source: ``vos/p2/prog/columnar`` (C)."""

from __future__ import annotations

from vicar.errors import VicarError

LINE = 32766


def main(task):
    names = task.strings("IN")
    lines = [read_lines(task, name) for name in names[:2]]
    name = task.string("OUT")
    try:
        file = task.path(name).open("w", encoding="latin-1", newline="")
    except (OSError, VicarError):
        fail(task, name)
    skip = task.keyword("SKIP1")
    with file:
        for first, second in zip(*lines):
            if skip:
                second = second[second.find("\t") + 1 :] if "\t" in second else second[1:]
            file.write(first.split("\n")[0] + " " + second)


def read_lines(task, name: str) -> list[str]:
    """Lines with their ends, as fgets gives them: long ones in pieces, and only up to a NUL."""
    try:
        text = task.path(name).read_bytes().decode("latin-1")
    except (OSError, VicarError):
        fail(task, name)
    whole = text.split("\n")
    whole = [line + "\n" for line in whole[:-1]] + ([whole[-1]] if whole[-1] else [])
    return [line[i : i + LINE].split("\0")[0] for line in whole for i in range(0, len(line), LINE)]


def fail(task, name: str):
    task.abend(f"ERROR OPENING TEXT FILE '{name}'")
