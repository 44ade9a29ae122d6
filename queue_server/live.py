"""The live hall: today's truth in memory, changed only by events that are durable.

Every change is a *turn* on the ledger's single writer thread: decide, append, evolve a draft. The draft becomes the
truth only after the commit. Several turns share one commit, so each sees the draft of the one before.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.changed import changed
from antrean.domain.commands import CloseDay
from antrean.domain.decide import decide
from antrean.domain.errors import RuleViolation
from antrean.domain.event import Envelope
from antrean.domain.events import (
    CAME_LATE,
    DayOpened,
    NoteWritten,
    Payload,
    TicketExpired,
    TicketIssued,
    TicketReadmitted,
    body_of,
    payload_of,
    type_of,
)
from antrean.domain.evolve import evolve, evolve_all
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.label import SERVER_ISSUER
from antrean.domain.opening import local_day
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_log, hall_meta, hall_notes
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_log import NewEvent, Quarantined, StoredEvent
from antrean.ledger.writer import After, Transaction

T = TypeVar("T")
A_BATCH = 8
"""From so many events on, copying a shelf once for all of them pays."""


@dataclass(frozen=True)
class Truth:
    """What the mall knows at one position of the log; never changed, only replaced.

    `notes` are the texts of today's notes by id, which stand outside of the log.
    """

    hall: Hall
    position: int
    catalogue_rev: int
    generation: int
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnLog:
    """The head of the server's own log."""

    device_id: str
    log_id: str
    seq: int
    last_hash: str


class Turn:
    """One change in the making, on the writer thread: reads `truth`, writes events, and moves `truth` on."""

    def __init__(self, tx: Transaction, now_ms: int, truth: Truth, own: OwnLog, server: LiveHall) -> None:
        self.tx = tx
        self.now_ms = now_ms
        self.truth = truth
        self.own = own
        self.term = server.term
        self._server = server

    def write(self, payloads: Sequence[Payload], day: str | None = None) -> list[Envelope]:
        """Appends events to the server's own log and evolves the hall; returns their envelopes."""
        if not payloads:
            return []
        stamp = self._server.stamp()
        new: list[NewEvent] = []
        for payload in payloads:
            envelope = Envelope(
                event_id=self._server.new_id(),
                device_id=self.own.device_id,
                log_id=self.own.log_id,
                seq=self.own.seq + 1,
                type=type_of(payload),
                v=payload.VERSION,
                boot_id=stamp.boot_id,
                boot_ms=stamp.boot_ms,
                wall_ms=stamp.wall_ms,
                body=body_of(payload),
                prev_hash=self.own.last_hash,
            )
            event = NewEvent(envelope, envelope.hash(), self.now_ms, day or self.truth.hall.day)
            self.own = changed(self.own, seq=envelope.seq, last_hash=event.hash)
            new.append(event)
        self.accept(new, payloads)
        return [event.envelope for event in new]

    def accept(
        self, events: Sequence[NewEvent], payloads: Sequence[Payload], quarantined: Sequence[Quarantined] = ()
    ) -> hall_log.Accepted:
        """Appends the next events of one log; those of today evolve the hall, tickets of closed days expire there."""
        accepted = hall_log.accept(self.tx, events, received_ms=self.now_ms, quarantined=quarantined)
        self._evolve(list(zip(accepted.positions, events, payloads, strict=True)))
        return accepted

    def accept_again(self, event: NewEvent, payload: Payload) -> None:
        """Appends one event that had been put aside; raises RuleViolation `duplicate_event`, `duplicate_ticket`."""
        position = hall_log.accept_again(self.tx, event, received_ms=self.now_ms)
        self._evolve([(position, event, payload)])

    def _evolve(self, taken: Sequence[tuple[int, NewEvent, Payload]]) -> None:
        today, late = list[Accepted](), dict[str, list[Payload]]()
        for position, event, payload in taken:
            envelope = event.envelope
            if event.day == self.truth.hall.day:
                today.append(
                    Accepted(position, event.order_ms, envelope.device_id, envelope.event_id, payload)
                )
            elif isinstance(payload, TicketIssued | TicketReadmitted) and self._began(payload, position):
                late.setdefault(event.day, []).append(TicketExpired(payload.ticket_id, CAME_LATE))
        hall = self._after(today)
        position = taken[-1][0] if taken else self.truth.position
        self.truth = changed(self.truth, hall=hall, position=position)
        for day, expired in late.items():
            self.write(expired, day=day)

    def _began(self, payload: TicketIssued | TicketReadmitted, position: int) -> bool:
        """Whether the ticket is known by this very event: one told of again may have been served long ago."""
        stored = hall_log.ticket(self.tx, payload.ticket_id)
        return stored is not None and stored.position == position

    def _after(self, today: Sequence[Accepted]) -> Hall:
        if len(today) >= A_BATCH:
            return evolve_all(self.truth.hall, today)
        hall = self.truth.hall
        for accepted in today:
            hall = evolve(hall, accepted)
        return hall

    def keep_note(self, note: NoteWritten, text: str, salt: bytes) -> None:
        """Keeps the text of a note that is being written, outside of the log."""
        hall_notes.keep_note(
            self.tx,
            note.note_id,
            ticket_id=note.ticket_id,
            day=self.truth.hall.day,
            written_ms=self.now_ms,
            salt=salt,
            text=text,
        )
        self.truth = changed(self.truth, notes={**self.truth.notes, note.note_id: text})

    def open_day(self) -> None:
        """Closes yesterday and opens today when the local date has moved on."""
        hall = self.truth.hall
        today = local_day(hall.mall.timezone, self.now_ms).isoformat()
        if today <= hall.day:
            return
        if hall.day:
            self.write(decide(hall, CloseDay(), self.now_ms))
        generation = 1 + hall_log.highest_generation(self.tx, SERVER_ISSUER)
        self.truth = changed(self.truth, hall=empty_hall(hall.mall, today), generation=generation, notes={})
        hall_meta.set_day(self.tx, today, generation)
        self.write([DayOpened(day=today, generation=generation, issuer=SERVER_ISSUER, by="server")])

    def reload_catalogue(self) -> bool:
        """Takes over a changed catalogue by folding the day again with it; True when there was a change."""
        meta = hall_meta.meta(self.tx)
        if meta.catalogue_rev == self.truth.catalogue_rev:
            return False
        hall = fold(empty_hall(mall_from_dict(meta.catalogue), self.truth.hall.day), self._today())
        self.truth = changed(self.truth, hall=hall, catalogue_rev=meta.catalogue_rev)
        return True

    def _today(self) -> Iterable[StoredEvent]:
        return hall_log.of_day(self.tx, self.truth.hall.day)


