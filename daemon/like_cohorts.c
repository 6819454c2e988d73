#include "daemon/like_cohorts.h"
#include "daemon/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *kl_withheld_words(const struct kl_tally_result *result, char out[KL_WITHHELD_WORDS_MAX])
{
	switch (result->why) {
	case KL_PLAN_BELOW_BASE:
		snprintf(out, KL_WITHHELD_WORDS_MAX,
			"too many of those who answered could not be added up by all of the "
			"committee; a sum of the rest would mislead");
		return out;
	case KL_PLAN_SUBTRACTABLE:
		snprintf(out, KL_WITHHELD_WORDS_MAX,
			"taken off another sum of the period, this one would show fewer than %u "
			"members",
			result->needed);
		return out;
	default:
		break;
	}
	if (result->n < result->answered && result->counted == result->n)
		snprintf(out, KL_WITHHELD_WORDS_MAX,
			"%u answered, but only %u of these could be counted (keeplocal tally show "
			"says why), and fewer than %u are never shown",
			result->answered, result->n, result->needed);
	else if (result->counted < result->n)
		snprintf(out, KL_WITHHELD_WORDS_MAX,
			"%u answered, %u of them count, and fewer than %u are never shown "
			"(members of one control group count once, and a figure published by name "
			"not at all)",
			result->n, result->counted, result->needed);
	else
		snprintf(out, KL_WITHHELD_WORDS_MAX,
			"%u answered, and fewer than %u are never shown", result->n,
			result->needed);
	return out;
}

/* ---- how far everybody is -------------------------------------------------------------------- */

struct far {
	const struct kl_tally_roster *roster;
	struct kl_tally_member me;
	double *distances; /* of each member of the roster; to be freed */
	bool compared;     /* with anybody at all */
	double everybody;
};

/* Distances of those that can be compared; the others stay below 0. */
static void measure(struct far *far, const struct kl_nearest_rows *table, size_t row)
{
	struct kl_vantage vantage;
	double distance;
	unsigned features;

	kl_similar_look(&table->similar, row, true, &vantage);
	for (size_t i = 0; i < table->similar.n; i++) {
		int column = table->items[i].member
				     ? kl_tally_roster_find(far->roster, &table->items[i].id)
				     : -1;

		if (column >= 0 && i != row &&
			kl_similar_distance(&vantage, i, &distance, &features))
			far->distances[column] = distance;
	}
}

static bool is_me(const struct far *far, size_t column)
{
	return kl_id_equal(&far->roster->members[column].id, &far->me.id);
}

/* Those without a distance get one: see the header. */
static void fill_in(struct far *far)
{
	double sum = 0, farthest = 0;
	size_t n = 0;

	for (size_t i = 0; i < far->roster->count; i++) {
		if (far->distances[i] < 0)
			continue;
		sum += far->distances[i];
		n++;
		if (far->distances[i] > farthest)
			farthest = far->distances[i];
	}
	far->compared = n > 0;
	for (size_t i = 0; n && i < far->roster->count; i++)
		if (far->distances[i] < 0)
			far->distances[i] = far->roster->members[i].council == far->me.council
						    ? sum / (double)n
						    : farthest;
}

/* Mean distance of a cohort's members, -1 if there are no others; `cohort` NULL: of everybody. */
static double how_far(const struct far *far, const struct kl_cohort *cohort)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < far->roster->count; i++) {
		if (is_me(far, i) || (cohort && !kl_cohort_has(cohort, &far->roster->members[i])))
			continue;
		sum += far->distances[i];
		n++;
	}
	return n ? sum / (double)n : -1;
}

/* This member as the tally froze it, or as it stands now. False if it is no contributor at all. */
static bool find_me(const struct kl_network *network, struct far *far)
{
	struct kl_tally_roster now;
	int column = kl_tally_roster_find(far->roster, &network->own.author);

	if (column >= 0) {
		far->me = far->roster->members[column];
		return true;
	}
	if (kl_tally_roster_freeze(&network->roster, &now))
		return false;
	column = kl_tally_roster_find(&now, &network->own.author);
	if (column >= 0)
		far->me = now.members[column];
	kl_tally_roster_deinit(&now);
	return column >= 0;
}

