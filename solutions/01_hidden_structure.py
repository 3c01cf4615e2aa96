# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 01 · Hidden structure
#
# {{badges}}
#
# {{times reading=45}}
#
# **You need:** lesson 00, NumPy arrays (`x.mean(axis=0)`, `x[:, None, :]`), and an idea of what multiplying by a matrix
# does. Nothing about machine learning.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - find the directions in which data really vary, with a few lines of your own, and say how much each of them keeps;
# - group data around centres with Lloyd's algorithm, and say when it gets stuck;
# - choose between k-means and a Gaussian mixture, and know which shape of group each of them sees;
# - judge groups by labels that were hidden, and not be fooled by the result;
# - name the numbers that a deep model must beat. They come back in every lesson.

# %% [markdown]
# ## 1. What is there to find, when nobody says what to look for?
# Most of machine learning is [supervised](glossary:supervised-learning): every example comes with a
# [label](glossary:label), and the model learns to give it. But most data have no labels.
# [Unsupervised learning](glossary:unsupervised-learning) asks what can be learned from the examples alone.
#
# Our examples are handwritten digits. Each image is a [sample](glossary:sample), and each of its 8 × 8 pixels a
# [feature](glossary:feature): 64 numbers from 0 (dark) to 1 (bright), one row of the table `x`. The labels exist, but
# we put them away until section 3.

# %%
import matplotlib.pyplot as plt
import numpy as np

from udl_teach import data, metrics, play, plots

digits = data.digits()
x = digits.x
digits.describe()

# %% [markdown]
# *What to see: sixty of the images. All of them fill the height of their frame, none fills its width.*

# %%
figure, axes = plt.subplots(figsize=(8, 2.6), layout="constrained")
plots.draw_images(axes, digits.images[:60], columns=20)
axes.set_title("Sixty of the 1,797 digits")
axes.set_xlabel("each tile is one sample of 8 x 8 pixels")
plt.show()

# %% [markdown]
# Are these 64 numbers 64 different pieces of news? If a pixel can be guessed from another, one of the two is
# superfluous. A simple measure of that is the [correlation](glossary:correlation), from −1 to 1: 0 means that knowing
# one number tells nothing, by a straight line, about the other.
#
# Take the third pixel of the top row. **Whose company does it keep?**

# %%
predict(
    "01.pixels",
    "Which of these pixels goes most closely together with the third pixel of the top row?",
    options=["its neighbour to the right", "its neighbour below", "the third pixel of the bottom row"],
)

# %% [markdown]
# *What to see: one dot an image. In the right panel the dots gather along a line; in the other two they spread. (The
# dots are shaken a little, because pixels take only 17 values.)*

# %%
others = {"its neighbour to the right": 3, "its neighbour below": 10, "the third pixel of the bottom row": 58}
shaken = x + np.random.default_rng(0).normal(0, 0.015, x.shape)
figure, panels = plt.subplots(1, 3, figsize=(9, 3.1), sharex=True, sharey=True, layout="constrained")
correlations = {}
for axes, (name, pixel) in zip(panels, others.items()):
    correlations[name] = np.corrcoef(x[:, 2], x[:, pixel])[0, 1]
    plots.draw_points(axes, shaken[:, [2, pixel]], size=6)
    axes.set_title(f"{name}\ncorrelation {correlations[name]:.2f}", fontsize=10)
    axes.set_xlabel("third pixel of the top row")
panels[0].set_ylabel("the other pixel")
plt.show()

# %%
outcome(
    "01.pixels",
    max(correlations, key=correlations.get),
    because="Digits that begin far to the left at the top also end far to the left at the bottom: "
    "twos, threes and fives. Nobody told us; the table itself shows it.",
)
claim(
    "the pixel at the far end of the image says more than either neighbour",
    above(correlations["the third pixel of the bottom row"], 0.9),
    below(max(correlations[name] for name in list(others)[:2]), 0.7),
)

# %% [markdown]
# **What it shows.** The 64 numbers hang together, and not only where you would look first. So there must be a shorter
# description. The next section finds the best one that straight lines can give.

# %% [markdown]
# ## 2. In which directions do the data vary?
# Think of every image as a point in a space of 64 [dimensions](glossary:dimension). All images together are a cloud. If
# two pixels go together, the cloud is long in the direction "both up" and thin in the direction "one up, the other
# down".
#
# [Principal component analysis](glossary:PCA) (PCA) finds the direction in which the cloud is longest, meaning that its
# [variance](glossary:variance) along it is largest, then the longest at a right angle to the first, and so on. All of
# them come at once out of a [singular value decomposition](glossary:SVD) of the [centred](glossary:centring) table:
#
# $$x - \bar x = U\,S\,V^\top$$
#
# Here $\bar x$ is the mean of every feature. The rows of $V^\top$ are the `directions`, each of length 1. The
# [singular values](glossary:singular-value) $s_1 \ge s_2 \ge \dots$ on the diagonal of $S$ say how far the cloud
# reaches along each of them: the variance is $s_i^2 / (n - 1)$ for $n$ samples.
#
# `np.linalg.svd(table, full_matrices=False)` hands back three things in this order: `U`, the singular values, and
# $V^\top$ (already transposed). You need not know how the decomposition is computed; what it returns is enough here.
#
# **Exercise 01.1.** Return the first `n_components` directions, one a row. A direction and its opposite are equally
# good; the check knows that. Stuck? `hint("01.1")`.


