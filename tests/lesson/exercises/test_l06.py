"""Lesson 06: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist
from scipy.special import expit
from torch import nn
from torch.nn import functional
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy
from torch.nn.functional import logsigmoid, softplus

from udl_teach import metrics
from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RAISES, RIGHT, WRONG, verdict_on
from udl_teach.models.adversarial import losses as adversarial_losses

ones, zeros = torch.ones_like, torch.zeros_like


# ---- both losses -----------------------------------------------------------------------------------------------------


def loss_by_hand(real, generated):
    """softplus(a) = max(a, 0) + log(1 + exp(-|a|)), which overflows nowhere."""

    def cost(scores):
        return (torch.relu(scores) + torch.log1p(torch.exp(-scores.abs()))).mean()

    return cost(-real) + cost(generated)


def loss_in_one_call(real, generated):
    scores, target = torch.cat([real, generated]), torch.cat([ones(real), zeros(generated)])
    weight = torch.cat([ones(real) / len(real), ones(generated) / len(generated)])
    return cross_entropy(scores, target, weight=weight, reduction="sum")


def loss_of_two_classes(real, generated):
    def cost(scores, label):
        logits = torch.stack([torch.zeros_like(scores), scores], dim=1)
        return functional.cross_entropy(logits, torch.full((len(scores),), label))

    return cost(real, 1) + cost(generated, 0)


def loss_by_loops(real, generated):
    return sum(softplus(-score) for score in real) / len(real) + sum(map(softplus, generated)) / len(generated)


# ---- a round ---------------------------------------------------------------------------------------------------------


def both_losses(real, z, players, *, detach=True):
    generated = players.generator(z)
    generated = generated.detach() if detach else generated
    scores = players.discriminator(real), players.discriminator(generated)
    return adversarial_losses.discriminator_loss(*scores)


def asked(z, players):
    return adversarial_losses.generator_loss(None, players.discriminator(players.generator(z)))


def learn(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def round_played(real, z, players):
    loss_d = both_losses(real, z, players)
    learn(players.discriminator_optimizer, loss_d)
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def round_without_detach(real, z, players):
    """The discriminator's loss reaches the generator, whose gradients are cleared before its own turn."""
    loss_d = both_losses(real, z, players, detach=False)
    learn(players.discriminator_optimizer, loss_d)
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return [float(loss_d), float(loss_g)]


def round_with_points_made_once(real, z, players):
    generated = players.generator(z)
    scores = players.discriminator(torch.cat([real, generated.detach()]))
    loss_d = cross_entropy(scores[: len(real)], torch.ones(len(real))) + softplus(scores[len(real) :]).mean()
    learn(players.discriminator_optimizer, loss_d)
    loss_g = -logsigmoid(players.discriminator(generated)).mean()
    learn(players.generator_optimizer, loss_g)
    return loss_d.detach(), loss_g.detach()


def round_by_gradients(real, z, players):
    losses = []
    for name in ("discriminator", "generator"):
        losses.append(both_losses(real, z, players) if name == "discriminator" else asked(z, players))
        parameters = list(getattr(players, name).parameters())
        for parameter, slope in zip(parameters, torch.autograd.grad(losses[-1], parameters), strict=True):
            parameter.grad = slope
        getattr(players, f"{name}_optimizer").step()
    return np.array([loss.item() for loss in losses])


def round_with_the_other_player_frozen(real, z, players):
    with torch.no_grad():
        generated = players.generator(z)
    players.discriminator.zero_grad()
    halves = softplus(-players.discriminator(real)).mean(), softplus(players.discriminator(generated)).mean()
    for half in halves:
        half.backward()
    players.discriminator_optimizer.step()
    players.discriminator.requires_grad_(False)
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    players.discriminator.requires_grad_(True)
    return sum(halves).item(), loss_g.item()


def round_with_the_generator_never_cleared(real, z, players):
    players.discriminator.zero_grad()
    loss_d = both_losses(real, z, players, detach=False)
    loss_d.backward()
    players.discriminator_optimizer.step()
    loss_g = asked(z, players)
    players.discriminator.zero_grad()
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()


