/* tally withdraw: takes this member's contribution back, and says what that does and what it cannot. */
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/tally_words.h"
#include "daemon/which_tally.h"

static unsigned seats_that_listed(const struct kl_tally_view *view)
{
	unsigned count = 0;

	for (unsigned j = 0; j < view->committee.n; j++)
		count += view->seats[j].intake;
	return count;
}

/* What can be given afterwards. */
static void tell_afterwards(const struct kl_tally_view *view, struct kl_sentences *out)
{
	const struct kl_clock clock = {kl_node_wall(), kl_local_offset_ms};
	char when[KL_WHEN_MAX], late[KL_TALLY_LATE_WORDS_MAX];

	if (view->number == KL_SHARE_NUMBER_MAX) {
		kl_sentence(out,
			"it is the last of the %d contributions that a member may give to one "
			"tally: none can follow.",
			KL_SHARE_NUMBER_MAX);
		return;
	}
	if (kl_tally_late_words(view, late)[0])
		kl_sentence(out, "until %s you can contribute again, but %s.",
			kl_when_words(&clock, view->contribute_until_ms, when), late);
	else
		kl_sentence(out,
			"until %s you can contribute again. The answers are then the same as now: "
			"two different ones for one period could be subtracted from each other.",
			kl_when_words(&clock, view->contribute_until_ms, when));
}

/* What a person has to know before it decides. */
static void tell(const struct kl_tally_view *view, struct kl_sentences *out)
{
	const unsigned listed = seats_that_listed(view);
	char n[KL_WHEN_MAX], all[KL_WHEN_MAX];

	out->count = 0;
	if (view->contributed) {
		kl_sentence(out,
			"it is published under your name that your contribution shall not count. "
			"It does not if a seat of the committee lists that before it decides; "
			"otherwise it is counted all the same.");
		if (listed)
			kl_sentence(out, "%s of %s seats have listed what they hold already.",
				kl_number_words(listed, n),
				kl_number_words(view->committee.n, all));
		kl_sentence(out,
			"shares that have left stay where they are until the tally has ended: %s "
			"of the committee together could read them, as before. What was dealt "
			"cannot be recalled.",
			kl_number_words(view->committee.t, n));
		kl_sentence(out,
			"that you took part, and which questions you answered, stays visible to "
			"everybody.");
	} else {
		kl_sentence(out, "your shares have not left, and will not: only that you withdrew "
				 "is published.");
	}
	tell_afterwards(view, out);
}

static void put_withdrawal(struct kl_writer *w, const struct kl_tally_view *view, bool withdrawn)
{
	char hex[KL_ID_HEX_MAX], period[KL_PERIOD_TEXT_MAX];
	struct kl_sentences said;

	tell(view, &said);
	kl_hex(view->id.b, KL_ID_BYTES, hex);
	kl_write_map(w, 7);
	kl_put_text(w, "tally", hex);
	kl_put_text(w, "period", kl_period_format(view->call->period, period));
	kl_put_bool(w, "withdrawn", withdrawn);
	kl_put_bool(w, "sent", view->contributed);
	kl_put_uint(w, "seats", view->committee.n);
	kl_put_uint(w, "listed", seats_that_listed(view));
	kl_put_array(w, "sentences", said.count);
	for (size_t i = 0; i < said.count; i++)
		kl_write_text(w, said.text[i]);
}

int kl_cmd_tally_withdraw(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_tally_view view;
	struct kl_id tally;
	char text[KL_ID_HEX_MAX];
	bool dry = false;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && (kl_get_text_or(&ask->args, "tally", "", text, sizeof text) ||
			   kl_get_bool_or(&ask->args, "dry_run", false, &dry)))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "no tally has so long a name");
	if (!rc)
		rc = kl_which_answered_tally(network, text, &view, &ask->fault);
	if (!rc)
		rc = kl_tallies_may_withdraw(kl_network_tallies(network), &view.id, &ask->fault);
	if (rc)
		return rc;
	put_withdrawal(&ask->out, &view, !dry);
	tally = view.id; /* the step ends the life of the view */
	if (!dry)
		rc = kl_counting_withdraw(network, &tally, &ask->fault);
	return rc ? rc : kl_ask_answer(ask);
}
