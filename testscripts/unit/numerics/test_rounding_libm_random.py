"""Rounding, C library functions and random numbers against literal references and the C library itself."""

import ctypes
import math

import numpy as np
import pytest

from vicar.numerics import cformat, libm, rounding
from vicar.numerics.random import Drand48, GetRan, Rand, Rangen
from vicar.numerics.realcon import realcon


def _c():
    try:
        return ctypes.CDLL("libc.so.6"), ctypes.CDLL("libm.so.6")
    except OSError:
        pytest.skip("needs the GNU C library")


def test_nint_equals_lround():
    libm_ = _c()[1]
    libm_.lroundf.argtypes, libm_.lroundf.restype = [ctypes.c_float], ctypes.c_long
    special = np.array([0.49999997, -0.49999997, 0.5, 1.5, 2.5, -2.5, 8388609.0, 16777217.0, 2147483520.0], np.float32)
    noise = np.random.default_rng(5).normal(0, 1000, 3000).astype(np.float32)
    values = np.concatenate((special, noise, noise.round() + np.float32(0.5)))
    expected = [libm_.lroundf(float(v)) for v in values]
    assert rounding.nint(values).tolist() == expected


def test_truncation_wraps_as_the_machine_does():
    values = np.array([-1.0, 255.9, 300.0, -300.5, 40000.0], np.float32)
    assert rounding.truncate(values, np.uint8).tolist() == [255, 255, 44, 212, 64]
    assert rounding.truncate(values, np.int16).tolist() == [-1, 255, 300, -300, -25536]
    assert rounding.truncate(np.float32(3e9)) == -(2**31)


@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("name", ["sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "log10", "pow", "atan2"])
def test_libm(name, single):
    library = _c()[1]
    kind = ctypes.c_float if single else ctypes.c_double
    routine = getattr(library, name + ("f" if single else ""))
    dtype = np.float32 if single else np.float64
    generator = np.random.default_rng(11)
    first = generator.uniform(-1, 1, 2000) if name in ("asin", "acos") else generator.uniform(0, 80, 2000)
    arguments = [first.astype(dtype)]
    if name in ("pow", "atan2"):
        arguments.append(generator.normal(0, 3, 2000).astype(dtype))
    routine.argtypes, routine.restype = [kind] * len(arguments), kind
    expected = np.array([routine(*map(float, row)) for row in zip(*arguments)], dtype)
    got = getattr(libm, name)(*arguments)
    assert got.dtype == dtype and np.array_equal(got, expected)
    slow = libm._compiled(name)
    if slow is not None:
        assert np.array_equal(slow(*arguments), expected)


def _literal_rangen(seed, count):
    value, fresh, result = seed, True, []
    for _ in range(count):
        value = int(math.fmod(value, 2**24))
        if value < 0 or fresh:
            fresh = False
            value = abs(int(math.fmod(150889 - value, 714025)))
            for _ in range(97):
                value = (1366 * value + 150889) % 714025
        value = (1366 * value + 150889) % 714025
        result.append(np.float32(value) / np.float32(714025))
    return result


@pytest.mark.parametrize("seed", [0, 1, 7382382, 123456789, -5, 999999999])
def test_rangen(seed):
    generator = Rangen(seed)
    got = np.concatenate((generator.draws(7), generator.draws(3000), [generator()]))
    assert got.tolist() == _literal_rangen(seed, 3008)


def test_rangen_message():
    said = []
    Rangen(2**24 + 5, said.append).draws(2)
    assert said == ["RANGEN::: Random Seed value of 16777221 adjusted to 5"]


@pytest.mark.parametrize("seed", [0, 1, 42, 2**31 + 7])
def test_rand_and_drand48(seed):
    libc = _c()[0]
    libc.srand(ctypes.c_uint(seed))
    expected = [libc.rand() for _ in range(100)]
    generator = Rand(seed)
    assert [generator() for _ in range(100)] == expected
    libc.drand48.restype = ctypes.c_double
    libc.srand48(ctypes.c_long(seed))
    expected = [libc.drand48() for _ in range(3000)]
    generator = Drand48(seed)
    assert [generator(), *generator.draws(2999)] == expected


def test_get_ran_stays_in_range():
    generator = GetRan(12345)
    values = [generator() for _ in range(50)]
    assert all(0 <= v <= 1 for v in values) and len(set(values)) > 40


def test_sprintf_equals_c():
    libc = _c()[0]
    buffer = ctypes.create_string_buffer(400)
    cases = [
        ("%10.3E|%-8g|%.0f|%#.3g", 123.456, 1e-7, 2.5, 2.0),
        ("%g %g %g %G", float("inf"), -float("nan"), 1e100, 1e-5),
        ("%+8.2f|% .1e|%08.3f|%-08.3f", 3.14159, 2.0, -1.5, 1.5),
    ]
    for form, *values in cases:
        libc.sprintf(buffer, form.encode(), *(ctypes.c_double(v) for v in values))
        assert cformat.sprintf(form, *values) == buffer.value.decode()
    for form, *values in [("%5d|%-5d|%05d|%.3d|%.0d|%+d", 3, -4, -5, 6, 0, 7), ("%u %x %X %o %#x", -1, 255, -2, 8, 9)]:
        libc.sprintf(buffer, form.encode(), *(ctypes.c_int(v) for v in values))
        assert cformat.sprintf(form, *values) == buffer.value.decode()
    assert cformat.sprintf("%-8.3s|%5s|%c|%*d", "abcdef", "x", "A", 4, 7) == "abc     |    x|A|   7"


def test_realcon_width():
    for value in (0.0, 1.0, -1.0, 12.5, 1e9, -1e-7, 123456.0):
        assert len(realcon(value, 8)) == 8
