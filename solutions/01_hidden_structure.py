# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 01 · Hidden structure
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 00, NumPy arrays (`x.mean(axis=0)`, `x[:, None, :]`), and an idea of what multiplying by a matrix
# does.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - compute principal components yourself, and say how much of the data they keep;
# - encode samples into a few numbers, decode them again, and measure what was lost;
# - cluster data with k-means and with a Gaussian mixture, and choose between the two;
# - choose a number of clusters, and judge clusters by labels that were hidden;
# - name the errors that a deep model has to beat.

# %% [markdown]
# ## 1. What can be learned without labels?
# In supervised learning every example comes with a label, such as "this is a 7", and the model learns to predict it.
# [Unsupervised learning](glossary:unsupervised-learning) asks what can be learned from examples without labels.
#
# Our examples are handwritten digits. Each image is a [sample](glossary:sample), and each of its 8 × 8 pixels is a
# [feature](glossary:feature). One image is a row of 64 numbers, from 0 (dark) to 1 (bright), in the table `x`. We put
# the labels aside until section 3.

# %%
import matplotlib.pyplot as plt
import numpy as np

from udl_teach import data, metrics, play, plots

digits = data.digits()
x = digits.x

figure, axes = plt.subplots(figsize=(8, 2.6), layout="constrained")
plots.draw_images(axes, digits.images[:60], columns=20)
axes.set_title("Sixty of the 1,797 digits")
axes.set_xlabel("each tile is one sample of 8 x 8 pixels")
plt.show()

# %% [markdown]
# Do these 64 numbers tell us 64 different things? If one pixel can be predicted from another, one of the two is
# redundant. The [correlation](glossary:correlation) measures how well a straight line predicts one number from another:
# it is 1 or −1 for a perfect line and 0 if a line predicts nothing. **Which other pixel does the third pixel of the top
# row predict best?**

# %%
predict(
    "01.pixels",
    "Which of these pixels has the highest correlation with the third pixel of the top row?",
    options=["its neighbour to the right", "its neighbour below", "the third pixel of the bottom row"],
)

# %%
others = {"its neighbour to the right": 3, "its neighbour below": 10, "the third pixel of the bottom row": 58}
jittered = x + np.random.default_rng(0).normal(0, 0.015, x.shape)  # pixels take only 17 values
figure, panels = plt.subplots(1, 3, figsize=(9, 3.1), sharex=True, sharey=True, layout="constrained")
correlations = {}
for axes, (name, pixel) in zip(panels, others.items()):
    correlations[name] = np.corrcoef(x[:, 2], x[:, pixel])[0, 1]
    plots.draw_points(axes, jittered[:, [2, pixel]], size=6)
    axes.set_title(f"{name}\ncorrelation {correlations[name]:.2f}", fontsize=10)
    axes.set_xlabel("third pixel of the top row")
panels[0].set_ylabel("the other pixel")
plt.show()

# %%
outcome(
    "01.pixels",
    max(correlations, key=correlations.get),
    because="The two pixels are at opposite ends of the image, and yet one predicts the other, even among images of the "
    "same digit.",
)

# %% [markdown]
# *What to see: each dot is one image. In the right panel the dots gather along a line.*
#
# If features predict one another, a shorter description must exist. The next section finds the best linear one.

# %% [markdown]
# ## 2. In which directions do the data vary?
# Think of every image as a point in a space of 64 dimensions, one for each pixel. All images form a cloud. If two
# pixels have a high positive correlation, the cloud is long in the direction in which both grow, and thin across it.
#
# [Principal component analysis](glossary:PCA) (PCA) finds the direction along which the [variance](glossary:variance)
# of the data, the mean squared distance from the mean, is largest, then the direction of largest variance at a right
# angle to the first, and so on. Both these directions and a sample's coordinates along them are called **principal
# components**.
#
# Why is large variance worth keeping? Take a sample $x$, the mean $\bar x$ and a direction $v$ of length 1. The number
# $z = v^\top (x - \bar x)$ says how far $x$ lies from the mean along $v$. From $z$ alone we rebuild $x$ as
# $\hat x = \bar x + z\,v$. The error $x - \hat x$ is at a right angle to $v$, so Pythagoras' theorem holds:
#
# $$\lVert x - \bar x \rVert^2 = z^2 + \lVert x - \hat x \rVert^2$$
#
# Averaged over all samples, this says: the total variance, which does not depend on $v$, is the variance along $v$ plus
# the squared error. **The direction of largest variance is therefore the direction of smallest squared error**, and the
# same holds for several directions at right angles.
#
# A [singular value decomposition](glossary:SVD) of the centred table (the table minus the mean of every feature) gives
# all directions at once:
#
# $$X - \bar x = U\,S\,V^\top$$
#
# The rows of $V^\top$ are the directions, each of length 1. With the singular values $s_1 \ge s_2 \ge \dots$ on the
# diagonal of $S$, the variance of $n$ samples along direction $i$ is $s_i^2 / (n - 1)$.
# `np.linalg.svd(table, full_matrices=False)` returns `U`, the singular values and $V^\top$ (already transposed), in
# this order.
#
# **Exercise 01.1.** Return the first `n_components` directions, one per row. The opposite of a direction is equally
# good; the check accepts both. If you get stuck, call `hint("01.1")`.


# %% tags=["exercise-01.1"]
{{exercise("01.1")}}


# %% tags=["check-01.1"]
principal_directions = check("01.1", principal_directions)
grade("01.1")

# %% [markdown]
# How many directions are worth keeping? The **explained variance ratio** of a direction is its share of the total
# variance, $s_i^2 / \sum_j s_j^2$. The sum runs over *all* directions, kept or not.


# %%
def explained_variance_ratio(x):
    """The share of the total variance along each direction, largest first."""
    singular_values = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)
    return singular_values**2 / (singular_values**2).sum()


predict(
    "01.directions",
    "How many of the 64 directions does it take to keep 90 % of the variance of the digits?",
    unit="directions",
    low=1,
    high=64,
)

# %%
kept = np.cumsum(explained_variance_ratio(x))
needed = int((kept < 0.9).sum()) + 1

