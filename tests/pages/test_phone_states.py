"""What the visitor's page says in each state of the number, and what it lets the visitor do; no script needed."""

import datetime
import uuid

from antrean.domain.label import status_token, ticket_id_from_token
from antrean.texts import LANGUAGES, texts_for
from queue_server.pages.phone_view import unknown_why
from tests.pages.phones import tokens_of
from tests.server.house_of_tests import MORNING_MS, House

MINUTE_MS = 60_000
t = texts_for("id")


def page(house: House, token: str, rest: str = "") -> str:
    return house.client.get(f"/t/{token}{rest}").text


def called(house: House) -> str:
    (token, *_) = tokens_of(house)
    assert house.command("call_next").status_code == 200
    return token


def test_a_call_and_each_recall_are_told_apart(house: House) -> None:
    token = called(house)
    assert "Panggilan pertama pukul 09.00." in page(house, token)
    house.command("recall")
    assert "Panggilan ke-2, pertama pukul 09.00." in page(house, token)
    assert "Loket 1" in page(house, token)


def test_being_served_and_put_on_hold_say_where_to_be(house: House) -> None:
    token = called(house)
    house.command("start")
    assert t("phone.serving_title") in page(house, token)
    assert '<p class="place">Loket 1</p>' in page(house, token)
    house.command("hold", reason="documents")
    assert t("phone.on_hold_next", counter="Loket 1") in page(house, token)


def test_an_absent_visitor_says_by_phone_that_they_are_here(house: House) -> None:
    token = called(house)
    house.command("absent")
    absent = page(house, token)
    assert t("phone.back_text", n=3) in absent
    assert t("phone.back_until", clock="09.30") in absent
    back = house.client.post(f"/t/{token}/back", follow_redirects=True)
    assert "is-waiting" in back.text
    again = house.client.post(f"/t/{token}/back", follow_redirects=True)
    assert (again.status_code, "is-waiting" in again.text) == (200, True)


def test_too_late_or_too_often_the_page_says_what_remains(house: House) -> None:
    token = called(house)
    house.command("absent")
    house.world.now_ms += 31 * MINUTE_MS
    late = house.client.post(f"/t/{token}/back", follow_redirects=True).text
    assert t("phone.back_over", clock="09.30") in late
    assert f"/t/{token}/back" not in late


def test_who_came_back_as_often_as_allowed_is_sent_to_the_staff(house: House) -> None:
    token = tokens_of(house, 1)[0]
    for returns in range(3):
        assert house.command("call_next").status_code == 200
        house.command("absent")
        assert (t("phone.back_often") in page(house, token)) == (returns == 2)
        house.client.post(f"/t/{token}/back")


def test_a_cancellation_says_whose_it_was(house: House) -> None:
    first, second, _ = tokens_of(house)
    house.client.post(f"/t/{first}/leave")
    assert t("phone.cancelled_title") in page(house, first)
    house.command("call_next")
    gone = house.command("cancel", ticket=ticket_id_from_token(second), reason="wrong_service")
    assert gone.status_code == 200, gone.text
    assert t("phone.cancelled_other_title") in page(house, second)


def test_the_next_planned_service_is_named_before_and_after(house: House) -> None:
    token = called(house)
    house.command("add_service", service="kk")
    house.command("start")
    serving = page(house, token)
    assert t("phone.next_service") in serving
    assert "<li>kk</li>" in serving
    house.command("finish")
    after = page(house, token)
    assert t("phone.before_completed", service="ktp-baru") in after
    assert '<h1 class="service">kk</h1>' in after
    assert "<li>kk</li>" not in after


def test_who_is_moved_to_another_line_is_told_from_where(house: House) -> None:
    token = called(house)
    house.command("start")
    moved = house.command("transfer", service="npwp", place="arrival")
    assert moved.status_code == 200, moved.text
    assert t("phone.before_moved", service="ktp-baru") in page(house, token)


def test_a_number_can_be_shown_to_an_officer(house: House) -> None:
    token = tokens_of(house)[1]
    shown = page(house, token, "/show")
    assert "<span>A1</span><span>002</span>" in shown
    assert t("phone.waiting_title") in shown
    house.command("call_next")
    house.command("call_next", counter="2", role="supervisor")
    assert "is-called" in page(house, token, "/show"), "a call is never hidden"


def test_an_address_that_shows_nothing_is_kind_about_it(house: House) -> None:
    now = datetime.datetime.fromtimestamp(MORNING_MS / 1000, datetime.UTC)
    for days, why in ((0, "unknown"), (1, "old")):
        made = int((now - datetime.timedelta(days=days)).timestamp() * 1000)
        token = status_token(str(uuid.UUID(int=(made << 80) | (7 << 76) | (2 << 62) | 5)))
        assert unknown_why(token, "Asia/Jakarta", MORNING_MS) == why
        assert t(f"phone.{why}_title") in page(house, token)
    mistyped = house.client.get("/t/A1-002")
    assert mistyped.status_code == 404
    assert t("phone.mistyped_title") in mistyped.text
    assert 'http-equiv="refresh"' not in mistyped.text
    assert house.client.post(f"/t/{'0' * 26}/back", follow_redirects=True).status_code == 404


def test_no_answer_of_a_token_is_kept_or_found_by_a_search_engine(house: House) -> None:
    token = tokens_of(house)[0]
    answers = [house.client.get(f"/t/{token}{rest}") for rest in ("", "/show", "/leave")]
    answers += [house.client.get(f"/t/{'0' * 26}"), house.client.get(f"/T/{token}")]
    answers += [house.client.post(f"/t/{token}/{what}") for what in ("back", "leave")]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store", answer.url
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_large_letters_and_colours_are_remembered_by_the_phone_alone(house: House) -> None:
    token = tokens_of(house)[0]
    assert 'data-text="usual"' in page(house, token)
    house.client.get(f"/prefer?text=large&to=/t/{token}")
    house.client.get(f"/prefer?theme=contrast&to=/t/{token}")
    large = page(house, token)
    assert 'data-text="large"' in large
    assert 'data-theme="contrast"' in large
    assert dict(house.client.cookies) == {"antrean_text": "large", "antrean_theme": "contrast"}


def test_the_states_of_a_visit_have_words_in_every_language(house: House) -> None:
    token = called(house)
    for command, title in (
        ("recall", "your_turn"),
        ("start", "serving_title"),
        ("finish", "completed_title"),
    ):
        house.command(command)
        for language in LANGUAGES:
            cookie = {"Cookie": f"antrean_language={language}"}
            words = texts_for(language)(f"phone.{title}")
            assert words in house.client.get(f"/t/{token}", headers=cookie).text
