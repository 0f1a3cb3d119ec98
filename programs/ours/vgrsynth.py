"""VGRSYNTH (our own): a made-up Voyager frame with everything FICOR77 needs to correct it.

Writes a raw frame with a card label as flight frames have it, a dark frame, a file of light-transfer curves, and the truth:
the scene in units of 10000 times I/F, which is what FICOR77 gives back with IOF=1 and NOCORREC, but for noise and rounding.
The camera is VGR-1 narrow angle, clear filter, low gain. Pixels differ in sensitivity (shading, dust, a fine pattern); the
dark level rises down the frame, the response bends; reseau marks are where they would be, roughly.
"""

from __future__ import annotations

import numpy as np

from programs.ours._moon import SIZE, moon

LUMINANCE = np.array([0.0, 1.5, 3.0, 6.0, 12.0, 24.0, 36.0, 50.0, 75.0, 100.0])  # foot-lamberts for 1000 ms
EXCESS = 120.0
DIVISOR = 9
REFLECTANCE = 16.51  # 10000 I/F per foot-lambert, camera 7, filter 0
FULL_SCALE = 236.0  # raw value of the last luminance, at the most sensitive pixel, above the dark level
PER_RECORD = 320


def main(task) -> None:
    """Run VGRSYNTH."""
    seed, exposure = task.integer("SEED", 1), task.double("EXPO", 240.0)
    if exposure <= 0:
        task.abend("*** EXPO must be greater than zero")
    if task.count("OUT") != 4:
        task.abend("*** OUT must name four files: frame, curves, dark frame, truth")
    task.primary(None)
    scene = moon(seed)
    rng = np.random.default_rng([seed, 77])
    points = curves(sensitivity(rng))
    dark = dark_level(rng)
    light = scene * marks() * 1e4 / REFLECTANCE * exposure / 1000
    raw = signal(points, light) / DIVISOR + dark + rng.normal(0, 0.6, scene.shape)

    frame = np.clip(np.rint(raw), 0, 255).astype(np.uint8)
    write(task, 1, frame, "BYTE", frame_cards(exposure))
    write(task, 2, points.reshape(-1, PER_RECORD * len(LUMINANCE)), "HALF", curve_cards(), curve_items())
    write(task, 3, np.rint(dark).astype(np.uint8), "BYTE", frame_cards(exposure, "DARK"))
    write(task, 4, np.rint(scene * 1e4).astype(np.int16), "HALF", [])
    task.messages("VGRSYNTH: a synthetic Voyager frame, its light-transfer curves, a dark frame, and the truth")


def sensitivity(rng: np.random.Generator) -> np.ndarray:
    """How sensitive each pixel is, 0 to 1: dimmer corners, rings of dust, a fine pattern."""
    line, samp = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    shade = 1 - 0.5 * ((line - 380) ** 2 + (samp - 430) ** 2) / (2 * 400**2)
    for _ in range(20):
        cl, cs, radius, depth = rng.uniform(0, SIZE), rng.uniform(0, SIZE), rng.uniform(7, 26), rng.uniform(0.10, 0.30)
        ring = np.hypot(line - cl, samp - cs) / radius
        shade *= 1 - depth * np.exp(-(((ring - 0.8) / 0.28) ** 2))
    return shade * (1 + 0.008 * np.clip(rng.normal(size=shade.shape), -2.5, 2.5)) / 1.02


def curves(sensitive: np.ndarray) -> np.ndarray:
    """Light-transfer points, int16 (800, 800, 10), scaled up by the divisor."""
    part = LUMINANCE / LUMINANCE[-1]
    bend = part * (1.16 - 0.16 * part)
    return np.rint(DIVISOR * FULL_SCALE * sensitive[:, :, None] * bend).astype(np.int16)


def dark_level(rng: np.random.Generator) -> np.ndarray:
    """Dark frame in raw values."""
    ramp = np.linspace(6, 19, SIZE)[:, None] + np.linspace(2, 0, SIZE)[None, :]
    return np.clip(ramp + rng.normal(0, 0.5, (SIZE, SIZE)), 0, None)


