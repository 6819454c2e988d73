#include "protocol/cohort.h"
#include "core/error.h"

#include <string.h>

static const char *const cohort_words[] = {
	[KL_COHORT_EVERYBODY] = "everybody",
	[KL_COHORT_COUNCILS] = "councils",
	[KL_COHORT_ANCHORS] = "anchors",
	[KL_COHORT_TYPE] = "type=",
	[KL_COHORT_REGION] = "region=",
	[KL_COHORT_DEPRIVATION] = "deprivation=",
	[KL_COHORT_RURAL] = "rural=",
	[KL_COHORT_INCOME] = "income=",
};

int kl_cohort_parse(struct kl_bytes text, struct kl_cohort *ret_cohort)
{
	struct kl_cohort cohort = {0};
	size_t rest;

	if (!kl_text_is_plain(text, false))
		return KL_E_MALFORMED;
	for (int kind = KL_COHORT_EVERYBODY; kind <= KL_COHORT_INCOME; kind++) {
		struct kl_bytes word = kl_bytes_str(cohort_words[kind]);

		if (text.len < word.len || memcmp(text.data, word.data, word.len) != 0)
			continue;
		rest = text.len - word.len;
		if ((kind >= KL_COHORT_TYPE) != (rest > 0) || rest >= sizeof(cohort.value))
			continue;
		cohort.kind = (enum kl_cohort_kind)kind;
		memcpy(cohort.value, text.data + word.len, rest);
		*ret_cohort = cohort;
		return KL_OK;
	}
	return KL_E_MALFORMED;
}

const char *kl_cohort_format(const struct kl_cohort *cohort, char out[KL_COHORT_TEXT_MAX])
{
	size_t len = strlen(cohort_words[cohort->kind]);

	memcpy(out, cohort_words[cohort->kind], len + 1);
	kl_copy_text(out + len, KL_COHORT_TEXT_MAX - len, cohort->value);
	return out;
}

bool kl_cohort_equal(const struct kl_cohort *a, const struct kl_cohort *b)
{
	return a->kind == b->kind && strcmp(a->value, b->value) == 0;
}
