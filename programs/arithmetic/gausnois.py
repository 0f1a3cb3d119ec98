"""GAUSNOIS: an image of Gaussian noise.

Source: ``vos/p2/prog/gausnois`` (Fortran). known: nothing. accepted: without SEED the numbers depend on the clock, as in
the original, but on its own clock.
"""

from __future__ import annotations

from programs.arithmetic._gauss import generator, normal

FORTRAN = True
PIXELS_AT_ONCE = 1 << 18


def main(task):
    task.message("gausnois version 2016-06-08")
    nl, ns = task.integer("NL"), task.integer("NS")
    with task.create("OUT", nl=nl, ns=ns, format=task.string("FORMAT"), u_format="REAL") as result:
        numbers = generator(task)
        mean, sigma = task.real("MEAN"), task.real("SIGMA")
        step = max(1, PIXELS_AT_ONCE // ns)
        for line in range(0, nl, step):
            lines = min(step, nl - line)
            draws = numbers.draws(2 * lines * ns)
            values = sigma * normal(draws[0::2], draws[1::2]) + mean
            result.write_window(values.reshape(lines, ns), line + 1)
            task.progress(line + lines, nl)
