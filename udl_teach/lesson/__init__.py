"""What a lesson's cells talk to: exercises that answer back, claims, predictions, quizzes, progress, the glossary."""

# Several files are named after the function that they hold. The names are bound here, after the files were imported,
# so that `from udl_teach.lesson import check` is always the function. None of these files imports torch or ipywidgets.
from udl_teach.lesson.check import check, grade, hint, solution
from udl_teach.lesson.progress import progress
from udl_teach.lesson.session import begin

__all__ = ["begin", "check", "grade", "hint", "progress", "solution"]
