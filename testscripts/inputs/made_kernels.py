"""SPICE kernels of made-up flybys, and frames of them: Voyager 1 at Io in 1979, Galileo at the Earth in 1992, Cassini at Jupiter
in 2000.

Everything moves in straight lines. The pointings put the target where `SCENES` says. Standard library only; the binary kernels
are double precision array files (DAF) with segments of the simplest kinds: positions of two times (SPK type 9), single
pointings (CK type 1).
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

RECORD = 1024
TRANSFER_TEST = b"FTPSTR:\r:\n:\r\n:\r\0:\x81:\x10\xce:ENDFTP"
DAY = 86400.0
J2000, B1950 = 1, 2
TO_B1950 = ((0.9999256794956877, -0.0111814832204662, -0.0048590038153592),  # J2000 to B1950 is its transpose
            (0.0111814832391717, 0.9999374848933135, -0.0000271625947142),
            (0.0048590037723143, -0.0000271702937440, 0.9999881946023742))  # fmt: skip

CONSTANTS = r"""KPL/PCK
\begindata
BODY501_RADII = ( 1829.4 1819.3 1815.7 )
BODY501_POLE_RA = ( 268.05 -0.009 0.0 )
BODY501_POLE_DEC = ( 64.50 0.003 0.0 )
BODY501_PM = ( 200.39 203.4889538 0.0 )
BODY599_RADII = ( 71492.0 71492.0 66854.0 )
BODY599_POLE_RA = ( 268.05 -0.009 0.0 )
BODY599_POLE_DEC = ( 64.49 0.003 0.0 )
BODY599_PM = ( 284.95 870.536 0.0 )
BODY399_RADII = ( 6378.14 6378.14 6356.75 )
BODY399_POLE_RA = ( 0.0 -0.641 0.0 )
BODY399_POLE_DEC = ( 90.0 -0.557 0.0 )
BODY399_PM = ( 190.16 360.9856235 0.0 )
\begintext
"""
BODY_IDS = r"""KPL/PCK
\begindata
NAIF_BODY_NAME += ( 'MADEMOON' )
NAIF_BODY_CODE += ( 555 )
\begintext
"""
LEAPSECONDS = r"""KPL/LSK
\begindata
DELTET/DELTA_T_A = 32.184
DELTET/K = 1.657D-3
DELTET/EB = 1.671D-2
DELTET/M = ( 6.239996 1.99096871D-7 )
DELTET/DELTA_AT = ( 10, @1972-JAN-1 18, @1979-JAN-1 27, @1992-JUL-1 32, @1999-JAN-1 )
\begintext
"""
CLOCK = r"""KPL/SCLK
\begindata
SCLK_KERNEL_ID = ( @1999-01-01 )
SCLK_DATA_TYPE_{0} = ( 1 )
SCLK01_N_FIELDS_{0} = ( 2 )
SCLK01_MODULI_{0} = ( 10000000000 100 )
SCLK01_OFFSETS_{0} = ( 0 0 )
SCLK01_OUTPUT_DELIM_{0} = ( 1 )
SCLK_PARTITION_START_{0} = ( 0.0 )
SCLK_PARTITION_END_{0} = ( 1.0E+12 )
SCLK01_COEFFICIENTS_{0} = ( 0.0 -1.0E+09 1.0 )
\begintext
"""
CLOCK_START, TICKS = -1.0e9, 100.0


def ephemeris_time(year, day, hour, minute, second, leaps):
    """Seconds past J2000, but for the periodic term (some milliseconds)."""
    days = 365 * (year - 2000) + (year - 2001) // 4 - (2000 - 2001) // 4 + day - 1 - 0.5
    return days * DAY + hour * 3600.0 + minute * 60.0 + second + leaps + 32.184


# ---- binary kernels ------------------------------------------------------------------------------------------------


def daf(name, kind, doubles, integers, segments):
    """A file of segments (summary doubles, summary integers without the two addresses, name, data)."""
    width = doubles + (integers + 1) // 2
    size = 8 * width
    first = 3 * RECORD // 8 + 1
    summaries, names, data = struct.pack("<3d", 0.0, 0.0, len(segments)), b"", b""
    for numbers, codes, title, values in segments:
        last = first + len(values) - 1
        summary = struct.pack(f"<{doubles}d{integers}i", *numbers, *codes, first, last)
        summaries += summary.ljust(size, b"\0")
        names += title.encode().ljust(size)[:size]
        data += struct.pack(f"<{len(values)}d", *values)
        first = last + 1
    header = f"DAF/{kind}".ljust(8).encode() + struct.pack("<ii", doubles, integers) + b"made".ljust(60)
    header += struct.pack("<iii", 2, 2, first) + b"LTL-IEEE"
    header = header.ljust(699, b"\0") + TRANSFER_TEST
    records = header.ljust(RECORD, b"\0") + summaries.ljust(RECORD, b"\0") + names.ljust(RECORD)
    Path(name).write_bytes(records + data.ljust(-(-len(data) // RECORD) * RECORD, b"\0"))


def path_segment(body, centre, middle, place, speed=(0.0, 0.0, 0.0), frame=J2000):
    """A body on a straight line through ``place`` at time ``middle``."""
    times = (middle - 5 * DAY, middle + 5 * DAY)
    states = [[p + v * (t - middle) for p, v in zip(place, speed)] + list(speed) for t in times]
    values = [*states[0], *states[1], *times, 1.0, 2.0]
    return times, (body, centre, frame, 9), f"{body} of {centre}", values


def pointing_segment(instrument, frame, times, quaternions, title):
    """Single pointings at clock times (ticks)."""
    values = [x for q in quaternions for x in q] + list(times) + [float(len(times))]
    return (times[0], times[-1]), (instrument, frame, 1, 0), title, values


# ---- geometry ------------------------------------------------------------------------------------------------------


def unit(v):
    length = math.sqrt(sum(x * x for x in v))
    return [x / length for x in v]


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def looking(direction, up, line, sample, focal):
    """Camera axes (rows: sample, line, view) that put a direction at a place beside the optical axis, in pixels."""
    z = unit(direction)
    x = unit(cross(up, z))
    y = cross(z, x)
    sight = unit([focal * z[n] - sample * x[n] - line * y[n] for n in range(3)])
    x = unit(cross(y, sight))
    return [x, cross(sight, x), sight]


def quaternion(m):
    """SPICE's quaternion of a rotation matrix whose trace is not near -1, else by the largest element."""
    squares = [1 + m[0][0] + m[1][1] + m[2][2], 1 + m[0][0] - m[1][1] - m[2][2], 1 - m[0][0] + m[1][1] - m[2][2],
               1 - m[0][0] - m[1][1] + m[2][2]]  # fmt: skip
    k = squares.index(max(squares))
    big = 2 * math.sqrt(squares[k])
    q = [0.0] * 4
    q[k] = big / 4
    if k == 0:
        q[1:] = [(m[2][1] - m[1][2]) / big, (m[0][2] - m[2][0]) / big, (m[1][0] - m[0][1]) / big]
    else:
        i = k - 1
        j, h = (i + 1) % 3, (i + 2) % 3
        q[0] = (m[h][j] - m[j][h]) / big
        q[j + 1], q[h + 1] = (m[j][i] + m[i][j]) / big, (m[h][i] + m[i][h]) / big
    return q


