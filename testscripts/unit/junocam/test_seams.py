"""Borders of framelets: what the flat field leaves is found from the overlaps; a seam is told from clouds; blending can be switched off."""

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import KEYWORDS, meta_of, picture
from vicar.junocam import calibration, camera, companding, flatness, seams, spin


@pytest.fixture(scope="module")
def made():
    """A made-up picture in green and red, linear values."""
    meta = meta_of(KEYWORDS, "GREEN", "RED")
    return meta, companding.expand(picture(meta)).astype(np.float32)


def uneven(framelets, meta, shares):
    """Framelets whose first rows are brighter than their last by shares (samples,)."""
    spoilt = framelets.copy()
    flatness.take_slopes(spoilt, -shares.astype(np.float32), meta)
    return spoilt


def test_what_the_flat_field_leaves_is_found_and_taken_off(made):
    meta, pixels = made
    there = np.ones(meta.frames, bool)
    x = np.arange(1608)
    shares = 0.008 * np.sin(x / 120) + 0.004
    for name, framelets in spin.split(pixels, meta).items():
        light = framelets[:, :, camera.LIGHT].copy()
        lit = (light > 200).mean((0, 1)) > 0.15
        assert np.sqrt(np.mean(flatness.row_shares(light, there, meta, name)[lit] ** 2)) < 0.003  # its error at the limb
        spoilt = uneven(light, meta, shares)
        found = flatness.row_shares(spoilt, there, meta, name)
        assert np.sqrt(np.mean((found - shares)[lit] ** 2)) < 0.003
        flatness.take_slopes(spoilt, found, meta)
        rest = (spoilt / np.maximum(light, 1) - 1)[:, :, lit][light[:, :, lit] > 200]
        assert np.sqrt(np.mean(rest**2)) < 0.0015


def test_in_the_dark_nothing_is_taken_off():
    meta = meta_of(KEYWORDS, "GREEN", frames=6)
    framelets = np.random.default_rng(2).normal(0.3, 1, (6, 128, 1608)).astype(np.float32)
    for there in (np.ones(6, bool), np.zeros(6, bool), np.arange(6) == 2):
        assert not flatness.row_shares(framelets, there, meta, "GREEN").any()


def test_lost_framelets_do_not_count(made):
    meta, pixels = made
    light = spin.split(pixels, meta)["GREEN"][:, :, camera.LIGHT].copy()
    there = np.ones(meta.frames, bool)
    there[12] = False
    light[12] = 0
    lit = (light > 200).mean((0, 1)) > 0.15
    assert np.abs(flatness.row_shares(light, there, meta, "GREEN")[lit]).max() < 0.003


def test_summed_pictures_too(made):
    meta, pixels = made
    light = spin.split(pixels, meta)["GREEN"][:, :, camera.LIGHT]
    summed = light.reshape(meta.frames, 64, 2, 804, 2).mean((2, 4))
    small = meta_of(KEYWORDS, "GREEN", summing=2)
    lit = (summed > 200).mean((0, 1)) > 0.15
    shares = np.full(804, 0.01)
    found = flatness.row_shares(uneven(summed, small, shares), np.ones(meta.frames, bool), small, "GREEN")
    assert np.abs(found - 0.01)[lit].max() < 0.005 and np.abs((found - 0.01)[lit].mean()) < 0.002


@pytest.mark.parametrize("even", [True, False])
def test_calibration_takes_it_off_unless_told_not_to(made, even):
    meta, pixels = made
    raw = companding.compress(np.clip(pixels, 0, 2879))
    done = calibration.calibrate(raw, meta, calibration.Settings(even=even, clean=False))
    assert set(done.uneven) == ({"GREEN", "RED"} if even else set())


def assembled(pixels, meta, **options):
    grid = spin.grid_for(meta)
    return {name: spin.assemble(f, grid, name, **options) for name, f in spin.split(pixels, meta).items()}, grid


def test_a_seam_of_one_percent_is_told_from_clouds(made):
    meta, pixels = made
    clean = seams.seams(*assembled(pixels, meta))
    assert not any(found.visible for found in clean.values())
    spoilt = pixels.copy()
    green = spin.split(spoilt, meta)["GREEN"]
    green[::2] *= 1.01
    found = seams.seams(*assembled(spoilt, meta))
    assert found["GREEN"].visible and not found["RED"].visible
    # clouds hide it from the plain steps, not from what the other filter does not show
    apart = found["GREEN"].apart
    assert apart.border > apart.inside + 4 * apart.spread
    assert apart.inside < 0.6 * found["GREEN"].plain.inside


def test_noise_is_no_seam():
    meta = meta_of(KEYWORDS, "GREEN", frames=12)
    rng = np.random.default_rng(4)
    framelets = np.full((12 * 128, 1648), 400, np.float32) + rng.normal(0, 8, (12 * 128, 1648)).astype(np.float32)
    even = seams.seams(*assembled(framelets, meta))["GREEN"]
    framelets.reshape(12, 128, 1648)[::2] *= 1.02
    uneven_light = seams.seams(*assembled(framelets, meta))["GREEN"]
    assert even.apart is None and not even.plain.border > 1.5 * even.plain.inside
    assert uneven_light.visible and uneven_light.plain.border > 3 * uneven_light.plain.inside


def test_without_blending_each_place_is_of_one_framelet():
    meta = meta_of(KEYWORDS, "GREEN", frames=6)
    framelets = np.repeat(np.arange(1, 7, dtype=np.float32), 128 * 1648).reshape(6 * 128, 1648)
    hard, soft = (assembled(framelets, meta, blend=b)[0]["GREEN"] for b in (False, True))
    hard, mixed = (np.abs(v - np.rint(v))[np.isfinite(v)] > 1e-3 for v in (hard, soft))
    assert not hard.any() and 0.05 < mixed.mean() < 0.2
    assert len(hard) >= len(mixed)
