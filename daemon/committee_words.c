#include "daemon/committee_words.h"
#include "daemon/when_words.h"

enum { EVERYBODY_SITS_MAX = 6 };

void kl_learn_words(
	const struct kl_committee *committee, unsigned minimum, struct kl_sentences *sentences)
{
	const unsigned n = committee->n, t = committee->t;
	char few[KL_WHEN_MAX], many[KL_WHEN_MAX];

	kl_number_words(t - 1, few);
	kl_number_words(t, many);
	if (n <= EVERYBODY_SITS_MAX)
		kl_sentence(sentences,
			"all %u members that offer a seat sit: those who could read and those who "
			"are "
			"read are the same.",
			n);
	kl_sentence(sentences,
		"%s of the committee who tell each other everything learn nothing from their "
		"shares.",
		few);
	kl_sentence(sentences,
		"%s of these %u who talk to each other can read every answer to this tally, yours "
		"too.",
		many, n);
	kl_sentence(sentences,
		"any two members of a cohort, seated or not, who tell each other their own figures "
		"can "
		"take them off its sum: a sum over %u then hides no more than %u.",
		minimum, minimum - 2);
	kl_sentence(sentences,
		"if no more than %u seats reply to the tests of an answer, one of them in league "
		"with "
		"its author can have a false one counted; it reads nothing by that.",
		committee->qa);
}
