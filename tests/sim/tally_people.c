/* Who is a member: the roster as it stands, which calls freeze. */
#include "tests/sim/tally_inside.h"

#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

struct kl_tally_roster net_roster;

static const char *const council_types[] = {"metropolitan_district", "london_borough"};
static const char *const regions[] = {"north_west", "london", "south_west"};

static int by_id(const void *a, const void *b)
{
	return kl_id_compare(
		&((const struct kl_tally_member *)a)->id, &((const struct kl_tally_member *)b)->id);
}

static struct kl_tally_member *member_of(int node)
{
	int column = kl_tally_roster_find(&net_roster, net_id(node));

	return column < 0 ? NULL : &net_roster.members[column];
}

bool net_is_member(int node)
{
	return member_of(node) != NULL;
}

/* Each record in force makes a new state of the roster. */
static void changed(void)
{
	for (unsigned b = 0; b < sizeof(net_roster.hash.b); b++)
		net_roster.hash.b[b] = (uint8_t)net_random(256);
}

void net_confirm(int node, bool council, const char *type, const char *region)
{
	struct kl_tally_member *member = member_of(node);

	if (!member)
		return;
	member->council = council;
	memset(member->type, 0, sizeof(member->type));
	memset(member->region, 0, sizeof(member->region));
	if (council)
		kl_copy_text(member->type, sizeof(member->type), type);
	kl_copy_text(member->region, sizeof(member->region), region);
	changed();
	net_say(0, "confirms node %d: %s, %s", node, council ? type : "anchor", region);
}

static void admit(int node, bool council)
{
	struct kl_tally_member *member = &net_roster.members[net_roster.count++];

	memset(member, 0, sizeof(*member));
	member->id = member->control = *net_id(node);
	member->verified = true;
	member->offers_seat = true;
	member->council = council;
	if (council)
		kl_copy_text(member->type, sizeof(member->type), council_types[node % 2]);
	kl_copy_text(member->region, sizeof(member->region), regions[node % 3]);
	qsort(net_roster.members, net_roster.count, sizeof(*net_roster.members), by_id);
}

static void strike_off(int node)
{
	struct kl_tally_member *member = member_of(node);
	size_t behind = (size_t)(net_roster.members + net_roster.count - (member + 1));

	memmove(member, member + 1, behind * sizeof(*member));
	net_roster.count--;
}

void net_join(int node, bool council)
{
	if (net_is_member(node) || net_has_ended(node))
		return;
	admit(node, council);
	net_link(node, true);
	changed();
	net_say(0, "admits node %d as %s", node, council ? "council" : "anchor");
}

void net_leave(int node)
{
	if (!net_is_member(node))
		return;
	strike_off(node);
	net_end_feed(node, net_have(0, node));
	net_link(node, false);
	net_down(node);
	changed();
	net_say(0, "says that node %d has left after record %zu", node, net_have(0, node));
}

/* What is confirmed of it stays with the roster while it is suspended. */
static struct kl_tally_member away[NET_NODES_MAX];

void net_suspend(int node)
{
	if (!net_is_member(node))
		return;
	away[node] = *member_of(node);
	strike_off(node);
	net_link(node, false);
	changed();
	net_say(0, "suspends node %d", node);
}

void net_take_back(int node)
{
	if (net_is_member(node) || net_has_ended(node) || kl_id_is_zero(&away[node].id))
		return;
	net_roster.members[net_roster.count++] = away[node];
	qsort(net_roster.members, net_roster.count, sizeof(*net_roster.members), by_id);
	memset(&away[node], 0, sizeof(away[node]));
	net_link(node, true);
	changed();
	net_say(0, "takes node %d back", node);
}

void net_people_begin(void)
{
	const struct net_options *options = &net_options_now;

	memset(away, 0, sizeof(away));
	memset(&net_roster, 0, sizeof(net_roster));
	net_roster.members = calloc((size_t)net_nodes(), sizeof(*net_roster.members));
	KL_ASSERT(net_roster.members);
	net_roster.convenor = *net_id(0);
	net_roster.minimum = KL_AUDIT_K_MIN;
	changed();
	for (int i = 1; i <= options->councils + options->anchors; i++)
		admit(i, i <= options->councils);
	for (int i = options->councils + options->anchors + 1; i < net_nodes(); i++)
		net_link(i, false);
}
