"""How we speak: voice packs, the words of a call, and the sound made of them.

Imports `antrean.domain` and the standard library; it knows no sound card and no clock.
"""
