/* What of a tally is released, together with what came out before: plans over made-up tallies. Who wins
 * what by subtracting, of whole networks, is in tests/sim. */
#include "protocol/tally_book.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEMBERS = 40, METRICS_MAX = 30, TALLIES = 3, MINIMUM = 5 };

static struct kl_tally_member members[MEMBERS + 1]; /* the last one left, or has just come */
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static struct kl_set sets[2 * METRICS_MAX];
static struct kl_id earlier[KL_TALLY_EARLIER_MAX];
static struct kl_tallies book;

/* Earlier tallies, as the machine keeps them once their proposal is judged. */
static struct past {
	struct kl_tally tally;
	struct kl_tally *listed;
	struct kl_tally_column columns[MEMBERS + 1];
	struct kl_set cohorts[2], late[METRICS_MAX];
	struct kl_tally_proposal proposal, *proposals[1];
	struct kl_proposal_row rows[2 * METRICS_MAX];
} past[TALLIES];
static struct kl_tally *listed[TALLIES];

static struct kl_id id_of(unsigned number)
{
	struct kl_id id = {{0}};

	id.b[0] = (uint8_t)number;
	return id;
}

static void add_metric(struct kl_tally_call *to, const char *code)
{
	size_t index;

	if (kl_metric_index(code, &index))
		strcpy(to->metrics[to->metric_count].code, code);
	else
		kl_metric_at(index, &to->metrics[to->metric_count]);
	to->metric_count++;
}

static void init_call(struct kl_tally_call *to, uint16_t year)
{
	memset(to, 0, sizeof *to);
	to->period = (struct kl_period){KL_PERIOD_YEAR, year, 0};
	to->metrics = calloc(METRICS_MAX, sizeof *to->metrics);
	to->named = calloc(METRICS_MAX, sizeof *to->named);
	assert_true(to->metrics && to->named);
	to->minimum = MINIMUM;
	to->cohort_count = 2;
	to->cohorts[1].kind = KL_COHORT_COUNCILS;
}

/* Forty members, each under a control of its own, of whom thirty are councils. */
static int set_up(void **state)
{
	(void)state;
	memset(members, 0, sizeof members);
	memset(sets, 0, sizeof sets);
	memset(past, 0, sizeof past);
	memset(&book, 0, sizeof book);
	for (unsigned i = 0; i <= MEMBERS; i++) {
		members[i].id = members[i].control = id_of(i + 1);
		members[i].verified = true;
		members[i].council = i < 30;
	}
	roster = (struct kl_tally_roster){.members = members, .count = MEMBERS};
	init_call(&call, 2016);
	book.tallies = listed;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kl_tally_call_deinit(&call);
	for (size_t i = 0; i < book.count; i++)
		kl_tally_call_deinit(&listed[i]->call);
	return 0;
}

/* Everybody that `from` to `to` names answered the metric and is accepted. */
static void answer(unsigned metric, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		kl_set_add(&sets[2 * metric], i);
		kl_set_add(&sets[2 * metric + 1], i);
	}
}

/* An earlier tally that released, at a level, what members `from` to `to` of a roster answered. */
static struct kl_tally *release(
	const char *code, uint16_t year, unsigned count, unsigned from, unsigned to, uint8_t level)
{
	struct past *p = &past[book.count];
	struct kl_tally *t = &p->tally;
	struct kl_selected *who = &p->proposal.outcome.who;

	init_call(&t->call, year);
	add_metric(&t->call, code);
	t->id = id_of(200 + (unsigned)book.count);
	t->roster = (struct kl_tally_roster){.members = members, .count = (uint16_t)count};
	t->cohorts = p->cohorts;
	t->columns = p->columns;
	for (unsigned c = 0; c < 2; c++)
		kl_cohort_members(&t->roster, &t->call.cohorts[c], NULL, &p->cohorts[c]);
	for (unsigned i = from; i < to; i++) {
		kl_set_add(&who->accepted, i);
		who->numbers[i] = 1;
		p->columns[i].contributions[0].here = true;
		p->columns[i].contributions[0].presence[0] = 1;
	}
	p->proposal.outcome.late = p->late;
	p->proposal.id = earlier[book.count] = id_of(100 + (unsigned)book.count);
	p->rows[0].level = level;
	p->proposal.rows = p->rows;
	p->proposal.row_count = 1;
	p->proposal.verdict = KL_VERDICT_GOOD;
	p->proposals[0] = &p->proposal;
	t->proposals = p->proposals;
	t->proposal_count = 1;
	t->has_certified = true;
	t->certified = p->proposal.id;
	listed[book.count++] = t;
	return t;
}

