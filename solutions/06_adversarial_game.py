# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 06 · The adversarial game
#
# {{badges}}
#
# {{times reading=60}}
#
# **You need:** lesson 02 (the training step: loss, `zero_grad`, `backward`, `step`), what a
# [density](glossary:density) is, and natural logarithms. Lesson 04 helps: there, too, points are made from noise.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - say what each of the two players learns, and write both losses and a round of the game yourself;
# - derive the best discriminator and check it by number, and say which distance the game is about;
# - explain why the generator's loss is not the one that the theory starts with, and read it from its gradient;
# - count modes, tell a collapsed generator from a good one, and say what each argument of a GAN buys and costs;
# - recognize collapse, a vanished gradient and oscillation by what you measure, and mend them;
# - say when an old method makes better points.
#
# The 60 minutes are the way without sections 7, 8 and 9, which may be left for a second sitting of about 35. Run their
# cells all the same, also unsolved: later ones use what they define.

# %% [markdown]
# ## 1. What is wrong with a squared error?
# Here are 5,000 points that lie in eight clusters on a circle. We want a network that makes more of them: it takes two
# numbers of noise $z$ and returns a point of the plane. Such a network is called a [generator](glossary:generator).
#
# How shall it learn? In lesson 02 every input had its right answer. Here nobody says which $z$ belongs to which
# point. The simplest thing to try: draw a $z$ and a real point, each at random, and make their squared distance
# small, again and again. **Where will the generated points lie?**

# %%
import math
import time
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from udl_teach import data, metrics, play, plots
from udl_teach.models import GAN, PCA

centres, SD = data.ring_centres(), 0.05
ring = data.ring(5000, sd=SD).x

predict(
    "06.pairs",
    "Noise and real points in random pairs, squared error: where will the generated points lie?",
    options=["on the eight clusters", "all along the circle", "near the middle of the circle"],
)


# %%
def network(n_in, n_out, seed=0, width=64):
    """Two hidden layers; the same seed gives the same first weights. With one output: one number a sample."""
    torch.manual_seed(seed)
    layers = [nn.Linear(n_in, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, n_out)]
    return nn.Sequential(*layers, nn.Flatten(0)) if n_out == 1 else nn.Sequential(*layers)


def batches(x, rounds, size=128, seed=0):
    """Batches of real points, drawn at random, as tensors."""
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        yield torch.tensor(x[rng.integers(len(x), size=size)])


paired = network(2, 2)
adam = torch.optim.Adam(paired.parameters(), lr=2e-3)
for real in batches(ring, 400):
    loss = ((paired(torch.randn(len(real), 2)) - real) ** 2).sum(dim=1).mean()
    adam.zero_grad()
    loss.backward()
    adam.step()


def made_by(generator, n=1000, seed=1):
    """Points that a generator makes of noise, as an array."""
    noise = torch.randn(n, 2, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return generator(noise).numpy()


from_pairs = made_by(paired)


# %%
def draw_cloud(axes, points, title):
    """Real points in grey, generated ones over them."""
    axes.scatter(*ring[:1500].T, s=4, color="#ABABAB", linewidths=0, label="real")
    axes.scatter(*points.T, s=7, marker="^", color=plots.COLOURS[0], linewidths=0, label="generated")
    axes.set(title=title, aspect="equal", xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[-1, 0, 1], yticks=[-1, 0, 1])


figure, axes = plt.subplots(figsize=(5, 3.4), layout="constrained")
draw_cloud(axes, from_pairs, "Learned from random pairs")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), markerscale=3)
plt.show()

# %%
away = np.linalg.norm(from_pairs, axis=1)
outcome(
    "06.pairs",
    "near the middle of the circle" if away.mean() < 0.3 else "all along the circle",
    because="Of all answers to a question that has many, the mean of them has the smallest squared error.",
)
claim(
    "the generated points lie on average less than 0.3 from the middle, where there is no real point: those are all "
    "farther out than 0.7",
    below(away.mean(), 0.3),
    above(np.linalg.norm(ring, axis=1).min(), 0.7),
)

# %% [markdown]
# The question was wrong. We should not ask *is it this point?* but ***could it be a real point?*** Nobody can write
# that down as a formula. So let a second network learn it, the [discriminator](glossary:discriminator): it is shown real
# and generated points and learns to tell them apart, while the generator learns to make points that it cannot tell apart.
# The two together are a [generative adversarial network](glossary:GAN) (Goodfellow et al. 2014).

# %% [markdown]
# ## 2. What does the discriminator learn?
# It gives each point a [score](glossary:logit) $s(x)$, any number. Its [sigmoid](glossary:sigmoid) is a probability:
# $D(x) = \sigma(s(x))$, how sure the discriminator is that $x$ is real. It learns like any classifier, by the
# logarithm of the probability that it gave to what was right. With $p$ for the density of real points and $q$ for that of
# generated ones, it makes small
#
# $$L_D = -\,\mathbb{E}_{x \sim p}\left[\log D(x)\right] \;-\; \mathbb{E}_{x \sim q}\left[\log (1 - D(x))\right] .$$
#
# In code each mean is that of a batch. $D(x)$ itself need not be computed: with
# $\text{softplus}(a) = \log(1 + e^a)$ we have $-\log \sigma(s) = \text{softplus}(-s)$ and
# $-\log(1 - \sigma(s)) = \text{softplus}(s)$. That never takes the logarithm of zero. In PyTorch it is
# `functional.softplus`.
#
# **Exercise 06.1.** `real` holds the scores of a batch of real points, `generated` those of a batch of generated ones;
# the batches need not be of one size. Return $L_D$: the mean of the one half plus the mean of the other. Stuck?
# `hint("06.1")`.


# %% tags=["exercise-06.1"]
{{exercise("06.1")}}


# %% tags=["check-06.1"]
discriminator_loss = check("06.1", discriminator_loss)
grade("06.1")

# %% [markdown]
# Suppose that the generator stands still and the discriminator may learn as long as it likes. At some place in the plane
# real points are twice as dense as generated ones. **What should it say there?** First comes the formula; your answer is
# then held beside what a network says that has learned from draws alone.

# %%
predict(
    "06.twice",
    "Real points are twice as dense as generated ones at x. The smallest loss has the discriminator that says D(x) = …",
    options=["1, for real is more probable", "2/3", "1/2, for both occur"],
)

# %% [markdown]
# Look at one place $x$ by itself. In $L_D$ it counts with $-p \log D - q \log (1 - D)$, where $p = p(x)$, $q = q(x)$ and
# $D = D(x)$. The derivative with respect to $D$ is zero where $p / D = q / (1 - D)$, so
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)} .$$
#
# The best discriminator knows the [ratio of the two densities](glossary:density-ratio), and nothing else of them. The
# generator gets to hear of the data only through this ratio.
#
# **Exercise 06.2.** Far from the data both densities are so small that the machine rounds them to 0. So you are given
# their *logarithms*, tensors of shape (n,). Return $D^*$ for each point, also where `log_real` is −1000.


# %% tags=["exercise-06.2"]
{{exercise("06.2")}}


# %% tags=["check-06.2"]
best_discriminator = check("06.2", best_discriminator)
grade("06.2")

# %% [markdown]
# Does a network find it? We take two distributions on a line whose densities we know: real points from two bells,
# generated ones from a single wide bell. A network learns from draws alone, by your loss.


# %%
def log_bells(x, means, sd):
    """Log-density of an even mixture of Gaussians of one width."""
    parts = [-0.5 * ((x - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi)) for mean in means]
    return torch.logsumexp(torch.stack(parts), dim=0) - math.log(len(means))


def draw_bells(n, means, sd):
    """n points from that mixture, shape (n, 1)."""
    return torch.tensor(means)[torch.randint(len(means), (n,))][:, None] + sd * torch.randn(n, 1)


