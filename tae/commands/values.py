"""Commands about variables: LET, DISPLAY, DELETE, SAVE and RESTORE."""

from __future__ import annotations

from tae.commands import DISPLAYING, GENERAL, MANY, QUALIFIED, RUNS, SPEC, Call, Code, May, Parameter, intrinsic
from tae.display import display_lines
from tae.messages import CHECK, TaeError
from tae.variables import GLOBAL, LOCAL, NAME, PARM, SymbolTable, Variable

ALL = ("ALL",)
FILE = Parameter("FILE", size=SPEC)
VARIABLE = Parameter("VARIABLE", maximum=MANY, size=QUALIFIED, default=ALL)
TARGET = Parameter("TARGET", minimum=0, maximum=MANY, size=QUALIFIED, default=())
CLASS = Parameter("CLASS", size=15, default=ALL, valid=("ALL", "PARMS", "LOCALS", "GLOBALS"))


@intrinsic("LET", may=May.PRIMARY | May.PROC | May.BODY | RUNS)
def let(session, scope, call: Call) -> Code:
    """LET variable = expression, LET variable(i) = expression."""
    try:
        session.evaluator.let(call.line.text, scope, call.line.rest)
    except TaeError as error:
        error.ends = CHECK  # every failure of LET lets _ONFAIL run
        raise
    return Code.SUCCESS


# --- DISPLAY ----------------------------------------------------------------------------------------------------------


@intrinsic("DISPLAY", 4, "VARIABLE", DISPLAYING | May.DEFAULT, [VARIABLE])
def display(session, scope, call: Call) -> Code:
    """DISPLAY list: variables and their values."""
    names = call.values("VARIABLE")
    if len(names) == 1 and names[0].upper() == "ALL":
        return display_all(session, scope, call)
    unknown = False
    session.print("")
    for name in names:
        variable = scope.search(name)
        if variable is None:
            session.report(TaeError("UNDEFVAR", name))
            unknown = True
        else:
            show(session, variable, name)
    session.print("")
    return Code.CHECK if unknown else Code.SUCCESS


@intrinsic("DISPLAY", 4, "ALL", DISPLAYING)
def display_all(session, scope, call: Call) -> Code:
    """DISPLAY-ALL."""
    session.print("")
    session.print("**** displaying globals ****")
    display_globals(session, scope, call)
    session.print(" **** displaying locals ****")
    display_locals(session, scope, call)
    session.print(" **** displaying parameters ****")
    display_parms(session, scope, call)
    return Code.SUCCESS


@intrinsic("DISPLAY", 4, "GLOBALS", DISPLAYING)
def display_globals(session, scope, call: Call) -> Code:
    """DISPLAY-GLOBALS: those that are visible here."""
    visible = session.globals
    if scope.level:
        seen = list(scope.references.values())
        visible = [variable for variable in session.globals if variable in seen]
        if not seen:
            session.print("...none...")
    for variable in visible:
        show(session, variable, variable.name)
    session.print("")
    return Code.SUCCESS


@intrinsic("DISPLAY", 4, "LOCALS", DISPLAYING)
def display_locals(session, scope, call: Call) -> Code:
    """DISPLAY-LOCALS."""
    return _display_table(session, scope.locals)


@intrinsic("DISPLAY", 4, "PARMS", DISPLAYING)
def display_parms(session, scope, call: Call) -> Code:
    """DISPLAY-PARMS."""
    return _display_table(session, scope.parameters)


def _display_table(session, table: SymbolTable) -> Code:
    if not len(table):
        session.print("...none...")
    for variable in table:
        show(session, variable, variable.name)
    session.print("")
    return Code.SUCCESS


def show(session, variable: Variable, name: str) -> None:
    """Print a variable and its qualifiers."""
    for line in display_lines(variable, name, session.display_width):
        session.print(line)
    for qualifier in variable.qualifiers or ():
        show(session, qualifier, f"{name}.{qualifier.name}")


@intrinsic("DISPLAY", 4, "PARFILE", DISPLAYING, [FILE, VARIABLE, CLASS])
def display_parfile(session, scope, call: Call) -> Code:
    """DISPLAY-PARFILE file list class: what a parameter file holds."""
    from tae import restoring

    kinds = {"ALL": (PARM, LOCAL, GLOBAL), "PARMS": (PARM,), "LOCALS": (LOCAL,), "GLOBALS": (GLOBAL,)}[call.value("CLASS")]
    names, select = call.values("VARIABLE"), None
    if not (len(names) == 1 and names[0].upper() == "ALL"):
        select = names
    restoring.display_file(session, call.value("FILE"), select, kinds, lambda v, name: show(session, v, name))
    return Code.CHECK


# --- DELETE -----------------------------------------------------------------------------------------------------------


