"""Images: what is written comes back, windows are slices, and the rules of XVREAD and XVWRIT.

Rules and record numbers are those of the original (its routines were driven with the same calls).
"""

import itertools
import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vicar
from vicar.errors import VicarError
from vicar.image import HistoryStamp, create_image, inherit, open_image
from vicar.image.formats import DTYPES

STAMP = HistoryStamp("gen", "root", "Sat Nov 21 08:03:11 2026")
HOSTS = {"native": ("LOW", "RIEEE"), "sun": ("HIGH", "IEEE"), "vax": ("LOW", "VAX")}


def numbers(shape, format, seed=0):
    return np.random.default_rng(seed).integers(0, 250, shape).astype(DTYPES[format])


def write(path, data, format="BYTE", **options):
    nb, nl, ns = data.shape
    with create_image(path, nl=nl, ns=ns, nb=nb, format=format, task=STAMP, **options) as image:
        for band in range(nb):
            image.write_window(data[band], band=band + 1)


def failure(call, *arguments, **options):
    with pytest.raises(VicarError) as caught:
        call(*arguments, **options)
    return caught.value.key, caught.value.line


MATRIX = list(itertools.product(DTYPES, HOSTS, ["BSQ", "BIL", "BIP"], [(0, 0), (7, 0), (0, 2), (3, 1)], [False, True]))


@pytest.mark.parametrize(("format", "host", "org", "binary", "eol"), MATRIX)
def test_written_comes_back(tmp_path, format, host, org, binary, eol):
    data = numbers((3, 4, 5), format)
    nbb, nlb = binary
    intfmt, realfmt = HOSTS[host]
    path = tmp_path / "a.img"
    with create_image(path, nl=4, ns=5, nb=3, format=format, org=org, nbb=nbb, nlb=nlb, intfmt=intfmt,
                      realfmt=realfmt, task=STAMP) as image:
        for band in range(3):
            image.write_window(data[band], band=band + 1)
        header = np.arange(nlb * image.recsize) % 251
        image.write_binary_header(header.astype(np.uint8))
        image.write_prefix(b"\x01\x02\x03\x04\x05\x06\x07", 2, 2, 2)
        if eol:
            image.label.add("COMMENT", "x" * 200, task="")
    with open_image(path) as image:
        assert image.eol == eol and image.org == org and (image.nbb, image.nlb) == binary
        assert np.array_equal(image.read_all(), data)
        assert np.array_equal(image.read_window(2, 3, 2, 2, band=2), data[1, 1:3, 2:4])
        record = data[:, 1, 1] if org == "BIP" else data[2, 1]
        assert np.array_equal(image.read(2, 2) if org == "BIP" else image.read(2, band=3), record)
        assert np.array_equal(image.binary_header().reshape(-1), header)
        assert bytes(image.read_prefix(2, 2, 2)) == b"\x01\x02\x03\x04\x05\x06\x07"[:nbb]
        if eol:
            assert image.label.get("COMMENT", task="") == "x" * 200
        assert path.stat().st_size == image.geometry.closed_size(image._eol_size)


@pytest.mark.parametrize(("format", "host", "compress", "eol"),
                         list(itertools.product(DTYPES, ["native", "sun"], ["BASIC", "BASIC2"], [False, True])))
def test_compressed_comes_back(tmp_path, format, host, compress, eol):
    data = np.repeat(numbers((2, 6, 50), format), 3, axis=2)
    data[:, 2:4] = data[0, 0, 0]
    path = tmp_path / "a.img"
    with create_image(path, nl=6, ns=150, nb=2, format=format, compress=compress, intfmt=HOSTS[host][0],
                      realfmt=HOSTS[host][1], task=STAMP) as image:
        for band, line in itertools.product(range(2), range(6)):
            image.write(data[band, line])
        if eol:
            image.label.add("COMMENT", "x" * 240, task="")
            image.label.add("COMMENT2", ["x" * 240] * 5, task="")
    with open_image(path) as image:
        assert image.compress == compress
        assert np.array_equal(image.read_all(), data)
        assert np.array_equal(image.read_window(2, 3, 2, 2, band=2), data[1, 1:3, 2:4])
        assert image.label.has("COMMENT2", task="") == eol
        assert path.stat().st_size == image.eoci + image._eol_size


