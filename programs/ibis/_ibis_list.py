"""IBIS-LIST: the listing of a table, character by character.

Source: ``vos/p2/prog/ibis/ibis_list.c``. Columns are laid side by side until the line reaches SCREEN; rows come in blocks
of 30 under their own heading. Each value is printed by a C format and cut at the width of its column.

accepted: a first column as wide as the screen ends the program with a message; the original loops for ever.
accepted: where CFORMAT has %d the original measures the width of an undefined integer; ours is measured with one that fills it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from programs.ibis._columns import running_texts
from vicar.errors import VicarError
from vicar.ibis import formats as fmt
from vicar.ibis.groups import GROUP, UNIT
from vicar.numerics.cformat import sprintf
from vicar.numerics.conversion import cast

BLOCK = 30
BLOCKS_AT_ONCE = 200
LONGEST_CELL = 80
WIDTHS = 50
PLAIN = re.compile(r"%(\d+)(?:\.\d+)?([dfs])")
PLAIN_LETTERS = {"B": "d", "H": "d", "F": "d", "R": "f", "D": "f", "A": "s"}  # by the first letter of the cell format
CONVERSION = re.compile(r"%([-+ #0]*)(\d*)(?:\.(\d*))?(?:hh|h|ll|l|L)?([a-zA-Z%])")


@dataclass
class Shown:
    """One column of the listing."""

    number: int
    width: int
    pattern: str
    format: str


class Printer:
    """Where the listing goes: the log, or the text file OUTFILE."""

    def __init__(self, task):
        self._task = task
        self._lines: list[str] | None = None
        name = task.string("OUTFILE") or " "
        self._path = None
        if name[:1] != " ":
            self._lines = []
            try:
                self._path = task.path(name)
                self._path.open("a").close()
            except (OSError, VicarError):
                task.abend("cant open output file")

    def __call__(self, text: str) -> None:
        if self._lines is None:
            self._task.message(text)
        else:
            self._lines.append(text + "\n")

    def close(self) -> None:
        if self._path is not None:
            self._path.write_text("".join(self._lines), encoding="latin-1")


def list_table(task):
    table = task.open_table("INP", 1, nc=task.integer("GR1DIM") or 0)
    out = Printer(task)
    if not task.defaulted("PREAMBLE") and task.string("PREAMBLE"):
        for line in task.strings("PREAMBLE")[:5]:
            out(line)
    if task.keyword("HEADER"):
        show_header(table, out)
        for word, kind, title in (("GROUPS", GROUP, "Group"), ("UNITS", UNIT, "Unit")):
            if task.keyword(word):
                show_groups(table, out, kind, title)
    first = min(task.integer("SR"), table.nr)
    rows = min(task.integer("NR") or table.nr, table.nr + 1 - first)
    numbers = chosen_columns(task, table)
    if table.old:
        mark_formats(task, table)
    columns = [Shown(n, w, p, "") for n, (w, p) in zip(numbers, widths_and_patterns(task, len(numbers)), strict=True)]
    screen = task.integer("SCREEN") or 80
    at = 0
    while at < len(columns):
        strip = columns_that_fit(columns[at:], screen)
        if not strip:
            task.abend("The first column is as wide as the screen.")
        list_strip(task, table, out, strip, first, rows, screen)
        at += len(strip)
    table.close()
    out.close()


def mark_formats(task, table) -> None:
    """INTCOLS and A4COLS of a version 1 file, which does not know its formats."""
    for name, format in (("INTCOLS", "FULL"), ("A4COLS", "A4")):
        columns = task.integers(name)
        if columns and columns[0]:
            for column in columns:
                table.set_format(column, format)


def show_header(table, out) -> None:
    out(" ")
    out(f"Number of Rows:{table.nr or table.stated_rows}  Number of Columns: {table.nc:<8}")
    out(f"File Version:{table.version}  Organization:{table.org}  SubType:{table.type or 'NONE'}")


def show_groups(table, out, kind: str, title: str) -> None:
    for name in table.group_names(kind):
        numbers = "".join(f" {n}" for n in table.find(name, kind))
        out(f"{title} '{name}':{numbers}")


def chosen_columns(task, table) -> list[int]:
    start, count = task.integer("SC"), task.integer("NC") or table.nc
    chosen = task.integers("COLS")
    chosen = chosen if chosen and chosen[0] else []
    count = len(chosen) or count
    start = min(start, table.nc)
    count = min(count, table.nc + 1 - start)
    return chosen[: max(count, 0)] if chosen else list(range(start, start + count))


def widths_and_patterns(task, count: int) -> list[tuple[int, str]]:
    """Width and C format of each column; an empty format means the usual one for the cell format."""
    user = task.string("CFORMAT") or ""
    if user:
        patterns = split_format(user)
        widths = [len(measure(p)) for p in patterns]
    else:
        patterns = []
        widths = task.integers("CSIZE")
        widths[0] = widths[0] or 15
    if len(widths) < 2 or not widths[1]:
        widths = widths[:1] * count
    widths += [0] * (count - len(widths))
    patterns += [""] * (count - len(patterns))
    return list(zip(widths[:count], patterns[:count] if user else [None] * count, strict=True))


def split_format(text: str) -> list[str]:
    """One piece for each % element: what stands before it, the element, and what follows up to the next %."""
    pieces, at = [], 0
    while at < len(text):
        here = text.find("%", at)
        after = text.find("%", here + 1) if here >= 0 else -1
        end = after if after >= 0 else len(text)
        pieces.append(text[at:end])
        at = end
    return pieces


def measure(piece: str) -> str:
    """The text that sets a column's width: 0.0, or ``woof`` where an s stands in front of the end."""
    return c_format(piece, "woof" if "s" in piece else 0.0, measuring=True)


