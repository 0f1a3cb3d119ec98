"""Where the camera looked: spin axis, spin rate and a phase for each picture, from the limb of Jupiter and its shading.

Nothing is assumed about the axis: each picture alone gives a first attitude (the lit limb says where the disc is, the Sun
how it is turned about the line of sight); all pictures of a perijove then share one axis and rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.attitude import Fitted, State, View, fit, frame_of, residuals, turned
from vicar.junocam.camera import PIXEL, basis, spin_angles, spin_vector
from vicar.junocam.ephemeris import EQUATOR, position, seconds, sun_direction, velocity
from vicar.junocam.limb import falls_across, limb_points
from vicar.junocam.metadata import Metadata
from vicar.junocam.shading import lit_pixels, measure
from vicar.junocam.spin import Grid

DOUBTFUL = 0.5  # pixels of residual, and what a turn away from the light costs
FEWEST = 25  # limb points a picture must have
PLACE_SIGMA = 50.0  # km: the positions of the metadata, from a prediction, against a reconstructed path
NEAR = 4.0  # pixels from the limb within which an edge is worth a second look
OUTLIER = 3.0  # pixels from the limb at which an edge is something else


@dataclass
class Navigation:
    """Result. ``axis`` J2000 unit vector; ``phases`` radians by product; standard deviations from the residuals."""

    axis: np.ndarray
    spin: float
    tilt: float
    phases: dict[str, float]
    residuals: dict[str, tuple[float, float, int]] = field(default_factory=dict)  # median, 90th percentile (pixels), points
    # pixels by which a soft limb appears outside the ellipsoid, and their standard deviation
    heights: dict[str, tuple[float, float]] = field(default_factory=dict)
    sigma_axis: float = float("nan")  # degrees
    sigma_spin: float = float("nan")
    sigma_phase: dict[str, float] = field(default_factory=dict)  # pixels
    sigma_longitude: dict[str, float] = field(default_factory=dict)  # degrees, at the place below the spacecraft
    shaded: list[str] = field(default_factory=list)  # pictures whose shading was used


def view_of(channel: np.ndarray, grid: Grid, name: str, meta: Metadata, others: list[Metadata]) -> View:
    """Find the limb in an assembled channel. Raises `JunocamError` if there is too little of it."""
    line, sample, lit = limb_points(channel)
    if len(line) < FEWEST:
        raise JunocamError(f"{meta.product_id}: only {len(line)} points of the limb were found; {FEWEST} are needed")
    camera, times = directions(grid, name, line, sample)
    speed = velocity(meta, others)
    start = position(meta) + speed * float(meta.frame_time(0))
    return View(meta, name, camera, times, spin_vector(grid.psi(lit[0]), grid.beta(lit[1])), (start, speed),
                lit_pixels(channel, grid, name), (channel, grid))


def directions(grid: Grid, name: str, line: np.ndarray, sample: np.ndarray, times=None) -> tuple[np.ndarray, np.ndarray]:
    """Camera directions and times of places of an assembled channel; ``times`` holds the framelet."""
    times = grid.time_of(line, name) if times is None else times
    return spin_vector(grid.psi(line) - grid.spin * times, grid.beta(sample)) @ basis(grid.tilt), times


def refine(view: View, state: State, number: int) -> None:
    """Look for the limb again, straight across where it must be by ``state``; a view keeps its points if too few are found."""
    if view.source is None:
        return
    channel, grid = view.source
    look = view.camera @ basis(grid.tilt).T
    psi, beta = spin_angles(look)
    line, sample, height = grid.line_of(psi + grid.spin * view.times), grid.sample_of(beta), state.heights[number]

    def outside(line: np.ndarray, sample: np.ndarray, times: np.ndarray) -> np.ndarray:
        camera, _ = directions(grid, view.name, line, sample, times)
        moved = replace(view, camera=camera, times=times)
        return residuals(moved, state.axis, state.spin, state.tilt, state.phases[number]) - height

    rest = outside(line, sample, view.times)
    near = np.abs(rest) < NEAR
    line, sample, rest, times = line[near], sample[near], rest[near], view.times[near]
    down = (outside(line + 1, sample, times) - outside(line - 1, sample, times)) / 2
    right = (outside(line, sample + 1, times) - outside(line, sample - 1, times)) / 2
    steep = np.hypot(down, right)
    down, right = down / steep, right / steep
    line, sample = line - down * rest, sample - right * rest
    found = falls_across(channel, line, sample, down, right)
    seen = np.isfinite(found)
    if seen.sum() >= FEWEST:
        view.camera, view.times = directions(grid, view.name, (line + down * found)[seen], (sample + right * found)[seen])


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
        trials.append((float(cost), matrix[:, 2], phase, 0.02 * abs(np.degrees(twist))))

    def fitted(axis: np.ndarray, phase: float, held: float) -> tuple[float, State]:
        found = fit([view], State(axis, spin, tilt, [phase], [0.0]), spin_sigma=1e-6)
        return float(np.median(np.abs(found.rest[0]))) + held, found.state

    cost, found = fitted(*min(trials, key=lambda trial: trial[0])[1:])
    if cost > DOUBTFUL:  # a short arc of the limb puts the disc's middle far off: every start is fitted
        cost, found = min((fitted(*trial[1:]) for trial in trials[::4]), key=lambda one: one[0])
    return found.axis, found.phases[0]


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
    best = None
    for axis, _ in [first_attitude(view, spin, tilt) for view in views]:
        phases = [phase_for(view, axis, spin, tilt) for view in views]
        found = fit(views, State(axis, spin, tilt, phases, [0.0] * len(views)), spin_sigma=1e-5)
        cost = np.median([np.median(np.abs(rest)) for rest in found.rest])
        if best is None or cost < best[0]:
            best = (cost, found)
    found = best[1]
    for number, view in enumerate(views):
        refine(view, found.state, number)
    found = fit(views, found.state, spin_sigma=1e-5)
    for _ in range(2):  # the shading is read with the disc in its place; the second time nearly as it should be turned
        for number, view in enumerate(views):
            view.twist = measure(view, found.state, number)
        found = fit(views, found.state)
    return summary(views, found)


def phase_for(view: View, axis: np.ndarray, spin: float, tilt: float) -> float:
    """The phase with the smallest residual for a given axis: a scan."""
    scan = np.radians(np.arange(0, 360, 1.0))
    costs = [np.median(np.abs(residuals(view, axis, spin, tilt, p))) for p in scan]
    return float(scan[int(np.argmin(costs))])


def summary(views: list[View], found: Fitted) -> Navigation:
    """Names instead of numbers, and residuals of the points that belong to the limb."""
    state = found.state
    names = [v.meta.product_id for v in views]
    result = Navigation(state.axis, float(state.spin), float(state.tilt), dict(zip(names, state.phases)),
                        sigma_axis=found.sigma_axis, sigma_spin=found.sigma_spin,
                        heights={n: (h, s) for n, h, s in zip(names, state.heights, found.sigma_heights) if h},
                        shaded=[v.meta.product_id for v in views if v.twist is not None])
    for view, name, rest, sigma in zip(views, names, found.rest, found.sigma_phases):
        own = np.abs(rest)
        own = own[own < OUTLIER] if (own < OUTLIER).sum() >= FEWEST // 2 else own
        result.residuals[name] = (float(np.median(own)), float(np.percentile(own, 90)), len(own))
        result.sigma_phase[name] = sigma / PIXEL
        result.sigma_longitude[name] = longitude_sigma(view, found.sigma_axis)
    return result


def longitude_sigma(view: View, sigma_axis: float) -> float:
    """What the uncertainty of the axis does to longitudes, degrees: a turn about the line of sight seen from latitude b turns
    longitudes by sin b; moved across, places shift by the distance over the radius, as they do with the position."""
    latitude = np.radians(view.meta.latitude)
    across = PIXEL * 0.1 * float(np.linalg.norm(view.path[0])) / EQUATOR  # a tenth of a pixel, seen on the planet
    return float(np.hypot(sigma_axis * abs(np.sin(latitude)), np.degrees(np.hypot(across, PLACE_SIGMA / EQUATOR))))
