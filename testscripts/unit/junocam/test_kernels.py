"""Kernels written from the simulator's truth give that truth back: state, picture to map, pictures of one set; what is missing is said."""

import json

import numpy as np
import pytest

from testscripts.unit.junocam import made_up_kernels
from testscripts.unit.junocam.made_up import AXIS, KEYWORDS, PHASE, SPEED, SPIN, meta_of, off, picture
from testscripts.unit.junocam.test_programs import refused, save_raw, session_in
from vicar.image import open_image
from vicar.junocam import ephemeris, kernels, mapping, register, simulator

spice = pytest.importorskip("spiceypy")
SECOND = KEYWORDS | {"PRODUCT_ID": "JNCE_2022229_44M00029_V01", "START_TIME": "2022-08-17T13:16:09.655", "STOP_TIME": "",
                     "FILTER_NAME": ["METHANE"], "LINES": 128 * 20, "SUB_SPACECRAFT_LATITUDE": "37.9454",
                     "SUB_SPACECRAFT_LONGITUDE": "281.2058", "SPACECRAFT_ALTITUDE": "133829.7 <km>"}


def turn(one: float, other: float) -> float:
    return abs(float(np.angle(np.exp(1j * (one - other)))))


@pytest.mark.parametrize("path_type", [8, 9, 13])
def test_state_of_each_picture(tmp_path, path_type):
    metas, phases = [meta_of(KEYWORDS), meta_of(SECOND)], [PHASE, PHASE + 0.31]
    whole = made_up_kernels.write(tmp_path, spice, metas, AXIS, SPIN, phases, SPEED, path_type)
    with kernels.loaded([whole]) as loaded:
        found = [kernels.known(loaded, meta) for meta in metas]
    for meta, phase, one in zip(metas, phases, found):
        assert off(one.axis, AXIS) < 1e-5 and abs(one.spin - SPIN) < 1e-8 and abs(one.tilt) < 1e-6
        assert turn(one.phase, phase) < 2e-6  # radians; a pixel is 7e-4
        truth = ephemeris.position(meta) + SPEED * meta.frame_time(0)
        assert np.abs(one.place - truth).max() < 0.1 and np.abs(one.velocity - SPEED).max() < 1e-6  # km, km/s
    assert spice.ktotal("ALL") == 0  # nothing stays loaded


def test_our_rotation_of_jupiter_is_that_of_the_kernels(tmp_path):
    meta = meta_of(KEYWORDS)
    whole = made_up_kernels.write(tmp_path, spice, [meta], AXIS, SPIN, [PHASE], SPEED)
    with kernels.loaded([whole]) as loaded:
        theirs = loaded.pxform("J2000", "IAU_JUPITER", loaded.str2et(meta.start_time))
    assert np.abs(theirs - ephemeris.body_axes(ephemeris.seconds(meta.start))).max() < 1e-6  # 2 ms of time, 0.00002 degrees


@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    """A made-up picture near closest approach, its kernels, and the attitude JNCNAV takes from them."""
    folder = tmp_path_factory.mktemp("kernels")
    keywords = KEYWORDS | {"FILTER_NAME": ["GREEN"], "LINES": 128 * 22}
    meta = meta_of(keywords)
    name = save_raw(folder, keywords, picture(meta, hot=20, jitter=0.0002))
    made_up_kernels.write(folder, spice, [meta], AXIS, SPIN, [PHASE], SPEED)
    session, said = session_in(folder)
    session.run("jncimport", name, "a.raw")
    session.run("jnccal", "a.raw", "a.cal")
    session.run("jncnav", "a.cal", "k.nav", kernels="all.tm")
    return folder, meta, said.getvalue()


def test_map_by_kernels_has_clouds_where_they_are(placed):
    folder, meta, said = placed
    assert "from kernels: spin 0.207650" in said
    session, _ = session_in(folder)
    session.run("jncmap", "a.cal", "k.map", nav="k.nav", res=10.0, lat=[10.0, 70.0], lon=[290.0, 350.0], photom="LAMBERT")
    with open_image(folder / "k.map") as image:
        green = image.read_window(band=1)
    target = mapping.MapGrid("CYLINDRICAL", 10, 10, 70, 290, 350)
    seen = green > 0
    truth = simulator.clouds(*target.places(0, target.shape[0])).astype(np.float32)
    shifts = register.patch_shifts(np.where(seen, truth, np.nan).astype(np.float32), np.where(seen, green, np.nan))
    assert len(shifts) > 20 and np.abs(np.median(shifts[:, 2:4], axis=0)).max() / 10 < 0.02  # degrees


def test_kernels_one_by_one_say_the_same(placed):
    folder, _, _ = placed
    session, _ = session_in(folder)
    session.run("jncnav", "a.cal", "one.nav", kernels=["naif.tls", "juno.tsc", "jupiter.tpc", "juno.tf", "juno.bsp", "juno.bc"])
    assert json.loads((folder / "one.nav").read_text()) == json.loads((folder / "k.nav").read_text())


@pytest.mark.parametrize("names", [["juno.bsp", "juno.bc"], ["naif.tls", "juno.tsc", "juno.tf", "juno.bc"],
                                   ["naif.tls", "juno.tsc", "juno.tf", "juno.bsp"], ["naif.tls", "juno.bsp", "juno.bc"],
                                   ["missing.tm"], ["a.cal"], ["broken.bc"]])
def test_what_is_missing_is_said_in_one_sentence(placed, names):
    folder, _, _ = placed
    (folder / "broken.bc").write_bytes((folder / "juno.bc").read_bytes()[:700])
    session, _ = session_in(folder)
    said = refused(session, "jncnav", "a.cal", "no.nav", kernels=names)
    assert len(said) == 1 and said[0].startswith("*** JNCNAV: ")
    assert not (folder / "no.nav").exists() and spice.ktotal("ALL") == 0


def test_pictures_the_kernels_do_not_cover(placed):
    folder, _, _ = placed
    meta = meta_of(SECOND)
    with kernels.loaded([folder / "all.tm"]) as loaded, pytest.raises(kernels.JunocamError, match="do not say where it looked"):
        kernels.known(loaded, meta)
