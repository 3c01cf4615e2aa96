"""The mirrored decoder."""

import torch
from torch import nn

from udl_teach.lesson.exercise import Wrong, difference, mistake


def make_decoder(sizes):
    """The mirror image of an encoder with these layer sizes: code in, sample out, ReLU between two layers."""
    ### BEGIN SOLUTION
    sizes = sizes[::-1]
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
    ### END SOLUTION


HINTS = (
    "Read the encoder's sizes from right to left: that is the way back.",
    "zip(sizes[:-1], sizes[1:]) walks over the pairs (in, out) of an encoder. First turn sizes round.",
    "Collect layers in a list, a nn.Linear and a nn.ReLU for each pair; in the end one ReLU is too many.",
    "sizes = sizes[::-1]; in a loop: layers += [nn.Linear(n_in, n_out), nn.ReLU()]; return "
    "nn.Sequential(*layers[:-1]).",
)


def _falling_sizes(rng, n):
    return sorted((int(size) for size in rng.choice(range(2, 40), n, replace=False)), reverse=True)


def arguments(rng):
    # Falling, at least four, all different: every turn and every missing layer shows.
    return (_falling_sizes(rng, int(rng.integers(4, 6))),)


def agree(got, wanted):
    try:
        return isinstance(got, nn.Module) and _course(got) == _course(wanted)
    except (RuntimeError, IndexError, TypeError):  # it cannot be called, or its layers do not fit: the judge says so
        return False


def _course(module):
    """What a code meets on its way through a module, such as ["2 → 64", "ReLU", "64 → 8"].

    The layers' own answers are replaced by random numbers of both signs; what becomes of those on their way to the
    next layer shows what stands between, however it is written.
    """
    linears = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
    generator = torch.Generator().manual_seed(0)
    met, signal = [], torch.randn(32, linears[0].in_features, generator=generator)

    def meet(x):
        if not (x.shape == signal.shape and torch.equal(x, signal)):
            relu = x.shape == signal.shape and torch.equal(x, signal.relu())
            met.append("ReLU" if relu else "another function")

    def replace(layer, given, result):
        nonlocal signal
        meet(given[0])
        met.append(f"{layer.in_features} → {layer.out_features}" + ("" if layer.bias is not None else " without bias"))
        signal = torch.randn(result.shape, generator=generator)
        return signal.clone()

    hooks = [layer.register_forward_hook(replace) for layer in linears]
    try:
        with torch.no_grad():
            meet(module(signal.clone()))
    finally:
        for hook in hooks:
            hook.remove()
    return met


not_mirrored = difference(
    make_decoder,
    {"sizes[::-1]": "sizes"},
    """Your decoder has the encoder's sizes in the encoder's order: it takes samples, not codes. Turn the sizes round,
    sizes[::-1].""",
)

activation_after_the_last_layer = difference(
    make_decoder,
    {"*layers[:-1]": "*layers"},
    """There is a ReLU after the last layer too: no pixel below zero could come out, and one that is stuck at zero gets
    no gradient. Activations stand between layers; leave off the last one.""",
)

activation_on_the_code = difference(
    make_decoder,
    {"layers = []": "layers = [nn.ReLU()]"},
    """A ReLU comes before the first layer, so every negative number of a code is lost before it is decoded. Activations
    stand between layers only.""",
)

activation_before_the_first_and_after_the_last_layer = difference(
    make_decoder,
    {"layers = []": "layers = [nn.ReLU()]", "*layers[:-1]": "*layers"},
    """There is a ReLU on the code and one on the output. Activations stand between layers only: none before the first,
    none after the last.""",
)

no_activation_between = difference(
    make_decoder,
    {", nn.ReLU()": "", "*layers[:-1]": "*layers"},
    """There is nothing between the layers: affine maps one after the other are still one affine map, so this decoder is
    no more than a linear one. Put nn.ReLU() between each two.""",
)

code_size_forgotten = difference(
    make_decoder,
    {"sizes[::-1]": "sizes[:-1][::-1]"},
    """The code size is missing: your first layer takes what the last hidden layer gives, not the code. Start from
    sizes[-1].""",
)

sample_size_forgotten = difference(
    make_decoder,
    {"sizes[::-1]": "sizes[1:][::-1]"},
    """The last layer is missing: what comes out has the width of a hidden layer. The decoder must end with as many
    numbers as a sample has, sizes[0].""",
)

a_list_in_sequential = difference(
    make_decoder,
    {"*layers[:-1]": "layers[:-1]"},
    """nn.Sequential wants the layers themselves, one after the other, not a list of them. A star unpacks the list:
    nn.Sequential(*layers).""",
)


@mistake
def straight_from_the_code_to_the_sample(sizes):
    """You went from the code to the sample in one layer. The mirror has the hidden layers as well, in reverse."""
    return nn.Sequential(nn.Linear(sizes[-1], sizes[0]))


def judge(function, rng):
    for n in (4, 5):
        sizes = _falling_sizes(rng, n)
        decoder = function(list(sizes))
        if not isinstance(decoder, nn.Module) or isinstance(decoder, (nn.ModuleList, nn.ModuleDict)):
            raise Wrong(
                "Your function must return a module that can be called: put the layers into nn.Sequential(*layers)."
            )
        wanted = ", ".join(_course(make_decoder(sizes)))
        try:
            yours = ", ".join(_course(decoder))
        except (RuntimeError, IndexError):
            linears = [layer for layer in decoder.modules() if isinstance(layer, nn.Linear)]
            yours = " then ".join(f"{layer.in_features} → {layer.out_features}" for layer in linears)
            raise Wrong(
                f"For sizes {sizes} the decoder must go {wanted}; your layers are {yours or 'none'}, and they do not "
                "fit onto one another."
            ) from None
        if yours != wanted:
            raise Wrong(f"For sizes {sizes} a code must meet this: {wanted}. In your decoder it meets: {yours}.")
