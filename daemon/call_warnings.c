#include "daemon/call_warnings.h"
#include "daemon/when_words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SHORT_WINDOW_MS = 60000, VALUES_MAX = 512, MONTHS_OF_1900 = 1900 * 12 };

static const char *value_of(const struct kl_tally_member *member, enum kl_cohort_kind kind)
{
	switch (kind) {
	case KL_COHORT_TYPE:
		return member->type;
	case KL_COHORT_REGION:
		return member->region;
	case KL_COHORT_RURAL:
		return member->rural;
	case KL_COHORT_INCOME:
		return member->income;
	default:
		return "";
	}
}

/* "; confirmed are: london, north-east" */
static void there_are(const struct kl_tally_roster *roster, enum kl_cohort_kind kind, char *out)
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < roster->count && len < VALUES_MAX; i++) {
		const char *value = value_of(&roster->members[i], kind);
		bool said = !value[0];

		for (unsigned k = 0; k < i && !said; k++)
			said = !strcmp(value_of(&roster->members[k], kind), value);
		if (!said)
			len += (size_t)snprintf(out + len, VALUES_MAX - len, "%s%s",
				len ? ", " : "; confirmed of members are: ", value);
	}
}

static void empty_cohorts(const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	struct kl_sentences *out)
{
	for (unsigned c = 0; c < call->cohort_count; c++) {
		const struct kl_cohort *cohort = &call->cohorts[c];
		char text[KL_COHORT_TEXT_MAX], values[VALUES_MAX];
		struct kl_set set;

		kl_cohort_members(roster, cohort, NULL, &set);
		if (kl_set_count(&set))
			continue;
		there_are(roster, cohort->kind, values);
		kl_sentence(
			out, "no member stands in %s%s.", kl_cohort_format(cohort, text), values);
	}
}

static void future_period(struct kl_period period, uint64_t now_ms, struct kl_sentences *out)
{
	const time_t now = (time_t)(now_ms / 1000);
	char text[KL_PERIOD_TEXT_MAX];
	struct tm tm;

	if (gmtime_r(&now, &tm) && kl_period_first_month(period) >
					   (uint32_t)(MONTHS_OF_1900 + tm.tm_year * 12 + tm.tm_mon))
		kl_sentence(out, "%s has not begun yet: nobody can have a figure for it.",
			kl_period_format(period, text));
}

void kl_call_warnings(const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	uint64_t now_ms, struct kl_sentences *sentences)
{
	char span[KL_WHEN_MAX];

	future_period(call->period, now_ms, sentences);
	empty_cohorts(call, roster, sentences);
	if (call->contribute_ms < SHORT_WINDOW_MS)
		kl_sentence(sentences,
			"members have %s to contribute: hardly anybody will see the call in time.",
			kl_span_words(call->contribute_ms, span));
	if (call->decide_ms < SHORT_WINDOW_MS)
		kl_sentence(sentences,
			"the committee has %s to decide: if its machines are not all there, it "
			"fails.",
			kl_span_words(call->decide_ms, span));
}
