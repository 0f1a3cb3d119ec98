"""OBJ2PLANE: the plane through the vertices of a mesh. Source: ``vos/p2/prog/obj2plane`` (C++ over Eigen and tinyobjloader).

Bit for bit as the original with Eigen 3.4 in SSE2 arithmetic, compared on random points. A library compiled for wider vectors, or
another release of it, may give another last bit of the normal, of which six decimals are written.

Decimated vertices with ALGO=svd, which the original puts into rows that are not there (it stops), are used as they should be.
Where the original ends by an exception, the message alone is given.
"""

from __future__ import annotations

import numpy as np

from programs.geometry._objmesh import MeshError, read_mesh
from programs.geometry._planefit import Unbounded, orthogonal_normal, regression_normal, running
from vicar.numerics.cformat import sprintf

f32 = np.float32
FEWEST = 3


def main(task):
    task.message("Obj2plane version 2.0")
    mesh_name, out = task.string("INP"), task.string("OUT")
    every, method = task.integer("DECIMATION"), task.string("ALGO")
    task.messages(f"Processing mesh: {mesh_name}", f"Output filename: {out}", f"Decimation value: {every}",
                  f"Algorithm type: {method}")
    vertices = load(task, mesh_name)
    if every < 1:
        task.abend("DECIMATION must be 1 or more")
    used = vertices[::every]
    task.messages(f"Number of vertices after decimation: {len(used)}", "Plane-fitting phase")
    with np.errstate(all="ignore"):
        mean = np.array([running(column) / f32(len(used)) for column in used.T], f32)
        normal = fit(task, vertices, every, mean, method)
    numbers = [float(value) for value in (*mean, *normal)]
    text = sprintf("Average = (%f %f %f), normal = (%f %f %f)\n", *numbers)
    try:
        (task.directory / out).write_text(text)
    except OSError as fault:
        task.abend(f"Cannot write {out}: {fault.strerror}")
    task.message("Saved output to file.")


def load(task, name: str) -> np.ndarray:
    """Vertices of a mesh, float32 (n, 3)."""
    task.message("Loading mesh file. Can take a while for large mesh file...")
    try:
        mesh = read_mesh(task.directory / name)
    except (OSError, MeshError):
        task.abend("Mesh not loaded, please check file name")
    if mesh.shapes != 1:
        task.abend("OBJ file should contain only 1 shape")
    if mesh.corners.count(3) != len(mesh.corners):
        task.abend("OBJ file should contain only triangular faces")
    task.printf(f"Number of points in mesh: {len(mesh.vertices)}\n")
    task.printf(f"Number of triangles in mesh: {len(mesh.corners)}\n")
    return mesh.vertices


def fit(task, vertices: np.ndarray, every: int, mean: np.ndarray, method: str) -> np.ndarray:
    """Normal of the plane."""
    if f32(len(vertices)) / f32(every) < FEWEST:
        task.abend("Not enough vertices (at least 3) for planar fit")
    try:
        if method == "regression":
            return regression_normal(vertices, every)
        if method == "svd":
            return orthogonal_normal(vertices[::every] - mean)
    except Unbounded as fault:
        task.abend(str(fault))
    task.abend("Algorithm type should be 'regression' or 'svd'")