def test_the_label_of_a_new_file(tmp_path):
    write(tmp_path / "a.img", np.zeros((1, 3, 5), np.uint8))
    expected = (
        "LBLSIZE=365             FORMAT='BYTE'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE=5  ORG='BSQ'  NL=3  "
        "NS=5  NB=1  N1=5  N2=3  N3=1  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  "
        "BHOST='VAX-VMS'  BINTFMT='LOW'  BREALFMT='VAX'  BLTYPE=''  COMPRESS='NONE'  EOCI1=0  EOCI2=0  TASK='GEN'  "
        "USER='root'  DAT_TIM='Sat Nov 21 08:03:11 2026'  "
    )
    assert (tmp_path / "a.img").read_bytes() == expected.encode() + bytes(15)


def test_inheritance(tmp_path):
    write(tmp_path / "a.img", numbers((3, 4, 5), "HALF"), "HALF", org="BIL", intfmt="HIGH", bltype="TEST", nbb=2,
          bhost="SUN-4", bintfmt="HIGH", brealfmt="IEEE")  # fmt: skip
    with open_image(tmp_path / "a.img", "UPDATE") as old:
        old.label.add("X", 1, property="P")
    with open_image(tmp_path / "a.img", u_format="REAL") as old:
        chosen = inherit(old, nl=7)
        assert {k: chosen[k] for k in ("nl", "ns", "nb", "format", "u_format", "org", "bltype", "nbb", "intfmt", "bintfmt")} == {
            "nl": 7, "ns": 5, "nb": 3, "format": "HALF", "u_format": "REAL", "org": "BIL", "bltype": "TEST", "nbb": 0,
            "intfmt": "LOW", "bintfmt": "HIGH"}  # fmt: skip
        create_image(tmp_path / "b.img", primary=old, format="BYTE", task=HistoryStamp("copy", "me", "now")).close()
        with open_image(tmp_path / "b.img") as new:
            assert new.label.tasks() == [("GEN", 1), ("COPY", 1)]
            start = old.label.text.index("PROPERTY=")
            assert new.label.text.endswith(old.label.text[start:] + "TASK='COPY'  USER='me'  DAT_TIM='now'  ")


def test_input_and_output_may_be_the_same_file(tmp_path):
    data = numbers((1, 50, 40), "BYTE")
    write(tmp_path / "a.img", data)
    with open_image(tmp_path / "a.img") as old, create_image(tmp_path / "a.img", primary=old, format="HALF") as new:
        for line in range(1, 51):
            new.write(old.read(line) * 2)
    with open_image(tmp_path / "a.img") as image:
        assert np.array_equal(image.read_all(), data * 2)  # uint8 doubled wraps in the program, not here


def test_records_are_chosen_as_the_original_does(tmp_path):
    write(tmp_path / "a.img", numbers((3, 4, 5), "BYTE"), org="BIL")
    data = numbers((3, 4, 5), "BYTE")
    with open_image(tmp_path / "a.img") as image:
        assert failure(image.read, 2) == ("STRTREC", 0)
        assert failure(image.read, band=2) == ("STRTREC", 0)
        assert np.array_equal(image.read(2, band=1), data[0, 1])
        assert np.array_equal(image.read(), data[1, 1])  # sequential reads go on from there
        assert np.array_equal(image.read(1, band=4), data[0, 1])  # no check of the axes by themselves
        assert failure(image.read, 4, band=4) == ("EOF", 4)
        assert failure(image.read, 1, nsamps=0, band=1) == ("BADSAMP", 4)
        assert failure(image.read, -1) == ("BADLINE", 4)
        assert image.read(1, 4, 9, 1).tolist() == [*data[0, 0, 3:], 0, 0, 0, 0, 0, 0, 0]
        buffer = np.full(9, 7, np.uint8)
        image.read(1, 4, band=1, out=buffer)
        assert buffer.tolist() == [*data[0, 0, 3:], 7, 7, 7, 7, 7, 7, 7]
    write(tmp_path / "b.img", numbers((1, 4, 5), "BYTE"))
    with open_image(tmp_path / "b.img") as image:
        image.read(4)
        error = pytest.raises(VicarError, image.read).value
        assert error.lines() == [
            f"[VIC2-GENERR] Exception in XVREAD, processing file: {tmp_path / 'b.img'}",
            "[VIC2-EOF] End of file",
            " Current line in image = 4",
        ]
        assert failure(image.write, image.read(1))[0] == "BADOPR"
    assert failure(image.read) == ("NOTOPN", 1)


