"""The picture of a walk."""

import pytest
from machinery.playgrounds import tick

from udl_teach import play


@pytest.mark.parametrize(("latent_size", "kept"), [(2, True), (6, False), (8, True)])
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(latent_size, kept):
    playground = play.latent_walk("EX", trained=False, latent_size=latent_size)
    if kept:
        playground.keep_button.click()
    tick(playground)
    drawing = playground._drawing
    figure = drawing.frame.figure
    for rows in (drawing.now, drawing.before) if kept else (drawing.now,):
        for text in rows.says[:latent_size]:
            text.set_text("character 0.99")
    axes = [drawing.now.axes, *drawing.places[: 4 if kept else 3], (drawing.before if kept else drawing.grid).axes]
    texts = [text for text in (*drawing.now.says, *drawing.now.numbers) if text.get_visible()]
    for boxes in ([one.get_tightbbox() for one in axes], [text.get_window_extent() for text in texts]):
        for place, box in enumerate(boxes):
            assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
            assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
            assert not any(box.overlaps(other) for other in boxes[:place])
