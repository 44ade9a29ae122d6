"""What keeps a few from taking everybody's places: tries per network address, and the rule about no-shows."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

HOUR_MS = 3_600_000
CLIENTS_KEPT = 20_000


def network_of(address: str) -> str:
    """What counts as one caller: an IPv4 address, or the /64 that one subscriber of IPv6 is given.

    Some proxies add the port; with it every connection would be a caller of its own.
    """
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Tries:
    """At most `most` tries of one network address in an hour, in memory: a restart forgives. Safe for any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, deque[int]] = OrderedDict()

    def take(self, client: str, now_ms: int) -> int | None:
        """Counts a try; None when it may be made, else the moment from which on it may (and nothing is counted)."""
        name = network_of(client)
        with self._lock:
            times = self._kept.setdefault(name, deque())
            self._kept.move_to_end(name)
            while times and not now_ms - HOUR_MS < times[0] <= now_ms:
                times.popleft()  # also what a clock that was set back left in the future
            if len(times) >= self._most:
                return times[0] + HOUR_MS
            times.append(now_ms)
            while len(self._kept) > CLIENTS_KEPT:
                self._kept.popitem(last=False)
        return None


def blocked_until(no_shows: Sequence[int], limit: int, within_ms: int, block_ms: int) -> int:
    """Until when (ms) somebody may not book who did not come at these times, oldest first; 0 for never.

    `limit` no-shows within `within_ms` block for `block_ms` from the last of them on; a limit of 0 blocks nobody.
    """
    if not limit:
        return 0
    lasts = (
        last
        for first, last in zip(no_shows, no_shows[limit - 1 :], strict=False)
        if last - first <= within_ms
    )
    return max((last + block_ms for last in lasts), default=0)
