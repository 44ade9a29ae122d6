"""Charts as SVG made by the server: they print, need no script, and a table beside them holds every figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from antrean.texts import texts_for
from queue_server.pages.report_view import RowView, hour_words, whole

WIDTH, HEIGHT = 760, 320
LEFT, RIGHT, TOP, BOTTOM = 40, 124, 22, 52
BAR_WIDTH, BAR_HEIGHT = 220, 30
WIDEST = 56
LABEL_GAP = 18
NICE_STEPS = (1, 2, 5, 10, 20, 30, 60, 120)
HEAT_STEPS = 5


def nice_axis(largest: float) -> tuple[int, int]:
    """The step and the end of an axis from 0 that reaches `largest` in at most five steps."""
    step = next((step for step in NICE_STEPS if step * 5 >= largest), NICE_STEPS[-1])
    while step * 5 < largest:
        step *= 2
    return step, step * max(1, -int(-largest // step))


def axis_of(rows: Sequence[RowView]) -> tuple[int, int]:
    """One axis in minutes for the small charts of all rows."""
    reach = [value for row in rows for value in (row.wait[2], row.promise) if value is not None]
    return nice_axis(max(reach, default=10))


def spread_bar(row: RowView, step: int, end: int) -> Markup:
    """One row's waits: a dot at half of the visitors, a line to 9 in 10; the promised limit as a band and a tick."""
    half, _, nine, _ = row.wait
    middle, unit = BAR_HEIGHT / 2, BAR_WIDTH / end
    parts = [f'<svg class="bar-chart" viewBox="-6 0 {BAR_WIDTH + 12} {BAR_HEIGHT}" aria-hidden="true">']
    parts += [
        f'<path class="grid" d="M{tick * unit:.1f} 0v{BAR_HEIGHT}"/>' for tick in range(0, end + 1, step)
    ]
    if row.promise is not None:
        x = unit * row.promise
        parts.append(f'<rect class="promise" x="0" y="7" width="{x:.1f}" height="{BAR_HEIGHT - 14}"/>')
        parts.append(f'<path class="tick" d="M{x:.1f} 3v{BAR_HEIGHT - 6}"/>')
    if half is not None and nine is not None:
        kind = "late" if row.promise is not None and nine > row.promise else "fine"
        one, two = unit * half, unit * nine
        parts.append(
            f'<path class="reach {kind}" d="M{one:.1f} {middle}H{two:.1f}M{two:.1f} 9v{BAR_HEIGHT - 18}"/>'
        )
        parts.append(f'<circle class="half {kind}" cx="{one:.1f}" cy="{middle}" r="5"/>')
    return Markup("".join((*parts, "</svg>")))  # numbers only


