# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 04 · Variational autoencoders
#
# {{badges}}
#
# {{times reading=60}}
#
# **You need:** lesson 02 (encoder, decoder, the training step), what a mean and a variance are, and the
# [Gaussian](glossary:Gaussian) bell. Logarithms are natural ones; probabilities are explained as far as they are used.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - say why the codes of a plain autoencoder cannot be sampled, and show it by a number;
# - derive the evidence lower bound in four lines, and check each of its parts where the truth is known;
# - write the KL term, the reparametrized draw, the loss and the importance-weighted bound yourself;
# - choose a likelihood that fits the data, read nats, and say what a likelihood does not tell;
# - recognize posterior collapse by its active units, tell an accident from a choice, and mend what can be mended;
# - draw new digits, fill in missing pixels, and know where both go wrong.

# %% [markdown]
# ## 1. What comes out of a random code?
# In lesson 02 a decoder turned eight numbers into a digit. So why not make up eight numbers, decode them, and have a
# digit that nobody ever wrote? A model that makes new samples is a [generative model](glossary:generative-model). All we
# need are codes to decode. **How shall we draw them?** Here are three ways, each fairer to the autoencoder than the one
# before:
#
# - "N(0, 1)": every number from a Gaussian with mean 0 and variance 1, without a look at the codes;
# - "box": evenly between the lowest and the highest value that training digits have;
# - "fitted": from a Gaussian with the mean and the [covariance](glossary:covariance) of the training codes.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from udl_teach import data, fit, metrics, play, plots
from udl_teach.models import PCA, Autoencoder, VariationalAutoencoder

digits = data.digits()
train, test = digits.split(seed=0)
plain = Autoencoder(64, latent_size=8, hidden_sizes=(128, 64), output="sigmoid", noise=0.1)
fit(plain, train.x, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)

rng = np.random.default_rng(0)
codes = plain.encode(train.x)
drawn = {
    "N(0, 1)": rng.normal(size=(500, 8)),
    "box": rng.uniform(codes.min(axis=0), codes.max(axis=0), size=(500, 8)),
    "fitted": rng.multivariate_normal(codes.mean(axis=0), np.cov(codes.T), size=500),
}
made = {name: plain.decode(z.astype(np.float32)) for name, z in drawn.items()}

# %% [markdown]
# To measure what we see, we ask of each image how far it is from the *nearest* training digit. Held-out digits are at
# some distance too. An image is **far** when it is farther off than 95 % of the held-out digits are. Of real digits 5 %
# are far, then; the more of the made ones are, the worse.


# %%
def to_nearest(images):
    """Distance from each image to the nearest training digit."""
    return torch.cdist(torch.tensor(images, dtype=torch.float32), torch.tensor(train.x)).min(dim=1).values.numpy()


LIMIT = np.quantile(to_nearest(test.x), 0.95)


def far(images):
    """Share of images that are farther from every training digit than 95 % of the held-out digits."""
    return (to_nearest(images) > LIMIT).mean()


predict(
    "04.random",
    "Codes drawn by the fairest way, a Gaussian fitted to the training codes: how many of the decoded images are far, "
    "where 5 percent of real digits are?",
    unit="percent",
    low=0,
    high=100,
)

# %% [markdown]
# *What to see: first row, held-out digits. Below, decoded random codes. Those from N(0, 1) are hardly digits at all; the
# fitted ones are mixed: some can be read, others are blots with bits of two digits.*


# %%
def draw_rows(rows, title, columns=12, height=0.75):
    """A row of images for each name."""
    names = list(rows)
    figure, axes = plt.subplots(figsize=(8.5, height * len(names) + 0.6), layout="constrained")
    wall = np.concatenate([np.asarray(rows[name])[:columns] for name in names]).reshape(-1, 8, 8)
    plots.draw_images(axes, wall, columns=columns)
    axes.set_yticks([5 + 9 * row for row in range(len(names))], names)
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    axes.set_xlabel("each tile is 8 x 8 pixels")
    plt.show()


draw_rows({"held-out digits": test.x, **made}, "What a plain autoencoder makes of random codes")

# %%
share = {name: far(images) for name, images in made.items()}
outcome(
    "04.random",
    100 * share["fitted"],
    because="Nothing in the loss of an autoencoder says where codes must lie, or what a code means that no digit has.",
)
claim(
    "from N(0, 1) more than 80 % of the images are far, from the fitted Gaussian more than 10 %; of the reconstructions of "
    "held-out digits less than 2 %",
    above(share["N(0, 1)"], 0.8),
    above(share["fitted"], 0.1),
    below(far(plain(test.x)), 0.02),
)

# %% [markdown]
# The decoder is good at the places where it was trained and free to do anything elsewhere. There are two ways out: find
# out afterwards where the codes lie (that is the fitted Gaussian, and one can do better than that), or **say beforehand
# where they shall lie**, and train encoder and decoder for it. That is this lesson.

# %% [markdown]
# ## 2. How might the data have come about?
# We turn the question round and begin with the making. A [latent variable](glossary:latent-variable) model is a story in
# two steps, each of them a draw:
#
# 1. draw a code $z$ from the [prior](glossary:prior) $p(z)$; we choose $N(0, 1)$ for every number of the code;
# 2. draw a sample $x$ from $p(x \mid z)$: the decoder says, for this code, which values of $x$ are probable.
#
# How probable does this story make a given $x$? It could have come from any code, so we add up over all of them:
#
# $$p(x) = \int p(x \mid z)\, p(z)\, dz$$
#
# This is the [likelihood](glossary:likelihood) of $x$. To learn means to make it large for the training samples, and more
# handily its logarithm, which turns products into sums. Its unit is the [nat](glossary:nat). For a decoder that is a
# network nobody can work out this integral. So we first take the smallest story in which one *can*, to have a truth to
# check against: one number of code, one number of data, and a decoder that is a straight line with noise,
#
# $$z \sim N(0, 1), \qquad x \sim N(w z + b,\ s^2) .$$
#
# Then $p(x)$ is a Gaussian with mean $b$ and variance $w^2 + s^2$. And the question that an encoder must answer, *which
# codes could this sample have come from?*, has an exact answer as well, the [posterior](glossary:posterior):
#
# $$p(z \mid x) = N\left( \frac{w\,(x - b)}{w^2 + s^2},\ \frac{s^2}{w^2 + s^2} \right) .$$

# %%
w, b, s = 1.5, 0.5, 0.5
seen = 2.0  # the one sample that we look at


def log_normal(x, mean, variance):
    """Logarithm of the density of N(mean, variance) at x."""
    return -0.5 * ((x - mean) ** 2 / variance + np.log(2 * np.pi * variance))


log_evidence = log_normal(seen, b, w**2 + s**2)
posterior_mean, posterior_variance = w * (seen - b) / (w**2 + s**2), s**2 / (w**2 + s**2)
print(f"log p(x) = {log_evidence:.4f} nats at x = {seen}")
print(f"p(z | x) has mean {posterior_mean:.2f} and variance {posterior_variance:.2f}")

# %% [markdown]
# *What to see: left, pairs (z, x) drawn by the story. The line marks the sample that we look at; the pairs near it
# (orange triangles) have codes from a narrow range. Right, the share of their codes, and the formula for the posterior
# drawn over it: they agree.*

# %%
z_drawn = rng.normal(size=40_000)
x_drawn = w * z_drawn + b + s * rng.normal(size=40_000)
near = abs(x_drawn - seen) < 0.05

figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
left.scatter(z_drawn[:1500], x_drawn[:1500], s=5, color="#ABABAB", linewidths=0, label="drawn")
left.scatter(z_drawn[near][:150], x_drawn[near][:150], s=12, marker="^", color=plots.COLOURS[1], label="x near 2")
left.axhline(seen, color=plots.COLOURS[0], linewidth=1)
left.set(title="The story, drawn many times", xlabel="code z", ylabel="sample x")
left.legend(frameon=False)
grid = np.linspace(-3, 3, 400)
right.hist(z_drawn[near], bins=30, density=True, color=plots.COLOURS[1], alpha=0.5, label="codes of x near 2")
by_formula = np.exp(log_normal(grid, posterior_mean, posterior_variance))
right.plot(grid, by_formula, color=plots.COLOURS[0], label="posterior p(z | x)")
right.plot(grid, np.exp(log_normal(grid, 0, 1)), "--", color=plots.COLOURS[2], label="prior p(z)")
right.set(title="Which codes could it have come from?", xlabel="code z", ylabel="density")
right.legend(frameon=False)
plt.show()

