"""The Huffman decoder of compressed pictures against one that reads bit by bit."""

import heapq

import numpy as np
import pytest

from vicar.missions.imq import LINE_BYTES, BadPicture, Code


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
