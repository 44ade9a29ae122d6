"""Charts as SVG made by the server: they print, need no script, and a table beside them holds every figure."""

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from antrean.texts import texts_for
from queue_server.pages.report_view import RowView, whole

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 92, 28, 36
BAR_WIDTH, BAR_HEIGHT = 300, 28
NICE_STEPS = (1, 2, 5, 10, 20, 30, 60, 120)
Points = list[tuple[float, float]]
Scale = Callable[[float], float]


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


def spread_bar(row: RowView, end: int) -> Markup:
    """One row's waits: promised limit as a tick, a dot at half of the visitors, a line to 9 in 10."""
    half, _, nine, _ = row.wait
    parts = [f'<svg class="bar" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" aria-hidden="true">']
    middle = BAR_HEIGHT / 2
    if row.promise is not None:
        x = BAR_WIDTH * row.promise / end
        parts.append(f'<rect class="promise" x="0" y="6" width="{x:.1f}" height="{BAR_HEIGHT - 12}"/>')
        parts.append(f'<path class="tick" d="M{x:.1f} 3v{BAR_HEIGHT - 6}"/>')
    if half is not None and nine is not None:
        kind = "late" if row.promise is not None and nine > row.promise else "fine"
        one, two = BAR_WIDTH * half / end, min(BAR_WIDTH * nine / end, BAR_WIDTH - 1.5)
        parts.append(f'<path class="reach {kind}" d="M{one:.1f} {middle}H{two:.1f}M{two:.1f} 8v{BAR_HEIGHT - 16}"/>')
        parts.append(f'<circle class="half {kind}" cx="{max(one, 5):.1f}" cy="{middle}" r="5"/>')
    return Markup("".join((*parts, "</svg>")))  # numbers only


def hour_chart(rows: Sequence[RowView], lang: str) -> Markup | None:
    """Waits by hour of arrival: half as a line, 8 and 9 in 10 as bands above it; an hour without calls is a gap."""
    called = {int(row.key): row for row in rows if row.wait[2] is not None}
    if not called:
        return None
    t = texts_for(lang)
    first, last = min(called), max(called)
    step, end = nice_axis(max(row.wait[2] or 0 for row in called.values()))
    room, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(hour: float) -> float:
        return LEFT + room * (hour - first + 0.5) / (last - first + 1)

    def y(minutes: float) -> float:
        return TOP + height * (1 - minutes / end)

    parts = [f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="chart-title chart-lead">']
    for tick in range(0, end + 1, step):
        parts.append(f'<path class="grid{"" if tick else " base"}" d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 10}" y="{y(tick) + 5:.1f}" text-anchor="end">{tick}</text>')
    point = "." if lang == "id" else ":"
    every = 2 if last - first > 9 else 1
    for hour in range(first, last + 1, every):
        parts.append(
            f'<text class="axis" x="{x(hour):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{hour:02d}{point}00</text>'
        )
    for run in _runs(sorted(called)):
        waits = [called[hour].wait for hour in run]
        lines: list[Points] = [
            [(x(hour), y(wait[at] or 0)) for hour, wait in zip(run, waits, strict=True)] for at in range(3)
        ]
        parts += [_band("nine", lines[2], lines[1]), _band("eight", lines[1], lines[0]), _line(lines[0])]
    parts += _labels(called[last], x(last), y, [t(f"manage.chart_{name}") for name in ("half", "eight", "nine")])
    peak = max(called, key=lambda hour: (called[hour].wait[1] or 0, -hour))
    for at, kind in ((0, "half"), (1, "eight"), (2, "nine")):
        value = called[peak].wait[at] or 0
        if at == 0 or y(called[peak].wait[at - 1] or 0) - y(value) > 22:
            parts.append(
                f'<text class="peak" x="{x(peak):.1f}" y="{y(value) - 8:.1f}" text-anchor="middle">{whole(value)}</text>'
            )
    return Markup("".join((*parts, "</svg>")))  # numbers and escaped words only


def _runs(hours: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for hour in hours:
        if runs and runs[-1][-1] == hour - 1:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return runs


def _path(points: Points) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _band(kind: str, upper: Points, lower: Points) -> str:
    if len(upper) == 1:  # one lonely hour: a bar, because a band of no width cannot be seen
        (x, top), (_, low) = upper[0], lower[0]
        return f'<rect class="{kind}" x="{x - 14:.1f}" y="{top:.1f}" width="28" height="{max(low - top, 0):.1f}"/>'
    return f'<path class="{kind}" d="M{_path(upper)}L{_path(lower[::-1])}z"/>'


def _line(points: Points) -> str:
    if len(points) == 1:
        x, y = points[0]
        return f'<path class="line" d="M{x - 14:.1f} {y:.1f}h28"/>'
    dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points)
    return f'<path class="line" d="M{_path(points)}"/>{dots}'


def _labels(row: RowView, x: float, y: Scale, names: Sequence[str]) -> list[str]:
    places: list[float] = []
    for at in range(3):
        wanted = y(row.wait[at] or 0) + 5
        places.append(min(wanted, places[-1] - 18) if places else wanted)
    return [
        f'<text class="end {kind}" x="{x + 22:.1f}" y="{place:.1f}">{escape(name)}</text>'
        for name, place, kind in zip(names, places, ("of-half", "", ""), strict=True)
    ]
