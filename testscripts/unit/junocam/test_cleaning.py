"""What the detector adds is found in the picture itself: warm pixels, dust, stray light; seams are measured as seams."""

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import KEYWORDS, meta_of
from vicar.junocam import calibration, camera, cleaning, seams, spin, stray
from vicar.junocam.companding import compress

RNG = np.random.default_rng(3)


def sky_and_disc(frames=12, rows=128, samples=300, lit=range(4, 9)) -> np.ndarray:
    """Framelets of sky, of which some show an even disc with a little structure."""
    framelets = RNG.normal(0.3, 1.0, (frames, rows, samples)).astype(np.float32)
    for k in lit:
        framelets[k] += 300 + 30 * np.sin(np.arange(rows)[:, None] / 7 + 3 * k) * np.cos(np.arange(samples) / 23 + k)
    return framelets


def test_box_mean_is_the_mean_of_the_box():
    plane = RNG.normal(0, 1, (9, 12)).astype(np.float32)
    padded = np.pad(plane, ((1, 1), (2, 2)), mode="edge")
    slow = [[padded[y : y + 3, x : x + 5].mean() for x in range(12)] for y in range(9)]
    assert np.allclose(cleaning.box_mean(plane, 3, 5), slow, atol=1e-6)


def test_streaks_of_warm_pixels_are_taken_off():
    framelets = sky_and_disc()
    clean = framelets.copy()
    framelets[:, 20:52, 77] += 15  # a warm pixel smeared over 32 rows by TDI
    there = np.ones(len(framelets), bool)
    assert 25 <= cleaning.take_pattern(framelets, there) <= 600
    assert abs(float((framelets - clean)[:, 20:52, 77].mean())) < 1.5


def test_pattern_is_left_alone_where_no_frame_sees_the_sky():
    framelets = sky_and_disc(lit=range(12))
    before = framelets.copy()
    cleaning.take_pattern(framelets, np.ones(len(framelets), bool))
    assert np.array_equal(framelets, before)


def test_specks_of_dust_are_evened_out_and_clouds_are_not():
    framelets = sky_and_disc()
    clean = framelets.copy()
    framelets[:, 60:64, 100:104] *= 0.5
    assert 10 <= cleaning.take_dust(framelets, np.ones(len(framelets), bool)) <= 24
    inside = (slice(4, 9), slice(60, 64), slice(100, 104))
    assert np.abs(framelets[inside] / clean[inside] - 1).mean() < 0.06
    outside = np.ones(framelets.shape, bool)
    outside[:, 58:66, 98:106] = False
    assert np.array_equal(framelets[outside], clean[outside])


def test_the_limb_is_no_speck():
    framelets = sky_and_disc(lit=range(12))
    framelets[:, :, :150] = 0.5  # space beside a limb that stays at its samples
    assert cleaning.take_dust(framelets, np.ones(len(framelets), bool)) == 0


def methane_with_stray() -> tuple:
    """A disc that crosses the strip, and smooth stray light that is the same in all rows of a framelet."""
    meta = meta_of(KEYWORDS, "METHANE", frames=20, tdi=32, exposure=102.4)
    grid = spin.grid_for(meta)
    x, y = np.meshgrid(np.arange(camera.LIGHT.start, camera.LIGHT.stop), np.arange(128))
    psi, beta = camera.direction_of(x, y, "METHANE")
    middle = camera.centre_angle("METHANE") + 9.5 * grid.spin * grid.period
    framelets, added = np.zeros((20, 128, 1648), np.float32), np.zeros((20, 1608), np.float32)
    for k in range(20):
        angle = psi + k * grid.spin * grid.period
        far = np.hypot((angle - middle) / 0.32, (beta + 0.2) / 0.25)
        scene = np.where(far < 1, 30 * (1 - 0.5 * far) * (1 + 0.1 * np.sin(angle * 90) * np.sin(beta * 70)), 0)
        added[k] = 3.0 * np.exp(-(((k - 11) / 5.0) ** 2)) * np.exp(-(((np.arange(1608) - 450) / 350.0) ** 2))
        values = scene + added[k]
        framelets[k, :, camera.LIGHT] = values + RNG.normal(0, 1, values.shape) * np.sqrt(1 + np.maximum(values, 0) / 16.3)
    return meta, framelets, added


def test_stray_light_of_methane_is_found_and_the_seams_go():
    meta, framelets, added = methane_with_stray()
    light = framelets[:, :, camera.LIGHT].copy()
    found = stray.stray_light(light, np.ones(20, bool), meta, "METHANE")
    assert np.abs(found - added).max() < 1.0 and np.sqrt(np.mean((found - added) ** 2)) < 0.25  # of 3
    grid = spin.grid_for(meta)
    before = seams.seams({"METHANE": spin.assemble(framelets, grid, "METHANE")}, grid)["METHANE"]
    framelets[:, :, camera.LIGHT] -= found[:, None, :]
    after = seams.seams({"METHANE": spin.assemble(framelets, grid, "METHANE")}, grid)["METHANE"]
    assert before.visible and not after.visible and after.plain.border < before.plain.border


@pytest.mark.parametrize("how", ["SUBTRACT", "CUT", "KEEP"])
def test_stray_light_settings(how):
    meta, framelets, _ = methane_with_stray()
    raw = compress(np.clip(framelets, 0, 2879)).reshape(-1, 1648)
    done = calibration.calibrate(raw, meta, calibration.Settings(stray=how, clean=False))
    assert ("METHANE" in done.stray) == (how != "KEEP") and (done.cut > 0) == (how == "CUT")


def test_all_framelets_lost_is_no_fault():
    meta = meta_of(KEYWORDS, "METHANE", frames=4, tdi=32, exposure=102.4)
    done = calibration.calibrate(np.zeros((4 * 128, 1648), np.uint8), meta)
    assert done.missing == {"METHANE": [0, 1, 2, 3]} and not done.pixels.any()
