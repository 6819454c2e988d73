/* The map of who does what where, as a question asks for it: members, places and the grid
 * (core/coverage.h) over them.
 *
 * Columns are council areas; of one area that was asked for, the whole area and the neighbourhoods that
 * members name in it; of a neighbourhood, all that are called so. Rows count all members of the kind,
 * wherever they are: so a gap of a place tells who does it elsewhere. */
#ifndef KL_DAEMON_COVERAGE_MAP_H
#define KL_DAEMON_COVERAGE_MAP_H

#include "core/coverage.h"
#include "daemon/which_place.h"

struct kl_coverage_map {
	struct kl_node *node;
	struct kl_network *network;
	struct kl_which_place place;
	char kind[KL_SLUG_MAX]; /* "anchor", "council" or "any" */
	char activity[KL_PROFILE_TEXT_MAX], service[KL_PROFILE_TEXT_MAX]; /* "": not asked for */
	struct kl_coverage_wanted wanted;
	struct kl_placed *who; /* active members of that kind, by name */
	bool *here;            /* which of them belong to the place that is asked for */
	struct kl_coverage_member *members;
	uint64_t *places; /* which the members point into */
	size_t n, n_here;
	/* Of those who are here: whose area nobody knows, whose profile names nothing, and whose
	 * profile names nothing of the bank. */
	size_t without_area, silent, own_only;
	struct kl_coverage grid;
};

/* Reads "place", "activity", "service", "kind" and "by" of an ask and makes the map; to be freed also
 * after a failure. KL_E_USAGE; KL_E_NOT_FOUND if neither the bank nor any member knows the words; what
 * kl_ask_place() says. */
int kl_coverage_map_make(struct kl_node *node, struct kl_ask *ask, struct kl_coverage_map *ret_map);
void kl_coverage_map_free(struct kl_coverage_map *map);

/* A column for people: "Calderdale (E08000033)", "Wem, Shropshire (E06000051)". Returns `out`. */
const char *kl_coverage_map_place(
	const struct kl_coverage_map *map, size_t place, char out[KL_PLACE_WORDS_MAX]);

/* Name, code and characteristic of a row: codes are NULL for own words. */
struct kl_row_words {
	const char *what, *code, *characteristic;
};
struct kl_row_words kl_coverage_map_row(const struct kl_coverage_map *map, size_t row);

#endif
