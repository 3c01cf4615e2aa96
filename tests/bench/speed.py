"""How long `fit` takes beside a hand-written loop and beside Lightning, as ratios measured in one run.

Run by `make bench`. The three learn the same 784-128-32-128-784 autoencoder from the same 10,000 images in batches of
128. Rounds alternate, so that a machine that slows down slows all of them, and the median of the rounds counts.
"""

import argparse
import logging
import statistics
import time
import warnings

import torch
from torch import nn

from udl_teach import data, fit
from udl_teach.models import Autoencoder

EPOCHS, BATCH = 3, 128


def network():
    return Autoencoder(784, 32, (128,), activation="relu", output="sigmoid")


def by_fit(x):
    fit(network(), x, epochs=EPOCHS, batch_size=BATCH, progress=True, device="cpu")


def by_hand(x):
    """The tight loop: one shuffle a pass, views as batches, fused Adam, the loss kept as a number."""
    model = network()
    layers = nn.Sequential(model.encoder, model.decoder)
    optimizer = torch.optim.Adam(layers.parameters(), lr=1e-3, fused=True)
    losses = []
    for _ in range(EPOCHS):
        for batch in x[torch.randperm(len(x))].split(BATCH):
            loss = ((layers(batch) - batch) ** 2).sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


def by_lightning(x):
    import lightning

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            model = network()
            self.layers = nn.Sequential(model.encoder, model.decoder)

        def training_step(self, batch, _):
            (x,) = batch
            return ((self.layers(x) - x) ** 2).sum(dim=1).mean()

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=1e-3)

    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x), batch_size=BATCH, shuffle=True)
    trainer = lightning.Trainer(
        max_epochs=EPOCHS, accelerator="cpu", logger=False, enable_checkpointing=False, enable_model_summary=False
    )
    trainer.fit(Module(), loader)


def main(rounds: int = 5) -> None:
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    x = torch.from_numpy(data.glyphs(10_000, seed=0).x.copy())
    ways = {"by hand": by_hand, "fit": by_fit, "Lightning": by_lightning}
    seconds = {name: [] for name in ways}
    for round_number in range(rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way(x)
            if round_number:  # the first round warms up
                seconds[name].append(time.perf_counter() - started)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"\n784-128-32-128-784, {len(x)} images, batch {BATCH}, {EPOCHS} epochs, {torch.get_num_threads()} threads,")
    print(f"median of {rounds} rounds:")
    for name, value in median.items():
        print(f"  {name:<10} {value:6.2f} s   {value / median['by hand']:5.2f} x the loop written by hand")
    print(f"  fit / by hand     {median['fit'] / median['by hand']:5.2f}   (aim: at most 1.15)")
    print(f"  Lightning / fit   {median['Lightning'] / median['fit']:5.2f}   (aim: at least 4)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    main(**vars(parser.parse_args()))
