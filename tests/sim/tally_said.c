#include "tests/sim/tally_said.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- for the observer ----------------------------------------------------------------------- */

static bool read_seat_record(uint32_t kind, struct kl_bytes payload, struct net_said *said)
{
	struct kl_tally_accept accept;
	struct kl_tally_vote vote;
	struct kl_tally_skip skip;
	struct kl_tally_quit quit;

	switch (kind) {
	case KL_KIND_TALLY_ACCEPT:
		if (kl_tally_accept_read(payload, &accept))
			return false;
		said->seat = accept.seat;
		said->about = accept.key;
		return true;
	case KL_KIND_TALLY_VOTE:
		if (kl_tally_vote_read(payload, &vote))
			return false;
		said->seat = vote.seat;
		said->attempt = vote.attempt;
		said->about = vote.proposal;
		return true;
	case KL_KIND_TALLY_SKIP:
		if (kl_tally_skip_read(payload, &skip))
			return false;
		said->seat = skip.seat;
		said->attempt = skip.attempt;
		return true;
	default:
		if (kl_tally_quit_read(payload, &quit))
			return false;
		said->seat = quit.seat;
		return true;
	}
}

static void fill_part(const struct kl_tally_part *part, struct net_said *said)
{
	said->part = part->number;
	said->more = part->more;
}

static bool read_long_record(uint32_t kind, struct kl_bytes payload, struct net_said *said)
{
	struct kl_tally_intake intake;
	struct kl_tally_propose propose;
	struct kl_tally_open open;

	switch (kind) {
	case KL_KIND_TALLY_INTAKE:
		if (kl_tally_intake_read(payload, &intake))
			return false;
		said->seat = intake.seat;
		fill_part(&intake.part, said);
		kl_tally_intake_deinit(&intake);
		return true;
	case KL_KIND_TALLY_PROPOSE:
		if (kl_tally_propose_read(payload, &propose))
			return false;
		said->attempt = propose.attempt;
		fill_part(&propose.part, said);
		kl_tally_propose_deinit(&propose);
		return true;
	default:
		if (kl_tally_open_read(payload, &open))
			return false;
		said->seat = open.seat;
		said->attempt = open.attempt;
		said->about = open.proposal;
		fill_part(&open.part, said);
		kl_tally_open_deinit(&open);
		return true;
	}
}

static bool read_contributor_record(uint32_t kind, struct kl_bytes payload, struct net_said *said)
{
	struct kl_tally_contrib contrib;
	struct kl_tally_withdraw withdraw;
	struct kl_tally_decline decline;

	switch (kind) {
	case KL_KIND_TALLY_CONTRIB:
		if (kl_tally_contrib_read(payload, &contrib))
			return false;
		said->number = contrib.number;
		return true;
	case KL_KIND_TALLY_WITHDRAW:
		if (kl_tally_withdraw_read(payload, &withdraw))
			return false;
		said->number = withdraw.number;
		return true;
	default:
		return kl_tally_decline_read(payload, &decline) == KL_OK;
	}
}

static bool read_others(uint32_t kind, struct kl_bytes payload, struct net_said *said)
{
	struct kl_tally_evidence evidence;
	struct kl_tally_close close;

	if (kind == KL_KIND_TALLY_CLOSE)
		return kl_tally_close_read(payload, &close) == KL_OK;
	if (kl_tally_evidence_read(payload, &evidence))
		return false;
	said->seat = evidence.seat;
	said->number = evidence.count;
	return true;
}

void net_read_said(uint32_t kind, struct kl_bytes payload, struct net_said *ret_said)
{
	struct net_said said = {.tally = -1};
	struct kl_id tally;
	bool good = false;

	switch (kind) {
	case KL_KIND_TALLY_ACCEPT:
	case KL_KIND_TALLY_VOTE:
	case KL_KIND_TALLY_SKIP:
	case KL_KIND_TALLY_QUIT:
		good = read_seat_record(kind, payload, &said);
		break;
	case KL_KIND_TALLY_INTAKE:
	case KL_KIND_TALLY_PROPOSE:
	case KL_KIND_TALLY_OPEN:
		good = read_long_record(kind, payload, &said);
		break;
	case KL_KIND_TALLY_CONTRIB:
	case KL_KIND_TALLY_WITHDRAW:
	case KL_KIND_TALLY_DECLINE:
		good = read_contributor_record(kind, payload, &said);
		break;
	case KL_KIND_TALLY_CLOSE:
	case KL_KIND_TALLY_EVIDENCE:
		good = read_others(kind, payload, &said);
		break;
	default:
		break;
	}
	*ret_said = (struct net_said){.tally = -1};
	if (!good || kl_tally_payload_tally(payload, &tally))
		return;
	*ret_said = said;
	ret_said->tally = net_index_of(&tally);
}

/* ---- in words ------------------------------------------------------------------------------- */

static char *out;
static size_t room;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
	va_list args;
	int wrote;

	va_start(args, format);
	wrote = vsnprintf(out, room, format, args);
	va_end(args);
	if (wrote < 0)
		return;
	if ((size_t)wrote >= room)
		wrote = (int)room - 1;
	out += wrote;
	room -= (size_t)wrote;
}

static void put_id(const struct kl_id *id)
{
	put("%02x%02x%02x", id->b[0], id->b[1], id->b[2]);
}

static void put_part(const struct kl_tally_part *part)
{
	if (part->number > 1 || part->more)
		put(", part %u%s", part->number, part->more ? " of more" : ", the last");
}

