# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 13 · Synthetic data
#
# {{badges}}
#
# {{times}}
#
# **You need:** correlation and Gaussian mixtures from lesson 01, the variational autoencoder and posterior collapse from
# lesson 04, the critic, its gradient penalty and mode collapse from lesson 06, and conditional generators from lesson 07.

# %% tags=["setup"]
{{setup}}

import time
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from udl_teach import data, fit, metrics, play, plots
from udl_teach.estimators import Sampler
from udl_teach.lesson import comparison_row
from udl_teach.models import (
    GaussianCopula,
    IndependentColumns,
    Interpolation,
    MixedTable,
    TabularGAN,
    TabularVAE,
)

rows = data.diamonds().sample(6000, random_state=0)
train, test = rows[:3000].reset_index(drop=True), rows[3000:].reset_index(drop=True)
rules = data.diamond_rules()
people = data.persons()

KINDS = {
    "independent columns": (IndependentColumns, {}),
    "copula": (GaussianCopula, {}),
    "VAE": (TabularVAE, {"latent_size": 16, "hidden_sizes": (128,), "epochs": 30, "learning_rate": 3e-3}),
    "GAN": (TabularGAN, {"latent_size": 32, "hidden_sizes": (128, 128), "epochs": 40, "batch_size": 250}),
    "interpolation": (Interpolation, {}),
}


@cache
def learned(name):
    """A generator that has learned from the 3,000 diamonds of `train`."""
    kind, settings = KINDS[name]
    return Sampler(kind, random_state=0, **settings).fit(train)


@cache
def made(name):
    """3,000 fake diamonds."""
    return learned(name).sample(len(train))


def broken(frame):
    """The share of rows that break each rule, and the share that breaks any."""
    kept = [rule(frame) for rule in rules.values()]
    return [1 - np.mean(each) for each in kept], 1 - np.mean(np.all(kept, axis=0))


# %% [markdown]
# ## Goals
# After this lesson you can
#
# - turn a table of numbers and categories into numbers for a network, and back;
# - make synthetic tables by a copula, a variational autoencoder, a GAN and interpolation, and data by simulation;
# - test whether synthetic rows are useful;
# - measure what they give away about the people in the training data, and decide whether a table can be released.

# %% [markdown]
# ## 1. Is a table right when every column is right?
# A hospital would like to share a table of patients with researchers, but is not allowed to. It could train a
# generative model on the rows and share **synthetic** rows (fakes), which resemble the real ones and belong to nobody.
#
# We practise on 3,000 diamonds, with three columns of grades and seven of numbers: among them the measures `x`, `y` and
# `z` in millimetres, and `table`, the width of the flat top in per cent.

# %%
train.head()

# %% [markdown]
# The columns obey rules that no single column contains. A diamond's `depth` is its height z in per cent of its width,
# the mean of x and y. Its weight in `carat` follows from the product x y z. And it is nearly round: x is almost y. More
# than 99 % of the real diamonds keep each rule, with a tolerance of 0.5 for the depth (about 62), 10 % for the weight,
# and 3 % between x and y.
#
# The simplest generator draws each column by itself from the values in the training data, so all its
# [marginals](glossary:marginal), the distributions of single columns, are right. A **Gaussian copula** also keeps the
# correlations. It replaces each value by its rank, as a quantile of the standard normal distribution,
#
# $$z_j = \Phi^{-1}\left(F_j(x_j)\right)$$
#
# where $F_j$ is the distribution function of column $j$ and $\Phi$ that of the standard normal. (A category gets an
# interval of $z_j$ whose probability is its share.) It draws normal vectors with the correlations of the $z_j$, and
# transforms each number back by $x_j = F_j^{-1}(\Phi(z_j))$.

# %%
predict(
    "13.rules",
    "The copula knows each column and the correlation of each pair. Which rule do its fakes break most often?",
    options=list(rules),
)

# %% [markdown]
# The next table begins with two distances from the training data, 0 at best. `marginals` compares single columns:
# numbers by the largest difference between the distribution functions (Kolmogorov–Smirnov), categories by their shares.
# `pairs` compares the association of every two columns, from 0 to 1, such as the size of their rank correlation. The
# other columns are shares of rows that break a rule; `real` means another 3,000 real diamonds.

# %%
report = {}
for name in ("real", "independent columns", "copula"):
    frame = test if name == "real" else made(name)
    marginals = np.mean(list(metrics.marginal_distances(train, frame).values()))
    report[name] = marginals, metrics.association_difference(train, frame), *broken(frame)[0], broken(frame)[1]
pd.DataFrame(report, index=["marginals", "pairs", *rules, "any rule"]).T.round(3)

# %%
shares = dict(zip(rules, broken(made("copula"))[0]))
outcome(
    "13.rules",
    max(shares, key=shares.get),
    because="The correlation of x and z is 0.98, so z remains uncertain by about 4 % when x is given. The rule of the depth "
    "allows less than 1 %. The other two allow 10 and 3 %.",
)
claim(
    "independent columns have right marginals (mean distance below 0.05), and more than 90 % of their rows break a rule",
    below(report["independent columns"][0], 0.05),
    above(report["independent columns"][-1], 0.9),
)
claim(
    "the copula nearly keeps the pairs (mean difference below 0.1), and more than half of its rows break the rule of the "
    "depth",
    below(report["copula"][1], 0.1),
    above(report["copula"][2], 0.5),
)

