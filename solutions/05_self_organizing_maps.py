# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 05 · Self-organizing maps
#
# {{badges}}
#
# {{times reading=60}}
#
# **You need:** lesson 01 (k-means, PCA, purity, NMI, held-out data) and NumPy's broadcasting (`x[:, None, :]`). No
# network, no gradient: like k-means, a map learns without either.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - write a self-organizing map yourself, by both of its rules, and explain each line;
# - say how well a map stands for its data and how well it keeps their order, and why you cannot have the best of both;
# - read an atlas: prototypes, U-matrix, hits, component planes, and what each of them may make you believe wrongly;
# - choose between a map, k-means, PCA and t-SNE by what each keeps and what it loses;
# - recognize a twisted sheet, dead units, unscaled columns and a border effect, and mend them.

# %% [markdown]
# ## 1. Who answers?
# In lesson 01 k-means gave every sample the number of its group, and the numbers meant nothing: group 3 was no closer to
# group 4 than to group 9. **Could the numbers mean something?** Could groups with neighbouring numbers be alike, so that
# all of them lie before you as on a map?
#
# A [self-organizing map](glossary:self-organizing-map) does that. It is a sheet of **units** in rows and
# columns, and every unit has two places:
#
# - its place **on the sheet**, row and column. It never moves.
# - its place **in data space**, one number a feature: its weights $w_{rc}$. This one learns.
#
# The weights of all units stand in one array of shape (rows, columns, features). Three ideas make them learn. The first
# is [competition](glossary:competition): to a sample $x$ only one unit answers, the one whose weights are nearest. It is
# called the [best unit](glossary:best-unit),
#
# $$(r^*, c^*) = \arg\min_{r, c} \lVert x - w_{rc} \rVert^2 = \arg\min_{r, c} \sum_j (x_j - w_{rcj})^2 .$$
#
# **Exercise 05.1.** Return the row and the column of the best unit, as `row, column`. `weights` has shape (rows, columns,
# features), `sample` has shape (features,). `np.unravel_index(number, shape)` turns a place in a flattened array into
# row and column. Stuck? `hint("05.1")`.

# %%
import matplotlib.pyplot as plt
import numpy as np

from udl_teach import data, fit, metrics, play, plots
from udl_teach.models import PCA, KMeans, SelfOrganizingMap

# %% tags=["exercise-05.1"]
{{exercise("05.1")}}


# %% tags=["check-05.1"]
best_unit = check("05.1", best_unit)
grade("05.1")

# %% [markdown]
# Let them compete. We throw 100 units, a sheet of 10 by 10, at random over two half moons of 1,000 points. Nobody learns
# yet. **How many of the units win at least one point?**

# %%
predict("05.winners", "Of 100 units thrown at random, how many win at least one point?", unit="units", low=0, high=100)

# %%
moons = data.moons(1000, seed=0).x
rng = np.random.default_rng(0)
scattered = rng.uniform(moons.min(axis=0), moons.max(axis=0), size=(10, 10, 2))
winners = np.zeros((10, 10), dtype=bool)
for sample in moons:
    row, column = best_unit(scattered, sample)
    winners[row, column] = True

# %% [markdown]
# *What to see: units that win (blue dots) lie on the moons or at their edges; the others (orange triangles) lie in the
# empty places.*

# %%
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
axes.scatter(*moons.T, s=5, color="#ABABAB", linewidths=0)
for chosen, name, mark, colour in ((winners, "win", "o", 0), (~winners, "win nothing", "^", 1)):
    axes.scatter(*scattered[chosen].T, s=34, marker=mark, color=plots.COLOURS[colour], label=name)
axes.set(title="100 units before any learning", xlabel="horizontal", ylabel="vertical", aspect="equal")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
plt.show()

# %%
outcome("05.winners", winners.sum(), because="Wherever there are no data, some other unit is nearer to every point.")

# %% [markdown]
# If only winners learned, the others would never move: such a unit is a [dead unit](glossary:dead-unit). And the numbers
# of the living would still mean nothing. Competition alone is not enough.

# %% [markdown]
# ## 2. Who learns along?
# The second idea is [cooperation](glossary:cooperation). When a unit wins, its neighbours **on the sheet** learn with it:
# strongly those beside it, weakly those farther off. How strongly is said by the
# [neighbourhood](glossary:neighbourhood-function), here a bell over the sheet:
#
# $$h_{rc} = \exp\left( - \frac{(r - r^*)^2 + (c - c^*)^2}{2 \sigma^2} \right)$$
#
# Its width $\sigma$ is the `radius`, counted in rows and columns. The winner has $h = 1$. Mind what is *not* in the
# formula: the weights. Two units that are neighbours on the sheet are pulled together however far apart they lie in data
# space. That is the whole trick.
#
# **Exercise 05.2.** Return `h`, shape (rows, columns). Of `weights` you need nothing but the shape; `unit` is the
# winner's (row, column).


# %% tags=["exercise-05.2"]
{{exercise("05.2")}}


# %% tags=["check-05.2"]
neighbourhood = check("05.2", neighbourhood)
grade("05.2")

# %%
predict(
    "05.reach",
    "With a radius of 2: how much of the winner's pull gets a unit that is 4 columns away?",
    unit="percent of the winner's",
    low=0,
    high=100,
)

# %% [markdown]
# *What to see: the same winner with three radii. The number in a unit is its pull in percent. With 0.5 the winner is
# nearly alone, with 4 nobody is left out.*

# %%
figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.4), layout="constrained")
for axes, radius in zip(panels, (0.5, 2, 4)):
    h = neighbourhood(np.zeros((9, 9, 1)), (4, 3), radius)
    shown = np.array([[f"{100 * pull:.0f}" for pull in line] for line in h])
    plots.draw_map(axes, h, low=0, high=1, texts=shown)
    axes.set_title(f"radius {radius}")
    axes.set_xlabel("pull in % of the winner's")
plt.show()

# %%
bell = neighbourhood(np.zeros((1, 9, 1)), (0, 0), 2.0)[0]
outcome(
    "05.reach",
    100 * bell[4],
    because="4 columns are two radii: exp(-2² / 2) = exp(-2). At one radius 61 % are left, at three radii 1 %.",
)

