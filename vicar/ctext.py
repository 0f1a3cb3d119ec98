"""Messages that C routines send, told from those of a Fortran program, which lose their trailing blanks."""

from __future__ import annotations


class CText(str):
    """A message of a C routine of the library: printed as it is, even when a Fortran program calls the routine."""
