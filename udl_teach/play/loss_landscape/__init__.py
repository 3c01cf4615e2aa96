"""The losses of adversarial networks over the discriminator's score."""
