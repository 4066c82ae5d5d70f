#!/usr/bin/python3
"""Writes the office documents of the Lemon Pier sample files.

    office.py DIR

DIR already holds the drawings banner, cover, menu and find as PNG. It receives
price-list.xlsx, invoice-0042.docx, terms.docx, and the slides as lookbook.fodp.
"""

import base64
import sys

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from PIL import Image

OWNER = "The Lemon Pier"
WHERE = "The Lemon Pier, 1 Pier Road, Saltmere  •  hello@lemonpier.example"

# colours
INK, DEEP, GREY = "263A42", "1F4E5F", "6B7A80"
BLUE, RED, BROWN = "1F7F9B", "E0566B", "8A5A3C"
WHITE, CREAM, SAND, RULE = "FFFFFF", "FFF9E8", "FFE7B8", "F3DFA8"


def pictures(out):
    """Makes the drawings small enough for a document."""
    for name in ("banner", "cover", "menu", "find"):
        im = Image.open(f"{out}/{name}.png").convert("RGB")
        im.thumbnail((1024, 1024), Image.LANCZOS)
        im.save(f"{out}/{name}.jpg", quality=76, optimize=True)


# ---------------- the price list
PRICES = (
    (
        "Lemonade",
        BLUE,
        (
            ("Classic lemonade", "0.3 l", 3.2),
            ("Pink grapefruit", "0.3 l", 3.6),
            ("Garden mint", "0.3 l", 3.6),
            ("Ginger & honey", "0.3 l", 3.8),
            ("Picnic jug", "1 l", 9.5),
        ),
    ),
    (
        "From the kitchen",
        RED,
        (
            ("Lemon tart", "slice", 3.9),
            ("Crème brûlée", "ramekin", 4.8),
            ("Almond biscuits", "bag of 6", 2.9),
        ),
    ),
    (
        "Coffee",
        BROWN,
        (
            ("Espresso", "single", 2.1),
            ("Café au lait", "large", 3.4),
            ("Iced coffee", "0.3 l", 3.7),
        ),
    ),
)


def put(ws, values, height=30, fill=None, line=None, size=11, color=GREY, **kw):
    """Adds a row below the last one."""
    row = ws.max_row + 1
    ws.row_dimensions[row].height = height
    for i, v in enumerate((*values, *[None] * 5)[:5], 1):
        c = ws.cell(row, i, v)
        c.font = Font("Calibri", size, color=color, **kw)
        c.alignment = Alignment(horizontal="right" if i > 1 else "left", vertical="center", indent=i == 1)
        c.number_format = '#,##0.00\\ "€"' if i > 2 else "General"
        c.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()
        c.border = Border(bottom=Side("thin", color=line)) if line else Border()


def price_list(out):
    """One sheet with the banner on top; the prices for six are formulas."""
    wb = Workbook()
    ws = wb.active
    ws.title = "Summer prices"
    wb.properties.creator, wb.properties.title = OWNER, "Price list, summer season"
    for col, w in zip("ABCDE", (40, 17, 17, 17, 2)):
        ws.column_dimensions[col].width = w
    pic = SheetImage(f"{out}/banner.jpg")
    pic.width, pic.height = 684, 147
    ws.add_image(pic, "A1")
    ws.row_dimensions[1].height = 114

    put(ws, ("Summer price list",), 54, size=22, bold=True, color=DEEP)
    for group, color, items in PRICES:
        put(ws, (group, "Size", "Each", "Six for"), 32, color, size=14, bold=True, color=WHITE)
        for i, item in enumerate(items):
            six = f"=ROUND(C{ws.max_row + 1}*6*0.9,1)"
            put(ws, (*item, six), 30, CREAM if i % 2 else None, RULE, 13, DEEP)
        put(ws, (), 16)
    put(ws, ("All prices include VAT. Six of a kind come with ten percent off.",), italic=True)
    put(ws, (WHERE,))

    ws.sheet_view.showGridLines = False
    ws.print_area = f"A1:E{ws.max_row}"
    ws.page_setup.paperSize = 9  # A4
    ws.page_margins.left = ws.page_margins.right = 0.5
    ws.print_options.horizontalCentered = ws.sheet_properties.pageSetUpPr.fitToPage = True
    wb.save(f"{out}/price-list.xlsx")


