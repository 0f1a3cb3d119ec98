"""The seam between the command language and the programs it runs.

The monitor hands a program its bound parameters and gets back a status and output values; what a program is, it does not
know. ``monitor`` supplies the host that runs VICAR programs, tests and ``--dry-run`` supply one that only prints the banner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

FLAG_SYNTAX = 0x100
FLAG_NO_MESSAGE = 0x200


@dataclass(frozen=True)
class BoundValue:
    """One variable as a process receives it (source: TAE parameter block)."""

    name: str
    type: str
    values: tuple
    defaulted: bool = False
    keyword: bool = False
    maximum: int = 1


@dataclass(frozen=True)
class ProgramCall:
    """One start of a program."""

    name: str
    executable: str
    library: str
    subcommand: str = ""
    parameters: Mapping[str, BoundValue] = field(default_factory=dict)
    globals: Mapping[str, BoundValue] = field(default_factory=dict)

    @property
    def switch(self) -> int:
        """The value of $SWITCH, where the flags are."""
        bound = self.globals.get("$SWITCH")
        return bound.values[0] if bound and bound.values else 0

    @property
    def banner(self) -> str:
        """The first line of a program's output; empty when the NOMESSAGE flag is set."""
        return "" if self.switch & FLAG_NO_MESSAGE else f"Beginning VICAR task {self.name}"


@dataclass
class ProgramResult:
    """How a program ended: final $SFI and $SKEY, and values for NAME parameters in the order they were set.

    ``signal`` is the number of the signal that killed it, for a program that died instead of ending.
    """

    sfi: int = 1
    skey: str = ""
    outputs: list[tuple[str, tuple]] = field(default_factory=list)
    signal: int = 0


class ProgramHost(Protocol):
    """Runs programs for a session."""

    def has(self, name: str, library: str) -> bool:
        """Whether a program of that name can be run for a parameter file found in ``library``."""

    def run(self, call: ProgramCall, session: Any) -> ProgramResult:
        """Run it; messages go to ``session.program_message(text, key)``."""


class DryRunHost:
    """Programs that print their banner, do nothing and succeed."""

    def has(self, name: str, library: str) -> bool:
        """Every program exists."""
        return True

    def run(self, call: ProgramCall, session: Any) -> ProgramResult:
        """Print the banner; with the SYNTAX flag not even that, as a real program does."""
        if not call.switch & FLAG_SYNTAX and call.banner:
            session.program_message(call.banner)
        return ProgramResult()
