"""Made-up people, all at example.com."""

from dataclasses import dataclass

FIRST_NAMES = ("Ada", "Ben", "Chloé", "Dev", "Elif", "Femi", "Grace", "Hugo", "Inês", "Jun", "Kofi", "Lena", "Mina")
LAST_NAMES = ("Abara", "Brandt", "Costa", "Dubois", "Eriksen", "Fujita", "García", "Haddad", "Ivanova", "Jensen")


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def person(number: int, role: str) -> Person:
    """The same number and role make the same person; no two people share an address."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return Person(first, last, f"{role}.{number}@example.com")
