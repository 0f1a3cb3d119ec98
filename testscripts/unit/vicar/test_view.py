"""``vicar-view``: pictures, labels, and one sentence for everything that cannot be shown."""

import numpy as np
import pytest

import vicar
from vicar.ibis import create_table
from vicar.view import cli, picture


@pytest.fixture
def image(tmp_path):
    lines, samples = np.mgrid[0:60, 0:80]
    vicar.write(tmp_path / "a.img", np.stack([samples, lines, lines + samples]).astype(np.int16), items={"NOTE": "hello"})
    return tmp_path / "a.img"


def test_three_bands_make_colours(image, tmp_path):
    pil = pytest.importorskip("PIL.Image")
    assert cli.main([str(image), "-o", str(tmp_path / "a.png"), "--stretch", "0", "255"]) == 0
    shown = np.asarray(pil.open(tmp_path / "a.png"))
    assert shown.shape == (60, 80, 3) and tuple(shown[10, 20]) == (20, 10, 30)
    assert cli.main([str(image), "--band", "2", "--window", "11", "1", "20", "0", "--size", "40", "-o", str(tmp_path / "b.png")]) == 0
    assert pil.open(tmp_path / "b.png").size == (40, 10)


def test_label(image, capsys):
    assert cli.main([str(image), "--label"]) == 0
    shown = capsys.readouterr().out
    assert "60 lines x 80 samples x 3 bands" in shown and "  NOTE    = hello\n" in shown


def test_a_short_file_is_shown_with_a_word_of_warning(image, capsys):
    image.write_bytes(image.read_bytes()[:9000])
    assert cli.main([str(image), "-o", str(image.with_suffix(".png"))]) == 0
    assert "ends too soon" in capsys.readouterr().err


def test_refusals_are_one_sentence(image, tmp_path, capsys):
    with create_table(tmp_path / "t", nr=2, nc=2):
        pass
    (tmp_path / "bad").write_bytes(b"nothing")
    for words in (["none"], ["bad"], ["."], ["t"], ["a.img", "--band", "4"], ["a.img", "--band", "1", "--band", "2"],
                  ["a.img", "--window", "61", "1", "1", "1"], ["a.img", "--percent", "50"], ["a.img", "--size", "-1"],
                  ["a.img", "-o", "none/a.png"]):  # fmt: skip
        words[0] = str(tmp_path / words[0])
        if words[-2:-1] == ["-o"]:
            words[-1] = str(tmp_path / words[-1])
        assert cli.main(words) == 2, words
        said = capsys.readouterr().err
        assert said.startswith("vicar-view: ") and said.count("\n") == 1 and "Errno" not in said, said


def test_half_blocks():
    text = picture.half_blocks(np.arange(64, dtype=np.uint8).reshape(8, 8), 4)
    assert text.count("\n") == 2 and text.count("▀") == 8
