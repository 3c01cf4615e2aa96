"""Conditioning."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import close


def conditional_scores(generator, discriminator, x, labels, z):
    """The discriminator's scores of real and of generated images with these labels: two tensors of shape (batch,)."""
    ### BEGIN SOLUTION
    one_hot = functional.one_hot(labels, 10).float()
    generated = generator(z, one_hot)
    return discriminator(x, one_hot), discriminator(generated, one_hot)
    ### END SOLUTION


HINTS = (
    "Three calls: the generator once, the discriminator twice. Who must hear the labels in which of them?",
    "functional.one_hot(labels, 10).float() makes a row of ten switches for every label.",
    "The generator makes images from z and these rows. The discriminator scores x with them, and what was made with "
    "the same ones.",
    "generated = generator(z, one_hot), then return discriminator(x, one_hot), discriminator(...)",
)


N_CLASSES = 10


def _checked(one_hot):
    # The same words from both players, whichever a learner calls first.
    if one_hot.ndim != 2 or one_hot.shape[1] != N_CLASSES:
        raise ValueError(f"one_hot had shape {tuple(one_hot.shape)}; it must be (batch, {N_CLASSES}).")
    return one_hot


def _linear(n_in, n_out):
    # Its weights are drawn later, from a generator of their own: a check leaves the notebook's draws alone.
    return nn.utils.skip_init(nn.Linear, n_in, n_out)


class _Generator(nn.Module):
    """Noise and one-hot labels in, images out; it keeps the labels that it was told."""

    def __init__(self, latent_size, side):
        super().__init__()
        self.layer, self.side, self.told = _linear(latent_size + N_CLASSES, side * side), side, []

    def forward(self, z, one_hot):
        self.told.append(one_hot)
        return torch.sigmoid(self.layer(torch.cat([z, _checked(one_hot)], dim=1))).reshape(-1, 1, self.side, self.side)


class _Discriminator(nn.Module):
    """Images and one-hot labels in, one score per image out; it keeps the images and labels that it was shown."""

    def __init__(self, side):
        super().__init__()
        self.layer, self.last = _linear(side * side + N_CLASSES, 12), _linear(12, 1)
        self.shown, self.told = [], []

    def forward(self, x, one_hot):
        self.shown.append(x)
        self.told.append(one_hot)
        hidden = torch.tanh(self.layer(torch.cat([x.flatten(1), _checked(one_hot)], dim=1)))
        return self.last(hidden)[:, 0]


def arguments(rng, highest=9):
    # No 9 in the batch (highest is left out): whoever lets torch count the classes gets too few of them.
    torch_rng = torch.Generator().manual_seed(int(rng.integers(2**31)))
    n, latent_size, side = int(rng.integers(5, 9)), int(rng.integers(2, 5)), 4
    generator, discriminator = _Generator(latent_size, side), _Discriminator(side)
    for parameter in (*generator.parameters(), *discriminator.parameters()):
        parameter.data = 0.7 * torch.randn(parameter.shape, generator=torch_rng)
    x = torch.rand((n, 1, side, side), generator=torch_rng)
    labels = torch.tensor(rng.permutation(np.arange(n) % highest))
    return generator, discriminator, x, labels, torch.randn((n, latent_size), generator=torch_rng)


label_as_a_number = difference(
    conditional_scores,
    {"functional.one_hot(labels, 10).float()": "labels[:, None].float()"},
    """You handed the labels over as one number each. As a number a 9 is nine times as much of something as a 1, which
    it is not: make a switch for every class, functional.one_hot(labels, 10).float().""",
)

labels_as_they_are = difference(
    conditional_scores,
    {"functional.one_hot(labels, 10).float()": "labels"},
    """You handed over the labels as they are, shape (batch,). The players want one-hot labels, shape (batch, 10):
    functional.one_hot(labels, 10).float().""",
)

classes_counted_by_torch = difference(
    conditional_scores,
    {"one_hot(labels, 10)": "one_hot(labels)"},
    """Without its second argument one_hot counts the classes in the batch, and a batch without a 9 gets too few
    columns: functional.one_hot(labels, 10).""",
)

one_column_too_many = difference(
    conditional_scores,
    {"one_hot(labels, 10)": "one_hot(labels, 11)"},
    "Ten classes, 0 to 9, need ten columns; yours has eleven: functional.one_hot(labels, 10).",
)

labels_in_64_bits = difference(
    conditional_scores,
    {".float()": ".double()"},
    "Your one-hot labels are in 64 bits, as arrays from NumPy are; the players take 32: .float().",
)

generator_not_told = difference(
    conditional_scores,
    {"generator(z, one_hot)": "generator(z, 0 * one_hot)"},
    """The generator hears no label (all zeros), the discriminator does. Then it is asked for a 3 without being told so,
    and nine times in ten it is wrong.""",
)

discriminator_not_told_of_generated_ones = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(generated, 0 * one_hot)"},
    """The discriminator hears the label of real images but not of generated ones (all zeros). Zeros alone would give
    every generated image away.""",
)

discriminator_not_told = difference(
    conditional_scores,
    {
        "discriminator(x, one_hot)": "discriminator(x, 0 * one_hot)",
        "discriminator(generated, one_hot)": "discriminator(generated, 0 * one_hot)",
    },
    """Only the generator hears the labels. A discriminator that does not know which digit was asked for cannot object
    to a wrong one, so the generator need not listen.""",
)