# %% tags=["exercise-01.1"]
{{exercise("01.1")}}


# %% tags=["check-01.1"]
principal_directions = check("01.1", principal_directions)
grade("01.1")

# %% [markdown]
# Which directions are worth keeping? The share of direction $i$ in the whole variance is its **explained variance
# ratio**,
#
# $$r_i = \frac{s_i^2}{\sum_j s_j^2}\,,$$
#
# where the sum runs over *all* directions, kept or not, so that the $n - 1$ cancels.
#
# **Exercise 01.2.** Return the ratios of the first `n_components` directions.


# %% tags=["exercise-01.2"]
{{exercise("01.2")}}


# %% tags=["check-01.2"]
explained_variance_ratio = check("01.2", explained_variance_ratio)
grade("01.2")

# %%
predict(
    "01.directions",
    "How many of the 64 directions does it take to keep 90 % of the variance of the digits?",
    unit="directions",
    low=1,
    high=64,
)

# %% [markdown]
# *What to see: on the left the kept share climbs steeply at first and is nearly flat from 40 on. On the right the first
# eight directions as images; adding one to a digit brightens where it is white and darkens where it is black. The first
# ones are broad strokes, the later ones finer.*

# %%
kept = np.cumsum(explained_variance_ratio(x, 64))
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
outcome("01.directions", needed, because="Pixels go together, so a few directions carry what many pixels say.")
claim(
    "two directions keep less than a third of the variance, about a third of them 90 %, forty more than 98 %",
    below(kept[1], 1 / 3),
    between(needed, 18, 24),
    above(kept[39], 0.98),
)

# %% [markdown]
# You wrote this yourself. Does a library that thousands rely on agree? And a second way to the same answer: the
# directions are also the eigenvectors of the [covariance](glossary:covariance) matrix, by falling eigenvalue.

# %%
from sklearn.decomposition import PCA as ScikitPCA

theirs = ScikitPCA(n_components=10).fit(x)
ours = principal_directions(x, 10)
alignment = np.abs((ours * theirs.components_).sum(axis=1))
eigenvalues = np.linalg.eigvalsh(np.cov(x.T))[::-1]
claim(
    "our first ten directions are those of scikit-learn, up to sign, and all three ways give the same shares",
    alignment.min() > 0.999,
    np.allclose(explained_variance_ratio(x, 10), theirs.explained_variance_ratio_, atol=1e-3),
    np.allclose(explained_variance_ratio(x, 10), eigenvalues[:10] / eigenvalues.sum(), atol=1e-3),
    smallest_cosine=alignment.min(),
)

# %% [markdown]
# Ninety per cent is a number. What does it look like? In the playground every image is rebuilt from its first few
# components only. **From how many on can *you* read all ten digits?** Write your number down, then choose another seed
# and see whether it holds. `Keep` lays a picture aside, to compare it with the next.

# %%
play.pca_components()

# %% [markdown]
# Is your number below the one that you found for 90 %? Then you have seen that variance is not the same as what *you*
# need to know: some of it is only how thick the strokes are, and where they waver.

# %% [markdown]
# ## 3. What do two numbers remember of sixty-four?
# To describe an image by $k$ numbers, [project](glossary:projection) it onto the first $k$ directions; to come back,
# walk along each direction as far as its number says. With the `directions` as rows of $V_k^\top$:
#
# $$z = (x - \bar x)\,V_k \qquad\qquad \hat x = z\,V_k^\top + \bar x$$
#
# The short description $z$ is called a [code](glossary:latent-code), and $\hat x$ (`x_hat`) the
# [reconstruction](glossary:reconstruction). Keep these two words: an autoencoder, in the next lesson, does just this
# with bent directions.
#
# From here on we learn from one part of the images and judge on [held-out](glossary:held-out-data) ones. The yardstick
# is the squared error a pixel, averaged over all pixels and images. Zero directions are allowed: then every image is
# rebuilt as the mean image.

# %%
train, test = digits.split(seed=0)
middle = train.x.mean(axis=0)
directions = principal_directions(train.x, 64)


def encode(x, k):
    """The code of each image, shape (n_samples, k)."""
    return (x - middle) @ directions[:k].T


def decode(z):
    """The images that belong to codes of shape (n_samples, k)."""
    return z @ directions[: z.shape[1]] + middle


# %%
predict(
    "01.rebuild",
    "The mean image alone makes a certain error. What share of it is left once every image has two numbers of its own?",
    unit="%",
    low=0,
    high=100,
)

# %% [markdown]
# *What to see: the top row is real, below it the same images from 2, 8 and 21 numbers. With 2 most become
# a blur; with 21 they are close to the real ones.*

# %%
errors = {k: metrics.mean_squared_error(test.x, decode(encode(test.x, k))) for k in (0, 2, 8, 21)}
shown = np.array([np.flatnonzero(test.labels == number)[0] for number in range(10)])
rows = [test.x[shown]] + [decode(encode(test.x[shown], k)) for k in (2, 8, 21)]

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
    because="Two directions hold little more than a quarter of the variance, and what they do not hold is error.",
)
claim(
    "with 2 numbers PCA misses by about 0.053 per pixel, with 8 by about 0.025, a third of the mean image's error",
    between(errors[2], 0.050, 0.056),
    between(errors[8], 0.023, 0.027),
    between(errors[8] / errors[0], 0.28, 0.38),
)

