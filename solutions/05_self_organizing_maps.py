# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 05 · Self-organizing maps
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 01 (k-means, PCA, held-out data) and NumPy's broadcasting (`x[:, None, :]`). There are no
# networks and no gradients in this lesson.

# %% tags=["setup"]
{{setup}}

import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans as ScikitKMeans
from sklearn.manifold import TSNE

from udl_teach import data, fit, metrics, play, plots
from udl_teach.lesson import comparison_row
from udl_teach.models import PCA, KMeans, SelfOrganizingMap

digits = data.digits()
train, test = digits.split(seed=0)
square = np.random.default_rng(0).uniform(size=(1000, 2)).astype(np.float32)


def kmeans(k, seed=0):
    """k-means with k centres on the training digits, the best of three initializations."""
    return ScikitKMeans(k, n_init=3, random_state=seed).fit(train.x)


def draw_nets(nets, points):
    """Maps of two features as nets over the points, side by side: a dictionary of titles and weights."""
    figure, panels = plt.subplots(1, len(nets), figsize=(9.5, 9.5 / len(nets) + 0.4), layout="constrained")
    for axes, (title, weights) in zip(panels, nets.items()):
        axes.scatter(*points.T, s=2, color="#ABABAB", linewidths=0)
        plots.draw_sheet(axes, weights, colour=plots.COLOURS[0])
        axes.set(title=title, aspect="equal", xticks=[], yticks=[])
    plt.show()


def gap(weights):
    """Mean distance in data space between neighbours in a row or a column of the grid."""
    return np.concatenate([np.linalg.norm(np.diff(weights, axis=axis), axis=2).ravel() for axis in (0, 1)]).mean()


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - write both learning rules of a self-organizing map, and say what each part of them does;
# - judge a map by two errors, and say when the errors of two maps can be compared;
# - choose the radius, the size and the shape of a map;
# - read an atlas: prototypes, hits, U-matrix and component planes, and how each of them can mislead;
# - choose between a map, k-means, PCA and t-SNE by what each of them keeps;
# - recognize from a few measurements why a map has failed.

# %% [markdown]
# ## 1. Can the number of a group mean something?
# In lesson 01 k-means gave every sample the number of its group, and the numbers were arbitrary: group 3 was no
# closer to group 4 than to group 9. Could neighbouring numbers mean similar groups, so that all groups can be laid
# out on a map?
#
# A [self-organizing map](glossary:self-organizing-map) (SOM) is a grid of **units**, in rows and columns. Every unit
# has two places:
#
# - its place **on the grid**, a row and a column, which never changes;
# - its place **in data space**, one number per feature. These numbers are its *weights* $w_{rc}$, and they are
#   learned.
#
# With two features we can draw the map as a net: every unit at its weights, with lines between neighbours on the
# grid. Here 100 units start at random places, so that the net is a knot, and 2,000 samples arrive one by one. For
# each sample, the nearest unit and its neighbours *on the grid* move towards it. **What will the net do?**

# %%
predict(
    "05.knot",
    "The samples fill a square evenly. The knot of 10 x 10 units will …",
    options=[
        "contract first, then open over the square",
        "spread from the first sample on",
        "stay a knot, with each unit going to the samples nearest to it",
    ],
)


# %%
def unfold(x, **settings):
    """The weights of a map before and after each of 2,000 samples: a list of arrays (rows, columns, features)."""
    net = SelfOrganizingMap(2, 10, 10, init="random")
    net.initialize(x)
    course = [net.weights.numpy()]
    return course + [net.weights.numpy() for step in net.steps(x, rule="online", epochs=2, **settings)]


course, alone = unfold(square), unfold(square, radius=0)
moments = (0, 20, 400, 2000)
draw_nets({f"after {moment:,} samples": course[moment] for moment in moments}, square)
draw_nets({f"nearest unit alone, {moment:,}": alone[moment] for moment in moments}, square)


# %%
outcome(
    "05.knot",
    "contract first, then open over the square"
    if course[20].std() < 0.7 * course[0].std() < course[-1].std()
    else "spread from the first sample on",
    because="At first each sample moves nearly all units towards itself. Later it moves only a few, and distant parts of "
    "the net can go to different places.",
)
claim(
    "the distance between neighbours on the grid falls to less than a quarter; where only the nearest unit moves, it stays "
    "the same within a tenth",
    below(gap(course[-1]) / gap(course[0]), 1 / 4),
    between(gap(alone[-1]) / gap(alone[0]), 0.9, 1.1),
)

# %% [markdown]
# *What to see: above, the knot contracts, then opens into a flat net. Below, the same units and the same samples, but
# only the nearest unit moves: the knot stays a knot.* Moving together with the neighbours on the grid is what creates
# the order. No unit knows the shape of the square; hence the name *self-organizing*. (The search for the nearest
# unit, though, goes through all of them.)
#
# In the playground you see every step: the sample, the nearest unit, and how strongly each unit moves. (Section 3
# explains radius and learning rate; they decay by themselves.) Let it run once. Then choose other data. **What does a
# square net do on a ring, and on a spiral?**

# %%
play.som_unfolding()

