#!/usr/bin/python3
"""Draws every picture and every video frame of the Lemon Pier sample files.

    draw.py still NAME OUT.png          one picture
    draw.py frames NAME                 raw BGRA frames on standard output
    draw.py frames NAME OUT_DIR         the frames as PNG files

The names are those of STILLS and FILMS, near the end. Every scene is a function of its
width and height, and of the time t in seconds where it moves; all of them draw on the one
cairo context c, which sheet() makes afresh for each picture.
"""

import math
import os
import random
import sys
from math import cos, pi, sin, tau

import cairo
from PIL import Image, ImageFilter

c = None  # the cairo context everything is drawn on


# ---------------- helpers
def rgb(h, a=1):
    """A colour from "ffcc00", or from "ffcc00/.5" when half transparent."""
    h, _, alpha = h.partition("/")
    return (*(int(h[i : i + 2], 16) / 255 for i in (0, 2, 4)), float(alpha or a))


def stops(g, parts):
    """Each part is "0 ffcc00 1 ff0000", or one stop as a tuple: (place, colour, alpha)."""
    for part in parts:
        if isinstance(part, str):
            words = part.split()
            each = zip(words[::2], words[1::2])
        else:
            each = [part]
        for place, *colour in each:
            g.add_color_stop_rgba(float(place), *rgb(*colour))
    return g


def lin(x0, y0, x1, y1, *parts):
    """A gradient along the line between two points."""
    return stops(cairo.LinearGradient(x0, y0, x1, y1), parts)


def rad(x, y, r, *parts):
    """A gradient from a point outwards."""
    return stops(cairo.RadialGradient(x, y, 0, x, y, r), parts)


def use(src):
    """Takes up a colour as text, a colour as four numbers, or a gradient."""
    if isinstance(src, cairo.Pattern):
        c.set_source(src)
    else:
        c.set_source_rgba(*(rgb(src) if isinstance(src, str) else src))


def paint(src, keep=False):
    """Fills the path; with keep, the path stays for what comes next."""
    use(src)
    if keep:
        c.fill_preserve()
    else:
        c.fill()


def line(src, width, keep=False):
    """Strokes the path; with keep, the path stays for what comes next."""
    use(src)
    c.set_line_width(width)
    if keep:
        c.stroke_preserve()
    else:
        c.stroke()


def ell(x, y, rx, ry, rot=0, fill=None):
    """An ellipse, as a path or filled at once."""
    at(x, y, rot, rx, ry)
    c.new_sub_path()
    c.arc(0, 0, 1, 0, tau)
    c.restore()
    if fill:
        paint(fill)


def flood(src):
    """Paints all there is within the clip."""
    use(src)
    c.paint()


def box(x, y, w, h, fill):
    """A filled rectangle."""
    c.rectangle(x, y, w, h)
    paint(fill)


def clip(x, y, w, h):
    """Keeps what follows within a rectangle, until c.restore()."""
    c.save()
    c.rectangle(x, y, w, h)
    c.clip()


def at(x, y, rot=0, sx=1, sy=None):
    """Moves, turns and scales what follows, until c.restore()."""
    c.save()
    c.translate(x, y)
    c.rotate(rot)
    c.scale(sx, sy or sx)


def fade(a):
    """Draws the group begun with c.push_group(), see-through by a."""
    c.pop_group_to_source()
    c.paint_with_alpha(a)


def path(*steps, fill=None):
    """The first step moves; a pair is a line, six numbers are a curve, "Z" closes."""
    for i, step in enumerate(steps):
        if step == "Z":
            c.close_path()
        elif len(step) > 2:
            c.curve_to(*step)
        elif i:
            c.line_to(*step)
        else:
            c.move_to(*step)
    if fill:
        paint(fill)


def rrect(x, y, w, h, r):
    """The path of a rectangle with round corners."""
    c.new_sub_path()
    left, right, top, bottom = x + r, x + w - r, y + r, y + h - r
    for cx, cy, a in ((right, top, -pi / 2), (right, bottom, 0), (left, bottom, pi / 2), (left, top, pi)):
        c.arc(cx, cy, r, a, a + pi / 2)
    c.close_path()


def text(s, x, y, size, fill, face="Lobster Two", align=0, shadow=0):
    """Writes on the baseline y; align is 0 to start at x, 0.5 to be centred on it."""
    slant = cairo.FONT_SLANT_ITALIC if face == "Lobster Two" else cairo.FONT_SLANT_NORMAL
    c.select_font_face(face, slant, cairo.FONT_WEIGHT_BOLD)
    c.set_font_size(size)
    x -= c.text_extents(s).x_advance * align
    if shadow:
        for d in (1, 2, 3):
            c.move_to(x + size * 0.012 * d, y + size * 0.018 * d)
            c.text_path(s)
            paint(rgb("1b1440", shadow / 3))
    c.move_to(x, y)
    c.text_path(s)
    paint(fill)


def ease(x):
    """From 0 to 1, gently at both ends."""
    x = min(1, max(0, x))
    return x * x * (3 - 2 * x)


