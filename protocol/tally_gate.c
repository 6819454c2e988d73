/* How a tally begins: what a CALL must be, who sits, and whether its time has come. */
#include "protocol/tally_book.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COARSE_BINS_MAX = 4, MIDDLE_BINS_MAX = 8 };

uint64_t kl_tally_accept_until(const struct kl_tally *t)
{
	return t->called_ms + t->call.contribute_ms / 3;
}

uint64_t kl_tally_contribute_until(const struct kl_tally *t)
{
	return t->called_ms + t->call.contribute_ms;
}

uint64_t kl_tally_decide_until(const struct kl_tally *t)
{
	return kl_tally_contribute_until(t) + t->call.decide_ms;
}

int kl_call_metric(const struct kl_tally_call *call, const char *code)
{
	for (unsigned m = 0; m < call->metric_count; m++) {
		if (strcmp(call->metrics[m].code, code) == 0)
			return (int)m;
	}
	return -1;
}

bool kl_calls_overlap(const struct kl_tally_call *a, const struct kl_tally_call *b)
{
	if (!kl_period_equal(a->period, b->period))
		return false;
	for (unsigned m = 0; m < a->metric_count; m++) {
		if (kl_call_metric(b, a->metrics[m].code) >= 0)
			return true;
	}
	return false;
}

/* ---- who could count, who could sit --------------------------------------------------------- */

/* Members of different control groups, but those in `without` (NULL: nobody), that count towards the
 * minimum of a metric. */
static int could_count(const struct kl_tally_roster *roster, const struct kl_tally_call *call,
	unsigned metric, const struct kl_set *without, size_t *ret_groups)
{
	struct kl_candidate *candidates = calloc(roster->count + 1U, sizeof(*candidates));
	size_t count = 0;
	int rc;

	if (!candidates)
		return KL_E_NOMEM;
	for (unsigned i = 0; i < roster->count; i++) {
		if (!roster->members[i].verified || (without && kl_set_has(without, i)) ||
			(call->named && kl_set_has(&call->named[metric], i)))
			continue;
		candidates[count].member = roster->members[i].id;
		candidates[count++].control = roster->members[i].control;
	}
	rc = kl_control_groups(candidates, count, ret_groups);
	free(candidates);
	return rc;
}

/* Those that offered a seat, stood on the roster that the call before froze and are not barred. The
 * convenor calls and does nothing else. */
static size_t candidates_of(const struct kl_tallies *book, const struct kl_tally_roster *roster,
	const struct kl_tally_call *call, const struct kl_tally_roster *before,
	struct kl_candidate *ret_candidates)
{
	size_t count = 0;

	for (unsigned i = 0; i < roster->count; i++) {
		const struct kl_tally_member *member = &roster->members[i];

		if (!kl_set_has(&call->offers, i) || kl_id_equal(&member->id, &roster->convenor) ||
			kl_tally_roster_find(before, &member->id) < 0 ||
			kl_tally_is_barred(book, call, &member->id))
			continue;
		ret_candidates[count].member = member->id;
		ret_candidates[count++].control = member->control;
	}
	return count;
}

static int draw(const struct kl_tallies *book, const struct kl_tally_roster *roster,
	const struct kl_tally_call *call, const struct kl_tally_roster *before,
	struct kl_committee *ret_committee, struct kl_id *ret_seats)
{
	struct kl_candidate *candidates = calloc(roster->count + 1U, sizeof(*candidates));
	struct kl_id seed;
	size_t count, groups;
	int rc;

	if (!candidates)
		return KL_E_NOMEM;
	count = candidates_of(book, roster, call, before, candidates);
	rc = kl_control_groups(candidates, count, &groups);
	if (!rc)
		rc = kl_committee_for(groups, ret_committee);
	kl_draw_seed(&call->previous_result, &before->hash, call->tries, &seed);
	if (!rc)
		rc = kl_draw(&seed, candidates, count, ret_committee->n, ret_seats);
	free(candidates);
	return rc;
}

