"""ASC2TCL: words of a text file to variables. Source: ``vos/p2/prog/asc2tcl`` (C).

The file is read a character at a time with one character in hand; the last character is never looked at, and a word that the
end of the file cuts off is found with it missing. Numbers are read from the word with the rest of its line behind it. Both,
and what follows from them, are as in the original.

accepted: where the original runs beyond its buffers (MET without a VALUE, a file of one word), -999 is returned.
"""

from __future__ import annotations

from vicar.geotiff import number, whole_number

TEXT = 25000
PIECE = 3000
NEWLINES = (10, 13)
MISSING = "-999"
OUTPUT = 130


def main(task):
    task.if_message("ASC2TCL version 2019-08-07")
    try:
        data = (task.directory / task.string("INP", "")).read_bytes()
    except OSError:
        task.abend("??E - Input file not found")
    words = task.strings("KEYWORD")[:50]
    if task.defaulted("KEYWORD"):
        words = words[:1]
    kind = task.integer("VTYPE")
    reader = Reader(data, task.integer("SEQUENCE"), max(task.integer("LINENO") - 1, 0), task.keyword("COMMA"),
                    task.keyword("MET"), kind > 0)  # fmt: skip
    for n, word in enumerate(words, start=1):
        value = reader.find(word[:99].encode("latin-1"), task.integer("BTRIM"), task.integer("ETRIM"))
        name = "VAL" if n == 1 else f"V{n}"
        task.if_message(f"vtype {kind}")
        if kind == 0:
            task.output(name, value[:OUTPUT])
        elif kind in (2, 4):
            task.output(name, whole_number(value))
        else:
            task.output(name, number(value)[0])


class Reader:
    """Looks through the file once a keyword; buffer and word length stay from one keyword to the next."""

    def __init__(self, data: bytes, sequence: int, line: int, comma: bool, met: bool, numeric: bool):
        self.data, self.sequence, self.line = data, sequence, line
        self.comma, self.met, self.numeric = comma, met, numeric
        self.word = bytearray(TEXT)  # text with a NUL behind it; older words stay behind that
        self.length = 0  # of the word
        self.filled = 0
        self.position = 0
        self.hand = [0, 0]  # this character and the next
        self.after = bytearray(PIECE + 2)  # what followed the keyword
        self.place: int | None = None  # where in the word the value begins

    def _next(self) -> bool:
        """Take one more character in hand; False at the end of the file."""
        if self.position >= len(self.data):
            return False
        self.hand[1] = self.data[self.position]
        self.position += 1
        return True

    def _is_key(self, key: bytes, length: int) -> bool:
        """Whether the first ``length`` characters of the key and of the word agree, blanks counting as stars."""
        key = key.replace(b" ", b"*") + b"\0"
        word = bytes(self.word[:length]).replace(b" ", b"*")
        return _same(key, word, length)

    def _matched(self, key: bytes) -> bool:
        if not key or not self._is_key(key, len(key)):
            return False
        return not self.met or (self.length == len(key) + 1 and self.word[len(key)] in (10, 34))

    def _separates(self, c: int, key: bytes) -> bool:
        """Whether a character ends words; within a keyword of several words it does not."""
        if not (c <= 32 or c >= 128 or (self.comma and c == 44) or (self.met and c == 34)):
            return False
        return not (self.length > 0 and key and self._is_key(key, self.length))

    def find(self, key: bytes, front: int, back: int) -> str:
        """The value for a keyword (or without one), cut by ``front`` and ``back`` characters; "-999" if there is none."""
        found = self._search(key)
        if self.met:
            value = self._met_value()
            return MISSING if value is None or not found else _cut(value, 0, front, back, self.numeric)
        if self.numeric and self.hand[0] not in NEWLINES:
            self._append_rest_of_line()
        if not found or self.place is None:
            return MISSING
        return _cut(self.word, self.place, front, back, self.numeric)

    def _search(self, key: bytes) -> bool:
        between, lines, items, seen = True, 0, 0, False
        self.position = 0
        self._next()
        while True:
            self.hand[0] = self.hand[1]
            if not self._next():
                if self._matched(key):
                    items = self._after_key(key)
                return lines >= self.line and items == self.sequence
            c = self.hand[0]
            if not self._separates(c, key):
                if between:
                    between, self.filled = False, 0
                    items += 1
                self._put(c)
                continue
            if c in NEWLINES:
                if lines < self.line:
                    items = 0
                lines += 1
            if between:
                continue
            between = True
            self.length = _length(self.word)
            if self._matched(key):
                seen = True
                items = self._after_key(key)
            else:
                self.place = 0
            if key and not seen:
                continue
            if lines >= self.line and items == self.sequence:
                return True

    def _put(self, c: int) -> None:
        if self.filled < TEXT - 1:
            self.word[self.filled] = c
            self.filled += 1
            self.word[self.filled] = 0
        self.length = _length(self.word)

    def _after_key(self, key: bytes) -> int:
        """The number of the item the key's word stands for: 0, or 1 if the value is stuck to the key."""
        if len(key) == self.length:
            return 0
        self.place = len(key)
        return 1

    def _append_rest_of_line(self) -> None:
        """Characters in hand and the rest of the line, put behind the value."""
        more = bytes(self.hand).split(b"\0")[0]
        c = self.hand[1]
        rest = self.data[self.position :]
        end = 0
        if c not in NEWLINES:
            end = next((n + 1 for n, other in enumerate(rest) if other in NEWLINES), len(rest))
        more += rest[:end].replace(b"\0", b"")
        if self.place is not None:
            start = self.place + _length(self.word[self.place :])
            more = more[: TEXT - 1 - start] + b"\0"
            self.word[start : start + len(more)] = more

    def _met_value(self) -> bytearray | None:
        """The quoted text behind VALUE = in what follows the keyword, or else in what followed the one before."""
        new = self.data[self.position : self.position + PIECE]
        self.after[: len(new) + 2] = new + b"\0\0"
        at = self.after.find(b" VALUE")
        at = self.after.find(b"=", at) if at >= 0 else -1
        at = self.after.find(b'"', at) if at >= 0 else -1
        end = self.after.find(b'"', at + 1) if at >= 0 else -1
        if end < 0:
            return None
        self.after[end] = 0
        return self.after[at + 1 : end + 1]


def _same(key: bytes, word: bytes, length: int) -> bool:
    """strncmp: equal up to ``length`` characters or a common NUL."""
    for a, b in zip(key[:length].ljust(length, b"\0"), word.ljust(length, b"\0")):
        if a != b:
            return False
        if a == 0:
            return True
    return True


def _length(text: bytes | bytearray) -> int:
    end = text.find(0)
    return len(text) if end < 0 else end


def _cut(memory: bytearray, start: int, front: int, back: int, numeric: bool) -> str:
    """The C string at ``start``; text values lose characters at both ends."""
    size = _length(memory[start:])
    if not numeric:
        if size - back >= 0:
            memory[start + size - back : start + size - back + 1] = b"\0"
        start += front
        size = _length(memory[start:])
    return bytes(memory[start : start + size]).decode("latin-1")
