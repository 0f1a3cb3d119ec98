"""The list of frames, and the command line each gives."""

from __future__ import annotations

import csv
import hashlib
import re
import shlex
import string
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

PLAIN = re.compile(r"[A-Za-z0-9_./$~+-]+\Z")


class ListError(Exception):
    """The list or the template cannot be used; the text says why, in a sentence."""


@dataclass(frozen=True)
class Frame:
    """One line of the list: what to run, and the name its log and directory get."""

    key: str
    command: str
    name: str


def read(path: str, text: str) -> list[dict[str, str]]:
    """The fields of each line.

    A ``.csv`` list has a heading line that names its fields. Any other list has words: ``{0} {1} ...``. Both also give
    ``path`` (the first word), ``stem`` (its file name without directory and extension), ``dir``, ``number`` (from 1) and
    ``line``. Empty lines and lines that begin with ``#`` do not count.
    """
    rows: list[dict[str, str]] = []
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if path.lower().endswith(".csv"):
        table = csv.reader(lines)
        names = [name.strip() for name in next(table, [])]
        for values in table:
            if len(values) != len(names):
                raise ListError(f"{path}: the line {','.join(values)} has {len(values)} fields, the heading {len(names)}")
            rows.append(dict(zip(names, values, strict=True)) | _words(values))
    else:
        for line in lines:
            try:
                words = shlex.split(line)
            except ValueError:
                raise ListError(f"{path}: a quote is not closed: {line}") from None
            rows.append(_words(words))
    for number, row in enumerate(rows, 1):
        row["number"] = str(number)
    return rows


def _words(words: list[str]) -> dict[str, str]:
    first = Path(words[0]) if words else Path()
    numbered = {str(place): word for place, word in enumerate(words)}
    return numbered | {"path": str(first), "stem": first.stem, "dir": str(first.parent), "line": " ".join(map(quoted, words))}


def quoted(word: str) -> str:
    """A value as the command language wants it: in quotes unless it is plain."""
    return word if PLAIN.match(word) else '"' + word.replace('"', '""') + '"'


def frames(template: str, rows: list[dict[str, str]], base: Path | None = None) -> list[Frame]:
    """The frames of a list, each once.

    A template without ``{fields}`` is a procedure that gets the words of the line. With ``base`` (frames that run in
    directories of their own) the words that name existing files below it become absolute.
    """
    fields = _fields(template)
    found: dict[str, str] = {}
    for row in rows:
        if base is not None:
            row = {key: _absolute(value, base) if key == "path" or key.isdigit() else value for key, value in row.items()}
            row["line"] = " ".join(quoted(row[str(place)]) for place in range(len(row)) if str(place) in row)
        missing = [field for field in fields if field not in row]
        if missing:
            raise ListError(f"the line {row['line']} has no field {{{missing[0]}}}")
        command = _filled(template, row) if fields else f"{template} {row['line']}"
        found.setdefault(command, row["stem"])
    times = Counter(found.values())
    names = {command: stem if times[stem] == 1 else f"{stem}-{_digest(command)}" for command, stem in found.items()}
    return [Frame(command, command, name) for command, name in names.items()]


def _filled(template: str, row: dict[str, str]) -> str:
    return "".join(text + (row[field] if field is not None else "") for text, field, _, _ in string.Formatter().parse(template))


def _fields(template: str) -> list[str]:
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
    except ValueError as error:
        raise ListError(f"the command {template}: {error}") from None
    if any(not re.fullmatch(r"\w[\w -]*", field) for field in fields):
        raise ListError(f"the command {template}: fields are {{path}} {{stem}} {{dir}} {{number}} {{line}} {{0}} {{1}} ...")
    return fields


def _absolute(word: str, base: Path) -> str:
    return str(base / word) if (base / word).exists() else word


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
