"""GETPAR in an asynchronous job, and REPLY to it: the parameters go to the session and back in a file beside the job's.

Source of the facts: ``get_parms_remote`` (``tm/misccmd.c``), ``reply_do``, ``asy_getp``, ``get_syms`` (``tm/asyncport.c``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tae import parblock
from tae.commands import Code
from tae.messages import TaeError
from tae.parblock import Malformed
from tae.tutor.noscreen import EXIT, HOLD, RUN
from tae.variables import PARM, SymbolTable, Variable, string

if TYPE_CHECKING:
    from tae.jobs import Job
    from tae.scopes import Scope
    from tae.session import Session

OWN = ("_PROC", "_SUBCMD", "_PREFACE")


def request(session: Session, scope: Scope, names: tuple[str, ...], preface: tuple[str, ...]) -> Code:
    """GETPAR in a job: have the session ask its user."""
    if session.parent is None or not session.parent.interactive:
        raise TaeError("ASYPARM")
    asked = []
    for name in names:
        variable = scope.find(name)
        if variable is None or variable.resolved is None:
            raise TaeError("UNDEFVAR", name)
        asked.append(variable.resolved.copy())
        asked[-1].name, asked[-1].kind = variable.name, PARM
    own = [string("_PROC", str(scope.source.path)), string("_SUBCMD", scope.subcommand)]
    own.append(string("_PREFACE", *preface, maximum=max(len(preface), 1)))
    path = session.files.path(f"{session.global_text('$JOB')}.asy")
    try:
        path.write_bytes(parblock.packed([*asked, *own], path.stem, {}))
    except OSError as error:
        raise TaeError("COMOPEN.misc", error.strerror) from None
    answer = session.parent.ask(str(path))
    if not answer:
        raise TaeError("RCVMON", 0)
    if answer == EXIT:
        session.set_status(-1, "TAE-EXIT")
    elif _take(session, scope, path):
        path.unlink()
    return Code.CHECK


def _take(session: Session, scope: Scope, path: Path) -> bool:
    """Give the variables what was typed for them; False, with a message, when something does not fit."""
    try:
        variables = parblock.unpacked(path.read_bytes())
    except OSError as error:
        raise TaeError("OPNRD.async", error.strerror) from None
    except (Malformed, EOFError):
        raise TaeError("FMTRESTR.async") from None
    for variable in variables:
        target = scope.search(variable.name)
        pairs = [(target, variable, variable.name)]
        for item in variable.qualifiers or ():
            pairs.append((target.qualifiers.exact(item.name), item, f"{variable.name}.{item.name}"))
        for old, new, name in pairs:
            if not session.assign(old, new.type, new.values, "MISMATCH.async", name):
                return False
    return True


def reply(session: Session, job: Job) -> None:
    """REPLY: ask the user what a job asks for, and tell the job."""
    path, job.request = Path(job.request), ""
    if session.terminal is None or session.global_text("$DYNTUT") != "SCREEN":
        session.write_terminal(f'Job "{job.name}"')
    asked, own = _questions(path)
    preface = own["_PREFACE"].values if own["_PREFACE"].text else ()
    done = session.interpreter.dialogues.ask_for_job(own["_PROC"].text, own["_SUBCMD"].text, asked, preface)
    if done == HOLD:
        job.request = str(path)
        return
    if not done:
        path.unlink()
        session.jobs.abort(job)
        return
    try:
        if done == RUN:
            path.write_bytes(parblock.packed(asked, path.stem, {}))
        else:
            path.unlink()
    except OSError as error:
        raise TaeError("COMWRITE", error.strerror) from None
    job.process.answer(done)


def _questions(path: Path) -> tuple[SymbolTable, dict[str, Variable]]:
    """The variables a job asks for, and what it says about itself."""
    try:
        variables = parblock.unpacked(path.read_bytes())
    except OSError as error:
        raise TaeError("COMOPEN.async", error.strerror) from None
    except EOFError:
        raise TaeError("COMREAD.async", "End of file. ") from None
    except Malformed:
        raise TaeError("FMTCOMM.async") from None
    own = {variable.name: variable for variable in variables if variable.name in OWN}
    if len(own) < len(OWN):
        raise TaeError("FMTCOMM.async")
    return SymbolTable(variable for variable in variables if variable.name not in OWN), own
