# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 06 · The adversarial game
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 02 (the training step), the Gaussian mixture of lesson 01, and the KL divergence of lesson 04.
# Logarithms are natural.

# %% tags=["setup"]
{{setup}}

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.mixture import GaussianMixture
from torch import nn
from torch.nn import functional

from udl_teach import data, metrics, play, plots
from udl_teach.models import GAN

centres, SD = data.ring_centres(), 0.05
ring = data.ring(5000, sd=SD).x
plane = np.stack(np.meshgrid(np.linspace(-1.6, 1.6, 61), np.linspace(-1.6, 1.6, 61)), axis=-1).astype(np.float32)


def network(n_in, n_out, seed=0, width=64):
    """Two hidden layers; the same seed gives the same initial weights. With one output: one number per sample."""
    torch.manual_seed(seed)
    layers = [nn.Linear(n_in, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, n_out)]
    for layer in layers[::2]:
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers, nn.Flatten(0)) if n_out == 1 else nn.Sequential(*layers)


def batches(x, rounds, size=128, seed=0):
    """Batches of real points, drawn at random, as tensors."""
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        yield torch.tensor(x[rng.integers(len(x), size=size)])


def draw_gaussians(n, means, sd):
    """n points from an even mixture of Gaussians of one width, shape (n, 1)."""
    return torch.tensor(means)[torch.randint(len(means), (n,))][:, None] + sd * torch.randn(n, 1)


def draw_game(axes, points, title, discriminator=None):
    """Real points in white or grey, generated ones as triangles, over what the discriminator takes for real."""
    if discriminator is not None:
        with torch.no_grad():
            ground = torch.sigmoid(discriminator(torch.tensor(plane.reshape(-1, 2)))).reshape(61, 61).numpy()
        axes.figure.set_facecolor("white")  # bright means real, also on a dark page
        axes.imshow(ground, origin="lower", extent=2 * (-1.6, 1.6), cmap="cividis", vmin=0, vmax=1, alpha=0.75)
    real = "#ABABAB" if discriminator is None else "white"
    axes.scatter(*ring[:600].T, s=3, color=real, linewidths=0, label="real")
    axes.scatter(
        *points[:400].T, s=9, marker="^", color=plots.COLOURS[1], edgecolors="black", linewidths=0.3, label="generated"
    )
    axes.set(title=title, aspect="equal", xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[], yticks=[])


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - derive the best discriminator, and the divergence that the game minimizes;
# - choose a loss by its gradient, and repair a round of the game;
# - judge a generator by modes and quality, beside a classical rival;
# - recognize three failures by what you measure, and find their causes.

# %% [markdown]
# ## 1. Which loss makes new points?
# We have 5,000 points in eight clusters on a circle, the *ring*, and want a network that makes more of them. From two
# numbers of noise $z$, drawn from $N(0, 1)$, this [generator](glossary:generator) makes a point of the plane.
#
# In lesson 02 every input had a right answer; here no $z$ has one. Try the simplest idea: pair noise and real points at
# random, and minimize the squared distance between the generated point and the real one. **Where will the generated
# points lie?**

# %%
predict(
    "06.pairs",
    "Noise and real points in random pairs, squared error: where will the generated points lie?",
    options=["on the eight clusters", "all along the circle", "near the middle of the circle"],
)

# %%
paired = network(2, 2)
adam = torch.optim.Adam(paired.parameters(), lr=2e-3)
for real in batches(ring, 400):
    loss = ((paired(torch.randn(len(real), 2)) - real) ** 2).sum(dim=1).mean()
    adam.zero_grad()
    loss.backward()
    adam.step()
with torch.no_grad():
    from_pairs = paired(torch.randn(400, 2)).numpy()

figure, axes = plt.subplots(figsize=(4.6, 3), layout="constrained")
draw_game(axes, from_pairs, "Learned from random pairs")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), markerscale=3)
plt.show()

# %%
away = np.linalg.norm(from_pairs, axis=1)
outcome(
    "06.pairs",
    "near the middle of the circle" if away.mean() < 0.3 else "all along the circle",
    because="Where one question has many answers, their mean has the smallest squared error.",
)
claim(
    "the generated points are on average less than 0.3 from the middle of the circle; every real point is more than 0.7 away",
    below(away.mean(), 0.3),
    above(np.linalg.norm(ring, axis=1).min(), 0.7),
)

# %% [markdown]
# The question was wrong. It should not be *is it this point?* but ***could it be a real point?*** For images nobody can
# write down the answer as a formula, so a second network learns it, the [discriminator](glossary:discriminator): it
# learns to score real points higher than generated ones, while the generator learns to make points with high scores.
# Together they are a [generative adversarial network](glossary:GAN), or GAN (Goodfellow et al. 2014).

# %% [markdown]
# ## 2. Can two networks teach each other?
# The library's `GAN` plays one round per step: the discriminator takes a training step, then the generator. We judge
# from outside the game. A region where the data are dense is called a [mode](glossary:mode); here there are eight. A
# generated point is of **high quality** if it lies within 3 standard deviations (0.15) of the nearest cluster's centre,
# as about 99 % of the real points do.

# %%
predict(
    "06.share",
    "After 1,000 rounds, what share of the generated points will be of high quality?",
    unit="percent",
    low=0,
    high=100,
)

# %%
# Both networks have two hidden layers of 64 units; betas are explained under "When it fails".
gan = GAN(2, latent_size=2, hidden_sizes=(64, 64))
figure = plt.figure(figsize=(11, 3), layout="constrained")
panels = iter(figure.subplots(1, 4))
for step in gan.steps(ring, epochs=None, learning_rate=lambda step: 2e-3 * 0.1 ** (step / 1000), betas=(0.0, 0.99)):
    if step.index in (20, 100, 300, 1000):
        draw_game(next(panels), gan.sample(400), f"after {step.index} rounds", gan.score)
    if step.index == 1000:
        break
figure.supxlabel(
    "white: real points; triangles: generated points; bright ground: the discriminator takes it for real", fontsize=9
)
plt.show()
judged = metrics.mode_coverage(gan.sample(2500, seed=1), centres, SD)
print(f"{judged.modes} of 8 modes, {100 * judged.high_quality:.0f} % of the points of high quality")

