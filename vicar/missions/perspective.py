"""Pixels of object space and places on an oblate spheroid, in the precisions of the routines behind CONVEV.

A place becomes a pixel in single precision (but for sums with the matrix and the vector), a pixel a place in double precision.
Longitudes are east here, in degrees. Sources: ``vos/p2/sub/corcav``, ``vos/p2/sub/ippcov``, ``vos/p2/sub/convev``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vicar.missions.cameras import Camera
from vicar.numerics import libm

f32 = np.float32
RADIAN = f32(57.29577951)
PI_LATITUDE, PI_RESULT = f32(3.14159265), f32(3.141592654)
TWO_PI = f32(6.283185308)
NOWHERE = f32(-400)  # radians, for pixels beside the target


@dataclass(frozen=True)
class Perspective:
    """A camera and a target.

    om : float64 (3, 3), from target to camera axes; rs : float64 (3,), from the target's centre to the spacecraft, km.
    equatorial, flattening, polar : equatorial radius, that less the polar one, and the polar one, km, float32.
    """

    camera: Camera
    om: np.ndarray
    rs: np.ndarray
    equatorial: np.float32
    flattening: np.float32
    polar: np.float32

    @property
    def focal(self) -> np.float32:
        """Focal length in pixels."""
        return self.camera.focal * self.camera.scale


def pixel_of(view: Perspective, latitude: np.float32, longitude: np.float32) -> tuple[np.float32, np.float32] | None:
    """Line and sample of a place (CORCAV); None if it is on the far side."""
    cos_lat, sin_lat = libm.cos(latitude / RADIAN), libm.sin(latitude / RADIAN)
    cos_lon, sin_lon = libm.cos(longitude / RADIAN), libm.sin(longitude / RADIAN)
    radius = view.equatorial
    if latitude != 0 and abs(latitude) != 180:
        radius = _radius(view, latitude)
    rs = view.rs
    place = (f32(float(radius * cos_lat * cos_lon) - rs[0]), f32(float(radius * cos_lat * sin_lon) - rs[1]),
             f32(float(radius * sin_lat) - rs[2]))
    x, y, z = (f32(row[0] * float(place[0]) + row[1] * float(place[1]) + row[2] * float(place[2])) for row in view.om)
    away, limit = f32(0), f32(0)
    for part, base in zip(place, rs, strict=True):
        away = away + part * part
        limit = f32(float(limit) + base * base)
    if away > limit - radius * radius:
        return None
    return view.camera.line + view.focal * y / z, view.camera.sample + view.focal * x / z


def _radius(view: Perspective, latitude: np.float32) -> np.float32:
    """Distance of the surface from the centre."""
    equatorial, polar = view.equatorial, view.equatorial - view.flattening
    ratio = equatorial * equatorial / (polar * polar)
    cosine = libm.cos(latitude * PI_LATITUDE / f32(180))
    return equatorial / np.sqrt(ratio + (f32(1) - ratio) * (cosine * cosine))


def place_of(view: Perspective, line: np.float32, sample: np.float32) -> tuple[np.float32, np.float32, bool]:
    """Latitude, west longitude (360 less east) and whether the pixel is on the target (IPPCOV and CONVEV).

    The far side of the original's answer for other pixels is kept: -400 radians in degrees.
    """
    om, rs = view.om, view.rs
    x, y = float(sample - view.camera.sample), float(line - view.camera.line)
    ray = [om[0, n] * x + om[1, n] * y + om[2, n] * float(view.focal) for n in range(3)]
    stretch = float(view.equatorial) / float(view.polar)
    u, v = (ray[0], ray[1], stretch * ray[2]), (rs[0], rs[1], stretch * rs[2])
    a = u[0] * u[0] + u[1] * u[1] + u[2] * u[2]
    b = 2.0 * (u[0] * v[0] + u[1] * v[1] + u[2] * v[2])
    c = v[0] * v[0] + v[1] * v[1] + v[2] * v[2] - float(view.equatorial * view.equatorial)
    square = b * b - 4.0 * a * c
    hit = not square < 0
    latitude = east = NOWHERE
    if hit:
        d = (-b - math.sqrt(square)) / (2.0 * a)
        point = [d * part + base for part, base in zip(ray, rs, strict=True)]
        latitude = f32(libm.atan(np.float64(point[2] / math.sqrt(point[0] * point[0] + point[1] * point[1]))))
        east = np.fmod(f32(float(libm.atan2(np.float64(point[1]), np.float64(point[0]))) + float(TWO_PI)), TWO_PI)
    return latitude * f32(180) / PI_RESULT, f32(360) - east * f32(180) / PI_RESULT, hit
