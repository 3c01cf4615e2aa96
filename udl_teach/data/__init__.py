"""Where data comes from: functions that return a `Dataset`; nothing is downloaded unless its name says so.

Offline, from a seed or from what is installed: `digits`, `stacked_digits`, `glyphs`, `letters`, `photos`, `patches`,
`ring`, `grid`, `two_clusters`, `clusters`, `moons`, `spiral`, `wine`, `mnist(n=5000)`, `sensors` (a pump loop with
faults), `transactions` (card payments with frauds), `recordings` (of a smartwatch, where seglearn is installed), and
`unseen_photos` (a dictionary of pictures of several sizes).
Mixed tables, as pandas DataFrames: `diamonds`, `persons`.
Fetched once and checked: `mnist`, `fashion_mnist`. Your own: `table` (a CSV file or a pandas DataFrame), `frame` (the
same with text, as a DataFrame), `images` (a folder). Series in time: `windows` cuts them, `split_in_time` divides
them, `moving_mean` smooths them.
`pairs` pairs images of the same thing.
"""

from udl_teach.data.binarizing import binarized
from udl_teach.data.blobs import clusters, grid, grid_centres, ring, ring_centres, two_clusters
from udl_teach.data.dataset import Dataset
from udl_teach.data.diamonds import diamond_rules, diamonds
from udl_teach.data.digits import digits
from udl_teach.data.downloads import fashion_mnist, mnist
from udl_teach.data.glyphs import glyphs
from udl_teach.data.images import images
from udl_teach.data.letters import letters
from udl_teach.data.pairing import pairs
from udl_teach.data.persons import persons
from udl_teach.data.photos import patches, photos
from udl_teach.data.recordings import recordings
from udl_teach.data.scaling import Scaling
from udl_teach.data.sensors import Fault, sensor_faults, sensors
from udl_teach.data.shapes import moons, spiral
from udl_teach.data.stacked import stacked_digits
from udl_teach.data.table import frame, table
from udl_teach.data.transactions import transactions
from udl_teach.data.unseen import unseen_photos
from udl_teach.data.windows import moving_mean, split_in_time, windows
from udl_teach.data.wine import wine

__all__ = [
    "Dataset",
    "Fault",
    "Scaling",
    "binarized",
    "clusters",
    "diamond_rules",
    "diamonds",
    "digits",
    "fashion_mnist",
    "frame",
    "glyphs",
    "grid",
    "grid_centres",
    "images",
    "letters",
    "mnist",
    "moons",
    "moving_mean",
    "pairs",
    "patches",
    "persons",
    "photos",
    "recordings",
    "ring",
    "ring_centres",
    "sensor_faults",
    "sensors",
    "spiral",
    "split_in_time",
    "stacked_digits",
    "table",
    "transactions",
    "two_clusters",
    "unseen_photos",
    "windows",
    "wine",
]
