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
# **You need:** lesson 06 (generator, discriminator, their losses, the penalty on the slope), lesson 04 (the variational
# autoencoder), lesson 02 (convolution) and lesson 01 (PCA, Gaussian mixture).

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
#
# - say how a transposed convolution makes a large image out of a small one, and foretell its size;
# - train a generator that draws the class you ask for, and say who must be told what;
# - judge samples by precision, recall, coverage and Fréchet distance, and say for each what it is blind to;
# - trade quality for variety, and name the price;
# - tell a blur, a collapse and a copy apart by measured quantities;
# - let a classical rival speak before you praise a network.
#
# The 60 minutes are the way without section 7, *A judge that answers everything*, the playgrounds and what is called
# **Try**. These may be left for a second sitting of about 35. Run their cells all the same.

# %% [markdown]
# ## 1. How does a vector become an image?
# In lesson 06 the generator answered with two numbers, a point. Now it shall answer with an image. Dense layers would do,
# but to them pixel 7 and pixel 8 are strangers. A [convolution](glossary:convolution) knows that pixels have neighbours:
# it slides one window of weights, the *kernel*, over the image, and with a [stride](glossary:stride) of 2 it takes every
# second place, so the image shrinks by half. The discriminator is made of such layers.
#
# The generator needs the way back, the [transposed convolution](glossary:transposed-convolution). Each pixel of the small
# image becomes a stamp: the kernel, times the pixel's value, is laid onto the large image. The stamps of neighbours begin
# `stride` pixels apart. Where they overlap, they are added. In the end `padding` pixels are cut off at each edge.
#
# **Exercise 07.1.** An image with side `size` goes through a transposed convolution. Return the side of what comes out.
# All four are whole numbers.


# %% tags=["exercise-07.1"]
{{exercise("07.1")}}


# %% tags=["check-07.1"]
grown_size = check("07.1", grown_size)
grade("07.1")

# %% [markdown]
# With it the whole layer can be written out in six lines. PyTorch's own must agree.

# %%
import copy
import time

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.spatial.distance import cdist
from torch import nn
from torch.nn import functional

from udl_teach import data, fit, metrics, play, plots
from udl_teach.models import PCA, ConvClassifier, ConvGAN, VariationalAutoencoder
from udl_teach.models.adversarial.losses import discriminator_loss, generator_loss, squared_gradient_norm


def stamped(image, kernel, stride, padding):
    """Transposed convolution of a square image with a square kernel, written out."""
    side = int(grown_size(len(image), len(kernel), stride, 0))
    large = np.zeros((side, side))
    for row, column in np.ndindex(image.shape):
        top, left = row * stride, column * stride
        large[top : top + len(kernel), left : left + len(kernel)] += image[row, column] * kernel
    return large[padding : side - padding, padding : side - padding]


rng = np.random.default_rng(0)
for size, kernel_size, stride, padding in ((2, 4, 2, 1), (4, 4, 2, 1), (5, 3, 2, 1), (3, 5, 3, 0), (6, 3, 1, 1)):
    image, kernel = rng.normal(size=(size, size)), rng.normal(size=(kernel_size, kernel_size))
    theirs = functional.conv_transpose2d(
        torch.tensor(image)[None, None], torch.tensor(kernel)[None, None], stride=stride, padding=padding
    )
    difference = abs(theirs[0, 0].numpy() - stamped(image, kernel, stride, padding)).max()
    print(
        f"side {size}, kernel {kernel_size}, stride {stride}, padding {padding}: side {theirs.shape[-1]}, "
        f"largest difference {difference:.0e}"
    )

# %% [markdown]
# Now a small thought before any training. The small image is an even grey, all pixels 1; the kernel is even, too, all
# weights 1. **What does the large image look like, away from its edges**, with a kernel of 3 and a stride of 2?

# %%
predict(
    "07.even",
    "An even grey, an even kernel of 3, stride 2. Away from the edges the large image is …",
    options=["an even grey", "brighter towards the middle", "patterned: some pixels four times as bright as others"],
)

# %% [markdown]
# *What to see: left, a single pixel becomes a stamp. Middle, the answer for kernel 3. Right, the same for kernel 4.*

# %%
single = np.zeros((3, 3))
single[1, 1] = 1
panels = {
    "one pixel, kernel 4": stamped(single, np.ones((4, 4)), 2, 0),
    "even grey, kernel 3": stamped(np.ones((6, 6)), np.ones((3, 3)), 2, 0),
    "even grey, kernel 4": stamped(np.ones((6, 6)), np.ones((4, 4)), 2, 0),
}
figure, axes_in_row = plt.subplots(1, 3, figsize=(9, 3.2), layout="constrained")
for axes, (name, picture) in zip(axes_in_row, panels.items()):
    shown = axes.imshow(picture, cmap="cividis", vmin=0, vmax=4)
    axes.set_title(name)
    axes.set_axis_off()
figure.colorbar(shown, ax=axes_in_row, label="how many stamps add up", ticks=range(5))
plt.show()

# %%
inner = panels["even grey, kernel 3"][3:-3, 3:-3]
uneven = inner.max() / inner.min()
outcome(
    "07.even",
    "patterned: some pixels four times as bright as others" if uneven == 4 else "an even grey",
    because="With a stride of 2 and a kernel of 3 every second row lies under two rows of stamps, the others under one, "
    "and so it is with the columns. Where two meet two, 2 x 2 = 4 stamps add up; where one meets one, a single one.",
)

# %% [markdown]
# A network can learn weights that even it out, but it has to learn it; generated images are known for such checkerboards
# (Odena, Dumoulin and Olah 2016). A kernel that is a multiple of the stride avoids it. From here on: kernel 4, stride 2,
# padding 1, and each layer doubles the side: 2, 4, 8 pixels.

# %% [markdown]
# ## 2. Which digit shall it be?
# A generator draws whatever it likes. To draw *a 3* it must be asked for a 3. In a [conditional](glossary:conditional-generation)
# generator the label comes in beside the random vector $z$, as a [one-hot](glossary:one-hot) row: ten switches, one of
# them on. So the game has a second rule: an image must look real, and it must look like *what was asked for*.
#
# **Exercise 07.2.** Play one round of scoring. `generator(z, one_hot)` makes images, `discriminator(x, one_hot)` gives one
# score an image. You have real images `x`, their `labels` (whole numbers, shape (batch,)) and random vectors `z`. Let the
# generator draw one image for every label of the batch. Return the discriminator's scores of the real and of the
# generated images, in this order. Both players are going to learn from them. Who has to be told the labels?


# %% tags=["exercise-07.2"]
{{exercise("07.2")}}


# %% tags=["check-07.2"]
conditional_scores = check("07.2", conditional_scores)
grade("07.2")

# %% [markdown]
# The two players, after Radford, Metz and Chintala (2016). The generator grows 2 × 2 places to 8 × 8 pixels, the
# discriminator shrinks them again. What the discriminator is told stands in ten more channels, each all 0 or all 1.
# Between the generator's layers stands a [batch normalization](glossary:batch-normalization), which keeps their values in
# a middle range. (`*(…)` only keeps the layers of one stage on a line.)


# %%
class Generator(nn.Module):
    """A random vector and one-hot labels in, images of 8 x 8 pixels out."""

    def __init__(self):
        super().__init__()
        self.start = nn.Linear(32 + 10, 64 * 2 * 2)
        self.grow = nn.Sequential(
            *(nn.BatchNorm2d(64), nn.ReLU(), nn.ConvTranspose2d(64, 32, kernel_size=4, stride=2, padding=1)),
            *(nn.BatchNorm2d(32), nn.ReLU(), nn.ConvTranspose2d(32, 1, kernel_size=4, stride=2, padding=1)),
            nn.Sigmoid(),
        )

    def forward(self, z, one_hot):
        return self.grow(self.start(torch.cat([z, one_hot], dim=1)).reshape(-1, 64, 2, 2))


