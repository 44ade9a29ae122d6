"""Knows how papers and booking codes are signed and checked (Ed25519), and how requests to an outside are (HMAC).

It must never import anything of the house but `antrean.domain`: no clock, no chance, no disk, no network.
"""