/* ---- rules that everybody checks alike ------------------------------------------------------ */

static int breach(struct kl_fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int breach(struct kl_fault *fault, const char *format, ...)
{
	char text[KL_TALLY_WHY_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return kl_fault(fault, KL_E_DENIED, "%s", text);
}

static bool same_cohorts(const struct kl_tally_call *call, const struct kl_tally_roster *roster)
{
	if (call->cohort_count != roster->cohort_count)
		return false;
	for (unsigned c = 0; c < call->cohort_count; c++)
		if (!kl_cohort_equal(&call->cohorts[c], &roster->cohorts[c]))
			return false;
	return true;
}

/* Few members are hidden by few bins alone. What a code of the catalogue means is not for the convenor to
 * say; of one that this program does not know, bins are at most as fine as the catalogue's are. */
static int check_bins(const struct kl_metric *metric, struct kl_fault *fault)
{
	struct kl_metric known;
	size_t index;

	if (kl_metric_index(metric->code, &index)) {
		if (metric->level_bins[KL_LEVEL_COARSE] > COARSE_BINS_MAX ||
			metric->level_bins[KL_LEVEL_MIDDLE] > MIDDLE_BINS_MAX)
			return breach(fault,
				"%s would be shown more finely than in %d bins at the coarse "
				"level, "
				"or %d at the middle one",
				metric->code, COARSE_BINS_MAX, MIDDLE_BINS_MAX);
		return KL_OK;
	}
	kl_metric_at(index, &known);
	if (!kl_metric_same_bins(metric, &known))
		return breach(fault, "it divides %s into other bins than the catalogue does",
			metric->code);
	if (memcmp(metric->mids, known.mids, known.bins * sizeof(known.mids[0])) != 0)
		return breach(fault,
			"it takes other middles of the bins of %s than the catalogue "
			"does: means would be moved",
			metric->code);
	return KL_OK;
}

static int check_terms(const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	struct kl_fault *fault)
{
	size_t groups;
	int rc;

	if (call->minimum < KL_AUDIT_K_MIN)
		return breach(fault,
			"a minimum of %u is below %d, under which nothing is ever released",
			call->minimum, KL_AUDIT_K_MIN);
	if (call->minimum < roster->minimum)
		return breach(fault, "a minimum of %u is below the charter's %u", call->minimum,
			roster->minimum);
	if (roster->cohort_count > 0 && !same_cohorts(call, roster))
		return breach(fault, "it names other cohorts than the charter of the network does");
	if (call->contribute_ms < 3 || call->decide_ms < 8)
		return breach(fault, "a window of no length");
	for (unsigned m = 0; m < call->metric_count; m++) {
		if (kl_metric_period_check(&call->metrics[m], call->period, NULL))
			return breach(fault, "%s is not counted for a period of this kind",
				call->metrics[m].code);
		rc = check_bins(&call->metrics[m], fault);
		if (!rc)
			rc = could_count(roster, call, m, NULL, &groups);
		if (rc)
			return rc;
		if (groups < call->minimum)
			return breach(fault,
				"only %zu member%s could count towards %s, and the minimum is %u",
				groups, groups == 1 ? "" : "s", call->metrics[m].code,
				call->minimum);
	}
	return KL_OK;
}

/* The latest valid tally before index `end`. */
static struct kl_tally *latest(const struct kl_tallies *book, size_t end)
{
	while (end-- > 0) {
		if (book->tallies[end]->gate != KL_GATE_INVALID)
			return book->tallies[end];
	}
	return NULL;
}

static int check_place(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, struct kl_fault *fault)
{
	const struct kl_tally *previous = latest(book, book->count);

	if (!kl_id_equal(&call->roster, &roster->hash) || call->member_count != roster->count)
		return breach(fault, "it names another roster than the one in force");
	if (call->has_previous != (previous != NULL) ||
		(previous && !kl_id_equal(&call->previous_call, &previous->id)))
		return breach(fault, "it does not name the tally called before it");
	if (!kl_id_equal(&call->previous_result, &book->last_result))
		return breach(fault, "it does not name the last result that the convenor closed");
	return KL_OK;
}

static int check_draw(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, struct kl_committee *ret_committee,
	struct kl_id *ret_seats, struct kl_fault *fault)
{
	const struct kl_tally *previous = latest(book, book->count);
	int rc = draw(book, roster, call, previous ? &previous->roster : roster, ret_committee,
		ret_seats);

	if (rc == KL_E_DENIED && call->evidence_count > 0)
		return breach(fault,
			"without members whose seat was proven false, fewer than %d independent "
			"members that were there at the call before offer a seat: no committee can "
			"be drawn",
			KL_ELIGIBLE_MIN);
	if (rc == KL_E_DENIED)
		return breach(fault,
			"fewer than %d independent members that were there at the call "
			"before offer a seat: no committee can be drawn",
			KL_ELIGIBLE_MIN);
	return rc;
}

/* ---- life ----------------------------------------------------------------------------------- */

static int copy_roster(const struct kl_tally_roster *roster, struct kl_tally_roster *ret_roster)
{
	size_t bytes = roster->count * sizeof(*roster->members);

	*ret_roster = *roster;
	ret_roster->members = malloc(bytes ? bytes : 1);
	if (!ret_roster->members)
		return KL_E_NOMEM;
	if (bytes)
		memcpy(ret_roster->members, roster->members, bytes);
	return KL_OK;
}

static void seat_members(struct kl_tally *t, const struct kl_id *seats, const struct kl_id *own)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		t->seats[j].member = seats[j];
		t->seats[j].column = kl_tally_roster_find(&t->roster, &seats[j]);
		if (kl_id_equal(&seats[j], own))
			t->own_seat = (uint8_t)(j + 1);
	}
}

