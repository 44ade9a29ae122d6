"""The mall of a kiosk that has not met one yet: a name for the header, nothing else."""

from antrean.domain.catalogue import Hours, Mall, Policy
from antrean.domain.words import Words

EMPTY_MALL = Mall(
    name="Antrean",
    short="Antrean",
    city="",
    timezone="Asia/Jakarta",
    hours=Hours(((),) * 7),
    holidays=(),
    complaints=Words("", ""),
    announcements=(),
    policy=Policy(),
    zones={},
    needs={},
    agencies={},
    services={},
    counters={},
)