class Discriminator(nn.Module):
    """Images and one-hot labels in, one score an image out: high for real."""

    def __init__(self):
        super().__init__()
        self.shrink = nn.Sequential(
            *(nn.Conv2d(1 + 10, 32, kernel_size=4, stride=2, padding=1), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(32, 64, kernel_size=4, stride=2, padding=1), nn.LeakyReLU(0.2)),
            *(nn.Flatten(), nn.Linear(64 * 2 * 2, 1)),
        )

    def forward(self, x, one_hot):
        told = one_hot[:, :, None, None].expand(-1, -1, 8, 8)
        return self.shrink(torch.cat([x, told], dim=1)).flatten()


# %% [markdown]
# And the game: the discriminator moves, then the generator, with fresh random vectors and the losses of lesson 06. Both
# learning rates fall along the way. What we keep is the [EMA](glossary:EMA) of the generator: the players never come
# quite to rest, and an exponential moving average of their weights does. (`slope` is for later; with 0 it does
# nothing.) The images have the shape (n, 1, 8, 8), and go from 0, the paper, to 1, the ink.

# %%
digits = data.digits()
train, test = digits.split(seed=0)


def play_game(epochs=30, batch_size=64, momentum=0.5, slope=0.0, seed=0):
    """Train a pair of players on digits and labels by your scores; returns the EMA of the generator."""
    torch.manual_seed(seed)
    discriminator, generator = Discriminator(), Generator()
    ema = copy.deepcopy(generator)
    betas = (momentum, 0.99)
    players = [torch.optim.Adam(each.parameters(), lr=2e-3, betas=betas) for each in (discriminator, generator)]
    falls = [torch.optim.lr_scheduler.ExponentialLR(player, 0.05 ** (1 / epochs)) for player in players]
    x, labels = torch.tensor(train.images), torch.tensor(train.labels)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch_size):
            for player in players:
                batch = x[rows].requires_grad_(slope > 0)
                z = torch.randn(len(rows), 32)
                real, generated = conditional_scores(generator, discriminator, batch, labels[rows], z)
                loss = discriminator_loss(real, generated) if player is players[0] else generator_loss(None, generated)
                if slope > 0 and player is players[0]:
                    loss = loss + slope * squared_gradient_norm(real, batch).mean()
                player.zero_grad()
                loss.backward()
                player.step()
            with torch.no_grad():
                for kept, new in zip(ema.parameters(), generator.parameters()):
                    kept.lerp_(new, 0.01)
                for kept, new in zip(ema.buffers(), generator.buffers()):
                    kept.copy_(new)
        for fall in falls:
            fall.step()
    return ema.eval()


# %% [markdown]
# To see whether it obeys we need a judge that is not itself a player: a small classifier, trained on the real training
# digits. First we ask how far it can be trusted itself, on held-out digits.

# %%
classifier = ConvClassifier(digits.image_shape, 10, (32, 64), hidden_size=32)
fit(classifier, train.images, train.labels, epochs=15, progress=False)


def read(x):
    """The digits that the classifier reads."""
    return classifier.predict(np.asarray(x, dtype=np.float32).reshape(-1, 1, 8, 8))


print(f"The classifier reads {(read(test.x) == test.labels).mean():.1%} of the held-out digits correctly.")
predict(
    "07.asked",
    "Your generator is about to learn for thirty passes. Of the digits that it draws then, how many does the classifier "
    "read as the digit that was asked for?",
    unit="percent",
    low=0,
    high=100,
)

# %%
first = play_game()
asked = np.arange(len(train)) % 10  # as many as there are training digits, every class equally often


def drawn_by(generator, seed=0):
    """One digit of your generator for every entry of `asked`, shape (n, 64)."""
    z = torch.randn(len(asked), 32, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return generator(z, torch.eye(10)[asked]).flatten(1).numpy()


first_digits = drawn_by(first)


# %% [markdown]
# *What to see: each row has one random vector, each column one label. Most of the digits can be read, and all are as sharp
# as real ones.*


# %%
def draw_wall(axes, x, title, columns=10):
    """Images of 8 x 8 pixels, row by row."""
    plots.draw_images(axes, np.asarray(x).reshape(-1, 8, 8), columns=columns)
    axes.set(title=title, yticks=[])


figure, axes = plt.subplots(figsize=(8, 5.2), layout="constrained")
z = torch.randn(6, 32, generator=torch.Generator().manual_seed(3)).repeat_interleave(10, dim=0)
with torch.no_grad():
    grid = first(z, torch.eye(10).repeat(6, 1))
draw_wall(axes, grid, "Six random vectors, ten labels")
axes.set_xticks([4.5 + 9 * label for label in range(10)], range(10))
axes.set_xlabel("what was asked for")
plt.show()

# %%
obeyed = (read(first_digits) == asked).mean()
outcome(
    "07.asked",
    100 * obeyed,
    because="A wrong digit is as easy to spot for a discriminator that hears the label as a blot, so obeying pays.",
)


def greyness(x):
    """Of the pixels that are not paper (above 1/4), the share that is not ink either (below 3/4)."""
    return ((x > 0.25) & (x < 0.75)).sum() / (x > 0.25).sum()


print(f"grey in the strokes: {greyness(first_digits):.0%} of your generator's, {greyness(train.x):.0%} of real ones")

# %% [markdown]
# Sharp, readable, obedient. Keep your generator: it will be judged like the others.
#
# ## 3. How is a generator judged?
# The library's `ConvGAN` plays the same game with what helps: the [relativistic objective](glossary:relativistic-objective)
# (of two images, a real and a generated one, the discriminator says which looks more real), penalties on the slope at real
# and at generated images (lesson 06), and no batch normalization, so that no sample depends on the others of its batch.
# Beside it a generator that has never played: the
# [variational autoencoder](glossary:variational-autoencoder) of lesson 04. So that it knows labels too, it gets them as ten
# more pixels, and draws them along with the image.

# %%
gan = ConvGAN(digits.image_shape, latent_size=32, n_classes=10, objective="relativistic", ema=0.995)
history = fit(
    gan,
    train.images,
    train.labels,
    epochs=40,
    batch_size=64,
    learning_rate=(1e-2, 5e-4),
    betas=(0.0, 0.99),
    progress=False,
)
gan_digits = gan.sample(len(asked), seed=1).reshape(-1, 64)

with_label = np.concatenate([train.x, np.eye(10, dtype=np.float32)[train.labels]], axis=1)
# Its variance starts at 1, so half of its code collapses (lesson 04): a model with a visible fault to diagnose.
vae = VariationalAutoencoder(64 + 10, 8, (128, 64), likelihood="gaussian", initial_variance=1.0)
fit(vae, with_label, epochs=60, batch_size=64, learning_rate=3e-3, progress=False)
drawn = vae.sample(len(asked))
vae_digits, vae_labels = drawn[:, :64].clip(0, 1), drawn[:, 64:].argmax(axis=1)

# %% [markdown]
# *What to see: strokes of the GAN are as sharp as real ones, with a slip here and there. Those of the variational
# autoencoder are soft.*

# %%
ten = {
    "held-out digits": test.x[[np.flatnonzero(test.labels == label)[k] for k in range(2) for label in range(10)]],
    "GAN": gan_digits[:20],
    "variational": vae_digits[[np.flatnonzero(vae_labels == label)[k] for k in range(2) for label in range(10)]],
}
figure, axes = plt.subplots(figsize=(6, 3.9), layout="constrained")
draw_wall(axes, np.concatenate(list(ten.values())), "Two of each digit")
axes.set_yticks([9 + 18 * place for place in range(3)], list(ten))
axes.tick_params(axis="y", length=0)
plt.show()
grey = {"real": greyness(train.x), "GAN": greyness(gan_digits), "variational": greyness(vae_digits)}
claim(
    "the GAN's strokes are about as sharp as real ones: at most 1.2 times as much of them is grey; of the variational "
    "autoencoder's at least 1.25 times",
    below(grey["GAN"], 1.2 * grey["real"]),
    above(grey["variational"], 1.25 * grey["real"]),
)

# %% [markdown]
# Looking is no judgement: twenty images fit on a screen, and what is *missing* cannot be seen at all. Two questions must
# be kept apart: are the generated images like real ones, and are all kinds of real ones there? Kynkäänniemi et al. (2019)
# answer both with circles. Around every real sample draw a circle that reaches to its $k$-th nearest real neighbour; all
# circles together are the region where real data live.
#
# - [precision](glossary:precision): the share of generated samples that lie in the circle of some real one;
# - [recall](glossary:recall): the other way round. Circles stand around *generated* samples; the share of real ones inside.
#
# Both have a weakness: one stray sample has a huge circle, and whatever falls into it counts. Naeem et al. (2020) draw
# circles around real samples only, and let a stray one count no more than any other:
#
# - [coverage](glossary:coverage): the share of *real* samples in whose circle there is at least one generated one;
# - [density](glossary:density): how many circles a generated sample lies in, divided by $k$; about 1 when both are alike.

# %% [markdown]
# *What to see: 20 real points (dots), each with a circle to its second neighbour. Left, precision asks each generated
# point (cross) whether it lies in a circle; even the cross far to the right does, in the huge circle of a stray point. Right,
# coverage asks each real point: filled dots have a cross in their circle, empty ones have none.*

# %%
toy_real = np.random.default_rng(3).normal(size=(20, 2)) * [1.6, 0.8]
toy_made = np.array([[-1.1, 0.1], [-0.9, 0.4], [-0.7, -0.1], [-1.3, -0.3], [0.4, 0.2], [4.5, -1.6]])
toy_radius = np.sort(cdist(toy_real, toy_real), axis=1)[:, 2]
toy_inside = cdist(toy_real, toy_made) < toy_radius[:, None]
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.3), sharex=True, sharey=True, layout="constrained")
for axes in (left, right):
    for place, radius, hit in zip(toy_real, toy_radius, toy_inside.any(axis=1)):
        filled = axes is right and hit
        axes.add_patch(
            plt.Circle(
                place,
                radius,
                facecolor=plots.COLOURS[0] if filled else "none",
                alpha=0.25 if filled else 0.5,
                edgecolor=plots.COLOURS[0],
            )
        )
    full = toy_inside.any(axis=1) | (axes is left)
    colours = np.where(full, plots.COLOURS[0], "white")
    axes.scatter(*toy_real.T, s=22, color=colours, edgecolor=plots.COLOURS[0], zorder=2)
    axes.scatter(*toy_made.T, s=40, marker="x", color=plots.COLOURS[1])
    axes.set(aspect="equal", xlim=(-5, 5.5), ylim=(-3.2, 3.2), xticks=[], yticks=[])
