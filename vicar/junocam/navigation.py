"""Where the camera looked: spin axis, spin rate and a phase for each picture, from the limb of Jupiter.

Nothing is assumed about the axis: each picture alone gives a first attitude (the lit limb says where the disc is, the Sun
how it is turned about the line of sight); all pictures of a perijove then share one axis and rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.camera import PIXEL, basis, spin_vector
from vicar.junocam.ephemeris import EQUATOR, POLE, position, seconds, sun_direction, velocity
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import Grid

FLATTEN = np.array([1.0, 1.0, EQUATOR / POLE])
FEWEST = 25  # limb points a picture must have
OUTLIER = 3.0  # pixels from the limb at which an edge is something else


@dataclass
class View:
    """One picture's limb: directions in the camera frame, times after the middle of frame 0, and the path."""

    meta: Metadata
    camera: np.ndarray  # (n, 3)
    times: np.ndarray  # (n,)
    lit: np.ndarray  # (3,) camera-cylinder direction of the lit middle, spin frame at frame 0
    path: tuple[np.ndarray, np.ndarray]  # position (km) and velocity (km/s) at frame 0, J2000


@dataclass
class Navigation:
    """Result. ``axis`` J2000 unit vector; ``phases`` radians by product; standard deviations from the residuals."""

    axis: np.ndarray
    spin: float
    tilt: float
    phases: dict[str, float]
    residuals: dict[str, tuple[float, float, int]] = field(default_factory=dict)  # median, 90th percentile (pixels), points
    sigma_axis: float = float("nan")  # degrees
    sigma_spin: float = float("nan")
    sigma_phase: dict[str, float] = field(default_factory=dict)  # pixels


def view_of(channel: np.ndarray, grid: Grid, name: str, meta: Metadata, others: list[Metadata]) -> View:
    """Find the limb in an assembled channel. Raises `JunocamError` if there is too little of it."""
    line, sample, lit = limb_points(channel)
    if len(line) < FEWEST:
        raise JunocamError(f"{meta.product_id}: only {len(line)} points of the limb were found; {FEWEST} are needed")
    times = grid.time_of(line, name)
    camera = spin_vector(grid.psi(line) - grid.spin * times, grid.beta(sample)) @ basis(grid.tilt)
    speed = velocity(meta, others)
    start = position(meta) + speed * float(meta.frame_time(0))
    return View(meta, camera, times, spin_vector(grid.psi(lit[0]), grid.beta(lit[1])), (start, speed))


