/* All lessons, questions and answers that are known here: a cache over the feeds, rebuilt at start. Texts
 * stay in the store and are read on demand (post_text.h).
 *
 * post      a lesson, a question or an answer (core/post.h), named by the id of its record
 * arrival   when it came here, counted: a number of its own for each post and each correction
 *           (store/arrivals.h). The items stand in the order in which posts arrived
 * facets    what a list is narrowed by: characteristics, stages, place, ...
 * standing  its text is here and nobody took it back. Only such posts are shown; the others are
 *           remembered, because answers name them
 * text      the record that holds what it says now: itself, or its latest correction
 *
 * What counts is told in erasures.h. What is malformed is its author's affair; words of newer versions
 * are passed over. A post says by itself what it is about: that a thread ends is not certain, and whoever
 * follows one counts the steps. */
#ifndef KL_DAEMON_POSTS_H
#define KL_DAEMON_POSTS_H

#include "core/names.h"
#include "core/period.h"
#include "core/post.h"
#include "protocol/record.h"

enum {
	KL_MEMBER_POSTS_MAX = 5000, /* kept of one member; later ones are passed over. One that was
	                               withdrawn makes room for another of its author */
	KL_POSTS_MAX = 200000,      /* kept of all */
	KL_POST_SERVICES_KEPT =
		4, /* areas of service by which a post is found, of those it names */
};

#define KL_POST_NO_WORD UINT32_MAX

/* What a search asks of each post that has its words stands first, together. */
struct kl_posted {
	uint64_t text_arrival;
	enum kl_post_kind kind;
	bool withdrawn, readable;
	uint8_t outcome; /* place in kl_lesson_outcomes, counted from 1; 0: not said */
	bool has_period;
	uint32_t characteristics, stages, routes, barriers; /* bits, as in core/post.h */
	struct kl_id author;
	uint32_t place;                           /* kl_posts_place(), or none */
	uint32_t services[KL_POST_SERVICES_KEPT]; /* kl_posts_service(), or none */
	struct kl_period period;
	uint64_t arrival;
	uint64_t time_ms, corrected_ms; /* as claimed; corrected_ms 0: never */
	struct kl_id id;
	struct kl_id about; /* an answer: the record that it answers; else zeros */
	struct kl_id text;
	uint64_t seq, text_seq; /* where both stand in the feed, and in which epoch of it */
	uint32_t epoch, text_epoch;
	uint64_t title_hash; /* kl_post_title_hash() of its title */
};

struct kl_post_author;

struct kl_posts {
	struct kl_posted *items; /* ascending by arrival; some may be dropped: kind 0 */
	size_t n, capacity;
	size_t passed_over; /* posts that were not kept for one of the limits */

	/* The rest is private. */
	uint32_t *by_arrival;
	size_t arrivals_capacity;
	uint32_t *slots;
	size_t slot_count, slots_used, dropped;
	struct kl_post_author *authors;
	size_t n_authors, authors_capacity;
	struct kl_names *places, *services;
};

void kl_posts_deinit(struct kl_posts *posts);

/* Takes in a record if it is a post, a correction or a withdrawal, in the order of its feed. `arrival` is
 * that of the record, above all before it; or 0 for all of them until kl_posts_order(). KL_E_NOMEM. */
int kl_posts_take(struct kl_posts *posts, const struct kl_record *record, uint64_t arrival);

/* Gives every item the arrivals that `arrival_of` tells (KL_E_NOT_FOUND is 0, other errors end it), and
 * sorts them. */
typedef int kl_posts_arrival_fn(
	void *arg, const struct kl_feed_key *feed, uint64_t seq, uint64_t *ret_arrival);
int kl_posts_order(struct kl_posts *posts, kl_posts_arrival_fn *arrival_of, void *arg);

static inline bool kl_post_stands(const struct kl_posted *post)
{
	return post->kind && post->readable && !post->withdrawn;
}

/* The post of that id, standing or not, or NULL. Valid until the next take, like all that follows. */
const struct kl_posted *kl_posts_find(const struct kl_posts *posts, const struct kl_id *id);

/* The post that the record with that arrival is, or corrected, or NULL. Its text is that of this record
 * only if `text_arrival` is the same. */
const struct kl_posted *kl_posts_at(const struct kl_posts *posts, uint64_t arrival);

/* The standing post that people name by the first characters of its id, at least four. KL_E_NOT_FOUND,
 * KL_E_AMBIGUOUS, KL_E_USAGE for what is no part of an id. Where only one that was withdrawn is meant it
 * is KL_E_NOT_FOUND, too, and *ret_post is that one (else NULL). */
int kl_posts_named(const struct kl_posts *posts, const char *text,
	const struct kl_posted **ret_post, struct kl_fault *fault);

/* How many are kept of one member, standing or not, and how many of its were passed over. */
void kl_posts_of(const struct kl_posts *posts, const struct kl_id *author, size_t *ret_kept,
	size_t *ret_passed_over);

/* Posts of a kind that stand. */
size_t kl_posts_standing(const struct kl_posts *posts, enum kl_post_kind kind);

/* Whether one more post of that member would be kept. */
bool kl_posts_room(const struct kl_posts *posts, const struct kl_id *author);

/* The same for titles that differ in blanks and in capitals of ASCII only; 0 for none. */
uint64_t kl_post_title_hash(const char *title);

/* A place or a service as it is compared (kl_words_fold()), by its number. */
const char *kl_posts_place(const struct kl_posts *posts, uint32_t number);
const char *kl_posts_service(const struct kl_posts *posts, uint32_t number);

#endif
