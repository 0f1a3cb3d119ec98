"""Where a spacecraft was, where its camera looked, and how its target stood, from SPICE kernels (extra: the package spiceypy).

A library of the toolkit is below spiceypy, so numbers are those of the original over the same release of it, bit for bit. The
search of pointings by the names of their segments has no part in spiceypy's interface; its three routines are called as that
calls others.

Sources: ``vos/p2/sub/getspice2``, ``vos/p2/sub/getspice95``, ``vos/p2/sub/mspice`` (mslcl_getspice, mssvr_read_ckrecord,
mssvr_readspkdata, cam_info). The server of kernels that SPICEMODE=REMOTE asked is gone: files of this machine are used.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vicar.missions.cameras import camera_constants
from vicar.missions.flightimage import FlightImage
from vicar.missions.kernelfiles import (
    POINTING,
    POSITIONS,
    SUPPORT,
    Kernel,
    KernelError,
    configuration,
    pointing_order,
    position_order,
    table,
)
from vicar.missions.perspective import Perspective, pixel_of
from vicar.missions.provenance import Provenance
from vicar.numerics import libm

f32 = np.float32
J2000, B1950 = 1, 2
FRAMES = {J2000: "J2000", B1950: "B1950"}
SUN = 10
CRAFT = {"VGR-1": (-31, "VGR1", B1950), "VGR-2": (-32, "VGR2", B1950), "GLL": (-77, "GLL", J2000),
         "CASSI": (-82, "CAS", J2000)}  # fmt: skip
WIDE = (6, 4)  # camera numbers of Voyager
PLATFORMS = {"GLL": 1, "CASSI": 0}  # instruments whose pointing is known for all cameras
CASSINI_FRAMES = {1: -82360, 2: -82361}  # of the narrow and the wide camera, relative to the platform
FIRST_TOLERANCE, TRIES = 80.0, 50  # ticks of the clock a pointing may be away, and how often that is doubled
SMALLEST_RADIUS = 0.1  # km
VENUS, VENUS_RADIUS = (2, 299), 6137.0


@dataclass(frozen=True)
class Geometry:
    """Geometry of an image; degrees (west longitudes) and km.

    om : float64 (3, 3), from target to camera axes; rs : float64 (3,), from the target's centre to the spacecraft.
    centre : line and sample of the target's centre in object space. ``kernel`` and ``positions`` are the names of the kernels of
    pointing and spacecraft in their table, ``segment`` is the name of the pointing (`provenance`), ``event`` the time asked for.
    """

    body: int
    radii: tuple[float, float, float]
    om: np.ndarray
    rs: np.ndarray
    distance: float
    latitude: float
    longitude: float
    north: float
    centre: tuple[float, float]
    kernel: str
    positions: str
    segment: str
    event: tuple[int, ...]


class Toolkit:
    """spiceypy, for one program: what it loads is unloaded at the end."""

    def __init__(self, environment: Mapping[str, str], directory: Path):
        self.environment, self.directory = environment, directory
        self._spice = None
        self._pointing: list[int] = []
        self._positions: list[int] = []

    @property
    def spice(self):
        """The module. Raises `KernelError` where it is not installed."""
        if self._spice is None:
            try:
                import spiceypy
            except ImportError:
                raise KernelError("SPICE kernels are read by the package spiceypy, which is not installed "
                                  "(pip install 'vicar-tae[spice]')") from None
            self._spice = spiceypy
        return self._spice

    @contextlib.contextmanager
    def faults(self, what: str) -> Iterator[None]:
        """Turns the toolkit's errors into `KernelError`."""
        try:
            yield
        except Exception as error:  # spiceypy has a class for each of some hundred errors
            if isinstance(error, KernelError) or type(error).__module__.split(".")[0] != "spiceypy":
                raise
            why = " ".join((getattr(error, "long", "") or getattr(error, "short", "") or str(error)).split())
            raise KernelError(f"{what}: {why}") from None

    def path(self, name: str) -> str:
        return str(self.directory / name)

    def load_support(self, settings: Mapping[str, str], kinds=SUPPORT) -> None:
        """Text kernels of a mission in place of all others."""
        self.spice.clpool()
        for kind in kinds:
            name = settings.get(kind, "")
            if name or kind != "FRAMES":
                if not name:
                    raise KernelError(f"The configuration file names no {kind} kernel")
                with self.faults(f"Cannot read {name}"):
                    self.spice.ldpool(self.path(name))

    def knows(self, name: str) -> bool:
        """Whether a name is that of a body; without the toolkit any may be that begins with a letter or digit."""
        if name[:1].isalnum():
            with contextlib.suppress(ImportError):
                import spiceypy

                with contextlib.suppress(spiceypy.utils.exceptions.NotFoundError):
                    return spiceypy.bodn2c(name) is not None
                return False
        return name[:1].isalnum()

    def time(self, utc: str) -> float:
        with self.faults(f"No time: {utc}"):
            return self.spice.utc2et(utc)

    def load(self, kernel: Kernel, pointing: bool) -> int:
        with self.faults(f"Cannot read {kernel.path}"):
            handle = (self.spice.cklpf if pointing else self.spice.spklef)(self.path(kernel.path))
        (self._pointing if pointing else self._positions).append(handle)
        return handle

    def unload_pointings(self) -> None:
        for handle in self._pointing:
            self.spice.ckupf(handle)
        self._pointing = []

    def unload(self) -> None:
        """Everything loaded so far."""
        self.unload_pointings()
        for handle in self._positions:
            self.spice.spkuef(handle)
        self._positions = []
        if self._spice is not None:
            self._spice.clpool()


