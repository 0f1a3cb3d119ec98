"""A second opinion on logs: a plain comparison that shares no code with ``monitor.verify``.

It knows the rules only from the descriptions beside the reference data, works by cutting strings instead of by patterns, and
says whether two logs are equal as they are, equal under the rules, or different.
"""

import time
from pathlib import Path

DATE = len("Sat Nov 21 10:47:13 2026")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def without_dates(line: str, centuries: tuple[str, ...]) -> str:
    """The line with ``<DATE>`` for every date as ctime writes it, of one of the centuries."""
    at = 0
    while at <= len(line) - DATE:
        word = line[at : at + DATE]
        if word[:3] in DAYS and word[20:22] in centuries:
            try:
                time.strptime(word, "%a %b %d %H:%M:%S %Y")
            except ValueError:
                pass
            else:
                line = line[:at] + "<DATE>" + line[at + DATE :]
        at += 1
    return line


def native_line(line: str) -> str:
    """A line of the original's own test procedures, as the models have it."""
    line = without_dates(line, ("19", "20"))
    head, user, rest = line.partition("User:")
    name, field, date = rest.partition("Date_Time:")
    if user and field and len(name.split()) <= 1:
        line = f"{head}User: Date_Time:{'<DATE>' if date.strip() in ('', '<DATE>') else date}"
    head, user, rest = line.partition("-- User:")
    if user and "--" in rest:
        line = f"{head}-- User: {rest[rest.index('--') :]}"
    head, user, rest = line.partition("USER='")
    if user and "'" in rest:
        line = f"{head}USER='{rest[rest.index(chr(39)) :]}"
    return line.rstrip(" \t")


def case_line(line: str, below: str) -> str:
    """A line of our small procedures, as the models have it; ``below`` is the next one."""
    line, below = without_dates(line, ("20",)), without_dates(below, ("20",)).strip()
    for mark in ("User:", "USER:"):
        head, user, rest = line.partition(mark)
        words = rest.split()
        if user and words[1:] and words[1].startswith("Date_Time:<DATE>"):
            return f"{head}{mark}<USER> {rest[rest.index('Date_Time:') :]}".rstrip(" \t")
        if user and (words[1:2] == ["<DATE>"] or words[1:3] == ["--", "<DATE>"]):
            at = rest.index(words[0])
            return f"{head}{mark}{rest[:at]}<USER>{rest[at + len(words[0]) :]}".rstrip(" \t")
    head, user, rest = line.partition("USER='")
    name, quote, rest = rest.partition("'")
    if user and quote and (rest.strip().startswith("DAT_TIM='<DATE>'") or (not rest.strip() and below.startswith("DAT_TIM='<DATE>'"))):
        line = f"{head}USER='<USER>'{rest}"
    return line.rstrip(" \t")


def opinion(model: bytes, ours: bytes, convention: str, tree: Path | None = None) -> str:
    """``exact``, ``masked`` or ``different``, for logs of the ``convention`` native, cases or none."""
    if convention == "none":
        return "exact" if model == ours else "different"
    one, other = model.decode("latin-1"), ours.decode("latin-1")
    if convention == "cases":
        lines, theirs = (text.replace("\r", "").split("\n") for text in (other, one))
    else:
        lines, theirs = (text.replace("\r\n", "\n").replace("\r", "\n").split("\n") for text in (other, one))
    same = lines == theirs
    if convention == "cases":
        lines = [case_line(line, below) for line, below in zip(lines, [*lines[1:], ""], strict=True)]
    else:
        place = f"{tree}/vos/"
        lines = [native_line(line.replace(place, "<V2TOP>/")) for line in lines]
    for text in (lines, theirs):
        while text and not text[-1].strip():
            text.pop()
    return "exact" if same else "masked" if lines == theirs else "different"
