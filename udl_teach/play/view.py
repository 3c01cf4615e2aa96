"""The face of every playground: a picture, a line of words, buttons and controls. Widgets are imported here alone.

The browser owns the pace. `view.js` draws each picture into a canvas from arrays and asks for the next one when it has
shown the last, so slow frames never queue up. Until it reports that it is ready, and where it never does (a host
without anywidget), ipywidgets' Play and Image stand in its place. There are no threads here and nothing that waits.
"""

import base64
import functools
import html
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from udl_teach import inputs
from udl_teach.play import controls as kinds
from udl_teach.play.player import Player
from udl_teach.play.recording import PER_SECOND, Recording
from udl_teach.renamed import old_arguments

FOR_EVER = 1_000_000
# Learning for one picture may take so long; a slower machine then takes fewer steps to a picture, not fewer pictures.
SECONDS = 0.012
# Seconds that a line of words stays at least while it plays.
READABLE = 0.2
# Controls in sight; the others are folded.
MOST = 12
# Milliseconds between two pictures of the fallback: as fast as an Image can follow on two cores.
LEAST = 50
TYPES = {"float32": "f32", "uint8": "u8", "int32": "i32"}
_open: dict[tuple[str, str], "Playground"] = {}


def open_playgrounds() -> int:
    """How many playgrounds this kernel holds; one that is closed, or whose cell is run again, is let go."""
    return len(_open)


def guarded(method: Callable) -> Callable:
    """Show what goes wrong inside a callback in the line of words: ipywidgets itself would only log it."""

    @functools.wraps(method)
    def run(self: "Playground", *arguments: Any) -> None:
        if self.closed:  # a message that was on its way while the playground was closed
            return
        try:
            method(self, *arguments)
        except Exception as error:  # whatever it is, the learner must see it
            self._say(f"Something went wrong ({type(error).__name__}): {error}", problem=True)

    return run


class Canvas(anywidget.AnyWidget):
    """Where the browser draws; what it is sent and what it reports is in `view.js`."""

    _esm = Path(__file__).with_name("view.js")
    size = traitlets.List([1, 1]).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    interval = traitlets.Int(0).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    # The last picture at rest, known to the browser alone: a saved notebook keeps it.
    still = traitlets.Unicode("").tag(sync=True)


