"""Stubs of what plugins are told of users' plans: subscriptions, which they can't change, and entitlements."""

from datetime import datetime, timedelta, timezone

from mozaiks_standins_base import Stub, ask, http_exception
from mozaiks_standins_config import read_config

_TRIAL_DAYS = 14


def _plan_of(name):
    plans = read_config("get_subscription_config").get("subscription_plans", [])
    return next((plan for plan in plans if str(plan.get("name", "")).lower() == str(name).lower()), None)


async def _subscription_of(user_id):
    """The stored document; a trial that is over counts as the plan "free"."""
    found = await ask("subscriptions.get", user_id=user_id)
    end = _time(found.get("trial_end_date")) if found else None
    if found and found.get("status") == "trialing" and found.get("is_trial") and end and _now() > end:
        return {**found, "plan": "free", "status": "inactive", "is_trial": False}
    return found


async def is_plugin_accessible(user_id, plugin_name):
    found = await _subscription_of(user_id)
    plan = _plan_of(found["plan"] if found else "free")
    unlocked = (plan or {}).get("plugins_unlocked", [])
    return "*" in unlocked or plugin_name in unlocked


class SubscriptionManager(Stub):
    """Plugins can read subscriptions; only the platform's sync changes them, as in production."""

    def get_available_plans(self):
        return read_config("get_subscription_config").get("subscription_plans", [])

    async def get_user_subscription(self, user_id):
        found = await _subscription_of(user_id)
        if not found:
            return {"user_id": user_id, "plan": "free", "status": "inactive"}
        is_trial = found.get("status") == "trialing"
        return {
            "user_id": user_id,
            "plan": found.get("plan"),
            "billing_cycle": found.get("billing_cycle", "monthly"),
            "status": found.get("status"),
            "is_trial": is_trial,
            "trial_info": _trial(found) if is_trial else None,
            "next_billing_date": found.get("next_billing_date"),
            "updated_at": found.get("updated_at"),
        }

    async def is_plugin_accessible(self, user_id, plugin_name):
        return await is_plugin_accessible(user_id, plugin_name)

    async def get_user_plugin_tier(self, user_id, plugin_name):
        found = await _subscription_of(user_id)
        if not found:
            return "free"
        own = (found.get("plugin_tiers") or {}).get(plugin_name)
        plan = _plan_of(found.get("plan")) or {}
        return own or (plan.get("plugins") or {}).get(plugin_name) or found.get("plan") or "free"

    async def change_user_subscription(self, user_id, new_plan, **_options):
        raise _refused("change")

    async def cancel_user_subscription(self, user_id, **_options):
        raise _refused("cancel")

    async def start_user_trial(self, user_id, **_options):
        raise _refused("start_trial")

    async def log_billing_event(self, user_id, amount, event_type, status, metadata=None, **_options):
        raise _refused("log_billing")


def _refused(operation):
    text = "Subscription %s is not allowed. Subscription changes must come from Control Plane." % operation
    return http_exception(403, text)


def _trial(found):
    days = read_config("get_subscription_config").get("settings", {}).get("trial_period_days", _TRIAL_DAYS)
    start = _time(found.get("created_at") or found.get("updated_at")) or _now() - timedelta(days=1)
    end = start + timedelta(days=days)
    return {"days_remaining": max(0, (end - _now()).days), "end_date": end.isoformat()}


def _now():
    return datetime.now(timezone.utc)


def _time(text):
    """A stored time; one without a zone is in UTC. None for what is none."""
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


# As `_entitlements` in a plugin's data: without any, nothing is restricted.
async def check_feature(user_id, plugin, feature, entitlements=None):
    return bool((entitlements or {}).get("features", {}).get(feature, True))


async def check_limit(user_id, plugin, limit_key, needed=1, period_type="monthly", limit_value=0):
    usage = await get_usage(user_id, plugin, limit_key, period_type, limit_value)
    return usage["remaining"] >= needed, usage["remaining"]


async def consume_limit(user_id, plugin, limit_key, amount=1, period_type="monthly", limit_value=0):
    argument = {"user_id": user_id, "plugin": plugin, "limit_key": limit_key, "amount": amount}
    answer = await ask("entitlements.consume_limit", **argument, period_type=period_type, limit_value=limit_value)
    if "refused" in answer:
        raise ValueError(answer["refused"])
    return answer["remaining"]


async def get_usage(user_id, plugin, limit_key, period_type="monthly", limit_value=0):
    argument = {"user_id": user_id, "plugin": plugin, "limit_key": limit_key}
    return await ask("entitlements.get_usage", **argument, period_type=period_type, limit_value=limit_value)


async def get_all_usage(user_id, plugin):
    return await ask("entitlements.get_all_usage", user_id=user_id, plugin=plugin)


async def check_action(user_id, plugin, action, entitlements=None, entitlements_config=None):
    argument = {"user_id": user_id, "plugin": plugin, "action": action}
    return await ask(
        "entitlements.check_action", **argument, entitlements=entitlements, entitlements_config=entitlements_config
    )


def entitlements_module(_source):
    functions = (check_feature, check_limit, consume_limit, get_usage, get_all_usage, check_action)
    return {function.__name__: function for function in functions}
