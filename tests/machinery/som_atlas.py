"""What the tests of the atlas share: data, maps, and a way to a unit."""

from udl_teach import data
from udl_teach.models import SelfOrganizingMap

FEW = data.digits()[:300]
WINE = data.wine()
TOPOLOGIES = ("rectangular", "hexagonal")


def trained(dataset, rows=4, columns=5, **more):
    model = SelfOrganizingMap(dataset.x.shape[1], rows, columns, **more)
    list(model.steps(dataset.x, epochs=5))
    return model


def go(playground, row, column):
    playground.inputs["row"].value = row
    playground.inputs["column"].value = column