static void put_call(struct kl_bytes payload)
{
	char cohort[KL_COHORT_TEXT_MAX], period[KL_PERIOD_TEXT_MAX];
	struct kl_tally_call call;

	if (kl_tally_call_read(payload, &call))
		return;
	kl_period_format(call.period, period);
	put("calls for");
	for (unsigned m = 0; m < call.metric_count; m++)
		put(" %s", call.metrics[m].code);
	put(" of %s:", period);
	for (unsigned c = 0; c < call.cohort_count; c++)
		put(" %s", kl_cohort_format(&call.cohorts[c], cohort));
	put("; minimum %u, failed %u times before", call.minimum, call.tries);
	kl_tally_call_deinit(&call);
}

static void put_intake(struct kl_bytes payload)
{
	static const char *const words[] = {
		"ok", "missing", "do not open", "bound to something else", "second", "withdrawn"};
	unsigned counts[sizeof(words) / sizeof(words[0])] = {0};
	struct kl_tally_intake intake;

	if (kl_tally_intake_read(payload, &intake))
		return;
	put("closes its intake:");
	for (unsigned i = 0; i < intake.count; i++)
		counts[intake.entries[i].status]++;
	for (unsigned s = 0; s < sizeof(words) / sizeof(words[0]); s++) {
		if (counts[s])
			put(" %u %s", counts[s], words[s]);
	}
	put_part(&intake.part);
	kl_tally_intake_deinit(&intake);
}

static void put_propose(struct kl_bytes payload, const struct kl_id *id)
{
	struct kl_tally_propose propose;

	if (kl_tally_propose_read(payload, &propose))
		return;
	put("proposes ");
	put_id(id);
	put(" in attempt %u: %u rows", propose.attempt, propose.row_count);
	if (propose.cited_count)
		put(", citing the intakes of seats");
	for (unsigned i = 0; i < propose.cited_count; i++)
		put(" %u", propose.cited[i].seat);
	if (propose.earlier_count)
		put(", and %u earlier releases", propose.earlier_count);
	put_part(&propose.part);
	kl_tally_propose_deinit(&propose);
}

static void put_open(struct kl_bytes payload)
{
	struct kl_tally_open open;

	if (kl_tally_open_read(payload, &open))
		return;
	put("opens %u sums of ", open.count);
	put_id(&open.proposal);
	put_part(&open.part);
	kl_tally_open_deinit(&open);
}

static void put_quit(struct kl_bytes payload)
{
	struct kl_tally_quit quit;

	if (kl_tally_quit_read(payload, &quit))
		return;
	put("quits, ");
	if (!quit.vote_count)
		put("having voted for nothing");
	for (unsigned i = 0; i < quit.vote_count; i++) {
		put(i ? " and " : "having voted for ");
		put_id(&quit.votes[i].proposal);
	}
}

static void put_contrib(struct kl_bytes payload)
{
	struct kl_tally_contrib contrib;
	unsigned shares = 0;

	if (kl_tally_contrib_read(payload, &contrib))
		return;
	for (unsigned i = 0; i < contrib.blob_count; i++)
		shares += !kl_id_is_zero(&contrib.blobs[i]);
	put("contributes (number %u), with shares for %u seats", contrib.number, shares);
}

/* Which records of a seat somebody shows. */
static void put_shown(struct kl_bytes payload, unsigned seat)
{
	struct kl_tally_evidence shown;
	struct kl_record record;

	if (kl_tally_evidence_read(payload, &shown))
		return;
	put("shows of seat %u as evidence:", seat);
	for (unsigned i = 0; i < shown.count; i++)
		if (!kl_record_decode(shown.records[i], &record))
			put(" %s %02x%02x%02x", kl_kind_name(record.h.kind), record.id.b[0],
				record.id.b[1], record.id.b[2]);
}

static void put_rest(uint32_t kind, struct kl_bytes payload)
{
	struct net_said said;

	net_read_said(kind, payload, &said);
	switch (kind) {
	case KL_KIND_TALLY_ACCEPT:
		put("accepts its seat");
		break;
	case KL_KIND_TALLY_VOTE:
		put("votes in attempt %u for ", said.attempt);
		put_id(&said.about);
		break;
	case KL_KIND_TALLY_SKIP:
		put("skips attempt %u", said.attempt);
		break;
	case KL_KIND_TALLY_WITHDRAW:
		put("withdraws what it contributed up to number %u", said.number);
		break;
	case KL_KIND_TALLY_DECLINE:
		put("declines");
		break;
	case KL_KIND_TALLY_CLOSE:
		put("closes it");
		break;
	case KL_KIND_TALLY_EVIDENCE:
		put_shown(payload, said.seat);
		break;
	default:
		put("writes a record of kind %u", kind);
		break;
	}
}

const char *net_text_of(
	uint32_t kind, struct kl_bytes payload, const struct kl_id *id, char text[NET_TEXT_MAX])
{
	struct net_said said;
	const char *begun;

	out = text;
	room = NET_TEXT_MAX;
	text[0] = 0;
	net_read_said(kind, payload, &said);
	if (said.seat && kind != KL_KIND_TALLY_EVIDENCE)
		put("seat %u ", said.seat);
	begun = out;
	switch (kind) {
	case KL_KIND_TALLY_SHARE:
		return text;
	case KL_KIND_TALLY_CALL:
		put_call(payload);
		break;
	case KL_KIND_TALLY_INTAKE:
		put_intake(payload);
		break;
	case KL_KIND_TALLY_PROPOSE:
		put_propose(payload, id);
		break;
	case KL_KIND_TALLY_OPEN:
		put_open(payload);
		break;
	case KL_KIND_TALLY_QUIT:
		put_quit(payload);
		break;
	case KL_KIND_TALLY_CONTRIB:
		put_contrib(payload);
		break;
	default:
		put_rest(kind, payload);
		break;
	}
	if (out == begun)
		put("writes something that nobody can read, of kind %u", kind);
	return text;
}