# ---------------- invoice and terms
def run(p, words, size=11, color=INK, bold=False, right=False, after=6):
    """Adds words to a paragraph and sets its space and side."""
    r = p.add_run(words)
    r.font.size, r.bold, r.font.color.rgb = Pt(size), bold, RGBColor.from_string(color)
    p.paragraph_format.space_after = Pt(after)
    p.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else None


def para(d, *a, **kw):
    """Adds a paragraph; the rest is as for run()."""
    run(d.add_paragraph(), *a, **kw)


def document(out, title):
    """A new page with the banner and a title."""
    d = docx.Document()
    s, p = d.sections[0], d.core_properties
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = s.top_margin = s.bottom_margin = Cm(2)
    d.styles["Normal"].font.name = "Calibri"
    p.author, p.title, p.comments = OWNER, title, ""
    pic = d.add_picture(f"{out}/banner.jpg", width=Cm(17))
    for side in "LRTB":
        pic._inline.set("dist" + side, "0")
    para(d, title, 24, RED, True)
    return d


def table(d, rows, widths):
    """Each row is its texts, the colour behind them, their own colour, and whether they are bold."""
    t = d.add_table(0, len(widths))
    t.autofit = False
    for values, fill, color, bold in rows:
        for j, (c, v, w) in enumerate(zip(t.add_row().cells, values, widths)):
            c.width = t.columns[j].width = Cm(w)
            c.paragraphs[0].paragraph_format.space_before = Pt(4)
            run(c.paragraphs[0], v, 11, color, bold, right=j > 0, after=4)
            if fill:
                shade = f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{fill}"/>'
                c._tc.get_or_add_tcPr().append(parse_xml(shade))


ITEMS = (
    ("Picnic jug, classic lemonade (1 l)", 6, 9.5),
    ("Garden mint lemonade (0.3 l)", 12, 3.6),
    ("Lemon tart, slice", 18, 3.9),
    ("Delivery to the harbour", 1, 8.0),
)


def invoice(out):
    """Two tables, the second one with the sums."""
    d = document(out, "Invoice 0042")
    to = "Harbour Lights Book Club\n7 Seaview Lane\nSaltmere"
    dates = "Date: 12 July 2025\nDue: 26 July 2025\nCustomer: HL-117"
    table(d, [((to, dates), None, INK, False)], (9, 8))
    para(d, "Thank you for letting us pour at your summer reading evening!", after=12)

    rows = [(("What", "Quantity", "Each", "Amount"), BLUE, WHITE, True)]
    for i, (what, n, price) in enumerate(ITEMS):
        values = (what, str(n), f"{price:.2f} €", f"{n * price:.2f} €")
        rows.append((values, CREAM if i % 2 else None, INK, False))
    total = sum(n * price for _, n, price in ITEMS)
    net = round(total / 1.1, 2)
    rows.append((("", "", "Net", f"{net:.2f} €"), None, INK, False))
    rows.append((("", "", "VAT 10%", f"{total - net:.2f} €"), None, INK, False))
    rows.append((("", "", "Total", f"{total:.2f} €"), SAND, INK, True))
    table(d, rows, (8.6, 2.4, 3, 3))

    para(d, "")
    para(d, "How to pay", 14, BLUE, True)
    para(
        d,
        "Please quote the number 0042 with your transfer, or pay in cash at the stand. "
        "Questions? Write to us and we will answer before the ice melts.",
    )
    para(d, WHERE, 10, GREY)
    d.save(f"{out}/invoice-0042.docx")


TERMS = (
    (
        "1. Orders",
        "Send your order before noon and we bring it the same day, between two o’clock and sunset.",
    ),
    ("2. Prices", "The price list of the day counts. All prices are in euros and include VAT."),
    ("3. Freshness", "We press every lemon by hand. Please keep jugs cool and drink them within a day."),
    ("4. Glasses and jugs", "They are lent, not sold. Bring them back within a week, rinsed or not."),
    ("5. Changing your mind", "Tell us up to two hours before delivery and nothing will be charged."),
    (
        "6. Rain",
        "If it pours, we pour later: the order moves to the next dry day, or you have your money back.",
    ),
)


def terms(out):
    """A heading and a sentence for each."""
    d = document(out, "Terms of our little stand")
    for head, words in TERMS:
        para(d, head, 14, BLUE, True, after=2)
        para(d, words, 12, after=14)
    para(d, WHERE, 10, GREY)
    d.save(f"{out}/terms.docx")


