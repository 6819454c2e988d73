#include "core/plan.h"
#include "core/bytes.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *meaning;
} steps[KL_PLAN_STEPS] = {
	{"Theory of change",
		"what should become different, by which activities, where, and how one "
		"would see it"},
	{"What is there already", "what you and others around you collect anyway"},
	{"Impacts and indicators",
		"which impacts to measure, and by which indicators: some are followed "
		"over time, some taken once"},
	{"How to collect", "surveys, accounts, talks, photographs: how, by whom, and when"},
	{"Record", "write it down the same way every time, and train those who do"},
	{"Check", "hold a second source against it, and let somebody try to prove it wrong"},
	{"Analyse",
		"what has moved, and what you contributed to it beside others, without claiming it "
		"all"},
	{"Report", "tell those who decide and those who were asked"},
	{"Look back", "hold the findings against the theory of change: where are gaps, what to do "
		      "differently"},
	{"Go on", "how it will be followed over the next years"},
};

static const struct {
	const char *name, *question;
	unsigned step;
	bool wanted; /* the step is not done without it */
} fields[KL_PLAN_FIELDS] = {
	[KL_PLAN_CHANGE] = {"change", "what should become different?", 1, true},
	[KL_PLAN_ACTIVITIES] = {"activities", "what do you do towards it?", 1, true},
	[KL_PLAN_AREA] = {"area", "where?", 1, true},
	[KL_PLAN_SHOWS] = {"shows", "how would one see it?", 1, true},
	[KL_PLAN_COLLECTED] = {"collected", "what is collected already, and by whom?", 2, true},
	[KL_PLAN_IMPACTS] = {"impacts", "which impacts will you measure?", 3, true},
	[KL_PLAN_COLLECTION] = {"collection", "how, by whom and when is it collected?", 4, true},
	[KL_PLAN_RECORDS] = {"records", "who records it, and were they trained?", 5, false},
	[KL_PLAN_CHALLENGER] = {"challenger", "who tries to prove the findings wrong?", 6, false},
	[KL_PLAN_SECOND_SOURCE] = {"second-source", "what is held against them?", 6, false},
	[KL_PLAN_CONTRIBUTION] = {"contribution", "what did you contribute, and what did others?",
		7, true},
	[KL_PLAN_AUDIENCE] = {"audience", "who is told, and to influence what?", 8, false},
	[KL_PLAN_REPORTED] = {"reported", "when was it reported? (30/11/2026, day first)", 8, true},
	[KL_PLAN_LOOK_BACK] = {"look-back", "where are gaps, and what would you do differently?", 9,
		true},
	[KL_PLAN_NEXT] = {"next", "how will you follow it over the next years?", 10, true},
};

const char *kl_plan_step_name(unsigned step)
{
	KL_ASSERT(step >= 1 && step <= KL_PLAN_STEPS);
	return steps[step - 1].name;
}

const char *kl_plan_step_meaning(unsigned step)
{
	KL_ASSERT(step >= 1 && step <= KL_PLAN_STEPS);
	return steps[step - 1].meaning;
}

const char *kl_plan_field_name(enum kl_plan_field field)
{
	return fields[field].name;
}

const char *kl_plan_field_question(enum kl_plan_field field)
{
	return fields[field].question;
}

unsigned kl_plan_field_step(enum kl_plan_field field)
{
	return fields[field].step;
}

/* ---- filling ------------------------------------------------------------------------------- */

static const char *spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which ? NULL : fields[index].name;
}

/* "3": the first field of the third step. */
static bool field_of_step(const char *text, size_t *ret_field)
{
	char number[4];

	for (size_t f = 0; f < KL_PLAN_FIELDS; f++) {
		(void)snprintf(number, sizeof number, "%u", fields[f].step);
		if (!strcmp(number, text)) {
			*ret_field = f;
			return true;
		}
	}
	return false;
}

