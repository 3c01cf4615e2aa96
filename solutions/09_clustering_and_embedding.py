# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 09 · Clustering and embedding
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 01 (k-means, silhouette, NMI), lesson 02 (autoencoders), and the KL divergence from lesson 04.

# %% tags=["setup"]
{{setup}}

import copy
import time

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE

from udl_teach import data, fit, metrics, play, plots
from udl_teach.models import PCA, Autoencoder, DeepEmbeddedClustering, NeighbourEmbedding, target_distribution
from udl_teach.models import soft_assignment as soft_shares

digits = data.digits()
x, labels = digits.x, digits.labels


def autoencoder(seed):
    """An autoencoder with a code of ten numbers, trained on all digits."""
    model = Autoencoder(64, 10, (128, 64), seed=seed)
    fit(model, x, epochs=40, batch_size=64, learning_rate=3e-3, seed=seed, progress=False)
    return model


def kmeans(z, n_clusters=10):
    return KMeans(n_clusters, n_init=10, random_state=0).fit_predict(z)


def tsne(z, seed=0, **settings):
    return TSNE(2, **{"init": "pca", "random_state": seed, "n_jobs": 1, **settings}).fit_transform(z)


def draw_pair(left, right, groups, titles, size=10):
    """Data, projected on their first two directions unless they have only two columns, beside their map."""
    left = left if left.shape[1] == 2 else PCA(2).fit(left).encode(left)
    figure, panels = plt.subplots(1, 2, figsize=(8.5, 3.6), layout="constrained")
    for axes, z, title in zip(panels, (left, right), titles):
        plots.draw_points(axes, z, groups, size=size)
        axes.set(title=title, aspect="equal", xlabel="horizontal", ylabel="vertical")
    plt.show()


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - write the soft assignments and the target of deep embedded clustering, and explain what the target can and cannot do;
# - compare clusters with classes, and say why the two need not agree;
# - recognize a score that a model has produced for itself;
# - measure what a map keeps by trustworthiness and continuity;
# - name six ways in which a neighbour map misleads, and recognize its settings by eye.
#
# The lesson has two sittings: first clusters (sections 1 to 5), then maps.

# %% [markdown]
# ## 1. Do codes cluster better than pixels?
# In lesson 02, k-means found the digits no better in the codes of an autoencoder with eight numbers than in the
# pixels. An autoencoder is trained to reconstruct, and nothing in its loss rewards groups. Here are three autoencoders
# with ten numbers each, the pixels, and one more candidate: the map of [t-SNE](glossary:t-SNE), which you saw in lesson
# 05. All are clustered by k-means with ten clusters.
#
# Two scores compare the clusters with the classes. **[Clustering accuracy](glossary:clustering-accuracy)** gives every
# cluster one class of its own, in the best possible way, and counts the share of samples in agreement.
# **[NMI](glossary:NMI)** measures how much the cluster tells about the class. **Which row will be the best?**

# %%
starts = [autoencoder(seed) for seed in range(3)]
map_of_all = tsne(x)
found = {"pixels": kmeans(x), "map of t-SNE": kmeans(map_of_all)}
found |= {f"codes, seed {seed}": kmeans(start.encode(x)) for seed, start in enumerate(starts)}


def scores(clusters):
    return metrics.clustering_accuracy(labels, clusters), metrics.nmi(labels, clusters)


for name, clusters in found.items():
    print("k-means on {:13s}: accuracy {:.2f}, NMI {:.2f}".format(name, *scores(clusters)))

# %%
claim(
    "k-means on a map of t-SNE reaches an NMI above 0.88, more than 0.05 above k-means on pixels and on every code",
    above(scores(found["map of t-SNE"])[1], 0.88),
    above(
        scores(found["map of t-SNE"])[1] - max(scores(each)[1] for name, each in found.items() if "t-SNE" not in name),
        0.05,
    ),
)

# %% [markdown]
# The strongest method of the table is not a deep one: t-SNE has no network at all. Keep its row in mind as the rival of
# this lesson. It draws samples together that are neighbours; how it does so is the subject of the second sitting.
#
# The codes differ from seed to seed. The next three sections train codes for clustering.

# %% [markdown]
# ## 2. How can an assignment have a gradient?
# k-means assigns a sample to its nearest centre. Move the code a little, and the assignment mostly stays the same: its
# gradient is zero. **Deep embedded clustering** (DEC; Xie et al. 2016) replaces it by a
# [soft assignment](glossary:soft-assignment). Code $z_i$ belongs to every centre $\mu_j$ with a share
#
# $$q_{ij} = \frac{\left(1 + \lVert z_i - \mu_j \rVert^2\right)^{-1}}{\sum_{k} \left(1 + \lVert z_i - \mu_k \rVert^2\right)^{-1}}$$
#
# The function $1 / (1 + d^2)$ is the density of **Student's t** distribution with one degree of freedom, up to a
# factor. A Gaussian, $e^{-d^2}$, falls to zero much faster. With the heavy tails of Student's t, a distant centre still
# has a noticeable share.
#
# **Exercise 09.1.** Write the soft assignment. The codes are `z`, shape (samples, d), and the centres have shape
# (clusters, d).


# %% tags=["exercise-09.1"]
{{exercise("09.1")}}


# %% tags=["check-09.1"]
soft_assignment = check("09.1", soft_assignment)
grade("09.1")

# %% [markdown]
# With `start="kmeans"` the library's model starts as the paper does: an autoencoder, then k-means on its codes for the
# centres. `place_centres` does the second part. The copy keeps our autoencoder as it is.