figure, (curve, wall) = plt.subplots(1, 2, figsize=(9, 3.3), layout="constrained")
curve.plot(np.arange(1, 65), 100 * kept, color=plots.COLOURS[0])
curve.plot(needed, 100 * kept[needed - 1], "o", color=plots.COLOURS[1], markersize=9)
curve.annotate(f"{needed} directions", (needed, 100 * kept[needed - 1]), (needed + 4, 78))
curve.set(title="Variance kept by the first directions", xlabel="directions", ylabel="variance kept (%)", ylim=(0, 103))
plots.draw_images(wall, principal_directions(x, 8).reshape(8, 8, 8), 4, low=-0.4, high=0.4)
wall.set_title("The first eight directions")
wall.set_xlabel("white adds light, black takes it away")
plt.show()

# %%
outcome("01.directions", needed, because="Pixels are correlated, so a few directions describe many of them.")
claim(
    "about twenty directions keep 90 % of the variance, forty keep more than 98 %",
    between(needed, 18, 24),
    above(kept[39], 0.98),
)

# %% [markdown]
# *What to see: each direction is itself an image. The first ones show broad strokes, later ones finer detail.*
#
# What does 90 % look like? The playground rebuilds images from their first few components. **How many components do
# *you* need to read all ten digits?** Does your number hold for another seed?

# %%
play.pca_components()

# %% [markdown]
# If your number is smaller than the number for 90 %, some of the variance does not matter for reading: the thickness of
# the strokes, for instance.

# %% [markdown]
# ## 3. How much do two numbers keep?
# To describe an image by $k$ numbers, measure how far it lies from the mean along each of the first $k$ directions.
# With the directions as columns of the matrix $V_k$,
#
# $$z = (x - \bar x)\,V_k .$$
#
# This short description is the [code](glossary:latent-code) of $x$. Decoding starts at the mean and moves along each
# direction as far as its number says. The result $\hat x$ (`x_hat`) is the [reconstruction](glossary:reconstruction).
#
# We compute the mean and the directions from the training images alone, and judge on [held-out](glossary:held-out-data)
# images, which were not used for learning.
#
# **Exercise 01.2.** Write both steps, and return the codes and the reconstructions. Here `directions` holds the
# directions as rows, shape $(k, \text{features})$.


# %% tags=["exercise-01.2"]
{{exercise("01.2")}}


# %% tags=["check-01.2"]
encode_decode = check("01.2", encode_decode)
grade("01.2")

# %% [markdown]
# Our measure is the squared error per pixel, averaged over all images. With zero directions every reconstruction is the
# mean image.

# %%
train, test = digits.split(seed=0)
mean = train.x.mean(axis=0)
directions = principal_directions(train.x, 64)

predict(
    "01.rebuild",
    "The mean image alone has a certain error. What share of it remains if every image has two numbers of its own?",
    unit="%",
    low=0,
    high=100,
)

# %%
codes, rebuilt = {}, {}
for k in (0, 2, 8, 21):
    codes[k], rebuilt[k] = encode_decode(test.x, mean, directions[:k])
errors = {k: metrics.mean_squared_error(test.x, rebuilt[k]) for k in rebuilt}
shown = np.array([np.flatnonzero(test.labels == number)[0] for number in range(10)])
rows = [test.x[shown]] + [rebuilt[k][shown] for k in (2, 8, 21)]

figure, axes = plt.subplots(figsize=(7.5, 3.3), layout="constrained")
plots.draw_images(axes, np.concatenate(rows).reshape(-1, 8, 8), columns=10)
axes.set_yticks([5, 14, 23, 32], ["real", "2 numbers", "8 numbers", "21 numbers"])
axes.tick_params(length=0)
axes.set_title("Held-out digits, real and rebuilt")
axes.set_xlabel("one image of each digit")
plt.show()

# %%
outcome(
    "01.rebuild",
    100 * errors[2] / errors[0],
    because="Two directions hold little more than a quarter of the variance; by Pythagoras, the rest is error.",
)
claim(
    "the squared error per pixel is about 0.053 with 2 numbers and 0.025 with 8, a third of the mean image's",
    between(errors[2], 0.050, 0.056),
    between(errors[8], 0.023, 0.027),
    between(errors[8] / errors[0], 0.28, 0.38),
)
claim(
    "Pythagoras' theorem holds for every held-out image: squared code plus squared error is squared distance to the mean",
    np.allclose(
        (codes[8] ** 2).sum(axis=1) + ((test.x - rebuilt[8]) ** 2).sum(axis=1), ((test.x - mean) ** 2).sum(axis=1)
    ),
)

# %% [markdown]
# *What to see: two numbers mostly give a blur, 21 nearly the real images.* But two numbers can be drawn as a map. To
# colour it, we now use the labels, which PCA has never seen. **Are images of the same digit neighbours?**

# %%
figure, axes = plt.subplots(figsize=(7, 5), layout="constrained")
plots.draw_points(axes, codes[2], test.labels, names=digits.label_names, size=22, legend=True)
box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": "#222222", "alpha": 0.85}
for number in range(10):
    middle = codes[2][test.labels == number].mean(axis=0)
    axes.annotate(str(number), middle, ha="center", va="center", fontsize=13, bbox=box)
axes.set(title="Held-out digits by their first two components", xlabel="first component", ylabel="second component")
plt.show()

# %% [markdown]
# *What to see: each circled number marks the mean position of that digit. Some digits (0, 4, 6) have a region of their
# own; others (2, 5, 8) overlap.*

# %% [markdown]
# ## 4. What does the first direction of a table show?
# All pixels share one scale; the columns of most tables do not. Our example holds 13 chemical measurements of 178
# Italian wines from three grape varieties.

# %%
from sklearn.datasets import load_wine

wine = load_wine()
print(", ".join(wine.feature_names))
predict(
    "01.wine",
    "What share of the variance of the 13 columns does the first direction hold?",
    unit="%",
    low=8,
    high=100,
)

# %%
rescaled = wine.data.copy()
rescaled[:, wine.feature_names.index("proline")] /= 1000
standardized = (wine.data - wine.data.mean(axis=0)) / wine.data.std(axis=0)
tables = {"as given": wine.data, "proline / 1000": rescaled, "standardized": standardized}

