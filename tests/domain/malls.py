"""A small mall for tests: two agencies, five services, three counters, open day and night."""

from typing import Any

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def words(text: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"id": text, "en": text}


def service(code: str, letters: str, agency: str = "dukcapil", **more: Any) -> dict[str, Any]:
    """One service row of the file."""
    return {
        "code": code,
        "agency": agency,
        "need": "ktp",
        "letters": letters,
        "name": words(code),
        "short": words(code),
        "icon": "id",
        "requirements": [{"text": words("KK"), "icon": "users"}],
        "cost": words("Gratis"),
        "time": words("1 hari"),
        "product": words("KTP"),
        "service_minutes": 5,
        "promise_minutes": 25,
        "words": ["ktp"],
        **more,
    }


def mall_data() -> dict[str, Any]:
    """The file form of the test mall."""
    return {
        "mall": {
            "name": "Mal Uji",
            "short": "MU",
            "city": "Kota Uji",
            "timezone": "Asia/Jakarta",
            "complaints": words("Kotak saran"),
            "announcements": [words("Selamat datang")],
            "hours": ALWAYS,
        },
        "zones": [{"code": "1A", "floor": 1, "name": words("Lantai 1")}],
        "needs": [{"code": "ktp", "icon": "id", "name": words("KTP")}],
        "agencies": [
            {"code": "dukcapil", "name": words("Dukcapil"), "short": "Dukcapil", "icon": "id", "zone": "1A"},
            {"code": "pajak", "name": words("Pajak"), "short": "Pajak", "icon": "tax", "zone": "1A"},
        ],
        "services": [
            service("ktp-baru", "A"),
            service("ktp-hilang", "A"),
            service("kk", "B"),
            service("npwp", "P", "pajak", quota=2),
            service("tutup", "T", "pajak", hours={"mon": []}),
        ],
        "counters": [
            {"code": "1", "zone": "1A", "name": words("Loket 1"), "services": ["ktp-baru", "ktp-hilang"]},
            {"code": "2", "zone": "1A", "name": words("Loket 2"), "services": ["ktp-baru", "kk"]},
            {"code": "3", "zone": "1A", "name": words("Loket 3"), "services": ["npwp", "tutup"]},
        ],
    }


def mall_of_journeys() -> dict[str, Any]:
    """The test mall's file with services that are published as following one another."""
    journeys = [
        {"code": "keluarga", "name": words("Pindah"), "services": ["ktp-baru", "kk", "npwp"]},
        {"code": "usaha", "name": words("Usaha"), "services": ["npwp", "tutup"]},
    ]
    return {**mall_data(), "journeys": journeys}


def mall() -> Mall:
    """The test mall."""
    return mall_from_dict(mall_data())
