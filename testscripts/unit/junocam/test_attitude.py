"""Attitude of made-up pictures whose truth is known: jointly, with a wrong idea of the axis, from above a pole, without a limb."""

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import (
    AXIS,
    KEYWORDS,
    PHASE,
    POLAR,
    POLAR_AXIS,
    POLAR_PHASE,
    SPEED,
    SPIN,
    meta_of,
    off,
    picture,
    turned_about,
)
from vicar.junocam import JunocamError, attitude, camera, companding, ephemeris, kernels, mapping, navigation, spin


def view(meta, raw, speed):
    framelets = companding.expand(raw).astype(np.float32).reshape(meta.frames, 128, 1648)
    grid = spin.grid_for(meta)
    name = meta.filters[0]
    found = navigation.view_of(spin.assemble(framelets, grid, name), grid, name, meta, [])
    found.path = (ephemeris.position(meta) + speed * meta.frame_time(0), speed)
    return found


@pytest.fixture(scope="module")
def pair():
    """Two made-up pictures half an hour apart, with noise, hot pixels and jitter of 0.5 ms."""
    first = meta_of(KEYWORDS, "GREEN")
    second = meta_of(KEYWORDS | {
        "PRODUCT_ID": "JNCE_2022229_44C00029_V01", "START_TIME": "2022-08-17T13:16:09.655", "STOP_TIME": "",
        "SUB_SPACECRAFT_LATITUDE": "37.9454", "SUB_SPACECRAFT_LONGITUDE": "281.2058", "SPACECRAFT_ALTITUDE": "133829.7 <km>"},
        "GREEN", frames=18)
    return [view(first, picture(first, hot=20, jitter=0.0005), SPEED),
            view(second, picture(second, phase=PHASE + 0.31, hot=20, jitter=0.0005, seed=2), SPEED)]


def test_two_pictures_share_one_axis(pair):
    found = navigation.navigate(pair, camera.NOMINAL_SPIN, 0.0)
    assert off(found.axis, AXIS) < max(0.05, 3 * found.sigma_axis)
    assert abs(found.spin - SPIN) < 5e-5
    for each, phase in zip(pair, (PHASE, PHASE + 0.31)):
        name = each.meta.product_id
        assert found.residuals[name][0] < 0.3
        assert abs(np.angle(np.exp(1j * (found.phases[name] - phase)))) < np.radians(0.15)


def test_an_axis_wrong_by_eight_degrees_does_not_break_the_fit(pair):
    right = navigation.navigate(pair, camera.NOMINAL_SPIN, 0.0)
    for about in ([0, 0, 1], [0, 1, 0]):
        wrong = turned_about(AXIS, about, 8.0)
        phases = [navigation.phase_for(each, wrong, camera.NOMINAL_SPIN, 0.0) for each in pair]
        fitted = attitude.fit(pair, attitude.State(wrong, camera.NOMINAL_SPIN, 0.0, phases, [0.0, 0.0]))
        assert off(fitted.state.axis, right.axis) < 0.1


def test_from_above_a_pole_the_shading_gives_the_longitudes():
    meta = meta_of(POLAR, "GREEN")
    speed = np.array([1.0, 3.0, -23.0])
    found = navigation.navigate([view(meta, picture(meta, POLAR_AXIS, POLAR_PHASE, speed), speed)], camera.NOMINAL_SPIN, 0.0)
    assert found.shaded == [meta.product_id]
    assert off(found.axis, POLAR_AXIS) < 3 * found.sigma_axis < 6
    assert 0.2 < found.sigma_longitude[meta.product_id] < 2.0
    assert found.residuals[meta.product_id][0] < 0.3


def test_a_picture_without_a_limb_says_so():
    meta = meta_of(KEYWORDS, "GREEN", frames=6)
    with pytest.raises(JunocamError, match="points of the limb"):
        view(meta, np.zeros((6 * 128, 1648), np.uint8), SPEED)


class MadeUpKernels:
    """What spiceypy would answer for a spacecraft that turns and moves as the made-up one, by the camera model of the kernels."""

    def __init__(self, meta):
        self.begin = ephemeris.seconds(meta.start)
        self.meta = meta

    def str2et(self, text):
        return self.begin

    def pxform(self, one, two, time):
        angle = SPIN * (time - self.begin - self.meta.frame_time(0)) + PHASE + kernels.optical_shift(self.meta)
        c, s = np.cos(angle), np.sin(angle)
        return attitude.frame_of(AXIS).T @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ camera.basis()

    def spkezr(self, body, time, frame, correction, centre):
        return np.concatenate([ephemeris.position(self.meta) + SPEED * (time - self.begin), SPEED]), 0.3


def test_kernels_say_the_same_as_the_truth():
    meta = meta_of(KEYWORDS, "GREEN")
    found = kernels.known(MadeUpKernels(meta), meta)
    assert off(found.axis, AXIS) < 1e-5 and abs(found.spin - SPIN) < 1e-9 and abs(found.tilt) < 1e-5
    assert abs(np.angle(np.exp(1j * (found.phase - PHASE)))) < 1e-6
    grid = spin.grid_for(meta, found.spin)
    point, _ = ephemeris.surface(np.array([45.0]), np.array([310.0]))
    ours = mapping.Projector(meta, mapping.Attitude(AXIS, SPIN, 0.0, PHASE, SPEED), grid).find(point, "GREEN")
    theirs = mapping.Projector(meta, mapping.Attitude(found.axis, found.spin, found.tilt, found.phase, found.velocity, found.place),
                               grid).find(point, "GREEN")
    assert np.abs(np.subtract(ours, theirs)).max() < 0.01


def test_kernels_that_cannot_be_used(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "spiceypy", None)
    with pytest.raises(JunocamError, match="pip install spiceypy"):
        with kernels.loaded([tmp_path / "no.tm"]):
            pass
