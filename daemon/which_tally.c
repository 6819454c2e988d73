#include "daemon/which_tally.h"
#include "daemon/find.h"

#include <ctype.h>
#include <stdio.h>
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

/* Which of several tallies somebody means who names none, or a period that has several. */
typedef bool fits_fn(const struct kl_tallies *book, const struct kl_tally_view *view);

/* Those that `text` names and that fit; NULL for either: all. */
static size_t matches(const struct kl_tallies *book, const char *text, int how, fits_fn *fits,
	struct kl_tally_view *ret_last)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		struct kl_tally_view view;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
			(text && !named(&view, text, how)) || (fits && !fits(book, &view)))
			continue;
		*ret_last = view;
		n++;
	}
	return n;
}

enum { NAMED_MAX = 5 };

/* "3f2a91bc04de77a1 (closed), 77a1c00e3f2a91bc (open)" */
static void list_matches(
	const struct kl_tallies *book, const char *text, int how, char *out, size_t size)
{
	size_t len = 0, n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < kl_tallies_count(book) && len < size; i++) {
		struct kl_tally_view view;
		char id[KL_SHORT_ID_MAX];

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
			(text && !named(&view, text, how)))
			continue;
		if (n++ == NAMED_MAX) {
			(void)snprintf(out + len, size - len, ", ..");
			return;
		}
		len += (size_t)snprintf(out + len, size - len, "%s%s (%s)", len ? ", " : "",
			kl_short_id(&view.id, id), kl_tally_state_word(&view));
	}
}

/* Of several that a period has, the one that fits is meant. */
static int by_name(const struct kl_tallies *book, const char *text, fits_fn *fits,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	int how = BY_PERIOD;
	size_t n = matches(book, text, how, NULL, ret_view);
	struct kl_tally_view fitting;
	char which[320];

	if (!n)
		n = matches(book, text, how = BY_ID, NULL, ret_view);
	if (n == 1)
		return KL_OK;
	if (n > 1 && how == BY_PERIOD && matches(book, text, how, fits, &fitting) == 1) {
		*ret_view = fitting;
		return KL_OK;
	}
	if (n) {
		list_matches(book, text, how, which, sizeof which);
		kl_fault(fault, KL_E_AMBIGUOUS, "%zu tallies are meant by \"%.40s\": %s", n, text,
			which);
		kl_fault_hint(fault, "name one by the beginning of its id");
		return KL_E_AMBIGUOUS;
	}
	kl_fault(fault, KL_E_NOT_FOUND, "no tally is meant by \"%s\"", text);
	kl_fault_hint(fault, "keeplocal tally list shows them all with their ids");
	return KL_E_NOT_FOUND;
}

static bool goes_on(const struct kl_tallies *book, const struct kl_tally_view *view)
{
	(void)book;
	return view->gate == KL_GATE_OPEN &&
	       (view->state == KL_TALLY_OPEN || view->state == KL_TALLY_DECIDING ||
		       view->state == KL_TALLY_CERTIFIED);
}

int kl_which_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	size_t count = kl_tallies_count(book);

	if (text[0])
		return by_name(book, text, goes_on, ret_view, fault);
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

static int which_of(const struct kl_tallies *book, fits_fn *fits, const char *several,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	size_t n = matches(book, NULL, 0, fits, ret_view);

	if (n < 2)
		return n ? KL_OK : KL_E_NOT_FOUND;
	kl_fault(fault, KL_E_AMBIGUOUS, "%zu %s: which one?", n, several);
	kl_fault_hint(fault, "keeplocal tally list shows them all with their ids");
	return KL_E_AMBIGUOUS;
}

const char *kl_tally_why_apart(const struct kl_network *network, const struct kl_tally_view *view)
{
	if (view->may_contribute)
		return NULL;
	if (kl_network_is_convenor(network))
		return "the convenor calls tallies and contributes to none";
	if (kl_tally_roster_find(view->roster, &network->own.author) < 0)
		return "this member was not on the roster when it was called: it can take part in "
		       "the next one";
	return "only councils and anchors that were on the roster at the call take part";
}

int kl_tally_may_answer(
	const struct kl_network *network, const struct kl_tally_view *view, struct kl_fault *fault)
{
	const char *apart = kl_tally_why_apart(network, view);
	char id[KL_SHORT_ID_MAX], period[KL_PERIOD_TEXT_MAX];
	const char *why = apart;
	int rc = KL_E_DENIED;

	if (apart) {
		why = apart;
	} else if (view->gate != KL_GATE_OPEN) {
		why = view->why;
	} else if (view->contributed || view->agreed) {
		why = "this member has contributed already";
		rc = KL_E_EXISTS;
	} else if (view->declined) {
		why = "this member has declined already, and that is for good";
		rc = KL_E_EXISTS;
	} else if (view->doomed) {
		why = "too few seats of the committee were taken in time: nothing is counted";
		rc = KL_E_TIMEOUT;
	} else if (!kl_tally_takes_answers(view)) {
		why = "the time to contribute has passed";
		rc = KL_E_TIMEOUT;
	} else {
		return KL_OK;
	}
	return kl_fault(fault, rc, "tally %s for %s: %s", kl_short_id(&view->id, id),
		kl_period_format(view->call->period, period), why);
}

int kl_which_open_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	size_t count = kl_tallies_count(book);
	int rc;

	if (text[0])
		return by_name(book, text, takes_answers, ret_view, fault);
	if (!count)
		return kl_fault(fault, KL_E_NOT_FOUND, "no tally was called yet");
	rc = which_of(book, takes_answers, "tallies wait for an answer", ret_view, fault);
	/* Why none does is told of the latest. */
	return rc == KL_E_NOT_FOUND
		       ? kl_tallies_view(book, kl_tallies_at(book, count - 1), ret_view)
		       : rc;
}

int kl_which_answered_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	int rc;

	if (text[0])
		return by_name(book, text, takes_withdrawals, ret_view, fault);
	rc = which_of(book, takes_withdrawals,
		"tallies have something of this member's that could be withdrawn", ret_view, fault);
	if (rc != KL_E_NOT_FOUND)
		return rc;
	kl_fault(fault, rc, "there is no tally from which something could be withdrawn now");
	return kl_fault_hint(fault, "keeplocal tally list shows them all with their ids");
}
