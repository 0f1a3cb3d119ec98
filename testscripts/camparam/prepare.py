"""Make small images with card labels of Voyager frames. Standard library only."""

SYSTEM = (
    "FORMAT='BYTE'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE=20  ORG='BSQ'  NL=10  NS=20  NB=1  N1=20  N2=10  N3=1  "
    "N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  TASK='MADE'  USER='TEST'  "
    "DAT_TIM='Mon Mar  5 12:00:00 1979'  "
)


def frame(name, craft=1, camera="NA", exposure="00360.0", filter_=0, scan=" 1", fds="16368.32", scet="79.063 19:23:00"):
    lines = [
        "77                    10      20  10  20 L 1",
        f"VGR-{craft}   FDS {fds}   PICNO 0548J1-001   SCET {scet}",
        f"{camera} CAMERA  EXP {exposure} MSEC  FILT {filter_}(CLEAR )  LO GAIN  SCAN RATE {scan}:1",
        "ERT 79.063 20:00:36   1/ 1 FULL    RES   VIDICON TEMP  -81.00 DEG C",
    ]
    cards = [f"LAB{n:02d}='{card:<71.71s}{'L' if n == len(lines) else 'C'}'" for n, card in enumerate(lines, 1)]
    text = SYSTEM + "  ".join(cards) + f"  NLABS={len(lines)}  "
    size = -(-(len(text) + 24) // 20) * 20
    with open(name, "wb") as file:
        file.write((f"LBLSIZE={size}".ljust(24) + text).encode().ljust(size, b"\0") + bytes(200))


for number in range(8):
    frame(f"na{number}", filter_=number, exposure=f"{number * 15000:07.1f}")
    frame(f"wa{number}", craft=2, camera="WA", filter_=number, scan="10", fds="34567.01", exposure=f"{number * 2000:07.1f}")
frame("noexp", exposure="*****.*")
frame("noscan", scan="**")
frame("nofds", fds="*****.**")
frame("noscet", scet="**.*** **:**:**")
frame("nocraft", craft="*")
frame("badfds", fds="1A368.32")
with open("bare", "wb") as bare:
    bare.write(b"no label here " * 100)
