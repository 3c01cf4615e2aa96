# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 04 · Variational autoencoders
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 02 (encoder, decoder, the training step, squared error as a likelihood), the mixture models of
# lesson 01, and the density of a Gaussian. Logarithms are natural.

# %% tags=["setup"]
{{setup}}

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from udl_teach import data, fit, play, plots
from udl_teach.lesson import comparison_row
from udl_teach.models import PCA, Autoencoder, VariationalAutoencoder

digits = data.digits()
train, test = digits.split(seed=0)
# Black-and-white digits: a pixel is ink (1) or paper (0).
ink, ink_test = ((part.x > 0.5).astype(np.float32) for part in (train, test))


def draw_rows(rows, title, columns=12):
    """Rows of digits, one for each entry of a dictionary (name: images)."""
    figure, axes = plt.subplots(figsize=(0.62 * columns + 1.6, 0.72 * len(rows) + 0.6), layout="constrained")
    wall = np.concatenate([np.asarray(images)[:columns] for images in rows.values()]).reshape(-1, 8, 8)
    plots.draw_images(axes, wall, columns=columns)
    axes.set_yticks([5 + 9 * row for row in range(len(rows))], list(rows))
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    plt.show()


def pixels_off(images):
    """For each black-and-white image: in how many pixels it differs from the most similar training digit."""
    return torch.cdist(torch.tensor(images, dtype=torch.float32), torch.tensor(ink), p=1).min(dim=1).values.numpy()


def far(images):
    """Share of images that differ from every training digit in more than 6 pixels."""
    return (pixels_off((np.asarray(images) > 0.5).astype(np.float32)) > 6).mean()


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - explain what a variational autoencoder changes about the codes of a plain one, and why;
# - derive the evidence lower bound, and compute each of its parts;
# - write the KL term, the reparameterized draw, the loss and the importance-weighted bound;
# - tell the error of the model from the error of the encoder, in nats;
# - recognize posterior collapse, and find its cause by an experiment;
# - generate digits, impute missing pixels, and say what a likelihood does not measure.

# %% [markdown]
# ## 1. What does a random code decode to?
# A model that produces new samples is called a [generative model](glossary:generative-model). A decoder looks like one:
# make up eight numbers, decode them, and see a digit that nobody has written. The question is how to draw the numbers.
# We train a plain autoencoder on black-and-white digits and try two ways: a standard Gaussian $N(0, 1)$ for every
# number, and a Gaussian with the mean and the covariance of the training codes.

# %%
plain = Autoencoder(64, latent_size=8, hidden_sizes=(128, 64), output="sigmoid")
fit(plain, ink, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)

rng = np.random.default_rng(0)
codes = plain.encode(ink)
standard = rng.normal(size=(500, 8)).astype(np.float32)
fitted = rng.multivariate_normal(codes.mean(axis=0), np.cov(codes.T), size=500).astype(np.float32)

# %% [markdown]
# To measure what we see, we compare each decoded image (ink where the decoder says more than 0.5) with all training
# digits. We call it **far** if it differs from the most similar training digit in more than 6 of the 64 pixels. About 1 %
# of the held-out digits are far.

# %%
predict(
    "04.random",
    "Codes drawn from N(0, 1): what share of the images that the plain autoencoder decodes is far?",
    unit="percent",
    low=0,
    high=100,
)

# %% [markdown]
# The third row comes from the model of this lesson, a [variational autoencoder](glossary:variational-autoencoder) of the
# same size, whose codes are drawn from $N(0, 1)$ as well.

# %%
vae = VariationalAutoencoder(64, latent_size=8, hidden_sizes=(128, 64))
fit(vae, ink, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)
made = {
    "plain, N(0, 1)": plain.decode(standard),
    "plain, fitted Gaussian": plain.decode(fitted),
    "variational, N(0, 1)": vae.decode(standard),
}
draw_rows({"held-out digits": ink_test, **made}, "Random codes, decoded")

# %%
share = {name: far(images) for name, images in made.items()}
outcome(
    "04.random",
    100 * share["plain, N(0, 1)"],
    because="The loss of a plain autoencoder says nothing about where codes lie, or about codes that no digit has.",
)
for name, value in share.items():
    print(f"{name:24s} {100 * value:5.1f} % far")

# %%
claim(
    "of the images from N(0, 1) more than 60 % are far with the plain autoencoder and less than 3 % with the variational",
    above(share["plain, N(0, 1)"], 0.6),
    below(share["variational, N(0, 1)"], 0.03),
)

# %% [markdown]
# A Gaussian that is fitted to the codes afterwards helps the plain autoencoder a lot, and a mixture of Gaussians can
# fit them more closely. So one way to generate is to find out *afterwards* where the codes lie. The other is to decide
# *beforehand* where they should lie, and to train encoder and decoder accordingly. A variational autoencoder does
# that: its encoder maps each sample not to a point but to a cloud, a Gaussian of its own, and its loss keeps the
# clouds close to $N(0, 1)$.
#
# Watch it learn. **What will the clouds do if you lower beta, the weight of this last demand, to 0 while it runs? And
# if you raise it to 10?**

# %%
play.vae_live()

# %% [markdown]
# With `beta` at 0 the clouds shrink to points and drift apart, as the codes of a plain autoencoder do. At 10 they merge
# into one another until all are $N(0, 1)$, and the code says nothing about the sample. The rest of this sitting derives
# why the right weight is 1.

