"""RESLOC: finds the reseau marks of a Voyager frame. Source: ``vos/p2/prog/resloc`` (Fortran, April 14, 2013).

The search is in ``_marksearch``, the grid of tiepoints in ``_tiepointgrid``.

known
  * The original puts the hour, minute and second of the event into memory behind a shorter array; what that overwrites is not
    imitated.
  * TRES with a search area or a window too wide for its line of text ends the original without a word; here all is shown.
"""

from __future__ import annotations

import numpy as np

from programs.voyager import _tiepointgrid as tiepointgrid
from programs.voyager._marksearch import EvenSize, Search, Settings
from vicar.ibis.tiepoints import Tiepoints, write_tiepoints
from vicar.missions import reseau, voyager
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

FORTRAN = True
SIZE = 800
ABSENT = voyager.ABSENT
COLUMNS, IDENTIFIERS = 409, 5
FORMATS = ["FULL"] * IDENTIFIERS + ["REAL"] * (COLUMNS - IDENTIFIERS)
ACROSS, DOWN = 23, 22  # areas of the grid
PLANETS = {"JUPITER": 5, "SATURN": 6, "URANUS": 7, "NEPTUNE": 8}
DIGITS = (
    (14, 17, 17, 17, 17, 17, 14), (4, 12, 20, 4, 4, 4, 31), (14, 17, 1, 14, 16, 16, 31), (14, 17, 1, 6, 1, 17, 14),
    (2, 6, 10, 18, 31, 2, 2), (31, 16, 30, 1, 1, 17, 14), (6, 8, 16, 30, 17, 17, 14), (31, 1, 2, 4, 8, 8, 8),
    (14, 17, 17, 14, 17, 17, 14), (14, 17, 17, 15, 1, 2, 12),
)  # fmt: skip


def main(task) -> None:
    """Run RESLOC."""
    task.if_message("resloc version April 14, 2013")
    try:
        locate(task)
    except voyager.CardError as fault:
        task.printf(f"{task.name.lower()}: {fault}")
        task.quit()
    except EvenSize as refusal:
        task.abend(str(refusal))


def locate(task) -> None:
    """The whole run."""
    source = task.open("INP", 1)
    if (source.nl, source.ns) != (SIZE, SIZE):
        task.abend("***wrong pic size")
    if source.format != "BYTE":
        task.abend("***pic must be byte")
    text = source.label.text[: voyager.SEARCHED]
    frame = identify(task, text)
    camera = frame[1]
    nominal = reseau.nominal(camera)
    if task.keyword("PNOM"):
        print_places(task, "Nominal locations...", nominal)
    image = source.read_window

    if task.count("INP") == 1:
        places = find(task, image(), text, nominal)
    else:
        places, frame = from_table(task, frame, lambda: find(task, image(), text, nominal))
    if task.keyword("PRES"):
        print_places(task, "Output reseau locations...", places)

    write_places(task, frame, places)
    if task.count("OUT") == 2:
        points, rows = tiepointgrid.grid(places, reseau.object_space(camera), task.message)
        if task.keyword("PGEO"):
            print_rows(task, rows)
        with task.create_table("OUT", 2, nr=len(points), nc=4, org="ROW") as table:
            write_tiepoints(table, Tiepoints(points, ACROSS, DOWN))
    for name, marks in (("ORES", places), ("ONOM", nominal)):
        if not task.defaulted(name) and task.count(name):
            overlay(task, image(), marks, task.string(name))
    task.message("resloc task completed")


# -- the label ------------------------------------------------------------------------------------------------------------


def field(text: str, marker: str, offset: int, width: int, unknown: str = "*") -> int | None:
    """A number behind a marker; None if there is no marker or the number is starred out."""
    place = text.find(marker)
    if place < 0 or text[place + offset : place + offset + 1] in unknown:
        return None
    return voyager.read_integer(text[place + offset : place + offset + width])


def picture_number(text: str) -> str | None:
    place = text.find(" PICNO ")
    return None if place < 0 or text[place + 7 : place + 8] in "X*" else text[place + 7 : place + 17]


