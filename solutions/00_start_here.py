# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 00 · Start here
# {{badges}}
#
# {{times reading=15}}
#
# **You need:** a little Python (what a function, a loop and an array are) and what an average is. Nothing else: every
# other word is explained where it first stands.
#
# Welcome. In this course a machine finds structure in data that nobody has sorted for it, and you watch it do so. This
# first lesson is short. You will train a model, break it and mend it, and meet every part that a lesson has.
#
# **How to run it:** click into the grey cell below and press Shift+Enter. It runs, and the next cell is chosen. Go on
# like this, from the top to the bottom. Nothing here can be broken: *Kernel → Restart Kernel and Run All Cells* puts
# everything right again.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson you can
# - say what a model learns from when nobody tells it the answers;
# - train an autoencoder, watch it learn, and lay two runs side by side;
# - tell from its loss curve whether the learning rate is too large or too small;
# - find your way through a lesson, and find help.

# %% [markdown]
# ## 1. How a lesson is made
# Every lesson has the same parts, under the same names and in the same order:
#
# | part | what it is for |
# |---|---|
# | **Goals** | what you can do afterwards |
# | **1., 2., 3. …** | the story: a question, an experiment, what it shows |
# | **Your prediction** | say what you expect *before* you see it; what surprises you stays with you |
# | **Playground** | a model with buttons and sliders; play as long as you like |
# | **Exercise** | a few lines that you write; the check says whether they are right, and if not, why |
# | **Holds:** | a claim: a sentence with numbers, measured in this very run and not copied from anywhere |
# | **When it fails** | a failure made on purpose, its cause, its cure |
# | **Check yourself** | a few questions; every answer is explained, the wrong ones too |
# | **Summary**, **Where to read on** | what to keep, and the papers behind it |
# | **Words of this lesson** | every word that is a link, in a sentence or two |
#
# The lesson runs to its end even when you have solved nothing. So skip what you like, and come back.

# %% [markdown]
# ## 2. A line that somebody rolled up
# Here are our data: points in the plane. Each point is a [sample](glossary:sample), each of its two coordinates a
# [feature](glossary:feature), and the table `x` has one row a sample and one column a feature.

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
# Two numbers a point. But you see at once that one would nearly do: *how far along the spiral*. Nobody wrote that
# number into the table, it is hidden in the arrangement of the points. To find such hidden structure from the data
# alone, without [labels](glossary:label) (answers that somebody wrote beside each sample), is called
# [unsupervised learning](glossary:unsupervised-learning).
#
# So here is the task of this lesson: **describe every point by one number, and from that number draw it again** as
# close as you can to where it was. The number is the point's [code](glossary:latent-code), the redrawn point its
# [reconstruction](glossary:reconstruction).
#
# How good a reconstruction is we measure by the [squared error](glossary:squared-error): the squared distance between
# point and reconstruction, averaged over all points. To give the number a scale, compare it with the crudest
# reconstruction there is, which draws every point in the middle of the cloud. Its squared error has a name, the
# [variance](glossary:variance) of the data. A reconstruction that removes three quarters of it *keeps* 75 % of the
# variance.

# %%
middle = x.mean(axis=0)
variance = ((x - middle) ** 2).sum(axis=1).mean()


def share_kept(x_hat):
    """The share of the variance that the reconstructions x_hat keep: 1 is perfect, 0 no better than the middle."""
    error = ((x - x_hat) ** 2).sum(axis=1).mean()
    return 1 - error / variance


claim("drawing every point in the middle keeps nothing", abs(share_kept(middle)) < 1e-5, variance=variance)

# %% [markdown]
# ## 3. Your first exercise: the best straight line
# The oldest answer to our task is a straight line: slide every point, at a right angle, onto the line that lies
# closest to all of them. The code is the place on the line. The closest line always passes through the middle of the
# cloud, so before we look for it we move the middle to the origin. That is called [centring](glossary:centring), and it
# is your first exercise.
#
# **Exercise 00.1 · Centre the data.** Write `centre(x)`: subtract from every feature its mean over the samples.
# Afterwards the mean of each column is zero. Put your answer in place of the `...` and run the cell, then the check
# below it.


