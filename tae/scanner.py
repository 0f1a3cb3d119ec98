"""Tokens of a command line.

The token rules are few: white space (every control character and the blank), a comma with the white around it, words
(letters, digits, ``$``, ``_``; with periods when they start with a letter), quoted strings in which ``""`` stands for a
quote, and single characters. Adjacent tokens make one field; that is the parser's business.

Source of the facts: ``lib/tae/syntax.c`` (gettok, fndsep, getfld, dash_dash, de_ref, getqlf, synerr).
"""

from __future__ import annotations

import re
from functools import lru_cache

TOKEN_SIZE = 336  # a longer word or quoted string is a syntax error

WHITE = "white"
COMMA = "comma"
WORD = "word"
QUALIFIED = "qualified"  # a word with a period in it
QUOTED = "quoted"
END = "end"
ERROR = "error"  # a token that cannot be read: too long, or a quote that is not closed

_WHITE = re.compile(r"[\x01-\x20\x7f]+")
_COMMA = re.compile(r"[\x01-\x20\x7f]*,[\x01-\x20\x7f]*")
_TOKEN = re.compile(
    r"(?P<comma>[\x01-\x20\x7f]*,[\x01-\x20\x7f]*)|(?P<white>[\x01-\x20\x7f]+)"
    r"|(?P<word>[A-Za-z$_][A-Za-z0-9$_.]*|[0-9][A-Za-z0-9$_]*)"
    r'|(?P<quoted>"[^"]*+(?:""[^"]*+)*+")|(?P<single>.)',
    re.DOTALL,
)
FIELD_END = frozenset((WHITE, COMMA, ")", "=", "<", ">", "|", END))


def near(text: str, position: int) -> str:
    """Ten characters around the place where an error was noticed; ``position`` is where reading stopped."""
    start = max(position - 6, 0)
    return text[start : start + 10]


def syntax_text(what: str, text: str, position: int) -> str:
    """Text of a syntax error."""
    return f"{what} at or near  '{near(text, position)}'"


@lru_cache(maxsize=4096)
def _unquoted(token: str) -> str:
    return token[1:-1].replace('""', '"')


class Scanner:
    """Reads tokens from ``text`` starting at ``position``."""

    __slots__ = ("position", "text")

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position

    def token(self) -> tuple[str, str]:
        """Next token: its kind (one of the names above, or the character itself) and its text.

        A quoted token's text keeps its outer quotes, inner ``""`` are already single.
        """
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            return END, ""
        kind = match.lastgroup
        token = match.group()
        self.position = match.end()
        if kind == "white":
            return WHITE, " "
        if kind == "comma":
            return COMMA, ","
        if kind == "word":
            if len(token) >= TOKEN_SIZE:
                self.position = match.start() + TOKEN_SIZE
                return ERROR, token
            return (QUALIFIED if "." in token else WORD), token
        if kind == "quoted":
            content = _unquoted(token)
            if len(content) > TOKEN_SIZE - 2:
                self.position = min(match.start() + TOKEN_SIZE, len(self.text))
                return ERROR, token
            return QUOTED, f'"{content}"'
        if token == '"':
            self.position = min(match.start() + TOKEN_SIZE, len(self.text))
            return ERROR, token
        return token, token

    def solid(self) -> tuple[str, str]:
        """Next token that is not white space."""
        kind, token = self.token()
        return self.token() if kind == WHITE else (kind, token)

    def skip_separator(self) -> str:
        """Step over white space or a comma when one is next; returns its kind or ""."""
        match = _COMMA.match(self.text, self.position)
        if match:
            self.position = match.end()
            return COMMA
        match = _WHITE.match(self.text, self.position)
        if match:
            self.position = match.end()
            return WHITE
        return ""


def strip_quotes(token: str) -> str:
    """The token without its first and last character when it starts with a quote, wherever the closing one is."""
    return token[1:-1] if token.startswith('"') else token
