"""Charts of bookings as SVG: what became of them as a bar of parts, and how long both kinds of visitors waited."""

from collections.abc import Sequence

from markupsafe import Markup

from queue_server.pages.booking_report_view import TallyView
from queue_server.pages.chart import BAR_HEIGHT, BAR_WIDTH, nice_axis

PARTS = ("in_time", "early", "late", "noshow", "open")
"""The parts of a bar in their order; `open` are those nobody has come with and nobody has given up yet."""
DAY_WIDTH, DAY_HEIGHT, DAY_LEFT, DAY_TOP, DAY_BOTTOM = 760, 260, 40, 16, 44
MOST_NAMED = 16


def outcome_bar(row: TallyView, most: int) -> Markup:
    """What became of a row's bookings; a full bar stands for `most` of them."""
    unit, top, high = BAR_WIDTH / max(most, 1), 8, BAR_HEIGHT - 16
    at, parts = 0.0, [f'<svg class="booked-bar" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" aria-hidden="true">']
    for name in PARTS:
        wide = getattr(row, name) * unit
        if wide:
            parts.append(f'<rect class="{name}" x="{at:.1f}" y="{top}" width="{wide:.1f}" height="{high}"/>')
        at += wide
    return Markup("".join((*parts, "</svg>")))  # numbers only


def waits_axis(rows: Sequence[TallyView]) -> tuple[int, int]:
    """One axis in minutes for the waits of all rows."""
    waits = [wait for row in rows for wait in (row.booked_wait, row.walk_in_wait) if wait is not None]
    return nice_axis(max(waits, default=10))


def waits_bar(row: TallyView, step: int, end: int) -> Markup:
    """Half of the booked visitors as a dot, half of the others as a ring, and the difference as a line."""
    unit, middle = BAR_WIDTH / end, BAR_HEIGHT / 2
    parts = [f'<svg class="bar-chart" viewBox="-8 0 {BAR_WIDTH + 16} {BAR_HEIGHT}" aria-hidden="true">']
    parts += [
        f'<path class="grid" d="M{tick * unit:.1f} 0v{BAR_HEIGHT}"/>' for tick in range(0, end + 1, step)
    ]
    booked, others = row.booked_wait, row.walk_in_wait
    if booked is not None and others is not None:
        parts.append(f'<path class="between" d="M{booked * unit:.1f} {middle}H{others * unit:.1f}"/>')
    if others is not None:
        parts.append(f'<circle class="others" cx="{others * unit:.1f}" cy="{middle}" r="5"/>')
    if booked is not None:
        parts.append(f'<circle class="half fine" cx="{booked * unit:.1f}" cy="{middle}" r="6"/>')
    return Markup("".join((*parts, "</svg>")))  # numbers only


def day_chart(rows: Sequence[TallyView]) -> Markup | None:
    """Visitors of each day: with a booking below, without one above; None of fewer than two days."""
    if len(rows) < 2:
        return None
    step, end = nice_axis(max(row.arrived + row.walk_in for row in rows))
    base, width = DAY_HEIGHT - DAY_BOTTOM, (DAY_WIDTH - DAY_LEFT) / len(rows)
    unit, wide = (base - DAY_TOP) / end, min(48.0, width * 0.7)
    parts = [
        f'<svg class="day-chart" viewBox="0 0 {DAY_WIDTH} {DAY_HEIGHT}" role="img" aria-labelledby="day-title">'
    ]
    for tick in range(0, end + 1, step):
        y = base - tick * unit
        parts.append(f'<path class="{"grid" if tick else "base"}" d="M{DAY_LEFT} {y:.1f}H{DAY_WIDTH}"/>')
        parts.append(
            f'<text class="axis" x="{DAY_LEFT - 10}" y="{y + 5:.1f}" text-anchor="end">{tick}</text>'
        )
    every = -(-len(rows) // MOST_NAMED)
    for at, row in enumerate(rows):
        middle = DAY_LEFT + width * (at + 0.5)
        left, top = middle - wide / 2, base - row.arrived * unit
        parts.append(
            f'<rect class="in_time" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{row.arrived * unit:.1f}"/>'
        )
        others = row.walk_in * unit
        parts.append(
            f'<rect class="others" x="{left:.1f}" y="{top - others:.1f}" width="{wide:.1f}" height="{others:.1f}"/>'
        )
        if at % every == 0:
            day = f"{int(row.key[8:])}/{int(row.key[5:7])}"
            parts.append(
                f'<text class="axis" x="{middle:.1f}" y="{base + 22}" text-anchor="middle">{day}</text>'
            )
    return Markup("".join((*parts, "</svg>")))  # numbers only