def train_discriminator(real, generated, steps=500, size=256):
    """A discriminator that learned to tell apart draws of two mixtures, each given as (means, sd)."""
    discriminator = network(1, 1, width=32)
    adam = torch.optim.Adam(discriminator.parameters(), lr=5e-3)
    for step in range(steps):
        adam.param_groups[0]["lr"] = 5e-3 * (1 - step / steps)
        loss = discriminator_loss(discriminator(draw_bells(size, *real)), discriminator(draw_bells(size, *generated)))
        adam.zero_grad()
        loss.backward()
        adam.step()
    return discriminator


two_bells, one_bell = ((-1.5, 1.5), 0.5), ((0.5,), 1.0)
trained = train_discriminator(two_bells, one_bell, steps=800)

line = torch.linspace(-4, 4, 801)
log_p, log_q = log_bells(line, *two_bells), log_bells(line, *one_bell)
best = best_discriminator(log_p, log_q)
with torch.no_grad():
    learned = torch.sigmoid(trained(line[:, None]))

# %% [markdown]
# *What to see: above, the two densities. Below, what the network learned (orange, dashed) over the formula (blue): they
# agree where there are points, and part at the edges, where hardly a point was ever drawn.*

# %%
figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.5, 4.4), sharex=True, layout="constrained")
top.plot(line, log_p.exp(), color=plots.COLOURS[0], label="real, p(x)")
top.plot(line, log_q.exp(), "--", color=plots.COLOURS[1], label="generated, q(x)")
top.set(title="Two known densities", ylabel="density")
bottom.plot(line, best, color=plots.COLOURS[0], label="p / (p + q)")
bottom.plot(line, learned, "--", color=plots.COLOURS[1], label="trained network")
bottom.set(title="What the discriminator says", xlabel="x", ylabel="D(x)", ylim=(-0.03, 1.03))
for axes in (top, bottom):
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
crowded = (log_p.exp() + log_q.exp()) > 0.1
off = float((learned - best)[crowded].abs().mean())
twice = int(torch.where(crowded, (log_p - log_q - math.log(2)).abs(), torch.inf).argmin())
said = float(learned[twice])
outcome(
    "06.twice",
    "2/3" if abs(said - 2 / 3) < 0.12 else "1, for real is more probable" if said > 0.5 else "1/2, for both occur",
    because=f"At x = {float(line[twice]):.2f} real points are twice as dense, and the network says {said:.2f}. Of three "
    "points that fall there two are real.",
)
claim(
    "where there are points, the trained discriminator is on average within 0.04 of the formula",
    below(off, 0.04),
)

# %% [markdown]
# ## 3. Which distance is the game about?
# Put the best discriminator into the game. The discriminator wants $V = -L_D$ large, the generator wants it small, so
# this is a [minimax game](glossary:minimax-game):
#
# $$\min_G \max_D\; V, \qquad V = \mathbb{E}_{x \sim p}\left[\log D(x)\right] + \mathbb{E}_{z}\left[\log (1 - D(G(z)))\right] .$$
#
# With $D^*$ and $m = \frac12 (p + q)$ it becomes
#
# $$
# \begin{aligned}
# \max_D V &= \mathbb{E}_{p}\left[\log \frac{p}{2m}\right] + \mathbb{E}_{q}\left[\log \frac{q}{2m}\right] \\
# &= \mathrm{KL}(p \,\|\, m) + \mathrm{KL}(q \,\|\, m) - 2 \log 2 \\
# &= 2\, \mathrm{JSD}(p \,\|\, q) - 2 \log 2 ,
# \end{aligned}
# $$
#
# where the mean of the two [KL divergences](glossary:KL-divergence) is the
# [Jensen-Shannon divergence](glossary:Jensen-Shannon-divergence), in [nats](glossary:nat). It is 0 where $p$ and $q$ are
# the same, and only there. So against a perfect discriminator the generator can do no better than to make the data's own distribution; then
# $D^* = \frac12$ everywhere, and the loss of the discriminator is $2 \log 2 \approx 1.39$.
#
# And a discriminator that is *not* perfect reaches a smaller $V$. So $\frac12 V + \log 2$, worked out from its loss, is a
# lower bound of the divergence, like the [bound](glossary:ELBO) of lesson 04. **How does the divergence know how far
# apart two distributions are?** Take two bells of width 0.5.

# %%
predict(
    "06.far",
    "Two bells (standard deviation 0.5) are 4 apart, then 8. Their Jensen-Shannon divergence …",
    options=["doubles", "hardly changes", "falls"],
)


# %%
def jensen_shannon(log_p, log_q, dx):
    """JSD in nats of two log-densities on an even grid: mean of KL(p || m) and KL(q || m)."""
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    return float(0.5 * sum((each.exp() * (each - log_m)).sum() * dx for each in (log_p, log_q)))


wide = torch.linspace(-4, 12, 3201, dtype=torch.float64)
distances = np.linspace(0, 8, 33)
curve = [jensen_shannon(log_bells(wide, (0.0,), 0.5), log_bells(wide, (float(d),), 0.5), 16 / 3200) for d in distances]

# A discriminator of its own for each distance; asked on fresh draws, its loss tells a bound.
asked_at, bounds = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0), []
for d in asked_at:
    discriminator = train_discriminator(((0.0,), 0.5), ((d,), 0.5), steps=200)
    with torch.no_grad():
        fresh = [discriminator(draw_bells(20_000, (mean,), 0.5)) for mean in (0.0, d)]
        bounds.append(math.log(2) - 0.5 * float(discriminator_loss(*fresh)))
exact = np.interp(asked_at, distances, curve)

# %% [markdown]
# *What to see: the curve is the divergence, worked out from the densities; the triangles are what trained discriminators
# say. Both climb and then run flat at $\log 2$.*

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
axes.plot(distances, curve, color=plots.COLOURS[0], label="JSD, from the densities")
axes.scatter(asked_at, bounds, marker="^", s=45, color=plots.COLOURS[1], zorder=3, label="from a discriminator's loss")
axes.axhline(math.log(2), color=plots.COLOURS[2], linewidth=1)
axes.text(8, math.log(2) - 0.06, "log 2", color=plots.COLOURS[2], ha="right")
axes.set(title="How far apart are two bells?", xlabel="distance of their middles", ylabel="nats")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
at_4, at_8 = np.interp([4, 8], distances, curve)
outcome(
    "06.far",
    "doubles" if at_8 > 1.5 * at_4 else "falls" if at_8 < at_4 - 0.01 else "hardly changes",
    because="Once no point could be from both, they can be told apart without a mistake, and that cannot be bettered.",
)
claim(
    "from distance 4 to distance 8 the divergence grows by less than 0.001, and is log 2; what the trained discriminators "
    "say is within 0.03 nats of it everywhere",
    at_8 - at_4 < 1e-3 and abs(at_8 - math.log(2)) < 1e-3,
    below(max(abs(exact - bounds)), 0.03),
    at_4=at_4,
    at_8=at_8,
)

# %% [markdown]
# That is a first sign of trouble. A generator that is wholly wrong is told *wrong*, but not which way to go: where the
# curve is flat, there is no gradient.

# %% [markdown]
# ## 4. What should the generator want?
# In $V$ the generator appears in the second half alone. Two losses would serve its purpose; both fall when $D(G(z))$
# rises:
#
# | name | the generator makes small | |
# |---|---|---|
# | minimax | $\log (1 - D(G(z)))$ | its half of $V$, as the theory has it |
# | [non-saturating](glossary:non-saturating-loss) | $-\log D(G(z))$ | the label turned round: *call this real* |
#
# They have their best place in common, so what is the difference? Early on the generator is bad, and the discriminator
# gives its points, say, $D = 0.01$. Take the derivative of both losses with respect to the score. **How many times as
# strong is the pull of $-\log D$?**

# %%
predict(
    "06.pull",
    "At D = 0.01: how many times as large is the derivative of -log D with respect to the score, beside that of "
    "log(1 - D)?",
    unit="times",
    low=0.001,
    high=10_000,
)

