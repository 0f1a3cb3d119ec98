"""Commands that talk with the user: HELP, TUTOR, MENU, GETPAR; and COMPILE.

What they show is the business of other modules (`tae.help`, `tae.tutor`); here is only how the commands are spelled.
"""

from __future__ import annotations

from tae.commands import (
    GENERAL,
    GENERAL_INTERACTIVE,
    MANY,
    QUALIFIED,
    SPEC,
    STRING,
    Call,
    Code,
    May,
    Parameter,
    intrinsic,
)
from tae.library import SpecError
from tae.messages import TaeError

NODE = Parameter("NODE", minimum=0, maximum=2, size=10, default=())
PROC = Parameter("PROC", size=SPEC, default=("",))
MUST_PROC = Parameter("PROC", size=SPEC)


@intrinsic("HELP", 1, "GENERAL", GENERAL | May.DEFAULT, [PROC, NODE])
@intrinsic("HELP", 1, "PROC", GENERAL, [MUST_PROC, NODE])
def help_proc(session, scope, call: Call) -> Code:
    """HELP proc."""
    session.next_command = session.help.proc(call.value("PROC"))
    return Code.CHECK


@intrinsic("HELP", 1, "COMMAND", GENERAL, [Parameter("COMMAND", size=SPEC), NODE])
def help_command(session, scope, call: Call) -> Code:
    """HELP-COMMAND command."""
    session.next_command = session.help.proc(call.value("COMMAND"))
    return Code.CHECK


@intrinsic("HELP", 1, "MESSAGE", GENERAL, [Parameter("KEY", size=17, default=("",))])
def help_message(session, scope, call: Call) -> Code:
    """HELP-MESSAGE key: what a message means."""
    session.next_command = session.help.message(call.value("KEY") or session.last_key)
    return Code.CHECK


@intrinsic("HELP", 1, "PARM", GENERAL, [Parameter("PARM", size=QUALIFIED), PROC, NODE])
def help_parm(session, scope, call: Call) -> Code:
    """HELP-PARM parm proc."""
    session.next_command = session.help.parameter(call.value("PARM"), call.value("PROC"))
    return Code.CHECK


@intrinsic("HELP", 1, "GLOBAL", GENERAL, [Parameter("VARIABLE", size=15)])
def help_global(session, scope, call: Call) -> Code:
    """HELP-GLOBAL variable."""
    session.next_command = session.help.of_global(call.value("VARIABLE"))
    return Code.CHECK


@intrinsic("HELP", 1, "HARDCOPY", GENERAL, [MUST_PROC, Parameter("OUTPUT", size=SPEC, default=("",))])
def help_hardcopy(session, scope, call: Call) -> Code:
    """HELP-HARDCOPY proc output: the help into a file."""
    session.help.hardcopy(call.value("PROC"), call.value("OUTPUT"))
    return Code.CHECK


@intrinsic("?", 1)
def help_last(session, scope, call: Call) -> Code:
    """?: what the last message means."""
    session.next_command = session.help.message(session.last_key)
    return Code.CHECK


TUTOR = May.PRIMARY | May.PROC | May.BODY | May.CLEAR | May.ASYNC | May.INTERACTIVE


@intrinsic("TUTOR", 1, "$TUTOR", TUTOR | May.DEFAULT)
@intrinsic("TUTOR", 1, "SCREEN", TUTOR)
@intrinsic("TUTOR", 1, "NOSCREEN", TUTOR)
def tutor(session, scope, call: Call) -> Code:
    """TUTOR proc: parameters by dialogue."""
    return session.interpreter.tutor(call, scope)


@intrinsic("MENU", 1, "OPEN", May.DEFAULT | GENERAL_INTERACTIVE, [Parameter("NAME", size=SPEC, default=("",))])
@intrinsic("MENU", 1, "CLOSED", GENERAL_INTERACTIVE, [Parameter("NAME", size=SPEC, default=("",))])
def menu(session, scope, call: Call) -> Code:
    """MENU name: choose from menus."""
    session.menus.open(call.value("NAME"), call.subcommand, scope.level)
    return Code.STOP


@intrinsic("GETPAR", 0, "", GENERAL, [
    Parameter("PARMS", maximum=MANY, size=QUALIFIED),
    Parameter("PREFACE", minimum=0, maximum=12, size=STRING, default=()),
])  # fmt: skip
def getpar(session, scope, call: Call) -> Code:
    """GETPAR list: ask for parameters while a procedure runs."""
    return session.interpreter.get_parameters(call, scope)


@intrinsic("COMPILE", 5, "", GENERAL, [Parameter("INPROC", size=SPEC), Parameter("OUTPROC", minimum=0, size=SPEC, default=())])
def compile_(session, scope, call: Call) -> Code:
    """COMPILE: compiled parameter files are not made here; nothing needs them, since files are parsed once anyway."""
    try:
        there = session.files.existing(session.files.crack(call.value("INPROC"), kind="pdf").text)
    except SpecError:
        there = None
    raise TaeError("OPNRD.compile", "Compiling is not supported" if there else "No such file or directory")