# %% tags=["exercise-00.1"]
{{exercise("00.1")}}


# %% tags=["check-00.1"]
centre = check("00.1", centre)
grade("00.1")

# %% [markdown]
# A check runs your function on fresh random tables. It has four answers: *not attempted*, *it stopped with an error*
# (and in which of your lines), *not yet* (and what is likely wrong), *right*. Until yours is right, the lesson goes on
# with our function.
#
# Stuck? Take away a `#` in the next cell and run it. Each run of `hint` shows one hint more, from the general to the
# particular. `solution` shows the answer once you have tried.

# %%
# hint("00.1")
# solution("00.1")

# %% [markdown]
# Now the search for the line, by plain trying: half a turn in steps of one degree. On each line we slide the points,
# see what is kept, and remember the best.

# %%
centred = centre(x)
line_share = -1.0

for degrees in range(180):
    direction = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    codes = centred @ direction  # place of each point along the line, shape (600,)
    x_hat = middle + codes[:, None] * direction  # the same places, drawn in the plane, shape (600, 2)
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

# %%
claim("the best straight line keeps between a half and two thirds of the variance", between(line_share, 1 / 2, 2 / 3))

pca = PCA(n_components=1).fit(x)
claim(
    "PCA finds the same line at once, without trying",
    abs(share_kept(pca(x)) - line_share) < 1e-3,
    by_trying=line_share,
    by_pca=share_kept(pca(x)),
)

# %% [markdown]
# [PCA](glossary:pca), principal component analysis, is the classical way to find that line, and no straight line does
# better. But look at the colours: points on neighbouring arms of the spiral have the same colour, so the same code. The
# line cannot tell them apart. It does not know that the spiral is rolled up.

# %% [markdown]
# ## 4. A line that bends
# If the line could bend, it could follow the spiral. An [autoencoder](glossary:autoencoder) is a line that bends. It is
# made of two small [networks](glossary:network):
#
# - the [encoder](glossary:encoder) turns a point into its code: two numbers in, one number out;
# - the [decoder](glossary:decoder) turns the code back into a point: one number in, two numbers out.
#
# The single number between them is the [bottleneck](glossary:bottleneck). Without it the network could copy its input
# and would learn nothing; because everything must pass through one number, it has to find out what matters.
#
# What a network answers is decided by its [weights](glossary:weight), and in the beginning these are random numbers.
# Then it learns in small [steps](glossary:step): take a [batch](glossary:batch) of points, measure the squared error of
# their reconstructions, which is the [loss](glossary:loss), and change every weight a little so that the loss becomes
# smaller. How much is "a little"? That is the [learning rate](glossary:learning-rate).
#
# Before you watch it:

# %%
predict(
    "00.kept",
    f"The best straight line keeps {line_share:.0%} of the variance. What share will the autoencoder keep with its one "
    "number a point, once it has taken a thousand steps?",
    unit="%",
    low=0,
    high=100,
)

# %% [markdown]
# **Playground.** Press ▶ and watch the thick curve: it shows all points that the decoder can draw, from the smallest
# code to the largest. Let it run until it lies on the spiral (well under a minute), then press the same button again to
# pause. The sentence under the picture says what you see.

# %%
play.autoencoder_live(data="spiral", depth=2, width=64, activation="gelu", learning_rate=0.01, speed=5, seed=0)

# %% [markdown]
# Three things to try:
#
# 1. **Reset**, then ▶: the same run again, step for step. The [seed](glossary:seed) fixes everything that is random.
#    With another seed the beginning is another one.
# 2. **Keep**, then choose *activation: linear* and press ▶. The kept run stands beside the new one. The
#    [activation](glossary:activation) is what bends; without it you meet an old friend from section 3.
# 3. Choose *gelu* again, let it run until it lies on the spiral, and pull the *learning rate* up to 0.1 **while it
#    runs**. Then pull it back to 0.01. Does the curve find its way back? (What happened there is the subject of *When
#    it fails*. **Reset** mends it.)
#
# And here is the same training as code, in three lines:

