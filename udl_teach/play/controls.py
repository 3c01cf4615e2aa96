"""What a learner can set in a playground: checked values with a name, a sentence and a range. No widgets here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from udl_teach import inputs

RESTARTS, RUNNING, AT_ONCE = "restarts", "acts while it runs", "acts at once"


@dataclass(frozen=True)
class Control:
    """What every control has.

    Attributes:
        name: the keyword argument that sets it.
        label: what stands beside it, short; the unit stands in the sentence.
        value: its first value.
        says: one sentence on what it does.
        acts: RESTARTS (a new run begins), RUNNING (the run changes course) or AT_ONCE (the run does not mind).
        derived: whether it is only a handle on another control's value, which it writes and follows.
    """

    name: str
    label: str
    value: object
    says: str
    acts: str = RESTARTS
    derived: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Whole(Control):
    """A slider of whole numbers from `minimum` to `maximum`, in steps of `step`."""

    minimum: int = 1
    maximum: int = 10
    step: int = 1

    def __post_init__(self) -> None:
        """Check the value."""
        value = inputs.whole(self.value, self.name, minimum=self.minimum)
        if value > self.maximum:
            raise ValueError(f"{self.name} was {value!r}; it must be a whole number of at most {self.maximum}.")
        object.__setattr__(self, "value", value)


@dataclass(frozen=True)
class Number(Control):
    """A slider of numbers from `minimum` to `maximum`, in steps of `step`."""

    minimum: float = 0.0
    maximum: float = 1.0
    step: float = 0.01

    def __post_init__(self) -> None:
        """Check the value."""
        value = inputs.real(self.value, self.name, minimum=self.minimum, maximum=self.maximum)
        object.__setattr__(self, "value", value)


@dataclass(frozen=True)
class Power(Control):
    """A logarithmic slider of numbers from 10 ** `lowest` to 10 ** `highest`, ten steps to each power of ten."""

    lowest: int = -4
    highest: int = -1

    def __post_init__(self) -> None:
        """Check the value."""
        value = inputs.real(self.value, self.name, minimum=10.0**self.lowest, maximum=10.0**self.highest)
        object.__setattr__(self, "value", value)


@dataclass(frozen=True)
class Choice(Control):
    """A list of names of which one is chosen."""

    known: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the value."""
        inputs.choice(self.value, self.name, self.known)


@dataclass(frozen=True)
class Pick(Control):
    """A slider that stops only at the whole numbers in `known`."""

    known: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Check the value."""
        if isinstance(self.value, bool) or self.value not in self.known:
            raise ValueError(f"{self.name} was {self.value!r}; it must be one of {', '.join(map(str, self.known))}.")


@dataclass(frozen=True)
class Switch(Control):
    """A box that is ticked (True) or not (False)."""

    def __post_init__(self) -> None:
        """Check the value."""
        if not isinstance(self.value, bool):
            raise TypeError(f"{self.name} was {self.value!r}; it must be True or False.")


@dataclass(frozen=True)
class Text(Control):
    """A line of text, read when Enter is pressed or the field is left."""

    def __post_init__(self) -> None:
        """Check the value."""
        if not isinstance(self.value, str):
            raise TypeError(f"{self.name} was {self.value!r}; it must be text.")


@dataclass(frozen=True)
class Button:
    """A button besides Step and Reset.

    Attributes:
        name: of its class on the page, with hyphens.
        label: what stands on it.
        says: one sentence on what it does.
        press: function of the player; may return settings to move, as if by hand.
    """

    name: str
    label: str
    says: str
    press: Callable[[Any], dict | None]


@dataclass(frozen=True)
class Seed(Control):
    """A field for a whole number from 0 to 9999."""

    def __post_init__(self) -> None:
        """Check the value."""
        value = inputs.whole(self.value, self.name, minimum=0)
        if value > 9999:
            raise ValueError(f"{self.name} was {value!r}; it must be a whole number of at most 9999.")
        object.__setattr__(self, "value", value)


def seed(value: int, says: str) -> Seed:
    """The seed of a playground."""
    return Seed("seed", "seed", value, says)


def speed(value: int, maximum: int = 50, says: str = "Training steps between two pictures.") -> Whole:
    """How many steps one picture is worth."""
    return Whole("speed", "speed", value, says, AT_ONCE, minimum=1, maximum=maximum)


def pause(value: int) -> Whole:
    """How long each step stays, where each is worth looking at."""
    says = "Milliseconds between two steps while it plays."
    return Whole("pause", "pause", value, says, AT_ONCE, minimum=50, maximum=3000, step=50)


def difference(controls: tuple[Control, ...], now: dict, before: dict) -> str:
    """In words, how the settings `now` differ from those `before`: "code size 2 instead of 1"."""
    parts = [
        f"{control.label} {_said(now[control.name])} instead of {_said(before[control.name])}"
        for control in controls
        if control.acts != AT_ONCE and not control.derived and now[control.name] != before[control.name]
    ]
    return ", ".join(parts)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
