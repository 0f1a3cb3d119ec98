"""The globals a session starts with. Source of the facts: ``tm/tminit.c``, ``init_ins`` (``tm/exits.c``)."""

from __future__ import annotations

from tae.variables import GLOBAL, INTEGER, STRING, SymbolTable, Variable, fold

ECHO = ("YES", "NO", "FULL", "BODY", "TRACE")
SCREEN = ("NOSCREEN", "SCREEN")
YES_NO = ("YES", "NO")
MENU_OPTIONS = ("NO_TAG", "NO_NAME", "NO_LIBRARY", "NO_PRESS_FOR_MENU")
TUTOR_OPTIONS = ("NO_TAG", "NO_NAME", "NO_LIBRARY", "NO_SELFTUTOR", "COMPRESS")
SYSTEM = ("UNIX", "SYSV")
IMPLICIT = ("$RUNTYPE", "$SESSION", "$SFI", "$SKEY", "$SWITCH")
TAPES = ("$TAPES", "$TFILE", "$TREC")

# name, string size, most values, initial values, VALID list; fewest is 0 where the initial value may be null
STRINGS = (
    ("$AECHO", 5, (1, 10), ("NO",), ECHO),
    ("$APLIB", 132, (0, 50), (), None),
    ("$BECHO", 5, (1, 10), ("NO",), ECHO),
    ("$DYNTUT", 8, (1, 1), ("NOSCREEN",), SCREEN),
    ("$ECHO", 5, (1, 10), ("NO",), ECHO),
    ("$FILEVER", 3, (1, 1), ("NO",), YES_NO),
    ("$IR", None, (0, 10), (), None),
    ("$JOB", 15, (1, 1), None, None),
    ("$LASTCMD", 250, (0, 20), ("slogon",), None),
    ("$LOG", 132, (1, 1), ("session.tsl",), None),
    ("$MENUOPT", 250, (0, 4), (), MENU_OPTIONS),
    ("$MENUS", 132, (0, 50), (), None),
    ("$MESSAGE", 6, (1, 1), ("SILENT",), ("SILENT", "BELL", "PAUSE", "ATTN")),
    ("$PARENT", 15, (0, 1), (), None),
    ("$PROMPT", 15, (1, 1), ("TAE",), None),
    ("$RUNTYPE", 20, (1, 1), None, None),
    ("$SESSION", 250, (1, 1), None, None),
    ("$SFI", None, (1, 1), (1,), None),
    ("$SKEY", 250, (1, 1), ("",), None),
    ("$SR", 250, (0, 10), (), None),
    ("$SWITCH", None, (1, 1), (0,), None),
    ("$SYSCHAR", 250, (0, 7), SYSTEM, None),
    ("$SYSLIB", 132, (0, 1), ("$TAEPDF",), None),
    ("$TUTOPT", 250, (0, 5), (), TUTOR_OPTIONS),
    ("$TUTOR", 8, (1, 1), ("NOSCREEN",), SCREEN),
    ("$TUTSELE", 3, (1, 1), ("YES",), YES_NO),
    ("$USERLIB", 132, (0, 1), None, None),
    ("$DYNAMIC", 8, (1, 1), ("PROMPT",), ("PROMPT", "STANDARD")),
    ("$AUTOUSAGE", 5, (1, 1), ("BATCH",), ("ALL", "BATCH", "NONE")),
    ("$TAPES", 80, (0, 15), (), None),
    ("$TFILE", None, (0, 15), (), None),
    ("$TREC", None, (0, 15), (), None),
)


class GlobalTable(SymbolTable):
    """Globals; a new one comes before the first that is behind it in the alphabet (``find_slot``)."""

    __slots__ = ()

    def insert(self, variable: Variable) -> Variable:
        """Add a global in its place."""
        folded = fold(variable.name)
        later = [key for key in self._by_name if key > folded]
        self.add(variable)
        if later:
            moved = list(self._by_name)
            for key in moved[moved.index(later[0]) : -1]:
                self._by_name[key] = self._by_name.pop(key)
        return variable


def initial_globals(run_type: str, identity: str, user_library: str) -> GlobalTable:
    """The globals of a new session, in the original's order."""
    table = GlobalTable()
    given = {"$JOB": identity[:15], "$SESSION": identity, "$RUNTYPE": run_type, "$USERLIB": user_library}
    for name, size, (fewest, most), values, valid in STRINGS:
        table.add(
            Variable(
                name,
                GLOBAL,
                INTEGER if size is None else STRING,
                (given[name],) if values is None else values,
                minimum=max(fewest, 1),
                maximum=most,
                nullable=fewest == 0,
                size=size or 0,
                valid=valid,
                implicit=name in IMPLICIT,
                protected=True,
                defined_in="taegbl",
            )
        )
    return table