# %% [markdown]
# ## 2. How could the data have arisen?
# A [latent variable](glossary:latent-variable) model generates a sample in two steps:
#
# 1. draw a code $z$ from the [prior](glossary:prior) $p(z)$, here $N(0, 1)$ for every number of the code;
# 2. draw the sample $x$ from $p(x \mid z)$, which the decoder describes.
#
# Any code could have produced $x$, so $p(x)$ is an integral over all of them:
#
# $$p(x) = \int p(x \mid z)\, p(z)\, dz$$
#
# This is the [likelihood](glossary:likelihood) of the model for $x$. Training should make it large for the training
# samples, or rather its logarithm, which is measured in [nats](glossary:nat). If the decoder is a network, the integral
# has no closed form. So we start with a model in which it has one: a code of one number, and a linear decoder with noise,
#
# $$z \sim N(0, 1), \qquad x \sim N(w z + b,\ s^2) .$$
#
# Here $p(x)$ is a Gaussian with mean $b$ and variance $w^2 + s^2$. The *encoder's* question, which codes could have
# produced this $x$, is answered by the [posterior](glossary:posterior):
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

# %%
z_drawn = rng.normal(size=40_000)
x_drawn = w * z_drawn + b + s * rng.normal(size=40_000)
near = abs(x_drawn - seen) < 0.05
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
left.scatter(z_drawn[:1500], x_drawn[:1500], s=5, color="#ABABAB", linewidths=0, label="drawn pairs")
left.scatter(z_drawn[near][:150], x_drawn[near][:150], s=12, marker="^", color=plots.COLOURS[1], label="x near 2")
left.set(title="Pairs drawn from the model", xlabel="code z", ylabel="sample x")
left.legend(frameon=False)
grid = np.linspace(-3, 3, 400)
right.hist(z_drawn[near], bins=30, density=True, color=plots.COLOURS[1], alpha=0.5, label="codes of x near 2")
right.plot(grid, np.exp(log_normal(grid, posterior_mean, posterior_variance)), label="posterior p(z | x)")
right.plot(grid, np.exp(log_normal(grid, 0, 1)), "--", color=plots.COLOURS[2], label="prior p(z)")
right.set(title="Which codes could have produced x = 2?", xlabel="code z", ylabel="density")
right.legend(frameon=False)
plt.show()

# %% [markdown]
# The codes of drawn pairs with $x$ near 2 (orange) follow the formula of the posterior, which is far narrower than the
# prior: only few codes matter for one sample.

# %% [markdown]
# ## 3. How close can we get from below?
# Suppose an encoder hands us a guess $q(z)$ of where those few codes lie. Then
#
# $$
# \begin{aligned}
# \log p(x) &= \log\, \mathbb{E}_{q}\left[ \frac{p(x \mid z)\, p(z)}{q(z)} \right] \\
# &\ge \mathbb{E}_{q}\left[ \log \frac{p(x \mid z)\, p(z)}{q(z)} \right] \\
# &= \mathbb{E}_{q}\left[ \log p(x \mid z) \right] - \mathrm{KL}\left( q(z) \,\|\, p(z) \right)
# \end{aligned}
# $$
#
# The first line is the integral, multiplied and divided by $q(z)$. The second is [Jensen's
# inequality](glossary:Jensen's-inequality): the logarithm is concave, so the logarithm of a mean is at least the mean
# of the logarithms. The third sorts the factors. Its first term says how well the decoder explains $x$ from the
# guessed codes. The second is a [KL divergence](glossary:KL-divergence), $\mathrm{KL}(q \,\|\, p) = \mathbb{E}_q[\log
# q(z) - \log p(z)]$, and measures how far the guess is from the prior. The last line is the [evidence lower
# bound](glossary:ELBO), the ELBO, or here simply **the bound**: it never exceeds $\log p(x)$, and *evidence* is
# another name for $p(x)$.
#
# **Exercise 04.1.** Derive the KL divergence for $q = N(\text{mean}, \text{variance})$ and $p = N(0, 1)$. You need the
# logarithms of both densities and $\mathbb{E}_q[z^2] = \text{mean}^2 + \text{variance}$; the terms with $2\pi$ cancel.
# Then write it for a batch. `mean` and `log_variance` have shape (batch, dimensions): an encoder returns the
# *logarithm* of the variance, because that can be any number. The dimensions are independent, so their nats add up.
# Return the KL of every sample, shape (batch,).


# %% tags=["exercise-04.1"]
{{exercise("04.1")}}


# %% tags=["check-04.1"]
kl_to_prior = check("04.1", kl_to_prior)
grade("04.1")

# %% [markdown]
# Take four guesses about the codes of our sample, some better than others. For each we compute the bound, and the KL
# divergence of the guess from the true posterior.

# %%
predict(
    "04.gap",
    "For which guesses is bound + KL(guess || posterior) equal to log p(x)?",
    options=["only for the best guess", "for every guess", "for guesses with the right variance"],
)


# %%
def kl_between(mean, variance, other_mean, other_variance):
    """KL(N(mean, variance) || N(other_mean, other_variance)): shifted and scaled so that the second is N(0, 1)."""
    shifted = torch.tensor([[(mean - other_mean) / math.sqrt(other_variance)]], dtype=torch.float64)
    scaled = torch.tensor([[variance / other_variance]], dtype=torch.float64)
    return float(kl_to_prior(shifted, scaled.log()).sum())


