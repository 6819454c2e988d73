/* A member's own part: agreeing, dealing shares, or saying no. */
#include "core/hash.h"
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

static int may_speak(struct kl_tallies *book, const struct kl_tally *t, struct kl_fault *fault)
{
	const struct kl_tally_column *own;

	if (t->own_column < 0)
		return kl_fault(fault, KL_E_DENIED,
			"only councils and anchors that were on the roster at the call take part");
	if (t->gate != KL_GATE_OPEN)
		return kl_fault(fault, KL_E_DENIED, "%s", t->why);
	own = &t->columns[t->own_column];
	if (kl_column_contributes(own))
		return kl_fault(fault, KL_E_EXISTS, "contributed already");
	if (own->declined || (t->asked & KL_ASK_DECLINE))
		return kl_fault(fault, KL_E_EXISTS, "declined already");
	if (t->again || (t->asked & (KL_DUTY_CONTRIBUTE | KL_ASK_ANSWERS)))
		return kl_fault(fault, KL_E_BUSY, "the contribution is under way");
	if (t->asked & KL_ASK_WITHDRAW)
		return kl_fault(fault, KL_E_BUSY, "the withdrawal is under way");
	if (t->has_certified || t->failed || book->wall_ms >= kl_tally_contribute_until(t))
		return kl_fault(fault, KL_E_TIMEOUT, "the time to contribute has passed");
	return KL_OK;
}

/* Puts in what was agreed to an earlier tally, or to this one itself before it was taken back. If the
 * later call means other bins by the same code, no answer to it can be the same. */
static void lock_to(
	const struct kl_tally *earlier, const struct kl_tally *t, int16_t *bins, struct kl_id *from)
{
	for (unsigned m = 0; m < t->call.metric_count; m++) {
		const struct kl_metric *metric = &t->call.metrics[m];
		int other = kl_call_metric(&earlier->call, metric->code);

		if (other < 0)
			continue;
		bins[m] = kl_metric_same_bins(metric, &earlier->call.metrics[other])
				  ? earlier->answers[other]
				  : KL_ABSENT;
		if (from)
			from[m] = earlier->id;
	}
}

/* What this member contributed to an earlier tally and does not know any more, since what was kept of it
 * is lost: no answer can be known to be the same. */
static void lock_lost(
	const struct kl_tally *earlier, const struct kl_tally *t, int16_t *bins, struct kl_id *from)
{
	const struct kl_tally_column *own =
		earlier->own_column < 0 ? NULL : &earlier->columns[earlier->own_column];

	for (unsigned m = 0; own && m < t->call.metric_count; m++) {
		int other = kl_call_metric(&earlier->call, t->call.metrics[m].code);

		for (unsigned k = 0; other >= 0 && k < KL_SHARE_NUMBER_MAX; k++) {
			const struct kl_contribution *contribution = &own->contributions[k];

			if (!contribution->here ||
				!kl_presence_has(contribution->presence, (unsigned)other))
				continue;
			bins[m] = KL_ABSENT;
			if (from)
				from[m] = earlier->id;
		}
	}
}

/* What was agreed for a question and period stays, whatever is answered to a later call: two sums
 * with two answers of one member would show their difference. What was counted and released for the
 * period is not given again. `from` may be NULL; true if something was counted before. */
static bool lock_answers(
	const struct kl_tallies *book, const struct kl_tally *t, int16_t *bins, struct kl_id *from)
{
	bool counted = false;

	for (size_t i = 0; i < book->count; i++) {
		const struct kl_tally *earlier = book->tallies[i];

		if (kl_period_equal(earlier->call.period, t->call.period)) {
			if (earlier->answers)
				lock_to(earlier, t, bins, from);
			else
				lock_lost(earlier, t, bins, from);
		}
		if (earlier == t)
			break;
	}
	for (uint16_t m = 0; m < t->call.metric_count; m++) {
		if (!kl_tallies_own_counted(book, &t->id, m))
			continue;
		bins[m] = KL_ABSENT;
		counted = true;
	}
	return counted;
}

