#include "daemon/forecast_words.h"

#include <stdio.h>
#include <string.h>

enum { OTHERS_MAX = KL_FORECAST_CITED_MAX * (KL_CITED_WORDS_MAX + 8) };

/* ---- how finely ------------------------------------------------------------------------------- */

const char *kl_level_words(const struct kl_tally_call *call, const uint8_t *metrics, unsigned level,
	char out[KL_BINS_WORDS_MAX])
{
	unsigned most = 0, scores = 0, least = UINT8_MAX;

	for (unsigned m = 0; m < call->metric_count; m++) {
		const unsigned bins = call->metrics[m].level_bins[level];

		if (!kl_presence_has(metrics, m))
			continue;
		if (call->metrics[m].discrete) {
			scores = bins > scores ? bins : scores;
			continue;
		}
		most = bins > most ? bins : most;
		least = bins < least ? bins : least;
	}
	if (!most)
		(void)snprintf(out, KL_BINS_WORDS_MAX, "%u bins", scores);
	else if (least < most)
		(void)snprintf(out, KL_BINS_WORDS_MAX, "%u to %u bins", least, most);
	else if (scores && scores != most)
		(void)snprintf(out, KL_BINS_WORDS_MAX, "%u bins (scores in %u)", most, scores);
	else
		(void)snprintf(out, KL_BINS_WORDS_MAX, "%u bins", most);
	return out;
}

/* ---- why no finer ------------------------------------------------------------------------------ */

const char *kl_cited_words(
	const char *cohort, unsigned members, const char *tally, char out[KL_CITED_WORDS_MAX])
{
	if (tally)
		(void)snprintf(
			out, KL_CITED_WORDS_MAX, "%s (%u) of tally %.16s", cohort, members, tally);
	else
		(void)snprintf(out, KL_CITED_WORDS_MAX, "%s (%u)", cohort, members);
	return out;
}

/* The words of cited sums from `from` on: "A", "A and B", "A, B and 3 more". */
static void list_cited(const struct kl_forecast_behind *behind, unsigned from,
	const char (*cited)[KL_CITED_WORDS_MAX], char *out, size_t size)
{
	const unsigned named = behind->cited_count < KL_FORECAST_CITED_MAX ? behind->cited_count
									   : KL_FORECAST_CITED_MAX;
	const unsigned more = behind->cited_count - named;
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = from; i < named && len < size; i++) {
		const bool last = i + 1 == named && !more;

		len += (size_t)snprintf(out + len, size - len, "%s%s",
			i == from ? ""
			: last    ? " and "
				  : ", ",
			cited[i]);
	}
	if (more && len < size)
		(void)snprintf(out + len, size - len, " and %u more", more);
}

/* "10", "10 (of whom 8 count)" */
static void left_words(const struct kl_forecast_behind *behind, char out[48])
{
	if (behind->left_counts == behind->left)
		(void)snprintf(out, 48, "%u", behind->left);
	else
		(void)snprintf(out, 48, "%u (of whom %u count%s)", behind->left,
			behind->left_counts, behind->left_counts == 1 ? "s" : "");
}

/* What the audit found without a plain subtraction behind it: "3", or "too few" where it does not say. */
static void few_words(const struct kl_forecast_outcome *outcome, char out[16])
{
	const struct kl_tally_forecast *row = &outcome->cell.row;

	if (row->why != KL_PLAN_RELEASED && row->missing && row->missing < row->needed)
		(void)snprintf(out, 16, "%u", (unsigned)(row->needed - row->missing));
	else
		(void)snprintf(out, 16, "too few");
}

