import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.errors import Busy
from antrean.link.multistatus import multistatus as read
from queue_server.bookings.connector import Outcome
from queue_server.bookings.connectors.caldav.calendar import PAGE
from tests.bookings_caldav.odd_server import CALENDAR, HOME, URL, OddServer, about, multistatus
from tests.bookings_caldav.radicale_house import FROM, TO, all_pages, event, ids, ms

START, END = ":20261123T090000", ":20261123T093000"
ARRIVED = Outcome("a", "arrived", ms("2026-11-23 01:52"), False, "A1-012", "")


@pytest.fixture
def server() -> OddServer:
    return OddServer({"a.ics": event("a", START, END), "b.ics": event("b", START, END)})


def test_ten_thousand_entries_come_in_pages_and_then_only_what_changed() -> None:
    server = OddServer({f"b{at}.ics": event(f"b{at}", START, END) for at in range(10_000)})
    source = server.source()
    pages = all_pages(source)
    assert len(ids(pages)) == 10_000
    assert {len(page.seen) for page in pages} == {PAGE}
    assert len({one.code for page in pages for one in page.seen}) == 10_000
    server.save("b77.ics", event("b77", START, END, "STATUS:CANCELLED"))
    server.asked.clear()
    (page,) = all_pages(source, pages[-1].cursor)
    assert [(one.booking_id, one.cancelled) for one in page.seen] == [("b77", True)]
    assert len(server.asked) == 2


def test_a_server_that_tells_changes_in_portions_is_heard_out(server: OddServer) -> None:
    source = server.source()
    cursor = all_pages(source)[-1].cursor
    full = about(CALENDAR, status=507)
    deleted = [about(CALENDAR + name, status=404) for name in ("a.ics", "b.ics")]
    made_again = about(CALENDAR + "b.ics", "<d:getetag>x</d:getetag>")
    portions = iter([multistatus(*deleted, full, token="t2"), multistatus(made_again, token="t3")])
    server.first = lambda request: next(portions) if server.report(request) == "sync-collection" else None
    (page,) = all_pages(source, cursor)
    assert (page.gone, ids([page])) == (("a",), {"b"})


def test_a_server_that_tells_one_portion_for_ever_is_compared_instead(server: OddServer) -> None:
    source = server.source()
    cursor = all_pages(source)[-1].cursor
    token = server.token
    portion = multistatus(about(CALENDAR, status=507), token=token)
    server.first = lambda request: portion if server.report(request) == "sync-collection" else None
    server.delete("a.ics")
    server.asked.clear()
    assert [page.gone for page in all_pages(source, cursor)] == [("a",)]
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 403, 405, 415, 501])
@pytest.mark.parametrize("report", ["calendar-query", "calendar-multiget", "sync-collection"])
def test_what_a_server_cannot_do_is_done_another_way(server: OddServer, report: str, status: int) -> None:
    server.first = lambda request: httpx.Response(status) if server.report(request) == report else None
    source = server.source()
    pages = all_pages(source)
    assert ids(pages) == {"a", "b"}
    server.delete("a.ics")
    server.save("b.ics", event("b", START, END, "STATUS:CANCELLED"))
    (page,) = all_pages(source, pages[-1].cursor)
    assert (page.listing, page.gone) == (False, ("a",))
    assert [(one.booking_id, one.cancelled) for one in page.seen] == [("b", True)]
    (nothing,) = all_pages(source, page.cursor)
    assert (nothing.seen, nothing.gone) == ((), ())


@pytest.mark.parametrize("status", [403, 409, 410, 412, 507])
def test_a_forgotten_token_is_heard_in_every_way_servers_say_it(server: OddServer, status: int) -> None:
    source = server.source()
    cursor = all_pages(source)[-1].cursor
    said = httpx.Response(status, text='<d:error xmlns:d="DAV:"><d:valid-sync-token/></d:error>')
    server.first = lambda request: said if server.report(request) == "sync-collection" else None
    with pytest.raises(RuleViolation) as lost:
        source.changes(cursor, FROM, TO)
    assert lost.value.code == "cursor_lost"


