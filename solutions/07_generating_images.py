# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 07 · Generating images
#
# {{badges}}
#
# {{times}}
#
# **You need:** lesson 06 (generator and discriminator, their losses, momentum, the R1 penalty), lesson 04 (the
# variational autoencoder), lesson 02 (convolution) and lesson 01 (PCA, Gaussians).

# %% tags=["setup"]
{{setup}}

import copy

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.signal import correlate2d
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional

from udl_teach import data, fit, metrics, play, plots
from udl_teach.lesson import comparison_row
from udl_teach.models import PCA, ConvClassifier, ConvGAN, VariationalAutoencoder
from udl_teach.models.adversarial.losses import discriminator_loss, generator_loss, squared_gradient_norm
from udl_teach.pretrained import pretrained

digits = data.digits()
train, test = digits.split(seed=0)
rng = np.random.default_rng(0)
# The labels that a generator is asked for: as many as there are training digits, every class equally often.
asked = np.arange(len(train)) % 10

# A judge from outside, used in both sittings: a classifier trained on the real training digits.
classifier = ConvClassifier(digits.image_shape, 10, (32, 64), hidden_size=32)
fit(classifier, train.images, train.labels, epochs=15, progress=False)


def read(x):
    """The digits that the classifier reads in images (n, 64)."""
    return classifier.predict(np.asarray(x, dtype=np.float32).reshape(-1, 1, 8, 8))


def features(x):
    """What the classifier computes from images (n, 64) in its last hidden layer: shape (n, 32)."""
    return classifier.features(np.asarray(x, dtype=np.float32).reshape(-1, 1, 8, 8))


def judged(made, space=lambda x: x):
    """Precision, recall and coverage of the first 359 generated digits beside the 359 held-out ones, k = 5."""
    precision, recall, _, covered = metrics.prdc(space(test.x), space(made[: len(test)]), k=5)
    return {"precision": precision, "recall": recall, "coverage": covered}


def draw_rows(rows, title, columns=10, side=8):
    """Rows of images, one for each entry of a dictionary (name: images)."""
    figure, axes = plt.subplots(figsize=(0.5 * columns + 1.8, 0.55 * len(rows) + 0.6), layout="constrained")
    wall = np.concatenate([np.asarray(images)[:columns].reshape(-1, side, side) for images in rows.values()])
    plots.draw_images(axes, wall, columns=columns)
    axes.set_yticks([side / 2 + 1 + (side + 1) * row for row in range(len(rows))], list(rows))
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
    plt.show()


def draw_panels(panels):
    """Small images side by side, one for each entry of a dictionary (title: image)."""
    figure, row = plt.subplots(1, len(panels), figsize=(3 * len(panels), 3), layout="constrained")
    for axes, (name, picture) in zip(row, panels.items()):
        shown = axes.imshow(picture, cmap="cividis")  # each with a scale of its own
        axes.set_title(name)
        axes.set_axis_off()
        figure.colorbar(shown, ax=axes, shrink=0.6)
    plt.show()


def draw_curves(curves, title, xlabel, ylabel, levels=(), log=False):
    """Curves, one for each entry of a dictionary (name: {x: y}); levels (name: y) are dashed lines."""
    figure, axes = plt.subplots(figsize=(7.5, 3), layout="constrained")
    for (name, curve), mark, colour in zip(curves.items(), ("o-", "s--", "^:"), plots.COLOURS):
        axes.plot(list(curve), list(curve.values()), mark, color=colour, label=name)
    for name, style, colour in zip(levels, ("--", ":"), plots.COLOURS[1:]):
        axes.axhline(levels[name], linestyle=style, color=colour, label=name)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if log:
        axes.set(xscale="log", yscale="log")
        axes.set_xticks([30, 50, 100, 200, 300], [30, 50, 100, 200, 300])
        axes.set_yticks([2, 5, 10, 20], [2, 5, 10, 20])
        axes.minorticks_off()
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    plt.show()


def draw_circles(real, made, k):
    """Circles around real points, each to its k-th nearest real neighbour: as precision and as coverage use them."""
    radii = np.sort(cdist(real, real), axis=1)[:, k]
    inside = cdist(real, made) <= radii[:, None]
    figure, both = plt.subplots(1, 2, figsize=(9.5, 3.3), sharex=True, sharey=True, layout="constrained")
    for axes, filled in zip(both, (np.zeros(len(real), dtype=bool), inside.any(axis=1))):
        for place, radius, full in zip(real, radii, filled):
            face = plots.COLOURS[0] if full else "none"
            axes.add_patch(plt.Circle(place, radius, facecolor=face, edgecolor=plots.COLOURS[0], alpha=0.3))
        axes.scatter(*real.T, s=22, color=plots.COLOURS[0], zorder=2)
        axes.scatter(*made.T, s=40, marker="x", color=plots.COLOURS[1])
        axes.set(aspect="equal", xlim=(-5, 5.5), ylim=(-3.2, 3.2), xticks=[], yticks=[])
    both[0].set_title(f"precision: {inside.any(axis=0).sum()} of {len(made)} crosses lie in a circle")
    both[1].set_title(f"coverage: {inside.any(axis=1).sum()} of {len(real)} circles contain a cross")
    plt.show()


def show_table(table):
    """Numbers by name of row and of column."""
    columns = list(next(iter(table.values())))
    print(f"{'':26s}" + "".join(f"{column:>11s}" for column in columns))
    for name, row in table.items():
        print(f"{name:26s}" + "".join(f"{row[column]:11.2f}" if column in row else f"{'-':>11s}" for column in columns))


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - explain how a transposed convolution enlarges an image, compute the new size, and choose kernel and stride;
# - train a generator that draws the class you ask for;
# - judge samples by precision, coverage and Fréchet distance, and name what each measure does not see;
# - trade quality for variety, and find out whether a generator copies;
# - augment a small data set in an adversarial game;
# - compare a network with a classical rival before you praise it.

