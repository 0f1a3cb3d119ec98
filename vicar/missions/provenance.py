"""Who made a camera pointing, when and why: the name of a C-kernel's segment, and the wish of a user for some.

The 40 characters of a segment's name are institute (4), purpose (4), program (6), position kernel (4), request (4), date and time
(12: year, month, day, hour, minute), user (3) and group (3). Source: ``vos/p2/sub/getspice2``, ``vos/p2/sub/getspice95``
(ChckUsrInfo), ``vos/p2/sub/mspice`` (mslcl_identical_segid, mslcl_lowerSegidPriority).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

_TEXT = re.compile(r"[/._ A-z0-9]*")


@dataclass(frozen=True)
class Provenance:
    """The parts of a name; those that say nothing have these values."""

    institute: str = "NONE"
    purpose: str = "NONE"
    program: str = "*NONE*"
    positions: str = "NONE"
    request: str = "NONE"
    date: str = "000000000000"
    user: str = "*NO"
    group: str = "NE*"

    @classmethod
    def of_segment(cls, name: str) -> Provenance:
        """From the name of a segment."""
        parts, place = [], 0
        for field in fields(cls):
            parts.append(name[place : place + len(field.default)])
            place += len(field.default)
        return cls(*parts)

    @property
    def wanted(self) -> bool:
        """Whether it wishes for anything."""
        return any(not part.startswith(default) for _, part, default in self._parts())

    def matches(self, other: Provenance) -> bool:
        """Whether another is as this one wishes."""
        return all(part in ("", getattr(other, name)) or part.startswith(default) for name, part, default in self._parts())

    def lowered(self) -> Provenance | None:
        """The same with one wish less, the least important one first; None if there was none."""
        for name in ("date", "request", "purpose", "program", "positions", "user", "group", "institute"):
            default = next(default for part, _, default in self._parts() if part == name)
            if getattr(self, name) != default:
                return replace(self, **{name: default})
        return None

    def _parts(self):
        return [(field.name, getattr(self, field.name), field.default) for field in fields(self)]


def wish(task) -> Provenance:
    """The wish in a program's parameters. What is no such text counts as none."""
    default = Provenance()

    def given(name: str, otherwise: str, mended: bool = False) -> str:
        text = (task.string(name) if task.count(name) else otherwise).upper()[: len(otherwise)]
        if mended:
            text = "".join(letter if _TEXT.fullmatch(letter) else " " for letter in text)
        return text.ljust(len(otherwise)) if _TEXT.fullmatch(text) else otherwise

    date = (task.string("CDATE") or "").ljust(12)[:12]
    date = "".join(part if part.isdigit() or n == 1 else "0000" for n, part in enumerate((date[:4], date[4:8], date[8:])))
    user = task.string("USERID") if task.count("USERID") else "*NONE*"
    user = user.upper().ljust(6)[:6]
    if task.count("GROUPID"):
        user = user[:3] + task.string("GROUPID").upper().ljust(3)[:3]
    if not _TEXT.fullmatch(user):
        user = "*NONE*"
    return Provenance(given("INSTITUTE", default.institute, True), given("PURPOSE", default.purpose, True),
                      given("PROGRAM", default.program), given("SPKID", default.positions), given("REQNUM", default.request),
                      date, user[:3], user[3:].strip())  # fmt: skip
