"""The picture of a watch: eight channels over time, the fault in them, and the score with its alarms beneath."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from udl_teach import plots
from udl_teach.data.sensors import CHANNELS, SENSOR_KINDS
from udl_teach.play.sensor_watch.run import NAMES, WATCHED
from udl_teach.play.sensor_watch.snapshot import Snapshot
from udl_teach.plots.figures import set_title
from udl_teach.plots.style import INK, QUIET, colour, pale

UNITS = tuple({"C": "°C", "m3/h": "m³/h"}.get(unit, unit) for unit in (name.split("(")[1][:-1] for name in CHANNELS))
ROWS = range(len(NAMES))
# A row's height for the range of the clean week; readings far outside are drawn at the row's edge, as scores are.
HEIGHT, EDGE, SCORES = 0.72, 0.5, (-1.0, 4.0)
FAULT, ALARM = colour(1), colour(4)
SMALL = {"fontsize": 9, "color": INK}


class Drawing:
    """Channels (above) and score (below) on one axis of time."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.6, 5.6, few_colours=True)
        add = self.frame.figure.add_axes
        self.channels, self.scores = add((0.175, 0.345, 0.7, 0.605)), add((0.175, 0.09, 0.7, 0.205))
        for axes in (self.channels, self.scores):
            axes.set_xlim(0, WATCHED)
            axes.tick_params(labelsize=9)
            axes.spines[["top", "right"]].set_visible(False)
        self.channels.set(ylim=(len(NAMES) - 0.5, -0.5), yticks=list(ROWS), yticklabels=NAMES)
        self.channels.tick_params(labelbottom=False)
        self.channels.hlines(np.arange(len(NAMES) - 1) + 0.5, 0, WATCHED, color="#DDDDDD", linewidth=0.6)
        set_title(self.channels, "readings; press in a row to move the fault there")
        self.scores.set(ylim=SCORES, yticks=[0, 1, 2, 3, 4], yticklabels=["usual", "limit", "2", "3", "4 or more"])
        self.scores.set_xlabel("minute", labelpad=1, **SMALL)
        self.scores.axhline(1, color=INK, linewidth=1.0, linestyle="--")
        set_title(self.scores, "")
        self.plan = self.channels.add_patch(Rectangle((0, 0), 0, 0, fill=False, edgecolor=FAULT, linewidth=1.6))
        self.band = self.channels.add_patch(Rectangle((0, 0), 0, 0, facecolor=pale(1, 0.35), edgecolor="none"))
        self.label = self.channels.text(0, 0, "", va="bottom", **SMALL)
        self.readings = self.channels.add_collection(
            LineCollection([], colors=colour(0), linewidths=1.1), autolim=False
        )
        self.values = [self.channels.text(WATCHED * 1.012, row, "", va="center", **SMALL) for row in ROWS]
        self.before = self.scores.plot([], [], color=QUIET, linewidth=1.2, linestyle=":")[0]
        self.score = self.scores.plot([], [], color=INK, linewidth=1.4)[0]
        self.alarms = self.scores.add_collection(LineCollection([], colors=ALARM, linewidths=4.5), autolim=False)
        self.raised = self.scores.plot([], [], "v", color=ALARM, markeredgecolor=INK, markersize=8, linestyle="none")[0]
        self.called = [axes.plot([], [], color=INK, linewidth=1.8)[0] for axes in (self.channels, self.scores)]
        kept = {"color": QUIET, "linewidth": 1.8, "linestyle": ":"}
        self.called_before = [axes.plot([], [], **kept)[0] for axes in (self.channels, self.scores)]
        self.delay = self.scores.text(0, -0.92, "", va="bottom", **SMALL)
        self.says = self.scores.text(WATCHED * 1.012, 1.0, "", va="center", **SMALL)
        self.frame.moving(
            self.band, self.plan, self.readings, *self.values, self.before, *self.called_before, self.score,
            self.alarms, self.raised, *self.called, self.delay, self.says, self.label,
        )  # fmt: skip

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        time = np.arange(snapshot.now) + 0.5
        low, high = snapshot.ranges
        rows = np.clip((snapshot.x - low) / np.maximum(high - low, 1e-12) - 0.5, -EDGE / HEIGHT, EDGE / HEIGHT)
        self.readings.set_segments([np.stack([time, row - HEIGHT * rows[:, row]], axis=1) for row in ROWS])
        for text, reading, unit in zip(self.values, snapshot.x[-1], UNITS, strict=True):
            text.set_text(f"{reading:.1f} {unit}")
        self._draw_fault(snapshot)
        score = np.clip(snapshot.score, *SCORES)
        self.score.set_data(time, score)
        self.before.set_data(*(([], []) if kept is None else (np.arange(kept.now) + 0.5, np.clip(kept.score, *SCORES))))
        self.alarms.set_segments([np.stack([time[a:b], score[a:b]], axis=1) for a, b in snapshot.alarms])
        self.raised.set_data(time[snapshot.alarms[:, 0]], np.full(len(snapshot.alarms), 3.6))
        for lines, run in ((self.called, snapshot), (self.called_before, kept)):
            moment = [] if run is None or run.noticed is None else [run.noticed + 0.5] * 2
            for line, axes in zip(lines, (self.channels, self.scores), strict=True):
                line.set_data(moment, axes.get_ylim() if moment else [])
        late = snapshot.noticed is not None and snapshot.noticed > WATCHED / 2
        self.delay.set_text("" if snapshot.delay is None else f"noticed after {snapshot.delay} min")
        self.delay.set(x=(snapshot.noticed or 0) + (-4 if late else 5), ha="right" if late else "left")
        self.says.set_text("ALARM" if snapshot.alarmed else "no alarm")
        seen = "minute by minute" if snapshot.window == 1 else f"windows of {snapshot.window} minutes"
        set_title(self.scores, f"score: {snapshot.detector}, {seen}" + ("" if kept is None else " (dotted: kept)"))

    def _draw_fault(self, snapshot: Snapshot) -> None:
        fault = snapshot.fault
        for artist in (self.plan, self.band, self.label):
            artist.set_visible(fault is not None)
        if fault is None:
            return
        top, height = (fault.channel - 0.5, 1) if fault.kind in SENSOR_KINDS else (-0.5, len(NAMES))
        self.plan.set_bounds(fault.start, top, fault.end - fault.start, height)
        self.band.set_bounds(fault.start, top, max(min(snapshot.now, fault.end) - fault.start, 0), height)
        self.label.set_text(fault.kind)
        self.label.set_position((fault.start + 4, top + 0.45))
