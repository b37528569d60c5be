from decimal import ROUND_HALF_UP, Decimal, InvalidOperation


def parse_price(text) -> Decimal:
    """A string or a number as an exact amount. Raises ValueError for anything else."""
    try:
        price = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if not price.is_finite() or price < 0:
        raise ValueError(f"{text!r} is not an amount")
    return price


def show(amount: Decimal) -> str:
    """With two decimals, as a string: JSON has no exact decimals."""
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
