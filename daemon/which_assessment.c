#include "daemon/which_assessment.h"
#include "store/documents.h"

#include <stdlib.h>

int kl_ask_revision(struct kl_ask *ask, const char *key, uint64_t *ret_revision)
{
	char text[16], *end;
	uint64_t revision;
	int rc = kl_ask_text(ask, key, text, sizeof text);

	if (rc)
		return rc;
	revision = KL_LATEST;
	if (text[0]) {
		revision = strtoull(text, &end, 10);
		if (*end || text[0] < '0' || text[0] > '9' || !revision)
			return kl_fault(&ask->fault, KL_E_USAGE,
				"--%s: expected a number from 1, found \"%s\"", key, text);
	}
	*ret_revision = revision;
	return KL_OK;
}

int kl_ask_assessment(struct kl_node *node, struct kl_ask *ask,
	struct kl_assessment **ret_assessment, uint64_t *ret_revision)
{
	struct kl_assessment_choice choice = {0};
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX];
	bool given = false;
	int rc = kl_ask_period(ask, &given, &period);

	if (!rc)
		rc = kl_ask_text(ask, "place", place, sizeof place);
	if (!rc)
		rc = kl_ask_revision(ask, "revision", &choice.revision);
	if (rc)
		return rc;
	choice.period = given ? &period : NULL;
	choice.place = place[0] ? place : NULL;
	return kl_own_assessment(node, &choice, ret_assessment, ret_revision, &ask->fault);
}

void kl_put_score(struct kl_writer *w, const char *key, int score)
{
	if (score == KL_NO_SCORE)
		kl_put_nil(w, key);
	else
		kl_put_int(w, key, score);
}

void kl_put_halves(struct kl_writer *w, const char *key, int doubled)
{
	if (doubled == KL_NO_SCORE)
		kl_put_nil(w, key);
	else
		kl_put_double(w, key, doubled / 2.0);
}

void kl_put_assessed(struct kl_writer *w, const struct kl_assessed *assessed)
{
	kl_put_halves(w, "median", assessed->median_doubled);
	kl_put_score(w, "low", assessed->lowest);
	kl_put_score(w, "high", assessed->highest);
	kl_put_uint(w, "assessors", assessed->scores);
}
