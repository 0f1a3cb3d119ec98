"""JunoCam: facts of the instrument, damaged and hostile input, and a made-up picture that must come back."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from testscripts.unit.junocam.made_up import KEYWORDS
from vicar.errors import Abend
from vicar.junocam import (
    JunocamError,
    camera,
    companding,
    ephemeris,
    mapping,
    metadata,
    navigation,
    package,
    register,
    seams,
    simulator,
    spin,
)
from vicar.task import World, task_from_values


def test_companding_is_the_published_table_and_goes_round():
    table = companding.table()
    # rungs of the published table
    assert [int(table[k]) for k in (0, 23, 24, 28, 43, 89, 184, 209, 255)] == [0, 23, 25, 33, 63, 247, 1007, 1407, 2879]
    assert np.array_equal(companding.compress(companding.expand(np.arange(256, dtype=np.uint8))), np.arange(256))


def test_companding_table_of_the_reference(shared):
    rows = (shared / "testdata/junocam/junocam_sqroot_table.csv").read_text().split()[1:]
    assert companding.table().tolist() == [int(r.split(",")[1]) for r in rows]


@pytest.mark.parametrize("name", camera.FILTERS)
def test_lens_goes_round(name):
    x, y = np.meshgrid(np.arange(24, 1630, 53.0), np.arange(0, 128, 9.0))
    back = camera.pixel_of(*camera.direction_of(x, y, name), name)
    assert max(np.abs(back[0] - x).max(), np.abs(back[1] - y).max()) < 1e-3


@pytest.mark.parametrize("change", [
    {"FILTER_NAME": ["BLUE", "ULTRAVIOLET"]}, {"FILTER_NAME": []}, {"LINES": 1000}, {"LINES": "many"},
    {"INTERFRAME_DELAY": "soon"}, {"START_TIME": "yesterday"}, {"SAMPLING_FACTOR": 3}, {"EXPOSURE_DURATION": None},
    {"SUB_SPACECRAFT_LATITUDE": "151"}, {"PRODUCT_ID": "../../etc"},
])
def test_metadata_that_cannot_be_are_refused(change):
    with pytest.raises(JunocamError):
        metadata.from_keywords(KEYWORDS | change)


def test_metadata_of_the_reference(shared):
    folder = shared / "testdata/junocam"
    for path in [*folder.glob("raw_*/*-Metadata.json"), folder / "8724-Data.zip", folder / "JNCE_2017038_04C00586_V01.LBL"]:
        for meta in package.metadata_in(path).values():
            assert meta.frames > 5 and metadata.remarks(meta) == []


def small_png(lines=384, samples=1648) -> bytes:
    pillow = pytest.importorskip("PIL.Image")
    stream = io.BytesIO()
    pillow.fromarray(np.arange(lines * samples, dtype=np.uint32).astype(np.uint8).reshape(lines, samples)).save(stream, "PNG")
    return stream.getvalue()


def imported(folder, name, **values):
    """Messages of JNCIMPORT run on a file, and whether it failed."""
    from programs.junocam.jncimport import main

    said = []
    task = task_from_values("JNCIMPORT", World(directory=folder, message=lambda text, key: said.append(text)), "",
                            INP=str(name), **values)
    try:
        main(task)
        failed = False
    except Abend:
        failed = True
    task.finish()
    return said, failed


@pytest.mark.parametrize("damage", ["cut", "size", "notzip", "unknown", "nometa", "encrypted name"])
def test_bad_archives_give_one_message_and_no_file(tmp_path, damage):
    png, items = small_png(), KEYWORDS | {"LINES": 384}
    if damage == "cut":
        png = png[: len(png) // 2]
    elif damage == "size":
        items["LINES"] = 768
    elif damage == "unknown":
        items["FILTER_NAME"] = ["BLUE", "GREEN", "X"]
    inside = tmp_path / "in"
    inside.mkdir()
    with zipfile.ZipFile(inside / "a.zip", "w") as opened:
        name = "" if damage == "encrypted name" else "ImageSet/"
        opened.writestr(name + ("x.png" if damage == "encrypted name" else "JNCE_2022229_44C00032_V01-raw.png"), png)
        if damage != "nometa":
            opened.writestr("DataSet/1-Metadata.json", json.dumps(items))
    if damage == "notzip":
        (inside / "a.zip").write_bytes(b"PK nothing")
    out = tmp_path / "out"
    out.mkdir()
    said, failed = imported(out, inside / "a.zip")
    assert failed and len(said) == 2 and said[0].startswith("*** JNCIMPORT: ")
    assert list(out.iterdir()) == [] and len(list(inside.iterdir())) == 1


def test_hostile_paths_in_an_archive_are_ignored(tmp_path):
    (tmp_path / "out").mkdir()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        for name in ("../evil/JNCE_2022229_44C00031_V01-raw.png", "/tmp/x/JNCE_2022229_44C00033_V01-raw.png",
                     "ok/JNCE_2022229_44C00032_V01-raw.png"):
            opened.writestr(name, small_png())
        opened.writestr("1-Metadata.json", json.dumps(KEYWORDS | {"LINES": 384}))
    said, failed = imported(tmp_path / "out", tmp_path / "a.zip")
    assert not failed and "2 member(s)" in said[0]
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["JNCE_2022229_44C00032_V01.raw"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]


def test_label_round_trip(tmp_path):
    from vicar.image import open_image

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        opened.writestr("JNCE_2022229_44C00032_V01-raw.png", small_png())
        opened.writestr("1-Metadata.json", json.dumps(KEYWORDS | {"LINES": 384}))
    assert not imported(tmp_path, tmp_path / "a.zip", OUT="a.raw")[1]
    with open_image(tmp_path / "a.raw") as image:
        assert metadata.from_label(image.label) == metadata.from_keywords(KEYWORDS | {"LINES": 384})


def test_made_up_picture_comes_back():
    """Axis, phase and places of clouds from a noisy picture with jitter and hot pixels whose truth is known."""
    from vicar.junocam.cleaning import repair

    meta = replace(metadata.from_keywords(KEYWORDS), filters=("GREEN",))
    axis = np.array([-0.9988, 0.0112, -0.0473])
    axis /= np.linalg.norm(axis)
    speed, phase = np.array([5.0, -20.0, -33.0]), 2.7806
    raw = simulator.picture(meta, axis, 0.20765, phase, speed, hot=20, jitter=0.0005)
    framelets = companding.expand(raw).astype(np.float32).reshape(meta.frames, 128, 1648)
    fixed, _ = repair(framelets[:, :, camera.LIGHT], np.ones(meta.frames, bool), 6.0)
    assert 10 <= fixed <= 30  # 20 were put in; some lie in the dark of every frame, neighbours may be taken along
    grid = spin.grid_for(meta, 0.20765)
    channel = spin.assemble(framelets, grid, "GREEN")
    assert not seams.seams({"GREEN": channel}, grid)["GREEN"].visible
    view = navigation.view_of(channel, grid, "GREEN", meta, [])
    view.path = (ephemeris.position(meta) + speed * meta.frame_time(0), speed)
    found = navigation.navigate([view], 0.20765, 0.0)
    assert found.residuals[meta.product_id][0] < 0.3
    off = np.degrees(np.arccos(np.clip(found.axis @ axis, -1, 1)))
    assert off < min(2.0, 3 * found.sigma_axis)  # one picture alone, axis also in the turn about the line of sight

    target = mapping.MapGrid("CYLINDRICAL", 10, 10, 70, 290, 350)
    attitude = mapping.Attitude(axis, 0.20765, 0.0, phase, speed)
    made = mapping.project({"GREEN": channel}, mapping.Projector(meta, attitude, grid), target, "LAMBERT", 0.3)
    latitude, longitude = target.places(0, target.shape[0])
    truth = 700 * simulator.clouds(latitude, longitude)
    seen = np.isfinite(made["GREEN"])
    assert seen.mean() > 0.2
    error = np.abs(made["GREEN"] - truth)[seen]
    assert np.median(error) < 0.02 * 420
    shifts = register.patch_shifts(np.where(seen, truth, np.nan).astype(np.float32), made["GREEN"])
    assert len(shifts) > 20 and np.abs(shifts[:, 2:4].mean(0)).max() / 10 < 0.01  # degrees


def test_pictures_of_an_archive_are_in_memory_one_at_a_time(tmp_path):
    import tracemalloc

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        for number in range(12):
            product = f"JNCE_2022229_44C000{number + 10}_V01"
            opened.writestr(f"{product}-raw.png", small_png(3840))
            opened.writestr(f"{number}-Metadata.json", json.dumps(KEYWORDS | {"LINES": 3840, "PRODUCT_ID": product}))
    (tmp_path / "out").mkdir()
    imported(tmp_path / "out", tmp_path / "a.zip")  # libraries are loaded
    tracemalloc.start()
    said, failed = imported(tmp_path / "out", tmp_path / "a.zip")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not failed and len(list((tmp_path / "out").iterdir())) == 12
    assert most < 5 * 3840 * 1648  # a picture is 6 MB; all of them 76


def test_damage_of_the_last_picture_leaves_nothing(tmp_path):
    png = small_png()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        for number, data in ((31, png), (32, png), (33, png[: len(png) // 2])):
            product = f"JNCE_2022229_44C000{number}_V01"
            opened.writestr(f"{product}-raw.png", data)
            opened.writestr(f"{number}-Metadata.json", json.dumps(KEYWORDS | {"LINES": 384, "PRODUCT_ID": product}))
    (tmp_path / "out").mkdir()
    said, failed = imported(tmp_path / "out", tmp_path / "a.zip")
    assert failed and "damaged or cut short" in said[0] and list((tmp_path / "out").iterdir()) == []
