#include "core/area.h"
#include "core/succession.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KM_MIN 0.1
#define KM_MAX 500.0

#define EARTH_KM 6371.0088 /* mean radius, IUGG */

/* Codes of the Office for National Statistics for whole councils: unitary authorities, districts,
 * metropolitan districts, London boroughs and counties of England; Wales, Scotland, N. Ireland. */
static const char *const council_prefixes[] = {
	"E06", "E07", "E08", "E09", "E10", "W06", "S12", "N09"};

bool kl_area_is_gss(const char *text)
{
	size_t i;

	if (strlen(text) != 9)
		return false;
	for (i = 3; i < 9; i++)
		if (!isdigit((unsigned char)text[i]))
			return false;
	for (i = 0; i < sizeof council_prefixes / sizeof *council_prefixes; i++)
		if (memcmp(text, council_prefixes[i], 3) == 0)
			return true;
	return false;
}

/* HX1, M1, SW1A, BD12: one or two letters, a digit, and perhaps one more digit or letter. */
static bool is_district(const char *text)
{
	size_t n = 0;

	while (n < 2 && isupper((unsigned char)text[n]))
		n++;
	if (!n || !isdigit((unsigned char)text[n]))
		return false;
	n++;
	if (isdigit((unsigned char)text[n]) || isupper((unsigned char)text[n]))
		n++;
	return text[n] == '\0';
}

static const char *next_word(const char *at, char out[KL_AREA_CODE_MAX], bool *ret_too_long)
{
	size_t n = 0;

	*ret_too_long = false;
	at += strspn(at, " ,;\t");
	for (; *at && !strchr(" ,;\t", *at); at++) {
		if (n + 1 == KL_AREA_CODE_MAX)
			*ret_too_long = true;
		else
			out[n++] = (char)toupper((unsigned char)*at);
	}
	out[n] = '\0';
	return at;
}

static bool has_code(const struct kl_area *area, const char *code)
{
	for (unsigned i = 0; i < area->count; i++)
		if (strcmp(area->codes[i], code) == 0)
			return true;
	return false;
}

static int read_number(const char **at, double *ret_value)
{
	char *end;
	double value;

	/* strtod() also takes inf, nan and hexadecimal, which nobody means here. */
	if (!isdigit((unsigned char)**at) && **at != '-' && **at != '.')
		return KL_E_INVALID;
	if (strspn(*at, "0123456789.-") < strcspn(*at, " ,;\tkK)"))
		return KL_E_INVALID;
	value = strtod(*at, &end);
	if (end == *at)
		return KL_E_INVALID;
	*at = end;
	*ret_value = value;
	return KL_OK;
}

int kl_area_radius(double km, double latitude, double longitude, struct kl_area *ret_area)
{
	/* Written so that a NaN is refused as well. */
	if (!(km >= KM_MIN && km <= KM_MAX && latitude >= -90 && latitude <= 90 &&
		    longitude >= -180 && longitude <= 180))
		return KL_E_RANGE;
	*ret_area = (struct kl_area){
		.kind = KL_AREA_RADIUS, .km = km, .latitude = latitude, .longitude = longitude};
	return KL_OK;
}

bool kl_area_exchanged(double latitude, double longitude)
{
	return latitude >= -9 && latitude <= 3 && longitude >= 49 && longitude <= 61;
}

static double radians(double degrees)
{
	return degrees * (3.14159265358979323846 / 180);
}

/* By haversines, which stay exact for small distances. */
double kl_area_distance(double latitude, double longitude, double to_latitude, double to_longitude)
{
	double up = sin(radians(to_latitude - latitude) / 2);
	double across = sin(radians(to_longitude - longitude) / 2);
	double h = up * up + cos(radians(latitude)) * cos(radians(to_latitude)) * across * across;

	return 2 * EARTH_KM * asin(sqrt(h < 1 ? h : 1));
}

