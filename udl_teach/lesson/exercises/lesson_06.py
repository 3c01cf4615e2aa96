"""Exercises of lesson 06: both players' losses, the best discriminator, a round, modes counted, the penalty."""

import math
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import as_array, close

_NO_GRADIENT = (
    "The number is right but carries no gradient, so nobody could learn from it: stay in torch, without .item(), "
    ".detach(), float(), numpy or torch.no_grad()."
)
_MATH = "math.log and math.exp take a single number; for a whole tensor there are torch.log and torch.exp."


def _ones(scores):
    return torch.ones_like(scores)


def _zeros(scores):
    return torch.zeros_like(scores)


def _cross_entropy(scores, target):
    return functional.binary_cross_entropy_with_logits(scores, target)


def _learns(function, solution, given, names, unstable):
    """Wrong where a right number has no gradient, a wrong one, or none that is finite for scores that are very sure."""
    if not close(function(*given), solution(*given)):
        return
    leaves = [each.clone().requires_grad_() for each in given]
    try:
        value = function(*leaves)
    except RuntimeError as error:
        # PyTorch's own advice here is to detach, which would only hide the loss of the gradient.
        if "numpy" not in str(error):
            raise
        raise Wrong(_NO_GRADIENT) from None
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(_NO_GRADIENT)
    found = torch.autograd.grad(value, leaves, allow_unused=True)
    wanted = torch.autograd.grad(solution(*leaves), leaves)
    for name, ours, theirs in zip(names, wanted, found, strict=True):
        if theirs is None or not torch.allclose(theirs, ours, atol=1e-5, rtol=1e-3):
            raise Wrong(
                f"The number is right, but the gradient for {name} is not: part of it was cut off on its way "
                "(.detach(), .data, .item(), torch.no_grad(), clamp)."
            )
    for sign in (1.0, -1.0):
        sure = [(150 * sign * _ones(each)).requires_grad_() for each in given]
        value = function(*sure)
        slopes = torch.autograd.grad(value, sure, allow_unused=True)
        right = solution(*sure)
        finite = torch.as_tensor(value).isfinite().all() and all(s is not None and s.isfinite().all() for s in slopes)
        if not finite or not close(value, right):
            raise Wrong(unstable)


# -- 06.1 --


def discriminator_loss(real, generated):
    """What the discriminator makes small, from its scores (logits) of real and of generated points: one number."""
    return functional.softplus(-real).mean() + functional.softplus(generated).mean()


def _scores(rng):
    # Two batches of different size, centres apart: whoever swaps or joins them gets another number.
    n, m = int(rng.integers(5, 9)), int(rng.integers(10, 15))
    real, generated = rng.normal(1.0, 1.5, size=n), rng.normal(-0.3, 1.5, size=m)
    return torch.tensor(real, dtype=torch.float32), torch.tensor(generated, dtype=torch.float32)


_UNSTABLE = (
    "Right, until the discriminator is very sure: with scores of 150 or -150 yours is infinite, NaN or cut off. In 32 "
    "bits the sigmoid is exactly 0 or 1 there, so one of the logarithms is infinite, and so is exp(150). "
    "functional.softplus and functional.binary_cross_entropy_with_logits compute neither."
)


def _discriminator_learns(function, rng):
    _learns(function, discriminator_loss, _scores(rng), ("real", "generated"), _UNSTABLE)


_DISCRIMINATOR = Exercise(
    number="06.1",
    title="The discriminator's loss",
    solution=discriminator_loss,
    arguments=_scores,
    judge=_discriminator_learns,
    mistakes=(
        Mistake(
            "labels swapped",
            lambda real, generated: _cross_entropy(real, _zeros(real)) + _cross_entropy(generated, _ones(generated)),
            "The labels are swapped: yours is small when real points are called generated and generated ones real. For "
            "real points it is -log D(x), softplus(-real); for generated ones -log(1 - D(x)), softplus(generated).",
        ),
        Mistake(
            "squashed twice",
            lambda real, generated: discriminator_loss(torch.sigmoid(real), torch.sigmoid(generated)),
            "The scores are squashed twice: softplus and binary_cross_entropy_with_logits have the sigmoid in them "
            "already. Hand them the scores as they are.",
        ),
        Mistake(
            "only the real half",
            lambda real, generated: functional.softplus(-real).mean(),
            "Only the real points are scored. A discriminator that calls everything real would be perfect; add the "
            "half of the generated points.",
        ),
        Mistake(
            "only the generated half",
            lambda real, generated: functional.softplus(generated).mean(),
            "Only the generated points are scored. A discriminator that calls everything generated would be perfect; "
            "add the half of the real points.",
        ),
        Mistake(
            "both halves called real",
            lambda real, generated: functional.softplus(-real).mean() + functional.softplus(-generated).mean(),
            "Both halves are asked to be called real. Generated points cost -log(1 - D(x)), which is "
            "softplus(generated), without the minus.",
        ),
        Mistake(
            "both halves called generated",
            lambda real, generated: functional.softplus(real).mean() + functional.softplus(generated).mean(),
            "Both halves are asked to be called generated. Real points cost -log D(x), which is softplus(-real), with "
            "a minus.",
        ),
        Mistake(
            "halved",
            lambda real, generated: 0.5 * discriminator_loss(real, generated),
            "Yours is half of it: some code averages the two halves. Here they are added, as in the formula, so that "
            "a discriminator that only guesses has the loss 2 log 2.",
        ),
        Mistake(
            "thrown into one batch",
            lambda real, generated: _cross_entropy(
                torch.cat([real, generated]), torch.cat([_ones(real), _zeros(generated)])
            ),
            "You averaged over real and generated points together, so the larger batch counts more, and the sum is "
            "halved. Take the mean of each batch by itself, then add the two.",
        ),
        Mistake(
            "thrown into one batch and doubled",
            lambda real, generated: (
                2 * _cross_entropy(torch.cat([real, generated]), torch.cat([_ones(real), _zeros(generated)]))
            ),
            "You doubled the mean over real and generated points together, which is right only where both batches are "
            "of one size. Here the larger one counts more: take the mean of each batch by itself, then add the two.",
        ),
        Mistake(
            "summed over the batch",
            lambda real, generated: functional.softplus(-real).sum() + functional.softplus(generated).sum(),
            "You summed over the batches, so a batch twice as large would have twice the loss. Average each batch, "
            "then add the two means.",
        ),
        Mistake(
            "the value itself",
            lambda real, generated: -discriminator_loss(real, generated),
            "You return the value of the game, which the discriminator wants large. The optimizer makes things small: "
            "turn the sign.",
        ),
        Mistake(
            "halves subtracted",
            lambda real, generated: functional.softplus(-real).mean() - functional.softplus(generated).mean(),
            "The two halves are subtracted. Both are costs, both are never negative: add them.",
        ),
        Mistake(
            "scores taken for probabilities",
            lambda real, generated: -(real.log().mean() + (1 - generated).log().mean()),
            "You put the scores where the formula has D(x). A score may be any number, also a negative one, which has "
            "no logarithm; D(x) is its sigmoid. functional.softplus(-real) is -log D(x) in one go.",
        ),
        Mistake(
            "cross-entropy of probabilities handed scores",
            lambda real, generated: (
                functional.binary_cross_entropy(real, _ones(real))
                + functional.binary_cross_entropy(generated, _zeros(generated))
            ),
            "functional.binary_cross_entropy wants probabilities. For scores it is "
            "functional.binary_cross_entropy_with_logits, which squashes them itself.",
        ),
        Mistake(
            "logarithm of the mean",
            lambda real, generated: -torch.sigmoid(real).mean().log() - (1 - torch.sigmoid(generated).mean()).log(),
            "You averaged the probabilities and took the logarithm afterwards. Each point pays its own logarithm: "
            "first the logarithm, then the mean.",
        ),
        Mistake(
            "probabilities without the logarithm",
            lambda real, generated: torch.sigmoid(generated).mean() - torch.sigmoid(real).mean(),
            "The logarithms are missing: -log D(x) for real points, -log(1 - D(x)) for generated ones. Without them a "
            "discriminator that is sure and wrong pays hardly more than one that doubts.",
        ),
        Mistake(
            "probabilities of being wrong",
            lambda real, generated: torch.sigmoid(-real).mean() + torch.sigmoid(generated).mean(),
            "Yours is the mean probability of the wrong answer. The loss is minus the logarithm of the probability of "
            "the right one: -log D(x) for real points, -log(1 - D(x)) for generated ones.",
        ),
        Mistake(
            "one minus the logarithm",
            lambda real, generated: -functional.logsigmoid(real).mean() - (1 - functional.logsigmoid(generated)).mean(),
            "You subtracted the logarithm from 1. The 1 stands inside: log(1 - D(x)). In scores that is "
            "-softplus(generated), or logsigmoid(-generated).",
        ),
        Mistake(
            "one minus the score",
            lambda real, generated: -functional.logsigmoid(real).mean() - functional.logsigmoid(1 - generated).mean(),
            "You took 1 - score where the formula has 1 - D(x). 1 minus a sigmoid is the sigmoid of minus the score: "
            "softplus(generated), or -logsigmoid(-generated).",
        ),
        Mistake(
            "mean of the scores first",
            lambda real, generated: functional.softplus(-real.mean()) + functional.softplus(generated.mean()),
            "You averaged the scores first. Each point pays for its own score: first softplus, then the mean.",
        ),
        Mistake(
            "arguments of the cross-entropy swapped",
            lambda real, generated: _cross_entropy(_ones(real), real) + _cross_entropy(_zeros(generated), generated),
            "The arguments of binary_cross_entropy_with_logits are swapped: the scores come first, then the labels.",
        ),
        Mistake(
            "scores without logarithm",
            lambda real, generated: generated.mean() - real.mean(),
            "That is the loss of a Wasserstein critic: it can be made as small as you like by larger scores. Here the "
            "scores pass through -log of the sigmoid, functional.softplus.",
        ),
        Mistake(
            "squared error",
            lambda real, generated: ((real - 1) ** 2).mean() + (generated**2).mean(),
            "You took the squared error to 1 and 0. That is another game (least squares, Mao et al. 2017); this one is "
            "played for logarithms of probabilities.",
        ),
        Mistake(
            "hinge",
            lambda real, generated: functional.relu(1 - real).mean() + functional.relu(1 + generated).mean(),
            "That is the hinge loss, which stops caring as soon as a score is beyond 1 or -1. It is another game; this "
            "one is played for logarithms of probabilities, functional.softplus.",
        ),
        Mistake(
            "squared error of the probabilities",
            lambda real, generated: ((torch.sigmoid(real) - 1) ** 2).mean() + (torch.sigmoid(generated) ** 2).mean(),
            "You took the squared error of the probabilities. This game is played for their logarithms: -log D(x) and "
            "-log(1 - D(x)).",
        ),
        Mistake(
            "compared pair by pair",
            lambda real, generated: functional.softplus(-real) + functional.softplus(generated),
            "You added the two batches point by point. They are two batches that need not be of one size: take the "
            "mean of each, then add the two numbers.",
        ),
        Mistake(
            "math.log of a tensor",
            lambda real, generated: -math.log(torch.sigmoid(real)) - math.log(1 - torch.sigmoid(generated)),
            _MATH,
        ),
        Mistake(
            "sigmoid first, logarithm afterwards",
            lambda real, generated: -torch.sigmoid(real).log().mean() - (1 - torch.sigmoid(generated)).log().mean(),
            _UNSTABLE,
        ),
    ),
    hints=(
        "Two batches, two costs. What should it cost to give a real point a low score, and what to give a generated "
        "point a high one?",
        "Try the costs on one point: a real one with score 3 should cost next to nothing (0.05), with score -3 about "
        "3. Which of softplus(3) and softplus(-3) is which? For a generated point it is the other way round.",
        "Each half is one call of functional.softplus on a whole batch, averaged by .mean(). In one half the scores "
        "go in with a minus.",
        "return functional.softplus(-real).mean() + ... and the second half in place of the dots.",
    ),
)

