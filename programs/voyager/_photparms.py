"""The photometric function a user asks for, and the sentence that names it. Source: ``vos/p2/prog/photfunc`` (phot_parms)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from programs.voyager import _photometry as photometry
from programs.voyager._photometry import Angles
from vicar.numerics.fortran import edit

f32 = np.float32


@dataclass
class Function:
    """``brightness(angles)`` gives float32; ``title`` is the message, ``item`` the label's."""

    brightness: Callable[[Angles], np.ndarray]
    title: str
    item: str


def fill(template: str, length: int, *fields: tuple[int, int, str, float]) -> str:
    """Numbers written into columns (from 1) of a text of a fixed length."""
    text = template.ljust(length)[:length]
    for first, last, descriptor, value in fields:
        text = text[: first - 1] + edit(f"({descriptor})", f32(value), width=last - first + 1) + text[last:]
    return text


def chosen(task) -> Function:
    """The function of the parameters; the last of several in the original's order."""
    k = task.real("MINNAERT")
    found = lambert() if k == 1 else minnaert(k)
    hapke = task.reals("HAPKE")
    cook = None
    if len(hapke) == 4:
        cook = None if task.defaulted("COOK") else task.real("COOK")
        found = hapke_1981(hapke, cook)
    elif len(hapke) in (5, 6):
        found = hapke_1986(hapke)
    for name, make in (("VEVERKA", veverka), ("MOSHER", mosher), ("BURATTI", buratti), ("IRVINE", irvine)):
        if not task.defaulted(name) and task.count(name):
            found = make(np.concatenate([task.reals(name), np.zeros(6, f32)])[:6])
    return found


def lambert() -> Function:
    text = " LAMBERT PHOTOMETRIC FUNCTION, COS I"
    return Function(photometry.lambert, text, text[1:].rstrip())


def minnaert(k) -> Function:
    text = " MINNAERT PHOTOMETRIC FUNCTION COSI**000000*(COSE**000000    )"
    text = fill(text, 62, (39, 43, "f5.4", k), (52, 58, "f7.4", k - f32(1)))
    return Function(partial(photometry.minnaert, k=k), text, text)


def hapke_1981(values, cook) -> Function:
    w, b, h, c = values

    def brightness(angles: Angles) -> np.ndarray:
        return photometry.hapke_1981(angles, w, b, h, c) / photometry.hapke_1981(photometry.NORMAL, w, b, h, c)

    if cook is None:
        text = " HAPKE PHOTOMETRIC FUNCTION,W=000000,B= 000000,H=000000,C= 000000     "
        text = fill(text, 70, (31, 36, "f6.3", w), (40, 46, "f7.3", b), (50, 55, "f6.3", h), (59, 65, "f7.3", c))
    else:
        text = " COOK PHOTOMETRIC FUNCTION,W=00000,B= 00000,H=00000,C= 00000,CK= 0    "
        text = fill(text, 70, (30, 34, "f5.3", w), (38, 43, "f6.3", b), (47, 51, "f5.3", h), (55, 60, "f6.3", c),
                    (64, 69, "f6.3", cook))
    return Function(brightness, text, text[1:].rstrip())


def hapke_1986(values) -> Function:
    w, h, roughness, strength, first = values[:5]
    second = values[5] if len(values) == 6 else None
    function = photometry.Hapke(w, h, roughness, strength, first, second)

    def brightness(angles: Angles) -> np.ndarray:
        return function(angles) / function(photometry.NORMAL)

    common = [(31, 36, "f6.3", w), (40, 45, "f6.3", h), (50, 55, "f6.2", roughness), (60, 65, "f6.3", strength)]
    if second is None:
        text = " HAPKE PHOTOMETRIC FUNCTION,W=000000,H=000000,TB=000000,S0=000000,hg=000000"
        text = fill(text, 75, *common, (65, 70, "f6.3", first))
    else:
        text = " HAPKE PHOTOMETRIC FUNCTION,W=000000,H=000000,TB=000000,S0=000000,b=000000,c=000000"
        text = fill(text, 83, *common, (69, 74, "f6.3", first), (78, 83, "f6.3", second))
    return Function(brightness, text, text[1:].rstrip())


def veverka(d) -> Function:
    text = " VEVERKA PHOTOMETRIC FUNCTION(00000+0000000A+ 0000E0P-0000A)(CI/Ci+ce)"
    text = fill(text, 70, (31, 35, "f5.3", d[0]), (37, 43, "f7.4", d[1]), (47, 50, "f4.3", d[2]), (56, 58, "f3.2", d[3]))
    return Function(lambda angles: photometry.veverka(angles, *d[:4]), text, text[1:].rstrip())


def mosher(d) -> Function:
    text = " MOSHER PHOTOMETRIC FUNCTION(0.00-0.00000a+0.00e0p-0.00a)(ci**(0.00+0.0000a)(ce**(00.000.0000a)) "
    text = fill(text, 140, (30, 33, "f4.2", d[0]), (35, 51, "f7.4", -d[1]), (44, 47, "f4.2", d[2]), (51, 56, "f5.2", d[3]),
                (64, 67, "f4.2", d[4]), (69, 74, "f6.4", d[5]), (83, 87, "f5.2", d[4] - f32(1)), (89, 94, "f6.4", d[5]))
    return Function(lambda angles: photometry.mosher(angles, *d), text, text[1:].rstrip())


def buratti(d) -> Function:
    text = " BURATTI PHOTOMETRIC FUNCTION  A=000000 B=000000 C=000000 D=000000 e=000000 f=000000"
    text = fill(text, 84, (34, 39, "f6.3", d[0]), (43, 48, "f6.3", d[1]), (52, 57, "f6.4", d[2]), (61, 66, "f6.3", d[3]),
                (69, 75, "f6.3", d[4]), (79, 84, "f6.3", d[5]))
    return Function(lambda angles: photometry.buratti(angles, *d), text, text[1:].rstrip())


def irvine(d) -> Function:
    text = " IRVINE Photometric function A=0.00000 B=0.00000 K=0.000"
    text = fill(text, 56, (52, 56, "f5.2", d[0]), (32, 38, "f7.5", d[1]), (42, 48, "f7.5", d[2]))
    return Function(lambda angles: photometry.irvine(angles, *d[:3]), text, text[1:].rstrip())