# %%
outcome(
    "06.share",
    100 * judged.high_quality,
    because="The generator is a continuous function: between two clusters its points pass through empty space.",
)
claim(
    "all 8 modes are found, and more than 40 % of the points are of high quality",
    judged.modes == 8,
    above(judged.high_quality, 0.4),
)

# %% [markdown]
# The bright ground keeps changing, because each network follows the other. Now play yourself. The arrow on a generated
# point is its *sample gradient*, the direction that lowers the generator's loss; the folded sheet is the image of the
# plane of noise.
#
# **Try three things.** Press Step D (discriminator) many times without Step G (generator): what happens to the ground
# and to the arrows? Then press Step G many times: where do the points go? Then press Play, and change one of the two
# learning rates.

# %%
play.gan_game()

# %% [markdown]
# A discriminator that learns alone becomes certain. A generator that learns alone moves its points to where the score
# is highest, whether there are data or not. They teach each other only in turns. The line under the picture reports the
# discriminator's [AUC](glossary:AUC), the share of pairs in which the real point has the higher score. At 0.5 the
# discriminator can only guess.

# %% [markdown]
# ## 3. What does the discriminator learn?
# The discriminator's score $s(x)$ can be any real number; its sigmoid $D(x) = \sigma(s(x))$ is the probability that it
# assigns to *real*. Like any classifier, it learns from the logarithm of the probability that it gave to the right
# answer. With $p$ the density of real points and $q$ that of generated ones, it minimizes
#
# $$L_D = -\,\mathbb{E}_{x \sim p}\left[\log D(x)\right] \;-\; \mathbb{E}_{x \sim q}\left[\log (1 - D(x))\right] .$$
#
# **Exercise 06.1.** `real` and `generated` contain the scores of a batch of real and of a batch of generated points;
# the batches can differ in size. Return $L_D$, with the mean of each batch for the expectation. For a score of 150, $D$
# is exactly 1 in 32 bits, so $\log(1 - D)$ is infinite, although the loss is about 150: find a form that is correct
# there too.


# %% tags=["exercise-06.1"]
{{exercise("06.1")}}


# %% tags=["check-06.1"]
discriminator_loss = check("06.1", discriminator_loss)
grade("06.1")

# %% [markdown]
# Now keep the generator fixed, and let the discriminator learn as long as it likes. **Which $D(x)$ gives the smallest
# loss where real points are twice as dense as generated ones?**

# %%
predict(
    "06.twice",
    "Real points are twice as dense as generated ones at x. Which D(x) gives the smallest loss?",
    options=["1, because real is more probable", "2/3", "1/2, because both occur"],
)

# %% [markdown]
# A place $x$ contributes $-p \log D - q \log (1 - D)$ to $L_D$, where $p$, $q$ and $D$ are the values at $x$. The
# derivative with respect to $D$ is zero where $p / D = q / (1 - D)$, so
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)} .$$
#
# The best discriminator knows only the ratio of the two densities, and through it alone the generator learns about the
# data.
#
# **Exercise 06.2.** Far from the data the computer rounds both densities to 0. So you are given their *logarithms*,
# tensors of shape (n,). Return $D^*$ for each point, also where `log_real` is −1000.


# %% tags=["exercise-06.2"]
{{exercise("06.2")}}


# %% tags=["check-06.2"]
best_discriminator = check("06.2", best_discriminator)
grade("06.2")

# %% [markdown]
# Does a network find it? Take known densities on a line: two Gaussians for the real points, one wide Gaussian for the
# generated ones. The network learns from samples alone, with your loss.


# %%
def log_density(x, means, sd):
    """Log-density of an even mixture of Gaussians of one width."""
    parts = [-0.5 * ((x - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi)) for mean in means]
    return torch.logsumexp(torch.stack(parts), dim=0) - math.log(len(means))


def train_discriminator(real, generated, steps, size=256):
    """A discriminator of samples from two mixtures, each given as (means, sd); the learning rate falls to zero."""
    discriminator = network(1, 1, width=32)
    adam = torch.optim.Adam(discriminator.parameters(), lr=5e-3)
    for step in range(steps):
        adam.param_groups[0]["lr"] = 5e-3 * (1 - step / steps)
        loss = discriminator_loss(
            discriminator(draw_gaussians(size, *real)), discriminator(draw_gaussians(size, *generated))
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
    return discriminator


two, one = ((-1.5, 1.5), 0.5), ((0.5,), 1.0)
trained = train_discriminator(two, one, steps=800)

line = torch.linspace(-4, 4, 801)
log_p, log_q = log_density(line, *two), log_density(line, *one)
best = best_discriminator(log_p, log_q)
with torch.no_grad():
    learned = torch.sigmoid(trained(line[:, None]))

figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.5, 4.2), sharex=True, layout="constrained")
top.plot(line, log_p.exp(), label="real, p(x)")
top.plot(line, log_q.exp(), "--", label="generated, q(x)")
top.set(title="Two known densities", ylabel="density")
bottom.plot(line, best, label="p / (p + q)")
bottom.plot(line, learned, "--", label="trained network")
bottom.set(title="The discriminator", xlabel="x", ylabel="D(x)", ylim=(-0.03, 1.03))
for axes in (top, bottom):
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
crowded = (log_p.exp() + log_q.exp()) > 0.1
twice = int(torch.where(crowded, (log_p - log_q - math.log(2)).abs(), torch.inf).argmin())
says = float(learned[twice])
outcome(
    "06.twice",
    "2/3"
    if abs(says - 2 / 3) < 0.12
    else "1, because real is more probable"
    if says > 0.5
    else "1/2, because both occur",
    because=f"At x = {float(line[twice]):.2f} real points are twice as dense, and the network returns {says:.2f}. Of three points "
    "that fall there, two are real.",
)
claim(
    "where there are points, the trained discriminator differs from the formula by less than 0.04 on average",
    below((learned - best)[crowded].abs().mean(), 0.04),
)

