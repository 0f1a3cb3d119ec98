"""Writes blemish location files: four REAL values a blemish, with or without the label items OSBLEMLOC reads."""

import random
import struct

HOST = "HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  BHOST='X86-64-LINX'  BINTFMT='LOW'  BREALFMT='RIEEE'  BLTYPE=''"


def write(name, values, items, form="REAL", count=None):
    ns = len(values)
    record = 4 * ns
    text = (
        f"FORMAT='{form}'  TYPE='IMAGE'  BUFSIZ={record}  DIM=3  EOL=0  RECSIZE={record}  ORG='BSQ'  NL=1  NS={ns}  NB=1  N1={ns}"
        f"  N2=1  N3=1  N4=0  NBB=0  NLB=0  {HOST}  TASK='BLEMFIX'  USER='test'  DAT_TIM='Tue Sep 12 00:00:00 1989'  {items}  "
    )
    size = -(-2000 // record) * record
    label = f"LBLSIZE={size:<16d}{text}".encode().ljust(size, b"\0")
    with open(name, "wb") as out:
        out.write(label + struct.pack(f"<{ns}f", *values))


random.seed(8)
for camera in (4, 5, 6, 7):
    blemishes = []
    for _ in range(12):
        blemishes += [random.randint(1, 202), random.uniform(-30, 30), random.uniform(-30, 30), random.uniform(1, 5)]
    for mark in (1, 12, 190, 201, 47, 50, 202):
        blemishes += [mark, -60.0, -60.0, 2.0, mark, 60.0, 60.0, 2.0, mark, 0.0, 0.0, 1.0]
    write(f"blem{camera}", blemishes, f"CAMNUM={camera}  NUMBLEM={len(blemishes) // 4}")
write("fewer", [7.9, 1.5, -1.5, 2.0, 30.0, 2.5, 3.5, 1.0], "CAMNUM=7  NUMBLEM=1")
write("nocam", [7.0, 1.5, -1.5, 2.0], "NUMBLEM=1")
write("nonum", [7.0, 1.5, -1.5, 2.0], "CAMNUM=7")
write("cam3", [7.0, 1.5, -1.5, 2.0], "CAMNUM=3  NUMBLEM=1")
