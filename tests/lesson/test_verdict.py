"""Whatever a learner's function does, the check says one useful thing and the lesson goes on."""

import functools
import signal
import sys
import threading
import time
import types
import warnings

import numpy as np
import pytest
import torch

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.sandbox import TimeUp, time_limit
from udl_teach.lesson.values import changed, close, copied
from udl_teach.lesson.verdict import NOT_ATTEMPTED, RAISES, RIGHT, WRONG, verdict_on

CENTRE = exercise("00.1")


def in_notebook(source, **names):
    """The function `f` as a notebook's cell would define it, among other names."""
    space = {"np": np, "torch": torch, **names}
    exec(compile(source, "<a cell>", "exec"), space)
    return space["f"]


def made(solution, arguments, judge=None, **options):
    """An exercise for a test, with three mistakes that nobody makes."""
    mistakes = tuple(Mistake(lambda *a, i=i: f"odd {i}", f"odd hint {i}", f"odd {i}") for i in range(3))
    return Exercise("99.1", "Test", solution, arguments, mistakes, ("think",), judge, **options)


def squares(x):
    return (x**2).sum(axis=1)


SQUARES = made(squares, lambda rng: (rng.normal(size=(6, 4)),))


def says(exercise, function, *parts, status=WRONG):
    verdict = verdict_on(exercise, function, seed=0, seconds=5.0)
    assert verdict.status == status, verdict
    for part in parts:
        assert part in verdict.sentence, verdict.sentence
    return verdict


def test_numbers_of_any_kind_agree_but_not_of_another_shape():
    right = [
        squares,
        lambda x: squares(x).astype(np.float32),
        lambda x: torch.from_numpy(squares(x)).float().requires_grad_(),
    ]
    for function in right:
        assert verdict_on(SQUARES, lambda x, function=function: function(x)).status == RIGHT
    says(SQUARES, lambda x: squares(x)[:, None], "(6, 1)", "(6,)", "The values are right")
    says(SQUARES, lambda x: squares(x).sum(), "a single number", "(6,)")


def test_a_list_of_the_right_numbers_is_told_how_to_become_an_array():
    verdict = says(SQUARES, lambda x: squares(x).tolist(), "is a list; the lesson needs an array", "np.array(...)")
    assert verdict.mistake == "a list in place of an array"
    says(SQUARES, lambda x: tuple(squares(x)), "is a tuple; the lesson needs an array")
    tensors = made(lambda x: x.sum(dim=1), lambda rng: (torch.from_numpy(rng.normal(size=(3, 2))),))
    says(tensors, lambda x: x.sum(dim=1).tolist(), "the lesson needs a tensor", "torch.tensor(...)")
    says(tensors, lambda x: [row.sum() for row in x], "the lesson needs a tensor", "torch.stack(...)")
    pair = made(lambda x: (x.min(axis=0), x.max(axis=0)), lambda rng: (rng.normal(size=(5, 2)),))
    says(pair, lambda x: (x.min(axis=0), list(x.max(axis=0))), "Result 2 of 2 is a list")
    assert verdict_on(pair, lambda x: [x.min(axis=0), x.max(axis=0)]).status == RIGHT
    lists = made(lambda x: [1.0, 2.0], lambda rng: (rng.normal(size=3),))
    assert verdict_on(lists, lambda x: [1.0, 2.0]).status == RIGHT


def test_a_list_of_wrong_numbers_is_told_what_is_wrong_with_the_numbers():
    assert verdict_on(CENTRE, lambda x: (x - np.mean(x)).tolist()).mistake == "one grand mean"
    says(SQUARES, lambda x: (-squares(x)).tolist(), "wrong sign")


def test_wrong_results_are_told_apart():
    says(SQUARES, lambda x: None, "returns None", "`return`")
    says(SQUARES, lambda x: "text", "str", "numbers of shape (6,)")
    says(SQUARES, lambda x: (x**2).mean(axis=1), "4 times too small, whatever the input")
    says(SQUARES, lambda x: -squares(x), "wrong sign")
    says(SQUARES, lambda x: squares(x) * np.nan, "6 values that are not finite")
    says(SQUARES, lambda x: squares(x)[::-1], "another order")
    says(SQUARES, lambda x: squares(x) + 0.5, "same amount", "+0.5")
    says(SQUARES, lambda x: np.sqrt(squares(x)), "The shape is right, the values are not")
    says(CENTRE, lambda x: (x - x.mean(axis=0)).T, "rows and columns are swapped")
    varying = made(lambda x: (x**2).sum(), lambda rng: (rng.normal(size=(rng.integers(5, 50), 3)),))
    says(varying, lambda x: (x**2).sum(axis=1).mean(), "the size of axis 0 of argument 1")
    pair = made(lambda x: (x.min(), x.max()), lambda rng: (rng.normal(size=5),))
    says(pair, lambda x: x.min(), "it must return 2")
    says(pair, lambda x: (x.min(), x.max() + 1), "Result 2 of 2")