# %% [markdown]
# ## 3. How near can we come from below?
# The integral asks for all codes, though only few of them matter. Suppose somebody, an encoder, hands us a guess $q(z)$
# of where those few lie. Four lines turn the guess into a statement about $\log p(x)$:
#
# $$
# \begin{aligned}
# \log p(x) &= \log \int p(x \mid z)\, p(z)\, dz \\
# &= \log\, \mathbb{E}_{q}\left[ \frac{p(x \mid z)\, p(z)}{q(z)} \right] \\
# &\ge \mathbb{E}_{q}\left[ \log \frac{p(x \mid z)\, p(z)}{q(z)} \right] \\
# &= \mathbb{E}_{q}\left[ \log p(x \mid z) \right] - \mathrm{KL}\left( q(z) \,\|\, p(z) \right)
# \end{aligned}
# $$
#
# 1. the likelihood, as it was defined;
# 2. multiplied and divided by $q(z)$: the integral becomes a mean over codes drawn from $q$;
# 3. the logarithm of a mean is at least the mean of the logarithms, because the logarithm bends downwards
#    ([Jensen's inequality](glossary:Jensen's-inequality));
# 4. sorted: what the decoder says of $x$, minus how far the guess is from the prior, a
#    [KL divergence](glossary:KL-divergence), $\mathrm{KL}(q \,\|\, p) = \mathbb{E}_q[\log q(z) - \log p(z)]$.
#
# The last line is the [evidence lower bound](glossary:ELBO), ELBO or just **the bound**. Higher is better, and it can
# never be too high. Only line 3 loses something. How much, we shall see by number.
#
# First we need the KL. For a Gaussian $q$ with `mean` and `variance`, against $N(0, 1)$, it is in one dimension
#
# $$\mathrm{KL} = \tfrac12 \left( \text{mean}^2 + \text{variance} - 1 - \log \text{variance} \right) .$$
#
# Each part has a meaning: being off-centre costs, being wide costs, being narrow costs too. In several independent
# dimensions the nats add up.
#
# **Exercise 04.1.** `mean` and `log_variance` are tensors of shape (batch, dimensions): an encoder says the *logarithm* of
# the variance, because that may be any number. Return the KL of every sample, shape (batch,).


# %% tags=["exercise-04.1"]
{{exercise("04.1")}}


# %% tags=["check-04.1"]
kl_to_prior = check("04.1", kl_to_prior)
grade("04.1")

# %% [markdown]
# With it we have the KL between *any* two Gaussians in one dimension. Shift and stretch both so that the second becomes
# $N(0, 1)$; a KL divergence does not mind in which unit the axis is measured.
#
# Now four guesses about the codes of our sample. How wrong a guess is, its KL to the posterior says; how far we are below
# $\log p(x)$ with it, the bound says. **For which of them will bound + KL(guess ‖ posterior) come to $\log p(x)$?**

# %%
predict(
    "04.gap",
    "The bound plus KL(guess || posterior) equals log p(x) …",
    options=["only for the best guess", "for every guess", "for guesses with the right variance"],
)


# %%
def kl_between(mean, variance, other_mean, other_variance):
    """KL(N(mean, variance) || N(other_mean, other_variance)) of single numbers, by your function."""
    shifted = torch.tensor([[(mean - other_mean) / math.sqrt(other_variance)]], dtype=torch.float64)
    stretched = torch.tensor([[variance / other_variance]], dtype=torch.float64)
    return float(kl_to_prior(shifted, stretched.log()).sum())


def expected_log_likelihood(mean, variance):
    """E_q[log p(x | z)] for q = N(mean, variance), worked out by hand for the straight decoder."""
    # Over q the mean of (x - w z - b)**2 is (x - w mean - b)**2 + w**2 variance.
    return log_normal(seen, w * mean + b, s**2) - 0.5 * w**2 * variance / s**2


def bound(mean, variance):
    """What the decoder says of x, minus the KL to the prior."""
    return expected_log_likelihood(mean, variance) - kl_between(mean, variance, 0.0, 1.0)


guesses = {
    "the prior": (0.0, 1.0),
    "right mean, too wide": (posterior_mean, 0.5),
    "right mean, too narrow": (posterior_mean, 0.01),
    "the posterior": (posterior_mean, posterior_variance),
}
gap = {name: kl_between(*guess, posterior_mean, posterior_variance) for name, guess in guesses.items()}
print("guess                      bound   + KL(guess || posterior) = log p(x)")
for name, guess in guesses.items():
    print(f"{name:24s} {bound(*guess):8.4f} + {gap[name]:8.4f}               = {bound(*guess) + gap[name]:8.4f}")

# %%
sums = np.array([bound(*guess) + gap[name] for name, guess in guesses.items()])
outcome(
    "04.gap",
    "for every guess" if np.allclose(sums, log_evidence, atol=1e-6) else "only for the best guess",
    because="A worse guess loses exactly as much in the bound as it is farther from the posterior.",
)
claim(
    "bound + KL(guess || posterior) = log p(x) for all four guesses, to six digits",
    np.allclose(sums, log_evidence, atol=1e-6),
    log_evidence=log_evidence,
)

# %% [markdown]
# That is no accident. A pair of code and sample has one probability, whichever of the two you draw first:
# $p(x \mid z)\, p(z) = p(z \mid x)\, p(x)$. Put into line 3, this gives
#
# $$\text{bound} = \mathbb{E}_{q}\left[ \log \frac{p(z \mid x)\, p(x)}{q(z)} \right]
# = \log p(x) - \mathrm{KL}\left( q(z) \,\|\, p(z \mid x) \right) .$$
#
# What is lost is how wrong the guess is, and nothing else. So the bound can rise in two ways: **the story gets better**
# ($\log p(x)$ rises) or **the guess gets better** (the gap closes). A variational autoencoder does both, with one loss,
# by gradient descent.
#
# *What to see: the bound over the mean of the guess, for three variances. No curve crosses the line of $\log p(x)$; the
# one with the posterior's variance touches it, at the posterior's mean.*

# %%
means = np.linspace(-0.2, 2.0, 121)
figure, axes = plt.subplots(figsize=(7.5, 3.4), layout="constrained")
for variance, style, colour in ((0.4, ":", 3), (0.02, "--", 1), (posterior_variance, "-", 0)):
    heights = [bound(mean, variance) for mean in means]
    axes.plot(means, heights, style, color=plots.COLOURS[colour], label=f"variance of q: {variance:.2f}")
axes.axhline(log_evidence, color=plots.COLOURS[2], linewidth=1)
axes.text(-0.2, log_evidence + 0.08, "log p(x)", color=plots.COLOURS[2])
axes.set(title="The bound touches log p(x) where the guess is the posterior", xlabel="mean of q", ylabel="nats")
axes.set_ylim(-6, log_evidence + 0.6)
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# ## 4. How does a gradient get through a draw?
# In the bound stands $\mathbb{E}_q$: codes are *drawn* from the guess $N(\text{mean}, \text{variance})$, and the encoder,
# who says mean and variance, shall learn from what becomes of them. But a draw is no calculation. What is its gradient?
#
# **The first answer** needs no gradient of the draw at all. The mean is $\int f(z)\, q(z)\, dz$, where
# $q$ alone depends on the encoder, and $\nabla q = q\, \nabla \log q$. So
#
# $$\nabla_{\text{mean}}\, \mathbb{E}_q[f(z)] = \mathbb{E}_q\left[ f(z)\, \nabla_{\text{mean}} \log q(z) \right] ,$$
#
# the [score-function gradient](glossary:score-function-gradient): draw, see how well it went, and make draws that went
# well more probable. It works for any $f$, even one that cannot be differentiated.
#
# **The second answer** moves chance out of the way: draw noise from $N(0, 1)$, which depends on nothing, and calculate
# the code from it,
#
# $$z = \text{mean} + \text{standard deviation} \cdot \text{noise} .$$
#
# That has the right distribution, and now $z$ depends on mean and variance by a plain calculation that PyTorch can
# differentiate. This is the [reparametrization](glossary:reparametrization) trick.
#
# **Exercise 04.2.** Return one code for every sample, in the shape of `mean`. `torch.randn_like(mean)` draws noise.