# %% [markdown]
# ## 3. How does a sheet unfold?
# The third idea is [adaptation](glossary:adaptation): every unit walks a share of its way to the sample. How large a
# share is said by its $h$ and by the learning rate $\alpha$, a number between 0 and 1:
#
# $$w_{rc} \leftarrow w_{rc} + \alpha\, h_{rc}\, (x - w_{rc})$$
#
# This is Kohonen's [online rule](glossary:online-rule): one sample after the other. No loss is differentiated anywhere.
#
# **Exercise 05.3.** Return the weights after one sample, as a new array. `h` has shape (rows, columns).


# %% tags=["exercise-05.3"]
{{exercise("05.3")}}


# %% tags=["check-05.3"]
online_update = check("05.3", online_update)
grade("05.3")

# %% [markdown]
# Competition, cooperation, adaptation: your three functions are a whole learning rule. Radius and rate start large and
# fall, so that the sheet first finds its rough order and then its details. Nothing else is needed:


# %%
def learn(x, weights, radius=(5, 0.5), rate=(0.5, 0.02), passes=2, seed=0):
    """The online rule; yields the weights after every sample. Radius and rate fall by the same factor each time."""
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(len(x)) for _ in range(passes)])
    for number, now, alpha in zip(order, np.geomspace(*radius, len(order)), np.geomspace(*rate, len(order))):
        row, column = best_unit(weights, x[number])
        h = neighbourhood(weights, (row, column), now)
        weights = online_update(weights, x[number], h, alpha)
        yield weights


# %% [markdown]
# Now 1,000 points fill a square evenly, and again 100 units are thrown into it at random. We draw a line between units
# that touch on the sheet: a knot of lines. **What will the sheet do?**

# %%
predict(
    "05.unfold",
    "The sheet of 10 x 10 units learns from 2,000 samples. It will …",
    options=[
        "pull together into a clump first, then open over the square",
        "spread further from the first sample on",
        "stay a knot, with each unit going to the points nearest to it",
    ],
)

# %%
square = np.random.default_rng(0).uniform(size=(1000, 2)).astype(np.float32)
knot = np.random.default_rng(1).uniform(size=(10, 10, 2))
course = [knot, *learn(square, knot)]
alone = [knot, *learn(square, knot, radius=(0.01, 0.01))]

# %% [markdown]
# *What to see: above, the sheet with its neighbourhood: a knot, a clump, an opening net, and in the end a net whose
# meshes hardly cross. Below, the same units and the same samples, but each winner learns alone: the knot stays a knot.*