# -- 06.2 --


def best_discriminator(log_real, log_generated):
    """The best D at points whose two log-densities are known: probabilities of "real", the shape of log_real."""
    return torch.sigmoid(log_real - log_generated)


def _log_densities(rng):
    # Some places where both densities can be held in 32 bits, others where not even 64 bits hold them.
    n = int(rng.integers(12, 18))
    level = rng.uniform(-3, 1, size=n)
    level[: n // 3] = rng.uniform(-2000, -900, size=n // 3)
    gap = rng.normal(0, 1.5, size=n)
    return tuple(torch.tensor(level + sign * gap / 2, dtype=torch.float64) for sign in (1, -1))


def _naive(log_real, log_generated):
    return log_real.exp() / (log_real.exp() + log_generated.exp())


_NOTHING_BY_NOTHING = (
    "Right on paper, and right near the data. Far from both, exp(-900) is 0 even in 64 bits, and yours is 0 divided by "
    "0. Divide the formula by p(x) on both sides of the bar: only the ratio of the two densities is left, and its "
    "logarithm is log_real - log_generated."
)
_GUARDED = (
    "Something guards your division (a number added, a clamp, a NaN replaced), and far from the data the guard is all "
    "that is left: your answer there is the same wherever you look. Only the ratio of the densities counts, and its "
    "logarithm is log_real - log_generated."
)


def _guarded(function, rng):
    given = _log_densities(rng)
    result = function(*given)
    got, wanted = as_array(result), as_array(best_discriminator(*given))
    if got is None or got.shape != wanted.shape or not np.isfinite(got).all():
        return
    if isinstance(result, np.ndarray) and close(got, wanted):
        raise Wrong(
            "The values are right, but they left torch: yours is a numpy array, and the lesson goes on with tensors. "
            "torch has the same functions (torch.sigmoid, torch.exp)."
        )
    far = as_array(given[0]) < -500
    same = bool(np.ptp(got[far]) < 1e-6)
    if same and np.allclose(got[~far], wanted[~far], atol=1e-3) and not np.allclose(got[far], wanted[far], atol=1e-3):
        raise Wrong(_GUARDED)


_BEST = Exercise(
    number="06.2",
    title="The best discriminator",
    solution=best_discriminator,
    arguments=_log_densities,
    judge=_guarded,
    mistakes=(
        Mistake("nothing divided by nothing", _naive, _NOTHING_BY_NOTHING),
        Mistake(
            "logarithm of a sum of nothings",
            lambda log_real, log_generated: (log_real - (log_real.exp() + log_generated.exp()).log()).exp(),
            "Right near the data. Far from it both exp() are 0, and so is their sum, which has no logarithm. "
            "torch.logaddexp(log_real, log_generated) is the logarithm of the sum without the detour; shorter still: "
            "only the difference log_real - log_generated counts.",
        ),
        Mistake(
            "softmax over the points",
            lambda log_real, log_generated: torch.softmax(torch.stack([log_real, log_generated]), dim=1)[0],
            "Your softmax runs over the points, so that the probabilities of all points add up to 1. It is at each "
            "point that two answers add up to 1, real and generated: take the softmax over the axis of these two.",
        ),
        Mistake(
            "swapped",
            lambda log_real, log_generated: torch.sigmoid(log_generated - log_real),
            "Yours is the probability of being generated. D(x) is that of being real: p(x) stands above the bar.",
        ),
        Mistake(
            "ratio of the densities",
            lambda log_real, log_generated: (log_real - log_generated).exp(),
            "That is the ratio p(x) / q(x), which may be any positive number. D(x) is a probability: "
            "p(x) / (p(x) + q(x)).",
        ),
        Mistake(
            "ratio of the densities, the other way",
            lambda log_real, log_generated: (log_generated - log_real).exp(),
            "That is the ratio q(x) / p(x). D(x) is a probability: p(x) / (p(x) + q(x)).",
        ),
        Mistake(
            "score in place of the probability",
            lambda log_real, log_generated: log_real - log_generated,
            "That is the best discriminator's score (its logit), the logarithm of p(x) / q(x). One step is left: "
            "torch.sigmoid turns it into a probability.",
        ),
        Mistake(
            "logarithm of the probability",
            lambda log_real, log_generated: functional.logsigmoid(log_real - log_generated),
            "That is log D(x). Asked for is D(x) itself, between 0 and 1.",
        ),
        Mistake(
            "log-densities taken for densities",
            lambda log_real, log_generated: log_real / (log_real + log_generated),
            "You put the logarithms where the formula has the densities. Dividing two densities means subtracting "
            "their logarithms.",
        ),
        Mistake(
            "sigmoid of the ratio",
            lambda log_real, log_generated: torch.sigmoid((log_real - log_generated).exp()),
            "You took the sigmoid of the ratio itself. Sigmoid is 1 / (1 + exp(-s)): it has the exp in it already, so "
            "it wants the logarithm of the ratio.",
        ),
        Mistake(
            "real density alone",
            lambda log_real, log_generated: torch.sigmoid(log_real),
            "Yours does not look at the generated points at all. How probable it is that a point is real depends on "
            "both densities.",
        ),
        Mistake(
            "logarithms added",
            lambda log_real, log_generated: torch.sigmoid(log_real + log_generated),
            "You added the logarithms, which multiplies the densities. To divide them, subtract.",
        ),
        Mistake(
            "difference of the densities",
            lambda log_real, log_generated: torch.sigmoid(log_real.exp() - log_generated.exp()),
            "You subtracted the densities themselves. What counts is their ratio: subtract their logarithms.",
        ),
        Mistake(
            "yes or no",
            lambda log_real, log_generated: (log_real > log_generated).double(),
            "You answer yes or no. The best answer says how sure it may be: p(x) / (p(x) + q(x)).",
        ),
        Mistake(
            "math.exp of a tensor",
            lambda log_real, log_generated: 1 / (1 + math.exp(log_generated - log_real)),
            _MATH,
        ),
    ),
    hints=(
        "The formula stands above the exercise. What is left of it when you divide above and below the bar by p(x)?",
        "1 / (1 + q(x) / p(x)): only the ratio counts, and a ratio of densities is a difference of logarithms.",
        "1 / (1 + exp(-s)) is the sigmoid of s. What is s here?",
        "return torch.sigmoid(... - ...)",
    ),
)

# -- 06.3 --


def generator_loss(generated):
    """What the generator makes small, from the discriminator's scores of generated points (non-saturating)."""
    return functional.softplus(-generated).mean()


def _generated_scores(rng):
    n = int(rng.integers(6, 12))
    return (torch.tensor(rng.normal(-0.7, 1.5, size=n), dtype=torch.float32),)


def _generator_learns(function, rng):
    _learns(function, generator_loss, _generated_scores(rng), ("the scores",), _UNSTABLE_GENERATOR)


_UNSTABLE_GENERATOR = (
    "Right, until the discriminator is very sure: with scores of -150 yours is infinite, NaN or cut off, and just "
    "there the generator needs its gradient. In 32 bits the sigmoid is exactly 0 there, so its logarithm is infinite, "
    "and so is exp(150). functional.softplus and binary_cross_entropy_with_logits compute neither."
)

_GENERATOR = Exercise(
    number="06.3",
    title="The generator's loss",
    solution=generator_loss,
    arguments=_generated_scores,
    judge=_generator_learns,
    mistakes=(
        Mistake(
            "minimax",
            lambda generated: -functional.softplus(generated).mean(),
            "That is log(1 - D(G(z))), the generator's half of the value: the minimax loss of the row above. Asked for "
            "is the other one, -log D(G(z)): softplus(-generated).",
        ),
        Mistake(
            "minimax with the sign turned",
            lambda generated: functional.softplus(generated).mean(),
            "That is the discriminator's own half: whoever makes it small makes generated points look generated. The "
            "generator wants them called real: -log D(G(z)), softplus(-generated).",
        ),
        Mistake(
            "sign",
            lambda generated: -functional.softplus(-generated).mean(),
            "The sign is turned: yours falls when D(G(z)) falls, so the generator would learn to be found out. The "
            "loss is -log D(G(z)), which is never negative.",
        ),
        Mistake(
            "squashed twice",
            lambda generated: functional.softplus(-torch.sigmoid(generated)).mean(),
            "The scores are squashed twice: softplus and binary_cross_entropy_with_logits have the sigmoid in them "
            "already.",
        ),
        Mistake(
            "probability in place of its logarithm",
            lambda generated: -torch.sigmoid(generated).mean(),
            "The logarithm is missing: -log D(G(z)). Without it the gradient vanishes where the discriminator is sure, "
            "just as with minimax.",
        ),
        Mistake(
            "one minus the probability",
            lambda generated: (1 - torch.sigmoid(generated)).mean(),
            "That is 1 - D(G(z)), without a logarithm. Asked for is -log D(G(z)): softplus(-generated).",
        ),
        Mistake(
            "the score itself",
            lambda generated: -generated.mean(),
            "That is the generator's loss against a Wasserstein critic, which you will meet later. Here it is -log D: "
            "the score passes through functional.softplus.",
        ),
        Mistake(
            "hinge",
            lambda generated: functional.relu(1 - generated).mean(),
            "That is a hinge, which has no gradient for scores above 1. Asked for is -log D(G(z)): "
            "softplus(-generated).",
        ),
        Mistake(
            "squared error",
            lambda generated: ((generated - 1) ** 2).mean(),
            "You took the squared error to 1, which is the game of least squares. Here it is -log D(G(z)).",
        ),
        Mistake(
            "summed over the batch",
            lambda generated: functional.softplus(-generated).sum(),
            "You summed over the batch; average it, so that the size of the batch does not change the loss.",
        ),
        Mistake(
            "nothing averaged",
            lambda generated: functional.softplus(-generated),
            "You have the loss of each point. One step is left: the mean over the batch, a single number.",
        ),
        Mistake(
            "halved",
            lambda generated: 0.5 * functional.softplus(-generated).mean(),
            "Yours is half of the right one: there is no factor in -log D(G(z)).",
        ),
        Mistake(
            "scores taken for probabilities",
            lambda generated: -generated.log().mean(),
            "You took the logarithm of the scores. A score may be negative and has no logarithm then; D is its "
            "sigmoid. functional.softplus(-generated) is -log D in one go.",
        ),
        Mistake(
            "cross-entropy of probabilities handed scores",
            lambda generated: functional.binary_cross_entropy(generated, _ones(generated)),
            "functional.binary_cross_entropy wants probabilities; for scores it is "
            "functional.binary_cross_entropy_with_logits.",
        ),
        Mistake(
            "logarithm of the mean",
            lambda generated: -torch.sigmoid(generated).mean().log(),
            "You averaged the probabilities and took the logarithm afterwards. Each point pays its own logarithm: "
            "first the logarithm, then the mean.",
        ),
        Mistake(
            "mean of the scores first",
            lambda generated: functional.softplus(-generated.mean()),
            "You averaged the scores first. Each point pays for its own score: first softplus, then the mean.",
        ),
        Mistake(
            "math.log of a tensor",
            lambda generated: -math.log(torch.sigmoid(generated)),
            _MATH,
        ),
        Mistake(
            "sigmoid first, logarithm afterwards",
            lambda generated: -torch.sigmoid(generated).log().mean(),
            _UNSTABLE_GENERATOR,
        ),
    ),
    hints=(
        "The generator wants its points to be called real. Which label would they have then, and what does the "
        "cross-entropy cost with that label?",
        "-log D(G(z)), averaged over the batch; D(G(z)) is the sigmoid of the scores that you are given.",
        "-log sigmoid(s) is softplus(-s).",
        "return functional.softplus(...).mean() and mind the sign inside.",
    ),
)

# -- 06.4 --


def play_round(real, z, players):
    """One update of the discriminator, then one of the generator; returns both losses as numbers."""
    scores = players.discriminator(players.generator(z).detach())
    loss_d = discriminator_loss(players.discriminator(real), scores)
    players.discriminator_optimizer.zero_grad()
    loss_d.backward()
    players.discriminator_optimizer.step()

    loss_g = generator_loss(players.discriminator(players.generator(z)))
    players.generator_optimizer.zero_grad()
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


ROUNDS = 3


def _network(sizes, scale, generator):
    # Its weights are drawn from a generator of their own: a check leaves the notebook's draws alone.
    first, last = (nn.utils.skip_init(nn.Linear, *pair) for pair in zip(sizes[:-1], sizes[1:], strict=True))
    layers = nn.Sequential(first, nn.Tanh(), last)
    with torch.no_grad():
        for parameter in layers.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
    return nn.Sequential(*layers, nn.Flatten(0)) if sizes[-1] == 1 else layers


def _players(rng):
    draws = torch.Generator().manual_seed(int(rng.integers(2**31)))
    generator, discriminator = _network((2, 6, 2), 0.8, draws), _network((2, 6, 1), 0.8, draws)
    return SimpleNamespace(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=torch.optim.SGD(generator.parameters(), lr=0.1),
        discriminator_optimizer=torch.optim.SGD(discriminator.parameters(), lr=0.1),
    )


def _round(rng):
    n = int(rng.integers(7, 12))
    real, z = rng.normal(0.5, 1.0, size=(n, 2)), rng.normal(size=(n, 2))
    return *(torch.tensor(each, dtype=torch.float32) for each in (real, z)), _players(rng)


def _several(rng):
    """A start and the batches of several rounds: what is left behind in .grad shows in the second."""
    start = rng.integers(2**31)
    return int(start), [_round(rng)[:2] for _ in range(ROUNDS)]


def _course(function, start, batches):
    """The parameters of both players after every round, the results of the rounds, and the error that ended them."""
    players = _players(np.random.default_rng(start))
    after, results = [], []
    for real, z in batches:
        try:
            results.append(function(real.clone(), z.clone(), players))
        except (RuntimeError, AttributeError) as error:
            return after, results, error
        after.append([_flat(players.discriminator), _flat(players.generator)])
    return after, results, None


def _flat(network):
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()]).clone()


