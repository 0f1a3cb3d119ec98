"""The terminal people sit at: ANSI strokes out, keys in.

Between two keys the terminal echoes by itself, as it does for the original: what is typed while a program runs is seen.

accepted
    Escape alone is looked at once the next key is there; arrow keys are known in both spellings (``ESC O A``, ``ESC [ A``).
"""

from __future__ import annotations

import os
import select
import sys
import termios
from collections.abc import Mapping
from typing import IO, Any

from tae.tutor import terminal as t

LOOK_AT_SIZE = 0.25  # seconds between two looks at the size of the window
SLIPPING = ("vt100",)  # where the original's one-column slip in line editing is shown
FINALS = {"A": t.UP, "B": t.DOWN, "C": t.RIGHT, "D": t.LEFT, "H": t.HOME, "F": t.END}
FINALS |= {"P": t.PF1, "Q": t.PF2, "R": t.PF3, "S": t.PF4}
NUMBERED = {"1": t.HOME, "7": t.HOME, "3": t.DELETE, "4": t.END, "8": t.END}
NUMBERED |= {"11": t.PF1, "12": t.PF2, "13": t.PF3, "14": t.PF4}
DUMB = ("", "dumb", "unknown")


def usable(environment: Mapping[str, str]) -> bool:
    """Whether the terminal can put its cursor anywhere."""
    return environment.get("TERM", "") not in DUMB


class AnsiTerminal:
    """A terminal that understands ANSI control sequences.

    Parameters
    ----------
    output : the stream that programs' output goes to as well
    descriptor : of standard input
    """

    def __init__(self, output: IO[str], descriptor: int, environment: Mapping[str, str]) -> None:
        self._output = output
        self._descriptor = descriptor
        self._pending = b""
        self._usual: list[Any] = termios.tcgetattr(descriptor)
        self._size = self._look()
        self.slip = 1 if environment.get("TERM", "") in SLIPPING else 0
        self.writes = 0
        self.reading = False  # whether somebody waits for a key

    # --- size

    def _look(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(self._output.fileno())
        except OSError:
            return t.LEAST_ROWS, t.LEAST_COLUMNS
        return size.lines or t.LEAST_ROWS, size.columns or t.LEAST_COLUMNS

    @property
    def rows(self) -> int:
        return self._size[0]

    @property
    def columns(self) -> int:
        return self._size[1]

    def look_again(self) -> bool:
        """Take the size that the terminal has now; whether it is another one."""
        before, self._size = self._size, self._look()
        return before != self._size

    # --- strokes

    def _send(self, text: str) -> None:
        self.writes += 1
        self._output.write(text)

    def clear(self) -> None:
        self.look_again()
        self._send("\x1b[H\x1b[2J")

    def put(self, row: int, column: int, text: str, reverse: bool = False) -> None:
        self.move(row, column)
        self.write(text, reverse)

    def clear_row(self, row: int, column: int) -> None:
        self.move(row, column)
        self._send("\x1b[K")

    def write(self, text: str, reverse: bool = False) -> None:
        self._send(f"\x1b[7m{text}\x1b[m" if reverse and text else text)

    def move(self, row: int, column: int) -> None:
        if row:
            self._send(f"\x1b[{row};{column}H")
        else:
            self._send("\r" + (f"\x1b[{column - 1}C" if column > 1 else ""))

    def shift(self, rows: int) -> None:
        if rows:
            self._send(f"\x1b[{abs(rows)}{'B' if rows > 0 else 'A'}")

    def clear_below(self) -> None:
        self._send("\x1b[J")

    def bell(self) -> None:
        self._send("\a")

    # --- keys

    def key(self) -> str:
        self._output.flush()
        self.reading = True
        single = termios.tcgetattr(self._descriptor)
        self._usual = list(single)
        single[3] &= ~(termios.ICANON | termios.ECHO)
        single[6] = list(single[6])
        single[6][termios.VMIN], single[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._descriptor, termios.TCSANOW, single)
        try:
            return self._key()
        except KeyboardInterrupt:
            self._pending = b""
            return t.INTERRUPT
        finally:
            self.reading = False
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._usual)

    def _key(self) -> str:
        byte = self._byte(True)
        if byte is None:
            return t.RESIZED
        if not byte:
            return t.CLOSED
        if byte == b"\x1b":
            return self._sequence()
        if byte[0] >= 0xC0:
            count = 1 + (byte[0] >= 0xE0) + (byte[0] >= 0xF0)
            for _ in range(count):
                byte += self._byte() or b""
            return byte.decode("utf-8", "replace")
        return byte.decode("latin-1")

    def _byte(self, watch: bool = False) -> bytes | None:
        """The next byte; empty at the end, None when the window has got another size."""
        while not self._pending:
            if watch and not select.select([self._descriptor], [], [], LOOK_AT_SIZE)[0]:
                if self.look_again():
                    return None
                continue
            self._pending = os.read(self._descriptor, 4096)
            if not self._pending:
                return b""
        byte, self._pending = self._pending[:1], self._pending[1:]
        return byte

    def _sequence(self) -> str:
        """A key that sends more than one byte."""
        second = self._byte() or b""
        if second == b"\x1b":
            return t.ESCAPE_TWICE
        if second not in (b"[", b"O"):
            return t.UNKNOWN
        text = ""
        while True:
            byte = (self._byte() or b"~").decode("latin-1")
            if "@" <= byte <= "~":
                break
            text += byte
        if byte == "~":
            return NUMBERED.get(text.partition(";")[0], t.UNKNOWN)
        return FINALS.get(byte, t.UNKNOWN)


def open_terminal(session) -> AnsiTerminal | None:
    """The terminal of a session that reads from and writes to one; None for a plain one.

    A terminal that cannot put its cursor anywhere is told once, as the original does.
    """
    streams = (session.input, session.output)
    if any(stream is None or not stream.isatty() for stream in streams):
        return None
    if not usable(session.environment):
        session.write_terminal("[TAE-UNRECTTY] Unknown terminal type.")
        return None
    try:
        return AnsiTerminal(session.output, session.input.fileno(), session.environment)
    except (OSError, termios.error) as error:
        print(f"vicar: {error}", file=sys.stderr)
        return None