def test_a_mistake_is_named():
    verdict = says(CENTRE, lambda x: x - np.mean(x), "one mean over everything")
    assert verdict.mistake == "one grand mean"


def test_a_mistake_that_raises_is_named_too():
    verdict = says(CENTRE, lambda x: x - x.mean(axis=1), "broadcast", "one number a sample", status=RAISES)
    assert verdict.mistake == "mean over the wrong axis shapes do not fit"


def test_an_error_comes_with_the_learners_own_line():
    f = in_notebook("def helper(x):\n    return x + missing\n\ndef f(x):\n    y = 1\n    return helper(x)\n")
    verdict = says(CENTRE, f, "NameError: name 'missing' is not defined", status=RAISES)
    assert verdict.line == 2

    def inside_numpy(x):
        return np.linalg.inv(x[0])

    verdict = says(CENTRE, inside_numpy, "LinAlgError", status=RAISES)
    assert verdict.line_text == "return np.linalg.inv(x[0])"


def test_a_half_finished_answer_is_told_what_is_left():
    says(CENTRE, lambda x: x - (... + 1), "still a `...`", status=RAISES)
    assert verdict_on(CENTRE, lambda x: (x, ...)).status == NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("def f(x):\n    return f(x)", "calls itself without end"),
        ("def f(x):\n    exit()", "exit()"),
        ("def f(x):\n    raise SystemExit(3)", "exit()"),
        ("def f(x):\n    raise BaseException('odd')", "BaseException: odd"),
        ("def f(x):\n    return 1 / 0", "ZeroDivisionError: division by zero"),
        ("def f(x):\n    raise KeyError('a' * 10**6)", "KeyError"),
    ],
)
def test_nothing_gets_out_of_a_function(source, part):
    verdict = says(CENTRE, in_notebook(source), part, status=RAISES)
    assert len(verdict.sentence) < 1000 and "Traceback" not in verdict.sentence


def test_an_interrupt_goes_through():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verdict_on(CENTRE, interrupted)


LOOPS = [
    "while True: pass",
    "while True:\n  try: g = 1\n  except: pass",
    "while True:\n  try: time.sleep(0.01)\n  except: pass",
    "while True: print('more')",
]
LOOPS = ["import time\ndef f(x):\n " + loop.replace("\n", "\n ") for loop in LOOPS]


@pytest.mark.parametrize("source", LOOPS)
def test_an_endless_loop_is_stopped_with_a_sentence(source):
    tracing, handler = sys.gettrace(), signal.getsignal(signal.SIGALRM)
    verdict = verdict_on(CENTRE, in_notebook(source), seconds=0.3)
    assert verdict.status == RAISES
    assert "did not come to an end within 0.3 seconds" in verdict.sentence
    assert verdict.line >= 3
    assert sys.gettrace() is tracing
    assert signal.getsignal(signal.SIGALRM) is handler and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_time_is_for_all_calls_together():
    clock = {"calls": 0}

    def slow(x):
        clock["calls"] += 1
        until = time.monotonic() + 0.08
        while time.monotonic() < until:
            pass
        return x - x.mean(axis=0)

    assert verdict_on(CENTRE, slow, seconds=0.3).status == RAISES
    assert clock["calls"] < 8


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN])
def test_where_there_is_no_alarm_a_thread_stops_the_loop(monkeypatch, handler):
    monkeypatch.delattr(signal, "setitimer")
    before, usual = threading.active_count(), signal.signal(signal.SIGINT, handler)
    try:
        verdict = verdict_on(CENTRE, in_notebook(LOOPS[0]), seconds=0.3)
        assert verdict.status == RAISES and "did not come to an end" in verdict.sentence
        assert verdict_on(CENTRE, lambda x: x - x.mean(axis=0)).status == RIGHT
        assert threading.active_count() == before
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, usual)