left.set_title(f"precision: {toy_inside.any(axis=0).sum()} of {len(toy_made)} crosses")
right.set_title(f"coverage: {toy_inside.any(axis=1).sum()} of {len(toy_real)} dots")
plt.show()

# %% [markdown]
# **Exercise 07.3.** Write coverage. `real` and `generated` are arrays of shape (samples, features), not necessarily of
# the same length. `cdist(a, b)` has the distances from every row of `a` to every row of `b`. A sample is no neighbour of
# itself.


# %% tags=["exercise-07.3"]
{{exercise("07.3")}}


# %% tags=["check-07.3"]
coverage = check("07.3", coverage)
grade("07.3")

# %% [markdown]
# Now judge both generators, 359 digits of each beside the 359 held-out ones, with $k = 5$. To know what is possible we
# judge 359 real training digits as well: no generator need be better than reality.

# %%
predict(
    "07.soft",
    "Soft digits of the variational autoencoder, sharp ones of the GAN. Which has the higher precision, measured by "
    "distances between pixels?",
    options=["the GAN", "the variational autoencoder", "about the same, within 3 points"],
)


# %%
def features(x):
    """What the classifier makes of images in its last hidden layer, shape (n, 32)."""
    return classifier.features(np.asarray(x, dtype=np.float32).reshape(-1, 1, 8, 8))


def judged(x, space=None):
    """Precision, recall, density and coverage of generated digits beside as many held-out ones, k = 5."""
    made, real = np.asarray(x)[: len(test)], test.x
    if space is not None:
        made, real = space(made), space(real)
    return metrics.prdc(real, made, k=5)._asdict() | {"coverage": np.asarray(coverage(real, made, 5)).item()}


def show_table(table):
    """Numbers by name of row and of column."""
    columns = list(next(iter(table.values())))
    print(f"{'':24s}" + "".join(f"{column:>11s}" for column in columns))
    for name, row in table.items():
        print(f"{name:24s}" + "".join(f"{row[column]:11.3f}" if column in row else f"{'-':>11s}" for column in columns))


makers = {"training digits": train.x, "GAN": gan_digits, "variational autoencoder": vae_digits}
in_pixels = {name: judged(x) for name, x in makers.items()}
show_table(in_pixels)

# %%
real_row, gan_row, vae_row = in_pixels.values()
higher = "the GAN" if gan_row["precision"] > vae_row["precision"] else "the variational autoencoder"
outcome(
    "07.soft",
    "about the same, within 3 points" if abs(gan_row["precision"] - vae_row["precision"]) < 0.03 else higher,
    because="A soft image lies between many real ones, and the middle of a cloud is near to everybody. A sharp stroke "
    "that is one pixel off is far from all.",
)
claim(
    "in pixels the soft digits have the higher precision; density gives the blur away, above 1.5 where real digits have "
    "about 1; and no kind of digit is missing, since their coverage is above 0.9, but their recall is far below the GAN's",
    above(vae_row["precision"], gan_row["precision"]),
    above(vae_row["density"], 1.5),
    above(vae_row["coverage"], 0.9),
    below(vae_row["recall"], gan_row["recall"] - 0.1),
    real_density=real_row["density"],
)

# %% [markdown]
# Why is the recall so low when nothing is missing? Its circles stand around *generated* samples. Soft digits stand close
# together, so their circles are small, and a real digit with a bend of its own lies in none. **Recall can be low because
# samples crowd. Whether something is missing, coverage says.**
#
# Blur is the mark of a model that must explain *every* sample and pays for each pixel: where it is unsure, it answers with
# a mean. A GAN never pays for a sample that it leaves out. Its danger is the gap, up to
# [mode collapse](glossary:mode-collapse); this one has a few, as its coverage says.
#
# How much of this is due to the *distance*? Between pixels, a stroke moved by one pixel is a large change, and a blur a small
# one. So samples are usually compared by the **features** of a classifier, which has learned what matters. Same judges,
# other space:

# %%
in_features = {name: judged(x, features) for name, x in makers.items()}
show_table(in_features)

