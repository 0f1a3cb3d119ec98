"""Card labels of the first VICAR: 72-character cards kept as items of a label's first task.

``NLABS=n`` says how many, ``LAB01`` ... ``LABnn`` hold them. Source: ``p2/sub/vic1lab``.
"""

from __future__ import annotations

from vicar.errors import VicarError
from vicar.label.label import Label

CARD = 72


def cards(label: Label, maximum: int = 0) -> list[str]:
    """The cards, each cut at 72 characters (a shorter item stays shorter); none is no error.

    ``maximum`` 0 means all. Raises FNDKEY when fewer cards are there than NLABS says.
    """
    tasks = label.tasks()
    if not tasks:
        return []
    first = tasks[0][0]
    try:
        count = int(label.get("NLABS", task=first, format="INT"))
    except VicarError:
        return []
    if maximum:
        count = min(count, maximum)
    return [str(label.get(f"LAB{n:02d}", task=first, format="STRING"))[:CARD] for n in range(1, count + 1)]


def block(label: Label, maximum: int = 0) -> bytes:
    """The cards end to end, 72 bytes each, filled up with NUL as the original's buffer is."""
    return b"".join(card.encode("latin-1").ljust(CARD, b"\0") for card in cards(label, maximum))
