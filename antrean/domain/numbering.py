"""The next number of a series: never used twice, gaps allowed.

A counter belongs to one issuer and one series of letters. What other issuers reached is heard on every exchange with
the server, so that numbers look sequential while online; uniqueness never depends on it.
"""

UNCLEAN_STOP_SKIP = 5


def next_number(own_last: int, heard: int) -> int:
    """The number after both the issuer's own last one and the highest heard for this series today."""
    return max(own_last, heard) + 1


def skip_after_unclean_stop(own_last: int) -> int:
    """Where to go on after a crash: some disks lie about what they synced, so five numbers are passed over."""
    return own_last + UNCLEAN_STOP_SKIP
