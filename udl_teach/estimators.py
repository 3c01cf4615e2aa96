"""The models of the course as scikit-learn's estimators (`Reducer`, `Clusterer`, `Detector`, `Sampler`), and rivals.

Each takes a class of `udl_teach.models` and keywords, and works in a `Pipeline`, in `GridSearchCV` and in
`cross_val_score`. The model learns in single precision and answers in double, so that the answer for a sample does not
depend on the others in its batch; the answer has the precision of the input.
"""

import inspect
import math
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, OutlierMixin, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from udl_teach import inputs
from udl_teach.data.scaling import Scaling
from udl_teach.fitting import fit
from udl_teach.models import (
    Autoencoder,
    DeepEmbeddedClustering,
    MixedTable,
    ReconstructionDetector,
    TabularMADE,
    threshold,
)
from udl_teach.threads import few_threads

try:
    from sklearn.utils.validation import validate_data
except ImportError:  # scikit-learn before 1.6

    def validate_data(estimator, X, **options):
        """The method that the function replaced."""
        return estimator._validate_data(X, **options)


SCALES = ("standard", "minmax", "robust")
# Without `epochs`, a model that learns from batches makes at least so many updates, whatever the number of samples.
UPDATES = 1000
# For models of tables: so many updates and passes at most, and passes without a gain on held-out rows before they stop.
TABLE_UPDATES, TABLE_EPOCHS, PATIENCE = 2500, 300, 5
FEW_ROWS = 50  # with fewer there is nothing to hold out
# What `steps` takes that is not a setting.
NO_SETTINGS = ("self", "x", "y", "seed", "state")


class _CourseModel(BaseEstimator):
    """What the three have in common: parameters, scaling, and a model that is made when the data is there."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters; `deep` lists those in `model_params` by their own names too, as a Pipeline does."""
        return super().get_params(deep) | (self._given() if deep else {})

    def set_params(self, **parameters: Any) -> "_CourseModel":
        """Set parameters, those of the model by their own names, as in `set_params(latent_size=8)`."""
        own, model = set(self._get_param_names()), parameters.get("model", self.model)
        # What is no class takes anything here: scikit-learn wants to hear of mistakes when fitting.
        known = _arguments(model) if isinstance(model, type) else set(parameters)
        inner = {name: value for name, value in parameters.items() if name in known - own}
        super().set_params(**{name: value for name, value in parameters.items() if name not in inner})
        if inner:
            self.model_params = self._given() | inner
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _given(self) -> dict[str, Any]:
        return dict(self.model_params) if isinstance(self.model_params, dict) else {}

    def _learn(self, X: Any, **own: Any) -> np.ndarray:
        """Check `X`, make the model and let it learn; returns `X` as the model sees it."""
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        if self.scale is not None:
            inputs.choice(self.scale, "scale", SCALES)
        self.scaling_ = None if self.scale is None else Scaling.measure(X, self.scale)
        x = self._scaled(X)
        if not isinstance(self.model, type):
            raise TypeError(f"model was {self.model!r}; it must be a class of the course, such as Autoencoder.")
        given, number = self._checked_params(_arguments(self.model)), self._seed()
        constructor = inspect.signature(self.model).parameters
        made = {"n_features": x.shape[1], "seed": number} | own | given
        self.model_ = self.model(**{name: value for name, value in made.items() if name in constructor})
        learning = {name: value for name, value in given.items() if name not in constructor}
        if hasattr(self.model_, "steps"):
            learning = {"epochs": _enough_epochs(self.model_.steps, len(x), learning)} | learning
            self.loss_curve_ = fit(self.model_, x, seed=number, progress=False, **learning).loss
        else:
            self.model_.fit(x)
        self.model_.cpu().eval()
        if next(self.model_.parameters(), None) is not None:  # what learns without a gradient keeps single precision
            self.model_.double()
        return x

    def _checked_params(self, known: set[str]) -> dict[str, Any]:
        """What was given for the model, each by a name that it knows."""
        if not isinstance(self.model_params, (dict, type(None))):
            raise TypeError(f"model_params was {self.model_params!r}; it must be a dictionary or None.")
        given = self._given()
        for name in set(given) - known:
            kind, names = self.model.__name__, ", ".join(sorted(known))
            raise TypeError(f"{name} was given, but {kind} takes no such argument; it takes {names}.")
        return given

    def _seed(self) -> int:
        state = self.random_state
        return int(state) if isinstance(state, (int, np.integer)) else check_random_state(state).randint(2**31)

    def _seen(self, X: Any) -> np.ndarray:
        """`X` checked against what was fitted, and scaled."""
        check_is_fitted(self)
        return self._scaled(validate_data(self, X, dtype=[np.float64, np.float32], reset=False))

    def _scaled(self, X: np.ndarray) -> np.ndarray:
        return _scaled(X, self.scaling_)


