#include "core/metric.h"
#include "tests/sim/tally_story.h"

#include <stdlib.h>
#include <string.h>

const char *const story_everybody[] = {"everybody", NULL};
const char *const story_by_kind[] = {"everybody", "councils", "anchors", NULL};
const char *const story_anchors_first[] = {"anchors", "everybody", "councils", NULL};
const char *const story_by_type[] = {"everybody", "anchors", "councils",
	"type=metropolitan_district", "type=london_borough", NULL};

int story_call(unsigned metrics, const char *const *cohorts)
{
	struct kl_tally_call terms;
	struct kl_fault fault = {0};
	int tally;

	story_terms(&terms, metrics, cohorts);
	tally = net_call(&terms, &fault);
	NET_CHECK(tally >= 0, "the call is refused: %s", fault.message);
	kl_tally_call_deinit(&terms);
	return tally;
}

int story_refused(unsigned metrics, const char *const *cohorts, struct kl_fault *fault)
{
	struct kl_tally_call terms;
	int rc;

	memset(fault, 0, sizeof(*fault));
	story_terms(&terms, metrics, cohorts);
	rc = kl_tallies_prepare(net_book(0), &net_roster, &terms, fault);
	kl_tally_call_deinit(&terms);
	return rc;
}

static bool is_council(int node)
{
	int column = kl_tally_roster_find(&net_roster, net_id(node));

	return column >= 0 && net_roster.members[column].council;
}

/* Everybody of a kind answers both metrics. */
void story_answers(int tally, bool councils, bool anchors)
{
	for (int i = 1; i < net_nodes(); i++) {
		if (is_council(i) ? councils : anchors)
			NET_CHECK(net_answer(i, tally, (int16_t)net_random(16),
					  (int16_t)net_random(5)) == KL_OK,
				"node %d may not answer", i);
		else
			NET_CHECK(net_decline(i, tally) == KL_OK, "node %d may not decline", i);
	}
}

int story_seat_node(int tally, unsigned seat)
{
	struct kl_tally_view view = net_view(0, tally);

	return net_node_of(&view.seats[seat - 1].member);
}

/* The seat of a node, 0 if it has none. */
unsigned story_seat_of(int tally, int node)
{
	struct kl_tally_view view = net_view(0, tally);

	for (unsigned seat = 1; seat <= view.committee.n; seat++) {
		if (net_node_of(&view.seats[seat - 1].member) == node)
			return seat;
	}
	return 0;
}

void story_terms(struct kl_tally_call *ret_call, unsigned metrics, const char *const *cohorts)
{
	static const char *const codes[NET_METRICS] = {"lm3.score", "maturity.c1"};

	memset(ret_call, 0, sizeof(*ret_call));
	ret_call->period.kind = KL_PERIOD_YEAR;
	ret_call->period.year = 2016;
	ret_call->metrics = calloc(metrics, sizeof(*ret_call->metrics));
	KL_ASSERT(ret_call->metrics);
	for (unsigned m = 0; m < metrics; m++) {
		size_t index;

		KL_ASSERT(kl_metric_index(codes[m], &index) == KL_OK);
		kl_metric_at(index, &ret_call->metrics[m]);
	}
	ret_call->metric_count = (uint16_t)metrics;
	for (; cohorts[ret_call->cohort_count]; ret_call->cohort_count++)
		KL_ASSERT(kl_cohort_parse(kl_bytes_str(cohorts[ret_call->cohort_count]),
				  &ret_call->cohorts[ret_call->cohort_count]) == KL_OK);
	ret_call->contribute_ms = net_windows()->contribute_ms;
	ret_call->decide_ms = net_windows()->decide_ms;
	ret_call->minimum = net_minimum();
}
