"""What a visitor with a booking reads on the phone: the booking, why the place is what it is, and the other number."""

from antrean.domain.label import status_token
from antrean.texts import LANGUAGES, texts_for
from tests.pages.bookers import MINUTE_MS, NINE_TEN_MS, arrive, claim
from tests.server.house_of_tests import MORNING_MS, House


def page(house: House, ticket_id: str, lang: str = "id") -> str:
    headers = {"Cookie": f"antrean_language={lang}"}
    return house.client.get(f"/t/{status_token(ticket_id)}", headers=headers).text


def test_the_phone_says_the_booking_and_why_the_place_is_what_it_is(house: House) -> None:
    kiosk = house.pair()
    hour = 60 * MINUTE_MS
    in_time = arrive(kiosk, "ABCDEFGH", NINE_TEN_MS)
    early = arrive(kiosk, "BCDEFGHJ", NINE_TEN_MS + 2 * hour)
    late = arrive(kiosk, "CDEFGHJK", MORNING_MS - hour)
    claimed = claim(kiosk, "DEFGHJKM")
    assert kiosk.push().status_code == 200
    words = {in_time: "in_time", early: "early", late: "late", claimed: "claimed"}
    for lang in LANGUAGES:
        t = texts_for(lang)
        for ticket_id, how in words.items():
            text = page(house, ticket_id, lang)
            said = [other for other in words.values() if t(f"phone.booking_{other}") in text]
            assert (lang, said) == (lang, [how])
        assert t("phone.booking", clock="09:10" if lang == "en" else "09.10") in page(house, in_time, lang)
        assert "DEFG-HJKM" in page(house, claimed, lang)


def test_a_second_number_of_one_booking_leads_to_the_first(house: House) -> None:
    kiosk, other = house.pair(), house.pair(name="Kios 2")
    first, second = arrive(kiosk, "ABCDEFGH", NINE_TEN_MS), arrive(other, "ABCDEFGH", NINE_TEN_MS)
    assert kiosk.push().status_code == 200
    assert other.push().status_code == 200
    hall = house.hall()
    alias, real = sorted((hall.tickets[first], hall.tickets[second]), key=lambda one: not one.alias_of)
    assert alias.alias_of == real.ticket_id
    text = page(house, alias.ticket_id)
    assert texts_for("id")("phone.alias_title", label=str(real.label)) in text
    assert f'href="/t/{status_token(real.ticket_id)}"' in text
    assert texts_for("id")("phone.cancelled_other_title") not in text
    shown = house.client.get(f"/t/{status_token(alias.ticket_id)}/show").text
    assert texts_for("id")("phone.alias_title", label=str(real.label)) in shown
    assert 'id="other"' not in page(house, real.ticket_id)
