"""Playgrounds: watch a model learn, put a hand on it, and lay two runs side by side."""

from udl_teach.play.autoencoder import autoencoder_live
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, open_playgrounds

__all__ = ["Player", "Playground", "autoencoder_live", "open_playgrounds"]
