"""The decoder of compressed pictures: against one that reads bit by bit, and back from an encoder; damaged files."""

import heapq
import random
import struct

import numpy as np
import pytest

import vicar
from vicar.missions.imq import LINE_BYTES, LINES, BadPicture, Code, decode


def encode(code: Code, line: np.ndarray) -> bytes:
    """First byte as it is, then the code of each difference, filled with zeros to whole bytes."""
    bits = {value: format(number, f"0{length}b") for (length, number), value in code.codes.items()}
    text = format(int(line[0]), "08b")
    for before, now in zip(line[:-1].tolist(), line[1:].tolist(), strict=True):
        text += bits[before - now + 256]
    text += "0" * (-len(text) % 8)
    return bytes(int(text[k : k + 8], 2) for k in range(0, len(text), 8))


def walk(code: Code, record: bytes, before: np.ndarray) -> np.ndarray:
    """Down the tree, bit after bit."""
    bits = "".join(format(byte, "08b") for byte in record)
    line = before.copy()
    line[0] = record[0]
    place = 8
    for sample in range(1, LINE_BYTES):
        node = code.root
        while node.branches is not None:
            if place == len(bits):
                return line
            node = node.branches[int(bits[place])]
            place += 1
        line[sample] = (int(line[sample - 1]) - node.value + 256) % 256
    return line


def smooth(rng, lines: int, step: float) -> np.ndarray:
    return np.clip(np.cumsum(rng.normal(0, step, (lines, LINE_BYTES)), axis=1) + 128, 0, 255).astype(np.uint8)


def counts_of(lines: np.ndarray) -> np.ndarray:
    differences = lines[:, :-1].astype(int) - lines[:, 1:] + 256
    return np.bincount(differences.ravel(), minlength=512)[1:512]


@pytest.mark.parametrize("step", [0.3, 3, 60])
def test_round_trip(step):
    rng = np.random.default_rng(3)
    lines = smooth(rng, 20, step)
    code = Code(counts_of(lines))
    records = [encode(code, line) for line in lines]
    np.testing.assert_array_equal(code.lines(records), lines)


@pytest.mark.parametrize("seed", range(6))
def test_cut_records(seed):
    rng = np.random.default_rng(seed)
    lines = smooth(rng, 12, 8)
    code = Code(counts_of(smooth(rng, 30, 40)) * (rng.random(511) < 0.7) + rng.integers(0, 2, 511))
    records = [rng.bytes(int(rng.integers(1, 700))) for _ in lines]
    expected, before = [], np.zeros(LINE_BYTES, np.uint8)
    for record in records:
        before = walk(code, record, before)
        expected.append(before)
    np.testing.assert_array_equal(code.lines(records), expected)


@pytest.mark.parametrize("seed", range(5))
def test_code_is_as_short_as_any(seed):
    """The joint length is that of any Huffman code for the same counts."""
    counts = np.random.default_rng(seed).integers(0, 50, 511)
    code = Code(counts)
    heap = [int(c) for c in counts if c]
    heapq.heapify(heap)
    best = 0
    while len(heap) > 1:
        joint = heapq.heappop(heap) + heapq.heappop(heap)
        best += joint
        heapq.heappush(heap, joint)
    assert sum(length * int(counts[value - 1]) for (length, _), value in code.codes.items()) == best


def test_too_few_differences():
    counts = np.zeros(511, int)
    counts[255] = 9
    with pytest.raises(BadPicture):
        Code(counts)


# ---- whole files ------------------------------------------------------------------------------------------------------------


def file_of(lines: np.ndarray, target: str = "IO", code: Code | None = None, counts: np.ndarray | None = None) -> bytes:
    """A file as on the CD-ROMs, from lines of 836 bytes."""
    counts = counts_of(lines) if counts is None else counts
    code = code or Code(counts)

    def record(content: bytes) -> bytes:
        return struct.pack("<H", len(content)) + content + b"\0" * (len(content) % 2)

    histogram = np.bincount(lines[:, :800].ravel(), minlength=256).astype("<u4").tobytes()
    differences = counts.astype("<u4").tobytes()
    pieces = [f"TARGET_NAME = {target}".encode(), b"END", histogram[:836], histogram[836:], differences[:836],
              differences[836:1672], differences[1672:], bytes(range(242))]
    return b"".join(map(record, pieces)) + b"".join(record(encode(code, line)) for line in lines)


def with_suffix(pixels: np.ndarray) -> np.ndarray:
    """Lines of a frame with 36 bytes behind each, all different."""
    suffix = (np.arange(LINES)[:, None] * 7 + np.arange(LINE_BYTES - 800)).astype(np.uint8)
    return np.concatenate([pixels, suffix], axis=1)


