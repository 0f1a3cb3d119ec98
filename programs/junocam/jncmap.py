"""JNCMAP (our own): maps of Jupiter from calibrated pictures and their navigation; several pictures make a mosaic.

Bands: the filters (red, green, blue, methane), incidence and emission angles in degrees; 0 where nothing was seen. The label
has a MAP property. Method: ``vicar/junocam/mapping.py``.
"""

from __future__ import annotations

import json

import numpy as np

from programs.junocam._common import input_names, program, read_picture, units
from vicar.junocam import JunocamError
from vicar.junocam.camera import PIXEL
from vicar.junocam.colour import ORDER, WEIGHTS
from vicar.junocam.ephemeris import surface
from vicar.junocam.mapping import Attitude, MapGrid, Projector, label_items, mosaic, project
from vicar.junocam.metadata import PROPERTY
from vicar.junocam.saturation import saturated, treated
from vicar.junocam.spin import assemble, grid_for, present_frames, split

PLACED = "JUNOCAM_NAVIGATION"
SHAPES = {"axis": (3,), "spin": (), "tilt": ()}
SHAPES_OF_ONE = SHAPES | {"phase": (), "velocity": (3,), "place": (3,)}
UNBLENDED = 0.5  # pixels from frame to frame: two framelets with more parallax are not blended, each place comes from one


@program
def main(task) -> None:
    """Run JNCMAP."""
    names = input_names(task, ".cal")
    navigation = read_navigation(task)
    todo = []
    for name in names:
        _, meta, _ = read_picture(task, name)
        if meta.product_id in navigation["pictures"]:
            todo.append((name, meta))
        else:
            task.message(f"JNCMAP: {meta.product_id} has no attitude in {task.string('NAV')}; left out")
    if not todo:
        raise JunocamError("none of the pictures has an attitude; JNCNAV finds them")
    target = target_grid(task, [projector_for(meta, navigation)[0] for _, meta in todo])
    parts = []
    for number, (name, meta) in enumerate(todo, 1):
        source, _, pixels = read_picture(task, name)
        light = todo[0][1].exposure / meta.exposure if units(source) == "DN" else 1.0  # one scale for a mosaic
        parts.append(one_map(pixels.astype(np.float32), meta, navigation, target, task, units(source), light))
        task.message(f"JNCMAP: {meta.product_id}: {np.isfinite(parts[-1][meta.filters[-1]]).mean() * 100:.1f} percent of the map")
        task.progress(number, len(todo))
    filters = {f for _, meta in todo for f in meta.filters}
    whole = mosaic(parts) if len(parts) > 1 else parts[0]
    write(task, whole, [f for f in ORDER if f in filters], target, navigation, [meta for _, meta in todo])