def test_a_weak_etag_still_guards_what_others_wrote(server: OddServer) -> None:
    source = server.source()
    all_pages(source)
    source.tell(ARRIVED, "k")
    put = next(request for request in server.asked if request.method == "PUT")
    assert not put.headers["If-Match"].startswith("W/")
    assert "X-ANTREAN-OUTCOME:ARRIVED" in server.entries["a.ics"]


@pytest.mark.parametrize("headers", [{}, {"ETag": ""}, {"ETag": "é"}])
def test_without_an_etag_nothing_is_written(server: OddServer, headers: dict[str, str]) -> None:
    coded = {name.encode(): value.encode() for name, value in headers.items()}
    bare = httpx.Response(200, text=server.entries["a.ics"], headers=coded)
    server.first = lambda request: bare if request.method == "GET" else None
    with pytest.raises(Unavailable, match="ETag"):
        server.source().tell(ARRIVED, "k")


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_an_entry_the_server_never_takes_needs_a_person(server: OddServer, status: int) -> None:
    server.first = lambda request: httpx.Response(status) if request.method == "PUT" else None
    with pytest.raises(RuleViolation, match="entry_refused"):
        server.source().tell(ARRIVED, "k")


def test_a_server_that_can_search_for_nothing_needs_a_person_too(server: OddServer) -> None:
    server.first = lambda request: httpx.Response(405) if request.method == "REPORT" else None
    with pytest.raises(RuleViolation, match="no_search"):
        server.source().tell(ARRIVED, "k")


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "' + "a" * 1000 + '">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9))
    + ']><d:multistatus xmlns:d="DAV:">&a8;</d:multistatus>'
)  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(207, text="<html>Masuk dulu ke jaringan hotel</html>"),
        httpx.Response(207, text="bukan XML"),
        httpx.Response(207, content=b"\xff\xfe\x00"),
        httpx.Response(207, text=BOMB),
        httpx.Response(207, text='<!DOCTYPE a SYSTEM "http://lain.example/a"><a/>'),
        httpx.Response(200, text="<html>Masuk dulu ke jaringan hotel</html>"),
    ],
    ids=["html", "text", "bytes", "bomb", "outside", "page"],
)
def test_an_answer_of_somebody_else_is_no_calendar_and_tried_again(
    server: OddServer, answer: httpx.Response
) -> None:
    server.first = lambda request: answer
    with pytest.raises(Unavailable) as trouble:
        all_pages(server.source())
    assert not trouble.value.permanent


@given(st.binary(max_size=60), st.data())
@settings(max_examples=150, deadline=None)
def test_nonsense_from_a_server_is_never_a_bug(rubbish: bytes, data: st.DataObject) -> None:
    props = '<d:getetag>"1"</d:getetag><d:resourcetype><d:collection/></d:resourcetype>'
    good = multistatus(about("/a%20b", props), about("/c", status=404), token="t").content
    at = data.draw(st.integers(0, len(good)))
    try:
        told = read(good[:at] + rubbish + good[at + data.draw(st.integers(0, 20)) :])
    except Unavailable:
        return
    for one in told.answers:
        assert one.href.isascii()
        one.text("{DAV:}getetag")
        one.href_in("{DAV:}resourcetype")


def test_a_listing_that_breaks_off_cancels_nothing(server: OddServer) -> None:
    source = server.source()
    cursor = all_pages(source)[-1].cursor
    server.first = lambda request: httpx.Response(207, text='<d:multistatus xmlns:d="DAV:"><d:resp')
    with pytest.raises(Unavailable):
        source.changes(cursor, FROM, TO)
    server.first = lambda request: None
    (page,) = all_pages(source, cursor)
    assert page.gone == ()


