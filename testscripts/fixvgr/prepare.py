"""Make the input of the FIXVGR procedure: small corrected images of all kinds and two scale files. Standard library only."""

import random
import struct

SYSTEM = (
    "FORMAT='{format}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={recsize}  ORG='BSQ'  NL={nl}  NS={ns}  NB=1  "
    "N1={ns}  N2={nl}  N3=1  N4=0  NBB=0  NLB=0  HOST='{host}'  INTFMT='LOW'  REALFMT='{real}'  "
)
SIZES = {"BYTE": 1, "HALF": 2, "REAL": 4}


def image(name, format_, nl, ns, pixels, history, host="X86-64-LINX", real="RIEEE"):
    recsize = ns * SIZES[format_]
    text = SYSTEM.format(format=format_, recsize=recsize, nl=nl, ns=ns, host=host, real=real) + history
    size = -(-(len(text) + 24) // recsize) * recsize
    with open(name, "wb") as file:
        file.write((f"LBLSIZE={size}".ljust(24) + text).encode("latin-1").ljust(size, b"\0") + pixels)


def task(name, **items):
    words = [f"TASK='{name}'", "USER='TEST'", "DAT_TIM='Mon Mar  5 12:00:00 1979'"]
    words += [f"{key}={value}" if isinstance(value, int) else f"{key}='{value}'" for key, value in items.items()]
    return "  ".join(words) + "  "


def cards(craft=2, camera="NA", filter_=3, picno="0548U2-001", scet="86.024 19:23:00", more=()):
    lines = [
        "77                    20      20  20  40 I 2",
        f"VGR-{craft}   FDS 16368.32   PICNO {picno}   SCET {scet}",
        f"{camera} CAMERA  EXP 00360.0 MSEC  FILT {filter_}(ORANGE)  LO GAIN  SCAN RATE  1:1",
        "ERT 86.024 20:00:36   1/ 1 FULL    RES   VIDICON TEMP  -81.00 DEG C",
        "IN/107971/07 OUT/******/**                 DSS #**   BIT SNR   34.133",
        "MADE FOR A TEST, NOT A PICTURE FROM SPACE",
        *more,
    ]
    items = {f"LAB{n:02d}": f"{line:<71.71s}{'L' if n == len(lines) else 'C'}" for n, line in enumerate(lines, 1)}
    return task("MADE", **items, NLABS=len(lines))


def units(a2="0.20224", a1="1.00000", **more):
    """What FICOR77 writes."""
    return task(
        "FICOR77",
        LABEL1="FICOR77  MINSAT=32767 NUMSAT=     0",
        LABEL2=f"FOR NANOWATTS/CM**2/STER/NM MULTIPLY DN VALUE BY {a2:>11s}",
        LABEL3=f"FOR (I/F)*10000., MULTIPLY DN VALUE BY           {a1:>11s}",
        LABEL4="FICOR77  DARK CURRENT FDS = 13852.12",
        **more,
    )


def corrected(name, history, seed=1, format_="HALF", small=False):
    chance = random.Random(seed)
    if format_ == "HALF":
        low, high = (-50, 50) if small else (-32768, 32767)
        pixels = b"".join(struct.pack("<h", chance.randint(low, high)) for _ in range(400))
    else:
        pixels = chance.randbytes(400 * SIZES[format_])
    image(name, format_, 20, 20, pixels, history)


def vax(value):
    """A VAX F floating-point number."""
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    bits = bits + (2 << 23) if value else 0
    return struct.pack("<HH", bits >> 16, bits & 0xFFFF)


def scales(name, width=130):
    """A scale correction file of three versions; the numbers tell version, camera, planet and filter apart."""
    data = b""
    for version, date in enumerate((b" 1/02/80", b"10/11/85", b" 8/06/90"), 1):
        values = [
            0.5 + version / 4 + camera / 16 + planet / 128 + filter_ / 1024
            for camera in range(4) for planet in range(4) for filter_ in range(8)
        ]
        data += (b"".join(map(vax, values)) + date)[: width * 4].ljust(width * 4, b"\0")
    image(name, "REAL", 3, width, data, task("FICORGEN"), "VAX-VMS", "VAX")


def done(by, date, planet):
    return {"COMMENT": f" PICTURE MULTIPLIED BY    0.93      {by:6s}    {date} VERSION", "SCALE": planet}


corrected("plain.img", cards() + units())
corrected("half.img", cards() + units(a1="0.50000"), seed=2, small=True)
corrected("many.img", cards() + units(a1="444.44444"), seed=3)
corrected("one.img", cards() + units(), seed=4)
corrected("vgr1.img", cards(craft=1, filter_=0) + units(a1="4.94459"), seed=5)
corrected("wide.img", cards(camera="WA", picno="**********", scet="81.024 19:23:00") + units(), seed=6)
corrected("notime.img", cards(picno="**********", scet="00.024 19:23:00") + units(), seed=6)
corrected("byte.img", cards() + units(a1="0.50000"), seed=7, format_="BYTE")
corrected("real.img", cards() + units(a1="0.50000"), seed=8, format_="REAL")
corrected("ficor.img", cards() + units(**done("FICOR", "10/11/85", "SATURN")), seed=9)
corrected("ficlast.img", cards() + units(**done("FICOR", " 8/06/90", "URANUS")), seed=9)
corrected("fixvgr.img", cards() + units() + task("FIXVGR", **done("FIXVGR", " 1/02/80", "JUPITER")), seed=10)
corrected("nocorr.img", cards() + units() + task("FIXVGR", **done("FIXVGR", " 1/02/80", "NOCORR")), seed=10)
corrected("nodate.img", cards() + units() + task("FIXVGR", **done("FIXVGR", " 3/03/83", "JUPITER")), seed=10)
corrected("later.img", cards() + units(**done("FICOR", "10/11/85", "SATURN")) + task("COPY"), seed=10)
corrected("later2.img", cards() + units() + task("FIXVGR", **done("FIXVGR", "10/11/85", "SATURN")) + task("COPY"), seed=10)
trace = ("FIXVGR            12 23 81 13:42:57          CCA31", " PICTURE MULTIPLIED BY    1.07      FIXVGR")
corrected("old.img", cards(more=trace) + units(), seed=11)
trace = ("FIXVGR            12 23 81 13:42:57          CCA31", " PICTURE MULTIPLIED BY    1.00      FIXVGR")
corrected("oldno.img", cards(more=trace) + units(), seed=11)
corrected("raw.img", cards(), seed=12)
corrected("half1.img", cards() + task("FICOR77", LABEL2="FOR NANOWATTS/CM**2 MULTIPLY DN VALUE BY 1.0"), seed=12)
corrected("strange.img", task("MADE", NLABS=0) + units(), seed=12)
scales("scale.dat")
scales("wrong.dat", width=131)