def round_with_the_discriminator_left_frozen(real, z, players):
    loss_d = both_losses(real, z, players)
    learn(players.discriminator_optimizer, loss_d)
    for parameter in players.discriminator.parameters():
        parameter.requires_grad = False
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def round_with_both_losses_first(real, z, players):
    loss_d, loss_g = both_losses(real, z, players), asked(z, players)
    learn(players.discriminator_optimizer, loss_d)
    learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def round_with_both_steps_last(real, z, players):
    players.discriminator.zero_grad()
    players.generator.zero_grad()
    loss_d, loss_g = both_losses(real, z, players), asked(z, players)
    (loss_d + 0).backward()
    loss_g.backward()
    players.generator_optimizer.step()
    players.discriminator_optimizer.step()
    return loss_d.item(), loss_g.item()


def round_as_handed_out(real, z, players):
    """As the lesson prints it."""
    generated = players.generator(z)
    loss_d = adversarial_losses.discriminator_loss(players.discriminator(real), players.discriminator(generated))
    players.discriminator_optimizer.zero_grad()
    loss_d.backward()
    players.discriminator_optimizer.step()
    loss_g = asked(z, players)
    loss_g.backward()
    players.generator_optimizer.step()
    players.discriminator_optimizer.step()
    return loss_d.item(), loss_g.item()


def round_with_one_optimizer_too_many(real, z, players):
    result = round_played(real, z, players)
    players.discriminator_optimizer.step()  # on both losses' gradients
    return result


def round_without_the_generators_step(real, z, players):
    loss_d, loss_g = both_losses(real, z, players), None
    learn(players.discriminator_optimizer, loss_d)
    loss_g = asked(z, players)
    loss_g.backward()
    return loss_d.item(), loss_g.item()


def round_under_no_grad(real, z, players):
    loss_d = both_losses(real, z, players)
    learn(players.discriminator_optimizer, loss_d)
    with torch.no_grad():
        loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def round_with_scores_detached(real, z, players):
    scores = players.discriminator(real), players.discriminator(players.generator(z)).detach()
    loss_d = adversarial_losses.discriminator_loss(*scores)
    learn(players.discriminator_optimizer, loss_d)
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return loss_d.item(), loss_g.item()


def round_with_the_graph(real, z, players):
    loss_d = both_losses(real, z, players)
    learn(players.discriminator_optimizer, loss_d)
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return loss_d, loss_g


def round_with_losses_of_afterwards(real, z, players):
    round_played(real, z, players)
    return both_losses(real, z, players).item(), asked(z, players).item()


def round_with_two_steps_of_the_generator(real, z, players):
    loss_d, _ = round_played(real, z, players)
    loss_g = asked(z, players)
    learn(players.generator_optimizer, loss_g)
    return loss_d, loss_g.item()


# ---- modes -----------------------------------------------------------------------------------------------------------


def modes_by_loops(x, centres, sd):
    found, good = set(), 0
    for sample in x:
        apart = [math.dist(sample, centre) for centre in centres]
        if min(apart) <= 3 * sd:
            found.add(apart.index(min(apart)))
            good += 1
    return len(found), good / len(x)


def modes_by_torch(x, centres, sd):
    apart, nearest = torch.cdist(torch.tensor(x), torch.tensor(centres)).min(dim=1)
    near = apart <= 3 * sd
    return torch.unique(nearest[near]).numel(), near.float().mean()


def modes_by_counts(x, centres, sd):
    squares = cdist(x, centres, "sqeuclidean")
    near = squares.min(axis=1) <= (3 * sd) ** 2
    counts = np.bincount(squares.argmin(axis=1)[near], minlength=len(centres))
    return np.array([np.count_nonzero(counts), counts.sum() / len(x)])


def modes_by_tree(x, centres, sd):
    apart, nearest = KDTree(centres).query(x, distance_upper_bound=3 * sd)
    return [len(set(nearest[np.isfinite(apart)])), np.float32(np.isfinite(apart).mean())]


# ---- gradient penalty ------------------------------------------------------------------------------------------------


def between(real, generated, mix):
    return (mix * real + (1 - mix) * generated).requires_grad_()


def slopes(critic, at, **options):
    return torch.autograd.grad(critic(at).sum(), at, **{"create_graph": True, **options})[0]


def penalty_as_it_is_often_written(critic, real, generated, mix):
    at = torch.autograd.Variable(mix * real + (1 - mix) * generated, requires_grad=True)
    scores = critic(at)
    (gradient,) = torch.autograd.grad(
        outputs=scores, inputs=at, grad_outputs=torch.ones(scores.size()), create_graph=True, retain_graph=True
    )
    return ((gradient.view(gradient.size(0), -1).norm(2, dim=1) - 1) ** 2).mean()


