"""VOYRAMP: takes the light of Io's plasma torus off Voyager 1 images of day 64 of 1979, hours 1 to 16.

The torus put raw numbers onto the top, the middle and the bottom of a frame that depend on the hour (a table of 17 hours,
kept by ISIS3). They are interpolated to the time of the image, calibrated with the three numbers VOYCAL reports,
y = EXPW*(GAIN*dn + OFF), and the parabola through lines 1, 400 and 800 is subtracted.

accepted: the ISIS 2 program is said (by the authors of ISIS3) to have used a wrong variable for the line; here it is the line.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from programs.isis2._program import Isis, isis_program
from vicar.isis2.errors import IsisError
from vicar.isis2.label import Label, text_value
from vicar.isis2.writer import carried, saturated

BANNER = False
LINES = np.array([1.0, 400.0, 800.0])
# raw numbers at lines 1, 400, 800 for hours 1 to 17 of day 64 of 1979
TORUS = np.array([
    (0, 0, 0), (0.1, 0.1, 0.1), (0.2, 0.3, 0.4), (0.4, 0.6, 0.8), (0.7, 1.0, 1.4), (1.1, 1.9, 2.6), (2.0, 2.8, 4.2),
    (3.0, 4.0, 6.1), (4.6, 6.6, 10.0), (7.5, 11.8, 17.9), (11.2, 16.0, 25.0), (12.0, 17.8, 27.2), (9.5, 14.6, 22.9),
    (6.0, 8.9, 14.5), (2.5, 4.7, 8.0), (1.2, 1.7, 2.2), (0, 0, 0),
])  # fmt: skip
BLOCK = 64


@isis_program("2026-11-21", "Remove the plasma torus ramp from Voyager 1 images")
def main(isis: Isis) -> None:
    """Run VOYRAMP."""
    cube = isis.open("FROM")
    hour = hour_of_day(cube.label)
    factor, gain, offset = (float(v[0]) if (v := isis.task.parameters.values_of(n)) else 0.0 for n in ("EXPW", "GAIN", "OFF"))
    if factor <= 0:
        raise IsisError("EXPW", "EXPW must be the number 1/(EXP*W1) of VOYCAL's report")
    raw = np.array([np.interp(hour, np.arange(1, 18), TORUS[:, i]) for i in range(3)])
    ramp = parabola(factor * (gain * raw + offset), np.arange(1, cube.lines + 1))
    isis.line(f"  hour {hour!r} of day 64: {', '.join(repr(float(v)) for v in raw)} raw numbers at lines 1, 400, 800")
    size, number = cube.number.dtype.itemsize, cube.number
    options: dict[str, Any] = dict(base=cube.base, multiplier=cube.multiplier, special=cube.special)
    with isis.create((cube.samples, cube.lines, cube.bands), number.name, size, like=cube, **options) as result:
        for band in range(1, cube.bands + 1):
            for first in range(1, cube.lines + 1, BLOCK):
                pixels = cube.read(band, first, min(BLOCK, cube.lines - first + 1))
                value = (pixels.true() - ramp[first - 1 :][: len(pixels.stored), np.newaxis] - cube.base) / cube.multiplier
                if number.real:
                    stored = number.stored(value.astype(np.float32)).copy()
                    stored[~pixels.valid()] = pixels.stored[~pixels.valid()]
                else:
                    stored = saturated(value, cube.special, number.dtype.newbyteorder("="))
                    carried(pixels, cube.special, stored)
                result.write(stored, first, band)


def hour_of_day(label: Label) -> float:
    """Hour of the image, if it is one of Voyager 1 of day 64 of 1979 from 1:00 to 17:00."""
    time = text_value(label.get("START_TIME", "QUBE")).rstrip("Zz")
    if text_value(label.get("SPACECRAFT_NAME", "QUBE")).upper() != "VOYAGER_1":
        raise IsisError("IMAGE", "VOYRAMP is for images of Voyager 1")
    try:
        when = datetime.fromisoformat(time)
    except ValueError:
        raise IsisError("TIME", f"The label has no START_TIME that can be read ({time or 'none'})") from None
    hour = when.hour + when.minute / 60 + (when.second + when.microsecond / 1e6) / 3600
    if (when.year, when.timetuple().tm_yday) != (1979, 64) or not 1 <= hour <= 17:
        raise IsisError("TIME", f"The torus ramp is known for day 64 of 1979, hours 1 to 16; this image is of {time}")
    return hour


def parabola(at: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """The parabola through three values at `LINES`."""
    result = np.zeros(len(lines))
    for i in range(3):
        term = np.full(len(lines), at[i])
        for j in range(3):
            if j != i:
                term *= (lines - LINES[j]) / (LINES[i] - LINES[j])
        result += term
    return result
