"""WNR2005: WIENER with a signal to noise ratio for each sample.

Source: ``vos/p2/prog/wnr2005`` (C). Constants and the sizes of amplitudes are double precision, the rest float32.

Kept: with a wanted transfer function the imaginary part is made from the real part just computed.
accepted: with no transfer function the original takes the ratios for one; here a sentence says that it is missing.
known: lines of more than 4096 samples run over the original's buffers.
"""

from __future__ import annotations

import numpy as np

from programs.transforms.wiener import BLOCK, joined, multiplied, parts_divided, power

_F, _D = np.float32, np.float64


def main(task):
    task.if_message("WNR2005 version 2019-09-18")
    with_ratios = task.keyword("SNRIMG")
    count = task.count("INP")
    inputs = []
    for number in range(1, count + 1):
        source = task.open("INP", number)
        inputs.append(source)
        last = with_ratios and number == count
        if not last and not source.format.startswith("COMP"):
            task.abend("ALL INPUT FILES MUST BE COMPLEX, EXCEPT NSR REAL")
        if last and source.format != "REAL":
            task.abend("NSR INPUT FILE MUST BE REAL")
        if (source.nl, source.ns) != (inputs[0].nl, inputs[0].ns):
            task.abend("ALL INPUT FILES MUST BE SAME SIZE")
    restore = RESTORE[task.string("OPTION").lower()]
    noise = over_square(_F(task.real("SN")))
    factor = (_D(1) / (_D(1) / (_D(1) + _D(noise))).astype(_F).astype(_D)).astype(_F)
    ratios = inputs.pop() if with_ratios else None
    if len(inputs) < 2:
        task.abend("A transfer function is needed besides the ratios")
    if len(inputs) != 3:
        del inputs[2:]  # four transforms: only two are used
    nl, ns = inputs[0].nl, inputs[0].ns
    with task.create("OUT", nl=nl, ns=ns) as result, np.errstate(all="ignore"):
        for line in range(1, nl + 1, BLOCK):
            lines = min(BLOCK, nl + 1 - line)
            image, otf, *wanted = (source.read_window(line, 1, lines, ns) for source in inputs)
            if ratios:
                noise = over_square(ratios.read_window(line, 1, lines, ns))
                factor = (_D(1) + noise).astype(_F)
            if line == 1:
                first = [part.real[0, 0].copy() for part in (image, otf, *wanted)]
            restored = restore(image, parts_divided(otf, first[1]), first[0], noise, factor)
            if line == 1 and restore is amplitude:
                restored[0, 0] = first[0]
            if wanted:
                restored = shaped(restored, wanted[0], first[2])
                if line == 1:
                    restored[0, 0] = first[0]
            result.write_window(restored, line, 1)


def over_square(ratio) -> np.ndarray:
    return (_D(1) / np.asarray(ratio * ratio, _D)).astype(_F)[()]


def direct(image, otf, first, noise, factor):
    return multiplied(otf, image)


def restoration(image, otf, first, noise, factor):
    scale = factor / (power(otf) + noise)
    real = image.real * otf.real + image.imag * otf.imag
    imaginary = -image.real * otf.imag + image.imag * otf.real
    return joined(scale * real, scale * imaginary)


def ratio(image, otf, first, noise, factor):
    """The transform of the kernel that turns the first image into the second; nothing where the second is nothing."""
    size = power(otf)
    scale = (_D(1) / (size * first).astype(_D)).astype(_F)
    real = (image.real * otf.real + image.imag * otf.imag) * scale
    imaginary = (image.imag * otf.real - image.real * otf.imag) * scale
    divisor = real * real + imaginary * imaginary + noise
    result = joined(real / divisor, -imaginary / divisor)
    result[size == 0] = 0
    return result


def amplitude(image, otf, first, noise, factor):
    blurred, sharp = (np.sqrt(power(part).astype(_D) + small) for part, small in ((image, 0.0), (otf, 0.00001)))
    transfer = (blurred / (_D(first) * sharp)).astype(_F)
    divisor = transfer * transfer + noise
    return joined(image.real * transfer / divisor, image.imag * transfer / divisor)


def shaped(restored, wanted, first):
    real = (restored.real * wanted.real + restored.imag * wanted.imag) / first
    return joined(real, (restored.imag * wanted.real - real * wanted.imag) / first)


RESTORE = {"direct": direct, "wiener": restoration, "ratio": ratio, "amplitude": amplitude}
