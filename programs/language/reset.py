"""RESET: set the number in the first line of a NEXT FILE list. Source: ``vos/p2/prog/reset`` (C).

The first line is kept as long as it was; one shorter than 17 characters grows, the rest of the file moves back.

accepted: when the line has to grow by more characters than follow it in the file, the original appends memory it never set;
here nothing is appended. A number of more than five digits in a short line overwrites in the original; here it is written out.
"""

from __future__ import annotations

import re

from vicar.errors import VicarError

FIRST_LINE = 79
USUAL = 17
HEAD = "NEXT FILE = "


def main(task):
    task.message("RESET version 2019-06-14")
    try:
        path = task.path(task.string("INPUT"))
        data = path.read_bytes().decode("latin-1")
        file = path.open("r+b")
    except (OSError, VicarError):
        task.abend(" File open error.  Check specification.")
    with file:
        end = data.find("\n", 0, FIRST_LINE + 1)
        first = data[: end if end >= 0 else FIRST_LINE]
        if not re.match(r"NEXT\s*FILE\s*=\s*[+-]?\d", first):
            task.abend(" Error reading number of next file", " First line of input file must be of the form:",
                       " NEXT FILE = file_number")
        length = len(first) if end >= 0 else FIRST_LINE  # a line without an end is as long as the original's buffer
        new = HEAD + " " * (length - USUAL) + "%5d\n" % task.integer("NEXTFILE")
        if length >= USUAL:
            file.write(new.encode("latin-1"))
            if len(new) != length + 1:
                task.abend(" Write (update) error on input")
        else:
            file.write((new + data[length + 1 :]).encode("latin-1"))
