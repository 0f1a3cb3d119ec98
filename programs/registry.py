"""Which module runs a program, found by file names only; nothing is imported until a program runs.

A library of parameter files (``pdf/LIBRARY``) draws on one or more families (``programs/FAMILY``). A name may occur in
several libraries (``list``, ``hist``), never twice in the families of one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

# Library -> families; a family that is not named here belongs to the VICAR library.
OWN_FAMILIES = {"p3": ("p3",), "isis2": ("isis2",), "ours": ("ours", "junocam")}


def families(library: str) -> tuple[str, ...]:
    """Families a library draws on."""
    if library in OWN_FAMILIES:
        return OWN_FAMILIES[library]
    taken = {family for group in OWN_FAMILIES.values() for family in group}
    return tuple(sorted(d.name for d in FOLDER.iterdir() if (d / "__init__.py").exists() and d.name not in taken))


@cache
def index(library: str) -> dict[str, str]:
    """Program name -> module name, for one library."""
    return {
        path.stem: f"programs.{family}.{path.stem}"
        for family in families(library)
        for path in sorted((FOLDER / family).glob("*.py"))
        if not path.stem.startswith("_")
    }


def module_name(name: str, library: str | None = None) -> str | None:
    """Module of a program: of the given library, or of the first library that has it."""
    name = name.lower()
    libraries = [library] if library in ("vicar", *OWN_FAMILIES) else ["vicar", *OWN_FAMILIES]
    for candidate in libraries:
        if name in index(candidate):
            return index(candidate)[name]
    return None


class NoProgram(LookupError):
    """No module has the name of a program."""


@dataclass(frozen=True)
class Entry:
    """A program ready to run.

    Attributes
    ----------
    main : its ``main(task)``
    banner : whether it announces itself (a module says ``BANNER = False`` if not)
    fortran : whether the original is a Fortran program (``FORTRAN = True``), whose messages lose their trailing blanks
    """

    main: Callable
    banner: bool
    fortran: bool


def entry(name: str, library: str | None = None) -> Entry:
    """A program, imported now; raises `NoProgram` for a parameter file of the user's own whose program is not here."""
    found = module_name(name, library)
    if found is None:
        raise NoProgram(name)
    module = importlib.import_module(found)
    return Entry(module.main, getattr(module, "BANNER", True), getattr(module, "FORTRAN", False))