# %% [markdown]
# Two numbers are poor for rebuilding, but they have a charm of their own: they can be drawn. Here is the map of the
# held-out digits. Only now do we take out the labels, to colour it; PCA has never seen them.
#
# *What to see: each dot is an image, the large figures stand in the middle of their digit. Some digits (0, 4, 6) have a
# corner of their own, others (2, 5, 8) lie in one heap.*

# %%
z = encode(test.x, 2)
figure, axes = plt.subplots(figsize=(7, 5), layout="constrained")
plots.draw_points(axes, z, test.labels, names=digits.label_names, size=22, legend=True)
box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": "#222222", "alpha": 0.85}
for number in range(10):
    axes.annotate(str(number), z[test.labels == number].mean(axis=0), ha="center", va="center", fontsize=13, bbox=box)
axes.set(title="A map that nobody labelled", xlabel="first component", ylabel="second component")
plt.show()

# %% [markdown]
# **What it shows.** Structure that people care about (which digit it is) leaves traces in the data alone. PCA sees some
# of it, and it sees only what straight directions can show.

# %% [markdown]
# ## 4. Can data sort themselves into groups?
# PCA gives every sample a place. [Clustering](glossary:clustering) gives it a group. The best known method,
# [k-means](glossary:k-means), stands for each of $K$ groups by a single point: the [centroid](glossary:centroid)
# $\mu_k$ of group $k$ (in the code a row of `centres`). It wants every sample to be close to one of them:
#
# $$\text{inertia} = \frac{1}{n}\sum_{i=1}^{n} \lVert x_i - \mu_{c(i)} \rVert^2$$
#
# where $c(i)$ is the [cluster](glossary:cluster) of sample $i$ (in the code `clusters[i]`). Libraries often leave out
# the $1/n$; we keep this [inertia](glossary:inertia) a sample, so that data sets of different size can be compared.
#
# [Lloyd's algorithm](glossary:Lloyd's-algorithm) takes two steps in turn. **Assign**: every sample chooses the nearest
# centre,
#
# $$c(i) = \arg\min_k \lVert x_i - \mu_k \rVert^2 .$$
#
# **Update**: every centre moves to the mean of the samples that chose it,
#
# $$\mu_k = \frac{1}{|C_k|} \sum_{i \in C_k} x_i\,, \qquad C_k = \{\, i : c(i) = k \,\}.$$
#
# Neither step can raise the inertia, so it must come to rest.
#
# **Exercise 01.3.** Assign. NumPy can pair every sample with every centre: `x[:, None, :] - centres[None, :, :]` has
# shape (samples, centres, features).


# %% tags=["exercise-01.3"]
{{exercise("01.3")}}


# %% tags=["check-01.3"]
assign = check("01.3", assign)
grade("01.3")

# %% [markdown]
# **Exercise 01.4.** Update. Return a new array; leave `centres` as it is. One thing the formula does not say: a centre
# that nobody chose has no mean. Let it stay where it was.


# %% tags=["exercise-01.4"]
{{exercise("01.4")}}


# %% tags=["check-01.4"]
update = check("01.4", update)
grade("01.4")

# %% [markdown]
# Your two steps make the whole algorithm. We try it where we can see it: eight clear heaps of points on a ring, and
# eight centres that start on points drawn by chance. Eight heaps, eight centres: **how often will it find them?**


# %%
def lloyd(x, centres):
    """Assign and update until the centres rest; returns centres, clusters, and the inertia after every assignment."""
    inertia = []
    for _ in range(300):
        clusters = assign(x, centres)
        inertia.append(((x - centres[clusters]) ** 2).sum(axis=1).mean())
        moved = update(x, clusters, centres)
        if np.allclose(moved, centres):
            break
        centres = moved
    return centres, clusters, inertia


# %%
predict(
    "01.starts",
    "Of 60 runs, each from eight points drawn by chance: how many find all eight heaps?",
    unit="runs",
    low=0,
    high=60,
)

# %% [markdown]
# *What to see: left, the best of the runs has one centre (black cross) in every heap. Middle, the worst: two or more
# centres share one heap while another centre stands between heaps. Right, the inertia of the first 20 runs, which falls
# in every run but comes to rest at different heights.*

# %%
from udl_teach.models import KMeans


def run_from(x, n_clusters, start, seed):
    """One run of Lloyd's algorithm; our KMeans only places the centres."""
    placed = KMeans(n_clusters, init=start, seed=seed)
    placed.initialize(x)
    return lloyd(x, placed.centres.numpy())


def finds_all_heaps(clusters):
    """Whether each of the eight heaps has exactly one centre."""
    # Then there are eight different pairs of a cluster and a heap; every divided or shared heap makes one more.
    return len(set(zip(clusters, ring.labels))) == 8


ring = data.ring(400, seed=0)
runs = [run_from(ring.x, 8, "random", seed) for seed in range(60)]
runs.sort(key=lambda run: run[2][-1])
found = sum(finds_all_heaps(clusters) for _, clusters, _ in runs)

figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
for axes, name, (centres, clusters, inertia) in zip(panels, ("best", "worst"), (runs[0], runs[-1])):
    plots.draw_points(axes, ring.x, clusters, size=10)
    axes.scatter(*centres.T, c="black", marker="x", s=70, linewidths=2, zorder=3)
    axes.set(title=f"the {name} run: {inertia[-1]:.3f}", xlabel="horizontal", ylabel="vertical", aspect="equal")
for run in runs[::3]:
    panels[2].plot(np.arange(1, len(run[2]) + 1), run[2], marker=".", color=plots.COLOURS[0], alpha=0.6)
panels[2].set(title="inertia of 20 of the runs", xlabel="assign-and-update", ylabel="mean squared distance")
plt.show()

# %%
outcome(
    "01.starts",
    found,
    because="Two centres that start in one heap split it between them, and a third one must then serve two heaps. "
    "No single step from there makes the inertia smaller, so Lloyd's algorithm stays.",
)
claim("in no run did the inertia ever rise", all((np.diff(run[2]) <= 1e-9).all() for run in runs), runs=len(runs))
claim("fewer than a third of the runs found all eight heaps", below(found, 20))

# %% [markdown]
# Such a place of rest, better than all its neighbours but not the best, is a [local minimum](glossary:local-minimum).
# **Where exactly does a run get stuck?** Watch one. Press Play: first the points choose, then the centres move. Then
# try other seeds until you have seen a run that succeeds and one that does not. What would have to happen to free the
# one that is stuck?

# %%
play.kmeans_steps("ring", n_clusters=8, init="random")

# %% [markdown]
# A centre would have to leap over to another heap, and Lloyd's steps never leap. So the cure is a better start:
# [k-means++](glossary:k-means++) draws the first centre by chance, and every further one with a chance in proportion to
# its squared distance to the nearest centre so far. Choose it in the playground above. (Then choose *corner*, the worst
# start that we could think of.)

# %%
found_far = sum(finds_all_heaps(run_from(ring.x, 8, "k-means++", seed)[1]) for seed in range(60))
claim("starting far apart finds all eight heaps more than twice as often", above(found_far, 2 * found))

# %% [markdown]
# Now the digits: ten centres in 64 dimensions, ten runs from k-means++ starts, and the run with the smallest inertia is
# kept. That is what `n_init=10` means in scikit-learn. (A run hands back the inertia after every assignment, as a list:
# `inertia[-1]` is where it came to rest.)

# %%
from sklearn.cluster import KMeans as ScikitKMeans

runs = [run_from(x, 10, "k-means++", seed) for seed in range(10)]
centres, clusters, inertia = min(runs, key=lambda run: run[2][-1])
scikit = ScikitKMeans(10, n_init=10, random_state=0).fit(x)
print(f"inertia per sample: {inertia[-1]:.3f} by ours, {scikit.inertia_ / len(x):.3f} by scikit-learn's")

# %% [markdown]
# ## 5. Are the groups the digits?
# k-means has made ten groups; people have made ten digits. Do they agree? We may not simply compare the numbers:
# cluster 3 is called 3 by chance. [Purity](glossary:purity) lets every cluster $C_k$ speak for its most frequent class:
#
# $$\text{purity} = \frac{1}{n} \sum_k \max_j \, |C_k \cap L_j|$$
#
# where $L_j$ are the samples with label $j$. If every cluster held one digit only, it would be 1. Two clusters may well
# have the same majority class.
#
# **Exercise 01.5.** `np.bincount(numbers)` counts how often 0, 1, 2, ... occur. Numbers of clusters may have gaps: when
# nobody chose a centre, its number is missing from `clusters`.


# %% tags=["exercise-01.5"]
{{exercise("01.5")}}


# %% tags=["check-01.5"]
purity = check("01.5", purity)
grade("01.5")

# %%
predict(
    "01.purity",
    "What is the purity of the ten clusters? (Guessing one digit for all would give 10 %.)",
    unit="%",
    low=10,
    high=100,
)

# %% [markdown]
# *What to see: above each column stands the centre of that cluster, drawn as an image: the mean of its members, and
# most are plainly a digit. Below, the [contingency table](glossary:contingency-table): how many images of each digit
# (row) fell into each cluster (column). The clusters have letters here, because their numbers would look like digits. A
# column with one dark cell is a pure cluster.*

# %%
table = metrics.contingency(digits.labels, clusters)
order = table.argmax(axis=0).argsort(kind="stable")
figure, (top, bottom) = plt.subplots(2, 1, figsize=(7, 6), height_ratios=(1, 6), layout="constrained")
plots.draw_images(top, centres[order].reshape(-1, 8, 8), columns=10)
top.set_title("The ten centres, and whom they gathered")
bottom.imshow(table[:, order], cmap="Blues", aspect="auto")
for row, column in np.argwhere(table[:, order] > 0):
    count = table[row, order[column]]
    bottom.text(column, row, count, ha="center", va="center", color="white" if count > 90 else "black")
letters = [chr(65 + cluster) for cluster in order]
bottom.set(xticks=range(10), xticklabels=letters, yticks=range(10))
bottom.set(xlabel="cluster (a letter by chance)", ylabel="digit")
plt.show()

