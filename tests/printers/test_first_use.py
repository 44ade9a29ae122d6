"""python-escpos is imported by whichever thread draws first."""

import subprocess
import sys

RACE = """
import threading
from printers.escpos_bytes import opening

ready, drawn = threading.Barrier(8), []

def draw():
    ready.wait()
    drawn.append(opening())

threads = [threading.Thread(target=draw) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(drawn), len(set(drawn)))
"""


def test_eight_threads_may_draw_the_first_ticket_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.split() == ["8", "1"]
