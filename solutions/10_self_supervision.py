# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 10 · Self-supervision
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 02 (autoencoders, convolution), lesson 06 (the cross-entropy as a loss) and lesson 01 (PCA,
# covariance).

# %% tags=["setup"]
{{setup}}

import time

import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage.transform import rotate
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.nn import functional

from udl_teach import data, fit, metrics, models, play, plots
from udl_teach.models import PCA, Augment, Contrastive, MaskedAutoencoder, VICReg


def halved(images):
    """Images of 28 x 28 pixels as 14 x 14, so that a network learns in seconds."""
    # The last three axes are channel, height and width; in front of them, images or pairs of images.
    small = functional.avg_pool2d(torch.tensor(images).flatten(0, -4), 2)
    return small.reshape(*images.shape[:-2], 14, 14).numpy()


train, test = data.mnist(n=5000).split((0.4, 0.2), seed=0)
x, labels = halved(train.images), train.labels  # 2,000 images
x_test, test_labels = halved(test.images), test.labels  # 1,000 images
mild = Augment(rotation=15, shift=0.1, scale=0.2, shear=15)


def flat(images):
    return images.reshape(len(images), -1)


def learn(model, images=x, epochs=12, seed=0):
    fit(model, images, epochs=epochs, seed=seed, progress=False)
    return model


def contrastive(augment, images=x, epochs=12):
    """A small encoder that learns from pairs of views: 64 numbers for an image of 14 x 14 pixels."""
    return learn(Contrastive((1, 14, 14), 64, (16, 32), augment=augment), images, epochs)


def probe(encode, per_class=10):
    """Accuracy of a linear probe on held-out digits."""
    return metrics.linear_probe(encode(x), labels, encode(x_test), test_labels, per_class=per_class)


def draw_rows(rows, columns=10):
    """Rows of images, one for each entry of a dictionary (name: images)."""
    figure, axes = plt.subplots(figsize=(0.6 * columns + 1.8, 0.62 * len(rows) + 0.2), layout="constrained")
    wall = np.concatenate([np.asarray(images)[:columns, 0] for images in rows.values()])
    plots.draw_images(axes, wall, columns=columns)
    side = wall.shape[1]
    axes.set_yticks([side / 2 + 1 + (side + 1) * row for row in range(len(rows))], list(rows))
    axes.tick_params(axis="y", length=0)
    plt.show()


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - train an encoder on pairs of views, and choose augmentations for a task;
# - check embeddings by two numbers that the loss does not show;
# - train a masked autoencoder;
# - read a probe with care, and choose a representation for a use.

# %% [markdown]
# ## 1. Which labels do images bring along?
# An autoencoder reconstructs every pixel, whether it matters or not.
# **[Self-supervision](glossary:self-supervision)** sets a task whose labels are made from the data. Here is one.
# Change an image twice at random: rotate, shift, stretch and slant it a little. Each change is an
# [augmentation](glossary:augmentation), and the two results are *views* of the image. Given one view, find the other
# among the views of many images.

# %%
first, second = (mild(x[:10], torch.Generator().manual_seed(seed)) for seed in (0, 1))
draw_rows({"image": x[:10], "one view": first, "another view": second})

# %% [markdown]
# The label of a view is its partner, and nobody had to provide it. Does a network that learns this task learn
# anything about digits?
#
# We take 2,000 MNIST images, reduced to 14 × 14 pixels. The encoder has two convolutions and gives 64 numbers. Its
# test is a [linear probe](glossary:linear-probe): a linear classifier learns from the codes of ten labelled digits
# per class, and names 1,000 other digits.

# %%
print(f"pixels:                   {probe(flat):.3f}")
print(f"32 principal components:  {probe(lambda images: PCA(32).fit(flat(x)).encode(flat(images))):.3f}")

# %%
predict(
    "10.views",
    "A probe on pixels names 75 of 100 digits. How many will it name on the codes of a network that has learned "
    "for 12 epochs which views belong together?",
    unit="of 100",
    low=0,
    high=100,
)

# %%
begin = time.perf_counter()
model = contrastive(mild)
print(f"learned in {time.perf_counter() - begin:.1f} s")
untrained = Contrastive((1, 14, 14), 64, (16, 32))
accuracy = {"untrained": probe(untrained.encode), "trained": probe(model.encode), "pixels": probe(flat)}

# %%
outcome(
    "10.views",
    100 * accuracy["trained"],
    because="Rotation, shift, stretch and slant leave the form of the strokes alone. The form therefore helps to find the "
    "partner of a view, and it also tells digits apart.",
)
claim(
    "twelve epochs on pairs of views raise the probe by more than 0.05 above pixels; the untrained network is below them",
    above(accuracy["trained"] - accuracy["pixels"], 0.05),
    below(accuracy["untrained"], accuracy["pixels"]),
)

# %% [markdown]
# **What it shows.** A task without labels of digits has made the classes easier to separate by a linear classifier.
# The architecture alone, with random weights, does not do this.

# %% [markdown]
# ## 2. How does a pair become a loss?
# The encoder gives a *representation* $h = f(x)$. A small network on top, the **[projection
# head](glossary:projection-head)**, gives the *embedding* $z = g(h)$, in which views are compared. A batch of $n$
# images makes $2n$ views. Let $s_{ik}$ be the [cosine similarity](glossary:cosine-similarity) of the embeddings $z_i$
# and $z_k$, their inner product after both are scaled to length 1. View $i$ has one partner $p(i)$ and $2n - 2$
# *negatives*, the views of other images. Its loss is
#
# $$\ell_i = -\log \frac{\exp(s_{i p(i)} / \tau)}{\sum_{k \neq i} \exp(s_{ik} / \tau)}$$
#
# The fraction is a *softmax*: it turns the similarities into probabilities that sum to 1 over all $k \neq i$. So
# $\ell_i$ is the cross-entropy of a classification: which of the other $2n - 1$ views is the partner? Its average
# over all views is **[NT-Xent](glossary:NT-Xent)**, the loss of SimCLR (Chen et al. 2020), and learning of this kind
# is called **[contrastive](glossary:contrastive-learning)**. The smaller the *temperature* $\tau$, the more the
# softmax favours the most similar views. We trained with $\tau = 0.5$.
#
# **Exercise 10.1.** Write NT-Xent. Row $i$ of `z1` and row $i$ of `z2` are the embeddings of two views of image $i$.


# %% tags=["exercise-10.1"]
{{exercise("10.1")}}


# %% tags=["check-10.1"]
nt_xent = check("10.1", nt_xent)
grade("10.1")

# %% [markdown]
# Compare your loss with the library's, and with a case to compute by hand: if all embeddings are equal, the partner
# is as probable as every negative, and the loss is $\log(2n - 1)$.

# %%
with torch.no_grad():
    z1, z2 = (model.project(view) for view in model.views(torch.tensor(x[:256]), torch.Generator().manual_seed(0)))
    print(f"ours {nt_xent(z1, z2, 0.2):.4f}, the library's {models.nt_xent(z1, z2, 0.2):.4f}")
    alike = torch.ones(256, 8)
    print(f"all embeddings alike: {nt_xent(alike, alike, 0.2):.4f}, log(511) = {np.log(511):.4f}")

# %% [markdown]
# What does the gradient do? Let $q_{ik}$ be the probability that the softmax of view $i$ gives to view $k$. The
# derivative of $\ell_i$ is $-(1 - q_{i p(i)}) / \tau$ with respect to the similarity of the partner, which therefore
# attracts, and $q_{ik} / \tau$ with respect to that of a negative, which repels. For embeddings of length 1, two
# numbers describe the result (Wang and Isola 2020). The *alignment* is the mean squared distance between the embeddings
# of two views of an image. The *uniformity*, the logarithm of the mean of $e^{-2 d^2}$ over the distances $d$ between
# images, is lower when embeddings cover the sphere more evenly.
#
# The playground trains an encoder whose embeddings lie on a circle. Press an image to see what pulls and what pushes
# it. **Which negatives repel it at a temperature of 0.05, and which at 1? Then set augmentation and rotation to 0,
# and press Reset: what happens to the alignment, and what to the digits?**

# %%
play.pull_and_push()

# %% [markdown]
# *What to see: at 0.05 only the nearest negatives repel. At 1 all of them do: the weight $q$ of the nearest is at most
# $e^2 \approx 7$ times that of the farthest. Without augmentations both views are the same image, the alignment is 0
# from the first step, and the digits mix more.*
#
# Some negatives show the same digit, and are repelled too. Why do the classes form nevertheless? Section 3 offers an
# explanation.

# %% [markdown]
# ## 3. What does an augmentation teach?
# An encoder that gives both views the same embedding has learned to ignore the augmentation. So an augmentation is a
# statement: *this change does not matter*. What happens when the statement is wrong? To find out, we first make views
# ourselves.
#
# Write places in an image as $(x, y)$, with $(0, 0)$ in the middle and $y$ downwards. A view with angle $\theta$,
# zoom $c$ and slant $\gamma$ moves the content of the image from place $u$ to $A u$, with
#
# $$A = c \begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix} \begin{pmatrix} 1 & \tan\gamma \\ 0 & 1 \end{pmatrix}$$
#
# But a view is filled pixel by pixel: each of its pixels looks up a place in the image.
#
# **Exercise 10.2.** Return, for every view, the matrix that maps a place in the view to the place in the image that
# is shown there. Angles and slants come in degrees.


# %% tags=["exercise-10.2"]
{{exercise("10.2")}}


# %% tags=["check-10.2"]
sampling_matrices = check("10.2", sampling_matrices)
grade("10.2")


# %%
def view(images, angle, zoom=1.0, slant=0.0):
    """Each image moved by its own angle, zoom and slant; PyTorch looks up the pixels."""
    n = len(images)
    matrices = sampling_matrices(*(np.broadcast_to(each, n).astype(float) for each in (angle, zoom, slant)))
    matrices = torch.tensor(np.concatenate([matrices, np.zeros((n, 2, 1))], axis=2), dtype=torch.float32)
    grid = functional.affine_grid(matrices, [n, 1, *images.shape[2:]], align_corners=False)
    return functional.grid_sample(torch.tensor(images), grid, align_corners=False).numpy()


six = x_test[test_labels == 6]
draw_rows(
    {
        "rotated by −30° … 30°": view(np.repeat(six[:1], 10, axis=0), np.linspace(-30, 30, 10)),
        "rotated by 0° … 180°": view(np.repeat(six[:1], 10, axis=0), np.linspace(0, 180, 10)),
    }
)

# %% [markdown]
# *What to see: up to 30 degrees the six stays a six. At 180 degrees it looks like a nine.*
#
# Now an encoder learns from views rotated by *any* angle. **Can a probe still tell sixes from nines?** We probe
# twice: on the representation $h$, before the head, and on the embedding $z$, after it.

# %%
predict(
    "10.six",
    "With rotations by any angle: on which codes does a probe confuse sixes and nines (more than 10 % wrong)?",
    options=["on neither", "on z only", "on h only", "on both"],
)

# %%
any_angle = contrastive(Augment(rotation=180, shift=0.1, scale=0.2, shear=15))


def six_or_nine(encode):
    """Accuracy of a probe that sees only sixes and nines, ten labels each."""
    rows, test_rows = np.isin(labels, (6, 9)), np.isin(test_labels, (6, 9))
    return metrics.linear_probe(encode(x[rows]), labels[rows], encode(x_test[test_rows]), test_labels[test_rows])


told, twins, all_digits = {}, {}, {}
for name, each in {"up to 15 degrees": model, "by any angle": any_angle}.items():
    told[name] = six_or_nine(each.encode), six_or_nine(each.project)
    embeddings = (torch.tensor(each.project(images)) for images in (six, view(six, 180)))
    twins[name] = functional.cosine_similarity(*embeddings).mean().item()
    all_digits[name] = probe(each.encode)
    print(f"rotated {name:17s} six or nine: {told[name][0]:.2f} on h, {told[name][1]:.2f} on z", end="")
    print(f"; cosine of a six and its twin upside down {twins[name]:.2f}; all digits {all_digits[name]:.2f}")

# %%
confused = [share < 0.9 for share in told["by any angle"]]
outcome(
    "10.six",
    {(False, False): "on neither", (False, True): "on z only", (True, False): "on h only"}.get(
        tuple(confused), "on both"
    ),
    because="The loss compares embeddings, so it rewards a z that ignores the angle. It does not look at h, and the head "
    "can remove what h still holds.",
)
claim(
    "with rotations by any angle a six and its twin upside down have embeddings with a cosine above 0.8, and a probe on "
    "the embeddings names less than 90 % of sixes and nines; on h it names more than 90 %",
    above(twins["by any angle"], 0.8),
    below(told["by any angle"][1], 0.9),
    above(told["by any angle"][0], 0.9),
)
claim(
    "rotations by any angle also cost the probe on h more than 0.03 of accuracy over all digits",
    above(all_digits["up to 15 degrees"] - all_digits["by any angle"], 0.03),
)

# %% [markdown]
# **What it shows.** The views said that angles do not matter, and in the space of the loss a probe now confuses sixes
# and nines.
#
# - *Augmentations carry knowledge about the use.* Rotation by any angle is right for cells under a microscope and
#   wrong for digits. No loss can find this out.
# - *The representation $h$ is the safer one.* It still tells sixes from nines, although over all digits it has suffered
#   too. Chen et al. suggest this reason for discarding the head after training: $z$ loses what a later use may need.
#
# Augmentations may also explain why classes form although their images repel (HaoChen et al. 2021). Two images of the
# digit 3 are negatives, but their views overlap: a slanted view of one looks like an upright view of the other.
# Chains of such neighbours hold a class together.

# %% [markdown]
# ## 4. Are negatives needed?
# Without negatives only attraction remains: the loss is the mean squared distance between the embeddings of the two
# views. (The class `VICReg`, explained below, computes a multiple of it when two of its weights are 0.)

# %%
predict(
    "10.collapse",
    "Attraction alone, 12 epochs. What happens?",
    options=[
        "the loss falls to 0 and the probe rises above pixels",
        "the loss falls to 0 and the probe stays below pixels",
        "the loss stays far from 0",
    ],
)

# %%
alone = learn(VICReg((1, 14, 14), 64, (16, 32), variance=0, covariance=0, augment=mild))
with torch.no_grad():
    final = alone.loss(torch.tensor(x_test), torch.Generator().manual_seed(0))["loss"].item()
collapsed = {"probe": probe(alone.encode), "spread": alone.project(x_test).std(axis=0).mean()}
print(f"loss {final:.1e}, mean standard deviation of the embeddings {collapsed['spread']:.1e}")
print(f"probe {collapsed['probe']:.2f}, before training {accuracy['untrained']:.2f}")

# %%
outcome(
    "10.collapse",
    "the loss stays far from 0"
    if final > 0.01
    else "the loss falls to 0 and the probe rises above pixels"
    if collapsed["probe"] > accuracy["pixels"]
    else "the loss falls to 0 and the probe stays below pixels",
    because="All images have nearly the same embedding. A constant embedding has a loss of 0, the least possible.",
)
claim(
    "attraction alone ends with a standard deviation below 0.02, and a probe more than 0.08 below that of NT-Xent",
    below(collapsed["spread"], 0.02),
    above(accuracy["trained"] - collapsed["probe"], 0.08),
)

# %% [markdown]
# Attraction alone has a trivial solution, the same embedding for all images, and training nearly finds it. This
# *collapse* does not show in the loss: 0 looks like success. (Watch one: switch off the repulsion in the playground of
# section 2.) A *guard* keeps training away from the trivial solution. In NT-Xent it is the negatives.
# **[VICReg](glossary:VICReg)** (Bardes et al. 2022) has no negatives; its loss has three terms. In a batch of $n$
# images let $z_i$ and $z_i'$ be the two embeddings of image $i$, with $d$ dimensions. Row $i$ of the matrix $Z$ of one
# view is $z_i$, column $Z_j$ holds one dimension, and $\bar z$ is the mean of the rows:
#
# $$s = \frac{1}{nd} \sum_i \lVert z_i - z_i' \rVert^2, \qquad v(Z) = \frac{1}{d} \sum_j \max\left(0,\, 1 - \sqrt{\operatorname{Var}(Z_j) + 10^{-4}}\right)$$
#
# $$c(Z) = \frac{1}{d} \sum_{j \neq k} C_{jk}^2, \qquad C = \frac{1}{n - 1} \sum_i (z_i - \bar z)(z_i - \bar z)^\top$$
#
# The *invariance* $s$ attracts. The *variance* term penalizes dimensions whose standard deviation over the batch is
# below 1; $\operatorname{Var}(Z_j) = C_{jj}$, and the $10^{-4}$ keeps the gradient of the root finite. The *covariance*
# term penalizes covariances between dimensions. As in the authors' code, $s$ is divided by $d$; over the two views, $v$
# is averaged and $c$ is summed. The weights of $s$, $v$ and $c$ are 25, 25 and 1.
#
# **Exercise 10.3.** Write the three terms.


# %% tags=["exercise-10.3"]
{{exercise("10.3")}}


# %% tags=["check-10.3"]
vicreg_terms = check("10.3", vicreg_terms)
grade("10.3")

# %% [markdown]
# The third guard is the strangest. **SimSiam** (Chen and He 2021) has neither negatives nor terms for the spread. A
# small network, the *predictor*, predicts the embedding of one view, the target, from that of the other, and the
# gradient is stopped at the target: in code, one `.detach()`.
#
# We compare all guards by two numbers. The *spread* is the mean standard deviation of a dimension. (NT-Xent and SimSiam
# compare by the cosine; we scale their embeddings to length $\sqrt d$, so their spread is 1 at most.) The **[effective
# rank](glossary:effective-rank)** is $\exp(-\sum_k p_k \log p_k)$, where $p_k$ are the shares of the singular values of
# the centred embeddings; $m$ equally strong directions give $m$. It cannot exceed the number of dimensions: 256 with
# VICReg's terms, 128 for NT-Xent and 64 for SimSiam. **Which number will show what is wrong without the covariance
# term, and which without the `.detach()`?**


# %%
def siamese(stop, seed=0, epochs=12):
    """SimSiam: each view's embedding is predicted from the other's; `stop` holds the targets fixed."""
    torch.manual_seed(seed)
    model = Contrastive((1, 14, 14), 64, (16, 32), augment=mild, seed=seed)
    head = [nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64)]
    project = nn.Sequential(model.encoder, *head)
    predictor = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 64))
    optimizer = torch.optim.Adam([*project.parameters(), *predictor.parameters()], 2e-3)
    generator, similarity = torch.Generator().manual_seed(seed), functional.cosine_similarity
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=generator).split(250):
            z1, z2 = (project(view) for view in model.views(torch.tensor(x[rows]), generator))
            target1, target2 = (z1.detach(), z2.detach()) if stop else (z1, z2)
            loss = -(similarity(predictor(z1), target2).mean() + similarity(predictor(z2), target1).mean()) / 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        return model.encode, project(torch.tensor(x_test)).numpy()


