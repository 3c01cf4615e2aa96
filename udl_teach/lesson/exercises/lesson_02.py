"""Exercises of lesson 02: reconstruction loss, training step, mirrored decoder, sparsity penalty, dead units."""

import copy

import torch
from torch import nn

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import close
from udl_teach.models import Autoencoder

# -- 02.1 --


def reconstruction_loss(x, x_hat):
    """Squared error, summed over the features and averaged over the batch."""
    return ((x_hat - x) ** 2).sum(dim=1).mean()


def _pair(rng):
    # Batch and features never agree in size, and neither is 1: a sum over the wrong axis always shows.
    n, n_features = int(rng.integers(3, 8)), int(rng.integers(9, 20))
    x, x_hat = rng.normal(size=(2, n, n_features))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(x_hat + 0.5, dtype=torch.float32)


_NO_GRADIENT = (
    "The number is right but carries no gradient, so nothing could learn from it: stay in torch, without .item(), "
    ".detach(), float() or numpy."
)


def _carries_gradient(function, one, other):
    try:
        value = function(one, other)
    except RuntimeError as error:
        # PyTorch's own advice here is to detach, which would only hide the loss of the gradient.
        if "numpy" not in str(error):
            raise
        raise Wrong(_NO_GRADIENT) from None
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(_NO_GRADIENT)


def _has_gradient(function, rng):
    x, x_hat = _pair(rng)
    if close(function(x, x_hat), reconstruction_loss(x, x_hat)):
        _carries_gradient(function, x, x_hat.requires_grad_())


LOSS = Exercise(
    number="02.1",
    title="Reconstruction loss",
    solution=reconstruction_loss,
    arguments=_pair,
    judge=_has_gradient,
    mistakes=(
        Mistake(
            "mean over features",
            lambda x, x_hat: ((x_hat - x) ** 2).mean(),
            "You averaged over the features as well. In this course the squared error is summed over the features and "
            "averaged over the batch only; yours is too small by the number of features (64 for the digits).",
        ),
        Mistake(
            "64 written into it",
            lambda x, x_hat: 64 * ((x_hat - x) ** 2).mean(),
            "You wrote the number 64 into your function; it is right for the digits alone. These samples have another "
            "number of features: sum over them with .sum(dim=1), whatever their number.",
        ),
        Mistake(
            "not averaged over the batch",
            lambda x, x_hat: ((x_hat - x) ** 2).sum(),
            "You summed over the batch as well, so a batch twice as large would have twice the loss (and take steps "
            "twice as long). Sum over the features, then average over the samples.",
        ),
        Mistake(
            "missing square",
            lambda x, x_hat: (x_hat - x).sum(dim=1).mean(),
            "The differences are not squared: a pixel that is too bright cancels one that is too dark. Square each "
            "difference before you sum.",
        ),
        Mistake(
            "absolute value in place of the square",
            lambda x, x_hat: (x_hat - x).abs().sum(dim=1).mean(),
            "You took absolute differences. That is a loss too (its answer is the median, not the mean), but this one "
            "is the squared error: square each difference.",
        ),
        Mistake(
            "axes swapped",
            lambda x, x_hat: ((x_hat - x) ** 2).sum(dim=0).mean(),
            "You summed over the batch and averaged over the features: the axes are swapped. Axis 0 runs over the "
            "samples, axis 1 over the features.",
        ),
        Mistake(
            "one number a sample",
            lambda x, x_hat: ((x_hat - x) ** 2).sum(dim=1),
            "You have the error of each sample, one number a row. One step is left: average them over the batch.",
        ),
        Mistake(
            "root of the sum",
            lambda x, x_hat: ((x_hat - x) ** 2).sum(dim=1).sqrt().mean(),
            "You took the square root, which makes it the distance. The loss is the squared distance: leave the root "
            "out.",
        ),
        Mistake(
            "squared after the sum",
            lambda x, x_hat: ((x_hat - x).sum(dim=1) ** 2).mean(),
            "You summed first and squared the sum: errors of opposite sign have cancelled by then. Square each "
            "difference first, then sum.",
        ),
    ),
    hints=(
        "Three things happen, in this order: a difference, a square, and two reductions, one for each axis.",
        "x and x_hat have shape (batch, features). Sum over the features: that is axis 1, dim=1. One number a sample "
        "is left.",
        "Average what is left over the batch: .mean(). The result is a single number that still has its gradient.",
        "return ((x_hat - x) ** 2).sum(dim=...).mean() and dim is the axis of the features.",
    ),
)

