# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 02 · Autoencoders
#
# {{badges}}
#
# {{times reading=60}}
#
# **You need:** lesson 01 (PCA, held-out data), a function and a loop in Python, and what a gradient is. PyTorch is
# explained as far as it is used.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - write the loss, the training step and the decoder of an autoencoder yourself, and explain each line;
# - show that an autoencoder without bends is PCA, and measure what bends buy;
# - read a map of codes without believing in its axes;
# - choose the size of a network by held-out data, and stop learning at the right time;
# - tell three ways in which an autoencoder fails, and mend them;
# - use the reconstruction error to find what does not belong.

# %% [markdown]
# ## 1. How do you score a copy?
# Lesson 01 ended with a mark to beat: PCA squeezes a digit of 64 pixels into 2 or 8 numbers and rebuilds it from them.
# What comes back is a [reconstruction](glossary:reconstruction), written `x_hat` ($\hat x$).
#
# *What to see: ten digits, below them what PCA rebuilds from two numbers (all look like the same few blurs) and from
# eight (most can be read).*

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from udl_teach import data, fit, metrics, play, plots
from udl_teach.models import PCA, Autoencoder, ConvAutoencoder, SparseAutoencoder

digits = data.digits()
train, test = digits.split(seed=0)
pca = {k: PCA(k).fit(train.x) for k in (2, 8)}


def draw_rebuilt(dataset, models, title):
    """Ten samples of a dataset of digits in the first row, and a row of reconstructions for each model (name: model)."""
    shown = dataset.x[[np.flatnonzero(dataset.labels == label)[0] for label in range(10)]]
    rows = np.concatenate([shown, *(model(shown) for model in models.values())])
    figure, axes = plt.subplots(figsize=(7.5, 0.8 * (1 + len(models)) + 0.6), layout="constrained")
    plots.draw_images(axes, rows.reshape(-1, 8, 8), columns=10)
    axes.set_yticks([5 + 9 * row for row in range(1 + len(models))], ["held-out digits", *models])
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    axes.set_xlabel("each tile is 8 x 8 pixels")
    plt.show()


draw_rebuilt(test, {"PCA, 2 numbers": pca[2], "PCA, 8 numbers": pca[8]}, "What PCA brings back")

# %% [markdown]
# To compare copies we need one number for how bad they are: the [reconstruction loss](glossary:reconstruction-loss). For
# a [batch](glossary:batch) of $B$ samples $x_b$ with features $j$ it is
#
# $$L(x, \hat x) = \frac{1}{B} \sum_{b=1}^{B} \sum_j (\hat x_{bj} - x_{bj})^2$$
#
# in words: the [squared error](glossary:squared-error), **summed over the features and averaged over the batch**. So far
# that is a mere convention: a mean over the features would be 64 times smaller and have its minimum at the same place.
# It becomes a decision once a second term joins the loss (section 5), because then the reduction says how the two are
# weighed. We keep to it through the whole course.
#
# **Your turn.** `x` and `x_hat` are tensors of shape (batch, features). Tensors are PyTorch's arrays: `.sum(dim=1)`
# does what `.sum(axis=1)` does in NumPy. And they remember how they were computed, which gives us gradients later.


# %% tags=["exercise-02.1"]
{{exercise("02.1")}}


# %% tags=["check-02.1"]
reconstruction_loss = check("02.1", reconstruction_loss)
grade("02.1")


# %% [markdown]
# `hint("02.1")` gives you a hint, `solution("02.1")` the answer. Here is your loss at work:


# %%
def error(model, x):
    """The loss of a model on samples, as a plain number."""
    x = torch.tensor(x)
    with torch.no_grad():
        return reconstruction_loss(x, model(x)).item()


pca_error = {k: error(model, test.x) for k, model in pca.items()}
pixel_error = metrics.mean_squared_error(test.x, pca[2](test.x))
print(
    f"PCA, 2 numbers: {pca_error[2]:.2f} per digit by your loss, 64 times the {pixel_error:.3f} per pixel of lesson 01"
)

# %% [markdown]
# ## 2. Can a network find PCA by itself?
# An [autoencoder](glossary:autoencoder) is a network that learns to give back what it was given, through a narrow place.
# The [encoder](glossary:encoder) turns a sample into a few numbers, the [latent code](glossary:latent-code) $z$; the
# [decoder](glossary:decoder) turns the code back into a sample. The narrow place is the
# [bottleneck](glossary:bottleneck). No label is needed: the sample is its own answer.
#
# The plainest one has a single [affine map](glossary:affine-map) on each side, a matrix and a shift:
#
# $$z = W_e\, x + b_e \qquad \hat x = W_d\, z + b_d$$
#
# PCA has just this form. But PCA is computed, while a network must find its numbers by walking downhill: look at a batch,
# find the [gradient](glossary:gradient) of the loss for every [parameter](glossary:parameter), step against it, and
# again. That is [gradient descent](glossary:gradient-descent); how far a step goes is the
# [learning rate](glossary:learning-rate).
#
# **Your turn.** In PyTorch a step is four lines. The first computes the loss of the batch with your
# `reconstruction_loss`; the reconstruction of `x` is `model(x)`. The other three are calls: `loss.backward()` finds all
# gradients and *adds* them to what is stored in the parameters, `optimizer.step()` moves the parameters,
# `optimizer.zero_grad()` clears what is stored. Put the four lines into the loop, in the right order.


