"""The mall of the simulations: three services with numbers of their own, one of them with a quota, three counters."""

from typing import Any

from tests.domain.malls import ALWAYS, mall_data, service, words
from tests.simulation.bookings import RULE

SERVICES = ("ktp-baru", "kk", "npwp")
COUNTERS = ("1", "2", "3")
QUOTA = 14
HELPS = [{"service": "kk", "after_minutes": 2}]
SERVED = {"1": ("ktp-baru",), "2": ("ktp-baru", "kk"), "3": ("npwp", "kk")}
JOURNEY = "keluarga"


def catalogue() -> dict[str, Any]:
    """The mall's file; open day and night, so that a run may cross midnight."""
    data = mall_data()
    data["mall"]["hours"] = ALWAYS
    data["services"] = [
        service("ktp-baru", "A", booking=RULE),
        service("kk", "B", booking=RULE),
        service("npwp", "P", "pajak", quota=QUOTA),
    ]
    data["counters"] = [
        {"code": "1", "zone": "1A", "name": words("Loket 1"), "services": ["ktp-baru"], "helps": HELPS},
        {"code": "2", "zone": "1A", "name": words("Loket 2"), "services": ["ktp-baru", "kk"]},
        {"code": "3", "zone": "1A", "name": words("Loket 3"), "services": ["npwp", "kk"]},
    ]
    data["journeys"] = [{"code": JOURNEY, "name": words("Keluarga"), "services": list(SERVICES)}]
    return data
