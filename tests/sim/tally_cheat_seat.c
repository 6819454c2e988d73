/* Seats that lie about what they hold, what is to be released, and what it adds up to. */
#include "tests/sim/tally_cheat.h"

#include "core/field.h"

#include <stdlib.h>
#include <string.h>

/* ---- ACCEPT --------------------------------------------------------------------------------- */

static bool never_accepts(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

static bool accepts_twice(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_accept accept;

	NET_CHECK(!kl_tally_accept_read(payload, &accept), "an ACCEPT");
	net_write(cheat->node, 0, KL_KIND_TALLY_ACCEPT, payload.data, payload.len);
	cheat_fill(&accept.key, sizeof(accept.key));
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_ACCEPT, kl_tally_accept_write, &accept);
	return true;
}

/* Half of the others seal their shares to a key for which there is none. */
static bool accepts_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_accept accept;

	NET_CHECK(!kl_tally_accept_read(payload, &accept), "an ACCEPT");
	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_ACCEPT, payload.data, payload.len);
	cheat_fill(&accept.key, sizeof(accept.key));
	CHEAT_SAY(cheat, 1, KL_KIND_TALLY_ACCEPT, kl_tally_accept_write, &accept);
	return true;
}

/* ---- INTAKE --------------------------------------------------------------------------------- */

typedef void change_entry_fn(struct kl_intake_entry *entry);

static void change_some(const struct cheat *cheat, struct kl_bytes payload, unsigned branch,
	change_entry_fn *change)
{
	struct kl_tally_intake intake;

	NET_CHECK(!kl_tally_intake_read(payload, &intake), "an INTAKE");
	for (unsigned i = 0; i < intake.count; i++) {
		if (cheat_likes(2))
			change(&intake.entries[i]);
	}
	CHEAT_SAY(cheat, branch, KL_KIND_TALLY_INTAKE, kl_tally_intake_write, &intake);
	kl_tally_intake_deinit(&intake);
}

static void deny(struct kl_intake_entry *entry)
{
	entry->status = (enum kl_intake_status)(1 + net_random(KL_INTAKE_SECOND));
	memset(&entry->reply, 0, sizeof(entry->reply));
}

static void invent(struct kl_intake_entry *entry)
{
	cheat_fill(&entry->contribution, sizeof(entry->contribution));
}

static void claim(struct kl_intake_entry *entry)
{
	entry->status = KL_INTAKE_OK;
}

static void withdraw(struct kl_intake_entry *entry)
{
	deny(entry);
	invent(entry);
	entry->status = KL_INTAKE_WITHDRAWN;
}

static void reply_falsely(struct kl_intake_entry *entry)
{
	if (entry->status != KL_INTAKE_OK)
		return;
	for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++) {
		uint64_t *reply = cheat_likes(2) ? entry->reply.e : entry->reply.c;

		reply[rep] = net_random(KL_FIELD_P);
	}
}

/* What makes a false contribution pass, if few enough honest seats are heard on it: a value on the polynomial
 * through 0 at 0 and as many of them as fix it. */
static void reply_in_league(const struct cheat *cheat, struct kl_intake_entry *entry)
{
	const struct kl_committee *c = net_committee(cheat->tally);
	const struct net_dealt *d = net_dealt(&entry->contribution);
	uint64_t points[KL_SEATS_MAX + 1] = {0}, values[KL_SHARE_TESTS][KL_SEATS_MAX + 1] = {{0}};
	uint64_t weights[KL_SEATS_MAX + 1];
	unsigned count = 1;

	for (unsigned j = 1; d && j <= c->n && count < 2U * c->t - 1; j++) {
		struct kl_reply reply;

		if (net_is_lying(cheat->tally, j) || !net_reply_of(d, j, &reply))
			continue;
		points[count] = j;
		for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++)
			values[rep][count] = reply.e[rep];
		count++;
	}
	kl_field_weights(points, count, cheat->seat, weights);
	for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++)
		entry->reply.e[rep] = kl_field_dot(weights, values[rep], 1, count);
}

static bool replies_in_league(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_intake intake;

	NET_CHECK(!kl_tally_intake_read(payload, &intake), "an INTAKE");
	for (unsigned i = 0; i < intake.count; i++) {
		const struct kl_tally_roster *roster = net_roster_of(cheat->tally);
		struct kl_intake_entry *entry = &intake.entries[i];

		if (entry->status == KL_INTAKE_OK &&
			net_is_false(net_node_of(&roster->members[entry->member].id)))
			reply_in_league(cheat, entry);
	}
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_INTAKE, kl_tally_intake_write, &intake);
	kl_tally_intake_deinit(&intake);
	return true;
}

static bool denies_shares(const struct cheat *cheat, struct kl_bytes payload)
{
	change_some(cheat, payload, 0, deny);
	return true;
}