int kl_tally_create(struct kl_tallies *book, const struct kl_tally_event *event,
	struct kl_tally_call *call, struct kl_tally **ret_tally)
{
	const struct kl_tally_roster *roster = event->u.record.roster;
	struct kl_tally *t = calloc(1, sizeof(*t));
	struct kl_id seats[KL_SEATS_MAX];
	struct kl_fault fault = {0};
	int rc = KL_E_NOMEM;

	if (!t) {
		kl_tally_call_deinit(call);
		return KL_E_NOMEM;
	}
	t->call = *call;
	t->id = event->u.record.id;
	t->convenor = event->u.record.author;
	t->noted = -1;
	/* A clock that runs ahead must not postpone everybody else's windows. */
	t->called_ms =
		event->u.record.time_ms < event->wall_ms ? event->u.record.time_ms : event->wall_ms;
	t->columns = calloc(roster->count + 1U, sizeof(*t->columns));
	t->cohorts = calloc(call->cohort_count + 1U, sizeof(*t->cohorts));
	if (!t->columns || !t->cohorts || copy_roster(roster, &t->roster))
		goto fail;
	for (unsigned c = 0; c < call->cohort_count; c++)
		kl_cohort_members(roster, &call->cohorts[c], NULL, &t->cohorts[c]);
	(void)kl_tally_call_cells(&t->call, &t->cells); /* the decoder made sure that it can */
	t->own_column = kl_tally_roster_find(&t->roster, &book->options.own);
	rc = check_place(book, call, roster, &fault);
	if (!rc)
		rc = kl_tally_check_evidence(book, call, &fault);
	if (!rc)
		rc = check_terms(call, roster, &fault);
	if (!rc)
		rc = check_draw(book, call, roster, &t->committee, seats, &fault);
	if (rc == KL_E_DENIED) {
		t->gate = KL_GATE_INVALID;
		memset(&t->committee, 0, sizeof(t->committee));
		kl_copy_text(t->why, sizeof(t->why), fault.message);
	} else if (rc) {
		goto fail;
	}
	seat_members(t, seats, &book->options.own);
	rc = t->gate == KL_GATE_INVALID ? KL_OK : kl_tally_bar(book, t);
	if (rc)
		goto fail;
	*ret_tally = t;
	return KL_OK;
fail:
	kl_tally_free(t);
	return rc;
}

