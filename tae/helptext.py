"""Help text: lines with directives (a period in column 1).

Every line that starts with a period is a directive, whatever follows. Six kinds are handled while reading (.PAGE, .INCLUDE,
.REFERENCE and the conditions .IF .IFN .IF1 .IFN1 .ELSEIF .IFEND, all recognised by their beginning); the others mark
sections. A line whose first character that is not white is ``!`` is a comment.

Source of the facts: ``lib/tae/directive.c``, ``tm/tuthelp.c`` (tut_h_prep, gettitle).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tae.messages import TaeError
from tae.variables import fold

LINE_SIZE = 250
TITLE_WIDTH = 80
WHITE = "".join(map(chr, range(1, 33))) + "\x7f"

TEXT = "text"
PAGE = "page"
INCLUDE = "include"
REFERENCE = "reference"
CONDITION = "condition"
DIRECTIVE = "directive"
COMMENT = "comment"

# tried in this order; a line belongs to the first whose word it starts with
_BUILT_IN = (
    (".PAGE", PAGE),
    (".INCLUDE", INCLUDE),
    (".REFERENCE", REFERENCE),
    (".IF", CONDITION),
    (".ELSEIF", CONDITION),
)


def kind_of(line: str) -> str:
    """What a line of help text is."""
    if line.startswith("."):
        upper = fold(line[:12])
        for word, kind in _BUILT_IN:
            if upper.startswith(word):
                return kind
        return DIRECTIVE
    return COMMENT if line.lstrip(WHITE).startswith("!") else TEXT


def split_directive(line: str) -> tuple[str, str]:
    """The directive's word (with its period) and the rest without comment and white space around it."""
    at = next((i for i, c in enumerate(line) if c in WHITE), len(line))
    rest = line[at:].lstrip(WHITE)
    quoted = False
    for i, c in enumerate(rest):
        if c == '"':
            quoted = not quoted
        elif c == "!" and not quoted:
            rest = rest[:i]
            break
    return line[:at], rest.rstrip(WHITE)


class Broken(Exception):
    """Conditions that do not fit together, or an INCLUDE or REFERENCE that cannot be followed."""


