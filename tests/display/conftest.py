import os
from typing import Any

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

NOON = 1_764_042_120_000


def words(text: str) -> dict[str, str]:
    return {"id": text, "en": text}


def wire_call(call_id: str, label: str = "A1-012", counter: str = "3", **more: Any) -> dict[str, Any]:
    call = {
        "call_id": call_id,
        "label": label,
        "check": None,
        "counter": counter,
        "counter_name": {"id": f"Loket {counter}", "en": f"Counter {counter}"},
        "service": words("KTP elektronik"),
        "agency": "Dukcapil",
        "zone": "1A",
        "called_at": NOON,
        "recall": 0,
    }
    return call | more


def wire_board(*calls: dict[str, Any], server_ms: int = NOON) -> dict[str, Any]:
    return {
        "mall": {"name": "MPP Samudra", "timezone": "Asia/Jakarta"},
        "zones": [{"code": "1A", "name": words("Lantai 1 · Zona A")}],
        "calls": list(calls),
        "waiting": [{"agency": "dukcapil", "short": "Dukcapil", "count": 24}],
        "announcements": [words("Layanan kependudukan tidak dipungut biaya.")],
        "day": "2025-11-25",
        "server_ms": server_ms,
    }


class Wire:
    """Makes wire states for tests."""

    noon = NOON
    call = staticmethod(wire_call)
    board = staticmethod(wire_board)


@pytest.fixture
def wire() -> type[Wire]:
    return Wire
