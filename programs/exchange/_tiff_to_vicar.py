"""VTIFF3O-TOVIC: TIFF file to images. Source: ``vos/p2/prog/vtiff3o`` (tiff_to_vic and below)."""

from __future__ import annotations

import re

import numpy as np

from programs.exchange._status import Status
from programs.exchange._tiff_from_vicar import ACCURACY
from vicar.errors import VicarError
from vicar.geotiff import PROPERTY
from vicar.numerics.cformat import atof, atoi, g
from vicar.tiff import GeoKeys, TiffError, TiffReader, geokeys
from vicar.tiff import file as tiff

FORMATS = {32: "FULL", 16: "HALF", 1: "BYTE", 2: "BYTE", 4: "BYTE", 8: "BYTE"}
COPY_ERROR = "Error in Copying data to TIFF "


def tiff_to_vicar(task) -> None:
    task.primary(None)
    try:
        source = TiffReader(task.directory / task.string("INP"))
    except (OSError, TiffError):
        task.abend("Error opening TIFF file")
    keys = GeoKeys.read(*(source.fields.get(tag) for tag in (geokeys.DIRECTORY, geokeys.DOUBLES, geokeys.TEXTS)))
    if task.keyword("DUMP"):
        dump(task, source, keys)
        return
    outputs = task.count("OUT")
    if outputs == 2:
        write_table(task, source)
    Image(task, source, "OUT", 1).write()
    for n in range(1, outputs + 1):
        with task.open("OUT", n, "UPDATE") as image:
            for property, key, value in label_items(source, keys):
                add_item(task, image.label, property, key, value)
    for n in range(1, task.count("AUXIL") + 1):
        if not source.next_directory():
            task.abend("Not enough images in TIFF file for auxilliaries")
        Image(task, source, "AUXIL", n).write()


def dump(task, source: TiffReader, keys: GeoKeys) -> None:
    """The directory on the terminal, and the GeoTIFF keys in a file."""
    task.printf(f"TIFF Directory at offset 0x{source.offset:x} ({source.offset})")
    for tag, values in sorted(source.fields.items()):
        text = values if isinstance(values, str) else " ".join(str(v) for v in values[:16]) + (" ..." if len(values) > 16 else "")
        task.printf(f"  {tag}: {text}")
    name = task.string("METADATA", "").strip()
    if name:
        try:
            (task.directory / name).write_text(geokeys.describe(source.fields, keys), "latin-1")
        except OSError:
            task.abend("Failed to open GeoTIFF metadata")


def write_table(task, source: TiffReader) -> None:
    """The color table as an image of 1024 bytes: red, green, blue, 0 ..."""
    if source.value(tiff.PHOTOMETRIC) != tiff.PALETTE:
        task.message("*** no lookup table in TIFF ***")
        return
    with task.create("OUT", 2, nl=1, ns=1024, u_format="BYTE") as table:
        lut = np.zeros((256, 4), np.uint8)
        lut[:, :3] = color_table(source)
        table.write(lut.reshape(-1))


def color_table(source: TiffReader) -> np.ndarray:
    """256 x 3, the high bytes."""
    return (np.array(source.fields[tiff.COLORS])[:768].reshape(3, 256).T >> 8).astype(np.uint8)


# ---- label -----------------------------------------------------------------------------------------------------------


def add_item(task, label, property: str, key: str, value) -> None:
    form = "DOUB" if isinstance(value, float) else "INT" if isinstance(value, int) else "STRING"
    try:
        label.add(key, value, property=property, format=form)
    except VicarError:
        if property == PROPERTY and "=" not in key:
            task.abend(f"addGTLabel failed to add a label for key {key}, value {value}"[:199])


