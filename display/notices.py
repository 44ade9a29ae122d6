"""Which announcement is spoken next: each once, after the calls, and none that was withdrawn. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from antrean.domain.zone_choice import covers

SEEN_KEPT = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement as the board topic tells it; `about` is a counter's code or "", `zone` "" for all."""

    notice_id: str
    kind: str
    about: str
    text: str
    zone: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class NoticeQueue:
    """What has been heard (None before the first snapshot) and what waits to be spoken."""

    seen: tuple[str, ...] | None = None
    waiting: tuple[Notice, ...] = ()


def notices_in(state: Mapping[str, Any], zone: str | None) -> list[Notice]:
    """The announcements of a board state for some zones, or for all. Raises KeyError when one lacks something."""
    told = [
        Notice(
            one["id"],
            one["kind"],
            one["about"] or "",
            one["text"] or "",
            one["zone"] or "",
            int(one["until_ms"]),
        )
        for one in state.get("notices", ())
    ]
    return [notice for notice in told if covers(zone, notice.zone)]


def hear_notices(queue: NoticeQueue, told: Iterable[Notice]) -> NoticeQueue:
    """The queue after a snapshot; the very first one queues nothing, because it was spoken when it was new."""
    notices = tuple(told)
    if queue.seen is None:
        return NoticeQueue(tuple(notice.notice_id for notice in notices))
    running = {notice.notice_id for notice in notices}
    fresh = tuple(notice for notice in notices if notice.notice_id not in queue.seen)
    return NoticeQueue(
        (*queue.seen, *(notice.notice_id for notice in fresh))[-SEEN_KEPT:],
        (*(notice for notice in queue.waiting if notice.notice_id in running), *fresh),
    )


def next_notice(queue: NoticeQueue, now_ms: int) -> tuple[NoticeQueue, Notice | None]:
    """The queue without what is over by now, and the announcement whose turn it is; `spoken` takes it out."""
    waiting = tuple(notice for notice in queue.waiting if notice.until_ms > now_ms)
    return replace(queue, waiting=waiting), (waiting[0] if waiting else None)


def spoken(queue: NoticeQueue, notice: Notice) -> NoticeQueue:
    """The queue after an announcement began to sound."""
    return replace(queue, waiting=tuple(one for one in queue.waiting if one != notice))