class Reducer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, _CourseModel):
    """A model that encodes samples, as a transformer: `transform` gives its codes.

    Args:
        model: a class of the course with `encode`, such as `Autoencoder`, `VariationalAutoencoder` or `PCA`; or
            `SelfOrganizingMap`, whose `transform` gives the distances to its units.
        scale: of the columns before the model: "standard", "minmax" (into [0, 1], for a Bernoulli likelihood; values
            outside the range of the training data are held at its ends), "robust" or None.
        random_state: seed of weights and shuffles: a whole number, a NumPy RandomState or None.
        model_params: arguments of the model's class and of its `steps`, as a dictionary. Without `epochs`, a model that
            learns from batches makes 1,000 updates.
        **keywords: the same by name, as in `latent_size=8, epochs=20`; they join `model_params`.

    Attributes:
        model_: the model.
        scaling_: the `data.Scaling` in use, or None.
        loss_curve_: loss of every step, for a model that learns by steps.
    """

    def __init__(
        self,
        model: type = Autoencoder,
        *,
        scale: str | None = "standard",
        random_state: Any = 0,
        model_params: dict | None = None,
        **keywords: Any,
    ) -> None:
        self.model = model
        self.scale = scale
        self.random_state = random_state
        self.model_params = _joined(model_params, keywords)

    def fit(self, X: Any, y: None = None) -> "Reducer":
        """Learn from samples of shape (n_samples, n_features); `y` is not used."""
        x = self._learn(X)
        self._n_features_out = self._codes(x[:1]).shape[1]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Codes of samples, shape (n_samples, latent_size)."""
        x = self._seen(X)
        return self._codes(x).astype(x.dtype)

    @available_if(lambda self: hasattr(self.model, "decode"))
    def inverse_transform(self, X: Any) -> np.ndarray:
        """Reconstructions from codes, shape (n_samples, n_features), in the units of the training data."""
        check_is_fitted(self)
        z = inputs.exact(X, "X")
        x_hat = self.model_.decode(z).reshape(len(z), -1)
        return (x_hat if self.scaling_ is None else self.scaling_.undo(x_hat)).astype(z.dtype)

    def _codes(self, x: np.ndarray) -> np.ndarray:
        return (self.model_.encode if hasattr(self.model_, "encode") else self.model_.transform)(x)


class Clusterer(ClusterMixin, _CourseModel):
    """A model that groups samples, as a clusterer: `labels_` for the training samples, `predict` for new ones.

    Args:
        model: a class of the course with `predict`: `DeepEmbeddedClustering`, `KMeans` or `SelfOrganizingMap` (whose
            clusters are its units; its `rows` and `columns` count in place of `n_clusters`).
        n_clusters: number of clusters.
        scale: of the columns before the model, as in `Reducer`.
        random_state: as in `Reducer`.
        model_params, **keywords: as in `Reducer`.

    Attributes:
        labels_: cluster of every training sample, int64 of shape (n_samples,).
        model_, scaling_, loss_curve_: as in `Reducer`.
    """

    def __init__(
        self,
        model: type = DeepEmbeddedClustering,
        *,
        n_clusters: int = 8,
        scale: str | None = "standard",
        random_state: Any = 0,
        model_params: dict | None = None,
        **keywords: Any,
    ) -> None:
        self.model = model
        self.n_clusters = n_clusters
        self.scale = scale
        self.random_state = random_state
        self.model_params = _joined(model_params, keywords)

    def fit(self, X: Any, y: None = None) -> "Clusterer":
        """Learn from samples of shape (n_samples, n_features); `y` is not used."""
        x = self._learn(X, n_clusters=self.n_clusters)
        self.labels_ = self.model_.predict(x)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The cluster of every sample, int64 of shape (n_samples,)."""
        x = self._seen(X)
        return self.model_.predict(x)


