"""EFGISO: coefficients of the first fundamental form of a small body, and its radius, as maps.

Source: ``vos/p2/prog/efgiso`` (C). The maps are simple cylindrical. The shape is that of the file PATH/PLANET.model, or an
ellipsoid.

accepted: a model that cannot be read, or whose grid is another one, ends the program as in the original; a line that is
no point is taken for another grid.
"""

from __future__ import annotations

import numpy as np

from programs.carto import _isomodel as model
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
        radius = model.ellipsoid(triaxial)
    if ((radius < 0.1) | (radius > 1500.0)).any():
        task.abend("Unreasonable radius value")
    maps = model.fundamental_forms(radius, *map_places(nl, ns))
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


def map_places(nl: int, ns: int) -> tuple[np.ndarray, np.ndarray]:
    """East longitudes of the samples and latitudes of the lines of a simple cylindrical map, radians."""
    line, sample = np.arange(1, nl + 1, dtype=float), np.arange(1, ns + 1, dtype=float)
    latitude = (line - 1.0) * 180.0 / (1.0 - nl) + 90.0
    middle = (ns + 1.0) / 2.0
    right = (sample + middle - 2.0 * ns) * 180.0 / (middle - ns)
    left = (sample - middle) * 180.0 / (1.0 - middle)
    longitude = 360.0 - np.where(sample > middle, right, left)
    return longitude * model.PI / 180.0, latitude * model.PI / 180.0
