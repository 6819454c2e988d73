/* Which posts a list or a search is about: filters as people type them, held against the table of posts.
 *
 * Of several words of one filter any will do; all filters have to fit. A post that says nothing of what a
 * filter asks for does not fit, but for its place: where a post names none, it is the council area that
 * the convenor confirmed for its author (ours). */
#ifndef KL_DAEMON_POST_FILTER_H
#define KL_DAEMON_POST_FILTER_H

#include "daemon/control.h"
#include "daemon/network.h"

enum {
	KL_LIKE_ME_MAX = 15, /* members that --like-me means: the nearest, as CIPFA counts them */
	KL_POST_NEEDLE_MAX = KL_POST_PLACE_MAX,
	KL_POST_AUTHORS_NOTED = 1 << 13,
};

struct kl_post_filter {
	const struct kl_network *network;
	enum kl_post_kind kind; /* 0: any */
	uint32_t characteristics, stages, routes, barriers;
	uint8_t outcome;
	bool has_period;
	uint32_t first_month, months;
	char place[KL_POST_NEEDLE_MAX];   /* folded; "" for any */
	char area[KL_POST_NEEDLE_MAX];    /* the code of that place, folded; "" if it has none */
	char called[KL_POST_NEEDLE_MAX];  /* the name of that area, folded; "" if it has none */
	char service[KL_POST_NEEDLE_MAX]; /* folded */
	struct kl_attributes author;      /* region, type: "" for any; kind 0 for any */
	bool has_member;
	struct kl_id member;
	bool like_me;
	struct kl_id like[KL_LIKE_ME_MAX];
	size_t n_like;
	/* Which authors were looked at, and whether they fit: 7 bytes of the id and the verdict, by two
	 * other bytes of it. A cache: there are far fewer authors than posts. */
	uint64_t noted[KL_POST_AUTHORS_NOTED];
};

/* Reads characteristic, stage, route, barrier, service, place, period, outcome, member, region, type and
 * like_me from the ask. KL_E_DENIED outside of a network; what the words are not understood by. */
int kl_post_filter_ask(struct kl_node *node, enum kl_post_kind kind, struct kl_ask *ask,
	struct kl_post_filter *ret_filter);

/* Whether a standing post fits. */
bool kl_post_fits(struct kl_post_filter *filter, const struct kl_posted *posted);

#endif
