"""How messages are put together: key, text, place.

Source of the facts: ``tmmsg`` and ``addproc`` of the monitor (``tm/tmsubs.c``, ``tm/tmutil.c``), ``m_pfmt``
(``lib/tae/taeutil.c``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tae.control import Seek
from tae.messages import STRING_SIZE

if TYPE_CHECKING:
    from tae.scopes import Scope

CONVERSION = re.compile(r"%([-+ #0]*)(\d*)(?:\.(\d*))?(?:hh|h|ll|l|j|z|t|L)?([%a-zA-Z])")


def c_format(control: str) -> str:
    """What C's printf makes of a text when all its arguments are zero.

    A PUTMSG text is such a control string: ``%%`` is a percent sign, ``%d`` prints 0, ``%s`` prints ``(null)``.
    """
    if "%" not in control:
        return control

    def convert(match: re.Match) -> str:
        flags, width, precision, kind = match.groups()
        if kind == "%":
            return "%"
        form = f"%{flags}{width}" + ("" if precision is None else f".{precision}")
        if kind in "diuxXo":
            return (form + ("d" if kind in "iu" else kind)) % 0
        if kind in "eEfFgG":
            return (form + kind) % 0.0
        if kind == "s":
            return (form + "s") % "(null)"
        if kind == "p":
            return f"%{flags}{width}s" % "(nil)"
        return match.group()

    return CONVERSION.sub(convert, control)


def message(text: str, key: str) -> str:
    """A message as it is printed, cut to its size."""
    record = f"[{key}] {text}" if key and key != " " else text
    return record if len(record) <= STRING_SIZE else record[: STRING_SIZE - 3] + "..."


def location(scope: Scope) -> str:
    """Where the current command stands: procedure and line, counted from 1; empty at the prompt."""
    if scope.level == 0:
        return ""
    search = scope.control.search
    if search is not None and search.kind is Seek.GOTO:
        line = search.line + (0 if search.on_fail else 1)
    else:
        line = scope.line + (0 if scope.on_fail else 1)
    if not scope.internal:
        return f" proc '{scope.name}', line {line}"
    return f" line {line} in internal proc '{scope.name}' in proc '{scope.file_scope.name}'"
