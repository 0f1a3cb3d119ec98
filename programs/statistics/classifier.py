"""CLASSIFIER: gives every pixel of several images the number of a class. Source: ``vos/p2/prog/classifier`` (C, 2019-08-22).

The classes are those of CLUSTERER. A pixel gets the class whose mean is nearest, or with EXPMAX the one whose normal distribution
(the exponent is half of the Mahalanobis distance itself, not of its square) is densest there. Classes whose covariance has no
inverse are left out, except the first one. The names of classes must be CLASS and a number.

known: densities of EXPMAX may differ in the last digits, as the inverses are made in another order.
accepted: a first class without an inverse ends EXPMAX with a sentence, as it ends the original with a crash. So do images
smaller than the first (a crash) and classes of another number of bands (memory the original never set).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from vicar.numerics import libm


@dataclass
class Class:
    """Number, mean (bands), inverse of the covariance (or None) and its determinant."""

    number: int
    mean: np.ndarray
    inverse: np.ndarray | None
    determinant: float

    def distance(self, dn: np.ndarray) -> np.ndarray:
        """Distance of pixels (samples x bands) from the mean."""
        off = dn - self.mean
        total = np.zeros(len(dn))
        for values in off.T:
            total += values * values
        return np.sqrt(total)

    def density(self, dn: np.ndarray) -> np.ndarray:
        """Density of the distribution at pixels (samples x bands)."""
        off = dn - self.mean
        turned = np.zeros_like(off)
        for band, values in enumerate(off.T):
            turned += values[:, None] * self.inverse[band]
        total = np.zeros(len(dn))
        for one, other in zip(turned.T, off.T, strict=True):
            total += one * other
        scale = 1 / math.pow(2 * math.pi, len(self.mean) / 2.0) * 1 / math.sqrt(self.determinant)
        return scale * libm.exp(-0.5 * np.sqrt(np.abs(total)))


def main(task):
    task.if_message("CLASSIFIER version 2019-08-22")
    densest = task.keyword("EXPMAX")
    sources = [task.open("INP", number, u_format="DOUB") for number in range(1, task.count("INP") + 1)]
    nl, ns = sources[0].nl, sources[0].ns
    if any(source.nl < nl or source.ns < ns for source in sources):
        task.abend("An image is smaller than the first one.")
    result = task.create("OUT", 1, nl=nl, ns=ns, format="HALF", u_format="DOUB")
    second = task.create("OUT", 2, nl=nl, ns=ns, format="REAL", u_format="DOUB") if task.count("OUT") == 2 else None
    classes = read_classes(task)
    if any(len(one.mean) != len(sources) for one in classes):
        task.abend("The classes are those of another number of images.")
    if densest and classes[0].inverse is None:
        task.abend("The covariance of the first class has no inverse.")
    for line in range(1, nl + 1):
        dn = np.stack([source.read(line)[:ns] for source in sources], axis=1)
        best, measure = None, None
        for number, one in enumerate(classes):
            if number and one.inverse is None:
                continue
            value = one.density(dn) if densest else one.distance(dn)
            if best is None:
                best, measure = np.full(ns, float(one.number)), value
            else:
                better = measure < value if densest else measure > value
                best[better], measure[better] = one.number, value[better]
        result.write(best, line)
        if second:
            second.write(measure, line)
        task.progress(line, nl)


def read_classes(task) -> list[Class]:
    """The classes of the table CLASSIBIS: name, samples, bands, means, lower half of the covariance."""
    with task.open_table("CLASSIBIS") as table:
        names = table.texts(1)
        rows = np.stack([table.read(column, "DOUB") for column in range(2, table.nc + 1)], axis=1)
    classes, number = [], 0
    for name, row in zip(names, rows, strict=True):
        found = re.match(r"CLASS\s*([+-]?\d+)", name)
        number = int(found[1]) if found else number
        bands = int(row[1])
        covariance = np.zeros((bands, bands))
        covariance[np.tril_indices(bands)] = row[2 + bands : 2 + bands + bands * (bands + 1) // 2]
        covariance = np.where(np.tri(bands, dtype=bool), covariance, covariance.T)
        try:
            inverse, determinant = np.linalg.inv(covariance), float(np.linalg.det(covariance))
        except np.linalg.LinAlgError:
            inverse, determinant = None, 0.0
        classes.append(Class(number, row[2 : 2 + bands], inverse, determinant))
    return classes
