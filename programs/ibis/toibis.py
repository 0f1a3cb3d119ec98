"""TOIBIS: the pixels of an image, one after the other, as the cells of a table. Source: ``vos/p2/prog/toibis`` (Fortran).

IFORM reads the bytes of the image as another format than its label says.

accepted: NCOL and NDIM below 1 are refused in one sentence; the original makes a table of no columns and fails at its end.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import write_graphics

FORTRAN = True
KINDS = {"BYTE": np.uint8, "HALF": np.int16, "FULL": np.int32, "REAL": np.float32}
MOST = 10000


def main(task):
    task.if_message("TOIBIS version 6-MAR-95")
    kind = next((name for name in KINDS if task.keyword(name)), None)
    graphics = task.keyword("GRAPHICS")
    columns = task.integer("NDIM" if graphics else "NCOL")
    if columns < 1:  # the original divides by it
        task.abend(" The number of columns must be positive.")
    with task.open("INP", u_format=None if kind else "REAL") as image:
        size, samples = image.geometry.pixel_size if hasattr(image.geometry, "pixel_size") else image.pix_size, image.ns
        if kind:
            if size not in (1, 2, 4):
                task.abend(f" Input file uses {size:3d} bytes per pixel; program limited to 1, 2, 4.")
            samples = samples * size // np.dtype(KINDS[kind]).itemsize
        if samples > MOST:
            task.abend(f" Input file number of samples ({samples:7d}) exceeds program limit ({MOST:7d})")
        if columns < 1:
            task.abend(f"??E - {'NDIM' if graphics else 'NCOL'} must be positive")
        rows = image.nl * samples // columns
        lines = image.read_window(1, 1, image.nl, image.ns)
    if kind:
        lines = np.ascontiguousarray(lines).view(np.uint8)[:, : samples * np.dtype(KINDS[kind]).itemsize]
        lines = np.ascontiguousarray(lines).view(KINDS[kind])
    cells = lines.reshape(-1)[: rows * columns].astype(np.float32).reshape(rows, columns)
    if graphics:
        write_graphics(task, cells)
        return
    with task.create_table(nr=rows, nc=columns, org="ROW") as table:
        for column in range(columns):
            table.write(column + 1, cells[:, column])