def marks() -> np.ndarray:
    """Transmission of the reseau: small dark squares on a staggered grid."""
    clear = np.ones((SIZE, SIZE))
    for row, line in enumerate(range(18, SIZE, 38)):
        for samp in range(20 + 38 * (row % 2), SIZE, 76):
            clear[line - 2 : line + 2, samp - 2 : samp + 2] = 0.12
    return clear


def signal(points: np.ndarray, light: np.ndarray) -> np.ndarray:
    """What each pixel's curve gives for the light on it (foot-lamberts for 1000 ms)."""
    pair = np.clip(np.searchsorted(LUMINANCE, light), 1, len(LUMINANCE) - 1)
    upper = np.take_along_axis(points, pair[:, :, None], 2)[:, :, 0].astype(float)
    lower = np.take_along_axis(points, pair[:, :, None] - 1, 2)[:, :, 0]
    return lower + (upper - lower) * (light - LUMINANCE[pair - 1]) / (LUMINANCE[pair] - LUMINANCE[pair - 1])


def frame_cards(exposure: float, kind: str = "") -> list[str]:
    """Card label of a frame, laid out as in flight."""
    purpose = f"SYNTHETIC {kind + ' ' if kind else ''}FRAME, NOT A PICTURE FROM SPACE"
    return [
        "77                   800     800 800 800 L 1",
        "VGR-1   FDS 00077.01   PICNO 0001J1+000   SCET 79.064 12:00:00",
        f"NA CAMERA  EXP {exposure:07.1f} MSEC  FILT 0(CLEAR )  LO GAIN  SCAN RATE  1:1",
        "ERT 79.064 12:37:00   1/ 1 FULL    RES   VIDICON TEMP  -80.00 DEG C",
        "IN/000000/00 OUT/******/**                 DSS #**   BIT SNR    0.000",
        " 00000 A/00000000 B/0000 C/0000 D/00000000 ETLM/00000000000000000000  A",
        f"NA OPCAL 00({exposure:07.1f} MSEC) PIXAVG 000/0 OPERATIONAL MODE 2(NAONLY)     A",
        "CAM ECAL CYCLE BEAM  RESET OPEN  CLOSE FLOOD AEXPM  FIL G1 SHUT MODE  A",
        "NA   NO   READ  YES   NO    NO    NO    NO    NO    0 P  * NORMAL     A",
        "WA   NO   PREP  YES   YES   NO    NO    NO    NO    0 P  7 NORMAL     A",
        purpose,
    ]


def curve_cards() -> list[str]:
    """Card label of a file of curves."""
    return [
        "77                  2001    640020016400 I 2",
        "MJS77 PHOTOMETRIC DATA FILE     S/N=7  1 CAMERA FILTER POSITION 0",
        f"DATE GENERATED  00/00/00  FRAMES LOW PASS FLTRD,DIV BY    {DIVISOR:8.3f}",
        "SCAN RATE= 1   GAIN =0     TEMP  0.00   DEG. C  EXPOSURE ***  MSEC",
        "SYNTHETIC LIGHT TRANSFER DATA, NOT A FLIGHT CALIBRATION",
    ]


def curve_items() -> dict:
    """What the label says of the curves."""
    return {
        "NUM_DATA_PTS": len(LUMINANCE),
        "NSAMPS_REC": PER_RECORD * len(LUMINANCE),
        "DEF_SCALE_FACTOR": EXCESS,
        "LUM_VALUES": LUMINANCE.tolist(),
    }


def write(task, instance: int, pixels: np.ndarray, format_: str, cards: list[str], items: dict | None = None) -> None:
    """One output image with its cards: 72 columns, the last one C, or L for the last card."""
    image = task.create("OUT", instance, nl=pixels.shape[0], ns=pixels.shape[1], format=format_, u_format=format_)
    for number, card in enumerate(cards, 1):
        end = "L" if number == len(cards) else "C"
        image.label.add(f"LAB{number:02d}", f"{card:<71.71s}{end}", task="", format="STRING")
    if cards:
        image.label.add("NLABS", len(cards), task="", format="INT")
    for key, value in (items or {}).items():
        form = "INT" if isinstance(value, int) else "REAL"
        image.label.add(key, value, task="", format=form)
    image.write_window(pixels)
