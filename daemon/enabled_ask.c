#include "daemon/enabled_ask.h"
#include "daemon/ask_args.h"
#include "daemon/enabled_figures.h"

#include <time.h>

int kl_enabled_ask_latest(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period)
{
	bool given = false;
	int rc = kl_ask_period(ask, &given, ret_period);

	return rc || given ? rc : kl_enabled_latest(node, ret_period, &ask->fault);
}

int kl_enabled_ask_now(struct kl_ask *ask, struct kl_period *ret_period)
{
	time_t now = (time_t)(kl_node_wall() / 1000);
	bool given;
	struct tm tm;

	gmtime_r(&now, &tm);
	*ret_period =
		(struct kl_period){.kind = KL_PERIOD_YEAR, .year = (uint16_t)(tm.tm_year + 1900)};
	return kl_ask_period(ask, &given, ret_period);
}

int kl_enabled_ask_any(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period)
{
	struct kl_fault none = {0};
	bool given = false;
	int rc = kl_ask_period(ask, &given, ret_period);

	if (rc || given || !kl_enabled_latest(node, ret_period, &none))
		return rc;
	return kl_enabled_ask_now(ask, ret_period);
}

/* A year without tenants, while another has some: which of the two a form is about only people know. */
static int which_year(struct kl_ask *ask, struct kl_period now, struct kl_period latest)
{
	char this_year[KL_PERIOD_TEXT_MAX], other[KL_PERIOD_TEXT_MAX];

	kl_period_format(now, this_year);
	kl_period_format(latest, other);
	kl_fault(&ask->fault, KL_E_USAGE,
		"is this about %s, for which no tenants are known yet, or about %s?", this_year,
		other);
	return kl_fault_hint(&ask->fault,
		"--period %s joins it to the tenants that are there, --period %s begins a new year",
		other, this_year);
}

int kl_enabled_ask_joined(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period)
{
	struct kl_fault none = {0};
	struct kl_period latest;
	bool given = false;
	int rc = kl_ask_period(ask, &given, ret_period);

	if (rc || given)
		return rc;
	rc = kl_enabled_ask_now(ask, ret_period);
	if (rc || kl_enabled_has_tenants(node, *ret_period) ||
		kl_enabled_latest(node, &latest, &none))
		return rc;
	return kl_period_compare(*ret_period, latest) ? which_year(ask, *ret_period, latest)
						      : KL_OK;
}

int kl_enabled_ask_instead(struct kl_ask *ask, bool *ret_instead)
{
	if (kl_get_bool_or(&ask->args, "instead", false, ret_instead))
		return kl_fault(&ask->fault, KL_E_USAGE, "--instead takes no value");
	return KL_OK;
}

int kl_enabled_ask_record(
	struct kl_node *node, struct kl_ask *ask, struct kl_period period, bool *ret_drop)
{
	char name[KL_PERIOD_TEXT_MAX];
	struct kl_enabled_record record;
	bool instead = false;
	int rc = kl_enabled_ask_instead(ask, &instead), found;

	if (rc)
		return rc;
	found = kl_enabled_get_record(node, period, &record, &ask->fault);
	*ret_drop = !found;
	if (found == KL_E_NOT_FOUND)
		return KL_OK;
	if (found || instead)
		return found;
	kl_fault(&ask->fault, KL_E_EXISTS, "totals are recorded for %s, without tenants",
		kl_period_format(period, name));
	return kl_fault_hint(&ask->fault,
		"--instead puts the tenants in their place; --period says another year");
}
