"""Photometric functions: brightness of a surface by the angles of light. Source: ``vos/p2/prog/photfunc`` (phot_sub, phot_parms).

All in single precision, in the original's order of operations, with the C library's functions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics import libm

f32 = np.float32
DEGREES = f32(57.29578)
PI = f32(3.141592654)
HUGE_EXPONENT, HUGE = f32(87.0), f32(1.0e20)
W_LIMIT = f32(0.99998)


@dataclass(frozen=True)
class Angles:
    """Cosines of incidence, emission and phase angle, and the tangent of the phase: float32 arrays."""

    incidence: np.ndarray
    emission: np.ndarray
    phase: np.ndarray
    tangent: np.ndarray

    @property
    def degrees(self) -> np.ndarray:
        """Phase angle in degrees."""
        return np.abs(libm.acos(self.phase)) * DEGREES


NORMAL = Angles(*(np.array([value], f32) for value in (1, 1, 1, 0)))


def minnaert(angles: Angles, k) -> np.ndarray:
    return libm.pow(angles.incidence * angles.emission, f32(k)) / angles.emission


def lambert(angles: Angles) -> np.ndarray:
    return angles.incidence


def _phase_curve(phase, a, b, c, d):
    return a + b * phase + c * libm.exp(-d * phase) / (a + c)


def veverka(angles: Angles, a, b, c, d) -> np.ndarray:
    curve = _phase_curve(angles.degrees, a, b, c, d)
    return curve * f32(2) * angles.incidence / (angles.emission + angles.incidence)


def mosher(angles: Angles, a, b, c, d, e, f) -> np.ndarray:
    phase = angles.degrees
    power = e + f * phase
    surface = libm.pow(angles.incidence, power) * libm.pow(angles.emission, power - f32(1))
    return _phase_curve(phase, a, b, c, d) * surface


def irvine(angles: Angles, k, a, b) -> np.ndarray:
    incidence, emission = angles.incidence, angles.emission
    limb = f32(1) - libm.exp(-incidence / a)
    return libm.pow(incidence * emission, k) / emission * limb / (f32(1) - libm.exp(-emission / b))


def buratti(angles: Angles, a, b, c, d, e, f) -> np.ndarray:
    third = f32(2) / f32(3)
    norm = (b + d - f32(1)) * (f32(1) - a) * third + a * (b + d) * f + (f32(1) - a)
    degrees = angles.degrees
    surface = b + c * degrees + d * libm.exp(-e * degrees)
    phase = degrees / DEGREES
    half = phase / f32(2)
    with np.errstate(all="ignore"):
        dark = libm.log(f32(1) / libm.tan(phase / f32(4)))
        lommel = a * PI / f32(2) * (f32(1) - libm.sin(half) * libm.tan(half) * dark)
    lommel = np.where(degrees != 0, lommel, a * PI / f32(2))
    lambertian = third * (f32(1) - a) * (libm.sin(phase) + (PI - phase) * libm.cos(phase))
    whole = surface * PI * (third * (f32(1) - a) + a * f)
    ratio = (whole - lambertian) / lommel
    incidence, emission = angles.incidence, angles.emission
    return (a * (incidence / (emission + incidence)) * ratio + (f32(1) - a) * incidence) / norm


def hapke_1981(angles: Angles, w, b, h, c) -> np.ndarray:
    """Hapke's function of 1981. Cook's modification, which the original computes and does not use, changes nothing."""

    def h_function(x):
        return (f32(1) + f32(2) * x) / (f32(1) + f32(2) * x * np.sqrt(f32(1) - w))

    incidence, emission, phase, tangent = angles.incidence, angles.emission, angles.phase, angles.tangent
    with np.errstate(all="ignore"):
        part = libm.exp(-h / tangent)
        surge = libm.exp(-(w * w) / f32(2)) * (f32(1) - (tangent / (f32(2) * h)) * (f32(3) - part) * (f32(1) - part))
    surge = np.where(tangent <= 0, f32(0), surge)
    legendre = f32(1) + b * phase + c * (f32(3) * phase * phase - f32(1)) / f32(2)
    many = h_function(incidence) * h_function(emission)
    return incidence * w / (incidence + emission) * ((f32(1) + surge) * legendre + many - f32(1))


@dataclass(frozen=True)
class Hapke:
    """Hapke's function of 1986: albedo, width of the surge, roughness in degrees, strength of the surge, phase function.

    ``second`` is None for a Henyey-Greenstein function, else the second Legendre coefficient.
    """

    w: np.float32
    h: np.float32
    roughness: np.float32
    strength: np.float32
    first: np.float32
    second: np.float32 | None

    def __call__(self, angles: Angles) -> np.ndarray:
        degree = PI / f32(180)
        i, e, g = (libm.acos(cosine) * DEGREES for cosine in (angles.incidence, angles.emission, angles.phase))
        i0, e0, g0 = i * degree, e * degree, g * degree
        cos_i, cos_e, cos_g = libm.cos(i0), libm.cos(e0), libm.cos(g0)
        sin_i, sin_e = libm.sin(i0), libm.sin(e0)
        with np.errstate(all="ignore"):
            cos_psi = (cos_g - cos_i * cos_e) / (sin_i * sin_e)
        cos_psi = np.where((i0 == 0) | (e0 == 0), f32(1), cos_psi)
        cos_psi = np.where(cos_psi >= 1, f32(1), np.where(cos_psi <= -1, f32(-1), cos_psi))
        w = W_LIMIT if self.w >= W_LIMIT else self.w
        surge, scatter = self._surge(g0), self._scatter(g0)
        theta = self.roughness * degree
        if theta > 0:
            shape = _rough(min(theta, f32(1.4)), i <= e, (cos_i, sin_i), (cos_e, sin_e), cos_psi)
        else:
            shape = (cos_i, cos_e, np.ones_like(cos_i))
        mu_i, mu_e, shadow = shape

        def h_function(x):
            return (f32(1) + f32(2) * x) / (f32(1) + f32(2) * x * np.sqrt(f32(1) - w))

        single = (f32(0.25) * w) * (mu_i / (mu_i + mu_e))
        return single * ((f32(1) + surge) * scatter - f32(1) + h_function(mu_i) * h_function(mu_e)) * shadow

    def _surge(self, g0) -> np.ndarray:
        if self.h <= 0:
            return np.zeros_like(g0)
        weight = self.w * self._scatter(np.zeros(1, f32))[0]
        b0 = self.strength / max(weight, f32(0.000001))
        half = np.abs(f32(0.5) * g0)
        return b0 * self.h / (self.h + np.where(np.abs(g0) <= f32(0.0001), half, libm.tan(half)))

    def _scatter(self, g0) -> np.ndarray:
        if self.second is None or self.second <= -999:
            g = self.first
            bottom = libm.exp(f32(1.5) * libm.log(f32(1) + g * g - f32(2) * g * libm.cos(PI - g0)))
            return (f32(1) - g * g) / bottom
        cosine = libm.cos(g0)
        return f32(1) + self.first * cosine + f32(0.5) * self.second * (f32(3) * cosine * cosine - f32(1))


def _rough(theta, lower, incidence, emission, cos_psi) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosines of the effective angles on a rough surface, and the shadowing function."""
    psi = libm.acos(cos_psi)
    half_sine = libm.sin(f32(0.5) * psi)
    half_sine = half_sine * half_sine
    f = np.where(np.abs(psi) > f32(3.10), f32(0), libm.exp(f32(-2) * libm.tan(f32(0.5) * psi)))
    tan = libm.tan(theta)
    cot = f32(1) / tan
    beta = np.sqrt(f32(1) + PI * tan * tan)
    (cos_i, sin_i), (cos_e, sin_e) = incidence, emission
    i1, i2 = _slopes(cos_i, sin_i, cot)
    e1, e2 = _slopes(cos_e, sin_e, cot)
    mu_i2 = (cos_i + sin_i * tan * (i1 / (f32(2) - i2))) / beta
    mu_e2 = (cos_e + sin_e * tan * (e1 / (f32(2) - e2))) / beta
    turn = psi / PI
    below = np.where(lower, f32(2) - e2 - turn * i2, f32(2) - i2 - turn * e2)
    for_i = np.where(lower, cos_psi * e1 + half_sine * i1, i1 - half_sine * e1)
    for_e = np.where(lower, e1 - half_sine * i1, cos_psi * i1 + half_sine * e1)
    mu_i1 = (cos_i + sin_i * tan * (for_i / below)) / beta
    mu_e1 = (cos_e + sin_e * tan * (for_e / below)) / beta
    y = beta - f * beta + f * np.where(lower, cos_i / mu_i2, cos_e / mu_e2)
    return mu_i1, mu_e1, (cos_i / mu_i2) * (mu_e1 / mu_e2) / y


def _slopes(cosine, sine, cot) -> tuple[np.ndarray, np.ndarray]:
    """The two exponentials of an angle's cotangent."""
    with np.errstate(all="ignore"):
        second = f32(-2) * cot * (cosine / sine) / PI
        first = f32(-0.25) * PI * second * second
        first, second = (np.minimum(libm.exp(np.minimum(x, HUGE_EXPONENT)), HUGE) for x in (first, second))
    steep = np.abs(sine) < f32(1.0e-4)
    return np.where(steep, f32(0), first), np.where(steep, f32(0), second)
