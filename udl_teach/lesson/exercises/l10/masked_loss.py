"""The masked loss."""

import torch

from udl_teach.lesson.exercise import difference, mistake
from udl_teach.lesson.judging import with_gradient


def masked_loss(x, x_hat, mask):
    """Mean squared error per hidden pixel: x and x_hat are (n, 1, h, w), mask is (n, rows, columns), one per patch.

    True in mask means that the patch was hidden; all patches have the same size.
    """
    ### BEGIN SOLUTION
    height, width = x.shape[2] // mask.shape[1], x.shape[3] // mask.shape[2]
    hidden = mask.repeat_interleave(height, dim=1).repeat_interleave(width, dim=2)
    errors = (x - x_hat)[:, 0] ** 2
    return errors[hidden].mean()
    ### END SOLUTION


HINTS = (
    "The mask says one thing per patch, the error is one number per pixel. Bring the mask to the size of the image "
    "first.",
    "A patch is x.shape[2] // mask.shape[1] pixels high. mask.repeat_interleave(height, dim=1) repeats each row of the "
    "mask that many times in place; do the same for the columns.",
    "Then compute the squared errors of all pixels, shape (n, h, w), and pick the hidden ones by indexing with the "
    "mask: errors[hidden].",
    "return errors[hidden].mean()",
)


def arguments(rng):
    # Different numbers of hidden patches per image, patches that are not square, and a worse error where hidden.
    n, rows, columns = int(rng.integers(3, 6)), int(rng.integers(3, 5)), int(rng.integers(5, 7))
    high, wide = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    mask = rng.random((n, rows, columns)) < rng.uniform(0.25, 0.8, (n, 1, 1))
    mask[:, 0, :2], mask[:, 1, :2] = True, False
    mask[0, :, 2:], mask[1, :, 2:] = True, False
    x = rng.random((n, 1, rows * high, columns * wide))
    noise = 0.2 + 0.8 * mask.repeat(high, axis=1).repeat(wide, axis=2)[:, None]
    x_hat = x + noise * rng.normal(size=x.shape) * rng.uniform(0.3, 1.5, (n, 1, 1, 1))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(x_hat, dtype=torch.float32), torch.tensor(mask)


def judge(function, rng):
    # The loss is of use only where a network can learn from it.
    x, x_hat, mask = arguments(rng)
    with_gradient(function, x, x_hat.requires_grad_(), mask)


visible_patches_too = difference(
    masked_loss,
    {"errors[hidden].mean()": "errors.mean()"},
    """Your loss counts the visible patches too. The network can copy these from its input, so part of the loss would
    reward copying. Count the hidden pixels only.""",
)

visible_patches_only = difference(
    masked_loss,
    {"errors[hidden].mean()": "errors[~hidden].mean()"},
    """You count the visible patches, which the network was given. True means hidden: errors[hidden].""",
)

divided_by_all_pixels = difference(
    masked_loss,
    {"errors[hidden].mean()": "(errors * hidden).mean()"},
    """You set the error of visible pixels to 0 and then averaged over all pixels. Divide by the number of hidden
    pixels; otherwise the loss changes with the share that is hidden.""",
)

summed = difference(
    masked_loss,
    {"errors[hidden].mean()": "errors[hidden].sum()"},
    """You summed over the hidden pixels. Take their mean.""",
)

summed_per_image = difference(
    masked_loss,
    {"errors[hidden].mean()": "errors[hidden].sum() / len(x)"},
    """You summed over the hidden pixels of an image and averaged over the images. Here the loss is the mean over all
    hidden pixels of the batch.""",
)

averaged_per_image_first = difference(
    masked_loss,
    {
        "errors[hidden].mean()": """
        ((errors * hidden).sum(dim=(1, 2)) / hidden.sum(dim=(1, 2)).clamp(min=1)).mean()""",
    },
    """You averaged within each image first, so a hidden pixel counts more in an image with few of them. All hidden
    pixels of the batch count alike: errors[hidden].mean().""",
)

absolute_errors = difference(
    masked_loss,
    {"(x - x_hat)[:, 0] ** 2": "(x - x_hat)[:, 0].abs()"},
    """You averaged absolute errors. The loss is a squared error.""",
)


@mistake
def mask_tiled(x, x_hat, mask):
    """You tiled the mask: the whole small mask is repeated side by side. Each entry must become a block of pixels:
    repeat_interleave, not repeat.
    """
    height, width = x.shape[2] // mask.shape[1], x.shape[3] // mask.shape[2]
    hidden = mask.repeat(1, height, width)
    return ((x - x_hat)[:, 0] ** 2)[hidden].mean()
