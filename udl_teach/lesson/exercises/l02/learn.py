"""Learning, one batch at a time."""

import copy

import torch

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.exercises.l02.reconstruction_loss import reconstruction_loss
from udl_teach.lesson.values import close
from udl_teach.models import Autoencoder


def learn(model, batches, learning_rate):
    """Plain gradient descent, one step a batch; returns the loss of each batch, taken before its update."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        # The loss of this batch, called loss, and then three calls.
        ### BEGIN SOLUTION
        loss = reconstruction_loss(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ### END SOLUTION
        losses.append(loss.item())
    return losses


HINTS = (
    "The loss says how bad the model is on this batch; its gradient says which way is up; a step goes the other "
    "way. And the gradients of the last batch must not linger.",
    "Four lines in the loop: the loss of this batch, clear the old gradients, find the new ones, take the step.",
    "loss = reconstruction_loss(x, model(x)), and then three calls: one on the loss, two on the optimizer.",
    "optimizer.zero_grad(), then loss.backward(), then optimizer.step().",
)


def arguments(rng):
    n_features, seed = int(rng.integers(3, 7)), int(rng.integers(1000))
    model = Autoencoder(n_features, 2, (), seed=seed)
    batches = [torch.tensor(rng.normal(size=(8, n_features)), dtype=torch.float32) for _ in range(5)]
    return model, batches, float(rng.uniform(0.02, 0.05))


gradients_not_cleared = difference(
    learn,
    {"optimizer.zero_grad()": ""},
    """The gradients of earlier batches are still in there: backward() adds to what it finds. Clear them with
    optimizer.zero_grad() before each backward().""",
)

step_before_backward = difference(
    learn,
    {
        """
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        """: """
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        """
    },
    """Each step was taken with the gradient of the batch before (the first with none at all): step() stands before
    backward(). Find the slope first, then step.""",
)

no_update = difference(
    learn,
    {"optimizer.step()": ""},
    """The losses are those of a model that never changes: between loss and append it takes zero_grad(), backward() and
    step(), each of which must be called (with brackets), and the step must come before the gradients are cleared
    again.""",
)

uphill = difference(
    learn,
    {"lr=learning_rate": "lr=learning_rate, maximize=True"},
    """The model walks uphill: the losses grow as fast as they should fall. Do not turn the sign of the loss; the
    optimizer subtracts the gradient by itself.""",
)

loss_with_its_sign_turned = difference(
    learn,
    {"loss = reconstruction_loss(x, model(x))": "loss = -reconstruction_loss(x, model(x))"},
    """Your losses are negative, and the model walks uphill: leave the sign of the loss as it is. The optimizer
    subtracts the gradient by itself.""",
)

a_loss_averaged_over_the_features = difference(
    learn,
    {"reconstruction_loss(x, model(x))": "torch.nn.functional.mse_loss(model(x), x)"},
    """The loop is right, the loss is another one: it is averaged over the features as well. Use your
    reconstruction_loss(x, model(x)).""",
)

two_steps_per_batch = difference(
    learn,
    {"optimizer.step()": "optimizer.step()\noptimizer.step()"},
    "Each step is taken twice: one optimizer.step() per batch.",
)


@mistake
def loss_is_what_backward_returns(model, batches, learning_rate):
    """backward() returns nothing, so loss is None here. Keep the loss first, loss = reconstruction_loss(...), and call
    loss.backward() in a line of its own.
    """
    for x in batches:
        loss = reconstruction_loss(x, model(x)).backward()
        return [loss.item()]


loss_taken_after_the_update = difference(
    learn,
    {"losses.append(loss.item())": "losses.append(reconstruction_loss(x, model(x)).item())"},
    """The model learns as it should, but the losses you return were taken after each update. Keep the one that you took
    the gradient of: it was there before the step.""",
)


@mistake
def only_the_first_batch(model, batches, learning_rate):
    """Only the first batch was learned from. Is the `return` inside the loop? It belongs below it."""
    return learn(model, batches[:1], learning_rate)


def judge(function, rng):
    model, batches, learning_rate = arguments(rng)
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