# %% [markdown]
# **Exercise 06.3.** Write the non-saturating loss. `generated` holds the discriminator's scores of a batch of
# generated points; return the mean of $-\log D$.


# %% tags=["exercise-06.3"]
{{exercise("06.3")}}


# %% tags=["check-06.3"]
generator_loss = check("06.3", generator_loss)
grade("06.3")


# %%
def minimax_loss(generated):
    """The generator's half of V: the mean of log(1 - D)."""
    return -functional.softplus(generated).mean()


def slope(loss, d):
    """Derivative of a loss with respect to the score, where the discriminator says D = d."""
    score = torch.tensor([math.log(d / (1 - d))], dtype=torch.float64, requires_grad=True)
    return float(torch.autograd.grad(loss(score), score)[0])


print("   D     log(1 - D)    -log D")
for d in (0.0001, 0.01, 0.5, 0.99):
    print(f"{d:6}   {slope(minimax_loss, d):9.4f}  {slope(generator_loss, d):9.4f}")

# %%
times = slope(generator_loss, 0.01) / slope(minimax_loss, 0.01)
outcome(
    "06.pull",
    times,
    because="The derivative of log(1 - D) is -D, that of -log D is -(1 - D): 0.99 against 0.01.",
)

# %% [markdown]
# Both derivatives are negative, so both losses pull the score upwards. Where $D$ is 0.99, it is the other way round:
# minimax pulls 99 times as strongly.
#
# $\log(1 - D)$ is flat just where the generator needs to learn: it is said to [saturate](glossary:saturation). Hence the
# name of the other, and hence nearly everybody uses it.
#
# What then of the theory of section 3? With $-\log D$ the generator no longer goes downhill on the Jensen-Shannon
# divergence. The place of rest is the same: $p = q$, and $D = \frac12$. But against the best discriminator its gradient
# is that of $\mathrm{KL}(q \,\|\, p) - 2\, \mathrm{JSD}(p \,\|\, q)$ (Arjovsky and Bottou 2017). A KL in this direction
# charges dearly for points where there are no data, and little for data where there are no points.
#
# The playground shows five losses that are in use. Two of them you know. *Least squares* takes the squared distance of
# the score from a target (Mao et al. 2017), *Wasserstein* the plain score (section 7), *relativistic* looks at how far
# the score is behind that of a [real sample beside it](glossary:relativistic-objective). Play walks down each of them
# from the score that you choose. **Try three things.** Begin at a score of −8, as early in training, and see who arrives
# when. Switch the control *loss* to *discriminator on generated*: do minimax and non-saturating still differ? And find
# the loss whose gradient is the same everywhere: what keeps its scores from growing for ever?

# %%
play.loss_landscape()

# %% [markdown]
# *What to see: where a curve is flat, there is no pull. Minimax is flat on the left, where a bad generator stands;
# non-saturating is flat on the right, where it has won already. On the discriminator's side the two are one curve: only
# the generator's turn tells them apart. Least squares pulls back points that are "too real". The straight line never
# tires, but nothing stops its scores from growing for ever: section 7 puts it on a leash.*

# %% [markdown]
# ## 5. How is the game played?
# Two losses, two networks, two optimizers, turn by turn: the discriminator learns from a batch, then the generator. All
# the art is in which gradient may reach whom.
#
# - In the **discriminator's turn** the generator is only a source of points. No gradient is to pass into it:
#   `generator(z).detach()`.
# - In the **generator's turn** the gradient must pass *through* the discriminator, for that is where the generator learns
#   which way is more real. But the discriminator must not take a step on it.
#
# Mind that `backward()` *adds* to the gradients that are there, in all parameters that it passes.
#
# **Exercise 06.4.** `players` has `generator`, `discriminator`, `generator_optimizer` and `discriminator_optimizer`;
# `real` is a batch of points, `z` a batch of noise, which serves for both turns. Let first the discriminator take a
# step, then the generator, against the discriminator as it is by then. Return the two losses that they learned from as
# numbers, `loss_d, loss_g` (`.item()` makes a number of a tensor). Use your `discriminator_loss` and `generator_loss`.


# %% tags=["exercise-06.4"]
{{exercise("06.4")}}


# %% tags=["check-06.4"]
play_round = check("06.4", play_round)
grade("06.4")

# %% [markdown]
# Did you leave out `detach()`, and clear each player's gradients right before its own `backward()`? The check takes that,
# for both steps are right. Only time is lost: the discriminator's `backward()` runs through the generator for nothing.
#
# Before we play we need a judge who is not a player. The data have eight clusters; a place where they are dense is
# called a [mode](glossary:mode). Count which of them the generator reaches, by a protocol that many papers share (Lin
# et al. 2018 and others before them): a sample is of **high quality** if it is within 3 standard deviations of its
# nearest mode (the plain distance in the plane), and a mode is found if at least one sample of high quality is
# nearest to it.
#
# **Exercise 06.5.** `x` holds samples, shape (samples, 2), `centres` the middles of the modes, shape (modes, 2), `sd` is
# the standard deviation of a mode along each axis. Return how many modes are found, and the share of samples that are of
# high quality, from 0 to 1.


# %% tags=["exercise-06.5"]
{{exercise("06.5")}}


# %% tags=["check-06.5"]
count_modes = check("06.5", count_modes)
grade("06.5")

# %%
predict(
    "06.share",
    "Your GAN plays 1,000 rounds. Which share of its points will then be of high quality? (Of real points about 99 percent "
    "are.)",
    unit="percent",
    low=0,
    high=100,
)


# %%
def two_players(rate=2e-3, betas=(0.0, 0.99), seed=0):
    """A generator and a discriminator with an optimizer each: Adam without momentum (see "When it fails")."""
    generator, discriminator = network(2, 2, seed), network(2, 1, seed + 100)
    return SimpleNamespace(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=torch.optim.Adam(generator.parameters(), lr=rate, betas=betas),
        discriminator_optimizer=torch.optim.Adam(discriminator.parameters(), lr=rate, betas=betas),
    )


def play_game(players, rounds, look_at=(), size=128, seed=0):
    """Play rounds on the ring; returns the losses of all rounds and what stood where at the rounds to look at."""
    noise = torch.Generator().manual_seed(seed)
    losses, looks = [], {}
    for number, real in enumerate(batches(ring, rounds, size, seed), start=1):
        losses.append(play_round(real, torch.randn(size, 2, generator=noise), players))
        if number in look_at:
            looks[number] = (made_by(players.generator), says(players.discriminator))
    return np.array(losses), looks


plane = np.stack(np.meshgrid(np.linspace(-1.6, 1.6, 61), np.linspace(-1.6, 1.6, 61)), axis=-1).astype(np.float32)


def says(discriminator):
    """D over the plane, shape (61, 61)."""
    with torch.no_grad():
        return torch.sigmoid(discriminator(torch.tensor(plane.reshape(-1, 2)))).numpy().reshape(61, 61)


mine = two_players()
losses, looks = play_game(mine, 1000, look_at=(20, 100, 300, 1000))
found, quality = count_modes(made_by(mine.generator, 2500), centres, SD)

# %% [markdown]
# *What to see: the ground is bright where the discriminator says "real", dark where it says "generated". Its picture
# changes all the time: it follows the generator, which follows it. In the end the points lie on the clusters, with thin
# bridges between them.*


# %%
def draw_game(axes, points, ground, title):
    """The discriminator's D as ground, real points in white, generated ones as triangles."""
    axes.imshow(ground, origin="lower", extent=(-1.6, 1.6, -1.6, 1.6), cmap="cividis", vmin=0, vmax=1, alpha=0.75)
    axes.scatter(*ring[:600].T, s=3, color="white", linewidths=0)
    axes.scatter(*points[:400].T, s=9, marker="^", color=plots.COLOURS[1], edgecolors="black", linewidths=0.3)
    axes.set(title=title, aspect="equal", xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[], yticks=[])


