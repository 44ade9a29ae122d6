"""Many tickets as a kiosk's log offers them: chained envelopes ready to push or to append."""

import datetime
import random
import uuid
from collections.abc import Iterator
from itertools import count
from typing import Any

from antrean.domain.event import Envelope

BATCH = 200


class Offering:
    """One device's log, growing; `batches` are ready for /v1/push."""

    def __init__(
        self, device_id: str, issuer: str, service: str, series: str, day: str | None = None
    ) -> None:
        self.device_id, self.log_id, self.boot_id = device_id, str(uuid.uuid4()), str(uuid.uuid4())
        self._issuer, self._service, self._series = issuer, service, series
        self._day = day or datetime.datetime.now(datetime.UTC).date().isoformat()
        self._seq, self._hash, self._numbers = 0, "", count(1)

    def envelopes(self, times: int) -> Iterator[Envelope]:
        """The next `times` tickets of the log."""
        for _ in range(times):
            self._seq += 1
            envelope = Envelope(
                event_id=self._new_id(),
                device_id=self.device_id,
                log_id=self.log_id,
                seq=self._seq,
                type="TicketIssued",
                v=1,
                boot_id=self.boot_id,
                boot_ms=self._seq * 10,
                wall_ms=1_700_000_000_000 + self._seq * 10,
                body=self._body(),
                prev_hash=self._hash,
            )
            self._hash = envelope.hash()
            yield envelope

    def _new_id(self) -> str:
        """A UUIDv7 as a kiosk makes them: the order of ids is the order of time, which an index feels."""
        noise = random.getrandbits(74)
        tail = f"{noise & (1 << 62) - 1 | 1 << 63:016x}"
        ms = 1_700_000_000_000 + self._seq * 10
        return f"{ms >> 16:08x}-{ms & 0xFFFF:04x}-7{noise >> 62 & 0xFFF:03x}-{tail[:4]}-{tail[4:]}"

    def _body(self) -> dict[str, Any]:
        return {
            "ticket_id": self._new_id(),
            "service": self._service,
            "series": self._series,
            "issuer": self._issuer,
            "generation": 1,
            "number": next(self._numbers),
            "day": self._day,
            "priority": False,
            "language": "id",
            "channel": "kiosk",
            "assisted": False,
        }

    def push_bodies(self, times: int) -> list[dict[str, Any]]:
        """The next `times` tickets as bodies of /v1/push."""
        events = [envelope.to_dict() for envelope in self.envelopes(times)]
        return [
            {
                "term": 1,
                "incarnation": "",
                "log_id": self.log_id,
                "boot_id": self.boot_id,
                "boot_ms": 10**7,
                "events": events[at : at + BATCH],
            }
            for at in range(0, len(events), BATCH)
        ]
