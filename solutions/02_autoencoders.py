# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 02 · Autoencoders
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 01 (PCA, held-out data), functions and loops in Python, and the idea of a gradient. PyTorch is
# explained below.

# %% tags=["setup"]
{{setup}}

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from udl_teach import data, fit, metrics, play, plots
from udl_teach.models import PCA, Autoencoder, ConvAutoencoder, SparseAutoencoder


def draw_rows(rows, title):
    """Rows of digits, one for each entry of a dictionary (name: images, all of the same number)."""
    columns = len(next(iter(rows.values())))
    figure, axes = plt.subplots(figsize=(0.62 * columns + 1.6, 0.72 * len(rows) + 0.6), layout="constrained")
    plots.draw_images(axes, np.concatenate(list(rows.values())).reshape(-1, 8, 8), columns=columns)
    axes.set_yticks([5 + 9 * row for row in range(len(rows))], list(rows))
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    plt.show()


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - write the loss, the training step and the decoder of an autoencoder;
# - compare an autoencoder with PCA, and test what its nonlinearity adds;
# - read a map of codes, and say which of its features mean something;
# - choose the size of a code and of a network on a validation set;
# - recognize overfitting, divergence and dead units, and fix them;
# - use codes to find similar samples, and reconstruction errors to find anomalies.

# %% [markdown]
# ## 1. How do you score a reconstruction?
# Lesson 01 compressed each digit into 2 or 8 numbers by PCA. Here are ten held-out digits $x$ and their reconstructions
# $\hat x$ (`x_hat` in the code). **How many digits can you still read in each row?**

# %%
digits = data.digits()
train, test = digits.split(seed=0)
pca = {k: PCA(k).fit(train.x) for k in (2, 8)}
ten = test.x[[np.flatnonzero(test.labels == label)[0] for label in range(10)]]
draw_rows(
    {"held-out digits": ten, "PCA, 2 numbers": pca[2](ten), "PCA, 8 numbers": pca[8](ten)}, "Reconstructions by PCA"
)

# %% [markdown]
# To compare models we need one number, the [reconstruction loss](glossary:reconstruction-loss). For a batch of $B$
# samples $x_b$ with features $j$ it is the squared error, **summed over the features and averaged over the batch**:
#
# $$L(x, \hat x) = \frac{1}{B} \sum_{b=1}^{B} \sum_j (\hat x_{bj} - x_{bj})^2$$
#
# The sum is a convention: a mean over the features would be 64 times smaller, with its minimum at the same place.
#
# **Why the square?** Suppose every pixel is its reconstruction plus independent Gaussian noise of variance $\sigma^2$.
# Then the negative log-likelihood of a sample with $d$ features is
#
# $$-\log p(x \mid \hat x) = \frac{1}{2\sigma^2} \sum_j (\hat x_j - x_j)^2 + \frac{d}{2} \log(2\pi\sigma^2)$$
#
# For a fixed $\sigma$ only the first term depends on the model, so minimizing the squared error maximizes this
# likelihood.

# %% [markdown]
# ### PyTorch in half a page
# PyTorch is much like NumPy, but it also computes gradients and has building blocks for networks. Its arrays are called
# *tensors*. Here it differentiates $(2w - 10)^2$ at $w = 3$, where the derivative is $4\,(2w - 10) = -16$:

# %%
w = torch.tensor(3.0, requires_grad=True)
value = (2 * w - 10) ** 2
value.backward()
print(w.grad)

# %% [markdown]
# | you write | it does |
# |---|---|
# | `torch.tensor(x)`, `t.detach().numpy()` | turns an array into a tensor; a tensor into an array |
# | `t.sum(dim=1)`, `t.mean()` | what `.sum(axis=1)` and `.mean()` do in NumPy |
# | `nn.Linear(64, 2)` | a layer $z = Wx + b$ from 64 features to 2, with random weights; called on a batch as `layer(x)` |
# | `nn.Sequential(a, b, c)` | joins layers into one model, which applies them in this order |
# | `class A(nn.Module)` | a model of your own; `model(x)` calls its method `forward(x)` |
# | `model.parameters()` | the weights and biases of a model, which training changes |
# | `loss.backward()` | computes the gradient of the loss with respect to every parameter and **adds** it to `parameter.grad` |
# | `optimizer.step()` | moves every parameter against its gradient |
# | `optimizer.zero_grad()` | clears the stored gradients |
# | `with torch.no_grad():` | computes without preparing gradients: for measuring, not for training |
# | `loss.item()` | the plain number in a tensor of one number |
#
# **Exercise 02.1.** Write the reconstruction loss. `x` and `x_hat` are tensors of shape (batch, features).


# %% tags=["exercise-02.1"]
{{exercise("02.1")}}


# %% tags=["check-02.1"]
reconstruction_loss = check("02.1", reconstruction_loss)
grade("02.1")


# %%
def error(model, x):
    """Your loss of a model on samples, as a plain number."""
    x = torch.tensor(x)
    with torch.no_grad():
        return reconstruction_loss(x, model(x)).item()


pca_error = {k: error(model, test.x) for k, model in pca.items()}
for k in pca:
    print(f"PCA with {k} numbers: squared error {pca_error[k]:.2f} per digit, {pca_error[k] / 64:.4f} per pixel")

# %% [markdown]
# ## 2. What does a linear autoencoder learn?
# An [autoencoder](glossary:autoencoder) is a network that learns to reproduce its input. Its
# [encoder](glossary:encoder) turns a sample into a few numbers, the [latent code](glossary:latent-code) $z$; its
# [decoder](glossary:decoder) turns the code back into a sample. The code is the network's
# [bottleneck](glossary:bottleneck). No labels are needed, because each sample is its own target.
#
# The simplest autoencoder has one affine map (a matrix product plus a constant) on each side:
#
# $$z = W_e\, x + b_e \qquad \hat x = W_d\, z + b_d$$
#
# PCA has two such maps, too, computed in closed form. A network learns its parameters by [gradient
# descent](glossary:gradient-descent): compute the gradient of the loss on a batch, move every parameter a small step
# against it, and repeat. The [learning rate](glossary:learning-rate) sets the length of a step.
#
# **Exercise 02.2.** A training step takes four lines: the loss of this batch (with your `reconstruction_loss` and the
# reconstruction `model(x)`), and three calls from the table. Put them in the right order.


