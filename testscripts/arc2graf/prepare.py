"""Ungenerate files of VMS: records with two bytes of length before them and an even number of bytes."""

import math
from pathlib import Path

BLOCK = 512


def record(data):
    return len(data).to_bytes(2, "little") + data + b"\0" * (len(data) % 2)


def pair(x, y):
    return f"{x:15.6f}{y:15.6f}".encode()


def line(group, pairs):
    return record(f"{group:10d}".encode()) + b"".join(record(pair(*point)) for point in pairs) + record(b"END")


def write(name, data):
    Path(name).write_bytes(data + b"\0" * (-len(data) % BLOCK))


def lines(name, parts):
    write(name, b"".join(line(*part) for part in parts) + record(b"END"))


def points(name, parts):
    write(name, b"".join(record(f"{group:10d}".encode() + pair(x, y)) for group, x, y in parts) + record(b"END"))


def ring(count, radius):
    return [(100 + radius * math.cos(angle), 50 + radius * math.sin(angle)) for angle in range(count)]


lines("few", [(1, [(10, 20), (20, 15), (20, 5)]), (2, [(10, 25), (-20, 30.5)]), (1, [(1, 2), (0, 0), (3, 4)])])
lines("many", [(1 + k % 3, ring(2 + k, 10 + k)) for k in range(12)])
lines("long", [(1, ring(60, 10)), (2, ring(5, 3)), (1, ring(100, 7)), (3, [])])
for k in range(8):
    lines(f"edge{k}", [(1, ring(13, 10)), (2, ring(k, 3)), (1, ring(17, 3)), (2, ring(3, 4))])
points("pts", [(k % 3 + 1, k * 1.5, 100 - k) for k in range(40)])
points("one", [(1, 5, 6)])
for k in range(11, 14):
    points(f"pts{k}", [(1, j * 1.5, 100 - j) for j in range(k)])
Path("short").write_bytes(line(1, [(10, 20), (20, 15)]) + record(b"END"))
Path("text").write_bytes(b"         1\n      10.000000      10.000000\nEND\nEND\n")
write("odd", record(b"      1x  ") + record(b"END") * 2)
