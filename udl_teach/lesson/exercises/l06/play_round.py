"""One round of the game."""

from types import SimpleNamespace

import numpy as np
import torch

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.exercises.l06.discriminator_loss import discriminator_loss
from udl_teach.lesson.exercises.l06.generator_loss import generator_loss
from udl_teach.lesson.exercises.l06.shared import _network
from udl_teach.lesson.values import as_array, close


def play_round(real, z, players):
    """One step of the discriminator, then one of the generator; returns both losses as numbers."""
    ### BEGIN SOLUTION
    generated = players.generator(z).detach()
    loss_d = discriminator_loss(players.discriminator(real), players.discriminator(generated))
    players.discriminator_optimizer.zero_grad()
    loss_d.backward()
    players.discriminator_optimizer.step()

    loss_g = generator_loss(players.discriminator(players.generator(z)))
    players.generator_optimizer.zero_grad()
    loss_g.backward()
    players.generator_optimizer.step()
    return loss_d.item(), loss_g.item()
    ### END SOLUTION


ROUNDS = 3


def _players(rng):
    draws = torch.Generator().manual_seed(int(rng.integers(2**31)))
    generator, discriminator = _network((2, 6, 2), 0.8, draws), _network((2, 6, 1), 0.8, draws)
    return SimpleNamespace(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=torch.optim.SGD(generator.parameters(), lr=0.1),
        discriminator_optimizer=torch.optim.SGD(discriminator.parameters(), lr=0.1),
    )


def _several(rng):
    """A start and the batches of several rounds: what is left behind in .grad shows in the second."""
    start = rng.integers(2**31)
    return int(start), [arguments(rng)[:2] for _ in range(ROUNDS)]


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


def arguments(rng):
    n = int(rng.integers(7, 12))
    real, z = rng.normal(0.5, 1.0, size=(n, 2)), rng.normal(size=(n, 2))
    return *(torch.tensor(each, dtype=torch.float32) for each in (real, z)), _players(rng)


agree = lambda got, wanted: True


HINTS = (
    "Twice the training step of lesson 02: loss, zero_grad, backward, step. First for the discriminator, then for "
    "the generator. Which gradients may reach whom?",
    "In the discriminator's turn the generator is only a source of points: generator(z).detach(). In the "
    "generator's turn the gradient must pass through the discriminator, so do not detach.",
    "After the discriminator's step compute its scores anew. zero_grad() stands right before each backward(): the "
    "generator's turn leaves gradients in the discriminator, too.",
    "loss_g = generator_loss(players.discriminator(players.generator(z))), then zero_grad(), backward() and step() "
    "of generator_optimizer; before it the same with discriminator_loss and the points detached.",
)


@mistake
def forgotten_detach(real, z, players):
    """The discriminator's loss reaches the generator: its backward() leaves gradients in the generator, which are still
    there when the generator learns, and pull it the wrong way. Hand the discriminator generator(z).detach(), or clear
    the generator's gradients after that backward().
    """
    return _no_detach(real, z, players)


@mistake
def cleared_too_early(real, z, players):
    """The first round is right, the second is not: the generator's backward() passes through the discriminator and
    leaves gradients there, and in the next round the discriminator adds its own to them. Clear right before each
    backward(), not after the step.
    """
    return _cleared_afterwards(real, z, players)


@mistake
def never_cleared(real, z, players):
    """The gradients are never cleared: backward() adds to what is there, from all rounds before and from the other
    player's turn. Call zero_grad() of the player's optimizer right before each backward().
    """
    return _never_cleared(real, z, players)


@mistake
def never_cleared_nor_detached(real, z, players):
    """Nothing is cleared and nothing detached: both players learn from one another's losses and from all rounds before.
    zero_grad() right before each backward(), and generator(z).detach() in the discriminator's turn.
    """
    return _never_cleared_nor_detached(real, z, players)


@mistake
def not_detached_generator_never_cleared(real, z, players):
    """The discriminator's backward() leaves gradients in the generator, for its points were not detached, and nobody
    clears them: the generator's own are added to them, round after round, and its step follows the discriminator's loss
    as well. Call zero_grad() of generator_optimizer right before the generator's backward(); generator(z).detach() in
    the discriminator's turn saves the detour.
    """
    return _generator_never_cleared_nor_detached(real, z, players)


@mistake
def discriminator_left_frozen(real, z, players):
    """The first round is right; in the second the discriminator cannot learn any more. You froze it for the generator's
    turn with requires_grad_(False) and did not thaw it: call requires_grad_(True) at the end of the round. It need not
    be frozen at all, since only generator_optimizer takes a step in that turn.
    """
    return _frozen(real, z, players)


@mistake
def detached_where_the_gradient_must_flow(real, z, players):
    """The generator does not move. Was generator(z) detached in its own turn, too? Then no gradient reaches it: detach
    in the discriminator's turn alone; in the generator's turn the gradient passes through the discriminator into
    generator(z). Otherwise its backward() or its optimizer's step() is missing.
    """
    return _detached_twice(real, z, players)


@mistake
def discriminator_left_out(real, z, players):
    """The discriminator does not move: its backward() or its optimizer's step() is missing."""
    return _generator_alone(real, z, players)