# %%
outcome(
    "01.purity",
    100 * purity(digits.labels, clusters),
    because="Distance between images mostly respects the digit. Where it does not, look at the table for columns with "
    "two dark cells: ones come in several shapes, and eights share their pixels with some of the ones and nines.",
)
purities = [purity(digits.labels, run[1]) for run in runs]
claim(
    "ten clusters found without labels are at least 70 % pure, but purity varies from start to start",
    above(purity(digits.labels, clusters), 0.7),
    above(np.std(purities), 0.005),
    lowest=min(purities),
    highest=max(purities),
)

# %% [markdown]
# Two other scores will come along from now on. [NMI](glossary:NMI) asks how much the clusters *tell* about the classes,
# from 0 to 1. [ARI](glossary:ARI) asks of all pairs of samples whether both groupings agree on "together" or "apart",
# and is shifted so that chance gets 0. Why one score is not enough, you see in "When it fails".

# %%
print(f"NMI {metrics.nmi(digits.labels, clusters):.2f}, ARI {metrics.ari(digits.labels, clusters):.2f}")

# %% [markdown]
# ## 6. What if the groups are not round?
# k-means knows one kind of group: everything that is nearest to a point. A
# [Gaussian mixture](glossary:Gaussian-mixture) knows more. It imagines that each sample was drawn from one of $K$
# [Gaussian](glossary:Gaussian) clouds, each with a weight $\pi_k$, a mean $\mu_k$ and a covariance $\Sigma_k$, which
# says how the cloud is stretched and turned:
#
# $$p(x) = \sum_{k=1}^{K} \pi_k \, \mathcal N(x \mid \mu_k, \Sigma_k)$$
#
# Samples are not assigned for good. Each gets, for every cloud, a [responsibility](glossary:responsibility), the
# probability that it came from there:
#
# $$r_{ik} = \frac{\pi_k \, \mathcal N(x_i \mid \mu_k, \Sigma_k)}{\sum_j \pi_j\,\mathcal N(x_i \mid \mu_j, \Sigma_j)}$$
#
# It is fitted by [EM](glossary:EM), which is Lloyd's algorithm with soft edges: compute all responsibilities, then move
# (and now also stretch) each cloud to the weighted mean and covariance of the samples; repeat. We take scikit-learn's.
#
# Here are three stripes, long and thin, side by side. **Who will find them?**

# %%
from sklearn.mixture import GaussianMixture


def stripes(seed):
    """Three stretched clouds of 200 points one above the other, and which point is from which."""
    rng = np.random.default_rng(seed)
    turn = np.array([[0.8, 0.6], [-0.6, 0.8]])
    labels = np.repeat([0, 1, 2], 200)
    points = rng.normal(size=(600, 2)) * [2.0, 0.3] @ turn
    points[:, 1] += 2 * labels
    return points, labels


predict("01.stripes", "Who finds the three stripes?", options=["k-means", "the Gaussian mixture", "both"])

# %% [markdown]
# *What to see: k-means (left) cuts across the stripes, into pieces that are as round as possible. The mixture (right)
# gives each stripe an ellipse; it is drawn at one and two [standard deviations](glossary:standard-deviation).*

# %%
from matplotlib.patches import Ellipse


def draw_clouds(axes, mixture):
    """The ellipses of a mixture in the plane, at one and two standard deviations."""
    for mean, covariance in zip(mixture.means_, mixture.covariances_):
        variances, axes_of_cloud = np.linalg.eigh(covariance)
        angle = np.degrees(np.arctan2(axes_of_cloud[1, 0], axes_of_cloud[0, 0]))
        for deviations in (1, 2):
            width, height = 2 * deviations * np.sqrt(variances)
            axes.add_patch(Ellipse(mean, width, height, angle=angle, fill=False, edgecolor="#222222", linewidth=1.4))


points, labels = stripes(0)
round_groups = ScikitKMeans(3, n_init=10, random_state=0).fit_predict(points)
mixture = GaussianMixture(3, n_init=5, random_state=0).fit(points)
figure, panels = plt.subplots(1, 2, figsize=(9, 3.9), sharey=True, layout="constrained")
for axes, name, groups in zip(panels, ("k-means", "Gaussian mixture"), (round_groups, mixture.predict(points))):
    plots.draw_points(axes, points, groups, size=14)
    axes.set(title=f"{name}: purity {purity(labels, groups):.2f}", xlabel="horizontal", aspect="equal")
draw_clouds(panels[1], mixture)
panels[0].set_ylabel("vertical")
plt.show()

# %%
scores = {"k-means": [], "mixture": []}
for seed in range(5):
    points, labels = stripes(seed)
    scores["k-means"].append(purity(labels, ScikitKMeans(3, n_init=10, random_state=0).fit_predict(points)))
    scores["mixture"].append(purity(labels, GaussianMixture(3, n_init=5, random_state=0).fit_predict(points)))
outcome(
    "01.stripes",
    "the Gaussian mixture",
    because="Two points at the ends of one stripe are farther apart than two in neighbouring stripes, and distance to "
    "a point is all that k-means looks at.",
)
claim(
    "on five draws of the stripes the mixture finds at least 95 % each time, k-means never more than 75 %",
    above(min(scores["mixture"]), 0.95),
    below(max(scores["k-means"]), 0.75),
)

