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
from udl_teach.metrics.privacy import (
    ClosestRecords,
    Membership,
    Share,
    closer_to_training,
    closest_records,
    membership_inference,
)
from udl_teach.metrics.probe import linear_probe
from udl_teach.metrics.reconstruction import explained_variance, mean_squared_error, psnr, reconstruction_error
from udl_teach.metrics.synthetic import (
    association_difference,
    associations,
    detection_auc,
    marginal_distances,
    rule_violations,
    transfer_score,
)

__all__ = [
    "PRDC",
    "ClosestRecords",
    "EventScore",
    "Membership",
    "ModeCoverage",
    "RangeScore",
    "RatePoint",
    "Share",
    "adjusted_mutual_information",
    "adjusted_rand_index",
    "ari",
    "association_difference",
    "associations",
    "bits_per_pixel",
    "calibration_curve",
    "card_precision",
    "class_coverage",
    "closer_to_training",
    "closest_records",
    "clustering_accuracy",
    "conformal_p_values",
    "contingency",
    "continuity",
    "detection_auc",
    "distance_rank_correlation",
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
    "marginal_distances",
    "maximum_mean_discrepancy",
    "mean_squared_error",
    "membership_inference",
    "mode_coverage",
    "nearest_distances",
    "nmi",
    "point_adjust",
    "prdc",
    "precision_at_k",
    "psnr",
    "purity",
    "quantization_error",
    "range_score",
    "rate_distortion",
    "reconstruction_error",
    "rule_violations",
    "silhouette",
    "ssim",
    "topographic_error",
    "transfer_score",
    "trustworthiness",
]
