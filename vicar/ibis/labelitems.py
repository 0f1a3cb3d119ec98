"""The label items that describe an IBIS-2 table: read from a label, deleted and added again at each flush.

Sources: ``mthd_labl_*.c``. The original deletes and adds the items in this order, which decides where they and the blanks
between them end up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vicar.errors import VicarError
from vicar.ibis import formats as fmt
from vicar.ibis.groups import FORMAT, GROUP, UNIT

if TYPE_CHECKING:
    from vicar.ibis.table import Table
    from vicar.image import Image
    from vicar.label import Label

PROPERTY = "IBIS"
FORMAT_ITEMS = ("BYTE", "HALF", "FULL", "REAL", "DOUB", "COMP", "ASCII")


# -------------------------------------------------------------------- reading
def integers(label: Label, key: str) -> list[int]:
    """Values of an item, none if there is no such item."""
    try:
        return [int(v) for v in label.values(key, property=PROPERTY, format="INT")]
    except VicarError:
        return []


def read_formats(table: Table) -> None:
    """Formats of the columns; those that no item names have the default one."""
    label = table.image.label
    for name in FORMAT_ITEMS:
        if name == table.default_format:
            continue
        columns = [n for n in integers(label, f"FMT_{name}") if 0 < n <= table.nc]
        lengths = integers(label, "ASCII_LEN") if name == "ASCII" else []
        for at, number in enumerate(columns):
            column = table._columns[number - 1]
            column.format = f"A{lengths[at]}" if name == "ASCII" and at < len(lengths) else name
            table.groups.attach(FORMAT, name, column)
    for column in table._columns:
        if not column.format:
            column.format = table.default_format
            table.groups.attach(FORMAT, fmt.group_name(column.format), column)


def read_groups(table: Table, kind: str) -> None:
    """Groups of one kind."""
    label = table.image.label
    try:
        names = label.values(f"{kind}S", property=PROPERTY, format="STRING")
    except VicarError:
        return
    for number, name in enumerate(names, start=1):
        columns = [table._columns[n - 1] for n in integers(label, f"{kind}_{number}") if 0 < n <= table.nc]
        if columns and table.groups.find(kind, name) is None:
            table.groups.new(kind, name, columns)


# -------------------------------------------------------------------- writing
def replace(image: Image, key: str, value, format: str, property: str | None = None) -> None:
    """Delete and add an item."""
    if image.label.has(key, property=property):
        image.label.delete(key, property=property)
    image.label.add(key, value, property=property, format=format)


def describe(table: Table) -> None:
    """Everything but the blocks and the number formats."""
    label, layout = table.image.label, table._layout
    for key in ("TYPE", *(f"FMT_{name}" for name in FORMAT_ITEMS)):
        if label.has(key, property=PROPERTY):
            label.delete(key, property=PROPERTY)
    if table.type.strip():
        _put(table, "TYPE", table.type, "STRING")
    _put(table, "NR", table.nr, "INT")
    _put(table, "NC", table.nc, "INT")
    _put(table, "ORG", table.org, "STRING")
    _put(table, "FMT_DEFAULT", table.default_format, "STRING")
    _put_formats(table)
    _put_groups(table, GROUP)
    _put_groups(table, UNIT)
    _put(table, "SEGMENT", layout.segment, "INT")
    _put(table, "BLOCKSIZE", layout.blocksize, "INT")
    if layout.offsets:
        _put(table, "COFFSET", list(layout.offsets), "INT")


def describe_numbers(table: Table) -> None:
    """Host and number formats of the cells, in the system label."""
    for key, value in (("BHOST", table.host), ("BINTFMT", table.intfmt), ("BREALFMT", table.realfmt), ("BLTYPE", "IBIS")):
        replace(table.image, key, value, "STRING")


def _put(table: Table, key: str, value, format: str) -> None:
    replace(table.image, key, value, format, PROPERTY)


def _put_formats(table: Table) -> None:
    default = fmt.group_name(table.default_format)
    names = [g.name for g in table.groups.kinds[FORMAT] if g.name != table.default_format]
    for name in [*names, table.default_format]:
        group = table.groups.find(FORMAT, name if name != table.default_format else default)
        columns = [c for c in group.columns if name != "ASCII" or c.format != table.default_format] if group else []
        if not columns:
            continue
        if name != table.default_format:
            _put(table, f"FMT_{name}", [table._number(c) for c in columns], "INT")
        if name == "ASCII":
            _put(table, "ASCII_LEN", [fmt.text_length(c.format) for c in columns], "INT")


def _put_groups(table: Table, kind: str) -> None:
    label, listed, prefix = table.image.label, f"{kind.upper()}S", f"{kind.upper()}_"
    if label.has(listed, property=PROPERTY):
        label.delete(listed, property=PROPERTY)
    old = sum(key.upper().startswith(prefix) for key, _ in label.items(property=PROPERTY))
    for number in range(1, old + 1):
        if not label.has(f"{prefix}{number}", property=PROPERTY):
            break
        label.delete(f"{prefix}{number}", property=PROPERTY)
    groups = list(table.groups.kinds[kind])
    if not groups:
        return
    label.add(listed, [g.name for g in groups], property=PROPERTY, format="STRING")
    for number, group in enumerate(groups, start=1):
        if group.columns:
            _put(table, f"{prefix}{number}", [table._number(c) for c in group.columns], "INT")