/* "53.72,-1.86" and nothing behind it but what is in `end`. */
static bool read_point(const char *at, const char *end, double *ret_latitude, double *ret_longitude)
{
	double latitude, longitude;

	at += strspn(at, " \t");
	if (read_number(&at, &latitude))
		return false;
	if (!strchr(" ,;\t", *at) || !*at)
		return false;
	at += strspn(at, " ,;\t");
	if (read_number(&at, &longitude))
		return false;
	at += strspn(at, end);
	if (*at || !(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180))
		return false;
	*ret_latitude = latitude;
	*ret_longitude = longitude;
	return true;
}

int kl_area_coordinates(const char *place, double *ret_latitude, double *ret_longitude)
{
	const char *bracket = strrchr(place, '(');

	if (bracket ? read_point(bracket + 1, ") \t", ret_latitude, ret_longitude)
		    : read_point(place, " \t", ret_latitude, ret_longitude))
		return KL_OK;
	return KL_E_NOT_FOUND;
}

static bool parse_radius(const char *at, struct kl_area *ret_area)
{
	double km, latitude, longitude;

	at += strspn(at, " \t");
	if (read_number(&at, &km))
		return false;
	at += strspn(at, " \t");
	if (strncasecmp(at, "km", 2) != 0)
		return false;
	at += 2;
	at += strspn(at, " \t");
	if (read_number(&at, &latitude))
		return false;
	at += strspn(at, " ,;\t");
	if (read_number(&at, &longitude))
		return false;
	at += strspn(at, " \t");
	return !*at && kl_area_radius(km, latitude, longitude, ret_area) == KL_OK;
}

static int bad_code(struct kl_fault *fault, const char *word)
{
	kl_fault(fault, KL_E_INVALID,
		"area: '%.40s' is neither the GSS code of a council nor a postcode "
		"district nor a radius",
		word);
	kl_fault_hint(fault, "write E08000033, or HX1 HX2, or 12km 50.80,-1.90");
	return KL_E_INVALID;
}

static int exchanged(struct kl_fault *fault, const struct kl_area *area)
{
	kl_fault(fault, KL_E_RANGE,
		"area: latitude %g, longitude %g is far from here; exchanged they would not be",
		area->latitude, area->longitude);
	kl_fault_hint(fault, "latitude comes first: %gkm %g,%g", area->km, area->longitude,
		area->latitude);
	return KL_E_RANGE;
}

int kl_area_add(struct kl_area *area, const char *code, struct kl_fault *fault)
{
	enum kl_area_kind kind = kl_area_is_gss(code) ? KL_AREA_COUNCILS : KL_AREA_POSTCODES;

	if (kind == KL_AREA_POSTCODES && !is_district(code))
		return bad_code(fault, code);
	if (area->count && area->kind != kind)
		return kl_fault(fault, KL_E_INVALID,
			"area: council areas and postcode districts "
			"cannot be mixed ('%s')",
			code);
	area->kind = kind;
	if (has_code(area, code))
		return KL_OK;
	if (area->count == KL_AREA_CODES_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "area: more than %d codes", KL_AREA_CODES_MAX);
	strcpy(area->codes[area->count++], code);
	return KL_OK;
}

int kl_area_parse(const char *text, struct kl_fault *fault, struct kl_area *ret_area)
{
	struct kl_area area = {.kind = KL_AREA_COUNCILS};
	char word[KL_AREA_CODE_MAX];
	bool too_long;
	int rc;

	if (parse_radius(text, &area)) {
		if (kl_area_exchanged(area.latitude, area.longitude))
			return exchanged(fault, &area);
		*ret_area = area;
		return KL_OK;
	}
	for (const char *at = next_word(text, word, &too_long); *word;
		at = next_word(at, word, &too_long)) {
		if (too_long)
			return bad_code(fault, text);
		rc = kl_area_add(&area, word, fault);
		if (rc)
			return rc;
	}
	if (!area.count)
		return bad_code(fault, text);
	*ret_area = area;
	return KL_OK;
}

