r"""What may differ between two logs of the same run: named rules, each for one line.

Nothing outside these rules is ever ignored: blanks inside a line count, no line is dropped, no number is rounded.
A ``Mask`` carries its own evidence: lines it must change and lines it must leave alone (tested in
``testscripts/unit/monitor/test_masks.py``). A ``Convention`` is the ordered list of masks of one collection of models,
together with how that collection was cut into lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

_DAY = "(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"


@dataclass(frozen=True)
class Mask:
    """One rule.

    ``matches`` holds pairs (line, masked line); ``spares`` lines that must come through unchanged. A rule with ``next_line``
    applies only above a line that matches it; the evidence is then written with a line break. Rules beside a ``<DATE>``
    come after the rule that writes it.
    """

    name: str
    pattern: str
    replacement: str
    why: str
    matches: tuple[tuple[str, str], ...]
    spares: tuple[str, ...]
    next_line: str = ""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def next_regex(self) -> re.Pattern[str]:
        return re.compile(self.next_line)

    def apply(self, line: str, following: str = "") -> str:
        """The line after this rule; ``following`` is the line below it."""
        if self.next_line and not self.next_regex.match(following):
            return line
        return self.regex.sub(self.replacement, line)

    def _try(self, evidence: str) -> str:
        line, break_, following = evidence.partition("\n")
        return self.apply(line, following) + break_ + following

    def faults(self) -> list[str]:
        """What is wrong with this rule by its own evidence; empty when it does exactly what it promises."""
        found = [
            f"{self.name}: {line!r} gives {self._try(line)!r}, not {wanted!r}"
            for line, wanted in self.matches
            if self._try(line) != wanted
        ]
        found += [
            f"{self.name}: {line!r} must stay but gives {self._try(line)!r}"
            for line in self.spares
            if self._try(line) != line
        ]
        found += [
            f"{self.name}: {wanted!r} changes when masked again"
            for _, wanted in self.matches
            if self._try(wanted) != wanted
        ]
        if not self.matches or not self.spares:
            found.append(f"{self.name}: no evidence")
        return found


def _dates(years: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    """Evidence for the rules about dates: every day and month once, and the ends of every number."""
    days, months = (names.removeprefix("(?:").removesuffix(")").split("|") for names in (_DAY, _MONTH))
    dates = [f"{day} Jan  9 00:00:00" for day in days] + [f"Mon {month} 31 23:59:59" for month in months]
    dates += ["Sat Dec 20 19:08:60", "Sun Feb 19 08:19:07"]
    return tuple((f"({date} {year})", "(<DATE>)") for date in dates for year in years)


TRAILING_BLANKS = Mask(
    "trailing-blanks",
    r"[ \t]+$",
    "",
    "blanks at the end of a line are lost when logs are kept in version control",
    matches=(("a  b   ", "a  b"), ("   ", ""), ("a \t ", "a")),
    spares=("  a", "a   b", "", "at", "a\\", "a t"),
)

# ---- the models of our own procedures (cases, imq): only dates of this century, users only beside such a date

CASE_DATE = Mask(
    "date",
    rf"{_DAY} {_MONTH} [ 0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9] 20[0-9][0-9]",
    "<DATE>",
    "the time a task ran",
    matches=(
        (
            "---- Task: GEN -- User: lead -- Wed Nov  3 10:11:12 2021 ----",
            "---- Task: GEN -- User: lead -- <DATE> ----",
        ),
        (
            " Task:GEN       User:lead      Date_Time:Sun Feb 29 00:00:00 2032",
            " Task:GEN       User:lead      Date_Time:<DATE>",
        ),
        *_dates((2000, 2019, 2026, 2099)),
    ),
    spares=(
        "Wed Nov  3 10:11:12 1993",
        "Wed Nov  3 10:11:12 201",
        "Wed Nov  3 10:11:12 2121",
        "Wed Nov  3 10:11:72 2021",
        "Wed Nov  3 10:61:12 2021",
        "Wed Nov  3 30:11:12 2021",
        "Wed Nov 43 10:11:12 2021",
        "Wed Nov /3 10:11:12 2021",
        "Wed Nov  3 10.11.12 2021",
        "Wed  Nov  3 10:11:12 2021",
        "Wed Nov  3  10:11:12 2021",
        "Wed Nov  3 10:11:12  2021",
        "Wed Nov 3 10:11:12 2021",
        "WED NOV  3 10:11:12 2021",
        "Nov  3 10:11:12 2021",
        "Wed Nov  3 10:11 2021",
    ),
)
CASE_USER_LISTING = Mask(
    "user-in-listing",
    r"(User:)\S+\s+(?=Date_Time:<DATE>)",
    r"\1<USER> ",
    "who ran the task, in the label line of LIST",
    matches=((" Task:GEN       User:lead      Date_Time:<DATE>", " Task:GEN       User:<USER> Date_Time:<DATE>"),),
    spares=(
        " Task:GEN       User:lead      Date_Time:Wed Nov  3 10:11:12 1993",
        "User:lead <DATE>",
        " Task:GEN       User: Date_Time:<DATE>",
        "Laser:lead Date_Time:<DATE>",
        "User:lead Date_Time:<DATE",
    ),
)
CASE_USER_LABEL = Mask(
    "user-in-label",
    r"(USER:|User:)( +)\S+(\s+(?:-- )?)(?=<DATE>)",
    r"\1\2<USER>\3",
    "who ran the task, in label listings",
    matches=(
        ("---- Task: GEN -- User: lead -- <DATE> ----", "---- Task: GEN -- User: <USER> -- <DATE> ----"),
        ("USER:  lead  <DATE>", "USER:  <USER>  <DATE>"),
    ),
    spares=(
        "---- Task: GEN -- User: lead -- Wed Nov  3 10:11:12 1993 ----",
        "User: lead",
        "Owner: lead -- <DATE>",
        "Laser: lead -- <DATE>",
        "LASER: lead <DATE>",
        "User: lead -- <DATE",
    ),
)
CASE_USER_ITEM = Mask(
    "user-item",
    r"(USER=)'[^'\n]*'(?=\s+DAT_TIM='<DATE>')",
    r"\1'<USER>'",
    "who ran the task, as a label item",
    matches=(
        ("TASK='GEN' USER='lead'  DAT_TIM='<DATE>'", "TASK='GEN' USER='<USER>'  DAT_TIM='<DATE>'"),
        ("USER='ann' DAT_TIM='<DATE>'", "USER='<USER>' DAT_TIM='<DATE>'"),
    ),
    spares=(
        "USER='lead'",
        "USER='lead'  DAT_TIM='Wed Nov  3 10:11:12 1993'",
        "OWNER='x'",
        "LASER='x' DAT_TIM='<DATE>'",
        "USER='a' X='b' DAT_TIM='<DATE>'",
        "USER='a' DAT_TIM='<DATE>x",
    ),
)
CASE_USER_ITEM_ABOVE = Mask(
    "user-item-above-date",
    r"(USER=)'[^'\n]*'(?= *$)",
    r"\1'<USER>'",
    "who ran the task, as a label item on the line above the date",
    matches=(
        ("USER='lead'\nDAT_TIM='<DATE>'", "USER='<USER>'\nDAT_TIM='<DATE>'"),
        ("X=1  USER='lead'  \nDAT_TIM='<DATE>'", "X=1  USER='<USER>'  \nDAT_TIM='<DATE>'"),
        ("USER='ann'\nDAT_TIM='<DATE>'", "USER='<USER>'\nDAT_TIM='<DATE>'"),
    ),
    spares=(
        "USER='lead'\nDAT_TIM='Wed Nov  3 10:11:12 1993'",
        "USER='lead'\nX='<DATE>'",
        "USER='lead'\n",
        "USER='lead' X=1\nDAT_TIM='<DATE>'",
        "USER='lead' X='1'\nDAT_TIM='<DATE>'",
        "LASER='lead'\nDAT_TIM='<DATE>'",
    ),
    next_line=r"\s*DAT_TIM='<DATE>'",
)

# ---- the models of the original's own test procedures

NATIVE_DATE = Mask(
    "date",
    rf"\b{_DAY}\s+{_MONTH}\s+\d+\s+\d+:\d+:\d+\s+\d{{4}}",
    "<DATE>",
    "the time a task ran, also in old labels",
    matches=(
        ("---- Task: GEN -- User: -- Wed Nov  3 10:11:12 2021 ----", "---- Task: GEN -- User: -- <DATE> ----"),
        ("DAT_TIM='Mon Mar 12 1:02:03 1993'", "DAT_TIM='<DATE>'"),
        ("Mon  Mar  12  1:02:03  1993", "<DATE>"),
        *_dates((1966, 2026)),
    ),
    spares=("Nov  3 10:11:12 2021", "xWed Nov  3 10:11:12 2021", "Wed Nov  3 10:11 2021", "WED NOV 3 10:11:12 2021"),
)
NATIVE_USER_LISTING = Mask(
    "user-in-listing",
    r"(User:)\s*\S*?\s+(Date_Time:)",
    r"\1 \2",
    "who ran the task, in the label line of LIST",
    matches=(
        (" Task:GEN       User:lead      Date_Time:<DATE>", " Task:GEN       User: Date_Time:<DATE>"),
        (" Task:GEN       User:          Date_Time:", " Task:GEN       User: Date_Time:"),
        (" Task:GEN       User:  lead    Date_Time:", " Task:GEN       User: Date_Time:"),
    ),
    spares=("User:lead", "User:a b Date_Time:", "User:lead Date:", "Laser:lead Date_Time:", "User:lead Date_Times"),
)
NATIVE_USER_LABEL = Mask(
    "user-in-label",
    r"(-- User:).*?(--)",
    r"\1 \2",
    "who ran the task, in label listings",
    matches=(
        ("---- Task: GEN -- User: lead -- <DATE> ----", "---- Task: GEN -- User: -- <DATE> ----"),
        ("---- Task: GEN -- User:  --  ----", "---- Task: GEN -- User: --  ----"),
        ("-- User: jean-luc -- x", "-- User: -- x"),
        ("-- User:--", "-- User: --"),
    ),
    spares=("User: lead -- x", "- User: lead -- x", "-- User: lead", "-- Users: a --"),
)
NATIVE_USER_ITEM = Mask(
    "user-item",
    r"(USER=)'[^']*'",
    r"\1''",
    "who ran the task, as a label item",
    matches=(("TASK='GEN' USER='lead' X=1", "TASK='GEN' USER='' X=1"),),
    spares=("USER=lead", "User='lead'", "LASER='lead'"),
)
NATIVE_DATE_FIELD = Mask(
    "date-field",
    r"(?<=Date_Time:)\s*(<DATE>)?\s*$",
    "<DATE>",
    "the date at the end of LIST's label line, printed or suppressed",
    matches=(
        (" Task:GEN       User: Date_Time:", " Task:GEN       User: Date_Time:<DATE>"),
        (" Task:GEN       User: Date_Time: <DATE>  ", " Task:GEN       User: Date_Time:<DATE>"),
    ),
    spares=("Date_Time:<DATE> x", "Date: ", "Update_Time: "),
)


def folder_mask(folder: str, token: str = "<V2TOP>") -> Mask:
    """The rule that replaces the place of an installation, ``folder``, by ``token``."""
    return Mask(
        "installation",
        re.escape(folder.rstrip("/")) + r"(?=/|$)",
        token,
        "where VICAR is installed",
        matches=((f"read {folder}/data/x.tab", f"read {token}/data/x.tab"),),
        spares=("read /elsewhere/data/x.tab", f"read {folder}2/x"),
    )


@dataclass(frozen=True)
class Convention:
    """How one collection of models is cut into lines and masked.

    ``carriage_return``: ``"drop"`` (not part of the text), ``"newline"`` (ends a line, as Python's universal newlines do)
    or ``"keep"``. ``strip_end``: empty lines at the end of the log do not count.
    """

    name: str
    masks: tuple[Mask, ...]
    carriage_return: str = "drop"
    strip_end: bool = False
    notes: str = field(default="", compare=False)

    def lines(self, data: bytes) -> list[str]:
        """The unmasked lines of a log (Latin-1)."""
        text = data.decode("latin-1")
        if self.carriage_return == "drop":
            text = text.replace("\r", "")
        elif self.carriage_return == "newline":
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        return lines

    def mask(self, lines: Sequence[str]) -> tuple[list[str], Counter[str]]:
        """The masked lines, and how many lines each mask changed."""
        result = list(lines)
        used: Counter[str] = Counter()
        for mask in self.masks:
            for number, line in enumerate(result):
                if not mask.regex.search(line):
                    continue
                following = result[number + 1] if mask.next_line and number + 1 < len(result) else ""
                masked = mask.apply(line, following)
                if masked != line:
                    used[mask.name] += 1
                    result[number] = masked
        return result, used

    def finish(self, lines: Sequence[str]) -> list[str]:
        """The lines that are compared: all of them, or all up to the last one that is not empty."""
        end = len(lines)
        while self.strip_end and end and not lines[end - 1].strip():
            end -= 1
        return list(lines[:end])

    def with_mask(self, mask: Mask) -> Convention:
        return replace(self, masks=(*self.masks, mask))


CASES = Convention(
    "cases",
    (CASE_DATE, CASE_USER_LISTING, CASE_USER_LABEL, CASE_USER_ITEM, CASE_USER_ITEM_ABOVE, TRAILING_BLANKS),
    "drop",
    strip_end=True,
    notes="golden cases and our own test procedures",
)
NATIVE = Convention(
    "native",
    (NATIVE_DATE, NATIVE_USER_LISTING, NATIVE_USER_LABEL, NATIVE_USER_ITEM, NATIVE_DATE_FIELD, TRAILING_BLANKS),
    "newline",
    strip_end=True,
    notes="the original's own test procedures",
)
NONE = Convention("none", (), "keep", notes="nothing is masked")

CONVENTIONS = {one.name: one for one in (CASES, NATIVE, NONE)}


def every_mask() -> list[tuple[str, Mask]]:
    """All masks with the name of their collection."""
    found = [(convention.name, mask) for convention in CONVENTIONS.values() for mask in convention.masks]
    return [*found, ("any", folder_mask("/usr/local/vicar"))]
