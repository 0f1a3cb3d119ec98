"""SAVE and RESTORE: variables in parameter files. Source of the facts: ``tm/saveres.c``, ``tm/tmsubs.c``."""

from __future__ import annotations

from tae.messages import TaeError
from tae.variables import GLOBAL, PARM, Variable, fold

NOT_SAVED = {
    GLOBAL: "$SESSION $RUNTYPE $SFI $SKEY $JOB $SWITCH $LOG $PARENT $USERLIB".split(),
}
OWN_LOCALS = ("_STDOUT", "_ONFAIL", "_PROC", "_SUBCMD")


def excluded(variable: Variable) -> bool:
    """Whether RESTORE leaves a variable alone, and DELETE refuses it."""
    if variable.kind == PARM:
        return False
    return fold(variable.name) in (NOT_SAVED[GLOBAL] if variable.kind == GLOBAL else OWN_LOCALS)


def save(session, text, variables):
    raise TaeError("OPNWRT.save", "not yet")


save_selected = restore = restore_selected = display_file = save_parameters = restore_parameters = save
