"""A short text that the mall itself wrote, in the languages it wrote it in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Indonesian (`id`) and English (`en`)."""

    id: str
    en: str

    def get(self, language: str) -> str:
        """The words in `language`; Indonesian for a language the mall has no words in."""
        return self.en if language == "en" else self.id

    def to_dict(self) -> dict[str, str]:
        """The wire form `{"id": …, "en": …}`."""
        return {"id": self.id, "en": self.en}