# %%
model = Autoencoder(n_features=2, latent_size=1, hidden_sizes=(64, 64), activation="gelu", seed=0)
history = fit(model, x, epochs=200, batch_size=128, learning_rate=0.01, seed=0)
codes = model.encode(x)

print("shape of the codes:", codes.shape)
print("steps:", len(history))

# %% [markdown]
# One pass through all samples is an [epoch](glossary:epoch); 600 samples make five batches of at most 128, so 200
# epochs are a thousand steps. `latent_size=1` is the bottleneck. `hidden_sizes` are the
# two [hidden layers](glossary:hidden-layer) of the encoder; the decoder has the same two in reverse. `encode` and
# `decode` are the two halves:

# %%
x_hat = model.decode(codes)
every_code = np.linspace(codes.min(), codes.max(), 300, dtype=np.float32)[:, None]
path = model.decode(every_code)

figure, both = plt.subplots(1, 2, figsize=(8.2, 4))
draw(both[0], line_x_hat, line_codes, "best straight line")
draw(both[1], x_hat, codes[:, 0], "autoencoder", path)

# %%
curve_share = share_kept(x_hat)
outcome(
    "00.kept",
    round(100 * float(curve_share), 1),
    because="The curve follows the spiral. A little is left over, mostly because the curve does not yet lie exactly on "
    "the spiral: smaller steps at the end would bring it closer.",
)

claim(
    "the autoencoder's squared error is less than a tenth of the best line's",
    below((1 - curve_share) / (1 - line_share), 1 / 10),
    line=(1 - line_share) * variance,
    autoencoder=(1 - curve_share) * variance,
)

# %% [markdown]
# ### Did it find the hidden number?
# A small error is one thing. Is the code really *how far along the spiral*? Here we are in luck: these data were made
# by a program, so that number is known. It is in `spiral.extras["position"]`, and the model never saw it.
#
# We compare the two *orders*: sort the points by their code, sort them by their true position, and see whether each has
# the same rank in both. The [rank correlation](glossary:rank-correlation) of the two is 1 when the orders are the same,
# -1 when one is the reverse of the other, and near 0 when they have nothing to do with each other. We ignore its sign:
# the model may count from the outer end or from the inner one, both are right.


# %%
def rank_correlation(a, b):
    """How alike two orders are, from 0 to 1, whichever end they begin at."""
    ranks_a, ranks_b = (np.argsort(np.argsort(values)) for values in (a, b))
    return abs(np.corrcoef(ranks_a, ranks_b)[0, 1])


position = spiral.extras["position"]
claim(
    "the code puts the points into the order in which they lie along the spiral; the straight line's code does not",
    above(rank_correlation(codes[:, 0], position), 0.99),
    below(rank_correlation(line_codes, position), 0.9),
)

# %% [markdown]
# Nobody told the model that there is a spiral, or what "along" means. It was only asked to rebuild points through a
# narrow place, and the hidden number was the best thing to put there. This is the thought that carries the whole
# course.
#
# ## 5. Where help is
# - **An exercise:** `hint("00.1")`, as often as you like, then `solution("00.1")`.
# - **A word:** the links lead to the end of the lesson; `glossary("…")` shows any word anywhere, `glossary()` lists
#   them.
# - **How far you are:** `progress()`, or `udl-teach progress` in a terminal. It is one small file on your machine.
# - **The machine:** `udl-teach doctor` in a terminal looks at versions, memory and sliders; each line says *ok* or what
#   to do. (If you started with `make lab`, type `.venv/bin/udl-teach` in the course's folder.)
# - **A function of the course:** its name with a question mark, such as `fit?`, in a cell of its own.

