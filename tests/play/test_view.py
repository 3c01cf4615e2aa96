"""The face of a playground: what the browser is sent, what it may ask for, and what is in sight."""

import json

import numpy as np
import pytest
from machinery.playgrounds import touch

from udl_teach import play
from udl_teach.play.view import MOST, TYPES, Playground, packed, touch_at


@pytest.fixture
def sent(monkeypatch, nothing_left_open):
    """Messages of every canvas, with their arrays."""
    messages = []
    from udl_teach.play.view import Canvas

    monkeypatch.setattr(Canvas, "send", lambda self, content, buffers=None: messages.append((content, buffers)))
    return messages


def report(playground, **message):
    playground._report(playground.canvas, message, [])


def ready(playground):
    report(playground, event="ready")
    return playground


def shown(widget):
    return widget.layout.display != "none"


def test_the_image_stands_in_until_the_browser_is_ready(sent):
    playground = play.kmeans_steps()
    assert shown(playground.picture) and shown(playground.play) and not shown(playground.play_button)
    before = playground.picture.value
    playground._step(None)
    assert playground.picture.value != before and sent == []
    ready(playground)
    assert not shown(playground.picture) and not shown(playground.play) and shown(playground.play_button)
    (message, buffers), *_ = sent
    assert bytes(buffers[message["ground"]["array"]])[:8] == b"\x89PNG\r\n\x1a\n" and message["commands"]
    before = playground.picture.value
    playground._step(None)
    assert playground.picture.value == before and len(sent) == 2
    assert playground.png[:8] == b"\x89PNG\r\n\x1a\n"


def test_what_stays_is_sent_again_only_when_it_has_changed(sent):
    playground = ready(play.som_unfolding())
    for _ in range(3):
        playground._step(None)
    assert ["ground" in message for message, _ in sent][:2] == [True, False]
    ready(playground)  # another view of the same output
    assert "ground" in sent[-1][0]


def test_the_browser_gets_a_frame_for_each_that_it_asks_for_while_it_plays(sent):
    playground = ready(play.autoencoder_live())
    report(playground, event="tick")
    assert playground.player.index == 0 and len(sent) == 1
    playground._toggle(None)
    assert playground.canvas.playing and playground.play_button.description == "Pause"
    report(playground, event="tick")
    assert 1 <= playground.player.index <= 10 and len(sent) == 2
    playground._toggle(None)
    taken = playground.player.index
    report(playground, event="tick")
    assert playground.player.index == taken and playground.play_button.description == "Play"


def test_a_run_that_ends_stops_playing(sent):
    playground = ready(play.kmeans_steps())
    playground._toggle(None)
    for _ in range(200):
        report(playground, event="tick")
    assert playground.player.finished and not playground.canvas.playing
    assert "Finished" in playground.said


def test_a_slow_machine_takes_fewer_steps_to_a_picture_and_at_least_one(sent, monkeypatch):
    playground = ready(play.autoencoder_live(speed=50))
    playground._toggle(None)
    monkeypatch.setattr("udl_teach.play.view.SECONDS", 0.0)
    report(playground, event="tick")
    assert playground.player.index == 1


def test_what_is_learned_does_not_depend_on_who_draws(sent):
    drawn, plain = ready(play.autoencoder_live()), None
    for _ in range(4):
        drawn._step(None)
    words = drawn.said
    drawn.close()
    plain = play.autoencoder_live()
    for _ in range(4):
        plain._step(None)
    assert plain.said == words


def test_a_closed_playground_answers_nothing(sent):
    playground = ready(play.kmeans_steps())
    playground.close()
    report(playground, event="tick")
    report(playground, event="ready")
    assert len(sent) == 1


@pytest.mark.parametrize("name", ["autoencoder_live", "gan_game", "vae_live", "som_atlas", "loss_landscape"])
def test_every_message_is_json_and_its_arrays_are_of_known_types(sent, name):
    playground = ready(getattr(play, name)())
    message, buffers = sent[-1]
    json.dumps(message)
    assert message["commands"] and all(isinstance(buffer, bytes) for buffer in buffers)
    playground.close()


def test_arrays_travel_beside_the_message():
    buffers = []
    value = {"a": [np.zeros((2, 2), np.float32), None, 3], "b": np.ones((2, 3, 4), np.uint8), "c": b"xy"}
    found = packed(value, buffers)
    assert found["a"][0] == {"array": 0, "type": "f32"} and found["a"][1:] == [None, 3]
    assert found["b"] == {"array": 1, "type": "u8", "shape": [2, 3]} and buffers[2] == b"xy"
    assert set(TYPES.values()) == {"f32", "u8", "i32"}


def test_a_place_is_told_in_the_units_of_its_axes():
    playground = play.kmeans_steps()
    frame = playground._drawing.frame
    axes = next(one for one in frame.figure.axes if one.get_visible())
    middle = axes.transData.transform((0.25, -0.5))
    touch = touch_at(frame, "down", middle[0], frame.size[1] - middle[1])
    assert touch.axes is axes and (touch.x, touch.y) == (pytest.approx(0.25), pytest.approx(-0.5))
    assert touch_at(frame, "down", -5, 10) is None
    playground.close()


def test_at_most_twelve_controls_are_in_sight_and_the_rest_one_button_away(sent):
    playground = play.gan_game()
    panels = playground._panels
    assert sum(map(shown, panels.values())) == MOST and shown(playground.more)
    playground.more.value = True
    assert sum(map(shown, panels.values())) > MOST
    few = play.kmeans_steps(data="drawn")
    assert all(map(shown, few._panels.values())) and not shown(few.more)


def test_the_caption_has_two_lines_and_all_of_them_on_demand(sent):
    playground = play.gan_game()
    assert "height:2.8em;overflow:hidden" in playground.words.value
    playground.more_words.value = True
    assert "overflow:hidden" not in playground.words.value and playground.canvas.label == playground.said


def test_touching_moves_the_controls(sent):
    playground = play.kmeans_steps()
    assert isinstance(playground, Playground)
    playground._touch = lambda player, settings, touch: {"n_clusters": 7} if touch.kind == "down" else {}
    width, height = playground._drawing.frame.size
    report(playground, event="pointer", kind="down", x=0.2 * width, y=0.5 * height)
    assert playground.settings()["n_clusters"] == 7 and playground.inputs["n_clusters"].value == 7
    report(playground, event="pointer", kind="down", x=-1, y=-1)
    report(playground, event="pointer", kind="up", x=-1, y=-1, id=8)
    assert sent[-1] == ({"done": 8}, None)  # then the browser sends its next move


def test_what_a_touch_moves_is_shown_in_one_picture_and_a_drag_stays_in_its_axes(sent):
    playground = ready(play.kmeans_steps())
    (width, height), seen = playground._drawing.frame.size, []
    playground._touch = lambda player, settings, touch: seen.append(touch.axes) or {"n_clusters": 5, "seed": len(seen)}
    first = playground._drawing.frame.figure.axes[0]
    touch(playground, "down", *np.mean([first.get_xlim(), first.get_ylim()], axis=1), axes=first)
    assert (playground.settings()["n_clusters"], playground.settings()["seed"]) == (5, 1) and len(sent) == 2
    for x in range(0, width, 5):
        report(playground, event="pointer", kind="move", x=x, y=0.5 * height)
    assert len(seen) > 10 and set(seen) == {first}
    report(playground, event="pointer", kind="up", x=width - 5, y=0.5 * height)
    assert seen[-1] is None
