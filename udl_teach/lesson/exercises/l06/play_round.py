"""One round of the game."""

from types import SimpleNamespace

import numpy as np
import torch

from udl_teach.lesson.exercise import Mistake, Wrong, difference
from udl_teach.lesson.exercises.l06.discriminator_loss import discriminator_loss
from udl_teach.lesson.exercises.l06.generator_loss import generator_loss
from udl_teach.lesson.exercises.l06.shared import network
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


HINTS = (
    "A round is twice the training step of lesson 02: loss, zero_grad, backward, step, first for the discriminator, "
    "then for the generator. For each backward(), list the networks that it leaves gradients in.",
    "In the discriminator's turn the generator is only a source of points: generator(z).detach(). In the generator's "
    "turn the gradient must pass through the discriminator, so do not detach there; but only generator_optimizer takes "
    "a step.",
    "Call zero_grad() of the player's own optimizer right before each backward(): the generator's turn leaves "
    "gradients in the discriminator, too.",
    "There are three faults: .detach() is missing in the first line, generator_optimizer.zero_grad() before "
    "loss_g.backward(), and one step() at the end is too many.",
)


def arguments(rng):
    n = int(rng.integers(7, 12))
    real, z = rng.normal(0.5, 1.0, size=(n, 2)), rng.normal(size=(n, 2))
    return *(torch.tensor(each, dtype=torch.float32) for each in (real, z)), _players(rng)


def _players(rng):
    draws = torch.Generator().manual_seed(int(rng.integers(2**31)))
    generator, discriminator = network((2, 6, 2), 0.8, draws), network((2, 6, 1), 0.8, draws)
    return SimpleNamespace(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=torch.optim.SGD(generator.parameters(), lr=0.1),
        discriminator_optimizer=torch.optim.SGD(discriminator.parameters(), lr=0.1),
    )


def agree(got, wanted):
    """What is returned says little of a round: the judge looks at what has become of the players."""
    return True


# Lines of the answer, for the mistakes.
DETACHED = "generated = players.generator(z).detach()"
CLEAR_D = "players.discriminator_optimizer.zero_grad()"
STEP_D = "players.discriminator_optimizer.step()"
LOSS_G = "loss_g = generator_loss(players.discriminator(players.generator(z)))"
CLEAR_G = "players.generator_optimizer.zero_grad()"
STEP_G = "players.generator_optimizer.step()"
GRADIENT_G = f"{LOSS_G}\n{CLEAR_G}\nloss_g.backward()"

as_handed_out = difference(
    play_round,
    {".detach()": "", CLEAR_G: "", STEP_G: f"{STEP_G}\n{STEP_D}"},
    """This is the round as your colleague wrote it, or one that does the same. Follow each backward(): which networks
    does it leave gradients in, which of these are cleared before the next one, and which step() uses them?""",
)

forgotten_detach = difference(
    play_round,
    {".detach()": "", CLEAR_D: f"{CLEAR_D}\n{CLEAR_G}", CLEAR_G: ""},
    """The discriminator's loss reaches the generator: its backward() leaves gradients in the generator, which are still
    there when the generator learns, and move it in the wrong direction. Give the discriminator generator(z).detach(),
    or clear the generator's gradients after that backward().""",
)

cleared_too_early = difference(
    play_round,
    {CLEAR_D: "", STEP_D: f"{STEP_D}\n{CLEAR_D}", CLEAR_G: "", STEP_G: f"{STEP_G}\n{CLEAR_G}"},
    """The first round is right, the second is not: the generator's backward() passes through the discriminator and
    leaves gradients there, and in the next round the discriminator adds its own to them. Clear right before each
    backward(), not after the step.""",
)

never_cleared = difference(
    play_round,
    {CLEAR_D: "", CLEAR_G: ""},
    """The gradients are never cleared: backward() adds to those of all rounds before and of the other player's turn.
    Call zero_grad() of the player's optimizer right before each backward().""",
)

