"""The gradient penalty."""

import torch

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.exercises.l06.shared import network as _network
from udl_teach.lesson.values import close


def gradient_penalty(critic, real, generated, mix):
    """Mean of (length of the critic's gradient - 1)² at points between generated and real ones: one number."""
    ### BEGIN SOLUTION
    points = (mix * real + (1 - mix) * generated).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()
    ### END SOLUTION


def _slopes(critic, at, keep=True, reduce=torch.sum):
    at = at.detach().requires_grad_()
    return torch.autograd.grad(reduce(critic(at)), at, create_graph=keep)[0]


def _between(real, generated, mix):
    return mix * real + (1 - mix) * generated


def _penalty(make):
    """A penalty like ours, but for what `make` makes of the gradients at the points between."""
    return lambda critic, real, generated, mix: make(_slopes(critic, _between(real, generated, mix)))


def _with_respect_to(which):
    """The penalty, but for the gradient, which is taken with respect to one of the arguments."""

    def penalty(critic, real, generated, mix):
        arguments = [real, generated, mix]
        arguments[which] = arguments[which].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(critic(_between(*arguments)).sum(), arguments[which], create_graph=True)
        return ((gradient.norm(dim=1) - 1) ** 2).mean()

    return penalty


def arguments(rng):
    network = _network((3, 7, 1), 1.1, torch.Generator().manual_seed(int(rng.integers(2**31))))
    n = int(rng.integers(5, 9))
    real, generated = rng.normal(0.5, 1, size=(n, 3)), rng.normal(-0.5, 1, size=(n, 3))
    mix = rng.uniform(0.1, 0.4, size=(n, 1))
    return network, *(torch.tensor(each, dtype=torch.float32) for each in (real, generated, mix))


HINTS = (
    "Make the points between first. Then ask PyTorch for the gradient of their scores with respect to them.",
    "between = (mix * real + (1 - mix) * generated).requires_grad_(). torch.autograd.grad(what, by_what, "
    "create_graph=True) returns a tuple of one tensor, of the shape of by_what: row i is the gradient of point i. "
    "What is differentiated must be a single number.",
    "The length of each point's gradient is gradient.norm(dim=1). Compare with 1, square, average last.",
    "(gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True). What is left is one "
    "line: return ((... - 1) ** 2).mean()",
)


@mistake
def gradient_with_respect_to_the_weights(critic, real, generated, mix):
    """You took the gradient with respect to the critic's weights. The penalty asks how steep the critic is over the
    plane: the gradient of the scores with respect to the points between.
    """
    score = critic(_between(real, generated, mix)).sum()
    gradients = torch.autograd.grad(score, list(critic.parameters()), create_graph=True)
    return (torch.cat([each.flatten() for each in gradients]).norm() - 1) ** 2


@mistake
def gradient_of_the_mean_score_with_respect_to_the_weights(critic, real, generated, mix):
    """You took the gradient of the mean score with respect to the critic's weights. What is asked is how steep the
    critic is where the points lie: differentiate with respect to the points between.
    """
    score = critic(_between(real, generated, mix)).mean()
    gradients = torch.autograd.grad(score, list(critic.parameters()), create_graph=True)
    return (torch.cat([each.flatten() for each in gradients]).norm() - 1) ** 2


@mistake
def score_in_place_of_its_gradient(critic, real, generated, mix):
    """You pull the scores themselves towards 1. It is their slope that should be 1: first the gradient of the scores
    with respect to the points between, torch.autograd.grad, then its length.
    """
    return ((critic(_between(real, generated, mix)) - 1) ** 2).mean()


@mistake
def norm_over_the_batch(critic, real, generated, mix):
    """You took one length for the whole batch. Each point has a gradient, and each length is compared with 1:
    norm(dim=1), then the square, then the mean.
    """
    return _penalty(lambda gradient: (gradient.norm() - 1) ** 2)(critic, real, generated, mix)


@mistake
def no_graph_kept(critic, real, generated, mix):
    """The number is right, but it cannot be learned from: the graph of the gradient was not kept. A penalty on a
    gradient is differentiated once more, so torch.autograd.grad needs create_graph=True, and nothing may be detached.
    """
    return ((_slopes(critic, _between(real, generated, mix), keep=False).norm(dim=1) - 1) ** 2).mean()


@mistake
def wrong_axis(critic, real, generated, mix):
    """You took the length over the batch, one for each coordinate: axis 0 are the points. A point's gradient runs along
    axis 1, norm(dim=1).
    """
    return _penalty(lambda gradient: ((gradient.norm(dim=0) - 1) ** 2).mean())(critic, real, generated, mix)


