"""Answers that travel compressed where the browser takes them so: a page in a quarter of its bytes."""

import gzip

from flask import Response, request

WORTH_IT = 1_400
"""Bytes below which everything fits one packet anyway."""


def pack(response: Response) -> Response:
    """The answer, compressed if the caller takes gzip.

    Never for a page with somebody's secret in it: its length would tell whoever can add words to the page and count
    bytes (the attack called BREACH).
    """
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= WORTH_IT and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
