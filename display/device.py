"""Who this display is to the server: the token from its pairing, readable by its own user only."""

import json
import os
from pathlib import Path

from antrean.link.answers import Paired

FILE = "device.json"


def remember(data: Path, paired: Paired) -> None:
    """Keep the identity in `data`/device.json with mode 0600, whole or not at all."""
    data.mkdir(parents=True, exist_ok=True)
    new = data / (FILE + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"device_id": paired.device_id, "token": paired.token, "name": paired.name}, out)
        out.flush()
        os.fsync(out.fileno())
    new.replace(data / FILE)


def remembered_token(data: Path) -> str | None:
    """The token of an earlier pairing, None without one (a display needs none for what is public)."""
    try:
        found = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    token = found.get("token") if isinstance(found, dict) else None
    return token if isinstance(token, str) else None
