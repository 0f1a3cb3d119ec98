"""The original's random numbers: RANGEN, GET_RAN, and the C library's ``rand`` and ``drand48``.

Sources: vos/p2/sub/rangen, vos/p2/sub/get_ran, glibc.
"""

import functools

import numpy as np

_MODULUS, _MULTIPLIER, _INCREMENT = 714025, 1366, 150889


class Rangen:
    """RANGEN (vos/p2/sub/rangen): a linear congruence modulo 714025.

    The first call of a process turns the seed into a start value and steps 97 times; the table the original fills is
    never used for output. ``message`` receives the line about a seed that does not fit 24 bits.

    >>> Rangen(7382382).draws(3)   # doctest: +SKIP
    """

    def __init__(self, seed: int, message=None):
        self.started = False
        self.seed = int(seed)
        self._message = message

    def _enter(self):
        """What every call does with the seed before it steps."""
        given = self.seed
        seed = int(np.fmod(given, 1 << 24))
        if abs(given) > (1 << 24) - 1 and self._message is not None:
            self._message(f"RANGEN::: Random Seed value of {given} adjusted to {seed}")
        if seed < 0 or not self.started:
            self.started = True
            seed = abs(int(np.fmod(_INCREMENT - seed, _MODULUS)))
            multiplier, increment = _jump(97)
            seed = (multiplier * seed + increment) % _MODULUS
        self.seed = seed

    def integers(self, count: int) -> np.ndarray:
        """The next ``count`` states (int64), each what the original's seed variable holds after a call."""
        if count <= 0:
            return np.empty(0, np.int64)
        self._enter()
        multipliers, increments = _jumps(1 << max(10, (count - 1).bit_length()))
        states = (multipliers[:count] * self.seed + increments[:count]) % _MODULUS
        self.seed = int(states[-1])
        return states

    def peek(self, count: int) -> np.ndarray:
        """The next ``count`` numbers without taking them; follow with ``skip``."""
        state = self.seed, self.started
        result = self.draws(count)
        self.seed, self.started = state
        return result

    def skip(self, count: int) -> None:
        """Take ``count`` numbers that ``peek`` showed."""
        message, self._message = self._message, None
        self.integers(count)
        self._message = message

    def draws(self, count: int) -> np.ndarray:
        """The next ``count`` numbers in 0..1, float32."""
        return self.integers(count).astype(np.float32) / np.float32(_MODULUS)

    def __call__(self) -> np.float32:
        return self.draws(1)[0]


def _jump(steps: int) -> tuple[int, int]:
    """Multiplier and increment of ``steps`` steps at once."""
    multiplier, increment = 1, 0
    for _ in range(steps):
        multiplier, increment = multiplier * _MULTIPLIER % _MODULUS, (increment * _MULTIPLIER + _INCREMENT) % _MODULUS
    return multiplier, increment


@functools.lru_cache(maxsize=4)
def _jumps(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Multipliers and increments of 1..count steps, by doubling."""
    multipliers = np.array([_MULTIPLIER], np.int64)
    increments = np.array([_INCREMENT], np.int64)
    while multipliers.size < count:
        last_m, last_i = multipliers[-1], increments[-1]
        increments = np.concatenate((increments, (multipliers * last_i + increments) % _MODULUS))
        multipliers = np.concatenate((multipliers, multipliers * last_m % _MODULUS))
    return multipliers, increments


class Rand:
    """``srand``/``rand`` of glibc: additive feedback over 31 words."""

    def __init__(self, seed: int = 1):
        seed &= 0xFFFFFFFF
        word = seed - (1 << 32) if seed & 0x80000000 else seed
        if word == 0:
            word = 1
        state = [word]
        for _ in range(30):
            high, low = _quotient(word, 127773)
            word = 16807 * low - 2836 * high
            if word < 0:
                word += 2147483647
            state.append(word)
        self._state = [w & 0xFFFFFFFF for w in state]
        self._front, self._rear = 3, 0
        for _ in range(310):
            self()

    def __call__(self) -> int:
        state = self._state
        state[self._front] = (state[self._front] + state[self._rear]) & 0xFFFFFFFF
        result = state[self._front] >> 1
        self._front = (self._front + 1) % 31
        self._rear = (self._rear + 1) % 31
        return result


def _quotient(value: int, divisor: int) -> tuple[int, int]:
    """C's quotient (toward zero) and remainder."""
    quotient = abs(value) // divisor * (1 if value >= 0 else -1)
    return quotient, value - quotient * divisor


class GetRan:
    """GET_RAN (vos/p2/sub/get_ran): the first ``rand`` after ``srand(seed)``; the seed then moves on by itself."""

    def __init__(self, seed: int):
        self.seed = int(seed)

    def __call__(self) -> np.float32:
        number = _first_rand(self.seed & 0xFFFFFFFF)
        # the quotient is taken in double and rounded once
        result = np.float32((number % 32768 if number >= 32767 else number) / 32767.0)
        moved = (self.seed * 1103515245 + 12345) & 0xFFFFFFFF
        moved = moved - (1 << 32) if moved & 0x80000000 else moved
        # the quotient of two ints is signed; its remainder is taken without a sign
        self.seed = (_quotient(moved, 65536)[0] & 0xFFFFFFFF) % 32768
        return result


@functools.lru_cache(maxsize=40_000)
def _first_rand(seed: int) -> int:
    return Rand(seed)()


class Drand48:
    """``srand48``/``drand48``: 48-bit linear congruence."""

    _MASK = (1 << 48) - 1

    def __init__(self, seed: int):
        self.state = ((int(seed) & 0xFFFFFFFF) << 16) + 0x330E

    def __call__(self) -> float:
        self.state = (self.state * 0x5DEECE66D + 0xB) & self._MASK
        return self.state / float(1 << 48)

    def draws(self, count: int) -> np.ndarray:
        """The next ``count`` numbers in 0..1, float64."""
        if count <= 0:
            return np.empty(0)
        multipliers, increments = _jumps48(1 << max(10, (count - 1).bit_length()))
        mask = np.uint64(self._MASK)
        states = (multipliers[:count] * np.uint64(self.state) + increments[:count]) & mask
        self.state = int(states[-1])
        return states.astype(np.float64) / float(1 << 48)


@functools.lru_cache(maxsize=2)
def _jumps48(count: int) -> tuple[np.ndarray, np.ndarray]:
    mask = np.uint64(Drand48._MASK)
    multipliers = np.array([0x5DEECE66D], np.uint64)
    increments = np.array([0xB], np.uint64)
    while multipliers.size < count:
        last_m, last_i = multipliers[-1], increments[-1]
        increments = np.concatenate((increments, (multipliers * last_i + increments) & mask))
        multipliers = np.concatenate((multipliers, multipliers * last_m & mask))
    return multipliers, increments