# %% [markdown]
# ## 1. What does a generator of images learn first?
# In lesson 06 the generator made points. Now it makes images of 8 × 8 pixels. Every image of this wall keeps its
# latent vector $z$ and its label, one label per column, so you can watch it change. Press Play. **Which comes first:
# ink in the right place, strokes, or the digit that the label asks for?**

# %%
play.sample_wall()

# %% [markdown]
# Ink gathers first where most digits have ink. Strokes follow: they differ from image to image before they depend on
# the label. Only then does each column show one digit. The rest of this sitting builds such a generator.

# %% [markdown]
# ## 2. How does a small image become a large one?
# A dense layer treats pixel 7 and pixel 8 as unrelated. A [convolution](glossary:convolution) makes use of the fact
# that neighbouring pixels are related: it slides one window of weights, the *kernel*, over the image. With a
# [stride](glossary:stride) of 2 it moves two pixels at a time, which halves the side of the image. The discriminator
# consists of such layers.
#
# The generator needs the reverse, a [transposed convolution](glossary:transposed-convolution). Each pixel of the small
# image becomes a stamp: the kernel, multiplied by the value of the pixel, is added to the large image. The stamps of
# neighbouring pixels begin `stride` pixels apart. Where they overlap, they add up. Finally `padding` pixels are cut
# off at each edge.
#
# **Exercise 07.1.** A transposed convolution is applied to an image with side `size`. Return the side of the result.
# All four arguments are whole numbers.


# %% tags=["exercise-07.1"]
{{exercise("07.1")}}


# %% tags=["check-07.1"]
grown_size = check("07.1", grown_size)
grade("07.1")

# %% [markdown]
# With your function we can write out the whole layer. It must agree with PyTorch's.


# %%
def stamped(image, kernel, stride, padding=0):
    """Transposed convolution of a square image with a square kernel, written out."""
    side = int(grown_size(len(image), len(kernel), stride, 0))
    large = np.zeros((side, side))
    for row, column in np.ndindex(image.shape):
        top, left = row * stride, column * stride
        large[top : top + len(kernel), left : left + len(kernel)] += image[row, column] * kernel
    return large[padding : side - padding, padding : side - padding]


image, kernel = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
theirs = functional.conv_transpose2d(
    torch.tensor(image)[None, None], torch.tensor(kernel)[None, None], stride=2, padding=1
)
difference = abs(theirs[0, 0].numpy() - stamped(image, kernel, 2, 1)).max()
print(f"from side 4 to side {theirs.shape[-1]}; largest difference from PyTorch {difference:.0e}")

# %%
predict(
    "07.even",
    "All pixels of the small image are 1, all weights of the kernel too. Kernel 3, stride 2. Away from its edges the "
    "large image is …",
    options=["an even grey", "brighter towards the middle", "a pattern that repeats"],
)

# %%
single = np.zeros((3, 3))
single[1, 1] = 1
even = np.ones((6, 6))
panels = {
    "one pixel, kernel 4": stamped(single, np.ones((4, 4)), 2),
    "even grey, kernel 3": stamped(even, np.ones((3, 3)), 2),
    "even grey, kernel 4": stamped(even, np.ones((4, 4)), 2),
}
draw_panels(panels)

# %%
outcome(
    "07.even",
    "a pattern that repeats"
    if np.array_equal(np.unique(panels["even grey, kernel 3"][3:-3, 3:-3]), [1, 2, 4])
    else "an even grey",
    because="With stride 2 and kernel 3 every second row lies under two rows of stamps, the others under one; the same "
    "holds for columns. Where two meet two, 2 x 2 = 4 stamps add up; where one meets one, a single one.",
)

# %% [markdown]
# Generated images are known for such checkerboards (Odena, Dumoulin and Olah 2016). If the kernel size is a multiple
# of the stride, as in the right panel, all pixels lie under equally many stamps. **Is that enough when the weights are
# not equal?** We take random weights, and compare with another way to enlarge an image: *resize* it, by repeating
# every pixel, and then apply an ordinary convolution.


# %%
def resized(image, kernel):
    """Twice the side by repeating pixels, then a convolution with stride 1."""
    return correlate2d(image.repeat(2, axis=0).repeat(2, axis=1), kernel, mode="same")


grown = {
    "transposed, random kernel 4": stamped(even, rng.normal(size=(4, 4)), 2, 1),
    "resized, random kernel 3": resized(even, rng.normal(size=(3, 3))),
}
draw_panels(grown)
unevenness = [np.ptp(large[2:-2, 2:-2]) for large in grown.values()]  # largest minus smallest, away from the edges

# %%
claim(
    "an even grey stays even away from the edges when it is resized and convolved, whatever the weights; the transposed "
    "convolution with random weights makes a pattern",
    unevenness[0] > 0.1 and unevenness[1] < 1e-9,
    transposed=unevenness[0],
    resized=unevenness[1],
)

# %% [markdown]
# With stride 2, a kernel of 4 × 4 consists of four kernels of 2 × 2, one for each place in a block of 2 × 2 pixels. If
# their sums differ, the pattern appears in every block. So equal overlap is not enough. Only the second way excludes
# the pattern for all weights, and Odena et al. recommend it: resize, then convolve. Our images are tiny, and we keep
# the layer that you will find in most code, with kernel 4, stride 2 and padding 1. It doubles the side: 2, 4, 8
# pixels.

# %% [markdown]
# ## 3. Who must be told the label?
# To draw *a 3*, the generator must be asked for a 3. A [conditional](glossary:conditional-generation) generator takes
# the label in addition to the random vector $z$, as a [one-hot](glossary:one-hot) row: ten numbers, one of them 1, the
# others 0.
#
# **Exercise 07.2.** Compute the scores of one round. `generator(z, one_hot)` makes images, `discriminator(x, one_hot)`
# returns one score per image. You have real images `x`, their `labels` (whole numbers, shape (batch,)) and random
# vectors `z`. Let the generator draw one image for every label of the batch. Return the discriminator's scores of the
# real and of the generated images, in this order. Both networks will learn from them. Who has to be told the labels?