def times_matrix(v, m):
    return [sum(v[k] * m[k][n] for k in range(3)) for n in range(3)]


# ---- frames --------------------------------------------------------------------------------------------------------

IMAGE = 260


def _write_image(name, form, cards, level, properties=""):
    """A disc on black, brighter and darker in a pattern; ``cards`` is the text of the first task."""
    rows = []
    for y in range(IMAGE):
        row = []
        for x in range(IMAGE):
            r = math.hypot(x - 130, y - 130)
            row.append(level + (x * 3 + y * 5 + x * y // 7) % (level // 2 + 1) if r < 112 else (x + 2 * y) % 9)
        rows.append(row)
    code, width = {"BYTE": ("B", 1), "HALF": ("h", 2), "REAL": ("f", 4)}[form]
    system = (
        f"FORMAT='{form}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={IMAGE * width}  ORG='BSQ'  NL={IMAGE}  NS={IMAGE}  NB=1  "
        f"N1={IMAGE}  N2={IMAGE}  N3=1  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  "
        "BHOST='X86-64-LINX'  BINTFMT='LOW'  BREALFMT='RIEEE'  BLTYPE=''  "
    )
    text = system + properties + "TASK='MADE'  USER='TEST'  DAT_TIM='Mon Mar  5 12:00:00 1979'  " + cards
    size = -(-(len(text) + 24) // (IMAGE * width)) * IMAGE * width
    pixels = b"".join(struct.pack(f"<{IMAGE}{code}", *row) for row in rows)
    Path(name).write_bytes((f"LBLSIZE={size}".ljust(24) + text).encode().ljust(size, b"\0") + pixels)


def voyager_frame(name, scet="79.063 19:23:00", craft=1, camera="NA", form="BYTE", more="GEOMA", ert="79.063 20:00:36",
                  exposure="00360.0", level=100):
    """A Voyager frame with its cards; GEOMA in them says that it is in object space."""
    lines = [
        f"77                    {IMAGE}     {IMAGE} {IMAGE} {IMAGE} L 1",
        f"VGR-{craft}   FDS 16368.32   PICNO 0548J1-001   SCET {scet}",
        f"{camera} CAMERA  EXP {exposure} MSEC  FILT 0(CLEAR )  LO GAIN  SCAN RATE  1:1",
        f"ERT {ert}   1/ 1 FULL    RES   VIDICON TEMP  -81.00 DEG C",
        more,
    ]
    cards = [f"LAB{n:02d}='{card:<71.71s}{'L' if n == len(lines) else 'C'}'" for n, card in enumerate(lines, 1)]
    _write_image(name, form, "  ".join(cards) + f"  NLABS={len(lines)}  ", level)


def galileo_frame(name, second=57, rate=3, form="BYTE", target="EARTH", level=100, year=1992, without=()):
    """A Galileo frame in image space; rate 1 is that of summed frames."""
    items = {
        "MISSION": "'GALILEO'", "SENSOR": "'SSI'", "PICNO": "'E2W3955'", "PARTITION": 0, "RIM": 1654706, "MOD91": 0, "MOD10": 1,
        "MOD8": 0, "TARGET": f"'{target}'", "SCETYEAR": year, "SCETDAY": 346, "SCETHOUR": 6, "SCETMIN": 9, "SCETSEC": second,
        "SCETMSEC": 358, "FILTER": 2, "EXP": 4.167, "GAIN": 3, "RATE": rate, "BOOM": "'N'", "FIBE": "'1000'", "UBWC": "'OFF'",
    }  # fmt: skip
    _write_image(name, form, "  ".join(f"{key}={value}" for key, value in items.items() if key not in without) + "  ", level)


def cassini_frame(name, camera="ISSNA", mode="FULL", time="2000-346T06:09:57.358", form="BYTE", target="JUPITER", level=100,
                  exposure=1200.0, without=()):
    """A Cassini frame in image space, with the first kind of labels."""
    items = {
        "MISSION_NAME": "'CASSINI'", "MISSION_PHASE_TYPE": "'CRUISE'", "INSTRUMENT_ID": f"'{camera}'", "IMAGE_NUMBER": 1355293797,
        "IMAGE_TIME": f"'{time}'", "SOFTWARE_VERSION_ID": "'1'", "INSTRUMENT_MODE_ID": f"'{mode}'", "FILTER1_NAME": "'CL1'",
        "FILTER2_NAME": "'CL2'", "GAIN_MODE_ID": "'29 ELECTRONS PER DN'", "EXPOSURE_DURATION": exposure, "ENCODING_TYPE": "'NOTCOMP'",
        "CONVERSION_TYPE": "'12BIT'", "DETECTOR_TEMPERATURE": -90.0, "OPTICS_TEMPERATURE": 0.5, "FILTER_TEMPERATURE": 0.5,
        "LIGHT_FLOOD_STATE_FLAG": "'ON'", "ANTIBLOOMING_STATE_FLAG": "'OFF'", "CALIB_LAMP_STATE_FLAG": "'OFF'",
        "GROUP_BLOCKS": 1, "ALGORITHM": 1, "BLOCK_TYPE": 1, "QUANTIZATION_FACTOR_INDEX": 1, "OFFSET": 2.0, "DARK_CURRENT": 0.5,
        "COMPRESSION_RATIO": 1.0, "TARGET_NAME": f"'{target}'", "OBSERVATION_ID": "'MADE'", "ILLUMINANT": "'SUN'", "RADIANCE": 1.0,
        "MISSING_LINES": 0,
    }  # fmt: skip
    text = "  ".join(f"{key}={value}" for key, value in items.items() if key not in without)
    _write_image(name, form, "", level, f"PROPERTY='CASSINI-ISS'  {text}  ")


# ---- the flybys ----------------------------------------------------------------------------------------------------

VOYAGER_TIME = ephemeris_time(1979, 63, 19, 23, 0, 18)
GALILEO_TIME = ephemeris_time(1992, 346, 6, 9, 57.358, 27)
CASSINI_TIME = ephemeris_time(2000, 346, 6, 9, 57.358, 32)
JUPITER = (-5.1e8, 5.7e8, 2.5e8)
EARTH = (2.6e7, 1.34e8, 5.8e7)
IO_PLACE, IO_SPEED = (3.1e5, -2.5e5, -1.2e5), (11.0, 13.0, 1.5)


def voyager_kernels():
    """Io from 2 million km, coming nearer."""
    away, speed = [1.6e6, 1.1e6, 3.0e5], (-13.0, 21.0, 2.0)
    craft = [p + a for p, a in zip(IO_PLACE, away)]
    middle = VOYAGER_TIME
    daf("vgr1.bsp", "SPK", 2, 6, [
        path_segment(10, 0, middle, (7.0e5, -2.0e5, 1.0e5)), path_segment(5, 0, middle, JUPITER, (-9.0, -7.5, -3.0)),
        path_segment(599, 5, middle, (120.0, -80.0, 10.0)), path_segment(501, 5, middle, IO_PLACE, IO_SPEED),
        path_segment(-31, 5, middle, craft, speed),
    ])  # fmt: skip
    daf("vgr1late.bsp", "SPK", 2, 6, [path_segment(-31, 5, middle, [c + 900.0 for c in craft], speed)])

    def at(offset, line, sample):
        """Axes for a time after the first frame."""
        to_io = [i + v * offset - c - s * offset for i, v, c, s in zip(IO_PLACE, IO_SPEED, craft, speed)]
        return looking(to_io, (0.1, -0.2, 1.0), line, sample, 1500.19 * 84.821428)

    def segment(title, frame, shift=0.0):
        offsets = (0.0, 600.0, 1800.0)
        axes = [at(offset, 130.0 - 500 + shift + n, 130.0 - 500 + 2 * n) for n, offset in enumerate(offsets)]
        if frame == B1950:
            axes = [[times_matrix(row, TO_B1950) for row in matrix] for matrix in axes]
        ticks = [(middle + offset - CLOCK_START) * TICKS for offset in offsets]
        return pointing_segment(-31001, frame, ticks, [quaternion(matrix) for matrix in axes], title)

    daf("mips_vg1_naif.ck", "CK", 2, 6, [segment("NAIFNONEVGRMCKN005NONE198503021200VRH059", J2000)])
    daf("mips_vg1_nav.ck", "CK", 2, 6, [segment("MIPSNONENAV   N005NONE199602291200GMY059", B1950, 5.0),
                                        segment("MIPLCOLONAV2  N006123419960301" + "0930HBM040", J2000, 9.0)])  # fmt: skip


def galileo_kernels():
    """The Earth from 6 million km."""
    away, speed = [3.9e6, -4.2e6, 1.1e6], (-7.0, -3.0, 2.5)
    middle = GALILEO_TIME
    daf("gll.bsp", "SPK", 2, 6, [
        path_segment(10, 0, middle, (1.0e5, 3.0e5, -1.0e5)), path_segment(3, 0, middle, EARTH, (-28.0, 5.0, 2.0)),
        path_segment(399, 3, middle, (-3000.0, 2500.0, 900.0)), path_segment(-77, 3, middle, away, speed),
    ])  # fmt: skip
    to_earth = [-3000.0 - away[0], 2500.0 - away[1], 900.0 - away[2]]
    axes = [looking(to_earth, (0.3, 0.1, 1.0), 130.0 - 400 + n, 130.0 - 400 - 3 * n, 1501.039 * 65.6167979) for n in range(2)]
    ticks = [(middle + offset - CLOCK_START) * TICKS for offset in (-0.2, 61.0)]
    daf("mips_nav.ck", "CK", 2, 6, [
        pointing_segment(-77001, J2000, ticks, [quaternion(matrix) for matrix in axes], "MIPSNONENAV   N083NONE199608010000SMC059"),
    ])  # fmt: skip


FRAMES = r"""KPL/FK
\begindata
FRAME_MADE_PLATFORM = -82000
FRAME_-82000_NAME = 'MADE_PLATFORM'
FRAME_-82000_CLASS = 3
FRAME_-82000_CLASS_ID = -82000
FRAME_-82000_CENTER = -82
CK_-82000_SCLK = -82
CK_-82000_SPK = -82
FRAME_MADE_NARROW = -82360
FRAME_-82360_NAME = 'MADE_NARROW'
FRAME_-82360_CLASS = 4
FRAME_-82360_CLASS_ID = -82360
FRAME_-82360_CENTER = -82
TKFRAME_-82360_SPEC = 'ANGLES'
TKFRAME_-82360_RELATIVE = 'MADE_PLATFORM'
TKFRAME_-82360_ANGLES = ( -90.009 0.033 89.9 )
TKFRAME_-82360_AXES = ( 3 1 3 )
TKFRAME_-82360_UNITS = 'DEGREES'
FRAME_MADE_WIDE = -82361
FRAME_-82361_NAME = 'MADE_WIDE'
FRAME_-82361_CLASS = 4
FRAME_-82361_CLASS_ID = -82361
FRAME_-82361_CENTER = -82
TKFRAME_-82361_SPEC = 'ANGLES'
TKFRAME_-82361_RELATIVE = 'MADE_PLATFORM'
TKFRAME_-82361_ANGLES = ( -89.95 -0.04 90.1 )
TKFRAME_-82361_AXES = ( 3 1 3 )
TKFRAME_-82361_UNITS = 'DEGREES'
\begintext
"""


def cassini_kernels():
    """Jupiter from 130 million km: 110 pixels of the narrow camera, 11 of the wide one."""
    away, speed = [8.1e7, -9.2e7, 4.1e7], (-7.0, 9.0, 2.5)
    middle = CASSINI_TIME
    daf("cas.bsp", "SPK", 2, 6, [
        path_segment(10, 0, middle, (1.0e5, 3.0e5, -1.0e5)), path_segment(5, 0, middle, JUPITER, (-9.0, -7.5, -3.0)),
        path_segment(599, 5, middle, (120.0, -80.0, 10.0)), path_segment(-82, 5, middle, away, speed),
    ])  # fmt: skip
    to_jupiter = [120.0 - away[0], -80.0 - away[1], 10.0 - away[2]]
    # a half turn puts the platform's axes upside down
    axes = [looking(to_jupiter, (0.3, 0.1, 1.0), 512.0 - 130 + n, 512.0 - 130 + 2 * n, 2000.0 * 83.333333) for n in range(2)]
    ticks = [(middle + offset - CLOCK_START) * TICKS for offset in (-0.6, 61.0)]
    daf("cas.ck", "CK", 2, 6, [
        pointing_segment(-82000, J2000, ticks, [quaternion(matrix) for matrix in axes], "NONENONE*NONE*N200NONE000000000000*NONE*"),
    ])  # fmt: skip


def database(name, rows):
    """Table of kernels: id, kind (SPK 1, CK 2), source, file, years."""
    lines = [f"{row[0]:<6}{row[1]:<3}{row[2]:<6}SPICEKER  {row[3]:<22}{row[4]} JAN 01 00:00:00  {row[5]} JAN 01 00:00:00"
             for row in rows]  # fmt: skip
    Path(name).write_text("".join(line + "\n" for line in lines))


def make(folder="kernels"):
    """All kernels in ``folder`` below the current one, and the table of them, ms_config."""
    import os

    here = os.getcwd()
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    for name, text in (("constants.ker", CONSTANTS), ("bodid.dat", BODY_IDS), ("leapseconds.ker", LEAPSECONDS),
                       ("vg1.tsc", CLOCK.format(31)), ("gll.tsc", CLOCK.format(77)), ("cas.tsc", CLOCK.format(82)), ("cas.tf", FRAMES)):  # fmt: skip
        Path(name).write_text(text)
    voyager_kernels()
    galileo_kernels()
    cassini_kernels()
    database("kdb.vgr1", [("N005", SPK, "NAIF", "vgr1.bsp", 1977, 1990), ("N006", SPK, "NAIF", "vgr1late.bsp", 1977, 1990),
                          ("N900", SPK, "NAIF", "gone.bsp", 1990, 1995), ("M900", CK, "NAIF", "mips_vg1_naif.ck", 1977, 1990),
                          ("M905", CK, "NAV", "mips_vg1_nav.ck", 1977, 1990)])  # fmt: skip
    database("kdb.gll", [("N083", SPK, "NAIF", "gll.bsp", 1989, 2003), ("M905", CK, "NAV", "mips_nav.ck", 1989, 2003)])
    database("kdb.cas", [("N200", SPK, "NAIF", "cas.bsp", 1997, 2017), ("C200", CK, "NAIF", "cas.ck", 1997, 2017)])
    os.chdir(here)
    lines = ["// kernels of made-up flybys", "SPICE_TCP_PORT 2501", f"CAS_FRAMES {folder}/cas.tf"]
    for mission, table, clock in (("VGR1", "kdb.vgr1", "vg1.tsc"), ("GLL", "kdb.gll", "gll.tsc"), ("CAS", "kdb.cas", "cas.tsc")):
        files = {"KDB": table, "SPICEKER": "", "MIPSKER": "", "SCLK": clock, "CONSTANTS": "constants.ker", "BODY_IDS": "bodid.dat",
                 "LEAPSECONDS": "leapseconds.ker"}  # fmt: skip
        lines += [f"{mission}_{key}  {folder}/{file}" for key, file in files.items()]
    Path("ms_config").write_text("\n".join(lines) + "\n")


SPK, CK = 1, 2
