"""Variational autoencoders: codes that are distributions, learned by a bound on the likelihood."""
