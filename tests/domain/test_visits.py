"""A visit of several services: the ticket-life table walked with steps, plans and pins, rule by rule."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.choice import in_calling_order
from antrean.domain.errors import BadCatalogue
from antrean.domain.hall import empty_hall
from antrean.domain.views import console_state
from antrean.domain.visit_notes import MAX_NOTES, commitment
from antrean.domain.visit_plan import MAX_PLANNED
from antrean.domain.waits import report, visits_of
from tests.domain.floor_of_tests import MINUTE
from tests.domain.malls import mall_of_journeys, service, words
from tests.domain.visits_of_tests import MALL, Visits


@pytest.fixture
def hall() -> Visits:
    """Somebody is served KTP at counter 1 and KK is planned for them."""
    visits = Visits()
    visits.comes()
    visits.serve()
    visits.does(c.AddService(counter="1", service="kk"))
    return visits


def one(hall: Visits) -> str:
    (ticket_id,) = hall.hall.tickets
    return ticket_id


Press = Callable[[Visits, str], object]


def does(command: c.Command) -> Press:
    """This command; one that names a ticket "it" means the visitor's."""

    def press(hall: Visits, ticket_id: str) -> object:
        named = {"ticket": ticket_id} if getattr(command, "ticket", None) == "it" else {}
        return hall.does(replace(command, **named))

    return press


HOLD, FINISH = does(c.Hold(counter="1", reason="fotokopi")), does(c.Finish(counter="1"))
CALL_2, ABSENT_2 = does(c.CallNext(counter="2")), does(c.Absent(counter="2"))

LIFE: list[tuple[str, list[Press], list[tuple[str, str]], tuple[str, ...]]] = [
    ("held", [HOLD], [("ktp-baru", "on_hold")], ("kk",)),
    (
        "held and resumed at another counter",
        [HOLD, does(c.Resume(counter="2", ticket="it"))],
        [("ktp-baru", "serving")],
        ("kk",),
    ),
    (
        "held and called back",
        [HOLD, does(c.CallBack(counter="2", ticket="it"))],
        [("ktp-baru", "called")],
        ("kk",),
    ),
    (
        "held and cancelled: nothing follows",
        [HOLD, does(c.Cancel(ticket="it", reason="pulang"))],
        [("ktp-baru", "cancelled")],
        ("kk",),
    ),
    ("finished", [FINISH], [("ktp-baru", "completed"), ("kk", "waiting")], ()),
    (
        "finished by the next call",
        [does(c.CallNext(counter="1"))],
        [("ktp-baru", "completed"), ("kk", "waiting")],
        (),
    ),
    (
        "finished and called for the next service",
        [FINISH, CALL_2],
        [("ktp-baru", "completed"), ("kk", "called")],
        (),
    ),
    (
        "a wrong call of the next service undone",
        [FINISH, CALL_2, does(c.UndoCall(counter="2"))],
        [("ktp-baru", "completed"), ("kk", "waiting")],
        (),
    ),
    (
        "absent at the next service",
        [FINISH, CALL_2, ABSENT_2],
        [("ktp-baru", "completed"), ("kk", "no_show")],
        (),
    ),
    (
        "absent at the next service and back",
        [FINISH, CALL_2, ABSENT_2, does(c.ComeBack(ticket="it", officer="visitor"))],
        [("ktp-baru", "completed"), ("kk", "waiting")],
        (),
    ),
    (
        "finished too early and reopened",
        [FINISH, does(c.Reopen(counter="1", ticket="it"))],
        [("ktp-baru", "serving")],
        ("kk",),
    ),
    (
        "the last service reopened",
        [
            FINISH,
            CALL_2,
            does(c.Start(counter="2")),
            does(c.Finish(counter="2")),
            does(c.Reopen(counter="2", ticket="it")),
        ],
        [("ktp-baru", "completed"), ("kk", "serving")],
        (),
    ),
    (
        "transferred: the plan goes along",
        [does(c.Transfer(counter="1", service="npwp", place="front"))],
        [("ktp-baru", "transferred"), ("npwp", "waiting")],
        ("kk",),
    ),
    (
        "left by phone between two services",
        [FINISH, does(c.Cancel(ticket="it", reason="visitor_left", officer="visitor"))],
        [("ktp-baru", "completed"), ("kk", "cancelled")],
        (),
    ),
    (
        "the day closes on who is being served",
        [does(c.CloseDay())],
        [("ktp-baru", "expired")],
        ("kk",),
    ),
    (
        "the day closes between two services",
        [FINISH, does(c.CloseDay())],
        [("ktp-baru", "completed"), ("kk", "expired")],
        (),
    ),
]


