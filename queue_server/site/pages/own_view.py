"""What the page of a booking says, by where the booking stands."""

from __future__ import annotations

from dataclasses import dataclass

from antrean.domain.booked import window
from antrean.domain.booking import BookingStatus
from antrean.domain.booking_code import shown_code
from antrean.domain.catalogue import Mall, Service
from antrean.domain.opening import local_day
from antrean.texts import Texts
from antrean.texts.formats import clock
from queue_server.site.desk import BookingView
from queue_server.site.pages.invitation import Invitation
from queue_server.site.pages.pick_view import date_words, time_words

OVER = "over"
"""A booking whose day has passed, and no word of it from the mall."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A booking in words; `title` and `text` are what its standing says."""

    standing: str
    title: str
    text: str
    code: str
    day: str
    time: str
    arrive: str
    label: str


def standing_of(booking: BookingView, mall: Mall, now_ms: int) -> str:
    """Where a booking stands for its owner: as its status says, or `over` when its day passed without a word."""
    status = BookingStatus(booking.status)
    passed = local_day(mall.timezone, now_ms) > local_day(mall.timezone, booking.start_ms)
    return OVER if passed and status is BookingStatus.BOOKED else status.value


def shown(booking: BookingView, mall: Mall, service: Service, now_ms: int, t: Texts) -> Shown:
    """The page's words."""
    standing = standing_of(booking, mall, now_ms)
    first, last = (
        clock(ms, mall.timezone, t.language) for ms in window(mall, service.code, booking.start_ms)
    )
    return Shown(
        standing,
        t(f"booking.{standing}_title"),
        _text(booking, standing, t),
        shown_code(booking.code),
        date_words(local_day(mall.timezone, booking.start_ms), t.language),
        time_words(mall, booking.start_ms, booking.end_ms, t),
        t("booking.arrive", from_clock=first, to_clock=last),
        booking.label,
    )


def _text(booking: BookingView, standing: str, t: Texts) -> str:
    if standing == "booked":
        return t("booking.qr_hint")
    if standing != "arrived":
        return t(f"booking.{standing}_text")
    said = t("booking.arrived_label", label=booking.label) if booking.label else t("booking.arrived_text")
    return f"{t('booking.arrived_after_cancel')} {said}" if booking.after_cancel else said


def invitation(booking: BookingView, mall: Mall, service: Service, address: str, t: Texts) -> Invitation:
    """The booking for a calendar; `address` opens its page."""
    code = shown_code(booking.code)
    lines = [t("booking.event_text", code=code), "", t("booking.event_bring")]
    lines += [f"• {one.text.get(t.language)}" for one in service.requirements]
    lines += ["", t("booking.event_page", address=address)]
    zone = mall.zone_of(service).name.get(t.language)
    return Invitation(
        uid=f"{booking.code}-{booking.mall}@antrean",
        title=t("booking.event_title", service=service.short.get(t.language), mall=mall.short),
        place=", ".join((mall.name, mall.city, zone)),
        text="\n".join(lines),
        address=address,
        start_ms=booking.start_ms,
        end_ms=booking.end_ms,
        cancelled=booking.status == BookingStatus.CANCELLED,
        language=t.language,
    )
