"""A device's conversation with its mall's server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from antrean.domain.event import Envelope
from antrean.link import answers
from antrean.link.answers import Hello, Paired, Pulled, Pushed
from antrean.link.wire import ANSWER_SECONDS, Wire

PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a device says of itself when it meets the server."""

    term: int
    program: str
    version: str
    log_id: str
    last_seq: int
    boot_id: str
    boot_ms: int
    wall_ms: int
    catalogue_rev: int | None


class ServerLink:
    """Pair, hello, push, pull, state, command; each call is one HTTP exchange.

    Raises Unavailable (`permanent` or not), `wire.Busy` with the wait the server asks for, or RuleViolation
    with the server's code and its HTTP `status`. One instance belongs to one thread.
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

    def pair(self, code: str) -> Paired:
        """Trade a one-time pairing code for an identity and a token."""
        return answers.paired(self._wire.ask("POST", "/v1/pair", body={"code": code}))

    def hello(self, greeting: Greeting) -> Hello:
        """Introduce the device and learn what the server has of its log."""
        body = {"protocol": PROTOCOL} | {name: getattr(greeting, name) for name in Greeting.__slots__}
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
        error_ms: int | None = None,
    ) -> Pushed:
        """Offer at most 200 events of one log, in order; offering twice does no harm."""
        body: dict[str, Any] = {
            "term": term,
            "incarnation": incarnation,
            "log_id": log_id,
            "boot_id": boot_id,
            "boot_ms": boot_ms,
            "events": [event.to_dict() for event in events],
        }
        if error_ms is not None:
            body["error_ms"] = error_ms
        return answers.pushed(self._ask("POST", "/v1/push", body))

    def pull(self, cursor: str, catalogue_rev: int | None) -> Pulled:
        """Ask for news; `cursor` is the last answer's, "" at first."""
        query = {"cursor": cursor} if cursor else {}
        if catalogue_rev is not None:
            query["catalogue_rev"] = str(catalogue_rev)
        return answers.pulled(self._wire.ask("GET", "/v1/pull", token=self._token, query=query))

    def state(self, topics: Sequence[str]) -> dict[str, Any]:
        """The whole current states of these topics, as the stream would send them."""
        return self._wire.ask("GET", "/v1/state", token=self._token, query={"topics": ",".join(topics)})

    def command(self, body: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Give a command; the same key never does a thing twice."""
        headers = {"Idempotency-Key": idempotency_key}
        return self._wire.ask("POST", "/v1/commands", token=self._token, body=body, headers=headers)

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._wire.ask(method, path, token=self._token, body=body)
