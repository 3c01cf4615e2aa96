"""Lesson 02: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import pytest
import torch
from torch import nn

from udl_teach.lesson.checking import RIGHT, WRONG, verdict_on
from udl_teach.lesson.exercises import exercise

LOSS = exercise("02.1").solution


def with_functions(sizes):
    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            back = sizes[::-1]
            self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(back, back[1:], strict=False))
            self.bend = nn.ReLU()

        def forward(self, z):
            for layer in self.layers[:-1]:
                z = self.bend(layer(z))
            return self.layers[-1](z)

    return Decoder()


def learn_by_grad(model, batches, learning_rate):
    losses = []
    for x in batches:
        loss = LOSS(x, model(x))
        parameters = list(model.parameters())
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= learning_rate * gradient
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("02.1", lambda x, x_hat: nn.functional.mse_loss(x_hat, x, reduction="sum") / len(x)),
        ("02.1", lambda x, x_hat: torch.linalg.vector_norm(x - x_hat, dim=1).pow(2).mean()),
        ("02.2", learn_by_grad),
        ("02.3", with_functions),
        ("02.3", lambda sizes: nn.Sequential(exercise("02.3").solution(sizes), nn.Identity())),
        ("02.4", lambda z, target: nn.functional.kl_div(*_logs(z.mean(0), target), reduction="sum", log_target=True)),
        ("02.5", lambda h: sum(bool((column == 0).all()) for column in h.T)),
        ("02.5", lambda h: (h.max(dim=0).values <= 0).sum()),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == RIGHT, verdict.sentence


def _logs(rho, target):
    both = torch.stack([rho, 1 - rho]).log()
    wanted = torch.tensor([[target], [1 - target]]).expand_as(both).log()
    return both, wanted


def clears_after_backward(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = LOSS(x, model(x))
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def clears_once(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    optimizer.zero_grad()
    losses = []
    for x in batches:
        loss = LOSS(x, model(x))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("02.1", lambda x, x_hat: nn.functional.mse_loss(x_hat, x), "mean over features"),
        ("02.1", lambda x, x_hat: sum(((a - b) ** 2).sum() for a, b in zip(x, x_hat, strict=True)),
         "not averaged over the batch"),
        ("02.1", lambda x, x_hat: torch.cdist(x, x_hat).diagonal().mean(), "root of the sum"),
        ("02.2", clears_after_backward, "no update"),
        ("02.2", clears_once, "gradients not cleared"),
        ("02.3", lambda sizes: nn.Sequential(exercise("02.3").solution(sizes), nn.ReLU()),
         "activation after the last layer"),
        ("02.4", lambda z, target: exercise("02.4").solution(z.T, target), "rho over the units"),
        ("02.5", lambda h: len(h.T) - int((h == 0).all(dim=0).sum()), "counts the living"),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake), verdict.sentence


def test_a_loss_without_gradient_is_not_enough():
    verdict = verdict_on(exercise("02.1"), lambda x, x_hat: LOSS(x, x_hat).item(), seed=0)
    assert verdict.status == WRONG and "carries no gradient" in verdict.sentence


def test_a_decoder_that_does_not_fit_is_told_which_sizes_are_wanted():
    def shifted(sizes):
        return nn.Sequential(nn.Linear(sizes[-1], sizes[0]), nn.ReLU(), nn.Linear(sizes[1], sizes[0]))

    sentence = verdict_on(exercise("02.3"), shifted, seed=0).sentence
    assert "do not fit" in sentence and "→" in sentence
    assert "nn.Sequential" in verdict_on(exercise("02.3"), lambda sizes: list(sizes), seed=0).sentence
