"""SAVE and RESTORE: variables in parameter files (``.par``).

Source of the facts: ``tm/saveres.c``, ``tm/tmsubs.c`` (save_parm, rest_parm, parcmp, parmrg), ``tm/tmutil.c`` (parhdrRead).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tae import parblock
from tae.library import SpecError
from tae.messages import TEXTS, TaeError
from tae.parblock import Malformed
from tae.values import NAME
from tae.variables import (
    BAD_AMBIGUOUS,
    BAD_VALID,
    GLOBAL,
    LOCAL,
    PARM,
    BadValue,
    SymbolTable,
    Variable,
    fold,
)

if TYPE_CHECKING:
    from tae.scopes import Scope
    from tae.session import Session

NO_FILE = "No such file or directory"
OWN_GLOBALS = tuple("$SESSION $RUNTYPE $SFI $SKEY $JOB $SWITCH $LOG $PARENT $USERLIB".split())
OWN_LOCALS = ("_STDOUT", "_ONFAIL", "_PROC", "_SUBCMD")
LIST_SIZE = 250 - 18


def excluded(variable: Variable) -> bool:
    """Whether RESTORE leaves a variable alone, and DELETE refuses it."""
    if variable.kind == PARM:
        return False
    return fold(variable.name) in (OWN_GLOBALS if variable.kind == GLOBAL else OWN_LOCALS)


# --- files


def _path(session: Session, text: str, default: str, writing: bool) -> Path:
    try:
        spec = session.files.crack(text, name=default, kind="par").text
    except SpecError:
        raise FileNotFoundError(2, NO_FILE) from None
    return session.files.path(spec) if writing else session.files.existing(spec) or session.files.path(spec)


def _write(session: Session, path: Path, variables: Iterable[Variable]) -> None:
    definitions = Counter(variable.defined_in for variable in session.globals)
    path.write_bytes(parblock.packed(variables, path.stem, definitions))


def _read(path: Path) -> list[Variable]:
    """The variables of a file; raises OSError, `Malformed` with the name of a message, or with what reading the header met."""
    data = path.read_bytes()
    try:
        return parblock.unpacked(data)
    except EOFError:
        raise Malformed("End of file. ") from None


# --- SAVE


def save(session: Session, text: str, variables: Sequence[Variable]) -> None:
    """SAVE: variables into a file."""
    try:
        _write(session, _path(session, text, "", True), variables)
    except OSError as error:
        raise TaeError("OPNWRT.save", error.strerror) from None


def save_selected(session: Session, scope: Scope, text: str, names: Sequence[str]) -> None:
    """SAVE-VARIABLE with a list; ``name.*`` means all qualifiers of one variable.

    The file is there, empty, before the names are looked at, and gone when one of them is wrong.
    """
    save(session, text, ())
    try:
        chosen = _chosen(scope, names)
    except TaeError:
        _path(session, text, "", True).unlink()
        raise
    save(session, text, chosen)


def _chosen(scope: Scope, names: Sequence[str]) -> list[Variable]:
    chosen: list[Variable] = []
    for name in names:
        qualifiers = name.endswith(".*") and len(name) > 2
        if qualifiers and len(names) != 1:
            raise TaeError("MULTIQUAL")
        name = name[:-2] if qualifiers else name
        variable = scope.find(name)
        if variable is None:
            raise TaeError("UNDEFVAR.save", name)
        chosen += list(variable.qualifiers or ()) if qualifiers else [variable]
    return chosen


def save_parameters(session: Session, new: Scope, text: str) -> None:
    """|SAVE=file|: the parameters of a procedure, before it runs."""
    variables = [v for v in new.parameters if not (v.type == NAME and v.reference is None)]
    try:
        _write(session, _path(session, text, new.name, True), variables)
    except OSError as error:
        raise TaeError("SAVERR", f"Unable to open save file. {error.strerror}") from None


# --- RESTORE


def _load(session: Session, text: str) -> list[Variable]:
    try:
        return _read(_path(session, text, "", False))
    except OSError as error:
        raise TaeError("OPNRD.save", error.strerror) from None
    except Malformed as bad:
        raise (TaeError(str(bad)) if str(bad) in TEXTS else TaeError("RDERR.header", str(bad))) from None


def restore(session: Session, scope: Scope, text: str, which: str) -> None:
    """RESTORE everything of the kinds in ``which``: ``g`` globals, ``l`` locals, ``p`` parameters."""
    letters = {GLOBAL: "g", LOCAL: "l", PARM: "p"}
    found = set()
    for variable in _load(session, text):
        if letters[variable.kind] in which:
            found.add(letters[variable.kind])
            _put(session, scope, variable, None)
    if which != "glp":
        for letter, name in (("g", "NOGBLRES"), ("l", "NOLOCRES"), ("p", "NOPARMRES")):
            if letter in which and letter not in found:
                session.report(TaeError(name))


def restore_selected(session: Session, scope: Scope, text: str, names: Sequence[str], targets: Sequence[str]) -> None:
    """RESTORE-VARIABLE with a list, into variables of the same or other names."""
    table = SymbolTable(_load(session, text))
    missing = []
    for name, target in zip(names, targets, strict=True):
        variable = table.exact(name)
        if variable is None:
            missing.append(name)
        else:
            _put(session, scope, variable, target)
    for name in missing:
        session.report(TaeError("NOVAR", name))


def display_file(
    session: Session,
    text: str,
    names: Sequence[str] | None,
    kinds: Sequence[str],
    show: Callable[[Variable, str], None],
) -> None:
    """DISPLAY-PARFILE: what a file holds; all of the given kinds, or the variables named."""
    variables = _load(session, text)
    if names is None:
        for variable in variables:
            if variable.kind in kinds:
                show(variable, variable.name)
        return
    table = SymbolTable(variables)
    for name in names:
        variable = table.exact(name)
        if variable is not None:
            show(variable, name)
    for name in names:
        if table.exact(name) is None:
            session.report(TaeError("NOVAR", name))


def _put(session: Session, scope: Scope, saved: Variable, target: str | None) -> None:
    """Assign a variable from a file; globals and locals that are not there are made (``symb_up``)."""
    variable = scope.find(target or saved.name)
    if variable is None and target is not None:
        session.report(TaeError("UNDEFVAR.restore", target))
        return
    if variable is None and saved.kind == GLOBAL:
        variable = session.globals.exact(saved.name)
    if variable is None:
        if saved.kind == PARM:
            session.report(TaeError("RESTPARM", saved.name))
        elif saved.kind == LOCAL:
            scope.locals.add(saved)
        elif session.top.locals.exact(saved.name) is not None:
            session.report(TaeError("LOCCONFLICT.save", saved.name))
        else:
            session.globals.insert(saved)
        return
    if excluded(variable):
        return
    if session.assign(variable, saved.type, saved.values, "MISMATCH.async", saved.name):
        _put_qualifiers(session, variable, saved)


def _put_qualifiers(session: Session, variable: Variable, saved: Variable) -> None:
    for item in saved.qualifiers or ():
        own = variable.qualifiers.exact(item.name) if variable.qualifiers is not None else None
        if own is None:
            variable.qualifiers = variable.qualifiers if variable.qualifiers is not None else SymbolTable()
            variable.qualifiers.add(item)
        elif not session.assign(own, item.type, item.values, "MISMATCH.save", item.name, variable.name):
            return


# --- |RESTORE=file|


def restore_parameters(session: Session, new: Scope, text: str) -> None:
    """|RESTORE=file|: values for the parameters of a procedure; what does not fit is listed in a message."""
    refused = load_parameters(session, new, text)
    if refused:
        session.report(TaeError("NOTUSED", refused_text(refused)), failed=False)


def load_parameters(session: Session, new: Scope, text: str) -> list[str]:
    """Values from a file for the parameters of a procedure; returns the names of those that did not fit."""
    try:
        saved = _read(_path(session, text, new.name, False))
    except OSError as error:
        raise TaeError("BADPFILE", f"Unable to open parameter file. {error.strerror}") from None
    except Malformed as bad:
        raise TaeError("BADPFILE", _wrong(str(bad))) from None
    return merge(saved, new.parameters)


def _wrong(reason: str) -> str:
    """What |RESTORE=file| says about a file that is none."""
    if reason == "FMTRESTR":
        return "Parameter file is not correctly formatted. "
    return TEXTS.get(reason, f"Error reading file. {reason}.")


def merge(saved: Sequence[Variable], parameters: SymbolTable) -> list[str]:
    """Put values into parameters of the same names; returns the names of those that did not fit.

    A value that is only not in the VALID list is put all the same.
    """
    refused = []
    for item in saved:
        parameter = parameters.exact(item.name)
        if parameter is None:
            if item.kind == PARM:
                refused.append(item.name)
            continue
        if parameter.type == NAME:
            continue
        if not _fits(parameter, item):
            refused.append(item.name)
            continue
        parameter.values = item.values
        if item.kind == PARM:
            parameter.defaulted = item.defaulted
        if item.qualifiers is not None and parameter.qualifiers is not None:
            if merge(list(item.qualifiers), parameter.qualifiers):
                refused.append(f"{item.name} qualifier(s)")
    return refused


def _fits(parameter: Variable, item: Variable) -> bool:
    if item.values is None:
        return parameter.type == item.type
    try:
        parameter.check(item.type, item.values)
    except BadValue as bad:
        return bad.reason in (BAD_VALID, BAD_AMBIGUOUS)
    return True


def refused_text(names: Sequence[str]) -> str:
    """The list of values that were not used, as long as it may be."""
    text = "Not used or invalid: "
    for name in names:
        if len(name) + len(text) + 5 > LIST_SIZE:
            return text + "..."
        text += name + ", "
    return text[:-2]
