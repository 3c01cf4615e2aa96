"""The models of the course, one idea a file, made of torch alone."""

from udl_teach.models.adversarial.convolutional import ConvGAN
from udl_teach.models.adversarial.dense import GAN
from udl_teach.models.adversarial.losses import (
    OBJECTIVES,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    r1_penalty,
    zero_centred_penalty,
)
from udl_teach.models.anomaly.deep_svdd import DeepSVDD
from udl_teach.models.anomaly.evidence import EvidenceDetector
from udl_teach.models.anomaly.reconstruction import ReconstructionDetector
from udl_teach.models.anomaly.threshold import threshold
from udl_teach.models.autoencoders.convolutional import ConvAutoencoder
from udl_teach.models.autoencoders.dense import Autoencoder
from udl_teach.models.autoencoders.loss import reconstruction_loss
from udl_teach.models.autoencoders.sparse import SparseAutoencoder, kl_penalty, l1_penalty
from udl_teach.models.classical.kmeans import KMeans
from udl_teach.models.classical.patch_pca import denoise_by_pca
from udl_teach.models.classical.pca import PCA
from udl_teach.models.classifier import ConvClassifier
from udl_teach.models.clustering.assignments import soft_assignment, target_distribution
from udl_teach.models.clustering.deep_embedded import DeepEmbeddedClustering
from udl_teach.models.clustering.neighbour_embedding import NeighbourEmbedding
from udl_teach.models.compression.codec import LearnedCodec
from udl_teach.models.compression.patch_pca import PatchPCACodec
from udl_teach.models.compression.range_coder import RangeDecoder, RangeEncoder
from udl_teach.models.denoising.convolutional import ConvDenoiser
from udl_teach.models.denoising.corruption import CORRUPTIONS, corrupt
from udl_teach.models.denoising.dense import DenoisingAutoencoder
from udl_teach.models.denoising.noise_level import noise_level
from udl_teach.models.maps.map import SelfOrganizingMap
from udl_teach.models.self_supervised.augment import Augment
from udl_teach.models.self_supervised.contrastive import Contrastive
from udl_teach.models.self_supervised.losses import masked_loss, nt_xent, vicreg_terms
from udl_teach.models.self_supervised.masked import MaskedAutoencoder
from udl_teach.models.self_supervised.masks import patch_mask
from udl_teach.models.self_supervised.vicreg import VICReg
from udl_teach.models.variational.convolutional import ConvVariationalAutoencoder
from udl_teach.models.variational.dense import VariationalAutoencoder
from udl_teach.models.variational.terms import kl_to_standard_normal

__all__ = [
    "CORRUPTIONS",
    "GAN",
    "OBJECTIVES",
    "PCA",
    "Augment",
    "Autoencoder",
    "Contrastive",
    "ConvAutoencoder",
    "ConvClassifier",
    "ConvDenoiser",
    "ConvGAN",
    "ConvVariationalAutoencoder",
    "DeepEmbeddedClustering",
    "DeepSVDD",
    "DenoisingAutoencoder",
    "EvidenceDetector",
    "KMeans",
    "LearnedCodec",
    "MaskedAutoencoder",
    "NeighbourEmbedding",
    "PatchPCACodec",
    "RangeDecoder",
    "RangeEncoder",
    "ReconstructionDetector",
    "SelfOrganizingMap",
    "SparseAutoencoder",
    "VICReg",
    "VariationalAutoencoder",
    "corrupt",
    "denoise_by_pca",
    "discriminator_loss",
    "generator_loss",
    "gradient_penalty",
    "kl_penalty",
    "kl_to_standard_normal",
    "l1_penalty",
    "masked_loss",
    "noise_level",
    "nt_xent",
    "patch_mask",
    "r1_penalty",
    "reconstruction_loss",
    "soft_assignment",
    "target_distribution",
    "threshold",
    "vicreg_terms",
    "zero_centred_penalty",
]
