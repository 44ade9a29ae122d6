"""Operations about sound: what boards in browsers play, and what displays tell of their loudspeakers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from antrean.ledger.hall_devices import Device
from queue_server.auth.callers import Access
from queue_server.contacts import Contacts
from queue_server.live import LiveHall
from queue_server.operations import Call, Operation
from queue_server.problems import Problem
from queue_server.sounds import HallSounds
from queue_server.wire.sounds import SoundAnswer, SoundRequest


@dataclass(frozen=True)
class SoundApi:
    """`sounds` is None where the mall has no voice for browsers."""

    live: LiveHall
    contacts: Contacts
    sounds: HallSounds | None

    def operations(self) -> list[Operation]:
        """A display's report and, where the mall has a voice, its sounds."""
        report = Operation(
            "POST",
            "/v1/sound",
            "Tell whether a display is heard",
            self.report,
            access=Access.DEVICE,
            body=SoundRequest,
            answers={200: SoundAnswer},
        )
        if self.sounds is None:
            return [report]
        return [
            report,
            _sound("/v1/call-sound/<call_id>.wav", "The spoken call", "call_id", self.sounds.call),
            _sound(
                "/v1/announcement-sound/<announcement_id>.wav",
                "The spoken announcement",
                "announcement_id",
                self.sounds.announcement,
            ),
        ]

    def report(self, call: Call) -> Mapping[str, Any]:
        """Remembers what a display tells."""
        assert isinstance(call.caller, Device)  # the gate admits nobody else here
        asked: SoundRequest = call.body
        now = self.live.now_ms()
        self.contacts.heard(call.caller.device_id, now)
        self.contacts.sounded(call.caller.device_id, asked.sound, asked.says_texts, now)
        return {"server_ms": now}


def _sound(address: str, summary: str, name: str, find: Callable[[str], bytes | None]) -> Operation:
    def run(call: Call) -> Response:
        sound = find(call.path[name])
        if sound is None:
            raise Problem(404, "not_found")
        response = Response(sound, mimetype="audio/wav")
        response.headers["Cache-Control"] = "private, max-age=3600"
        return response

    return Operation("GET", address, summary, run, answers={200: "audio/wav"}, problems=(404,))