def on_sphere(z):
    """Embeddings of length √d: their standard deviation per dimension is 1 at most."""
    return functional.normalize(torch.tensor(z), dim=1).numpy() * z.shape[1] ** 0.5


runs = {"attraction alone": (alone.encode, alone.project(x_test))}
for name, weights in {"attraction + variance": {"covariance": 0}, "VICReg, all three terms": {}}.items():
    each = learn(VICReg((1, 14, 14), 64, (16, 32), augment=mild, **weights))
    runs[name] = each.encode, each.project(x_test)
runs["NT-Xent"] = model.encode, on_sphere(model.project(x_test))
for name, stop in {"SimSiam, gradient stopped": True, "SimSiam, not stopped": False}.items():
    encode, z = siamese(stop)
    runs[name] = encode, on_sphere(z)
spread = {name: z.std(axis=0).mean() for name, (_, z) in runs.items()}
rank = {name: metrics.effective_rank(z) for name, (_, z) in runs.items()}
probes = {name: probe(encode) for name, (encode, _) in runs.items()}
for name in runs:
    print(f"{name:26s} spread {spread[name]:.2f}, effective rank {rank[name]:4.1f}, probe {probes[name]:.2f}")

# %%
claim(
    "without the covariance term the effective rank is below 15, with it above 20, and the probe is better by more than "
    "0.03",
    below(rank["attraction + variance"], 15),
    above(rank["VICReg, all three terms"], 20),
    above(probes["VICReg, all three terms"] - probes["attraction + variance"], 0.03),
)
claim(
    "SimSiam has a spread above 0.5 with the gradient stopped, and below 0.3 without",
    above(spread["SimSiam, gradient stopped"], 0.5),
    below(spread["SimSiam, not stopped"], 0.3),
)

