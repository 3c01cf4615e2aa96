# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 00 · Start here
# {{badges}}
#
# {{times}}
#
# **You need:** basic Python and NumPy (functions, loops, arrays, and broadcasting, which subtracts one row from every
# row of a table); from school mathematics, averages, dot products, sine and cosine. Every other term is explained where
# it first appears.
#
# Welcome. In this course, models find structure in data that nobody has labelled, and you watch them learn. In this
# first lesson you train a model, break it, and find out why it broke. On the way you meet every part of a lesson.
#
# **How to run it:** click on the grey line below and press Shift+Enter. The cell runs, and the next one is selected.
# Continue like this to the end. Where you see only such a line, the cell's code is folded away; a click on the line
# opens it. If something goes wrong, *Kernel → Restart Kernel and Run All Cells* starts afresh.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
# - explain what a model learns from when nobody gives it the answers;
# - train an autoencoder, watch it learn, and compare two runs;
# - tell from a loss curve whether the learning rate is too large or too small;
# - find your way around a lesson, and find help.

# %% [markdown]
# ## 1. A rolled-up line
# The data of this lesson are points in the plane. Each point is a [sample](glossary:sample), each of its two
# coordinates is a [feature](glossary:feature), and the table `x` has one row per sample and one column per feature.

# %%
import matplotlib.pyplot as plt
import numpy as np

from udl_teach import data, fit, play, plots
from udl_teach.models import PCA, Autoencoder

spiral = data.spiral(600, seed=0)
x = spiral.x
print("x has the shape", x.shape)

figure, axes = plt.subplots(figsize=(4, 4))
plots.draw_points(axes, x)
_ = axes.set(title="600 samples, two features each", xlabel="feature 0", ylabel="feature 1", aspect="equal")

# %% [markdown]
# Each point has two coordinates, but one number would almost be enough: *how far along the spiral* the point lies.
# Nobody wrote that number into the table. It is hidden in the arrangement of the points. Finding such structure from
# the data alone, without [labels](glossary:label) (answers that somebody has attached to the samples), is called
# [unsupervised learning](glossary:unsupervised-learning).
#
# The task of this lesson is to **describe each point by one number, and to reconstruct the point from that number** as
# closely as possible. The number is called the point's [code](glossary:latent-code), and the reconstructed point is its
# [reconstruction](glossary:reconstruction).
#
# We measure the quality of the reconstructions by the [squared error](glossary:squared-error): the squared distance
# between a point and its reconstruction, averaged over all points. To give this error a scale, we compare it with the
# error of the simplest reconstruction, which returns the mean of the data for every point. That error is the
# [variance](glossary:variance) of the data. If the error of a model's reconstructions is a quarter of the variance, we
# say that they *keep* 75 % of it.

# %%
middle = x.mean(axis=0)
variance = ((x - middle) ** 2).sum(axis=1).mean()


def share_kept(x_hat):
    """The share of the variance that the reconstructions x_hat keep: 1 is perfect, 0 no better than the mean."""
    error = ((x - x_hat) ** 2).sum(axis=1).mean()
    return 1 - error / variance


# %%
claim("the mean of the data keeps none of the variance", abs(share_kept(middle)) < 1e-5, variance=variance)

# %% [markdown]
# The line that begins with **Holds:** is a *claim*. The course checks each of its claims while the lesson runs, with
# the numbers of your own run.
#
# How much can one number per point keep? In the playground below, a model learns to reconstruct the points. It starts
# at random and takes many small training steps. Make a prediction before you watch it: you will remember a result that
# surprises you.

# %%
predict(
    "00.kept",
    "What share of the variance will the model keep, with one number per point, after 1,000 training steps?",
    unit="%",
    low=0,
    high=100,
)

# %% [markdown]
# **Playground.** Press **Play** and watch the thick curve. It shows all the points that the model can produce, from the
# smallest code to the largest. Let it run until the curve hardly changes (less than a minute), then press the same
# button to pause. The sentence below the picture describes what you see.

# %%
play.autoencoder_live(data="spiral", depth=2, width=64, activation="gelu", learning_rate=0.01, speed=5, seed=0)

# %% [markdown]
# Could something simpler do the same? And how does this model work?
#
# ## 2. The best straight line
# The oldest solution is a straight line: project every point, at a right angle, onto the line with the smallest mean
# squared distance to the points. The code is the position on the line. This line always passes through the mean of the
# data, so we first move the mean to the origin. This is called *centring*, and it is your first exercise.
#
# **Exercise 00.1 · Centre the data.** Write `centre(x)`: subtract from each feature its mean over the samples, so that
# every column of the result has mean zero. Replace the line that contains `...` by your code, run the cell, and then
# run the check below it.


