"""Conditioning."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array, close


def conditional_scores(generator, discriminator, x, labels, z):
    """The discriminator's scores of real and of generated images with these labels: two tensors of shape (batch,)."""
    ### BEGIN SOLUTION
    one_hot = functional.one_hot(labels, 10).float()
    generated = generator(z, one_hot)
    return discriminator(x, one_hot), discriminator(generated, one_hot)
    ### END SOLUTION


N_CLASSES = 10


def _checked(one_hot):
    # The same words from both players, whichever a learner calls first.
    if one_hot.ndim != 2 or one_hot.shape[1] != N_CLASSES:
        raise ValueError(f"one_hot had shape {tuple(one_hot.shape)}; it must be (batch, {N_CLASSES}).")
    return one_hot


def _layer_of(n_in, n_out):
    # Its weights are drawn later, from a generator of their own: a check leaves the notebook's draws alone.
    return nn.utils.skip_init(nn.Linear, n_in, n_out)


class _Draws(nn.Module):
    """A small generator: noise and one-hot labels in, images out; it keeps the labels that it was told."""

    def __init__(self, latent_size, side):
        super().__init__()
        self.layer, self.side, self.told = _layer_of(latent_size + N_CLASSES, side * side), side, []

    def forward(self, z, one_hot):
        self.told.append(one_hot)
        return torch.sigmoid(self.layer(torch.cat([z, _checked(one_hot)], dim=1))).reshape(-1, 1, self.side, self.side)


class _Scores(nn.Module):
    """A small discriminator: images and one-hot labels in, one score an image out; it keeps what it was shown."""

    def __init__(self, side):
        super().__init__()
        self.layer, self.last = _layer_of(side * side + N_CLASSES, 12), _layer_of(12, 1)
        self.shown, self.told = [], []

    def forward(self, x, one_hot):
        self.shown.append(x)
        self.told.append(one_hot)
        hidden = torch.tanh(self.layer(torch.cat([x.flatten(1), _checked(one_hot)], dim=1)))
        return self.last(hidden)[:, 0]


def _one_hot(labels):
    return functional.one_hot(labels, N_CLASSES).float()


def _told(labels_of_real, labels_of_made, labels_of_generator=None):
    """A function that tells the players something else than the labels; each argument makes it from them."""

    def scores(generator, discriminator, x, labels, z):
        generated = generator(z, (labels_of_generator or labels_of_made)(labels))
        return discriminator(x, labels_of_real(labels)), discriminator(generated, labels_of_made(labels))

    return scores


def _nothing(labels):
    return torch.zeros(len(labels), N_CLASSES)


def _as_numbers(labels):
    return labels[:, None].float()


def _shuffled(labels):
    # Everybody hears another's label, on every draw; a random order might be the right one.
    return _one_hot(labels.roll(1))


_CUT_BOTH = "The scores are right but carry no gradient: stay in torch, without .item(), numpy or torch.no_grad()."


def _say_who_heard_what(generator, discriminator, x, right, same):
    if not generator.told:
        raise Wrong("The generator was never called: generated images come from generator(z, one_hot).")
    shown = list(zip(discriminator.shown, discriminator.told, strict=True))
    real = [told for image, told in shown if same(image, x)]
    made = [told for image, told in shown if not same(image, x)]
    if len(shown) != 2 or len(real) != 1:
        return
    if real[0].shape == right.shape and not same(real[0], right) and abs(real[0]).sum() > 0:
        raise Wrong(labels_shuffled_for_the_real_images.hint)
    if made[0].shape == right.shape and not same(made[0], generator.told[0]):
        raise Wrong(labels_shuffled_for_the_generated_images.hint)
    if made[0].shape == right.shape and not same(made[0], right):
        raise Wrong(labels_drawn_anew_for_generator_and_discriminator.hint)


def _counted_by_torch(labels):
    return functional.one_hot(labels).float()


def arguments(rng, highest=9):
    # No 9 in the batch (highest is left out): whoever lets torch count the classes gets too few of them.
    torch_rng = torch.Generator().manual_seed(int(rng.integers(2**31)))
    n, latent_size, side = int(rng.integers(5, 9)), int(rng.integers(2, 5)), 4
    generator, discriminator = _Draws(latent_size, side), _Scores(side)
    for parameter in (*generator.parameters(), *discriminator.parameters()):
        parameter.data = 0.7 * torch.randn(parameter.shape, generator=torch_rng)
    x = torch.rand((n, 1, side, side), generator=torch_rng)
    labels = torch.tensor(rng.permutation(np.arange(n) % highest))
    return generator, discriminator, x, labels, torch.randn((n, latent_size), generator=torch_rng)


