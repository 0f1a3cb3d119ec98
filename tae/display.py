"""How DISPLAY fits a variable into lines. Source of the facts: ``disp_var`` (``tm/setshow.c``), ``lib/tae/fmtval.c``."""

from __future__ import annotations

from tae.values import shown_components
from tae.variables import Variable

RECORD = 250


def display_lines(variable: Variable, name: str, width: int) -> list[str]:
    """The lines for one variable.

    Parameters
    ----------
    name : str
        As it is to be shown.
    width : int
        Columns of the terminal; 250 for a file; 0 when standard output is neither: then the name is left out.
    """
    line = f"{name}=" if len(name) + 1 <= width - 1 else ""
    variable = variable.resolved
    if variable is None:
        return [line + " (no reference)"]
    if variable.values is None:
        return [line + " (no value)"]
    if not variable.values:
        return [line + " -- (null value)"]
    lines = []
    components = shown_components(variable.values)
    for index, component in enumerate(components):
        last = index == len(components) - 1
        line, full = _append(line, component + ", " if last else component, width, len(components) > 1, last)
        lines += full
    lines.append(line[:-2])
    return lines


def _append(line: str, piece: str, width: int, vector: bool, last: bool) -> tuple[str, list[str]]:
    """The line with a component added, and the lines that became full before it (``m_fpval``)."""
    room = max(width, RECORD) if len(piece) >= width else width
    if len(piece) + len(line) <= room - 1:
        return line + piece, []
    if line:
        added, full = _append("", piece, width, vector, last)
        return added, [line, *full]
    cut = piece[: room - 7] + '..."'
    if vector:
        cut += ")" if last else ","
    return cut + (", " if last else ""), []
