"""The OpenAPI 3.1 document, written from the same `Operation` values that answer the requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from antrean.seal.requests import KEY, NONCE, SIGNATURE, TIME
from queue_server.auth.callers import Access
from queue_server.operations import Operation
from queue_server.wire.common import ErrorBody

REF = "#/components/schemas/{model}"
REASONS = {
    200: "Done",
    400: "Malformed JSON or a missing header",
    401: "Not signed in, an unknown token, or a signature that does not hold",
    403: "Signed in, but not for this",
    404: "There is no such thing",
    409: "The state of things forbids it",
    410: "Gone: used, expired, another incarnation, or a cursor nobody knows any more",
    413: "More than may be sent here (256 KiB, a mall's catalogue 960 KiB)",
    415: "Not application/json",
    422: "Understood, but against a rule",
    426: "Another version of the protocol is spoken here",
    429: "Too many wrong guesses; see Retry-After",
    503: "Not now; see Retry-After",
}
SIGNED = {"signer": KEY, "signed_time": TIME, "signed_nonce": NONCE, "signature": SIGNATURE}
"""The headers of a signed request, all of them together; how to make them is in docs/booking-api.md."""
SCHEMES: dict[str, dict[str, str]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "antrean_session"},
    **{
        name: {
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "Docs: booking-api.md, Signing",
        }
        for name, header in SIGNED.items()
    },
}


def document(
    operations: Iterable[Operation], version: str, title: str = "Antrean queue server"
) -> dict[str, Any]:
    """The whole document."""
    listed = list(operations)
    schemes = {scheme for operation in listed for way in _ways(operation) for scheme in way}
    models = {ErrorBody} | {model for operation in listed for model in _models(operation)}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(model, "validation") for model in ordered], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", operation.address)
        paths.setdefault(address, {})[operation.method.lower()] = _described(operation, address)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {name: scheme for name, scheme in SCHEMES.items() if name in schemes},
        },
    }


def _models(operation: Operation) -> list[type[BaseModel]]:
    answered = [model for model in operation.answers.values() if not isinstance(model, str)]
    return answered + ([operation.body] if operation.body else [])


def _described(operation: Operation, address: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{operation.method.lower()}{address}").strip("_"),
        "summary": operation.summary,
        "responses": {str(status): _content(status, model) for status, model in operation.answers.items()},
    }
    parameters = _parameters(operation, address)
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(operation.body)}},
        }
    if operation.access is not Access.ANYONE:
        described["security"] = _ways(operation)
    for status in refusals(operation):
        described["responses"][str(status)] = _content(status, ErrorBody)
    return described


def _ways(operation: Operation) -> list[dict[str, list[str]]]:
    """The ways of showing who one is; any of them will do."""
    if operation.access is Access.ANYONE:
        return []
    if operation.access is Access.PARTNER:
        return [{name: [] for name in SIGNED}]
    if operation.access is Access.DEVICE:
        return [{"token": []}]
    return [{"token": []}, {"session": []}]


def refusals(operation: Operation) -> list[int]:
    """Every status below 500 (and 503) the operation may refuse with."""
    found = {401, 503, *operation.problems}
    if operation.access is not Access.ANYONE:
        found |= {403}
    if operation.body:
        found |= {400, 413, 415, 422}
    if operation.query:
        found |= {422}
    if operation.required_headers:
        found |= {400}
    # A withdrawn device is told so wherever it shows its token; an unreadable request line is 400 from the HTTP parser.
    return sorted(found | {400, 403})


def _parameters(operation: Operation, address: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"{(\w+)}", address)
    ]
    listed += [
        {
            "name": name,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 8, "maxLength": 200},
        }
        for name in operation.required_headers
    ]
    if operation.query:
        schema = operation.query.model_json_schema(ref_template=REF)
        listed += [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": _plain(shape),
            }
            for name, shape in schema["properties"].items()
        ]
    return listed


def _plain(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """A query value is text: the JSON null of an optional one cannot be sent."""
    choices = [choice for choice in shape.get("anyOf", ()) if choice.get("type") != "null"]
    return choices[0] if len(choices) == 1 else shape


def _content(status: int, model: type[BaseModel] | str) -> dict[str, Any]:
    if isinstance(model, str):
        content: dict[str, Any] = {model: {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": _ref(model)}}
    return {"description": REASONS[status], "content": content}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}
