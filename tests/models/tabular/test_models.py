"""The generators of tables: what each promises, against closed forms and against what must come out."""

import itertools

import numpy as np
import pandas as pd
import pytest
import torch

from udl_teach import fit, load, save
from udl_teach.models import (
    GaussianCopula,
    IndependentColumns,
    Interpolation,
    MixedTable,
    TabularGAN,
    TabularMADE,
    TabularVAE,
)

LEARNERS = {
    TabularVAE: {"latent_size": 3, "hidden_sizes": (16,)},
    TabularGAN: {"latent_size": 4, "hidden_sizes": (16,), "packing": 5},
    TabularMADE: {"hidden_sizes": (16, 16)},
}
RIVALS = (IndependentColumns, GaussianCopula, Interpolation)


def frame_of(n=400, seed=0):
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], n, p=[0.7, 0.25, 0.05])
    size = rng.normal(size=n) + 3 * (group == "b")
    return pd.DataFrame(
        {
            "group": group,
            "size": size,
            "double": np.round(2 * size, 2),
            "visits": np.where(rng.random(n) < 0.5, 0, rng.geometric(0.05, n)),
            "score": np.where(rng.random(n) < 0.2, np.nan, size + rng.normal(size=n)),
        }
    )


def prepared(kind, frame=None, **options):
    frame = frame_of() if frame is None else frame
    table = MixedTable(kind.numbers).measure(frame)
    return table, table.to_model(frame, seed=0), kind(table.blocks, **(LEARNERS.get(kind, {}) | options))


@pytest.mark.parametrize("kind", [*LEARNERS, *RIVALS])
def test_samples_are_rows_of_model_space_and_depend_on_the_seed_alone(kind):
    table, x, model = prepared(kind)
    fit(model, x, epochs=2, progress=False) if kind in LEARNERS else model.fit(x)
    torch.manual_seed(1)
    made = model.sample(50, seed=3)
    torch.manual_seed(2)
    assert made.shape == (50, table.n_features) and made.dtype == np.float32 and np.isfinite(made).all()
    np.testing.assert_array_equal(made, model.sample(50, seed=3))
    assert (made != model.sample(50, seed=4)).any()
    start = 0
    for block, width in table.blocks:
        if block == "category":
            assert (np.sort(made[:, start : start + width], axis=1)[:, -1] == 1).all()
            assert (made[:, start : start + width].sum(axis=1) == 1).all()
        start += width
    frame = table.to_frame(made)
    assert list(frame.dtypes) == list(frame_of().dtypes)
    assert frame["visits"].between(0, frame_of()["visits"].max()).all() or kind is TabularGAN


@pytest.mark.parametrize("kind", LEARNERS)
def test_a_model_that_has_learned_nothing_samples_too(kind):
    table, _, model = prepared(kind)
    assert len(table.to_frame(model.sample(5))) == 5


@pytest.mark.parametrize("kind", LEARNERS)
def test_two_epochs_and_two_more_are_four(kind):
    _, x, whole = prepared(kind)
    _, _, parts = prepared(kind)
    told = fit(whole, x, epochs=4, progress=False, batch_size=100)
    first = fit(parts, x, epochs=2, progress=False, batch_size=100)
    both = fit(parts, x, epochs=2, progress=False, batch_size=100, resume=first)
    assert both.loss == told.loss
    np.testing.assert_array_equal(whole.sample(9), parts.sample(9))
    assert all(isinstance(values[0], float) for values in told.terms.values())


@pytest.mark.parametrize("kind", [*LEARNERS, *RIVALS])
def test_a_saved_model_samples_the_same(kind, tmp_path):
    _, x, model = prepared(kind)
    fit(model, x, epochs=1, progress=False) if kind in LEARNERS else model.fit(x)
    again = load(save(model, tmp_path / "model.npz"))
    again = again[0] if isinstance(again, tuple) else again
    np.testing.assert_array_equal(again.sample(20), model.sample(20))


def test_no_path_leads_from_a_block_to_itself_or_to_those_before_it():
    table, x, model = prepared(TabularMADE)
    fit(model, x, epochs=2, progress=False)
    model.eval()
    ends = np.cumsum([0, *model.n_choices])
    cuts = np.cumsum([0, *(width for _, width in table.blocks)])
    before = model(x[:40])
    for k in range(len(table.blocks)):
        changed = x[:40].copy()
        changed[:, cuts[k] : cuts[k + 1]] = np.roll(changed[:, cuts[k] : cuts[k + 1]], 7, axis=0)
        after = model(changed)
        np.testing.assert_array_equal(after[:, : ends[k + 1]], before[:, : ends[k + 1]])
        if k + 1 < len(table.blocks):
            assert (after[:, ends[k + 1] :] != before[:, ends[k + 1] :]).any()


def test_the_likelihood_of_a_masked_autoencoder_sums_to_one_and_becomes_that_of_the_data():
    frame = pd.DataFrame(list(itertools.product("ab", "xyz")) * 20, columns=["one", "two"])
    frame["three"] = frame["one"] + frame["two"].where(frame["two"] == "x", "z")  # decided by the first two
    table, x, model = prepared(TabularMADE, frame, dropout=0.0, hidden_sizes=(32,))
    every = pd.DataFrame(itertools.product("ab", "xyz", sorted(set(frame["three"]))), columns=frame.columns)
    fit(model, x, epochs=150, learning_rate=0.01, progress=False)
    p = np.exp(model.log_likelihood(table.to_model(every)))
    assert p.sum() == pytest.approx(1.0, abs=1e-5)
    assert model.log_likelihood(x).mean() == pytest.approx(-np.log(6), abs=0.05)
    made = table.to_frame(model.sample(300))
    assert ((made["one"] + made["two"].where(made["two"] == "x", "z")) == made["three"]).mean() > 0.97


