"""The recipe of glyph_generator.npz: `python -m udl_teach.weights.make_generators` trains it anew, in six minutes.

It learns from letters that `data.glyphs` draws and from nothing else; one core of a processor is enough.
"""

from pathlib import Path

from udl_teach import data, fit, inputs
from udl_teach.models import ConvGAN
from udl_teach.modules import arguments_of
from udl_teach.pretrained import write

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
N_GLYPHS = 10_000
STEPS = 4800
BATCH_SIZE = 64


def train(seed: int = 0, *, steps: int = STEPS, n_glyphs: int = N_GLYPHS, progress: bool = False) -> ConvGAN:
    """A generator of letters, conditional on which letter it is to be: label 0 is A, label 25 is Z.

    Args:
        seed: of the glyphs, the initial weights, the shuffles and the latent vectors.
        steps: updates of each player; a pass that is begun is finished, so there may be somewhat more.
        n_glyphs: glyphs to learn from.
        progress: whether to show a bar.

    Returns:
        The model with the EMA of its generator in place of the generator, ready to use.
    """
    steps, n_glyphs = inputs.whole(steps, "steps"), inputs.whole(n_glyphs, "n_glyphs")
    glyphs = data.glyphs(n_glyphs, characters=LETTERS, seed=seed)
    model = ConvGAN(
        glyphs.image_shape,
        latent_size=16,
        channels=(24, 40),
        objective="relativistic",
        penalty=1.0,
        n_classes=len(LETTERS),
        ema=0.998,
        seed=seed,
    )
    epochs = -(-steps // -(-n_glyphs // BATCH_SIZE))
    rates = {"learning_rate": (6e-3, 2e-4), "betas": (0.0, 0.99)}
    learning = {"epochs": epochs, "batch_size": BATCH_SIZE, "seed": seed, "device": "cpu", "progress": progress}
    fit(model, glyphs.images, glyphs.labels, **rates, **learning)
    return with_ema_alone(model)


def with_ema_alone(model: ConvGAN) -> ConvGAN:
    """The same model with the EMA of its generator in place of the generator, which halves the file."""
    kept = ConvGAN(**(arguments_of(model) | {"ema": 0.0}))
    kept.generator.load_state_dict(model.generator_ema.state_dict())
    kept.discriminator.load_state_dict(model.discriminator.state_dict())
    return kept.eval()


if __name__ == "__main__":
    write(train(progress=True), Path(__file__).with_name("glyph_generator.npz"))
