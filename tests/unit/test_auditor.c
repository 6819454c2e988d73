/* The auditor over whole tallies of signed records: what is sound fits, and whatever was changed is found
 * and named. */
#include "protocol/tally_book.h"
#include "tests/unit/harness.h"
#include "tests/unit/signed_tally.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEMBERS = 7, YEAR = 2026 };

static struct kl_id tally;

/* ---- what is expected ------------------------------------------------------------------------ */

static void print_all(const struct kl_auditor *a)
{
	for (unsigned s = 0; s < KL_AUDIT_STEP_COUNT; s++)
		print_message("# %s [%s] %s\n", kl_audit_step_name(s),
			kl_audit_mark_name(kl_auditor_mark(a, s)), kl_auditor_summary(a, s));
	for (size_t i = 0; i < kl_auditor_findings(a, NULL); i++) {
		const struct kl_finding *f = kl_auditor_finding(a, i);

		print_message("#   %s [%s] %s\n", kl_audit_step_name(f->step),
			kl_audit_mark_name(f->mark), f->text);
	}
}

static void fits(const struct kl_tallies *running)
{
	struct kl_auditor *a = signed_audit(&tally, running);

	if (kl_auditor_worst(a) > KL_MARK_NOTE) {
		print_all(a);
		fail();
	}
	kl_auditor_destroy(a);
}

static bool has(const struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *words)
{
	for (size_t i = 0; i < kl_auditor_findings(a, NULL); i++) {
		const struct kl_finding *f = kl_auditor_finding(a, i);

		if (f->step == step && f->mark == mark && strstr(f->text, words))
			return true;
	}
	return false;
}

/* Audits, and expects one finding among others. */
static void finds(const struct kl_tallies *running, enum kl_audit_step step,
	enum kl_audit_mark mark, const char *words)
{
	struct kl_auditor *a = signed_audit(&tally, running);

	if (!has(a, step, mark, words)) {
		print_message("# expected: %s [%s] ..%s..\n", kl_audit_step_name(step),
			kl_audit_mark_name(mark), words);
		print_all(a);
		fail();
	}
	kl_auditor_destroy(a);
}

/* ---- stories --------------------------------------------------------------------------------- */

static int begin(void **state)
{
	(void)state;
	signed_begin(MEMBERS);
	return 0;
}

static int end(void **state)
{
	(void)state;
	signed_end();
	return 0;
}

static void count(void)
{
	tally = signed_call(YEAR, 2);
	for (int i = 1; i <= MEMBERS; i++)
		signed_contribute(i, &tally, (int16_t)(2 * i), i < MEMBERS ? 2 : KL_ABSENT);
	signed_wait(SIGNED_CONTRIBUTE_MS + SIGNED_DECIDE_MS);
}

static int begin_closed(void **state)
{
	begin(state);
	count();
	return 0;
}

static int seat_of(int home)
{
	struct kl_tally_view view;

	assert_int_equal(kl_tallies_view(signed_book(0), &tally, &view), KL_OK);
	for (int j = 0; j < view.committee.n; j++)
		if (kl_id_equal(&view.seats[j].member, signed_id(home)))
			return j + 1;
	return 0;
}

static int home_of_seat(int seat)
{
	int home = 1;

	while (seat_of(home) != seat)
		home++;
	return home;
}

/* ---- what is sound --------------------------------------------------------------------------- */

static void a_closed_tally_fits(void **state)
{
	struct kl_auditor *a;

	(void)state;
	for (int i = 0; i <= MEMBERS; i++)
		fits(signed_book(i));
	fits(NULL);
	a = signed_audit(&tally, signed_book(1));
	assert_non_null(strstr(kl_auditor_summary(a, KL_AUDIT_VOTES), "Certified in attempt 1"));
	assert_non_null(
		strstr(kl_auditor_summary(a, KL_AUDIT_OPENINGS), "2 sums added up again: 2 final"));
	assert_non_null(strstr(kl_auditor_summary(a, KL_AUDIT_CLOSE), "It is closed"));
	assert_non_null(strstr(kl_auditor_summary(a, KL_AUDIT_CONTRIBUTIONS), "contents erased"));
	for (unsigned s = 0; s < KL_AUDIT_STEP_COUNT; s++)
		assert_true(kl_auditor_summary(a, s)[0]);
	kl_auditor_destroy(a);
}