def penalty_by_lerp(critic, real, generated, mix):
    length = slopes(critic, torch.lerp(generated, real, mix).requires_grad_()).norm(dim=-1, keepdim=True)
    return functional.mse_loss(length, ones(length))


def penalty_by_functions(critic, real, generated, mix):
    score = lambda point: critic(point[None])[0]  # noqa: E731
    gradient = torch.func.vmap(torch.func.grad(score))(mix * real + (1 - mix) * generated)
    return (torch.sqrt((gradient**2).sum(dim=1) + 1e-12) - 1).square().mean()


def penalty_by_loops(critic, real, generated, mix):
    total = 0
    for each in zip(real, generated, mix, strict=True):
        total += (slopes(critic, between(*each)[None].detach().requires_grad_()).norm() - 1) ** 2
    return total / len(real)


def penalty_from_mean_scores(critic, real, generated, mix):
    at = between(real, generated, mix)
    gradient = torch.autograd.grad(critic(at).mean(), at, create_graph=True)[0] * len(at)
    return (gradient.pow(2).sum(1).sqrt() - 1).pow(2).sum() / gradient.shape[0]


def penalty_by_backward(critic, real, generated, mix):
    at = between(real, generated, mix)
    critic(at).sum().backward(create_graph=True)
    return ((at.grad.norm(dim=1) - 1) ** 2).mean()


def penalty_without_graph(critic, real, generated, mix):
    return ((slopes(critic, between(real, generated, mix), create_graph=False).norm(dim=1) - 1) ** 2).mean()


def penalty_detached(critic, real, generated, mix):
    return ((slopes(critic, between(real, generated, mix)).detach().norm(dim=1) - 1) ** 2).mean()


def penalty_of_weights(critic, real, generated, mix):
    gradients = torch.autograd.grad(critic(mix * real + (1 - mix) * generated).sum(), critic.parameters(), None, True)
    return (sum((gradient**2).sum() for gradient in gradients).sqrt() - 1) ** 2


def penalty_over_the_batch(critic, real, generated, mix):
    return (torch.linalg.norm(slopes(critic, between(real, generated, mix))) - 1) ** 2


def penalty_with_a_mix_of_its_own(critic, real, generated, mix):
    return penalty_by_lerp(critic, real, generated, torch.rand_like(mix))


