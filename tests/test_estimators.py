"""The course's models under scikit-learn's own checks and tools."""

import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn
import torch
from sklearn.base import clone
from sklearn.decomposition import PCA as SklearnPCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from udl_teach import data
from udl_teach.estimators import Clusterer, Detector, NeighbourDetector, PCAMonitor, Reducer, Sampler
from udl_teach.models import (
    PCA,
    Autoencoder,
    ConvAutoencoder,
    GaussianCopula,
    IndependentColumns,
    Interpolation,
    KMeans,
    SelfOrganizingMap,
    TabularGAN,
    TabularMADE,
    TabularVAE,
    VariationalAutoencoder,
)

SMALL = {"hidden_sizes": (8,), "epochs": 2}
CHECKED = {
    "reducer": Reducer(**SMALL),
    "reducer by keywords": Reducer(PCA, n_components=1),
    "clusterer": Clusterer(hidden_sizes=(8,), latent_size=2, start="kmeans", pretraining=1, epochs=3),
    "detector": Detector(latent_size=16, epochs=2),
    "neighbours": NeighbourDetector(),
    "monitor": PCAMonitor(),
}


@pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 6), reason="the checks know mixins from 1.6 on"
)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CHECKED)
def test_scikit_learns_checks_pass(name):
    from sklearn.utils.estimator_checks import check_estimator

    results = check_estimator(CHECKED[name], on_skip=None)
    assert {result["check_name"] for result in results if result["status"] != "passed"} <= {"check_array_api_input"}


@pytest.fixture(scope="module")
def wine():
    return data.wine()


def test_a_reducer_is_a_step_of_a_pipeline_that_can_be_searched(wine):
    pipeline = make_pipeline(Reducer(Autoencoder, latent_size=2, epochs=30), LogisticRegression())
    search = GridSearchCV(pipeline, {"reducer__latent_size": [1, 4], "reducer__scale": ["standard"]}, cv=3)
    search.fit(wine.x, wine.labels)
    assert search.best_params_["reducer__latent_size"] == 4 and search.best_score_ > 0.9
    assert list(search.best_estimator_[0].get_feature_names_out()) == [f"reducer{n}" for n in range(4)]
    assert cross_val_score(pipeline, wine.x, wine.labels, cv=3).shape == (3,)


def test_the_courses_pca_is_scikit_learns(wine):
    ours = Reducer(PCA, n_components=3).fit(wine.x)
    x = StandardScaler().fit_transform(wine.x)
    theirs = SklearnPCA(3).fit(x)
    np.testing.assert_allclose(np.abs(ours.transform(wine.x)), np.abs(theirs.transform(x)), atol=1e-4)
    back = theirs.inverse_transform(theirs.transform(x)) * wine.x.std(axis=0) + wine.x.mean(axis=0)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(wine.x)), back, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_answers_have_the_precision_of_the_input(wine, dtype):
    x = wine.x.astype(dtype)
    reducer, detector = Reducer(**SMALL).fit(x), Detector(epochs=2).fit(x)
    z = reducer.transform(x)
    assert z.dtype == reducer.inverse_transform(z).dtype == detector.score_samples(x).dtype == dtype
    one = detector.score_samples(x[5:6])
    np.testing.assert_allclose(one, detector.score_samples(x)[5:6], rtol=1e-6 if dtype == np.float32 else 1e-12)


def test_other_models_of_the_course_fit_in(wine):
    digits = data.digits().x[:100]
    options = {"image_shape": (1, 8, 8), "channels": (4,), "epochs": 1}
    assert Reducer(ConvAutoencoder, scale=None, latent_size=3, **options).fit_transform(digits).shape == (100, 3)
    bernoulli = Reducer(VariationalAutoencoder, scale="minmax", epochs=1).fit(wine.x)
    assert np.isfinite(bernoulli.transform(100 * wine.x)).all()  # far outside the range that was seen
    assert Reducer(SelfOrganizingMap, rows=2, columns=3, epochs=3).fit_transform(wine.x).shape == (178, 6)
    assert set(Clusterer(KMeans, n_clusters=3).fit_predict(wine.x)) == {0, 1, 2}
    assert set(Clusterer(SelfOrganizingMap, rows=1, columns=3).fit(wine.x).labels_) <= {0, 1, 2}