# %% [markdown]
# **What it shows.** The spread shows a *complete* collapse, in which all embeddings are nearly one point, as without
# the `.detach()`. (The rank need not: what little is left may point in many directions.) In a *[dimensional
# collapse](glossary:dimensional-collapse)* the embeddings vary, but along a few directions only, and the rank shows it.
# The variance term alone permits it, because the dimensions may repeat one another. Why the stopped gradient works is
# still debated.

# %% [markdown]
# ## 5. What does a probe measure?
# So far a linear probe with ten labels per class has decided almost everything. What if it had 1, or 100? The bars in
# the figure are 95 % intervals over the draws of labels and the test images; another training of the encoder would
# add to them.

# %%
predict(
    "10.labels",
    "With 10 labels per class the trained encoder leads pixels by about 10 points. By how many with 100?",
    unit="points",
    low=0,
    high=30,
)

# %%
counts = (1, 3, 10, 30, 100)
curves = {
    name: metrics.probe_curve(encode(x), labels, encode(x_test), test_labels, per_class=counts, draws=5)
    for name, encode in {"pixels": flat, "untrained": untrained.encode, "trained": model.encode}.items()
}
figure, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
for number, (name, curve) in enumerate(curves.items()):
    middle = np.array([score.accuracy for score in curve])
    spread = middle - [score.low for score in curve], [score.high for score in curve] - middle
    style = {"color": plots.COLOURS[number], "marker": "os^"[number], "capsize": 3}
    axes.errorbar(counts, middle, np.abs(spread), label=name, **style)