# %% [markdown]
# The next picture compares the depth in each row with the depth computed from the row's measures. **Where must a real
# diamond lie?**

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.2), sharex=True, sharey=True, layout="constrained")
for axes, (name, frame) in zip(panels, {"real": test, **{n: made(n) for n in list(report)[1:]}}.items()):
    plots.draw_points(axes, np.stack([200 * frame.z / (frame.x + frame.y).clip(lower=1), frame.depth], 1)[:800], size=6)
    axes.set(title=name, xlabel="200 z / (x + y)", xlim=(50, 72), ylim=(50, 72), xticks=(55, 60, 65, 70))
panels[0].set_ylabel("depth")
plt.show()

# %% [markdown]
# **What it shows.** Real diamonds lie on the diagonal. The fakes have plausible depths and plausible measures that do
# not belong together. Right columns, and even nearly right correlations, do not make right rows.

# %% [markdown]
# ## 2. How does a network read a column?
# A network learns best from numbers of about the same size. A category becomes [one-hot](glossary:one-hot). For a
# number, is it enough to subtract the mean and divide by the standard deviation? Look at the weights of the diamonds.

# %%
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
axes.hist(train.carat, bins=np.arange(0.2, 2.6, 0.02), color=plots.COLOURS[0])
axes.set(title="3,000 diamonds", xlabel="carat", ylabel="diamonds")
plt.show()

# %% [markdown]
# There are peaks just above round weights such as 0.5, 1 and 1.5, and few diamonds just below. Standardizing does not
# remove them, and a generator that ends in a `tanh` would have to place them all between -1 and 1.
#
# **[Mode-specific normalization](glossary:mode-specific-normalization)** (Xu et al. 2019) first fits a [Gaussian
# mixture](glossary:Gaussian-mixture) to the column. A value then becomes two things: the mode (component) $k$ that it
# belongs to, as a one-hot code, and its position within this mode of mean $\mu_k$ and standard deviation $\sigma_k$,
#
# $$\alpha = \frac{x - \mu_k}{4 \sigma_k}$$
#
# The factor 4 keeps nearly all positions between -1 and 1.
#
# **Exercise 13.1.** Write this normalization, and the way back from what a generator returns: one position, and one
# score per mode. (Xu et al. draw the mode with its probability; take the most probable one.)


# %% tags=["exercise-13.1"]
{{exercise("13.1")}}


# %% tags=["check-13.1"]
mode_specific = check("13.1", mode_specific)
grade("13.1")

# %% [markdown]
# `MixedTable` translates a whole frame: `measure` looks at the training data, `to_model` turns rows into numbers for a
# network, and `to_frame` turns them back. With `"quantiles"`, numbers become the $z_j$ of the copula; with `"modes"`,
# modes and positions. Our VAE uses quantiles, our GAN modes.

# %%
tables = {kind: MixedTable(kind).measure(train) for kind in ("quantiles", "modes")}
for kind, table in tables.items():
    x = table.to_model(test, seed=0)
    same = sum((table.to_frame(x)[name] == test[name]).mean() for name in test) / test.shape[1]
    print(f"{kind:9s} 10 columns become {x.shape[1]:3d} numbers; {same:.1%} of the cells come back unchanged")

# %% [markdown]
# ## 3. Does a VAE keep the rules?
# The [variational autoencoder](glossary:variational-autoencoder) of lesson 04 needs only a new decoder. It returns a
# softmax for each category, and for each number the mean of a Gaussian, whose standard deviation is learned, one per
# column. To make a row, `sample` draws a code from the prior and then each column from its softmax or its Gaussian.
#
# The copula knows only pairs of columns; the VAE sees whole rows in training.

# %%
predict(
    "13.vae",
    "Which generator breaks the rules in fewer rows: the copula or the VAE?",
    options=["the copula", "the VAE", "both alike, within a tenth"],
)

# %%
sampler = learned("VAE")  # Sampler(TabularVAE, latent_size=16, hidden_sizes=(128,), epochs=30, ...).fit(train)
codes = np.random.default_rng(0).normal(size=(3000, 16)).astype(np.float32)
drawn = sampler.table_.to_frame(sampler.model_.generate(codes, seed=0))
means = sampler.table_.to_frame(sampler.model_.decode(codes))
vae_rules = {}
for name, frame in {"copula": made("copula"), "VAE": drawn, "VAE, the decoder's means": means}.items():
    each, vae_rules[name] = broken(frame)
    print(f"{name:26s} depth {each[0]:.0%}, weight {each[1]:.0%}, round {each[2]:.0%}, any rule {vae_rules[name]:.0%}")

# %%
difference = vae_rules["VAE"] - vae_rules["copula"]
outcome(
    "13.vae",
    "the copula" if difference > 0.1 else "the VAE" if difference < -0.1 else "both alike, within a tenth",
    because="The VAE's decoder knows the whole row from its code, but then draws every column by itself.",
)
claim(
    "the decoder's means break fewer rules than its draws, by more than a tenth of the rows",
    above(vae_rules["VAE"] - vae_rules["VAE, the decoder's means"], 0.1),
)

# %% [markdown]
# **Diagnosis.** The last line comes from the same model and codes; only the decoder's draws are missing, and fewer rows
# break a rule: the noise that each column gets on its own does the harm. Leaving it out is no cure, as *When it fails*
# will show. A model that draws each column given those before it need not draw them independently: MADE (Germain et al.
# 2015), the default of `Sampler`.
#
# In the playground, a generator learns from 800 diamonds and makes 300 fakes. Three bars judge them (1 is best).
# *useful*: how well a model that has learned from the fakes predicts real prices, as $R^2$, the share of the variance
# that it explains. *private*: 1 if half of the fakes or more are closer to an unseen diamond than to any training
# diamond, 0 if none are. *keeps rules*: the share that breaks no rule. **Which bar of the VAE rises first, and which
# stays low?** Then choose the copier: which bar gives it away? Press a fake to see its closest real record.

