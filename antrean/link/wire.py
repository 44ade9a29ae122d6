"""One request and its answer, with every foreign error turned into one of ours.

httpx.HTTPError              Unavailable
├── TransportError           (temporary: timeouts, refused or broken connections, proxies)
│   ├── UnsupportedProtocol  permanent: the address is wrong
│   └── LocalProtocolError   permanent: what we sent is wrong
├── DecodingError            temporary
└── TooManyRedirects         permanent
httpx.InvalidURL, CookieConflict, StreamError   permanent
answer 429, 5xx              Busy(Unavailable), with what Retry-After asks for
answer 4xx                   RuleViolation with the server's code, `status` and what else its body says
answer of a lower term, or 409 older_server   OlderServer(Unavailable): the next address is asked
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.errors import Busy, OlderServer
from antrean.link.patience import ANSWER_SECONDS, CONNECT_SECONDS

MAX_RETRY_AFTER_MS = 600_000
_PERMANENT = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.TooManyRedirects,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
)
FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)


@contextmanager
def translated() -> Iterator[None]:
    """Run a block whose HTTP errors leave as Unavailable."""
    try:
        yield
    except FOREIGN as error:
        raise unavailable(error) from error


def unavailable(error: Exception) -> Unavailable:
    """The Unavailable that stands for an error of the HTTP library."""
    message = f"the server cannot be reached: {str(error) or type(error).__name__}"
    return Unavailable(message, permanent=isinstance(error, _PERMANENT))


class Wire:
    """JSON requests to one server known under several addresses; goes on to the next one when one fails."""

    def __init__(
        self,
        addresses: Sequence[str],
        *,
        language: str = "id",
        answer_seconds: float = ANSWER_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not addresses:
            raise Unavailable("no address of the server is known", permanent=True)
        self._addresses = [address.rstrip("/") for address in addresses]
        self.term = 0
        with translated():
            self._client = httpx.Client(
                timeout=httpx.Timeout(answer_seconds, connect=min(CONNECT_SECONDS, answer_seconds)),
                headers={"Accept": "application/json", "Accept-Language": language},
                transport=transport,
                # A mall's server is on its own network: a proxy for the outside world must not be asked.
                trust_env=False,
            )

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send one request and give the JSON object it answers; raises Unavailable, Busy or RuleViolation."""
        all_headers = dict(headers or {})
        if token:
            all_headers["Authorization"] = f"Bearer {token}"
        failure: Unavailable | None = None
        for _ in self._addresses:
            try:
                with translated():
                    response = self._client.request(
                        method,
                        self._addresses[0] + path,
                        json=body,
                        params=query,
                        headers=all_headers,
                    )
                data = _object(response)
                self._refuse_older(response.status_code, data or {})
            except Unavailable as error:
                failure = error
                self._addresses.append(self._addresses.pop(0))
                continue
            return _answer(response, data)
        raise failure or Unavailable("no address of the server is known", permanent=True)

    def knows_term(self, term: int) -> None:
        """A server of a lower term than this is an older life of the mall's server."""
        self.term = max(self.term, term)

    def _refuse_older(self, status: int, data: Mapping[str, Any]) -> None:
        error, term = data.get("error"), data.get("term")
        if isinstance(error, dict) and error.get("code") == "older_server":
            raise OlderServer
        if isinstance(term, int) and not isinstance(term, bool) and status < 500:
            if term < self.term:
                raise OlderServer
            self.term = term

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _answer(response: httpx.Response, data: dict[str, Any] | None) -> dict[str, Any]:
    if response.is_success:
        if data is None:
            raise Unavailable("the server's answer is not JSON: is this its address?", permanent=False)
        return data
    status = response.status_code
    if status == 429 or status >= 500:
        raise Busy(f"the server is busy or in trouble ({status})", _retry_after_ms(response))
    error = (data or {}).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    more = {key: value for key, value in (data or {}).items() if key != "error"}
    raise RuleViolation(code if isinstance(code, str) else f"http_{status}", **{**more, "status": status})


def _object(response: httpx.Response) -> dict[str, Any] | None:
    try:
        data = response.json()
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _retry_after_ms(response: httpx.Response) -> int:
    text = response.headers.get("Retry-After", "")
    return min(int(text) * 1000, MAX_RETRY_AFTER_MS) if text.isdecimal() else 0
