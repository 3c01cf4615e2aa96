"""A variational autoencoder that learns while it is watched."""