def bound(mean, variance):
    """E_q[log p(x | z)], in closed form for the linear decoder, minus the KL to the prior."""
    expected = log_normal(seen, w * mean + b, s**2) - 0.5 * w**2 * variance / s**2
    return expected - kl_between(mean, variance, 0.0, 1.0)


guesses = {
    "the prior": (0.0, 1.0),
    "right mean, too wide": (posterior_mean, 0.5),
    "right mean, too narrow": (posterior_mean, 0.01),
    "the posterior": (posterior_mean, posterior_variance),
}
gaps = {name: kl_between(*guess, posterior_mean, posterior_variance) for name, guess in guesses.items()}
for name, guess in guesses.items():
    print(f"{name:24s} bound {bound(*guess):8.4f}   KL to the posterior {gaps[name]:7.4f}")

# %%
sums = np.array([bound(*guess) + gaps[name] for name, guess in guesses.items()])
outcome(
    "04.gap",
    "for every guess" if np.allclose(sums, log_evidence, atol=1e-6) else "only for the best guess",
    because="A worse guess loses exactly as many nats in the bound as its KL divergence from the posterior grows.",
)
claim(
    "bound + KL(guess || posterior) = log p(x) for all four guesses, up to rounding",
    np.allclose(sums, log_evidence, atol=1e-6),
    log_evidence=log_evidence,
)

# %% [markdown]
# This is no accident. Replace $p(x \mid z)\, p(z)$ by $p(z \mid x)\, p(x)$, which is the same joint density, in the second
# line:
#
# $$\text{bound} = \log p(x) - \mathrm{KL}\left( q(z) \,\|\, p(z \mid x) \right) .$$
#
# The gap is the error of the guess and nothing else. So the bound can rise in two ways: the *model* improves
# ($\log p(x)$ rises) or the *guess* improves (the gap shrinks). [EM](glossary:EM), which fitted the mixtures of lesson 01,
# alternates between the two: the E step sets $q$ to the exact posterior, which closes the gap, and the M step raises the
# bound over the parameters of the model. Where the posterior has no closed form, an encoder guesses it, and gradient
# descent raises the bound over both networks at once. That is the variational autoencoder.

# %% [markdown]
# ## 4. How does a gradient pass through a draw?
# The bound contains an expectation over $q$, so codes are *drawn* from the encoder's guess, and the encoder should learn
# from what the decoder makes of them. But what is the gradient of a random draw?
#
# **The first answer** needs no gradient of the draw. Since $\nabla q = q\, \nabla \log q$,
#
# $$\nabla_{\text{mean}}\, \mathbb{E}_q[f(z)] = \mathbb{E}_q\left[ f(z)\, \nabla_{\text{mean}} \log q(z) \right] .$$
#
# This [score-function gradient](glossary:score-function-gradient) makes draws with a high $f$ more probable. It works
# even where $f$ cannot be differentiated. Subtracting a *baseline*, the average of $f$, leaves the expectation
# unchanged and usually reduces the variance.
#
# **The second answer** moves the randomness out of the way: draw noise from $N(0, 1)$, which depends on no parameter, and
# *compute* from it a code with the right mean and variance. PyTorch can differentiate that computation. This is called
# [reparameterization](glossary:reparameterization).
#
# **Exercise 04.2.** Return one code for every sample, in the shape of `mean`. `torch.randn_like(mean)` draws the noise.


# %% tags=["exercise-04.2"]
{{exercise("04.2")}}


# %% tags=["check-04.2"]
reparameterize = check("04.2", reparameterize)
grade("04.2")

# %% [markdown]
# Both answers are right on average, but how much does a single draw vary? Take a code of $k$ numbers, each of which should
# be 1.5, so that $f(z) = -\frac12 \sum_j (1.5 - z_j)^2$, and a guess with mean 0 and standard deviation 0.5. The variance
# of an average of $n$ draws is $1/n$ of the variance of one draw, so a ratio of variances is a ratio of draws.

# %%
predict(
    "04.gradient",
    "With 8 numbers: how many draws does the plain score-function gradient need to be as accurate as ONE reparameterized "
    "draw?",
    unit="draws",
    low=1,
    high=100_000,
)


# %%
def variances(k, n=20_000):
    """Variance over n draws of the gradient for the first mean, by three methods."""
    torch.manual_seed(0)
    mean = torch.zeros(n, k, requires_grad=True)
    z = reparameterize(mean, torch.full((n, k), 2 * math.log(0.5)))
    f = -0.5 * ((1.5 - z) ** 2).sum(dim=1)
    (through_the_draw,) = torch.autograd.grad(f.sum(), mean)
    f, score = f.detach(), (z - mean).detach()[:, 0] / 0.5**2  # the gradient of log q(z) for the first mean
    each = {
        "score function": f * score,
        "with baseline": (f - f.mean()) * score,
        "reparameterized": through_the_draw[:, 0],
    }
    return {name: float(gradients.var()) for name, gradients in each.items()}


for k in (1, 8, 64):
    print(f"k = {k:2d}: " + ", ".join(f"{name} {variance:.2f}" for name, variance in variances(k).items()))

