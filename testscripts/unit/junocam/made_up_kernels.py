"""SPICE kernels for a made-up spacecraft: path and attitude of the simulator, written by spiceypy; numbers as in the kernels of Juno
(codes, frames), or public constants (leap seconds, Jupiter's pole and radii)."""

import numpy as np

from vicar.junocam import attitude, camera, ephemeris, kernels

LEAP_SECONDS = """KPL/LSK
\\begindata
DELTET/DELTA_T_A = 32.184
DELTET/K         = 1.657D-3
DELTET/EB        = 1.671D-2
DELTET/M         = ( 6.239996D0 1.99096871D-7 )
DELTET/DELTA_AT  = ( 36, @2015-JUL-1, 37, @2017-JAN-1 )
\\begintext
"""
CLOCK = """KPL/SCLK
\\begindata
SCLK_KERNEL_ID            = ( @2022-01-01/00:00 )
SCLK_DATA_TYPE_61         = ( 1 )
SCLK01_TIME_SYSTEM_61     = ( 1 )
SCLK01_N_FIELDS_61        = ( 2 )
SCLK01_MODULI_61          = ( 4294967296 65536 )
SCLK01_OFFSETS_61         = ( 0 0 )
SCLK01_OUTPUT_DELIM_61    = ( 1 )
SCLK_PARTITION_START_61   = ( 0.0 )
SCLK_PARTITION_END_61     = ( 2.8E+14 )
SCLK01_COEFFICIENTS_61    = ( 0.0 0.0 1.0 )
\\begintext
"""
PLANET = """KPL/PCK
\\begindata
BODY599_RADII    = ( 71492. 71492. 66854. )
BODY599_POLE_RA  = ( 268.056595 -0.006499 0. )
BODY599_POLE_DEC = ( 64.495303 0.002413 0. )
BODY599_PM       = ( 284.95 870.536 0. )
\\begintext
"""
FRAMES = """KPL/FK
\\begindata
FRAME_JUNO_SPACECRAFT   = -61000
FRAME_-61000_NAME       = 'JUNO_SPACECRAFT'
FRAME_-61000_CLASS      = 3
FRAME_-61000_CLASS_ID   = -61000
FRAME_-61000_CENTER     = -61
CK_-61000_SCLK          = -61
CK_-61000_SPK           = -61
FRAME_JUNO_JUNOCAM      = -61500
FRAME_-61500_NAME       = 'JUNO_JUNOCAM'
FRAME_-61500_CLASS      = 4
FRAME_-61500_CLASS_ID   = -61500
FRAME_-61500_CENTER     = -61
TKFRAME_-61500_RELATIVE = 'JUNO_SPACECRAFT'
TKFRAME_-61500_SPEC     = 'MATRIX'
TKFRAME_-61500_MATRIX   = ( {} )
\\begintext
"""
# camera to spacecraft: the spin axis, the camera's -X but for a quarter of a degree, is the spacecraft's +Z
MOUNTED = np.linalg.svd(np.array([[0.0038, -0.7166, -0.6974], [0.0021, 0.6974, -0.7166], [1.0, 0.0013, 0.0041]]))
MOUNTED = MOUNTED[0] @ MOUNTED[2]
STEP, AROUND = 0.5, 40.0  # seconds between records and around a picture


def write(folder, spice, metas, axis, spin, phases, speed, path_type=13, span=AROUND):
    """Kernels for pictures on straight paths about one axis; gives a meta-kernel. ``phases``: radians at the middle of frame 0."""
    texts = {"naif.tls": LEAP_SECONDS, "juno.tsc": CLOCK, "jupiter.tpc": PLANET,
             "juno.tf": FRAMES.format("\n".join(f"{v:.15f}" for v in MOUNTED.T.ravel()))}
    for name, text in texts.items():
        (folder / name).write_text(text)
        spice.furnsh(str(folder / name))
    path, turn = spice.spkopn(str(folder / "juno.bsp"), "juno", 0), spice.ckopn(str(folder / "juno.bc"), "juno", 0)
    for meta, phase in zip(metas, phases):
        begin = spice.str2et(meta.start_time) + float(meta.frame_time(0))
        times = begin + np.arange(-span, span + STEP, STEP)
        place = ephemeris.position(meta) + speed * meta.frame_time(0)
        states = np.hstack([place + (times - begin)[:, None] * speed, np.tile(speed, (len(times), 1))])
        if path_type == 8:
            spice.spkw08(path, -61, 599, "J2000", times[0], times[-1], "path", 3, len(times), states, times[0], STEP)
        else:
            getattr(spice, f"spkw{path_type:02d}")(path, -61, 599, "J2000", times[0], times[-1], "path", 3, len(times), states, times)
        quaternions, rates, clock = [], [], []
        for time in times:
            to_camera = camera_to_sky(meta, axis, spin, phase, time - begin).T
            quaternions.append(spice.m2q(MOUNTED @ to_camera))
            rates.append(axis * spin)
            clock.append(spice.sce2c(-61, time))
        spice.ckw03(turn, clock[0], clock[-1], -61000, "J2000", True, "turn", len(clock), np.array(clock), np.array(quaternions),
                    np.array(rates), 1, [clock[0]])
    spice.spkcls(path)
    spice.ckcls(turn)
    spice.kclear()
    names = [*texts, "juno.bsp", "juno.bc"]
    listed = "\n".join(f"'$HERE/{name}'" for name in names)
    (folder / "all.tm").write_text(f"KPL/MK\n\\begindata\nPATH_VALUES = ( '{folder}' )\nPATH_SYMBOLS = ( 'HERE' )\n"
                                   f"KERNELS_TO_LOAD = ( {listed} )\n\\begintext\n")
    return folder / "all.tm"


def camera_to_sky(meta, axis, spin, phase, after):
    """Camera to J2000, as the kernels' camera model must have it for our own to look where the truth does."""
    angle = spin * after + phase + kernels.optical_shift(meta)
    c, s = np.cos(angle), np.sin(angle)
    return attitude.frame_of(axis).T @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ camera.basis()
