"""The intrinsic commands: each is a small function with one declaration.

A declaration says how the command is spelled and abbreviated, where it may stand, and what parameters it takes; `find` looks
a command up as the original does. The modules of this package hold the functions, by what they are about.

Source of the facts: ``tm/intrinsic.c`` and the command tables of ``tm/*.c`` and ``lib/vicar/*.c``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, Flag, auto
from functools import lru_cache
from typing import Any

from tae.variables import IntrinsicParameter as Parameter


class Code(Enum):
    """What a command says about how to go on."""

    SUCCESS = "success"
    CHECK = "look at $SFI"
    RETURN = "leave the procedure"
    STOP = "leave all procedures"
    ABORT = "the user gave up"
    CONTINUE = "on with what was interrupted"


class May(Flag):
    """Where a command is allowed, and what is done around it."""

    PRIMARY = auto()  # at the prompt
    PROC = auto()  # in a procedure
    INTRO = auto()  # as the first command of a file
    PREBODY = auto()  # among the declarations
    BODY = auto()
    QUALIFIERS = auto()  # takes command qualifiers
    SEARCH = auto()  # acted upon while something is being searched for
    FALSE_PART = auto()  # acted upon in a part of an IF that does not hold
    END_SUBCMD = auto()  # acted upon in a subcommand block that is not used
    PARAMETERS = auto()  # the rest of the line is matched against parameters
    CLEAR = auto()  # $SFI and $SKEY are reset before
    ON_FAIL = auto()  # allowed as text of _ONFAIL
    INTERACTIVE = auto()
    BATCH = auto()
    ASYNC = auto()
    DEFAULT = auto()  # this subcommand is meant when none is given
    BY_PROC = auto()  # a procedure of that name does it
    PROC_SEARCH = auto()  # acted upon while an internal procedure is skipped
    ANY_SUBCMD = auto()
    NOT_IN_CHECK = auto()  # skipped in syntax-check mode


RUNS = May.INTERACTIVE | May.BATCH | May.ASYNC
GENERAL = May.PRIMARY | May.PROC | May.BODY | May.PARAMETERS | May.CLEAR | RUNS
GENERAL_INTERACTIVE = May.PRIMARY | May.PROC | May.BODY | May.PARAMETERS | May.CLEAR | May.INTERACTIVE
DECLARE = May.PROC | May.PREBODY | May.PARAMETERS | RUNS
DISPLAYING = May.BODY | May.PARAMETERS | RUNS
LOOP_BOUND = May.PROC | May.BODY | May.SEARCH | May.PARAMETERS | RUNS
RETURNING = May.PROC | May.BODY | May.ON_FAIL | May.PARAMETERS | RUNS

MANY = 200  # most values of an intrinsic's own parameter
SPEC = 132
NAME = 15
QUALIFIED = 76
STRING = 250


class Intrinsic:
    """One command with one subcommand; what it may is kept in plain attributes, since every command is asked."""

    def __init__(self, name: str, minimum: int, subcommand: str, may: May, parameters: tuple, run: Callable) -> None:
        self.name = name
        self.minimum = minimum
        self.subcommand = subcommand
        self.may = may
        self.parameters: tuple[Parameter, ...] = parameters
        self.run: Callable[[Any, Any, Call], Code] = run
        anywhere = not may & (May.PRIMARY | May.PROC)
        self.at_prompt = anywhere or May.PRIMARY in may
        self.in_procedure = anywhere or May.PROC in may
        self.introduces = May.INTRO in may
        self.before_body = May.PREBODY in may
        self.in_body = May.BODY in may
        self.takes_qualifiers = May.QUALIFIERS in may
        self.in_search = May.SEARCH in may
        self.in_proc_search = May.PROC_SEARCH in may
        self.in_false_part = May.FALSE_PART in may
        self.ends_subcommand = May.END_SUBCMD in may
        self.takes_parameters = May.PARAMETERS in may
        self.clears = May.CLEAR in may
        self.as_on_fail = May.ON_FAIL in may
        self.by_proc = May.BY_PROC in may
        self.not_in_check = May.NOT_IN_CHECK in may


@dataclass
class Call:
    """One use of an intrinsic command.

    Attributes
    ----------
    rest : the text after the command field, as it stands
    bound : the command's own parameters by upper-case name, each with ``values`` and ``defaulted``
    line : the parsed command line
    """

    intrinsic: Intrinsic
    line: Any
    rest: str
    bound: dict[str, Any]

    @property
    def subcommand(self) -> str:
        return self.intrinsic.subcommand

    def values(self, name: str) -> tuple:
        """All values of a parameter."""
        return tuple(self.bound[name].values or ())

    def value(self, name: str):
        """The first value of a parameter, None when it is null."""
        values = self.bound[name].values
        return values[0] if values else None

    def given(self, name: str) -> bool:
        """Whether the user gave the parameter."""
        return not self.bound[name].defaulted


def intrinsic(name, minimum=0, subcommand="", may=GENERAL, parameters=()):
    """Declare the function below as an intrinsic command; several declarations may stand above one function."""

    def declare(function):
        entries = function.__dict__.setdefault("intrinsics", [])
        entries.insert(0, Intrinsic(name, minimum, subcommand, may, tuple(parameters), function))
        return function

    return declare


# The order of the original's tables decides which command an abbreviation means.
ORDER = tuple(
    """
    LOCAL REFVIEW PARM REFGBL DEFGBL
    ABORT BODY COMMAND CONTINUE DEFCMD DELCMD DELETE EXIT GETPAR GLOBALS LOGOFF NOP PARMSET PROCEDURE PROCESS RETURN
    STOP SUBCMD SWITCH
    END HI001 HI003 ELSE IF LET FOR LOOP NEXT BREAK GOTO USH HI009 TUTOR MENU DISPLAY SETLIB SHOW HELP ? DISABLE ENABLE
    PUTMSG WRITE RESTORE SAVE COMPILE SENDVAR RECVAR MOUNT DISMOUNT PASSTHRU NOPASSTHRU FLAG USAGE LISTPROC
    SLEEP WINDOW WPT WPTSCRIPT EMIT REMOVE REPLY WAIT
    """.split()
)

SUBCOMMANDS = {
    verb: subcommands.split()
    for verb, subcommands in {
        "DELETE": "VARIABLE GLOBALS LOCALS COMMAND",
        "END": "FOR GLOBAL IF LOOP PROC SUBCMD",
        "SHOW": "LIBRARY ASYNC WAITING BATCH",
        "DISABLE": "FORCE_LOWER HOST INTERRUPT LOG RECVAR TOL FACELIFT",
        "ENABLE": "FACELIFT FORCE_LOWER INTERRUPT RECVAR SCRIPT TOL LOG",
        "WINDOW": "INIT CREATE CLEAR COLORMAP DELETE DRAW TEXT INFO LIST MODIFY RAISE LOWER",
        "WPT": "BEGINWAIT CLOSEDISPLAY ENDWAIT ERASE EVENT INIT MESSAGE PANEL REJECT REHEARSE PARMUPDATE SETPANELSTATE"
        " VIEWUPDATE",
        "WPTSCRIPT": "INTG REAL STRING SELECT MOVE RESIZE SETJOB",
    }.items()
}


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[Intrinsic, ...]]:
    """All commands, in the order in which abbreviations are tried; the subcommands of each in order."""
    from tae.commands import declare, environment, flow, host, jobs, output, talk, values, windows

    found: dict[str, list[Intrinsic]] = {name: [] for name in ORDER}
    for module in (declare, environment, flow, host, jobs, output, talk, values, windows):
        for item in vars(module).values():
            for entry in getattr(item, "__dict__", {}).get("intrinsics", ()):
                if getattr(item, "__module__", "") == module.__name__:
                    found[entry.name].append(entry)
    for name, order in SUBCOMMANDS.items():
        found[name].sort(key=lambda entry, order=order: order.index(entry.subcommand))
    return {name: tuple(entries) for name, entries in found.items() if entries}


@lru_cache(maxsize=4096)
def find_command(verb: str) -> tuple[Intrinsic, ...]:
    """All subcommands of the command that ``verb`` means; empty when it means none."""
    verb = verb.upper()
    if not verb:
        return ()
    for name, entries in table().items():
        minimum = entries[0].minimum
        if verb == name or (minimum and len(verb) >= minimum and name.startswith(verb)):
            return entries
    return ()


@lru_cache(maxsize=4096)
def find(verb: str, subcommand: str) -> tuple[Intrinsic | None, bool]:
    """Look up a command and its subcommand.

    Returns
    -------
    (entry, known) : the declaration, or None; ``known`` is True when the command exists but its subcommand does not.
    """
    entries = find_command(verb)
    if not entries:
        return None, False
    if May.ANY_SUBCMD in entries[0].may:
        return entries[0], False
    wanted = subcommand.upper()
    if not wanted:
        match = [entry for entry in entries if not entry.subcommand or May.DEFAULT in entry.may][:1]
    else:
        match = [entry for entry in entries if entry.subcommand.startswith(wanted)]
    return (match[0], False) if len(match) == 1 else (None, True)