figure, panels = plt.subplots(1, 3, figsize=(10, 3.3), layout="constrained")
shares, largest_entry = {}, {}
for axes, (name, table) in zip(panels, tables.items()):
    first = principal_directions(table, 1)[0]
    shares[name] = explained_variance_ratio(table)[0]
    largest_entry[name] = wine.feature_names[np.abs(first).argmax()]
    z, _ = encode_decode(table, table.mean(axis=0), principal_directions(table, 2))
    plots.draw_points(axes, z, wine.target, names=["variety 1", "variety 2", "variety 3"], size=18)
    axes.set(title=f"{name}: {100 * shares[name]:.1f} %", xlabel="first component")
    axes.set_aspect("equal", adjustable="datalim")
panels[0].set_ylabel("second component")
panels[2].legend(fontsize=8, frameon=False)
plt.show()
print("largest entry of the first direction:", largest_entry)

# %%
outcome(
    "01.wine",
    100 * shares["as given"],
    because="The first direction is one column, proline, almost alone. Its values run from 278 to 1,680, and variance "
    "depends on the scale.",
)
claim(
    "one column holds nearly all of the variance; if it is divided by 1,000, another column takes its place",
    above(shares["as given"], 0.99),
    largest_entry["as given"] == "proline" and largest_entry["proline / 1000"] != "proline",
    below(shares["standardized"], 0.5),
)

# %% [markdown]
# *What to see: the titles give the share of the first direction. As given, the wines lie along one line, almost the
# proline axis. If proline is divided by 1,000, magnesium takes over. After standardizing, the three varieties form
# three clouds.*
#
# **Diagnosis.** PCA has found the column with the largest spread. A change of unit changes the answer, although the
# wines remain the same. **Fix:** [standardize](glossary:standardize) the table: subtract the mean of every column and
# divide by its standard deviation. This is not always right: pixels share one unit, and those at the edge, nearly
# always dark, *should* count little.

# %% [markdown] tags=["sitting"]
# **End of the first sitting.** The second half sorts samples into groups. It needs only the setup cell at the top, so
# you can close the notebook here.

# %%
import matplotlib.pyplot as plt
import numpy as np

from udl_teach import data, metrics, play, plots
from udl_teach.models import PCA, KMeans

digits = data.digits()
x = digits.x
ring = data.ring(400, seed=0)

# %% [markdown]
# ## 5. Can data sort themselves into groups?
# PCA gives every sample a position. **Clustering** gives it a group. The best-known method,
# [k-means](glossary:k-means), represents each of $K$ groups, or clusters, by one point, its centre or centroid $\mu_k$
# (a row of `centres`). With $c(i)$ for the cluster of sample $i$, it makes the mean squared distance between samples
# and their centres small:
#
# $$\text{inertia} = \frac{1}{n}\sum_{i=1}^{n} \lVert x_i - \mu_{c(i)} \rVert^2$$
#
# Many libraries report the sum as [inertia](glossary:inertia); we divide it by $n$.
#
# **Lloyd's algorithm** repeats two steps. *Assign*: every sample chooses its nearest centre. *Update*: every centre
# moves to the mean of the samples that chose it.
#
# $$c(i) = \arg\min_k \lVert x_i - \mu_k \rVert^2 \qquad\qquad \mu_k = \frac{1}{|C_k|} \sum_{i \in C_k} x_i\,, \quad C_k = \{\, i : c(i) = k \,\}$$
#
# Neither step can raise the inertia, and there are only finitely many assignments, so the algorithm must stop (if ties
# are broken by a fixed rule).
#
# **Exercise 01.3.** Assign. NumPy can pair every sample with every centre: `x[:, None, :] - centres[None, :, :]` has
# shape (samples, centres, features).


# %% tags=["exercise-01.3"]
{{exercise("01.3")}}


# %% tags=["check-01.3"]
assign = check("01.3", assign)
grade("01.3")

# %% [markdown]
# **Exercise 01.4.** Update. Return a new array and leave `centres` unchanged. A centre that no sample chose has no
# mean: let it stay where it is.


# %% tags=["exercise-01.4"]
{{exercise("01.4")}}


# %% tags=["check-01.4"]
update = check("01.4", update)
grade("01.4")

# %% [markdown]
# Your two steps are the whole algorithm. We try it on eight clear groups of points on a ring.


# %%
def lloyd(x, centres):
    """Assign and update until the centres stop; returns centres, clusters, and the inertia after every assignment."""
    inertia = []
    for _ in range(300):
        clusters = assign(x, centres)
        inertia.append(((x - centres[clusters]) ** 2).sum(axis=1).mean())
        moved = update(x, clusters, centres)
        if np.allclose(moved, centres):
            break
        centres = moved
    return centres, clusters, inertia


def run_from(x, n_clusters, init, seed):
    """One run of Lloyd's algorithm; the library's KMeans only places the first centres."""
    placed = KMeans(n_clusters, init=init, seed=seed)
    placed.initialize(x)
    return lloyd(x, placed.centres.numpy())


predict(
    "01.starts",
    "Of 60 runs, each with eight points drawn at random as its first centres: how many find all eight groups?",
    unit="runs",
    low=0,
    high=60,
)


# %%
def finds_all_groups(clusters):
    """Whether each of the eight groups has exactly one centre."""
    # Then there are eight different pairs of cluster and group; every divided or shared group adds one.
    return len(set(zip(clusters, ring.labels))) == 8


runs = sorted((run_from(ring.x, 8, "random", seed) for seed in range(60)), key=lambda run: run[2][-1])
found = sum(finds_all_groups(clusters) for _, clusters, _ in runs)

figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
for axes, name, (centres, clusters, inertia) in zip(panels, ("best", "worst"), (runs[0], runs[-1])):
    plots.draw_points(axes, ring.x, clusters, size=10)
    axes.scatter(*centres.T, c="black", marker="x", s=70, linewidths=2, zorder=3)
    axes.set(title=f"the {name} run: {inertia[-1]:.3f}", xlabel="horizontal", ylabel="vertical", aspect="equal")
