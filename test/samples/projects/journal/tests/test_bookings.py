import unittest

from journal.bookings import read, totals


class Bookings(unittest.TestCase):
    def test_lines_become_bookings(self):
        self.assertEqual([tuple(one) for one in read("2026-01-02,rent,-90000\n\n")], [("2026-01-02", "rent", -90000)])

    def test_accounts_are_added_up(self):
        self.assertEqual(totals(read("2026-01-02,tea,300\n2026-02-02,tea,200\n")), {"tea": 500})