# ---------------- lemons
def leaf(x, y, size, rot, dark=False, edge=None):
    """A leaf growing from x, y; edge is the colour of its outline."""
    at(x, y, rot, size)
    path((0, 0), (0.25, -0.42, 0.75, -0.36, 1, 0), (0.7, 0.26, 0.28, 0.28, 0, 0))
    if edge:
        line(edge, 15 / size, keep=True)
    a, b = ("1f6b45", "3f9a55") if dark else ("2f8f4e", "7cc857")
    paint(lin(0, 0.3, 0.3, -0.4, (0, a), (1, b)))
    path((0.05, 0), (0.35, -0.07, 0.65, -0.06, 0.93, 0))  # midrib
    line("d9f2a4/.55", 0.03)
    c.restore()


def lemon_path(a, b):
    """An ellipse drawn out to a tip on either side."""
    for i in range(161):
        t = i / 160 * tau
        k = abs(cos(t))
        x = a * cos(t) * (1 + 0.17 * k**14)
        y = b * sin(t) * (1 - 0.10 * k**5)
        (c.line_to if i else c.move_to)(x, y)
    c.close_path()


def lemon(x, y, r, rot=0, light=(-0.3, -0.45), pores=True):
    """A whole lemon; light is the direction of the light, whichever way it is turned."""
    at(x, y, rot)
    lemon_path(r, r * 0.76)
    lx, ly = light
    ux, uy = lx * cos(-rot) - ly * sin(-rot), lx * sin(-rot) + ly * cos(-rot)
    peel = "0 fffbc4 .22 ffee70 .55 ffd22e .82 f2a81d 1 d9821a"
    paint(rad(ux * r * 0.55, uy * r * 0.55, r * 1.5, peel), keep=True)
    c.clip()
    if pores:
        rnd = random.Random(int(r * 7))
        for _ in range(60):
            t, d = rnd.random() * tau, math.sqrt(rnd.random())
            px, py = cos(t) * d * r, sin(t) * d * r * 0.7
            ell(px, py, r * 0.018, r * 0.014, fill="c98512/.22")
    ell(ux * r * 0.75, uy * r * 0.75, r * 0.26, r * 0.13, math.atan2(uy, ux) + pi / 2, fill="ffffff/.38")
    c.restore()


def slice_(x, y, r, rot=0, alpha=1):
    """A slice of lemon seen from the front."""
    at(x, y, rot)
    c.push_group()
    ell(0, 0, r, r, fill="f7b521")
    ell(0, 0, r * 0.94, r * 0.94, fill="ffd95a")
    ell(0, 0, r * 0.89, r * 0.89, fill="fffae3")
    n = 9
    g = rad(0, 0, r * 0.85, "0 fff3a0 .6 ffd640 1 ffd640")
    for i in range(n):
        at(0, 0, i * tau / n)
        h = pi / n * 0.78
        path((r * 0.17, 0), (r * 0.75 * cos(h), -r * 0.75 * sin(h)))
        c.arc(0, 0, r * 0.76, -h, h)
        c.close_path()
        line(g, r * 0.09, keep=True)
        paint(g)
        for d, o in ((0.42, -0.05), (0.55, 0.10), (0.62, -0.12), (0.7, 0.03)):
            ell(r * d, r * o, r * 0.06, r * 0.018, o, fill="ffffff/.5")
        c.restore()
    fade(alpha)
    c.restore()


# ---------------- the glass
DRINKS = {  # the drink's colour at the top, in the middle and at the foot
    "lemon": ("fff2a6", "ffd84a", "f6a723"),
    "pink": ("ffd9df", "ff9fb0", "ee5f83"),
    "mint": ("f0fbc6", "c4e878", "6fbf5c"),
}


