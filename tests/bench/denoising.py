"""Gaussian noise taken out of photographs that nothing here has seen: the denoiser beside three honest rivals.

Run by `make bench`. All methods get the same noisy pictures and are told how strong the noise is; what they return is
clipped to [0, 1]. The denoiser learns from scikit-learn's two photographs anew for every seed; non-local means and
total variation get, for every strength, the settings that are best for them on these two photographs.
"""

import argparse
import itertools
import statistics
import time

import numpy as np
import torch
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle
from torch import nn

from udl_teach import data, metrics, train
from udl_teach.models import DenoisingAutoencoder, corrupt, denoise_by_pca
from udl_teach.pretrained import pretrained as learned_beforehand
from udl_teach.weights import make_denoiser

SIGMAS = (10, 15, 25, 50)  # of 255
AIM = 25
# (patch size, patch distance, h in units of sigma, fast_mode)
NON_LOCAL = [(5, 7, h, True) for h in (0.4, 0.5, 0.6, 0.7)] + [(7, 7, h, True) for h in (0.4, 0.5, 0.6)]
NON_LOCAL += [(7, 7, h, False) for h in (0.8, 0.9, 1.0)] + [(5, 7, 1.0, False)]
TOTAL_VARIATION = (0.4, 0.6, 0.8, 1.0, 1.2)  # weight in units of sigma


def spoilt(photo, sigma, seed=0):
    return corrupt(photo[None], "gaussian", sigma / 255, seed=seed)[0]


def quality(photo, cleaned):
    return metrics.psnr(photo, np.clip(cleaned, 0, 1))


def by_non_local_means(noisy, sigma, setting):
    size, distance, h, fast = setting
    options = {"patch_size": size, "patch_distance": distance, "fast_mode": fast}
    return denoise_nl_means(noisy[0].astype(float), sigma=sigma / 255, h=h * sigma / 255, **options)[None]


def by_total_variation(noisy, sigma, setting):
    return denoise_tv_chambolle(noisy[0].astype(float), weight=setting * sigma / 255)[None]


def best_setting(method, settings, sigma):
    """The setting with the highest mean PSNR on the middles of the two photographs for learning."""
    middles = [photo[:, 80:340, 160:480] for photo in data.photos(colour=False).images]

    def mean_quality(setting):
        return np.mean([quality(clean, method(spoilt(clean, sigma), sigma, setting)) for clean in middles])

    return max(settings, key=mean_quality)


def measured(models, sigmas=SIGMAS):
    """PSNR of every method on every picture: {sigma: {method: [dB of each picture]}}."""
    photos = data.unseen_photos()
    table = {}
    for sigma in sigmas:
        non_local = best_setting(by_non_local_means, NON_LOCAL, sigma)
        variation = best_setting(by_total_variation, TOTAL_VARIATION, sigma)
        print(f"sigma {sigma}: non-local means with {non_local}, total variation with {variation}", flush=True)
        methods = {
            "noisy": lambda noisy, sigma: noisy,
            "total variation": lambda noisy, sigma, setting=variation: by_total_variation(noisy, sigma, setting),
            "non-local means": lambda noisy, sigma, setting=non_local: by_non_local_means(noisy, sigma, setting),
            "patch PCA": lambda noisy, sigma: denoise_by_pca(noisy, sigma / 255),
        }
        for name, model in models.items():
            methods[name] = lambda noisy, sigma, model=model: model.denoise(noisy, sigma / 255)
            ensemble = f"{name}, self-ensemble"
            methods[ensemble] = lambda noisy, sigma, model=model: model.denoise(noisy, sigma / 255, self_ensemble=8)
        noisy = [spoilt(photo, sigma, seed) for seed, photo in enumerate(photos.values())]
        table[sigma] = {
            name: [
                quality(clean, method(spoiled, sigma)) for clean, spoiled in zip(photos.values(), noisy, strict=True)
            ]
            for name, method in methods.items()
        }
    return table


def told(table, models):
    names = list(data.unseen_photos())
    for sigma, rows in table.items():
        print(
            f"\nsigma {sigma}/255, PSNR in dB\n{'':<28}" + "".join(f"{name:>14}" for name in names) + "          mean"
        )
        for method, values in rows.items():
            print(f"{method:<28}" + "".join(f"{value:14.2f}" for value in values) + f"{np.mean(values):14.2f}")
    print()
    for sigma, rows in table.items():
        bars = {name: np.mean(rows[name]) for name in ("patch PCA", "non-local means", "total variation")}
        for ensemble in ("", ", self-ensemble"):
            ours = [np.mean(rows[name + ensemble]) for name in models]
            lead = ", ".join(f"{min(ours) - bar:+.2f} on {name}" for name, bar in bars.items())
            print(
                f"sigma {sigma}: denoiser{ensemble} {np.mean(ours):.2f} ± {np.std(ours):.2f} dB; its worst seed {lead}"
            )
    print(f"(aim at sigma {AIM}: at least +0.30 on patch PCA, above non-local means)")


def trained(seeds):
    models = {}
    for seed in range(seeds):
        started = time.process_time()
        models[f"denoiser, seed {seed}"] = make_denoiser.train(seed)
        seconds = time.process_time() - started
        print(f"seed {seed} learned for {seconds:.0f} s of processor time (allowed: 600)", flush=True)
    return models


def dense_step(rounds=7, epochs=20):
    """Time of the dense model's learning over that of the same steps written by hand."""
    x = torch.from_numpy(data.digits().x.copy())

    def by_hand():
        model = DenoisingAutoencoder(64, 32, (128,))
        layers = nn.Sequential(model.encoder, model.decoder)
        optimizer = torch.optim.Adam(layers.parameters(), lr=1e-3, fused=True)
        losses = []
        for _ in range(epochs):
            for batch in x[torch.randperm(len(x))].split(128):
                noisy = batch + 0.3 * torch.randn(batch.shape)
                loss = ((layers(noisy) - batch) ** 2).sum(dim=1).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())

    def by_steps():
        for _ in train(DenoisingAutoencoder(64, 32, (128,)), x, epochs=epochs):
            pass

    seconds = {by_hand: [], by_steps: []}
    for _, way in itertools.product(range(rounds), (by_hand, by_steps)):
        started = time.process_time()
        way()
        seconds[way].append(time.process_time() - started)
    return statistics.median(seconds[by_steps][1:]) / statistics.median(seconds[by_hand][1:])


def main(seeds: int = 3, pretrained: bool = False, sigmas: tuple[int, ...] = SIGMAS) -> None:
    print(f"dense denoiser's step / the same by hand: {dense_step():.2f} (aim: at most 1.15)", flush=True)
    models = {"denoiser as given": learned_beforehand("denoiser")} if pretrained else trained(seeds)
    told(measured(models, sigmas), models)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pretrained", action="store_true", help="judge the weights that come with the library")
    parser.add_argument("--sigmas", type=int, nargs="+", default=SIGMAS, help="of 255")
    main(**vars(parser.parse_args()))
