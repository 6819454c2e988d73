/* A plan for measuring impact: the ten steps that the report suggests (Locality, "Powerful
 * Communities, Strong Economies", 2017, chapter 6), as one fills them in. The steps are the report's,
 * the words are ours, and so are the rules by which a step counts as done:
 *
 * 1 to 4, 9, 10   once their words are there (and, at the third, indicators are chosen)
 * 5 records       every chosen indicator was observed
 * 6 reliability   every chosen indicator was checked: somebody is named who tried to prove an
 *                 observation wrong, or one period was observed from two sources
 * 7 analysis      every chosen indicator that is a trend was observed in two periods in a way that
 *                 can be compared, and the plan says what was contributed, beside what others did
 * 8 report        a report with figures was written, or a day stands there on which it was reported
 *
 * begun   something of it is there, but not all
 * looked  what the observations of one chosen indicator show, gathered one by one */
#ifndef KL_CORE_PLAN_H
#define KL_CORE_PLAN_H

#include "core/error.h"
#include "core/observation.h"
#include "core/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_PLAN_STEPS = 10,
	KL_PLAN_NAME_MAX = 64, /* all sizes with the final zero */
	KL_PLAN_TEXT_MAX = 1024,
	KL_PLAN_INDICATORS_MAX = 24,
	KL_PLAN_SEEN_MAX = 32, /* observations of one indicator that later ones are held against */
	KL_PLAN_ASSIGNMENT_MAX = KL_PLAN_TEXT_MAX + 64,
};

enum kl_plan_field {
	KL_PLAN_CHANGE,
	KL_PLAN_ACTIVITIES,
	KL_PLAN_AREA,
	KL_PLAN_SHOWS,
	KL_PLAN_COLLECTED,
	KL_PLAN_IMPACTS,
	KL_PLAN_COLLECTION,
	KL_PLAN_RECORDS,
	KL_PLAN_CHALLENGER,
	KL_PLAN_SECOND_SOURCE,
	KL_PLAN_CONTRIBUTION,
	KL_PLAN_AUDIENCE,
	KL_PLAN_REPORTED,
	KL_PLAN_LOOK_BACK,
	KL_PLAN_NEXT,
	KL_PLAN_FIELDS
};

struct kl_plan {
	char name[KL_PLAN_NAME_MAX];
	char texts[KL_PLAN_FIELDS][KL_PLAN_TEXT_MAX];
	uint8_t indicator_count;
	char indicators[KL_PLAN_INDICATORS_MAX][KL_METRIC_CODE_MAX];
};

/* What a step is called, and what is done in it: `step` is 1 to KL_PLAN_STEPS. */
const char *kl_plan_step_name(unsigned step);
const char *kl_plan_step_meaning(unsigned step);

/* Name ("change"), question, and step of a field. */
const char *kl_plan_field_name(enum kl_plan_field field);
const char *kl_plan_field_question(enum kl_plan_field field);
unsigned kl_plan_field_step(enum kl_plan_field field);

/* ---- filling ------------------------------------------------------------------------------- */

/* Carries out "FIELD=TEXT"; an empty text takes it back, and the number of a step stands for its
 * first field. KL_E_USAGE without `=`, KL_E_NOT_FOUND with the fields to choose from, KL_E_INVALID,
 * KL_E_TOO_BIG. After a failure the plan is as before. */
int kl_plan_assign(struct kl_plan *plan, const char *assignment, struct kl_fault *fault);

/* Adds or takes away a chosen indicator by code; one that is there already stays as it is.
 * KL_E_TOO_BIG, KL_E_NOT_FOUND. */
int kl_plan_choose(struct kl_plan *plan, const char *code, struct kl_fault *fault);
int kl_plan_unchoose(struct kl_plan *plan, const char *code, struct kl_fault *fault);

/* KL_E_MALFORMED or KL_E_INVALID if anything is out of its range. No number in it is trusted. */
int kl_plan_check(const struct kl_plan *plan, struct kl_fault *fault);

/* ---- where it stands ----------------------------------------------------------------------- */

/* Zeroed before the first observation. Large: it belongs on the heap. */
struct kl_plan_look {
	bool observed, checked, compared;
	uint8_t seen_count;
	struct kl_observation seen[KL_PLAN_SEEN_MAX];
};

/* Takes in an observation of the indicator, any revision of it. */
void kl_plan_look_at(struct kl_plan_look *look, const struct kl_observation *observation);

/* What was seen of a chosen indicator. */
struct kl_plan_seen {
	bool observed, checked, compared;
};

/* `once`: observing it once is enough, as the indicator is a snapshot. */
struct kl_plan_seen kl_plan_seen_of(const struct kl_plan_look *look, bool once);

/* What was recorded outside of the plan. */
struct kl_plan_facts {
	struct kl_plan_seen seen[KL_PLAN_INDICATORS_MAX]; /* in the order of the plan */
	char report[KL_DATE_MAX]; /* the day on which a report was last written, or "" */
};

enum kl_plan_state { KL_PLAN_OPEN, KL_PLAN_BEGUN, KL_PLAN_DONE };

struct kl_plan_step {
	enum kl_plan_state state;
	uint8_t have, of;  /* chosen indicators that are as the step wants them; 0 of 0 elsewhere */
	int missing_field; /* the first that is empty and wanted, or -1 */
	int missing_indicator; /* the first chosen one that is not yet so, or -1 */
};

void kl_plan_step(const struct kl_plan *plan, const struct kl_plan_facts *facts, unsigned step,
	struct kl_plan_step *ret_step);

/* The first step that is not done, or 0 if all are. */
unsigned kl_plan_next(const struct kl_plan *plan, const struct kl_plan_facts *facts);

/* "open", "begun", "done" */
const char *kl_plan_state_name(enum kl_plan_state state);

#endif
