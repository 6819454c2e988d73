#include "core/profile.h"
#include "core/form.h"
#include "core/org_id.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

#define ATTRIBUTE(member) offsetof(struct kl_attributes, member)
#define PROFILE(member)   offsetof(struct kl_profile, member)

static const struct kl_form_field attribute_fields[] = {
	{"kind", "Kind", KL_FORM_KIND, ATTRIBUTE(kind), 0, NULL, 0, 0},
	{"type", "Type", KL_FORM_SLUG, ATTRIBUTE(type), KL_SLUG_MAX, kl_council_types, 0, 0},
	{"gss", "GSS code", KL_FORM_GSS, ATTRIBUTE(gss), KL_GSS_MAX, NULL, 0, 0},
	{"region", "Region", KL_FORM_SLUG, ATTRIBUTE(region), KL_SLUG_MAX, kl_regions, 0, 0},
	{"deprivation_quintile", "Deprivation quintile", KL_FORM_FIFTH,
		ATTRIBUTE(deprivation_quintile), 0, NULL, 0, 0},
	{"rural_urban", "Rural or urban", KL_FORM_SLUG, ATTRIBUTE(rural_urban), KL_SLUG_MAX,
		kl_rural_urban_classes, 0, 0},
	{"income_band", "Income band", KL_FORM_SLUG, ATTRIBUTE(income_band), KL_SLUG_MAX,
		kl_income_bands, 0, 0},
	{"control_group", "Control group", KL_FORM_TEXT, ATTRIBUTE(control_group),
		KL_CONTROL_GROUP_MAX, NULL, 0, 0},
};

enum { ATTRIBUTES = sizeof attribute_fields / sizeof *attribute_fields };

static const struct kl_form_field name_field = {
	"name", "Name", KL_FORM_TEXT, PROFILE(name), KL_MEMBER_NAME_MAX, NULL, 0, 0};

static const struct kl_form_field other_fields[] = {
	{"org_id", "Organisation id", KL_FORM_ORG_ID, PROFILE(org_id), KL_ORG_ID_MAX, NULL, 0, 0},
	{"other_org_ids", "Further organisation ids", KL_FORM_LIST, PROFILE(other_org_ids), 0, NULL,
		0, 0},
	{"neighbourhoods", "Neighbourhoods", KL_FORM_LIST, PROFILE(neighbourhoods), 0, NULL, 0, 0},
	{"population", "Population", KL_FORM_COUNT, PROFILE(population), 0, NULL, 0,
		KL_PROFILE_POPULATION_MAX},
	{"deprivation_rank", "Deprivation rank", KL_FORM_COUNT, PROFILE(deprivation_rank), 0, NULL,
		1, 1000000},
	{"deprivation_base", "Deprivation rank out of", KL_FORM_COUNT, PROFILE(deprivation_base), 0,
		NULL, 1, 1000000},
	{"deprivation_year", "Deprivation year", KL_FORM_COUNT, PROFILE(deprivation_year), 0, NULL,
		1990, 2200},
	{"life_expectancy_women", "Life expectancy of women", KL_FORM_TENTHS,
		PROFILE(life_expectancy_women), 0, NULL, 300, 1200},
	{"life_expectancy_men", "Life expectancy of men", KL_FORM_TENTHS,
		PROFILE(life_expectancy_men), 0, NULL, 300, 1200},
	{"political_control", "Political control", KL_FORM_TEXT, PROFILE(political_control),
		KL_PROFILE_TEXT_MAX, NULL, 0, 0},
	{"seats", "Seats", KL_FORM_COUNT, PROFILE(seats), 0, NULL, 1, 1000},
	{"lep", "Local enterprise partnership (2017)", KL_FORM_TEXT, PROFILE(lep),
		KL_PROFILE_TEXT_MAX, NULL, 0, 0},
	{"stage", "Stage on the journey", KL_FORM_SLUG, PROFILE(stage), KL_SLUG_MAX,
		kl_journey_stages, 0, 0},
	{"staff", "Staff (full-time equivalent)", KL_FORM_TENTHS, PROFILE(staff), 0, NULL, 0,
		10000000},
	{"tenants", "Tenants", KL_FORM_COUNT, PROFILE(tenants), 0, NULL, 0, 100000},
	{"floor_space_m2", "Floor space (m2)", KL_FORM_COUNT, PROFILE(floor_space_m2), 0, NULL, 0,
		100000000},
	{"assets", "Assets", KL_FORM_TEXT, PROFILE(assets), KL_PROFILE_TEXT_MAX, NULL, 0, 0},
	{"services", "Services", KL_FORM_LIST, PROFILE(services), 0, NULL, 0, 0},
	{"activities", "Activities", KL_FORM_LIST, PROFILE(activities), 0, NULL, 0, 0},
	{"web", "Web address", KL_FORM_WEB, PROFILE(web), KL_WEB_MAX, NULL, 0, 0},
	{"contact", "Contact", KL_FORM_TEXT, PROFILE(contact), KL_PROFILE_TEXT_MAX, NULL, 0, 0},
	{"replaces", "Replaces", KL_FORM_GSS, PROFILE(replaces), KL_GSS_MAX, NULL, 0, 0},
	{"replaced_by", "Replaced by", KL_FORM_GSS, PROFILE(replaced_by), KL_GSS_MAX, NULL, 0, 0},
};

