"""The toolkit in a notebook: what a real kernel shows, and widgets that answer when their buttons are pressed."""

import os
import re
from html.parser import HTMLParser

import pytest

from udl_teach.lesson import Question, outcome, predict, quiz, session, show
from udl_teach.lesson.progress import events

# ipywidgets 7 under a newer ipykernel.
pytestmark = pytest.mark.filterwarnings("ignore:The `ipykernel.comm.Comm`:DeprecationWarning")

CELLS = [
    'from udl_teach import lesson\nfrom udl_teach.lesson import *\nimport numpy as np\nlesson.begin("00")',
    "def centre(x):\n    mean = x.mean(axis=0)\n    return x - mena",
    'centre = check("00.1", centre)\ngrade("00.1")',
    "def centre(x):\n    exit()",
    'centre = check("00.1", centre)\ngrade("00.1")',
    "np = 3\ndef centre(x):\n    return x - np.mean(x, axis=0)",
    'centre = check("00.1", centre)\ngrade("00.1")',
    'hint("00.1")',
    'predict("00.q", "Which <one>?", ["a & b", "c"])',
    'outcome("00.q", "c")',
    'quiz("00.quiz", [Question("Why `x`?", [("so", True, "Yes."), ("no", False, "No.")])] * 4)',
    'claim("one < two", 1 < 2, one=1)',
    "progress()\nglossary('elbo')",
    'comparison([dict(method="PCA", dimensions=2, error=0.05, nmi=0.5, purity=0.5, probe=0.5, can_sample=False,'
    " seconds=1.0)])",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "from udl_teach import plots\nplots.draw_images(plt.subplots(1, 2)[1][0], [[[0.0, 1.0]]])\nplt.show()",
    "from udl_teach import fit\nfrom udl_teach.models import Autoencoder\n"
    "history = fit(Autoencoder(2, 1), [[0.0, 1.0]] * 4, epochs=3)",
    "def centre(x:\n    return x",
    'centre = check("00.1", centre)\ngrade("00.1")',
    "glossary('bottelneck')",
]
CHART, PICTURE, BAR = 14, 15, 16
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setattr(session, "current", session.Session())
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(tmp_path))
    monkeypatch.delenv("UDL_TEACH_STRICT", raising=False)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The outputs of CELLS, each a list of (kind, data by type), run in a kernel of their own."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    environment = {**os.environ, "UDL_TEACH_PROGRESS_DIR": str(tmp_path_factory.mktemp("progress"))}
    environment.pop("UDL_TEACH_STRICT", None)
    for place in (-3, -1):
        notebook.cells[place].metadata.tags = ["raises-exception"]
    NotebookClient(notebook, timeout=60).execute(env=environment)
    return [
        [
            (
                output.output_type,
                output.get("data", {"text/plain": "\n".join(output.get("traceback", []))})
                | ({"metadata": output.metadata} if output.get("metadata") else {}),
            )
            for output in cell.outputs
        ]
        for cell in notebook.cells
    ]


def shown(outputs, place, kind="text/html"):
    return "\n".join(data[kind] for _, data in outputs[place] if kind in data)


def test_an_error_names_the_line_of_the_cell(outputs):
    html = shown(outputs, 2)
    assert "NameError" in html and "line 3 of your code: <code>return x - mena</code>" in html
    assert "<strong>Not yet.</strong>" in html and 'role="status"' in html


def test_a_grade_is_text_that_reads_as_a_number(outputs):
    results = [[data for kind, data in outputs[place] if kind == "execute_result"] for place in (2, 4, 6)]
    assert [[float(data["text/plain"]) for data in result] for result in results] == [[0.0], [0.0], [1.0]]
    assert "1 of 1 point." in results[2][0]["text/html"]


def test_a_syntax_error_in_the_last_version_is_said_by_the_check(outputs):
    assert "Your last <code>centre</code> has a syntax error in line 1" in shown(outputs, -2)


def test_a_word_that_the_glossary_lacks_is_answered_without_a_traceback(outputs):
    assert (
        shown(outputs, -1, "text/plain")
        == "word was 'bottelneck'; the glossary does not have it: did you mean 'bottleneck'?"
    )


def test_a_chart_may_be_turned_dark_and_a_picture_stays_as_it_is(outputs):
    assert [data.get("metadata") for _, data in outputs[CHART]][-1:] == [{"needs_background": "light"}]
    assert len(outputs[PICTURE]) == 1 and "metadata" not in outputs[PICTURE][0][1]
    assert "jp-needs-light-background" in shown(outputs, 0)


def test_a_bar_is_one_text_that_ends_full_and_no_widget(outputs):
    ((kind, data),) = outputs[BAR]
    assert kind == "display_data" and set(data) == {"text/plain"} and "3 of 3 epochs" in data["text/plain"]