def glass(x, y, h, t=0, drink="lemon", dark=True, straw="e4475b"):
    """A tumbler of height h standing with the middle of its foot at x, y.

    Inside, lengths are in units of that height. dark tells if the ground behind is."""
    hi, mid, low = DRINKS[drink]
    at(x, y, 0, h)
    tw, bw = 0.285, 0.215  # half its width at the top and at the foot

    def wid(v):
        """Half its width at height v, from 0 to 1."""
        return bw + (tw - bw) * v

    def body(v, inset=0, r=0.05):
        """The outline of the glass up to height v."""
        path(
            (-wid(v) + inset, -v),
            (-bw + inset, -r),
            (-bw + inset, -inset, -bw + inset, -inset, -bw + r + inset, -inset),
            (bw - r - inset, -inset),
            (bw - inset, -inset, bw - inset, -inset, bw - inset, -r),
            (wid(v) - inset, -v),
            "Z",
        )

    def straw_part(y0, y1):
        """The straw between two heights: white, with coloured dashes over it."""
        clip(-1, y0, 2, y1 - y0)
        for dash, col, cap in (
            ([], "fffaf0", cairo.LINE_CAP_ROUND),
            ([0.045] * 2, straw, cairo.LINE_CAP_BUTT),
        ):
            c.set_dash(dash)
            c.set_line_cap(cap)
            path((-0.03, -0.1), (0.235, -1.26))
            line(col, 0.052)
        c.restore()

    straw_part(-1.4, -0.85)
    body(1)
    paint(rgb("ffffff", 0.16 if dark else 0.35))
    # drink
    lv = 0.85
    body(lv, 0.022)
    paint(lin(0, -lv, 0, 0, (0, hi), (0.45, mid), (1, low)), keep=True)
    c.save()
    c.clip()
    shadow(-0.02, -0.48, 0.2, 0.36, 0.4, "ffffff")
    c.push_group()
    straw_part(-0.86, 0)
    fade(0.5)
    slice_(-0.06, -0.26, 0.15, 0.3 + 0.1 * sin(t), 0.62)
    # ice
    for ix, iy, ir in ((-0.12, -0.70, 0.25), (0.11, -0.66, -0.3), (0.1, -0.47, 0.5), (-0.1, -0.51, -0.15)):
        at(ix, iy + 0.008 * sin(t * 2 + ix * 30), ir + 0.05 * sin(t * 1.3 + iy * 9))
        rrect(-0.07, -0.07, 0.14, 0.14, 0.025)
        paint(lin(-0.07, -0.07, 0.07, 0.07, "0 ffffff/.75 1 ffffff/.15"), keep=True)
        line("ffffff/.6", 0.006)
        c.restore()
    rnd = random.Random(5)
    for _ in range(26):  # bubbles
        bx, phase = rnd.uniform(-0.19, 0.19), rnd.random()
        speed, br = rnd.uniform(0.12, 0.3), rnd.uniform(0.006, 0.014)
        v = (phase + speed * t) % 1
        ell(bx + 0.008 * sin(t * 3 + phase * 9), -lv * (0.05 + 0.93 * v), br, br, fill="ffffff/.55")
    c.restore()
    ell(0, -lv, wid(lv) - 0.022, 0.035, fill=rgb(hi, 0.85))
    # glass edges and shine
    body(1)
    edges = "0 ffffff/.85 .5 ffffff/.25 1 ffffff/.75" if dark else "0 8fb7c4/.9 .5 b7d3da/.6 1 8fb7c4/.9"
    line(lin(-tw, 0, tw, 0, edges), 0.012)
    path((-wid(0.8) + 0.05, -0.8), (-wid(0.2) + 0.05, -0.2))
    line("ffffff/.6", 0.026)
    ell(0, -1, tw, 0.04)
    line("ffffff/.8" if dark else "9cc0cb/.9", 0.01)
    # garnish
    leaf(-0.05, -0.88, 0.24, -2.3)
    leaf(-0.03, -0.88, 0.25, -1.55, dark=True)
    leaf(-0.03, -0.88, 0.22, -0.9)
    slice_(-tw * 0.93, -0.97, 0.16, 0.5)
    c.restore()


# ---------------- the seaside
def cloud(x, y, w, seed, col, alpha):
    """A flat cloud of five strips."""
    rnd = random.Random(seed)
    c.push_group()
    for i in range(5):
        bw = w * rnd.uniform(0.35, 0.8)
        bx = x + (w - bw) * rnd.random()
        bh = w * 0.045
        by = y + (i - 2) * bh * 0.72
        rrect(bx, by, bw, bh, bh / 2)
    paint(lin(x, y - w * 0.1, x, y + w * 0.12, (0, col), (1, col, 0.35)))
    fade(alpha)


