/* Seats that vote, skip and quit as they like, speak for others, and accuse others. */
#include "tests/sim/tally_cheat.h"

#include "core/hash.h"

#include <string.h>

static void say_vote(const struct cheat *cheat, unsigned branch, unsigned seat, uint32_t attempt,
	const struct kl_id *proposal)
{
	struct kl_tally_vote vote = {.tally = *net_tally(cheat->tally),
		.attempt = attempt,
		.seat = (uint8_t)seat,
		.proposal = *proposal};

	CHEAT_SAY(cheat, branch, KL_KIND_TALLY_VOTE, kl_tally_vote_write, &vote);
}

static void say_skip(const struct cheat *cheat, unsigned branch, unsigned seat, uint32_t attempt)
{
	struct kl_tally_skip skip = {
		.tally = *net_tally(cheat->tally), .attempt = attempt, .seat = (uint8_t)seat};

	CHEAT_SAY(cheat, branch, KL_KIND_TALLY_SKIP, kl_tally_skip_write, &skip);
}

static void say_quit(const struct cheat *cheat, unsigned branch, unsigned seat)
{
	struct kl_tally_quit quit = {.tally = *net_tally(cheat->tally), .seat = (uint8_t)seat};

	CHEAT_SAY(cheat, branch, KL_KIND_TALLY_QUIT, kl_tally_quit_write, &quit);
}

/* A proposal of that attempt, or something that nobody proposed. */
static struct kl_id any_proposal(const struct cheat *cheat, uint32_t attempt)
{
	struct kl_id proposal;

	if (!cheat_find_proposal(cheat->tally, attempt, &proposal))
		cheat_fill(&proposal, sizeof(proposal));
	return proposal;
}

/* ---- VOTE ----------------------------------------------------------------------------------- */

static bool votes_for_all(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_vote vote;

	NET_CHECK(!kl_tally_vote_read(payload, &vote), "a VOTE");
	net_write(cheat->node, 0, KL_KIND_TALLY_VOTE, payload.data, payload.len);
	for (unsigned i = 0; i < 3; i++) {
		struct kl_id other = any_proposal(cheat, vote.attempt);

		if (!kl_id_equal(&other, &vote.proposal))
			say_vote(cheat, 0, cheat->seat, vote.attempt, &other);
	}
	return true;
}

static bool votes_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_vote vote;
	struct kl_id other;

	NET_CHECK(!kl_tally_vote_read(payload, &vote), "a VOTE");
	other = any_proposal(cheat, vote.attempt);
	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_VOTE, payload.data, payload.len);
	if (cheat_likes(3))
		say_skip(cheat, 1, cheat->seat, vote.attempt);
	else
		say_vote(cheat, 1, cheat->seat, vote.attempt, &other);
	return true;
}

/* More than anybody keeps before the vote that counts, in one half of the network. */
static bool votes_for_too_much(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_vote vote;
	struct kl_id nothing;

	NET_CHECK(!kl_tally_vote_read(payload, &vote), "a VOTE");
	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_VOTE, payload.data, payload.len);
	for (unsigned i = 0; i < 4; i++) {
		cheat_fill(&nothing, sizeof(nothing));
		say_vote(cheat, 1, cheat->seat, vote.attempt, &nothing);
	}
	say_vote(cheat, 1, cheat->seat, vote.attempt, &vote.proposal);
	return true;
}

static bool votes_and_skips(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_vote vote;

	NET_CHECK(!kl_tally_vote_read(payload, &vote), "a VOTE");
	net_write(cheat->node, 0, KL_KIND_TALLY_VOTE, payload.data, payload.len);
	say_skip(cheat, 0, cheat->seat, vote.attempt);
	return true;
}

static bool keeps_votes(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

static bool votes_late(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_keep_back(cheat, KL_KIND_TALLY_VOTE, payload);
	return true;
}

/* ---- SKIP ----------------------------------------------------------------------------------- */

static bool skips_all(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)payload;
	for (uint32_t a = 0; a < 3; a++)
		say_skip(cheat, 0, cheat->seat, a);
	return true;
}

static bool skips_and_votes(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_skip skip;
	struct kl_id proposal;

	NET_CHECK(!kl_tally_skip_read(payload, &skip), "a SKIP");
	proposal = any_proposal(cheat, skip.attempt);
	net_write(cheat->node, 0, KL_KIND_TALLY_SKIP, payload.data, payload.len);
	say_vote(cheat, 0, cheat->seat, skip.attempt, &proposal);
	return true;
}

static bool keeps_skips(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

/* ---- QUIT ----------------------------------------------------------------------------------- */

static bool hides_votes(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)payload;
	say_quit(cheat, 0, cheat->seat);
	return true;
}

static bool votes_after_quit(const struct cheat *cheat, struct kl_bytes payload)
{
	net_write(cheat->node, 0, KL_KIND_TALLY_QUIT, payload.data, payload.len);
	for (uint32_t a = 0; a < 3; a++) {
		struct kl_id proposal = any_proposal(cheat, a);

		say_vote(cheat, 0, cheat->seat, a, &proposal);
	}
	return true;
}

