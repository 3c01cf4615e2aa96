"""The gradient penalty."""

import torch

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.exercises.l06.shared import network
from udl_teach.lesson.values import close


def gradient_penalty(critic, real, generated, mix):
    """Mean of (norm of the critic's gradient - 1)² at points between generated and real ones: one number."""
    ### BEGIN SOLUTION
    points = (mix * real + (1 - mix) * generated).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    return ((gradient.norm(dim=1) - 1) ** 2).mean()
    ### END SOLUTION


HINTS = (
    "Make the points between first. Then ask PyTorch for the gradient of their scores with respect to them.",
    "between = (mix * real + (1 - mix) * generated).requires_grad_(). torch.autograd.grad(what, by_what, "
    "create_graph=True) returns a tuple of one tensor, of the shape of by_what: row i is the gradient of point i. What "
    "is differentiated must be a single number.",
    "The norm of each point's gradient is gradient.norm(dim=1). Subtract 1, square, average last.",
    "(gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True). One line remains: return "
    "((... - 1) ** 2).mean()",
)


def arguments(rng):
    critic = network((3, 7, 1), 1.1, torch.Generator().manual_seed(int(rng.integers(2**31))))
    n = int(rng.integers(5, 9))
    real, generated = rng.normal(0.5, 1, size=(n, 3)), rng.normal(-0.5, 1, size=(n, 3))
    mix = rng.uniform(0.1, 0.4, size=(n, 1))
    return critic, *(torch.tensor(each, dtype=torch.float32) for each in (real, generated, mix))


def _over_the_weights(critic, score):
    gradients = torch.autograd.grad(score, list(critic.parameters()), create_graph=True)
    return (torch.cat([each.flatten() for each in gradients]).norm() - 1) ** 2


@mistake
def gradient_with_respect_to_the_weights(critic, real, generated, mix):
    """You took the gradient with respect to the critic's weights. The penalty measures how steep the critic is in the
    plane: take the gradient of the scores with respect to the points between.
    """
    return _over_the_weights(critic, critic(mix * real + (1 - mix) * generated).sum())


@mistake
def gradient_of_the_mean_score_with_respect_to_the_weights(critic, real, generated, mix):
    """You took the gradient of the mean score with respect to the critic's weights. The penalty measures how steep the
    critic is in the plane: differentiate with respect to the points between.
    """
    return _over_the_weights(critic, critic(mix * real + (1 - mix) * generated).mean())


score_in_place_of_its_gradient = difference(
    gradient_penalty,
    {"gradient.norm(dim=1)": "critic(points)"},
    """You pull the scores themselves towards 1. Their slope should be 1: first the gradient of the scores with respect
    to the points between, torch.autograd.grad, then its norm.""",
)

norm_over_the_batch = difference(
    gradient_penalty,
    {"norm(dim=1)": "norm()"},
    """You took one norm for the whole batch. Each point has a gradient, and each norm is compared with 1: norm(dim=1),
    then the square, then the mean.""",
)

no_graph_kept = difference(
    gradient_penalty,
    {", create_graph=True": ""},
    """The number is right, but the critic cannot learn from it: the graph of the gradient was not kept. A penalty on a
    gradient is differentiated once more, so torch.autograd.grad needs create_graph=True, and nothing may be
    detached.""",
)

wrong_axis = difference(
    gradient_penalty,
    {"dim=1": "dim=0"},
    """You took the norm over the batch, one for each coordinate: axis 0 indexes the points. A point's gradient is along
    axis 1, norm(dim=1).""",
)

mean_of_the_scores = difference(
    gradient_penalty,
    {"critic(points).sum()": "critic(points).mean()"},
    """You differentiated the mean of the scores, so every gradient is too small by the size of the batch. Take their
    sum: each score depends on its own point only.""",
)

one_not_subtracted = difference(
    gradient_penalty,
    {"(gradient.norm(dim=1) - 1)": "gradient.norm(dim=1)"},
    """The 1 is missing: yours pulls every slope to 0, as the R1 penalty does, which is used with other losses. The
    slope of a Wasserstein critic should be 1.""",
)

