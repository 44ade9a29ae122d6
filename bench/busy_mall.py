"""Malls for simulated busy days: 24 to 45 agencies whose officers need other times than the published standard."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict

REGISTRY = "dukcapil"
REGISTRY_SHARE = 0.3
"""The population registry takes about three of ten visits."""
STANDARDS = (5, 6, 8, 8, 10, 10, 12, 12, 15, 15, 20, 20, 25)
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STRAIGHT = [["07:30", "16:00"]]
WITH_NOON = [["07:30", "12:00"], ["13:00", "16:00"]]


@dataclass(frozen=True, slots=True)
class Truth:
    """What nobody in the mall knows: how long things really take, as factors of the published standard."""

    of_service: Mapping[str, float]
    of_officer: Mapping[str, float]
    spread: Mapping[str, float]
    popularity: Mapping[str, float]


def busy_mall(lot: Random, services_of_one: tuple[int, int] = (2, 10)) -> tuple[Mall, Truth]:
    """A mall and the truth about its services and officers; an agency has so many services, the registry twelve."""
    agencies, services, counters = list[Any](), list[Any](), list[Any]()
    factors, spreads, popular = dict[str, float](), dict[str, float](), dict[str, float]()
    count = lot.randint(24, 45)
    shares = [lot.paretovariate(1.3) for _ in range(count - 1)]
    whole = math.fsum(min(share, 8) for share in shares)
    mall_factor = lot.lognormvariate(0, 0.15)
    for at in range(count):
        code = REGISTRY if at == 0 else f"agency-{at}"
        noon = at > 0 and lot.random() < 0.4
        agencies.append(_agency(code, WITH_NOON if noon else STRAIGHT))
        share = REGISTRY_SHARE if at == 0 else (1 - REGISTRY_SHARE) * min(shares[at - 1], 8) / whole
        codes = [f"{code}-{one}" for one in range(12 if at == 0 else lot.randint(*services_of_one))]
        factor = mall_factor * lot.lognormvariate(0, 0.25)
        weights = [1 / (one + 1) for one in range(len(codes))]
        for name, weight in zip(codes, weights, strict=True):
            services.append(_service(name, code, LETTERS[at % 23] + LETTERS[at // 23], lot.choice(STANDARDS)))
            factors[name] = factor * lot.lognormvariate(0, 0.2)
            spreads[name] = lot.uniform(0.35, 0.75)
            popular[name] = share * weight / math.fsum(weights)
        desks = 7 if at == 0 else max(1, min(4, round(share * 40 + lot.random() * 0.7)))
        counters += _counters(lot, code, codes, desks, len(counters))
    mall = mall_from_dict(
        {
            "mall": {
                "name": "Mal Ramai",
                "short": "MR",
                "city": "Kota Ramai",
                "timezone": "Asia/Jakarta",
                "complaints": _words("Kotak saran"),
                "announcements": [],
                "hours": dict.fromkeys(WEEKDAYS, STRAIGHT),
            },
            "zones": [{"code": "1A", "floor": 1, "name": _words("Lantai 1")}],
            "needs": [{"code": "ktp", "icon": "id", "name": _words("KTP")}],
            "agencies": agencies,
            "services": services,
            "counters": counters,
        }
    )
    officers = {counter: lot.lognormvariate(0, 0.12) for counter in mall.counters}
    return mall, Truth(factors, officers, spreads, popular)


def _counters(lot: Random, agency: str, codes: list[str], desks: int, first: int) -> list[dict[str, Any]]:
    """Two of three agencies serve everything at every counter; in the others each counter has a part of it."""
    shared = desks == 1 or lot.random() < 0.65
    rows = list[dict[str, Any]]()
    for at in range(desks):
        some = codes if shared else [code for code in codes if lot.random() < 0.65]
        # Every service keeps a counter: the last one serves whatever the others left out.
        if at == desks - 1 and not shared:
            taken = {code for row in rows for code in row["services"]}
            some = [code for code in codes if code in some or code not in taken]
        row = {
            "code": str(first + at + 1),
            "zone": "1A",
            "name": _words(f"Loket {first + at + 1}"),
            "services": some or codes[:1],
        }
        rows.append(row)
    return rows


def _agency(code: str, intervals: list[list[str]]) -> dict[str, Any]:
    return {
        "code": code,
        "name": _words(code),
        "short": code,
        "icon": "id",
        "zone": "1A",
        "hours": dict.fromkeys(WEEKDAYS, intervals),
    }


def _service(code: str, agency: str, letters: str, minutes: int) -> dict[str, Any]:
    return {
        "code": code,
        "agency": agency,
        "need": "ktp",
        "letters": letters,
        "name": _words(code),
        "short": _words(code),
        "icon": "id",
        "requirements": [{"text": _words("KK"), "icon": "users"}],
        "cost": _words("Gratis"),
        "time": _words("1 hari"),
        "product": _words("Surat"),
        "service_minutes": minutes,
        "promise_minutes": 60,
        "words": ["surat"],
    }


def _words(text: str) -> dict[str, str]:
    return {"id": text, "en": text}