def seaside(W, H, hz, sx, t=0, sun_dy=0):
    """Sunset over the sea; hz is the horizon, sx the sun's column."""
    # sky, sun and clouds
    box(0, 0, W, hz + 1, lin(0, 0, 0, hz, "0 2c2f78 .3 6d4a9c .55 cf6596 .76 ff9069 .92 ffc673 1 ffe39a"))
    rnd = random.Random(11)
    for _ in range(46):  # first stars
        x, y, a = rnd.random() * W, rnd.random() * hz * 0.36, rnd.random()
        ell(x, y, 0.8 + a, 0.8 + a)
        paint(rgb("fff6e0", (0.25 + 0.45 * a) * (0.7 + 0.3 * sin(t * 4 + a * 40)) * (1 - y / (hz * 0.4))))
    sy, sr = hz - 62 + sun_dy, 92
    clip(0, 0, W, hz)
    ell(sx, sy, sr * 6, sr * 6, fill=rad(sx, sy, sr * 6, "0 fff0b0/.85 .25 ffd080/.45 1 ff9a70/0"))
    ell(sx, sy, sr, sr, fill=lin(0, sy - sr, 0, sy + sr, "0 fffbe6 1 ffd766"))
    clouds = (
        (-0.06, 0.74, 300, "ffc9a0", 0.6),
        (0.60, 0.34, 300, "f7a0b8", 0.6),
        (0.78, 0.58, 360, "ffd0a0", 0.8),
        (0.40, 0.20, 220, "b57ac0", 0.5),
        (0.86, 0.20, 240, "9a6ab8", 0.5),
    )
    for i, (cx, cy, cw, col, al) in enumerate(clouds):
        cloud(W * cx + t * (3 + i % 3 * 2), hz * cy, cw, i + 3, col, al)
    c.restore()
    # sea
    box(0, hz, W, H - hz, lin(0, hz, 0, hz + 330, "0 ffb27d .10 e8818c .38 8a5a9e .75 3d4a92 1 27356f"))
    clip(0, hz, W, H - hz)
    at(sx, hz, 0, 1, 1.6)
    ell(0, 0, 330, 330, fill=rad(0, 0, 330, "0 fff0b4/.7 .35 ffc078/.35 1 ff9a70/0"))
    c.restore()
    rnd = random.Random(4)
    for i in range(150):  # long gentle waves
        v = rnd.random() ** 1.5
        y = hz + 4 + v * 320
        w = (18 + 120 * v) * rnd.uniform(0.5, 1.3)
        x = (rnd.random() * (W + 300) + t * (8 + 22 * v)) % (W + 300) - 150
        a = 0.5 + 0.5 * sin(t * rnd.uniform(1.2, 2.4) + rnd.random() * tau)
        ell(x, y + 3 * v * sin(t * 1.5 + i), w / 2, 0.8 + 3 * v)
        paint(rgb("ffd1b0" if i % 3 else "2a2f70", 0.1 + 0.14 * a))
    for i in range(130):  # the sun's path
        v = rnd.random() ** 1.2
        y = hz + 2 + v * 300
        x = sx + rnd.gauss(0, 0.55) * (60 + 70 * v)
        w = (14 + 46 * v) * rnd.uniform(0.4, 1.2)
        a = 0.5 + 0.5 * sin(t * rnd.uniform(2, 4) + rnd.random() * tau)
        ell(x + 4 * sin(t * 1.1 + i), y, w / 2 * (0.7 + 0.3 * a), 1 + 2.4 * v)
        paint(rgb("fff3c4", (0.25 + 0.55 * a) * (1 - 0.55 * v)))
    c.restore()

    # headlands
    def land(pts, top, low):
        """Hills through the points given, which count upwards from the horizon."""
        first, last = pts[0], pts[-1]
        curves = []
        for (x0, y0), (x, y) in zip(pts, pts[1:]):
            m = (x0 + x) / 2
            curves.append((m, hz - y0, m, hz - y, x, hz - y))
        path((first[0], hz - first[1]), *curves, (last[0], hz + 1), (first[0], hz + 1))
        paint(lin(0, hz - 110, 0, hz, (0, top), (1, low)))

    land([(-20, 70), (90, 92), (190, 48), (290, 60), (430, 0)], "9a5a93", "e88f88")
    land([(-20, 40), (70, 56), (160, 22), (230, 30), (320, 0)], "5d3f83", "a9608f")
    land([(W - 250, 0), (W - 150, 34), (W - 90, 44), (W + 20, 66), (W + 30, 66)], "5d3f83", "a9608f")
    # lighthouse
    at(W - 92, hz - 42)
    path((-9, 3), (-6, -62), (6, -62), (9, 3), "Z")
    c.save()
    paint(lin(-9, 0, 9, 0, "0 fff2dc 1 c79ab0"), keep=True)
    c.clip()
    for y in (-22, -50):  # red bands
        box(-10, y, 20, 13, "d6455c")
    c.restore()
    glow = 0.55 + 0.45 * sin(t * 2.5)
    ell(0, -69, 38, 38, fill=rad(0, -69, 38, (0, "fff2b0", 0.35 + 0.5 * glow), "1 ffe9a0/0"))
    box(-5, -75, 10, 12, "fff3b8")
    path((-8, -75), (0, -86), (8, -75), fill="7d2f58")
    c.restore()


def boat(x, y, s, t=0):
    """A sailing boat of length s, rocking."""
    at(x, y + s * 0.03 * sin(t * 2), 0.03 * sin(t * 1.7), s)
    ell(0, 0.18, 0.5, 0.035, fill="2a2a66/.45")
    path((-0.5, 0), (-0.42, 0.2, 0.32, 0.2, 0.5, -0.02), "Z")
    paint(lin(0, 0, 0, 0.2, "0 7a3358 1 43204f"))
    box(-0.02, -1.1, 0.03, 1.1, "54284f")
    path((0.03, -1.08), (0.34, -0.7, 0.46, -0.4, 0.46, -0.1), (0.03, -0.08))
    paint(lin(0, 0, 0.46, 0, "0 fff3da 1 ffc79a"))
    path((-0.05, -0.95), (-0.16, -0.6, -0.3, -0.3, -0.4, -0.1), (-0.05, -0.08), fill="ffb18a")
    c.restore()


def gull(x, y, s, t=0):
    """A gull far off; s is the length of a wing."""
    f = 0.35 + 0.25 * sin(t * 7)
    up = y - s * (f + 0.25)
    path(
        (x - s, y - s * f),
        (x - s * 0.6, up, x - s * 0.2, y - s * 0.2, x, y),
        (x + s * 0.2, y - s * 0.2, x + s * 0.6, up, x + s, y - s * f),
    )
    line("4a2f6b/.85", s * 0.11)


def lights(W, y0, sag, n, t=0):
    """A string of n lamps across the top."""

    def f(p):
        return y0 + sag * (1 - (2 * p - 1) ** 2)

    c.move_to(-5, f(0))
    for i in range(61):
        c.line_to(W * i / 60, f(i / 60))
    line("2a1e4d/.9", 2.2)
    for i in range(n):
        p = (i + 0.5) / n
        x, y = W * p, f(p) + 13
        g = 0.75 + 0.25 * sin(t * 3 + i * 1.9)
        ell(x, y, 34, 34, fill=rad(x, y, 34, (0, "ffe9a0", 0.6 * g), "1 ffd070/0"))
        box(x - 3.2, y - 14, 6.4, 8, "2a1e4d")
        ell(x, y, 6.5, 8.5, fill=rad(x, y, 9, "0 fffdf0 1 ffd766"))


def table(W, H, y, sx):
    """The boards of the pier from y down, with the sun's light at sx."""
    box(0, y, W, H - y, lin(0, y, 0, H, "0 d88a62 .12 a55a4a 1 5b2d42"))
    box(0, y, W, H - y, rad(sx, y, W * 0.55, "0 ffd890/.55 1 ff9a70/0"))
    for i in range(-9, 10):
        x0, x1 = sx + i * W * 0.085, sx + i * W * 0.2
        path((x0, y), (x1, H))
        line("3d1c33/.55", 2.4)
        path((x0 + 2, y), (x1 + 4, H))
        line("ffc99a/.18", 1.6)
    box(0, y, W, 4, "ffe0b0/.7")


