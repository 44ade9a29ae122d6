"""Operations for consoles, displays and phones: commands, the stream, states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request

from antrean.ledger.hall_devices import Device
from queue_server.auth.callers import Access, Caller, Staff
from queue_server.commands import run_command
from queue_server.hub import Hub, HubFull
from queue_server.live import LiveHall
from queue_server.operations import Call, Operation
from queue_server.problems import Problem
from queue_server.topics import topics_of
from queue_server.wire.hall import CommandAnswer, CommandRequest, StateAnswer, TopicsQuery

FULL_RETRY_S = 15


@dataclass(frozen=True)
class HallApi:
    """Commands in, states out."""

    live: LiveHall
    hub: Hub
    new_id: Callable[[], str]
    stream_id: str

    def operations(self) -> list[Operation]:
        """Commands, stream and state."""
        return [
            Operation(
                "POST",
                "/v1/commands",
                "Give a command; the same key never does a thing twice",
                self.command,
                access=Access.STAFF,
                body=CommandRequest,
                answers={200: CommandAnswer},
                problems=(404, 409),
                required_headers=("Idempotency-Key",),
            ),
            Operation(
                "GET",
                "/v1/state",
                "The whole current state of topics",
                self.state,
                query=TopicsQuery,
                answers={200: StateAnswer},
                problems=(401, 403, 404),
            ),
            Operation(
                "GET",
                "/v1/stream",
                "Server-sent events: the whole state of each topic at once and after each change",
                self.stream,
                query=TopicsQuery,
                answers={200: "text/event-stream"},
                problems=(401, 403, 404, 503),
            ),
        ]

    def command(self, call: Call) -> Response:
        """Runs an officer's command."""
        asked: CommandRequest = call.body
        assert isinstance(call.caller, Staff)  # the gate admits nobody else here
        data = asked.model_dump(exclude_unset=True)
        done = run_command(self.live, data, call.headers["Idempotency-Key"], call.caller, self.new_id)
        response = Response(done.answer, status=done.status, mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    def state(self, call: Call) -> Response:
        """Answers the states of topics once, for those who cannot hold a stream."""
        topics = topics_of(call.query.topics, call.caller)
        try:
            states = {topic: self.hub.state(topic) for topic in topics}
        except KeyError as error:
            raise Problem(404, "unknown_topic") from error
        answer = StateAnswer(
            topics=states,
            term=self.live.term,
            position=f"{self.stream_id}.{self.live.truth.position}",
            server_ms=self.live.now_ms(),
        )
        response = Response(answer.model_dump_json(), mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    def stream(self, call: Call) -> Response:
        """Opens an event stream; a device's older stream ends."""
        topics = topics_of(call.query.topics, call.caller)
        try:
            subscriber = self.hub.subscribe(topics, _owner(call.caller))
        except HubFull:
            raise Problem(503, "streams_full", retry_after_s=FULL_RETRY_S) from None
        except KeyError as error:
            raise Problem(404, "unknown_topic") from error
        events = self.hub.stream(subscriber, request.headers.get("Last-Event-ID"))
        response = Response(events, mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(lambda: self.hub.unsubscribe(subscriber))
        return response


def _owner(caller: Caller) -> str | None:
    return f"device:{caller.device_id}" if isinstance(caller, Device) else None