# %%
def from_kmeans(start, n_clusters=10, seed=0, **settings):
    """Deep embedded clustering, before its first step."""
    model = DeepEmbeddedClustering(64, n_clusters, encoder=copy.deepcopy(start), start="kmeans", seed=seed, **settings)
    model.place_centres(x)
    return model


model = from_kmeans(starts[0])
q = soft_assignment(model.encode(x), model.centres.detach().numpy())
agrees = np.allclose(q, model.soft_assign(x), atol=1e-5)
print(f"the same as the library's: {agrees}; the largest share of a digit is {q.max(axis=1).mean():.2f} on average")

# %% [markdown]
# With ten clusters, a sample without any preference has ten shares of 0.1. The largest share is the *confidence* of an
# assignment. It is low here: for most codes, $1 + d^2$ to the nearest centre is not much smaller than to the others.

# %% [markdown]
# ## 3. What can a clustering learn from itself?
# There are no labels to learn from. DEC makes a **target** from its own assignments. It sharpens them: with $f_j =
# \sum_i q_{ij}$, the soft number of samples in cluster $j$,
#
# $$p_{ij} = \frac{q_{ij}^2 / f_j}{\sum_k q_{ik}^2 / f_k}$$
#
# Squaring makes large shares larger and small ones smaller. Dividing by $f_j$ weakens the pull of large clusters. The
# loss is the [KL divergence](glossary:KL-divergence) from target to assignment, averaged over the samples of a batch:
#
# $$L = \frac{1}{B} \sum_{i} \sum_j p_{ij} \log \frac{p_{ij}}{q_{ij}}$$
#
# Its gradient moves each code towards the centres in which $p$ exceeds $q$, and each centre towards its codes. The
# target is held fixed meanwhile, and updated at intervals, here once per epoch. Learning ends when an update changes
# the cluster of fewer than 0.1 % of the samples.
#
# **Exercise 09.2.** Write the target of a batch. You get the soft assignments `q` of *all* samples and the row numbers
# `rows` of the batch. Over which samples does the sum $f_j$ run?


# %% tags=["exercise-09.2"]
{{exercise("09.2")}}


# %% tags=["check-09.2"]
batch_target = check("09.2", batch_target)
grade("09.2")

# %%
order = np.sort(q, axis=1)
shown = np.argsort(order[:, -1] - order[:, -2])[[-1, 900, 0]]  # a clear, a typical and a doubtful digit
figure, panels = plt.subplots(1, 3, figsize=(9, 2.8), sharey=True, layout="constrained")
for axes, row, name in zip(panels, shown, ("a clear digit", "a typical digit", "a doubtful digit")):
    axes.bar(np.arange(10) - 0.2, q[row], 0.4, label="assignment q", color=plots.COLOURS[0])
    axes.bar(np.arange(10) + 0.2, batch_target(q, [row])[0], 0.4, label="target p", color=plots.COLOURS[1])
    axes.set(title=name, xlabel="cluster", xticks=range(10))
panels[0].set_ylabel("share")
panels[2].legend(frameon=False, fontsize=9)
plt.show()

# %% [markdown]
# *What to see: where one share stands out, the target makes it stand out more. In the doubtful case two shares are
# nearly equal and both grow: the target says little about which of the two clusters is right.*
#
# What happens to the codes when this is repeated? The playground trains on points with known groups. Watch which codes
# move first, those near a centre or those between two centres. Then choose the data "noise", where nothing is to be
# found. **Does the picture look different in the end? Does the confidence, the mean largest soft assignment in the line
# below it?**

# %%
play.cluster_codes()

# %% [markdown]
# The target knows nothing that the assignments do not know. **What happens, then, to digits that k-means has put into
# a wrong cluster?** Right and wrong are meant as in the clustering accuracy.

# %%
predict(
    "09.mistakes",
    "Take the digits in a wrong cluster both before and after training: how does the confidence of their assignment change?",
    options=["it falls", "it stays the same, within a tenth", "it rises"],
)

# %% [markdown]
# Cluster numbers are arbitrary, so every cluster needs a class first. The [Hungarian
# method](glossary:Hungarian-matching) finds the best one-to-one matching; SciPy's function for it is called below. In
# the table that it is given, rows are classes and columns are clusters. Taking the largest entry first would leave
# only 5 samples in agreement.

# %%
linear_sum_assignment([[5, 4], [4, 0]], maximize=True)

# %% [markdown]
# The result is two arrays, the rows and the columns of the chosen entries: class 0 with cluster 1, class 1 with cluster
# 0, and 4 + 4 samples in agreement.
#
# **Exercise 09.3.** Return the class of every cluster.


# %% tags=["exercise-09.3"]
{{exercise("09.3")}}


# %% tags=["check-09.3"]
match = check("09.3", match)
grade("09.3")


# %%
def right(clusters):
    """Whether each digit is in the cluster of its class."""
    return match(metrics.contingency(labels, clusters))[clusters] == labels


before, after, wrong_confidence = [], [], []
for seed, start in enumerate(starts):
    model = from_kmeans(start, seed=seed)
    before.append(model.predict(x))
    first = model.soft_assign(x).max(axis=1)
    fit(model, x, epochs=40, seed=seed, progress=False)
    after.append(model.predict(x))
    both = ~right(before[-1]) & ~right(after[-1])
    wrong_confidence.append((first[both].mean(), model.soft_assign(x).max(axis=1)[both].mean()))
    stay = both.sum() / (~right(before[-1])).sum()
    print(f"seed {seed}: {stay:.0%} of the wrong digits stay wrong, confidence {wrong_confidence[-1][0]:.2f}", end=" ")
    print(f"before and {wrong_confidence[-1][1]:.2f} after")

