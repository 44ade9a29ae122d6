"""What a WebDAV server answers about many things at once (RFC 4918), read without entities and outside documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from antrean.domain.errors import Unavailable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
_SAFE_IN_A_NAME = "!$&'()*+,;=:@~-._"


@dataclass(frozen=True, slots=True)
class Answer:
    """About one thing: `status` is the one it has as a whole, 200 when only its properties have theirs.

    `props` holds the properties that were found.
    """

    href: str
    status: int
    props: Mapping[str, Element]

    def text(self, name: str) -> str:
        """The text of a property, "" when it is not there."""
        found = self.props.get(name)
        return (found.text or "").strip() if found is not None else ""

    def href_in(self, name: str) -> str:
        """The first address inside a property, as it is written there; "" when it has none."""
        found = self.props.get(name)
        inner = found.find(f"{DAV}href") if found is not None else None
        return (inner.text or "").strip() if inner is not None else ""

    def has(self, name: str, inner: str) -> bool:
        """Whether a property contains an element."""
        found = self.props.get(name)
        return found is not None and found.find(inner) is not None


@dataclass(frozen=True, slots=True)
class Multistatus:
    """All answers, and the sync token that stands beside them ("" when none does)."""

    answers: tuple[Answer, ...]
    sync_token: str


def path_of(href: str) -> str:
    """An address on the server, always spelled in one way, whoever spelled it; the host is left out."""
    try:
        path = urlsplit(href.strip()).path
    except ValueError:
        return ""
    return "/".join(quote(unquote(part), safe=_SAFE_IN_A_NAME) for part in path.split("/"))


def multistatus(body: bytes) -> Multistatus:
    """Read the answer; raises Unavailable when it is anything else, such as the sign-in page of a hotel's network."""
    root = _root(body)
    if root is None or root.tag != f"{DAV}multistatus":
        raise Unavailable("the answer is not one of a calendar server: is this its address?", permanent=False)
    found = (_answer(element) for element in root.findall(f"{DAV}response"))
    token = (root.findtext(f"{DAV}sync-token") or "").strip()
    return Multistatus(tuple(answer for answer in found if answer is not None), token)


def names_error(body: bytes, condition: str) -> bool:
    """Whether the body of a refusal names this precondition of WebDAV (`DAV:error`, RFC 4918 section 16)."""
    root = _root(body)
    return root is not None and root.tag == f"{DAV}error" and root.find(f"{DAV}{condition}") is not None


def _root(body: bytes) -> Element | None:
    try:
        return fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None


def _answer(element: Element) -> Answer | None:
    path = path_of(element.findtext(f"{DAV}href") or "")
    if not path.startswith("/"):
        return None
    props: dict[str, Element] = {}
    for propstat in element.findall(f"{DAV}propstat"):
        if _status(propstat.findtext(f"{DAV}status")) == 200:
            props.update((prop.tag, prop) for parent in propstat.findall(f"{DAV}prop") for prop in parent)
    return Answer(path, _status(element.findtext(f"{DAV}status")), props)


def _status(line: str | None) -> int:
    """200 for none: then each property has its own."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 200
