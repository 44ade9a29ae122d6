"""The booking as a file for a calendar (RFC 5545), with an alarm the day before and one an hour before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event

EPOCH_S = 1_735_689_600
"""2025-01-01T00:00Z. SEQUENCE counts seconds from there: it must grow with each move and fit 32 bits."""
ALARMS = (datetime.timedelta(days=1), datetime.timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the calendar is told; instants in milliseconds, `uid` the same after every move."""

    uid: str
    title: str
    place: str
    text: str
    address: str
    start_ms: int
    end_ms: int
    cancelled: bool
    language: str


def calendar_file(told: Invitation, now_ms: int) -> bytes:
    """The file. Its times are in UTC: every calendar shows them in the phone's own zone, and none needs a table."""
    event = Event()
    event.add("uid", told.uid)
    event.add("dtstamp", _moment(now_ms))
    event.add("sequence", max(0, now_ms // 1000 - EPOCH_S))
    event.add("dtstart", _moment(told.start_ms))
    event.add("dtend", _moment(told.end_ms))
    event.add("summary", told.title, parameters={"LANGUAGE": told.language})
    event.add("location", told.place)
    event.add("description", told.text)
    event.add("url", told.address)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    for ahead in () if told.cancelled else ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", told.title)
        alarm.add("trigger", -ahead)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Antrean//Booking//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if told.cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _moment(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.UTC)
