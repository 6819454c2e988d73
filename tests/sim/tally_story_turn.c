/* Who may speak in an attempt: its leader proposes and nobody else, and whoever skipped it keeps silent. */
#include "tests/sim/tally_story.h"

#include <string.h>

static const struct net_record *proposal_of(int node)
{
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		if (net_feeds[node].records[s].kind == KL_KIND_TALLY_PROPOSE)
			return &net_feeds[node].records[s];
	}
	return NULL;
}

/* A tally whose first leader has proposed what everybody would vote for, and nobody hears it. */
static int proposed_unheard(const char *story, int *ret_leader)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally;

	net_begin(story, 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	*ret_leader = story_seat_node(tally, 1);
	story_answers(tally, true, true);
	while (net_count(*ret_leader, KL_KIND_TALLY_INTAKE) == 0 && net_now() < 1040000)
		net_run(net_now() + 1);
	while (net_count(-1, KL_KIND_TALLY_INTAKE) < 7 && net_now() < 1040000)
		net_run(net_now() + 1);
	/* All hold its INTAKE; it hears the last of theirs, and nobody hears what it makes of them. */
	net_run(net_now() + 1);
	NET_CHECK(!proposal_of(*ret_leader), "too late to silence the leader");
	net_cut(NET_BIT(*ret_leader), ~UINT64_C(0));
	while (!proposal_of(*ret_leader) && net_now() < 1040000)
		net_run(net_now() + 1);
	NET_CHECK(proposal_of(*ret_leader), "nothing was proposed");
	return tally;
}

void tell_not_the_leader(void)
{
	const struct net_record *proposal;
	int leader, tally;

	tally = proposed_unheard("only the leader of an attempt proposes in it", &leader);
	proposal = proposal_of(leader);
	net_forge(
		story_seat_node(tally, 2), KL_KIND_TALLY_PROPOSE, proposal->payload, proposal->len);
	net_run(net_now() + NET_DECIDE_MS / 4);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == 1, "somebody else's proposal gets %zu votes",
		net_count(-1, KL_KIND_TALLY_VOTE) - 1);
	net_heal();
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	net_end();
}

void tell_skipped_for_good(void)
{
	int leader, tally, seat;

	tally = proposed_unheard("who skipped an attempt does not vote in it", &leader);
	seat = story_seat_node(tally, 5);
	net_cut(~UINT64_C(0), NET_BIT(seat) | NET_BIT(leader));
	while (net_count(seat, KL_KIND_TALLY_SKIP) == 0 && net_now() < 1040000)
		net_run(net_now() + 1);
	NET_CHECK(net_count(seat, KL_KIND_TALLY_SKIP) == 1, "it does not skip");
	/* Now it hears the leader alone, which heard nobody since: for all both know the attempt goes on. */
	net_heal();
	net_cut(~NET_BIT(leader), NET_BIT(seat));
	net_cut(~NET_BIT(seat), NET_BIT(leader));
	while (net_have(seat, leader) < net_feeds[leader].count && net_now() < 1040000)
		net_run(net_now() + 1);
	NET_CHECK(net_have(seat, leader) == net_feeds[leader].count, "it has not heard");
	net_run(net_now() + 100);
	NET_CHECK(net_count(seat, KL_KIND_TALLY_VOTE) == 0, "it votes for what it skipped");
	net_heal();
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	net_end();
}
