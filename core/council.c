#include "core/council.h"
#include "core/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- types --------------------------------------------------------------------------------- */

/* How registers call types that have another name here. */
static const struct kl_slug type_aliases[] = {
	{"county", "CTY"},
	{"county", "two-tier county"},
	{"district", "NMD"},
	{"district", "district"},
	{"district", "two-tier district"},
	{"unitary", "UA"},
	{"unitary", "unitary"},
	{"metropolitan_district", "MD"},
	{"metropolitan_district", "metropolitan borough"},
	{"london_borough", "LBO"},
	{"city_corporation", "CC"},
	{"city_corporation", "city corporation"},
	{"combined_authority", "COMB"},
	{"combined_authority", "combined county authority"},
	{"combined_authority", "mayoral combined authority"},
	{"greater_london_authority", "SRA"},
	{"greater_london_authority", "strategic regional authority"},
	{"scottish_unitary", "SUA"},
	{"scottish_unitary", "council area"},
	{"welsh_unitary", "WPA"},
	{"northern_irish_district", "NID"},
	{"northern_irish_district", "NI district"},
	{"northern_irish_district", "local government district"},
	{NULL, NULL},
};

static const char *find_type(const struct kl_slug *words, const char *text)
{
	for (; words->slug; words++)
		if (kl_words_equal(words->slug, text) || kl_words_equal(words->name, text))
			return words->slug;
	return NULL;
}

int kl_council_type_parse(const char *text, char ret_type[KL_SLUG_MAX])
{
	const char *type = find_type(kl_council_types, text);

	if (!type)
		type = find_type(type_aliases, text);
	if (!type)
		return KL_E_NOT_FOUND;
	(void)kl_copy_text(ret_type, KL_SLUG_MAX, type);
	return KL_OK;
}

/* ---- checking ------------------------------------------------------------------------------ */

static bool is_line(const char *text)
{
	return !*text || kl_text_is_plain(kl_bytes_str(text), false);
}

static bool is_word(const struct kl_slug *words, const char *text)
{
	for (; *text && words->slug; words++)
		if (!strcmp(words->slug, text))
			return true;
	return !*text;
}

static int check_texts(const struct kl_council *c, struct kl_fault *fault)
{
	if (!kl_gss_is_valid(c->gss))
		return kl_fault(fault, KL_E_INVALID, "gss: a code such as E08000032 was expected");
	if (!c->name[0])
		return kl_fault(fault, KL_E_INVALID, "name: every council has one");
	if (!is_line(c->name) || !is_line(c->short_name) || !is_line(c->letters) ||
		!is_line(c->county))
		return kl_fault(fault, KL_E_INVALID, "name: one line of plain text was expected");
	if (!is_word(kl_council_types, c->type))
		return kl_fault(fault, KL_E_INVALID, "type: '%s' is not in the list", c->type);
	if (!is_word(kl_regions, c->region))
		return kl_fault(fault, KL_E_INVALID, "region: '%s' is not in the list", c->region);
	if (!is_word(kl_rural_urban_classes, c->rural_urban))
		return kl_fault(fault, KL_E_INVALID, "rural_urban: '%s' is not in the list",
			c->rural_urban);
	return KL_OK;
}

static int check_double(const char *field, const struct kl_optional_double *number, double low,
	double high, struct kl_fault *fault)
{
	if (!number->known ||
		(isfinite(number->value) && number->value >= low && number->value <= high))
		return KL_OK;
	return kl_fault(
		fault, KL_E_RANGE, "%s: a number from %g to %g was expected", field, low, high);
}

/* The whole of the United Kingdom: 244,000 km2, 67 million people, 49 to 61 degrees north, 9 west to
 * 2 east; with room. */
static int check_figures(const struct kl_council *c, struct kl_fault *fault)
{
	const struct {
		const char *field;
		const struct kl_optional_double *number;
		double low, high;
	} doubles[] = {
		{"area", &c->area, 0, 300000},
		{"latitude", &c->latitude, 49, 62},
		{"longitude", &c->longitude, -9, 3},
		{"deprivation_score", &c->deprivation_score, 0, 1000},
		{"urban", &c->urban, 0, 1},
		{"rural", &c->rural, 0, 1},
		{"remote", &c->remote, 0, 1},
	};

	if (c->population.known &&
		(c->population.value < 0 || c->population.value > KL_PROFILE_POPULATION_MAX))
		return kl_fault(fault, KL_E_RANGE, "population: a number up to %d was expected",
			KL_PROFILE_POPULATION_MAX);
	if (c->population_year && (c->population_year < 1900 || c->population_year > 2200))
		return kl_fault(fault, KL_E_RANGE, "population_year: a year was expected");
	if (c->deprivation_quintile > 5 || c->deprivation_decile > 10)
		return kl_fault(
			fault, KL_E_RANGE, "deprivation: quintiles are 1 to 5, deciles 1 to 10");
	for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
		int rc = check_double(doubles[i].field, doubles[i].number, doubles[i].low,
			doubles[i].high, fault);

		if (rc)
			return rc;
	}
	return KL_OK;
}

int kl_council_check(const struct kl_council *council, struct kl_fault *fault)
{
	int rc = check_texts(council, fault);

	return rc ? rc : check_figures(council, fault);
}

/* ---- what follows from a row --------------------------------------------------------------- */

const char *kl_council_nation(const struct kl_council *council)
{
	switch (council->gss[0]) {
	case 'E':
		return "England";
	case 'W':
		return "Wales";
	case 'S':
		return "Scotland";
	case 'N':
		return "Northern Ireland";
	default:
		return "";
	}
}

bool kl_council_density(const struct kl_council *council, double *ret_density)
{
	if (!council->population.known || !council->area.known || council->area.value <= 0)
		return false;
	*ret_density = (double)council->population.value / council->area.value;
	return true;
}

const char *kl_council_short(const struct kl_council *council)
{
	return council->short_name[0] ? council->short_name : council->name;
}

/* ---- for a profile ------------------------------------------------------------------------- */

static void say(struct kl_council_says *says, size_t *n, const char *field, const char *value)
{
	if (!value[0])
		return;
	says[*n].field = field;
	(void)kl_copy_text(says[*n].value, sizeof says[*n].value, value);
	++*n;
}

size_t kl_council_says(const struct kl_council *council, enum kl_member_kind kind,
	struct kl_council_says ret_says[KL_COUNCIL_SAYS_MAX])
{
	char number[KL_SLUG_MAX] = "", quintile[2] = "";
	size_t n = 0;

	if (council->population.known)
		(void)snprintf(number, sizeof number, "%" PRId64, council->population.value);
	if (council->deprivation_quintile)
		quintile[0] = (char)('0' + council->deprivation_quintile);
	say(ret_says, &n, "gss", council->gss);
	if (kind == KL_MEMBER_COUNCIL)
		say(ret_says, &n, "type", council->type);
	say(ret_says, &n, "region", council->region);
	say(ret_says, &n, "deprivation_quintile", quintile);
	say(ret_says, &n, "rural_urban", council->rural_urban);
	if (kind == KL_MEMBER_COUNCIL)
		say(ret_says, &n, "population", number);
	return n;
}