length_not_rooted = difference(
    gradient_penalty,
    {"gradient.norm(dim=1)": "gradient.square().sum(dim=1)"},
    "You compare the square of the norm with 1. Take the square root first: gradient.norm(dim=1).",
)

length_squared_before_the_one_is_subtracted = difference(
    gradient_penalty,
    {"(gradient.norm(dim=1) - 1) ** 2": "gradient.norm(dim=1) ** 2 - 1"},
    "You squared the norm and subtracted 1 afterwards. The difference is squared: (gradient.norm(dim=1) - 1) ** 2.",
)

mean_length = difference(
    gradient_penalty,
    {"(gradient.norm(dim=1) - 1) ** 2": "gradient.norm(dim=1)"},
    "You have the mean norm. Each norm should be near 1: subtract 1, square, then average.",
)

sum_of_the_coordinates_for_the_length = difference(
    gradient_penalty,
    {"norm(dim=1)": "sum(dim=1)"},
    "You added up the coordinates of the gradient. Its norm is the root of the sum of squares: gradient.norm(dim=1).",
)

gradient_with_respect_to_the_real_points = difference(
    gradient_penalty,
    {"points = (": "real = real.clone().requires_grad_()\npoints = (", ".sum(), points": ".sum(), real"},
    """You differentiated with respect to the real points. Each point between contains the share `mix` of one, so every
    gradient is too small by that factor. Differentiate with respect to the points between.""",
)

gradient_with_respect_to_the_generated_points = difference(
    gradient_penalty,
    {"points = (": "generated = generated.clone().requires_grad_()\npoints = (", ".sum(), points": ".sum(), generated"},
    """You differentiated with respect to the generated points. Each point between contains the share `1 - mix` of one,
    so every gradient is too small by that factor. Differentiate with respect to the points between.""",
)

gradient_with_respect_to_mix = difference(
    gradient_penalty,
    {"points = (": "mix = mix.clone().requires_grad_()\npoints = (", ".sum(), points": ".sum(), mix"},
    """You differentiated with respect to mix. The penalty measures how steep the critic is in every direction:
    differentiate with respect to the points between.""",
)

not_squared = difference(
    gradient_penalty,
    {"** 2": ""},
    "The square is missing: a slope of 0 at one point would cancel a slope of 2 at another.",
)

absolute_value = difference(
    gradient_penalty,
    {"(gradient.norm(dim=1) - 1) ** 2": "(gradient.norm(dim=1) - 1).abs()"},
    "You took the absolute value of norm - 1; the formula has its square.",
)

mean_of_the_lengths_first = difference(
    gradient_penalty,
    {"norm(dim=1)": "norm(dim=1).mean()"},
    """You averaged the norms and compared the average with 1, so steep places would cancel flat ones. Subtract 1 from
    each norm, square, and average last.""",
)

summed_over_the_batch = difference(
    gradient_penalty,
    {".mean()": ".sum()"},
    "You summed over the batch. Take the mean, so that the weight of the penalty does not depend on the batch size.",
)

nothing_averaged = difference(
    gradient_penalty,
    {".mean()": ""},
    "You have the penalty of each point. One step is missing: the mean over the batch.",
)

only_where_it_is_too_steep = difference(
    gradient_penalty,
    {"(gradient.norm(dim=1) - 1)": "(gradient.norm(dim=1) - 1).clamp(min=0)"},
    """Yours penalizes only slopes above 1. That is the one-sided variant, which works, too; this formula penalizes
    slopes below 1 as well.""",
)

each_coordinate_by_itself = difference(
    gradient_penalty,
    {"gradient.norm(dim=1)": "gradient"},
    "You compare every coordinate of the gradient with 1. The norm of the gradient should be 1: gradient.norm(dim=1).",
)

