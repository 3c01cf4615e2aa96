# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 03 · Denoising and compression
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 02 (autoencoder, code, held-out data), lesson 01 (PCA, linear probe), and logarithms.

# %% tags=["setup"]
{{setup}}

import html
import inspect

import matplotlib.pyplot as plt
import numpy as np
import torch
from IPython.display import HTML

from udl_teach import data, fit, metrics, play, plots
from udl_teach.metrics import psnr
from udl_teach.models import (
    PCA,
    Autoencoder,
    ConvDenoiser,
    DenoisingAutoencoder,
    PatchPCACodec,
    RangeDecoder,
    RangeEncoder,
    corrupt,
    denoise_by_pca,
    noise_level,
)
from udl_teach.pretrained import WEIGHTS, pretrained

digits = data.digits()
train, test = digits.split(seed=0)
grey = data.photos(colour=False)  # the two photographs that models learn from
unseen = data.unseen_photos()  # eight others, for testing


def middle(picture, size):
    """The square of size x size pixels in the middle of a picture (channels, height, width)."""
    top, left = (picture.shape[1] - size) // 2, (picture.shape[2] - size) // 2
    return picture[:, top : top + size, left : left + size]


def draw_pictures(pictures, original, columns=3, size=2.9, zoom=slice(None)):
    """Grey pictures (1, height, width) side by side, with the PSNR of each against the original."""
    rows = -(-len(pictures) // columns)
    figure, panels = plt.subplots(
        rows, columns, figsize=(size * columns, (size + 0.3) * rows), layout="constrained", squeeze=False
    )
    for axes, (name, picture) in zip(panels.flat, pictures.items()):
        plots.draw_images(axes, picture[None, :, zoom, zoom], pad=0)
        same = picture is original
        axes.set_title(
            name if same else f"{name}: {metrics.psnr(original, np.clip(picture, 0, 1)):.1f} dB", fontsize=10
        )
        axes.set_axis_off()
    for axes in panels.flat[len(pictures) :]:
        axes.set_visible(False)
    plt.show()


def draw_rows(rows, title):
    """Rows of ten digits each, given as name: array of shape (10, 64)."""
    figure, axes = plt.subplots(figsize=(7.5, 0.8 * len(rows) + 0.6), layout="constrained")
    plots.draw_images(axes, np.concatenate(list(rows.values())).reshape(-1, 8, 8), columns=10)
    axes.set_yticks([5 + 9 * row for row in range(len(rows))], list(rows))
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    axes.set_xlabel("each tile is 8 x 8 pixels")
    plt.show()


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - train a network to remove noise, and check it against the best possible denoiser;
# - judge a denoised picture against strong rivals, and recognize invented structure;
# - turn a code into bytes: quantize it, compute its entropy, write it with a range coder;
# - compare codecs at equal rate, by all the bytes that the receiver needs.

# %% [markdown]
# ## 1. What does a noisy digit teach?
# In lesson 02 a linear autoencoder with a wide code learned to copy. One remedy is to **add noise to the input and ask
# for the clean sample**: a network that copied its input would now copy the noise as well.
#
# Damaging samples on purpose is called [corruption](glossary:corruption), and a network trained to undo it is a
# [denoising autoencoder](glossary:denoising-autoencoder). The most common corruption adds Gaussian noise of standard
# deviation $\sigma$ (`strength`) to every pixel. For a network $r$ and noise $\varepsilon$ the loss of one sample is
#
# $$L = \lVert\, r(x + \varepsilon) - x \,\rVert^2 , \qquad \varepsilon_j \sim \mathcal{N}(0, \sigma^2) .$$
#
# **Exercise 03.1.** Return the network's *input* and its *target* for one training step. `x` has shape (samples,
# features); `rng.normal(mean, sd, size=...)` draws independent Gaussian numbers.


# %% tags=["exercise-03.1"]
{{exercise("03.1")}}


# %% tags=["check-03.1"]
training_pair = check("03.1", training_pair)
grade("03.1")


# %% [markdown]
# Two networks with the same initial weights now learn from your pairs. Their code has **128** numbers, twice as many as
# there are pixels. One is trained with strength 0, which is plain copying, the other with 0.5.


# %%
def learn(model, x, strength, epochs=30, batch_size=64, seed=0):
    """Lesson 02's loop with your pairs: every sample gets fresh noise in every epoch."""
    rng = np.random.default_rng(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(x), len(x) // batch_size):
            given, target = training_pair(batch, strength, rng)
            given, target = torch.tensor(given, dtype=torch.float32), torch.tensor(target, dtype=torch.float32)
            loss = ((model(given) - target) ** 2).sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


wide = {}
for name, strength in (("copying", 0.0), ("denoising", 0.5)):
    wide[name] = learn(Autoencoder(64, 128, (128,), output="sigmoid"), train.x, strength)

# %%
predict(
    "03.copy",
    "Both networks are given clean held-out digits. Which one reconstructs them with the smaller error?",
    options=["the one that copied", "the one that denoised", "both alike, within a tenth"],
)

# %%
noisy_test = corrupt(test.x, "gaussian", 0.5, seed=1)
given = {"clean": test.x, "noisy": noisy_test}
error = {
    (name, kind): metrics.mean_squared_error(test.x, model(x))
    for name, model in wide.items()
    for kind, x in given.items()
}
mean_error = metrics.mean_squared_error(test.x, np.tile(train.x.mean(axis=0), (len(test), 1)))
ratio = error["copying", "clean"] / error["denoising", "clean"]

# %%
outcome(
    "03.copy",
    "both alike, within a tenth"
    if abs(ratio - 1) < 0.1
    else "the one that copied"
    if ratio < 1
    else "the one that denoised",
    because="It was trained to copy, and a copy is enough to reconstruct a clean digit.",
)
claim(
    "on clean digits the copier's error is less than a quarter of the denoiser's",
    below(error["copying", "clean"], 0.25 * error["denoising", "clean"]),
)
claim(
    "on noisy digits the denoiser's error is less than two thirds of the copier's; the copier beats the constant mean digit "
    "by a fifth at most",
    below(error["denoising", "noisy"], 2 / 3 * error["copying", "noisy"]),
    above(error["copying", "noisy"], 0.8 * mean_error),
)

# %% [markdown]
# What do the two networks make of noisy digits?

# %%
ten = [np.flatnonzero(test.labels == label)[0] for label in range(10)]
draw_rows(
    {
        "held-out digits": test.x[ten],
        "with noise of 0.5": noisy_test[ten],
        "copying": wide["copying"](noisy_test[ten]),
        "denoising": wide["denoising"](noisy_test[ten]),
    },
    "The same noisy digits through both networks",
)

# %% [markdown]
# *What to see: the copier passes the noise on. The denoiser's digits are a little soft, and now and then it draws the
# wrong one.*
#
# [Masking](glossary:masking) is another corruption: a random share of the pixels, here half, is set to 0, and the
# network must predict them from the others.

# %%
wide["masking"] = DenoisingAutoencoder(64, 128, (128,), corruption="masking", strength=0.5, output="sigmoid")
fit(wide["masking"], train.x, epochs=30, batch_size=64, learning_rate=3e-3, progress=False)

hidden = np.random.default_rng(2).random(test.x.shape) < 0.5
masked = np.where(hidden, 0, test.x).astype(np.float32)
filled = {name: float(((model(masked) - test.x)[hidden] ** 2).mean()) for name, model in wide.items()}
filled["mean digit"] = float(((train.x.mean(axis=0) - test.x)[hidden] ** 2).mean())
for name, value in filled.items():
    print(f"{value:.3f}  {name}: mean squared error at the hidden pixels")

# %% [markdown]
# At the hidden pixels the masking network has about half the error of the mean digit; the copier is worse than the mean
# digit.
#
# The 64 weights of a unit in the first layer can be drawn as a small picture. How do the three sets of pictures differ?

# %%
figure, panels = plt.subplots(1, 3, figsize=(9, 3.4), layout="constrained")
for axes, (name, model) in zip(panels, wide.items()):
    weights = model.encoder[0].weight.detach().numpy().reshape(-1, 8, 8)
    centred = weights - weights.mean(axis=(1, 2), keepdims=True)
    across = (centred[:, :, 1:] * centred[:, :, :-1]).mean(axis=(1, 2))
    agreement = (across / (centred**2).mean(axis=(1, 2))).mean()
    largest = np.abs(weights[:36]).max(axis=(1, 2), keepdims=True)
    plots.draw_images(axes, weights[:36] / largest, columns=6, low=-1, high=1)
    axes.set_title(name)
    axes.set_xlabel(f"correlation of neighbours: {agreement:.2f}")
plt.show()

# %% [markdown]
# *What to see: the copier's weights look like noise. Neighbouring weights agree more with denoising, and most with
# masking.*
#
# Do smoother features give **better codes**? We measure that with lesson 01's linear probe, trained on ten labelled
# codes of each class.

# %%
predict(
    "03.probe",
    "A linear probe reads the codes of clean digits. Compared with the copier's codes, the denoiser's are …",
    options=["better by more than 3 points of accuracy", "worse by more than 3 points", "as good, within 3 points"],
)


# %%
def probe(encode, x):
    return metrics.linear_probe(encode(train.x), train.labels, encode(x), test.labels)


untrained = Autoencoder(64, 128, (128,), output="sigmoid")
read = {(name, kind): probe(model.encode, x) for name, model in wide.items() for kind, x in given.items()}
gain = read["denoising", "clean"] - read["copying", "clean"]
for name in wide:
    print(f"accuracy {read[name, 'clean']:.0%} on clean digits, {read[name, 'noisy']:.0%} on noisy digits: {name}")
print(f"accuracy {probe(lambda x: x, test.x):.0%} on clean digits: the pixels")
print(f"accuracy {probe(untrained.encode, test.x):.0%} on clean digits: codes of an untrained network")

# %%
outcome(
    "03.probe",
    "as good, within 3 points"
    if abs(gain) < 0.03
    else "better by more than 3 points of accuracy"
    if gain > 0
    else "worse by more than 3 points",
    because="Clean, centred digits are easy to read: the pixels and the codes of an untrained network do nearly as well.",
)
claim(
    "on noisy digits the probe reads the denoiser's codes better than the copier's, by 8 points or more",
    above(read["denoising", "noisy"], read["copying", "noisy"] + 0.08),
)

# %% [markdown]
# Here denoising makes codes robust to noise, not easier to read.
#
# Noise on the input also serves as *regularization*, against memorizing single samples. With 200 digits and 512 hidden
# units, memorizing is easy. **What will noise do to the error on these digits, and on held-out digits?** (The argument
# `noise` is its standard deviation, in training only.)

# %%
few = train.x[:200]
memorized = {}
for noise in (0.0, 0.2):
    model = Autoencoder(64, 8, (512,), output="sigmoid", noise=noise)
    fit(model, few, epochs=120, batch_size=50, learning_rate=3e-3, progress=False)
    memorized[noise] = metrics.mean_squared_error(few, model(few)), metrics.mean_squared_error(test.x, model(test.x))
    print(
        f"noise {noise}: error per pixel {memorized[noise][0]:.4f} on the 200 digits, {memorized[noise][1]:.4f} held-out"
    )

# %%
claim(
    "with noise the error on the 200 training digits grows by half or more, and the error on held-out digits falls",
    above(memorized[0.2][0], 1.5 * memorized[0.0][0]),
    below(memorized[0.2][1], memorized[0.0][1]),
)

# %% [markdown]
# Noise does not always help. The smaller deep autoencoder of lesson 02, trained on all training digits, gained nothing
# from weak noise (0.1) in six runs. Let a validation set decide.

# %% [markdown]
# ## 2. Where does a denoiser's arrow point?
# Draw an arrow from a noisy point $\tilde x$ to its denoised version $r(\tilde x)$. In two dimensions we can look at
# it. The data are 1,000 points on two half moons; the noise has standard deviation 0.3, more than half the width of the
# gap between the moons.

# %%
predict(
    "03.arrow",
    "The arrow of a good denoiser points from a noisy point …",
    options=[
        "to the clean point that it was made from",
        "to the mean of all clean points that it could have been made from",
        "to the middle of all data",
    ],
)

# %%
SIGMA = 0.3
moons = data.moons(1000, seed=0).x
plane = DenoisingAutoencoder(2, 64, (64,), strength=SIGMA, activation="relu")
n_steps = 100 * int(np.ceil(len(moons) / 64))
history = fit(
    plane,
    moons,
    epochs=100,
    batch_size=64,
    learning_rate=lambda step: 0.01 * max(1 - step / n_steps, 0.01),
    progress=False,
)

grid = np.stack(np.meshgrid(np.linspace(-1.7, 2.7, 23), np.linspace(-1.2, 1.7, 16)), axis=-1).reshape(-1, 2)
grid = grid.astype(np.float32)
figure, axes = plt.subplots(figsize=(8, 4.6), layout="constrained")
axes.scatter(*moons.T, s=4, color="#ABABAB", linewidths=0, label="clean points")
axes.quiver(
    *grid.T,
    *(plane.denoise(grid) - grid).T,
    color=plots.COLOURS[0],
    angles="xy",
    scale_units="xy",
    scale=2.5,
    width=0.003,
    label="arrow, at 2/5 of its length",
)
axes.set(title="Denoised minus noisy", xlabel="horizontal", ylabel="vertical", aspect="equal")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, markerscale=3)
plt.show()

# %% [markdown]
# *What to see: far away, all arrows point to the moons; close to a moon they become short. Between the moons,
# neighbouring arrows disagree.*
#
# What *should* the denoiser answer? Many clean points could have given the same noisy one. The answer with the smallest
# mean squared error is the mean of them all, each weighted by its probability given the noisy point: the [posterior
# mean](glossary:posterior-mean) $r^*(\tilde x)$. Our clean points $x_1 \dots x_N$ are equally frequent, so Bayes' rule
# leaves only one factor: how probable is the noise that leads from $x_n$ to $\tilde x$?
#
# **Exercise 03.2.** Return the posterior mean for each noisy point. `noisy` and `clean` hold one point per row, and the
# noise is Gaussian with standard deviation `sigma`.


# %% tags=["exercise-03.2"]
{{exercise("03.2")}}


# %% tags=["check-03.2"]
posterior_mean = check("03.2", posterior_mean)
grade("03.2")


# %% [markdown]
# We compare the network's arrows with the three possible answers. The cosine, taken over all arrows together, is 1 if
# two sets of arrows agree in all directions and relative lengths.


# %%
def cosine(one, other):
    """Cosine of the angle between two fields of arrows, all arrows together, so that long ones count more."""
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


noise = np.random.default_rng(5).normal(0, SIGMA, moons.shape)
noisy = moons.astype(np.float64) + noise
best_arrow = posterior_mean(noisy, moons, SIGMA) - noisy
arrow = plane.denoise(noisy.astype(np.float32)) - noisy
alike = {
    "to the clean point that it was made from": cosine(arrow, -noise),
    "to the mean of all clean points that it could have been made from": cosine(arrow, best_arrow),
    "to the middle of all data": cosine(arrow, moons.mean(axis=0) - noisy),
}
for where, value in alike.items():
    print(f"cosine {value:.2f}  {where}")
squared = {
    "nothing done": (noise**2).sum(axis=1).mean(),
    "network": ((noisy + arrow - moons) ** 2).sum(axis=1).mean(),
    "best": ((noisy + best_arrow - moons) ** 2).sum(axis=1).mean(),
}

# %%
outcome(
    "03.arrow",
    max(alike, key=alike.get),
    because="The noise itself cannot be known. The mean is the answer with the smallest squared error.",
)
claim(
    "the network's squared error is within a tenth of the best possible, and the best possible is still more than half of "
    "the error of doing nothing",
    below(squared["network"], 1.1 * squared["best"]),
    above(squared["best"], 0.5 * squared["nothing done"]),
)

# %% [markdown]
# The best denoiser's arrow has a second meaning. With your weights $w_n$, the posterior mean is
#
# $$r^*(\tilde x) = \frac{\sum_n w_n\, x_n}{\sum_n w_n} \qquad w_n = \exp\left(-\frac{\lVert \tilde x - x_n \rVert^2}{2 \sigma^2}\right)$$
#
# The same weights add up to the **density of the noisy points**, a Gaussian bell around every clean point:
# $p(\tilde x) \propto \sum_n w_n$. The gradient of its logarithm points where the density rises most steeply:
#
# $$\nabla \log p(\tilde x) = \frac{\sum_n w_n\, (x_n - \tilde x)}{\sigma^2 \sum_n w_n} = \frac{r^*(\tilde x) - \tilde x}{\sigma^2}$$
#
# The gradient of a log-density is called the [score](glossary:score), and this equation [Tweedie's
# formula](glossary:Tweedie's-formula). The best denoiser's arrow is the score times $\sigma^2$: **it points uphill, to
# where noisy data are denser.**
#
# We check the formula by finite differences. Then we follow the best arrows from 200 noisy points, once with a fixed
# $\sigma = 0.3$ and once with a shrinking $\sigma$. Where will the points end?


# %%
def log_density(noisy):
    """Logarithm of the density of noisy points, up to a constant: shape (n,)."""
    squared_distance = ((noisy[:, None] - moons[None]) ** 2).sum(axis=2)
    return np.log(np.exp(-squared_distance / (2 * SIGMA**2)).sum(axis=1))


small = 1e-4
score = np.stack(
    [(log_density(noisy + step) - log_density(noisy - step)) / (2 * small) for step in small * np.eye(2)], axis=1
)

# %%
claim(
    "the best arrow is sigma squared times the score, to a thousandth",
    np.allclose(best_arrow, SIGMA**2 * score, atol=1e-3),
    largest_difference=np.abs(best_arrow - SIGMA**2 * score).max(),
)


# %%
def walk(points, sigmas):
    """Follow the arrows of the best denoiser, one step for each sigma."""
    for sigma in sigmas:
        points = posterior_mean(points, moons, sigma)
    return points


ends = {
    "sigma stays at 0.3": walk(noisy[::5], 200 * [SIGMA]),
    "sigma shrinks": walk(noisy[::5], np.geomspace(0.3, 0.05, 30)),
}
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, layout="constrained")
for axes, (name, points) in zip(panels, ends.items()):
    axes.scatter(*moons.T, s=4, color="#ABABAB", linewidths=0)
    axes.scatter(*points.T, s=24, color=plots.COLOURS[1], marker="x", linewidths=1)
    axes.set(title=name, xlabel="horizontal", aspect="equal")
