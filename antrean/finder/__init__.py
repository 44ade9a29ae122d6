"""How a visitor's own words lead to a service of the published catalogue, without any network.

It knows spelling, everyday words and ranking; it must never import another room than the domain, nor invent an
answer the catalogue does not hold.
"""

from antrean.finder.finder import Answer, Finder
from antrean.finder.finders import Finders

__all__ = ["Answer", "Finder", "Finders"]
