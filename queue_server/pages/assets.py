"""Style sheets, scripts and fonts, served by the mall's own server under addresses that change with the content."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Response, request

from antrean.look.files import FONTS
from antrean.look.tokens import css

STATIC = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=60"


@cache
def content(name: str) -> bytes | None:
    """The bytes of an asset, or None. Names are looked up among existing files, never joined to a path."""
    if name == "tokens.css":
        return css().encode()
    path = _files().get(name)
    return path.read_bytes() if path else None


@cache
def _files() -> dict[str, Path]:
    own = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.is_file()}
    return own | {f"fonts/{path.name}": path for path in FONTS.glob("*.woff2")}


@cache
def version(name: str) -> str:
    """A few letters that change with the asset; raises KeyError when there is none."""
    found = content(name)
    if found is None:
        raise KeyError(name)
    return hashlib.sha256(found).hexdigest()[:10]


@cache
def release() -> str:
    """A few letters that change with any script, because modules import each other by name."""
    digest = hashlib.sha256()
    for name in sorted(_files()):
        if name.endswith(".js"):
            digest.update(content(name) or b"")
    return digest.hexdigest()[:10]


def asset_url(name: str) -> str:
    """The address of an asset. Scripts carry the release in their path, so that their imports move with them."""
    if name.endswith(".js"):
        return f"/static/{release()}/{name}"
    return f"/static/{name}?v={version(name)}"


def serve(name: str) -> Response:
    """Answers an asset; kept for ever under its versioned address, a minute under any other."""
    first, _, rest = name.partition("/")
    released = first == release()
    found = content(rest if released else name)
    if found is None:
        return Response("404\n", 404, mimetype="text/plain")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(found, mimetype="text/javascript" if name.endswith(".js") else kind)
    lasting = released or request.args.get("v") == version(name)
    response.headers["Cache-Control"] = FOREVER if lasting else SHORT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
