"""Signs requests between a mall and an outside that sells its bookings, and checks them (HMAC-SHA256, RFC 2104).

Both share one secret. What is signed is six lines, each ended by a line feed: the name of the form, the method, the
path with its query as sent, the SHA-256 of the body in hexadecimal, the time in milliseconds, and a nonce. A request is
good once, and only while its time is near the checker's clock. A mall's clock may be years off: the refusal tells the
checker's time, the caller learns the difference and signs once more.
"""

import hashlib
import hmac
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from antrean.domain.errors import BadInput, RuleViolation

FORM = "antrean request 1"
KEY, TIME, NONCE, SIGNATURE = "Antrean-Key", "Antrean-Time", "Antrean-Nonce", "Antrean-Signature"
WINDOW_MS = 300_000
"""How far a request's time may be from the checker's; so long its nonce is remembered."""
MIN_SECRET = 32
_KEY = re.compile(r"[a-z0-9-]{1,64}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_TIME = re.compile(r"[0-9]{1,16}")
_MOST_NONCES = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a signature covers of a request: `target` is the path with its query exactly as it stands on the wire."""

    method: str
    target: str
    body: bytes


def message(asked: Asked, time_ms: int, nonce: str) -> bytes:
    """The text that is signed."""
    digest = hashlib.sha256(asked.body).hexdigest()
    lines = (FORM, asked.method, asked.target, digest, str(time_ms), nonce)
    return "".join(f"{line}\n" for line in lines).encode()


def signature(secret: str, asked: Asked, time_ms: int, nonce: str) -> str:
    """The signature in lower-case hexadecimal; the secret's letters themselves are the key."""
    return hmac.new(secret.encode(), message(asked, time_ms, nonce), hashlib.sha256).hexdigest()


class Signer:
    """Signs as `key` and remembers how far the checker's clock is from this machine's (`offset_ms`).

    Raises BadInput `bad_request_key` or `weak_secret` (param least: characters).
    """

    def __init__(self, key: str, secret: str) -> None:
        if not _KEY.fullmatch(key):
            raise BadInput("bad_request_key")
        if len(secret) < MIN_SECRET:
            raise BadInput("weak_secret", least=MIN_SECRET)
        self._key, self._secret = key, secret
        self.offset_ms = 0

    def headers(self, asked: Asked, now_ms: int, nonce: str) -> dict[str, str]:
        """The four headers of a request sent now; a nonce is used once (16 to 64 of 0-9 A-Z a-z _ -)."""
        time_ms = max(0, now_ms + self.offset_ms)
        return {
            KEY: self._key,
            TIME: str(time_ms),
            NONCE: nonce,
            SIGNATURE: signature(self._secret, asked, time_ms, nonce),
        }

    def learn(self, server_ms: int, now_ms: int) -> None:
        """The checker said what time it has; what is signed from now on follows it."""
        self.offset_ms = server_ms - now_ms


@dataclass
class _Memory:
    """The nonces of one key by their times; what is older than `floor_ms` is no longer remembered, so refused."""

    floor_ms: int
    known: set[str] = field(default_factory=set)
    by_time: deque[tuple[int, str]] = field(default_factory=deque)

    def forget(self, oldest_ms: int, most: int) -> None:
        while self.by_time and (self.by_time[0][0] < oldest_ms or len(self.by_time) >= most):
            time_ms, nonce = self.by_time.popleft()
            self.known.discard(nonce)
            self.floor_ms = max(self.floor_ms, time_ms + 1)


class Verifier:
    """Checks signed requests. Nothing signed before `since_ms` is taken, because what was heard before is forgotten.

    `secret_of` gives the secret of a key, None for an unknown one. Safe for any thread.
    """

    def __init__(
        self, secret_of: Callable[[str], str | None], since_ms: int, *, most_nonces: int = _MOST_NONCES
    ) -> None:
        self._secret_of = secret_of
        self._since_ms = since_ms
        self._most = most_nonces
        self._lock = threading.Lock()
        self._memories: dict[str, _Memory] = {}

    def check(self, asked: Asked, headers: Mapping[str, str], now_ms: int) -> str:
        """The key that signed; `headers` by their usual names, absent ones may be missing or "".

        Raises RuleViolation `signature_missing`, `unknown_key`, `bad_signature`, `stale_signature` (param server_ms),
        `replayed_request`. Only who holds the secret learns anything but the first three, or takes up memory.
        """
        key, time, nonce, given = (headers.get(name, "") for name in (KEY, TIME, NONCE, SIGNATURE))
        if not (_KEY.fullmatch(key) and _TIME.fullmatch(time) and _NONCE.fullmatch(nonce)):
            raise RuleViolation("signature_missing")
        secret = self._secret_of(key)
        if secret is None:
            raise RuleViolation("unknown_key", signer=key)
        time_ms = int(time)
        if not hmac.compare_digest(signature(secret, asked, time_ms, nonce).encode(), given.encode()):
            raise RuleViolation("bad_signature", signer=key)
        with self._lock:
            self._remember(key, time_ms, nonce, now_ms)
        return key

    def _remember(self, key: str, time_ms: int, nonce: str, now_ms: int) -> None:
        memory = self._memories.setdefault(key, _Memory(self._since_ms))
        # A clock that was set back would refuse everybody until it catches up: the signers are told a later time then.
        clock_ms = max(now_ms, memory.floor_ms)
        memory.forget(clock_ms - WINDOW_MS, self._most)
        if nonce in memory.known:
            raise RuleViolation("replayed_request")
        if not max(clock_ms - WINDOW_MS, memory.floor_ms) <= time_ms <= clock_ms + WINDOW_MS:
            raise RuleViolation("stale_signature", server_ms=max(clock_ms, memory.floor_ms))
        memory.known.add(nonce)
        memory.by_time.append((time_ms, nonce))