# -- 02.2 --


def learn(model, batches, learning_rate):
    """Plain gradient descent, one step a batch; returns the loss of each batch, taken before its update."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = reconstruction_loss(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _little_run(rng):
    n_features, seed = int(rng.integers(3, 7)), int(rng.integers(1000))
    model = Autoencoder(n_features, 2, (), seed=seed)
    batches = [torch.tensor(rng.normal(size=(8, n_features)), dtype=torch.float32) for _ in range(5)]
    return model, batches, float(rng.uniform(0.02, 0.05))


def _learn_without_clearing(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = reconstruction_loss(x, model(x))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _learn_step_before_backward(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = reconstruction_loss(x, model(x))
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses


def _learn_nothing(model, batches, learning_rate):
    return [reconstruction_loss(x, model(x)).item() for x in batches]


def _learn_uphill(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, maximize=True)
    losses = []
    for x in batches:
        loss = reconstruction_loss(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _learn_and_look_after(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = reconstruction_loss(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(reconstruction_loss(x, model(x)).item())
    return losses


def _learn_first_batch_only(model, batches, learning_rate):
    return learn(model, batches[:1], learning_rate)


def _learn_by_the_mean(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = nn.functional.mse_loss(model(x), x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _learn_twice(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = reconstruction_loss(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _learn_with_the_sign_turned(model, batches, learning_rate):
    return [-loss for loss in _learn_uphill(model, batches, learning_rate)]


def _learn_from_what_backward_returns(model, batches, learning_rate):
    for x in batches:
        loss = reconstruction_loss(x, model(x)).backward()
        return [loss.item()]


def _model_has_moved(function, rng):
    model, batches, learning_rate = _little_run(rng)
    wanted = copy.deepcopy(model)
    wanted_losses = learn(wanted, batches, learning_rate)
    losses = function(model, batches, learning_rate)
    if not close(losses, wanted_losses):
        return
    if any(isinstance(loss, torch.Tensor) for loss in losses):
        raise Wrong(
            "The losses are right, but they are tensors that hold on to all that was computed: append loss.item(), a "
            "plain number."
        )
    if not all(torch.allclose(a, b, atol=1e-5) for a, b in zip(wanted.parameters(), model.parameters(), strict=True)):
        raise Wrong(
            "The losses are right, but the model is not where it should be in the end: the step for the last batch is "
            "missing. Take each step after the gradient of its own batch, not at the start of the next round."
        )


LEARN = Exercise(
    number="02.2",
    title="Learning, one batch at a time",
    solution=learn,
    arguments=_little_run,
    judge=_model_has_moved,
    mistakes=(
        Mistake(
            "gradients not cleared",
            _learn_without_clearing,
            "The gradients of earlier batches are still in there: backward() adds to what it finds. Clear them with "
            "optimizer.zero_grad() before each backward().",
        ),
        Mistake(
            "step before backward",
            _learn_step_before_backward,
            "Each step was taken with the gradient of the batch before (the first with none at all): step() stands "
            "before backward(). Find the slope first, then step.",
        ),
        Mistake(
            "no update",
            _learn_nothing,
            "The losses are those of a model that never changes: between loss and append it takes zero_grad(), "
            "backward() and step(), each of which must be called (with brackets), and the step must come before the "
            "gradients are cleared again.",
        ),
        Mistake(
            "uphill",
            _learn_uphill,
            "The model walks uphill: the losses grow as fast as they should fall. Do not turn the sign of the loss; "
            "the optimizer subtracts the gradient by itself.",
        ),
        Mistake(
            "loss with its sign turned",
            _learn_with_the_sign_turned,
            "Your losses are negative, and the model walks uphill: leave the sign of the loss as it is. The optimizer "
            "subtracts the gradient by itself.",
        ),
        Mistake(
            "a loss averaged over the features",
            _learn_by_the_mean,
            "The loop is right, the loss is another one: it is averaged over the features as well. Use your "
            "reconstruction_loss(x, model(x)).",
        ),
        Mistake(
            "two steps a batch",
            _learn_twice,
            "Each step is taken twice: one optimizer.step() a batch.",
        ),
        Mistake(
            "loss is what backward returns",
            _learn_from_what_backward_returns,
            "backward() returns nothing, so loss is None here. Keep the loss first, loss = reconstruction_loss(...), "
            "and call loss.backward() in a line of its own.",
        ),
        Mistake(
            "loss taken after the update",
            _learn_and_look_after,
            "The model learns as it should, but the losses you return were taken after each update. Keep the one that "
            "you took the gradient of: it was there before the step.",
        ),
        Mistake(
            "only the first batch",
            _learn_first_batch_only,
            "Only the first batch was learned from. Is the `return` inside the loop? It belongs below it.",
        ),
    ),
    hints=(
        "The loss says how bad the model is on this batch; its gradient says which way is up; a step goes the other "
        "way. And the gradients of the last batch must not linger.",
        "Four lines in the loop: the loss of this batch, clear the old gradients, find the new ones, take the step.",
        "loss = reconstruction_loss(x, model(x)), and then three calls: one on the loss, two on the optimizer.",
        "optimizer.zero_grad(), then loss.backward(), then optimizer.step().",
    ),
)

# -- 02.3 --


def make_decoder(sizes):
    """The mirror image of an encoder with these layer sizes: code in, sample out, ReLU between two layers."""
    sizes = sizes[::-1]
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def _stack(sizes, *, first=False, between=True, last=False):
    layers = [nn.ReLU()] if first else []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()] if between else [nn.Linear(n_in, n_out)]
    return nn.Sequential(*(layers if last or not between else layers[:-1]))


def _sizes(rng):
    # Falling, at least four, all different: every turn and every missing layer shows.
    n = int(rng.integers(4, 6))
    return (sorted((int(size) for size in rng.choice(range(2, 40), n, replace=False)), reverse=True),)


def _course(module):
    """What a code meets on its way through a module, such as ["2 → 64", "ReLU", "64 → 8"].

    The layers' own answers are replaced by random numbers of both signs; what becomes of those on their way to the
    next layer shows what stands between, however it is written.
    """
    linears = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
    generator = torch.Generator().manual_seed(0)
    met, signal = [], torch.randn(32, linears[0].in_features, generator=generator)

    def meet(x):
        if not (x.shape == signal.shape and torch.equal(x, signal)):
            relu = x.shape == signal.shape and torch.equal(x, signal.relu())
            met.append("ReLU" if relu else "another function")

    def replace(layer, given, result):
        nonlocal signal
        meet(given[0])
        met.append(f"{layer.in_features} → {layer.out_features}" + ("" if layer.bias is not None else " without bias"))
        signal = torch.randn(result.shape, generator=generator)
        return signal.clone()

    hooks = [layer.register_forward_hook(replace) for layer in linears]
    try:
        with torch.no_grad():
            meet(module(signal.clone()))
    finally:
        for hook in hooks:
            hook.remove()
    return met


def _same_course(got, wanted):
    try:
        return isinstance(got, nn.Module) and _course(got) == _course(wanted)
    except (RuntimeError, IndexError, TypeError):  # it cannot be called, or its layers do not fit: the judge says so
        return False


def _decoder_runs(function, rng):
    for n in (4, 5):
        sizes = sorted((int(size) for size in rng.choice(range(2, 40), n, replace=False)), reverse=True)
        _decoder_of(function, sizes)


def _decoder_of(function, sizes):
    decoder = function(list(sizes))
    if not isinstance(decoder, nn.Module) or isinstance(decoder, (nn.ModuleList, nn.ModuleDict)):
        raise Wrong(
            "Your function must return a module that can be called: put the layers into nn.Sequential(*layers)."
        )
    wanted = ", ".join(_course(make_decoder(sizes)))
    try:
        yours = ", ".join(_course(decoder))
    except (RuntimeError, IndexError):
        yours = " then ".join(
            f"{layer.in_features} → {layer.out_features}" for layer in decoder.modules() if isinstance(layer, nn.Linear)
        )
        raise Wrong(
            f"For sizes {sizes} the decoder must go {wanted}; your layers are {yours or 'none'}, and they do not fit "
            "onto one another."
        ) from None
    if yours != wanted:
        raise Wrong(f"For sizes {sizes} a code must meet this: {wanted}. In your decoder it meets: {yours}.")


DECODER = Exercise(
    number="02.3",
    title="The mirrored decoder",
    solution=make_decoder,
    arguments=_sizes,
    compare=_same_course,
    judge=_decoder_runs,
    mistakes=(
        Mistake(
            "not mirrored",
            lambda sizes: _stack(sizes),
            "Your decoder has the encoder's sizes in the encoder's order: it takes samples, not codes. Turn the sizes "
            "round, sizes[::-1].",
        ),
        Mistake(
            "activation after the last layer",
            lambda sizes: _stack(sizes[::-1], last=True),
            "There is a ReLU after the last layer too: no pixel below zero could come out, and one that is stuck at "
            "zero gets no gradient. Activations stand between layers; leave off the last one.",
        ),
        Mistake(
            "activation on the code",
            lambda sizes: _stack(sizes[::-1], first=True),
            "A ReLU comes before the first layer, so every negative number of a code is lost before it is decoded. "
            "Activations stand between layers only.",
        ),
        Mistake(
            "activation before the first and after the last layer",
            lambda sizes: _stack(sizes[::-1], first=True, last=True),
            "There is a ReLU on the code and one on the output. Activations stand between layers only: none before "
            "the first, none after the last.",
        ),
        Mistake(
            "no activation between",
            lambda sizes: _stack(sizes[::-1], between=False),
            "There is nothing between the layers: affine maps one after the other are still one affine map, so this "
            "decoder is no more than a linear one. Put nn.ReLU() between each two.",
        ),
        Mistake(
            "code size forgotten",
            lambda sizes: _stack(sizes[:-1][::-1]),
            "The code size is missing: your first layer takes what the last hidden layer gives, not the code. Start "
            "from sizes[-1].",
        ),
        Mistake(
            "sample size forgotten",
            lambda sizes: _stack(sizes[1:][::-1]),
            "The last layer is missing: what comes out has the width of a hidden layer. The decoder must end with as "
            "many numbers as a sample has, sizes[0].",
        ),
        Mistake(
            "a list in Sequential",
            lambda sizes: nn.Sequential([nn.Linear(sizes[-1], sizes[-2])]),
            "nn.Sequential wants the layers themselves, one after the other, not a list of them. A star unpacks the "
            "list: nn.Sequential(*layers).",
        ),
        Mistake(
            "straight from the code to the sample",
            lambda sizes: nn.Sequential(nn.Linear(sizes[-1], sizes[0])),
            "You went from the code to the sample in one layer. The mirror has the hidden layers as well, in reverse.",
        ),
    ),
    hints=(
        "Read the encoder's sizes from right to left: that is the way back.",
        "zip(sizes[:-1], sizes[1:]) walks over the pairs (in, out) of an encoder. First turn sizes round.",
        "Collect layers in a list, a nn.Linear and a nn.ReLU for each pair; in the end one ReLU is too many.",
        "sizes = sizes[::-1]; in a loop: layers += [nn.Linear(n_in, n_out), nn.ReLU()]; "
        "return nn.Sequential(*layers[:-1]).",
    ),
)

# -- 02.4 --


def kl_penalty(z, target):
    """How far each unit's mean activity is from the target: KL(target || rho), summed over the units."""
    rho = z.mean(dim=0)
    return (target * torch.log(target / rho) + (1 - target) * torch.log((1 - target) / (1 - rho))).sum()


