"""Simulated officers: one a counter, each pressing the buttons a person would press, by the public HTTP interface."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from antrean.domain.catalogue import Counter, Mall
from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.errors import Busy
from antrean.link.wire import Wire
from scripts.demo_crowd import serving_seconds
from scripts.demo_pace import Lobby, Pace, Tally

Press = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Gives one command to the server; raises RuleViolation, or Unavailable when the demonstration ends first."""

TEAM_THREADS = 3
OPENING_S = 120.0
LOOK_S = 10.0
PAUSE_S = (5.0, 40.0)
WALK_S = (10.0, 45.0)
RETURN_S = (120.0, 600.0)
TRANSFER_SHARE, RETURN_SHARE = 0.04, 0.4
JOURNEY_SHARE = 0.3
RECALLS_NEEDED, RECALL_SHARES = (0, 1, 2, 3), (0.78, 0.11, 0.05, 0.06)
MOST_RECALLS = 2
"""A visitor who would need more recalls than this is marked absent."""
UNKNOWN_STANDARD_MINUTES = 10
RETRY_S = 0.5


class Officer:
    """One officer at one counter. `step` does the next thing and says after how many seconds of mall time the
    following one is due.
    """

    def __init__(
        self, mall: Mall, counter: Counter, press: Press, lobby: Lobby, tally: Tally, chance: Random
    ) -> None:
        self._mall = mall
        self._counter = counter
        self._press = press
        self._lobby = lobby
        self._tally = tally
        self._chance = chance
        self._by_name = {service.short.id: service for service in mall.services.values()}
        self._do: Callable[[float], float] = self._open
        self._service: str | None = None
        self._recalls = self._needed = 0
        self._coming_back: list[tuple[float, str]] = []

    def step(self, now_s: float) -> float:
        """Do the next thing; a rule that says no is part of the day. Raises Unavailable at the end of the day."""
        try:
            return self._do(now_s)
        except RuleViolation as rule:
            self._tally.count(rule.code)
            self._do = self._start if rule.code == "already_calling" else self._look
            return self._between(PAUSE_S)

    def leave(self) -> None:
        """Go home tidily: finish the visitor here or let a called one wait on, then close the counter."""
        halfway = "undo_call" if self._do == self._start else "finish" if self._do == self._finish else None
        for command in (halfway, "close_counter") if halfway else ("close_counter",):
            try:
                self._give(command)
            except RuleViolation as rule:
                self._tally.count(rule.code)
            else:
                if command == "finish":
                    self._tally.count("completed")

    def _open(self, now_s: float) -> float:
        self._give("open_counter")
        self._do = self._look
        return self._between(PAUSE_S)

    def _look(self, now_s: float) -> float:
        """Call the next visitor, if anybody waits for this counter."""
        self._let_return(now_s)
        helped = tuple(rule.service for rule in self._counter.helps)
        if not self._lobby.anybody_for((*self._counter.services, *helped)):
            return LOOK_S
        ticket = self._give("call_next").get("ticket")
        if ticket is None:
            return LOOK_S
        self._tally.called(ticket["ticket_id"], now_s)
        service = self._by_name.get(ticket["service"]["id"])
        self._service = service.code if service else None
        self._recalls, self._needed = 0, self._chance.choices(RECALLS_NEEDED, RECALL_SHARES)[0]
        self._do = self._start
        return self._between(WALK_S)

    def _start(self, now_s: float) -> float:
        """Greet the visitor, or call again, or give up."""
        if self._recalls < min(self._needed, MOST_RECALLS):
            self._give("recall")
            self._recalls += 1
            return self._between(WALK_S)
        if self._needed > MOST_RECALLS:
            return self._give_up(now_s)
        self._give("start")
        self._plan()
        self._do = self._finish
        known = self._mall.services.get(self._service or "")
        return serving_seconds(known.service_minutes if known else UNKNOWN_STANDARD_MINUTES, self._chance)

    def _plan(self) -> None:
        """Some visitors go through a whole journey of the mall on one number."""
        known = [
            code for code, journey in self._mall.journeys.items() if self._service in journey.services[:-1]
        ]
        if not known or self._chance.random() >= JOURNEY_SHARE:
            return
        try:
            self._give("plan_journey", journey=self._chance.choice(known))
        except RuleViolation as rule:  # what comes next is full or closed: the visitor takes what there is
            self._tally.count(rule.code)

    def _give_up(self, now_s: float) -> float:
        ticket = self._give("absent").get("ticket")
        self._tally.count("no_show")
        if ticket is not None and self._chance.random() < RETURN_SHARE:
            self._coming_back.append((now_s + self._between(RETURN_S), ticket["ticket_id"]))
        self._needed, self._do = 0, self._look
        return self._between(PAUSE_S)

    def _finish(self, now_s: float) -> float:
        """End the service, or send the visitor on to another one."""
        onward = self._onward() if self._chance.random() < TRANSFER_SHARE else None
        self._do = self._look
        if onward is not None:
            self._give("transfer", service=onward, place="arrival")
            self._tally.count("transferred")
        else:
            self._give("finish")
            self._tally.count("completed")
        return self._between(PAUSE_S)

    def _let_return(self, now_s: float) -> None:
        due = [ticket_id for at_s, ticket_id in self._coming_back if at_s <= now_s]
        self._coming_back = [(at_s, ticket_id) for at_s, ticket_id in self._coming_back if at_s > now_s]
        for ticket_id in due:
            self._give("return", ticket=ticket_id)

    def _onward(self) -> str | None:
        """Another service for the same need at another counter; None when there is none."""
        known = self._mall.services.get(self._service or "")
        choices = [
            service.code
            for service in self._mall.services.values()
            if known is not None
            and service.need == known.need
            and service.code not in self._counter.services
            and self._mall.counters_for(service.code)
        ]
        return self._chance.choice(choices) if choices else None

    def _between(self, span_s: tuple[float, float]) -> float:
        return self._chance.uniform(*span_s)

    def _give(self, command: str, **fields: str) -> Mapping[str, Any]:
        return self._press({"command": command, "counter": self._counter.code, **fields})


