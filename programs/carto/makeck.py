"""MAKECK: a SPICE C-kernel without segments. Source: ``vos/p2/prog/makeck`` (Fortran) over CSPICE's CKOPN and DAFCLS.

The file is a double precision array file (DAF): a file record, an empty summary record and a blank name record, which is cut off
behind its 1000 characters. It names a path as it was given. What goes wrong is told on the terminal only, as there.
"""

from __future__ import annotations

import struct

FORTRAN = True
RECORD = 1024
NAMES = 1000
# damage that transfers of text files do to line ends and the eighth bit shows here
TRANSFER_TEST = b"FTPSTR:\r:\n:\r\n:\r\0:\x81:\x10\xce:ENDFTP"


def main(task):
    name = task.string("OUT")
    path = task.directory / name
    if path.exists():
        task.printf(f"MAKECK: the file {name} exists already.\n")
        return
    try:
        path.write_bytes(empty_kernel(name))
    except OSError as error:
        task.printf(f"MAKECK: cannot make {name}: {error.strerror}.\n")


def empty_kernel(name: str) -> bytes:
    """Two doubles and six integers a summary; summaries begin at record 2, the first free address is behind their names."""
    summaries, free = 2, 3 * RECORD // 8 + 1
    record = b"DAF/CK  " + struct.pack("<ii", 2, 6) + name.encode("latin-1", "replace").ljust(60)[:60]
    record += struct.pack("<iii", summaries, summaries, free) + b"LTL-IEEE"
    return record.ljust(699, b"\0") + TRANSFER_TEST.ljust(2 * RECORD - 699, b"\0") + b" " * NAMES