# %% [markdown]
# The net has two dimensions. Over the square it lies flat; on the ring and the spiral it must fold, or leave units in
# the empty places, because the data differ in shape from the grid.

# %% [markdown]
# ## 2. Which unit is the nearest?
# Three ideas make up the learning rule. The first is [competition](glossary:competition): only one unit responds to a
# sample, the unit whose weights are nearest to it (in squared distance, summed over the features). It is called the
# [best matching unit](glossary:best-matching-unit), or simply the winner.
#
# **Exercise 05.1.** Return the row and the column of the best matching unit, as `row, column`. `weights` has shape
# (rows, columns, features), `sample` has shape (features,). `np.unravel_index(number, shape)` turns a position in a
# flattened array into row and column. Stuck? `hint("05.1")`.


# %% tags=["exercise-05.1"]
{{exercise("05.1")}}


# %% tags=["check-05.1"]
best_unit = check("05.1", best_unit)
grade("05.1")

# %% [markdown]
# Before any training, put 100 units at random places in the smallest rectangle that contains two half-moons of 1,000
# points. **How many units win at least one point?**

# %%
predict("05.winners", "How many of the 100 units win at least one point?", unit="units", low=0, high=100)

# %%
moons = data.moons(1000, seed=0).x
scattered = np.random.default_rng(0).uniform(moons.min(axis=0), moons.max(axis=0), size=(10, 10, 2))
winners = {tuple(map(int, best_unit(scattered, sample))) for sample in moons}

# %%
outcome("05.winners", len(winners), because="For a unit in an empty place, some other unit is nearer to every point.")

# %% [markdown]
# If only winners learned, most of the other units would never move. They would be [dead units](glossary:dead-unit).
# k-means avoids them by starting each centre at a sample; a map moves them along with their neighbours.

# %% [markdown]
# ## 3. Which units move, and how far?
# The second idea is [cooperation](glossary:cooperation): the neighbours of the winner move as well, the nearest ones
# most. The [neighbourhood function](glossary:neighbourhood-function) $h$ determines how strongly each unit moves. It
# is a Gaussian of the unit's distance from the winner **on the grid**: the straight-line distance, with rows and
# columns as coordinates. So two neighbours on the grid move together however far apart they are in data space.
#
# **Exercise 05.2.** Return $h$ for all units, shape (rows, columns). It is 1 at the winner `unit`, a pair (row,
# column), and $e^{-1/2} \approx 0.61$ at a distance of one `radius`, like a Gaussian at one standard deviation. The
# argument `weights` is needed for its shape only.


# %% tags=["exercise-05.2"]
{{exercise("05.2")}}


# %% tags=["check-05.2"]
neighbourhood = check("05.2", neighbourhood)
grade("05.2")

# %% [markdown]
# Here is your function for one winner and three radii, in percent. **Which radius would you use at the beginning of
# training, and which at the end?**

# %%
figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.2), layout="constrained")
for axes, radius in zip(panels, (0.5, 2, 4)):
    h = neighbourhood(np.zeros((9, 9, 1)), (4, 3), radius)
    plots.draw_map(axes, h, low=0, high=1, texts=np.vectorize("{:.0f}".format)(100 * h))
    axes.set_title(f"radius {radius}")
plt.show()

# %% [markdown]
# A large radius moves the whole map and brings it into rough order; a small radius lets each unit go to its own
# samples. The library therefore starts with a radius of half the width of the grid, and decreases it.
#
# The third idea is [adaptation](glossary:adaptation). Every unit moves by a fraction of its difference from the
# sample. The fraction is its $h$ times the *learning rate* $\alpha$, a number between 0 and 1 that also decreases.
#
# **Exercise 05.3.** Return the weights after one sample, as a new array. `h` has shape (rows, columns).


# %% tags=["exercise-05.3"]
{{exercise("05.3")}}


# %% tags=["check-05.3"]
online_update = check("05.3", online_update)
grade("05.3")

# %% [markdown]
# Written as a formula, this is Kohonen's [online rule](glossary:online-rule):
#
# $$w_{rc} \leftarrow w_{rc} + \alpha\, h_{rc}\, (x - w_{rc}) .$$
#
# Your three functions are the whole rule. Given the same samples, radii and rates, they end where the library ended
# in section 1:

# %%
yours = course[0]
for step in SelfOrganizingMap(2, 10, 10, init="random").steps(square, rule="online", epochs=2):
    sample = square[int(step.terms["sample"])]
    h = neighbourhood(yours, best_unit(yours, sample), step.terms["radius"])
    yours = online_update(yours, sample, h, step.terms["learning_rate"])
print(f"Your weights and those of the library differ by {np.abs(yours - course[-1]).mean():.0e} on average.")

# %% [markdown]
# ## 4. Must the samples come one by one?
# The online rule needs a learning rate. Suppose that it converged: then the pulls of all samples on each unit would
# cancel. Number the units $i = 1, 2, \dots$ row by row, and let $c(n)$ be the number of the winner of sample $n$.
# Then $h_{c(n), i}$ is the strength with which this sample pulls unit $i$, and
#
# $$\sum_n h_{c(n), i}\,(x_n - w_i) = 0 .$$
#
# The [batch rule](glossary:batch-rule) repeats three steps in every epoch (pass over all samples): find all winners,
# solve this equation for every $w_i$, decrease the radius.
#
# **Exercise 05.4.** Solve the equation for $w_i$, and return the new weights of all units. The units are in one list:
# `weights` has shape (units, features). `best` holds the number of the winner of each sample, and `h[c, i]` is the
# strength with which unit `i` is pulled when unit `c` wins. The equation leaves one case open: a unit may be pulled
# by no sample at all. Leave it where it is.