# %% tags=["exercise-02.2"]
{{exercise("02.2")}}


# %% tags=["check-02.2"]
learn = check("02.2", learn)
grade("02.2")

# %%
batches = list(torch.tensor(train.x).split(64)) * 10
by_hand = Autoencoder(64, latent_size=2, hidden_sizes=())
losses = learn(by_hand, batches, learning_rate=0.02)
claim("ten epochs of your loop bring the loss below a third", below(losses[-1] / losses[0], 1 / 3))

# %% [markdown]
# `fit` is the same loop with a bar, a better [optimizer](glossary:optimizer) ([Adam](glossary:Adam)) and a history. It
# takes the learning rate as a number or as a function of the step; ours falls to zero, so that the walk comes to rest.
#
# Now the linear autoencoder learns for 100 passes. **How close will it come to PCA**, which has the best straight answer
# that there is?

# %%
predict(
    "02.linear",
    "Two numbers, held-out digits: the linear autoencoder and PCA …",
    options=["PCA is better by far", "the autoencoder is better by far", "they tie, within 1 %"],
)

# %%
EPOCHS = 100
n_steps = EPOCHS * int(np.ceil(len(train) / 64))
linear, seconds = {}, {}
for k in (2, 8):
    linear[k] = Autoencoder(64, latent_size=k, hidden_sizes=())
    history = fit(
        linear[k],
        train.x,
        epochs=EPOCHS,
        batch_size=64,
        learning_rate=lambda step: 0.03 * max(1 - step / n_steps, 0.001),
        progress=False,
    )
    seconds["linear", k] = history.seconds
linear_error = {k: error(model, test.x) for k, model in linear.items()}
for k in (2, 8):
    print(f"{k} numbers: error {linear_error[k]:.3f} by the linear autoencoder")

# %%
ratio = linear_error[2] / pca_error[2]
ties = "they tie, within 1 %"
better = "PCA is better by far" if ratio > 1 else "the autoencoder is better by far"
outcome(
    "02.linear",
    ties if abs(ratio - 1) < 0.01 else better,
    because="No straight map can beat PCA on the data it was fitted to, and gradient descent finds the same plane.",
)


# %% [markdown]
# The same error need not mean the same answer. Do both look at the digits from the same side? A decoder's matrix $W_d$
# spans a plane, a [subspace](glossary:subspace) of the 64 dimensions, and so do PCA's components. The largest angle
# between the two planes is 0° when they are one.


# %%
def largest_angle(one, other):
    """Degrees between two subspaces, each given by directions as columns."""
    one, other = np.linalg.qr(one)[0], np.linalg.qr(other)[0]
    smallest_cosine = np.linalg.svd(one.T @ other, compute_uv=False).min()
    return float(np.degrees(np.arccos(min(smallest_cosine, 1.0))))


def angle_to_pca(k):
    return largest_angle(linear[k].decoder[0].weight.detach().numpy(), pca[k].components.numpy().T)


claim(
    "the linear autoencoder's errors agree with PCA's within 1 %, and at 2 numbers the planes within 2 degrees",
    between(linear_error[2] / pca_error[2], 0.99, 1.01),
    between(linear_error[8] / pca_error[8], 0.99, 1.01),
    below(angle_to_pca(2), 2),
)
print(f"At 8 numbers the largest angle is {angle_to_pca(8):.1f} degrees.")

# %% [markdown]
# So a linear autoencoder **is** PCA, found the slow way. At eight numbers the angle may still be large while
# the error is already the best possible. That is no contradiction: the eighth and the ninth direction keep nearly the
# same [variance](glossary:variance), so it hardly matters which of the two is in, and there is hardly a slope to walk
# down.

# %%
variance = PCA(9).fit(train.x).explained_variance.numpy()
print(f"The ninth direction has {variance[8] / variance[7]:.0%} of the variance of the eighth.")

# %% [markdown]
# ## 3. What does a bend buy?
# Why take a network for what a decomposition does at once? Because a network may bend. Between two affine maps we put an
# [activation](glossary:activation), a bent function such as [ReLU](glossary:ReLU), $\max(0, x)$. Without it, two affine
# maps in a row are just one affine map.
#
# The spiral below is a curve in the plane: one number, the place along the curve, says nearly all about a point. **Can
# one number a point be enough?** Press Play, wait until the curve hardly moves, and press *Keep*: it lays this run
# aside. Then choose `linear` as activation, press Play again, and compare.

