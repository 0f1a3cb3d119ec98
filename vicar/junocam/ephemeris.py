"""Jupiter's rotation and figure, the direction of the Sun, and the spacecraft's path, without kernels.

Sources: IAU pole and System III rotation; approximate planetary elements of JPL (1800-2050; the Sun's direction is good to
0.1 degree); the path is through the positions that the metadata of a perijove give.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.metadata import Metadata

EQUATOR, POLE = 71492.0, 66854.0  # km
TDB_MINUS_UTC = 69.184  # seconds, since 2017
EPOCH = datetime(2000, 1, 1, 12)
TURN = np.radians(870.536) / 86400  # System III, rad/s


def seconds(utc: datetime) -> float:
    """TDB seconds after J2000."""
    return (utc - EPOCH).total_seconds() + TDB_MINUS_UTC


def body_axes(time: float) -> np.ndarray:
    """Rows: Jupiter's body-fixed axes (System III) in J2000 coordinates at TDB seconds ``time``."""
    century, day = time / 86400 / 36525, time / 86400
    ra, dec = np.radians(268.056595 - 0.006499 * century), np.radians(64.495303 + 0.002413 * century)
    node = np.array([-np.sin(ra), np.cos(ra), 0.0])
    pole = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    angle = np.radians((284.95 + 870.536 * day) % 360)
    prime = np.cos(angle) * node + np.sin(angle) * np.cross(pole, node)
    return np.stack([prime, np.cross(pole, prime), pole])


def surface(latitude, longitude, altitude=0.0) -> tuple[np.ndarray, np.ndarray]:
    """Body-fixed positions (km) and normals (..., 3) for planetographic latitude and west longitude in degrees."""
    lat, lon = np.broadcast_arrays(np.radians(latitude), -np.radians(longitude))
    normal = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)
    scaled = normal * np.array([EQUATOR, EQUATOR, POLE]) ** 2
    foot = scaled / np.sqrt((normal * scaled).sum(-1))[..., None]
    return foot + np.asarray(altitude)[..., None] * normal, normal


def sun_direction(time: float) -> np.ndarray:
    """Unit vector from Jupiter to the Sun, J2000."""
    c = time / 86400 / 36525
    a, e = 5.202887 - 0.00011607 * c, 0.04838624 - 0.00013253 * c
    inc, mean = np.radians(1.30439695 - 0.00183714 * c), 34.39644051 + 3034.74612775 * c
    perihelion, node = 14.72847983 + 0.21252668 * c, np.radians(100.47390909 + 0.20469106 * c)
    anomaly = np.radians((mean - perihelion) % 360)
    eccentric = anomaly
    for _ in range(12):
        eccentric = anomaly + e * np.sin(eccentric)
    x, y = a * (np.cos(eccentric) - e), a * np.sqrt(1 - e * e) * np.sin(eccentric)
    w = np.radians(perihelion) - node
    u, v = x * np.cos(w) - y * np.sin(w), x * np.sin(w) + y * np.cos(w)
    ecliptic = np.array([u * np.cos(node) - v * np.cos(inc) * np.sin(node),
                         u * np.sin(node) + v * np.cos(inc) * np.cos(node), v * np.sin(inc)])
    tip = np.radians(23.43928)
    x, y, z = ecliptic
    toward = -np.array([x, y * np.cos(tip) - z * np.sin(tip), y * np.sin(tip) + z * np.cos(tip)])
    return toward / np.linalg.norm(toward)


def position(meta: Metadata) -> np.ndarray:
    """Spacecraft from Jupiter's centre at START_TIME, J2000, km. Raises `JunocamError`."""
    if not meta.has_position():
        raise JunocamError(f"{meta.product_id}: the metadata give no position of the spacecraft")
    place, _ = surface(meta.latitude, meta.longitude, meta.altitude)
    return place @ body_axes(seconds(meta.start))


def velocity(meta: Metadata, others: list[Metadata]) -> np.ndarray:
    """Velocity in km/s from the nearest positions before and after (within two hours); zero if there are none."""
    here, now = position(meta), seconds(meta.start)
    near = {round(seconds(o.start) - now): o for o in others if o.has_position()}
    near = {dt: o for dt, o in near.items() if 20 < abs(dt) < 7200}
    before, after = [dt for dt in near if dt < 0], [dt for dt in near if dt > 0]
    nearest = ([max(before)] if before else []) + ([min(after)] if after else [])
    chords = [(dt, (position(near[dt]) - here) / dt) for dt in nearest]
    pull = -1.26686534e8 * here / np.linalg.norm(here) ** 3  # Jupiter's gravity bends a chord
    speeds = [(dt, chord - pull * dt / 2) for dt, chord in chords]
    if not speeds:
        return np.zeros(3)
    weights = np.array([1.0 / abs(dt) for dt, _ in speeds])
    return sum(w * v for w, (_, v) in zip(weights, speeds)) / weights.sum()