# %% tags=["exercise-04.2"]
{{exercise("04.2")}}


# %% tags=["check-04.2"]
reparametrize = check("04.2", reparametrize)
grade("04.2")

# %% [markdown]
# Both answers are right *on average*. What differs is how much a single draw tells. We take a code of $k$ numbers, a
# target where every one should be 1.5, $f(z) = -\frac12 \sum_j (1.5 - z_j)^2$, and a guess with mean 0 and standard
# deviation 0.5. The true gradient for the first mean is 1.5 (target minus mean). Each method gets
# 20,000 draws. To be fair to the first, we also give it its usual help, a **baseline**: the average of $f$ is
# subtracted, so that only better-than-usual draws are rewarded.

# %%
predict(
    "04.gradient",
    "With 8 numbers: how many draws does the plain score-function gradient need to be as exact as ONE reparametrized draw?",
    unit="draws",
    low=1,
    high=100_000,
)


# %%
def gradients(k, n=20_000):
    """Gradients for the first mean by both methods, one a draw, and the score function with a baseline."""
    torch.manual_seed(0)
    mean = torch.zeros(n, k, requires_grad=True)
    log_variance = torch.full((n, k), 2 * math.log(0.5))
    z = reparametrize(mean, log_variance)
    f = -0.5 * ((1.5 - z) ** 2).sum(dim=1)
    (through_the_draw,) = torch.autograd.grad(f.sum(), mean)
    with torch.no_grad():
        score = (z - mean)[:, 0] / 0.5**2  # the gradient of log q(z) for the first mean
        return {
            "score function": f * score,
            "with baseline": (f - f.mean()) * score,
            "reparametrized": through_the_draw[:, 0],
        }


sizes = (1, 8, 64)
table = {k: gradients(k) for k in sizes}
spread = {name: [float(table[k][name].var()) for k in sizes] for name in table[1]}
for name, values in spread.items():
    print(f"{name:16s}" + "".join(f"   k = {k:2d}: variance {value:10.2f}" for k, value in zip(sizes, values)))

# %% [markdown]
# *What to see: both axes are logarithmic. The more numbers a code has, the more a draw misleads the score function; to
# the reparametrized draw it makes no difference.*

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
for (name, values), mark, colour in zip(spread.items(), "o^s", plots.COLOURS):
    axes.plot(sizes, values, mark + "-", color=colour, label=name)
axes.set(xscale="log", yscale="log", xlabel="numbers in the code, k", ylabel="variance of one gradient")
axes.set_title("How much a single draw misleads")
axes.set_xticks(sizes, sizes)
axes.minorticks_off()
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
ratio = {name: spread[name][1] / spread["reparametrized"][1] for name in ("score function", "with baseline")}
outcome(
    "04.gradient",
    ratio["score function"],
    because="It only knows whether a draw went well, not which of the eight numbers to thank. The variance of a mean "
    "falls with the number of draws, so the ratio of the variances is the number of draws.",
)
claim(
    "with 8 numbers the score function needs more than 1,000 draws for one reparametrized draw, with a baseline still more "
    "than 50",
    above(ratio["score function"], 1000),
    above(ratio["with baseline"], 50),
)

# %% [markdown]
# Where the code can be reparametrized, do it. Where it cannot, because a code is a word or a yes and no, the first answer
# is still there.

# %% [markdown]
# ## 5. What is the whole loss?
# Now all parts are there. The encoder answers every sample with *two* vectors, `mean` and `log_variance`: a guess of its
# own, $q(z \mid x)$, a cloud in place of a point. One code is drawn from the cloud. The decoder says what it makes of it.
#
# What it says must be a probability of pixels. To have an honest one, we make the digits black and white: a pixel is
# ink (1) or paper (0). The decoder gives a [logit](glossary:logit) for each, any number, and a sigmoid turns it into the
# probability $p_j$ of ink. Each pixel is a coin, and the coins are independent *given the code*
# (a [Bernoulli](glossary:Bernoulli) likelihood):
#
# $$\log p(x \mid z) = \sum_j x_j \log p_j + (1 - x_j) \log (1 - p_j) .$$
#
# With the sign turned this is the binary cross-entropy, and PyTorch takes it from logits without ever meeting $\log 0$:
# `functional.binary_cross_entropy_with_logits(logits, x, reduction="none")`, one number a pixel.
#
# **Exercise 04.3.** Return the loss of a batch: *minus* the bound. Mind the reductions. Pixels are summed, dimensions are
# summed, only the batch is averaged. In lesson 02 a mean over pixels was a harmless factor. Here are two terms, and a
# mean over one of them changes what the other weighs.


# %% tags=["exercise-04.3"]
{{exercise("04.3")}}


# %% tags=["check-04.3"]
negative_bound = check("04.3", negative_bound)
grade("04.3")

# %% [markdown]
# Your three functions are a [variational autoencoder](glossary:variational-autoencoder). The rest is lesson 02.


# %%
class OwnVAE(nn.Module):
    """Encoder, draw, decoder, and your loss."""

    def __init__(self, latent_size):
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Sequential(
            nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64), nn.GELU(), nn.Linear(64, 2 * latent_size)
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent_size, 64), nn.GELU(), nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64)
        )

    def posterior(self, x):
        """mean and log_variance of q(z | x)."""
        return self.encoder(x).chunk(2, dim=1)

    def loss(self, x, generator=None):
        mean, log_variance = self.posterior(x)
        z = reparametrize(mean, log_variance)
        return {"loss": negative_bound(x, self.decoder(z), mean, log_variance)}


ink, ink_test = ((dataset.x > 0.5).astype(np.float32) for dataset in (train, test))
own = {}
for k in (2, 8):
    own[k] = OwnVAE(k)
    fit(own[k], ink, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)


def own_bound(model, x, seed=0):
    """The bound of a model on samples, in nats a digit."""
    torch.manual_seed(seed)
    with torch.no_grad():
        return -model.loss(torch.tensor(x))["loss"].item()


# A rival that knows no code: every pixel a coin by itself, with the share of training digits that have ink there.
ink_share = (ink.sum(axis=0) + 0.5) / (len(ink) + 1)


def pixel_coins(x):
    """log p(x) when every pixel is an independent coin, in nats a digit."""
    return (x * np.log(ink_share) + (1 - x) * np.log(1 - ink_share)).sum(axis=1)


for k, model in own.items():
    print(f"{k} numbers: bound {own_bound(model, ink_test):.2f} nats on held-out digits")
print(f"pixels as independent coins: {pixel_coins(ink_test).mean():.2f} nats")

# %%
own_nats = {k: own_bound(model, ink_test) for k, model in own.items()}
claim(
    "with 2 numbers your bound is more than 3 nats above independent pixels, with 8 it is higher still",
    above(own_nats[2], pixel_coins(ink_test).mean() + 3),
    above(own_nats[8], own_nats[2]),
)

# %% [markdown]
# What is a nat? A model that gives a digit $-18$ nats holds it to be as probable as $e^{-18}$, one in 66 million: for 64
# pixels, which have $2^{64}$ patterns, that is a lot. Four nats more mean $e^4 \approx 55$ times as probable, for *every*
# digit on average. Divided by $\log 2$ nats are bits, and a code that is matched to the model needs that many to store
# the digit (lesson 03).
#
# Watch the two terms fight in the playground: the clouds begin as the prior, all alike; as the decoder learns to use the
# code, they part, and each costs nats. **Try three things.** Raise beta, the weight of the KL, while it runs. Lower it to
# 0: what is the model then? And choose a larger code: are all of its numbers used?

# %%
play.vae_live()

