"""PDSIMPORT (our own): an image with a PDS3 label becomes a VICAR image. See `vicar.missions.pdsimage` for what is read."""

from __future__ import annotations

import os

from vicar.missions.pdsimage import PdsError, PdsImage, voyager_cards

FORMATS = {"u1": "BYTE", "i2": "HALF", "i4": "FULL", "f4": "REAL", "f8": "DOUB"}


def main(task) -> None:
    """Run PDSIMPORT."""
    name = task.string("INP")
    try:
        source = PdsImage(task.path(name))
        inner = source.inner()
        if inner is not None:
            _write_inner(task, inner)
            task.message(f"PDSIMPORT: {name}: the VICAR image behind the PDS label, as it is")
            return
        pixels, cards = source.pixels(), voyager_cards(source.label)
    except PdsError as error:
        task.abend(f"*** PDSIMPORT cannot read {name}: {error}")
    except OSError as error:
        task.abend(f"*** PDSIMPORT cannot read {name}: {error.strerror}")
    task.primary(None)
    form = FORMATS[f"{pixels.dtype.kind}{pixels.dtype.itemsize}"]
    bands, lines, samples = pixels.shape
    image = task.create("OUT", nl=lines, ns=samples, nb=bands, format=form, u_format=form, org="BSQ")
    for number, card in enumerate(cards, 1):
        image.label.add(f"LAB{number:02d}", f"{card:<71.71s}{'L' if number == len(cards) else 'C'}", task="", format="STRING")
    if cards:
        image.label.add("NLABS", len(cards), task="", format="INT")
    for band in range(bands):
        image.write_window(pixels[band], band=band + 1)
    kind = f"with {len(cards)} Voyager label cards" if cards else "no Voyager image: without label cards"
    task.message(f"PDSIMPORT: {name}: {lines} lines of {samples} samples, {form}, {kind}")


def _write_inner(task, data: bytes) -> None:
    """The file appears under its name only when it is complete."""
    target = task.path(task.string("OUT"))
    part = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}")
    try:
        part.write_bytes(data)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        task.abend(f"*** PDSIMPORT cannot write {task.string('OUT')}: {error.strerror}")
