"""Reading a line from a terminal: plain typing until the first special key, editing from then on.

Source of the facts: ``tm/editor.c`` (cmd_editor, tut_editor, menu_editor), ``tm/intlin.c``, ``read_terminal``
(``lib/tae/terminal.np.c``).

accepted
    Control-D at the beginning of a line is the end of the input. Control-C empties the line that is being typed; the original
    ignores it. The tabulator completes where there is something to complete. Home, End and Delete work. While a line is
    edited at the prompt the original misplaces the cursor by one column and then shows a wrong text; this is drawn only
    on a VT100 (`Terminal.slip`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tae.tutor import terminal as t
from tae.tutor.terminal import Closed, Resized, Terminal

MOST = 6000
ERASE = ("\x7f", "\b")
KILL = ("\x15", "\x18")
RETURN = ("\n", "\r")


class Keys:
    """What the special keys of a display do; this one has none."""

    gold = False

    def up(self, room: int) -> str | None:
        """The line after Up; None leaves it."""
        return None

    def down(self, room: int) -> str | None:
        """The line after Down."""
        return None

    def next(self, room: int, forward: bool) -> str | None:
        """The line after PF2 or PF3."""
        return None

    def emptied(self) -> None:
        """The line has become empty."""

    def finished(self) -> None:
        """The line is complete."""


class Leave(Exception):
    """A key ends the line at once; the argument is the line that is taken."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class History(Keys):
    """Earlier lines, newest first."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._index = -1

    def up(self, room: int) -> str | None:
        if not self._lines:
            return None
        last = len(self._lines) - 1
        self._index = last if self.gold else min(self._index + 1, last)
        return self._lines[self._index][:room]

    def down(self, room: int) -> str | None:
        if not self._lines or (self._index < 0 and not self.gold):
            return None
        self._index = 0 if self.gold else max(self._index - 1, 0)
        return self._lines[self._index][:room]


class LineEditor:
    """Reads one line.

    Parameters
    ----------
    terminal : where
    prompt : shown in reverse in front of it
    row : row of the display, 0 where the cursor is
    keys : what the special keys do
    initial : text to start with, cursor at its end; None starts with plain typing
    complete : ``complete(text, cursor)`` gives the text and cursor after the tabulator key, and what to list below
    plain : the prompt is not in reverse
    newline : the terminal goes to a new line after editing even in a display
    """

    def __init__(
        self,
        terminal: Terminal,
        prompt: str,
        row: int = 0,
        keys: Keys | None = None,
        initial: str | None = None,
        complete: Callable[[str, int], tuple[str, int, Sequence[str]]] | None = None,
        plain: bool = False,
        newline: bool = False,
    ) -> None:
        self.terminal = terminal
        self.prompt = prompt
        self.row = row
        self.keys = keys or Keys()
        self.initial = initial
        self.complete = complete
        self.plain = plain
        self.newline = newline or row == 0
        self.text = ""
        self.cursor = 0
        self._below = 0  # rows from the prompt's to the cursor's

    @property
    def _margin(self) -> int:
        return len(self.prompt) + 1 + (self.terminal.slip if self.row == 0 else 0)

    @property
    def _room(self) -> int:
        return MOST if self._flows else self.terminal.columns - len(self.prompt) - 1

    @property
    def _flows(self) -> bool:
        """Whether the line may take several rows: at a prompt, but not where the original's slip is shown."""
        return self.row == 0 and not self.terminal.slip

    # Where characters of the line are on the terminal.

    def _go(self, index: int) -> None:
        """Put the cursor on a character of the line."""
        if not self._flows:
            self.terminal.move(self.row, self._margin + index)
            return
        below, column = divmod(len(self.prompt) + index, self.terminal.columns)
        self.terminal.shift(below - self._below)
        self._below = below
        self.terminal.move(0, column + 1)

    def _put(self, text: str, end: int) -> None:
        """Write a part of the line that ends before a character."""
        self.terminal.write(text)
        if self._flows:
            self._below, column = divmod(len(self.prompt) + end, self.terminal.columns)
            if text and column == 0:
                self.terminal.write(" \r")  # the terminal goes to the next row only now

    def _wipe(self, index: int) -> None:
        """Blank what is behind a character."""
        if self._flows:
            self._go(index)
            self.terminal.clear_below()
        else:
            self.terminal.clear_row(self.row, self._margin + index)

    def read(self) -> str | None:
        """The line; None when the user gave it up with Escape typed twice. Raises `Closed`, `Resized`, `Leave`."""
        if self.row:
            self.terminal.clear_row(self.row, 1)
            self.terminal.put(self.row, 1, self.prompt, True)
        else:
            self.terminal.write(self.prompt, not self.plain)
        if self.initial is not None:
            self._take(self.initial)
            return self._edit("")
        key = self._type()
        return self.text if key in RETURN else self._edit(key)

    # --- plain typing

    def _type(self) -> str:
        """Take characters as they come; the key that ended it."""
        terminal = self.terminal
        while True:
            key = self._key()
            if key in RETURN:
                if self.row == 0:
                    terminal.write("\n")
                return key
            if self._flows and key in (*ERASE, *KILL, t.INTERRUPT) and len(self.prompt + self.text) >= terminal.columns:
                return key
            if key in ERASE:
                if self.text:
                    self.text = self.text[:-1]
                    terminal.write("\b \b")
            elif key in ("\x15", t.INTERRUPT):
                terminal.write("\b \b" * len(self.text))
                self.text = ""
            elif key == "\t" and self.complete is not None:
                return key
            elif key == "\x04" and self.row == 0 and not self.text:
                raise Closed
            elif len(key) == 1:
                if len(self.text) < MOST:
                    self.text += key
                    terminal.write(key)
            else:
                return key

    def _key(self) -> str:
        key = self.terminal.key()
        if key == t.CLOSED:
            raise Closed
        if key == t.RESIZED:
            if self.row:
                raise Resized(self.text)
            return self._key()
        return key

    # --- editing

    def _edit(self, key: str) -> str | None:
        self.cursor = len(self.text)
        if self.row == 0 and self.terminal.slip:
            self._redraw_prompt()
        elif self._flows and self.initial is None:
            self._put("", self.cursor)
            if self.text and (len(self.prompt) + self.cursor) % self.terminal.columns == 0:
                self.terminal.write(" \r")
        gold = False
        while True:
            self.keys.gold, gold = gold, False
            if key in RETURN:
                break
            if key == t.PF1:
                gold = True
            elif key == t.ESCAPE_TWICE:
                self.keys.emptied()
                self.text = ""
                return None
            elif key:
                self._act(key)
            key = self._key()
        if self.newline:
            if self._flows:
                self._go(len(self.text))
            self.terminal.write("\n")
        self.keys.finished()
        return self.text

    def _redraw_prompt(self) -> None:
        self.terminal.move(0, 1)
        self.terminal.write(self.prompt, not self.plain)
        self.terminal.write(self.text)

    def _act(self, key: str) -> None:
        if key in ERASE:
            self._erase()
        elif key in KILL or key == t.INTERRUPT:
            self.text, self.cursor = "", 0
            self.keys.emptied()
            self._wipe(0)
        elif key == "\t" and self.complete is not None:
            self._complete()
        elif len(key) == 1:
            self._insert(" " if key == "\t" else key)
        elif key in (t.LEFT, t.HOME):
            self._place(self._far_left() if self.keys.gold or key == t.HOME else self.cursor - 1)
        elif key in (t.RIGHT, t.END):
            self._place(len(self.text) if self.keys.gold or key == t.END else self.cursor + 1)
        elif key == t.DELETE and self.cursor < len(self.text):
            self.cursor += 1
            self._erase()
        elif key in (t.UP, t.DOWN, t.PF2, t.PF3):
            self._replace(key)

    def _far_left(self) -> int:
        after = self.text.find("=") + 1
        return after if after and self.row and self.cursor > after else 0

    def _erase(self) -> None:
        if self.cursor == 0:
            return
        count = self.cursor - self._far_left() if self.keys.gold else 1
        start = self.cursor - count
        rest = self.text[self.cursor :]
        self.text = self.text[:start] + rest
        self.cursor = start
        if start == 0:
            self.keys.emptied()
        self._go(start)
        self._put(rest + " " * count, len(self.text) + count)
        self._go(start)

    def _insert(self, character: str) -> None:
        if character < " ":
            return
        if len(self.text) >= self._room:
            self.terminal.bell()
            return
        rest = character + self.text[self.cursor :]
        self.text = self.text[: self.cursor] + rest
        self.cursor += 1
        self._put(rest, len(self.text))
        if len(rest) > 1 or self.terminal.slip:
            self._go(self.cursor)

    def _place(self, cursor: int) -> None:
        if 0 <= cursor <= len(self.text):
            self.cursor = cursor
            self._go(cursor)

    def _replace(self, key: str) -> None:
        if key in (t.UP, t.DOWN):
            text = self.keys.up(self._room) if key == t.UP else self.keys.down(self._room)
        else:
            text = self.keys.next(self._room, key == t.PF2)
        if text is not None:
            self._take(text)

    def _take(self, text: str) -> None:
        self.text, self.cursor = text, len(text)
        self._go(0)
        self._put(text, len(text))
        self._wipe(len(text))

    def _complete(self) -> None:
        assert self.complete is not None
        text, cursor, choices = self.complete(self.text, self.cursor)
        if choices and self.row == 0:
            self._go(len(self.text))
            self.terminal.write("\n")
            for line in in_columns(choices, self.terminal.columns):
                self.terminal.write(line + "\n")
            self.terminal.write(self.prompt, not self.plain)
            self._below = 0
        self._take(text)
        self._place(cursor)


def in_columns(words: Sequence[str], width: int, most: int = 8) -> list[str]:
    """Words side by side, at most a few rows of them."""
    cell = max(map(len, words)) + 2
    across = max((width - 1) // cell, 1)
    rows = [words[i : i + across] for i in range(0, len(words), across)]
    lines = ["".join(word.ljust(cell) for word in row).rstrip() for row in rows[:most]]
    return lines if len(rows) <= most else [*lines, "..."]
