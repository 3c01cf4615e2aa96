"""What a learner can set in a playground, said once in its signature: a sentence, a range, a name. No widgets here.

A setting is declared as `rows: Annotated[int, Whole("Rows of the grid.", 1, 20)] = 15`. From that come the control on
the page (`chosen`), the check of what was handed in, and the line of the docstring (`documented`).
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_args

from udl_teach import inputs

RESTARTS, RUNNING, AT_ONCE = "restarts", "acts while it runs", "acts at once"
RETURNS = """

Returns:
    The playground; make it the last line of a cell.

Raises:
    TypeError, ValueError: a setting is not what it must be."""

Function = TypeVar("Function", bound=Callable)


@dataclass(frozen=True)
class Control:
    """What every control has.

    Attributes:
        says: one sentence on what it does, with the unit.
        label: what stands beside it, short; the name with spaces if it is empty.
        acts: RESTARTS (a new run begins), RUNNING (the run changes course) or AT_ONCE (the run does not mind).
        compared: whether Keep says where it differs although it acts at once: it changes what is compared.
        derived: whether it is only a handle on another control's value, which it writes and follows.
        name: the keyword argument that sets it.
        value: its first value.
    """

    says: str
    label: str = field(default="", kw_only=True)
    acts: str = field(default=RESTARTS, kw_only=True)
    compared: bool = field(default=False, kw_only=True)
    derived: bool = field(default=False, kw_only=True)
    name: str = field(default="", kw_only=True)
    value: Any = field(default=None, kw_only=True)

    def holding(self, name: str, value: Any) -> "Control":
        """The same control with its name and its first value.

        Raises:
            TypeError, ValueError: the value is not what it must be.
        """
        value = self.checked(name, value)
        return replace(self, name=name, label=self.label or name.replace("_", " "), value=value)

    def checked(self, name: str, value: Any) -> Any:
        """The value, if it is one that the control can have."""
        raise NotImplementedError

    @property
    def allowed(self) -> str:
        """In words, the values that it can have; empty where the sentence says it."""
        return ""


@dataclass(frozen=True)
class Whole(Control):
    """A slider of whole numbers from `minimum` to `maximum`, in steps of `step`."""

    minimum: int = 1
    maximum: int = 10
    step: int = 1

    def checked(self, name: str, value: Any) -> int:
        """A whole number in the range."""
        value = inputs.whole(value, name, minimum=self.minimum)
        if value > self.maximum:
            raise ValueError(f"{name} was {value!r}; it must be a whole number of at most {self.maximum}.")
        return value

    @property
    def allowed(self) -> str:
        """Both ends."""
        return f"{self.minimum} to {self.maximum}"


@dataclass(frozen=True)
class Number(Control):
    """A slider of numbers from `minimum` to `maximum`, in steps of `step`."""

    minimum: float = 0.0
    maximum: float = 1.0
    step: float = 0.01

    def checked(self, name: str, value: Any) -> float:
        """A number in the range."""
        return inputs.real(value, name, minimum=self.minimum, maximum=self.maximum)

    @property
    def allowed(self) -> str:
        """Both ends."""
        return f"{self.minimum:g} to {self.maximum:g}"


@dataclass(frozen=True)
class Power(Control):
    """A logarithmic slider of numbers from 10 ** `lowest` to 10 ** `highest`, ten steps to each power of ten."""

    lowest: int = -4
    highest: int = -1

    def checked(self, name: str, value: Any) -> float:
        """A number in the range."""
        return inputs.real(value, name, minimum=10.0**self.lowest, maximum=10.0**self.highest)

    @property
    def allowed(self) -> str:
        """Both ends."""
        return f"{10.0**self.lowest:g} to {10.0**self.highest:g}"


@dataclass(frozen=True)
class Choice(Control):
    """A list of names of which one is chosen."""

    known: tuple[str, ...] = ()

    def checked(self, name: str, value: Any) -> str:
        """One of the names."""
        return inputs.choice(value, name, self.known)

    @property
    def allowed(self) -> str:
        """All names."""
        return _listed([f'"{name}"' for name in self.known])


@dataclass(frozen=True)
class Pick(Control):
    """A slider that stops only at the whole numbers in `known`."""

    known: tuple[int, ...] = ()

    def checked(self, name: str, value: Any) -> int:
        """One of the numbers."""
        if isinstance(value, bool) or value not in self.known:
            raise ValueError(f"{name} was {value!r}; it must be one of {', '.join(map(str, self.known))}.")
        return value

    @property
    def allowed(self) -> str:
        """All numbers."""
        return _listed([str(number) for number in self.known])


@dataclass(frozen=True)
class Switch(Control):
    """A box that is ticked (True) or not (False)."""

    def checked(self, name: str, value: Any) -> bool:
        """True or False."""
        if not isinstance(value, bool):
            raise TypeError(f"{name} was {value!r}; it must be True or False.")
        return value

    @property
    def allowed(self) -> str:
        """Both values."""
        return "True or False"


@dataclass(frozen=True)
class Text(Control):
    """A line of text, read when Enter is pressed or the field is left."""

    def checked(self, name: str, value: Any) -> str:
        """Some text."""
        if not isinstance(value, str):
            raise TypeError(f"{name} was {value!r}; it must be text.")
        return value


@dataclass(frozen=True)
class Seed(Control):
    """A field for a whole number from 0 to 9999; as a page's last control it stands below all others."""

    def checked(self, name: str, value: Any) -> int:
        """A whole number in the range."""
        return Whole(self.says, 0, 9999).checked(name, value)

    @property
    def allowed(self) -> str:
        """Both ends."""
        return "0 to 9999"


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


