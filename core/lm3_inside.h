/* What the functions of LM3 share: suppliers by number, and what their sums (lm3_classes.h)
 * come to. Included by
 * lm3_*.c of this folder, and by nobody else.
 *
 * cases    low, central and high side by side, before any rounding
 * rates    what stands for the unknown in the central case */
#ifndef KL_CORE_LM3_INSIDE_H
#define KL_CORE_LM3_INSIDE_H

#include "core/lm3_classes.h"

struct kl_lm3_entry {
	int64_t net;
	double respent;
	uint64_t asked_at;
	uint32_t contact, email; /* where they stand in `texts`; 0: not known */
	uint32_t other_style;    /* another spelling, there as well */
	uint8_t where, sector;
	bool answered, redacted, alike; /* alike: not the first in a group */
	bool counted_clash;             /* already counted as contradicting itself */
};

/* Suppliers with one loose name; a supplier with a trading name stands in two. */
struct kl_lm3_group {
	uint32_t first, count;
};

struct kl_lm3_sum {
	struct kl_lm3_ledger ledger;
	struct kl_names *names;
	struct kl_lm3_entry *entries; /* by number of the name */
	size_t room;
	bool strict; /* no groups */
	struct kl_names *loose;
	struct kl_lm3_group *groups; /* by number of the loose name */
	size_t group_room;
	char *texts; /* one after the other, each with its final zero; the first is empty */
	size_t text_len, text_room;
	size_t styles, clashes, strays, alike, credits;
	int64_t credit; /* pence of all credit notes, negative */
	uint32_t first_style, first_clash, first_alike;
	char first_stray[KL_NAME_MAX];
};

struct kl_lm3_cases {
	double low, central, high;
	bool has_central;
};

struct kl_lm3_rates {
	bool has_place;     /* some place is known: else there is no share for unknown ones */
	double local_share; /* of a supplier of unknown place, how much counts as local */
	bool has_respent;   /* somebody answered */
	double respent_local, respent_elsewhere; /* what a silent supplier spends again locally */
};

struct kl_lm3_rates kl_lm3_rates(const struct kl_lm3_classes *classes);

/* Of each pound spent with this supplier: how much counts as local (round 2), and how much is spent
 * again locally (round 3). */
struct kl_lm3_cases kl_lm3_local_part(
	const struct kl_lm3_rates *rates, const struct kl_lm3_line *line);
struct kl_lm3_cases kl_lm3_respent_part(
	const struct kl_lm3_rates *rates, const struct kl_lm3_line *line);

/* The three cases times `by`. */
struct kl_lm3_cases kl_lm3_times(struct kl_lm3_cases cases, double by);

struct kl_lm3_amounts kl_lm3_to_pence(const struct kl_lm3_cases *cases);

#endif