# %%
first, last = np.mean(wrong_confidence, axis=0)
outcome(
    "09.mistakes",
    "it rises" if last > 1.1 * first else "it falls" if last < 0.9 * first else "it stays the same, within a tenth",
    because="The target sharpens what it finds. A digit in a wrong cluster is no exception.",
)
claim(
    "the confidence of digits that are wrong before and after training rises by more than a third",
    above(last / first, 4 / 3),
)

# %% [markdown]
# **What it shows.** The confidence of deep clustering is no evidence. It rises because the training makes it rise, for
# right and for wrong assignments alike. Most of the mistakes of k-means at the start are still there at the end.

# %% [markdown]
# ## 4. Does it help, and does it win?
# The model above keeps the decoder, and its loss is the mean squared error plus the KL divergence. This is the
# improved form of Guo et al. (2017); the reconstruction keeps the codes close to the data while they move. In the
# original form the decoder is dropped. The library's default has a wider network and another start: its first groups
# come from a graph that joins every sample with its nearest neighbours, which is also what a neighbour map works on.
# **Which of the two will find the better clusters, and will either beat k-means on the map of t-SNE?**

# %%
from_graph = DeepEmbeddedClustering(64, 10)
fit(from_graph, x, progress=False)
table = {
    "k-means on the codes": before,
    "DEC from these centres": after,
    "DEC from the neighbour graph": [from_graph.predict(x)],
    "k-means on pixels": [found["pixels"]],
    "k-means on t-SNE": [found["map of t-SNE"]],
}
table = {name: np.array([scores(each) for each in runs]) for name, runs in table.items()}
for name, values in table.items():
    accuracy, nmi = values.mean(axis=0)
    print(
        f"{name:29s} accuracy {accuracy:.3f}, NMI {nmi:.3f}   (mean of {len(values)}; lowest NMI {values[:, 1].min():.3f})"
    )
gain = table["DEC from these centres"][:, 1] - table["k-means on the codes"][:, 1]

# %%
claim(
    "training raises the NMI of k-means on the codes, on average over three seeds",
    above(gain.mean(), 0.01),
)
claim(
    "k-means on t-SNE has a higher accuracy than deep clustering, from either start",
    above(table["k-means on t-SNE"][0, 0], table["DEC from these centres"][:, 0].max()),
    above(table["k-means on t-SNE"][0, 0], table["DEC from the neighbour graph"][:, 0].max()),
)

# %% [markdown]
# **What it shows.** Training for clusters improves the codes. The run from the neighbour graph ends far ahead of the
# runs from k-means. (Its accuracy was 0.88 in each of ten runs. The wider network may have a part in it.) And **on
# these digits the simple rival wins**: k-means on a map of t-SNE. Deep clustering keeps one advantage over t-SNE. Its
# encoder gives a cluster to new samples, while t-SNE has no place for them.
#
# It can also be told something about images. A digit that is rotated or shifted a little is still the same digit. On
# images of at least 12 × 12 pixels, the library's model uses this knowledge by default: it learns from such versions of
# the images, and calls two images neighbours if some of their versions are close. On 5,000 images of MNIST its accuracy
# was about 0.97 in two runs, and 0.78 in one with `augment=None`; k-means on a map of t-SNE reaches 0.76. There the knowledge
# matters more than the method.

# %% [markdown]
# ## 5. How many clusters, and are they the classes?
# In practice $K$ is unknown. In lesson 01 the [silhouette](glossary:silhouette) helped to choose it: it compares a
# sample's distance to its own cluster with the distance to the next one, and lies between −1 and 1. For four clusters
# on the codes of an autoencoder it is about 0.2. With ten digits, four looks like a poor choice.

# %%
predict(
    "09.silhouette",
    "After deep clustering with four clusters: what is the silhouette of its codes?",
    unit="silhouette",
    low=0,
    high=1,
)

# %%
counts = (4, 10, 16)
silhouettes = {"codes before": [], "codes after": [], "pixels": []}
for n_clusters in counts:
    model = from_kmeans(starts[0], n_clusters)
    silhouettes["codes before"].append(metrics.silhouette(model.encode(x), model.predict(x)))
    fit(model, x, epochs=40, progress=False)
    silhouettes["codes after"].append(metrics.silhouette(model.encode(x), model.predict(x)))
    silhouettes["pixels"].append(metrics.silhouette(x, model.predict(x)))

figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
for number, (name, curve) in enumerate(silhouettes.items()):
    axes.plot(counts, curve, "os^"[number] + "-", color=plots.COLOURS[number], label=name)
axes.set(title="Silhouette for different numbers of clusters", xlabel="clusters", ylabel="silhouette", ylim=(0, 1))
axes.legend(frameon=False)
plt.show()

# %%
outcome(
    "09.silhouette",
    silhouettes["codes after"][0],
    because="The training pulls codes to the centres, whatever their number. The silhouette measures just that.",
)
claim(
    "for four clusters the silhouette of the codes more than doubles, while that of the same clusters in pixels stays below 0.2",
    above(silhouettes["codes after"][0], 2 * silhouettes["codes before"][0]),
    below(silhouettes["pixels"][0], 0.2),
)