/* ---- the gate ------------------------------------------------------------------------------- */

static bool result_known(const struct kl_tallies *book, const struct kl_id *result)
{
	struct kl_id hash;

	if (kl_id_is_zero(result))
		return true;
	for (size_t i = 0; i < book->count; i++) {
		if (!book->tallies[i]->has_certified)
			continue;
		kl_tally_result_hash(&book->tallies[i]->certified, &hash);
		if (kl_id_equal(&hash, result))
			return true;
	}
	return false;
}

bool kl_tally_nobody_takes_part(const struct kl_tally *t)
{
	return t->gate == KL_GATE_INVALID || t->gate == KL_GATE_TRIES;
}

/* Whether a tally has to end before a call for the same question and period, or one that is near: two that
 * go on side by side could not count each other. */
static bool is_in_the_way(const struct kl_tally *earlier, const struct kl_tally_call *call)
{
	return !kl_tally_nobody_takes_part(earlier) && kl_calls_near(&earlier->call, call) &&
	       !earlier->failed && !kl_tally_certified_proposal(earlier);
}

const struct kl_id *kl_tallies_in_the_way(
	const struct kl_tallies *book, const struct kl_tally_call *call)
{
	for (size_t i = 0; i < book->count; i++) {
		if (is_in_the_way(book->tallies[i], call))
			return &book->tallies[i]->id;
	}
	return NULL;
}

/* Looks at what came before a call. `end`: tallies before it. */
static enum kl_tally_gate gate_of(const struct kl_tallies *book, size_t end,
	const struct kl_tally_call *call, unsigned *ret_tries)
{
	unsigned tries = 0;

	for (size_t i = 0; i < end; i++) {
		const struct kl_tally *earlier = book->tallies[i];

		if (is_in_the_way(earlier, call))
			return KL_GATE_EARLIER;
		tries += earlier->failed && !kl_tally_nobody_takes_part(earlier) &&
			 kl_calls_overlap(&earlier->call, call);
	}
	*ret_tries = tries < UINT8_MAX ? tries : UINT8_MAX;
	return KL_GATE_OPEN;
}

static const char *gate_text(enum kl_tally_gate gate)
{
	switch (gate) {
	case KL_GATE_EARLIER:
		return "an earlier tally for the same question has not ended, for the same period "
		       "or one so near that answers hardly change";
	case KL_GATE_PREVIOUS:
		return "the result on which the draw rests has not arrived here yet";
	default:
		return "";
	}
}

void kl_tally_gate(struct kl_tallies *book, struct kl_tally *t)
{
	unsigned tries = t->call.tries;
	size_t index = 0;

	while (book->tallies[index] != t)
		index++;
	t->gate = gate_of(book, index, &t->call, &tries);
	if (t->gate == KL_GATE_OPEN && tries != t->call.tries) {
		t->gate = KL_GATE_TRIES;
		snprintf(t->why, sizeof(t->why),
			"it says that the question failed %u times before, but it did %u times",
			t->call.tries, tries);
		return;
	}
	if (t->gate == KL_GATE_OPEN && !result_known(book, &t->call.previous_result))
		t->gate = KL_GATE_PREVIOUS;
	kl_copy_text(t->why, sizeof(t->why), gate_text(t->gate));
}

/* ---- making a CALL -------------------------------------------------------------------------- */

static int ensure_named(struct kl_tally_call *call)
{
	if (!call->named)
		call->named = calloc(call->metric_count + 1U, sizeof(*call->named));
	return call->named ? KL_OK : KL_E_NOMEM;
}

static int place_call(const struct kl_tallies *book, const struct kl_tally_roster *roster,
	struct kl_tally_call *call, struct kl_fault *fault)
{
	const struct kl_tally *previous = latest(book, book->count);
	size_t count;
	int rc;

