"""JNCRGB (our own): framelets assembled by the spin, channels laid on each other, colour weights.

Bands are red, green and blue, or the one filter there is (methane). Method and limits: ``vicar/junocam/spin.py`` and
``vicar/junocam/colour.py``; pictures from near: ``vicar/junocam/drift.py``.
"""

from __future__ import annotations

import numpy as np

from programs.junocam._common import input_names, output_names, program, read_picture, renamed, units
from vicar.junocam.colour import WEIGHTS, colour
from vicar.junocam.saturation import saturated, treated

PROPERTY = "JUNOCAM_SPIN"
TREATED = {"RESTORE": "estimated from the other filters", "NEUTRAL": "shown without colour", "MASK": "cut out", "KEEP": "left"}


@program
def main(task) -> None:
    """Run JNCRGB."""
    sources = input_names(task, ".cal")
    names = output_names(task, [renamed(name, ".rgb") for name in sources])
    for instance, name in enumerate(names, 1):
        source, meta, pixels = read_picture(task, sources[instance - 1])
        register = task.string("REGISTER", "YES").upper() == "YES"
        blend = task.string("BLEND", "YES").upper() == "YES"
        picture = colour(pixels.astype(np.float32), meta, task.double("SPIN"), task.double("TILT"), register, blend,
                         task.progress)
        order = picture.band_order()
        weights = weights_for(task, order)
        image = task.create("OUT", instance, file=name, nl=picture.grid.nl, ns=picture.grid.ns, nb=len(order), org="BSQ",
                            format="REAL", u_format="REAL")
        bands, spoilt = bands_of(task, picture, meta, order, weights, units(source))
        describe(image.label, picture, order, weights)
        describe_changes(task, image.label, blend, spoilt)
        for band, channel in enumerate(bands, 1):
            image.write_window(channel, band=band)
        report(task, meta, name, picture, order)


def bands_of(task, picture, meta, order: list[str], weights: list[float], unit: str
             ) -> tuple[list[np.ndarray], int]:
    """Weighted bands, 0 where any filter saw nothing, with saturated places as SATURATED says, and how many these are."""
    seen = np.logical_and.reduce([np.isfinite(c) for c in picture.channels.values()])
    bands = [np.where(seen, picture.channels[name], 0) * np.float32(w) for name, w in zip(order, weights)]
    shares = [saturated(picture.channels[name], picture.grid, name, meta, unit) for name in order]
    how = task.string("SATURATED", "RESTORE").upper()
    spoilt = int((np.max(shares, axis=0)[seen] > 0.5).sum()) if len(bands) > 1 else 0
    if spoilt:
        task.message(f"JNCRGB: {meta.product_id}: {spoilt} saturated pixels {TREATED[how]}")
    return treated(bands, shares, how), spoilt


def weights_for(task, order: list[str]) -> list[float]:
    """Weights of the bands: red, green and blue of the parameter, or the usual ones; 1 for a single band."""
    if len(order) == 1:
        return [1.0]
    given = [float(w) for w in task.doubles("WEIGHTS")]
    if len(given) == 3:
        table = dict(zip(("RED", "GREEN", "BLUE"), given))
        return [table.get(name, WEIGHTS[name]) for name in order]
    return [WEIGHTS[name] for name in order]


def describe(label, picture, order: list[str], weights: list[float]) -> None:
    """How the picture was put together."""
    grid = picture.grid
    for key, value in (("SPIN_RATE", grid.spin), ("SPIN_TILT", grid.tilt), ("FIRST_ANGLE", grid.first),
                       ("LINE_ANGLE", grid.pitch)):
        label.add(key, float(value), property=PROPERTY, format="DOUB")
    label.add("BANDS", order, property=PROPERTY, format="STRING")
    label.add("WEIGHTS", weights, property=PROPERTY, format="DOUB")


def describe_changes(task, label, blend: bool, spoilt: int) -> None:
    """What pixels are not as they were measured: mixed where framelets overlap, changed where a filter was saturated."""
    label.add("BLEND", "YES" if blend else "NO", property=PROPERTY, format="STRING")
    label.add("SATURATED", task.string("SATURATED", "RESTORE").upper(), property=PROPERTY, format="STRING")
    label.add("SATURATED_PIXELS", spoilt, property=PROPERTY, format="INT")


def report(task, meta, name: str, picture, order: list[str]) -> None:
    """Spin, registration and seams as measured."""
    task.message(f"JNCRGB: {name}: {picture.grid.nl} lines, {picture.grid.ns} samples, {'+'.join(order)}, spin "
                 f"{picture.grid.spin:.5f} rad/s, tilt {picture.grid.tilt:.5f}")
    for channel, (down, across, count) in picture.residual.items():
        task.message(f"JNCRGB: {channel} on GREEN: {down:.2f} lines, {across:.2f} samples (median of {count} patches of cloud)")
    if picture.drift is not None:
        most = picture.drift.fastest * picture.grid.period
        task.message(f"JNCRGB: {meta.product_id}: the scene moves beside the spin, by {most:.1f} pixels a frame at most; each "
                     "framelet laid where it was when green passed")
    if len(order) > 1 and not picture.registered:
        task.message(f"JNCRGB: {meta.product_id}: too little structure to register the channels; usual spin used")
    for channel, found in picture.seams.items():
        if found.plain.measured:
            task.message(f"JNCRGB: {channel}: steps across borders of framelets {said(found.plain)} percent of the light"
                         + (f"; what other filters do not show {said(found.apart)}"
                            if found.apart is not None and found.apart.measured else "")
                         + ("; the borders show" if found.visible else ""))


def said(steps) -> str:
    """Steps at borders, elsewhere, and their spread from place to place."""
    return f"{100 * steps.border:.2f}, elsewhere {100 * steps.inside:.2f} +- {100 * steps.spread:.2f}"