static void one_that_goes_on_fits_at_any_time(void **state)
{
	(void)state;
	tally = signed_call(YEAR, 2);
	fits(signed_book(1));
	for (int i = 1; i < MEMBERS; i++) {
		signed_contribute(i, &tally, 3, 1);
		fits(signed_book(1));
	}
	signed_decline(MEMBERS, &tally);
	fits(signed_book(1));
	for (int s = 0; s < 20; s++) {
		signed_wait(3000);
		fits(signed_book(s % (MEMBERS + 1)));
	}
}

static void closes_as(int home, const char *state)
{
	struct kl_auditor *a = signed_audit(&tally, signed_book(home));

	if (!strstr(kl_auditor_summary(a, KL_AUDIT_CLOSE), state)) {
		print_all(a);
		fail_msg("not %s: %s", state, kl_auditor_summary(a, KL_AUDIT_CLOSE));
	}
	kl_auditor_destroy(a);
}

/* Too few seats are taken in time, so that all give up. */
static void let_it_fail(void)
{
	for (int home = 1; home <= 3; home++)
		signed_silence(home);
	tally = signed_call(YEAR, 2);
	signed_wait(SIGNED_CONTRIBUTE_MS / 3 + 1000);
	for (int home = 1; home <= 3; home++)
		signed_return(home);
	signed_wait(2000);
}

static void a_failed_one_fits_and_so_does_the_next(void **state)
{
	struct kl_id failed;

	(void)state;
	let_it_fail();
	failed = tally;
	for (int home = 0; home <= MEMBERS; home++)
		fits(signed_book(home));
	closes_as(1, "It is failed, and the convenor says so");
	finds(signed_book(2), KL_AUDIT_DRAW, KL_MARK_NOTE, "first tally");
	count();
	fits(signed_book(1));
	closes_as(1, "It is closed");
	tally = signed_call(YEAR + 1, 1);
	fits(signed_book(1));
	closes_as(1, "It is open");
	tally = failed;
	fits(signed_book(1));
}

static void sums_up(enum kl_audit_step step, const char *words)
{
	struct kl_auditor *a = signed_audit(&tally, signed_book(0));

	if (!strstr(kl_auditor_summary(a, step), words)) {
		print_all(a);
		fail_msg("no %s", words);
	}
	kl_auditor_destroy(a);
}

/* The first leader says nothing: the others skip its attempt. */
static void a_second_attempt_fits(void **state)
{
	int leader;

	(void)state;
	tally = signed_call(YEAR, 2);
	leader = home_of_seat(1);
	signed_silence(leader);
	for (int home = 1; home <= MEMBERS; home++)
		if (home != leader)
			signed_contribute(home, &tally, 3, 1);
	signed_wait(SIGNED_CONTRIBUTE_MS + SIGNED_DECIDE_MS);
	for (int home = 0; home <= MEMBERS; home++)
		if (home != leader)
			fits(signed_book(home));
	sums_up(KL_AUDIT_VOTES, "Certified in attempt 2");
	sums_up(KL_AUDIT_PROPOSALS, "in 2 attempts");
	closes_as(0, "It is closed");
}

static void what_was_taken_back_is_told(void **state)
{
	(void)state;
	tally = signed_call(YEAR, 2);
	for (int home = 1; home < MEMBERS; home++)
		signed_contribute(home, &tally, 3, 1);
	signed_withdraw(2, &tally);
	signed_withdraw(3, &tally);
	signed_contribute(3, &tally, 9, 2);
	signed_contribute(MEMBERS, &tally, 3, 1);
	signed_wait(SIGNED_CONTRIBUTE_MS + SIGNED_DECIDE_MS);
	fits(signed_book(1));
	closes_as(0, "It is closed");
	finds(signed_book(1), KL_AUDIT_MEMBERS, KL_MARK_NOTE,
		"Member 2 contributed and is not in: it took its contribution back");
	sums_up(KL_AUDIT_MEMBERS, "6 members are in");
	sums_up(KL_AUDIT_CONTRIBUTIONS, "6 of 7 contributed, 0 declined, 1 took back what they "
					"contributed (8 contributions and 2 withdrawals");
}

