/* An observation: what somebody found out about one indicator, in one place and period.
 *
 * The value is a number in the unit of the indicator's component (or of a metric), or words where
 * the indicator admits them, or both: stories count. How it was found out belongs to it, because
 * figures that were found in different ways are not held against each other, nor added up. */
#ifndef KL_CORE_OBSERVATION_H
#define KL_CORE_OBSERVATION_H

#include "core/bytes.h"
#include "core/catalogue.h"
#include "core/confidence.h"
#include "core/error.h"
#include "core/metric.h"
#include "core/period.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	KL_OBSERVATION_COMPONENT_MAX = 32, /* all sizes with the final zero */
	KL_OBSERVATION_PLACE_MAX = 64,
	KL_OBSERVATION_TEXT_MAX = 2048,
	KL_OBSERVATION_METHOD_MAX = 96,
	KL_OBSERVATION_VERSION_MAX = 32,
	KL_OBSERVATION_SOURCE_MAX = 256,
	KL_OBSERVATION_CHALLENGER_MAX = 64,
};

struct kl_observation {
	char code
		[KL_METRIC_CODE_MAX]; /* of an indicator, of the catalogue or not, or of a metric */
	char component[KL_OBSERVATION_COMPONENT_MAX]; /* "" where there is only one */
	struct kl_period period;
	char place[KL_OBSERVATION_PLACE_MAX];
	bool has_number;
	int64_t number; /* scaled: see kl_observation_unit() */
	char text[KL_OBSERVATION_TEXT_MAX];
	char method[KL_OBSERVATION_METHOD_MAX];
	char method_version[KL_OBSERVATION_VERSION_MAX];
	enum kl_confidence confidence;
	char source[KL_OBSERVATION_SOURCE_MAX];
	char challenger[KL_OBSERVATION_CHALLENGER_MAX]; /* who tried to prove it wrong */
	bool defined;                                   /* of an indicator that a member defined: */
	struct kl_id definition;                        /* under exactly this version */
	enum kl_unit unit;                              /* and in its unit */
};

/* Begins an observation of what `name` means: an indicator or a metric, by code or any unambiguous
 * part of its name (an exact name of either wins), with the component where there are several. All
 * else is empty. */
int kl_observation_init(const char *name, const char *component, struct kl_period period,
	struct kl_observation *ret_observation, struct kl_fault *fault);

/* The same of an indicator that a member defined; `definition` is what its version is known by. */
int kl_observation_init_defined(const struct kl_indicator *indicator,
	const struct kl_id *definition, const char *component, struct kl_period period,
	struct kl_observation *ret_observation, struct kl_fault *fault);

/* Unit and scale of its number. KL_E_NOT_FOUND if indicator, metric or component are not known. */
int kl_observation_unit(
	const struct kl_observation *observation, enum kl_unit *ret_unit, uint32_t *ret_scale);

/* Takes what was typed: a number if it reads as one, else words, if the indicator admits them. Of
 * one that a member defined, only numbers are taken here: words go by kl_observation_words(). */
int kl_observation_value(
	struct kl_observation *observation, const char *text, struct kl_fault *fault);

/* Takes words alone. */
int kl_observation_words(
	struct kl_observation *observation, const char *text, struct kl_fault *fault);

/* Refuses an unknown indicator, metric or component, a number that the unit or the metric's bins do
 * not admit (of indicators: shares beyond 0..1, LM3 scores beyond 1..3, fewer than none of what is
 * counted), words alone for what is a number, no value at all, or text that is not plain. */
int kl_observation_check(const struct kl_observation *observation, struct kl_fault *fault);

/* True if both are of the same quantity, found out in the same way and for as long a time, so that
 * their numbers may stand in one row or sum. If not, *ret_why is a static sentence that says what
 * differs. */
bool kl_observation_comparable(
	const struct kl_observation *a, const struct kl_observation *b, const char **ret_why);

#endif
