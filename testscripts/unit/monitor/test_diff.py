"""vicar-diff on files made byte by byte here."""

import json

import numpy as np
import pytest

from monitor.verify.diff_cli import main

DTYPES = {"BYTE": "u1", "HALF": "<i2", "FULL": "<i4", "REAL": "<f4", "DOUB": "<f8", "COMP": "<c8"}
INVERSE = {"u1": "BYTE", "<i2": "HALF", "<i4": "FULL", "<f4": "REAL", "<f8": "DOUB", "<c8": "COMP"}


def write(path, data, history="", prefix=0):
    """A VICAR file with the bands x lines x samples of ``data``."""
    data = np.atleast_3d(data)
    nb, nl, ns = data.shape
    raw = data.astype(data.dtype.newbyteorder("<"))
    form = INVERSE["u1" if raw.dtype.itemsize == 1 else f"<{raw.dtype.kind}{raw.dtype.itemsize}"]
    record = prefix + ns * raw.dtype.itemsize
    label = (
        f"FORMAT='{form}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={record}  ORG='BSQ'  NL={nl}  NS={ns}  "
        f"NB={nb}  N1={ns}  N2={nl}  N3={nb}  N4=0  NBB={prefix}  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  "
        f"REALFMT='RIEEE'  BHOST='VAX-VMS'  BINTFMT='LOW'  BREALFMT='VAX'  BLTYPE=''  {history}"
    )
    size = -(-(len(label) + 30) // record) * record
    text = f"LBLSIZE={size:<16}{label}".encode()
    rows = np.zeros((nb * nl, record), np.uint8)
    rows[:, prefix:] = np.ascontiguousarray(raw).view(np.uint8).reshape(nb * nl, -1)
    path.write_bytes(text.ljust(size, b"\0") + rows.tobytes())
    return path


def history(name="GEN", user="lead", date="Wed Nov  3 10:11:12 2021", **items):
    text = "".join(f"{key}={value}  " for key, value in items.items())
    return f"TASK='{name}'  USER='{user}'  DAT_TIM='{date}'  {text}"


@pytest.fixture
def base():
    return np.arange(1 * 20 * 30, dtype="u1").reshape(1, 20, 30)


def test_same(tmp_path, base, capsys):
    a, b = write(tmp_path / "a", base, history()), write(tmp_path / "b", base, history())
    assert main([str(a), str(b)]) == 0
    assert capsys.readouterr().out == "same\n"


def test_label_items_and_ignoring_by_name(tmp_path, base, capsys):
    a = write(tmp_path / "a", base, history(IVAL="1.0", A="2") + history("COPY"))
    b = write(tmp_path / "b", base, history(IVAL="2.0", B="2") + history("COPY", user="rose"))
    assert main([str(a), str(b)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "label: task GEN: IVAL: 1.0 | 2.0",
        "label: task GEN: A=2 only in A",
        "label: task COPY: USER: 'lead' | 'rose'",
        "label: task GEN: B=2 only in B",
    ]
    assert main([str(a), str(b), "-q", "--ignore", "user,task gen.*"]) == 0
    assert main([str(a), str(b), "-q", "--ignore", "user,ival,a"]) == 1
    assert main([str(a), str(b), "-q", "--no-label"]) == 0


def test_repeated_tasks_are_told_apart(tmp_path, base, capsys):
    a = write(tmp_path / "a", base, history(X="1") + history(X="1"))
    b = write(tmp_path / "b", base, history(X="1") + history(X="2"))
    assert main([str(a), str(b)]) == 1
    assert capsys.readouterr().out == "label: task GEN(2): X: 1 | 2\n"


def test_order_of_items(tmp_path, base, capsys):
    a = write(tmp_path / "a", base, history(X="1", Y="2"))
    b = write(tmp_path / "b", base, history(Y="2", X="1"))
    assert main([str(a), str(b)]) == 1
    assert "(order of items)" in capsys.readouterr().out


def test_pixels(tmp_path, base, capsys):
    changed = base.copy()
    changed[0, 4, 6] += 9
    changed[0, 7, 2] -= 1
    changed[0, 8, 2] -= 1
    a, b = write(tmp_path / "a", base), write(tmp_path / "b", changed)
    assert main([str(a), str(b), "--json"]) == 1
    pixels = json.loads(capsys.readouterr().out)["pixels"]
    assert pixels["count"] == 3 and pixels["total"] == 600
    assert pixels["maximum"] == 9 and pixels["position"] == [5, 7, 1] and pixels["first"] == [5, 7, 1]
    assert pixels["histogram"] == {"-1": 2, "+9": 1}
    main([str(a), str(b)])
    out = capsys.readouterr().out
    assert "largest difference: 9 at line 5, sample 7: 126 | 135" in out


@pytest.mark.parametrize("kind", sorted(DTYPES))
def test_every_format_against_numpy(tmp_path, kind, capsys):
    """Count and maximum agree with a plain comparison of the arrays."""
    chance = np.random.default_rng(3)
    values = chance.integers(0, 200, (2, 11, 13))
    one = values.astype(DTYPES[kind])
    other = np.where(chance.random(values.shape) < 0.2, values + chance.integers(1, 50, values.shape), values)
    other = other.astype(DTYPES[kind])
    assert main([str(write(tmp_path / "a", one)), str(write(tmp_path / "b", other)), "--json"]) == 1
    pixels = json.loads(capsys.readouterr().out)["pixels"]
    assert pixels["count"] == int((one != other).sum())
    assert pixels["maximum"] == np.abs(one.astype("c16") - other.astype("c16")).max()
    assert sum(pixels["histogram"].values()) == pixels["count"]


def test_bits_count(tmp_path, capsys):
    """Minus zero is not zero, one NaN is not another; the same NaN is the same."""
    one = np.array([[[0.0, 1.0, np.nan, np.nan]]], "<f4")
    other = one.copy()
    other[0, 0, 0] = -0.0
    other.view("u4")[0, 0, 2] ^= 1
    assert main([str(write(tmp_path / "a", one)), str(write(tmp_path / "b", one))]) == 0
    assert main([str(tmp_path / "a"), str(write(tmp_path / "c", other)), "--json"]) == 1
    pixels = json.loads(capsys.readouterr().out.split("same\n")[1])["pixels"]
    assert pixels["count"] == 2
    assert pixels["histogram"] == {"same value, other bits": 1, "not finite": 1}


def test_other_format_compares_values(tmp_path, base, capsys):
    a, b = write(tmp_path / "a", base), write(tmp_path / "b", base.astype("<i2"))
    assert main([str(a), str(b), "--no-label", "-q"]) == 0
    assert main([str(a), str(b)]) == 1
    assert "label: system: FORMAT: 'BYTE' | 'HALF'" in capsys.readouterr().out


def test_sizes_and_prefixes(tmp_path, base, capsys):
    a, b = write(tmp_path / "a", base), write(tmp_path / "b", base[:, :10])
    assert main([str(a), str(b), "--no-label"]) == 1
    assert capsys.readouterr().out == "size: 20 lines, 30 samples, 1 bands | 10 lines, 30 samples, 1 bands\n"
    c = write(tmp_path / "c", base, prefix=4)
    data = bytearray(c.read_bytes())
    data[-34] = 7
    (tmp_path / "d").write_bytes(data)
    assert main([str(c), str(tmp_path / "d")]) == 1
    assert capsys.readouterr().out == "line prefixes: 1 of 80 bytes differ\n"


def test_picture(tmp_path, base):
    picture = pytest.importorskip("PIL.Image")
    changed = base.copy()
    changed[0, 4, 6] += 9
    changed[0, 7, 2] -= 1
    a, b = write(tmp_path / "a", base), write(tmp_path / "b", changed)
    assert main([str(a), str(b), "-q", "--picture", str(tmp_path / "p.png")]) == 1
    shown = np.asarray(picture.open(tmp_path / "p.png"))
    assert shown.shape == (20, 30, 3)
    assert shown[4, 6, 0] > 0 == shown[4, 6, 2] and shown[7, 2, 2] > 0 == shown[7, 2, 0]
    assert np.count_nonzero(shown.any(axis=2)) == 2


def test_trouble_is_one_sentence_and_status_2(tmp_path, base, capsys):
    a = write(tmp_path / "a", base)
    (tmp_path / "text").write_text("no label\n")
    for bad in (tmp_path / "absent", tmp_path / "text", tmp_path):
        assert main([str(a), str(bad)]) == 2
        error = capsys.readouterr().err
        assert error.startswith("vicar-diff: ") and "Traceback" not in error


def table(path, changed=None):
    from vicar.ibis import create_table

    with create_table(path, nr=5, nc=3, formats=["REAL", "FULL", "A6"]) as made:
        made.write(1, np.arange(5, dtype="f4") / 3)
        made.write(2, np.arange(5))
        made.write(3, [f"row{n}" for n in range(5)])
        for column, values in (changed or {}).items():
            made.write(column, values)
    return path


def test_tables(tmp_path, capsys):
    a, same = table(tmp_path / "a"), table(tmp_path / "same")
    assert main([str(a), str(same), "--run"]) == 0
    b = table(tmp_path / "b", {2: np.array([0, 1, 7, 3, 4]), 3: ["row0", "x", "row2", "row3", "row4"]})
    capsys.readouterr()
    assert main([str(a), str(b), "--run"]) == 1
    assert capsys.readouterr().out.splitlines() == ["column 2, row 3: 2 | 7", "column 3, row 2: row1 | x"]
