"""The seam between the command language and the programs it runs.

The monitor hands a program its bound parameters and gets back a status and output values; what a program is, it does not
know. ``monitor`` supplies the host that runs VICAR programs, tests and ``--dry-run`` supply one that only prints the banner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


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


@dataclass
class ProgramResult:
    """How a program ended: final $SFI and $SKEY, and values for NAME parameters in the order they were set."""

    sfi: int = 1
    skey: str = ""
    outputs: list[tuple[str, tuple]] = field(default_factory=list)


class ProgramHost(Protocol):
    """Runs programs for a session."""

    def has(self, name: str, library: str) -> bool:
        """Whether a program of that name can be run for a parameter file found in ``library``."""

    def run(self, call: ProgramCall, session: Any) -> ProgramResult:
        """Run it; messages go to ``session.program_message(text, key)``."""