# %% tags=["exercise-05.4"]
{{exercise("05.4")}}


# %% tags=["check-05.4"]
batch_update = check("05.4", batch_update)
grade("05.4")


# %% [markdown]
# Each unit moves to a **weighted mean of all samples**. There is no learning rate any more.


# %%
def learn_in_batches(x, weights, radii):
    """The batch rule, one pass over all samples for each radius; returns the weights, shape (rows, columns, features)."""
    rows, columns, n_features = weights.shape
    for radius in radii:
        best = np.array([np.ravel_multi_index(best_unit(weights, sample), (rows, columns)) for sample in x])
        h = np.stack([neighbourhood(weights, unit, radius).ravel() for unit in np.ndindex(rows, columns)])
        weights = batch_update(weights.reshape(-1, n_features), x, best, h).reshape(weights.shape)
    return weights


# %%
predict(
    "05.order",
    "Shuffle the samples and learn again from the same knot. Which rule ends with other weights (not by rounding alone)?",
    options=["the online rule only", "the batch rule only", "both", "neither"],
)

# %%
radii = np.geomspace(5, 0.7, 20)
knot, shuffled = course[0].astype(float), np.random.default_rng(2).permutation(square)
in_batches = learn_in_batches(square, knot, radii)
difference = {
    "batch": np.abs(learn_in_batches(shuffled, knot, radii) - in_batches).max(),
    "online": np.abs(unfold(shuffled)[-1] - course[-1]).max(),
}
for rule, largest in difference.items():
    print(f"{rule} rule: shuffling changes a weight by {largest:.1g} at most")

# %%
outcome(
    "05.order",
    "the online rule only" if difference["batch"] < 1e-6 < difference["online"] else "both",
    because="A sum does not depend on the order of its terms. A sequence of steps does: the map may even come out rotated or "
    "mirrored.",
)

# %% [markdown]
# The library's `SelfOrganizingMap` uses the batch rule by default. It decreases the radius by itself, and it does not
# start from a knot but from a flat grid in the plane of the first two principal components (`init="pca"`).
#
# What happens in the limit of radius 0? Then $h$ is 1 for the winner and 0 for all other units, and the weighted mean
# is the plain mean of a unit's own samples. You know this rule from lesson 01.

# %%
rival = KMeans(100, init="random")
rival.initialize(square)
centres, best = rival.centres.numpy().copy(), rival.predict(square)
rival.update(square, best)
claim(
    "without neighbours the batch rule is one step of k-means",
    np.allclose(batch_update(centres, square, best, np.eye(100)), rival.centres.numpy(), atol=1e-5),
)

# %% [markdown]
# So **with the batch rule, a self-organizing map of radius 0 is k-means**. A larger radius turns a list of centres
# into a map.

# %% [markdown]
# ## 5. How do you judge a map?
# Two numbers describe a map. The [quantization error](glossary:quantization-error) measures how well the units
# represent the samples. It is the mean distance (not squared) from a sample to its best matching unit,
#
# $$\text{QE} = \frac{1}{N} \sum_{n=1}^{N} \lVert x_n - w_{c(n)} \rVert .$$
#
# The [topographic error](glossary:topographic-error) (TE) measures how well the grid keeps the order of the data. It
# is the share of samples whose best and second-best units do **not** touch on the grid. Where the net lies smoothly
# over the data, the two nearest units are neighbours; where it is folded or torn, they are not. A unit touches the
# eight around it, corners included.
#
# **Exercise 05.5.** Compute the topographic error. `weights` has shape (rows, columns, features), `x` has shape
# (samples, features). It is easier with the units in one list, `weights.reshape(-1, n_features)`; then number `//
# columns` is the row and number `% columns` the column. `.argsort(axis=1)` sorts every row of a table, the smallest
# entry first.


# %% tags=["exercise-05.5"]
{{exercise("05.5")}}


# %% tags=["check-05.5"]
topographic_error = check("05.5", topographic_error)
grade("05.5")

# %% [markdown]
# Now we leave the plane: the digits have 64 features. We train eight maps of 8 by 8 units. In all of them the radius
# starts at 4, but it decreases to different final values. **What happens to the two errors as the final radius goes
# from 3 down to 0.1?**

# %%
predict(
    "05.price",
    "As the final radius goes from 3 down to 0.1 …",
    options=[
        "both errors fall",
        "the quantization error falls, the topographic error rises",
        "the quantization error rises, the topographic error falls",
    ],
)

# %%
ends = np.array([3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.1])
errors = []
for end in ends:
    tried = SelfOrganizingMap(64, 8, 8)
    fit(tried, train.x, epochs=30, radius=(4, end), progress=False)
    errors.append((tried.quantization_error(train.x), topographic_error(tried.weights.numpy(), train.x)))
