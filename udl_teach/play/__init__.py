"""Playgrounds: watch a model learn, put a hand on it, and lay two runs side by side."""

try:
    from udl_teach.play.autoencoder_live.playground import autoencoder_live
except ImportError:
    pass
try:
    from udl_teach.play.denoiser.playground import denoiser
except ImportError:
    pass
try:
    from udl_teach.play.gan_game.playground import gan_game
except ImportError:
    pass
try:
    from udl_teach.play.kmeans_steps.playground import kmeans_steps
except ImportError:
    pass
try:
    from udl_teach.play.latent_explorer.playground import latent_explorer
except ImportError:
    pass
try:
    from udl_teach.play.latent_walk.playground import latent_walk
except ImportError:
    pass
try:
    from udl_teach.play.loss_landscape.playground import loss_landscape
except ImportError:
    pass
try:
    from udl_teach.play.pca_components.playground import pca_components
except ImportError:
    pass
from udl_teach.play.player import Player

try:
    from udl_teach.play.rate_distortion.playground import rate_distortion
except ImportError:
    pass
try:
    from udl_teach.play.sample_wall.playground import sample_wall
except ImportError:
    pass
try:
    from udl_teach.play.som_atlas.playground import som_atlas
except ImportError:
    pass
try:
    from udl_teach.play.som_unfolding.playground import som_unfolding
except ImportError:
    pass
try:
    from udl_teach.play.vae_live.playground import vae_live
except ImportError:
    pass
from udl_teach.play.view import Playground, open_playgrounds

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
