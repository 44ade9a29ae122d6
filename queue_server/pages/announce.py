"""Announcements: choose a ready one or write one's own, see it as the hall will, take it back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.announcements import ANNOUNCEMENTS, FREE, MAX_WORDS
from antrean.domain.errors import RuleViolation
from antrean.texts import texts_for
from antrean.texts.formats import clock
from queue_server.pages.context import House
from queue_server.pages.errors import refusal
from queue_server.pages.floor import GIVERS, READERS, done_said, may_command
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.problems import RULE_STATUS

MINUTES = (5, 15, 30, 60, 120, 240)
USUAL_MINUTES = 15
MINUTE_MS = 60_000
ICONS = {
    "counter_closed": "ban",
    "counter_open": "circle-check",
    "go_to_counter_area": "walk",
    FREE: "speakerphone",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds, as it was sent."""

    kind: str
    about: str
    text: str
    zone: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Preview:
    """An announcement as the hall will read it: its words, where, until when ("" while something is missing)."""

    icon: str
    words: str
    place: str
    until: str
    left: int


@dataclass(frozen=True, slots=True)
class Running:
    """An announcement that holds now."""

    notice_id: str
    icon: str
    words: str
    place: str
    since: str
    until: str


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/manage/announce`, its preview and its list, and `/manage/announce/withdraw`."""

    @site.get("/manage/announce")
    @guard(READERS)
    def announce() -> AnyResponse:
        return _page(house, draft_of(request.args))

    @site.get("/manage/announce/preview")
    @guard(READERS)
    def preview() -> AnyResponse:
        made = preview_of(house, draft_of(request.args), language())
        return page(house, "manage_announce_preview.html", preview=made)

    @site.get("/manage/announce/running")
    @guard(READERS)
    def running() -> AnyResponse:
        shown = running_now(house, language())
        return page(house, "manage_announce_running.html", running=shown, may=may_command(house))

    @site.post("/manage/announce")
    @guard(GIVERS)
    def tell() -> AnyResponse:
        draft = draft_of(request.form)
        free = draft.kind == FREE
        wanted = {
            "command": "announce",
            "kind": draft.kind,
            "minutes": draft.minutes,
            "about": "" if free else draft.about,
            "text": draft.text if free else "",
            "zone": draft.zone,
        }
        try:
            house.command(wanted, request.form.get("key", ""))
        except RuleViolation as error:
            return _page(house, draft, _told(error, draft))
        return redirect("/manage/announce?done=announce", 303)

    @site.post("/manage/announce/withdraw")
    @guard(GIVERS)
    def take_back() -> AnyResponse:
        notice = request.form.get("announcement", "")
        try:
            house.command({"command": "withdraw_announcement", "announcement": notice}, f"withdraw-{notice}")
        except RuleViolation as error:
            return _page(house, draft_of({}), error)
        return redirect("/manage/announce?done=withdraw_announcement", 303)


def draft_of(form: Mapping[str, str]) -> Draft:
    """The draft in a form or an address; whatever is missing or no figure stands as on an empty form."""
    minutes = form.get("minutes", "")
    kind = form.get("kind", ANNOUNCEMENTS[0])
    return Draft(
        kind if kind in ANNOUNCEMENTS else ANNOUNCEMENTS[0],
        form.get("about", ""),
        " ".join(form.get("text", "").split()),
        form.get("zone", ""),
        int(minutes) if minutes.isdecimal() and minutes.isascii() and len(minutes) < 5 else USUAL_MINUTES,
    )


def _told(error: RuleViolation, draft: Draft) -> RuleViolation:
    """A refusal in words that name what to change: how long the text may be, which counter is missing."""
    if error.params.get("field") == "text" and len(draft.text) > MAX_WORDS:
        return RuleViolation("announcement_too_long", most=MAX_WORDS, n=len(draft.text))
    if error.code == "unknown_counter" and not draft.about:
        return RuleViolation("announcement_without_counter")
    return error


def preview_of(house: House, draft: Draft, lang: str) -> Preview:
    """The draft as the hall will see it in `lang`."""
    mall = house.mall()
    words = words_of(house, draft.kind, draft.about, draft.text, lang)
    until = clock(house.now_ms() + draft.minutes * MINUTE_MS, mall.timezone, lang) if words else ""
    return Preview(
        ICONS[draft.kind], words, place_of(house, draft.zone, lang), until, MAX_WORDS - len(draft.text)
    )


def words_of(house: House, kind: str, about: str, text: str, lang: str) -> str:
    """What the board writes; "" while the counter or the text is missing."""
    if kind == FREE:
        return text
    counter = house.mall().counters.get(about)
    if counter is None:
        return ""
    return texts_for(lang)(f"board.notice_{kind}", counter=counter.name.get(lang))


def is_spoken(house: House) -> bool:
    """Whether any board in the hall can say a text somebody typed; else it is shown with a chime."""
    return house.says_texts() or any(one.says_texts and one.state == "ok" for one in house.sounds().values())


def place_of(house: House, zone: str, lang: str) -> str:
    """Where an announcement is shown."""
    found = house.mall().zones.get(zone)
    return found.name.get(lang) if found else texts_for(lang)("manage.announce_everywhere")


def running_now(house: House, lang: str) -> list[Running]:
    """What holds now, the newest first."""
    zone, now, notices = house.mall().timezone, house.now_ms(), house.state("board")["notices"]
    return [
        Running(
            one["id"],
            ICONS[one["kind"]],
            words_of(house, one["kind"], one["about"], one["text"], lang),
            place_of(house, one["zone"], lang),
            clock(one["at"], zone, lang),
            clock(one["until_ms"], zone, lang),
        )
        for one in reversed(notices)
        if one["until_ms"] > now
    ]


def _page(house: House, draft: Draft, error: RuleViolation | None = None) -> AnyResponse:
    lang, mall = language(), house.mall()
    t = texts_for(lang)
    counters: Sequence[tuple[str, str]] = [(one.code, one.name.get(lang)) for one in mall.counters.values()]
    context: dict[str, Any] = {
        "draft": draft,
        "kinds": [(kind, t(f"manage.announce_{kind}"), ICONS[kind]) for kind in ANNOUNCEMENTS],
        "counters": counters,
        "zones": [(one.code, one.name.get(lang)) for one in mall.zones.values()],
        "minutes": sorted({*MINUTES, draft.minutes}),
        "preview": preview_of(house, draft, lang),
        "running": running_now(house, lang),
        "spoken": is_spoken(house),
        "most": MAX_WORDS,
        "now_ms": house.now_ms(),
        "may": may_command(house),
        "key": secrets.token_hex(16),
        "done": done_said(lang),
        "problem": refusal(house, error) if error else "",
    }
    return page(
        house, "manage_announce.html", status=RULE_STATUS.get(error.code, 422) if error else 200, **context
    )
