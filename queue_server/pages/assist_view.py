"""What a manager reads of help: how many numbers staff took for visitors and why, and how soon calls were heard."""

from dataclasses import dataclass

from antrean.domain.assist_report import UNSAID, AssistReport, Calls
from antrean.texts import Texts, texts_for
from queue_server.pages.report_view import how_long

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class AssistRow:
    """Numbers of one reason; `half` is what half of them needed at most in minutes, None when nobody measured."""

    name: str
    tickets: int
    minutes: int
    half: int | None


@dataclass(frozen=True, slots=True)
class AssistView:
    """Everything the page says of help."""

    heading: str
    rows: tuple[AssistRow, ...]
    minutes: int
    calls: str


def assist_view(made: AssistReport, lang: str) -> AssistView:
    """The report in words."""
    t = texts_for(lang)
    rows = tuple(
        AssistRow(t(f"manage.assist_{row.reason or 'unsaid'}"), row.tickets, row.minutes, row.median_minutes)
        for row in made.reasons
    )
    return AssistView(_heading(made, t), rows, made.minutes, _calls(made.calls, t))


def _heading(made: AssistReport, t: Texts) -> str:
    if not made.tickets:
        return t("manage.assist_none")
    said = [row for row in made.reasons if row.reason != UNSAID]
    if not said:
        return t("manage.assist_title_unsaid", n=made.tickets)
    why = t(f"manage.assist_because_{said[0].reason}")
    return t("manage.assist_title", n=made.tickets, why=why)


def _calls(calls: Calls, t: Texts) -> str:
    if not calls.asked:
        return t("manage.calls_none")
    said = [t("manage.calls_asked", n=calls.asked)]
    if calls.median_accept_ms is not None:
        said.append(t("manage.calls_half", time=how_long(calls.median_accept_ms / MINUTE_MS, t.language)))
    if unheard := calls.asked - calls.accepted:
        said.append(t("manage.calls_unheard", n=unheard))
    if calls.finished:
        said.append(t("manage.calls_minutes", n=calls.finished, minutes=calls.minutes))
    return ", ".join(said) + "."