@dataclass
class HelpReader:
    """Reads help text line by line, with conditions and substitution worked out.

    Parameters
    ----------
    lines : the file's physical lines
    position : index of the next line
    characteristics : what conditions are compared with (components of $SYSCHAR)
    substitute : ``&`` substitution that leaves the line alone when it fails
    include : gives the lines of an .INCLUDE file, None when there is none
    """

    lines: Sequence[str]
    position: int = 0
    characteristics: Iterable[str] = ()
    substitute: Callable[[str], str] = lambda line: line
    include: Callable[[str], Sequence[str] | None] = lambda _name: None

    def __post_init__(self) -> None:
        self.in_block = False
        self.block_held = False
        self.characteristics = frozenset(map(fold, self.characteristics))
        self._included: Sequence[str] = ()
        self._included_at = 0
        self._return_to: int | None = None
        self.at = 0  # index of the line read last

    def raw(self) -> str | None:
        """Next physical line as it is."""
        if self.position >= len(self.lines):
            return None
        self.at = self.position
        self.position += 1
        return self.lines[self.at][:LINE_SIZE]

    def line(self) -> tuple[str, str]:
        """Next line that is neither comment nor condition: its kind and text; a virtual ``.END`` after the last."""
        while True:
            raw = self.raw()
            if raw is None:
                return DIRECTIVE, ".END"
            text = self.substitute(raw)
            kind = kind_of(text)
            if kind == COMMENT:
                continue
            if kind != CONDITION:
                return kind, text
            self._condition(text)

    def _condition(self, text: str) -> None:
        """Skip what a condition says (source: pos_next)."""
        while True:
            word, argument = split_directive(text)
            word = fold(word)
            if word != ".IFEND" and not argument:
                raise Broken
            holds = fold(argument) in self.characteristics
            if self.in_block == (word in (".IF", ".IFN", ".IF1", ".IFN1")):
                raise Broken
            if word in (".IF1", ".IFN1"):
                if holds != (word == ".IF1"):
                    self.raw()
                return
            if word == ".IFEND":
                self.in_block = self.block_held = False
                return
            self.in_block = True
            if (word == ".IF" and holds) or (word == ".IFN" and not holds):
                self.block_held = True
                return
            if word == ".ELSEIF" and not self.block_held and holds:
                self.block_held = True
                return
            while True:
                raw = self.raw()
                if raw is None:
                    raise Broken
                text = self.substitute(raw)
                if kind_of(text) == CONDITION:
                    break

    def directive(self) -> tuple[str, str]:
        """Next section directive: its word in capitals and its argument."""
        while True:
            kind, text = self.line()
            if kind == DIRECTIVE:
                return split_directive(text)

    def text(self) -> str | None:
        """Next line of text of the current section; "\\f" for a page break; None at its end."""
        if self._included_at < len(self._included):
            line = self._included[self._included_at]
            self._included_at += 1
            kind = kind_of(line)
            if kind == COMMENT:
                return self.text()
            if kind not in (TEXT, PAGE):
                raise Broken
            return "\f" if kind == PAGE else line
        kind, text = self.line()
        if kind == TEXT:
            return text
        if kind == PAGE:
            return "\f"
        if kind == INCLUDE:
            lines = self.include(split_directive(text)[1])
            if lines is None:
                raise Broken
            self._included, self._included_at = lines, 0
            return self.text()
        if kind == REFERENCE and self._return_to is None:
            self._refer(split_directive(text)[1])
            return self.text()
        if self._return_to is not None:
            self.position, self._return_to = self._return_to, None
            return self.text()
        if not fold(".END").startswith(fold(text)[:4]) or len(text) < 4:
            self.position = self.at
        return None

    def _refer(self, wanted: str) -> None:
        """Go to the section that a .REFERENCE names; reading comes back at its end."""
        self._return_to = self.position + 1
        word, argument = split_directive(wanted)
        self.position = 0
        while True:
            found, field = self.directive()
            if fold(found) == ".END":
                raise Broken
            if fold(found) == fold(word) and fold(field) == fold(argument):
                return


@dataclass
class Prepared:
    """Where the sections that the tutor needs start (line indexes, -1 for none)."""

    title: list[str]
    help: int = -1
    level1: int = -1
    level2: int = -1


class HelpError(TaeError):
    """Help that the tutor refuses; ``found`` is what came before."""

    found: Prepared


def prepare(reader: HelpReader) -> Prepared:
    """Find title and sections up to .LEVEL1; the tutor refuses any other directive on the way.

    Raises ``TaeError`` TTLERR or BADHLPDIR.
    """
    prepared = Prepared([])
    try:
        return _prepare(reader, prepared)
    except HelpError as error:
        error.found = prepared
        raise


def _prepare(reader: HelpReader, prepared: Prepared) -> Prepared:
    while True:
        try:
            word, _ = reader.directive()
        except Broken:
            raise HelpError("RDERR.tutor", "") from None
        name = fold(word)
        if name == ".TITLE":
            prepared.title = _title(reader)
        elif name == ".HELP":
            prepared.help = reader.position
        elif name == ".LEVEL1":
            prepared.level1 = reader.position
            return prepared
        elif name == ".LEVEL2":
            prepared.level2 = reader.position
        elif name == ".END":
            return prepared
        else:
            raise HelpError("BADHLPDIR", word)


def _title(reader: HelpReader) -> list[str]:
    lines = []
    try:
        while (line := reader.text()) is not None:
            if line == "\f":
                raise Broken
            lines.append(line[:TITLE_WIDTH])
    except Broken:
        raise HelpError("TTLERR") from None
    return lines
