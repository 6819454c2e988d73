#include "daemon/committee_words.h"
#include "core/judge.h"
#include "daemon/when_words.h"

#include <stdio.h>

enum { EVERYBODY_SITS_MAX = 6 };

const char *kl_away_words(const struct kl_committee *committee, char out[KL_AWAY_WORDS_MAX])
{
	const unsigned n = committee->n, spare = n - committee->qa;
	char all[KL_WHEN_MAX], some[KL_WHEN_MAX], more[KL_WHEN_MAX], needed[KL_WHEN_MAX];

	kl_number_words(n, all);
	kl_number_words(committee->qa, needed);
	if (!spare)
		(void)snprintf(out, KL_AWAY_WORDS_MAX,
			"if one of the %s seats stays away, nothing is counted", all);
	else if (n < KL_OWN_SEAT_FROM)
		(void)snprintf(out, KL_AWAY_WORDS_MAX,
			"if %s of the %s seats stay away, nothing is counted",
			kl_number_words(spare + 1, more), all);
	else
		(void)snprintf(out, KL_AWAY_WORDS_MAX,
			"if %s of the %s seats stay away, the answers of members who sit are not "
			"counted, since each needs the replies of %s seats other than its own; if "
			"%s stay away, nothing is counted",
			kl_number_words(spare, some), all, needed,
			kl_number_words(spare + 1, more));
	return out;
}

void kl_learn_words(
	const struct kl_committee *committee, unsigned minimum, struct kl_sentences *sentences)
{
	const unsigned n = committee->n, t = committee->t;
	char few[KL_WHEN_MAX], many[KL_WHEN_MAX], away[KL_AWAY_WORDS_MAX];

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
	kl_sentence(sentences, "%s.", kl_away_words(committee, away));
}