# %%
moments = (0, 20, 400, 2000)
figure, panels = plt.subplots(2, 4, figsize=(9.5, 5), sharex=True, sharey=True, layout="constrained")
for line, name, weights in zip(panels, ("with neighbours", "winner alone"), (course, alone)):
    for axes, moment in zip(line, moments):
        axes.scatter(*square.T, s=2, color="#ABABAB", linewidths=0)
        plots.draw_sheet(axes, weights[moment], colour=plots.COLOURS[0])
        axes.set(aspect="equal", xticks=[], yticks=[], xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    line[0].set_ylabel(name)
for axes, moment in zip(panels[0], moments):
    axes.set_title(f"after {moment:,} samples")
plt.show()


# %%
def spread(weights):
    """How far the units lie from their middle in data space: the standard deviation, averaged over the features."""
    return weights.reshape(-1, weights.shape[2]).std(axis=0).mean()


def gap(weights):
    """Mean distance in data space between units that are neighbours in a row or a column of the sheet."""
    return np.concatenate([np.linalg.norm(np.diff(weights, axis=a), axis=2).ravel() for a in (0, 1)]).mean()


clumps = spread(course[20]) < 0.7 * spread(knot) < spread(course[-1])
outcome(
    "05.unfold",
    "pull together into a clump first, then open over the square"
    if clumps
    else "spread further from the first sample on",
    because="While the radius is large, every sample pulls nearly the whole sheet to itself. As the radius falls, "
    "distant parts of the sheet are free to go to different places.",
)
claim(
    "in the end the distance between neighbours on the sheet is less than a quarter of what it was at the start; "
    "without cooperation it stays what it was, within a tenth",
    below(gap(course[-1]) / gap(knot), 1 / 4),
    between(gap(alone[-1]) / gap(knot), 0.9, 1.1),
)

# %% [markdown]
# Nobody told the units about the square, and nobody has the plan of the whole. Order comes from small rules between
# neighbours; that is why it is called self-organizing.
#
# Watch it sample by sample in the playground: the sample, its best unit, the shading of the neighbourhood, the pull.
# **Try three things.** Let it run once as it is. Then take radius and rate into your own hand, and find out how soon you
# may lower the radius before the sheet stays twisted. Then choose other data: what does a square sheet do with the ring,
# what with the spiral? (`Keep` lays a run aside to compare it with the next.)

# %%
play.som_unfolding()

# %% [markdown]
# *What to see: a sheet has two dimensions. Over the square it can lie flat. On the ring and the spiral it must fold or
# leave units hanging in the empty places, because the data have another shape than the sheet.*

# %% [markdown]
# ## 4. Must the samples come one by one?
# One by one means: for every sample a new look at all units, and a rate to choose. There is a second rule that looks at
# all samples at once. Ask where the online rule could come to rest: where the pulls of all samples on a unit cancel.
# Number the units through, row after row; then with $c(n)$ for the number of sample $n$'s best unit, and $h_{c(n), i}$
# for its neighbourhood at unit $i$, that is where
#
# $$\sum_n h_{c(n), i}\,(x_n - w_i) = 0 \qquad\text{so}\qquad w_i = \frac{\sum_n h_{c(n), i}\; x_n}{\sum_n h_{c(n), i}} .$$
#
# Each unit goes to a **weighed mean of all samples**. This is the [batch rule](glossary:batch-rule): find the best unit of
# every sample, move all units, repeat with a smaller radius. It needs no learning rate.
#
# **Exercise 05.4.** Here the units stand in one list: `weights` has shape (units, features). `best` has the number of
# each sample's best unit, and `h[c, i]` says how strongly unit `i` is pulled when unit `c` wins. One thing that the
# formula does not say: where a neighbourhood ends somewhere, a unit may be pulled by no sample at all. Let it stay where
# it is.


# %% tags=["exercise-05.4"]
{{exercise("05.4")}}


# %% tags=["check-05.4"]
batch_update = check("05.4", batch_update)
grade("05.4")


# %%
def learn_in_batches(x, weights, radii):
    """The batch rule, one pass over all samples for each radius; returns the weights."""
    rows, columns, n_features = weights.shape
    for radius in radii:
        places = [best_unit(weights, sample) for sample in x]
        best = np.array([row * columns + column for row, column in places])
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
shuffled = np.random.default_rng(2).permutation(square)
in_batches = learn_in_batches(square, knot, radii)
difference = {
    "batch": np.abs(learn_in_batches(shuffled, knot, radii) - in_batches).max(),
    "online": np.abs(list(learn(shuffled, knot))[-1] - course[-1]).max(),
}
moved = {name: far > 1e-6 for name, far in difference.items()}
outcome(
    "05.order",
    "both"
    if all(moved.values())
    else "neither"
    if not any(moved.values())
    else f"the {'online' if moved['online'] else 'batch'} rule only",
    because="A sum does not depend on the order of its parts. Steps that start where the last one ended do; the sheet may "
    "even come out turned or mirrored.",
)
for rule, far in difference.items():
    print(f"{rule} rule: shuffling changes a weight by {far:.1g} at most")

# %% [markdown]
# The library's `SelfOrganizingMap` has both rules, the batch rule by default, with a radius that falls by itself. It
# also starts better than with a knot: from a flat sheet laid along the two first principal components (`init="pca"`).
# And it knows a second shape of sheet, of hexagons (`topology="hexagonal"`), where a unit touches six others, all
# equally far. Given the same start and the same radii, it must end where your loop ends (an [epoch](glossary:epoch) is
# one pass over all samples).

# %%
library = SelfOrganizingMap(2, 10, 10, init="random")
library.initialize(square)
yours = learn_in_batches(square, library.weights.numpy(), radii)
fit(library, square, epochs=20, radius=(5, 0.7), progress=False)
apart = np.abs(yours - library.weights.numpy()).mean()
print(f"Your weights and the library's differ by {apart:.0e} on average.")

# %% [markdown]
# Now put the smallest possible neighbourhood into the batch rule: every winner alone. $h$ is 1 for $c = i$ and 0
# otherwise, and the weighed mean becomes the plain mean of a unit's own samples. You know this rule from lesson 01.

# %%
kmeans = KMeans(100, init="random")
kmeans.initialize(square)
centres, best = kmeans.centres.numpy().copy(), kmeans.predict(square)
kmeans.update(square, best)
claim(
    "without neighbours the batch rule is one step of k-means",
    np.allclose(batch_update(centres, square, best, np.eye(100)), kmeans.centres.numpy(), atol=1e-5),
)

# %% [markdown]
# So **a self-organizing map with radius zero is k-means**, and a radius above zero is what turns a heap of centres into a
# sheet. What does that cost?

# %% [markdown]
# ## 5. What is the price of order?
# We need two numbers. The first says how well the units stand for the samples, the
# [quantization error](glossary:quantization-error): the mean distance of a sample to its best unit (a distance, not
# squared),
#
# $$\text{QE} = \frac{1}{N} \sum_{n=1}^{N} \lVert x_n - w_{c(n)} \rVert .$$
#
# The second says how well the sheet keeps the order of the data, the
# [topographic error](glossary:topographic-error): the share of samples whose best and second-best units do **not** touch
# on the sheet. Where the sheet lies smoothly over the data, the two nearest units are neighbours; where it is folded,
# torn or twisted, they are not. A unit touches the eight around it, corners included.
#
# **Exercise 05.5.** `weights` has shape (rows, columns, features), `x` has shape (samples, features). It is easier with
# the units in one list, `weights.reshape(-1, n_features)`; then number `// columns` is the row and number `% columns` the
# column. `.argsort(axis=1)` sorts every row of a table, the smallest first.


# %% tags=["exercise-05.5"]
{{exercise("05.5")}}


# %% tags=["check-05.5"]
topographic_error = check("05.5", topographic_error)
grade("05.5")

# %%
claim(
    "the units that learned alone have a topographic error above 0.8, your sheet one below 0.1; and yet the units that "
    "learned alone have the lower quantization error",
    above(topographic_error(alone[-1], square), 0.8),
    below(topographic_error(course[-1], square), 0.1),
    below(metrics.quantization_error(square, alone[-1]), metrics.quantization_error(square, course[-1])),
)

# %% [markdown]
# Now the digits of the earlier lessons: 64 pixels, a sheet of 8 by 8 units. We train one map after the other; all start
# with radius 4, and each lets it fall to another end. **What happens to the two errors as the end goes to zero?**

# %%
predict(
    "05.price",
    "The radius falls from 4 to an end. As this end goes from 3 down to 0.1 …",
    options=[
        "both errors fall",
        "the quantization error falls, the topographic error rises",
        "the quantization error rises, the topographic error falls",
    ],
)

# %%
digits = data.digits()
train, test = digits.split(seed=0)
ends = np.array([3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.1])
errors = []
for end in ends:
    tried = SelfOrganizingMap(64, 8, 8)
    fit(tried, train.x, epochs=30, radius=(4, end), progress=False)
    errors.append((tried.quantization_error(train.x), topographic_error(tried.weights.numpy(), train.x)))
quantization, topographic = np.array(errors).T

# %% [markdown]
# *What to see: read from left to right, towards smaller ends. The blue curve (quantization) falls, the orange one
# (topographic) stays low for a while and then climbs.*

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True, layout="constrained")
left.plot(ends, quantization, "o-", color=plots.COLOURS[0])
left.set(title="How far are the units?", xlabel="end of the radius", ylabel="quantization error")
right.plot(ends, 100 * topographic, "s-", color=plots.COLOURS[1])
right.set(title="How torn is the sheet?", xlabel="end of the radius", ylabel="topographic error (%)")
left.invert_xaxis()
plt.show()