figure, panels = plt.subplots(1, 4, figsize=(11, 3), layout="constrained")
for axes, (number, (points, ground)) in zip(panels, looks.items()):
    draw_game(axes, points, ground, f"after {number} rounds")
figure.supxlabel(
    "white: real points, orange triangles: generated; ground: bright = the discriminator says real", fontsize=9
)
plt.show()

# %%
outcome(
    "06.share",
    100 * quality,
    because="The generator is a continuous function: where it jumps from one cluster to the next, it must pass through "
    "the empty place between them. And it never comes to rest.",
)
late = losses[-300:].mean(axis=0)
real_quality = count_modes(ring, centres, SD)[1]
claim(
    "all 8 modes are found; more than 40 % of the points are of high quality, of the real ones more than 98 %",
    found == 8,
    above(quality, 0.4),
    above(real_quality, 0.98),
    modes=found,
)
claim(
    "in the last 300 rounds the discriminator's loss is within 0.3 of 2 log 2, that of one that can only guess",
    between(late[0], 2 * math.log(2) - 0.3, 2 * math.log(2) + 0.3),
)

# %% [markdown]
# One thing to notice: **neither loss tells how good the points are.** The discriminator's is near $2 \log 2$ when the
# generator is good, and also when the discriminator is bad. In all other lessons a falling loss was progress. Here you
# need a judge from outside. The library has yours as `metrics.mode_coverage`.
#
# Now play yourself. The arrow on a generated point is its *sample gradient*, the direction that lowers the generator's
# loss; the folded sheet is where the generator puts the plane of its noise. **Try three things.** Press Step D many times without Step G: what
# becomes of the ground, and of the arrows? Then Step G many times alone: where does everything go? Then Play, and move
# the two learning rates apart.

# %%
play.gan_game()

# %% [markdown]
# *What to see: the line under the picture says what is happening, from what is measured: the discriminator's AUC (the
# share of pairs in which the real point has the higher score), the modes that are found, the length of the sample
# gradients. A step of one player makes the other's last lesson a little out of date. `Keep` lays a run aside to compare
# it with the next.*

# %% [markdown]
# ## 6. Would an old method do?
# The clusters are bells, and for bells there is the [Gaussian mixture](glossary:Gaussian-mixture) of lesson 01. We
# give it 2,000 of the same points, with 4, 6, 8 and 10 bells, and choose among the four by the [BIC](glossary:BIC),
# which weighs likelihood against size.

# %%
predict(
    "06.rival",
    "Who has the larger share of points of high quality, your GAN or the Gaussian mixture?",
    options=["your GAN", "the Gaussian mixture", "neither by more than 3 points"],
)

# %%
from sklearn.mixture import GaussianMixture

start = time.perf_counter()
tried = {k: GaussianMixture(k, n_init=2, random_state=0).fit(ring[:2000]) for k in (4, 6, 8, 10)}
chosen = min(tried, key=lambda k: tried[k].bic(ring[:2000]))
print(f"{time.perf_counter() - start:.1f} seconds for four mixtures; the BIC chooses the one of {chosen} bells")
from_mixture = tried[chosen].sample(2500)[0]
found_by_mixture, quality_of_mixture = count_modes(from_mixture, centres, SD)
gain = quality_of_mixture - quality
outcome(
    "06.rival",
    "the Gaussian mixture" if gain > 0.03 else "your GAN" if gain < -0.03 else "neither by more than 3 points",
    because="It has the right form built in: separate bells, with nothing in between.",
)
claim(
    "the BIC chooses 8 bells; the mixture finds 8 modes, more than 97 % of its points are of high quality, and they miss the "
    "modes less than half as often as the GAN's",
    chosen == 8 and found_by_mixture == 8,
    above(quality_of_mixture, 0.97),
    below((1 - quality_of_mixture) / (1 - quality), 0.5),
    bells=chosen,
)

# %% [markdown]
# **On points in the plane the old method wins**, by quality and without a game that may go wrong, and it tells a
# likelihood besides. We play on the plane because there one can see everything. A GAN earns its place where nobody can
# write down a density that fits: on images, in lesson 07. Section 9 looks at something in between.

# %% [markdown]
# ## 7. Is there a distance that does not run flat?
# *Sections 7 to 9 may be left for a second sitting: run their cells and go on with "When it fails".*
#
# In section 3 the divergence of two bells was the same at distance 4 and at distance 8. Another notion of distance asks
# how far the points would have to be *carried*: the [Wasserstein distance](glossary:Wasserstein-distance) is the shortest
# mean way on which $q$ can be moved into $p$. It can be written as a game, too (the Kantorovich-Rubinstein duality):
#
# $$W(p, q) = \max_{f}\; \mathbb{E}_{x \sim p}\left[f(x)\right] - \mathbb{E}_{x \sim q}\left[f(x)\right]
# \quad\text{over all } f \text{ that are nowhere steeper than } 1 .$$
#
# Such an $f$ is called a [critic](glossary:critic): no sigmoid, no logarithm, just scores (Arjovsky et al. 2017). The
# leash is the steepness: without it, larger scores would always be better. How does one hold a network to it?
# Gulrajani et al. (2017) charge it for what it is off, with a [gradient penalty](glossary:gradient-penalty). They
# look at points on the way from generated to real ones, each pair with a share $e$ of its own, drawn between 0 and 1:
#
# $$\mathbb{E}\left[ \left( \lVert \nabla_{\tilde x} f(\tilde x) \rVert - 1 \right)^2 \right],
# \qquad \tilde x = e\, x + (1 - e)\, G(z) .$$
#
# This is a gradient *inside* a loss: the loss will be differentiated once more, with respect to the critic's weights. So
# PyTorch must keep the graph of the first derivative, which `torch.autograd.grad(numbers.sum(), points,
# create_graph=True)` does. It returns a tuple with one gradient, of the shape of `points`, which must ask for one
# (`.requires_grad_()`).
#
# **Exercise 06.6.** `critic` gives a score to each point of a batch; `real` and `generated` have shape (batch, features),
# `mix` holds the shares $e$, shape (batch, 1). Return the penalty, averaged over the batch.


# %% tags=["exercise-06.6"]
{{exercise("06.6")}}


# %% tags=["check-06.6"]
gradient_penalty = check("06.6", gradient_penalty)
grade("06.6")

# %%
predict(
    "06.critic",
    "What will the trained critics say of two bells that are 8 apart, beside two that are 4 apart?",
    options=["the same, within a tenth", "about twice as much", "about four times as much"],
)


# %%
def distance_by_critic(d, steps=200, size=256, weight=50):
    """Mean score of real minus that of generated points, by a critic that learned with your penalty."""
    critic = network(1, 1, width=32)
    adam = torch.optim.Adam(critic.parameters(), lr=5e-3)
    for step in range(steps):
        adam.param_groups[0]["lr"] = 5e-3 * (1 - step / steps)
        real, generated = draw_bells(size, (0.0,), 0.5), draw_bells(size, (d,), 0.5)
        lead = critic(real).mean() - critic(generated).mean()
        # The weight grows from zero: a critic that slopes the wrong way must be free to turn round first.
        leash = weight * step / steps * gradient_penalty(critic, real, generated, torch.rand(size, 1))
        loss = leash - lead
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return float(critic(draw_bells(20_000, (0.0,), 0.5)).mean() - critic(draw_bells(20_000, (d,), 0.5)).mean())


carried = {d: distance_by_critic(d) for d in (1.0, 2.0, 4.0, 8.0)}
for d, value in carried.items():
    print(f"distance {d:.0f}: the critic says {value:.2f}, the divergence is {np.interp(d, distances, curve):.3f} nats")

# %%
ratio = carried[8.0] / carried[4.0]
outcome(
    "06.critic",
    "the same, within a tenth" if ratio < 1.1 else "about twice as much" if ratio < 3 else "about four times as much",
    because="Points that are twice as far away must be carried twice as far.",
)
claim(
    "each critic says the distance of the middles, within 20 %",
    below(max(abs(value / d - 1) for d, value in carried.items()), 0.2),
)

