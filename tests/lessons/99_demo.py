# ---
# jupyter: {jupytext: {text_representation: {format_name: percent}}, kernelspec: {display_name: Python 3, language: python, name: python3}}
# ---
# %% [markdown]
# # 99 · A demonstration
# {{badges}}
#
# {{times reading=5}}
#
# **You need:** nothing. This lesson exists for the tests of the builder alone.

# %% tags=["setup"]
{{setup}}

# %% [markdown]
# ## Goals
# After this lesson the builder has seen every part of a lesson.

# %% [markdown]
# ## 1. The narrow place
# A [bottleneck](glossary:bottleneck) gives a [latent space](glossary:latent-space); more on [bottlenecks](glossary:bottleneck).

# %%
import numpy as np

from udl_teach import play

# %%
predict("99-wide", "How wide is it?", unit="units", low=0, high=10)

# %% tags=["exercise-99.1"]
def centred(x):
    """Moves the cloud to the origin."""
    ### BEGIN SOLUTION
    middle_of_the_cloud = x.mean(axis=0)
    return x - middle_of_the_cloud
    ### END SOLUTION


# %% tags=["check-99.1"]
centred = check("99.1", centred)
grade("99.1")

# %%
outcome("99-wide", 3.0, because="it is.")

# %%
play.pca_components(np.eye(4))

# %% tags=["exercise-99.2"]
def width(x):
    """The width of the cloud."""
    # Hint: a difference.
    ### BEGIN SOLUTION
    highest, lowest = x.max(axis=0), x.min(axis=0)

    return highest - lowest
    ### END SOLUTION


# %% tags=["check-99.2"]
width = check("99.2", width)
grade("99.2")

# %% tags=["exercise-99.3"]
def depth(x):
    for row in x:
        ### BEGIN SOLUTION
        deepest_of_all_rows = max(row)
        return deepest_of_all_rows
        ### END SOLUTION


# %% tags=["check-99.3"]
depth = check("99.3", depth)
grade("99.3")

# %% tags=["solution-only"]
print("for teachers")

# %% tags=["student-only"]
print("for learners")

# %%
claim("one is less than two", 1 < 2, one=1, two=2)

# %% [markdown]
# ## When it fails
# It does not.

# %%
print("twice the same")

# %%
print("twice the same")

# %% [markdown]
# ## Check yourself

# %%
quiz(
    "99-quiz",
    [
        Question("A?", [("yes", True, "Because."), ("no", False, "Not so.")]),
        Question("B?", [("yes", True, "Because."), ("no", False, "Not so.")]),
        Question("C?", [("yes", True, "Because."), ("no", False, "Not so.")]),
        Question("D?", [("yes", True, "Because."), ("no", False, "Not so.")]),
    ],
)

# %% [markdown]
# ## Summary

# %%
comparison([])

# %% [markdown]
# ## Where to read on
# Nowhere.