# %% [markdown]
# The model has produced the gaps that the silhouette measures. **A score must not be computed in a space that was
# trained to raise it.** Three ways to choose $K$ remain: the silhouette in the data, which is flat and low here; the
# *stability*, the agreement (ARI) between runs from different seeds; and a purpose, such as the number of groups that
# you can treat differently.
#
# And do clusters have to be classes? Here are the clusters of the best method so far, ordered by your matching.

# %%
clusters = found["map of t-SNE"]
counted = metrics.contingency(labels, clusters)[:, np.argsort(match(metrics.contingency(labels, clusters)))]
misplaced = np.flatnonzero(~right(clusters))
figure, (panel, wall) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
plots.draw_map(panel, counted, texts=np.where(counted > 0, counted.astype(str), ""), label="digits")
panel.set(title="k-means on t-SNE", xlabel="cluster (named by its class)", ylabel="class")
plots.draw_images(wall, digits.images[misplaced[:40]], columns=8)
wall.set_title("Forty digits outside the cluster of their class")
plt.show()

# %% [markdown]
# *What to see: most of each class lies in one cluster. Much of the rest is not scattered: a group of one class lies
# together in the cluster of another, such as ones that are written like other digits.*
#
# A class is a name that people gave; a cluster is a group of similar samples. A one with a base line and a one without
# carry the same name and look different. Sorted by slant or by thickness, the same images would form other groups, just
# as real. **Low agreement with one set of labels does not mean that the clusters are wrong, nor does high agreement prove
# that they are the only ones.**

# %% [markdown] tags=["sitting"]
# **A good place to stop.** You have written the two distributions of deep embedded clustering, seen that it sharpens
# mistakes as well, and met a rival that it does not beat. The second half is about that rival's idea, maps of
# neighbours, and about how such maps mislead. It needs only the setup cell at the top.

# %% [markdown]
# ## 6. How does a map of neighbours come about?
# Nothing with 64 dimensions can be drawn. PCA projects the data on the two directions of largest variance, and digits
# that differ in the other 62 fall on top of each other. A **neighbour embedding** gives up the large distances and keeps
# the neighbours. [t-SNE](glossary:t-SNE) (van der Maaten and Hinton 2008) works in three steps.
#
# 1. In the data, neighbours get probabilities. Sample $i$ chooses $j$ with a probability that falls with their
#    distance like a Gaussian: $p_{j|i} \propto e^{-\lVert x_i - x_j \rVert^2 / 2\sigma_i^2}$. Each $\sigma_i$ is set
#    so that the effective number of neighbours is the same for all samples. This number is the
#    [perplexity](glossary:perplexity), often 30. The average of $p_{j|i}$ and $p_{i|j}$, divided by the number of
#    samples so that all pairs add up to 1, is $p_{ij}$.
# 2. In the map, the kernel is Student's t, the one from deep clustering: $q_{ij} \propto 1 / (1 + \lVert z_i - z_j
#    \rVert^2)$, and again all pairs add up to 1.
# 3. The places $z_i$ move so as to minimize the KL divergence
#
# $$L = \sum_{i \neq j} p_{ij} \log \frac{p_{ij}}{q_{ij}}$$
#
# Where $p_{ij}$ is large and $q_{ij}$ small, the loss is large: neighbours that are torn apart are expensive. Distant
# samples that are drawn close cost little. UMAP (McInnes et al. 2018) uses other weights and another loss for the same
# idea, with a number of neighbours in place of the perplexity.
#
# t-SNE moves *places*, so a new sample has none. The **parametric** form (van der Maaten 2009) trains a network
# $z = g(x)$ with the same loss. The network learns on batches of 500 samples, and each batch keeps the neighbours that it
# contains. The library has it for both losses: `NeighbourEmbedding(64, objective="tsne")` or `"umap"`.

# %%
train, test = digits.split(seed=0)
placed = {"PCA": PCA(2).fit(train.x), "network": NeighbourEmbedding(64, perplexity=30)}
begin = time.perf_counter()
fit(placed["network"], train.x, epochs=150, progress=False)
network_seconds = time.perf_counter() - begin
maps = {"PCA": placed["PCA"].encode(train.x), "t-SNE": tsne(train.x), "network": placed["network"].encode(train.x)}

figure, panels = plt.subplots(1, 4, figsize=(12, 3.3), layout="constrained")
for axes, (name, z) in zip(panels, maps.items()):
    plots.draw_points(axes, z, train.labels, size=5)
    axes.set(title=name, xticks=[], yticks=[], xlabel="training digits")
plots.draw_points(panels[3], placed["network"].encode(test.x), test.labels, size=9)
panels[3].set(title="network, new digits", xticks=[], yticks=[], xlabel="held-out digits")
plt.show()

# %% [markdown]
# *What to see: the colours are the classes, which no method was given. PCA's classes overlap. t-SNE and the network
# draw separate groups, and the network places new digits in the groups of their classes.*

# %% [markdown]
# ## 7. What does a map keep?
# A pretty map is not a faithful one. It can make two kinds of mistakes with neighbours: samples that are far apart in
# the data are drawn as neighbours, or neighbours are torn apart. Let $r(i, j)$ be the place of $j$ among the
# neighbours of $i$ in the map, 1 for the nearest. [Continuity](glossary:continuity) at $k$ neighbours is
#
# $$C(k) = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_{i=1}^{n} \; \sum_{j \in N_k(i)} \max\left(0,\, r(i, j) - k\right)$$
#
# where $N_k(i)$ holds the $k$ nearest neighbours of $i$ *in the data*. A neighbour that the map puts at a place $r$
# beyond $k$ costs $r - k$. [Trustworthiness](glossary:trustworthiness) exchanges data and map. Both are 1 for a
# perfect map and about 0.5 for a random one.
#
# **Exercise 09.4.** Write the continuity. `data_ranks[i, j]` and `map_ranks[i, j]` are the places of $j$ among the
# neighbours of $i$; the sample itself has place 0.


