"""What a session reads: commands and answers, from a prompt, a script or a stream.

Source of the facts: ``tm/intlin.c``, ``tm/tm.c`` (getcmd).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from tae.lines import Joiner
from tae.messages import TaeError

if TYPE_CHECKING:
    from tae.tutor.terminal import Terminal


class Conversation:
    """The reading half of a session."""

    def __init__(self, input: IO[str] | None) -> None:
        self.input = input
        self.terminal: Terminal | None = None  # a screen to draw on
        self.breaks: tuple[int, ...] = ()  # where the lines of the command read last ended
        self.next_command = ""  # typed to leave HELP
        self._reader: Callable[[str], str | None] | None = None
        self._script: tuple[list[str], int, Iterator[str]] | None = None

    def read_command(self, prompt: str, read: Callable[[str], str | None]) -> str | None:
        """A command with its continuation lines, read at a prompt; None at the end of input."""
        joiner = Joiner()
        more = False
        while True:
            line = self._script_line(prompt + "+" * more)
            if line is None:
                line = read(prompt + "+" * more)
            if line is None:
                return None
            try:
                more = joiner.feed(line)
            except TaeError as error:
                self.report(error)
                return ""
            if not more:
                self.breaks = tuple(joiner.breaks)
                return joiner.text

    def ask_command(self, prompt: str, recall: bool = False) -> str | None:
        """A command asked for while another one runs (tutor, interrupt); None when nothing can be read.

        ``recall``: the arrow keys bring earlier commands.
        """
        reader = self._reader
        if reader is None and self.input is None and self._script is None:
            return None
        if not recall:
            reader = getattr(reader, "without_history", reader)
        breaks = self.breaks
        try:
            return self.read_command(prompt, reader or self.read_line)
        finally:
            self.breaks = breaks

    def ask_line(self, prompt: str, recall: bool) -> str | None:
        """One line, None after Escape typed twice; raises `tae.tutor.terminal.Closed` at the end of input."""
        from tae.tutor.terminal import Closed

        line = self._script_line(prompt)
        if line is not None:
            return line
        with_escape = getattr(self._reader, "with_escape", None)
        if with_escape is not None:
            return with_escape(prompt, recall)
        if self._reader is None and self.input is None:
            raise Closed
        line = (self._reader or self.read_line)(prompt)
        if line is None:
            raise Closed
        return None if line.startswith("\x1b") else line

    def ask_plain(self, question: str) -> str | None:
        """The answer to a question; None when nothing can be read."""
        plain = getattr(self._reader, "plain", None)
        return plain(question) if plain is not None else self.ask_command(question)

    def write_prompt(self, text: str) -> None:
        """A line in the look of a prompt."""
        if self.terminal is None:
            self.write_terminal(text)
        else:
            self.writes += 1
            self.terminal.write(text, reverse=True)
            self.terminal.write("\n")

    def read_line(self, prompt: str) -> str | None:
        """A line of the input stream, echoed after the prompt unless a terminal has done that."""
        self.write_terminal(prompt, "")
        self.flush()
        line = self.input.readline() if self.input is not None else ""
        if not line:
            return None
        line = line.removesuffix("\n")
        if self.output is None or not (self.input.isatty() and self.output.isatty()):
            self.write_terminal(line)
        elif self.terminal_log is not None:
            self.terminal_log.write(line + "\n")
        return line

    def script(self, lines: list[str], count: int) -> None:
        """Take the next prompt lines from a script, ``count`` times over (0: for ever)."""
        self._script = (lines, count, iter(lines))

    def _script_line(self, prompt: str) -> str | None:
        while self._script is not None:
            lines, count, left = self._script
            line = next(left, None)
            if line is not None:
                self.write_terminal(prompt + line)
                return line
            self._script = (lines, max(count - 1, 0), iter(lines)) if count != 1 and lines else None
        return None