/* False if there is nothing to suggest to. */
static bool find_far(struct kl_node *node, const struct kl_tally_view *view, struct far *far)
{
	const struct kl_nearest_rows *table;
	size_t row;

	far->roster = view->roster;
	if (!find_me(node->network, far) ||
		!(far->distances = calloc(view->roster->count + 1u, sizeof *far->distances)))
		return false;
	for (size_t i = 0; i < view->roster->count; i++)
		far->distances[i] = -1;
	if (!kl_nearest_self(node, &table, &row, NULL) &&
		(table->similar.kind == KL_MEMBER_COUNCIL) == far->me.council)
		measure(far, table, row);
	fill_in(far);
	far->everybody = far->compared ? how_far(far, NULL) : 0;
	return true;
}

/* ---- the answer ------------------------------------------------------------------------------ */

struct choice {
	bool known; /* somebody answered, and what was certified is here */
	bool released, mine, has_nearer;
	double nearer;
	struct kl_tally_result result;
};

static bool is_released(const struct kl_tally_result *result)
{
	return result->why == KL_PLAN_RELEASED && result->opening.state != KL_OPENING_WAITING &&
	       result->opening.state != KL_OPENING_VOID;
}

static void look_at(const struct kl_tallies *book, const struct kl_tally_view *view,
	uint16_t metric, uint8_t index, const struct far *far, struct choice *c)
{
	const struct kl_cohort *cohort = &view->call->cohorts[index];
	double distance;

	*c = (struct choice){.known = false};
	if (kl_tallies_result(book, &view->id, metric, index, &c->result) || !c->result.n)
		return;
	c->known = true;
	c->released = is_released(&c->result);
	if (!far)
		return;
	c->mine = kl_cohort_has(cohort, &far->me);
	distance = far->everybody > 0 ? how_far(far, cohort) : -1;
	c->has_nearer = distance >= 0;
	if (c->has_nearer)
		c->nearer = 1 - distance / far->everybody;
}

static bool is_better(const struct choice *a, const struct choice *b)
{
	if (a->has_nearer != b->has_nearer)
		return a->has_nearer;
	if (!a->has_nearer)
		return a->result.n < b->result.n;
	return a->nearer != b->nearer ? a->nearer > b->nearer : a->result.n > b->result.n;
}

/* The best of those that were released, among those in which this member stands, or the others. */
static int choose(const struct choice *choices, size_t n, bool mine)
{
	int best = -1;

	for (size_t i = 0; i < n; i++)
		if (choices[i].known && choices[i].released && choices[i].mine == mine &&
			(best < 0 || is_better(&choices[i], &choices[best])))
			best = (int)i;
	return best;
}

static size_t count_mine(const struct choice *choices, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += choices[i].known && choices[i].released && choices[i].mine;
	return count;
}

static void put_nearer(struct kl_writer *w, const struct choice *c)
{
	if (c->has_nearer)
		kl_put_double(w, "nearer", c->nearer);
	else
		kl_put_nil(w, "nearer");
}

static void put_suggested(struct kl_writer *w, const struct kl_cohort *cohort,
	const struct choice *c, bool compared, bool alone)
{
	char text[KL_COHORT_TEXT_MAX], why[160];

	if (!c->has_nearer)
		snprintf(why, sizeof why,
			"%s; of the released cohorts in which this member stands it is the "
			"%s",
			compared ? "all members are equally near"
				 : "too little is known to compare members",
			alone ? "only one" : "smallest");
	else if (c->nearer < 0.005)
		snprintf(why, sizeof why,
			"none of the released cohorts in which this member stands is nearer to it "
			"than everybody");
	else
		snprintf(why, sizeof why,
			"its members are on average %.0f%% nearer to this member than everybody",
			100 * c->nearer);
	kl_put_map(w, "suggested", 4);
	kl_put_text(w, "cohort", kl_cohort_format(cohort, text));
	kl_put_uint(w, "n", c->result.n);
	put_nearer(w, c);
	kl_put_text(w, "why", why);
}