# %% [markdown]
# For two bells of one width the shortest way is to shift the one onto the other: the Wasserstein distance is simply
# that of their middles. So a critic still says which way is better where a discriminator only says *wrong*. It has
# its price: a second derivative in every step, and a critic that must have learned well before its word counts.

# %% [markdown]
# ## 8. What does each argument do?
# The library's `GAN` plays the same game with the tricks of ten years as arguments:
#
# | argument | what it does | paper |
# |---|---|---|
# | `objective=` | minimax, non-saturating, least squares, a Wasserstein critic, or a [relativistic](glossary:relativistic-objective) pair: is the real point *more* real? | Goodfellow et al. 2014, Mao et al. 2017, Arjovsky et al. 2017, Jolicoeur-Martineau 2019 |
# | `penalty=` | charges the discriminator for being steep: a Wasserstein critic for slopes other than 1, the others for any slope at real points (called [R1](glossary:R1); the relativistic one at generated points, too) | Mescheder et al. 2018 |
# | `spectral_norm=` | [spectral normalization](glossary:spectral-normalization): divides each layer by the largest factor by which it can stretch | Miyato et al. 2018 |
# | `packing=` | [packing](glossary:packing): the discriminator sees several points at once, all real or all generated, so it notices repetition | Lin et al. 2018 |
# | `ema=` | samples come from an [exponential moving average](glossary:EMA) (EMA) of the generator's weights | Yazıcı et al. 2019 |
# | `discriminator_steps=` | so many updates of the discriminator to one of the generator | Goodfellow et al. 2014 |
# | `learning_rate=` | a function of the step, or a pair (start, end), lets the rate fall while they play | |
#
# Each of them gets a game of 600 steps on the ring, from the same first weights, everything else as in the plain one. A
# step is one update of the discriminator and one of the generator; with `discriminator_steps=3` two steps of three
# leave the generator out. Besides modes and quality we measure **[restlessness](glossary:restlessness)**: how far the
# points of the same noise move within 40 steps, averaged over the last 200. The EMA with a decay of 0.98 looks back over
# about 50 updates. **How much of the restlessness is left with it?**

# %%
predict(
    "06.calm",
    "With ema=0.98: how far do the points move at the end, in percent of those of the plain game?",
    unit="percent",
    low=0,
    high=200,
)


# %%
def library_game(steps=600, seed=0, learning_rate=2e-3, model=None, **how):
    """One game on the ring; returns what was measured."""
    gan = GAN(2, latent_size=2, hidden_sizes=(64, 64), seed=seed, **(model or {}))
    z, paths = gan.latent(500, seed=9), []
    for step in gan.steps(ring, epochs=None, seed=seed, learning_rate=learning_rate, **how):
        if step.index > steps - 240 and step.index % 40 == 0:
            paths.append(gan.generate(z))
        if step.index == steps:
            break
    modes, share = count_modes(gan.sample(2500, seed=1), centres, SD)
    restless = np.mean([np.linalg.norm(a - b, axis=1).mean() for a, b in zip(paths, paths[1:])])
    return {"modes": modes, "quality": share, "restless": restless}


def falling(step):
    """A learning rate that holds for 300 steps and falls to a twentieth in the next 300."""
    return 2e-3 * 0.05 ** min(max(step - 300, 0) / 300, 1)


games = {
    "plain": library_game(),
    'objective="wasserstein"': library_game(model={"objective": "wasserstein"}),
    'objective="relativistic"': library_game(model={"objective": "relativistic"}),
    "penalty=0.1": library_game(model={"penalty": 0.1}),
    "spectral_norm=True": library_game(model={"spectral_norm": True}),
    "packing=4": library_game(model={"packing": 4}),
    "ema=0.98": library_game(model={"ema": 0.98}),
    "discriminator_steps=3": library_game(discriminator_steps=3),
    "rate falls": library_game(learning_rate=falling),
}
print("                          modes  quality  restless")
for name, row in games.items():
    print(f"{name:25s} {row['modes']:5d} {row['quality']:8.2f} {row['restless']:9.3f}")

# %%
plain = games["plain"]
outcome(
    "06.calm",
    100 * games["ema=0.98"]["restless"] / plain["restless"],
    because="The generator goes to and fro, and in a mean of its weights that cancels.",
)
claim(
    "the EMA and the falling rate are calm: their points move less than three quarters as far as those of the plain game",
    below(games["ema=0.98"]["restless"] / plain["restless"], 0.75),
    below(games["rate falls"]["restless"] / plain["restless"], 0.75),
)

# %% [markdown]
# Read the table with care: **one game is an anecdote.** Another seed shuffles the rows, and one of them may collapse,
# most easily that of spectral normalization (change `seed=0` in `library_game` and see). What lasts is the kind of
# effect. An EMA costs next to nothing and calms at once. A falling rate calms too, but slow steps also learn less:
# its points come out now better, now worse than those of the plain game. More updates of the discriminator leave the
# generator fewer of the same 600 steps. The Wasserstein critic, with one update to each of the generator's, is not
# there yet after so few steps. Packing leaves the discriminator fewer, harder questions, and in so short a game that
# costs quality; what it buys shows in long ones. A penalty makes the discriminator gentle: it sees less sharply and
# does not run away; you will see below what that is worth when things go wrong. Nothing here is for free, and few of
# them are needed at once.

# %% [markdown]
# ## 9. And on real data?
# Real digits, 64 pixels, of which PCA keeps eight numbers. Both rivals learn these eight, scaled to a common size,
# from the training digits; both make 360 new ones, as many as there are held-out digits. Two numbers judge them, by
# neighbours: **[precision](glossary:precision)**, the share of generated points that lie in the crowd of the held-out ones, and
# **[coverage](glossary:coverage)**, the share of held-out ones that have a generated point in their neighbourhood (lesson 07 says exactly
# how).

# %%
predict(
    "06.digits",
    "Real data, eight numbers: whose coverage of the held-out digits is higher?",
    options=["the GAN's", "the Gaussian mixture's", "equal within 2 points"],
)

# %%
digits = data.digits()
train, test = digits.split(seed=0)
pca = PCA(8).fit(train.x)
scale = pca.encode(train.x).std(axis=0)
codes, held_out = (pca.encode(x).astype(np.float64) / scale for x in (train.x, test.x))

gan = GAN(8, latent_size=8, hidden_sizes=(64, 64), penalty=0.1, ema=0.98)
for step in gan.steps(codes, epochs=None, batch_size=128, learning_rate=2e-3):
    if step.index == 1500:
        break
bells = GaussianMixture(20, covariance_type="full", reg_covar=1e-2, random_state=0).fit(codes)
drawn = {"GAN": gan.sample(len(held_out), seed=1), "Gaussian mixture": bells.sample(len(held_out))[0]}
drawn["Gaussian mixture"] = np.random.default_rng(0).permutation(drawn["Gaussian mixture"]).astype(np.float32)
judged = {name: metrics.prdc(held_out, z) for name, z in drawn.items()}
for name, result in judged.items():
    print(f"{name:17s} precision {result.precision:.2f}, coverage {result.coverage:.2f}")

# %% [markdown]
# *What to see: the first row shows how much of a digit eight numbers keep; it is blurred already. Beside it both rivals
# look much like the real thing. The eye cannot say who is ahead, so we count.*

# %%
figure, axes = plt.subplots(figsize=(8.5, 2.9), layout="constrained")
rows = {"held-out, 8 numbers": held_out, **drawn}
wall = np.concatenate([pca.decode(z[:14] * scale) for z in rows.values()]).reshape(-1, 8, 8)
plots.draw_images(axes, wall, columns=14)
axes.set_yticks([5 + 9 * row for row in range(len(rows))], list(rows))
axes.tick_params(axis="y", length=0)
axes.set_title("Digits from eight numbers")
plt.show()