never_cleared_nor_detached = difference(
    play_round,
    {".detach()": "", CLEAR_D: "", CLEAR_G: ""},
    """Nothing is cleared and nothing detached: both players learn from each other's losses and from all rounds before.
    zero_grad() right before each backward(), and generator(z).detach() in the discriminator's turn.""",
)

not_detached_and_generator_never_cleared = difference(
    play_round,
    {".detach()": "", CLEAR_G: ""},
    """The discriminator's backward() leaves gradients in the generator, because its points were not detached, and
    nothing clears them: the generator's own gradients are added, round after round, and its step follows the
    discriminator's loss as well. Call zero_grad() of generator_optimizer right before the generator's backward(), and
    detach generator(z) in the discriminator's turn.""",
)

discriminator_left_frozen = difference(
    play_round,
    {STEP_D: f"{STEP_D}\nplayers.discriminator.requires_grad_(False)"},
    """The first round is right; in the second the discriminator cannot learn any more. You froze it for the generator's
    turn with requires_grad_(False): call requires_grad_(True) at the end of the round. It need not be frozen at all,
    since only generator_optimizer takes a step in that turn.""",
)

detached_where_the_gradient_must_flow = difference(
    play_round,
    {"(players.generator(z))": "(generated)"},
    """The generator does not move. If generator(z) is detached in its own turn, too, no gradient reaches it: detach in
    the discriminator's turn only; in the generator's turn the gradient passes through the discriminator into
    generator(z). Otherwise its backward() or its optimizer's step() is missing.""",
)

discriminator_left_out = difference(
    play_round,
    {STEP_D: ""},
    "The discriminator does not move: its backward() or its optimizer's step() is missing.",
)

generator_first = difference(
    play_round,
    {DETACHED: f"{GRADIENT_G}\n{STEP_G}\n{DETACHED}", f"{GRADIENT_G}\n{STEP_G}": ""},
    """The generator moved first, against the discriminator of the last round. The order is: the discriminator learns,
    then the generator learns against the new one.""",
)

both_at_once = difference(
    play_round,
    {DETACHED: f"{GRADIENT_G}\n{DETACHED}", GRADIENT_G: ""},
    """The generator's loss was computed before the discriminator had moved, so both learn at once. Compute it
    afterwards, from the scores of the new discriminator.""",
)

one_sum_for_both = difference(
    play_round,
    {
        ".detach()": "",
        "loss_d.backward()": "",
        STEP_D: "",
        "loss_g.backward()": f"(loss_d + loss_g).backward()\n{STEP_D}",
    },
    """You added the two losses and sent one gradient through both. But they are opposed at generated points: each
    player must follow its own loss only. Two losses, two backward(), two steps.""",
)

discriminators_loss_for_the_generator = difference(
    play_round,
    {"generator_loss(": "discriminator_loss(players.discriminator(real), "},
    """In its turn the generator minimized the discriminator's loss: it helps its opponent. It has its own loss,
    generator_loss.""",
)

minimax = difference(
    play_round,
    {"generator_loss(": "-discriminator_loss(players.discriminator(real), "},
    """In its turn the generator maximized the discriminator's loss, which is the minimax game. Use generator_loss of
    the scores.""",
)

sign_of_the_generator = difference(
    play_round,
    {"loss_g.backward()": "(-loss_g).backward()"},
    "The generator climbs: backward() was called on minus its loss. Both players descend, each on its own loss.",
)

sign_of_the_discriminator = difference(
    play_round,
    {"loss_d.backward()": "(-loss_d).backward()"},
    "The discriminator climbs: backward() was called on minus its loss. Both players descend, each on its own loss.",
)

scores_of_real_and_generated_swapped = difference(
    play_round,
    {
        "players.discriminator(real)": "players.discriminator(generated)",
        "players.discriminator(generated)": "players.discriminator(real)",
    },
    """The discriminator learns the reverse: discriminator_loss takes the scores of the real points first, then those of
    the generated points.""",
)

