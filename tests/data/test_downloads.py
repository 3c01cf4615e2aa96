"""Downloads: only the right file is ever used, wherever it comes from; all on a mirror of our own on loopback."""

import gzip
import hashlib
import io
import logging
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pooch
import pytest

from udl_teach import data
from udl_teach.data import downloads
from udl_teach.data.idx import read_idx

PIXELS = np.random.default_rng(0).integers(0, 256, size=(7, 4, 5), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5, 9, 2], dtype=np.uint8)


def idx(array, *, kind=8, shape=None):
    shape = array.shape if shape is None else shape
    return bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + array.tobytes()


FILES = {
    f"{part}-{what}": gzip.compress(idx(array), mtime=0)
    for part in ("train", "t10k")
    for what, array in (("images-idx3-ubyte.gz", PIXELS), ("labels-idx1-ubyte.gz", LABELS))
}


class Mirrors(BaseHTTPRequestHandler):
    """Serves server.pages: path -> bytes, or an answer's number; counts what it was asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        page = self.server.pages.get(self.path, 404)
        if isinstance(page, int):
            self.send_error(page)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.lengths.get(self.path, len(page))))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirrors)
    server.asked, server.lengths = [], {}
    server.pages = {f"/{mirror}/{file}": content for mirror in ("one", "two") for file, content in FILES.items()}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["mnist", "fashion_mnist"])
def name(request, server, monkeypatch, tmp_path):
    """Both loaders, made to look at our mirrors, for our small files, with a cache of their own."""
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setitem(downloads.MIRRORS, request.param, (f"{address}/one/", f"{address}/two/"))
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in FILES.items()}
    monkeypatch.setitem(downloads.CHECKSUMS, request.param, sums)
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.delenv("UDL_TEACH_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return request.param


def right(dataset):
    np.testing.assert_array_equal(dataset.images[:, 0], PIXELS.astype(np.float32) / np.float32(255))
    assert dataset.labels.tolist() == LABELS.tolist()
    return True


def cached(tmp_path, name, file="train-images-idx3-ubyte.gz"):
    return tmp_path / "cache" / "udl_teach" / name / file


def test_a_whole_file_is_fetched_once_from_the_first_mirror(name, server):
    load = getattr(data, name)
    assert right(load()) and right(load())
    assert server.asked == ["/one/train-images-idx3-ubyte.gz", "/one/train-labels-idx1-ubyte.gz"]
    assert right(load(train=False))
    assert server.asked[2:] == ["/one/t10k-images-idx3-ubyte.gz", "/one/t10k-labels-idx1-ubyte.gz"]


def test_fetching_says_nothing_and_leaves_the_log_as_it_was(name, capsys):
    logger, said = pooch.get_logger(), io.StringIO()
    handler, level = logging.StreamHandler(said), logger.level
    logger.addHandler(handler)
    right(getattr(data, name)())
    logger.removeHandler(handler)
    assert said.getvalue() == "" and capsys.readouterr() == ("", "") and logger.level == level


@pytest.mark.parametrize("fault", ["missing", "broken server", "wrong", "truncated", "cut off", "empty", "a web page"])
def test_the_second_mirror_stands_in_for_the_first(name, server, tmp_path, fault):
    path = "/one/train-images-idx3-ubyte.gz"
    whole = server.pages[path]
    if fault == "cut off":
        server.lengths[path] = len(whole)
    server.pages[path] = {
        "missing": 404,
        "broken server": 500,
        "wrong": FILES["train-labels-idx1-ubyte.gz"],
        "truncated": whole[:-20],
        "cut off": whole[:-20],
        "empty": b"",
        "a web page": b"<html>please log in</html>",
    }[fault]
    assert right(getattr(data, name)())
    assert server.asked[:2] == [path, "/two/train-images-idx3-ubyte.gz"]
    assert cached(tmp_path, name).read_bytes() == whole


@pytest.mark.parametrize("damage", [lambda whole: whole[:-9], lambda whole: whole + b"x", lambda whole: b""])
def test_a_damaged_file_in_the_cache_is_fetched_again(name, server, tmp_path, damage):
    right(getattr(data, name)())
    file = cached(tmp_path, name)
    file.write_bytes(damage(file.read_bytes()))
    server.asked.clear()
    assert right(getattr(data, name)())
    assert server.asked == ["/one/train-images-idx3-ubyte.gz"]


@pytest.mark.parametrize("content", [404, b"wrong"])
def test_when_no_mirror_has_it_one_sentence_says_what_to_do(name, server, tmp_path, content):
    server.pages = {path: content for path in server.pages}
    with pytest.raises(OSError) as raised:
        getattr(data, name)()
    message = str(raised.value)
    for words in (name, "train-images-idx3-ubyte.gz", "UDL_TEACH_DATA", "data.glyphs()", "data.digits()"):
        assert words in message
    assert ("answered 404" if content == 404 else "wrong or truncated file") in message and "\n" not in message
    assert server.asked == ["/one/train-images-idx3-ubyte.gz", "/two/train-images-idx3-ubyte.gz"]
    assert not cached(tmp_path, name).exists()
    assert list(cached(tmp_path, name).parent.glob("*")) == []  # nor half a file


def test_a_damaged_cache_without_network_is_not_used(name, server, tmp_path):
    right(getattr(data, name)())
    cached(tmp_path, name).write_bytes(b"damaged")
    server.pages.clear()
    with pytest.raises(OSError, match="could not be fetched"):
        getattr(data, name)()


def test_without_network_the_error_says_what_to_do(name, monkeypatch):
    # Nothing listens on port 9 of loopback, so the connection is refused as it is on a laptop without network.
    monkeypatch.setitem(downloads.MIRRORS, name, ("http://127.0.0.1:9/", "http://127.0.0.1:9/"))
    with pytest.raises(OSError, match="did not answer.*go online and try again, or set UDL_TEACH_DATA"):
        getattr(data, name)()


def test_a_cache_that_cannot_be_written_is_named(name, monkeypatch, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="cannot be kept in .*cache.*UDL_TEACH_DATA"):
        getattr(data, name)()


@pytest.mark.parametrize("inside", ["own", "direct"])
def test_a_folder_named_by_the_variable_is_read_without_network(name, server, monkeypatch, tmp_path, inside):
    folder = tmp_path / "shared data"
    place = folder / name if inside == "own" else folder
    place.mkdir(parents=True)
    for file, content in FILES.items():
        (place / file).write_bytes(content)
    monkeypatch.setenv("UDL_TEACH_DATA", str(folder))
    assert right(getattr(data, name)()) and right(getattr(data, name)(train=False))
    assert server.asked == []


def test_a_wrong_file_in_that_folder_is_refused_by_name(name, server, monkeypatch, tmp_path):
    (tmp_path / name).mkdir()
    for file, content in FILES.items():
        (tmp_path / name / file).write_bytes(content)
    wrong = tmp_path / name / "train-labels-idx1-ubyte.gz"
    wrong.write_bytes(gzip.compress(idx(LABELS[::-1])))
    monkeypatch.setenv("UDL_TEACH_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=f"train-labels-idx1-ubyte.gz is not the official {name} file"):
        getattr(data, name)()
    assert wrong.exists() and server.asked == []


def test_a_file_missing_from_that_folder_is_named(name, server, monkeypatch, tmp_path):
    monkeypatch.setenv("UDL_TEACH_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="train-images-idx3-ubyte.gz is not there.*unset UDL_TEACH_DATA"):
        getattr(data, name)()
    assert server.asked == []


def test_every_file_has_two_mirrors_and_a_sha256():
    for name in ("mnist", "fashion_mnist"):
        assert len(set(downloads.MIRRORS[name])) == 2 and all(
            mirror.endswith("/") for mirror in downloads.MIRRORS[name]
        )
        assert len(downloads.CHECKSUMS[name]) == 4
        assert all(len(bytes.fromhex(checksum)) == 32 for checksum in downloads.CHECKSUMS[name].values())
    assert not set(downloads.CHECKSUMS["mnist"].values()) & set(downloads.CHECKSUMS["fashion_mnist"].values())


def test_idx_files_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "pixels.gz"
    path.write_bytes(gzip.compress(idx(PIXELS)))
    np.testing.assert_array_equal(read_idx(path, dimensions=3), PIXELS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no gzip at all", "not a whole gzip file"),
        (gzip.compress(idx(PIXELS), mtime=0)[:-12], "not a whole gzip file"),
        (gzip.compress(idx(PIXELS), mtime=0)[:40], "not a whole gzip file"),
        (gzip.compress(b"", mtime=0), "not an IDX file"),
        (gzip.compress(b"PK" + idx(PIXELS), mtime=0), "not an IDX file"),
        (gzip.compress(idx(PIXELS, kind=13), mtime=0), "type 0x0d in 3 dimensions"),
        (gzip.compress(idx(LABELS), mtime=0), "in 1 dimensions"),
        (gzip.compress(idx(PIXELS)[:9], mtime=0), "ends within its header"),
        (gzip.compress(idx(PIXELS)[:-1], mtime=0), "140 bytes, but holds 139"),
        (gzip.compress(idx(PIXELS) + b"\0", mtime=0), "140 bytes, but holds 141"),
        (gzip.compress(idx(PIXELS, shape=(10**4, 10**4, 10**4)), mtime=0), "but holds 140"),
    ],
)
def test_what_is_no_idx_file_is_refused(tmp_path, content, words):
    path = tmp_path / "odd.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"odd.gz .*{words}"):
        read_idx(path, dimensions=3)
