"""The fit of one spin axis and rate and a phase for each picture to limb points and to what is known beside them.

Unknown are the axis (two small turns), the rate of the spin, the phase of each picture, and, for methane pictures, whose limb is
soft, how far from the edge of the ellipsoid their limb appears. Beside the limb points there are soft constraints: the
usual rate, heights near 0, and for each picture the turn about the line of sight that its shading shows (`shading`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.junocam.camera import NOMINAL_SPIN, PIXEL, basis
from vicar.junocam.ephemeris import EQUATOR, POLE, body_axes, seconds, sun_direction
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import Grid

FLATTEN = np.array([1.0, 1.0, EQUATOR / POLE])
SPIN_SIGMA = 0.0006  # rad/s: spread of the rates seen from 2016 to 2022
HEIGHT_SIGMA = 3.0  # pixels
SOFT = ("METHANE",)
TOGETHER = 25  # neighbouring limb points that err together (lens, haze): made-up and real pictures differ by 4 to 6 formal sigmas


@dataclass
class View:
    """One picture's limb: directions in the camera frame, times after the middle of frame 0, and the path."""

    meta: Metadata
    name: str  # filter
    camera: np.ndarray  # (n, 3)
    times: np.ndarray  # (n,)
    lit: np.ndarray  # (3,) direction of the lit middle, spin frame at frame 0
    path: tuple[np.ndarray, np.ndarray]  # position (km) and velocity (km/s) at frame 0, J2000
    shaded: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None  # camera directions, times, values of lit pixels
    source: tuple[np.ndarray, Grid] | None = None  # the assembled channel
    twist: tuple[np.ndarray, float] | None = None  # spin-frame vector that shading puts towards the Sun, sigma (radians)


@dataclass
class State:
    """Axis (J2000 unit vector), spin (rad/s), tilt, and for each picture phase (radians) and height (pixels)."""

    axis: np.ndarray
    spin: float
    tilt: float
    phases: list[float]
    heights: list[float]


@dataclass
class Fitted:
    """A state, its standard deviations, and the residuals of each view."""

    state: State
    sigma_axis: float  # degrees
    sigma_spin: float
    sigma_phases: list[float]  # radians
    sigma_heights: list[float]  # pixels, 0 for sharp limbs
    rest: list[np.ndarray] = field(default_factory=list)  # pixels


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
    axes = body_axes(seconds(view.meta.start))
    look, place = (look @ axes.T) * FLATTEN, (place @ axes.T) * FLATTEN
    distance = np.linalg.norm(place, axis=1)
    cosine = -(look * place).sum(1) / np.linalg.norm(look, axis=1) / distance
    return (np.arccos(np.clip(cosine, -1, 1)) - np.arcsin(EQUATOR / distance)) / PIXEL


def twist_error(view: View, state: State, number: int) -> float:
    """Angle about the line of sight (radians) between where shading puts the Sun and where it is."""
    toward, _ = view.twist
    down = -view.path[0] / np.linalg.norm(view.path[0])
    seen = turned(toward[None], state.phases[number])[0] @ frame_of(state.axis)
    sun = sun_across(view, down)
    seen = seen - (seen @ down) * down
    return float(np.arctan2(np.cross(sun, seen) @ down, sun @ seen))


def sun_across(view: View, down: np.ndarray) -> np.ndarray:
    """The Sun's direction without its part along the line of sight, J2000."""
    sun = sun_direction(seconds(view.meta.start))
    return sun - (sun @ down) * down


class Problem:
    """Unknowns as a vector: two turns of the axis, spin in 0.01 rad/s, phases, heights of soft limbs."""

    def __init__(self, views: list[View], start: State, spin_sigma: float):
        self.spin_sigma = spin_sigma
        self.views, self.start, self.frame = views, start, frame_of(start.axis)
        self.soft = [k for k, v in enumerate(views) if v.name in SOFT]
        self.first = np.concatenate([[0.0, 0.0, 0.0], start.phases, [start.heights[k] for k in self.soft]])

    def state(self, x: np.ndarray) -> State:
        axis = self.frame[2] + x[0] * self.frame[0] + x[1] * self.frame[1]
        count = len(self.views)
        heights = [0.0] * count
        for k, value in zip(self.soft, x[3 + count :]):
            heights[k] = float(value)
        return State(axis / np.linalg.norm(axis), self.start.spin + x[2] * 0.01, self.start.tilt,
                     [float(p) for p in x[3 : 3 + count]], heights)

    def limbs(self, x: np.ndarray) -> list[np.ndarray]:
        """Residuals of the limb points of each view, pixels."""
        s = self.state(x)
        return [residuals(v, s.axis, s.spin, s.tilt, p) - h for v, p, h in zip(self.views, s.phases, s.heights)]

    def beside(self, x: np.ndarray) -> np.ndarray:
        """What is known beside the limbs, in standard deviations."""
        s = self.state(x)
        twists = [twist_error(v, s, k) / v.twist[1] for k, v in enumerate(self.views) if v.twist is not None]
        return np.array([(s.spin - NOMINAL_SPIN) / self.spin_sigma, *(s.heights[k] / HEIGHT_SIGMA for k in self.soft), *twists])