# %% tags=["exercise-07.2"]
{{exercise("07.2")}}


# %% tags=["check-07.2"]
conditional_scores = check("07.2", conditional_scores)
grade("07.2")

# %% [markdown]
# The two networks follow Radford, Metz and Chintala (2016). The discriminator gets the label as ten more channels,
# each all 0 or all 1. Before each transposed convolution of the generator,
# [batch normalization](glossary:batch-normalization) shifts and scales every channel to mean 0 and variance 1 over the
# batch.


# %%
def grow(n_in, n_out):
    """Twice the side: (n, n_in, h, w) -> (n, n_out, 2 h, 2 w)."""
    layer = nn.ConvTranspose2d(n_in, n_out, kernel_size=4, stride=2, padding=1)
    return nn.Sequential(nn.BatchNorm2d(n_in), nn.ReLU(), layer)


def shrink(n_in, n_out):
    """Half the side: (n, n_in, h, w) -> (n, n_out, h / 2, w / 2)."""
    return nn.Sequential(nn.Conv2d(n_in, n_out, kernel_size=4, stride=2, padding=1), nn.LeakyReLU(0.2))


class Generator(nn.Module):
    """Random vectors (n, 32) and one-hot labels (n, 10) -> images (n, 1, 8, 8), from 0 (paper) to 1 (ink)."""

    def __init__(self):
        super().__init__()
        self.start = nn.Linear(32 + 10, 64 * 2 * 2)
        self.grow = nn.Sequential(grow(64, 32), grow(32, 1), nn.Sigmoid())

    def forward(self, z, one_hot):
        return self.grow(self.start(torch.cat([z, one_hot], dim=1)).reshape(-1, 64, 2, 2))


class Discriminator(nn.Module):
    """Images and one-hot labels -> one score per image, shape (n,): high for real."""

    def __init__(self):
        super().__init__()
        self.shrink = nn.Sequential(shrink(1 + 10, 32), shrink(32, 64), nn.Flatten(), nn.Linear(64 * 2 * 2, 1))

    def forward(self, x, one_hot):
        label_channels = one_hot[:, :, None, None].expand(-1, -1, 8, 8)
        return self.shrink(torch.cat([x, label_channels], dim=1)).flatten()


# %% [markdown]
# The game is that of lesson 06: in turn, each network takes a step on its own loss, with fresh random vectors and a
# falling learning rate. We keep the exponential moving average ([EMA](glossary:EMA)) of the generator's weights,
# because the two networks keep oscillating. (`penalty` waits for section 5.)


# %%
def play_game(epochs=20, momentum=0.5, penalty=0.0, seed=0):
    """Train both networks on digits and labels with your scores; returns the EMA of the generator."""
    torch.manual_seed(seed)
    discriminator, generator = Discriminator(), Generator()
    ema = copy.deepcopy(generator)
    networks = (discriminator, generator)
    optimizers = [torch.optim.Adam(each.parameters(), lr=2e-3, betas=(momentum, 0.99)) for each in networks]
    schedules = [torch.optim.lr_scheduler.ExponentialLR(each, 0.05 ** (1 / epochs)) for each in optimizers]
    images, labels = torch.tensor(train.images), torch.tensor(train.labels)
    for _ in range(epochs):
        for rows in torch.randperm(len(images)).split(64):
            for loss_of, optimizer in zip((discriminator_loss, generator_loss), optimizers):
                x, z = images[rows].requires_grad_(penalty > 0), torch.randn(len(rows), 32)
                real, generated = conditional_scores(generator, discriminator, x, labels[rows], z)
                loss = loss_of(real, generated)
                if penalty > 0 and loss_of is discriminator_loss:
                    loss = loss + 0.5 * penalty * squared_gradient_norm(real, x).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            with torch.no_grad():
                for kept, new in zip(ema.parameters(), generator.parameters()):
                    kept.lerp_(new, 0.01)
                for kept, new in zip(ema.buffers(), generator.buffers()):
                    kept.copy_(new)
        for each in schedules:
            each.step()
    return ema.eval()


# %% [markdown]
# Does the generator draw what it is asked for? We need a judge that takes no part in the game: a small classifier,
# which the setup cell has trained on the real training digits.

# %%
print(f"The classifier reads {(read(test.x) == test.labels).mean():.1%} of the held-out digits correctly.")
predict(
    "07.asked",
    "Your generator will learn for 20 epochs. Of the digits that it then draws, how many does the classifier read as the "
    "digit that was asked for?",
    unit="percent",
    low=0,
    high=100,
)