# %% [markdown]
# The network departs from the formula at the edges, where it has hardly seen any points.

# %% [markdown]
# ## 4. Which distance does the game minimize?
# The discriminator maximizes $V = -L_D$, the generator minimizes it: a [minimax game](glossary:minimax-game). With the
# best discriminator $D^*$ and $m = \frac12 (p + q)$,
#
# $$
# \begin{aligned}
# \max_D V &= \mathbb{E}_{p}\left[\log \frac{p}{2m}\right] + \mathbb{E}_{q}\left[\log \frac{q}{2m}\right] \\
# &= \mathrm{KL}(p \,\|\, m) + \mathrm{KL}(q \,\|\, m) - 2 \log 2 \\
# &= 2\, \mathrm{JSD}(p \,\|\, q) - 2 \log 2 ,
# \end{aligned}
# $$
#
# where the mean of the two KL divergences is the **Jensen-Shannon divergence**, in nats: 0 if $p = q$, positive
# otherwise. So against a perfect discriminator the generator does best to reproduce the distribution of the data; then
# $D^* = \frac12$ everywhere, and $L_D = 2 \log 2 \approx 1.39$. An imperfect discriminator reaches a smaller $V$, so
# $\log 2 - \frac12 L_D$ is a lower bound of the divergence.
#
# How does the divergence change with distance?

# %%
predict(
    "06.far",
    "Two Gaussians (standard deviation 0.5) are 4 apart, then 8. Their Jensen-Shannon divergence …",
    options=["doubles", "hardly changes", "falls"],
)


# %%
def jensen_shannon(log_p, log_q, dx):
    """JSD in nats of two log-densities on an even grid: the mean of KL(p || m) and KL(q || m)."""
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    return float(0.5 * sum((each.exp() * (each - log_m)).sum() * dx for each in (log_p, log_q)))


wide = torch.linspace(-4, 12, 3201, dtype=torch.float64)
distances = np.linspace(0, 8, 33)
curve = [
    jensen_shannon(log_density(wide, (0.0,), 0.5), log_density(wide, (float(d),), 0.5), 16 / 3200) for d in distances
]

# A discriminator for each distance; its loss on new samples gives a lower bound.
trained_at, bounds, towards = (0.5, 1.0, 2.0, 4.0, 8.0), [], []
for d in trained_at:
    discriminator = train_discriminator(((0.0,), 0.5), ((d,), 0.5), steps=200)
    real, generated = draw_gaussians(20_000, (0.0,), 0.5), draw_gaussians(20_000, (d,), 0.5).requires_grad_()
    scores = discriminator(generated)
    bounds.append(math.log(2) - 0.5 * discriminator_loss(discriminator(real), scores).item())
    (slope,) = torch.autograd.grad(scores.sum(), generated)
    towards.append(
        float((slope < 0).float().mean())
    )  # the share of generated points whose score rises towards the data

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
left.plot(distances, curve, label="from the densities")
left.scatter(trained_at, bounds, marker="^", s=45, color=plots.COLOURS[1], zorder=3, label="bound by a discriminator")
left.set(title="Jensen-Shannon divergence", xlabel="distance d", ylabel="nats")
left.legend(frameon=False)
x = torch.linspace(-1, 9, 101)
for d in (2.0, 4.0, 8.0):
    right.plot(x, log_density(x, (0.0,), 0.5) - log_density(x, (d,), 0.5), label=f"d = {d:.0f}")
right.set(title="Best score, log p(x) − log q(x)", xlabel="x (data at 0, generated points at d)", ylim=(-150, 150))
right.legend(frameon=False)
plt.show()

# %%
at_4, at_8 = np.interp([4, 8], distances, curve)
outcome(
    "06.far",
    "doubles" if at_8 > 1.5 * at_4 else "falls" if at_8 < at_4 - 0.01 else "hardly changes",
    because="Once the two no longer overlap, every point can be classified without a mistake, and no score improves on that.",
)
claim(
    "from distance 4 to distance 8 the divergence grows by less than 0.001, to log 2; the bounds of the trained "
    "discriminators are within 0.03 nats of it",
    at_8 - at_4 < 1e-3 and abs(at_8 - math.log(2)) < 1e-3,
    below(max(abs(np.interp(trained_at, distances, curve) - bounds)), 0.03),
)
claim(
    "at distances 4 and 8, the score of the trained discriminators rises towards the data at more than 95 % of the "
    "generated points",
    above(min(towards[-2:]), 0.95),
)

# %% [markdown]
# The [Jensen-Shannon divergence](glossary:Jensen-Shannon-divergence) levels off, so a generator that is far away gets
# almost no gradient from it. The best score does not level off (right-hand panel). Since
# $D^* = \sigma(\log p - \log q)$, it is a straight line,
#
# $$\log p(x) - \log q(x) = \frac{d}{0.5^2} \left( \frac{d}{2} - x \right) ,$$
#
# which rises towards the data, the more steeply the larger $d$ is. The discriminator knows which way to go; whether the
# generator learns it depends on its loss.

# %% [markdown]
# ## 5. What should the generator minimize?
# The generator's points $G(z)$ appear only in the second term of $V$, so in theory the generator should minimize
# $\log (1 - D(G(z)))$, the **minimax** loss. In practice it exchanges the labels, and minimizes on its own points the
# loss that the discriminator has on *real* points: the **non-saturating loss**.
#
# **Exercise 06.3.** Write the non-saturating loss. `generated` contains the discriminator's scores of a batch of
# generated points.


# %% tags=["exercise-06.3"]
{{exercise("06.3")}}


# %% tags=["check-06.3"]
generator_loss = check("06.3", generator_loss)
grade("06.3")

# %% [markdown]
# Both losses fall as $D$ rises. Early in training the generator's points are bad and get, say, $D = 0.01$. Take the
# derivative of each loss with respect to the score. **How many times as large is that of the non-saturating loss?**

# %%
predict(
    "06.pull",
    "At D = 0.01, how many times as large is the derivative of the non-saturating loss as that of the minimax loss (both "
    "negative)?",
    unit="times",
    low=0.001,
    high=10_000,
)