# %% [markdown]
# *What to see: with a small beta the clouds shrink to points and drift apart, as in a plain autoencoder. With a large one
# they grow into one another until they are all the prior, and the code says nothing. With 1 the loss is the bound.*

# %% [markdown]
# ## 6. Does a random code decode now?
# Back to grey digits and to the question of section 1. Grey pixels are no coins, so the library's model takes
# `likelihood="gaussian"`: the decoder's image is the mean, and one variance, the same for all pixels, is learned along.
# (Shown is that mean. The second draw of the story, the noise of the pixels, is left out.)
# **How many of the images will be far now**, with codes drawn from the prior N(0, 1)?

# %%
predict(
    "04.prior",
    "Codes from N(0, 1), decoded by a variational autoencoder: how many images are far? (5 percent of real digits are.)",
    unit="percent",
    low=0,
    high=100,
)

# %%
vae, seconds = {}, {}
for k in (2, 8):
    vae[k] = VariationalAutoencoder(64, latent_size=k, hidden_sizes=(128, 64), likelihood="gaussian")
    seconds[k] = fit(vae[k], train.x, epochs=60, batch_size=64, learning_rate=3e-3, progress=False).seconds
sampled = {k: model.sample(500) for k, model in vae.items()}

# %% [markdown]
# *What to see: many images of the two lower rows can be read at once, though all are a little soft. Some stand between
# two digits.*

# %%
draw_rows(
    {"plain, fitted": made["fitted"], "VAE, 2 numbers": sampled[2], "VAE, 8 numbers": sampled[8]},
    "Random codes, decoded",
)

# %%
from sklearn.linear_model import LogisticRegression

outcome(
    "04.prior",
    100 * far(sampled[8]),
    because="The KL term has put the codes where we draw from, and the noise of the draws has taught the decoder what to "
    "do between them.",
)
reader = LogisticRegression(C=10, max_iter=2000).fit(train.x, train.labels)


def readable(images):
    """How sure a classifier of digits is on average: 1 is certain."""
    return reader.predict_proba(images).max(axis=1).mean()


claim(
    "from the prior less than 5 % of the images are far, with 2 numbers and with 8, but a classifier is less sure of them "
    "than of real digits",
    below(max(far(images) for images in sampled.values()), 0.05),
    below(max(readable(images) for images in sampled.values()), readable(test.x)),
)

# %% [markdown]
# Two measures, two answers, both true: hardly an image is out of the world of digits, and not all of them are a digit
# that you could name. And mind what a distance rewards: a soft image is near to many digits. We come back to the
# places between the digits in "When it fails".
#
# *What to see: the clouds of held-out digits in two dimensions. Left the means; right the outlines of 60 clouds, one
# standard deviation wide. Together they fill roughly the round region that the prior (dashed, two standard deviations)
# prescribes.*

# %%
mean, log_variance = vae[2].posterior(test.x)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), sharex=True, sharey=True, layout="constrained")
plots.draw_points(left, mean, test.labels, names=test.label_names)
left.set_title("means of the clouds")
circle = np.linspace(0, 2 * np.pi, 80)
for number in range(60):
    width = np.exp(0.5 * log_variance[number])
    outline = mean[number] + width * np.stack([np.cos(circle), np.sin(circle)], axis=1)
    right.plot(*outline.T, color=plots.COLOURS[test.labels[number]], linewidth=1)
    right.text(*mean[number], str(test.labels[number]), fontsize=8, ha="center", va="center")
right.set_title("sixty clouds")
for axes in (left, right):
    axes.plot(2 * np.cos(circle), 2 * np.sin(circle), "--", color=plots.COLOURS[2], linewidth=1)
    axes.set(xlabel="first number of the code", aspect="equal")
left.set_ylabel("second number of the code")
handles, names = left.get_legend_handles_labels()
figure.legend(handles, names, loc="outside right center", frameon=False)
plt.show()

# %% [markdown]
# Now walk through such a code. The playground has glyphs whose slant, size, stroke and place are known, so it can say what
# each number of the code follows. **Is there a number that follows the slant alone?** Then lower beta to 1 and look again.

# %%
play.latent_walk()

# %% [markdown]
# *What to see: the grid of decoded codes has no torn places; from tile to tile the glyph changes a little. That a number
# follows a single factor is luck and not law, nothing in the bound asks for it. A larger beta favours it (Higgins et al.
# 2017), at a price that you will see.*

# %% [markdown]
# ## 7. How likely is a digit, really?
# The bound says "at least so many nats". How much more is it? By line 2 of section 3, $p(x)$ is a mean over draws from
# $q$ of the weights $p(x \mid z)\, p(z) / q(z \mid x)$. So draw $S$ codes, average the weights, and take the logarithm at
# the end: the [importance-weighted bound](glossary:importance-weighted-bound),
#
# $$\log p(x) \ge \mathbb{E}\left[ \log \frac1S \sum_{s=1}^{S} \frac{p(x \mid z_s)\, p(z_s)}{q(z_s \mid x)} \right] .$$
#
# With $S = 1$ it is our bound; it rises with $S$, and in the end it is $\log p(x)$. (Mind the order: mean of the weights
# *inside* the logarithm.)
#
# **Exercise 04.4.** `log_weights` has the *logarithms* of the weights, shape (draws, batch). Return the logarithm of
# their mean for every sample, shape (batch,). On paper that is one line. In 32 bits $e^{-300}$ is zero.


# %% tags=["exercise-04.4"]
{{exercise("04.4")}}


# %% tags=["check-04.4"]
importance_weighted_bound = check("04.4", importance_weighted_bound)
grade("04.4")

# %% [markdown]
# There is a simpler way to estimate the integral: draw codes from the *prior* and average $p(x \mid z)$. No encoder
# needed. **Why does nobody do that?** Most codes have nothing to do with the digit at hand. Suppose we draw 10,000 from
# the prior: how many of them carry 99 % of the sum?

# %%
predict(
    "04.few",
    "Of 10,000 codes from the prior, how many carry 99 percent of a held-out digit's sum? (8 numbers, median of 200 digits)",
    unit="codes",
    low=1,
    high=10_000,
)


# %%
def log_density(z, mean, log_variance):
    """log N(z; mean, variance), summed over the dimensions."""
    return -0.5 * ((z - mean) ** 2 / log_variance.exp() + log_variance + math.log(2 * math.pi)).sum(dim=-1)


def log_coins(x, logits):
    """log p(x | z) of black-and-white digits."""
    return -functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(dim=-1)


def log_weights(model, x, draws):
    """Logarithms of p(x | z) p(z) / q(z | x) for codes drawn from q: shape (draws, samples)."""
    torch.manual_seed(0)
    x = torch.tensor(x)
    logs = torch.empty(draws, len(x))
    with torch.no_grad():
        for part in logs.split(50):  # a few draws at a time, to spare the memory; a part is a view of logs
            mean, log_variance = (each.expand(len(part), -1, -1) for each in model.posterior(x))
            z = reparametrize(mean, log_variance)
            zero = torch.zeros_like(mean)
            from_story = log_coins(x, model.decoder(z)) + log_density(z, zero, zero)
            part[:] = from_story - log_density(z, mean, log_variance)
    return logs


def carriers(logs):
    """How many of the draws carry 99 % of the sum of exp(logs), for each sample."""
    shares = torch.softmax(logs, dim=0).sort(dim=0, descending=True).values.cumsum(dim=0)
    return (shares < 0.99).sum(dim=0) + 1


torch.manual_seed(0)
with torch.no_grad():
    logits = own[8].decoder(torch.randn(10_000, 8))
    from_prior = torch.empty(10_000, 200)
    for number, x in enumerate(ink_test[:200]):
        from_prior[:, number] = log_coins(torch.tensor(x), logits)
from_encoder = log_weights(own[8], ink_test[:200], 1000)
few, many = carriers(from_prior).float().median().item(), carriers(from_encoder).float().median().item()
outcome("04.few", few, because="The rest of the codes decode to other digits: their p(x | z) is next to nothing.")
claim(
    "of 10,000 codes from the prior fewer than 600 carry 99 % of the sum, of 1,000 that the encoder proposes more than 500",
    below(few, 600),
    above(many, 500),
)