class Detector(OutlierMixin, _CourseModel):
    """A model that scores how strange samples are, as an outlier detector in scikit-learn's sense.

    `score_samples` is **higher for what is more normal**, `predict` gives 1 for normal and -1 for strange. A network
    knows the samples that it learned from better than others, so a threshold from their scores, which is what
    scikit-learn's `contamination` means, calls many new samples strange, with few training samples nearly all of them.
    `calibrate` takes the threshold from normal samples that were held out.

    Args:
        model: a class of the course: one with `anomaly_score`, such as `ReconstructionDetector`, `EvidenceDetector` or
            `DeepSVDD`; else minus the likelihood, the distance to the nearest centre or unit, or the squared error of
            the reconstruction is the score.
        contamination: share of the training samples that `predict` calls strange, in (0, 0.5]; it sets the threshold
            and changes no score.
        scale: of the columns before the model, as in `Reducer`.
        random_state: as in `Reducer`.
        model_params, **keywords: as in `Reducer`.

    Attributes:
        offset_: the threshold: samples with `score_samples` below it are called strange.
        model_, scaling_, loss_curve_: as in `Reducer`.
    """

    def __init__(
        self,
        model: type = ReconstructionDetector,
        *,
        contamination: float = 0.05,
        scale: str | None = "robust",
        random_state: Any = 0,
        model_params: dict | None = None,
        **keywords: Any,
    ) -> None:
        self.model = model
        self.contamination = contamination
        self.scale = scale
        self.random_state = random_state
        self.model_params = _joined(model_params, keywords)

    def fit(self, X: Any, y: None = None) -> "Detector":
        """Learn what is normal from samples of shape (n_samples, n_features); `y` is not used."""
        share = inputs.real(self.contamination, "contamination", above=0.0, maximum=0.5)
        self.offset_ = float(np.quantile(self._scores(self._learn(X)), share))
        return self

    def calibrate(self, X: Any, false_alarms: float = 0.05) -> "Detector":
        """Take the threshold from normal samples of shape (n_samples, n_features) that were not learned.

        A new normal sample like them is called strange with a probability of at most `false_alarms` (conformal
        prediction, Vovk et al. 2005). That takes at least 1 / false_alarms - 1 samples; with fewer a ValueError says
        how many are needed, and the threshold stays as it was.
        """
        limit = threshold(-self.score_samples(X), "conformal", rate=false_alarms)
        if math.isinf(limit):
            needed = math.ceil(1 / false_alarms - 1 - 1e-9)
            raise ValueError(
                f"X has {len(X)} samples; false_alarms={false_alarms:g} needs at least {needed}: hold out more, or "
                "accept more false alarms."
            )
        self.offset_ = -limit
        return self

    def score_samples(self, X: Any) -> np.ndarray:
        """How normal each sample is, shape (n_samples,): minus the model's anomaly score."""
        return self._scores(self._seen(X))

    def decision_function(self, X: Any) -> np.ndarray:
        """`score_samples` less the threshold: below 0 is strange."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> np.ndarray:
        """1 for normal samples, -1 for strange ones; shape (n_samples,)."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def _scores(self, x: np.ndarray) -> np.ndarray:
        return -_strangeness(self.model_, x).astype(x.dtype)