# %%
falls, rises = quantization[-1] < quantization[0], topographic[-1] > topographic[0]
outcome(
    "05.price",
    "both errors fall"
    if falls and not rises
    else "the quantization error falls, the topographic error rises"
    if falls
    else "the quantization error rises, the topographic error falls",
    because="A stiff sheet cannot reach every sample. A loose one reaches them all, and no longer lies flat.",
)
claim(
    "from end 3 to end 0.1 the quantization error falls by a quarter or more, the topographic error rises by 8 points or more",
    below(quantization[-1], 0.75 * quantization[0]),
    above(topographic[-1], topographic[0] + 0.08),
)

# %% [markdown]
# There is no right end, only a choice: what is the map for? To be looked at, it should be smooth; to stand for the
# data, it may be loose. The library's defaults lie in between. **Always report both numbers**: either alone can be
# lowered at the other's cost.

# %% [markdown]
# ## 6. What does an atlas of the digits show?
# Sixty-four dimensions cannot be drawn, a sheet of units can. Every unit has the shape of a digit, so it *is* an image,
# the [prototype](glossary:prototype) of the samples around it. Three layers tell more:
#
# - **hits**: how many samples have this unit as their best unit;
# - **[U-matrix](glossary:U-matrix)**: how far, in data space, a unit is from those it touches. High values are borders:
#   there the sheet is stretched over a gap;
# - **labels**: the majority of the labels of its samples. They were not used to learn; here they are written on
#   the map, and the colour says how large a share the majority has.
#
# Give 64 units a label each, by their training digits. **How many held-out digits then fall on a unit with their own
# label?**

# %%
predict(
    "05.labelled",
    "Held-out digits whose best unit has the right label (guessing gives 10)?",
    unit="percent",
    low=0,
    high=100,
)

# %%
atlas = SelfOrganizingMap(64, 8, 8)
history = fit(atlas, train.x, progress=False)
majority, purity = atlas.label_map(train.x, train.labels)
rows, columns = atlas.best_units(test.x).T
right = majority[rows, columns] == test.labels

# %% [markdown]
# *What to see: the prototypes first: walk from any digit to a neighbour, and it changes little by little. The labels
# beside them: every digit has a country, some have several; it is darker where labels mix. Below, the U-matrix: bright
# where the sheet is stretched, dark where neighbours are nearly the same. And the hits: some units serve many digits,
# others a few.*

# %%
names = np.where(majority < 0, "", majority.astype(str))
hits = atlas.hits(train.x)
figure, panels = plt.subplots(2, 2, figsize=(7.6, 7), layout="constrained")
(pictures, labels), (gaps, counts) = panels
plots.draw_images(pictures, atlas.weights.numpy().reshape(-1, 8, 8), columns=8)
pictures.set_title("prototypes")
plots.draw_map(labels, purity, low=0, high=1, texts=names, label="share of the majority")
labels.set_title("label of most samples")
plots.draw_map(gaps, atlas.u_matrix(), label="distance to the neighbours")
gaps.set_title("U-matrix")
plots.draw_map(counts, hits, texts=hits.astype(str), label="training digits")
counts.set_title("hits")
plt.show()

# %%
outcome(
    "05.labelled",
    100 * right.mean(),
    because="The sheet was never told of labels, but what looks alike is mostly called alike.",
)
w = atlas.weights.numpy()
apart = {"within": [], "across": []}
for unit in np.ndindex(8, 8):
    for other in atlas.neighbours(unit):
        apart["within" if majority[unit] == majority[other] else "across"].append(np.linalg.norm(w[unit] - w[other]))
within, across = np.mean(apart["within"]), np.mean(apart["across"])
claim(
    "what the U-matrix is made of: touching units lie at least a tenth farther apart where the label changes",
    above(across, 1.1 * within),
)

# %% [markdown]
# Read it yourself. Walk over the map with the sliders for row and column, and switch the layer. **Find a border between
# two countries in the U-matrix, stop on it, and look at the samples there: could you tell what they are?** Then find a
# digit that has two countries. Why has it?

# %%
play.som_atlas(train, atlas)

# %% [markdown]
# A warning for every map of this kind: *which* corner a digit has, and whether the sheet is mirrored, is an accident of
# the start. What may be believed is who is whose neighbour, and even that only as far as the topographic error allows.

# %% [markdown]
# ## 7. Which method keeps what?
# Four ways to look at the same training digits: our map of 64 units, [k-means](glossary:k-means) with 64 centres,
# [PCA](glossary:PCA) on two numbers, and [t-SNE](glossary:t-SNE), which places every sample freely in the plane, so that
# near samples stay near. For each we ask:
#
# - how far is a sample from what stands for it (quantization error)?
# - do neighbours on the map deserve to be neighbours? [Trustworthiness](glossary:trustworthiness) is 1 when all of the 50
#   nearest on the map are near in data space too, and about 0.5 by chance;
# - how pure are 64 groups: the units, the centres, or, where there are only points, 64 groups that k-means makes on the
#   map? And how much do they tell about the digits ([NMI](glossary:NMI))?

# %%
predict(
    "05.rival",
    "64 units against 64 centres of k-means: the map's quantization error is what share of that of k-means?",
    unit="percent",
    low=50,
    high=200,
)

# %%
import time

from sklearn.cluster import KMeans as ScikitKMeans
from sklearn.manifold import TSNE

grouped = ScikitKMeans(64, n_init=3, random_state=0).fit(train.x)
pca = PCA(2).fit(train.x)
start = time.perf_counter()
placed = TSNE(2, init="pca", random_state=0, n_jobs=1).fit_transform(train.x)
tsne_seconds = time.perf_counter() - start


def sixty_four_groups(z):
    """k-means on a map of points."""
    return ScikitKMeans(64, n_init=3, random_state=0).fit_predict(z)


maps = {"map": atlas.best_units(train.x).astype(np.float32), "PCA": pca.encode(train.x), "t-SNE": placed}
groups = {"map": atlas.predict(train.x), "k-means": grouped.labels_}
groups |= {name: sixty_four_groups(maps[name]) for name in ("PCA", "t-SNE")}
far = {
    "map": atlas.quantization_error(train.x),
    "k-means": np.linalg.norm(train.x - grouped.cluster_centers_[grouped.labels_], axis=1).mean(),
    "PCA": np.linalg.norm(train.x - pca(train.x), axis=1).mean(),
}
trust = {name: metrics.trustworthiness(train.x, z, n_neighbours=50) for name, z in maps.items()}
pure = {name: metrics.purity(train.labels, clusters) for name, clusters in groups.items()}
shared = {name: metrics.nmi(train.labels, clusters) for name, clusters in groups.items()}

