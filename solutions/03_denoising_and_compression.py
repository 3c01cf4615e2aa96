# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 03 · Denoising and compression
#
# {{badges}}
#
# {{times reading=60}}
#
# **You need:** lesson 02 (autoencoder, code, held-out data), lesson 01 (PCA, linear probe), and logarithms.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - train a network on spoilt samples, and say what it learns from them that copying would not have taught it;
# - say where a denoiser's arrow points, and check it against a formula;
# - judge a cleaned picture by PSNR and SSIM, and let honest rivals speak first;
# - turn a code into bits: round it, find its entropy, write it with a range coder, count the bytes;
# - compare codecs at equal rate, and see through a flattering comparison;
# - recognize the wrong noise, invented structure and a decoder that nobody counted.

# %% [markdown]
# ## 1. What does a spoilt digit teach?
# In lesson 02 a bottleneck as wide as the input was a failure: the network copied. A narrow code was one cure, a sparse
# one another. Here is the third, and the simplest: **spoil the sample, and ask for the clean one.** Whoever copies now
# copies the damage.
#
# Spoiling is called [corruption](glossary:corruption), and a network that learns to undo it a [denoising
# autoencoder](glossary:denoising-autoencoder). The plainest corruption adds [Gaussian](glossary:Gaussian)
# [noise](glossary:noise) of [standard deviation](glossary:standard-deviation) $\sigma$ (`strength`) to every pixel by
# itself. With $r$ for the network and $\varepsilon$ for the noise, the loss of a sample is
#
# $$L = \lVert\, r(x + \varepsilon) - x \,\rVert^2 , \qquad \varepsilon_j \sim \mathcal{N}(0, \sigma^2) .$$

# %%
import inspect

import matplotlib.pyplot as plt
import numpy as np
import torch

from udl_teach import data, fit, metrics, play, plots
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

# %% [markdown]
# **Exercise 03.1.** Return the pair that a step of learning needs: what the network is *given*, and the *target* that
# it should answer with. `x` has shape (samples, features); `rng` is a NumPy generator, and `rng.normal(mean, sd,
# size=...)` draws from it.


# %% tags=["exercise-03.1"]
{{exercise("03.1")}}


# %% tags=["check-03.1"]
training_pair = check("03.1", training_pair)
grade("03.1")


# %% [markdown]
# Now a loop around your function, and two networks that are alike to the last weight: 64 pixels, a code of **128**
# numbers, which is twice as wide as the input, and 64 pixels again, with 128 hidden units on the way in and on the way
# out. One learns at strength 0, which is plain copying, the other at strength 0.5.


# %%
def learn(model, x, strength, epochs=30, batch_size=64, seed=0):
    """Lesson 02's loop with your pairs: noise is drawn anew for every sample in every epoch."""
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


digits = data.digits()
train, test = digits.split(seed=0)
wide = {}
for name, strength in (("copying", 0.0), ("denoising", 0.5)):
    wide[name] = learn(Autoencoder(64, 128, (128,), output="sigmoid"), train.x, strength)