def identify(task, text: str) -> list[int]:
    """Clock count, camera, filter, year and day of the event."""
    count, part = field(text, " FDS ", 5, 5), None
    if count is not None:
        part = voyager.read_integer(text[text.find(" FDS ") + 11 :][:2])
    clock = ABSENT if count is None else 100 * count + part
    clock = clock if task.defaulted("FRAME") else task.integer("FRAME", clock)
    camera = camera_of(text)
    camera = camera if task.defaulted("CAMERA") else task.integer("CAMERA", camera)
    filter_ = field(text, " FILT ", 6, 1)
    for marker, offset, width in (("  SCAN RATE", 12, 2), (" MODE", 6, 1)):  # read, and refused if they are no numbers
        field(text, marker, offset, width)
    place = text.find(" EXP ")
    if place >= 0 and text[place + 5 : place + 6] != "*":
        voyager.read_real(text[place + 5 : place + 12])
    times = [field(text, " SCET ", *at) for at in ((6, 2), (9, 3), (13, 2), (16, 2), (19, 2))]
    valid = None not in times
    if not valid:
        task.message("***invalid SCET")
    number = picture_number(text) if valid else None
    if number is None:
        task.message("***PICNO not found")
    elif number[4:5] not in "JSUN":
        task.message("***error determining POE")
    task.message(edit("('Frame=',i7,' Camera=',i1)", clock, camera))
    if clock == ABSENT:
        task.abend("***invalid FDS count")
    if camera == ABSENT:
        task.abend("***invalid camera")
    return [clock, camera, ABSENT if filter_ is None else filter_, times[0] or 0, times[1] or 0]


def camera_of(text: str) -> int:
    craft = 1 if "VGR-1" in text else 2 if "VGR-2" in text else None
    narrow = True if "NA CAMERA" in text else False if "WA CAMERA" in text else None
    if craft is None or narrow is None:
        return ABSENT
    return {(1, True): 7, (1, False): 6, (2, True): 5, (2, False): 4}[craft, narrow]


def planet_of(task, text: str) -> int:
    """Planet of the encounter by its number from the sun; Neptune if nothing tells."""
    chosen = [number for name, number in PLANETS.items() if task.keyword(name)]
    number = picture_number(text)
    letters = {name[0]: planet for name, planet in PLANETS.items()}
    planet = chosen[-1] if chosen else letters.get((number or "")[4:5], 8)
    name = next(name for name, value in PLANETS.items() if value == planet)
    task.message(f"Planet-of-encounter is {name.capitalize()}")
    return planet


# -- finding and keeping ------------------------------------------------------------------------------------------------------


def find(task, image: np.ndarray, text: str, nominal: np.ndarray) -> np.ndarray:
    """Search the image."""
    settings = Settings(
        planet=planet_of(task, text), nlw=task.integer("NLW"), nsw=task.integer("NSW"), sigma=task.real("SIGMA"),
        nver=task.integer("NVER"), nhor=task.integer("NHOR"), rthresh=task.real("RTHRESH"), qthresh=task.real("QTHRESH"),
        filter=not task.keyword("NOFILTER"), subpixel=not task.keyword("NOIN"), fill=not task.keyword("NOFILL"),
        debug=task.keyword("DBUG"), print_template=task.keyword("PRINT"), print_statistics=task.keyword("PSTATS"),
        traced=task.integer("TRES", 0), rejected=() if task.defaulted("REJECT") else tuple(task.integers("REJECT")),
    )  # fmt: skip
    return Search(image, nominal, settings, task.message).run()


def from_table(task, frame: list[int], search) -> tuple[np.ndarray, list[int]]:
    """Places from the second input, a table with a row for each frame; searched for and stored there if it has none."""
    with task.open_table("INP", 2) as table:
        rows = table.nr
        identifiers = np.stack([table.read(n, "FULL") for n in range(1, IDENTIFIERS + 1)], axis=1)
        same = (identifiers[:, 0] == frame[0]) & ((identifiers[:, 1] == frame[1]) | (frame[1] == 0))
        if same.any() and not task.keyword("REDO"):
            row = int(np.argmax(same))
            places = [table.read(n, "REAL", row + 1, 1)[0] for n in range(IDENTIFIERS + 1, COLUMNS + 1)]
            names = (" Frame  = ", " Camera = ", " Filter = ", " Year   = ", " Day    = ")
            for name, value in zip(names, identifiers[row].tolist(), strict=True):
                task.messages(*prnt("FULL", value, name.rstrip()))
            task.message("res was retrieved from RDB")
            return np.array(places, np.float32).reshape(-1, 2), identifiers[row].tolist()
    places = search()
    store(task, frame, places, rows, bool((identifiers[:, 0] == frame[0]).any()))
    task.message(edit("('Frame ',i7,' stored in reseau database.')", frame[0]))
    return places, frame