# %%
play.fake_table()

# %% [markdown]
# ## 4. How do you ask for a rare kind of row?
# Only 3.6 % of the diamonds in `train` have the cut "Fair", three or four in a batch of 100, so a generator can ignore
# them at little cost. The conditional GAN for tables (CTGAN; Xu et al. 2019) has a remedy in two parts:
#
# - **A condition.** Beside its noise, the generator gets one category of one column, such as *cut is Fair*, as a
#   one-hot vector. Its loss contains the cross-entropy between this category and the one it makes. The critic sees the
#   condition, too, and compares the fakes with real rows that meet it.
# - **Training by sampling.** In training, the column is drawn at random, and its category with a probability that grows
#   with the *logarithm* of its frequency. So rare categories are requested more often than they occur.
#
# The critic is the one of lesson 06, with a [gradient penalty](glossary:gradient-penalty) and
# [packing](glossary:packing): here it judges ten rows at once, so it can notice when they are all alike.

# %%
predict(
    "13.fair",
    "We ask the GAN for 1,000 diamonds with a fair cut. How many does it label Fair?",
    unit="diamonds",
    low=0,
    high=1000,
)

# %% [markdown]
# A fair cut has bad proportions: it is too deep, too flat, or its top is too wide. **Do the requested diamonds have
# such proportions as often as real fair cuts?**

# %%
sampler = learned("GAN")
(block,) = sampler.table_.column_blocks("cut")  # its first grade, number 0, is Fair
asked = sampler.table_.to_frame(sampler.model_.sample(1000, seed=0, condition=(block, 0)))


def off(frame):
    """The share of diamonds with proportions that good cuts avoid: too deep, too flat, or too wide a top."""
    return ((frame["depth"] > 64.5) | (frame["depth"] < 57) | (frame["table"] > 62)).mean()


fair = (asked["cut"] == "Fair").mean()
print(f"labelled Fair: {fair:.0%} on request, {(made('GAN')['cut'] == 'Fair').mean():.1%} otherwise")
odd = {"requested": off(asked[asked["cut"] == "Fair"]), "real": off(train[train["cut"] == "Fair"])}
print(f"proportions off: {odd['requested']:.0%} of the requested fair ones, {off(made('GAN')):.0%} of all fakes,")
print(f"                 {odd['real']:.0%} of the real fair ones, {off(train):.0%} of all real ones")

# %%
outcome(
    "13.fair",
    round(1000 * fair),
    because="The generator's loss contains the cross-entropy of the label that was asked for.",
)
claim(
    "asked for a fair cut, the GAN labels more than half of its diamonds Fair; the share of these that have bad "
    "proportions is lower than among real fair ones, by more than 0.2",
    above(fair, 0.5),
    above(odd["real"] - odd["requested"], 0.2),
)

# %% [markdown]
# **What it shows.** The loss rewards the label directly. The proportions that belong to it must be learned from the
# critic, and after our 40 epochs they are rarer than among real fair cuts. When you ask for rare rows, check more than
# their label.

# %% [markdown]
# ## 5. Can a simulation teach what reality has not shown?
# A new pump has not leaked yet, so no generative model of its data knows how a leak looks. A **simulation** can show
# it: `data.sensors` computes from physics what the eight sensors of a pump loop read, and we choose when the pump
# leaks. We train a detector on ten simulated pumps with six leaks each, and set its threshold so that 5 % of the normal
# samples raise a false alarm. Then we test it on new simulated pumps: as they are, and with a flow meter that reads 3 %
# too high or too low.

# %%
predict(
    "13.pump",
    "On new simulated pumps the detector finds about 45 % of the leaking samples. What if the flow meter reads 3 % too high?",
    options=["more than 35 %", "20 to 35 %", "less than 20 %"],
)


# %%
def pump(seed, flow_reads=1.0, leaks=6, n=3000):
    """Samples (n, 8) of a simulated pump and whether it leaks; the flow meter reads `flow_reads` times the flow."""
    part, draw = n // max(leaks, 1), np.random.default_rng(seed)
    starts = [k * part + int(draw.integers(part - 200)) for k in range(leaks)]
    series = data.sensors(n, faults=[data.Fault("leak", start, start + 200, 2.0) for start in starts], seed=seed)
    x = series.x.copy()
    x[:, 1] *= flow_reads
    return x, series.labels == 1


def pumps(seeds, flow_reads=1.0):
    """Several pumps one after the other; `flow_reads` is one number, or one per pump."""
    x, leaking = zip(*(pump(*each) for each in zip(seeds, np.broadcast_to(flow_reads, len(seeds)))))
    return np.concatenate(x), np.concatenate(leaking)


def watching(x, leaking):
    """A detector (linear discriminant analysis of the sensors, their squares and products) and its threshold."""
    detector = make_pipeline(StandardScaler(), PolynomialFeatures(2), LinearDiscriminantAnalysis()).fit(x, leaking)
    return detector, np.quantile(detector.decision_function(x[~leaking]), 0.95)


