"""How long a kiosk waits between exchanges: kiosks that lost the server together must not come back together."""

FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 8_000
"""With jitter at most 12 s: a kiosk is in contact again within 15 s of a server that starts to answer."""
REFUSED_WAIT_MS = 30_000
"""Only a person can help then; nothing is gained by asking more often."""


def jittered(wait_ms: int, chance: float) -> int:
    """A wait between half and one and a half of `wait_ms`; `chance` is in [0, 1)."""
    return int(wait_ms * (0.5 + chance))


def backoff_ms(failures: int, chance: float, waited_ms: int = 0) -> int:
    """The wait after so many failures in a row (1 …): doubling from one second to eight, jittered.

    What the failed exchange itself waited (a server that swallows everything lets it run to its end) counts as part of
    it; the shortest wait comes in any case.
    """
    wait_ms = jittered(min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(failures - 1, 10)), chance)
    return max(wait_ms - waited_ms, jittered(FIRST_WAIT_MS, chance))


def asked_ms(wait_ms: int, chance: float) -> int:
    """A wait the server asked for: never shorter, up to twice as long, because it asked everybody the same."""
    return int(wait_ms * (1 + chance))
