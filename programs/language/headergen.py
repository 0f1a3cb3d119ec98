"""HEADERGEN: the lines of a text file joined to one. Source: ``vos/p2/prog/headergen`` (C)."""

from __future__ import annotations

from vicar.errors import VicarError


def main(task):
    name = task.string("INFILE")
    try:
        text = task.path(name).read_bytes()
    except (OSError, VicarError):
        task.abend(f"ERROR OPENING text FILE '{name}'")
    name = task.string("OUTFILE")
    try:
        (task.directory / name).write_bytes(text.replace(b"\n", b""))
    except OSError:  # the original dies
        task.abend(f"ERROR OPENING text FILE '{name}'")
