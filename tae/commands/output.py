"""Commands that print, and those that say where to: WRITE, PUTMSG, LISTPROC, ENABLE and DISABLE."""

from __future__ import annotations

from tae.commands import DISPLAYING, GENERAL, GENERAL_INTERACTIVE, SPEC, Call, Code, May, Parameter, intrinsic
from tae.library import SpecError
from tae.messages import TaeError
from tae.reports import c_format, location, message

MESSAGE = [Parameter("MESSAGE", default=("",)), Parameter("KEY", size=17, default=("TAE-NOKEY",))]
STARS = "*" * 59


@intrinsic("WRITE", may=DISPLAYING, parameters=[Parameter("STRING", default=("",))])
def write(session, scope, call: Call) -> Code:
    """WRITE string."""
    session.print(call.value("STRING"))
    return Code.SUCCESS


@intrinsic("PUTMSG", 0, "NOTRACE", DISPLAYING | May.DEFAULT, MESSAGE)
@intrinsic("PUTMSG", 0, "TRACE", DISPLAYING, MESSAGE)
def putmsg(session, scope, call: Call) -> Code:
    """PUTMSG text key: a message; it goes through C's printf, so that ``%%`` stands for a percent sign."""
    text, key = call.value("MESSAGE"), call.value("KEY")
    formatted = record = message(c_format(text), key)
    place = location(scope)
    if call.subcommand == "TRACE" and place and len(record) + len(place) <= 500:
        record += ";\n\r" + place
    if key in ("", " "):
        session.print(text)
    else:
        session.print_message(record)
        session.set_global("$SKEY", (key,))
        session.last_key = key
    if place:
        session.log.record("MS: ", formatted[:240] + "...; +" if len(formatted) > 243 else formatted + "; +")
        session.log.record("MS: ", place)
    else:
        session.log.record("MS: ", formatted)
    return Code.SUCCESS


@intrinsic("LISTPROC", 5, parameters=[Parameter("PROC", size=33)])
def listproc(session, scope, call: Call) -> Code:
    """LISTPROC proc: its file, as it is."""
    try:
        spec = session.files.crack(call.value("PROC"))
        if not spec.type or spec.type.upper() == "CPD":
            spec = type(spec)(spec.library, spec.name, "PDF")
        name = spec.text
    except SpecError:
        name = call.value("PROC")
    try:
        found = session.find(name, "pdf")
        lines = session.read_lines(found.path) if found else []
    except SpecError:
        return Code.CHECK
    except OSError as error:
        raise TaeError("PDFRD.listproc", name, error.strerror) from error
    if not found:
        raise TaeError("NOPROC", name)
    for line in lines:
        session.print(line)
    session.print(STARS)
    return Code.SUCCESS


# --- ENABLE and DISABLE -----------------------------------------------------------------------------------------------


@intrinsic("ENABLE", 3, "LOG")
def enable_log(session, scope, call: Call) -> Code:
    """ENABLE-LOG: log to session.log and session.tsl; only in interactive runs."""
    if session.log.enabled or session.run_type != "INTERACTIVE":
        return Code.CHECK
    try:
        session.log.open(session.directory)
    except OSError as error:
        raise TaeError("OPNWRT", error.strerror) from error
    session.log.record("TS: ", session.time_text())
    return Code.CHECK


@intrinsic("DISABLE", 4, "LOG")
def disable_log(session, scope, call: Call) -> Code:
    """DISABLE-LOG."""
    session.log.close()
    return Code.CHECK


@intrinsic("ENABLE", 3, "FORCE_LOWER")
@intrinsic("DISABLE", 4, "FORCE_LOWER")
def force_lower(session, scope, call: Call) -> Code:
    """ENABLE-FORCE_LOWER: file names are looked for in lower case."""
    session.files.force_lower = call.intrinsic.name == "ENABLE"
    return Code.CHECK


@intrinsic("ENABLE", 3, "INTERRUPT")
@intrinsic("DISABLE", 4, "INTERRUPT")
def interrupt(session, scope, call: Call) -> Code:
    """ENABLE-INTERRUPT: whether a procedure that allows it can be interrupted for commands."""
    session.interrupts = call.intrinsic.name == "ENABLE"
    return Code.CHECK


@intrinsic("DISABLE", 4, "HOST")
def disable_host(session, scope, call: Call) -> Code:
    """DISABLE-HOST: no USH and no EXIT from now on."""
    session.host_commands = False
    return Code.CHECK


@intrinsic("ENABLE", 3, "FACELIFT")
@intrinsic("DISABLE", 4, "FACELIFT")
def facelift(session, scope, call: Call) -> Code:
    """A screen interface of the past."""
    raise TaeError("NOFACE")


SCRIPT = [Parameter("FILE", size=SPEC), Parameter("COUNT", "INTEGER", default=(1,))]


@intrinsic("ENABLE", 3, "SCRIPT", GENERAL_INTERACTIVE, SCRIPT)
def enable_script(session, scope, call: Call) -> Code:
    """ENABLE-SCRIPT file count: the next lines of the prompt come from a file; 0 times means for ever."""
    count = call.value("COUNT")
    if count < 0:
        raise TaeError("SCRCNT")
    try:
        spec = session.files.crack(call.value("FILE"), kind="scr")
        path = session.files.existing(spec.text) or session.files.path(spec.text)
        session.script(session.read_lines(path), count)
    except OSError as error:
        raise TaeError("OPNRD", error.strerror) from error
    except SpecError:
        raise TaeError("OPNRD", "No such file or directory") from None
    return Code.CHECK


@intrinsic("ENABLE", 3, "TOL", GENERAL, [Parameter("FILE", size=SPEC)])
def enable_tol(session, scope, call: Call) -> Code:
    """ENABLE-TOL file: everything that is written to the terminal goes to a file too."""
    if session.terminal_log is not None:
        raise TaeError("TOLENB")
    try:
        spec = session.files.crack(call.value("FILE"), kind="tol")
        session.terminal_log = session.files.path(spec.text).open("w", encoding="latin-1", errors="replace")
    except (OSError, SpecError) as error:
        raise TaeError("OPNWRT.terminal_log", getattr(error, "strerror", "No such file or directory")) from error
    return Code.CHECK


@intrinsic("DISABLE", 4, "TOL")
def disable_tol(session, scope, call: Call) -> Code:
    """DISABLE-TOL."""
    if session.terminal_log is not None:
        session.terminal_log.close()
        session.terminal_log = None
    return Code.CHECK
