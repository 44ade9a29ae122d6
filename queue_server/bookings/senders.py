"""Who may send the mall hints and bookings: outsides that share a secret with it, under the key they call it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from antrean.domain.errors import RuleViolation
from antrean.seal.requests import KEY, Asked, Verifier
from queue_server.bookings.settings import SourceConfig


class Senders:
    """Finds the source that signed a request; two outsides may call the mall by the same key.

    `configs` are the sources in force, those without `mall` and `secret` never send anything.
    """

    def __init__(self, configs: Callable[[], Sequence[SourceConfig]], since_ms: int) -> None:
        self._configs = configs
        self._since_ms = since_ms
        self._verifiers: dict[tuple[str, str, str], Verifier] = {}

    def check(self, asked: Asked, headers: Mapping[str, str], now_ms: int) -> str:
        """The name of the source; raises RuleViolation as `Verifier.check` does."""
        shown = headers.get(KEY, "")
        mine = [one for one in self._configs() if one.mall == shown and one.settings.get("secret")]
        if not mine:
            return Verifier(lambda key: None, self._since_ms).check(asked, headers, now_ms)
        for one in mine:
            try:
                self._verifier(one).check(asked, headers, now_ms)
            except RuleViolation as refused:
                if refused.code != "bad_signature" or one is mine[-1]:
                    raise
                continue
            break
        return one.name

    def _verifier(self, config: SourceConfig) -> Verifier:
        known = (config.name, config.mall, str(config.settings["secret"]))
        if known not in self._verifiers:
            self._verifiers[known] = Verifier({config.mall: known[2]}.get, self._since_ms)
        return self._verifiers[known]