def limb_points(channel: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    """Sharp outer edges along rays from the lit middle: lines, samples; and that middle."""
    value = np.nan_to_num(channel)
    top = float(np.percentile(value[::3, ::3], 99.5))
    bright = value[::4, ::4] > 0.25 * top
    if bright.sum() < 200:
        return np.empty(0), np.empty(0), (0.0, 0.0)
    rows, columns = np.nonzero(bright)
    middle = float(rows.mean() * 4), float(columns.mean() * 4)
    angles = np.radians(np.arange(0, 360, 0.75))
    reach = np.arange(20, int(np.hypot(*channel.shape)), 1.0)
    y, x = middle[0] + np.outer(np.sin(angles), reach), middle[1] + np.outer(np.cos(angles), reach)
    profile = bilinear(channel, y, x)
    lines, samples = [], []
    for k, ray in enumerate(profile):
        place = edge(ray, top)
        if place is not None:
            lines.append(middle[0] + np.sin(angles[k]) * (20 + place))
            samples.append(middle[1] + np.cos(angles[k]) * (20 + place))
    return np.array(lines), np.array(samples), middle


def edge(ray: np.ndarray, top: float) -> float | None:
    """Place of the last sharp fall of a profile to the dark of space, or None."""
    inside = np.flatnonzero(np.nan_to_num(ray) > 0.12 * top)
    if not len(inside) or inside[-1] < 25 or inside[-1] + 15 > len(ray):
        return None
    last = inside[-1]
    part = ray[last - 20 : last + 15]
    if not np.isfinite(part).all() or part[-6:].mean() > 0.05 * top:
        return None
    fall = part[:-2] - part[2:]
    fall[1:-1] = (fall[:-2] + 2 * fall[1:-1] + fall[2:]) / 4
    k = int(np.argmax(fall))
    level = part[max(0, k - 8) : k - 2].mean() if k > 4 else 0.0
    if not 3 < k < len(fall) - 2 or level < 0.15 * top or fall[max(0, k - 2) : k + 3].sum() < 0.9 * level:
        return None
    bend = fall[k - 1] - 2 * fall[k] + fall[k + 1]
    return last - 20 + k + 1 + (0.5 * (fall[k - 1] - fall[k + 1]) / bend if bend < 0 else 0.0)


def bilinear(image: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Values at places, NaN outside."""
    inside = (y >= 0) & (x >= 0) & (y < image.shape[0] - 1) & (x < image.shape[1] - 1)
    y0, x0 = np.where(inside, y, 0).astype(int), np.where(inside, x, 0).astype(int)
    fy, fx = y - y0, x - x0
    upper = image[y0, x0] * (1 - fx) + image[y0, x0 + 1] * fx
    lower = image[y0 + 1, x0] * (1 - fx) + image[y0 + 1, x0 + 1] * fx
    return np.where(inside, upper * (1 - fy) + lower * fy, np.nan)


def frame_of(axis: np.ndarray) -> np.ndarray:
    """Rows: two axes across a spin axis, chosen by a fixed rule, and the axis."""
    axis = axis / np.linalg.norm(axis)
    helper = np.array([0.0, 0.0, 1.0]) if abs(axis[2]) < 0.95 else np.array([1.0, 0.0, 0.0])
    first = np.cross(helper, axis)
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(axis, first), axis])


def turned(vectors: np.ndarray, angle) -> np.ndarray:
    """Vectors (n, 3) of the spin frame turned about its axis."""
    c, s = np.cos(angle), np.sin(angle)
    x, y = vectors[:, 0], vectors[:, 1]
    return np.stack([c * x - s * y, s * x + c * y, vectors[:, 2]], -1)


def residuals(view: View, axis: np.ndarray, spin: float, tilt: float, phase: float) -> np.ndarray:
    """Distance of the limb points from the limb of the ellipsoid, in pixels; large where the disc is behind."""
    look = turned(view.camera @ basis(tilt).T, spin * view.times + phase) @ frame_of(axis)
    start, speed = view.path
    place = start + view.times[:, None] * speed
    axes = pole_frame(view)
    look, place = (look @ axes.T) * FLATTEN, (place @ axes.T) * FLATTEN
    distance = np.linalg.norm(place, axis=1)
    cosine = -(look * place).sum(1) / np.linalg.norm(look, axis=1) / distance
    return (np.arccos(np.clip(cosine, -1, 1)) - np.arcsin(EQUATOR / distance)) / PIXEL


def pole_frame(view: View) -> np.ndarray:
    from vicar.junocam.ephemeris import body_axes

    return body_axes(seconds(view.meta.start))


def first_attitude(view: View, spin: float, tilt: float) -> tuple[np.ndarray, float]:
    """Axis and phase from one picture alone, by the disc's middle and the side the Sun lights."""
    look = turned(view.camera @ basis(tilt).T, spin * view.times)
    cone = np.linalg.lstsq(look, np.ones(len(look)), rcond=None)[0]
    centre = cone / np.linalg.norm(cone)
    down = -view.path[0] / np.linalg.norm(view.path[0])
    sun = sun_direction(seconds(view.meta.start))
    ours, theirs = triad(centre, view.lit - centre), triad(down, sun - (sun @ down) * down)
    trials = []
    for twist in np.radians(np.arange(-60, 61, 3)):
        c, s = np.cos(twist), np.sin(twist)
        about = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
        matrix = theirs.T @ about @ ours  # spin frame at frame 0 -> J2000
        local = frame_of(matrix[:, 2]) @ matrix[:, 0]
        phase = float(np.arctan2(local[1], local[0]))
        # a degree of twist costs what a fiftieth of a pixel of residual does: the flattening decides where it can
        cost = np.median(np.abs(residuals(view, matrix[:, 2], spin, tilt, phase))) + 0.02 * abs(np.degrees(twist))
        trials.append((float(cost), matrix[:, 2], phase))
    _, axis, phase = min(trials, key=lambda trial: trial[0])
    solution = solve([view], axis, [phase], spin, tilt, free_spin=False)
    return solution.axis, solution.phases[view.meta.product_id]


def triad(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Rows: the first direction, the second across it, and the third."""
    first = first / np.linalg.norm(first)
    across = second - (second @ first) * first
    across /= np.linalg.norm(across)
    return np.stack([first, across, np.cross(first, across)])


def navigate(views: list[View], spin: float, tilt: float) -> Navigation:
    """Fit all pictures of a perijove together. Raises `JunocamError` without pictures."""
    if not views:
        raise JunocamError("no picture shows enough of the limb")
    starts = [first_attitude(view, spin, tilt) for view in views]
    best = None
    for axis, _ in starts:
        phases = [phase_for(view, axis, spin, tilt) for view in views]
        solution = solve(views, axis, phases, spin, tilt, free_spin=len(views) > 1)
        cost = np.median([r[0] for r in solution.residuals.values()])
        if best is None or cost < best[0]:
            best = (cost, solution)
    return best[1]


def phase_for(view: View, axis: np.ndarray, spin: float, tilt: float) -> float:
    """The phase with the smallest residual for a given axis: a scan."""
    scan = np.radians(np.arange(0, 360, 1.0))
    costs = [np.median(np.abs(residuals(view, axis, spin, tilt, p))) for p in scan]
    return float(scan[int(np.argmin(costs))])


def solve(views: list[View], axis: np.ndarray, phases: list[float], spin: float, tilt: float,
          free_spin: bool = True) -> Navigation:
    """Robust least squares (Levenberg) for axis, phases and, if free, the rate of the spin."""
    free = 3 if free_spin else 2
    count = free + len(views)
    frame = frame_of(axis)
    x = np.concatenate([np.zeros(free), phases])

    def unpack(x):
        ax = frame[2] + x[0] * frame[0] + x[1] * frame[1]
        return ax / np.linalg.norm(ax), spin + x[2] * 0.01 if free_spin else spin, tilt, x[free:]

    def all_residuals(x):
        ax, rate, lean, ph = unpack(x)
        return np.concatenate([residuals(v, ax, rate, lean, p) for v, p in zip(views, ph)])

    def cost(rest, scale):
        return float(np.minimum(np.abs(rest) / scale, 6.0).sum())

    damping = 1e-3
    rest = all_residuals(x)
    for _ in range(60):
        scale = max(0.3, 1.4826 * float(np.median(np.abs(rest))))
        weight = np.where(np.abs(rest) < 1.5 * scale, 1.0, 1.5 * scale / np.maximum(np.abs(rest), 1e-9))
        weight[np.abs(rest) > 6 * scale] = 0.0
        jacobian = np.stack([(all_residuals(x + 1e-6 * e) - rest) / 1e-6 for e in np.eye(count)], 1)
        normal = jacobian.T @ (jacobian * weight[:, None])
        lifted = normal + damping * np.diag(np.diag(normal)) + np.eye(count)
        step = np.linalg.solve(lifted, -jacobian.T @ (weight * rest))
        trial = x + step * min(1.0, 0.2 / max(np.abs(step).max(), 1e-12))
        found = all_residuals(trial)
        if cost(found, scale) <= cost(rest, scale):
            x, rest, damping = trial, found, max(damping / 5, 1e-9)
            if np.abs(step).max() < 1e-8:
                break
        else:
            damping *= 10
            if damping > 1e6:
                break
    ax, rate, lean, ph = unpack(x)
    rest = all_residuals(x)
    kept = np.abs(rest) < OUTLIER
    sigma = float(np.sqrt((rest[kept] ** 2).mean())) if kept.any() else float("nan")
    spread = np.sqrt(np.abs(np.diag(np.linalg.pinv(normal + np.eye(count) * 1e-6)))) * sigma
    result = Navigation(ax, float(rate), float(lean), {v.meta.product_id: float(p) for v, p in zip(views, ph)},
                        sigma_axis=float(np.degrees(np.hypot(spread[0], spread[1]))),
                        sigma_spin=float(spread[2] * 0.01) if free_spin else float("nan"))
    for k, (view, p) in enumerate(zip(views, ph)):
        own = np.abs(residuals(view, ax, rate, lean, p))
        own = own[own < OUTLIER] if (own < OUTLIER).sum() >= FEWEST // 2 else own
        result.residuals[view.meta.product_id] = (float(np.median(own)), float(np.percentile(own, 90)), len(own))
        result.sigma_phase[view.meta.product_id] = float(spread[free + k] / PIXEL)
    return result
