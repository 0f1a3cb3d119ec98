"""CNT: how many files a list has and which is next. Source: ``vos/p2/prog/cnt`` (C)."""

from __future__ import annotations

import re

FIRST = 80
NEXT = re.compile(rb"NEXT\s*FILE\s*=\s*([+-]?\d+)")


def main(task):
    try:
        with open(task.path(task.string("INPUT")), "r+b") as file:
            data = file.read()
    except OSError:
        task.abend(" File open error.  Check specification.")
    number, total = 0, 0
    if not data.startswith(b"NO RECORDS"):
        found = NEXT.match(data)
        digits = found and re.match(rb"[+-]?\d+", found[1][:5])
        if not digits:
            task.abend(" Error reading number of next file", " First line of input file must be of the form:",
                       " NEXT FILE = file_number")
        number = max(int(digits[0]), 1)
        total = len(data[found.start(1) + digits.end() :].split())
    task.message(f" File {number} out of {total} total")
    task.output("TOTAL", total)
    task.output("NXTFIL", number)
