"""Windows and their scores."""

import numpy as np

from udl_teach.lesson.exercise import difference


def window_scores(train, series, labels, recording, length):
    """Score and label of every window of `length` samples within one recording, the earliest first.

    The score of a sample is the sum of its squared standardized values, that of a window the mean over its samples.
    train and series have shape (samples, channels). For each sample of the series, labels holds 1 in a fault, and
    recording the number of its recording; gaps lie between recordings. Returns two arrays of shape (windows,).
    """
    ### BEGIN SOLUTION
    z = (series - train.mean(axis=0)) / train.std(axis=0)
    of_sample = (z**2).sum(axis=1)
    scores, last = [], []
    for end in range(length, len(series) + 1):
        start = end - length
        if recording[start] == recording[end - 1]:
            scores.append(of_sample[start:end].mean())
            last.append(labels[end - 1])
    return np.array(scores), np.array(last)
    ### END SOLUTION


HINTS = (
    "Three parts: standardize the samples, score each of them, average the scores over windows.",
    "Mean and standard deviation of each channel come from train. The score of a sample is the sum of its squared "
    "standardized values.",
    "A window that ends before row `end` begins at row end - length. The first possible end is length, the last one is "
    "len(series). Keep the window if its first and its last sample have the same recording.",
    "z = (series - train.mean(axis=0)) / train.std(axis=0); the score of a window is (z**2).sum(axis=1)[start:end]"
    ".mean(), and its label is labels[end - 1].",
)


def arguments(rng):
    channels, length = int(rng.integers(3, 6)), int(rng.integers(4, 7))
    sizes = rng.integers(14, 20, 3)
    train = rng.normal(2, rng.uniform(1, 3, channels), (40, channels))
    series = rng.normal(4, rng.uniform(1, 3, channels), (sizes.sum(), channels))
    labels = np.zeros(len(series), dtype=int)
    # One fault within each recording: windows begin and end in the middle of it.
    for first in np.cumsum(sizes) - sizes:
        start = first + int(rng.integers(3, 5))
        labels[start : start + length + int(rng.integers(0, 3))] = 1
    return train, series, labels, np.repeat([3, 1, 2], sizes), length


across_gaps = difference(
    window_scores,
    {"if recording[start] == recording[end - 1]:": "if True:"},
    """Some of your windows reach from one recording into the next. They join minutes that do not follow each other:
    keep a window only if its first and its last sample have the same recording.""",
)

label_of_any_sample = difference(
    window_scores,
    {"last.append(labels[end - 1])": "last.append(labels[start:end].max())"},
    """You labelled a window as a fault if any of its samples is one. After a fault has ended such windows still count
    as faults, so late alarms look right. A window tells about the present: take the label of its last sample.""",
)

label_of_all_samples = difference(
    window_scores,
    {"last.append(labels[end - 1])": "last.append(labels[start:end].min())"},
    """You labelled a window as a fault only if all of its samples are. Then a fault does not count until the whole
    window is inside it, and an early alarm looks like a false one. Take the label of the last sample.""",
)

label_of_the_first_sample = difference(
    window_scores,
    {"last.append(labels[end - 1])": "last.append(labels[start])"},
    "You took the label of the first sample of the window. The alarm is raised now, at its last sample.",
)

scaled_by_the_test = difference(
    window_scores,
    {
        "z = (series - train.mean(axis=0)) / train.std(axis=0)": (
            "z = (series - series.mean(axis=0)) / series.std(axis=0)"
        )
    },
    """You scaled the series by its own mean and standard deviation. These contain the faults, and they are not known
    while the series is being recorded. Take mean and standard deviation of train.""",
)

scaled_by_one_number = difference(
    window_scores,
    {"z = (series - train.mean(axis=0)) / train.std(axis=0)": "z = (series - train.mean()) / train.std()"},
    """You used one mean and one standard deviation for all channels. Each channel has its own unit: use axis=0.""",
)

last_window_missing = difference(
    window_scores,
    {"range(length, len(series) + 1)": "range(length, len(series))"},
    """The last window is missing, the one that ends with the last sample. `end` is one past the last row, so it can
    be len(series): range(length, len(series) + 1).""",
)

squared_too_late = difference(
    window_scores,
    {"scores.append(of_sample[start:end].mean())": "scores.append((z[start:end].mean(axis=0) ** 2).sum())"},
    """You averaged the values of the window and squared the mean. Deviations up and down then cancel, and growing
    noise would stay invisible. Square first: score every sample, then average the scores.""",
)

mean_over_channels = difference(
    window_scores,
    {"of_sample = (z**2).sum(axis=1)": "of_sample = (z**2).mean(axis=1)"},
    """Your scores are too small by a factor, the number of channels: the score of a sample is the sum of its squared
    standardized values, not their mean.""",
)
