"""TIFF files with GeoTIFF keys, as far as VTIFF3O needs them."""

from vicar.tiff.file import TiffError, TiffReader, TiffWriter
from vicar.tiff.geokeys import GeoKeys

__all__ = ["GeoKeys", "TiffError", "TiffReader", "TiffWriter"]
