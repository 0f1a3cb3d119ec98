"""Copies of tables with all their bytes, and of their groups. Sources: ``vos/p2/prog/edibis``, ``ibis_group.c``."""

from __future__ import annotations

from vicar.ibis.errors import IbisError
from vicar.ibis.groups import GROUP, LOCAL, UNIT


def copy_table(task, source, columns: list[int] | None = None, rows: int | None = None, file: str | None = None) -> None:
    """A new table OUT, or ``file``, with columns of another one, cell by cell without conversion."""
    columns = columns or list(range(1, source.nc + 1))
    rows = source.nr if rows is None else rows
    formats = [source.formats[n - 1] if 0 < n <= source.nc else "" for n in columns]
    with task.create_table(
        file=file, nr=rows, nc=len(columns), org=source.org, formats=formats, default_format=source.default_format,
        version=1 if source.old else 2,
    ) as target:  # fmt: skip
        for number, column in enumerate(columns, start=1):
            cells = source.read_bytes(column)
            target.write_bytes(number, cells[:rows])
        if rows > source.nr:
            raise IbisError("LASTROW", "IBISColumnRead", source.name)
        transfer_groups(source, target, columns)


def transfer_groups(source, target, columns: list[int]) -> None:
    """Groups, locals and units of a table to another one, whose first columns are ``columns`` of it (IBISGroupTransfer)."""
    places = {column: number for number, column in enumerate(columns, start=1)}
    for kind in (GROUP, LOCAL, UNIT):
        for name in source.group_names(kind):
            members = [places[n] for n in source.find(name, kind) if n in places]
            if members:
                target.new_group(name, members, kind)