def _same(one, other):
    return len(one) == len(other) and all(
        torch.allclose(a, b, atol=2e-6, rtol=1e-4)
        for these, those in zip(one, other, strict=True)
        for a, b in zip(these, those, strict=True)
    )


def _judge_round(function, rng):
    # A function that draws noise of its own is to be found out, and the draws of the notebook are to stay as they are.
    with torch.random.fork_rng(devices=[]):
        _judge_course(function, *_several(rng))


def _judge_course(function, start, batches):
    torch.manual_seed(0)
    after, results, error = _course(function, start, batches)
    wanted, losses, _ = _course(play_round, start, batches)
    if not _same(after, wanted):
        for mistake in _ROUND_MISTAKES:
            theirs, _, their_error = _course(mistake.function, start, batches)
            if repr(error) == repr(their_error) and _same(after, theirs):
                raise Wrong(mistake.hint)
        if error is not None:
            raise error
        torch.manual_seed(1)
        if not _same(_course(function, start, batches)[0], after):
            raise Wrong("Two calls with the same batch end differently: use the z that is given, draw no noise here.")
        raise Wrong(_where_it_goes_wrong(start, after, wanted))
    if any(result is None for result in results):
        raise Wrong("Both updates are right, but your function returns None: return both losses.")
    for result, loss in zip(results, losses, strict=True):
        if isinstance(result, np.ndarray | torch.Tensor) and result.shape == (2,):
            result = tuple(result)
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Wrong("Both updates are right. Return the two losses, the discriminator's first: loss_d, loss_g.")
        if any(isinstance(each, torch.Tensor) and each.requires_grad for each in result):
            raise Wrong(
                "Both updates are right. What you return still carries its graph, and holds all of it in memory: "
                "return numbers, loss_d.item(), loss_g.item()."
            )
        if not close(tuple(result), loss):
            if close(tuple(result[::-1]), loss):
                raise Wrong("Both updates are right. The losses are swapped: the discriminator's comes first.")
            raise Wrong(
                "Both updates are right, but the losses that you return are others than those you learned from: "
                f"in one round {as_array(result[0]):.4g} and {as_array(result[1]):.4g} in place of {loss[0]:.4g} and "
                f"{loss[1]:.4g}."
            )


