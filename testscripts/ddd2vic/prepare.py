"""Make the input of the procedure: two images with the header of MGS DDD files. Standard library only."""


def ddd(name, down, across, lines):
    header = f"decompressed-from raw.dat\nid test\ncross {across}\ndown {down}\nfirst 0\n"
    with open(name, "wb") as file:
        file.write(header.encode().ljust(1024, b"\0") + bytes((7 * n) % 256 for n in range(lines * across)))


ddd("a.ddd", 5, 7, 5)
ddd("short.ddd", 6, 9, 4)