panels[0].set_ylabel("vertical")
plt.show()


def uncovered(points):
    """Mean distance from a clean point to the nearest of the points."""
    return np.sqrt(((moons[:, None] - points[None]) ** 2).sum(axis=2)).min(axis=1).mean()


# %%
claim(
    "the points that walked with a fixed sigma leave the moons uncovered: the mean distance from a clean point to the "
    "nearest of them is twice as large, or more",
    above(uncovered(ends["sigma stays at 0.3"]), 2 * uncovered(ends["sigma shrinks"])),
)

# %% [markdown]
# *What to see: with a fixed $\sigma$ all points gather at a few modes (peaks) of the **noisy** density, which is much
# smoother than the data. With a shrinking $\sigma$ they spread along both moons.*
#
# Diffusion models, which generate images, build on such a falling noise level.

# %% [markdown]
# ## 3. How good is a denoised picture?
# For photographs the usual measure is the peak signal-to-noise ratio, [PSNR](glossary:PSNR), in
# [decibels](glossary:decibel):
#
# $$\text{PSNR} = 10 \log_{10} \frac{\text{range}^2}{\text{mean squared error}} .$$
#
# The range is the largest possible difference: 1 for our pictures, 255 for bytes. Ten decibels more mean a tenth of the
# squared error, three about half. At 20 dB the damage is obvious; at 40 dB a picture hardly differs from the original.
#
# Squared error is not what the eye sees: it punishes a slight change of brightness and hardly notices smoothed skin.
# [SSIM](glossary:SSIM) instead compares brightness, contrast and pattern window by window; 1 means identical.
#
# The task: the middle of eight photographs that no model here has been trained on, with Gaussian noise of
# $\sigma = 25/255$. Four rivals need no training pictures:
#
# - the [median filter](glossary:median-filter) replaces every pixel by the median of its 3 × 3 neighbourhood;
# - **total variation** looks for a picture close to the noisy one whose neighbouring pixels differ little;
# - **non-local means** replaces every pixel by a mean of pixels whose surroundings look similar;
# - **patch PCA** applies lesson 01's PCA to all 6 × 6 patches of a region and sets small coordinates, mostly noise, to
#   0.
#
# The **network**, `ConvDenoiser`, has four convolutional layers that predict the *noise*, which is then subtracted. It
# is trained for 1,000 steps on patches of two other photographs.