for run in runs[::3]:
    panels[2].plot(np.arange(1, len(run[2]) + 1), run[2], marker=".", color=plots.COLOURS[0], alpha=0.6)
panels[2].set(title="inertia of 20 of the runs", xlabel="iteration", ylabel="mean squared distance")
plt.show()

# %%
outcome(
    "01.starts",
    found,
    because="Two centres that start in one group usually share it, and another centre has to cover two groups. Neither "
    "step can undo this.",
)
claim("the inertia never rose in any run", all((np.diff(run[2]) <= 1e-9).all() for run in runs), runs=len(runs))

# %% [markdown]
# *What to see: crosses mark the centres. The inertia levels off at different heights.*
#
# A result that no step improves, although a better one exists, is a [local minimum](glossary:local-minimum). Press
# Play, and try seeds until you have seen one run succeed and one fail. **What would free the run that is stuck?**

# %%
play.kmeans_steps("ring", n_clusters=8, init="random")

# %% [markdown]
# One centre would have to jump to another group, and Lloyd's steps never jump. A better initialization helps.
# [k-means++](glossary:k-means++) draws the first centre at random, and each further centre with a probability
# proportional to its squared distance from the nearest centre so far. Choose it in the playground; **Keep** leaves the
# earlier run beside it.

# %%
found_far = sum(finds_all_groups(run_from(ring.x, 8, "k-means++", seed)[1]) for seed in range(60))

# %%
claim(
    "fewer than a third of the random starts find all eight groups; k-means++ finds them more than twice as often",
    below(found, 20),
    above(found_far, 2 * found),
)

# %% [markdown]
# The usual remedy is to keep the run with the smallest inertia of several from k-means++ (`n_init` in scikit-learn).
# Here are ten centres for the digits.

# %%
from sklearn.cluster import KMeans as ScikitKMeans

runs = [run_from(x, 10, "k-means++", seed) for seed in range(10)]
centres, clusters, inertia = min(runs, key=lambda run: run[2][-1])
scikit = ScikitKMeans(10, n_init=10, random_state=0).fit(x)
print(f"inertia per sample: {inertia[-1]:.3f} by ours, {scikit.inertia_ / len(x):.3f} by scikit-learn's")

# %% [markdown]
# ## 6. Are the clusters the digits?
# k-means has made ten clusters, and there are ten digits. Do they agree? Cluster labels are arbitrary: cluster 3 need
# not hold threes. So [purity](glossary:purity) counts, in every cluster $C_k$, the samples of its most frequent class:
#
# $$\text{purity} = \frac{1}{n} \sum_k \max_j \, |C_k \cap L_j|$$
#
# where $L_j$ holds the samples with label $j$. Purity is 1 if every cluster holds a single class. Two clusters can have
# the same majority class.
#
# **Exercise 01.5.** `np.bincount(numbers)` counts how often 0, 1, 2, ... occur. If no sample chose a centre, its number
# is missing from `clusters`.


# %% tags=["exercise-01.5"]
{{exercise("01.5")}}


# %% tags=["check-01.5"]
purity = check("01.5", purity)
grade("01.5")

# %%
predict(
    "01.purity",
    "What is the purity of the ten clusters? (Calling every image the same digit would give about 10 %.)",
    unit="%",
    low=10,
    high=100,
)

# %%
table = metrics.contingency(digits.labels, clusters)
order = table.argmax(axis=0).argsort(kind="stable")
figure, (top, bottom) = plt.subplots(2, 1, figsize=(7, 6), height_ratios=(1, 6), layout="constrained")
plots.draw_images(top, centres[order].reshape(-1, 8, 8), columns=10)
top.set_title("The ten centres, and the digits in their clusters")
bottom.imshow(table[:, order], cmap="Blues", aspect="auto")
for row, column in np.argwhere(table[:, order] > 0):
    count = table[row, order[column]]
    bottom.text(column, row, count, ha="center", va="center", color="white" if count > 90 else "black")
bottom.set(xticks=range(10), xticklabels="ABCDEFGHIJ", yticks=range(10), xlabel="cluster", ylabel="digit")
plt.show()
print(f"NMI {metrics.nmi(digits.labels, clusters):.2f}, ARI {metrics.ari(digits.labels, clusters):.2f}")

# %%
outcome(
    "01.purity",
    100 * purity(digits.labels, clusters),
    because="Images of the same digit are mostly close to one another. The table shows which digits share a cluster.",
)
claim(
    "ten clusters found without labels are at least 70 % pure, but the ten runs differ",
    above(purity(digits.labels, clusters), 0.7),
    above(np.std([purity(digits.labels, run[1]) for run in runs]), 0.005),
)

# %% [markdown]
# *What to see: above each column is the centre of that cluster. The table counts the images of each digit (row) in each
# cluster (column); a pure cluster has one dark cell.*
#
# Two more scores are printed below the figure. **NMI**, the normalized mutual information, measures how much the
# clusters tell us about the classes, from 0 to 1. **ARI**, the adjusted Rand index, counts the pairs of samples that
# both groupings put together or both keep apart, and corrects this count for chance: it is 1 if the groupings are the
# same and near 0 for random ones.
#
# k-means compares distances, so it depends on the scale of the columns as PCA does (section 4).

# %% [markdown]
# ## 7. What if the groups are not round?
# For k-means a group is everything nearest to one point. A [Gaussian mixture](glossary:Gaussian-mixture) assumes
# instead that each sample was drawn from one of $K$ Gaussian clouds (normal distributions). Cloud $k$ has a weight
# $\pi_k$ (the probability that a sample comes from it), a mean $\mu_k$ and a covariance matrix $\Sigma_k$, which
# describes how the cloud is stretched and turned. With $\mathcal N$ for the density of a Gaussian, the probability
# density of a sample is
#
# $$p(x) = \sum_{k=1}^{K} \pi_k \, \mathcal N(x \mid \mu_k, \Sigma_k) .$$
#
# The [responsibility](glossary:responsibility) of cloud $k$ for sample $i$ is the probability that the sample came from
# it, by Bayes' rule:
#
# $$r_{ik} = \frac{\pi_k \, \mathcal N(x_i \mid \mu_k, \Sigma_k)}{\sum_j \pi_j\,\mathcal N(x_i \mid \mu_j, \Sigma_j)}$$
#
# A mixture is fitted by expectation-maximization (EM), which looks like Lloyd's algorithm with soft assignments. The E
# step computes all responsibilities. The M step sets the weight of each cloud to its mean responsibility, and its mean
# and covariance to those of the samples, weighted by their responsibilities.
#
# **k-means is a limit of EM.** Give all clouds the same weight and the same round covariance $\sigma^2 I$ ($I$ is the
# identity matrix), and keep these fixed. Then $r_{ik}$ is proportional to
# $\exp(-\lVert x_i - \mu_k \rVert^2 / 2\sigma^2)$. What happens to these probabilities if $\sigma$ shrinks?