def test_a_detector_scores_higher_what_is_more_normal(wine):
    normal = wine.labels == 0
    detector = Detector(contamination=0.1).fit(wine.x[normal])
    assert len(detector.loss_curve_) == 1000
    scores = detector.score_samples(wine.x)
    assert roc_auc_score(normal, scores) > 0.9
    assert (detector.predict(wine.x[normal]) == -1).mean() == pytest.approx(0.1, abs=0.02)
    np.testing.assert_array_equal(detector.predict(wine.x) == -1, detector.decision_function(wine.x) < 0)


@pytest.mark.parametrize("model", [Autoencoder, PCA, KMeans, SelfOrganizingMap, VariationalAutoencoder])
def test_other_models_score_too(wine, model):
    options = {"likelihood": "gaussian", "initial_variance": 0.1} if model is VariationalAutoencoder else {}
    if model in (Autoencoder, VariationalAutoencoder):
        options["epochs"] = 200
    detector = Detector(model, **options).fit(wine.x[wine.labels == 0])
    assert roc_auc_score(wine.labels == 0, detector.score_samples(wine.x)) > 0.85


def test_a_calibrated_detector_lets_held_out_normal_samples_pass():
    x = np.random.default_rng(0).normal(size=(900, 6)).astype(np.float32)
    learned, held_out, new = x[:60], x[60:360], x[360:]
    detector = Detector(epochs=60).fit(learned)
    alarms = np.mean(detector.predict(new) == -1)
    detector.calibrate(held_out, false_alarms=0.05)
    assert np.mean(detector.predict(new) == -1) < 0.09 < alarms
    assert np.mean(detector.predict(new + 6) == -1) > 0.9
    before = detector.offset_
    with pytest.raises(ValueError, match="X has 60 samples; false_alarms=0.01 needs at least 99"):
        detector.calibrate(held_out[:60], false_alarms=0.01)
    assert detector.offset_ == before


def test_odd_tables_are_scored(wine):
    rng = np.random.default_rng(0)
    heavy = np.c_[np.exp(4 * rng.normal(size=(300, 5))), np.ones((300, 2)), np.r_[np.zeros(295), np.arange(5)]]
    odd = heavy[:2].copy()
    odd[0, 5] = 300  # a column that was constant
    odd[1, :5] *= 1e6
    for detector in (Detector(epochs=30), NeighbourDetector(), PCAMonitor(scale="robust")):
        scores = detector.fit(heavy).score_samples(np.r_[heavy, odd])
        assert np.isfinite(scores).all() and scores[301] < np.quantile(scores[:300], 0.05)
        if not isinstance(detector, PCAMonitor):  # it has no component for what never varied, and sees little of it
            assert scores[300] < np.quantile(scores[:300], 0.05)


