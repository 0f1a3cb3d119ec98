"""EFGISO: coefficients of the first fundamental form of a small body, and its radius, as maps.

Source: ``vos/p2/prog/efgiso`` (C). The maps are simple cylindrical. The shape is that of the file PATH/PLANET.model, or an ellipsoid.

accepted: a model that cannot be read, or whose grid is another one, ends the program as in the original; a line that is
no point is taken for another grid.
"""

from __future__ import annotations

import numpy as np

from programs.carto import _isomodel as model
from vicar.numerics import libm
from vicar.numerics.cformat import sprintf


def main(task):
    task.if_message("EFGISO version 2019-07-18")
    nl, ns = task.integer("NL"), task.integer("NS")
    triaxial = task.doubles("TRIAXIAL")
    if len(triaxial) == 3:
        task.message(sprintf("Triaxial radii: %f %f %f", *triaxial)[:79])
    name = f"{task.string('PATH')}/{task.string('PLANET')}.model"
    task.message(name)
    task.message(f"Model file: #rows= {model.ROWS}, #cols={model.COLUMNS}")
    radius = read_radii(task, name)
    if len(triaxial) == 3:
        radius = ellipsoid(triaxial)
    if ((radius < 0.1) | (radius > 1500.0)).any():
        task.abend("Unreasonable radius value")
    maps = fundamental_forms(radius, *map_places(nl, ns))
    results = [task.create("OUT", n, nl=nl, ns=ns, nb=1, format="REAL", u_format="REAL") for n in range(1, 5)]
    for result, values in zip(results, maps, strict=True):
        result.write_window(values.astype(np.float32))


def read_radii(task, name: str) -> np.ndarray:
    try:
        text = (task.directory / name).read_text(encoding="latin-1")
        radius = model.read_model(text)
    except (OSError, EOFError):
        task.abend()
    if radius is None:
        task.abend("Incompatible model file")
    lines, samples = task.integer("NLW"), task.integer("NSW")
    if lines + samples > 2:
        task.printf(f"nlw={lines} nsw={samples}")
        radius = model.smooth(radius, lines, samples)
        task.printf("end of smoothing operation")
    return model.close_edges(radius)


def ellipsoid(axes) -> np.ndarray:
    longitudes, latitudes = model.grid()
    across = libm.cos(longitudes) * libm.cos(longitudes)
    up = libm.cos(latitudes)[:, None] * libm.cos(latitudes)[:, None]
    polar = libm.sin(latitudes)[:, None] * libm.sin(latitudes)[:, None]
    return 1.0 / (up * across / axes[0] + up * (1.0 - across) / axes[1] + polar / axes[2])


def map_places(nl: int, ns: int) -> tuple[np.ndarray, np.ndarray]:
    """East longitudes of the samples and latitudes of the lines of a simple cylindrical map, radians."""
    line, sample = np.arange(1, nl + 1, dtype=float), np.arange(1, ns + 1, dtype=float)
    latitude = (line - 1.0) * 180.0 / (1.0 - nl) + 90.0
    middle = (ns + 1.0) / 2.0
    right = (sample + middle - 2.0 * ns) * 180.0 / (middle - ns)
    left = (sample - middle) * 180.0 / (1.0 - middle)
    longitude = 360.0 - np.where(sample > middle, right, left)
    return longitude * model.PI / 180.0, latitude * model.PI / 180.0


def fundamental_forms(radius: np.ndarray, x: np.ndarray, y: np.ndarray):
    """E, F, G and radius at each (latitude, longitude)."""
    longitudes, latitudes = model.grid()
    along = model.second_derivatives(longitudes, radius.T).T
    upward = model.second_derivatives(latitudes, radius)
    low_x, low_y = model.interval(longitudes, x), model.interval(latitudes, y)
    # a spline along each meridian of the map, through values of the rows; and along each parallel
    meridians, _ = model.evaluate(
        longitudes, (radius[:, low_x], radius[:, low_x + 1]), (along[:, low_x], along[:, low_x + 1]), x, low_x
    )
    parallels, slopes = model.evaluate(
        latitudes, (radius[low_y].T, radius[low_y + 1].T), (upward[low_y].T, upward[low_y + 1].T), y, low_y
    )
    seconds = model.second_derivatives(latitudes, meridians)
    _, ry2 = model.evaluate(
        latitudes, (meridians[low_y], meridians[low_y + 1]), (seconds[low_y], seconds[low_y + 1]), y[:, None], low_y[:, None]
    )
    seconds = model.second_derivatives(longitudes, parallels).T
    parallels = parallels.T
    rx1, rx2 = model.evaluate(
        longitudes, (parallels[:, low_x], parallels[:, low_x + 1]), (seconds[:, low_x], seconds[:, low_x + 1]), x, low_x
    )
    sx, cx, sy, cy = libm.sin(x), libm.cos(x), libm.sin(y)[:, None], libm.cos(y)[:, None]
    dx1, dx2 = ry2 * cy * cx - rx1 * sy * cx, rx2 * cy * cx - rx1 * cy * sx
    dy1, dy2 = ry2 * cy * sx - rx1 * sy * sx, rx2 * cy * sx + rx1 * cy * cx
    dz1, dz2 = ry2 * sy + rx1 * cy, rx2 * sy
    e = dx1 * dx1 + dy1 * dy1 + dz1 * dz1
    f = dx1 * dx2 + dy1 * dy2 + dz1 * dz2
    g = dx2 * dx2 + dy2 * dy2 + dz2 * dz2
    return e, f, g, rx1