# %%
predict(
    "03.rivals",
    "Which method has the highest PSNR, averaged over the eight pictures?",
    options=["median", "total variation", "non-local means", "patch PCA", "network, 1,000 steps"],
)

# %%
STRENGTH = 25 / 255


def warm_up_and_fall(highest, n_steps):
    """A learning rate that rises for 30 steps and then falls to zero along half a cosine."""
    return lambda step: highest * min(1, (step + 1) / 30) * (0.5 + 0.5 * np.cos(np.pi * step / n_steps))


patches = data.patches(grey, size=24, n=12_000, seed=0).images
young = ConvDenoiser(channels=1, width=32, depth=4, strength=STRENGTH)
history = fit(young, patches, epochs=1, batch_size=12, learning_rate=warm_up_and_fall(5e-3, 1000))

# %%
from scipy.ndimage import gaussian_filter, median_filter
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle


# Each takes one noisy picture (1, height, width) and the standard deviation of the noise. The constants were chosen on
# the two training photographs.
def median(picture, sigma):
    return median_filter(picture[0], 3)[None]


def total_variation(picture, sigma):
    return denoise_tv_chambolle(picture[0], weight=sigma * (0.55 + 1.3 * sigma))[None]


def non_local_means(picture, sigma):
    return denoise_nl_means(picture[0], patch_size=5, patch_distance=6, h=0.65 * sigma, sigma=sigma)[None]