detector, threshold = watching(*pumps(range(10)))
pump_results = {}
for flow_reads in (1.0, 1.03, 0.97):
    x, leaking = pumps(range(100, 106), flow_reads)
    alarm = detector.decision_function(x) > threshold
    pump_results[flow_reads] = alarm[leaking].mean(), alarm[~leaking].mean()
    print(
        "flow meter reads {:.2f}: finds {:.0%} of the leaking samples, {:.0%} false alarms".format(
            flow_reads, *pump_results[flow_reads]
        )
    )

# %%
found = pump_results[1.03][0]
outcome(
    "13.pump",
    "less than 20 %" if found < 0.2 else "20 to 35 %" if found <= 0.35 else "more than 35 %",
    because="Of the water that the pump moves, about 3 % leaks out before the flow meter. A meter that reads too high "
    "hides the leak, and one that reads too low looks like a leak.",
)
claim(
    "a detector from simulated pumps finds more than 0.35 of the leaking samples of new simulated pumps, but less than "
    "0.15 where the flow meter reads 3 % too high; where it reads 3 % too low, more than 0.4 of the normal samples are "
    "false alarms",
    above(pump_results[1.0][0], 0.35),
    below(pump_results[1.03][0], 0.15),
    above(pump_results[0.97][1], 0.4),
)

# %% [markdown]
# The difference between simulation and reality (here the wrong meter) is called the **reality gap**. There are two
# remedies. *Domain randomization* simulates many plausible realities: each of 20 training pumps gets a meter error of
# its own, 2 % in standard deviation. The second remedy keeps the first detector and sets its threshold on normal
# samples from the wrong meter; a plant that has never failed has many of them. **Which remedy helps in both cases?**

# %%
randomized = watching(*pumps(range(20), 1 + 0.02 * np.random.default_rng(0).normal(size=20)))
own = {}
for flow_reads in (1.03, 0.97):
    x, leaking = pumps(range(100, 106), flow_reads)
    normal = np.concatenate([pump(seed, flow_reads, leaks=0)[0] for seed in range(200, 204)])
    limit = np.quantile(detector.decision_function(normal), 0.95)
    for name, (model, at) in {"randomized": randomized, "own threshold": (detector, limit)}.items():
        alarm = model.decision_function(x) > at
        own[name, flow_reads] = alarm[leaking].mean(), alarm[~leaking].mean()
        print("{:14s} {:.2f}: finds {:.0%}, {:.0%} false alarms".format(name, flow_reads, *own[name, flow_reads]))

# %%
claim(
    "with a threshold from normal samples of the same meter, the detector finds more than 0.2 of the leaking samples, "
    "with less than 0.15 false alarms, whichever way the meter is wrong",
    above(min(own["own threshold", reads][0] for reads in (1.03, 0.97)), 0.2),
    below(max(own["own threshold", reads][1] for reads in (1.03, 0.97)), 0.15),
)

# %% [markdown]
# **What it shows.** Randomization lowers the false alarms where the meter reads too low, but finds few leaks where it
# reads too high. The new threshold helps in both cases: simulate what is rare, and measure what is plentiful.

# %% [markdown] tags=["sitting"]
# **A good place to stop.** You have made diamonds in four ways, and leaks by simulation. The second half asks what such
# data teach a model, and what they give away. It needs only the setup cell at the top.

# %% [markdown]
# ## 6. Can a model learn from fakes?
# A synthetic table is useful if a model trained on it works on real rows: **train on synthetic, test on real**,
# [TSTR](glossary:TSTR) for short. Its yardstick is TRTR, the score of the same model trained on the real rows that the
# generator has learned from. Both models are tested on the same real rows, which neither they nor the generator have
# seen.
#
# **Exercise 13.2.** Write this test so that nothing leaks. Where could the test rows slip in?


# %% tags=["exercise-13.2"]
{{exercise("13.2")}}


# %% tags=["check-13.2"]
tstr = check("13.2", tstr)
grade("13.2")

# %% [markdown]
# We predict the logarithm of a diamond's price with gradient boosting, a sum of many small decision trees. The score is
# $R^2$: 1 is perfect, and the mean price gets 0. The table also shows the share of rows that break a rule, and the
# [AUC](glossary:AUC) of a classifier that tries to detect the fakes among real rows: 0.5 if it cannot.
#
# A fifth generator joins in. **Interpolation** makes a row between a real row and one of its five nearest neighbours:
# SMOTE (Chawla et al. 2002), applied to a whole table.

# %%
predict(
    "13.tstr",
    "Whose fakes teach the price best (highest TSTR)?",
    options=["copula", "VAE", "GAN", "interpolation"],
)


# %%
def given(frame):
    """Grades as whole numbers, without the price; and the logarithm of the price."""
    grades = {name: frame[name].cat.codes.astype(float) for name in ("cut", "color", "clarity")}
    return frame.assign(**grades).drop(columns="price").astype(float), np.log(frame["price"].clip(lower=1))


def boosting(x_train, y_train, x_test, y_test):
    return HistGradientBoostingRegressor(max_iter=80, random_state=0).fit(x_train, y_train).score(x_test, y_test)


def judged(name):
    # `made` has learned from the first 3,000 rows alone: those that `tstr` hands over.
    usefulness, bar = tstr(*given(rows), len(train), lambda x, y: given(made(name)), boosting)
    return usefulness, bar, broken(made(name))[1], metrics.detection_auc(test, made(name), seed=0)


scores = {name: judged(name) for name in KINDS}
pd.DataFrame(scores, index=["TSTR", "TRTR", "any rule broken", "detection AUC"]).T.round(3)