def shadow(x, y, rx, ry, a=0.45, col="2b1230"):
    """A soft spot, dark or of another colour."""
    at(x, y, 0, rx, ry)
    ell(0, 0, 1, 1, fill=rad(0, 0, 1, (0, col, a), (0.6, col, a * 0.7), (1, col, 0)))
    c.restore()


def still_life(gx, y, k, t=0):
    """The glass with its lemons, the glass standing at gx, y; k is the scale."""
    at(gx, y, 0, k)
    shadow(-8, 12, 190, 58, 0.6)
    shadow(0, 16, 122, 34, 0.9, "ffc640")
    shadow(-245, 36, 190, 34, 0.6)
    shadow(190, 40, 120, 28, 0.6)
    leaf(-300, -62, 120, -2.55, dark=True)
    leaf(-300, -62, 110, -1.75)
    lemon(-270, -30, 92, -0.25, (0.35, -0.6))
    glass(0, 0, 330, t)
    lemon(195, -8, 74, 0.35, (-0.5, -0.6))
    slice_(-150, -4, 60, 0.2)
    leaf(250, 8, 76, -0.35)
    c.restore()


def poster(W, H, t=0):
    """summer.jpg: sunset, pier, lemonade and the words."""
    seaside(W, H, 455, 610, t)
    boat(405, 478, 64, t)
    for x, y, s in ((730, 215, 17), (782, 190, 13), (690, 250, 11)):
        gull(x, y, s, t)
    table(W, H, 668, 610)
    still_life(852, 722, 1, t)
    lights(W, 8, 62, 13, t)
    text("Summer", 70, 232, 150, "fff6dc", shadow=0.55)
    text("tastes like lemons", 76, 312, 66, "ffe08a", shadow=0.55)
    text("THE LEMON PIER", 78, 742, 30, "fff0d0", "Carlito", shadow=0.5)
    text("Fresh lemonade every day until sunset", 78, 774, 22, "ffd9b0", "Carlito", shadow=0.5)


def film(W, H, t):
    """summer.mp4, five seconds: the sun sinks, the glass slides in, the words appear."""
    c.scale(W / 1200, W / 1200)
    seaside(1200, 675, 400, 560, t, sun_dy=9 * t)
    boat(300 + 22 * t, 424, 62, t)
    boat(716 - 8 * t, 411, 28, t)
    for x, y, s in ((690, 205, 17), (744, 182, 13), (652, 238, 11)):
        gull(x + 24 * t, y - 7 * t, s, t)
    table(1200, 675, 566, 560)
    still_life(868 + 560 * (1 - ease(t / 1.1)), 612, 0.93, t)
    lights(1200, 4, 54, 13, t)
    a = ease((t - 1.1) / 0.8)
    if a:
        c.push_group()
        text("Summer", 70, 212 + 24 * (1 - a), 138, "fff6dc", shadow=0.55)
        b = ease((t - 1.8) / 0.8)
        if b:
            c.push_group()
            text("tastes like lemons", 76, 288 + 18 * (1 - b), 62, "ffe08a", shadow=0.55)
            fade(b)
        fade(a)
    f = (t - 4.75) / 0.5  # the end grows dark
    if f > 0:
        flood(rgb("1d1a4a", f * 0.9))


def swell(W, H, y, rise, length, phase, col):
    """A sea of one colour, with waves along its top."""
    path((0, H), *((x, y + rise * sin(x / length + phase)) for x in range(0, W + 5, 4)), (W, H))
    paint(col)


def teaser(W, H, t):
    """teaser.3gp, three seconds: a slice drops in and turns like a sun."""
    flood(lin(0, 0, 0, H, "0 35b6c4 1 bff0dc"))
    x, y = W / 2, 92
    for i in range(14):  # rays
        a = i * tau / 14 + t * 0.25
        c.move_to(x, y)
        c.arc(x, y, 300, a, a + tau / 28)
        c.close_path()
        paint("ffffff/.22")
    drop = min(1, t / 0.7)
    bounce = abs(sin((t - 0.7) * 9)) * 22 * math.exp(-(t - 0.7) * 4) if t > 0.7 else 0
    shadow(x, y + 3, 84, 84, 0.18, "0b4a5a")
    slice_(x, y - 190 * (1 - drop) ** 2 - bounce, 70, t * 0.9)
    for i, (dx, ph) in enumerate(((-118, 0), (118, 1.4))):
        lemon(x + dx, 96 + 6 * sin(t * 4 + ph), 30, -0.4 + 0.8 * i + 0.12 * sin(t * 3), pores=False)
    for i, col in enumerate(("2aa5b8", "1d8aa6")):
        swell(W, H, 176 + i * 12, 5, 26, t * (3 - i * 1.2) + i * 2, col)
    k = ease((t - 0.8) / 0.6)
    if k:
        text("Opening Saturday", x, 220 + 26 * (1 - k), 33, rgb("fffbe6", k), align=0.5)


# ---------------- stickers
INK = "4a2b12"  # every outline