# %% tags=["exercise-09.4"]
{{exercise("09.4")}}


# %% tags=["check-09.4"]
continuity = check("09.4", continuity)
grade("09.4")


# %%
def ranks(points):
    distances = cdist(points, points)
    np.fill_diagonal(distances, -1)
    return distances.argsort(axis=1).argsort(axis=1)


kept = {}
for name, (data_x, z) in {
    **{name: (train.x, z) for name, z in maps.items()},
    "network, new digits": (test.x, placed["network"].encode(test.x)),
}.items():
    in_data, in_map = ranks(data_x), ranks(z)
    kept[name] = continuity(in_map, in_data, 12), continuity(in_data, in_map, 12)
    print(f"{name:20s} trustworthiness {kept[name][0]:.3f}, continuity {kept[name][1]:.3f}", end="")
    print(f", order of all distances {metrics.distance_rank_correlation(data_x, z):.2f}")

# %%
claim(
    "t-SNE is more trustworthy than the network, and the network more than PCA by 0.05 or more; on new digits the network "
    "is less trustworthy, by 0.1 at most; the continuity of t-SNE is above that of PCA by 0.02 or more",
    above(kept["t-SNE"][0], kept["network"][0]),
    above(kept["t-SNE"][1], kept["PCA"][1] + 0.02),
    above(kept["network"][0], kept["PCA"][0] + 0.05),
    between(kept["network"][0] - kept["network, new digits"][0], 0.0, 0.10),
)

# %% [markdown]
# The last column is the rank correlation between all distances in the data and in the map. It is highest for PCA,
# which is the worst at neighbours: a neighbour map keeps neighbours at the cost of large distances. This is why such
# maps mislead when they are read like a geographical map. (Read the row of the new digits with care: among a quarter
# of the samples, twelve neighbours reach further.)

# %% [markdown]
# ## 8. How do maps mislead?
# Six cases. In five of them we know the truth, because we draw the data ourselves. The map is always t-SNE with the
# usual settings, unless the text says otherwise. **Predict first, then look.**
#
# **Case 1: sizes.** Two Gaussian clusters in ten dimensions, far apart, 150 samples each. The second is eight times as
# wide as the first.

# %%
predict(
    "09.sizes",
    "In the data one cluster is 8 times as wide as the other. How many times as wide is it on the map?",
    unit="times",
    low=0,
    high=16,
)

# %%
rng = np.random.default_rng(0)
group = np.arange(300) % 2
two = rng.normal(size=(300, 10)) * np.where(group, 8, 1)[:, None] + 60 * group[:, None] * np.eye(10)[0]
two_map = tsne(two)


def width(z):
    return np.sqrt(((z - z.mean(axis=0)) ** 2).sum(axis=1).mean())


drawn_width = width(two_map[group == 1]) / width(two_map[group == 0])
draw_pair(two, two_map, group, ("the data, projected by PCA", f"t-SNE: {drawn_width:.2f} times as wide"))

# %%
outcome(
    "09.sizes",
    drawn_width,
    because="Each sample has a sigma of its own, so that about 30 neighbours count, in dense and in sparse regions. The "
    "density is divided out.",
)
claim("a cluster eight times as wide as another is drawn less than twice as wide", below(drawn_width, 2))

# %% [markdown]
# **Case 2: distances.** Three clusters of the same size on a line. C is five times as far from B as A is.

# %%
predict(
    "09.distances",
    "The true distance from B to C is 5 times that from A to B. What is the ratio on the map?",
    unit="times",
    low=0,
    high=10,
)

# %%
three = np.arange(300) % 3
line = rng.normal(size=(300, 10)) + np.array([0, 10, 60])[three][:, None] * np.eye(10)[0]
line_map = tsne(line)
a, b, c = (line_map[three == number].mean(axis=0) for number in range(3))
drawn_ratio = np.linalg.norm(b - c) / np.linalg.norm(a - b)
draw_pair(line, line_map, three, ("the data, projected by PCA", f"t-SNE: {drawn_ratio:.2f} times as far"))

# %%
outcome(
    "09.distances",
    drawn_ratio,
    because="No sample of one cluster is a neighbour of a sample of another. How far apart they are hardly enters the loss.",
)
claim("a distance five times as large as another is drawn less than three times as large", below(drawn_ratio, 3))

# %% [markdown]
# **Case 3: noise.** One Gaussian cloud in 50 dimensions, 300 samples. There is nothing to find. Does the map show
# groups nevertheless? The index of Clark and Evans (1954) measures clumps: the mean distance of a point to its nearest
# neighbour on the map, divided by the distance expected for points scattered at random over the same area. It is 1 for
# no structure and smaller where points clump together. This time the perplexity is 3.

# %%
predict(
    "09.noise",
    "Pure noise in 50 dimensions, perplexity 3: what is the clumping index of its map (1 is no structure)?",
    unit="(index)",
    low=0,
    high=2,
)

# %%
from scipy.spatial import ConvexHull


def clumping(z):
    distances = cdist(z, z)
    np.fill_diagonal(distances, np.inf)
    return distances.min(axis=1).mean() / (0.5 * np.sqrt(ConvexHull(z).volume / len(z)))