# %%
from scipy.special import softmax

squared = ((ring.x[:, None, :] - ring.x[None, :8, :]) ** 2).sum(axis=2)  # to eight of the points, taken as centres
for sigma in (1.0, 0.3, 0.1, 0.03, 0.01):
    largest = softmax(-squared / (2 * sigma**2), axis=1).max(axis=1)
    print(f"sigma {sigma:4.2f}: the largest responsibility is {largest.mean():.3f} on average")

# %% [markdown]
# The nearest centre takes all: in the limit the E step becomes *Assign* and the M step *Update*. That explains the
# groups that k-means prefers: round ones, of equal width and weight.
#
# Now take three stripes, long and thin, side by side.

# %%
from sklearn.mixture import GaussianMixture


def stripes(seed):
    """Three stretched clouds of 200 points one above the other, and the cloud of each point."""
    rng = np.random.default_rng(seed)
    turn = np.array([[0.8, 0.6], [-0.6, 0.8]])
    labels = np.repeat([0, 1, 2], 200)
    points = rng.normal(size=(600, 2)) * [2.0, 0.3] @ turn
    points[:, 1] += 2 * labels
    return points, labels


predict("01.stripes", "Which method finds the three stripes?", options=["k-means", "the Gaussian mixture", "both"])

# %%
from matplotlib.patches import Ellipse


def draw_clouds(axes, mixture):
    """The ellipses of a mixture in the plane, at one and two standard deviations."""
    for mean, covariance in zip(mixture.means_, mixture.covariances_):
        variances, directions = np.linalg.eigh(covariance)
        angle = np.degrees(np.arctan2(directions[1, 0], directions[0, 0]))
        for deviations in (1, 2):
            width, height = 2 * deviations * np.sqrt(variances)
            axes.add_patch(Ellipse(mean, width, height, angle=angle, fill=False, edgecolor="#222222", linewidth=1.4))


scores = {"k-means": [], "mixture": []}
for seed in range(5):
    points, labels = stripes(seed)
    by_k_means = ScikitKMeans(3, n_init=10, random_state=0).fit_predict(points)
    mixture = GaussianMixture(3, n_init=5, random_state=0).fit(points)
    scores["k-means"].append(purity(labels, by_k_means))
    scores["mixture"].append(purity(labels, mixture.predict(points)))

figure, panels = plt.subplots(1, 2, figsize=(9, 3.9), sharey=True, layout="constrained")
for axes, name, groups in zip(panels, scores, (by_k_means, mixture.predict(points))):
    plots.draw_points(axes, points, groups, size=14)
    axes.set(title=f"{name}: purity {purity(labels, groups):.2f}", xlabel="horizontal", aspect="equal")
draw_clouds(panels[1], mixture)
panels[0].set_ylabel("vertical")
plt.show()

# %%
outcome(
    "01.stripes",
    "both"
    if min(scores["k-means"] + scores["mixture"]) > 0.9
    else "the Gaussian mixture"
    if min(scores["mixture"]) > min(scores["k-means"])
    else "k-means",
    because="The two ends of one stripe are farther apart than neighbouring stripes, and k-means compares only "
    "distances to a centre. The mixture also learns how each cloud is stretched.",
)
claim(
    "on five draws of the stripes the mixture is at least 95 % pure each time, k-means never more than 75 %",
    above(min(scores["mixture"]), 0.95),
    below(max(scores["k-means"]), 0.75),
)

# %% [markdown]
# *What to see: k-means cuts across the stripes. The mixture gives each stripe an ellipse, drawn at one and two standard
# deviations.*
#
# Real groups overlap, as in Fisher's irises (1936): 150 flowers of three species. We fit a mixture to two of their four
# measurements, the length and width of a petal. **Where is it unsure?**

# %%
from sklearn.datasets import load_iris

iris = load_iris()
petals = iris.data[:, 2:]
mixture = GaussianMixture(3, n_init=5, random_state=0).fit(petals)
doubt = 1 - mixture.predict_proba(petals).max(axis=1)

figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
for number, name in enumerate(iris.target_names):
    points, doubts = petals[iris.target == number], doubt[iris.target == number]
    look = {"color": plots.COLOURS[number], "marker": plots.MARKERS[number], "alpha": 0.7}
    axes.scatter(*points.T, s=14 + 400 * doubts, **look)
    axes.scatter([], [], s=30, label=name, **look)
draw_clouds(axes, mixture)
axes.legend(frameon=False, loc="upper left")
axes.set(title="Irises: species and uncertainty", xlabel="petal length (cm)", ylabel="petal width (cm)")
plt.show()

# %% [markdown]
# *What to see: the larger the mark, the less sure the mixture is. The uncertain flowers lie where the two upper clouds
# overlap.*
#
# Does a mixture also help with the digits? In 64 dimensions each covariance matrix has 2,080 free numbers, far too many
# for about 180 images per cluster; after PCA to 16 dimensions it has 136. (`reg_covar` keeps every cloud from shrinking
# onto a few points.)

# %%
pca = PCA(16).fit(x)
z = pca.encode(x).astype(float)
mixtures = [GaussianMixture(10, n_init=3, reg_covar=1e-3, random_state=seed).fit(z) for seed in range(5)]
by_mixture = [purity(digits.labels, mixture.predict(z)) for mixture in mixtures]
by_k_means = [purity(digits.labels, ScikitKMeans(10, n_init=10, random_state=seed).fit_predict(z)) for seed in range(5)]
print(f"mean purity of five seeds: k-means {np.mean(by_k_means):.2f}, mixture {np.mean(by_mixture):.2f}")

