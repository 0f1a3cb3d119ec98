"""Physical lines to logical commands, and ``&`` substitution.

A logical command is what is left of one or more physical lines: comments dropped, trailing blanks cut, each continuation
``+`` turned into one blank, the next line appended as it stands. The joined lengths after each continuation (``breaks``)
are kept because the echo cuts the *substituted* text at those columns.

Source of the facts: ``lib/tae/taeutil.c`` (app_cmd), ``tm/tm.c`` (bldcmd, bchlog_cmd), ``tm/pdfprc.c`` (getpst),
``tm/cmdfield.c`` (substitute).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tae.messages import RETURN, TaeError
from tae.scanner import ERROR, QUALIFIED, QUOTED, WORD, Scanner, strip_quotes, syntax_text

if TYPE_CHECKING:
    from tae.variables import Variable

COMMAND_SIZE = 6144  # longest command after joining and after substitution
ECHO_WIDTH = 131  # the last piece of an echoed command is chopped into pieces of this many characters


@dataclass(frozen=True)
class LogicalLine:
    """One command as read.

    Attributes
    ----------
    text : joined text without comments; "" for nothing but comments (only at the prompt, a file's reader skips those)
    breaks : lengths of the joined text after each continuation
    first, last : numbers of the first and last physical line, counted from 1 within the file
    """

    text: str
    breaks: tuple[int, ...] = ()
    first: int = 0
    last: int = 0


class Joiner:
    """Accumulates physical lines until a command is complete (``feed`` is the original's app_cmd)."""

    def __init__(self) -> None:
        self.text = ""
        self.breaks: list[int] = []

    def feed(self, line: str) -> bool:
        """Append one physical line; True when another line is expected.

        Raises ``TaeError('LONGCMDLINE.read')`` when the joined text is too long (the text is then empty).
        """
        if not self.text and line.startswith("#"):
            return False
        line = cut_comment(line).rstrip(" \t")
        more = line.endswith("+")
        if len(self.text) + len(line) > COMMAND_SIZE:
            self.text = ""
            raise TaeError("LONGCMDLINE.read")
        if more:
            line = line[:-1] + " "
        self.text += line
        if more:
            self.breaks.append(len(self.text))
        return more


def cut_comment(line: str) -> str:
    """The line up to the first ``!`` outside double quotes; every physical line starts outside quotes."""
    start = line.find("!")
    while start >= 0:
        if line.count('"', 0, start) % 2 == 0:
            return line[:start]
        start = line.find("!", start + 1)
    return line


def join(lines: Iterable[str]) -> LogicalLine:
    """One command typed over several lines (a prompt's), all of which are used."""
    joiner = Joiner()
    count = 0
    for line in lines:
        count += 1
        if not joiner.feed(line):
            break
    return LogicalLine(joiner.text, tuple(joiner.breaks), 1, count)


class PrematureEnd(TaeError):
    """The file ended inside or before a statement: ``[TAE-PREEOF]``."""

    def __init__(self) -> None:
        super().__init__("PREEOF")


def read_statement(lines: Sequence[str], index: int) -> tuple[LogicalLine, int]:
    """One statement of a parameter file, starting at physical line ``index`` (from 0).

    Zero-length lines are dropped before anything else, even inside a continuation; lines holding only a comment are
    skipped before the statement but end it inside a continuation.

    Returns the statement and the index of the line after it. Raises ``PrematureEnd`` at the end of the file, and
    ``TaeError('LONGCMDLINE.read')`` with attribute ``resume`` (the index to go on from) for an overlong statement.
    """
    joiner = Joiner()
    first = -1
    while True:
        if index >= len(lines):
            raise PrematureEnd
        line = lines[index]
        index += 1
        if not line:
            continue
        try:
            more = joiner.feed(line)
        except TaeError as error:
            error.resume = _skip_statement(lines, index, line)
            raise
        if first < 0 and joiner.text:
            first = index
        if not more and joiner.text:
            return LogicalLine(joiner.text, tuple(joiner.breaks), first, index), index


def _skip_statement(lines: Sequence[str], index: int, line: str) -> int:
    """Index after the rest of a statement that is too long (the original's flush_cmd)."""
    while cut_comment(line).rstrip(" \t").endswith("+") and index < len(lines):
        line = lines[index]
        index += 1
    return index


def echo_pieces(text: str, breaks: Sequence[int]) -> list[str]:
    """The lines an echo prints for a command text.

    The text is cut at the columns where the *source* was continued, whatever substitution did to it since, and what
    remains is chopped at 131 characters; every piece but the last gets a ``+``.
    """
    pieces = []
    low = 0
    for cut in breaks:
        if cut <= 0 or len(text) <= cut:
            break
        pieces.append(text[low:cut] + "+")
        low = cut
    while len(text) - low > ECHO_WIDTH:
        pieces.append(text[low : low + ECHO_WIDTH] + "+")
        low += ECHO_WIDTH
    pieces.append(text[low:])
    return pieces


# ---- substitution -----------------------------------------------------------------------------------------------------

Lookup = Callable[[str], "str | None"]


class NoValue(LookupError):
    """What a lookup raises for a variable that exists but has no value."""


def substitute(text: str, lookup: Lookup) -> str:
    """Replace ``&name``, ``&parameter.qualifier`` and ``&"name"`` once, quoted text included; ``&&`` is one ``&``.

    ``lookup(name)`` gives the text to insert (``Variable.substituted``), None for an unknown name, or raises ``NoValue``.
    Raises ``TaeError`` INVSUBNAME, UNDEFVAR, NOVALUE or LONGCMDLINE.substituted; all of them end the procedure.
    """
    mark = text.find("&")
    if mark < 0:
        return text
    pieces = [text[:mark]]
    length = mark
    scanner = Scanner(text, mark)
    while mark >= 0:
        piece, scanner.position = _replacement(text, mark, scanner, lookup)
        length += len(piece)
        pieces.append(piece)
        mark = text.find("&", scanner.position)
        plain = text[scanner.position : mark if mark >= 0 else len(text)]
        length += len(plain)
        pieces.append(plain)
        if length > COMMAND_SIZE:
            raise TaeError("LONGCMDLINE.substituted")
    return "".join(pieces)


def _replacement(text: str, mark: int, scanner: Scanner, lookup: Lookup) -> tuple[str, int]:
    """Text for the ``&`` at ``mark``, and where to go on."""
    scanner.position = mark + 1
    kind, token = scanner.token()
    if kind == ERROR:
        what = syntax_text("Invalid variable name in substitution", text, scanner.position)
        raise TaeError("INVSUBNAME", what)
    if kind not in (WORD, QUALIFIED, QUOTED):
        return ("&" if token == "&" else "&" + token), scanner.position
    name = strip_quotes(token)
    try:
        value = lookup(name)
    except NoValue:
        raise TaeError("NOVALUE", name) from None
    if value is None:
        raise TaeError("UNDEFVAR", name, ends=RETURN)
    return value, scanner.position


def forgiving_substitution(search: Callable[[str], Variable | None]) -> Callable[[str], str]:
    """`substitute` for lines of help: one that cannot be substituted stays as it is."""
    lookup = ampersand_lookup(search)

    def substituted(line: str) -> str:
        try:
            return substitute(line, lookup)
        except TaeError:
            return line

    return substituted


def ampersand_lookup(search: Callable[[str], Variable | None]) -> Lookup:
    """A lookup for ``substitute`` from a function that finds resolved variables by name."""

    def lookup(name: str) -> str | None:
        variable = search(name)
        if variable is None:
            return None
        if variable.values is None:
            raise NoValue(name)
        return variable.substituted()

    return lookup
