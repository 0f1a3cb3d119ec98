"""SAVE and RESTORE: variables in parameter files (``.par``).

A parameter file is a line that says what it is, and then one line of JSON a variable.
Source of the facts: ``tm/saveres.c``, ``tm/tmsubs.c`` (save_parm, rest_parm, parcmp, parmrg).

accepted
    The original writes its memory as it stands, pointers and all, so that its files fit one kind of machine only. Ours are
    text; those of the original cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tae.library import SpecError
from tae.messages import TaeError
from tae.values import NAME, REAL
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

SENTINEL = "TAE parameter file, version 1"
NO_FILE = "No such file or directory"
OWN_GLOBALS = tuple("$SESSION $RUNTYPE $SFI $SKEY $JOB $SWITCH $LOG $PARENT $USERLIB".split())
OWN_LOCALS = ("_STDOUT", "_ONFAIL", "_PROC", "_SUBCMD")
LIST_SIZE = 250 - 18
HEADER_SIZE = 172  # of the original's files: what is shorter ends too early, the rest has a record that is too long
FIELDS = "name kind type minimum maximum nullable size valid keyword file access defaulted".split()


def excluded(variable: Variable) -> bool:
    """Whether RESTORE leaves a variable alone, and DELETE refuses it."""
    if variable.kind == PARM:
        return False
    return fold(variable.name) in (OWN_GLOBALS if variable.kind == GLOBAL else OWN_LOCALS)


class Malformed(Exception):
    """The file is no parameter file; the argument is how the original finds out."""


# --- files


def _path(session: Session, text: str, default: str, writing: bool) -> Path:
    try:
        spec = session.files.crack(text, name=default, kind="par").text
    except SpecError:
        raise FileNotFoundError(2, NO_FILE) from None
    return session.files.path(spec) if writing else session.files.existing(spec) or session.files.path(spec)


def _record(variable: Variable) -> dict[str, Any]:
    """A variable as it is written; a NAME parameter as what it refers to, under its own name."""
    source = variable.resolved
    record = {name: getattr(source, name) for name in FIELDS} | {"name": variable.name, "values": source.values}
    if source.qualifiers is not None:
        record["qualifiers"] = [_record(item) for item in source.qualifiers if item.resolved is not None]
    return record


def _variable(record: dict[str, Any]) -> Variable:
    values, qualifiers, valid = record.pop("values"), record.pop("qualifiers", None), record.pop("valid")
    variable = Variable(**record)
    if values is not None:
        variable.values = tuple(float(v) for v in values) if variable.type == REAL else tuple(values)
    if valid is not None:
        variable.valid = tuple(tuple(item) if isinstance(item, list) else item for item in valid)
    if qualifiers is not None:
        variable.qualifiers = SymbolTable(_variable(item) for item in qualifiers)
    return variable


def _write(path: Path, variables: Sequence[Variable]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(SENTINEL + "\n")
        for variable in variables:
            file.write(json.dumps(_record(variable)) + "\n")


def _read(path: Path) -> list[Variable]:
    with path.open("rb") as file:
        data = file.read()
    lines = data.decode("utf-8", "replace").split("\n")
    if lines[0] != SENTINEL:
        raise Malformed("Buffer size too small" if len(data) >= HEADER_SIZE else "End of file. ")
    try:
        return [_variable(json.loads(line)) for line in lines[1:] if line]
    except (ValueError, TypeError, KeyError):
        raise Malformed("Buffer size too small") from None


# --- SAVE


def save(session: Session, text: str, variables: Sequence[Variable]) -> None:
    """SAVE: variables into a file."""
    try:
        _write(_path(session, text, "", True), variables)
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
        _write(_path(session, text, new.name, True), variables)
    except OSError as error:
        raise TaeError("SAVERR", f"Unable to open save file. {error.strerror}") from None


# --- RESTORE


def _load(session: Session, text: str) -> list[Variable]:
    try:
        return _read(_path(session, text, "", False))
    except OSError as error:
        raise TaeError("OPNRD.save", error.strerror) from None
    except Malformed as bad:
        raise TaeError("RDERR.header", str(bad)) from None


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
            session.globals.add(saved)
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
        raise TaeError("BADPFILE", f"Error reading file. {bad}.") from None
    return merge(saved, new.parameters)


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
