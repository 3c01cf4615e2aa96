"""The only place of the lesson toolkit that shows anything: accessible HTML in a notebook, plain text elsewhere.

Words carry the meaning, never a colour alone; text and lines take the page's own colour, so that they can be read on a
light and on a dark page.
"""

import sys
from collections.abc import Sequence
from html import escape

_BLOCK = "border-left:4px solid currentColor;padding:0.2em 1em;margin:0.5em 0;max-width:60em"


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code; does not import IPython to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def notice(mark: str, sentences: Sequence[str], *, code: str = "", code_title: str = "") -> None:
    """Show a block: a word in bold, sentences, and perhaps some code or printed lines."""
    if in_notebook():
        _display(
            notice_html(mark, sentences, code=code, code_title=code_title), _text(mark, sentences, code, code_title)
        )
    else:
        print(_text(mark, sentences, code, code_title))


def notice_html(mark: str, sentences: Sequence[str], *, code: str = "", code_title: str = "") -> str:
    """The block of `notice` as HTML."""
    first, *others = [_paragraph(sentence) for sentence in sentences] or [""]
    lines = [f"<p><strong>{escape(mark)}</strong> {first}</p>", *(f"<p>{other}</p>" for other in others)]
    if code_title:
        lines.append(f"<p>{escape(code_title)}</p>")
    if code:
        lines.append(f'<pre style="background:transparent;color:inherit"><code>{escape(code)}</code></pre>')
    return f'<div role="status" style="{_BLOCK}">{"".join(lines)}</div>'


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Show a table with a caption; the first column names its row."""
    text = table_text(caption, header, rows)
    if not in_notebook():
        print(text)
        return
    head = "".join(f'<th scope="col" style="text-align:left">{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(row[0])}</th>'
        + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    caption_html = f'<caption style="text-align:left;color:inherit"><strong>{escape(caption)}</strong></caption>'
    _display(f"<table>{caption_html}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>", text)


def table_text(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as text, columns aligned."""
    widths = [max(len(line[column]) for line in (header, *rows)) for column in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (header, *rows)]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([caption, *(line.rstrip() for line in lines)])


def _paragraph(sentence: str) -> str:
    pieces = escape(sentence).split("`")
    marked = [f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces)]
    return "".join(marked if len(pieces) % 2 else pieces).replace("\n", "<br>")


def _text(mark: str, sentences: Sequence[str], code: str, code_title: str) -> str:
    lines = [" ".join(part for part in (mark, *sentences[:1]) if part), *sentences[1:]]
    if code_title:
        lines.append(code_title)
    if code:
        lines += ["    " + line for line in code.splitlines()]
    return "\n".join(lines)


def _display(html: str, text: str) -> None:
    from IPython.display import display

    display({"text/html": html, "text/plain": text}, raw=True)
