"""Draws an outline pictogram of the house's set as dots (a small part of SVG: paths, lines, circles, boxes)."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from xml.etree import ElementTree

from PIL import Image, ImageDraw

from antrean.look import icon_svg

Point = tuple[float, float]
_TOKEN = re.compile(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_FINE = 8  # drawn eight times larger, then reduced, so that the edges are true


@lru_cache(maxsize=32)
def pictogram(name: str, size: int, stroke: float = 2.0) -> Image.Image:
    """The icon `name` in `size` dots square, white on black, eight bits."""
    scale = size * _FINE / 24
    picture = Image.new("L", (size * _FINE, size * _FINE), 0)
    pen = ImageDraw.Draw(picture)
    width = max(1, round(stroke * scale))
    for line in _outlines(icon_svg(name)):
        points = [(x * scale, y * scale) for x, y in line]
        pen.line(points, fill=255, width=width)
        for x, y in points:  # round joints and ends
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)
    return picture.resize((size, size), Image.Resampling.BOX)


def _outlines(svg: str) -> list[list[Point]]:
    lines: list[list[Point]] = []
    for element in ElementTree.fromstring(svg).iter():
        tag = element.tag.rpartition("}")[2]
        if "wash" in element.get("class", "") or element.get("stroke") == "none":
            continue
        number = {key: float(value) for key, value in element.items() if re.fullmatch(r"-?[\d.]+", value)}
        if tag == "path":
            lines += _path(element.get("d", ""))
        elif tag == "line":
            lines.append([(number["x1"], number["y1"]), (number["x2"], number["y2"])])
        elif tag == "circle":
            lines.append(_ring(number["cx"], number["cy"], number["r"]))
        elif tag == "rect":
            x, y = number.get("x", 0.0), number.get("y", 0.0)
            right, bottom = x + number["width"], y + number["height"]
            lines.append([(x, y), (right, y), (right, bottom), (x, bottom), (x, y)])
    return lines


def _ring(cx: float, cy: float, r: float) -> list[Point]:
    return [(cx + r * math.cos(i * math.pi / 24), cy + r * math.sin(i * math.pi / 24)) for i in range(49)]


def _path(d: str) -> list[list[Point]]:
    tokens = _TOKEN.findall(d)
    lines: list[list[Point]] = []
    at: Point = (0.0, 0.0)
    place = 0
    command = "M"

    def take(count: int) -> list[float]:
        nonlocal place
        values = [float(token) for token in tokens[place : place + count]]
        place += count
        return values

    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place]
            place += 1
        origin = at if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "Z":
            lines[-1].append(lines[-1][0])
            at = lines[-1][0]
            continue
        if kind in "ML":
            dx, dy = take(2)
            at = (origin[0] + dx, origin[1] + dy)
            if kind == "M":
                lines.append([at])
                command = "l" if command == "m" else "L"
                continue
            lines[-1].append(at)
        elif kind == "H":
            at = (origin[0] + take(1)[0], at[1])
            lines[-1].append(at)
        elif kind == "V":
            at = (at[0], origin[1] + take(1)[0])
            lines[-1].append(at)
        elif kind == "C":
            curve = take(6)
            one, two, end = ((origin[0] + curve[i], origin[1] + curve[i + 1]) for i in (0, 2, 4))
            lines[-1] += [_bezier(at, one, two, end, step / 16) for step in range(1, 17)]
            at = end
        elif kind == "A":
            rx, _, _, large, sweep, dx, dy = take(7)
            end = (origin[0] + dx, origin[1] + dy)
            lines[-1] += _arc(at, end, rx, large != 0, sweep != 0)
            at = end
        else:
            raise ValueError(f"this small drawer knows no path command {command!r}")
    return lines


def _bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    p, q, r, s = u**3, 3 * u * u * t, 3 * u * t * t, t**3
    return (p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1])


def _arc(start: Point, end: Point, radius: float, large: bool, sweep: bool) -> list[Point]:
    """A circular arc as the points after `start` (SVG 1.1, appendix F.6, for equal radii)."""
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    half = math.hypot(half_x, half_y)
    if half == 0:
        return [end]
    radius = max(radius, half)
    away = math.sqrt(max(0.0, radius**2 - half**2)) / half * (-1 if large == sweep else 1)
    cx = away * half_y + (start[0] + end[0]) / 2
    cy = -away * half_x + (start[1] + end[1]) / 2
    first = math.atan2(start[1] - cy, start[0] - cx)
    turn = math.atan2(end[1] - cy, end[0] - cx) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    return [
        (cx + radius * math.cos(first + turn * i / 16), cy + radius * math.sin(first + turn * i / 16))
        for i in range(1, 17)
    ]