# %%
def minimax_loss(generated):
    """The generator's part of V: the mean of log(1 - D)."""
    return -functional.softplus(generated).mean()


def derivative(loss, d):
    """Derivative of a loss with respect to the score, where the discriminator says D = d."""
    score = torch.tensor([math.log(d / (1 - d))], dtype=torch.float64, requires_grad=True)
    return float(torch.autograd.grad(loss(score), score)[0])


print("   D       minimax   non-saturating")
for d in (0.0001, 0.01, 0.5, 0.99):
    print(f"{d:6}   {derivative(minimax_loss, d):9.4f}   {derivative(generator_loss, d):9.4f}")

# %%
outcome(
    "06.pull",
    derivative(generator_loss, 0.01) / derivative(minimax_loss, 0.01),
    because="The derivative of log(1 - D) with respect to the score is -D, that of -log D is -(1 - D): 0.01 against 0.99.",
)

# %% [markdown]
# $\log(1 - D)$ is flat just where the generator has most to learn; this is called [saturation](glossary:saturation). It
# multiplies the slope of the score by $D$, nearly 0 there, so the divergence is flat although the score is not. The
# [non-saturating loss](glossary:non-saturating-loss), $-\log D$, passes the slope on.
#
# With $-\log D$ the equilibrium, where neither player can improve, is still $p = q$, but against the best discriminator
# the gradient is no longer that of the Jensen-Shannon divergence: it hardly notices data without generated points
# (Arjovsky and Bottou 2017).

# %% [markdown]
# ## 6. How is a round played?
# A colleague wrote this round: the discriminator learns first, then the generator. It runs without an error, but after
# 1,000 rounds not one point is of high quality:
#
# ```python
# def play_round(real, z, players):
#     generated = players.generator(z)
#     loss_d = discriminator_loss(players.discriminator(real), players.discriminator(generated))
#     players.discriminator_optimizer.zero_grad()
#     loss_d.backward()
#     players.discriminator_optimizer.step()
#
#     loss_g = generator_loss(players.discriminator(players.generator(z)))
#     loss_g.backward()
#     players.generator_optimizer.step()
#     players.discriminator_optimizer.step()
#     return loss_d.item(), loss_g.item()
# ```
#
# **Exercise 06.4.** Repair it. Each `backward()` *adds* gradients to all parameters that it passes through. Which
# networks should it pass through, which gradients must be cleared before, and which `step()` should use the result?
# `tensor.detach()` cuts a tensor off from the computation that it came from.


# %% tags=["exercise-06.4"]
{{exercise("06.4")}}


# %% tags=["check-06.4"]
play_round = check("06.4", play_round)
grade("06.4")

# %% [markdown]
# **Exercise 06.5.** Write the judge of section 2. `x` contains samples, shape (samples, 2), `centres` the centres of
# the modes, shape (modes, 2), `sd` the standard deviation of a mode along each axis. A sample is of high quality if it
# is at most 3 `sd` from the nearest centre, and a mode is found if it is nearest to at least one such sample. Return
# the number of modes found, and the share of samples of high quality, from 0 to 1.


# %% tags=["exercise-06.5"]
{{exercise("06.5")}}


# %% tags=["check-06.5"]
count_modes = check("06.5", count_modes)
grade("06.5")


# %%
class Players:
    """A generator and a discriminator with an optimizer each."""

    def __init__(self, rate=2e-3, betas=(0.0, 0.99)):
        self.generator, self.discriminator = network(2, 2, seed=0), network(2, 1, seed=100)
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), lr=rate, betas=betas)
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=rate, betas=betas)


def made_by(generator, n=1000):
    """Points that a generator makes, as an array."""
    with torch.no_grad():
        return generator(torch.randn(n, 2, generator=torch.Generator().manual_seed(1))).numpy()


players, rounds, qualities, losses = Players(), 1000, [], []
for number, real in enumerate(batches(ring, rounds)):
    for optimizer in (players.generator_optimizer, players.discriminator_optimizer):
        optimizer.param_groups[0]["lr"] = 2e-3 * 0.1 ** (number / rounds)
    losses.append(play_round(real, torch.randn(len(real), 2), players))
    if (number + 1) % 20 == 0:
        qualities.append(count_modes(made_by(players.generator), centres, SD)[1])

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
for curve_of, name, style in zip(np.array(losses).T, ("discriminator", "generator"), ("-", "--")):
    left.plot(np.convolve(curve_of, np.ones(20) / 20, "valid"), style, linewidth=1, label=name)
left.axhline(2 * math.log(2), color="black", linewidth=0.8)
left.set(title="Losses (mean of 20 rounds)", xlabel="round", ylabel="nats")
left.legend(frameon=False)
right.plot(range(20, rounds + 1, 20), 100 * np.array(qualities))
right.set(title="Points of high quality", xlabel="round", ylabel="percent", ylim=(0, 100))
plt.show()

# %%
late = np.array(losses)[-300:, 0].mean()
found, quality = count_modes(made_by(players.generator, 2500), centres, SD)
claim("your game finds all 8 modes, with more than half of the points of high quality", found == 8, above(quality, 0.5))
claim(
    "in the last 300 rounds the discriminator's loss is within 0.3 of 2 log 2, the loss of one that can only guess",
    between(late, 2 * math.log(2) - 0.3, 2 * math.log(2) + 0.3),
)

# %% [markdown]
# **Neither loss shows how good the points are.** The discriminator's loss is near $2 \log 2$ (the thin line) when the
# generator is good, and also when the discriminator is bad. So you need a judge from outside, and a rival: the Gaussian
# mixture of lesson 01. The BIC, which balances likelihood against size, chooses among 4, 6, 8 and 10 components.

# %%
predict(
    "06.rival",
    "Which has the larger share of points of high quality?",
    options=["the GAN", "the Gaussian mixture", "neither by more than 3 points"],
)