# %% tags=["exercise-00.1"]
{{exercise("00.1")}}


# %% tags=["check-00.1"]
centre = check("00.1", centre)
grade("00.1")

# %% [markdown]
# A check calls your function with fresh random tables. It has four answers: *not attempted*; *an error*, with the line
# in which it occurred; *not yet*, with what is probably wrong; *right*. Until your function is right, the lesson
# continues with the course's own. You can therefore skip an exercise and return to it later.
#
# Stuck? Remove a `#` in the next cell and run the cell. Each call of `hint` shows one more hint, from general to
# specific. Once you have tried, `solution` shows the answer.

# %%
# hint("00.1")
# solution("00.1")

# %% [markdown]
# Now we search for the line by trial: half a turn in steps of one degree. For each direction we project the points,
# compute the share of the variance that is kept, and remember the best.

# %%
centred = centre(x)
line_share = -1.0

for degrees in range(180):
    direction = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    codes = centred @ direction  # position of each point along the line, shape (600,)
    x_hat = middle + codes[:, None] * direction  # the same positions as points in the plane, shape (600, 2)
    if share_kept(x_hat) > line_share:
        line_share, line_codes, line_x_hat = share_kept(x_hat), codes, x_hat


def draw(axes, x_hat, codes, title, path=None):
    """Points coloured by their code, with a thin line from each to its reconstruction."""
    plots.draw_links(axes, x, x_hat)
    plots.draw_points(axes, x, values=codes)
    if path is not None:
        plots.draw_path(axes, path)
    axes.set(title=title, xticks=[], yticks=[], aspect="equal")


figure, axes = plt.subplots(figsize=(4, 4))
draw(axes, line_x_hat, line_codes, "the best straight line (colour: the code)")
pca = PCA(n_components=1).fit(x)

# %%
claim("the best straight line keeps between a half and two thirds of the variance", between(line_share, 1 / 2, 2 / 3))
claim(
    "PCA finds the same line directly, without a search",
    abs(share_kept(pca(x)) - line_share) < 1e-3,
    by_search=line_share,
    by_pca=share_kept(pca(x)),
)

# %% [markdown]
# [PCA](glossary:pca), principal component analysis, is the classical method for finding this line, and no straight line
# does better. But look at the colours: points on different arms of the spiral can have the same colour, which means the
# same code, although they are far from each other along the spiral.

# %% [markdown]
# ## 3. A curve in place of the line
# The model in the playground follows the spiral with a curve. It is an [autoencoder](glossary:autoencoder), and it
# consists of two small [networks](glossary:network):
#
# - the *encoder* maps a point to its code: two numbers in, one number out;
# - the *decoder* maps the code back to a point: one number in, two numbers out.
#
# The single number between them is the [bottleneck](glossary:bottleneck). Without it, the autoencoder could copy its
# input and would learn nothing about the data. With it, the autoencoder has to find the number that helps most to
# reconstruct the point. (A real number has infinitely many digits, so a sufficiently wild function could hide both
# coordinates in one number. Small networks compute smooth functions and do not find such tricks.)
#
# What a network computes depends on its [weights](glossary:weight), which are random numbers at first. Training changes
# them step by step. Each step takes a [batch](glossary:batch) of points, computes the squared error of their
# reconstructions, which is called the [loss](glossary:loss), and changes every weight a little in the direction that
# reduces the loss. The [learning rate](glossary:learning-rate) determines how large these changes are.
#
# Return to the playground and try three experiments:
#
# 1. Press **Reset**, then **Play**. You see the same run again, step by step, because the *seed* determines everything
#    that is random. What changes with another seed, and what does not?
# 2. Press **Keep**, choose *activation: linear*, and press **Play**. The kept run remains visible beside the new one.
#    The [activation](glossary:activation) is the nonlinear function in a network. Which result of section 2 do you see
#    without it?
# 3. Press **Draw** and click or drag in the picture to put down points of your own. Which shapes can one number
#    describe, and where does it fail?
#
# As code, the same training takes three lines:

# %%
model = Autoencoder(n_features=2, latent_size=1, hidden_sizes=(64, 64), activation="gelu", seed=0)
history = fit(model, x, epochs=200, batch_size=128, learning_rate=0.01, seed=0)
codes = model.encode(x)

