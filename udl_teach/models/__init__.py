"""The models of the course, one idea a file, made of torch alone."""

from udl_teach.models.autoencoder import Autoencoder
from udl_teach.models.losses import reconstruction_loss

__all__ = ["Autoencoder", "reconstruction_loss"]
