"""The base forms: strict requests, tolerant answers, the error body."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Short = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Object = dict[str, Any]


class Wire(BaseModel):
    """A JSON object in a request: unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """Query parameters: text becomes a number where the field says so; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(BaseModel):
    """A JSON object in an answer: later versions may add fields."""

    model_config = ConfigDict(extra="allow")


class ErrorWords(Said):
    """What went wrong: a stable code and a sentence in the caller's language."""

    code: str
    message: str


class ErrorBody(Said):
    """Every refusal; some carry more fields beside `error`."""

    error: ErrorWords
