"""What is said of a service, of a number, and on the first screen: in the order in which one needs it."""

from antrean.domain.catalogue import Service
from antrean.texts.formats import wait_range
from kiosk.desk import Issued, Paper
from kiosk.screens.aloud import without_echoes
from kiosk.screens.booking_words import booking_aloud
from kiosk.screens.facts import requirement_rows
from kiosk.screens.lists import closed_words
from kiosk.screens.screen import Scene

TROUBLE = (Paper.FAILED, Paper.UNKNOWN, Paper.NONE)


def welcome_aloud(scene: Scene, common: tuple[Service, ...]) -> tuple[str, ...]:
    """Where one is, what to touch, who is called now, and what is one touch away."""
    t, calls = scene.t, scene.desk.calls()[:1]
    sentences = [scene.mall.name, t("kiosk.touch_to_start")]
    if common:
        names = ", ".join(scene.own(service.short) for service in common)
        sentences.append(f"{t('kiosk.often_needed')}: {names}")
    for label, counter in calls:
        found = scene.mall.counters.get(counter)
        sentences += [t("kiosk.now_calling"), label, scene.own(found.name) if found else counter]
    return without_echoes(sentences)


def card_aloud(scene: Scene, service: Service) -> tuple[str, ...]:
    """The published standard: what to bring, cost, time and the wait; then what the keys do."""
    t, view = scene.t, scene.desk.view(service.code)
    needed = [f"{text}, {note}" if note else text for _, text, note in requirement_rows(scene, service)]
    numbered = [f"{at}. {one}" for at, one in enumerate(needed, 1)] if len(needed) > 1 else needed
    facts = [
        f"{t('kiosk.cost')}: {scene.own(service.cost)}",
        f"{t('kiosk.ready_in')}: {scene.own(service.time)}",
    ]
    if not view.open or view.full:
        now = [t("kiosk.full_long") if view.full else closed_words(scene, view)]
    else:
        now = [_wait(scene, view.wait)] if view.wait else []
        now.append(t("kiosk.take"))
    bring = [t("kiosk.what_to_bring"), *numbered] if needed else []
    return without_echoes((scene.own(service.name), *bring, *facts, *now, t("kiosk.print_checklist")))


def number_aloud(scene: Scene, issued: Issued, paper: Paper) -> tuple[str, ...]:
    """The number and where to wait, both once more, how long about, and what became of the paper."""
    t, mall = scene.t, scene.mall
    place = scene.own(mall.zone_of(mall.services[issued.service]).name)
    number = (t("kiosk.your_number"), issued.label)
    wait_at = f"{t('kiosk.wait_at')} {place}"
    after: list[str] = []
    if issued.booking is not None:
        after += booking_aloud(scene, issued.booking)
    elif issued.ahead is not None:
        people = t("kiosk.people", n=issued.ahead) if issued.ahead else t("kiosk.nobody")
        after.append(f"{people} {t('kiosk.ahead_of_you')}")
    if issued.wait:
        after.append(_wait(scene, issued.wait))
    return without_echoes(
        (*number, wait_at, t("kiosk.once_more"), *number[1:], wait_at, *after, *_paper(scene, paper))
    )


def _wait(scene: Scene, wait: tuple[int, int]) -> str:
    return f"{scene.t('kiosk.expected_wait')}: {wait_range(*wait, scene.language)}"


def _paper(scene: Scene, paper: Paper) -> tuple[str, ...]:
    t = scene.t
    if paper not in TROUBLE:
        return (t(f"kiosk.paper_{paper.value}"),)
    step = "paper_step_code" if paper is Paper.NONE else "paper_step_staff"
    keys = (f"paper_{paper.value}", "number_valid", "paper_step_photo", step)
    return tuple(t(f"kiosk.{key}") for key in keys)