# %% [markdown]
# That is what the encoder is for: it is not part of the story, it tells where to look.

# %%
draws = (1, 10, 100, 1000)
tighter = {}
for k in (2, 8):
    logs = log_weights(own[k], ink_test, draws[-1])
    # Blocks of S draws each; a bound for each block, then the mean over blocks and digits.
    tighter[k] = []
    for n in draws:
        blocks = [importance_weighted_bound(block) for block in logs.split(n)]
        tighter[k].append(float(np.mean([np.asarray(block) for block in blocks])))
    print(f"{k} numbers: " + ", ".join(f"{value:.2f} with {n}" for n, value in zip(draws, tighter[k])))

# %%
gains = np.diff(tighter[8])
claim(
    "with 8 numbers ten draws raise the bound by more than 0.3 nats, the last tenfold of the draws by less than 0.1",
    above(gains[0], 0.3),
    below(gains[-1], 0.1),
)

# %% [markdown]
# Now an honest rival. A **mixture of stencils** has no network: each of its parts is a sheet of 64 coins, and a digit is
# drawn by choosing a part, then tossing its coins. It is the [Gaussian mixture](glossary:Gaussian-mixture) of lesson 01
# with coins in place of bells, and learns by the same [EM](glossary:EM). Its likelihood needs no bound.


# %%
def mixture_of_stencils(x, parts, rounds=60):
    """EM for a mixture of Bernoulli sheets; returns a function that gives log p of samples."""
    rng = np.random.default_rng(0)
    p = np.where(x[rng.choice(len(x), parts, replace=False)] > 0, 0.8, 0.2)
    weight = np.full(parts, 1 / parts)

    def joint(x):
        return x @ np.log(p).T + (1 - x) @ np.log(1 - p).T + np.log(weight)

    for _ in range(rounds):
        logs = joint(x)
        responsibility = np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])
        total = responsibility.sum(axis=0)
        weight = (total + 1) / (total + 1).sum()
        p = (responsibility.T @ x + 0.5) / (total[:, None] + 1)
    return lambda x: np.logaddexp.reduce(joint(x), axis=1)


stencils = {parts: mixture_of_stencils(ink, parts)(ink_test).mean() for parts in (10, 40, 80)}
best_mixture = max(stencils.values())
nats = {
    "pixels as coins": pixel_coins(ink_test).mean(),
    "VAE, 2 numbers": tighter[2][-1],
    "best mixture": best_mixture,
    "VAE, 8 numbers": tighter[8][-1],
}
for name, value in nats.items():
    print(f"{name:16s} {value:7.2f} nats a digit")

# %%
claim(
    "with 2 numbers the mixture wins by more than half a nat, with 8 it is a tie, within a nat",
    below(tighter[2][-1], best_mixture - 0.5),
    between(tighter[8][-1], best_mixture - 1, best_mixture + 1),
)

# %% [markdown]
# An honest result: twenty lines of an old method do as well (we even let it choose its size on the held-out digits, which
# we did not let the network do). These digits are small and few, and 80 stencils go a long way. A stencil is one image,
# though, and of larger images nobody has stencils enough: on the 28 × 28 pixels of MNIST, in black and white, 500 of them
# reach about $-138$ nats (Germain et al. 2015), a variational autoencoder about $-87$ (Burda et al. 2016).

# %% [markdown]
# ## 8. What may a pixel be?
# The likelihood is a statement about the data, so it must fit them.
#
# | your data | `likelihood=` | what $\log p$ is then |
# |---|---|---|
# | yes and no | `"bernoulli"` | the log of a probability, at most 0 |
# | shares between 0 and 1 | `"continuous-bernoulli"` | the log of a [density](glossary:density), can be positive |
# | any numbers | `"gaussian"` | the log of a density, can be positive |
#
# Much code puts grey pixels into the coin's formula. It runs, and the images look fine. But over the values from 0 to 1
# that formula does not add up to 1, so it is no density; the missing constant depends on the logits, and so does what is
# learned. The *continuous Bernoulli* (Loaiza-Ganem and Cunningham 2019) puts the constant in.

# %%
from udl_teach.models.variational.likelihoods import log_bernoulli, log_continuous_bernoulli

grey = torch.linspace(0, 1, 2001)[:, None]
area = {}
for name, formula in (("coin", log_bernoulli), ("continuous", log_continuous_bernoulli)):
    curves = [formula(grey, torch.full_like(grey, logit)).exp() for logit in (0.0, 2.0, 5.0)]
    area[name] = [float(torch.trapezoid(curve, grey[:, 0])) for curve in curves]
print("logits               0     2     5")
for name, values in area.items():
    print(f"{name:16s}" + "".join(f"{value:6.2f}" for value in values))

# %% [markdown]
# And a density has a unit. Write the grey values from 0 to 16, as they were scanned, in place of 0 to 1: the same images,
# and every model loses $64 \log 16$ nats, because the same probability is spread over a range sixteen times as wide in
# each pixel. **Log-densities can be compared only for the same data in the same unit; a density and a probability can
# never be.**


# %%
def independent_bells(x, other, floor):
    """Mean log-density of `other` when every pixel of `x` is a Gaussian with its own mean and variance."""
    return log_normal(other, x.mean(axis=0), x.var(axis=0) + floor).sum(axis=1).mean()


in_ones, in_sixteens = (independent_bells(u * train.x, u * test.x, 1e-3 * u**2) for u in (1, 16))
print(f"0 to 1: {in_ones:.2f} nats, 0 to 16: {in_sixteens:.2f} nats; 64 log 16 = {64 * math.log(16):.2f}")
for floor in (1e-3, 1e-5):
    print(f"variances of at least {floor:.0e}: {independent_bells(train.x, test.x, floor):.2f} nats")

# %% [markdown]
# The last line is a trap: narrower Gaussians raise the density of held-out digits by many nats, though the model has
# learned nothing about digits. Some pixels at the border are empty on nearly every digit. A Gaussian there can become as
# narrow as you allow, and its density as high: nats for knowing where the paper is. If your data have values that repeat
# exactly, add noise as wide as their steps first, or the figure is worth nothing.

# %% [markdown]
# One more truth to check against. Take the bends away (`hidden_sizes=()`), and the story is again a straight decoder
# with Gaussian noise, in 64 dimensions. Its best likelihood is known: that of *probabilistic PCA* (Tipping and Bishop
# 1999). As the linear autoencoder of lesson 02 found PCA, the linear variational one should find this.

# %%
from sklearn.decomposition import PCA as ScikitPCA

straight = VariationalAutoencoder(64, 2, (), likelihood="gaussian")
fit(
    straight,
    train.x,
    epochs=60,
    batch_size=64,
    learning_rate=lambda step: 0.01 * max(1 - step / 1380, 0.01),
    progress=False,
)
exact = ScikitPCA(2).fit(train.x)
print(f"training digits: linear VAE {straight.log_likelihood(train.x, 100).mean():.2f} nats")
print(f"                 PCA        {exact.score(train.x):.2f} nats")
print(f"held-out digits: PCA        {exact.score(test.x):.2f} nats")
print(f"                 VAE        {vae[2].log_likelihood(test.x, 200).mean():.2f} nats, with hidden layers")

# %% [markdown]
# The first two figures agree. The last two show what hidden layers are worth: more than ten nats per digit.

# %% [markdown]
# ## 9. What can you do with it? Missing pixels
# A model of all pixels together knows what is probable where you have not looked. We hide the three lower rows of held-out
# digits. The method (Rezende et al. 2014) is a conversation: fill in anything, encode, draw a code, decode, put the
# decoder's pixels into the hidden places, and again. The known pixels are never changed. As codes are *drawn*, another
# seed fills in differently, so we can ask twenty times, take the mean as an answer, and see how sure it is.

# %%
predict(
    "04.fill",
    "Which guess of the hidden pixels has the smallest squared error?",
    options=["the mean of all digits", "PCA", "the variational autoencoder", "the nearest training digit"],
)

