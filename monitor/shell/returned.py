"""The file of returned values: written by programs at their end, read by ``v2param``.

Source: ``zzq_out.c``, ``v2param_subs.c``. One line a value, ``NAME = value``; a backslash (or +) at the end continues a line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tae.values import shown_real

DEFAULT_NAME = "/tmp/shvic_tmp"
WIDTH = 79


def file_name(environment: Mapping[str, str], user: str) -> str:
    """Name of the file; the default is announced on standard error."""
    name = environment.get("V2PARAM_FILE")
    if name is not None:
        return name
    name = f"{DEFAULT_NAME}.{user}" if user else DEFAULT_NAME
    print(f'Unable to find output parameter filename.  Check $V2PARAM_FILE.\nDefault name "{name}" used.', file=sys.stderr)
    return name


def value_text(value) -> str:
    """A value as it stands in the file."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return shown_real(value) if isinstance(value, float) else str(value)


def lines_of(name: str, values: tuple) -> list[str]:
    """The line of one parameter, broken where it gets long."""
    head = f"{name} = "
    if not values:
        return [head + "--"]
    if len(values) == 1:
        return [head + value_text(values[0])]
    lines, line = [], head + "("
    for at, value in enumerate(values):
        piece = value_text(value) + (")" if at == len(values) - 1 else ",")
        if len(line) + len(piece) > WIDTH:
            lines.append(line + "\\")
            line = ""
        line += piece
    return [*lines, line]


def write(path: Path, shown: str, outputs: list[tuple[str, tuple]]) -> None:
    """Replace the file; one line on standard error if it cannot be written."""
    text = "".join(f"{line}\n" for name, values in outputs for line in lines_of(name, values))
    try:
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="latin-1")
    except OSError:
        print(f"Unable to open output parameter file '{shown}'", file=sys.stderr)


def lookup(path: Path, name: str) -> str | None:
    """The text behind ``name =``, compared over the length of ``name``; complaints go to standard error."""
    try:
        physical = path.read_text(encoding="latin-1").split("\n")
    except OSError:
        print("Unable to open parameter file.", file=sys.stderr)
        return None
    if physical and not physical[-1]:
        physical.pop()
    at, stuck = 0, ""
    while at < len(physical):
        line = physical[at]
        at += 1
        if not line:
            continue
        while line.endswith(("\\", "+")) and at < len(physical):
            line = line[:-1] + physical[at]
            at += 1
        start = (stuck + line).lstrip()
        if start[: len(name)].lower() != name.lower():
            continue
        rest = start[len(name) :].lstrip()
        # the original reads the next line into the place behind the name, so that from now on every line seems to begin with it
        stuck = start[: len(start) - len(rest)]
        if not rest.startswith("="):
            print(f"Syntax error on line {at}: no = sign.", file=sys.stderr)
            continue
        return rest[1:].lstrip()
    return None


def one_value(text: str, at: int, name: str) -> tuple[str, int]:
    """The next value of a text, quotes removed, and where it ends."""
    while at < len(text) and text[at].isspace():
        at += 1
    if at < len(text) and text[at] == '"':
        match = re.compile(r'((?:[^"]|"")*)("?)').match(text, at + 1)
        if not match[2]:
            print(f"Syntax error on param {name}: no closing quote", file=sys.stderr)
        return match[1].replace('""', '"'), match.end()
    end = at
    while end < len(text) and text[end] not in ",)" and not text[end].isspace():
        end += 1
    return text[at:end], end


def values(text: str, name: str, counting: bool = False):
    """The values of a parameter one by one; a broken list ends with a complaint, or two where they are printed."""
    if not text.startswith("("):
        value, end = one_value(text, 0, name)
        yield value
        if text[end:].strip():
            print(f"Syntax error on param {name}: extra data at end", file=sys.stderr)
        return
    at = 1
    while True:
        value, at = one_value(text, at, name)
        yield value
        at += len(text[at:]) - len(text[at:].lstrip())
        if text[at : at + 1] not in (",", ")"):
            print(f"Syntax error on param {name}: missing , or )", file=sys.stderr)
            if not counting:
                print(f"Syntax error on param {name}: missing )", file=sys.stderr)
            return
        if text[at] == ",":
            at += 1
        if at >= len(text):
            print(f"Syntax error on param {name}: missing )", file=sys.stderr)
            return
        if text[at] == ")":
            break
    if text[at + 1 :].strip():
        print(f"Syntax error on param {name}: extra data at end", file=sys.stderr)
