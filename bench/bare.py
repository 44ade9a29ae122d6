"""A Flask application that reads a JSON POST and answers, on cheroot, as a program of its own: the floor of a call."""

import sys
import threading

from cheroot.wsgi import Server
from flask import Flask, request


def main() -> int:
    """Serve on a free port, which is printed, until standard input ends."""
    app = Flask("bare")

    @app.post("/v1/commands")
    def answer() -> dict[str, bool]:
        request.get_json()
        return {"ok": True}

    server = Server(("127.0.0.1", 0), app, numthreads=20)
    server.nodelay = True
    server.prepare()
    print(server.bind_addr[1], flush=True)
    thread = threading.Thread(target=server.serve)
    thread.start()
    sys.stdin.read()
    server.stop()
    thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