def test_update_rewrites_the_record_just_read(tmp_path):
    data = numbers((1, 4, 5), "HALF")
    write(tmp_path / "a.img", data, "HALF")
    before = (tmp_path / "a.img").read_bytes()
    with open_image(tmp_path / "a.img", "UPDATE", u_format="REAL") as image:
        for _ in range(2):
            image.write(image.read() + np.float32(0.75))
        image.write(np.float32([9.9]), 4, 3)
        assert failure(image.write, data[0, 0], 5) == ("EOF", 4)
    with open_image(tmp_path / "a.img") as image:
        data[0, 3, 2] = 9
        assert np.array_equal(image.read_all(), data)
    assert len((tmp_path / "a.img").read_bytes()) == len(before)


def test_update_of_a_wrapped_file_keeps_its_end(tmp_path):
    write(tmp_path / "a.img", numbers((1, 4, 50), "BYTE"))
    inner = (tmp_path / "a.img").read_bytes()
    (tmp_path / "b.img").write_bytes(b"PDS_VERSION_ID = PDS3\n^IMAGE_HEADER = 513 <BYTES>\n".ljust(512) + inner)
    with open_image(tmp_path / "b.img", "UPDATE") as image:
        line = image.read(4)
        image.write(line + 1, 4)
    assert (tmp_path / "b.img").read_bytes()[512:] == inner[:-50] + bytes(line + 1)


def test_binary_access(tmp_path):
    data = numbers((1, 3, 4), "HALF", 3)
    path = tmp_path / "a.img"
    with create_image(path, nl=3, ns=4, format="HALF", intfmt="HIGH", nbb=5, nlb=2, task=STAMP) as image:
        assert image.binary
        for n in range(2):
            image.write(np.full(13, n, np.uint8))
        for n in range(3):
            image.write(np.concatenate([np.full(5, 40 + n, np.uint8), data[0, n].view(np.uint8)]))
    with open_image(path) as image:
        assert np.array_equal(image.read_all()[0], data[0])
        assert np.array_equal(image.read(1), data[0, 0])
    with open_image(path, binary=True) as image:
        assert image.read().tolist() == [0] * 13 and image.read().tolist() == [1] * 13
        record = image.read()
        assert record[:5].tolist() == [40] * 5 and np.array_equal(record[5:].view(np.int16), data[0, 0])
        assert np.array_equal(image.read(4, 6, 2).view(np.int16), data[0, 1, :2])
        image.read(5)
        assert failure(image.read) == ("EOF", 5)


def test_unlabelled(tmp_path):
    raw = np.arange(60, dtype=np.uint8)
    (tmp_path / "raw").write_bytes(raw.tobytes())
    assert failure(open_image, tmp_path / "raw") == ("BADLBL", None)
    assert failure(open_image, tmp_path / "raw", labels=False) == ("SIZREQ", None)
    with open_image(tmp_path / "raw", labels=False, u_ns=10, i_format="HALF") as image:
        assert (image.nl, image.ns, image.nb, image.host) == (3, 10, 1, "X86-64-LINX")
        assert np.array_equal(image.read_all().reshape(-1), raw.view(np.int16))
        with pytest.raises(VicarError, match="no label"):
            image.label.get("NL")
    with create_image(tmp_path / "out", nl=9, ns=10, labels=False) as image:
        image.write(raw[:10])
        image.write(raw[10:20])
    assert (tmp_path / "out").read_bytes() == raw[:20].tobytes()


def test_refusals(tmp_path):
    assert failure(create_image, tmp_path / "a", nl=3) == ("SIZREQ", None)
    assert failure(create_image, tmp_path / "a", nl=3, ns=3, format="QUAD") == ("BADFOR", None)
    assert failure(create_image, tmp_path / "a", nl=3, ns=3, org="XYZ") == ("BADORG", None)
    assert failure(create_image, tmp_path / "a", nl=3, ns=3, type="FOO") == ("FILETYPE", None)
    assert failure(create_image, tmp_path / "a", nl=3, ns=3, compress="BASIC", org="BIL") == ("UNSORGCMP", None)
    error = pytest.raises(VicarError, open_image, tmp_path / "none", name="none").value
    assert error.lines() == [
        "[VIC2-GENERR] Exception in XVOPEN, processing file: none",
        "[VIC2-HOSTMSG]  No such file or directory",
    ]
    error = pytest.raises(VicarError, create_image, tmp_path / "no/where", nl=1, ns=1).value
    assert error.text == "No such file or directory"
    assert list(tmp_path.iterdir()) == []


