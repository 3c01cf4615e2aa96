"""The doctor: each line is ok or says what to do."""

import json
from importlib import metadata

import pytest

from udl_teach import doctor


@pytest.mark.parametrize(
    ("kernel", "front_end", "healthy"),
    [("8.1.9", "5.0.17", True), ("7.7.1", "3.1.1", True), ("8.1.9", "3.1.1", False), ("7.7.1", "5.0.17", False)],
)
def test_kernel_and_front_end_must_be_of_one_generation(kernel, front_end, healthy):
    finding = doctor.front_end_finding(kernel, front_end)
    assert (finding.advice is None) is healthy
    assert healthy or f"jupyterlab_widgets>={3 if kernel[0] == '8' else 1}," in finding.advice


def test_a_missing_front_end_or_kernel_side_is_said():
    assert "jupyterlab_widgets>=3,<4" in doctor.front_end_finding("8.1.9", None).advice
    assert doctor.front_end_finding(None, "5.0.17").advice == "pip install ipywidgets"


def test_the_front_end_is_read_from_where_jupyterlab_looks(tmp_path):
    assert doctor.front_end_version(tmp_path) is None
    place = tmp_path / "share" / "jupyter" / "labextensions" / "@jupyter-widgets" / "jupyterlab-manager"
    place.mkdir(parents=True)
    (place / "package.json").write_text(json.dumps({"version": "5.0.1"}))
    assert doctor.front_end_version(tmp_path) == "5.0.1"


def test_a_package_that_is_missing_or_too_old_says_what_to_install(monkeypatch):
    assert doctor.package_finding("numpy").advice is None
    monkeypatch.setattr(
        metadata, "requires", lambda _: ["numpy>=1.26", "torch>=2.4", "jupyterlab>=4.2; extra == 'lab'"]
    )
    for version, advice in (("1.25.9", "pip install 'numpy>=1.26'"), ("1.26", None), ("2.10.1", None)):
        monkeypatch.setattr(metadata, "version", lambda _, version=version: version)
        assert doctor.package_finding("numpy").advice == advice

    def gone(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", gone)
    assert doctor.package_finding("jupyterlab").advice == "pip install 'udl-teach[lab]'"


def test_an_old_python_is_said():
    assert doctor.python_finding((3, 9)).advice == "install Python 3.10 or newer"
    assert doctor.python_finding((3, 13)).advice is None


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    assert doctor.writing_finding("lessons", tmp_path / "not" / "yet").advice is None
    assert not (tmp_path / "not").exists() and not list(tmp_path.iterdir())
    (tmp_path / "file").write_text("")
    finding = doctor.writing_finding("lessons", tmp_path / "file")
    assert "choose a folder" in finding.advice


def test_another_pythons_jupyter_lab_on_the_path_is_said(tmp_path):
    assert doctor.jupyter_finding(None, tmp_path).advice is None
    assert doctor.jupyter_finding(str(tmp_path / "bin" / "jupyter-lab"), tmp_path).advice is None
    assert "another Python" in doctor.jupyter_finding("/opt/other/bin/jupyter-lab", tmp_path).advice


def test_all_that_is_promised_is_looked_at(tmp_path):
    findings = {finding.name: str(finding) for finding in doctor.examine(tmp_path)}
    named = {"python", *doctor.PACKAGES, "device", "memory", "widgets", "lessons", "progress", "fonts"}
    assert named <= set(findings)
    assert all(line.endswith(" ok") or " -> " in line for line in findings.values())