# %%
glossary("bottleneck")
progress()

# %% [markdown]
# ## When it fails
# Models fail, and often in the same few ways. Here is the most frequent of all. A learning rate of 0.01 worked well.
# Would a larger one not be faster?

# %%
predict(
    "00.rate",
    "The same network, the same thousand steps, but a learning rate of 0.3. What comes out?",
    options=[
        "The same curve, only sooner",
        "A curve that follows the spiral roughly",
        "Something worse than the straight line",
    ],
)

# %%
rates = {"too large": 0.3, "too small": 0.0002}
models, histories = {"as before": model}, {"as before": history}
for name, rate in rates.items():
    models[name] = Autoencoder(n_features=2, latent_size=1, hidden_sizes=(64, 64), activation="gelu", seed=0)
    histories[name] = fit(models[name], x, epochs=200, batch_size=128, learning_rate=rate, seed=0)

shares = {name: share_kept(models[name](x)) for name in models}
worse = shares["too large"] < line_share
outcome(
    "00.rate",
    "Something worse than the straight line" if worse else "A curve that follows the spiral roughly",
    because="Each step leaps over the valley that it wanted to go down into, and lands higher up.",
)

# %%
figure, panels = plt.subplots(1, 4, figsize=(12, 3.2), layout="constrained")
for axes, name in zip(panels[:3], ("too large", "too small", "as before"), strict=True):
    z = models[name].encode(x)
    every_z = np.linspace(z.min(), z.max(), 300, dtype=np.float32)[:, None]
    draw(axes, models[name].decode(z), z[:, 0], name, models[name].decode(every_z))
for number, (name, dashed) in enumerate({"too large": True, "too small": True, "as before": False}.items()):
    plots.draw_curve(panels[3], histories[name], label=name, number=number, dashed=dashed)
_ = panels[3].set(title="loss of each batch", ylim=(1e-3, 1e3))

# %% [markdown]
# Neither of the first two follows the spiral. But they have different illnesses, and **the loss curve tells them
# apart**:
#
# - *Too large:* the loss shoots up at once, far above where it began (further than the picture reaches). In the end the
#   network has given up: whatever it is shown, it draws nearly the same point, close to the middle of the cloud.
# - *Too small:* the loss never leaps, and it is still falling at the end. The run is on the right way and only crawls.

# %%
large, small = np.array(histories["too large"].loss), np.array(histories["too small"].loss)
claim(
    "too large: the loss grows by more than two powers of ten, and in the end less is kept than by the straight line",
    above(np.log10(large.max() / large[0]), 2),
    below(shares["too large"], line_share),
)
claim(
    "too small: the loss never doubles, and at the end it is lower than at half time",
    below(small.max() / small[0], 2),
    below(small[-100:].mean(), small[400:500].mean()),
)

# %% [markdown]
# **The cure.** Try another rate: a tenth of it when the loss leaps, ten times as much when it crawls, until the curve
# falls fast and without leaps. Ours, "as before", lies between the two. And begin **with a new model**: one that has
# given up does not come back, as the next cell shows. It goes on with the broken one, now at the good rate.

# %%
fit(models["too large"], x, epochs=100, batch_size=128, learning_rate=0.01, seed=0)
same_model = share_kept(models["too large"](x))

claim("five hundred steps more at the good rate do not bring the broken model back", below(same_model, line_share))

