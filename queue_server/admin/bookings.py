"""`bookings list|add|remove|try`: with which outsides the mall speaks; a running server follows within seconds."""

from __future__ import annotations

import os
import tomllib
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from antrean.domain.booking_code import normal_code, shown_code
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import day_bounds, local_day
from antrean.domain.settings import BadSettings
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger import hall_meta
from antrean.ledger.small_file import write_durably
from queue_server.admin.toml_text import toml_text
from queue_server.admin.tools import Desk, mall_in, warn
from queue_server.bookings.connector import Connector, Offer, Page
from queue_server.bookings.connectors import KINDS
from queue_server.bookings.pulling import DAY_MS, DAYS_AHEAD
from queue_server.bookings.settings import (
    EVERY_SECONDS,
    FILE_NAME,
    SourceConfig,
    read_sources,
    source_of,
)
from queue_server.bookings.store import problem_of

SHOWN = 5
MOST_PAGES = 50
BEGIN = "[[source]]"


def bookings_list(desk: Desk, options: Namespace) -> None:
    """Lists the sources: when each was last reached, what waits to be told, what cannot be understood."""
    configs = {one.name: one for one in read_sources(desk.data, KINDS)}
    with desk.reading() as ledger:
        zone = ZoneInfo(mall_in(ledger).timezone)
        with ledger.reading() as r:
            rows, counts, odd = copy.sources(r), outbox.counts(r), notes.problems(r)
    for name in sorted({*configs, *(name for name, _ in counts)}):
        config, row = configs.get(name), rows.get(name)
        line = {
            "name": name,
            "kind": config.kind if config else None,
            "url": config.url if config else None,
            "last_contact_ms": row.last_contact_ms if row else None,
            "last_error": row.last_error if row else "",
            "waiting": counts.get((name, outbox.WAITING), 0),
            "quarantined": counts.get((name, outbox.QUARANTINED), 0),
            "problems": sum(one.source == name for one in odd),
        }
        if options.json:
            desk.say_json(line)
            continue
        kind = f"{config.kind} {config.url}" if config else f"not in {FILE_NAME} any more"
        desk.say(f"{name:16} {kind}")
        contact = "never" if line["last_contact_ms"] is None else _clock(int(line["last_contact_ms"]), zone)
        desk.say(
            f"{'':16} last contact {contact}; {line['waiting']} waiting, {line['quarantined']} refused,"
            f" {line['problems']} unreadable"
        )
        if line["last_error"]:
            desk.say(f"{'':16} {line['last_error']}")


def bookings_add(desk: Desk, options: Namespace) -> None:
    """Adds a source to `bookings.toml`; a secret from standard input goes to a file of its own, for the owner only."""
    if not desk.data.is_dir():
        raise RuleViolation("not_set_up", folder=str(desk.data))
    if any(one.name == options.name for one in read_sources(desk.data, KINDS)):
        raise BadSettings([f"there is a source {options.name} already"])
    row: dict[str, Any] = {"name": options.name, "kind": options.kind, "every_seconds": EVERY_SECONDS}
    kind = KINDS[options.kind]
    numbers = {one.name for one in kind.settings if one.shape == "number"} | {"every_seconds"}
    switches = {one.name for one in kind.settings if one.shape == "switch"}
    for pair in options.set:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadSettings([f"--set takes NAME=VALUE, not {pair!r}"])
        row[name] = _typed(name, value, numbers, switches)
    secrets = [one.name for one in kind.settings if one.shape == "secret"]
    kept: Path | None = None
    if options.secret_stdin and secrets:
        kept = secret_file(desk.data, options.name, secrets[0])
        row[f"{secrets[0]}_file"] = kept.name
        _write(kept, desk.read_secret() + "\n")
    try:
        config = source_of(row, desk.data, KINDS)
        kind.connector_of(config.settings, desk.now_ms, desk.random_bytes).close()
    except RuleViolation:
        if kept is not None:
            kept.unlink(missing_ok=True)
        raise
    path = desk.data / FILE_NAME
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    gap = "" if not before or before.endswith("\n") else "\n"
    _write(path, before + gap + ("\n" if before else "") + toml_text({"source": [row]}))
    warn(
        f"source {config.name} is added; try it: antrean-admin --data {desk.data} bookings try {config.name}"
    )