static void a_stuck_one_fits(void **state)
{
	(void)state;
	tally = signed_call(YEAR, 1);
	for (int home = 1; home <= 3; home++)
		signed_silence(home);
	signed_wait(3 * (SIGNED_CONTRIBUTE_MS + SIGNED_DECIDE_MS));
	fits(signed_book(4));
	closes_as(4, "It is stuck");
}

/* A call that names another roster than the one in force. */
static void tamper_with_call(int home, uint32_t kind, uint8_t *payload, size_t len)
{
	const struct kl_id *roster = &signed_find(0, KL_KIND_ADMIT, MEMBERS - 1)->id;
	uint8_t *place;

	(void)home;
	if (kind != KL_KIND_TALLY_CALL)
		return;
	place = memmem(payload, len, roster->b, sizeof roster->b);
	assert_non_null(place);
	place[0] ^= 1;
}

static void a_refused_one_is_told_and_is_no_fault_of_the_records(void **state)
{
	(void)state;
	signed_tamper = tamper_with_call;
	tally = signed_call(YEAR, 1);
	signed_wait(5000);
	fits(signed_book(1));
	finds(signed_book(1), KL_AUDIT_CALL, KL_MARK_NOTE, "names another roster");
	finds(signed_book(1), KL_AUDIT_CALL, KL_MARK_NOTE, "every member refuses this call");
}

/* ---- what was changed ------------------------------------------------------------------------ */

static const uint32_t kinds[] = {KL_KIND_ADMIT, KL_KIND_TALLY_CALL, KL_KIND_TALLY_ACCEPT,
	KL_KIND_TALLY_CONTRIB, KL_KIND_TALLY_INTAKE, KL_KIND_TALLY_PROPOSE, KL_KIND_TALLY_VOTE,
	KL_KIND_TALLY_OPEN, KL_KIND_TALLY_CLOSE};

static int home_that_said(uint32_t kind)
{
	for (int home = 0; home <= MEMBERS; home++)
		for (size_t i = 0; i < signed_feeds[home].count; i++)
			if (signed_feeds[home].records[i].h.kind == kind)
				return home;
	fail_msg("nobody said %s", kl_kind_name(kind));
	return 0;
}

static void a_flipped_byte_is_found_in_every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct signed_record *r = signed_find(home_that_said(kinds[i]), kinds[i], 0);
		size_t place = r->len / 2;

		r->payload[place] ^= 1;
		finds(signed_book(1), KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "content was changed");
		finds(signed_book(1), KL_AUDIT_SIGNATURES, KL_MARK_WRONG, kl_kind_name(kinds[i]));
		r->payload[place] ^= 1;
		r->header[r->header_len - 40] ^= 1; /* before the hash of the payload */
		finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "");
		r->header[r->header_len - 40] ^= 1;
	}
	fits(signed_book(1));
}

static void a_signature_that_does_not_fit_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct signed_record *r = signed_find(home_that_said(kinds[i]), kinds[i], 0);

		if (!kl_kind_signs_itself(kinds[i]))
			continue;
		r->signature[5] ^= 4;
		finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "signature does not fit");
		r->signature[5] ^= 4;
		r->is_signed = false;
		finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "lacks the signature");
		r->is_signed = true;
	}
	fits(signed_book(1));
}

/* Signatures in between are not kept: the next one in the chain does it. */
static void a_chain_certifies_what_has_no_signature(void **state)
{
	struct signed_record *r = signed_find(1, KL_KIND_TALLY_CONTRIB, 0);

	(void)state;
	for (int home = 0; home <= MEMBERS; home++)
		for (size_t i = 0; i + 1 < signed_feeds[home].count; i++)
			if (!kl_kind_signs_itself(signed_feeds[home].records[i].h.kind))
				signed_feeds[home].records[i].is_signed = false;
	fits(signed_book(1));
	/* ..unless the chain is broken behind it. */
	r[1].lost = true;
	finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_NOT_HERE, "Member 1");
	r[1].lost = false;
}