print("            distance   trust   purity    NMI")
for name in groups:
    cells = [f"{scores[name]:.3f}" if name in scores else "–" for scores in (far, trust, pure, shared)]
    print(f"{name:10s}" + "".join(f"{cell:>9s}" for cell in cells))
print(f"The map took {history.seconds:.1f} s, t-SNE {tsne_seconds:.1f} s.")

# %%
outcome(
    "05.rival",
    100 * far["map"] / far["k-means"],
    because="k-means may put every centre where it serves best. A unit of the map must also please its neighbours.",
)
claim(
    "k-means has the lower quantization error and purer groups than the map",
    below(far["k-means"], far["map"]),
    above(pure["k-means"], pure["map"]),
)
shape = atlas.weights.shape
claim(
    "but its numbers are no map: laid out as a sheet, its topographic error is above 75 %, that of the map below 6 %",
    above(topographic_error(grouped.cluster_centers_.reshape(shape), train.x), 0.75),
    below(atlas.topographic_error(train.x), 0.06),
)
farther = {name: metrics.trustworthiness(train.x, maps[name], n_neighbours=300) for name in ("map", "t-SNE")}
claim(
    "the 50 nearest neighbours on the map are more trustworthy than PCA's, and t-SNE's are still more so; with the 300 "
    "nearest, the map is ahead of t-SNE",
    above(trust["map"], trust["PCA"]),
    below(trust["map"], trust["t-SNE"]),
    above(farther["map"], farther["t-SNE"]),
)

# %% [markdown]
# | | keeps | loses |
# |---|---|---|
# | k-means | the samples, best of all with so many prototypes | any order among its groups |
# | PCA | straight directions, a way there and back, the same answer every time | whatever is bent |
# | t-SNE | near neighbours, best of all | what lies farther off, a place for new samples, prototypes, your time |
# | map | order near and far, prototypes, a place for every new sample, at once | some exactness, and the empty space between groups (ask the U-matrix) |
#
# The rival for groups is k-means on the map of t-SNE: compare its purity with that of k-means in data space.
#
# If you want groups that can take in new samples, take k-means. If you want one picture of the data at hand, take
# t-SNE. If you want **a plan that you can go back to**, with something standing at every place and room for samples
# that come tomorrow, take a map.

# %% [markdown]
# ## 8. What can you ask a table?
# A map of a table is an atlas with one page for each column. Here are 178 Italian wines of three kinds, with thirteen
# chemical measurements. Their columns differ in size a thousandfold, so we scale them first (what happens otherwise, you
# see in "When it fails").

# %%
wine = data.wine().scaled("standard")
cellar = SelfOrganizingMap(13, 7, 7)
fit(cellar, wine.x, progress=False)
kinds, _ = cellar.label_map(wine.x, wine.labels)
planes = {name: cellar.component_plane(number) for number, name in enumerate(wine.feature_names)}

# %% [markdown]
# A [component plane](glossary:component-plane) shows one feature of all units. Two features that go together have planes
# that look alike; that is seen in one glance over all pages. **Which plane will look most like that of flavanoids?**

# %%
predict(
    "05.planes",
    "Whose component plane is most like that of the flavanoids?",
    options=["total phenols", "alcohol", "colour intensity"],
)

# %% [markdown]
# *What to see: the first page tells the kinds of wine, the other pages one measurement each, bright where it is high
# (each from its own lowest to its own highest value). The same place is the same wines on every page. Some pages nearly
# repeat each other, some are like a photograph and its negative (malic acid and hue). Proline is high where the Barolo
# lies, and colour intensity is low where the Grignolino lies.*

# %%
figure, panels = plt.subplots(2, 7, figsize=(11, 3.9), layout="constrained")
letters = np.where(kinds < 0, "", np.array(["o", "g", "b"])[kinds])
plots.draw_map(panels.flat[0], np.where(kinds < 0, np.nan, kinds), texts=letters)
panels.flat[0].set_title("kind", fontsize=9)
for axes, (name, plane) in zip(panels.flat[1:], planes.items()):
    plots.draw_map(axes, plane)
    axes.set_title(name, fontsize=9)
figure.supxlabel("o: Barolo, g: Grignolino, b: Barbera, grey: no wine", fontsize=9)
plt.show()


# %%
def alike(one, other):
    """Correlation of two component planes, from -1 to 1."""
    return np.corrcoef(planes[one].ravel(), planes[other].ravel())[0, 1]


asked = ("total phenols", "alcohol", "colour intensity")
outcome(
    "05.planes",
    max(asked, key=lambda name: alike("flavanoids", name)),
    because="Flavanoids are phenols: the one is a part of the other. The map did not know.",
)

# %% [markdown]
# Go on asking in the playground: stop on a unit, and it tells what is unusual about it. **Which Grignolino wines lie near
# the Barolo country, and what do they have in common with them?** (The layer `component` shows the page of the chosen
# feature.)

# %%
play.som_atlas(wine, cellar, layer="labels")

# %% [markdown]
# And now the catch. A unit is a weighed mean of many wines, and means are smooth: chance cancels. So **planes exaggerate**.
# Two pages may look like twins while the wines themselves agree only loosely.

# %%
number = {name: place for place, name in enumerate(wine.feature_names)}
among_wines = np.corrcoef(wine.x.T)
pairs = [(one, other) for one in planes for other in planes if number[one] < number[other]]
on_map = np.array([alike(*pair) for pair in pairs])
in_table = np.array([among_wines[number[one], number[other]] for one, other in pairs])
claim(
    "more than four fifths of all pairs correlate more strongly as planes than among the wines, on average by a third or more",
    above((np.abs(on_map) > np.abs(in_table)).mean(), 0.8),
    above(np.abs(on_map).mean(), 4 / 3 * np.abs(in_table).mean()),
)