# %% [markdown]
# Stripes are made up; does it help with real data? Fisher's irises (1936): 150 flowers of three species, four lengths
# in centimetres each. Two of the species overlap. To see the soft edges, we first give the mixture only two of the
# lengths.
#
# *What to see: the larger a mark, the less sure the mixture is. The unsure flowers lie where the middle cloud meets the
# right one, and nowhere else.*

# %%
from sklearn.datasets import load_iris

iris = load_iris()
petals = iris.data[:, 2:]
mixture = GaussianMixture(3, n_init=5, random_state=0).fit(petals)
responsibilities = mixture.predict_proba(petals)
doubt = 1 - responsibilities.max(axis=1)

figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
for number, name in enumerate(iris.target_names):
    points, doubts = petals[iris.target == number], doubt[iris.target == number]
    look = {"color": plots.COLOURS[number], "marker": plots.MARKERS[number], "alpha": 0.7}
    axes.scatter(*points.T, s=14 + 400 * doubts, **look)
    axes.scatter([], [], s=30, label=name, **look)
draw_clouds(axes, mixture)
axes.legend(frameon=False, loc="upper left")
axes.set(title="Irises: species, and the doubt of the mixture", xlabel="petal length (cm)", ylabel="petal width (cm)")
plt.show()

# %%
iris_k_means = purity(iris.target, ScikitKMeans(3, n_init=10, random_state=0).fit_predict(iris.data))
iris_mixture = purity(iris.target, GaussianMixture(3, n_init=5, random_state=0).fit_predict(iris.data))
print(f"With all four lengths: purity {iris_k_means:.2f} by k-means, {iris_mixture:.2f} by the mixture.")

# %% [markdown]
# And the digits? In 64 dimensions each covariance has 2,080 free numbers, far too many for some 180 images a cluster.
# After PCA to 16 dimensions it is 136, and that works. (A method before a method: much of practice looks like this.)
# `reg_covar` adds a little roundness to every cloud, so that none collapses to a needle.

# %%
z = (x - x.mean(axis=0)) @ principal_directions(x, 16).T
mixtures = [
    purity(digits.labels, GaussianMixture(10, n_init=3, reg_covar=1e-3, random_state=seed).fit_predict(z))
    for seed in range(5)
]
k_means = [purity(digits.labels, ScikitKMeans(10, n_init=10, random_state=seed).fit_predict(z)) for seed in range(5)]
claim(
    "the mixture is purer than k-means on the irises, and on the digits at 16 dimensions in the mean of five seeds",
    above(iris_mixture, iris_k_means + 0.03),
    above(np.mean(mixtures), np.mean(k_means) + 0.01),
)

# %% [markdown]
# **What it shows.** A method finds the kind of group that it can describe. That is true of everything in this course.

# %% [markdown]
# ## When it fails
# ### One column shouts
# A table of 178 Italian wines from three growers, with 13 chemical measurements each. We let PCA and k-means loose on
# it as it is.

# %%
from sklearn.datasets import load_wine

wine = load_wine()
shares = explained_variance_ratio(wine.data, 2)
first = principal_directions(wine.data, 1)[0]
loudest = wine.feature_names[np.abs(first).argmax()]
unscaled = purity(wine.target, ScikitKMeans(3, n_init=10, random_state=0).fit_predict(wine.data))
claim(
    "one direction explains more than 99 % of the variance, and it is one column all but alone",
    above(shares[0], 0.99),
    above(np.abs(first).max(), 0.99),
    column=loudest,
)

# %% [markdown]
# Too good to be true. **Diagnosis:** proline, an amino acid, is measured in milligrams and runs from about 280 to
# 1,680, while the hue lies near 1. Variance has units. Written in grams, proline would hardly count at all, and the
# wines would be the same wines.
#
# **Mended:** [standardize](glossary:standardize). Subtract the mean of every column and divide by its standard
# deviation; then every column speaks equally loudly.
#
# *What to see: the same wines by their first two components. Left, as measured: one line, some 1,400 units long and
# less than 100 wide, on which growers 2 and 3 mix. Right, standardized: three clouds.*

# %%
standardized = (wine.data - wine.data.mean(axis=0)) / wine.data.std(axis=0)
figure, panels = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
for axes, name, table in zip(panels, ("as measured", "standardized"), (wine.data, standardized)):
    codes = (table - table.mean(axis=0)) @ principal_directions(table, 2).T
    plots.draw_points(axes, codes, wine.target, names=["grower 1", "grower 2", "grower 3"], size=22)
    axes.set(title=name, xlabel="first component", ylabel="second component")
    axes.set_aspect("equal", adjustable="datalim")
panels[0].locator_params(axis="x", nbins=5)
panels[1].legend(fontsize=8, frameon=False)
scaled = purity(wine.target, ScikitKMeans(3, n_init=10, random_state=0).fit_predict(standardized))
claim("standardizing lifts the purity of k-means by more than 15 points", above(scaled, unscaled + 0.15))

# %% [markdown]
# Not that it is always right to do so: the pixels of an image share one unit, and the nearly dark ones at the rim
# *should* count little. Ask what a difference of 1 means in each column.
#
# ### Two moons
# Two half circles, plain to any eye. Neither k-means nor a mixture of two clouds gets them.
#
# *What to see: k-means (left) cuts both moons with a straight line; two Gaussian clouds (middle) do little better. On
# the right a method with another idea of "alike".*

