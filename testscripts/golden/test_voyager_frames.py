"""The Voyager chain on every raw frame of the reference data, and the products of 1983: logs and files of the original's runs.

``voyager/frames.json`` has for each run its command, the options of the synthetic light-transfer file and the digests of all
images; ``voyager/NAME.log`` is the session log.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import vicar
from monitor.verify.masks import NATIVE
from monitor.verify.report import detail
from monitor.verify.run import run_test
from monitor.verify.suites import Test, copy_folder, make_calibration

MODELS = Path(__file__).with_name("voyager")
RUNS = json.loads((MODELS / "frames.json").read_text())


def voyager_run(name: str, shared: Path, digests: Path) -> Test:
    frames = shared / "testdata" / "voyager"
    facts = RUNS[name]
    digests.write_text(json.dumps(facts["images"]))
    own = MODELS / f"{name}.pdf"
    procedure = own if own.is_file() else shared / "golden" / "voyager" / "vgrchain.pdf"

    def prepare(target: Path) -> None:
        shutil.copyfile(procedure, target / procedure.name)
        if facts["transfer"]:
            (target / "data").mkdir()
            copy_folder(frames / "ficor77", target / "data")
            shutil.copyfile(frames / "f2048013.byt", target / "data" / "f2048013.byt")
            make_calibration(shared, target / "cal.dat", facts["transfer"])
        else:
            for path in [*frames.glob("f1636832.*"), frames / "ficor77" / "f1636832.raw"]:
                shutil.copyfile(path, target / path.name)

    return Test(
        name, "voyager", facts["command"], procedure, (MODELS / f"{name}.log",), NATIVE, prepare, digests=digests, timeout=300.0
    )


@pytest.mark.parametrize("name", RUNS)
def test_as_the_original(name, shared, verify_worker, tmp_path):
    outcome = run_test(voyager_run(name, shared, tmp_path / "digests.json"), verify_worker)
    assert outcome.verdict.reproduced, "\n".join(detail(outcome))


def test_the_rebuilt_geometry_differs_from_1983_where_the_original_does(shared, tmp_path):
    """Of the million pixels 711812 differ: so says DIFPIC in the original's log, and it is the same ones (``dobj.img``)."""
    from monitor.session import Session

    frames = shared / "testdata" / "voyager"
    session = Session(directory=tmp_path)
    session.run("resloc", str(frames / "ficor77" / "f1636832.raw"), ["res", "geo"])
    session.run("ressar77", [str(frames / "f1636832.fic"), "res"], "rem")
    session.run("geoma", ["rem", "geo"], "obj", size=[1, 1, 1000, 1000])
    with vicar.open(tmp_path / "obj") as ours, vicar.open(frames / "f1636832.geo") as product:
        differences = product.read_all().astype(int) - ours.read_all()
    assert np.count_nonzero(differences > 0) == 356772
    assert np.count_nonzero(differences < 0) == 355040