print("shape of the codes:", codes.shape)
print("steps:", len(history))

# %% [markdown]
# One pass through all samples is an [epoch](glossary:epoch). The 600 samples make five batches of at most 128, so 200
# epochs are 1,000 steps. `latent_size=1` is the size of the bottleneck. `hidden_sizes` gives the number of units in
# each of the two [hidden layers](glossary:hidden-layer) of the encoder (a unit computes one number from the layer
# before it); the decoder has the same two layers in reverse order. `encode` and `decode` are the two halves of the
# model:

# %%
x_hat = model.decode(codes)
every_code = np.linspace(codes.min(), codes.max(), 300, dtype=np.float32)[:, None]
path = model.decode(every_code)
curve_share = share_kept(x_hat)

figure, both = plt.subplots(1, 2, figsize=(8.2, 4))
draw(both[0], line_x_hat, line_codes, "best straight line")
draw(both[1], x_hat, codes[:, 0], "autoencoder", path)

# %%
outcome(
    "00.kept",
    round(100 * float(curve_share), 1),
    because="The curve follows the spiral, which no straight line can. Most of the small remaining error comes from the "
    "encoder, which does not always choose the code of the nearest point on the curve.",
)
claim(
    "the autoencoder's squared error is less than a tenth of the best line's",
    below((1 - curve_share) / (1 - line_share), 1 / 10),
    line=(1 - line_share) * variance,
    autoencoder=(1 - curve_share) * variance,
)

# %% [markdown]
# And without the nonlinearity, in the second experiment? Then the autoencoder finds the best straight line of section 2.
#
# ### Did it find the hidden number?
# A small error does not prove that the code measures *how far along the spiral* a point lies. Here we can check it: a
# program generated these data, so the true positions are known. They are in `spiral.extras["position"]`, and the model
# never saw them.
#
# We compare two orders: the points sorted by their code, and the points sorted by their true position. The
# [rank correlation](glossary:rank-correlation) is 1 when the two orders agree, -1 when one is the reverse of the other,
# and near 0 when they are unrelated. We ignore its sign, because a code may count from either end of the spiral.


# %%
def rank_correlation(a, b):
    """How well two orders agree, from 0 to 1, whichever end they start from."""
    ranks_a, ranks_b = (np.argsort(np.argsort(values)) for values in (a, b))
    return abs(np.corrcoef(ranks_a, ranks_b)[0, 1])


position = spiral.extras["position"]

# %%
claim(
    "the autoencoder's code orders the points as they lie along the spiral; the straight line's code does not",
    above(rank_correlation(codes[:, 0], position), 0.99),
    below(rank_correlation(line_codes, position), 0.9),
)

# %% [markdown]
# Nobody told the model that there is a spiral, or what "along" means. It only had to reconstruct points through a
# bottleneck, and the position along the spiral serves this purpose best. The whole course builds on this idea.
#
# ## 4. How a lesson is made, and where to find help
# Every lesson is made of the same parts, under the same names:
#
# | part | what it is for |
# |---|---|
# | **Goals** | what you can do afterwards |
# | **1., 2., 3. …** | one question each, an experiment, and what it shows |
# | **Your prediction** | what you expect, before you see it |
# | **Playground** | a model with buttons and sliders |
# | **Exercise** | a few lines that you write, and a check that explains mistakes |
# | **Holds:** | a claim, checked in your own run |
# | **When it fails** | a failure that we provoke, diagnose and fix |
# | **Check yourself** | a few questions; every answer is explained |
# | **Summary**, **Where to read on** | what to remember, and the papers behind it |
# | **Words of this lesson** | a short explanation of every linked word |
#
# Help is close by:
# - **With an exercise:** `hint("00.1")`, as often as you like, then `solution("00.1")`.
# - **With a word:** links lead to the end of the lesson; `glossary("…")` explains any word, `glossary()` lists them all.
# - **With your progress:** `progress()`, or `udl-teach progress` in a terminal. It is stored in one small file on your
#   machine.
# - **With your machine:** `udl-teach doctor` in a terminal checks versions, memory and sliders, and says what to do. (If
#   you started with `make lab`, type `.venv/bin/udl-teach` in the course's folder.)
# - **With a function of the course:** its name and a question mark, such as `fit?`, in a cell of its own.

# %%
glossary("bottleneck")
progress()

# %% [markdown]
# ## 5. Larger steps
# A learning rate of 0.01 worked well. Would a larger one be faster?

