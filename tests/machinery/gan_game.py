"""The game of two players without widgets."""

import torch

from udl_teach.play import Player
from udl_teach.play.gan_game.run import start
from udl_teach.play.gan_game.scene import FIRST

SETTINGS = {
    "data": "ring",
    "clusters": FIRST,
    "seed": 0,
    "objective": "non-saturating",
    "generator_rate": 0.001,
    "discriminator_rate": 0.001,
    "discriminator_steps": 1,
    "batch_size": 128,
    "penalty": 0.0,
    "cure": "none",
    "latent_size": 2,
    "ema": False,
    "slow": False,
}


def game_of(**more):
    """A player without widgets, and its settings."""
    settings = SETTINGS | more
    return Player(lambda: start(settings)), settings


def weights(model):
    return torch.cat([value.detach().flatten().double() for value in model.state_dict().values()])


def same(one, other):
    return torch.equal(weights(one), weights(other))
