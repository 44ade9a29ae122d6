"""The mall's catalogue: agencies, services with their published standard, counters, hours and rules.

All codes are lower-case letters, digits and hyphens; counters may use capitals. Minutes are whole minutes, times of
day are minutes after local midnight. Reading and writing the file form is in `catalogue_file`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from antrean.domain.words import Words

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of one day, from `start` up to but not including `end`, in minutes after midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """The opening intervals of each weekday, Monday first; an empty tuple is a closed day."""

    week: tuple[tuple[Interval, ...], ...]

    def on(self, day: datetime.date) -> tuple[Interval, ...]:
        """The intervals of that date's weekday."""
        return self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the whole mall is closed."""

    date: datetime.date
    name: Words


@dataclass(frozen=True, slots=True)
class Policy:
    """The mall's rules of calling. Figures follow the usual practice of public service counters."""

    priority_head_start_minutes: int = 15
    overtaking_cap: int = 5
    return_after_calls: int = 3
    max_returns: int = 2
    absent_after_calls: int = 3
    ticket_grace_minutes: int = 30
    last_number_minutes_before_close: int = 0
    booking_head_start_minutes: int = 15
    booking_early_minutes: int = 15
    booking_late_minutes: int = 15
    booking_grace_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Zone:
    """A waiting area."""

    code: str
    floor: int
    name: Words


@dataclass(frozen=True, slots=True)
class Need:
    """An everyday need ("KTP & KK"): one tile on the kiosk's second screen."""

    code: str
    icon: str
    name: Words


@dataclass(frozen=True, slots=True)
class Agency:
    """A tenant of the mall."""

    code: str
    name: Words
    short: str
    icon: str
    zone: str
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing to bring; `note` says when or in which form."""

    text: Words
    icon: str
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class BookingRule:
    """How a service may be booked: it serves `per_hour`, of which `walk_in_percent` are never sold.

    `early_minutes` before and `late_minutes` after the start of the slot a booking is kept (None: the mall's policy);
    `blackouts` are days on which nothing is sold.
    """

    per_hour: int
    slot_minutes: int = 30
    walk_in_percent: int = 50
    early_minutes: int | None = None
    late_minutes: int | None = None
    days_ahead: int = 14
    blackouts: tuple[datetime.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its published standard (requirements, cost, time, product)."""

    code: str
    agency: str
    need: str
    letters: str
    name: Words
    short: Words
    icon: str
    common: bool
    requirements: tuple[Requirement, ...]
    cost: Words
    time: Words
    product: Words
    service_minutes: int
    promise_minutes: int
    words: tuple[str, ...]
    quota: int | None = None
    hours: Hours | None = None
    last_number_minutes_before_close: int | None = None
    booking: BookingRule | None = None


@dataclass(frozen=True, slots=True)
class HelpRule:
    """A counter also calls the line of `service` while its longest wait exceeds so many minutes."""

    service: str
    after_minutes: int


@dataclass(frozen=True, slots=True)
class Counter:
    """A place where an officer serves; `services` in the order of the file, `helps` the lines it relieves."""

    code: str
    zone: str
    name: Words
    services: tuple[str, ...]
    helps: tuple[HelpRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """Services that are often needed one after another ("KTP baru → BPJS"), in order, on one ticket."""

    code: str
    name: Words
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mall:
    """One building with everything that is published about it; mappings keep the order of the file."""

    name: str
    short: str
    city: str
    timezone: str
    hours: Hours
    holidays: tuple[Holiday, ...]
    complaints: Words
    announcements: tuple[Words, ...]
    policy: Policy
    zones: Mapping[str, Zone]
    needs: Mapping[str, Need]
    agencies: Mapping[str, Agency]
    services: Mapping[str, Service]
    counters: Mapping[str, Counter]
    journeys: Mapping[str, Journey] = field(default_factory=dict)

    def hours_of(self, service: Service) -> Hours:
        """The service's own hours, else its agency's, else the mall's."""
        return service.hours or self.agencies[service.agency].hours or self.hours

    def counters_for(self, service: str) -> tuple[Counter, ...]:
        """The counters that may serve `service`."""
        return tuple(counter for counter in self.counters.values() if service in counter.services)

    def zone_of(self, service: Service) -> Zone:
        """Where to wait for a service: the zone of its first counter, else of its agency."""
        counters = self.counters_for(service.code)
        return self.zones[counters[0].zone if counters else self.agencies[service.agency].zone]