# %%
best = max(list(scores)[1:], key=lambda name: scores[name][0])
outcome(
    "13.tstr",
    best,
    because="A row between two similar diamonds is nearly a diamond: compare the last two columns, too.",
)
claim(
    "interpolation has the highest TSTR of these generators, at most 0.02 below TRTR",
    above(scores["interpolation"][0], max(scores[name][0] for name in ("copula", "VAE", "GAN"))),
    above(scores["interpolation"][0], scores["interpolation"][1] - 0.02),
)
claim(
    "a classifier detects interpolated rows less well than those of the copula, the VAE and the GAN",
    below(scores["interpolation"][3], min(scores[name][3] for name in ("copula", "VAE", "GAN"))),
)

# %% [markdown]
# **What it shows.** Neither of our two small networks beats the simple rival. And TSTR can forgive much: most rows of
# the copula break a rule; compare its TSTR with TRTR. Another task may forgive less.

# %% [markdown]
# ## 7. Does a rare class gain from synthetic rows?
# Synthetic rows can be *added* to real ones. This **augmentation** is often tried for rare classes. In `people`, the
# first year of the RAND health insurance experiment, fewer than 2 % of 5,638 persons say that their health is poor. We
# train a logistic regression to find them, first on real rows, then with interpolated persons in poor health added
# until both classes are equally large.

# %%
predict(
    "13.augment",
    "With augmentation, the recall (the share of the persons in poor health who are found) rises. What does the AUC do?",
    options=["it rises by more than 0.03", "it stays within 0.03", "it falls by more than 0.03"],
)

# %%
shuffled = people.sample(frac=1, random_state=0)
known, new = shuffled[:2800], shuffled[2800:]
health = MixedTable("quantiles").measure(known.drop(columns="health"))


def poor(frame):
    return (frame["health"] == "poor").to_numpy()


def finder(frame):
    """The predicted probability of poor health for the persons of `new`, from a model trained on `frame`."""
    model = LogisticRegression(max_iter=1000)
    model.fit(health.to_model(frame.drop(columns="health")), poor(frame))
    return model.predict_proba(health.to_model(new.drop(columns="health")))[:, 1]


rare = known[poor(known)]
more = Sampler(Interpolation, random_state=0).fit(rare).sample(len(known) - 2 * len(rare))
plain, augmented = finder(known), finder(pd.concat([known, more]))
# The same number of alarms from the model without augmentation, by a lower threshold.
lower = np.quantile(plain, 1 - (augmented > 0.5).mean())
gains = {}
for name, (chance, at) in {
    "real rows": (plain, 0.5),
    "augmented": (augmented, 0.5),
    "real rows, lower threshold": (plain, lower),
}.items():
    gains[name] = roc_auc_score(poor(new), chance), recall_score(poor(new), chance > at), (chance > at).mean()
    print("{:27s} AUC {:.3f}, recall {:.2f}, alarms {:.1%}".format(name, *gains[name]))

# %%
change = gains["augmented"][0] - gains["real rows"][0]
outcome(
    "13.augment",
    "it rises by more than 0.03"
    if change > 0.03
    else "it falls by more than 0.03"
    if change < -0.03
    else "it stays within 0.03",
    because="The added rows lie between rows that the model has already seen.",
)
claim(
    "augmentation raises the recall from below 0.2 to above 0.6, but the AUC by no more than 0.01; with real rows alone, "
    "a lower threshold gives a recall within 0.1 of the augmented one",
    below(gains["real rows"][1], 0.2),
    above(gains["augmented"][1], 0.6),
    below(change, 0.01),
    between(gains["real rows, lower threshold"][1] - gains["augmented"][1], -0.1, 0.1),
)

# %% [markdown]
# **What it shows.** The recall rises because the model raises far more alarms. The last line checks this cause: with as
# many alarms, the model without synthetic rows finds about as many persons. The AUC, which needs no threshold, has not
# gained. So compare augmentation with a lower threshold on real test rows. It can help where it brings new knowledge:
# shifted images, or a simulated pump that leaks.

# %% [markdown]
# ## 8. What does a table give away?
# A TSTR equal to TRTR is easy: copy the training data. But then the rows belong to somebody. The first test for copies
# is the **distance to the closest record**. Its yardstick is the same distance among the real rows.
#
# **Exercise 13.3.** Write both distances: from each synthetic row to its closest real record, and from each real row to
# the closest other one. The columns have different units.


# %% tags=["exercise-13.3"]
{{exercise("13.3")}}


# %% tags=["check-13.3"]
closest_records = check("13.3", closest_records)
grade("13.3")

# %% [markdown]
# Four generators learn from 300 persons: the copula, a VAE, interpolation, and a *copier*, which draws from the
# training rows as they are. For every synthetic row we compare two distances in ten numeric columns: to the closest of
# the 300 training persons, and to the closest of 300 others. If a generator gives nothing away, about half of its rows
# are closer to a training person.

# %%
predict(
    "13.closer",
    "Of 100 interpolated rows, how many are closer to a training person than to any of the others?",
    unit="rows of 100",
    low=0,
    high=100,
)

# %%
NUMBERS = "age income education family_size chronic mental_health doctor_visits therapy_visits drug_expenses expenses"
NUMBERS = NUMBERS.split()
SMALL = {"epochs": 40, "batch_size": 32, "hidden_sizes": (64,), "latent_size": 8}
FOUR = {
    "copula": (GaussianCopula, {}),
    "VAE": (TabularVAE, SMALL),
    "interpolation": (Interpolation, {}),
    "copier": None,
}