# %% [markdown]
# So let the atlas raise the question, and let the table answer it.

# %% [markdown]
# ## 9. What lies far from the map?
# A sample that is far from *every* unit does not belong to what the map has seen. The distance to the best unit is an
# [anomaly score](glossary:anomaly-score). We test it on digits: each of the ten in turn is the intruder. It is left out
# of training, and among the held-out digits it must be found. How well a score finds it is measured by its
# [AUC](glossary:AUC): the chance that a random intruder gets a higher score than a random digit of the other nine. The
# rivals are PCA's reconstruction error with 8 numbers, and a very simple method: the distance to the nearest training
# digit.

# %%
predict(
    "05.intruder",
    "Who finds the intruders best, on average over the ten digits?",
    options=["distance to the best unit", "PCA's reconstruction error", "distance to the nearest training digit"],
)

# %%
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

found = []
for intruder in range(10):
    known = train.x[train.labels != intruder]
    sheet = SelfOrganizingMap(64, 8, 8)
    fit(sheet, known, progress=False)
    scores = {
        "distance to the best unit": sheet.transform(test.x).min(axis=1),
        "PCA's reconstruction error": metrics.reconstruction_error(test.x, PCA(8).fit(known)(test.x)),
        "distance to the nearest training digit": NearestNeighbors(n_neighbors=1)
        .fit(known)
        .kneighbors(test.x)[0][:, 0],
    }
    found.append({name: roc_auc_score(test.labels == intruder, score) for name, score in scores.items()})
by_score = {name: np.array([each[name] for each in found]) for name in found[0]}
mean = {name: areas.mean() for name, areas in by_score.items()}

# %% [markdown]
# *What to see: one group of bars a digit, higher is better. The grey bar, the simple method, is the highest of its
# group in all cases or all but one. The blue one of the map mostly comes next, and is lowest for the digits 8 and 9,
# which look like many others.*

# %%
figure, axes = plt.subplots(figsize=(9, 3.4), layout="constrained")
for place, (name, areas) in enumerate(by_score.items()):
    axes.bar(np.arange(10) + 0.27 * (place - 1), areas, width=0.25, label=name, color=plots.COLOURS[place])
axes.set(
    title="Finding a digit that was never seen", xlabel="intruder", ylabel="AUC", xticks=range(10), ylim=(0.5, 1.01)
)
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
plt.show()

# %%
best_of_map, of_pca, nearest = by_score.values()
outcome(
    "05.intruder",
    max(mean, key=mean.get),
    because="It forgets nothing: all training digits stand for themselves. The map has only 64 prototypes to compare with.",
)
claim(
    "on average the map finds intruders better than PCA, and the nearest training digit better than the map, for at "
    "least nine of the ten intruders",
    above(best_of_map.mean(), of_pca.mean()),
    above(nearest.mean(), best_of_map.mean()),
    above((nearest > best_of_map).sum(), 8),
)

# %% [markdown]
# An honest result: **the old and simple method wins** where you may keep all data and have time to search them. The map
# keeps one prototype for twenty digits or so, which is what counts when there are millions. And it gives a reason along
# with the alarm: the unit says what the intruder resembles.

# %%
without_threes = train.labels != 3
sheet = SelfOrganizingMap(64, 8, 8)
fit(sheet, train.x[without_threes], progress=False)
named, _ = sheet.label_map(train.x[without_threes], train.labels[without_threes])
rows, columns = sheet.best_units(digits.x[digits.labels == 3]).T
resembled = named[rows, columns]
counts = np.bincount(resembled[resembled >= 0], minlength=10)
print("Threes that the map has never seen fall on units of:", dict(enumerate(counts.tolist())))

# %% [markdown]
# ## When it fails
# ### A twisted sheet
# Somebody was in a hurry and shrank the radius too early: it is 1 while the sheet is still a knot. Distant parts of the
# sheet never hear of one another: each makes order for itself, and where two orders meet, the sheet is twisted. **More
# passes do not help.** The best units' distances look fine; only the topographic error tells.

# %%
twisted = SelfOrganizingMap(2, 10, 10, init="random")
fit(twisted, square, epochs=20, radius=(1, 0.5), progress=False)
stages = {"radius from 1": twisted.weights.numpy().copy()}
fit(twisted, square, epochs=60, radius=0.5, progress=False)
stages["60 more passes"] = twisted.weights.numpy().copy()
fit(twisted, square, epochs=60, radius=(10, 0.7), progress=False)
stages["radius opened again"] = twisted.weights.numpy().copy()
torn = {name: topographic_error(weights, square) for name, weights in stages.items()}

# %% [markdown]
# *What to see: left and in the middle, lines that cross and meshes that lie over one another. Right, the same sheet after
# the radius was opened once more, to the width of the sheet: flat.*

# %%
figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.5), sharex=True, sharey=True, layout="constrained")
for axes, (name, weights) in zip(panels, stages.items()):
    axes.scatter(*square.T, s=2, color="#ABABAB", linewidths=0)
    plots.draw_sheet(axes, weights, colour=plots.COLOURS[0])
    axes.set(title=f"{name}:\ntopographic error {torn[name]:.1%}", aspect="equal", xticks=[], yticks=[])
plt.show()

# %%
far_twisted = metrics.quantization_error(square, stages["radius from 1"])
far_flat = metrics.quantization_error(square, stages["radius opened again"])
claim(
    "the topographic error is above 5 %, above 5 % after 60 more passes, and below 1 % once the radius was opened again; "
    "the quantization error of the twisted sheet is that of the flat one within 15 %",
    above(torn["radius from 1"], 0.05),
    above(torn["60 more passes"], 0.05),
    below(torn["radius opened again"], 0.01),
    between(far_twisted / far_flat, 0.85, 1.15),
)

# %% [markdown]
# Two cures: a radius that starts at half the sheet's width, or a start that is in order already (`init="pca"`, the
# default).
#
# ### Dead units
# Back to the moons of section 1, where about half of the units won nothing. With radius zero (k-means) and units thrown
# at random again, the batch rule has nothing to move the idle ones with.

