"""What a display shows at one moment, as plain values. Pure: states and times in, words out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from antrean.domain.words import Words
from antrean.domain.zone_choice import covers, zone_title
from antrean.texts import texts_for
from antrean.texts.formats import clock, day_long
from display.calls import Call, CallQueue, call_of
from display.turns import notice_at, notices_on

STALE_MS = 15_000
HISTORY = 5
DEFAULT_TIMEZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Row:
    """One earlier call: the label and the counter's word and number."""

    label: str
    counter: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The calm band of a display without news: a heading and what a visitor should do."""

    title: str
    advice: str


@dataclass(frozen=True, slots=True)
class HallScene:
    """Everything on the hall board; `state` is waiting, quiet, calling or last.

    `notice` is the band of a board without news; `posts` are the supervisors' notices, `posted` the one shown now.
    """

    language: str
    state: str
    mall: str
    zone: str
    date: str
    clock: str
    heading: str = ""
    topic: str = ""
    label: str = ""
    check: str = ""
    counter_word: str = ""
    counter: str = ""
    history: tuple[Row, ...] = ()
    counts_title: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    announcements: tuple[str, ...] = ()
    notice: Notice | None = None
    posted: str = ""
    posts: tuple[str, ...] = ()
    sound_missing: bool = False

    def spoken_call(self) -> str:
        """The call in words for a screen reader."""
        return " ".join(
            part for part in (self.heading, self.label, self.check, self.counter_word, self.counter) if part
        )


@dataclass(frozen=True, slots=True)
class CounterScene:
    """Everything on a counter's display; `state` is waiting, closed, available, calling, serving or break.

    `foot` says what the counter serves, `arrow` where else that goes on.
    """

    language: str
    state: str
    counter_word: str
    counter: str
    heading: str
    topic: str = ""
    label: str = ""
    detail: str = ""
    detail_value: str = ""
    foot: str = ""
    arrow: str = ""
    notice: Notice | None = None


def hall_scene(
    state: Mapping[str, Any] | None,
    queue: CallQueue,
    now_ms: int,
    news_ms: int | None,
    *,
    language: str,
    zone: str | None = None,
    languages: int = 1,
    sound_missing: bool = False,
) -> HallScene:
    """The hall board at `now_ms`; `news_ms` is when the server was last heard, None if never.

    `zone` names the zones it is about ("1A,1B", all without); `languages` is how many take turns.
    """
    t = texts_for(language)
    timezone = state["mall"]["timezone"] if state else DEFAULT_TIMEZONE
    scene = HallScene(
        language=language,
        state="waiting",
        mall=state["mall"]["name"] if state else t("display.mall"),
        zone=zone_title(state, zone, language),
        date=day_long(now_ms, timezone, language),
        clock=clock(now_ms, timezone, language),
        sound_missing=sound_missing,
    )
    if state is None:
        return replace(
            scene, heading=t("display.soon"), notice=Notice(t("display.connecting"), t("display.follow"))
        )
    stale = _stale(now_ms, news_ms)
    at = clock(news_ms or now_ms, timezone, language)
    calls = _in_zone(state, zone)
    pending = {call.call_id for call in queue.waiting}
    shown = queue.current if not stale else None
    told = [call for call in calls if call.call_id not in pending]
    last = shown or (told[0] if told else None)
    title = t("display.waiting_at", at=at) if stale else t("display.waiting")
    notices = notices_on(state, zone, now_ms, language)
    scene = replace(
        scene,
        counts_title=title,
        counts=tuple(
            (row["short"], int(row["count"]))
            for row in state["waiting"]
            if int(row["count"]) > 0 and covers(zone, row.get("zone", ""))
        ),
        posted="" if stale else notice_at(notices, now_ms, languages),
        posts=tuple(words for _, words in notices),
        announcements=tuple(Words(**words).get(language) for words in state["announcements"]),
        notice=Notice(t("display.lost_since", at=at), t("display.lost_advice")) if stale else None,
        history=_history(told, last, language),
    )
    if last is None:
        return replace(scene, state="quiet", heading=t("display.no_call"))
    word, number = counter_parts(last.counter_name.get(language), last.counter)
    calling = shown is not None
    return replace(
        scene,
        state="calling" if calling else "last",
        heading=t("display.calling")
        if calling
        else t("display.last_call", at=clock(last.called_ms, timezone, language)),
        topic=f"{last.service.get(language)} · {last.agency}",
        label=last.label,
        check=last.check or "",
        counter_word=word,
        counter=number,
    )


def counter_scene(
    state: Mapping[str, Any] | None,
    code: str,
    now_ms: int,
    news_ms: int | None,
    *,
    language: str,
    timezone: str,
) -> CounterScene:
    """The display of one counter at `now_ms`."""
    t = texts_for(language)
    if state is None:
        return CounterScene(
            language,
            "waiting",
            t("display.counter"),
            code,
            t("display.soon"),
            notice=Notice(t("display.connecting"), ""),
        )
    word, number = counter_parts(Words(**state["name"]).get(language), state["counter"])
    kind = state["state"]
    served = ", ".join(Words(**words).get(language) for words in state["services"])
    topic = Words(**state["service"]).get(language) if state.get("service") else ""
    scene = CounterScene(language, kind, word, number, t(f"display.state_{kind}"), topic=topic)
    if _stale(now_ms, news_ms):
        lost = Notice(
            t("display.lost_since", at=clock(news_ms or now_ms, timezone, language)), t("display.follow")
        )
        scene = replace(scene, notice=lost)
    if kind in ("calling", "serving") and state.get("label"):
        return replace(scene, label=state["label"])
    if kind == "break":
        until = state.get("until_ms")
        back = clock(until, timezone, language) if until else ""
        return replace(
            scene,
            topic="",
            detail=t("display.back_at") if back else t("display.back_soon"),
            detail_value=back,
            arrow=_elsewhere(state, language),
        )
    return replace(
        scene,
        topic="",
        detail=t("display.please_wait") if kind == "available" else t("display.other_counter"),
        foot=served,
        arrow=_elsewhere(state, language),
    )


def _elsewhere(state: Mapping[str, Any], language: str) -> str:
    """Where the counter's first service goes on: "KTP tetap dilayani di Loket 2 dan 5", "" when nowhere."""
    told = state.get("elsewhere")
    if not told:
        return ""
    t = texts_for(language)
    parts = [counter_parts(Words(**one["name"]).get(language), one["code"]) for one in told["counters"]]
    alike = len({word for word, _ in parts}) == 1 and all(number for _, number in parts)
    names = [number if alike else f"{word} {number}".strip() for word, number in parts]
    listed = names[0] if len(names) == 1 else t("display.and", first=", ".join(names[:-1]), last=names[-1])
    where = f"{parts[0][0]} {listed}".strip() if alike else listed
    return t("display.still_served", service=Words(**told["service"]).get(language), counters=where)


def counter_parts(name: str, code: str) -> tuple[str, str]:
    """A counter's name as a word and a number: ("Loket", "12"); a name without its code stands alone."""
    word = name.removesuffix(code).strip()
    return (word, code) if word != name.strip() else (name, "")


def _history(told: list[Call], last: Call | None, language: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    for call in told:
        row = Row(call.label, counter_parts(call.counter_name.get(language), call.counter)[1] or call.counter)
        is_last = last is not None and (call.label, call.counter) == (last.label, last.counter)
        if not is_last and row not in rows:
            rows.append(row)
    return tuple(rows[:HISTORY])


def calls_in(state: Mapping[str, Any], zone: str | None) -> list[Call]:
    """The calls of a board state, newest first, of some zones or of all."""
    return _in_zone(state, zone)


def _in_zone(state: Mapping[str, Any], zone: str | None) -> list[Call]:
    return [call for call in map(call_of, state["calls"]) if covers(zone, call.zone)]


def _stale(now_ms: int, news_ms: int | None) -> bool:
    return news_ms is None or now_ms - news_ms > STALE_MS