@intrinsic("DELETE", 4, "VARIABLE", GENERAL | May.DEFAULT, [Parameter("NAME", maximum=MANY, size=QUALIFIED)])
def delete_variable(session, scope, call: Call) -> Code:
    """DELETE list: locals of this procedure, or globals nobody refers to."""
    for name in call.values("NAME"):
        if name.find(".") > 0:
            session.report(TaeError("QUALDEL", name))
            continue
        variable = scope.locals.exact(name)
        if variable is not None:
            _delete_local(session, scope, variable)
            continue
        variable = session.globals.exact(name)
        if variable is None:
            session.report(TaeError("UNDEFVAR.delete", name))
        else:
            _delete_global(session, variable)
    return Code.CHECK


@intrinsic("DELETE", 4, "GLOBALS", GENERAL, [Parameter("PROC", size=SPEC)])
def delete_globals(session, scope, call: Call) -> Code:
    """DELETE-GLOBALS proc: the globals that a GLOBALS procedure makes."""
    for name in session.interpreter.names_in_globals_proc(call.value("PROC"), scope):
        variable = session.globals.exact(name)
        if variable is None:
            raise TaeError("UNDEFGBL.delete", name, ends="check")
        if not _delete_global(session, variable):
            return Code.CHECK
    return Code.SUCCESS


@intrinsic("DELETE", 4, "LOCALS", GENERAL)
def delete_locals(session, scope, call: Call) -> Code:
    """DELETE-LOCALS: all locals of this procedure."""
    for variable in list(scope.locals):
        _delete_local(session, scope, variable)
    return Code.SUCCESS


def _delete_local(session, scope, variable: Variable) -> None:
    from tae import restoring

    looping = any(loop.variable is variable for loop in scope.control.loops)
    meant = any(parameter.type == NAME and parameter.reference is variable for parameter in scope.parameters)
    if looping or meant:
        session.report(TaeError("DELREF.local", variable.name))
    elif restoring.excluded(variable):
        session.report(TaeError("DELVAR", variable.name))
    else:
        scope.locals.remove(variable)


def _delete_global(session, variable: Variable) -> bool:
    if variable.references > 0 or variable.protected:
        session.report(TaeError("DELREF.global", variable.name))
        return False
    session.globals.remove(variable)
    return True


# --- SAVE and RESTORE -------------------------------------------------------------------------------------------------

TABLES = {"ALL": "glp", "VARIABLE": "glp", "GLOBALS": "g", "LOCALS": "l", "PARMS": "p"}


@intrinsic("SAVE", 4, "VARIABLE", GENERAL | May.DEFAULT, [FILE, VARIABLE])
@intrinsic("SAVE", 4, "ALL", GENERAL, [FILE])
@intrinsic("SAVE", 4, "GLOBALS", GENERAL, [FILE])
@intrinsic("SAVE", 4, "LOCALS", GENERAL, [FILE])
@intrinsic("SAVE", 4, "PARMS", GENERAL, [FILE])
def save(session, scope, call: Call) -> Code:
    """SAVE file list: variables into a parameter file."""
    from tae import restoring

    names = call.values("VARIABLE") if "VARIABLE" in call.bound else ALL
    if call.subcommand == "VARIABLE" and not (len(names) == 1 and names[0].upper() == "ALL"):
        restoring.save_selected(session, scope, call.value("FILE"), names)
        return Code.CHECK
    which = TABLES[call.subcommand]
    variables: list[Variable] = []
    for letter, table in (("g", session.globals), ("l", scope.locals), ("p", scope.parameters)):
        if letter in which:
            variables += [v for v in table if not (v.type == NAME and v.reference is None)]
    restoring.save(session, call.value("FILE"), variables)
    return Code.CHECK


@intrinsic("RESTORE", 4, "VARIABLE", GENERAL | May.DEFAULT, [FILE, VARIABLE, TARGET])
@intrinsic("RESTORE", 4, "ALL", GENERAL, [FILE])
@intrinsic("RESTORE", 4, "GLOBALS", GENERAL, [FILE])
@intrinsic("RESTORE", 4, "LOCALS", GENERAL, [FILE])
@intrinsic("RESTORE", 4, "PARMS", GENERAL, [FILE])
def restore(session, scope, call: Call) -> Code:
    """RESTORE file list targets: variables out of a parameter file."""
    from tae import restoring

    names = call.values("VARIABLE") if "VARIABLE" in call.bound else ALL
    targets = call.values("TARGET") if "TARGET" in call.bound else ()
    if len(names) == 1 and names[0].upper() == "ALL":
        if targets:
            raise TaeError("BADCOMBO")
        restoring.restore(session, scope, call.value("FILE"), TABLES[call.subcommand])
        return Code.CHECK
    if targets and len(targets) != len(names):
        raise TaeError("BADTARG")
    restoring.restore_selected(session, scope, call.value("FILE"), names, targets or names)
    return Code.CHECK
