"""How a picture is turned about the line of sight, from its shading.

Seen from above a pole the limb is a circle and says nothing about that turn, so nothing about longitudes. But at each
latitude the clouds are nearly the same all around, so the light must fall off evenly to both sides of noon. The turn is the one
for which brightness is best explained by the height of the Sun and a free albedo for each latitude.
"""

from __future__ import annotations

import numpy as np

from vicar.junocam.attitude import FLATTEN, State, View, frame_of, sun_across, turned
from vicar.junocam.camera import basis, spin_vector
from vicar.junocam.ephemeris import EQUATOR, POLE, body_axes, seconds, sun_direction
from vicar.junocam.spin import Grid

STEP = 8  # lines and samples from pixel to pixel
WIDTH = 2.0  # degrees of latitude with one albedo
POWERS = np.arange(0.7, 1.41, 0.1)  # of the cosine of incidence (Minnaert)
RANGE = 45.0  # degrees searched to either side
UNEXPLAINED = 8.0  # degrees of uncertainty for each part of the brightness that clouds which are not the same all around make
FEWEST, MOST = 300, 5000  # pixels


def lit_pixels(channel: np.ndarray, grid: Grid, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Camera directions, times and values of lit pixels of an assembled channel."""
    line, sample = (v.ravel() for v in np.mgrid[STEP // 2 : channel.shape[0] : STEP, STEP // 2 : channel.shape[1] : STEP])
    value = np.nan_to_num(channel[line, sample])
    keep = value > 0.03 * np.percentile(value, 99.5)
    line, sample, value = (v[keep][:: max(1, int(keep.sum()) // MOST)] for v in (line, sample, value))
    times = grid.time_of(line, name)
    return spin_vector(grid.psi(line) - grid.spin * times, grid.beta(sample)) @ basis(grid.tilt), times, value


def measure(view: View, state: State, number: int) -> tuple[np.ndarray, float] | None:
    """The vector (spin frame at frame 0) that shading puts towards the Sun, with its standard deviation in radians; None if it
    does not say. ``state`` must have the disc in the right place."""
    if view.shaded is None:
        return None
    camera, times, value = view.shaded
    look = turned(camera @ basis(state.tilt).T, state.spin * times + state.phases[number]) @ frame_of(state.axis)
    down = -view.path[0] / np.linalg.norm(view.path[0])
    places = view.path[0] + times[:, None] * view.path[1]
    coarse = np.radians(np.arange(-RANGE, RANGE + 1, 3.0))
    costs = np.array([misfits(view, about(look, down, t), places, value) for t in coarse])  # (turns, powers)
    if not np.isfinite(costs).all():
        return None
    power = int(np.clip(costs.min(0).argmin(), 1, len(POWERS) - 2))
    best = coarse[costs[:, power].argmin()]
    fine = best + np.radians(np.arange(-8, 8.1, 0.5))
    costs = np.array([misfits(view, about(look, down, t), places, value) for t in fine])
    near = [lowest(fine, costs[:, p]) for p in (power - 1, power, power + 1)]
    if None in near or abs(best) > np.radians(RANGE - 4):
        return None
    # what clouds may do, and what another law of the shading would say
    sigma = max(np.radians(UNEXPLAINED) * float(np.sqrt(costs.min())), 2 * abs(near[2] - near[0]))
    # a picture that must be turned by t about the line of sight has the Sun at -t
    sun = about(sun_across(view, down)[None], down, -near[1])[0]
    return turned((sun @ frame_of(state.axis).T)[None], -state.phases[number])[0], sigma


def about(vectors: np.ndarray, axis: np.ndarray, angle: float) -> np.ndarray:
    """Vectors (n, 3) turned about a unit vector."""
    c, s = np.cos(angle), np.sin(angle)
    return vectors * c + np.cross(axis, vectors) * s + np.outer(vectors @ axis, axis) * (1 - c)


def lowest(angles: np.ndarray, costs: np.ndarray) -> float | None:
    """The angle of the least cost, by a parabola; None at the ends."""
    k = int(costs.argmin())
    if not 0 < k < len(costs) - 1:
        return None
    bend = costs[k - 1] - 2 * costs[k] + costs[k + 1]
    return float(angles[k] + 0.5 * (costs[k - 1] - costs[k + 1]) / bend * (angles[1] - angles[0]))


def misfits(view: View, look: np.ndarray, places: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Share of the brightness (squared) that latitude and light leave unexplained, for each of `POWERS`."""
    axes = body_axes(seconds(view.meta.start))
    d, p = (look @ axes.T) * FLATTEN, (places @ axes.T) * FLATTEN
    a, b, c = (d * d).sum(1), (d * p).sum(1), (p * p).sum(1) - EQUATOR**2
    root = b * b - a * c
    point = (p + ((-b - np.sqrt(np.maximum(root, 0))) / a)[:, None] * d) / FLATTEN
    normal = point / np.array([EQUATOR, EQUATOR, POLE]) ** 2
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    sun = normal @ (axes @ sun_direction(seconds(view.meta.start)))
    rise = -(normal * (look @ axes.T)).sum(1)
    good = (root > 0) & (sun > 0.1) & (rise > 0.25)
    if good.sum() < FEWEST:
        return np.full(len(POWERS), np.nan)
    belt = ((np.degrees(np.arcsin(normal[good, 2])) + 90) / WIDTH).astype(int)
    light, found = value[good], []
    for power in POWERS:
        model = sun[good] ** power * rise[good] ** (power - 1)
        albedo = np.bincount(belt, light * model) / np.maximum(np.bincount(belt, model * model), 1e-12)
        found.append(((light - albedo[belt] * model) ** 2).sum() / (light**2).sum())
    return np.array(found)
