/* What has to happen before a tally ends: for whoever waits for that. */
#include "daemon/tally_words_in.h"

#include <stdio.h>

void kl_tell_who_gives_up(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_need *quit = &told->progress.quit;
	const unsigned can = kl_seats_count(quit->can);
	const unsigned lacking = quit->need > quit->have ? quit->need - quit->have : 0;
	char seats[KL_SEATS_TEXT_MAX], n[KL_WHEN_MAX];

	if (!lacking || can < lacking)
		return;
	kl_seats_text(told, quit->can, seats);
	if (can == 1)
		kl_sentence(out,
			"waited for: %s. A machine gives its seat up by itself as soon as it runs "
			"and is in touch: this one has to come back, be it for a minute.",
			seats);
	else
		kl_sentence(out,
			"waited for: %s. A machine gives its seat up by itself as soon as it runs "
			"and is in touch: %s of these %s to come back, be it for a minute.",
			seats, lacking < can ? kl_number_words(lacking, n) : "all",
			lacking == 1 ? "has" : "have");
}

/* Nothing can come of it: it ends when enough seats say so. */
static void quits(const struct kl_told *told, char out[KL_SENTENCE_MAX])
{
	struct kl_sentences said = {.count = 0};
	char have[KL_WHEN_MAX], need[KL_WHEN_MAX];

	kl_tell_who_gives_up(told, &said);
	(void)snprintf(out, KL_SENTENCE_MAX,
		"%s, and it has failed once %s seats have given up; %s %s%s%.600s",
		told->view->doomed ? "too few of its seats were taken in time"
				   : "its committee found no agreement in time",
		kl_number_words(told->progress.quit.need, need),
		kl_some_words(told->progress.quit.have, have),
		kl_plural(told->progress.quit.have, "has", "have"), said.count ? ". " : "",
		said.count ? said.text[0] : "");
}

void kl_tally_end_words(const struct kl_told *told, char out[KL_SENTENCE_MAX])
{
	const struct kl_tally_view *view = told->view;
	char first[KL_WHEN_MAX], then[KL_WHEN_MAX];

	kl_when_words(&told->clock, view->contribute_until_ms, first);
	kl_when_words(&told->clock, view->decide_until_ms, then);
	if (view->gate != KL_GATE_OPEN)
		(void)snprintf(out, KL_SENTENCE_MAX, "it waits itself, since %s", view->why);
	else if (view->certified)
		(void)snprintf(out, KL_SENTENCE_MAX,
			"what its committee has certified has not arrived here yet; it comes by "
			"itself once its seats are in touch");
	else if (view->doomed || told->progress.wait == KL_WAIT_QUITS)
		quits(told, out);
	else if (view->state == KL_TALLY_OPEN && told->clock.now_ms < view->contribute_until_ms)
		(void)snprintf(out, KL_SENTENCE_MAX,
			"members may contribute until %s, and its committee may decide until %s",
			first, then);
	else
		(void)snprintf(out, KL_SENTENCE_MAX, "its committee may decide until %s", then);
}