int kl_plan_assign(struct kl_plan *plan, const char *assignment, struct kl_fault *fault)
{
	static const struct kl_words words = {KL_PLAN_FIELDS, spelling, NULL};
	const char *equals = strchr(assignment, '=');
	char name[64];
	size_t field;
	int rc;

	if (!equals || equals == assignment || (size_t)(equals - assignment) >= sizeof name) {
		kl_fault(fault, KL_E_USAGE, "expected FIELD=TEXT, found \"%.64s\"", assignment);
		(void)kl_fault_hint(fault, "for example: change=\"young people find work here\"");
		return KL_E_USAGE;
	}
	memcpy(name, assignment, (size_t)(equals - assignment));
	name[equals - assignment] = '\0';
	if (!field_of_step(name, &field)) {
		rc = kl_words_find(&words, "field of a plan", name, &field, fault);
		if (rc)
			return rc;
	}
	if (field == KL_PLAN_REPORTED)
		return kl_date_set(plan->texts[field], equals + 1, fault);
	return kl_text_set(
		plan->texts[field], KL_PLAN_TEXT_MAX, equals + 1, true, fields[field].name, fault);
}

static int place_of(const struct kl_plan *plan, const char *code)
{
	for (int i = 0; i < plan->indicator_count; i++)
		if (!strcmp(plan->indicators[i], code))
			return i;
	return -1;
}

int kl_plan_choose(struct kl_plan *plan, const char *code, struct kl_fault *fault)
{
	int rc;

	if (place_of(plan, code) >= 0)
		return KL_OK;
	if (plan->indicator_count == KL_PLAN_INDICATORS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a plan follows at most %d indicators",
			KL_PLAN_INDICATORS_MAX);
	rc = kl_text_set(plan->indicators[plan->indicator_count], KL_METRIC_CODE_MAX, code, false,
		"an indicator", fault);
	if (!rc)
		plan->indicator_count++;
	return rc;
}

int kl_plan_unchoose(struct kl_plan *plan, const char *code, struct kl_fault *fault)
{
	int at = place_of(plan, code);

	if (at < 0)
		return kl_fault(fault, KL_E_NOT_FOUND, "the plan does not follow %s", code);
	plan->indicator_count--;
	memmove(plan->indicators[at], plan->indicators[at + 1],
		(size_t)(plan->indicator_count - at) * sizeof plan->indicators[0]);
	memset(plan->indicators[plan->indicator_count], 0, sizeof plan->indicators[0]);
	return KL_OK;
}

int kl_plan_check(const struct kl_plan *plan, struct kl_fault *fault)
{
	int rc = kl_text_check(plan->name, sizeof plan->name, false, "a plan's name", fault);

	if (!rc && !*plan->name)
		rc = kl_fault(fault, KL_E_MALFORMED, "a plan has no name");
	for (size_t f = 0; f < KL_PLAN_FIELDS && !rc; f++)
		rc = kl_text_check(plan->texts[f], KL_PLAN_TEXT_MAX, true, fields[f].name, fault);
	if (!rc && plan->texts[KL_PLAN_REPORTED][0])
		rc = kl_date_check(plan->texts[KL_PLAN_REPORTED], fault);
	if (!rc && plan->indicator_count > KL_PLAN_INDICATORS_MAX)
		rc = kl_fault(fault, KL_E_MALFORMED, "too many indicators");
	for (int i = 0; !rc && i < plan->indicator_count; i++) {
		rc = kl_text_check(
			plan->indicators[i], KL_METRIC_CODE_MAX, false, "an indicator", fault);
		if (!rc && (!*plan->indicators[i] || place_of(plan, plan->indicators[i]) != i))
			rc = kl_fault(
				fault, KL_E_MALFORMED, "an indicator is empty, or stands twice");
	}
	return rc;
}

/* ---- what observations show ------------------------------------------------------------------ */

static bool same_quantity(const struct kl_observation *a, const struct kl_observation *b)
{
	return !strcmp(a->component, b->component) && kl_words_equal(a->place, b->place);
}