def penalty_squeezed(critic, real, generated, mix):
    return ((slopes(critic, between(real, generated, mix)).squeeze().norm(dim=1) - 1) ** 2).mean()


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("06.1", lambda real, generated: cross_entropy(real, ones(real)) + cross_entropy(generated, zeros(generated))),
        ("06.1", lambda real, generated: nn.BCEWithLogitsLoss()(real, torch.ones(len(real)))
         + nn.BCEWithLogitsLoss()(generated, torch.zeros(len(generated)))),
        ("06.1", lambda real, generated: -logsigmoid(real).mean() - logsigmoid(-generated).mean()),
        ("06.1", lambda real, generated: torch.logaddexp(zeros(real), -real).mean()
         + torch.logaddexp(zeros(generated), generated).mean(dim=0)),
        ("06.1", lambda real, generated: softplus(-real.double()).mean() + softplus(generated.double()).mean()),
        ("06.1", adversarial_losses.discriminator_loss),
        ("06.1", loss_by_hand),
        ("06.1", loss_in_one_call),
        ("06.1", loss_of_two_classes),
        ("06.1", loss_by_loops),
        ("06.2", lambda log_real, log_generated: 1 / (1 + torch.exp(log_generated - log_real))),
        ("06.2", lambda log_real, log_generated: torch.softmax(torch.stack([log_real, log_generated]), dim=0)[0]),
        ("06.2", lambda log_real, log_generated: torch.exp(log_real - torch.logaddexp(log_real, log_generated))),
        ("06.2", lambda log_real, log_generated: torch.sigmoid((log_real - log_generated).float())),
        ("06.2", lambda log_real, log_generated: 0.5 + 0.5 * torch.tanh((log_real - log_generated) / 2)),
        ("06.2", lambda log_real, log_generated: (ratio := torch.exp(log_real - log_generated)) / (1 + ratio)),
        ("06.2", lambda log_real, log_generated: torch.stack(
            [1 / (1 + (q - p).exp()) for p, q in zip(log_real, log_generated, strict=True)])),
        ("06.3", lambda generated: cross_entropy(generated, ones(generated))),
        ("06.3", lambda generated: -logsigmoid(generated).mean()),
        ("06.3", lambda generated: (softplus(generated) - generated).mean()),
        ("06.3", lambda generated: torch.logaddexp(zeros(generated), -generated).sum() / len(generated)),
        ("06.3", lambda generated: softplus(-generated.double()).mean()),
        ("06.3", lambda generated: adversarial_losses.generator_loss(None, generated)),
        ("06.4", round_played),
        ("06.4", round_without_detach),
        ("06.4", round_with_points_made_once),
        ("06.4", round_by_gradients),
        ("06.4", round_with_the_other_player_frozen),
        ("06.5", modes_by_loops),
        ("06.5", modes_by_torch),
        ("06.5", modes_by_counts),
        ("06.5", modes_by_tree),
        ("06.5", lambda x, centres, sd: metrics.mode_coverage(x, centres, sd)[:2]),
        ("06.6", penalty_as_it_is_often_written),
        ("06.6", penalty_by_lerp),
        ("06.6", penalty_by_functions),
        ("06.6", penalty_by_loops),
        ("06.6", penalty_from_mean_scores),
    ],
)  # fmt: skip
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("06.1", lambda real, generated: softplus(real).mean() + softplus(-generated).mean(), "labels swapped"),
        ("06.1", lambda real, generated: cross_entropy(torch.sigmoid(real), ones(real))
         + cross_entropy(torch.sigmoid(generated), zeros(generated)), "squashed twice"),
        ("06.1", lambda real, generated: cross_entropy(real, ones(real)), "only the real half"),
        ("06.1", lambda real, generated: -logsigmoid(-generated).mean(), "only the generated half"),
        ("06.1", lambda real, generated: -logsigmoid(real).mean() - logsigmoid(generated).mean(),
         "both halves called real"),
        ("06.1", lambda real, generated: logsigmoid(real).mean() + logsigmoid(-generated).mean(), "the value itself"),
        ("06.1", lambda real, generated: (cross_entropy(real, ones(real)) + cross_entropy(generated, zeros(generated)))
         / 2, "halved"),
        ("06.1", lambda real, generated: -torch.log(torch.sigmoid(real)).mean()
         + torch.log(1 - torch.sigmoid(generated)).mean(), "halves subtracted"),
        ("06.1", lambda real, generated: -torch.log(torch.sigmoid(real)).mean() - 1
         + torch.log(torch.sigmoid(generated)).mean(), "one minus the logarithm"),
        ("06.1", lambda real, generated: softplus(-real).mean() + softplus(generated - 1).mean(),
         "one minus the score"),
        ("06.1", lambda real, generated: functional.mse_loss(real, ones(real)) + generated.square().mean(),
         "squared error"),
        ("06.1", lambda real, generated: 1 - torch.sigmoid(real).mean() + torch.sigmoid(generated).mean(),
         "probabilities of being wrong"),
        ("06.1", lambda real, generated: torch.log(1 + torch.exp(-real)).mean() + torch.log(
            1 + torch.exp(generated)).mean(), "sigmoid first logarithm afterwards"),
        ("06.1", lambda real, generated: functional.binary_cross_entropy(torch.sigmoid(real), ones(real))
         + functional.binary_cross_entropy(torch.sigmoid(generated), zeros(generated)),
         "sigmoid first logarithm afterwards"),
        ("06.1", lambda real, generated: -torch.log(torch.sigmoid(real) + 1e-8).mean()
         - torch.log(1 - torch.sigmoid(generated) + 1e-8).mean(), "sigmoid first logarithm afterwards"),
        ("06.1", lambda real, generated: softplus(-real).sum() + softplus(generated).sum(), "summed over the batch"),
        ("06.1", lambda real, generated: functional.relu(1 - real).mean() + functional.relu(1 + generated).mean(),
         "hinge"),
        ("06.1", lambda real, generated: 2 * torch.cat([softplus(-real), softplus(generated)]).mean(),
         "thrown into one batch and doubled"),
        ("06.2", lambda log_real, log_generated: np.exp(log_real.numpy()) / (
            np.exp(log_real.numpy()) + np.exp(log_generated.numpy())), "nothing divided by nothing"),
        ("06.2", lambda log_real, log_generated: 1 - torch.sigmoid(log_real - log_generated), "swapped"),
        ("06.2", lambda log_real, log_generated: 1 / (1 + (log_real - log_generated).exp()), "swapped"),
        ("06.2", lambda log_real, log_generated: torch.log_softmax(torch.stack([log_real, log_generated]), 0)[0],
         "logarithm of the probability"),
        ("06.2", lambda log_real, log_generated: torch.where(log_real > log_generated, 1.0, 0.0), "yes or no"),
        ("06.2", lambda log_real, log_generated: torch.softmax(torch.stack([log_real, log_generated]), 0), None),
        ("06.2", lambda log_real, log_generated: torch.softmax(log_real, dim=0), "softmax over the points"),
        ("06.2", lambda log_real, log_generated: torch.exp(log_real - torch.log(
            torch.exp(log_real) + torch.exp(log_generated))), "logarithm of a sum of nothings"),
        ("06.2", lambda log_real, log_generated: torch.sigmoid(log_real - log_generated).mean(), None),
        ("06.3", lambda generated: -cross_entropy(generated, zeros(generated)), "minimax"),
        ("06.3", lambda generated: torch.log(1 - torch.sigmoid(generated)).mean(), "minimax"),
        ("06.3", lambda generated: cross_entropy(generated, zeros(generated)), "minimax with the sign turned"),
        ("06.3", lambda generated: logsigmoid(generated).mean(), "sign"),
        ("06.3", lambda generated: cross_entropy(torch.sigmoid(generated), ones(generated)), "squashed twice"),
        ("06.3", lambda generated: 1 - torch.sigmoid(generated).mean(), "one minus the probability"),
        ("06.3", lambda generated: -torch.log(torch.sigmoid(generated).clamp(min=1e-7)).mean(),
         "sigmoid first logarithm afterwards"),
        ("06.3", lambda generated: torch.log1p(torch.exp(-generated)).mean(), "sigmoid first logarithm afterwards"),
        ("06.3", lambda generated: logsigmoid(generated.mean()).neg(), "mean of the scores first"),
        ("06.3", lambda generated: (1 - generated).clamp(min=0).mean(), "hinge"),
        ("06.3", lambda generated: functional.mse_loss(torch.sigmoid(generated), ones(generated)), None),
        ("06.4", round_as_handed_out, "as handed out"),
        ("06.4", round_with_both_losses_first, "scores of before the step"),
        ("06.4", round_with_both_steps_last, "both backward before both steps"),
        ("06.4", round_with_one_optimizer_too_many, "generators gradient added to the discriminators"),
        ("06.4", round_without_the_generators_step, "detached where the gradient must flow"),
        ("06.4", round_under_no_grad, "scores cut off"),
        ("06.4", round_with_scores_detached, "real points alone"),
        ("06.4", round_with_two_steps_of_the_generator, None),
        ("06.4", round_with_the_generator_never_cleared, "not detached and generator never cleared"),
        ("06.4", round_with_the_discriminator_left_frozen, "discriminator left frozen"),
        ("06.5", lambda x, centres, sd: (int((np.bincount(cdist(x, centres).argmin(1)) > 0).sum()),
                                         modes_by_loops(x, centres, sd)[1]), "nearest mode without a limit"),
        ("06.5", lambda x, centres, sd: (int(((apart := cdist(x, centres)) <= 3 * sd).any(axis=0).sum()),
                                         (apart < 3 * sd).any(axis=1).mean()),
         "any sample near whether nearest or not"),
        ("06.5", lambda x, centres, sd: ((np.linalg.norm(x - centres, axis=-1) < 3 * sd).sum(), 0.5),
         "samples and modes not paired"),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, 0.05), "limit of this lessons ring"),
        ("06.5", lambda x, centres, sd: (len({*(apart := cdist(x, centres)).argmin(1)[apart.min(1) > 3 * sd]}),
                                         (apart.min(1) > 3 * sd).mean()), "comparison turned round"),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, sd / 3), "within one standard deviation"),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, sd**2),
         "variance in place of the standard deviation"),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, np.sqrt(sd / 3)), "squared distance"),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, 2 * sd), None),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, 1.1 * sd), None),
        ("06.5", lambda x, centres, sd: (len(np.unique(cdist(x, centres).argmin(1) * (
            cdist(x, centres).min(1) <= 3 * sd))), modes_by_loops(x, centres, sd)[1]), "bad samples kept as a mode"),
        ("06.5", lambda x, centres, sd: (len(centres), modes_by_loops(x, centres, sd)[1]), None),
        ("06.5", lambda x, centres, sd: (modes_by_loops(x, centres, sd)[0], (cdist(x, centres) <= 3 * sd).sum()),
         "number of the pairs"),
        ("06.5", lambda x, centres, sd: (modes_by_loops(x, centres, sd)[0], (cdist(x, centres).min(1) <= 3 * sd).sum()),
         "number in place of the share"),
        ("06.6", penalty_without_graph, "no graph kept"),
        ("06.6", penalty_detached, "no graph kept"),
        ("06.6", lambda *given: penalty_by_lerp(*given).item(), "no graph kept"),
        ("06.6", penalty_of_weights, "gradient with respect to the weights"),
        ("06.6", penalty_over_the_batch, "norm over the batch"),
        ("06.6", lambda critic, real, generated, mix: functional.mse_loss(
            critic(torch.lerp(generated, real, mix)), torch.ones(len(real))), "score in place of its gradient"),
        ("06.6", lambda critic, real, generated, mix: (slopes(critic, between(real, generated, mix)).norm(dim=1)
            - 1).mean() ** 2, "mean of the lengths first"),
        ("06.6", lambda critic, real, generated, mix: penalty_by_lerp(critic, generated, real, mix),
         "mix the other way round"),
        ("06.6", lambda critic, real, generated, mix: 10 * penalty_by_lerp(critic, real, generated, mix), None),
        ("06.6", lambda critic, real, generated, mix: adversarial_losses.gradient_penalty(critic, real, generated),
         None),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status in (WRONG, RAISES), verdict.sentence
    assert (verdict.mistake or None) == mistake, verdict.sentence
    # Whoever is told of an error must have made it: none may come from the code that judges.
    assert verdict.status == WRONG or mistake, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "says"),
    [
        ("06.1", lambda real, generated: loss_by_hand(real, generated).item(), "carries no gradient"),
        ("06.1", lambda real, generated: np.logaddexp(0, -real.numpy()).mean() + np.logaddexp(
            0, generated.numpy()).mean(), "carries no gradient"),
        ("06.1", lambda real, generated: loss_by_hand(real, generated.detach()), "gradient for generated is not"),
        ("06.1", lambda real, generated: torch.tensor(loss_by_hand(real, generated).item(), requires_grad=True),
         "gradient for real is not"),
        ("06.1", lambda real, generated: functional.soft_margin_loss(real, ones(real))
         + functional.soft_margin_loss(generated, -ones(generated)), "exp(150)"),
        ("06.2", lambda log_real, log_generated: log_real.exp() / (
            log_real.exp() + log_generated.exp() + 1e-12), "guards your division"),
        ("06.2", lambda log_real, log_generated: torch.nan_to_num(
            log_real.exp() / (log_real.exp() + log_generated.exp()), nan=0.5), "guards your division"),
        ("06.2", lambda log_real, log_generated: torch.sigmoid(log_real - log_generated).tolist(), "torch.tensor"),
        ("06.2", lambda log_real, log_generated: expit(log_real.numpy() - log_generated.numpy()), "numpy array"),
        ("06.3", lambda generated: softplus(-generated.detach()).mean(), "carries no gradient"),
        ("06.3", lambda generated: float(softplus(-generated).mean()), "carries no gradient"),
        ("06.3", lambda generated: softplus(-generated).clamp(max=100).mean(), "cut off"),
        ("06.4", lambda real, z, players: round_played(real, z, players)[::-1], "the discriminator's comes first"),
        ("06.4", lambda real, z, players: sum(round_played(real, z, players)), "loss_d, loss_g"),
        ("06.4", lambda real, z, players: print(round_played(real, z, players)), "return both losses"),
        ("06.4", lambda real, z, players: round_played(real, torch.randn_like(z), players), "use the z that is given"),
        ("06.4", round_with_losses_of_afterwards, "others than those you learned from"),
        ("06.4", round_with_the_graph, "loss_d.item(), loss_g.item()"),
        ("06.4", round_with_two_steps_of_the_generator, "The generator moves, but not as one step"),
        ("06.5", lambda x, centres, sd: modes_by_loops(x, centres, sd) if len(x) > 4 else (1, 0.0), "0 modes"),
        ("06.5", lambda x, centres, sd: (sum({*np.uint8([1])}) * modes_by_loops(x, centres, sd)[0] if len(x) < 300
         else 300, modes_by_loops(x, centres, sd)[1]), "Three hundred samples on one mode"),
        ("06.6", penalty_by_backward, "left gradients in the critic's weights"),
        ("06.6", penalty_with_a_mix_of_its_own, "use the `mix` that is given"),
        ("06.6", penalty_squeezed, "not for a single pair"),
    ],
)  # fmt: skip
def test_right_numbers_are_not_enough(number, answer, says):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == WRONG and says in verdict.sentence, (verdict.status, verdict.sentence)


