"""An officer at a counter: calls, starts, calls again; retries what got no answer with the same key."""

import json
from typing import Any

import httpx

from tests.simulation.mall import COUNTERS, JOURNEY, SERVED, SERVICES
from tests.simulation.network import Network, Request
from tests.simulation.world import Killed, Machine, Paper, World


class Console:
    """One counter's browser. `calls` is what it was told: (key, event id, ticket id, when)."""

    def __init__(self, machine: Machine, network: Network, counter: str, pace_ms: float) -> None:
        self.machine = machine
        self.network = network
        self.counter = counter
        self.calls: list[tuple[str, str, str, float]] = []
        self.keys: dict[str, str] = {}
        self.resting = False
        self._pace_ms = pace_ms
        self._world: World = machine.world

    def begin(self) -> None:
        """Sit down and start calling."""
        self._later(self._world.dice.uniform(0, self._pace_ms), self._call)

    def issue(self) -> None:
        """A helper at this desk makes a ticket for somebody."""
        body = {
            "command": "issue",
            "service": self._world.dice.choice(SERVICES),
            "priority": False,
            "language": "id",
        }
        self._send(body, self._world.new_id(), tries=20, then=lambda answer: None, token="token-helper")

    def readmit(self, paper: Paper) -> None:
        """A visitor shows the paper of a kiosk that is no more."""
        body = {"command": "readmit", "token": paper.token}
        self._send(body, self._world.new_id(), tries=20, then=lambda answer: None, token="token-helper")

    def rest(self) -> None:
        """Call nobody any more."""
        self.resting = True

    def _later(self, ms: float, action: Any) -> None:
        self._world.at(ms, action)

    def _call(self) -> None:
        if self.resting:
            return
        dice, key = self._world.dice, self._world.new_id()
        if dice.random() < 0.1:
            # A double press, or the same page in two tabs: the second one reaches the server about when the first does.
            twice = key if dice.random() < 0.5 else self._world.new_id()
            self._world.done["double presses"] += 1
            self._later(
                dice.uniform(0, 60),
                lambda: self._send(self._at_counter("call_next"), twice, tries=1, then=lambda done: None),
            )
        self._send(self._at_counter("call_next"), key, tries=20, then=self._called)

    def _called(self, answer: dict[str, Any] | None) -> None:
        ticket = answer.get("ticket") if answer else None
        if ticket is None:
            self._later(self._world.dice.uniform(0.3, 1) * self._pace_ms, self._call)
            return
        name = "start" if self._world.dice.random() < 0.85 else "absent"
        self._later(
            self._world.dice.uniform(2_000, 8_000),
            lambda: self._send(self._at_counter(name), self._world.new_id(), tries=20, then=self._started),
        )

    def _started(self, answer: dict[str, Any] | None) -> None:
        ticket = answer.get("ticket") if answer else None
        if ticket is not None and ticket["state"] == "serving":
            self._look_after()
        self._later(self._world.dice.uniform(0.5, 1.5) * self._pace_ms, self._call)

    def _look_after(self) -> None:
        """What officers do beside calling: they plan what follows, write notes, and send visitors on."""
        dice, service = self._world.dice, self._world.dice.choice(SERVICES)
        asked = dice.choice(
            (
                {"command": "plan_journey", "journey": JOURNEY},
                {"command": "add_service", "service": service},
                {"command": "drop_service", "service": service},
                {"command": "note", "text": f"map {dice.randrange(1000)}"},
                {"command": "deliver", "service": service, "quantity": dice.randint(1, 99)},
                {
                    "command": "transfer",
                    "service": service,
                    "place": dice.choice(("front", "arrival", "end")),
                },
                {"command": "transfer", "service": service, "to_counter": dice.choice(COUNTERS)},
                {"command": "set_services", "services": dice.choice(("", *SERVED[self.counter]))},
                None,
                None,
                None,
            )
        )
        if asked is not None:
            self._world.done[f"visits: {asked['command']}"] += 1
            body = {**self._at_counter(str(asked["command"])), **asked}
            self._send(body, self._world.new_id(), tries=20, then=lambda done: None)

    def _at_counter(self, name: str) -> dict[str, Any]:
        return {"command": name, "counter": self.counter}

    def _send(self, asked: dict[str, Any], key: str, *, tries: int, then: Any, token: str = "") -> None:
        """Give a command until there is an answer; `then` hears the answer, None for a refusal."""
        body = json.dumps(asked).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token or f'token-{self.counter}'}",
            "Idempotency-Key": key,
        }
        try:
            answer = self.network.call(self.machine, Request("POST", "/v1/commands", "", headers, body))
        except httpx.HTTPError:
            self._again(asked, key, tries, then, token)
            return
        except Killed:
            return
        if answer.status >= 500 or answer.status == 429:
            self._again(asked, key, tries, then, token)
            return
        data = json.loads(answer.body)
        if answer.status != 200:
            self._world.done[f"refused: {data['error']['code']}"] += 1
            if answer.status == 422 and asked["command"] != "readmit":
                self._world.blame(f"a command was not understood: {data}")
            then(None)
            return
        self._note(key, data, answer.body)
        then(data)

    def _note(self, key: str, data: dict[str, Any], body: bytes) -> None:
        text = body.decode()
        if self.keys.setdefault(key, text) != text:
            self._world.blame(f"one key got two answers: {self.keys[key]} and {text}")
        self._world.done["commands"] += 1
        for event in data["events"]:
            if event["type"] == "TicketCalled":
                self._world.done["calls"] += 1
                self.calls.append((key, event["event_id"], event["body"]["ticket_id"], self._world.now))

    def _again(self, asked: dict[str, Any], key: str, tries: int, then: Any, token: str) -> None:
        self._world.done["commands sent again"] += 1
        if tries > 1:
            again = self._world.dice.uniform(1_000, 6_000)
            self._later(again, lambda: self._send(asked, key, tries=tries - 1, then=then, token=token))
        else:
            self._later(self._world.dice.uniform(5_000, 20_000), lambda: then(None))
