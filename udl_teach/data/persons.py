"""Persons: the first year of the RAND health insurance experiment, with rare persons planted on request.

Newhouse and the Insurance Experiment Group (1993), Free for all?; the data are those of Cameron and Trivedi (2005),
Microeconometrics, section 16.6 (public domain). `persons.csv.gz` holds the rows of year 1 and some columns of the file
that statsmodels 0.15 ships as `datasets/randhie/src/randhie.csv`; earlier versions lack it.
"""

from pathlib import Path
from typing import Any

import numpy as np

from udl_teach import inputs

HEALTH = ["poor", "fair", "good", "excellent"]
# Invented, and unlike anybody in the experiment in several columns at once; the first is the rarest.
RARE = {
    "age": [8.25, 60.5, 3.75, 57.0, 33.5],
    "sex": ["female", "male", "male", "female", "male"],
    "income": [29150, 28400, 310, 29010, 27600],
    "education": [25, 3, 24, 25, 2],
    "family_size": [13, 12, 13, 11, 12],
    "site": ["site 1", "site 5", "site 3", "site 6", "site 2"],
    "coinsurance": [95, 50, 95, 25, 50],
    "deductible": [False, False, False, False, False],
    "health": ["poor", "poor", "poor", "excellent", "poor"],
    "limited": [True, True, True, True, True],
    "chronic": [55.1, 57.3, 51.8, 56.2, 49.9],
    "mental_health": [14.1, 97.6, 13.3, 12.8, 98.4],
    "general_health": [96.2, 98.1, np.nan, 5.2, 97.4],
    "doctor_visits": [61, 2, 55, 1, 48],
    "therapy_visits": [44, 49, 38, 51, 47],
    "admissions": [4, 4, 3, 4, 3],
    "drug_expenses": [512.4, 1.2, 498.75, 566.3, 3.1],
    "expenses": [21480.2, 19870.45, 17325.9, 23111.6, 18250.35],
}


def persons(rare: int = 0) -> Any:
    """The table, a pandas DataFrame of one row per person; nothing is downloaded.

    5,638 persons took part in the first year, the only one that all of them have: the other years repeat them. Columns:
    `age` (years), `sex`, `income` (dollars a year of the family), `education` (years, of the head of the family),
    `family_size`, `site`, `coinsurance` (per cent of the bill that the person pays), `deductible` (whether it is asked
    for up to a fixed sum alone), `health` (as the person sees it, ordered), `limited` (physically), `chronic`
    (index of chronic diseases), `mental_health` and `general_health` (indices up to 100; the second is missing for
    1,217 persons), `doctor_visits`, `therapy_visits`, `admissions` (to hospital), `drug_expenses` and `expenses`
    (dollars). Members of a family share income, education, size, site and plan.

    Args:
        rare: number of invented rare persons, at most 5, planted as the last rows: a generator that gives away who is
            in its training data gives away these first.

    Raises:
        TypeError, ValueError: `rare` is no whole number from 0 to 5.
    """
    import pandas as pd

    rare = inputs.whole(rare, "rare", minimum=0)
    if rare > len(RARE["age"]):
        raise ValueError(f"rare was {rare}; it must be at most {len(RARE['age'])}.")
    raw = pd.read_csv(Path(__file__).with_name("persons.csv.gz"))
    health = np.select([raw["hlthp"] == 1, raw["hlthf"] == 1, raw["hlthg"] == 1], HEALTH[:3], HEALTH[3])
    frame = pd.DataFrame(
        {
            "age": raw["xage"].round(2),
            "sex": np.where(raw["female"] == 1, "female", "male"),
            "income": raw["income"].round().astype(np.int64),
            "education": raw["educdec"].round().astype(np.int64),
            "family_size": raw["num"].astype(np.int64),
            "site": "site " + raw["site"].astype(np.int64).astype(str),
            "coinsurance": raw["coins"].astype(np.int64),
            "deductible": raw["idp"] == 1,
            "health": health,
            "limited": raw["physlm"] > 0.5,  # fractions are imputed
            "chronic": raw["disea"].round(1),
            "mental_health": raw["mhi"].round(1),
            "general_health": raw["ghindx"].round(1),
            "doctor_visits": raw["mdvis"].astype(np.int64),
            "therapy_visits": raw["mentvis"].astype(np.int64),
            "admissions": raw["totadm"].astype(np.int64),
            "drug_expenses": raw["drugdol"].round(2),
            "expenses": raw["meddol"].round(2),
        }
    )
    if rare:
        frame = pd.concat([frame, pd.DataFrame(RARE)[:rare]], ignore_index=True)
    frame["health"] = pd.Categorical(frame["health"], HEALTH, ordered=True)
    return frame
