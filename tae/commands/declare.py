"""Commands that make up a parameter file: introductions, PARM, LOCAL, REFGBL, SUBCMD, BODY, END-PROC."""

from __future__ import annotations

from tae.commands import DECLARE, RUNS, STRING, Call, Code, May, Parameter, intrinsic
from tae.control import Seek
from tae.messages import TaeError
from tae.parameterfile import INTRODUCTIONS, LOCAL_ATTRIBUTES, PARM_ATTRIBUTES, REFGBL_ATTRIBUTES, SUBCMD_ATTRIBUTES
from tae.scopes import Scope, Subcommand
from tae.variables import GLOBAL, LOCAL, PARM, fold, is_abbreviation, string

LOCALS = DECLARE | May.BODY
LOCAL_ANYWHERE = RUNS | May.PARAMETERS | May.PREBODY | May.BODY
INTRODUCTION = (
    May.PROC | May.INTRO | May.PARAMETERS | May.CLEAR | May.SEARCH | May.PROC_SEARCH | May.PREBODY | May.BODY
    | May.FALSE_PART | RUNS
)  # fmt: skip
BLOCK = May.PROC | May.PREBODY | May.PARAMETERS | RUNS


@intrinsic("PARM", 0, "", DECLARE, PARM_ATTRIBUTES)
@intrinsic("PARM", 0, "PAGE", DECLARE, PARM_ATTRIBUTES)
def parm(session, scope, call: Call) -> Code:
    """PARM: declare parameters."""
    session.interpreter.declare(call, scope, PARM)
    return Code.SUCCESS


@intrinsic("LOCAL", 0, "", LOCAL_ANYWHERE, LOCAL_ATTRIBUTES)
def local(session, scope, call: Call) -> Code:
    """LOCAL: declare local variables."""
    session.interpreter.declare(call, scope, LOCAL)
    return Code.SUCCESS


@intrinsic("DEFGBL", 0, "", LOCAL_ANYWHERE, LOCAL_ATTRIBUTES)
def defgbl(session, scope, call: Call) -> Code:
    """DEFGBL: make globals that are not there yet; when all are, the procedure ends without a word."""
    new = any(session.globals.exact(name) is None for name in call.values("NAME"))
    session.interpreter.declare(call, scope, GLOBAL)
    return Code.SUCCESS if new else Code.RETURN


@intrinsic("REFGBL", 0, "", LOCAL_ANYWHERE, REFGBL_ATTRIBUTES)
def refgbl(session, scope, call: Call) -> Code:
    """REFGBL: make globals visible."""
    for name in call.values("NAME"):
        known = scope.search(name)
        if known is not None:
            if known.kind == GLOBAL and known.implicit:
                continue
            raise TaeError("REFEX", name)
        variable = session.globals.exact(name)
        if variable is None:
            raise TaeError("UNDEFGBL", name)
        scope.refer(variable)
    return Code.SUCCESS


@intrinsic("REFVIEW", 4, "", DECLARE, [Parameter("NAME", size=STRING)])
def view(session, scope, call: Call) -> Code:
    """REFVIEW: the panel a parameter set belongs to; there are no panels here."""
    return Code.SUCCESS


# --- introductions ----------------------------------------------------------------------------------------------------

@intrinsic("PROCEDURE", 0, "", INTRODUCTION, INTRODUCTIONS["PROCEDURE"])
@intrinsic("PROCEDURE", 0, "COMPILED", INTRODUCTION, INTRODUCTIONS["PROCEDURE"])
@intrinsic("PARMSET", 0, "", INTRODUCTION, INTRODUCTIONS["PARMSET"])
@intrinsic("PARMSET", 0, "COMPILED", INTRODUCTION, INTRODUCTIONS["PARMSET"])
@intrinsic("PROCESS", 0, "", INTRODUCTION, INTRODUCTIONS["PROCESS"])
@intrinsic("PROCESS", 0, "COMPILED", INTRODUCTION, INTRODUCTIONS["PROCESS"])
@intrinsic("GLOBALS", 6, "", INTRODUCTION, INTRODUCTIONS["GLOBALS"])
@intrinsic("GLOBALS", 6, "COMPILED", INTRODUCTION, INTRODUCTIONS["GLOBALS"])
def introduction(session, scope, call: Call) -> Code:
    """PROCEDURE, PROCESS, PARMSET, GLOBALS: what this file is; inside a procedure, one that is internal to it."""
    if scope.kind:
        return _internal(scope, call)
    scope.kind = call.intrinsic.name
    if scope.kind == "PARMSET":
        scope.locals.add(string("_ACTION", call.value("ACTION")))
    if scope.kind == "PROCESS":
        scope.execute = call.value("EXECUTE") or call.value("NAME") or ""
    scope.help = call.value("HELP")
    options = call.values("OPTIONS")
    tutor_options = session.global_values("$TUTOPT")
    scope.interruptible = "INTERRUPT" in options
    scope.self_tutor = "SELFTUTOR" in options and "NO_SELFTUTOR" not in tutor_options
    scope.compress = "COMPRESSTUTOR" in options or "COMPRESS" in tutor_options
    return Code.SUCCESS