# %%
known = np.repeat(np.arange(8) < 5, 8)
fills = np.stack([vae[8].impute(test.x, known, seed=seed) for seed in range(20)])
pca = PCA(8).fit(train.x)
by_pca = np.where(known, test.x, train.x.mean(axis=0)).astype(np.float32)
for _ in range(20):
    by_pca = np.where(known, test.x, pca(by_pca))
distance = torch.cdist(torch.tensor(test.x[:, known]), torch.tensor(train.x[:, known]))
filled = {
    "the mean of all digits": np.where(known, test.x, train.x.mean(axis=0)),
    "PCA": by_pca,
    "the variational autoencoder": fills.mean(axis=0),
    "the nearest training digit": np.where(known, test.x, train.x[distance.argmin(dim=1).numpy()]),
}
miss = {name: ((x - test.x)[:, ~known] ** 2).mean() for name, x in filled.items()}
for name, value in miss.items():
    print(f"{value:.4f}  {name}")

# %% [markdown]
# *What to see: the last three rows of each tile are hidden in the second line, filled in below. Where two single answers
# of the variational autoencoder differ, the upper part leaves it open.*

# %%
hidden = np.where(known, test.x, 0.5)
draw_rows(
    {
        "held-out digits": test.x,
        "what is known": hidden,
        "VAE, one answer": fills[0],
        "another answer": fills[1],
        "mean of twenty": filled["the variational autoencoder"],
        "nearest digit": filled["the nearest training digit"],
    },
    "Three rows of pixels filled in",
)

# %%
outcome(
    "04.fill",
    min(miss, key=miss.get),
    because="With 1,438 digits at hand, one that begins alike mostly ends alike. The model has seen them too, but keeps "
    "only what its code can hold.",
)
claim(
    "the variational autoencoder is better than PCA and than the mean by more than a fifth; the nearest training digit is "
    "better still, or within a tenth",
    below(miss["the variational autoencoder"], 0.8 * min(miss["PCA"], miss["the mean of all digits"])),
    below(miss["the nearest training digit"], 1.1 * miss["the variational autoencoder"]),
)
doubt = fills.std(axis=0)[:, ~known]
wrong = (filled["the variational autoencoder"] - test.x)[:, ~known] ** 2
sure = doubt < np.median(doubt, axis=0)  # pixel by pixel: the half of the digits where the answers agree most
claim(
    "and it has a notion of what it does not know: where its twenty answers for a pixel agree most, the squared error is "
    "less than four fifths of what it is elsewhere",
    below(wrong[sure].mean(), 0.8 * wrong[~sure].mean()),
)

# %% [markdown]
# ## When it fails
# Five ways. If your hour is nearly over, read the first and the last, and come back for the others.
#
# ### Who works in this code?
# Look closely at our model with 8 numbers. Which of them are in use? A number that the encoder does not use stays at the
# prior for every digit: its mean does not move, its KL is zero. It is called inactive; a dimension counts as an
# [active unit](glossary:active-unit) when the variance of its means over the samples is above 0.01.

# %%
predict("04.asleep", "Of the 8 numbers, how many are in use?", unit="numbers", low=0, high=8)

# %%
outcome(
    "04.asleep",
    vae[8].active_units(test.x),
    because="At the start the decoder cannot use the code yet. A number that says nothing useful costs nats all the same, "
    "so it is put to sleep, and where nothing comes from, no decoder learns to listen.",
)

# %% [markdown]
# This is [posterior collapse](glossary:posterior-collapse): for some numbers of the code $q(z \mid x)$ has become the
# prior. **Is that the best that can be done, or an accident of the start?** Two cures prevent the accident. A
# [warm-up](glossary:warm-up) (Bowman et al. 2016) lets the weight of the KL rise from 0 to 1 while learning, so codes are
# free at first. [Free bits](glossary:free-bits) (Kingma et al. 2016) do not charge the first half nat of each number, so
# there is nothing to gain by sleeping. If sleeping was best, neither should raise the bound.

# %%
cured = {"as it was": vae[8]}
cured["warm-up"] = VariationalAutoencoder(64, 8, (128, 64), likelihood="gaussian")
cured["free bits"] = VariationalAutoencoder(64, 8, (128, 64), likelihood="gaussian", free_bits=0.5)
for name, options in (("warm-up", {"beta": lambda step: min(1, step / 920)}), ("free bits", {})):
    run = fit(cured[name], train.x, epochs=60, batch_size=64, learning_rate=3e-3, progress=False, **options)
    seconds[name] = run.seconds
awake = {name: model.active_units(test.x) for name, model in cured.items()}
likely = {name: model.log_likelihood(test.x, 200).mean() for name, model in cured.items()}

# %% [markdown]
# *What to see: the nats that each number carries, sorted. Grey: as it was, a few carry all. With either cure more
# numbers carry something.*

# %%
figure, axes = plt.subplots(figsize=(8.5, 3), layout="constrained")
for place, ((name, model), shade) in enumerate(zip(cured.items(), (2, 0, 1))):
    heights = np.sort(model.kl_per_dimension(test.x))[::-1]
    where = np.arange(1, 9) + 0.28 * (place - 1)
    axes.bar(where, heights, width=0.26, color=plots.COLOURS[shade], label=f"{name}: {awake[name]} active")
axes.set(title="Who works in this code?", xlabel="numbers of the code, busiest first", ylabel="KL (nats)")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
claim(
    "it was an accident: with either cure more numbers are active, and held-out digits gain more than 2 nats",
    above(min(awake["warm-up"], awake["free bits"]), awake["as it was"]),
    above(min(likely["warm-up"], likely["free bits"]), likely["as it was"] + 2),
)

# %% [markdown]
# ### A KL that weighs too much
# Collapse can also be ordered. With `beta` the KL counts more than the bound says (Higgins et al. 2017 do so on purpose,
# to get numbers that mean one thing each). We raise it on the black-and-white digits, and have the same as in
# a common bug: a reconstruction that is averaged over 64 pixels is a beta of 64.

# %%
active, spent = {}, {}
for beta in (0.1, 1, 10, 64):
    model = VariationalAutoencoder(64, 8, (128, 64), beta=beta)
    fit(model, ink, epochs=12, batch_size=64, learning_rate=3e-3, progress=False)
    active[beta], spent[beta] = model.active_units(ink_test), model.kl_per_dimension(ink_test).sum()
    print(f"beta {beta:4}: {active[beta]} active units, {spent[beta]:6.2f} nats in the code")

# %%
claim(
    "with a beta of 1 the code carries more than 2 nats, with 10 and with 64 less than a tenth of a nat",
    above(spent[1], 2),
    below(max(spent[10], spent[64]), 0.1),
)

# %% [markdown]
# Here no warm-up helps: at such a price an empty code *is* the best. Mend the weight. If your code collapses from the
# first epoch, look for a `mean` first.
#
# ### A decoder that needs no code
# The third way is the subtlest. Let the decoder write pixel by pixel, and look at the pixels that it has already written.
# Such a decoder can say all by itself what a digit looks like. Two matrices with masks do it: each pixel may use those
# before it in reading order, and no other.


# %%
class Writer(nn.Module):
    """A variational autoencoder whose decoder also sees the pixels before each pixel."""

    def __init__(self, latent_size=8, hidden=256, free_bits=0.0):
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Sequential(
            nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64), nn.GELU(), nn.Linear(64, 2 * latent_size)
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent_size, 64), nn.GELU(), nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64)
        )
        # Hidden unit h may read pixels up to number last[h]; pixel j may read hidden units with last < j.
        last, pixel = torch.arange(hidden) % 63, torch.arange(64)
        self.register_buffer("may_read", (pixel <= last[:, None]).float())
        self.register_buffer("may_use", (last < pixel[:, None]).float())
        self.reads = nn.Parameter(0.1 * torch.randn(hidden, 64))
        self.uses = nn.Parameter(0.1 * torch.randn(64, hidden))
        self.beta, self.free_bits = 1.0, free_bits

    def posterior(self, x):
        return self.encoder(x).chunk(2, dim=1)

    def logits(self, z, x):
        before = functional.gelu(x @ (self.reads * self.may_read).T)
        return self.decoder(z) + before @ (self.uses * self.may_use).T

    def loss(self, x, generator=None):
        mean, log_variance = self.posterior(x)
        logits = self.logits(reparametrize(mean, log_variance), x)
        reconstruction = functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1).mean()
        # The KL of each number of the code by itself, averaged over the batch.
        columns = zip(mean.split(1, dim=1), log_variance.split(1, dim=1))
        kl = torch.stack([kl_to_prior(*column).mean() for column in columns])
        return {"loss": reconstruction + self.beta * kl.clamp(min=self.free_bits).sum(), "kl": kl.sum()}


