"""How long a device waits for its server, in seconds."""

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
