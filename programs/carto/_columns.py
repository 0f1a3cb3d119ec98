"""Columns as the cartography programs choose them before they read or write (IBISColumnSet U_FORMAT)."""

from __future__ import annotations

from vicar.ibis.errors import IbisError


def choose(table, *columns: int) -> None:
    """Columns that do not exist are an error of this step, not of the later reading or writing."""
    for column in columns:
        if not 0 < column <= table.nc:
            raise IbisError("NOSUCHCOL", "IBISColumnSet", table.name)
