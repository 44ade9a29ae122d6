"""A calendar on a CalDAV server (RFC 4791): found, listed, followed by its sync token (RFC 6578), read and changed.

What entries mean is not known here: they are bytes under an address and an ETag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import httpx

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.dav import Account, Dav, Reply, TooLarge, etag_of
from antrean.link.multistatus import CALDAV, DAV, Answer, Multistatus, multistatus, names_error, path_of

_NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_FINDING = (
    "<d:resourcetype/><d:displayname/><d:current-user-principal/>"
    "<c:calendar-home-set/><c:supported-calendar-component-set/>"
)
_BEGINNINGS = (f"{DAV}resourcetype", f"{DAV}current-user-principal")
_MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Address:
    """Where an entry is and which state of it; `etag` is "" where the server told none."""

    href: str
    etag: str


@dataclass(frozen=True, slots=True)
class Text:
    """An entry as it stands on the server; `data` is None when it is too large to be read."""

    href: str
    etag: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since a token: entries that are new or changed, addresses that are empty now, the next token."""

    changed: tuple[Address, ...]
    gone: tuple[str, ...]
    token: str


class Calendar:
    """One calendar of one account; it is looked for at the first use.

    `name` chooses among several: a display name or the last part of an address. Raises Unavailable (permanent: the
    address, the account or the certificate is wrong) and RuleViolation where a method says so.
    """

    def __init__(
        self, account: Account, name: str = "", *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._dav = Dav(account, transport=transport)
        self._name = name
        self._path = ""

    @property
    def path(self) -> str:
        """The calendar's address on its server."""
        if not self._path:
            self._path = self._found()
        return self._path

    def token(self) -> str:
        """The sync token of this moment, "" when the server has none."""
        body = _xml("propfind", "<d:prop><d:sync-token/></d:prop>")
        told = self._answers(self._dav.ask("PROPFIND", self.path, body, **_headers("0")), self.path)
        own = [one for one in told.answers if _same(one.href, self.path)]
        return own[0].text(f"{DAV}sync-token") if own else ""

    def between(self, from_ms: int, to_ms: int) -> tuple[Address, ...]:
        """The entries that touch [from, to); all there are, when the server cannot search by time."""
        span = f'<c:time-range start="{_utc(from_ms)}" end="{_utc(to_ms)}"/>'
        reply = self._report(self._query(span, "<d:getetag/>"), depth="1")
        if reply.status != 207:
            body = _xml("propfind", "<d:prop><d:getetag/><d:resourcetype/></d:prop>")
            reply = self._dav.ask("PROPFIND", self.path, body, **_headers("1"))
        return self._entries(self._answers(reply, self.path))

    def since(self, token: str) -> Changes:
        """What changed since the token.

        Raises RuleViolation `cursor_lost` when the server forgot the token, `no_sync` when it follows none.
        """
        changed: dict[str, Address] = {}
        gone: dict[str, None] = {}
        for _ in range(_MOST_ROUNDS):
            inner = f"<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>"
            reply = self._report(_xml("sync-collection", inner + "<d:prop><d:getetag/></d:prop>"), depth="0")
            if reply.status != 207:
                known = reply.status == 507 or names_error(reply.body, "valid-sync-token")
                raise RuleViolation("cursor_lost" if known or reply.status in (409, 410) else "no_sync")
            answer = multistatus(reply.body)
            for one in filter(self._is_entry, answer.answers):
                if one.status == 404:
                    gone[one.href] = None
                else:
                    gone.pop(one.href, None)
                    changed[one.href] = _address(one)
            before, token = token, answer.sync_token or token
            if not any(one.status == 507 for one in answer.answers):
                return Changes(tuple(changed.values()), tuple(gone), token)
            if token == before:
                break
        raise RuleViolation("no_sync")

    def read(self, hrefs: Sequence[str]) -> tuple[Text, ...]:
        """These entries as they are now; those that are not there any more are left out."""
        if not hrefs:
            return ()
        wanted = "".join(f"<d:href>{escape(href)}</d:href>" for href in hrefs)
        inner = f"<d:prop><d:getetag/><c:calendar-data/></d:prop>{wanted}"
        try:
            reply = self._report(_xml("calendar-multiget", inner, caldav=True), depth="1")
        except TooLarge:
            half = len(hrefs) // 2
            if not half:
                return (Text(hrefs[0], "", None),)
            return self.read(hrefs[:half]) + self.read(hrefs[half:])
        if reply.status != 207:
            single = (self.get(href) for href in hrefs)
            return tuple(text for text in single if text is not None)
        asked = set(hrefs)
        return tuple(
            _text(one) for one in multistatus(reply.body).answers if one.href in asked and _held(one)
        )

    def with_uid(self, uid: str) -> tuple[Address, ...]:
        """Entries whose UID may be this one (servers match parts of it, and some everything).

        Raises RuleViolation `no_search` when the server cannot search.
        """
        match = f'<c:text-match collation="i;octet">{escape(uid)}</c:text-match>'
        search = f'<c:prop-filter name="UID">{match}</c:prop-filter>'
        reply = self._report(self._query(search, "<d:getetag/>"), depth="1")
        if reply.status != 207:
            raise RuleViolation("no_search")
        return self._entries(multistatus(reply.body))

    def get(self, href: str) -> Text | None:
        """One entry byte for byte, None when it is not there."""
        try:
            reply = self._dav.ask("GET", href)
        except TooLarge:
            return Text(href, "", None)
        if reply.status in (404, 410):
            return None
        if reply.status != 200:
            raise self._refused(reply, href)
        return Text(href, etag_of(reply), reply.body)

    def put(self, href: str, data: bytes, etag: str) -> bool:
        """Replace an entry that is still in the state `etag`; False when it is not.

        Raises RuleViolation `entry_refused` when the server takes this text never, Unavailable when it lets this
        account write nothing.
        """
        if not etag:
            raise Unavailable("the calendar server gives no ETag, so nothing is written", permanent=True)
        kind = "text/calendar; charset=utf-8"
        reply = self._dav.ask("PUT", href, data, If_Match=etag, Content_Type=kind)
        if reply.status in (404, 410, 412):
            return False
        if reply.status in (400, 409, 413, 415, 422):
            raise RuleViolation("entry_refused", status=reply.status)
        if reply.status not in (200, 201, 204):
            raise self._refused(reply, href, "be written to by")
        return True

    def close(self) -> None:
        """Let go of the connections."""
        self._dav.close()

    def _found(self) -> str:
        start = self._start()
        if start.has(f"{DAV}resourcetype", f"{CALDAV}calendar"):
            return _folder(start.href)
        homes = [start.href_in(f"{CALDAV}calendar-home-set")]
        principal = start.href_in(f"{DAV}current-user-principal")
        if not homes[0] and principal:
            homes = [one.href_in(f"{CALDAV}calendar-home-set") for one in self._properties(principal, 0)]
        candidates = [
            one
            for home in [home for home in homes if home] or [start.href]
            for one in self._properties(home, 1)
            if one.has(f"{DAV}resourcetype", f"{CALDAV}calendar")
        ]
        return self._chosen(candidates)

    def _start(self) -> Answer:
        """What the server says of the configured address, or of where it says calendars begin (RFC 6764)."""
        paths = [self._dav.path] if self._dav.path != "/" else ["/", "/.well-known/caldav"]
        for path in paths:
            reply = self._dav.follow("PROPFIND", path, _finding(), **_headers("0"))
            for one in multistatus(reply.body).answers if reply.status == 207 else ():
                if any(name in one.props and len(one.props[name]) for name in _BEGINNINGS):
                    return one
        raise self._refused(reply, path)

    def _chosen(self, candidates: Iterable[Answer]) -> str:
        named = {_folder(one.href): one.text(f"{DAV}displayname") for one in candidates}
        if not self._name and len(named) == 1:
            return next(iter(named))
        fitting = [path for path, shown in named.items() if self._name in (shown, path.split("/")[-2])]
        if self._name and len(fitting) == 1:
            return fitting[0]
        there = ", ".join(sorted(shown or path.split("/")[-2] for path, shown in named.items()))
        if not there:
            raise Unavailable("this account has no calendar at this address", permanent=True)
        which = f"no single calendar is named {self._name!r}" if self._name else "there are several calendars"
        raise Unavailable(f"{which}; choose one with `calendar`: {there}", permanent=True)

    def _properties(self, href: str, depth: int) -> tuple[Answer, ...]:
        path = path_of(href)
        reply = self._dav.follow("PROPFIND", path, _finding(), **_headers(str(depth)))
        if reply.status != 207:
            # Servers behind a proxy name hosts of their own making; only where that leads nowhere is it an answer.
            self._dav.refuse_elsewhere(href)
        return self._answers(reply, path).answers

    def _report(self, body: str, *, depth: str) -> Reply:
        """A report on the calendar; a refusal comes back when other means are left, else it is raised."""
        reply = self._dav.ask("REPORT", self.path, body, **_headers(depth))
        if reply.status == 404:
            raise self._refused(reply, self.path)
        return reply

    def _answers(self, reply: Reply, path: str) -> Multistatus:
        if reply.status != 207:
            raise self._refused(reply, path)
        return multistatus(reply.body)

    def _refused(self, reply: Reply, path: str, how: str = "be read by") -> Unavailable:
        if reply.status in (404, 410):
            self._path = ""
            return Unavailable(f"the calendar server has nothing at {path}", permanent=True)
        if reply.status in (403, 405):
            return Unavailable(f"the calendar may not {how} this account ({reply.status})", permanent=True)
        return Unavailable(f"the calendar server's answer makes no sense ({reply.status})", permanent=False)

    def _query(self, inner: str, props: str) -> str:
        event = f'<c:comp-filter name="VEVENT">{inner}</c:comp-filter>'
        calendar = f'<c:filter><c:comp-filter name="VCALENDAR">{event}</c:comp-filter></c:filter>'
        return _xml("calendar-query", f"<d:prop>{props}</d:prop>{calendar}", caldav=True)

    def _entries(self, told: Multistatus) -> tuple[Address, ...]:
        return tuple(_address(one) for one in told.answers if self._is_entry(one) and one.status == 200)

    def _is_entry(self, one: Answer) -> bool:
        folder = one.has(f"{DAV}resourcetype", f"{DAV}collection")
        return not folder and not _same(one.href, self.path)


def _same(one: str, other: str) -> bool:
    return one.rstrip("/") == other.rstrip("/")


def _folder(path: str) -> str:
    return path.rstrip("/") + "/"


def _held(one: Answer) -> bool:
    return one.status == 200 and f"{CALDAV}calendar-data" in one.props


def _address(one: Answer) -> Address:
    return Address(one.href, one.text(f"{DAV}getetag").removeprefix("W/"))


def _text(one: Answer) -> Text:
    data = one.props[f"{CALDAV}calendar-data"].text or ""
    return Text(one.href, _address(one).etag, data.encode())


def _finding() -> str:
    return _xml("propfind", f"<d:prop>{_FINDING}</d:prop>")


def _xml(name: str, inner: str, *, caldav: bool = False) -> str:
    tag = f"{'c' if caldav else 'd'}:{name}"
    return f"{_DECLARATION}<{tag} {_NAMESPACES}>{inner}</{tag}>"


def _headers(depth: str) -> dict[str, str]:
    return {"Depth": depth, "Content_Type": "application/xml; charset=utf-8"}


def _utc(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
