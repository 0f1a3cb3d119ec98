"""Radiation hits: how many are found, how many are made up, also after a lossy compression by cosine transform."""

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import KEYWORDS, meta_of, picture
from vicar.junocam import camera, cleaning, companding

FRAMES, SIDE = 12, 16


def sent_lossy(raw: np.ndarray, step: float) -> np.ndarray:
    """Codes after a cosine transform of 16 by 16 blocks whose coefficients are rounded to ``step``."""
    k = np.arange(SIDE)
    transform = np.cos(np.pi * (k + 0.5) * k[:, None] / SIDE) * np.sqrt(2 / SIDE)
    transform[0] /= np.sqrt(2)
    blocks = raw.astype(float).reshape(raw.shape[0] // SIDE, SIDE, raw.shape[1] // SIDE, SIDE).transpose(0, 2, 1, 3)
    coarse = np.rint(transform @ blocks @ transform.T / step) * step
    back = (transform.T @ coarse @ transform).transpose(0, 2, 1, 3).reshape(raw.shape)
    return np.clip(np.rint(back), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def pictures():
    """Codes of a made-up picture without and with 15000 hits, and where those are and how strong."""
    meta = meta_of(KEYWORDS, "GREEN", frames=FRAMES)
    raw = picture(meta)
    rng = np.random.default_rng(7)
    places = rng.choice(raw.size, 15000, replace=False)
    places = places[(places % 1648 >= camera.LIGHT.start) & (places % 1648 < camera.LIGHT.stop)]
    strength = 8 + rng.exponential(25, len(places))
    values = companding.expand(raw).astype(float)
    sky = values.ravel()[places] < 5
    values.ravel()[places] += strength
    return raw, companding.compress(np.clip(values, 0, 2879)), places, strength, sky


def repaired(raw: np.ndarray) -> tuple[int, np.ndarray]:
    """How many hits were found, and which pixels were changed (of the whole picture)."""
    light = companding.expand(raw).astype(np.float32).reshape(FRAMES, 128, 1648)
    before = light.copy()
    _, hits = cleaning.repair(light[:, :, camera.LIGHT], np.ones(FRAMES, bool), 6.0)
    return hits, (light != before).ravel()


@pytest.mark.parametrize("step", [0, 4, 8])
def test_hits_are_found_and_few_made_up(pictures, step):
    raw, hit, places, strength, sky = pictures
    if step:
        raw, hit = sent_lossy(raw, step), sent_lossy(hit, step)
    size = FRAMES * 128 * 1608 / 1e6
    wrong, _ = repaired(raw)
    assert wrong / size < 150  # a million pixels; pictures of perijove 44 show 4000
    _, changed = repaired(hit)
    assert changed[places][(strength > 20) & sky].mean() > (0.97 if step < 8 else 0.8)
    if not step:
        assert changed[places][(strength > 20) & ~sky].mean() > 0.7


def test_corners_of_an_edge_are_no_hits():
    plane = np.where(np.add.outer(np.arange(40), 2 * np.arange(60)) > 80, 900.0, 2.0).astype(np.float32)
    excess, sigma = cleaning.standing_out(plane)
    assert not (np.abs(excess) > 3 * sigma).any()
    plane[5, 5] = 60.0
    plane[30, 20] = plane[30, 21] = 2000.0  # two together
    excess, sigma = cleaning.standing_out(plane)
    assert np.argwhere(excess > 6 * sigma).tolist() == [[5, 5], [30, 20], [30, 21]]