# %%
from sklearn.cluster import AgglomerativeClustering

moons = data.moons(400, seed=0)
methods = {
    "k-means": lambda points: ScikitKMeans(2, n_init=10, random_state=0).fit_predict(points),
    "Gaussian mixture": lambda points: GaussianMixture(2, n_init=5, random_state=0).fit_predict(points),
    "single linkage": lambda points: AgglomerativeClustering(2, linkage="single").fit_predict(points),
}
figure, panels = plt.subplots(1, 3, figsize=(10, 2.8), sharey=True, layout="constrained")
for axes, (name, method) in zip(panels, methods.items()):
    groups = method(moons.x)
    plots.draw_points(axes, moons.x, groups, size=12)
    axes.set(title=f"{name}: purity {purity(moons.labels, groups):.2f}", xlabel="horizontal", aspect="equal")
panels[0].set_ylabel("vertical")
plt.show()

# %% [markdown]
# **Diagnosis:** both methods stand for a group by its middle, and the middle of a half circle is not even on it.
# **Mended,** here: [single linkage](glossary:single-linkage) joins, again and again, the two groups whose *nearest
# members* are closest, so that a moon grows along itself like a chain. But look at its price.


# %%
def mean_purity(method, **options):
    """Over five draws of the moons."""
    draws = [data.moons(400, seed=seed, **options) for seed in range(5)]
    return np.mean([purity(draw.labels, method(draw.x)) for draw in draws])


clean = {name: mean_purity(method) for name, method in methods.items()}
noisy = {name: mean_purity(method, noise=0.15) for name, method in methods.items()}
claim(
    "on clean moons single linkage is right; with three times the noise it falls to the level of guessing, below k-means",
    above(clean["single linkage"], 0.99),
    below(noisy["single linkage"], 0.6),
    above(noisy["k-means"], 0.7),
)
chained = purity(digits.labels, AgglomerativeClustering(10, linkage="single").fit_predict(x))
print(f"Single linkage on the digits: purity {chained:.2f}.")

# %% [markdown]
# On the digits, where k-means reaches more than 70 %, single linkage is lost. There is no method without a notion of
# shape, and none whose notion fits everywhere. Bent structure without chains is what the coming lessons are after.
#
# ### A score that rises by itself
# More clusters, more purity: from 10 to 200 clusters the digits go from about three quarters to nearly all right.
# Progress? We do the same with labels that are **shuffled**, so that there is nothing left to find.

# %%
counts = (2, 10, 50, 200, 600)
shuffled = np.random.default_rng(0).permutation(digits.labels)
rising = {"purity, true labels": [], "purity, shuffled": [], "ARI, true labels": [], "ARI, shuffled": []}
for n_clusters in counts:
    groups = ScikitKMeans(n_clusters, n_init=1, random_state=0).fit_predict(x)
    for name, truth in (("true labels", digits.labels), ("shuffled", shuffled)):
        rising[f"purity, {name}"].append(purity(truth, groups))
        rising[f"ARI, {name}"].append(metrics.ari(truth, groups))

# %% [markdown]
# *What to see: purity (solid) climbs for the true labels and for the shuffled ones (squares) alike. ARI (dashed) of the
# shuffled labels stays at zero, and for the true ones it is highest at 10 and falls again.*