def bar_scale(step: int, end: int) -> Markup:
    """The figures above the small charts."""
    unit = BAR_WIDTH / end
    ticks = (
        f'<text x="{tick * unit:.1f}" y="14" text-anchor="{"start" if tick == 0 else "middle"}">{tick}</text>'
        for tick in range(0, end + 1, step)
    )
    return Markup(
        f'<svg class="bar-scale" viewBox="-6 0 {BAR_WIDTH + 12} 18" aria-hidden="true">{"".join(ticks)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where hours and minutes lie on the chart."""

    first: int
    last: int
    end: int

    @property
    def slot(self) -> float:
        return (WIDTH - LEFT - RIGHT) / (self.last - self.first + 1)

    def x(self, hour: int) -> float:
        return LEFT + self.slot * (hour - self.first + 0.5)

    def y(self, minutes: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - minutes / self.end)


def hour_chart(rows: Sequence[RowView], promise: int | None, lang: str) -> Markup | None:
    """Waits by hour of arrival: a column to 8 in 10, a dot at half, a cap at 9 in 10; an hour without calls is a gap.

    `promise` in minutes draws the promised limit across; None of no called visitor.
    """
    called = {int(row.key): row for row in rows if row.wait[2] is not None}
    if not called:
        return None
    t = texts_for(lang)
    step, end = nice_axis(max([row.wait[2] or 0 for row in called.values()] + [promise or 0]))
    plane = _Plane(min(called), max(called), end)
    parts = [
        f'<svg class="hour-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="chart-title">'
    ]
    for tick in range(0, end + 1, step):
        y = plane.y(tick)
        parts.append(f'<path class="{"grid" if tick else "base"}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 10}" y="{y + 5:.1f}" text-anchor="end">{tick}</text>')
    busiest = max(called.values(), key=lambda row: row.issued).key
    for hour in range(plane.first, plane.last + 1):
        parts.append(_hour_mark(plane, hour, called.get(hour), lang))
    parts += [_column(plane, hour, row, row.key == busiest) for hour, row in called.items()]
    if promise is not None:
        y = plane.y(promise)
        parts.append(f'<path class="promise-line" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT + 6}"/>')
    names = [t(f"manage.chart_{name}") for name in ("half", "eight", "nine")]
    marks = list(zip(called[plane.last].wait[:3], names, strict=True))
    if promise is not None:
        marks.append((promise, t("manage.chart_promise_line", n=promise)))
    parts += _labels(plane, [(value or 0, name) for value, name in marks])
    return Markup("".join((*parts, "</svg>")))  # numbers and escaped words only


def _hour_mark(plane: _Plane, hour: int, row: RowView | None, lang: str) -> str:
    x, base = plane.x(hour), HEIGHT - BOTTOM
    words = hour_words(hour, lang) if plane.slot >= 48 else f"{hour:02d}"
    people = row.issued if row else "–"
    return (
        f'<text class="axis strong" x="{x:.1f}" y="{base + 22}" text-anchor="middle">{words}</text>'
        f'<text class="axis" x="{x:.1f}" y="{base + 43}" text-anchor="middle">{people}</text>'
    )


def _column(plane: _Plane, hour: int, row: RowView, busiest: bool) -> str:
    half, eight, nine = (value or 0 for value in row.wait[:3])
    wide = min(WIDEST, plane.slot * 0.66)
    left, top, base = plane.x(hour) - wide / 2, plane.y(eight), plane.y(0)
    line = plane.x(hour) + wide * 0.2  # beside the figure, which keeps the left of the column
    kind = "column busiest" if busiest else "column"
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{max(base - top, 1):.1f}"/>'
        f'<path class="whisker" d="M{line:.1f} {plane.y(half):.1f}V{plane.y(nine):.1f}m-7 0h14"/>'
        f'<circle class="dot" cx="{line:.1f}" cy="{plane.y(half):.1f}" r="5"/>'
        f'<text class="value" x="{left + 1:.1f}" y="{top - 6:.1f}">{whole(eight)}</text>'
    )


def _labels(plane: _Plane, marks: Sequence[tuple[float, str]]) -> list[str]:
    """Names of the marks at the right edge, lowest first and kept apart."""
    x, place, answer = WIDTH - RIGHT + 10, plane.y(0) - 2 + LABEL_GAP, list[str]()
    for value, name in sorted(marks, key=lambda mark: mark[0]):
        place = min(plane.y(value) + 5, place - LABEL_GAP)
        answer.append(f'<text class="end" x="{x}" y="{place:.1f}">{escape(name)}</text>')
    return answer


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map as a table: hour heads, and per weekday its name with one cell (figure, step 1–5) per hour."""

    hours: tuple[str, ...]
    days: tuple[tuple[str, tuple[tuple[int, int] | None, ...]], ...]
    worst: tuple[str, str]


def heat_map(halves: Mapping[tuple[int, int], float], names: Sequence[str], lang: str) -> Heat | None:
    """Half of the visitors' longest wait by weekday and hour; None when fewer than two weekdays were measured.

    `names` are the weekdays, Monday first. Steps are equal parts of the largest figure.
    """
    weekdays = sorted({day for day, _ in halves})
    if len(weekdays) < 2:
        return None
    hours = range(min(hour for _, hour in halves), max(hour for _, hour in halves) + 1)
    most = max(halves.values())

    def cell(day: int, hour: int) -> tuple[int, int] | None:
        value = halves.get((day, hour))
        if value is None:
            return None
        return whole(value), min(HEAT_STEPS, 1 + int(HEAT_STEPS * value / most)) if most else 1

    rows = tuple((names[day], tuple(cell(day, hour) for hour in hours)) for day in weekdays)
    day, hour = max(halves, key=lambda key: halves[key])
    return Heat(tuple(f"{hour:02d}" for hour in hours), rows, (names[day], hour_words(hour, lang)))
