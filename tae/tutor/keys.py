"""The keys of the tutor on a full screen: arrows bring parameters into the line, others the strings of a VALID list.

Source of the facts: ``tm/editor.c`` (tut_editor), ``tm/tutdisp.c``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tae.tutor.editing import Keys, Leave
from tae.tutor.noscreen import SUBCOMMAND
from tae.tutor.terminal import show
from tae.values import NAME, REAL, STRING, shown_real
from tae.variables import Variable

if TYPE_CHECKING:
    from tae.tutor.screen import ScreenTutor


class TutorKeys(Keys):
    """Arrow keys in the display of parameters: they bring ``parm=value`` into the line."""

    def __init__(self, tutor: ScreenTutor) -> None:
        self.tutor = tutor

    def _mark(self, on: bool) -> None:
        tutor = self.tutor
        if on or tutor.marked:
            show(tutor.terminal, tutor.book.marked(tutor.index, tutor.component + 1, on))
        tutor.marked = on
        if on:
            tutor.valid_index = -1

    def emptied(self) -> None:
        self._mark(False)

    finished = emptied

    def up(self, room: int) -> str | None:
        return self._move(self._before)

    def down(self, room: int) -> str | None:
        return self._move(self._behind)

    def _move(self, step: Callable[[], None]) -> str | None:
        tutor = self.tutor
        if tutor.kind == SUBCOMMAND:
            return None
        self._mark(False)
        if not tutor.book.entries:
            return "RUN"
        if tutor.fresh:
            tutor.fresh = False
        else:
            step()
        return self._bring()

    def _before(self) -> None:
        """One component up, or the last one of the parameter before; with GOLD the first one."""
        tutor = self.tutor
        if tutor.component > 0:
            tutor.component = 0 if self.gold else tutor.component - 1
        else:
            tutor.index = (tutor.index - 1) % len(tutor.book.entries)
            tutor.component = 0 if self.gold else tutor.book.entries[tutor.index].components - 1

    def _behind(self) -> None:
        """One component down, or the first one of the next parameter."""
        tutor = self.tutor
        if self.gold or tutor.component >= tutor.book.entries[tutor.index].components - 1:
            tutor.index = (tutor.index + 1) % len(tutor.book.entries)
            tutor.component = 0
        else:
            tutor.component += 1

    def _bring(self) -> str:
        tutor = self.tutor
        if not tutor.book.visible(tutor.index, tutor.component + 1):
            tutor._fetch = True
            raise Leave("SHOW")
        return self.fetch()

    def fetch(self) -> str:
        """The line for the present parameter, which is marked."""
        tutor = self.tutor
        variable = tutor.book.entries[tutor.index].variable
        assert variable is not None
        self._mark(True)
        return self._line(variable, present_text(variable, tutor.component))

    def _line(self, variable: Variable, value: str) -> str:
        number = f"({self.tutor.component + 1})" if variable.type != NAME and variable.maximum > 1 else ""
        return f"{variable.name}{number}={value}"

    def next(self, room: int, forward: bool) -> str | None:
        """The next or previous string of the VALID list."""
        tutor = self.tutor
        variable = tutor.book.entries[tutor.index].variable if tutor.marked else None
        if variable is None or variable.type != STRING or not variable.valid:
            return None
        count = len(variable.valid)
        if tutor.valid_index < 0 and tutor.component < variable.count:
            present = variable.values[tutor.component]
            tutor.valid_index = next((i for i, text in enumerate(variable.valid) if text == present), -1)
        if forward:
            tutor.valid_index = 0 if tutor.valid_index >= count - 1 else tutor.valid_index + 1
        else:
            tutor.valid_index = count - 1 if tutor.valid_index <= 0 else tutor.valid_index - 1
        return self._line(variable, quoted(variable.valid[tutor.valid_index]))


def quoted(text: str) -> str:
    """A string as it is typed."""
    return f'"{text}"'


def present_text(variable: Variable, component: int) -> str:
    """A component as it is typed; "" when it has no value."""
    if variable.type == NAME:
        return variable.reference.name if variable.reference is not None else ""
    if component >= variable.count:
        return ""
    value = variable.values[component]
    if variable.type == STRING:
        return quoted(value)
    return shown_real(value) if variable.type == REAL else str(value)
