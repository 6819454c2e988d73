#include "core/confidence.h"
#include "core/error.h"
#include "core/words.h"

static const char *const names[] = {[KL_CONFIDENCE_UNSTATED] = "",
	[KL_CONFIDENCE_LOW] = "low",
	[KL_CONFIDENCE_MODERATE] = "moderate",
	[KL_CONFIDENCE_HIGH] = "high"};

const char *kl_confidence_name(enum kl_confidence confidence)
{
	return names[confidence];
}

int kl_confidence_parse(const char *text, enum kl_confidence *ret_confidence)
{
	for (int i = KL_CONFIDENCE_LOW; i <= KL_CONFIDENCE_HIGH; i++)
		if (kl_words_equal(text, names[i])) {
			*ret_confidence = (enum kl_confidence)i;
			return KL_OK;
		}
	return KL_E_INVALID;
}