def columns_that_fit(columns: list[Shown], screen: int) -> list[Shown]:
    total, count = columns[0].width, 0
    while total < screen and count < len(columns):
        count += 1
        total += columns[count].width if count < len(columns) else 0
    return columns[:count]


def list_strip(task, table, out, strip: list[Shown], first: int, rows: int, screen: int) -> None:
    """Some columns side by side, all rows."""
    for shown in strip:
        shown.format = table.formats[shown.number - 1] if 0 < shown.number <= table.nc else ""
        if shown.pattern is None:
            shown.pattern = usual_pattern(shown.format, shown.width)
    heading = column_heading(task, table, strip)
    space = task.integer("SPACE")
    for begin in range(first, first + rows, BLOCK * BLOCKS_AT_ONCE):
        lines = value_lines(table, strip, begin, min(BLOCK * BLOCKS_AT_ONCE, first + rows - begin))
        lines = [printable(line[:screen]) + line[screen:] for line in lines]
        for start in range(begin, begin + len(lines), BLOCK):
            block = lines[start - begin : start - begin + BLOCK]
            if heading:
                for line in (" ", f"Rows: {start}:{start + len(block) - 1}", *heading):
                    out(line)
            for at, line in enumerate(block, start):
                out(line)
                if space and at % space == 0:
                    out(" ")


def column_heading(task, table, strip: list[Shown]) -> list[str]:
    if not task.keyword("COLHEAD"):
        return []
    rule = "".join("+" + "-" * (shown.width - 1) if shown.width else "" for shown in strip)
    lines = [rule, side_by_side(strip, lambda s: f"C:{s.number}".rjust(s.width))]
    if task.keyword("FORMATS"):
        lines.append("".join(shown.format.rjust(shown.width) for shown in strip))
    for word, kind in (("GROUPS", GROUP), ("UNITS", UNIT)):
        if task.keyword(word):
            names = {s.number: (table.groups_of(s.number, kind) or [" -- "])[0] for s in strip}
            lines.append(side_by_side(strip, lambda s, names=names: names[s.number].ljust(s.width), LONGEST_CELL + 1))
    return [*lines, rule]


def side_by_side(strip: list[Shown], text, room: int = 252) -> str:
    """Texts put at the columns' places one after the other, each cut where the original's buffer ends."""
    line, place = "", 0
    for shown in strip:
        space = room - place
        piece = text(shown)
        if space > 0:
            piece = piece[: space - 1]
        if space != 0:
            line = line[:place] + piece
        place += shown.width
    return line


def usual_pattern(format: str, width: int) -> str:
    letter = format[:1].lower() or "a"
    if letter in "bhf":
        return f"%{width}d"
    if letter in "rd":
        return f"%{width}.2f"
    if letter == "c":
        half = int((width - 4) / 2)
        return f" (%-{half}.2f,%{width - (4 + half)}.2f)"
    return f"%{width}s"


def value_lines(table, strip: list[Shown], first: int, count: int) -> list[str]:
    columns = [column_values(table, shown, first, count) for shown in strip]
    template, width = row_template(strip), sum(shown.width for shown in strip)
    reals = any(shown.format in ("REAL", "DOUB") for shown in strip)
    lines = []
    for row in zip(*columns, strict=True):
        line = template % row if template else ""
        if len(line) != width or (reals and "n" in line):  # too wide, or what Python writes in another way: inf, nan
            line = "".join(c_format(shown.pattern, v)[: min(shown.width, LONGEST_CELL)] for shown, v in zip(strip, row))
        lines.append(line)
    return lines


def column_values(table, shown: Shown, first: int, count: int) -> list:
    if not 0 < shown.number <= table.nc:  # no such column, hence no format: the original's text for that
        return ["BAD FORMAT!"] * count
    if fmt.is_text(shown.format):
        return running_texts(table, shown.number, first, count, BLOCK)
    values = table.read(shown.number, first=first, count=count)
    if shown.format == "BYTE":
        return cast(values, np.uint8).astype(np.int8).tolist()  # printed as a signed char
    return values.tolist()


def row_template(strip: list[Shown]) -> str:
    """One format for a row of which each cell fills its column; none if a column asks for more than that."""
    for shown in strip:
        plain = PLAIN.fullmatch(shown.pattern)
        if not plain or int(plain[1]) != shown.width or shown.width > LONGEST_CELL:
            return ""
        if plain[2] != PLAIN_LETTERS.get(shown.format[:1]):
            return ""
    return "".join(shown.pattern for shown in strip)


def printable(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    return "".join(c if " " <= c <= "~" else "." for c in line)


def c_format(pattern: str, value, measuring: bool = False) -> str:
    """C's snprintf of one value (two for a complex one) through a pattern.

    An integer conversion of a real value, and a real one of an integer, are the user's slip; Python's nearest is given.
    """
    parts = iter((value.real, value.imag) if isinstance(value, complex) else (value, value))

    def element(match: re.Match) -> str:
        flags, width, precision, letter = match.groups()
        if letter == "%":
            return "%"
        one = next(parts, 0)
        spec = f"%{flags}{width}" + (f".{precision or 0}" if precision is not None else "")
        if letter in "diouxX":
            number = int(one) if not isinstance(one, str) and np.isfinite(one) else 0
            return (spec + letter) % (number & 0xFFFFFFFF if letter in "oxXu" and number < 0 else number)
        if letter in "eEfFgG":
            return sprintf(spec + letter, float(one) if not isinstance(one, str) else 0.0)
        if letter in "sc":
            return (spec + "s") % (one if isinstance(one, str) else "")
        return match.group(0)

    return CONVERSION.sub(element, pattern)
