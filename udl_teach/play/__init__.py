"""Playgrounds: watch a model learn, put a hand on it, and lay two runs side by side."""

from udl_teach.play.autoencoder_live.playground import autoencoder_live
from udl_teach.play.cluster_codes.playground import cluster_codes
from udl_teach.play.denoiser.playground import denoiser
from udl_teach.play.gan_game.playground import gan_game
from udl_teach.play.kmeans_steps.playground import kmeans_steps
from udl_teach.play.latent_explorer.playground import latent_explorer
from udl_teach.play.latent_walk.playground import latent_walk
from udl_teach.play.loss_landscape.playground import loss_landscape
from udl_teach.play.map_lies.playground import map_lies
from udl_teach.play.masked_patches.playground import masked_patches
from udl_teach.play.pca_components.playground import pca_components
from udl_teach.play.player import Player
from udl_teach.play.pull_and_push.playground import pull_and_push
from udl_teach.play.rate_distortion.playground import rate_distortion
from udl_teach.play.sample_wall.playground import sample_wall
from udl_teach.play.som_atlas.playground import som_atlas
from udl_teach.play.som_unfolding.playground import som_unfolding
from udl_teach.play.vae_live.playground import vae_live
from udl_teach.play.view import Playground, open_playgrounds

__all__ = [
    "Player",
    "Playground",
    "autoencoder_live",
    "cluster_codes",
    "denoiser",
    "gan_game",
    "kmeans_steps",
    "latent_explorer",
    "latent_walk",
    "loss_landscape",
    "map_lies",
    "masked_patches",
    "open_playgrounds",
    "pca_components",
    "pull_and_push",
    "rate_distortion",
    "sample_wall",
    "som_atlas",
    "som_unfolding",
    "vae_live",
]
