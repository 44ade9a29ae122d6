"""An HTTP operation as a value: what it takes, what it answers and who may call it.

The same value registers the route, checks the request and writes the OpenAPI document, so the three cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from pydantic import BaseModel, ValidationError

from queue_server.auth.callers import Access, Caller, Door
from queue_server.problems import Problem, caller_language

BODY_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Call:
    """One checked request. `body` and `query` are instances of the operation's models (None where it has none)."""

    body: Any
    query: Any
    path: Mapping[str, str]
    caller: Caller
    language: str
    address: str
    headers: Mapping[str, str]


Answer = Response | BaseModel | Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one address. `answers` maps each status to its model, or to a media type for other content.

    `problems` lists the refusals beyond those that follow from the other fields. `required_headers` are checked (400).
    A body beyond `body_limit` bytes is refused (413).
    """

    method: str
    address: str
    summary: str
    run: Callable[[Call], Answer]
    access: Access = Access.ANYONE
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answers: Mapping[int, type[BaseModel] | str] = field(default_factory=dict)
    problems: tuple[int, ...] = ()
    required_headers: tuple[str, ...] = ()
    body_limit: int = BODY_LIMIT


def register(app: Flask, operations: list[Operation], gate: Door) -> None:
    """Adds the operations to `app`; each is checked by `gate` before its body is read."""
    for operation in operations:
        name = f"{operation.method} {operation.address}".replace(".", "_")
        app.add_url_rule(
            operation.address, endpoint=name, view_func=_view(operation, gate), methods=[operation.method]
        )


def _view(operation: Operation, gate: Door) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        request.max_content_length = operation.body_limit
        caller = gate.admit(operation.access)
        call = Call(
            body=_body(operation.body) if operation.body else None,
            query=_query(operation.query) if operation.query else None,
            path=path,
            caller=caller,
            language=caller_language(),
            address=request.remote_addr or "",
            headers=_headers(operation.required_headers),
        )
        return _response(operation.run(call))

    return view


def _body(model: type[BaseModel]) -> BaseModel:
    if request.mimetype != "application/json":
        raise Problem(415, "json_needed")
    raw = request.get_data(cache=False)
    try:
        data = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "malformed_json") from None
    return _checked(model, data)


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _query(model: type[BaseModel]) -> BaseModel:
    if any(len(values) > 1 for _, values in request.args.lists()):
        raise Problem(422, "bad_field", field="query")
    return _checked(model, request.args.to_dict())


def _headers(required: tuple[str, ...]) -> Mapping[str, str]:
    found = {name: request.headers.get(name, "").strip() for name in required}
    for name, value in found.items():
        if not 8 <= len(value) <= 200:
            raise Problem(400, "header_needed", header=name)
    return found


def _checked(model: type[BaseModel], data: object) -> BaseModel:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        where = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        raise Problem(422, "bad_field", field=".".join(map(str, where)) or "body") from None


def _response(answered: Answer) -> Response:
    if isinstance(answered, Response):
        return answered
    data = answered.model_dump(mode="json") if isinstance(answered, BaseModel) else answered
    response = jsonify(data)
    response.headers["Cache-Control"] = "no-store"
    return response
