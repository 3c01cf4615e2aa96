"""A masked autoencoder that fills in hidden patches while it learns."""
