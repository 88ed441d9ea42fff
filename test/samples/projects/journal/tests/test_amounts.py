import unittest

from journal.amounts import share, shown


class Amounts(unittest.TestCase):
    def test_an_even_amount_is_split_evenly(self):
        self.assertEqual(share(900, 3), [300, 300, 300])

    def test_amounts_are_shown_with_two_places(self):
        self.assertEqual(shown(1234), "12.34")
        self.assertEqual(shown(5), "0.05")
