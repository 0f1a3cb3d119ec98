"""Commands that set up the session: libraries, flags, abbreviations of commands, usage."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache

from tae.commands import GENERAL, MANY, RUNS, SPEC, Call, Code, May, Parameter, intrinsic, table
from tae.messages import TaeError
from tae.values import Unreadable
from tae.variables import GLOBAL, STRING, Variable, fold

FILES = 100
LIBRARY = [Parameter("LIBRARY", minimum=0, maximum=MANY, size=SPEC, default=())]


@intrinsic("SETLIB", 4, "SET", GENERAL | May.DEFAULT, LIBRARY)
def setlib(session, scope, call: Call) -> Code:
    """SETLIB list: the application libraries; ``*`` stands for those there are."""
    old = session.global_values("$APLIB")
    new: list[str] = []
    for item in call.values("LIBRARY"):
        new += old if item == "*" else (item,)
    return _set_libraries(session, new)


@intrinsic("SETLIB", 4, "ADD", GENERAL, LIBRARY)
def setlib_add(session, scope, call: Call) -> Code:
    """SETLIB-ADD list: more libraries, searched after those there are."""
    return _set_libraries(session, [*session.global_values("$APLIB"), *call.values("LIBRARY")])


@intrinsic("SETLIB", 4, "DELETE", GENERAL, LIBRARY)
def setlib_delete(session, scope, call: Call) -> Code:
    """SETLIB-DELETE list: fewer libraries; ``*`` means all."""
    libraries = list(session.global_values("$APLIB"))
    left = list(libraries)
    for item in call.values("LIBRARY"):
        if item == "*":
            return _set_libraries(session, [])
        if not any(fold(item) == fold(library) for library in libraries):
            session.report(TaeError("MISSLIB", item))
        left = [library for library in left if fold(library) != fold(item)]
    return _set_libraries(session, left)


def _set_libraries(session, libraries: list[str]) -> Code:
    most = session.globals.exact("$APLIB").maximum
    if len(libraries) > most:
        raise TaeError("LIBS", most)
    session.set_global("$APLIB", tuple(libraries))
    return Code.CHECK


@intrinsic("SHOW", 2, "LIBRARY", GENERAL | May.DEFAULT)
def show_library(session, scope, call: Call) -> Code:
    """SHOW: where procedures are looked for."""
    session.print(" ")
    for title, name in (
        ("User Library ($USERLIB):", "$USERLIB"),
        ("Application Libraries ($APLIB): ", "$APLIB"),
        ("System Library ($SYSLIB):", "$SYSLIB"),
    ):
        session.print(title)
        libraries = [library for library in session.global_values(name) if library]
        for library in libraries or ["...none..."]:
            session.print(library)
        session.print(" ")
    return Code.CHECK


@intrinsic("SHOW", 2, "BATCH", May.BY_PROC)
def show_batch(session, scope, call: Call) -> None:
    """SHOW-BATCH is a procedure."""


# --- flags ------------------------------------------------------------------------------------------------------------

FLAGS = {
    "DEBUG": (0x1, "\tDEBUG\t\t-- Run application programs in debug mode"),
    "LOGGING": (0x2, "\tLOGGING\t\t-- Provide full logging for async jobs"),
    "ADEBUG": (0x4, "\tADEBUG\t\t-- Run async jobs in a special debug mode"),
    "TUTLIB": (0x10, "\tTUTLIB\t\t-- Display library names when in TUTOR"),
    "SYNTAX": (0x100, "\tSYNTAX\t\t-- Run in syntax check mode"),
    "NOMESSAGE": (0x200, '\tNOMESSAGE\t-- Suppress "Beginning VICAR task..." message'),
} | {f"P{n}": (0x01000000 << n, f"\tP{n}\t\t-- See application reference manual for effect") for n in range(8)}
FLAG_LIST = [Parameter("FLAGS", maximum=10, default=("LOGGING",), valid=tuple(FLAGS))]


def signed(value: int) -> int:
    """A value as the 32-bit integer that $SWITCH holds."""
    value &= 0xFFFFFFFF
    return value - 0x100000000 if value & 0x80000000 else value


@intrinsic("FLAG", 2, "SET", GENERAL | May.DEFAULT, FLAG_LIST)
@intrinsic("FLAG", 2, "ADD", GENERAL, FLAG_LIST)
@intrinsic("FLAG", 2, "DELETE", GENERAL, FLAG_LIST)
def flag(session, scope, call: Call) -> Code:
    """FLAG-SET, -ADD, -DELETE list: the bits of $SWITCH."""
    mask = 0
    for name in call.values("FLAGS"):
        mask |= FLAGS[name][0]
    switch = session.switch
    changed = {"ADD": switch | mask, "DELETE": switch & ~mask}.get(call.subcommand, mask)
    session.set_global("$SWITCH", (signed(changed),))
    return Code.CHECK


@intrinsic("FLAG", 2, "SHOW", GENERAL)
def flag_show(session, scope, call: Call) -> Code:
    """FLAG-SHOW: the flags that are set, explained."""
    switch = session.switch
    if not switch:
        session.print("You have no flags set at this time.")
        return Code.CHECK
    session.print("Current flags set in $SWITCH global:")
    for bit, text in FLAGS.values():
        if switch & bit:
            session.print(text)
    return Code.CHECK


@intrinsic("SWITCH", 3, parameters=[Parameter("VALUE", size=15)])
def switch(session, scope, call: Call) -> Code:
    """SWITCH hex: the value of $SWITCH itself."""
    text = call.value("VALUE")
    try:
        if not text or any(char not in "0123456789abcdefABCDEF" for char in text):
            raise Unreadable(text)
        value = signed(int(text, 16))
    except ValueError:
        raise TaeError("INVHEX") from None
    session.set_global("$SWITCH", (value,))
    return Code.SUCCESS


# --- commands of one's own --------------------------------------------------------------------------------------------

DEFINED = [f"$DEFCMD{digit}" for digit in range(10)]


def find_defined(session, verb: str) -> tuple[Variable, int] | None:
    """The DEFCMD that ``verb`` means: its global and the component (from 0), or None (``cmdmatch``)."""
    verb = fold(verb)
    for name in DEFINED:
        variable = session.globals.exact(name)
        if variable is None:
            return None
        index = _meant(tuple(variable.values), verb) if variable.values else None
        if index is not None:
            return variable, index
    return None


@lru_cache(maxsize=1000)
def _meant(values: tuple[str, ...], verb: str) -> int | None:
    """Which of the texts ``COMM*AND=string`` an upper-case verb means (from 0)."""
    for index, text in enumerate(values):
        command = fold(text.partition("=")[0])
        start, star, rest = command.partition("*")
        full = start + rest
        if len(start if star else full) <= len(verb) <= len(full) and full.startswith(verb):
            return index
    return None


@intrinsic("DEFCMD", 4, parameters=[Parameter("COMMAND", size=33), Parameter("STRING", size=214)])
@intrinsic("DEFCMD", 4, "REPLACE", GENERAL, [Parameter("COMMAND", size=33), Parameter("STRING", size=214)])
def defcmd(session, scope, call: Call) -> Code:
    """DEFCMD command string: ``command`` at the start of a line stands for ``string``."""
    command = call.value("COMMAND")
    if command.startswith("*"):
        raise TaeError("BADABB")
    found = find_defined(session, command)
    if found and call.subcommand != "REPLACE":
        variable, index = found
        raise TaeError("CMDCNFLCT", variable.values[index])
    text = f"{command}={call.value('STRING')}"
    session.commands_changed()
    if found:
        variable, index = found
        variable.values = (*variable.values[:index], text, *variable.values[index + 1 :])
        return Code.SUCCESS
    for name in DEFINED:
        variable = session.globals.exact(name)
        if variable is None:
            variable = session.globals.insert(
                Variable(name, GLOBAL, STRING, (), maximum=MANY, nullable=True, protected=True, references=1, defined_in="taegbl")
            )
        if len(variable.values) < variable.maximum:
            variable.values = (*variable.values, text)
            return Code.SUCCESS
    raise TaeError("MAXDEFC")


@intrinsic("DELCMD", 4, parameters=[Parameter("COMMAND", maximum=MANY, size=33)])
@intrinsic("DELETE", 4, "COMMAND", GENERAL, [Parameter("COMMAND", maximum=MANY, size=33)])
def delcmd(session, scope, call: Call) -> Code:
    """DELCMD list: forget commands."""
    names = call.values("COMMAND")
    for name in names:
        found = find_defined(session, name)
        if not found:
            raise TaeError("UNDEFCMD", names[0])
        variable, index = found
        variable.values = variable.values[:index] + variable.values[index + 1 :]
        session.commands_changed()
    return Code.SUCCESS


@intrinsic("COMMAND")
def command_mode(session, scope, call: Call) -> Code:
    """COMMAND: back from the menu to the prompt."""
    session.menu_mode = False
    return Code.SUCCESS


# --- usage ------------------------------------------------------------------------------------------------------------


@intrinsic("USAGE", 3, "")
@intrinsic("USAGE", 3, "SHOW", GENERAL)
def usage(session, scope, call: Call) -> Code:
    """USAGE: what the session and the last procedure took."""
    session.show_usage(scope.level + 1)
    return Code.SUCCESS


@intrinsic("HI001")
def list_commands(session, scope, call: Call) -> Code:
    """HI001: all commands of the monitor with their subcommands."""
    for entries in table().values():
        for entry in entries:
            session.print(f"{entry.name.lower() if entry.by_proc else entry.name}-{entry.subcommand}")
    return Code.SUCCESS


@intrinsic("HI003")
def version(session, scope, call: Call) -> Code:
    """HI003: the monitor's version."""
    session.print(session.version)
    session.set_global("$SKEY", (session.version,))
    return Code.SUCCESS


@intrinsic("HI009", may=RUNS | May.BODY | May.CLEAR | May.DEFAULT)
def free_files(session, scope, call: Call) -> Code:
    """HI009: how many more files can be opened, at most 100; $SFI is that number."""
    opened = []
    with contextlib.suppress(OSError):
        while len(opened) < FILES:
            opened.append(os.open(os.devnull, os.O_WRONLY))
    for file in opened:
        os.close(file)
    session.report(TaeError("FDSAVAIL", len(opened)), failed=False)
    session.set_status(len(opened), session.skey)
    return Code.SUCCESS