def test_outside_the_main_thread_there_is_no_limit_and_no_error():
    found = []
    thread = threading.Thread(target=lambda: found.append(verdict_on(CENTRE, lambda x: x - x.mean(axis=0))))
    thread.start()
    thread.join()
    assert found[0].status == RIGHT


def test_the_limit_leaves_what_ends_in_time_alone():
    with time_limit(5.0):
        ended = True
    assert ended
    with pytest.raises(TimeUp), time_limit(0.05):
        while True:
            pass
    assert sys.exc_info() == (None, None, None)


def test_a_thousand_printed_lines_are_ten_and_a_count(capsys):
    def chatty(x):
        for number in range(1000):
            print("line", number)
        print("error", file=sys.stderr, end="")
        return x - x.mean(axis=0)

    verdict = verdict_on(CENTRE, chatty)
    assert verdict.status == RIGHT
    assert verdict.printed == tuple(f"line {number}" for number in range(10))
    assert verdict.left_out == 991
    assert capsys.readouterr() == ("", "")


def test_a_line_without_end_is_cut():
    def endless(x):
        for _ in range(100):
            print("x" * 1000, end="")
        return x - x.mean(axis=0)

    verdict = verdict_on(CENTRE, endless)
    assert len(verdict.printed) == 1 and len(verdict.printed[0]) < 400


def test_a_warning_is_shown_and_is_no_error():
    def warns(x):
        warnings.warn("mind the gap", UserWarning, stacklevel=1)
        return x - x.mean(axis=0)

    verdict = verdict_on(CENTRE, warns)
    assert verdict.status == RIGHT and verdict.printed == ("UserWarning: mind the gap",)


def test_several_warnings_take_one_line():
    def warns(x):
        np.array([]).mean()
        return x - x.mean(axis=0)

    (line,) = verdict_on(CENTRE, warns).printed
    assert line.startswith("RuntimeWarning: Mean of empty slice") and line.endswith("(and 1 more)")


def test_changing_an_argument_in_place_is_told():
    def in_place(x):
        x -= x.mean(axis=0)
        return x

    verdict = says(CENTRE, in_place, "changed its argument x")
    assert verdict.mistake == "changes its argument"

    def both(x):
        x -= x.mean()
        return x

    says(CENTRE, both, "one mean over everything", "changed its argument x")


def test_an_exercise_that_asks_for_a_change_in_place_allows_it():
    def move(x):
        x += 1
        return x

    def moves(x):
        x += 1
        return x

    assert verdict_on(made(move, lambda rng: (rng.normal(size=3),)), moves).status == RIGHT


CENTRED = "def f(x):\n    return x - np.mean(x, axis=0)"


def test_library_names_lost_by_accident_are_given_back():
    right = [
        in_notebook(CENTRED, np=3),
        in_notebook(CENTRED, np=[1, 2]),
        in_notebook("def f(x):\n    return x - sum(x) / len(x)", sum=12.5, len=3, list=[]),
        in_notebook("def f(x):\n    return torch.as_tensor(x) - torch.as_tensor(x).mean(0)", torch="no"),
        in_notebook("def mean(x):\n    return np.mean(x, axis=0)\n\ndef f(x):\n    return x - mean(x)", np=None),
        in_notebook("f = lambda x: x - math.fsum(x[:, 0]) * 0 - np.mean(x, axis=0)", math=0, np=0),
        in_notebook("def f(x):\n    return data.minus(x)", data=types.SimpleNamespace(minus=lambda x: x - x.mean(0))),
    ]
    deleted = in_notebook(CENTRED)
    del deleted.__globals__["np"]
    for function in [*right, deleted]:
        verdict = verdict_on(CENTRE, function)
        assert verdict.status == RIGHT, verdict.sentence
        # What is handed back works in the lesson as well, and the notebook's names were not touched.
        x = np.arange(6.0).reshape(3, 2)
        assert close(verdict.function(x), x - x.mean(axis=0))
    assert right[0].__globals__["np"] == 3 and "np" not in deleted.__globals__


def test_a_lost_name_does_not_hide_a_mistake():
    verdict = says(CENTRE, in_notebook("def f(x):\n    return x - np.mean(x)", np=3), "one mean over everything")
    assert verdict.mistake == "one grand mean"