def geometry(tools: Toolkit, image: FlightImage, source: str, wish: Provenance) -> Geometry:
    """Geometry of an image; ``source`` is the kind of pointing preferred (CKNAME). Raises `KernelError`."""
    craft, mission, system = CRAFT[image.project]
    settings = configuration(tools.environment, tools.directory, mission)
    try:
        tools.load_support(settings)
        year, day, hour, minute, second, millisecond = image.event
        utc = f"{year:04d}-{day:03d}//{hour:02d}:{minute:02d}:{second:02d}.{millisecond:03d}"
        when = tools.time(utc)
        pointing = _pointing(tools, settings, image, when, source, wish)
        tools.unload_pointings()
        return _placed(tools, settings, image, when, pointing)
    finally:
        tools.unload()


@dataclass(frozen=True)
class _Pointing:
    matrix: np.ndarray  # from the frame of the mission's system to camera axes
    segment: str
    kernel: str


def _pointing(tools: Toolkit, settings, image: FlightImage, when: float, source: str, wish: Provenance) -> _Pointing:
    craft, _, system = CRAFT[image.project]
    with tools.faults("No spacecraft clock"):
        clock = tools.spice.sce2t(craft, when)
    kernels = table(settings, tools.directory, POINTING, tools.time)
    names = {tools.load(kernel, True): kernel.name for kernel in pointing_order(kernels, when, source)}
    instrument = craft * 1000 - PLATFORMS.get(image.project, 2 if image.camera in WIDE else 1)
    tolerance = FIRST_TOLERANCE
    for _ in range(TRIES):
        wanted: Provenance | None = wish
        while wanted is not None:
            for handle, segment, frame, matrix in _segments(tools, instrument, clock, tolerance):
                if not wanted.wanted or wanted.matches(Provenance.of_segment(segment)):
                    if frame != system:
                        matrix = tools.spice.mxm(matrix, np.ascontiguousarray(tools.spice.irfrot(system, frame)))
                    if image.project == "CASSI":
                        matrix = tools.spice.mxm(_camera_axes(tools, image), matrix)
                    return _Pointing(np.ascontiguousarray(matrix), segment, names.get(handle, ""))
            wanted = wanted.lowered()
        tolerance *= 2
    raise KernelError("No kernel knows where the camera looked")


def _camera_axes(tools: Toolkit, image: FlightImage) -> np.ndarray:
    """From axes of Cassini's platform to those of a camera, which stands upside down."""
    spice = tools.spice
    with tools.faults("No frame of the camera"):
        matrix = np.ascontiguousarray(spice.tkfram(CASSINI_FRAMES[image.camera % 10])[0])
        return spice.mxm(np.ascontiguousarray(spice.rotate(spice.pi(), 3).T), np.ascontiguousarray(matrix.T))


