"""Knows how a ticket's paper is signed and checked (Ed25519), so that the paper alone can give a place back.

It must never import anything of the house but `antrean.domain`: no clock, no chance, no disk, no network.
"""
