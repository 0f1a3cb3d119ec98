"""The line a program is called with from the shell: names, keywords, values, lists.

Only blanks and tabs separate words; only double quotes quote. A list or string that never ends, and a name without a value at
the end, end the line without a word: what follows is ignored (as in the original).
"""

from __future__ import annotations

from dataclasses import dataclass

BLANKS = " \t"
NAME, KEYWORD, VALUE = "name", "keyword", "value"


@dataclass(frozen=True)
class Word:
    """``name = values``, ``-keyword`` or plain values. ``raw`` is the text of an undivided value."""

    kind: str
    name: str = ""
    values: tuple[str, ...] = ()
    null: bool = False
    raw: str = ""


class _Unfinished(Exception):
    """The rest of the line means nothing."""


def words(line: str) -> list[Word]:
    """The words of a line, up to its end or to what cannot be read."""
    found, at = [], 0
    try:
        while (at := _skip(line, at)) < len(line):
            word, at = _word(line, at)
            found.append(word)
    except _Unfinished:
        pass
    return found


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in BLANKS:
        at += 1
    return at


def _is_letter(char: str) -> bool:
    return char.isalpha() or char in "$_"


def _until_blank(line: str, at: int) -> int:
    while at < len(line) and line[at] not in BLANKS:
        at += 1
    return at


def _word(line: str, at: int) -> tuple[Word, int]:
    if line[at] == "-" and at + 1 < len(line) and _is_letter(line[at + 1]):
        end = _until_blank(line, at)
        return Word(KEYWORD, line[at + 1 : end]), end
    if _is_letter(line[at]):
        end = at
        while end < len(line) and line[end] not in BLANKS + "=":
            end += 1
        sign = _skip(line, end)
        if sign < len(line) and line[sign] == "=":
            start = _skip(line, sign + 1)
            if start >= len(line):
                raise _Unfinished
            values, null, raw, stop = _value(line, start)
            return Word(NAME, line[at:end], values, null, raw), stop
    values, null, raw, stop = _value(line, at)
    return Word(VALUE, "", values, null, raw), stop


def _value(line: str, at: int) -> tuple[tuple[str, ...], bool, str, int]:
    """Elements, whether it is the null value, its text, and where it ends."""
    if line[at] == "(":
        end = _closing(line, at + 1)
        inner = line[at + 1 : end]
        return tuple(elements(inner)), False, inner, end + 1
    if line[at] == '"':
        end = line.find('"', at + 1)
        if end < 0:
            raise _Unfinished
        return (line[at + 1 : end],), False, line[at + 1 : end], end + 1
    end = _until_blank(line, at)
    text = line[at:end]
    return tuple(elements(text.rstrip(")") if "(" not in text else text)), text.startswith("--"), text, end


def _closing(line: str, at: int) -> int:
    quoted = False
    while at < len(line):
        if line[at] == '"':
            quoted = not quoted
        elif line[at] == ")" and not quoted:
            return at
        at += 1
    raise _Unfinished


def elements(text: str) -> list[str]:
    """The elements of a list: separated by blanks, commas, colons; a colon inside a word that begins with a letter stays."""
    found, at = [], 0
    while True:
        while at < len(text) and text[at] in BLANKS + ",:":
            at += 1
        if at >= len(text):
            return found
        if text[at] == '"':
            end = text.find('"', at + 1)
            end = len(text) if end < 0 else end
            found.append(text[at + 1 : end])
            at = end + 1
            continue
        stops = BLANKS + ("," if _is_letter(text[at]) else ",:")
        end = at
        while end < len(text) and text[end] not in stops:
            end += 1
        found.append(text[at:end])
        at = end
