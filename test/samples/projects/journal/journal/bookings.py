"""Bookings: a day, an account and an amount in cents, one a line."""

from collections import namedtuple

Booking = namedtuple("Booking", "day account cents")


def read(text):
    """Reads bookings from CSV with the columns day, account and cents."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        day, account, cents = line.split(",")
        found.append(Booking(day, account, int(cents)))
    return found


def totals(bookings):
    """What each account comes to."""
    sums = {}
    for booking in bookings:
        sums[booking.account] = sums.get(booking.account, 0) + booking.cents
    return sums
