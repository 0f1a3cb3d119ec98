"""AREAISO: auxiliary coordinates for equal-area polar maps of irregular small bodies. Source: ``vos/p2/prog/areaiso`` (C).

The map (radius and angle of each point of a grid of 5 degrees) grows from the pole: each parallel follows from the one
before by Newton's method, so that areas are kept and angles nearly.

accepted: a line of the model that is no point repeats the radius of the last in full; the original may take part of it.
"""

from __future__ import annotations

import numpy as np

from programs.carto import _isomodel as model
from programs.carto import _newton as newton
from vicar.numerics import libm
from vicar.numerics.cformat import sprintf

F = np.float32
PI = model.PI
H = 5.0 * PI / 180
POINTS, PARALLELS = 72, 36


def main(task):
    task.if_message("AREAISO version 2019-08-07")
    triaxial = task.doubles("TRIAXIAL")
    if len(triaxial) == 3:
        task.message(sprintf("Triaxial radii: %f %f %f", *triaxial)[:99])
    name = f"{task.string('PATH')}/{task.string('PLANET')}.model"
    task.message(name)
    try:
        radius = model.close_edges(model.read_radii((task.directory / name).read_text(encoding="latin-1")))
    except (OSError, EOFError):
        task.abend()
    if len(triaxial) == 3:
        radius = model.ellipsoid(triaxial)
    north = task.keyword("NORTH")
    task.message(f"{'North' if north else 'South'} projection only")
    try:
        maps = Projection(radius, north, task.if_message)
    except newton.NewtonError as error:
        task.abend(str(error))
    results = [
        task.create("OUT", n, nl=PARALLELS + 1, ns=POINTS + 1, nb=1, format="REAL", u_format="REAL") for n in range(1, 7)
    ]
    for result, values in zip(results, pictures(maps, north), strict=True):
        result.write_window(values)


class Projection:
    """Radius, angle, ratio of areas and error of angles of the points of each parallel, the pole first."""

    def __init__(self, radius: np.ndarray, north: bool, say):
        self.east = np.arange(POINTS) * H
        self.pole, self.sign = (PI / 2.0, -1.0) if north else (-PI / 2.0, 1.0)
        self.shape = radius
        grid = self.pole + self.sign * (np.arange(1, PARALLELS) * H)
        e, f, g, _ = self.forms(grid)
        for form in (e, f, g):
            form[:, -1] = form[:, 0]  # as in the original, the last meridian is taken for the first
        self.radius, self.angle = np.zeros((2, PARALLELS, POINTS))
        self.area, self.error = np.zeros((2, PARALLELS, POINTS))
        self.angle[0] = self.east
        zones = self.zones()
        self.radius[1], self.radius[2] = np.sqrt(zones[0]), np.sqrt(zones[0] + zones[1])
        self.angle[1:3] = self.east
        for row in range(1, PARALLELS):
            body = e[row - 1], f[row - 1], g[row - 1]
            if row > 2:
                self.solve(row, zones[row - 1], body, say)
            _, _, (e1, f1, g1) = self.differences(row, self.radius[row], self.angle[row])
            with np.errstate(all="ignore"):
                self.area[row] = np.sqrt(e1 * g1 - f1 * f1) / np.sqrt(body[0] * body[2] - body[1] * body[1])
                angle = libm.atan(f1 / np.sqrt(e1 * g1))
                self.error[row] = (angle - libm.atan(body[1] / np.sqrt(body[0] * body[2]))) * 180 / PI

    def forms(self, latitudes: np.ndarray):
        return model.fundamental_forms(self.shape, self.east, latitudes)

    def zones(self) -> np.ndarray:
        """Twice the area between two parallels, for each point."""
        quarters = np.arange(1, 5) * H / 5.0
        starts = [self.pole, self.pole + self.sign * (PI / 36.0)]
        starts += [self.pole + self.sign * (H * row) for row in range(2, PARALLELS - 1)]
        e, f, g, _ = self.forms(np.concatenate([start + self.sign * quarters for start in starts]))
        a = (2 * np.sqrt(e * g - f * f)).reshape(len(starts), 4, POINTS)
        weighted = 55.0 / 24.0 * a[:, 0] + 5.0 / 24.0 * a[:, 1] + 5.0 / 24.0 * a[:, 2] + 55 / 24.0 * a[:, 3]
        return H / 5.0 * weighted

    def differences(self, row: int, p: np.ndarray, o: np.ndarray):
        """Slopes of radius ``p`` and angle ``o`` along meridian and parallel, and the forms of the map."""
        p_lat, o_lat = (p - self.radius[row - 1]) / H, (o - self.angle[row - 1]) / H
        p_long, o_long = ((np.roll(v, -1) - np.roll(v, 1)) / H / 2 for v in (p, o))
        for end, halved in ((0, 2), (POINTS - 1, 2.0)):
            p_long[end] = (p[(end + 1) % POINTS] - p[end - 1]) / 2 / H
            turn = o[(end + 1) % POINTS] - o[end - 1]
            o_long[end] = (2.0 * PI + turn if turn < 0 else turn) / halved / H
        e = p_lat * p_lat + o_lat * o_lat * p * p
        f = p_lat * p_long + o_lat * o_long * p * p
        g = p_long * p_long + o_long * o_long * p * p
        return (p_lat, p_long), (o_lat, o_long), (e, f, g)

    def solve(self, row: int, zone: np.ndarray, body, say) -> None:
        """A parallel from the one before."""
        before = self.radius[row - 1]
        start = np.concatenate((np.sqrt(before * before + zone), self.angle[row - 1]))

        def values(x):
            _, _, (e, f, g) = self.differences(row, x[:POINTS], x[POINTS:])
            with np.errstate(all="ignore"):
                areas = e * g - f * f - body[0] * body[2] + body[1] * body[1]
                return np.concatenate((areas, f * np.sqrt(body[0] * body[2]) - body[1] * np.sqrt(e * g)))

        def slopes(x):
            return jacobian(x[:POINTS], *self.differences(row, x[:POINTS], x[POINTS:]), body)

        answer = newton.solve(values, slopes, start, say)
        self.radius[row], self.angle[row] = answer[:POINTS], answer[POINTS:]


