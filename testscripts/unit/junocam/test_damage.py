"""Random damage to all kinds of input: an import either works or says one clear sentence, and touches nothing else."""

import hashlib
import io
import json
import random
import zipfile

import pytest

from testscripts.unit.junocam.made_up import KEYWORDS
from testscripts.unit.junocam.test_junocam import imported, small_png

PRODUCT = "JNCE_2022229_44C00032_V01"
ITEMS = KEYWORDS | {"LINES": 384, "STOP_TIME": "", "TITLE": "a picture"}
VALUES = [None, True, -1, 0, 1e308, "1e400", "nan", "", "x" * 5000, [], {}, [1, [2]], "\u0000", "2022-13-45T99:99:99", "../../up",
          "GREEN", ["GREEN", "GREEN"], ["METHANE"], "<s>", "-0.0 <s>", 384, 10**30]


def pds_label(data: bytes) -> bytes:
    """A detached label as the PDS has them."""
    lines = ["PDS_VERSION_ID = PDS3"]
    for key, value in ITEMS.items():
        value = "(" + ", ".join(f'"{v}"' for v in value) + ")" if isinstance(value, list) else value
        quoted = isinstance(value, str) and value[:1] not in "(0123456789-"
        lines.append(f'{key} = "{value}"' if quoted else f"{key} = {value}")
    lines += [f'MD5_CHECKSUM = "{hashlib.md5(data).hexdigest()}"', "SAMPLE_BITS = 8", "SAMPLE_TYPE = UNSIGNED_INTEGER", "END"]
    return "\r\n".join(lines).encode()


def scrambled(data: bytes, rng: random.Random) -> bytes:
    """Bytes with some of them changed, cut, doubled or moved."""
    kind, data = rng.randrange(6), bytearray(data)
    place = rng.randrange(len(data))
    if kind == 0:
        return bytes(data[:place])
    if kind == 1:
        for _ in range(rng.choice((1, 3, 30))):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 2:
        del data[place : place + rng.choice((1, 4, 200))]
    elif kind == 3:
        data[place:place] = rng.randbytes(rng.choice((1, 4, 200)))
    elif kind == 4:
        place = min(rng.randrange(200), len(data) - 1)  # heads break more than bodies do
        data[place] ^= 1 << rng.randrange(8)
    else:
        return bytes(data[place:] + data[:place])
    return bytes(data)


def bad_items(rng: random.Random) -> dict:
    """Keywords with some values changed or lost."""
    items = dict(ITEMS)
    for _ in range(rng.choice((1, 1, 3))):
        key = rng.choice(list(items))
        if rng.random() < 0.2:
            del items[key]
        else:
            items[key] = rng.choice(VALUES)
    return items


def hostile_zip(rng: random.Random, png: bytes) -> bytes:
    """An archive with odd names, damaged members, or both."""
    stream = io.BytesIO()
    prefix = rng.choice(("", "a/b/", "../", "/tmp/", "C:\\", "..\\..\\", "//x/", "\u202e/", "a\x00/"))
    with zipfile.ZipFile(stream, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))) as opened:
        body = scrambled(png, rng) if rng.random() < 0.4 else png
        opened.writestr(f"{prefix}{PRODUCT}-raw.png", body)
        text = json.dumps(bad_items(rng) if rng.random() < 0.4 else ITEMS).encode()
        opened.writestr(f"{prefix if rng.random() < 0.5 else ''}1-Metadata.json", scrambled(text, rng) if rng.random() < 0.3 else text)
        if rng.random() < 0.2:
            opened.writestr(f"{PRODUCT}-raw.png/", b"")
    data = stream.getvalue()
    return scrambled(data, rng) if rng.random() < 0.5 else data


def make(kind: str, rng: random.Random, folder, png: bytes) -> str:
    """Damaged input of a kind; gives the name to import."""
    if kind == "zip":
        (folder / "a.zip").write_bytes(hostile_zip(rng, png))
        return "a.zip"
    if kind in ("png", "json"):
        text = json.dumps(ITEMS if kind == "png" else bad_items(rng)).encode()
        (folder / "1-Metadata.json").write_bytes(scrambled(text, rng) if kind == "json" and rng.random() < 0.5 else text)
        (folder / f"{PRODUCT}-raw.png").write_bytes(scrambled(png, rng) if kind == "png" else png)
        return f"{PRODUCT}-raw.png"
    data = bytes(range(256)) * (384 * 1648 // 256 + 1)
    data = data[: 384 * 1648]
    label = pds_label(data)
    (folder / "a.LBL").write_bytes(scrambled(label, rng) if kind == "lbl" else label)
    (folder / "a.IMG").write_bytes(scrambled(data, rng) if kind == "img" else data)
    return rng.choice(("a.LBL", "a.IMG"))


def contents(folder) -> dict:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def png():
    return small_png()


def test_undamaged_input_is_imported(tmp_path, png):
    for kind in ("png", "lbl"):
        folder = tmp_path / kind
        folder.mkdir()
        rng = random.Random(0)
        rng.random = lambda: 1.0
        name = make("png" if kind == "png" else "img", rng, folder, png)
        (folder / f"{PRODUCT}-raw.png").write_bytes(png)
        data = (bytes(range(256)) * (384 * 1648 // 256 + 1))[: 384 * 1648]
        (folder / "a.IMG").write_bytes(data)
        (folder / "a.LBL").write_bytes(pds_label(data))
        (folder / "out").mkdir()
        said, failed = imported(folder / "out", folder / name)
        assert not failed, said


@pytest.mark.parametrize("kind", ["zip", "png", "json", "img", "lbl"])
@pytest.mark.parametrize("seed", [*range(12), 182])
def test_random_damage(tmp_path, png, kind, seed):
    for turn in range(5):
        rng = random.Random(f"{kind} {seed} {turn}")
        inside, out = tmp_path / f"in{turn}", tmp_path / f"out{turn}"
        inside.mkdir()
        out.mkdir()
        name = make(kind, rng, inside, png)
        before = contents(inside)
        said, failed = imported(out, inside / name)
        clear = [text for text in said if text.startswith("*** JNCIMPORT: ")]
        assert len(clear) == (1 if failed else 0), said
        assert all(len(text) < 400 and "Traceback" not in text and "\n" not in text for text in said), said
        made = sorted(contents(out))
        assert made == ([] if failed else made) and len(made) <= 1 and all(n.endswith(".raw") for n in made)
        assert contents(inside) == before
        assert {p.name for p in tmp_path.iterdir()} == {f"{w}{t}" for w in ("in", "out") for t in range(turn + 1)}
