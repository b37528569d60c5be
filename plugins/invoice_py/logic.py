from .money import parse_price, show

# `{"items": [{"name": "Tea", "price": "2.50", "quantity": 4}], "tax_percent": 19}`
#
# A helper module beside this file is imported with a leading dot, since a plugin is a package (`plugins.invoice_py`).
# An edit in money.py reloads the plugin just as one in here does.


def execute(data: dict) -> dict:
    items = data.get("items", [])
    if not isinstance(items, list) or not items:
        return {"error": '"items" must be a list that is not empty', "error_code": "BAD_ITEMS"}
    try:
        lines = [line_of(item) for item in items]
        tax_percent = parse_price(data.get("tax_percent", "0"))
    except (KeyError, TypeError, ValueError) as error:
        print("refused:", error)
        return {"error": f"an item needs a name, a price and a quantity: {error}", "error_code": "BAD_ITEM"}
    net = sum(total for _, total in lines)
    tax = net * tax_percent / 100
    return {
        "for": data["_context"]["user_id"],
        "lines": [{"name": name, "total": show(total)} for name, total in lines],
        "net": show(net),
        "tax": show(tax),
        "total": show(net + tax),
    }


def line_of(item: dict) -> tuple:
    return str(item["name"]), parse_price(item["price"]) * int(item.get("quantity", 1))