real_images_without_labels = difference(
    conditional_scores,
    {"discriminator(x, one_hot)": "discriminator(x, 0 * one_hot)"},
    """The discriminator hears the labels of generated images but not those of real ones (all zeros), and so knows at
    once which are which.""",
)

nobody_told = difference(
    conditional_scores,
    {"functional.one_hot(labels, 10).float()": "0 * functional.one_hot(labels, 10).float()"},
    "Nobody hears a label (all zeros): this is a game without condition.",
)

labels_shuffled_for_the_generated_images = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(generated, one_hot.roll(1, 0))"},
    """The discriminator is told other labels for the generated images than the generator was told: it is shown a 3 and
    hears 7. Then it can only learn that generated images carry wrong labels. Both must hear the same ones.""",
)

labels_shuffled_for_the_real_images = difference(
    conditional_scores,
    {"discriminator(x, one_hot)": "discriminator(x, one_hot.roll(1, 0))"},
    """The discriminator is told labels for the real images that are not theirs. It could never learn which digit
    belongs to which label: hand it the labels of the batch, in their order.""",
)

labels_drawn_anew_for_generator_and_discriminator = difference(
    conditional_scores,
    {
        "generated = generator(z, one_hot)": """
        drawn = torch.randint(10, labels.shape, generator=torch.Generator())
        drawn = functional.one_hot(drawn, 10).float()
        generated = generator(z, drawn)
        """,
        "discriminator(generated, one_hot)": "discriminator(generated, drawn)",
    },
    """Both players hear the same labels for the generated images, but not those of the batch. Drawing labels of its
    own is done, too; here generated and real images share the labels, so that the discriminator meets both equally
    often.""",
)


@mistake
def swapped(generator, discriminator, x, labels, z):
    """The two are swapped: first the scores of the real images, then those of the generated ones."""
    return conditional_scores(generator, discriminator, x, labels, z)[::-1]


real_images_twice = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(x, one_hot)"},
    "Both results are scores of the real images. The second must be that of what the generator makes.",
)

generated_images_twice = difference(
    conditional_scores,
    {"discriminator(x, one_hot)": "discriminator(generated, one_hot)"},
    "Both results are scores of generated images. The first must be that of the real ones, x.",
)

generated_images_returned = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "generated"},
    "The second result holds the generated images themselves; asked for are the scores of them.",
)


@mistake
def probabilities(generator, discriminator, x, labels, z):
    """You squashed the scores to probabilities. The losses of the library want the logits, as the discriminator gives
    them.
    """
    return tuple(scores.sigmoid() for scores in conditional_scores(generator, discriminator, x, labels, z))


@mistake
def averaged_over_the_batch(generator, discriminator, x, labels, z):
    """You averaged over the batch. One score per image is wanted, shape (batch,): the loss averages."""
    return tuple(scores.mean() for scores in conditional_scores(generator, discriminator, x, labels, z))


@mistake
def both_in_one_tensor(generator, discriminator, x, labels, z):
    """You joined the two in one tensor. Return two results, with a comma between them: real, generated."""
    return torch.cat(conditional_scores(generator, discriminator, x, labels, z))


generator_cut_off = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(generated.detach(), one_hot)"},
    """The scores are right, but no gradient reaches the generator through them: a .detach(), .data, .item() or
    torch.no_grad() stands in the way. Here both players learn from the scores; whoever trains the discriminator alone
    leaves the generator's gradients unused.""",
)


def judge(function, rng):
    generator, discriminator, x, labels, z = arguments(rng, highest=10)
    wanted = conditional_scores(generator, discriminator, x, labels, z)
    for kept in (generator.told, discriminator.told, discriminator.shown):
        kept.clear()
    got = function(generator, discriminator, x, labels, z)
    if not close(got, wanted):
        _say_who_was_told_what(generator, discriminator, x, functional.one_hot(labels, N_CLASSES).float())
        if not close(function(generator, discriminator, x, labels, z), got):
            raise Wrong("Two calls with the same arguments end differently: use the z that is given, draw none here.")
        return
    if not all(isinstance(scores, torch.Tensor) and scores.requires_grad for scores in got):
        raise Wrong(
            "The scores are right but carry no gradient: stay in torch, without .item(), numpy or torch.no_grad()."
        )
    gradients = torch.autograd.grad(got[1].sum(), [*generator.parameters()], allow_unused=True, retain_graph=True)
    if any(gradient is None or not gradient.any() for gradient in gradients):
        raise Wrong(generator_cut_off.hint)
    generator, discriminator, x, labels, z = arguments(rng)
    one = x[:1], labels[:1], z[:1]
    if not close(function(generator, discriminator, *one), conditional_scores(generator, discriminator, *one)):
        raise Wrong("Right for several images, but not for a batch of one: does a squeeze() take away its axis?")


def _say_who_was_told_what(generator, discriminator, x, right):
    if not generator.told:
        raise Wrong("The generator was never called: generated images come from generator(z, one_hot).")
    shown = list(zip(discriminator.shown, discriminator.told))
    real = [told for images, told in shown if close(images, x)]
    made = [told for images, told in shown if not close(images, x)]
    if len(real) != 1 or len(made) != 1:
        return
    real, made, asked = real[0], made[0], generator.told[0]
    if real.shape == right.shape and not close(real, right) and real.any():
        raise Wrong(labels_shuffled_for_the_real_images.hint)
    if made.shape == right.shape and not close(made, asked):
        raise Wrong(labels_shuffled_for_the_generated_images.hint)
    if made.shape == right.shape and not close(made, right):
        raise Wrong(labels_drawn_anew_for_generator_and_discriminator.hint)
