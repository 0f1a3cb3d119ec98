"""VTIFF3O: images to TIFF files and back, with GeoTIFF labels. Source: ``vos/p2/prog/vtiff3o`` (C), libtiff, libgeotiff.

As in the original only LZW and PACKBITS compress; ZIP, JPG and JPL leave the data as they are; and BIT8 ends in an abend for
three files (it closes its table twice), not for one file of three bands.

accepted
* Bands of more than one byte a pixel that lie next to each other (CHUNKY) are mixed byte by byte in the original, with unset
  memory behind them; here zeros are behind them.
* Labels that give a real number or a text where a whole number is expected, and tile padding of the first tile, take what
  is in memory in the original; here 0.
* DUMP prints the directory in a form of its own on the terminal (it is in no log). Color tables of less than 256 samples a
  line end in zeros.
* PLANAR bands whose tile size TIFF refuses overwrite each other in libtiff; here each has its strip.
* Resolutions that are no short fractions may be written as another fraction of the same value.
known
* JPEG and other compressions, predictors and BigTIFF are not read.
"""

from __future__ import annotations


def main(task):
    task.if_message("VTIFF3O version 2019-09-05")
    if task.subcommand.startswith("F"):
        from programs.exchange._tiff_from_vicar import vicar_to_tiff

        vicar_to_tiff(task)
    elif task.subcommand.startswith("T"):
        from programs.exchange._tiff_to_vicar import tiff_to_vicar

        tiff_to_vicar(task)
