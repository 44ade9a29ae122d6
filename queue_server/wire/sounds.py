"""What displays send and hear about sound."""

from __future__ import annotations

from typing import Literal

from queue_server.wire.common import Said, Wire


class SoundRequest(Wire):
    """Whether the display is heard: `ok` plays, `missing` should and cannot, `off` is not meant to. `says_texts`:
    whether typed announcements are spoken there.
    """

    sound: Literal["ok", "missing", "off"]
    says_texts: bool


class SoundAnswer(Said):
    """The report was heard."""

    server_ms: int
