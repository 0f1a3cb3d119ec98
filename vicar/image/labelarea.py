"""The label areas of a file: read together into one text, written back apart.

Sources: ``read_in_labels.c``, ``get_eol_size.c``, ``check_out_lbl_on_close.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vicar.label import system
from vicar.label.label import Label

if TYPE_CHECKING:
    from vicar.image.image import Image


def read_label(image: Image) -> Label:
    """The label of an input, its EOL part appended without the size field."""
    g = image.geometry
    area = image._store.bytes_at(g.base, g.label_records * g.recsize)
    if image._short is not None:
        # the label passes through the buffer that the image is read with
        for number in range(g.label_records):
            if image._short.record(number) is None:
                break
    main, eol = area.split(b"\0", 1)[0], read_eol(image)
    text = main + eol.split(b"\0", 1)[0][system.SIZE_FIELD :]
    # what lies behind the text in the original's memory: the size field was cut out after the parts were joined
    memory = (main + eol + area[len(main + eol) :])[len(text) + 1 :]
    return Label(text.decode("latin-1"), image.name, image.op != "READ", image._system_changed, memory.decode("latin-1"))


def read_eol(image: Image) -> bytes:
    """The EOL label area (empty without one); the image remembers its size."""
    if not image.eol:
        return b""
    g, store = image.geometry, image._store
    compressed = image._codes is not None
    offset = g.base + image.eoci if compressed else g.eol_offset
    size = system.eol_size(store.bytes_at(offset, 20 if compressed else -(-system.SIZE_FIELD // g.recsize) * g.recsize))
    if not compressed:
        size = size // g.recsize * g.recsize
    image._eol_size = max(0, size)
    return store.bytes_at(offset, size)


def rewrite(image: Image) -> None:
    """Write a changed label: what does not fit the main area goes behind the image."""
    g, store = image.geometry, image._store
    main, eol = system.split(image.label.text, g.lblsize, g.recsize, image.label.memory)
    store.write(g.base, main)
    if eol:
        store.write(g.eol_offset, eol)
        image._eol_size = len(eol)