def test_helpers_defaults_and_closures_stay():
    def with_closure():
        axis = 0

        def f(x, *, mean=np.mean):
            return x - mean(x, axis=axis)

        return f

    class Centred:
        def __init__(self):
            self.axis = 0

        def __call__(self, x):
            return x - x.mean(axis=self.axis)

        def method(self, x):
            return self(x)

    helped = in_notebook("def helper(x):\n    return x.mean(axis=0)\n\ndef f(x):\n    return x - helper(x)")
    recursive = in_notebook("def f(x, n=2):\n    return f(x, n - 1) if n else x - x.mean(axis=0)")
    for function in [with_closure(), Centred(), Centred().method, functools.partial(np.subtract), helped, recursive]:
        if isinstance(function, functools.partial):
            function = functools.partial(lambda x, axis: x - x.mean(axis=axis), axis=0)
        assert verdict_on(CENTRE, function).status == RIGHT


def test_a_recursive_answer_means_itself_even_where_its_name_stands_for_ours_by_now():
    f = in_notebook("def f(x, n=2):\n    return f(x, n - 1) if n else x - x.mean()")
    f.__globals__["f"] = CENTRE.solution
    assert verdict_on(CENTRE, f).mistake == "one grand mean"


def test_what_a_function_writes_to_its_globals_stays_in_the_check():
    counting = in_notebook("n = 0\ndef f(x):\n    global n\n    n += 1\n    return x - x.mean(axis=0)")
    assert verdict_on(CENTRE, counting).status == RIGHT
    assert counting.__globals__["n"] == 0


@pytest.mark.parametrize("thing", [3, None, "text", np.zeros(3), [1]])
def test_what_is_no_function_is_told(thing):
    says(CENTRE, thing, "wants your function itself", 'check("00.1", centre)')


def test_another_number_of_arguments_is_told():
    says(CENTRE, lambda: 0, "must take 1 argument (x); yours takes nothing")
    says(CENTRE, lambda a, b: 0, "must take 1 argument (x); yours takes a, b")
    assert verdict_on(CENTRE, lambda x, axis=0: x - x.mean(axis=axis)).status == RIGHT


def test_a_judge_looks_at_more_than_results():
    def judge(submission, rng):
        if not np.isfinite(submission(np.zeros((1, 4)))).all():
            raise Wrong("Zeros give no finite number.")

    judged = made(squares, lambda rng: (rng.normal(size=(6, 4)),), judge)
    assert verdict_on(judged, lambda x: squares(x)).status == RIGHT
    says(judged, lambda x: squares(x) * np.float64(x.any() or np.nan), "Zeros give no finite number.")

    def breaks_on_zeros(x):
        if not x.any():
            raise ValueError("only zeros")
        return squares(x)

    verdict = says(judged, breaks_on_zeros, "ValueError: only zeros", status=RAISES)
    assert verdict.line_text == 'raise ValueError("only zeros")'


def test_arguments_are_copied_so_that_nothing_is_shared():
    leaf = torch.ones(2, requires_grad=True)
    generator = torch.Generator().manual_seed(3)
    original = (np.ones(2), [leaf], {"g": generator, "view": leaf * 2})
    twin = copied(original)
    twin[0][:] = 5
    assert original[0].tolist() == [1, 1]
    assert twin[1][0].requires_grad and twin[1][0].is_leaf and twin[2]["view"].is_leaf
    a, b = torch.rand(2, generator=twin[2]["g"]), torch.rand(2, generator=generator)
    assert torch.equal(a, b)
    assert changed(original, twin) and not changed(original, copied(original))
    frozen = np.ones(2)
    frozen.flags.writeable = False
    copied(frozen)[:] = 2


def test_close_is_strict_about_shape_and_kind_only():
    assert close(np.float32(0.1), 0.1) and close(torch.tensor(0.1), 0.1) and close([1, 2], (1.0, 2.0))
    assert close(np.array([np.nan, 1]), torch.tensor([np.nan, 1]))
    assert close({"a": 1}, {"a": 1.0}) and not close({"a": 1}, {"b": 1})
    assert not close(np.ones(1), 1.0) and not close(1.0, 1.001) and not close("1", 1) and not close(None, 1)
    assert close("a", "a") and not close("a", "b")


def test_what_torch_does_not_implement_is_an_error_and_no_missing_attempt():
    says(exercise("02.1"), lambda x, x_hat: ((x - x_hat) ^ 2).sum(), "not implemented for", status=RAISES)
