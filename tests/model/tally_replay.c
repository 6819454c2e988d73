#include "tests/model/tally_replay.h"
#include "tests/model/tally_node.h"

#include <string.h>

static const struct parties *parties;
static struct node nodes[SAID_HONEST_MAX];
static unsigned have[SAID_HONEST_MAX][SAID_HONEST_MAX];
static struct heard unsent[SAID_HONEST_MAX]; /* committed, but the machine has not heard of it */

/* ---- telling a seat what it has to know ----------------------------------------------------- */

static bool same_say(struct say a, struct say b)
{
	return a.kind == b.kind && a.attempt == b.attempt &&
	       (a.kind == SAY_SKIP || a.proposal == b.proposal);
}

static bool has_heard(const struct node *n, unsigned seat, struct say say)
{
	for (unsigned i = 0; i < n->heard_count; i++) {
		if (n->heard[i].seat == seat && same_say(n->heard[i].say, say))
			return true;
	}
	for (unsigned i = 0; i < n->feed_count; i++) {
		if (n->seat == seat && same_say(n->feed[i].say, say))
			return true;
	}
	return false;
}

static unsigned heard_from(const struct node *n, struct say say)
{
	unsigned count = 0;

	for (unsigned seat = 1; seat <= parties->n; seat++)
		count += has_heard(n, seat, say);
	return count;
}

/* Delivers the feed of another honest seat up to that record; false if it is not in it. */
static bool deliver_until(struct node *n, unsigned from, struct say say)
{
	unsigned *count = &have[n - nodes][from], until = 0;

	while (until < nodes[from].feed_count && !same_say(nodes[from].feed[until].say, say))
		until++;
	if (&nodes[from] == n || until == nodes[from].feed_count || until < *count)
		return false;
	while (*count <= until)
		node_hear(n, nodes[from].feed[(*count)++]);
	return true;
}

/* Until so many seats said it: honest ones first, then cheats. */
static void hear_enough(struct node *n, struct say say, unsigned needed)
{
	for (unsigned i = 0; i < parties->honest && heard_from(n, say) < needed; i++)
		(void)deliver_until(n, i, say);
	for (unsigned i = 0; i < parties->f && heard_from(n, say) < needed; i++) {
		unsigned seat = parties_cheat(parties, i);
		struct said nothing = {0};

		if (!has_heard(n, seat, say))
			node_hear(n,
				(struct heard){machine_record(seat, nothing, say, 0), seat, say});
	}
}

static void hear_proposal(struct node *n, unsigned proposal)
{
	struct say say = {SAY_PROPOSE, (uint8_t)(proposal / 2), (uint8_t)proposal};
	unsigned leader = world_leader(proposal / 2);

	if (has_heard(n, leader, say))
		return;
	if (parties->leader_cheats[proposal / 2]) {
		for (unsigned part = 0; part < world_parts(proposal / 2, proposal % 2); part++)
			node_hear(
				n, (struct heard){world_proposal(proposal / 2, proposal % 2, part),
					   leader, say});
	} else {
		(void)deliver_until(n, (unsigned)parties->leader_place[proposal / 2], say);
	}
}

static void hear_order(struct node *n, unsigned attempt, uint8_t order)
{
	bool other_first = order == KNOWN_OTHER || order == KNOWN_OTHER_FIRST;

	if (order == KNOWN_NONE)
		return;
	hear_proposal(n, 2 * attempt + other_first);
	if (order == KNOWN_FIRST_OTHER || order == KNOWN_OTHER_FIRST)
		hear_proposal(n, 2 * attempt + !other_first);
}

static void hear_known(struct node *n, struct known known)
{
	const struct measured *measured = oracle_measured();

	for (unsigned a = 0; a < SAID_ATTEMPTS; a++)
		hear_order(n, a, known.order[a]);
	if (known.skipped)
		hear_enough(n, (struct say){SAY_SKIP, 0, 0}, measured->skips);
	for (uint8_t p = 0; p < SAID_PROPOSALS; p++) {
		if (known.voted >> p & 1)
			hear_enough(n, (struct say){SAY_VOTE, p / 2, p}, measured->votes[p]);
	}
}

/* ---- one step after the other --------------------------------------------------------------- */

static void live_until(struct node *n, enum moment moment)
{
	n->now_ms += moment_now(moment) - WORLD_NOW_MS;
	n->wall_ms = moment_wall(moment) > n->wall_ms ? moment_wall(moment) : n->wall_ms;
	if (moment == MOMENT_KEY_LOST) {
		n->key = false;
		node_restart(n);
		return;
	}
	node_event(n, KL_TALLY_TICK);
}

/* The first that it asks for, if need be once more after a failure. */
static bool wants(struct node *n, struct say say)
{
	if (n->pending_count > 0 && same_say(n->pending[0].say, say))
		return true;
	node_fail(n);
	node_event(n, KL_TALLY_TICK);
	return n->pending_count > 0 && same_say(n->pending[0].say, say);
}

static bool go(const struct graph_step *step)
{
	unsigned i = 0;
	struct node *n;

	while (nodes[i].seat != step->seat)
		i++;
	n = &nodes[i];
	if (unsent[i].record && !(n->pending_count > 0 && same_say(n->pending[0].say, step->say))) {
		node_feed_back(n, unsent[i]);
		unsent[i].record = NULL;
	}
	if (!unsent[i].record) {
		hear_known(n, step->known);
		live_until(n, step->moment);
		if (!wants(n, step->say))
			return false;
	}
	unsent[i] = node_commit(n);
	return true;
}

static bool replay_one(const struct graph *graph, size_t index)
{
	struct graph_step way[GRAPH_WAY_MAX];
	unsigned count = graph_way(graph, index, way);
	bool come = true;

	memset(have, 0, sizeof(have));
	memset(unsent, 0, sizeof(unsent));
	for (unsigned i = 0; i < parties->honest; i++)
		node_begin(&nodes[i], parties_seat(parties, i));
	for (unsigned i = 0; i < count && come; i++)
		come = go(&way[i]);
	for (unsigned i = 0; i < parties->honest; i++)
		node_end(&nodes[i]);
	return come;
}

size_t replay(const struct graph *graph, const struct parties *of_parties, size_t stride,
	size_t *ret_tried)
{
	size_t come = 0;

	parties = of_parties;
	*ret_tried = 0;
	for (size_t index = 0; index < graph_states(graph); index += stride) {
		come += replay_one(graph, index);
		(*ret_tried)++;
	}
	return come;
}
