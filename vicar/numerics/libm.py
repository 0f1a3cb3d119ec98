"""Elementary functions with the C library's own results, for float32 and float64 arrays.

The type of the argument chooses the routine: float32 calls ``sinf`` (what Fortran's generic SIN of a REAL does), float64
calls ``sin`` (what C does with any argument). numpy's own vector code differs in the last bit unless it was told
before its import to stay away from it (NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4"; vicar's entry points do). At the first use
of a function a few hundred values are compared; where numpy differs, every element goes through the C library by ctypes,
or through numba for large arrays when it is installed.
"""

import functools

import numpy as np

_NUMPY = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "exp": np.exp, "log": np.log, "log10": np.log10,
    "pow": np.power, "atan2": np.arctan2,
}  # fmt: skip
_LARGE = 300_000


@functools.cache
def _library():
    import ctypes
    import ctypes.util

    for name in ("libm.so.6", ctypes.util.find_library("m")):
        try:
            return ctypes.CDLL(name)
        except (OSError, TypeError):
            continue
    return None


@functools.cache
def _scalar(name: str, single: bool):
    """The C routine as a Python function of one or two numbers; None without a C library."""
    import ctypes

    library = _library()
    if library is None:
        return None
    routine = getattr(library, name + ("f" if single else ""))
    kind = ctypes.c_float if single else ctypes.c_double
    routine.restype = kind
    routine.argtypes = [kind] * _NUMPY[name].nin
    return routine


def _probe_values(name: str, dtype) -> list[np.ndarray]:
    generator = np.random.RandomState(7)
    wide = generator.normal(0, 10, 400)
    unit = generator.uniform(-1, 1, 400)
    positive = generator.uniform(0, 1000, 400)
    if name in ("asin", "acos"):
        return [unit.astype(dtype)]
    if name in ("log", "log10"):
        return [positive.astype(dtype)]
    if name == "pow":
        return [positive.astype(dtype), unit.astype(dtype) * dtype(3)]
    if name == "atan2":
        return [wide.astype(dtype), (unit * 5).astype(dtype)]
    return [wide.astype(dtype)]


@functools.cache
def _loop(name: str, single: bool):
    """``f(out_shape_arrays...)`` for one function and type: numpy itself when it is exact, else the C library."""
    dtype = np.float32 if single else np.float64
    routine = _scalar(name, single)
    quick = _NUMPY[name]
    if routine is None:
        return quick
    values = _probe_values(name, dtype)
    expected = np.array([routine(*map(float, row)) for row in zip(*values)], dtype)
    if np.array_equal(quick(*values), expected):
        return quick
    each = np.frompyfunc(routine, quick.nin, 1)

    def slow(*arrays):
        if max(a.size for a in arrays) >= _LARGE:
            kernel = _compiled(name)
            if kernel is not None:
                return kernel(*arrays)
        return np.asarray(each(*(a.astype(object) for a in arrays))).astype(dtype)

    return slow


@functools.cache
def _compiled(name: str):
    """The same by numba, which calls the C library element by element; None when it is not installed."""
    try:
        import math

        import numba
    except ImportError:
        return None
    function = getattr(math, name)
    if _NUMPY[name].nin == 2:
        return numba.vectorize(["f4(f4,f4)", "f8(f8,f8)"])(lambda x, y: function(x, y))
    return numba.vectorize(["f4(f4)", "f8(f8)"])(lambda x: function(x))


def _call(name: str, *arguments):
    arrays = [np.asarray(a) for a in arguments]
    single = all(a.dtype == np.float32 for a in arrays)
    dtype = np.float32 if single else np.float64
    with np.errstate(all="ignore"):
        return _loop(name, single)(*(a.astype(dtype, copy=False) for a in arrays))[()]


def sin(x):
    """Sine of radians."""
    return _call("sin", x)


def cos(x):
    """Cosine of radians."""
    return _call("cos", x)


def tan(x):
    """Tangent of radians."""
    return _call("tan", x)


def asin(x):
    """Arc sine, NaN outside -1..1."""
    return _call("asin", x)


def acos(x):
    """Arc cosine, NaN outside -1..1."""
    return _call("acos", x)


def atan(x):
    """Arc tangent."""
    return _call("atan", x)


def atan2(y, x):
    """Angle of the point (x, y)."""
    return _call("atan2", y, x)


def sinh(x):
    """Hyperbolic sine."""
    return _call("sinh", x)


def cosh(x):
    """Hyperbolic cosine."""
    return _call("cosh", x)


def tanh(x):
    """Hyperbolic tangent."""
    return _call("tanh", x)


def exp(x):
    """Exponential."""
    return _call("exp", x)


def log(x):
    """Natural logarithm."""
    return _call("log", x)


def log10(x):
    """Decimal logarithm."""
    return _call("log10", x)


def pow(x, y):
    """x to the power y."""
    return _call("pow", x, y)


def sqrt(x):
    """Square root; exact everywhere, so numpy's."""
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        return np.sqrt(x if x.dtype.kind == "f" else x.astype(np.float64))[()]


def fmod(x, y):
    """Remainder with the sign of x; exact everywhere, so numpy's."""
    with np.errstate(all="ignore"):
        return np.fmod(x, y)[()]


def hypot(x, y):
    """Length; numpy calls the C library's (also CABS of Fortran, with the parts of a complex number)."""
    with np.errstate(all="ignore"):
        return np.hypot(x, y)[()]


def exact() -> bool:
    """Whether numpy equals the C library for every function and type, so that nothing slow is used."""
    return all(_loop(name, single) is _NUMPY[name] for name in _NUMPY for single in (True, False))
