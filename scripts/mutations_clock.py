"""What the tests must notice of the server's clock: its corrections, its reboots, and the time before a restore."""

from scripts.mutation import Mutation, tests

MODEL = tests("tests/domain/test_reboots.py")

CLOCK = (
    Mutation(
        "the two clocks of a restored server are told apart by their time alone",
        "antrean/domain/reboots.py",
        "    if not anchor.epoch:",
        "    if anchor:",
        MODEL,
    ),
    Mutation(
        "a correction after a reboot counts as part of the outage",
        "antrean/domain/reboots.py",
        "if step.at_ms < met.server_ms]",
        "if step.at_ms < 0]",
        MODEL,
    ),
    Mutation(
        "a server that lost time twice is sure as soon as the second loss is told",
        "queue_server/clock_log.py",
        "(self.doubt_ms or end.after_ms) if lost else 0",
        "end.after_ms if lost else 0",
        tests("tests/server/test_server_time.py"),
    ),
    Mutation(
        "a kiosk takes a corrected clock over before it told the server what the time was",
        "kiosk/conversation.py",
        "            or told.epoch != self._clock.epoch()\n",
        "",
        tests("tests/kiosk_core/test_conversation.py"),
    ),
)
