"""The codec by PCA of patches; what it shares with the learned one is in test_codec.py and test_stream.py."""

import numpy as np
import pytest

from udl_teach.models import PatchPCACodec


def test_the_codec_must_be_fitted_to_patches():
    with pytest.raises(ValueError, match="call fit"):
        PatchPCACodec().compress(np.zeros((1, 8, 8)))
    with pytest.raises(ValueError, match="call fit"):
        PatchPCACodec().decompress(b"UDLp")
    with pytest.raises(ValueError, match="64"):
        PatchPCACodec().fit(np.zeros((100, 49)))
