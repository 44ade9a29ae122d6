"""`voice script|cut|check|normalise|preview`: a mall's own voice pack, from the list to read to the last listening."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path

from antrean.texts import Texts, texts_for
from antrean.voice.announcing import announcement_sound
from antrean.voice.pack import PACKS, SHIPPED, BadPack, Pack, load_pack, wav_samples
from antrean.voice.phrase import PHRASES
from antrean.voice.reading import reading_script
from antrean.voice.recording import CHIME, RATE, Finding, WrongCount, any_wav, check, cut, finished, noise_db
from antrean.voice.samples import Samples
from antrean.voice.sound import call_in_all, wav_of
from queue_server.admin.tools import Desk, warn

NOISY_DB = -30.0
SAMPLES = (("A1-012", "3", None), ("KA1-1047", "12", None), ("B2-305", "21", "KM"), ("C1-689", "9B", None))
"""Calls in which every digit is heard, with two letters, a twin's check letters and a counter with a letter."""
GAP_MS = 1_200


class NotDone(Exception):
    """The tool cannot do what was asked; the message tells a person what to do, in their language."""


def script(desk: Desk, options: Namespace) -> None:
    """Prints what to read out, a line a clip."""
    t = texts_for(options.words)
    said = reading_script(options.language)
    print(t("voice.script_title", count=len(said)), file=desk.out)
    for number, (clip, words) in enumerate(said.items(), 1):
        print(f"{number:3}. {words:<40} {clip}.wav", file=desk.out)
    print(t("voice.script_how"), file=desk.out)


def cut_take(desk: Desk, options: Namespace) -> None:
    """Cuts one long reading of the script into the clips of a new pack."""
    t = texts_for(options.words)
    said = reading_script(options.language)
    _fresh(options.folder, t)
    samples, rate = _read(options.take, t)
    try:
        clips = cut(samples, rate, len(said))
    except WrongCount as wrong:
        raise NotDone(_wrong_count(wrong, t)) from None
    if (noise := noise_db(samples, rate)) > NOISY_DB:
        warn(t("voice.noisy", db=round(-noise)))
    made = {name: finished(clip, rate).tobytes() for name, clip in zip(said, clips, strict=True)}
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, raw in made.items():
        (options.folder / f"{name}.wav").write_bytes(wav_of(raw, RATE))
    _usual_chime(options.folder)
    (options.folder / "pack.toml").write_text(_table(options.language, options.name, said), encoding="utf-8")
    print(t("voice.cut_done", count=len(made), folder=options.folder), file=desk.out)
    _report(desk, options.folder, t)


def check_pack(desk: Desk, options: Namespace) -> None:
    """Says what is wrong or odd in a pack; refuses (exit code 1) when it cannot be used."""
    _report(desk, options.folder, texts_for(options.words))


def normalise(desk: Desk, options: Namespace) -> None:
    """Writes a new pack with the same clips at one rate, without silence at their ends, equally loud."""
    t = texts_for(options.words)
    _fresh(options.out, t)
    if not (options.folder / "pack.toml").is_file():
        raise NotDone(t("voice.no_table", detail=options.folder / "pack.toml"))
    options.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(options.folder.glob("*.wav")):
        samples, rate = _read(path, t)
        raw = finished(samples, rate, chime=path.stem == CHIME).tobytes()
        (options.out / path.name).write_bytes(wav_of(raw, RATE))
    shutil.copyfile(options.folder / "pack.toml", options.out / "pack.toml")
    if not (options.out / f"{CHIME}.wav").exists():
        _usual_chime(options.out)
    print(t("voice.normalised", folder=options.out), file=desk.out)
    _report(desk, options.out, t)


def preview(desk: Desk, options: Namespace) -> None:
    """Writes one WAV file with sample calls and announcements, to listen to."""
    t = texts_for(options.words)
    try:
        pack = load_pack(options.folder)
    except BadPack as bad:
        raise NotDone("\n".join(bad.problems)) from None
    options.file.write_bytes(_samples_of(pack))
    print(t("voice.preview_done", file=options.file), file=desk.out)


def _samples_of(pack: Pack) -> bytes:
    sounds = [call_in_all(label, counter, (pack,), letters) for label, counter, letters in SAMPLES]
    if pack.announces():
        sounds += [announcement_sound(kind, "5", "", (pack,), None).wav for kind in PHRASES]
    gap = bytes(2 * (pack.rate * GAP_MS // 1000))
    return wav_of(gap.join(wav_samples(sound)[0] for sound in sounds), pack.rate)


def _report(desk: Desk, folder: Path, t: Texts) -> None:
    findings = check(folder)
    for finding in findings:
        print(_sentence(finding, t), file=desk.out)
    if any(finding.bad for finding in findings):
        raise NotDone(t("voice.not_usable", count=sum(one.bad for one in findings)))
    print(t("voice.usable_odd", count=len(findings)) if findings else t("voice.usable"), file=desk.out)


def _sentence(finding: Finding, t: Texts) -> str:
    clip = finding.clip if finding.clip.endswith(".toml") else f"{finding.clip}.wav"
    mark = t("voice.bad") if finding.bad else t("voice.odd")
    return f"{mark} {clip}: {t(f'voice.{finding.code}', **finding.params)}"


def _wrong_count(wrong: WrongCount, t: Texts) -> str:
    found = len(wrong.lengths_ms)
    advice = t("voice.too_few") if found < wrong.wanted else t("voice.too_many")
    longest = max(range(found), key=lambda at: wrong.lengths_ms[at]) + 1 if found else 0
    return t("voice.wrong_count", found=found, wanted=wrong.wanted, longest=longest) + " " + advice


def _read(path: Path, t: Texts) -> tuple[Samples, int]:
    try:
        return any_wav(path)
    except OSError as problem:
        raise NotDone(f"{path}: {problem.strerror}") from None
    except ValueError as problem:
        raise NotDone(t("voice.no_wav", file=path, detail=problem)) from None


def _fresh(folder: Path, t: Texts) -> None:
    """Nobody's recording is written over."""
    if folder.exists() and any(folder.iterdir()):
        raise NotDone(t("voice.not_empty", folder=folder))


def _usual_chime(folder: Path) -> None:
    shutil.copyfile(PACKS / SHIPPED[0] / f"{CHIME}.wav", folder / f"{CHIME}.wav")


def _table(language: str, name: str, said: dict[str, str]) -> str:
    rows = "".join(f"{_quoted(clip)} = {_quoted(words)}\n" for clip, words in said.items())
    return f"language = {_quoted(language)}\nname = {_quoted(name)}\n\n[say]\n{rows}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