HINTS = (
    "Three calls: the generator once, the discriminator twice. Who must hear the labels in which of them?",
    "functional.one_hot(labels, 10).float() makes a row of ten switches for every label.",
    "The generator makes images from z and these rows. The discriminator scores x with them, and what was made with "
    "the same ones.",
    "generated = generator(z, one_hot), then return discriminator(x, one_hot), discriminator(...)",
)


@mistake
def label_as_a_number(generator, discriminator, x, labels, z):
    """You handed the labels over as one number each. As a number a 9 is nine times as much of something as a 1, which
    it is not: make a switch for every class, functional.one_hot(labels, 10).float().
    """
    return _told(_as_numbers, _as_numbers)(generator, discriminator, x, labels, z)


@mistake
def labels_as_they_are(generator, discriminator, x, labels, z):
    """You handed over the labels as they are, shape (batch,). The players want one-hot labels, shape (batch, 10):
    functional.one_hot(labels, 10).float().
    """
    return _told(lambda labels: labels, lambda labels: labels)(generator, discriminator, x, labels, z)


@mistake
def classes_counted_by_torch(generator, discriminator, x, labels, z):
    """Without its second argument one_hot counts the classes in the batch, and a batch without a 9 gets too few
    columns: functional.one_hot(labels, 10).
    """
    return _told(_counted_by_torch, _counted_by_torch)(generator, discriminator, x, labels, z)


@mistake
def one_column_too_many(generator, discriminator, x, labels, z):
    """Ten classes, 0 to 9, need ten columns; yours has eleven: functional.one_hot(labels, 10)."""
    return _told(lambda labels: functional.one_hot(labels, 11).float(), lambda labels: functional.one_hot(labels, 11))(
        generator, discriminator, x, labels, z
    )


@mistake
def number_64_bits(generator, discriminator, x, labels, z):
    """Your one-hot labels are in 64 bits, as arrays from NumPy are; the players take 32: .float()."""
    return _told(lambda labels: _one_hot(labels).double(), lambda labels: _one_hot(labels).double())(
        generator, discriminator, x, labels, z
    )


@mistake
def generator_not_told(generator, discriminator, x, labels, z):
    """The generator hears no label (all zeros), the discriminator does. Then it is asked for a 3 without being told so,
    and nine times in ten it is wrong.
    """
    return _told(_one_hot, _one_hot, _nothing)(generator, discriminator, x, labels, z)


@mistake
def discriminator_not_told_of_generated_ones(generator, discriminator, x, labels, z):
    """The discriminator hears the label of real images but not of generated ones (all zeros). Zeros alone would give
    every generated image away.
    """
    return _told(_one_hot, _nothing, _one_hot)(generator, discriminator, x, labels, z)


@mistake
def discriminator_not_told(generator, discriminator, x, labels, z):
    """Only the generator hears the labels. A discriminator that does not know which digit was asked for cannot object
    to a wrong one, so the generator need not listen.
    """
    return _told(_nothing, _nothing, _one_hot)(generator, discriminator, x, labels, z)


@mistake
def real_images_without_labels(generator, discriminator, x, labels, z):
    """The discriminator hears the labels of generated images but not those of real ones (all zeros), and so knows at
    once which are which.
    """
    return _told(_nothing, _one_hot)(generator, discriminator, x, labels, z)


@mistake
def nobody_told(generator, discriminator, x, labels, z):
    """Nobody hears a label (all zeros): this is a game without condition."""
    return _told(_nothing, _nothing)(generator, discriminator, x, labels, z)


@mistake
def labels_shuffled_for_the_generated_images(generator, discriminator, x, labels, z):
    """The discriminator is told other labels for the generated images than the generator was told: it is shown a 3 and
    hears 7. Then it can only learn that generated images carry wrong labels. Both must hear the same ones.
    """
    return _told(_one_hot, _shuffled, _one_hot)(generator, discriminator, x, labels, z)