def jacobian(p, p_slopes, o_slopes, forms, body) -> np.ndarray:
    """Derivatives of the equations with respect to radii and angles of each point and its neighbours."""
    (p_lat, p_long), (o_lat, o_long), (e, f, g) = p_slopes, o_slopes, forms
    be, bf, bg = body
    n = np.arange(POINTS)
    before, after = (n - 1) % POINTS, (n + 1) % POINTS
    with np.errstate(all="ignore"):
        root, ge, eg = np.sqrt(be * bg), np.sqrt(g / e), np.sqrt(e / g)
        a = np.zeros((2 * POINTS, 2 * POINTS))
        a[n, before] = -(p_long / H + 2 * p * o_long * o_long) * e + (p_lat / 2 / H + 2.0 * p * o_long * o_lat) * 2.0 * f
        a[n, n] = (2.0 * p_lat / H + 2.0 * p * o_lat * o_lat) * g - 2.0 * f * (p_long / H + 2.0 * p * o_lat * o_long)
        a[n, after] = (p_long / H + 2 * p * o_long * o_long) * e - (p_lat / 2 / H + 2.0 * p * o_long * o_lat) * 2.0 * f
        a[n, POINTS + before] = -p * p * e * o_lat / H + f * p * p * o_lat / H
        a[n, POINTS + n] = 2.0 * p * p * g * o_lat / H - 2.0 * f * p * p * o_long / H
        a[n, POINTS + after] = p * p * e * o_lat / H - f * p * p * o_lat / H
        m = n + POINTS
        a[m, n] = root * (p_long / H + 2.0 * p * o_lat * o_long) - ge * bf * (p_lat / H + p * o_lat * o_lat)
        across = p_lat / 2 / H + 2.0 * p * o_lat * o_long
        along = p_long / H + 2.0 * p * o_long * o_long
        a[m, before] = -root * across + eg * bf * along / 2.0
        a[m, after] = root * across - eg * bf * along / 2.0
        a[m, POINTS + before] = -root * p * p * o_lat / 2 / H + bf * eg * p * p * o_lat / 2 / H
        a[m, POINTS + n] = root * p * p * o_long / H - bf * ge * p * p * o_lat / H
        a[m, POINTS + after] = root * p * p * o_lat / 2 / H - bf * eg * p * p * o_lat / 2 / H
    return a


def pictures(maps: Projection, north: bool) -> list[np.ndarray]:
    """Latitude, longitude, area, angle, and the shifts of latitude and longitude; longitude 0 in the middle."""
    scale = F(0)
    for value in maps.radius[(PARALLELS + 1) // 2]:
        scale = F(scale + value)
    scale = F(90.0 * POINTS / float(scale))
    rows = np.arange(1, PARALLELS) if north else np.arange(PARALLELS - 1, 0, -1)
    latitude, longitude, area, angle = np.zeros((4, PARALLELS + 1, POINTS), F)
    latitude[0], latitude[-1] = 90, -90
    longitude[[0, -1]] = np.arange(POINTS) * 5.0
    area[[0, -1]] = 1
    radius = maps.radius[rows] * float(scale)
    latitude[1:-1] = 90.0 - radius if north else radius - 90.0
    longitude[1:-1] = maps.angle[rows] * 180.0 / PI
    area[1:-1] = maps.area[rows]
    angle[1:-1] = maps.error[rows] * 180 / PI
    half = POINTS // 2
    order = np.concatenate((np.arange(half, -1, -1), np.arange(POINTS - 1, half - 1, -1)))
    latitude, longitude, area, angle = (values[:, order] for values in (latitude, longitude, area, angle))
    grid_east = F(5) * order.astype(F)
    grid_north = (90.0 - np.arange(PARALLELS + 1) * 5.0).astype(F)[:, None]
    latitude = (latitude - 2.0 * (latitude - grid_north).astype(float)).astype(F)
    longitude = (longitude - 2.0 * (longitude - grid_east).astype(float)).astype(F)
    latitude = np.clip(latitude, F(-90), F(90))
    longitude = np.where(longitude > 360, (longitude - 360.0).astype(F), longitude)
    longitude = np.where(longitude < 0, (longitude + 360.0).astype(F), longitude)
    shift = longitude - grid_east
    shift = np.where(shift < -180, (shift + 360.0).astype(F), shift)
    shift = np.where(shift > 180, (shift - 360.0).astype(F), shift)
    return [latitude, longitude, area, angle, latitude - grid_north, shift]