# %% [markdown]
# To warm it up we lay a hand on the running training: `train_steps` yields after every step, and between two steps the
# weight is ours to change.

# %%
from udl_teach.training import train as train_steps

writers = {"plain": Writer(), "warm-up": Writer(), "free bits": Writer(free_bits=0.25)}
for name, model in writers.items():
    for step in train_steps(model, ink, epochs=40, batch_size=128, learning_rate=8e-3):
        if name == "warm-up":
            model.beta = min(1, step.index / 240)
    model.beta, model.free_bits = 1.0, 0.0  # from here on it is measured by the bound itself

report = {}
for name, model in writers.items():
    torch.manual_seed(0)
    with torch.no_grad():
        terms = model.loss(torch.tensor(ink_test))
        means = [model.posterior(torch.tensor(x))[0] for x in (ink, ink_test)]
    probe = metrics.linear_probe(means[0].numpy(), train.labels, means[1].numpy(), test.labels, per_class=10, seed=0)
    report[name] = {
        "bound": -terms["loss"].item(),
        "kl": terms["kl"].item(),
        "active": int((means[1].var(dim=0) > 0.01).sum()),
        "probe": probe,
    }
    print(f"{name:10s}" + "".join(f"   {key} {value:6.2f}" for key, value in report[name].items()))

# %%
plain_report, *mended = report.values()
claim(
    "plain, the code carries less than half a nat; mended by warm-up and by free bits it carries more than a nat, and a "
    "linear probe with 10 labels per class makes fewer errors",
    below(plain_report["kl"], 0.5),
    above(min(each["kl"] for each in mended), 1),
    above(min(each["probe"] for each in mended), plain_report["probe"]),
)
# %% [markdown]
# The three bounds hardly differ, though one of the codes is empty. Here collapse was no accident. What can be said
# without a code is said without it, because a code costs nats and the earlier pixels are free. **The bound measures the
# story, not the code.** If it is the code that you want, say so: a
# weaker decoder, free bits, or another loss.
#
# ### Holes where nobody lives
# The prior says where codes *may* lie, the clouds say where they *do*. All clouds together are the
# [aggregate posterior](glossary:aggregate-posterior) $q(z) = \frac1N \sum_n q(z \mid x_n)$. In the bound stands only the
# KL of each cloud by itself, so nothing forces their sum to be the prior everywhere.
#
# *What to see: left, how much denser (bright) or thinner (dark) the codes lie than the prior says. The crosses are codes
# drawn from the prior that fell where the codes have less than a fifth of the prior's density. Right, what some of them
# decode to, and below it what codes from well-filled places do.*

# %%
cloud_mean, cloud_log_variance = (torch.tensor(each) for each in vae[2].posterior(train.x))


def log_filled(z):
    """log q(z) / p(z): how much denser the training codes lie at z than the prior says."""
    z = torch.tensor(z, dtype=torch.float32)
    clouds = log_density(z[:, None], cloud_mean, cloud_log_variance)
    aggregate = torch.logsumexp(clouds, dim=1) - math.log(len(cloud_mean))
    return (aggregate - log_density(z, torch.zeros(2), torch.zeros(2))).numpy()


rng = np.random.default_rng(0)
z_prior = rng.normal(size=(2000, 2)).astype(np.float32)
filled_there = log_filled(z_prior)
hole, home = filled_there < math.log(0.2), filled_there > 0
axis = np.linspace(-3, 3, 61)
plane = log_filled(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)).reshape(61, 61)

figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), width_ratios=(1.25, 1), layout="constrained")
picture = left.imshow(
    np.clip(plane, -4, 2), origin="lower", extent=(-3.05, 3.05, -3.05, 3.05), cmap="cividis", aspect="equal"
)
left.scatter(*z_prior[hole][:150].T, s=14, marker="x", color="#FF800E", linewidths=1)
left.set(title="Where are the codes?", xlabel="first number", ylabel="second number", xlim=(-3, 3), ylim=(-3, 3))
figure.colorbar(picture, ax=left, label="log q(z) / p(z), nats")
shown = np.concatenate([vae[2].decode(z_prior[hole][:24]), vae[2].decode(z_prior[home][:24])])
plots.draw_images(right, shown.reshape(-1, 8, 8), columns=8)
right.set_yticks([13.5, 40.5], ["from holes", "from filled\nplaces"])
right.tick_params(axis="y", length=0)
right.set_title("decoded")
plt.show()

# %%
images = vae[2].decode(z_prior)
which = rng.integers(len(train), size=2000)
from_clouds = cloud_mean[which].numpy() + np.exp(0.5 * cloud_log_variance[which].numpy()) * rng.normal(size=(2000, 2))
gap_nats = log_filled(from_clouds).mean()
mended_images = vae[2].decode(from_clouds.astype(np.float32))
print(f"{100 * hole.mean():.0f} % of the codes from the prior fall into holes; KL(q(z) || p(z)) is {gap_nats:.2f} nats")
claim(
    "codes drawn from the clouds themselves decode to images that are nearer to a training digit, and of which a "
    "classifier is more sure",
    below(to_nearest(mended_images).mean(), to_nearest(images).mean()),
    above(readable(mended_images), readable(images)),
)

# %% [markdown]
# The cure in words: draw a training digit, draw from its cloud, decode. (Or fit a Gaussian mixture to the codes, or learn
# the prior along with the rest.)
#
# ### Better likelihood, better samples?
# **Does the model with the higher likelihood make the better samples?** Take your model with 8 numbers and spoil it: every
# second time it shall not decode at all, but toss a coin for every pixel. The likelihood of this mixture is easy,
#
# $$p_{\text{spoilt}}(x) = \tfrac12\, p_8(x) + \tfrac12\, 2^{-64} \ \ge\ \tfrac12\, p_8(x),$$
#
# so it loses at most $\log 2 = 0.69$ nats, however large the images are. Its rival is your model with 2 numbers, unspoilt.

# %%
predict(
    "04.spoilt",
    "Which has the higher likelihood on held-out digits?",
    options=["2 numbers, unspoilt", "8 numbers, every second sample is coin tosses"],
)

# %%
logs_8, logs_2 = (np.asarray(importance_weighted_bound(log_weights(own[k], ink_test, 1000))) for k in (8, 2))
spoilt = np.logaddexp(math.log(0.5) + logs_8, math.log(0.5) - 64 * math.log(2))


def own_samples(model, latent_size, n=500):
    """Black-and-white digits drawn by the story: a code from the prior, then a toss for every pixel."""
    torch.manual_seed(0)
    with torch.no_grad():
        p = torch.sigmoid(model.decoder(torch.randn(n, latent_size)))
        return torch.bernoulli(p).numpy()


from_two, from_eight = own_samples(own[2], 2), own_samples(own[8], 8)
tossed = np.arange(500) % 2 == 1
from_spoilt = np.where(tossed[:, None], rng.integers(0, 2, size=(500, 64)), from_eight).astype(np.float32)
draw_rows(
    {"held-out digits": ink_test, "2 numbers": from_two, "8, spoilt": from_spoilt},
    "Which row is from the model with the better likelihood?",
)


# %%
def pixels_off(images):
    """How many pixels differ from the most similar training digit, on average."""
    return torch.cdist(torch.tensor(images), torch.tensor(ink), p=1).min(dim=1).values.mean().item()


