#include "daemon/ask_args.h"
#include "core/harmless.h"
#include "daemon/node.h"

#include <time.h>

#include <inttypes.h>

int kl_refuse_typed(const struct kl_value *v, const char *what, size_t most, struct kl_fault *fault)
{
	if (v->type == KL_WIRE_TEXT && kl_text_refuse_harmful(v->u.bytes, true, what, fault))
		return fault->code = KL_E_USAGE;
	return kl_fault(
		fault, KL_E_USAGE, "%s: expected plain text of at most %zu bytes", what, most);
}

int kl_ask_text(struct kl_ask *ask, const char *key, char *out, size_t size)
{
	struct kl_value v;

	if (!kl_get_text_or(&ask->args, key, "", out, size))
		return KL_OK;
	if (kl_map_get(&ask->args, key, &v))
		return kl_fault(&ask->fault, KL_E_USAGE, "%s: expected plain text", key);
	return kl_refuse_typed(&v, key, size - 1, &ask->fault);
}

int kl_ask_needed(struct kl_ask *ask, const char *key, const char *wanted, char *out, size_t size)
{
	int rc = kl_ask_text(ask, key, out, size);

	if (!rc && !out[0])
		rc = kl_fault(&ask->fault, KL_E_USAGE, "%s", wanted);
	return rc;
}

int kl_ask_period(struct kl_ask *ask, bool *ret_given, struct kl_period *ret_period)
{
	char text[64];
	int rc = kl_ask_text(ask, "period", text, sizeof text);

	if (rc)
		return rc;
	if (ret_given)
		*ret_given = text[0] != '\0';
	if (!text[0] && ret_given)
		return KL_OK;
	if (!text[0])
		kl_fault(&ask->fault, KL_E_USAGE, "which period? --period is needed");
	else if (kl_period_parse(text, ret_period))
		kl_fault(&ask->fault, KL_E_INVALID, "\"%s\" is not a period", text);
	else
		return KL_OK;
	(void)kl_fault_hint(&ask->fault,
		"a year 2026, a financial year 2025/26, a quarter 2026-Q3 or a month 2026-04");
	return ask->fault.code;
}

int kl_ask_metric_period(
	struct kl_ask *ask, const struct kl_metric *metric, struct kl_period *ret_period)
{
	char periods[KL_METRIC_PERIODS_MAX];
	struct kl_period period;
	int rc = kl_ask_period(ask, NULL, &period);

	if (rc && ask->fault.hint[0])
		(void)kl_fault_hint(&ask->fault, "%s is given for %s", metric->code,
			kl_metric_periods(metric, periods));
	if (!rc)
		rc = kl_metric_period_check(metric, period, &ask->fault);
	if (!rc)
		*ret_period = period;
	return rc;
}

void kl_put_period(struct kl_writer *w, const char *key, struct kl_period period)
{
	char text[KL_PERIOD_TEXT_MAX];

	kl_put_text(w, key, kl_period_format(period, text));
}

void kl_put_said(struct kl_writer *w, const char *key, const char *text)
{
	kl_put_text(w, key, text[0] ? text : NULL);
}

int kl_ask_number(
	struct kl_ask *ask, const char *key, uint64_t most, uint64_t usual, uint64_t *ret_number)
{
	uint64_t number;

	if (!kl_get_uint_or(&ask->args, key, most, usual, &number) && number > 0) {
		*ret_number = number;
		return KL_OK;
	}
	return kl_fault(&ask->fault, KL_E_USAGE, "--%s: expected a whole number from 1 to %" PRIu64,
		key, most);
}

static const char *day_of(uint64_t time_ms, char out[KL_DATE_MAX])
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	(void)strftime(out, KL_DATE_MAX, "%Y-%m-%d", &tm);
	return out;
}

const char *kl_today(char out[KL_DATE_MAX])
{
	return day_of(kl_node_wall(), out);
}

void kl_put_day_of(struct kl_writer *w, const char *key, uint64_t time_ms)
{
	static const uint64_t year_10000 = UINT64_C(253402300800000);
	char day[KL_DATE_MAX];

	kl_put_text(w, key, time_ms && time_ms < year_10000 ? day_of(time_ms, day) : NULL);
}