@pytest.mark.parametrize("presses, way, plan", [row[1:] for row in LIFE], ids=[row[0] for row in LIFE])
def test_every_row_of_a_tickets_life_holds_in_a_visit_of_several_services(
    hall: Visits, presses: list[Press], way: list[tuple[str, str]], plan: tuple[str, ...]
) -> None:
    ticket_id = one(hall)
    for press in presses:
        hall.at += 1
        press(hall, ticket_id)
    assert hall.way(ticket_id) == way
    assert hall.ticket(ticket_id).plan == plan
    told = visits_of(hall.log)
    assert [visit.service for visit in told] == [service for service, _ in way]
    state = way[-1][1]
    expected = {"expired": "unconfirmed" if len(way) == 1 else "expired"}.get(state, state)
    assert told[-1].outcome == expected


def test_each_agency_keeps_its_own_waiting_and_serving_time(hall: Visits) -> None:
    hall.does(c.AddService(counter="1", service="npwp"))
    for minutes, counter in ((4, "1"), (3, "2"), (2, "3")):
        hall.at += minutes
        hall.does(c.Finish(counter=counter))
        if counter != "3":
            hall.at += 10
            hall.serve(str(int(counter) + 1))
    rows = {row.key: row for row in report(visits_of(hall.log), MALL, "service")}
    assert {code: (row.wait.max_ms, row.serve.max_ms) for code, row in rows.items()} == {
        "ktp-baru": (0, 4 * MINUTE),
        "kk": (10 * MINUTE, 3 * MINUTE),
        "npwp": (10 * MINUTE, 2 * MINUTE),
    }
    assert {code: (row.issued, row.tickets, row.delivered) for code, row in rows.items()} == dict.fromkeys(
        ("ktp-baru", "kk", "npwp"), (1, 1, 1)
    )
    by_agency = {row.key: (row.issued, row.tickets) for row in report(visits_of(hall.log), MALL, "agency")}
    assert by_agency == {"dukcapil": (2, 1), "pajak": (1, 1)}


def test_a_planned_service_joins_its_line_when_the_step_before_it_ends(hall: Visits) -> None:
    hall.at += 5
    earlier = hall.comes("kk", "B")
    hall.at += 5
    hall.does(c.Finish(counter="1"))
    hall.at += 5
    later = hall.comes("kk", "B")
    order = [ticket.ticket_id for ticket, _ in in_calling_order(hall.hall, "2", 9, hall.now_ms)]
    mine = next(ticket for ticket in hall.hall.tickets if ticket not in (earlier, later))
    assert order == [earlier, mine, later]
    (row,) = [row for row in console_state(hall.hall, "2", hall.now_ms)["waiting"] if row["planned"]]
    assert row["ticket_id"] == mine


def test_a_transfer_by_arrival_counts_from_the_last_service_done(hall: Visits) -> None:
    ticket_id = one(hall)
    hall.at += 60
    earlier = hall.comes("npwp", "P")
    hall.at += 5
    hall.does(c.Finish(counter="1"))
    hall.serve("2")
    hall.does(c.Transfer(counter="2", service="npwp", place="arrival"))
    assert hall.serve("3") == earlier
    hall.does(c.Finish(counter="3"))
    assert hall.serve("3") == ticket_id


def test_a_service_taken_up_again_counts_once_at_its_counter(hall: Visits) -> None:
    ticket_id = one(hall)
    hall.at += 4
    hall.does(c.Finish(counter="1"))
    hall.at += 1
    hall.does(c.Reopen(counter="1", ticket=ticket_id))
    assert console_state(hall.hall, "1", hall.now_ms)["today"]["completed"] == 0
    hall.at += 5
    hall.does(c.Finish(counter="1"))
    today = console_state(hall.hall, "1", hall.now_ms)["today"]
    assert (today["completed"], today["median_serve_ms"]) == (1, 10 * MINUTE)


def test_the_counter_that_also_serves_the_planned_service_may_call_the_same_visitor_on() -> None:
    hall = Visits()
    ticket_id = hall.comes()
    hall.serve("2")
    hall.does(c.AddService(counter="2", service="kk"))
    done = hall.does(c.CallNext(counter="2"))
    assert [type(event) for event in done] == [e.ServiceFinished, e.VisitContinued, e.TicketCalled]
    assert hall.way(ticket_id) == [("ktp-baru", "completed"), ("kk", "called")]


