"""What comes out of a sound device: sounds one after the other, played by a process that may die alone.

Knows Qt and imports `antrean.voice` and `antrean.service`; it knows no visitor, no call and no program.
"""
