"""Geometry keywords from SPICE kernels, for those who have kernels and the package spiceypy.

What the keywords mean follows from a real label of 1996 (Europa from Voyager 1): SC_TARGET_POSITION_VECTOR is the spacecraft as
the target sees it (it is opposite to the direction the camera looks in), SC_SUN_POSITION_VECTOR the sun as the target sees it
(the documentation of VOYCAL calls it the distance of the planet from the sun); km, equatorial axes of 2000. Positions here are
geometric. PLANET_RIGHT_ASCENSION, PLANET_DECLINATION and PLANET_ROTATION are pole and prime meridian of the target.

known: no pointing of the camera (INSTRUMENT_RIGHT_ASCENSION and its kin).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vicar.isis2.errors import IsisError

FRAME, CORRECTION = "J2000", "NONE"


def geometry(kernels: Sequence[Path], spacecraft: str, target: str, time: str) -> dict[str, object]:
    """Keywords of a label; ``time`` UTC, names as SPICE knows them. Raises `IsisError` for what the kernels do not know.

    The kernels are loaded for this call only.
    """
    try:
        import spiceypy
    except ImportError:
        raise IsisError("SPICE", "Kernels are read by the package spiceypy, which is not installed "
                        "(pip install 'vicar-tae[spice]')") from None
    loaded = []
    try:
        for kernel in kernels:
            spiceypy.furnsh(str(kernel))
            loaded.append(kernel)
        when = spiceypy.str2et(time.rstrip("Zz"))
        found: dict[str, object] = {
            f"SC_{name}_POSITION_VECTOR": tuple(float(v) for v in spiceypy.spkpos(body, when, FRAME, CORRECTION, target)[0])
            for name, body in (("TARGET", spacecraft), ("SUN", "SUN"))
        }
        found.update(orientation(spiceypy, spiceypy.bodn2c(target), when))
        return found
    except spiceypy.SpiceyError as error:
        why = getattr(error, "long", "") or getattr(error, "short", "") or str(error)
        raise IsisError("SPICE", " ".join(why.split())) from None
    finally:
        for kernel in loaded:
            spiceypy.unload(str(kernel))


def orientation(spiceypy, body: int, when: float) -> dict[str, object]:
    """Pole and prime meridian in degrees; {} where no kernel knows them."""
    if not spiceypy.bodfnd(body, "POLE_RA"):
        return {}
    rotation, tilt, node = np.degrees(spiceypy.m2eul(spiceypy.tipbod(FRAME, body, when), 3, 1, 3))
    return {"PLANET_RIGHT_ASCENSION": float((node - 90) % 360), "PLANET_DECLINATION": float(90 - tilt),
            "PLANET_ROTATION": float(rotation % 360)}
