"""The models of the course as scikit-learn's estimators: `Reducer`, `Clusterer` and `Detector`.

Each takes a class of `udl_teach.models` and keywords, and works in a `Pipeline`, in `GridSearchCV` and in
`cross_val_score`. The model learns in single precision and answers in double, so that the answer for a sample does not
depend on the others in its batch; the answer has the precision of the input.
"""

import inspect
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, OutlierMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from udl_teach import inputs
from udl_teach.data.scaling import Scaling
from udl_teach.fitting import fit
from udl_teach.models import Autoencoder, DeepEmbeddedClustering

try:
    from sklearn.utils.validation import validate_data
except ImportError:  # scikit-learn before 1.6

    def validate_data(estimator, X, **options):
        """The method that the function replaced."""
        return estimator._validate_data(X, **options)


SCALES = ("standard", "minmax", "robust")
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
        if not isinstance(self.model_params, (dict, type(None))):
            raise TypeError(f"model_params was {self.model_params!r}; it must be a dictionary or None.")
        known, given = _arguments(self.model), self._given()
        for name in set(given) - known:
            kind, names = self.model.__name__, ", ".join(sorted(known))
            raise TypeError(f"{name} was given, but {kind} takes no such argument; it takes {names}.")
        state = self.random_state
        number = int(state) if isinstance(state, (int, np.integer)) else check_random_state(state).randint(2**31)
        constructor = inspect.signature(self.model).parameters
        made = {"n_features": x.shape[1], "seed": number} | own | given
        self.model_ = self.model(**{name: value for name, value in made.items() if name in constructor})
        learning = {name: value for name, value in given.items() if name not in constructor}
        if hasattr(self.model_, "steps"):
            self.loss_curve_ = fit(self.model_, x, seed=number, progress=False, **learning).loss
        else:
            self.model_.fit(x)
        self.model_.cpu().eval()
        if next(self.model_.parameters(), None) is not None:  # what learns without a gradient keeps single precision
            self.model_.double()
        return x

    def _seen(self, X: Any) -> np.ndarray:
        """`X` checked against what was fitted, and scaled."""
        check_is_fitted(self)
        return self._scaled(validate_data(self, X, dtype=[np.float64, np.float32], reset=False))

    def _scaled(self, X: np.ndarray) -> np.ndarray:
        return X if self.scaling_ is None else self.scaling_.apply(X, clip=self.scaling_.kind == "minmax")


class Reducer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, _CourseModel):
    """A model that encodes samples, as a transformer: `transform` gives its codes.

    Args:
        model: a class of the course with `encode`, such as `Autoencoder`, `VariationalAutoencoder` or `PCA`; or
            `SelfOrganizingMap`, whose `transform` gives the distances to its units.
        scale: of the columns before the model: "standard", "minmax" (into [0, 1], for a Bernoulli likelihood; values
            outside the range of the training data are held at its ends), "robust" or None.
        random_state: seed of weights and shuffles: a whole number, a NumPy RandomState or None.
        model_params: arguments of the model's class and of its `steps`, as a dictionary.
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

    `score_samples` is **higher for what is more normal**, `predict` gives 1 for normal and -1 for strange.

    Args:
        model: a class of the course: an anomaly model, or one with a reconstruction, a likelihood or centres.
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
        model: type = Autoencoder,
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
        return -((self.model_(x) - x) ** 2).sum(axis=1).astype(x.dtype)


def _joined(model_params: Any, keywords: dict[str, Any]) -> Any:
    # scikit-learn wants what it handed over unchanged, even where it is not what it must be; fitting says so.
    if not keywords or not isinstance(model_params, (dict, type(None))):
        return model_params
    return {**(model_params or {}), **keywords}


def _arguments(model: type) -> set[str]:
    """Names of what a class of the course takes in its constructor and in its steps."""
    both = [model] + ([model.steps] if hasattr(model, "steps") else [])
    return {name for one in both for name in inspect.signature(one).parameters} - set(NO_SETTINGS)