# %%
eight = variances(8)
ratio = {name: eight[name] / eight["reparameterized"] for name in ("score function", "with baseline")}
outcome(
    "04.gradient",
    ratio["score function"],
    because="It knows only how good a draw was as a whole, not which of the eight numbers made it good.",
)
claim(
    "with 8 numbers the score function needs more than 1,000 draws for one reparameterized draw, with a baseline more "
    "than 50",
    above(ratio["score function"], 1000),
    above(ratio["with baseline"], 50),
)

# %% [markdown]
# The variance of the score-function gradient grows with the size of the code; that of the reparameterized one does
# not. Reparameterize where you can. Where you cannot, because a code is a word or a yes-or-no decision, the
# score-function gradient still works.

# %% [markdown]
# ## 5. What is the whole loss?
# The encoder returns two vectors per sample, `mean` and `log_variance`: a guess $q(z \mid x)$ of its own for each sample.
# One code is drawn from it. The decoder turns the code into a [logit](glossary:logit) for every pixel, and a sigmoid turns
# the logit into the probability $p_j$ of ink. Given the code, the pixels are independent
# [Bernoulli](glossary:Bernoulli) variables:
#
# $$\log p(x \mid z) = \sum_j x_j \log p_j + (1 - x_j) \log (1 - p_j) .$$
#
# Its negative is the binary cross-entropy, which PyTorch computes from logits without ever taking $\log 0$:
# `functional.binary_cross_entropy_with_logits(logits, x, reduction="none")` returns one number per pixel.
#
# **Exercise 04.3.** Return the loss of a batch, *minus* the bound. Mind the reductions: the loss has two terms, and the
# factor between them matters.


# %% tags=["exercise-04.3"]
{{exercise("04.3")}}


# %% tags=["check-04.3"]
negative_bound = check("04.3", negative_bound)
grade("04.3")

# %% [markdown]
# Your three functions make a variational autoencoder. The rest is lesson 02.


# %%
class OwnVAE(nn.Module):
    """Encoder, reparameterized draw, decoder, and your loss."""

    def __init__(self, latent_size):
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Sequential(nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 2 * latent_size))
        self.decoder = nn.Sequential(nn.Linear(latent_size, 128), nn.GELU(), nn.Linear(128, 64))

    def loss(self, x, generator=None):
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        z = reparameterize(mean, log_variance)
        return {"loss": negative_bound(x, self.decoder(z), mean, log_variance)}


own = OwnVAE(8)
fit(own, ink, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)

# A rival without a code: independent pixels, each with its own probability of ink.
p = (ink.sum(axis=0) + 0.5) / (len(ink) + 1)
independent = (ink_test * np.log(p) + (1 - ink_test) * np.log(1 - p)).sum(axis=1).mean()
torch.manual_seed(0)
with torch.no_grad():
    own_bound = -own.loss(torch.tensor(ink_test))["loss"].item()
print(f"your bound on held-out digits: {own_bound:.2f} nats; independent pixels: {independent:.2f} nats")

# %%
claim("your bound is more than 4 nats above independent pixels", above(own_bound, independent + 4))

# %% [markdown]
# How much is a nat? A model that gives a digit $-19$ nats considers it as probable as $e^{-19}$, one in 180 million,
# while $2^{64}$ patterns are possible. Four nats more make a digit $e^4 \approx 55$ times as probable. Divided by
# $\log 2$, nats become bits: what an ideal entropy coder with this model needs to store the digit (lesson 03).

# %% [markdown] tags=["sitting"]
# **A good place to stop.** You have derived the bound and trained a variational autoencoder with it. The second half asks
# how close the bound is, when codes collapse, and what the model is good for. It needs only the setup cell at the top, so
# you can close the notebook here.

# %%
# The second half starts here, with what it needs of the first.
vae = VariationalAutoencoder(64, latent_size=8, hidden_sizes=(128, 64))
fit(vae, ink, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)

# %% [markdown]
# ## 6. How close is the bound?
# Section 3 wrote $p(x)$ as a mean over codes drawn from $q$ of the weights $p(x \mid z)\, p(z) / q(z \mid x)$. So draw $S$
# codes, average the *weights*, and take the logarithm last. This is the
# [importance-weighted bound](glossary:importance-weighted-bound):
#
# $$\log p(x) \ge \mathbb{E}\left[ \log \frac1S \sum_{s=1}^{S} \frac{p(x \mid z_s)\, p(z_s)}{q(z_s \mid x)} \right] .$$
#
# With $S = 1$ it is the ELBO. It rises with $S$ and converges to $\log p(x)$.
#
# **Exercise 04.4.** `log_weights` contains the *logarithms* of the weights, shape (draws, batch). Return the logarithm of
# their mean for every sample, shape (batch,). Beware: in 32 bits $e^{-300}$ is 0.


# %% tags=["exercise-04.4"]
{{exercise("04.4")}}


# %% tags=["check-04.4"]
importance_weighted_bound = check("04.4", importance_weighted_bound)
grade("04.4")


# %%
def log_weights(x, mean, log_variance, draws, seed=0):
    """log p(x | z) p(z) / q(z) of codes drawn from q = N(mean, variance): shape (draws, samples)."""
    torch.manual_seed(seed)
    noise = torch.randn(draws, *mean.shape)
    z = mean + (0.5 * log_variance).exp() * noise
    logits = vae.decoder(z.flatten(0, 1)).unflatten(0, (draws, len(x)))
    log_x = -functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(dim=-1)
    return log_x + 0.5 * (noise**2 + log_variance - z**2).sum(dim=-1)


