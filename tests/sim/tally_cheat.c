/* Who cheats, and by which strategies. */
#include "tests/sim/tally_cheat.h"
#include "tests/sim/tally_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_MAX = 300, PLAN_MAX = 3, KEPT_MAX = 64, TABLES = 3, STRATEGIES_MAX = 64 };

static const struct strategy *const tables[TABLES] = {
	cheat_seat_strategies, cheat_vote_strategies, cheat_share_strategies};

/* What one seat of one tally, or one contributor, has in mind. */
struct plan {
	const struct strategy *strategies[PLAN_MAX];
	unsigned count;
};

struct kept {
	int node;
	uint32_t kind;
	uint8_t *payload;
	size_t len;
};

static struct plan seats[NET_TALLIES_MAX][KL_SEATS_MAX], contributors[NET_NODES_MAX];
static struct kept kept[KEPT_MAX];
static unsigned kept_count;
/* How often each was used: those of the tables, then mischief. */
static uint64_t uses[TABLES + 1][STRATEGIES_MAX];

/* ---- what all strategies need --------------------------------------------------------------- */

bool cheat_likes(unsigned one_in)
{
	return net_random(one_in) == 0;
}

void cheat_fill(void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)bytes)[i] = (uint8_t)net_random(256);
}

void cheat_write(const struct cheat *cheat, unsigned branch, uint32_t kind, struct kl_writer *w)
{
	struct kl_bytes payload;

	NET_CHECK(!kl_writer_bytes(w, &payload), "memory");
	if (payload.len <= KL_PAYLOAD_MAX)
		net_write(cheat->node, branch, kind, payload.data, payload.len);
	kl_writer_deinit(w);
}

void cheat_fork(const struct cheat *cheat)
{
	uint64_t side = 0;

	for (int i = 0; i < net_nodes(); i++) {
		if (cheat_likes(2))
			side |= NET_BIT(i);
	}
	net_fork(cheat->node, side);
}

void cheat_keep_back(const struct cheat *cheat, uint32_t kind, struct kl_bytes payload)
{
	struct kept *k = &kept[kept_count];

	if (kept_count == KEPT_MAX)
		return;
	k->node = cheat->node;
	k->kind = kind;
	k->len = payload.len;
	k->payload = malloc(payload.len + 1);
	KL_ASSERT(k->payload);
	memcpy(k->payload, payload.data, payload.len);
	kept_count++;
	net_say(cheat->node, "keeps back a %s", kl_kind_name(kind));
}

void cheat_release(void)
{
	for (unsigned i = 0; i < kept_count; i++) {
		if (!net_has_ended(kept[i].node))
			net_forge(kept[i].node, kept[i].kind, kept[i].payload, kept[i].len);
		free(kept[i].payload);
	}
	kept_count = 0;
}

const struct net_record *cheat_find(int author, int tally, uint32_t kind)
{
	const struct net_record *found = NULL;
	unsigned count = 0;

	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; (author < 0 || a == author) && s < net_feeds[a].count; s++) {
			const struct net_record *r = &net_feeds[a].records[s];

			if (r->kind == kind && (tally < 0 || r->said.tally == tally) &&
				net_random(++count) == 0)
				found = r;
		}
	}
	return found;
}

bool cheat_find_proposal(int tally, uint32_t attempt, struct kl_id *ret_proposal)
{
	unsigned count = 0;

	for (int a = 0; a < net_nodes(); a++) {
		for (unsigned b = 0; b < 2; b++) {
			for (size_t s = 0; s < net_length(a, b); s++) {
				const struct net_record *r = net_record_at(a, b, s);

				if (r->kind == KL_KIND_TALLY_PROPOSE && r->said.tally == tally &&
					r->said.attempt == attempt && !r->said.more &&
					net_random(++count) == 0)
					*ret_proposal = r->id;
			}
		}
	}
	return count > 0;
}

/* ---- drawing -------------------------------------------------------------------------------- */

static unsigned length_of(const struct strategy *table)
{
	unsigned count = 0;

	while (table[count].text)
		count++;
	return count;
}

static void draw_one(struct plan *plan, const struct strategy *table)
{
	plan->strategies[plan->count++] = &table[net_random(length_of(table))];
}

static void say_plan(int node, const char *role, const struct plan *plan)
{
	for (unsigned i = 0; i < plan->count; i++)
		net_say(node, "%s that %s", role, plan->strategies[i]->text);
}

static bool lie(int node, uint32_t kind, struct kl_bytes payload);