def store(task, frame: list[int], places: np.ndarray, rows: int, known: bool) -> None:
    """Put a row into the table of all frames. A frame it has already goes into the first row; a table of one row is made new."""
    values = [*frame, *places.ravel()]
    if rows == 1:
        with task.create_table(file=task.file_name("INP", 2), nr=1, nc=COLUMNS, org="ROW", formats=FORMATS) as table:
            put_row(table, 1, values)
        return
    with task.open_table("INP", 2, "UPDATE") as table:
        if not known:
            table.set_length(rows + 1)
        put_row(table, 1 if known else rows + 1, values)


def put_row(table, row: int, values) -> None:
    for number, value in enumerate(values, 1):
        table.write(number, [value], row)


def write_places(task, frame: list[int], places: np.ndarray) -> None:
    """The first output: a table of one row."""
    with task.create_table("OUT", 1, nr=1, nc=COLUMNS, org="ROW", formats=FORMATS) as table:
        put_row(table, 1, [*frame, *places.ravel()])


# -- printing and drawing -----------------------------------------------------------------------------------------------------


def print_places(task, title: str, places: np.ndarray) -> None:
    task.messages(".page", title)
    for text in grid_of_places(places):
        task.message(text)


def grid_of_places(places: np.ndarray) -> list[str]:
    """Number, line and sample of each mark, laid out as the marks lie. Source: ``vos/p2/prog/resloc``, routine pmjs."""
    texts, mark = [], 1

    def put(rows, end: int, number: int) -> None:
        line, sample = places[number - 1]
        rows[0][end - 5 : end - 2] = f"{number:3d}"
        rows[1][end - 6 : end], rows[2][end - 6 : end] = edit("(f6.1)", line), edit("(f6.1)", sample)

    for pair in range(12):
        for columns, start in ((12, 7), (11, 13)):
            if columns == 11 and pair == 11:
                continue
            rows = [[" "] * 132 for _ in range(3)]
            sparse = columns == 12 and 2 <= pair <= 9
            for column in range(columns):
                if not sparse or column <= 1 or column >= 10:
                    put(rows, start + 11 * column, mark)
                    mark += 1
            if columns == 12 and pair == 2:
                put(rows, 95, reseau.MARKS)
                rows[0][90:93] = "202"
            texts += ["".join(row[1:]).rstrip() for row in rows]
    return texts


def print_rows(task, rows) -> None:
    """The completed rows of the grid."""
    for index, space in enumerate(("Image", "Object")):
        for axis, name in enumerate(("line", "sample")):
            task.message(f"{space} space {name} coordinates...")
            for number, row in enumerate(rows, 1):
                values = row[index][:, axis].tolist()
                task.message(edit("(3x,12f6.1)" if number % 2 else "(13f6.1)", values))


def overlay(task, image: np.ndarray, marks: np.ndarray, name: str) -> None:
    """A copy of the image with a white dot at each mark and its number below."""
    lines = marks[:, 0].astype(np.int32)
    samples = marks[:, 1].astype(np.int32)
    canvas = np.zeros((SIZE, SIZE + 25), np.uint8)
    canvas[:, :SIZE] = image
    for line in range(1, SIZE + 1):
        row = canvas[line - 1]
        for number in np.flatnonzero((lines <= line) & (line <= lines + 7) & (samples >= 1) & (samples <= SIZE)).tolist():
            s = int(samples[number])
            if lines[number] == line:
                row[s - 1] = 255
                continue
            for place, digit in enumerate(str(number + 1)):
                bits = DIGITS[int(digit)][line - int(lines[number]) - 1]
                pixels = [0] + [255 * (bits >> (4 - k) & 1) for k in range(5)]
                first = s + 1 + 6 * place
                row[first : first + 6] = pixels[: max(0, SIZE + 25 - first)]
    with task.create("SCR", file=name) as result:
        result.write_window(canvas[:, : result.ns])