# %%
claim(
    "on the digits in 16 dimensions the mixture is purer than k-means, in the mean of five seeds",
    above(np.mean(by_mixture), np.mean(by_k_means) + 0.01),
)


# %% [markdown]
# ## 8. How many groups are there?
# So far we told every method how many groups to find. A mixture can help to choose the number. Its
# **[likelihood](glossary:likelihood)** is the density that it gives to all samples together. For independent samples
# the logarithm is a sum:
#
# $$\log L = \sum_{i=1}^{n} \log p(x_i)$$
#
# With more clouds a mixture can always reach a higher likelihood on the data it was fitted to. The Bayesian information
# criterion ([BIC](glossary:BIC)) therefore adds a penalty for every free parameter. With $P$ parameters and $n$
# samples,
#
# $$\text{BIC} = P \log n - 2 \log L\,,$$
#
# and the smallest BIC is best. The **silhouette** needs no density. For one sample, let $a$ be its mean distance to the
# other members of its cluster, and $b$ its mean distance to the members of the nearest other cluster. Its silhouette is
# $(b - a) / \max(a, b)$, from −1 (in the wrong cluster) to 1 (far from all others). The largest mean is best.
#
# **Exercise 01.6.** scikit-learn's `mixture.score(x)` is the *mean* log-likelihood per sample. Compute the BIC of
# several mixtures from these means, and choose a number of clouds. Count the free parameters yourself: which numbers
# does one cloud need, and which follow from others?


# %% tags=["exercise-01.6"]
{{exercise("01.6")}}


# %% tags=["check-01.6"]
choose_by_bic = check("01.6", choose_by_bic)
grade("01.6")

# %% [markdown]
# Back to the three stripes. We compute both scores for mixtures of one to eight clouds, the silhouette from their
# clusters.

# %%
predict(
    "01.count",
    "Which score chooses three clouds for the three stripes?",
    options=["BIC", "the silhouette", "both", "neither"],
)

# %%
from sklearn.metrics import silhouette_score

counts = np.arange(1, 9)


def scores_of(points):
    """Mean log-likelihood, BIC and silhouette of mixtures of one to eight clouds, and the choices of the latter two."""
    mixtures = [GaussianMixture(k, n_init=5, random_state=0).fit(points) for k in counts]
    fits = np.array([mixture.score(points) for mixture in mixtures])
    bic, choice = choose_by_bic(fits, counts, *points.shape)
    silhouettes = np.array([silhouette_score(points, mixture.predict(points)) for mixture in mixtures[1:]])
    return fits, bic, silhouettes, int(choice), int(counts[1:][silhouettes.argmax()])


fits, bic, silhouettes, *stripe_choices = scores_of(stripes(0)[0])
figure, panels = plt.subplots(1, 3, figsize=(10, 2.9), layout="constrained")
panels[0].plot(counts, fits, "o-")
panels[0].set(title="mean log-likelihood", xlabel="clouds")
panels[1].plot(counts, bic, "o-")
panels[1].set(title=f"BIC: smallest at {stripe_choices[0]}", xlabel="clouds")
panels[2].plot(counts[1:], silhouettes, "o-")
panels[2].set(title=f"silhouette: largest at {stripe_choices[1]}", xlabel="clouds")
plt.show()
*_, iris_by_bic, iris_by_silhouette = scores_of(iris.data)
print(f"irises, all four measurements: BIC chooses {iris_by_bic}, the silhouette {iris_by_silhouette}")

# %%
outcome(
    "01.count",
    {(True, True): "both", (True, False): "BIC", (False, True): "the silhouette", (False, False): "neither"}[
        stripe_choices[0] == 3, stripe_choices[1] == 3
    ],
    because="The silhouette compares distances, so it favours round groups far apart, as k-means does. BIC measures how "
    "well stretched clouds describe the data, and the stripes are such clouds.",
)
claim(
    "BIC chooses three clouds for the stripes and the silhouette does not; for the three species of iris BIC chooses two",
    stripe_choices[0] == 3 and stripe_choices[1] != 3,
    iris_by_bic == 2,
    above(fits[-1], fits[2]),
)

# %% [markdown]
# *What to see: the log-likelihood rises steeply up to three clouds and then only a little; BIC turns up after three.*
#
# BIC chooses two clouds for the irises: two of the species overlap, and a third cloud improves the fit by less than its
# fifteen parameters cost.

# %% [markdown]
# ## 9. Can these models make new digits?
# A mixture is a recipe for new samples: draw a cloud according to the weights, then a point from it. PCA becomes such a
# recipe once we say where codes come from. **Probabilistic PCA** draws the code from a standard Gaussian, decodes it
# linearly, and adds noise of the same variance to every feature:
#
# $$z \sim \mathcal N(0, I)\,, \qquad x = W z + \mu + \varepsilon\,, \qquad \varepsilon \sim \mathcal N(0, \sigma^2 I)$$
#
# The data are then one Gaussian cloud with covariance $W W^\top + \sigma^2 I$. The likelihood is largest if the columns
# of $W$ lie (up to a rotation of $z$) along the principal directions, with length $\sqrt{\lambda_i - \sigma^2}$, where
# $\lambda_i$ is the variance along direction $i$ and $\sigma^2$ is the mean variance along the directions left out.
# Below, PCA with 16 directions and a mixture of ten clouds in the same 16 dimensions draw twenty digits each (shown
# without the noise $\varepsilon$).

# %%
predict(
    "01.samples",
    "One row comes from the single cloud of PCA, one from the ten clouds of the mixture. Whose samples lie closer to real "
    "digits, on average?",
    options=["PCA's", "the mixture's", "both alike, within a tenth"],
)

# %%
noise = (x.var(axis=0, ddof=1).sum() - pca.explained_variance.sum().item()) / (64 - 16)
lengths = np.sqrt(pca.explained_variance.numpy() - noise)
drawn = {
    "PCA": np.random.default_rng(0).normal(size=(500, 16)) * lengths,
    "mixture": np.random.default_rng(0).permutation(mixtures[0].sample(500)[0]),
}

