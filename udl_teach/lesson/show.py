"""The only place of the lesson toolkit that shows anything: accessible HTML in a notebook, plain text elsewhere.

One look has one meaning. Words carry it, never a colour alone: each look has a sign besides, and text keeps the page's
own colour, so that it can be read on a light and on a dark page.
"""

import os
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from udl_teach.places import in_notebook

# The sign before the first word, and what tells the block from others; tints this weak suit both themes.
_LOOKS = {
    "plain": ("", "border-left:4px solid rgba(128,128,128,0.6)"),
    "result": ("", "border-left:4px solid #4a7fd0;background:rgba(74,127,208,0.08)"),
    "right": ("✓", "border-left:4px solid #2e9e5b;background:rgba(46,158,91,0.10)"),
    "not yet": ("○", "border-left:4px dashed #d0861a;background:rgba(208,134,26,0.10)"),
    "holds": ("✓", "border-left:1px solid rgba(128,128,128,0.6);font-size:92%"),
    "fails": ("✗", "border:2px solid #d1453b"),
}
_BLOCK = "padding:0.2em 1em;margin:0.5em 0;max-width:60em"
# ipywidgets gives every answer the height of one line; a long one must be free to take two.
_LONG_ANSWERS = (
    "<style>.udl-answers, .udl-answers .widget-radio-box {height:auto;max-width:60em}"
    ".udl-answers label {position:relative;height:auto;line-height:1.5;white-space:normal;"
    "padding:0.15em 0 0.15em 1.7em}"
    ".udl-answers label input {position:absolute;left:0;top:0.15em;margin:0}</style>"
)


# Lines no wider than can be read with ease, broken between words. On a dark page JupyterLab gives a figure with a
# transparent ground a white card; here its lightness is turned about, so that its paper is dark and each hue stays.
_PAGE = (
    "<style>.jp-MarkdownOutput, .jp-RenderedText {max-width: 90ch}"
    ".jp-RenderedText pre {word-break: normal; overflow-wrap: anywhere}"
    "[data-jp-theme-light=false] :is(img.jp-needs-light-background, canvas.udl-chart)"
    "{filter: invert(0.93) hue-rotate(180deg)}</style>"
)


def dress_page() -> None:
    """Fit the page of a notebook to its reader: the width of its text, and its figures on a dark page.

    A figure is sent with white paper and, unless `plots.draw_images` gave it white paper of its own, marked as a
    chart: its lightness may be turned about, which would make a negative of a photograph.
    """
    if not in_notebook():
        return
    import matplotlib
    from IPython import get_ipython
    from matplotlib_inline.config import InlineBackend

    matplotlib.rcParams.update({"figure.facecolor": (1, 1, 1, 0), "savefig.facecolor": "white"})
    InlineBackend.instance(parent=get_ipython()).print_figure_kwargs["facecolor"] = "white"
    _display(_PAGE, "")