static bool quits_twice(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_quit quit;

	NET_CHECK(!kl_tally_quit_read(payload, &quit), "a QUIT");
	net_write(cheat->node, 0, KL_KIND_TALLY_QUIT, payload.data, payload.len);
	quit.vote_count = 1;
	memset(&quit.votes[0], 0, sizeof(quit.votes[0]));
	quit.votes[0].proposal = any_proposal(cheat, 0);
	cheat_fill(&quit.votes[0].vote, sizeof(quit.votes[0].vote));
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_QUIT, kl_tally_quit_write, &quit);
	return true;
}

static bool quits_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_id proposal = any_proposal(cheat, 0);

	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_QUIT, payload.data, payload.len);
	say_vote(cheat, 1, cheat->seat, 0, &proposal);
	return true;
}

static bool keeps_quit(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

static bool quits_late(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_keep_back(cheat, KL_KIND_TALLY_QUIT, payload);
	return true;
}

const struct strategy cheat_vote_strategies[] = {
	{"votes for everything", KL_KIND_TALLY_VOTE, votes_for_all},
	{"votes one way before one half and another way before the other", KL_KIND_TALLY_VOTE,
		votes_in_two_ways},
	{"votes for too much before one half", KL_KIND_TALLY_VOTE, votes_for_too_much},
	{"votes and skips", KL_KIND_TALLY_VOTE, votes_and_skips},
	{"keeps its votes to itself", KL_KIND_TALLY_VOTE, keeps_votes},
	{"votes when all is over", KL_KIND_TALLY_VOTE, votes_late},
	{"skips attempts before they are open", KL_KIND_TALLY_SKIP, skips_all},
	{"skips and votes", KL_KIND_TALLY_SKIP, skips_and_votes},
	{"never skips", KL_KIND_TALLY_SKIP, keeps_skips},
	{"hides its votes when it quits", KL_KIND_TALLY_QUIT, hides_votes},
	{"votes after it has quit", KL_KIND_TALLY_QUIT, votes_after_quit},
	{"quits twice, with other votes", KL_KIND_TALLY_QUIT, quits_twice},
	{"quits before one half and votes before the other", KL_KIND_TALLY_QUIT, quits_in_two_ways},
	{"never quits", KL_KIND_TALLY_QUIT, keeps_quit},
	{"quits when all is over", KL_KIND_TALLY_QUIT, quits_late},
	{NULL, 0, NULL},
};

/* ---- mischief ------------------------------------------------------------------------------- */

static void speak_for_others(const struct cheat *cheat)
{
	unsigned n = net_committee(cheat->tally)->n;

	for (unsigned seat = 1; seat <= n; seat++) {
		uint32_t attempt = (uint32_t)net_random(2);
		struct kl_id proposal = any_proposal(cheat, attempt);

		if (seat == cheat->seat)
			continue;
		say_vote(cheat, 0, seat, attempt, &proposal);
		say_skip(cheat, 0, seat, attempt);
		say_quit(cheat, 0, seat);
	}
}

static void vote_anywhere(const struct cheat *cheat)
{
	uint32_t attempt = (uint32_t)net_random(4);
	struct kl_id proposal = any_proposal(cheat, attempt);

	say_vote(cheat, 0, cheat->seat, attempt, &proposal);
}

static void skip_anywhere(const struct cheat *cheat)
{
	say_skip(cheat, 0, cheat->seat, (uint32_t)net_random(KL_TALLY_ATTEMPTS_MAX + 2));
}

static void quit_now(const struct cheat *cheat)
{
	say_quit(cheat, 0, cheat->seat);
}

/* Says again what somebody else said, as if it were its own. */
static void repeat_another(const struct cheat *cheat)
{
	static const uint32_t kinds[] = {KL_KIND_TALLY_INTAKE, KL_KIND_TALLY_PROPOSE,
		KL_KIND_TALLY_OPEN, KL_KIND_TALLY_CONTRIB, KL_KIND_TALLY_SHARE,
		KL_KIND_TALLY_CLOSE};
	uint32_t kind = kinds[net_random(sizeof(kinds) / sizeof(kinds[0]))];
	const struct net_record *r =
		cheat_find(-1, kind == KL_KIND_TALLY_SHARE ? -1 : cheat->tally, kind);

	if (!r)
		return;
	net_set_false(cheat->node); /* it may be a contribution */
	net_write(cheat->node, 0, kind, r->payload, r->len);
}

static void write_nonsense(const struct cheat *cheat)
{
	uint32_t kind = KL_KIND_TALLY_ACCEPT + (uint32_t)net_random(13);
	uint8_t bytes[300];

	cheat_fill(bytes, sizeof(bytes));
	net_write(cheat->node, 0, kind, bytes, net_random(sizeof(bytes)));
}

/* A proposal that cites what the cheat likes, of an attempt that may not be its own. */
static void propose_anything(const struct cheat *cheat)
{
	const struct net_record *r = cheat_find(-1, cheat->tally, KL_KIND_TALLY_PROPOSE);
	struct kl_tally_propose propose;

	if (!r || kl_tally_propose_read(kl_bytes(r->payload, r->len), &propose))
		return;
	propose.attempt = (uint32_t)net_random(3);
	if (propose.cited_count > 1)
		propose.cited_count--;
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_PROPOSE, kl_tally_propose_write, &propose);
	kl_tally_propose_deinit(&propose);
}