x = torch.tensor(ink_test)
with torch.no_grad():
    mean, log_variance = vae.posterior(x)
    logs = log_weights(x, mean, log_variance, 1000)
for n in (1, 10, 100, 1000):
    blocks = [importance_weighted_bound(block) for block in logs.split(n)]
    print(f"{n:4d} draws: {np.mean([float(block.mean()) for block in blocks]):.2f} nats")

# %% [markdown]
# The rise from the first line to the last is nearly the gap of section 3, the error of the encoder's guess. It has two
# possible reasons. A Gaussian may not fit the posterior; or a better Gaussian exists, but one network that serves all
# samples misses it. The second is called the *amortization gap*, because the encoder amortizes the cost of inference
# over all samples. To measure it, give every held-out digit a guess of its own and improve it by gradient descent,
# with the decoder fixed. **What share of the gap will that close?**

# %%
predict("04.amortized", "What share of the gap between bound and log p(x) is closed?", unit="percent", low=0, high=100)

# %%
own_mean, own_log_variance = mean.clone().requires_grad_(), log_variance.clone().requires_grad_()
optimizer = torch.optim.Adam([own_mean, own_log_variance], lr=0.02)
for step in range(150):
    loss = -log_weights(x, own_mean, own_log_variance, 4, seed=step).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    tuned = log_weights(x, own_mean, own_log_variance, 200, seed=1000).mean().item()
elbo, log_p = logs.mean().item(), importance_weighted_bound(logs).mean().item()
print(f"encoder {elbo:.2f}, a guess per sample {tuned:.2f}, log p(x) about {log_p:.2f} nats")

# %%
outcome(
    "04.amortized",
    100 * (tuned - elbo) / (log_p - elbo),
    because="This share is the amortization gap: on new digits the network misses the best diagonal Gaussian. Most of the rest "
    "is there because the posterior is no diagonal Gaussian.",
)
claim(
    "a guess per sample closes more than a third of the gap",
    above((tuned - elbo) / (log_p - elbo), 1 / 3),
)

# %% [markdown]
# Now a strong rival. A mixture of Bernoullis has no network: a digit is drawn by choosing one of $K$ components, each
# a sheet of 64 probabilities, and then every pixel. EM fits it, and its likelihood needs no bound.


# %%
def mixture_of_bernoullis(x, k, iterations=60, seed=0):
    """EM for a mixture of k sheets of Bernoulli pixels; returns a function that computes log p(x)."""
    p = np.where(x[np.random.default_rng(seed).choice(len(x), k, replace=False)] > 0, 0.8, 0.2)
    weight = np.full(k, 1 / k)

    def joint(x):
        return x @ np.log(p).T + (1 - x) @ np.log(1 - p).T + np.log(weight)

    for _ in range(iterations):
        logs = joint(x)
        responsibility = np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])  # E: q becomes the posterior
        total = responsibility.sum(axis=0)
        weight = (total + 1) / (total + 1).sum()  # M: the best parameters for this q, a little smoothed
        p = (responsibility.T @ x + 0.5) / (total[:, None] + 1)
    return lambda x: np.logaddexp.reduce(joint(x), axis=1)


mixture = {k: mixture_of_bernoullis(ink[:-300], k)(ink[-300:]).mean() for k in (10, 20, 40, 80)}
k = max(mixture, key=mixture.get)  # chosen on validation digits
by_mixture = mixture_of_bernoullis(ink, k)(ink_test).mean()
print(f"held-out digits: mixture of {k} components {by_mixture:.2f}, variational autoencoder {log_p:.2f} nats")

# %%
claim("the two models are within 1.5 nats of each other", between(log_p - by_mixture, -1.5, 1.5))

# %% [markdown]
# An old method with one loop does about as well: a few dozen sheets go a long way with small, simple images.

# %% [markdown]
# ## 7. How exact should a reconstruction be?
# Grey pixels are not Bernoulli variables. The model then takes `likelihood="gaussian"`: the decoder returns the mean
# of every pixel, and all share one variance $\sigma^2$. As in lesson 02 the first term becomes a squared error, and
# for a fixed $\sigma^2$ the loss of a sample is, up to a constant,
#
# $$\frac{1}{2\sigma^2} \sum_j (\hat x_j - x_j)^2 + \mathrm{KL}\left( q(z \mid x) \,\|\, p(z) \right) .$$
#
# So $\sigma^2$ sets an exchange rate between *distortion*, the squared error, and *rate*, the nats that the code carries.
# (Multiplying the KL by $\beta$ does the same.) For a linear decoder the optimum is known (Lucas et al. 2019): a dimension
# of the code is in use for every eigenvalue of the data's covariance **above** $\sigma^2$. The largest one of our digits is
# about 0.6. We fix $\sigma^2$ at different values and train. A dimension counts as an
# [active unit](glossary:active-unit) if its posterior mean varies over the samples.

