"""The HISTORY object: one group a program that made or changed the cube, the oldest first.

Form taken from a real cube of 1996 with 23 entries: keywords VERSION_DATE, DATE_TIME (local time, no zone), NODE_NAME,
USER_NAME, SOFTWARE_DESC, USERNOTE where there is such a parameter, then the group PARAMETERS with every parameter of the
program, NULL where unset; an empty line before each entry, END behind the last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vicar.isis2 import values
from vicar.isis2.values import Text

EMPTY = "END\r\n"
_LAST_END = re.compile(r"^[ \t]*END[ \t]*\r?$\s*\Z", re.M | re.I)


@dataclass(frozen=True)
class Entry:
    """One program run. ``parameters`` in the order of the parameter file; a sequence is a list of values, () is NULL."""

    program: str
    version: str  # VERSION_DATE, yyyy-mm-dd
    time: datetime
    node: str
    user: str
    description: str
    parameters: Mapping[str, object]
    note: str | None = None

    def text(self) -> str:
        out = [f"\r\nGROUP = {self.program}\r\n"]
        for keyword, value in (("VERSION_DATE", Text(self.version, "")),
                               ("DATE_TIME", Text(self.time.strftime("%Y-%m-%dT%H:%M:%S"), "")),
                               ("NODE_NAME", self.node), ("USER_NAME", self.user), ("SOFTWARE_DESC", self.description)):
            out.append(values.statement(keyword, value, 2))
        if self.note is not None:
            out.append(values.statement("USERNOTE", self.note, 2))
        out.append("  GROUP = PARAMETERS\r\n")
        out += [values.statement(name, _clean(value), 4) for name, value in self.parameters.items()]
        out.append(f"  END_GROUP = PARAMETERS\r\nEND_GROUP = {self.program}\r\n")
        return "".join(out)


def _clean(value):
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = tuple(_clean(v) for v in value)
        return None if not items else items[0] if len(items) == 1 else items
    return value.replace('"', "'") if isinstance(value, str) else value


def appended(history: str, entry: Entry) -> str:
    """A history text with one more entry before its END."""
    end = _LAST_END.search(history)
    kept = history[: end.start()] if end else history
    if kept and not kept.endswith("\n"):
        kept += "\r\n"
    return kept + entry.text() + EMPTY
