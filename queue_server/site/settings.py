"""The booking site's settings: `booking.toml` beside its data, overridden by ANTREAN_BOOKING_… variables and flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.settings import BadSettings, Setting
from queue_server.settings_file import out_of_range, read_values

PREFIX = "ANTREAN_BOOKING_"
FILE_NAME = "booking.toml"
SCHEMA = (
    Setting("host", str, "127.0.0.1", "Address to listen on; a proxy in front of it speaks TLS."),
    Setting("port", int, 8090, "Port to listen on; 0 takes any free one."),
    Setting("public_url", str, "", "Address in calendar files and links; empty: host and port."),
    Setting("site_name", str, "Antrean", "Name of the site at the head of its pages."),
    Setting(
        "proxies",
        int,
        0,
        "How many proxies stand in front, each adding to X-Forwarded-For; 0: the caller is who connects.",
    ),
    Setting("open_bookings", int, 1, "How many open bookings a contact may hold for one service."),
    Setting("noshow_limit", int, 3, "After how many no-shows a contact is blocked; 0 blocks nobody."),
    Setting("noshow_days", int, 90, "Within how many days no-shows are counted."),
    Setting("block_days", int, 30, "For how many days a contact is blocked, from its last no-show on."),
    Setting("silent_minutes", int, 30, "After how long a silence of the mall nothing is sold for today."),
    Setting("tries_per_hour", int, 20, "How many bookings one network address may try in an hour."),
    Setting("forget_days", int, 7, "Days after the slot until the hash of a contact is erased (at most 7)."),
    Setting("backup_minutes", int, 60, "Minutes between backups into DATA/backups; 0 makes none."),
    Setting("backups_kept", int, 48, "How many backups are kept."),
)


@dataclass(frozen=True)
class SiteSettings:
    """The settings in force; see `SCHEMA` for what each means."""

    host: str = "127.0.0.1"
    port: int = 8090
    public_url: str = ""
    site_name: str = "Antrean"
    proxies: int = 0
    open_bookings: int = 1
    noshow_limit: int = 3
    noshow_days: int = 90
    block_days: int = 30
    silent_minutes: int = 30
    tries_per_hour: int = 20
    forget_days: int = 7
    backup_minutes: int = 60
    backups_kept: int = 48


LIMITS = {
    "port": (0, 65535),
    "proxies": (0, 5),
    "open_bookings": (1, 20),
    "noshow_limit": (0, 100),
    "noshow_days": (1, 365),
    "block_days": (1, 365),
    "silent_minutes": (5, 1440),
    "tries_per_hour": (1, 100_000),
    "forget_days": (0, 7),
    "backup_minutes": (0, 1440),
    "backups_kept": (1, 10_000),
}


def read_settings(
    file: Path | None, data: Path, environment: Mapping[str, str], flags: Mapping[str, object]
) -> SiteSettings:
    """The settings by flag, environment, file and default, in this order; raises BadSettings with every problem.

    `file` None means `booking.toml` in `data`, if there is one.
    """
    values = read_values(file, data / FILE_NAME, SCHEMA, PREFIX, environment, flags)
    problems = out_of_range(values, LIMITS)
    if problems:
        raise BadSettings(problems)
    return SiteSettings(**values)
