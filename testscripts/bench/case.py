"""What a row about a program is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

# Inputs: name -> (command that makes it, format, lines and samples)
INPUTS = {
    "a": ("gen a 4000 4000", "u1", 4000),
    "c": ("gen c 4000 4000", "u1", 4000),
    "e": ("gen e 1600000 10", "u1", 4000),
    "h": ("gen h 4000 4000 'half", "i2", 4000),
    "r": ("gen r 4000 4000 'real sinc=0.5 linc=0.25", "f4", 4000),
    "r2": ("gen r2 2000 2000 'real sinc=0.5 linc=0.25", "f4", 2000),
    "b": ("gen b 1024 1024 modulo=251", "u1", 1024),
    "q": ("gen q 4096 4096 modulo=251", "u1", 4096),
    "n": ("gausnois n 2000 2000 mean=128 sigma=30 seed=1234.", "u1", 2000),
    "s": ("gen s 10 10", "u1", 10),
    "z": ("gen z 1024 1024 'comp", "c8", 1024),
    "w": ("gausnois w 4000 4000 mean=128 sigma=30 seed=1234.", "u1", 4000),
    "k": ("f2 w k function=\"(in1.gt.150)\"", "u1", 4000),
    "j": ("f2 a j 'full function=\"(int((line-1)/20)*200+int((samp-1)/20)+1)*(mod(samp,20).ne.0)*(mod(line,20).ne.0)\"", "i4", 4000),
    "m": ("viccub (n,n,n) m", "u1", 2000),
    "g": ('gtgen n g geotiff=("ModelTiepointTag=(0,0,0,100.0,200.0,0.0)","ModelPixelScaleTag=(1.0,1.0,0.0)")', "u1", 2000),
}
# A table of 100,000 rows: samples and lines of pixels in the first two columns
TABLE = ("ibis-gen t nr=100000 nc=6", 'mf3 t function="c1=@mod(@index,1900)+1$c2=@int(@index/60)+1"')
DOUBLE = ("ibis-gen t nr=100000 nc=6 deffmt=doub", TABLE[1])


class Case(NamedTuple):
    """``plain`` does the work on the arrays of ``inputs`` and returns what would be written (or nothing)."""

    name: str
    inputs: tuple[str, ...]
    command: str
    plain: Callable
    native: float | None = None
    before: tuple[str, ...] = ()  # commands that make more input
    files: Callable[[Path], None] | None = None  # writes files of other kinds into the folder, before all
