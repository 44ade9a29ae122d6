"""The mall of the measurements: the tiny sample, open round the clock, with a counter for each of eight clients."""

import itertools
from pathlib import Path

from bench.measure import Client
from bench.visitors import Offering
from queue_server.samples import sample_path
from tests.journey.outside import Mall, ask

WORKERS = 8
SERVICE, SERIES = "ktp-hilang", "A"
KEYS = itertools.count()
COUNTER = """
[[counters]]
code = "{code}"
zone = "1A"
name = {{id = "Loket {code}", en = "Counter {code}"}}
services = ["{service}"]
"""


def measured_mall(folder: Path) -> Mall:
    """A mall whose counters 11 to 18 all serve the measured service; not yet open."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "mall.toml"
    extra = "".join(COUNTER.format(code=code, service=SERVICE) for code in counters())
    file.write_text(sample_path("tiny").read_text(encoding="utf-8") + extra, encoding="utf-8")
    return Mall(folder, file)


def counters() -> list[str]:
    """One counter for each client."""
    return [str(11 + worker) for worker in range(WORKERS)]


def paired(mall: Mall) -> tuple[str, str, str, str]:
    """A kiosk's device id, token, issuer character and the server's incarnation."""
    code = mall.admin("device", "add", "--kind", "kiosk", "--name", "bench")
    answer = ask(f"{mall.url}/v1/pair", {"code": code}).json()
    return answer["device_id"], answer["token"], answer["issuer"], answer["incarnation"]


def fill(mall: Mall, tickets: int) -> None:
    """Let that many visitors wait."""
    device_id, token, issuer, incarnation = paired(mall)
    client = Client(mall.port, token)
    for body in Offering(device_id, issuer, SERVICE, SERIES).push_bodies(tickets):
        status, answer = client.post("/v1/push", {**body, "incarnation": incarnation})
        assert status == 200, answer
    client.close()


def fresh_key() -> str:
    """An idempotency key nobody used."""
    return f"bench-{next(KEYS):08d}"