def read_navigation(task) -> dict:
    """The file JNCNAV wrote."""
    name = task.string("NAV")
    try:
        found = json.loads(task.path(name).read_bytes())
        assert found["JUNOCAM_NAVIGATION"] == 1 and numbers(found, SHAPES)
        assert all(numbers(picture, SHAPES_OF_ONE, found) for picture in found["pictures"].values())
        return found
    except OSError as error:
        raise JunocamError(f"{name}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AssertionError, AttributeError, OverflowError, RecursionError):
        raise JunocamError(f"{name} is not a file of JNCNAV") from None


def numbers(items: dict, shapes: dict[str, tuple], beside: dict | None = None) -> bool:
    """Whether all items are numbers of their shapes that can be; those of a picture may be given for all instead."""
    for key, shape in shapes.items():
        if beside is not None and key not in items and (key in beside or key == "place"):
            continue
        value = np.array(items[key])
        if value.dtype.kind not in "if" or value.shape != shape or not np.isfinite(value).all() or np.abs(value).max() > 1e9:
            return False
    return ("axis" not in items or np.linalg.norm(items["axis"]) > 0.1) and ("spin" not in items or 0.05 < items["spin"] < 0.5)


def projector_for(meta, navigation: dict) -> tuple[Projector, object]:
    """Projector and grid of a picture."""
    own = navigation["pictures"][meta.product_id]
    axis, spin, tilt = (own.get(key, navigation[key]) for key in ("axis", "spin", "tilt"))  # from kernels each has its own
    place = np.array(own["place"]) if "place" in own else None
    attitude = Attitude(np.array(axis), spin, tilt, own["phase"], np.array(own["velocity"]), place)
    grid = grid_for(meta, attitude.spin, attitude.tilt)
    return Projector(meta, attitude, grid), grid


def one_map(pixels: np.ndarray, meta, navigation: dict, target: MapGrid, task, unit: str, light: float) -> dict[str, np.ndarray]:
    """All planes of one picture's map; brightness in ``unit`` times ``light``."""
    projector, grid = projector_for(meta, navigation)
    channels = {}
    pace = np.linalg.norm(projector.attitude.velocity) * meta.period / (meta.altitude or 1e9) / PIXEL
    for name, framelets in split(pixels, meta).items():
        framelets = framelets.astype(np.float32)
        channels[name] = assemble(framelets, grid, name, present_frames(framelets), scale=meta.summing, blend=pace < UNBLENDED)
    several = len(channels) > 1
    seen = np.logical_and.reduce([np.isfinite(c) for c in channels.values()])
    if several:  # colour only where all filters saw the place
        channels = {name: np.where(seen, c, np.float32(np.nan)) for name, c in channels.items()}
    shares = {name: saturated(c, grid, name, meta, unit) for name, c in channels.items()}
    channels = {name: c * np.float32(light) for name, c in channels.items()}
    planes = project(channels, projector, target, task.string("PHOTOM", "NONE").upper(), task.double("LEAST", 0.15))
    how = task.string("SATURATED", "RESTORE").upper()
    if several and how != "KEEP" and any(share.any() for share in shares.values()):
        placed = project(shares, projector, target, "NONE", task.double("LEAST", 0.15))
        weights = [np.float32(WEIGHTS[name]) for name in channels]
        bands = treated([w * planes[name] for w, name in zip(weights, channels)],
                        [np.clip(np.nan_to_num(placed[name]), 0, 1) for name in channels], how)
        planes |= {name: np.where(band == 0, np.float32(np.nan), band / w) for name, band, w in zip(channels, bands, weights)}
    return planes


def target_grid(task, projectors: list[Projector]) -> MapGrid:
    """Extent from the parameters, else what the pictures can see in daylight."""
    kind, scale = task.string("PROJ", "CYLINDRICAL").upper(), task.double("RES", 8.0)
    lat, lon = [float(v) for v in task.doubles("LAT")], [float(v) for v in task.doubles("LON")]
    if len(lat) != 2:
        lat = seen_range(projectors)[0] if kind == "CYLINDRICAL" else [40.0, 90.0] if kind == "NORTH" else [-90.0, -40.0]
    if len(lon) != 2:
        lon = seen_range(projectors)[1] if kind == "CYLINDRICAL" else [0.0, 360.0]
    if not (-90 <= lat[0] < lat[1] <= 90 and lon[0] < lon[1] <= lon[0] + 360):
        raise JunocamError("LAT must be (south,north) and LON (smaller,larger west longitude), at most 360 degrees apart")
    grid = MapGrid(kind, scale, lat[0], lat[1], lon[0], lon[1])
    if not 1 <= min(grid.shape) <= max(grid.shape) <= 20000:
        raise JunocamError(f"a map of {grid.shape[0]} lines and {grid.shape[1]} samples is not made; change RES, LAT or LON")
    return grid


def seen_range(projectors: list[Projector]) -> tuple[list[float], list[float]]:
    """Latitudes and west longitudes that any picture sees in daylight, to 2 degrees."""
    lat, lon = np.meshgrid(np.arange(-89.0, 90, 2), np.arange(1.0, 360, 2), indexing="ij")
    point, normal = surface(lat, lon)
    seen = np.zeros(lat.shape, bool)
    for projector in projectors:
        sun, view = projector.angles(point, normal)
        seen |= (sun > 0.05) & (view > 0.15)
    rows, columns = np.flatnonzero(seen.any(1)), seen.any(0)
    if not len(rows):
        return [-90.0, 90.0], [0.0, 360.0]
    latitudes = [float(lat[rows[0], 0] - 1), float(lat[rows[-1], 0] + 1)]
    if columns.all():
        return latitudes, [0.0, 360.0]
    blank = np.flatnonzero(~columns)  # start behind the last blank longitude of a run
    start = next(int(b) + 1 for b in blank if columns[(b + 1) % 180])
    run = np.roll(columns, -start)
    last = int(np.flatnonzero(run)[-1])
    return latitudes, [start * 2.0 % 360, start * 2.0 % 360 + (last + 1) * 2.0]


def describe(label, navigation: dict, metas: list) -> None:
    """From which pictures the map is made and how well it is placed."""
    for key in ("PRODUCT_ID", "TITLE"):
        if len(metas) > 1 and label.has(key, property=PROPERTY):
            label.delete(key, property=PROPERTY)
    own = [navigation["pictures"][meta.product_id] for meta in metas]
    label.add("PRODUCTS", [meta.product_id for meta in metas], property=PLACED, format="STRING")
    label.add("SPIN_AXIS", [float(v) for v in navigation["axis"]], property=PLACED, format="DOUB")
    label.add("SPIN_RATE", float(navigation["spin"]), property=PLACED, format="DOUB")
    for key, item in (("LIMB_RESIDUAL_PIXELS", "residual_median_pixels"), ("LONGITUDE_SIGMA_DEGREES", "sigma_longitude_degrees")):
        if all(isinstance(p.get(item), float) for p in own):
            label.add(key, [p[item] for p in own], property=PLACED, format="DOUB")


def write(task, planes: dict[str, np.ndarray], filters: list[str], target: MapGrid, navigation: dict, metas: list) -> None:
    """The map as a REAL image with its MAP property."""
    bands = [*filters, "INCIDENCE", "EMISSION"]
    image = task.create("OUT", nl=target.shape[0], ns=target.shape[1], nb=len(bands), org="BSQ", format="REAL",
                        u_format="REAL")
    for key, value in label_items(target, metas[0].target).items():
        image.label.add(key, value, property="MAP", format="DOUB" if isinstance(value, float) else "STRING")
    image.label.add("BANDS", bands, property="MAP", format="STRING")
    describe(image.label, navigation, metas)
    image.label.add("SATURATED", task.string("SATURATED", "RESTORE").upper(), property=PLACED, format="STRING")
    for number, band in enumerate(bands, 1):
        weight = WEIGHTS.get(band, 1.0) if len(filters) > 1 else 1.0
        image.write_window(np.nan_to_num(planes[band]) * np.float32(weight), band=number)
    task.message(f"JNCMAP: {task.string('OUT')}: {target.shape[0]} lines, {target.shape[1]} samples, {target.projection}, "
                 f"bands {', '.join(bands)}")
