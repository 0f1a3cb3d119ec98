"""Other readers agree with ours about files that we write: GDAL (rasterio), rms-vicar, xarray, pandas. Extra ``peers``."""

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest

import vicar
from vicar.ibis import create_table
from vicar.image import HistoryStamp, create_image

STAMP = HistoryStamp("TEST", "jane", "Sat Nov 21 10:34:07 2026")
FORMATS = {"BYTE": np.uint8, "HALF": np.int16, "FULL": np.int32, "REAL": np.float32, "DOUB": np.float64, "COMP": np.complex64}
HOSTS = {"native": ("X86-64-LINX", "LOW", "RIEEE"), "sun": ("SUN-SOLR", "HIGH", "IEEE"), "vax": ("VAX-VMS", "LOW", "VAX")}


def pixels(format: str, shape=(3, 7, 11)) -> np.ndarray:
    generator = np.random.default_rng(4)
    if format == "COMP":
        return (generator.normal(0, 50, shape) + 1j * generator.normal(0, 50, shape)).astype(np.complex64)
    low, high = (0, 256) if format == "BYTE" else (-3000, 3000)
    return generator.integers(low, high, shape).astype(FORMATS[format])


def write(path, format, host, org, array, nlb=0, nbb=0, eol=False, compress="NONE") -> None:
    name, integers, reals = HOSTS[host]
    nb, nl, ns = array.shape
    with create_image(path, nl=nl, ns=ns, nb=nb, format=format, org=org, host=name, intfmt=integers, realfmt=reals, nlb=nlb,
                      nbb=nbb, task=STAMP, compress=compress) as image:  # fmt: skip
        if nlb:
            image.write_binary_header(np.full((nlb, image.recsize), 7, np.uint8))
        for band in range(nb):
            image.write_window(array[band], band=band + 1)
        if eol:
            image.label.add("NOTE", ["x" * 200] * 5, task="")
    assert vicar.read_label(path)["EOL"] == int(eol)


MATRIX = list(itertools.product(FORMATS, HOSTS, ("BSQ", "BIL", "BIP"), ((0, 0), (2, 6)), (False, True)))


# what GDAL takes otherwise than the original: VAX complex numbers (for IEEE), several bands of BIL or BIP with prefixes (one
# prefix a line, not one a record); rms-vicar and the original agree with us there
GDAL_MATRIX = [form for form in MATRIX if form[:2] != ("COMP", "vax") and (form[2] == "BSQ" or form[3] == (0, 0))]


@pytest.mark.parametrize(("format", "host", "org", "binary", "eol"), GDAL_MATRIX)
def test_gdal_reads_what_we_write(format, host, org, binary, eol, tmp_path):
    rasterio = pytest.importorskip("rasterio", reason="needs rasterio (extra peers)")
    array = pixels(format)
    write(tmp_path / "a.vic", format, host, org, array, *binary, eol=eol)
    with rasterio.open(tmp_path / "a.vic") as dataset:
        assert np.array_equal(dataset.read(), array)


@pytest.mark.parametrize(("format", "compress", "eol"), list(itertools.product(("BYTE", "HALF", "FULL"), ("BASIC", "BASIC2"), (False, True))))
def test_gdal_decodes_what_we_compress(format, compress, eol, tmp_path):
    rasterio = pytest.importorskip("rasterio", reason="needs rasterio (extra peers)")
    array = np.repeat(pixels(format, (1, 7, 11)), 3, axis=2)
    write(tmp_path / "a.vic", format, "native", "BSQ", array, eol=eol, compress=compress)
    with rasterio.open(tmp_path / "a.vic") as dataset:  # GDAL decodes integers only
        assert np.array_equal(dataset.read(), array)


RMS_READ = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy
from vicar import VicarImage
for name in sys.argv[3:]:
    numpy.save(f"{sys.argv[2]}/{name}.npy", VicarImage(f"{sys.argv[2]}/{name}").array3d)
"""


def test_rms_vicar_reads_what_we_write(tmp_path):
    """Its package has our name, so it lives in a folder of its own (RMS_VICAR) and reads in a process of its own."""
    folder = os.environ.get("RMS_VICAR")
    if not folder:
        pytest.skip("needs rms-vicar in a folder of its own (RMS_VICAR)")
    cases = {f"{'_'.join(map(str, form))}.vic".replace(" ", ""): form for form in MATRIX
             if form[:2] != ("COMP", "vax")}  # it reads the parts of VAX complex numbers wrongly
    for name, (format, host, org, binary, eol) in cases.items():
        write(tmp_path / name, format, host, org, pixels(format), *binary, eol=eol)
    done = subprocess.run([sys.executable, "-c", RMS_READ, folder, tmp_path, *cases], capture_output=True, text=True, check=False,
                          cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    wrong = []
    for name, (format, _, org, _, _) in cases.items():
        seen, array = np.load(tmp_path / f"{name}.npy"), pixels(format)
        axes = {"BSQ": (0, 1, 2), "BIL": (1, 0, 2), "BIP": (2, 0, 1)}[org]
        shown = seen.transpose(axes) if seen.shape != array.shape else seen
        if not (np.array_equal(shown, array) or np.array_equal(seen, array)):
            wrong.append(name)
    assert not wrong


def test_xarray_reads_only_what_is_asked_for(tmp_path):
    xarray = pytest.importorskip("xarray")
    array = pixels("HALF", (3, 40, 50))
    vicar.write(tmp_path / "a.vic", array, task=STAMP, items={"NOTE": "hello"})
    from vicar.xarray_backend import VicarBackend

    data = xarray.open_dataset(tmp_path / "a.vic", engine=VicarBackend)
    assert data.image.dims == ("band", "line", "sample") and data.image.attrs["TEST[1]:NOTE"] == "hello"
    assert np.array_equal(data.image.sel(band=2, line=slice(5, 9)).values, array[1, 4:9])
    assert np.array_equal(data.image[:, ::3, 7].values, array[:, ::3, 7])
    assert int(data.image[0, 1, 2]) == array[0, 1, 2]


def test_tables_as_pandas_frames(tmp_path):
    pytest.importorskip("pandas")
    with create_table(tmp_path / "t", nr=3, nc=2, formats=["FULL", "A5"], task=STAMP) as table:
        table.write(1, [1, 2, 3])
        table.write(2, ["a", "bb", "ccc"])
        table.new_group("NUMBER", [1])
    from vicar.ibis import open_table

    with open_table(tmp_path / "t") as table:
        frame = table.frame()
    assert list(frame.columns) == ["NUMBER", "C2"] and frame["C2"].tolist() == ["a", "bb", "ccc"]