def test_exit_in_an_answer_leaves_the_kernel_alive(outputs):
    assert "exit()" in shown(outputs, 4) and "<strong>Right.</strong>" in shown(outputs, 6)


def test_forms_are_widgets_with_a_text_beside_them_and_print_nothing_else(outputs):
    for place, text in ((8, "Which <one>?"), (10, "1. Why `x`?")):
        [(kind, data)] = outputs[place]
        assert kind == "display_data" and set(data) == {WIDGET, "text/plain"}
        assert text in data["text/plain"]


def test_every_block_has_html_and_the_same_as_text(outputs):
    for place in (2, 4, 6, 7, 9, 11, 12, 13):
        for kind, data in outputs[place]:
            assert kind in ("display_data", "execute_result")
            assert set(data) == {"text/html", "text/plain"}
    assert "one &lt; two (one = 1)" in shown(outputs, 11)
    assert '<th scope="col"' in shown(outputs, 13) and "<caption" in shown(outputs, 13)


class Balance(HTMLParser):
    """Fails on a tag that is not closed."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_html_is_whole_and_its_text_has_the_colour_of_the_page(outputs):
    for place in range(len(CELLS)):
        html = shown(outputs, place)
        parser = Balance()
        parser.feed(html)
        assert parser.open == []
        assert set(re.findall(r'(?<![-\w])color:([^;"]+)', html)) <= {"inherit"}
        assert "<script" not in html


def test_what_learners_write_is_text_and_never_markup():
    html = show.notice_html("<b>", ["<script>alert(1)</script> `a < b`"], code="<img>")
    assert "<script>" not in html and "<img>" not in html and "<code>a &lt; b</code>" in html


@pytest.fixture
def page(monkeypatch):
    """A notebook's page without a kernel: what is displayed is kept, widgets can be pressed."""
    import IPython.display
    import ipywidgets

    boxes, displayed = [], []

    class Box(ipywidgets.VBox):
        def __init__(self, children, **options):
            super().__init__(children, **options)
            boxes.append(self)

    monkeypatch.setattr(show, "in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: displayed.append(data))
    monkeypatch.setattr(ipywidgets, "VBox", Box)
    return boxes


def parts(form):
    prompt, field, button, line = form.children
    return field, button, line


def test_a_prediction_is_recorded_by_its_button(page):
    predict("02.wider", "What happens?", ["it falls", "it rises"])
    field, button, line = parts(page[-1].children[0])
    assert field.value is None
    button.click()
    assert "Choose an answer first." in line.value and events() == []
    field.value = "it rises"
    button.click()
    assert "You said “it rises”" in line.value and 'role="status"' in line.value
    assert [(event["key"], event["said"]) for event in events()] == [("02.wider", "it rises")]
    outcome("02.wider", "it falls")
    field.value = "it falls"
    button.click()
    assert "your prediction stands" in line.value
    predict("02.wider", "What happens?", ["it falls", "it rises"])
    field, button, line = parts(page[-1].children[0])
    assert field.value == "it rises" and "Earlier you said" in line.value


def test_a_number_is_typed_and_recorded(page):
    predict("02.error", "How large?", unit="images a second", low=0, high=1)
    prompt = page[-1].children[0].children[0]
    field, button, line = parts(page[-1].children[0])
    # A long unit would be cut off inside the box.
    assert "a number (images a second) of at least 0 and at most 1." in prompt.value and field.placeholder == "a number"
    button.click()
    assert "Type a number first." in line.value
    for typed in ("many", "7", "nan"):
        field.value = typed
        button.click()
        assert "Not yet." in line.value and "at most 1" in line.value
    assert events() == []
    field.value = "0,25"
    button.click()
    assert "You said 0.25" in line.value
    assert [event["said"] for event in events()] == [0.25]


def test_every_question_of_a_quiz_has_its_own_button_and_the_score_follows(page):
    questions = [Question(f"Q{n}?", [("yes", True, f"Yes {n}."), ("no", False, f"No {n}.")]) for n in range(4)]
    quiz("02.quiz", questions)
    *forms, score = page[-1].children
    assert "none answered yet" in score.value
    names = [parts(form)[1].description for form in forms]
    assert len(set(names)) == 4
    for number, form in enumerate(forms):
        field, button, line = parts(form)
        assert field.value is None
        field.value = "no" if number == 2 else "yes"
        button.click()
        assert ("No 2." if number == 2 else f"Yes {number}.") in line.value
        assert ("Not yet." if number == 2 else "Right.") in line.value
    assert "4 of 4 answered, 3 right at the first try." in score.value
