"""Text of one statement to its tree (see ``tae.syntax``).

This is the quick, hand-written reader; ``tae/grammar/*.lark`` is the specification of the same language, and a test
compares the two. Everything is cached by text, since loops bring the same lines again.

Source of the facts: ``tm/cmdfield.c`` (cmd_parse), ``lib/tae/syntax.c`` (getkey, getval, getfld, getqlf), ``tm/tm.c``
(updtab), ``tm/evalexp.c`` and ``tm/parser.c`` (the expression automaton).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from tae.messages import TaeError
from tae.scanner import COMMA, END, ERROR, FIELD_END, QUALIFIED, QUOTED, WHITE, WORD, Scanner, strip_quotes, syntax_text
from tae.syntax import Command, Field, Operands

COMMAND_FIELD_SIZE = 132
SUBCOMMAND_SIZE = 15
LABEL_SIZE = 50
TOKEN_SIZE = 336
COMMAND_SIZE = 6144
MAXIMUM_VALUES = 600
QUALIFIED_NAME_SIZE = 76

Replacement = Callable[[str], "str | None"]


# ---- the command field ------------------------------------------------------------------------------------------------


def parse_command(text: str, replacement: Replacement | None = None) -> Command:
    """Label, command and subcommand of a statement.

    ``replacement`` gives the DEFCMD text for a command word, or None; on a hit the statement is rewritten once, its label
    kept in the tree but gone from the text. Raises ``TaeError('FMTERR')``.
    """
    simple = _simple_head(text)
    if simple is not None and (replacement is None or replacement(simple.name) is None):
        return simple
    if replacement is not None:
        label, word, after = _leading_word(text)
        new = replacement(word) if word else None
        if new is not None:
            command = _parse_head((new + text[after:])[:COMMAND_SIZE], False)
            return Command(command.text, label, command.name, command.subcommand, command.dash, command.rest)
    return _parse_head(text, True)


# a plain word at the end of the text, or before a blank and something that starts neither a label mark nor a string
_SIMPLE = re.compile(r"[\x01-\x20\x7f]*([A-Za-z$_][A-Za-z0-9$_]*)(?=\Z|[\x01-\x20\x7f]+[A-Za-z0-9$_(@'=&.+*/-])")
SIMPLE_SIZE = 120


@lru_cache(maxsize=8192)
def _simple_head(text: str) -> Command | None:
    """The head of most statements, found without reading tokens; None when it has to be looked at closely."""
    match = _SIMPLE.match(text)
    if match is None or match.end() > SIMPLE_SIZE or len(text) > TOKEN_SIZE:
        return None
    return Command(text, "", match[1], "", False, match.end())


@lru_cache(maxsize=4096)
def _leading_word(text: str) -> tuple[str, str, int]:
    """Label, the word a DEFCMD could replace ("" if there is none), and where the text goes on after it."""
    scanner = Scanner(text)
    label = _label(scanner)
    kind, token = scanner.solid()
    if kind == ERROR:
        raise _format_error(text, scanner.position)
    return label, (token if kind == WORD else ""), scanner.position


def _label(scanner: Scanner) -> str:
    """Read ``label >`` when it is there; the scanner does not move when it is not."""
    start = scanner.position
    kind, token = scanner.solid()
    if kind == ERROR:
        raise _format_error(scanner.text, scanner.position)
    if kind in (WORD, QUOTED):
        following, _ = scanner.solid()
        if following == ERROR:
            raise _format_error(scanner.text, scanner.position)
        if following == ">":
            return strip_quotes(token[:LABEL_SIZE])
    scanner.position = start
    return ""


@lru_cache(maxsize=8192)
def _parse_head(text: str, with_label: bool) -> Command:
    scanner = Scanner(text)
    label = _label(scanner) if with_label else ""
    name = ""
    in_brackets = False
    before = scanner.position
    kind, token = scanner.solid()
    while True:
        if kind == ERROR:
            raise _format_error(text, scanner.position)
        if kind == "[":
            in_brackets = True
        elif kind == "]":
            in_brackets = False
        if kind in (END, WHITE, "|") or (kind in ("-", COMMA) and not in_brackets):
            break
        if len(name) + len(token) > COMMAND_FIELD_SIZE:
            raise TaeError("FMTERR", syntax_text("Command too long ", text, 0))
        name += token
        before = scanner.position
        kind, token = scanner.token()
    subcommand = ""
    dash = kind == "-"
    if dash:
        kind, token = scanner.solid()
        if kind == ERROR:
            raise _format_error(text, scanner.position)
        subcommand = strip_quotes(token[:SUBCOMMAND_SIZE])
    else:
        scanner.position = before
    return Command(text, label, strip_quotes(name), subcommand, dash, scanner.position)


def _format_error(text: str, position: int) -> TaeError:
    # the original leaves the place of this error unset; what it prints is the start of the line
    return TaeError("FMTERR", syntax_text("Error in command field format", text, 0))


# ---- fields -----------------------------------------------------------------------------------------------------------


class _Wrong(Exception):
    """A syntax error in an operand; ``fault`` is what to report when the binding gets there."""

    def __init__(self, *fault: str) -> None:
        self.fault = fault
        super().__init__(*fault)


class _FieldReader:
    """Reads operands from left to right, remembering what ended the field before."""

    def __init__(self, text: str, position: int) -> None:
        self.scanner = Scanner(text, position)
        self.last = "start"  # what ended the last field: start, end, comma, white, ")" or another character
        self.last_inside = ""  # the same within parentheses; "" outside them

    def error(self, name: str, what: str) -> _Wrong:
        return _Wrong(name, syntax_text(what, self.scanner.text, self.scanner.position))

    def field(self) -> tuple[str, str]:
        """One field (source: getfld): a code and its text.

        Code: "" for a field (maybe empty), "quoted" for one that starts with a quote, ")" for the end of a list, "end",
        "error", or the terminating character found where a field should start.
        """
        scanner = self.scanner
        kind, token = scanner.solid()
        if kind == ERROR:
            return ERROR, ""
        if kind == COMMA:
            self._ended(COMMA)
            return "", ""
        if kind == END:
            if self.last in (COMMA, "start"):
                self.last = END
                return "", ""
            return END, ""
        if kind == ")":
            if self.last_inside in (COMMA, "("):
                self.last_inside = ")"
                scanner.position -= 1
                return "", ""
            self.last_inside = ""
            scanner.skip_separator()
            return ")", ""
        if kind in FIELD_END:
            return kind, token
        code = QUOTED if kind == QUOTED else ""
        text = ""
        while kind not in FIELD_END:
            piece = strip_quotes(token) if kind == QUOTED else token
            if len(piece) + len(text) > TOKEN_SIZE:
                return ERROR, ""
            text += piece
            kind, token = scanner.token()
            if kind == ERROR:
                return ERROR, ""
        if kind not in (COMMA, WHITE, END):
            scanner.position -= 1
        self._ended(kind)
        return code, text

    def _ended(self, kind: str) -> None:
        if self.last_inside:
            self.last_inside = kind
        else:
            self.last = kind

    def key(self) -> tuple[str, str]:
        """``name =`` or ``'`` (source: getkey): "name", "keyword", "none", "end", or "error"."""
        scanner = self.scanner
        kind, token = scanner.solid()
        if kind == COMMA:
            return "none", ""
        if kind == END:
            if self.last == COMMA:
                self.last = END
                return "none", ""
            return END, ""
        if kind == "'":
            return "keyword", ""
        if kind not in (WORD, QUALIFIED):
            return ERROR, syntax_text("Invalid parameter name", scanner.text, scanner.position)
        following, _ = scanner.solid()
        if following != "=":
            return "none", token
        if len(token) > QUALIFIED_NAME_SIZE:
            return ERROR, syntax_text("Parameter name too long", scanner.text, scanner.position)
        return "name", token

    def value(self) -> tuple[tuple[str, ...] | None, bool, bool]:
        """A value (source: getval): its strings, whether it is a reference, and whether the line ended instead.

        Raises ``_Wrong``.
        """
        scanner = self.scanner
        start = scanner.position
        if self._null():
            return (), False, False
        name = self._reference()
        if name is not None:
            return (name,), True, False
        kind, _ = scanner.solid()
        if kind == COMMA:
            return None, False, False
        if kind == ERROR:
            raise self.error("INVPVAL", "Invalid value format")
        if kind == "(":
            return self._list(), False, False
        scanner.position = start
        code, text = self.field()
        if code in (ERROR, ")", "="):
            raise self.error("INVPVAL", "Invalid value format")
        if code == END:
            return None, False, True
        if text or code == QUOTED:
            return (text,), False, False
        return None, False, False

    def _null(self) -> bool:
        """Step over ``--`` and what separates it from the next field."""
        scanner = self.scanner
        start = scanner.position
        if scanner.solid()[0] == "-" and scanner.token()[0] == "-":
            kind, _ = scanner.token()
            if kind in (WHITE, COMMA, END):
                self.last = kind
                return True
        scanner.position = start
        return False

    def _reference(self) -> str | None:
        """Name after ``@``, or None (nothing is read then)."""
        scanner = self.scanner
        start = scanner.position
        if scanner.solid()[0] != "@":
            scanner.position = start
            return None
        field_start = scanner.position
        if scanner.token()[0] in (WORD, QUALIFIED):
            scanner.position = field_start
            code, name = self.field()
            if code in ("", WHITE, COMMA, END):
                self.last = code
                return name[:QUALIFIED_NAME_SIZE]
        raise self.error("INVPVAL", "A variable name must follow '@'.")

    def _list(self) -> tuple[str, ...] | None:
        """The rest of ``( ... )``."""
        values: list[str] = []
        self.last_inside = "("
        code, text = self.field()
        while code != ")":
            if code in (ERROR, END):
                raise self.error("INVPVAL", "Missing value or invalid value format")
            if len(values) >= MAXIMUM_VALUES:
                raise _Wrong("INVPVAL", "Maximum number of values exceeded")
            values.append(text)
            code, text = self.field()
        self.last = ")"
        return tuple(values) if values else None

    def qualifiers(self, error_name: str) -> str | None:
        """Text between bars (source: getqlf), None if there is no bar; raises ``_Wrong``."""
        scanner = self.scanner
        start = scanner.position
        kind, _ = scanner.solid()
        if kind == ERROR or (kind == "|" and self._after_comma(scanner.position)):
            raise _Wrong(error_name, syntax_text("Incorrect format for qualifier", scanner.text, 0))
        if kind != "|":
            scanner.position = start
            return None
        text = ""
        while True:
            kind, token = scanner.token()
            if kind == "|":
                return text
            if kind in (ERROR, END) or len(token) + len(text) > COMMAND_SIZE:
                raise self.error(error_name, "No closing '|' in qualifier list")
            text += token

    def _after_comma(self, position: int) -> bool:
        """Whether a comma stands between the last value and the bar."""
        if self.last == COMMA:
            return True
        if self.last != ")":
            return False
        before = self.scanner.text[: position - 1]
        return "," in before[before.rfind(")") + 1 :]