int kl_tallies_locked(const struct kl_tallies *book, const struct kl_id *tally, int16_t *bins,
	struct kl_id *ret_from)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);

	if (!t)
		return KL_E_NOT_FOUND;
	memset(ret_from, 0, t->call.metric_count * sizeof(*ret_from));
	(void)lock_answers(book, t, bins, ret_from);
	return KL_OK;
}

/* Another contribution after one that was taken back: the same answers, dealt anew. */
static int agree_again(struct kl_tally *t, struct kl_fault *fault)
{
	if (kl_column_withdrawn(&t->columns[t->own_column]) == KL_SHARE_NUMBER_MAX)
		return kl_fault(fault, KL_E_DENIED,
			"withdrawn %d times: this tally takes no further contribution of a member",
			KL_SHARE_NUMBER_MAX);
	t->again = true;
	return KL_OK;
}

int kl_tally_agree(struct kl_tallies *book, struct kl_tally *t, struct kl_fault *fault)
{
	const struct kl_tally_event *event = book->event;
	struct kl_tally_effect *effect;
	int16_t *bins;
	bool any = false, counted;
	int rc = may_speak(book, t, fault);

	if (rc)
		return rc;
	if (t->answers && kl_column_withdrawn(&t->columns[t->own_column]))
		return agree_again(t, fault);
	if (t->answers)
		return kl_fault(fault, KL_E_EXISTS, "agreed already; the shares follow");
	if (event->u.answers.count != t->call.metric_count)
		return kl_fault(fault, KL_E_RANGE, "one answer for each metric is expected");
	bins = kl_tally_memory(book, event->u.answers.count * sizeof(*bins));
	if (!bins)
		return KL_E_NOMEM;
	memcpy(bins, event->u.answers.bins, event->u.answers.count * sizeof(*bins));
	for (unsigned m = 0; m < t->call.metric_count; m++) {
		if (bins[m] < KL_ABSENT || bins[m] >= t->call.metrics[m].bins)
			return kl_fault(
				fault, KL_E_RANGE, "no such bin of %s", t->call.metrics[m].code);
	}
	counted = lock_answers(book, t, bins, NULL);
	for (unsigned m = 0; m < t->call.metric_count; m++)
		any |= bins[m] != KL_ABSENT;
	if (!any && counted)
		return kl_fault(fault, KL_E_EXISTS,
			"what this member could answer was counted for the period already");
	if (!any)
		return kl_fault(fault, KL_E_RANGE, "there is no answer to contribute");
	effect = kl_tally_effect(book, t, KL_TALLY_KEEP_ANSWERS);
	if (!effect)
		return KL_E_NOMEM;
	effect->u.answers.bins = bins;
	effect->u.answers.count = t->call.metric_count;
	t->asked |= KL_ASK_ANSWERS;
	return KL_OK;
}

int kl_tally_refuse(struct kl_tallies *book, struct kl_tally *t, struct kl_fault *fault)
{
	struct kl_tally_decline decline = {.tally = t->id};
	struct kl_writer w;
	int rc = may_speak(book, t, fault);

	if (rc)
		return rc;
	if (t->answers && !kl_column_withdrawn(&t->columns[t->own_column]))
		return kl_fault(fault, KL_E_EXISTS, "agreed already");
	kl_writer_init(&w);
	kl_tally_decline_write(&w, &decline);
	kl_tally_append(book, t, KL_KIND_TALLY_DECLINE, KL_ASK_DECLINE, &w);
	return KL_OK;
}

/* ---- dealing -------------------------------------------------------------------------------- */

/* Number of the contribution that comes next: the one after those that were taken back. */
static unsigned next_number(const struct kl_tally *t)
{
	return kl_column_withdrawn(&t->columns[t->own_column]) + 1;
}

