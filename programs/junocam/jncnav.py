"""JNCNAV (our own): spin axis, rate and phases of the pictures of a perijove from the limb and its shading, without kernels.

The result is a text file (JSON) that JNCMAP reads. Method: ``vicar/junocam/navigation.py``. Seen from above a pole the limb does
not say how the picture is turned about the line of sight; the shading then decides, to half a degree of longitude. With KERNELS
all of it comes from SPICE instead (``vicar/junocam/kernels.py``). known: pictures without a limb get no attitude; the position
of the metadata (20 to 100 km) goes into the map as it is. The standard deviations count 25 neighbouring limb points as one,
which made-up pictures and pairs of real ones bear out.
"""

from __future__ import annotations

import json

import numpy as np

from programs.junocam._common import input_names, program, read_picture
from vicar.junocam import JunocamError, kernels
from vicar.junocam.camera import NOMINAL_SPIN
from vicar.junocam.navigation import FEWEST, Navigation, View, navigate, view_of
from vicar.junocam.package import metadata_in
from vicar.junocam.spin import assemble, grid_for, present_frames, split

UNSURE = 0.3  # degrees: reported
POOR = 1.0  # pixels: a picture whose median residual is larger is left out


@program
def main(task) -> None:
    """Run JNCNAV."""
    names = input_names(task, ".cal")
    if task.strings("KERNELS"):
        return from_kernels(task, names)
    others = [m for name in task.strings("META") for m in metadata_in(task.path(name)).values()]
    known = {m.product_id: m for m in [*others, *(read_picture(task, name)[1] for name in names)]}
    views = []
    for number, name in enumerate(names, 1):  # one picture in memory at a time; views keep the channel with the limb
        _, meta, pixels = read_picture(task, name)
        try:
            views.append(limb(meta, pixels, list(known.values())))
        except JunocamError as error:
            task.message(f"JNCNAV: {error}; left out")
        task.progress(number, len(names) + 1)
    result = navigate(views, NOMINAL_SPIN, 0.0)
    good = [v for v in views if sound(v, result)]
    if 0 < len(good) < len(views):
        for view in views:
            if view not in good:
                task.message(f"JNCNAV: {view.meta.product_id}: the limb found does not fit; left out")
        result, views = navigate(good, NOMINAL_SPIN, 0.0), good
    if not good:
        raise JunocamError("no picture shows a limb that fits Jupiter as the metadata place it")
    report(task, result)
    save(task, result, views)


def from_kernels(task, names: list[str]) -> None:
    """Axis, rate, phase and path of each picture from SPICE kernels."""
    pictures, last = {}, None
    with kernels.loaded([task.path(name) for name in task.strings("KERNELS")]) as spice:
        for name in names:
            _, meta, _ = read_picture(task, name)
            last = kernels.known(spice, meta)
            pictures[meta.product_id] = {
                "axis": last.axis.tolist(), "spin": last.spin, "tilt": last.tilt, "phase": last.phase,
                "place": last.place.tolist(), "velocity": last.velocity.tolist(),
            }
            task.message(f"JNCNAV: {meta.product_id}: from kernels: spin {last.spin:.6f} rad/s, "
                         f"{np.linalg.norm(last.place):.0f} km from Jupiter's centre")
    write_file(task, {"JUNOCAM_NAVIGATION": 1, "axis": last.axis.tolist(), "spin": last.spin, "tilt": last.tilt,
                      "pictures": pictures})


def limb(meta, pixels: np.ndarray, known: list) -> View:
    """The limb of one picture, in green or whatever filter there is."""
    if meta.target.upper() != "JUPITER":
        raise JunocamError(f"{meta.product_id}: the target is {meta.target}; only Jupiter's limb is known")
    name = next((f for f in ("GREEN", "RED", "BLUE") if f in meta.filters), meta.filters[0])
    framelets = split(pixels, meta)[name].astype(np.float32)
    grid = grid_for(meta)
    channel = assemble(framelets, grid, name, present_frames(framelets), scale=meta.summing)
    return view_of(channel, grid, name, meta, known)


def sound(view: View, result: Navigation) -> bool:
    median, _, used = result.residuals[view.meta.product_id]
    return median <= POOR and used >= max(FEWEST, 0.75 * len(view.times))


def report(task, result: Navigation) -> None:
    """What was found, with standard deviations."""
    ra = np.degrees(np.arctan2(result.axis[1], result.axis[0])) % 360
    dec = np.degrees(np.arcsin(result.axis[2]))
    task.message(f"JNCNAV: spin axis at right ascension {ra:.3f}, declination {dec:.3f} (sigma {result.sigma_axis:.3f} degrees)")
    task.message(f"JNCNAV: spin {result.spin:.6f} rad/s (sigma {result.sigma_spin:.6f})")
    for product, (median, ninth, used) in result.residuals.items():
        task.message(f"JNCNAV: {product}: limb residual {median:.2f} pixels median, {ninth:.2f} 90th percentile, {used} points, "
                     f"longitudes good to {result.sigma_longitude[product]:.2f} degrees")
        if product in result.heights:
            height, sigma = result.heights[product]
            task.message(f"JNCNAV: {product}: its soft limb appears {abs(height):.1f} +- {sigma:.1f} pixels "
                         f"{'outside' if height > 0 else 'inside'} the edge of the ellipsoid")
        if result.sigma_longitude[product] > UNSURE:
            task.message(f"JNCNAV: {product}: longitudes are unsure; more pictures of the perijove would help")


def save(task, result: Navigation, views: list[View]) -> None:
    """Write the file for JNCMAP."""
    content = {
        "JUNOCAM_NAVIGATION": 1, "axis": result.axis.tolist(), "spin": result.spin, "tilt": result.tilt,
        "sigma_axis_degrees": result.sigma_axis, "sigma_spin": result.sigma_spin,
        "pictures": {v.meta.product_id: {
            "phase": result.phases[v.meta.product_id], "velocity": v.path[1].tolist(),
            "sigma_longitude_degrees": result.sigma_longitude[v.meta.product_id],
            "residual_median_pixels": result.residuals[v.meta.product_id][0],
            "points": result.residuals[v.meta.product_id][2],
        } for v in views},
    }
    write_file(task, content)


def write_file(task, content: dict) -> None:
    try:
        task.path(task.string("OUT")).write_text(json.dumps(content, indent=1) + "\n", encoding="ascii")
    except OSError as error:
        raise JunocamError(f"{task.string('OUT')} cannot be written: {error.strerror or error}") from None