static void a_missing_record_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct signed_record *r = signed_find(home_that_said(kinds[i]), kinds[i], 0);

		r->lost = true;
		finds(NULL, KL_AUDIT_RECORDS, KL_MARK_NOT_HERE, "cannot be read");
		r->lost = false;
	}
	signed_find(home_of_seat(2), KL_KIND_TALLY_INTAKE, 0)->lost = true;
	finds(NULL, KL_AUDIT_INTAKES, KL_MARK_NOT_HERE, "seat 2");
	signed_find(home_of_seat(2), KL_KIND_TALLY_INTAKE, 0)->lost = false;
	signed_find(home_of_seat(1), KL_KIND_TALLY_PROPOSE, 0)->lost = true;
	finds(NULL, KL_AUDIT_PROPOSALS, KL_MARK_NOT_HERE, "not whole here");
	signed_find(home_of_seat(1), KL_KIND_TALLY_PROPOSE, 0)->lost = false;
	signed_find(3, KL_KIND_TALLY_CONTRIB, 0)->lost = true;
	finds(NULL, KL_AUDIT_MEMBERS, KL_MARK_NOT_HERE, "Member 3");
	signed_find(3, KL_KIND_TALLY_CONTRIB, 0)->lost = false;
	signed_find(0, KL_KIND_ADMIT, 1)->lost = true;
	finds(NULL, KL_AUDIT_CALL, KL_MARK_NOT_HERE, "roster cannot be followed");
	signed_find(0, KL_KIND_ADMIT, 1)->lost = false;
	signed_find(0, KL_KIND_TALLY_CALL, 0)->lost = true;
	finds(NULL, KL_AUDIT_CALL, KL_MARK_NOT_HERE, "call is not here");
}

/* Findings that say that something does not fit, but for those of a step. */
static void nothing_wrong_but(enum kl_audit_step step, const char *what)
{
	for (int with = 0; with < 2; with++) {
		struct kl_auditor *a = signed_audit(&tally, with ? signed_book(1) : NULL);

		for (unsigned s = 0; s < KL_AUDIT_STEP_COUNT; s++)
			if (s != step && kl_auditor_mark(a, s) == KL_MARK_WRONG) {
				print_all(a);
				fail_msg("%s: %s", what, kl_audit_step_name(s));
			}
		kl_auditor_destroy(a);
	}
}

/* Whoever keeps a record badly accuses nobody: what is missing is not known, and not wrong. */
static void what_is_missing_or_damaged_accuses_nobody(void **state)
{
	(void)state;
	tally = signed_call(YEAR + 1, 2); /* what was counted before matters to this one */
	for (int home = 1; home <= MEMBERS; home++)
		signed_contribute(home, &tally, 3, 1);
	signed_wait(SIGNED_CONTRIBUTE_MS + SIGNED_DECIDE_MS);
	for (int home = 0; home <= MEMBERS; home++)
		for (size_t i = (size_t)home % 3; i < signed_feeds[home].count; i += 3) {
			struct signed_record *r = &signed_feeds[home].records[i];

			r->lost = true;
			nothing_wrong_but(KL_AUDIT_STEP_COUNT, kl_kind_name(r->h.kind));
			r->lost = false;
			if (r->len == 0 || !r->here)
				continue;
			r->payload[r->len / 2] ^= 1;
			nothing_wrong_but(KL_AUDIT_SIGNATURES, kl_kind_name(r->h.kind));
			r->payload[r->len / 2] ^= 1;
		}
}

/* Not only those that certify something: each signature that is there. */
static void each_signature_is_looked_at(void **state)
{
	size_t count = 0;

	(void)state;
	for (int home = 0; home <= MEMBERS; home++)
		for (size_t i = (size_t)home % 2; i < signed_feeds[home].count; i += 2) {
			struct signed_record *r = &signed_feeds[home].records[i];

			if (!r->is_signed)
				continue;
			r->signature[count++ % KL_SIGNATURE_BYTES] ^= 1;
			finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "signature does not fit");
			r->signature[(count - 1) % KL_SIGNATURE_BYTES] ^= 1;
		}
	assert_true(count > 30);
	fits(signed_book(1));
}

static void a_missing_payload_is_named(void **state)
{
	(void)state;
	signed_find(3, KL_KIND_TALLY_CONTRIB, 0)->here = false;
	finds(NULL, KL_AUDIT_MEMBERS, KL_MARK_NOT_HERE, "Member 3");
	signed_find(3, KL_KIND_TALLY_CONTRIB, 0)->here = true;
	signed_find(home_of_seat(4), KL_KIND_TALLY_VOTE, 0)->here = false;
	finds(NULL, KL_AUDIT_OPENINGS, KL_MARK_NOT_HERE, "votes");
	finds(NULL, KL_AUDIT_RECORDS, KL_MARK_NOT_HERE, "the content");
}

