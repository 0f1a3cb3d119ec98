"""Arithmetic as the original's compilers and C library did it.

Importing this package imports nothing else; take the modules you need: ``rounding``, ``fortran``, ``cformat``, ``libm``,
``random``, ``realcon``, ``knuth``, ``conversion``.
"""


def exact() -> bool:
    """Whether numpy's own elementary functions equal the C library's here (see ``vicar.numerics.libm``).

    False means that ``libm`` falls back to slower calls of the C library: results are the same, speed is not.
    """
    from vicar.numerics import libm

    return libm.exact()