# %%
figure, axes = plt.subplots(figsize=(7, 3.7), layout="constrained")
for number, (name, values) in enumerate(rising.items()):
    axes.plot(
        counts,
        values,
        label=name,
        color=plots.COLOURS[number // 2],
        linestyle="--" if number > 1 else "-",
        marker="s" if number % 2 else "o",
    )
axes.set(
    title="Two scores as the clusters grow in number",
    xlabel="clusters",
    ylabel="score",
    xscale="log",
    xticks=counts,
    xticklabels=counts,
    ylim=(-0.05, 1.05),
)
axes.minorticks_off()
axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
claim(
    "with 600 clusters even shuffled labels look more than 35 % pure, more than twice as much as with 10; ARI stays at 0",
    above(rising["purity, shuffled"][-1], max(0.35, 2 * rising["purity, shuffled"][1])),
    below(max(np.abs(rising["ARI, shuffled"])), 0.02),
)

# %% [markdown]
# **Diagnosis:** the smaller a cluster, the easier a majority; a cluster of one is always pure. **Mended:** compare
# purities only at the same number of clusters (this course always takes 10 for the digits), put a shuffled run beside
# them, and look at a second score that knows about chance.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

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
                    "Only by luck. Without centring what counts is the distance from the origin, not from the mean.",
                ),
                (
                    "mostly where the middle of the cloud is",
                    True,
                    "Yes: if the cloud lies far from the origin, the longest way from there is towards its middle.",
                ),
                (
                    "nothing, the decomposition fails",
                    False,
                    "It runs without complaint. That is what makes this mistake a classic one.",
                ),
            ],
        ),
        Question(
            "The singular values of a centred table are 6, 3, 2. What share of the variance has the first direction?",
            [
                (
                    "6/11, about 55 %",
                    False,
                    "That is the share among the singular values. Variances are their squares.",
                ),
                ("36/49, about 73 %", True, "Yes: 36 / (36 + 9 + 4)."),
                ("36/45, 80 %", False, "You left out the third: the sum runs over all directions, kept or not."),
            ],
        ),
        Question(
            "One run of k-means rests at inertia 0.31, another, same data, as many clusters, at 0.18. What do you say?",
            [
                (
                    "The first one needs more iterations.",
                    False,
                    "It rests: no sample changes its cluster any more. More of the same changes nothing.",
                ),
                (
                    "They started elsewhere and ended in different local minima; keep the second.",
                    True,
                    "Yes. Several starts, smallest inertia: that is all that n_init does.",
                ),
                (
                    "One of the two programs is wrong.",
                    False,
                    "Both may be right. Lloyd's algorithm promises an inertia that never rises, not the lowest.",
                ),
            ],
        ),
        Question(
            "Two purities for the same images: 0.80 with 10 clusters, 0.93 with 300. Which clusters are better?",
            [
                (
                    "those with 0.93",
                    False,
                    "Purity rises with the number of clusters even if there is nothing to find.",
                ),
                ("those with 0.80", False, "Perhaps, but these two numbers do not say it either."),
                (
                    "that cannot be said from these numbers",
                    True,
                    "Right. Ask for the same number of clusters, or for ARI or NMI beside them.",
                ),
            ],
        ),
        Question(
            "Your groups are long, straight and parallel. What do you try first?",
            [
                (
                    "k-means with more starts",
                    False,
                    "The best of all starts still cuts long groups across: the smallest inertia itself is the problem.",
                ),
                ("a Gaussian mixture", True, "Yes: its covariances can be stretched along the groups."),
                (
                    "k-means with ten times as many clusters",
                    False,
                    "That would chop the groups into pieces: purer ones, but still not the groups.",
                ),
            ],
        ),
        Question(
            "A table has two columns, age in years and income in euros. k-means without standardizing finds …",
            [
                (
                    "what it would find anyway; clustering does not depend on units",
                    False,
                    "Distances do: write the income in cents, and every cluster may change.",
                ),
                (
                    "groups of income, nearly alone",
                    True,
                    "Yes: a difference of 1,000 euros counts like one of 1,000 years.",
                ),
                (
                    "groups of age, nearly alone",
                    False,
                    "The other way round: the column with the larger numbers shouts.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Data hang together, so fewer numbers can describe them. PCA finds the best straight directions, exactly, without a
#   knob to turn, in a fraction of a second.
# - k-means finds round groups, and where it ends depends on where it starts. Gaussian mixtures find stretched groups
#   and say how sure they are. Neither follows a bend.
# - Scale is a decision. So is the number of clusters. And a score without its chance level says nothing.
#
# What classical methods win here, and will not give up easily: speed, no training to go wrong, the same answer every
# time (PCA), an answer that can be explained.
#
# Here is the course's table, which every lesson adds rows to. All is measured on held-out digits: the squared error a
# pixel of the reconstructions, NMI and purity of k-means with ten clusters on the codes, and the accuracy of a
# [linear probe](glossary:linear-probe), a simple classifier that gets ten labelled codes of each digit. `models.PCA` is
# your two functions, with its input checked.

# %%
import time

from udl_teach.models import PCA

rows = [comparison_row("raw pixels", 64, train, test, encode=lambda x: x, seconds=0.0)]
for k in (2, 8):
    start = time.perf_counter()
    pca = PCA(n_components=k).fit(train.x)
    seconds = time.perf_counter() - start
    rows.append(comparison_row("PCA", k, train, test, encode=pca.encode, decode=pca.decode, seconds=seconds))
comparison(rows)

# %%
pixels, two, eight = rows
claim(
    "eight numbers keep most of the purity of 64 pixels, two lose more than ten points of it",
    above(eight["purity"], pixels["purity"] - 0.12),
    below(two["purity"], pixels["purity"] - 0.1),
)

# %% [markdown]
# The bar for the next lesson: **0.053 a pixel at 2 numbers, 0.025 at 8.** What could do better with the same few
# numbers? Something that may bend.

# %% [markdown]
# ## Where to read on
# - Karl Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 1901. PCA
#   before it had its name; look at the figures: it is all about distance to a line.
# - Harold Hotelling, *Analysis of a complex of statistical variables into principal components*, Journal of Educational
#   Psychology 1933. The same by way of variance; the word "component" is his.
# - Stuart Lloyd, *Least squares quantization in PCM*, IEEE Transactions on Information Theory 1982 (written in 1957).
#   Look at the two conditions for an optimum: they are your two functions.
# - David Arthur and Sergei Vassilvitskii, *k-means++: the advantages of careful seeding*, SODA 2007. Four lines of
#   algorithm, and a proof that the start alone is never too bad on average.
# - Arthur Dempster, Nan Laird and Donald Rubin, *Maximum likelihood from incomplete data via the EM algorithm*, Journal
#   of the Royal Statistical Society B 1977. Section 4.3 treats mixtures.
# - Christopher Manning, Prabhakar Raghavan and Hinrich Schütze, *Introduction to Information Retrieval*, Cambridge
#   2008, section 16.3 (free on the web): purity, NMI and the Rand index on one small example with crosses, circles and
#   diamonds.
# - Lawrence Hubert and Phipps Arabie, *Comparing partitions*, Journal of Classification 1985. Where ARI's correction
#   for chance comes from.
