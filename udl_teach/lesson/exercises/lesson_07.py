"""Exercises of lesson 07: size of a transposed convolution, conditioning, coverage, Fréchet distance."""

import numpy as np
import torch
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from torch import nn
from torch.nn import functional

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import as_array, close


def _one_number(got, wanted):
    """Whether two results are the same number; an array or tensor that holds a single one counts as it."""
    one, other = as_array(got), as_array(wanted)
    if one is not None and other is not None and one.size == other.size == 1:
        return close(one.reshape(()), other.reshape(()))
    return close(got, wanted)


# -- 07.1 --


def grown_size(size, kernel, stride, padding):
    """Side of what a transposed convolution makes of an image with this side, in pixels."""
    return (size - 1) * stride + kernel - 2 * padding


def _layer(rng):
    # The stride is not 1, the padding is neither 1 nor the stride, and the kernel is larger than both: each slip shows.
    stride = int(rng.integers(2, 5))
    kernel = stride + int(rng.integers(5, 9))
    padding = rng.choice([pixels for pixels in range(2, (kernel + 1) // 2) if pixels != stride])
    return int(rng.integers(4, 12)), kernel, stride, int(padding)


def _at_the_edges(function, rng):
    if any(not _one_number(function(*layer), grown_size(*layer)) for layer in (_layer(rng), _layer(rng))):
        return
    for layer, what in (
        ((1, 5, 3, 0), "A single pixel becomes one whole stamp: with side 1, kernel 5, no padding, the side is 5."),
        ((6, 1, 1, 0), "With kernel 1, stride 1 and no padding nothing moves: side 6 must stay 6."),
        ((4, 2, 3, 0), "A stride larger than the kernel leaves gaps, and they count: the stamps of 4 pixels, with "
         "kernel 2 and stride 3, reach over 11 pixels."),
    ):  # fmt: skip
        if not _one_number(function(*layer), grown_size(*layer)):
            raise Wrong(what)


_SIZE = Exercise(
    number="07.1",
    title="The size of a transposed convolution",
    solution=grown_size,
    arguments=_layer,
    compare=_one_number,
    judge=_at_the_edges,
    mistakes=(
        Mistake(
            "the convolution's formula",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride + 1,
            "That is the formula of the convolution, which shrinks. Here every pixel is laid down as a stamp, and the "
            "stamps begin stride pixels apart: multiply by the stride, do not divide by it.",
        ),
        Mistake(
            "padding added",
            lambda size, kernel, stride, padding: (size - 1) * stride + kernel + 2 * padding,
            "You added the padding. In a transposed convolution it is cut off, at both ends: - 2 * padding.",
        ),
        Mistake(
            "padding cut off once",
            lambda size, kernel, stride, padding: (size - 1) * stride + kernel - padding,
            "You cut the padding off at one end. It goes at both: 2 * padding.",
        ),
        Mistake(
            "padding forgotten",
            lambda size, kernel, stride, padding: (size - 1) * stride + kernel,
            "That is how far the stamps reach all together. Of it, padding pixels are cut off at each end.",
        ),
        Mistake(
            "stride forgotten",
            lambda size, kernel, stride, padding: size - 1 + kernel - 2 * padding,
            "Your stamps begin one pixel apart. They begin stride pixels apart: the last one at (size - 1) * stride.",
        ),
        Mistake(
            "one stamp too many",
            lambda size, kernel, stride, padding: size * stride + kernel - 2 * padding,
            "You moved on size times. The first stamp begins at 0, so the last of size stamps begins at "
            "(size - 1) * stride.",
        ),
        Mistake(
            "size times stride",
            lambda size, kernel, stride, padding: size * stride,
            "size * stride is right for a kernel of 4 with stride 2 and padding 1, which is why so many networks have "
            "it. In general kernel and padding count: where does the last stamp end?",
        ),
        Mistake(
            "size times stride, padding cut off",
            lambda size, kernel, stride, padding: size * stride - 2 * padding,
            "The kernel is missing. The last stamp begins at (size - 1) * stride and is kernel pixels long.",
        ),
        Mistake(
            "kernel forgotten",
            lambda size, kernel, stride, padding: (size - 1) * stride - 2 * padding,
            "You stop where the last stamp begins. It is kernel pixels long: add it.",
        ),
        Mistake(
            "last stamp one pixel long",
            lambda size, kernel, stride, padding: (size - 1) * stride + 1 - 2 * padding,
            "Your last stamp is one pixel long. Each is kernel pixels long.",
        ),
        Mistake(
            "last stamp one pixel too short",
            lambda size, kernel, stride, padding: (size - 1) * stride + kernel - 1 - 2 * padding,
            "One pixel is missing. A stamp that begins at pixel 0 and is kernel pixels long ends before pixel kernel: "
            "that makes kernel pixels, not kernel - 1.",
        ),
        Mistake(
            "one pixel too many",
            lambda size, kernel, stride, padding: (size - 1) * stride + kernel - 2 * padding + 1,
            "One pixel too many: the + 1 belongs to the convolution's formula, where stamps are counted. Here we ask "
            "how far they reach.",
        ),
        Mistake(
            "stamps side by side",
            lambda size, kernel, stride, padding: size * kernel - 2 * padding,
            "You laid the stamps side by side. They begin stride pixels apart and overlap where the kernel is larger.",
        ),
        Mistake(
            "stride and kernel swapped",
            lambda size, kernel, stride, padding: (size - 1) * kernel + stride - 2 * padding,
            "Stride and kernel have changed places: the stride says how far the stamps lie apart, the kernel how long "
            "each is.",
        ),
        Mistake(
            "padding cut off before growing",
            lambda size, kernel, stride, padding: (size - 2 * padding - 1) * stride + kernel,
            "You cut off padding * stride pixels at each end, as if the padding were taken from the small image. It "
            "is counted in pixels of the large one and cut off there: 2 * padding in all.",
        ),
    ),
    hints=(
        "Draw it: three pixels, stride 2, kernel 3. Where does the first stamp begin, where does the last one end?",
        "The first stamp begins at pixel 0, the next at stride, … the last at (size - 1) * stride.",
        "The last stamp ends kernel pixels after its beginning. Then padding pixels go from each end.",
        "return (size - 1) * stride + ... - 2 * padding",
    ),
)

# -- 07.2 --

N_CLASSES = 10


def conditional_scores(generator, discriminator, x, labels, z):
    """The discriminator's scores of real and of generated images, every player told the labels: two of (batch,)."""
    one_hot = functional.one_hot(labels, N_CLASSES).float()
    generated = generator(z, one_hot)
    return discriminator(x, one_hot), discriminator(generated, one_hot)


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


def _players(rng, highest=9):
    # No 9 in the batch (highest is left out): whoever lets torch count the classes gets too few of them.
    torch_rng = torch.Generator().manual_seed(int(rng.integers(2**31)))
    n, latent_size, side = int(rng.integers(5, 9)), int(rng.integers(2, 5)), 4
    generator, discriminator = _Draws(latent_size, side), _Scores(side)
    for parameter in (*generator.parameters(), *discriminator.parameters()):
        parameter.data = 0.7 * torch.randn(parameter.shape, generator=torch_rng)
    x = torch.rand((n, 1, side, side), generator=torch_rng)
    labels = torch.tensor(rng.permutation(np.arange(n) % highest))
    return generator, discriminator, x, labels, torch.randn((n, latent_size), generator=torch_rng)


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


_MIXED = (
    "The discriminator is told other labels for the generated images than the generator was told: it is shown a 3 and "
    "hears 7. Then it can only learn that generated images carry wrong labels. Both must hear the same ones."
)
_REAL_MIXED = (
    "The discriminator is told labels for the real images that are not theirs. It could never learn which digit "
    "belongs to which label: hand it the labels of the batch, in their order."
)
_OTHER = (
    "Both players hear the same labels for the generated images, but not those of the batch. Drawing labels of its own "
    "is done, too; here generated and real images share the labels, so that the discriminator meets both equally often."
)
_CUT = (
    "The scores are right, but no gradient reaches the generator through them: a .detach(), .data, .item() or "
    "torch.no_grad() stands in the way. Here both players learn from the scores; whoever trains the discriminator "
    "alone leaves the generator's gradients unused."
)
_CUT_BOTH = "The scores are right but carry no gradient: stay in torch, without .item(), numpy or torch.no_grad()."


def _players_are_told(function, rng):
    generator, discriminator, x, labels, z = _players(rng, highest=10)
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
        raise Wrong(_CUT)
    generator, discriminator, x, labels, z = _players(rng)
    one = x[:1], labels[:1], z[:1]
    if not close(function(generator, discriminator, *one), conditional_scores(generator, discriminator, *one)):
        raise Wrong("Right for several images, but not for a batch of one: does a squeeze() take away its axis?")


def _say_who_heard_what(generator, discriminator, x, right, same):
    if not generator.told:
        raise Wrong("The generator was never called: generated images come from generator(z, one_hot).")
    shown = list(zip(discriminator.shown, discriminator.told, strict=True))
    real = [told for image, told in shown if same(image, x)]
    made = [told for image, told in shown if not same(image, x)]
    if len(shown) != 2 or len(real) != 1:
        return
    if real[0].shape == right.shape and not same(real[0], right) and abs(real[0]).sum() > 0:
        raise Wrong(_REAL_MIXED)
    if made[0].shape == right.shape and not same(made[0], generator.told[0]):
        raise Wrong(_MIXED)
    if made[0].shape == right.shape and not same(made[0], right):
        raise Wrong(_OTHER)


def _counted_by_torch(labels):
    return functional.one_hot(labels).float()


_CONDITION = Exercise(
    number="07.2",
    title="Conditioning",
    solution=conditional_scores,
    arguments=_players,
    judge=_players_are_told,
    mistakes=(
        Mistake(
            "label as a number",
            _told(_as_numbers, _as_numbers),
            "You handed the labels over as one number each. As a number a 9 is nine times as much of something as a 1, "
            "which it is not: make a switch for every class, functional.one_hot(labels, 10).float().",
        ),
        Mistake(
            "labels as they are",
            _told(lambda labels: labels, lambda labels: labels),
            "You handed over the labels as they are, shape (batch,). The players want one-hot labels, shape (batch, "
            "10): functional.one_hot(labels, 10).float().",
        ),
        Mistake(
            "classes counted by torch",
            _told(_counted_by_torch, _counted_by_torch),
            "Without its second argument one_hot counts the classes in the batch, and a batch without a 9 gets too few "
            "columns: functional.one_hot(labels, 10).",
        ),
        Mistake(
            "one column too many",
            _told(lambda labels: functional.one_hot(labels, 11).float(), lambda labels: functional.one_hot(labels, 11)),
            "Ten classes, 0 to 9, need ten columns; yours has eleven: functional.one_hot(labels, 10).",
        ),
        Mistake(
            "64 bits",
            _told(lambda labels: _one_hot(labels).double(), lambda labels: _one_hot(labels).double()),
            "Your one-hot labels are in 64 bits, as arrays from NumPy are; the players take 32: .float().",
        ),
        Mistake(
            "generator not told",
            _told(_one_hot, _one_hot, _nothing),
            "The generator hears no label (all zeros), the discriminator does. Then it is asked for a 3 without being "
            "told so, and nine times in ten it is wrong.",
        ),
        Mistake(
            "discriminator not told of generated ones",
            _told(_one_hot, _nothing, _one_hot),
            "The discriminator hears the label of real images but not of generated ones (all zeros). Zeros alone would "
            "give every generated image away.",
        ),
        Mistake(
            "discriminator not told",
            _told(_nothing, _nothing, _one_hot),
            "Only the generator hears the labels. A discriminator that does not know which digit was asked for cannot "
            "object to a wrong one, so the generator need not listen.",
        ),
        Mistake(
            "real images without labels",
            _told(_nothing, _one_hot),
            "The discriminator hears the labels of generated images but not those of real ones (all zeros), and so "
            "knows at once which are which.",
        ),
        Mistake(
            "nobody told",
            _told(_nothing, _nothing),
            "Nobody hears a label (all zeros): this is a game without condition.",
        ),
        Mistake(
            "labels shuffled for the generated images",
            _told(_one_hot, _shuffled, _one_hot),
            _MIXED,
        ),
        Mistake(
            "labels shuffled for the real images",
            _told(_shuffled, _one_hot),
            _REAL_MIXED,
        ),
        Mistake(
            "labels drawn anew for generator and discriminator",
            lambda generator, discriminator, x, labels, z: (
                discriminator(x, _one_hot(labels)),
                discriminator(generator(z, drawn := _one_hot(torch.randint(N_CLASSES, labels.shape))), drawn),
            ),
            _OTHER,
        ),
        Mistake(
            "swapped",
            lambda *arguments: conditional_scores(*arguments)[::-1],
            "The two are swapped: first the scores of the real images, then those of the generated ones.",
        ),
        Mistake(
            "real images twice",
            lambda generator, discriminator, x, labels, z: (discriminator(x, _one_hot(labels)),) * 2,
            "Both results are scores of the real images. The second must be that of what the generator makes.",
        ),
        Mistake(
            "generated images twice",
            lambda generator, discriminator, x, labels, z: (
                (discriminator(generator(z, _one_hot(labels)), _one_hot(labels)),) * 2
            ),
            "Both results are scores of generated images. The first must be that of the real ones, x.",
        ),
        Mistake(
            "generated images returned",
            lambda generator, discriminator, x, labels, z: (
                discriminator(x, _one_hot(labels)),
                generator(z, _one_hot(labels)),
            ),
            "The second result holds the generated images themselves; asked for are the scores of them.",
        ),
        Mistake(
            "probabilities",
            lambda *arguments: tuple(map(torch.sigmoid, conditional_scores(*arguments))),
            "You squashed the scores to probabilities. The losses of the library want the logits, as the discriminator "
            "gives them.",
        ),
        Mistake(
            "averaged over the batch",
            lambda *arguments: tuple(scores.mean() for scores in conditional_scores(*arguments)),
            "You averaged over the batch. One score an image is wanted, shape (batch,): the loss averages.",
        ),
        Mistake(
            "both in one tensor",
            lambda *arguments: torch.cat(conditional_scores(*arguments)),
            "You joined the two in one tensor. Return two results, with a comma between them: real, generated.",
        ),
        Mistake(
            "generator cut off",
            lambda generator, discriminator, x, labels, z: (
                discriminator(x, _one_hot(labels)),
                discriminator(generator(z, _one_hot(labels)).detach(), _one_hot(labels)),
            ),
            _CUT,
        ),
    ),
    hints=(
        "Three calls: the generator once, the discriminator twice. Who must hear the labels in which of them?",
        "functional.one_hot(labels, 10).float() makes a row of ten switches for every label.",
        "The generator makes images from z and these rows. The discriminator scores x with them, and what was made "
        "with the same ones.",
        "generated = generator(z, one_hot), then return discriminator(x, one_hot), discriminator(...)",
    ),
)

# -- 07.3 --


def coverage(real, generated, k):
    """Share of the real samples that have a generated one no farther away than their k-th nearest real neighbour."""
    radius = np.sort(cdist(real, real), axis=1)[:, k]  # place 0 is the sample itself
    nearest = cdist(real, generated).min(axis=1)
    return (nearest <= radius).mean()


def _two_clouds(rng):
    # Three groups of real samples; the generated ones leave one out, crowd another, and have some far from any.
    n_features = int(rng.integers(2, 5))
    middles = 5 * rng.normal(size=(3, n_features))
    real = np.concatenate(
        [
            m + s * rng.normal(size=(n, n_features))
            for m, s, n in zip(middles, (0.5, 1.0, 1.5), (17, 25, 30), strict=True)
        ]
    )
    generated = np.concatenate(
        [
            middles[1] + 0.8 * rng.normal(size=(int(rng.integers(14, 22)), n_features)),
            middles[2] + 0.5 * rng.normal(size=(9, n_features)),
            middles[2] + 4.0 * rng.normal(size=(24, n_features)),
        ]
    )
    return rng.permutation(real), rng.permutation(generated), int(rng.integers(3, 6))


def _radius(real, k):
    return np.sort(cdist(real, real), axis=1)[:, k]


def _inside(real, generated, k):
    return cdist(real, generated) <= _radius(real, k)[:, None]


def _precision(real, generated, k):
    return _inside(real, generated, k).any(axis=0).mean()


def _recall(real, generated, k):
    return (cdist(real, generated) <= _radius(generated, k)).any(axis=1).mean()


def _known_clouds(function, rng):
    real, generated, k = _two_clouds(rng)
    if not _one_number(function(real, generated, k), coverage(real, generated, k)):
        return
    if not _one_number(function(real, real, k), 1.0):
        raise Wrong("Real samples handed in as generated ones cover every one of them: coverage must be 1 then.")
    if not _one_number(function(real, generated + 1000, k), 0.0):
        raise Wrong("Generated samples that are far from everything cover nothing: coverage must be 0 then.")
    few = generated[:3]
    if not _one_number(function(real, few, k), coverage(real, few, k)):
        raise Wrong("Right while there are many generated samples; with 3 of them and k = 5 it is not.")


_COVERAGE = Exercise(
    number="07.3",
    title="Coverage",
    solution=coverage,
    arguments=_two_clouds,
    compare=_one_number,
    judge=_known_clouds,
    mistakes=(
        Mistake(
            "precision's direction",
            _precision,
            "You have precision: the share of the generated samples that lie in the circle of some real one. Coverage "
            "asks each real sample whether a generated one lies in its circle.",
        ),
        Mistake(
            "radius of the generated samples",
            _recall,
            "You have recall: your circles stand around the generated samples. One generated sample that is far from "
            "all others has a huge circle and covers half of the data. Here the circles stand around the real ones.",
        ),
        Mistake(
            "the sample counted as its own neighbour",
            lambda real, generated, k: (cdist(real, generated).min(axis=1) <= _radius(real, k - 1)).mean(),
            "Each real sample is its own nearest, at distance 0, and you counted it among the k: your circles are "
            "those of the (k - 1)-th neighbour. In a sorted row of distances the k-th neighbour stands at place k.",
        ),
        Mistake(
            "one neighbour too far",
            lambda real, generated, k: (cdist(real, generated).min(axis=1) <= _radius(real, k + 1)).mean(),
            "Your circles reach to the (k + 1)-th neighbour. In a sorted row the sample itself stands at place 0, so "
            "the k-th neighbour stands at place k.",
        ),
        Mistake(
            "density",
            lambda real, generated, k: _inside(real, generated, k).sum() / (k * len(generated)),
            "You have density: it counts how many circles each generated sample lies in, divided by k. Coverage asks a "
            "yes or no of each real sample.",
        ),
        Mistake(
            "pairs counted",
            lambda real, generated, k: _inside(real, generated, k).mean(),
            "You averaged over all pairs. Ask each real sample whether any generated one lies in its circle, "
            ".any(axis=1), then average over the real samples.",
        ),
        Mistake(
            "k-th nearest generated sample",
            lambda real, generated, k: (np.sort(cdist(real, generated), axis=1)[:, k - 1] <= _radius(real, k)).mean(),
            "You want k generated samples in the circle. One is enough: take the nearest, .min(axis=1).",
        ),
        Mistake(
            "k-th nearest generated sample, counted from 0",
            lambda real, generated, k: (np.sort(cdist(real, generated), axis=1)[:, k] <= _radius(real, k)).mean(),
            "You compare with the generated sample at place k of the sorted row. The nearest is enough, at place 0: no "
            "sample is its own neighbour here.",
        ),
        Mistake(
            "radius from the generated samples",
            lambda real, generated, k: (
                cdist(real, generated).min(axis=1) <= np.sort(cdist(real, generated), axis=1)[:, k]
            ).mean(),
            "In yours every real sample is covered, whatever was generated: the circles are too large. Their radius "
            "comes from the real samples alone, cdist(real, real), each row sorted; the nearest stand first.",
        ),
        Mistake(
            "mean radius",
            lambda real, generated, k: (cdist(real, generated).min(axis=1) <= _radius(real, k).mean()).mean(),
            "You gave all samples one radius, the mean. Each has its own: small where the data is dense, large where "
            "it is thin.",
        ),
        Mistake(
            "largest radius",
            lambda real, generated, k: (cdist(real, generated).min(axis=1) <= _radius(real, k).max()).mean(),
            "You gave all samples the largest radius. Each has its own: small where the data is dense.",
        ),
        Mistake(
            "mean distance to the neighbours",
            lambda real, generated, k: (
                cdist(real, generated).min(axis=1) <= np.sort(cdist(real, real), axis=1)[:, 1 : k + 1].mean(axis=1)
            ).mean(),
            "Your radius is the mean distance to the k neighbours. It is that to the k-th, the farthest of them.",
        ),
        Mistake(
            "nearest real sample of each generated one",
            lambda real, generated, k: len(np.unique(cdist(real, generated).argmin(axis=0))) / len(real),
            "You let each generated sample cover its nearest real one, however far that is. There is no circle in "
            "yours: a real sample is covered when a generated one is no farther away than its k-th real neighbour.",
        ),
        Mistake(
            "count",
            lambda real, generated, k: (cdist(real, generated).min(axis=1) <= _radius(real, k)).sum(),
            "You counted the covered samples. Asked for is their share: .mean() of the yes and no.",
        ),
        Mistake(
            "percent",
            lambda real, generated, k: 100 * coverage(real, generated, k),
            "Your result is in percent; a share lies between 0 and 1.",
        ),
        Mistake(
            "divided by the number of generated samples",
            lambda real, generated, k: coverage(real, generated, k) * len(real) / len(generated),
            "You divided by the number of generated samples. It is the real ones that are covered or not.",
        ),
        Mistake(
            "share that is not covered",
            lambda real, generated, k: 1 - coverage(real, generated, k),
            "Yours is the share that is not covered: the comparison is turned round.",
        ),
        Mistake(
            "yes and no not averaged",
            lambda real, generated, k: cdist(real, generated).min(axis=1) <= _radius(real, k),
            "You have a yes or no for every real sample. One step is left: the share of the yes, .mean().",
        ),
        Mistake(
            "smallest distance of each generated sample",
            lambda real, generated, k: (cdist(real, generated).min(axis=0) <= _radius(real, k)).mean(),
            "axis=0 gives each generated sample its nearest real one. Rows of cdist(real, generated) are the real "
            "samples: axis=1.",
        ),
        Mistake(
            "real and generated swapped",
            lambda real, generated, k: coverage(generated, real, k),
            "Real and generated samples have changed places: yours is the share of the generated samples that have a "
            "real one near. Here it is the real ones that are to be covered.",
        ),
        Mistake(
            "places in place of distances",
            lambda real, generated, k: (
                cdist(real, generated).min(axis=1) <= np.argsort(cdist(real, real), axis=1)[:, k]
            ).mean(),
            "np.argsort says where the neighbours stand, not how far they are. The radius is a distance: np.sort.",
        ),
        Mistake(
            "farthest generated sample",
            lambda real, generated, k: (cdist(real, generated).max(axis=1) <= _radius(real, k)).mean(),
            "You ask for the farthest generated sample, so all of them would have to lie in the circle. One is enough, "
            "the nearest: .min(axis=1).",
        ),
        Mistake(
            "not sorted",
            lambda real, generated, k: (cdist(real, generated).min(axis=1) <= cdist(real, real)[:, k]).mean(),
            "Your radius is the distance to sample number k, whichever that is. Sort each row of distances first: "
            "np.sort(..., axis=1).",
        ),
        Mistake(
            "sorted along the wrong axis",
            lambda real, generated, k: (
                cdist(real, generated).min(axis=1) <= np.sort(cdist(real, real), axis=0)[:, k]
            ).mean(),
            "You sorted columns and then read along rows. Sort each row, axis=1, and take place k of every row.",
        ),
        Mistake(
            "squared against plain",
            lambda real, generated, k: ((cdist(real, generated).min(axis=1) ** 2) <= _radius(real, k)).mean(),
            "A squared distance is compared with a plain one. Square both or neither.",
        ),
    ),
    hints=(
        "Around each real sample stands a circle that reaches to its k-th nearest real neighbour. In how many circles "
        "is there at least one generated sample?",
        "cdist(a, b) has the distance of every row of a to every row of b, shape (len(a), len(b)). Two of them are "
        "wanted: real to real, and real to generated.",
        "radius = np.sort(cdist(real, real), axis=1)[:, k]: place 0 is the sample itself, place k the k-th neighbour.",
        "nearest = cdist(real, generated).min(axis=1), then return (nearest <= ...).mean()",
    ),
)

# -- 07.4 --


def frechet_distance(mean_x, covariance_x, mean_y, covariance_y):
    """Squared Fréchet distance of two Gaussians, given by means (d,) and covariances (d, d)."""
    # The product of two covariances has eigenvalues of at least 0; rounding may push them a little below.
    eigenvalues = np.linalg.eigvals(covariance_x @ covariance_y).real.clip(min=0)
    shift = ((mean_x - mean_y) ** 2).sum()
    return shift + np.trace(covariance_x) + np.trace(covariance_y) - 2 * np.sqrt(eigenvalues).sum()


def _two_gaussians(rng):
    d = int(rng.integers(4, 8))
    means = 2 * rng.normal(size=(2, d))
    covariances = [a @ a.T / d + 0.1 * np.eye(d) for a in (1 + rng.random((2, 1, 1))) * rng.normal(size=(2, d, d))]
    return means[0], covariances[0], means[1], covariances[1]


def _root_trace(x, y):
    return np.trace(sqrtm(x @ y)).real


def _traces(x, y):
    return np.trace(x) + np.trace(y)


def _shift(a, b):
    return ((a - b) ** 2).sum()


_COMPLEX = (
    "The number is right, but its type is complex, with an imaginary part of 0; a figure or float() would complain. "
    "Take the .real part of the eigenvalues, np.linalg.eigvals(...).real, before the root."
)
_FEW = (
    "Right, until there are fewer samples than features, here {} of 32; the lesson goes down to 30. Then some "
    "eigenvalues are 0, and rounding gives them an imaginary part or makes them a bit negative: yours gives {}. Before "
    "the root take the .real part, then .clip(min=0)."
)
_DEAD = (
    "Right, until a feature never varies (a dead unit): its eigenvalue is 0, and rounding can make that a little less "
    "than 0, which has no root. Yours gives {}. Take np.linalg.eigvals(...), its .real part, and .clip(min=0)."
)


def _singular_gaussians(rng):
    # With 20 samples of 32 features the eigenvalues that should be 0 come out complex; with 30 they are about as often
    # real and negative, which is another slip.
    for n in (20,) + 12 * (30,):
        samples = [rng.normal(size=(many, 32)) @ rng.normal(size=(32, 32)) for many in (n, 200)]
        yield (*(part for x in samples for part in (x.mean(axis=0), np.cov(x.T))),), _FEW.replace("{}", str(n), 1)
    for _ in range(3):
        # Twelve features that follow three hidden numbers, and two that are always 0.
        spread = [np.vstack([rng.normal(size=(12, 3)), np.zeros((2, 3))]) for _ in range(2)]
        one, other = (a @ a.T for a in spread)
        yield (np.zeros(14), one, rng.normal(size=14), other), _DEAD


def _real_and_finite(function, rng):
    arguments = _two_gaussians(rng)
    got = function(*arguments)
    if not _one_number(got, frechet_distance(*arguments)):
        return
    if np.iscomplexobj(as_array(got)):
        raise Wrong(_COMPLEX)
    for arguments, hint in _singular_gaussians(rng):
        got = as_array(function(*arguments))
        if np.iscomplexobj(got):
            raise Wrong(hint.format("a complex number"))
        if not np.isfinite(got).all():
            raise Wrong(hint.format("no number"))
        # A matrix root of such a product is good to some digits only; that is enough.
        if abs(float(got.reshape(())) / frechet_distance(*arguments) - 1) > 0.02:
            raise Wrong(hint.format("a number that is far off"))
    same = _two_gaussians(rng)[:2]
    value = as_array(function(*same, *same))
    if abs(float(value.reshape(()))) > 1e-5 * np.trace(same[1]):
        raise Wrong("Two equal Gaussians have distance 0; yours is not.")


def _with_roots(root_of):
    """The formula with another way to get the roots of the eigenvalues."""

    def distance(mean_x, covariance_x, mean_y, covariance_y):
        with np.errstate(invalid="ignore"):
            roots = root_of(np.linalg.eigvals(covariance_x @ covariance_y))
        return _shift(mean_x, mean_y) + _traces(covariance_x, covariance_y) - 2 * roots.sum()

    return distance


_FRECHET = Exercise(
    number="07.4",
    title="The Fréchet distance",
    solution=frechet_distance,
    arguments=_two_gaussians,
    compare=_one_number,
    judge=_real_and_finite,
    mistakes=(
        Mistake(
            "root taken of every entry",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + np.trace(x + y - 2 * np.sqrt(x @ y)),
            "You took the root of the entries, of all or of those on the diagonal. The root of a matrix is another "
            "matter: the R with R @ R = the product. Its trace is the sum of the roots of the product's eigenvalues: "
            "np.sqrt(np.linalg.eigvals(...)).sum().",
        ),
        Mistake(
            "variances alone",
            lambda mean_x, x, mean_y, y: (
                _shift(mean_x, mean_y) + ((np.sqrt(np.diag(x)) - np.sqrt(np.diag(y))) ** 2).sum()
            ),
            "You compare the variances of the features one by one; how features vary together is lost. It is right for "
            "diagonal covariances only.",
        ),
        Mistake(
            "eigenvalues of each by itself",
            lambda mean_x, x, mean_y, y: (
                _shift(mean_x, mean_y)
                + _traces(x, y)
                - 2 * np.sqrt(np.linalg.eigvalsh(x) * np.linalg.eigvalsh(y)).sum()
            ),
            "You multiplied the eigenvalues of the two covariances one by one. That is right only where both stretch "
            "along the same directions; take the eigenvalues of the product, covariance_x @ covariance_y.",
        ),
        Mistake(
            "roots of each by itself",
            lambda mean_x, x, mean_y, y: (
                _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.trace(sqrtm(x) @ sqrtm(y)).real
            ),
            "You took the root of each covariance and multiplied the roots. The root of a product of matrices is not "
            "the product of their roots: multiply first.",
        ),
        Mistake(
            "eigvalsh of the product",
            lambda mean_x, x, mean_y, y: (
                _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.eigvalsh(x @ y).clip(min=0)).sum()
            ),
            "np.linalg.eigvalsh is for symmetric matrices and looks at one half of them; a product of two covariances "
            "is not symmetric. Take np.linalg.eigvals.",
        ),
        Mistake(
            "product of the entries",
            lambda mean_x, x, mean_y, y: (
                _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.eigvals(x * y).real.clip(min=0)).sum()
            ),
            "x * y multiplies entry by entry. The product of two matrices is covariance_x @ covariance_y.",
        ),
        Mistake(
            "roots forgotten",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.trace(x @ y),
            "The root is missing: you subtract twice the trace of the product itself.",
        ),
        Mistake(
            "root after the sum",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.trace(x @ y)),
            "You added up first and took the root afterwards. Take the root of every eigenvalue, then add up.",
        ),
        Mistake(
            "roots of the eigenvalues' sum",
            lambda mean_x, x, mean_y, y: (
                _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.trace(x) * np.trace(y))
            ),
            "You took the root of the product of the two traces. Wanted is the trace of the root of the product.",
        ),
        Mistake(
            "two forgotten",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) - _root_trace(x, y),
            "The factor 2 before the root is missing: two equal Gaussians must have distance 0.",
        ),
        Mistake(
            "root added",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) + 2 * _root_trace(x, y),
            "The root is subtracted, not added: two equal Gaussians must have distance 0.",
        ),
        Mistake(
            "means forgotten",
            lambda mean_x, x, mean_y, y: _traces(x, y) - 2 * _root_trace(x, y),
            "The means are missing: two clouds of the same form, far apart, would have distance 0.",
        ),
        Mistake(
            "covariances forgotten",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y),
            "Only the means are compared: a generator that always makes the mean image would have distance 0.",
        ),
        Mistake(
            "distance of the means not squared",
            lambda mean_x, x, mean_y, y: np.sqrt(_shift(mean_x, mean_y)) + _traces(x, y) - 2 * _root_trace(x, y),
            "The distance of the means enters squared: ((mean_x - mean_y) ** 2).sum(), without a root.",
        ),
        Mistake(
            "distance of the means as absolute values",
            lambda mean_x, x, mean_y, y: np.abs(mean_x - mean_y).sum() + _traces(x, y) - 2 * _root_trace(x, y),
            "You added up absolute differences of the means; the formula has their squares.",
        ),
        Mistake(
            "differences of the means summed first",
            lambda mean_x, x, mean_y, y: (mean_x - mean_y).sum() ** 2 + _traces(x, y) - 2 * _root_trace(x, y),
            "You summed the differences of the means and squared the sum, so differences of opposite sign cancel. "
            "Square each first, then add up.",
        ),
        Mistake(
            "mean of the roots",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) - 2 * _root_trace(x, y) / len(x),
            "You averaged the roots of the eigenvalues. The trace is their sum.",
        ),
        Mistake(
            "root of the determinant",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.sqrt(np.linalg.det(x @ y)),
            "You took the determinant, which is the product of the eigenvalues. The trace of the root is the sum of "
            "their roots.",
        ),
        Mistake(
            "sum of the covariances",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + _traces(x, y) - 2 * np.trace(sqrtm(x + y)).real,
            "You took the root of the sum of the two covariances. Wanted is that of their product, covariance_x @ "
            "covariance_y.",
        ),
        Mistake(
            "squares of the means averaged",
            lambda mean_x, x, mean_y, y: ((mean_x - mean_y) ** 2).mean() + _traces(x, y) - 2 * _root_trace(x, y),
            "You averaged the squared differences of the means over the features. They are summed, as the traces are.",
        ),
        Mistake(
            "root of the whole",
            lambda *gaussians: np.sqrt(frechet_distance(*gaussians)),
            "You took the root of the whole. What everybody calls the Fréchet distance of samples is the squared one: "
            "leave the root out.",
        ),
        Mistake(
            "sum in place of the trace",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + (x + y - 2 * sqrtm(x @ y).real).sum(),
            "You added up all entries. The trace is the sum of the diagonal alone: np.trace.",
        ),
        Mistake(
            "a complex number",
            _with_roots(lambda eigenvalues: np.sqrt(eigenvalues.astype(complex))),
            _COMPLEX,
        ),
        Mistake(
            "neither the real part nor clipped",
            _with_roots(np.sqrt),
            _FEW.format(20, "a complex number"),
        ),
        Mistake(
            "not clipped",
            _with_roots(lambda eigenvalues: np.sqrt(eigenvalues.real)),
            _FEW.format(20, "no number"),
        ),
        Mistake(
            "one entry a row",
            lambda mean_x, x, mean_y, y: _shift(mean_x, mean_y) + x + y - 2 * sqrtm(x @ y).real,
            "Your result is a matrix: the trace is missing, np.trace(...).",
        ),
    ),
    hints=(
        "Two parts: how far the means lie apart, squared, and how differently the clouds are stretched.",
        "The trace of a matrix is the sum of its diagonal, np.trace(...). The trace of a matrix root is the sum of the "
        "roots of the eigenvalues.",
        "eigenvalues = np.linalg.eigvals(covariance_x @ covariance_y).real.clip(min=0): none is negative but for "
        "rounding.",
        "return ((mean_x - mean_y) ** 2).sum() + np.trace(covariance_x) + np.trace(covariance_y) - 2 * ...",
    ),
)

EXERCISES = (_SIZE, _CONDITION, _COVERAGE, _FRECHET)
