"""Whom to believe on the internet: certificates are always checked, and what is wrong with one is said plainly."""

from __future__ import annotations

import ssl

import httpx

from antrean.domain.errors import Unavailable

_NOT_YET, _EXPIRED = 9, 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


def context_of(ca_file: str) -> ssl.SSLContext:
    """The certificates to trust: those of `ca_file` alone, or with "" the system's and the library's own.

    Raises Unavailable, permanent, for a file that cannot be read.
    """
    if not ca_file:
        context = httpx.create_ssl_context(trust_env=False)
        context.load_default_certs()
        return context
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Unavailable(f"{ca_file} cannot be read as certificates: {error}", permanent=True) from error


def tls_trouble(error: BaseException, host: str) -> Unavailable | None:
    """What a failed connection means when TLS or a certificate was the reason, else None.

    Not permanent where time alone is wrong: the certificate may be renewed, or this machine's clock be put right.
    """
    found: BaseException | None = error
    while found is not None and not isinstance(found, ssl.SSLError):
        found = found.__cause__ or found.__context__
    if found is None:
        return None
    if not isinstance(found, ssl.SSLCertVerificationError):
        # Also what a café's sign-in page does to a connection: it passes.
        return Unavailable(
            f"{host} answers without TLS that can be understood: {found.reason}", permanent=False
        )
    why = found.verify_message
    if found.verify_code in (_NOT_YET, _EXPIRED):
        return Unavailable(
            f"the certificate of {host}: {why}; is this machine's date right?", permanent=False
        )
    message = f"the certificate of {host} is not trusted: {why}; a private authority is named in ca_file"
    return Unavailable(message, permanent=True)
