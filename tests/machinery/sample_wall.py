"""What the tests of the wall share: finished models, and one that paints what it is told to."""

import numpy as np

from udl_teach import data, play
from udl_teach.models import ConvGAN
from udl_teach.play.sample_wall.reality import image_sets

FEW = data.digits()[:120]
MODEL = ConvGAN(n_classes=10, latent_size=5, channels=(4, 8), ema=0.9, seed=3)
SEEN, HELD_OUT = image_sets("digits")


def finished(**more):
    return play.sample_wall(MODEL, FEW, **more)


def weights(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


class Painter:
    """In place of a model: whatever the latent vectors, these images."""

    latent_size, n_classes = 2, None

    def __init__(self, images):
        self.images = images

    def latent(self, n, seed=0, truncation=None):
        return np.random.default_rng(seed).standard_normal((n, 2)).astype(np.float32)

    def generate(self, z, labels=None, ema=True):
        return np.resize(self.images, (len(z), 1, 8, 8)).astype(np.float32)
