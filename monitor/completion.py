"""What the tabulator key makes of a half-typed command line.

`complete` is a pure function over the text, the cursor and a `Registry` of what there is; `SessionRegistry` is the one of a
session: built-in commands, DEFCMDs, parameter files of the libraries, globals and files.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

OPERAND_ENDS = " \t,("
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./$~:+*%-")
COMMAND_FIRST = ("TUTOR", "HELP")  # their first operand is a command
GLOBALS_FIRST = ("LET", "DISPLAY", "REFGBL")
MOST_SHOWN = 200


@dataclass(frozen=True)
class Known:
    """A parameter as far as completion needs it."""

    name: str
    valid: tuple[str, ...] = ()
    keyword: bool = False
    text: bool = True  # a STRING, so perhaps a file


class Registry(Protocol):
    """What can be typed."""

    def commands(self) -> Iterable[str]:
        """Names of commands, procedures and programs."""

    def subcommands(self, command: str) -> Iterable[str]:
        """Subcommands of one of them."""

    def parameters(self, command: str, subcommand: str) -> Sequence[Known]:
        """Its parameters."""

    def globals(self) -> Iterable[str]:
        """Names of global variables."""

    def files(self, prefix: str) -> Iterable[str]:
        """Files whose name begins so, as they would be typed; folders end in a slash."""


@dataclass(frozen=True)
class Completion:
    """What may stand from ``start`` to the cursor.

    ``choices`` are whole words in the letters to be typed; ``suffix`` follows a word that is the only one.
    """

    start: int
    choices: tuple[str, ...] = ()
    suffix: str = " "


def complete(text: str, cursor: int, registry: Registry) -> Completion:
    """What can stand at the cursor.

    Parameters
    ----------
    text : the line
    cursor : characters before the cursor; what is behind it does not count
    """
    text = text[:cursor]
    indent = len(text) - len(text.lstrip())
    label = text.find(">") + 1 if ">" in text.split('"')[0] else 0
    start = max(indent, label + len(text[label:]) - len(text[label:].lstrip()))
    head = text[start:]
    end = next((i for i, c in enumerate(head) if c in " \t|"), None)
    if end is None:
        return _command(head, start, registry)
    command, _, subcommand = head[:end].partition("-")
    if command.upper() in COMMAND_FIRST or _abbreviates(command, COMMAND_FIRST):
        rest = start + end + len(head[end:]) - len(head[end:].lstrip())
        inner = text[rest:]
        if not subcommand and " " not in inner:
            return _command(inner, rest, registry)
        if command.upper().startswith("T"):
            found = complete(inner, len(inner), registry)
            return Completion(found.start + rest, found.choices, found.suffix)
    return _operand(text, command, subcommand, registry)


def _abbreviates(word: str, names: Iterable[str]) -> bool:
    return bool(word) and any(name.startswith(word.upper()) for name in names)


def _command(head: str, start: int, registry: Registry) -> Completion:
    """A command, or its subcommand after the dash."""
    command, dash, subcommand = head.partition("-")
    if dash:
        return Completion(start + len(command) + 1, _matching(subcommand, registry.subcommands(command)))
    if "/" in head or head.startswith(("$", "~")):
        return _file(head, start, registry)
    return Completion(start, _matching(head, registry.commands()))


def _operand(text: str, command: str, subcommand: str, registry: Registry) -> Completion:
    """A parameter, a value, a keyword or a file."""
    begin, quoted = _token_start(text)
    token = text[begin:]
    if quoted:
        return _file(token, begin, registry, suffix="")
    known = registry.parameters(command, subcommand)
    if token.startswith("'"):
        words = [word for parameter in known if parameter.keyword for word in parameter.valid]
        return Completion(begin + 1, _matching(token[1:], words))
    name = _parameter_before(text[:begin])
    if "=" in token:
        name, _, value = token.partition("=")
        begin += len(name) + 1
        token = value
    if name:
        return _value(token, begin, _meant(name, known), registry)
    if token.startswith("$") or (command.upper() in GLOBALS_FIRST and not known):
        found = _matching(token, registry.globals())
        if found:
            return Completion(begin, found, " ")
    names = _matching(token, [parameter.name for parameter in known])
    files = _file(token, begin, registry)
    if names and not files.choices:
        return Completion(begin, names, "=")
    if files.choices and not names:
        return files
    return Completion(begin, tuple(f"{name}=" for name in names) + files.choices, "")


def _token_start(text: str) -> tuple[int, bool]:
    """Where the operand under the cursor begins, and whether it is inside quotes."""
    begin, quote = 0, False
    for i, character in enumerate(text):
        if character == '"':
            quote = not quote
            if quote:
                begin = i + 1
        elif not quote and character in OPERAND_ENDS:
            begin = i + 1
    return begin, quote


def _parameter_before(text: str) -> str:
    """The parameter whose list of values is open at the end of a text, as in ``gen inp=(a,``."""
    opened = text.rfind("(")
    if opened < 0 or ")" in text[opened:]:
        return ""
    before = text[:opened].rstrip()
    if not before.endswith("="):
        return ""
    words = before[:-1].rstrip().replace(",", " ").split()
    return words[-1] if words else ""


def _meant(name: str, known: Sequence[Known]) -> Known | None:
    name = name.partition("(")[0]
    exact = [parameter for parameter in known if parameter.name.upper() == name.upper()]
    found = exact or [parameter for parameter in known if parameter.name.upper().startswith(name.upper())]
    return found[0] if len(found) == 1 else None


def _value(token: str, begin: int, parameter: Known | None, registry: Registry) -> Completion:
    if parameter is not None and parameter.valid:
        return Completion(begin, tuple(map(_typed, _matching(token, parameter.valid))))
    if parameter is not None and not parameter.text:
        return Completion(begin)
    return _file(token, begin, registry)


def _typed(value: str) -> str:
    """A value as it has to be typed."""
    return value if set(value) <= PLAIN else f'"{value}"'


def _file(token: str, begin: int, registry: Registry, suffix: str = " ") -> Completion:
    choices = tuple(sorted(registry.files(token)))
    return Completion(begin, choices, "" if len(choices) == 1 and choices[0].endswith("/") else suffix)


def _matching(prefix: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words that begin so, in the letters that are being typed: small ones unless a capital was."""
    capitals = any(c.isupper() for c in prefix)
    found = {word.upper() if capitals else word.lower() for word in words if word.upper().startswith(prefix.upper())}
    return tuple(sorted(found))


class SessionRegistry:
    """What there is in a session; names of parameter files are collected once for each list of libraries."""

    def __init__(self, session) -> None:
        self._session = session
        self._names: tuple[tuple, frozenset[str]] | None = None
        self._known: dict[tuple[str, str, float], tuple[list[Known], list[str]]] = {}

    def _libraries(self) -> tuple[str, ...]:
        session = self._session
        return tuple(
            [*session.global_values("$USERLIB"), *session.global_values("$APLIB"), *session.global_values("$SYSLIB")]
        )

    def _procedures(self) -> frozenset[str]:
        libraries = self._libraries()
        if self._names is None or self._names[0] != (libraries, self._session.directory):
            found = set()
            for library in libraries:
                folder = self._session.files.candidates(library.partition("-")[0] or ".")[-1]
                try:
                    found.update(name[:-4] for name in os.listdir(folder) if name.endswith(".pdf"))
                except OSError:
                    continue
            self._names = ((libraries, self._session.directory), frozenset(found))
        return self._names[1]

    @cached_property
    def _intrinsics(self) -> dict[str, list[str]]:
        from tae.commands import table

        return {name: [entry.subcommand for entry in entries] for name, entries in table().items()}

    def commands(self) -> set[str]:
        session = self._session
        defined = set()
        for digit in range(10):
            variable = session.globals.exact(f"$DEFCMD{digit}")
            defined |= {text.partition("=")[0].replace("*", "") for text in (variable.values or () if variable else ())}
        return self._procedures() | set(self._intrinsics) | defined

    def subcommands(self, command: str) -> list[str]:
        entries = self._intrinsics.get(command.upper())
        if entries is not None:
            return [name for name in entries if name and not name.startswith("$")]
        return self._declared(command, "")[1]

    def parameters(self, command: str, subcommand: str) -> list[Known]:
        from tae.commands import find

        entry, _ = find(command, subcommand)
        if entry is not None and not entry.by_proc:
            return [Known(p.name, p.valid or (), p.keyword) for p in entry.parameters]
        return self._declared(command, subcommand)[0]

    def _declared(self, command: str, subcommand: str) -> tuple[list[Known], list[str]]:
        """Parameters and subcommands of a parameter file; nothing for one that cannot be read."""
        from tae.library import SpecError
        from tae.messages import TaeError
        from tae.parameterfile import DeclarationError, parse

        session = self._session
        try:
            found = session.find(command, "pdf")
            if found is None:
                return [], []
            key = (str(found.path), subcommand, found.path.stat().st_mtime)
            if key not in self._known:
                file = parse(found.path.read_bytes().decode("latin-1"))
                try:
                    declared = file.declare(session.globals, subcommand, name=command)
                except DeclarationError as error:
                    declared = error.declared
                names = [block.name for block in declared.subcommands]
                self._known[key] = [_known(variable) for variable in declared.parameters], names
            return self._known[key]
        except (OSError, SpecError, TaeError):
            return [], []

    def globals(self) -> list[str]:
        return [variable.name for variable in self._session.globals]

    def files(self, prefix: str) -> list[str]:
        from tae.library import expand

        folder, name = os.path.split(prefix)
        place = Path(self._session.directory, expand(folder, self._session.environment))
        try:
            with os.scandir(place) as entries:
                found = [
                    entry.name + ("/" if entry.is_dir() else "")
                    for entry in entries
                    if entry.name.startswith(name) and (name or not entry.name.startswith("."))
                ]
        except OSError:
            return []
        return [os.path.join(folder, word) for word in found]


def _known(variable) -> Known:
    valid = tuple(item for item in variable.valid or () if isinstance(item, str))
    return Known(variable.name, valid, variable.keyword, variable.type == "STRING")


class Completer:
    """The tabulator key of a session: what is known is collected in the background."""

    def __init__(self, session) -> None:
        self._registry = SessionRegistry(session)
        self._ready = threading.Thread(target=self._collect, daemon=True)
        self._ready.start()

    def _collect(self) -> None:
        from tae import parameterfile

        _ = parameterfile
        self._registry.commands()

    def __call__(self, text: str, cursor: int) -> tuple[str, int, Sequence[str]]:
        """The line and cursor after the key, and words to show when there is a choice."""
        self._ready.join()
        return apply(text, cursor, complete(text, cursor, self._registry))


def apply(text: str, cursor: int, completion: Completion) -> tuple[str, int, Sequence[str]]:
    """Put what is certain into the line; the choices are told when nothing is."""
    choices = completion.choices
    typed = text[completion.start : cursor]
    if not choices:
        return text, cursor, ()
    word = choices[0] + completion.suffix if len(choices) == 1 else os.path.commonprefix(choices)
    if len(choices) == 1 and text[cursor : cursor + 1] == completion.suffix:
        word = choices[0]
    if len(word) < len(typed):
        word = typed
    line = text[: completion.start] + word + text[cursor:]
    shown = choices[:MOST_SHOWN] if len(choices) > 1 and word == typed else ()
    return line, completion.start + len(word), shown