@lru_cache(maxsize=8192)
def parse_fields(text: str, position: int = 0) -> Operands:
    """Operands in the general form: positional values, then ``name=value`` and ``'keyword``."""
    reader = _FieldReader(text, position)
    positional: list[Field] = []
    while True:
        start = reader.scanner.position
        code, _ = reader.key()
        if code in ("name", "keyword"):
            break
        if code == END:
            return Operands(tuple(positional), ())
        reader.scanner.position = start
        field, more = _field(reader)
        if field is not None:
            positional.append(field)
        if not more:
            return Operands(tuple(positional), ())
    reader.scanner.position = start
    return Operands(tuple(positional), tuple(_named(reader)))


def _named(reader: _FieldReader) -> list[Field]:
    fields: list[Field] = []
    while True:
        code, key = reader.key()
        if code == END:
            return fields
        if code == "none":
            fields.append(Field(error=("POSERR",)))
            return fields
        if code == ERROR:
            fields.append(Field(error=("INVPNAME", key)))
            return fields
        field, more = _field(reader, key, code == "keyword")
        if field is None:
            if code == "keyword":
                fields.append(Field(keyword=True, error=("KEYSYNTAX",)))
            else:
                fields.append(Field(name=key))
        else:
            fields.append(field)
        if not more:
            return fields


