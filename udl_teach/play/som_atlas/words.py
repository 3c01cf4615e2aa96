"""In words, what a unit of the map represents, and what the layer shows."""

import numpy as np

from udl_teach.play.som_atlas.run import Snapshot

# Features that are named, the most unusual first.
UNUSUAL = 3


def number_said(value: float) -> str:
    """A number in three digits that count, and whole where it is large: 13.0, 0.956, 1,060."""
    if abs(value) < 1e-9:  # what is left of a zero
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}"


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    chart = snapshot.chart
    said = [_samples_said(snapshot), _layer_said(snapshot)]
    near, typical = chart.u_matrix.flat[snapshot.unit], np.median(chart.u_matrix)
    if chart.hits.size > 1:
        said.append(
            f"Mean distance of its weight to those of its neighbours: {near:.2f} (median of all units {typical:.2f}); "
            f"it lies {chart.place(snapshot.unit)}."
        )
    if chart.dataset.image_shape is None:
        said.append(_unusual_said(snapshot))
    if kept is not None:
        apart = chart.deviations[snapshot.unit] - kept.chart.deviations[kept.unit]
        most = int(np.abs(apart).argmax())
        said.append(f"Kept: {_samples_said(kept)[:1].lower()}{_samples_said(kept)[1:]}")
        if chart.dataset.image_shape is None:
            side = "above" if apart[most] >= 0 else "below"
            said.append(
                f"The units differ most in {chart.features[most]}: {abs(apart[most]):.1f} standard deviations {side} "
                "the kept unit."
            )
    return " ".join(part for part in said if part)


def _samples_said(snapshot: Snapshot) -> str:
    row, column = snapshot.place
    start = f"Unit in row {row}, column {column}: "
    if len(snapshot.rows) == 0:
        return start + "no sample is nearest to it; it lies between other units."
    chart, n = snapshot.chart, len(snapshot.rows)
    text = start + f"{n:,} of {len(chart.assigned):,} samples"
    if chart.names:
        first = int(snapshot.counts.argmax())
        text += f", {100 * snapshot.counts[first] / n:.0f} % of them labelled {chart.names[first]}"
    return text + f", on average {chart.distances[snapshot.rows].mean():.2f} from the unit."


def _layer_said(snapshot: Snapshot) -> str:
    chart = snapshot.chart
    if snapshot.layer == "labels":
        agree = np.nansum(chart.purity * chart.hits) / len(chart.assigned)
        empty = int((chart.hits == 0).sum())
        return (
            f"Over the whole map {100 * agree:.1f} % of the samples have the majority label of their unit. "
            f"Units without a sample: {empty} of {chart.hits.size}."
        )
    if snapshot.layer == "hits":
        row, column = np.unravel_index(chart.hits.argmax(), chart.shape)
        return f"The unit with most samples, {chart.hits.max()}, is in row {row}, column {column}."
    if snapshot.layer == "component":
        values, name = chart.weights[:, snapshot.feature], chart.features[snapshot.feature]
        here, low, high = (number_said(value) for value in (values[snapshot.unit], values.min(), values.max()))
        return f"{name[:1].upper()}{name[1:]} is {here} here; over the map it ranges from {low} to {high}."
    return ""


def _unusual_said(snapshot: Snapshot) -> str:
    chart, deviations = snapshot.chart, snapshot.chart.deviations[snapshot.unit]
    most = [number for number in np.argsort(-np.abs(deviations))[:UNUSUAL] if abs(deviations[number]) >= 1]
    if not most:
        return "No feature is further than one standard deviation from the mean of all data."
    parts = [
        f"{chart.features[number]} {number_said(chart.weights[snapshot.unit, number])} "
        f"({'+' if deviations[number] > 0 else '−'}{abs(deviations[number]):.1f})"
        for number in most
    ]
    return f"Most unusual features (standard deviations from the mean): {', '.join(parts)}."
