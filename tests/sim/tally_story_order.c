/* Records in parts, and in an order that nobody planned. */
#include "tests/sim/tally_story.h"

void tell_parts(void)
{
	struct net_options options = {
		.councils = 8, .anchors = 10, .minimum = 5, .part_bytes = 300, .crash = 20};
	int tally;

	net_begin("long records come in parts, also across crashes", 1, &options);
	tally = story_call(2, story_by_type);
	net_run(net_now() + 2000);
	net_faults(0, 0, 0);
	net_run(net_now() + 4000);
	net_faults(0, 0, 20);
	for (int i = 1; i < net_nodes(); i++) {
		while (!net_is_up(i))
			net_run(net_now() + 100);
		(void)net_answer(i, tally, (int16_t)net_random(16), (int16_t)net_random(5));
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed: %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_INTAKE) > 7 * 4, "INTAKEs have %zu parts",
		net_count(-1, KL_KIND_TALLY_INTAKE));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_PROPOSE) > 1, "PROPOSE has one part");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) > 7 * 2, "OPENs have one part");
	net_end();
}

/* The convenor's feed reaches one member last, after everything that speaks of its CALL. */
void tell_late_call(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5, .late_call = true};
	int tally;

	net_begin("records that came before their CALL are asked for again", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	story_answers(tally, true, true);
	for (int round = 0; round < 30; round++) {
		for (int i = 0; i < net_nodes(); i++)
			net_restart(i);
		net_run(net_now() + 300);
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed: %s",
		kl_tally_state_name(net_view(0, tally).state));
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_count(i, KL_KIND_TALLY_ACCEPT) <= 1, "node %d accepts twice", i);
	net_end();
}