def _field(reader: _FieldReader, name: str = "", keyword: bool = False) -> tuple[Field | None, bool]:
    """One value with its qualifiers, and whether reading can go on; None when the line ended instead."""
    try:
        values, reference, ended = reader.value()
    except _Wrong as wrong:
        return Field(name, keyword, error=wrong.fault), False
    if ended:
        return None, False
    if keyword and not values:
        return Field(name, keyword, error=("KEYSYNTAX",)), False
    if values is None:
        return Field(name, keyword), True
    try:
        qualifiers = reader.qualifiers("BADPQUAL")
    except _Wrong as wrong:
        return Field(name, keyword, values, reference, qualifier_error=wrong.fault), False
    if qualifiers is not None:
        reader.scanner.skip_separator()
    return Field(name, keyword, values, reference, qualifiers), True


@lru_cache(maxsize=1024)
def parse_command_qualifiers(text: str, position: int) -> tuple[str | None, int]:
    """Text between the bars after a command (None when there are none), and where the operands start.

    Raises ``TaeError('QUALERR')``.
    """
    reader = _FieldReader(text, position)
    try:
        qualifiers = reader.qualifiers("QUALERR")
    except _Wrong as wrong:
        raise TaeError(*wrong.fault) from None
    return qualifiers, reader.scanner.position
