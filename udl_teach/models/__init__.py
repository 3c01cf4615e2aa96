"""The models of the course, one idea a file, made of torch alone."""

from udl_teach.models.adversarial_losses import (
    OBJECTIVES,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    zero_centred_penalty,
)
from udl_teach.models.autoencoder import Autoencoder
from udl_teach.models.classifier import ConvClassifier
from udl_teach.models.codec import LearnedCodec
from udl_teach.models.conv_gan import ConvGAN
from udl_teach.models.conv_variational import ConvVariationalAutoencoder
from udl_teach.models.convolutional import ConvAutoencoder
from udl_teach.models.corruption import CORRUPTIONS, corrupt
from udl_teach.models.denoiser import ConvDenoiser
from udl_teach.models.denoising import DenoisingAutoencoder
from udl_teach.models.gan import GAN
from udl_teach.models.kmeans import KMeans
from udl_teach.models.losses import reconstruction_loss
from udl_teach.models.noise_level import noise_level
from udl_teach.models.patch_pca import denoise_by_pca
from udl_teach.models.patch_pca_codec import PatchPCACodec
from udl_teach.models.pca import PCA
from udl_teach.models.range_coder import RangeDecoder, RangeEncoder
from udl_teach.models.som import SelfOrganizingMap
from udl_teach.models.sparse import SparseAutoencoder, kl_penalty, l1_penalty
from udl_teach.models.variational import VariationalAutoencoder
from udl_teach.models.variational_terms import kl_to_standard_normal

__all__ = [
    "CORRUPTIONS",
    "GAN",
    "OBJECTIVES",
    "PCA",
    "Autoencoder",
    "ConvAutoencoder",
    "ConvClassifier",
    "ConvDenoiser",
    "ConvGAN",
    "ConvVariationalAutoencoder",
    "DenoisingAutoencoder",
    "KMeans",
    "LearnedCodec",
    "PatchPCACodec",
    "RangeDecoder",
    "RangeEncoder",
    "SelfOrganizingMap",
    "SparseAutoencoder",
    "VariationalAutoencoder",
    "corrupt",
    "denoise_by_pca",
    "discriminator_loss",
    "generator_loss",
    "gradient_penalty",
    "kl_penalty",
    "kl_to_standard_normal",
    "l1_penalty",
    "noise_level",
    "reconstruction_loss",
    "zero_centred_penalty",
]
