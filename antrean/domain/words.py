"""A short text that the mall itself wrote, in the languages it wrote it in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Indonesian (`id`), English (`en`) and, where the mall wrote them, Javanese and Sundanese."""

    id: str
    en: str
    jv: str = ""
    su: str = ""

    def get(self, language: str) -> str:
        """The words in `language`; Indonesian for a language the mall has no words in."""
        return {"en": self.en, "jv": self.jv, "su": self.su}.get(language) or self.id

    def to_dict(self) -> dict[str, str]:
        """The wire form `{"id": …, "en": …}`, with the languages the mall wrote them in and no others."""
        whole = {"id": self.id, "en": self.en}
        if self.jv:
            whole["jv"] = self.jv
        if self.su:
            whole["su"] = self.su
        return whole
