"""Where a camera looks on an ellipsoid, and from where. Double precision.

Sources: ``vos/p2/sub/ellipse_proj`` (ellipse_inv, ellipse_proj, ellipse_radius), ``vos/p1/sub/momati``, ``vos/p2/prog/photfunc``
(light_angles), ``vos/p2/sub/fomclv`` and ``fomcav``, SPICELIB (unorm, latrec, reclat).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.voyager._photometry import Angles
from vicar.missions.cameras import Camera
from vicar.numerics import libm
from vicar.numerics.shfti import least_squares

f32 = np.float32
DEGREES = float(f32(57.29578))
MISSING = -999.0


@dataclass
class View:
    """A camera and a target.

    om : float64 (3, 3), from target to camera axes; rs : float64 (3,), from the target's centre to the spacecraft, km.
    radii : three, km.
    """

    camera: Camera
    om: np.ndarray
    rs: np.ndarray
    radii: tuple[float, float, float]

    def surface(self, line, sample) -> tuple[np.ndarray, np.ndarray]:
        """Points of the surface at places of object space: float64 (3, n), and whether they are on the target."""
        camera, rs, (ra, rb, rc) = self.camera, self.rs, self.radii
        x, y = sample - float(camera.sample), line - float(camera.line)
        z = float(camera.focal * camera.scale)
        om = self.om
        ray = [om[0, n] * x + om[1, n] * y + om[2, n] * z for n in range(3)]
        x0, y0, z0 = ray[0] / ra, ray[1] / rb, ray[2] / rc
        x1, y1, z1 = rs[0] / ra, rs[1] / rb, rs[2] / rc
        a = x0 * x0 + y0 * y0 + z0 * z0
        b = x0 * x1 + y0 * y1 + z0 * z1
        c = x1 * x1 + y1 * y1 + z1 * z1 - 1.0
        d = b * b - a * c
        with np.errstate(invalid="ignore"):
            s = (-b - np.sqrt(d)) / a
        return np.stack([s * ray[n] + rs[n] for n in range(3)]), ~(d < 0)

    def project(self, point) -> tuple[float, float] | None:
        """Object-space line and sample of a surface point; None if it is on the far side."""
        ra, rb, rc = self.radii
        xc, yc, zc = (point[n] - self.rs[n] for n in range(3))
        if xc * (point[0] / ra) + yc * (point[1] / rb) + zc * (point[2] / rc) > 0:
            return None
        om = self.om
        x, y, z = (om[n, 0] * xc + om[n, 1] * yc + om[n, 2] * zc for n in range(3))
        s = float(self.camera.focal * self.camera.scale) / z
        return s * y + float(self.camera.line), s * x + float(self.camera.sample)


def radius_at(latitude: float, longitude: float, radii, meridian: float) -> float:
    """Distance of the surface from the centre, km."""
    degree = 3.141592653589793 / 180.0
    lat, lon = latitude * degree, (longitude - meridian) * degree
    clat, slat, clon, slon = libm.cos(lat), libm.sin(lat), libm.cos(lon), libm.sin(lon)
    ra, rb, rc = radii
    return 1.0 / np.sqrt((clat * clon / ra) ** 2 + (clat * slon / rb) ** 2 + (slat / rc) ** 2)


def rectangular(radius: float, longitude: float, latitude: float) -> np.ndarray:
    """Point of a radius, longitude and latitude in radians."""
    x = radius * libm.cos(longitude) * libm.cos(latitude)
    y = radius * libm.sin(longitude) * libm.cos(latitude)
    return np.array([x, y, radius * libm.sin(latitude)])


def latitudinal(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of points (3, n), radians."""
    largest = np.abs(points).max(axis=0)
    x, y, z = points / largest
    longitude = np.where((x == 0) & (y == 0), 0.0, libm.atan2(y, x))
    return longitude, libm.atan2(z, np.sqrt(x * x + y * y))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (3, n) of length 1; the length is computed of the vector divided by its largest part."""
    largest = np.abs(vectors).max(axis=0)
    with np.errstate(all="ignore"):
        a, b, c = vectors / largest
        length = largest * np.sqrt(a * a + b * b + c * c)
        return np.where(length > 0, vectors / length, 0.0)


def light(points: np.ndarray, view: View, sun: np.ndarray) -> Angles:
    """Angles at surface points (3, n); ``sun`` is the direction of the sun."""
    ra, rb, rc = view.radii
    normal = unit(points * np.array([1.0, (ra / rb) ** 2, (ra / rc) ** 2])[:, None])
    back = unit(view.rs[:, None] - points)

    def cosine(a, b):
        return np.clip(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], -1.0, 1.0)

    def cosine_single(a, b):
        return np.clip((a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).astype(f32), f32(-1), f32(1))

    phase = cosine(sun, back)
    with np.errstate(all="ignore"):
        tangent = np.where(np.abs(phase) > 0.000000001, np.sqrt(1.0 - phase**2) / phase, 1000.0)
    return Angles(cosine_single(normal, sun), cosine_single(normal, back), phase.astype(f32), tangent.astype(f32))


def pointing(camera: Camera, point, latitude: float, longitude: float, north: float, distance: float):
    """Matrix and vector of a view by the place of the subspacecraft point (line, sample) and the north angle (MOMATI).

    Angles in degrees, distance in km; without a north angle (-999) the view is that of a spacecraft over the pole's meridian.
    """
    degree = 3.141592653589 / 180.0
    cla, sla = libm.cos(latitude * degree), libm.sin(latitude * degree)
    clon, slon = libm.cos(longitude * degree), libm.sin(longitude * degree)
    x, y = point[1] - float(camera.sample), point[0] - float(camera.line)
    z = float(camera.focal) * float(camera.scale)
    d, d1 = np.sqrt(x * x + y * y + z * z), np.sqrt(x * x + y * y)
    cna, sna, cra, crb, srb = 1.0, 0.0, 0.0, 1.0, 0.0
    sra = -1.0 if latitude < 0 else 1.0
    turn = tilt = False
    if abs(latitude) == 90.0 and d1 != 0:
        clon, slon, turn = -clon, -slon, True
        cna, sna = (y / d1, -x / d1) if latitude > 0 else (-y / d1, x / d1)
    elif abs(latitude) != 90.0 and north != MISSING:
        cna, sna, turn, tilt = libm.cos(north * degree), libm.sin(north * degree), True, True
    elif d1 == 0:
        cla, sla = 0.0, -1.0
        if latitude >= 0:
            sla, clon, slon = 1.0, -clon, -slon
    else:
        cna, sna = (y / d1, -x / d1) if latitude < 0 else (-y / d1, x / d1)
        cla, sla = abs((-x * sna + y * cna) / d), (-z / d if latitude < 0 else z / d)
    if turn:
        cx, cy, cz = (x * cna + y * sna) / d, (-x * sna + y * cna) / d, z / d
        d = cy * cy + cz * cz
        g = np.sqrt(max(d - sla * sla, 0.0))
        cra, sra = (cy * sla + cz * g) / d, (cz * sla - cy * g) / d
        if tilt:
            cz = cz * cra - cy * sra
            d = np.sqrt(cx * cx + cz * cz)
            crb, srb = cz / d, cx / d
    a = np.array([[cna, -sna, 0.0], [sna, cna, 0.0], [0.0, 0.0, 1.0]])
    a[:, 1], a[:, 2] = cra * a[:, 1] + sra * a[:, 2], -sra * a[:, 1] + cra * a[:, 2]
    a[:, 0], a[:, 2] = crb * a[:, 0] - srb * a[:, 2], srb * a[:, 0] + crb * a[:, 2]
    a = np.stack([-a[:, 2], a[:, 0], -a[:, 1]], axis=1)
    a[:, 0], a[:, 1] = clon * a[:, 0] + slon * a[:, 1], -slon * a[:, 0] + clon * a[:, 1]
    return a, np.array([distance * cla * clon, -distance * cla * slon, distance * sla])


class BadTiepoints(ValueError):
    """Tiepoints that fix no view; ``number`` is the original's indicator, ``determinant`` what it had printed (or None)."""

    def __init__(self, number: int, determinant: float | None = None):
        self.number, self.determinant = number, determinant
        super().__init__(f"the tiepoints fix no view ({number})")


