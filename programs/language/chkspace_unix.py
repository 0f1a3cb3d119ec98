"""CHKSPACE_UNIX: free blocks of a disk, from the number of kbytes in a file. Source: ``vos/p2/prog/chkspace`` (C).

The original reads the digits of the first line one by one, whatever they are, in whole numbers of 32 bits; its last
character is taken for the line end. A file "errors" in the current folder means that there is no number.
"""

from __future__ import annotations

LONGEST = 19  # fgets with a buffer of 20
LARGEST = 2**31


def main(task):
    task.if_message("CHKSPACE version 02-JAN-95")
    line = free_space(task)
    task.message("CHKSPACE: DISK name not valid." if line is None else "CHKSPACE: Space constrained by disk space.")
    blocks = blocks_of(line or b"")
    task.message(f"CHKSPACE: {blocks} blocks available.")
    task.output("LOCALVAR", blocks)


def free_space(task) -> bytes | None:
    """First line of the file with its line end; None if there is none, or a complaint."""
    if (task.directory / "errors").is_file():
        return None
    try:
        with (task.directory / task.string("INP")).open("rb") as source:
            return source.readline(LONGEST)
    except OSError:
        return None


def blocks_of(line: bytes) -> int:
    """Blocks of 512 bytes for a line with a number of kbytes. Powers of ten beyond 32 bits are the lowest number."""
    total = 0
    for place, digit in enumerate(reversed(line[:-1])):
        power = 10**place if 10**place < LARGEST else -LARGEST
        total += (digit - ord("0")) * power
    return (2 * total + LARGEST) % (2 * LARGEST) - LARGEST