/* What could be told apart, without what follows from it. */
static void subtraction(const struct kl_forecast_outcome *outcome,
	const char (*cited)[KL_CITED_WORDS_MAX], char out[KL_FORECAST_WORDS_MAX])
{
	const struct kl_forecast_behind *behind = &outcome->cell.behind;
	const unsigned n = outcome->cell.row.could;
	char left[48], few[16], others[OTHERS_MAX];

	left_words(behind, left);
	switch (behind->kind) {
	case KL_LEFTOVER_INSIDE:
		list_cited(behind, 1, cited, others, sizeof others);
		if (others[0])
			(void)snprintf(out, KL_FORECAST_WORDS_MAX,
				"of %s, these %u and %s leave %s that could be told apart",
				cited[0], n, others, left);
		else
			(void)snprintf(out, KL_FORECAST_WORDS_MAX,
				"of %s, these %u leave %s that could be told apart", cited[0], n,
				left);
		break;
	case KL_LEFTOVER_AROUND:
		list_cited(behind, 0, cited, others, sizeof others);
		(void)snprintf(out, KL_FORECAST_WORDS_MAX,
			"of these %u, %s leave%s %s that could be told apart", n, others,
			behind->cited_count == 1 ? "s" : "", left);
		break;
	case KL_LEFTOVER_BESIDE:
		(void)snprintf(out, KL_FORECAST_WORDS_MAX,
			"these %u and %s differ in %s that could be told apart", n, cited[0], left);
		break;
	default:
		few_words(outcome, few);
		(void)snprintf(out, KL_FORECAST_WORDS_MAX,
			"together with what comes before, %s could be told apart", few);
		break;
	}
}

/* Without "(scores in 5)", which is told where the bins are shown. */
static void brief(char bins[KL_BINS_WORDS_MAX])
{
	char *more = strstr(bins, " (");

	if (more)
		*more = '\0';
}

const char *kl_behind_words(const struct kl_tally_call *call,
	const struct kl_forecast_outcome *outcome, const char (*cited)[KL_CITED_WORDS_MAX],
	char out[KL_FORECAST_WORDS_MAX])
{
	const struct kl_forecast_behind *behind = &outcome->cell.behind;
	const bool released = outcome->cell.row.why == KL_PLAN_RELEASED;
	const unsigned counted = outcome->cell.row.counted;
	char bins[KL_BINS_WORDS_MAX];
	size_t len;

	out[0] = '\0';
	if (behind->kind == KL_LEFTOVER_NONE)
		return out;
	kl_level_words(call, outcome->metrics, behind->level, bins);
	brief(bins);
	if (behind->kind == KL_LEFTOVER_OWN) {
		const unsigned more = behind->needed > counted ? behind->needed - counted : 1;

		(void)snprintf(out, KL_FORECAST_WORDS_MAX, "%u more %s needed%s%s", more,
			more == 1 ? "is" : "are", released ? " for " : "", released ? bins : "");
		return out;
	}
	subtraction(outcome, cited, out);
	len = strlen(out);
	if (released)
		(void)snprintf(out + len, KL_FORECAST_WORDS_MAX - len, "; %s need %u", bins,
			behind->needed);
	else
		(void)snprintf(
			out + len, KL_FORECAST_WORDS_MAX - len, "; %u are needed", behind->needed);
	return out;
}

/* ---- tried ------------------------------------------------------------------------------------- */

const char *kl_tried_words(const struct kl_tally_call *call,
	const struct kl_forecast_outcome *outcome, unsigned tries, char out[KL_FORECAST_WORDS_MAX])
{
	const unsigned withheld = outcome->cell.tries[0];
	char bins[KL_BINS_WORDS_MAX];
	bool any = false;
	size_t len = 0;

	if (withheld == tries)
		(void)snprintf(out, KL_FORECAST_WORDS_MAX, "never");
	else if (withheld)
		len = (size_t)snprintf(
			out, KL_FORECAST_WORDS_MAX, "in %u of %u", tries - withheld, tries);
	for (unsigned level = KL_LEVELS; level-- > 0;) {
		const unsigned times = outcome->cell.tries[level + 1];

		if (!times)
			continue;
		kl_level_words(call, outcome->metrics, level, bins);
		if (times == tries)
			len += (size_t)snprintf(
				out + len, KL_FORECAST_WORDS_MAX - len, "always in %s", bins);
		else
			len += (size_t)snprintf(out + len, KL_FORECAST_WORDS_MAX - len,
				"%s%u time%s in %s",
				any        ? ", "
				: withheld ? ": "
					   : "",
				times, times == 1 ? "" : "s", bins);
		any = true;
	}
	return out;
}
