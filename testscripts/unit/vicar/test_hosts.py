"""Number formats, and the casts between pixel types. The tables of edges are from runs of the original."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vicar.image import hosts
from vicar.numerics.conversion import cast

EDGES = [  # value, BYTE, HALF, FULL
    (0.999, 0, 0, 0), (255.9, 255, 255, 255), (256.5, 0, 256, 256), (300, 44, 300, 300), (-0.5, 0, 0, 0),
    (-1.9, 255, -1, -1), (32768, 0, -32768, 32768), (65536.7, 0, 0, 65536), (-32769, 255, 32767, -32769),
    (3e9, 0, 0, -(2**31)), (1e20, 0, 0, -(2**31)), (-1e20, 0, 0, -(2**31)), (np.inf, 0, 0, -(2**31)),
    (-np.inf, 0, 0, -(2**31)), (np.nan, 0, 0, -(2**31)), (2147483648.0, 0, 0, -(2**31)),
]  # fmt: skip


@pytest.mark.parametrize("real", [np.float32, np.float64])
def test_reals_become_integers_by_truncation_and_low_bits(real):
    table = np.array(EDGES)
    values = table[:, 0].astype(real)
    for column, dtype in ((1, np.uint8), (2, np.int16), (3, np.int32)):
        assert cast(values, dtype).tolist() == table[:, column].astype(np.int64).tolist()
    assert cast(np.array([2147483647.0]), np.int32)[0] == 2147483647
    assert cast(np.array([2147483647.0]), np.uint8)[0] == 255


def test_other_casts():
    assert cast(np.array([300, -1], np.int32), np.uint8).tolist() == [44, 255]
    assert cast(np.array([200], np.uint8), np.int16).tolist() == [200]
    assert cast(np.array([1 + 2j], np.complex64), np.int16).tolist() == [1]
    assert cast(np.array([7], np.int16), np.complex64).tolist() == [7 + 0j]
    whole = np.arange(3, dtype=np.int16)
    assert cast(whole, np.int16) is whole


def vax_f_to_ieee(word):
    """VAX F, byte by byte: exponent bias 128 with the point before the hidden bit."""
    b = word.to_bytes(4, "little")
    bits = int.from_bytes(bytes([b[1], b[0], b[3], b[2]]), "big")
    sign, exponent, mantissa = bits >> 31, bits >> 23 & 255, bits & 0x7FFFFF
    if exponent == 0:
        return 0x7FFFFFFF if sign else 0
    if exponent > 2:
        return sign << 31 | (exponent - 2) << 23 | mantissa
    return sign << 31 | (mantissa | 1 << 23) >> (3 - exponent)


def ieee_to_vax_f(bits):
    sign, exponent, mantissa = bits >> 31, bits >> 23 & 255, bits & 0x7FFFFF
    if exponent >= 254:
        bits = sign << 31 | 0x7FFFFFFF
    elif exponent:
        bits = sign << 31 | (exponent + 2) << 23 | mantissa
    elif mantissa >> 22:
        bits = sign << 31 | 2 << 23 | mantissa << 1 & 0x7FFFFF
    elif mantissa >> 21:
        bits = sign << 31 | 1 << 23 | mantissa << 2 & 0x7FFFFF
    else:
        bits = 0
    b = bits.to_bytes(4, "big")
    return int.from_bytes(bytes([b[1], b[0], b[3], b[2]]), "little")


words4 = st.one_of(
    st.integers(0, 2**32 - 1),
    st.builds(lambda s, e, m: s << 31 | e << 23 | m, st.integers(0, 1), st.sampled_from([0, 1, 2, 3, 253, 254, 255]),
              st.sampled_from([0, 1, 0x200000, 0x3FFFFF, 0x400000, 0x7FFFFF])),
)  # fmt: skip


@given(st.lists(words4, min_size=1, max_size=20))
def test_vax_f(words):
    array = np.array(words, np.uint32)
    assert hosts.vax_f_to_ieee(array).tolist() == [vax_f_to_ieee(w) for w in words]
    assert hosts.ieee_to_vax_f(array).tolist() == [ieee_to_vax_f(w) for w in words]


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20))
def test_vax_d(words):
    ieee = hosts.vax_d_to_ieee(np.array(words, np.uint64)).view(np.float64)
    for word, value in zip(words, ieee):
        b = word.to_bytes(8, "little")
        bits = int.from_bytes(b"".join(b[i : i + 2][::-1] for i in range(0, 8, 2)), "big")
        exponent, mantissa = bits >> 55 & 255, bits & (1 << 55) - 1
        if exponent == 0:
            assert np.isnan(value) if bits >> 63 else value == 0
            continue
        exact = (1 + (mantissa >> 3) / 2.0**52) * 2.0 ** (exponent - 129)
        assert value == (-exact if bits >> 63 else exact)


@given(st.lists(st.floats(width=64), min_size=1, max_size=20))
def test_doubles_through_vax_and_back(values):
    array = np.array(values)
    back = hosts.vax_d_to_ieee(hosts.ieee_to_vax_d(array.view(np.uint64))).view(np.float64)
    for value, result in zip(array, back):
        if 2.0**-128 <= abs(value) < 2.0**127:
            assert result == value
        elif abs(value) < 2.0**-128:
            assert result == 0 and not np.signbit(result)
        else:  # too big, infinite, NaN: the largest number VAX has
            assert abs(result) == (2 - 2.0**-52) * 2.0**126 and np.signbit(result) == np.signbit(value)