# %%
tried = {k: GaussianMixture(k, n_init=2, random_state=0).fit(ring) for k in (4, 6, 8, 10)}
chosen = min(tried, key=lambda k: tried[k].bic(ring))
found_by_mixture, quality_of_mixture = count_modes(tried[chosen].sample(2500)[0], centres, SD)
print(f"mixture of {chosen} components: {found_by_mixture} modes, {100 * quality_of_mixture:.0f} % of high quality")
print(f"GAN: {found} modes, {100 * quality:.0f} % of high quality")

# %%
gain = quality_of_mixture - quality
outcome(
    "06.rival",
    "the Gaussian mixture" if gain > 0.03 else "the GAN" if gain < -0.03 else "neither by more than 3 points",
    because="It has the right form built in: separate clusters, with nothing between them.",
)
claim(
    "the BIC chooses 8 components; the mixture finds all 8 modes, and more than 97 % of its points are of high quality",
    chosen == 8 and found_by_mixture == 8,
    above(quality_of_mixture, 0.97),
)

# %% [markdown]
# **For these clusters the classical method wins**: better points in a fraction of a second, no game that can go wrong,
# and a likelihood as well. A GAN is worth its trouble where nobody can write down a density that fits, as for images
# (lesson 07).

# %% [markdown] tags=["sitting"]
# **A good place to stop.** The second half looks at other losses and at three ways to lose the game. It needs only the
# setup cell at the top.

# %%
# The second half starts here, with both losses as the library has them: all kinds by name.
from udl_teach.models.adversarial.losses import discriminator_loss, generator_loss

# %% [markdown]
# ## 7. Which other losses are there?
# Five losses are in wide use; $r$ is the score of a real point, $g$ the score of a generated one.
#
# | loss | the discriminator minimizes | the generator minimizes |
# |---|---|---|
# | non-saturating | $-\log \sigma(r) - \log(1 - \sigma(g))$ | $-\log \sigma(g)$ |
# | least squares (Mao et al. 2017) | $\frac12 (r - 1)^2 + \frac12 g^2$ | $\frac12 (g - 1)^2$ |
# | hinge (Lim and Ye 2017) | $\max(0, 1 - r) + \max(0, 1 + g)$ | $-g$ |
# | Wasserstein (Arjovsky et al. 2017) | $g - r$ | $-g$ |
# | relativistic (Jolicoeur-Martineau 2019) | $-\log \sigma(r - g)$ | $-\log \sigma(g - r)$ |
#
# The hinge loss has a margin: real points should score above 1, generated points below −1. In the
# [relativistic loss](glossary:relativistic-objective) points come in pairs, and only the difference of the scores
# matters.
#
# The discriminator already gives a generated point the score −3. **Which of its losses still push that score down?**

# %%
predict(
    "06.hinge",
    "A generated point with score -3 (its real partner has score 0): which losses still push its score down?",
    options=["all five", "all but hinge", "all but hinge and least squares"],
)


# %%
def hinge(real, generated):
    """The discriminator's hinge loss."""
    return functional.relu(1 - real).mean() + functional.relu(1 + generated).mean()


def derivatives(loss, scores):
    """Derivative of each generated point's loss with respect to its score; the real scores are 0."""
    scores = torch.tensor(scores, requires_grad=True)
    return torch.autograd.grad(len(scores) * loss(torch.zeros_like(scores), scores), scores)[0].tolist()


names = ("non-saturating", "least-squares", "wasserstein", "relativistic")
losses = {name: lambda real, generated, name=name: discriminator_loss(real, generated, name) for name in names}
at_3 = {}
print("score g           -3.0     -0.5      2.0")
for name, loss in {**losses, "hinge": hinge}.items():
    slopes = derivatives(loss, [-3.0, -0.5, 2.0])
    at_3[name] = slopes[0]
    print(f"{name:15s}" + "".join(f"{slope:8.3f} " for slope in slopes))

# %%
pushing = {name for name, value in at_3.items() if value > 0}  # descent moves the score against the derivative
outcome(
    "06.hinge",
    {5: "all five", 4: "all but hinge", 3: "all but hinge and least squares"}[len(pushing)],
    because="The hinge loss is exactly 0 beyond -1, and least squares pulls the score back up to its target.",
)
claim(
    "a generated point with score -3 gets no gradient at all from the hinge loss, and least squares pushes its score up",
    at_3["hinge"] == 0 and at_3["least-squares"] < 0,
)

# %% [markdown]
# A positive derivative pushes the score down. With the [hinge loss](glossary:hinge-loss), points beyond the margin no
# longer teach the discriminator: it attends to those that it has not yet separated, as a support vector machine does.
# The Wasserstein loss never stops pushing; section 8 shows what restrains it.
#
# In the playground the score itself is the only parameter and walks downhill on each loss but hinge. **Try three
# things.** Start at a score of −8, as early in training: which loss arrives first, which last? Switch the control
# *loss* to *discriminator on generated*: do minimax and non-saturating still differ? Which loss has the same gradient
# everywhere?

# %%
play.loss_landscape()

# %% [markdown]
# Minimax is flat on the left, where a bad generator starts, and non-saturating on the right, where it has already won.
# For the discriminator the two are one curve. The straight line is Wasserstein.

# %% [markdown]
# ## 8. Is there a distance that keeps growing?
# The Jensen-Shannon divergence levels off. The [Wasserstein distance](glossary:Wasserstein-distance) (earth mover's
# distance) measures how far probability must be *moved*: it is the smallest average distance over which $q$ can be
# carried onto $p$. It is also the value of a game:
#
# $$W(p, q) = \max_{f}\; \mathbb{E}_{x \sim p}\left[f(x)\right] - \mathbb{E}_{x \sim q}\left[f(x)\right]
# \quad\text{over all } f \text{ whose slope is nowhere larger than } 1 .$$
#
# Such an $f$ is called a [critic](glossary:critic): it returns plain scores, without a sigmoid (Arjovsky et al. 2017).
# Without the limit on the slope, larger scores would always be better. Gulrajani et al. (2017) enforce the limit
# softly, with a [gradient penalty](glossary:gradient-penalty) at random points between real and generated ones:
#
# $$\mathbb{E}\left[ \left( \lVert \nabla_{\tilde x} f(\tilde x) \rVert - 1 \right)^2 \right],
# \qquad \tilde x = e\, x + (1 - e)\, G(z), \quad e \sim U[0, 1] .$$
#
# **Exercise 06.6.** `critic` gives a score to each point of a batch; `real` and `generated` have shape (batch,
# features), `mix` contains $e$ for each pair, shape (batch, 1). Return the penalty, averaged over the batch.
# `torch.autograd.grad(number, points)` returns a tuple with the gradient of a number with respect to `points`, if they
# have `.requires_grad_()`. `backward()` will differentiate this gradient once more.


