"""What the server offers stands in its pages."""

from pathlib import Path

from antrean.domain.commands import COMMANDS
from antrean.texts import texts_for
from queue_server.problems import BY_STATUS, RULE_STATUS
from tests.server.house_of_tests import House

DOCS = Path(__file__).parents[2] / "docs"


def test_every_route_and_command_is_in_the_page(house: House) -> None:
    page = (DOCS / "http.md").read_text(encoding="utf-8")
    for path in house.client.get("/v1/openapi.json").json()["paths"]:
        assert f" {path.replace('{', '<').replace('}', '>')}" in page
    for command in COMMANDS:
        assert f"`{command}`" in page


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    for language in ("id", "en"):
        for code in {
            *RULE_STATUS,
            *BY_STATUS.values(),
            "refused",
            "unknown_token",
            "csrf",
            "device_withdrawn",
        }:
            assert texts_for(language).has(f"error.{code}"), code