# %%
play.autoencoder_live(data="spiral")

# %% [markdown]
# *What to see: with an activation the coloured curve rolls itself into the spiral; with `linear` it stays a straight
# line, the one of PCA.*
#
# Now the digits. We give encoder and decoder two [hidden layers](glossary:hidden-layer) each: 64 → 128 → 64 → 2, and
# back 2 → 64 → 128 → 64. The decoder is the encoder's [mirror](glossary:mirror): the same sizes in reverse. That is a
# habit and no law, but a good one: what took so many steps to fold takes as many to unfold.
#
# **Your turn.** Build the decoder from the encoder's sizes, such as `[64, 128, 64, 2]`: a `nn.Linear(n_in, n_out)` for
# each step back and a `nn.ReLU()` **between** two of them. None before the first (the code may be negative), none after
# the last.


# %% tags=["exercise-02.3"]
{{exercise("02.3")}}


# %% tags=["check-02.3"]
make_decoder = check("02.3", make_decoder)
grade("02.3")


# %%
make_decoder([64, 128, 64, 2])

# %% [markdown]
# The library's `Autoencoder` is built like that, with one more thing at its end: `output="sigmoid"` squeezes every pixel
# into the range from 0 to 1 with a [sigmoid](glossary:sigmoid), because no pixel is darker than dark. And `noise=0.1`
# adds a little [noise](glossary:noise) to the input while learning, which helps on new digits (lesson 03 says why).

# %%
predict(
    "02.deep",
    "Two numbers, held-out digits: how large will the deep autoencoder's error be, when PCA's is 100 percent?",
    unit="percent of PCA's error",
    low=0,
    high=200,
)

# %%
deep = {}
for k in (2, 8):
    deep[k] = Autoencoder(64, latent_size=k, hidden_sizes=(128, 64), output="sigmoid", noise=0.1)
    history = fit(deep[k], train.x, epochs=60, batch_size=64, learning_rate=3e-3, progress=False)
    seconds["deep", k] = history.seconds
deep_error = {k: error(model, test.x) for k, model in deep.items()}
outcome(
    "02.deep",
    100 * deep_error[2] / pca_error[2],
    because="The digits lie on a bent sheet; a map that bends stays closer to it.",
)

# %%
claim(
    "at 2 and at 8 numbers the deep autoencoder's error is below three quarters of PCA's",
    below(deep_error[2] / pca_error[2], 0.75),
    below(deep_error[8] / pca_error[8], 0.75),
)

# %% [markdown]
# *What to see: from two numbers PCA gives blurs, the deep autoencoder mostly gives digits; not always the right ones.
# From eight numbers both can be read, and the deep one has sharper edges.*

# %%
draw_rebuilt(
    test,
    {"PCA, 2 numbers": pca[2], "deep, 2 numbers": deep[2], "PCA, 8 numbers": pca[8], "deep, 8 numbers": deep[8]},
    "Straight and bent, by the same few numbers",
)

# %% [markdown]
# ## 4. What do the axes of the map mean?
# Two numbers a digit make a map, the [latent space](glossary:latent-space). Labels were not used to learn it; here they
# give the dots their colour and mark.
#
# *What to see: most digits have a region of their own, a few (here the 9s) lie in two; some regions touch, and between
# them are empty places.*

# %%
codes = deep[2].encode(test.x)
figure, axes = plt.subplots(figsize=(6.5, 4.8), layout="constrained")
plots.draw_points(axes, codes, test.labels, names=test.label_names, legend=True)
axes.set_title("Codes of the held-out digits")
axes.set_xlabel("first number of the code")
axes.set_ylabel("second number of the code")
plt.show()

# %% [markdown]
# It is tempting to name the axes: "the first number is roundness". **Before you do: what happens when we turn the whole
# map by 40°**, and turn it back at the entrance of the decoder?

# %%
predict(
    "02.turned",
    "With codes turned by 40 degrees (and a decoder that turns them back), the reconstruction error …",
    options=["rises", "falls", "stays the same"],
)

# %%
angle = np.radians(40)
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], dtype=np.float32)


class Turned(nn.Module):
    """The same autoencoder, with its map turned."""

    def forward(self, x):
        z = deep[2].encode(x) @ torch.tensor(turn)
        return deep[2].decode(z @ torch.tensor(turn).T)


turned_error = error(Turned(), test.x)
same = bool(np.isclose(turned_error, deep_error[2], rtol=1e-3))
outcome(
    "02.turned",
    "stays the same" if same else "rises" if turned_error > deep_error[2] else "falls",
    because="The turn belongs to the encoder, the turn back to the decoder: both are affine maps that the network could "
    "as well have learned.",
)
claim("turning the map changes nothing in the loss", same, turned=turned_error, straight=deep_error[2])