cleaners = {
    "median": median,
    "total variation": total_variation,
    "non-local means": non_local_means,
    "patch PCA": denoise_by_pca,
    "network, 1,000 steps": young.denoise,
}
photographs = {name: middle(picture, 160) for name, picture in unseen.items()}
noisy_photographs = {
    name: corrupt(picture[None], "gaussian", STRENGTH, seed=number)[0]
    for number, (name, picture) in enumerate(photographs.items())
}


def judged(clean, spoilt, pictures=photographs):
    """PSNR and SSIM averaged over the pictures; clean takes one noisy picture, its output is clipped to [0, 1]."""
    cleaned = {name: np.clip(clean(spoilt[name]), 0, 1) for name in pictures}
    return {
        "psnr": np.mean([psnr(pictures[name], cleaned[name]) for name in pictures]),
        "ssim": np.mean([metrics.ssim(pictures[name], cleaned[name]) for name in pictures]),
        "pictures": cleaned,
    }


result = {"nothing done": judged(lambda picture: picture, noisy_photographs)}
for name, clean in cleaners.items():
    result[name] = judged(lambda picture, clean=clean: clean(picture, STRENGTH), noisy_photographs)
for name, row in result.items():
    print(f"{row['psnr']:6.2f} dB   SSIM {row['ssim']:.3f}   {name}")

# %%
outcome(
    "03.rivals",
    max(cleaners, key=lambda name: result[name]["psnr"]),
    because="Patch PCA computes new axes for each region; the network's weights are the same for all pictures. "
    "(This is a likely reason, not a tested one.)",
)
claim(
    "after 1,000 steps the network is above the median filter by 1 dB or more, and still below patch PCA",
    above(result["network, 1,000 steps"]["psnr"], result["median"]["psnr"] + 1),
    below(result["network, 1,000 steps"]["psnr"], result["patch PCA"]["psnr"]),
)

# %% [markdown]
# Patch PCA, the winner, learns from the noisy picture alone. Beside the median filter alone, the network would have
# looked excellent. **Choose rivals that could win.**
#
# Longer training (5,000 steps) hardly helps. Is a deeper network better? `pretrained("denoiser")` has twice as many
# layers, was trained for minutes on the same two photographs, and is given the noise level as an additional input.

# %%
denoiser = pretrained("denoiser")
result["network, pretrained"] = judged(lambda picture: denoiser.denoise(picture, STRENGTH), noisy_photographs)
for name, row in result.items():
    print(f"{row['psnr']:6.2f} dB   SSIM {row['ssim']:.3f}   {name}")
best_of_others = {
    measure: max(row[measure] for name, row in result.items() if name != "network, pretrained")
    for measure in ("psnr", "ssim")
}

# %%
claim(
    "of the methods that we ran, the pretrained network has the highest SSIM, and the highest PSNR by 0.1 dB or more",
    above(result["network, pretrained"]["ssim"], best_of_others["ssim"]),
    above(result["network, pretrained"]["psnr"], best_of_others["psnr"] + 0.1),
)

# %% [markdown]
# The strongest rival is still missing: BM3D (2007), which denoises stacks of similar patches, without any training. On
# these eight pictures it reaches **29.61 dB and SSIM 0.843** (quoted: its package is free for non-commercial use only),
# the pretrained network 29.33 dB and 0.834.
#
# What do the methods do to fine detail, such as a cat's eye?

# %%
shown = {"original": photographs["chelsea"], "noisy": noisy_photographs["chelsea"]}
shown |= {
    name: result[name]["pictures"]["chelsea"]
    for name in ("median", "non-local means", "patch PCA", "network, pretrained")
}
draw_pictures(shown, photographs["chelsea"])

# %% [markdown]
# *What to see: the median filter leaves grain. The other three keep the rim of the eye and lose the individual hairs of
# the fur; what they draw instead is a guess.*
#
# In the playground, raise the strength of the noise until the network fails: **does the rival fail sooner?** Show the
# differences from the original: where are the errors? Then choose [salt-and-pepper
# noise](glossary:salt-and-pepper-noise), which turns single pixels white or black: **which rival wins now?**

# %%
play.denoiser()

# %% [markdown]
# ## 4. When does a denoiser mislead?
# ### The noise level
# The pretrained network must be told the strength of the noise.

# %%
predict(
    "03.told",
    "The noise has strength 25/255, but the network is told another strength. Which costs more decibels?",
    options=["told half the true strength", "told twice the true strength", "about the same, within half a decibel"],
)

# %%
told = {
    factor: judged(lambda picture, factor=factor: denoiser.denoise(picture, factor * STRENGTH), noisy_photographs)
    for factor in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
}
measured = judged(lambda picture: denoiser.denoise(picture, noise_level(picture)), noisy_photographs)
difference = told[2.0]["psnr"] - told[0.5]["psnr"]
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
axes.plot([255 * factor * STRENGTH for factor in told], [row["psnr"] for row in told.values()], "o-", label="told")
axes.axhline(measured["psnr"], color=plots.COLOURS[1], linestyle="--", label="measured by noise_level")
axes.axvline(25, color="#ABABAB", linestyle=":", label="true strength")
axes.set(title="PSNR for each strength told", xlabel="strength told (of 255)", ylabel="PSNR (dB)")
axes.legend(frameon=False, loc="lower right")
plt.show()