# %%
predict(
    "00.rate",
    "We train the same network for the same 1,000 steps, but with a learning rate of 0.3. What will it draw at the end?",
    options=[
        "The same curve, which it reaches sooner",
        "A curve that follows the spiral roughly",
        "Something worse than the straight line",
    ],
)

# %%
models, curves = {0.01: model}, {0.01: np.array(history.loss)}
for rate in (0.3, 0.0002):
    models[rate] = Autoencoder(n_features=2, latent_size=1, hidden_sizes=(64, 64), activation="gelu", seed=0)
    history = fit(models[rate], x, epochs=200, batch_size=128, learning_rate=rate, seed=0)
    curves[rate] = np.array(history.loss)

large_share = share_kept(models[0.3](x))

# %%
outcome(
    "00.rate",
    "Something worse than the straight line"
    if large_share < line_share
    else "The same curve, which it reaches sooner"
    if large_share > curve_share - 0.01
    else "A curve that follows the spiral roughly",
    because="Each step goes in a direction that reduces the loss, but so far that the loss is higher afterwards.",
)

# %% [markdown]
# ## When it fails
# Together with 0.3, we also tried a learning rate of 0.0002. How do the two failures differ, and what do their loss
# curves show?

# %%
figure, panels = plt.subplots(1, 4, figsize=(12, 3.2), layout="constrained")
for number, rate in enumerate((0.3, 0.0002, 0.01)):
    z = models[rate].encode(x)
    every_z = np.linspace(z.min(), z.max(), 300, dtype=np.float32)[:, None]
    draw(panels[number], models[rate].decode(z), z[:, 0], f"learning rate {rate}", models[rate].decode(every_z))
    plots.draw_curve(panels[3], curves[rate], label=str(rate), number=number, dashed=rate != 0.01)
_ = panels[3].set(title="loss of each batch", ylim=(1e-3, 1e3))

large, small = curves[0.3], curves[0.0002]

# %% [markdown]
# Neither of the first two runs reproduces the spiral. But they fail for different reasons, and **the loss curve
# distinguishes them**:
#
# - *Too large* (0.3): the loss jumps at once to far above its first value (beyond the top of the picture). At the end,
#   the model returns nearly the same point, close to the mean of the data, for every input.
# - *Too small* (0.0002): the loss never jumps, and it is still decreasing at the end. This run goes in the right
#   direction, only slowly.

# %%
claim(
    "too large: the loss rises by more than two powers of ten, and at the end the model keeps less than the line",
    above(np.log10(large.max() / large[0]), 2),
    below(large_share, line_share),
)
claim(
    "too small: the loss never doubles, and it is lower at the end than half-way",
    below(small.max() / small[0], 2),
    below(small[-100:].mean(), small[400:500].mean()),
)

# %% [markdown]
# Can the first of the two be repaired? We continue its training with the good learning rate:

# %%
broken = models[0.3]
codes_before = broken.encode(x)
fit(broken, x, epochs=100, batch_size=128, learning_rate=0.01, seed=0)
print("largest change of a code:", np.abs(broken.encode(x) - codes_before).max())

# %%
claim("500 more steps with the good learning rate do not repair the model", below(share_kept(broken(x)), line_share))

# %% [markdown]
# Usually, the codes do not change at all, and this points to the cause. The huge steps have driven the units of the
# decoder's last hidden layer far into the flat part of the activation (GELU, the one used here, returns practically
# zero for strongly negative inputs), so that they output zero for every point. Then no small change of the weights
# before them changes the loss, and training leaves those weights, among them all weights of the encoder, as they are.
# Such units are called *dead*; you meet them again in lesson 02.
#
# **The fix.** Start with a new model, because a broken one does not recover. Divide the learning rate by ten if the
# loss jumps. Multiply it by ten if the loss never jumps and is still clearly decreasing at the end. Then compare the
# runs.
#
# **Exercise 00.2 · Choose the learning rate.** Write `choose_rate(curves)`, which receives the loss curves of several
# runs and returns the learning rate to use. A run with a bad rate can look good at a single step, so decide what to
# compare before you compare it; the docstring says what counts here.


# %% tags=["exercise-00.2"]
{{exercise("00.2")}}


# %% tags=["check-00.2"]
choose_rate = check("00.2", choose_rate)
grade("00.2")

