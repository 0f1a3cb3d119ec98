"""Keywords of a Voyager frame in an ISIS label, from a VICAR picture label; the order of a real label of 1996."""

from __future__ import annotations

from vicar.isis2.label import Label
from vicar.isis2.values import Text
from vicar.missions import voyager

CAMERAS = {4: (2, "WA"), 5: (2, "NA"), 6: (1, "WA"), 7: (1, "NA")}
TARGETS = {2: "J", 3: "S", 4: "U", 5: "N"}
BOTSIM_MODES = (5, 7)  # both cameras at once: the wide-angle frame waits longer


def frame_keywords(label, mode: int = 0) -> dict[str, object]:
    """ISIS keywords of a VICAR label that describes a Voyager frame; {} for any other."""
    state = voyager.camera_state(label, lambda text: None)
    if not state.voyager or state.fds == voyager.ABSENT:
        return {}
    spacecraft, camera = CAMERAS[state.camera]
    found: dict[str, object] = {"SPACECRAFT_NAME": Text(f"VOYAGER_{spacecraft}", ""), "IMAGE_NUMBER": f"{state.fds:>10d}",
                                "INSTRUMENT_ID": camera}
    planet = voyager.planet_of(state, None)
    if planet in TARGETS:
        found["CAL_TARGET_CODE"] = TARGETS[planet]
    if state.scan_rate != voyager.ABSENT:
        found["CAMERA_STATE_1"] = str(state.scan_rate)
    found["CAMERA_STATE_2"] = str(int(camera == "WA" and mode in BOTSIM_MODES))
    found["CAMERA_STATE_3"] = "1"
    if state.exposure != voyager.ABSENT:
        found["EXPOSURE_DURATION"] = float(str(state.exposure)) / 1000  # a decimal number of the label, in ms
    found["NO_CAMERA_STATE"] = 3
    if not state.picno.startswith("!"):
        found["PRODUCT_ID"] = state.picno.strip()
    if state.filter != voyager.ABSENT:
        found["FILTER_NAME"] = str(state.filter)
    return found


def put(label: Label, keywords: dict[str, object]) -> None:
    """Set keywords in a QUBE."""
    for name, value in keywords.items():
        label.set(name, value, "QUBE")