static struct kl_plan_input input_of(void)
{
	struct kl_plan_input input = {.tally = id_of(250),
		.call = &call,
		.roster = &roster,
		.end = call.metric_count,
		.sets = sets,
		.earlier = earlier};

	assert_int_equal(kl_tally_earlier(&book, &call, NULL, earlier, &input.earlier_count), 0);
	return input;
}

/* Plans with so much effort in each go; gives how many goes it took, and the effort of all. */
static unsigned plan(uint64_t effort, struct kl_outcome_cell *ret_cells, uint64_t *ret_effort)
{
	struct kl_plan_input input = input_of();
	struct kl_tally_plan *made;
	unsigned goes = 0;
	int rc = KL_E_BUSY;

	*ret_effort = 0;
	assert_int_equal(kl_tally_plan_new(&book, &input, &made), 0);
	assert_true(kl_tally_plan_is_of(made, &input));
	while (rc == KL_E_BUSY) {
		uint64_t left = effort;

		rc = kl_tally_plan_go_on(&book, made, &left);
		*ret_effort += effort - left;
		goes++;
	}
	assert_int_equal(rc, 0);
	memcpy(ret_cells, kl_tally_plan_cells(made),
		(size_t)call.metric_count * call.cohort_count * sizeof *ret_cells);
	kl_tally_plan_free(made);
	return goes;
}

static struct kl_outcome_cell cell_of(unsigned metric, unsigned cohort)
{
	static struct kl_outcome_cell cells[2 * METRICS_MAX];
	uint64_t effort;

	assert_int_equal(plan(UINT64_MAX, cells, &effort), 1);
	return cells[2 * metric + cohort];
}

static void expect(unsigned metric, enum kl_plan_why why, int level)
{
	struct kl_outcome_cell cell = cell_of(metric, 0);

	assert_string_equal(kl_plan_why_text(cell.why), kl_plan_why_text(why));
	if (why == KL_PLAN_RELEASED)
		assert_int_equal(cell.level, level);
}

/* ---- what is planned ------------------------------------------------------------------------ */

static void alone_everything_is_as_fine_as_it_can_be(void **state)
{
	struct kl_outcome_cell councils;

	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	expect(0, KL_PLAN_RELEASED, 2);
	councils = cell_of(0, 1); /* the ten anchors are what is left of everybody */
	assert_int_equal(councils.why, KL_PLAN_RELEASED);
	assert_int_equal(councils.level, 1);
	assert_int_equal(councils.n, 30);
	assert_int_equal(councils.counted, 30);
}

static void whoever_came_since_could_be_told_apart(void **state)
{
	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	release("lm3.score", 2016, MEMBERS, 0, MEMBERS - 1, 2);
	expect(0, KL_PLAN_SUBTRACTABLE, 0);
	assert_int_equal(cell_of(0, 0).smallest, 1);
}

/* Nobody can subtract in bins what came out in coarser ones. */
static void a_coarse_release_limits_the_coarse_level(void **state)
{
	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	release("lm3.score", 2016, MEMBERS, 0, MEMBERS - 7, 1);
	expect(0, KL_PLAN_RELEASED, 0); /* seven are enough for four bins, not for eight */
}

static void who_left_since_could_be_told_apart(void **state)
{
	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	release("lm3.score", 2016, MEMBERS + 1, 0, MEMBERS + 1, 2);
	expect(0, KL_PLAN_SUBTRACTABLE, 0);
	members[MEMBERS].control = members[0].control; /* known to a member that stayed, and yet: */
	expect(0, KL_PLAN_SUBTRACTABLE, 0);
}

