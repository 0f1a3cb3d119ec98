"""FFTFIT: give a Fourier transform the amplitudes of a mask, or multiply it by the mask.

Source: ``vos/p2/prog/fftfit`` (Fortran, float32). The mask lies with its centre at LINE, SAMPLE and is taken round its edges.
The first value of the transform stays.

Kept: in fitting, what lies left of the centre in the mask is only fitted up to the first amplitude below 1E-10 in a line.
known: a transform of another format than COMP is refused; more than 1024 samples run over the original's buffers.
"""

from __future__ import annotations

import numpy as np

from programs.transforms.wiener import divided, scaled
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import truncate

_F = np.float32
_SMALL = _F(1.0e-10)


def main(task):
    task.if_message("FFTFIT version 31-OCT-94")
    image, mask = task.open("INP", 1), task.open("INP", 2, u_format="HALF")
    if mask.format not in ("BYTE", "HALF"):
        task.abend("SECOND INPUT MUST BE BYTE OR HALF")
    if not image.format.startswith("COMP"):
        task.abend("FIRST INPUT MUST BE COMPLEX")
    with task.create("OUT", nl=max(image.nl, mask.nl), ns=max(image.ns, mask.ns)) as result, np.errstate(all="ignore"):
        fit = Fit(task, image, mask)
        for line in range(1, image.nl + 1):
            values = fit.line(line)
            result.write(values, line)


class Fit:
    """Mask, its centre and the scale."""

    def __init__(self, task, image, mask):
        self.image, self.mask = image, mask
        self.nl, self.ns = image.nl, image.ns
        self.multiply = task.keyword("MULT")
        self.centre = [
            task.integer("LINE", self.nl // 2 + 1),
            task.integer("SAMPLE", self.ns // 2 + 1),
        ]
        if task.keyword("FIND"):
            self._find(task)
        scale = task.real("SCALE")
        self.scale = self._scale(*task.integers("SET")) if scale is None or scale == _F(-99) else _F(scale)
        task.messages(*prnt("REAL", self.scale, " SCALE=."))

    def _find(self, task) -> None:
        """The mean place of the largest DN."""
        dn = np.stack([self.mask.read(line, nsamps=self.ns) for line in range(1, self.nl + 1)])
        lines, samples = np.nonzero(dn == dn.max())
        number = _F(len(lines))
        for axis, (places, name) in enumerate(((lines, "LINE"), (samples, "SAMPLE"))):
            total = int((places + 1).sum() + 0x80000000 & 0xFFFFFFFF) - 0x80000000
            self.centre[axis] = int(truncate(_F(total) / number + _F(0.5)))
            task.messages(*prnt("FULL", self.centre[axis], f" {name}=."))

    def mask_line(self, line: int) -> np.ndarray:
        place = self.centre[0] + line - 1
        return self.mask.read(place - self.nl if place > self.nl else place, nsamps=self.ns)

    def _scale(self, first: int, last: int) -> np.float32:
        """Mean amplitude of the transform over the mean of the mask, in the first LAST lines and samples."""
        chosen = [(line, range(first if line < first else 1, max(last, first if line < first else 1) + 1))
                  for line in range(1, last + 1)]  # fmt: skip
        scale = _F(1)
        if not self.multiply:
            parts = [amplitude(self.image.read(line)[samples.start - 1 : samples.stop - 1]) for line, samples in chosen]
            scale = mean(np.concatenate(parts))
        parts = []
        for line, samples in chosen:
            places = self.centre[1] + np.array(samples) - 1
            parts.append(self.mask_line(line)[np.where(places > self.ns, places - self.ns, places) - 1].astype(_F))
        return scale / mean(np.concatenate(parts))

    def line(self, line: int) -> np.ndarray:
        values = self.image.read(line, nsamps=self.ns)
        split = self.ns - self.centre[1] + 1
        factors = np.roll(self.mask_line(line), split).astype(_F)
        changed = scaled(scaled(values, self.scale), factors)
        if not self.multiply:
            size = amplitude(values)
            changed = divided(changed, size)
            small = size < _SMALL
            stops = np.flatnonzero(small[split:])
            if len(stops):
                small[split + stops[0] :] = True
            changed = np.where(small, values, changed)
        if line == 1:
            changed[0] = values[0]
        return changed


def amplitude(values: np.ndarray) -> np.ndarray:
    """The C library's hypotf: through double precision."""
    real, imaginary = values.real.astype(np.float64), values.imag.astype(np.float64)
    return np.sqrt(real * real + imaginary * imaginary).astype(_F)


def mean(values: np.ndarray) -> np.float32:
    return np.add.accumulate(np.concatenate((np.zeros(1, _F), values)))[-1] / _F(len(values))
