"""The range coder: symbols become bytes, and a symbol of probability p costs log2(1 / p) bits, fractions included.

Every message is an interval of numbers between 0 and 2^32. Each symbol narrows the interval to a part of it, as wide as
the symbol is probable; at the end any number inside the interval identifies the whole message. Leading bytes are
written out (a carry may still add one to them) and the interval is stretched by 256, so that 32 bits suffice however
long the message is.

Source: Martin 1979, "Range encoding: an algorithm for removing redundancy from a digitised message".
"""

from bisect import bisect_right
from collections.abc import Sequence

WHOLE = 2**32
MIN_RANGE = 2**24  # an interval narrower than this is stretched, and a byte is written
MAX_TOTAL = 2**16  # largest sum of frequencies: with more, the parts of a narrow interval would be rounded to nothing


class RangeEncoder:
    """Writes symbols one after the other.

    A frequency table is given by its cumulative frequencies: frequencies 3, 1, 4 are `[0, 3, 4, 8]`, and symbol 2 has
    probability 4 / 8. Every symbol can have a table of its own, as long as the decoder knows it.
    """

    def __init__(self) -> None:
        self._low, self._range = 0, WHOLE - 1  # the interval begins at `low` and is `range` wide
        self._bytes = bytearray()

    def encode(self, symbol: int, cumulative: Sequence[int]) -> None:
        """Write one symbol.

        Args:
            symbol: 0 or more, with a frequency above 0.
            cumulative: cumulative frequencies, integers from 0 to their total, which is at most 2^16.

        Raises:
            ValueError: the table has no such symbol, gives it frequency 0, or has a total above 2^16.
        """
        if not 0 <= symbol < len(cumulative) - 1 or cumulative[symbol] >= cumulative[symbol + 1]:
            raise ValueError(f"symbol was {symbol}, whose frequency in the table is 0.")
        if cumulative[-1] > MAX_TOTAL:
            raise ValueError(f"the frequencies sum to {cumulative[-1]}; they must sum to at most {MAX_TOTAL}.")
        self.encode_all([symbol], [cumulative])

    def encode_all(self, symbols: Sequence[int], tables: Sequence[Sequence[int]]) -> None:
        """Write many symbols, each with its own table; like `encode`, without its checks."""
        low, width, written = self._low, self._range, self._bytes
        for symbol, cumulative in zip(symbols, tables, strict=True):
            # low = low + width * P(smaller symbols);  width = width * P(symbol)
            unit = width // cumulative[-1]
            low += unit * cumulative[symbol]
            width = unit * (cumulative[symbol + 1] - cumulative[symbol])
            if low >= WHOLE:
                low -= WHOLE
                _carry(written)
            while width < MIN_RANGE:
                written.append(low >> 24)
                low = low << 8 & 0xFFFFFFFF
                width <<= 8
        self._low, self._range = low, width

    def finish(self) -> bytes:
        """The whole message; nothing can be written after it."""
        # Of all numbers in low ... low + range the one with the most trailing zeros: they need not be written, since
        # the decoder reads zeros after the end.
        for n_bytes in range(5):
            unit = 1 << 8 * (4 - n_bytes)
            number = -(-self._low // unit) * unit  # low, rounded up
            if number < self._low + self._range:
                break
        if number >= WHOLE:
            number -= WHOLE
            _carry(self._bytes)
        self._bytes += (number).to_bytes(4, "big")[:n_bytes]
        return bytes(self._bytes.rstrip(b"\0"))


class RangeDecoder:
    """Reads symbols back, in the order in which they were written and with the same tables.

    A message does not say where it ends: the reader must know the number of its symbols. Bytes that are damaged or
    missing give wrong symbols and no error, so a file format needs a checksum.
    """

    def __init__(self, message: bytes) -> None:
        self._bytes, self._next = message, 4
        self._range = WHOLE - 1
        self._number = int.from_bytes(message[:4].ljust(4, b"\0"), "big")  # the message's number minus `low`

    def decode(self, cumulative: Sequence[int]) -> int:
        """Read one symbol that was written with this table."""
        return self.decode_all([cumulative])[0]

    def decode_all(self, tables: Sequence[Sequence[int]]) -> list[int]:
        """Read as many symbols as there are tables."""
        number, width, following, message = self._number, self._range, self._next, self._bytes
        end, symbols = len(message), []
        for cumulative in tables:
            unit = width // cumulative[-1]
            # The symbol whose part of the interval holds the number.
            symbol = bisect_right(cumulative, min(number // unit, cumulative[-1] - 1)) - 1
            number -= unit * cumulative[symbol]
            width = unit * (cumulative[symbol + 1] - cumulative[symbol])
            while width < MIN_RANGE:
                number = (number << 8 | (message[following] if following < end else 0)) & 0xFFFFFFFF
                following += 1
                width <<= 8
            symbols.append(symbol)
        self._number, self._range, self._next = number, width, following
        return symbols


def _carry(written: bytearray) -> None:
    """Add one to the number written so far: trailing bytes of 255 become 0, and the byte before them grows by one."""
    place = len(written) - 1
    while written[place] == 255:
        written[place] = 0
        place -= 1
    written[place] += 1
