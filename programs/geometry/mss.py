"""MSS: put images side by side.

Source: ``vos/p2/prog/mss`` (Fortran). Lines are put together as bytes, each input beginning where the pixel size of the first
would have it begin; inputs of other formats are not converted.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks

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
        for count, parts in side_by_side(images, window, widths):
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


def side_by_side(images, window, widths):
    """Blocks of lines of all images: number of lines, list of arrays; single lines where an image may end."""
    single = [image.n3 > 1 or image.org == "BIP" for image in images]
    common = max(0, min(min(image.nl for image in images) - window.sl + 1, window.nl))
    if any(single) or window.sl < 1:
        common = 0
    blocks = [line_blocks(image, window.sl, window.ss, common, width) for image, width in zip(images, widths)]
    step = 256
    sources = [Rechunked(block, step) for block in blocks]
    for done in range(0, common, step):
        count = min(step, common - done)
        yield count, [source.take(count) for source in sources]
    for line in range(window.sl + common, window.sl + window.nl):
        parts = [image.read(line=line, samp=window.ss, nsamps=width) for image, width in zip(images, widths)]
        yield 1, [part[np.newaxis] for part in parts]


class Rechunked:
    """Blocks of lines cut to another size."""

    def __init__(self, blocks, step: int):
        self.blocks = blocks
        self.left: np.ndarray | None = None

    def take(self, count: int) -> np.ndarray:
        parts, have = [], 0
        while have < count:
            block = self.left if self.left is not None else next(self.blocks)[1]
            part = block[: count - have]
            self.left = block[len(part) :] if len(block) > len(part) else None
            parts.append(part)
            have += len(part)
        return np.concatenate(parts) if len(parts) > 1 else parts[0]
