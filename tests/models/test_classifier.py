"""The convolutional classifier: its accuracy, what it returns, what it refuses."""

import numpy as np
import pytest
import torch

from udl_teach import data, fit, load, save
from udl_teach.models import ConvClassifier


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


@pytest.fixture(scope="module")
def judge(digits):
    train, _ = digits
    model = ConvClassifier((1, 8, 8), 10)
    fit(model, train.x, train.labels, epochs=25, progress=False, device="cpu")
    return model


def test_it_names_nearly_all_held_out_digits(judge, digits):
    _, test = digits
    assert (judge.predict(test.x) == test.labels).mean() > 0.95
    np.testing.assert_array_equal(judge.predict(test.images), judge.predict(test.x))


def test_probabilities_and_features_lead_to_the_same_class(judge, digits):
    x = digits[1].x
    chances, features = judge.probabilities(x), judge.features(x)
    assert chances.shape == (len(x), 10) and features.shape == (len(x), judge.hidden_size)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(chances.argmax(axis=1), judge.predict(x))
    last = judge.network[-1]
    scores = features @ last.weight.detach().numpy().T + last.bias.detach().numpy()
    np.testing.assert_allclose(scores, judge(x), atol=1e-4)


def test_the_loss_is_the_mean_cross_entropy(judge, digits):
    x, y = torch.tensor(digits[1].images[:50]), torch.tensor(digits[1].labels[:50])
    chances = judge.probabilities(x).detach().numpy()
    terms = judge.loss(x, y)
    assert terms["loss"].item() == pytest.approx(-np.log(chances[np.arange(50), y.numpy()]).mean(), rel=1e-4)
    assert terms["accuracy"].item() == pytest.approx((chances.argmax(axis=1) == y.numpy()).mean())


def test_arrays_in_arrays_out_tensors_in_tensors_with_graph_out(judge, digits):
    x = digits[1].x[:5]
    for ask in (judge.probabilities, judge.features, judge):
        assert isinstance(ask(x), np.ndarray) and ask(x).dtype == np.float32
        tensor = torch.tensor(x, requires_grad=True)
        ask(tensor).square().sum().backward()
        assert tensor.grad.abs().sum() > 0
    assert judge.predict(x).dtype == np.int64 and isinstance(judge.predict(torch.tensor(x)), torch.Tensor)


def test_many_images_give_what_few_give(judge, digits):
    x = np.tile(digits[1].x, (13, 1))  # 4,667 images, more than go through the layers at a time
    np.testing.assert_allclose(judge.features(x)[-359:], judge.features(digits[1].x), atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 7, 5), (1, 1, 1)])
def test_any_size_of_image(shape):
    model = ConvClassifier(shape, 3, (4, 8))
    x = np.random.default_rng(0).random((6, *shape))
    steps = list(model.steps(x, [0, 1, 2, 0, 1, 2], epochs=2, batch_size=3))
    assert len(steps) == 4 and set(steps[0].terms) == {"accuracy"}
    assert model.predict(x).shape == (6,) and model.features(x).shape == (6, 64)


def test_learning_leaves_the_global_generator_alone_and_follows_from_the_seed(digits):
    train, _ = digits
    before = torch.get_rng_state()

    def losses(seed):
        model = ConvClassifier((1, 8, 8), 10, (4, 8), seed=seed)
        return [step.loss for step in model.steps(train.x, train.labels, epochs=1, seed=seed)]

    assert losses(1) == losses(1) != losses(2)
    assert torch.equal(before, torch.get_rng_state())


def test_it_is_saved_and_loaded(judge, digits, tmp_path):
    save(judge, tmp_path / "judge.npz")
    np.testing.assert_array_equal(load(tmp_path / "judge.npz").features(digits[1].x), judge.features(digits[1].x))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda model: model.predict(np.ones((4, 65))), r"x has shape \(4, 65\)"),
        (lambda model: model.predict(np.ones((4, 3, 8, 8))), r"x holds images of shape \(3, 8, 8\)"),
        (lambda model: model.steps(np.ones((4, 64))), "y was missing"),
        (lambda model: fit(model, np.ones((4, 64)), progress=False), "y was missing"),
        (lambda model: model.steps(np.ones((4, 64)), [0, 1, 2]), "y has 3 labels for 4 samples"),
        (lambda model: model.steps(np.ones((4, 64)), [0, 1, 2, 10]), "y holds labels from 0 to 10; .* n_classes=11"),
        (lambda model: model.steps(np.ones((4, 64)), [0, -1, 2, 1]), "y holds labels from -1 to 2; .* 10 classes"),
        (lambda model: ConvClassifier((8, 8), 10), "image_shape was"),
        (lambda model: ConvClassifier((1, 8, 8), 1), "n_classes was 1"),
        (lambda model: ConvClassifier((1, 8, 8), 10, hidden_size=0), "hidden_size was 0"),
    ],
)
def test_bad_input_gets_one_sentence(call, words, judge):
    before = {name: value.clone() for name, value in judge.state_dict().items()}
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        call(judge)
    assert "\n" not in str(caught.value)
    assert all(torch.equal(value, before[name]) for name, value in judge.state_dict().items())
