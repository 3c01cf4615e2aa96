"""Numbers about models and data, each checked in the tests against an independent implementation."""

from udl_teach.metrics.anomalies import (
    calibration_curve,
    card_precision,
    conformal_p_values,
    expected_cost,
    precision_at_k,
)
from udl_teach.metrics.clustering import (
    adjusted_mutual_information,
    adjusted_rand_index,
    ari,
    clustering_accuracy,
    contingency,
    nmi,
    purity,
    silhouette,
)
from udl_teach.metrics.compression import (
    RatePoint,
    bits_per_pixel,
    entropy,
    jpeg_compress,
    jpeg_decompress,
    rate_distortion,
    ssim,
)
from udl_teach.metrics.distances import (
    frechet_between,
    frechet_distance,
    maximum_mean_discrepancy,
    nearest_distances,
)
from udl_teach.metrics.events import EventScore, RangeScore, event_score, events, point_adjust, range_score
from udl_teach.metrics.fidelity import PRDC, prdc
from udl_teach.metrics.maps import (
    continuity,
    distance_rank_correlation,
    quantization_error,
    topographic_error,
    trustworthiness,
)
from udl_teach.metrics.modes import ModeCoverage, class_coverage, mode_coverage
from udl_teach.metrics.probe import ProbeScore, linear_probe, probe_curve
from udl_teach.metrics.reconstruction import explained_variance, mean_squared_error, psnr, reconstruction_error
from udl_teach.metrics.representations import alignment, effective_rank, uniformity

__all__ = [
    "PRDC",
    "EventScore",
    "ModeCoverage",
    "ProbeScore",
    "RangeScore",
    "RatePoint",
    "adjusted_mutual_information",
    "adjusted_rand_index",
    "alignment",
    "ari",
    "bits_per_pixel",
    "calibration_curve",
    "card_precision",
    "class_coverage",
    "clustering_accuracy",
    "conformal_p_values",
    "contingency",
    "continuity",
    "distance_rank_correlation",
    "effective_rank",
    "entropy",
    "event_score",
    "events",
    "expected_cost",
    "explained_variance",
    "frechet_between",
    "frechet_distance",
    "jpeg_compress",
    "jpeg_decompress",
    "linear_probe",
    "maximum_mean_discrepancy",
    "mean_squared_error",
    "mode_coverage",
    "nearest_distances",
    "nmi",
    "point_adjust",
    "prdc",
    "precision_at_k",
    "probe_curve",
    "psnr",
    "purity",
    "quantization_error",
    "range_score",
    "rate_distortion",
    "reconstruction_error",
    "silhouette",
    "ssim",
    "topographic_error",
    "trustworthiness",
    "uniformity",
]