# %% [markdown]
# The loss cannot tell the two maps apart, so learning has no reason to prefer one. The same holds for stretching the map
# and for bending it. **What an axis means is an accident of the start**: another [seed](glossary:seed) gives as good a
# model and other axes.

# %%
other = Autoencoder(64, latent_size=2, hidden_sizes=(128, 64), output="sigmoid", noise=0.1, seed=1)
fit(other, train.x, epochs=60, batch_size=64, learning_rate=3e-3, seed=1, progress=False)
correlation = np.abs(np.corrcoef(codes.T, other.encode(test.x).T)[:2, 2:])
print("Correlation, without its sign, of each axis of one map (row) with each axis of the other (column):")
print(correlation.round(2))
claim(
    "with another seed the error is the same within 30 %",
    between(error(other, test.x) / deep_error[2], 1 / 1.3, 1.3),
)

# %% [markdown]
# What one may believe: *near codes decode to similar images*. Walk over the map with the sliders, or press Play. **What
# does the decoder draw in the empty places between two regions?**

# %%
play.latent_explorer(deep[2], test)

# %% [markdown]
# *What to see: the image follows the cross smoothly. In the empty places stand mixtures that nobody would write, because
# nothing in the loss speaks of codes that no digit has. Lesson 04 puts something there.*

# %% [markdown]
# ## 5. Must a code be narrow?
# There is another way to keep a code from holding everything: let it be wide, and make being awake expensive. A code
# with [sparsity](glossary:sparsity) uses only few of its numbers for any one digit, like a sentence that needs few of
# the many words there are.
#
# Each unit of the code goes through a sigmoid, so its activity is between 0 (asleep) and 1 (awake). Let $\rho_j$ be the
# mean activity of unit $j$ over the batch, and $\rho$ (`target`) what we want it to be, say 0.05. The
# [KL divergence](glossary:KL-divergence) measures how far the two are apart; as a [penalty](glossary:penalty) it joins
# the loss, weighed by its `strength`:
#
# $$\text{penalty} = \sum_j \left[ \rho \log\frac{\rho}{\rho_j} + (1 - \rho) \log\frac{1 - \rho}{1 - \rho_j} \right]
# \qquad \text{loss} = L(x, \hat x) + \text{strength} \cdot \text{penalty}$$
#
# This is the second term that section 1 spoke of: with a mean over the features in $L$, the same strength would weigh
# 64 times as much.
#
# **Your turn.** `z` holds activities, shape (batch, units); `target` is a plain number. `torch.log` takes tensors only,
# and a fraction with a tensor in it is one. As a part of the loss the penalty must carry a gradient, so stay in torch.


# %% tags=["exercise-02.4"]
{{exercise("02.4")}}


# %% tags=["check-02.4"]
kl_penalty = check("02.4", kl_penalty)
grade("02.4")

# %%
predict(
    "02.sparse",
    "A code of 100 units, with the penalty and its target of 5 percent: how active will a unit be on average, on "
    "held-out digits?",
    unit="percent",
    low=0,
    high=100,
)

# %%
wide = {}
for name, strength in (("no penalty", 0.0), ("with penalty", 0.3)):
    wide[name] = SparseAutoencoder(64, 100, penalty="kl", strength=strength, target=0.05, output="sigmoid")
    fit(wide[name], train.x, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)
activity = {name: model.encode(test.x) for name, model in wide.items()}
outcome(
    "02.sparse",
    100 * activity["with penalty"].mean(),
    because="The penalty pulls to 5, the reconstruction pulls up; the strength says where they meet.",
)

# %% [markdown]
# *What to see: one row a digit, one column a unit. Without the penalty the rows are bright all over; with it they are
# dark, with a few bright spots that change from row to row.*