@pytest.mark.parametrize("number", [f"06.{place}" for place in range(1, 7)])
def test_a_check_leaves_the_notebooks_draws_as_they_are(number):
    before = torch.get_rng_state(), repr(np.random.get_state())
    verdict_on(exercise(number), lambda *arguments: exercise(number).solution(*arguments))
    assert torch.equal(torch.get_rng_state(), before[0]) and repr(np.random.get_state()) == before[1]


@pytest.mark.parametrize(
    ("number", "names"),
    [
        ("06.1", ["labels swapped", "squashed twice", "only the real half", "only the generated half"]),
        ("06.2", ["swapped", "nothing divided by nothing", "score in place of the probability"]),
        ("06.3", ["minimax", "minimax with the sign turned", "sign"]),
        ("06.4", ["forgotten detach", "detached where the gradient must flow", "both backward before both steps",
                  "generators gradient in the discriminators optimizer"]),
        ("06.5", ["nearest mode without a limit", "squared distance", "samples counted in place of modes"]),
        ("06.6", ["gradient with respect to the weights", "norm over the batch", "no graph kept"]),
    ],
)  # fmt: skip
def test_the_classic_mistakes_are_known_by_name(number, names):
    assert set(names) <= {mistake.name for mistake in exercise(number).mistakes}