def test_short_files_end_where_the_original_ends(shared):
    """800 lines, 652 of them there: lines up to 661 come (old buffer bytes), 662 is the end of the file."""
    with open_image(shared / "testdata/formats/V1NA_0947132_CLEAN.vic.ressar77") as image:
        lines = [image.read() for _ in range(661)]
        assert failure(image.read) == ("EOF", 662)
        whole = image.read_all()[0]
        assert all(np.array_equal(lines[n], whole[n]) for n in range(650))
        assert not whole[652:].any()


def test_discarded_outputs_leave_the_old_file(tmp_path):
    (tmp_path / "a.img").write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), create_image(tmp_path / "a.img", nl=3, ns=3) as image:
        image.write(np.zeros(3, np.uint8))
        raise ZeroDivisionError
    assert (tmp_path / "a.img").read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


def test_new_files_keep_mode_and_links(tmp_path):
    (tmp_path / "a.img").write_bytes(b"old")
    os.chmod(tmp_path / "a.img", 0o640)
    (tmp_path / "link").symlink_to("a.img")
    vicar.write(tmp_path / "link", np.zeros((3, 3), np.uint8))
    assert (tmp_path / "link").is_symlink() and (tmp_path / "a.img").stat().st_mode & 0o777 == 0o640
    assert np.array_equal(vicar.open(tmp_path / "a.img").read_all(), np.zeros((1, 3, 3)))


def test_a_killed_process_leaves_the_old_file(tmp_path):
    (tmp_path / "a.img").write_bytes(b"old")
    program = (
        "import numpy as np, sys; from vicar.image import create_image\n"
        f"image = create_image({str(tmp_path / 'a.img')!r}, nl=10**6, ns=1000)\n"
        "for n in range(10**6):\n"
        "    image.write(np.zeros(1000, np.uint8))\n"
        "    if n == 100: print('going', flush=True)\n"
    )
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=root)
    assert process.stdout.readline() == b"going\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert (tmp_path / "a.img").read_bytes() == b"old"


def test_absurd_labels_cost_nothing(tmp_path):
    write(tmp_path / "a.img", np.zeros((1, 3, 5), np.uint8))
    text = (tmp_path / "a.img").read_bytes()
    tracemalloc.start()
    for size in (b"1000000", b"2147483647"):
        absurd = text.replace(b"NL=3", b"NL=1000000").replace(b"NB=1", b"NB=999")
        absurd = absurd.replace(b"RECSIZE=5", b"RECSIZE=" + size).replace(b"NS=5", b"NS=" + size)
        (tmp_path / "b.img").write_bytes(absurd)
        with open_image(tmp_path / "b.img") as image:
            image.label.tasks()
            with pytest.raises(VicarError):
                image.read_all()
            with pytest.raises(VicarError):
                image.read(10**5, band=7)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.fixture(scope="module")
def cubes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cubes")
    data = numbers((4, 9, 11), "HALF", 8)
    for org in ("BSQ", "BIL", "BIP"):
        write(folder / org, data, "HALF", org=org, intfmt="HIGH", nbb=3)
    return folder, data


@settings(max_examples=60, deadline=None)
@given(org=st.sampled_from(["BSQ", "BIL", "BIP"]), l0=st.integers(0, 8), s0=st.integers(0, 10), b=st.integers(0, 3),
       nl=st.integers(0, 9), ns=st.integers(0, 11), u=st.sampled_from(list(DTYPES)))  # fmt: skip
def test_a_window_is_a_slice(cubes, org, l0, s0, b, nl, ns, u):
    folder, data = cubes
    nl, ns = min(nl, 9 - l0), min(ns, 11 - s0)
    with open_image(folder / org, u_format=u) as image:
        window = image.read_window(l0 + 1, s0 + 1, nl, ns, b + 1)
        assert window.dtype == DTYPES[u] and window.flags.writeable
        assert np.array_equal(window, data[b, l0 : l0 + nl, s0 : s0 + ns].astype(DTYPES[u]))


@settings(max_examples=60, deadline=None)
@given(org=st.sampled_from(["BSQ", "BIL", "BIP"]), l0=st.integers(0, 8), s0=st.integers(0, 10), b=st.integers(0, 3),
       nl=st.integers(1, 9), ns=st.integers(1, 11))  # fmt: skip
