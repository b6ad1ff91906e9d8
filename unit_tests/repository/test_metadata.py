"""`metadata.yaml` is valid, and agrees with every other file that states the version, the licence, the address or the
base image."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import yaml
from airbyte_connector_models.metadata.v0.connector_metadata_definition_v0 import ConnectorMetadataDefinitionV0

ROOT = Path(__file__).parents[2]


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


VERSION = _text("source_consolidated_stats/VERSION").strip()
METADATA: dict[str, Any] = yaml.safe_load(_text("metadata.yaml"))
DATA: dict[str, Any] = METADATA["data"]
SPEC: dict[str, Any] = yaml.safe_load(_text("source_consolidated_stats/spec.yaml"))


def test_metadata_fits_airbytes_model() -> None:
    metadata = ConnectorMetadataDefinitionV0.model_validate(METADATA)

    assert metadata.data.docker_repository == "airbyte/source-consolidated-stats"


def test_definition_id_never_changes() -> None:
    """Existing connections are found by it."""
    assert UUID(DATA["definitionId"]) == UUID("56b41f27-5dc9-4b56-b90d-6005548773af")


def test_metadata_has_what_a_certified_connector_has() -> None:
    customary = {
        "ab_internal",
        "allowedHosts",
        "connectorBuildOptions",
        "connectorTestSuitesOptions",
        "documentationUrl",
        "githubIssueLabel",
        "icon",
        "license",
        "maxSecondsBetweenMessages",
        "registryOverrides",
        "releaseDate",
        "releaseStage",
        "remoteRegistries",
        "suggestedStreams",
        "supportLevel",
        "tags",
    }

    assert customary - set(DATA) == set()
    assert set(DATA["tags"]) == {"language:python", "cdk:python"}
    assert DATA["suggestedStreams"]["streams"] == ["consolidated_stats", "sequences"]
    assert [suite["suite"] for suite in DATA["connectorTestSuitesOptions"]] == [
        "unitTests",
        "integrationTests",
        "acceptanceTests",
    ]


def test_name_and_documentation_are_those_of_the_spec() -> None:
    assert DATA["name"] == SPEC["connectionSpecification"]["title"]
    assert DATA["documentationUrl"] == SPEC["documentationUrl"]


def test_hosts_are_the_default_and_the_configured_one() -> None:
    """Airbyte takes the host from the setting's address, and drops the entry if the setting is empty."""
    default = SPEC["connectionSpecification"]["properties"]["api_url"]["default"]

    assert DATA["allowedHosts"]["hosts"] == [default.removeprefix("https://"), "${api_url}"]


def test_base_image_is_that_of_the_dockerfile() -> None:
    base = re.search(r"^ARG BASE_IMAGE=(.*)$", _text("Dockerfile"), flags=re.MULTILINE)

    assert base
    assert DATA["connectorBuildOptions"]["baseImage"] == base[1]
    assert re.fullmatch(r"docker\.io/airbyte/python-connector-base:[0-9.]+@sha256:[0-9a-f]{64}", base[1])


def test_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## (\S+) - ([0-9-]{10})$", _text("CHANGELOG.md"), flags=re.MULTILINE)
    documented = re.search(
        r"^\| ([0-9]\S*) \| ([0-9-]{10}) \|", _text("docs/consolidated-stats.md"), flags=re.MULTILINE
    )

    assert newest
    assert documented
    assert (DATA["dockerImageTag"], _package()["version"]) == (VERSION, VERSION)
    assert newest.groups() == documented.groups() == (VERSION, newest[2])


def test_labels_of_the_image_are_those_of_the_package() -> None:
    labels = dict(re.findall(r'([a-z.]+)="([^"]*)"', _text("Dockerfile").partition("LABEL ")[2].partition("\n\n")[0]))
    package, image = _package(), "org.opencontainers.image."

    assert labels == {
        "io.airbyte.name": DATA["dockerRepository"],
        "io.airbyte.version": VERSION,
        f"{image}title": DATA["name"],
        f"{image}description": package["description"],
        f"{image}version": VERSION,
        f"{image}licenses": package["license"],
        f"{image}vendor": package["author"],
        f"{image}url": package["url"],
    }


def test_licence_is_the_same_everywhere() -> None:
    title, _, copyright_line = _text("LICENSE").splitlines()[:3]

    assert title == f"{DATA['license']} License"
    assert copyright_line.endswith(f" {_package()['author']}")
    assert _package()["license"] == DATA["license"]


def test_url_of_the_package_is_the_vendors_page() -> None:
    references = [each["url"] for each in DATA["externalDocumentationUrls"]]

    assert _package()["url"] == references[0]


def test_icon_is_a_square_drawing() -> None:
    icon = ElementTree.parse(ROOT / DATA["icon"]).getroot()

    assert icon.tag.endswith("svg")
    assert icon.get("width") == icon.get("height") == "250"


@cache
def _package() -> dict[str, str]:
    """What `setup.py` states about the package, by name."""
    names = ("version", "description", "license", "author", "url")
    command = [sys.executable, "setup.py", *(f"--{name}" for name in names)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return dict(zip(names, printed.splitlines()[-len(names) :], strict=True))