def label_items(source: TiffReader, keys: GeoKeys):
    """(property, key, value) of everything the file says about the map."""
    fields = source.fields
    for tag, name in ((geokeys.TIEPOINTS, "MODELTIEPOINTTAG"), (geokeys.PIXEL_SCALE, "MODELPIXELSCALETAG"),
                      (geokeys.MATRIX, "MODELTRANSFORMATIONTAG")):  # fmt: skip
        if tag in fields:
            values = fields[tag][: len(fields[tag]) // 6 * 6] if tag == geokeys.TIEPOINTS else fields[tag]
            yield PROPERTY, name, vector(values)
    if tiff.DESCRIPTION in fields:
        yield from resources(fields[tiff.DESCRIPTION])
    for key, kind, values in keys.items():
        yield PROPERTY, geokeys.key_name(key), key_text(key, kind, values)


def vector(values) -> str:
    return "(" + ",".join(g(v, 15) for v in values) + ")"


def key_text(key: int, kind: str, values: list) -> str:
    """A key as the label holds it. Of real and of several values only the type is left, as in the original."""
    if kind == geokeys.ASCII:
        return f"{values[0][:76]};gk_key={key}"
    if kind == geokeys.SHORT and len(values) == 1:
        return f"{values[0]}({geokeys.value_name(key, values[0])});gk_type=Short;gk_key={key}"
    return f");gk_type={kind};gk_key={key}"


def resources(description: str):
    """What two conventions put into the image description."""
    numbers = re.match(r"CART_RESOURCE\(\s*(-?\d+)" + r",\s*(-?\d+)" * 8 + r"\)?", description)
    if numbers:
        _, east, north, across, across_part, down, down_part, x, y = (int(n) for n in numbers.groups())
        wide, high = across + across_part / 0xFFFFFFFF, down + down_part / 0xFFFFFFFF
        yield PROPERTY, "MODELTIEPOINTTAG", vector([x, y, 0.0, east / 3600000.0 - 180.0, north / 3600000.0 - 90.0, 0.0])
        yield PROPERTY, "MODELPIXELSCALETAG", vector([1.0 / wide, 1.0 / high, 0.0])
    at = description.find("AFIDS_RESOURCE(")
    end = description.find(")", at)
    if at < 0 or end < 0:
        return
    for pair in description[at + 15 : end].split(","):
        name, equals, value = pair.partition("=")
        if not equals:
            return
        if name not in ACCURACY:
            yield PROPERTY, name, value
        elif value[:1].isdigit():
            yield "COREG_META_DATA", name, atof(value) if "." in value else atoi(value)
        else:
            yield "COREG_META_DATA", name, value


# ---- pixels ----------------------------------------------------------------------------------------------------------


class Image:
    """One image of the file on its way into the files of a parameter."""

    def __init__(self, task, source: TiffReader, parameter: str, instance: int):
        self.task, self.source = task, source
        self.files = task.count("OUT")
        self.bands = self._bands()
        nl, ns = source.value(tiff.LENGTH), source.value(tiff.WIDTH)
        if parameter == "OUT":
            nl, ns = task.integer("NL") or nl, task.integer("NS") or ns
        self.nl, self.ns = nl, ns
        self.together = self.files == 1 and self.bands == 3
        self.outputs = [self._create(parameter, instance + n) for n in range(self.files)]
        self.lut = color_table(source) if source.value(tiff.PHOTOMETRIC) == tiff.PALETTE and self.bands == 3 else None
        self.chunky = source.chunky and self.bands > 1

    def _bands(self) -> int:
        bands = self.source.samples
        if bands < 1:
            bands = 1
        if bands > 4:
            bands = 3
        if self.files == 3 and bands != 3:
            self.task.printf(f"forcing nb to 3, was {bands}, because numout == 3")
            bands = 3
        if self.files == 0 and bands:
            self.task.printf(f"forcing nb to 0, was {bands}, because numout == 0")
            bands = 0
        return bands

    def _create(self, parameter: str, instance: int):
        form = FORMATS.get(self.source.value(tiff.BITS, 1))
        image = self.task.create(parameter, instance, nl=self.nl, ns=self.ns, nb=3 if self.together else 1, format=form)
        image.close()
        return self.task.open(parameter, instance, "UPDATE")

    def write(self) -> None:
        if self.bands:
            try:
                self._write_tiles() if self.source.tiled else self._write_strips()
            except TiffError:
                self.task.abend(COPY_ERROR)
        for image in self.outputs:
            image.close()

    def _put(self, line: int, samp: int, count: int, planes: list[np.ndarray]) -> None:
        if len(self.outputs) < self.bands and not self.together:
            raise VicarError("NOSCHUN", "XVWRITE")
        for band, plane in enumerate(planes[: self.bands]):
            image = self.outputs[0 if self.together else band]
            pixels = plane[: count * image.dtype.itemsize].view(image.dtype)
            image.write(pixels, line=line, samp=samp, nsamps=count, band=band + 1 if self.together else None)

    def _planes(self, chunks: list[bytes], pixels: int) -> list[np.ndarray]:
        """Bytes of each band: looked up, taken apart byte by byte, or as they are."""
        data = [np.frombuffer(chunk, np.uint8) for chunk in chunks]
        if self.lut is not None:
            colors = self.lut[data[0][:pixels]]
            return [np.ascontiguousarray(colors[:, band]) for band in range(3)]
        if not self.chunky:
            return data
        size = self.outputs[0].dtype.itemsize
        memory = np.zeros(max(len(data[0]), self.bands * pixels) + pixels * size, np.uint8)
        spread = pixels if not self.source.tiled else pixels * size
        mixed = data[0][: pixels * self.bands].reshape(pixels, self.bands)
        for band in range(self.bands):
            memory[band * spread : band * spread + pixels] = mixed[:, band]
        return [memory[band * spread : band * spread + pixels * size] for band in range(self.bands)]

    def _chunks(self, read) -> list[bytes]:
        one = self.lut is not None or self.chunky
        return [read(0)] if one else [read(band) for band in range(self.bands)]

    def _write_strips(self) -> None:
        status = Status(self.task, self.nl)
        for y in range(self.nl):
            status.update(y + 1)
            planes = self._planes(self._chunks(lambda band, y=y: self.source.row(y, band)), self.ns)
            self._put(y + 1, 1, self.ns, planes)

    def _write_tiles(self) -> None:
        source = self.source
        wide, high = source.value(tiff.TILE_WIDTH), source.value(tiff.TILE_LENGTH)
        size = self.outputs[0].dtype.itemsize
        status = Status(self.task, self.nl)
        for y in range(0, self.nl, high):
            status.update(y + high)
            for x in range(0, self.ns, wide):
                count = min(wide, self.ns - x)
                planes = self._planes(self._chunks(lambda band, y=y, x=x: source.tile(y, x, band)), wide * high)
                for n in range(min(high, self.nl - y)):
                    rows = [plane[n * wide * size : (n * wide + count) * size] for plane in planes]
                    self._put(y + n + 1, x + 1, count, rows)