# %%
outcome(
    "03.told",
    "about the same, within half a decibel"
    if abs(difference) < 0.5
    else "told half the true strength"
    if difference > 0
    else "told twice the true strength",
    because="If the strength is too low, the network leaves noise in the picture; if it is too high, fine texture is removed.",
)

# %% [markdown]
# The remedy is to estimate the strength from the noisy picture. With the estimate of `noise_level` (dashed line) the
# network is about as good as with the true strength.
#
# ### Invented digits
# Given digits with noise of **1.0**, the denoiser of section 1, trained at strength 0.5, still draws neat digits. **Are
# they the right ones?** A classifier trained on clean digits reads them. A drawing is *convincing* if the classifier is
# more than 90 % sure of some digit.

# %%
from sklearn.linear_model import LogisticRegression

reader = LogisticRegression(max_iter=3000).fit(train.x, train.labels)
very_noisy = corrupt(test.x, "gaussian", 1.0, seed=3)
matched = learn(Autoencoder(64, 128, (128,), output="sigmoid"), train.x, 1.0)


def confidence_in_error(drawn):
    """How sure the reader is, where it reads another digit than it was; 0 where it reads the right one."""
    probability = reader.predict_proba(drawn)
    return np.where(probability.argmax(axis=1) != test.labels, probability.max(axis=1), 0)


doubt = {
    "clean digits": confidence_in_error(test.x),
    "trained at 0.5": confidence_in_error(wide["denoising"](very_noisy)),
    "trained at 1.0": confidence_in_error(matched(very_noisy)),
}
wrong = {name: float((sure > 0.9).mean()) for name, sure in doubt.items()}
worst = np.argsort(-doubt["trained at 0.5"])[:10]
draw_rows(
    {
        "what it was": test.x[worst],
        "noise of 1.0": very_noisy[worst],
        "trained at 0.5": wide["denoising"](very_noisy[worst]),
        "trained at 1.0": matched(very_noisy[worst]),
    },
    "The ten drawings that are wrong with the highest confidence",
)

# %%
claim(
    "trained with too little noise, the network makes at least one drawing in fifteen that is convincing but wrong; on "
    "clean digits the classifier makes such an error less than once in a hundred; training with the right noise leaves fewer "
    "than half as many",
    above(wrong["trained at 0.5"], 1 / 15),
    below(wrong["clean digits"], 0.01),
    below(wrong["trained at 1.0"], 0.5 * wrong["trained at 0.5"]),
)

# %% [markdown]
# *What to see: clear digits in the third row that are wrong. A network trained with the right strength (fourth row)
# draws softer digits, which show its uncertainty.*
#
# ### Invented edges
# In photographs no label reveals an invention, so we denoise a picture of **nothing**: uniform grey with noise of 0.2,
# the strength that the network is told. Any blur makes blobs, so we blur the same noise as a control. Which differences
# do you see?

# %%
nothing = corrupt(np.full((1, 1, 128, 128), 0.5, dtype=np.float32), "gaussian", 0.2, seed=0)[0, 0]
painted = denoiser.denoise(nothing[None, None], 0.2)[0, 0]
blurred = gaussian_filter(nothing, 1.5)


def edges(picture):
    """Share of differences between neighbours beyond four standard deviations: 1 in 16,000 if they are Gaussian."""
    differences = np.diff(picture, axis=1)
    return float((np.abs(differences) > 4 * differences.std()).mean())


greys = {"noise on an even grey": nothing, "denoised by the network": painted, "blurred, for comparison": blurred}
figure, panels = plt.subplots(1, 3, figsize=(10, 3.6), layout="constrained")
for axes, (name, picture) in zip(panels, greys.items()):
    spread = 2.5 * picture.std()
    plots.draw_images(axes, picture[None], pad=0, low=picture.mean() - spread, high=picture.mean() + spread)
    axes.set_title(f"{name}\nstandard deviation {picture.std():.3f}, edges {edges(picture):.2%}", fontsize=9)
    axes.set_axis_off()
plt.show()

# %%
claim(
    "the network removes nearly all of the noise, but unlike a blur it leaves edges: differences beyond four standard "
    "deviations, at least one in 500; after the blur fewer than one in 1,000",
    below(painted.std() / nothing.std(), 0.3),
    above(edges(painted), 1 / 500),
    below(edges(blurred), 1 / 1000),
)

# %% [markdown]
# *What to see (the contrast is raised): the blur leaves round blobs everywhere. The network leaves smooth areas with a
# few sharp lines and edges. None of them was there.*
#
# A denoiser answers with what is *probable* given its training data. In a mammogram or a number plate, an invented
# detail can do harm. Keep the noisy picture, and show what was removed: it should look like noise, without edges.

# %% [markdown] tags=["sitting"]
# **A good place to stop.** The second half turns a code into bytes and compares codecs. It needs only the setup cell at
# the top.

# %% [markdown]
# ## 5. What does a picture cost?
# A code of few numbers saves nothing by itself, because each number can have arbitrarily many digits. Only bits count.
# A [codec](glossary:codec) turns a picture into bits and back. From JPEG to the newest networks, codecs take three
# steps: **transform** the picture into codes, **quantize** them, and write them with an **entropy coder**.
#
# **Transform.** We cut a photograph into 1,024 blocks of 8 × 8 pixels and compute the 64 principal components of each,
# using axes found on the two training photographs. So far nothing is lost or saved.
#
# **Quantize.** [Quantization](glossary:quantization) divides each code by the step size and rounds the result to an
# integer. Only this step loses information. How large a step size is acceptable?

# %%
camera = middle(unseen["camera"], 256)
blocks = data.patches(grey, size=8, n=20_000, seed=0).x
axes_of_patches = PCA(64).fit(blocks)


