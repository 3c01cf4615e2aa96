"""Reading learning curves."""

import numpy as np

from udl_teach.lesson.exercise import difference


def diagnose(runs):
    """Name what each run shows: "diverged", "overfitting", "still falling" or "converged"."""
    names = []
    for training, validation in runs:
        # One loss per epoch in each of the two arrays. Find the name of this run, called name.
        ### BEGIN SOLUTION
        if not np.isfinite(training[-1]) or training[-1] > training[0]:
            name = "diverged"
        elif validation[-1] > 1.1 * min(validation):
            name = "overfitting"
        elif validation[-1] < 0.95 * validation[-11]:
            name = "still falling"
        else:
            name = "converged"
        ### END SOLUTION
        names.append(name)
    return names


HINTS = (
    "Write if, elif, elif, else: the first condition that holds gives the name.",
    "Divergence shows in the training loss. For all other names the validation loss alone is enough.",
    "Every comparison with nan is False, so nan needs a condition of its own: not np.isfinite(training[-1]).",
    "The loss ten epochs before the last one, validation[-1], is validation[-11].",
    "The conditions are: not np.isfinite(training[-1]) or training[-1] > training[0]; validation[-1] > 1.1 * "
    "min(validation); validation[-1] < 0.95 * validation[-11].",
)


def arguments(rng):
    # Every draw holds every case, in an order of its own, so every mistake shows.
    epochs = np.arange(int(rng.integers(40, 60)))
    settled, slow = np.exp(-epochs / 3), np.exp(-epochs / 25)

    def run(training, validation, gap=2.5):
        scale = rng.uniform(1, 8)
        return scale * training, gap * scale * validation

    growing = np.exp(epochs / 10)
    exploding = np.where(epochs < 25, growing**2, np.nan)
    runs = [
        run(exploding, exploding),
        run(growing, growing),
        run(0.1 + slow, 0.5 + settled + 0.02 * np.maximum(epochs - 15, 0)),
        run(0.1 + slow, 0.1 + slow),
        run(0.1 + slow, 0.5 + settled),
        run(0.3 + settled, 0.3 + settled),
        run(0.3 + settled, 0.3 + settled, gap=1.03),
    ]
    return ([runs[place] for place in rng.permutation(len(runs))],)


def agree(got, wanted):
    return list(got) == wanted


gap_taken_for_overfitting = difference(
    diagnose,
    {"validation[-1] > 1.1 * min(validation)": "validation[-1] > 1.1 * training[-1]"},
    """You compare the validation loss with the training loss. A gap between the two is normal: hardly any model is as
    good on new samples as on those it learned from. Overfitting shows in the validation loss alone, when it has risen
    above its own minimum, min(validation).""",
)

nan_not_noticed = difference(
    diagnose,
    {"not np.isfinite(training[-1]) or training[-1] > training[0]": "training[-1] > training[0]"},
    """A run whose loss became nan was not called "diverged". Every comparison with nan is False, so training[-1] >
    training[0] is False as well. Test for nan first: not np.isfinite(training[-1]).""",
)

only_nan_noticed = difference(
    diagnose,
    {"not np.isfinite(training[-1]) or training[-1] > training[0]": "not np.isfinite(training[-1])"},
    """A run whose training loss ended higher than it began was not called "diverged". Its losses are still numbers, but
    they grow: compare training[-1] with training[0], and do so before you look for overfitting.""",
)

overfitting_sought_in_the_training_loss = difference(
    diagnose,
    {"validation[-1] > 1.1 * min(validation)": "training[-1] > 1.1 * min(training)"},
    """You look for overfitting in the training loss, which keeps falling while a network overfits. Look at the
    validation loss: has it risen above its minimum?""",
)

convergence_sought_in_the_training_loss = difference(
    diagnose,
    {"validation[-1] < 0.95 * validation[-11]": "training[-1] < 0.95 * training[-11]"},
    """You decide by the training loss whether a run is still improving. The training loss can keep falling after the
    validation loss has levelled off. Compare two values of the validation loss.""",
)

compared_with_the_first_epoch = difference(
    diagnose,
    {"validation[-11]": "validation[0]"},
    """You compare the last epoch with the first, and nearly every run has improved since its first epoch. Compare it
    with the loss ten epochs earlier, validation[-11].""",
)

called_converged_too_early = difference(
    diagnose,
    {'name = "still falling"': 'name = "converged"'},
    """A run whose validation loss fell by more than 5 % in its last ten epochs is "still falling", not "converged": it
    was stopped too early.""",
)
