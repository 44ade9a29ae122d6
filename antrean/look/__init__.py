"""How we look: colours, fonts and pictograms, one source for Qt and for the web pages.

Knows tokens and files; must import nothing but the domain: no toolkit, no template engine.
"""

from antrean.look.files import all_fonts, font_path, icon_names, icon_svg, tinted_svg

__all__ = ["all_fonts", "font_path", "icon_names", "icon_svg", "tinted_svg"]
