"""The command `check_in` and the kiosks' copy, by real requests."""

from antrean.domain.booking_claim import BookingClaim
from antrean.domain.booking_code import new_code, shown_code
from antrean.seal.bookings import BookingSigner
from tests.bookings_server.booked_mall import DAY_MS, HOUR_MS, MINUTE_MS, TEN, TODAY, BookedMall
from tests.bookings_server.fake_outside import FakeOutside

CODE = new_code(bytes(range(16)))
SIGNER = BookingSigner(bytes(32))


def test_a_typed_code_is_found_however_it_is_written(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("id-of-the-outside", TEN, code=shown_code(CODE).lower())
    mall.look()
    mall.at(TEN - 5 * MINUTE_MS)
    answer = mall.check_in(f" {CODE[:4].lower()} {CODE[4:]}")
    assert answer.status_code == 200, answer.text
    assert [one["type"] for one in answer.json()["events"]] == ["TicketIssued", "BookingArrived"]
    body = answer.json()["events"][1]["body"]
    assert (body["booking_id"], body["proof"], body["slot_ms"]) == ("id-of-the-outside", "copy", TEN)
    assert answer.json()["ticket"]["booking"]["how"] == "in_time"


def test_refusals_say_why(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    outside.book("BBBB", TEN)
    outside.book("CCCC", TEN + DAY_MS)
    outside.cancel("BBBB")
    mall.look()
    first = mall.check_in("AAAA")
    label = first.json()["ticket"]["label"]
    refused = {code: mall.check_in(code) for code in ("AAAA", "BBBB", "CCCC", "DDDD")}
    assert {
        code: (answer.status_code, answer.json()["error"]["code"]) for code, answer in refused.items()
    } == {
        "AAAA": (409, "booking_arrived"),
        "BBBB": (409, "booking_cancelled"),
        "CCCC": (409, "booking_other_day"),
        "DDDD": (404, "unknown_booking"),
    }
    assert label in refused["AAAA"].json()["error"]["message"]


def test_a_code_nobody_knows_gets_an_ordinary_number_when_the_service_is_named(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.look()
    answer = mall.check_in("DDDD", service="kk")
    assert [one["type"] for one in answer.json()["events"]] == ["TicketIssued", "BookingClaimed"]
    outside.book("DDDD", TEN, service="kk")
    mall.look()
    mall.look()
    assert outside.came == {"DDDD": ["arrived"]}


def test_a_number_taken_before_the_code_came_up_gets_the_booking_and_the_outside_hears_of_it(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.at(TEN - 5 * MINUTE_MS)
    ticket_id = kiosk.issue(service="ktp-baru", series="A")
    mall.push(kiosk)
    label = str(mall.hall().tickets[ticket_id].label)
    unknown = mall.check_in("DDDD", ticket="A1-999")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_ticket")
    answer = mall.check_in("AAAA", ticket=label)
    assert [one["type"] for one in answer.json()["events"]] == ["BookingArrived"]
    shown = answer.json()["ticket"]
    assert (shown["label"], shown["booking"]["how"], shown["reason"]["code"]) == (label, "in_time", "booking")
    mall.look()
    assert outside.came == {"AAAA": ["arrived"]}


def test_a_signed_code_is_proved_without_any_copy_and_no_other_kiosk_takes_it_again(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.public_keys = (SIGNER.public,)
    mall.look()
    outside.down = "no route"
    token = SIGNER.seal(BookingClaim(CODE, TEN, 30), "ktp-baru", "mal")
    answer = mall.check_in(token)
    assert answer.status_code == 200, answer.text
    assert answer.json()["events"][1]["body"]["proof"] == "signed"
    mall.worker.look()
    kiosk = mall.pair()
    told = mall.client.get("/v1/bookings", headers=kiosk.headers).json()
    assert [(one["code"], one["status"]) for one in told["bookings"]] == [(CODE, "arrived")]
    assert told["keys"] == [{"source": "situs", "mall": "mal", "key": SIGNER.public}]
    outside.down = ""
    outside.book(CODE, TEN)
    mall.look()
    assert outside.came == {CODE: ["arrived"]}
    assert mall.check_in(token).json()["error"]["code"] == "booking_arrived"


def test_of_an_older_signed_code_the_copy_says_what_it_is_worth(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.public_keys = (SIGNER.public,)
    outside.book(CODE, TEN + 2 * HOUR_MS)
    mall.look()
    token = SIGNER.seal(BookingClaim(CODE, TEN, 30), "ktp-baru", "mal")
    body = mall.check_in(token).json()["events"][1]["body"]
    assert (body["slot_ms"], body["proof"]) == (TEN + 2 * HOUR_MS, "signed")
    foreign = BookingSigner(bytes(31) + b"1").seal(BookingClaim(CODE, TEN, 30), "ktp-baru", "mal")
    assert mall.check_in(foreign).json()["error"]["code"] == "unknown_booking"


def test_a_signed_code_whose_key_is_not_known_yet_can_be_claimed_and_is_found_later(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.look()
    token = SIGNER.seal(BookingClaim(CODE, TEN, 30), "ktp-baru", "mal")
    answer = mall.check_in(token, service="ktp-baru")
    assert answer.json()["events"][1]["type"] == "BookingClaimed"
    outside.book(CODE, TEN)
    mall.look()
    mall.look()
    assert outside.came == {CODE: ["arrived"]}


def test_a_booking_is_never_refused_by_a_quota_but_a_claim_is(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN, service="npwp")
    mall.look()
    for _ in range(2):
        assert mall.command("issue", role="helper", service="npwp").status_code == 200
    assert mall.check_in("BBBB", service="npwp").json()["error"]["code"] == "service_full"
    mall.at(TEN)
    assert mall.check_in("AAAA").status_code == 200


def test_who_took_a_number_first_is_shown_as_in_time(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    mall.at(TEN - 10 * MINUTE_MS)
    label = mall.command("issue", role="helper", service="ktp-baru").json()["ticket"]["label"]
    mall.at(TEN + 40 * MINUTE_MS)
    assert mall.check_in("AAAA", ticket=label).status_code == 200
    mall.look()
    (row,) = mall.parts.bookings.health.bookings_of(TODAY)
    assert (row.label, row.how, row.arrived_ms) == (
        label,
        "in_time",
        mall.hall().tickets[row.ticket_id].arrived_ms,
    )
    assert outside.came == {"AAAA": ["arrived"]}


def test_a_kiosk_hears_of_every_change_once_and_in_pages(mall: BookedMall, outside: FakeOutside) -> None:
    kiosk = mall.pair()
    assert mall.pull(kiosk)["bookings_cursor"] == ""
    outside.page_size = 500
    for number in range(501):
        outside.book(f"B{number:04}", TEN + (number % 3) * DAY_MS)
    outside.book("LONGAGO", TEN - 3 * DAY_MS)
    mall.look()
    newest = mall.pull(kiosk)["bookings_cursor"]

    def ask(cursor: str) -> dict[str, object]:
        answer = mall.client.get("/v1/bookings", params={"cursor": cursor}, headers=kiosk.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found

    first = ask("")
    assert (first["more"], first["reset"], len(list(first["bookings"]))) == (True, True, 500)  # type: ignore[call-overload]
    second = ask(str(first["cursor"]))
    assert (second["more"], second["reset"], second["cursor"]) == (False, False, newest)
    assert len(list(second["bookings"])) == 1  # type: ignore[call-overload]
    assert ask(newest)["bookings"] == []
    outside.cancel("B0007")
    mall.look()
    assert mall.pull(kiosk)["bookings_cursor"] != newest
    (changed,) = list(ask(newest)["bookings"])  # type: ignore[call-overload]
    assert (changed["booking_id"], changed["status"]) == ("B0007", "cancelled")
    for foreign in ("another-life.3", "nonsense", f"{newest}9"):
        assert ask(foreign)["reset"] is True
    assert mall.client.get("/v1/bookings", headers={"Authorization": "Bearer no"}).status_code == 401