def test_a_busy_server_says_when_to_come_back(server: OddServer) -> None:
    server.first = lambda request: httpx.Response(503, headers={"Retry-After": "7"})
    with pytest.raises(Busy) as busy:
        all_pages(server.source())
    assert busy.value.retry_after_ms == 7000


def test_the_password_goes_to_no_other_host(server: OddServer) -> None:
    """Whatever addresses a server names, only their path is used."""
    strange = [
        "https://jahat.example" + CALENDAR + "a.ics",
        "//jahat.example/x.ics",
        "http:////jahat.example/x.ics",
        "ftp://jahat.example:99999/x.ics",
        "/dav/antrean/pemesanan/%61.ics",
        "relatif.ics",
        "http://[rusak/x.ics",
        "/dav/ä b?c#d.ics",
    ]
    answer = multistatus(*(about(href, "<d:getetag>x</d:getetag>") for href in strange))
    single = httpx.Response(405)
    server.first = lambda request: {"calendar-query": answer, "calendar-multiget": single}.get(
        server.report(request)
    )
    (page,) = all_pages(server.source())
    assert ids([page]) == {"a"}
    assert {request.url.host for request in server.asked} == {"localhost"}


def test_a_server_that_points_elsewhere_is_not_followed_there(server: OddServer) -> None:
    server.first = lambda request: httpx.Response(301, headers={"Location": "https://jahat.example/dav/"})
    with pytest.raises(Unavailable, match=r"another address now: https://jahat\.example") as trouble:
        all_pages(server.source(URL))
    assert trouble.value.permanent
    assert {request.url.host for request in server.asked} == {"localhost"}


def test_calendars_that_live_on_another_host_are_named(server: OddServer) -> None:
    home = "<d:href>https://p12.contoh.example/dav/lain/</d:href>"
    found = (
        f"<d:resourcetype><d:collection/></d:resourcetype><c:calendar-home-set>{home}</c:calendar-home-set>"
    )
    server.first = lambda request: multistatus(about("/", found)) if request.url.path == "/" else None
    with pytest.raises(Unavailable, match=r"another address now: https://p12\.contoh\.example") as trouble:
        all_pages(server.source(URL))
    assert trouble.value.permanent
    assert {request.url.host for request in server.asked} == {"localhost"}


def test_a_proxys_own_idea_of_its_name_does_no_harm(server: OddServer) -> None:
    home = f"<d:href>http://dalam:8000{HOME}</d:href>"
    found = (
        f"<d:resourcetype><d:collection/></d:resourcetype><c:calendar-home-set>{home}</c:calendar-home-set>"
    )
    server.first = lambda request: multistatus(about("/", found)) if request.url.path == "/" else None
    assert ids(all_pages(server.source(URL))) == {"a", "b"}


def test_a_server_that_points_in_circles_is_left(server: OddServer) -> None:
    server.first = lambda request: httpx.Response(302, headers={"Location": "."})
    with pytest.raises(Unavailable, match="circles"):
        all_pages(server.source(URL))


