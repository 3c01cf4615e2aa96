"""Playgrounds: watch a model learn, put a hand on it, and lay two runs side by side."""

from udl_teach.play.atlas import som_atlas
from udl_teach.play.autoencoder import autoencoder_live
from udl_teach.play.clusters import kmeans_steps
from udl_teach.play.components import pca_components
from udl_teach.play.denoising import denoiser
from udl_teach.play.explorer import latent_explorer
from udl_teach.play.game import gan_game
from udl_teach.play.landscape import loss_landscape
from udl_teach.play.player import Player
from udl_teach.play.rates import rate_distortion
from udl_teach.play.unfolding import som_unfolding
from udl_teach.play.variational import vae_live
from udl_teach.play.view import Playground, open_playgrounds
from udl_teach.play.walk import latent_walk
from udl_teach.play.wall import sample_wall

__all__ = [
    "Player",
    "Playground",
    "autoencoder_live",
    "denoiser",
    "gan_game",
    "kmeans_steps",
    "latent_explorer",
    "latent_walk",
    "loss_landscape",
    "open_playgrounds",
    "pca_components",
    "rate_distortion",
    "sample_wall",
    "som_atlas",
    "som_unfolding",
    "vae_live",
]
