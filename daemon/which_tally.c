#include "daemon/which_tally.h"

#include <ctype.h>
#include <string.h>

int kl_tally_metric(const struct kl_tally_call *call, const char *code)
{
	for (unsigned m = 0; m < call->metric_count; m++)
		if (!strcmp(call->metrics[m].code, code))
			return (int)m;
	return -1;
}

const char *kl_tally_state_word(const struct kl_tally_view *view)
{
	if (view->doomed && view->state == KL_TALLY_OPEN)
		return "failing";
	/* Certified is a moment between deciding and closed: nothing is there to read yet. */
	return kl_tally_state_name(
		view->state == KL_TALLY_CERTIFIED ? KL_TALLY_DECIDING : view->state);
}

bool kl_tally_takes_answers(const struct kl_tally_view *view)
{
	return view->may_contribute && !view->agreed && !view->contributed && !view->declined &&
	       !view->doomed &&
	       (view->state == KL_TALLY_OPEN || view->state == KL_TALLY_DECIDING) &&
	       kl_node_wall() < view->contribute_until_ms;
}

bool kl_tally_waits_for_us(const struct kl_tally_view *view)
{
	return !view->withdrawn && kl_tally_takes_answers(view);
}

bool kl_tally_counted_before(const struct kl_network *network, const struct kl_tally_view *view)
{
	for (uint16_t m = 0; m < view->call->metric_count; m++)
		if (!kl_tallies_own_counted(kl_network_tallies(network), &view->id, m))
			return false;
	return view->call->metric_count > 0;
}

bool kl_tally_asks_us(const struct kl_network *network, const struct kl_tally_view *view)
{
	return view->gate == KL_GATE_OPEN && kl_tally_waits_for_us(view) &&
	       !kl_tally_counted_before(network, view);
}

void kl_tally_seat_offers(const struct kl_network *network, struct kl_tally_roster *roster)
{
	for (unsigned i = 0; i < roster->count; i++) {
		const struct kl_member *m =
			kl_members_find(&network->members, &roster->members[i].id);

		roster->members[i].offers_seat = !m || !m->endpoints.no_seat;
	}
}

static bool begins_with(const struct kl_id *id, const char *text)
{
	char hex[KL_ID_HEX_MAX];
	size_t len = strlen(text);

	kl_hex(id->b, KL_ID_BYTES, hex);
	if (!len || len > 2 * KL_ID_BYTES)
		return false;
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)text[i]) != hex[i])
			return false;
	return true;
}

enum { BY_ID, BY_PERIOD };

static bool named(const struct kl_tally_view *view, const char *text, int how)
{
	struct kl_period period;

	if (how == BY_ID)
		return begins_with(&view->id, text);
	return !kl_period_parse(text, &period) && kl_period_equal(period, view->call->period);
}

static size_t matches(
	const struct kl_tallies *book, const char *text, int how, struct kl_tally_view *ret_last)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		struct kl_tally_view view;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
			!named(&view, text, how))
			continue;
		*ret_last = view;
		n++;
	}
	return n;
}

static int by_name(const struct kl_tallies *book, const char *text, struct kl_tally_view *ret_view,
	struct kl_fault *fault)
{
	size_t n = 0;

	for (int how = BY_PERIOD; how >= BY_ID && n != 1; how--) {
		n = matches(book, text, how, ret_view);
		if (n > 1)
			break;
	}
	if (n == 1)
		return KL_OK;
	if (n)
		kl_fault(fault, KL_E_AMBIGUOUS, "%zu tallies are meant by \"%s\"", n, text);
	else
		kl_fault(fault, KL_E_NOT_FOUND, "no tally is meant by \"%s\"", text);
	kl_fault_hint(fault, "keeplocal tally list shows them all with their ids");
	return n ? KL_E_AMBIGUOUS : KL_E_NOT_FOUND;
}

int kl_which_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	size_t count = kl_tallies_count(book);

	if (text[0])
		return by_name(book, text, ret_view, fault);
	if (!count)
		return kl_fault(fault, KL_E_NOT_FOUND, "no tally was called yet");
	return kl_tallies_view(book, kl_tallies_at(book, count - 1), ret_view);
}

static bool takes_answers(const struct kl_tallies *book, const struct kl_tally_view *view)
{
	(void)book;
	return kl_tally_takes_answers(view);
}

static bool takes_withdrawals(const struct kl_tallies *book, const struct kl_tally_view *view)
{
	return !kl_tallies_may_withdraw(book, &view->id, NULL);
}

/* The one tally that fits; how many do. */
static size_t only_one(const struct kl_tallies *book,
	bool (*fits)(const struct kl_tallies *book, const struct kl_tally_view *view),
	struct kl_tally_view *ret_view)
{
	struct kl_tally_view view;
	size_t n = 0;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) || !fits(book, &view))
			continue;
		*ret_view = view;
		n++;
	}
	return n;
}

static int which_of(size_t n, const char *none, const char *several, struct kl_fault *fault)
{
	if (n == 1)
		return KL_OK;
	if (!n)
		kl_fault(fault, KL_E_NOT_FOUND, "%s", none);
	else
		kl_fault(fault, KL_E_AMBIGUOUS, "%zu %s: which one?", n, several);
	kl_fault_hint(fault, "keeplocal tally list shows them all with their ids");
	return n ? KL_E_AMBIGUOUS : KL_E_NOT_FOUND;
}

int kl_which_open_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);

	if (text[0])
		return by_name(book, text, ret_view, fault);
	return which_of(only_one(book, takes_answers, ret_view),
		"no tally waits for this member's answer", "tallies wait for an answer", fault);
}

int kl_which_answered_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);

	if (text[0])
		return by_name(book, text, ret_view, fault);
	return which_of(only_one(book, takes_withdrawals, ret_view),
		"there is no tally from which something could be withdrawn now",
		"tallies have something of this member's that could be withdrawn", fault);
}