const char *kl_area_format(const struct kl_area *area, char out[KL_AREA_TEXT_MAX])
{
	size_t at = 0;

	out[0] = '\0';
	if (area->kind == KL_AREA_RADIUS)
		snprintf(out, KL_AREA_TEXT_MAX, "%.10gkm %.10g,%.10g", area->km, area->latitude,
			area->longitude);
	for (unsigned i = 0; i < area->count; i++)
		at += (size_t)snprintf(
			out + at, KL_AREA_TEXT_MAX - at, "%s%s", i ? " " : "", area->codes[i]);
	return out;
}

bool kl_area_equal(const struct kl_area *a, const struct kl_area *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (strcmp(a->codes[i], b->codes[i]) != 0)
			return false;
	return a->kind != KL_AREA_RADIUS ||
	       (a->km == b->km && a->latitude == b->latitude && a->longitude == b->longitude);
}

bool kl_area_is_council(const struct kl_area *area)
{
	return area->kind == KL_AREA_COUNCILS && area->count == 1;
}

/* A whole postcode ends in a digit and two letters ("HX1 5LA", also without the blank): they are
 * cut off, so that the district remains. False if the place is no postcode. */
static bool district_of(const char *place, char out[KL_AREA_CODE_MAX])
{
	size_t n = 0;

	for (; *place && *place != '('; place++) { /* coordinates may follow */
		if (isspace((unsigned char)*place))
			continue;
		if (n + 1 == KL_AREA_CODE_MAX)
			return false;
		out[n++] = (char)toupper((unsigned char)*place);
	}
	out[n] = '\0';
	if (n >= 5 && isdigit((unsigned char)out[n - 3]) && isupper((unsigned char)out[n - 2]) &&
		isupper((unsigned char)out[n - 1]))
		out[n - 3] = '\0';
	return is_district(out);
}

/* A district council's area (E07) lies within some county (E10); which one, the code does not
 * say. */
static bool is_district_of_county(const struct kl_area *area, const char *code)
{
	if (memcmp(code, "E07", 3) != 0)
		return false;
	for (unsigned i = 0; i < area->count; i++)
		if (memcmp(area->codes[i], "E10", 3) == 0)
			return true;
	return false;
}

/* Codes of councils that were merged, split or coded anew. */
static enum kl_where by_succession(const struct kl_area *area, const char *code)
{
	enum kl_where where = KL_WHERE_ELSEWHERE;
	bool old = kl_succession_of(code) != NULL;

	for (unsigned i = 0; i < area->count; i++) {
		if (!old && !kl_succession_of(area->codes[i]))
			continue; /* two councils of today */
		if (kl_succession_within(code, area->codes[i]))
			return KL_WHERE_LOCAL;
		if (kl_succession_touches(code, area->codes[i]))
			where = KL_WHERE_UNKNOWN;
	}
	return where;
}

static enum kl_where within_radius(const struct kl_area *area, const char *place)
{
	double latitude, longitude;

	if (kl_area_coordinates(place, &latitude, &longitude))
		return KL_WHERE_UNKNOWN;
	return kl_area_distance(area->latitude, area->longitude, latitude, longitude) <= area->km
		       ? KL_WHERE_LOCAL
		       : KL_WHERE_ELSEWHERE;
}

enum kl_where kl_area_holds(const struct kl_area *area, const char *place)
{
	char code[KL_AREA_CODE_MAX];
	bool too_long;

	switch (area->kind) {
	case KL_AREA_COUNCILS:
		(void)next_word(place, code, &too_long);
		if (too_long || !kl_area_is_gss(code))
			return KL_WHERE_UNKNOWN;
		break;
	case KL_AREA_POSTCODES:
		if (!district_of(place, code))
			return KL_WHERE_UNKNOWN;
		break;
	case KL_AREA_RADIUS:
		return within_radius(area, place);
	}
	if (has_code(area, code))
		return KL_WHERE_LOCAL;
	if (is_district_of_county(area, code))
		return KL_WHERE_UNKNOWN;
	return area->kind == KL_AREA_COUNCILS ? by_succession(area, code) : KL_WHERE_ELSEWHERE;
}