# %%
gap = {
    measure: getattr(judged["Gaussian mixture"], measure) - getattr(judged["GAN"], measure)
    for measure in ("precision", "coverage")
}
outcome(
    "06.digits",
    "the GAN's"
    if gap["coverage"] < -0.02
    else "the Gaussian mixture's"
    if gap["coverage"] > 0.02
    else "equal within 2 points",
    because="Twenty bells in eight dimensions still describe these codes well, and a fit by EM does not wander.",
)
claim(
    "both are good: precision and coverage above 0.7 for both; the GAN is ahead in neither by more than 5 points",
    above(min(min(result.precision, result.coverage) for result in judged.values()), 0.7),
    above(gap["precision"], -0.05),
    above(gap["coverage"], -0.05),
)

# %% [markdown]
# Again no victory for the GAN, and you should know it before you use a GAN on a table: **where a mixture with a few
# bells fits, take the mixture.** It says so itself: fit it, draw from it, and look whether the precision and the
# coverage of its draws fall behind those of real points. They do when the dimensions are many and the data lie on
# bent sheets, as the 784 pixels of a larger image do, where a bell needs a covariance of 784 by 784 numbers.

# %% [markdown]
# ## When it fails
# Three ways to lose this game. Each is provoked, seen in what is measured, and mended.
#
# ### The same game with momentum
# The game of section 5 again: the same networks, the same first weights, the same 1,000 rounds. One thing is changed,
# the `betas` of the optimizer Adam, which were `(0.0, 0.99)`. The first is its [momentum](glossary:momentum): Adam follows
# a running average of the gradient and keeps this share of it from step to step. The second says the same of the squared
# gradients, by which Adam scales its steps. Now we take `betas=(0.95, 0.999)`, a little more than PyTorch's default
# `(0.9, 0.999)`, with which Adam served well in all lessons so far. **How many of the eight modes will it find?**

# %%
predict("06.collapse", "Adam with a momentum of 0.95, 1,000 rounds: how many modes?", unit="modes", low=0, high=8)

# %%
clumped = two_players(betas=(0.95, 0.999))
_, course = play_game(clumped, 1000, look_at=(200, 400, 600, 800, 1000))
counts = {number: count_modes(points, centres, SD) for number, (points, _) in course.items()}
for number, (modes, share) in counts.items():
    print(f"after {number:4d} rounds: {modes} modes, {100 * share:3.0f} % of high quality")

# %% [markdown]
# *What to see: the points are a clump or a thread, sometimes outside the picture. From look to look it is somewhere
# else.*

# %%
figure, panels = plt.subplots(1, 5, figsize=(11.5, 2.6), layout="constrained")
for axes, (number, (points, ground)) in zip(panels, course.items()):
    draw_game(axes, points, ground, f"after {number} rounds")
plt.show()

# %%
outcome(
    "06.collapse",
    counts[1000][0],
    because="The points run as a clump to where the discriminator believes them, and before they have settled it has "
    "learned that place.",
)


def coverage(points):
    """Share of 1,000 real points that have a generated point in their neighbourhood (as in section 9)."""
    return metrics.prdc(ring[:1000], points).coverage


covered, covered_before = coverage(course[1000][0]), coverage(looks[1000][0])
claim(
    "collapsed: fewer than 5 modes at each of the last three looks, where the same game without momentum has all 8; "
    "coverage, which need not know the modes, tells as well: less than half of what it is without momentum",
    below(max(counts[number][0] for number in (600, 800, 1000)), 5),
    below(covered, 0.5 * covered_before),
    found == 8,
    without_momentum=found,
)

# %% [markdown]
# This is [mode collapse](glossary:mode-collapse): whatever the noise, the points lie in one place. Nothing in
# the generator's loss forbids it. Each point is asked by itself whether it looks real, and a thousand copies of a
# real point all look real. Only the discriminator's *next* lesson punishes it, and momentum makes both players run on
# in the direction that was right ten rounds ago.
#
# The count of modes is what told us; you have it wherever you know the modes. Where you do not, coverage (section 9) and
# [recall](glossary:recall) (lesson 07) tell, and so do your eyes.
#
# The 0.95 is no trick to make it fail: with PyTorch's own 0.9 nearly every seed ends like this, and seldom one comes back.
# See for yourself, with `two_players(betas=(0.9, 0.999))` and other seeds.
#
# **Mended** by taking the momentum out: that was the game of section 5. Are there arguments that help even with it? We
# try some in the library's GAN, all with PyTorch's default `betas=(0.9, 0.999)`. One of them lets the generator learn at
# an eighth of the discriminator's rate, so that the discriminator can keep up (Heusel et al. 2017). The others are
# [spectral normalization](glossary:spectral-normalization), the [relativistic pair](glossary:relativistic-objective),
# more updates of the discriminator, and the [EMA](glossary:EMA). And for comparison: points that
# nobody has learned to make, thrown at random over the square from −1.2 to 1.2.

# %%
with_momentum = {"betas": (0.9, 0.999), "steps": 800}
slow = {"learning_rate": 5e-4, "discriminator_learning_rate": 4e-3}
thrown = count_modes(np.random.default_rng(0).uniform(-1.2, 1.2, size=(2500, 2)), centres, SD)
tries = {
    "thrown at random": dict(zip(("modes", "quality"), thrown)),
    "plain": library_game(**with_momentum),
    "spectral_norm=True": library_game(**with_momentum, model={"spectral_norm": True}),
    'objective="relativistic"': library_game(**with_momentum, model={"objective": "relativistic"}),
    "discriminator_steps=5": library_game(**with_momentum, discriminator_steps=5),
    "slow generator": library_game(**with_momentum | slow),
    "the same, ema=0.98": library_game(**with_momentum | slow, model={"ema": 0.98}),
}
print("                          modes  quality")
for name, row in tries.items():
    print(f"{name:25s} {row['modes']:5d} {row['quality']:8.2f}")

# %%
mended = tries["the same, ema=0.98"]
claim(
    "points thrown at random find all 8 modes, with less than 13 % of high quality: a count alone is no cure; a slow "
    "generator with an EMA finds all 8 as well, with at least twice that share",
    thrown[0] == 8 and mended["modes"] == 8,
    below(thrown[1], 0.13),
    above(mended["quality"], 2 * thrown[1]),
)

# %% [markdown]
# Look at both columns, and hold every row against the first. A row with eight modes and hardly more quality than that
# is no cure. Spectral normalization, which helps elsewhere, does not help here. The relativistic pair and the frequent
# discriminator have scattered the clump, and brought little of it home. The slow generator alone depends on luck: with
# one seed it finds all modes, with another only a few. With the EMA of its weights it was a cure with every seed
# that we tried, though half a one: none makes up for the cause. Mend that before you add a cure.

# %% [markdown]
# ### A head start for the discriminator
# A discriminator gets a head start: it learns 300 steps alone, with a high rate. Meanwhile we watch the
# **sample gradient**, that of the generator's loss with respect to each generated point: its norm, as a median over
# 300 points. At first it is about the same for the minimax loss and the non-saturating one. **What is left of the
# gradient of minimax, beside that of the other, after the 300 steps?**

# %%
predict(
    "06.vanish",
    "After 300 steps of the discriminator alone: the gradient norm of minimax, in percent of the non-saturating one?",
    unit="percent",
    low=0,
    high=100,
)

# %%
HEAD_START = 300


def ahead(objective, penalty=0.0):
    """A GAN whose discriminator learned alone, and the norm of the sample gradient (median of 300) every 20 steps."""
    gan = GAN(2, 2, (64, 64), objective=objective, penalty=penalty, seed=1)
    z, norms = gan.latent(300, seed=9), []
    for step in gan.steps(ring, epochs=None, learning_rate=1e-2, turn=lambda index: "discriminator"):
        if step.index % 20 == 0 or step.index == 1:
            norms.append((step.index, np.median(np.linalg.norm(gan.sample_gradient(z)[1], axis=1))))
        if step.index == HEAD_START:
            return gan, np.array(norms).T, step.terms


