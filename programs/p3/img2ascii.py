"""IMG2ASCII: pixel values to a text file, of the p3 library. Source: ``vos/p3/prog/img2ascii`` (Fortran)."""

from __future__ import annotations

from programs.exchange._image_text import PER_LINE, TextFile, clipped_window, extremes
from vicar.numerics.fortran import edit, integer

FORTRAN = True


def main(task):
    task.if_message("IMG2ASCII version 16-Feb-2001")
    with task.open("INP", u_format="FULL") as source:
        window = clipped_window(task, source, "Invalid SIZE parameters entered !")
        text = TextFile(task)
        if not window or not text.usable:
            return
        sl, ss, nl, ns, clipped = window
        low, high = 32768, -32767
        for line in range(nl):
            values = source.read(line=sl + line, samp=ss, nsamps=ns)
            for start in range(0, ns, PER_LINE):
                text.lines.append("".join(integer(v, 6) for v in values[start : start + PER_LINE]))
            low, high = extremes(values, low, high)
        text.write()
    dimensions = edit("('The output text file is dimensioned ',I4,' by ',I4)", nl, ns)
    if task.string("NOTES")[:2] == "ON":
        task.message(edit("('Minimum value: ',I6,' Maximum value: ',I6)", low, high))
        task.message(dimensions)
    elif clipped:
        task.message("SIZE field exceeded the image size! Output truncated")
        task.message(dimensions)
