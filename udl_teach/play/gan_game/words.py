"""Says what is happening in a game of two players, from measured quantities alone, by thresholds that stand here."""

from udl_teach.play.gan_game.flow import PHASES
from udl_teach.play.gan_game.run import EVERY, LAST
from udl_teach.play.gan_game.snapshot import PROBABLE, Snapshot

# A player moves alone that has moved more often than this, and than its turns are long, while the other stood still.
ALONE = 5
# What the discriminator is up to which AUC; 0.5 is chance, and 300 points on each side scatter by 0.025.
LITTLE, AHEAD = 0.7, 0.95
STATES = {0.4: "fooled", 0.6: "at chance", LITTLE: "a little ahead", AHEAD: "ahead", 1.0: "sure"}
# A median sample gradient below this share of the largest so far has vanished.
FAINT = 0.05
# A generator has collapsed on so small a share of the modes (or of the real points, where there are no modes), if so
# many of its points lie on modes, or all together: with a spread below so many of the data's radii.
COLLAPSED, COLLAPSED_OF_POINTS, ON_MODES, TOGETHER = 0.5, 0.2, 0.3, 0.5
# It has found the data from such shares on, with so many of its points on modes. Of real points fewer are covered even
# by a perfect generator, whose own points scatter.
NEARLY, NEARLY_OF_POINTS, ENOUGH = 0.9, 0.7, 0.4
# So many of the data's radii gone in LAST notes: to and fro. Every game begins so; later on it is an oscillation.
RESTLESS, BEGUN = 8.0, 900


def happening(now: Snapshot) -> str:
    """One or two sentences on what is happening: the first case that holds."""
    modes, share, quality = now.found
    bounds = (COLLAPSED, NEARLY) if len(modes) else (COLLAPSED_OF_POINTS, NEARLY_OF_POINTS)
    gradient = f"its gradient is {f'{now.strength:.2f} of ' if now.strength < 0.995 else ''}the largest so far"
    state = next(name for auc, name in STATES.items() if now.auc <= auc)
    discriminator, data = f"the discriminator is {state} (AUC {now.auc:.2f})", found(now)
    went = f"in the last {EVERY * LAST} steps the points went {now.path:.1f} times the data's radius"
    other, alone = sorted(now.alone, key=now.alone.get)
    if now.index == 0:
        return "Nobody has moved yet: press Step D and Step G in turn, or Play."
    if now.alone[alone] > max(ALONE, now.settings["discriminator_steps"]):
        moves = f"{now.alone[alone]:,} times since the {other} last moved"
        return f"The {alone} moves alone, {moves}: {data}; {discriminator}, and {gradient}."
    if now.auc > AHEAD and now.strength < FAINT:
        return f"The discriminator wins (AUC {now.auc:.2f}): {gradient}, so the generator hardly learns; {data}."
    together = now.spread < TOGETHER or len(modes) and quality >= ON_MODES
    if now.index >= EVERY * LAST and share <= bounds[0] and together:
        return f"Mode collapse: {data}; {discriminator}." + f" It moves: {went}." * (now.path > RESTLESS)
    if now.index >= BEGUN and now.path > RESTLESS:
        return f"Oscillation: {went} and came to no rest; {data}."
    if share >= bounds[1] and quality >= ENOUGH and now.auc <= LITTLE:
        return f"Balanced: {data}, and {discriminator}."
    return f"{data[:1].upper()}{data[1:]}; {discriminator}, and {gradient}."


def found(now: Snapshot, *, short: bool = False) -> str:
    """How much of the data is found, and how well: a count alone would praise points that lie everywhere."""
    modes, share, quality = now.found
    if not len(modes):
        return f"{percent(share)} of the real points covered"
    whose = "" if short else " of points"
    return f"{modes.sum()} of {len(modes)} mode{'s' * (len(modes) > 1)}, {percent(quality)}{whose} on them"


def percent(share: float) -> str:
    """A share in words: "45 %", and "0.3 %" rather than none where it is only small."""
    return f"{100 * share:.1f} %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    text, settings = happening(snapshot), snapshot.settings
    if snapshot.index:
        d, g = snapshot.made["discriminator"], snapshot.made["generator"]
        text += f" Step {snapshot.index:,}; moves: {d:,} of the discriminator, {g:,} of the generator."
        text += f" Data flow: {PHASES[snapshot.phase][0]}."
    probable = settings["objective"] in PROBABLE
    text += " Map: " + ("probability of real." if probable else "the score, scaled by its range in the picture.")
    if settings["latent_size"] > 2:
        text += f" The sheet is a slice: the first two of {settings['latent_size']} latent dimensions, the others 0."
    if settings["ema"]:
        text += " Points and sheet are those of the EMA generator, counts and gradients those of the generator itself."
    return text if kept is None else f"{text} Kept run, step {kept.index:,}: {happening(kept)}"