def cut(picture):
    """A picture (1, height, width) as rows of blocks: shape (n_blocks, 64)."""
    _, height, width = picture.shape
    return picture.reshape(height // 8, 8, width // 8, 8).transpose(0, 2, 1, 3).reshape(-1, 64)


def join(blocks, height, width):
    """The reverse of cut."""
    return blocks.reshape(height // 8, width // 8, 8, 8).transpose(0, 2, 1, 3).reshape(1, height, width)


def quantized(picture, step_size):
    """The principal components of every block, in steps: integers of shape (n_blocks, 64)."""
    return np.round(axes_of_patches.encode(cut(picture)) / step_size).astype(int)


def rebuilt(codes, step_size, height=256, width=256):
    return np.clip(join(axes_of_patches.decode((codes * step_size).astype(np.float32)), height, width), 0, 1)


draw_pictures(
    {"original": camera} | {f"step size {size}": rebuilt(quantized(camera, size), size) for size in (0.05, 0.3, 1.0)},
    camera,
    columns=4,
    size=2.4,
    zoom=slice(40, 200),
)

# %% [markdown]
# *What to see: at 0.05 the loss is invisible, at 0.3 the borders of the blocks show, and at 1.0 little else is left.*
#
# **Write.** Many codes are now 0, and few are large. Frequent [symbols](glossary:symbol) should get short codewords and
# rare symbols long ones. In 1948 Shannon showed how short: a symbol of probability $p$ carries $-\log_2 p$
# [bits](glossary:bit), 0.15 bits at probability 0.9, about ten at 0.001. The mean over the symbols is the
# [entropy](glossary:entropy),
#
# $$H = -\sum_s p_s \log_2 p_s \quad \text{bits per symbol}.$$
#
# No lossless code needs fewer bits on average, if the symbols are independent with these probabilities.
#
# **Exercise 03.3.** `codes` is an array of integers of any shape. Return its entropy in bits per symbol.


# %% tags=["exercise-03.3"]
{{exercise("03.3")}}


# %% tags=["check-03.3"]
entropy = check("03.3", entropy)
grade("03.3")

# %%
predict(
    "03.price",
    "A pixel of a grey photograph has 8 bits. With a step size of 0.2, what is the entropy of the codes, in bits per code?",
    unit="bits",
    low=0,
    high=8,
)

# %%
codes = quantized(camera, 0.2)
zeros = (codes == 0).mean()
outcome(
    "03.price",
    entropy(codes),
    because=f"{zeros:.0%} of the codes are 0, and a symbol that is nearly certain costs little.",
)
per_component = np.mean([entropy(codes[:, place]) for place in range(64)])
print(f"one frequency table for all components:   {entropy(codes):.2f} bits per code")
print(f"one frequency table for each component:   {per_component:.2f} bits per code")

# %% [markdown]
# The first component of a block is often large, the last hardly ever. With a frequency table for each, the codes cost
# about a quarter less (not counting the tables): **a symbol costs less if the decoder expects it.**
#
# A [range coder](glossary:range-coder) writes the symbols. All messages share the interval from 0 to 1, and each symbol
# selects a share of the remaining interval equal to its probability. With $p = \tfrac12$ for `a` and $\tfrac14$ each
# for `b` and `c`, the message `ba` first selects 0.5 to 0.75 (for `b`), then the first half of that (for `a`): 0.5 to
# 0.625. Any number in this interval identifies the message. Its width is $p_b\,p_a = 2^{-3}$, so three binary digits
# are enough: **the widths multiply, as the probabilities do, and the bits add up.**
#
# The next cell holds the main loop, folded: `low` is the start of the interval, and `cumulative` the running sum of a
# frequency table, `[0, 2, 3, 4]` for counts of 2, 1 and 1.

# %%
source = html.escape(inspect.getsource(RangeEncoder.encode_all))
HTML(f"<details><summary>The main loop of the range coder</summary><pre>{source}</pre></details>")

# %% [markdown]
# Does the coder get close to the entropy? It is given the index of each code in the list `symbols`, and a frequency
# table.

# %%
symbols, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
table = [0, *np.cumsum(counts).tolist()]
encoder = RangeEncoder()
for place in places.ravel().tolist():
    encoder.encode(place, table)
message = encoder.finish()

decoder = RangeDecoder(message)
decoded = np.array([symbols[decoder.decode(table)] for _ in range(codes.size)]).reshape(codes.shape)

# %%
claim(
    "every code comes back from the bytes, and the bytes are within 1 % of the entropy",
    np.array_equal(decoded, codes),
    between(8 * len(message) / (entropy(codes) * codes.size), 0.99, 1.01),
    bytes=len(message),
)

# %% [markdown]
# The decoder was given the bytes, but also **the table and the number of codes**, which a real file must carry in its
# header. From now on we count the bytes of whole files, never an entropy.

# %% [markdown]
# ## 6. Which codec gives the best picture for the same bits?
# Every codec trades bits for quality, so it is not a point but a curve: the rate in [bits per
# pixel](glossary:bits-per-pixel) against the distortion, measured here as PSNR. Such [rate-distortion
# curves](glossary:rate-distortion-curve) can be compared only **at equal rate** (or at equal quality).
#
# **Exercise 03.4.** Return bits per pixel and PSNR (the library has `psnr(x, x_hat, data_range)`). `image` has shape
# (channels, height, width) and values in [0, 1], `data` holds the bytes of the file, and `decoded` is the picture that
# came back. The red, green and blue values of one place are *one* pixel.


# %% tags=["exercise-03.4"]
{{exercise("03.4")}}


# %% tags=["check-03.4"]
rate_point = check("03.4", rate_point)
grade("03.4")

# %% [markdown]
# **Exercise 03.5: repair.** A colleague compares two codecs. Each curve is an array with one row per file, bits per
# pixel and PSNR, in any order.
#
# ```python
# def lead_at_rates(one, other, rates):
#     return (one[:, 1] - other[:, 1]).mean()
# ```
#
# The first codec wins only because its "quality 50" writes files twice as large. Repair the function: return the first
# curve's lead at each of the given `rates`, by linear interpolation, `np.interp(rates, x, y)`, and NaN at rates that
# one of the curves does not reach. Which order of points does `np.interp` need, and what does it return outside them?


# %% tags=["exercise-03.5"]
{{exercise("03.5")}}


# %% tags=["check-03.5"]
lead_at_rates = check("03.5", lead_at_rates)
grade("03.5")

# %% [markdown]
# The competitors all write real files:
#
# - [JPEG](glossary:JPEG): cosine waves on blocks of 8 × 8, larger step sizes for fine waves, which the eye sees less
#   well, and Huffman codewords, each a whole number of bits long;
# - the later standards that your version of Pillow has: JPEG 2000 (wavelets, short waves of several sizes, instead of
#   blocks), WebP and AVIF (which predict each block from its neighbours);
# - **PCA**: section 5, completed as `PatchPCACodec`, with one step size for all components;
# - **the learned codec**, trained for minutes on two photographs. It starts from JPEG's waves and learns the rest:
#   blocks that overlap, a decoder that corrects quantization errors, and a network that predicts each code from those
#   already written. Its loss is *distortion + weight · rate*. Rounding has no useful gradient, so in training the rate
#   is computed with uniform noise between -½ and ½ instead. When it writes a file, the codec also *rounds by rate*: it
#   takes the cheaper integer if the error grows only a little, which alone gains 0.25 to 0.4 dB.

# %%
predict(
    "03.codecs",
    "At 0.4 bits per pixel, a twentieth of the raw 8: where does the learned codec end up?",
    options=["ahead of all others", "ahead of JPEG, but not of all others", "behind JPEG"],
)

# %%
import io

from PIL import Image, features


def standard(name):
    """Compress and decompress of one of Pillow's formats; the setting is a quality, for JPEG 2000 a compression ratio."""

    def compress(picture, setting):
        options = {"quality_layers": [setting], "irreversible": True} if name == "JPEG2000" else {"quality": setting}
        file = io.BytesIO()
        Image.fromarray(np.rint(255 * picture[0]).astype(np.uint8)).save(file, name, **options)
        return file.getvalue()

    def decompress(file):
        return np.asarray(Image.open(io.BytesIO(file)).convert("L"), dtype=np.float32)[None] / 255

    return compress, decompress


pca_codec = PatchPCACodec(size=8).fit(blocks)
learned_codec = pretrained("codec")
codecs = {
    "JPEG": (metrics.jpeg_compress, metrics.jpeg_decompress, (5, 10, 18, 30, 50, 75)),
    "PCA": (pca_codec.compress, pca_codec.decompress, (0.8, 0.5, 0.3, 0.18, 0.1)),
    "learned": (learned_codec.compress, learned_codec.decompress, (0.6, 0.35, 0.2, 0.12, 0.07)),
}
for name, feature, settings in (
    ("JPEG 2000", "jpg_2000", (50, 32, 20, 13, 8)),
    ("WebP", "webp", (1, 10, 30, 50, 70, 85)),
    ("AVIF", "avif", (20, 40, 55, 70)),
):
    if features.check(feature):
        codecs[name] = (*standard(name.replace(" ", "")), settings)
targets = {name: middle(unseen[name], 256) for name in ("astronaut", "camera", "coffee")}


def curve_of(compress, decompress, settings, picture):
    """Rate and PSNR for each setting: array of shape (n_settings, 2)."""
    files = [compress(picture, setting) for setting in settings]
    return np.array([rate_point(picture, file, decompress(file)) for file in files])


curves = {(codec, name): curve_of(*codecs[codec], picture) for codec in codecs for name, picture in targets.items()}

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.7), sharex=True, layout="constrained")
for axes, name in zip(panels, targets):
    for number, codec in enumerate(codecs):
        axes.plot(*curves[codec, name].T, marker=plots.MARKERS[number], color=plots.COLOURS[number], label=codec)
    axes.axvline(0.4, color="#ABABAB", linewidth=0.8, linestyle=":")
    axes.set(title=name, xlabel="bits per pixel", xlim=(0, 1.3))
    axes.grid(True, color="#DDDDDD", linewidth=0.6)