def limb(start, bend0, bend1, end):
    """An arm or a leg."""
    path(start, (*bend0, *bend1, *end))
    line(INK, 15)


def hand(x, y, rot, fingers=True):
    """A gloved hand, open or as a fist."""
    at(x, y, rot)
    for w, col in ((25, INK), (15, "fffdf5")):
        if fingers:
            for a, l in ((-0.55, 36), (-0.05, 42), (0.45, 37), (1.35, 30)):
                path((0, 0), (l * sin(a), -l * cos(a)))
                line(col, w)
        ell(0, 0, w / 2 + 13, w / 2 + 13, fill=col)
    c.restore()


def buddy(x, y, blink=0, mouth=1, sway=0):
    """The lemon with a face, about 270 px tall."""
    at(x, y, sway)
    at(0, -132, -sway * 2)
    leaf(0, 4, 88, -0.55, edge=INK)
    leaf(0, 4, 92, -2.5, dark=True, edge=INK)
    c.restore()
    at(0, 0, pi / 2)
    lemon_path(134, 108)
    line(INK, 11)
    c.restore()
    lemon(0, 0, 134, pi / 2, (-0.45, -0.4), pores=False)
    for s in (-1, 1):
        ell(s * 40, -18, 14, max(3.5, 20 * (1 - blink)), fill=INK)
        if blink < 0.5:
            ell(s * 40 + 5, -26, 5.5, 7, fill="ffffff")
        ell(s * 68, 18, 17, 11, fill="ff8a6b/.75")
    path((-32, 14), (-24, 14 + 52 * mouth, 24, 14 + 52 * mouth, 32, 14), "Z")
    c.save()
    line(INK, 7, keep=True)
    paint("a3263f", keep=True)
    c.clip()
    ell(0, 14 + 44 * mouth, 20, 16, fill="ff7f8e")
    c.restore()
    c.restore()


def heart(x, y, s, rot=0):
    """A red heart with an outline."""
    at(x, y, rot, s)
    path((0, 0.9), (-1.5, -0.1, -0.8, -1.1, 0, -0.35), (0.8, -1.1, 1.5, -0.1, 0, 0.9))
    paint(lin(0, -1, 0, 1, "0 ff7b92 1 e23a5e"), keep=True)
    line(INK, 6 / s)
    c.restore()


def thanks(W, H):
    """thanks.webp: the lemon holds a ribbon with the words."""
    buddy(256, 212, mouth=1.05)
    for side in (-1, 1):  # the ribbon's tails
        at(256, 0, 0, side, 1)
        path((150, 398), (222, 390), (204, 430), (226, 468), (150, 470), "Z")
        paint("c42f55", keep=True)
        line(INK, 8)
        c.restore()
    path((66, 364), (180, 336, 332, 336, 446, 364), (446, 452), (332, 424, 180, 424, 66, 452), "Z")
    paint(lin(0, 340, 0, 452, "0 ff6f88 1 e5406a"), keep=True)
    line(INK, 8)
    text("Thank you!", 256, 410, 63, "fffaf0", align=0.5)
    for side in (-1, 1):  # the arms, over the ribbon
        at(256, 0, 0, side, 1)
        limb((104, 258), (140, 268), (168, 296), (170, 336))
        hand(171, 352, 0, fingers=False)
        c.restore()
    heart(92, 150, 34, -0.25)
    heart(424, 128, 42, 0.25)
    heart(404, 214, 20, 0.1)


def wave(W, H, t):
    """wave.webp: the lemon waves; t runs from 0 to 1 and loops."""
    a = sin(t * tau * 2)
    for side in (-1, 1):  # legs and shoes
        at(256, 0, 0, side, 1)
        limb((40, 370), (42, 400), (46, 420), (48, 438))
        rrect(24, 430, 72, 36, 17)
        paint(lin(0, 430, 0, 466, "0 5cc5d6 1 2b8fb0"), keep=True)
        line(INK, 8)
        c.restore()
    y = 262 - 4 * abs(sin(t * tau))
    limb((162, y + 30), (124, y + 40), (106, y + 66), (112, y + 96))
    hand(114, y + 106, pi + 0.3, fingers=False)
    hx, hy = 414 + 22 * a, y - 84 + 5 * abs(a)
    limb((340, y + 26), (384, y + 22), (404 + 8 * a, y - 20), (hx, hy))
    buddy(256, y, blink=0.4 < t < 0.45, mouth=1 + 0.12 * a, sway=0.05 * sin(t * tau))
    hand(hx, hy, 0.12 + 0.42 * a)
    k = 0.5 + 0.5 * a
    for side, far in ((-1, 1 - k), (1, k)):  # little marks where the hand turns back
        if far > 0.55:
            for r in (66, 83):
                c.arc(414, y - 90, r, -pi / 2 + side * 0.75 - 0.28, -pi / 2 + side * 0.75 + 0.28)
                line("38a9bd", 7)


def outline(surface):
    """Puts the white rim of a sticker under the drawing."""
    w, h = surface.get_width(), surface.get_height()
    data = bytes(surface.get_data())
    im = Image.frombuffer("RGBa", (w, h), data, "raw", "BGRa", surface.get_stride(), 1).convert("RGBA")
    rim = Image.new("RGBA", (w, h), "white")
    rim.putalpha(im.getchannel("A").filter(ImageFilter.GaussianBlur(6.75)).point(lambda v: (v - 9) * 22))
    return Image.alpha_composite(rim, im)


