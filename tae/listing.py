"""What the no-screen tutor's LIST prints about parameters.

Source of the facts: ``tm/tutdisp.c`` (listpnam, listpqnam, list_parm, list_subc), ``lib/tae/fmtval.c`` (m_fpname, m_fpval).
"""

from __future__ import annotations

from collections.abc import Iterable

from tae.parameterfile import Subcommand
from tae.values import NAME, shown_components
from tae.variables import NAME_SIZE, SymbolTable, Variable

LINE_SIZE = 250
ENOUGH = LINE_SIZE - NAME_SIZE - 5  # a list of names this long is not continued
QUALIFIED_NOTICE = "|THIS PARAMETER HAS QUALIFIERS|"


def requested(parameters: SymbolTable) -> list[str]:
    """``Parameters requested:`` and, when there are any, the parameters with qualifiers."""
    names = [variable.name for variable in parameters]
    if not names:
        return ["Parameters requested: none."]
    lines = [name_list("Parameters requested:  ", names)]
    qualified = [variable.name for variable in parameters if variable.qualifiers]
    if qualified and any(len(variable.qualifiers or ()) for variable in parameters):
        lines.append(name_list("Parameters with defined qualifiers:  ", qualified))
    return lines


def name_list(start: str, names: list[str]) -> str:
    """Names with commas and an "and", cut short with dots when there are too many."""
    text = start
    for name in names[:-1]:
        text += name + ", "
        if len(text) > ENOUGH:
            return text + "..."
    if len(names) == 2:
        text = text[:-2] + " "
    if len(names) > 1:
        text += "and "
    return text + names[-1] + "."


def parameter_lines(variable: Variable, columns: int) -> list[str]:
    """A parameter and its value, broken between components at the terminal's width."""
    line = f"{variable.name}="
    if variable.type == NAME:
        if variable.reference is None:
            return [line + " (no reference)"]
        return [line + ("+" if variable.defaulted else "") + variable.reference.name]
    if variable.values is None:
        return _noticed([line + " (no value specified)"], variable)
    if not variable.values:
        return _noticed([line + " --  (null value)"], variable)
    pieces = shown_components(variable.values)
    pieces[-1] += ", "
    lines: list[str] = []
    for piece in pieces:
        line = _fit(lines, line, piece, columns, len(pieces) > 1)
    return _noticed([*lines, line[:-2]], variable)


def _fit(lines: list[str], line: str, piece: str, columns: int, several: bool) -> str:
    """Put a component on the line, or on a new one; what does not fit a line of its own is cut."""
    room = LINE_SIZE if len(piece) >= columns else columns
    if len(piece) + len(line) <= room - 1:
        return line + piece
    if line:
        lines.append(line)
        return _fit(lines, "", piece, columns, several)
    last = piece.endswith(", ")
    closing = (")" if last else ",") if several else ""
    return piece[: room - 7] + '..."' + closing + (", " if last else "")


def _noticed(lines: list[str], variable: Variable) -> list[str]:
    if variable.qualifiers is not None and len(variable.qualifiers):
        return [*lines, QUALIFIED_NOTICE]
    return lines


def subcommand_lines(subcommands: Iterable[Subcommand]) -> list[str]:
    """The subcommands of a file."""
    return [item.name + ("  ** DEFAULT **" if item.default else "  (not default)") for item in subcommands]