# %% tags=["exercise-06.6"]
{{exercise("06.6")}}


# %% tags=["check-06.6"]
gradient_penalty = check("06.6", gradient_penalty)
grade("06.6")


# %%
def distance_by_critic(d, steps=200, size=256, weight=50):
    """Mean score of real minus that of generated points, by a critic that learned with your penalty."""
    critic = network(1, 1, width=32)
    adam = torch.optim.Adam(critic.parameters(), lr=5e-3)
    for step in range(steps):
        adam.param_groups[0]["lr"] = 5e-3 * (1 - step / steps)
        real, generated = draw_gaussians(size, (0.0,), 0.5), draw_gaussians(size, (d,), 0.5)
        gain = critic(real).mean() - critic(generated).mean()
        # The weight grows from zero: a critic that slopes the wrong way must be free to turn first.
        loss = weight * step / steps * gradient_penalty(critic, real, generated, torch.rand(size, 1)) - gain
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return float(
            critic(draw_gaussians(20_000, (0.0,), 0.5)).mean() - critic(draw_gaussians(20_000, (d,), 0.5)).mean()
        )


by_critic = {d: distance_by_critic(d) for d in (1.0, 2.0, 4.0, 8.0)}
for d, value in by_critic.items():
    print(f"two Gaussians {d:.0f} apart: the critic measures {value:.2f}")

# %%
claim(
    "each critic measures the distance between the means, within 20 %",
    below(max(abs(value / d - 1) for d, value in by_critic.items()), 0.2),
)

# %% [markdown]
# Between two Gaussians of equal width the shortest way is a shift, so the Wasserstein distance is the distance between
# their means. It keeps growing, and a generator that minimizes it has a gradient at any distance. The price: a second
# derivative in every step, and a critic that must be well trained.

# %% [markdown]
# ## When it fails
#
# ### The same game with momentum
# In the games so far, Adam ran with `betas=(0.0, 0.99)`. The first number is its **momentum**: the share of the running
# average of past gradients that is kept from step to step. We play three games on the ring with PyTorch's default,
# `(0.9, 0.999)`, and three with `(0.0, 0.999)`: only the momentum differs. **How many of the eight modes will a game
# with momentum have at the end?**

# %%
predict("06.momentum", "Momentum 0.9, 800 rounds, mean of three games: how many modes?", unit="modes", low=0, high=8)


# %%
def game(momentum, seed, rounds=800):
    """Play on the ring; returns the GAN, and what was measured at the last five looks: (modes, quality, EMA's quality)."""
    gan, looks = GAN(2, 2, (64, 64), ema=0.98, seed=seed), []
    for step in gan.steps(ring, epochs=None, learning_rate=2e-3, betas=(momentum, 0.999), seed=seed):
        if step.index > rounds - 200 and step.index % 40 == 0:
            modes, quality = metrics.mode_coverage(gan.sample(2500, seed=1, ema=False), centres, SD)[:2]
            looks.append((modes, quality, metrics.mode_coverage(gan.sample(2500, seed=1), centres, SD)[1]))
        if step.index == rounds:
            return gan, np.array(looks)


games = {momentum: [game(momentum, seed) for seed in range(3)] for momentum in (0.9, 0.0)}
table = {momentum: np.stack([looks for _, looks in played]) for momentum, played in games.items()}
figure, panels = plt.subplots(1, 6, figsize=(12, 2.5), layout="constrained")
for axes, (momentum, seed) in zip(panels, [(momentum, seed) for momentum in games for seed in range(3)]):
    gan = games[momentum][seed][0]
    draw_game(axes, gan.sample(400, ema=False), f"momentum {momentum}", gan.score)
plt.show()
thrown = metrics.mode_coverage(np.random.default_rng(0).uniform(-1.2, 1.2, size=(2500, 2)), centres, SD)
print(
    f"points thrown at random over the square: {thrown.modes} modes, {100 * thrown.high_quality:.0f} % of high quality"
)
for momentum, looks in table.items():
    modes, quality, _ = looks.mean(axis=(0, 1))
    print(f"momentum {momentum}: {modes:.1f} modes, {100 * quality:.0f} % of high quality (mean of three games)")

# %%
quality = {momentum: looks[:, :, 1].mean() for momentum, looks in table.items()}
outcome(
    "06.momentum",
    table[0.9][:, -1, 0].mean(),
    because="With momentum each player keeps moving in directions that were right ten rounds ago; the other has moved since.",
)
claim(
    "without momentum the games have more than 6 modes on average; with momentum they have less than 4, and less than half as "
    "many points of high quality",
    above(table[0.0][:, :, 0].mean(), 6),
    below(table[0.9][:, :, 0].mean(), 4),
    below(quality[0.9], quality[0.0] / 2),
)

# %% [markdown]
# This is [mode collapse](glossary:mode-collapse): whatever the noise, the points lie close together, at times on no
# cluster at all. Nothing in the generator's loss forbids it: each point is judged alone, and a thousand copies of one
# real point all look real. Only the discriminator's *next* step punishes it. Look at modes *and* quality: points thrown
# at random find all modes as well.

# %% [markdown]
# ### The discriminator is too sure
# A discriminator that learns 300 steps alone separates the points completely. What gradient do the generated points
# then receive from the minimax and from the non-saturating loss? And what changes with the [R1 penalty](glossary:R1),
# which adds half the mean squared norm of the score's gradient at *real* points to the discriminator's loss (Mescheder
# et al. 2018)?

