"""The JSON forms of requests and answers, checked at the edge with pydantic and described in OpenAPI."""
