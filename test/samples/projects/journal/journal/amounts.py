"""Amounts, in cents."""


def share(total, parts):
    """Splits an amount into as many parts, in cents."""
    if parts < 1:
        raise ValueError("there has to be one part at least")
    return [total // parts] * parts


def shown(cents):
    """An amount as people read it: 1234 is 12.34."""
    return f"{cents // 100}.{cents % 100:02d}"