# %%
left = {}
for penalty in (0.0, 1.0):
    gan = GAN(2, 2, (64, 64), penalty=penalty, seed=1)
    for step in gan.steps(ring, epochs=None, learning_rate=1e-2, turn=lambda index: "discriminator"):
        if step.index == 300:
            break
    x = torch.tensor(gan.sample(300, seed=9), requires_grad=True)
    for objective in ("minimax", "non-saturating"):
        loss = len(x) * generator_loss(None, gan.score(x), objective)  # the sum: each point gets its own gradient
        left[objective, penalty] = torch.autograd.grad(loss, x)[0].norm(dim=1).median().item()
        print(
            f"penalty {penalty}, AUC {step.terms['auc']:.2f}: gradient {left[objective, penalty]:.5f} from {objective}"
        )

# %%
claim(
    "without R1 the gradient of minimax is less than 1 % of the non-saturating one, and less than 2 % of what it is with R1",
    below(left["minimax", 0.0] / left["non-saturating", 0.0], 0.01),
    below(left["minimax", 0.0] / left["minimax", 1.0], 0.02),
)

# %% [markdown]
# The gradient of minimax has **vanished**. The sign: the AUC is 1 and the sample gradients are tiny. Two things help: a
# loss that passes the slope of the score on, or R1, which keeps the discriminator from becoming so sure.

# %% [markdown]
# ### The smallest game
# All real points are 0, the generator has one parameter, its point $\theta$, and the discriminator has one, the slope
# $\psi$ of its score $s(x) = \psi x$. They move in turn, by plain gradient descent, in the minimax game. The
# equilibrium is $\theta = \psi = 0$.

# %%
predict(
    "06.smallest",
    "The generated point starts at 1, the real point is 0. After 1,000 rounds the generated point …",
    options=["has arrived at 0", "still swings around 0, as far as ever", "has run away"],
)


# %%
def smallest_game(rounds=1000, rate=0.1, momentum=0.0, penalty=0.0):
    """The path of (theta, psi): a generated point theta against the real point 0, with D = sigmoid(psi x)."""
    theta, psi, theta_speed, psi_speed = 1.0, 1.0, 0.0, 0.0
    path = [(theta, psi)]
    for _ in range(rounds):
        leaf = torch.tensor([psi], requires_grad=True)
        loss = discriminator_loss(0.0 * leaf, theta * leaf) + 0.5 * penalty * (leaf**2).sum()
        psi_speed = momentum * psi_speed - rate * torch.autograd.grad(loss, leaf)[0].item()
        psi += psi_speed
        leaf = torch.tensor([theta], requires_grad=True)
        loss = generator_loss(None, psi * leaf, "minimax")
        theta_speed = momentum * theta_speed - rate * torch.autograd.grad(loss, leaf)[0].item()
        theta += theta_speed
        path.append((theta, psi))
    return np.array(path)


paths = {
    "plain": smallest_game(),
    "with momentum 0.5": smallest_game(momentum=0.5),
    "with R1, weight 0.3": smallest_game(penalty=0.3),
}
figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.2), layout="constrained")
for axes, (name, path) in zip(panels, paths.items()):
    axes.plot(*path.T, linewidth=0.8)
    axes.scatter(1, 1, color=plots.COLOURS[1], s=30, zorder=3)
    axes.scatter(0, 0, color="black", marker="+", s=60, zorder=3)
    axes.set(title=name, xlabel="generated point θ", aspect="equal", xlim=(-4, 4), ylim=(-4, 4))
panels[0].set_ylabel("slope ψ")
plt.show()

# %%
distance = {name: np.linalg.norm(path[-100:], axis=1).mean() / math.sqrt(2) for name, path in paths.items()}
outcome(
    "06.smallest",
    "has arrived at 0"
    if distance["plain"] < 0.1
    else "has run away"
    if distance["plain"] > 2
    else "still swings around 0, as far as ever",
    because="When the generated point is at 0, the slope is not, so the point runs on to the other side; when the slope is "
    "0, the point is not at 0.",
)
claim(
    "the plain game keeps its distance from the equilibrium within 10 %, momentum more than doubles it, and R1 takes it "
    "below 0.01; the mean of the plain path is within 0.1 of the real point",
    between(distance["plain"], 0.9, 1.1),
    above(distance["with momentum 0.5"], 2),
    below(distance["with R1, weight 0.3"], 0.01),
    below(abs(paths["plain"][:, 0].mean()), 0.1),
)

# %% [markdown]
# This is **oscillation**: in a game there is no loss that both players reduce. [Momentum](glossary:momentum) makes it
# grow. R1 removes the slope at the real points, so the generator can stay where it has arrived. And the *mean* of the
# path is close to the equilibrium, so one can draw samples from an [exponential moving average](glossary:EMA) (EMA) of
# the generator's weights (Yazıcı et al. 2019). The games on the ring kept one. Is it better than the weights
# themselves?

# %%
for momentum, looks in table.items():
    _, now, ema = 100 * looks.mean(axis=(0, 1))
    print(f"momentum {momentum}: {now:.0f} % of high quality from the weights of the round, {ema:.0f} % from their EMA")

# %%
claim(
    "without momentum, the share of points of high quality is more than 5 points larger from the EMA than from the weights "
    "of the round",
    above(table[0.0][:, :, 2].mean() - quality[0.0], 0.05),
)

