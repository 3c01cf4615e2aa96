"""What a lesson's cells talk to: exercises that answer back, claims, predictions, quizzes, progress, the glossary."""

# Several files are named after the function that they hold. The names are bound here, after the files were imported,
# so that `from udl_teach.lesson import check` is always the function. None of these files imports torch or ipywidgets.
from udl_teach.lesson.check import check, grade, hint, solution
from udl_teach.lesson.claims import above, below, between, claim
from udl_teach.lesson.comparison import comparison, comparison_row
from udl_teach.lesson.glossary import glossary
from udl_teach.lesson.predict import outcome, predict
from udl_teach.lesson.progress import progress
from udl_teach.lesson.quiz import Question, quiz
from udl_teach.lesson.session import begin

__all__ = [
    "Question",
    "above",
    "begin",
    "below",
    "between",
    "check",
    "claim",
    "comparison",
    "comparison_row",
    "glossary",
    "grade",
    "hint",
    "outcome",
    "predict",
    "progress",
    "quiz",
    "solution",
]
