"""Errors of IBIS tables, with the original's keys and texts (source: ``p1/sub/ibis2``, ``ibis_signal.c``)."""

from __future__ import annotations

from vicar.errors import VicarError

BASE = -65000
TABLE = {
    "MEMFAIL": "Error allocating Memory; program error",
    "NOTIBIS": "File unit is not an IBIS file",
    "ALRDYOPN": "IBIS File is already opened",
    "RDONLY": "IBIS File is opened read-only",
    "INVALMOD": "Invalid mode for opening IBIS file",
    "INVALPAR": "Invalid IBIS parameter",
    "NOTFOUND": "IBIS Group not found",
    "LIMEXCD": "Column Limit Exceeded",
    "INVALCPAR": "Invalid Column Parameter",
    "NOTOPEN": "IBIS File is not open",
    "OLDIBIS": "Unsupported in old IBIS Files",
    "NOSUCHCOL": "No such column exists",
    "LOCKCOL": "Column is currently locked by a record",
    "INVALNAM": "Group name has invalid characters",
    "MODFORMAT": "Can't modify a FORMAT group",
    "INVALTYP": "Invalid group TYPE for this routine",
    "GRPEXISTS": "This group already exists",
    "EMPTYGRP": "Defined group is empty (no columns)",
    "CANTTRANS": "Unable to translate ASCII<->numeric",
    "INVALFMT": "Invalid FORMAT specified",
    "LENGTHREQ": "String length required",
    "LASTROW": "Attempted to access past last row of file",
    "IMAGEDAT": "File Contains Image Data; Can't extend",
    "NSNOTSET": "You must set the pixel NS value before FORMAT",
    "NCREQD": "The NC (dimension) value is required",
}
STATUS = {key: BASE - n for n, key in enumerate(TABLE, start=1)}


class IbisError(VicarError):
    """A failure of the table routines; ``routine`` is the name the message shows (``IBISColumnRead``)."""

    @property
    def status(self) -> int:
        return STATUS[self.key]

    @property
    def text(self) -> str:
        return TABLE[self.key]

    def lines(self) -> list[str]:
        return [f"[IBIS-GENERR] Exception in {self.routine}", f"[IBIS-{self.key}] {self.text}"]


class ReportedError(VicarError):
    """A failure of the run-time library inside a table routine: the same error, with one more line before it."""

    def __init__(self, error: VicarError, place: str):
        self.place = place
        super().__init__(error.key, error.routine, error.file, error.line, error.errno_text, error.errno, error.detail)

    def lines(self) -> list[str]:
        return [f"[IBIS-VICMSG] Exception in {self.place} Reported by VICAR", *super().lines()]
