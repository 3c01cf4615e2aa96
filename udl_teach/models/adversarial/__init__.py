"""Adversarial networks: a generator and a discriminator that learn against each other."""