sum_of_absolute_values_for_the_length = difference(
    gradient_penalty,
    {"gradient.norm(dim=1)": "gradient.abs().sum(dim=1)"},
    """You added the absolute values of the coordinates. The norm is the root of the sum of squares:
    gradient.norm(dim=1).""",
)

at_the_real_points = difference(
    gradient_penalty,
    {"mix * real + (1 - mix) * generated": "real.clone()"},
    """You take the gradient at the real points. The formula takes it between them and the generated ones: mix * real +
    (1 - mix) * generated.""",
)

at_the_generated_points = difference(
    gradient_penalty,
    {"mix * real + (1 - mix) * generated": "generated.clone()"},
    """You take the gradient at the generated points. The formula takes it between them and the real ones: mix * real +
    (1 - mix) * generated.""",
)

mix_the_other_way_round = difference(
    gradient_penalty,
    {"mix * real + (1 - mix) * generated": "mix * generated + (1 - mix) * real"},
    """Your points lie between, but mix is the share of the generated point. That would work as well, since mix is
    uniform from 0 to 1; the formula is mix * real + (1 - mix) * generated.""",
)

half_way_for_all = difference(
    gradient_penalty,
    {"mix * real + (1 - mix) * generated": "0.5 * real + 0.5 * generated"},
    """You take the point half way between each pair. The place is random, given by `mix`: mix * real + (1 - mix) *
    generated.""",
)

one_mix_for_all = difference(
    gradient_penalty,
    {"mix * real + (1 - mix) * generated": "mix[0] * real + (1 - mix[0]) * generated"},
    "You use one mix for the whole batch. Each pair has its own: mix has shape (batch, 1).",
)

scores_not_summed = difference(
    gradient_penalty,
    {"critic(points).sum()": "critic(points)"},
    """torch.autograd.grad starts from a single number. Sum the scores first: each depends on its own point only, so the
    gradient of the sum holds the gradient of each.""",
)

tuple_not_unpacked = difference(
    gradient_penalty,
    {"(gradient,)": "gradient"},
    """torch.autograd.grad returns a tuple, here with one tensor in it. Unpack it: (gradient,) = ... or
    torch.autograd.grad(...)[0].""",
)

scores_of_other_points = difference(
    gradient_penalty,
    {"critic(points).sum()": "(critic(real) - critic(generated)).sum()"},
    """The scores do not depend on the tensor that you differentiate with respect to. Let the critic score the points
    between, after .requires_grad_(), and differentiate with respect to that tensor.""",
)

points_that_ask_for_no_gradient = difference(
    gradient_penalty,
    {".requires_grad_()": ""},
    "The points between do not require a gradient. Call .requires_grad_() on them before the critic scores them.",
)


def judge(function, rng):
    critic, *given = arguments(rng)
    value = function(critic, *(each.clone() for each in given))
    if not close(value, gradient_penalty(critic, *given)):
        if not close(function(critic, *(each.clone() for each in given)), value):
            raise Wrong("Two calls with the same points end differently: use the `mix` that is given, draw none here.")
        return
    if any(parameter.grad is not None for parameter in critic.parameters()):
        raise Wrong(
            "The number is right, but backward() left gradients in the critic's weights, where the optimizer will use "
            "them. torch.autograd.grad(scores.sum(), points, create_graph=True) leaves none."
        )
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(no_graph_kept.hint)
    parameters = list(critic.parameters())
    ours = torch.autograd.grad(gradient_penalty(critic, *given), parameters, allow_unused=True)
    theirs = torch.autograd.grad(value, parameters, allow_unused=True)
    for want, got in zip(ours, theirs):
        counts = want is not None and want.abs().max() > 1e-6
        if counts and (got is None or not torch.allclose(got, want, atol=1e-4, rtol=1e-3)):
            raise Wrong(no_graph_kept.hint)
    single = [each[:1].clone() for each in given]
    try:
        right = close(function(critic, *single), gradient_penalty(critic, *single))
    except (IndexError, RuntimeError):
        right = False
    if not right:
        raise Wrong("Right for a batch, but not for a single pair of points: is a squeeze() taking away an axis?")
