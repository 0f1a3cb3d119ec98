"""Maps of Jupiter in planetographic latitude and west longitude of System III, and the light that falls on them.

Each channel is looked up at the time it saw the place, with the spacecraft and the planet where they were then: channels need
no further registration. Projections: simple cylindrical, and polar azimuthal equidistant in planetographic latitude.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.junocam.attitude import frame_of
from vicar.junocam.camera import PIXEL, centre_angle, spin_angles
from vicar.junocam.cleaning import box_mean
from vicar.junocam.ephemeris import EQUATOR, POLE, TURN, body_axes, position, seconds, sun_direction, surface
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import Cubic, Grid

BLOCK = 200  # lines of a map at a time
FADE = 16  # map pixels over which a picture fades into its neighbours


@dataclass(frozen=True)
class MapGrid:
    """Extent and scale. CYLINDRICAL: latitudes and west longitudes in degrees, north up, west longitude grows to the left."""

    projection: str  # CYLINDRICAL, NORTH or SOUTH
    resolution: float  # pixels a degree
    south: float
    north: float
    east: float  # smaller west longitude
    west: float

    @property
    def shape(self) -> tuple[int, int]:
        if self.projection == "CYLINDRICAL":
            return round((self.north - self.south) * self.resolution), round((self.west - self.east) * self.resolution)
        half = round((90 - self.south if self.projection == "NORTH" else self.north + 90) * self.resolution)
        return 2 * half, 2 * half

    def places(self, first: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Latitude and west longitude (degrees) of pixel middles of ``count`` lines from ``first``."""
        nl, ns = self.shape
        line, sample = np.meshgrid(np.arange(first, first + count) + 0.5, np.arange(ns) + 0.5, indexing="ij")
        if self.projection == "CYLINDRICAL":
            return self.north - line / self.resolution, self.west - sample / self.resolution
        up, right = nl / 2 - line, sample - ns / 2
        far = np.hypot(up, right) / self.resolution
        if self.projection == "NORTH":  # east longitude counter-clockwise, 0 to the right
            return 90 - far, (-np.degrees(np.arctan2(up, right))) % 360
        return far - 90, np.degrees(np.arctan2(up, right)) % 360


@dataclass
class Attitude:
    """Where one picture looked: spin axis (J2000), rate, tilt, phase, and position and velocity (km, km/s) at frame 0."""

    axis: np.ndarray
    spin: float
    tilt: float
    phase: float
    velocity: np.ndarray
    place: np.ndarray | None = None  # from kernels; otherwise that of the metadata