def bookings_remove(desk: Desk, options: Namespace) -> None:
    """Takes a source out of `bookings.toml`; its bookings stay promised, and what it has not heard is said."""
    config = _config(desk, options.name)
    path = desk.data / FILE_NAME
    before = path.read_text(encoding="utf-8")
    _write(path, _without(before, options.name))
    for one in KINDS[config.kind].settings:
        kept = secret_file(desk.data, config.name, one.name)
        if one.shape == "secret" and kept.name in before:
            kept.unlink(missing_ok=True)
    with desk.reading() as ledger, ledger.reading() as r:
        left = len(outbox.unsettled(r, options.name))
    warn(f"source {options.name} is removed" + (f"; it was not told {left} outcomes" if left else ""))


def bookings_try(desk: Desk, options: Namespace) -> None:
    """Asks a source for everything it has, and says what the mall would make of it; keeps nothing."""
    config = _config(desk, options.name)
    with desk.reading() as ledger, ledger.reading() as r:
        meta = hall_meta.meta(r)
    mall = mall_from_dict(meta.catalogue)
    with _connected(desk, config) as connector:
        connector.offer(Offer(meta.catalogue_rev, meta.catalogue, ()))
        pages = list(_pages(connector, mall, desk.now_ms()))
        keys = connector.keys()
    seen = [one for page in pages for one in page.seen]
    odd = [one for page in pages for one in page.problems]
    odd += [problem for one in seen if (problem := problem_of(one, mall)) is not None]
    good = sorted(
        (one for one in seen if problem_of(one, mall) is None and not one.cancelled),
        key=lambda one: one.start_ms,
    )
    desk.say(f"{config.name}: reached; {len(good)} bookings, {len(odd)} unreadable entries")
    zone = ZoneInfo(mall.timezone)
    for one in good[:SHOWN]:
        desk.say(f"  {_clock(one.start_ms, zone)}  {shown_code(normal_code(one.code)):12} {one.service}")
    for problem in odd[:SHOWN]:
        desk.say(f"  ! {problem.booking_id or '-'}: {problem.code}: {problem.detail}")
    if keys:
        desk.say(f"  signed codes: {len(keys)} key" + ("s" if len(keys) > 1 else ""))


def secret_file(data: Path, name: str, setting: str) -> Path:
    """Where `bookings add` keeps a secret."""
    return data / f"bookings-{name}.{setting}"


def _config(desk: Desk, name: str) -> SourceConfig:
    for config in read_sources(desk.data, KINDS):
        if config.name == name:
            return config
    raise RuleViolation("unknown_source", source=name)


def _pages(connector: Connector, mall: Mall, now_ms: int) -> Iterator[Page]:
    start, end = day_bounds(mall.timezone, local_day(mall.timezone, now_ms))
    cursor = ""
    for _ in range(MOST_PAGES):
        page = connector.changes(cursor, start, end + DAYS_AHEAD * DAY_MS)
        yield page
        cursor = page.cursor
        if not page.more:
            return


@contextmanager
def _connected(desk: Desk, config: SourceConfig) -> Iterator[Connector]:
    connector = KINDS[config.kind].connector_of(config.settings, desk.now_ms, desk.random_bytes)
    try:
        yield connector
    finally:
        connector.close()


def _typed(name: str, value: str, numbers: set[str], switches: set[str]) -> str | int | bool:
    if name in numbers and value.lstrip("-").isdigit():
        return int(value)
    if name in switches and value in ("true", "false"):
        return value == "true"
    return value


def _write(path: Path, text: str) -> None:
    """Replaces a file that only its owner may read: whoever owns the folder, also when root writes it."""
    write_durably(path, text.encode())
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _without(text: str, name: str) -> str:
    """The file without the lines of one source; what else stands in it, comments too, stays as it is."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines(keepends=True):
        if line.strip().startswith(BEGIN):
            blocks.append([])
        blocks[-1].append(line)
    kept = [block for block in blocks if _name_of("".join(block)) != name]
    return "".join(line for block in kept for line in block)


def _name_of(block: str) -> str | None:
    rows = tomllib.loads(block).get("source", [])
    return rows[0].get("name") if rows else None


def _clock(at_ms: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M")
