"""Numbers about models and data, each checked in the tests against an independent implementation."""

from udl_teach.metrics.clustering import ari, clustering_accuracy, contingency, nmi, purity
from udl_teach.metrics.compression import (
    RatePoint,
    bits_per_pixel,
    entropy,
    jpeg_compress,
    jpeg_decompress,
    rate_distortion,
    ssim,
)
from udl_teach.metrics.maps import quantization_error, topographic_error, trustworthiness
from udl_teach.metrics.probe import linear_probe
from udl_teach.metrics.reconstruction import explained_variance, mean_squared_error, psnr, reconstruction_error

__all__ = [
    "RatePoint",
    "ari",
    "bits_per_pixel",
    "clustering_accuracy",
    "contingency",
    "entropy",
    "explained_variance",
    "jpeg_compress",
    "jpeg_decompress",
    "linear_probe",
    "mean_squared_error",
    "nmi",
    "psnr",
    "purity",
    "quantization_error",
    "rate_distortion",
    "reconstruction_error",
    "ssim",
    "topographic_error",
    "trustworthiness",
]
