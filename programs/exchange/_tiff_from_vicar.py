"""VTIFF3O-FROMVIC: images to a TIFF file. Source: ``vos/p2/prog/vtiff3o`` (vic_to_tiff and below)."""

from __future__ import annotations

import re

import numpy as np

from programs.exchange._status import Status
from vicar import geotiff
from vicar.errors import VicarError
from vicar.numerics.cformat import atof, atoi
from vicar.tiff import GeoKeys, TiffWriter, geokeys
from vicar.tiff import file as tiff

LEGACY = {  # keys that old labels hold without their number
    "GTMODELTYPEGEOKEY": 1024, "GTRASTERTYPEGEOKEY": 1025, "GEOGRAPHICTYPEGEOKEY": 2048, "GEOGELLIPSOIDGEOKEY": 2056,
    "GEOGPRIMEMERIDIANGEOKEY": 2051, "GEOGANGULARUNITSGEOKEY": 2054, "GEOGSEMIMAJORAXISGEOKEY": 2057,
    "GEOGSEMIMINORAXISGEOKEY": 2058, "PCSCITATIONGEOKEY": 3073, "PROJCENTERLATGEOKEY": 3089, "PROJLINEARUNITSGEOKEY": 3076,
    "PROJECTEDCSTYPEGEOKEY": 3072, "PROJECTIONGEOKEY": 3074,
}  # fmt: skip
DATUMS = {"WGS84": (4326, "WGS-84 Datum"), "WGS72": (4322, "WGS-72 Datum"), "NAD27": (4267, "NAD 27 Datum"),
          "NAD83": (4269, "NAD 83 Datum")}  # fmt: skip
ACCURACY = ("ACCURACY", "ACCURACY_CEP", "ACCURACY_UNIT", "ACCREF", "SAT_MODEL_POINTING_ERR", "SAT_MODEL_POINTING_ERR_UNITS",
            "SAT_MODEL_POINTING_ERR_REF")  # fmt: skip


def vicar_to_tiff(task) -> None:
    label = geotiff.read_label(task)
    path = task.directory / task.string("OUT")
    try:
        path.write_bytes(bytes(TiffWriter().data))
    except OSError:
        task.abend("Error opening TIFF file")
    out = TiffWriter()
    georeference(task, out, label)
    Images(task, out, "INP", task.string("TIFFMODE", "")).write()
    out.end_directory()
    if task.count("AUXIL"):
        Images(task, out, "AUXIL", "STRIPS").write()
        out.end_directory()
    out.save(path)


# ---- georeference ----------------------------------------------------------------------------------------------------


def georeference(task, out: TiffWriter, label: geotiff.GeoLabel) -> None:
    metadata = task.string("METADATA", "").strip()
    if task.defaulted("LAT") and not metadata and task.keyword("LATLONG") and not label.text:
        return
    keys = GeoKeys()
    if metadata:
        from_listing(task, out, keys, metadata)
    elif label.text:
        from_label(task, out, keys, label.text)
    else:
        from_parameters(task, out, keys)
    for tag, kind, value in keys.fields():
        out.set(tag, kind, value)


def from_listing(task, out: TiffWriter, keys: GeoKeys, name: str) -> None:
    try:
        tags, found = geokeys.parse((task.directory / name).read_text("latin-1"))
    except (OSError, ValueError, StopIteration, KeyError):
        task.abend("Failed to import GeoTIFF metadata")
    for tag, values in tags.items():
        out.set(tag, "DOUBLE", values)
    keys.values = found.values


def from_label(task, out: TiffWriter, keys: GeoKeys, text: str) -> None:
    task.if_message("USING VICAR GEOTIFF LABEL TO CREATE, PARAMETERS IGNORED")
    at = geotiff.find(text, "MODELTRANSFORMATIONTAG=(")
    if at is not None:
        out.set(geokeys.MATRIX, "DOUBLE", geotiff.numbers(text, at, 16)[0])
    at = geotiff.find(text, "MODELPIXELSCALETAG=(")
    if at is not None:
        out.set(geokeys.PIXEL_SCALE, "DOUBLE", [*geotiff.numbers(text, at, 2)[0], 0.0])
    points, rest = [], text
    while (at := geotiff.find(rest, "MODELTIEPOINTTAG=(")) is not None:
        values, at = geotiff.numbers(rest, at, 6)
        points += values
        rest = rest[at:]
    if points:
        out.set(geokeys.TIEPOINTS, "DOUBLE", points)
    with task.open("INP") as image:
        export_keys(task, out, keys, image.label)