axes.set(title="The same codes, probed with more labels", xlabel="labels per class", ylabel="accuracy", xscale="log")
axes.set_xticks(counts, counts)
axes.legend(frameon=False)
plt.show()
lead = {n: curves["trained"][k].accuracy - curves["pixels"][k].accuracy for k, n in enumerate(counts)}

# %%
outcome(
    "10.labels",
    100 * lead[100],
    because="With many labels a probe on pixels learns much of what the encoder has learned without labels.",
)
claim(
    "with 100 labels per class the lead over pixels is smaller than with 3",
    below(lead[100], lead[3]),
)

# %% [markdown]
# A probe measures code and probe together. Its first trap is *strength*: with many labels, or with a deep network as
# the probe, every code that has not lost the class looks good. The second is *the missing reference*: an accuracy of
# 0.7 looks like success until you see that an untrained network reaches it.
#
# The third trap is a leak. Suppose someone augments the whole data set before splitting it. Then the labelled set
# contains other views of the test images. What does that change? We add four views of each test image to 100 labelled
# images, and classify by the nearest neighbour among the codes.

# %%
copies = [mild(x_test, torch.Generator().manual_seed(seed)) for seed in range(4)]
sets = {
    "split first": (x[:100], labels[:100]),
    "augmented first": (np.concatenate([x[:100], *copies]), np.concatenate([labels[:100], *[test_labels] * 4])),
}
leak = {}
for name, (images, names) in sets.items():
    nearest = KNeighborsClassifier(1).fit(model.encode(images), names)
    leak[name] = nearest.score(model.encode(x_test), test_labels)
    print(f"{name:16s} accuracy of the nearest neighbour {leak[name]:.3f}")