@pytest.mark.parametrize("name", ["ficor77/f1636832.raw", "f2048013.byt", "ficor77/V1NA_0947106_RAW.vic", "ficor77/dc.cal"])
def test_real_frames_there_and_back(shared, name):
    with vicar.open(shared / "testdata" / "voyager" / name) as image:
        lines = with_suffix(image.read_window())
    picture = decode(file_of(lines))
    np.testing.assert_array_equal(picture.lines, lines)
    assert picture.target == "IO" and picture.engineering[:242] == bytes(range(242))
    assert np.frombuffer(picture.histogram, "<u4").sum() == 800 * 800


def test_every_code_length():
    """Counts that grow as Fibonacci's numbers give codes of 1 to 43 bits, as long as 31-bit counts can make them."""
    counts = np.zeros(511, np.int64)
    places = random.Random(5).sample(range(511), 44)
    small = [1, 1]
    while len(small) < 44:
        small.append(small[-1] + small[-2])
    counts[places] = small
    code = Code(counts)
    assert {length for length, _ in code.codes} == set(range(1, 44))
    rng = np.random.default_rng(1)
    used = [value - 256 for value in code.codes.values()]
    lines = np.zeros((60, LINE_BYTES), np.uint8)
    for row in lines:  # a walk that takes the long codes as often as the short ones
        now = int(rng.integers(256))
        for sample in range(LINE_BYTES):
            row[sample] = now
            steps = [d for d in used if 0 <= now - d <= 255]
            now = now - int(rng.choice(steps)) if steps else now
    differences = lines[:, :-1].astype(int) - lines[:, 1:] + 256
    known = np.isin(differences, list(code.codes.values())).all(axis=1)
    assert known.sum() > 5
    lines = lines[known]
    records = [encode(code, line) for line in lines]
    seen = {next(n for (n, _), v in code.codes.items() if v == d) for d in np.unique(differences[known])}
    assert len(seen) > 30 and max(seen) == 43
    np.testing.assert_array_equal(code.lines(records), lines)


def test_all_differences():
    """A code in which all 511 differences occur."""
    lines = np.random.default_rng(4).integers(0, 256, (LINES, LINE_BYTES)).astype(np.uint8)
    lines[0, :2], lines[1, :2] = (0, 255), (255, 0)
    code = Code(np.maximum(counts_of(lines), 1))
    records = [encode(code, line) for line in lines]
    np.testing.assert_array_equal(code.lines(records), lines)


@pytest.fixture(scope="module")
def sound() -> bytes:
    rng = np.random.default_rng(9)
    return file_of(smooth(rng, LINES, 1.5))


def outcome(data: bytes):
    """A picture or a refusal that says something; anything else is a failure of the test."""
    try:
        picture = decode(data)
    except BadPicture as refusal:
        assert str(refusal)
        return None
    assert picture.lines.shape == (LINES, LINE_BYTES)
    return picture


def test_cut_anywhere(sound):
    """What lies before the cut is decoded; a file cut off within the label or histograms is refused."""
    whole = decode(sound).lines
    rng = random.Random(2)
    places = [*range(0, 4000, 97), *(rng.randrange(len(sound)) for _ in range(30)), len(sound) - 1]
    kept = []
    for place in places:
        picture = outcome(sound[:place])
        if picture is not None:
            same = (picture.lines == whole).all(axis=1)
            first_bad = int(np.argmin(same)) if not same.all() else LINES
            kept.append((place, first_bad))
    assert len(kept) > 20
    ordered = [first for _, first in sorted(kept)]
    assert ordered == sorted(ordered)  # the longer the file, the more lines are right


@pytest.mark.parametrize("seed", range(3))
def test_changed_bytes(sound, seed):
    """Bytes changed, put in, taken out: always an end, never another exception."""
    rng = random.Random(seed)
    for _ in range(25):
        data = bytearray(sound)
        for _ in range(rng.choice([1, 1, 3, 40])):
            place = rng.randrange(4200 if rng.random() < 0.5 else len(data))
            kind = rng.random()
            if kind < 0.6:
                data[place] = rng.randrange(256)
            elif kind < 0.8:
                del data[place : place + rng.randrange(1, 9)]
            else:
                data[place:place] = rng.randbytes(rng.randrange(1, 9))
        outcome(bytes(data))


def test_no_picture_at_all():
    for data in (b"", b"\0", b"CC", b"\0" * 100000, b"\xff" * 100000, b"END", bytes(range(256)) * 400):
        with pytest.raises(BadPicture):
            decode(data)
