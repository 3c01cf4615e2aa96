"""Autoencoders: a code in the middle, and the squared error between what goes in and what comes out."""
