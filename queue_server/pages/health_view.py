"""Help and devices in the reader's words: who calls, what is out of contact, has no paper, or cannot be heard."""

from dataclasses import dataclass

from antrean.domain.ticket import Paper
from antrean.ledger.hall_devices import Device
from antrean.texts import Texts, texts_for
from antrean.texts.formats import clock, duration
from queue_server.pages.context import House
from queue_server.pages.report_view import how_long

MINUTE_MS = 60_000
SILENT = "volume-off"
QUIET_MS = 3 * MINUTE_MS
"""A device's last word is noted at least every minute; one that missed three times is called quiet."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line about help or a device: `kind` bad, warn or good; `icon` a pictogram; `aside` a short fact."""

    kind: str
    icon: str
    title: str
    text: str
    aside: str


def help_notices(house: House, lang: str) -> list[Notice]:
    """Calls for help: those nobody accepted, and those accepted within the last minutes."""
    t, now = texts_for(lang), house.now_ms()
    return [
        Notice(
            "warn" if help.accepted_by else "bad",
            "walk" if help.accepted_by else "lifebuoy",
            t("manage.help_asked", place=help.place),
            t("manage.help_accepted") if help.accepted_by else t("manage.help_waiting"),
            duration(now - help.asked_ms, lang),
        )
        for help in house.help()
        if help.accepted_by is None or now - help.asked_ms < 10 * MINUTE_MS
    ]


def able_devices(house: House) -> list[Device]:
    """Devices that were not withdrawn."""
    return [device for device in house.devices() if device.withdrawn_ms is None]


def is_quiet(device: Device, listening: frozenset[str], now_ms: int) -> bool:
    """Whether a device holds no stream and has not spoken for a while, or never spoke."""
    spoke = device.seen_ms is not None and now_ms - device.seen_ms <= QUIET_MS
    return not spoke and device.device_id not in listening


def device_notices(house: House, lang: str) -> list[Notice]:
    """Devices that are out of contact, have no paper, or are silent though they should be heard."""
    t, now, zone = texts_for(lang), house.now_ms(), house.mall().timezone
    papers, listening, notices = house.papers(), house.listening(), list[Notice]()
    for device in able_devices(house):
        stays = t("manage.kiosk_goes_on") if device.kind == "kiosk" else t("manage.display_waits")
        quiet = is_quiet(device, listening, now)
        if quiet and device.seen_ms is None:
            notices.append(Notice("warn", "plug", device.name, t("manage.device_never"), ""))
        elif quiet and device.seen_ms is not None:
            since = t("manage.device_quiet", time=clock(device.seen_ms, zone, lang), stays=stays)
            notices.append(
                Notice("bad", "plug-connected-x", device.name, since, duration(now - device.seen_ms, lang))
            )
        paper = papers.get(device.issuer or "")
        if paper in (Paper.FAILED, Paper.UNKNOWN):
            words = t(f"manage.paper_{paper.value}")
            notices.append(
                Notice("bad" if paper is Paper.FAILED else "warn", "printer-off", device.name, words, "")
            )
    return [*notices, *_silent(house, t)]


def urgent_notices(house: House, lang: str) -> list[Notice]:
    """Of `device_notices` what somebody in the hall should see to at once, and that nothing can be heard."""
    return [one for one in device_notices(house, lang) if one.kind == "bad" or one.icon == SILENT]


def _silent(house: House, t: Texts) -> list[Notice]:
    """Displays whose calls nobody hears: a loudspeaker that should play and cannot, or none at all in the hall.

    One that is meant to be silent is no trouble by itself.
    """
    told, names = house.sounds(), {device.device_id: device.name for device in able_devices(house)}
    missing = [names[one] for one, sound in told.items() if sound.state == "missing" and one in names]
    notices = [Notice("bad", SILENT, name, t("manage.sound_missing"), "") for name in sorted(missing)]
    heard = [one for one, sound in told.items() if sound.state == "ok" and one in names]
    if told and not heard and not missing:
        notices.append(Notice("warn", SILENT, t("manage.sound_nowhere"), t("manage.sound_nowhere_text"), ""))
    return notices


def devices_said(house: House, t: Texts) -> str:
    """How many devices are heard from, and how many displays can be heard in the hall."""
    devices, listening, now = able_devices(house), house.listening(), house.now_ms()
    if not devices:
        return t("manage.devices_none")
    heard = sum(1 for device in devices if not is_quiet(device, listening, now))
    said = t("manage.devices_heard", heard=heard, all=len(devices))
    aloud = sum(1 for sound in house.sounds().values() if sound.state == "ok")
    return f"{said}, {t('manage.sound_heard', n=aloud)}" if aloud else said


def booking_notices(house: House, t: Texts, where: str = "") -> list[Notice]:
    """Sources of bookings that are out of contact, what they refused to hear, a file that cannot be read."""
    room, now, zone = house.bookings(), house.now_ms(), house.mall().timezone
    if room is None:
        return []
    notices = list[Notice]()
    if error := room.settings_error():
        notices.append(Notice("bad", "alert-triangle", t("admin.bookings_broken"), where or error, ""))
    for source in room.health():
        last = source.last_contact_ms
        if source.silent:
            known = t("admin.source_alarm_never") if last is None else ""
            known = known or t("admin.source_alarm_text", when=clock(last or 0, zone, t.language))
            aside = how_long((now - last) // MINUTE_MS, t.language) if last is not None else ""
            title = t("admin.source_alarm", name=source.name)
            notices.append(Notice("warn", "plug-connected-x", title, where or known, aside))
        if source.quarantined:
            title = t("admin.held_alarm", n=source.quarantined)
            text = where or t("admin.held_alarm_text")
            notices.append(Notice("warn", "alert-triangle", title, text, source.name))
    return notices


def server_notices(house: House, t: Texts) -> list[Notice]:
    """What the server itself has to say; one good notice when all is well."""
    health, where = house.health(), t("manage.health_where")
    notices = []
    if "older_server" in health["alarms"]:
        notices.append(Notice("bad", "ban", t("manage.older_server"), where, ""))
    if "clock_ahead" in health["alarms"]:
        notices.append(Notice("warn", "clock", t("manage.clock_wrong"), where, ""))
    if held := health["quarantined"]:
        said = t("manage.health_attention", n=held)
        notices.append(Notice("warn", "alert-triangle", said, where, ""))
    notices += booking_notices(house, t, where=t("manage.booking_where"))
    return notices or [Notice("good", "circle-check", t("manage.health_ok"), devices_said(house, t), "")]
