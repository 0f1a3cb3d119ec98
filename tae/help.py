"""HELP: the text after END-PROC of a parameter file.

Source of the facts: ``tm/helpsubs.c``, ``lib/tae/directive.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tae.messages import TaeError

if TYPE_CHECKING:
    from tae.session import Session


class Help:
    """Shows help to the user of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def proc(self, name: str) -> None:
        """HELP proc."""
        raise TaeError("NOHELP", name)

    def parameter(self, parameter: str, name: str) -> None:
        """HELP-PARM parm proc."""
        raise TaeError("NOPARHELP", parameter)

    def message(self, key: str) -> None:
        """HELP-MESSAGE key."""
        raise TaeError("NOMSG")

    def of_global(self, name: str) -> None:
        """HELP-GLOBAL name."""
        raise TaeError("NOHELP", name)

    def hardcopy(self, name: str, output: str) -> None:
        """HELP-HARDCOPY proc output."""
        raise TaeError("NOHELP", name)