# %%
ahead = {
    (name, space): rows["variational autoencoder"][name] - rows["GAN"][name]
    for name in ("precision", "coverage")
    for space, rows in (("pixels", in_pixels), ("features", in_features))
}
claim(
    "in features the soft digits lead by less than in pixels, in precision and in coverage, and their density is no longer "
    "high: below 1.4",
    below(ahead["precision", "features"], ahead["precision", "pixels"]),
    below(ahead["coverage", "features"], ahead["coverage", "pixels"]),
    below(in_features["variational autoencoder"]["density"], 1.4),
)

# %% [markdown]
# The blur has lost most of its lead, but nothing in this second table shows that it is a blur: in features it passes.
#
# **Whoever reports such a number must say in which space, with which $k$ and with how many samples.** No space is
# neutral: a classifier of digits does not care for what digits do not need, such as the grain of the paper.

# %% [markdown]
# ## 4. Can quality be bought?
# Random vectors from the middle of $N(0, 1)$ were seen often in training, those from the tails seldom. So cut the tails:
# every number of $z$ beyond a limit is drawn anew. This is [truncation](glossary:truncation), and the pictures by which
# large GANs became famous were made with it (Brock et al. 2019). **What is the price?**

# %%
predict(
    "07.truncation",
    f"Without a limit the GAN's recall, in pixels, is {gan_row['recall']:.0%}. What is it when every number of z lies between "
    "-0.5 and 0.5?",
    unit="percent",
    low=0,
    high=100,
)

# %%
limits = (0.2, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
cut = {limit: judged(gan.sample(len(test), seed=1, truncation=limit).reshape(-1, 64)) for limit in limits}
cut[4.0] = gan_row  # no limit: among five hundred vectors of 32 numbers, about one has a number beyond 4

# %% [markdown]
# *What to see: to the left, where the limit is strict, everything is typical and nothing varies. Precision and recall go
# opposite ways. Coverage notices late: a typical digit lies in the circles of many.*

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.3), layout="constrained")
for name, mark, colour in (("precision", "o-", 0), ("recall", "s--", 1), ("coverage", "^:", 2)):
    axes.plot(list(cut), [row[name] for row in cut.values()], mark, color=plots.COLOURS[colour], label=name)
axes.set(title="Cutting the tails", xlabel="largest number of z", ylabel="share", ylim=(-0.03, 1.03))
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()
figure, axes = plt.subplots(figsize=(6, 1.9), layout="constrained")
tails = [gan.sample(10, seed=4, labels=4, truncation=limit) for limit in (0.2, 1.0, 4.0)]
draw_wall(axes, np.concatenate(tails), "Ten fours each")
axes.set_yticks([4.5 + 9 * row for row in range(3)], ["limit 0.2", "limit 1", "no limit"])
axes.tick_params(axis="y", length=0)
plt.show()

# %%
outcome(
    "07.truncation",
    100 * cut[0.5]["recall"],
    because="Vectors near the middle give typical digits. Each is good, and the circles around them are so small that no "
    "unusual real digit lies in one.",
)
claim(
    "with a limit of 0.5 the precision rises, and the recall falls below a third of what it was",
    above(cut[0.5]["precision"], gan_row["precision"]),
    below(cut[0.5]["recall"], gan_row["recall"] / 3),
)

# %% [markdown]
# So a single number, and a gallery of hand-picked images all the more, can be had at any height you like. Ask for both
# axes. Try it in the playground: your trained GAN, its path from one image to another, the truncation, and beside the
# image in question the nearest training digit. **Try:** truncation at 0.3; then one class alone (`classes`); then walk
# from one image to another. Do you ever see something that is between two digits?

# %%
play.sample_wall(gan, train, held_out=test)

# %% [markdown]
# ## 5. One number for two clouds
# For a leaderboard people want a single number. Two are common. The
# [maximum mean discrepancy](glossary:maximum-mean-discrepancy) asks: are two samples of one set more alike, on average,
# than a real and a generated one? (Copies are alike by 1, others the less, the farther apart they are; what counts as far is
# set by a *bandwidth*, ours is the median distance between two real samples.) You will meet it in the table of section 6.
#
# The other describes each set of features by a mean $\mu$ and a covariance $\Sigma$ and takes the distance of the two
# Gaussians, the [Fréchet distance](glossary:Fréchet-distance)
# (Heusel et al. 2017, FID when the features are those of one particular network, Inception):
#
# $$d^2 = \lVert \mu_x - \mu_y \rVert^2 + \mathrm{tr}\left( \Sigma_x + \Sigma_y - 2\, (\Sigma_x \Sigma_y)^{1/2} \right)$$
#
# The root of a matrix $M$ is the matrix $R$ with $R R = M$, and its [trace](glossary:trace) is the sum of the roots of the
# eigenvalues of $M$. For a product of two covariances these are never negative, up to rounding.
#
# **Exercise 07.4.** Return $d^2$, a single real number, from two means (shape (d,)) and two covariances (shape (d, d)).
# `np.linalg.eigvals(M)` gives the eigenvalues of $M$; rounding may give them a tiny imaginary part or make them a bit
# negative.


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
    return np.asarray(frechet_distance(*gaussian_of(x), *training_gaussian)).item()


far = {"GAN": to_training(gan_digits), "variational autoencoder": to_training(vae_digits)}
spread = {
    name: np.trace(gaussian_of(x)[1]) / np.trace(training_gaussian[1])
    for name, x in (("GAN", gan_digits), ("variational autoencoder", vae_digits))
}
claim(
    "by this measure the GAN is ahead: less than half as far from the training digits; the features of soft digits vary less "
    "than 0.9 times as much as those of real ones, and less than the GAN's",
    below(far["GAN"], 0.5 * far["variational autoencoder"]),
    below(spread["variational autoencoder"], 0.9),
    below(spread["variational autoencoder"], spread["GAN"]),
)

# %% [markdown]
# In the same features the two were much closer a moment ago (section 3). That is no contradiction: the judges measure
# different things. Precision, density and coverage ask of one sample after the other whether another one is *near*, and
# nearly every soft digit has one near it. The Fréchet distance compares the means of the two clouds and how far they
# *spread*, and a cloud of soft digits, each drawn towards the mean of its kind, is too narrow.
#
# These two figures come from 1,438 digits each. Now take **40 real digits**, held out, drawn by chance, and measure them
# in the same way.

# %%
predict(
    "07.few",
    "Forty held-out real digits (the mean of twenty such draws): their Fréchet distance to the training digits is …",
    options=[
        "smaller than the GAN's",
        "between the GAN's and the variational autoencoder's",
        "the largest of the three",
    ],
)

# %%
counts = (30, 40, 50, 75, 100, 150, 200, 300)
of_real = {
    n: np.mean([to_training(test.x[rng.choice(len(test), n, replace=False)]) for _ in range(20)]) for n in counts
}
of_real[len(test)] = to_training(test.x)

# %% [markdown]
# *What to see: real digits, judged by more and more of them. Both axes are logarithmic. The horizontal lines are the two
# generators, with 1,438 digits each. If the GAN's line lies below the last point, 359 real digits, this is no triumph: it
# rests on four times as many digits.*

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.3), layout="constrained")
axes.plot(list(of_real), list(of_real.values()), "o-", color=plots.COLOURS[0], label="real digits, held out")
for (name, value), style, colour in zip(far.items(), ("--", ":"), (1, 2)):
    axes.axhline(value, linestyle=style, color=plots.COLOURS[colour], label=f"{name}, of 1,438")