/* A member that lacks a list knows that something was certified, and cannot tell what it may show. */
static void a_member_that_cannot_tell_what_it_shows_is_told(void **state)
{
	struct signed_record *r = signed_find(home_of_seat(1), KL_KIND_TALLY_INTAKE, 0);
	struct kl_auditor *lacking;

	(void)state;
	r->here = false;
	lacking = signed_audit(&tally, NULL);
	r->here = true;
	finds(kl_auditor_book(lacking), KL_AUDIT_SHOWN, KL_MARK_NOT_HERE,
		"not all of what was certified has arrived here");
	kl_auditor_destroy(lacking);
	fits(signed_book(1));
}

static void records_in_another_order_are_found(void **state)
{
	struct signed_record *r = signed_find(2, KL_KIND_TALLY_CONTRIB, 0), kept = r[0];

	(void)state;
	r[0] = r[1];
	r[1] = kept;
	finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "not its own");
}

/* ---- what people do who hold a key ----------------------------------------------------------- */

static void vote_as(int home, int seat, const struct kl_id *proposal)
{
	struct kl_tally_vote vote = {.tally = tally, .seat = (uint8_t)seat, .proposal = *proposal};
	struct kl_bytes payload;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_vote_write(&w, &vote);
	assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	signed_say(home, KL_KIND_TALLY_VOTE, payload);
	kl_writer_deinit(&w);
}

/* A seat that votes for two proposals is proven false, and barred from the next tally. */
static void a_seat_that_contradicts_itself_is_told(void **state)
{
	struct kl_id other = {{7}}, false_member;
	struct signed_record *r;
	int home = home_of_seat(2);

	(void)state;
	false_member = *signed_id(home);
	vote_as(home, 2, &other);
	r = &signed_feeds[home].records[signed_feeds[home].count - 1];
	finds(NULL, KL_AUDIT_EVIDENCE, KL_MARK_NOTE, "nobody has shown that to all yet");
	signed_show(0, &tally, 2,
		(const struct kl_id[]){signed_find(home, KL_KIND_TALLY_VOTE, 0)->id, r->id}, 2);
	signed_wait(2000);
	fits(signed_book(0));
	finds(signed_book(1), KL_AUDIT_EVIDENCE, KL_MARK_NOTE,
		"was proven false by the convenor: a tally vote and a tally vote");
	/* Nothing is proven by two records that agree. */
	signed_show(3, &tally, 1,
		(const struct kl_id[]){signed_find(home_of_seat(1), KL_KIND_TALLY_VOTE, 0)->id,
			signed_find(home_of_seat(1), KL_KIND_TALLY_INTAKE, 0)->id},
		2);
	finds(signed_book(1), KL_AUDIT_EVIDENCE, KL_MARK_NOTE, "of seat 1 proves nothing");
	fits(signed_book(0));
	/* What came of it. */
	tally = signed_call(YEAR + 1, 1);
	fits(signed_book(1));
	finds(signed_book(1), KL_AUDIT_DRAW, KL_MARK_NOTE, "is kept off the committee");
	for (int seat = 1; seat <= 6; seat++)
		assert_false(kl_id_equal(&false_member, signed_id(home_of_seat(seat))));
}

/* A feed that was forked before its vote: what is behind counts by its own signature. */
static void what_stands_behind_a_fork_counts_by_its_signature(void **state)
{
	int home = home_of_seat(3);
	struct signed_record *vote = signed_find(home, KL_KIND_TALLY_VOTE, 0), *r = vote;
	struct kl_id id = vote->id;

	(void)state;
	for (; r < signed_feeds[home].records + signed_feeds[home].count; r++)
		r->contested = true;
	fits(signed_book(1));
	sums_up(KL_AUDIT_VOTES, "7 of 7 seats voted for it");
	/* Who does not have them hears of them from others. */
	for (r = vote; r < signed_feeds[home].records + signed_feeds[home].count; r++)
		r->lost = true;
	sums_up(KL_AUDIT_VOTES, "6 of 7 seats voted for it");
	for (r = vote; r < signed_feeds[home].records + signed_feeds[home].count; r++)
		r->lost = false;
	signed_show(1, &tally, 3, &id, 1);
	for (r = vote; r < signed_feeds[home].records + signed_feeds[home].count; r++)
		r->lost = true;
	sums_up(KL_AUDIT_VOTES, "7 of 7 seats voted for it");
	sums_up(KL_AUDIT_EVIDENCE, "1 record of seats came from others");
}