class NeighbourDetector(OutlierMixin, BaseEstimator):
    """The rival to beat: the mean distance to the nearest neighbours (scikit-learn's; Ramaswamy et al. 2000).

    Args:
        n_neighbors: number of neighbours.
        contamination, scale: as in `Detector`.
    """

    def __init__(self, n_neighbors: int = 5, *, contamination: float = 0.05, scale: str | None = "robust") -> None:
        self.n_neighbors = n_neighbors
        self.contamination = contamination
        self.scale = scale

    def fit(self, X: Any, y: None = None) -> "NeighbourDetector":
        """Keep the samples, shape (n_samples, n_features); `y` is not used."""
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        share = inputs.real(self.contamination, "contamination", above=0.0, maximum=0.5)
        self.scaling_ = None if self.scale is None else Scaling.measure(X, self.scale)
        x = _scaled(X, self.scaling_)
        n_neighbors = min(inputs.whole(self.n_neighbors, "n_neighbors"), len(x) - 1)
        self.neighbours_ = NearestNeighbors(n_neighbors=n_neighbors).fit(x)
        self.offset_ = float(np.quantile(-self.neighbours_.kneighbors(x)[0].mean(axis=1), share))
        return self

    def score_samples(self, X: Any) -> np.ndarray:
        """Minus the mean distance to the nearest neighbours, shape (n_samples,); a training sample finds itself too."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return -self.neighbours_.kneighbors(_scaled(X, self.scaling_))[0].mean(axis=1).astype(X.dtype)

    def decision_function(self, X: Any) -> np.ndarray:
        """`score_samples` less the threshold: below 0 is strange."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> np.ndarray:
        """1 for normal samples, -1 for strange ones; shape (n_samples,)."""
        return np.where(self.decision_function(X) < 0, -1, 1)


class PCAMonitor(OutlierMixin, BaseEstimator):
    """The classical monitor of plants: T^2 in the space of the leading components, Q (squared error) outside it.

        T^2 = sum_k t_k^2 / variance_k        Q = |x - x_hat|^2        score = T^2 / limit + Q / limit

    Each is divided by its limit, the quantile of the training samples (Jackson and Mudholkar 1979; combined index: Yue
    and Qin 2001).

    Args:
        share: of the variance that the leading components keep, in (0, 1).
        contamination, scale: as in `Detector`; "standard" is usual here.
    """

    def __init__(self, share: float = 0.9, *, contamination: float = 0.05, scale: str | None = "standard") -> None:
        self.share = share
        self.contamination = contamination
        self.scale = scale

    def fit(self, X: Any, y: None = None) -> "PCAMonitor":
        """Learn from normal samples of shape (n_samples, n_features); `y` is not used."""
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        quantile = 1 - inputs.real(self.contamination, "contamination", above=0.0, maximum=0.5)
        self.scaling_ = None if self.scale is None else Scaling.measure(X, self.scale)
        x = _scaled(X, self.scaling_).astype(np.float64)
        share = inputs.real(self.share, "share", above=0.0, below=1.0)
        self.pca_ = PCA(share, svd_solver="full").fit(x) if np.ptp(x, axis=0).any() else PCA(1).fit(x)
        t2, q = self._statistics(x)
        self.limits_ = tuple(max(float(np.quantile(values, quantile)), 1e-12) for values in (t2, q))
        self.offset_ = float(np.quantile(self._scores(x), 1 - quantile))
        return self

    def score_samples(self, X: Any) -> np.ndarray:
        """Minus the combined index, shape (n_samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self._scores(_scaled(X, self.scaling_).astype(np.float64)).astype(X.dtype)

    def decision_function(self, X: Any) -> np.ndarray:
        """`score_samples` less the threshold: below 0 is strange."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> np.ndarray:
        """1 for normal samples, -1 for strange ones; shape (n_samples,)."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def _statistics(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        t = self.pca_.transform(x)
        variance = np.maximum(self.pca_.explained_variance_, 1e-12)
        return (t**2 / variance).sum(axis=1), ((x - self.pca_.inverse_transform(t)) ** 2).sum(axis=1)

    def _scores(self, x: np.ndarray) -> np.ndarray:
        return -sum(values / limit for values, limit in zip(self._statistics(x), self.limits_, strict=True))


def _scaled(X: np.ndarray, scaling: Scaling | None) -> np.ndarray:
    return X if scaling is None else scaling.apply(X, clip=scaling.kind == "minmax")


def _enough_epochs(steps: Any, n: int, learning: dict[str, Any]) -> int | None:
    """Epochs that make `UPDATES` updates, or the model's own where it does not learn from batches as most do."""
    own = {name: value.default for name, value in inspect.signature(steps).parameters.items()}
    if own.get("epochs") != 20 or "batch_size" not in own:
        return own.get("epochs")
    batch_size = inputs.whole(learning.get("batch_size") or own["batch_size"], "batch_size")
    return math.ceil(UPDATES / math.ceil(n / batch_size))


