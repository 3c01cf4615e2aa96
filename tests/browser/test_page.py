"""An exported page in a browser without a network: nothing is asked for, formulas are drawn, a recording plays."""

import nbformat
import pytest
from nbformat import v4

from udl_teach.running import run_notebook, write_run

CELLS = [
    v4.new_markdown_cell(
        "# 99 · A page\n\nInline $x_i^2$ and\n\n$$\\sum_i \\frac{x_i}{n} \\leq \\operatorname{max}_i x_i$$"
    ),
    v4.new_code_cell("from udl_teach import play\nfrom udl_teach.lesson import *"),
    v4.new_code_cell('predict("99.q", "Which one?", ["the first", "the second"])'),
    v4.new_code_cell(
        'quiz("99.quiz", [Question("Why?", [("so", True, "Because."), ("no", False, "It is not.")])] * 4)'
    ),
    v4.new_code_cell("play.kmeans_steps()"),
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    nbformat.write(v4.new_notebook(cells=CELLS), folder / "a.ipynb")
    result = run_notebook(
        folder / "a.ipynb", environment={"UDL_TEACH_RECORD": "1", "UDL_TEACH_PROGRESS_DIR": str(folder)}
    )
    assert result.error is None
    return write_run(result, "a", folder / "out")[1]


def test_a_page_needs_no_network(exported, browser):
    page = browser.new_page(viewport={"width": 1920, "height": 1000})
    asked, problems = [], []
    page.route("**/*", lambda route: route.continue_() if route.request.url == exported.as_uri() else route.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(error.message))
    page.goto(exported.as_uri())
    assert [url for url in asked if not url.startswith(("data:", "blob:", exported.as_uri()))] == [] and problems == []
    box = page.locator("math[display=block]").bounding_box()
    assert box["height"] > 20, "the formula has height, so the browser has drawn it"
    assert page.locator("main").bounding_box()["width"] < 1000
    assert page.get_by_text("the second", exact=True).is_visible()
    answer = page.get_by_text("Right. Because.").first
    assert not answer.is_visible()
    page.get_by_text("so", exact=True).first.click()
    assert answer.is_visible()
    page.close()