# %% tags=["exercise-02.2"]
{{exercise("02.2")}}


# %% tags=["check-02.2"]
learn = check("02.2", learn)
grade("02.2")

# %% [markdown]
# We run your loop on a linear autoencoder for ten *epochs*, passes through all training samples.

# %%
batches = list(torch.tensor(train.x).split(64)) * 10
by_hand = Autoencoder(64, latent_size=2, hidden_sizes=())
losses = learn(by_hand, batches, learning_rate=0.02)

# %%
claim("ten epochs of your loop bring the loss below a third", below(losses[-1] / losses[0], 1 / 3))

# %% [markdown]
# From now on `fit` runs the loop. It shuffles the samples, records the losses and uses *Adam*, an optimizer that gives
# every parameter its own step size. Here the learning rate falls to zero step by step, so that the parameters converge.

# %%
predict(
    "02.linear",
    "Both models use codes of two numbers. After 100 epochs, which has the lower error on held-out digits?",
    options=["PCA, by more than 1 %", "the autoencoder, by more than 1 %", "they tie, within 1 %"],
)

# %%
n_steps = 100 * int(np.ceil(len(train) / 64))
linear = {}
for k in (2, 8):
    linear[k] = Autoencoder(64, latent_size=k, hidden_sizes=())
    fit(
        linear[k],
        train.x,
        epochs=100,
        batch_size=64,
        learning_rate=lambda step: 0.03 * max(1 - step / n_steps, 0.001),
        progress=False,
    )
linear_error = {k: error(model, test.x) for k, model in linear.items()}

# %%
outcome(
    "02.linear",
    "they tie, within 1 %"
    if abs(linear_error[2] / pca_error[2] - 1) < 0.01
    else "PCA, by more than 1 %"
    if linear_error[2] > pca_error[2]
    else "the autoencoder, by more than 1 %",
    because="PCA has the smallest training error that any affine encoder and decoder can reach, and the loss of a linear "
    "autoencoder has no other minimum to get stuck in.",
)

# %% [markdown]
# What exactly did the network find? The columns of the decoder's matrix $W_d$ span a *subspace*: all reconstructions
# lie in it, up to a shift. PCA's components span one too. If the two are equal, the largest angle between them is 0°.


# %%
def largest_angle(one, other):
    """Degrees between two subspaces, each given by directions as columns."""
    one, other = np.linalg.qr(one)[0], np.linalg.qr(other)[0]  # orthonormal directions of the same subspaces
    smallest_cosine = np.linalg.svd(one.T @ other, compute_uv=False).min()
    return float(np.degrees(np.arccos(min(smallest_cosine, 1.0))))


angle = {k: largest_angle(linear[k].decoder[0].weight.detach().numpy(), pca[k].components.numpy().T) for k in linear}
columns = linear[2].decoder[0].weight.detach()
for k in (2, 8):
    print(f"{k} numbers: error {linear_error[k]:.3f}, PCA {pca_error[k]:.3f}; largest angle {angle[k]:.1f} degrees")
print("scalar products of the decoder's two columns (of PCA's components: 1, 0, 0, 1):")
print((columns.T @ columns).numpy().round(2))

# %%
claim(
    "the linear autoencoder's errors agree with PCA's within 1 %, and at 2 numbers the planes within 2 degrees",
    between(linear_error[2] / pca_error[2], 0.99, 1.01),
    between(linear_error[8] / pca_error[8], 0.99, 1.01),
    below(angle[2], 2),
)

# %% [markdown]
# A linear autoencoder finds PCA's **subspace**, not PCA itself. PCA's components are orthogonal, have length 1 and are
# ordered by variance. The autoencoder can use any axes in the subspace, because the decoder can undo any invertible
# affine map of the code. So the reconstructions agree, but not the distances between codes, and k-means can find other
# clusters.
#
# With eight numbers the angle can be large: the ninth direction has nearly as much variance as the eighth, so
# exchanging them hardly changes the error.

# %% [markdown]
# ## 3. What does a nonlinearity add?
# From one 3 to the next only a few things change: slant, width, thickness. The *manifold hypothesis* says that such
# data lie near a curved surface of few dimensions, a [manifold](glossary:manifold), like the spiral of lesson 00. PCA
# approximates the surface by a flat one.
#
# More affine maps do not help, because two of them in a row are one affine map. Between them we put an
# [activation](glossary:activation), a nonlinear function applied to every number, such as ReLU, $\max(0, x)$. The
# layers between input and code, and between code and output, are called *hidden layers*; a network with several is
# called *deep*. Our encoder has two, 64 → 128 → 64 → 2, and the decoder has the same two in reverse.
#
# **Exercise 02.3.** Build the decoder from the encoder's sizes, such as `[64, 128, 64, 2]`: an `nn.Linear(n_in, n_out)`
# for each step back and an `nn.ReLU()` **between** two of them. There is none before the first layer (a code can be
# negative) and none after the last.


# %% tags=["exercise-02.3"]
{{exercise("02.3")}}


# %% tags=["check-02.3"]
make_decoder = check("02.3", make_decoder)
grade("02.3")


# %%
make_decoder([64, 128, 64, 2])

# %% [markdown]
# The library's `Autoencoder` has the same layers. With `output="sigmoid"` its last layer ends in the *sigmoid*
# $1 / (1 + e^{-x})$, which keeps every pixel between 0 and 1.