axes.set(xscale="log", yscale="log", xlabel="number of real digits judged", ylabel="Fréchet distance")
axes.set_xticks([30, 40, 50, 100, 200, 359], [30, 40, 50, 100, 200, 359])
axes.set_yticks([2, 3, 5, 10, 20], [2, 3, 5, 10, 20])
axes.minorticks_off()
axes.set_title("How far are real digits from real digits?")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
places = ("smaller than the GAN's", "between the GAN's and the variational autoencoder's", "the largest of the three")
outcome(
    "07.few",
    places[sum(of_real[40] > value for value in far.values())],
    because="A covariance of 32 features has 528 numbers; from 40 images they come out wrong, and being wrong in any "
    "direction counts as distance.",
)
per_inverse, at_infinity = np.polyfit([1 / n for n in counts if n >= 75], [of_real[n] for n in counts if n >= 75], 1)
claim(
    "forty real digits are farther from the training digits than 1,438 soft ones: the bias falls about as one over their "
    "number, and a straight line over 1/n ends, for infinitely many, below half of what 100 digits have",
    above(of_real[40], far["variational autoencoder"]),
    above(of_real[100], 1.3 * of_real[200]),
    below(abs(at_infinity), of_real[100] / 2),
)

# %% [markdown]
# **Two Fréchet distances can be compared only if the numbers of samples are the same**, and the features too. Even then the
# bias is not the same for every generator; Chong and Forsyth (2020) draw that straight line and report where it ends. And the
# distance sees nothing but means and covariances: whatever has these two right has distance 0.

# %% [markdown]
# ## 6. Does it draw, or does it copy?
# One more generator: it takes the training digits, adds a little noise that nobody sees, and hands them out as new. We
# call it **the parrot**. It is no joke. A network that has learned its samples by heart is a parrot, and in medicine or
# in law that is a leak of private data; this is [memorization](glossary:memorization).

# %%
parrot_digits = (train.x + 0.05 * rng.normal(size=train.x.shape)).clip(0, 1).astype(np.float32)
predict(
    "07.parrot",
    "359 digits of the parrot, 359 held-out real ones: whose Fréchet distance to the training digits is smaller?",
    options=["the parrot's", "that of the real digits", "both alike, within a tenth"],
)

# %%
of_parrot = np.mean([to_training(rng.permutation(parrot_digits)[: len(test)]) for _ in range(10)])
smaller = "the parrot's" if of_parrot < of_real[len(test)] else "that of the real digits"
outcome(
    "07.parrot",
    "both alike, within a tenth" if abs(of_parrot / of_real[len(test)] - 1) < 0.1 else smaller,
    because="The distance is taken to the training digits, and nothing is nearer to them than they themselves.",
)
claim(
    "by the usual figure the parrot is better than real digits, by a fifth at least",
    below(of_parrot, 0.8 * of_real[len(test)]),
)

# %% [markdown]
# Who sees through it? The plainest question of all: **how far is an image from the nearest training image?** Real digits
# that were never seen have some usual distance. We divide by it and call the result **novelty**: 1 is as new as a new
# digit, well below 1 is a copy. Above 1 is farther off than real digits are, which a slip of a stroke can do as well as a
# new idea.
#
# One more judge asks what the images are good for. A [logistic regression](glossary:logistic-regression), the **reader**,
# learns from generated digits *alone* and reads held-out real ones. (Lesson 12 is about such synthetic data.)

# %%
from sklearn.linear_model import LogisticRegression

usual = metrics.nearest_distances(test.x, train.x).mean()


def novelty(x):
    """Mean distance to the nearest training digit, as a multiple of that of held-out digits."""
    return metrics.nearest_distances(np.asarray(x)[: len(test)], train.x).mean() / usual


def taught(x, labels):
    """Accuracy on held-out real digits of a logistic regression that has learned from these alone."""
    return LogisticRegression(max_iter=1000).fit(x, labels).score(test.x, test.labels)


# %% [markdown]
# And one more rival, as old as the subject: **one Gaussian a class**. Project the training digits on 30
# [principal components](glossary:principal-component), take the mean and the covariance of each class, draw, project back.


# %%
def gaussian_a_class(dataset, components, classes):
    """Images drawn from one Gaussian a class on principal components, one for every entry of `classes`."""
    pca = PCA(components).fit(dataset.x)
    codes, made = pca.encode(dataset.x), np.empty((len(classes), components))
    for label in np.unique(classes):
        own, here = codes[dataset.labels == label], classes == label
        made[here] = rng.multivariate_normal(own.mean(axis=0), np.cov(own.T), size=here.sum())
    return pca.decode(made.astype(np.float32)).clip(0, 1)


started = time.perf_counter()
gaussian_digits = gaussian_a_class(train, 30, asked)
gaussian_seconds = time.perf_counter() - started
print(f"fitted and drawn in {gaussian_seconds:.2f} s; the GAN learned for {history.seconds:.0f} s")
predict(
    "07.rival",
    "One Gaussian a class against the GAN, judged by precision, recall, coverage, discrepancy, Fréchet distance and by "
    "what a reader learns from it: by how many of these six is the Gaussian better?",
    unit="of six",
    low=0,
    high=6,
)

# %%
everybody = {
    "training digits": (train.x, train.labels),
    "the parrot": (parrot_digits, train.labels),
    "a Gaussian a class": (gaussian_digits, asked),
    "variational autoencoder": (vae_digits, vae_labels),
    "GAN": (gan_digits, asked),
}
bandwidth = float(np.median(cdist(test.x, test.x)))


def all_judges(x, labels):
    """Every number of this lesson for generated digits and the labels that belong to them."""
    row = judged(x)
    return {
        "precision": row["precision"],
        "recall": row["recall"],
        "coverage": row["coverage"],
        "100 MMD": 100 * metrics.maximum_mean_discrepancy(x[: len(test)], test.x, bandwidth=bandwidth),
        "Fréchet": to_training(x[: len(test)]),
        "reader": taught(x, labels),
        "novelty": novelty(x),
    }


table = {name: all_judges(*made) for name, made in everybody.items()}
show_table(table | {"held-out digits": {"Fréchet": of_real[len(test)], "novelty": novelty(test.x)}})

# %% [markdown]
# *What to see: the six columns from precision to reader, and then the last one by itself. Higher is better for precision,
# recall, coverage and reader; lower for the discrepancy (100 MMD; an estimate, so it may fall below 0) and the Fréchet
# distance. Each judge sees 359 digits, the reader all of them. The first four columns compare with the held-out digits,
# pixel by pixel. The Fréchet distance compares features with those of the* training *digits, so it flatters these, and the
# parrot; what new real digits get stands in the last row.*

# %%
rival, network = table["a Gaussian a class"], table["GAN"]
better = sum(rival[name] > network[name] for name in ("precision", "recall", "coverage", "reader"))
better += sum(rival[name] < network[name] for name in ("100 MMD", "Fréchet"))
outcome(
    "07.rival",
    better,
    because="These judges ask for means, for spread and for near neighbours. For small centred digits, 30 means and 465 "
    "variances and covariances a class have all that, and they are found at once, without a game.",
)
claim(
    "the Gaussian is ahead of the GAN in precision and in coverage, a reader learns from it as much, up to three points, and "
    "it is behind in the discrepancy",
    above(rival["precision"], network["precision"]),
    above(rival["coverage"], network["coverage"]),
    above(rival["reader"], network["reader"] - 0.03),
    above(rival["100 MMD"], network["100 MMD"]),
)
differs = {name: abs(value - table["training digits"][name]) for name, value in table["the parrot"].items()}
claim(
    "the parrot has the precision, recall and coverage of real digits, within 0.05, and is as good a teacher, within 0.02; "
    "only its novelty unmasks it: less than half, where the three generators that learned have more than 0.8",
    below(max(differs[name] for name in ("precision", "recall", "coverage")), 0.05),
    below(differs["reader"], 0.02),
    below(table["the parrot"]["novelty"], 0.5),
    above(min(row["novelty"] for row in list(table.values())[2:]), 0.8),
)

