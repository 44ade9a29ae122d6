"""Servers that do to a client what broken ones do, on loopback, and certificates that are not right."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answering = Callable[[socket.socket, threading.Event], None]
"""Does what it likes with a connection whose request was read; the event is set when the test is over."""


@contextlib.contextmanager
def serving(answering: Answering, certificate: Path | None = None) -> Iterator[int]:
    """The port of a server; with `certificate` (PEM of key and certificate) it speaks TLS."""
    over = threading.Event()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def converse(connection: socket.socket) -> None:
        # A client that goes away in mid-sentence is what most of these tests want.
        with contextlib.suppress(OSError), connection:
            spoken = context.wrap_socket(connection, server_side=True) if context else connection
            with spoken:
                head = b""
                while b"\r\n\r\n" not in head:
                    part = spoken.recv(4096)
                    if not part:
                        return
                    head += part
                answering(spoken, over)

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(30)
                talk = threading.Thread(target=converse, args=(connection,))
                talks.append(talk)
                talk.start()

    talks: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=accept)
        accepting.start()
        port = int(listener.getsockname()[1])
        try:
            yield port
        finally:
            over.set()
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=30).close()
            accepting.join(30)
            for talk in talks:
                talk.join(30)


def whole(body: bytes, status: str = "200 OK", *more: str) -> bytes:
    """An HTTP answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def saying(answer: bytes) -> Answering:
    """A server that says this and hangs up."""

    def answering(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(answer)

    return answering


def dripping(first: bytes, drop: bytes) -> Answering:
    """A server that begins, and then says a little, again and again, without an end."""

    def answering(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(0.02):
            connection.sendall(drop)

    return answering


def silent(connection: socket.socket, over: threading.Event) -> None:
    """A server that hears the request and says nothing, as one does whose machine has gone."""
    over.wait(30)


def certificate(folder: Path, *, name: str = "127.0.0.1", days: tuple[int, int] = (-1, 1)) -> Path:
    """A certificate that signed itself, with its key, in one PEM file; valid between two days from today."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    try:
        known: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        known = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