# %%
predict(
    "03.copy",
    "Held-out digits, clean ones, go in. Which network gives them back with the smaller error?",
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
better = "the one that copied" if ratio < 1 else "the one that denoised"
outcome(
    "03.copy",
    "both alike, within a tenth" if abs(ratio - 1) < 0.1 else better,
    because="Copying is all that it learned, and a clean digit asks for nothing else.",
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
# So a low reconstruction error was, once more, no proof of knowledge. *What to see: the copier hands the noise through.
# The denoiser draws digits, a bit soft, and here and there a wrong one: keep that in mind for later.*


# %%
def draw_rows(rows, title):
    """Rows of ten digits each, given as name: array of shape (10, 64)."""
    figure, axes = plt.subplots(figsize=(7.5, 0.8 * len(rows) + 0.6), layout="constrained")
    plots.draw_images(axes, np.concatenate(list(rows.values())).reshape(-1, 8, 8), columns=10)
    axes.set_yticks([5 + 9 * row for row in range(len(rows))], list(rows))
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    axes.set_xlabel("each tile is 8 x 8 pixels")
    plt.show()


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
# Noise is not the only teacher. [Masking](glossary:masking) sets a share of the pixels to 0, and the network must fill
# in what is gone from what is left. The library's `DenoisingAutoencoder` does that with `corruption="masking"` (and
# knows `"salt-and-pepper"` and `"blur"` as well). Half of the pixels are taken away:

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
# At the hidden pixels the masking network's error is about half of the mean digit's, and the copier's about twice the mean
# digit's.
#
# What have they learned inside? Each unit of the first layer holds 64 weights, a little picture of what it looks for.
# *What to see: the copier's look like noise. With noise or masking as a teacher, neighbouring weights agree: spots and
# strokes.*

# %%
figure, panels = plt.subplots(1, 3, figsize=(9, 3.4), layout="constrained")
agreement = {}
for axes, (name, model) in zip(panels, wide.items()):
    weights = model.encoder[0].weight.detach().numpy().reshape(-1, 8, 8)
    centred = weights - weights.mean(axis=(1, 2), keepdims=True)
    across = (centred[:, :, 1:] * centred[:, :, :-1]).mean(axis=(1, 2))
    agreement[name] = float((across / (centred**2).mean(axis=(1, 2))).mean())
    largest = np.abs(weights[:36]).max(axis=(1, 2), keepdims=True)
    plots.draw_images(axes, weights[:36] / largest, columns=6, low=-1, high=1)
    axes.set_title(name)
    axes.set_xlabel(f"neighbours correlate: {agreement[name]:.2f}")
plt.show()

# %% [markdown]
# Prettier features: are they also **better codes**? Lesson 01's judge is the [linear probe](glossary:linear-probe), a
# linear classifier on the codes with ten labels a class.

# %%
predict(
    "03.probe",
    "A linear probe reads the codes of clean digits. Compared with the copier's codes, the denoiser's are …",
    options=["better by more than 3 points of accuracy", "worse by more than 3 points", "as good, within 3 points"],
)


# %%
def probe(encode, x):
    return metrics.linear_probe(encode(train.x), train.labels, encode(x), test.labels)


read = {(name, kind): probe(model.encode, x) for name, model in wide.items() for kind, x in given.items()}
gain = read["denoising", "clean"] - read["copying", "clean"]
other = "better by more than 3 points of accuracy" if gain > 0 else "worse by more than 3 points"
outcome(
    "03.probe",
    "as good, within 3 points" if abs(gain) < 0.03 else other,
    because="On small, clean, centred digits the pixels themselves are easy to read already, so any wide code is.",
)
for name in wide:
    print(f"accuracy {read[name, 'clean']:.0%} on clean digits, {read[name, 'noisy']:.0%} on noisy digits: {name}")
claim(
    "on noisy digits the denoiser's codes are read better by 8 points or more",
    above(read["denoising", "noisy"], read["copying", "noisy"] + 0.08),
)

# %% [markdown]
# An honest tie: the papers of 2008 and 2010 found better features by denoising, on larger images and for deep networks.
# Here it buys robustness, not accuracy. And it buys one thing more. In lesson 02 a little noise on the input,
# `noise=0.1`, was said to help on new digits. Now you know why: every training digit becomes a cloud, and whoever must
# give the same answer all over the cloud cannot learn single digits by heart. Noise on the input is a form of
# [regularization](glossary:regularization). Once more with 200 digits and 512 units, as in lesson 02:

# %%
few = train.x[:200]
by_heart = {}
for noise in (0.0, 0.2):
    model = Autoencoder(64, 8, (512,), output="sigmoid", noise=noise)
    fit(model, few, epochs=120, batch_size=50, learning_rate=3e-3, progress=False)
    by_heart[noise] = metrics.mean_squared_error(few, model(few)), metrics.mean_squared_error(test.x, model(test.x))
claim(
    "with noise the error on the 200 training digits grows by half or more, and the error on held-out digits falls",
    above(by_heart[0.2][0], 1.5 * by_heart[0.0][0]),
    below(by_heart[0.2][1], by_heart[0.0][1]),
)

# %% [markdown]
# ## 2. Where does a denoiser's arrow point?
# Take a noisy point $\tilde x$ and its cleaned version $r(\tilde x)$, and draw an arrow from one to the other. **Where
# does it point?** In two dimensions we can look. 1,000 points on two half moons, noise of 0.3, more than half as wide
# as the gap between them; a small network of two numbers in, two numbers out.

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

# %% [markdown]
# *What to see: arrows from the places of a grid. Far off they all point to the moons, near a moon straight at it, and
# they shrink as they arrive. In the middle between the moons they are at odds: there the point may have come from
# either.*

# %%
grid = np.stack(np.meshgrid(np.linspace(-1.7, 2.7, 23), np.linspace(-1.2, 1.7, 16)), axis=-1).reshape(-1, 2)
grid = grid.astype(np.float32)
figure, axes = plt.subplots(figsize=(8, 4.6), layout="constrained")
axes.scatter(*moons.T, s=4, color=plots.COLOURS[5], linewidths=0, label="clean points")
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
axes.set(title="Cleaned minus noisy", xlabel="horizontal", ylabel="vertical", aspect="equal")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, markerscale=3)
plt.show()

# %% [markdown]
# What *should* the arrow be? Nobody can know which clean point a noisy one was made from. The answer with the smallest
# mean squared error is the **mean of all that it could have been**, each weighed by how probable it is: the [posterior
# mean](glossary:posterior-mean). We call it $r^*(\tilde x)$. For noise that is Gaussian and clean points
# $x_1 \dots x_N$ that are equally frequent, it can be written down:
#
# $$r^*(\tilde x) = \frac{\sum_n w_n\, x_n}{\sum_n w_n} \qquad w_n = \exp\left(-\frac{\lVert \tilde x - x_n \rVert^2}{2 \sigma^2}\right)$$
#
# And the same weights add up to the **density of noisy points**, a Gaussian bell around every clean one:
# $p(\tilde x) \propto \sum_n w_n$. Take the gradient $\nabla$ of its logarithm, which points to where it rises most
# steeply, and the two turn out to be one thing:
#
# $$\nabla \log p(\tilde x) = \frac{\sum_n w_n\, (x_n - \tilde x)}{\sigma^2 \sum_n w_n} = \frac{r^*(\tilde x) - \tilde x}{\sigma^2}$$
#
# The gradient of the log-density is called the [score](glossary:score), and this is [Tweedie's
# formula](glossary:Tweedie's-formula). So the best denoiser's arrow is the score times $\sigma^2$: **it points uphill,
# to where data are denser.** We check both sides: the formula by finite differences, and the network, which never saw
# any formula, by the angle between the arrows.


# %%
def log_density(noisy):
    """Logarithm of the density of noisy points, up to a constant: shape (n,)."""
    squared_distance = ((noisy[:, None] - moons[None]) ** 2).sum(axis=2)
    return np.log(np.exp(-squared_distance / (2 * SIGMA**2)).sum(axis=1))


def best_answer(noisy):
    """The mean of all clean points that a noisy one could have been, weighed by how probable they are."""
    squared_distance = ((noisy[:, None] - moons[None]) ** 2).sum(axis=2)
    weights = np.exp(-squared_distance / (2 * SIGMA**2))
    return weights @ moons / weights.sum(axis=1, keepdims=True)


def cosine(one, other):
    """Cosine of the angle between two fields of arrows, all arrows together, so that long ones count more."""
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


noise = np.random.default_rng(5).normal(0, SIGMA, moons.shape)
noisy = moons.astype(np.float64) + noise
small = 1e-4
score = np.stack(
    [(log_density(noisy + step) - log_density(noisy - step)) / (2 * small) for step in small * np.eye(2)], axis=1
)
best_arrow = best_answer(noisy) - noisy
arrow = plane.denoise(noisy.astype(np.float32)) - noisy
alike = {
    "to the clean point that it was made from": cosine(arrow, -noise),
    "to the mean of all clean points that it could have been made from": cosine(arrow, best_arrow),
    "to the middle of all data": cosine(arrow, moons.mean(axis=0) - noisy),
}
outcome(
    "03.arrow",
    max(alike, key=alike.get),
    because="The noise itself cannot be known. The mean is the answer with the smallest squared error.",
)
for where, value in alike.items():
    print(f"cosine {value:.2f}  {where}")

# %%
claim(
    "the best arrow is sigma squared times the score, to a thousandth",
    np.allclose(best_arrow, SIGMA**2 * score, atol=1e-3),
    largest_difference=np.abs(best_arrow - SIGMA**2 * score).max(),
)
squared = {
    "nothing done": (noise**2).sum(axis=1).mean(),
    "network": ((noisy + arrow - moons) ** 2).sum(axis=1).mean(),
    "best": ((noisy + best_arrow - moons) ** 2).sum(axis=1).mean(),
}
claim(
    "the network's squared error is within a tenth of the best possible, and the best possible is still more than half of "
    "the error of doing nothing",
    below(squared["network"], 1.1 * squared["best"]),
    above(squared["best"], 0.5 * squared["nothing done"]),
)

# %% [markdown]
# Two things to take away. A denoiser **knows where data get denser, without ever computing a density**; walk along its
# arrows and you arrive where data are. (A whole family of generators, diffusion models, is built on that.) And even the
# best denoiser leaves an error, because noise destroys for good: nobody can say what it was, only what it probably was.

# %% [markdown]
# ## 3. How good is a cleaned picture?
# On to photographs. The usual measure is the [PSNR](glossary:PSNR), peak signal-to-noise ratio, in
# [decibels](glossary:decibel): the squared range of the values over the [mean squared
# error](glossary:mean-squared-error), on a logarithmic scale,
#
# $$\text{PSNR} = 10 \log_{10} \frac{\text{range}^2}{\text{mean squared error}} .$$
#
# 10 decibels more are a tenth of the squared error, 3 decibels about half. The range is the largest possible
# difference: 1 for our pictures, 255 for bytes. A picture at 20 dB is spoilt for everybody to see, 30 is fair, 40 can
# hardly be told from the original.
#
# **Exercise 03.2.** `x` and `x_hat` hold one picture or several, of any shape. Several count as one large one: take the
# mean squared error over everything. (Papers often average the PSNR of single pictures. That is never lower, and may be
# reported, as long as one says so; in this section we do it ourselves.)


# %% tags=["exercise-03.2"]
{{exercise("03.2")}}


# %% tags=["check-03.2"]
psnr = check("03.2", psnr)
grade("03.2")

# %% [markdown]
# Squared error does not see what an eye sees: a face that is shifted by a pixel, or a shade darker, is punished, and
# one whose pores were smoothed away hardly is. So a second measure stands beside it. [SSIM](glossary:SSIM) compares
# brightness, contrast and pattern window by window; 1 means equal.
#
# The task: eight photographs that no model here has learned from, 160 × 160 pixels out of the middle of each, with
# noise of $\sigma = 25/255$, which is about a tenth of the range and the usual test in papers. **First the rivals**,
# none of which has seen another picture:
#
# - the [median filter](glossary:median-filter): every pixel becomes the median of the nine around it;
# - [total variation](glossary:total-variation): of all pictures near the noisy one, the one with the least ups and downs;
# - [non-local means](glossary:non-local-means): every pixel becomes a mean of pixels whose surroundings look alike,
#   wherever in the neighbourhood they stand;
# - **patch PCA**: lesson 01's method on all patches of 6 × 6 pixels of a region; small coordinates are thought to be noise
#   and set to 0.
#
# And **a network**: `ConvDenoiser`, four convolutions that are given the noisy picture and answer with the *noise*,
# which is then taken away. Such an answer is called a [residual](glossary:residual): most of a picture is right
# already, so only the change needs to be learned. It learns for 1,000 steps, a few seconds, from patches of
# scikit-learn's two photographs.

# %%
predict(
    "03.rivals",
    "A thousand steps of learning against methods made by hand: who has the highest PSNR, averaged over the eight pictures?",
    options=["median", "total variation", "non-local means", "patch PCA", "network, 1,000 steps"],
)

# %%
STRENGTH = 25 / 255
grey = data.photos(colour=False)


def warm_up_and_fall(highest, n_steps):
    """A learning rate that rises for 30 steps and then falls to zero along half a cosine."""
    return lambda step: highest * min(1, (step + 1) / 30) * (0.5 + 0.5 * np.cos(np.pi * step / n_steps))


patches = data.patches(grey, size=24, n=12_000, seed=0).images
young = ConvDenoiser(channels=1, width=32, depth=4, strength=STRENGTH)
history = fit(young, patches, epochs=1, batch_size=12, learning_rate=warm_up_and_fall(5e-3, 1000))

# %%
from scipy.ndimage import median_filter
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle


def middle(picture, size):
    """The square of size x size pixels in the middle of a picture (channels, height, width)."""
    top, left = (picture.shape[1] - size) // 2, (picture.shape[2] - size) // 2
    return picture[:, top : top + size, left : left + size]


# Each takes one noisy picture (1, height, width) and the noise's standard deviation. The constants of the second and
# third were chosen on the two photographs that the network learns from, not on these.
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
unseen = data.unseen_photos()
photographs = {name: middle(picture, 160) for name, picture in unseen.items()}
noisy_photographs = {
    name: corrupt(picture[None], "gaussian", STRENGTH, seed=number)[0]
    for number, (name, picture) in enumerate(photographs.items())
}


def judged(clean, spoilt, pictures=photographs):
    """PSNR and SSIM of what is cleaned, averaged over pictures; clean takes one picture, values are clipped to [0, 1]."""
    cleaned = {name: np.clip(clean(spoilt[name]), 0, 1) for name in pictures}
    return {
        "psnr": np.mean([psnr(pictures[name], cleaned[name], 1.0) for name in pictures]),
        "ssim": np.mean([metrics.ssim(pictures[name], cleaned[name]) for name in pictures]),
        "pictures": cleaned,
    }


result = {"nothing done": judged(lambda picture: picture, noisy_photographs)}
for name, clean in cleaners.items():
    result[name] = judged(lambda picture, clean=clean: clean(picture, STRENGTH), noisy_photographs)
outcome(
    "03.rivals",
    max(cleaners, key=lambda name: result[name]["psnr"]),
    because="Those who look for similar places in the picture itself know this picture; the network knows two others, "
    "and those hardly yet.",
)
for name, row in result.items():
    print(f"{row['psnr']:6.2f} dB   SSIM {row['ssim']:.3f}   {name}")

# %%
claim(
    "after 1,000 steps the network is above the median filter by 1 dB or more, and still below patch PCA",
    above(result["network, 1,000 steps"]["psnr"], result["median"]["psnr"] + 1),
    below(result["network, 1,000 steps"]["psnr"], result["patch PCA"]["psnr"]),
)

# %% [markdown]
# Patch PCA has never seen another picture, and it wins. Had we shown the network and the median filter alone, you would
# have believed the opposite. **Choose rivals that could win.**
#
# Does learning longer help? `pretrained("denoiser")` is the same kind of network, twice as deep, for all strengths at
# once: the strength is one more channel of its input, so that it can be told. It learned for minutes instead of
# seconds, from the same two photographs; the recipe stands in `udl_teach/weights/make_denoiser.py`.

# %%
denoiser = pretrained("denoiser")
result["network, pretrained"] = judged(lambda picture: denoiser.denoise(picture, STRENGTH), noisy_photographs)
for name, row in result.items():
    print(f"{row['psnr']:6.2f} dB   SSIM {row['ssim']:.3f}   {name}")
best_of_others = {
    measure: max(row[measure] for name, row in result.items() if name != "network, pretrained")
    for measure in ("psnr", "ssim")
}
claim(
    "the pretrained network has the highest SSIM, and the highest PSNR by 0.1 dB or more",
    above(result["network, pretrained"]["ssim"], best_of_others["ssim"]),
    above(result["network, pretrained"]["psnr"], best_of_others["psnr"] + 0.1),
)

# %% [markdown]
# *What to see: a cat's eye. The median leaves grains. Non-local means, patch PCA and the network all keep the rim of
# the eye, and all lose the single hairs of the fur: what they paint there is a guess (more of that below).*

# %%
shown = {"original": photographs["chelsea"], "noisy": noisy_photographs["chelsea"]}
shown |= {
    name: result[name]["pictures"]["chelsea"]
    for name in ("median", "non-local means", "patch PCA", "network, pretrained")
}


def draw_pictures(pictures, original, columns=3, size=2.9, zoom=slice(None)):
    """Grey pictures (1, height, width) side by side, with the PSNR of each against the original."""
    rows = -(-len(pictures) // columns)
    figure, panels = plt.subplots(
        rows, columns, figsize=(size * columns, (size + 0.3) * rows), layout="constrained", squeeze=False
    )
    for axes, (name, picture) in zip(panels.flat, pictures.items()):
        axes.imshow(picture[0, zoom, zoom], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        same = picture is original
        axes.set_title(name if same else f"{name}: {psnr(original, np.clip(picture, 0, 1), 1.0):.1f} dB", fontsize=10)
        axes.set_axis_off()
    for axes in panels.flat[len(pictures) :]:
        axes.set_visible(False)
    plt.show()


draw_pictures(shown, photographs["chelsea"])

# %% [markdown]
# Now you: choose a picture, a kind of noise and its strength. **Try three things.** Raise the strength until the
# network fails, and see whether the rival fails sooner. Show the differences from the original: where do the errors
# sit? Then give the network another kind of noise than the one that it was trained for.

# %%
play.denoiser()

# %% [markdown]
# ## 4. What does a picture cost?
# A code of few numbers saves nothing yet, because a number can have any number of digits. The price of a picture is
# counted in [bits](glossary:bit), and the way there has three steps, in JPEG as in the newest networks:
# **transform** the picture into codes, **quantize** them, write them with an **entropy coder**. What does all this, and
# the way back, is called a [codec](glossary:codec).
#
# **Transform.** We cut a photograph of 256 × 256 pixels into 1,024 blocks of 8 × 8 and write each in its 64 principal
# components, found on patches of the two photographs that we may learn from. 64 pixels, 64 codes: nothing is lost and
# nothing saved yet.
#
# **Quantize.** [Quantization](glossary:quantization) rounds each code to a whole number of steps. Here, and only here,
# something is lost; `step` says how much.
#
# *What to see: with a step of 0.05 the loss cannot be seen, with 0.3 the blocks show, with 1.0 little else.*

# %%
camera = middle(unseen["camera"], 256)
axes_of_patches = PCA(64).fit(data.patches(grey, size=8, n=20_000, seed=0).x)


def cut(picture):
    """A picture (1, height, width) as rows of blocks: shape (n_blocks, 64)."""
    _, height, width = picture.shape
    return picture.reshape(height // 8, 8, width // 8, 8).transpose(0, 2, 1, 3).reshape(-1, 64)


def join(blocks, height, width):
    """The way back."""
    return blocks.reshape(height // 8, width // 8, 8, 8).transpose(0, 2, 1, 3).reshape(1, height, width)


def quantized(picture, step):
    """The principal components of every block, in whole steps: integers of shape (n_blocks, 64)."""
    return np.round(axes_of_patches.encode(cut(picture)) / step).astype(int)


def rebuilt(codes, step, height=256, width=256):
    return np.clip(join(axes_of_patches.decode((codes * step).astype(np.float32)), height, width), 0, 1)


draw_pictures(
    {"original": camera} | {f"step size {step}": rebuilt(quantized(camera, step), step) for step in (0.05, 0.3, 1.0)},
    camera,
    columns=4,
    size=2.4,
    zoom=slice(40, 200),
)

# %% [markdown]
# **Write.** Most codes are now 0, some are 1 or -1, few are large. Frequent [symbols](glossary:symbol) should have
# short words and rare ones long words. Shannon showed in 1948 how short: a symbol of probability $p$ is worth
# $-\log_2 p$ bits, 0.15 bits if it comes nine times in ten, ten bits if it comes once in a thousand. The mean price is
# the [entropy](glossary:entropy),
#
# $$H = -\sum_s p_s \log_2 p_s \quad \text{bits per symbol},$$
#
# and no code that takes the symbols one by one can do with less.
#
# **Exercise 03.3.** `codes` is an array of whole numbers of any shape. Return its entropy in bits per symbol.


# %% tags=["exercise-03.3"]
{{exercise("03.3")}}


# %% tags=["check-03.3"]
entropy = check("03.3", entropy)
grade("03.3")

# %%
predict(
    "03.price",
    "A pixel of a grey photograph takes 8 bits as it is. With step 0.2, how many bits does a code cost?",
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
    because=f"{zeros:.0%} of the codes are 0, and what is nearly certain costs nearly nothing.",
)
per_component = np.mean([entropy(codes[:, place]) for place in range(64)])
claim(
    "when the coder keeps a table of frequencies for each of the 64 components, the codes cost a fifth less, or better",
    below(per_component, 0.8 * entropy(codes)),
)

# %% [markdown]
# That saving (which neglects that 64 tables must be sent along) shows the idea behind all better codecs: **a symbol's
# price depends on what the decoder expects.** The first component of a block is often large, the last hardly ever; a
# decoder that knows which component comes next expects better. A learned codec goes further: a network looks at what has been
# written already and foretells the distribution of every single code.
#
# An entropy is a promise. What keeps it is a [range coder](glossary:range-coder). The idea: all messages share the
# numbers from 0 to 1. Each symbol chooses a part of what is left, as wide as it is probable. With $p = \tfrac12$ for
# `a` and $\tfrac14$ each for `b` and `c`, the message `ba` leads to the numbers from 0.5 to 0.75 (that is `b`), and in
# them to the first half (that is `a`): 0.5 to 0.625. Any number in there names the message; the part has width $p_b\,
# p_a = 2^{-3}$, and three binary digits suffice. That is the entropy coder's whole secret: **widths multiply as
# probabilities do.**
#
# Ours stands in `udl_teach/models/compression/range_coder.py`, and this is its heart. `low` is where the part begins,
# `width` how wide it is, and bytes that are settled are written out. It counts in whole numbers; `cumulative` is a table
# of frequencies as a running sum, so that counts of 2, 1 and 1 for `a`, `b` and `c` are `[0, 2, 3, 4]`:

# %%
print(inspect.getsource(RangeEncoder.encode_all))

# %% [markdown]
# Does it keep the promise? We hand it the codes, each by its place among the symbols, with the table of their
# frequencies.

# %%
symbols, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
table = [0, *np.cumsum(counts).tolist()]
encoder = RangeEncoder()
for place in places.ravel().tolist():
    encoder.encode(place, table)
message = encoder.finish()

decoder = RangeDecoder(message)
decoded = np.array([symbols[decoder.decode(table)] for _ in range(codes.size)]).reshape(codes.shape)
claim(
    "every code comes back from the bytes, and the bytes are within 1 % of the entropy",
    np.array_equal(decoded, codes),
    between(8 * len(message) / (entropy(codes) * codes.size), 0.99, 1.01),
    bytes=len(message),
)

# %% [markdown]
# Within 1 %, but look closely at what the decoder got: the bytes **and the table, and the number of codes**. Without
# them it is lost. A real file must carry all that, in its [header](glossary:header). That is why we count bytes of
# whole files from now on, and never an entropy.

# %% [markdown]
# ## 5. Who gives the best picture for the same bits?
# Every codec has a knob: finer steps, a better picture, more bits. So a codec is not a point but a curve: the
# [rate](glossary:rate) in [bits per pixel](glossary:bits-per-pixel) against the [distortion](glossary:distortion), here
# as PSNR. Such a [rate-distortion curve](glossary:rate-distortion-curve) can only be compared with another **at equal
# rate** (or at equal quality).
#
# **Exercise 03.4.** `image` has shape (channels, height, width) with values in [0, 1], `data` holds the bytes of a
# compressed file, header and all, and `decoded` is the picture that came back. Return bits per pixel and PSNR. A pixel
# is a *place*: red, green and blue of one place are one pixel.


# %% tags=["exercise-03.4"]
{{exercise("03.4")}}


# %% tags=["check-03.4"]
rate_point = check("03.4", rate_point)
grade("03.4")

# %% [markdown]
# Three codecs, each writing real files:
#
# - [JPEG](glossary:JPEG), of 1992, by Pillow with `optimize`: blocks of 8 × 8 in a fixed set of waves (the cosine
#   transform), finer steps for what the eye sees better, Huffman's words for the codes, short ones for
#   frequent codes. Its knob is the *quality*.
# - **PCA**: section 4, made whole by `PatchPCACodec`: blocks in principal components, one step for all, range coder,
#   header. Its knob is the *step*.
# - **the learned codec**, `pretrained("codec")`: it starts from JPEG's waves and learns the rest by gradient descent:
#   blocks that overlap, a decoder that mends what rounding spoiled, and above all a network that foretells each code from
#   those already written. Its loss is *distortion + price*, and because rounding has no gradient, noise between -½ and ½
#   stands in for it while the price is learned. Its knob is the *step* too: one model serves all rates.

# %%
predict(
    "03.codecs",
    "At 0.4 bits per pixel, a twentieth of the raw 8: which of the three gives the highest PSNR?",
    options=["JPEG", "PCA", "learned"],
)

# %%
pca_codec = PatchPCACodec(size=8).fit(data.patches(grey, size=8, n=20_000, seed=0).x)
learned_codec = pretrained("codec")
codecs = {
    "JPEG": (metrics.jpeg_compress, metrics.jpeg_decompress, (5, 10, 18, 30, 50, 75)),
    "PCA": (pca_codec.compress, pca_codec.decompress, (0.8, 0.5, 0.3, 0.18, 0.1)),
    "learned": (learned_codec.compress, learned_codec.decompress, (0.6, 0.35, 0.2, 0.12, 0.07)),
}
targets = {name: middle(unseen[name], 256) for name in ("astronaut", "camera", "coffee")}
curves = {}
for codec, (compress, decompress, settings) in codecs.items():
    for name, picture in targets.items():
        files = [compress(picture, setting) for setting in settings]
        curves[codec, name] = np.array([rate_point(picture, file, decompress(file)) for file in files])

# %% [markdown]
# *What to see: up and to the left is better. At low rates the three lie in the same order on every picture; the learned
# codec's curve is above JPEG's, and JPEG's above PCA's.*

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.7), sharex=True, layout="constrained")
for axes, name in zip(panels, targets):
    for number, codec in enumerate(codecs):
        axes.plot(*curves[codec, name].T, marker=plots.MARKERS[number], color=plots.COLOURS[number], label=codec)
    axes.axvline(0.4, color=plots.COLOURS[5], linewidth=0.8, linestyle=":")
    axes.set(title=name, xlabel="bits per pixel", xlim=(0, 1.3))
    axes.grid(True, color="#DDDDDD", linewidth=0.6)
panels[0].set_ylabel("PSNR (dB)")
panels[2].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
plt.show()


# %%
def quality_at(codec, rate):
    """PSNR at a rate, read off the curves between their points and averaged over the pictures."""
    return float(np.mean([np.interp(rate, *curves[codec, name].T) for name in targets]))


at = {(codec, rate): quality_at(codec, rate) for codec in codecs for rate in (0.25, 0.4, 0.6)}
outcome(
    "03.codecs",
    max(codecs, key=lambda codec: at[codec, 0.4]),
    because="Transform and rounding are much the same in all three. What differs most is how well the next code is "
    "foretold, and what the decoder makes of rounded codes.",
)


def least_lead(better, worse, rate):
    """By how many decibels a codec is ahead of another at a rate, on the picture where it is ahead least."""
    return min(np.interp(rate, *curves[better, name].T) - np.interp(rate, *curves[worse, name].T) for name in targets)


claim(
    "at 0.25, 0.4 and 0.6 bits per pixel the order is learned, JPEG, PCA on each of the three pictures; the learned codec is "
    "above JPEG by 0.5 dB or more on average",
    above(min(least_lead("learned", "JPEG", rate) for rate in (0.25, 0.4, 0.6)), 0),
    above(min(least_lead("JPEG", "PCA", rate) for rate in (0.25, 0.4, 0.6)), 0),
    above(min(at["learned", rate] - at["JPEG", rate] for rate in (0.25, 0.4, 0.6)), 0.5),
)

# %% [markdown]
# PCA's loss is instructive. Its axes are the best for the squared error at a given *number* of codes; but codes are not
# what is paid for. JPEG's waves are nearly as good on photographs, and JPEG writes its codes more cleverly: runs of
# zeros cost next to nothing. **Few numbers are not few bits.**
#
# Compare by eye, at equal bytes, in the playground. **Try three things.** Go down to the rate where you would no longer
# accept the picture, for each codec. Look at *what* breaks: blocks, ringing at edges, smeared texture. And look at
# the difference picture: where do the errors sit?

# %%
play.rate_distortion()

# %% [markdown]
# Note what we did not say. "The learned codec is better" holds for the squared error, on grey photographs like these,
# with a rival that is 30 years older. To a person at low rates another order may hold, and there is a law behind that: a codec
# with the smallest squared error must blur what it does not know, and one whose pictures look real must pay for that
# with more squared error (Blau and Michaeli 2018).

# %% [markdown]
# ## When it fails
# ### The wrong noise
# The pretrained network was trained for Gaussian noise. [Salt and pepper](glossary:salt-and-pepper-noise) is another
# damage: one pixel in ten is simply white or black.

# %%
salted = {
    name: corrupt(picture[None], "salt-and-pepper", 0.1, seed=number)[0]
    for number, (name, picture) in enumerate(photographs.items())
}
young_salt = ConvDenoiser(channels=1, width=32, depth=4, corruption="salt-and-pepper", strength=0.1)
fit(young_salt, patches[:4800], epochs=1, batch_size=12, learning_rate=warm_up_and_fall(5e-3, 400), progress=False)
on_salt = {
    "nothing done": judged(lambda picture: picture, salted),
    "trained for Gaussian noise": judged(denoiser.denoise, salted),
    "trained for this noise": judged(lambda picture: young_salt.denoise(picture, 0.1), salted),
    "median": judged(lambda picture: median(picture, 0.1), salted),
}
draw_pictures(
    {"original": photographs["camera"]} | {name: row["pictures"]["camera"] for name, row in on_salt.items()},
    photographs["camera"],
)

# %%
gaussian = on_salt["trained for Gaussian noise"]["psnr"]
claim(
    "fixed by training with that noise: a small network, 400 steps, is above the large one by 5 dB or more; and so is the "
    "median filter, which throws single wild pixels away and never learned anything",
    above(on_salt["trained for this noise"]["psnr"], gaussian + 5),
    above(on_salt["median"]["psnr"], gaussian + 5),
)

# %% [markdown]
# A denoiser learns the noise as much as the pictures. And see how far a filter of the 1970s comes, made for just this
# damage, without any learning: know your noise before you choose your tool.
#
# The right kind at the wrong **strength** is the same failure in small. The pretrained network is told the strength.
# **Which lie is worse: half of the truth, or twice?**

# %%
predict(
    "03.told",
    "The noise has strength 25/255. The network is told something else; which costs more decibels?",
    options=["told half of it", "told twice of it", "about the same, within half a decibel"],
)

# %%
told = {
    factor: judged(lambda picture, factor=factor: denoiser.denoise(picture, factor * STRENGTH), noisy_photographs)
    for factor in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
}
measured = judged(lambda picture: denoiser.denoise(picture, noise_level(picture)), noisy_photographs)
difference = told[2.0]["psnr"] - told[0.5]["psnr"]
costlier = "told half of it" if difference > 0 else "told twice of it"
outcome(
    "03.told",
    "about the same, within half a decibel" if abs(difference) < 0.5 else costlier,
    because="Told too little it takes noise for picture and leaves it in; told too much it takes fine texture for noise.",
)
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
axes.plot([255 * factor * STRENGTH for factor in told], [row["psnr"] for row in told.values()], "o-", label="told")
axes.axhline(measured["psnr"], color=plots.COLOURS[1], linestyle="--", label="measured by noise_level")
axes.axvline(25, color=plots.COLOURS[5], linestyle=":", label="true strength")
axes.set(title="What the network is told", xlabel="strength told (of 255)", ylabel="PSNR (dB)")
axes.legend(frameon=False, loc="lower right")
plt.show()

# %% [markdown]
# The cure is to measure. `noise_level` looks at the noisy picture alone, and with what it finds (the dashed line) the
# network does about as well as with the truth. In the playground of section 3 you can tell the network such lies
# yourself, picture by picture.
#
# ### Invented structure
# Back to section 1: the denoiser of digits, trained at strength 0.5, gets held-out digits with noise of **1.0**. What
# it draws are neat digits. **Are they the right ones?** A classifier, trained on clean digits, reads what was drawn. We
# call a drawing *convincing* when the classifier is more than 90 % sure.

# %%
from sklearn.linear_model import LogisticRegression

reader = LogisticRegression(max_iter=3000).fit(train.x, train.labels)
drowned = corrupt(test.x, "gaussian", 1.0, seed=3)
honest = learn(Autoencoder(64, 128, (128,), output="sigmoid"), train.x, 1.0)


def convincing_but_wrong(drawn):
    """For each drawing: is the reader more than 90 % sure, and of another digit than it was?"""
    chance = reader.predict_proba(drawn)
    return (chance.max(axis=1) > 0.9) & (chance.argmax(axis=1) != test.labels)


wrong = {
    "clean digits": convincing_but_wrong(test.x),
    "trained at 0.5": convincing_but_wrong(wide["denoising"](drowned)),
    "trained at 1.0": convincing_but_wrong(honest(drowned)),
}

# %% [markdown]
# *What to see: ten of the worst. The third row shows digits that are not there: clean strokes, the wrong number. The
# fourth, from a network that was trained with as much noise as there is, is softer, and owns up that it does not know.*

# %%
worst = np.flatnonzero(wrong["trained at 0.5"])[:10]
draw_rows(
    {
        "what it was": test.x[worst],
        "noise of 1.0": drowned[worst],
        "trained at 0.5": wide["denoising"](drowned[worst]),
        "trained at 1.0": honest(drowned[worst]),
    },
    "Invented digits",
)

# %%
claim(
    "with too little noise in training, one drawing in fifteen or more is convincing and wrong, of clean digits less than "
    "one in a hundred; training with the right noise leaves less than half as many",
    above(wrong["trained at 0.5"].mean(), 1 / 15),
    below(wrong["clean digits"].mean(), 0.01),
    below(wrong["trained at 1.0"].mean(), 0.5 * wrong["trained at 0.5"].mean()),
)

# %% [markdown]
# The same on photographs, where no label would tell. Here is a picture of **nothing**: an even grey with noise of 0.2.
# The network is told the truth. *What to see, with the contrast raised: noise has no grain larger than a pixel; in the
# result there are smears and strokes. None of them was there.*

# %%
nothing = corrupt(np.full((1, 1, 128, 128), 0.5, dtype=np.float32), "gaussian", 0.2, seed=0)[0, 0]
painted = denoiser.denoise(nothing[None, None], 0.2)[0, 0]


def grain(picture):
    """Correlation of neighbouring pixels: 0 for noise, near 1 for smooth shapes."""
    deviation = picture - picture.mean()
    return float((deviation[:, 1:] * deviation[:, :-1]).mean() / picture.var())


figure, panels = plt.subplots(1, 2, figsize=(7.4, 3.7), layout="constrained")
for axes, (name, picture) in zip(
    panels, {"noise on an even grey": nothing, "what the network makes of it": painted}.items()
):
    spread = 2.5 * picture.std()
    axes.imshow(
        picture, cmap="gray", vmin=picture.mean() - spread, vmax=picture.mean() + spread, interpolation="nearest"
    )
    axes.set_title(f"{name}: spread {picture.std():.3f}", fontsize=10)
    axes.set_axis_off()
plt.show()
claim(
    "nearly all of the noise is gone, but what is left has a grain that noise never has",
    below(painted.std() / nothing.std(), 0.3),
    between(grain(nothing), -0.05, 0.05),
    above(grain(painted), 0.4),
)

# %% [markdown]
# A denoiser answers with what is *probable* given its training data. In a holiday picture that is welcome. In a
# mammogram, in a number plate, in the one star that nobody expected, it is a forgery in good faith. Remedies: keep the
# noisy picture; show what was taken away (it should look like noise, with no edges in it); never let the most probable
# picture stand as evidence.
#
# ### The decoder that nobody counted
# Our curves counted every byte of every file. They did not count the **decoder**: the learned codec needs its weights
# on the other side. JPEG needs a program there too, but one that everybody has already. **After how many pictures do
# the weights pay for themselves?**

# %%
predict(
    "03.pays",
    "After how many pictures of 256 x 256 pixels has the learned codec saved as many bytes as its weights have?",
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
outcome(
    "03.pays",
    pictures_needed,
    because="A file saves a kilobyte or so against a JPEG of the same PSNR, and the weights have several hundred.",
)
claim(
    "the weights are larger than 100 compressed pictures together, and it takes more than 100 until they have paid",
    above(weights_size, 100 * np.mean(learned_size)),
    above(pictures_needed, 100),
)

# %% [markdown]
# For an album of thousands that is nothing. For one picture sent to a stranger it is absurd: a picture sent with its
# decoder would be a hundred times as large, or more. (In the extreme, a decoder can hold the pictures themselves, and the
# file is one number.) **Whoever quotes bits per pixel must say what the other side already has.**

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

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
                    "Yes. Copying would hand the noise on, and that is what the loss punishes.",
                ),
                ("because the noise makes learning slow", False, "It learns as fast; it learns something else."),
            ],
        ),
        Question(
            "A noisy point lies between two clusters, a little nearer to one. The best denoiser in squared error answers "
            "with …",
            [
                (
                    "the mean of what it could have been, even if that lies between the clusters",
                    True,
                    "Yes, the posterior mean. That is why such denoisers blur what they cannot know.",
                ),
                ("a sample of the nearer cluster", False, "That looks more real, and its squared error is larger."),
                (
                    "the noisy point itself",
                    False,
                    "Only where the noisy points' density has no slope, as right in the middle.",
                ),
            ],
        ),
        Question(
            "A paper reports 31.2 dB for a picture in bytes, its competitor 79.3 dB for the same task. Your first suspicion?",
            [
                ("the competitor is better by far", False, "48 dB are a factor of 65,000 in squared error."),
                (
                    "one of them took a range of 255 for values in [0, 1]",
                    True,
                    "Yes: 20 log10(255) is 48.1 dB, and 31.2 + 48.1 = 79.3.",
                ),
                ("one of them used the natural logarithm", False, "That would multiply by 2.3, giving 71.8."),
            ],
        ),
        Question(
            "Rounding makes 95 % of your codes 0. A colleague says: then a code costs at least one bit, 0 or not 0.",
            [
                ("right: a bit is the smallest unit", False, "Of storage, yes; not of a message of many symbols."),
                (
                    "wrong: -log2(0.95) is 0.07 bits, and a range coder comes close to it over many codes",
                    True,
                    "Yes. Widths multiply, and only the whole message must be a whole number of bits.",
                ),
                ("wrong: zeros cost nothing at all", False, "Little, but not nothing: one must say where they end."),
            ],
        ),
        Question(
            "A new codec reports 0.30 bits per pixel by the entropy of its codes; JPEG's file takes 0.33. Is it better?",
            [
                ("yes, by 10 %", False, "An entropy was set against a file with its header."),
                (
                    "unknown: ask for real bytes, at equal PSNR, and for the size of the decoder",
                    True,
                    "Yes. Header, tables and quality are all missing from the claim.",
                ),
                ("no, JPEG is a standard", False, "Being a standard saves no bits."),
            ],
        ),
        Question(
            "A denoised microscope image shows fine threads that nobody has seen before. What first?",
            [
                ("publish: the noise had hidden them", False, "Pure noise gave smears and strokes too."),
                (
                    "look at the noisy image, take a second one, and give the denoiser pure noise of that strength",
                    True,
                    "Yes: what comes out of nothing, or does not come twice, was not there.",
                ),
                ("sharpen them with a second network", False, "That would make an invention more convincing."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Corruption is a teacher: whoever must undo it cannot copy. The code may be wide; features become strokes; on small
#   digits the codes get more robust, not easier to read.
# - The best denoiser answers with the posterior mean. Its arrow is $\sigma^2$ times the score: it points uphill in the
#   density of the noisy data.
# - PSNR is a logarithm of the squared error. Say the range, say how you average, and put SSIM beside it.
# - Rivals first: seconds of learning lost to patch PCA; minutes of learning won, by some tenths of a decibel.
# - Compression is transform, quantization, entropy coding. The price of a symbol is what the decoder did not expect.
# - Compare codecs at equal rate, by real bytes, header included, and say what the other side already has.
# - A denoiser answers with what is probable. That is not evidence.
#
# The course's table, with two new rows: lesson 02's deep autoencoder, trained as a denoiser. Compare them with the rows
# of the deep autoencoder: which one rebuilds better, and whose codes does the linear probe read better?

# %%
rows = {}
for k in (2, 8):
    model = DenoisingAutoencoder(64, k, (128, 64), strength=0.3, output="sigmoid")
    history = fit(model, train.x, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)
    rows[k] = comparison_row(
        "denoising autoencoder",
        k,
        train,
        test,
        encode=model.encode,
        decode=model.decode,
        can_sample=False,
        seconds=history.seconds,
    )
comparison(list(rows.values()))

# %% [markdown]
# ## Where to read on
# - Pascal Vincent, Hugo Larochelle, Yoshua Bengio and Pierre-Antoine Manzagol, *Extracting and composing robust features
#   with denoising autoencoders*, ICML 2008, and with Isabelle Lajoie, *Stacked denoising autoencoders*, Journal of Machine
#   Learning Research 2010. Look at the filters for growing noise, and compare them with ours.
# - Pascal Vincent, *A connection between score matching and denoising autoencoders*, Neural Computation 2011, and
#   Guillaume Alain and Yoshua Bengio, *What regularized auto-encoders learn from the data-generating distribution*,
#   Journal of Machine Learning Research 2014. Section 2 of this lesson; look at their vector fields.
# - Charles-Alban Deledalle, Joseph Salmon and Arnak Dalalyan, *Image denoising with patch based PCA: local versus global*,
#   BMVC 2011. Our honest rival; look at how far one gets without any training.
# - Kai Zhang, Wangmeng Zuo, Yunjin Chen, Deyu Meng and Lei Zhang, *Beyond a Gaussian denoiser*, IEEE Transactions on Image
#   Processing 2017, and Zhang, Zuo and Zhang, *FFDNet*, 2018. Predicting the noise, and the noise level as an input.
# - Claude Shannon, *A mathematical theory of communication*, Bell System Technical Journal 1948. Sections 6 to 9: entropy,
#   and why no code can beat it.
# - Gregory Wallace, *The JPEG still picture compression standard*, IEEE Transactions on Consumer Electronics 1992. The
#   whole chain on a few pages; look at the zigzag.
# - Johannes Ballé, Valero Laparra and Eero Simoncelli, *End-to-end optimized image compression*, ICLR 2017. Noise in
#   place of rounding; look at the pictures at equal rate.
# - Yochai Blau and Tomer Michaeli, *The perception-distortion tradeoff*, CVPR 2018. Why the smallest error and the most
#   natural look cannot be had together.
