"""Labels, times, tables of kernels, and pixels of flight images, against plain Python."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from vicar.missions.cameras import camera_constants
from vicar.missions.distortion import distortion_of
from vicar.missions.flightimage import ABSENT, FlightImage, LabelFault, checked, middle_of_exposure
from vicar.missions.kernelfiles import (
    POINTING,
    POSITIONS,
    Kernel,
    KernelError,
    configuration,
    pointing_order,
    position_order,
    table,
)
from vicar.missions.perspective import Perspective, pixel_of, place_of
from vicar.missions.provenance import Provenance

f32 = np.float32


@pytest.mark.parametrize("event", [(1979, 63, 19, 23, 0, 0), (1979, 1, 0, 0, 0, 0), (1981, 1, 0, 0, 1, 0), (1989, 238, 3, 56, 0, 0)])
@pytest.mark.parametrize("exposure", [5.0, 360.0, 15360.0, 61440.0])
def test_middle_of_exposure(event, exposure):
    year, day, hour, minute, second, _ = event
    end = datetime(year, 1, 1, hour, minute, second) + timedelta(days=day - 1)
    middle = end - timedelta(milliseconds=exposure / 2)
    wanted = (middle.year, middle.timetuple().tm_yday, middle.hour, middle.minute, middle.second)
    found = middle_of_exposure(event, exposure)
    assert found[:5] == wanted
    assert abs(found[5] - middle.microsecond / 1000) <= 1


@pytest.mark.parametrize(("project", "event", "result"), [
    ("VGR-1", (79, 63, 1, 2, 3, ABSENT), (1979, 63, 1, 2, 3, 0)), ("VGR-2", (12, 366, 1, 2, 3, 4), (2012, 366, 1, 2, 3, 0)),
    ("VGR-1", (75, 63, 1, 2, 3, 4), None), ("VGR-1", (79, 366, 1, 2, 3, 4), None), ("GLL", (92, 3, 1, 2, 3, 4), None),
    ("GLL", (1992, 366, 23, 59, 59, 999), (1992, 366, 23, 59, 59, 999)), ("GLL", (1992, 3, 24, 2, 3, 4), None),
    ("GLL", (1992, 3, 1, 2, 3, 1000), None), ("GLL", (ABSENT,) * 6, None),
])  # fmt: skip
def test_times(project, event, result):
    image = FlightImage(project, 1, event)
    if result is None:
        with pytest.raises(LabelFault):
            checked(image, lambda text: None)
    else:
        assert checked(image, lambda text: None).event == result


def test_configuration(tmp_path):
    (tmp_path / "ms").write_text("// GLL_KDB no\nGLL_KDB  kdb.gll  and more\nVGR1_KDB v\nGLL_SPICEKER /a/\nGLL_MIPSKER\n")
    assert configuration({"SPICE_CONFIG_FILE": "ms"}, tmp_path, "GLL") == {"KDB": "kdb.gll", "SPICEKER": "/a/"}
    with pytest.raises(KernelError, match="not defined"):
        configuration({}, tmp_path, "GLL")
    with pytest.raises(KernelError, match="No such file"):
        configuration({"SPICE_CONFIG_FILE": "none"}, tmp_path, "GLL")


def test_tables_of_kernels(tmp_path):
    (tmp_path / "kdb").write_text("A 1 NAIF SPICEKER a.bsp 1979 JAN 01 00:00:00 1980 JAN 01 00:00:00\nshort line\n"
                                  "B 2 NAV MIPSKER b.ck 1979 JAN 01 00:00:00 1981 JAN 01 00:00:00 and so on\n")  # fmt: skip
    settings = {"KDB": "kdb", "SPICEKER": "/s/", "MIPSKER": "/m/"}
    years = lambda text: float(text.split()[0])  # noqa: E731
    assert table(settings, tmp_path, POSITIONS, years) == [Kernel("A", "NAIF", "/s/a.bsp", 1979, 1980)]
    assert table(settings, tmp_path, POINTING, years) == [Kernel("B", "NAV", "/m/b.ck", 1979, 1981)]
    for wrong in ({}, {"KDB": "none"}):
        with pytest.raises(KernelError):
            table(wrong, tmp_path, POSITIONS, years)
    (tmp_path / "kdb").write_text("A 1 NAIF ELSEWHERE a.bsp 1979 JAN 01 00:00:00 1980 JAN 01 00:00:00\n")
    with pytest.raises(KernelError, match="ELSEWHERE"):
        table(settings, tmp_path, POSITIONS, years)


def test_which_kernels_count_most():
    a, b, c = Kernel("A", "NAIF", "a", 0, 100), Kernel("B", "NAV", "b", 0, 100), Kernel("C", "NAIF", "c", 200, 300)
    assert pointing_order([a, b, c], 50, "NAIF") == [b, a]
    assert pointing_order([a, b, c], 50, "DAVI") == [a, b]
    assert pointing_order([a, b, c], 141, "NAV") == [c]
    assert position_order([a, b, c], 50, "A") == [b, a]
    assert position_order([a, b, c], 50, "C") == [a, b, c]
    with pytest.raises(KernelError):
        position_order([a], 150, "none")


def test_wishes_for_pointings():
    segment = Provenance.of_segment("MIPSNONENAV   N005NONE199602291200GMY059")
    assert (segment.institute, segment.program, segment.date, segment.user, segment.group) == ("MIPS", "NAV   ", "199602291200", "GMY", "059")
    nothing = Provenance()
    assert not nothing.wanted and nothing.matches(segment) and nothing.lowered() is None
    wish = Provenance(institute="MIPL", user="GMY", date="199602291200")
    steps = []
    while wish is not None:
        steps.append((wish.matches(segment), wish.wanted))
        wish = wish.lowered()
    assert steps == [(False, True), (False, True), (False, True), (True, False)]


def view(latitude=20.0):
    """A camera above the meridian of Greenwich that looks at the centre."""
    slope = np.radians(latitude)
    rs = 2e6 * np.array([np.cos(slope), 0, np.sin(slope)])
    z = -rs / np.linalg.norm(rs)
    x = np.array([0.0, 1.0, 0.0])
    camera = camera_constants("VGR-1", 7)
    return Perspective(camera, np.array([x, np.cross(z, x), z]), rs, f32(1829.4), f32(13.7), f32(1815.7))


def test_places_and_pixels_agree():
    eye = view()
    for latitude in range(-60, 90, 15):
        for longitude in range(-60, 61, 20):
            pixel = pixel_of(eye, f32(latitude), f32(longitude))
            if pixel is None:
                continue
            found, west, hit = place_of(eye, *pixel)
            if hit and abs(found - latitude) < 5:  # else it is seen too obliquely
                assert found == pytest.approx(latitude, abs=0.5)
                assert -west % 360 == pytest.approx(longitude % 360, abs=0.5)
    assert pixel_of(eye, f32(-20), f32(180)) is None
    assert place_of(eye, f32(1), f32(1))[2] is np.False_ or not place_of(eye, f32(1), f32(1))[2]


@pytest.mark.parametrize(("project", "camera", "size", "sums"), [
    ("GLL", 1, 800, 1), ("GLL", 2, 400, 2), ("CASSI", 2, 1024, 1), ("CASSI", 22, 512, 2), ("CASSI", 42, 256, 4),
])  # fmt: skip
def test_distortion(project, camera, size, sums):
    random, optics = np.random.default_rng(3), distortion_of(project, camera)
    line, sample = random.uniform(1, size, (2, 500)).astype(f32)
    there = optics.to_object(line, sample)
    back = optics.to_image(*there)
    assert max(np.abs(back[0] - line).max(), np.abs(back[1] - sample).max()) < 1e-3
    radius = np.hypot(line - size / 2, sample - size / 2)
    bent = np.hypot(there[0] - size / 2, there[1] - size / 2)
    assert (bent <= radius + 1e-3).all() and np.abs(bent - radius).max() > 0.2 / sums
    middle = optics.to_object(np.array([size / 2], f32), np.array([size / 2], f32))
    assert [float(part[0]) for part in middle] == [size / 2, size / 2]
    narrow = distortion_of("CASSI", 1).to_object(line, sample)
    assert narrow[0] is line and narrow[1] is sample
