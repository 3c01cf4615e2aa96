"""What the two players of an adversarial game ask of the discriminator's scores, and the penalties that calm it.

A score is any real number, high where the discriminator takes a sample for a real one; its logistic function
sigma(score) is the probability of "real". Below, r stands for the scores of real samples, g for those of generated
ones, E for the mean over the batch, and softplus(a) = log(1 + exp(a)), so that -log sigma(a) = softplus(-a).

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

OBJECTIVES = ("non-saturating", "minimax", "least-squares", "wasserstein", "relativistic")


def discriminator_loss(real: torch.Tensor, generated: torch.Tensor, objective: str = "non-saturating") -> torch.Tensor:
    """What the discriminator makes small, averaged over the batch.

    Args:
        real: scores of real samples, any shape.
        generated: scores of generated samples; for "relativistic" as many as there are real ones.
        objective: one of `OBJECTIVES`; "non-saturating" and "minimax" differ for the generator alone.

    Returns:
        Tensor of shape (), in nats for "non-saturating", "minimax" and "relativistic".

    Raises:
        ValueError: the objective is unknown, or "relativistic" has no pair for every score.
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
    # -E log sigma(r - g): a real sample is to score higher than the generated one beside it.
    return softplus(_lead(generated, real, objective)).mean()


def generator_loss(
    real: torch.Tensor | None, generated: torch.Tensor, objective: str = "non-saturating"
) -> torch.Tensor:
    """What the generator makes small, averaged over the batch.

    Args:
        real: scores of real samples, which "relativistic" alone looks at; None for the others.
        generated: scores of generated samples, any shape.
        objective: one of `OBJECTIVES`.

    Returns:
        Tensor of shape ().

    Raises:
        ValueError: the objective is unknown, or "relativistic" has no pair for every score.
    """
    if objective == "non-saturating":
        # -E log sigma(g)
        return softplus(-generated).mean()
    if objective == "minimax":
        # E log(1 - sigma(g)): flat where the discriminator is sure, so the generator learns least when it is worst.
        return -softplus(generated).mean()
    if objective == "least-squares":
        # 1/2 E (g - 1)^2
        return 0.5 * (generated - 1).square().mean()
    if objective == "wasserstein":
        # -E g
        return -generated.mean()
    # -E log sigma(g - r)
    return softplus(-_lead(generated, real, objective)).mean()


def gradient_penalty(
    score_of: Callable[[torch.Tensor], torch.Tensor],
    real: torch.Tensor,
    generated: torch.Tensor,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """How far the slope of the score is from 1 between real and generated samples (Gulrajani et al. 2017, eq. 3).

        E (|grad D(x~)| - 1)^2,   x~ = e x + (1 - e) G(z),   e drawn from [0, 1] for every pair

    The gradient is taken with respect to the *samples*, its length for each sample of its own, and the graph is kept,
    so that the penalty can be learned from.

    Args:
        score_of: the discriminator, from samples (n, ...) to scores (n,).
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
    # A slope of exactly 0 has no direction in which its root could change.
    return (squared_slopes(score_of(between), between).clamp(min=1e-12).sqrt() - 1).square().mean()


def zero_centred_penalty(score_of: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Half the squared slope of the score at samples: R1 at real ones, R2 at generated ones (Mescheder et al. 2018).

        1/2 E |grad D(x)|^2

    Args:
        score_of: the discriminator, from samples (n, ...) to scores (n,).
        x: samples, shape (n, ...); no gradient flows back through them.

    Returns:
        Tensor of shape (), with the graph that learning from it needs.
    """
    x = x.detach().requires_grad_()
    return 0.5 * squared_slopes(score_of(x), x).mean()


def squared_slopes(scores: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """|grad D(x)|^2 for every sample, shape (n,), given the scores (n,) that were computed from `x` (n, ...)."""
    # A score depends on its own sample alone, so the gradient of the sum holds the gradient of every single one.
    (slopes,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return slopes.square().flatten(1).sum(dim=1)


def _lead(generated: torch.Tensor, real: torch.Tensor | None, objective: str) -> torch.Tensor:
    inputs.choice(objective, "objective", OBJECTIVES)
    if real is None or real.shape != generated.shape:
        was = "None" if real is None else f"of shape {tuple(real.shape)}"
        raise ValueError(
            f'real was {was} with the objective "relativistic"; it must be the scores of as many real samples as there '
            f"are generated ones, shape {tuple(generated.shape)}."
        )
    return generated - real
