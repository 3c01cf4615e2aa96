"""The models of the course, one idea a file, made of torch alone."""

from udl_teach.models.autoencoder import Autoencoder
from udl_teach.models.convolutional import ConvAutoencoder
from udl_teach.models.kmeans import KMeans
from udl_teach.models.losses import reconstruction_loss
from udl_teach.models.pca import PCA
from udl_teach.models.som import SelfOrganizingMap
from udl_teach.models.sparse import SparseAutoencoder, kl_penalty, l1_penalty
from udl_teach.models.variational import VariationalAutoencoder, kl_to_standard_normal

__all__ = [
    "PCA",
    "Autoencoder",
    "ConvAutoencoder",
    "KMeans",
    "SelfOrganizingMap",
    "SparseAutoencoder",
    "VariationalAutoencoder",
    "kl_penalty",
    "kl_to_standard_normal",
    "l1_penalty",
    "reconstruction_loss",
]
