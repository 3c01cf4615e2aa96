"""Masks of patches: so many in every image, blocks in one piece, each image its own."""

import numpy as np
import pytest
import torch
from scipy.ndimage import label

from udl_teach.models import patch_mask


@pytest.mark.parametrize("kind", ["random", "block"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.75, 1.0])
def test_every_image_has_the_same_number_of_masked_patches(kind, share):
    mask = patch_mask(60, 7, 5, share, kind, torch.Generator().manual_seed(0))
    assert mask.shape == (60, 7, 5) and mask.dtype == torch.bool
    assert set(mask.sum(dim=(1, 2)).tolist()) == {min(round(share * 35), 34)}
    if 0 < share < 1:
        assert len(np.unique(mask.reshape(60, -1).numpy(), axis=0)) > 20


def test_a_block_is_one_piece_and_random_patches_are_many():
    block, spread = (patch_mask(40, 7, 7, 0.3, kind, torch.Generator().manual_seed(0)) for kind in ("block", "random"))
    # Patches that touch at a corner belong together: the last ring of a block is not always whole.
    pieces = [[label(image, np.ones((3, 3)))[1] for image in masks.numpy()] for masks in (block, spread)]
    assert set(pieces[0]) == {1} and np.mean(pieces[1]) > 1.3
    # A block leaves whole rows or columns free.
    assert all((~image.any(axis=0)).any() or (~image.any(axis=1)).any() for image in block.numpy())


def test_all_patches_are_masked_equally_often_at_random():
    often = patch_mask(4000, 4, 4, 0.5, "random", torch.Generator().manual_seed(0)).float().mean(dim=0)
    assert (often - 0.5).abs().max() < 0.04


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind was 'stripes'"):
        patch_mask(2, 4, 4, 0.5, "stripes")
