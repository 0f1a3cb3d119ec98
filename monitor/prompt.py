"""Sitting at the prompt.

    VICAR> gen a.img 10 10

On a terminal lines can be edited and recalled, and the tabulator key completes commands, subcommands, parameters, keywords
and file names (`monitor.completion`). Without one, lines are read and written as they are.

The line editor is the tutor's (`tae.tutor.editing`) and not that of a library such as prompt_toolkit: the original's strokes are
recorded (where the cursor stands, what is in reverse, what a long line does at the edge of the screen) and must come back, in the
tutor and here alike, and loading such a library takes as long as everything else before the prompt.
"""

from __future__ import annotations

import signal
import threading

from tae.tutor.editing import History, LineEditor
from tae.tutor.terminal import Closed, Terminal

IDLE = 0.2  # seconds the prompt has been there


class Prompt:
    """Reads lines from a terminal for a session."""

    def __init__(self, session, terminal: Terminal) -> None:
        self.session = session
        self.terminal = terminal
        self._completer = None
        self._timer: threading.Timer | None = None

    def __call__(self, prompt: str) -> str | None:
        """A line with everything that helps to type it; None at the end of input."""
        try:
            line = self.with_escape(prompt, recall=True)
        except Closed:
            self.terminal.write("\n")
            return None
        return "" if line is None else line

    def without_history(self, prompt: str) -> str | None:
        """A line, where earlier commands would be out of place."""
        try:
            line = self.with_escape(prompt, recall=False)
        except Closed:
            self.terminal.write("\n")
            return None
        return "" if line is None else line

    def with_escape(self, prompt: str, recall: bool) -> str | None:
        """A line, None after Escape typed twice; raises `Closed`."""
        self.session.columns = self.terminal.columns
        if self._timer is None and recall:
            self._start_when_idle()
        keys = History(self.session.global_values("$LASTCMD")) if recall else None
        complete = self._complete if recall and prompt.endswith((">", ">+")) and not prompt.startswith("ENTER") else None
        self.session.writes += 1
        return LineEditor(self.terminal, prompt, keys=keys, complete=complete).read()

    def plain(self, question: str) -> str | None:
        """The answer to a question."""
        self.session.writes += 1
        try:
            return LineEditor(self.terminal, question, plain=True).read()
        except Closed:
            return None

    def _start_when_idle(self) -> None:
        """Collect what can be completed in the background, once the prompt is there."""

        def start() -> None:
            from monitor.completion import Completer

            if self._completer is None:
                self._completer = Completer(self.session)

        timer = threading.Timer(IDLE, start)
        timer.daemon = True
        timer.start()
        self._timer = timer

    def _complete(self, text: str, cursor: int):
        if self._completer is None:
            from monitor.completion import Completer

            self._completer = Completer(self.session)
        return self._completer(text, cursor)


def interact(session) -> int:
    """Read commands until the user leaves; the exit status."""
    from monitor.terminal import open_terminal

    terminal = open_terminal(session)
    if terminal is None:
        return session.prompt_loop()
    session.terminal = terminal
    session.set_global("$TUTOR", ("SCREEN",))
    prompt = Prompt(session, terminal)
    before = signal.signal(signal.SIGINT, lambda *_: attention(session, terminal))
    try:
        return session.prompt_loop(read=prompt)
    finally:
        signal.signal(signal.SIGINT, before)
        session.flush()


def attention(session, terminal) -> None:
    """Control-C: ends a program, empties a line, and is looked at between two commands of a procedure."""
    if terminal.reading or session.running:
        raise KeyboardInterrupt
    session.attention = True