# ---------------- the slides
STYLES = {  # side, size and colour
    "Caption": ("left", 18, "ffffff"),
    "Drink": ("center", 20, "ffffff"),
    "Hours": ("left", 20, "1f4e5f"),
}
SLIDES = (  # the picture, what it shows, and boxes of text: x, y, width, style, lines
    (
        "cover",
        "A sunset over the sea, a glass of lemonade and lemons",
        [(1.5, 13.35, 10, "Caption", ("Lookbook of the summer season", "The Lemon Pier, Saltmere"))],
    ),
    (
        "menu",
        "Three ways to cool down: three glasses of lemonade",
        [
            (1.25, 12.4, 8, "Drink", ("Classic", "sharp, cold, honest")),
            (10, 12.4, 8, "Drink", ("Pink grapefruit", "a little bitter, very pretty")),
            (18.75, 12.4, 8, "Drink", ("Garden mint", "picked this morning")),
        ],
    ),
    (
        "find",
        "Come and sit by the sea: crème brûlée and coffee on a checked cloth",
        [
            (
                15.6,
                7.6,
                11.4,
                "Hours",
                (
                    "Monday to Friday  10:00 – 20:00",
                    "Saturday, Sunday  9:00 – sunset",
                    "",
                    "1 Pier Road, Saltmere",
                    "hello@lemonpier.example",
                ),
            )
        ],
    ),
)
NAMESPACES = {
    "office": "office",
    "style": "style",
    "text": "text",
    "draw": "drawing",
    "svg": "svg-compatible",
    "fo": "xsl-fo-compatible",
}
PRESENTATION = """<?xml version="1.0" encoding="UTF-8"?>
<office:document{namespaces} office:version="1.2"
    office:mimetype="application/vnd.oasis.opendocument.presentation">
  <office:automatic-styles>
    <style:page-layout style:name="L">
      <style:page-layout-properties fo:margin="0cm" fo:page-width="28cm" fo:page-height="15.75cm"/>
    </style:page-layout>
    <style:style style:name="G" style:family="graphic">
      <style:graphic-properties draw:stroke="none" draw:fill="none"/>
    </style:style>
{styles}  </office:automatic-styles>
  <office:master-styles><style:master-page style:name="M" style:page-layout-name="L"/></office:master-styles>
  <office:body>
    <office:presentation>
{pages}    </office:presentation>
  </office:body>
</office:document>
"""
STYLE = """    <style:style style:name="{name}" style:family="paragraph">
      <style:paragraph-properties fo:text-align="{side}"/>
      <style:text-properties fo:font-family="Calibri" fo:font-size="{size}pt" fo:font-weight="bold"
          fo:color="#{color}"/>
    </style:style>
"""
PAGE = """      <draw:page draw:master-page-name="M">
        <draw:frame svg:width="28cm" svg:height="15.75cm">
          <draw:image><office:binary-data>{image}</office:binary-data></draw:image>
          <svg:desc>{alt}</svg:desc>
        </draw:frame>
{boxes}      </draw:page>
"""
BOX = """        <draw:frame draw:style-name="G" svg:x="{x}cm" svg:y="{y}cm" svg:width="{w}cm" svg:height="2cm">
          <draw:text-box>{lines}</draw:text-box>
        </draw:frame>
"""


def slides(out):
    """A flat OpenDocument presentation; every slide is a picture with text over it."""
    styles = pages = ""
    for name, (side, size, color) in STYLES.items():
        styles += STYLE.format(name=name, side=side, size=size, color=color)
    for name, alt, texts in SLIDES:
        with open(f"{out}/{name}.jpg", "rb") as f:
            image = base64.b64encode(f.read()).decode()
        boxes = ""
        for x, y, w, style, rows in texts:
            lines = "".join(f'<text:p text:style-name="{style}">{row}</text:p>' for row in rows)
            boxes += BOX.format(x=x, y=y, w=w, lines=lines)
        pages += PAGE.format(image=image, alt=alt, boxes=boxes)
    namespaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in NAMESPACES.items()
    )
    with open(f"{out}/lookbook.fodp", "w", encoding="utf-8") as f:
        f.write(PRESENTATION.format(namespaces=namespaces, styles=styles, pages=pages))


if __name__ == "__main__":
    out = sys.argv[1]
    pictures(out)
    price_list(out)
    invoice(out)
    terms(out)
    slides(out)