def pointing_by_tiepoints(camera: Camera, points: np.ndarray, place, radii):
    """Matrix, vector and determinant of a view by places of the target in object space (FOMCLV).

    points : float32 (n, 4), line, sample, latitude, longitude; place : latitude, longitude, distance of the spacecraft (float32);
    radii : long equatorial and polar. Raises `BadTiepoints`.
    """
    if len(points) < 3:
        raise BadTiepoints(1)
    degrees = 180.0 / 3.141592653589793
    latitude, longitude, distance = (float(value) for value in place)
    cps, sps = libm.cos(latitude / degrees), libm.sin(latitude / degrees)
    cls, sls = libm.cos(longitude / degrees), -libm.sin(longitude / degrees)
    rs = np.array([distance * cps * cls, distance * cps * sls, distance * sps])
    focal = camera.focal * camera.scale
    line, sample = points[:, 0], points[:, 1]
    lat, lon = points[:, 2].astype(float), points[:, 3].astype(float)
    radius = _geodetic_radius(lat, float(radii[0]), float(f32(radii[0]) - f32(radii[1])))
    cpj, spj = libm.cos(lat / degrees), libm.sin(lat / degrees)
    clj, slj = libm.cos(lon / degrees), -libm.sin(lon / degrees)
    planet = np.stack([radius * cpj * clj - rs[0], radius * cpj * slj - rs[1], radius * spj - rs[2]])
    ranges = np.sqrt(planet[0] ** 2 + planet[1] ** 2 + planet[2] ** 2).astype(f32)
    down, across = line.astype(float) - float(camera.line), sample.astype(float) - float(camera.sample)
    factor = ranges / np.sqrt(down**2 + across**2 + float(focal) * float(focal))
    seen = np.stack([(sample - camera.sample) * factor, (line - camera.line) * factor, focal * factor])
    solutions, rank = least_squares(planet, seen, 1.0e-15, np.float64)
    if rank < 3:
        raise BadTiepoints(1)
    omt = np.stack(solutions, axis=1)
    determinant = (
        omt[0, 0] * (omt[1, 1] * omt[2, 2] - omt[1, 2] * omt[2, 1])
        - omt[0, 1] * (omt[1, 0] * omt[2, 2] - omt[1, 2] * omt[2, 0])
        + omt[0, 2] * (omt[1, 0] * omt[2, 1] - omt[1, 1] * omt[2, 0])
    )
    if not 0.01 < determinant < 10.0:
        raise BadTiepoints(3, determinant)
    return omt.T * (1.0 / libm.pow(determinant, float(f32(1) / f32(3)))), rs, determinant


def _geodetic_radius(latitude, equatorial: float, flattening: float):
    ratio = equatorial * equatorial / (equatorial - flattening) ** 2
    return equatorial / np.sqrt(ratio + (1.0 - ratio) * libm.cos(latitude * 3.141592653589793 / 180.0) ** 2)