quantization, topographic = np.array(errors).T
floor = metrics.quantization_error(train.x, kmeans(64).cluster_centers_.reshape(8, 8, 64))

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True, layout="constrained")
left.plot(ends, quantization, "o-", color=plots.COLOURS[0], label="map of 64 units")
left.axhline(floor, color=plots.COLOURS[2], linestyle="--", label="k-means, 64 centres")
left.set(title="How far are the units?", xlabel="final radius", ylabel="quantization error")
left.legend(frameon=False)
right.plot(ends, 100 * topographic, "s-", color=plots.COLOURS[1])
right.set(title="How often do the two best not touch?", xlabel="final radius", ylabel="topographic error (%)")
left.invert_xaxis()
plt.show()

# %%
outcome(
    "05.price",
    "the quantization error falls, the topographic error rises"
    if quantization[-1] < quantization[0] and topographic[-1] > topographic[0]
    else "both errors fall",
    because="A stiff map cannot reach every sample. A loose map comes close to them all, but it folds.",
)
claim(
    "from a final radius of 3 to 0.1 the quantization error falls by a quarter or more, and the topographic error rises by "
    "8 points or more",
    below(quantization[-1], 0.75 * quantization[0]),
    above(topographic[-1], topographic[0] + 0.08),
)

# %% [markdown]
# *What to see: as the final radius falls, the quantization error falls towards that of k-means (dashed). The
# topographic error stays low at first, then rises.* Order has a price, and the final radius sets it: a map to look at
# should be smooth, a map that represents the data can be looser. The library's default lies in between. **Report both
# errors**: each can be lowered at the expense of the other.

# %% [markdown] tags=["sitting"]
# **A good place to stop.** You have written both learning rules and measured what order costs. The second half reads
# maps of digits and of wines, compares them with their rivals, and asks why a map fails. It needs only the setup cell
# at the top, so you can close the notebook here.

# %% [markdown]
# ## 6. How many units, and in which shape?
# A larger map has a lower quantization error, and so has k-means with more centres. To see what size does to the
# price of order, compare each map with k-means of the same size. Both errors are measured on held-out digits. **Does
# order become more expensive as the map grows?**

# %%
predict(
    "05.size",
    "The map's quantization error divided by that of k-means with as many centres: from 16 to 256 units it …",
    options=["falls by 0.1 or more", "changes by less than 0.1", "rises by 0.1 or more"],
)

# %%
print("units   digits each    map: training  held-out    k-means: training  held-out    ratio")
ratio, held_out = {}, {}
for side in (4, 8, 16):
    sheet = SelfOrganizingMap(64, side, side)
    fit(sheet, train.x, progress=False)
    grids = [kmeans(side**2, seed).cluster_centers_.reshape(side, side, 64) for seed in range(3)]
    of_map = [metrics.quantization_error(part.x, sheet.weights) for part in (train, test)]
    of_kmeans = [np.mean([metrics.quantization_error(part.x, grid) for grid in grids]) for part in (train, test)]
    ratio[side], held_out[side] = of_map[1] / of_kmeans[1], of_map[1]
    print(f"{side**2:5d}   {len(train.x) / side**2:11.0f} {of_map[0]:16.3f} {of_map[1]:9.3f}", end="")
    print(f"{of_kmeans[0]:22.3f} {of_kmeans[1]:9.3f} {ratio[side]:8.3f}")

# %%
outcome(
    "05.size",
    "changes by less than 0.1"
    if abs(ratio[16] - ratio[4]) < 0.1
    else f"{'rises' if ratio[16] > ratio[4] else 'falls'} by 0.1 or more",
    because="Both errors fall together: most of the fall comes from the number of units.",
)
claim(
    "from 16 to 256 units the map's error on held-out digits falls by more than 15 %, and at each size it is 3 to 12 % above "
    "that of k-means",
    below(held_out[16], 0.85 * held_out[4]),
    above(min(ratio.values()), 1.03),
    below(max(ratio.values()), 1.12),
)

# %% [markdown]
# So **quantization errors of maps of different sizes cannot be compared**: size alone lowers them. Compare maps of
# the same size, on held-out samples, and give the error of k-means with as many centres beside it. (On training
# samples the comparison flatters k-means: with six digits per centre, each centre is close to its own six.)
#
# How many units to take depends on the use. A unit should have enough samples for what you want to know about it, and
# the map should still fit on a page. A common rule takes $5 \sqrt n$ units for $n$ samples, here 190; we use 64,
# because you can see 64 prototypes at a glance.
#
# The *shape* should follow the data. Take points in a rectangle that is four times as long as it is wide, and arrange
# 100 units in three ways.

# %%
long = square * [4, 1]
by_shape = {}
for shape in ((10, 10), (5, 20), (2, 50)):
    sheet = SelfOrganizingMap(2, *shape)
    fit(sheet, long, progress=False)
    by_shape[shape] = sheet.quantization_error(long)
    print(f"{shape}: quantization error {by_shape[shape]:.4f}, topographic error {sheet.topographic_error(long):.1%}")
distances = ScikitKMeans(100, n_init=1, random_state=0).fit(long).transform(long).min(axis=1)
print(f"k-means, 100 centres: quantization error {distances.mean():.4f}")

