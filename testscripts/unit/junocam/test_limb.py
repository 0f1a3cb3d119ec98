"""The limb is found again, straight across where it must be; methane's camera and its soft limb."""

from dataclasses import replace

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import AXIS, KEYWORDS, PHASE, SPEED, SPIN, meta_of, off, picture
from vicar.junocam import attitude, camera, companding, ephemeris, limb, navigation, spin


def test_falls_across_a_straight_edge():
    y, x = np.mgrid[0:120, 0:140]
    outwards = (x - 70.3) * 0.6 + (y - 55.8) * 0.8
    channel = np.clip(0.5 - outwards / 4, 0, 1) * 200 + np.random.default_rng(1).normal(0, 2, x.shape)
    line, sample = np.array([52.0, 60.0, 20.0]), np.array([72.0, 66.0, 20.0])
    truth = -((sample - 70.3) * 0.6 + (line - 55.8) * 0.8)
    found = limb.falls_across(channel, line, sample, np.full(3, 0.8), np.full(3, 0.6))
    assert np.abs((found - truth)[:2]).max() < 0.15
    assert np.isnan(found[2])  # no fall there


@pytest.fixture(scope="module")
def soft():
    """A made-up methane picture with noise and weak light, and its view."""
    meta = meta_of(KEYWORDS, "METHANE", tdi=32, exposure=102.4)
    raw = picture(meta, brightness=40.0)
    framelets = companding.expand(raw).astype(np.float32).reshape(meta.frames, 128, 1648)
    grid = spin.grid_for(meta)
    view = navigation.view_of(spin.assemble(framelets, grid, "METHANE"), grid, "METHANE", meta, [])
    view.path = (ephemeris.position(meta) + SPEED * meta.frame_time(0), SPEED)
    return meta, view


def test_a_second_look_across_the_limb_leaves_less_scatter(soft):
    view = replace(soft[1])
    state = attitude.State(AXIS, SPIN, 0.0, [PHASE], [0.0])
    before = attitude.residuals(view, AXIS, SPIN, 0.0, PHASE)
    navigation.refine(view, state, 0)
    after = attitude.residuals(view, AXIS, SPIN, 0.0, PHASE)
    assert np.median(np.abs(after - np.median(after))) < 0.7 * np.median(np.abs(before - np.median(before))) < 0.5
    assert abs(np.median(after)) < 0.5


def test_a_faint_methane_picture_comes_back(soft):
    meta, view = soft[0], replace(soft[1])
    found = navigation.navigate([view], camera.NOMINAL_SPIN, 0.0)
    assert found.residuals[meta.product_id][0] < 0.3
    height, sigma = found.heights[meta.product_id]
    assert abs(height) < max(0.5, 3 * sigma) and 0 < sigma < 3
    assert off(found.axis, AXIS) < max(0.5, 3 * found.sigma_axis)


def test_views_without_their_channel_keep_their_points(soft):
    view = replace(soft[1], source=None)
    camera_before = view.camera
    navigation.refine(view, attitude.State(AXIS, SPIN, 0.0, [PHASE], [0.0]), 0)
    assert view.camera is camera_before