def export_keys(task, out: TiffWriter, keys: GeoKeys, label) -> None:
    """Items of the GEOTIFF property to keys, those of COREG_META_DATA to the image description."""
    task.if_message("exporting GeoTIFF")
    resources = []
    for name, instance in label.properties():
        if name not in (geotiff.PROPERTY, "COREG_META_DATA"):
            continue
        label.info("PROPERTY", property=name, instance=instance)
        while True:
            try:
                key = label.next_item().key
            except VicarError:
                break
            if key in ("TASK", "PROPERTY"):
                break
            value = label.get(key, property=name)
            if name == geotiff.PROPERTY:
                export_key(task, keys, key, str(value))
            elif key in ACCURACY:
                resources.append(f"{key}={value:f}" if isinstance(value, float) else f"{key}={value}")
            else:
                task.printf(f"ignoring key {key}")
    if resources:
        out.set(tiff.DESCRIPTION, "ASCII", f"AFIDS_RESOURCE({','.join(resources)})")


def export_key(task, keys: GeoKeys, key: str, value: str) -> None:
    """One label item; what it says behind ``;gk_type=`` and ``;gk_key=`` decides."""
    if key.upper() in (geotiff.MATRIX_TAG, geotiff.SCALE_TAG, geotiff.TIE_TAG):
        return
    marked = re.search(";gk_key=|;GK_KEY=", value)
    number = atoi(value[marked.end() :]) if marked else LEGACY.get(key.upper(), -1)
    if number < 0:
        task.printf(f"ignoring GEOTIFF value with no gk_key: {key}={value}")
        return
    for kind, known in ((geokeys.SHORT, not marked), (geokeys.DOUBLE, False)):
        head, found, _ = value.partition(f";gk_type={kind}")
        if not (known or found):
            continue
        if value.startswith("("):
            task.printf(f"not exporting GEOTIFF multi {kind} values with gk_key {number}: {key}={head}")
        else:
            head = head.split("(")[0]
            keys.set(number, kind, atoi(head) if kind == geokeys.SHORT else atof(head))
        return
    keys.set(number, geokeys.ASCII, value[: marked.start()])


def degrees(angle: np.ndarray) -> float:
    """Degrees, minutes and seconds to degrees."""
    if not 1 <= len(angle) <= 3:
        return 1.0
    total = 0.0
    for n in range(len(angle) - 1, -1, -1):
        total += float(angle[n]) / (1.0, 60.0, 3600.0)[n] if n else float(angle[0])
    return total


def from_parameters(task, out: TiffWriter, keys: GeoKeys) -> None:
    placed, projected = not task.defaulted("LAT"), not task.keyword("LATLONG")
    if placed:
        latitude = degrees(task.doubles("LAT")) * (-1 if task.keyword("SOUTH") else 1)
        longitude = degrees(task.doubles("LONG")) * (-1 if task.keyword("WEST") else 1)
        scale = [degrees(task.doubles("HDEGPIX")), degrees(task.doubles("VDEGPIX")), 0.0]
    elif projected:
        longitude, latitude = task.doubles("PIX_ORIG").tolist()
        scale = [*task.doubles("PIXSIZE").tolist(), 0.0]
    if placed or projected:
        out.set(geokeys.TIEPOINTS, "DOUBLE", [task.double("XPIXPOS"), task.double("YPIXPOS"), 0.0, longitude, latitude, 0.0])
        out.set(geokeys.PIXEL_SCALE, "DOUBLE", scale)
        code, name = next((DATUMS[d] for d in DATUMS if task.keyword(d)), DATUMS["WGS84"])
        keys.set(2048, geokeys.SHORT, code)
        keys.set(2049, geokeys.ASCII, name)
    if placed:
        keys.set(1024, geokeys.SHORT, 2)
        keys.set(1025, geokeys.SHORT, 1)
        keys.set(1026, geokeys.ASCII, "Geographic Model/GeoTIFF 1.0")
    elif projected:
        albers(task, keys)


def albers(task, keys: GeoKeys) -> None:
    """The keys of a projection; it is called Albers whatever PROJ says."""
    for key, value in ((1024, 1), (1025, 2), (3072, 32767), (3074, 32767), (3076, 9001), (3075, 11)):
        keys.set(key, geokeys.SHORT, value)
    keys.set(1026, geokeys.ASCII, "GeoTIFF 1.0")
    parallels, origin = task.doubles("STDPARAL"), task.doubles("FAL_ORIG")
    values = (parallels[0], parallels[1], task.double("NO_LONG"), task.double("FO_LAT"), origin[0], origin[1])
    for key, value in zip((3078, 3079, 3080, 3085, 3086, 3087), values):
        keys.set(key, geokeys.DOUBLE, float(value))