panels[0].set_ylabel("PSNR (dB)")
panels[2].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
plt.show()

RATES = np.array([0.25, 0.4, 0.6])
lead = {
    (codec, rival): np.array([lead_at_rates(curves[codec, name], curves[rival, name], RATES) for name in targets])
    for codec in codecs
    for rival in codecs
}
ahead_of = [rival for rival in codecs if rival != "learned" and lead["learned", rival].mean(axis=0)[1] > 0]
for rival in [rival for rival in codecs if rival != "learned"]:
    print(
        "learned against",
        f"{rival:9}",
        *(f"{value:+.1f} dB" for value in lead["learned", rival].mean(axis=0)),
        sep="  ",
    )

# %%
outcome(
    "03.codecs",
    "ahead of all others"
    if len(ahead_of) == len(codecs) - 1
    else "ahead of JPEG, but not of all others"
    if "JPEG" in ahead_of
    else "behind JPEG",
    because="It was trained in minutes on two photographs; the newer standards are the result of decades of engineering.",
)
claim(
    "at 0.25, 0.4 and 0.6 bits per pixel the learned codec is ahead of JPEG and JPEG ahead of PCA on each of the three "
    "pictures; WebP is ahead of the learned codec at 0.4 and 0.6 by 0.5 dB or more on average",
    above(lead["learned", "JPEG"].min(), 0),
    above(lead["JPEG", "PCA"].min(), 0),
    *([above(lead["WebP", "learned"].mean(axis=0)[1:].min(), 0.5)] if "WebP" in codecs else []),
)

# %% [markdown]
# *What to see: up and to the left is better. WebP and AVIF are above the learned codec.* Beside JPEG alone, the learned
# codec would have looked excellent.
#
# Now compare by eye, at equal bytes. Lower the rate until you would no longer accept the picture. **What do you see
# first:** blocks, ringing (ripples beside edges), smeared texture?

# %%
play.rate_distortion()

# %% [markdown]
# At low rates people may rank the codecs differently: the smallest squared error demands blur, and pictures that look
# real have a larger error (Blau and Michaeli 2019).

# %% [markdown]
# ## When it fails
# ### Why does PCA lose to JPEG?
# For a given number of components, PCA's axes give the smallest squared error on the patches that they are computed
# from. Yet PCA loses. The codecs differ in axes, step sizes and coding. To find the cause we change the axes and
# nothing else.

# %%
predict(
    "03.axes",
    "PCA's codec gets JPEG's cosine waves in place of its own axes. At equal rate, its PSNR …",
    options=["rises by more than 0.2 dB", "falls by more than 0.2 dB", "stays, within 0.2 dB"],
)

# %%
waves = np.cos(np.pi * np.outer(np.arange(8), np.arange(8) + 0.5) / 8)
waves /= np.linalg.norm(waves, axis=1, keepdims=True)
cosine_codec = PatchPCACodec(size=8).fit(blocks)
cosine_codec.pca.components = torch.tensor(np.kron(waves, waves), dtype=torch.float32)

gains = []
for name, picture in targets.items():
    curve = curve_of(cosine_codec.compress, cosine_codec.decompress, codecs["PCA"][2], picture)
    gains.append(lead_at_rates(curve, curves["PCA", name], RATES))
gain = np.mean(gains, axis=0)
print("gain in dB at 0.25, 0.4 and 0.6 bits per pixel:", *np.round(gain, 2))

# %%
outcome(
    "03.axes",
    "stays, within 0.2 dB"
    if abs(gain[1]) < 0.2
    else "rises by more than 0.2 dB"
    if gain[1] > 0
    else "falls by more than 0.2 dB",
    because="Principal components give the smallest error for a given number of components, but here bits count.",
)
claim(
    "cosine waves in place of principal components gain 0.2 dB or more at each of the three rates",
    above(gain.min(), 0.2),
)

# %% [markdown]
# The axes explain about half of PCA's deficit against JPEG. Even axes computed from the test picture itself are hardly
# ever better than the cosine waves. **Few numbers are not few bits.**
#
# ### The decoder that nobody counted
# Our curves count every byte of every file, but not the **decoder**: the learned codec needs its weights on the
# receiving side. JPEG needs a program there too, but everybody already has it.

# %%
predict(
    "03.pays",
    "After how many pictures of 256 x 256 pixels has the learned codec saved as many bytes, compared with "
    "JPEG, as its weights take up?",
    unit="pictures",
    low=1,
    high=5000,
)

# %%
weights_size = (WEIGHTS / "codec.npz").stat().st_size
saved, learned_size = [], []
for name, picture in targets.items():
    file = learned_codec.compress(picture, 0.2)
    _, quality = rate_point(picture, file, learned_codec.decompress(file))
    rates, qualities = curves["JPEG", name].T
    jpeg_size = np.interp(quality, qualities, rates) * picture[0].size / 8
    saved.append(jpeg_size - len(file))
    learned_size.append(len(file))