def columns(frame):
    return frame[NUMBERS].to_numpy(dtype=float)


def distances(rows, records):
    """The distance from every row to the closest of the records, columns in standard deviations of all people."""
    unit = columns(people).std(axis=0)
    return cdist(columns(rows) / unit, columns(records) / unit).min(axis=1)


def table_of(name, persons, seed):
    """As many synthetic persons as real ones."""
    if name == "copier":
        return persons.sample(len(persons), replace=True, random_state=seed)
    kind, settings = FOUR[name]
    return Sampler(kind, random_state=seed, **settings).fit(persons.reset_index(drop=True)).sample(len(persons))


@cache
def trials(name):
    """Six times: 300 persons to learn from, 300 others, and a synthetic table."""
    draws = [people.sample(600, random_state=number) for number in range(6)]
    return [(draw[:300], draw[300:], table_of(name, draw[:300], number)) for number, draw in enumerate(draws)]


closer = {}
for name in FOUR:
    shares, middle = [], []
    for members, others, table in trials(name):
        to_members, to_others = distances(table, members), distances(table, others)
        shares.append(np.mean(to_members < to_others) + 0.5 * np.mean(to_members == to_others))
        middle.append([np.median(each) for each in closest_records(columns(table), columns(members))])
    closer[name] = np.mean(shares)
    print(f"{name:14s} closer to the training data: {closer[name]:.0%}", end="; median distance ")
    print("{:.2f}, among real rows {:.2f}".format(*np.mean(middle, axis=0)))

# %%
outcome(
    "13.closer",
    100 * closer["interpolation"],
    because="Every interpolated row lies between two training persons, who are near neighbours.",
)
claim(
    "less than 60 % of the copula's rows are closer to the training data, but more than 80 % of the interpolated ones",
    below(closer["copula"], 0.6),
    above(closer["interpolation"], 0.8),
)

# %% [markdown]
# **What it shows.** The copier is caught, and so is interpolation, the most useful generator of section 6. A median
# distance well below that among real rows is a warning. The comparison with *unseen* persons asks more directly: do the
# rows resemble the training persons, or persons like them?

# %% [markdown]
# ## 9. Was this person in the training data?
# The answer alone can be a secret, for instance when the table holds a clinic's patients. In a **[membership
# inference](glossary:membership-inference)** attack, an attacker knows a person's record and wants to know whether it
# was in the training data. A simple attacker says *member* if the closest synthetic row lies within a threshold
# distance. To choose the threshold, the attacker trains **shadow models**: generators of the same kind on persons of
# the attacker's own, for whom the right answer is known.
#
# The attacker's *advantage* is the share of the members who are called members, minus the share of the others who are
# called members: 0 for guessing, 1 for certainty.
#
# **Exercise 13.4.** Write the attack. Whose distances may the attacker use to choose the threshold?


# %% tags=["exercise-13.4"]
{{exercise("13.4")}}


# %% tags=["check-13.4"]
attack = check("13.4", attack)
grade("13.4")

# %% [markdown]
# **Which table would you release?** It should be the most useful of those that may be released at all: usefulness
# cannot make up for a leak.
#
# **Exercise 13.5.** Write the decision as a function, before you see any result.


# %% tags=["exercise-13.5"]
{{exercise("13.5")}}


# %% tags=["check-13.5"]
release = check("13.5", release)
grade("13.5")

# %% [markdown]
# Each of a generator's six trials is attacked with the other five as shadow models. The six advantages give an
# approximate 95 % interval (the attacks share shadow models, and trials can share persons). Usefulness is the TSTR of a
# logistic regression that finds persons with a physical limitation: its AUC on 2,000 persons from whom no generator of
# the trial has learned.


# %%
def advantages(name):
    found = [(distances(members, table), distances(others, table)) for members, others, table in trials(name)]
    thresholds = np.quantile(np.concatenate([np.concatenate(pair) for pair in found]), np.linspace(0.02, 0.98, 49))
    results = []
    for number, (members, others) in enumerate(found):
        shadows = found[:number] + found[number + 1 :]
        shadow_members, shadow_others = (np.concatenate(part) for part in zip(*shadows))
        results.append(attack(shadow_members, shadow_others, members, others, thresholds))
    return np.array(results)


# One encoding, which has seen no label, for all tables: a column may hold values that a small table lacks.
encoding = MixedTable("quantiles").measure(people.drop(columns="limited"))


def finds_limitations(frame, members):
    """The AUC of a logistic regression that has learned from `frame`, on 2,000 persons who are no members."""
    asked = people.drop(members.index).sample(2000, random_state=100)
    model = LogisticRegression(max_iter=1000)
    model.fit(encoding.to_model(frame.drop(columns="limited")), frame["limited"])
    return roc_auc_score(asked["limited"], model.predict_proba(encoding.to_model(asked.drop(columns="limited")))[:, 1])


reports = {}
for name in FOUR:
    gained = advantages(name)
    half = 2.57 * gained.std(ddof=1) / np.sqrt(6)  # Student's t with five degrees of freedom
    reports[name] = report = {
        "tstr": np.mean([finds_limitations(table, members) for members, _, table in trials(name)]),
        "trtr": np.mean([finds_limitations(members, members) for members, _, _ in trials(name)]),
        "copies": sum(int(pd.concat([members, table]).duplicated()[300:].sum()) for members, _, table in trials(name)),
        "advantage": (gained.mean() - half, gained.mean() + half),
    }
    print("{:14s} TSTR {tstr:.3f}, TRTR {trtr:.3f}, copies {copies:4d}, ".format(name, **report), end="")
    print("advantage {:.2f} to {:.2f}".format(*report["advantage"]))