# %%
figure, panels = plt.subplots(1, 2, figsize=(9, 2.9), layout="constrained")
for axes, (name, z) in zip(panels, activity.items()):
    picture = axes.imshow(z[:30], cmap="cividis", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    axes.set_title(f"{name}: mean activity {z.mean():.2f}")
    axes.set_xlabel("unit of the code")
    axes.set_ylabel("held-out digit")
figure.colorbar(picture, label="activity")
plt.show()

# %%
penalties = {name: kl_penalty(torch.tensor(z), 0.05).item() for name, z in activity.items()}
sparse_error = {name: error(model, test.x) for name, model in wide.items()}
claim(
    "the code that paid has less than a tenth of the penalty; its error is larger, but below PCA's with 8 numbers",
    below(penalties["with penalty"], penalties["no penalty"] / 10),
    above(sparse_error["with penalty"], sparse_error["no penalty"]),
    below(sparse_error["with penalty"], pca_error[8]),
)

# %% [markdown]
# A simpler penalty does a similar job: `penalty="l1"` takes ReLU units and charges $\sum_j |z_j|$ for each sample, which
# makes many of them exactly zero.

# %% [markdown]
# ## 6. Should a network know what a neighbour is?
# Until now the pixels were 64 numbers without a place: shuffle them all in the same way, and our networks would learn
# as well. A [convolution](glossary:convolution) knows better. It slides one small window of weights over the image, so a
# stroke is the same stroke wherever it stands. This is [equivariance](glossary:equivariance): shift the image, and the
# answer shifts along. And a window has few weights: a layer of 16 windows of 3 × 3 pixels has 160 parameters, a dense
# layer from 8 × 8 pixels to 128 units has 8,320.

# %%
window = nn.Conv2d(1, 16, kernel_size=3, padding=1)
framed = nn.functional.pad(torch.tensor(test.images[:5]), (4, 4, 4, 4))
with torch.no_grad():
    shifted_answer = window(framed.roll(2, dims=3))
    answer_shifted = window(framed).roll(2, dims=3)
claim(
    "a convolution of a shifted image is the shifted convolution of the image",
    torch.allclose(shifted_answer, answer_shifted, atol=1e-5),
)

# %% [markdown]
# `ConvAutoencoder` halves the image twice, with windows that move two pixels at a time (8 × 8 → 4 × 4 → 2 × 2, with 16
# and 32 windows), and its decoder grows it again by [transposed convolutions](glossary:transposed-convolution). **Which
# one rebuilds our digits better** after 30 passes, with 8 numbers: the dense network or the convolutional one?

# %%
predict(
    "02.conv",
    "8 numbers, 30 epochs over the digits of 8 x 8 pixels: which has the lower held-out error, in the mean of three "
    "runs?",
    options=["dense", "convolutional", "about the same"],
)

# %%
rivals = {
    "dense": lambda seed: Autoencoder(64, 8, (128, 64), output="sigmoid", noise=0.1, seed=seed),
    "convolutional": lambda seed: ConvAutoencoder(digits.image_shape, 8, (16, 32), noise=0.1, seed=seed),
}
rival_error = {name: 0.0 for name in rivals}
for name, make in rivals.items():
    for seed in range(3):
        model = make(seed)
        fit(model, train.x, epochs=30, batch_size=64, learning_rate=3e-3, seed=seed, progress=False)
        rival_error[name] += error(model, test.x) / 3
close = abs(rival_error["dense"] / rival_error["convolutional"] - 1) < 0.05
outcome(
    "02.conv",
    "about the same" if close else min(rival_error, key=rival_error.get),
    because="These digits are tiny and all stand in the middle of their frame: there is little to shift.",
)
claim(
    "after 30 epochs, in the mean of three runs, the dense network is better on these small, centred images",
    below(rival_error["dense"], rival_error["convolutional"]),
)

# %% [markdown]
# An honest result, and a useful one: **an idea helps where its assumption holds.** A dense layer that reads a photograph
# of 256 × 256 pixels into 128 units needs 256 · 256 · 128 weights, more than eight million, and must learn every stroke
# anew at every place. There a window of nine weights is the better idea; you will meet it again with larger images.

# %% [markdown]
# ## 7. How large is too large?
# [Capacity](glossary:capacity) is what a network could learn: more units, more capacity. We now give it only 200
# digits to learn from, 400 others to watch it (validation), and the test digits for the last word. The code has 8
# numbers; the one hidden layer grows from 2 to 512 units.

# %%
predict(
    "02.capacity",
    "As the hidden layer grows from 2 to 512 units, the errors on the 200 training digits and on held-out digits …",
    options=[
        "both fall all the way",
        "both fall, then the held-out one comes to rest while the other falls on",
        "the training one falls, the held-out one rises all the way",
    ],
)

# %%
few, watched = train[:200], train[200:600]
widths = (2, 8, 32, 128, 512)
seen, unseen = [], []
for width in widths:
    model = Autoencoder(64, 8, (width,), output="sigmoid")
    history = fit(model, few.x, epochs=200, batch_size=50, learning_rate=3e-3, validation=watched.x, progress=False)
    seen.append(error(model, few.x))
    unseen.append(error(model, test.x))
outcome(
    "02.capacity",
    "both fall, then the held-out one comes to rest while the other falls on",
    because="At first both learn what all digits share; then the large ones learn these 200 digits by heart.",
)

# %% [markdown]
# *What to see: on the left the two errors part: the held-out one hardly moves after 32 units, the other falls on. On
# the right, for 512 units, the loss on the training digits falls to the end, while that on the watched digits has its
# lowest point early and rises again.*

# %%
figure, (by_width, by_pass) = plt.subplots(1, 2, figsize=(9, 3.3), layout="constrained")
for name, errors, style in (("200 training digits", seen, "o-"), ("held-out digits", unseen, "s--")):
    by_width.plot(widths, errors, style, label=name)
by_width.set(xscale="log", yscale="log", xlabel="units of the hidden layer", ylabel="squared error a digit")
by_width.set_xticks(widths, widths)
by_width.minorticks_off()
by_width.set_title("Capacity")
by_pass.plot(range(1, 201), np.reshape(history.loss, (200, -1)).mean(axis=1), label="training digits")
by_pass.plot(range(1, 201), history.validation, "--", label="watched digits")
by_pass.axvline(1 + np.argmin(history.validation), color="gray", linestyle=":", label="lowest")
by_pass.set(yscale="log", xlabel="passes", ylabel="squared error a digit")
by_pass.set_title("512 units, pass by pass")
for axes in (by_width, by_pass):
    axes.legend(frameon=False)
plt.show()

# %%
claim(
    "2 units learn too little to overfit: both errors agree within a quarter",
    between(unseen[0] / seen[0], 0.75, 1.25),
)
claim(
    "from 32 to 512 units the training error falls to less than a third, the held-out error moves by less than a quarter",
    below(seen[-1] / seen[2], 1 / 3),
    between(unseen[-1] / unseen[2], 0.75, 1.25),
)

# %% [markdown]
# Being better on what one knows than on what one does not is [overfitting](glossary:overfitting); doing well on what one
# has never met is [generalization](glossary:generalization). The cheapest cure is [early stopping](glossary:early-stopping):
# `patience=15` stops when the watched loss has not improved for 15 passes and goes back to the best weights.

# %%
stopped = Autoencoder(64, 8, (512,), output="sigmoid")
history = fit(
    stopped,
    few.x,
    epochs=200,
    batch_size=50,
    learning_rate=3e-3,
    validation=watched.x,
    patience=15,
    progress=False,
)
print(history.stopped)
claim(
    "early stopping lowers the error on test digits, which were never watched",
    below(error(stopped, test.x), unseen[-1]),
)

# %% [markdown]
# ## 8. What is it good for? A first use
# An autoencoder learns to rebuild *what it knows*. So a sample that it rebuilds badly is suspicious: the
# [reconstruction error](glossary:reconstruction-error) is an [anomaly score](glossary:anomaly-score). We let four kinds
# of intruders in among the test digits: digits with their pixels **scrambled**, **inverted** digits, **letters** drawn
# in the same 8 × 8 pixels, and **ones**, for a network that never saw a one while learning.
#
# *What to see: five examples of each, as the network gets them.*

# %%
rng = np.random.default_rng(0)
letters = data.glyphs(
    300, characters="ABEFGHKMNPRTVWXYZ", slant=0.0, size=(22.0, 24.0), stroke=(1.0, 2.0), position=0.0
).images
letters = letters[:, 0, 2:26, 2:26].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)).reshape(-1, 64)
is_one = test.labels == 1
intruders = {
    "scrambled": rng.permuted(test.x, axis=1),
    "inverted": 1 - test.x,
    "letters": letters,
    "ones, never seen": test.x[is_one],
}

