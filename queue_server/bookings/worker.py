"""The one thread that speaks with outsides; the hall never waits for it.

A look reads on in the log, matches claims and says who did not come; then each source in turn, when its time has come,
hears what is on offer, is read, and is told what became of its bookings. A source that cannot be reached is asked
again after a growing while.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from antrean.domain.errors import AntreanError, RuleViolation, Unavailable
from antrean.domain.settings import BadSettings
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import HallLedger
from antrean.link.errors import Busy
from queue_server.bookings.after import Afterwards
from queue_server.bookings.connector import Connector, Kind
from queue_server.bookings.offering import offer_of
from queue_server.bookings.projection import Projector
from queue_server.bookings.pulling import Puller
from queue_server.bookings.settings import FILE_NAME, SourceConfig, read_sources
from queue_server.bookings.store import UNKNOWN_SERVICE
from queue_server.bookings.telling import Teller
from queue_server.live import LiveHall

log = logging.getLogger("queue_server")
LOOK_S = 2.0
CLOSE_S = 3.0
"""An outside may take a minute to answer; a server that is told to stop does not wait for it."""
FIRST_WAIT_MS, LONGEST_WAIT_MS = 5_000, 600_000
PERMANENT_WAIT_MS = 300_000
"""A wrong secret or certificate is mended by a person: asked again seldom, or at once by "try now"."""


@dataclass
class Outside:
    """One source at work: its connector, and when it is asked again."""

    config: SourceConfig
    connector: Connector
    puller: Puller
    teller: Teller
    next_ms: int = 0
    failures: int = 0
    blocked: bool = False


@dataclass
class Worker:
    """Everything it does it does in `look()`, which tests call themselves; `start()` calls it on a thread."""

    ledger: HallLedger
    live: LiveHall
    folder: Path
    kinds: Mapping[str, Kind]
    incarnation: str
    projector: Projector
    afterwards: Afterwards
    new_key: Callable[[], str]
    random_bytes: Callable[[int], bytes]
    settings_error: str = ""
    configs: tuple[SourceConfig, ...] = ()
    _outsides: dict[str, Outside] = field(default_factory=dict)
    _seen_file: tuple[int, int] | None = (-1, -1)
    _catalogue_rev: int = -1
    _asked: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _awake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Looks every two seconds, and at once when woken."""
        self._thread = threading.Thread(target=self._run, name="bookings", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops after the step that is under way; an exchange that takes longer ends with its thread."""
        self._stop.set()
        self._awake.set()
        if self._thread is None:
            self._let_go()
        else:
            self._thread.join(CLOSE_S)

    def known_sources(self) -> frozenset[str] | None:
        """The names in `bookings.toml`; None while it was not read yet, or cannot be."""
        if self._seen_file == (-1, -1) or self.settings_error:
            return None
        return frozenset(config.name for config in self.configs)

    def try_now(self, name: str) -> None:
        """Has a source asked at once, whatever it waits for."""
        with self._lock:
            self._asked.add(name)
        self._awake.set()

    def wake(self) -> None:
        """There may be something to tell."""
        self._awake.set()

    def look(self) -> None:
        """One round; what cannot be reached is noted and asked again later.

        A server that heard of a later life of itself says nothing any more: the later one does.
        """
        if self.live.higher_term > self.live.term:
            return
        self._reload()
        self._say()
        for outside in list(self._outsides.values()):
            if self._stop.is_set():
                return
            self._visit(outside)
        self._say()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Unavailable as error:
                if not self._stop.is_set():
                    log.warning("bookings wait: %s", error)
            except Exception:
                log.exception("the look after bookings failed; it is tried again")
            self._awake.wait(LOOK_S)
            self._awake.clear()
        self._let_go()

    def _let_go(self) -> None:
        for outside in self._outsides.values():
            outside.connector.close()
        self._outsides.clear()

    def _say(self) -> None:
        """What the log and the copy make true, until there is nothing new."""
        while True:
            self.projector.catch_up()
            if not self.afterwards.match_claims() + self.afterwards.say_missed():
                return

    def _visit(self, outside: Outside) -> None:
        name, now_ms = outside.config.name, self.live.now_ms()
        with self._lock:
            asked = name in self._asked
            self._asked.discard(name)
        if asked:
            self.ledger.writer.run(lambda tx: outbox.try_all_now(tx, name))
        try:
            if asked or now_ms >= outside.next_ms:
                self._exchange(outside)
            elif not outside.blocked and self._has_to_tell(name, now_ms):
                outside.teller.tell(outside.connector)
        except Unavailable as error:
            asked_ms = error.retry_after_ms if isinstance(error, Busy) else 0
            self._in_trouble(outside, str(error), permanent=error.permanent, least_ms=asked_ms)
        except RuleViolation as error:
            self._in_trouble(outside, str(error), permanent=True)
        except AntreanError:
            raise  # the ledger's: the whole server is concerned
        except Exception as error:
            log.exception("the connector of %s failed", name)
            self._in_trouble(outside, f"failed: {error!r}", permanent=True)

    def _exchange(self, outside: Outside) -> None:
        config, connector = outside.config, outside.connector
        refused = self._offer(connector)
        try:
            outside.puller.pull(connector)
            outside.puller.take_keys(connector)
        except Unavailable:
            raise
        except Exception:  # what cannot be understood is no reason to keep back what the outside waits for
            outside.teller.tell(connector)
            raise
        self._say()
        outside.teller.tell(connector)
        now_ms = self.live.now_ms()
        self.ledger.writer.run(lambda tx: copy.in_contact(tx, config.name, now_ms))
        if refused:
            self.ledger.writer.run(lambda tx: copy.in_trouble(tx, config.name, refused, now_ms))
        outside.failures, outside.blocked = 0, False
        outside.next_ms = now_ms + config.every_seconds * 1_000

    def _offer(self, connector: Connector) -> str:
        """Why the outside will not take what is on offer, "" when it does: what it sold is heard of all the same."""
        try:
            connector.offer(offer_of(self.ledger, self.live))
        except RuleViolation as error:
            return str(error)
        return ""

    def _in_trouble(self, outside: Outside, error: str, *, permanent: bool, least_ms: int = 0) -> None:
        name, now_ms = outside.config.name, self.live.now_ms()
        if not outside.blocked:
            log.warning("the bookings of %s cannot be exchanged: %s", name, error)
        self.ledger.writer.run(lambda tx: copy.in_trouble(tx, name, error, now_ms))
        wait = min(FIRST_WAIT_MS * 2 ** min(outside.failures, 10), LONGEST_WAIT_MS)
        wait = max(wait, PERMANENT_WAIT_MS) if permanent else wait
        # Jitter: after an outage all malls of a city ask one site.
        jitter = int.from_bytes(self.random_bytes(2)) * wait // (4 * 65_536)
        outside.failures += 1
        outside.blocked = True
        outside.next_ms = now_ms + max(wait - jitter, least_ms)

    def _has_to_tell(self, name: str, now_ms: int) -> bool:
        with self.ledger.reading() as r:
            return bool(outbox.due(r, name, now_ms, 1))

    def _reload(self) -> None:
        """Follows `bookings.toml`, and reads anew what another file of the mall may explain."""
        mark = _mark(self.folder / FILE_NAME)
        with self._lock:
            asked = bool(self._asked)  # a secret in a file of its own may have been mended
        if mark != self._seen_file or (asked and mark is not None):
            self._seen_file = mark
            self._take_file()
        rev = self.live.truth.catalogue_rev
        if rev != self._catalogue_rev:
            self._catalogue_rev = rev
            self._read_unknown_again()

    def _take_file(self) -> None:
        """The sources as the file has them now; with a mistake in it the ones at work go on."""
        before = self.settings_error
        try:
            configs = read_sources(self.folder, self.kinds)
            problems = self._take_configs(configs)
        except BadSettings as error:
            problems = list(error.problems)
        self.settings_error = "; ".join(problems)
        if problems and self.settings_error != before:
            log.error("%s is not taken over: %s", FILE_NAME, self.settings_error)

    def _take_configs(self, configs: Iterable[SourceConfig]) -> list[str]:
        """Makes the connectors of new and changed sources; returns what is wrong with those that cannot be made."""
        self.configs = tuple(configs)
        problems: list[str] = []
        made: dict[str, Outside] = {}
        for config in self.configs:
            known = self._outsides.get(config.name)
            if known is not None and known.config == config:
                made[config.name] = known
                continue
            try:
                made[config.name] = self._outside(config)
            except RuleViolation as error:
                problems.append(f"source {config.name}: {error}")
        for name, outside in self._outsides.items():
            if made.get(name) is not outside:
                outside.connector.close()
        self._outsides = made
        self._distrust_others()
        return problems

    def _distrust_others(self) -> None:
        """What an outside signed that was taken out proves nothing any more."""
        with self.ledger.reading() as r:
            gone = [
                row.name for row in copy.sources(r).values() if row.keys and row.name not in self._outsides
            ]
        for name in gone:
            self.ledger.writer.run(partial(copy.set_keys, name=name, keys=()))

    def _outside(self, config: SourceConfig) -> Outside:
        kind = self.kinds[config.kind]
        return Outside(
            config,
            kind.connector_of(config.settings, self.live.now_ms, self.random_bytes),
            Puller(self.ledger, self.live, config, f"{self.incarnation}/{config.print}", self.new_key),
            Teller(self.ledger, self.live, config.name),
        )

    def _read_unknown_again(self) -> None:
        with self.ledger.reading() as r:
            odd = {one.source for one in notes.problems(r) if one.code == UNKNOWN_SERVICE}
        for name in odd & self._outsides.keys():
            now_ms = self.live.now_ms()
            set_cursor = partial(copy.set_cursor, name=name, cursor="", life=self.incarnation, now_ms=now_ms)
            self.ledger.writer.run(set_cursor)
            self.try_now(name)


def _mark(path: Path) -> tuple[int, int] | None:
    """What changes whenever a file does; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