pictures_needed = weights_size / np.mean(saved)

# %%
outcome(
    "03.pays",
    pictures_needed,
    because="A file saves about a kilobyte against a JPEG of the same PSNR, and the weights take several hundred kilobytes.",
)
claim(
    "the weights are larger than 100 compressed pictures together, and it takes more than 100 pictures to save as "
    "many bytes",
    above(weights_size, 100 * np.mean(learned_size)),
    above(pictures_needed, 100),
)

# %% [markdown]
# For an album of thousands of pictures that is little; for one picture sent to a stranger it is far too much. **Figures
# in bits per pixel must say what the receiver already has.**

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "03.check_yourself",
    [
        Question(
            "A denoising autoencoder has a code wider than its input. Why does it not simply copy?",
            [
                ("because of the sigmoid at its end", False, "A copier with a sigmoid copies well: you measured it."),
                (
                    "a copy of the noisy input is not the target",
                    True,
                    "Yes. Copying would pass the noise on, and the loss punishes that.",
                ),
                (
                    "because the noise makes learning slow",
                    False,
                    "Fast or slow, training minimizes the distance to the clean sample, not to the input.",
                ),
            ],
        ),
        Question(
            "A noisy point lies between two clusters, a little nearer to one. What does the best denoiser in squared error "
            "answer?",
            [
                (
                    "the posterior mean, even if it lies between the clusters",
                    True,
                    "Yes. That is why such denoisers blur what they cannot know.",
                ),
                ("a sample from the nearer cluster", False, "That looks more real, but its squared error is larger."),
                (
                    "the noisy point itself",
                    False,
                    "Only where the density of noisy points has no slope, as at its modes.",
                ),
            ],
        ),
        Question(
            "A paper reports 31.2 dB for one method and 79.3 dB for another on the same task. What do you suspect first?",
            [
                ("the second method is far better", False, "48 dB are a factor of 65,000 in squared error."),
                (
                    "one of the two took a range of 255 for values in [0, 1]",
                    True,
                    "Yes: 20 log10(255) is 48.1 dB, and 31.2 + 48.1 = 79.3.",
                ),
                ("one of the two used the natural logarithm", False, "That would multiply by 2.3 and give 71.8."),
            ],
        ),
        Question(
            "95 % of your codes are 0. A colleague says that telling zeros from the rest costs at least one bit per code.",
            [
                ("right: a bit is the smallest unit", False, "Of storage, yes; but not per symbol of a long message."),
                (
                    "wrong: it costs 0.29 bits on average",
                    True,
                    "Yes. A zero costs -log2(0.95) = 0.07 bits, anything else 4.3 bits; weighted by 0.95 and 0.05 that is 0.29.",
                ),
                (
                    "wrong: it costs 0.07 bits on average",
                    False,
                    "That is the cost of a zero alone. The rare other symbols cost 4.3 bits each.",
                ),
            ],
        ),
        Question(
            "A new codec reports 0.30 bits per pixel by the entropy of its codes; a JPEG file has 0.33. Is it better?",
            [
                ("yes, by 10 %", False, "An entropy was compared with a whole file."),
                (
                    "unknown: ask for real bytes, at equal PSNR, for the size of the decoder, and for WebP",
                    True,
                    "Yes. Header, tables, quality and the strongest rival are all missing from the claim.",
                ),
                ("no, JPEG is a standard", False, "Being a standard saves no bits."),
            ],
        ),
        Question(
            "A denoised microscope image shows fine threads that nobody has seen before. What do you do first?",
            [
                (
                    "publish: the noise had hidden them",
                    False,
                    "The denoiser of this lesson drew lines and edges even from pure noise.",
                ),
                (
                    "look at the noisy image, take a second one, and denoise pure noise of that strength",
                    True,
                    "Yes. Structure that appears from pure noise, or does not appear twice, is not evidence.",
                ),
                ("sharpen them with a second network", False, "That would make an invention more convincing."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A network trained to undo corruption does not copy, even if its code is wide.
# - The best denoiser in squared error answers with the posterior mean. Its arrow is $\sigma^2$ times the score of the
#   noisy data; following it covers the data only if $\sigma$ shrinks.
# - A denoiser answers with what is probable. That is not evidence.
# - Choose strong rivals. The deeper network beat patch PCA, but not BM3D; the learned codec beat JPEG, but not WebP.
# - A codec transforms, quantizes and codes. A symbol costs less if the decoder expects it.
# - Compare codecs at equal rate, by real bytes, and say what the receiver already has.
#
# Two new rows for the course's table: lesson 02's deep autoencoder, trained with noise of 0.3. **Does the noise lower
# the error on clean digits, and does the linear probe read the codes better?**

# %%
rows = []
for k in (2, 8):
    for seed in range(3):
        model = DenoisingAutoencoder(64, k, (128, 64), strength=0.3, output="sigmoid", seed=seed)
        history = fit(model, train.x, epochs=40, batch_size=64, learning_rate=3e-3, seed=seed, progress=False)
        means = {"encode": model.encode, "decode": model.decode, "seconds": history.seconds}
        rows.append(comparison_row("denoising autoencoder", k, train, test, **means))
comparison(rows)

# %% [markdown]
# Noise raises the error on clean digits, at eight numbers by about a third. The probe reads these codes better, by
# about one point on average over eight runs; at two numbers the seeds differ more than the methods do.

# %% [markdown]
# ## Where to read on
# - Pascal Vincent and others, *Extracting and composing robust features with denoising autoencoders*, ICML 2008, and
#   *Stacked denoising autoencoders*, Journal of Machine Learning Research 2010. Better features, on larger images.
# - Pascal Vincent, *A connection between score matching and denoising autoencoders*, Neural Computation 2011. Section 2
#   of this lesson.
# - Kostadin Dabov and others, *Image denoising by sparse 3-D transform-domain collaborative filtering*, IEEE
#   Transactions on Image Processing 2007. BM3D.
# - Charles-Alban Deledalle, Joseph Salmon and Arnak Dalalyan, *Image denoising with patch based PCA: local versus
#   global*, BMVC 2011. Our rival.
# - Kai Zhang and others, *Beyond a Gaussian denoiser*, IEEE Transactions on Image Processing 2017, and *FFDNet*, 2018.
#   Networks that do beat BM3D; the noise level as an input.
# - Claude Shannon, *A mathematical theory of communication*, Bell System Technical Journal 1948, sections 6 to 9.
# - Gregory Wallace, *The JPEG still picture compression standard*, IEEE Transactions on Consumer Electronics 1992.
# - Johannes Ballé and others, *End-to-end optimized image compression*, ICLR 2017. Noise in place of rounding.
# - Yochai Blau and Tomer Michaeli, *Rethinking lossy compression: the rate-distortion-perception tradeoff*, ICML 2019.
