"""MSS: put images side by side.

Source: ``vos/p2/prog/mss`` (Fortran). Lines are put together as bytes, each input beginning where the pixel size of the first
would have it begin; inputs of other formats are not converted.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import abreast

FORTRAN = True
LIMIT = 48


def main(task):
    number = task.count("INP")
    if number > LIMIT:
        task.abend("** MAXIMUM # INPUT FILES = 48")
    images = [task.open("INP", i + 1) for i in range(number)]
    pixel = images[0].pix_size
    window = task.size_field(images[0])
    widths = [window.ns if window.ns != window.nsi else image.ns for image in images]
    with task.create("OUT", nl=window.nl, ns=sum(widths)) as result:
        task.message(f"* OUTPUT CONTAINS  {number:2d}INTERLEAVED DATA SETS **")
        samples = f"{sum(widths):5d}" if sum(widths) < 100000 else "*****"
        task.message(f"* ACTUAL OUTPUT RECORD LENGTH  {samples}SAMPLES **")
        for count, parts in abreast(images, window.sl, window.ss, window.nl, widths):
            record = np.zeros((count, sum(widths) * pixel), np.uint8)
            at = 0
            for part, width in zip(parts, widths):
                raw = np.ascontiguousarray(part).view(np.uint8)
                room = record[:, at : at + raw.shape[1]]
                room[:] = raw[:, : room.shape[1]]
                at += width * pixel
            rows = record.view(result.dtype)
            done = result.record_number
            if result.nb == 1 and result.org == "BSQ":
                result.write_window(rows, done + 1)
            else:
                for row in rows:
                    result.write(row)
            task.progress(done + count, window.nl)
    for image in images:
        image.close()