def _where_it_goes_wrong(start, after, wanted):
    fresh = _players(np.random.default_rng(start))
    before = [_flat(fresh.discriminator), _flat(fresh.generator)]
    for place, name in enumerate(("discriminator", "generator")):
        if torch.equal(after[0][place], before[place]):
            return f"After your round the {name} is just as it was: its loss, its backward() and its step() must run."
    for number, (got, want) in enumerate(zip(after, wanted, strict=True), start=1):
        for place, name in enumerate(("discriminator", "generator")):
            if not torch.allclose(got[place], want[place], atol=2e-6, rtol=1e-4):
                if number > 1:
                    return (
                        f"The first round is right, in round {number} the {name} moves differently: something was left "
                        "behind in its gradients. Clear them right before each backward()."
                    )
                return (
                    f"The {name} moves, but not as one step downhill on its own loss moves it. Each player in turn: "
                    "loss, zero_grad() of its own optimizer, backward(), step(); the discriminator first."
                )
    return "The two networks do not end where they should."


def _learn(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _loss_d(real, generated, players):
    return discriminator_loss(players.discriminator(real), players.discriminator(generated))


def _loss_g(generated, players):
    return generator_loss(players.discriminator(generated))


def _no_detach(real, z, players):
    players.discriminator_optimizer.zero_grad()
    players.generator_optimizer.zero_grad()
    loss_d = _loss_d(real, players.generator(z), players)
    loss_d.backward()
    players.discriminator_optimizer.step()
    loss_g = _loss_g(players.generator(z), players)
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _cleared_afterwards(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    loss_d.backward()
    players.discriminator_optimizer.step()
    players.discriminator_optimizer.zero_grad()
    loss_g = _loss_g(players.generator(z), players)
    loss_g.backward()
    players.generator_optimizer.step()
    players.generator_optimizer.zero_grad()
    return loss_d.item(), loss_g.item()


def _never_cleared(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    loss_d.backward()
    players.discriminator_optimizer.step()
    loss_g = _loss_g(players.generator(z), players)
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _never_cleared_nor_detached(real, z, players):
    loss_d = _loss_d(real, players.generator(z), players)
    loss_d.backward()
    players.discriminator_optimizer.step()
    loss_g = _loss_g(players.generator(z), players)
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _generator_never_cleared_nor_detached(real, z, players):
    loss_d = _loss_d(real, players.generator(z), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _frozen(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    players.discriminator.requires_grad_(False)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _detached_twice(real, z, players):
    generated = players.generator(z).detach()
    loss_d = _loss_d(real, generated, players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(generated, players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _generator_alone(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _generator_first(real, z, players):
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    return loss_d.item(), loss_g.item()


def _at_once(real, z, players):
    loss_g = _loss_g(players.generator(z), players)
    players.generator_optimizer.zero_grad()
    loss_g.backward()
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _one_sum(real, z, players):
    generated = players.generator(z)
    loss_d, loss_g = _loss_d(real, generated, players), _loss_g(generated, players)
    players.generator_optimizer.zero_grad()
    players.discriminator_optimizer.zero_grad()
    (loss_d + loss_g).backward()
    players.discriminator_optimizer.step()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _generator_with_discriminators_loss(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_d(real, players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _minimax_in_code(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = -_loss_d(real, players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _sign_of_generator(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, -loss_g)
    return loss_d.item(), loss_g.item()


def _sign_of_discriminator(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, -loss_d)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _arguments_swapped(real, z, players):
    generated = players.generator(z).detach()
    loss_d = discriminator_loss(players.discriminator(generated), players.discriminator(real))
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _steps_swapped(real, z, players):
    loss_d = _loss_d(real, players.generator(z), players)
    _learn(players.generator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.discriminator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _discriminator_learns_again(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    players.discriminator_optimizer.zero_grad()
    _learn(players.generator_optimizer, loss_g)
    players.discriminator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _added_to_the_discriminators(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    players.discriminator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _backward_twice_then_steps(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    loss_g = _loss_g(players.generator(z), players)
    players.discriminator_optimizer.zero_grad()
    players.generator_optimizer.zero_grad()
    loss_d.backward()
    loss_g.backward()
    players.discriminator_optimizer.step()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _wrong_one_cleared(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    players.discriminator_optimizer.zero_grad()
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _real_half_alone(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, generator_loss(players.discriminator(real)))
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _noise_shown(real, z, players):
    loss_d = _loss_d(real, z, players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _probabilities_handed_over(real, z, players):
    says = lambda points: torch.sigmoid(players.discriminator(points))  # noqa: E731
    loss_d = discriminator_loss(says(real), says(players.generator(z).detach()))
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = generator_loss(says(players.generator(z)))
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _scores_cut_off(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = generator_loss(players.discriminator(players.generator(z)).detach())
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _no_steps(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players)
    loss_d.backward()
    loss_g = _loss_g(players.generator(z), players)
    loss_g.backward()
    return loss_d.item(), loss_g.item()


def _old_scores(real, z, players):
    scores = players.discriminator(players.generator(z))
    loss_d = discriminator_loss(players.discriminator(real), scores)
    players.discriminator_optimizer.zero_grad()
    loss_d.backward(retain_graph=True)
    players.discriminator_optimizer.step()
    loss_g = generator_loss(scores)
    players.generator_optimizer.zero_grad()
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def _graph_used_up(real, z, players):
    generated = players.generator(z)
    loss_d = _loss_d(real, generated, players)
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(generated, players)
    _learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def _item_before_backward(real, z, players):
    loss_d = _loss_d(real, players.generator(z).detach(), players).item()
    _learn(players.discriminator_optimizer, loss_d)
    loss_g = _loss_g(players.generator(z), players).item()
    _learn(players.generator_optimizer, loss_g)
    return loss_d, loss_g


_ROUND_MISTAKES = (
    Mistake(
        "forgotten detach",
        _no_detach,
        "The discriminator's loss reaches the generator: its backward() leaves gradients in the generator, which are "
        "still there when the generator learns, and pull it the wrong way. Hand the discriminator "
        "generator(z).detach(), or clear the generator's gradients after that backward().",
    ),
    Mistake(
        "cleared too early",
        _cleared_afterwards,
        "The first round is right, the second is not: the generator's backward() passes through the discriminator and "
        "leaves gradients there, and in the next round the discriminator adds its own to them. Clear right before "
        "each backward(), not after the step.",
    ),
    Mistake(
        "never cleared",
        _never_cleared,
        "The gradients are never cleared: backward() adds to what is there, from all rounds before and from the other "
        "player's turn. Call zero_grad() of the player's optimizer right before each backward().",
    ),
    Mistake(
        "never cleared, nor detached",
        _never_cleared_nor_detached,
        "Nothing is cleared and nothing detached: both players learn from one another's losses and from all rounds "
        "before. zero_grad() right before each backward(), and generator(z).detach() in the discriminator's turn.",
    ),
    Mistake(
        "not detached, generator never cleared",
        _generator_never_cleared_nor_detached,
        "The discriminator's backward() leaves gradients in the generator, for its points were not detached, and "
        "nobody clears them: the generator's own are added to them, round after round, and its step follows the "
        "discriminator's loss as well. Call zero_grad() of generator_optimizer right before the generator's "
        "backward(); generator(z).detach() in the discriminator's turn saves the detour.",
    ),
    Mistake(
        "discriminator left frozen",
        _frozen,
        "The first round is right; in the second the discriminator cannot learn any more. You froze it for the "
        "generator's turn with requires_grad_(False) and did not thaw it: call requires_grad_(True) at the end of the "
        "round. It need not be frozen at all, since only generator_optimizer takes a step in that turn.",
    ),
    Mistake(
        "detached where the gradient must flow",
        _detached_twice,
        "The generator does not move. Was generator(z) detached in its own turn, too? Then no gradient reaches it: "
        "detach in the discriminator's turn alone; in the generator's turn the gradient passes through the "
        "discriminator into generator(z). Otherwise its backward() or its optimizer's step() is missing.",
    ),
    Mistake(
        "discriminator left out",
        _generator_alone,
        "The discriminator does not move: its backward() or its optimizer's step() is missing.",
    ),
    Mistake(
        "generator first",
        _generator_first,
        "The generator moved first, against the discriminator of the last round. Asked for is the other order: "
        "the discriminator learns, then the generator faces the new one.",
    ),
    Mistake(
        "both at once",
        _at_once,
        "The generator's loss was taken before the discriminator had moved, so both learn at once. Take it afterwards, "
        "from the scores of the discriminator as it is then.",
    ),
    Mistake(
        "one sum for both",
        _one_sum,
        "You added the two losses and sent one gradient through both. But they want opposite things of generated "
        "points: each player may follow its own loss only. Two losses, two backward(), two steps.",
    ),
    Mistake(
        "discriminator's loss for the generator",
        _generator_with_discriminators_loss,
        "In its turn the generator made the discriminator's loss small: it helps its opponent. It has a loss of its "
        "own, generator_loss.",
    ),
    Mistake(
        "minimax",
        _minimax_in_code,
        "In its turn the generator made the discriminator's loss large, which is the minimax game. Asked for is "
        "generator_loss of the scores.",
    ),
    Mistake(
        "sign of the generator",
        _sign_of_generator,
        "The generator climbs: its loss went into backward() with a minus. Both players go downhill, each on its own "
        "loss.",
    ),
    Mistake(
        "sign of the discriminator",
        _sign_of_discriminator,
        "The discriminator climbs: its loss went into backward() with a minus. Both players go downhill, each on its "
        "own loss.",
    ),
    Mistake(
        "scores of real and generated swapped",
        _arguments_swapped,
        "The discriminator learns the wrong way round: discriminator_loss wants the scores of the real points first, "
        "then those of the generated ones.",
    ),
    Mistake(
        "optimizers swapped",
        _steps_swapped,
        "The optimizers are swapped: discriminator_loss moved the generator, generator_loss the discriminator.",
    ),
    Mistake(
        "generator's gradient in the discriminator's optimizer",
        _discriminator_learns_again,
        "In the generator's turn the discriminator moved as well, so that it helps its opponent. The gradient passes "
        "through it, but only generator_optimizer may take a step.",
    ),
    Mistake(
        "generator's gradient added to the discriminator's",
        _added_to_the_discriminators,
        "The discriminator takes a second step after the generator's backward(), on a sum of both gradients. The "
        "generator's gradient only passes through it: in the generator's turn generator_optimizer alone takes a step.",
    ),
    Mistake(
        "both backward() before both steps",
        _backward_twice_then_steps,
        "Both backward() ran before the discriminator's step. The generator's passes through the discriminator and "
        "adds to its gradients, so that the discriminator's step helped the generator. Finish one turn, step included, "
        "before the other begins.",
    ),
    Mistake(
        "wrong player's gradients cleared",
        _wrong_one_cleared,
        "The generator's gradients are never cleared, so they add up from round to round: in its turn call zero_grad() "
        "of generator_optimizer, right before backward().",
    ),
    Mistake(
        "real points alone",
        _real_half_alone,
        "The discriminator learns from the real points alone. Generated ones must teach it, too: detach the points, "
        "generator(z).detach(), not the scores that it gives them.",
    ),
    Mistake(
        "noise shown to the discriminator",
        _noise_shown,
        "The discriminator was shown the noise z in place of what the generator makes of it, generator(z).",
    ),
    Mistake(
        "scores squashed",
        _probabilities_handed_over,
        "You squashed the scores before the losses saw them. Both losses want the scores as the discriminator gives "
        "them: the sigmoid is in the losses already.",
    ),
    Mistake(
        "scores cut off",
        _scores_cut_off,
        "That loss has no gradient. In the generator's turn it must flow from the scores through the discriminator "
        "into generator(z): no .detach() and no torch.no_grad() there. And a loss is made of scores, not of points.",
    ),
    Mistake(
        "no steps",
        _no_steps,
        "Nobody moves: step() of the optimizers is missing, or zero_grad() stands between backward() and step() and "
        "throws away what was just computed.",
    ),
    Mistake(
        "scores of before the step",
        _old_scores,
        "The generator's loss was made from scores that the discriminator gave before its step. After the step they "
        "are stale: compute discriminator(generator(z)) anew for the generator's turn.",
    ),
    Mistake(
        "graph used up",
        _graph_used_up,
        "The discriminator's backward() went through the generator as well and used up its graph. Hand the "
        "discriminator generator(z).detach(); then the graph is left for the generator's turn.",
    ),
    Mistake(
        "number in place of the loss",
        _item_before_backward,
        ".item() makes a plain number, which has no backward(). Learn first, and turn the losses into numbers for the "
        "return.",
    ),
)

_ROUND = Exercise(
    number="06.4",
    title="One round of the game",
    solution=play_round,
    arguments=_round,
    # What counts is where both networks stand afterwards: the judge looks at that, and at the losses, too.
    compare=lambda got, wanted: True,
    judge=_judge_round,
    mistakes=_ROUND_MISTAKES,
    hints=(
        "Twice the training step of lesson 02: loss, zero_grad, backward, step. First for the discriminator, then for "
        "the generator. Which gradients may reach whom?",
        "In the discriminator's turn the generator is only a source of points: generator(z).detach(). In the "
        "generator's turn the gradient must pass through the discriminator, so do not detach.",
        "After the discriminator's step compute its scores anew. zero_grad() stands right before each backward(): the "
        "generator's turn leaves gradients in the discriminator, too.",
        "loss_g = generator_loss(players.discriminator(players.generator(z))), then zero_grad(), backward() and step() "
        "of generator_optimizer; before it the same with discriminator_loss and the points detached.",
    ),
)

# -- 06.5 --


def count_modes(x, centres, sd):
    """How many modes are nearest to a sample of high quality (within 3 sd of it), and the share of such samples."""
    distances = np.linalg.norm(x[:, None, :] - centres[None, :, :], axis=2)
    nearest = distances.argmin(axis=1)
    near = distances.min(axis=1) <= 3 * sd
    return len(np.unique(nearest[near])), near.mean()


def _samples(rng):
    # Some modes are missed, some have only samples that lie too far out, and some samples are far along one axis only.
    # Two more stand so near to another that a sample is near to all three; they are nearest to none.
    k, sd = int(rng.integers(7, 10)), float(rng.uniform(0.05, 0.12))
    angle = 2 * np.pi * (np.arange(k) + rng.uniform()) / k
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 1.5
    hit = rng.permutation(k)[:4]
    # Shares of their own for each mode, and fewer good samples than modes would suggest.
    good = np.repeat(hit[:3], (6, 4, 1))
    rays = rng.normal(size=(len(good), 2))
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    lengths = rng.uniform(1.2, 2.8, size=(len(good), 1))
    lengths[:2] = rng.uniform(0.5, 0.9, size=(2, 1))
    lengths[-1] = 2.95
    outward = centres / 1.5
    crowded = outward[hit[1]]
    rays[6:10] -= 2 * crowded * np.maximum(rays[6:10] @ crowded, 0)[:, None]
    rays[6], lengths[6] = crowded, 1.7
    inside = centres[good] + sd * lengths * rays
    # Within 3 sd along each axis, and yet farther than 3 sd away.
    signs = rng.choice([-1, 1], size=(5, 2))
    corners = centres[np.repeat(hit[3], 5)] + signs * sd * rng.uniform(2.5, 2.9, size=(5, 2))
    beside = centres[hit[:3]] - sd * np.array([[3.1], [3.6], [4.7]]) * outward[hit[:3]]
    # Between 6 sd and the root of 3 sd, which is what a squared distance compared with 3 sd allows.
    between = centres[hit[:1]] * (1 + (6 * sd + np.sqrt(3 * sd)) / 2 / 1.5)
    outside = centres[rng.permutation(k)[:4]] * 0.4
    x = np.concatenate([inside, corners, beside, between, outside])
    aside = 4 * sd * np.sin(np.radians(35)) * np.array([[-crowded[1], crowded[0]]])
    twins = centres[hit[1]] + 4 * sd * np.cos(np.radians(35)) * crowded + np.array([[1], [-1]]) * aside
    return rng.permutation(x), rng.permutation(np.concatenate([centres, twins])), sd


def _distances(x, centres):
    return np.linalg.norm(x[:, None, :] - centres[None, :, :], axis=2)


def _near(x, centres, sd):
    return _distances(x, centres).min(axis=1) <= 3 * sd


def _counted(near, distances):
    return len(np.unique(distances.argmin(axis=1)[near])), near.mean()


def _within(factor):
    def count(x, centres, sd):
        distances = _distances(x, centres)
        return _counted(distances.min(axis=1) <= factor * sd, distances)

    return count


def _boxes(x, centres, sd):
    near = (abs(x[:, None, :] - centres[None, :, :]) <= 3 * sd).all(axis=2)
    return int(near.any(axis=0).sum()), near.any(axis=1).mean()


def _any_within(x, centres, sd):
    near = _distances(x, centres) <= 3 * sd
    return int(near.any(axis=0).sum()), near.any(axis=1).mean()


def _manhattan(x, centres, sd):
    distances = abs(x[:, None, :] - centres[None, :, :]).sum(axis=2)
    return _counted(distances.min(axis=1) <= 3 * sd, distances)


def _squares(x, centres, sd):
    distances = _distances(x, centres) ** 2
    return _counted(distances.min(axis=1) <= 3 * sd, distances)


def _two_numbers(got, wanted):
    """Whether two results are the same pair; an array or tensor of two numbers counts as one."""
    if isinstance(got, np.ndarray | torch.Tensor) and got.shape == (2,):
        got = tuple(got)
    return close(got, wanted)


_KEPT = (
    "Samples that are too far away were all given one number (-1 or 0, say), and it was counted as one mode more. "
    "Leave them out first: nearest[near]."
)


def _no_samples_no_modes(function, rng):
    x, centres, sd = _samples(rng)
    if _two_numbers(function(np.concatenate([centres[2:4], [[0.0, 0.0]]]), centres, sd), (3, 2 / 3)):
        raise Wrong(_KEPT)
    if not _two_numbers(function(x, centres, sd), count_modes(x, centres, sd)):
        return
    lost = np.zeros((4, 2))
    result = function(lost, centres, sd)
    if not _two_numbers(result, (0, 0.0)):
        raise Wrong(
            f"Four samples in the middle of the ring, near to no mode: 0 modes and a share of 0 were wanted, yours "
            f"gave {result}."
        )
    crowd = np.repeat(centres[:1], 300, axis=0)
    if not _two_numbers(function(crowd, centres, sd), (1, 1.0)):
        raise Wrong("Three hundred samples on one mode: that is 1 mode and a share of 1, and yours says otherwise.")
    line = centres[:1] + np.array([[100 * sd, 0.0]])
    if not _two_numbers(function(line, centres[:1], sd), (0, 0.0)):
        raise Wrong("One sample, far from the only mode: that is 0 modes, and yours says otherwise.")


_MODES = Exercise(
    number="06.5",
    title="Modes counted",
    solution=count_modes,
    arguments=_samples,
    compare=_two_numbers,
    judge=_no_samples_no_modes,
    mistakes=(
        Mistake(
            "nearest mode without a limit",
            lambda x, centres, sd: (
                len(np.unique(_distances(x, centres).argmin(axis=1))),
                (_distances(x, centres).min(axis=1) <= 3 * sd).mean(),
            ),
            "A sample counts for its nearest mode however far away that is, so a cloud of noise would cover all modes. "
            "Only samples within 3 sd count.",
        ),
        Mistake(
            "any sample near, nearest or not",
            _any_within,
            "You count a mode as found when any sample lies within 3 sd of it. Where two modes stand close, one sample "
            "would then find both. By the protocol a good sample counts for its nearest mode alone: "
            "distances.argmin(axis=1).",
        ),
        Mistake(
            "samples and modes not paired",
            lambda x, centres, sd: _counted(np.linalg.norm(x - centres, axis=1) <= 3 * sd, _distances(x, centres)),
            "Each sample is to be compared with each mode, not row with row: x[:, None] - centres[None] has shape "
            "(samples, modes, 2).",
        ),
        Mistake(
            "limit of the lesson's ring",
            lambda x, centres, sd: _within(3)(x, centres, 0.05),
            "You compare with a fixed limit, 0.15, which is right for the ring of this lesson alone (its SD is 0.05). "
            "Use the sd that is handed in: 3 * sd.",
        ),
        Mistake(
            "comparison turned round",
            lambda x, centres, sd: _counted(~_near(x, centres, sd), _distances(x, centres)),
            "Your comparison is turned round: you count the samples that are farther away than 3 sd. Good are those "
            "with a distance <= 3 * sd.",
        ),
        Mistake(
            "within one standard deviation",
            _within(1),
            "You allow one standard deviation; the protocol allows three, 3 * sd.",
        ),
        Mistake("within two standard deviations", _within(2), "You allow 2 sd; the protocol allows three, 3 * sd."),
        Mistake(
            "variance in place of the standard deviation",
            lambda x, centres, sd: _within(1)(x, centres, 3 * sd**2),
            "You compare a distance with 3 sd². sd is the standard deviation already: 3 * sd.",
        ),
        Mistake(
            "standard deviation forgotten",
            lambda x, centres, sd: _within(3)(x, centres, 1),
            "You compare the distance with 3 itself. The limit is 3 standard deviations, 3 * sd.",
        ),
        Mistake(
            "squared distance",
            _squares,
            "You compare squared distances with 3 sd. Take the root, or compare with (3 sd)².",
        ),
        Mistake(
            "each axis by itself",
            _boxes,
            "You ask for 3 sd along each axis, which is a square; its corners are farther away than 3 sd. Take the "
            "distance, the root of the sum of squares.",
        ),
        Mistake(
            "Manhattan",
            _manhattan,
            "You added up the absolute differences of the coordinates. The distance is the root of the sum of their "
            "squares, np.linalg.norm(..., axis=...).",
        ),
        Mistake(
            "share of the modes",
            lambda x, centres, sd: (
                count_modes(x, centres, sd)[0],
                count_modes(x, centres, sd)[0] / len(centres),
            ),
            "Your second result is the share of the modes that are covered. Asked for is the share of the samples that "
            "are of high quality.",
        ),
        Mistake(
            "number in place of the share",
            lambda x, centres, sd: (
                count_modes(x, centres, sd)[0],
                int((_distances(x, centres).min(axis=1) <= 3 * sd).sum()),
            ),
            "Your second result counts the good samples. Asked for is their share: divide by the number of samples, or "
            "take the mean.",
        ),
        Mistake(
            "percent",
            lambda x, centres, sd: (count_modes(x, centres, sd)[0], 100 * count_modes(x, centres, sd)[1]),
            "Your share is in percent; asked for is a number between 0 and 1.",
        ),
        Mistake(
            "samples counted in place of modes",
            lambda x, centres, sd: (
                int((_distances(x, centres).min(axis=1) <= 3 * sd).sum()),
                count_modes(x, centres, sd)[1],
            ),
            "Your first result counts samples. Two samples near the same mode are one mode: count different ones, "
            "np.unique.",
        ),
        Mistake(
            "modes that are missed",
            lambda x, centres, sd: (len(centres) - count_modes(x, centres, sd)[0], count_modes(x, centres, sd)[1]),
            "Your first result counts the modes that are missed. Asked for are those that are found.",
        ),
        Mistake(
            "bad samples kept as a mode",
            lambda x, centres, sd: (
                len(np.unique(np.where(_near(x, centres, sd), _distances(x, centres).argmin(axis=1), -1))),
                count_modes(x, centres, sd)[1],
            ),
            _KEPT,
        ),
        Mistake(
            "share of the modes first",
            lambda x, centres, sd: (
                count_modes(x, centres, sd)[0] / len(centres),
                count_modes(x, centres, sd)[1],
            ),
            "Your first result is the share of the modes that are found. Asked for is their number.",
        ),
        Mistake(
            "share of the pairs",
            lambda x, centres, sd: (count_modes(x, centres, sd)[0], (_distances(x, centres) <= 3 * sd).mean()),
            "Your share is that of all pairs of a sample and a mode. Ask each sample once, of its nearest mode: "
            "distances.min(axis=1) <= 3 * sd, and the mean of that.",
        ),
        Mistake(
            "number of the pairs",
            lambda x, centres, sd: (count_modes(x, centres, sd)[0], int((_distances(x, centres) <= 3 * sd).sum())),
            "Your second result counts pairs of a sample and a mode that are near to each other. Asked for is the "
            "share of the samples that are near to their nearest mode.",
        ),
        Mistake(
            "which modes in place of how many",
            lambda x, centres, sd: (
                np.unique(_distances(x, centres).argmin(axis=1)[_distances(x, centres).min(axis=1) <= 3 * sd]),
                count_modes(x, centres, sd)[1],
            ),
            "Your first result says which modes are found. Asked for is how many: its length.",
        ),
        Mistake(
            "swapped",
            lambda x, centres, sd: count_modes(x, centres, sd)[::-1],
            "The two results are swapped: first the number of modes, then the share.",
        ),
        Mistake(
            "modes alone",
            lambda x, centres, sd: count_modes(x, centres, sd)[0],
            "The number of modes is right. Return the share of good samples as well, after a comma.",
        ),
        Mistake(
            "share alone",
            lambda x, centres, sd: count_modes(x, centres, sd)[1],
            "The share is right. Return the number of modes as well, before it.",
        ),
        Mistake(
            "samples that are bad",
            lambda x, centres, sd: (count_modes(x, centres, sd)[0], 1 - count_modes(x, centres, sd)[1]),
            "Your share is that of the samples that are too far away. Asked for are those that are near.",
        ),
        Mistake(
            "only modes with more than one sample",
            lambda x, centres, sd: (
                int(
                    (
                        np.bincount(
                            _distances(x, centres).argmin(axis=1)[_distances(x, centres).min(axis=1) <= 3 * sd],
                            minlength=len(centres),
                        )
                        > 1
                    ).sum()
                ),
                count_modes(x, centres, sd)[1],
            ),
            "You leave out a mode that has a single good sample. By the protocol one is enough.",
        ),
    ),
    hints=(
        "Three things: how far each sample is from each mode, which mode is nearest, and whether that is near enough.",
        "x[:, None, :] - centres[None, :, :] has shape (samples, modes, 2); np.linalg.norm(..., axis=2) makes the "
        "table of distances.",
        "near = distances.min(axis=1) <= 3 * sd. The share is its mean. The modes are the different values of "
        "distances.argmin(axis=1) among the near samples.",
        "return len(np.unique(nearest[near])), near.mean()",
    ),
)

# -- 06.6 --


def gradient_penalty(critic, real, generated, mix):
    """Mean of (length of the critic's gradient - 1)² at points between real and generated ones: one number."""
    between = (mix * real + (1 - mix) * generated).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


def _critic(rng):
    network = _network((3, 7, 1), 1.1, torch.Generator().manual_seed(int(rng.integers(2**31))))
    n = int(rng.integers(5, 9))
    real, generated = rng.normal(0.5, 1, size=(n, 3)), rng.normal(-0.5, 1, size=(n, 3))
    mix = rng.uniform(0.1, 0.4, size=(n, 1))
    return network, *(torch.tensor(each, dtype=torch.float32) for each in (real, generated, mix))


def _slopes(critic, at, keep=True, reduce=torch.sum):
    at = at.detach().requires_grad_()
    return torch.autograd.grad(reduce(critic(at)), at, create_graph=keep)[0]


def _between(real, generated, mix):
    return mix * real + (1 - mix) * generated


def _penalty(make):
    """A penalty like ours, but for what `make` makes of the gradients at the points between."""
    return lambda critic, real, generated, mix: make(_slopes(critic, _between(real, generated, mix)))


def _weights_gradient(critic, real, generated, mix):
    score = critic(_between(real, generated, mix)).sum()
    gradients = torch.autograd.grad(score, list(critic.parameters()), create_graph=True)
    return (torch.cat([each.flatten() for each in gradients]).norm() - 1) ** 2


def _weights_gradient_of_mean(critic, real, generated, mix):
    score = critic(_between(real, generated, mix)).mean()
    gradients = torch.autograd.grad(score, list(critic.parameters()), create_graph=True)
    return (torch.cat([each.flatten() for each in gradients]).norm() - 1) ** 2


def _score_not_summed(critic, real, generated, mix):
    at = _between(real, generated, mix).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(at), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


def _not_asked(critic, real, generated, mix):
    at = _between(real, generated, mix)
    (gradient,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


def _with_respect_to(which):
    """The penalty, but for the gradient, which is taken with respect to one of the arguments."""

    def penalty(critic, real, generated, mix):
        arguments = [real, generated, mix]
        arguments[which] = arguments[which].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(critic(_between(*arguments)).sum(), arguments[which], create_graph=True)
        return ((gradient.norm(dim=1) - 1) ** 2).mean()

    return penalty


def _not_unpacked(critic, real, generated, mix):
    at = _between(real, generated, mix).requires_grad_()
    gradient = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


def _scores_of_others(critic, real, generated, mix):
    at = _between(real, generated, mix).requires_grad_()
    (gradient,) = torch.autograd.grad((critic(real) - critic(generated)).sum(), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


_NO_GRAPH = (
    "The number is right, but it cannot be learned from: the graph of the gradient was not kept. A penalty on a "
    "gradient is differentiated once more, so torch.autograd.grad needs create_graph=True, and nothing may be detached."
)


def _penalty_learns(function, rng):
    critic, *given = _critic(rng)
    value = function(critic, *(each.clone() for each in given))
    if not close(value, gradient_penalty(critic, *given)):
        if not close(function(critic, *(each.clone() for each in given)), value):
            raise Wrong("Two calls with the same points end differently: use the `mix` that is given, draw none here.")
        return
    if any(parameter.grad is not None for parameter in critic.parameters()):
        raise Wrong(
            "The number is right, but backward() left gradients in the critic's weights, where the optimizer will find "
            "them. torch.autograd.grad(scores.sum(), points, create_graph=True) leaves nothing behind."
        )
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(_NO_GRAPH)
    parameters = list(critic.parameters())
    ours = torch.autograd.grad(gradient_penalty(critic, *given), parameters, allow_unused=True)
    theirs = torch.autograd.grad(value, parameters, allow_unused=True)
    for want, got in zip(ours, theirs, strict=True):
        if (want is not None and want.abs().max() > 1e-6) and (
            got is None or not torch.allclose(got, want, atol=1e-4, rtol=1e-3)
        ):
            raise Wrong(_NO_GRAPH)
    single = [each[:1].clone() for each in given]
    try:
        right = close(function(critic, *single), gradient_penalty(critic, *single))
    except (IndexError, RuntimeError):
        right = False
    if not right:
        raise Wrong("Right for a batch, but not for a single pair of points: is a squeeze() taking away an axis?")


_PENALTY = Exercise(
    number="06.6",
    title="The gradient penalty",
    solution=gradient_penalty,
    arguments=_critic,
    judge=_penalty_learns,
    mistakes=(
        Mistake(
            "gradient with respect to the weights",
            _weights_gradient,
            "You took the gradient with respect to the critic's weights. The penalty asks how steep the critic is over "
            "the plane: the gradient of the scores with respect to the points between.",
        ),
        Mistake(
            "gradient of the mean score with respect to the weights",
            _weights_gradient_of_mean,
            "You took the gradient of the mean score with respect to the critic's weights. What is asked is how steep "
            "the critic is where the points lie: differentiate with respect to the points between.",
        ),
        Mistake(
            "score in place of its gradient",
            lambda critic, real, generated, mix: ((critic(_between(real, generated, mix)) - 1) ** 2).mean(),
            "You pull the scores themselves towards 1. It is their slope that should be 1: first the gradient of the "
            "scores with respect to the points between, torch.autograd.grad, then its length.",
        ),
        Mistake(
            "norm over the batch",
            _penalty(lambda gradient: (gradient.norm() - 1) ** 2),
            "You took one length for the whole batch. Each point has a gradient, and each length is compared with 1: "
            "norm(dim=1), then the square, then the mean.",
        ),
        Mistake(
            "no graph kept",
            lambda critic, real, generated, mix: (
                (_slopes(critic, _between(real, generated, mix), keep=False).norm(dim=1) - 1) ** 2
            ).mean(),
            _NO_GRAPH,
        ),
        Mistake(
            "wrong axis",
            _penalty(lambda gradient: ((gradient.norm(dim=0) - 1) ** 2).mean()),
            "You took the length over the batch, one for each coordinate: axis 0 are the points. A point's gradient "
            "runs along axis 1, norm(dim=1).",
        ),
        Mistake(
            "mean of the scores",
            lambda critic, real, generated, mix: (
                (_slopes(critic, _between(real, generated, mix), reduce=torch.mean).norm(dim=1) - 1) ** 2
            ).mean(),
            "You differentiated the mean of the scores, so every gradient is too small by the size of the batch. Take "
            "their sum: each score depends on its own point only.",
        ),
        Mistake(
            "one not subtracted",
            _penalty(lambda gradient: (gradient.norm(dim=1) ** 2).mean()),
            "The 1 is missing: yours pulls every slope to 0. That is the zero-centred penalty, which is used with "
            "other losses; a Wasserstein critic may be as steep as 1, and should.",
        ),
        Mistake(
            "length not rooted",
            _penalty(lambda gradient: ((gradient.square().sum(dim=1) - 1) ** 2).mean()),
            "You compare the square of the length with 1. Take the root first: gradient.norm(dim=1).",
        ),
        Mistake(
            "length squared before the one is subtracted",
            _penalty(lambda gradient: (gradient.norm(dim=1) ** 2 - 1).mean()),
            "You squared the length alone and subtracted 1 afterwards. It is the difference that is squared: "
            "(gradient.norm(dim=1) - 1) ** 2.",
        ),
        Mistake(
            "mean length",
            _penalty(lambda gradient: gradient.norm(dim=1).mean()),
            "You have the mean length. Each length is to be near 1: subtract 1, square, then average.",
        ),
        Mistake(
            "sum of the coordinates for the length",
            _penalty(lambda gradient: ((gradient.sum(dim=1) - 1) ** 2).mean()),
            "You added up the coordinates of the gradient. Its length is the root of the sum of squares: "
            "gradient.norm(dim=1).",
        ),
        Mistake(
            "gradient with respect to the real points",
            _with_respect_to(0),
            "You differentiated with respect to the real points, of which a share of mix is in each point between: "
            "every gradient is too small by it. Differentiate with respect to the points between themselves.",
        ),
        Mistake(
            "gradient with respect to the generated points",
            _with_respect_to(1),
            "You differentiated with respect to the generated points, of which a share of 1 - mix is in each point "
            "between: every gradient is too small by it. Differentiate with respect to the points between themselves.",
        ),
        Mistake(
            "gradient with respect to mix",
            _with_respect_to(2),
            "You differentiated with respect to mix. The penalty asks how steep the critic is in every direction: "
            "differentiate with respect to the points between.",
        ),
        Mistake(
            "not squared",
            _penalty(lambda gradient: (gradient.norm(dim=1) - 1).mean()),
            "The square is missing: a slope of 0 at one point would make up for a slope of 2 at another.",
        ),
        Mistake(
            "absolute value",
            _penalty(lambda gradient: (gradient.norm(dim=1) - 1).abs().mean()),
            "You took the absolute value of length - 1; the formula has its square.",
        ),
        Mistake(
            "mean of the lengths first",
            _penalty(lambda gradient: (gradient.norm(dim=1).mean() - 1) ** 2),
            "You averaged the lengths and compared the average with 1, so steep places would make up for flat ones. "
            "Compare each length with 1, square, and average last.",
        ),
        Mistake(
            "summed over the batch",
            _penalty(lambda gradient: ((gradient.norm(dim=1) - 1) ** 2).sum()),
            "You summed over the batch; average it, so that the weight of the penalty does not depend on its size.",
        ),
        Mistake(
            "nothing averaged",
            _penalty(lambda gradient: (gradient.norm(dim=1) - 1) ** 2),
            "You have the penalty of each point. One step is left: the mean over the batch.",
        ),
        Mistake(
            "only where it is too steep",
            _penalty(lambda gradient: ((gradient.norm(dim=1) - 1).clamp(min=0) ** 2).mean()),
            "Yours charges only slopes above 1. That is a variant (one-sided) that works, too; the formula here "
            "charges those below 1 as well.",
        ),
        Mistake(
            "each coordinate by itself",
            _penalty(lambda gradient: ((gradient - 1) ** 2).mean()),
            "You compare every coordinate of the gradient with 1. It is the length of the gradient that should be 1: "
            "gradient.norm(dim=1).",
        ),
        Mistake(
            "sum of absolute values for the length",
            _penalty(lambda gradient: ((gradient.abs().sum(dim=1) - 1) ** 2).mean()),
            "You added the absolute values of the coordinates. The length is the root of the sum of squares: "
            "gradient.norm(dim=1).",
        ),
        Mistake(
            "at the real points",
            lambda critic, real, generated, mix: ((_slopes(critic, real).norm(dim=1) - 1) ** 2).mean(),
            "You look at the real points. The formula looks between them and the generated ones: "
            "mix * real + (1 - mix) * generated.",
        ),
        Mistake(
            "at the generated points",
            lambda critic, real, generated, mix: ((_slopes(critic, generated).norm(dim=1) - 1) ** 2).mean(),
            "You look at the generated points. The formula looks between them and the real ones: "
            "mix * real + (1 - mix) * generated.",
        ),
        Mistake(
            "mix the other way round",
            lambda critic, real, generated, mix: (
                (_slopes(critic, _between(generated, real, mix)).norm(dim=1) - 1) ** 2
            ).mean(),
            "Your points lie between, but mix counts for the generated point. That would do as well, since mix is "
            "drawn evenly from 0 to 1; asked for is mix * real + (1 - mix) * generated.",
        ),
        Mistake(
            "half way for all",
            lambda critic, real, generated, mix: (
                (_slopes(critic, 0.5 * real + 0.5 * generated).norm(dim=1) - 1) ** 2
            ).mean(),
            "You look half way between each pair. The place is drawn anew each time, by `mix`: "
            "mix * real + (1 - mix) * generated.",
        ),
        Mistake(
            "one mix for all",
            lambda critic, real, generated, mix: (
                (_slopes(critic, _between(real, generated, mix[0])).norm(dim=1) - 1) ** 2
            ).mean(),
            "You use one mix for the whole batch. Each pair has its own: mix has shape (batch, 1).",
        ),
        Mistake(
            "scores not summed",
            _score_not_summed,
            "torch.autograd.grad starts from a single number. Sum the scores first: each depends on its own point "
            "only, so the gradient of the sum holds the gradient of each.",
        ),
        Mistake(
            "tuple not unpacked",
            _not_unpacked,
            "torch.autograd.grad returns a tuple, here with one tensor in it. Take it out: (gradient,) = ... or "
            "torch.autograd.grad(...)[0].",
        ),
        Mistake(
            "scores of other points",
            _scores_of_others,
            "The scores do not come from the points that you differentiate by. Let the critic score the points "
            "between, after .requires_grad_(), and differentiate with respect to just that tensor.",
        ),
        Mistake(
            "points that ask for no gradient",
            _not_asked,
            "The points between do not ask for a gradient. Call .requires_grad_() on them before the critic sees them.",
        ),
    ),
    hints=(
        "Make the points between first. Then ask PyTorch for the gradient of their scores with respect to them.",
        "between = (mix * real + (1 - mix) * generated).requires_grad_(). torch.autograd.grad(what, by_what, "
        "create_graph=True) returns a tuple of one tensor, of the shape of by_what: row i is the gradient of point i. "
        "What is differentiated must be a single number.",
        "The length of each point's gradient is gradient.norm(dim=1). Compare with 1, square, average last.",
        "(gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True). What is left is one "
        "line: return ((... - 1) ** 2).mean()",
    ),
)

EXERCISES = (_DISCRIMINATOR, _BEST, _GENERATOR, _ROUND, _MODES, _PENALTY)