# %%
predict(
    "02.deep",
    "Codes of two numbers, held-out digits: if PCA's error is 100 percent, how large is the deep autoencoder's?",
    unit="percent of PCA's error",
    low=0,
    high=200,
)

# %% [markdown]
# One choice is left, the activation: ReLU, or GELU, a smooth version of it. **How do you choose?** Not by the test
# error: an error that has guided many choices is too optimistic about new digits. We set 300 training digits aside as a
# *validation set*, choose by the validation error, and look at the test error of the chosen model only.

# %%
fitted, validation = train[:-300], train[-300:]
for activation in ("relu", "gelu"):
    candidate = Autoencoder(64, 2, (128, 64), activation=activation, output="sigmoid")
    fit(candidate, fitted.x, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)
    print(f"{activation}: validation error {error(candidate, validation.x):.2f}")

# %% [markdown]
# One run of each decides little, but GELU was better in nine of our ten runs, so it is the library's default. Now we
# train on all training digits.

# %%
deep = {}
for k in (2, 8):
    deep[k] = Autoencoder(64, latent_size=k, hidden_sizes=(128, 64), output="sigmoid")
    fit(deep[k], train.x, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)
deep_error = {k: error(model, test.x) for k, model in deep.items()}

# %%
outcome(
    "02.deep",
    100 * deep_error[2] / pca_error[2],
    because="A nonlinear decoder can follow a curved surface; PCA's reconstructions lie in a plane.",
)
claim(
    "at 2 and at 8 numbers the deep autoencoder's error is below three quarters of PCA's",
    below(deep_error[2] / pca_error[2], 0.75),
    below(deep_error[8] / pca_error[8], 0.75),
)

# %% [markdown]
# Is it the nonlinearity, or just the larger number of parameters? We leave out only the activation of the hidden
# layers; the output keeps its sigmoid.

# %%
without = Autoencoder(64, 2, (128, 64), activation="linear", output="sigmoid")
fit(without, train.x, epochs=40, batch_size=64, learning_rate=3e-3, progress=False)
print(f"the same network without activation: {error(without, test.x) / pca_error[2]:.0%} of PCA's error")

# %%
claim(
    "without the activation the same layers come no closer to the digits than 90 % of PCA's error",
    above(error(without, test.x) / pca_error[2], 0.9),
)

# %%
rows = {f"{name}, {k} numbers": model(ten) for k in (2, 8) for name, model in (("PCA", pca[k]), ("deep", deep[k]))}
draw_rows({"held-out digits": ten, **rows}, "Reconstructions from equally small codes")

# %% [markdown]
# *What to see: from two numbers PCA gives blurs, the deep autoencoder mostly clear digits, but not always the right
# ones.*

# %% [markdown]
# ## 4. What do the axes of the map mean?
# A code of two numbers places every digit on a map, the [latent space](glossary:latent-space). Labels, which played no
# part in training, colour the dots. **Which digits have a region of their own?**

# %%
codes = deep[2].encode(test.x)
figure, axes = plt.subplots(figsize=(6.5, 4.8), layout="constrained")
plots.draw_points(axes, codes, test.labels, names=test.label_names, legend=True)
axes.set_title("Codes of the held-out digits")
axes.set_xlabel("first number of the code")
axes.set_ylabel("second number of the code")
plt.show()

# %% [markdown]
# *What to see: many digits have a region of their own, some are split, some overlap, and there are gaps.*
#
# It is tempting to name the axes: "the first number is roundness". Before you do, we rotate the map.

# %%
predict(
    "02.turned",
    "With codes rotated by 40 degrees (and a decoder that rotates them back), the reconstruction error …",
    options=["rises", "falls", "stays the same"],
)

# %%
cos, sin = np.cos(np.radians(40)), np.sin(np.radians(40))
rotation = torch.tensor([[cos, -sin], [sin, cos]], dtype=torch.float32)


class Rotated(nn.Module):
    """The same autoencoder with its map rotated."""

    def forward(self, x):
        z = deep[2].encode(x) @ rotation
        return deep[2].decode(z @ rotation.T)


rotated_error = error(Rotated(), test.x)
same = bool(np.isclose(rotated_error, deep_error[2], rtol=1e-3))

# %%
outcome(
    "02.turned",
    "stays the same" if same else "rises" if rotated_error > deep_error[2] else "falls",
    because="The last layer of the encoder and the first of the decoder are affine maps. They could have learned the "
    "rotation and its inverse just as well.",
)
claim("rotating the map leaves the loss unchanged", same, rotated=rotated_error, original=deep_error[2])

# %% [markdown]
# The loss cannot distinguish the two maps. The same holds for any invertible transformation of the code that encoder
# and decoder can represent. **What an axis means is an accident of the initialization.**
#
# What you can rely on: *nearby codes decode to similar images*, because the decoder is a continuous function. Click on
# the map, or drag over it. **What does the decoder draw in the gap between two regions?**

# %%
play.latent_explorer(deep[2], test)

# %% [markdown]
# *What to see: in the gaps the decoder draws mixtures that nobody would write. No training digit has its code there, so
# the loss does not constrain these images. Lesson 04 changes that.*

# %% [markdown] tags=["sitting"]
# **A good place to stop.** The second half needs only the setup cell at the top, so you can close the notebook here.

# %%
# The second half starts here, with what it needs of the first.
digits = data.digits()
train, test = digits.split(seed=0)
fitted, validation = train[:-300], train[-300:]


def error(model, x):
    """Squared error per digit, summed over the pixels."""
    return float(metrics.reconstruction_error(x, model(x)).mean())


def trained(model, x, seed=0):
    """A model after training with the settings of the first half."""
    fit(model, x, epochs=40, batch_size=64, learning_rate=3e-3, seed=seed, progress=False)
    return model