figure, axes = plt.subplots(figsize=(9, 1.4), layout="constrained")
samples = pca.decode(np.concatenate([codes[:20] for codes in drawn.values()]))
plots.draw_images(axes, samples.reshape(-1, 8, 8), columns=20)
axes.set_title("Forty digits that nobody wrote")
plt.show()

# %% [markdown]
# **Which row is which?** The next cell tells.

# %%
distances = {name: metrics.nearest_distances(codes, z).mean() for name, codes in drawn.items()}
print("mean distance to the nearest real code:", {name: round(float(each), 2) for name, each in distances.items()})
ratio = distances["mixture"] / distances["PCA"]
outcome(
    "01.samples",
    "both alike, within a tenth" if abs(ratio - 1) < 0.1 else "the mixture's" if ratio < 1 else "PCA's",
    because="The upper row is PCA's, and fewer of its samples can be read. Its one cloud also covers the space between "
    "the digits; the clouds of the mixture leave much of it empty.",
)
claim(
    "samples of the mixture lie closer to real digits than samples of PCA",
    below(distances["mixture"], distances["PCA"]),
)

# %% [markdown]
# Lesson 04 replaces the linear decoder of probabilistic PCA with a neural network: the variational autoencoder.

# %% [markdown]
# ## When it fails
# ### Two moons
# Neither k-means nor a mixture of two clouds finds two interlocking half circles. Is their shape to blame? The centre
# of a half circle is not even on it. **Test the suspicion:** keep the shape, and move the lower moon away. For
# comparison, **single linkage** starts from single points and joins, again and again, the two groups whose *nearest
# members* are closest.

# %%
from sklearn.cluster import AgglomerativeClustering

methods = {
    "k-means": lambda points: ScikitKMeans(2, n_init=10, random_state=0).fit_predict(points),
    "mixture": lambda points: GaussianMixture(2, n_init=5, random_state=0).fit_predict(points),
    "single linkage": lambda points: AgglomerativeClustering(2, linkage="single").fit_predict(points),
}


def mean_purity(method, down=0.0, noise=0.05):
    """Over five draws of the moons, the lower one moved down."""
    draws = [data.moons(400, seed=seed, noise=noise) for seed in range(5)]
    return np.mean([purity(moons.labels, method(moons.x - [[0, down]] * moons.labels[:, None])) for moons in draws])


moons = data.moons(400, seed=0)
figure, panels = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
for axes, name, down in zip(panels, ("k-means", "k-means", "single linkage"), (0.0, 1.5, 0.0)):
    points = moons.x - [[0, down]] * moons.labels[:, None]
    plots.draw_points(axes, points, methods[name](points), size=12)
    axes.set(title=f"{name}{', moved apart' if down else ''}", xlabel="horizontal", aspect="equal")
panels[0].set_ylabel("vertical")
plt.show()
together = {name: mean_purity(method) for name, method in methods.items()}
apart = {name: mean_purity(method, down=1.5) for name, method in methods.items()}
noisy = {name: mean_purity(method, noise=0.15) for name, method in methods.items()}
for name in methods:
    print(f"{name:14s} purity {together[name]:.2f}; moved apart {apart[name]:.2f}; more noise {noisy[name]:.2f}")

# %%
claim(
    "k-means and the mixture find the moons only if they are moved apart; single linkage finds them where they are, but "
    "with three times the noise it falls to the level of guessing, below k-means",
    above(min(apart["k-means"], apart["mixture"]), 0.98),
    below(max(together["k-means"], together["mixture"]), 0.9),
    above(together["single linkage"], 0.99),
    below(noisy["single linkage"], 0.6),
    above(noisy["k-means"], 0.7),
)

# %% [markdown]
# **Diagnosis.** The shape alone is not to blame: the same half circles are found once they are apart. Two centres
# always divide the plane along one straight line, and two clouds describe each group by one ellipse; neither separates
# moons that reach into each other. **Fix.** With single linkage a moon grows along itself like a chain. The last column
# of numbers shows the price: a few noisy points between the moons join them.
#
# ### More and more clusters
# With 600 clusters the purity on the digits is nearly 100 %. Is that progress? We **shuffle** the labels, so that there
# is nothing left to find. The figure adds one more score, AMI, the adjusted mutual information, which corrects NMI for
# chance.

# %%
predict(
    "01.shuffled",
    "What purity do 600 clusters of the 1,797 digits reach if the labels are shuffled?",
    unit="%",
    low=10,
    high=100,
)

# %%
from sklearn.metrics import adjusted_mutual_info_score as ami

cluster_counts = (2, 10, 50, 200, 600)
shuffled = np.random.default_rng(0).permutation(digits.labels)
measures = {"purity": purity, "NMI": metrics.nmi, "ARI": metrics.ari, "AMI": ami}
rising = {name: {"true": [], "shuffled": []} for name in measures}
for n_clusters in cluster_counts:
    groups = ScikitKMeans(n_clusters, n_init=1, random_state=0).fit_predict(x)
    for name, measure in measures.items():
        rising[name]["true"].append(measure(digits.labels, groups))
        rising[name]["shuffled"].append(measure(shuffled, groups))

figure, panels = plt.subplots(1, 4, figsize=(11, 2.9), sharey=True, layout="constrained")
for axes, (name, curves) in zip(panels, rising.items()):
    axes.plot(cluster_counts, curves["true"], "o-", color=plots.COLOURS[0], label="true labels")
    axes.plot(cluster_counts, curves["shuffled"], "s--", color=plots.COLOURS[1], label="shuffled labels")
    axes.set(title=name, xlabel="clusters", xscale="log", ylim=(-0.05, 1.05))
panels[0].set_ylabel("score")
panels[3].legend(fontsize=8, frameon=False)
plt.show()

# %%
outcome(
    "01.shuffled",
    100 * rising["purity"]["shuffled"][-1],
    because="600 clusters of 1,797 samples hold about three each. The smaller a cluster, the larger the share of its "
    "most frequent class; a cluster of one sample is always pure.",
)
claim(
    "on shuffled labels purity and NMI rise with the number of clusters; ARI and AMI stay at 0",
    above(rising["purity"]["shuffled"][-1], 2 * rising["purity"]["shuffled"][1]),
    above(rising["NMI"]["shuffled"][-1], rising["NMI"]["shuffled"][1] + 0.1),
    below(max(map(abs, rising["ARI"]["shuffled"] + rising["AMI"]["shuffled"])), 0.03),
)