noise = rng.normal(size=(300, 50))
noise_maps = {perplexity: tsne(noise, perplexity=perplexity) for perplexity in (30, 3)}
index = {perplexity: clumping(z) for perplexity, z in noise_maps.items()}
titles = tuple(f"noise, perplexity {perplexity}: index {index[perplexity]:.2f}" for perplexity in noise_maps)
draw_pair(*noise_maps.values(), None, titles)
for perplexity, z in noise_maps.items():
    print(f"perplexity {perplexity:2d}: silhouette of ten clusters on the map {metrics.silhouette(z, kmeans(z)):.2f}")
print(f"silhouette of ten clusters in the data {metrics.silhouette(noise, kmeans(noise)):.2f}")

# %%
outcome(
    "09.noise",
    index[3],
    because="Random samples have nearest neighbours too. With a perplexity of 3 only these count, so the map draws them "
    "together in clumps. With a perplexity of 30 the same noise has none.",
)
claim(
    "at perplexity 3 the map of pure noise has a clumping index below 0.85; at perplexity 30 it is about 1",
    below(index[3], 0.85),
    between(index[30], 0.88, 1.2),
)

# %% [markdown]
# The silhouette on the map would not have warned us. k-means cuts any flat cloud into ten pieces with a silhouette of
# about a third, clumps or not. In the data it is almost 0.

# %% [markdown]
# **Case 4: tears.** Three hundred points on a closed circle, with a little noise. The perplexity is 5, and the places
# start at random. A gap is a step between two points next to each other on the circle that is more than five times the
# median step.

# %%
predict("09.circle", "How many gaps does the map of the circle have?", unit="gaps", low=0, high=30)