# %%
claim(
    "the whole interval of the advantage lies above 0.2 for interpolation, and below 0.15 for the copula",
    above(reports["interpolation"]["advantage"][0], 0.2),
    below(reports["copula"]["advantage"][1], 0.15),
)

# %%
for limit in (0.5, 0.15, 0.01):
    print(f"an advantage of {limit} must be ruled out: release {release(reports, limit)}")

# %% [markdown]
# The copier is out under any limit, because its rows are real records. Interpolation is out wherever an advantage of
# 0.15 must be ruled out. And the intervals are wide: even for a generator that gives nothing away, six trials with 300
# persons cannot rule out an advantage of 0.01.
#
# Such a test does not prove privacy: a better attacker may find more. **Differential privacy** (Dwork and Roth 2014) is
# a guarantee: noise, for instance in the gradients of training, bounds how much any one person can change the
# distribution of the result.

# %% [markdown]
# ## When it fails
# ### The most probable category
# Suppose that you take the most probable category from the softmax of the VAE instead of drawing one, with the same
# model and codes. **What happens to the fair cuts?**

# %%
vae = learned("VAE")
codes = np.random.default_rng(1).normal(size=(3000, 16)).astype(np.float32)
vanishing = {}
for name, x in {"drawn": vae.model_.generate(codes, seed=0), "most probable": vae.model_.decode(codes)}.items():
    vanishing[name] = vae.table_.to_frame(x)["cut"].value_counts(normalize=True, sort=False)
pd.DataFrame({"real": train["cut"].value_counts(normalize=True, sort=False), **vanishing}).T.round(3)

# %%
claim(
    "taking the most probable category makes less than two thirds of the fair cuts that drawing makes",
    below(vanishing["most probable"]["Fair"], 2 / 3 * vanishing["drawn"]["Fair"]),
)

# %% [markdown]
# **Diagnosis.** Where "Fair" has a probability of 20 % and another cut has more, drawing makes some fair cuts, and
# taking the most probable category makes none. Rare categories lose most: this is the beginning of [mode
# collapse](glossary:mode-collapse) in one column, and an average over the table can hide it. **Fix.** Draw the
# category, and compare the shares of all categories.
#
# ### A heavy KL term
# In lesson 04, a KL term that weighs too much was one cause of [posterior collapse](glossary:posterior-collapse).
# **What does a VAE make of a table if its KL term has the weight $\beta = 30$?** We change $\beta$ alone, and look at x
# and y, which are nearly equal in every real diamond.

# %%
collapsed = Sampler(TabularVAE, random_state=0, beta=30.0, **KINDS["VAE"][1]).fit(train).sample(3000)
together = {name: np.corrcoef(frame["x"], frame["y"])[0, 1]
            for name, frame in {"real": train, "beta 1": made("VAE"), "beta 30": collapsed}.items()}  # fmt: skip
marginal = {name: np.mean(list(metrics.marginal_distances(train, frame).values()))
            for name, frame in {"beta 1": made("VAE"), "beta 30": collapsed}.items()}  # fmt: skip
print("correlation of x and y:", ", ".join(f"{name} {value:.2f}" for name, value in together.items()))
print("mean distance of the marginals:", ", ".join(f"{name} {value:.3f}" for name, value in marginal.items()))

# %%
claim(
    "with beta 30 the correlation of x and y is below 0.4, with beta 1 above 0.8",
    below(together["beta 30"], 0.4),
    above(together["beta 1"], 0.8),
)

# %% [markdown]
# **Diagnosis.** The code carries too little information about the row. The decoder draws its columns independently
# given the code, so they share only what the code contains. Do the marginals reveal it? Compare their distances with
# the fall of the correlation. **Fix.** Use a smaller $\beta$, and check pairs.
#
# ### One person among 301
# An average can hide what happens to one person. We add an invented one to 300 others: a child of eight with poor
# health, 61 visits to a doctor, and bills of 21,480 dollars. Interpolation makes 30,000 rows, once with this person
# among its training data and once without. **How near to the person will the closest row be, in standard deviations?**

# %%
planted = data.persons(rare=1).tail(1)
crowd = people.sample(300, random_state=7)
nearby = {"the person": planted[NUMBERS].assign(distance=0.0)}
for name, frame in {"with the person": pd.concat([crowd, planted]), "without": crowd}.items():
    table = Sampler(Interpolation, random_state=0).fit(frame.reset_index(drop=True)).sample(30_000)
    nearby[name] = table[NUMBERS].assign(distance=distances(table, planted)).sort_values("distance").head(1)
pd.concat(nearby).droplevel(1).round(1)

# %%
claim(
    "with the person among the training data, the closest row is less than 10 standard deviations away, without the "
    "person more than 20",
    below(nearby["with the person"]["distance"].iloc[0], 10),
    above(nearby["without"]["distance"].iloc[0], 20),
)

# %% [markdown]
# **Diagnosis.** Nobody else resembles this person, so a row this near reveals that the person was there. **Fix.** Look
# for such persons before training, leave them out or coarsen their values (age in decades, expenses capped), and repeat
# the attack on them alone.