heads = {
    "minimax": ahead("minimax"),
    "non-saturating": ahead("non-saturating"),
    "minimax, penalty=1": ahead("minimax", penalty=1.0),
}
left = {name: norms[1, -1] for name, (_, norms, _) in heads.items()}

# %% [markdown]
# *What to see: mind the logarithmic axis. The circles and the triangles are pulled by the very same discriminator. The
# squares belong to one that was charged for its slope at real points.*

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
for (name, (_, norms, _)), style, colour in zip(heads.items(), ("o-", "^--", "s:"), (0, 1, 3)):
    axes.plot(*norms, style, markersize=4, color=plots.COLOURS[colour], label=name)
axes.set(yscale="log", xlabel="steps of the discriminator alone", ylabel="norm of the sample gradient")
axes.set_title("How strong is the gradient at generated points?")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
outcome(
    "06.vanish",
    100 * left["minimax"] / left["non-saturating"],
    because="The discriminator gives generated points a D next to 0, and the derivative of log(1 - D) is -D.",
)
sure = heads["minimax"][2]
print(f"AUC: {sure['auc']:.2f}, mean score of generated points: {sure['score_generated']:.1f}")
claim(
    "the gradient of minimax is less than 1 % of the other's; with a penalty on the discriminator it keeps at least 50 times as "
    "much",
    below(left["minimax"] / left["non-saturating"], 0.01),
    below(left["minimax"], left["minimax, penalty=1"] / 50),
)

# %% [markdown]
# The gradient has **vanished**: that is the flat side of $\log(1 - D)$, of section 4, at work. What becomes of it? Let
# each generated point go where it is pulled, against this discriminator, 300 small steps of plain gradient descent, with
# each loss.


# %%
def way_made(name, loss, steps=300, rate=0.01):
    """How far generated points get against the discriminator with the head start: median of 300."""
    discriminator, generator = heads[name][0].discriminator, heads[name][0].generator
    start = generator(torch.tensor(heads[name][0].latent(300, seed=9))).detach()
    points = start.clone()
    for _ in range(steps):
        points.requires_grad_()
        each = len(points) * loss(discriminator(points).flatten())  # the sum, so that each point has its own gradient
        points = (points - rate * torch.autograd.grad(each, points)[0]).detach()
    return float((points - start).norm(dim=1).median())


ways = {
    "minimax": way_made("minimax", minimax_loss),
    "non-saturating": way_made("non-saturating", generator_loss),
    "minimax, penalty=1": way_made("minimax, penalty=1", minimax_loss),
}
for name, way in ways.items():
    print(f"{name:20s} moved by {way:.5f}")

# %%
claim(
    "minimax moves its points by less than 0.03; the non-saturating loss and minimax with the penalty move them by more than "
    "0.2, a good part of the way of about 1 to the ring",
    below(ways["minimax"], 0.03),
    above(ways["non-saturating"], 0.2),
    above(ways["minimax, penalty=1"], 0.2),
)

# %% [markdown]
# **Mended** in two ways: by the loss, or by a discriminator that is not allowed to be so sure. Two honest remarks.
# The optimizer Adam divides every gradient by its own usual size, so with Adam even a tiny gradient makes steps of the
# usual length, and the points get under way: the picture hides what the gradient shows. And a *sure* discriminator is not wanted anyway: the non-saturating gradient is strong here, but it leads each point to where this
# discriminator says "real" just now, and does not ask how many are there already.

# %% [markdown]
# ### The smallest game
# There is no smaller one (Mescheder et al. 2018): all real points are 0, the generator has a single parameter, its
# point $\theta$, and the discriminator a single one, the slope $\psi$ of its score $s(x) = \psi x$. They move in
# turn, by plain gradient descent, in the minimax game. There is one place of rest, $\theta = 0$ and $\psi = 0$.

# %%
predict(
    "06.circle",
    "The generated point begins at 1, the real one stands at 0. After 1,000 rounds in turn the generated point …",
    options=["has arrived at 0", "still swings round 0, as far as ever", "has run away"],
)


# %%
def smallest_game(rounds=1000, rate=0.1, leash=0.0, momentum=0.0, at_once=False, falls_to=1.0):
    """The path of (theta, psi): a generated point theta against the real point 0, with D = sigmoid(psi x)."""
    theta, psi, theta_speed, psi_speed = 1.0, 1.0, 0.0, 0.0
    path = [(theta, psi)]
    for _ in range(rounds):
        rate *= falls_to ** (1 / rounds)
        before = psi
        leaf = torch.tensor([psi], requires_grad=True)
        loss = discriminator_loss(0.0 * leaf, theta * leaf) + 0.5 * leash * (leaf**2).sum()
        psi_speed = momentum * psi_speed - rate * torch.autograd.grad(loss, leaf)[0].item()
        psi = psi + psi_speed
        leaf = torch.tensor([theta], requires_grad=True)
        loss = minimax_loss((before if at_once else psi) * leaf)
        theta_speed = momentum * theta_speed - rate * torch.autograd.grad(loss, leaf)[0].item()
        theta = theta + theta_speed
        path.append((theta, psi))
    return np.array(path)


paths = {
    "in turn": smallest_game(),
    "both at once": smallest_game(at_once=True),
    "in turn, momentum 0.5": smallest_game(momentum=0.5),
    "in turn, penalty 0.3": smallest_game(leash=0.3),
}
away = {name: np.linalg.norm(path[-100:], axis=1).mean() for name, path in paths.items()}

# %% [markdown]
# *What to see: every path begins at the dot; the square marks round 100. Left, in turn: round and round. Then both at
# once, on the same old state: outwards. With momentum: outwards, and faster, look at the squares. Right, with a penalty
# on the slope: inwards.*

# %%
figure, panels = plt.subplots(1, 4, figsize=(11.5, 3), layout="constrained")
for axes, (name, path) in zip(panels, paths.items()):
    axes.plot(*path.T, color=plots.COLOURS[0], linewidth=0.8)
    axes.scatter(1, 1, color=plots.COLOURS[1], s=30, zorder=3)
    axes.scatter(*path[100], color="white", marker="s", s=30, edgecolors="black", zorder=3)
    axes.scatter(0, 0, color="black", marker="+", s=60, zorder=3)
    axes.set(title=name, xlabel="generated point θ", aspect="equal", xlim=(-4, 4), ylim=(-4, 4))
panels[0].set_ylabel("slope ψ")
plt.show()

# %%
begun = math.sqrt(2)
outcome(
    "06.circle",
    "has arrived at 0"
    if away["in turn"] < 0.1
    else "has run away"
    if away["in turn"] > 2
    else "still swings round 0, as far as ever",
    because="Each player's best direction depends on where the other stands just now. When the generated point is at 0, the "
    "slope is not, so it runs on to the other side; when the slope is 0, the point is not.",
)
claim(
    "in turn they keep their distance from the place of rest within 10 %; both at once spirals outwards to more than one "
    "and a half times the distance, momentum to more than twice",
    between(away["in turn"] / begun, 0.9, 1.1),
    above(away["both at once"] / begun, 1.5),
    above(away["in turn, momentum 0.5"] / begun, 2),
)
slowed = np.linalg.norm(smallest_game(falls_to=0.01)[-100:], axis=1).mean()
theta = paths["in turn"][:, 0]
claim(
    "a penalty on the discriminator's slope brings them to less than 0.01; the mean of the path in turn is within 0.1 of the "
    "real point; a rate that falls to a hundredth slows the swing, but leaves it as wide within 10 %",
    below(away["in turn, penalty 0.3"], 0.01),
    below(abs(theta.mean()), 0.1),
    between(slowed / begun, 0.9, 1.1),
)

