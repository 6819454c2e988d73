/* What the spending files give to the metrics spend.local_share and spend.voluntary_share: shares by
 * value of everything that was paid in a year or financial year.
 *
 * These rules are ours. What is unknown, redacted payees among it, is never counted as local or as
 * voluntary; and where more than a quarter of the value is unknown, the share says more about the
 * table of places than about the money, and no value is given. */
#include "core/money.h"
#include "daemon/own_values.h"
#include "daemon/spend_months.h"

#include <stdio.h>
#include <string.h>

enum { UNKNOWN_PERCENT_MAX = 25 };

/* Pence that count, that do not, and of which nobody knows. */
struct parts {
	int64_t counted, whole, unknown;
	const char *known_by; /* what would tell more */
};

static int64_t whole_of(const struct kl_spend_in_month *sum)
{
	int64_t pence = 0;

	for (int c = 0; c < KL_SPEND_CLASSES; c++)
		pence += sum->pence[c];
	return pence;
}

static struct parts local_parts(const struct kl_spend_in_month *sum)
{
	return (struct parts){sum->pence[KL_SPEND_LOCAL], whole_of(sum),
		sum->pence[KL_SPEND_UNKNOWN] + sum->pence[KL_SPEND_REDACTED], "place"};
}

static struct parts voluntary_parts(const struct kl_spend_in_month *sum)
{
	return (struct parts){
		sum->voluntary, whole_of(sum), whole_of(sum) - sum->sector_known, "sector"};
}

static int too_little_known(
	const struct kl_metric *metric, const struct parts *p, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_NOT_FOUND,
		"%s is not given: the %s of %.0f%% of the money is unknown, and more than %d%% is "
		"too much (a rule of keeplocal's own)",
		metric->code, p->known_by, kl_share(p->unknown, p->whole) * 100,
		UNKNOWN_PERCENT_MAX);
	return kl_fault_hint(fault, "keeplocal spend result names the largest suppliers of which "
				    "nothing is known; spend places FILE tells more of them");
}

static int pick(const struct kl_metric *metric, const struct kl_spend_in_month *sum,
	int64_t *ret_value, struct kl_fault *fault)
{
	struct parts p;

	if (!strcmp(metric->code, "spend.local_share"))
		p = local_parts(sum);
	else if (!strcmp(metric->code, "spend.voluntary_share"))
		p = voluntary_parts(sum);
	else
		return kl_fault(fault, KL_E_NOT_FOUND, "%s is no metric of spending", metric->code);
	if (p.whole <= 0 || p.counted < 0 || p.counted > p.whole)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"%s is not given: credit notes outweigh the payments", metric->code);
	if (p.unknown < 0 || (double)p.unknown * 100 > (double)p.whole * UNKNOWN_PERCENT_MAX)
		return too_little_known(metric, &p, fault);
	*ret_value = (int64_t)(kl_share(p.counted, p.whole) * metric->scale + 0.5);
	return KL_OK;
}

int kl_value_of_spend(struct kl_node *node, const struct kl_metric *metric, struct kl_period period,
	struct kl_own_value *ret_value, struct kl_fault *fault)
{
	char text[KL_PERIOD_TEXT_MAX];
	struct kl_spend_in_month sum;
	int64_t value = 0;
	int rc = kl_spend_months_get(node, period, &sum, fault);

	if (rc) {
		(void)kl_fault_at(fault, "%s", metric->code);
		return rc;
	}
	rc = pick(metric, &sum, &value, fault);
	if (!rc) {
		ret_value->value = value;
		(void)snprintf(ret_value->origin, sizeof ret_value->origin,
			"the spending files, payments of %s", kl_period_format(period, text));
		(void)kl_copy_text(ret_value->method, sizeof ret_value->method,
			"share by value of all payments; what is unknown does not count");
	}
	return rc;
}