def _kl(p, q):
    return p * torch.log(p / q) + (1 - p) * torch.log((1 - p) / (1 - q))


def _activities(rng):
    # Each unit has a level of its own, and there are never as many units as samples.
    n, n_units = int(rng.integers(4, 9)), int(rng.integers(10, 16))
    level = rng.uniform(-2.5, 1.5, size=n_units)
    z = 1 / (1 + torch.exp(-torch.tensor(level + rng.normal(size=(n, n_units)), dtype=torch.float32)))
    return z, float(rng.uniform(0.05, 0.3))


def _zero_at_target(function, rng):
    z, target = _activities(rng)
    if close(function(z, target), kl_penalty(z, target)):
        _carries_gradient(function, z.requires_grad_(), target)
    value = function(torch.full((6, 11), target), target)
    if abs(float(value)) > 1e-4:
        raise Wrong(
            f"Where every unit's mean activity is just the target the penalty must be 0; yours is {float(value):.3g}."
        )


SPARSITY = Exercise(
    number="02.4",
    title="The price of being awake",
    solution=kl_penalty,
    arguments=_activities,
    judge=_zero_at_target,
    mistakes=(
        Mistake(
            "rho over the units",
            lambda z, target: _kl(torch.tensor(target), z.mean(dim=1)).sum(),
            "Your rho is a mean over the units, one number a sample. Wanted is how active each unit is over the whole "
            "batch: the mean down the samples, dim=0.",
        ),
        Mistake(
            "arguments swapped",
            lambda z, target: _kl(z.mean(dim=0), torch.tensor(target)).sum(),
            "The two are swapped: that is KL(rho || target). The KL divergence is not symmetric; the target stands "
            "before the logarithm, and on top of the fraction.",
        ),
        Mistake(
            "mean over the units",
            lambda z, target: _kl(torch.tensor(target), z.mean(dim=0)).mean(),
            "You averaged over the units at the end. The penalty is summed over them: every unit pays for itself.",
        ),
        Mistake(
            "one number a unit",
            lambda z, target: _kl(torch.tensor(target), z.mean(dim=0)),
            "You have the divergence of each unit. One step is left: sum them, .sum().",
        ),
        Mistake(
            "logarithm of a plain number",
            lambda z, target: torch.log(target),
            "torch.log wants a tensor, and target is a plain number. Take the logarithm of the fraction, "
            "torch.log(target / rho): that is a tensor, because rho is one.",
        ),
        Mistake(
            "every activity by itself, all summed",
            lambda z, target: _kl(torch.tensor(target), z).sum(),
            "You took the divergence of every single activity and summed them all. First average each unit over the "
            "batch, rho = z.mean(dim=0); then one divergence a unit.",
        ),
        Mistake(
            "logarithm to base 2",
            lambda z, target: _kl(torch.tensor(target), z.mean(dim=0)).sum() / torch.log(torch.tensor(2.0)),
            "You took the logarithm to base 2, so your penalty is in bits. In formulas log is the natural one, "
            "torch.log.",
        ),
        Mistake(
            "second half subtracted",
            lambda z, target: (
                2 * target * torch.log(target / z.mean(dim=0)) - _kl(torch.tensor(target), z.mean(dim=0))
            ).sum(),
            "The second half has the wrong sign: there is a plus between being awake and being asleep, and in both the "
            "target is on top of the fraction.",
        ),
        Mistake(
            "second half forgotten",
            lambda z, target: (target * torch.log(target / z.mean(dim=0))).sum(),
            "Only the first half is there, that of being awake. A unit is awake or asleep, and both have a "
            "probability: add (1 - target) log((1 - target) / (1 - rho)).",
        ),
        Mistake(
            "a sample at a time",
            lambda z, target: _kl(torch.tensor(target), z).sum(dim=1).mean(),
            "You took the divergence of every single activity and averaged afterwards. First average each unit over "
            "the batch, then compare: a unit may well be wide awake for one sample in twenty.",
        ),
        Mistake(
            "one rho for all units",
            lambda z, target: _kl(torch.tensor(target), z.mean()),
            "You took one mean over everything: then one unit could be awake for every sample while the others sleep. "
            "Each unit has a rho of its own, z.mean(dim=0).",
        ),
        Mistake(
            "sign turned",
            lambda z, target: -_kl(torch.tensor(target), z.mean(dim=0)).sum(),
            "The sign is turned: yours is never above zero, and learning would drive the units away from the target. "
            "The target is on top of the fraction, log(target / rho).",
        ),
    ),
    hints=(
        "First the mean activity of each unit over the batch, then one divergence a unit, then their sum.",
        "z has shape (batch, units). rho = z.mean(dim=0) is one number a unit.",
        "The divergence has two terms, for awake and for asleep: target log(target / rho), and the same with one minus "
        "each.",
        "return (target * torch.log(target / rho) + (1 - target) * torch.log(... / ...)).sum()",
    ),
)

