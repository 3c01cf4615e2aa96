"""save and load: the same model back, whole files or none, and no code in them."""

import os
import pickle
import subprocess
import sys
import textwrap
import zipfile

import numpy as np
import pytest
import torch

from udl_teach import fit, load, save, storage
from udl_teach.models import GAN, PCA, Autoencoder, ConvAutoencoder, KMeans, SparseAutoencoder
from udl_teach.modules import arguments_of, fingerprint


@pytest.fixture
def x():
    return np.random.default_rng(0).random((40, 16), dtype=np.float32)


def made(x):
    kmeans = KMeans(3)
    fit(kmeans, x, epochs=3, progress=False)
    return {
        "autoencoder": Autoencoder(16, 3, (8, 4), activation="tanh", output="sigmoid", seed=9),
        "sparse": SparseAutoencoder(16, 30, penalty="kl"),
        "conv": ConvAutoencoder((1, 4, 4), 2, (3,)),
        "pca": PCA(2).fit(x),
        "kmeans": kmeans,
    }


@pytest.mark.parametrize("name", ["autoencoder", "sparse", "conv", "pca", "kmeans"])
def test_round_trip(name, x, tmp_path):
    model = made(x)[name]
    back = load(save(model, tmp_path / "model.npz"))
    assert type(back) is type(model)
    answer = (lambda m: m.predict(x)) if name == "kmeans" else (lambda m: m(x))
    assert np.array_equal(answer(model), answer(back))


def test_learning_goes_on_from_a_file_bit_for_bit(x, tmp_path):
    whole = Autoencoder(16, 2, (8,), noise=0.1)
    ten = fit(whole, x, epochs=10, batch_size=15, progress=False)
    half = Autoencoder(16, 2, (8,), noise=0.1)
    save(half, tmp_path / "m.npz", fit(half, x, epochs=5, batch_size=15, progress=False))
    again, history = load(tmp_path / "m.npz", with_history=True)
    both = fit(again, x, epochs=5, batch_size=15, progress=False, resume=history)
    assert both.loss == ten.loss
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), again.parameters(), strict=True))


def test_learning_goes_on_from_a_file_of_the_release_before(x, tmp_path, monkeypatch):
    whole, half = GAN(16, 2, (8,), ema=0.9), GAN(16, 2, (8,), ema=0.9)
    rules = {"progress": False, "device": "cpu"}
    at_once = fit(whole, x, epochs=4, **rules)
    history = fit(half, x, epochs=2, **rules)

    def renamed(names, old):
        return {next((name.replace(*pair) for pair in old if pair[0] in name), name): names[name] for name in names}

    arguments = renamed(arguments_of(half), [("ema", "average")])
    weights = renamed(half.state_dict(), [("generator_ema", "averaged"), ("ema_updates", "averaged_updates")])
    history.terms = renamed(history.terms, [("auc", "told_apart")])
    history.fingerprint = fingerprint(weights)
    monkeypatch.setattr(storage, "arguments_of", lambda model: arguments)
    monkeypatch.setattr(half, "state_dict", lambda: weights)
    path = save(half, tmp_path / "model.npz", history)
    monkeypatch.undo()
    again, history = load(path, with_history=True)
    both = fit(again, x, epochs=2, resume=history, **rules)
    assert both.loss == at_once.loss and both.terms == at_once.terms
    assert all(map(torch.equal, again.state_dict().values(), whole.state_dict().values()))


def test_a_killed_process_leaves_the_old_file(x, tmp_path):
    path = tmp_path / "m.npz"
    save(Autoencoder(16, 2, seed=1), path)
    old = path.read_bytes()
    script = f"""
        import os, numpy as np
        from udl_teach import save
        from udl_teach.models import Autoencoder
        real = np.savez
        def half(file, **arrays):
            file.write(b"half a file"); file.flush(); os._exit(9)
        np.savez = half
        save(Autoencoder(16, 2, seed=2), {str(path)!r})
    """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(script)]).returncode == 9
    assert path.read_bytes() == old and load(path).seed == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows does not replace a file that is open")
def test_the_new_file_takes_the_old_ones_place_at_once(tmp_path):
    path = save(Autoencoder(16, 2, seed=1), tmp_path / "m.npz")
    old = path.read_bytes()
    with path.open("rb") as reader:
        save(Autoencoder(16, 2, seed=2), path)
        assert reader.read() == old, "a reader would have seen half of each"
    assert load(path).seed == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other permissions")
