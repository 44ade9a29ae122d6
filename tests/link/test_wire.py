import inspect
from collections.abc import Callable, Iterator

import httpx
import pytest

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.errors import Busy
from antrean.link.greeting import Greeting
from antrean.link.server import ServerLink
from antrean.link.wire import FOREIGN, Wire, unavailable
from tests.kiosk_core.fake_hall import FakeHall, error, serving

PERMANENT = {
    "UnsupportedProtocol",
    "LocalProtocolError",
    "TooManyRedirects",
    "InvalidURL",
    "CookieConflict",
    "StreamError",
    "StreamConsumed",
    "StreamClosed",
    "ResponseNotRead",
    "RequestNotRead",
}
GREETING = Greeting(1, "antrean-kiosk", "0", "log", 0, "boot", 1, 1, None)


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    with serving(FakeHall()) as hall:
        yield hall


def foreign_errors() -> list[type[Exception]]:
    found = [kind for _, kind in inspect.getmembers(httpx, inspect.isclass) if issubclass(kind, Exception)]
    return [kind for kind in found if kind.__module__.startswith("httpx")]


def made(kind: type[Exception]) -> Exception:
    if issubclass(kind, httpx.HTTPStatusError):
        request = httpx.Request("GET", "http://x")
        return kind("x", request=request, response=httpx.Response(500, request=request))
    if kind in (httpx.StreamConsumed, httpx.StreamClosed, httpx.ResponseNotRead, httpx.RequestNotRead):
        return kind()
    return kind("x")


@pytest.mark.parametrize("kind", foreign_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_the_http_library_becomes_ours(kind: type[Exception]) -> None:
    assert issubclass(kind, FOREIGN)
    assert unavailable(made(kind)).permanent is (kind.__name__ in PERMANENT)

    def fail(request: httpx.Request) -> httpx.Response:
        raise made(kind)

    wire = Wire(["http://mpp.test"], transport=httpx.MockTransport(fail))
    with pytest.raises(Unavailable):
        wire.ask("GET", "/v1/state")
    wire.close()


def test_a_refusal_carries_the_servers_code_and_what_else_it_says(hall: FakeHall) -> None:
    link = ServerLink((hall.url,), "t")
    hall.refuse = [(410, {**error("new_incarnation"), "ack_seq": 7}, {})]
    with pytest.raises(RuleViolation) as refusal:
        link.hello(GREETING)
    assert (refusal.value.code, refusal.value.params) == ("new_incarnation", {"ack_seq": 7, "status": 410})
    link.close()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_says_when_to_come_back(hall: FakeHall, status: int) -> None:
    link = ServerLink((hall.url,), "t")
    hall.refuse = [(status, error("busy"), {"Retry-After": "7"})]
    with pytest.raises(Busy) as busy:
        link.hello(GREETING)
    assert busy.value.retry_after_ms == 7000
    assert not busy.value.permanent
    link.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer.pop("server_ms"),
        lambda answer: answer.update(logs={"log": {"seq": "3", "hash": ""}}),
        lambda answer: answer.update(generation=True),
        lambda answer: answer.update(heard={"A": None}),
        lambda answer: answer.update(shares=[]),
    ],
)
def test_an_answer_of_another_shape_is_the_servers_trouble(
    hall: FakeHall, spoil: Callable[[dict[str, object]], object]
) -> None:
    link = ServerLink((hall.url,), "t")
    status, answer, headers = hall.answer("/v1/hello", {"log_id": "log", "catalogue_rev": None})
    spoil(answer)
    hall.refuse = [(status, answer, headers)]
    with pytest.raises(Unavailable):
        link.hello(GREETING)
    link.close()


def test_an_address_that_answers_with_a_page_is_not_the_server() -> None:
    page = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>"))
    wire = Wire(["http://printer.test"], transport=page)
    with pytest.raises(Unavailable, match="not JSON"):
        wire.ask("GET", "/v1/state")
    wire.close()


def test_the_next_address_is_tried_and_then_preferred(hall: FakeHall) -> None:
    link = ServerLink(("http://127.0.0.1:9", hall.url), "t")
    assert link.pair("12345678").issuer == "1"
    assert link.hello(GREETING).logs == {}
    assert hall.asked == ["/v1/pair", "/v1/hello"]
    link.close()


def test_nobody_at_any_address_is_unavailable() -> None:
    link = ServerLink(("http://127.0.0.1:9",), "t")
    with pytest.raises(Unavailable) as nobody:
        link.hello(GREETING)
    assert not nobody.value.permanent
    link.close()