def _strangeness(model: Any, x: np.ndarray) -> np.ndarray:
    """A score that is higher for stranger samples, from what a model of the course can say; shape (n_samples,)."""
    if hasattr(model, "anomaly_score"):
        return model.anomaly_score(x)
    if hasattr(model, "log_likelihood"):
        return -model.log_likelihood(x, 16)
    if hasattr(model, "squared_distances"):
        return model.squared_distances(x).min(dim=1).values.numpy()
    if hasattr(model, "u_matrix"):
        return model.transform(x).min(axis=1)
    if not hasattr(model, "decode"):
        raise TypeError(
            f"model was {type(model).__name__}, which scores nothing; it must be a class with anomaly_score, a "
            "likelihood, centres or a reconstruction."
        )
    return ((model(x) - x) ** 2).sum(axis=1)


def _joined(model_params: Any, keywords: dict[str, Any]) -> Any:
    # scikit-learn wants what it handed over unchanged, even where it is not what it must be; fitting says so.
    if not keywords or not isinstance(model_params, (dict, type(None))):
        return model_params
    return {**(model_params or {}), **keywords}


def _arguments(model: type) -> set[str]:
    """Names of what a class of the course takes in its constructor and in its steps."""
    both = [model] + ([model.steps] if hasattr(model, "steps") else [])
    return {name for one in both for name in inspect.signature(one).parameters} - set(NO_SETTINGS)