@pytest.mark.parametrize("seed", range(10))
def test_every_draw_of_samples_tells_the_limits_apart(seed):
    """Limits that come to mind, a squared distance among them, each give a share of their own."""
    x, centres, sd = exercise("06.5").arguments(np.random.default_rng(seed))
    limits = [sd, 2 * sd, 2.9 * sd, 3 * sd, 3.2 * sd, 6 * sd, np.sqrt(3 * sd), 3 * sd**2]
    shares = [(cdist(x, centres).min(axis=1) <= limit).mean() for limit in limits]
    assert len(set(shares)) == len(shares), shares


@pytest.mark.parametrize("seed", range(10))
def test_in_every_draw_two_modes_are_near_to_a_good_sample_and_nearest_to_none(seed):
    x, centres, sd = exercise("06.5").arguments(np.random.default_rng(seed))
    apart = cdist(x, centres)
    nearest = np.bincount(apart.argmin(axis=1), minlength=len(centres))
    assert ((apart <= 3 * sd).any(axis=0) & (nearest == 0)).sum() == 2
    assert exercise("06.5").solution(x, centres, sd)[0] == (apart <= 3 * sd).any(axis=0).sum() - 2


def test_the_exercises_agree_with_the_library():
    rng = np.random.default_rng(0)
    real, generated = exercise("06.1").arguments(rng)
    assert torch.equal(
        exercise("06.1").solution(real, generated), adversarial_losses.discriminator_loss(real, generated)
    )
    assert torch.equal(exercise("06.3").solution(generated), adversarial_losses.generator_loss(None, generated))
    x, centres, sd = exercise("06.5").arguments(rng)
    assert exercise("06.5").solution(x, centres, sd) == pytest.approx(metrics.mode_coverage(x, centres, sd)[:2])
    critic, real, generated, _ = exercise("06.6").arguments(rng)
    mix = torch.rand(len(real), generator=torch.Generator().manual_seed(3))[:, None]
    theirs = adversarial_losses.gradient_penalty(critic, real, generated, torch.Generator().manual_seed(3))
    torch.testing.assert_close(exercise("06.6").solution(critic, real, generated, mix), theirs)
