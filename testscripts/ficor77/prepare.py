"""Make the input of the FICOR77 procedures: frames, dark frames, light-transfer curves, scale files. Standard library only.

Everything is random bytes from seeded generators, so that curves do not rise, values saturate, and every branch is met.
"""

import random
import struct
from array import array

SYSTEM = (
    "FORMAT='{format}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={recsize}  ORG='BSQ'  NL={nl}  NS={ns}  NB=1  "
    "N1={ns}  N2={nl}  N3=1  N4=0  NBB=0  NLB=0  HOST='{host}'  INTFMT='LOW'  REALFMT='{real}'  "
)
SIZES = {"BYTE": 1, "HALF": 2, "REAL": 4}


def image(name, format_, nl, ns, pixels, history, host="X86-64-LINX", real="RIEEE", keep=None):
    """A labelled image; ``keep`` cuts the file short."""
    recsize = ns * SIZES[format_]
    text = SYSTEM.format(format=format_, recsize=recsize, nl=nl, ns=ns, host=host, real=real) + history
    size = -(-(len(text) + 24) // recsize) * recsize
    data = (f"LBLSIZE={size}".ljust(24) + text).encode("latin-1").ljust(size, b"\0") + pixels
    with open(name, "wb") as file:
        file.write(data[:keep])


def history(task, cards, extra=""):
    """A history set with card images of 72 columns."""
    lines = [f"LAB{n:02d}='{card:<71.71s}{'L' if n == len(cards) else 'C'}'" for n, card in enumerate(cards, 1)]
    head = [f"TASK='{task}'", "USER='TEST'", "DAT_TIM='Mon Mar  5 12:00:00 1979'"]
    return "  ".join([*head, *lines, f"NLABS={len(cards)}", extra])


def cards(craft=1, camera="NA", exposure="00360.0", filter_=0, gain="LO", scan=" 1", mode=4, picno="0548J1-001",
          fds="16368.32", scet="79.063 19:23:00", ert="79.063 20:00:36"):
    """The card label of a frame."""
    return [
        "77                   800     800 800 800 L 1",
        f"VGR-{craft}   FDS {fds}   PICNO {picno}   SCET {scet}",
        f"{camera} CAMERA  EXP {exposure} MSEC  FILT {filter_}(CLEAR )  {gain} GAIN  SCAN RATE {scan}:1",
        f"ERT {ert}   1/ 1 FULL    RES   VIDICON TEMP  -81.00 DEG C",
        "IN/107971/07 OUT/******/**                 DSS #**   BIT SNR   34.133",
        " 00000 A/00000000 B/0000 C/0000 D/00000000 ETLM/00000000000000000000  A",
        f"NA OPCAL 00(*****.* MSEC) PIXAVG 192/0 OPERATIONAL MODE {mode}(BOTALT)     A",
        "MADE FOR A TEST, NOT A PICTURE FROM SPACE",
    ]


def frame(name, seed=1, lines=None, keep=None, size=(800, 800), **state):
    pixels = random.Random(seed).randbytes(size[0] * size[1])
    image(name, "BYTE", *size, pixels, history("MADE", lines or cards(**state)), keep=keep)


def dark(name, seed=2, half=False, size=(800, 800), lines=None, **state):
    count = size[0] * size[1]
    low = bytes(5 + value % 23 for value in random.Random(seed).randbytes(count))
    pixels = array("h", [v * 7 - 60 for v in low]).tobytes() if half else low
    image(name, "HALF" if half else "BYTE", *size, pixels, history("DARK", lines or cards(**state)))


def record(chance, points=10):
    """Curves of 320 pixels: rising, flat, falling, wild and dead ones."""
    values = array("h")
    for _ in range(320):
        top = chance.randint(1500, 2300)
        curve = [top * k * (30 - k) // 189 for k in range(10)]
        kind = chance.random()
        if kind < 0.15:
            curve = [chance.randint(-60, 2300) for _ in range(10)]
        elif kind < 0.2:
            curve.sort(reverse=True)
        elif kind < 0.25:
            curve = [chance.randint(-20, 900)] * 10
        elif kind < 0.4:
            place = chance.randrange(9)
            curve[place + 1] = curve[place] - chance.randrange(3)
        elif kind < 0.45:
            curve[9] = 0
        values.extend(curve)
    return values.tobytes()


def curves(name, camera=7, filter_=0, scan=" 1", gain=0, div=9.0, items=True, records=2000, seed=3):
    chance = random.Random(seed)
    templates = [record(chance) for _ in range(37)]
    label = [
        "77                  2001    640020016400 I 2",
        f"MJS77 PHOTOMETRIC DATA FILE     S/N={camera}  1 CAMERA FILTER POSITION {filter_}",
        f"DATE GENERATED  00/00/00  FRAMES LOW PASS FLTRD,DIV BY    {div:8.3f}",
        f"SCAN RATE={scan}   GAIN ={gain}     TEMP  0.00   DEG. C  EXPOSURE ***  MSEC",
        "MADE FOR A TEST, NOT A CALIBRATION",
    ]
    extra = (
        "NUM_DATA_PTS=10  NSAMPS_REC=3200  DEF_SCALE_FACTOR=120.0  "
        "LUM_VALUES=(0.0,1.44,3.08,6.16,12.3,24.6,37.0,49.3,74.0,98.0)"
    )
    pixels = b"".join(chance.choice(templates) for _ in range(records))
    image(name, "HALF", records, 3200, pixels, history("MJSPFCF", label, extra if items else ""))


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
    image(name, "REAL", 3, width, data, history("FICORGEN", ["SCALES"]), "VAX-VMS", "VAX")


frame("na.raw")
frame("high.raw", gain="HI", seed=4)
frame("wide.raw", camera="WA", filter_=1, mode=7, seed=5)
frame("two.raw", craft=2, filter_=3, picno="0548U2-001", scet="86.024 19:23:00", seed=6)
frame("nopic.raw", craft=2, filter_=2, picno="**********", scet="81.237 19:23:00", seed=7)
frame("ert.raw", craft=2, filter_=2, picno="0000X1-000", scet="00.000 00:00:00", ert="89.236 01:02:03", seed=7)
frame("notime.raw", craft=2, filter_=2, picno="xxxxxxxxxx", scet="**.*** **:**:**", ert="**.*** **:**:**", seed=7)
frame("four.raw", filter_=4, scan="10", seed=8)
dark("na.drk")
dark("half.drk", half=True, seed=9)
dark("slow.drk", scan="10", seed=10)
dark("wide.drk", camera="WA", mode=7, seed=11)
dark("wide5.drk", camera="WA", mode=5, seed=12)
dark("two.drk", craft=2, half=True, seed=13)
curves("na.cal")
curves("green.cal", filter_=5, seed=14)
curves("wide.cal", camera=6, filter_=1, scan=" 2", div=4.5, seed=15)
curves("two.cal", camera=5, filter_=3, seed=16)
curves("two2.cal", camera=5, filter_=2, gain=1, seed=17)
scales("scale.dat")

# wrong ones
frame("zero.raw", exposure="00000.0")
frame("noexp.raw", exposure="*****.*")
frame("short.raw", keep=300000)
frame("narrow.raw", size=(800, 700))
frame("few.raw", size=(500, 800))
frame("badfds.raw", fds="1A368.32")
frame("badmode.raw", mode="X")
frame("strange.raw", lines=["A PICTURE OF SOMETHING ELSE"] * 8)
frame("cut.raw", lines=cards()[:5])
with open("bare.raw", "wb") as bare:
    bare.write(random.Random(1).randbytes(640000))
image("cards.raw", "BYTE", 800, 800, random.Random(1).randbytes(640000), "TASK='MADE'  USER='TEST'  DAT_TIM='Mon'  ")
image("half.raw", "HALF", 800, 800, random.Random(1).randbytes(1280000), history("MADE", cards()))
dark("few.drk", size=(400, 800))
curves("few.cal", records=900)
curves("noitem.cal", items=False)
scales("wrong.dat", width=100)
