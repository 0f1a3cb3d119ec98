"""IMSPLIT: odd and even samples into two images. Source: ``vos/p2/prog/imsplit`` (C)."""

from __future__ import annotations

from programs.carto._lines import sweep, write_lines


def main(task):
    task.if_message("imsplit version 2015-11-05")
    with task.open("INP", u_format="HALF") as source:
        nl, ns = source.nl, source.ns // 2
        with (task.create("OUT", 1, nl=nl, ns=ns, u_format="HALF") as odd,
              task.create("OUT", 2, nl=nl, ns=ns, u_format="HALF") as even):  # fmt: skip
            for done, (pixels,) in sweep([source], 1, None, nl, [source.ns]):
                if not ns:
                    odd.write(pixels[0], line=done + 1, nsamps=0)  # refused as the original's XVWRITE is
                write_lines(odd, pixels[:, 0 : 2 * ns : 2], done + 1)
                write_lines(even, pixels[:, 1 : 2 * ns : 2], done + 1)