# %%
claim(
    "views of the test images among the labelled images raise the accuracy of the nearest neighbour by more than 0.05",
    above(leak["augmented first"] - leak["split first"], 0.05),
)

# %% [markdown]
# In the second row a test image is often named by one of its own views, which carries its label. Such an accuracy says
# little about new images. (Having 4,100 labelled images instead of 100 may explain part of the gain.) Split first,
# augment afterwards.

# %% [markdown] tags=["sitting"]
# **A good place to stop.** The second half starts from hidden patches, and needs only the setup cell at the top.

# %% [markdown]
# ## 6. What can be learned from hidden patches?
# Cut an image into patches, hide many of them, and predict their pixels from the others. In a **[masked
# autoencoder](glossary:masked-autoencoder)** (He et al. 2022) the encoder never sees the hidden patches, and the
# decoder fills them in. Theirs is a [transformer](glossary:transformer), which needs many images; ours has the small
# convolutions of section 1 and a code of 64 numbers. Hidden patches are set to 0, like the background of the digits, so
# our network is not told what is hidden.
#
# The loss counts hidden pixels only. With $M$ the set of hidden pixels of a batch,
#
# $$L = \frac{1}{|M|} \sum_{j \in M} (x_j - \hat x_j)^2$$
#
# **Exercise 10.4.** Write this loss for a mask that has one entry per *patch*. Patches need not be square.


# %% tags=["exercise-10.4"]
{{exercise("10.4")}}


# %% tags=["check-10.4"]
masked_loss = check("10.4", masked_loss)
grade("10.4")

# %% [markdown]
# The playground trains on larger images. The rival in its last row interpolates between the neighbours. **Which kind of
# mask is harder, random patches or one block? Is the model ever better than interpolation?**

# %%
play.masked_patches()

# %% [markdown]
# *What to see: a block is harder than as many scattered patches, because the neighbours of most of its patches are
# hidden as well. The model passes interpolation only after some training.*
#
# Has a model that fills in patches learned anything about digits? We train with 60 % hidden patches of 2 × 2 pixels.
# Then a judge, [logistic regression](glossary:logistic-regression) on the pixels of whole images, reads new images
# whose hidden patches are left black, or filled in by the model.

# %%
filler = learn(MaskedAutoencoder((1, 14, 14), 2, 64, (16, 32), share=0.6), epochs=20)
judge = LogisticRegression(max_iter=500).fit(flat(x), labels)
print(f"the judge reads {judge.score(flat(x_test), test_labels):.0%} of the whole images right")

# %%
predict(
    "10.hidden",
    "60 % of the patches are hidden. The judge reads 44 of 100 digits if they stay black. How many when they are filled in?",
    unit="of 100",
    low=0,
    high=100,
)

# %%
shares, read, rows = (0.3, 0.6, 0.8), {"left black": [], "filled in": []}, {"image": x_test[:10]}
for share in shares:
    mask = filler.mask(len(x_test), torch.Generator().manual_seed(0), share=share)
    black = np.where(filler.pixel_mask(mask), 0, x_test).astype(np.float32)
    filled = filler.fill_in(x_test, mask)
    for name, images in (("left black", black), ("filled in", filled)):
        read[name].append(judge.score(flat(images), test_labels))
    rows |= {f"{share:.0%} hidden": black[:10], f"{share:.0%} filled in": filled[:10]}
    print(f"{share:.0%} hidden: the judge reads {read['left black'][-1]:.0%} with black patches", end="")
    print(f", {read['filled in'][-1]:.0%} filled in")
