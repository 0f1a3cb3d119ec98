"""TCL2TCL: run a Tcl script and hand its result to variables. Source: ``vos/p2/prog/tcl2tcl`` (C).

accepted: needs the Tcl library of Python's tkinter; where Python was built without it, the program says so and ends. What
the script writes to its standard output goes there, not into the session.
"""

from __future__ import annotations

import os

MAXIMUM, LENGTH, RESULT = 100, 249, 99


def main(task):
    task.if_message("tcl2tcl version Thu Jan  3 2008")
    script = "".join(text[:LENGTH] for text in task.strings("SCRIPT")[:MAXIMUM])
    try:
        from tkinter import Tcl, TclError
    except ImportError:
        task.abend("tcl2tcl needs the Tcl library, which this Python was built without")
    interpreter = Tcl()
    before = os.path.abspath(os.curdir)
    interpreter.call("cd", str(task.directory.resolve()))
    try:
        result, failed = str(interpreter.tk.eval(script)), False
    except TclError as error:
        result, failed = str(error), True
    finally:
        interpreter.call("cd", before)
    if failed:
        task.if_message(f"TCL call failed: {result}\n"[:999])
    task.output("STRVAR", result[:RESULT])
    task.output("INTVAR", 0 if failed else _number(interpreter.tk.getint, result, 0))
    task.output("REALVAR", 0.0 if failed else _number(interpreter.tk.getdouble, result, 0.0))


def _number(convert, text: str, otherwise):
    """The text as Tcl reads it; ``otherwise`` if it is no number (or no 32-bit integer)."""
    try:
        value = convert(text)
    except Exception:
        return otherwise
    if isinstance(value, int):
        return (value + 2**31) % 2**32 - 2**31 if -(2**32) < value < 2**32 else otherwise
    return float(value)