	call->roster = roster->hash;
	call->member_count = roster->count;
	call->has_previous = previous != NULL;
	memset(&call->previous_call, 0, sizeof(call->previous_call));
	if (previous)
		call->previous_call = previous->id;
	call->previous_result = book->last_result;
	memset(&call->offers, 0, sizeof(call->offers));
	for (unsigned i = 0; i < roster->count; i++) {
		if (roster->members[i].offers_seat)
			kl_set_add(&call->offers, i);
	}
	rc = kl_tally_earlier(book, call, NULL, call->earlier, &count);
	if (rc == KL_E_BUSY)
		return kl_fault(fault, rc,
			"something that may have been opened by an earlier tally has not arrived "
			"here yet; call again once more members were in touch");
	if (rc)
		return breach(fault,
			"more than %d results of the period would have to be taken into account",
			KL_TALLY_EARLIER_MAX);
	call->earlier_count = (uint8_t)count;
	return KL_OK;
}

/* What has failed is said by the convenor before it calls again: who is counted depends on it. */
static bool has_failure_to_close(const struct kl_tallies *book, const struct kl_tally_call *call)
{
	for (size_t i = 0; i < book->count; i++) {
		const struct kl_tally *t = book->tallies[i];

		if (t->failed && !t->close_seen && kl_calls_overlap(&t->call, call) &&
			kl_id_equal(&t->convenor, &book->options.own))
			return true;
	}
	return false;
}

/* A late batch needs enough members that were not counted before. Only who calls is held to it: others
 * may not know yet what the earlier tally came to. */
static int check_late(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, struct kl_fault *fault)
{
	for (unsigned m = 0; m < call->metric_count; m++) {
		struct kl_set late;
		size_t groups;
		int rc;

		if (!kl_tallies_counted(book, call, m))
			continue;
		(void)kl_tally_late(book, call, NULL, (struct kl_late_of){0}, roster, m, &late);
		rc = could_count(roster, call, m, &late, &groups);
		if (rc)
			return rc;
		if (groups < call->minimum)
			return breach(fault,
				"%s was counted for the period already: only %zu member%s that "
				"were not in it could count, and the minimum is %u",
				call->metrics[m].code, groups, groups == 1 ? "" : "s",
				call->minimum);
	}
	return KL_OK;
}

int kl_tallies_prepare(const struct kl_tallies *book, const struct kl_tally_roster *roster,
	struct kl_tally_call *call, struct kl_fault *fault)
{
	struct kl_id seats[KL_SEATS_MAX];
	struct kl_committee committee;
	enum kl_tally_gate gate;
	unsigned tries = 0;
	int rc;

	if (call->metric_count == 0 || call->cohort_count == 0)
		return kl_fault(fault, KL_E_INVALID, "a tally needs a metric and a cohort");
	rc = ensure_named(call);
	if (rc)
		return rc;
	gate = gate_of(book, book->count, call, &tries);
	if (gate == KL_GATE_EARLIER)
		return kl_fault(fault, KL_E_BUSY, "%s", gate_text(gate));
	if (gate != KL_GATE_OPEN)
		return breach(fault, "%s", gate_text(gate));
	if (has_failure_to_close(book, call))
		return kl_fault(fault, KL_E_BUSY,
			"the tally before has failed just now, and this daemon has not said so "
			"yet; call again in a moment");
	call->tries = (uint8_t)tries;
	rc = place_call(book, roster, call, fault);
	if (!rc)
		rc = kl_tally_list_evidence(book, call, fault);
	if (!rc)
		rc = kl_tally_call_hashes(call, &call->schema, &call->policy);
	if (!rc)
		rc = check_terms(call, roster, fault);
	if (!rc)
		rc = check_late(book, call, roster, fault);
	if (!rc)
		rc = check_draw(book, call, roster, &committee, seats, fault);
	return rc;
}

int kl_tallies_draw(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, struct kl_committee *ret_committee,
	struct kl_id *ret_seats, struct kl_fault *fault)
{
	return check_draw(book, call, roster, ret_committee, ret_seats, fault);
}
