"""Promises about bookings that stand in a calendar, broken on purpose."""

from scripts.mutation import Mutation, tests

ROOM = "queue_server/bookings/connectors/caldav"
ODD = "tests/bookings_caldav/test_odd_servers.py"
RADICALE = "tests/bookings_caldav/test_radicale.py"

CALENDAR = (
    Mutation(
        "an outcome is written over what somebody changed in the calendar meanwhile",
        "antrean/link/caldav.py",
        "If_Match=etag, ",
        "",
        tests(RADICALE, "-k", "quicker"),
    ),
    Mutation(
        "what changes in a calendar while it is listed is never heard of",
        f"{ROOM}/calendar.py",
        "        token = self._calendar.token()\n        found = self._calendar.between(from_ms, until_ms)\n",
        "        found = self._calendar.between(from_ms, until_ms)\n        token = self._calendar.token()\n",
        tests(ODD, "-k", "listed"),
    ),
    Mutation(
        "entries that are tidied away after their day count as cancelled",
        f"{ROOM}/calendar.py",
        "if not one.gone and not one.is_over(from_ms)",
        "if not one.gone",
        tests(RADICALE, "-k", "tidied"),
    ),
    Mutation(
        "an outcome may be written into the entry of another booking",
        f"{ROOM}/calendar.py",
        "if entry is not None and (entry.data is None or uid_of(entry.data) == uid):",
        "if entry is not None:",
        tests(ODD, "-k", "another_booking"),
    ),
    Mutation(
        "a calendar's password follows a redirect to another host",
        "antrean/link/dav.py",
        "if _origin(there) != _origin(self._url):",
        "if not there:",
        tests(ODD, "-k", "elsewhere"),
    ),
    Mutation(
        "two calendars that call different zones by one name are read by the first",
        f"{ROOM}/zones.py",
        "definition.to_tz(TZP(), lookup_tzid=False)",
        "definition.to_tz()",
        tests("tests/bookings_caldav/test_reading.py", "-k", "two_calendars"),
    ),
    Mutation(
        "an arrival that is told late undoes that somebody was served",
        f"{ROOM}/writing.py",
        '_value(data, OUTCOME).upper() == _WORDS["fulfilled"]',
        'outcome.label == ""',
        tests("tests/bookings_caldav/test_writing.py", "-k", "late"),
    ),
)