def fold(hall: Hall, log: Iterable[StoredEvent]) -> Hall:
    """The hall after stored events, in their order of acceptance."""
    return evolve_all(hall, map(accepted_of, log))


def accepted_of(stored: StoredEvent) -> Accepted:
    """A stored event as the domain reads it."""
    envelope = stored.envelope
    payload = payload_of(envelope.type, envelope.v, envelope.body)
    return Accepted(stored.position, stored.order_ms, envelope.device_id, envelope.event_id, payload)


class LiveHall:
    """Holds the truth and lets turns change it. `announce(truth)` is called after each durable change.

    `stamp` and `new_id` give the server's own stamp and fresh event ids (UUIDv7); `now_ms` is the server clock,
    `random_bytes` gives bytes nobody can guess.
    """

    def __init__(
        self,
        ledger: HallLedger,
        now_ms: Callable[[], int],
        stamp: Callable[[], Stamp],
        new_id: Callable[[], str],
        announce: Callable[[Truth], None],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._ledger = ledger
        self._announce = announce
        self.now_ms = now_ms
        self.stamp = stamp
        self.new_id = new_id
        self.random_bytes = random_bytes
        with ledger.reading() as r:
            self.term = hall_meta.meta(r).term
            self.higher_term = int(hall_meta.setting(r, hall_meta.HIGHER_TERM) or "0")
            self.truth, self._own = self._load(r)
        self._draft, self._draft_own = self.truth, self._own
        self._noted_ms = 0
        ledger.writer.on_rollback = self._reset
        self.run(lambda turn: None)

    def hear_term(self, term: int) -> None:
        """Compares this life of the server with one a device speaks of; raises RuleViolation `older_server`.

        A higher term is remembered durably: two lives of one server must not both call visitors.
        """
        if term > max(self.term, self.higher_term):
            self._ledger.writer.run(lambda tx: hall_meta.set_setting(tx, hall_meta.HIGHER_TERM, str(term)))
            self.higher_term = term
        self.check_newest_life()

    def check_newest_life(self) -> None:
        """Raises RuleViolation `older_server` (params term, higher) once a later life was heard of."""
        if self.higher_term > self.term:
            raise RuleViolation("older_server", term=self.term, higher=self.higher_term)

    def backlog(self) -> int:
        """About how many turns wait for the writer."""
        return self._ledger.writer.waiting()

    def submit(self, work: Callable[[Turn], T]) -> Future[T]:
        """Queues a turn; its future gives what `work` returned once that is durable, or what it raised."""

        def job(tx: Transaction) -> After[T]:
            at, now = self.stamp(), self.now_ms()
            if now - self._noted_ms >= hall_meta.CLOCK_EVERY_MS:
                hall_meta.note_clock(tx, now, at)
            turn = Turn(tx, now, self._draft, self._draft_own, self)
            turn.open_day()
            result = work(turn)
            truth, own = self._draft, self._draft_own = turn.truth, turn.own
            return After(result, lambda: self._adopt(truth, own, now))

        return self._ledger.writer.submit(job)

    def run(self, work: Callable[[Turn], T]) -> T:
        """Queues a turn and waits until it is durable."""
        return self.submit(work).result()

    def is_due(self) -> bool:
        """Whether a new day or another catalogue waits to be taken over (cheap; ask every second)."""
        with self._ledger.reading() as r:
            rev = hall_meta.meta(r).catalogue_rev
        today = datetime.date.isoformat(local_day(self.truth.hall.mall.timezone, self.now_ms()))
        return rev != self.truth.catalogue_rev or today > self.truth.hall.day

    def refresh(self) -> None:
        """Takes over a new day and a changed catalogue."""
        self.run(lambda turn: turn.reload_catalogue())

    def _load(self, r: Transaction) -> tuple[Truth, OwnLog]:
        meta = hall_meta.meta(r)
        hall = empty_hall(mall_from_dict(meta.catalogue), meta.day)
        if meta.day:
            hall = fold(hall, hall_log.of_day(r, meta.day))
        device_id, log_id = hall_meta.server_log(r)
        head = hall_log.head(r, device_id, log_id)
        notes = hall_notes.texts_of_day(r, meta.day)
        truth = Truth(hall, hall_log.last_position(r), meta.catalogue_rev, meta.generation, notes)
        return truth, OwnLog(device_id, log_id, head.ack_seq, head.last_hash)

    def _adopt(self, truth: Truth, own: OwnLog, now_ms: int) -> None:
        changed = truth is not self.truth
        if now_ms - self._noted_ms >= hall_meta.CLOCK_EVERY_MS:
            self._noted_ms = now_ms
        self.truth, self._own = truth, own
        if changed:
            self._announce(truth)

    def _reset(self) -> None:
        self._draft, self._draft_own = self.truth, self._own
