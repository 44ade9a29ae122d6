"""Whom we ask: the mall's server, over HTTP; the only outgoing HTTP of the product.

Imports `antrean.domain` and nothing else of ours. No exception of the HTTP library leaves this room.
"""
