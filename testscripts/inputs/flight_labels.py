"""Labels of Voyager and Galileo, whole ones and such with something missing: small images of them in the folder at hand."""

from made_images import image
from made_kernels import galileo_frame, voyager_frame


def make():
    voyager_frame("v1")
    voyager_frame("v2", craft=2, camera="WA")
    voyager_frame("noscet", scet="**.*** **:**:**")
    voyager_frame("badday", scet="79.400 19:23:00")
    voyager_frame("badhour", scet="79.063 25:23:00")
    voyager_frame("badmin", scet="79.063 15:73:00")
    voyager_frame("badsec", scet="79.063 15:23:60")
    voyager_frame("leap", scet="80.366 19:23:00")
    voyager_frame("noleap", scet="81.366 19:23:00")
    voyager_frame("y75", scet="75.063 19:23:00")
    voyager_frame("y12", scet="12.063 19:23:00")
    voyager_frame("noert", ert="**.*** **:**:**")
    voyager_frame("halfert", ert="79.*** **:**:**")
    voyager_frame("noexp", exposure="*****.*")
    voyager_frame("newyear", scet="79.001 00:00:00")
    voyager_frame("raw", more="NOTHING")
    voyager_frame("real", form="REAL")
    galileo_frame("g1")
    galileo_frame("g92", year=92)
    galileo_frame("norate", without=("RATE",))
    galileo_frame("notime", without=("SCETYEAR", "SCETDAY", "SCETHOUR", "SCETMIN", "SCETSEC", "SCETMSEC"))
    galileo_frame("nomsec", without=("SCETMSEC",))
    galileo_frame("nossi", without=("SENSOR",))
    galileo_frame("notarget", without=("TARGET",))
    galileo_frame("nogain", without=("GAIN",))
    image("plain", "BYTE", 3, 3, [1] * 9)
