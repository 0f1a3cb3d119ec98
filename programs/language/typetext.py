"""TYPETEXT: show the lines of a text file as messages. Source: ``vos/p2/prog/typetext`` (C)."""

from __future__ import annotations

from vicar.errors import VicarError

PIECE = 249  # fgets with a buffer of 250


def main(task):
    name = task.string("FILE")
    try:
        text = task.path(name).read_bytes().decode("latin-1")
    except (OSError, VicarError):
        task.abend(f"ERROR OPENING text FILE '{name}'"[:PIECE])
    lines = text.split("\n")
    for n, line in enumerate(lines):
        line += "\n" if n < len(lines) - 1 else ""
        for start in range(0, len(line), PIECE):
            piece = line[start : start + PIECE]
            task.message(piece.removesuffix("\n").split("\0")[0])
