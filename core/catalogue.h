/* The framework and its bank of indicators: what an assessment speaks about and what can be
 * recorded as evidence.
 *
 * Source: Locality, "Powerful Communities, Strong Economies" (November 2017). The structure and the
 * facts are the report's, the words are ours. The scale of 0 to 4 is ours too: the report has none.
 *
 * characteristic  one of seven things that make a local economy resilient
 * statement       what a characteristic looks like in a place: 42 in all
 * principle       one of four attitudes that guide the framework
 * practice        one of four things that a council has to get right for it to become usual
 * subject         what is scored: the seven characteristics, then the four practices
 * indicator       something that can be observed again and again. *Key*: among the three that the
 *                 report suggests for a characteristic. *Example*: the one with which it explains a
 *                 characteristic. *Other*: the rest of its bank. 21, 7 and 79 of them
 * component       a number of its own within an indicator that one number cannot hold
 * twin            another indicator that counts nearly the same, or a part of it: the two are never
 *                 added up. Which are twins is ours */
#ifndef KL_CORE_CATALOGUE_H
#define KL_CORE_CATALOGUE_H

#include "core/error.h"
#include "core/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_CHARACTERISTICS = 7,
	KL_PRINCIPLES = 4,
	KL_PRACTICES = 4,
	KL_SUBJECTS = KL_CHARACTERISTICS + KL_PRACTICES,
	KL_STATEMENTS_MAX = 9, /* of one characteristic */
	KL_COMPONENTS_MAX = 3,
	KL_TWINS_MAX = 4,
	KL_SCORE_MAX = 4,
};

struct kl_characteristic {
	const char *code; /* "c1" .. "c7" */
	const char *name;
	const char *definition;
	const char *const *statements;
	uint8_t statement_count;
	const char *outcome;           /* an example of a change that one would hope for */
	const char *example_indicator; /* code of the indicator that would show it */
};

/* A principle or a practice. */
struct kl_tenet {
	const char *code; /* "principle.1" .., "practice.1" .. */
	const char *name;
	const char *meaning;
};

enum kl_indicator_kind { KL_INDICATOR_KEY, KL_INDICATOR_EXAMPLE, KL_INDICATOR_OTHER };
enum kl_indicator_level { KL_OF_ORGANISATION, KL_OF_NEIGHBOURHOOD, KL_OF_COUNCIL };
enum kl_indicator_form { KL_QUANTITATIVE, KL_QUALITATIVE, KL_BOTH_FORMS };
enum kl_indicator_span { KL_SNAPSHOT, KL_TREND };
enum kl_polarity { KL_HIGHER_BETTER, KL_LOWER_BETTER, KL_NEITHER_BETTER };

struct kl_component {
	const char *code; /* "gva"; "" where an indicator has only one number */
	const char *name;
	enum kl_unit unit;
	enum kl_polarity polarity;
};

struct kl_indicator {
	const char *code; /* "c1.lm3" */
	const char *name;
	uint8_t characteristic; /* 0..6 */
	enum kl_indicator_kind kind;
	enum kl_indicator_level level;
	enum kl_indicator_form form;
	enum kl_indicator_span span;
	const char *how; /* how to collect it, one sentence */
	struct kl_component components[KL_COMPONENTS_MAX];
	uint8_t component_count;
};

/* All of these live for ever. An index beyond the end is a programmer's error. */
const struct kl_characteristic *kl_characteristic_at(size_t index);
const struct kl_tenet *kl_principle_at(size_t index);
const struct kl_tenet *kl_practice_at(size_t index);
size_t kl_indicator_count(void);
const struct kl_indicator *kl_indicator_at(size_t index);

/* By code ("c1", "C1", or "1"), or any unambiguous part of the name. */
int kl_characteristic_find(const char *text, size_t *ret_index, struct kl_fault *fault);
int kl_principle_find(const char *text, size_t *ret_index, struct kl_fault *fault);
int kl_indicator_find(
	const char *text, const struct kl_indicator **ret_indicator, struct kl_fault *fault);

/* Exactly that code, or NULL. */
const struct kl_indicator *kl_indicator_by_code(const char *code);

/* Those that count nearly the same; returns how many. */
size_t kl_indicator_twins(
	const struct kl_indicator *indicator, const struct kl_indicator *ret_twins[KL_TWINS_MAX]);

/* Component of an indicator by code or part of its name. An empty text means the only one:
 * KL_E_AMBIGUOUS, with the components named, if there are several. */
int kl_component_find(const struct kl_indicator *indicator, const char *text,
	const struct kl_component **ret_component, struct kl_fault *fault);

/* ---- what is scored ------------------------------------------------------------------------ */

/* Code ("c1".."c7", "practice.1".."practice.4"), name, and number of statements (0 of a practice).
 * `subject` is below KL_SUBJECTS. */
const char *kl_subject_code(size_t subject);
const char *kl_subject_name(size_t subject);
uint8_t kl_subject_statements(size_t subject);

/* Metric that the members' scores of a subject feed: "maturity.c1", "practice.1". */
const char *kl_subject_metric(size_t subject);

/* By code ("C1", "1", "practice.2", "p2") or any unambiguous part of the name. */
int kl_subject_find(const char *text, size_t *ret_subject, struct kl_fault *fault);

/* "absent", "starting", "partial", "established", "leading" for 0..KL_SCORE_MAX. */
const char *kl_score_word(int score);

/* ---- words for the codes, as documents and JSON carry them ---------------------------------- */

const char *kl_indicator_kind_name(enum kl_indicator_kind kind);    /* "key", "example", "other" */
const char *kl_indicator_level_name(enum kl_indicator_level level); /* "organisation", ... */
const char *kl_indicator_form_name(enum kl_indicator_form form);    /* "quantitative", ... */
const char *kl_indicator_span_name(enum kl_indicator_span span);    /* "snapshot", "trend" */
const char *kl_polarity_name(enum kl_polarity polarity); /* "higher", "lower", "neither" */

#endif
