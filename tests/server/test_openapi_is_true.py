"""The OpenAPI document against the running server: fuzzed, it finds no crash and no undocumented answer."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.server.house_of_tests import FakeWorld, House, fill, served

SECONDS = 40
load_all_checks()
TRUE_OF_ALL: Any = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    )
]


def test_the_document_names_every_route(house: House) -> None:
    document = house.client.get("/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) >= {"/healthz", "/v1/pair", "/v1/hello", "/v1/push", "/v1/pull"}
    assert set(document["paths"]) >= {"/v1/commands", "/v1/stream", "/v1/state", "/v1/reports/waits"}
    assert document["paths"]["/v1/commands"]["post"]["responses"]["422"]


def fuzz(cases: Any, url: str, headers: dict[str, str], end: float) -> None:
    """Sends generated cases until there are enough or the time is over."""

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def probe(case: schemathesis.Case[Any]) -> None:
        if time.monotonic() < end:
            case.call_and_validate(base_url=url, headers=headers, checks=TRUE_OF_ALL)

    with contextlib.suppress(Unsatisfiable):  # an operation that takes nothing cannot be asked wrongly
        probe()


@pytest.mark.slow
@pytest.mark.timeout(150)
@pytest.mark.filterwarnings("ignore")  # the fuzzer's own dependencies warn about each other
def test_fuzzing_finds_no_crash_and_no_undocumented_answer(tmp_path: Path, world: FakeWorld) -> None:
    fill(tmp_path)
    with served(tmp_path, world, streams=4) as house:
        kiosk = house.pair()
        schema = schemathesis.openapi.from_dict(house.client.get("/v1/openapi.json").json())
        end = time.monotonic() + SECONDS
        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]  # a broken document fails here, loudly
            if operation.path == "/v1/stream":
                continue  # a stream that is right never ends; its refusals are those of /v1/state
            is_device = operation.definition.raw.get("security") == [{"token": []}]
            token = kiosk.paired["token"] if is_device else "administrator-token"
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a-fuzzed-key-1"}

            for mode in GenerationMode:
                fuzz(operation.as_strategy(generation_mode=mode), house.url, headers, end)
        assert house.client.get("/healthz").status_code == 200


def test_every_refusal_has_a_code_and_a_sentence_in_both_languages(house: House) -> None:
    for language in ("id", "en"):
        headers = {"Accept-Language": language, "Content-Type": "application/json"}
        for method, path, content in (
            ("GET", "/v1/no-such-thing", None),
            ("DELETE", "/v1/pair", None),
            ("POST", "/v1/pair", b"["),
            ("POST", "/v1/pair", json.dumps({"code": 7}).encode()),
            ("GET", "/v1/pull", None),
        ):
            answer = house.client.request(method, path, content=content, headers=headers)
            error = answer.json()["error"]
            assert 400 <= answer.status_code < 500
            assert error["code"]
            assert len(error["message"]) > 10
            assert error["code"] not in error["message"]
            assert answer.headers["Content-Language"] == language