/* Sums of something that nobody certified: of what another seat voted for, or of nothing at all. */
static void open_anything(const struct cheat *cheat)
{
	struct kl_open_sum sums[2];
	struct kl_tally_open open = {.tally = *net_tally(cheat->tally),
		.seat = (uint8_t)cheat->seat,
		.attempt = (uint32_t)net_random(2),
		.vote_count = net_committee(cheat->tally)->qv,
		.part = {.number = 1},
		.sums = sums,
		.count = 2};

	memset(sums, 0, sizeof(sums));
	for (unsigned i = 0; i < 2; i++) {
		sums[i].bins = 4;
		for (unsigned b = 0; b < 4; b++)
			sums[i].cells[b] = net_random(1000000);
	}
	open.proposal = any_proposal(cheat, open.attempt);
	cheat_fill(open.votes, open.vote_count * sizeof(open.votes[0]));
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_OPEN, kl_tally_open_write, &open);
}

/* ---- accusations ---------------------------------------------------------------------------- */

/* A record as its author signed it, or with another payload and a signature that fits nothing. */
static void write_record(const struct kl_record *as, bool forged, struct kl_writer *w)
{
	struct kl_record record = *as;
	uint8_t header[KL_HEADER_MAX], signature[KL_SIGNATURE_BYTES], payload[200];

	if (forged && as->payload.len <= sizeof(payload)) {
		memcpy(payload, as->payload.data, as->payload.len);
		payload[as->payload.len - 1] ^= 1;
		record.payload = kl_bytes(payload, as->payload.len);
		kl_blake2b(record.payload, &record.h.payload_hash);
		record.header = kl_bytes(header, kl_header_encode(&record.h, header));
		if (cheat_likes(2)) {
			cheat_fill(signature, sizeof(signature));
			record.signature = kl_bytes(signature, sizeof(signature));
		}
	}
	kl_record_write(w, &record);
}

/* Shows records of another seat that do not conflict, or of which one is forged. */
static void accuse(const struct cheat *cheat)
{
	static const uint32_t kinds[] = {KL_KIND_TALLY_ACCEPT, KL_KIND_TALLY_INTAKE,
		KL_KIND_TALLY_VOTE, KL_KIND_TALLY_QUIT, KL_KIND_TALLY_SKIP, KL_KIND_TALLY_OPEN};
	unsigned seat = 1 + (unsigned)net_random(net_committee(cheat->tally)->n);
	struct kl_tally_evidence evidence = {.tally = *net_tally(cheat->tally),
		.seat = (uint8_t)seat,
		.count = (uint8_t)(1 + net_random(2))};
	struct kl_writer whole[2], shown[2];
	bool here = true;

	for (unsigned i = 0; i < evidence.count; i++) {
		const struct net_record *r = cheat_find(net_seat_node(cheat->tally, seat),
			cheat_likes(4) ? -1 : cheat->tally,
			kinds[net_random(sizeof(kinds) / sizeof(kinds[0]))]);
		struct kl_bytes bytes;
		struct kl_record record;

		kl_writer_init(&whole[i]);
		kl_writer_init(&shown[i]);
		here &= r && net_whole_record(cheat->node, &r->id, &whole[i]) &&
			!kl_writer_bytes(&whole[i], &bytes) && !kl_record_decode(bytes, &record);
		if (!here)
			continue;
		write_record(&record, i == 1 && cheat_likes(2), &shown[i]);
		here &= !kl_writer_bytes(&shown[i], &evidence.records[i]);
	}
	if (here)
		CHEAT_SAY(cheat, 0, KL_KIND_TALLY_EVIDENCE, kl_tally_evidence_write, &evidence);
	for (unsigned i = 0; i < evidence.count; i++) {
		kl_writer_deinit(&whole[i]);
		kl_writer_deinit(&shown[i]);
	}
}

const struct mischief cheat_mischief[] = {
	{"speaks for other seats", speak_for_others},
	{"votes in any attempt", vote_anywhere},
	{"skips any attempt", skip_anywhere},
	{"quits and goes on", quit_now},
	{"says what another said", repeat_another},
	{"writes nonsense", write_nonsense},
	{"proposes anything", propose_anything},
	{"opens anything", open_anything},
	{"accuses another seat", accuse},
	{NULL, NULL},
};