static void a_forged_vote_counts_for_nothing_and_is_named(void **state)
{
	struct kl_id other = {{7}};
	int home = home_of_seat(2);

	(void)state;
	vote_as(home, 3, &other); /* for a seat of somebody else */
	finds(NULL, KL_AUDIT_SEATS, KL_MARK_NOTE, "does not hold");
	fits(signed_book(1));
	/* As if the member who holds the seat had said it: the signature tells. */
	vote_as(home_of_seat(3), 3, &other);
	signed_feeds[home_of_seat(3)]
		.records[signed_feeds[home_of_seat(3)].count - 1]
		.signature[0] ^= 1;
	finds(NULL, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "signature does not fit");
}

static void tamper_with_close(int home, uint32_t kind, uint8_t *payload, size_t len)
{
	(void)home;
	if (kind == KL_KIND_TALLY_CLOSE)
		payload[len - 1] ^= 1; /* of the result */
}

static void a_wrong_close_is_found(void **state)
{
	(void)state;
	signed_tamper = tamper_with_close;
	count();
	finds(signed_book(1), KL_AUDIT_CLOSE, KL_MARK_WRONG, "not what the records say");
}

static void a_result_that_differs_is_found(void **state)
{
	struct kl_tally *t = kl_tallies_find(signed_book(2), &tally);

	(void)state;
	t->openings[0].histogram[0]++;
	finds(signed_book(2), KL_AUDIT_SHOWN, KL_MARK_WRONG,
		"something else than the seats opened");
	t->openings[0].histogram[0]--;
	fits(signed_book(2));
	t->closed = false;
	t->failed = true;
	finds(signed_book(2), KL_AUDIT_SHOWN, KL_MARK_WRONG, "shows the tally as failed");
	t->closed = true;
	t->failed = false;
}

/* Sums that somebody signed: overruled if few, and told. */
static void tamper_with_open(int home, uint32_t kind, uint8_t *payload, size_t len)
{
	if (kind == KL_KIND_TALLY_OPEN && home == home_of_seat(2))
		payload[len - 8] ^= 1;
}

static void a_lie_about_a_sum_is_told(void **state)
{
	(void)state;
	signed_tamper = tamper_with_open;
	count();
	fits(signed_book(1));
	finds(signed_book(1), KL_AUDIT_OPENINGS, KL_MARK_NOTE, "was overruled");
	finds(signed_book(1), KL_AUDIT_OPENINGS, KL_MARK_NOTE, "seat 2");
}

static void open_as(int home, const struct kl_tally_open *open)
{
	struct kl_bytes payload;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_open_write(&w, open);
	assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	signed_say(home, KL_KIND_TALLY_OPEN, payload);
	kl_writer_deinit(&w);
}

static void opening_without_certificate_is_found(void **state)
{
	struct kl_open_sum sum = {.bins = 4};
	struct kl_tally_open open = {.seat = 2, .part.number = 1, .sums = &sum, .count = 1};

	(void)state;
	let_it_fail();
	open.tally = tally;
	open.proposal.b[3] = 9;
	open_as(home_of_seat(2), &open);
	finds(NULL, KL_AUDIT_OPENINGS, KL_MARK_WRONG, "without a certificate");
	finds(NULL, KL_AUDIT_OPENINGS, KL_MARK_WRONG, "was not certified");
}

static void sums_that_are_too_fine_are_found(void **state)
{
	int home = home_of_seat(4);
	struct signed_record *r = signed_find(home, KL_KIND_TALLY_OPEN, 0);
	size_t place = (size_t)(r - signed_feeds[home].records);
	struct kl_tally_open open;
	struct kl_bytes payload;
	struct kl_writer w;

	(void)state;
	assert_int_equal(kl_tally_open_read(kl_bytes(r->payload, r->len), &open), KL_OK);
	open.sums[0].bins = 16;
	kl_writer_init(&w);
	kl_tally_open_write(&w, &open);
	assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	free(r->payload);
	r->payload = malloc(payload.len);
	assert_non_null(r->payload);
	memcpy(r->payload, payload.data, payload.len);
	r->len = payload.len;
	signed_again(home, place);
	finds(NULL, KL_AUDIT_OPENINGS, KL_MARK_WRONG, "of another fineness");
	kl_writer_deinit(&w);
	kl_tally_open_deinit(&open);
}