# %% [markdown]
# The EMA averages out the oscillation around a good place.
#
# ### How far can one get?
# `make bench` plays 14,000 rounds on a ring of narrower clusters and on a grid, five games each (mean ± standard
# deviation; three fits for the mixtures, on 5,000 points). The PacGAN rows are quoted (Lin et al. 2018); the networks
# there are different.
#
# | | ring of 8, sd 0.01: modes | high quality | grid of 25, 2 apart, sd 0.05: modes | high quality |
# |---|---|---|---|---|
# | GAN, tuned | 8.0 ± 0.0 | 97.6 ± 1.2 % | 25.0 ± 0.0 | 94.6 ± 1.9 % |
# | PacGAN paper: plain GAN | 6.3 | 98.2 % | 17.3 | 94.8 % |
# | PacGAN paper: PacGAN2 (ring), PacGAN4 (grid) | 7.9 | 95.6 % | 24.8 | 93.6 % |
# | Gaussian mixture | 8.0 ± 0.0 | 98.8 ± 0.3 % | 25.0 ± 0.0 | 98.9 ± 0.3 % |
#
# The tuned games use R1, an EMA, a falling learning rate, deep networks, and no momentum; on the ring also
# [packing](glossary:packing) (as in PacGAN2, the discriminator sees two points at once, and can detect repetition), on
# the grid the relativistic loss. Beside the plain GAN this gains modes, but no better points. The Gaussian mixture is
# ahead of every GAN.
#
# Do such remedies also make up for momentum 0.9? Of four games each with R1, [spectral
# normalization](glossary:spectral-normalization) (each layer's weights divided by their largest singular value),
# packing, the relativistic or the Wasserstein loss, none had all eight modes and more than a fifth of its points of
# high quality. A generator that learns eight times more slowly than the discriminator (Heusel et al. 2017), with an
# EMA, reached two fifths. Find the cause before you add a remedy.

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "06.check_yourself",
    [
        Question(
            "The discriminator's loss has been at 1.39, which is 2 log 2, for an hour. What do you know?",
            [
                (
                    "the generator reproduces the distribution of the data",
                    False,
                    "Against the *best* discriminator that would follow. A bad one has this loss against anything.",
                ),
                (
                    "this discriminator does no better than always saying 1/2; nothing about the points",
                    True,
                    "Yes. Judge the points from outside: by modes, by quality, and by eye.",
                ),
                ("the learning rate is too low", False, "Perhaps, but the number does not show it."),
            ],
        ),
        Question(
            "At some x the best discriminator says 0.2. Which is denser there, and by what factor?",
            [
                ("real points, five times", False, "Then it would say 5/6."),
                ("generated points, four times", True, "Yes: p / (p + q) = 1/5, so q = 4 p."),
                ("generated points, five times", False, "Then it would say 1/6: p / (p + 5 p)."),
            ],
        ),
        Question(
            "The AUC is 1 from round 50 on, and the points no longer move. The generator's loss is log(1 - D). What now?",
            [
                (
                    "train the discriminator longer",
                    False,
                    "It is already sure; the gradient would become smaller still.",
                ),
                (
                    "use the non-saturating loss, or R1 for the discriminator",
                    True,
                    "Yes: the score still has a slope, but log(1 - D) multiplies it by a D near 0.",
                ),
                ("draw samples from an EMA", False, "An average of weights that do not move changes nothing."),
            ],
        ),
        Question(
            "Your generator draws one kind of sample whatever the noise, and a moment later another kind. First you try …",
            [
                ("a larger generator", False, "It could make all kinds already, but nothing in its loss tells it to."),
                (
                    "less momentum",
                    True,
                    "Yes: both players overshoot in directions that were right ten rounds ago.",
                ),
                (
                    "the minimax loss",
                    False,
                    "It changes how strongly points are moved, not that they are all moved to one place.",
                ),
            ],
        ),
        Question(
            "Why does the gradient in the gradient penalty need create_graph=True?",
            [
                ("to save memory", False, "It costs memory: the graph of the gradient is kept."),
                (
                    "because the penalty, made of a gradient, is itself differentiated",
                    True,
                    "Yes. Without it the number is right, but nothing can learn from it.",
                ),
                ("so that the generator learns from it, too", False, "The penalty is for the critic alone."),
            ],
        ),
        Question(
            "You want more rows like those of a table with 5 columns that a mixture of 8 Gaussians fits well. What do you use?",
            [
                ("a GAN, because it is the newer method", False, "On the ring and the grid it was behind the mixture."),
                ("the mixture", True, "Yes: it is fitted in seconds, does not collapse, and has a likelihood."),
                ("neither can make rows", False, "You can draw samples from both."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A discriminator is a loss that is learned: *could this be real?* The best one is $p / (p + q)$; against it, the
#   generator of the minimax game minimizes the Jensen-Shannon divergence.
# - When the generator is far away the divergence levels off, but the score still shows the way: $-\log D$ passes it on,
#   $\log (1 - D)$ does not.
# - The hinge loss ignores points beyond its margin. A Wasserstein critic measures a distance that keeps growing.
# - In the discriminator's turn, detach; in each turn, clear the gradients and take one optimizer's step.
# - The losses do not show how good the points are. Measure modes *and* quality.
# - Collapse, a vanished gradient and oscillation have measurable signs.
# - Where a Gaussian mixture fits, use it.
#
# The course's table gets no new row: a GAN has no encoder.

# %%
comparison([])

# %% [markdown]
# ## Where to read on
# - Goodfellow et al., *Generative adversarial nets*, NeurIPS 2014. The theory of sections 3 to 5.
# - Arjovsky and Bottou, *Towards principled methods for training generative adversarial networks*, ICLR 2017. The
#   vanishing gradient.
# - Arjovsky et al., *Wasserstein generative adversarial networks*, ICML 2017; Gulrajani et al., *Improved training of
#   Wasserstein GANs*, NeurIPS 2017.
# - Mao et al., *Least squares generative adversarial networks*, ICCV 2017; Lim and Ye, *Geometric GAN*, 2017 (arXiv
#   1705.02894); Jolicoeur-Martineau, *The relativistic discriminator*, ICLR 2019. The other losses of section 7.
# - Miyato et al., *Spectral normalization for generative adversarial networks*, ICLR 2018; Brock et al., *Large scale
#   GAN training for high fidelity natural image synthesis*, ICLR 2019. The hinge loss on large images.
# - Mescheder et al., *Which training methods for GANs do actually converge?*, ICML 2018. The smallest game.
# - Heusel et al., *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS 2017;
#   Gidel et al., *Negative momentum for improved game dynamics*, AISTATS 2019; Yazıcı et al., *The unusual
#   effectiveness of averaging in GAN training*, ICLR 2019. Learning rates, momentum and averages.
# - Lin et al., *PacGAN: the power of two samples in generative adversarial networks*, NeurIPS 2018. Packing.