static void other_questions_and_periods_do_not_matter(void **state)
{
	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	release("spend.local_share", 2016, MEMBERS, 0, MEMBERS - 1, 2);
	release("lm3.score", 2017, MEMBERS, 0, MEMBERS - 1, 2);
	assert_int_equal(input_of().earlier_count, 0);
	expect(0, KL_PLAN_RELEASED, 2);
}

/* What hardly changes is about the same in the next year, and in the one before. */
static void neighbouring_periods_of_what_hardly_changes(void **state)
{
	static const struct {
		uint16_t year;
		enum kl_plan_why why;
	} cases[] = {{2014, KL_PLAN_RELEASED}, {2015, KL_PLAN_SUBTRACTABLE},
		{2016, KL_PLAN_SUBTRACTABLE}, {2017, KL_PLAN_SUBTRACTABLE},
		{2018, KL_PLAN_RELEASED}};

	(void)state;
	add_metric(&call, "maturity.c1");
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	answer(1, 0, MEMBERS);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_tally *t =
			release("maturity.c1", cases[i].year, MEMBERS, 0, MEMBERS - 1, 2);

		expect(0, cases[i].why, 2);
		expect(1, KL_PLAN_RELEASED, 2);
		kl_tally_call_deinit(&t->call);
		memset(&past[0], 0, sizeof past[0]);
		book.count = 0;
	}
}

/* A tally is named for its slow metric; its other ones are left alone. */
static void only_the_slow_metric_of_a_neighbour_counts(void **state)
{
	struct kl_tally *t;

	(void)state;
	add_metric(&call, "maturity.c1");
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	answer(1, 0, MEMBERS);
	t = release("maturity.c1", 2015, MEMBERS, 0, MEMBERS - 1, 2);
	add_metric(&t->call, "lm3.score");
	past[0].rows[1] = past[0].rows[0];
	past[0].rows[1].metric = 1;
	past[0].proposal.row_count = 2;
	for (unsigned i = 0; i < MEMBERS; i++)
		past[0].columns[i].contributions[0].presence[0] = 3;
	expect(0, KL_PLAN_SUBTRACTABLE, 0);
	expect(1, KL_PLAN_RELEASED, 2);
	t->call.period.year = 2016;
	expect(1, KL_PLAN_SUBTRACTABLE, 0);
}

static void a_figure_that_was_public_once_hides_nobody(void **state)
{
	struct kl_tally *t;

	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, 6);
	expect(0, KL_PLAN_RELEASED, 0);
	kl_set_add(&call.named[0], 0);
	expect(0, KL_PLAN_RELEASED, 0); /* five are left */
	t = release("lm3.score", 2016, MEMBERS, 20, MEMBERS, 0);
	expect(0, KL_PLAN_RELEASED, 0);
	kl_set_add(&t->call.named[0], 3); /* as an earlier call had it */
	expect(0, KL_PLAN_TOO_SMALL, 0);
	assert_int_equal(cell_of(0, 0).n, 6);
	assert_int_equal(cell_of(0, 0).counted, 4);
}

static void control_groups_across_rosters(void **state)
{
	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, 33);
	release("lm3.score", 2016, MEMBERS + 1, 0, 26, 1);
	expect(0, KL_PLAN_RELEASED, 0); /* 26 to 32 are left: seven */
	for (unsigned i = 28; i < 33; i++)
		members[i].control = members[27].control;
	expect(0, KL_PLAN_SUBTRACTABLE, 0);
	assert_int_equal(cell_of(0, 0).smallest, 2);
}

/* What cannot be taken into account as a whole proves nothing. */
static void too_many_releases_withhold(void **state)
{
	struct kl_tally *t;

	(void)state;
	add_metric(&call, "lm3.score");
	answer(0, 0, MEMBERS);
	t = release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 0);
	expect(0, KL_PLAN_RELEASED, 2);
	past[0].proposal.rows = calloc(KL_AUDIT_ROWS_MAX, sizeof *past[0].proposal.rows);
	assert_non_null(past[0].proposal.rows);
	past[0].proposal.row_count = KL_AUDIT_ROWS_MAX - 1;
	expect(0, KL_PLAN_SUBTRACTABLE, 0);
	past[0].proposal.row_count = KL_AUDIT_ROWS_MAX - 2;
	expect(0, KL_PLAN_RELEASED, 2);
	free(past[0].proposal.rows);
	(void)t;
}