def test_parameters_are_cloned_and_set_by_the_names_of_the_model():
    detector = Detector(Autoencoder, latent_size=3, epochs=2)
    copy = clone(detector).set_params(latent_size=4, contamination=0.2)
    assert copy.get_params()["latent_size"] == 4 and detector.get_params()["latent_size"] == 3
    assert copy.model_params == {"latent_size": 4, "epochs": 2} and copy.contamination == 0.2
    with pytest.raises(ValueError, match="Invalid parameter 'radius'"):
        detector.set_params(radius=3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Detector(radius=3), "radius was given, but ReconstructionDetector takes no such argument"),
        (lambda: Detector("autoencoder"), "model was 'autoencoder'; it must be a class of the course"),
        (lambda: Detector(scale="none"), "scale was 'none'; it must be one of"),
        (lambda: Detector(contamination=0.7), "contamination was 0.7"),
        (lambda: Detector(model_params=3), "model_params was 3; it must be a dictionary"),
    ],
)
def test_what_cannot_be_is_told_when_fitting(wine, make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make().fit(wine.x)


def people(n=300):
    rng = np.random.default_rng(0)
    age = rng.integers(18, 90, n)
    frame = pd.DataFrame(
        {
            "age": age,
            "income": np.round(np.exp(rng.normal(10, 1.5, n)), 2),
            "job": np.where(age > 65, "retired", rng.choice(["nurse", "cook"], n)),
            "member": rng.random(n) < 0.3,
            "score": np.where(rng.random(n) < 0.2, np.nan, age / 10),
            "visits": pd.array(rng.poisson(3, n), dtype="Int64"),
            "always": 1,
        }
    )
    frame.loc[5, "visits"] = pd.NA
    return frame


@pytest.mark.parametrize(
    "model", [TabularMADE, TabularVAE, TabularGAN, GaussianCopula, Interpolation, IndependentColumns]
)
def test_a_sampler_gives_back_the_same_kind_columns_and_dtypes(model):
    frame, few = people(), {"epochs": 2} if hasattr(model, "steps") else {}
    made = Sampler(model, **few).fit(frame).sample(40)
    assert list(made.columns) == list(frame.columns) and (made.dtypes == frame.dtypes).all() and len(made) == 40
    assert (made["always"] == 1).all() and set(made["job"]) <= {"retired", "nurse", "cook"}
    for x in (frame[["age", "income"]].to_numpy(), frame[["age"]].to_numpy(dtype=np.float32)):
        array = Sampler(model, **few).fit(x).sample(7)
        assert isinstance(array, np.ndarray) and array.dtype == x.dtype and array.shape == (7, x.shape[1])


def test_a_sampler_learns_a_table_and_draws_by_the_seed():
    frame = people(1500)
    sampler = Sampler(hidden_sizes=(128,)).fit(frame)
    made = sampler.sample(500, seed=1)
    pd.testing.assert_frame_equal(made, sampler.sample(500, seed=1))
    assert not made.equals(sampler.sample(500, seed=2))
    assert ((made["job"] == "retired") == (made["age"] > 65)).mean() > 0.95
    assert made["score"].isna().mean() == pytest.approx(0.2, abs=0.06)
    assert made["income"].median() == pytest.approx(frame["income"].median(), rel=0.25)
    assert clone(Sampler(TabularVAE, latent_size=3)).get_params()["latent_size"] == 3


def test_a_sampler_takes_few_rows_a_constant_table_other_containers_and_many_columns():
    assert (
        Sampler(epochs=1).fit(pd.DataFrame({"a": [1, 1], "b": ["x", "x"]})).sample(3).values.tolist() == [[1, "x"]] * 3
    )
    mixed = np.array([["a", 1, 2.5], ["b", 2, np.nan]] * 10, dtype=object)
    made = Sampler(epochs=1).fit(mixed).sample(5)
    assert made.dtype == object and made.shape == (5, 3) and set(made[:, 0]) <= {"a", "b"}
    assert Sampler(epochs=1).fit(torch.rand(30, 2)).sample(4).dtype == torch.float32
    texts = np.array([["a", "b"], ["c", "b"]] * 5)
    assert Sampler(epochs=1).fit(texts).sample(2).dtype == texts.dtype
    sampler = Sampler(GaussianCopula).fit(mixed)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(sampler)).sample(3)[:, :2], sampler.sample(3)[:, :2])
    wide = np.random.default_rng(0).standard_t(1, (80, 100))
    assert np.isfinite(Sampler(epochs=1).fit(wide).sample(6)).all()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda f: Sampler().fit(f.assign(day=pd.Timestamp("2026-01-01"))),
            TypeError,
            "column 'day' holds dates; turn",
        ),
        (lambda f: Sampler().fit(f.assign(name=[f"person {k}" for k in range(300)])), ValueError, "'name' holds 300"),
        (
            lambda f: Sampler().fit(f.assign(d=[f"2026-01-{k}" for k in range(300)])),
            TypeError,
            "'d' holds dates as text",
        ),
        (lambda f: Sampler().fit(f.assign(age=np.inf)), ValueError, "column 'age' holds an infinite value"),
        (lambda f: Sampler().fit(f.iloc[:0]), ValueError, "frame has shape"),
        (lambda f: Sampler().fit(f.set_axis(["a"] * 7, axis=1)), ValueError, "more than one column 'a'"),
        (lambda f: Sampler().fit([1, 2]), ValueError, r"X has shape \(2,\)"),
        (lambda f: Sampler(Autoencoder).fit(f), TypeError, "it must be a class of the course for tables"),
        (lambda f: Sampler(radius=3).fit(f), TypeError, "radius was given, but TabularMADE takes no such argument"),
        (lambda f: Sampler().fit(data.wine()), TypeError, "X was a Dataset"),
    ],
)
def test_what_a_sampler_cannot_take_is_told_in_a_sentence(make, error, message):
    with pytest.raises(error, match=message):
        make(people())


def test_from_ones_own_csv_to_a_synthetic_one_in_five_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people().to_csv("mine.csv", index=False)
    # The five lines of the README, with fewer epochs.
    from udl_teach import data
    from udl_teach.estimators import Sampler

    frame = data.frame("mine.csv")
    fake = Sampler(epochs=1).fit(frame).sample(1000)
    fake.to_csv("synthetic.csv", index=False)
    again = data.frame("synthetic.csv")
    assert list(again.columns) == list(frame.columns) and len(again) == 1000
    assert (again.drop(columns="visits").dtypes == frame.drop(columns="visits").dtypes).all()