@mistake
def mean_of_the_scores(critic, real, generated, mix):
    """You differentiated the mean of the scores, so every gradient is too small by the size of the batch. Take their
    sum: each score depends on its own point only.
    """
    return ((_slopes(critic, _between(real, generated, mix), reduce=torch.mean).norm(dim=1) - 1) ** 2).mean()


@mistake
def one_not_subtracted(critic, real, generated, mix):
    """The 1 is missing: yours pulls every slope to 0. That is the zero-centred penalty, which is used with other
    losses; a Wasserstein critic may be as steep as 1, and should.
    """
    return _penalty(lambda gradient: (gradient.norm(dim=1) ** 2).mean())(critic, real, generated, mix)


@mistake
def length_not_rooted(critic, real, generated, mix):
    """You compare the square of the length with 1. Take the root first: gradient.norm(dim=1)."""
    return _penalty(lambda gradient: ((gradient.square().sum(dim=1) - 1) ** 2).mean())(critic, real, generated, mix)


@mistake
def length_squared_before_the_one_is_subtracted(critic, real, generated, mix):
    """You squared the length alone and subtracted 1 afterwards. It is the difference that is squared:
    (gradient.norm(dim=1) - 1) ** 2.
    """
    return _penalty(lambda gradient: (gradient.norm(dim=1) ** 2 - 1).mean())(critic, real, generated, mix)


@mistake
def mean_length(critic, real, generated, mix):
    """You have the mean length. Each length is to be near 1: subtract 1, square, then average."""
    return _penalty(lambda gradient: gradient.norm(dim=1).mean())(critic, real, generated, mix)


@mistake
def sum_of_the_coordinates_for_the_length(critic, real, generated, mix):
    """You added up the coordinates of the gradient. Its length is the root of the sum of squares: gradient.norm(dim=1)."""
    return _penalty(lambda gradient: ((gradient.sum(dim=1) - 1) ** 2).mean())(critic, real, generated, mix)


@mistake
def gradient_with_respect_to_the_real_points(critic, real, generated, mix):
    """You differentiated with respect to the real points, of which a share of mix is in each point between: every
    gradient is too small by it. Differentiate with respect to the points between themselves.
    """
    return _with_respect_to(0)(critic, real, generated, mix)


@mistake
def gradient_with_respect_to_the_generated_points(critic, real, generated, mix):
    """You differentiated with respect to the generated points, of which a share of 1 - mix is in each point between:
    every gradient is too small by it. Differentiate with respect to the points between themselves.
    """
    return _with_respect_to(1)(critic, real, generated, mix)


@mistake
def gradient_with_respect_to_mix(critic, real, generated, mix):
    """You differentiated with respect to mix. The penalty asks how steep the critic is in every direction:
    differentiate with respect to the points between.
    """
    return _with_respect_to(2)(critic, real, generated, mix)


@mistake
def not_squared(critic, real, generated, mix):
    """The square is missing: a slope of 0 at one point would make up for a slope of 2 at another."""
    return _penalty(lambda gradient: (gradient.norm(dim=1) - 1).mean())(critic, real, generated, mix)


@mistake
def absolute_value(critic, real, generated, mix):
    """You took the absolute value of length - 1; the formula has its square."""
    return _penalty(lambda gradient: (gradient.norm(dim=1) - 1).abs().mean())(critic, real, generated, mix)


@mistake
def mean_of_the_lengths_first(critic, real, generated, mix):
    """You averaged the lengths and compared the average with 1, so steep places would make up for flat ones. Compare
    each length with 1, square, and average last.
    """
    return _penalty(lambda gradient: (gradient.norm(dim=1).mean() - 1) ** 2)(critic, real, generated, mix)


@mistake
def summed_over_the_batch(critic, real, generated, mix):
    """You summed over the batch; average it, so that the weight of the penalty does not depend on its size."""
    return _penalty(lambda gradient: ((gradient.norm(dim=1) - 1) ** 2).sum())(critic, real, generated, mix)


@mistake
def nothing_averaged(critic, real, generated, mix):
    """You have the penalty of each point. One step is left: the mean over the batch."""
    return _penalty(lambda gradient: (gradient.norm(dim=1) - 1) ** 2)(critic, real, generated, mix)