static void nothing_is_planned_without_what_came_before(void **state)
{
	struct kl_plan_input input;
	struct kl_tally_plan *made = NULL;

	(void)state;
	add_metric(&call, "lm3.score");
	release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 2);
	input = input_of();
	assert_int_equal(input.earlier_count, 1);
	past[0].proposal.verdict = KL_VERDICT_WAIT;
	assert_int_equal(kl_tally_plan_new(&book, &input, &made), KL_E_BUSY);
	assert_null(made);
}

/* Four of one control group and one more: nobody need answer for nothing. */
static void hope_is_of_members_that_count(void **state)
{
	bool hope = true;

	(void)state;
	add_metric(&call, "lm3.score");
	roster.count = 8;
	assert_int_equal(kl_tallies_hope(&book, &call, &roster, 0, &hope), 0);
	assert_true(hope);
	for (unsigned i = 1; i < 5; i++)
		members[i].control = members[0].control;
	assert_int_equal(kl_tallies_hope(&book, &call, &roster, 0, &hope), 0);
	assert_false(hope);
	assert_int_equal(kl_tallies_hope(&book, &call, &roster, 1, &hope), KL_E_NOT_FOUND);
	members[1].control = members[1].id;
	assert_int_equal(kl_tallies_hope(&book, &call, &roster, 0, &hope), 0);
	assert_true(hope);
	kl_set_add(&call.named[0], 7);
	assert_int_equal(kl_tallies_hope(&book, &call, &roster, 0, &hope), 0);
	assert_false(hope);
}

/* ---- late batches --------------------------------------------------------------------------- */

static size_t late(const struct kl_tally *before, size_t named)
{
	struct kl_set set;

	assert_int_equal(kl_tally_late(&book, &call, before, (struct kl_late_of){earlier, named},
				 &roster, 0, &set),
		0);
	return kl_set_count(&set);
}

/* Some hear that a tally is certified before they hear that it failed, others never know it otherwise. */
static void who_was_counted_does_not_change_with_what_is_heard_later(void **state)
{
	struct kl_tally *first, *before;

	(void)state;
	add_metric(&call, "lm3.score");
	first = release("lm3.score", 2016, MEMBERS, 0, 12, 0);
	before = release("lm3.score", 2016, MEMBERS, 12, 20, 0);
	assert_int_equal(late(before, 1), 12);
	first->failed = true;
	assert_int_equal(late(before, 1), 12);
	first->closed_failed = true;
	first->closed_failed_at = 2; /* after it was called */
	assert_int_equal(late(before, 1), 12);
	first->closed_failed_at = 1;
	assert_int_equal(late(before, 1), 0);
	first->failed = false;
	assert_int_equal(late(before, 1), 0);
}

/* What a proposal does not name does not matter for it: whoever knows more votes for none of these. */
static void what_is_counted_is_what_a_proposal_names(void **state)
{
	struct kl_set set;
	struct kl_tally *t;

	(void)state;
	add_metric(&call, "lm3.score");
	t = release("lm3.score", 2016, MEMBERS, 0, 12, 0);
	(void)release("lm3.score", 2016, MEMBERS, 12, 20, 0);
	assert_int_equal(late(NULL, 2), 20);
	assert_int_equal(late(NULL, 1), 12);
	assert_int_equal(late(NULL, 0), 0);
	t->has_certified = false; /* its votes have not come yet */
	assert_int_equal(kl_tally_late(&book, &call, NULL, (struct kl_late_of){earlier, 1}, &roster,
				 0, &set),
		KL_E_BUSY);
}

/* ---- a step at a time ----------------------------------------------------------------------- */

