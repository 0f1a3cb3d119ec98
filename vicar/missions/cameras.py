"""Constants of flight cameras in object space. Source: ``vos/p2/sub/getcamcon``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

f32 = np.float32


class UnknownCamera(ValueError):
    """No such camera; the text is the original's."""


@dataclass(frozen=True)
class Camera:
    """focal : focal length, mm; line, sample : where the optical axis meets object space; scale : pixels a mm. All float32."""

    focal: np.float32
    line: np.float32
    sample: np.float32
    scale: np.float32


_CENTRES = {  # line, sample, scale of each mission
    "CASSI": (512.0, 512.0, 83.333333), "GLL": (400.0, 400.0, 65.6167979), "VGR": (500.0, 500.0, 84.821428),
    "VIKOR": (575.0, 625.0, 85.0), "MAR10": (400.0, 475.0, 74.78), "MAR-9": (400.0, 475.0, 75.0),
    "WFPC": (400.0, 400.0, 66.66667),
}  # fmt: skip
_FOCAL = {
    "CASSI": {1: 2000.0, 2: 200.736}, "VGR": {7: 1500.19, 6: 200.465, 5: 1503.49, 4: 200.770},
    "VIKOR": {4: 474.448, 6: 474.101, 7: 474.398, 8: 474.610}, "MAR10": {1: 1495.66, 2: 1503.69, 3: 62.02, 4: 62.68},
    "MAR-9": {1: 52.267, 2: 500.636}, "WFPC": {1: 67991.0, 2: 31168.0},
}  # fmt: skip
_GALILEO = 1501.039
GALILEO_SUMMED = 2


def camera_constants(project: str, camera: int) -> Camera:
    """Constants of a camera by mission and serial number. Raises `UnknownCamera`."""
    mission = next((name for name in ("VGR", "WFPC") if project.startswith(name)), project.strip())
    if mission not in _CENTRES:
        raise UnknownCamera("GETCAMCON: UNRECOGNIZABLE PROJECT ID")
    line, sample, scale = (f32(value) for value in _CENTRES[mission])
    divisor = 1
    if mission == "GLL":
        focal, divisor = _GALILEO, 2 if camera == GALILEO_SUMMED else 1
    else:
        if mission == "CASSI" and camera > 20:  # summed frames: 21, 22 and 41, 42
            divisor, camera = {2: 2, 4: 4}.get(camera // 10, 1), camera % 10
        focal = _FOCAL[mission].get(camera)
        if focal is None:
            shown = project.strip() if mission == "WFPC" else mission
            raise UnknownCamera(f"GETCAMCON: {shown} ILLEGAL CAMERA #")
    return Camera(f32(focal), line / f32(divisor), sample / f32(divisor), scale / f32(divisor))
