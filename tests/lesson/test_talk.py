"""Claims, predictions, quizzes and the glossary as plain text: what is said, recorded and refused."""

import json
import math
import re

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from udl_teach.lesson import Question, above, below, between, claim, glossary, outcome, predict, quiz, session
from udl_teach.lesson.glossary import ALIASES, WORDS, look_up
from udl_teach.lesson.predict import Prediction, beside
from udl_teach.lesson.progress import events


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setattr(session, "current", session.Session())
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(tmp_path))
    monkeypatch.delenv("UDL_TEACH_STRICT", raising=False)


def out(capsys):
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize("true", [True, np.True_, np.array(True), torch.tensor(True), torch.tensor([1.0]) > 0])
def test_a_claim_that_holds_is_said_with_its_numbers(true, capsys):
    claim("a is smaller than b", true, a=0.030149, b=np.float32(0.0544), n=1797, who="PCA", t=torch.tensor(2.0))
    assert out(capsys) == "Holds: a is smaller than b (a = 0.03015, b = 0.0544, n = 1797, who = PCA, t = 2)"


def test_a_claim_that_does_not_hold_says_so_and_is_an_error_in_strict_mode(monkeypatch, capsys):
    claim("one is two", 1 == 2)
    assert out(capsys) == "Does not hold here: one is two"
    monkeypatch.setenv("UDL_TEACH_STRICT", "1")
    with pytest.raises(AssertionError, match=r"one is two \(a = 1\)"):
        claim("one is two", np.False_, a=1)
    claim("one is one", True)


def test_a_comparison_shows_its_numbers_and_all_of_them_must_hold(capsys):
    claim("small", below(np.float32(0.25), 0.5), above(torch.tensor(3), 1), between(2, 1.5, 2.5), n=4)
    assert out(capsys) == "Holds: small (0.25 < 0.5, 3 > 1, 2 in 1.5 … 2.5, n = 4)"
    claim("small", below(0.25, 0.5), above(1, 1), between(3, 1.5, 2.5))
    assert out(capsys) == "Does not hold here: small (0.25 < 0.5, 1 ≯ 1, 3 not in 1.5 … 2.5)"
    claim("small", below(0.5, 0.25), True)
    assert out(capsys) == "Does not hold here: small (0.5 ≮ 0.25)"
    claim("no number is small", below(float("nan"), 1), above(float("nan"), 1))
    assert out(capsys).startswith("Does not hold here")


def test_claims_are_written_down_for_make_sturdy(monkeypatch, tmp_path):
    monkeypatch.setenv("UDL_TEACH_CLAIMS", str(tmp_path / "claims"))
    claim("small", below(0.25, 0.5), n=4)
    claim("wrong", False)
    noted = [json.loads(line) for line in (tmp_path / "claims").read_text(encoding="utf-8").splitlines()]
    assert noted == [
        {"sentence": "small", "holds": True, "comparisons": [[0.25, -math.inf, 0.5]]},
        {"sentence": "wrong", "holds": False, "comparisons": []},
    ]


@pytest.mark.parametrize("value", [np.ones(2), "0.5", None, 1j, [1, 2]])
def test_a_comparison_of_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match="^value was .* it must be one real number"):
        below(value, 1)
    with pytest.raises(TypeError, match="^bound was "):
        above(1, value)
    with pytest.raises(TypeError, match="^high was "):
        between(1, 0, value)


def test_a_claim_without_a_condition_is_refused():
    with pytest.raises(TypeError, match="^condition is missing"):
        claim("something")


@pytest.mark.parametrize("condition", [np.array([True, False]), torch.ones(3) > 0, 1, 0.5, None, "yes", [], np.ones(2)])
def test_a_condition_that_is_no_truth_value_is_refused(condition):
    with pytest.raises(TypeError, match="^condition was "):
        claim("something", condition)


OPTIONS = ["it falls", "it rises", "it stays"]


