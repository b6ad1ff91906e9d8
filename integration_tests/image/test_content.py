"""What the image is made of, and who runs it."""

from __future__ import annotations

import pytest

from integration_tests.image.image import ROOT, Image

pytestmark = pytest.mark.image_tests

WORK_DIRECTORY = "airbyte/integration_code/"
COPIED = ("main.py", "requirements.lock", "schemas", "source_consolidated_stats")
KEPT_OUT = {".git", "secrets", "unit_tests", "integration_tests"}


def test_the_connector_does_not_run_as_root(image: Image) -> None:
    assert int(image.run_program("id", "-u")) > 0


def test_the_entry_point_is_the_one_that_airbyte_looks_for(image: Image) -> None:
    config = image.config()

    assert f"AIRBYTE_ENTRYPOINT={' '.join(config['Entrypoint'])}" in config["Env"]


def test_the_work_directory_holds_the_connector_and_nothing_else(image: Image) -> None:
    copied = {file for name in COPIED for file in [ROOT / name, *(ROOT / name).rglob("*")] if file.is_file()}
    expected = {file.relative_to(ROOT).as_posix() for file in copied if "__pycache__" not in file.parts}

    held = {file.removeprefix(WORK_DIRECTORY) for file in image.files if file.startswith(WORK_DIRECTORY)}

    assert held == expected


def test_python_is_the_only_executable_of_the_environment(image: Image) -> None:
    executables = image.run_program("ls", "/opt/connector/bin").split()

    assert "python" in executables
    assert [name for name in executables if not name.startswith("python")] == []


def test_the_labels_name_the_package(image: Image) -> None:
    labels = image.config()["Labels"]

    assert labels["io.airbyte.name"] == "airbyte/source-consolidated-stats"
    assert labels["org.opencontainers.image.title"] == "Saleshandy Consolidated Stats"
    assert labels["org.opencontainers.image.version"] == labels["io.airbyte.version"]


def test_no_layer_holds_secrets_tests_or_git(image: Image) -> None:
    assert "etc/passwd" in image.files
    assert {
        file for file in image.files if KEPT_OUT.intersection(file.split("/")) and "/site-packages/" not in file
    } == set()