# %%
print("chosen:", choose_rate(curves))

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "00.check_yourself",
    [
        Question(
            "What was the autoencoder given to learn from?",
            [
                (
                    "The points and their positions along the spiral",
                    False,
                    "It never saw the positions. We used them only afterwards, to judge what it had found.",
                ),
                (
                    "The points alone",
                    True,
                    "The points are its input and also what it has to reproduce. It needs no labels: this is unsupervised "
                    "learning.",
                ),
                (
                    "The straight line that PCA found",
                    False,
                    "It never saw that line. We only compared the two.",
                ),
            ],
        ),
        Question(
            "Why does the autoencoder not simply copy its input?",
            [
                (
                    "Because small networks compute smooth functions, and these cannot pack both coordinates into the "
                    "one number of the bottleneck",
                    True,
                    "The model has to choose what to keep, and the position along the spiral helps most.",
                ),
                (
                    "Because the loss forbids copying",
                    False,
                    "A perfect copy would have the smallest possible loss, zero. The bottleneck prevents it.",
                ),
                (
                    "Because its learning rate is too small for that",
                    False,
                    "The learning rate determines how fast the model learns, not what can pass through the bottleneck.",
                ),
            ],
        ),
        Question(
            "One run counts from the inner end of the spiral, another from the outer end. Which one is right?",
            [
                (
                    "The one that counts from the inner end",
                    False,
                    "Nothing in the task prefers one end: both draw the same curve with the same error.",
                ),
                (
                    "Both",
                    True,
                    "A code means what the decoder makes of it. Where the count starts depends on the seed.",
                ),
                (
                    "Neither, because a code must start at 0",
                    False,
                    "Codes can take any values, as long as the decoder turns them back into the right points.",
                ),
            ],
        ),
        Question(
            "Your loss jumps up in the first steps and stays high. What do you try first?",
            [
                (
                    "More steps",
                    False,
                    "More steps of the same size rarely help. They help when the loss is still decreasing.",
                ),
                (
                    "A new model, and a tenth of the learning rate",
                    True,
                    "A loss that jumps indicates steps that are too large. The old model may be broken for good, so "
                    "start with a new one.",
                ),
                (
                    "A larger network",
                    False,
                    "Its steps would be too large as well. Change the learning rate first.",
                ),
            ],
        ),
        Question(
            'A check says "Not yet." and you continue. Which function does the rest of the lesson use?',
            [
                (
                    "Yours, with its mistake",
                    False,
                    "Then every cell below could fail. `check` returns the course's function until yours is right.",
                ),
                (
                    "The course's",
                    True,
                    "The lesson therefore always runs to its end, and you can return to the exercise at any time.",
                ),
                (
                    "None, because the lesson stops there",
                    False,
                    "A lesson never stops at an exercise.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Unsupervised learning finds structure in data without being given answers.
# - An autoencoder reconstructs its input through a bottleneck, so it has to keep what matters most.
# - PCA finds the best straight line. An autoencoder can learn a curve.
# - If the loss jumps, start with a new model and a smaller learning rate. If it is still decreasing steadily at the
#   end, try a larger one.
# - A small error is not enough: we also checked whether the code *means* what we hoped.

# %%
rows = [
    ("mean of the data", 0, share_kept(middle), None),
    ("best straight line (PCA)", 1, line_share, rank_correlation(line_codes, position)),
    ("autoencoder", 1, curve_share, rank_correlation(codes[:, 0], position)),
]
lesson.show.table(
    "The spiral, reconstructed from one number per point",
    ["Method", "Numbers per point", "Variance kept", "Order along the spiral (rank correlation)"],
    [
        (name, str(numbers), f"{max(kept, 0):.1%}", "–" if order is None else f"{order:.3f}")
        for name, numbers, kept, order in rows
    ],
)

# %% [markdown]
# From lesson 01 on, one such table grows through the whole course. It measures every method in the same way, on images
# of handwritten digits. Each of these images has 64 features, and you can no longer see the structure by eye.
#
# ## Where to read on
# - G. E. Hinton and R. R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313, 2006:
#   the paper that made deep autoencoders known. Look at figure 3, which compares codes of two numbers by PCA and by an
#   autoencoder.
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2, 1901: the
#   best straight line of section 2, with distances measured at right angles to the line, as here.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, 2016, section 14.1: why a bottleneck prevents copying
#   only if encoder and decoder are not too powerful.
# - D. Smilkov, S. Carter and others, *Direct-manipulation visualization of deep networks*, 2017, arXiv:1708.03788: why
#   it helps to play with a network.
#
# Continue with **01 · Hidden structure**.
