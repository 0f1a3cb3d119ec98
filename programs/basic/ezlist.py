"""EZLIST: the DNs of an image as lines of numbers, in the log or in a file. Source: ``vos/p2/prog/ezlist`` (Fortran)."""

from __future__ import annotations

from vicar.numerics import fortran
from vicar.numerics.prnt import prnt

FORTRAN = True
MOST = 1024


def main(task):
    width = 132 if task.keyword("W132") else 80
    name = task.string("OUT") if task.count("OUT") else None
    result = None
    if name:
        try:
            result = open(task.directory / name.rstrip(" "), "w", encoding="latin-1", newline="")
        except OSError as error:
            task.message("ERROR WRITING OUTPUT FILE")
            task.abend(*prnt("FULL", error.errno or 2, "IOSTAT=."))
    try:
        with task.open("INP", u_format="REAL") as image:
            if image.ns > MOST:
                task.abend("ERR: Input NS too large. Try COPY of subimage")
            form = run_format(task, image.ns)
            for _ in range(image.nl):
                text = fortran.edit(form, image.read())
                if task.keyword("INTEGER"):
                    text = text.replace(". ", "  ")
                    text = text[:-1] + " " if text.endswith(".") else text
                text = text.rstrip(" ") or " "
                if result:
                    result.write(f" {text}\n")
                else:
                    task.message(text[:width])
    finally:
        if result:
            result.close()


def run_format(task, samples: int) -> str:
    """The format of a whole line."""
    given = task.string("FORMAT").upper() if task.count("FORMAT") else "(F9.2,2X)"
    if "F" not in given:
        task.abend("NO F IN FORMAT PARAMETER")
    given = given.split(" ", 1)[0]
    if not given.startswith("("):
        given = f"({given})"
    return f"({samples}{given})"
