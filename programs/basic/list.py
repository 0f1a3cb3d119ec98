"""LIST: the values of an image as text.

Source: ``vos/p2/prog/list`` (C). The image is printed in vertical strips; within a strip plane after plane and row after
row, where "planes", "rows" and "columns" are bands, lines and samples in the BSQ order, lines, bands and samples in the BIL
order and lines, samples and bands in the BIP order. FORMAT re-reads the bytes of a record as another format, without
converting them.

The original moves the window, then the strip, to the start of one record buffer and sometimes looks past what it moved
(the zero test of DOUB data looks at one value too many; HEX of wider pixels steps too far). That is reproduced by doing
the same moves. What lies behind the record is the C library's: the length of the next block of memory, never zero, behind a
record of 24, 40, 56 ... bytes. accepted: behind others is memory never written; there zeros are assumed, but for records of
16 bytes, which the C library always takes from blocks used before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.errors import VicarError

LINES_PER_PAGE = 53
TASKS_READ = 20
ROWS_AT_ONCE = 1 << 22  # bytes of records read and formatted together
HEADING_LENGTH = 132
NEXT_BLOCK = 0x51  # any length will do
PLAIN = ("BYTE", "HALF", "FULL", "REAL")
OLD_NAMES = {"HEX": "BYTE", "WORD": "HALF", "REAL4": "REAL", "REAL8": "DOUB", "DOUBLE": "DOUB", "COMPLEX": "COMP"}
STRIP_COUNT = (12, 10, 10, 9, 8, 8, 7, 7, 6, 6, 6, 5, 5, 5, 5)  # values of a strip by digits after the point, from 1
FULL_ZONE = "** Requested area exceeds size of input picture."
NO_DATA = " ** Specified window contains no data."


@dataclass
class Style:
    """How values of one format are printed."""

    name: str
    title: str  # "samples are interpreted as ..."
    dtype: str
    heading: int  # where the first column number starts
    spacing: int  # and the distance to the next
    strip: int  # values in a strip
    display: int  # blank lines after a row with DISPLAY
    skip: int = 1  # every how many columns have a number
    digits: int = 0
    width: int = 0

    @property
    def size(self) -> int:
        return np.dtype(self.dtype).itemsize


def styles() -> dict[str, Style]:
    return {
        "BYTE": Style("BYTE", "  BYTE  ", "u1", 9, 8, 30, 2, skip=2),
        "HALF": Style("HALF", "HALFWORD", "i2", 11, 6, 15, 4),
        "FULL": Style("FULL", "FULLWORD", "i4", 16, 11, 10, 8),
        "REAL": Style("REAL", " REAL*4 ", "f4", 17, 11, 10, 8),
        "DOUB": Style("DOUB", " REAL*8 ", "f8", 17, 11, 10, 8),
        "COMP": Style("COMP", "COMPLEX ", "c8", 29, 22, 5, 8),
        "HEX": Style("HEX", "  HEX   ", "u1", 5, 9, 40, 0, skip=4),
    }


@dataclass
class Axis:
    """One direction of the listing: start, number and step (in units of what is printed), and its heading."""

    start: int
    count: int
    step: int
    heading: str

    def positions(self) -> range:
        return range(self.start, self.start + self.count, self.step)


@dataclass
class Options:
    """The printing options."""

    dump: bool
    zeroes: bool
    eject: bool
    nofeed: bool
    hide_user: bool
    space: int


def main(task):
    task.if_message("LIST version 2019-09-06")
    image = open_input(task)
    with image:
        listing = Listing(task, image)
        if listing.prepare():
            listing.print()


def open_input(task):
    """The image, or an unlabelled file described by INSIZE and FORMAT. It is read as BSQ whatever ORG says."""
    try:
        return task.open("INP")
    except VicarError:
        pass
    options = {}
    given = task.string("FORMAT")
    if given is not None:
        options["i_format"] = options["u_format"] = OLD_NAMES.get(given, given)
    size = task.integers("INSIZE")
    if task.defaulted("INSIZE") or not size:
        task.abend(" ** You must enter INSIZE if input file is unlabeled ** ")
    options.update(zip(("u_nl", "u_ns", "u_nb"), size))
    return task.open("INP", labels=False, **options)


class Listing:
    """One run: what to print of which image, and how."""

    def __init__(self, task, image):
        self.task = task
        self.image = image
        self.formats = styles()

    # -- what to print ---------------------------------------------------------------------------------------------

    def prepare(self) -> bool:
        """Read the parameters. False if there is nothing to print."""
        task, image = self.task, self.image
        self.choose_formats()
        self.order = task.string("ORG") or image.org
        self.shuffled = self.order != image.org and "BIP" in (self.order, image.org)
        if self.shuffled and self.printed_size != self.source.size:
            task.message(" ** Sorry, I can't do both organization and format")
            task.message(" ** conversion at the same time.  I am using the")
            task.message(" ** input file format and the requested organization.")
            self.style, self.printed_size = self.source, self.source.size
        window, bands = task.size_field(), task.band_field()
        nsi, nbi = image.ns, image.nb
        if self.order == "BIP":
            nbi = nbi * self.source.size // self.printed_size
        else:
            nsi = nsi * self.source.size // self.printed_size
        nb = self.clip("bands", bands.sb, bands.nb, nbi)
        nl = self.clip("lines", window.sl, window.nl, image.nl) if nb else 0
        ns = self.clip("samples", window.ss, window.ns, nsi) if nl else 0
        if not ns:
            return False
        self.read_history()
        self.read_options()
        band = Axis(bands.sb, nb, self.steps["BINC"], " Band")
        line = Axis(window.sl, nl, self.steps["LINC"], " Line")
        samp = Axis(window.ss, ns, self.steps["SINC"], " Samp")
        self.columns, self.rows, self.planes = {
            "BSQ": (samp, line, band), "BIL": (samp, band, line), "BIP": (band, samp, line),
        }[self.order]
        self.planes_in_file = nbi if self.order == "BSQ" else image.nl
        return True

    def choose_formats(self) -> None:
        task = self.task
        name = OLD_NAMES.get(self.image.format, self.image.format)
        self.source = self.formats[name]
        given = task.string("FORMAT")
        self.style, self.printed_size = self.source, self.source.size
        if given is not None:
            self.style = self.formats[given if given == "HEX" else OLD_NAMES.get(given, given)]
            self.printed_size = self.style.size
            if self.style.name == "HEX" and self.source.name in ("DOUB", "COMP"):
                task.message(" HEX DUMP disabled")
                self.style = self.source  # but the window stays measured in bytes
            elif self.style.name == "HEX":
                self.printed_size = self.source.size
        self.set_digits()

    def set_digits(self) -> None:
        """NDIGITS: width and number of the columns of real data."""
        digits = self.task.integer("NDIGITS")
        accuracy, width = 0, 0
        if self.task.defaulted("NDIGITS"):
            accuracy, width = (digits or 0) - 1, 10
        if digits is not None:
            accuracy = digits - 1
            style = self.style
            if style.name in ("REAL", "DOUB", "COMP"):
                parts = 2 if style.name == "COMP" else 1
                width = accuracy + 8
                style.strip = STRIP_COUNT[accuracy - 1] // parts
                style.spacing = parts * (width + 1)
                style.heading += parts * (accuracy - 3)
        for style in self.formats.values():
            style.digits, style.width = accuracy, width

    def clip(self, what: str, start: int, count: int, available: int) -> int:
        """Number inside the picture, with the messages about what is not."""
        inside = max(min(available, start + count - 1) - start + 1, 0)
        if inside != count:
            self.task.message(f" {FULL_ZONE}")
            self.task.message(f" ** Number of {what} printed reduced.")
        if inside == 0:
            self.task.message(NO_DATA)
        return inside

    def read_history(self) -> None:
        """Lines about the first and the last task of the label."""
        self.labels = []
        if not self.image.labelled:
            return
        hide = self.task.keyword("NOUSRTIM")
        tasks = self.image.label.tasks()[:TASKS_READ]
        ends = tasks[:1] + tasks[-1:] if len(tasks) > 1 else tasks
        for name, instance in ends:
            user, time = (self.history_item(key, name, instance) for key in ("USER", "DAT_TIM"))
            if hide:
                user = time = ""
            self.labels.append(f" Task:{name[:8]:<8}  User:{user[:8]:<8}  Date_Time:{time[:24]:<24}")

    def history_item(self, key: str, name: str, instance: int) -> str:
        try:
            return str(self.image.label.get(key, task=name, instance=instance))
        except VicarError as error:
            self.task.error(error)
            return ""

    def read_options(self) -> None:
        task = self.task
        display = task.keyword("DISPLAY")
        self.options = Options(
            dump=task.keyword("DUMP"),
            zeroes=task.keyword("ZEROES"),
            eject=not task.keyword("NOEJECT") and not display,
            nofeed=task.keyword("NOFEED") or task.string("$RUNTYPE", "INTERACTIVE") == "INTERACTIVE",
            hide_user=task.keyword("NOUSRTIM"),
            space=self.style.display if display else task.integer("SPACE"),
        )
        self.steps = {key: task.integer(key) for key in ("BINC", "LINC", "SINC")}
        both = task.integer("INCREMEN")
        if not task.defaulted("INCREMEN"):
            self.steps["LINC"] = self.steps["SINC"] = both
        if min(*self.steps.values(), both) < 1:
            task.abend(" *** Increment values have to be 1 or greater ***")

    # -- printing ---------------------------------------------------------------------------------------------------

    def print(self) -> None:
        options, columns = self.options, self.columns
        total = len(columns.positions())
        strip = total if options.dump else self.style.strip
        self.lines_a_row = (total - 1) // self.style.strip + 1 if options.dump else 1
        self.on_page = 0
        all_zero = True
        for first in range(0, total, strip):
            count = min(strip, total - first)
            self.new_strip, self.pending_gap = True, False
            for plane in self.planes.positions():
                self.new_page, self.title_due = True, True
                for row, texts in self.texts(plane, first, count):
                    if texts is None:
                        self.pending_gap = True
                        continue
                    all_zero = False
                    self.print_row(plane, first, count, texts)
        if all_zero:
            self.task.message(" ** The specified window is all zero.")

    def print_row(self, plane: int, first: int, count: int, texts: list[str]) -> None:
        message, options = self.task.message, self.options
        if self.on_page >= LINES_PER_PAGE and options.eject:
            self.new_page = True
        if self.new_page:
            self.print_headings(plane, first, count)
        if self.pending_gap:
            self.pending_gap = False
            message("")
            self.on_page += 1
        for text in texts:
            message(text)
        self.on_page += self.lines_a_row + options.space
        for _ in range(options.space):
            message("")

    def print_headings(self, plane: int, first: int, count: int) -> None:
        message, style = self.task.message, self.style
        feed = "\n" if self.options.nofeed else "\f"
        self.new_page = False
        self.on_page = 1
        if self.new_strip:
            message(f"{feed}   {self.image.format[:8]:<8} samples are interpreted as {style.title} data")
            self.new_strip = False
        else:
            message(feed)
        for label in self.labels:
            message(label)
            self.on_page += 1
        if self.title_due and (self.planes_in_file != 1 or plane != 1):
            self.title_due = False
            message(" ***********")
            message(f"{self.planes.heading} ={plane:6d}")
            message(" ***********")
            self.on_page += 3
        indent = "" if style.name == "HEX" else "    "
        if not self.options.dump:
            message(self.column_numbers(indent + self.columns.heading, first, count))
            self.on_page += 1
        message(indent[:2] + self.rows.heading)
        self.on_page += 1

    def column_numbers(self, text: str, first: int, count: int) -> str:
        """The heading with the numbers of the columns; the original has room for 132 characters."""
        style, axis = self.style, self.columns
        start = first * axis.step + axis.start
        stop = start + (count - 1) * axis.step
        if style.name == "HEX":
            stop *= self.source.size
        at = style.heading
        for number in range(start, stop + 1, axis.step * style.skip):
            text = f"{text:<{at}}{number:6d}"[: at + 6]
            at += style.spacing
        return text[:HEADING_LENGTH]

    # -- values to text ---------------------------------------------------------------------------------------------

    def texts(self, plane: int, first: int, count: int):
        """For each row of a plane and strip: its number and its lines of text, or None if all its values are zero."""
        style = self.style
        pixel = self.source if style.name == "HEX" else style
        kept = range(0, self.columns.count, self.columns.step)
        for numbers, records in self.records(plane):
            part = self.part_of(records, first, count)
            if part is not None:
                shown = range(len(part)) if self.options.zeroes else np.flatnonzero(part.any(axis=1)).tolist()
                kept_numbers = [numbers[i] for i in shown]
                lines = iter(format_rows(style, heads_of(kept_numbers), part if len(shown) == len(part) else part[shown]))
                showing = set(shown)
                yield from ((number, [next(lines)] if i in showing else None) for i, number in enumerate(numbers))
                continue
            buffers = np.zeros((len(records), records.shape[1] + 40 * 8 * 8), dtype=np.uint8)
            buffers[:, : records.shape[1]] = records
            if style.name == "DOUB" and something_behind(records.shape[1]):
                buffers[:, records.shape[1]] = NEXT_BLOCK
            values = buffers[:, : buffers.shape[1] // pixel.size * pixel.size].view(pixel.dtype)
            if not self.shuffled:
                start = self.columns.start - 1
                values[:, : len(kept)] = values[:, start : start + self.columns.count : self.columns.step].copy()
            values[:, :count] = values[:, first : first + count].copy()
            if self.options.zeroes:
                zero = np.zeros(len(records), dtype=bool)
            else:
                looked_at = buffers if style.name == "HEX" else values
                zero = ~looked_at[:, : count + (style.name == "DOUB")].any(axis=1)
            shown = np.flatnonzero(~zero)
            lines = iter(self.lines_of([numbers[i] for i in shown], buffers[shown], count))
            for number, skip in zip(numbers, zero):
                yield number, None if skip else next(lines)

    def part_of(self, records: np.ndarray, first: int, count: int) -> np.ndarray | None:
        """The values of a strip, where nothing of the original's line buffer but them can be seen; else None."""
        style = self.style
        if self.options.dump or self.shuffled or style.name not in PLAIN or self.printed_size != style.size:
            return None
        if count > style.strip or records.shape[1] % style.size:
            return None
        step, start = self.columns.step, self.columns.start - 1 + first * self.columns.step
        part = records.view(style.dtype)[:, start : start + (count - 1) * step + 1 : step]
        return np.ascontiguousarray(part) if start >= 0 and part.shape[1] == count else None

    def lines_of(self, numbers: list[int], buffers: np.ndarray, count: int):
        """Lines of text of each row, one list a row."""
        style = self.style
        left = count * (self.source.size if style.name == "HEX" else 1)
        pieces, offset = [], 0
        while left > 0:
            heads = heads_of(numbers if offset == 0 else [0] * len(numbers))
            size = min(left, style.strip) * style.size
            part = np.ascontiguousarray(buffers[:, offset : offset + size]).view(style.dtype)
            pieces.append(format_rows(style, heads, part))
            offset += style.strip * self.printed_size
            left -= style.strip
        return [list(lines) for lines in zip(*pieces)]

    # -- reading ----------------------------------------------------------------------------------------------------

    def records(self, plane: int):
        """The rows of a plane as bytes: row numbers and an array rows x bytes, some rows at a time.

        A read error comes up at the row where it happens, after the rows before it.
        """
        positions = list(self.rows.positions())
        width = self.image.nb if self.order == "BIP" else self.image.ns
        block = max(1, ROWS_AT_ONCE // max(1, width * self.source.size))
        for done in range(0, len(positions), block):
            numbers = positions[done : done + block]
            try:
                values = self.read_rows(plane, numbers)
            except VicarError:
                if len(numbers) == 1:
                    raise
            else:
                yield numbers, as_bytes(values)
                continue
            for number in numbers:
                yield [number], as_bytes(self.read_rows(plane, [number]))

    def read_rows(self, plane: int, numbers: list[int]) -> np.ndarray:
        """Rows x columns of file pixels; only the wanted columns when the axes are exchanged."""
        image = self.image
        first, last = numbers[0], numbers[-1]
        step = self.rows.step
        if min(first, plane) < 1 and not self.shuffled:  # an error, or position 0: as if it were not given
            axes = (self.rows.heading.strip().lower(), self.planes.heading.strip().lower())
            return np.stack([image.read(**dict(zip(axes, (number, plane)))) for number in numbers])
        if self.order == "BSQ":
            rows = image.read_window(line=first, nl=last - first + 1, band=plane, copy=False)[::step]
        elif self.order == "BIL":
            rows = np.concatenate([image.read_window(line=plane, nl=1, band=band) for band in numbers])
        else:
            bands = range(1, image.nb + 1)
            cut = {"samp": first, "ns": last - first + 1}
            rows = np.stack([image.read_window(line=plane, nl=1, band=b, **cut)[0][::step] for b in bands], axis=1)
        if self.shuffled:
            rows = rows[:, [column - 1 for column in self.columns.positions()]]
        return rows


def something_behind(size: int) -> bool:
    """Whether behind a record of that many bytes lies what is not zero."""
    return size == 16 or (size > 8 and size % 16 == 8)


def heads_of(numbers: list[int]) -> list[str]:
    """The number of each row as it stands before its values; none for 0."""
    return [f" {number:6d}" if number else "       " for number in numbers]


def as_bytes(values: np.ndarray) -> np.ndarray:
    values = np.ascontiguousarray(values)
    return values.view(np.uint8).reshape(len(values), -1)


def format_rows(style: Style, heads: list[str], values: np.ndarray) -> list[str]:
    """One line of text for each row of values."""
    count = values.shape[1]
    if style.name == "HEX":
        return [head + " " + hex_text(row) for head, row in zip(heads, values)]
    if style.name == "BYTE":
        return [head + "    " + text for head, text in zip(heads, byte_texts(values))]
    if style.name == "HALF":
        pattern = "%6d" * count
    elif style.name == "FULL":
        pattern = "%11d" * count
    else:
        if style.name == "COMP":
            values = values.view(np.float32)
        pattern = f" %{style.width}.{style.digits}E" * values.shape[1]
        texts = [pattern % tuple(row) for row in values.tolist()]
        if np.isnan(values).any():
            texts = [sign_nan(text, row) for text, row in zip(texts, values)]
        return [head + "    " + text for head, text in zip(heads, texts)]
    return [head + "    " + pattern % tuple(row) for head, row in zip(heads, values.tolist())]


def sign_nan(text: str, row: np.ndarray) -> str:
    """C prints the sign of a NaN, Python does not."""
    if not (np.isnan(row) & np.signbit(row)).any():
        return text
    size = len(text) // len(row)
    cells = [text[i * size : (i + 1) * size] for i in range(len(row))]
    return "".join(
        cell.replace(" NAN", "-NAN") if np.isnan(value) and np.signbit(value) else cell for cell, value in zip(cells, row)
    )


def byte_texts(values: np.ndarray) -> list[str]:
    """Rows of BYTE values, four characters a value, by one look-up."""
    table = np.frombuffer("".join(f" {value:3d}" for value in range(256)).encode("ascii"), dtype="S4")
    size = 4 * values.shape[1]
    text = table[values].tobytes().decode("ascii")
    return [text[at : at + size] for at in range(0, len(text), size)]


def hex_text(row: np.ndarray) -> str:
    """Bytes in hexadecimal by fours, then as characters: ``|`` for control characters, ``#`` above 127."""
    raw = row.tobytes()
    groups = "".join(" " + raw[at : at + 4].hex().upper() for at in range(0, len(raw), 4))
    return groups + "  " + "".join("|" if b < 32 else "#" if b >= 128 else chr(b) for b in raw)