# ---------------- logo, banner, café
def logo(W, H):
    """logo.png: the round badge."""
    ell(256, 256, 246, 246, fill="1f6f8b")
    ell(256, 256, 232, 232, fill="fff6dc")
    c.save()
    ell(256, 256, 220, 220)
    c.clip()
    flood(lin(0, 36, 0, 300, "0 ffd27a 1 fff0c2"))
    slice_(256, 222, 132, 0.17)
    for i, col in enumerate(("4fb9c6", "2f97b0", "1f6f8b")):
        swell(W, H, 238 + 24 * i, 9, 25, i * 2.1, col)
    c.restore()
    text("The", 256, 334, 42, "ffe08a", align=0.5)
    text("Lemon Pier", 258, 398, 72, "fffaf0", align=0.5)
    text("FRESH LEMONADE", 256, 440, 21, "bfe9ee", "Carlito", align=0.5)


def banner(W, H):
    """The strip at the head of the price list, the invoice and the terms (1400x300)."""
    at(0, -170)
    seaside(W, 520, 330, 900)
    boat(782, 352, 60)
    c.restore()
    table(W, H, 262, 900)
    still_life(1165, 256, 0.58)
    text("The Lemon Pier", 62, 150, 108, "fff6dc", shadow=0.5)
    text("FRESH LEMONADE BY THE SEA", 68, 200, 27, "fff0d0", "Carlito", shadow=0.5)


def cafe(W, H):
    """The crème brûlée and the coffee, also on the third slide."""
    flood(lin(0, 0, 0, H, "0 cfeae6 .6 f7efd9"))
    ell(500, 60, 360, 300, fill=rad(500, 60, 360, "0 fff6c8/.9 1 fff6c8/0"))
    for x, y, r in ((70, 70, 46), (150, 150, 22), (250, 48, 18), (590, 140, 34), (400, 96, 14)):
        ell(x, y, r, r, fill="ffffff/.4")
    # checked cloth
    hz = 205
    box(0, hz, W, H, "fdf7ec")
    ys = [hz + (H - hz + 40) * (i / 7) ** 1.45 for i in range(8)]
    clip(0, hz, W, H - hz)
    for i in range(0, 7, 2):
        box(0, ys[i], W, ys[i + 1] - ys[i], "e0566b/.3")
    far, near = 44, 44 + (H - hz) * 0.17  # how wide a stripe is at the back and in front
    for i in range(-12, 12, 2):
        path(
            (W / 2 + i * far, hz),
            (W / 2 + (i + 1) * far, hz),
            (W / 2 + (i + 1) * near, H),
            (W / 2 + i * near, H),
            fill="e0566b/.3",
        )
    c.restore()
    box(0, hz, W, 60, lin(0, hz, 0, hz + 60, "0 fff3d0/.8 1 fff3d0/0"))
    # cup of coffee
    at(452, 262)
    shadow(8, 62, 165, 42, 0.4, "5a2a2a")
    ell(0, 48, 142, 38, fill=lin(-142, 0, 142, 0, "0 ffffff 1 c9dde2"))
    ell(0, 44, 96, 22, fill="b8d0d8/.7")
    path((84, -42), (150, -54, 150, 22, 72, 14))
    line(lin(0, -50, 0, 20, "0 3fa4b8 1 256f8a"), 16)
    path((-98, -66), (-94, 20, -60, 54, -36, 54), (36, 54), (60, 54, 94, 20, 98, -66), "Z")
    paint(lin(-98, 0, 98, 0, "0 7fd0da .45 3fa4b8 1 256f8a"))
    ell(0, -66, 98, 28, fill="d8f2f2")
    ell(0, -63, 88, 22, fill=rad(0, -63, 90, "0 c98a52 .75 8a4f2a 1 5a2f1c"))
    at(0, -63, 0, 1, 0.32)
    path((0, 42), (-78, -6, -38, -58, 0, -18), (38, -58, 78, -6, 0, 42), fill="fff0d6/.92")
    c.restore()
    for dx, b in ((-30, -92), (4, -102), (36, -92)):  # steam
        path((dx, b), (dx - 30, b - 34, dx + 30, b - 56, dx - 4, b - 98))
        line(lin(0, b, 0, b - 98, "0 ffffff/0 .4 ffffff/.85 1 ffffff/0"), 9)
    c.restore()
    # crème brûlée
    at(218, 300)
    shadow(6, 82, 190, 44, 0.45, "5a2a2a")
    path((-158, 0), (-132, 76), (-70, 104, 70, 104, 132, 76), (158, 0), "Z")
    c.save()
    paint(lin(-158, 0, 158, 0, "0 ffffff .6 f4ece4 1 cdbfbd"), keep=True)
    c.clip()
    for i in range(17):  # the ramekin's flutes
        a = -1.45 + i * 2.9 / 16
        path((158 * sin(a), 0), (132 * sin(a), 110))
        line("b9a6a6/.35", 5)
    c.restore()
    ell(0, 0, 160, 54, fill=lin(-160, 0, 160, 0, "0 ffffff 1 e6dcd8"))
    ell(0, 3, 146, 46)
    c.save()
    paint(rad(-30, -6, 170, "0 ffd27a .45 eb9a3a .8 bd5f1c 1 7d3812"), keep=True)
    c.clip()
    rnd = random.Random(8)
    for _ in range(34):  # burnt and golden spots
        ell(rnd.uniform(-140, 140), rnd.uniform(-40, 46), rnd.uniform(6, 22), rnd.uniform(3, 8))
        paint(rgb(rnd.choice(("7d3410", "ffe0a0", "a84f18")), 0.22))
    cracks = (
        ((-20, 2), (18, -14), (52, -30), (70, -52)),
        ((-20, 2), (-60, -10), (-96, -6), (-150, -16)),
        ((-20, 2), (-8, 22), (-26, 36), (-18, 56)),
        ((18, -14), (60, 2), (104, 4), (150, 20)),
    )
    for crack in cracks:
        for w, col, dy in ((4.5, "fff0c0/.9", 1.5), (2, "6b2d0c/.8", 0)):
            path(*((px, py + dy) for px, py in crack))
            line(col, w)
    ell(-66, -18, 46, 9, -0.12, fill="ffffff/.45")
    c.restore()
    for px, py, r in ((52, -6, 15), (74, 6, 15), (48, 12, 15)):  # raspberries
        ell(px, py, r, r, fill=rad(px - 4, py - 5, r * 1.4, "0 ff8aa0 .6 d92f57 1 8f1338"))
    leaf(58, -12, 44, -1.9)
    leaf(62, -12, 40, -0.9, dark=True)
    c.restore()
    # spoon and lemon slice
    shadow(408, 432, 120, 12, 0.35, "5a2a2a")
    path((352, 424), (560, 392))
    line(lin(0, 390, 0, 430, "0 ffffff 1 9aa8b0"), 10)
    ell(330, 427, 44, 19, -0.15, fill=lin(0, 408, 0, 446, "0 8b99a3 .5 e9f0f3 1 ffffff"))
    ell(328, 425, 34, 12, -0.15, fill=lin(0, 412, 0, 440, "0 6f7d88 1 dfe8ec"))
    at(78, 428, 0, 1, 0.5)
    shadow(4, 16, 66, 60, 0.4, "5a2a2a")
    slice_(0, 0, 52, 0.3)
    c.restore()


