"""Programs that the original does not have: what they make, against an evaluation of its own or a truth that was put in."""

import json
import os
import zipfile

import numpy as np
import pytest

import vicar
from monitor.session import ProgramFailed, Session
from testscripts.unit.junocam.made_up import KEYWORDS
from vicar.junocam import companding, metadata, simulator


@pytest.fixture
def session(tmp_path):
    return Session(directory=tmp_path, environment={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, user="me")


STARTS = {
    "IMQ": b"\x24\x00NJPL1I00PDS0000000000 = SFDU_LABEL\r\n",
    "PDS": b"PDS_VERSION_ID = PDS3\r\n",
}


def test_vgrlook_by_the_first_bytes(session, tmp_path):
    for kind, start in STARTS.items():
        (tmp_path / kind).write_bytes(start + bytes(3000))
    assert session.run("vgrlook", "PDS") == {"KIND": "PDS"}
    with pytest.raises(ProgramFailed, match="IMQ cannot be decompressed: the label has no end"):
        session.run("vgrlook", "IMQ")


def test_vgrlook_at_a_compressed_frame(session, shared):
    assert session.run("vgrlook", str(shared / "golden" / "imq" / "imqio" / "io.imq")) == {"KIND": "IMQ"}


def test_vgrlook_at_vicar_images(session, tmp_path):
    session.run("gen", "frame", 800, 800)
    assert session.run("vgrlook", "frame") == {"KIND": "FRAME"}
    session.run("gen", "small", 80, 80)
    with pytest.raises(ProgramFailed, match="small has 80 by 80 BYTE pixels; a raw frame has 800 by 800 BYTE"):
        session.run("vgrlook", "small")
    with pytest.raises(ProgramFailed, match="There is no file nothing"):
        session.run("vgrlook", "frame", need=["small", "nothing"])


def test_picture_shows_the_pixels(session, tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    session.run("gen", "a", 30, 40, linc=3, sinc=2)
    session.run("picture", "a", "a.png", low=10, high=110)
    line, samp = np.mgrid[0:30, 0:40]
    wanted = np.clip((3 * line + 2 * samp - 10) * 2.55, 0, 255)
    assert np.abs(np.asarray(pillow.open(tmp_path / "a.png")) - np.floor(wanted)).max() <= 1
    session.run("picture", "a", "small.png", low=0, high=255, reduce=10)
    means = (3 * line + 2 * samp).reshape(3, 10, 4, 10).mean(axis=(1, 3)).astype(np.uint8)
    assert np.array_equal(np.asarray(pillow.open(tmp_path / "small.png")), means)
    session.run("picture", ["a", "a"], "both.png", caption=["one", "two"])
    assert pillow.open(tmp_path / "both.png").size[0] > 80


def test_demo_gives_back_what_was_in_front_of_the_camera(session, tmp_path):
    pytest.importorskip("PIL.Image")
    session.run("demo")
    with vicar.open(tmp_path / "demo.fic") as made, vicar.open(tmp_path / "demo.tru") as truth:
        inside = (slice(None), slice(100, 700), slice(100, 700))
        away = np.abs(made.read_all()[inside].astype(float) - truth.read_all()[inside])
    assert np.median(away) < 60  # of 10000 times I/F; one code of the camera is about 50
    assert (tmp_path / "demo.png").is_file()


def test_the_junocam_programs_in_a_row(session, tmp_path):
    """A made-up picture through all of them: raw codes and framelets as they were put in, a picture and a map with clouds."""
    pillow = pytest.importorskip("PIL.Image")
    meta = metadata.from_keywords(KEYWORDS)
    axis = np.array([-0.9988, 0.0112, -0.0473])
    raw = simulator.picture(meta, axis / np.linalg.norm(axis), 0.20765, 2.7806, np.array([5.0, -20.0, -33.0]))
    raw = np.asarray(raw).reshape(-1, 1648)
    pillow.fromarray(raw).save(tmp_path / "raw.png")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "raw.png", "JNCE_2022229_44C00032_V01-raw.png")
        archive.writestr("1-Metadata.json", json.dumps(KEYWORDS))
    session.run("jncimport", "a.zip", "a.raw")
    with vicar.open(tmp_path / "a.raw") as image:
        assert np.array_equal(image.read_all()[0], raw)
    session.run("jnccal", "a.raw", "a.cal", clean="no")
    session.run("jncframe", "a.cal", "g.img", filter="green", frames=[3, 4])
    with vicar.open(tmp_path / "a.cal") as whole, vicar.open(tmp_path / "g.img") as part:
        values, framelets = whole.read_all()[0], part.read_all()[0]
    assert np.array_equal(framelets, np.vstack([values[384 * (n - 1) + 128 : 384 * (n - 1) + 256] for n in (3, 4)]))
    codes = companding.expand(raw).astype(float)
    lit = codes > 200
    assert lit.sum() > 1000 and 0.7 < np.median(values[lit] / codes[lit]) < 1.3  # only dark and flat lie between
    session.run("jncrgb", "a.cal", "a.rgb")
    session.run("jncexport", "a.rgb", "a.png", credit="nobody", line="no", crop="no")
    with vicar.open(tmp_path / "a.rgb") as image:
        assert image.nb == 3
        assert pillow.open(tmp_path / "a.png").size == (image.ns, image.nl)
    session.run("jncnav", "a.cal", "a.nav")
    session.run("jncmap", "a.cal", "a.map", nav="a.nav", res=4.0)
    with vicar.open(tmp_path / "a.map") as image:
        seen = image.read_all()
    colours = seen[:3]
    assert (colours > 0).all(axis=0).sum() > 1000 and colours[colours > 0].std() > 0
