/* Profiles: what a member says about itself in public, and the few facts about it that the convenor
 * confirms (attributes), on which cohorts rest.
 *
 * council     a local authority       anchor   a community-led organisation of a neighbourhood
 * convenor    who keeps the roster; no contributor unless admitted as council or anchor
 * GSS code    letter and eight digits of the Office for National Statistics: E08000032
 * org-id      identifier of an organisation, org-id.guide: GB-CHC-1036460, GB-COH-04113525
 *
 * Absent is an empty string, or 0 where a number cannot be 0, or `.known` false. Only
 * name and kind must be there. Validation is form only; whether it is true the convenor confirms. */
#ifndef KL_CORE_PROFILE_H
#define KL_CORE_PROFILE_H

#include "core/bytes.h"
#include "core/error.h"

enum kl_member_kind { KL_MEMBER_COUNCIL = 1, KL_MEMBER_ANCHOR = 2, KL_MEMBER_CONVENOR = 3 };

enum {
	KL_MEMBER_NAME_MAX = 128, /* bytes with the final zero */
	KL_GSS_MAX = 10,
	KL_SLUG_MAX = 40, /* words of fixed lists: type, region, .. */
	KL_ORG_ID_MAX = 40,
	KL_ORG_IDS_MAX = 4, /* of one organisation */
	KL_CONTROL_GROUP_MAX = 64,
	KL_WEB_MAX = 200,
	KL_PROFILE_TEXT_MAX = 200,
	KL_PROFILE_LIST_MAX = 64, /* services, activities, neighbourhoods */
	KL_PROFILE_POPULATION_MAX = 100000000,
};

/* What the convenor confirms at admission. */
struct kl_attributes {
	enum kl_member_kind kind;
	char type[KL_SLUG_MAX];   /* councils: see kl_council_types */
	char gss[KL_GSS_MAX];     /* councils: their own; anchors: the council area they work in */
	char region[KL_SLUG_MAX]; /* see kl_regions */
	uint8_t deprivation_quintile;             /* 1 most deprived .. 5 least; 0 absent */
	char rural_urban[KL_SLUG_MAX];            /* see kl_rural_urban_classes */
	char income_band[KL_SLUG_MAX];            /* anchors: see kl_income_bands */
	char control_group[KL_CONTROL_GROUP_MAX]; /* members under one management share it */
};

struct kl_optional_int {
	bool known;
	int64_t value;
};

struct kl_text_list {
	size_t n;
	char (*items)[KL_PROFILE_TEXT_MAX]; /* on the heap; NULL when n is 0 */
};

struct kl_profile {
	char name[KL_MEMBER_NAME_MAX];
	struct kl_attributes attributes; /* as the member says; the roster's confirmed ones count */
	char org_id[KL_ORG_ID_MAX];      /* the first of perhaps several: core/org_id.h */
	struct kl_text_list other_org_ids; /* of a charity that is a company, too */
	struct kl_text_list neighbourhoods;
	struct kl_optional_int population;
	struct kl_optional_int deprivation_rank, deprivation_base,
		deprivation_year;                                          /* 1 of 317 in 2019 */
	struct kl_optional_int life_expectancy_women, life_expectancy_men; /* tenths of a year */
	char political_control[KL_PROFILE_TEXT_MAX];
	struct kl_optional_int seats;
	char lep[KL_PROFILE_TEXT_MAX]; /* local enterprise partnership, a term of 2017 */
	char stage[KL_SLUG_MAX];       /* see kl_journey_stages */
	struct kl_optional_int staff;  /* tenths of a full-time post */
	struct kl_optional_int tenants;
	struct kl_optional_int floor_space_m2;
	char assets[KL_PROFILE_TEXT_MAX];
	struct kl_text_list services, activities;
	char web[KL_WEB_MAX];
	char contact[KL_PROFILE_TEXT_MAX]; /* which the member chooses to publish */
	char replaces[KL_GSS_MAX], replaced_by[KL_GSS_MAX];
};

/* Fixed lists of words, each ended by a NULL slug; the plain name is for people. */
struct kl_slug {
	const char *slug, *name;
};
extern const struct kl_slug kl_member_kinds[], kl_council_types[], kl_regions[],
	kl_rural_urban_classes[], kl_income_bands[], kl_journey_stages[];

const char *kl_member_kind_name(enum kl_member_kind kind); /* "council"; "unknown" */
/* KL_E_INVALID for another word. */
int kl_member_kind_parse(const char *word, enum kl_member_kind *ret_kind);

bool kl_gss_is_valid(const char *text); /* E08000032 */
/* What somebody typed, "e08000032 ", as a code; false if it is none. */
bool kl_gss_typed(const char *typed, char ret_gss[KL_GSS_MAX]);
bool kl_gss_is_council(const char *text); /* the prefixes of local authorities, E06 .. W06 */
bool kl_web_is_valid(const char *text);   /* http:// or https:// and a host */

/* The form of every attribute: words from the lists, GSS codes. Fills the fault. KL_E_INVALID. */
int kl_attributes_check(const struct kl_attributes *attributes, struct kl_fault *fault);

/* Sets one attribute by name, as `admit --region london` does: kind, type, gss, region,
 * deprivation_quintile, rural_urban, income_band, control_group. Names and list words are taken in
 * either case and with blanks or `-` or `_`. An empty value makes it absent. KL_E_INVALID or
 * KL_E_NOT_FOUND with "did you mean". */
int kl_attributes_set(struct kl_attributes *attributes, const char *field, const char *value,
	struct kl_fault *fault);

void kl_profile_init(struct kl_profile *profile);
void kl_profile_deinit(struct kl_profile *profile);
int kl_profile_copy(const struct kl_profile *profile, struct kl_profile *ret_profile);

/* All that kl_profile_set() checks, and that name and kind are there. */
int kl_profile_check(const struct kl_profile *profile, struct kl_fault *fault);

/* Sets one field by name (as in the struct; the attributes by their own names), list items apart by
 * `;`, several org-ids in org_id at once (the further ones become other_org_ids), years of life and posts with at most one decimal. Untouched on failure. KL_E_NOT_FOUND for an unknown name, with "did you mean"; KL_E_INVALID
 * with what was expected. */
int kl_profile_set(
	struct kl_profile *profile, const char *field, const char *value, struct kl_fault *fault);

/* The same from "FIELD=VALUE". */
int kl_profile_assign(struct kl_profile *profile, const char *assignment, struct kl_fault *fault);

/* Whether field number i is one that members of this kind say: political control is of councils, an
 * income band of anchors. For forms and for what is still missing; nobody is kept from saying more. */
bool kl_profile_field_is_for(size_t i, enum kl_member_kind kind);

/* Number of the field of that name, or of that label. KL_E_NOT_FOUND with "did you mean". */
int kl_profile_field_find(const char *name, size_t *ret_i, struct kl_fault *fault);

/* Longest value of a field as text, with the final zero: a full list. */
enum { KL_PROFILE_VALUE_MAX = KL_PROFILE_LIST_MAX * (KL_PROFILE_TEXT_MAX + 2) + 1 };

/* Name and value as text of field number i (0, 1, ..), false past the last; `out` is empty for an
 * absent one and cut to its size. In the order in which profiles are shown. */
bool kl_profile_field(const struct kl_profile *profile, size_t i, const char **ret_name,
	const char **ret_label, char *out, size_t size);

#endif