/* One that is nearer still, but not this member's. */
static void put_outside(struct kl_writer *w, const struct kl_tally_view *view,
	const struct choice *choices, int best, int other)
{
	char text[KL_COHORT_TEXT_MAX];

	if (other < 0 || !choices[other].has_nearer || choices[other].nearer < 0.005 ||
		(best >= 0 && choices[other].nearer < choices[best].nearer + 0.005)) {
		kl_put_nil(w, "outside");
		return;
	}
	kl_put_map(w, "outside", 3);
	kl_put_text(w, "cohort", kl_cohort_format(&view->call->cohorts[other], text));
	kl_put_uint(w, "n", choices[other].result.n);
	put_nearer(w, &choices[other]);
}

/* What the convenor had not confirmed, though cohorts of this kind go by it; "" if it had. */
static const char *lacks(const struct kl_tally_member *me, enum kl_cohort_kind kind)
{
	switch (kind) {
	case KL_COHORT_TYPE:
		return me->council && !me->type[0] ? "type" : "";
	case KL_COHORT_REGION:
		return me->region[0] ? "" : "region";
	case KL_COHORT_DEPRIVATION:
		return me->deprivation ? "" : "deprivation quintile";
	case KL_COHORT_RURAL:
		return me->rural[0] ? "" : "rural or urban";
	case KL_COHORT_INCOME:
		return !me->council && !me->income[0] ? "income band" : "";
	default:
		return "";
	}
}

static void put_unplaced(
	struct kl_writer *w, const struct kl_tally_call *call, const struct kl_tally_member *me)
{
	const char *words[KL_COHORT_INCOME + 1];
	size_t n = 0;

	for (unsigned kind = 0; me && kind <= KL_COHORT_INCOME; kind++) {
		bool goes_by = false;

		for (unsigned i = 0; i < call->cohort_count; i++)
			goes_by |= call->cohorts[i].kind == kind;
		if (goes_by && lacks(me, kind)[0])
			words[n++] = lacks(me, kind);
	}
	kl_put_array(w, "unplaced", n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, words[i]);
}

static void put_choice(struct kl_writer *w, const struct kl_cohort *cohort, const struct choice *c)
{
	char text[KL_COHORT_TEXT_MAX], why[KL_WITHHELD_WORDS_MAX];

	kl_write_map(w, 5);
	kl_put_text(w, "cohort", kl_cohort_format(cohort, text));
	kl_put_uint(w, "n", c->result.n);
	kl_put_bool(w, "mine", c->mine);
	put_nearer(w, c);
	if (c->released)
		kl_put_nil(w, "withheld");
	else if (c->result.why != KL_PLAN_RELEASED)
		kl_put_text(w, "withheld", kl_withheld_words(&c->result, why));
	else
		kl_put_text(w, "withheld",
			c->result.opening.state == KL_OPENING_VOID
				? "the sums that the committee opened contradict each other"
				: "the committee is still opening this sum");
}

void kl_put_like_cohorts(struct kl_node *node, struct kl_writer *w,
	const struct kl_tally_view *view, uint16_t metric)
{
	struct choice choices[KL_TALLY_COHORTS_MAX];
	struct far far = {0};
	bool has_far = find_far(node, view, &far);
	size_t n = 0;
	int best, other;

	for (uint8_t i = 0; i < view->call->cohort_count; i++) {
		look_at(kl_network_tallies(node->network), view, metric, i, has_far ? &far : NULL,
			&choices[i]);
		n += choices[i].known;
	}
	best = choose(choices, view->call->cohort_count, true);
	other = choose(choices, view->call->cohort_count, false);
	if (best >= 0)
		put_suggested(w, &view->call->cohorts[best], &choices[best], far.compared,
			count_mine(choices, view->call->cohort_count) == 1);
	else
		kl_put_nil(w, "suggested");
	put_outside(w, view, choices, best, other);
	put_unplaced(w, view->call, has_far ? &far.me : NULL);
	kl_put_array(w, "cohorts", n);
	for (uint8_t i = 0; i < view->call->cohort_count; i++)
		if (choices[i].known)
			put_choice(w, &view->call->cohorts[i], &choices[i]);
	free(far.distances);
}