# %%
claim(
    "a grid of the data's shape has a lower quantization error than a square and than a narrow one",
    below(by_shape[5, 20], 0.97 * by_shape[10, 10]),
    below(by_shape[5, 20], 0.97 * by_shape[2, 50]),
)

# %% [markdown]
# With more than two features, take the standard deviations along the first two principal components for length and
# width. For periodic data, such as hours or directions, `wrap=True` joins opposite edges of the grid, which becomes a
# [torus](glossary:torus). On other data this folds the map. (Try both in the playground of section 1, with and
# without `wrap`: one row of units on the ring, all rows on the square.)

# %% [markdown]
# ## 7. What does a map of digits show?
# We cannot draw 64 dimensions, but the weights of a unit are 64 numbers like those of a digit. So they *are* an
# image, the [prototype](glossary:prototype) of the samples around it. Three more layers make an atlas:
#
# - **hits**: how many samples have this unit as their winner;
# - **[U-matrix](glossary:U-matrix)**: the mean distance, in data space, of a unit from the units that it touches;
# - **labels**: the majority label of the unit's samples, coloured by the share of the majority. The map learned
#   without labels; they are only written onto it.

# %%
atlas = SelfOrganizingMap(64, 8, 8)
fit(atlas, train.x, progress=False)
majority, share = atlas.label_map(train.x, train.labels)
hits = atlas.hits(train.x)
figure, panels = plt.subplots(2, 2, figsize=(7.6, 7), layout="constrained")
(pictures, labels), (gaps, counts) = panels
plots.draw_images(pictures, atlas.weights.numpy().reshape(-1, 8, 8), columns=8)
pictures.set_title("prototypes")
plots.draw_map(labels, share, low=0, high=1, texts=np.where(majority < 0, "", majority.astype(str)), label="share")
labels.set_title("majority label")
plots.draw_map(gaps, atlas.u_matrix(), label="distance to the neighbours")
gaps.set_title("U-matrix")
plots.draw_map(counts, hits, texts=hits.astype(str), label="training digits")
counts.set_title("hits")
plt.show()

# %% [markdown]
# *What to see: walk from one prototype to the next, and it changes little by little. Every digit has a region, some
# digits have several; where regions meet, majorities are small. The U-matrix is bright where neighbours differ much:
# there the map is stretched over a gap in the data.*
#
# Click on units in the playground, and change the layer. **Find a bright border in the U-matrix and look at the
# samples there: could you tell which digits they are? Then find a digit with two regions. Why does it have two?**

# %%
play.som_atlas(train, atlas)

# %% [markdown]
# The 1 has two regions because it is written in two ways: compare their prototypes. *Which* corner a digit gets, and
# whether the map is mirrored, is arbitrary. What you can read is which digits are neighbours, as far as the
# topographic error allows.
#
# Now use the 64 labels to classify: each held-out digit gets the label of its winner.

# %%
predict(
    "05.labelled",
    "What share of the held-out digits gets the right label (guessing: 10 %)?",
    unit="percent",
    low=0,
    high=100,
)


# %%
def accuracy(units, new_units):
    """Share of held-out digits whose unit has their label as the majority of its training digits."""
    votes = np.zeros((64, 10))
    np.add.at(votes, (units, train.labels), 1)
    return (votes.argmax(axis=1)[new_units] == test.labels).mean()


of_map = accuracy(atlas.predict(train.x), atlas.predict(test.x))
groupings = [kmeans(64, seed) for seed in range(5)]
of_kmeans = np.array([accuracy(grouping.labels_, grouping.predict(test.x)) for grouping in groupings])
print(f"map {of_map:.1%}, k-means with 64 centres {of_kmeans.mean():.1%} ± {of_kmeans.std(ddof=1):.1%}")

# %%
outcome("05.labelled", 100 * of_map, because="Digits that look alike mostly have the same label.")
claim("k-means with 64 centres labels at least as well as the map", above(of_kmeans.mean(), of_map))

# %% [markdown]
# The rival without order is at least as good. The same holds for anomalies, if the distance to the nearest unit or
# centre is the score (lesson 11). The prototypes of a map are not better; they are *ordered*.

# %% [markdown]
# ## 8. Which method keeps what?
# Four ways to lay out the training digits in two dimensions:
#
# - our map: each digit is placed at its unit;
# - [PCA](glossary:PCA) with two components;
# - [t-SNE](glossary:t-SNE), which moves every digit freely so that near samples stay near (lesson 09 explains it);
# - k-means with 64 centres, which are then laid out by t-SNE: each digit is placed at its centre.
#
# We need three measures, each of which is 1 at best. [Trustworthiness](glossary:trustworthiness) is high if
# neighbours in the layout are near in the data, [continuity](glossary:continuity) if neighbours in the data are near
# in the layout. We count the 12 nearest; a random layout gets about 0.5. The *order of distances* is the correlation
# between the ranks of all distances in the data and in the layout: it is high if far pairs are drawn far apart.

# %%
predict(
    "05.far",
    "Which layout keeps the order of all distances best?",
    options=["the map", "PCA", "t-SNE", "k-means, laid out by t-SNE"],
)