def speed(maximum: int = 50, says: str = "Training steps between two pictures.") -> Whole:
    """How many steps one picture is worth."""
    return Whole(says, 1, maximum, acts=AT_ONCE)


def pause() -> Whole:
    """How long each step stays, where each is worth looking at."""
    return Whole("Milliseconds between two steps while it plays.", 50, 3000, 50, acts=AT_ONCE)


def declared(function: Callable) -> dict[str, Control]:
    """The controls in a playground's signature by their names, in its order but for the seed, which comes last."""
    found = {}
    for name, annotation in function.__annotations__.items():
        for part in get_args(annotation)[1:]:
            if isinstance(part, Control):
                found[name] = part
    return dict(sorted(found.items(), key=lambda item: item[0] == "seed"))


def chosen(function: Callable, values: dict[str, Any], **changes: dict[str, Any]) -> tuple[Control, ...]:
    """The controls of a playground with the values that it was called with.

    Args:
        function: the playground, whose signature declares them.
        values: of its arguments by name: `locals()` before anything else is named so.
        changes: what differs in this call from what is declared, by the control's name, as `data={"known": names}`.

    Raises:
        TypeError, ValueError: a value is not what it must be.
    """
    return tuple(
        replace(control, **changes.get(name, {})).holding(name, values[name])
        for name, control in declared(function).items()
    )


def documented(function: Function) -> Function:
    """Writes the declared settings into a playground's docstring, and leaves plain types in its signature."""
    text, controls = inspect.cleandoc(function.__doc__ or ""), declared(function)
    lines = [
        f"    {name}: {control.says} {control.allowed[:1].upper()}{control.allowed[1:]}".rstrip()
        + ("." if control.allowed else "")
        for name, control in controls.items()
    ]
    function.__doc__ = "\n".join([text if "\nArgs:" in text else f"{text}\n\nArgs:", *lines]) + RETURNS
    signature = inspect.signature(function)
    plain = [
        one.replace(annotation=get_args(one.annotation)[0] if name in controls else one.annotation)
        for name, one in signature.parameters.items()
    ]
    function.__signature__ = signature.replace(parameters=plain)
    return function


def difference(controls: tuple[Control, ...], now: dict, before: dict) -> str:
    """In words, how the settings `now` differ from those `before`: "code size 2 instead of 1"."""
    parts = [
        f"{control.label} {_said(now[control.name])} instead of {_said(before[control.name])}"
        for control in controls
        if (control.acts != AT_ONCE or control.compared)
        and not control.derived
        and now[control.name] != before[control.name]
    ]
    return ", ".join(parts)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _listed(names: list[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
