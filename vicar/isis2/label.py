"""Keyword labels of ISIS 2 files, kept to the byte.

A label is cut into statements; joined again they are the text that was read. What is changed or added is written as
ISIS 2 writes it, everything else stays as it was: comments, blank lines, order, the case of words, the line ends.
Facts from five real cubes: lines end CR LF (files made by other software: LF); END alone on its line closes the label;
what follows is blanks; ``OBJECT``/``GROUP`` nest and may close with or without their name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from vicar.isis2 import values
from vicar.isis2.errors import IsisError
from vicar.isis2.values import Text

_KEYWORD = re.compile(r"\s*([\^A-Za-z][\w:^\-]*)\s*=", re.A)
_KINDS = {int: "a whole number", float: "a number", str: "a word"}
_CLOSER = re.compile(r"\s*(END_OBJECT|END_GROUP)\b", re.I)
_END = re.compile(r"\s*END\s*$", re.I)
BEGIN = ("OBJECT", "GROUP", "BEGIN_OBJECT", "BEGIN_GROUP")


@dataclass
class Statement:
    """One statement with its exact text. ``kind``: item, begin, close, end, or blank (comments and empty lines)."""

    kind: str
    raw: str
    keyword: str = ""  # as written, for items and begins ("QUBE" for OBJECT = QUBE)
    path: tuple[str, ...] = ()  # names of the objects and groups it is in, upper case

    @property
    def value(self):
        return values.parse(self.raw.split("=", 1)[1]) if self.kind == "item" else None


class Label:
    """Statements in order. Paths are written ``"QUBE"`` or ``"QUBE/BAND_BIN"``, keywords in any case."""

    def __init__(self, text: str):
        self.statements = list(_statements(text))
        self.eol = "\r\n" if "\r\n" in text[:400] or "\n" not in text[:400] else "\n"

    @property
    def text(self) -> str:
        """The label, up to and with the line of its END."""
        return "".join(s.raw for s in self.statements)

    def find(self, keyword: str, path: str = "") -> Statement | None:
        """First statement of that keyword exactly there, or None."""
        place, wanted = _path(path), keyword.upper()
        for s in self.statements:
            if s.kind == "item" and s.path == place and s.keyword.upper() == wanted:
                return s
        return None

    def get(self, keyword: str, path: str = "", default=None):
        """Value of a keyword (see `vicar.isis2.values`), or the default if it is absent."""
        found = self.find(keyword, path)
        return default if found is None else found.value

    def need(self, keyword: str, path: str = ""):
        """Value of a keyword that must be there."""
        found = self.find(keyword, path)
        if found is None:
            raise IsisError("NOKEY", f"The label has no keyword {keyword}" + (f" in {path}" if path else ""))
        return found.value

    def values_of(self, kind: type, keyword: str, path: str = "", default=None) -> tuple:
        """Values of a keyword, each an int, a float or a str as ``kind`` says; one value is a tuple of one.

        Raises `IsisError` where a value is of another kind or no finite number, or where the keyword is absent without default.
        """
        value = self.need(keyword, path) if default is None else self.get(keyword, path, default)
        found = value if isinstance(value, tuple) else (value,)
        if not found or not all(_is(kind, v) for v in found):
            raise IsisError("LABEL", f"{keyword} in the label is {values.form(value)[:60]}, not {_KINDS[kind]}")
        return tuple(kind(v) for v in found)

    def value_of(self, kind: type, keyword: str, path: str = "", default=None):
        """The value of a keyword that has one."""
        found = self.values_of(kind, keyword, path, default)
        if len(found) > 1:
            raise IsisError("LABEL", f"{keyword} in the label has {len(found)} values, not one")
        return found[0]

    def items(self, path: str = "") -> dict[str, object]:
        """All keywords and values right there."""
        place = _path(path)
        return {s.keyword.upper(): s.value for s in self.statements if s.kind == "item" and s.path == place}

    def has(self, path: str) -> bool:
        """Whether the object or group exists."""
        place = _path(path)
        return any(s.kind == "begin" and (*s.path, s.keyword.upper()) == place for s in self.statements)

    def set(self, keyword: str, value, path: str = "", after: str = "") -> None:
        """Give a keyword a value; a new keyword goes behind the keyword ``after``, or to the end of its place."""
        place = _path(path)
        found = self.find(keyword, path)
        if found is not None:
            if not _same(found.value, value):
                indent = len(found.raw) - len(found.raw.lstrip(" "))
                found.raw = values.statement(found.keyword, value, indent, self.eol)
            return
        raw = values.statement(keyword, value, self._indent(place), self.eol)
        self.statements.insert(self._place(place, after), Statement("item", raw, keyword, place))

    def delete(self, keyword: str, path: str = "") -> None:
        found = self.find(keyword, path)
        if found is not None:
            self.statements.remove(found)

    def add_group(self, name: str, path: str = "", kind: str = "GROUP") -> None:
        """Add an empty group at the end of its place, if there is none of that name."""
        place = _path(path)
        if self.has(f"{path}/{name}" if path else name):
            return
        indent, at = " " * self._indent(place), self._place(place, "", behind_groups=True)
        inside = (*place, name.upper())
        self.statements[at:at] = [
            Statement("blank", self.eol, "", place),
            Statement("begin", f"{indent}{kind} = {name}{self.eol}", name, place),
            Statement("close", f"{indent}END_{kind} = {name}{self.eol}", name, inside),
        ]

    def delete_group(self, path: str) -> None:
        """Remove an object or group with everything in it."""
        place = _path(path)
        kept = []
        for s in self.statements:
            inside = s.path[: len(place)] == place
            begins = s.kind == "begin" and (*s.path, s.keyword.upper()) == place
            if not inside and not begins:
                kept.append(s)
        self.statements = kept

    def copy(self) -> Label:
        return Label(self.text)

    def _indent(self, place: tuple[str, ...]) -> int:
        for s in self.statements:
            if s.kind == "item" and s.path == place:
                return len(s.raw) - len(s.raw.lstrip(" "))
        return 2 * len(place)

    def _place(self, place: tuple[str, ...], after: str, behind_groups: bool = False) -> int:
        """Index where a new statement goes: behind ``after``, else behind the last keyword, else before the closing line."""
        last = None
        for index, s in enumerate(self.statements):
            if s.path == place and s.kind == "item":
                if after and s.keyword.upper() == after.upper():
                    return index + 1
                last = index
            elif s.kind in ("close", "end") and (s.path == place or (s.kind == "end" and not place)):
                return index if behind_groups or last is None else last + 1
        if place and last is None:
            raise IsisError("LABEL", f"The label has no {'/'.join(place)}")
        return len(self.statements) if last is None or behind_groups else last + 1


def _path(path: str) -> tuple[str, ...]:
    return tuple(p.upper() for p in path.split("/") if p)


def _is(kind: type, value) -> bool:
    if kind is str:
        return isinstance(value, str)
    if not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return kind is float or value == int(value)


def _same(old, new) -> bool:
    if isinstance(old, tuple) or isinstance(new, tuple | list):
        return isinstance(old, tuple) and isinstance(new, tuple | list) and len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, str) or isinstance(new, str) or old is None or new is None:
        return old == new
    return type(new) in (int, float) and isinstance(old, int) == isinstance(new, int) and old == new


def _statements(text: str) -> Iterator[Statement]:
    """Cut a label text into statements, up to END; a label without END ends where the text does."""
    open_: list[str] = []
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    at = 0
    while at < len(lines):
        raw, at = lines[at], at + 1
        if _END.match(raw):
            yield Statement("end", raw)
            return
        if "/*" in raw and raw.lstrip().startswith("/*"):
            while "*/" not in raw and at < len(lines):
                raw, at = raw + lines[at], at + 1
            yield Statement("blank", raw, "", tuple(open_))
            continue
        if _CLOSER.match(raw):
            name = open_[-1] if open_ else ""
            yield Statement("close", raw, name, tuple(open_))
            if open_:
                open_.pop()
            continue
        head = _KEYWORD.match(raw)
        if not head:
            yield Statement("blank", raw, "", tuple(open_))
            continue
        raw, at = _whole(raw, lines, at)
        keyword = head[1]
        if keyword.upper() in BEGIN:
            name = raw.split("=", 1)[1].strip()
            yield Statement("begin", raw, name, tuple(open_))
            open_.append(name.upper())
        else:
            yield Statement("item", raw, keyword, tuple(open_))


_MARKS = re.compile(r"[\"'(){}]")


def _whole(raw: str, lines: list[str], at: int) -> tuple[str, int]:
    """Add the lines a statement goes on over: until its quotes and brackets are closed and it has a value."""
    parts, quote, depth = [raw], "", 0
    piece = raw.split("=", 1)[1]
    empty = not piece.strip()
    while True:
        for mark in _MARKS.findall(piece):
            if quote:
                quote = "" if mark == quote else quote
            elif mark in "\"'":
                quote = mark
            else:
                depth += 1 if mark in "({" else -1
        if at >= len(lines) or not (quote or depth > 0 or empty):
            return "".join(parts), at
        piece, at = lines[at], at + 1
        parts.append(piece)
        empty = empty and not piece.strip()


def text_value(value) -> str:
    """A label value as the text a table or a comparison wants: strings without padding, whole numbers as digits."""
    return "" if value is None else str(value).strip()


__all__ = ["Label", "Statement", "Text", "text_value"]
