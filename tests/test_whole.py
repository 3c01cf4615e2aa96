"""`make test` runs all of its parts whatever fails, and says at the end what became of each."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WHOLE = Path(__file__).with_name("whole.py")
# Stands for make: the part "good" passes two tests, "bad" fails one of them, "broken" stops before pytest starts.
MAKE = """import subprocess, sys
part = sys.argv[-1]
if part == "broken":
    sys.exit(2)
with open(part + "_test.py", "w") as file:
    file.write("def test_a(): pass\\ndef test_b(): assert " + str(part == "good"))
sys.exit(subprocess.call([sys.executable, "-m", "pytest", "-q", part + "_test.py"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="make test needs make")
@pytest.mark.parametrize(("parts", "code"), [(["good"], 0), (["bad", "broken", "good"], 1), (["broken"], 1)])
def test_every_part_runs_whatever_fails_and_gets_a_line(tmp_path, parts, code):
    make = tmp_path / "make"
    make.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{tmp_path}/make.py' \"$@\"\n")
    make.chmod(0o755)
    (tmp_path / "make.py").write_text(MAKE)
    (tmp_path / "conftest.py").touch()
    ask = f"import whole, sys; sys.exit(whole.main({str(make)!r}, { ({part: part for part in parts})!r}))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(WHOLE.parent), os.environ.get("PYTHONPATH", "")])}
    # In the background and without a terminal, as CI has it.
    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    rows = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()[-len(parts) - 1 :]]
    said = {name: (word, passed, failed) for name, word, passed, failed, *_ in rows}
    wanted = {"good": ("ok", "2", "0"), "bad": ("FAILED", "1", "1"), "broken": ("FAILED", "0", "0")}
    assert {part: said[part] for part in parts} == {part: wanted[part] for part in parts}
    assert said["together"][0] == ("ok" if code == 0 else "FAILED")
    assert float(rows[-1][-1]) >= 0 and float(rows[-1][-2]) >= 0