def test_a_choice_is_shown_beside_the_result(capsys):
    asked = predict("02.wider", "What happens to the error?", OPTIONS)
    shown = out(capsys)
    assert all(option in shown for option in OPTIONS)
    assert "You said “it stays”" in asked.answer("it stays")
    assert "You said “it rises”" in asked.answer("it rises")
    outcome("02.wider", "it falls", because="More numbers can say more.")
    shown = out(capsys)
    assert "You said “it rises”; it was “it falls”." in shown and "More numbers can say more." in shown
    asked = predict("02.deeper", "What happens to the error?", OPTIONS)
    asked.answer("it falls")
    outcome("02.deeper", "it falls")
    assert "You said “it falls”, and so it was." in out(capsys)


def test_a_prediction_stands_once_its_result_was_shown(capsys):
    asked = predict("02.wider", "What happens to the error?", OPTIONS)
    asked.answer("it rises")
    outcome("02.wider", "it falls")
    assert "your prediction stands" in asked.answer("it falls")
    out(capsys)
    outcome("02.wider", "it falls")
    assert "You said “it rises”; it was “it falls”." in out(capsys)


@pytest.mark.parametrize("typed", ["85 %", "85%", "85", " 85.0 percent", 85])
def test_a_percentage_is_understood_with_and_without_its_sign(typed):
    asked = predict("02.deep", "How large?", unit="percent")
    assert "You said 85 percent." in asked.answer(typed)
    with pytest.raises(ValueError, match="must be a number"):
        predict("02.error", "How large?", unit="nats").answer("85 %")


def test_a_number_is_shown_with_how_far_off_it_was(capsys):
    asked = predict("02.error", "How large?", unit="a pixel", low=0, high=1)
    assert "a number (a pixel) of at least 0 and at most 1" in out(capsys)
    asked.answer("0,05")
    outcome("02.error", torch.tensor(0.04))
    assert "You said 0.05 a pixel; it was 0.04 a pixel: 0.01 a pixel too high (25% off)." in out(capsys)
    outcome("02.error", np.float64(0.0))
    assert "it was 0 a pixel: 0.05 a pixel too high." in out(capsys)


@pytest.mark.parametrize(
    ("unit", "said", "result", "sentence"),
    [
        # Percentages differ by points, and are not given in percent of one another.
        ("percent", 50, 84.52, "You said 50 percent; it was 84.52 percent: 34.52 percentage points too low."),
        ("percent", 1, 0.00198, "You said 1 percent; it was 0.00198 percent: 0.998 percentage points too high."),
        ("%", 43, 42, "You said 43 %; it was 42 %: 1 percentage point too high."),
        ("percent of that", 30, 13.53,
         "You said 30 percent of that; it was 13.53 percent of that: 16.47 percentage points too high."),
        # One of a thing is in the singular; a share that is no help is left out.
        ("modes", 2, 1, "You said 2 modes; it was 1 mode: 1 mode too high."),
        ("modes", 1, 0, "You said 1 mode; it was 0 modes: 1 mode too high."),
        ("modes", 0, 4, "You said 0 modes; it was 4 modes: 4 modes too low."),
        ("modes", 3, 4, "You said 3 modes; it was 4 modes: 1 mode too low (25% off)."),
        ("modes", 8, 8.0, "You said 8 modes, and so it was."),
        ("images a second", 1, 12, "You said 1 image a second; it was 12 images a second: 11 images a second too low "
         "(92% off)."),
        ("batches", 1, 3, "You said 1 batch; it was 3 batches: 2 batches too low (67% off)."),
        ("classes", 1, 1, "You said 1 class, and so it was."),
        ("nats", 1, 1e-7, "You said 1 nat; it was 1e-07 nats: 1 nat too high."),
        # What would be read as a factor is a bare number.
        ("times", 50, 99, "You said 50 times; it was 99 times: 49 too low (49% off)."),
        ("of six", 3, 5, "You said 3 of six; it was 5 of six: 2 too low (40% off)."),
        ("", -2, -1.5, "You said -2; it was -1.5: 0.5 too low (33% off)."),
        ("", 10_000, 12_345.6, "You said 10000; it was 12346: 2346 too low (19% off)."),
        ("", 99, 99.00001, "You said 99, and so it was."),
        ("", 1000, 1001, "You said 1000; it was 1001: 1 too low (less than 1% off)."),
    ],
)  # fmt: skip
def test_how_far_off_a_number_was_is_said_so_that_it_helps(unit, said, result, sentence, capsys):
    predict("02.error", "How large?", unit=unit).answer(said)
    out(capsys)
    outcome("02.error", result)
    assert out(capsys) == f"Outcome. {sentence}"


