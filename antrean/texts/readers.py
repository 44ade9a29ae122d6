"""Who reads which text: the visitor, whose every text stands in every language, or only the staff."""

from antrean.texts.catalogues import LANGUAGES, STAFF_LANGUAGES, keys_of, rooms, written

_STAFF_ROOMS = frozenset({"admin", "cli", "console", "helper", "manage", "staff", "voice"})
_STAFF_NAMES = {
    "common": ("sign_", "first_", "show_password", "nav_", "role_", "save"),
    "display": ("paired", "unreachable", "refused", "not_a_display", "bad_settings", "needs_"),
    "kiosk": ("staff_", "pair"),
    "paper": ("test_", "outcome_", "state_", "reason_"),
}
"""Beginnings of the names that only staff meet in a visitor's room: staff corner, setting up, the printer's faults."""
_VISITOR_ERRORS = frozenset(
    {
        "bad_request",
        "bad_token",
        "busy",
        "internal",
        "method_not_allowed",
        "not_found",
        "refused",
        "streams_full",
        "too_large",
        "unavailable",
        "unknown_ticket",
    }
)
"""The refusals a visitor's phone can be answered with; all others answer a device, a script or a person signed in."""


def is_for_visitors(room: str, name: str) -> bool:
    """Whether a visitor may read this text, so that it must stand in every one of `LANGUAGES`."""
    if room == "error":
        return name in _VISITOR_ERRORS
    return room not in _STAFF_ROOMS and not name.startswith(_STAFF_NAMES.get(room, ()))


def missing(language: str) -> tuple[str, ...]:
    """The keys that `language` still lacks: of every text when staff use it too, else of the visitors' texts."""
    return tuple(
        f"{room}.{name}"
        for room in rooms()
        for name in keys_of(LANGUAGES[0], room)
        if (language in STAFF_LANGUAGES or is_for_visitors(room, name))
        and name not in written(language, room)
    )