# %% [markdown]
# That number can also be looked at. *What to see: digits of the parrot and of the GAN, each row followed by the nearest
# training digits.*

# %%
figure, axes = plt.subplots(figsize=(6, 2.6), layout="constrained")
rows = []
for x in (parrot_digits[:10], gan_digits[:10]):
    rows += [x, train.x[cdist(x, train.x).argmin(axis=1)]]
draw_wall(axes, np.concatenate(rows), "A copy, and a drawing of its own")
axes.set_yticks([4.5 + 9 * row for row in range(4)], ["the parrot", "nearest", "GAN", "nearest"])
axes.tick_params(axis="y", length=0)
plt.show()

# %% [markdown]
# On these digits the old rival is ahead in precision and coverage, about as good a teacher, behind in the discrepancy, and
# it took no game. With more time the GAN comes nearer. In `make bench` the same networks play for 180 passes instead of 40,
# 45 seconds of one core; over five splits and seeds (mean ± standard deviation, by pixels, k = 5):
#
# | | generated digits | real training digits |
# |---|---|---|
# | a reader that has learned from these alone, on held-out digits | 93.5 ± 1.5 % | 97.2 ± 0.6 % |
# | precision | 0.89 ± 0.03 | 0.96 ± 0.01 |
# | recall | 0.85 ± 0.03 | 0.97 ± 0.01 |
# | coverage | 0.89 ± 0.03 | 0.98 ± 0.00 |
# | distance to the nearest training digit, held-out ones = 1 | 1.21 ± 0.03 | |
#
# ## 7. Where does the Gaussian end?
# *This section may be left for a second sitting: run its cells and go on with "When it fails".*
#
# Larger images now: letters of 28 × 28 pixels from three fonts, which slant, shift and vary in size and in the width of
# their strokes. A `ConvGAN` that has learned such letters comes with the library (`make weights` trains it anew). Its
# rival is fitted here: one Gaussian a letter, on 60 principal components of 2,600 letters.

# %%
from udl_teach.pretrained import pretrained

letters, more_letters = data.glyphs(2600, seed=0), data.glyphs(1300, seed=1)
painter = pretrained("glyph_generator")
letter = np.arange(2600) % 26
gan_letters = painter.sample(2600, seed=1, labels=letter).reshape(-1, 784)

gaussian_letters = gaussian_a_class(letters, 60, letter)
predict(
    "07.letters",
    "Judged by pixels, as the digits were: whose coverage of 1,300 new letters is higher?",
    options=["the GAN's", "that of one Gaussian a letter", "about the same, within 3 points"],
)

# %%
of_letters = {
    name: metrics.prdc(more_letters.x, x[: len(more_letters)], k=5)._asdict()
    for name, x in {"letters": letters.x, "GAN": gan_letters, "a Gaussian a letter": gaussian_letters}.items()
}
show_table(of_letters)

# %%
covered = {name: row["coverage"] for name, row in of_letters.items()}
gap = covered["a Gaussian a letter"] - covered["GAN"]
higher = "the GAN's" if gap < 0 else "that of one Gaussian a letter"
outcome(
    "07.letters",
    "about the same, within 3 points" if abs(gap) < 0.03 else higher,
    because="The mean of some letters is near to each of them, in pixels. You know that from the soft digits.",
)

# %% [markdown]
# Before you believe it, look. *What to see: new letters, those of the GAN, those of the Gaussians.*

# %%
one_of_each = [np.flatnonzero(more_letters.labels == label)[0] for label in range(26)]
wall = np.concatenate([more_letters.x[one_of_each], gan_letters[:26], gaussian_letters[:26]]).reshape(-1, 28, 28)
figure, axes = plt.subplots(figsize=(10.5, 1.7), layout="constrained")
plots.draw_images(axes, wall, columns=26)
axes.set_yticks([14.5 + 29 * row for row in range(3)], ["letters", "GAN", "Gaussians"])
axes.tick_params(axis="y", length=0)
plt.show()

# %%
grey_letters = {"letters": greyness(letters.x), "GAN": greyness(gan_letters), "Gaussians": greyness(gaussian_letters)}
claim(
    "the Gaussians cover more of the new letters than the GAN, but their density gives them away, as it did with the soft "
    "digits, and so does the ink: at least 1.6 times as much of their strokes is grey as of real ones, of the GAN's less",
    above(covered["a Gaussian a letter"], covered["GAN"] + 0.05),
    above(of_letters["a Gaussian a letter"]["density"], 1.5),
    above(grey_letters["Gaussians"], 1.6 * grey_letters["letters"]),
    below(grey_letters["GAN"], grey_letters["letters"]),
)
pca = PCA(200).fit(letters.x)
codes = pca.encode(letters.x)
grey_of = {"200 components": greyness(pca.decode(codes).clip(0, 1))}
codes[:, 60:] = 0
grey_of["60 components"] = greyness(pca.decode(codes).clip(0, 1))
grey_of["Gaussians on 200"] = greyness(gaussian_a_class(letters, 200, letter))
for name, value in grey_of.items():
    print(f"letters, {name:20s} {value / grey_letters['letters']:.2f} times as grey as real letters")
for name, value in (("Gaussians", greyness(gaussian_digits)), ("variational", grey["variational"])):
    print(f"digits, {name:21s} {value / grey['real']:.2f} times as grey as real digits")

# %% [markdown]
# Are 60 components too few? With 60 of them even real letters turn grey, with 200 hardly. Gaussians on 200 components draw as
# grey as before, so the Gaussians are the cause.
#
# The Gaussians draw ghosts: where a stroke may stand at two places, they put half of it at both. They did so on the digits,
# too, and the judges of section 6 did not mind. What moves and bends is no cloud around a mean, and on larger images that is
# nearly everything. And the number that praised the ghosts was right about what it asked. It asked in pixels.
#
# ## When it fails
# ### Your first generator, judged
# Back to section 2, to your generator: sharp, readable, obedient. Now it stands before the judges of the table.

# %%
predict(
    "07.first",
    f"Training digits have a recall of {table['training digits']['recall']:.0%} in pixels. What has your first generator?",
    unit="percent",
    low=0,
    high=100,
)

# %%
first_row = all_judges(first_digits, asked)
show_table({"your first generator": first_row, "the second GAN": table["GAN"]})
outcome(
    "07.first",
    100 * first_row["recall"],
    because="Nothing in its loss asks for variety. For each label it has found digits that pass, and keeps to them.",
)


# %% [markdown]
# Your eye passed these digits, and so did the classifier that reads; they are not all the same, either. The judges of the
# table object, recall most of all. What is wrong? Recall draws circles around generated samples; so look at these circles.
# **How far is a digit from its fifth neighbour of the same class?** It is not far where a class is crowded into a corner. We
# take 130 digits a class, of everybody, and divide by what real digits have.


# %%
def room(x, labels):
    """Mean distance of a digit to its fifth neighbour among 130 of its class."""
    classes = [x[labels == label][:130] for label in range(10)]
    return np.mean([np.sort(cdist(own, own), axis=1)[:, 5] for own in classes])


usual_room = room(train.x, train.labels)
rooms = {
    name: room(x, asked) / usual_room
    for name, x in (("your first generator", first_digits), ("the second GAN", gan_digits))
}
for name, value in rooms.items():
    print(f"{name:24s} {value:.2f} of the usual room")