draw_rows(rows)

# %%
outcome(
    "10.hidden",
    100 * read["filled in"][1],
    because="The strokes that remain suggest where the hidden ones run.",
)
claim(
    "with 60 % hidden, filling in raises what the judge reads right by more than 15 points",
    above(100 * (read["filled in"][1] - read["left black"][1]), 15),
)

# %% [markdown]
# **What it shows.** The model fills in strokes well enough for the judge to read more digits, and nobody had to say
# what does not matter. This experiment does not say how much interpolation would gain.
#
# The share to hide depends on the data. He et al. hide 75 % of a photograph, because neighbours nearly determine a
# patch. BERT (Devlin et al. 2019) hides 15 % of a text; words are harder to guess.

# %% [markdown]
# ## 7. Which representation for which use?
# Two tasks have trained the same architecture on the same images, for 12 epochs (pairs of views) and 20 (hidden
# patches). From each code a linear model learns to name the digit with ten labels per class, to tell by what angle an
# image was rotated, and to rebuild the image. For angle and pixels we give the share of the variance explained. The
# contrastive encoder is read before its head, $h$ with 64 numbers, and after it, $z$ with 128. The rival is the oldest
# code, 64 principal components.

# %%
predict(
    "10.use",
    "Which code will be best at naming digits, and which at rebuilding images?",
    options=[
        "contrastive at both",
        "contrastive at naming, principal components at rebuilding",
        "masked at naming, principal components at rebuilding",
        "masked at both",
    ],
)

# %%
pairwise, directions = contrastive(mild), PCA(64).fit(flat(x))
codes = {
    "64 principal components": lambda images: directions.encode(flat(images)),
    "untrained": Contrastive((1, 14, 14), 64, (16, 32)).encode,
    "masked": filler.encode,
    "contrastive, h": pairwise.encode,
    "contrastive, z": pairwise.project,
}


def rotated(images, seed):
    """Each image rotated by its own angle, and the angles in degrees."""
    angle = np.random.default_rng(seed).uniform(-45, 45, len(images))
    return np.stack([rotate(image[0], degrees, order=1)[None] for image, degrees in zip(images, angle)]), angle


def explained(encode, images, target, test_images, test_target):
    """Share of the variance of a target that ridge regression on the codes explains on the test images."""
    reader = make_pipeline(StandardScaler(), Ridge(10.0))
    return reader.fit(encode(images), target).score(encode(test_images), test_target)


turned, angles = rotated(x, 0)
turned_test, test_angles = rotated(x_test, 1)
use = {}
for name, encode in codes.items():
    turn = explained(encode, turned, angles, turned_test, test_angles)
    seen_pixels = flat(x).std(axis=0) > 0.05
    rebuilt = explained(encode, x, flat(x)[:, seen_pixels], x_test, flat(x_test)[:, seen_pixels])
    use[name] = probe(encode), turn, rebuilt
    print(f"{name:24s} digit {use[name][0]:.2f}, angle {turn:.2f}, pixels {rebuilt:.2f}")

# %%
best = [max(use, key=lambda name: use[name][column]) for column in (0, 2)]
family = ["masked" if name == "masked" else "components" if "components" in name else "contrastive" for name in best]
outcome(
    "10.use",
    {
        ("contrastive", "contrastive"): "contrastive at both",
        ("contrastive", "components"): "contrastive at naming, principal components at rebuilding",
        ("masked", "components"): "masked at naming, principal components at rebuilding",
    }.get(tuple(family), "masked at both"),
    because="The contrastive task rewards what two views share, and the class is part of it. Principal components are "
    "made for rebuilding: no linear code of their size has a smaller squared error on the training images.",
)
claim(
    "the contrastive h names digits better than the masked code and than principal components, by more than 0.04; principal "
    "components rebuild better than both by more than 0.05",
    above(use["contrastive, h"][0] - max(use["masked"][0], use["64 principal components"][0]), 0.04),
    above(use["64 principal components"][2] - max(use["contrastive, h"][2], use["masked"][2]), 0.05),
)
claim(
    "h explains more of the variance of the angle than z",
    above(use["contrastive, h"][1], use["contrastive, z"][1]),
)

# %% [markdown]
# **What it shows.** No code is best for everything. The contrastive $h$ is better for names, the principal components
# for rebuilding, and the masked encoder is best at neither here. Although $z$ has twice as many numbers as $h$, it
# explains less of the angle, probably because the loss rewards $z$ for ignoring angles up to 15 degrees. With far more
# images, He et al. report, a masked encoder is better when fine-tuned with labels, although its linear probe is worse.
# If you do not know the use yet, keep $h$ and the images.

# %% [markdown]
# ## 8. Who else can make views?
# A letter can be drawn in many *faces*, the designs of a font family. We show one example of each of 97 letters, in
# the face "sans", and ask for the names of the same letters in five other faces. The nearest example by the cosine of
# the codes decides. The encoder learns from 387 *other* letters without their names.

# %%
letters = data.letters(min_faces=6)
seen, unseen = letters.split((0.8, 0.2), seed=0, by="letter")
drawn, new = halved(seen.images), halved(unseen.images)
faces = list(dict.fromkeys(letters.extras["face"]))
example = unseen.extras["face"] == "sans"
draw_rows({face: new[unseen.extras["face"] == face] for face in faces}, columns=14)


def recognized(encode):
    """Share of letters in other faces whose nearest example is the same letter."""
    z = functional.normalize(torch.tensor(encode(new)), dim=1).numpy()
    nearest = (z[~example] @ z[example].T).argmax(axis=1)
    return (unseen.labels[example][nearest] == unseen.labels[~example]).mean()


