"""Whether an exercise answers back: its answer passes, a stub does not count, each mistake gets its own hint."""

from collections.abc import Iterator

from udl_teach.lesson.exercise import Exercise
from udl_teach.lesson.verdict import NOT_ATTEMPTED, RIGHT, verdict_on


def proof(exercise: Exercise, *, seeds: tuple[int, ...] = (0, 1, 2)) -> Iterator[tuple[bool, str]]:
    """One finding after the other: whether it is as it should be, and a sentence.

    Args:
        exercise: the exercise, one of the course's or one of one's own.
        seeds: each draws other arguments for the answer.
    """
    for seed in seeds:
        # A function of the same code that is not ours by identity, as a learner's would be.
        verdict = verdict_on(exercise, lambda *arguments: exercise.solution(*arguments), seed=seed, seconds=60.0)
        yield verdict.status == RIGHT, f"the answer, on arguments of seed {seed}: {verdict.status}. {verdict.sentence}"
    stub = verdict_on(exercise, lambda *arguments: ...)
    yield stub.status == NOT_ATTEMPTED, f"a stub: {stub.status}"
    for mistake in exercise.mistakes:
        verdict = verdict_on(exercise, lambda *arguments, make=mistake: make(*arguments), seed=0, seconds=60.0)
        # What raises is told so first, and why afterwards.
        told = verdict.status not in (RIGHT, NOT_ATTEMPTED) and mistake.hint in verdict.sentence
        yield told, f"{mistake.name}: " + ("gets its own hint" if told else f"was told: {verdict.sentence}")
