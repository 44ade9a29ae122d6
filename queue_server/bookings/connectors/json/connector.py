"""The connector of the JSON booking API: every request signed, the outside's clock learnt when it says ours is off."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.outside import Outside, OutsideAnswer
from antrean.seal.requests import WINDOW_MS, Asked, Signer
from queue_server.bookings.connector import CURSOR_LOST, Offer, Outcome, Page, Refused, SourceSettings
from queue_server.bookings.connectors.json.reading import needed, page_of
from queue_server.wire.bookings import MAX_PAGE, CrowdEntry, MallRequest, OutcomeRequest, instant

log = logging.getLogger("queue_server")
MOST_PAGES = 1000
"""Half a million bookings: an outside that still has more after that is going round in circles."""
REFUSED_MS = 3_600_000
"""So long a catalogue that was refused is not sent again: each time is 200 KB of somebody's mobile data."""
_NOT_ALLOWED = (401, 403)
_NO_SUCH_ADDRESS = ("", "not_found", "method_not_allowed")
_KEY_DIGITS = 64
_THIS_CENTURY = range(946_684_800_000, 4_102_444_800_000)
"""A time from elsewhere would be signed with from then on."""


class JsonConnector:
    """One outside that speaks the JSON booking API; see `queue_server.bookings.connector.Connector`."""

    def __init__(
        self,
        outside: Outside,
        signer: Signer,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._outside = outside
        self._signer = signer
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._keys: tuple[str, ...] = ()
        self._pages = 0
        self._refused: tuple[int, int, Refused] | None = None

    def changes(self, cursor: str, from_ms: int, to_ms: int) -> Page:
        """The next page; the API has no window, an outside tells of every booking that is to come."""
        query = {"cursor": cursor, "limit": str(MAX_PAGE)} if cursor else {"limit": str(MAX_PAGE)}
        try:
            data = self._ask("GET", "/v1/changes", query=query)
        except Refused as refused:
            if refused.code == CURSOR_LOST:
                self._pages = 0
                raise RuleViolation(CURSOR_LOST) from None
            raise Unavailable(
                f"the outside refuses to tell its bookings: {refused}", permanent=True
            ) from refused
        page = page_of(data)
        self._count(page, cursor)
        self._keys = _keys(data)
        return page

    def tell(self, outcome: Outcome, key: str) -> None:
        """Tells an outcome under its idempotency key."""
        request = OutcomeRequest(
            id=outcome.booking_id,
            status=outcome.what,
            at=instant(outcome.at_ms),
            after_cancel=outcome.after_cancel,
            number=outcome.label,
        )
        body = request.model_dump(mode="json")
        self._ask("POST", "/v1/outcomes", body=body, headers={"Idempotency-Key": key})

    def offer(self, offer: Offer) -> None:
        """Tells the crowding, and the catalogue when the outside says that it has another revision.

        Raises Refused for a catalogue it will not take.
        """
        rows = [
            CrowdEntry(service=one.service, waiting=one.waiting, wait=list(one.wait) if one.wait else None)
            for one in offer.crowding
        ]
        rev = revision_of(offer.catalogue)
        request = MallRequest(catalogue_rev=rev, crowding=rows)
        body = request.model_dump(mode="json", exclude={"catalogue"})
        if self._ask("PUT", "/v1/mall", body=body).get("catalogue_rev") == rev:
            return
        before = self._refused
        if before is not None and before[0] == rev and self._now_ms() < before[1]:
            raise before[2]
        try:
            self._ask("PUT", "/v1/mall", body={**body, "catalogue": dict(offer.catalogue)})
        except Refused as refused:
            self._refused = (rev, self._now_ms() + REFUSED_MS, refused)
            raise

    def keys(self) -> tuple[str, ...]:
        """The key its last page of changes named."""
        return self._keys

    def close(self) -> None:
        """Lets go of the connection."""
        self._outside.close()

    def _count(self, page: Page, cursor: str) -> None:
        """Raises Unavailable for pages that lead nowhere, so that no turn lasts for ever."""
        self._pages = self._pages + 1 if page.more else 0
        if page.more and (page.cursor == cursor or self._pages >= MOST_PAGES):
            self._pages = 0
            raise Unavailable("the outside's pages do not end: its cursor leads in circles", permanent=False)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """One signed exchange. Raises Unavailable, Busy, or Refused with the outside's own code and words."""
        content = (
            b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        )
        asked = Asked(method, self._outside.target(path, query), content)
        more = {"Content-Type": "application/json", **(headers or {})} if content else dict(headers or {})
        answer = self._send(asked, more)
        told = answer.data()
        if answer.status == 401 and self._learns(told or {}):
            answer = self._send(asked, more)
            told = answer.data()
        if answer.status // 100 == 2:
            if told is None:
                raise Unavailable(f"{path} answers no JSON: is this the address of its API?", permanent=False)
            return told
        raise _refusal(path, answer.status, told or {})

    def _send(self, asked: Asked, headers: Mapping[str, str]) -> OutsideAnswer:
        nonce = self._random_bytes(16).hex()
        signed = self._signer.headers(asked, self._now_ms(), nonce)
        return self._outside.ask(asked.method, asked.target, body=asked.body, headers={**headers, **signed})

    def _learns(self, told: Mapping[str, Any]) -> bool:
        server_ms = told.get("server_ms")
        if (
            _code(told) != "stale_signature"
            or not isinstance(server_ms, int)
            or server_ms not in _THIS_CENTURY
        ):
            return False
        before = self._signer.offset_ms
        self._signer.learn(server_ms, self._now_ms())
        if abs(self._signer.offset_ms - before) > WINDOW_MS:
            log.warning(
                "this machine's clock is %d minutes from that of %s; whether a booking is of today is read on it",
                round(self._signer.offset_ms / 60_000),
                self._outside.host,
            )
        return True


def revision_of(catalogue: Mapping[str, Any]) -> int:
    """What the outside knows a catalogue by: 48 bits of its digest.

    The ledger's own count begins again at 1 in a mall that is set up anew, and would be taken for the old one.
    """
    text = json.dumps(catalogue, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def connector_of(
    settings: SourceSettings, now_ms: Callable[[], int], random_bytes: Callable[[int], bytes]
) -> JsonConnector:
    """A connector by its settings; raises BadInput (`bad_url`, `https_needed`, `weak_secret`, `bad_request_key`)."""
    signer = Signer(str(settings["mall"]), str(settings["secret"]))
    outside = Outside(str(settings["url"]), ca_file=str(settings["ca_file"]), proxy=str(settings["proxy"]))
    return JsonConnector(outside, signer, now_ms, random_bytes)


def _refusal(path: str, status: int, told: Mapping[str, Any]) -> Exception:
    """What a 4xx means: no entry is at fault for a wrong secret, or for an address where nobody speaks the API."""
    code, words = _code(told), _words(told)
    if status in _NOT_ALLOWED:
        return Unavailable(f"the outside refuses this mall: {words or code or status}", permanent=True)
    if code in _NO_SUCH_ADDRESS:
        return Unavailable(f"{path} answers {status}: is this the address of its API?", permanent=True)
    return Refused(code, words, status)


def _code(told: Mapping[str, Any]) -> str:
    error = told.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code[:64] if isinstance(code, str) else ""


def _words(told: Mapping[str, Any]) -> str:
    error = told.get("error")
    words = error.get("message") if isinstance(error, dict) else None
    return words[:300] if isinstance(words, str) else ""


def _keys(data: Mapping[str, Any]) -> tuple[str, ...]:
    key = data.get("key")
    if key is None:
        return ()
    text = needed(data, "key", str)
    if len(text) != _KEY_DIGITS or set(text) - set("0123456789abcdef"):
        raise Unavailable("the outside's key is no Ed25519 key in hexadecimal", permanent=False)
    return (text,)