enum {
	OTHERS = sizeof other_fields / sizeof *other_fields,
	FIELDS = 1 + ATTRIBUTES + OTHERS,
};

/* ---- attributes ---------------------------------------------------------------------------- */

static const char *attribute_spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0   ? attribute_fields[index].name
	       : which == 1 ? attribute_fields[index].label
			    : NULL;
}

int kl_attributes_set(struct kl_attributes *attributes, const char *field, const char *value,
	struct kl_fault *fault)
{
	static const struct kl_words words = {ATTRIBUTES, attribute_spelling, NULL};
	size_t index = 0;
	int rc = kl_form_find(&words, field, &index, fault);

	return rc ? rc : kl_form_set(&attribute_fields[index], attributes, value, fault);
}

/* Only councils have a type of council, only anchors an income band. */
static int check_sense(const struct kl_attributes *a, struct kl_fault *fault)
{
	if (a->type[0] && a->kind != KL_MEMBER_COUNCIL)
		return kl_fault(fault, KL_E_INVALID, "type: only councils have one");
	if (a->income_band[0] && a->kind != KL_MEMBER_ANCHOR)
		return kl_fault(
			fault, KL_E_INVALID, "income_band: only community anchors have one");
	return KL_OK;
}

int kl_attributes_check(const struct kl_attributes *attributes, struct kl_fault *fault)
{
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		int rc = kl_form_check(&attribute_fields[i], attributes, fault);

		if (rc)
			return rc;
	}
	return check_sense(attributes, fault);
}

/* ---- profiles ------------------------------------------------------------------------------ */

const struct kl_form_field *kl_attributes_form(size_t i)
{
	return i < ATTRIBUTES ? &attribute_fields[i] : NULL;
}

const struct kl_form_field *kl_profile_form(size_t i, size_t *ret_base)
{
	*ret_base = 0;
	if (i >= FIELDS)
		return NULL;
	if (i == 0)
		return &name_field;
	if (i <= ATTRIBUTES) {
		*ret_base = PROFILE(attributes);
		return &attribute_fields[i - 1];
	}
	return &other_fields[i - 1 - ATTRIBUTES];
}

static const char *profile_spelling(const void *context, size_t index, size_t which)
{
	size_t base;
	const struct kl_form_field *field = kl_profile_form(index, &base);

	(void)context;
	return which == 0 ? field->name : which == 1 ? field->label : NULL;
}