outcome(
    "04.spoilt",
    "8 numbers, every second sample is coin tosses" if spoilt.mean() > logs_2.mean() else "2 numbers, unspoilt",
    because="The likelihood asks how much of the model's probability falls on real digits. Where the rest of it falls, it "
    "does not ask; and a factor of 2 is only 0.69 nats.",
)
claim(
    "the spoilt model is more likely, and its samples are worse: more than twice as many pixels differ from the most "
    "similar training digit",
    above(spoilt.mean(), logs_2.mean()),
    above(pixels_off(from_spoilt), 2 * pixels_off(from_two)),
)

# %% [markdown]
# Ninety-nine coin tosses in a hundred samples would cost 4.6 nats. Between two models of larger images lie dozens.
#
# It goes the other way as well: a parrot that repeats training digits makes perfect samples. We let it change every pixel
# with a chance of one in a thousand, so that its likelihood is not zero.

# %%
different = torch.cdist(torch.tensor(ink_test), torch.tensor(ink), p=1).numpy()
flip = 1e-3
each = different * math.log(flip) + (64 - different) * math.log(1 - flip)  # log p(x | the digit that it repeats)
parrot = np.logaddexp.reduce(each, axis=1) - math.log(len(ink))
print(f"parrot: {parrot.mean():.2f} nats, pixels as independent coins: {pixel_coins(ink_test).mean():.2f} nats")

# %% [markdown]
# On held-out digits the parrot has a lower likelihood even than independent coins.
#
# Likelihood and looks are two things (Theis, van den Oord and Bethge 2016 construct both cases). A likelihood on held-out
# data tells whether a model *leaves something out*: every digit that it does not expect costs dearly. Samples tell
# whether it *puts something in* that does not belong. Report what you want it for.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

# %%
quiz(
    "04.check_yourself",
    [
        Question(
            "Your bound is -90 nats, a colleague's -88, on the same held-out data. Whose story has the higher likelihood?",
            [
                ("the colleague's", False, "A bound says 'at least'. Your gap to log p(x) may be the larger one."),
                (
                    "open: both are bounds, and the gaps may differ",
                    True,
                    "Yes. Tighten both with many importance-weighted draws before you compare.",
                ),
                ("yours", False, "Higher is better; but neither number is the likelihood itself."),
            ],
        ),
        Question(
            "Somebody averages the cross-entropy over the pixels and sums the KL over the dimensions. What happens?",
            [
                ("nothing, it is a constant factor", False, "It is one for the first term only; the two are weighed."),
                (
                    "the KL weighs as many times too much as there are pixels, and the code collapses",
                    True,
                    "Yes: you saw it as a beta of 64.",
                ),
                (
                    "the images get sharper",
                    False,
                    "They become the mean of all images: the code says nothing any more.",
                ),
            ],
        ),
        Question(
            "Why is the noise drawn first, and moved and stretched afterwards?",
            [
                ("it is faster to draw", False, "It is the same draw."),
                (
                    "so that a gradient can pass to mean and variance",
                    True,
                    "Yes: chance stands beside the calculation and no longer in its way.",
                ),
                (
                    "so that the draws have another distribution",
                    False,
                    "They have the same one, N(mean, variance), in either way.",
                ),
            ],
        ),
        Question(
            "Your model with 32 numbers has 5 active units. What do you try first?",
            [
                (
                    "nothing, 5 are enough",
                    False,
                    "Perhaps. But on our digits the unused numbers cost more than 2 nats.",
                ),
                (
                    "warm-up or free bits, and look whether the bound rises",
                    True,
                    "Yes: if it rises, the sleep was an accident; if not, the data or the decoder need no more.",
                ),
                ("a stronger decoder", False, "A stronger decoder needs the code even less."),
            ],
        ),
        Question(
            "Grey images, two models: A reports -95 nats (Bernoulli, black and white), B reports +240 nats (Gaussian, grey). "
            "Which is better?",
            [
                ("B is far better", False, "B's number is a density; it changes with the unit of the grey values."),
                (
                    "the two numbers cannot be compared",
                    True,
                    "Yes: a probability and a density, of different data.",
                ),
                ("B must have a bug, log p is never positive", False, "A density may well be above 1."),
            ],
        ),
        Question(
            "A model has the best held-out likelihood of all. What may you say of its samples?",
            [
                ("they look best", False, "Every second one could be coin tosses; that costs 0.69 nats."),
                (
                    "nothing before you have looked",
                    True,
                    "Yes. Likelihood punishes what is left out, samples show what was put in.",
                ),
                ("they are copies of the training data", False, "Copies have a poor likelihood on held-out data."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A plain autoencoder never says where its codes lie, so random codes decode to anything. A variational one puts a cloud
#   in place of each code and keeps the clouds near a prior that can be drawn from.
# - The bound: what the decoder says of $x$, minus the KL to the prior. It is $\log p(x)$ minus how wrong the guess is.
# - Draw noise, then stretch and shift it: so a gradient passes through a draw, with little variance.
# - Sum over pixels and dimensions, average over the batch only.
# - Many draws make the bound tight; log-sum-exp keeps it finite.
# - Collapse has three causes: an unlucky start (mended by warm-up and free bits), too heavy a KL (mend the weight), a
#   decoder that needs no code (then the bound is content, and you must say what you want).
# - Likelihood and samples judge different things, and a density has a unit.
#
# The course's table, with new rows; the first ones that can make new digits. The variational codes rebuild less exactly
# than those of the plain autoencoder of the same size: that is the price of being drawable.

# %%
from udl_teach.lesson import comparison_row

rows = {}
for key, model in ((2, vae[2]), (8, vae[8]), ("free bits", cured["free bits"])):
    name = "variational autoencoder" + (", free bits" if key == "free bits" else "")
    rows[key] = comparison_row(
        name,
        model.latent_size,
        train,
        test,
        encode=model.encode,
        decode=model.decode,
        can_sample=True,
        seconds=seconds[key],
    )
comparison(list(rows.values()))

# %% [markdown]
# ## Where to read on
# - Diederik Kingma and Max Welling, *Auto-encoding variational Bayes*, ICLR 2014. Section 2.3 is the bound with
#   reparametrization, appendix B the KL of exercise 04.1.
# - Danilo Rezende, Shakir Mohamed and Daan Wierstra, *Stochastic backpropagation and approximate inference in deep
#   generative models*, ICML 2014. The same idea, found at the same time; appendix F fills in missing pixels.
# - Yuri Burda, Roger Grosse and Ruslan Salakhutdinov, *Importance weighted autoencoders*, ICLR 2016. Section 3 is exercise
#   04.4; the tables count active units.
# - Samuel Bowman et al., *Generating sentences from a continuous space*, CoNLL 2016. A decoder that needs no code, and
#   warm-up; look at the curves of the KL.
# - Irina Higgins et al., *beta-VAE: learning basic visual concepts with a constrained variational framework*, ICLR 2017.
#   What a beta above 1 can buy; look at the traversals.
# - Diederik Kingma et al., *Improved variational inference with inverse autoregressive flow*, NeurIPS 2016. Free bits are
#   in the appendix; the rest is about better guesses than a Gaussian.
# - Lucas Theis, Aäron van den Oord and Matthias Bethge, *A note on the evaluation of generative models*, ICLR 2016. Section
#   3: good samples with poor likelihood, and the reverse.
# - Matthew Hoffman and Matthew Johnson, *ELBO surgery: yet another way to carve up the variational evidence lower bound*,
#   2016. Where the aggregate posterior hides in the bound. Four pages.
# - James Lucas, George Tucker, Roger Grosse and Mohammad Norouzi, *Don't blame the ELBO! A linear VAE perspective on
#   posterior collapse*, NeurIPS 2019. Collapse where everything can be worked out.
# - Michael Tipping and Christopher Bishop, *Probabilistic principal component analysis*, Journal of the Royal Statistical
#   Society B 1999. The straight story of sections 2 and 8, solved.
# - Mathieu Germain, Karol Gregor, Iain Murray and Hugo Larochelle, *MADE: masked autoencoder for distribution estimation*,
#   ICML 2015. The masks of the decoder that needs no code; the table for MNIST has the mixture of 500 stencils.
# - Gabriel Loaiza-Ganem and John Cunningham, *The continuous Bernoulli: fixing a pervasive error in variational
#   autoencoders*, NeurIPS 2019. Grey pixels are no coins.