print(f"pixels: {recognized(flat):.2f}")

# %% [markdown]
# Five augmentations are on offer: "stretch each axis", "blur the strokes" (wider and softer), "slant", "rotate by any
# angle", and "cut out a part" (up to 60 % of each side is removed, and the rest is enlarged).
#
# **Exercise 10.5.** Choose those that help here. Look at the picture, and ask two questions of each: do the faces
# differ in this way, and does the letter stay the same letter?


# %% tags=["exercise-10.5"]
{{exercise("10.5")}}


# %% tags=["check-10.5"]
choose_augmentations = check("10.5", choose_augmentations)
grade("10.5")

# %%
offer = {
    "stretch each axis": {"scale": 0.3},
    "blur the strokes": {"blur": 1.0},
    "slant": {"shear": 15},
    "rotate by any angle": {"rotation": 180},
    "cut out a part": {"crop": 0.6},
}
chosen = choose_augmentations(list(offer))


def letter_encoder(names, images=drawn, epochs=10):
    augment = Augment(**{key: value for name in names for key, value in offer[name].items()})
    return learn(Contrastive((1, 14, 14), 64, (16, 32), augment=augment), images, epochs).encode


by_choice = {"yours": recognized(letter_encoder(chosen))}
for name in ("slant", "rotate by any angle", "cut out a part"):
    by_choice[f"yours, and {name}"] = recognized(letter_encoder([*chosen, name]))
for name, share in by_choice.items():
    print(f"{name:31s} {share:.2f}")

# %% [markdown]
# The faces are views as well: type designers have drawn the same letter six times. We now take two faces of a letter as
# its two views, without augmentation. This requires knowing which images show the same letter, but only for letters
# outside the test. **Will it be better than your choice?**

# %%
predict(
    "10.faces",
    "One example of each new letter: what share of the letters in other faces is recognized, after learning from pairs of "
    "faces?",
    unit="of 100",
    low=0,
    high=100,
)

# %%
by_choice["pairs of faces"] = recognized(letter_encoder([], halved(data.pairs(seen)), epochs=5))

# %%
outcome(
    "10.faces",
    100 * by_choice["pairs of faces"],
    because="Two faces of one letter differ in the ways in which the same faces of a new letter differ.",
)
claim(
    "adding rotations by any angle to the chosen augmentations costs more than 0.05 of the new letters",
    above(by_choice["yours"] - by_choice["yours, and rotate by any angle"], 0.05),
)
claim(
    "pairs of faces recognize more than 0.85 of the new letters",
    above(by_choice["pairs of faces"], 0.85),
)

# %% [markdown]
# **What it shows.** The two questions of exercise 10.5 apply to every choice of views. Slants are right for
# handwriting, but these faces do not lean. Good views often exist already, such as two photographs of one place. The
# test had new letters but no new face, so it does not say what a new face would do.

# %% [markdown]
# ## When it fails
# ### Too strong, and too weak
# We multiply the amounts of the mild augmentation by a factor: 0 makes both views equal, 3.5 rotates an image by up
# to 52 degrees. **Where does the best factor lie, and what happens at both ends?**

# %%
strengths = (0, 1, 2, 3.5)
stronger = [Augment(rotation=15 * s, shift=0.1 * s, scale=0.2 * s, shear=15 * s) for s in strengths]
at_strength = [probe(contrastive(augment).encode) for augment in stronger]
without_training = probe(Contrastive((1, 14, 14), 64, (16, 32)).encode)
figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
axes.plot(strengths, at_strength, "o-", color=plots.COLOURS[0], label="trained")
axes.axhline(without_training, color=plots.COLOURS[1], linestyle="--", label="untrained")
axes.set(title="Probe after training", xlabel="strength of the augmentation", ylabel="accuracy")
axes.legend(frameon=False)
plt.show()

# %%
claim(
    "the probe after training with strength 1 is above that with strength 2, and more than 0.08 above strengths 0 and 3.5",
    above(at_strength[1], at_strength[2]),
    above(at_strength[1] - max(at_strength[0], at_strength[3]), 0.08),
)

# %% [markdown]
# **Diagnosis.** At both ends the probe falls back towards the untrained network. Equal views can be matched by any
# detail, and no longer overlap with views of other images; this run does not say which of the two matters. Very strong
# augmentations leave too little in common. **Fix.** Look at views before you train: can *you* tell what they show? Then
# compare a few strengths by a probe on labelled images set aside for the choice.
#
# ### A shortcut
# Suppose a scanner marks every image with six grey pixels at its upper border, different in each image and the same
# in both of its views. We learn from marked images twice: as they are, and with the border erased in each view.
# **Which views make the task easier, and which give the better code?**


# %%
def marked(images, seed):
    """Images with six pixels of random brightness in their first row."""
    images = images.copy()
    images[:, 0, 0, 1:13:2] = np.random.default_rng(seed).random((len(images), 6))
    return images


def mark_kept(images, generator):
    moved = mild(images, generator)
    moved[:, :, 0] = images[:, :, 0]
    return moved


def mark_erased(images, generator):
    moved = mild(images, generator)
    moved[:, :, 0] = 0
    return moved


scanned, scanned_test, shortcut = marked(x, 1), marked(x_test, 2), {}
for name, augment in {"mark kept": mark_kept, "mark erased": mark_erased}.items():
    each = contrastive(augment, images=scanned)
    with torch.no_grad():
        found = each.loss(torch.tensor(scanned_test[:256]), torch.Generator().manual_seed(0))["accuracy"].item()
    named = metrics.linear_probe(each.encode(scanned), labels, each.encode(scanned_test), test_labels)
    shortcut[name] = found, named
    print(f"{name:12s} finds the partner of {found:.0%} of new views, probe {named:.2f}")

