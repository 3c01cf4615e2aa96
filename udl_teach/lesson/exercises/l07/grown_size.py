"""The size of a transposed convolution."""

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.judging import one_number


def grown_size(size, kernel, stride, padding):
    """Side of the image, in pixels, that a transposed convolution makes from one with side `size`."""
    ### BEGIN SOLUTION
    return (size - 1) * stride + kernel - 2 * padding
    ### END SOLUTION


HINTS = (
    "Draw it: three pixels, stride 2, kernel 3. Where does the first stamp begin, and where does the last one end?",
    "The first stamp begins at pixel 0, the next at stride, … the last at (size - 1) * stride.",
    "The last stamp ends kernel pixels after its beginning. Then padding pixels are cut off at each end.",
    "return (size - 1) * stride + ... - 2 * padding",
)


def arguments(rng):
    # Stride not 1, padding neither 1 nor the stride, kernel larger than both: every mistake shows.
    stride = int(rng.integers(2, 5))
    kernel = stride + int(rng.integers(5, 9))
    padding = rng.choice([pixels for pixels in range(2, (kernel + 1) // 2) if pixels != stride])
    return int(rng.integers(4, 12)), kernel, stride, int(padding)


agree = one_number


@mistake
def formula_of_the_convolution(size, kernel, stride, padding):
    """This is the formula of the convolution, which shrinks an image. Here every pixel becomes a stamp, and the stamps
    begin stride pixels apart: multiply by the stride, do not divide by it.
    """
    return (size + 2 * padding - kernel) // stride + 1


@mistake
def padding_added(size, kernel, stride, padding):
    """You added the padding. In a transposed convolution it is cut off at both ends: - 2 * padding."""
    return (size - 1) * stride + kernel + 2 * padding


@mistake
def padding_cut_off_once(size, kernel, stride, padding):
    """You cut the padding off at one end only. It is cut off at both: 2 * padding."""
    return (size - 1) * stride + kernel - padding


@mistake
def padding_forgotten(size, kernel, stride, padding):
    """This is how far all stamps reach together. Then padding pixels are cut off at each end."""
    return (size - 1) * stride + kernel


@mistake
def stride_forgotten(size, kernel, stride, padding):
    """Your stamps begin one pixel apart. They begin stride pixels apart: the last one at (size - 1) * stride."""
    return size - 1 + kernel - 2 * padding


@mistake
def one_stamp_too_many(size, kernel, stride, padding):
    """You counted one step too many. The first stamp begins at 0, so the last of size stamps begins at (size - 1) *
    stride.
    """
    return size * stride + kernel - 2 * padding


@mistake
def size_times_stride(size, kernel, stride, padding):
    """size * stride is right for a kernel of 4 with stride 2 and padding 1, which many networks use. In
    general kernel and padding matter: where does the last stamp end?
    """
    return size * stride


@mistake
def size_times_stride_padding_cut_off(size, kernel, stride, padding):
    """The kernel is missing. The last stamp begins at (size - 1) * stride and is kernel pixels long."""
    return size * stride - 2 * padding


@mistake
def kernel_forgotten(size, kernel, stride, padding):
    """You stop where the last stamp begins. It is kernel pixels long: add it."""
    return (size - 1) * stride - 2 * padding


@mistake
def last_stamp_one_pixel_long(size, kernel, stride, padding):
    """Your last stamp is one pixel long. Each is kernel pixels long."""
    return (size - 1) * stride + 1 - 2 * padding


@mistake
def last_stamp_one_pixel_too_short(size, kernel, stride, padding):
    """One pixel is missing. A stamp that begins at pixel 0 and ends at pixel kernel - 1 has kernel pixels, not
    kernel - 1.
    """
    return (size - 1) * stride + kernel - 1 - 2 * padding


@mistake
def one_pixel_too_many(size, kernel, stride, padding):
    """One pixel too many: the + 1 belongs to the formula of the convolution, which counts windows. Here we ask how far
    the stamps reach.
    """
    return (size - 1) * stride + kernel - 2 * padding + 1


@mistake
def stamps_side_by_side(size, kernel, stride, padding):
    """You put the stamps side by side. They begin stride pixels apart and overlap if the kernel is larger."""
    return size * kernel - 2 * padding


@mistake
def stride_and_kernel_swapped(size, kernel, stride, padding):
    """Stride and kernel are swapped: the stride is the distance from one stamp to the next, the kernel the length of
    each.
    """
    return (size - 1) * kernel + stride - 2 * padding


@mistake
def padding_cut_off_before_growing(size, kernel, stride, padding):
    """You cut off padding * stride pixels at each end, as if the padding belonged to the small image. It is
    counted in pixels of the large one and cut off there: 2 * padding in all.
    """
    return (size - 2 * padding - 1) * stride + kernel


def judge(function, rng):
    if any(not one_number(function(*layer), grown_size(*layer)) for layer in (arguments(rng), arguments(rng))):
        return
    for layer, what in (
        ((1, 5, 3, 0), "A single pixel becomes one whole stamp: with side 1, kernel 5, no padding, the side is 5."),
        ((6, 1, 1, 0), "With kernel 1, stride 1 and no padding nothing changes: side 6 must stay 6."),
        ((4, 2, 3, 0), "A stride larger than the kernel leaves gaps, and they count: the stamps of 4 pixels, with "
         "kernel 2 and stride 3, span 11 pixels."),
    ):  # fmt: skip
        if not one_number(function(*layer), grown_size(*layer)):
            raise Wrong(what)
