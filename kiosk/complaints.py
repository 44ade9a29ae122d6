"""What went wrong in a sentence a person can use, and the exit code that goes with it."""

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.domain.settings import BadSettings
from antrean.ledger.errors import LedgerBroken, LedgerMissing, NewerFile
from antrean.texts import texts_for

EXIT_OK, EXIT_RULE, EXIT_USAGE, EXIT_UNAVAILABLE, EXIT_LEDGER = 0, 1, 2, 3, 4
_CLOSED = ("closed_today", "break", "before_hours", "after_hours", "holiday")


def exit_code(error: Exception) -> int:
    """2 settings, 1 a rule of the mall, 4 the ledger, 3 anything else of the world."""
    if isinstance(error, BadSettings) or (isinstance(error, RuleViolation) and error.code in _USAGE_CODES):
        return EXIT_USAGE
    if isinstance(error, RuleViolation):
        return EXIT_RULE
    return EXIT_LEDGER if isinstance(error, LedgerBroken | NewerFile | LedgerMissing) else EXIT_UNAVAILABLE


def complaint(error: Exception, language: str) -> str:
    """One or two sentences in `language`: what is wrong and what to do."""
    t = texts_for(language)
    if isinstance(error, RuleViolation):
        params = {name: value for name, value in error.params.items() if value not in (None, "")}
        if error.code == "closed" and params.get("reason") in _CLOSED:
            return t(f"cli.closed_{params['reason']}", service=params.get("service", ""))
        if error.code == "unknown_service" and "near" in params:
            return t("cli.unknown_service_near", service=params.get("service", ""), near=params["near"])
        for key in (f"cli.{error.code}", f"error.{error.code}"):
            if t.has(key):
                return t(key, **{**_BLANKS, **params})
        return t("cli.refused", code=error.code)
    if isinstance(error, NewerFile):
        return t("cli.newer_file", path=error.path, found=error.file_version, known=error.program_version)
    if isinstance(error, LedgerBroken):
        return t("cli.ledger_broken", detail=error)
    if isinstance(error, Unavailable):
        return t("cli.unavailable", detail=error)
    return str(error)


_USAGE_CODES = ("bad_printer_target", "bad_settings")
_BLANKS = {"service": "", "problems": "", "target": "", "forms": "", "kind": ""}