# %%
claim(
    "with the mark the task is solved for more than two thirds of new views, and the probe is lower than with the mark "
    "erased",
    above(shortcut["mark kept"][0], 2 / 3),
    above(shortcut["mark erased"][1], shortcut["mark kept"][1]),
)

# %% [markdown]
# **Diagnosis.** The mark alone identifies the partner, so the network has little reason to look at the strokes.
# **Test.** Hide what you suspect and measure how well the task is solved: a sharp drop shows what it relied on.
# **Fix.** Let the augmentation change or erase whatever both views share and you do not need. Crops of one photograph
# have similar colour histograms, a reason for changing colours (Chen et al. 2020, section 3.1).

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "10.check_yourself",
    [
        Question(
            "A batch holds two images of the digit 7. What does NT-Xent do with their views?",
            [
                ("it attracts all four", False, "It does not know that both show a 7: there are no labels."),
                (
                    "it attracts the two views of each image, and repels views of different images",
                    True,
                    "Yes. Sevens may end up together nevertheless, because their views overlap.",
                ),
                ("it leaves them out", False, "All other views of the batch are candidates."),
            ],
        ),
        Question(
            "The loss of a run without negatives falls to 0 within a minute. What do you look at first?",
            [
                ("the learning rate", False, "Perhaps later. A loss of 0 has a simpler explanation."),
                (
                    "the standard deviation of the embeddings",
                    True,
                    "Yes: if it is 0, all images have the same embedding.",
                ),
                ("the accuracy on the training images", False, "It will be poor, but it does not say why."),
            ],
        ),
        Question(
            "Every dimension of the embeddings has a standard deviation of 1, and their effective rank is 2 of 64. What "
            "is missing?",
            [
                ("the variance term", False, "It is satisfied: every dimension varies."),
                ("the covariance term", True, "Yes: the dimensions repeat one another, which it penalizes."),
                ("a stronger augmentation", False, "It would not separate the dimensions."),
            ],
        ),
        Question(
            "You want to sort photographs of leaves by species and by colour. An encoder was trained with changes of "
            "colour among its augmentations. What do you expect?",
            [
                ("both will work", False, "The loss was told that colour does not matter."),
                (
                    "colour may be lost, most of all in z",
                    True,
                    "Yes. What the augmentation changes, the embedding ignores; h holds some of it.",
                ),
                ("species will be lost", False, "Changing the colour leaves the form."),
            ],
        ),
        Question(
            "A masked autoencoder counts the error of all patches, the visible ones too. What follows?",
            [
                ("it learns better, from more pixels", False, "The visible pixels are in its input."),
                (
                    "part of the loss rewards copying",
                    True,
                    "Yes: copying the visible patches lowers the loss and teaches nothing about the hidden ones.",
                ),
                ("the loss no longer falls", False, "It falls faster, because copying is easy."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Self-supervision makes labels from the data: which views belong together, which pixels were hidden.
# - NT-Xent is a classification among the views of a batch. A small temperature concentrates the repulsion on the
#   nearest negatives.
# - An augmentation says what does not matter. The embedding z learns to ignore it, the representation h keeps more of
#   it.
# - Attraction alone collapses. Negatives, VICReg's terms and stopped gradients prevent it; watch spread and effective
#   rank.
# - A masked autoencoder needs no augmentation; its codes named digits less well than contrastive ones here.
# - Report a probe with its number of labels, beside pixels and the untrained network.
#
# The comparison table gets a row for contrastive learning, trained on the 8 × 8 training digits alone. **Compare it
# with the raw pixels, which are 64 numbers as well.** Its augmentations are knowledge that the other methods lacked.

# %%
digits_train, digits_test = data.digits().split(seed=0)
rows = []
for seed in range(2):
    each = Contrastive((1, 8, 8), 64, (16, 32), augment=mild, seed=seed)
    begin = time.perf_counter()
    learn(each, digits_train.x, epochs=25, seed=seed)
    spent = time.perf_counter() - begin
    rows.append(
        comparison_row("contrastive learning", 64, digits_train, digits_test, encode=each.encode, seconds=spent)
    )
comparison(rows)

# %% [markdown]
# ## Where to read on
# - Ting Chen et al., *A simple framework for contrastive learning of visual representations*, ICML 2020. SimCLR;
#   section 3 compares augmentations, section 4.2 the head.
# - Tongzhou Wang and Phillip Isola, *Understanding contrastive representation learning through alignment and
#   uniformity on the hypersphere*, ICML 2020.
# - Jeff HaoChen et al., *Provable guarantees for self-supervised deep learning with spectral contrastive loss*,
#   NeurIPS 2021. Why overlapping views hold a class together.
# - Adrien Bardes et al., *VICReg: variance-invariance-covariance regularization for self-supervised learning*, ICLR
#   2022.
# - Jean-Bastien Grill et al., *Bootstrap your own latent* (BYOL), NeurIPS 2020, and Xinlei Chen and Kaiming He,
#   *Exploring simple Siamese representation learning* (SimSiam), CVPR 2021.
# - Quentin Garrido et al., *RankMe: assessing the downstream performance of pretrained self-supervised
#   representations by their rank*, ICML 2023. The effective rank as a test without labels.
# - Kaiming He et al., *Masked autoencoders are scalable vision learners*, CVPR 2022.
# - Randall Balestriero et al., *A cookbook of self-supervised learning*, 2023.