def fit(views: list[View], start: State, spin_sigma: float = SPIN_SIGMA) -> Fitted:
    """Robust least squares (Levenberg). A small ``spin_sigma`` (rad/s) holds the rate."""
    problem = Problem(views, start, spin_sigma)
    x, damping = problem.first, 1e-3
    rest, other = np.concatenate(problem.limbs(x)), problem.beside(x)
    for _ in range(60):
        scale = max(0.3, 1.4826 * float(np.median(np.abs(rest))))
        jacobian, besides = derivatives(problem, x, rest, other)
        weight = weights(rest, scale)
        noise = scale / 1.5
        normal = jacobian.T @ (jacobian * weight[:, None]) + noise**2 * besides.T @ besides
        gradient = jacobian.T @ (weight * rest) + noise**2 * besides.T @ other
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)) + 1e-6 * np.eye(len(x)), -gradient)
        trial = x + step * min(1.0, 0.2 / max(np.abs(step[: 3 + len(views)]).max(), 1e-12))
        new_rest, new_other = np.concatenate(problem.limbs(trial)), problem.beside(trial)
        if cost(new_rest, new_other, scale) <= cost(rest, other, scale):
            x, rest, other, damping = trial, new_rest, new_other, max(damping / 5, 1e-9)
            if np.abs(step).max() < 1e-8:
                break
        else:
            damping *= 10
            if damping > 1e6:
                break
    return finished(problem, x, rest, other)


def derivatives(problem: Problem, x: np.ndarray, rest: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Jacobians of the limb residuals and of what is beside them."""
    limbs, besides = [], []
    for unit in np.eye(len(x)):
        moved = x + 1e-6 * unit
        limbs.append((np.concatenate(problem.limbs(moved)) - rest) / 1e-6)
        besides.append((problem.beside(moved) - other) / 1e-6)
    return np.stack(limbs, 1), np.stack(besides, 1)


def weights(rest: np.ndarray, scale: float) -> np.ndarray:
    """Huber's, and nothing for what is far off."""
    weight = np.where(np.abs(rest) < 1.5 * scale, 1.0, 1.5 * scale / np.maximum(np.abs(rest), 1e-9))
    weight[np.abs(rest) > 6 * scale] = 0.0
    return weight


def cost(rest: np.ndarray, other: np.ndarray, scale: float) -> float:
    return float(np.minimum(np.abs(rest) / scale, 6.0).sum() + 0.5 * (other**2).sum())


def finished(problem: Problem, x: np.ndarray, rest: np.ndarray, other: np.ndarray) -> Fitted:
    """State and standard deviations, from the scatter of the points that fit."""
    jacobian, besides = derivatives(problem, x, rest, other)
    kept = np.abs(rest) < max(3.0, 4 * float(np.median(np.abs(rest))))
    noise = max(float(np.sqrt((rest[kept] ** 2).mean())), 0.05) if kept.any() else 1.0
    information = jacobian[kept].T @ jacobian[kept] / (TOGETHER * noise**2) + besides.T @ besides
    spread = np.sqrt(np.abs(np.diag(np.linalg.pinv(information))))
    count = len(problem.views)
    heights = [0.0] * count
    for number, value in zip(problem.soft, spread[3 + count :]):
        heights[number] = float(value)
    return Fitted(problem.state(x), float(np.degrees(np.hypot(spread[0], spread[1]))), float(spread[2] * 0.01),
                  [float(v) for v in spread[3 : 3 + count]], heights, problem.limbs(x))