optimizers_swapped = difference(
    play_round,
    {".detach()": "", CLEAR_D: CLEAR_G, STEP_D: STEP_G, CLEAR_G: CLEAR_D, STEP_G: STEP_D},
    "The optimizers are swapped: discriminator_loss moved the generator, generator_loss the discriminator.",
)

generators_gradient_in_the_discriminators_optimizer = difference(
    play_round,
    {CLEAR_G: f"{CLEAR_D}\n{CLEAR_G}", STEP_G: f"{STEP_G}\n{STEP_D}"},
    """In the generator's turn the discriminator moved as well, so that it helps its opponent. The gradient passes
    through it, but only generator_optimizer may take a step.""",
)

generators_gradient_added_to_the_discriminators = difference(
    play_round,
    {STEP_G: f"{STEP_G}\n{STEP_D}"},
    """The discriminator takes a second step after the generator's backward(), on a sum of both gradients. The
    generator's gradient only passes through it: in the generator's turn only generator_optimizer takes a step.""",
)

both_backward_before_both_steps = difference(
    play_round,
    {STEP_D: "", STEP_G: f"{STEP_D}\n{STEP_G}"},
    """Both backward() ran before the discriminator's step. The generator's passes through the discriminator and adds to
    its gradients, so that the discriminator's step helped the generator. Finish one turn, step included, before the
    other begins.""",
)

wrong_players_gradients_cleared = difference(
    play_round,
    {CLEAR_G: CLEAR_D},
    """The generator's gradients are never cleared, so they add up from round to round: in its turn call zero_grad() of
    generator_optimizer, right before backward().""",
)

real_points_alone = difference(
    play_round,
    {"players.discriminator(generated)": "players.discriminator(generated).detach()"},
    """The discriminator learns from the real points only. It must learn from generated points, too: detach the points,
    generator(z).detach(), not their scores.""",
)

noise_shown_to_the_discriminator = difference(
    play_round,
    {"players.discriminator(generated)": "players.discriminator(z)"},
    "The discriminator was given the noise z instead of the generated points, generator(z).",
)

scores_squashed = difference(
    play_round,
    {
        "players.discriminator(real)": "players.discriminator(real).sigmoid()",
        "players.discriminator(generated)": "players.discriminator(generated).sigmoid()",
        "(players.generator(z))": "(players.generator(z)).sigmoid()",
    },
    """You applied a sigmoid to the scores before the losses. Both losses take the scores as the discriminator returns
    them: they contain the sigmoid already.""",
)

scores_cut_off = difference(
    play_round,
    {"(players.generator(z))": "(players.generator(z)).detach()"},
    """That loss has no gradient. In the generator's turn the gradient must flow from the scores through the
    discriminator into generator(z): no .detach() and no torch.no_grad() there. And a loss takes scores, not points.""",
)

no_steps = difference(
    play_round,
    {STEP_D: "", STEP_G: ""},
    """Neither player moves: step() of the optimizers is missing, or zero_grad() between backward() and step() discards
    what was just computed.""",
)

scores_of_before_the_step = difference(
    play_round,
    {STEP_D: f"{LOSS_G}\n{STEP_D}", LOSS_G: ""},
    """The generator's loss was computed from scores that the discriminator gave before its step. After the step they
    are out of date: compute discriminator(generator(z)) again in the generator's turn.""",
)

graph_used_up = difference(
    play_round,
    {".detach()": "", "(players.generator(z))": "(generated)"},
    """The discriminator's backward() went through the generator as well and freed its graph. Give the discriminator
    generator(z).detach(); then the graph remains for the generator's turn.""",
)

number_in_place_of_the_loss = difference(
    play_round,
    {"loss_d.backward()": "loss_d = loss_d.item()\nloss_d.backward()"},
    """.item() makes a plain number, which has no backward(). Learn first, and convert the losses to numbers in the
    return statement.""",
)