def test_the_loss_of_the_vae_is_that_of_torchs_distributions():
    table, x, model = prepared(TabularVAE)
    x = torch.tensor(x[:30], dtype=torch.float32)
    terms = model.loss(x, torch.Generator().manual_seed(0))
    mean, log_variance = model.encoder(x).chunk(2, dim=1)
    noise = torch.randn(1, *mean.shape, generator=torch.Generator().manual_seed(0))[0]
    out = model.decoder(mean + (0.5 * log_variance).exp() * noise)
    posterior = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(dim=1).mean()
    nats, start, number = 0.0, 0, 0
    for kind, width in table.blocks:
        own = slice(start, start + width)
        if kind == "category":
            nats = nats - torch.distributions.OneHotCategorical(logits=out[:, own]).log_prob(x[:, own]).mean()
        else:
            normal = torch.distributions.Normal(out[:, start], (0.5 * model.log_variance[number]).exp())
            nats = nats - normal.log_prob(x[:, start]).mean() - 0.5 * np.log(2 * np.pi)
            number += 1
        start += width
    assert terms["kl"].item() == pytest.approx(kl.item(), rel=1e-5)
    assert terms["reconstruction"].item() == pytest.approx(nats.item(), rel=1e-5)
    assert terms["loss"].item() == pytest.approx((nats + kl).item(), rel=1e-5)


def test_a_conditional_gan_learns_rare_categories_and_makes_what_is_asked_for():
    table, x, model = prepared(TabularGAN, hidden_sizes=(64,))
    (block,) = table.column_blocks("group")
    assert block in model.conditions and len(model.conditions) == 2  # the group, and whether the score is missing
    fit(model, x, epochs=150, batch_size=200, learning_rate=2e-3, progress=False)
    rare = table.to_frame(model.sample(200, condition=(block, 2)))
    assert (rare["group"] == "c").mean() > 0.8
    every = table.to_frame(model.sample(400))["group"].value_counts(normalize=True)
    assert abs(every["a"] - 0.7) < 0.15
    with pytest.raises(ValueError, match="condition was"):
        model.sample(3, condition=(block, 9))


def test_training_by_sampling_draws_rows_that_meet_their_condition():
    _, x, model = prepared(TabularGAN)
    rows = torch.tensor(x, dtype=torch.float32)
    next(iter(model.steps(x, epochs=1)))
    told = model._told(rows)
    counts = told.sum(dim=0).long()
    members = told.T.nonzero()[:, 1], counts.cumsum(0) - counts, counts
    generator = torch.Generator().manual_seed(0)
    condition, _, number = model._drawn_conditions(2000, generator, by_logarithm=True)
    drawn = told[model._drawn_rows(number, members, 2000, len(rows), generator)]
    assert ((drawn * condition).sum(dim=1) == 1).all()
    share = condition[:, :3].sum(dim=0) / condition[:, :3].sum()
    assert share[2] > 3 * counts[2] / len(rows)  # the rare group, far oftener than it occurs


def test_a_copula_keeps_marginals_and_correlations_and_independent_columns_only_the_first():
    frame = frame_of(2000)
    for kind, near in ((GaussianCopula, True), (IndependentColumns, False)):
        table, x, model = prepared(kind, frame)
        made = table.to_frame(model.fit(x).sample(2000))
        assert abs((made["group"] == "a").mean() - (frame["group"] == "a").mean()) < 0.04
        assert abs(made["score"].isna().mean() - frame["score"].isna().mean()) < 0.04
        assert made["visits"].median() == pytest.approx(frame["visits"].median(), abs=2)
        assert (made["size"].corr(made["double"]) > 0.95) == near


def test_interpolated_rows_lie_between_two_neighbours():
    table, x, model = prepared(Interpolation, k=1)
    made = model.fit(x).sample(100)
    rows = x.astype(np.float32)
    numbers = [
        i for i, k in enumerate(np.repeat([b for b, _ in table.blocks], [w for _, w in table.blocks])) if k == "number"
    ]
    between = []
    for row in made[:, numbers]:
        gaps = np.linalg.norm(rows[:, numbers] - row, axis=1)
        between.append(np.sort(gaps)[0] < 0.5 * np.linalg.norm(rows[:, numbers].std(axis=0)))
    assert np.mean(between) > 0.95


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: TabularVAE("number"), TypeError, "blocks was 'number'; it must be pairs"),
        (lambda: TabularVAE([("number", 2)]), ValueError, "a number has the width 1"),
        (lambda: TabularMADE([("word", 2)]), ValueError, "must be one of 'number', 'category', 'position'"),
        (lambda: TabularMADE([("number", 1)]), ValueError, "blocks holds a number of any size"),
        (lambda: Interpolation([("number", 1)]).sample(3), ValueError, "this Interpolation has not seen data yet"),
        (lambda: Interpolation([("number", 1)]).fit([[1.0]]), ValueError, "x has one row"),
        (lambda: TabularVAE([("number", 1)]).steps([[1.0, 2.0]]), ValueError, "x has"),
    ],
)
def test_what_cannot_be_is_told(make, error, message):
    with pytest.raises(error, match=message):
        make()
