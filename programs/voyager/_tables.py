"""Tables opened the way the Voyager programs do, with the message of the table library when VICAR refuses."""

from __future__ import annotations

from vicar.errors import VicarError
from vicar.ibis.errors import IbisError


def open_table(task, name: str = "INP", instance: int = 1, mode: str = "READ", **options):
    """IBISFileOpen followed by IBISSignalU: an error of VICAR's own is announced by a line of the table library."""
    try:
        return task.open_table(name, instance, mode, **options)
    except VicarError as error:
        if not isinstance(error, IbisError):
            task.message("Exception in IBISFileUnit Reported by VICAR", "IBIS-VICMSG")
        raise