figure, axes = plt.subplots(figsize=(4.6, 3.8), layout="constrained")
shown = np.concatenate([test.x[~is_one][:5], *(x[:5] for x in intruders.values())])
plots.draw_images(axes, shown.reshape(-1, 8, 8), columns=5)
axes.set_yticks([5 + 9 * row for row in range(5)], ["digits", *intruders])
axes.tick_params(axis="y", length=0)
axes.set_title("Digits and intruders")
axes.set_xlabel("each tile is 8 x 8 pixels")
plt.show()

# %%
predict("02.intruders", "Which intruder is the hardest to find?", options=list(intruders))

# %% [markdown]
# How well a score separates is measured by its [AUC](glossary:AUC): the chance that a random intruder has a higher score
# than a random digit. 1 is perfect, 0.5 is a coin.

# %%
from sklearn.metrics import roc_auc_score

without_ones = Autoencoder(64, 8, (128, 64), output="sigmoid", noise=0.1)
fit(without_ones, train.x[train.labels != 1], epochs=60, batch_size=64, learning_rate=3e-3, progress=False)


def auc(model, normal, strange):
    scores = [metrics.reconstruction_error(x, model(x)) for x in (normal, strange)]
    return roc_auc_score(np.repeat([0, 1], [len(normal), len(strange)]), np.concatenate(scores))


found = {}
for name, strange in intruders.items():
    if name == "ones, never seen":
        found[name] = auc(without_ones, test.x[~is_one], strange)
    else:
        found[name] = auc(deep[8], test.x, strange)
