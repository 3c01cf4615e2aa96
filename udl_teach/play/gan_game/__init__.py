"""The two players of a generative adversarial network, over points in the plane."""
