"""The performance page is what `make bench` writes."""

from __future__ import annotations

from benchmark.report import Report
from unit_tests.repository.markdown import Page

PAGE = Page("docs/performance.md")


def test_page_has_the_form_that_the_benchmark_writes() -> None:
    empty = Report(conditions={}).to_markdown()

    assert _prose(PAGE.text) == _prose(empty)


def test_page_names_what_its_figures_depend_on() -> None:
    for condition in ("Date", "Commit", "Machine", "Versions"):
        assert f"\n- {condition}: " in PAGE.text


def _prose(text: str) -> list[str]:
    """The paragraphs without lists and tables."""
    return [part for part in text.split("\n\n") if part.strip() and not part.startswith(("|", "- "))]