class Projector:
    """From places on Jupiter to lines and samples of an assembled picture."""

    def __init__(self, meta: Metadata, attitude: Attitude, grid: Grid):
        self.grid, self.attitude, self.frames = grid, attitude, meta.frames
        begin = float(meta.frame_time(0))
        self.axes = body_axes(seconds(meta.start) + begin)
        self.place = position(meta) + attitude.velocity * begin if attitude.place is None else attitude.place
        self.sun = sun_direction(seconds(meta.start))
        self.middle = (meta.frames - 1) * meta.period / 2

    def look(self, point: np.ndarray, time) -> np.ndarray:
        """From the spacecraft to body-fixed points (..., 3) at seconds after frame 0, J2000."""
        angle = np.asarray(TURN * time)[..., None]
        east = np.stack([-point[..., 1], point[..., 0], np.zeros(point.shape[:-1])], -1)
        moved = point + angle * east
        return moved @ self.axes - self.place - np.asarray(time)[..., None] * self.attitude.velocity

    def find(self, point: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Line and sample at which filter ``name`` sees points."""
        time = np.full(point.shape[:-1], self.middle)
        frame = frame_of(self.attitude.axis)
        theta, step = centre_angle(name), self.grid.spin * self.grid.period
        centre = self.grid.psi(self.grid.nl / 2)
        for turn in range(3):
            psi, beta = spin_angles(self.look(point, time) @ frame.T)
            psi = psi - self.attitude.phase
            psi = centre + (psi - centre + np.pi) % (2 * np.pi) - np.pi
            if turn < 2:
                number = np.clip((psi - theta) / step, -1, self.frames)
                time = (np.rint(number) if turn else number) * self.grid.period
        return self.grid.line_of(psi), self.grid.sample_of(beta)

    def angles(self, point: np.ndarray, normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cosines of incidence and emission at the middle of the picture."""
        back = -self.look(point, np.full(point.shape[:-1], self.middle))
        outward = normal @ self.axes
        return outward @ self.sun, (outward * back).sum(-1) / np.linalg.norm(back, axis=-1)


def project(channels: dict[str, np.ndarray], projector: Projector, target: MapGrid, photometry: str = "NONE",
            least: float = 0.1, progress=lambda done, total: None) -> dict[str, np.ndarray]:
    """Map of each channel (NaN = not seen), and INCIDENCE and EMISSION in degrees (NaN beyond the horizon), float32.

    ``photometry``: NONE, LAMBERT (over cos i) or MINNAERT (k = 1.05). ``least``: smallest cosine of emission, and of
    incidence when normalising, that is shown.
    """
    nl, ns = target.shape
    maps = {name: np.full((nl, ns), np.nan, np.float32) for name in (*channels, "INCIDENCE", "EMISSION")}
    for first in range(0, nl, BLOCK):
        count = min(BLOCK, nl - first)
        rows = slice(first, first + count)
        latitude, longitude = target.places(first, count)
        point, normal = surface(np.clip(latitude, -90, 90), longitude)
        sun, view = projector.angles(point, normal)
        seen = (view > least) & (np.abs(latitude) <= 90)
        maps["INCIDENCE"][rows] = np.where(view > 0, np.degrees(np.arccos(np.clip(sun, -1, 1))), np.nan)
        maps["EMISSION"][rows] = np.where(view > 0, np.degrees(np.arccos(np.clip(view, -1, 1))), np.nan)
        if seen.any():
            factor = normaliser(sun[seen], view[seen], photometry, least)
            for name, channel in channels.items():
                line, sample = projector.find(point[seen], name)
                maps[name][rows][seen] = lookup(channel, line, sample) * factor
        progress(first + count, nl)
    return maps


def normaliser(sun: np.ndarray, view: np.ndarray, photometry: str, least: float) -> np.ndarray:
    """Factor to vertical light; NaN where the light is too low."""
    if photometry == "NONE":
        return np.ones_like(sun)
    lit = np.where(sun > least, sun, np.nan)
    return 1 / lit if photometry == "LAMBERT" else 1 / (lit**1.05 * np.maximum(view, least) ** 0.05)


def lookup(channel: np.ndarray, line: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Cubic interpolation at scattered places, NaN outside."""
    inside = (line >= 1) & (line <= channel.shape[0] - 2) & (sample >= 1) & (sample <= channel.shape[1] - 2)
    values = Cubic(np.where(inside, sample, 1).astype(np.float32)[None], np.where(inside, line, 1).astype(np.float32)[None],
                   channel.shape)(channel)[0]
    return np.where(inside, values, np.nan)


def mosaic(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Maps on one grid together: means weighted by the squared cosine of emission, fading to the edges of each picture; angles of
    the best seen."""
    names = list(dict.fromkeys(n for part in parts for n in part if n not in ("INCIDENCE", "EMISSION")))
    result = {}
    for name in names:
        total, weights = np.zeros(parts[0]["EMISSION"].shape), np.zeros(parts[0]["EMISSION"].shape)
        for part in parts:
            if name in part:
                seen = np.isfinite(part[name])
                weight = np.where(seen, np.cos(np.radians(part["EMISSION"])) ** 2, 0.0) * inner(seen)
                total += np.where(seen, part[name], 0) * weight
                weights += weight
        with np.errstate(invalid="ignore", divide="ignore"):
            result[name] = np.where(weights > 0, total / weights, np.nan).astype(np.float32)
    emission = np.stack([np.nan_to_num(p["EMISSION"], nan=180) for p in parts])
    best = emission.argmin(0)[None]
    for name in ("INCIDENCE", "EMISSION"):
        result[name] = np.take_along_axis(np.stack([p[name] for p in parts]), best, 0)[0]
    return result


def inner(seen: np.ndarray) -> np.ndarray:
    """1 well inside what is seen, falling to a thousandth at its edges."""
    share = box_mean(seen, 2 * FADE + 1, 2 * FADE + 1)
    return np.where(seen, np.clip(2 * share - 1, 1e-3, 1), 0)


def label_items(target: MapGrid, name: str) -> dict:
    """Items of the MAP property."""
    nl, ns = target.shape
    items = {
        "TARGET_NAME": name, "A_AXIS_RADIUS": EQUATOR, "B_AXIS_RADIUS": EQUATOR, "C_AXIS_RADIUS": POLE,
        "COORDINATE_SYSTEM_NAME": "PLANETOGRAPHIC", "POSITIVE_LONGITUDE_DIRECTION": "WEST",
        "MAP_RESOLUTION": float(target.resolution), "MAP_SCALE": float(np.radians(1) * EQUATOR / target.resolution),
    }
    if target.projection == "CYLINDRICAL":
        return items | {
            "MAP_PROJECTION_TYPE": "SIMPLE_CYLINDRICAL", "CENTER_LATITUDE": 0.0, "CENTER_LONGITUDE": float(target.west),
            "LINE_PROJECTION_OFFSET": float(target.north * target.resolution + 0.5), "SAMPLE_PROJECTION_OFFSET": 0.5,
            "MINIMUM_LATITUDE": float(target.south), "MAXIMUM_LATITUDE": float(target.north),
            "EASTERNMOST_LONGITUDE": float(target.east), "WESTERNMOST_LONGITUDE": float(target.west),
        }
    return items | {
        "MAP_PROJECTION_TYPE": "POLAR_AZIMUTHAL_EQUIDISTANT", "CENTER_LATITUDE": 90.0 if target.projection == "NORTH" else -90.0,
        "CENTER_LONGITUDE": 0.0, "LINE_PROJECTION_OFFSET": nl / 2 + 0.5, "SAMPLE_PROJECTION_OFFSET": ns / 2 + 0.5,
    }


def scale_hint(meta: Metadata) -> float:
    """Pixels a degree of latitude that the picture resolves below the spacecraft, at most 25."""
    return float(np.clip(np.radians(1) * EQUATOR / ((meta.altitude or 1e5) * PIXEL), 2, 25))
