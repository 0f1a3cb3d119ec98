"""From a line of a log back to the line of the procedure that caused it.

The log holds the echo of the procedure's commands (after substitution) between their output, and error messages name a
procedure and line. Both are used; where a command was never echoed, the last echoed one is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_LOCATION = re.compile(r"^ proc '([^']+)', line (\d+)")
_INTERNAL = re.compile(r"^ line (\d+) in internal proc '([^']+)' in proc '([^']+)'")
_TASK = re.compile(r"^Beginning VICAR task (\S+)")
_WORD = re.compile(r"\w+")
_SUBSTITUTION = re.compile(r'&&|&"?[A-Za-z_$][\w$]*"?(?:\([^)]*\))?')


LOCATION_BELOW = 3  # lines of a message before the one that says where


@dataclass(frozen=True)
class Cause:
    """Procedure line (from 1) behind a log line, and the program that was running, if any."""

    procedure: str
    line: int
    text: str
    program: str = ""

    def __str__(self) -> str:
        if not self.line:
            return f"program {self.program}"
        place = f"{self.procedure} line {self.line}: {self.text}"
        return f"{place}; in program {self.program}" if self.program else place


@dataclass(frozen=True)
class _Command:
    line: int
    text: str
    pattern: re.Pattern[str] | None

    def echoes_as(self, shown: str) -> bool:
        if self.pattern is None:
            return _plain(self.text) == _plain(shown)
        return self.pattern.fullmatch(shown.strip()) is not None


def _plain(text: str) -> str:
    return text.strip().lower()


def commands(procedure: str) -> list[_Command]:
    """The physical lines of a procedure that an echo can show; with ``&`` names, as patterns."""
    found = []
    for number, line in enumerate(procedure.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith(("!", ".")):
            continue
        pattern = None
        if "&" in text:
            pieces = [re.escape(piece) for piece in _SUBSTITUTION.split(text)]
            pattern = re.compile(".*".join(pieces), re.IGNORECASE)
        found.append(_Command(number, text, pattern))
    return found


def find_cause(log: list[str], at: int, name: str, procedure: str, ran: Collection[str] = ()) -> Cause | None:
    """The line of procedure ``name`` (text ``procedure``) behind line ``at`` (from 0) of ``log``; ``ran``: programs that ran,
    which are known by the command where they announce themselves not.

    Follows the echo from the top of the log, always to the next matching line of the procedure, back to an earlier one only
    when none follows (a loop).
    """
    known = commands(procedure)
    position, program, text = 0, "", ""
    for shown in log[: at + 1]:
        if task := _TASK.match(shown):
            program = task.group(1)
            continue
        place = _LOCATION.match(shown)
        if place and place.group(1).lower() == name.lower():
            position = int(place.group(2))
            continue
        step = _next_command(known, position, shown)
        if step is not None:
            position, text, program = step.line, shown.strip(), ""
    word = _WORD.match(text)
    if not program and word and word.group().lower() in ran:
        program = word.group()
    if not position and not program:
        return None
    return Cause(name, position, text, program)


def located(log: list[str], at: int, name: str, procedure: str, program: str = "") -> Cause | None:
    """The line that a message of the monitor at line ``at`` of a log names: its location follows within a few lines."""
    if not log[at : at + 1] or not log[at].startswith("["):
        return None
    for shown in log[at + 1 : at + 1 + LOCATION_BELOW]:
        place = _LOCATION.match(shown)
        if place and place.group(1).lower() == name.lower():
            lines, number = procedure.splitlines(), int(place.group(2))
            text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
            return Cause(name, number, text, program)
    return None


def _next_command(known: list[_Command], position: int, shown: str) -> _Command | None:
    if not shown.strip():
        return None
    earlier = None
    for command in known:
        if command.echoes_as(shown):
            if command.line > position:
                return command
            earlier = earlier or command
    return earlier
