"""Meshes: vertices of small grids, with heights from whole numbers."""


def write(name, vertices, faces=("1 2 3", "1 3 4"), form="%.6f"):
    with open(name, "w") as mesh:
        mesh.write("# a mesh\n")
        for vertex in vertices:
            mesh.write("v " + " ".join(form % value for value in vertex) + "\n")
        for face in faces:
            mesh.write(f"f {face}\n")


def grid(lines, samples, height):
    return [(x * 0.25 - 3.0, y * 0.5 + 1.0, height(x, y)) for y in range(lines) for x in range(samples)]


def rough(x, y):
    return ((x * 7919 + y * 104729 + x * y * 31) % 1009) / 2018.0


write("corner.obj", [(0, 0, 0), (1, 0, 0.5), (0, 2, -0.25)], ["1 2 3"])
write("flat.obj", [(-0.155523, 0.143301, 0.254618), (-0.155523, 0.11904, 0.254618), (-0.134562, 0.143301, 0.254618),
                   (-0.134562, 0.11904, 0.254618)], ["1 3 4", "1 4 2"])  # fmt: skip
write("slope.obj", grid(5, 7, lambda x, y: 0.3 * x - 0.125 * y + 0.05 * rough(x, y)))
write("ground.obj", grid(60, 83, lambda x, y: 2 * rough(x, y) + (x * x - y * y) / 4000.0))
write("star.obj", [(1, 0, 0), (0, -1, 0), (-1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, -1)], ["2 1 5", "3 2 5"], "%g")
write("far.obj", [(x + 34567.0, y - 12345.0, z + 1e6) for x, y, z in grid(9, 11, rough)], form="%.9g")
with open("odd.obj", "w", newline="") as odd:
    odd.write("v 1e-1 .5 -.25 1 1 1\r\n\tv\t+2.  3.14159265358979323846 1E0\r\nv -1.5e+1 2 abc\r\n"
              "v 0.1 0.2\r\nvn 0 0 1\r\nv 7/1 -2.5x 1e5\r\nv --1 1e 007.5\r\nf 1/1 2/2 3/3\r\nf -1 -2 -3\r\ns off\r\n")  # fmt: skip
write("named.obj", [(0, 0, 0), (1, 0, 0), (1, 1, 1), (0, 1, 1), (5, 5, 5.5)], ["1//1 2//1 3//1", "1/1/1 3/1/1 4/1/1"])
with open("named.obj", "a") as named:
    named.write("usemtl grey\nf 1 2 4\ng\no\n")
write("two.obj", [(0, 0, 0), (1, 0, 0), (0, 1, 0)], ["1 2 3\no second", "1 3 2"])
write("square.obj", [(0, 0, 0), (1, 0, 0), (1, 1, 0.5), (0, 1, 0)], ["1 2 3 4"])
write("empty.obj", [], [])
write("zero.obj", [(0, 0, 0), (1, 0, 0), (0, 1, 0)], ["0 1 2"])
