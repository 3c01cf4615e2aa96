"""The file format: damaged, forged and foreign streams are refused in one sentence, earlier ones decompressed."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import metrics
from udl_teach.models import PatchPCACodec
from udl_teach.models.compression.stream import HEADER
from udl_teach.modules import fingerprint


def forged(codec, channels, height, width, step_size, payload):
    """A stream with a correct checksum around any content."""
    magic = codec.compress(np.zeros((1, 2, 2)))[:4]
    body = HEADER.pack(magic, 1, channels, height, width, step_size, fingerprint(codec)) + payload
    return body + struct.pack("<I", zlib.crc32(body))


def test_every_cut_and_every_changed_byte_is_noticed(codec, smooth_image):
    whole = codec.compress(smooth_image(1, 20, 31, 0), 0.3)
    for length in range(len(whole)):
        with pytest.raises(ValueError, match="^data is "):
            codec.decompress(whole[:length])
    for place in range(len(whole)):
        for change in (1, 128, 255):
            damaged = bytearray(whole)
            damaged[place] ^= change
            with pytest.raises(ValueError, match="^data is "):
                codec.decompress(damaged)
    with pytest.raises(ValueError, match="^data is damaged"):
        codec.decompress(whole + b"\0")


@given(noise=st.binary(max_size=120))
@settings(max_examples=25, deadline=None)
def test_noise_is_not_an_image(small, pca, noise):
    for codec in (small, pca):
        with pytest.raises(ValueError, match="^data is "):
            codec.decompress(noise)
        with pytest.raises(ValueError, match="^data is damaged"):
            codec.decompress(codec.compress(np.zeros((1, 2, 2)))[:4] + noise)


@given(payload=st.binary(max_size=200), height=st.integers(1, 90), width=st.integers(1, 90))
@settings(max_examples=25, deadline=None)
def test_a_forged_payload_is_refused_in_one_sentence(small, payload, height, width):
    with pytest.raises(ValueError, match="other codes than were encoded|larger than any image"):
        small.decompress(forged(small, 1, height, width, 0.1, payload))


@given(payload=st.binary(max_size=200))
@settings(max_examples=25, deadline=None)
def test_a_forged_payload_gives_pca_some_image_or_one_sentence(pca, payload):
    scale_indices = bytes(byte % 100 for byte in payload[:64].ljust(64, b"\7"))
    try:
        back = pca.decompress(forged(pca, 1, 20, 20, 0.1, scale_indices + payload))
    except ValueError as error:
        assert "larger than any image" in str(error)
    else:
        assert back.shape == (1, 20, 20)
    with pytest.raises(ValueError, match="no valid scales"):
        pca.decompress(forged(pca, 1, 20, 20, 0.1, payload[:63]))
    with pytest.raises(ValueError, match="no valid scales"):
        pca.decompress(forged(pca, 1, 20, 20, 0.1, b"\xff" * 64 + payload))


@pytest.mark.parametrize(
    ("channels", "height", "width", "step_size"),
    [(1, 65535, 65535, 0.1), (2, 8, 8, 0.1), (0, 8, 8, 0.1), (1, 0, 8, 0.1), (1, 8, 8, float("nan")), (1, 8, 8, 0.0)],
)
def test_a_header_that_no_codec_writes_is_refused_before_anything_is_made(codec, channels, height, width, step_size):
    with pytest.raises(ValueError, match="never writes"):
        codec.decompress(forged(codec, channels, height, width, step_size, b"\0" * 80))


def test_foreign_streams_are_named(small, pca, trained):
    image = np.zeros((1, 9, 9))
    with pytest.raises(ValueError, match="not an image compressed by PatchPCACodec"):
        pca.decompress(small.compress(image))
    with pytest.raises(ValueError, match="not an image compressed by LearnedCodec"):
        small.decompress(metrics.jpeg_compress(image))
    with pytest.raises(ValueError, match="other weights"):
        small.decompress(trained.compress(image))
    with pytest.raises(TypeError, match="data was str"):
        small.decompress("UDLc")
    later = bytearray(small.compress(image))
    later[4] += 1
    later[-4:] = struct.pack("<I", zlib.crc32(later[:-4]))
    with pytest.raises(ValueError, match="version 2"):
        small.decompress(bytes(later))


def test_streams_of_version_0_1_are_decompressed(trained):
    stream = bytes.fromhex(
        "55444c63010118002000cdcccc3d6fde03c36348be1b2adc5e197969e1b68a896df7e47763212d886d5ec8bc757c2ab159242ac39a286a85"
        "289aa05dfe122cc3fe35472c99cdf436b09cb71f7536630269e839b0ecdaa2e4625a93fb298b"
    )
    image = trained.decompress(stream)
    assert image.shape == (1, 24, 32)
    assert (image.mean(), image.std()) == pytest.approx((0.16366695, 0.06783377), abs=1e-5)
    stream = bytes.fromhex("55444c70010103000500cdcc4c3da66d11781c00238666014a89e8fa641f")
    image = PatchPCACodec(size=1).fit([[0.0], [1.0]]).decompress(stream)
    np.testing.assert_allclose(image, np.linspace(0, 1, 15).reshape(1, 3, 5), atol=0.05 / 2)
