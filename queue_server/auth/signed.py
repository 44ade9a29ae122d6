"""Requests that carry a signature instead of a token: a mall at the booking site, an outside at its mall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import request

from antrean.domain.errors import RuleViolation
from antrean.seal.requests import KEY, NONCE, SIGNATURE, TIME, Asked
from queue_server.auth.callers import Partner
from queue_server.problems import Problem


class Checks(Protocol):
    """Whoever finds out who signed a request, such as `antrean.seal.requests.Verifier`."""

    def check(self, asked: Asked, headers: Mapping[str, str], now_ms: int) -> str:
        """The signer's name; raises RuleViolation."""


@dataclass(frozen=True)
class SignedGate:
    """Admits the current request when its signature holds; `now_ms` is the clock that signers are told."""

    verifier: Checks
    now_ms: Callable[[], int]

    def admit(self) -> Partner:
        """Who signed the request. Raises Problem 401, with `server_ms` beside the error."""
        asked = Asked(request.method, target(), request.get_data(cache=True))
        headers = {name: request.headers.get(name, "") for name in (KEY, TIME, NONCE, SIGNATURE)}
        now_ms = self.now_ms()
        try:
            return Partner(self.verifier.check(asked, headers, now_ms))
        except RuleViolation as refused:
            told = refused.params.get("server_ms", now_ms)
            problem = Problem(401, refused.code, extra={"server_ms": told})
            problem.params = dict(refused.params)
            raise problem from None


def target() -> str:
    """The path and query of the current request as they stood on the wire."""
    sent: str = request.environ.get("REQUEST_URI") or request.full_path.removesuffix("?")
    if sent.startswith("/"):
        return sent
    # A proxy may send the whole address in the request line (RFC 9112, absolute-form).
    return "/" + sent.partition("://")[2].partition("/")[2]