def sunny(W):
    """Rays on a cream ground, for the slides, which are laid out in 1280x720."""
    c.scale(W / 1280, W / 1280)
    flood(lin(0, 0, 0, 720, "0 fff8e6 1 ffe7b8"))
    for i in range(24):
        a = i * tau / 24
        c.move_to(640, 900)
        c.arc(640, 900, 1300, a, a + tau / 48)
        c.close_path()
        paint("ffd978/.28")


def menu(W, H):
    """The second slide, but for the names of the drinks."""
    sunny(W)
    box(0, 560, 1280, 160, lin(0, 560, 0, 720, "0 4fb9c6 1 1f7f9b"))
    for x, d, s in ((240, "lemon", "e4475b"), (640, "pink", "2f97b0"), (1040, "mint", "f0a020")):
        ell(x, 380, 168, 168, fill="ffffff/.65")
        shadow(x, 548, 120, 20, 0.28, "0b3a4a")
        glass(x, 545, 290, 0.6, d, dark=False, straw=s)
    text("Three ways to cool down", 640, 112, 74, "1f6f8b", align=0.5)


def find(W, H):
    """The third slide, but for the opening hours."""
    sunny(W)
    rrect(54, 128, 612, 465, 36)
    paint("ffffff")
    at(66, 140, 0, 0.919, 0.919)
    rrect(0, 0, 640, 480, 28)
    c.clip()
    cafe(640, 480)
    c.restore()
    text("Come and sit", 726, 232, 74, "1f6f8b")
    text("by the sea", 726, 312, 74, "e0566b")


# ---------------- command line
STILLS = {
    "poster": (poster, 1200, 800),
    "cover": (lambda w, h: film(w, h, 3.2), 1024, 576),  # the first slide, a moment of the film
    "menu": (menu, 1024, 576),
    "find": (find, 1024, 576),
    "cafe": (cafe, 640, 480),
    "logo": (logo, 512, 512),
    "banner": (banner, 1400, 300),
    "thanks": (thanks, 512, 512),
}
FILMS = {  # with frames a second, and seconds
    "film": (film, 640, 360, 24, 5),
    "teaser": (teaser, 320, 240, 15, 3),
    "wave": (wave, 512, 512, 12, 1),
}


def sheet(draw, w, h, *t):
    """Draws one picture, on a new surface with a new context."""
    global c
    s = cairo.ImageSurface(cairo.FORMAT_ARGB32, w, h)
    c = cairo.Context(s)
    c.set_line_cap(cairo.LINE_CAP_ROUND)
    c.set_line_join(cairo.LINE_JOIN_ROUND)
    draw(w, h, *t)
    s.flush()
    return s


def main():
    """Takes the command line described at the top."""
    kind, name = sys.argv[1:3]
    if kind == "still":
        s = sheet(*STILLS[name])
        if name == "thanks":
            outline(s).save(sys.argv[3])
        else:
            s.write_to_png(sys.argv[3])
        return
    draw, w, h, fps, secs = FILMS[name]
    for i in range(round(fps * secs)):
        s = sheet(draw, w, h, i / fps)
        if len(sys.argv) > 3:
            outline(s).save(os.path.join(sys.argv[3], f"{i:03}.png"))
        else:
            sys.stdout.buffer.write(s.get_data())


if __name__ == "__main__":
    main()
