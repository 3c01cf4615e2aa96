"""What several exercises of lesson 03 share."""


def _mse(x, x_hat):
    return ((x_hat - x) ** 2).mean()