deep8 = trained(Autoencoder(64, 8, (128, 64), output="sigmoid"), train.x)

# %% [markdown]
# ## 5. How many numbers does a code need?
# The size of the code is a *hyperparameter*: training does not find it, you choose it. A code with fewer numbers than
# there are features is *undercomplete*, any other is *overcomplete*. We compare the deep autoencoder and PCA, with
# codes of 2 to 64 numbers.

# %%
predict(
    "02.size",
    "Codes of 32 numbers, the deep autoencoder trained for 40 epochs: whose validation error is lower?",
    options=["PCA's", "the deep autoencoder's", "they tie, within 10 %"],
)

# %%
sizes = (2, 8, 16, 32, 64)
pca = {k: PCA(k).fit(fitted.x) for k in sizes}
deep = {k: trained(Autoencoder(64, k, (128, 64), output="sigmoid"), fitted.x) for k in sizes}
pca_error = {k: error(pca[k], validation.x) for k in sizes}
deep_error = {k: error(deep[k], validation.x) for k in sizes}

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.plot(sizes, list(pca_error.values()), "o-", label="PCA, validation")
axes.plot(sizes, list(deep_error.values()), "s--", label="deep, validation")
axes.plot(sizes, [error(deep[k], fitted.x) for k in sizes], "^:", label="deep, training")
axes.set(xscale="log", xlabel="numbers in the code", ylabel="squared error per digit", title="Error against code size")
axes.set_xticks(sizes, sizes)
axes.minorticks_off()
axes.legend(frameon=False)
plt.show()

# %%
outcome(
    "02.size",
    "they tie, within 10 %"
    if abs(pca_error[32] / deep_error[32] - 1) < 0.1
    else "PCA's"
    if pca_error[32] < deep_error[32]
    else "the deep autoencoder's",
    because="With 32 of 64 numbers PCA loses little, and its optimum is computed exactly.",
)
claim(
    "with up to 8 numbers the deep autoencoder's validation error is the lower one, with 32 and more PCA's is",
    *(below(deep_error[k] / pca_error[k], 0.9) for k in (2, 8)),
    *(below(pca_error[k] / deep_error[k], 0.9) for k in (32, 64)),
)

# %% [markdown]
# A nonlinearity pays off where the code is small. With larger codes the deep curve levels off, on the training digits
# as well: there the rest of the network and its training limit the error. PCA with 64 components has no error at all,
# because it copies.
#
# **Is a lower error always better?** We scramble the pixels, differently in each digit, so that no structure of digits
# helps to reconstruct them. A model that reconstructs scrambled digits well is only copying.

# %%
scrambled = np.random.default_rng(0).permuted(test.x, axis=1)
copier = trained(Autoencoder(64, 64, ()), train.x)
for name, model in {"8 numbers, deep": deep8, "64 numbers, deep": deep[64], "64 numbers, linear": copier}.items():
    print(f"{name}: error {error(model, test.x):.3f} on digits, {error(model, scrambled):.2f} on scrambled digits")
print(f"always the mean scrambled digit: {((scrambled - scrambled.mean(axis=0)) ** 2).sum(axis=1).mean():.2f}")

# %%
claim(
    "the linear copier keeps over a third of the variance of scrambled digits; the deep ones keep less than a fifth",
    above(metrics.explained_variance(scrambled, copier(scrambled)), 1 / 3),
    below(metrics.explained_variance(scrambled, deep8(scrambled)), 0.2),
    below(metrics.explained_variance(scrambled, deep[64](scrambled)), 0.2),
)

# %% [markdown]
# The linear autoencoder with 64 numbers is learning to copy, so its code tells you nothing about digits. An
# overcomplete code allows copying but does not enforce it: the deep network with 64 numbers reconstructs scrambled
# digits badly. The error on held-out digits does not show the difference, so look also at what a model *cannot*
# reconstruct.
#
# The use decides the size: 2 numbers for a map; for compact features the size at which the deep curve flattens, here 8
# to 16.

# %% [markdown]
# ## 6. Must a code be narrow?
# A small number of units is one way to limit a code. Another is a *penalty*, a second term in the loss that makes
# activity expensive. A code with [sparsity](glossary:sparsity) uses only a few of its many numbers for any one digit.
#
# Each unit of the code ends in a sigmoid, so its activity lies between 0 (inactive) and 1 (active). Let $\rho_j$ be the
# mean activity of unit $j$ over the batch and $\rho$ (`target`) the mean that we want, such as 0.05. If both are read
# as the probability that the unit is active, the [KL divergence](glossary:KL-divergence) measures how far apart they
# are. The penalty sums it over the units, and `strength` weights it against the reconstruction loss:
#
# $$\text{penalty} = \sum_j \left[ \rho \log\frac{\rho}{\rho_j} + (1 - \rho) \log\frac{1 - \rho}{1 - \rho_j} \right]
# \qquad \text{loss} = L(x, \hat x) + \text{strength} \cdot \text{penalty}$$
#
# Here the convention of section 1 matters: if $L$ averaged over the features, the same strength would weigh 64 times as
# much.
#
# **Exercise 02.4.** `z` holds activities of shape (batch, units), and `target` is a plain number. `torch.log` takes
# tensors only, and the penalty needs a gradient, so use torch throughout.


# %% tags=["exercise-02.4"]
{{exercise("02.4")}}


# %% tags=["check-02.4"]
kl_penalty = check("02.4", kl_penalty)
grade("02.4")

# %%
predict(
    "02.sparse",
    "A code of 100 units, trained with the penalty and a target of 5 percent: what is the mean activity of the units on "
    "held-out digits?",
    unit="percent",
    low=0,
    high=100,
)