/* ---- whatever anybody signs ------------------------------------------------------------------- */

static uint32_t luck;

static uint32_t draw(size_t below)
{
	luck = luck * 1664525 + 1013904223;
	return (uint32_t)((luck >> 8) % below);
}

/* Another content in the place of the old one: as if its author had signed that. */
static void change_content(struct signed_record *r)
{
	for (unsigned n = draw(3) + 1; n > 0 && r->len > 0; n--) {
		size_t place = draw(r->len);

		if (draw(3) == 0)
			r->payload[place] = (uint8_t)draw(256);
		else
			r->payload[place] ^= (uint8_t)(1 << draw(8));
	}
	if (draw(8) == 0)
		r->len = draw(r->len + 1);
}

/* No signed record may bring the auditor down, and whatever it says is a mark and a sentence. */
static void whatever_anybody_signs_is_survived(void **state)
{
	const char *seed = getenv("KL_SEED"), *rounds = getenv("KL_ROUNDS");

	(void)state;
	luck = seed ? (uint32_t)strtoul(seed, NULL, 10) : 1;
	for (unsigned long n = rounds ? strtoul(rounds, NULL, 10) : 10; n > 0; n--) {
		int home = (int)draw(MEMBERS + 1);
		size_t first =
			home ? 0
			     : MEMBERS + 2; /* the roster stays, and the call if it is not drawn */
		size_t place = first + draw(signed_feeds[home].count - first);
		struct signed_record *r = &signed_feeds[home].records[place];
		struct signed_record kept = *r;
		struct kl_auditor *a;

		r->payload = malloc(r->len + 1);
		assert_non_null(r->payload);
		memcpy(r->payload, kept.payload, r->len);
		change_content(r);
		signed_again(home, place);
		a = signed_audit(&tally, signed_book(1));
		for (unsigned s = 0; s < KL_AUDIT_STEP_COUNT; s++)
			assert_true(strlen(kl_auditor_summary(a, s)) < KL_FINDING_TEXT_MAX);
		kl_auditor_destroy(a);
		free(r->payload);
		*r = kept;
		signed_again(home, place);
	}
	fits(signed_book(1));
}

#define TEST(function)        cmocka_unit_test_setup_teardown(function, begin, end)
#define TEST_CLOSED(function) cmocka_unit_test_setup_teardown(function, begin_closed, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_CLOSED(a_closed_tally_fits),
		TEST(one_that_goes_on_fits_at_any_time),
		TEST(a_failed_one_fits_and_so_does_the_next),
		TEST(a_stuck_one_fits),
		TEST(a_second_attempt_fits),
		TEST(what_was_taken_back_is_told),
		TEST(a_refused_one_is_told_and_is_no_fault_of_the_records),
		TEST_CLOSED(a_flipped_byte_is_found_in_every_kind),
		TEST_CLOSED(a_signature_that_does_not_fit_is_found),
		TEST_CLOSED(a_chain_certifies_what_has_no_signature),
		TEST_CLOSED(a_missing_record_is_named),
		TEST_CLOSED(what_is_missing_or_damaged_accuses_nobody),
		TEST_CLOSED(each_signature_is_looked_at),
		TEST_CLOSED(a_missing_payload_is_named),
		TEST_CLOSED(a_member_that_cannot_tell_what_it_shows_is_told),
		TEST_CLOSED(records_in_another_order_are_found),
		TEST_CLOSED(a_seat_that_contradicts_itself_is_told),
		TEST_CLOSED(what_stands_behind_a_fork_counts_by_its_signature),
		TEST_CLOSED(a_forged_vote_counts_for_nothing_and_is_named),
		TEST(a_wrong_close_is_found),
		TEST_CLOSED(a_result_that_differs_is_found),
		TEST(a_lie_about_a_sum_is_told),
		TEST(opening_without_certificate_is_found),
		TEST_CLOSED(sums_that_are_too_fine_are_found),
		TEST_CLOSED(whatever_anybody_signs_is_survived),
	};

	return RUN(tests);
}