# %%
dead_or_alive = {}
for name, radius in (("radius 0", 0.0), ("5 to 0.7", (5, 0.7)), ("5 to 0.1", (5, 0.1))):
    thrown = SelfOrganizingMap(2, 10, 10, init="random")
    fit(thrown, moons, epochs=30, radius=radius, progress=False)
    dead_or_alive[name] = thrown

# %% [markdown]
# *What to see: left, without a neighbourhood, the idle units (orange triangles) lie where they were thrown. On the right
# few are idle, and these hang in the gap, between units of one moon and units of the other.*

# %%
figure, panels = plt.subplots(1, 2, figsize=(10, 3.3), sharex=True, sharey=True, layout="constrained")
for axes, (name, thrown) in zip(panels, dead_or_alive.items()):
    axes.scatter(*moons.T, s=4, color="#ABABAB", linewidths=0)
    weights, wins = thrown.weights.numpy(), thrown.hits(moons) > 0
    if name != "radius 0":
        plots.draw_sheet(axes, weights, width=0.5)
    for chosen, what, mark, colour in ((wins, "win", "o", 0), (~wins, "win nothing", "^", 1)):
        axes.scatter(*weights[chosen].T, s=26, marker=mark, color=plots.COLOURS[colour], label=what, zorder=4)
    axes.set(title=f"radius {name.removeprefix('radius ')}", xlabel="horizontal", aspect="equal")
panels[0].set_ylabel("vertical")
panels[1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
plt.show()

# %%
alive = {name: int((thrown.hits(moons) > 0).sum()) for name, thrown in dead_or_alive.items()}
error = {name: thrown.quantization_error(moons) for name, thrown in dead_or_alive.items()}
claim(
    "at radius 0 more than 20 of the 100 units win nothing, with a neighbourhood fewer than 20; a radius that shrinks to "
    "next to nothing gives a lower quantization error than k-means from the same start",
    below(alive["radius 0"], 80),
    above(alive["5 to 0.7"], 80),
    below(error["5 to 0.1"], error["radius 0"]),
)

# %% [markdown]
# Neighbours wake the dead, and that even helps k-means. What about the units that still win nothing? They are not dead:
# they hang **between** the moons, held by neighbours on either side, and mark the gap. In a U-matrix they are the bright
# border. Such a unit is right to have no sample.
#
# ### Unscaled columns
# The wines again, as they were measured. Proline goes up to 1,680, hue to 1.71. The library warns; read what it says.

# %%
import warnings

raw = data.wine()
unscaled = SelfOrganizingMap(13, 7, 7)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    fit(unscaled, raw.x, progress=False)
for each in caught:
    print(each.message)


def kept(sheet, dataset):
    """How much of each column's variance the best units explain, shape (n_features,)."""
    weights = sheet.weights.numpy().reshape(-1, dataset.x.shape[1])[sheet.predict(dataset.x)]
    return 1 - ((dataset.x - weights) ** 2).mean(axis=0) / dataset.x.var(axis=0)


seen = {"as measured": kept(unscaled, raw), "scaled": kept(cellar, wine)}
agree = {
    "as measured": metrics.nmi(raw.labels, unscaled.predict(raw.x)),
    "scaled": metrics.nmi(wine.labels, cellar.predict(wine.x)),
}

# %% [markdown]
# *What to see: how much of each column the map knows. As measured: nearly all of proline, less than half of
# any other. Scaled: about half of every column or more.*

# %%
figure, axes = plt.subplots(figsize=(9, 3.4), layout="constrained")
for place, (name, shares) in enumerate(seen.items()):
    axes.bar(np.arange(13) + 0.4 * (place - 0.5), 100 * shares, width=0.38, label=name, color=plots.COLOURS[place])
axes.set_xticks(range(13), wine.feature_names, rotation=40, ha="right", fontsize=8)
axes.set(title="What does the map know of each column?", ylabel="variance explained (%)")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
claim(
    "as measured the map explains more than 95 % of proline and less than half of any other column; scaled it explains at "
    "least 40 % of every column, and its units tell more about the kind of wine",
    above(seen["as measured"][12], 0.95),
    below(seen["as measured"][:12].max(), 0.5),
    above(seen["scaled"].min(), 0.4),
    above(agree["scaled"], agree["as measured"]),
)

# %% [markdown]
# No scaling is innocent: it says what counts as far. Equal weight for every column is a choice too, but one that you can
# state.
#
# ### The border
# A unit at the border has neighbours on one side only, and these pull it inwards. The sheet never quite reaches the edge
# of the data, and its outer units must serve everything beyond.

# %%
flat = SelfOrganizingMap(2, 10, 10)
fit(flat, square, progress=False)
hits = flat.hits(square)
inner = hits[1:-1, 1:-1].mean()
outer = (hits.sum() - hits[1:-1, 1:-1].sum()) / 36
reach = flat.weights.numpy()
claim(
    "units at the border serve at least 1.25 times as many points as inner ones, and none comes nearer than 0.03 to the "
    "edge of the square",
    above(outer, 1.25 * inner),
    above(min(reach.min(), 1 - reach.max()), 0.03),
)

# %% [markdown]
# That is a flaw to know of, not to mend: the square *has* an edge. It is otherwise with data that go round, such as hours
# of the day or directions of the wind. A chain of 24 units over a circle has two loose ends that lie side by side. With
# `wrap=True` the sheet's edges are joined (a chain becomes a ring, a sheet becomes a [torus](glossary:torus)), and there
# is no border any more. **Would you then not always wrap?**

# %%
predict(
    "05.wrap",
    "Wrapping a sheet over the square, which does not go round: its topographic error will …",
    options=["stay near zero", "rise above 10 %"],
)

# %%
angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 600)
noise = np.random.default_rng(1).normal(0, 0.05, (600, 2))
circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) + noise
ends_of, torn = {}, {}
for wrap in (False, True):
    chain = SelfOrganizingMap(2, 1, 24, wrap=wrap)
    fit(chain, circle, epochs=30, progress=False)
    hits = chain.hits(circle)[0]
    ends_of[wrap], torn["circle", wrap] = hits[[0, -1]].mean() / hits.mean(), chain.topographic_error(circle)
    sheet = SelfOrganizingMap(2, 10, 10, wrap=wrap)
    fit(sheet, square, progress=False)
    torn["square", wrap] = sheet.topographic_error(square)