def _internal(scope: Scope, call: Call) -> Code:
    if not scope.control.begin_internal(scope.line):
        return Code.SUCCESS
    name = call.value("NAME")
    if name is None:
        scope.control.search = None
        raise TaeError("NONAME")
    if fold(name) in scope.internal_procedures:
        raise TaeError("DUBINTNAME", name)
    scope.internal_procedures[fold(name)] = (name, scope.statement_start)
    return Code.SUCCESS


@intrinsic("BODY", 0, "", BLOCK)
def body(session, scope, call: Call) -> Code:
    """BODY: the end of the declarations."""
    if scope.kind != "PROCEDURE":
        raise TaeError("PRCDONLY")
    scope.in_subcommand = False
    scope.in_body = True
    return Code.SUCCESS


END_PROC = May.PROC | May.BODY | May.PREBODY | May.SEARCH | May.PARAMETERS | May.FALSE_PART | RUNS | May.PROC_SEARCH


@intrinsic("END", 0, "PROC", END_PROC)
def end_proc(session, scope, call: Call) -> Code:
    """END-PROC."""
    search = scope.control.search
    if search is not None:
        if search.kind is Seek.GOTO:
            if search.on_fail:
                lines = ("Undefined label '%s' in _ONFAIL command,", "activated after command in procedure.")
                raise TaeError("BADONFAIL", "\n\r".join(lines) % search.label)
            raise TaeError("UNDLABEL", search.label)
        if search.kind is Seek.PROC:
            scope.control.end_internal()
            return Code.SUCCESS
    elif scope.kind == "PROCESS":
        scope.in_body = True
    if scope.control.kinds:
        raise TaeError("UNBALCON")
    return Code.RETURN


@intrinsic("END", 0, "GLOBAL", May.BATCH | DECLARE)
def end_global(session, scope, call: Call) -> Code:
    """END-GLOBAL."""
    return Code.RETURN


# --- subcommands ------------------------------------------------------------------------------------------------------


@intrinsic("SUBCMD", 0, "", BLOCK, SUBCMD_ATTRIBUTES)
@intrinsic("SUBCMD", 0, "DEFAULT", BLOCK, SUBCMD_ATTRIBUTES)
def subcmd(session, scope, call: Call) -> Code:
    """SUBCMD name: declarations for one subcommand."""
    name, default = call.value("NAME"), call.subcommand == "DEFAULT"
    scope.subcommands.append(Subcommand(name, default))
    if scope.in_subcommand:
        raise TaeError("SUBNST")
    scope.in_subcommand = True
    if scope.subcommand_search:
        return Code.SUCCESS
    typed = scope.subcommand[: scope.subcommand_size] if scope.subcommand_found else scope.subcommand
    if default and not typed:
        if not scope.subcommand_found:
            _choose(scope, name)
    elif typed and is_abbreviation(typed, name):
        if scope.subcommand_found:
            session.report(TaeError("SUBTWC", name, typed), failed=False)
            scope.subcommand_search = True
            return Code.SUCCESS
        _choose(scope, name)
    else:
        scope.subcommand_active = False
    return Code.SUCCESS


def _choose(scope: Scope, name: str) -> None:
    scope.subcommand_found = scope.subcommand_active = True
    scope.subcommand = name
    scope.locals.exact("_SUBCMD").set((name,))


@intrinsic("END", 0, "SUBCMD", DECLARE | May.END_SUBCMD)
def end_subcmd(session, scope, call: Call) -> Code:
    """END-SUBCMD."""
    if not scope.in_subcommand:
        raise TaeError("NOSUB")
    scope.in_subcommand = scope.subcommand_active = False
    return Code.SUCCESS