# %%
def tsne(x, perplexity=30):
    return TSNE(2, init="pca", perplexity=perplexity, random_state=0, n_jobs=1).fit_transform(x)


grouping = groupings[0]
layouts = {
    "the map": atlas.best_units(train.x).astype(np.float32),
    "PCA": PCA(2).fit(train.x).encode(train.x),
    "t-SNE": tsne(train.x),
    "k-means, laid out by t-SNE": tsne(grouping.cluster_centers_, perplexity=8)[grouping.labels_],
}
kept = {}
for name, z in layouts.items():
    kept[name] = {
        "trustworthiness": metrics.trustworthiness(train.x, z, n_neighbours=12),
        "continuity": metrics.continuity(train.x, z, n_neighbours=12),
        "order": metrics.distance_rank_correlation(train.x, z),
    }
    print(f"{name:28s}" + ", ".join(f"{measure} {value:.3f}" for measure, value in kept[name].items()))

# %%
outcome(
    "05.far",
    max(kept, key=lambda name: kept[name]["order"]),
    because="PCA keeps the directions along which the digits differ most, and with them the large distances.",
)
claim(
    "PCA is the least trustworthy by more than 0.1, but keeps the order of distances better than the map and t-SNE",
    below(kept["PCA"]["trustworthiness"], min(kept[name]["trustworthiness"] for name in kept if name != "PCA") - 0.1),
    above(kept["PCA"]["order"], kept["the map"]["order"]),
    above(kept["PCA"]["order"], kept["t-SNE"]["order"]),
)
claim(
    "k-means, laid out by t-SNE, keeps neighbours better than the map",
    above(kept["k-means, laid out by t-SNE"]["trustworthiness"], kept["the map"]["trustworthiness"]),
    above(kept["k-means, laid out by t-SNE"]["continuity"], kept["the map"]["continuity"]),
)

# %% [markdown]
# In summary:
#
# | | good at | not so good at |
# |---|---|---|
# | k-means, then t-SNE | prototypes closest to the data, near neighbours, a place for new samples | two steps, far distances, no grid |
# | PCA | far distances, decoding, the same answer every time | near neighbours |
# | t-SNE | near neighbours, best of all | far distances, no place for new samples, no prototypes |
# | map | one step, a grid with a prototype at every place, near neighbours, a place for new samples | prototypes a little farther from the data, gaps visible in the U-matrix only |
#
# Choose a map if you want an atlas: fixed places on a page, to which you can return tomorrow with new samples.

# %% [markdown]
# ## 9. What can you ask a table?
# A map of a table is an atlas with a page for every column. Here are 178 Italian wines of three kinds, with thirteen
# chemical measurements. We bring the columns to the same scale first.

# %%
wine = data.wine().scaled("standard")
cellar = SelfOrganizingMap(13, 7, 7)
fit(cellar, wine.x, progress=False)
planes = {name: cellar.component_plane(number) for number, name in enumerate(wine.feature_names)}

# %% [markdown]
# A [component plane](glossary:component-plane) shows one feature of all units. Features that vary together have
# planes that look alike. **Are they as similar as they look?** Take all 78 pairs of columns, and correlate each pair
# twice: over the wines, and over the units of the map.

# %%
predict(
    "05.planes",
    "In what share of the pairs is the correlation over the units stronger than the correlation over the wines?",
    unit="percent",
    low=0,
    high=100,
)

# %%
kinds, _ = cellar.label_map(wine.x, wine.labels)
figure, panels = plt.subplots(2, 7, figsize=(11, 3.9), layout="constrained")
letters = np.where(kinds < 0, "", np.array(["o", "g", "b"])[kinds])
plots.draw_map(panels.flat[0], np.where(kinds < 0, np.nan, kinds), texts=letters)
panels.flat[0].set_title("kind", fontsize=9)
for axes, (name, plane) in zip(panels.flat[1:], planes.items()):
    plots.draw_map(axes, plane)
    axes.set_title(name, fontsize=9)
figure.supxlabel("o: Barolo, g: Grignolino, b: Barbera, grey: no wine", fontsize=9)
plt.show()

# %% [markdown]
# *What to see: the first page shows the kinds of wine, the others one measurement each, bright where it is high. The
# same place is the same unit on every page. Some pages nearly repeat each other, such as those of total phenols and
# flavanoids; some are like a photograph and its negative.*


# %%
def correlations(table):
    """Absolute correlations of all pairs of columns, shape (78,)."""
    return np.abs(np.corrcoef(np.reshape(table, (-1, 13)).T)[np.triu_indices(13, k=1)])


loose = SelfOrganizingMap(13, 7, 7)
fit(loose, wine.x, radius=(3.5, 0.1), progress=False)
means = ScikitKMeans(49, n_init=3, random_state=0).fit(wine.x).cluster_centers_
tables = {"wines": wine.x, "map": cellar.weights, "map, final radius 0.1": loose.weights, "k-means, 49 centres": means}
over = {name: correlations(table) for name, table in tables.items()}
for name, values in over.items():
    print(f"{name:22s} mean absolute correlation {values.mean():.2f}")

