"""Watch a plant's sensors with a detector, and inject faults: what is noticed, how soon, and at what price."""

from typing import Annotated

from udl_teach.data.sensors import SENSOR_KINDS
from udl_teach.play import controls
from udl_teach.play.controls import RUNNING, Choice, Number, Pick, Seed, Whole
from udl_teach.play.player import Player
from udl_teach.play.sensor_watch.picture import Drawing
from udl_teach.play.sensor_watch.run import DETECTORS, FAULTS, LONGEST, NAMES, WATCHED, WINDOWS, start
from udl_teach.play.sensor_watch.snapshot import snapshot
from udl_teach.play.sensor_watch.words import words
from udl_teach.play.view import Playground, Touch

LATEST = WATCHED - 60


@controls.documented
def sensor_watch(
    kind: Annotated[
        str,
        Choice("What goes wrong; leak and imbalance show in several channels.", FAULTS, label="fault", acts=RUNNING),
    ] = "drift",
    seed: Annotated[int, Seed("Another plant, and detectors that know it.")] = 0,
    *,
    channel: Annotated[
        str, Choice("Whose sensor; or press in its row.", NAMES[1:], acts=RUNNING)
    ] = "discharge pressure",
    severity: Annotated[float, Number("1 is slight, 3 severe.", 0.5, 8, 0.5, acts=RUNNING)] = 3.0,
    moment: Annotated[int, Whole("Minute in which the fault begins.", 0, LATEST, acts=RUNNING)] = 150,
    length: Annotated[int, Whole("Minutes that it lasts.", 10, 300, 10, acts=RUNNING)] = 120,
    detector: Annotated[
        str, Choice("What scores; it may learn for seconds first.", DETECTORS, acts=RUNNING)
    ] = DETECTORS[0],
    window: Annotated[int, Pick("Minutes that the detector sees at once.", WINDOWS, acts=RUNNING)] = 1,
    smoothing: Annotated[int, Whole("Minutes over which the score is averaged.", 1, LONGEST, acts=RUNNING)] = 16,
    false_alarms: Annotated[
        int, Whole("Minutes per day that may raise one: sets the limit.", 1, 144, label="false alarms", acts=RUNNING)
    ] = 7,
    speed: Annotated[int, controls.speed(20, "Minutes between two pictures.")] = 3,
) -> Playground:
    """Watch a pump loop for ten hours while a detector scores every minute, and inject a fault.

    The detector has learned from a clean week; the limit is the quantile of clean minutes that were held out. A fault
    may be moved at any time: it is as if it had been there all along. Keep lays the next watch over this one.
    """
    drawing = Drawing()

    def touch(player: Player, settings: dict, touch: Touch) -> dict:
        """The fault goes where the picture is pressed or dragged."""
        if touch.kind == "up" or touch.axes is not drawing.channels or player.model.fault is None:
            return {}
        moved = {"moment": min(max(round(touch.x), 0), LATEST)}
        row = min(max(round(touch.y), 0), len(NAMES) - 1)
        if settings["kind"] in SENSOR_KINDS and row > 0:  # the speed is a set point: there is no sensor
            moved["channel"] = NAMES[row]
        return moved

    def to_the_end(player: Player) -> None:
        player.advance(WATCHED)

    return Playground(
        "sensor_watch",
        controls=controls.chosen(sensor_watch, locals()),
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=lambda player, settings: player.model.turn(settings),
        touch=touch,
        hides=lambda settings: set() if settings["kind"] in SENSOR_KINDS else {"channel"},
        buttons=(controls.Button("end", "To the end", "The whole watch at once", to_the_end),),
    )
