/* A framework assessment: what several assessors think of one place in one period, and on what it
 * rests.
 *
 * assessor    who scores: a department, a board, a group of residents. Names differ
 * score       0 absent, 1 starting, 2 partial, 3 established, 4 leading: whole steps only (ours)
 * following   a score that nobody gave but that follows from the statements: the median of those
 *             answered, on the same scale, with half points rounded down; only if at least half of
 *             the characteristic's statements were answered, since fewer say too little (ours)
 * resting     on what a score stands: statements answered, a note, evidence. One that rests on
 *             nothing counts, and is said to
 * evidence    the name of an observation that was recorded, or of anything else one can look up
 *
 * Nothing here hides disagreement: beside each median stand the lowest and the highest score, and a
 * score that differs from what its own statements say is counted as such. Versions are the
 * document's business: a new one is written, none is changed. */
#ifndef KL_CORE_ASSESSMENT_H
#define KL_CORE_ASSESSMENT_H

#include "core/catalogue.h"
#include "core/error.h"
#include "core/period.h"
#include "core/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_ASSESSORS_MAX = 16,
	KL_EVIDENCE_MAX = 8,
	KL_STRATEGIES_MAX = 8,
	KL_NOTE_SECTORS = 3,
	KL_ASSESSOR_NAME_MAX = 64, /* all sizes with the final zero */
	KL_ASSESSMENT_PLACE_MAX = 64,
	KL_ASSESSMENT_NOTE_MAX = 512,
	KL_EVIDENCE_TEXT_MAX = 96,
	KL_STRATEGY_TITLE_MAX = 96,
	KL_NO_SCORE = -1,
};

enum kl_note_sector { KL_NOTE_PRIVATE, KL_NOTE_PUBLIC, KL_NOTE_SOCIAL };

/* One assessor on one subject. */
struct kl_answer {
	int8_t score;                         /* given directly, or KL_NO_SCORE */
	int8_t statements[KL_STATEMENTS_MAX]; /* KL_NO_SCORE where not answered */
	char note[KL_ASSESSMENT_NOTE_MAX];
};

struct kl_assessor {
	char name[KL_ASSESSOR_NAME_MAX];
	struct kl_answer answers[KL_SUBJECTS];
};

/* What all assessors together wrote about one subject. */
struct kl_subject_notes {
	char sectors[KL_NOTE_SECTORS][KL_ASSESSMENT_NOTE_MAX];
	char strengths[KL_ASSESSMENT_NOTE_MAX];
	char gaps[KL_ASSESSMENT_NOTE_MAX];
	char opportunities[KL_ASSESSMENT_NOTE_MAX];
	char action[KL_ASSESSMENT_NOTE_MAX]; /* the next one */
	char owner[KL_ASSESSOR_NAME_MAX];
	char due[KL_DATE_MAX]; /* "" or a date */
	uint8_t evidence_count;
	char evidence[KL_EVIDENCE_MAX][KL_EVIDENCE_TEXT_MAX];
};

/* An existing strategy, and how it stands against the framework. */
struct kl_strategy {
	char title[KL_STRATEGY_TITLE_MAX];
	char note[KL_ASSESSMENT_NOTE_MAX];
};

struct kl_assessment {
	struct kl_period period; /* a year, as the metrics it feeds */
	char place[KL_ASSESSMENT_PLACE_MAX];
	char principles[KL_PRINCIPLES][KL_ASSESSMENT_NOTE_MAX];
	uint8_t strategy_count;
	struct kl_strategy strategies[KL_STRATEGIES_MAX];
	uint8_t assessor_count;
	struct kl_assessor assessors[KL_ASSESSORS_MAX];
	struct kl_subject_notes notes[KL_SUBJECTS];
};

/* Without any answer. Large: it belongs on the heap. NULL if memory ran out. */
struct kl_assessment *kl_assessment_new(struct kl_period period);
void kl_assessment_destroy(struct kl_assessment *assessment);

/* KL_E_MALFORMED or KL_E_INVALID, with a fault that names assessor and subject, if anything is out
 * of its range, a text is not plain, two assessors share a name, or the period is no year. No
 * number in it is trusted. */
int kl_assessment_check(const struct kl_assessment *assessment, struct kl_fault *fault);

/* ---- filling ------------------------------------------------------------------------------- */

/* Reads "2", "partial" or "2 partial". Half points are refused, and the fault says why. */
int kl_score_parse(const char *text, int8_t *ret_score, struct kl_fault *fault);

/* The assessor of that name (compared without case), added if there is none. KL_E_TOO_BIG beyond
 * KL_ASSESSORS_MAX. The pointer lives as long as the assessment. */
int kl_assessment_assessor(struct kl_assessment *assessment, const char *name,
	struct kl_assessor **ret_assessor, struct kl_fault *fault);

/* Sets a score, a statement's answer (numbered from 1) or a note; earlier ones are replaced. */
int kl_assessor_score(
	struct kl_assessor *assessor, size_t subject, const char *text, struct kl_fault *fault);
int kl_assessor_statement(struct kl_assessor *assessor, size_t subject, unsigned statement,
	const char *text, struct kl_fault *fault);
int kl_assessor_note(
	struct kl_assessor *assessor, size_t subject, const char *text, struct kl_fault *fault);

/* Adds a link once; KL_E_TOO_BIG beyond KL_EVIDENCE_MAX. */
int kl_assessment_evidence(
	struct kl_assessment *assessment, size_t subject, const char *text, struct kl_fault *fault);

/* ---- reading ------------------------------------------------------------------------------- */

enum kl_rests_on {
	KL_RESTS_ON_STATEMENTS = 1,
	KL_RESTS_ON_NOTE = 2,
	KL_RESTS_ON_EVIDENCE = 4,
};

/* The score that follows from the statements, or KL_NO_SCORE. */
int kl_answer_following(const struct kl_answer *answer, size_t subject);

/* The score that counts: the one given, or else the one that follows; or KL_NO_SCORE. */
int kl_answer_score(const struct kl_answer *answer, size_t subject);

/* Statements answered, and on what the score rests, as a sum of enum kl_rests_on (0: nothing). */
unsigned kl_answer_answered(const struct kl_answer *answer, size_t subject);
unsigned kl_answer_rests_on(
	const struct kl_assessment *assessment, const struct kl_answer *answer, size_t subject);

/* What the assessors say of one subject. */
struct kl_assessed {
	uint8_t scores;        /* assessors who scored it; if none, the rest is 0 or KL_NO_SCORE */
	int8_t median_doubled; /* twice the median, which may lie half-way: 0..8 */
	int8_t lowest, highest;
	int8_t value;         /* of its metric: the median, half points rounded down */
	uint8_t unsupported;  /* scores that rest on nothing */
	uint8_t contradicted; /* scores given that differ from what follows from the statements */
};

void kl_assessment_result(
	const struct kl_assessment *assessment, size_t subject, struct kl_assessed *ret_assessed);

/* Subjects that were scored, the weakest first: by median, then by lowest score, then in their
 * order. Returns how many. */
size_t kl_assessment_weakest(
	const struct kl_assessment *assessment, uint8_t ret_subjects[KL_SUBJECTS]);

#endif
