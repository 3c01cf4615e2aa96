"""An autoencoder that learns while it is watched."""
