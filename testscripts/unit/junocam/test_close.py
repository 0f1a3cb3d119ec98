"""Pictures from near, where the spacecraft moves by pixels from frame to frame, and the Earth flyby: made up, with known truth."""

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import KEYWORDS, SPIN, meta_of
from vicar.junocam import colour, companding, ephemeris, mapping, register, simulator, spin

FRAMES = 12
EARTH = np.array([6378.137, 6356.752, 7.2921e-5])


def fine(scale):
    """Clouds as small on the picture as those seen from 85000 km."""
    def scene(latitude, longitude):
        lat, lon = np.radians(latitude) * scale, np.radians(longitude) * scale
        bands = 0.08 * np.sin(18 * lat) + 0.05 * np.sin(41 * lat + 1)
        return 0.6 + bands + sum(0.05 * np.sin(k * lon + m * lat + p) for k, m, p in (
            (37, 29, 0.3), (-53, 61, 1.9), (71, -47, 4.0), (91, 83, 2.2), (-113, 97, 5.1)))
    return scene


def passage(meta, body, start, speed, rate, scale):
    """A picture looking down while flying south over a point, with what it was made with."""
    up = start / np.linalg.norm(start)
    north = body.axes[2] - (body.axes[2] @ up) * up
    north /= np.linalg.norm(north)
    axis, velocity = north, -north * speed
    down = simulator.frame_of(axis) @ -up
    phase = float(np.arctan2(down[1], down[0])) - rate * (meta.frames - 1) / 2 * meta.period - 0.02
    sun = up + 0.3 * north
    raw = simulator.picture(meta, axis, rate, phase, velocity, scene=fine(scale), brightness=500.0, body=body, start=start,
                            sun=sun / np.linalg.norm(sun))
    return companding.expand(raw).astype(np.float32), axis, phase, velocity


@pytest.fixture(scope="module")
def near():
    """8000 km above the clouds, 57 km/s: 4 pixels from frame to frame."""
    meta = meta_of(KEYWORDS, frames=FRAMES, latitude=20.0, longitude=300.0, altitude=8000.0)
    return meta, *passage(meta, simulator.jupiter(meta), ephemeris.position(meta), 57.0, SPIN, 25.0)


def test_channels_of_a_near_picture_lie_on_each_other(near):
    meta, pixels, *_ = near
    picture = colour.colour(pixels, meta)
    assert picture.drift is not None and 0.3 < picture.drift.fastest * picture.grid.period < 20
    for name in ("RED", "BLUE"):
        left = register.patch_shifts(picture.channels["GREEN"], picture.channels[name], most=400)
        assert len(left) > 150 and np.percentile(np.abs(left[:, 2:4]), 90) < 0.2
    assert not any(seam.visible for seam in picture.seams.values())


def test_without_it_they_do_not(near, monkeypatch):
    meta, pixels, *_ = near
    monkeypatch.setattr(colour, "find_motion", lambda picture: None)
    picture = colour.colour(pixels, meta)
    left = register.patch_shifts(picture.channels["GREEN"], picture.channels["RED"], most=400)
    assert picture.drift is None and np.percentile(np.abs(left[:, 2:4]), 90) > 0.3


def test_maps_of_a_near_picture(near):
    """Clouds of each filter at their places, with a known attitude; each place from one framelet."""
    meta, pixels, axis, phase, velocity = near
    grid = spin.grid_for(meta, SPIN)
    start = ephemeris.position(meta)
    attitude = mapping.Attitude(axis, SPIN, 0.0, phase, velocity, start)
    target = mapping.MapGrid("CYLINDRICAL", 80, 17, 23, 297, 303)
    projector = mapping.Projector(meta, attitude, grid)
    truth = fine(25.0)(*target.places(0, target.shape[0])).astype(np.float32)
    for name, framelets in spin.split(pixels, meta).items():
        channel = spin.assemble(framelets, grid, name, blend=False)
        made = mapping.project({name: channel}, projector, target, "NONE", 0.3)[name]
        seen = np.isfinite(made)
        shifts = register.patch_shifts(np.where(seen, truth, np.nan), made)
        assert seen.mean() > 0.5 and len(shifts) > 20
        assert np.abs(np.median(shifts[:, 2:4], axis=0)).max() < 1.0 and np.percentile(np.abs(shifts[:, 2:4]), 90) < 1.6  # of 1/80 degree


def test_the_earth_flyby_without_tdi():
    """4000 km above the Earth, 13 km/s, 0.741 s from frame to frame: 3.6 pixels."""
    meta = meta_of(KEYWORDS | {"TARGET_NAME": "EARTH", "MISSION_PHASE_NAME": "EARTH FLYBY", "JNO:TDI_STAGES_COUNT": 0,
                               "INTERFRAME_DELAY": "0.740 <s>", "LINES": 384 * FRAMES, "STOP_TIME": ""})
    earth = simulator.Body(*EARTH, np.eye(3))
    start = np.array([0.9, 0.3, -0.3]) / np.linalg.norm([0.9, 0.3, -0.3]) * (EARTH[0] + 4000)
    rate = spin.usual_spin(meta) * 1.003
    pixels, *_ = passage(meta, earth, start, 13.0, rate, 5.0)
    picture = colour.colour(pixels, meta)
    assert picture.registered and abs(picture.grid.spin / rate - 1) < 0.03
    for name in ("RED", "BLUE"):
        left = register.patch_shifts(picture.channels["GREEN"], picture.channels[name], most=400)
        assert len(left) > 100 and np.percentile(np.abs(left[:, 2:4]), 90) < 0.3
    assert not any(seam.visible for seam in picture.seams.values())