outcome(
    "05.wrap",
    "rise above 10 %" if torn["square", True] > 0.1 else "stay near zero",
    because="Joined edges must lie together in data space too, and a square has no place where its edges meet: the sheet "
    "folds over itself.",
)
print(f"topographic error on the square: {torn['square', False]:.1%} flat, {torn['square', True]:.1%} wrapped")
claim(
    "on the circle the open chain is torn at its ends; the joined chain is not, and its units 0 and 23 serve as many "
    "points as the others, within a third",
    above(torn["circle", False], 0.01),
    below(torn["circle", True], 0.005),
    between(ends_of[True], 2 / 3, 4 / 3),
)

# %% [markdown]
# A sheet should have the shape of its data, as far as you know it. Wrap what goes round, and nothing else.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

# %%
quiz(
    "05.check_yourself",
    [
        Question(
            "In which space is the distance measured that the neighbourhood h depends on?",
            [
                (
                    "in data space, between the weights of the units",
                    False,
                    "Then only what is close already would be pulled together, and no order could come of it.",
                ),
                (
                    "on the sheet, between rows and columns",
                    True,
                    "Yes. That is how the fixed order of the sheet gets into the weights.",
                ),
                ("between the sample and the units", False, "That distance chooses the winner; h starts from there."),
            ],
        ),
        Question(
            "You let the radius fall to zero instead of to 0.7. What happens?",
            [
                (
                    "quantization error down, topographic error up",
                    True,
                    "Yes: in the end every unit goes to the mean of its own samples, as in k-means.",
                ),
                (
                    "both errors go down",
                    False,
                    "Units that are free to go where they serve best stop minding the sheet.",
                ),
                ("nothing, the order is kept once it is there", False, "You measured it on the digits: it frays."),
            ],
        ),
        Question(
            "A colleague reports a quantization error lower than yours, on the same data with the same sheet. A better map?",
            [
                ("yes, it is closer to the data", False, "k-means would be closer still, and is no map at all."),
                (
                    "ask for the topographic error first",
                    True,
                    "Yes. Either number can be bought with the other, so a map needs both.",
                ),
                ("no, lower is worse", False, "Lower is better, taken by itself."),
            ],
        ),
        Question(
            "After training, five units of your map have no samples. What do you do?",
            [
                (
                    "start anew with another seed: they are dead",
                    False,
                    "Dead units come from a radius that is too small.",
                ),
                (
                    "look where they are: units in a gap between groups are right to be empty",
                    True,
                    "Yes. Their neighbours hold them there; in the U-matrix they mark the border.",
                ),
                ("remove them, they are of no use", False, "Then the sheet would have holes, and the gap no sign."),
            ],
        ),
        Question(
            "Two component planes look the same. May you write that the two measurements are strongly correlated?",
            [
                ("yes, the map shows the data", False, "It shows weighed means, in which chance has cancelled."),
                (
                    "not before looking at the samples themselves",
                    True,
                    "Yes: planes exaggerate. They are good for questions, and the table is there for answers.",
                ),
                (
                    "no, a map says nothing about correlation",
                    False,
                    "It says a lot; only the strength is not to be read off.",
                ),
            ],
        ),
        Question(
            "What does the batch rule not need?",
            [
                ("a radius", False, "Without one it is k-means."),
                ("a learning rate", True, "Yes: each unit goes to its weighed mean at once."),
                ("the best unit of every sample", False, "Whoever wins decides who is pulled."),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Competition finds the best unit, cooperation lets its neighbours on the sheet learn along, adaptation moves them.
# - The radius must start large and fall. At zero the batch rule is k-means.
# - Two numbers judge a map: quantization error (how close) and topographic error (how orderly). One pays for the other.
# - An atlas is read by its layers: prototypes, hits, U-matrix, component planes. Planes exaggerate; corners are accidents.
# - k-means stands closer to the data and t-SNE keeps near neighbours better. A map keeps order, prototypes and a place for
#   tomorrow's samples, in a fraction of a second.
# - Scale the columns; wrap only what goes round.
#
# The course's table, with a new row: a sheet of 15 by 15 units, whose code is two whole numbers, row and column. To
# rebuild a digit means to take the prototype that stands there.

# %%
large = SelfOrganizingMap(64, 15, 15)
history = fit(large, train.x, progress=False)


def place(x):
    """Row and column of the best unit, as a code of two numbers."""
    return large.best_units(x).astype(np.float32)


def prototype(z):
    """The weights of the units at these rows and columns."""
    rows, columns = z.astype(int).T
    return large.weights.numpy()[rows, columns]


row = comparison_row("self-organizing map", 2, train, test, encode=place, decode=prototype, seconds=history.seconds)
comparison([row])

# %% [markdown]
# Two whole numbers and 225 prototypes rebuild held-out digits with less than half of the error of PCA's two numbers.
# The comparison is not quite fair, and you should know why: PCA keeps two directions and a mean, the map keeps 225 whole
# images. Its memory lies in the prototypes, not in the code.

# %% [markdown]
# ## Where to read on
# - Teuvo Kohonen, *Self-organized formation of topologically correct feature maps*, Biological Cybernetics 1982. Where it
#   began. Look at the figures of sheets that unfold over a square.
# - Teuvo Kohonen, *Essentials of the self-organizing map*, Neural Networks 2013. His own look back: the batch rule, how to
#   choose radius and size, missing values.
# - Juha Vesanto and Esa Alhoniemi, *Clustering of the self-organizing map*, IEEE Transactions on Neural Networks 2000. How
#   to get from many units to few groups; it reckons with a sheet of about $5 \sqrt n$ units for $n$ samples.
# - Kimmo Kiviluoto, *Topology preservation in self-organizing maps*, ICNN 1996. The topographic error of section 5.
# - Alfred Ultsch and H. Peter Siemon, *Kohonen's self-organizing feature maps for exploratory data analysis*, INNC 1990.
#   The U-matrix.
# - Laurens van der Maaten and Geoffrey Hinton, *Visualizing data using t-SNE*, Journal of Machine Learning Research 2008.
#   The rival of section 7.
