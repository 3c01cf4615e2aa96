"""Lesson 02: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import pytest
import torch
from torch import nn

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on

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


class Written(nn.Module):
    """A decoder that calls its activations as functions; `end` is what it does to what comes out."""

    def __init__(self, sizes, bend=nn.functional.relu, end=lambda x: x, bias=True):
        super().__init__()
        back = sizes[::-1]
        self.layers = nn.ModuleList(nn.Linear(a, b, bias=bias) for a, b in zip(back, back[1:], strict=False))
        self.bend, self.end = bend, end

    def forward(self, z):
        for layer in self.layers[:-1]:
            z = self.bend(layer(z))
        return self.end(self.layers[-1](z))


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
        ("02.3", Written),
        ("02.3", lambda sizes: Written(sizes, bend=lambda x: x.clamp(min=0))),
        ("02.3", lambda sizes: Written(sizes, bend=nn.ReLU(inplace=True))),
        ("02.4", lambda z, target: nn.functional.kl_div(*_logs(z.mean(0), target), reduction="sum", log_target=True)),
        ("02.5", lambda h: sum(bool((column == 0).all()) for column in h.T)),
        ("02.5", lambda h: (h.max(dim=0).values <= 0).sum()),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
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


def steps_at_the_start(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        optimizer.step()
        loss = LOSS(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses


def keeps_tensors(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        losses.append(LOSS(x, model(x)))
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    return losses


def turns_the_sign(model, batches, learning_rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x in batches:
        loss = -LOSS(x, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _natural(p, q):
    return p * torch.log(p / q) + (1 - p) * torch.log((1 - p) / (1 - q))


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("02.1", lambda x, x_hat: nn.functional.mse_loss(x_hat, x), "mean over features"),
        ("02.1", lambda x, x_hat: sum(((a - b) ** 2).sum() for a, b in zip(x, x_hat, strict=True)),
         "not averaged over the batch"),
        ("02.1", lambda x, x_hat: torch.cdist(x, x_hat).diagonal().mean(), "root of the sum"),
        ("02.1", lambda x, x_hat: ((x - x_hat) ** 2).mean() * 64, "number 64 written into it"),
        ("02.2", clears_after_backward, "no update"),
        ("02.2", turns_the_sign, "loss with its sign turned"),
        ("02.3", lambda sizes: Written(sizes, end=torch.relu), "activation after the last layer"),
        ("02.3", lambda sizes: Written(sizes, bend=lambda x: x), "no activation between"),
        ("02.4", lambda z, target: _natural(target, z.mean(0)), "one number per unit"),
        ("02.4", lambda z, target: _natural(target, z).sum(), "every activity by itself all summed"),
        ("02.5", lambda h: (h == 0).all(), "the whole table at once"),
        ("02.5", lambda h: (h == 0).sum(dim=0), "zeros of each unit"),
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


@pytest.mark.parametrize(
    ("number", "answer", "sentence"),
    [
        ("02.1", lambda x, x_hat: None, "returns None"),
        ("02.2", steps_at_the_start, "step for the last batch is missing"),
        ("02.2", keeps_tensors, "loss.item()"),
        ("02.3", lambda sizes: Written(sizes, bend=torch.tanh), "another function"),
        ("02.3", lambda sizes: Written(sizes, end=torch.sigmoid), "another function"),
        ("02.3", lambda sizes: Written(sizes, bias=False), "without bias"),
        ("02.3", lambda sizes: nn.ModuleList([nn.Linear(sizes[-1], sizes[-2])]), "nn.Sequential"),
        ("02.4", lambda z, target: _natural(target, z.mean(0)).sum().item(), "carries no gradient"),
        ("02.4", lambda z, target: _natural(target, torch.tensor(z.numpy()).mean(0)).sum(), "carries no gradient"),
    ],
)
def test_what_looks_right_and_would_not_do_is_told_why(number, answer, sentence):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == WRONG and sentence in verdict.sentence, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "sentence"),
    [
        ("02.3", lambda sizes: nn.Sequential([nn.Linear(sizes[-1], sizes[0])]), "A star unpacks"),
        ("02.4", lambda z, target: (target * torch.log(target)).sum(), "torch.log(target / rho)"),
    ],
)
def test_an_error_that_many_meet_is_explained(number, answer, sentence):
    assert sentence in verdict_on(exercise(number), answer, seed=0).sentence


def test_a_decoder_for_four_sizes_alone_is_not_enough():
    def fixed(sizes):
        a, b, c, d = sizes[-4:]
        return exercise("02.3").solution([a, b, c, d])

    assert "In your decoder it meets" in verdict_on(exercise("02.3"), fixed, seed=0).sentence
