"""One account on a WebDAV server: its requests, its refusals in our words, and where it points to.

Name and password go to the configured host alone: a redirect to another one is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from antrean.domain.errors import Unavailable
from antrean.link.multistatus import path_of
from antrean.link.outside import Outside, Patience, TooLarge
from antrean.link.outside import OutsideAnswer as Reply

__all__ = ["Account", "Dav", "Reply", "TooLarge", "etag_of"]

MOST_BYTES = 16 * 1024 * 1024
"""The addresses of 10,000 entries are about 3 MiB of XML."""
PATIENCE = Patience(answer=110.0, whole=120.0)
"""A small server may read 10,000 entries from its disk before it answers the first time."""
_REDIRECTS = (301, 302, 303, 307, 308)
_NOT_IMPLEMENTED, _NO_ROOM = 501, 507
_MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Account:
    """Where and as whom; `digest` for servers that want the password so (RFC 7616), `ca_file` "" for the usual ones."""

    url: str
    user: str
    password: str
    digest: bool = False
    ca_file: str = ""
    proxy: str = ""


class Dav:
    """A conversation with one server; one instance belongs to one thread, and nobody is asked while it is made.

    Raises BadInput `bad_url` or `https_needed` when it is made; Unavailable and Busy as `Outside` does.
    """

    def __init__(self, account: Account, *, transport: httpx.BaseTransport | None = None) -> None:
        auth = httpx.DigestAuth if account.digest else httpx.BasicAuth
        self._outside = Outside(
            account.url,
            ca_file=account.ca_file,
            proxy=account.proxy,
            auth=auth(account.user, account.password),
            most_bytes=MOST_BYTES,
            passed=(*_REDIRECTS, _NOT_IMPLEMENTED, _NO_ROOM),
            patience=PATIENCE,
            transport=transport,
        )
        self._url = account.url.strip()
        self.path = path_of(self._url) or "/"

    def ask(self, method: str, path: str, body: str | bytes = b"", **headers: str) -> Reply:
        """Send one request; `headers` are written with underscores for hyphens. Refusals come back as answers,
        except 401, which concerns the whole account, and what `Outside` raises."""
        # Compressed answers get ETags that If-Match does not take.
        sent = {"Accept": "*/*", "Accept-Encoding": "identity"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        reply = self._outside.ask(
            method, path, body=body.encode() if isinstance(body, str) else body, headers=sent
        )
        if reply.status == 401:
            raise Unavailable(
                "the calendar server does not accept this user name and password", permanent=True
            )
        return reply

    def follow(self, method: str, path: str, body: str, **headers: str) -> Reply:
        """The same, going where the server points, as long as that is on the server itself."""
        for _ in range(_MOST_REDIRECTS):
            reply = self.ask(method, path, body, **headers)
            target = reply.headers.get("location", "")
            if reply.status not in _REDIRECTS or not target:
                return reply
            there = urljoin(urljoin(self._url, path), target)
            self.refuse_elsewhere(there)
            path = path_of(there)
        raise Unavailable("the calendar server points in circles", permanent=True)

    def refuse_elsewhere(self, href: str) -> None:
        """Raises Unavailable for an address on another host: a person must say that it may have the password."""
        there = urljoin(self._url, href)
        if _origin(there) != _origin(self._url):
            words = "{}://{}:{}".format(*_origin(there))
            raise Unavailable(f"the calendar is at another address now: {words}", permanent=True)

    def close(self) -> None:
        """Let go of the connection."""
        self._outside.close()


def etag_of(reply: Reply) -> str:
    """The ETag as If-Match wants it: web servers that compress mark it weak, although the entry is the same."""
    etag = reply.headers.get("etag", "").removeprefix("W/")
    return etag if etag.isascii() and etag.isprintable() else ""


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:
        return "", "", 0