# %% [markdown]
# *What to see: for the true labels ARI and AMI fall again when there are too many clusters.*
#
# **Diagnosis.** Purity and NMI are not corrected for chance, and the agreement of random groupings grows with the
# number of clusters. **Fix.** Compare them only at the same number of clusters (this course uses 10 for the digits), or
# use ARI or AMI.

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "01.check_yourself",
    [
        Question(
            "You forget to centre the data before the decomposition. What does the first direction show?",
            [
                (
                    "the direction of largest variance all the same",
                    False,
                    "Only by luck. Without centring, distances count from the origin, not from the mean.",
                ),
                (
                    "mostly where the middle of the cloud is",
                    True,
                    "Yes: if the cloud lies far from the origin, the first direction points towards its middle.",
                ),
                (
                    "nothing, the decomposition fails",
                    False,
                    "It runs without complaint. That makes this mistake easy to miss.",
                ),
            ],
        ),
        Question(
            "Singular values of a centred table: 6, 3, 2. What share of the variance does the first direction hold?",
            [
                (
                    "6/11, about 55 %",
                    False,
                    "That is its share of the singular values. Variances are proportional to their squares.",
                ),
                ("36/49, about 73 %", True, "Yes: 36 / (36 + 9 + 4)."),
                ("36/45, 80 %", False, "You left out the third: the sum runs over all directions, kept or not."),
            ],
        ),
        Question(
            "One run of k-means ends at inertia 0.31, another on the same data, with as many clusters, at 0.18. Why?",
            [
                (
                    "The first run needs more iterations.",
                    False,
                    "It has converged: no sample changes its cluster any more, and more iterations change nothing.",
                ),
                (
                    "They started differently and ended in different local minima; keep the second.",
                    True,
                    "Yes. Several starts, smallest inertia: n_init does just that.",
                ),
                (
                    "One of the two programs is wrong.",
                    False,
                    "Both may be right. Lloyd's algorithm promises an inertia that never rises, not the smallest one.",
                ),
            ],
        ),
        Question(
            "Two clusterings of the same images: purity 0.80 with 10 clusters, 0.93 with 300. Which is better?",
            [
                (
                    "the one with 0.93",
                    False,
                    "Purity rises with the number of clusters even if there is nothing to find.",
                ),
                ("the one with 0.80", False, "Perhaps, but these two numbers do not say so either."),
                (
                    "these numbers cannot tell",
                    True,
                    "Right. Compare at the same number of clusters, or use a score corrected for chance: ARI or AMI.",
                ),
            ],
        ),
        Question(
            "Your groups are long, straight and parallel. What do you try first?",
            [
                (
                    "k-means with more starts",
                    False,
                    "Even the smallest inertia cuts long groups across; more starts only find it more often.",
                ),
                ("a Gaussian mixture", True, "Yes: its covariances can be stretched along the groups."),
                (
                    "k-means with ten times as many clusters",
                    False,
                    "That would chop the groups into pieces: purer clusters, but still not the groups.",
                ),
            ],
        ),
        Question(
            "A table has two columns, age in years and income in euros. k-means without standardizing finds …",
            [
                (
                    "what it would find anyway; clustering does not depend on units",
                    False,
                    "Distances do: give the income in millions of euros, and the clusters become groups of similar age.",
                ),
                (
                    "groups of similar income; age hardly counts",
                    True,
                    "Yes: a difference of 1,000 euros counts like a difference of 1,000 years.",
                ),
                (
                    "groups of similar age; income hardly counts",
                    False,
                    "The other way round: the column with the larger spread dominates.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - PCA finds the linear description with the smallest squared error. You choose how many directions to keep and how to
#   scale the columns.
# - k-means finds round groups of similar width, and its result depends on the initialization. A Gaussian mixture finds
#   stretched groups and says how sure it is.
# - BIC and the silhouette help to choose the number of clusters. Scores of agreement with labels need a correction for
#   chance.
# - Probabilistic PCA and mixtures have a likelihood, and they can generate new samples.
#
# Every lesson adds rows to one comparison table, measured on held-out digits: the squared error per pixel, NMI and
# purity of k-means with ten clusters on the codes, and the accuracy of a linear probe, a simple classifier trained on
# ten labelled codes of each digit.

# %%
import time

train, test = digits.split(seed=0)
rows = [comparison_row("raw pixels", 64, train, test, encode=lambda x: x, seconds=0.0)]
for k in (2, 8):
    start = time.perf_counter()
    pca = PCA(n_components=k).fit(train.x)
    seconds = time.perf_counter() - start
    rows.append(comparison_row("PCA", k, train, test, encode=pca.encode, decode=pca.decode, seconds=seconds))
comparison(rows)

# %% [markdown]
# The next lesson has to beat **0.053 per pixel with 2 numbers, 0.025 with 8**, with a model that is not restricted to
# straight lines.

# %% [markdown]
# ## Where to read on
# - Karl Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 1901.
# - Michael Tipping and Christopher Bishop, *Probabilistic principal component analysis*, Journal of the Royal
#   Statistical Society B 1999.
# - Stuart Lloyd, *Least squares quantization in PCM*, IEEE Transactions on Information Theory 1982 (written in 1957).
#   The two conditions for an optimum are your two functions.
# - David Arthur and Sergei Vassilvitskii, *k-means++: the advantages of careful seeding*, SODA 2007.
# - Christopher Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, chapter 9: k-means, mixtures and EM.
# - Gideon Schwarz, *Estimating the dimension of a model*, Annals of Statistics 1978.
# - Peter Rousseeuw, *Silhouettes: a graphical aid to the interpretation and validation of cluster analysis*, Journal of
#   Computational and Applied Mathematics 1987.
# - Nguyen Xuan Vinh, Julien Epps and James Bailey, *Information theoretic measures for clusterings comparison*, Journal
#   of Machine Learning Research 2010. Why NMI needs a correction for chance.