@pytest.mark.parametrize("target", [HOME, URL + HOME, URL + ":80" + HOME])
def test_the_well_known_address_leads_to_the_calendar(server: OddServer, target: str) -> None:
    def lead(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/.well-known/caldav":
            return httpx.Response(301, headers={"Location": target})
        return None

    server.first = lead
    assert ids(all_pages(server.source(URL))) == {"a", "b"}


def test_large_entries_are_asked_for_in_smaller_portions(
    server: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antrean.link.dav.MOST_BYTES", 4_000)
    for name in ("c", "d", "e"):
        server.entries[f"{name}.ics"] = event(name, START, END, "DESCRIPTION:" + "x" * 2_500)
    server.entries["f.ics"] = event("f", START, END, "DESCRIPTION:" + "x" * 5_000)
    (page,) = all_pages(server.source())
    assert ids([page]) == {"a", "b", "c", "d", "e"}
    assert [one.code for one in page.problems] == ["too_large"]


def test_a_server_may_want_the_password_as_a_digest(server: OddServer) -> None:
    challenge = {"WWW-Authenticate": 'Digest realm="kalender", nonce="n1", qop="auth", algorithm=SHA-256'}

    def guarded(request: httpx.Request) -> httpx.Response | None:
        if request.headers.get("Authorization", "").startswith("Digest "):
            return None
        return httpx.Response(401, headers=challenge)

    server.first = guarded
    assert ids(all_pages(server.source(digest=True))) == {"a", "b"}
    with pytest.raises(Unavailable, match="user name and password"):
        all_pages(server.source())


def test_what_changes_while_the_calendar_is_listed_comes_with_the_next_look(server: OddServer) -> None:
    def meanwhile(request: httpx.Request) -> httpx.Response | None:
        if server.report(request) != "calendar-query":
            return None
        server.first = lambda request: None
        answer = server(request)
        server.save("c.ics", event("c", START, END))
        return answer

    server.first = meanwhile
    source = server.source()
    pages = all_pages(source)
    assert ids(pages) == {"a", "b"}
    assert ids(all_pages(source, pages[-1].cursor)) == {"c"}


def test_what_lies_far_ahead_is_not_told_but_what_moves_there_is(server: OddServer) -> None:
    source = server.source()
    pages = all_pages(source)
    server.save("far.ics", event("far", ":20270301T090000", ":20270301T093000"))
    server.save("old.ics", event("old", ":20260301T090000", ":20260301T093000"))
    server.save("a.ics", event("a", ":20270301T090000", ":20270301T093000"))
    (page,) = all_pages(source, pages[-1].cursor)
    assert [(one.booking_id, one.start_ms) for one in page.seen] == [("a", ms("2027-03-01 02:00"))]


def test_a_booking_that_moved_is_not_gone_for_a_page(server: OddServer) -> None:
    source = server.source(page=1)
    pages = all_pages(source)
    server.delete("a.ics")
    for name in ("b", "c", "a"):
        server.save(f"new-{name}.ics", event(name, START, END))
    server.delete("b.ics")
    pages = all_pages(source, pages[-1].cursor)
    assert [one.booking_id for page in pages for one in page.seen] == ["b", "c", "a"]
    assert [page.gone for page in pages] == [(), (), ()]


def test_an_address_that_holds_another_booking_has_lost_the_first(server: OddServer) -> None:
    source = server.source()
    pages = all_pages(source)
    server.save("a.ics", event("other", START, END))
    (page,) = all_pages(source, pages[-1].cursor)
    assert (ids([page]), page.gone) == ({"other"}, ("a",))


def test_a_new_listing_forgets_where_bookings_stood(server: OddServer) -> None:
    source = server.source()
    all_pages(source)
    server.delete("a.ics")
    server.save("moved.ics", event("a", START, END))
    pages = all_pages(source)
    server.delete("moved.ics")
    assert all_pages(source, pages[-1].cursor)[0].gone == ("a",)


def test_without_sync_and_etags_every_entry_is_read_each_time(server: OddServer) -> None:
    server.syncs = server.etags = False
    source = server.source()
    pages = all_pages(source)
    server.save("a.ics", event("a", START, END, "STATUS:CANCELLED"))
    (page,) = all_pages(source, pages[-1].cursor)
    assert {(one.booking_id, one.cancelled) for one in page.seen} == {("a", True), ("b", False)}


def test_an_outcome_is_never_written_into_another_booking(server: OddServer) -> None:
    source = server.source()
    all_pages(source)
    server.save("a.ics", event("other", START, END))
    source.tell(ARRIVED, "k")
    server.save("z.ics", event("a", START, END))
    server.source().tell(ARRIVED, "k")
    assert [name for name, text in server.entries.items() if "X-ANTREAN" in text] == ["z.ics"]
