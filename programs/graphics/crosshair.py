"""CROSSHAIR: draws a cross into an image. Source: ``vos/p2/prog/crosshair`` (C).

Kept: arms of three lines and more are one line wider to the right and below, as the loop over the width starts at minus half
of it and ends at the whole.
"""

from __future__ import annotations


def main(task) -> None:
    """Run CROSSHAIR."""
    image = task.open("INP", op="UPDATE", u_format="DOUB")
    line, sample = task.integers("LOC")
    values = task.doubles("DN").tolist()[:3]
    values += values[-1:] * (image.nb - len(values))
    size, width = task.integer("HEIGHT"), task.integer("WIDTH")
    if width % 2 != 1 or width < 0:
        task.abend("WIDTH must be an odd number")
    along, across = range(1 - size, size), range(-(width // 2), width)
    for band in range(image.nb):
        _fill(image, line, sample, along, across, values[band], band + 1)
        _fill(image, line, sample, across, along, values[band], band + 1)


def _fill(image, line: int, sample: int, down: range, right: range, value: float, band: int) -> None:
    """Fill a box around a place, as far as it lies in the image."""
    first, end = max(sample + right.start, 1), min(sample + right.stop, image.ns + 1)
    if not len(down) or first >= end:
        return
    step = 1 if image.org == "BIP" else end - first  # a BIP record is one pixel
    for y in range(max(line + down.start, 1), min(line + down.stop, image.nl + 1)):
        for x in range(first, end, step):
            image.write([value] * step, line=y, samp=x, nsamps=step, band=band)
