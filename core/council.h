/* One row of a reference table of councils, as a member brings it: what public registers and
 * statistics say of a council, whether it belongs to a network or not.
 *
 * council      one local authority, also a combined authority
 * GSS code     letter and eight digits of the Office for National Statistics: E08000032
 * short name   what people say: "Hartlepool" for "Hartlepool Borough Council"
 * letters      the few letters by which registers call it ("HPL"); a district names its county so
 *
 * Only code and name must be there. Absent is an empty text, 0 where a number cannot be 0, or `.known`
 * false; nothing is ever 0 because nobody said it. Words are those of core/profile.h. Every figure is
 * the table's own; none of them is checked against anything but its bounds. */
#ifndef KL_CORE_COUNCIL_H
#define KL_CORE_COUNCIL_H

#include "core/profile.h"

enum {
	KL_COUNCILS_MAX = 5000, /* rows of one table; the United Kingdom has about 400 councils */
	KL_COUNCIL_LETTERS_MAX = 16,
};

struct kl_optional_double {
	bool known;
	double value;
};

struct kl_council {
	char gss[KL_GSS_MAX];
	char name[KL_MEMBER_NAME_MAX]; /* official */
	char short_name[KL_MEMBER_NAME_MAX];
	char letters[KL_COUNCIL_LETTERS_MAX];
	char county[KL_MEMBER_NAME_MAX]; /* of a district: letters, code or name of its county */
	char type[KL_SLUG_MAX], region[KL_SLUG_MAX], rural_urban[KL_SLUG_MAX];
	struct kl_optional_int population;             /* residents */
	uint16_t population_year;                      /* 0 absent */
	struct kl_optional_double area;                /* km2 */
	struct kl_optional_double latitude, longitude; /* degrees, of some point in it */
	uint8_t deprivation_quintile;                  /* 1 most deprived .. 5 least; 0 absent */
	uint8_t deprivation_decile;                    /* 1 most deprived .. 10 least; 0 absent */
	struct kl_optional_double deprivation_score;   /* higher is more deprived */
	/* Shares 0..1 of the residents, by where they live. */
	struct kl_optional_double urban, rural, remote;
};

/* The form and bounds of everything. KL_E_INVALID or KL_E_RANGE with the field's name. */
int kl_council_check(const struct kl_council *council, struct kl_fault *fault);

/* The word for a type as registers write it: our own names and words, and "NI district", "City
 * corporation", "Strategic Regional Authority", "UA" and the like. KL_E_NOT_FOUND. */
int kl_council_type_parse(const char *text, char ret_type[KL_SLUG_MAX]);

/* "England", "Wales", "Scotland", "Northern Ireland" by the letter of the code; "" for another. */
const char *kl_council_nation(const struct kl_council *council);

/* Residents for each km2: population over area. False if either is missing. */
bool kl_council_density(const struct kl_council *council, double *ret_density);

/* What a row says of the fields of a profile, as kl_profile_set() takes them: of a council all that it
 * knows; of a community anchor what the council area that it works in is like (region, deprivation,
 * rural or urban), but not the people of that area, of whom it serves some. A choice of ours. */
enum { KL_COUNCIL_SAYS_MAX = 8 };

struct kl_council_says {
	const char *field; /* "population" */
	char value[KL_SLUG_MAX];
};

size_t kl_council_says(const struct kl_council *council, enum kl_member_kind kind,
	struct kl_council_says ret_says[KL_COUNCIL_SAYS_MAX]);

/* The name for a place: the short one, or else the official one. */
const char *kl_council_short(const struct kl_council *council);

#endif
