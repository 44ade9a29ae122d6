"""Whatever a server of somebody else does, it ends, and in words a person can act upon."""

import gzip
import socket
from pathlib import Path

import httpx
import pytest

from antrean.domain.errors import BadInput, Unavailable
from antrean.link.errors import Busy
from antrean.link.outside import MOST_BYTES, Outside, OutsideAnswer, Patience
from tests.link.broken_servers import Answering, certificate, dripping, saying, serving, silent, whole
from tests.link.test_wire import PERMANENT, foreign_errors, made

UNTIL_ANSWER = Patience(connect=30, answer=0.3, whole=30)
UNTIL_WHOLE = Patience(connect=30, answer=30, whole=0.4)
OK = saying(whole(b'{"ok": true}'))


def asked(url: str, *, ca_file: str = "", patience: Patience | None = None) -> OutsideAnswer:
    outside = Outside(url, ca_file=ca_file, patience=patience)
    try:
        return outside.ask("GET", outside.target("/v1/changes", {"cursor": "a b"}))
    finally:
        outside.close()


def failing(
    answering: Answering, *, tls: Path | None = None, ca_file: str = "", patience: Patience | None = None
) -> Unavailable:
    scheme = "https" if tls else "http"
    with serving(answering, tls) as port, pytest.raises(Unavailable) as failed:
        asked(f"{scheme}://127.0.0.1:{port}", ca_file=ca_file, patience=patience)
    return failed.value


def test_path_and_query_stand_on_the_wire_as_they_were_signed() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    outside = Outside("https://portal.example/antrean/", transport=httpx.MockTransport(answer))
    target = outside.target("/v1/changes", {"cursor": "a/b &+é%", "limit": "5"})
    outside.ask("GET", target, headers={"Antrean-Key": "mpp-contoh"})
    outside.close()
    assert target.startswith("/antrean/v1/changes?cursor=a%2Fb")
    assert seen[0].url.raw_path.decode() == target
    assert seen[0].headers["Antrean-Key"] == "mpp-contoh"


@pytest.mark.parametrize("kind", foreign_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_the_http_library_becomes_ours(kind: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise made(kind)

    outside = Outside("http://localhost:9", transport=httpx.MockTransport(fail))
    with pytest.raises(Unavailable, match="localhost") as failed:
        outside.ask("GET", "/v1/changes")
    outside.close()
    assert failed.value.permanent is (kind.__name__ in PERMANENT)


def test_a_certificate_nobody_vouches_for_is_refused_for_good(tmp_path: Path) -> None:
    failed = failing(OK, tls=certificate(tmp_path))
    assert "certificate of 127.0.0.1 is not trusted" in str(failed)
    assert "ca_file" in str(failed)
    assert failed.permanent


def test_a_private_authority_is_trusted_when_it_is_named(tmp_path: Path) -> None:
    own = certificate(tmp_path)
    with serving(OK, own) as port:
        assert asked(f"https://127.0.0.1:{port}", ca_file=str(own)).data() == {"ok": True}


def test_a_certificate_for_another_name_is_refused_for_good(tmp_path: Path) -> None:
    other = certificate(tmp_path, name="portal.example")
    failed = failing(OK, tls=other, ca_file=str(other))
    assert "127.0.0.1" in str(failed)
    assert failed.permanent


@pytest.mark.parametrize("days", [(-9, -2), (2, 9)], ids=["expired", "not yet valid"])
def test_a_certificate_of_another_time_may_be_the_fault_of_our_clock(
    tmp_path: Path, days: tuple[int, int]
) -> None:
    old = certificate(tmp_path, days=days)
    failed = failing(OK, tls=old, ca_file=str(old))
    assert "is this machine's date right?" in str(failed)
    assert not failed.permanent


def test_a_server_that_speaks_no_tls_is_not_believed() -> None:
    with serving(OK) as port, pytest.raises(Unavailable, match=r"answers without TLS|in time") as failed:
        asked(f"https://127.0.0.1:{port}", patience=Patience(connect=0.3))
    assert not failed.value.permanent


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_cannot_be_read_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Unavailable, match=r"ca\.pem cannot be read") as failed:
        Outside("https://portal.example", ca_file=str(path))
    assert failed.value.permanent


def test_nobody_at_the_address_is_a_matter_of_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 cannot be reached") as failed:
        asked(f"http://127.0.0.1:{port}")
    assert not failed.value.permanent


def test_a_half_open_connection_is_left_after_a_while() -> None:
    failed = failing(silent, patience=UNTIL_ANSWER)
    assert "did not answer in time" in str(failed)
    assert not failed.permanent


@pytest.mark.parametrize(
    "first, drop",
    [
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["header", "body", "chunks"],
)
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_server_that_drips_is_left_too(tmp_path: Path, first: bytes, drop: bytes, tls: bool) -> None:
    own = certificate(tmp_path) if tls else None
    failed = failing(dripping(first, drop), tls=own, ca_file=str(own or ""), patience=UNTIL_WHOLE)
    assert "answers too slowly" in str(failed)
    assert not failed.permanent


@pytest.mark.parametrize(
    "answer",
    [
        whole(b" " * (5 * 1024 * 1024)),
        whole(gzip.compress(b" " * (50 * 1024 * 1024)), "200 OK", "Content-Encoding: gzip"),
    ],
    ids=["5 MiB", "50 MiB packed small"],
)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(answer: bytes) -> None:
    assert f"more than {MOST_BYTES // 1024**2} MiB" in str(failing(saying(answer)))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x16\x03\x01 nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        whole(b"not gzip", "200 OK", "Content-Encoding: gzip"),
    ],
    ids=["nothing", "another protocol", "half", "spoilt"],
)
def test_an_answer_that_breaks_off_is_a_matter_of_time(answer: bytes) -> None:
    failed = failing(saying(answer))
    assert "127.0.0.1 cannot be reached" in str(failed)
    assert not failed.permanent


def test_a_redirection_is_told_and_not_followed() -> None:
    there = whole(b"", "308 Permanent Redirect", "Location: https://baru.example/v1/changes")
    failed = failing(saying(there))
    assert "points to 'https://baru.example/v1/changes'" in str(failed)
    assert failed.permanent


@pytest.mark.parametrize(
    "status, after, wait_ms",
    [("429 Too Many", "7", 7_000), ("503 Busy", "soon", 0), ("500 Oops", "9" * 400, 0)],
)
def test_a_busy_server_says_when_to_come_back(status: str, after: str, wait_ms: int) -> None:
    failed = failing(saying(whole(b"", status, f"Retry-After: {after}")))
    assert isinstance(failed, Busy)
    assert failed.retry_after_ms == wait_ms


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b"\xff\xfe", b"[" * 200_000, b"null"])
def test_what_is_no_json_object_is_no_data(body: bytes) -> None:
    assert OutsideAnswer(200, body).data() is None


def test_plain_http_stays_on_this_machine() -> None:
    with pytest.raises(BadInput, match="https_needed"):
        Outside("http://10.0.0.7")
    Outside("http://localhost:8090").close()
