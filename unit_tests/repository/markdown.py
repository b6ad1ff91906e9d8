"""Reads Markdown pages of the repository, as far as tests compare them with the code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Page:
    """The page at `path`, relative to the top of the repository."""

    def __init__(self, path: str) -> None:
        self.path = ROOT / path
        self.text = self.path.read_text(encoding="utf-8")

    @property
    def headings(self) -> list[str]:
        """With their `#`, in order."""
        prose = re.sub(r"^```.*?^```", "", self.text, flags=re.MULTILINE | re.DOTALL)
        return re.findall(r"^#+ .*$", prose, flags=re.MULTILINE)

    def section(self, heading: str) -> str:
        """What follows `heading`, up to the next one."""
        text = f"\n{self.text}"
        following = [*self.headings[self.headings.index(heading) + 1 :], None][0]
        start = text.index(f"\n{heading}\n")
        return text[start : text.index(f"\n{following}\n") if following else None]

    def table(self, heading: str) -> list[list[str]]:
        """The cells of a section's table, without its head."""
        lines = [line for line in self.section(heading).splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]

    def code(self, heading: str, language: str = "") -> str:
        """The first code block of a section in `language`."""
        found = re.search(rf"^```{language}\n(.*?)^```", self.section(heading), flags=re.MULTILINE | re.DOTALL)
        assert found, f"{self.path.name} has no {language} block under {heading}"
        return found[1]

    @property
    def links(self) -> list[str]:
        """The targets of links to files of the repository or to headings."""
        return [target for target in re.findall(r"\]\(([^)\s]+)\)", self.text) if "://" not in target]

    @property
    def anchors(self) -> set[str]:
        """What a link to a heading of this page has after its `#`."""
        names = (heading.lstrip("#").strip().lower() for heading in self.headings)
        return {re.sub(r"[^\w -]", "", name).replace(" ", "-") for name in names}