# %%
angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
circle = np.c_[np.cos(angle), np.sin(angle)] + 0.02 * rng.normal(size=(300, 2))
circle_map = tsne(circle, perplexity=5, init="random")
step = np.linalg.norm(circle_map - np.roll(circle_map, -1, axis=0), axis=1)
gaps = int((step > 5 * np.median(step)).sum())
draw_pair(circle, circle_map, np.arange(300) // 75, ("the data: a circle", f"t-SNE, perplexity 5: {gaps} gaps"))
wider = tsne(circle, perplexity=30, init="random")
step = np.linalg.norm(wider - np.roll(wider, -1, axis=0), axis=1)
gaps_at_30 = int((step > 5 * np.median(step)).sum())
print(f"perplexity 30: {gaps_at_30} gaps")

# %%
outcome(
    "09.circle",
    gaps,
    because="With five neighbours each point knows only a short arc, and little holds the arcs together. With thirty it "
    "has one gap at most.",
)
claim(
    "from a random start, the map of a circle has at least three gaps at perplexity 5 and at most one at perplexity 30",
    above(gaps, 2),
    below(gaps_at_30, 2),
)

# %% [markdown]
# **Case 5: outliers.** Two clusters, and one sample 100 standard deviations away from both. We measure the distance to
# its nearest sample, relative to the mean distance between the others; in the data it is above 10.

# %%
predict(
    "09.outlier",
    "How far is the outlier drawn from the nearest sample, in mean distances on the map?",
    unit="mean distances",
    low=0,
    high=12,
)

# %%
alone = np.r_[rng.normal(size=(300, 10)) + 12 * group[:, None] * np.eye(10)[0], 100 * np.eye(10)[1:2]]
alone_map = tsne(alone)


def isolation(z):
    return np.linalg.norm(z[:-1] - z[-1], axis=1).min() / cdist(z[:-1], z[:-1]).mean()


drawn_far = isolation(alone_map)
titles = (f"the data, by PCA: {isolation(alone):.1f} mean distances", f"t-SNE: {drawn_far:.2f} mean distances")
draw_pair(alone, alone_map, np.r_[group, 2], titles, size=14)

# %%
outcome(
    "09.outlier",
    drawn_far,
    because="The outlier, too, chooses about 30 neighbours, and they attract it. A neighbour map cannot show that "
    "a sample is far from all others.",
)
claim("an outlier ten mean distances away is drawn less than one mean distance away", below(drawn_far, 1))

# %% [markdown]
# In all five cases t-SNE ran as intended. The playground shows the same structures while the map is made. **For each
# of them, look for a perplexity and an initialization that show the truth. For which is there none?** Press two points
# to compare their true distance with the drawn one.

# %%
play.map_lies()

# %% [markdown]
# **Case 6: settings.** The last case has no single truth. Here are four maps of the same 500 digits: one by PCA, three by
# t-SNE with perplexities 2, 30 and 160. The axes are hidden, because they would tell.

# %%
few = train[:500]
four = [tsne(few.x), PCA(2).fit(few.x).encode(few.x), tsne(few.x, perplexity=160), tsne(few.x, perplexity=2)]
figure, panels = plt.subplots(1, 4, figsize=(12, 3.3), layout="constrained")
for axes, letter, z in zip(panels, "ABCD", four):
    plots.draw_points(axes, z, few.labels, size=7)
    axes.set(title=letter, xticks=[], yticks=[], xlabel="500 digits")
plt.show()

# %% [markdown]
# **Exercise 09.5.** Which map comes from which setting? The function gets letters, in any order, and returns their
# settings.


# %% tags=["exercise-09.5"]
{{exercise("09.5")}}


# %% tags=["check-09.5"]
name_the_maps = check("09.5", name_the_maps)
grade("09.5")

# %% [markdown]
# What can you conclude from a neighbour map? Samples drawn together are mostly neighbours in the data, as far as the
# trustworthiness says. The map does not show sizes, distances between groups, or the number of groups, and a gap in it
# need not be real. **Draw several maps** with different perplexities and seeds, and believe what appears in all of
# them. Then check it in the data: with the silhouette there, with known structure, or with labels.

# %% [markdown]
# ## When it fails
# ### Collapse into one cluster
# The target is held fixed while the network learns. Suppose you forget that, so that the gradient flows through the
# target as well. In PyTorch this is one missing `.detach()`. We train the original form, without decoder, in both
# ways, with the target computed from each batch; nothing else differs. **Which loss will be lower?**


# %%
def cluster(start, held_fixed=True, rows_of=None, over_all=True, steps=400, rate=1e-2, batch=256):
    """Deep embedded clustering by hand, without a decoder; returns the clusters and the last loss."""
    model = DeepEmbeddedClustering(64, 10, encoder=copy.deepcopy(start), start="kmeans", reconstruction=0)
    model.place_centres(x)
    encode, centres, samples = model.network.encoder, model.centres, torch.tensor(x)
    optimizer = torch.optim.Adam([*encode.parameters(), centres], rate)
    generator = np.random.default_rng(0)
    for step in range(steps):
        rows = generator.choice(len(x), batch, replace=False) if rows_of is None else rows_of(step)
        q = soft_shares(encode(samples[rows]), centres)
        if over_all:
            if step % 28 == 0:
                with torch.no_grad():
                    whole = target_distribution(soft_shares(encode(samples), centres))
            p = whole[rows]
        else:
            weights = q**2 / q.sum(dim=0)
            p = weights / weights.sum(dim=1, keepdim=True)
            p = p.detach() if held_fixed else p
        loss = (p * (p / q).log()).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return soft_shares(encode(samples), centres).argmax(dim=1).numpy(), loss.item()


start, largest, losses = autoencoder(0), {}, {}
for held_fixed in (True, False):
    clusters, losses[held_fixed] = cluster(start, held_fixed, over_all=False)
    largest[held_fixed] = np.bincount(clusters).max() / len(x)
    name = "target held fixed" if held_fixed else "gradient through the target"
    print(
        f"{name:28s} loss {losses[held_fixed]:.4f}, the largest cluster holds {largest[held_fixed]:.0%} of the digits"
    )

# %%
claim(
    "with a gradient through the target the loss is lower, and one cluster holds more than half of the digits; "
    "with the target held fixed no cluster holds a third",
    below(losses[False], losses[True]),
    above(largest[False], 0.5),
    below(largest[True], 1 / 3),
)

# %% [markdown]
# **Diagnosis.** If all samples had the same ten shares, whatever these are, the target would equal them, and the loss
# would be 0. (Put it into the formula: $f_j$ is then the share of cluster $j$ times the number of samples.) Such a
# clustering says nothing, and it has the lowest possible loss. Once the target can move, training approaches it: the
# largest share is that of the same cluster for most digits. **Fix.** Hold the target fixed, and watch the cluster
# sizes, not only the loss.
#
# ### A target from a batch
# Exercise 09.2 took the sums $f_j$ over all samples. A shuffled batch at least resembles the whole. But data on a disk
# are often sorted. We show the digits class by class and compute the target over all samples, once per epoch, or over
# each batch.

# %%
by_class = np.argsort(labels, kind="stable")


def sorted_rows(step):
    return by_class[64 * (step % 28) : 64 * (step % 28) + 64]


sorted_nmi = {}
for over_all in (True, False):
    clusters, _ = cluster(start, rows_of=sorted_rows, over_all=over_all, rate=1e-3)
    sorted_nmi[over_all] = metrics.nmi(labels, clusters)
    print(f"target over {'all samples' if over_all else 'the batch  '}: NMI {sorted_nmi[over_all]:.2f}")

# %%
claim(
    "on sorted batches a target over the batch costs more than 0.15 of NMI",
    above(sorted_nmi[True] - sorted_nmi[False], 0.15),
)

# %% [markdown]
# **Diagnosis.** A batch that holds only zeros has one frequent cluster. Dividing by the batch's $f_j$ weakens exactly
# this cluster, and the target spreads the zeros over the other nine. **Fix.** Compute the target over all samples, at
# intervals; and shuffle.
#
# ### Clusters in pure noise
# Deep clustering, too, finds groups where there are none. We train it on Gaussian noise of 64 features with five
# clusters, and show it new noise from the same distribution afterwards.

# %%
old, new = (np.random.default_rng(seed).normal(size=(1000, 64)).astype(np.float32) for seed in (1, 2))
noisy = DeepEmbeddedClustering(64, 5, hidden_sizes=(128, 64), start="kmeans")
fit(noisy, old, epochs=80, progress=False)
clumps = {
    "codes": metrics.silhouette(noisy.encode(old), noisy.predict(old)),
    "codes of new noise": metrics.silhouette(noisy.encode(new), noisy.predict(new)),
    "the noise itself": metrics.silhouette(old, noisy.predict(old)),
}
for name, value in clumps.items():
    print(f"silhouette of {name:18s} {value:.2f}")

# %%
claim(
    "five clusters of pure noise have a silhouette above 0.35 in the codes, far less in the codes of new noise, and below "
    "0.05 in the data",
    above(clumps["codes"], 0.35),
    above(clumps["codes"] - clumps["codes of new noise"], 0.1),
    below(clumps["the noise itself"], 0.05),
)

# %% [markdown]
# **Diagnosis.** The network has enough parameters to learn which group each sample was given. **Test.** Encode samples
# that it has not seen: there the silhouette is much lower. Real groups show in new samples, in the data themselves, and
# again from another seed.

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it. Its code is folded because it contains the answers.

# %%
quiz(
    "09.check_yourself",
    [
        Question(
            "A code lies exactly between two centres, far from all others. What does the target say about it?",
            [
                ("it chooses one of the two", False, "Two equal shares stay nearly equal when both are squared."),
                (
                    "mostly both, and a little more for the smaller cluster",
                    True,
                    "Yes: squaring treats the two alike, and dividing by the frequency favours the smaller one.",
                ),
                ("ten equal shares", False, "The distant centres have small shares, and squaring makes them smaller."),
            ],
        ),
        Question(
            "Deep clustering of your data ends with a mean confidence of 0.95. What follows?",
            [
                ("95 % of the samples are in the right cluster", False, "Confidence rises for wrong samples, too."),
                ("the number of clusters is right", False, "It rises for any number of clusters, and in pure noise."),
                (
                    "that training has sharpened the assignments, and no more",
                    True,
                    "Yes. Sharpening is what the loss rewards.",
                ),
            ],
        ),
        Question(
            "Two clusters touch on a map of t-SNE, a third lies on the other side. Which two are more similar in the data?",
            [
                ("the two that touch", False, "Perhaps; distances between clusters hardly enter the loss."),
                ("the map does not tell", True, "Right. Measure it in the data, or draw maps from several starts."),
                ("the two that do not touch", False, "There is no reason for that either."),
            ],
        ),
        Question(
            "A map has trustworthiness 0.98 and continuity 0.80. What is wrong with it?",
            [
                (
                    "it draws samples as neighbours that are far apart",
                    False,
                    "Then the trustworthiness would be low.",
                ),
                (
                    "it tears neighbours apart",
                    True,
                    "Yes: what is drawn together belongs together, but much that belongs together is drawn apart.",
                ),
                ("its large distances are wrong", False, "Neither number measures large distances."),
            ],
        ),
        Question(
            "You need a map on which samples of next month can be placed. What do you use?",
            [
                (
                    "t-SNE, run again every month",
                    False,
                    "The new map may be arranged differently; nothing can be compared.",
                ),
                ("a parametric neighbour embedding", True, "Yes: the trained network places new samples."),
                (
                    "t-SNE, with new samples put at the place of their nearest old one",
                    False,
                    "It works in a pinch, but it hides everything that is new about them.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Deep embedded clustering pulls codes towards centres by a target that sharpens its own assignments. It improves the
#   codes; it sharpens mistakes as well, and depends on its start.
# - Scores computed in trained codes, such as confidence and silhouette, rise by themselves. Judge in the data, on new
#   samples, and from several seeds.
# - Clusters need not be classes. NMI and accuracy measure agreement with one set of labels.
# - Neighbour maps keep neighbours and give up sizes, distances between groups, density and outliers. A network with the
#   same loss places new samples.
# - Trustworthiness and continuity measure the two kinds of mistakes; report both.
# - On the 8 × 8 digits, k-means on a map of t-SNE clusters better than the deep methods of this lesson. On MNIST, deep
#   clustering gained most from augmented images.
#
# The comparison table gets two rows: the codes of deep clustering (from the neighbour graph) and the parametric map,
# each trained on the training digits alone. t-SNE itself has no row, because it cannot encode held-out digits; the
# numbers of section 4 were measured on all digits and are not comparable with the table. **Compare the map of two
# numbers with the other rows of two dimensions.** It is a single run, so differences of a few hundredths mean
# nothing.

# %%
rows = []
for seed in range(2):
    begin = time.perf_counter()
    model = DeepEmbeddedClustering(64, 10, seed=seed)
    fit(model, train.x, epochs=40, seed=seed, progress=False)
    spent = time.perf_counter() - begin
    rows.append(comparison_row("deep clustering", 10, train, test, encode=model.encode, seconds=spent))
rows.append(
    comparison_row("parametric t-SNE", 2, train, test, encode=placed["network"].encode, seconds=network_seconds)
)
comparison(rows)

# %% [markdown]
# ## Where to read on
# - Junyuan Xie, Ross Girshick and Ali Farhadi, *Unsupervised deep embedding for clustering analysis*, ICML 2016. Section
#   3 has your two functions.
# - Xifeng Guo, Long Gao, Xinwang Liu and Jianping Yin, *Improved deep embedded clustering with local structure
#   preservation*, IJCAI 2017. The decoder stays.
# - Ryan McConville et al., *N2D: (not too) deep clustering via clustering the local manifold of an autoencoded
#   embedding*, ICPR 2020. Clustering on a map of neighbours, the rival of this lesson.
# - Laurens van der Maaten and Geoffrey Hinton, *Visualizing data using t-SNE*, Journal of Machine Learning Research 2008.
#   Section 3.2 explains the heavy tails.
# - Laurens van der Maaten, *Learning a parametric embedding by preserving local structure*, AISTATS 2009.
# - Leland McInnes, John Healy and James Melville, *UMAP: uniform manifold approximation and projection for dimension
#   reduction*, 2018.
# - Martin Wattenberg, Fernanda Viégas and Ian Johnson, *How to use t-SNE effectively*, Distill 2016. More cases, to play
#   with.
# - Dmitry Kobak and George Linderman, *Initialization is critical for preserving global data structure in both t-SNE and
#   UMAP*, Nature Biotechnology 2021.
# - Jarkko Venna and Samuel Kaski, *Neighborhood preservation in nonlinear projection methods: an experimental study*,
#   ICANN 2001. Trustworthiness and continuity.
