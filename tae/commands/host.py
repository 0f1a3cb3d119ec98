"""Commands that reach the host: USH, tapes."""

from __future__ import annotations

from tae.commands import GENERAL, RUNS, Call, Code, May, Parameter, intrinsic
from tae.messages import CHECK, TaeError

GENERAL_SYNTAX = GENERAL | May.NOT_IN_CHECK
TAPE_NAME = 15
TAPE_DEVICE = 64


@intrinsic("USH", may=RUNS | May.BODY | May.CLEAR | May.NOT_IN_CHECK | May.DEFAULT)
def ush(session, scope, call: Call) -> Code:
    """USH text: the rest of the line for the user's shell; $SKEY is its wait status in octal."""
    if not session.host_commands:
        raise TaeError("DISHOST.ush")
    if session.interrupted:
        raise TaeError("BADCMD.ush", ends=CHECK)
    text = call.rest
    if text.rstrip(" \t").endswith("\\"):
        raise TaeError("INVSHL")
    command = text.lstrip(" \t")
    status = session.shell(command if command.strip() else None)
    if status:
        session.report(TaeError("ABNSHELL"))
    session.set_global("$SFI", (-1 if status else 1,))
    session.set_global("$SKEY", (format(status, "o"),))
    return Code.CHECK


@intrinsic("MOUNT", 4, "", GENERAL_SYNTAX, [Parameter("DEVICE", size=TAPE_DEVICE), Parameter("NAME", size=TAPE_NAME)])
def mount(session, scope, call: Call) -> Code:
    """MOUNT device name: a name for a tape device in $TAPES."""
    device, name = call.value("DEVICE"), call.value("NAME").upper()
    tapes = session.global_values("$TAPES")
    if any(tape.partition("=")[0].upper() == name for tape in tapes):
        raise TaeError("INUSE", name)
    if any(tape.partition("=")[2] == device for tape in tapes):
        raise TaeError("ALLOC", device)
    most = session.globals.exact("$TAPES").maximum
    if len(tapes) >= most:
        raise TaeError("MANYTAPES", most)
    session.set_global("$TAPES", (*tapes, f"{name}={device}"))
    session.set_global("$TFILE", (*session.global_values("$TFILE"), 1))
    session.set_global("$TREC", (*session.global_values("$TREC"), 1))
    session.set_global("$SKEY", (device,))
    return Code.CHECK


@intrinsic(
    "DISMOUNT",
    4,
    "",
    GENERAL_SYNTAX,
    [
        Parameter("DEVICE", minimum=0, size=TAPE_DEVICE, default=()),
        Parameter("NAME", minimum=0, size=TAPE_NAME, default=()),
    ],
)
def dismount(session, scope, call: Call) -> Code:
    """DISMOUNT device name: forget a tape."""
    device, name = call.value("DEVICE"), call.value("NAME")
    tapes = session.global_values("$TAPES")
    by_device = by_name = None
    if device is not None:
        by_device = next((i for i, tape in enumerate(tapes) if tape.partition("=")[2] == device), None)
        if by_device is None:
            raise TaeError("BADDEV", device)
    if name is not None:
        by_name = next((i for i, tape in enumerate(tapes) if tape.partition("=")[0] == name.upper()), None)
        if by_name is None:
            raise TaeError("SYMBOL", name.upper())
    if device is not None and name is not None and by_device != by_name:
        raise TaeError("INCONS")
    if device is None and name is None:
        raise TaeError("NODEVID")
    index = by_name if by_name is not None else by_device
    for variable in ("$TAPES", "$TFILE", "$TREC"):
        values = session.global_values(variable)
        session.set_global(variable, values[:index] + values[index + 1 :])
    return Code.CHECK


@intrinsic("PASSTHRU", 3, "", GENERAL_SYNTAX)
def passthru(session, scope, call: Call) -> Code:
    """PASSTHRU: procedures may be run from a prompt for parameters."""
    session.pass_through = True
    return Code.SUCCESS


@intrinsic("NOPASSTHRU", 3, "", GENERAL_SYNTAX)
def nopassthru(session, scope, call: Call) -> Code:
    """NOPASSTHRU: they may not."""
    session.pass_through = False
    return Code.SUCCESS
