"""What supervisors tell the hall, on boards and by voice, for a while: "loket 5 tutup sementara"."""

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.at_counter import SCRIPT, Events
from antrean.domain.changed import changed
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.hall import Accepted, Hall, Notice

FREE = "free"
ANNOUNCEMENTS = ("counter_closed", "counter_open", "go_to_counter_area", FREE)
"""The kinds; all but the free one speak of a counter, and their words are the catalogue of texts' own."""
MAX_WORDS = 160
MAX_MINUTES = 12 * 60
MAX_RUNNING = 12
"""More than these nobody reads, and the voice would never be done."""
MINUTE_MS = 60_000


def announce(hall: Hall, command: c.Announce, now_ms: int) -> Events:
    """Decide an announcement; raises BadInput `bad_field`, RuleViolation `unknown_counter`, `unknown_zone`,
    `text_missing`, `too_many_announcements`.
    """
    text = " ".join(command.text.split())
    free = command.kind == FREE
    if command.kind not in ANNOUNCEMENTS:
        raise BadInput("bad_field", field="kind")
    if not 1 <= command.minutes <= MAX_MINUTES:
        raise BadInput("bad_field", field="minutes")
    if len(text) > MAX_WORDS or (text and not free) or not text.isprintable():
        raise BadInput("bad_field", field="text")
    if free and not text:
        raise RuleViolation("text_missing")
    if command.about not in hall.mall.counters and (command.about or not free):
        raise RuleViolation("unknown_counter", counter=command.about)
    if command.zone and command.zone not in hall.mall.zones:
        raise RuleViolation("unknown_zone", zone=command.zone)
    if len(running(hall, now_ms)) >= MAX_RUNNING:
        raise RuleViolation("too_many_announcements", most=MAX_RUNNING)
    told = e.Announced(
        announcement_id=command.announcement_id,
        kind=command.kind,
        about=command.about,
        text=text,
        zone=command.zone,
        officer=command.officer or SCRIPT,
        minutes=command.minutes,
    )
    return (told,)


def withdraw(hall: Hall, command: c.WithdrawAnnouncement, now_ms: int) -> Events:
    """Decide the end of an announcement, nothing when it ended by itself; raises `unknown_announcement`."""
    if all(notice.notice_id != command.announcement for notice in hall.notices):
        raise RuleViolation("unknown_announcement")
    if all(notice.notice_id != command.announcement for notice in running(hall, now_ms)):
        return ()
    return (e.AnnouncementWithdrawn(command.announcement, command.officer or SCRIPT),)


def announced(hall: Hall, accepted: Accepted, event: e.Announced) -> Hall:
    """The hall with one more notice; told twice it is one."""
    notice = Notice(
        notice_id=event.announcement_id,
        kind=event.kind,
        about=event.about,
        text=event.text,
        zone=event.zone,
        officer=event.officer,
        at_ms=accepted.order_ms,
        until_ms=accepted.order_ms + event.minutes * MINUTE_MS,
    )
    return changed(hall, notices=(*_others(hall, event.announcement_id), notice))


def withdrawn(hall: Hall, accepted: Accepted, event: e.AnnouncementWithdrawn) -> Hall:
    """The notice runs no longer. It is remembered, so that withdrawing it twice is no error."""
    return changed(
        hall,
        notices=tuple(
            changed(notice, until_ms=min(notice.until_ms, accepted.order_ms))
            if notice.notice_id == event.announcement_id
            else notice
            for notice in hall.notices
        ),
    )


def running(hall: Hall, now_ms: int) -> tuple[Notice, ...]:
    """The notices that hold at `now_ms`, the oldest first; without those about counters that left the mall."""
    return tuple(
        notice
        for notice in hall.notices
        if now_ms < notice.until_ms and (not notice.about or notice.about in hall.mall.counters)
    )


def _others(hall: Hall, notice_id: str) -> tuple[Notice, ...]:
    return tuple(notice for notice in hall.notices if notice.notice_id != notice_id)