static bool invents_contributions(const struct cheat *cheat, struct kl_bytes payload)
{
	change_some(cheat, payload, 0, invent);
	return true;
}

static bool claims_all(const struct cheat *cheat, struct kl_bytes payload)
{
	change_some(cheat, payload, 0, claim);
	return true;
}

static bool invents_withdrawals(const struct cheat *cheat, struct kl_bytes payload)
{
	change_some(cheat, payload, 0, withdraw);
	return true;
}

static bool replies_falsely(const struct cheat *cheat, struct kl_bytes payload)
{
	change_some(cheat, payload, 0, reply_falsely);
	return true;
}

static bool intakes_twice(const struct cheat *cheat, struct kl_bytes payload)
{
	if (cheat_likes(2)) {
		net_write(cheat->node, 0, KL_KIND_TALLY_INTAKE, payload.data, payload.len);
		change_some(cheat, payload, 0, deny);
	} else {
		change_some(cheat, payload, 0, deny);
		net_write(cheat->node, 0, KL_KIND_TALLY_INTAKE, payload.data, payload.len);
	}
	return true;
}

static bool intakes_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_INTAKE, payload.data, payload.len);
	change_some(cheat, payload, 1, cheat_likes(2) ? deny : reply_falsely);
	return true;
}

static bool keeps_intake(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

static bool intakes_late(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_keep_back(cheat, KL_KIND_TALLY_INTAKE, payload);
	return true;
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

static void cite_fewer(const struct cheat *cheat, struct kl_tally_propose *propose)
{
	if (propose->cited_count > net_committee(cheat->tally)->qa)
		propose->cited_count--;
}

static void spoil(const struct cheat *cheat, struct kl_tally_propose *propose)
{
	struct kl_proposal_row *row =
		propose->row_count ? &propose->rows[net_random(propose->row_count)] : NULL;

	switch (net_random(5)) {
	case 0: /* too fine */
		if (row && row->level < KL_LEVEL_FINE)
			row->level++;
		break;
	case 1: /* somebody is left out, or somebody is in who should not be */
		if (row)
			cheat_fill(&row->set, sizeof(row->set));
		break;
	case 2: /* forgets what was released before */
		propose->earlier_count = 0;
		break;
	case 3:
		if (propose->row_count)
			propose->row_count--;
		break;
	default:
		cite_fewer(cheat, propose);
		break;
	}
}

static bool proposes_falsely(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_propose propose;

	NET_CHECK(!kl_tally_propose_read(payload, &propose), "a PROPOSE");
	spoil(cheat, &propose);
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_PROPOSE, kl_tally_propose_write, &propose);
	kl_tally_propose_deinit(&propose);
	return true;
}

static bool proposes_often(const struct cheat *cheat, struct kl_bytes payload)
{
	net_write(cheat->node, 0, KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
	for (uint64_t i = 0; i < 1 + net_random(6); i++) {
		struct kl_tally_propose propose;

		NET_CHECK(!kl_tally_propose_read(payload, &propose), "a PROPOSE");
		if (cheat_likes(2))
			cite_fewer(cheat, &propose);
		else
			spoil(cheat, &propose);
		CHEAT_SAY(cheat, 0, KL_KIND_TALLY_PROPOSE, kl_tally_propose_write, &propose);
		kl_tally_propose_deinit(&propose);
	}
	return true;
}

/* Two proposals, each as good as the other, to two halves. */
static bool proposes_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_propose propose;

	NET_CHECK(!kl_tally_propose_read(payload, &propose), "a PROPOSE");
	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
	cite_fewer(cheat, &propose);
	CHEAT_SAY(cheat, 1, KL_KIND_TALLY_PROPOSE, kl_tally_propose_write, &propose);
	kl_tally_propose_deinit(&propose);
	return true;
}

static bool keeps_proposal(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

static bool proposes_late(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_keep_back(cheat, KL_KIND_TALLY_PROPOSE, payload);
	return true;
}

/* ---- OPEN ----------------------------------------------------------------------------------- */

static void spoil_sum(struct kl_open_sum *sum)
{
	if (!sum->bins)
		return;
	switch (net_random(5)) {
	case 0: /* one more here and one less there */
		sum->cells[0] = kl_field_add(sum->cells[0], 1);
		sum->cells[sum->bins - 1] = kl_field_sub(sum->cells[sum->bins - 1], 1);
		break;
	case 1:
		sum->cells[net_random(sum->bins)] = net_random(KL_FIELD_P);
		break;
	case 2: /* "I lack a share" */
		memset(sum, 0, sizeof(*sum));
		break;
	case 3: /* finer or coarser than it was certified */
		sum->bins = (uint8_t)(1 + net_random(KL_METRIC_BINS_MAX));
		for (unsigned b = 0; b < sum->bins; b++)
			sum->cells[b] = net_random(KL_FIELD_P);
		break;
	default:
		for (unsigned b = 0; b < sum->bins; b++)
			sum->cells[b] = net_random(KL_FIELD_P);
		break;
	}
}

static void open_falsely(const struct cheat *cheat, struct kl_bytes payload, unsigned branch)
{
	struct kl_tally_open open;

	NET_CHECK(!kl_tally_open_read(payload, &open), "an OPEN");
	for (unsigned i = 0; i < open.count; i++) {
		if (i == 0 || cheat_likes(2))
			spoil_sum(&open.sums[i]);
	}
	if (cheat_likes(4) && open.count > 1)
		open.count--;
	if (cheat_likes(4))
		cheat_fill(&open.votes[0], sizeof(open.votes[0]));
	CHEAT_SAY(cheat, branch, KL_KIND_TALLY_OPEN, kl_tally_open_write, &open);
	kl_tally_open_deinit(&open);
}

static bool opens_falsely(const struct cheat *cheat, struct kl_bytes payload)
{
	open_falsely(cheat, payload, 0);
	return true;
}

static bool opens_twice(const struct cheat *cheat, struct kl_bytes payload)
{
	if (cheat_likes(2))
		net_write(cheat->node, 0, KL_KIND_TALLY_OPEN, payload.data, payload.len);
	open_falsely(cheat, payload, 0);
	open_falsely(cheat, payload, 0);
	return true;
}

static bool opens_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_fork(cheat);
	net_write(cheat->node, 0, KL_KIND_TALLY_OPEN, payload.data, payload.len);
	open_falsely(cheat, payload, 1);
	return true;
}

static bool keeps_sums(const struct cheat *cheat, struct kl_bytes payload)
{
	(void)cheat;
	(void)payload;
	return true;
}

static bool opens_late(const struct cheat *cheat, struct kl_bytes payload)
{
	cheat_keep_back(cheat, KL_KIND_TALLY_OPEN, payload);
	return true;
}

/* Opens and quits. */
static bool opens_and_quits(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_quit quit = {
		.tally = *net_tally(cheat->tally), .seat = (uint8_t)cheat->seat};

	net_write(cheat->node, 0, KL_KIND_TALLY_OPEN, payload.data, payload.len);
	CHEAT_SAY(cheat, 0, KL_KIND_TALLY_QUIT, kl_tally_quit_write, &quit);
	return true;
}

const struct strategy cheat_seat_strategies[] = {
	{"never accepts", KL_KIND_TALLY_ACCEPT, never_accepts},
	{"accepts twice, with two keys", KL_KIND_TALLY_ACCEPT, accepts_twice},
	{"gives one key to one half and another to the other", KL_KIND_TALLY_ACCEPT,
		accepts_in_two_ways},
	{"denies having shares", KL_KIND_TALLY_INTAKE, denies_shares},
	{"invents contributions", KL_KIND_TALLY_INTAKE, invents_contributions},
	{"claims shares that it does not have", KL_KIND_TALLY_INTAKE, claims_all},
	{"invents withdrawals", KL_KIND_TALLY_INTAKE, invents_withdrawals},
	{"replies falsely to tests", KL_KIND_TALLY_INTAKE, replies_falsely},
	{"replies so that false contributions pass", KL_KIND_TALLY_INTAKE, replies_in_league},
	{"closes its intake twice", KL_KIND_TALLY_INTAKE, intakes_twice},
	{"shows one intake to one half and another to the other", KL_KIND_TALLY_INTAKE,
		intakes_in_two_ways},
	{"keeps its intake to itself", KL_KIND_TALLY_INTAKE, keeps_intake},
	{"shows its intake when nobody waits for it", KL_KIND_TALLY_INTAKE, intakes_late},
	{"proposes what is wrong", KL_KIND_TALLY_PROPOSE, proposes_falsely},
	{"proposes again and again", KL_KIND_TALLY_PROPOSE, proposes_often},
	{"proposes one thing to one half and another to the other", KL_KIND_TALLY_PROPOSE,
		proposes_in_two_ways},
	{"proposes nothing", KL_KIND_TALLY_PROPOSE, keeps_proposal},
	{"proposes when nobody waits for it", KL_KIND_TALLY_PROPOSE, proposes_late},
	{"opens wrong sums", KL_KIND_TALLY_OPEN, opens_falsely},
	{"opens twice", KL_KIND_TALLY_OPEN, opens_twice},
	{"opens one sum to one half and another to the other", KL_KIND_TALLY_OPEN,
		opens_in_two_ways},
	{"keeps its sums to itself", KL_KIND_TALLY_OPEN, keeps_sums},
	{"opens when nobody waits for it", KL_KIND_TALLY_OPEN, opens_late},
	{"opens and quits", KL_KIND_TALLY_OPEN, opens_and_quits},
	{NULL, 0, NULL},
};
