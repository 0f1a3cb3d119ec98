"""INSECT: insert a part of one image into another.

Source: ``vos/p2/prog/insect`` (Fortran). Pixels pass through single precision. Right of the first image nothing clears the
line buffer, so that what was inserted there last is repeated in the lines below.

accepted: an insertion that begins left of the first sample writes outside the original's buffer; here it is cut off.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}
SAMPLE_LIMIT = 60000


def main(task):
    task.if_message("INSECT version 7 Jan 2013 (64-bit) - rjb")
    sl2, ss2, nl2, ns2, line, samp = task.integers("INSECT")
    first, second = task.open("INP", 1), task.open("INP", 2)
    if first.format != second.format:
        task.message("??E - Inputs must be in the same format")
        task.abend()
    if first.format not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    fmt = FORMATS[first.format]
    first.close()
    second.close()
    first, second = task.open("INP", 1, u_format="REAL"), task.open("INP", 2, u_format="REAL")
    window = task.size_field(first)
    if window.ns > SAMPLE_LIMIT:
        task.message("??E - Number of Samples Exceeds 60,000 ")
        task.abend()
    with task.create("OUT", nl=window.nl, ns=window.ns, format=fmt, u_format="REAL") as result:
        buffer = np.zeros(max(SAMPLE_LIMIT, window.nsi, samp - 1 + ns2), np.float32)
        for number in range(window.nl):
            buffer[: window.nsi] = 0
            if number < window.nli - window.sl + 1:
                read_into(buffer, 1, first, window.sl + number, window.ss, window.nsi - window.ss + 1)
            if line <= number + 1 < line + nl2:
                read_into(buffer, samp, second, sl2 + number + 1 - max(line, 1), ss2, ns2)
            result.write(buffer[: window.ns], nsamps=window.ns)
    first.close()
    second.close()


def read_into(buffer: np.ndarray, samp: int, image, line: int, ss: int, ns: int) -> None:
    """Read samples of a line, as many as there are, to sample ``samp`` of the buffer."""
    dn = image.read(line=line, samp=ss, nsamps=ns)[max(0, 1 - samp) : max(0, image.n1 - max(ss, 1) + 1)]
    buffer[max(samp, 1) - 1 :][: len(dn)] = dn