@mistake
def generator_first(real, z, players):
    """The generator moved first, against the discriminator of the last round. Asked for is the other order: the
    discriminator learns, then the generator faces the new one.
    """
    return _generator_first(real, z, players)


@mistake
def both_at_once(real, z, players):
    """The generator's loss was taken before the discriminator had moved, so both learn at once. Take it afterwards,
    from the scores of the discriminator as it is then.
    """
    return _at_once(real, z, players)


@mistake
def one_sum_for_both(real, z, players):
    """You added the two losses and sent one gradient through both. But they want opposite things of generated points:
    each player may follow its own loss only. Two losses, two backward(), two steps.
    """
    return _one_sum(real, z, players)


@mistake
def discriminator_s_loss_for_the_generator(real, z, players):
    """In its turn the generator made the discriminator's loss small: it helps its opponent. It has a loss of its own,
    generator_loss.
    """
    return _generator_with_discriminators_loss(real, z, players)


@mistake
def minimax(real, z, players):
    """In its turn the generator made the discriminator's loss large, which is the minimax game. Asked for is
    generator_loss of the scores.
    """
    return _minimax_in_code(real, z, players)


@mistake
def sign_of_the_generator(real, z, players):
    """The generator climbs: its loss went into backward() with a minus. Both players go downhill, each on its own loss."""
    return _sign_of_generator(real, z, players)


@mistake
def sign_of_the_discriminator(real, z, players):
    """The discriminator climbs: its loss went into backward() with a minus. Both players go downhill, each on its own
    loss.
    """
    return _sign_of_discriminator(real, z, players)


@mistake
def scores_of_real_and_generated_swapped(real, z, players):
    """The discriminator learns the wrong way round: discriminator_loss wants the scores of the real points first, then
    those of the generated ones.
    """
    return _arguments_swapped(real, z, players)


@mistake
def optimizers_swapped(real, z, players):
    """The optimizers are swapped: discriminator_loss moved the generator, generator_loss the discriminator."""
    return _steps_swapped(real, z, players)


@mistake
def generator_s_gradient_in_the_discriminator_s_optimizer(real, z, players):
    """In the generator's turn the discriminator moved as well, so that it helps its opponent. The gradient passes
    through it, but only generator_optimizer may take a step.
    """
    return _discriminator_learns_again(real, z, players)


@mistake
def generator_s_gradient_added_to_the_discriminator_s(real, z, players):
    """The discriminator takes a second step after the generator's backward(), on a sum of both gradients. The
    generator's gradient only passes through it: in the generator's turn generator_optimizer alone takes a step.
    """
    return _added_to_the_discriminators(real, z, players)


@mistake
def both_backward_before_both_steps(real, z, players):
    """Both backward() ran before the discriminator's step. The generator's passes through the discriminator and adds to
    its gradients, so that the discriminator's step helped the generator. Finish one turn, step included, before the
    other begins.
    """
    return _backward_twice_then_steps(real, z, players)


@mistake
def wrong_player_s_gradients_cleared(real, z, players):
    """The generator's gradients are never cleared, so they add up from round to round: in its turn call zero_grad() of
    generator_optimizer, right before backward().
    """
    return _wrong_one_cleared(real, z, players)


@mistake
def real_points_alone(real, z, players):
    """The discriminator learns from the real points alone. Generated ones must teach it, too: detach the points,
    generator(z).detach(), not the scores that it gives them.
    """
    return _real_half_alone(real, z, players)


@mistake
def noise_shown_to_the_discriminator(real, z, players):
    """The discriminator was shown the noise z in place of what the generator makes of it, generator(z)."""
    return _noise_shown(real, z, players)


@mistake
def scores_squashed(real, z, players):
    """You squashed the scores before the losses saw them. Both losses want the scores as the discriminator gives them:
    the sigmoid is in the losses already.
    """
    return _probabilities_handed_over(real, z, players)


@mistake
def scores_cut_off(real, z, players):
    """That loss has no gradient. In the generator's turn it must flow from the scores through the discriminator into
    generator(z): no .detach() and no torch.no_grad() there. And a loss is made of scores, not of points.
    """
    return _scores_cut_off(real, z, players)


@mistake
def no_steps(real, z, players):
    """Nobody moves: step() of the optimizers is missing, or zero_grad() stands between backward() and step() and throws
    away what was just computed.
    """
    return _no_steps(real, z, players)


@mistake
def scores_of_before_the_step(real, z, players):
    """The generator's loss was made from scores that the discriminator gave before its step. After the step they are
    stale: compute discriminator(generator(z)) anew for the generator's turn.
    """
    return _old_scores(real, z, players)


@mistake
def graph_used_up(real, z, players):
    """The discriminator's backward() went through the generator as well and used up its graph. Hand the discriminator
    generator(z).detach(); then the graph is left for the generator's turn.
    """
    return _graph_used_up(real, z, players)


@mistake
def number_in_place_of_the_loss(real, z, players):
    """.item() makes a plain number, which has no backward(). Learn first, and turn the losses into numbers for the
    return.
    """
    return _item_before_backward(real, z, players)


def judge(function, rng):
    # A function that draws noise of its own is to be found out, and the draws of the notebook are to stay as they are.
    with torch.random.fork_rng(devices=[]):
        _judge_course(function, *_several(rng))