@mistake
def labels_shuffled_for_the_real_images(generator, discriminator, x, labels, z):
    """The discriminator is told labels for the real images that are not theirs. It could never learn which digit
    belongs to which label: hand it the labels of the batch, in their order.
    """
    return _told(_shuffled, _one_hot)(generator, discriminator, x, labels, z)


@mistake
def labels_drawn_anew_for_generator_and_discriminator(generator, discriminator, x, labels, z):
    """Both players hear the same labels for the generated images, but not those of the batch. Drawing labels of its own
    is done, too; here generated and real images share the labels, so that the discriminator meets both equally often.
    """
    return (
        discriminator(x, _one_hot(labels)),
        discriminator(generator(z, drawn := _one_hot(torch.randint(N_CLASSES, labels.shape))), drawn),
    )


@mistake
def swapped():
    """The two are swapped: first the scores of the real images, then those of the generated ones."""
    return conditional_scores(*arguments)[::-1]


@mistake
def real_images_twice(generator, discriminator, x, labels, z):
    """Both results are scores of the real images. The second must be that of what the generator makes."""
    return (discriminator(x, _one_hot(labels)),) * 2


@mistake
def generated_images_twice(generator, discriminator, x, labels, z):
    """Both results are scores of generated images. The first must be that of the real ones, x."""
    return (discriminator(generator(z, _one_hot(labels)), _one_hot(labels)),) * 2


@mistake
def generated_images_returned(generator, discriminator, x, labels, z):
    """The second result holds the generated images themselves; asked for are the scores of them."""
    return (
        discriminator(x, _one_hot(labels)),
        generator(z, _one_hot(labels)),
    )


@mistake
def probabilities():
    """You squashed the scores to probabilities. The losses of the library want the logits, as the discriminator gives
    them.
    """
    return tuple(map(torch.sigmoid, conditional_scores(*arguments)))


@mistake
def averaged_over_the_batch():
    """You averaged over the batch. One score an image is wanted, shape (batch,): the loss averages."""
    return tuple(scores.mean() for scores in conditional_scores(*arguments))


@mistake
def both_in_one_tensor():
    """You joined the two in one tensor. Return two results, with a comma between them: real, generated."""
    return torch.cat(conditional_scores(*arguments))


@mistake
def generator_cut_off(generator, discriminator, x, labels, z):
    """The scores are right, but no gradient reaches the generator through them: a .detach(), .data, .item() or
    torch.no_grad() stands in the way. Here both players learn from the scores; whoever trains the discriminator alone
    leaves the generator's gradients unused.
    """
    return (
        discriminator(x, _one_hot(labels)),
        discriminator(generator(z, _one_hot(labels)).detach(), _one_hot(labels)),
    )


def judge(function, rng):
    generator, discriminator, x, labels, z = arguments(rng, highest=10)
    wanted = conditional_scores(generator, discriminator, x, labels, z)
    for player in (generator, discriminator):
        player.told.clear()
    discriminator.shown.clear()
    got = function(generator, discriminator, x, labels, z)
    right = _one_hot(labels)

    def same(told, wanted):
        array = as_array(told)
        return array is not None and array.shape == tuple(wanted.shape) and close(array, wanted)

    if not close(got, wanted):
        _say_who_heard_what(generator, discriminator, x, right, same)
        if not close(function(generator, discriminator, x, labels, z), got):
            raise Wrong("Two calls with the same arguments end differently: use the z that is given, draw none here.")
        return
    if not isinstance(got, tuple | list) or not all(isinstance(each, torch.Tensor) for each in got):
        raise Wrong(_CUT_BOTH)
    real, generated = got
    if not real.requires_grad or not generated.requires_grad:
        raise Wrong(_CUT_BOTH)
    gradients = torch.autograd.grad(generated.sum(), [*generator.parameters()], allow_unused=True, retain_graph=True)
    if any(gradient is None or not gradient.any() for gradient in gradients):
        raise Wrong(generator_cut_off.hint)
    generator, discriminator, x, labels, z = arguments(rng)
    one = x[:1], labels[:1], z[:1]
    if not close(function(generator, discriminator, *one), conditional_scores(generator, discriminator, *one)):
        raise Wrong("Right for several images, but not for a batch of one: does a squeeze() take away its axis?")