static void fill_at_random(unsigned metrics)
{
	char code[32];

	srand(7);
	for (unsigned m = 0; m < metrics; m++) {
		snprintf(code, sizeof code, "made.up%u", m);
		add_metric(&call, code);
		for (unsigned i = 0; i < MEMBERS; i++)
			if (rand() % 8)
				answer(m, i, i + 1);
	}
}

static void in_many_steps_as_in_one(void **state)
{
	static struct kl_outcome_cell once[2 * METRICS_MAX], often[2 * METRICS_MAX];
	uint64_t effort;

	(void)state;
	fill_at_random(METRICS_MAX);
	release("made.up3", 2016, MEMBERS + 1, 3, 30, 2);
	assert_int_equal(plan(UINT64_MAX, once, &effort), 1);
	for (uint64_t some = 1; some < 20000; some *= 7) {
		unsigned goes = plan(some, often, &effort);

		assert_memory_equal(once, often, sizeof once);
		/* each goes on until its effort is used up, and no further than one cohort more */
		assert_true(goes >= effort / (some + 9 * 42) && goes <= 2 + effort / some);
	}
}

/* Most members answer all or nothing: then one metric is worked out, and the others are looked up. */
static void what_fares_alike_is_worked_out_once(void **state)
{
	static struct kl_outcome_cell cells[2 * METRICS_MAX];
	uint64_t one, all, different;

	(void)state;
	add_metric(&call, "made.up");
	answer(0, 0, MEMBERS);
	(void)plan(UINT64_MAX, cells, &one);
	for (unsigned m = 1; m < METRICS_MAX; m++) {
		char code[32];

		snprintf(code, sizeof code, "made.up%u", m);
		add_metric(&call, code);
		answer(m, 0, MEMBERS);
	}
	(void)plan(UINT64_MAX, cells, &all);
	assert_int_equal(all, one + (METRICS_MAX - 1) * (MEMBERS + 1));
	for (unsigned m = 1; m < METRICS_MAX; m++)
		assert_memory_equal(&cells[0], &cells[2 * m], 2 * sizeof *cells);
	kl_set_add(&call.named[5], 3);  /* somebody counts for less in one of them, */
	kl_set_remove(&sets[2 * 7], 2); /* and in another one somebody was lost on the way */
	(void)plan(UINT64_MAX, cells, &different);
	assert_int_equal(different, all + 2 * (one - (MEMBERS + 1)));
	assert_int_equal(cells[2 * 5].counted, MEMBERS - 1);
}

/* Two that are asked for in turn, with effort for one cohort in each step: both come to an end. */
static void plans_asked_for_in_turn(void **state)
{
	static struct kl_outcome_cell cells[2][2 * METRICS_MAX], wanted[2 * METRICS_MAX];
	struct kl_set other[2 * METRICS_MAX];
	struct kl_plan_input inputs[2];
	struct kl_tally *t = &past[2].tally;
	bool done[2] = {false, false};
	uint64_t effort;
	unsigned steps = 0;

	(void)state;
	fill_at_random(4);
	inputs[0] = inputs[1] = input_of();
	memcpy(other, sets, sizeof other);
	kl_set_remove(&other[1], 0);
	inputs[1].sets = other;
	t->call.metric_count = call.metric_count;
	t->call.cohort_count = call.cohort_count;
	for (; (!done[0] || !done[1]) && steps < 200; steps++) {
		book.effort_left = 1;
		book.wake_ms = UINT64_MAX;
		for (unsigned i = 0; i < 2; i++) {
			int rc = done[i] ? KL_OK : kl_tally_planned(&book, t, &inputs[i], cells[i]);

			assert_true(rc == KL_OK || rc == KL_E_BUSY);
			done[i] = rc == KL_OK;
			if (rc == KL_E_BUSY)
				assert_true(book.wake_ms == 1 && kl_tallies_planning(&book));
		}
	}
	assert_true(done[0] && done[1]);
	(void)plan(UINT64_MAX, wanted, &effort);
	assert_memory_equal(cells[0], wanted, 8 * sizeof *wanted);
	assert_int_equal(cells[1][0].n, cells[0][0].n - 1);
	kl_tally_plan_free(t->plan);
	t->plan = NULL;
}

