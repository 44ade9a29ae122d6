"""How a number that came of a booking is said: what was booked, and why it stands where it stands."""

from antrean.texts.formats import clock
from kiosk.checking_in import Found
from kiosk.screens.screen import Scene


def booked_at(scene: Scene, found: Found) -> str:
    """ "Booking 09.00"; of a claim that staff still have to check it."""
    if found.claimed or not found.start_ms:
        return scene.t("kiosk.booking_claim")
    return scene.t("kiosk.booking_at", time=clock(found.start_ms, scene.mall.timezone, scene.language))


def kept_so(scene: Scene, found: Found) -> str:
    """How the booking was kept, by which its number stands in line, in two or three words."""
    if found.claimed or not found.start_ms:
        return scene.t("kiosk.booking_by_staff")
    return scene.t(f"kiosk.booking_was_{found.standing.value}" if found.sure else "kiosk.booking_was_kept")


def booking_aloud(scene: Scene, found: Found) -> tuple[str, ...]:
    """Both in one breath."""
    return (f"{booked_at(scene, found)}. {kept_so(scene, found)}",)