class Team:
    """Officers who share a thread and a connection; each acts when it is due."""

    def __init__(self, url: str, pace: Pace) -> None:
        self._wire = Wire((url,))
        self._pace = pace
        self._officers: list[Officer] = []
        self._leaving = False
        self._thread = threading.Thread(target=self._work, name="officers", daemon=True)

    def press_with(self, token: str) -> Press:
        """How an officer of this team with this bearer token gives commands; an unheard one is given again."""

        def press(body: Mapping[str, Any]) -> Mapping[str, Any]:
            key = uuid.uuid4().hex
            while True:
                try:
                    headers = {"Idempotency-Key": key}
                    return self._wire.ask("POST", "/v1/commands", token=token, body=body, headers=headers)
                except Unavailable as error:
                    wait_s = error.retry_after_ms / 1000 if isinstance(error, Busy) else RETRY_S
                    if error.permanent or self._leaving or not self._pace.rest(wait_s or RETRY_S):
                        raise

        return press

    def add(self, officer: Officer) -> None:
        """Take an officer on; before `start`."""
        self._officers.append(officer)

    def start(self, chance: Random) -> None:
        """Begin; the officers sit down one after the other."""
        self._due = [(chance.uniform(0, OPENING_S), at, one) for at, one in enumerate(self._officers)]
        heapq.heapify(self._due)
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait until everybody has left their counter, after the pace was stopped."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        try:
            self._day()
            self._leaving = True
            for officer in self._officers:
                officer.leave()
        except Unavailable:
            return  # the server is gone: there is nothing to press any more
        finally:
            self._wire.close()

    def _day(self) -> None:
        turns = itertools.count(len(self._officers))
        while self._due:
            due_s, _, officer = heapq.heappop(self._due)
            if not self._pace.wait_until(due_s):
                return
            after_s = officer.step(self._pace.now_s())
            heapq.heappush(self._due, (self._pace.now_s() + after_s, next(turns), officer))


def staff(
    mall: Mall, url: str, tokens: Mapping[str, str], pace: Pace, lobby: Lobby, tally: Tally, chance: Random
) -> Sequence[Team]:
    """Put an officer at every counter that has a token and let them begin."""
    teams = [Team(url, pace) for _ in range(TEAM_THREADS)]
    for at, (code, token) in enumerate(tokens.items()):
        team = teams[at % len(teams)]
        own = Random(chance.random())
        team.add(Officer(mall, mall.counters[code], team.press_with(token), lobby, tally, own))
    for team in teams:
        team.start(chance)
    return teams


def waiting_now(wire: Wire) -> dict[str, int]:
    """How many wait for each service; raises Unavailable."""
    answer = wire.ask("GET", "/v1/state", query={"topics": "services"})
    services = answer["topics"]["services"]["services"]
    return {code: state["waiting"] for code, state in services.items()}


def watch_lobby(url: str, lobby: Lobby, pace: Pace, every_s: float) -> threading.Thread:
    """Keep `lobby` up to date until the pace is stopped; returns the thread that does it."""

    def look() -> None:
        wire = Wire((url,))
        try:
            while pace.rest(every_s):
                with contextlib.suppress(Unavailable):
                    lobby.waiting = waiting_now(wire)
        finally:
            wire.close()

    thread = threading.Thread(target=look, name="lobby", daemon=True)
    thread.start()
    return thread
