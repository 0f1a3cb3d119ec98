"""WILDCARD_UNIX: the lines of a text file into a variable of the caller. Source: ``vos/p2/prog/wildcard`` (C).

All values together must fit into the parameter block of 5300 bytes, of which 5072 are for text: eight for each value, and
its characters with the zero byte in steps of eight (measured). More than 512 lines would write over the original's memory.
"""

from __future__ import annotations

PIECE = 4094  # fgets with a buffer of 4095
MOST, LONGEST, ROOM = 512, 250, 5072


def main(task):
    task.message("WILDCARD version 05-SEP-94")
    name = task.string("INP")
    try:
        text = (task.directory / name).read_bytes().decode("latin-1")
    except OSError:
        task.abend(f"Error opening file {name}")
    names = lines_of(text)
    if not names:
        task.message("Wildcard -- No Files Found")
        return
    if any(len(name) > LONGEST for name in names):
        refuse(task, "String 'LOCALVAR' too long.", "TAE-BADSIZE")
    if len(names) > MOST or sum(8 + (len(name) // 8 + 1) * 8 for name in names) > ROOM:
        refuse(task, "V-block overflow on variable 'LOCALVAR'.", "TAE-VNOROOM")
    task.output("LOCALVAR", *names)


def lines_of(text: str) -> list[str]:
    """Lines as FGETS gives them, without their last character, which is taken for the line end."""
    *ended, rest = text.split("\n")
    lines = []
    for line in [f"{line}\n" for line in ended] + [rest]:
        pieces = [line[start : start + PIECE] for start in range(0, len(line), PIECE)]
        lines += [piece[:-1].split("\0")[0] for piece in pieces]
    return lines


def refuse(task, text: str, key: str):
    task.message(text, key)
    task.quit(-1, key)