# %%
noise = np.random.default_rng(0)
# The scans have 17 grey levels. Noise as wide as a level turns them into values with a density.
grey, grey_test = (((16 * part.x + noise.random(part.x.shape)) / 17).astype(np.float32) for part in (train, test))
eigenvalues = np.linalg.eigvalsh(np.cov(grey.T))


def squared_error(model):
    """Per digit, on held-out digits."""
    return float(((model(grey_test) - grey_test) ** 2).sum(axis=1).mean())


# %%
rate, distortion = {}, {}
for variance in (1.0, 0.3, 0.1, 0.03, 0.01):
    model = VariationalAutoencoder(64, 8, (128, 64), likelihood="gaussian", initial_variance=variance)
    model.log_variance.requires_grad_(False)
    fit(model, grey, epochs=30, batch_size=64, learning_rate=3e-3, progress=False)
    rate[variance], distortion[variance] = model.kl_per_dimension(grey_test).sum(), squared_error(model)
    print(
        f"variance {variance:4}: {(eigenvalues > variance).sum():2d} eigenvalues above it, "
        f"{model.active_units(grey_test)} of 8 active, rate {rate[variance]:5.2f} nats, squared error {distortion[variance]:.2f}"
    )

# %%
claim(
    "with a variance of 1 the code carries less than 0.1 nats; from 0.3 to 0.01 the rate rises and the error falls each "
    "time",
    below(rate[1.0], 0.1),
    above(min(np.diff([rate[v] for v in (0.3, 0.1, 0.03, 0.01)])), 0),
    below(max(np.diff([distortion[v] for v in (0.3, 0.1, 0.03, 0.01)])), 0),
)

# %% [markdown]
# Usually $\sigma^2$ is *learned*, as one more parameter. The term $32 \log \sigma^2$ of the loss, until now a
# constant, then keeps it from growing, and the optimum is the mean squared error per pixel.
#
# What do the numbers of such a code mean? The glyphs of the next playground have a known slant, size, stroke and position.
# **Is there a number that follows the slant alone?** Compare `beta` 4 and 1.

# %%
play.latent_walk()

# %% [markdown]
# A plain autoencoder can rotate its code as it likes. A variational one with a diagonal posterior cannot, because the
# bound favours axes along which the posteriors do not correlate (Rolínek et al. 2019), and a larger `beta` favours
# them more (Higgins et al. 2017). These axes need not be the ones that *you* would name.

# %% [markdown]
# ## 8. How do you impute missing pixels?
# A model of all pixels knows what is probable where you have not looked. We hide the three lower rows of held-out
# digits and impute them (Rezende et al. 2014): start with anything, encode, draw a code, decode, put the decoder's
# pixels into the hidden places, and repeat. Codes are *drawn*, so another seed gives another answer; the mean of
# twenty is one estimate. The rivals are the mean training digit, PCA, which repeats the same steps without a draw, and
# the training digit that is nearest in the observed rows.

# %%
predict(
    "04.fill",
    "Which guess of the hidden pixels has the smallest squared error?",
    options=["the mean of all digits", "PCA", "the variational autoencoder", "the nearest training digit"],
)

# %%
grey_vae = VariationalAutoencoder(64, 8, (128, 64), likelihood="gaussian")
fit(grey_vae, grey, epochs=60, batch_size=64, learning_rate=3e-3, progress=False)
known = np.repeat(np.arange(8) < 5, 8)
answers = np.stack([grey_vae.impute(grey_test, known, seed=seed) for seed in range(20)])
pca = PCA(8).fit(grey)
by_pca = np.where(known, grey_test, grey.mean(axis=0)).astype(np.float32)
for _ in range(20):
    by_pca = np.where(known, grey_test, pca(by_pca))
distance = torch.cdist(torch.tensor(grey_test[:, known]), torch.tensor(grey[:, known]))
imputed = {
    "the mean of all digits": np.where(known, grey_test, grey.mean(axis=0)),
    "PCA": by_pca,
    "the variational autoencoder": answers.mean(axis=0),
    "the nearest training digit": np.where(known, grey_test, grey[distance.argmin(dim=1).numpy()]),
}
miss = {name: ((images - grey_test)[:, ~known] ** 2).mean() for name, images in imputed.items()}
draw_rows(
    {
        "held-out digits": grey_test,
        "observed": np.where(known, grey_test, 0.5),
        "VAE, one answer": answers[0],
        "another answer": answers[1],
        "mean of twenty": imputed["the variational autoencoder"],
        "nearest digit": imputed["the nearest training digit"],
    },
    "Three rows of pixels, imputed",
)
for name, value in miss.items():
    print(f"{value:.4f}  {name}")

# %%
outcome(
    "04.fill",
    min(miss, key=miss.get),
    because="Among 1,438 digits there is often one that agrees in the upper rows and in the lower ones. The model keeps only "
    "what its code can carry.",
)
doubt = answers.std(axis=0)[:, ~known]
wrong = (imputed["the variational autoencoder"] - grey_test)[:, ~known] ** 2
sure = doubt < np.median(doubt, axis=0)  # for each pixel: the half of the digits where the answers agree most
claim(
    "where its twenty answers agree most, the squared error of the variational autoencoder is lower than elsewhere",
    below(wrong[sure].mean(), wrong[~sure].mean()),
)

# %% [markdown]
# The nearest training digit is a strong rival. But it gives one answer; the spread of the model's answers also shows
# where the observed pixels leave the others open.