# %% [markdown]
# ## Check yourself
# Run the next cell: the questions appear below it. Its code is folded away, because the answers stand there.

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
                    "The positions were kept from it. We used them only afterwards, to judge what it had found.",
                ),
                (
                    "The points alone",
                    True,
                    "Its input and its aim are the same points. That is what makes it unsupervised learning.",
                ),
                (
                    "The straight line that PCA found",
                    False,
                    "It never saw that line. We only compared the two.",
                ),
            ],
        ),
        Question(
            "Why does the network not simply copy its input?",
            [
                (
                    "Because two numbers do not fit through a bottleneck of one",
                    True,
                    "It must choose what to keep, and the best single number is the place along the spiral.",
                ),
                (
                    "Because copying is forbidden in the loss",
                    False,
                    "The loss would love a perfect copy: its squared error is zero. The bottleneck prevents it.",
                ),
                (
                    "Because its learning rate is too small for that",
                    False,
                    "The rate decides how fast it learns, not what can pass through the middle.",
                ),
            ],
        ),
        Question(
            "One run counts from the inner end of the spiral, another from the outer end. Which one is right?",
            [
                (
                    "The one that counts from the inner end",
                    False,
                    "Nothing in the task prefers an end: both draw the same curve with the same error.",
                ),
                (
                    "Both",
                    True,
                    "A code means what the decoder makes of it. Where it begins is the network's own affair, and "
                    "depends on the seed.",
                ),
                (
                    "Neither, a code must begin at 0",
                    False,
                    "Codes may take any values; only the decoder has to understand them.",
                ),
            ],
        ),
        Question(
            "Your loss shoots up in the first steps and stays high. What do you try first?",
            [
                (
                    "More steps",
                    False,
                    "More leaps of the same size help little; patience cures a loss that falls slowly.",
                ),
                (
                    "A new model, and a tenth of the learning rate",
                    True,
                    "A loss that leaps is the sign of steps that are too large. Make the model anew, because the old "
                    "one may have given up.",
                ),
                (
                    "A larger network",
                    False,
                    "Its steps would be too large as well. Change the rate first, it is the more frequent cause.",
                ),
            ],
        ),
        Question(
            'A check says "Not yet." and you go on reading. What does the rest of the lesson use?',
            [
                (
                    "Your function, with its mistake",
                    False,
                    "Then every cell below could fail. check(...) gives the course's function back until yours is "
                    "right.",
                ),
                (
                    "The course's function",
                    True,
                    "So the lesson always runs to its end, and you can come back to the exercise at any time.",
                ),
                (
                    "Nothing, the lesson stops there",
                    False,
                    "A lesson never stops at an exercise.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Unsupervised learning finds structure in data without being told the answers.
# - An autoencoder rebuilds its input through a bottleneck. What fits through is what matters most.
# - PCA is the best that a straight line can do; an autoencoder's line bends.
# - A loss that leaps: a new model and a smaller learning rate. A loss that crawls: a larger one.
# - A small error is not the end of the matter: we also asked whether the code *means* what we hoped.

# %%
rows = [
    ("middle of the cloud", 0, share_kept(middle), None),
    ("best straight line (PCA)", 1, line_share, rank_correlation(line_codes, position)),
    ("autoencoder", 1, curve_share, rank_correlation(model.encode(x)[:, 0], position)),
]
lesson.show.table(
    "The spiral, redrawn from one number a point",
    ["Method", "Numbers a point", "Variance kept", "Order along the spiral (rank correlation)"],
    [
        (name, str(numbers), f"{max(kept, 0):.1%}", "–" if order is None else f"{order:.3f}")
        for name, numbers, kept, order in rows
    ],
)

# %% [markdown]
# From lesson 01 on a table like this one grows through the whole course: images of handwritten digits, every method
# measured in the same way. There a sample has 64 features, and what is rolled up in them nobody can see by looking.
#
# ## Where to read on
# - G. E. Hinton and R. R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313, 2006:
#   the paper that made deep autoencoders known. Look at figure 3: codes of two numbers, by PCA and by an autoencoder.
# - K. Pearson, *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2, 1901: the
#   best straight line of section 3, with distances measured at right angles to it, as we did.
# - D. Smilkov, S. Carter and others, *Direct-manipulation visualization of deep networks*, 2017, arXiv:1708.03788: why
#   playing with a network teaches what reading about it does not.
#
# Now go on to **01 · Hidden structure**.
