"""The ITEMS string of LABEL-ADD and LABEL-REPLACE. Source: ``add_items`` and ``parse_value`` of ``vos/p2/prog/label``."""

from __future__ import annotations

import re
from collections.abc import Callable

MESSAGE_LENGTH = 99
BLANKS = " \t"
NUMBER = "1234567890+-.Ee"
_INTEGER = re.compile(r"[+-]?\d+")
_REAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


class Reader:
    """Reads ``KEY=value``, ``KEY(element)=(value,...)`` one after the other."""

    def __init__(self, text: str, abend: Callable[[str], None]):
        self.text = text
        self.at = 0
        self._abend = abend

    def fail(self, message: str) -> None:
        self._abend(message[:MESSAGE_LENGTH])

    # -- characters -------------------------------------------------------------------------------------------------

    @property
    def next(self) -> str:
        """The next character, "" at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, characters: str) -> str:
        """Characters from here on that are among the given ones."""
        return self._advance(lambda c: c in characters)

    def take_until(self, characters: str) -> str:
        return self._advance(lambda c: c not in characters)

    def _advance(self, wanted: Callable[[str], bool]) -> str:
        start = self.at
        while self.at < len(self.text) and wanted(self.text[self.at]):
            self.at += 1
        return self.text[start : self.at]

    # -- items ------------------------------------------------------------------------------------------------------

    def more(self) -> bool:
        self.take(BLANKS)
        return bool(self.next)

    def skip_comma(self) -> None:
        self.take(BLANKS)
        if self.next == ",":
            self.at += 1
            self.take(BLANKS)

    def key(self) -> tuple[str, int]:
        """Key and starting element (0: none given); stops before the value."""
        key = self.take_until("=( \t")
        self.take(BLANKS)
        element = self._element(key) if self.next == "(" else 0
        if self.next != "=":
            self.fail(f"Missing '=' for keyword {key}")
        self.at += 1
        self.take(BLANKS)
        if not self.next:
            self.fail(f"Null value for keyword {key}")
        return key, element

    def _element(self, key: str) -> int:
        self.at += 1
        found = re.compile(r"\s*([+-]?\d+)").match(self.text, self.at)
        element = int(found[1]) if found else 0
        if element == 0 or element < -1:
            self.fail(f"Illegal starting element number of {element} for keyword {key}")
        self.take("1234567890+")  # no minus: the original cannot read the -1 it allows
        self.take(BLANKS)
        if self.next != ")":
            self.fail(f"Missing ')' for starting element of keyword {key}")
        self.at += 1
        self.take(BLANKS)
        return element

    # -- values -----------------------------------------------------------------------------------------------------

    def values(self, key: str, form: str | None) -> tuple[str, list]:
        """Format and values from here on; ``form`` is that of an existing item, which must fit."""
        start = self.at
        found = self._elements(key, form or "", may_change=form is None)
        # a string among them makes all of them strings, and then they are cut differently
        self.at = start
        found = self._elements(key, found[0], may_change=False)
        return found[0], [convert(text, found[0]) for text in found[1]]

    def _elements(self, key: str, form: str, may_change: bool) -> tuple[str, list[str]]:
        texts: list[str] = []
        several = self.next == "("
        if several:
            self.at += 1
            self.take(BLANKS)
        while True:
            # at the end of the text the original goes on as for a number
            if form == "STRING" or (self.next and self.next not in NUMBER):
                form = self._changed(form, "STRING", key, may_change)
                texts.append(self._string(key, len(texts) + 1))
            else:
                text = self.take(NUMBER)
                if not text:
                    self.fail(f"Invalid value for keyword {key}, element {len(texts) + 1}")
                form = self._number_form(text, form, key, may_change)
                texts.append(text)
            self.take(BLANKS)
            done = not several
            if several:
                if self.next == ")":
                    done = True
                    self.at += 1
                elif self.next == ",":
                    self.at += 1
                elif not self.next:
                    self.fail(f"No closing parenthesis for multi-valued keyword {key}")
            self.take(BLANKS)
            if done:
                break
        if not several and self.next == ")":
            self.fail(f"Extra closing parenthesis found for keyword {key}")
        return form, texts

    def _changed(self, form: str, new: str, key: str, may_change: bool) -> str:
        if form and form != new and not may_change:
            self.fail(f"Can't change format from {form} to {new} for keyword {key}")
        return new

    def _number_form(self, text: str, form: str, key: str, may_change: bool) -> str:
        """A number is a real if an earlier one was or if it looks like one; a double if it has many digits."""
        if form in ("REAL", "DOUB") or any(c in text for c in ".Ee"):
            new = "REAL" if significant_digits(text) <= 6 and form != "DOUB" else "DOUB"
            return self._changed(form, new, key, may_change)
        if form and form != "INT":
            self.fail(f"Can't change format from {form} to INT for keyword {key}")
        return "INT"

    def _string(self, key: str, number: int) -> str:
        quoted = self.next == "'"
        if quoted:
            self.at += 1
        text = self.take_until("'" if quoted else ",)' \t")
        if quoted != (self.next == "'"):
            self.fail(f"String for keyword {key}, element {number} improperly terminated")
        if not quoted and not text:
            self.fail(f"Invalid value for keyword {key}, element {number}")
        if quoted:
            self.at += 1
        return text


def significant_digits(text: str) -> int:
    """Digits from the first that is not zero up to the exponent, as the original counts them."""
    found = re.search(r"[1-9][0-9.]*", text)
    if not found:
        return 1
    return len(found[0]) - ("." in found[0])


def convert(text: str, form: str) -> int | float | str:
    """The value of a text as C's scanf reads it: as far as it is a number."""
    if form == "STRING":
        return text
    found = (_INTEGER if form == "INT" else _REAL).match(text)
    if not found:
        return 0
    if form != "INT":
        return float(found[0])
    number = max(-(2**63), min(2**63 - 1, int(found[0])))
    return (number + 2**31) % 2**32 - 2**31