ROUNDS = 3


def judge(function, rng):
    # What a round leaves behind in .grad shows in the next, so several are played.
    start, batches = int(rng.integers(2**31)), [arguments(rng)[:2] for _ in range(ROUNDS)]
    # A function that draws noise of its own is detected here, and the random state of the notebook stays as it was.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        after, results, error = _course(function, start, batches)
        wanted, losses, _ = _course(play_round, start, batches)
        if not _same(after, wanted):
            for mistake in [each for each in globals().values() if isinstance(each, Mistake)]:
                theirs, _, their_error = _course(mistake, start, batches)
                if repr(error) == repr(their_error) and _same(after, theirs):
                    raise Wrong(mistake.hint)
            if error is not None:
                raise error
            torch.manual_seed(1)
            if not _same(_course(function, start, batches)[0], after):
                raise Wrong(
                    "Two calls with the same batch end differently: use the z that is given, draw no noise here."
                )
            raise Wrong(_where_it_goes_wrong(start, after, wanted))
    _look_at_what_is_returned(results, losses)


def _course(function, start, batches):
    """The parameters of both players after every round, the results of the rounds, and the error that ended them."""
    players = _players(np.random.default_rng(start))
    after, results = [], []
    for real, z in batches:
        try:
            results.append(function(real.clone(), z.clone(), players))
        except (RuntimeError, AttributeError) as error:
            return after, results, error
        after.append(_parameters(players))
    return after, results, None


def _parameters(players):
    networks = players.discriminator, players.generator
    return [torch.cat([each.detach().flatten() for each in network.parameters()]) for network in networks]


def _same(one, other):
    return len(one) == len(other) and all(_near(a, b) for these, those in zip(one, other) for a, b in zip(these, those))


def _near(a, b):
    return torch.allclose(a, b, atol=2e-6, rtol=1e-4)


def _where_it_goes_wrong(start, after, wanted):
    before = _parameters(_players(np.random.default_rng(start)))
    names = "discriminator", "generator"
    for name, now, then in zip(names, after[0], before):
        if torch.equal(now, then):
            return f"After your round the {name} is just as it was: its loss, its backward() and its step() must run."
    for number, (theirs, ours) in enumerate(zip(after, wanted), start=1):
        for name, got, want in zip(names, theirs, ours):
            if not _near(got, want) and number > 1:
                return (
                    f"The first round is right, in round {number} the {name} moves differently: something was left "
                    "behind in its gradients. Clear them right before each backward()."
                )
            if not _near(got, want):
                return (
                    f"The {name} moves, but not as one step of descent on its own loss. Each player in turn: loss, "
                    "zero_grad() of its own optimizer, backward(), step(); the discriminator first."
                )
    return "The two networks do not end where they should."


def _look_at_what_is_returned(results, losses):
    if any(result is None for result in results):
        raise Wrong("Both updates are right, but your function returns None: return both losses.")
    for result, loss in zip(results, losses):
        if isinstance(result, np.ndarray | torch.Tensor) and result.shape == (2,):
            result = tuple(result)
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Wrong("Both updates are right. Return the two losses, the discriminator's first: loss_d, loss_g.")
        if any(isinstance(each, torch.Tensor) and each.requires_grad for each in result):
            raise Wrong(
                "Both updates are right. What you return still has its graph, which stays in memory: return numbers, "
                "loss_d.item(), loss_g.item()."
            )
        if close(tuple(result[::-1]), loss) and not close(tuple(result), loss):
            raise Wrong("Both updates are right. The losses are swapped: the discriminator's comes first.")
        if not close(tuple(result), loss):
            raise Wrong(
                "Both updates are right, but the losses that you return are others than those you learned from: "
                f"in one round {as_array(result[0]):.4g} and {as_array(result[1]):.4g} in place of {loss[0]:.4g} and "
                f"{loss[1]:.4g}."
            )