# %% [markdown]
# This is **oscillation**, and this is why the losses of a GAN do not fall and its points do not rest: **a game is not a
# descent.** The momentum that collapsed the ring drives even these two numbers apart. A penalty at real points
# ([R1](glossary:R1)) takes the slope away where the generator has arrived; an average of the weights cancels the swing;
# a falling rate slows it down, which calms the points but does not bring them nearer. How do you recognize it in a
# large game? The points of the same noise travel ([restlessness](glossary:restlessness)), and the modes that are found
# today are lost tomorrow.
#
# **How far can one get with all this?** `make bench` plays on harder shapes and for longer: 14,000 updates of each player,
# about a minute of one core for the ring and one and a half for the grid, 2,500 samples, five games each (mean ± standard
# deviation over the five). The reverse KL says how unevenly the modes are filled, 0 if evenly. The first two rows of each
# shape are ours, on networks of the same sizes; PacGAN's are from Lin et al. (2018), whose networks are others.
#
# | shape | game | modes | high quality | reverse KL |
# |---|---|---|---|---|
# | ring of 8, radius 1, sd 0.01 | tuned | 8.0 ± 0.0 | 97.6 ± 1.2 % | 0.003 ± 0.001 |
# | | plain, Adam's default betas | 3.4 ± 2.8 | 28 ± 33 % | 0.86 ± 0.70 |
# | | PacGAN2 | 7.9 | 95.6 % | 0.07 |
# | grid of 25, 2 apart, sd 0.05 | tuned | 25.0 ± 0.0 | 94.6 ± 1.9 % | 0.006 ± 0.002 |
# | | plain, Adam's default betas (three games) | 6.0 ± 5.7 | 3 ± 2 % | 1.18 ± 0.52 |
# | | PacGAN4 | 24.8 | 93.6 % | 0.04 |
#
# What the tuned games have in common: no momentum, a penalty on slopes, an EMA of the generator, a rate that falls, and deep
# networks, which can jump steeply from one mode to the next. On the ring the discriminator sees packs of two. None of the
# five plain games on the ring is a good one: one of them hits all modes, but with a third of its points. Real points have
# 99 % on both shapes; what the tuned games lack are the points on the bridges from mode to mode.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

# %%
quiz(
    "06.check_yourself",
    [
        Question(
            "The discriminator's loss has stood at 1.39, which is 2 log 2, for an hour. What do you know?",
            [
                (
                    "the generator makes the data's distribution",
                    False,
                    "So it would be against a *best* discriminator. A bad one has this loss against anything.",
                ),
                (
                    "that this discriminator does no better than one that always says 1/2; nothing yet of the points",
                    True,
                    "Yes: it may guess, or be sure and often wrong. Judge the points from outside: modes, coverage, eyes.",
                ),
                ("the learning rate is too low", False, "Perhaps; but the number does not say so."),
            ],
        ),
        Question(
            "At some x the best discriminator says 0.2. Which is denser there, and by how much?",
            [
                ("real points, five times", False, "Then it would say 5/6."),
                ("generated points, four times", True, "Yes: p / (p + q) = 1/5, so q = 4 p."),
                ("generated points, five times", False, "Then it would say 1/6: p / (p + 5 p)."),
            ],
        ),
        Question(
            "Somebody forgot detach() in the discriminator's turn and calls zero_grad() of both optimizers once, at the "
            "start of the round. What happens?",
            [
                (
                    "nothing, only time is lost",
                    False,
                    "It would be so if the generator's gradients were cleared again.",
                ),
                (
                    "the generator's step also follows the discriminator's loss",
                    True,
                    "Yes: the discriminator's backward() left its gradient in the generator, and nobody cleared it.",
                ),
                ("the discriminator does not learn", False, "It learns; its own gradient is right."),
            ],
        ),
        Question(
            "Your generator draws one kind of sample whatever the noise, and a moment later another kind. First you try …",
            [
                ("a larger generator", False, "It could make all kinds already; nothing tells it to."),
                (
                    "less momentum",
                    True,
                    "Yes: both run on in directions that were right ten rounds ago. If that is not enough, a slow "
                    "generator with an average.",
                ),
                (
                    "the minimax loss",
                    False,
                    "It changes how hard points are pulled, not that they are all pulled alike.",
                ),
            ],
        ),
        Question(
            "Why is the gradient in the gradient penalty taken with create_graph=True?",
            [
                ("to save memory", False, "It costs memory: the graph of the gradient is kept."),
                (
                    "because the penalty, made of a gradient, is itself differentiated",
                    True,
                    "Yes. Without it the number is right and nobody learns from it.",
                ),
                ("so that the generator learns from it, too", False, "The penalty is for the critic alone."),
            ],
        ),
        Question(
            "You want more rows like those of a table with 12 columns that a mixture of 5 Gaussians fits well. What do you take?",
            [
                (
                    "a GAN, it is the newer method",
                    False,
                    "On the ring and on eight numbers of digits it was not ahead.",
                ),
                ("the mixture", True, "Yes: it is fitted soon, it does not collapse, and it tells a likelihood."),
                ("neither can make rows", False, "Both can be drawn from."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A squared error needs pairs; without them it makes the mean. The discriminator is a loss that is learned: *could
#   this be real?*
# - The best discriminator is $p / (p + q)$, its score the logarithm of the density ratio. Against it the generator of the
#   minimax game makes the Jensen-Shannon divergence small, which runs flat where the two are far apart.
# - $\log (1 - D)$ is flat where the discriminator is sure, so generators learn by $-\log D$. Critics are scores that rise
#   by at most 1 on each unit of the way: they measure how far points must be carried, and do not run flat.
# - Detach in the discriminator's turn, not in the generator's; clear gradients right before each `backward()`.
# - The losses do not tell how good the points are. Count modes *and* measure quality, from outside: points thrown at random
#   find all modes, too.
# - Collapse, a vanished gradient and oscillation have measurable signs. Mend the cause (momentum, a discriminator that is
#   too sure) before you add a cure.
# - Where a mixture with a few bells fits, take it.
#
# The course's table has no new row from this lesson: a GAN has no encoder, and the digits come in lesson 07.

# %%
comparison([])

# %% [markdown]
# ## Where to read on
# - Ian Goodfellow et al., *Generative adversarial nets*, NeurIPS 2014. Sections 2 to 4 of this lesson are its theory;
#   figure 1 is the one to look at.
# - Martin Arjovsky and Léon Bottou, *Towards principled methods for training generative adversarial networks*, ICLR 2017.
#   Why the gradient vanishes, and what is odd about $-\log D$.
# - Martin Arjovsky, Soumith Chintala and Léon Bottou, *Wasserstein generative adversarial networks*, ICML 2017. Look at
#   figure 1: the divergence and the distance of two parallel lines.
# - Xudong Mao et al., *Least squares generative adversarial networks*, ICCV 2017. The least squares of section 4.
# - Ishaan Gulrajani et al., *Improved training of Wasserstein GANs*, NeurIPS 2017. The gradient penalty of exercise 06.6.
# - Martin Heusel et al., *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*,
#   NeurIPS 2017. A rate for each player; the Fréchet distance of lesson 07 comes from here, too.
# - Takeru Miyato et al., *Spectral normalization for generative adversarial networks*, ICLR 2018.
# - Lars Mescheder, Andreas Geiger and Sebastian Nowozin, *Which training methods for GANs do actually converge?*,
#   ICML 2018. The smallest game, for all losses; look at figure 3.
# - Zinan Lin, Ashish Khetan, Giulia Fanti and Sewoong Oh, *PacGAN: the power of two samples in generative adversarial
#   networks*, NeurIPS 2018. Packing, and the protocol of exercise 06.5.
# - Gauthier Gidel et al., *Negative momentum for improved game dynamics*, AISTATS 2019. Why momentum does harm.
# - Yasin Yazıcı et al., *The unusual effectiveness of averaging in GAN training*, ICLR 2019.
# - Alexia Jolicoeur-Martineau, *The relativistic discriminator: a key element missing from standard GAN*, ICLR 2019.
# - Nick Huang, Aaron Gokaslan, Volodymyr Kuleshov and James Tompkin, *The GAN is dead; long live the GAN! A modern GAN
#   baseline*, NeurIPS 2024. The relativistic game with both penalties.
