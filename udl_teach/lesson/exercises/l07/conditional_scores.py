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
    "Three calls: the generator once, the discriminator twice. Which of them need the labels?",
    "functional.one_hot(labels, 10).float() makes a one-hot row for every label.",
    "The generator makes images from z and these rows. The discriminator scores x with the rows, and the generated "
    "images with the same rows.",
    "generated = generator(z, one_hot), then return discriminator(x, one_hot), discriminator(...)",
)


N_CLASSES = 10


def _checked(one_hot):
    # The same message from both networks, whichever a learner calls first.
    if one_hot.ndim != 2 or one_hot.shape[1] != N_CLASSES:
        raise ValueError(f"one_hot had shape {tuple(one_hot.shape)}; it must be (batch, {N_CLASSES}).")
    return one_hot


def _linear(n_in, n_out):
    # Its weights are drawn later, from a generator of their own: a check leaves the notebook's random state unchanged.
    return nn.utils.skip_init(nn.Linear, n_in, n_out)


class _Generator(nn.Module):
    """Noise and one-hot labels in, images out; it records the labels that it was given."""

    def __init__(self, latent_size, side):
        super().__init__()
        self.layer, self.side, self.told = _linear(latent_size + N_CLASSES, side * side), side, []

    def forward(self, z, one_hot):
        self.told.append(one_hot)
        return torch.sigmoid(self.layer(torch.cat([z, _checked(one_hot)], dim=1))).reshape(-1, 1, self.side, self.side)


class _Discriminator(nn.Module):
    """Images and one-hot labels in, one score per image out; it records the images and labels that it was given."""

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
    # No 9 in the batch (highest is left out): if torch counts the classes, it finds too few.
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
    """You passed each label as one number. As a number, 9 is nine times as large as 1, which means nothing for classes:
    use one column per class, functional.one_hot(labels, 10).float().""",
)

labels_as_they_are = difference(
    conditional_scores,
    {"functional.one_hot(labels, 10).float()": "labels"},
    """You passed the labels as they are, shape (batch,). Both networks take one-hot labels, shape (batch, 10):
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
    "Your one-hot labels have 64 bits, like most NumPy arrays; the networks take 32: .float().",
)

generator_not_told = difference(
    conditional_scores,
    {"generator(z, one_hot)": "generator(z, 0 * one_hot)"},
    """The generator is given no label (all zeros), the discriminator is. Then the generator cannot know that a 3 is
    wanted, and nine times in ten it is wrong.""",
)

discriminator_not_told_of_generated_ones = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(generated, 0 * one_hot)"},
    """The discriminator is given the labels of real images but not those of generated ones (all zeros). The zeros alone
    reveal every generated image.""",
)

discriminator_not_told = difference(
    conditional_scores,
    {
        "discriminator(x, one_hot)": "discriminator(x, 0 * one_hot)",
        "discriminator(generated, one_hot)": "discriminator(generated, 0 * one_hot)",
    },
    """Only the generator is given the labels. A discriminator that does not know which digit was asked for cannot
    object to a wrong one, so the generator can ignore the labels.""",
)

real_images_without_labels = difference(
    conditional_scores,
    {"discriminator(x, one_hot)": "discriminator(x, 0 * one_hot)"},
    """The discriminator is given the labels of generated images but not those of real ones (all zeros). The zeros alone
    reveal which images are real.""",
)

nobody_told = difference(
    conditional_scores,
    {"functional.one_hot(labels, 10).float()": "0 * functional.one_hot(labels, 10).float()"},
    "Neither network is given a label (all zeros): this is an unconditional game.",
)

labels_shuffled_for_the_generated_images = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(generated, one_hot.roll(1, 0))"},
    """For the generated images the discriminator is given other labels than the generator: it sees a 3 and the label 7.
    Then it can only learn that generated images have wrong labels. Both networks need the same labels.""",
)

labels_shuffled_for_the_real_images = difference(
    conditional_scores,
    {"discriminator(x, one_hot)": "discriminator(x, one_hot.roll(1, 0))"},
    """The discriminator is given labels that do not belong to the real images. It could never learn which digit belongs
    to which label: pass the labels of the batch, in their order.""",
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
    """Both networks are given the same labels for the generated images, but not the labels of the batch. Some games
    draw new labels; here real and generated images share them, so that the discriminator sees each label equally often
    among both.""",
)


@mistake
def swapped(generator, discriminator, x, labels, z):
    """The two are swapped: first the scores of the real images, then those of the generated ones."""
    return conditional_scores(generator, discriminator, x, labels, z)[::-1]


real_images_twice = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(x, one_hot)"},
    "Both results are scores of the real images. The second must be the scores of the generated ones.",
)

generated_images_twice = difference(
    conditional_scores,
    {"discriminator(x, one_hot)": "discriminator(generated, one_hot)"},
    "Both results are scores of generated images. The first must be the scores of the real ones, x.",
)

generated_images_returned = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "generated"},
    "The second result contains the generated images themselves; return their scores.",
)


@mistake
def probabilities(generator, discriminator, x, labels, z):
    """You turned the scores into probabilities. The losses take the logits that the discriminator returns."""
    return tuple(scores.sigmoid() for scores in conditional_scores(generator, discriminator, x, labels, z))


@mistake
def averaged_over_the_batch(generator, discriminator, x, labels, z):
    """You averaged over the batch. Return one score per image, shape (batch,); the loss averages."""
    return tuple(scores.mean() for scores in conditional_scores(generator, discriminator, x, labels, z))


@mistake
def both_in_one_tensor(generator, discriminator, x, labels, z):
    """You joined the two in one tensor. Return two results, with a comma between them: real, generated."""
    return torch.cat(conditional_scores(generator, discriminator, x, labels, z))


generator_cut_off = difference(
    conditional_scores,
    {"discriminator(generated, one_hot)": "discriminator(generated.detach(), one_hot)"},
    """The scores are right, but no gradient reaches the generator through them: .detach(), .data, .item() or
    torch.no_grad() cuts it off. Both networks learn from these scores; a step of the discriminator simply leaves the
    gradients of the generator unused.""",
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
            raise Wrong("Two calls with the same arguments differ: use the z that is given instead of drawing another.")
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
        raise Wrong("Right for several images, but not for a batch of one: does a squeeze() remove its axis?")


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
