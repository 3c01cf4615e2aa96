"""Augmentation without leak."""

import torch
from torch import nn

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import close


def augmented_scores(generator, discriminator, augment, x, z):
    """Scores of real images x and of images generated from z, augmented: two tensors of shape (batch,)."""
    ### BEGIN SOLUTION
    generated = generator(z)
    return discriminator(augment(x)), discriminator(augment(generated))
    ### END SOLUTION


HINTS = (
    "Think of a discriminator that sees shifted images among the real ones only. Which images should a generator draw "
    "to deceive it?",
    "The discriminator should find the same augmentation in both kinds of images, so that it gives nothing away.",
    "Call augment twice: on x, and on what generator(z) returns.",
    "return discriminator(augment(x)), discriminator(...)",
)


def _linear(n_in, n_out, torch_rng):
    # Weights from a generator of their own: a check leaves the notebook's random state unchanged.
    layer = nn.utils.skip_init(nn.Linear, n_in, n_out)
    for parameter in layer.parameters():
        parameter.data = 0.7 * torch.randn(parameter.shape, generator=torch_rng)
    return layer


class _Scores(nn.Module):
    """Images in, one score per image out."""

    def __init__(self, torch_rng):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), _linear(16, 12, torch_rng), nn.Tanh(), _linear(12, 1, torch_rng))

    def forward(self, x):
        return self.layers(x)[:, 0]


def _shifted(x):
    return torch.roll(x, 1, dims=3) * torch.tensor([0.0, 1.0, 1.0, 1.0])


def arguments(rng):
    torch_rng = torch.Generator().manual_seed(int(rng.integers(2**31)))
    n, latent_size = int(rng.integers(5, 9)), int(rng.integers(2, 5))
    generator = nn.Sequential(_linear(latent_size, 16, torch_rng), nn.Sigmoid(), nn.Unflatten(1, (1, 4, 4)))
    x, z = torch.rand((n, 1, 4, 4), generator=torch_rng), torch.randn((n, latent_size), generator=torch_rng)
    return generator, _Scores(torch_rng), _shifted, x, z


only_real_images_augmented = difference(
    augmented_scores,
    {"augment(generated)": "generated"},
    """Only the real images are augmented. The discriminator then takes shifted images for real, and the generator
    learns to draw them: the augmentation leaks into the samples.""",
)

only_generated_images_augmented = difference(
    augmented_scores,
    {"augment(x)": "x"},
    """Only the generated images are augmented. Real ones are never shifted, so the shift itself gives a generated image
    away, whatever the generator draws.""",
)

nothing_augmented = difference(
    augmented_scores,
    {"augment(x)": "x", "augment(generated)": "generated"},
    "Nothing is augmented: the discriminator sees the same few real images again and again, and can memorize them.",
)

generated_images_augmented_twice = difference(
    augmented_scores,
    {"augment(generated)": "augment(augment(generated))"},
    "The generated images are augmented twice, the real ones once. The discriminator can learn this difference.",
)

real_images_augmented_twice = difference(
    augmented_scores,
    {"augment(x)": "augment(augment(x))"},
    "The real images are augmented twice, the generated ones once. The discriminator can learn this difference.",
)

real_images_twice = difference(
    augmented_scores,
    {"augment(generated)": "augment(x)"},
    "Both results are scores of real images. The second must be the scores of the augmented generated images.",
)

generated_images_cut_off = difference(
    augmented_scores,
    {"augment(generated)": "augment(generated.detach())"},
    """The scores are right, but no gradient reaches the generator through them: .detach(), .data, .numpy() or
    torch.no_grad() cuts it off. The generator must learn through the augmentation as well.""",
)


@mistake
def swapped(generator, discriminator, augment, x, z):
    """The two results are swapped: first the scores of the real images, then those of the generated ones."""
    return augmented_scores(generator, discriminator, augment, x, z)[::-1]


@mistake
def augmented_scores_averaged(generator, discriminator, augment, x, z):
    """You averaged over the batch. Return one score per image, shape (batch,); the loss averages."""
    return tuple(scores.mean() for scores in augmented_scores(generator, discriminator, augment, x, z))


@mistake
def probabilities(generator, discriminator, augment, x, z):
    """You turned the scores into probabilities. The losses take the scores as the discriminator returns them."""
    return tuple(scores.sigmoid() for scores in augmented_scores(generator, discriminator, augment, x, z))


@mistake
def both_in_one_tensor(generator, discriminator, augment, x, z):
    """You joined the scores in one tensor. Return two results, with a comma between them: real, generated."""
    return torch.cat(augmented_scores(generator, discriminator, augment, x, z))


def judge(function, rng):
    generator, discriminator, augment, x, z = arguments(rng)
    got = function(generator, discriminator, augment, x, z)
    if not close(got, augmented_scores(generator, discriminator, augment, x, z)):
        return
    for network, scores, who in ((discriminator, got[0], "discriminator"), (generator, got[1], "generator")):
        gradients = [None]
        if isinstance(scores, torch.Tensor) and scores.requires_grad:
            weights = [*network.parameters()]
            gradients = torch.autograd.grad(scores.sum(), weights, allow_unused=True, retain_graph=True)
        if all(gradient is None or not gradient.any() for gradient in gradients):
            raise Wrong(
                generated_images_cut_off.hint
                if who == "generator"
                else "The scores are right but carry no gradient: stay in torch, without .detach(), numpy or "
                "torch.no_grad()."
            )
