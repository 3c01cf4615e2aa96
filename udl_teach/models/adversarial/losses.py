"""The losses of the discriminator and of the generator, as functions of the scores, and the gradient penalties.

A score is any real number (a logit), high where the discriminator takes a sample for a real one; its logistic function
sigma(score) is the probability of "real". Below, r are the scores of real samples and g those of generated ones, E is
the mean over the batch, and softplus(a) = log(1 + exp(a)), so that -log sigma(a) = softplus(-a).

Sources: Goodfellow et al. 2014, "Generative adversarial nets" (minimax, non-saturating); Mao et al. 2017, "Least
squares generative adversarial networks"; Arjovsky et al. 2017, "Wasserstein GAN"; Gulrajani et al. 2017, "Improved
training of Wasserstein GANs"; Jolicoeur-Martineau 2019, "The relativistic discriminator"; Mescheder et al. 2018, "Which
training methods for GANs do actually converge?"; Huang et al. 2024, "The GAN is dead; long live the GAN!" (R3GAN).
"""

from collections.abc import Callable

import torch
from torch.nn.functional import softplus

from udl_teach import inputs
from udl_teach.models.layers import uniform
from udl_teach.renamed import old_arguments, old_name

OBJECTIVES = ("non-saturating", "minimax", "least-squares", "wasserstein", "relativistic")


def discriminator_loss(real: torch.Tensor, generated: torch.Tensor, objective: str = "non-saturating") -> torch.Tensor:
    """The loss that the discriminator minimizes, averaged over the batch.

    Args:
        real: scores of real samples, any shape.
        generated: scores of generated samples; for "relativistic" as many as there are real ones.
        objective: one of `OBJECTIVES`; "non-saturating" and "minimax" differ only for the generator.

    Returns:
        Tensor of shape (), in nats for "non-saturating", "minimax" and "relativistic".

    Raises:
        ValueError: the objective is unknown, or "relativistic" gets scores that do not pair up.
    """
    if objective in ("non-saturating", "minimax"):
        # -E log sigma(r) - E log(1 - sigma(g))
        return softplus(-real).mean() + softplus(generated).mean()
    if objective == "least-squares":
        # 1/2 E (r - 1)^2 + 1/2 E g^2
        return 0.5 * (real - 1).square().mean() + 0.5 * generated.square().mean()
    if objective == "wasserstein":
        # E g - E r
        return generated.mean() - real.mean()
    # -E log sigma(r - g): a real sample should score higher than the generated one that it is paired with.
    return softplus(_difference(generated, real, objective)).mean()


def generator_loss(
    real: torch.Tensor | None, generated: torch.Tensor, objective: str = "non-saturating"
) -> torch.Tensor:
    """The loss that the generator minimizes, averaged over the batch.

    Args:
        real: scores of real samples, which only "relativistic" uses; None for the others.
        generated: scores of generated samples, any shape.
        objective: one of `OBJECTIVES`.

    Returns:
        Tensor of shape ().

    Raises:
        ValueError: the objective is unknown, or "relativistic" gets scores that do not pair up.
    """
    if objective == "non-saturating":
        # -E log sigma(g)
        return softplus(-generated).mean()
    if objective == "minimax":
        # E log(1 - sigma(g)): saturates where the discriminator is sure, so a poor generator learns least.
        return -softplus(generated).mean()
    if objective == "least-squares":
        # 1/2 E (g - 1)^2
        return 0.5 * (generated - 1).square().mean()
    if objective == "wasserstein":
        # -E g
        return -generated.mean()
    # -E log sigma(g - r)
    return softplus(-_difference(generated, real, objective)).mean()


@old_arguments(score_of="discriminator")
def gradient_penalty(
    discriminator: Callable[[torch.Tensor], torch.Tensor],
    real: torch.Tensor,
    generated: torch.Tensor,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """How far the gradient norm is from 1 between real and generated samples: WGAN-GP (Gulrajani et al. 2017, eq. 3).

        E (|grad D(x~)| - 1)^2,   x~ = e x + (1 - e) G(z),   e drawn from U[0, 1] for every pair

    The gradient is taken with respect to the *samples*, its norm for each sample by itself, and the graph is kept, so
    that the penalty can be backpropagated.

    Args:
        discriminator: from samples (n, ...) to scores (n,).
        real: real samples, shape (n, ...).
        generated: as many generated ones; no gradient flows back through them.
        generator: what e is drawn from, on the CPU.

    Returns:
        Tensor of shape ().

    Raises:
        ValueError: the two are not of the same shape.
    """
    if real.shape != generated.shape:
        raise ValueError(
            f"generated has shape {tuple(generated.shape)}; it must be that of real, {tuple(real.shape)}: every "
            f"generated sample is paired with a real one, so pass as many of each, such as the first "
            f"{min(len(real), len(generated))}."
        )
    e = uniform((len(real),), generator, real).reshape(-1, *[1] * (real.ndim - 1))
    between = torch.lerp(generated.detach(), real.detach(), e).requires_grad_()
    # The square root has no finite derivative at 0.
    norm = squared_gradient_norm(discriminator(between), between).clamp(min=1e-12).sqrt()
    return (norm - 1).square().mean()


def r1_penalty(discriminator: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Half the squared gradient norm at real samples: R1. At generated samples it is R2 (Mescheder et al. 2018).

        1/2 E |grad D(x)|^2

    Args:
        discriminator: from samples (n, ...) to scores (n,).
        x: real samples for R1, generated ones for R2, shape (n, ...); no gradient flows back through them.

    Returns:
        Tensor of shape (), with the graph, so that it can be backpropagated.
    """
    x = x.detach().requires_grad_()
    return 0.5 * squared_gradient_norm(discriminator(x), x).mean()


def squared_gradient_norm(scores: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """|grad D(x)|^2 for every sample, shape (n,), given the scores (n,) that were computed from `x` (n, ...)."""
    # A score depends on its own sample alone, so the gradient of the sum holds the gradient of each of them.
    (gradients,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return gradients.square().flatten(1).sum(dim=1)


zero_centred_penalty = old_name("zero_centred_penalty", old_arguments(score_of="discriminator")(r1_penalty))
squared_slopes = old_name("squared_slopes", squared_gradient_norm)


def _difference(generated: torch.Tensor, real: torch.Tensor | None, objective: str) -> torch.Tensor:
    inputs.choice(objective, "objective", OBJECTIVES)
    if real is None or real.shape != generated.shape:
        was = "None" if real is None else f"of shape {tuple(real.shape)}"
        raise ValueError(
            f'real was {was} with the objective "relativistic"; it must be the scores of as many real samples as there '
            f"are generated ones, shape {tuple(generated.shape)}."
        )
    return generated - real
