from decimal import ROUND_HALF_UP, Decimal, InvalidOperation


def parse_price(text) -> Decimal:
    """Text or a number as an exact amount. Raises ValueError for what is none."""
    try:
        price = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None
    if not price.is_finite() or price < 0:
        raise ValueError(f"{text!r} is no amount")
    return price


def show(amount: Decimal) -> str:
    """With two decimals, as text: JSON has no exact numbers."""
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