# -- 02.5 --


def dead_units(h):
    """How many units are zero for every sample."""
    return int((h == 0).all(dim=0).sum())


def _hidden(rng):
    # More units than samples; some are dead, some samples are answered by no unit at all, and none is above 1.
    n, n_units = int(rng.integers(6, 10)), int(rng.integers(12, 20))
    h = torch.tensor(rng.normal(size=(n, n_units)), dtype=torch.float32).relu()
    h[0] = h[0].clamp(min=0.1)
    dead = rng.choice(n_units, int(rng.integers(2, 6)), replace=False)
    h[:, dead] = 0
    h[-1] = 0
    h[-2] = 0
    h[-3] = 0
    return (h[rng.permutation(n)],)


def _same_count(got, wanted):
    # A tensor with one number in it counts as that number.
    return not isinstance(got, bool) and close(got, wanted)


DEAD = Exercise(
    number="02.5",
    title="Counting the dead",
    solution=dead_units,
    arguments=_hidden,
    compare=_same_count,
    mistakes=(
        Mistake(
            "zero for some sample",
            lambda h: int((h == 0).any(dim=0).sum()),
            "You counted units that are zero for at least one sample; resting now and then is what a ReLU is for. Dead "
            "is a unit that is zero for all samples: .all, not .any.",
        ),
        Mistake(
            "counts samples",
            lambda h: int((h == 0).all(dim=1).sum()),
            "You counted samples to which no unit answers. Look down each column instead: the samples are axis 0, so "
            "dim=0.",
        ),
        Mistake(
            "counts zeros",
            lambda h: int((h == 0).sum()),
            "You counted zeros, all over the table. A unit is one column; it is dead when its whole column is zero.",
        ),
        Mistake(
            "zeros of each unit",
            lambda h: (h == 0).sum(dim=0),
            "You counted the zeros of each unit, one number a column. A unit is dead when all of its answers are zero: "
            ".all(dim=0) in place of .sum(dim=0), and then count those.",
        ),
        Mistake(
            "the whole table at once",
            lambda h: int((h == 0).all()),
            "You asked whether the whole table is zero. Ask every column by itself: .all(dim=0).",
        ),
        Mistake(
            "numbers of the dead units",
            lambda h: torch.where((h == 0).all(dim=0))[0],
            "You found which units are dead. How many are they? len(...) of what you have, or a sum one step earlier.",
        ),
        Mistake(
            "counts the living",
            lambda h: int((h > 0).any(dim=0).sum()),
            "You counted the units that are alive. The dead are the others.",
        ),
        Mistake(
            "share in place of the number",
            lambda h: float((h == 0).all(dim=0).float().mean()),
            "You returned the share of the dead units. Asked for is how many there are: a sum in place of the mean.",
        ),
        Mistake(
            "mask in place of the number",
            lambda h: (h == 0).all(dim=0),
            "You found which units are dead, one True or False a unit. Count them: .sum().",
        ),
    ),
    hints=(
        "A unit is a column of h. When is a whole column dead?",
        "h == 0 is a table of True and False. .all(dim=...) asks whether a whole row or column is True.",
        "Over the samples, dim=0: one True or False a unit. True counts as 1 in a sum.",
        "return int((h == 0).all(dim=...).sum()) and dim is the axis of the samples.",
    ),
)

EXERCISES = (LOSS, LEARN, DECODER, SPARSITY, DEAD)
