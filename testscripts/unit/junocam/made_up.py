"""Made-up pictures with known truth, and their metadata, for the tests of JunoCam."""

from dataclasses import replace

import numpy as np

from vicar.junocam import metadata, simulator

KEYWORDS = {
    "PRODUCT_ID": "JNCE_2022229_44C00032_V01", "FILTER_NAME": ["BLUE", "GREEN", "RED"], "LINES": 384 * 22,
    "LINE_SAMPLES": 1648, "INTERFRAME_DELAY": "0.373 <s>", "EXPOSURE_DURATION": "3.200000 <ms>", "JNO:TDI_STAGES_COUNT": 1,
    "START_TIME": "2022-08-17T13:44:55.688", "STOP_TIME": "2022-08-17T13:45:03.894", "SAMPLE_BIT_MODE_ID": "SQROOT",
    "SUB_SPACECRAFT_LATITUDE": "51.6238", "SUB_SPACECRAFT_LONGITUDE": "301.5612", "SPACECRAFT_ALTITUDE": "85911.5 <km>",
    "SOLAR_DISTANCE": "7.4172e+08 <km>",
}
POLAR = KEYWORDS | {
    "PRODUCT_ID": "JNCE_2022186_43C00080_V01", "LINES": 384 * 12, "START_TIME": "2022-07-05T12:17:39.223",
    "STOP_TIME": "2022-07-05T12:17:43.687", "INTERFRAME_DELAY": "0.372 <s>", "SUB_SPACECRAFT_LATITUDE": "-83.2861",
    "SUB_SPACECRAFT_LONGITUDE": "159.3245", "SPACECRAFT_ALTITUDE": "274852.7 <km>", "SOLAR_DISTANCE": "7.4237e+08 <km>",
}
AXIS = np.array([-0.9988, 0.0112, -0.0473]) / np.linalg.norm([-0.9988, 0.0112, -0.0473])
SPIN, PHASE, SPEED = 0.20765, 2.7806, np.array([5.0, -20.0, -33.0])
POLAR_AXIS, POLAR_PHASE = np.array([-0.9909, -0.1307, -0.0314]), 0.7152


def meta_of(keywords: dict, *filters: str, **changes) -> metadata.Metadata:
    return replace(metadata.from_keywords(keywords), **({"filters": filters} if filters else {}), **changes)


def turned_about(vector, axis, degrees: float) -> np.ndarray:
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vector * c + np.cross(axis, vector) * s + axis * (axis @ vector) * (1 - c)


def off(one: np.ndarray, other: np.ndarray) -> float:
    """Angle between two directions, degrees."""
    return float(np.degrees(np.arccos(np.clip(one @ other / np.linalg.norm(one) / np.linalg.norm(other), -1, 1))))


def picture(meta, axis=AXIS, phase=PHASE, speed=SPEED, **options) -> np.ndarray:
    return simulator.picture(meta, axis, SPIN, phase, speed, **options)
