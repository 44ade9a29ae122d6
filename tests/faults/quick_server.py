"""The real server, as `antrean-server`, with a heartbeat five times as quick: for tests that wait for silence."""

import functools
import sys

from queue_server import __main__ as program
from queue_server import running
from tests.faults.pace import FASTER


def main() -> int:
    """Run the server with the arguments of `antrean-server`."""
    program.__dict__["start"] = functools.partial(running.start, heartbeat_s=5.0 / FASTER)
    return program.main()


if __name__ == "__main__":
    sys.exit(main())