claim(
    "a classifier that reads hides it, and so does precision in its features; in pixels it shows: low coverage, low recall, "
    "and digits that stand closer together than real ones",
    above(obeyed, 0.75),
    above(judged(first_digits, features)["precision"], 0.7),
    below(first_row["coverage"], 0.75),
    below(first_row["recall"], 0.4),
    below(rooms["your first generator"], 0.9),
)

# %% [markdown]
# Here is mode collapse in its usual form: not one digit for all labels, but for each label a crowd that stands too close. An
# eye that reads passes over it. Look at the wall of section 2 once more, this time down a column.
#
# Lesson 06 mended a collapse at its cause, the momentum. It also had helpers, one of them a
# [penalty on the slope](glossary:gradient-penalty): a discriminator that may not be steep around real digits cannot chase the
# generator from one favourite to the next. What does this helper do alone? The momentum stays, so that only the penalty is
# seen: the same networks, the same game, `slope=30`, and 20 of the 30 passes, since each takes longer.

# %%
mended_digits = drawn_by(play_game(epochs=20, slope=30.0))
mended_row = all_judges(mended_digits, asked)
rooms["with the penalty"] = room(mended_digits, asked) / usual_room
show_table({"your first generator": first_row, "with the penalty": mended_row})
claim(
    "the penalty repairs a good part of it: coverage, recall and room rise; the second GAN's recall is higher still",
    above(mended_row["coverage"], first_row["coverage"]),
    above(mended_row["recall"], first_row["recall"]),
    above(rooms["with the penalty"], rooms["your first generator"]),
    above(table["GAN"]["recall"], mended_row["recall"]),
)

# %% [markdown]
# **Try** the cure of lesson 06 as well, `play_game(momentum=0.0)`, and a weak penalty, `slope=0.5`. Which of precision,
# coverage, recall and room does each of them raise? And are 20 passes without a penalty, `play_game(epochs=20)`, a cure?
# The second GAN has more in its favour: a penalty at the generated images too, the relativistic objective, and an optimizer
# without momentum (the 0.0 of its `betas`).
#
# ### Three failures side by side
# You have met a blur, a collapse and a copy. One table, in pixels, with the signs that we have. **Which columns tell a blur
# from a collapse?**

# %%
suspects = {
    "real (training digits)": (train.x, train.labels),
    "blur (variational)": (vae_digits, vae_labels),
    "collapse (your first)": (first_digits, asked),
    "copy (the parrot)": (parrot_digits, train.labels),
}
soft = vae.sample(4 * len(asked))  # enough for 130 of each class
soft_room = room(soft[:, :64].clip(0, 1), soft[:, 64:].argmax(axis=1)) / usual_room
signs = {}
for name, (x, labels) in suspects.items():
    crowded = soft_room if x is vae_digits else room(x, labels) / usual_room
    row = judged(x)
    own = {"recall": row["recall"], "room": crowded, "coverage": row["coverage"], "density": row["density"]}
    signs[name] = own | {"grey": greyness(x), "novelty": novelty(x)}
show_table(signs)
_, blur, collapse, _ = signs.values()
claim(
    "recall and room are low for both, so they do not tell a blur from a collapse; density and coverage do, since the blur is "
    "ahead in both",
    below(max(blur["recall"], collapse["recall"]), 0.6),
    below(max(blur["room"], collapse["room"]), 0.9),
    above(blur["density"], collapse["density"] + 0.5),
    above(blur["coverage"], collapse["coverage"] + 0.15),
)

# %% [markdown]
# Both crowd: the blur in the middle, where real digits are thickest, so it lies in many circles and misses none; the
# collapse beside it, in few circles, and it misses a good part. (A real training digit has novelty 0, of course: it is its own
# nearest.)
#
# In the playground you can watch a wall of digits learn, from the first step on. **Try** the objective "minimax" or
# "non-saturating" and read the line under the picture; then "relativistic". When does a wall stop changing its digits and
# only polish them?

# %%
play.sample_wall()

# %% [markdown]
# ### A judge that answers everything
# *This, too, may be left for a second sitting: run its cells and go on with "Check yourself".*
#
# Lay three digits on top of each other as the red, green and blue of one image: 1,000 kinds of images, 000 to 999. On
# such *stacked digits* GANs are compared by counting: draw 26,000 images, let a classifier read the three digits of each,
# count how many of the 1,000 numbers occur. With the digits of MNIST a plain GAN reached 99, a better one 150, PacGAN all
# of them (Lin et al. 2018). **What does no generator at all reach?** Every pixel is a tossed coin, black or white.

# %%
predict(
    "07.coins",
    "26,000 images of coin tosses, read by our classifier: how many of the 1,000 numbers occur?",
    unit="numbers",
    low=0,
    high=1000,
)

# %%
n = 26_000
coins = rng.integers(0, 2, size=(3 * n, 64)).astype(np.float32)
spelled = read(coins).reshape(n, 3) @ [100, 10, 1]
reached = metrics.class_coverage(spelled, 1000).modes
stacked = data.stacked_digits(1000, split="test")
beside_real = metrics.prdc(stacked.x, coins[:3000].reshape(1000, 192), k=5)
sure = classifier.probabilities(coins[:3000].reshape(-1, 1, 8, 8)).max(axis=1).mean()

# %% [markdown]
# *What to see: noise, and below it what the classifier reads.*

# %%
figure, axes = plt.subplots(figsize=(7, 1.3), layout="constrained")
draw_wall(axes, 0.7 * coins[:10], "Coin tosses, as they were read")  # grey for white, to be told from the margins
axes.set_xticks([4.5 + 9 * place for place in range(10)], read(coins[:10]))
plt.show()

# %%
outcome(
    "07.coins",
    reached,
    because="The classifier was never taught to say 'none of them'. Whatever it is shown, it names a digit, and noise "
    "shows it everything.",
)
claim(
    "coin tosses reach more than half of the 1,000 numbers, and the classifier gives the digit that it reads a probability "
    "above 0.6 on average; only a second number, their precision beside real stacked digits, shows what they are",
    above(reached, 500),
    above(sure, 0.6),
    below(beside_real.precision, 0.01),
)

