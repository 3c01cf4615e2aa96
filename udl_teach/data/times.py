"""Times: dates in any usual spelling, and columns that look like time without being held as such."""

import re
from itertools import product
from typing import Any

import numpy as np

DAYS = ("%d %m %Y", "%m %d %Y", "%d %m %y", "%m %d %y", "%Y %m %d", "%d %b %Y", "%b %d %Y", "%d %b %y")
FORMS = ("%b %Y", "%b %y", "%m %Y", *(" ".join(p) for p in product(DAYS, ("%H:%M", "%H:%M:%S", "%I:%M %p"))), *DAYS)
DATE = re.compile(r"[\w,.:+' -/]*(\d[-/. ]+[A-Za-z\d]|[A-Za-z][-/. ]+\d)[\w,.:+' -/]*")
OTHER = r"\d{4}[- ]?[QW]\d\d?|Q\d[- /]?\d{4}|\d\d?:\d\d(:\d\d)?( ?[AaPp][Mm])?"
NAME = re.compile(
    r"(?i:(^|[_\s])(date|time|datetime|timestamp|year|month|week|day|hour)s?($|[_\s]))|[a-z](Date|Time|At)$"
)


def dates(cells: Any) -> tuple[np.ndarray | None, bool]:
    """Texts as dates.

    Args:
        cells: pandas Series of texts, where missing ones are NA.

    Returns:
        datetime64[us] array (in UTC where the texts name a time zone), or None if they are no dates; and whether day
        and month cannot be told apart.
    """
    import pandas as pd

    known = cells.dropna()
    if known.empty or not DATE.fullmatch(known.iloc[0][:40]):
        return None, False

    def parsed(texts: Any, form: str) -> Any:
        return pd.to_datetime(texts, format=form, errors="coerce", utc=True)

    def plain(texts: Any) -> Any:
        texts = texts.str.replace(r"(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? ", "", regex=True)
        return texts.str.replace(r"(?<=[A-Za-z]{3})[a-z]+", "", regex=True).str.replace(r"[\s,./-]+", " ", regex=True)

    forms = {"ISO8601": lambda texts: texts} | dict.fromkeys(FORMS, plain)
    if known.str.contains(r"^\d+\.\d+\.", regex=True).all():  # with points the day comes first
        forms = {form: change for form, change in forms.items() if not form.startswith("%m")}
    fitting = [form for form, change in forms.items() if parsed(change(known.iloc[:9]), form).notna().all()]
    found = [moments for form in fitting if (moments := parsed(forms[form](known), form)).notna().all()]
    if not found:
        return None, False
    if any(not found[0].equals(other) for other in found[1:]):
        return None, True
    result = found[0].dt.tz_localize(None).reindex(cells.index)
    return result.to_numpy(dtype="datetime64[us]"), False


def look(values: np.ndarray, name: str) -> str | None:
    """What kind of time whole numbers or texts look like, or None."""
    distinct = np.unique(values)
    if values.dtype.kind == "U":
        import pandas as pd

        texts = pd.Series(distinct[distinct != ""], dtype=object)
        if len(texts) == 0:
            return None
        if not texts.str.fullmatch(r"\d{4,19}").all():
            moments, unclear = dates(texts)
            known = moments is not None or unclear or texts.str.fullmatch(OTHER).all()
            return "dates or times as text" if known or NAME.search(name) else None
        distinct = texts.astype("int64").to_numpy() if texts.str.len().max() < 19 else np.array([0])
    if values.dtype.kind == "b" or len(distinct) < 2:
        return None
    low, high = int(distinct.min()), int(distinct.max())
    if 1800 <= low and high <= 2100:
        return "years"
    if 180001 <= low and high <= 210012 and np.isin(distinct % 100, np.arange(1, 13)).all():
        return "months such as 202405"
    if 18000101 <= low and high <= 21001231 and np.isin(distinct // 100 % 100, np.arange(1, 13)).all():
        return "days such as 20240531"
    if 2 * len(distinct) > len(values):  # else the numbers of persons, who come again and again
        for unit, factor in (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6), ("nanoseconds", 10**9)):
            if 631_152_000 * factor <= low and high <= 4_102_444_800 * factor:  # 1990 to 2100
                return f"{unit} since 1970"
    return "as it is called" if NAME.search(name) else None
