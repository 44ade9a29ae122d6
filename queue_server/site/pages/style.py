"""The site's one style sheet, readable by browsers that know no custom properties, and its fonts.

Old phones (Android's browser before 2016) drop a declaration that holds `var()`. So each of them is written twice:
first with the light theme's value, which such a phone shows, then as it stands.
"""

import hashlib
import re
from functools import cache

from flask import Response, request

from antrean.look.tokens import CONTRAST, css
from queue_server.pages import assets
from queue_server.site.pages.packing import pack

SHEET = "css/site.css"
_DECLARATION = re.compile(r"([\w-]+):([^:;{}]*var\([^;{}]*)(?=[;}])")
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.S)
_BOARD = re.compile(r"  --d-[^\n]*\n")
"""Colours of dark boards, which no page of this site has."""
_FACE = re.compile(r"@font-face\{[^}]*\}")


def with_fallbacks(sheet: str, values: dict[str, str]) -> str:
    """The sheet with a plain declaration before each one that uses a custom property."""

    def twice(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        if name.startswith("--"):
            return found[0]
        plain = re.sub(r"var\(--([\w-]+)\)", lambda token: values[token[1]], value)
        return f"{name}:{plain};{name}:{value}"

    return _DECLARATION.sub(twice, sheet)


@cache
def sheet() -> bytes:
    """Tokens, faces and rules in one file, so that a slow network is asked once."""
    tokens = css()
    light = tokens[: tokens.index("}") + 1]
    at = tokens.index(f':root[data-theme="{CONTRAST.name}"]')
    contrast = tokens[at : tokens.index("}", at) + 1]
    faces = "\n".join(_FACE.findall((assets.content("css/base.css") or b"").decode()))
    rules = _COMMENT.sub("", (assets.content(SHEET) or b"").decode())
    values = {name: value.strip() for name, value in _TOKEN.findall(light)}
    return _BOARD.sub("", "\n".join((light, contrast, faces, with_fallbacks(rules, values)))).encode()


@cache
def asset_url(name: str) -> str:
    """The address of the sheet or of a font; it changes with the content."""
    version = hashlib.sha256(sheet()).hexdigest()[:10] if name == SHEET else assets.version(name)
    return f"/static/{name}?v={version}"


def serve(name: str) -> Response:
    """Answers the sheet and the fonts, and nothing of the staff's pages."""
    if name.startswith("fonts/"):
        return assets.serve(name)
    if name != SHEET:
        return Response("404\n", 404, mimetype="text/plain")
    response = Response(sheet(), mimetype="text/css")
    lasting = request.full_path.rstrip("?") == asset_url(SHEET)
    response.headers["Cache-Control"] = assets.FOREVER if lasting else assets.SHORT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return pack(response)
