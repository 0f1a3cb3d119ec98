"""Commands of the window support: WINDOW, WPT, WPTSCRIPT, SLEEP. The original as JPL builds it refuses them all, and so do we,
after the operands were looked at.

accepted
    The VALID lists of their operands are not kept.
"""

from __future__ import annotations

from tae.commands import GENERAL, MANY, Call, Code, May, Parameter, intrinsic
from tae.messages import TaeError

REAL, INTEGER = "REAL", "INTEGER"


def may(name: str, type_: str = "STRING", maximum: int = 1) -> Parameter:
    """An operand that can be left out; what it is then does not matter."""
    return Parameter(name, type_, minimum=0, maximum=maximum, default=())


PANEL, NAME, PARM = Parameter("PANEL"), Parameter("NAME"), Parameter("PARM")
PANELS = [Parameter("PANEL", maximum=MANY)]
PLACE = Parameter("ORIGIN", INTEGER, minimum=2, maximum=2)
EXTENT = Parameter("SIZE", INTEGER, minimum=2, maximum=2)
START = [may("HOST"), may("DISPLAY"), may("PROTOCOL")]

WINDOW = {
    "INIT": START,
    "CREATE": [NAME, may("TITLE"), may("ORIGIN", INTEGER, 2), may("SIZE", INTEGER, 2), may("BG"), may("FG"),
               may("BORDER", INTEGER), may("FONT"), may("CURSOR")],
    "CLEAR": [NAME],
    "COLORMAP": [],
    "DELETE": [NAME],
    "DRAW": [NAME, Parameter("X", INTEGER, maximum=MANY), Parameter("Y", INTEGER, maximum=MANY), may("FLAGS", INTEGER, MANY),
             may("WIDTH", INTEGER), may("HEIGHT", INTEGER), may("COLOR"), may("FUNC"), may("PLANES", INTEGER)],
    "TEXT": [NAME, may("FONT"), may("ORIGIN", INTEGER, 2), Parameter("STRING")],
    "INFO": [may("NAME"), may("ORIGIN"), may("SIZE")],
    "LIST": [may("NAME"), may("LIST")],
    "MODIFY": [NAME, may("ORIGIN", INTEGER, 2), may("WIDTH", INTEGER), may("HEIGHT", INTEGER)],
    "RAISE": [NAME],
    "LOWER": [NAME],
}  # fmt: skip
WPT = {
    "BEGINWAIT": PANELS,
    "CLOSEDISPLAY": [may("DISPLAY", INTEGER)],
    "ENDWAIT": PANELS,
    "ERASE": PANELS,
    "EVENT": [PARM, may("PANEL"), may("TIMEOUT", INTEGER)],
    "INIT": START,
    "MESSAGE": [PANEL, Parameter("MESSAGE", maximum=100)],
    "PANEL": [Parameter("VIEW"), may("TARGET"), may("PANEL"), may("STATE")],
    "REJECT": [PANEL, PARM, Parameter("MESSAGE", maximum=20)],
    "REHEARSE": [may("INTERVAL", INTEGER), may("ORDER"), may("CYCLES")],
    "PARMUPDATE": [PANEL, PARM],
    "SETPANELSTATE": [PANEL, may("STATE")],
    "VIEWUPDATE": [PANEL, PARM, Parameter("VIEW")],
}
SCRIPT = {
    "INTG": [PANEL, PARM, may("VALUE", INTEGER, MANY)],
    "REAL": [PANEL, PARM, may("VALUE", REAL, MANY)],
    "STRING": [PANEL, PARM, may("VALUE", maximum=MANY)],
    "SELECT": [PANEL, may("PARM")],
    "MOVE": [PANEL, may("PARM"), PLACE],
    "RESIZE": [PANEL, may("PARM"), PLACE, EXTENT],
    "SETJOB": [Parameter("JOB")],
}


@intrinsic("SLEEP", 5, parameters=[Parameter("SECONDS", INTEGER, default=(1,))])
def needs_windows(session, scope, call: Call) -> Code:
    """Any of these commands."""
    raise TaeError("NOXLIB")


for _verb, _least, _commands in (("WINDOW", 4, WINDOW), ("WPT", 3, WPT), ("WPTSCRIPT", 4, SCRIPT)):
    for _subcommand, _parameters in _commands.items():
        _use = GENERAL | May.DEFAULT if (_verb, _subcommand) == ("WPTSCRIPT", "STRING") else GENERAL
        intrinsic(_verb, _least, _subcommand, _use, _parameters)(needs_windows)
