"""When a kiosk without its server may start the numbers again: late and rarely, for a second 001 does harm."""

from antrean.domain.catalogue import Mall
from antrean.domain.opening import local_day, openness
from kiosk.mall_clock import Now

IDLE_MS = 4 * 60 * 60 * 1000


def day_to_open(mall: Mall, own_day: str, now: Now, last_issue_ms: int | None) -> str | None:
    """The new local date (YYYY-MM-DD) if its numbers may start, else None.

    Asked for: a clock tied to the server's in this boot, four idle hours, and every service closed.
    """
    today = local_day(mall.timezone, now.ms).isoformat()
    if not now.anchored or today <= own_day or not own_day:
        return None
    if last_issue_ms is None or now.ms - last_issue_ms < IDLE_MS:
        return None
    if any(openness(mall, service, now.ms).open for service in mall.services.values()):
        return None
    return today
