"""A device's conversation with its mall's server."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import httpx

from antrean.domain.booking_copy import BookingPage
from antrean.domain.event import Envelope
from antrean.domain.timeline import Anchor
from antrean.link import answers
from antrean.link.answers import Hello, Paired, Pulled, Pushed
from antrean.link.greeting import Greeting
from antrean.link.patience import ANSWER_SECONDS
from antrean.link.wire import Wire

PROTOCOLS = (1, 2)
"""The protocol versions this program speaks; the server answers the highest one both know, or 426.

Since 2 a kiosk prints tickets of the server that it is told of in a pull.
"""


class ServerLink:
    """Pair, hello, push, pull, bookings, state, command; each call is one HTTP exchange.

    Raises Unavailable (`permanent` or not), `errors.Busy` with the wait the server asks for, or RuleViolation
    with the server's code and its HTTP `status`. A server of an older life than one the device has met counts as
    not reached. One instance belongs to one thread.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        token: str | None = None,
        *,
        language: str = "id",
        answer_seconds: float = ANSWER_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token = token
        self._wire = Wire(addresses, language=language, answer_seconds=answer_seconds, transport=transport)

    @property
    def term(self) -> int:
        """The highest term known: the device's own from its greeting, or one a server answered since."""
        return self._wire.term

    def pair(self, code: str, paper_key: str | None = None) -> Paired:
        """Trade a one-time pairing code for an identity and a token; a kiosk tells the key of its papers."""
        body = {"code": code} if paper_key is None else {"code": code, "paper_key": paper_key}
        return answers.paired(self._wire.ask("POST", "/v1/pair", body=body))

    def hello(self, greeting: Greeting) -> Hello:
        """Introduce the device and learn what the server has of its log."""
        self._wire.knows_term(greeting.term)
        body = {"protocols": list(PROTOCOLS)} | {name: getattr(greeting, name) for name in Greeting.__slots__}
        body["anchors"] = [asdict(anchor) for anchor in greeting.anchors]
        return answers.hello(self._ask("POST", "/v1/hello", body))

    def push(
        self,
        events: Sequence[Envelope],
        *,
        term: int,
        incarnation: str,
        log_id: str,
        boot_id: str,
        boot_ms: int,
        anchors: Sequence[Anchor] = (),
    ) -> Pushed:
        """Offer at most 200 events of one log, in order; offering twice does no harm."""
        body: dict[str, Any] = {
            "term": term,
            "incarnation": incarnation,
            "log_id": log_id,
            "boot_id": boot_id,
            "boot_ms": boot_ms,
            "events": [event.to_dict() for event in events],
            "anchors": [asdict(anchor) for anchor in anchors],
        }
        return answers.pushed(self._ask("POST", "/v1/push", body))

    def pull(self, cursor: str, catalogue_rev: int | None, paper_keys: int = 0) -> Pulled:
        """Ask for news; `cursor` is the last answer's, "" at first; `paper_keys` how many keys are known."""
        query = {"term": str(self._wire.term)} | ({"cursor": cursor} if cursor else {})
        if catalogue_rev is not None:
            query["catalogue_rev"] = str(catalogue_rev)
        if paper_keys:
            query["paper_keys"] = str(paper_keys)
        return answers.pulled(self._wire.ask("GET", "/v1/pull", token=self._token, query=query))

    def bookings(self, cursor: str) -> BookingPage:
        """The coming bookings from `cursor` on, "" for all of them from today; at most 500 a page."""
        query = {"cursor": cursor} if cursor else {}
        return answers.booking_page(self._wire.ask("GET", "/v1/bookings", token=self._token, query=query))

    def state(self, topics: Sequence[str]) -> dict[str, Any]:
        """The whole current states of these topics, as the stream would send them."""
        return self._wire.ask("GET", "/v1/state", token=self._token, query={"topics": ",".join(topics)})

    def command(self, body: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Give a command; the same key never does a thing twice."""
        headers = {"Idempotency-Key": idempotency_key}
        return self._wire.ask("POST", "/v1/commands", token=self._token, body=body, headers=headers)

    def sound(self, state: str, says_texts: bool) -> None:
        """Tell whether this display is heard ("ok", "missing", "off") and whether it speaks typed texts."""
        self._ask("POST", "/v1/sound", {"sound": state, "says_texts": says_texts})

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._wire.ask(method, path, token=self._token, body=body)