static int append_blob(struct kl_tallies *book, struct kl_tally *t,
	const struct kl_dealing *dealing, unsigned seat, struct kl_id *ret_hash)
{
	size_t len = kl_share_blob_len(&t->committee, seat, t->cells.total);
	struct kl_share_binding binding = {
		.tally = t->id,
		.author = book->options.own,
		.policy = t->call.policy,
		.schema = t->call.schema,
		.number = next_number(t),
		.seat = (uint8_t)seat,
	};
	struct kl_tally_effect *effect;
	uint8_t one_time[KL_SEED_BYTES];
	uint8_t *blob = kl_tally_memory(book, len);
	int rc;

	if (!blob)
		return KL_E_NOMEM;
	kl_tally_secret(book, "tally/seal", one_time);
	rc = kl_deal_blob(dealing, &binding, &t->seats[seat - 1].key, one_time, blob);
	kl_wipe(one_time, sizeof(one_time));
	if (rc)
		return rc;
	effect = kl_tally_effect(book, t, KL_TALLY_APPEND);
	if (!effect)
		return KL_E_NOMEM;
	effect->u.append.kind = KL_KIND_TALLY_SHARE;
	effect->u.append.payload = kl_bytes(blob, len);
	kl_blake2b(effect->u.append.payload, ret_hash);
	return KL_OK;
}

static void append_contrib(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_contrib *contrib)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_contrib_write(&w, contrib);
	kl_tally_append(book, t, KL_KIND_TALLY_CONTRIB, KL_DUTY_CONTRIBUTE, &w);
}

static int deal(struct kl_tallies *book, struct kl_tally *t, uint64_t *x)
{
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];
	struct kl_dealing dealing = {0};
	struct kl_tally_contrib contrib = {
		.tally = t->id,
		.number = (uint8_t)next_number(t),
		.presence_len = (uint8_t)kl_presence_len(t->call.metric_count),
		.blob_count = t->committee.n,
	};
	int rc = kl_cells_one_hot(&t->cells, t->answers, x, contrib.presence);

	if (rc)
		return rc;
	for (unsigned i = 0; i < t->committee.t; i++)
		kl_tally_secret(book, "tally/deal", seeds[i]);
	rc = kl_deal_init(
		&t->committee, x, t->cells.total, (const uint8_t(*)[KL_SEED_BYTES])seeds, &dealing);
	kl_wipe(seeds, sizeof(seeds));
	for (unsigned seat = 1; seat <= t->committee.n && !rc; seat++) {
		if (!t->seats[seat - 1].accepted)
			continue;
		rc = append_blob(book, t, &dealing, seat, &contrib.blobs[seat - 1]);
		if (rc == KL_E_INVALID) /* a key that no honest seat has: its slot stays empty */
			rc = KL_OK;
	}
	kl_deal_deinit(&dealing);
	if (!rc)
		append_contrib(book, t, &contrib);
	return rc;
}

bool kl_tally_is_to_deal(const struct kl_tally *t)
{
	const struct kl_tally_column *own;

	if (!t->answers || t->own_column < 0)
		return false;
	own = &t->columns[t->own_column];
	if (own->declined || kl_column_contributes(own))
		return false;
	/* What was taken back is dealt again only if the owner says so. */
	return kl_column_withdrawn(own) == 0 || t->again;
}

void kl_tally_contribute(struct kl_tallies *book, struct kl_tally *t)
{
	unsigned accepted = kl_tally_accepted(t);
	uint64_t *x;

	if (!kl_tally_is_to_deal(t) || t->gate != KL_GATE_OPEN ||
		(t->asked & (KL_DUTY_CONTRIBUTE | KL_ASK_DECLINE | KL_ASK_WITHDRAW)) ||
		t->has_certified || book->wall_ms >= kl_tally_contribute_until(t))
		return;
	if (accepted < t->committee.n && book->wall_ms < kl_tally_accept_until(t)) {
		kl_tally_wake(book, kl_tally_accept_until(t) - book->wall_ms);
		return;
	}
	if (accepted < t->committee.qa)
		return;
	x = calloc(t->cells.total, sizeof(*x));
	if (!x || deal(book, t, x))
		book->rc = KL_E_NOMEM;
	if (x)
		kl_wipe(x, t->cells.total * sizeof(*x));
	free(x);
}
