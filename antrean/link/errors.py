"""How a server that was reached says no for now. Knows no HTTP library, so that it is read without waiting for one."""

from antrean.domain.errors import Unavailable


class Busy(Unavailable):
    """The server answered that it cannot now; `retry_after_ms` is when it asks to be tried again, 0 if it did not."""

    def __init__(self, message: str, retry_after_ms: int) -> None:
        self.retry_after_ms = retry_after_ms
        super().__init__(message, permanent=False)


class OlderServer(Unavailable):
    """An older life of the mall's server answered (an old disk, an old machine): what it says must not be followed."""

    def __init__(self) -> None:
        super().__init__("an older life of the server answers", permanent=False)
