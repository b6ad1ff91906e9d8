"""The four commands of the protocol, in the container."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
import yaml

from integration_tests.image.image import ANY_USER, HARDENED, ROOT, Image
from integration_tests.sync.rows import table
from sandbox import Sandbox

pytestmark = pytest.mark.image_tests

CONFIG = ("--config", "/secrets/config.json")
SPEC = yaml.safe_load((ROOT / "source_consolidated_stats" / "spec.yaml").read_text(encoding="utf-8"))
SCHEMAS = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "schemas").glob("*.json")}


@pytest.mark.parametrize("options", [(), HARDENED, ANY_USER], ids=["plain", "hardened", "any user"])
def test_spec_is_that_of_the_package(image: Image, options: Sequence[str]) -> None:
    output = image.run("spec", options=options)

    assert output.exit_code == 0
    assert [spec["connectionSpecification"] for spec in output.of_type("SPEC")] == [SPEC["connectionSpecification"]]


def test_check_succeeds(image: Image, files: dict[str, object]) -> None:
    output = image.run("check", *CONFIG, files=files)

    assert output.exit_code == 0
    assert output.status["status"] == "SUCCEEDED"


def test_discover_gives_the_schemas(image: Image, files: dict[str, object]) -> None:
    output = image.run("discover", *CONFIG, files=files)

    (catalog,) = output.of_type("CATALOG")
    assert output.exit_code == 0
    assert {stream["name"]: stream["json_schema"] for stream in catalog["streams"]} == SCHEMAS


def test_read_delivers_every_row_once(image: Image, sandbox: Sandbox, files: dict[str, object]) -> None:
    output = image.run("read", *CONFIG, "--catalog", "/secrets/catalog.json", files=files)

    assert output.exit_code == 0
    assert output.errors == []
    assert table(output.records) == table(sandbox.truth())
