/* Who is like whom: distances between councils, and between community anchors, over features that
 * may be missing (likeness.h).
 *
 * table     all councils, or all anchors, that are known here: numbers in flat arrays
 * group     whom one is compared with: for councils those of the same type, unless all are wanted; an
 *           anchor's are all anchors
 * compared  two of a group that both know at least half of the features of their kind (three of six,
 *           five of ten); what is less says nothing about being alike, and they are left out
 *
 * Councils. z-scores over the group: z = (x - mean) / standard deviation (of a whole population:
 * divided by n), population and density as logarithms. The distance is Euclid's over the k features
 * that both know, for each of them the same:
 *
 *     d(a, b) = sqrt( sum (z_a - z_b)^2 / k )
 *
 * The division by k is ours: else those of whom less is known would be nearer. Where everything is
 * known of everybody it changes neither the order nor the rebased distances. It is the form of CIPFA's
 * Nearest Neighbours Model (z-scores, Euclid, rebased); the variables are ours, and so is the name.
 *
 * Community anchors. Gower's distance (J. C. Gower, "A general coefficient of similarity and some of
 * its properties", Biometrics 27, 1971): the mean over the k features that both know of
 *
 *     numbers and words in order   |x_a - x_b| / (highest - lowest of the group)
 *     other words                  0 if they are the same, else 1
 *     sets                         1 - common / all (P. Jaccard's coefficient, 1912)
 *
 * Sizes count as logarithms here, too (ours: one giant would otherwise make all others the same).
 *
 * A feature that is the same for the whole group (that spreads by less than a millionth of a millionth)
 * parts nobody: it counts with a difference of 0.
 *
 * Rebased: divided by the distance of the farthest that is shown, which so becomes 1; all 0 if that is
 * 0. Of equal distances the one that was added first comes first, so the order is stable.
 *
 * Why (ours): what differs by less than KL_SIMILAR_ALIKE_COUNCILS (standard deviations) or
 * KL_SIMILAR_ALIKE_ANCHORS (Gower), and what people would call alike (kl_feature_alike()), brings two
 * together; of sets it is half or more in common. The rest parts them; and what differs most always
 * parts them, however little that is, unless it reads the same in words. Of each side at most three are
 * told: the nearest, and the farthest. */
#ifndef KL_CORE_SIMILAR_H
#define KL_CORE_SIMILAR_H

#include "core/likeness.h"

#define KL_SIMILAR_ALIKE_COUNCILS 0.5
#define KL_SIMILAR_ALIKE_ANCHORS  0.25
#define KL_SIMILAR_ALIKE_SETS     0.5

enum { KL_SIMILAR_SHOWN_MAX = 200, KL_SIMILAR_REASONS = 3 };

/* All of one kind. The content is private. */
struct kl_similar {
	enum kl_member_kind kind;
	size_t n, capacity;
	uint32_t *known;  /* features of each row */
	uint8_t *types;   /* number in kl_council_types, or KL_SIMILAR_NO_TYPE */
	bool *wanted;     /* may be asked for alone: members */
	double *x;        /* KL_FEATURE_VALUES of each row as they are compared; 0 unknown */
	uint32_t *begins; /* where the sets of a row begin in `marks`, two for each row */
	uint64_t *marks;  /* the texts of sets, as hashes; each once in its set */
	size_t n_marks, capacity_marks;
};

/* Councils or anchors. */
void kl_similar_init(struct kl_similar *table, enum kl_member_kind kind);
void kl_similar_deinit(struct kl_similar *table);
void kl_similar_clear(struct kl_similar *table); /* empty again, memory kept */

/* Adds a row with the next number, 0 first; it must be of the table's kind. KL_E_NOMEM. */
int kl_similar_add(struct kl_similar *table, const struct kl_likeness *likeness, bool wanted);

/* A group as seen from one row: what is needed to measure how far the others are. The content is
 * private but for what stands here. */
struct kl_vantage {
	const struct kl_similar *table;
	size_t row;
	bool all_types;  /* as asked for, or because the row's own type is not known */
	unsigned needed; /* features that both must know */
	double per[KL_FEATURE_VALUES]; /* 1 / spread of each feature; 0 where all are the same */
	uint64_t slots[KL_FEATURES - KL_FEATURE_VALUES][KL_MARK_SLOTS]; /* the row's own sets */
};

/* Until something is added to the table. */
void kl_similar_look(
	const struct kl_similar *table, size_t row, bool all_types, struct kl_vantage *ret_vantage);

/* Distance to another row. False if the two are not compared: of another group, or too little is
 * known. *ret_features: over how many. */
bool kl_similar_distance(const struct kl_vantage *vantage, size_t other, double *ret_distance,
	unsigned *ret_features);

struct kl_near {
	uint32_t row;
	unsigned features; /* over how many */
	double distance;   /* as above */
	double rebased;    /* 0..1 */
};

struct kl_found {
	size_t n;        /* nearest first */
	size_t compared; /* of the group (only the wanted, if only these were asked for), */
	size_t unknown;  /* and those of whom too little is known */
};

/* The `most` nearest (at most KL_SIMILAR_SHOWN_MAX), without the row itself. */
void kl_similar_nearest(const struct kl_vantage *vantage, bool only_wanted, size_t most,
	struct kl_near *ret_near, struct kl_found *ret_found);

/* Why two are near or far: features, to be told with kl_feature_words(). */
struct kl_reasons {
	enum kl_feature together[KL_SIMILAR_REASONS], apart[KL_SIMILAR_REASONS];
	uint8_t n_together, n_apart;
	uint32_t missing; /* known of the row, but not of the other: a bit for each */
};

/* `mine` and `theirs` are the likenesses that were added as the row and the other one. */
void kl_similar_why(const struct kl_vantage *vantage, size_t other, const struct kl_likeness *mine,
	const struct kl_likeness *theirs, struct kl_reasons *ret_reasons);

#endif