def test_a_written_window_changes_nothing_else(cubes, tmp_path_factory, org, l0, s0, b, nl, ns):
    folder, data = cubes
    path = tmp_path_factory.mktemp("update") / "a.img"
    path.write_bytes((folder / org).read_bytes())
    data = data.copy()
    nl, ns = min(nl, 9 - l0), min(ns, 11 - s0)
    patch = numbers((nl, ns), "HALF", 77) - 1000
    with open_image(path, "UPDATE") as image:
        image.write_window(patch, l0 + 1, s0 + 1, b + 1)
        image.write_prefix(b"abc", 1, 1, 1)
    data[b, l0 : l0 + nl, s0 : s0 + ns] = patch
    with open_image(path) as image:
        assert np.array_equal(image.read_all(), data)
        assert image.prefixes()[0].tobytes() == b"abc" and not image.prefixes()[1:].any()


def test_open_and_write(tmp_path):
    data = np.arange(24).reshape(2, 3, 4)
    vicar.write(tmp_path / "a.img", data, items={"A": [1.5, 2], "S": "x"}, org="BIP")
    with vicar.open(tmp_path / "a.img") as image:
        assert image.format == "FULL" and np.array_equal(image.read_all(), data)
        assert image.label.values("A", task="") == [1.5, 2] and image.label.get("S", task="") == "x"
        vicar.write(tmp_path / "b.img", data[0].astype(np.float16), like=image, task=STAMP)
    with vicar.open(tmp_path / "b.img") as image:
        assert image.format == "REAL" and image.org == "BIP" and len(image.label.tasks()) == 2
    with pytest.raises(VicarError):
        vicar.write(tmp_path / "c.img", np.array([[2**40]]))
    with pytest.raises(VicarError):
        vicar.write(tmp_path / "c.img", np.zeros(3))
    with pytest.raises(VicarError):
        vicar.write(tmp_path / "c.img", np.zeros((2, 2)), items={"A B": 1})
    assert not (tmp_path / "c.img").exists()


def test_cards(shared):
    from vicar.label.cards import block, cards

    with open_image(shared / "testdata/formats/able77v2.vic") as image:
        found = cards(image.label)
        assert len(found) == image.label.get("NLABS", task=image.label.tasks()[0][0])
        assert found[1].startswith("VGR-2   FDS 26445.54   PICNO 1082U2-014")
        assert len(block(image.label)) == 72 * len(found) and cards(image.label, 2) == found[:2]
    with open_image(shared / "testdata/formats/made_bil.vic") as image:
        assert cards(image.label) == []


def test_a_window_of_a_huge_file_costs_the_window(tmp_path):
    """100 GB of mostly nothing: the last line of the last band is written and read back."""
    line = numbers((1, 1, 1000), "REAL")[0, 0]
    path = tmp_path / "huge.img"
    try:
        with create_image(path, nl=250_000, ns=100_000, format="REAL", task=STAMP) as image:
            image.write(line, 250_000, 99_001)
    except VicarError as error:
        pytest.skip(f"the file system has no room for sparse files ({error.text})")
    tracemalloc.start()
    with open_image(path, u_format="HALF") as image:
        assert image.nl * image.ns * 4 == 10**11
        window = image.read_window(249_999, 99_001, 2, 1000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert not window[0].any() and np.array_equal(window[1], line)
    path.unlink()


def test_compressed_files_are_written_in_order_and_not_updated(tmp_path):
    data = numbers((1, 4, 50), "BYTE")
    with create_image(tmp_path / "a.img", nl=4, ns=50, compress="BASIC", task=STAMP) as image:
        image.write(data[0, 0])
        assert failure(image.write, data[0, 0], 3) == ("NONSEQWRIT", 1)
        assert failure(image.write, data[0, 0, :9])[0] == "NONSEQWRIT"
        image.write(data[0, 1])
    with open_image(tmp_path / "a.img", "UPDATE") as image:
        assert np.array_equal(image.read(2), data[0, 1]) and not image.read(3).any()
        assert failure(image.write, data[0, 0], 1) == ("NONSEQWRIT", 3)
        image.label.add("X", "y" * 240, task="")
    with open_image(tmp_path / "a.img") as image:
        assert image.label.get("X", task="") == "y" * 240 and np.array_equal(image.read(1), data[0, 0])


def test_history_of_an_update(tmp_path):
    write(tmp_path / "a.img", numbers((1, 4, 50), "BYTE"))
    with open_image(tmp_path / "a.img", "UPDATE", upd_hist=HistoryStamp("fix", "me", "now")) as image:
        image.label.add("X", 1, task="")
    with open_image(tmp_path / "a.img") as image:
        assert image.eol == 1 and image.label.text.rstrip().endswith("TASK='FIX'  USER='me'  DAT_TIM='now'  X=1")
        assert np.array_equal(image.read_all(), numbers((1, 4, 50), "BYTE"))
