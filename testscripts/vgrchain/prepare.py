"""Make the input of the procedures: a frame with reseau marks, spikes and gaps, and random images. Standard library only."""

import math
import random
import struct
from pathlib import Path

SIZE = 800
SYSTEM = (
    "FORMAT='{format}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={recsize}  ORG='BSQ'  NL={nl}  NS={ns}  NB=1  "
    "N1={ns}  N2={nl}  N3=1  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  "
    "BHOST='X86-64-LINX'  BINTFMT='LOW'  BREALFMT='RIEEE'  BLTYPE=''  "
)
SIZES = {"BYTE": 1, "HALF": 2, "REAL": 4}


def image(name, format_, nl, ns, pixels, lines=()):
    recsize = ns * SIZES[format_]
    cards = [f"LAB{n:02d}='{card:<71.71s}{'L' if n == len(lines) else 'C'}'" for n, card in enumerate(lines, 1)]
    history = ["TASK='MADE'", "USER='TEST'", "DAT_TIM='Mon Mar  5 12:00:00 1979'", *cards, f"NLABS={len(lines)}"]
    text = SYSTEM.format(format=format_, recsize=recsize, nl=nl, ns=ns) + "  ".join(history) + "  "
    size = -(-(len(text) + 24) // recsize) * recsize
    with open(name, "wb") as file:
        file.write((f"LBLSIZE={size}".ljust(24) + text).encode("latin-1").ljust(size, b"\0") + bytes(pixels))


def cards(camera="NA", craft=1, picno="0548J1-001", fds="16368.32", scet="79.063 19:23:00"):
    return [
        "77                   800     800 800 800 L 1",
        f"VGR-{craft}   FDS {fds}   PICNO {picno}   SCET {scet}",
        f"{camera} CAMERA  EXP 00360.0 MSEC  FILT 0(CLEAR )  LO GAIN  SCAN RATE  1:1",
        "ERT 79.063 20:00:36   1/ 1 FULL    RES   VIDICON TEMP  -81.00 DEG C",
        "IN/107971/07 OUT/******/**                 DSS #**   BIT SNR   34.133",
        " 00000 A/00000000 B/0000 C/0000 D/00000000 ETLM/00000000000000000000  A",
        "NA OPCAL 00(*****.* MSEC) PIXAVG 192/0 OPERATIONAL MODE 4(BOTALT)     A",
        "MADE FOR A TEST, NOT A PICTURE FROM SPACE",
    ]


def frame(seed):
    """A ball over a dark sky, with marks near their nominal places, dark spots elsewhere, noise and spikes."""
    chance = random.Random(seed)
    across = [40 * math.sin(s / 97) for s in range(SIZE)]
    rows = []
    for line in range(SIZE):
        half = math.sqrt(max(0, 340**2 - (line - 390) ** 2))
        level = 100 + 50 * math.cos(line / 143)
        row = [12.0] * SIZE
        for sample in range(int(410 - half), int(410 + half)):
            row[sample] = level + across[sample]
        rows.append(row)
    numbers = [float(word) for word in Path("marks.txt").read_text().split()]
    marks = list(zip(numbers[::2], numbers[1::2]))
    for number, (line, sample) in enumerate(marks):
        stain(rows, line + chance.gauss(0.7, 0.5), sample + chance.gauss(-0.4, 0.5), 0.0 if number % 29 == 0 else 1.0)
    for _ in range(60):
        stain(rows, chance.uniform(1, SIZE), chance.uniform(1, SIZE), 0.7)
    noise = [chance.gauss(0, 1.5) for _ in range(4999)]
    pixels = bytearray()
    for line, row in enumerate(rows):
        shift = line * 37
        pixels += bytes(max(1, min(255, int(v + noise[(s + shift * 11) % 4999]))) for s, v in enumerate(row))
    for _ in range(3000):
        pixels[chance.randrange(SIZE * SIZE)] ^= 1 << chance.randrange(8)
    return pixels


def stain(rows, line, sample, depth):
    """Darken the pixels around a place (from 1)."""
    for y in range(int(line) - 4, int(line) + 5):
        for x in range(int(sample) - 4, int(sample) + 5):
            if 1 <= y <= SIZE and 1 <= x <= SIZE:
                rows[y - 1][x - 1] *= 1 - depth * math.exp(-((y - line) ** 2 + (x - sample) ** 2) / 2.4)


def with_gaps(pixels):
    """Lines lost, and ends of lines lost."""
    result = bytearray(pixels)
    for line in (*range(100, 104), *range(300, 318), 500, 502, 504, *range(601, 640, 3)):
        start = 0 if line < 500 else 650
        result[line * SIZE + start : (line + 1) * SIZE] = bytes(SIZE - start)
    for line in range(700, 760):
        result[line * SIZE : line * SIZE + (0, 3, 9, 20)[line % 4]] = bytes((0, 3, 9, 20)[line % 4])
    return result


def halves(values):
    return struct.pack(f"<{len(values)}h", *values)


chance = random.Random(11)
picture = frame(1)
image("ball.raw", "BYTE", SIZE, SIZE, picture, cards())
image("two.raw", "BYTE", SIZE, SIZE, with_gaps(picture), cards(craft=2, picno="0548N2-001", scet="89.230 19:23:00"))
image("nofds.raw", "BYTE", SIZE, SIZE, picture, cards(fds="*****.**"))
image("nocam.raw", "BYTE", SIZE, SIZE, picture, cards(camera="XA"))
image("small.raw", "BYTE", 100, 100, picture[:10000], cards())
image("half.raw", "HALF", SIZE, SIZE, bytes(2 * SIZE * SIZE), cards())
for number, (nl, ns) in enumerate(((30, 40), (1, 20), (20, 1), (2, 2))):
    image(f"byte{number}", "BYTE", nl, ns, chance.randbytes(nl * ns))
    image(f"half{number}", "HALF", nl, ns, chance.randbytes(2 * nl * ns))
    level = [100 + chance.randint(-12, 12) + (chance.random() < 0.2) * chance.randint(-90, 90) for _ in range(nl * ns)]
    image(f"calm{number}", "HALF", nl, ns, halves(level))
image("real", "REAL", 5, 5, struct.pack("<25f", *(chance.random() for _ in range(25))))


def record(name, pixels, format_=0, cut=()):
    """A frame with binary header and prefixes as VGRCDCOPY writes them; zero lines are missing, ``cut`` is (line, first, last)."""
    ends = {line: (first, last) for line, first, last in cut}
    body = bytearray()
    for line in range(SIZE):
        row = pixels[line * SIZE : (line + 1) * SIZE]
        prefix = bytearray(224)
        first, last = ends.get(line, (1, SIZE))
        if any(row):
            prefix[174:214] = halves([1] * 20)
        prefix[220:224] = halves([first, last])
        body += prefix + bytes(first - 1) + row[first - 1 : last] + bytes(SIZE - last)
    header = bytearray(2 * 1024)
    header[118] = 2 * format_
    recsize = 1024
    text = SYSTEM.format(format="BYTE", recsize=recsize, nl=SIZE, ns=SIZE).replace("NBB=0  NLB=0", "NBB=224  NLB=2")
    text += "TASK='MADE'  USER='TEST'  DAT_TIM='Mon Mar  5 12:00:00 1979'  "
    with open(name, "wb") as file:
        file.write(f"LBLSIZE={recsize}".ljust(24).encode() + text.encode().ljust(recsize - 24, b"\0") + header + body)


lost = bytearray(picture)
for line in (*range(100, 104), 201, 203, *range(300, 318), *range(400, 430), 500, 502, 504, 797):
    lost[line * SIZE : (line + 1) * SIZE] = bytes(SIZE)
for number in (0, 2, 5, 9, 14, 15, 16, 19, 22, 1):
    record(f"format{number}", lost, number)
cuts = [(50, 31, 800), (52, 1, 700), (56, 5, 800), (150, 1, 640), (650, 100, 800), (652, 140, 800), (654, 90, 800), (700, 1, 500)]
record("format8", picture, 8, cuts)
record("format6", picture, 6, cuts)
