"""FICOR77's scale: from luminance in foot-lamberts to output values.

Source: ``vos/p2/prog/ficor77``, routines IPSCALE, OPSCALE, FTLAMBERT and FIXSCALE. Each step is one float32 rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.voyager._scalefile import ScaleFile, ScaleFileError
from vicar.missions import voyager
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt

f32 = np.float32

# By camera serial number: signal of high gain over that of low gain.
GAIN_RATIO = {4: f32(3.7642), 5: f32(4.2531), 6: f32(3.9424), 7: f32(3.9240)}

# By camera, then filter 0 to 7. Sunlight and xenon lamp: nanowatts/(cm**2 steradian nm) per foot-lambert.
SUN = {
    4: (0.010, 4.512, 4.306, 3.150, 0.010, 4.799, 0.010, 4.877),
    5: (3.285, 2.282, 3.916, 5.021, 3.285, 4.789, 4.804, 0.4526),
    6: (0.010, 4.538, 4.406, 3.158, 0.010, 4.792, 0.010, 4.887),
    7: (3.339, 2.290, 3.912, 5.020, 3.339, 4.850, 4.820, 0.2195),
}
XENON = {
    4: (5.03, 5.10, 4.60, 3.45, 4.90, 5.09, 4.69, 4.82),
    5: (4.30, 2.38, 4.33, 5.03, 4.30, 4.85, 4.85, 0.522),
    6: (5.08, 4.79, 4.59, 3.52, 4.91, 4.82, 4.68, 4.82),
    7: (4.25, 2.46, 4.34, 5.03, 4.29, 4.85, 4.88, 0.455),
}
# 10000 times I/F at Jupiter's distance from the sun, per foot-lambert.
REFLECTANCE = {
    4: (0.0, 19.53, 19.49, 14.79, 0.0, 22.24, 0.0, 23.75),
    5: (16.33, 12.37, 16.93, 23.81, 16.33, 22.27, 22.36, 2.075),
    6: (0.0, 19.70, 20.08, 14.80, 0.0, 22.43, 0.0, 22.54),
    7: (16.51, 12.40, 16.94, 24.20, 16.51, 22.65, 22.46, 2.014),
}
KNOWN_ABOVE = f32(0.1)  # radiance factors up to this mean that the filter was never calibrated
STAND_IN = f32(4), f32(20)  # radiance and reflectance factors used then

REFERENCE_EXPOSURE = f32(1000)  # ms; the luminances of the curves are for this exposure


@dataclass
class OutputScale:
    """Luminances in output units, and what the output units are."""

    luminance: np.ndarray  # float32, of each point of the curves
    excess: np.float32
    reflectance: np.float32  # 10000 times I/F of one output unit
    radiance: np.float32  # nanowatts/(cm**2 steradian nm) of one output unit
    relative_only: bool  # the filter has no absolute calibration
    correction: np.float32  # of the scale correction file; 0 if none was wanted
    date: str


def output_scale(task, state: voyager.CameraState, planet: int, luminance, points, excess) -> OutputScale | tuple:
    """Work out the scale and print how; a tuple of messages if it cannot be.

    ``luminance`` is float32 with room for the largest number of points; the first ``points`` are used.
    """
    _list_luminances(task, luminance[:points], excess)
    exposure = f32(state.exposure)
    task.messages(*prnt("REAL", exposure, "Exposure time=."))
    if exposure <= 0:
        zero = ("FICOR does not work on 0 exposure frames",) if exposure == 0 else ()
        return "***Exposure time is incorrect", *zero
    radiance_factor, reflectance_factor, relative_only = _factors(task, state)
    if _given(task, "SCALE"):
        return ("**SCALE keyword not implemented--ABEND.",)

    if _given(task, "CONV"):
        radiance = task.real("CONV")
        reflectance = radiance * reflectance_factor / radiance_factor
        lamberts = radiance / radiance_factor  # foot-lamberts of one output unit
        task.message("Conversion factor specified")
    else:
        reflectance = task.real("IOF")
        radiance = reflectance * radiance_factor / reflectance_factor
        lamberts = reflectance / reflectance_factor

    correction, date = f32(0), ""
    if not task.keyword("NOCORREC"):
        try:
            correction, date = ScaleFile(task, task.string("SCF", "")).newest(state.camera, state.filter, planet)
        except ScaleFileError as error:
            return error.args
        task.messages(*prnt("REAL", correction, "Scale correction factor=."))

    scale = REFERENCE_EXPOSURE / exposure / lamberts
    if correction != 0:
        scale = scale * correction
    scaled, excess = scale * luminance[:points], scale * excess
    if task.keyword("DBUG"):
        _list_scaled(task, scaled, luminance)
    return OutputScale(scaled, excess, reflectance, radiance, relative_only, correction, date)


def _given(task, name: str) -> bool:
    return not task.defaulted(name) and task.count(name) > 0


def _list_luminances(task, luminance, excess) -> None:
    task.messages("MAXL and luminances of calibration frames--", "")
    task.message("".join(fortran.fixed(value, 10, 2) for value in (excess, *luminance)))


def _list_scaled(task, scaled, luminance) -> None:
    """Diagnostics: all places of the tables, used or not."""
    steps = np.zeros(len(luminance) - 1, f32)
    steps[: len(scaled) - 1] = np.diff(scaled)
    task.messages(*prnt("REAL", [*scaled, *luminance[len(scaled) :]], "LTBL=."), *prnt("REAL", steps, "DTBL=."))


def _factors(task, state) -> tuple[np.float32, np.float32, bool]:
    """Radiance and reflectance of one foot-lambert, and whether they are only stand-ins."""
    if task.keyword("LC"):
        table, light = XENON, "xenon"
    else:
        table, light = SUN, "solar"
    radiance = f32(table[state.camera][state.filter])
    reflectance = f32(REFLECTANCE[state.camera][state.filter])
    task.message(f"Radiance refers to {light} spectrum")
    task.messages(*prnt("REAL", radiance, "FtL-sec to nanowatt conv factor=."))
    task.messages(*prnt("REAL", reflectance, "Ft-L to I/F conv factor=."))
    if radiance > KNOWN_ABOVE:
        return radiance, reflectance, False
    return *STAND_IN, True
