"""A budget as one page of HTML: nothing is fetched, nothing runs, and it prints on A4."""

from collections.abc import Iterator
from fractions import Fraction
from html import escape
from typing import Final

from calc.present.data.budget import Cell, Heading, Sheet
from calc.present.data.budget_documents import Report
from calc.present.language import Language
from calc.present.look import Look
from calc.present.safe import visible
from calc.present.views.budget import has_keys, headlines, shares_of, unit_of

_STYLE: Final = """
:root { color-scheme: light; --ink: #1b2330; --dim: #667085; --line: #d9dee7; --bar: #2f6f9f;
  --more: #2e7d4f; --less: #b3403a; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem; color: var(--ink); background: #fff;
  font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .75rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h2 small { font-weight: normal; color: var(--dim); }
.headlines p { margin: .15rem 0; font-size: 1.15rem; font-weight: 600; }
.lines, .note, footer { color: var(--dim); font-size: .87rem; }
.lines p, .note { margin: .25rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--dim); }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; white-space: pre; }
.key { white-space: nowrap; color: var(--bar); }
.more { color: var(--more); } .less { color: var(--less); }
.bar { width: 11rem; } .bar svg { display: block; width: 10rem; height: .8rem; margin-top: .35rem; }
@page { size: A4; margin: 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  h2 { break-after: avoid; } section, tr { break-inside: avoid; } thead { display: table-header-group; }
  .scroll { overflow: visible; } th, td { padding: .18rem .4rem; }
  .bar { width: 6.5rem; } .bar svg { width: 6rem; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
_FULL: Final = 1000
"""The width of a drawing, in its own units."""


def budget_html(report: Report, speech: Language, *, in_yuan: bool) -> str:
    """The whole page."""
    look = Look(speech, in_yuan, 0)
    return "\n".join(_page(report, look)) + "\n"


def _page(report: Report, look: Look) -> Iterator[str]:
    lang = {"zh": "zh-CN", "en": "en"}[look.speech.code]
    yield "<!doctype html>"
    yield f'<html lang="{lang}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(report.title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{_text(report.title)}</h1>"
    yield f'<div class="headlines">{_paragraphs(headlines(report, look))}</div>'
    yield f'<div class="lines">{_paragraphs(report.lines)}</div>'
    for sheet in report.sheets:
        yield from _section(sheet, look)
    yield f"<footer><h2>{_text(look.speech.say('Bear in mind'))}</h2>{_paragraphs(report.notes)}</footer>"
    yield "</body></html>"


def _paragraphs(texts: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<p>{_text(one)}</p>" for one in texts)


def _section(sheet: Sheet, look: Look) -> Iterator[str]:
    unit = unit_of(sheet, look)
    behind = f" <small>{_text(look.speech.say(' ({unit})', unit=unit).strip())}</small>" if unit else ""
    shown = [place for place, one in enumerate(sheet.columns) if not one.is_detail]
    shares = shares_of(sheet)
    heads = "".join(_head(sheet.columns[place]) for place in shown)
    columns = [_cells(sheet, place, look) for place in shown]
    if any(shares):
        heads += "<th></th>"
        columns.append([f'<td class="bar">{_bar(share, sheet)}</td>' for share in shares])
    yield f'<section><h2>{_text(sheet.title)}{behind}</h2><div class="scroll"><table>'
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in zip(*columns, strict=True):
        yield f"<tr>{''.join(row)}</tr>"
    note = f'<p class="note">{_text(sheet.note)}</p>' if sheet.note else ""
    yield f"</tbody></table></div>{note}</section>"


def _head(column: Heading) -> str:
    style = "" if column.kind == "text" else ' class="number"'
    return f"<th{style}>{_text(column.title)}</th>"


def _cells(sheet: Sheet, place: int, look: Look) -> list[str]:
    cells = [row[place] for row in sheet.rows]
    match sheet.columns[place].kind:
        case "text":
            style = ' class="key"' if place == 0 and has_keys(sheet) else ""
            return [f"<td{style}>{_text(cell or '')}</td>" for cell in cells]
        case "count":
            return [f'<td class="number">{"" if cell is None else f"{cell:,}"}</td>' for cell in cells]
        case kind:
            texts = [_spaced(one.plain) for one in look.sums(cells)]
            pairs = zip(cells, texts, strict=True)
            return [_sum(cell, text, is_change=kind == "change") for cell, text in pairs]


def _sum(cell: Cell, text: str, *, is_change: bool) -> str:
    if not is_change or not isinstance(cell, int) or not cell:
        return f'<td class="number">{text}</td>'
    return f'<td class="number {"more" if cell > 0 else "less"}">{"+" if cell > 0 else ""}{text}</td>'


def _spaced(text: str) -> str:
    """A sum whose padding is as wide as a point and digits, so that decimal points stand below each other."""
    number = text.rstrip(" ")
    missing = len(text) - len(number)
    return number + ("\u2008" + "\u2007" * (missing - 1) if missing else "")


def _bar(share: Fraction, sheet: Sheet) -> str:
    width = max(round(abs(share) * _FULL), 2) if share else 0
    colour = "var(--bar)" if sheet.bar != "change" else "var(--more)" if share > 0 else "var(--less)"
    return (
        f'<svg viewBox="0 0 {_FULL} 80" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{width}" height="80" fill="{colour}"/></svg>'
    )


def _text(text: object) -> str:
    return escape(visible(str(text)))