# %% [markdown]
# ## 9. Does a better likelihood mean better samples?
# Take the model of black-and-white digits and ruin it: each sample is now replaced, with probability one half, by 64
# coin tosses. **What does that cost on held-out digits?**

# %%
predict("04.ruined", "How many nats per held-out digit does the ruined model lose?", unit="nats", low=0, high=64)

# %%
ruined = np.logaddexp(math.log(0.5) + importance_weighted_bound(logs).numpy(), math.log(0.5) - 64 * math.log(2)).mean()
outcome(
    "04.ruined",
    log_p - ruined,
    because="The ruined model gives x the probability p(x) / 2 + 2^-64 / 2, at least p(x) / 2, and log 2 is 0.69.",
)
claim("the ruined model loses at most log 2 = 0.69 nats", log_p - ruined <= math.log(2) + 1e-3, lost=log_p - ruined)

# %% [markdown]
# The ruined model loses at most 0.69 nats however large the images are, and models of images differ by dozens of nats.
# A likelihood on held-out data shows whether a model *leaves something out*: every sample to which it gives a tiny
# probability costs dearly. It hardly shows what a model *adds* that does not belong. Look at samples for that, and
# mind that they do not show what is left out: a model that repeats its training digits has perfect samples and a poor
# likelihood (Theis et al. 2016). Two more cautions. A *density* depends on the units: grey values from 0 to 16 instead
# of 0 to 1 cost every model $64 \log 16$ nats. And a density and a probability can never be compared.

# %% [markdown]
# ## When it fails
# If the encoder returns the prior for one number of the code, whatever the sample, this number carries no information,
# and its KL is 0. This is [posterior collapse](glossary:posterior-collapse). Here $\sigma^2$ is learned and starts at
# 1, as in much public code.

# %%
predict("04.asleep", "How many of the 8 numbers will be active?", unit="numbers", low=0, high=8)

# %%
runs = {
    "start at 1": ({"initial_variance": 1.0}, {}),
    "start at 1, warm-up": ({"initial_variance": 1.0}, {"beta": lambda step: min(1, step / 920)}),
    "start at 0.01": ({"initial_variance": 0.01}, {}),
}
collapse = {}
for name, (start, options) in runs.items():
    model = VariationalAutoencoder(64, 8, (128, 64), likelihood="gaussian", **start)
    fit(model, grey, epochs=60, batch_size=64, learning_rate=3e-3, progress=False, **options)
    collapse[name] = {
        "active": model.active_units(grey_test),
        "nats": float(model.log_likelihood(grey_test, 200).mean()),
        "error": squared_error(model),
        "far": far(model.sample(500)),
    }
    print(f"{name:20s}" + ", ".join(f"{key} {value:.3g}" for key, value in collapse[name].items()))

# %%
outcome(
    "04.asleep",
    collapse["start at 1"]["active"],
    because="While the variance is above the eigenvalues, an empty code is optimal. The variance falls, but a number that "
    "has stopped carrying information may stay unused: the decoder no longer responds to it.",
)
claim(
    "from 0.01 all 8 numbers are active; the likelihood is more than 5 nats higher than from 1, and the error lower",
    collapse["start at 0.01"]["active"] == 8,
    above(collapse["start at 0.01"]["nats"], collapse["start at 1"]["nats"] + 5),
    below(collapse["start at 0.01"]["error"], collapse["start at 1"]["error"]),
)

# %% [markdown]
# The third run changes the cause and nothing else, and the collapse is gone. (Hence the library starts at 0.01.) A
# [warm-up](glossary:warm-up) of the KL weight (Bowman et al. 2016) treats the symptom and helps less.
#
# Was the collapse an accident or the optimum? A better bound for the same model, found from another start, proves an
# accident. Collapse can also be optimal, for two reasons. The KL may weigh too much: average the cross-entropy over 64
# pixels instead of summing it, and you have multiplied the KL by 64. Or the decoder may not need a code, as when it
# also sees the pixels to the left of the one that it predicts: what it can say without a code costs no rate. If you
# want a code all the same, you need a weaker decoder or another loss.
#
# **Exercise 04.5.** Name each run: `"in use"` if every number of the code has a KL of at least 0.01 nats, else
# `"accident"` if a repeated run with warm-up has reached a bound more than 1 nat higher, else `"optimal"`. A run is a
# dictionary with `kl` (nats per number of the code, an array), `loss` and `loss_with_warm_up` (both minus the bound, in
# nats).


# %% tags=["exercise-04.5"]
{{exercise("04.5")}}


# %% tags=["check-04.5"]
judge_collapse = check("04.5", judge_collapse)
grade("04.5")

# %% [markdown]
# One more column above deserves a look. The repaired model has a much higher likelihood, yet *more* of its random
# images are far. The bound contains the KL of each cloud alone: nothing forces all clouds together, the [aggregate
# posterior](glossary:aggregate-posterior), to fill the prior without holes, and codes drawn from holes decode badly.
# The remedy is known from section 1: fit a Gaussian, or a mixture, to the codes and draw from it.

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it. Its code is folded because it contains the answers.

