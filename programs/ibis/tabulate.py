"""TABULATE: text files one behind the other, each run of blanks and tabs one tab, none at the start of a line.

Source: ``vos/p2/prog/tabulate`` (C). Lines longer than its buffer are taken in pieces, each like a line of its own.
"""

from __future__ import annotations

import re

PIECE = 32766


def main(task):
    name = task.string("OUT")
    try:
        result = open(task.path(name), "wb")
    except OSError:
        fail(task, "OPENING", name)
    with result:
        for given in task.strings("IN"):
            try:
                data = task.path(given).read_bytes()
            except OSError:
                fail(task, "OPENING", given)
            for piece in pieces(data):
                text = re.sub(rb"[ \t]+", b"\t", piece.split(b"\0", 1)[0].lstrip(b" \t"))
                if not text:
                    fail(task, "WRITING", name)
                result.write(text)


def pieces(data: bytes):
    """Lines with their ends, none longer than the buffer."""
    for line in re.findall(rb"[^\n]*\n|[^\n]+", data):
        for start in range(0, len(line), PIECE):
            yield line[start : start + PIECE]


def fail(task, what: str, name: str):
    task.abend(f"ERROR {what} TEXT FILE '{name}'")