# %%
wide = {}
for name, strength in (("no penalty", 0.0), ("with penalty", 0.3)):
    model = SparseAutoencoder(64, 100, penalty="kl", strength=strength, target=0.05, output="sigmoid")
    wide[name] = trained(model, train.x)
activity = {name: model.encode(test.x) for name, model in wide.items()}
penalties = {name: kl_penalty(torch.tensor(z), 0.05).item() for name, z in activity.items()}
wide_error = {name: error(model, test.x) for name, model in wide.items()}

figure, panels = plt.subplots(1, 2, figsize=(9, 2.9), layout="constrained")
for axes, (name, z) in zip(panels, activity.items()):
    picture = axes.imshow(z[:30], cmap="cividis", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    axes.set(title=name, xlabel="unit of the code", ylabel="held-out digit")
figure.colorbar(picture, label="activity")
plt.show()

# %%
outcome(
    "02.sparse",
    100 * activity["with penalty"].mean(),
    because="The penalty pulls the mean activity towards 5 percent, the reconstruction loss pulls it up; the strength "
    "decides where they balance.",
)

# %% [markdown]
# *What to see: with the penalty most units are near 0, and the active ones change from digit to digit.*

# %%
claim(
    "training with the penalty cuts it to less than a tenth; the error rises, but stays below PCA's with 8 numbers",
    below(penalties["with penalty"], penalties["no penalty"] / 10),
    above(wide_error["with penalty"], wide_error["no penalty"]),
    below(wide_error["with penalty"], error(PCA(8).fit(train.x), test.x)),
)


# %% [markdown]
# ## 7. Should a network know which pixels are neighbours?
# A fully connected ("dense") network takes an image as a list of numbers, and does not know which pixels are
# neighbours. A [convolution](glossary:convolution) does: it slides one small window of weights over the image, so it
# applies the same few weights at every position. A convolution that moves by one pixel at a time has
# [equivariance](glossary:equivariance): if the image shifts, the output shifts with it. We test this on digits with a
# blank frame, so that no stroke leaves the image.

# %%
window = nn.Conv2d(1, 16, kernel_size=3, padding=1)
framed = nn.functional.pad(torch.tensor(test.images[:5]), (4, 4, 4, 4))
with torch.no_grad():
    shifted_output, output_shifted = window(framed.roll(2, dims=3)), window(framed).roll(2, dims=3)

# %%
claim(
    "a convolution of a shifted image is the shifted convolution of the image",
    torch.allclose(shifted_output, output_shifted, atol=1e-5),
)

# %% [markdown]
# `ConvAutoencoder` halves the image twice, with windows that move two pixels at a time; a dense layer leads to the
# code. So the network as a whole is *not* equivariant. What remains is the assumption that neighbouring pixels belong
# together. We make it false by shuffling the pixels of all digits, this time in the *same* way.

# %%
predict(
    "02.conv",
    "The pixels of all digits are shuffled in the same way, and both networks are trained anew. Whose error on held-out "
    "digits rises?",
    options=["the dense one's", "the convolutional one's", "both", "neither"],
)

# %% [markdown]
# The dense network need not be trained again. Shuffle the weights of its first and last layer in the same way as the
# pixels, and its error stays the same: at the start, where the weights are random in any order, and so after every
# step.

# %%
order = np.random.default_rng(0).permutation(64)
n_steps = 24 * int(np.ceil(len(train) / 64))


def briefly_trained(model, pixels, seed=0):
    def rate(step):
        return 6e-3 * max(1 - step / n_steps, 0.001)  # falls to zero, so that runs end where they can be compared

    options = {"epochs": 24, "batch_size": 64, "learning_rate": rate, "seed": seed}
    fit(model, train.x[:, pixels].copy(), **options, progress=False)
    return model


in_place = np.arange(64)
dense = briefly_trained(Autoencoder(64, 8, (128, 64), output="sigmoid"), in_place)
mean_error = {("dense", "in place"): error(dense, test.x)}
with torch.no_grad():
    first, last = dense.encoder[0], dense.decoder[-2]
    first.weight[:] = first.weight[:, order]
    last.weight[:], last.bias[:] = last.weight[order], last.bias[order]
mean_error["dense", "shuffled"] = error(dense, test.x[:, order].copy())

for name, pixels in (("in place", in_place), ("shuffled", order)):
    networks = [briefly_trained(ConvAutoencoder(digits.image_shape, 8, seed=seed), pixels, seed) for seed in range(2)]
    mean_error["convolutional", name] = np.mean([error(model, test.x[:, pixels].copy()) for model in networks])
for (kind, name), value in mean_error.items():
    print(f"{kind}, pixels {name}: error {value:.3f}")
rise = {kind: mean_error[kind, "shuffled"] / mean_error[kind, "in place"] for kind in ("dense", "convolutional")}

# %%
outcome(
    "02.conv",
    "both"
    if min(rise.values()) > 1.02
    else "neither"
    if max(rise.values()) < 1.02
    else f"the {max(rise, key=rise.get)} one's",
    because="A dense layer treats all pixels alike, in any order; a window sees a stroke only if its pixels are neighbours.",
)
claim(
    "shuffling the pixels leaves the dense network's error as it was and raises the convolutional network's",
    between(rise["dense"], 0.999, 1.001),
    above(rise["convolutional"], 1.0),
)

# %% [markdown]
# The convolutional network relies on the assumption. With these small images it does not beat the dense one. But a
# dense layer that maps a photograph of 256 × 256 pixels to 128 units needs more than eight million weights, and must
# learn every pattern anew at every position; a convolution need not.

# %% [markdown]
# ## 8. How large is too large?
# The [capacity](glossary:capacity) of a network is the range of functions that it can represent: more units, more
# capacity. We train networks with one hidden layer, and 8 numbers in the code, on only 200 digits.

# %%
predict(
    "02.capacity",
    "As the hidden layer grows from 2 to 512 units, the errors on the 200 training digits and on validation digits …",
    options=[
        "both fall all the way",
        "both fall, then the validation error levels off while the training error keeps falling",
        "the training error falls, the validation error rises from the start",
    ],
)

# %%
few = train[:200]
curves = {}
widths = (2, 8, 32, 512)
seen, unseen = [], []
for width in widths:
    model = Autoencoder(64, 8, (width,), output="sigmoid")
    history = fit(model, few.x, epochs=150, batch_size=50, learning_rate=3e-3, validation=validation.x, progress=False)
    seen.append(error(model, few.x))
    unseen.append(error(model, validation.x))
    curves[width] = (np.reshape(history.loss, (150, -1)).mean(axis=1), np.array(history.validation))

figure, (by_width, by_epoch) = plt.subplots(1, 2, figsize=(9, 3.3), layout="constrained")
by_width.plot(widths, seen, "o-", label="200 training digits")
by_width.plot(widths, unseen, "s--", label="validation digits")
by_width.set(xscale="log", yscale="log", xlabel="units in the hidden layer", ylabel="squared error per digit")
by_width.set_xticks(widths, widths)
by_width.minorticks_off()
by_width.set_title("Capacity")
by_epoch.plot(range(1, 151), curves[512][0], label="training digits")
by_epoch.plot(range(1, 151), curves[512][1], "--", label="validation digits")
by_epoch.axvline(1 + np.argmin(curves[512][1]), color="gray", linestyle=":", label="lowest validation error")
by_epoch.set(yscale="log", xlabel="epoch", title="512 units, epoch by epoch")
for axes in (by_width, by_epoch):
    axes.legend(frameon=False)
plt.show()

# %%
outcome(
    "02.capacity",
    "the training error falls, the validation error rises from the start"
    if unseen[1] > unseen[0]
    else "both fall all the way"
    if unseen[-1] < 0.75 * unseen[2]
    else "both fall, then the validation error levels off while the training error keeps falling",
    because="Up to a point more capacity captures more of what all digits share; beyond it, only more of these 200 digits.",
)
claim(
    "from 32 to 512 units the training error falls to less than a third, the validation error moves by less than a quarter",
    below(seen[-1] / seen[2], 1 / 3),
    between(unseen[-1] / unseen[2], 0.75, 1.25),
)

# %% [markdown]
# *What to see: on the right the validation error reaches a minimum and then rises.*
#
# A gap between the two curves is not yet overfitting: hardly any model is as good on new data as on its training data.
# [Overfitting](glossary:overfitting) means that the error on new data stays or rises while the training error keeps
# falling, as on the right. A cheap remedy is [early stopping](glossary:early-stopping): `patience=15` stops training
# when the validation error has not improved for 15 epochs, and restores the best parameters.

# %%
stopped = Autoencoder(64, 8, (512,), output="sigmoid")
history = fit(
    stopped,
    few.x,
    epochs=150,
    batch_size=50,
    learning_rate=3e-3,
    validation=validation.x,
    patience=15,
    progress=False,
)
print(history.stopped)

# %%
claim(
    "early stopping lowers the error on the test digits, which played no part in stopping",
    below(error(stopped, test.x), error(model, test.x)),
)

# %% [markdown]
# ## 9. What are the codes and the errors good for?
# **Finding similar samples.** An image search compares short codes instead of pixels. For each test digit we find its
# nearest neighbour among the training digits, by pixels and by the deep code.

# %%
predict(
    "02.neighbours",
    "With pixels the nearest neighbour shows the same digit in about 99 of 100 cases. How often with the 8 numbers of the "
    "code?",
    unit="of 100",
    low=0,
    high=100,
)

# %%
places = [np.flatnonzero(test.labels == label)[0] for label in range(10)]
spaces = {"pixels": (train.x, test.x), "codes of 8 numbers": (deep8.encode(train.x), deep8.encode(test.x))}
rows, agreement = {"held-out digits": test.x[places]}, {}
for name, (known, new) in spaces.items():
    nearest = ((new[:, None, :] - known[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    agreement[name] = (train.labels[nearest] == test.labels).mean()
    rows[f"nearest by {name}"] = train.x[nearest[places]]
draw_rows(rows, "The most similar training digits")

# %%
outcome(
    "02.neighbours",
    100 * agreement["codes of 8 numbers"],
    because="With an eighth of the numbers the code keeps most of what distinguishes the digits.",
)
print({name: round(float(share), 3) for name, share in agreement.items()})

# %% [markdown]
# **Finding anomalies.** An autoencoder learns to reconstruct the kind of data it was trained on, so its error can serve
# as an [anomaly score](glossary:anomaly-score). We test four kinds of anomalies: digits with **scrambled** pixels,
# **inverted** digits, **letters** of 8 × 8 pixels, and **ones**, for a network trained without ones.

# %%
letters = data.glyphs(
    300, characters="ABEFGHKMNPRTVWXYZ", slant=0.0, size=(22.0, 24.0), stroke=(1.0, 2.0), position=0.0
).images
letters = letters[:, 0, 2:26, 2:26].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)).reshape(-1, 64)
is_one = test.labels == 1
anomalies = {
    "scrambled": scrambled,
    "inverted": 1 - test.x,
    "letters": letters,
    "ones, never seen": test.x[is_one],
}
draw_rows({"digits": test.x[~is_one][:10], **{name: x[:10] for name, x in anomalies.items()}}, "Digits and anomalies")

# %%
predict("02.intruders", "Which anomalies are the hardest to find?", options=list(anomalies))

# %% [markdown]
# The *AUC* is the probability that a random anomaly has a higher score than a random normal digit: 1 is perfect, 0.5 is
# chance. A *false alarm* is a normal sample that is taken for an anomaly.

# %%
from sklearn.metrics import roc_auc_score

without_ones = trained(Autoencoder(64, 8, (128, 64), output="sigmoid"), train.x[train.labels != 1])


def scores(model, normal, anomalous):
    return [metrics.reconstruction_error(x, model(x)) for x in (normal, anomalous)]


found = {}
for name, x in anomalies.items():
    ones = name == "ones, never seen"
    normal, anomalous = scores(without_ones, test.x[~is_one], x) if ones else scores(deep8, test.x, x)
    found[name] = roc_auc_score(np.repeat([0, 1], [len(normal), len(anomalous)]), np.concatenate([normal, anomalous]))
    print(f"AUC {found[name]:.3f}  {name}")
missed = (anomalous < np.quantile(normal, 0.95)).mean()  # the loop ended with the ones

# %%
outcome(
    "02.intruders",
    min(found, key=found.get),
    because="The network reconstructs many ones about as well as the digits that it knows, although it never saw any.",
)
claim(
    "the AUC of the other anomalies is close to 1; at 5 % false alarms more than a quarter of the ones are missed",
    above(min(found[name] for name in ("scrambled", "inverted", "letters")), 0.97),
    above(missed, 0.25),
)

# %% [markdown]
# The score measures how *hard a sample is to reconstruct*, not how unusual it is. Lesson 11 builds on this difference.

# %% [markdown]
# ## When it fails
# ### A learning rate that is too large
# We run the loop of exercise 02.2 with the learning rate of section 2 and with one five times as large.

# %%
from udl_teach.lesson.exercises import exercise

learn = exercise("02.2").solution  # the course's answer, which does what yours does
batches = list(torch.tensor(train.x).split(64)) * 10
for rate in (0.02, 0.1):
    curve = learn(Autoencoder(64, latent_size=2, hidden_sizes=()), batches, learning_rate=rate)
    print(f"{rate}:", ", ".join(f"{loss:.3g}" for loss in curve[:8]), "... and in the end", f"{curve[-1]:.3g}")

# %% [markdown]
# With the larger rate each step overshoots the minimum and lands higher on the other side, until the numbers overflow
# and the loss becomes `nan`, "not a number". Your loop went on silently; `fit` would stop and say what to try.

# %% [markdown]
# ### Dead units
# Steps that are too long can do harm without any `nan`. A ReLU unit whose output is zero for *every* sample receives no
# gradient, so its weights no longer change: it is a [dead unit](glossary:dead-unit).
#
# **Exercise 02.5.** `h` holds the outputs of the units of a layer, shape (samples, units). How many units are dead?


# %% tags=["exercise-02.5"]
{{exercise("02.5")}}


# %% tags=["check-02.5"]
dead_units = check("02.5", dead_units)
grade("02.5")

# %% [markdown]
# We train the same network four times, with two learning rates and two activations.

# %%
dead, final = {}, {}
for rate, activation in ((0.1, "relu"), (0.003, "relu"), (0.003, "gelu"), (0.1, "gelu")):
    model = Autoencoder(64, latent_size=2, hidden_sizes=(128, 64), activation=activation)
    fit(model, train.x, epochs=20, batch_size=64, learning_rate=rate, progress=False)
    with torch.no_grad():
        h = model.encoder[:2](torch.tensor(train.x))  # the first layer and its activation
    dead[rate, activation], final[rate, activation] = dead_units(h), error(model, test.x)
    print(f"{activation}, {rate}: {dead[rate, activation]} of 128 dead, error {final[rate, activation]:.2f}")
print(f"the mean image as the answer: error {((test.x - train.x.mean(axis=0)) ** 2).sum(axis=1).mean():.2f}")

# %%
claim(
    "ReLU at 0.1: most units die; at 0.003 most survive and the error is lower; with GELU at 0.003 hardly any die",
    above(dead[0.1, "relu"], 96),
    between(dead[0.003, "relu"], 10, 90),
    below(final[0.003, "relu"], final[0.1, "relu"]),
    below(dead[0.003, "gelu"], 10),
)

# %% [markdown]
# With ReLU some units die even at the smaller rate. GELU keeps a slope for moderately negative inputs, so at this rate
# its units survive. At 0.1 the inputs become so negative that GELU is flat there too. A dead unit hardly ever recovers,
# so start again from a new initialization.
#
# ### Reading learning curves
# Most failures show in two curves, the training and the validation loss of every epoch. Name each run by these rules;
# the first that applies decides.
#
# | name | what the curves show | what to try |
# |---|---|---|
# | `"diverged"` | the last training loss is not finite, or higher than the first | a smaller learning rate |
# | `"overfitting"` | the last validation loss is more than 10 % above the lowest one | early stopping, more data |
# | `"still falling"` | the validation loss fell by more than 5 % in the last ten epochs | more epochs |
# | `"converged"` | none of these | another model, if the error is too large |
#
# **Exercise 02.6.** `runs` is a list of pairs (training, validation), each an array with one loss per epoch.


# %% tags=["exercise-02.6"]
{{exercise("02.6")}}


# %% tags=["check-02.6"]
diagnose = check("02.6", diagnose)
grade("02.6")

# %% [markdown]
# Two real runs, of 32 units each, and the run of 512 units from section 8. **What will your function say about each?**

# %%
runs = {"512 units, 200 digits, 150 epochs": curves[512]}
for epochs in (12, 80):
    model = Autoencoder(64, 8, (32,), output="sigmoid")
    options = {"epochs": epochs, "batch_size": 64, "learning_rate": 3e-3, "validation": validation.x}
    history = fit(model, fitted.x, **options, progress=False)
    training = np.reshape(history.loss, (epochs, -1)).mean(axis=1)
    runs[f"32 units, {len(fitted)} digits, {epochs} epochs"] = (training, np.array(history.validation))
for name, found_in in zip(runs, diagnose(list(runs.values()))):
    print(f"{name}: {found_in}")

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "02.check_yourself",
    [
        Question(
            "Suppose the squared error is averaged over the features instead of summed. What changes for an autoencoder "
            "without a penalty?",
            [
                (
                    "the best reconstructions",
                    False,
                    "A constant factor does not move the minimum: the best weights are the same.",
                ),
                (
                    "the size of the loss and of its gradients, not the position of the minimum",
                    True,
                    "Yes. It makes a real difference only when a second term is weighted against it.",
                ),
                (
                    "nothing at all",
                    False,
                    "The loss and its gradients are 64 times smaller, and so are the steps of plain gradient descent.",
                ),
            ],
        ),
        Question(
            "A linear autoencoder with 2 numbers ties with PCA on held-out digits. Are its two axes PCA's components?",
            [
                (
                    "yes, the best solution is unique",
                    False,
                    "The plane is unique, its axes are not: rotate the code and rotate it back, and the error is the same.",
                ),
                (
                    "not in general: it finds the same plane, with some other axes in it",
                    True,
                    "Yes. The loss depends on the plane only; the axes depend on the initialization.",
                ),
                ("no, it finds another plane", False, "You measured it: the two planes differ by less than 2 degrees."),
            ],
        ),
        Question(
            "An autoencoder has 4 hidden layers, and its activation and output are linear. What can it do that PCA cannot?",
            [
                (
                    "nothing: a sequence of affine maps is one affine map",
                    True,
                    "Yes. Without a nonlinearity depth adds parameters but no new functions.",
                ),
                (
                    "follow a spiral with one number",
                    False,
                    "Try it in the playground of lesson 00: with a linear activation it draws a straight line.",
                ),
                (
                    "reach a lower error on the training data",
                    False,
                    "PCA's training error is the lowest that affine maps with the same code size can reach.",
                ),
            ],
        ),
        Question(
            "The training loss is 0.09. The validation loss is 1.5 and has been rising for 50 epochs. What do you try first?",
            [
                (
                    "more epochs, because it has not converged",
                    False,
                    "The validation loss is rising; more epochs would fit the training samples even more closely.",
                ),
                ("a larger network", False, "More capacity makes overfitting easier."),
                (
                    "early stopping at the lowest validation loss, then more data or a smaller network",
                    True,
                    "Yes. A rising validation loss means overfitting, and early stopping is the cheapest remedy.",
                ),
            ],
        ),
        Question(
            "An autoencoder reconstructs everything you show it with an error near zero. Is it a good model?",
            [
                (
                    "yes, it does what it was trained for",
                    False,
                    "It does, but the purpose is a code that tells something about the data.",
                ),
                (
                    "not if it reconstructs scrambled samples as well",
                    True,
                    "Yes: then it copies, and its code tells you nothing about the data.",
                ),
                (
                    "no, an error near zero is impossible",
                    False,
                    "It is easy with as many numbers in the code as in the input.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Minimizing the squared error maximizes a Gaussian likelihood with fixed variance (lesson 04 builds on this).
# - A linear autoencoder finds PCA's subspace, with axes of its own. A nonlinear one reconstructs better from few
#   numbers; the price is longer training and more hyperparameters.
# - Nearby codes decode to similar images. The axes, the scale and the gaps of a map mean nothing by themselves.
# - An overcomplete code allows copying, so its low error proves little. A sparsity penalty limits a wide code.
# - A convolution assumes that neighbouring pixels belong together.
# - Choose code size and capacity on a validation set, and stop training when the validation error rises.
# - Codes find similar samples; reconstruction errors find samples that are hard to reconstruct.
#
# The comparison table gets four new rows, each the mean of three seeds; its errors are per pixel. **In which columns do
# the deep codes beat PCA's, with 2 numbers and with 8?**


# %%
def linear(k, seed):
    model, n_steps = Autoencoder(64, k, (), seed=seed), 40 * int(np.ceil(len(train) / 64))

    def rate(step):
        return 0.03 * max(1 - step / n_steps, 0.001)

    history = fit(model, train.x, epochs=40, batch_size=64, learning_rate=rate, seed=seed, progress=False)
    return model, history.seconds


def nonlinear(k, seed):
    model = Autoencoder(64, k, (128, 64), output="sigmoid", seed=seed)
    history = fit(model, train.x, epochs=40, batch_size=64, learning_rate=3e-3, seed=seed, progress=False)
    return model, history.seconds


rows = []
for name, make in {"linear autoencoder": linear, "deep autoencoder": nonlinear}.items():
    for k in (2, 8):
        for seed in range(3):
            model, seconds = make(k, seed)
            rows.append(comparison_row(name, k, train, test, encode=model.encode, decode=model.decode, seconds=seconds))
comparison(rows)

# %% [markdown]
# With two numbers the deep codes beat PCA's in error, in NMI and on the probe; purity varies too much from seed to seed
# to decide. With eight numbers they win in error and on the probe, but their clusters are no better: over twelve seeds
# their NMI averaged 0.71, and PCA's is 0.75. **A low reconstruction error does not make a code good for clustering**;
# lesson 09 trains codes for that purpose. The linear autoencoder has nearly PCA's error, but a lower NMI with eight
# numbers, because its axes are not PCA's (section 2).

# %% [markdown]
# ## Where to read on
# - Pierre Baldi and Kurt Hornik, *Neural networks and principal component analysis: learning from examples without
#   local minima*, Neural Networks 1989. The proof for section 2.
# - Geoffrey Hinton and Ruslan Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 2006.
# - Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, MIT Press 2016, chapter 14.
# - Andrew Ng, *Sparse autoencoder*, lecture notes of CS294A, Stanford 2011. Section 3 has our penalty.
# - Jonathan Masci, Ueli Meier, Dan Cireşan and Jürgen Schmidhuber, *Stacked convolutional auto-encoders for
#   hierarchical feature extraction*, ICANN 2011.
