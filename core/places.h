/* Who suppliers are: where they are, their sector and their size, from a table that its owner keeps
 * beside the spending files, which hardly ever say so.
 *
 * Rows are joined to suppliers by name. These rules are ours: equal keys (core/names.h) are one
 * organisation; where there is none, equal loose keys are taken for one, and so is the name behind
 * "t/a" of either side, and whoever shows a result says which were matched so loosely. Rows that
 * contradict each other under one loose key match nobody loosely. Where rows of one key say different
 * things, such as two schools of one name in two towns, nothing is told by what they differ in; an
 * organisation may have several places as long as the area tells the same of all. */
#ifndef KL_CORE_PLACES_H
#define KL_CORE_PLACES_H

#include "core/area.h"
#include "core/lm3.h"

#include <stdbool.h>
#include <stdint.h>

enum kl_size {
	KL_SIZE_UNKNOWN,
	KL_SIZE_MICRO,  /* fewer than 10 staff */
	KL_SIZE_SMALL,  /* fewer than 50 */
	KL_SIZE_MEDIUM, /* fewer than 250 */
	KL_SIZE_LARGE,
	KL_SIZE_COUNT,
};

const char *kl_size_name(enum kl_size size); /* "micro" .. "large", "unknown" */

struct kl_place {
	char supplier[KL_NAME_MAX];
	char place[KL_LM3_PLACE_MAX]; /* a postcode, a GSS code, a name; "" if not known */
	enum kl_where where;          /* as its owner says; unknown: see kl_area_holds() */
	enum kl_sector sector;
	enum kl_size size;
};

/* KL_E_MALFORMED, with a fault, unless there is a name of one line and the numbers are known. */
int kl_place_check(const struct kl_place *place, struct kl_fault *fault);

struct kl_places;

struct kl_places *kl_places_new(void); /* NULL if there is no memory */
void kl_places_destroy(struct kl_places *places);

enum { KL_PLACES_OF_ONE = 4 }; /* places of one organisation; of one that has more none is known */

/* Adds one row, to what others of its key say. KL_E_NOMEM, KL_E_TOO_BIG. */
int kl_places_add(struct kl_places *places, const struct kl_place *place);

size_t kl_places_count(const struct kl_places *places);

/* How many of them have rows that do not say the same of place, sector or size. */
size_t kl_places_differing(const struct kl_places *places);

/* One of them, by its number; the views live until the next is added. */
struct kl_place_view {
	const char *supplier, *place; /* "" if there are several */
	enum kl_where where;
	enum kl_sector sector;
	enum kl_size size;
};
struct kl_place_view kl_places_at(const struct kl_places *places, uint32_t number);

/* Where one of them is: as its owner says, else what the area (or NULL) tells of all its places. */
enum kl_where kl_places_where(
	const struct kl_places *places, uint32_t number, const struct kl_area *area);

/* The row for a supplier; *ret_loose tells that only loose keys are equal. KL_E_NOT_FOUND. */
int kl_places_find(const struct kl_places *places, const char *supplier, uint32_t *ret_number,
	bool *ret_loose);

#endif