# %% [markdown]
# A count of modes is worth nothing without a measure of quality beside it. With one, five games each, from `make bench`
# (dense networks, 6,500 updates of each player, 26,000 samples; precision beside 10,000 real stacks, by pixels; ± is the
# standard deviation over the five):
#
# | what makes the images | numbers reached | precision | seconds of one core |
# |---|---|---|---|
# | held-out real digits, stacked | 1,000 | 0.92 | |
# | relativistic, R1 and R2, EMA | 1,000 ± 0 | 0.91 ± 0.00 | 72 ± 3 |
# | the plain game of 2014, same networks and rates | 1,000 ± 0 | 0.80 ± 0.01 | 50 ± 1 |
# | the same with ReLU and a slower rate | 307 ± 83 | 0.15 ± 0.05 | 47 ± 3 |
# | noise, every pixel drawn from 0 to 1 | 948 | 0.00 | |
#
# By the count alone the second and the third row are alike, and noise is close behind. The precision tells them apart.

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

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
                    "Yes: what it makes is fine, and most of the data have nothing near them.",
                ),
                (
                    "that it blurs: soft images are near to everything",
                    False,
                    "So they are, in pixels: they would cover a lot.",
                ),
                ("that it copies its training data", False, "A copier of all training data covers nearly everything."),
            ],
        ),
        Question(
            "A paper reports a Fréchet distance of 12 from 50,000 samples; you get 15 from 5,000 of the same model. Who is "
            "wrong?",
            [
                (
                    "you: a model has one Fréchet distance, and it does not depend on how many samples are drawn",
                    False,
                    "The model has one. What you compute is an estimate of it, and the fewer the samples, the more it "
                    "comes out too large: a covariance from few samples is wrong, and every error counts as distance.",
                ),
                ("the paper: 12 is too good", False, "With ten times the samples a smaller figure is to be expected."),
                (
                    "perhaps nobody",
                    True,
                    "Yes: fewer samples give a larger distance. Only equal numbers of samples can be compared, or the "
                    "ends of two lines over 1/n.",
                ),
            ],
        ),
        Question(
            "In a conditional game only the generator hears the labels. What happens?",
            [
                (
                    "the game breaks down, because the two players have inputs of different length",
                    False,
                    "The game goes on, and the images may look real: each player has its own inputs anyway.",
                ),
                ("it draws means of all digits", False, "A mean would be told from real digits at once."),
                (
                    "it draws digits, but not those that were asked for",
                    True,
                    "Yes: a discriminator that does not hear the label cannot object to the wrong digit.",
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
                    "six hundred more, drawn anew while you watch, with seeds that you choose",
                    False,
                    "From a truncated generator, or from a parrot, those would be flawless, too.",
                ),
                ("the discriminator's loss", False, "It says how the game stands, not how good the images are."),
            ],
        ),
        Question(
            "Which judge praises a generator that hands out training samples with a little noise?",
            [
                ("recall only", False, "Its samples lie among real ones as well, so precision is just as high."),
                (
                    "nearly every judge of this lesson",
                    True,
                    "Yes: precision, recall, coverage, Fréchet distance and a reader trained on them. Only the distance "
                    "to the nearest training sample asks the question.",
                ),
                (
                    "none: noise is noise, and every one of them compares with real samples",
                    False,
                    "The noise is smaller than the distance between neighbours.",
                ),
            ],
        ),
        Question(
            "A layer with kernel 5, stride 3 and no padding grows a small image. What may be seen in its output?",
            [
                (
                    "nothing: learning will even out whatever the stamps do",
                    False,
                    "It can, but it has to spend weights on it.",
                ),
                ("a blur", False, "Stamps that overlap unevenly leave a grid, not a blur."),
                (
                    "a pattern that repeats every 3 pixels",
                    True,
                    "Yes: 5 is no multiple of 3, so some pixels lie under two stamps in each direction, others under one.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - A transposed convolution lays stamps: (size - 1) · stride + kernel - 2 · padding pixels. A kernel that is a multiple of
#   the stride leaves no pattern.
# - A condition must be heard by both players, and be the same for both.
# - Precision asks the generated samples, recall and coverage ask the real ones. Truncation buys precision with recall.
# - A gallery hides a collapse, and so does a classifier that reads. Less momentum, or a penalty on the discriminator's slope,
#   brings variety back.
# - In pixels, means are near to everything. Say the space, the $k$ and the number of samples.
# - The Fréchet distance is too large when samples are few, and best for copies. The nearest training sample unmasks them.
# - A classifier names whatever it is shown. Count modes only with a measure of quality beside.
# - On small centred digits one Gaussian a class is ahead of a GAN before several judges, with strokes as soft as a variational
#   autoencoder's. Where strokes move and bend it draws ghosts.
#
# Three failures, told apart in pixels:
#
# | failure | its signs | who does not see it |
# |---|---|---|
# | blur | density above 1.5, grey strokes; coverage stays high | precision, a reader, all neighbours in features |
# | collapse | coverage and density low | a gallery, a reading classifier, precision in features |
# | copy | novelty below 0.5 | everybody else |
#
# Recall and room are low for blur and collapse alike: they say that samples crowd, not why.
#
# Now the course's table. A GAN has no encoder: it cannot say which $z$ an image came from. What one may take for a code
# is what the **discriminator** has made of an image before its last layer (Radford et al. 2016 did so). To be fair to the
# other rows, this must be a discriminator that has never heard a label, so we train one more GAN, without classes.
# Are its features worth anything? We ask its twin as well, which has never learned.

# %%
from udl_teach.lesson import comparison_row

player = ConvGAN(digits.image_shape, latent_size=32, objective="relativistic", ema=0.995)
untrained = copy.deepcopy(player)
player_history = fit(
    player,
    train.images,
    epochs=20,
    batch_size=64,
    learning_rate=(1e-2, 5e-4),
    betas=(0.0, 0.99),
    progress=False,
)


def seen_by(model):
    """A function from images to what the discriminator makes of them before its last layer, 128 numbers each."""

    def encode(x):
        with torch.no_grad():
            return model.discriminator.layers(torch.tensor(np.asarray(x)).reshape(-1, 1, 8, 8)).numpy()

    return encode


row, twin = (
    comparison_row(
        "GAN, seen by its discriminator",
        128,
        train,
        test,
        encode=seen_by(model),
        can_sample=True,
        seconds=player_history.seconds,
    )
    for model in (player, untrained)
)
comparison(row)

# %%
claim(
    "of what a linear probe reads in the trained discriminator's features, at least nine tenths can be read in those of its "
    "twin that never learned: the game teaches to tell real from generated, and adds little about which digit it is",
    above(twin["probe"], 0.9 * row["probe"]),
)

# %% [markdown]
# ## Where to read on
# - Alec Radford, Luke Metz and Soumith Chintala, *Unsupervised representation learning with deep convolutional generative
#   adversarial networks*, ICLR 2016. The layers of section 2; look at the walks through the latent space.
# - Mehdi Mirza and Simon Osindero, *Conditional generative adversarial nets*, 2014, short; and Takeru Miyato and
#   Masanori Koyama, *cGANs with projection discriminator*, ICLR 2018: how the library's discriminator hears the label.
# - Augustus Odena, Vincent Dumoulin and Chris Olah, *Deconvolution and checkerboard artifacts*, Distill 2016. With figures
#   to play with.
# - Andrew Brock, Jeff Donahue and Karen Simonyan, *Large scale GAN training for high fidelity natural image synthesis*,
#   ICLR 2019. Section 3.1 is truncation; look at the curves of quality against variety.
# - Martin Heusel et al., *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS 2017:
#   the Fréchet distance; and Min Jin Chong and David Forsyth, *Effectively unbiased FID and Inception Score and
#   where to find them*, CVPR 2020: its bias, and the line over 1/n.
# - Tuomas Kynkäänniemi et al., *Improved precision and recall metric for assessing generative models*, NeurIPS 2019, and
#   Muhammad Ferjad Naeem et al., *Reliable fidelity and diversity metrics for generative models*, ICML 2020. Circles; the
#   second paper shows where the first one's fail.
# - Arthur Gretton et al., *A kernel two-sample test*, Journal of Machine Learning Research 2012. The maximum mean
#   discrepancy, with everything that can be proved about it.
# - Zinan Lin, Ashish Khetan, Giulia Fanti and Sewoong Oh, *PacGAN: the power of two samples in generative adversarial
#   networks*, NeurIPS 2018. Stacked digits are among the experiments; look for what stands beside the number of modes.
# - Suman Ravuri and Oriol Vinyals, *Classification accuracy score for conditional generative models*, NeurIPS 2019. Readers
#   trained on generated images, at full size.
# - Nick Huang, Aaron Gokaslan, Volodymyr Kuleshov and James Tompkin, *The GAN is dead; long live the GAN! A modern GAN
#   baseline*, NeurIPS 2024. What the second GAN of this lesson is made of.
#
# The course goes on with lesson 09, *Clustering and embedding*; lesson 08 is still to come.
