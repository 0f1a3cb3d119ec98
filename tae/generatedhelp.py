"""Help on built-in commands and on messages, made from what the monitor itself knows about them.

The original's texts are not part of its open distribution; a file of them in ``$TAEHELPTM`` (commands) or ``$TAEHELPINX``
(messages) comes first.
"""

from __future__ import annotations

from collections.abc import Sequence

from tae.commands import Intrinsic, May
from tae.messages import ENDS_PROCEDURE, TEXTS
from tae.variables import IntrinsicParameter

WIDTH = 76


def command_lines(entries: Sequence[Intrinsic]) -> list[str]:
    """Help text on a built-in command with all its subcommands."""
    described = [entry for entry in entries if entry.run.__doc__]
    first = described[0].run.__doc__.splitlines()[0] if described else entries[0].name
    lines = [".title", f"Built-in command {entries[0].name}", ".help", first, ""]
    for entry in entries:
        name = entry.name + (f"-{entry.subcommand}" if entry.subcommand else "")
        words = [name, *map(_parameter, entry.parameters)]
        lines += _folded(words)
        if May.DEFAULT in entry.may:
            lines.append("      (meant when no subcommand is given)")
    least = entries[0].minimum
    if 0 < least < len(entries[0].name):
        lines += ["", f"The name may be cut to {entries[0].name[:least]}."]
    where = [
        text
        for text, holds in (("at the prompt", entries[0].at_prompt), ("in procedures", entries[0].in_procedure))
        if holds
    ]
    return [*lines, "", f"Available {' and '.join(where)}.", ".end"]


def _parameter(parameter: IntrinsicParameter) -> str:
    """A parameter with its count, in brackets when it may be left out."""
    text = parameter.name if parameter.maximum == 1 else f"{parameter.name} (or a list)"
    return text if parameter.default is None else f"[{text}]"


def _folded(words: Sequence[str]) -> list[str]:
    lines, line = [], "  "
    for word in words:
        if len(line) + len(word) + 2 > WIDTH:
            lines.append(line)
            line = "       "
        line += "  " + word
    return [*lines, line]


def message_lines(key: str) -> list[str] | None:
    """Help text on a message of the monitor, ``key`` without ``TAE-``; None for one it never gives."""
    names = [name for name in TEXTS if name.partition(".")[0].upper() == key.upper()]
    if not names:
        return None
    lines = ["The message reads" if len(names) == 1 else "The message has one of these texts"]
    lines += [f"    {TEXTS[name]}" for name in names if TEXTS[name] != "%s"] or ["    (a text that is put together)"]
    lines += ["", "In a procedure the command fails with $SFI = -1, and"]
    if any(name in ENDS_PROCEDURE for name in names):
        lines.append("the procedure ends at once: _ONFAIL of the procedure that called it is next.")
    else:
        lines.append("the command in _ONFAIL is next, which is RETURN if nothing else was said.")
    return [*lines, ".end"]