# %%
quiz(
    "04.check_yourself",
    [
        Question(
            "Your bound is -90 nats, a colleague's -88, on the same held-out data. Whose model has the higher likelihood?",
            [
                ("the colleague's", False, "A bound says 'at least'. Your gap to log p(x) may be the larger one."),
                (
                    "unknown: both are bounds, and the gaps may differ",
                    True,
                    "Yes. Estimate log p(x) with many importance-weighted draws before you compare.",
                ),
                ("yours", False, "Higher is better, but neither number is the likelihood itself."),
            ],
        ),
        Question(
            "Somebody averages the cross-entropy over the pixels and sums the KL over the dimensions. What happens?",
            [
                (
                    "nothing, it is a constant factor",
                    False,
                    "It is a factor of one term only, so it changes the balance.",
                ),
                (
                    "the KL weighs as many times too much as there are pixels, and the code collapses",
                    True,
                    "Yes: with 64 pixels it has the effect of a beta of 64.",
                ),
                ("the images become sharper", False, "They become the mean image, because the code says nothing."),
            ],
        ),
        Question(
            "Why is noise drawn first and then scaled and shifted?",
            [
                ("it is faster", False, "The cost is the same."),
                (
                    "so that a gradient passes to mean and variance",
                    True,
                    "Yes: the randomness no longer stands between the encoder and the loss.",
                ),
                ("so that the codes get another distribution", False, "They have the same one, N(mean, variance)."),
            ],
        ),
        Question(
            "A model with a Gaussian likelihood and 32 numbers has 5 active units. What do you check first?",
            [
                ("nothing, 5 are enough", False, "Perhaps. But then no other start should reach a higher bound."),
                (
                    "whether another start, such as a smaller initial variance, reaches a higher bound",
                    True,
                    "Yes: if it does, the collapse was an accident.",
                ),
                ("whether a stronger decoder helps", False, "A stronger decoder needs the code even less."),
            ],
        ),
        Question(
            "A reports -95 nats (Bernoulli, black and white), B +240 nats (Gaussian, grey). Which model is better?",
            [
                ("B is far better", False, "B's number is a density; it changes with the unit of the grey values."),
                ("the numbers cannot be compared", True, "Yes: a probability and a density, of different data."),
                ("B must have a bug: log p is never positive", False, "A density can be larger than 1."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A variational autoencoder maps each sample to a Gaussian over codes and keeps these close to a prior that you can draw
#   from.
# - The bound is the expected log-likelihood minus the KL to the prior. It equals $\log p(x)$ minus the error of the guess.
# - Reparameterization computes a draw from parameter-free noise, so that a gradient passes through it with low variance.
# - Sum over pixels and dimensions, average over the batch only.
# - The variance of the decoder, or beta, sets the exchange rate between distortion and rate.
# - A collapsed code is an accident if another start reaches a higher bound; else the model does not need the code.
# - Likelihood and samples measure different things.
#
# The course's comparison table gets two rows, each the mean of three seeds: the first methods that can also sample.
# **Compare the errors at 8 numbers with those of the deep autoencoder. What does it cost to be able to sample?**

# %%
rows = []
for k in (2, 8):
    for seed in range(3):
        model = VariationalAutoencoder(64, k, (128, 64), likelihood="gaussian", seed=seed)
        history = fit(model, train.x, epochs=60, batch_size=64, learning_rate=3e-3, seed=seed, progress=False)
        means = {"encode": model.encode, "decode": model.decode, "seconds": history.seconds}
        rows.append(comparison_row("variational autoencoder", k, train, test, can_sample=True, **means))
comparison(rows)

# %% [markdown]
# ## Where to read on
# - Diederik Kingma and Max Welling, *Auto-encoding variational Bayes*, ICLR 2014. Section 2.3 has the bound with
#   reparameterization, appendix B the KL of exercise 04.1.
# - Danilo Rezende, Shakir Mohamed and Daan Wierstra, *Stochastic backpropagation and approximate inference in deep
#   generative models*, ICML 2014. The same idea, found at the same time; appendix F imputes missing pixels.
# - Yuri Burda, Roger Grosse and Ruslan Salakhutdinov, *Importance weighted autoencoders*, ICLR 2016. Section 3 is exercise
#   04.4.
# - James Lucas, George Tucker, Roger Grosse and Mohammad Norouzi, *Don't blame the ELBO! A linear VAE perspective on
#   posterior collapse*, NeurIPS 2019. Sections 4 and 5 explain section 7 of this lesson.
# - Chris Cremer, Xuechen Li and David Duvenaud, *Inference suboptimality in variational autoencoders*, ICML 2018. The
#   amortization gap.
# - Samuel Bowman et al., *Generating sentences from a continuous space*, CoNLL 2016. A decoder that does not need the code,
#   and warm-up.
# - Irina Higgins et al., *beta-VAE: learning basic visual concepts with a constrained variational framework*, ICLR 2017.
#   Look at the traversals.
# - Michal Rolínek, Dominik Zietlow and Georg Martius, *Variational autoencoders pursue PCA directions (by accident)*, CVPR
#   2019. Why the axes of the code are not arbitrary.
# - Lucas Theis, Aäron van den Oord and Matthias Bethge, *A note on the evaluation of generative models*, ICLR 2016. Section
#   3: good samples with poor likelihood, and the reverse.
# - Gabriel Loaiza-Ganem and John Cunningham, *The continuous Bernoulli: fixing a pervasive error in variational
#   autoencoders*, NeurIPS 2019. What to do with values between 0 and 1.
