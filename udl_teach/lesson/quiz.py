"""Check yourself: a few questions with an explanation for every answer, right or wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from udl_teach.lesson import show
from udl_teach.lesson.progress import record


@dataclass(frozen=True)
class Question:
    """A question with its answers.

    Attributes:
        text: the question.
        options: for each answer its text, whether it is right, and the explanation that whoever chooses it gets.

    Raises:
        ValueError: fewer than two answers, none right, two alike, or one without an explanation.
    """

    text: str
    options: Sequence[tuple[str, bool, str]]

    def __post_init__(self) -> None:
        """Refuse a question that could not be answered."""
        answers = [answer for answer, _, _ in self.options]
        if len(answers) < 2 or len(set(answers)) < len(answers) or not any(right for _, right, _ in self.options):
            raise ValueError(f"question {self.text!r}: it needs two or more different answers, one of them right.")
        if not all(explanation.strip() for _, _, explanation in self.options):
            raise ValueError(f"question {self.text!r}: every answer needs an explanation.")


class Quiz:
    """Questions and what was answered so far."""

    def __init__(self, key: str, questions: Sequence[Question]) -> None:
        """Start with no answers."""
        self.key = key
        self.questions = tuple(questions)
        self._first: dict[int, bool] = {}

    def answer(self, question: int, option: int) -> str:
        """Answer a question.

        Args:
            question: its number, from 1.
            option: the number of the answer, from 1.

        Returns:
            "Right." or "Not yet." and the explanation of that answer.

        Raises:
            ValueError: there is no such question or answer.
        """
        if question not in range(1, len(self.questions) + 1):
            raise ValueError(f"question was {question!r}; it must be a whole number from 1 to {len(self.questions)}.")
        options = self.questions[question - 1].options
        if option not in range(1, len(options) + 1):
            raise ValueError(f"option was {option!r}; it must be a whole number from 1 to {len(options)}.")
        _, right, explanation = options[option - 1]
        self._first.setdefault(question, bool(right))
        record("quiz", self.key, question=int(question), option=int(option), right=bool(right))
        return _said(right, explanation)

    @property
    def score(self) -> str:
        """How far it went, in a sentence."""
        answered, right = len(self._first), sum(self._first.values())
        if not answered:
            return f"{len(self.questions)} questions, none answered yet."
        end = " That was the last one." if answered == len(self.questions) else ""
        return f"{answered} of {len(self.questions)} answered, {right} right at the first try.{end}"

    def __repr__(self) -> str:
        """The score."""
        return f"Quiz {self.key}: {self.score}"

    def __str__(self) -> str:
        """The questions and their answers, without explanations."""
        lines = []
        for number, question in enumerate(self.questions, start=1):
            lines.append(f"{number}. {question.text}")
            lines += [f"   {place}) {answer}" for place, (answer, _, _) in enumerate(question.options, start=1)]
        return "\n".join(lines)

    def _ipython_display_(self) -> None:
        """Show nothing: `quiz` has shown the questions already."""


def quiz(key: str, questions: Sequence[Question]) -> Quiz:
    """Ask four to six questions; every answer is explained.

    In a notebook each question has its answers and a button; elsewhere the questions are printed, and
    `quiz(...).answer(question, option)` answers.

    Args:
        key: a name, such as "02.check_yourself".
        questions: the questions.

    Returns:
        The quiz, with its method `answer` and its `score`.

    Raises:
        ValueError: fewer than four or more than six questions.
    """
    asked = Quiz(key, questions)
    if not 4 <= len(asked.questions) <= 6:
        raise ValueError(f"questions of {key!r}: there were {len(asked.questions)}; there must be four to six.")
    if not show.in_notebook():
        print(f"{asked}\nTo answer: quiz(...).answer(question, option), both counted from 1.")
        return asked
    score = show.status_line(asked.score)

    def answered_by(number: int):
        def answered(place: int) -> str:
            said = asked.answer(number, place + 1)
            show.set_status(score, asked.score)
            return said

        return answered

    shown = [
        show.choice_form(
            f"{number}.",
            question.text,
            [answer for answer, _, _ in question.options],
            f"Answer question {number}",
            answered_by(number),
        )
        for number, question in enumerate(asked.questions, start=1)
    ]
    page = [
        show.question_html(
            f"{number}.", one.text, [answer for answer, _, _ in one.options], [_said(*rest) for _, *rest in one.options]
        )
        for number, one in enumerate(asked.questions, start=1)
    ]
    show.forms([*shown, score], str(asked), "".join(page))
    return asked


def _said(right: bool, explanation: str) -> str:
    return f"{'Right.' if right else 'Not yet.'} {explanation}"
