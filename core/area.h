/* The area that counts as local, as its owner drew it.
 *
 * councils   one or several council areas, by GSS code: E08000033
 * postcodes  a list of postcode districts: HX1 HX2
 * radius     a circle of some kilometres round a point; places are told apart where their
 *            coordinates are known: "53.72,-1.86" (latitude, longitude), alone or in brackets behind
 *            whatever else is known: "HX1 5LA (53.72,-1.86)". Distances are great circles on a sphere
 *            with the earth's mean radius, right to about half of one per cent */
#ifndef KL_CORE_AREA_H
#define KL_CORE_AREA_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum kl_area_kind { KL_AREA_COUNCILS, KL_AREA_POSTCODES, KL_AREA_RADIUS };

enum kl_where { KL_WHERE_UNKNOWN, KL_WHERE_LOCAL, KL_WHERE_ELSEWHERE };

enum {
	KL_AREA_CODES_MAX = 64, /* the North East once counted 26 councils together */
	KL_AREA_CODE_MAX = 10,  /* characters with the final zero: E08000033 */
	KL_AREA_TEXT_MAX = KL_AREA_CODES_MAX * KL_AREA_CODE_MAX + 1,
};

struct kl_area {
	enum kl_area_kind kind;
	unsigned count;                                  /* codes, 0 for a radius */
	char codes[KL_AREA_CODES_MAX][KL_AREA_CODE_MAX]; /* capitals, each once */
	double km, latitude, longitude;                  /* a radius */
};

/* Reads "E08000033", "E06000059 E10000009", "HX1, HX2" or "12km 50.80,-1.90" (radius, latitude,
 * longitude in degrees). Codes are parted by blanks, commas or semicolons. The fault says what was
 * found and what was expected; KL_E_INVALID, KL_E_RANGE for degrees that seem to be exchanged, or
 * KL_E_TOO_BIG beyond KL_AREA_CODES_MAX. */
int kl_area_parse(const char *text, struct kl_fault *fault, struct kl_area *ret_area);

/* Adds one code, in capitals; one that is there already is fine. Codes of councils and districts do
 * not mix. KL_E_INVALID, KL_E_TOO_BIG. `area` begins as {0}. */
int kl_area_add(struct kl_area *area, const char *code, struct kl_fault *fault);

/* A circle of 0.1 to 500 kilometres round a point in degrees. KL_E_RANGE. */
int kl_area_radius(double km, double latitude, double longitude, struct kl_area *ret_area);

/* The same form again, codes parted by blanks. Returns `out`. */
const char *kl_area_format(const struct kl_area *area, char out[KL_AREA_TEXT_MAX]);

bool kl_area_equal(const struct kl_area *a, const struct kl_area *b);

/* Exactly one council area: the boundary that makes scores of several members comparable. */
bool kl_area_is_council(const struct kl_area *area);

/* Where a place lies that is written as a GSS code (for an area of councils), as a postcode or
 * postcode district (for an area of districts), or with coordinates (for a radius).
 * KL_WHERE_UNKNOWN for everything else: a name alone does not say. A code of a council that is no
 * more counts as today's where it plainly lies within it (core/succession.h), and is unknown where
 * only a part of it may. */
enum kl_where kl_area_holds(const struct kl_area *area, const char *place);

/* The coordinates of a place, in degrees. KL_E_NOT_FOUND if it has none. */
int kl_area_coordinates(const char *place, double *ret_latitude, double *ret_longitude);

/* Kilometres between two points. */
double kl_area_distance(double latitude, double longitude, double to_latitude, double to_longitude);

/* Latitude and longitude that lie in the United Kingdom if they are exchanged, and nowhere near it as
 * they are. */
bool kl_area_exchanged(double latitude, double longitude);

/* "E08000033" and the like: a county, unitary, district, borough or council of the UK. */
bool kl_area_is_gss(const char *text);

#endif
