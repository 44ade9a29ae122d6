"""`init`, `import`, `export`, `services`: the mall's file in and out."""

from __future__ import annotations

import json
import tomllib
from argparse import Namespace
from pathlib import Path
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.hall import Hall, empty_hall
from antrean.ledger import hall_log, hall_meta, hall_people
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.writer import Transaction
from queue_server.admin.toml_text import toml_text
from queue_server.admin.tools import ACTOR, Desk, mall_in
from queue_server.live import fold
from queue_server.reports import visits_between, visits_csv
from queue_server.samples import open_all_day, sample_names, sample_path


def init(desk: Desk, options: Namespace) -> None:
    """Makes the data folder with a mall from a sample or a file; refuses a folder that has one.

    A shipped sample is open day and night unless its real hours are wished: it is there to be tried at any time.
    """
    data = read_mall(options.sample)
    if options.sample in sample_names() and not options.real_hours:
        data = open_all_day(data)
    fresh = FreshIds(desk.new_id(), desk.new_id(), desk.new_id())
    ledger = HallLedger.open(desk.data, fresh=fresh, now_ms=desk.now_ms())
    try:
        ledger.writer.run(lambda tx: _first(tx, data, desk))
    finally:
        ledger.close()
    mall = mall_from_dict(data)
    counts = f"{len(mall.agencies)} agencies, {len(mall.services)} services, {len(mall.counters)} counters"
    desk.say(f"{mall.name}: {counts}")


def _first(tx: Transaction, data: dict[str, Any], desk: Desk) -> None:
    if hall_meta.meta(tx).catalogue_rev:
        raise RuleViolation("already_set_up", folder=str(desk.data))
    hall_meta.set_catalogue(tx, data)
    hall_people.audit(tx, at_ms=desk.now_ms(), actor=ACTOR, action="mall_made", subject=data["mall"]["name"])


def import_file(desk: Desk, options: Namespace) -> None:
    """Replaces the mall's file, also of a running server. Refuses to remove what is used today."""
    data = read_mall(options.file)
    mall = mall_from_dict(data)

    def job(tx: Transaction) -> int:
        meta = hall_meta.meta(tx)
        if meta.catalogue_rev:
            before = mall_from_dict(meta.catalogue)
            _refuse_missing(fold(empty_hall(before, meta.day), hall_log.of_day(tx, meta.day)), mall)
        rev = hall_meta.set_catalogue(tx, data)
        hall_people.audit(
            tx,
            at_ms=desk.now_ms(),
            actor=ACTOR,
            action="mall_changed",
            subject=mall.name,
            detail={"rev": rev},
        )
        return rev

    with desk.writing() as ledger:
        desk.say(f"{mall.name}: revision {ledger.writer.run(job)}")


def _refuse_missing(hall: Hall, mall: Mall) -> None:
    used = {step.service for ticket in hall.tickets.values() for step in ticket.steps} - set(mall.services)
    at = {step.counter for ticket in hall.tickets.values() for step in ticket.steps if step.counter}
    used |= {f"counter {code}" for code in at | set(hall.desks) if code not in mall.counters}
    if used:
        raise RuleViolation("catalogue_in_use", codes=", ".join(sorted(used)))


def read_mall(name: str) -> dict[str, Any]:
    """The mall's file by sample name or path (TOML or JSON), checked; raises BadInput or BadCatalogue."""
    path = sample_path(name) if name in sample_names() else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
        data: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except FileNotFoundError:
        raise BadInput("unknown_sample", name=name) from None
    except (OSError, ValueError) as error:
        raise BadInput("bad_catalogue", problems=f"{path}: {error}") from None
    return mall_to_dict(mall_from_dict(data))


def export(desk: Desk, options: Namespace) -> None:
    """Prints the whole configuration as TOML, or the visits or events of a range of days."""
    with desk.reading() as ledger:
        mall = mall_in(ledger)
        if options.what == "mall":
            desk.out.write(toml_text(mall_to_dict(mall)))
            return
        with ledger.reading() as r:
            today, days = hall_meta.meta(r).day, hall_log.days(r)
        first = options.first or (days[0] if days else today)
        last = options.last or (days[-1] if days else today)
        if options.what == "tickets":
            for line in visits_csv(visits_between(ledger, first, last, today), mall):
                desk.out.write(line)
            return
        with ledger.reading() as r:
            for stored in hall_log.between(r, first, last):
                desk.say_json(
                    {"position": stored.position, "day": stored.day, "order_ms": stored.order_ms}
                    | {"anchored": stored.anchored, "hash": stored.hash, **stored.envelope.to_dict()}
                )


def services(desk: Desk, options: Namespace) -> None:
    """Lists the services: one line of JSON each with `--json`, else a readable table."""
    with desk.reading() as ledger:
        mall = mall_in(ledger)
    for service in mall.services.values():
        if options.json:
            desk.say_json(
                {
                    "code": service.code,
                    "name": service.name.get("id"),
                    "name_en": service.name.get("en"),
                    "agency": service.agency,
                    "letters": service.letters,
                    "words": list(service.words),
                }
            )
        else:
            desk.say(f"{service.code:24} {service.letters:2} {service.agency:16} {service.name.get('id')}")