# %%
outcome(
    "05.planes",
    100 * (over["map"] > over["wines"]).mean(),
    because="The neighbourhood smooths the weights. What varies from wine to wine is averaged out, and what varies slowly over "
    "the map remains.",
)
claim(
    "over the units, correlations are stronger by a third or more on average; with a final radius of 0.1, and for the centres "
    "of k-means, by less than a fifth",
    above(over["map"].mean(), 4 / 3 * over["wines"].mean()),
    below(over["map, final radius 0.1"].mean(), 1.2 * over["wines"].mean()),
    below(over["k-means, 49 centres"].mean(), 1.2 * over["wines"].mean()),
)

# %% [markdown]
# **Component planes exaggerate**, and the neighbourhood is the cause: with a small final radius the effect is much
# weaker, and so it is for the centres of k-means, which are means as well. Let the planes raise questions, and let
# the table answer them. Try it: which Grignolino wines are next to the Barolo, and what do they have in common with
# it?

# %%
play.som_atlas(wine, cellar, layer="labels")

# %% [markdown]
# ## When it fails
# A map of the square starts from a knot, as in section 1, but its radius is small from the beginning: 0.5 for 20
# epochs. Then it learns for 60 more epochs.

# %%
predict("05.small_radius", "Will the 60 epochs bring it into order?", options=["yes", "no"])

# %%
twisted = SelfOrganizingMap(2, 10, 10, init="random")
fit(twisted, square, epochs=20, radius=0.5, progress=False)
stages = {"radius 0.5": twisted.weights}
fit(twisted, square, epochs=60, radius=0.5, progress=False)
stages["60 more epochs"] = twisted.weights
fit(twisted, square, epochs=40, radius=(10, 0.5), progress=False)
stages["then radius from 10"] = twisted.weights
cause = SelfOrganizingMap(2, 10, 10, init="random")
fit(cause, square, epochs=20, radius=(10, 0.5), progress=False)
stages["same start, radius from 10"] = cause.weights
torn = {name: metrics.topographic_error(square, weights) for name, weights in stages.items()}
far = {name: metrics.quantization_error(square, weights) for name, weights in stages.items()}
draw_nets({f"{name}:\nTE {torn[name]:.1%}, QE {far[name]:.3f}": stages[name].numpy() for name in stages}, square)

# %%
outcome(
    "05.small_radius",
    "no" if torn["60 more epochs"] > 0.05 else "yes",
    because="With a small radius, distant parts of the net never move together. Each finds an order of its own, and between "
    "them the net stays twisted.",
)
claim(
    "the first two maps have topographic errors above 5 %, the other two below 1 %; the quantization errors differ by less "
    "than 25 %",
    above(min(torn["radius 0.5"], torn["60 more epochs"]), 0.05),
    below(max(torn["then radius from 10"], torn["same start, radius from 10"]), 0.01),
    between(far["60 more epochs"] / far["then radius from 10"], 0.8, 1.25),
)

# %% [markdown]
# The fourth map changes the cause and nothing else, and is flat. The third shows the cure: increase the radius to the
# width of the grid, and decrease it again. An initialization that is already in order (`init="pca"`) prevents the
# twist as well.
#
# Other failures have other causes. A map is *stiff* if its final radius is too large: the units stay near the middle
# of the data. It has *dead units* if it starts at random places with a radius of 0. You can recognize each failure
# from the weights and the data.
#
# **Exercise 05.6.** Diagnose maps whose training you have not seen: `"sound"`, `"stiff"`, `"twisted"` or `"dead
# units"`. You choose the measurements and the thresholds; the four cases differ clearly.
# `metrics.topographic_error(x, weights)` is available. Beware: the data come on different scales.


# %% tags=["exercise-05.6"]
{{exercise("05.6")}}


# %% tags=["check-05.6"]
diagnose_maps = check("05.6", diagnose_maps)
grade("05.6")

# %% [markdown]
# One more failure is invisible to these measurements. Here is a map of the wines as they were measured. Proline
# (column 12) goes up to 1,680, hue to 1.71.

# %%
raw = data.wine()
unscaled = SelfOrganizingMap(13, 7, 7)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    fit(unscaled, raw.x, progress=False)
print(caught[0].message)


def explained(sheet, x):
    """Share of each column's variance that the best matching units explain, shape (features,)."""
    rows, columns = sheet.best_units(x).T
    return 1 - ((x - sheet.weights.numpy()[rows, columns]) ** 2).mean(axis=0) / x.var(axis=0)


as_measured, scaled = explained(unscaled, raw.x), explained(cellar, wine.x)

# %%
claim(
    "as measured, the map explains more than 95 % of proline and less than half of any other column; scaled, at least 40 % "
    "of every column",
    above(as_measured[12], 0.95),
    below(as_measured[:12].max(), 0.5),
    above(scaled.min(), 0.4),
)

# %% [markdown]
# Scaling decides what counts as near. Equal weight for all columns is a choice too, but one that you can state.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because it contains the answers.