def _segments(tools: Toolkit, instrument: int, clock: float, tolerance: float):
    """Handle, name, frame and matrix of all segments that have a pointing near a clock time, those that count most first."""
    from spiceypy.utils.libspicehelper import libspice

    number, real, ref = ctypes.c_int, ctypes.c_double, ctypes.byref
    libspice.ckbss_(ref(number(instrument)), ref(real(clock)), ref(real(tolerance)), ref(number(0)))
    while True:
        handle, found, descriptor, name = number(), number(), (real * 5)(), ctypes.create_string_buffer(40)
        libspice.cksns_(ref(handle), descriptor, name, ref(found), number(40))
        if tools.spice.failed():
            tools.spice.reset()
            raise KernelError("The search of pointings failed")
        if not found.value:
            return
        matrix, rates, at, exact = (real * 9)(), (real * 3)(), real(), number()
        libspice.ckpfs_(ref(handle), descriptor, ref(real(clock)), ref(real(tolerance)), ref(number(0)), matrix, rates, ref(at),
                        ref(exact))  # fmt: skip
        if tools.spice.failed():
            tools.spice.reset()
        elif exact.value:
            frame = int(np.frombuffer(descriptor, np.int32)[5])
            yield handle.value, name.raw.decode("latin-1"), frame, np.array(matrix).reshape(3, 3).T.copy()


def _placed(tools: Toolkit, settings, image: FlightImage, when: float, pointing: _Pointing) -> Geometry:
    """Spacecraft and target of an image whose pointing is known."""
    spice = tools.spice
    craft, _, system = CRAFT[image.project]
    kernels = table(settings, tools.directory, POSITIONS, tools.time)
    loaded = {}
    for kernel in position_order(kernels, when, pointing.segment[14:18]):
        loaded[tools.load(kernel, False)] = kernel.name
    if not image.target:
        raise KernelError("No target is known: give TARGET")
    with tools.faults(f"No target {image.target}"):
        body = spice.bodn2c(image.target)
    centre = body if body < 10 or body > 999 else 100 * (body // 100) + 99
    frame = FRAMES[system]
    with tools.faults("No position of the spacecraft"):
        state = spice.spkssb(craft, when, frame)
        positions = loaded.get(spice.dafgh(), pointing.segment[14:18])
    with tools.faults(f"No position of {image.target}"):
        spice.spkapp(centre, when, frame, state, "LT")
        target, delay = spice.spkapp(body, when, frame, state, "LT")
        spice.spkapp(SUN, when, frame, state, "LT")
    with tools.faults(f"No axes or radii of {image.target}"):
        ra, dec, turn, _ = spice.bodeul(body, when - delay)
        me = spice.eul2m(turn, spice.halfpi() - dec, spice.halfpi() + ra, 3, 1, 3)
        radii = _radii(spice, body)
    if system == B1950:
        me = spice.mxm(np.ascontiguousarray(me), np.ascontiguousarray(spice.irfrot(J2000, B1950)))
    om = spice.mxmt(me, pointing.matrix).T
    rs = spice.mxv(me, [-part for part in target[:3]])
    _, east, latitude = spice.reclat(rs)
    longitude = 360.0 - spice.dpr() * east
    longitude = longitude - 360 if longitude > 360 else longitude
    latitude *= spice.dpr()
    pole = spice.mxv(pointing.matrix, spice.mtxv(me, [0.0, 0.0, 1.0]))
    north = spice.dpr() * float(libm.atan2(np.float64(pole[1]), np.float64(pole[0])))
    north = north + 360.0 if north < 0 else north
    camera = camera_constants(image.project, image.camera)
    view = Perspective(camera, om, rs, f32(radii[0]), f32(radii[0] - radii[1]), f32(0))
    place = pixel_of(view, f32(latitude), f32(360.0) - f32(longitude))
    if place is None:
        raise KernelError("The centre of the target is behind it")
    distance = spice.vnorm(target[:3])
    return Geometry(body, radii, np.asarray(om), np.asarray(rs), distance, latitude, longitude, north,
                    (float(place[0]), float(place[1])), pointing.kernel, positions, pointing.segment, image.event)


def _radii(spice, body: int) -> tuple[float, float, float]:
    radii = tuple(float(radius) for radius in spice.bodvar(body, "RADII", 3))
    if any(int(radius * 10) < 1 for radius in radii):
        raise KernelError("The target has no radius")
    return (VENUS_RADIUS,) * 3 if body in VENUS else radii
