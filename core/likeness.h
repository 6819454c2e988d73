/* What organisations are compared by, to find who is like whom (similar.h).
 *
 * feature   one thing that can be alike: population, region, services. Which of them are looked at is
 *           our choice; those of CIPFA's "nearest neighbours", which councils know, are not public
 * likeness  the features of one council or community anchor, as far as they are known
 * stand-in  a feature that counts only where one of two lacks the better one: the quintile of
 *           deprivation stands in for the score, so that deprivation never counts twice (ours)
 *
 * Councils and anchors have features of their own. What a member publishes and what a reference table
 * says of it complete each other: see kl_likeness_complete().
 *
 * What is compared of a number: sizes (people, posts, square metres, people per square kilometre) as
 * log(1 + x), because twice as large means the same everywhere; all others as they are. */
#ifndef KL_CORE_LIKENESS_H
#define KL_CORE_LIKENESS_H

#include "core/council.h"
#include "core/profile.h"

enum kl_feature {
	KL_FEATURE_POPULATION,
	KL_FEATURE_DENSITY,
	KL_FEATURE_DEPRIVATION_SCORE,
	KL_FEATURE_DEPRIVATION_QUINTILE,
	KL_FEATURE_RURAL_URBAN,
	KL_FEATURE_LIFE_WOMEN,
	KL_FEATURE_LIFE_MEN,
	KL_FEATURE_REGION,
	KL_FEATURE_INCOME_BAND,
	KL_FEATURE_STAFF,
	KL_FEATURE_TENANTS,
	KL_FEATURE_FLOOR_SPACE,
	KL_FEATURE_VALUES, /* those up to here are one number each */
	KL_FEATURE_SERVICES = KL_FEATURE_VALUES,
	KL_FEATURE_ACTIVITIES,
	KL_FEATURES,
};

enum kl_feature_sort {
	KL_FEATURE_SIZE,     /* a number from 0 on, compared as log(1 + x) */
	KL_FEATURE_NUMBER,   /* a number, compared as it is */
	KL_FEATURE_ORDER,    /* a word of a list that has an order, compared as its place in it */
	KL_FEATURE_CATEGORY, /* a word of a list: the same, or not */
	KL_FEATURE_SET,      /* a list of texts of which each counts once */
};

enum { KL_FEATURE_NO_STAND_IN = -1 };

struct kl_feature_info {
	const char *code; /* "population": the word in answers */
	const char *name; /* for people */
	enum kl_feature_sort sort;
	bool of_councils, of_anchors;
	bool in_profile; /* its code is a field of the profile; else a reference table knows it */
	int better;      /* the feature that this one stands in for, or none */
	double alike; /* the most that two may differ and still be called alike: kl_feature_alike() */
	const struct kl_slug *words; /* ORDER, CATEGORY */
};

/* For ever. */
const struct kl_feature_info *kl_feature_info(enum kl_feature feature);

/* Features that organisations of this kind are compared by: a bit for each. */
uint32_t kl_features_of(enum kl_member_kind kind);

/* These without stand-ins for others of them; and how many that leaves: six of all that councils are
 * compared by, ten of anchors'. */
uint32_t kl_features_counted(uint32_t features);
unsigned kl_features_count(uint32_t features);

/* Those of the kind that are not among `known`, without any for which another one counts. */
uint32_t kl_features_missing(enum kl_member_kind kind, uint32_t known);

/* A set as it is compared: its texts folded (words.h) and hashed, each once. Making them takes longer
 * than all the rest of a likeness; who is compared often keeps them. */
struct kl_marks {
	size_t n;
	uint64_t *items; /* on the heap; NULL when n is 0 */
};

enum { KL_MARKS_MAX = KL_PROFILE_LIST_MAX };

int kl_marks_of(const struct kl_text_list *texts, struct kl_marks *ret_marks); /* KL_E_NOMEM */
void kl_marks_deinit(struct kl_marks *marks);

/* The same into an array of somebody else's; returns how many. */
size_t kl_marks_write(const struct kl_text_list *texts, uint64_t out[KL_MARKS_MAX]);

/* Where a mark stands among slots of which more than half are empty (0), or where it belongs. */
enum { KL_MARK_SLOTS = 4 * KL_MARKS_MAX };
size_t kl_mark_slot(const uint64_t slots[KL_MARK_SLOTS], uint64_t mark);

struct kl_likeness {
	enum kl_member_kind kind;
	char type[KL_SLUG_MAX]; /* councils; "" unknown */
	uint32_t known;         /* a bit for each feature */
	/* As people read them: people, people for each km2, years, full-time posts; for words their
	 * place in the list, 0 first. */
	double values[KL_FEATURE_VALUES];
	struct kl_likeness_set {
		const struct kl_text_list *texts; /* somebody else's, and so are */
		const struct kl_marks *marks;     /* these; NULL: made when they are needed */
	} sets[KL_FEATURES - KL_FEATURE_VALUES];
};

/* What a member says of itself. The lists of the profile are pointed at, and so are their marks
 * (NULL: not made yet). */
void kl_likeness_of_profile(const struct kl_profile *profile, const struct kl_marks *services,
	const struct kl_marks *activities, struct kl_likeness *ret_likeness);

/* What a row of a reference table says of a council. */
void kl_likeness_of_council(const struct kl_council *row, struct kl_likeness *ret_likeness);

/* Lets what the convenor confirmed (all that is there of it) take the place of what was said. */
void kl_likeness_confirm(struct kl_likeness *likeness, const struct kl_attributes *confirmed);

/* Completes one source by another: what `likeness` knows stays, the rest comes from `other`. Returns
 * the features in which both know something different: a bit for each. */
uint32_t kl_likeness_complete(struct kl_likeness *likeness, const struct kl_likeness *other);

/* Sets one number. What is not finite, below 0 where it is a size, or beyond KL_LIKENESS_MAX is no
 * figure of an organisation and stays unknown. */
void kl_likeness_put(struct kl_likeness *likeness, enum kl_feature feature, double value);

#define KL_LIKENESS_MAX 1e11

enum { KL_FEATURE_TEXT_MAX = 320, KL_FEATURE_VALUE_MAX = 64 };

/* One feature of two in words, with both values: "population 3,036 against 92,000", "both sparse and
 * rural", "services: 2 of 5 in common (advice, childcare)". Both must know it. `alike` chooses the
 * words for what brings them together ("population 3,036 and 3,100"). Returns `out`. */
const char *kl_feature_words(enum kl_feature feature, const struct kl_likeness *a,
	const struct kl_likeness *b, bool alike, char out[KL_FEATURE_TEXT_MAX]);

/* True if people would call the values of two alike (ours), however much all the others differ: sizes
 * of which the larger is at most half as large again as the smaller, points of the deprivation score
 * up to 5 apart, life expectancies up to a year, words and quintiles that are the same. So nobody who
 * claims a million tenants makes 4 and 63 look alike. No sets. Both must know it. */
bool kl_feature_alike(
	enum kl_feature feature, const struct kl_likeness *a, const struct kl_likeness *b);

/* True if both read the same in words: 15.84 and 15.76 are 15.8 for both. No sets. */
bool kl_feature_same(
	enum kl_feature feature, const struct kl_likeness *a, const struct kl_likeness *b);

/* The value of one in words ("3,036", "sparse and rural"); for sets how many there are. */
const char *kl_feature_value(enum kl_feature feature, const struct kl_likeness *likeness,
	char out[KL_FEATURE_VALUE_MAX]);

#endif