@mistake
def only_where_it_is_too_steep(critic, real, generated, mix):
    """Yours charges only slopes above 1. That is a variant (one-sided) that works, too; the formula here charges those
    below 1 as well.
    """
    return _penalty(lambda gradient: ((gradient.norm(dim=1) - 1).clamp(min=0) ** 2).mean())(
        critic, real, generated, mix
    )


@mistake
def each_coordinate_by_itself(critic, real, generated, mix):
    """You compare every coordinate of the gradient with 1. It is the length of the gradient that should be 1:
    gradient.norm(dim=1).
    """
    return _penalty(lambda gradient: ((gradient - 1) ** 2).mean())(critic, real, generated, mix)


@mistake
def sum_of_absolute_values_for_the_length(critic, real, generated, mix):
    """You added the absolute values of the coordinates. The length is the root of the sum of squares:
    gradient.norm(dim=1).
    """
    return _penalty(lambda gradient: ((gradient.abs().sum(dim=1) - 1) ** 2).mean())(critic, real, generated, mix)


@mistake
def at_the_real_points(critic, real, generated, mix):
    """You look at the real points. The formula looks between them and the generated ones: mix * real + (1 - mix) *
    generated.
    """
    return ((_slopes(critic, real).norm(dim=1) - 1) ** 2).mean()


@mistake
def at_the_generated_points(critic, real, generated, mix):
    """You look at the generated points. The formula looks between them and the real ones: mix * real + (1 - mix) *
    generated.
    """
    return ((_slopes(critic, generated).norm(dim=1) - 1) ** 2).mean()


@mistake
def mix_the_other_way_round(critic, real, generated, mix):
    """Your points lie between, but mix counts for the generated point. That would do as well, since mix is drawn evenly
    from 0 to 1; asked for is mix * real + (1 - mix) * generated.
    """
    return ((_slopes(critic, _between(generated, real, mix)).norm(dim=1) - 1) ** 2).mean()


@mistake
def half_way_for_all(critic, real, generated, mix):
    """You look half way between each pair. The place is drawn anew each time, by `mix`: mix * real + (1 - mix) *
    generated.
    """
    return ((_slopes(critic, 0.5 * real + 0.5 * generated).norm(dim=1) - 1) ** 2).mean()


@mistake
def one_mix_for_all(critic, real, generated, mix):
    """You use one mix for the whole batch. Each pair has its own: mix has shape (batch, 1)."""
    return ((_slopes(critic, _between(real, generated, mix[0])).norm(dim=1) - 1) ** 2).mean()


@mistake
def scores_not_summed(critic, real, generated, mix):
    """torch.autograd.grad starts from a single number. Sum the scores first: each depends on its own point only, so the
    gradient of the sum holds the gradient of each.
    """
    at = _between(real, generated, mix).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(at), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


@mistake
def tuple_not_unpacked(critic, real, generated, mix):
    """torch.autograd.grad returns a tuple, here with one tensor in it. Take it out: (gradient,) = ... or
    torch.autograd.grad(...)[0].
    """
    at = _between(real, generated, mix).requires_grad_()
    gradient = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


@mistake
def scores_of_other_points(critic, real, generated, mix):
    """The scores do not come from the points that you differentiate by. Let the critic score the points between, after
    .requires_grad_(), and differentiate with respect to just that tensor.
    """
    at = _between(real, generated, mix).requires_grad_()
    (gradient,) = torch.autograd.grad((critic(real) - critic(generated)).sum(), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


@mistake
def points_that_ask_for_no_gradient(critic, real, generated, mix):
    """The points between do not ask for a gradient. Call .requires_grad_() on them before the critic sees them."""
    at = _between(real, generated, mix)
    (gradient,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()


def judge(function, rng):
    critic, *given = arguments(rng)
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
        raise Wrong(no_graph_kept.hint)
    parameters = list(critic.parameters())
    ours = torch.autograd.grad(gradient_penalty(critic, *given), parameters, allow_unused=True)
    theirs = torch.autograd.grad(value, parameters, allow_unused=True)
    for want, got in zip(ours, theirs, strict=True):
        if (want is not None and want.abs().max() > 1e-6) and (
            got is None or not torch.allclose(got, want, atol=1e-4, rtol=1e-3)
        ):
            raise Wrong(no_graph_kept.hint)
    single = [each[:1].clone() for each in given]
    try:
        right = close(function(critic, *single), gradient_penalty(critic, *single))
    except (IndexError, RuntimeError):
        right = False
    if not right:
        raise Wrong("Right for a batch, but not for a single pair of points: is a squeeze() taking away an axis?")
