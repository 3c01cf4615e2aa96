"""What a threshold costs: scores of normal and fraud, prices, and rivals whose ranks change with them."""

from collections.abc import Iterator
from typing import Annotated, Any

from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, Choice, Number, Pick, Seed, Switch
from udl_teach.play.player import Player
from udl_teach.play.threshold_cost.picture import Drawing
from udl_teach.play.threshold_cost.run import HIGH, LOW, NAMES, STEP, THRESHOLDS, Cases, Sweep, own, payments, place
from udl_teach.play.threshold_cost.snapshot import Snapshot, snapshot_of
from udl_teach.play.threshold_cost.words import words
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

COMPARED = {"acts": AT_ONCE, "compared": True}


def _steps(lowest: int, highest: int) -> tuple[float, ...]:
    """1, 2, 3, 5 and 7 times each power of ten from `lowest` on, below `highest`."""
    found = [float(f"{digit}e{power}") for power in range(lowest, highest) for digit in (1, 2, 3, 5, 7)]
    return tuple(int(number) if number >= 1 else number for number in found)


@controls.documented
def threshold_cost(
    scores: Any = None,
    labels: Any = None,
    seed: Annotated[int, Seed("Another simulation of payments; takes a few seconds.", **COMPARED)] = 0,
    *,
    detector: Annotated[str | None, Choice("Whose scores are shown.", NAMES, **COMPARED)] = None,
    threshold: Annotated[
        float, Number("A higher score is an alarm; drag it in the picture.", LOW, HIGH, STEP, **COMPARED)
    ] = 3.0,
    missed: Annotated[float, Pick("Price of each, in euros.", _steps(0, 4), label="missed fraud", **COMPARED)] = 100,
    false_alarm: Annotated[float, Pick("Price of each, in euros.", _steps(-1, 3), label="false alarm", **COMPARED)] = 5,
    base_rate: Annotated[
        float, Pick("Share of frauds where the detector will work.", _steps(-4, -1), label="base rate", **COMPARED)
    ] = 0.01,
    past_labels: Annotated[
        bool, Switch("All see how many past payments at a terminal were frauds.", label="past labels", **COMPARED)
    ] = True,
    pause: Annotated[int, controls.pause()] = 100,
) -> Playground:
    """Drag a threshold through the scores of a fraud detector, and see what it lets pass and what that costs.

    The payments are simulated, 26 days with about 200 frauds. Four detectors have learned, without labels, from a week
    that ended a week earlier; the fifth rival is the amount alone. Each rival's lowest cost is found on the payments
    that are shown, so it is a little optimistic. Play raises the threshold, Cheapest moves it to the lowest cost; press
    a rival's bar to see its scores.

    Args:
        scores: your own, higher for what is stranger, shape (n_samples,), or a dictionary of several by name, 6 at
            most; instead of payments.
        labels: beside `scores`, 1 for an anomaly, 0 for a normal sample, shape (n_samples,).
    """
    mine = None if scores is None and labels is None else own(scores, labels)
    known = NAMES if mine is None else tuple(mine.rivals)
    detector = detector or known[0]
    chosen = controls.chosen(threshold_cost, locals(), detector={"known": known})

    def cases_of(settings: dict) -> Cases:
        return mine or payments(settings["seed"], settings["past_labels"])

    def start(settings: dict) -> tuple[Sweep, Iterator[Step]]:
        sweep = Sweep(threshold, settings)
        return sweep, sweep.rise()

    def act(player: Player, settings: dict) -> None:
        cases_of(settings)  # if it fails, the settings stay as they were
        player.model.threshold = settings["threshold"]

    def snapshot(player: Player, settings: dict) -> Snapshot:
        return snapshot_of(cases_of(settings), player.model.threshold, settings)

    drawing = Drawing()

    def touch(player: Player, settings: dict, touch: Touch) -> dict:
        """A threshold in the histograms or costs, a point of the curve, or a rival's bar."""
        now = snapshot(player, settings)
        if touch.axes in (drawing.scores, drawing.costs):
            return {"threshold": float(THRESHOLDS[place(touch.x)])}
        if touch.axes is drawing.curves:
            return {"threshold": float(THRESHOLDS[drawing.nearest(now, touch.x, touch.y)])}
        if touch.axes is drawing.bars and touch.kind == "down" and 0 <= round(touch.y) < len(known):
            return {"detector": now.ranks[round(touch.y)][0]}
        return {}

    def cheapest(player: Player) -> dict:
        now = snapshot(player, player.model.settings)
        return {"threshold": next(float(THRESHOLDS[at]) for name, _, at in now.ranks if name == now.detector)}

    return Playground(
        "threshold_cost",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=lambda player: {"threshold": player.model.threshold},
        touch=touch,
        hides=lambda settings: set() if mine is None else {"seed", "past_labels"},
        buttons=(controls.Button("cheapest", "Cheapest", "The threshold of the lowest cost", cheapest),),
        keep_restarts=False,
    )
