"""How often the shown wait range holds what happens, and how wide it is, beside people ahead × average time.

The days the range was tuned on and others of another shape, which nobody looked at while tuning, are told apart. The
baseline gets its error band from the very days it is judged on, widened until it holds as often as ours: more than it
could know in a mall.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from antrean.domain.estimate import Outlook, forecast, rounded
from antrean.domain.hall import Hall
from antrean.domain.ticket import Place
from bench.busy_day import HOUR_MS, OPENING_MS, BusyDay, shaped
from bench.measure import Line, in_turn, milliseconds, percentile

MINUTE_MS = 60_000
TUNED = ("usual", "crowded", "sluggish")
OTHER = ("quiet", "privileged", "friday", "no lunch", "thin")
HELD_OUT_FROM = 5000
"""Seeds from here on make malls and days that nothing was tuned on."""
LENGTHS = (0, 2, 5, 15, 35, 70)
"""Classes of expected waits by their first minute."""
ENOUGH_SERVES, RECENT_SERVES = 5, 40
LARGE_MALL, SERVICES_OF_ONE = 54, (9, 11)
"""The seed of a mall with 45 agencies, and services of one agency so that there are some 450."""
FEWEST = 100
"""An hour or a class with fewer answers says nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A range somebody saw, and what happened; times in minutes but `hour`, that of the day.

    `naive` is people ahead × average serving time over the open counters. `again` marks a later look at the phone.
    """

    again: bool
    hour: int
    expected: float
    low: float
    high: float
    shown: tuple[int, int]
    naive: float
    waited: float

    @property
    def held(self) -> bool:
        """Whether the wait was inside the shown range."""
        return self.shown[0] <= self.waited <= self.shown[1]

    @property
    def length(self) -> int:
        """The class of the expected wait."""
        return max(first for first in LENGTHS if self.expected >= first)


def answers(seed: int, shape: str) -> list[Answer]:
    """One day: every range seen by somebody who was called later on the same day."""
    seen: list[tuple[int, str, bool, Answer]] = []

    def asked(hall: Hall, ticket_id: str, now_ms: int, again: bool) -> None:
        step = hall.tickets[ticket_id].step
        outlook = Outlook(hall, now_ms)
        found = forecast(outlook, step.service, step.place)
        if found is None or not outlook.staff.serving.get(step.service):
            return
        answer = Answer(
            again,
            (now_ms - OPENING_MS + HOUR_MS // 2) // HOUR_MS + 7,
            found.mean_ms / MINUTE_MS,
            found.low_ms / MINUTE_MS,
            found.high_ms / MINUTE_MS,
            found.shown,
            naive(outlook, step.service, step.place, day.served),
            0,
        )
        seen.append((now_ms, ticket_id, again, answer))

    day = BusyDay(seed, shaped(shape), asked)
    day.run()
    return [
        Answer(
            again,
            answer.hour,
            answer.expected,
            answer.low,
            answer.high,
            answer.shown,
            answer.naive,
            (day.called[ticket_id] - at_ms) / MINUTE_MS,
        )
        for at_ms, ticket_id, again, answer in seen
        if ticket_id in day.called
    ]


def naive(outlook: Outlook, service: str, place: Place | None, served: Mapping[str, Sequence[int]]) -> float:
    """People ahead × the average serving time of late (its standard before there are five), over the open counters.

    `served` are the serving times of the day so far in milliseconds.
    """
    recent = served.get(service, ())[-RECENT_SERVES:]
    standard = outlook.hall.mall.services[service].service_minutes
    average = fmean(recent) / MINUTE_MS if len(recent) >= ENOUGH_SERVES else standard
    return outlook.people_ahead(service, place) * average / outlook.staff.serving[service]


def held(given: Sequence[Answer]) -> float:
    """The share of waits inside the shown range."""
    return sum(answer.held for answer in given) / len(given)


def width(given: Sequence[Answer]) -> float:
    """The mean width of the shown ranges, in minutes."""
    return fmean(answer.shown[1] - answer.shown[0] for answer in given)


def raw_held(given: Sequence[Answer]) -> float:
    """The share of waits inside the range before it is rounded."""
    return sum(answer.low <= answer.waited <= answer.high for answer in given) / len(given)


def raw_width(given: Sequence[Answer]) -> float:
    """The mean width before rounding, in minutes."""
    return fmean(answer.high - answer.low for answer in given)


def naive_width(given: Sequence[Answer], share: float) -> float:
    """How wide the baseline's shown range is when it holds that share: the narrower of two kinds of band.

    One adds the same minutes for everybody, the other multiplies by the same factors; both ends are percentiles of its
    own errors on these very days.
    """
    factors = sorted((answer.waited + 1) / (answer.naive + 1) for answer in given)
    errors = sorted(answer.waited - answer.naive for answer in given)
    return min(
        _widened(given, share, lambda base, tail: (base + 1) * at(factors, tail) - 1),
        _widened(given, share, lambda base, tail: base + at(errors, tail)),
    )


def _widened(given: Sequence[Answer], share: float, end: Callable[[float, float], float]) -> float:
    low, high = 0.0, 0.5
    for _ in range(12):
        tail = (low + high) / 2
        bands = [
            rounded(end(one.naive, tail) * MINUTE_MS, end(one.naive, 1 - tail) * MINUTE_MS) for one in given
        ]
        inside = fmean(band[0] <= one.waited <= band[1] for one, band in zip(given, bands, strict=True))
        low, high = (tail, high) if inside > share else (low, tail)
    return fmean(band[1] - band[0] for band in bands)


def at(values: Sequence[float], share: float) -> float:
    """The value at that share of a sorted sequence."""
    return values[min(int(share * len(values)), len(values) - 1)]


def by(given: Iterable[Answer], key: Callable[[Answer], int]) -> dict[int, list[Answer]]:
    """Groups with enough answers."""
    groups: dict[int, list[Answer]] = {}
    for answer in given:
        groups.setdefault(key(answer), []).append(answer)
    return {name: groups[name] for name in sorted(groups) if len(groups[name]) >= FEWEST}


def ranges(days: int) -> list[Line]:
    """`days` days of each shape: those tuned on, then other malls, then other malls on days of another shape."""
    sets = (
        ("tuned on", 0, TUNED),
        ("other malls", HELD_OUT_FROM, TUNED),
        ("other malls and days", HELD_OUT_FROM, OTHER),
    )
    lines = list[Line]()
    for name, first, shapes in sets:
        by_shape = {
            shape: [one for seed in range(first, first + days) for one in answers(seed, shape)]
            for shape in shapes
        }
        lines += _judged(name, by_shape)
    return [*lines, *_cost(days * 5)]


def _judged(name: str, by_shape: dict[str, list[Answer]]) -> list[Line]:
    every = [answer for given in by_shape.values() for answer in given]
    first, later = ([one for one in every if one.again is again] for again in (False, True))
    share, wide, base = held(first), width(first), naive_width(first, held(first))
    lines = [
        Line(f"range, {name} ({len(first):,}): holds the wait", f"{share:.1%}", aim="aim 80 ± 5 %"),
        Line(f"range, {name}: width; baseline as often right", _m(wide), _m(base), wide / base, "aim < 1×"),
        Line(f"range, {name}: unrounded, and its width", f"{raw_held(first):.1%}", _m(raw_width(first))),
        Line(f"range, {name}: seen again later, and its width", f"{held(later):.1%}", _m(width(later))),
        Line(f"range, {name}: by hour", "", aim=_shares(by(first, lambda one: one.hour))),
        Line(f"range, {name}: by expected minutes", "", aim=_shares(by(first, lambda one: one.length))),
    ]
    kinds = " ".join(
        f"{shape}:{held([one for one in given if not one.again]):.0%}" for shape, given in by_shape.items()
    )
    return [*lines, Line(f"range, {name}: by kind of day", "", aim=kinds)]


def _m(minutes: float) -> str:
    return f"{minutes:.1f} min"


def _shares(groups: dict[int, list[Answer]]) -> str:
    return " ".join(f"{name}:{held(given):.0%}" for name, given in groups.items())


def _cost(times: int) -> list[Line]:
    """All ranges of a large mall at once, beside the baseline's."""
    halls: list[tuple[Hall, int]] = []

    def keep(hall: Hall, ticket_id: str, now_ms: int, again: bool) -> None:
        halls.append((hall, now_ms))

    day = BusyDay(LARGE_MALL, shaped("crowded"), keep, SERVICES_OF_ONE).run()
    mall = day.mall
    hall, now_ms = max(halls, key=lambda one: sum(map(len, one[0].lines.values())))

    def ours(_: int) -> object:
        outlook = Outlook(hall, now_ms)
        return [forecast(outlook, code) for code in mall.services]

    def base(_: int) -> object:
        outlook = Outlook(hall, now_ms)
        return [
            naive(outlook, code, None, day.served)
            for code in mall.services
            if outlook.staff.serving.get(code)
        ]

    took, floor = (percentile(times_, 0.5) for times_ in in_turn(times, ours, base))
    waiting = sum(map(len, hall.lines.values()))
    what = f"range: {len(mall.services)} services, {waiting} waiting, p50"
    return [Line(what, milliseconds(took), milliseconds(floor), took / floor)]