# %%
quiz(
    "05.check_yourself",
    [
        Question(
            "In which space is the distance measured that the neighbourhood function depends on?",
            [
                (
                    "in data space, between the weights of the units",
                    False,
                    "Then only units that are close already would move together, and no order could arise.",
                ),
                (
                    "on the grid, in rows and columns",
                    True,
                    "Yes. That is how the order of the grid gets into the weights.",
                ),
                ("between the sample and the units", False, "That distance determines the winner."),
            ],
        ),
        Question(
            "A colleague's map of 20 x 20 units has a lower quantization error than your map of 8 x 8. Is it better?",
            [
                ("yes, it is closer to the data", False, "More units are always closer, ordered or not."),
                (
                    "unknown: compare each with k-means of the same size, on held-out data",
                    True,
                    "Yes. And report the topographic error beside it.",
                ),
                ("no, lower is worse", False, "Lower is better, but only at the same size."),
            ],
        ),
        Question(
            "After training, five units of your map have no samples. What do you do?",
            [
                (
                    "start again with another seed: they are dead",
                    False,
                    "Dead units come with a radius of 0. A neighbourhood moves every unit.",
                ),
                (
                    "look where they are: units in a gap between groups can be empty",
                    True,
                    "Yes. Their neighbours hold them there; in the U-matrix they mark the border.",
                ),
                ("remove them", False, "Then the grid would have holes, and the gap would have no sign."),
            ],
        ),
        Question(
            "Two component planes look the same. Are the two measurements strongly correlated?",
            [
                ("yes, the map shows the data", False, "It shows weighted means, whose correlations are stronger."),
                (
                    "perhaps: look at the samples themselves",
                    True,
                    "Yes: planes exaggerate. They raise questions, and the table answers them.",
                ),
                ("no, a map says nothing about correlation", False, "It shows its sign well, but not its strength."),
            ],
        ),
        Question(
            "You need 64 prototypes for a nearest-prototype classifier and will never look at them. What do you take?",
            [
                (
                    "a self-organizing map",
                    False,
                    "Its order gains you nothing here, and its units are farther from the data.",
                ),
                ("k-means", True, "Yes: without order its centres are closer to the data."),
                ("t-SNE", False, "It makes no prototypes and has no place for new samples."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Competition finds the winner, cooperation selects its neighbours on the grid, adaptation moves them towards the
#   sample.
# - The radius starts large and decreases. At 0 the batch rule is k-means.
# - Quantization error and topographic error belong together; the final radius trades one for the other.
# - Quantization errors of different sizes cannot be compared. Put k-means with as many centres beside each map.
# - An atlas has layers: prototypes, hits, U-matrix, component planes. The planes exaggerate.
# - k-means is closer to the data, PCA keeps far distances, t-SNE near neighbours. A map gives an ordered page with a
#   place for new samples.
# - Scale the columns, start from the plane of PCA, and look at the topographic error.
#
# The course's comparison table gets two rows, each the mean of three seeds. The map of 15 by 15 units encodes a digit
# by two whole numbers, row and column, and reconstructs it by the prototype there. k-means with as many centres
# encodes it by the number of its centre. **Which has the lower error? And whose numbers say more about the digit
# (linear probe)?**


# %%
def rows_of(seed):
    """Two rows: a map of 225 units, and k-means with as many centres."""
    large, rival = SelfOrganizingMap(64, 15, 15, init="data", seed=seed), KMeans(225, seed=seed)
    seconds = [fit(model, train.x, progress=False).seconds for model in (large, rival)]
    of_map = {"encode": large.best_units, "decode": lambda z: large.weights.numpy()[z[:, 0], z[:, 1]]}
    of_kmeans = {"encode": rival.predict, "decode": lambda z: rival.centres.numpy()[z]}
    return [
        comparison_row("self-organizing map", 2, train, test, seconds=seconds[0], **of_map),
        comparison_row("k-means, 225 centres", 1, train, test, seconds=seconds[1], **of_kmeans),
    ]


comparison([row for seed in range(3) for row in rows_of(seed)])

# %% [markdown]
# The number of a centre reconstructs better, but as a code it is arbitrary: the probe does hardly better than
# guessing. Row and column are a place, and the probe reads it. (Remember what is stored: PCA keeps two directions and
# a mean, the map and k-means keep 225 whole images.)

# %% [markdown]
# ## Where to read on
# - Teuvo Kohonen, *Self-organized formation of topologically correct feature maps*, Biological Cybernetics 1982. The
#   first paper; look at the figures of nets that unfold over a square.
# - Teuvo Kohonen, *Essentials of the self-organizing map*, Neural Networks 2013. His own review: the batch rule, the
#   choice of radius and size, missing values.
# - Juha Vesanto and Esa Alhoniemi, *Clustering of the self-organizing map*, IEEE Transactions on Neural Networks
#   2000. From many units to few groups, and the rule of $5 \sqrt n$ units.
# - Kimmo Kiviluoto, *Topology preservation in self-organizing maps*, ICNN 1996. The topographic error.
# - Alfred Ultsch and H. Peter Siemon, *Kohonen's self-organizing feature maps for exploratory data analysis*, INNC
#   1990. The U-matrix.
# - Arthur Flexer, *Limitations of self-organizing maps for vector quantization and multidimensional scaling*, NeurIPS
#   1996. The rival of section 8: k-means, and then a layout of its centres.
# - Jarkko Venna and Samuel Kaski, *Neighborhood preservation in nonlinear projection methods: an experimental study*,
#   ICANN 2001. Trustworthiness and continuity.