outcome(
    "02.intruders",
    min(found, key=found.get),
    because="A one is a stroke, and every other digit has taught the network strokes.",
)
for name, area in found.items():
    print(f"AUC {area:.3f}  {name}")

# %%
normal, strange = (metrics.reconstruction_error(x, without_ones(x)) for x in (test.x[~is_one], test.x[is_one]))
missed = (strange < np.quantile(normal, 0.95)).mean()
claim(
    "the other intruders are found nearly always; with 5 % false alarms more than a quarter of the ones are missed",
    above(min(found[name] for name in ("scrambled", "inverted", "letters")), 0.97),
    above(missed, 0.25),
)

# %% [markdown]
# So the score tells how *hard a sample is to rebuild from known parts*, which is not the same as how strange it is.
# Lesson 10 lives from that difference.

# %% [markdown]
# ## When it fails
# ### A bottleneck as wide as the input
# With 64 numbers for 64 pixels there is nothing to learn but to copy. On held-out digits that looks like a triumph.
# Scrambled digits unmask it: nothing about digits helps to rebuild them, so whoever rebuilds them well has only copied.
# We measure the [explained variance](glossary:explained-variance): 1 is perfect, below 0 is worse than answering the
# mean.

# %%
copier = Autoencoder(64, latent_size=64, hidden_sizes=())
fit(copier, train.x, epochs=60, batch_size=64, learning_rate=3e-3, progress=False)
scrambled = intruders["scrambled"]
kept = {
    "copier": metrics.explained_variance(scrambled, copier(scrambled)),
    "narrow": metrics.explained_variance(scrambled, deep[8](scrambled)),
    "sparse": metrics.explained_variance(scrambled, wide["with penalty"](scrambled)),
}
claim(
    "the copier's error on held-out digits is near zero, but it also rebuilds half of what is in scrambled ones",
    below(error(copier, test.x), 0.05),
    above(kept["copier"], 0.5),
)
claim(
    "cured: a narrow code, or a wide and sparse one, rebuilds hardly anything of them",
    *(below(kept[name], 0.2) for name in ("narrow", "sparse")),
)

# %% [markdown]
# A low reconstruction error alone proves nothing. Ask what the model *cannot* rebuild.
#
# ### Too high a learning rate
# Here is your own loop once more, with steps five times as long.

# %%
wild = learn(Autoencoder(64, latent_size=2, hidden_sizes=()), batches, learning_rate=0.1)
calm = learn(Autoencoder(64, latent_size=2, hidden_sizes=()), batches, learning_rate=0.02)
for rate, curve in ((0.1, wild), (0.02, calm)):
    print(f"{rate}:", ", ".join(f"{loss:.3g}" for loss in curve[:8]), "... and in the end", f"{curve[-1]:.3g}")

# %% [markdown]
# Each step jumps over the valley and lands higher on the other side, until the numbers run out: `nan`, not a number. Your
# loop went on and said nothing. `fit` stops and says what to try (an absurd rate here, because Adam is hard to blow up):

# %%
try:
    fit(Autoencoder(64, latent_size=2, hidden_sizes=()), train.x, learning_rate=1e12, progress=False)
except FloatingPointError as problem:
    print(problem)

# %% [markdown]
# ### Dead units
# With ReLU, a step that is too long can do lasting harm without any `nan`. A unit that is pushed so far that it answers
# zero to *every* sample gets no gradient any more: it is a [dead unit](glossary:dead-unit).
#
# **Your turn.** `h` holds what the units of a layer answered, shape (samples, units). How many are dead?


# %% tags=["exercise-02.5"]
{{exercise("02.5")}}


# %% tags=["check-02.5"]
dead_units = check("02.5", dead_units)
grade("02.5")

# %%
dead, relu_error = {}, {}
for rate in (0.1, 0.003):
    model = Autoencoder(64, latent_size=2, hidden_sizes=(128, 64), activation="relu")
    fit(model, train.x, epochs=20, batch_size=64, learning_rate=rate, progress=False)
    with torch.no_grad():
        h = model.encoder[:2](torch.tensor(train.x))  # the first layer and its ReLU
    dead[rate], relu_error[rate] = dead_units(h), error(model, test.x)
mean_error = float(((test.x - train.x.mean(axis=0)) ** 2).sum(axis=1).mean())
for rate in dead:
    print(f"learning rate {rate}: {dead[rate]} of 128 units dead, error {relu_error[rate]:.2f}")
print(f"error when the answer is always the mean image: {mean_error:.2f}")

# %%
claim(
    "at 0.1 most units of the first layer are dead; cured by a smaller rate: at 0.003 most are alive, the error is lower",
    above(dead[0.1], 64),
    below(dead[0.003], 64),
    below(relu_error[0.003], relu_error[0.1]),
)

