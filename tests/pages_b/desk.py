"""A mall with pages for tests: real server, people signed in by cookie, and past days written event by event."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from antrean.domain import events as e
from queue_server.app import PageRoom
from queue_server.auth.callers import COOKIE
from queue_server.live import Turn
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from tests.server.house_of_tests import MORNING_MS, FakeWorld, House, fill, served

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
TODAY = "2025-11-24"
LAST_TUESDAY = "2025-11-18"
LAST_TUESDAY_9 = MORNING_MS - 6 * DAY


class Desk:
    """A running house and a browser-like client for somebody in some roles."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.world = house.world
        self.url = house.url
        self.parts = house.running.parts
        self.people: list[Person] = []

    def signed_in(self, *roles: str, language: str = "id") -> "Person":
        """A person with an account in these roles, signed in."""
        name = "-".join(roles)
        token = self.parts.accounts.add_user(name, name.title(), roles, None, "test")
        secret = self.parts.accounts.set_first_password(token, "kata sandi panjang").secret
        self.people.append(Person(self.url, secret, language))
        return self.people[-1]

    def write(self, moments: Iterable[tuple[int, e.Payload]], day: str) -> None:
        """Makes events durable as if they had been accepted at these moments of that day."""

        def work(turn: Turn) -> None:
            now = turn.now_ms
            for at_ms, payload in moments:
                turn.now_ms = at_ms
                turn.write([payload], day)
            turn.now_ms = now

        self.parts.live.run(work)

    def visit(self, service: str, at_ms: int, waited: int, served: int, day: str, number: int) -> None:
        """One visitor who waited and was served so many minutes."""
        ticket = issued(self.world, service, day, number)
        called = at_ms + waited * MINUTE
        moves = [
            (at_ms, ticket),
            (called, e.TicketCalled(ticket.ticket_id, "1", "sari", "arrival", "")),
            (called, e.ServiceStarted(ticket.ticket_id, "1", "sari")),
            (called + served * MINUTE, e.ServiceFinished(ticket.ticket_id, "1", "sari")),
        ]
        self.write(moves, day)


def issued(world: FakeWorld, service: str, day: str, number: int, issuer: str = "1") -> e.TicketIssued:
    """A ticket as a kiosk issues it."""
    return e.TicketIssued(world.new_id(), service, "A", issuer, 1, number, day, False, "id", "kiosk", False)


class Person:
    """A signed-in person's client; forms show the session's token as the page carries it."""

    def __init__(self, url: str, secret: str, language: str) -> None:
        cookies = {COOKIE: secret, "antrean_language": language}
        self.secret = secret
        self.client = httpx.Client(base_url=url, cookies=cookies, timeout=30, trust_env=False)

    def page(self, address: str, status: int = 200) -> "Page":
        """Opens a page."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text
        return Page(answer)

    def send(self, address: str, status: int = 200, **fields: Any) -> "Page":
        """Sends a form of a page with its token, and follows the answer."""
        data = {"csrf": self.csrf(), **fields}
        answer = self.client.post(address, data=data, follow_redirects=True)
        assert answer.status_code == status, answer.text
        return Page(answer)

    def csrf(self) -> str:
        """The token in the forms of this person's pages."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get("/no-such-page").text)
        found = found or re.search(
            r'name="csrf" value="([^"]+)"', self.client.get("/", follow_redirects=True).text
        )
        assert found
        return found[1]

    def close(self) -> None:
        self.client.close()


class Page(HTMLParser):
    """An answered page: its words, its links by their words, its headings."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer = answer
        self.links: dict[str, str] = {}
        self.h1 = ""
        self._words: list[str] = []
        self._open: list[tuple[str, str | None, list[str]]] = []
        self.feed(answer.text)
        self.words = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("a", "h1"):
            self._open.append((tag, dict(attrs).get("href"), []))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, address, words = self._open.pop()
            said = " ".join(" ".join(words).split())
            if tag == "h1":
                self.h1 = said
            elif address:
                self.links[said] = address

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        for _, _, words in self._open:
            words.append(data)


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A served mall with all its pages, on Monday 24 November 2025 at nine."""
    fill(folder)
    with served(folder, FakeWorld(), PageRoom(pages_blueprint, error_page)) as house:
        running = Desk(house)
        try:
            yield running
        finally:
            for person in running.people:
                person.close()