def test_a_class_can_read_what_its_teacher_saved(tmp_path):
    before = os.umask(0o022)
    try:
        path = save(PCA(2).fit(np.eye(5)), tmp_path / "model.npz")
        assert path.stat().st_mode & 0o777 == 0o644 and os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_failed_save_leaves_nothing_behind(x, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="no space"):
        save(Autoencoder(16, 2), tmp_path / "m.npz")
    assert list(tmp_path.iterdir()) == []


class Bomb:
    def __reduce__(self):
        return (open, ("/tmp/udl_teach_bomb", "w"))


def test_code_in_a_file_is_never_run(tmp_path, monkeypatch):
    marker = tmp_path / "exploded"
    monkeypatch.setattr(Bomb, "__reduce__", lambda self: (open, (str(marker), "w")))
    (tmp_path / "a.npz").write_bytes(pickle.dumps(Bomb()))
    np.savez(tmp_path / "b.npz", about=np.array([Bomb()], dtype=object))
    torch.save(Bomb(), tmp_path / "c.npz")
    marker.unlink(missing_ok=True)
    for name in "abc":
        with pytest.raises(ValueError, match="not a whole file"):
            load(tmp_path / f"{name}.npz")
    assert not marker.exists()


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99])
def test_a_cut_file_is_refused(keep, tmp_path):
    path = save(Autoencoder(16, 2), tmp_path / "m.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole)) if isinstance(keep, float) else keep])
    with pytest.raises(ValueError, match="m.npz is not a whole file"):
        load(path)


def test_a_flipped_weight_is_noticed(tmp_path):
    path = save(Autoencoder(16, 2), tmp_path / "m.npz")
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 255
    path.write_bytes(bytes(damaged))
    with pytest.raises(ValueError, match="damaged"):
        load(path)


def test_what_load_says(tmp_path, x):
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        load(tmp_path / "nothing.npz")
    with pytest.raises(FileNotFoundError, match="make the folder first"):
        save(Autoencoder(4), tmp_path / "no" / "m.npz")
    with pytest.raises(TypeError, match="model was int"):
        save(3, tmp_path / "m.npz")
    path = save(Autoencoder(16, 2), tmp_path / "m.npz")
    with pytest.raises(ValueError, match="does not fit"):
        load(path, into=Autoencoder(16, 5))
    with pytest.raises(ValueError, match="without a history"):
        load(path, with_history=True)
    with zipfile.ZipFile(tmp_path / "z.npz", "w") as file:
        file.writestr("hello.txt", "hello")
    with pytest.raises(ValueError, match="not a whole file"):
        load(tmp_path / "z.npz")


@pytest.mark.parametrize(
    ("saved", "into"),
    [
        (lambda: Autoencoder(6, 2, seed=1), lambda: Autoencoder(6, 3)),
        (lambda: Autoencoder(6, 2, seed=1), lambda: SparseAutoencoder(6, 2)),
        (lambda: GAN(6, 2, (8,), ema=0.9, seed=1), lambda: GAN(6, 2, (8,))),
        (lambda: GAN(6, 2, (8,), seed=1), lambda: GAN(6, 2, (8,), spectral_norm=True)),
        (lambda: PCA(2).fit(np.eye(5)), lambda: Autoencoder(6, 2)),
        (lambda: Autoencoder(6, 2, seed=1), lambda: PCA(2).fit(np.eye(5))),
        (lambda: torch.nn.BatchNorm1d(3), lambda: torch.nn.BatchNorm2d(4)),
    ],
)
def test_a_model_that_does_not_fit_is_left_as_it_was(saved, into, tmp_path):
    model = into().train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(ValueError, match="does not fit"):
        load(save(saved(), tmp_path / "m.npz"), into=model)
    assert before.keys() == model.state_dict().keys() and model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_nothing_is_filled_where_the_history_is_missing(tmp_path):
    path, model = save(Autoencoder(6, 2, seed=1), tmp_path / "m.npz"), Autoencoder(6, 2)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(ValueError, match="without a history"):
        load(path, into=model, with_history=True)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    with pytest.raises(TypeError, match="into was str"):
        load(path, into="model")


def test_a_model_of_another_version_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "arguments_of", lambda model: arguments_of(model) | {"no_longer_known": 3})
    path = save(Autoencoder(6, 2), tmp_path / "m.npz")
    with pytest.raises(ValueError, match="saved by another version"):
        load(path)


def test_a_module_of_ones_own_goes_into_one_that_fits(tmp_path):
    layer = torch.nn.Linear(3, 2)
    path = save(layer, tmp_path / "m.npz")
    with pytest.raises(ValueError, match="into=model"):
        load(path)
    assert torch.equal(load(path, into=torch.nn.Linear(3, 2)).weight, layer.weight)