class Sampler(_CourseModel):
    """A model that learns a table and makes new rows: `fit` a DataFrame or an array, `sample` gives the same kind.

    Columns may be numbers, true and false, text or pandas' categories, with missing values; `MixedTable` says how they
    are treated. Whole numbers come back whole, every column with its dtype. A model with a loss learns until the loss
    on a tenth of the rows, held out, no longer falls. Nothing here promises privacy: measure it (`udl_teach.metrics`).

    Args:
        model: a class of the course for tables: `TabularMADE`, `TabularVAE`, `TabularGAN`, `GaussianCopula`,
            `Interpolation` or `IndependentColumns`.
        random_state: seed of weights, shuffles and draws: a whole number, a NumPy RandomState or None.
        model_params: arguments of the model's class and of its `steps`, as a dictionary. Without `epochs`, a model
            makes at most 2,500 updates and 300 passes.
        **keywords: the same by name, as in `hidden_sizes=(256,), epochs=20`; they join `model_params`.

    Attributes:
        model_: the model.
        table_: the `MixedTable` in use.
        loss_curve_: loss of every step, for a model that learns by steps.
    """

    def __init__(
        self,
        model: type = TabularMADE,
        *,
        random_state: Any = 0,
        model_params: dict | None = None,
        **keywords: Any,
    ) -> None:
        self.model = model
        self.random_state = random_state
        self.model_params = _joined(model_params, keywords)

    def fit(self, X: Any, y: None = None) -> "Sampler":
        """Learn from the rows of a DataFrame or of an array, shape (n_rows, n_columns); `y` is not used."""
        if not isinstance(self.model, type) or not hasattr(self.model, "numbers"):
            raise TypeError(
                f"model was {self.model!r}; it must be a class of the course for tables, such as TabularVAE."
            )
        given = self._checked_params(_arguments(self.model) - {"blocks"})
        frame, self._kind, self._dtype = _as_frame(X)
        seed = self._seed()
        self.table_ = MixedTable(self.model.numbers).measure(frame)
        x = self.table_.to_model(frame, seed=seed).astype(np.float32)
        constructor = inspect.signature(self.model).parameters
        made = {"seed": seed} | given
        self.model_ = self.model(self.table_.blocks, **{k: v for k, v in made.items() if k in constructor})
        learning = {name: value for name, value in given.items() if name not in constructor}
        if not hasattr(self.model_, "steps"):
            self.model_.fit(x)
        else:
            self.loss_curve_ = self._fit_by_steps(x, seed, learning)
        self.model_.cpu().eval()
        return self

    def sample(self, n: int = 1, seed: int | None = None) -> Any:
        """`n` new rows, of the kind, columns and dtypes that were fitted; `seed` None draws by `random_state`."""
        check_is_fitted(self)
        with few_threads(torch.empty(0), 0)():
            x = self.model_.sample(inputs.whole(n, "n"), seed=self._seed() if seed is None else seed)
        return _restored(self.table_.to_frame(x), self._kind, self._dtype)

    def _fit_by_steps(self, x: np.ndarray, seed: int, learning: dict[str, Any]) -> list[float]:
        held_out = {}
        if hasattr(self.model_, "loss") and len(x) >= FEW_ROWS and "epochs" not in learning:
            order = np.random.default_rng(seed).permutation(len(x))
            held_out = {"validation": x[order[: len(x) // 10]], "patience": PATIENCE}
            x = x[order[len(x) // 10 :]]
        batch_size = learning.get("batch_size") or inspect.signature(self.model_.steps).parameters["batch_size"].default
        per_epoch = math.ceil(len(x) / inputs.whole(batch_size, "batch_size"))
        epochs = learning.pop("epochs", None) or min(TABLE_EPOCHS, math.ceil(TABLE_UPDATES / per_epoch))
        # One thread: on a busy machine two that wait for each other took fifteen times as long.
        with few_threads(torch.from_numpy(x), 0)():
            return fit(self.model_, x, epochs=epochs, seed=seed, progress=False, **held_out, **learning).loss


def _as_frame(X: Any) -> tuple[Any, str, Any]:
    """What was handed in as a DataFrame, its kind ("frame", "array" or "tensor") and the dtype of an array."""
    import pandas as pd

    if isinstance(X, pd.DataFrame):
        return X, "frame", None
    if hasattr(X, "x") and hasattr(X, "describe"):
        raise TypeError("X was a Dataset; it must be a DataFrame or an array: pass its samples, X=dataset.x.")
    tensor = isinstance(X, torch.Tensor)
    array = X.detach().cpu().numpy() if tensor else np.asarray(X)
    if array.ndim != 2:
        raise ValueError(f"X has shape {array.shape}; it must be (n_rows, n_columns).")
    return pd.DataFrame(array).infer_objects(), "tensor" if tensor else "array", array.dtype


def _restored(frame: Any, kind: str, dtype: Any) -> Any:
    """A DataFrame as the kind that was handed in."""
    if kind == "frame":
        return frame
    array = frame.to_numpy(dtype=object).astype(dtype)
    return torch.from_numpy(array) if kind == "tensor" else array
