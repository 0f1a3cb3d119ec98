"""Kernels and frames of made-up flybys."""

from made_kernels import galileo_frame, make, voyager_frame

make()
voyager_frame("io1")
voyager_frame("io2", scet="79.063 19:33:00", form="HALF", level=2000)
voyager_frame("io3", scet="79.063 19:53:00")
voyager_frame("late", scet="89.063 19:53:00")
voyager_frame("vgr2", craft=2)
voyager_frame("raw", more="NOTHING")
voyager_frame("real", form="REAL")
galileo_frame("earth1")
galileo_frame("earth2", second=58)
galileo_frame("summed", rate=1)