# ---- images ----------------------------------------------------------------------------------------------------------


class Images:
    """The files of INP or AUXIL on their way into one TIFF image."""

    def __init__(self, task, out: TiffWriter, parameter: str, mode: str):
        self.task, self.out, self.parameter = task, out, parameter
        self.tiled = mode[:1].upper() == "T"
        self.chunky = task.keyword("CHUNKY")
        self.palette: np.ndarray | None = None
        self.sources = [task.open(parameter, n + 1) for n in range(task.count(parameter))]
        self.bands = self._bands()
        self.planes = None
        if self.bands == 3 and task.keyword("BIT8"):
            self._quantize()

    def _bands(self) -> int:
        task, sources = self.task, self.sources
        if len(sources) == 1:
            if sources[0].nb not in (1, 3):
                task.abend("Input VICAR file must have either 1 or 3 bands")
            return sources[0].nb
        if len(sources) == 2:
            if sources[0].nb != 1:
                task.abend("Single input VICAR file with lut file must have only one band")
            return 1
        if len(sources) != 3:
            task.abend("Input VICAR image must come from either 1 or 3 files")
        if any(source.nb != 1 for source in sources):
            task.abend("Multi-file VICAR input must have one band per file")
        return 3

    def _quantize(self) -> None:
        from programs.exchange._color_table import quantize

        nl, ns = self.sources[0].nl, self.sources[0].ns
        red, green, blue = (np.array([self._line(y, band) for y in range(nl)]).view(np.uint8)[:, :ns] for band in range(3))
        self.planes, self.palette = quantize(red, green, blue)
        self.bands = 1

    def _line(self, y: int, band: int) -> np.ndarray:
        if len(self.sources) == 3:
            first = self.sources[0]
            raw = np.zeros(first.ns * first.dtype.itemsize, np.uint8)  # a line of the first file, whatever the others hold
            line = self.sources[band].read(line=y + 1).view(np.uint8)[: len(raw)]
            raw[: len(line)] = line
            return raw.view(first.dtype)
        return self.sources[0].read(line=y + 1, band=band + 1)

    def write(self) -> None:
        self._set_fields()
        if self.out.tiled:
            self._write_tiles()
        else:
            self._write_strips()
        for source in self.sources:
            source.close()
        if self.palette is not None and len(self.sources) == 3:
            raise VicarError("NOTOPN", "XVCLOSE", "vtiff_temp_lut")  # closed twice

    def _set_fields(self) -> None:
        task, out, first = self.task, self.out, self.sources[0]
        pixel = 1 if self.planes is not None else first.dtype.itemsize
        out.set(tiff.SUBFILE, "LONG", 0 if self.parameter == "INP" else 1)
        out.set(tiff.UNIT, "SHORT", 2 if task.keyword("INCH") else 3)
        out.set(tiff.X_RESOLUTION, "RATIONAL", float(task.real("XRES")))
        out.set(tiff.Y_RESOLUTION, "RATIONAL", float(task.real("YRES")))
        out.set(tiff.BITS, "SHORT", [pixel * 8] * self.bands)
        if pixel in (2, 4):
            out.set(tiff.SAMPLE_FORMAT, "SHORT", [2 if pixel == 2 else 1] * self.bands)
        compression = 5 if task.keyword("LZW") else 32773 if task.keyword("PACKBITS") else 1
        out.set(tiff.COMPRESSION, "SHORT", compression)
        if self.tiled:
            self._set_tiles()
        else:
            out.set(tiff.ROWS, "SHORT", 1)
        for tag, size in ((tiff.WIDTH, first.ns), (tiff.LENGTH, first.nl)):
            out.set(tag, "SHORT" if size <= 0xFFFF else "LONG", size)
        out.set(tiff.SOFTWARE, "ASCII", "VICAR Program VTIFF")
        out.set(tiff.DATE, "ASCII", task.now().strftime("%Y:%m:%d %H:%M:%S"))
        out.set(tiff.PLANAR, "SHORT", tiff.CHUNKY if self.chunky else tiff.SEPARATE)
        out.set(tiff.SAMPLES, "SHORT", self.bands)
        out.set(tiff.PHOTOMETRIC, "SHORT", tiff.GRAY if self.bands == 1 else tiff.RGB)
        if self.palette is not None:
            out.set(tiff.PHOTOMETRIC, "SHORT", tiff.PALETTE)
            out.set(tiff.COLORS, "SHORT", (self.palette.T.astype(int) * 257).reshape(-1).tolist())

    def _set_tiles(self) -> None:
        """Tile sizes; TIFF wants multiples of 16, and without a size the image becomes one strip."""
        task, out = self.task, self.out
        high, wide = task.integer("TLINES"), task.integer("TSAMPS")
        if high % 8 or wide % 8:
            task.message("Tile size must be a multiple of 8")
            task.abend()
        for tag, size, name in ((tiff.TILE_WIDTH, wide, "TileWidth"), (tiff.TILE_LENGTH, high, "TileLength")):
            if size % 16:
                task.printf(f'_TIFFVSetField: {task.string("OUT")}: Bad value {size} for "{name}" tag.')
        if not (high % 16 or wide % 16):
            out.set(tiff.TILE_WIDTH, "SHORT" if wide <= 0xFFFF else "LONG", wide)
            out.set(tiff.TILE_LENGTH, "SHORT" if high <= 0xFFFF else "LONG", high)

    def _bytes(self, y: int, band: int) -> np.ndarray:
        if self.planes is not None:
            return self.planes[y]
        return self._line(y, band).view(np.uint8)

    def _mixed(self, planes: list[np.ndarray]) -> bytes:
        """Bands next to each other, byte by byte whatever the size of a pixel; the rest of wider pixels is zero."""
        size = planes[0].size
        pixel = self.out.value(tiff.BITS) // 8
        count = size // pixel
        mixed = np.zeros((count, len(planes)), np.uint8)
        for band, plane in enumerate(planes):
            mixed[: len(plane), band] = plane[:count]
        return mixed.tobytes().ljust(size * len(planes), b"\0")

    def _write_strips(self) -> None:
        nl, out = self.sources[0].nl, self.out
        status = Status(self.task, nl)
        chunky = self.chunky and self.bands > 1
        rows: list[list[bytes]] = [[] for _ in range(1 if chunky else self.bands)]
        for y in range(nl):
            status.update(y + 1)
            planes = [self._bytes(y, band) for band in range(self.bands)]
            parts = [self._mixed(planes)] if chunky else [plane.tobytes() for plane in planes]
            for band, part in enumerate(parts):
                if tiff.ROWS in out.fields:
                    out.put(band * nl + y, part, len(part))
                else:
                    rows[band].append(part)
        for band, parts in enumerate(rows):
            if parts:
                out.put(band, b"".join(parts), len(parts[0]))

    def _write_tiles(self) -> None:
        """Tiles in the order of the image; what a tile has beyond the edge is left from the tile before it."""
        out, first = self.out, self.sources[0]
        self._check_mask()
        high, wide, pixel = out.value(tiff.TILE_LENGTH), out.value(tiff.TILE_WIDTH), out.value(tiff.BITS) // 8
        across, down = -(-first.ns // wide), -(-first.nl // high)
        chunky = self.chunky and self.bands > 1
        memory = np.zeros((self.bands, high, wide * pixel), np.uint8)
        status = Status(self.task, first.nl)
        for y in range(0, first.nl, high):
            status.update(y + high)
            rows = min(high, first.nl - y)
            lines = [[self._bytes(y + n, band) for n in range(rows)] for band in range(self.bands)]
            for x in range(0, first.ns, wide):
                columns = min(wide, first.ns - x)
                for band in range(self.bands):
                    for n in range(rows):
                        memory[band, n, : columns * pixel] = lines[band][n][x * pixel : (x + columns) * pixel]
                number = y // high * across + x // wide
                if chunky:
                    out.put(number, self._mixed([plane.reshape(-1) for plane in memory]), wide * pixel * self.bands)
                else:
                    for band in range(self.bands):
                        out.put(number + band * across * down, memory[band].tobytes(), wide * pixel)

    def _check_mask(self) -> None:
        """NULLMASK must be readable, though nothing is done with it."""
        task = self.task
        name = task.string("NULLMASK", "").strip()
        if task.keyword("JPL") and name:
            with task.open_table(file=name) as table:
                if task.integer("MASKCOL") > table.nc:
                    task.message("MASKCOL is not a valid column")
                    task.abend()
