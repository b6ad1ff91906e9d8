"""Links between the pages of the repository lead somewhere."""

from __future__ import annotations

import pytest

from unit_tests.repository.markdown import ROOT, Page

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{file.name}" for file in sorted((ROOT / "docs").glob("*.md"))),
]


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_to_files_and_headings_of_the_repository(path: str) -> None:
    page = Page(path)

    assert [link for link in page.links if not _leads_somewhere(page, link)] == []


def _leads_somewhere(page: Page, link: str) -> bool:
    name, _, anchor = link.partition("#")
    file = (page.path.parent / name).resolve() if name else page.path
    return file.exists() and (not anchor or anchor in Page(str(file.relative_to(ROOT))).anchors)