# %%
def drawn_by(generator, labels=asked, seed=0):
    """One digit of your generator for every label, shape (n, 64)."""
    z = torch.randn(len(labels), 32, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return generator(z, torch.eye(10)[labels]).flatten(1).numpy()


own_digits = drawn_by(play_game())
draw_rows({f"draw {row + 1}": own_digits[10 * row :] for row in range(6)}, "Asked for: 0 to 9")
obeyed = (read(own_digits) == asked).mean()

# %%
outcome(
    "07.asked",
    100 * obeyed,
    because="A discriminator that is given the label spots a wrong digit as easily as a stain, so the generator learns to "
    "draw what it is asked for.",
)

# %% [markdown]
# The digits are sharp, you can read most of them, and they are the ones that you asked for. How good is this
# generator?

# %% [markdown]
# ## 4. How do you judge what nobody has drawn before?
# Sixty images fit on a screen, and a gallery does not show what is *missing*. There are two questions: do the
# generated images look like real ones (*fidelity*), and is every kind of real image there (*diversity*)? Circles
# answer both. Around every real sample, draw a circle that reaches to its $k$-th nearest real neighbour.
#
# - [Precision](glossary:precision) is the share of generated samples that lie in the circle of at least one real
#   sample (Kynkäänniemi et al. 2019).
# - [Coverage](glossary:coverage) is the share of real samples whose circle contains a generated one (Naeem et al.
#   2020).
#
# Papers often report [recall](glossary:recall) beside precision: the share of real samples that lie in the circle of
# some *generated* one, drawn to its $k$-th nearest generated neighbour.

# %%
toy_real = np.random.default_rng(3).normal(size=(20, 2)) * [1.6, 0.8]
toy_made = np.array([[-1.1, 0.1], [-0.9, 0.4], [-0.7, -0.1], [-1.3, -0.3], [0.4, 0.2], [4.5, -1.6]])
draw_circles(toy_real, toy_made, k=2)

# %% [markdown]
# Dots are real points, crosses are generated ones, and $k = 2$. All crosses lie in a circle, even the one far to the
# right, because an isolated real point has a huge circle. But most circles are empty: few real points have a cross
# nearby.
#
# **Exercise 07.3.** Write coverage. `real` and `generated` are arrays of shape (samples, features), possibly of
# different lengths. `cdist(a, b)` contains the distances from every row of `a` to every row of `b`. A sample is not
# its own neighbour.


# %% tags=["exercise-07.3"]
{{exercise("07.3")}}


# %% tags=["check-07.3"]
coverage = check("07.3", coverage)
grade("07.3")

# %% [markdown]
# We compare 359 generated digits with the 359 held-out ones, using distances between pixels and $k = 5$. The same
# number of real training digits shows what can be reached. (The setup cell defines `judged`, which calls the library's
# `metrics.prdc`.)


# %%
first = {"training digits": judged(train.x), "your generator": judged(own_digits)}
show_table({name: {"precision": row["precision"]} for name, row in first.items()})

# %%
predict(
    "07.first",
    f"Training digits have a coverage of {first['training digits']['coverage']:.0%}. And your generator?",
    unit="percent",
    low=0,
    high=100,
)

# %%
show_table(first)
own_coverage = float(coverage(test.x, own_digits[: len(test)], 5))

# %%
outcome(
    "07.first",
    100 * own_coverage,
    because="The discriminator scores one image at a time, and a digit like all the others can pass. Section 5 looks for "
    "a cause.",
)
claim(
    "more than 70 % of the digits are read as asked and the precision is above 0.7, but the coverage is below 0.75 and the "
    "recall below 0.3",
    above(obeyed, 0.7),
    above(first["your generator"]["precision"], 0.7),
    below(own_coverage, 0.75),
    below(first["your generator"]["recall"], 0.3),
)

# %% [markdown]
# This is [mode collapse](glossary:mode-collapse) in its usual form: no label is missing, but the digits of each label
# are too much alike. Someone who only reads the digits overlooks it, and so does a classifier. Look at the wall of
# section 3 again, this time down a column.

# %% [markdown]
# ## 5. What brings variety back?
# In lesson 06 momentum was a cause of collapse, and [R1](glossary:R1), a penalty on the discriminator's gradient at
# real samples, calmed the game. Does the same hold for images? We make one change at a time, so that each difference has
# one cause. **Which change raises the coverage more?**

# %%
changes = {
    "no momentum": {"momentum": 0.0},
    "R1 penalty": {"penalty": 60.0},
}
variety = {"unchanged": first["your generator"]}
variety |= {name: judged(drawn_by(play_game(**change))) for name, change in changes.items()}
show_table(variety)

# %%
claim(
    "without momentum, and with R1, coverage and recall are higher",
    above(min(variety[name]["coverage"] for name in ("no momentum", "R1 penalty")), variety["unchanged"]["coverage"]),
    above(min(variety[name]["recall"] for name in ("no momentum", "R1 penalty")), variety["unchanged"]["recall"]),
)

# %% [markdown]
# Momentum is a cause: without it, and with nothing else changed, the digits are more varied. R1 helps even with
# momentum. From here on we keep the two changes that helped.

# %% [markdown] tags=["sitting"]
# **A good place to stop.** You have built a generator that draws what you ask for, measured its collapse and found a
# cause. The second half asks how far you can trust such measures. It needs only the setup cell at the top, so you can
# close the notebook here.

# %%
# The second half starts here, with two generators.
gan = ConvGAN(digits.image_shape, latent_size=32, n_classes=10, penalty=1.0, ema=0.995)
rates = {"learning_rate": (1e-2, 5e-4), "betas": (0.0, 0.99)}
fit(gan, train.images, train.labels, epochs=30, batch_size=64, progress=False, **rates)
gan_digits = gan.sample(len(asked), seed=1, labels=asked).reshape(-1, 64)

vae = VariationalAutoencoder(64, 8, (128, 64), likelihood="gaussian")
fit(vae, train.x, epochs=60, batch_size=64, learning_rate=3e-3, progress=False)
vae_digits = vae.sample(len(asked)).clip(0, 1)

# %% [markdown]
# ## 6. Near in which space?
# The first generator is the library's `ConvGAN`. It plays the game of section 3 with R1 and without momentum. It has
# no batch normalization, so no sample depends on the others in its batch. The second generator is the variational
# autoencoder of lesson 04, trained without labels; its codes are drawn from $N(0, 1)$.

# %%
draw_rows({"held-out digits": test.x, "GAN": gan_digits[10:], "variational": vae_digits}, "Two generators", columns=20)

# %% [markdown]
# The digits of the GAN are sharp. The decoder of the variational autoencoder returns the *mean* of every pixel, so its
# digits are soft where a stroke could be in several places, and some codes decode to no digit at all.

# %%
predict(
    "07.soft",
    "Which generator has the higher precision, by distances between pixels?",
    options=["the GAN", "the variational autoencoder", "about the same, within 3 points"],
)

# %%
makers = {"training digits": train.x, "GAN": gan_digits, "variational autoencoder": vae_digits}
in_pixels = {name: judged(x) for name, x in makers.items()}
show_table(in_pixels)
lead = in_pixels["variational autoencoder"]["precision"] - in_pixels["GAN"]["precision"]

# %%
outcome(
    "07.soft",
    "about the same, within 3 points" if abs(lead) < 0.03 else "the variational autoencoder" if lead > 0 else "the GAN",
    because="A soft image lies between many real ones, and the middle of a cloud is near many points. A sharp stroke that "
    "is one pixel off is far from all of them.",
)

# %% [markdown]
# Measured by pixels, a blur is a small change, and a stroke moved by one pixel is a large one. So samples are usually
# compared by the *features* of a classifier, which has learned what matters for its task. Here is the same table with
# distances between features, 32 numbers from the last hidden layer of our classifier:

# %%
in_features = {name: judged(x, features) for name, x in makers.items()}
show_table(in_features)

# %%
claim(
    "by pixels the variational autoencoder is at most 0.05 behind in precision; by features the GAN is ahead in coverage",
    above(in_pixels["variational autoencoder"]["precision"], in_pixels["GAN"]["precision"] - 0.05),
    above(in_features["GAN"]["coverage"], in_features["variational autoencoder"]["coverage"]),
)

# %% [markdown]
# By pixels the soft digits are about as precise as the sharp ones, or more so; by features they cover less. Neither
# table is wrong, and no space is neutral: a classifier of digits ignores everything that it does not need for
# recognizing digits. A report of such numbers must name the space, $k$ and the number of samples.

# %% [markdown]
# ## 7. Can quality be bought?
# Redraw every entry of $z$ whose absolute value exceeds a limit, until none does. This is called
# [truncation](glossary:truncation), and the pictures that made large GANs famous were drawn with it (Brock et al.
# 2019). **What is its price?**

# %%
predict(
    "07.truncation",
    f"The recall of the GAN, by pixels, is {in_pixels['GAN']['recall']:.0%}. What is it when all entries of z lie between -0.5 "
    "and 0.5?",
    unit="percent",
    low=0,
    high=100,
)

# %%
limits = (0.2, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
cut = {
    limit: judged(gan.sample(len(asked), seed=1, labels=asked, truncation=limit).reshape(-1, 64)) for limit in limits
}
curves = {name: {limit: row[name] for limit, row in cut.items()} for name in ("precision", "recall", "coverage")}
draw_curves(curves, "Truncation", "limit of the entries of z", "share")
fours = {f"limit {limit}": gan.sample(10, seed=4, labels=4, truncation=limit) for limit in (0.2, 1.0, 3.0)}
draw_rows(fours, "Ten fours each")

# %%
outcome(
    "07.truncation",
    100 * cut[0.5]["recall"],
    because="Vectors near the middle give typical digits that are much alike. The circles around them are small, and few "
    "real digits lie in one.",
)
claim(
    "a limit of 0.5 raises the precision and leaves less than half of the recall",
    above(cut[0.5]["precision"], in_pixels["GAN"]["precision"]),
    below(cut[0.5]["recall"], in_pixels["GAN"]["recall"] / 2),
)

# %% [markdown]
# With a strict limit every digit is typical. Coverage hardly notices at first, because a typical digit lies in the
# circles of many real ones. The generator has not practised there: all 32 entries of a vector from $N(0, 1)$ lie
# between $-0.5$ and $0.5$ with a probability of $5 \cdot 10^{-14}$, so it has never seen such a vector. It draws good
# digits there because it changes smoothly with $z$. Since quality can be bought, ask for both, quality and variety,
# and for the limit.
#
# The playground walks through the latent space of your trained GAN. Set the truncation to 0.3; then walk from one
# image to another. **Do you ever see something that is between two digits?**

# %%
play.sample_wall(gan, train, held_out=test)

# %% [markdown]
# Between images of different classes the label changes gradually as well. Midway there are images that are neither
# digit: the generator is continuous, and the classes are not.

# %% [markdown]
# ## 8. Is one number enough?
# Rankings need a single number. The usual one describes the real and the generated features by one Gaussian each and
# computes the [Fréchet distance](glossary:Fréchet-distance) between the two (Heusel et al. 2017; with the features of
# the network Inception it is called FID). For Gaussians of one number it is
#
# $$d^2 = (\mu_x - \mu_y)^2 + (\sigma_x - \sigma_y)^2 = (\mu_x - \mu_y)^2 + \sigma_x^2 + \sigma_y^2 - 2\, \sigma_x \sigma_y .$$
#
# For many numbers, the first term becomes the squared distance between the mean vectors. Each variance becomes the
# [trace](glossary:trace) of a covariance matrix, and $\sigma_x \sigma_y$ becomes the trace of the root of the matrix
# product $\Sigma_x \Sigma_y$, that is, of the matrix $R$ with $R R = \Sigma_x \Sigma_y$. This trace is the sum of the
# square roots of the eigenvalues of $\Sigma_x \Sigma_y$.
#
# **Exercise 07.4.** Return $d^2$, a real number, from two means (shape (d,)) and two covariances (shape (d, d)).
# `np.linalg.eigvals(M)` returns the eigenvalues of $M$. Here they are never negative, but rounding can give them a
# tiny imaginary part or make them slightly negative.


# %% tags=["exercise-07.4"]
{{exercise("07.4")}}


# %% tags=["check-07.4"]
frechet_distance = check("07.4", frechet_distance)
grade("07.4")


# %%
def gaussian_of(x):
    """Mean and covariance of the classifier's features."""
    found = features(x).astype(float)
    return found.mean(axis=0), np.cov(found.T)


training_gaussian = gaussian_of(train.x)


def to_training(x):
    """Fréchet distance of images to the training digits, in features; smaller is better."""
    return float(np.asarray(frechet_distance(*gaussian_of(x), *training_gaussian)).item())


distance = {name: to_training(x) for name, x in makers.items() if name != "training digits"}
print(", ".join(f"{name}: {value:.1f}" for name, value in distance.items()))

# %% [markdown]
# Both numbers compare 1,438 generated digits with the training digits. Now take **40 real digits**, drawn at random
# from the held-out ones.

# %%
predict(
    "07.few",
    "Forty real digits (the mean over twenty draws): their Fréchet distance to the training digits is …",
    options=["smaller than the GAN's", "between the two", "the largest of the three"],
)

# %%
counts = (30, 40, 50, 75, 100, 150, 200, 300)
of_real = {
    n: np.mean([to_training(test.x[rng.choice(len(test), n, replace=False)]) for _ in range(20)]) for n in counts
}
draw_curves(
    {"real digits": of_real},
    "How far are real digits from real digits?",
    "number of real digits",
    "Fréchet distance",
    levels={f"{name}, 1,438 digits": value for name, value in distance.items()},
    log=True,
)

# %%
outcome(
    "07.few",
    ("smaller than the GAN's", "between the two", "the largest of the three")[
        sum(of_real[40] > value for value in distance.values())
    ],
    because="A covariance of 32 features has 528 different numbers. Estimates from 40 images are poor, and an error in any "
    "direction adds to the distance.",
)
claim(
    "forty real digits are farther from the training digits than the GAN's 1,438, and at 100 digits the distance is more than "
    "1.3 times that at 200",
    above(of_real[40], distance["GAN"]),
    above(of_real[100], 1.3 * of_real[200]),
)

# %% [markdown]
# With many samples this bias falls as one over their number. **Compare two Fréchet distances only if they rest on
# equally many samples** and on the same features. (Even then the bias differs between generators; Chong and Forsyth
# 2020 extrapolate to infinitely many samples.) Besides, the distance depends on means and covariances only: samples
# in which both are right have distance 0, whatever they look like.

# %% [markdown]
# ## 9. Does it draw, or does it copy?
# One more generator, **the copier**, takes the training digits, adds noise that you cannot see, and returns them as
# new. A network can do the same; this is called [memorization](glossary:memorization), and with medical records it
# leaks private data about patients. We add two measures. **Novelty** is the mean distance to the nearest training
# digit, divided by the same distance for held-out digits: 1 means as new as a new digit. The **reader** is the
# accuracy on held-out digits of a [logistic regression](glossary:logistic-regression) that has learned from generated
# digits alone (*train on synthetic, test on real*).
#
# We also add a classical rival, **one Gaussian per class**: project the training digits onto 30 principal components,
# compute the mean and covariance of each class, draw codes, and decode them. (The variational autoencoder makes no
# labels, so it has no reader.)


# %%
def gaussian_per_class(dataset, components, labels):
    """Images drawn from one Gaussian per class on principal components, one for each entry of `labels`."""
    pca = PCA(components).fit(dataset.x)
    codes, made = pca.encode(dataset.x), np.empty((len(labels), components))
    for label in np.unique(labels):
        own, here = codes[dataset.labels == label], labels == label
        made[here] = rng.multivariate_normal(own.mean(axis=0), np.cov(own.T), size=here.sum())
    return pca.decode(made.astype(np.float32)).clip(0, 1)


gaussian_digits = gaussian_per_class(train, 30, asked)
copies = (train.x + 0.05 * rng.normal(size=train.x.shape)).clip(0, 1).astype(np.float32)
predict(
    "07.rival",
    "One Gaussian per class against the GAN: by how many of the four measures precision, coverage, Fréchet distance and "
    "reader is the Gaussian better?",
    unit="of four",
    low=0,
    high=4,
)

# %%
usual = metrics.nearest_distances(test.x, train.x).mean()


def all_measures(x, labels=None):
    """Every measure of this lesson; 359 digits for each but the reader, which learns from all."""
    row = judged(x) | {"Fréchet": to_training(x[: len(test)])}
    if labels is not None:
        row["reader"] = LogisticRegression(max_iter=1000).fit(x, labels).score(test.x, test.labels)
    return row | {"novelty": metrics.nearest_distances(x[: len(test)], train.x).mean() / usual}


table = {
    "training digits": all_measures(train.x, train.labels),
    "copier": all_measures(copies, train.labels),
    "Gaussian per class": all_measures(gaussian_digits, asked),
    "GAN": all_measures(gan_digits, asked),
    "variational autoencoder": all_measures(vae_digits),
}
show_table(table)
print(f"Fréchet distance of the 359 held-out digits: {to_training(test.x):.2f}")
rival, network = table["Gaussian per class"], table["GAN"]
better = sum(rival[name] > network[name] for name in ("precision", "coverage", "reader"))
better += rival["Fréchet"] < network["Fréchet"]

# %%
outcome(
    "07.rival",
    better,
    because="These measures depend on means, spreads and near neighbours. For small centred digits, 30 means and 465 "
    "variances and covariances per class get these right, and no game is needed to compute them.",
)
claim(
    "the Gaussians are ahead of the GAN in precision and coverage, by pixels, and their reader is at most 3 points behind",
    above(rival["precision"], network["precision"]),
    above(rival["coverage"], network["coverage"]),
    above(rival["reader"], network["reader"] - 0.03),
)
claim(
    "by the Fréchet distance the copier is closer to the training digits than 359 new digits are; its novelty is below 0.5, "
    "while the generators that learned have more than 0.8",
    below(table["copier"]["Fréchet"], to_training(test.x)),
    below(table["copier"]["novelty"], 0.5),
    above(min(table[name]["novelty"] for name in ("Gaussian per class", "GAN", "variational autoencoder")), 0.8),
)

# %% [markdown]
# By the Fréchet distance the copier beats real digits that it has not seen. Of these measures only novelty asks
# whether a digit is new.
#
# And the classical rival is ahead in precision and coverage on these digits. Is it ahead everywhere? Letters of 28 ×
# 28 pixels slant, shift, and vary in size and stroke width. The library contains a `ConvGAN` that has learned such
# letters. We fit its rival here, one Gaussian per letter on 60 principal components.

# %%
letters, more_letters = data.glyphs(2600, seed=0), data.glyphs(1300, seed=1)
every = np.arange(1300) % 26
of_letters = {
    "new letters": more_letters.x[[np.flatnonzero(more_letters.labels == label)[0] for label in range(26)]],
    "GAN": pretrained("glyph_generator").sample(1300, seed=1, labels=every).reshape(-1, 784),
    "Gaussians": gaussian_per_class(letters, 60, every),
}
draw_rows(of_letters, "Letters", columns=26, side=28)
for name in ("GAN", "Gaussians"):
    print(f"{name}: coverage by pixels {metrics.prdc(more_letters.x, of_letters[name], k=5).coverage:.2f}")

# %% [markdown]
# The Gaussians draw ghosts: where a stroke can be in two places, they put half of it in both. Letters that shift and
# slant do not form a cloud around a mean. Yet by pixels the ghosts have the higher coverage. Look at the images before
# you believe a number, and at the numbers before you believe the images.

# %% [markdown]
# ## When it fails
# Now we have only a hundred digits, ten per class. The discriminator sees each of them again and again. Does it learn
# what digits look like, or which digits it has seen? We let it score these digits and the held-out ones, and compute
# the [AUC](glossary:AUC), the probability that a digit it knows scores higher than a new one: 0.5 if it treats both
# alike.
#
# The usual remedy for few data is [augmentation](glossary:augmentation), here random shifts by up to one pixel.
# Suppose that a colleague shifts the real images, as one does when training a classifier.


# %%
few = np.concatenate([train.images[train.labels == label][:10] for label in range(10)])


def shifted(x):
    """Every image moved at random by up to one pixel in each direction."""
    padded = functional.pad(x, (1, 1, 1, 1))
    crops = torch.stack([padded[:, :, top : top + 8, left : left + 8] for top in range(3) for left in range(3)])
    return crops[torch.randint(9, (len(x),)), torch.arange(len(x))]


def real_images_shifted(generator, discriminator, augment, x, z):
    return discriminator(augment(x)), discriminator(generator(z))


def small_game(scores, augment, steps=500):
    """A game without labels on a hundred digits."""
    torch.manual_seed(0)
    model = ConvGAN(digits.image_shape, latent_size=32)
    networks = (model.discriminator, model.generator)
    optimizers = [torch.optim.Adam(each.parameters(), lr=5e-3, betas=(0.0, 0.99)) for each in networks]
    for _ in range(steps):
        for loss_of, optimizer in zip((discriminator_loss, generator_loss), optimizers):
            x, z = torch.tensor(few)[torch.randint(len(few), (50,))], torch.randn(50, 32)
            loss = loss_of(*scores(model.generator, model.discriminator, augment, x, z))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


def looked_at(model):
    """AUC of known against new digits, and precision of generated digits."""
    with torch.no_grad():
        known, new = (model.discriminator(torch.tensor(x)).numpy() for x in (few, test.images))
    made = model.sample(len(test), seed=1).reshape(-1, 64)
    return {"AUC, known": (known[:, None] > new).mean(), "precision": judged(made)["precision"]}


games = {
    "no augmentation": small_game(real_images_shifted, lambda x: x),
    "real images shifted": small_game(real_images_shifted, shifted),
}
show_table({name: looked_at(model) for name, model in games.items()})
draw_rows({name: model.sample(20, seed=1) for name, model in games.items()}, "A hundred training digits", columns=20)

# %% [markdown]
# Without augmentation the discriminator recognizes many of the digits that it has seen. With shifted real images it
# recognizes fewer, but the precision drops. Look at the second row: what has the generator learned to draw?
#
# **Exercise 07.5.** Repair `real_images_shifted`: return the scores of the real and of the generated images so that
# the generator learns to draw digits that are *not* shifted, and the discriminator still cannot memorize.


# %% tags=["exercise-07.5"]
{{exercise("07.5")}}


# %% tags=["check-07.5"]
augmented_scores = check("07.5", augmented_scores)
grade("07.5")

# %%
games["repaired"] = small_game(augmented_scores, shifted)
seen = {name: looked_at(model) for name, model in games.items()}
show_table(seen)
draw_rows({"repaired": games["repaired"].sample(20, seed=1)}, "A hundred training digits", columns=20)

# %%
claim(
    "augmentation lowers the AUC of known digits by more than 0.05; with the real images alone shifted the precision is less "
    "than half of what the repaired game has",
    above(seen["no augmentation"]["AUC, known"], seen["repaired"]["AUC, known"] + 0.05),
    below(seen["real images shifted"]["precision"], 0.5 * seen["repaired"]["precision"]),
)

# %% [markdown]
# If only the real images are shifted, the discriminator takes shifted digits for real, and the generator draws them:
# the augmentation *leaks*. If both are shifted, the discriminator compares like with like. The generator learns
# through the shift, so the shift must be differentiable (Zhao et al. 2020; Karras et al. 2020). These papers report
# better samples on larger images; in our small game the discriminator memorizes less, but the samples are not better
# than without augmentation. Augmenting both is not always enough: if each image is turned by an angle drawn from the
# full circle, no score depends on which way up the generator draws (Karras et al. 2020).

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because it contains the answers.

# %%
quiz(
    "07.check_yourself",
    [
        Question(
            "A generator has a precision of 0.98 and a coverage of 0.30. What do you suspect first?",
            [
                (
                    "that it leaves out most kinds of samples",
                    True,
                    "Yes: what it makes looks real, and most of the data have nothing near them.",
                ),
                (
                    "that its samples are soft, and therefore near to everything",
                    False,
                    "Then they would lie in many circles and cover a lot.",
                ),
                (
                    "that it copies its training data",
                    False,
                    "Copies of all training data would cover nearly everything.",
                ),
            ],
        ),
        Question(
            "A paper reports a Fréchet distance of 12 from 50,000 samples; you get 15 from 5,000 of the same model. Who is "
            "wrong?",
            [
                (
                    "you: the distance does not depend on the number of samples",
                    False,
                    "What you compute is an estimate, and it is too large if there are few samples: every error of a "
                    "covariance adds to the distance.",
                ),
                ("the paper: 12 is too good", False, "With ten times the samples a smaller value is to be expected."),
                (
                    "perhaps nobody",
                    True,
                    "Yes: fewer samples give a larger distance. Compare equal numbers of samples only.",
                ),
            ],
        ),
        Question(
            "In a conditional game only the generator is given the labels. What happens?",
            [
                (
                    "the game breaks down, because the two networks have inputs of different length",
                    False,
                    "The game goes on, and the images may look real.",
                ),
                ("it draws means of all digits", False, "The discriminator would recognize a mean at once."),
                (
                    "it draws digits, but not those that were asked for",
                    True,
                    "Yes: a discriminator without the label cannot object to the wrong digit.",
                ),
            ],
        ),
        Question(
            "Somebody shows you sixty flawless generated faces. What do you ask for?",
            [
                (
                    "recall or coverage, the truncation, and the nearest training face beside each",
                    True,
                    "Yes: quality alone can be bought by giving up variety, or by copying.",
                ),
                (
                    "six hundred more, drawn while you watch",
                    False,
                    "A truncated generator, or a copier, would draw those without a flaw as well.",
                ),
                (
                    "the discriminator's loss",
                    False,
                    "It describes the state of the game, not the quality of the images.",
                ),
            ],
        ),
        Question(
            "You have 200 photographs and rotate the real ones by up to 20 degrees while the discriminator learns. What will "
            "the generator draw?",
            [
                (
                    "upright photographs, and more varied ones",
                    False,
                    "To the discriminator, an upright photograph is no more real than a rotated one.",
                ),
                (
                    "rotated photographs",
                    True,
                    "Yes: the augmentation leaks. Rotate the generated ones as well, in both networks' steps.",
                ),
                ("copies of the 200", False, "Copies are upright, and the discriminator has seen them rotated."),
            ],
        ),
        Question(
            "A layer with kernel 5, stride 3 and no padding enlarges an image. What may you see in its output?",
            [
                ("nothing, since learning evens it out", False, "It can, but nothing guarantees it."),
                ("a blur", False, "Stamps that overlap unevenly leave a grid, not a blur."),
                (
                    "a pattern that repeats every 3 pixels",
                    True,
                    "Yes: in each direction some pixels lie under two stamps and others under one.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A transposed convolution adds up stamps. Resizing followed by an ordinary convolution avoids its checkerboard for
#   all weights.
# - Both networks must be given the label, and the same one.
# - Precision describes the generated samples, coverage the real ones. Neither a glance at a gallery nor a
#   classifier that reads the samples reveals a collapse. Without momentum, or with R1, there is more variety.
# - The space, $k$ and the number of samples belong to every measure, and the truncation to every gallery.
# - The Fréchet distance is too large if samples are few, and smaller for copies than for new real images. The nearest
#   training sample reveals copies.
# - One Gaussian per class beats a GAN on small centred digits in precision and coverage, and draws ghosts where
#   strokes move.
# - Augment real and generated images alike, or the augmentation leaks.
#
# The comparison table gets the GAN. It has no encoder, so we take the discriminator's activations before its last
# layer as a code (Radford et al. 2016), of a GAN without labels. A second row shows the same network before training.
# **How much of the linear probe is due to learning?**

# %%
rows = []
for seed in range(3):
    model = ConvGAN(digits.image_shape, latent_size=32, penalty=1.0, seed=seed)
    untrained = copy.deepcopy(model)
    history = fit(model, train.images, epochs=6, batch_size=64, seed=seed, progress=False, **rates)
    for name, each, seconds in (
        ("GAN discriminator", model, history.seconds),
        ("GAN discriminator, untrained", untrained, 0.0),
    ):

        def encode(x, layers=each.discriminator.layers):
            with torch.no_grad():
                return layers(torch.tensor(x).reshape(-1, 1, 8, 8))

        rows.append(comparison_row(name, 128, train, test, encode=encode, can_sample=each is model, seconds=seconds))
comparison(rows)
probes = [np.mean([row["probe"] for row in rows[start::2]]) for start in (0, 1)]

# %%
claim(
    "the untrained network has more than nine tenths of the trained network's probe accuracy",
    above(probes[1], 0.9 * probes[0]),
)

# %% [markdown]
# The game teaches the discriminator to distinguish real from generated images. It adds little about *which* digit an
# image shows.

# %% [markdown]
# ## Where to read on
# - Alec Radford, Luke Metz and Soumith Chintala, *Unsupervised representation learning with deep convolutional
#   generative adversarial networks*, ICLR 2016. The layers of section 3.
# - Augustus Odena, Vincent Dumoulin and Chris Olah, *Deconvolution and checkerboard artifacts*, Distill 2016. With
#   figures to play with.
# - Takeru Miyato and Masanori Koyama, *cGANs with projection discriminator*, ICLR 2018. How the library's
#   discriminator uses the label.
# - Nick Huang, Aaron Gokaslan, Volodymyr Kuleshov and James Tompkin, *The GAN is dead; long live the GAN! A modern GAN
#   baseline*, NeurIPS 2024. No momentum, R1 and its counterpart at generated images, and lesson 06's relativistic loss.
# - Tuomas Kynkäänniemi et al., *Improved precision and recall metric for assessing generative models*, NeurIPS 2019,
#   and Muhammad Ferjad Naeem et al., *Reliable fidelity and diversity metrics for generative models*, ICML 2020.
#   Circles; the second paper shows where those of the first fail.
# - Andrew Brock, Jeff Donahue and Karen Simonyan, *Large scale GAN training for high fidelity natural image
#   synthesis*, ICLR 2019. Section 3.1 introduces truncation.
# - Martin Heusel et al., *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS
#   2017: the Fréchet distance; and Min Jin Chong and David Forsyth, *Effectively unbiased FID and Inception Score and
#   where to find them*, CVPR 2020: its bias.
# - Tero Karras et al., *Training generative adversarial networks with limited data*, and Shengyu Zhao et al.,
#   *Differentiable augmentation for data-efficient GAN training*, both NeurIPS 2020. When an augmentation leaks.
