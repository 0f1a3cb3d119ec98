"""Saturated red: estimated from green, shown without colour, cut out or left."""

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import KEYWORDS, meta_of
from vicar.junocam import calibration, cleaning, saturation, spin

LIGHT = np.linspace(200, 3200, 400, dtype=np.float32)[None].repeat(60, 0)  # what an unlimited camera would see in red


@pytest.fixture
def bands():
    """Red, green and blue (weighted) of a scene of one colour that brightens until red saturates, and how far each is saturated."""
    red = np.minimum(LIGHT, cleaning.CLIPPED)
    shares = [np.clip((b / cleaning.CLIPPED - saturation.NEARLY) / (saturation.FULLY - saturation.NEARLY), 0, 1)
              for b in (red, 0.7 * LIGHT, 0.5 * LIGHT)]
    return [red, 0.7 * LIGHT, 0.5 * LIGHT], shares


def test_red_is_estimated_from_green(bands):
    red, green, blue = saturation.treated(*bands, "RESTORE")
    assert np.abs(red / LIGHT - 1).max() < 0.03
    assert np.array_equal(green, bands[0][1]) and np.array_equal(blue, bands[0][2])


def test_neutral_has_no_colour_and_keeps_clouds(bands):
    done = saturation.treated(*bands, "NEUTRAL")
    full = bands[1][0] == 1
    assert np.allclose(done[0][full], done[1][full]) and np.allclose(done[1][full], done[2][full])
    assert np.unique(done[0][full]).size > 20
    assert all(np.array_equal(d[bands[1][0] == 0], b[bands[1][0] == 0]) for d, b in zip(done, bands[0]))


def test_cut_out_or_left(bands):
    cut = saturation.treated(*bands, "MASK")
    assert all(not band[bands[1][0] > 0.5].any() for band in cut)
    assert saturation.treated(*bands, "KEEP") is bands[0]


def test_nothing_changes_where_nothing_is_saturated(bands):
    dim = [band[:, :200] for band in bands[0]], [share[:, :200] for share in bands[1]]
    for how in ("RESTORE", "NEUTRAL", "MASK"):
        assert all(np.array_equal(a, b) for a, b in zip(saturation.treated(*dim, how), dim[0]))


@pytest.mark.parametrize("units", calibration.UNITS)
def test_saturation_is_known_in_all_units(units):
    """A framelet that is full everywhere is so in the assembled picture, whatever the flat field has made of it."""
    meta = meta_of(KEYWORDS, "RED", frames=6)
    grid = spin.grid_for(meta)
    for level, least, most in ((cleaning.CLIPPED, 0.9, 1.0), (0.85 * cleaning.CLIPPED, 0.0, 0.0)):
        pixels = np.full((6, 128, 1648), level, np.float32) / calibration.smooth_flat("RED")
        pixels *= np.float32(calibration.unit_scale("RED", meta, units))
        share = saturation.saturated(spin.assemble(pixels, grid, "RED"), grid, "RED", meta, units)
        middle = share[300:600, 200:1300]
        assert np.median(middle) >= least and np.percentile(middle, 99) <= most