void kl_profile_init(struct kl_profile *profile)
{
	memset(profile, 0, sizeof *profile);
}

void kl_profile_deinit(struct kl_profile *profile)
{
	if (!profile)
		return;
	kl_form_clear_list(&profile->other_org_ids);
	kl_form_clear_list(&profile->neighbourhoods);
	kl_form_clear_list(&profile->services);
	kl_form_clear_list(&profile->activities);
}

int kl_profile_copy(const struct kl_profile *profile, struct kl_profile *ret_profile)
{
	struct kl_profile copy = *profile;

	copy.neighbourhoods = copy.services = copy.activities = (struct kl_text_list){0};
	copy.other_org_ids = (struct kl_text_list){0};
	if (kl_form_copy_list(&profile->other_org_ids, &copy.other_org_ids) ||
		kl_form_copy_list(&profile->neighbourhoods, &copy.neighbourhoods) ||
		kl_form_copy_list(&profile->services, &copy.services) ||
		kl_form_copy_list(&profile->activities, &copy.activities)) {
		kl_profile_deinit(&copy);
		return KL_E_NOMEM;
	}
	*ret_profile = copy;
	return KL_OK;
}

/* ---- identifiers --------------------------------------------------------------------------- */

static int check_org_ids(const struct kl_profile *profile, struct kl_fault *fault)
{
	const struct kl_text_list *others = &profile->other_org_ids;

	if (others->n >= KL_ORG_IDS_MAX)
		return kl_fault(fault, KL_E_INVALID, "other_org_ids: at most %d beside org_id",
			KL_ORG_IDS_MAX - 1);
	for (size_t i = 0; i < others->n; i++)
		if (!kl_org_id_is_valid(others->items[i]))
			return kl_fault(fault, KL_E_INVALID, "other_org_ids: '%s' is no org-id",
				others->items[i]);
	return KL_OK;
}

static bool holds(const struct kl_text_list *list, const char *item)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->items[i], item))
			return true;
	return false;
}

/* Several of them, apart by `;` or `,`; each once. */
static int read_org_ids(
	const char *field, const char *value, struct kl_text_list *list, struct kl_fault *fault)
{
	char typed[KL_PROFILE_TEXT_MAX], id[KL_ORG_ID_MAX];
	int rc = KL_OK;

	while (!rc && *value) {
		size_t len = strcspn(value, ";,");

		if (len >= sizeof typed)
			return kl_fault(fault, KL_E_INVALID,
				"%s: an org-id has fewer than %d characters", field, KL_ORG_ID_MAX);
		memcpy(typed, value, len);
		typed[len] = '\0';
		value += len + (value[len] != '\0');
		if (strspn(typed, " ") == len)
			continue;
		rc = kl_org_id_set(field, typed, id, fault);
		if (rc || holds(list, id))
			continue;
		if (list->n == KL_ORG_IDS_MAX)
			return kl_fault(fault, KL_E_INVALID, "%s: at most %d of one organisation",
				field, KL_ORG_IDS_MAX);
		rc = kl_form_add_item(list, kl_bytes_str(id));
	}
	return rc;
}

/* All of them at once: the first is org_id, others stand beside it. */
static int set_org_ids(struct kl_profile *profile, const char *value, struct kl_fault *fault)
{
	struct kl_text_list all = {0}, others = {0};
	int rc = read_org_ids("org_id", value, &all, fault);

	for (size_t i = 1; !rc && i < all.n; i++)
		rc = kl_form_add_item(&others, kl_bytes_str(all.items[i]));
	if (rc) {
		kl_form_clear_list(&others);
	} else {
		(void)kl_copy_text(
			profile->org_id, sizeof profile->org_id, all.n ? all.items[0] : "");
		kl_form_clear_list(&profile->other_org_ids);
		profile->other_org_ids = others;
	}
	kl_form_clear_list(&all);
	return rc;
}