# %% [markdown]
# The fewer units are alive, the less the answers can differ from sample to sample. Make the network anew with a smaller
# rate; training it further would not wake the dead units. An activation that is never quite flat, such as GELU (the
# library's default), dies less easily.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

# %%
quiz(
    "02.check_yourself",
    [
        Question(
            "Somebody averages the squared error over the features instead of summing it. What changes for an "
            "autoencoder without a penalty?",
            [
                (
                    "the best reconstructions",
                    False,
                    "A constant factor moves no minimum: the best weights are the same.",
                ),
                (
                    "the size of the loss and its gradients, not what is best",
                    True,
                    "Yes. It becomes a real change only when a second term is weighed against it.",
                ),
                ("nothing at all", False, "The loss and its gradients are 64 times smaller; plain steps are too."),
            ],
        ),
        Question(
            "A linear autoencoder with 2 numbers ties with PCA on held-out digits. Are its two axes PCA's components?",
            [
                (
                    "yes, the best solution is unique",
                    False,
                    "The plane is, its axes are not: turn the code and turn it back, the error stays.",
                ),
                (
                    "no, it finds the same plane, with any axes in it",
                    True,
                    "Yes: the loss sees only the plane. Which axes you get depends on the start.",
                ),
                ("no, it finds another plane", False, "You measured it: less than 2 degrees between the two planes."),
            ],
        ),
        Question(
            "The network has 4 hidden layers, and the activation is `linear`. What can it do that PCA cannot?",
            [
                (
                    "nothing: affine maps in a row are one affine map",
                    True,
                    "Yes. Depth without bends adds parameters and no power.",
                ),
                ("follow a spiral with one number", False, "Try it in the playground: it stays a straight line."),
                ("reach a lower error on the training data", False, "PCA has the lowest that any affine maps reach."),
            ],
        ),
        Question(
            "Training loss 0.09, loss on held-out data 1.5 and rising. What do you do first?",
            [
                ("learn longer, it has not converged", False, "It would learn these samples by heart even better."),
                ("a larger network", False, "More capacity learns by heart faster."),
                (
                    "stop earlier, at the lowest held-out loss; then more data or a smaller network",
                    True,
                    "Yes: the gap says overfitting, and stopping is the cheapest cure.",
                ),
            ],
        ),
        Question(
            "An autoencoder rebuilds everything you show it with an error near zero. A good model?",
            [
                (
                    "yes, that is what it was trained for",
                    False,
                    "It was trained for that, but what we want is the code.",
                ),
                (
                    "not if it rebuilds scrambled samples too",
                    True,
                    "Yes: then it copies, and its code tells nothing about the data.",
                ),
                ("no, an error of zero is impossible", False, "With a bottleneck as wide as the input it is easy."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - An autoencoder squeezes and rebuilds; the loss is the squared error, summed over features, averaged over the batch.
# - Without bends it is PCA. With bends it keeps much more in the same few numbers, and costs time, some knobs,
#   and another answer for every seed.
# - The map shows neighbourhoods. Its axes, its scale and its holes mean nothing by themselves.
# - A code can be narrow or wide and sparse; when it is neither, the network copies.
# - Capacity is chosen by held-out data. Learning stops when those say so.
# - The reconstruction error finds what cannot be made from known parts.
#
# The course's table, with four new rows. Compare them with PCA's.

# %%
from udl_teach.lesson import comparison_row

rows = {}
for name, models in (("linear", linear), ("deep", deep)):
    for k, model in models.items():
        rows[name, k] = comparison_row(
            f"{name} autoencoder",
            k,
            train,
            test,
            encode=model.encode,
            decode=model.decode,
            seconds=seconds[name, k],
        )
comparison(list(rows.values()))

# %% [markdown]
# ## Where to read on
# - Pierre Baldi and Kurt Hornik, *Neural networks and principal component analysis: learning from examples without local
#   minima*, Neural Networks 1989. The proof of section 2: every minimum of the linear autoencoder is PCA's subspace, all
#   other places without slope are saddles.
# - Geoffrey Hinton and Ruslan Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 2006.
#   Four pages. Look at figure 3: codes of two numbers, by PCA and by a deep autoencoder.
# - Andrew Ng, *Sparse autoencoder*, lecture notes of CS294A, Stanford 2011. Section 3 is our penalty, with its gradient
#   worked out by hand.
# - Jonathan Masci, Ueli Meier, Dan Cireşan and Jürgen Schmidhuber, *Stacked convolutional auto-encoders for hierarchical
#   feature extraction*, ICANN 2011. Look at the filters in the figures, with and without noise and pooling.
# - Guillaume Alain and Yoshua Bengio, *What regularized auto-encoders learn from the data-generating distribution*,
#   Journal of Machine Learning Research 2014. The figures in two dimensions: reconstructions point to where data are
#   dense.
