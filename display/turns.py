"""Whose turn it is where things take turns: languages, and supervisors' notices with the counts. Pure.

All follow the server's clock, so that the boards of a hall change together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antrean.domain.words import Words
from antrean.domain.zone_choice import covers
from antrean.texts import texts_for
from display.calls import CallQueue

LANGUAGE_MS = 10_000
FOOT_MS = 12_000
"""How long the counts and the running text stay between two rounds of notices."""
FREE = "free"


def language_at(languages: Sequence[str], queue: CallQueue, now_ms: int) -> str:
    """The language to show; a call keeps the one it began with until its sound has ended."""
    sounding = queue.current is not None and now_ms < queue.free_ms
    at = queue.began_ms if sounding else now_ms
    return languages[at // LANGUAGE_MS % len(languages)]


def notices_on(
    state: Mapping[str, Any], zone: str | None, now_ms: int, language: str
) -> list[tuple[int, str]]:
    """When each notice that still holds here was made, and its words; the newest first."""
    told = [
        (int(one["at"]), _words(one, language))
        for one in state.get("notices", ())
        if covers(zone, one["zone"] or "") and now_ms < int(one["until_ms"])
    ]
    return sorted(told, key=lambda one: -one[0])


def _words(notice: Mapping[str, Any], language: str) -> str:
    if notice["kind"] == FREE:
        return str(notice["text"])
    name = Words(**notice["about_name"]).get(language) if notice["about_name"] else notice["about"]
    return texts_for(language)(f"board.notice_{notice['kind']}", counter=name)


def notice_at(notices: Sequence[tuple[int, str]], now_ms: int, languages: int) -> str:
    """The notice whose turn it is, "" when it is the counts'; a new one is first. Each stays for every language."""
    if not notices:
        return ""
    each = LANGUAGE_MS * max(1, languages)
    phase = (now_ms - notices[0][0]) % (each * len(notices) + FOOT_MS)
    at = phase // each
    return notices[at][1] if at < len(notices) else ""
