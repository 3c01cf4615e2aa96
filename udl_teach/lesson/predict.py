"""Predictions: what a learner expects, recorded before an experiment and shown beside its result afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from udl_teach.lesson import session, show
from udl_teach.lesson.progress import last_prediction, record
from udl_teach.lesson.values import as_array


@dataclass(frozen=True)
class Prediction:
    """A question that was asked before an experiment.

    Attributes:
        key: its name, such as "02.wider".
        question: the question.
        options: the answers to choose from; empty where a number is asked for.
        unit: what the number counts, or "".
        low: the smallest number that makes sense, if there is one.
        high: the largest one, if there is one.
    """

    key: str
    question: str
    options: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None

    def answer(self, value: Any) -> str:
        """Record an answer: the text of an option, or a number; after the result was shown, the first answer stands.

        Returns:
            What is said about it.

        Raises:
            ValueError: it is none of the options, or no number in the range.
        """
        result = session.current.outcomes.get(self.key)
        earlier = session.current.predictions.get(self.key)
        if result is not None and earlier is not None:
            return f"The result has been shown, so your prediction stands. {beside(self, earlier, result)}"
        said = self.checked(value)
        session.current.predictions[self.key] = said
        record("prediction", self.key, said=said)
        if result is not None:
            return f"Recorded. {beside(self, said, result)}"
        return f"Recorded. You said {self.in_words(said)}. The result will be shown beside it."

    def checked(self, value: Any) -> str | float:
        """The answer as text of an option or as a number."""
        if self.options:
            if value not in self.options:
                raise ValueError(f"the answer was {value!r}; it must be one of {', '.join(map(repr, self.options))}.")
            return value
        number = _number(self.without_unit(value))
        below, above = self.low is not None and number is not None, self.high is not None and number is not None
        if number is None or below and number < self.low or above and number > self.high:
            raise ValueError(f"the answer was {value!r}; it must be {self.wanted()}.")
        return number

    @property
    def of_percent(self) -> bool:
        """Whether a percentage is asked for."""
        return self.unit == "%" or self.unit.startswith("percent")

    def without_unit(self, value: Any) -> Any:
        """What was typed, without the unit after the number: "85 %" is 85 where percent are asked for."""
        if not isinstance(value, str):
            return value
        for unit in (*(("%", "percent") if self.of_percent else ()), self.unit):
            value = value.strip().removesuffix(unit)
        return value

    def wanted(self) -> str:
        """What kind of number is asked for, in words."""
        bounds = [f"at least {_written(self.low)}"] if self.low is not None else []
        bounds += [f"at most {_written(self.high)}"] if self.high is not None else []
        return "a number" + (f" ({self.unit})" if self.unit else "") + (" of " + " and ".join(bounds) if bounds else "")

    def in_words(self, value: Any) -> str:
        """An answer or a result in words: an option in quotes, a number with its unit."""
        return f"“{value}”" if self.options else _counted(_written(value), self.unit)

    def _ipython_display_(self) -> None:
        """Show nothing: `predict` has shown the question already."""


def predict(
    key: str,
    question: str,
    options: Sequence[str] | None = None,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
) -> Prediction:
    """Ask what will happen, before it happens.

    In a notebook the answer is chosen (or typed) and recorded by a button; elsewhere the question is printed and
    nothing waits: `predict(...).answer(...)` records.

    Args:
        key: a name for the question, such as "02.wider"; `outcome` takes the same.
        question: the question.
        options: at least two answers to choose from; without them a number is asked for.
        unit: what the number counts.
        low: the smallest number that makes sense.
        high: the largest.

    Returns:
        The question, with its method `answer`.

    Raises:
        ValueError: fewer than two options, or two alike.
    """
    options = tuple(options or ())
    if options and (len(options) < 2 or len(set(options)) < len(options)):
        raise ValueError(f"options of {key!r} were {list(options)}; there must be at least two, all different.")
    asked = Prediction(key, question, options, unit, low, high)
    session.current.asked[key] = asked
    earlier = _said(asked)
    note = "" if earlier is None else f"Earlier you said {asked.in_words(earlier)}."
    note += " You can change your mind." if earlier is not None and key not in session.current.outcomes else ""
    lines = [f"Your prediction: {question}", *(f"  - {option}" for option in options)]
    text = "\n".join(lines if options else [*lines, f"  ({asked.wanted()})"])
    page = show.question_html("Your prediction.", question if options else f"{question} ({asked.wanted()})", options)
    if not show.in_notebook():
        print(text)
    elif options:
        selected = options.index(earlier) if earlier in options else None
        form = show.choice_form(
            "Your prediction.",
            question,
            options,
            "Record my prediction",
            lambda place: asked.answer(options[place]),
            selected=selected,
            note=note,
        )
        show.forms([form], text, page)
    else:
        form = show.number_form(
            "Your prediction.", question, asked.wanted(), "Record my prediction", asked.answer, note=note
        )
        show.forms([form], text, page)
    return asked


def outcome(key: str, result: Any, because: str = "") -> None:
    """Show the result of an experiment beside what was predicted, or alone where nothing was.

    Args:
        key: the key given to `predict`.
        result: the text of the option that came true, or the number.
        because: why, in a sentence or two.

    Raises:
        ValueError: the result is none of the options of the question, or no number where one was asked for.
    """
    asked = session.current.asked.get(key)
    if asked is None:
        number = _number(result) if not isinstance(result, str) else None
        asked = Prediction(key, "", () if number is not None else (str(result),))
    result = asked.checked(result) if asked.options else _finite(result)
    session.current.outcomes[key] = result
    said = _said(asked)
    first = f"It was {asked.in_words(result)}." if said is None else beside(asked, said, result)
    show.notice("Outcome.", [first, *([because] if because else [])], look="result")


def beside(asked: Prediction, said: Any, result: Any) -> str:
    """One sentence with the prediction and the result; for numbers how far off it was."""
    both = f"You said {asked.in_words(said)}; it was {asked.in_words(result)}"
    if asked.options:
        return f"You said {asked.in_words(said)}, and so it was." if said == result else f"{both}."
    # The difference of the numbers as they are shown, so that whoever subtracts them finds it.
    off = float(_written(said)) - float(_written(result))
    if not off:
        return f"You said {asked.in_words(said)}, and so it was."
    percents = asked.of_percent
    # "49 times too low" would be taken for a factor, and "2 of six too low" is hard to read.
    unit = "points" if percents else "" if asked.unit == "times" or asked.unit[:3] == "of " else asked.unit
    apart = f"{_counted(_written(abs(off)), unit)} too {'high' if off > 0 else 'low'}"
    apart = apart.replace(" point", " percentage point") if percents else apart
    # Beside a result near 0, or a percentage, a share in percent says nothing.
    share = abs(off / result) if result and not percents else 1.0
    less = "less than 1%" if share < 0.005 else f"{share:.0%}"
    return f"{both}: {apart}." if share >= 0.995 else f"{both}: {apart} ({less} off)."


def _written(value: float) -> str:
    """Four digits that count, but whole numbers whole."""
    number = float(value) + 0.0
    digits = max(4, len(f"{abs(number):.0f}"))
    text = f"{number:.{digits}g}" if abs(number) < 1e15 else f"{number:.4g}"
    return "0" if text == "-0" else text


_PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ss", "ss"), ("s", ""))


def _counted(number: str, unit: str) -> str:
    """A number with its unit, which is put in the singular beside a 1: "1 mode", "1 image a second"."""
    first, space, rest = unit.partition(" ")
    if number in ("1", "-1"):
        one = next((first.removesuffix(many) + single for many, single in _PLURALS if first.endswith(many)), first)
        unit = one + space + rest
    return f"{number} {unit}".rstrip()


def _said(asked: Prediction) -> Any:
    said = session.current.predictions.get(asked.key)
    said = last_prediction(asked.key) if said is None else said
    if not asked.question and isinstance(said, str) and asked.options:
        return said
    try:
        return asked.checked(said)
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            return None
    array = as_array(value)
    if array is None or array.size != 1 or array.dtype.kind == "b":
        return None
    number = float(array.reshape(-1)[0])
    return number if abs(number) != float("inf") and number == number else None


def _finite(result: Any) -> float:
    number = _number(result)
    if number is None:
        raise ValueError(f"result was {result!r}; the question asks for a number, so it must be a finite number.")
    return number
