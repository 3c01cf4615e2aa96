"""The exported page of a lesson: all of it, nothing from outside, and formulas that a browser shows by itself."""

import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat import v4

from udl_teach.page import formula, page
from udl_teach.places import lessons


class Reader(HTMLParser):
    """Collects what a page would fetch, the text outside of code, and the text of its formulas."""

    def __init__(self, html):
        super().__init__()
        self.fetched, self.prose, self.formulas, self.open = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "img", "br", "hr", "input", "link"):
            self.open.append(tag)
        attributes = dict(attributes)
        address = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
        if address and not address.startswith("data:"):
            self.fetched.append(address)

    def handle_endtag(self, tag):
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, text):
        if "math" in self.open:
            self.formulas.append(text)
        elif not {"pre", "code", "style", "script"} & set(self.open):
            self.prose.append(text)


@pytest.mark.parametrize("path", lessons(solution=True), ids=lambda path: path.stem)
def test_every_lesson_is_readable_without_a_network(path):
    found = Reader(page(nbformat.read(path, as_version=4), path.stem))
    assert found.fetched == []
    assert not re.search(r"\\[A-Za-z]|[$&]|\\\\", "".join(found.formulas)), "a formula was not understood"
    assert not re.search(r"\$[^$]*\$|\\\\[A-Za-z]+\\{", "".join(found.prose))


def test_aligned_lines_and_the_place_of_a_minimum_are_formulas():
    assert "mtable" in formula(r"\begin{aligned} a &= b \\\\ &= c \end{aligned}", block=True)
    assert "arg" in formula(r"\arg\min_k x", block=False) and "\\" not in formula(r"\arg\min_k x", block=False)


def test_folded_cells_stay_folded_and_the_title_is_the_lessons():
    folded = v4.new_code_cell(
        "#@title Claim, checked here: run this cell\nclaim()", metadata={"jupyter": {"source_hidden": True}}
    )
    shown = page(
        v4.new_notebook(cells=[v4.new_markdown_cell("# 99 · A lesson"), folded, v4.new_code_cell("seen()")]), "x"
    )
    assert "<title>99 · A lesson</title>" in shown
    assert re.search(
        r"<details class=\"folded\"><summary>Claim, checked here</summary>(?:(?!</details>).)*claim", shown, re.DOTALL
    )
    assert "seen" in shown.split("</details>")[-1]
