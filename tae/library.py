"""File specifications and the search for procedures.

A specification is ``library/name.type``. ``$NAME`` and ``~`` stand for environment variables wherever a file is meant (never
in the text of a command). Source of the facts: TAE's file package (``lib/tae/file.np.c``, ``fsubst.np.c``) and ``hierarchy``
of the monitor (``tm/tmsubs.c``).

accepted
    With FORCE_LOWER the original lower-cases the whole specification, the values of environment variables included, so that
    nothing below a directory with a capital letter is found. We try that first, and then a second spelling where
    only what was typed is lower-cased: more is found, never something else.

    A directory that an environment name stands for may be longer than 80 characters and hold any: what the system is
    installed in. Its name then stays in the specification, where the original finds nothing.

    A dash in a library's name starts the type of its files, also in the name of a directory above, so that the original
    finds nothing in ``/my-data/lib``. Where the dash cannot mean that, it belongs to the directory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

LIBRARY_SIZE = 80
NAME_SIZE = 32
TYPE_SIZE = 12
SPEC_SIZE = 132


class SpecError(Exception):
    """A specification with a character that no file name has; the text around it is the argument."""


@dataclass(frozen=True)
class FileSpec:
    """A cracked specification; empty parts were not given."""

    library: str = ""
    name: str = ""
    type: str = ""

    @property
    def text(self) -> str:
        """The specification put together again (``f_spec``): at most 32 characters of name and type."""
        library = self.library[:LIBRARY_SIZE]
        if library and not library.endswith("/"):
            library += "/"
        name = self.name[:NAME_SIZE]
        room = NAME_SIZE - len(name) - 1
        if self.type and room > 0:
            name += "." + self.type[:room]
        return library + name


def expand(text: str, environment: Mapping[str, str]) -> str:
    """``text`` with ``$NAME`` and ``~`` replaced; a name that is not defined stays."""
    if "$" not in text and "~" not in text:
        return text
    parts, i = [], 0
    while i < len(text):
        if text[i] == "~":
            parts.append(environment.get("HOME", "$HOME"))
            i += 1
        elif text[i] == "$":
            end = i + 1
            while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == "_"):
                end += 1
            parts.append(environment.get(text[i + 1 : end], text[i:end]))
            i = end
        else:
            parts.append(text[i])
            i += 1
    return "".join(parts)


def parse(text: str) -> FileSpec:
    """Split an expanded specification; raises `SpecError` at the first character that is not allowed.

    The error quotes from three characters before; the original reads before the start of the text there, where on its
    machines a pointer into the stack ends.
    """
    for at, char in enumerate(text):
        if not _is_allowed(char):
            raise SpecError(text[at - 3 : at + 5] if at >= 3 else "" if at else "\x7f")
    slash = text.rfind("/")
    rest, kind = text[slash + 1 :], ""
    dot = rest.rfind(".")
    if dot >= 0:
        for char in rest[dot + 1 :][:TYPE_SIZE]:
            if not (char.isascii() and char.isalnum()):
                break
            kind += char
        rest = rest[:dot]
    return FileSpec(text[: slash + 1][:LIBRARY_SIZE], rest[:NAME_SIZE], kind)


def _is_allowed(text: str) -> bool:
    """Whether all characters may stand in a specification."""
    return all((char.isascii() and char.isalnum()) or char in "./_-+ " for char in text)


class FileSystem:
    """The files of one session: relative names mean its directory, ``$NAME`` its environment."""

    def __init__(self, directory: Callable[[], Path], environment: Mapping[str, str]):
        self._directory = directory
        self.environment = environment
        self.force_lower = False

    def crack(self, text: str, library: str = "", name: str = "", kind: str = "") -> FileSpec:
        """Expand and split, missing parts taken from the defaults (``f_crack``)."""
        directory, slash, rest = text.rpartition("/")
        if slash and directory.startswith("$") and not self._is_plain(directory):
            spec = replace(parse(expand(rest, self.environment)), library=directory + slash)
        else:
            spec = parse(expand(text, self.environment))
        if not spec.library:
            place = expand(library, self.environment) if self._is_plain(library) else library
            spec = replace(spec, library=place[:LIBRARY_SIZE])
        if not spec.name:
            spec = replace(spec, name=expand(name, self.environment)[:NAME_SIZE])
        if not spec.type and spec.library != "/dev":
            spec = replace(spec, type=expand(kind, self.environment)[:TYPE_SIZE])
        return spec

    def _is_plain(self, directory: str) -> bool:
        """Whether a directory can stand in a specification, and be found by it, once its names are replaced."""
        place = expand(directory, self.environment)
        return len(place) < LIBRARY_SIZE and _is_allowed(place) and not (self.force_lower and place != place.lower())

    def candidates(self, text: str) -> list[Path]:
        """Where the file of a specification may be, the original's spelling first."""
        whole = expand(text, self.environment)
        spellings = [whole.lower(), expand(_lower_typed(text), self.environment)] if self.force_lower else [whole]
        return [self._directory() / spelling for spelling in dict.fromkeys(spellings)]

    def path(self, text: str) -> Path:
        """The file to create, or to complain about."""
        paths = self.candidates(text)
        return next((path for path in paths if path.parent.is_dir()), paths[0])

    def existing(self, text: str) -> Path | None:
        """The file, if one can be seen."""
        return next((path for path in self.candidates(text) if path.exists()), None)

    def full(self, text: str) -> str:
        """The specification with the session's directory in front when it names none (``full_spec``)."""
        path = str(self.existing(text) or self.path(text)) if "/" not in expand(text, self.environment) else None
        return path or expand(text.lower() if self.force_lower else text, self.environment)


def _lower_typed(text: str) -> str:
    """Lower-case what stands outside environment names."""
    parts, i = [], 0
    while i < len(text):
        end = i + 1
        if text[i] == "$":
            while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == "_"):
                end += 1
            parts.append(text[i:end])
        else:
            parts.append(text[i].lower())
        i = end
    return "".join(parts)


@dataclass(frozen=True)
class Found:
    """A file of the search: its specification, and its place."""

    spec: FileSpec
    path: Path


def search(files: FileSystem, text: str, kind: str, libraries: list[str]) -> Found | None:
    """The first file of the libraries that ``text`` means (``hierarchy``).

    Parameters
    ----------
    text : str
        What the user typed; with a directory in it only that place is tried.
    kind : str
        Default type (``"pdf"``). A library may end in ``-type``, which then takes its place.
    libraries : list of str
        In order: user, application, system. Empty ones are skipped.

    Raises
    ------
    SpecError
        The text is no specification.
    OSError
        The file exists but cannot be read.
    """
    spec = files.crack(text, kind=kind)
    explicit = bool(files.crack(text).type)
    if spec.library:
        return _try(files, spec)
    for library in libraries:
        place, place_type = _place(files, library)
        if not place:
            continue
        use = place_type if kind == "pdf" and place_type and not explicit else spec.type
        found = _try(files, replace(spec, library=place, type=use))
        if found:
            return found
    return None


def _place(files: FileSystem, library: str) -> tuple[str, str]:
    """A library's directory, and the type that it gives to its files."""
    place, dash, kind = library.partition("-")
    if dash and ("/" in kind or (not files.path(place).is_dir() and files.path(library).is_dir())):
        return library, ""
    return place, kind


def _try(files: FileSystem, spec: FileSpec) -> Found | None:
    for path in files.candidates(spec.text):
        if path.exists():
            if path.is_dir():
                raise IsADirectoryError(21, "Is a directory")
            path.open("rb").close()
            return Found(spec, path)
    return None