SIZES = st.floats(-1e9, 1e9).filter(lambda number: number == 0 or abs(number) > 1e-9)


@given(said=SIZES, result=SIZES, unit=st.sampled_from(["", "modes", "percent", "times", "nats", "%"]))
@example(said=1.0996, result=0.0, unit="modes")
def test_every_difference_is_that_of_the_numbers_as_they_are_shown(said, result, unit):
    sentence = beside(Prediction("02.error", "How large?", unit=unit), said, result)
    assert not re.search(r"(?<![\d.])1 (modes|times|nats|percentage points)|\d{3}% off|\(0% off", sentence), sentence
    shown = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", sentence)]
    if "so it was" in sentence:
        assert result == pytest.approx(said, rel=1e-3)
        return
    assert shown[0] == pytest.approx(said, rel=1e-3) and shown[1] == pytest.approx(result, rel=1e-3)
    assert abs(shown[0] - shown[1]) == pytest.approx(shown[2], rel=1e-3)
    assert ("too high" in sentence) == (said > result)
    if unit in ("percent", "%"):
        assert "percentage point" in sentence and "off)" not in sentence


def test_without_a_prediction_there_is_only_the_result(capsys):
    predict("02.wider", "What happens?", OPTIONS)
    predict("02.error", "How large?", unit="nats")
    out(capsys)
    outcome("02.wider", "it falls")
    assert out(capsys) == "Outcome. It was “it falls”."
    outcome("02.error", 3)
    assert out(capsys) == "Outcome. It was 3 nats."
    outcome("never.asked", 2.5)
    outcome("never.asked either", "it falls")
    assert out(capsys) == "Outcome. It was 2.5.\nOutcome. It was “it falls”."
    assert events() == []


def test_any_order_and_any_number_of_runs_will_do(capsys):
    asked = predict("02.wider", "What happens?", OPTIONS)
    outcome("02.wider", "it falls")
    # The cells were run first, the answer is given afterwards.
    assert "You said “it stays”; it was “it falls”." in asked.answer("it stays")
    for _ in range(2):
        predict("02.wider", "What happens?", OPTIONS)
        outcome("02.wider", "it falls")
    assert out(capsys).count("You said “it stays”; it was “it falls”.") == 2


def test_a_prediction_of_an_earlier_sitting_is_remembered(capsys, monkeypatch):
    predict("02.wider", "What happens?", OPTIONS).answer("it stays")
    predict("02.error", "How large?").answer(4)
    monkeypatch.setattr(session, "current", session.Session())
    predict("02.wider", "What happens?", OPTIONS)
    predict("02.error", "How large?")
    out(capsys)
    outcome("02.wider", "it falls")
    outcome("02.error", 5)
    shown = out(capsys)
    assert "You said “it stays”" in shown and "You said 4; it was 5: 1 too low (20% off)." in shown


def test_a_question_that_was_changed_forgets_the_old_answer(capsys):
    predict("02.wider", "What happens?", OPTIONS).answer("it stays")
    predict("02.wider", "What happens?", ["up", "down"])
    outcome("02.wider", "up")
    assert "You said" not in out(capsys)


