"""IBIS: utilities for tables: GEN, LIST, COPY, CATENATE, GROUP.

Source: ``vos/p2/prog/ibis`` (C). The listing is in ``_ibis_list.py``.

accepted: IBIS-GROUP without COLS and EXPR reports an empty group; the original dies on a null pointer.
accepted: cells of DATA or STRING that the last row lacks are zero or blank; the original writes what memory holds.
accepted: texts copied into an old table are taken from memory in wider steps than they were put there; behind the last one
memory is empty here.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._ibis_list import list_table, mark_formats
from vicar.errors import VicarError
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text, text_length
from vicar.ibis.groups import ANY, GROUP, UNIT

ASCII_STEP = 8  # bytes of a text of no given length in memory


def main(task):
    task.if_message("IBIS version 2019-07-31")
    jobs = {"GEN": generate, "LIST": list_table, "COPY": copy, "CATENATE": catenate, "GROUP": change_group}
    jobs[task.subcommand](task)


# -- GEN --------------------------------------------------------------------------------------------------------------


def generate(task):
    rows, columns = task.integer("NR") or 10, task.integer("NC") or 10
    default = (task.string("DEFFMT") or "").strip() or "REAL"
    formats, columns = column_formats(task, columns, default)
    kind = (task.string("TYPE") or "").rstrip()
    if formats is None and default.upper() != "REAL":
        formats = [default] * columns
    table = task.create_table(
        nr=rows, nc=columns, org=task.string("ORG").upper(), formats=formats, type="" if kind[:1] == " " else kind,
        default_format=default_name(default), version=file_version(task),
    )  # fmt: skip
    with table:
        put_index(table, task.integer("INDEXCOL"))
        put_rows(table, task.integers("DATACOLS"), list(task.reals("DATA")), np.float32(0))
        put_rows(table, task.integers("STRCOLS"), task.strings("STRING"), "")


def default_name(format: str) -> str:
    from vicar.ibis.formats import normal

    return normal(format, "IBISFileSet")


def file_version(task) -> int:
    return 2 if task.keyword("IBIS-2") else 1


def column_formats(task, columns: int, default: str) -> tuple[list[str] | None, int]:
    """Formats of all columns, or None for the default everywhere, and how many columns the table gets."""
    given = task.strings("FORMAT")
    if task.defaulted("FORMAT") or not given or not given[0]:
        return None, columns
    columns = max(columns, len(given))
    places = task.integers("FMTCOLS")
    formats = [default] * columns
    if places and places[0]:
        for place, format in zip(places, given, strict=False):
            if 0 < place <= columns:
                formats[place - 1] = format
    else:
        formats[: len(given)] = given
    return formats, columns


def put_index(table, column: int | None) -> None:
    if column:
        write_for("IBISColumnSet", table, column, np.arange(1, table.nr + 1, dtype=np.int32))


def write_for(routine: str, table, column: int, cells: np.ndarray, first: int = 1) -> None:
    """Write cells; what the formats do not allow is the fault of an earlier call of the original."""
    try:
        table.write(column, cells, first=first)
    except IbisError as error:
        raise IbisError(error.key, routine, table.name) from None


def put_rows(table, columns: list[int], values: list, filler) -> None:
    """Values row after row into the given columns."""
    if not columns or not columns[0] or not values:
        return
    if not all(0 < column <= table.nc for column in columns):
        raise IbisError("NOSUCHCOL", "IBISRecordOpen", table.name)
    rows = -(-len(values) // len(columns))
    values = values + [filler] * (rows * len(columns) - len(values))
    if rows > table.nr:
        raise IbisError("LASTROW", "IBISRecordWrite", table.name)
    for at, column in enumerate(columns):
        cells = np.array(values[at :: len(columns)], dtype=object if filler == "" else np.float32)
        write_for("IBISRecordOpen", table, column, cells)


# -- COPY and CATENATE ------------------------------------------------------------------------------------------------


def open_input(task, instance: int = 1):
    return task.open_table("INP", instance, nc=task.integer("GR1DIM") or 0)


def copy_cells(source, incol: int, target, outcol: int, first: int, rows: int, into: int = 1, marked: bool = False,
               missing: str = "IBISColumnSet"):
    """Rows of one column; ``marked`` if the target was told the formats of its columns after it was made.

    ``missing`` is the routine that meets a column the target does not have.
    """
    cells, there = source.read(incol, first=first, count=rows), 0 < outcol <= target.nc
    if there and target.old and not marked and is_text(target.formats[outcol - 1]):
        cells = misread(cells, text_length(target.formats[outcol - 1]) + 1)
    if not there and is_text(source.formats[incol - 1]) and missing != "IBISColumnSet":
        raise IbisError("CANTTRANS", "IBISColumnSet", target.name)  # to the numbers of the column before
    try:
        target.write(outcol, cells, first=into)
    except IbisError as error:
        blame = {"CANTTRANS": "IBISColumnSet", "NOSUCHCOL": missing}.get(error.key, error.routine)
        raise IbisError(error.key, blame, target.name) from None


def misread(cells: np.ndarray, step: int) -> np.ndarray:
    """Texts put into memory every ``step`` bytes and taken out every ``ASCII_STEP`` bytes, as for old tables."""
    memory = b"".join(bytes(cell).ljust(step, b"\0")[:step] for cell in cells.tolist())
    taken = [memory[at : at + step].split(b"\0")[0] for at in range(0, ASCII_STEP * len(cells), ASCII_STEP)]
    return np.array(taken, f"S{step}")


def copy(task):
    source = open_input(task)
    new = file_version(task) == 2
    if source.old:
        mark_formats(task, source)
    first, rows = task.integer("SR"), task.integer("NR") or source.nr
    first = min(first, source.nr)
    rows = min(rows, source.nr + 1 - first)
    start, width = task.integer("SC"), task.integer("NC") or source.nc
    incols, outcols = (given if given and given[0] else [] for given in (task.integers("INCOLS"), task.integers("OUTCOLS")))
    count = len(incols) or width
    if incols and outcols and len(incols) != len(outcols):
        task.abend("#incols and #outcols are unequal")
    start = min(start, source.nc)
    count = min(count, source.nc + 1 - start)
    outcols += [0] * (count - len(outcols)) if outcols else []
    pairs = [(incols[n] if incols else n + 1, outcols[n] if outcols else n + 1) for n in range(count)]

    formats = None
    if source.old or new:
        formats = ["REAL"] * width
        for incol, outcol in pairs:
            if 0 < outcol <= width and incol <= source.nc:  # a column that does not exist is refused when it is read
                formats[outcol - 1] = source.formats[incol - 1]
    target = task.create_table(nr=rows, nc=width, formats=formats, org=task.string("ORG").upper(), version=1 + new)
    with target:
        if not source.old and not new:
            mark_formats(task, target)
        name_type(task, target)
        if rows > 0:
            for incol, outcol in pairs:
                copy_cells(source, incol, target, outcol, first, rows, marked=not source.old)
        if new:
            for keyword, kind in (("GCOPY", GROUP), ("UCOPY", UNIT)):
                if task.keyword(keyword) and not transfer(task, source, target, kind, pairs):
                    task.message("Non-fatal; continuing...")
    source.close()


def name_type(task, table) -> None:
    kind = task.string("TYPE") or ""
    if kind[:1].strip():
        table.set_type(kind)


def transfer(task, source, target, kind: str, pairs) -> bool:
    """Carry group names over to the columns that were copied (IBISGroupTransfer); False after a reported failure."""
    where = dict(pairs)
    try:
        for name in source.group_names(kind):
            columns = [where[n] for n in source.find(name, kind) if n in where]
            if columns:
                target.new_group(name, columns, kind)
    except IbisError as error:
        # the original names the routine it called last, while cleaning up
        task.error(IbisError(error.key, "IBISGroupDelete"))
        return False
    return True


def catenate(task):
    by_row = task.keyword("BYROW")
    sources = [open_input(task, instance) for instance in range(1, task.count("INP") + 1)]
    if by_row:
        formats, rows = sources[0].formats, sum(source.nr for source in sources)
    else:
        formats = [format for source in sources for format in source.formats]
        rows = max(source.nr for source in sources)
    target = task.create_table(
        nr=rows, nc=len(formats), formats=formats, org=task.string("ORG").upper(), version=file_version(task)
    )
    row = column = 1
    with target:
        name_type(task, target)
        for source in sources:
            append(task, source, target, row, column)
            row, column = (row + source.nr, 1) if by_row else (1, column + source.nc)
            source.close()


def append(task, source, target, row: int, column: int) -> None:
    """Cells and groups of a table, from a row and a column of the target on."""
    for incol, outcol in enumerate(range(column, column + source.nc), 1):
        if source.nr:
            copy_cells(source, incol, target, outcol, 1, source.nr, row, missing="IBISColumnWrite")
        for keyword, kind in (("GCOPY", GROUP), ("UCOPY", UNIT)):
            if task.keyword(keyword):
                transfer(task, source, target, kind, [(incol, outcol)])


# -- GROUP ------------------------------------------------------------------------------------------------------------


def change_group(task):
    kind, name = task.string("TYPE").lower(), task.string("NAME")
    with task.open_table("INP", 1, "UPDATE", nc=task.integer("GR1DIM") or 0) as table:
        if not task.keyword("CREATE"):
            table.delete_group(name, kind)
            return
        try:
            columns = wanted_columns(task, table)
            if columns is not None:
                table.new_group(name, columns, kind)
        except VicarError as error:
            task.error(error)


def wanted_columns(task, table) -> list[int] | None:
    """Columns of the new group; None when an expression finds nothing, which is no error."""
    expression = task.string("EXPR") or ""
    if expression[:1].strip():
        return table.find(expression, ANY) or None
    columns = task.integers("COLS")
    return columns if columns and columns[0] else []


