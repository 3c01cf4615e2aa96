"""How long `fit` takes beside a hand-written loop and beside Lightning, as ratios measured in one run.

Run by `make bench`. The three learn the same autoencoder from the same images in batches of 128: 784-128-32-128-784 on
10,000 glyphs, where the arithmetic of a step outweighs what stands around it, and 64-128-2-128-64 on the digits, the
size of the lessons. Rounds alternate, so that a machine that slows down slows all of them, and the median counts.
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

BATCH = 128


def by_fit(network, x, epochs):
    fit(network(), x, epochs=epochs, batch_size=BATCH, progress=True, device="cpu")


def by_hand(network, x, epochs):
    """The tight loop: one shuffle a pass, views as batches, fused Adam, the loss kept as a number."""
    model = network()
    layers = nn.Sequential(model.encoder, model.decoder)
    optimizer = torch.optim.Adam(layers.parameters(), lr=1e-3, fused=True)
    losses = []
    for _ in range(epochs):
        for batch in x[torch.randperm(len(x))].split(BATCH):
            loss = ((layers(batch) - batch) ** 2).sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


def by_lightning(network, x, epochs):
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
        max_epochs=epochs, accelerator="cpu", logger=False, enable_checkpointing=False, enable_model_summary=False
    )
    trainer.fit(Module(), loader)


WAYS = {"by hand": by_hand, "fit": by_fit, "Lightning": by_lightning}


def compare(name, x, latent_size, *, epochs, rounds):
    def network():
        return Autoencoder(x.shape[1], latent_size, (128,), activation="relu", output="sigmoid")

    seconds = {way: [] for way in WAYS}
    for round_number in range(rounds + 1):
        for way, learn in WAYS.items():
            started = time.perf_counter()
            learn(network, x, epochs)
            if round_number:  # the first round warms up
                seconds[way].append(time.perf_counter() - started)
    median = {way: statistics.median(times) for way, times in seconds.items()}
    print(f"\n{name}, {len(x)} images, batch {BATCH}, {epochs} epochs, {torch.get_num_threads()} threads,")
    print(f"median of {rounds} rounds:")
    for way, value in median.items():
        print(f"  {way:<10} {value:6.2f} s   {value / median['by hand']:5.2f} x the loop written by hand")
    return median["fit"] / median["by hand"], median["Lightning"] / median["fit"]


def main(rounds: int = 5) -> None:
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    glyphs, digits = (torch.from_numpy(x.copy()) for x in (data.glyphs(10_000, seed=0).x, data.digits().x))
    overhead, lead = compare("784-128-32-128-784", glyphs, 32, epochs=3, rounds=rounds)
    print(f"  fit / by hand   {overhead:5.2f}   (aim: at most 1.15)")
    print(f"  Lightning / fit {lead:5.2f}   (aim: at least 4)")
    overhead, lead = compare("64-128-2-128-64", digits, 2, epochs=20, rounds=rounds)
    print(f"  fit / by hand   {overhead:5.2f}")
    print(f"  Lightning / fit {lead:5.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    main(**vars(parser.parse_args()))