/* ---- what came before ----------------------------------------------------------------------- */

static void what_was_voted_for_in_vain_counts(void **state)
{
	struct kl_quit_said quit = {.vote_count = 1};
	struct kl_tally *t;

	(void)state;
	add_metric(&call, "lm3.score");
	t = release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 2);
	t->has_certified = false;
	t->failed = true;
	assert_int_equal(input_of().earlier_count, 0); /* nobody voted for it */
	quit.votes[0].proposal = past[0].proposal.id;
	t->committee.n = 5;
	t->seats[4].quits = &quit;
	t->seats[4].quit_count = 1;
	assert_int_equal(input_of().earlier_count, 1);
	past[0].proposal.verdict = KL_VERDICT_BAD;
	assert_int_equal(input_of().earlier_count, 0);
}

static void what_has_not_come_is_said_to_be_awaited(void **state)
{
	struct kl_quit_said quits[5] = {{.vote_count = 1}, {.vote_count = 1}, {.vote_count = 1}};
	struct kl_tally *t, *after;

	(void)state;
	add_metric(&call, "lm3.score");
	t = release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 2);
	after = release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 2);
	t->has_certified = false;
	t->failed = true;
	t->committee = (struct kl_committee){.n = 5, .t = 3, .qa = 5, .qv = 4};
	for (unsigned j = 0; j < 5; j++) {
		quits[j].votes[0].proposal = past[0].proposal.id;
		t->seats[j].quits = &quits[j];
		t->seats[j].quit_count = 1;
		t->seats[j].quit = true;
	}
	assert_null(kl_tally_awaited(&book, &call, after));
	past[0].proposal.verdict = KL_VERDICT_WAIT;
	assert_ptr_equal(kl_tally_awaited(&book, &call, after), t);
	assert_null(kl_tally_awaited(&book, &call, t));
	call.period.year = 2019;
	assert_null(kl_tally_awaited(&book, &call, after));
}

static void they_are_named_in_order_and_before_the_call(void **state)
{
	size_t count;

	(void)state;
	add_metric(&call, "lm3.score");
	release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 2);
	release("lm3.score", 2016, MEMBERS, 0, MEMBERS, 2);
	past[0].proposal.id = listed[0]->certified = id_of(150);
	assert_int_equal(input_of().earlier_count, 2);
	assert_int_equal(earlier[0].b[0], 101);
	assert_int_equal(earlier[1].b[0], 150);
	assert_int_equal(kl_tally_earlier(&book, &call, listed[1], earlier, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(earlier[0].b[0], 150);
	listed[0]->gate = KL_GATE_INVALID; /* nobody took part */
	assert_int_equal(kl_tally_earlier(&book, &call, listed[1], earlier, &count), 0);
	assert_int_equal(count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(alone_everything_is_as_fine_as_it_can_be),
		TEST(whoever_came_since_could_be_told_apart),
		TEST(a_coarse_release_limits_the_coarse_level),
		TEST(who_left_since_could_be_told_apart),
		TEST(other_questions_and_periods_do_not_matter),
		TEST(neighbouring_periods_of_what_hardly_changes),
		TEST(only_the_slow_metric_of_a_neighbour_counts),
		TEST(who_was_counted_does_not_change_with_what_is_heard_later),
		TEST(what_is_counted_is_what_a_proposal_names),
		TEST(a_figure_that_was_public_once_hides_nobody),
		TEST(control_groups_across_rosters),
		TEST(too_many_releases_withhold),
		TEST(nothing_is_planned_without_what_came_before),
		TEST(hope_is_of_members_that_count),
		TEST(in_many_steps_as_in_one),
		TEST(what_fares_alike_is_worked_out_once),
		TEST(plans_asked_for_in_turn),
		TEST(what_was_voted_for_in_vain_counts),
		TEST(what_has_not_come_is_said_to_be_awaited),
		TEST(they_are_named_in_order_and_before_the_call),
	};

	return RUN(tests);
}