# %% [markdown]
# ## Check yourself
# Run the next cell; the questions appear below it.

# %%
quiz(
    "13.check_yourself",
    [
        Question(
            "All histograms of a synthetic table agree with the real ones. What follows?",
            [
                (
                    "a model trained on it will work",
                    False,
                    "Independent columns have right histograms, but do not contain how columns depend on each other.",
                ),
                ("nothing about whole rows", True, "Right. Check pairs, rules, and what a model learns from the rows."),
                ("the generator copies", False, "Independent columns do not copy rows, and have right histograms."),
            ],
        ),
        Question(
            "A colleague reports TSTR 0.95 and TRTR 0.99. The second is the score of the model on its own training data. "
            "What is wrong?",
            [
                ("nothing: 0.04 is lost", False, "A training score is too high, so the loss is overstated."),
                (
                    "the two were not tested on the same unseen real rows",
                    True,
                    "Yes. The real model might reach 0.95 there as well.",
                ),
                ("TSTR must be tested on synthetic rows", False, "The last two letters say: test on real."),
            ],
        ),
        Question(
            "The rare class has 40 rows. You add 2,000 synthetic ones, made from the 40, and the recall doubles. What do "
            "you check first?",
            [
                ("whether 4,000 rows are better still", False, "First find out whether anything was gained."),
                (
                    "the recall without them, at a threshold that raises as many alarms",
                    True,
                    "Yes: more alarms find more, with or without synthetic rows.",
                ),
                ("the training accuracy", False, "It says nothing about new rows."),
            ],
        ),
        Question(
            "No synthetic row equals a real one. Is the table private?",
            [
                ("yes, nothing was copied", False, "Interpolation copies nothing either, and the attack succeeds."),
                (
                    "unknown: rows may still be much closer to the training data than to other persons",
                    True,
                    "Right. Compare both distances, and attack the table yourself.",
                ),
                ("yes, if there are more than 1,000 rows", False, "More rows give an attacker more, not less."),
            ],
        ),
        Question(
            "A detector trained on simulated machines fails on a real one. What helps, if the machine has not failed yet?",
            [
                ("wait for its failures", False, "The simulation is there to avoid that."),
                ("simulate ten times as many machines alike", False, "They all have the same gap to reality."),
                (
                    "simulate machines that differ, and set the threshold on the real one's normal data",
                    True,
                    "Yes: normal data are plentiful, and a varied simulation covers more realities.",
                ),
            ],
        ),
    ],
)

# %% [markdown]
# ## Summary
# - Right columns do not make right rows. Check marginals, pairs and rules.
# - One-hot codes, and quantiles or modes, turn a mixed table into numbers, and back.
# - A copula knows pairs; a VAE draws its columns independently given the code; a conditional GAN can be asked for rare
#   rows.
# - A simulation can show what was never observed, but differs from reality.
# - Useful: train on synthetic, test on unseen real rows, and compare with TRTR. Interpolation won.
# - Augmentation of a rare class did no more than a lower threshold.
# - Private: compare distances to training data and to other persons, and attack the table, above all its rarest
#   persons. Interpolation lost.
#
# The comparison table gets one row: the VAE for tables, with the digits as a table of 64 columns. **Compare it with the
# autoencoders that have codes of eight numbers.** Its code has ten numbers, but it was made for other data: each pixel
# is a column with quantiles and noise of its own.

# %%
digits_train, digits_test = data.digits().split(seed=0)
pixels = MixedTable("quantiles").measure(pd.DataFrame(digits_train.x))


def to_pixels(x):
    return pixels.to_model(pd.DataFrame(x)).astype(np.float32)


table_rows = []
for seed in range(2):
    begin = time.perf_counter()
    vae = TabularVAE(pixels.blocks, 10, (128,), seed=seed)
    fit(vae, to_pixels(digits_train.x), epochs=30, seed=seed, progress=False)
    spent = time.perf_counter() - begin
    table_rows.append(
        comparison_row(
            "VAE for tables",
            10,
            digits_train,
            digits_test,
            encode=lambda x, vae=vae: vae.encode(to_pixels(x)),
            decode=lambda z, vae=vae: pixels.to_frame(vae.decode(z)).to_numpy(),
            can_sample=True,
            seconds=spent,
        )
    )
comparison(table_rows)

# %% [markdown]
# ## Where to read on
# - Lei Xu et al., *Modeling tabular data using conditional GAN*, NeurIPS 2019. Section 4 describes what we use.
# - Nitesh Chawla et al., *SMOTE: synthetic minority over-sampling technique*, Journal of Artificial Intelligence
#   Research 2002.
# - Neha Patki, Roy Wedge and Kalyan Veeramachaneni, *The synthetic data vault*, DSAA 2016. Copulas for tables.
# - Akim Kotelnikov et al., *TabDDPM: modelling tabular data with diffusion models*, ICML 2023. Compares with SMOTE, on
#   usefulness and privacy.
# - Theresa Stadler, Bristena Oprisanu and Carmela Troncoso, *Synthetic data: anonymisation groundhog day*, USENIX
#   Security 2022. What tables give away, and about whom.
# - Reza Shokri et al., *Membership inference attacks against machine learning models*, IEEE Symposium on Security and
#   Privacy 2017. Shadow models.
# - Cynthia Dwork and Aaron Roth, *The algorithmic foundations of differential privacy*, 2014.
# - Josh Tobin et al., *Domain randomization for transferring deep neural networks from simulation to the real world*,
#   IROS 2017.
