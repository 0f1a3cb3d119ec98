"""MSSIBIS: images in MSS format to tables and back. Source: ``vos/p2/prog/mssibis`` (Fortran).

In MSS format the lines of all bands stand side by side. Values that go to an integer image are limited to its range and
half is added before they are truncated, negative ones too.

accepted: bands below 1 are 0, and none comes there; the original looks in front of its line buffer; an MSS of 0
is refused, the original divides by it.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_number
from vicar.errors import VicarError
from vicar.ibis.errors import IbisError, ReportedError
from vicar.ibis.opening import check_primary

FORTRAN = True
MOST = 32768
RANGES = {"BYTE": (0.0, 255.0), "HALF": (-32768.0, 32767.0), "FULL": (-2.14748e9, 2.14748e9)}


def main(task):
    task.if_message("MSSIBIS version 6-MAR-95")
    if task.keyword("TOIBIS"):
        to_table(task)
    else:
        to_image(task)


def to_table(task) -> None:
    mss, step = task.integer("MSS"), task.integer("INC")
    if mss == 0:  # the original divides by it
        task.abend("??E - MSS must not be 0")
    bands = list(range(1, mss + 1)) if task.defaulted("BANDS") else task.integers("BANDS")
    columns = task.integers("COLS")
    if len(columns) < len(bands):
        columns = list(range(1, len(bands) + 1))
    width = max(columns + [len(columns)]) if task.defaulted("NCOL") else task.integer("NCOL")
    width = max(width, len(bands))
    with task.open("INP", u_format="REAL") as image:
        window = task.size_field(image)
        if window.nsi > MOST:
            task.abend("TOO MANY SAMPLES PER LINE")
        each = window.nsi // mss
        ns, nl = min(window.ns, each - window.ss + 1), min(window.nl, window.nli - window.sl + 1)
        if step == 0:
            task.abend("??E - INC must not be 0")
        masked = task.count("INP") == 2
        wanted = (int((ns - 1) / step) + 1) * (int((nl - 1) / step) + 1)
        if wanted < 0 and not masked:  # asks for less than no rows
            file = task.file_name("OUT", 1)
            if int(wanted * width * 4 / 512) < -1:
                raise ReportedError(VicarError("BADBINSIZ", "XVOPEN", file), "IBISFileUnitOpen")
            check_primary(image, file)
            raise IbisError("MEMFAIL", "IBISRecordOpen", file)
        lines, samples = loop(window.sl, nl, step), loop(0, ns, step)
        chosen = np.ones((len(lines), len(samples)), bool)
        if masked:
            with task.open("INP", 2, u_format="BYTE") as mask:
                for row, line in zip(chosen, lines):
                    row[:] = mask.read(line, window.ss)[samples.start : samples.stop : step] != 0
            wanted = int(chosen.sum())
        with task.create_table(nr=wanted, nc=width, org="ROW") as table:
            if columns[0] == 0:
                raise IbisError("EMPTYGRP", "IBISRecordOpen", task.file_name("OUT", 1))
            for column in columns:
                need_number(table, column, "IBISRecordOpen")
            if not chosen.any():
                return
            rows = np.stack([image.read(line, window.ss) for line in lines])
            for column, band in zip(columns, bands, strict=False):
                table.write(column, part(rows, (band - 1) * each, ns)[:, samples][chosen])


def loop(first: int, count: int, step: int) -> range:
    """What a DO loop over ``count`` places runs through; backwards there is only the first."""
    return range(first, first + max(count, 0), step) if step > 0 else range(first, first + (count == 1))


def part(rows: np.ndarray, start: int, ns: int) -> np.ndarray:
    """Samples of each line from ``start`` (from 0) on, with zeros where there are none."""
    result = np.zeros((len(rows), ns), rows.dtype)
    first, last = max(start, 0), min(start + ns, rows.shape[1])
    if first < last:
        result[:, first - start : last - start] = rows[:, first:last]
    return result


def to_image(task) -> None:
    with task.open_table() as table:
        columns = list(range(1, table.nc + 1)) if task.defaulted("COLS") else task.integers("COLS")
        count = len(columns)
        mss = max(count if task.defaulted("MSS") else task.integer("MSS"), count)
        bands = task.integers("BANDS")
        if len(bands) < count:
            bands = list(range(1, count + 1))
        else:
            mss = max([mss, *bands[:count]])
        update = task.keyword("UPDATE")
        if update:
            image = task.open("OUT", op="UPDATE", u_format="REAL")
            ns = image.ns if task.defaulted("NS") else task.integer("NS")
            nl = image.nl if task.defaulted("NL") else task.integer("NL")
            form = image.format.rstrip()
            nl = min(nl, table.nr // ns)
        else:
            nl, ns = new_size(task, table.nr)
            form = task.string("FORMAT").upper()
            nl = min(nl, table.nr // ns)
            image = task.create("OUT", nl=nl, ns=mss * ns, format=form, u_format="REAL")
        for column in columns:
            need_number(table, column, "IBISRecordOpen")
        lines = np.zeros((nl, max(mss * ns, image.ns)), np.float32)
        if update:
            lines[:, : image.ns] = image.read_window(1, 1, nl, image.ns)
        elif form != "REAL":
            # the original's line buffer is rounded up again for each line where no band is put
            lines[:] = np.minimum(np.arange(nl) * 0.5, RANGES[form][1])[:, None]
        for column, band in zip(columns, bands, strict=False):
            if band < 1:
                continue
            lines[:, (band - 1) * ns : band * ns] = table.read(column, "REAL")[: nl * ns].reshape(nl, ns)
        if form != "REAL":
            low, high = (np.float32(v) for v in RANGES.get(form, (0.0, 0.0)))
            lines[:, : mss * ns] = np.minimum(np.maximum(lines[:, : mss * ns], low), high) + np.float32(0.5)
        image.write_window(lines[:, : image.ns])
        image.close()


def new_size(task, rows: int) -> tuple[int, int]:
    """Lines and samples of a band: as asked for, or nearly square."""
    window = task.size_field()
    ns = window.ns or (int(np.sqrt(np.float32(rows))) if task.defaulted("NS") else task.integer("NS"))
    nl = window.nl or (rows // ns if task.defaulted("NL") else task.integer("NL"))
    return nl, ns