void cheat_seats(int tally, unsigned most)
{
	const struct kl_committee *c = net_committee(tally);
	unsigned count = c->n ? 1 + (unsigned)net_random(most) : 0;
	uint16_t lying = 0;

	if (!most || !c->n)
		return;
	if (cheat_likes(3)) /* who leads first can do most */
		lying = 1;
	while ((unsigned)__builtin_popcount(lying) < count)
		lying |= (uint16_t)(1U << net_random(c->n));
	net_set_lying(tally, lying);
	net_lie = lie;
	for (unsigned seat = 1; seat <= c->n; seat++) {
		struct plan *plan = &seats[tally][seat - 1];

		if (!(lying >> (seat - 1) & 1))
			continue;
		for (unsigned i = 0; i < 1 + net_random(PLAN_MAX); i++)
			draw_one(plan, tables[net_random(2)]);
		net_say(net_seat_node(tally, seat), "is seat %u of tally %d and cheats", seat,
			tally);
		say_plan(net_seat_node(tally, seat), "a seat", plan);
	}
}

void cheat_contributors(unsigned of_thousand)
{
	for (int i = 1; i < net_nodes(); i++) {
		if (net_random(1000) >= of_thousand)
			continue;
		net_set_false(i);
		net_lie = lie;
		draw_one(&contributors[i], cheat_share_strategies);
		say_plan(i, "a contributor", &contributors[i]);
	}
}

void cheat_begin(void)
{
	memset(seats, 0, sizeof(seats));
	memset(contributors, 0, sizeof(contributors));
	for (unsigned i = 0; i < kept_count; i++)
		free(kept[i].payload);
	kept_count = 0;
	cheat_forget_shares();
}

/* ---- lying ---------------------------------------------------------------------------------- */

static void count_use(const struct strategy *strategy)
{
	for (unsigned t = 0; t < TABLES; t++) {
		if (strategy >= tables[t] && strategy < tables[t] + length_of(tables[t]))
			uses[t][strategy - tables[t]]++;
	}
}

static bool follow(
	const struct plan *plan, const struct cheat *cheat, uint32_t kind, struct kl_bytes payload)
{
	for (unsigned i = 0; i < plan->count; i++) {
		if (plan->strategies[i]->kind != kind || !plan->strategies[i]->lie(cheat, payload))
			continue;
		count_use(plan->strategies[i]);
		return true;
	}
	return false;
}

/* SHAREs name no tally: they belong to the CONTRIB that follows them. */
static bool lie(int node, uint32_t kind, struct kl_bytes payload)
{
	struct cheat cheat = {.node = node, .tally = -1};
	struct net_said said;

	if (kind == KL_KIND_TALLY_SHARE)
		return net_is_false(node) && cheat_holds_share(&cheat, payload);
	net_read_said(kind, payload, &said);
	if (kind == KL_KIND_TALLY_CONTRIB) {
		cheat.tally = said.tally;
		return net_is_false(node) && follow(&contributors[node], &cheat, kind, payload);
	}
	if (said.tally < 0)
		return false;
	cheat.tally = said.tally;
	cheat.seat = net_seat_of(said.tally, node);
	if (!net_is_lying(said.tally, cheat.seat))
		return false;
	/* What is said twice in parts, the machine goes on from twice: that doubles, and doubles again. */
	return net_length(node, 0) > RECORDS_MAX ||
	       follow(&seats[said.tally][cheat.seat - 1], &cheat, kind, payload);
}

void cheat_now(int tally)
{
	unsigned n = net_committee(tally)->n, count = 0;

	while (cheat_mischief[count].text)
		count++;
	for (unsigned seat = 1; seat <= n; seat++) {
		struct cheat cheat = {net_seat_node(tally, seat), tally, seat};
		unsigned which = (unsigned)net_random(count);

		if (!net_is_lying(tally, seat) || !net_is_up(cheat.node) || !cheat_likes(40) ||
			net_has_ended(cheat.node))
			continue;
		net_say(cheat.node, "now %s", cheat_mischief[which].text);
		uses[TABLES][which]++;
		cheat_mischief[which].act(&cheat);
		net_work(cheat.node);
	}
}

uint64_t *cheat_figures(size_t *ret_count)
{
	*ret_count = sizeof(uses) / sizeof(uses[0][0]);
	return &uses[0][0];
}

void cheat_tell(void)
{
	for (unsigned t = 0; t < TABLES; t++) {
		for (unsigned i = 0; tables[t][i].text; i++)
			printf("# %8" PRIu64 "  %s\n", uses[t][i], tables[t][i].text);
	}
	for (unsigned i = 0; cheat_mischief[i].text; i++)
		printf("# %8" PRIu64 "  %s\n", uses[TABLES][i], cheat_mischief[i].text);
}
