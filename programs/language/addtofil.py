"""ADDTOFIL: append a line to a text file. Source: ``vos/p2/prog/addtofil`` (C)."""

from vicar.errors import VicarError


def main(task):
    try:
        with task.path(task.string("INPUT")).open("a", encoding="latin-1", newline="") as file:
            file.write(task.string("STRING1") + "\n")
    except (OSError, VicarError):
        task.abend(" File open error.  Check specification.")