def test_a_journey_plans_what_comes_after_the_current_service_and_nothing_twice(hall: Visits) -> None:
    hall.does(c.PlanJourney(counter="1", journey="keluarga"))
    assert hall.ticket(one(hall)).plan == ("kk", "npwp")
    assert hall.does(c.PlanJourney(counter="1", journey="keluarga")) == ()
    assert console_state(hall.hall, "1", hall.now_ms)["journeys"] == []
    assert "plan_journey" not in console_state(hall.hall, "1", hall.now_ms)["can"]
    assert hall.refused(c.PlanJourney(counter="1", journey="usaha")) == "journey_does_not_fit"
    assert hall.refused(c.PlanJourney(counter="1", journey="bulan")) == "unknown_journey"


@pytest.mark.parametrize(
    "command, code",
    [
        (c.AddService(counter="1", service="kk"), "already_planned"),
        (c.AddService(counter="1", service="tutup"), "service_not_offered"),
        (c.AddService(counter="1", service="bulan"), "unknown_service"),
        (c.DropService(counter="1", service="npwp"), "not_planned"),
        (c.AddService(counter="2", service="kk"), "nobody_at_counter"),
        (c.Deliver(counter="1", service="kk", quantity=0), "bad_quantity"),
        (c.Deliver(counter="1", service="kk", quantity=100), "bad_quantity"),
        (c.Deliver(counter="1", service="bulan", quantity=1), "unknown_service"),
        (c.WriteNote(counter="1", text=" \n"), "note_empty"),
    ],
)
def test_what_cannot_be_is_refused_by_name(hall: Visits, command: c.Command, code: str) -> None:
    assert hall.refused(command) == code


def test_a_full_service_is_not_planned_and_a_plan_has_an_end(hall: Visits) -> None:
    hall.comes("npwp", "P")
    hall.comes("npwp", "P")
    assert hall.refused(c.AddService(counter="1", service="npwp")) == "service_full"
    data = mall_of_journeys()
    data["services"] += [service(f"layanan-{n}", "C") for n in range(MAX_PLANNED + 1)]
    many = Visits()
    many.hall = empty_hall(mall_from_dict(data), "2026-11-23")
    many.comes()
    many.serve()
    for number in range(MAX_PLANNED):
        many.does(c.AddService(counter="1", service=f"layanan-{number}"))
    assert many.refused(c.AddService(counter="1", service=f"layanan-{MAX_PLANNED}")) == "plan_full"


def test_a_ticket_holds_so_many_notes_and_no_more(hall: Visits) -> None:
    for number in range(MAX_NOTES):
        hall.does(c.WriteNote(counter="1", text="x", note_id=f"n{number}", commitment="0" * 64))
    assert hall.refused(c.WriteNote(counter="1", text="x", note_id="more")) == "notes_full"
    notes = console_state(hall.hall, "1", hall.now_ms, {"n0": "map biru"})["current"]["notes"]
    assert [note["text"] for note in notes[:2]] == ["map biru", ""]


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    assert commitment(b"a" * 16, "map biru") != commitment(b"b" * 16, "map biru")
    assert commitment(b"a" * 16, "map biru") == commitment(b"a" * 16, "map biru")


def test_the_last_word_about_a_delivery_counts(hall: Visits) -> None:
    for quantity in (3, 2, 0):
        hall.does(c.Deliver(counter="1", service="npwp", quantity=quantity))
    assert hall.ticket(one(hall)).step.delivered == ()
    hall.does(c.Deliver(counter="1", service="npwp", quantity=2))
    assert hall.does(c.Deliver(counter="1", service="npwp", quantity=2)) == ()
    hall.does(c.Finish(counter="1"))
    rows = {row.key: row.delivered for row in report(visits_of(hall.log), MALL, "service")}
    assert rows == {"ktp-baru": 0, "kk": 0, "npwp": 2}


def test_journeys_are_read_and_written_and_every_mistake_is_named() -> None:
    assert mall_to_dict(MALL)["journeys"] == mall_of_journeys()["journeys"]
    data = mall_of_journeys()
    data["journeys"] = [
        {"code": "pendek", "name": words("x"), "services": ["kk"]},
        {"code": "salah", "name": words("x"), "services": ["kk", "bulan", "kk"], "lama": 3},
        {"code": "salah", "name": words("x"), "services": ["kk", "npwp"]},
    ]
    with pytest.raises(BadCatalogue) as found:
        mall_from_dict(data)
    said = "\n".join(found.value.problems)
    for problem in (
        "file.journeys[2]: lama is not a known key",
        "file.journeys[3]: code 'salah' is used twice",
        "journey pendek: has 1 services; it needs 2 to 11",
    ):
        assert problem in said
    data["journeys"] = [{"code": "salah", "name": words("x"), "services": ["kk", "bulan", "kk"]}]
    with pytest.raises(BadCatalogue) as again:
        mall_from_dict(data)
    assert again.value.problems == (
        "journey salah: service 'kk' is in it twice",
        "journey salah: service 'bulan' is not in services",
    )