/* Stories are held against each other as well, if they were gathered in the same way. */
static bool can_be_compared(const struct kl_observation *a, const struct kl_observation *b)
{
	const char *why;

	if (!a->has_number && !b->has_number)
		return kl_words_equal(a->method, b->method) || (!*a->method && !*b->method);
	return kl_observation_comparable(a, b, &why);
}

void kl_plan_look_at(struct kl_plan_look *look, const struct kl_observation *observation)
{
	const struct kl_observation *o = observation;

	look->observed = true;
	look->checked |= *o->challenger != '\0';
	for (uint8_t i = 0; i < look->seen_count; i++) {
		const struct kl_observation *before = &look->seen[i];

		if (!same_quantity(before, o))
			continue;
		if (!kl_period_equal(before->period, o->period))
			look->compared |= can_be_compared(before, o);
		else if (*before->source && *o->source)
			look->checked |= !kl_words_equal(before->source, o->source);
	}
	if (look->seen_count < KL_PLAN_SEEN_MAX)
		look->seen[look->seen_count++] = *o;
}

struct kl_plan_seen kl_plan_seen_of(const struct kl_plan_look *look, bool once)
{
	return (struct kl_plan_seen){
		look->observed, look->checked, look->compared || (once && look->observed)};
}

/* ---- where it stands ----------------------------------------------------------------------- */

static bool as_wanted(const struct kl_plan_seen *seen, unsigned step)
{
	switch (step) {
	case 5:
		return seen->observed;
	case 6:
		return seen->checked;
	default:
		return seen->compared;
	}
}

static void count_indicators(const struct kl_plan *plan, const struct kl_plan_facts *facts,
	unsigned step, struct kl_plan_step *s)
{
	s->of = plan->indicator_count;
	for (int i = 0; i < plan->indicator_count; i++)
		if (as_wanted(&facts->seen[i], step))
			s->have++;
		else if (s->missing_indicator < 0)
			s->missing_indicator = i;
}

/* Whether any of its words are there; the first wanted that is not goes into missing_field. */
static bool count_words(const struct kl_plan *plan, unsigned step, struct kl_plan_step *s)
{
	bool any = false;

	for (int f = 0; f < KL_PLAN_FIELDS; f++) {
		if (fields[f].step != step)
			continue;
		any |= *plan->texts[f] != '\0';
		if (fields[f].wanted && !*plan->texts[f] && s->missing_field < 0)
			s->missing_field = f;
	}
	return any;
}

void kl_plan_step(const struct kl_plan *plan, const struct kl_plan_facts *facts, unsigned step,
	struct kl_plan_step *ret_step)
{
	struct kl_plan_step s = {.missing_field = -1, .missing_indicator = -1};
	bool any = count_words(plan, step, &s), recorded = step >= 5 && step <= 7;
	bool chosen = plan->indicator_count > 0, done;

	if (step == 8 && facts->report[0])
		s.missing_field = -1;
	done = s.missing_field < 0;
	if (recorded) {
		count_indicators(plan, facts, step, &s);
		any |= s.have > 0;
		done &= chosen && s.have == s.of;
	}
	if (step == 3) {
		any |= chosen;
		done &= chosen;
	}
	s.state = done ? KL_PLAN_DONE : any ? KL_PLAN_BEGUN : KL_PLAN_OPEN;
	*ret_step = s;
}

unsigned kl_plan_next(const struct kl_plan *plan, const struct kl_plan_facts *facts)
{
	struct kl_plan_step s;

	for (unsigned step = 1; step <= KL_PLAN_STEPS; step++) {
		kl_plan_step(plan, facts, step, &s);
		if (s.state != KL_PLAN_DONE)
			return step;
	}
	return 0;
}

const char *kl_plan_state_name(enum kl_plan_state state)
{
	static const char *const names[] = {"open", "begun", "done"};

	return names[state];
}
