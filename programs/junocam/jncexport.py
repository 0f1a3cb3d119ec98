"""JNCEXPORT (our own): an assembled picture or a map as PNG or TIFF with its credit line. Needs Pillow."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

from programs.junocam import _geotiff as geotiff
from programs.junocam._common import input_names, program, renamed
from programs.junocam._graticule import graticule
from vicar.junocam import JunocamError
from vicar.junocam.colour import shown
from vicar.junocam.metadata import PROPERTY

KINDS = {".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}
DESCRIPTION = 270
TIFF_KINDS = {"ASCII": 2, "SHORT": 3, "DOUBLE": 12}
MARGIN = 32  # pixels around what is lit
STRIP = 18  # height of the credit line


@program
def main(task) -> None:
    """Run JNCEXPORT."""
    try:
        from PIL import Image as Pillow
    except ImportError:
        raise JunocamError("writing pictures needs Pillow: pip install 'vicar-tae[picture]'") from None
    names = input_names(task, ".rgb")
    given = task.string("OUT")
    for name in names:
        result = given + renamed(PurePath(name).name, ".png") if given.endswith("/") else given
        if len(names) > 1 and not given.endswith("/"):
            raise JunocamError("several pictures need a folder ending in / as OUT")
        export(task, Pillow, name, result)


def export(task, pillow, source: str, name: str) -> None:
    """One picture."""
    from PIL import ImageDraw

    path = task.path(name)
    if path.suffix.lower() not in KINDS:
        raise JunocamError(f"{name} must end in .png, .tif or .tiff")
    with task.open("INP", file=source) as image:
        bands = [image.read_window(band=b) for b in range(1, (3 if image.nb >= 3 and has_colour(image) else 1) + 1)]
        credit, title = texts(task, image.label)
        pixels = shown([b.astype(np.float32) for b in bands], [1.0] * len(bands), 100 - task.double("PERCENT", 0.2),
                       task.double("GAMMA", 1.8))
        picture = pillow.fromarray(np.ascontiguousarray(pixels if pixels.shape[2] == 3 else pixels[:, :, 0]))
        box = lit_box(bands) if task.string("CROP", "YES").upper() == "YES" else (0, 0, *picture.size)
        whole, picture = picture.size, picture.crop(box)
        if task.integer("GRID", 0) and not graticule(image.label, task.integer("GRID"), ImageDraw.Draw(picture), box, whole):
            raise JunocamError(f"{source} is no map; GRID is for maps")
        place = [] if task.integer("TURN", 0) else geotiff.fields(image.label, box, task.integer("REDUCE", 1))
    if task.integer("TURN", 0):
        picture = picture.rotate(task.integer("TURN"), expand=True)
    step = task.integer("REDUCE", 1)
    if step > 1:
        picture = picture.reduce(step)
    if task.string("LINE", "YES").upper() == "YES":
        picture = with_line(picture, credit)
    try:
        save(picture, path, KINDS[path.suffix.lower()], credit, title, place)
    except OSError as error:
        raise JunocamError(f"{name} cannot be written: {error.strerror or error}") from None
    task.message(f"JNCEXPORT: {name}: {picture.height} lines of {picture.width} samples; {credit}")


def lit_box(bands: list[np.ndarray]) -> tuple[int, int, int, int]:
    """Left, upper, right and lower of what is lit, with a margin; blocks of 8 by 8, so that noise of the sky does not count."""
    light = np.max([np.nan_to_num(b) for b in bands], axis=0)
    nl, ns = light.shape[0] // 8 * 8, light.shape[1] // 8 * 8
    if not nl or not ns:
        return 0, 0, light.shape[1], light.shape[0]
    blocks = light[:nl, :ns].reshape(nl // 8, 8, ns // 8, 8).mean((1, 3))
    rows, columns = np.nonzero(blocks > 0.04 * np.percentile(blocks, 99.8))
    if not len(rows):
        return 0, 0, light.shape[1], light.shape[0]
    return (max(0, int(columns.min()) * 8 - MARGIN), max(0, int(rows.min()) * 8 - MARGIN),
            min(light.shape[1], int(columns.max()) * 8 + 8 + MARGIN), min(light.shape[0], int(rows.max()) * 8 + 8 + MARGIN))


def has_colour(image) -> bool:
    """Whether the first three bands are red, green and blue; a methane map has angles there."""
    if not image.label.has("BANDS", property="MAP"):
        return True
    return image.label.values("BANDS", property="MAP")[:3] == ["RED", "GREEN", "BLUE"]


def texts(task, label) -> tuple[str, str]:
    """Credit line and title, from the parameters or the label. A credit is required."""
    def item(key: str) -> str:
        return str(label.get(key, property=PROPERTY)) if label.has(key, property=PROPERTY) else ""

    credit = task.string("CREDIT") or item("CREDIT")
    if not credit.strip():
        raise JunocamError("a credit line is needed: CREDIT=\"...\"")
    return f"Image data: {credit}" if not task.string("CREDIT") else credit, f"{item('PRODUCT_ID')} {item('TITLE')}".strip()


def with_line(picture, credit: str):
    """The picture with the credit below it."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    sheet = Pillow.new(picture.mode, (picture.width, picture.height + STRIP), 0)
    sheet.paste(picture, (0, 0))
    ImageDraw.Draw(sheet).text((4, picture.height + 3), credit, fill=200 if picture.mode == "L" else (200, 200, 200))
    return sheet


def save(picture, path, kind: str, credit: str, title: str, place: list) -> None:
    """Write with credit and title inside the file too, and in a TIFF the place of a map."""
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        notes = PngInfo()
        notes.add_text("Copyright", credit)
        notes.add_text("Title", title)
        picture.save(path, format=kind, pnginfo=notes)
    else:
        from PIL.TiffImagePlugin import ImageFileDirectory_v2

        info = ImageFileDirectory_v2()
        info[DESCRIPTION] = f"{title}; {credit}"
        for tag, form, value in place:
            info.tagtype[tag] = TIFF_KINDS[form]
            info[tag] = value if isinstance(value, str) else tuple(np.atleast_1d(value).tolist())
        picture.save(path, format=kind, tiffinfo=info, compression="tiff_lzw")