def packed(value: Any, buffers: list[bytes]) -> Any:
    """A message fit for JSON: each array goes to `buffers` and leaves its place and type behind."""
    if isinstance(value, (int, float, str)):  # most of what there is
        return value
    if isinstance(value, np.ndarray):
        buffers.append(value.tobytes())
        found = {"array": len(buffers) - 1, "type": TYPES[value.dtype.name]}
        return found | ({"shape": list(value.shape[:2])} if value.ndim == 3 else {})
    if isinstance(value, bytes):
        return packed(np.frombuffer(value, np.uint8), buffers)
    if isinstance(value, dict):
        return {name: packed(part, buffers) for name, part in value.items()}
    return [packed(part, buffers) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Touch:
    """A place in the picture that is pointed at.

    Attributes:
        kind: "down", "move" (while pressed) or "up".
        axes: the axes that it lies in, or None.
        x: in the units of their data.
        y: likewise.
    """

    kind: str
    axes: Any
    x: float
    y: float


def touch_at(frame: Any, kind: str, x: float, y: float) -> Touch | None:
    """The place at a pixel of a frame, counted from its upper left corner; None outside of all axes.

    The pointer may be lifted outside, after a drag: then axes are None.
    """
    up = frame.size[1] - y
    for axes in reversed(frame.figure.axes):
        if axes.get_visible() and axes.bbox.contains(x, up):
            place = axes.transData.inverted().transform((x, up))
            return Touch(kind, axes, float(place[0]), float(place[1]))
    return Touch(kind, None, math.nan, math.nan) if kind == "up" else None


class Playground:
    """Joins a player, a drawing and words with the controls that set them.

    Show it by making it the last line of a cell. Everything can be reached with Tab; arrow keys move a slider.

    Args:
        name: of the playground; running its cell again closes the one that was there.
        controls: what can be set; the seed and the speed among them.
        start: recipe that takes the settings (a dictionary that lives on: what a slider changes stands in it at once)
            and returns what learns and the iterator of its steps.
        snapshot: function of player and settings; returns the numbers that are shown and said, and leaves the run as it
            is.
        drawing: object with `frame` (a `plots.Frame`) and `draw(snapshot, kept)`, which updates its artists in place.
        words: function of snapshot and kept snapshot (or None) that says in plain text what is seen.
        act: function of player and settings, called after a control that does not restart was moved.
        follow: function of the player that returns settings which the run itself has moved.
        keep_restarts: whether Keep begins a new run from the same start.
        buttons: further buttons, beside Step.
        pace: function of the settings that returns steps between two pictures and milliseconds between two ticks.
        touch: function of player, settings and a `Touch` in the picture; returns settings to move, as if by hand.
        hides: function of the settings that returns the names of the controls that are of no use now.
        compare: settings of a second run that the recording in a page without a kernel lays beside the first.
    """

    @old_arguments(look="snapshot")
    def __init__(
        self,
        name: str,
        *,
        controls: tuple[kinds.Control, ...],
        start: Callable[[dict], tuple],
        snapshot: Callable[[Player, dict], Any],
        drawing: Any,
        words: Callable[[Any, Any], str],
        act: Callable[[Player, dict], None] | None = None,
        follow: Callable[[Player], dict] | None = None,
        keep_restarts: bool = True,
        buttons: tuple[kinds.Button, ...] = (),
        pace: Callable[[dict], tuple[int, int]] | None = None,
        hides: Callable[[dict], set[str]] | None = None,
        touch: Callable[[Player, dict, "Touch"], dict] | None = None,
        compare: dict[str, Any] | None = None,
    ) -> None:
        """Make the first picture, then the widgets; if the first fails there are no widgets to leave behind."""
        self.name = name
        self.controls = controls
        self.kept: Any = None
        self.closed = False
        self.said = ""
        self._settings = {control.name: control.value for control in controls}
        self._kept_settings: dict = {}
        self._snapshot, self._drawing, self._words = snapshot, drawing, words
        self._act, self._follow, self._keep_restarts = act, follow, keep_restarts
        self._buttons, self._pace, self._hides, self._touch = buttons, pace or _pace, hides, touch
        self._compare = compare
        self._moved: list[str] = []
        self._following = self._held = self._due = False
        self._pressed: Any = None
        self._asked: int | None = None
        self._said_at = -math.inf
        self.player = Player(lambda: start(self._settings))
        self.drawn_by_browser = False
        self._sent_ground = -1
        self._number = 0
        self._draw()
        self._build()
        self._catch_up()
        self._say(self._sentence())
        key = (name, _cell())
        if key in _open:
            _open[key].close()
        _open[key] = self

    def settings(self) -> dict:
        """All settings as they now are: `autoencoder_live(**playground.settings())` plays the same run."""
        return {control.name: self._settings[control.name] for control in self.controls if not control.derived}

    def close(self) -> None:
        """Free the widgets and the run; the last picture stays with the object."""
        if self.closed:
            return
        self.closed = True
        # The browser's timer would go on without its widget; the switch is called so in ipywidgets 8, then 7.
        self.canvas.playing = False
        for switch in ("playing", "_playing"):
            if self.play.has_trait(switch):
                setattr(self.play, switch, False)
        self._png = self.png
        for key in [key for key, playground in _open.items() if playground is self]:
            del _open[key]
        self.player = self._drawing = None
        for widget in _family(self.box):
            widget.close()

    def keep(self) -> None:
        """Lay this run aside, as the button does: the next one is compared with it."""
        self._keep(None)

    def record(self, seconds: float = 5.0, *, compare: dict[str, Any] | None = None) -> Recording:
        """Play on for a while and record it, for a page that has no kernel.

        Args:
            seconds: length of the recording; it ends earlier where the run does.
            compare: settings to change after half of the time, when the run so far is kept beside the new one.

        Returns:
            The recording; as the last line of a cell it shows itself. The playground stays where the run has come to.
        """
        seconds = inputs.real(seconds, "seconds", above=0.0, maximum=60.0)
        n_steps, pause = self._pace(self._settings)
        interval = max(pause, round(1000 / PER_SECOND))
        # As far in a second as a browser comes that shows thirty pictures.
        n_steps *= max(1, round(interval / max(pause, 33)))
        pictures, words = [self.png], [self.said]

        def play_on(until: float) -> None:
            while len(pictures) * interval < 1000 * until and not self.player.finished:
                self._advance(n_steps, announce=True)
                pictures.append(self.png)
                words.append(self.said)

        play_on(seconds / 2 if compare else seconds)
        if compare:
            self.keep()
            self._set(compare)
            play_on(seconds)
        return Recording(tuple(pictures), tuple(words), interval)

    # -- what the buttons and the timer do ---------------------------------------------------------------------------

    @guarded
    def _tick(self, change: dict) -> None:
        if change["new"] == self.play.min:  # Play's own stop button goes back to its first number
            return
        self._advance(self._pace(self._settings)[0], announce=False)

    @guarded
    def _report(self, _widget: Any, message: dict, _buffers: Any) -> None:
        # What the browser says of the canvas; it asks for no more before it is told that this is done.
        self._asked = message.get("id")
        match message:
            case {"event": "ready"}:
                self._hand_over()
            case {"event": "tick"} if self.canvas.playing:
                self._advance(self._pace(self._settings)[0], announce=False, seconds=SECONDS)
            case {"event": "pointer", "kind": kind, "x": x, "y": y} if self._touch is not None:
                self._touched(touch_at(self._drawing.frame, kind, x, y))
        if self._asked is not None and not self.closed:  # there was nothing to draw
            self.canvas.send({"done": self._asked})

    def _hand_over(self) -> None:
        # From now on the browser draws; every view that is opened reports, and gets the whole picture.
        self.drawn_by_browser = True
        self._sent_ground = -1
        for widget, shown in self._faces.items():
            widget.layout.display = None if shown else "none"
        self._send()

    @guarded
    def _toggle(self, _button: Any) -> None:
        self._play_on(not self.canvas.playing)
        self._say(self._sentence())

    def _touched(self, touch: "Touch | None") -> None:
        # As if the controls had been moved by hand, one after the other, but with one picture of them all.
        if touch is not None and touch.kind == "down":
            self._pressed = touch.axes
        elif touch is not None and self._pressed not in (None, touch.axes):  # a drag stays in the axes where it began
            touch = Touch("up", None, math.nan, math.nan) if touch.kind == "up" else None
        moved = {} if touch is None else self._touch(self.player, self._settings, touch)
        try:
            for place, (name, value) in enumerate(moved.items(), 1):
                self._held = place < len(moved)
                self.inputs[name].value = value
        finally:
            self._held = False
        if self._due:
            self._show()
        elif touch is not None and not moved and self.drawn_by_browser:
            self._send()  # a touch may have drawn in the picture itself

    def _play_on(self, playing: bool) -> None:
        self.canvas.playing = playing
        self.play_button.description = "Pause" if playing else "Play"

    @guarded
    def _step(self, _button: Any) -> None:
        self._advance(1, announce=True)

    def _set(self, settings: dict) -> None:
        for name, value in settings.items():
            self.inputs[name].value = value

    @guarded
    def _press(self, button: kinds.Button, _button: Any) -> None:
        self._set(button.press(self.player) or {})
        self._after(announce=True)

    @guarded
    def _reset(self, _button: Any = None) -> None:
        self._restart()
        self._show()

    @guarded
    def _keep(self, _button: Any) -> None:
        self.kept, self._kept_settings = self.snapshot, self.settings()
        self.drop_button.disabled = False
        if self._keep_restarts:
            self._restart()
        self._show()

    @guarded
    def _drop(self, _button: Any) -> None:
        self.kept, self._kept_settings = None, {}
        self.drop_button.disabled = True
        self._show()

    @guarded
    def _changed(self, control: kinds.Control, change: dict) -> None:
        # A slider counts 0.1 + 0.2 as 0.30000000000000004: what is in force is what it shows.
        value = round(change["new"], 9) if isinstance(control, kinds.Number) else change["new"]
        before = self._settings[control.name]
        if self._following or value == before:
            return
        self._take({control.name: value})
        if control.acts == kinds.RESTARTS:
            try:
                self._restart()
            except Exception:
                self._take({control.name: before})
                raise
        else:
            if control.acts == kinds.RUNNING and self.player.index and control.label not in self._moved:
                self._moved.append(control.label)
            if self._act is not None:
                try:
                    self._act(self.player, self._settings)
                except Exception:
                    self._take({control.name: before})
                    raise
            self._catch_up()
        self._keep_pace()
        self._fold()
        self._show()

    # -- how a picture comes about -----------------------------------------------------------------------------------

    def _advance(self, n: int, *, announce: bool, seconds: float = math.inf) -> None:
        self.player.advance(n, seconds)
        self._after(announce=announce)

    def _after(self, *, announce: bool) -> None:
        if self.player.finished:
            self.play.max = max(self.play.value, 1)  # the browser stops by itself at the last number
            self._play_on(False)
        self._catch_up()
        self._show(announce=announce or self.player.finished)

    def _restart(self) -> None:
        self.player.reset()
        self._moved = []
        self.play.max = FOR_EVER
        self._catch_up()

    def _fold(self, _change: Any = None) -> None:
        hidden = set() if self._hides is None else self._hides(self._settings)
        used = [name for name in self._panels if name not in hidden]
        seen = used if self.more.value else used[:MOST]
        for name, widget in self._panels.items():
            widget.layout.display = None if name in seen else "none"
        self.more.layout.display = None if len(used) > MOST else "none"

    def _unfold_words(self, _change: dict) -> None:
        self._say(self.said)

    def _take(self, moved: dict) -> None:
        self._following = True
        try:
            for name, value in moved.items():
                self._settings[name] = value
                self.inputs[name].value = value
        finally:
            self._following = False

    def _catch_up(self) -> None:
        # The values shown are those in force.
        if self._follow is not None:
            self._take(self._follow(self.player))

    def _keep_pace(self) -> None:
        self.canvas.interval = self._pace(self._settings)[1]
        self.play.interval = max(self.canvas.interval, LEAST)

    def _show(self, *, announce: bool = True) -> None:
        self._due = self._held
        if self._held:
            return
        self._draw()
        if self.drawn_by_browser:
            self._send()
        else:
            self.picture.value = self.png
        self._say(self._sentence(), announce=announce)

    def _draw(self) -> None:
        self.snapshot = self._snapshot(self.player, self._settings)
        self._drawing.draw(self.snapshot, self.kept)
        self._png = None

    @property
    def png(self) -> bytes:
        """The picture as it now is, as the bytes of a PNG file."""
        if self._png is None:
            self._png = self._drawing.frame.png()
        return self._png

    def _send(self) -> None:
        frame, buffers = self._drawing.frame, []
        self._number += 1
        message: dict = {"number": self._number, "done": self._asked, "chart": not frame.shows_images}
        self._asked = None
        ground, commands = frame.settle(), frame.commands()
        if commands is None:  # the browser cannot draw it: it gets the whole picture
            message |= {"ground": self.png, "commands": []}
            self._sent_ground = -1
        else:
            message |= {"commands": commands}
            if ground != self._sent_ground:
                message["ground"], self._sent_ground = frame.ground(), ground
        self.canvas.send(packed(message, buffers), buffers)

    def _sentence(self) -> str:
        parts = [self._words(self.snapshot, self.kept)]
        if self.kept is not None:
            changed = kinds.difference(self.controls, self._settings, self._kept_settings)
            if changed or self._keep_restarts:
                parts.append(f"Changed since then: {changed}." if changed else "All settings of the run are the same.")
        if self._moved:
            parts.append(f"Moved while it ran: {', '.join(self._moved)}.")
        if self.player.problem:
            parts.append(f"Learning stopped: {self.player.problem}")
        elif self.player.finished:
            parts.append("Finished: Reset begins again.")
        return " ".join(parts)

    def _say(self, text: str, *, announce: bool = True, problem: bool = False) -> None:
        self.said = text
        # While it plays the line changes a few times a second, and a screen reader is told of it only when it rests.
        if not announce and time.perf_counter() - self._said_at < READABLE:
            return
        self._said_at = time.perf_counter()
        live = "assertive" if problem else "polite" if announce else "off"
        colour = "color:#B03000;font-weight:600;" if problem or self.player.problem else ""
        if announce:
            self.canvas.label = text
        tall = "min-height:2.8em;" if self.more_words.value or problem else "height:2.8em;overflow:hidden;"
        style = f"line-height:1.4;{tall}{colour}"
        self.words.value = f'<div role="status" aria-live="{live}" style="{style}">{html.escape(text)}</div>'

    # -- the widgets -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        width, height = self._drawing.frame.size
        self.picture = widgets.Image(value=self.png, format="png", width=width, height=height)
        _lay(self.picture, max_width="100%", object_fit="contain", margin="4px 0")
        # Of a fixed height, so that controls do not move; the button shows all of a longer text.
        self.words = widgets.HTML()
        _lay(self.words, flex="1 1 auto")
        self.more_words = widgets.ToggleButton(description="all", tooltip="Show all of the text, or two lines of it")
        _lay(self.more_words, width="auto", flex="0 0 auto")
        self.more_words.observe(self._unfold_words, "value")
        self.play = widgets.Play(value=0, min=0, max=FOR_EVER, step=1, show_repeat=False)
        self.canvas = Canvas(size=[width, height])
        self._keep_pace()
        self.canvas.on_msg(self._report)
        self.play_button = _button("Play", "udl-play-button", "Let it run, or pause", self._toggle)
        # What is seen, and whether still when the browser draws.
        self._faces = {self.canvas: True, self.play_button: True, self.picture: False, self.play: False}
        _lay(self.play_button, display="none")
        _lay(self.canvas, max_width="100%", margin="4px 0")
        self.step_button = _button("Step", "udl-step", "One step, then rest", self._step)
        self.reset_button = _button("Reset", "udl-reset", "Begin this run again from its first step", self._reset)
        self.keep_button = _button("Keep", "udl-keep", "Lay this one aside and compare the next with it", self._keep)
        self.drop_button = _button("Drop kept", "udl-drop", "Forget the one laid aside", self._drop)
        self.drop_button.disabled = True
        self.inputs = {control.name: _input(control) for control in self.controls}
        for control in self.controls:
            self.inputs[control.name].observe(functools.partial(self._changed, control), "value")
        self.play.observe(self._tick, "value")
        self.buttons = {
            button.name: _button(
                button.label, f"udl-{button.name}", button.says, functools.partial(self._press, button)
            )
            for button in self._buttons
        }
        buttons = widgets.HBox(
            [
                self.play,
                self.play_button,
                self.step_button,
                *self.buttons.values(),
                self.reset_button,
                self.keep_button,
                self.drop_button,
            ],
            layout=widgets.Layout(flex_flow="row wrap", align_items="center"),
        )
        self._panels = {control.name: _captioned(control, self.inputs[control.name]) for control in self.controls}
        self.more = widgets.ToggleButton(description="More settings", tooltip="Show the settings that are rarely moved")
        self.more.observe(self._fold, "value")
        self._fold()
        caption = widgets.HBox([self.words, self.more_words], layout=widgets.Layout(max_width=f"{width}px"))
        least = f"min({width}px, 100%)"  # beside the controls it is not made smaller
        seen = widgets.VBox([buttons, self.picture, self.canvas, caption])
        _lay(seen, flex="0 1 auto", min_width=least)
        # Beside the picture where the page is wide, below it where it is not.
        panel = widgets.HBox(
            [*self._panels.values(), self.more],
            layout=widgets.Layout(
                flex="1 1 260px", flex_flow="row wrap", align_content="flex-start", max_width=f"{width + 24}px"
            ),
        )
        self.box = widgets.HBox([seen, panel], layout=widgets.Layout(flex_flow="row wrap", align_items="flex-start"))
        for widget, name in (
            (self.box, "udl-playground"),
            (self.box, f"udl-{self.name.replace('_', '-')}"),
            (self.picture, "udl-picture"),
            (self.words, "udl-words"),
            (self.more_words, "udl-more-words"),
            (self.more, "udl-more"),
            (self.play, "udl-play"),
            (panel, "udl-controls"),
        ):
            widget.add_class(name)

    def __repr__(self) -> str:
        """The line of words."""
        return f"{self.name}: {self.said}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        bundle = {"text/plain": self.said, "image/png": base64.b64encode(self.png).decode("ascii")}
        if os.environ.get("UDL_TEACH_RECORD") and not self.closed:
            # For a page to be read without a kernel: what Play would have shown; then as it was.
            index, settings = self.player.index, self.settings()
            bundle["text/html"] = self.record(compare=self._compare).html()
            self._drop(None)
            self._set(settings)
            self._restart()
            self._advance(index, announce=True)
        if not self.closed:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
            bundle["application/vnd.jupyter.widget-view+json"] = view
        return bundle, {"image/png": {"alt": self.said}}


def _pace(settings: dict) -> tuple[int, int]:
    return settings.get("speed", 1), settings.get("pause", 0)


def _input(control: kinds.Control) -> widgets.Widget:
    wide = {"description": control.label, "style": {"description_width": "initial"}}
    match control:
        case kinds.Whole():
            widget = widgets.IntSlider(
                value=control.value, min=control.minimum, max=control.maximum, step=control.step, **wide
            )
        case kinds.Number():
            widget = widgets.FloatSlider(
                value=control.value,
                min=control.minimum,
                max=control.maximum,
                step=control.step,
                readout_format=".2f",
                **wide,
            )
        case kinds.Power():
            widget = widgets.FloatLogSlider(
                value=control.value, min=control.lowest, max=control.highest, step=0.1, readout_format=".2g", **wide
            )
        case kinds.Pick():
            widget = widgets.SelectionSlider(value=control.value, options=control.known, **wide)
        case kinds.Choice():
            widget = widgets.Dropdown(value=control.value, options=control.known, **wide)
        case kinds.Text():
            widget = widgets.Text(value=control.value, continuous_update=False, **wide)
        case kinds.Switch():
            widget = widgets.Checkbox(value=control.value, indent=False, **wide)
        case _:
            widget = widgets.BoundedIntText(value=control.value, min=0, max=9999, **wide)
    _lay(widget, width="98%")
    widget.add_class(f"udl-input-{control.name.replace('_', '-')}")
    return widget


def _captioned(control: kinds.Control, widget: widgets.Widget) -> widgets.Widget:
    acts = {kinds.RESTARTS: "Restarts.", kinds.RUNNING: "Acts while it runs.", kinds.AT_ONCE: "Acts at once."}
    text = html.escape(f"{control.says} {acts[control.acts]}")
    caption = widgets.HTML(f'<div style="line-height:1.25;font-size:12px;opacity:.8">{text}</div>')
    return widgets.VBox([widget, caption], layout=widgets.Layout(width="250px", margin="2px 6px 4px 0"))


def _button(label: str, name: str, says: str, act: Callable) -> widgets.Button:
    button = widgets.Button(description=label, tooltip=says)
    _lay(button, width="auto", flex="0 0 auto")
    button.add_class(name)
    button.on_click(act)
    return button


def _lay(widget: widgets.Widget, **values: str) -> None:
    for name, value in values.items():
        setattr(widget.layout, name, value)


def _family(widget: widgets.Widget) -> list[widgets.Widget]:
    """A widget, all that it holds, and the layouts and styles that belong to them."""
    family = [widget]
    for child in getattr(widget, "children", ()):
        family += _family(child)
    for part in ("layout", "style"):
        if isinstance(getattr(widget, part, None), widgets.Widget):
            family.append(getattr(widget, part))
    return family


def _cell() -> str:
    """Which notebook cell is running, where the front end says so: two cells may each have a playground of one name."""
    try:
        from IPython import get_ipython

        return str(get_ipython().get_parent()["metadata"]["cellId"])
    except (ImportError, AttributeError, KeyError, TypeError, LookupError):
        return ""
