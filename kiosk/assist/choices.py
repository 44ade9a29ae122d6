"""What a key of the assist sheet changes."""

from dataclasses import replace

from kiosk.visit import LOUDEST, Aloud, Assist


def chosen(name: str, now: Assist, usual: Assist, voice: bool) -> Assist:
    """`now` with the choice called `name` changed over; `usual` is what a visit begins with.

    The easy mode reads aloud where there is a voice; making the voice louder also ends a silence asked for before.
    """
    if name == "easy":
        return _easy(now, voice)
    if name == "talk":
        talking = now.aloud is Aloud.EXPLORE
        return replace(now, aloud=_reading(now.easy, voice) if talking else Aloud.EXPLORE)
    if name == "contrast":
        usual_theme = "light" if usual.theme == "contrast" else usual.theme
        return replace(now, theme=usual_theme if now.theme == "contrast" else "contrast")
    if name == "reach":
        return replace(now, reach=not now.reach)
    if name == "private":
        return replace(now, private=not now.private)
    if name == "quieter":
        return replace(now, volume=max(now.volume - 1, 0))
    if name == "louder":
        louder = replace(now, volume=min(now.volume + 1, LOUDEST))
        silent = now.aloud is Aloud.OFF
        return replace(louder, aloud=_reading(now.easy, voice)) if silent else louder
    return now


def silenced(now: Assist) -> Assist:
    """`now` after "silence": reading aloud ends; who is led by the voice keeps it for the next touch."""
    return replace(now, aloud=Aloud.OFF) if now.aloud is Aloud.READ else now


def _easy(now: Assist, voice: bool) -> Assist:
    easy = not now.easy
    aloud = now.aloud if now.aloud is Aloud.EXPLORE else _reading(easy, voice)
    return replace(now, easy=easy, aloud=aloud)


def _reading(easy: bool, voice: bool) -> Aloud:
    return Aloud.READ if easy and voice else Aloud.OFF