static int set_other_org_ids(struct kl_profile *profile, const char *value, struct kl_fault *fault)
{
	struct kl_text_list others = {0};
	int rc = read_org_ids("other_org_ids", value, &others, fault);

	if (!rc && others.n >= KL_ORG_IDS_MAX)
		rc = kl_fault(fault, KL_E_INVALID, "other_org_ids: at most %d beside org_id",
			KL_ORG_IDS_MAX - 1);
	if (rc) {
		kl_form_clear_list(&others);
		return rc;
	}
	kl_form_clear_list(&profile->other_org_ids);
	profile->other_org_ids = others;
	return KL_OK;
}

/* ---- fields -------------------------------------------------------------------------------- */

int kl_profile_check(const struct kl_profile *profile, struct kl_fault *fault)
{
	int rc = check_org_ids(profile, fault);

	if (rc)
		return rc;
	if (!profile->name[0])
		return kl_fault(fault, KL_E_INVALID, "name: every profile has one");
	for (size_t i = 0; i < FIELDS; i++) {
		size_t base;
		const struct kl_form_field *field = kl_profile_form(i, &base);

		rc = kl_form_check(field, (const char *)profile + base, fault);
		if (rc)
			return rc;
	}
	return check_sense(&profile->attributes, fault);
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

bool kl_profile_field_is_for(size_t i, enum kl_member_kind kind)
{
	static const char *const of_councils[] = {"type", "population", "deprivation_rank",
		"deprivation_base", "deprivation_year", "life_expectancy_women",
		"life_expectancy_men", "political_control", "seats", "lep", "replaces",
		"replaced_by", NULL};
	static const char *const of_anchors[] = {"income_band", "org_id", "other_org_ids",
		"neighbourhoods", "staff", "tenants", "floor_space_m2", "assets", "activities",
		NULL};
	static const char *const of_convenors[] = {
		"name", "kind", "org_id", "web", "contact", NULL};
	size_t base;
	const struct kl_form_field *field = kl_profile_form(i, &base);

	if (!field)
		return false;
	if (kind == KL_MEMBER_CONVENOR)
		return is_one_of(field->name, of_convenors);
	return !is_one_of(field->name, kind == KL_MEMBER_COUNCIL ? of_anchors : of_councils);
}

int kl_profile_field_find(const char *name, size_t *ret_i, struct kl_fault *fault)
{
	static const struct kl_words words = {FIELDS, profile_spelling, NULL};

	return kl_form_find(&words, name, ret_i, fault);
}

int kl_profile_set(
	struct kl_profile *profile, const char *field, const char *value, struct kl_fault *fault)
{
	const struct kl_form_field *found;
	size_t index = 0, base;
	int rc = kl_profile_field_find(field, &index, fault);

	if (rc)
		return rc;
	if (index == 0 && !*value)
		return kl_fault(fault, KL_E_INVALID, "name: every profile has one");
	found = kl_profile_form(index, &base);
	if (found->sort == KL_FORM_ORG_ID)
		return set_org_ids(profile, value, fault);
	if (found->offset == PROFILE(other_org_ids) && !base)
		return set_other_org_ids(profile, value, fault);
	return kl_form_set(found, (char *)profile + base, value, fault);
}

int kl_profile_assign(struct kl_profile *profile, const char *assignment, struct kl_fault *fault)
{
	char field[KL_SLUG_MAX];
	const char *value;
	int rc = kl_form_split(assignment, field, &value, "population=534300", fault);

	return rc ? rc : kl_profile_set(profile, field, value, fault);
}

bool kl_profile_field(const struct kl_profile *profile, size_t i, const char **ret_name,
	const char **ret_label, char *out, size_t size)
{
	const struct kl_form_field *field;
	size_t base;

	field = kl_profile_form(i, &base);
	if (!field)
		return false;
	*ret_name = field->name;
	*ret_label = field->label;
	kl_form_show(field, (const char *)profile + base, out, size);
	return true;
}
