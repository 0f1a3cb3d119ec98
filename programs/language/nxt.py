"""NXT: the next name of a list of files, whose first line counts on. Source: ``vos/p2/prog/nxt`` (C).

A name ``?TAPE/n`` is file n of a tape. The first line keeps its length unless it is shorter than ``NEXT FILE =     1``.

accepted: where the language refuses a value (a text for an integer variable) the original's process ends before it counts on.
"""

from __future__ import annotations

import re

FIRST, USUAL = 79, 17
NEXT = re.compile(rb"NEXT\s*FILE\s*=\s*([+-]?\d+)")
END = "END_OF_FILE"


def main(task):
    task.if_message("NXT version 2019-06-13")
    path = task.path(task.string("INPUT"))
    try:
        with open(path, "r+b") as file:
            data = file.read()
    except OSError:
        task.abend("??E - File open error.  Check specification.")
    end = data[: FIRST + 1].find(b"\n")
    length = FIRST if end < 0 else end
    number, name = 0, None
    if not data.startswith(b"NO RECORDS"):
        number, name = next_name(task, data[: length + 1], data[length + 1 :])
    tape = name is not None and name.startswith("?")
    position = 0
    if name is None:
        name = END
        task.message(" NXT encountered end of file")
    elif tape:
        name, _, rest = name[1:].partition("/")
        position = int((re.match(r"\s*([+-]?\d+)", rest) or [0, 0])[1])
        task.message(f" Output {number} is tape {name} file {position}")
    else:
        task.message(f" Output {number} is {name}")
    task.output("ONAM", name)
    task.output("ISTAPE", int(tape))
    task.output("TAPEPOS", position)
    task.output("NXTFIL", number)
    if not name.startswith(END):
        count_on(task, path, data, length, number + 1)


def next_name(task, line: bytes, rest: bytes) -> tuple[int, str | None]:
    found = NEXT.match(line)
    digits = found and re.match(rb"[+-]?\d+", found[1][:10])
    if not digits:
        task.abend("??E - Error reading number of next file", " First line of input file must be of the form:",
                   " NEXT FILE = file_number")
    number = max(int(digits[0]), 1)
    names = rest.split()
    return number, names[number - 1].decode("latin-1") if number <= len(names) else None


def count_on(task, path, data: bytes, length: int, number: int) -> None:
    """Put the next number into the first line."""
    line = f"NEXT FILE = {' ' * max(length - USUAL, 0)}{number:5d}\n".encode()
    rest = data[length + 1 :]
    with open(path, "r+b") as file:
        file.write(line + (rest if length < USUAL else b""))
    if length >= USUAL and len(line) != length + 1:
        task.abend("??E -  Write (update) error on input")
