"""GETLL, GETPC and PTP with SPICE kernels: made-up flybys, the original's logs and pixels (``flybys``).

The models were recorded in November 2026 with the original built natively for 64-bit Linux (x86-64, gcc and gfortran 12.2, the
release's own flags; SPICE toolkit N0067) as those of ``testscripts`` are, with SPICE_CONFIG_FILE=ms_config. ``views.json``
and ``orbiter.json`` have the MD5 sums of the pixels of its output images. Wishes for a certain pointing (USERID and its kin) are not in them: built for this
machine the original reads the names of all segments but the first wrongly (its bridge takes the length of a text from a
register), and finds none.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from monitor.session import ProgramFailed, Session
from monitor.verify.masks import CASES
from monitor.verify.run import run_test
from monitor.verify.suites import procedure_test

spiceypy = pytest.importorskip("spiceypy", reason="needs spiceypy")

FOLDER = Path(__file__).resolve().parent / "flybys"
INPUTS = FOLDER.parents[2] / "inputs"


def fill(folder):
    for path in FOLDER.iterdir():
        if path.suffix in (".py", ".pdf"):
            shutil.copyfile(path, folder / path.name)
    subprocess.run([sys.executable, "prepare.py"], cwd=folder, env={"PYTHONPATH": str(INPUTS)}, check=True)


@pytest.mark.parametrize("name", ["pixels", "centres", "views", "orbiter"])
def test_as_the_original(name, verify_worker, tmp_path):
    test = procedure_test(FOLDER / f"{name}.pdf", [FOLDER / f"{name}.log"], CASES)
    test = replace(test, prepare=fill, environment={"SPICE_CONFIG_FILE": "ms_config"})
    outcome = run_test(test, verify_worker, keep=tmp_path)
    assert outcome.verdict.reproduced, outcome
    if name in ("views", "orbiter"):
        for image, wanted in json.loads((FOLDER / f"{name}.json").read_text()).items():
            data = (tmp_path / test.name / image).read_bytes()
            label = int(re.match(rb"LBLSIZE=(\d+)", data)[1])
            assert hashlib.md5(data[label:]).hexdigest() == wanted, image


@pytest.fixture(scope="module")
def flyby(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flyby")
    fill(folder)
    return folder


def session(folder, **environment):
    return Session(directory=folder, environment={"SPICE_CONFIG_FILE": "ms_config", **environment}, output=None)


def centre(folder, **wishes):
    """Where GETPC puts the target."""
    found = session(folder).run("getpc", "io1", target="io", **wishes)
    return round(found["PCL"], 2), round(found["PCS"], 2)


DAVI, NAV, NAIF = (99.36, 155.45), (136.28, 131.28), (131.21, 130.97)  # the first and the last are in the models


@pytest.mark.parametrize(("wishes", "found"), [
    ({}, DAVI), ({"ckname": "naif"}, NAIF), ({"userid": "gmy"}, NAV), ({"userid": "gmy", "groupid": "059"}, NAV),
    ({"userid": "gmy", "groupid": "060"}, DAVI), ({"userid": "xyz"}, DAVI), ({"groupid": "059"}, DAVI),
    ({"program": "vgrmck"}, NAIF), ({"cdate": "199602291200"}, NAV), ({"cdate": "19960229"}, DAVI),
    ({"spkid": "N005"}, NAV), ({"institute": "NAIF"}, NAIF), ({"reqnum": "1234", "institute": "MIPS"}, NAV),
    ({"purpose": "COLO", "cdate": "199602291200"}, DAVI), ({"institute": "mips", "ckname": "naif"}, NAV),
])  # fmt: skip
def test_wishes(flyby, wishes, found):
    """By hand: the segments in the order in which they count are NAV2 of Mrs. HBM, NAV of GMY, VGRMCK of VRH (NAIF's kernel first if
    it is asked for); wishes are given up in the order date, request, purpose, program, positions, user, group, institute."""
    assert centre(flyby, **wishes) == found


def test_kernels_that_are_not_there(flyby, tmp_path):
    with pytest.raises(ProgramFailed) as failure:
        session(flyby, SPICE_CONFIG_FILE="nothing").run("getpc", "io1", target="io")
    assert "***SPICE error=          0" in failure.value.messages
    for path in ("io1", "ms_config"):
        shutil.copyfile(flyby / path, tmp_path / path)
    shutil.copytree(flyby / "kernels", tmp_path / "kernels")
    for name in ("mips_vg1_nav.ck", "vgr1.bsp", "kdb.vgr1", "vg1.tsc"):
        (tmp_path / "kernels" / name).unlink()
        with pytest.raises(ProgramFailed) as failure:
            session(tmp_path).run("getpc", "io1", target="io")
        assert "GETPC cannot continue" in failure.value.messages


def test_nothing_stays_loaded(flyby):
    session(flyby).run("getpc", "earth1")
    with pytest.raises(spiceypy.utils.exceptions.NotFoundError):
        spiceypy.gnpool("*", 0, 10)


def literal_place(eye, radii, line, sample):
    """Where a ray meets the target, or None, one step after the other."""
    x, y, z = sample - float(eye.camera.sample), line - float(eye.camera.line), eye.focal
    ray = [eye.om[0][n] * x + eye.om[1][n] * y + eye.om[2][n] * z for n in range(3)]
    a = sum((ray[n] / radii[n]) ** 2 for n in range(3))
    b = sum(ray[n] * eye.rs[n] / radii[n] ** 2 for n in range(3))
    c = sum((eye.rs[n] / radii[n]) ** 2 for n in range(3)) - 1
    if b * b - a * c < 0:
        return None
    step = (-b - (b * b - a * c) ** 0.5) / a
    return [step * ray[n] + eye.rs[n] for n in range(3)]


def test_projection_is_that_of_single_rays():
    from programs.voyager._reprojection import Eye, Reprojection
    from vicar.missions.cameras import camera_constants

    random = np.random.default_rng(5)
    camera, radii = camera_constants("VGR-1", 7), (1829.4, 1819.3, 1815.7)
    eyes = []
    for place in ([1.6e6, 1.1e6, 3.0e5], [1.5e6, 1.2e6, 2.9e5]):
        rs = np.array(place)
        z = -rs / np.linalg.norm(rs)
        x = np.cross([0.1, 0.2, 1.0], z)
        x /= np.linalg.norm(x)
        eyes.append(Eye(camera, np.array([x, np.cross(z, x), z]), rs, None))
    projection = Reprojection(*eyes, radii, None)
    lines, samples = random.integers(380, 620, (2, 400))
    found = projection.to_input(lines, samples)
    hits = 0
    for line, sample, seen_line, seen_sample, on in zip(lines, samples, *found, strict=True):
        point = literal_place(eyes[1], radii, float(line), float(sample))
        sight = None if point is None else np.array(point) - eyes[0].rs
        behind = sight is not None and sum(sight[n] * point[n] / radii[n] ** 2 for n in range(3)) > 0
        assert on == (sight is not None and not behind)
        if on:
            x, y, z = eyes[0].om @ sight
            assert (seen_line, seen_sample) == pytest.approx((500 + eyes[0].focal * y / z, 500 + eyes[0].focal * x / z), abs=1e-6)
            hits += 1
    assert 50 < hits < 400
    grids = [projection.grid(385, 7, 2000, 700, everywhere=everywhere) for everywhere in (True, False)]
    lines, samples = np.meshgrid(np.arange(385, 609), np.arange(1, 701), indexing="ij")
    for exact, everywhere, coarse in zip(projection.exact(lines.ravel(), samples.ravel()), *grids, strict=True):
        assert everywhere.ravel().tolist() == pytest.approx(exact.tolist(), nan_ok=True, rel=0, abs=0)
        both = np.isfinite(everywhere) & np.isfinite(coarse)
        assert both.sum() > 10000 and np.abs(everywhere - coarse)[both].max() < 1
