"""The label areas of a file: read together into one text, written back apart. No numpy.

Sources: ``read_in_labels.c``, ``get_eol_size.c``, ``check_out_lbl_on_close.c``.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

from vicar.errors import VicarError
from vicar.image.geometry import Geometry
from vicar.image.header import ROUTINE, Header, read_header
from vicar.image.store import ABSURD, Store
from vicar.label import system
from vicar.label.label import Label

if TYPE_CHECKING:
    from vicar.image.image import Image


def read_label(path: str | os.PathLike) -> Label:
    """The label of a file, for reading only; nothing else is read, and numpy is not loaded.

    Raises ``VicarError``: the operating system's message, BADLBL, BADFOR ... as ``vicar.open`` does.
    """
    name = str(path)
    try:
        store = Store(path)
    except OSError as error:
        raise VicarError.host(error, ROUTINE, name) from error
    try:
        header = read_header(store, name)
        text, memory, _ = _joined(store, header.geometry, header.attributes)
    except OSError as error:
        raise VicarError.host(error, ROUTINE, name) from error
    finally:
        store.close()
    return _made(text, memory, header, name, writable=False)


def label_of(image: Image) -> Label:
    """The label of an open input, its EOL part appended without the size field."""
    try:
        text, memory, image._eol_size = _joined(image._store, image.geometry, image.attributes)
    except OSError as error:
        raise VicarError.host(error, "XLGET", image.name) from error
    if image._short is not None:
        # the label passes through the buffer that the image is read with
        for number in range(image.geometry.label_records):
            if image._short.record(number) is None:
                break
    return _made(text, memory, image._header, image.name, image.op != "READ", image._system_changed)


def _made(text: str, memory: str, header: Header | None, name: str, writable: bool, on_system=None) -> Label:
    items = header.items if header is not None and header.text == text else None
    return Label(text, name, writable, on_system, memory, items)


def _joined(store: Store, g: Geometry, attributes: dict[str, Any]) -> tuple[str, str, int]:
    """Text of both areas; what lies behind it in the original's memory; size of the EOL area."""
    area = store.bytes_at(g.base, g.label_records * g.recsize)
    main, (eol, size) = area.split(b"\0", 1)[0], _read_eol(store, g, attributes)
    text = main + eol.split(b"\0", 1)[0][system.SIZE_FIELD :]
    # the size field was cut out after the parts were joined
    memory = (main + eol + area[len(main) + len(eol) :])[len(text) + 1 :]
    return text.decode("latin-1"), memory.decode("latin-1"), size


def find_eol(image: Image) -> None:
    """Let an image whose label nobody looked at know the size of its EOL area."""
    image._eol_size = _read_eol(image._store, image.geometry, image.attributes)[1]


def _read_eol(store: Store, g: Geometry, attributes: dict[str, Any]) -> tuple[bytes, int]:
    """The EOL label area (empty without one) and the size it has by its own account."""
    if not attributes["eol"]:
        return b"", 0
    compressed = attributes["compress"] in system.COMPRESSED
    offset = g.base + end_of_codes(attributes) if compressed else g.eol_offset
    head = store.bytes_at(offset, 20 if compressed else -(-system.SIZE_FIELD // g.recsize) * g.recsize)
    size = system.eol_size(head)
    if not compressed:
        size = size // g.recsize * g.recsize
    return store.bytes_at(offset, size), max(0, size)


def end_of_codes(attributes: dict[str, Any]) -> int:
    """Offset of the end of a compressed image (EOCI)."""
    return (attributes["eoci1"] % 2**32) + (attributes["eoci2"] % 2**32) * 2**32


def rewrite(image: Image) -> None:
    """Write a changed label: what does not fit the main area goes behind the image, unless that is absurdly far away."""
    g, store = image.geometry, image._store
    main, eol = system.split(image.label.text, g.lblsize, g.recsize, image.label.memory)
    if eol and image.op == "UPDATE" and g.eol_offset > 2 * store.size + ABSURD:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    store.write(g.base, main)
    if eol:
        store.write(g.eol_offset, eol)
        image._eol_size = len(eol)
