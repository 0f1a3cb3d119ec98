"""Named groups of columns: groups, units, locals and formats, and the little expressions over them.

Source: ``struct_xgroup.c``, ``ibis_group.c``. Names compare without case; a group keeps its columns in the order they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vicar.ibis.errors import IbisError

GROUP, UNIT, LOCAL, FORMAT, ANY = "group", "unit", "local", "format", "any"
KINDS = (FORMAT, UNIT, GROUP, LOCAL)  # order of a search over all kinds
MAX_NAME = 32
QUOTES = {"(": ")", "[": "]", "{": "}", "'": "'", '"': '"'}
OPERATORS = "*|-&+"


class Column:
    """Identity of a column while its number changes."""

    def __init__(self, format: str):
        self.format = format


@dataclass
class Group:
    name: str
    columns: list[Column] = field(default_factory=list)

    def append(self, column: Column) -> None:
        if not any(c is column for c in self.columns):
            self.columns.append(column)

    def insert(self, column: Column) -> None:
        if not any(c is column for c in self.columns):
            self.columns.insert(0, column)

    def discard(self, column: Column) -> None:
        self.columns = [c for c in self.columns if c is not column]


class Groups:
    """All groups of one table."""

    def __init__(self):
        self.kinds: dict[str, list[Group]] = {kind: [] for kind in KINDS}

    def names(self, kind: str) -> list[str]:
        return [group.name for group in self.kinds[kind]]

    def find(self, kind: str, name: str) -> Group | None:
        return next((g for g in self.kinds[kind] if g.name.upper() == name.upper()), None) if name else None

    def attach(self, kind: str, name: str, column: Column) -> None:
        """Put a column into a group, making the group if need be."""
        group = self.find(kind, name)
        if group is None:
            group = Group(name[:MAX_NAME])
            self.kinds[kind].append(group)
        group.append(column)

    def new(self, kind: str, name: str, columns: list[Column]) -> Group:
        if ":" in name:
            raise IbisError("INVALNAM", "IBISGroupNew")
        if not columns:
            raise IbisError("EMPTYGRP", "IBISGroupNew")
        if self.find(kind, name):
            raise IbisError("GRPEXISTS", "IBISGroupNew")
        group = Group(name[:MAX_NAME])
        for column in columns:
            group.append(column)
        if kind == UNIT:
            for other in self.kinds[UNIT]:
                for column in columns:
                    other.discard(column)
        self.kinds[kind].append(group)
        return group

    def delete(self, kind: str, name: str) -> None:
        group = self.find(kind, name)
        if group is None:
            raise IbisError("NOTFOUND", "IBISGroupDelete")
        self.kinds[kind].remove(group)

    def forget(self, column: Column) -> None:
        """Take a deleted column out of every group; the groups stay."""
        for groups in self.kinds.values():
            for group in groups:
                group.discard(column)

    def select(self, kind: str, expression: str) -> list[Column]:
        """Columns of a named group, or, for `ANY`, of an expression such as ``pixels & 'unit:meters' - total``."""
        if kind != ANY:
            group = self.find(kind, expression)
            return list(group.columns) if group else []
        return self._evaluate(expression)

    def _named(self, name: str) -> list[Column] | None:
        kind, colon, rest = name.partition(":")
        if colon:
            group = self.find(kind.lower(), rest) if kind.lower() in KINDS else None
        else:
            group = next((g for k in KINDS if (g := self.find(k, name))), None)
        return list(group.columns) if group else None

    def _evaluate(self, expression: str) -> list[Column]:
        """Left to right, all operators alike; an unknown group ends the expression there."""
        tokens = list(_tokens(expression))
        if not tokens:
            return []
        result = self._named(tokens[0][0])
        if result is None:
            return []
        operator = tokens[0][1]
        for name, following in tokens[1:]:
            other = self._named(name)
            if not operator or other is None:
                break
            ids = {id(c) for c in other}
            if operator in "*&":
                result = [c for c in result if id(c) in ids]
            elif operator in "|+":
                known = {id(c) for c in result}
                result += [c for c in other if id(c) not in known]
            else:
                result = [c for c in result if id(c) not in ids]
            operator = following
        return result


def _tokens(expression: str):
    """Pairs of a group name and the operator behind it."""
    rest = expression
    while rest := rest.lstrip():
        close = QUOTES.get(rest[0])
        if close:
            name, _, rest = rest[1:].partition(close)
        else:
            end = next((i for i, c in enumerate(rest) if c in OPERATORS + " \t"), len(rest))
            name, rest = rest[:end], rest[end:]
        at = next((i for i, c in enumerate(rest) if c in OPERATORS), None)
        if at is None:
            yield name, ""
            return
        yield name, rest[at]
        rest = rest[at + 1 :]
