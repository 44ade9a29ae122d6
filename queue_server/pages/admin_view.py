"""What the administrator's pages say: the state of each device, and what about the server needs a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antrean.domain.ticket import Paper
from antrean.ledger.hall_devices import Device
from antrean.texts import texts_for
from antrean.texts.formats import clock, duration
from queue_server.pages.context import House
from queue_server.pages.health_view import Notice, able_devices, booking_notices, is_quiet
from queue_server.pages.held_view import HeldRow, held_rows, when

DAY_MS = 24 * 3_600_000
GIGABYTE = 1_000_000_000
LEAST_FREE = 2 * GIGABYTE


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device of the list: `state` is good, quiet, new or off, with its pictogram and words."""

    device: Device
    place: str
    seen: str
    state: str
    icon: str
    words: str
    paper: str


@dataclass(frozen=True, slots=True)
class HealthView:
    """The server at a glance: what needs a person first, then the facts."""

    notices: tuple[Notice, ...]
    facts: tuple[tuple[str, str], ...]
    held: tuple[HeldRow, ...]


def device_rows(house: House, lang: str) -> list[DeviceRow]:
    """Every device, the withdrawn ones last."""
    devices = sorted(house.devices(), key=lambda device: (device.withdrawn_ms is not None, device.name))
    listening, papers = house.listening(), house.papers()
    return [
        _device_row(house, device, listening, papers.get(device.issuer or ""), lang) for device in devices
    ]


def _device_row(
    house: House, device: Device, listening: frozenset[str], paper: Paper | None, lang: str
) -> DeviceRow:
    t, mall, now = texts_for(lang), house.mall(), house.now_ms()
    counter = mall.counters.get(device.counter or "")
    seen = when(house, device.seen_ms, lang) if device.seen_ms else t("admin.device_never")
    if device.withdrawn_ms is not None:
        state = ("off", "ban", t("admin.device_off"))
    elif not is_quiet(device, listening, now):
        state = ("good", "circle-check", t("admin.device_on"))
    elif device.seen_ms is None:
        state = ("new", "plug", t("admin.device_new"))
    else:
        state = (
            "quiet",
            "plug-connected-x",
            t("admin.device_quiet", ago=duration(now - device.seen_ms, lang)),
        )
    trouble = paper in (Paper.FAILED, Paper.UNKNOWN) and state[0] != "off"
    said = t(f"manage.paper_{paper.value}") if paper and trouble else ""
    return DeviceRow(device, counter.name.get(lang) if counter else "", seen, *state, said)


def health_view(house: House, lang: str) -> HealthView:
    """What needs a look, and the facts below it."""
    t, health, storage, now = texts_for(lang), house.health(), house.storage(), house.now_ms()
    notices = _troubles(house, health, lang)
    backup = when(house, storage.backup_ms, lang) if storage.backup_ms else t("admin.health_backup_none")
    room = {
        "used": _figure(storage.used_bytes / 1_000_000, lang),
        "free": _figure(storage.free_bytes / GIGABYTE, lang),
    }
    able, listening = able_devices(house), house.listening()
    heard = sum(1 for device in able if not is_quiet(device, listening, now))
    facts = (
        ("version", str(health["version"])),
        ("clock", f"{clock(now, house.mall().timezone, lang)} ({house.mall().timezone})"),
        ("day", str(health["day"])),
        ("address", house.public_url()),
        ("devices", t("manage.devices_heard", heard=heard, all=len(able))),
        ("streams", str(health["streams"])),
        ("position", _whole(health["position"], lang)),
        ("folder", storage.folder),
        ("storage", t("admin.health_storage_n", **room)),
        ("backup", backup),
        ("term", f"{health['term']} · {health['incarnation']}"),
    )
    return HealthView(
        tuple(notices),
        tuple((t(f"admin.health_{name}"), value) for name, value in facts),
        held_rows(house, lang),
    )


def _troubles(house: House, health: Mapping[str, Any], lang: str) -> list[Notice]:
    t, storage, now = texts_for(lang), house.storage(), house.now_ms()
    notices = []
    if "older_server" in health["alarms"]:
        life = {"term": health["term"], "higher": health["higher_term"]}
        notices.append(Notice("bad", "ban", t("admin.older_title"), t("admin.older_text", **life), ""))
    if held := health["quarantined"]:
        notices.append(
            Notice("bad", "alert-triangle", t("manage.health_attention", n=held), t("admin.held_text"), "")
        )
    if "clock_ahead" in health["alarms"]:
        off = health["clock_ahead_ms"]
        words = "ahead" if off > 0 else "behind"
        title = t(f"admin.clock_{words}", minutes=abs(off) // 60_000)
        notices.append(Notice("bad", "clock", title, t(f"admin.clock_{words}_text"), ""))
    if "backup_failed" in health["alarms"]:
        since = when(house, health["backup_failed_since_ms"], lang)
        title = t("admin.backup_failed_title", since=since)
        notices.append(Notice("bad", "history", title, t("admin.backup_failed_text"), ""))
    if "disk_full" in health["alarms"]:
        notices.append(Notice("bad", "alert-triangle", t("admin.full_title"), t("admin.full_text"), ""))
    elif storage.free_bytes < LEAST_FREE:
        free = _figure(storage.free_bytes / GIGABYTE, lang)
        notices.append(
            Notice("bad", "alert-triangle", t("admin.disk_title", free=free), t("admin.disk_text"), "")
        )
    if storage.backup_ms is None or now - storage.backup_ms > DAY_MS:
        notices.append(Notice("warn", "history", t("admin.backup_title"), t("admin.backup_text"), ""))
    notices += booking_notices(house, t)
    quiet = [row for row in device_rows(house, lang) if row.state == "quiet"]
    notices += [Notice("warn", row.icon, row.device.name, row.words, "") for row in quiet]
    return notices


def _figure(value: float, lang: str) -> str:
    return f"{value:.1f}".replace(".", "," if lang == "id" else ".")


def _whole(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", "." if lang == "id" else ",")


def steps_for(kind: str, server: str, code: str, lang: str) -> Sequence[tuple[str, str]]:
    """How to let a device in: sentences in order, each with what to type (empty when there is nothing)."""
    t = texts_for(lang)
    if kind == "kiosk":
        return (
            (t("admin.kiosk_step_open"), ""),
            (t("admin.step_server"), server),
            (t("admin.step_code"), code),
        )
    command = f"antrean-display pair --server {server} --data display {code}"
    return ((t("admin.display_step_command"), command),)


def other_way(kind: str, server: str, code: str, lang: str) -> tuple[str, str]:
    """Another way to the same end: a sentence and what to type."""
    t = texts_for(lang)
    if kind == "kiosk":
        return t("admin.kiosk_step_command"), f"antrean-kiosk pair --server {server} {code}"
    return t("admin.display_step_web"), f"{server}/board"
