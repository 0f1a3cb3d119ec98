"""A made-up JunoCam picture from a known map, camera, spin and path, with noise, hot pixels and jitter.

Every pixel of every framelet is traced to the ellipsoid on its own; nothing of the assembly or of the mapping is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vicar.junocam.attitude import frame_of
from vicar.junocam.camera import LIGHT, ROWS, SAMPLES, direction_of, spin_vector
from vicar.junocam.companding import compress
from vicar.junocam.ephemeris import EQUATOR, POLE, TURN, body_axes, position, seconds, sun_direction
from vicar.junocam.metadata import Metadata


@dataclass(frozen=True)
class Body:
    """A planet: radii in km, its turning in rad/s, body-fixed axes (rows, J2000) at the middle of frame 0."""

    equator: float
    pole: float
    turn: float
    axes: np.ndarray

    @property
    def flatten(self) -> np.ndarray:
        return np.array([1.0, 1.0, self.equator / self.pole])


def jupiter(meta: Metadata) -> Body:
    return Body(EQUATOR, POLE, TURN, body_axes(seconds(meta.start) + float(meta.frame_time(0))))


def clouds(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Brightness 0 to 1 of a planet of waves: bands and eddies of a few degrees, latitude and west longitude in degrees."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    bands = 0.1 * np.sin(18 * lat) + 0.05 * np.sin(41 * lat + 1)
    eddies = sum(0.05 * np.sin(k * lon + m * lat + p) for k, m, p in
                 ((37, 29, 0.3), (-53, 61, 1.9), (71, -47, 4.0), (91, 83, 2.2), (-113, 97, 5.1)))
    return 0.6 + bands + eddies * np.cos(lat)


def picture(meta: Metadata, axis: np.ndarray, spin: float, phase: float, velocity: np.ndarray,
            scene: Callable = clouds, brightness: float = 700.0, noise: float = 1.0, hot: int = 0,
            jitter: float = 0.0, seed: int = 1, body: Body | None = None, start: np.ndarray | None = None,
            sun: np.ndarray | None = None) -> np.ndarray:
    """Raw codes (lines, 1648). ``noise`` in 12-bit values beside shot noise, ``hot`` fixed hot pixels a strip, ``jitter`` of
    the frame times in seconds (standard deviation). ``body``, ``start`` (km at frame 0) and ``sun`` (direction), both J2000:
    instead of Jupiter, where the metadata place the spacecraft."""
    rng = np.random.default_rng(seed)
    raw = np.zeros((meta.frames, len(meta.filters), ROWS, SAMPLES), np.uint8)
    x, y = np.meshgrid(np.arange(LIGHT.start, LIGHT.stop), np.arange(ROWS))
    begin = float(meta.frame_time(0))
    body = jupiter(meta) if body is None else body
    start = position(meta) + velocity * begin if start is None else start
    axes, frame = body.axes, frame_of(axis)
    sun = (sun_direction(seconds(meta.start)) if sun is None else sun) @ axes.T
    for strip, name in enumerate(meta.filters):
        looks = spin_vector(*direction_of(x, y, name))
        spots = rng.integers(0, (ROWS, LIGHT.stop - LIGHT.start), (hot, 2))
        for k in range(meta.frames):
            time = k * meta.period
            angle = spin * (time + jitter * rng.normal()) + phase
            c, s = np.cos(angle), np.sin(angle)
            turned = looks @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])
            light = traced(turned @ frame @ axes.T, (start + time * velocity) @ axes.T, body, body.turn * time, sun, scene)
            values = brightness * light
            values = values + rng.normal(0, 1, values.shape) * np.sqrt(noise**2 + values / 16.3) * (noise > 0)
            values[spots[:, 0], spots[:, 1]] += 400
            raw[k, strip, :, LIGHT] = compress(np.clip(values, 0, 2879), meta.bit_mode)
    return raw.reshape(-1, SAMPLES)


def traced(look: np.ndarray, place: np.ndarray, body: Body, turn: float, sun: np.ndarray, scene: Callable) -> np.ndarray:
    """Light from body-fixed directions (axes of the start) seen from a place: scene times cosine of incidence."""
    d, p = look * body.flatten, place * body.flatten
    a, b, c = (d * d).sum(-1), d @ p, p @ p - body.equator**2
    root = b * b - a * c
    far = (-b - np.sqrt(np.maximum(root, 0))) / a
    hit = (root > 0) & (far > 0)
    point = place + far[..., None] * look
    normal = point / np.array([body.equator, body.equator, body.pole]) ** 2
    normal /= np.linalg.norm(normal, axis=-1)[..., None]
    latitude = np.degrees(np.arcsin(normal[..., 2]))
    longitude = -np.degrees(np.arctan2(normal[..., 1], normal[..., 0]) - turn) % 360
    return np.where(hit, scene(latitude, longitude) * np.clip(normal @ sun, 0, 1), 0.0)
