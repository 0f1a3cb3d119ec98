"""VIC2PIC: VICAR image to a PIC file. Source: ``vos/p2/prog/vic2pic`` (C).

A PIC file holds lines and samples as 32-bit numbers, high byte first, and the bands green, red, blue.

accepted: a pixel-interleaved image of several bands cannot be read by the original, which then writes whatever is in memory.
"""

from __future__ import annotations

import struct


def main(task):
    task.messages(" ", "MIPS VICAR program VIC2PIC version 09.15.03", " ")
    with task.open("INP", u_format="BYTE") as source:
        if not 1 <= source.nb <= 3:
            task.printf(f"Error: {source.nb} bands in input.  Must be either 1 or 3.")
            task.abend()
        order = {1: (1,), 2: (1, 1), 3: (2, 1, 3)}[source.nb]
        data = struct.pack(">II", source.nl & 0xFFFF, source.ns & 0xFFFF)
        data += b"".join(source.read_window(band=band).tobytes() for band in order)
    name = task.string("PIC_OUT")
    try:
        (task.directory / name).write_bytes(data)
    except OSError:
        task.printf(f"Error creating CPIC file: {name}")
    task.messages(" ", "MIPS VICAR program VIC2PIC completed", " ")
