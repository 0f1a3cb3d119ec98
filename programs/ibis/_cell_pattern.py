"""Pattern search of MF3's POS and STRPAT.

Source: ``vos/p2/prog/mf3`` (``sp_xknuth``, ``insq``, ``delq``). ``?`` is any character, ``^`` the start, ``%`` the end; each of
up to three ``*`` stands for some number of ``?``, tried from none upwards, the last star fastest.
"""

from __future__ import annotations

STAR, ANY, START, END = b"*?^%"
ROOM = 140


def find(text: bytes, pattern: bytes) -> tuple[int, bytes]:
    """Place from 1 (0 if not found) and what was matched; without a match, what the last attempt had matched."""
    search = _Search(text, pattern)
    place = search.run()
    return place, bytes(search.matched)


class _Search:
    def __init__(self, text: bytes, pattern: bytes):
        self.text = text
        self.matched = bytearray()
        plain = bytearray()
        self.stars: list[int] = []
        for character in pattern:
            if character == STAR:
                self.stars.append(len(plain))
            else:
                plain.append(character)
        self.length = len(plain)
        self.pattern = plain + bytes(ROOM)

    def run(self) -> int:
        size = len(self.text)
        most = [min(size, size - self.length + 3) if n < len(self.stars) else min(1, size - self.length + 3)
                for n in range(3)]  # fmt: skip
        first, second, third = (self.stars + [-999] * 3)[:3]
        for a in range(most[0]):
            self._widen(a, first)
            for b in range(most[1]):
                self._widen(b, second + a)
                for c in range(most[2]):
                    self._widen(c, third + b + a)
                    length = self.length + a + b + c
                    if length > size + 2:
                        break
                    place = self._attempt(length)
                    if place:
                        return place
                self._narrow(third + b + a - 2)
            self._narrow(second + a - 1)
        return 0

    def _widen(self, count: int, place: int) -> None:
        """One more ``?`` in front of ``place``."""
        if count:
            end = self.pattern.find(b"\0", place)
            self.pattern[place + 1 : end + 2] = self.pattern[place : end + 1]
            self.pattern[place] = ANY

    def _narrow(self, place: int) -> None:
        """Take out the ``?`` from ``place`` on; the end mark stays where it was."""
        if place < 0:
            return
        end = self.pattern.find(b"\0", place)
        count = 0
        while self.pattern[place + count] == ANY:
            count += 1
        self.pattern[place : end - count] = self.pattern[place + count : end]

    def _attempt(self, length: int) -> int:
        """Try every start in the text for the first ``length`` signs of the pattern."""
        text = self.text + b"\0"
        for start in range(len(text)):
            at = 0
            self.matched = bytearray()
            for place in range(start, len(text) + 1):
                character = text[place] if place < len(text) else 0
                wanted = self.pattern[at]
                if character or wanted != END:
                    if not character:
                        return 0
                    if wanted == START:
                        if start:
                            return 0
                        at += 1
                        wanted = self.pattern[at]
                    if wanted not in (character, ANY):
                        break
                    self.matched.append(character)
                at += 1
                if at >= length:
                    return start + 1
        return 0
