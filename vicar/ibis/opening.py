"""Opening and making IBIS files. Sources: ``vos/p1/sub/ibis2`` (``ibis_file.c``, ``mthd_file_*.c``)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vicar.errors import VicarError
from vicar.ibis import formats as fmt
from vicar.ibis import labelitems
from vicar.ibis.errors import IbisError, ReportedError
from vicar.ibis.groups import FORMAT, GROUP, UNIT, Column
from vicar.ibis.labelitems import PROPERTY
from vicar.ibis.layout import LINE, Cells, ColumnLayout, GraphicsLayout, Layout, OldTabularLayout, RowLayout
from vicar.ibis.table import MAX_COLUMNS, MAX_OLD_COLUMNS, OLD_HOST, Table

if TYPE_CHECKING:
    from vicar.image import Image

HOST_LENGTH = 10


def open_table(path, mode: str = "READ", *, name: str | None = None, nc: int = 0, host: tuple[str, str, str] | None = None,
               formats: Iterable[str] | None = None) -> Table:
    """Open an IBIS file (IBISFileOpen with READ or UPDATE).

    ``nc`` is the number of columns of a GRAPHICS-1 file, which does not say it itself; giving it makes an IBIS-1 file be
    read as one. ``host`` (name, INTFMT, REALFMT) overrides the VAX that IBIS-1 files are taken to come from; ``formats``
    sets the formats of the columns of an IBIS-1 file. Raises `VicarError`, NOTIBIS.
    """
    from vicar.image import open_image

    try:
        image = open_image(path, mode.upper(), name=name, binary=True)
    except VicarError as error:
        raise ReportedError(error, "IBISFileUnit") from error
    try:
        if image.label.get("NC", property=PROPERTY, format="INT", default=0):
            table = _open_new(image, mode.upper())
        else:
            image.discard()
            image = open_image(path, mode.upper(), name=name, convert=False)
            table = _open_old(image, mode.upper(), nc, host)
        for column, format in enumerate(formats or (), start=1):
            table.set_format(column, format)
    except BaseException:
        image.discard()
        raise
    return table


def _open_new(image: Image, mode: str) -> Table:
    label = image.label

    def item(key: str, format: str = "INT", default=None):
        return label.get(key, property=PROPERTY, format=format, default=default)

    org = str(item("ORG", "STRING", "COLUMN")).upper()
    table = Table(image, mode, "ROW" if org == "ROW" else "COLUMN", old=False)
    table.type = item("TYPE", "STRING", "")
    table.default_format = fmt.normal(str(item("FMT_DEFAULT", "STRING", "REAL")), "IBISFileUnitOpen")
    table.host, table.intfmt, table.realfmt = (image.attributes[key] for key in ("bhost", "bintfmt", "brealfmt"))
    table.host = table.host[:HOST_LENGTH]  # as much as XVGET gives: a label that is written again has lost the rest
    nc = min(int(item("NC")), MAX_COLUMNS)
    table._columns = [Column("") for _ in range(nc)]
    labelitems.read_formats(table)
    offsets = labelitems.integers(label, "COFFSET")
    sizes = [fmt.cell_size(c.format) for c in table._columns]
    segment, blocksize = int(item("SEGMENT", default=1)), int(item("BLOCKSIZE", default=LINE)) or LINE
    if len(offsets) < nc or min(segment, blocksize, nc) < 1 or min(offsets[:nc]) < 0:
        raise IbisError("NOTIBIS", "IBISFileUnitOpen", image.name)
    kind = RowLayout if table.org == "ROW" else ColumnLayout
    stated = int(item("NR", default=0))
    table.stated_rows = min(stated, 0)
    table._layout = kind(max(stated, 0), sizes, offsets[:nc], segment, blocksize,
                         image.recsize, image.nlb)  # fmt: skip
    labelitems.read_groups(table, GROUP)
    labelitems.read_groups(table, UNIT)
    header = image.binary_header()[:, :blocksize].reshape(-1)
    table._cells = Cells(header)
    return table


def _open_old(image: Image, mode: str, nc: int, host: tuple[str, str, str] | None) -> Table:
    graphics = nc > 0
    table = Table(image, mode, "ROW" if graphics else "COLUMN", old=True)
    if host:
        table.host, table.intfmt, table.realfmt = host
    if image.recsize != LINE or not image.format.lower().startswith("b"):
        raise IbisError("NOTIBIS", "IBISFileUnitOpen", image.name)
    data = image.read_window().reshape(-1).view(np.uint8)
    table._cells = Cells(data)
    if graphics:
        table._layout = GraphicsLayout(len(data) // (4 * nc), [4] * nc, segment=4 * nc, blocks=image.nl)
    else:
        first = fmt.to_program(table._cells.read(0, 4, 1, 4), "FULL", None, table.intfmt, table.realfmt, "IBISFileUnitOpen")
        rows = max(int(first[0]), 0)
        segment = -(-rows // (LINE // 4)) * (LINE // 4)
        nc = min((image.nl - 1) * LINE // (segment * 4), MAX_OLD_COLUMNS) if segment else 0
        table._layout = OldTabularLayout(rows, [4] * nc, segment=segment, blocks=image.nl)
    for _ in range(nc):
        table._columns.append(Column(table.default_format))
        table.groups.attach(FORMAT, table.default_format, table._columns[-1])
    return table


def create_table(path, *, nr: int, nc: int, org: str = "COLUMN", formats: Sequence[str] | None = None, type: str = "",
                 default_format: str = "REAL", version: int = 2, name: str | None = None, primary: Image | None = None,
                 task=None, host: tuple[str, str, str] | None = None, checked: bool = False) -> Table:
    """Make a new IBIS file (IBISFileOpen with WRITE, or OWRITE for ``version=1``); zero-filled.

    ``formats`` holds one format a column; None means ``default_format`` for all. The file appears at `Table.close`.
    ``checked`` is for old files of programs that look at the status of opening them (see `check_primary`).

    accepted: fewer than no columns leave no file behind; the original leaves a label without items.
    """
    old = version == 1
    if nc > (MAX_OLD_COLUMNS if old else MAX_COLUMNS):
        raise IbisError("OLDIBIS" if old else "LIMEXCD", "IBISFileUnitOpen", name or str(path))
    if old and org == "ROW" and nc < 1:
        raise IbisError("NCREQD", "IBISFileUnitOpen", name or str(path))
    if nc < 0:  # the original meets it in the size of the file, or when it writes the label
        met = ("BADLINE", "XVOPEN", "IBISFileUnitOpen") if old else ("BADELEM", "XVCLOSE", "IBISLabelRemove")
        raise ReportedError(VicarError(*met[:2], name or str(path)), met[2])
    given = [fmt.normal(f, "IBISFileUnitOpen") for f in formats] if formats else [default_format] * nc
    if old and any(fmt.cell_size(f, True) > 4 for f in given):
        raise IbisError("OLDIBIS", "IBISFileUnitOpen", name or str(path))
    sizes = [fmt.cell_size(f, old) for f in given]
    if not old or checked:
        check_primary(primary, name or str(path))
    if old:
        layout: Layout = GraphicsLayout(nr, sizes) if org == "ROW" else OldTabularLayout(nr, sizes)
    else:
        layout = RowLayout(nr, sizes) if org == "ROW" else ColumnLayout(nr, sizes)
    layout.start()
    final = Path(os.path.realpath(path))
    try:
        image = _new_file(final, name or str(path), layout, org, host, primary, task)
    except VicarError as error:
        raise ReportedError(error, "IBISFileUnitOpen") from error
    table = Table(image, "WRITE", org, old, final)
    table.type, table.default_format = type, default_format
    table.host, table.intfmt, table.realfmt = host or (OLD_HOST if old else ("X86-64-LINX", "LOW", "RIEEE"))
    table._layout = layout
    for format in given:
        table._columns.append(Column(format))
        table.groups.attach(FORMAT, fmt.group_name(format), table._columns[-1])
    table._cells.reserve(layout.blocks * layout.blocksize)
    table._data_changed = True
    if not isinstance(layout, GraphicsLayout):
        table.flush()
    return table


def check_primary(primary: Image | None, name: str) -> None:
    """STRTREC if a new file ``name`` would take bands or another organization than BSQ from the primary input.

    The original asks for neither, so such a file cannot be closed for the first time. Programs that overlook it for
    graphics files leave a file of no use; here they write a good one.
    """
    if primary is not None and (primary.nb != 1 or primary.org != "BSQ"):
        raise ReportedError(VicarError("STRTREC", "XVCLOSE", name), "IBISLabelRemove")


def _new_file(final: Path, name: str, layout: Layout, org: str, host, primary, task) -> Image:
    """The empty file the original makes first, closes, and opens again for update; here under a hidden name."""
    from vicar.image import create_image, open_image

    hidden = final.with_name(f".{final.name[:200]}.{os.getpid()}.{os.urandom(4).hex()}")
    if layout.old:
        options = dict(nl=layout.blocks, nb=1, type="TABULAR" if org == "COLUMN" else "GRAPH1", host=(host or OLD_HOST)[0])
    else:
        options = dict(nl=1, nb=1, type="TABULAR", nlb=layout.blocks, binary=True)
    image = create_image(hidden, name=name, ns=LINE, format="BYTE", org="BSQ", primary=primary, task=task, **options)
    label = image.label
    if (PROPERTY, 1) in label.properties():
        keys = [key for key, _ in label.items(property=PROPERTY)]
        for key in [*(k for k in keys if k != "PROPERTY"), "PROPERTY"]:
            label.delete(key, property=PROPERTY)
    if not layout.old:
        labelitems.replace(image, "NL", 0, "INT")
    image.close()
    try:
        return open_image(hidden, "UPDATE", name=name, binary=not layout.old, convert=not layout.old)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
