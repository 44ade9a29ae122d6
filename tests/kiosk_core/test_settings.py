import pytest

from antrean.domain.settings import BadSettings, Setting, settings_from, settings_help
from kiosk.config import PREFIX, SCHEMA

SCHEMA_OF_TWO = (
    Setting("server", str, "", "Where the server is."),
    Setting("printer.paper", int, 80, "Millimetres."),
    Setting("windowed", bool, False, "A window."),
)


def read(table: dict[str, object], **environment: str) -> dict[str, object]:
    return settings_from(table, environment, SCHEMA_OF_TWO, prefix="ANTREAN_X_")


def test_the_environment_wins_over_the_file_over_the_default() -> None:
    assert read({}) == {"server": "", "printer.paper": 80, "windowed": False}
    assert read({"server": "http://a", "printer": {"paper": 58}})["printer.paper"] == 58
    values = read(
        {"server": "http://a"}, ANTREAN_X_SERVER="http://b", ANTREAN_X_PRINTER_PAPER="58", OTHER="1"
    )
    assert (values["server"], values["printer.paper"]) == ("http://b", 58)
    assert read({}, ANTREAN_X_WINDOWED="yes")["windowed"] is True


def test_every_mistake_is_named_at_once_with_the_right_name() -> None:
    with pytest.raises(BadSettings) as bad:
        read(
            {"sever": "x", "printer": {"papr": 1}, "windowed": 1},
            ANTREAN_X_SERVR="y",
            ANTREAN_X_PRINTER_PAPER="a",
        )
    assert len(bad.value.problems) == 5
    told = " ".join(bad.value.problems)
    for right in ("did you mean server", "did you mean printer.paper", "did you mean ANTREAN_X_SERVER"):
        assert right in told
    assert "windowed must be true or false" in told


def test_every_setting_of_the_kiosk_can_be_explained() -> None:
    rows = settings_help(SCHEMA, PREFIX)
    assert len({name for name, *_ in rows}) == len(SCHEMA)
    assert all(variable.startswith(PREFIX) and about.endswith(".") for _, variable, _, about in rows)