class Sentence(ValueError):
    """An error about what a learner typed: a notebook shows its sentence alone, without the lines that led to it."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def notice(mark: str, sentences: Sequence[str], *, look: str = "plain", code: str = "", code_title: str = "") -> None:
    """Show a block.

    Args:
        mark: the first word, in bold.
        sentences: what follows it, a paragraph each.
        look: what kind of block it is: "plain", "result", "right", "not yet", "holds" (of a claim) or "fails".
        code: code or printed lines below.
        code_title: a line above them.
    """
    text = _text(mark, sentences, code, code_title)
    if in_notebook():
        _display(notice_html(mark, sentences, look=look, code=code, code_title=code_title), text)
    else:
        print(text)


def notice_html(
    mark: str, sentences: Sequence[str], *, look: str = "plain", code: str = "", code_title: str = ""
) -> str:
    """The block of `notice` as HTML."""
    first, *others = [_paragraph(sentence) for sentence in sentences] or [""]
    lines = [f"<p>{_marked(mark, look)} {first}</p>", *(f"<p>{other}</p>" for other in others)]
    if code_title:
        lines.append(f"<p>{escape(code_title)}</p>")
    if code:
        lines.append(f'<pre style="background:transparent;color:inherit"><code>{escape(code)}</code></pre>')
    return f'<div role="status" style="{_LOOKS[look][1]};{_BLOCK}">{"".join(lines)}</div>'


def _marked(mark: str, look: str) -> str:
    sign = _LOOKS[look][0]
    hidden = f'<span aria-hidden="true">{sign}</span> ' if sign else ""
    return f"{hidden}<strong>{escape(mark)}</strong>"


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


def choice_form(
    mark: str,
    question: str,
    options: Sequence[str],
    button: str,
    answered: Callable[[int], str],
    *,
    selected: int | None = None,
    note: str = "",
) -> Any:
    """A question with answers to choose from, none chosen at first, a button, and a line for what is said to it.

    Args:
        mark: the word or number in bold before the question.
        question: the question.
        options: the answers.
        button: what the button says.
        answered: takes the place of the chosen answer, counted from 0; returns what is said.
        selected: the place of an answer that was chosen earlier.
        note: what the line says at first.

    Returns:
        A widget.
    """
    import ipywidgets

    radio = ipywidgets.RadioButtons(options=list(options), index=selected, layout=ipywidgets.Layout(width="auto"))
    radio.add_class("udl-answers")
    return _form(mark, question, radio, button, lambda: radio.index, "Choose an answer first.", answered, note)


def number_form(
    mark: str, question: str, wanted: str, button: str, answered: Callable[[str], str], *, note: str = ""
) -> Any:
    """A question with a field for a number; `answered` takes what was typed, and may raise ValueError.

    `wanted` says in words what kind of number; it stands after the question, where there is room for it.
    """
    import ipywidgets

    # A field for text, because a field for numbers starts at 0, which is an answer.
    field = ipywidgets.Text(value="", placeholder="a number", layout=ipywidgets.Layout(width="12em", max_width="100%"))
    question = f"{question} Type {wanted}."
    return _form(
        mark, question, field, button, lambda: field.value.strip() or None, "Type a number first.", answered, note
    )


def status_line(text: str) -> Any:
    """A widget with one line of text that can change; read out by screen readers when it does."""
    import ipywidgets

    line = ipywidgets.HTML()
    set_status(line, text)
    return line


def set_status(line: Any, text: str) -> None:
    """Change the text of a status line."""
    mark, stop, rest = text.partition(". ")
    look = {"Right": "right", "Not yet": "not yet", "Recorded": "result"}.get(mark)
    shown = _paragraph(text) if look is None else f"{_marked(f'{mark}.', look)} {_paragraph(rest)}"
    block = "max-width:60em" if look is None else f"{_LOOKS[look][1]};{_BLOCK}"
    line.value = f'<div role="status" style="line-height:1.5;white-space:normal;{block}">{shown}</div>'


def forms(parts: Sequence[Any], text: str, page: str) -> None:
    """Show widgets one under the other, with a text for readers without a kernel, and HTML for an exported page."""
    import ipywidgets
    from IPython.display import display

    box = ipywidgets.VBox(list(parts))
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    exported = {"text/html": page} if os.environ.get("UDL_TEACH_RECORD") else {}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": text, **exported}, raw=True)


def question_html(mark: str, question: str, options: Sequence[str], answers: Sequence[str] = ()) -> str:
    """A question on a page without a kernel, and its options; each unfolds what is said to it where that is given."""
    shown = [f"<li>{_paragraph(option)}</li>" for option in options]
    if answers:
        pairs = zip(options, answers, strict=True)
        shown = [f"<details><summary>{_paragraph(a)}</summary><p>{_paragraph(b)}</p></details>" for a, b in pairs]
    listed = "".join(shown) if answers else f"<ul>{''.join(shown)}</ul>" if shown else ""
    return f"<p><strong>{escape(mark)}</strong> {_paragraph(question)}</p>{listed}"


def _form(
    mark: str,
    question: str,
    field: Any,
    button: str,
    value: Callable[[], Any],
    missing: str,
    answered: Callable[[Any], str],
    note: str,
) -> Any:
    import ipywidgets

    prompt = ipywidgets.HTML(
        _LONG_ANSWERS + f'<p style="line-height:1.5;white-space:normal;max-width:60em;margin:0.8em 0 0.2em 0">'
        f"<strong>{escape(mark)}</strong> {_paragraph(question)}</p>"
    )
    press = ipywidgets.Button(description=button, layout=ipywidgets.Layout(width="auto", align_self="flex-start"))
    line = status_line(note)

    def pressed(_: Any) -> None:
        chosen = value()
        try:
            set_status(line, missing if chosen is None else answered(chosen))
        except ValueError as problem:
            set_status(line, f"Not yet. {str(problem)[0].upper()}{str(problem)[1:]}")

    press.on_click(pressed)
    return ipywidgets.VBox([prompt, field, press, line])


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