def test_wrong_answers_to_a_prediction_are_refused():
    with pytest.raises(ValueError, match="one of 'it falls', 'it rises', 'it stays'"):
        predict("a", "What?", OPTIONS).answer("no")
    with pytest.raises(ValueError, match="of at least 0 and at most 1"):
        predict("b", "What?", low=0, high=1).answer(2)
    for value in ("many", None, float("nan"), "inf", [1, 2], True):
        with pytest.raises(ValueError, match="must be a number"):
            predict("c", "What?").answer(value)
    with pytest.raises(ValueError, match="one of 'it falls'"):
        outcome("a", "it explodes")
    with pytest.raises(ValueError, match="finite number"):
        outcome("c", "much")
    for options in (["one"], ["a", "a"]):
        with pytest.raises(ValueError, match="at least two, all different"):
            predict("d", "What?", options)


QUESTIONS = [
    Question(f"Question {n}?", [("yes", True, f"Yes, because {n}."), ("no", False, f"No, though {n}.")])
    for n in range(4)
]


def test_a_quiz_explains_every_answer_and_counts_first_tries(capsys):
    asked = quiz("02.check", QUESTIONS)
    shown = out(capsys)
    assert "1. Question 0?" in shown and "   2) no" in shown and "because" not in shown
    assert asked.score == "4 questions, none answered yet."
    assert asked.answer(1, 2) == "Not yet. No, though 0."
    assert asked.answer(1, 1) == "Right. Yes, because 0."
    assert asked.answer(2, 1) == "Right. Yes, because 1."
    assert asked.score == "2 of 4 answered, 1 right at the first try."
    asked.answer(3, 1)
    asked.answer(4, 1)
    assert asked.score == "4 of 4 answered, 3 right at the first try. That was the last one."
    assert [event["right"] for event in events()] == [False, True, True, True, True]


def test_a_quiz_that_could_not_be_answered_is_refused():
    asked = quiz("02.check", QUESTIONS)
    for question, option in ((0, 1), (5, 1), (1, 3), (1, 0), ("1", 1)):
        with pytest.raises(ValueError, match="must be a whole number from 1 to"):
            asked.answer(question, option)
    for many in (0, 3, 7):
        with pytest.raises(ValueError, match="four to six"):
            quiz("x", QUESTIONS[:1] * many)
    for options in ([("a", True, "x")], [("a", False, "x"), ("b", False, "y")], [("a", True, "x"), ("a", False, "y")]):
        with pytest.raises(ValueError, match="two or more different answers"):
            Question("Why?", options)
    with pytest.raises(ValueError, match="needs an explanation"):
        Question("Why?", [("a", True, " "), ("b", False, "y")])


@pytest.mark.parametrize("word", ["elbo", "ELBO", "Evidence lower bound", " elbo ", "ELBOs"])
def test_a_word_is_found_however_it_is_written(word, capsys):
    glossary(word)
    assert out(capsys) == f"ELBO. {WORDS['ELBO']}"


def test_plurals_hyphens_and_aliases():
    assert look_up("autoencoders") == "autoencoder" and look_up("latent-space") == "latent space"
    assert look_up("k means") == "k-means" and look_up("mse") == "mean squared error"
    assert look_up("self_organizing map") == "self-organizing map" and look_up("loss") == "loss"


def test_an_unknown_word_gets_words_that_look_like_it():
    with pytest.raises(ValueError, match="did you mean 'bottleneck'"):
        glossary("bottlenek")
    with pytest.raises(ValueError, match="lists all its words"):
        glossary("xyzzy")


def test_the_glossary_is_in_order_and_short(capsys):
    assert list(WORDS) == sorted(WORDS, key=str.casefold) and len(WORDS) >= 60
    assert set(ALIASES.values()) <= set(WORDS) and not set(ALIASES) & {word.casefold() for word in WORDS}
    for word, text in WORDS.items():
        assert text.endswith(".") and len(text) < 330, word
    glossary()
    assert "bottleneck, capacity, centring" in out(capsys)


@pytest.mark.parametrize(("asked", "threads"), [(None, 1), ("2", 2)])
def test_a_lesson_keeps_to_one_thread_unless_told_otherwise(asked, threads, monkeypatch):
    before = torch.get_num_threads()
    if asked is None:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    else:
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
    torch.set_num_threads(2)
    session.begin("00")
    now = torch.get_num_threads()
    torch.set_num_threads(before)
    assert now == threads
