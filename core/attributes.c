/* The fixed lists of words that profiles and attributes are made of, and the checks of codes. */
#include "core/area.h"
#include "core/profile.h"
#include "core/words.h"

#include <string.h>

const struct kl_slug kl_member_kinds[] = {
	{"council", "council"},
	{"anchor", "community anchor"},
	{"convenor", "convenor"},
	{NULL, NULL},
};

/* The kinds of local authority that the United Kingdom has. */
const struct kl_slug kl_council_types[] = {
	{"county", "county council"},
	{"district", "non-metropolitan district"},
	{"unitary", "unitary authority"},
	{"metropolitan_district", "metropolitan district"},
	{"london_borough", "London borough"},
	{"city_corporation", "City of London Corporation"},
	{"combined_authority", "combined authority"},
	{"greater_london_authority", "Greater London Authority"},
	{"scottish_unitary", "Scottish unitary authority"},
	{"welsh_unitary", "Welsh unitary authority"},
	{"northern_irish_district", "Northern Ireland district"},
	{"isles_of_scilly", "Council of the Isles of Scilly"},
	{"parish", "parish, town or community council"},
	{NULL, NULL},
};

/* The nine regions of England and the other nations. */
const struct kl_slug kl_regions[] = {
	{"north_east", "North East"},
	{"north_west", "North West"},
	{"yorkshire_and_the_humber", "Yorkshire and The Humber"},
	{"east_midlands", "East Midlands"},
	{"west_midlands", "West Midlands"},
	{"east_of_england", "East of England"},
	{"london", "London"},
	{"south_east", "South East"},
	{"south_west", "South West"},
	{"wales", "Wales"},
	{"scotland", "Scotland"},
	{"northern_ireland", "Northern Ireland"},
	{NULL, NULL},
};

/* The four labels of the combined urban and rural tables of UK authorities. */
const struct kl_slug kl_rural_urban_classes[] = {
	{"urban", "urban"},
	{"urban_with_rural", "urban with rural areas"},
	{"rural", "rural"},
	{"sparse_rural", "sparse and rural"},
	{NULL, NULL},
};

/* Bands of yearly income as the NCVO's Almanac draws them. */
const struct kl_slug kl_income_bands[] = {
	{"micro", "under £10,000"},
	{"small", "£10,000 to £100,000"},
	{"medium", "£100,000 to £1m"},
	{"large", "£1m to £10m"},
	{"major", "£10m to £100m"},
	{"super_major", "£100m and more"},
	{NULL, NULL},
};

/* How far a member has come with the framework (Locality, 2017). */
const struct kl_slug kl_journey_stages[] = {
	{"starting", "starting"},
	{"committed", "committed in principle"},
	{"close_working", "close working"},
	{NULL, NULL},
};

const char *kl_member_kind_name(enum kl_member_kind kind)
{
	return kind >= KL_MEMBER_COUNCIL && kind <= KL_MEMBER_CONVENOR
		       ? kl_member_kinds[kind - KL_MEMBER_COUNCIL].slug
		       : "unknown";
}

int kl_member_kind_parse(const char *word, enum kl_member_kind *ret_kind)
{
	for (int i = 0; kl_member_kinds[i].slug; i++)
		if (kl_words_equal(word, kl_member_kinds[i].slug) ||
			kl_words_equal(word, kl_member_kinds[i].name)) {
			*ret_kind = (enum kl_member_kind)(KL_MEMBER_COUNCIL + i);
			return KL_OK;
		}
	return KL_E_INVALID;
}

/* ---- codes --------------------------------------------------------------------------------- */

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

bool kl_gss_is_valid(const char *text)
{
	return text[0] >= 'A' && text[0] <= 'Z' && digits(text + 1) == 8 && !text[9];
}

bool kl_gss_typed(const char *typed, char ret_gss[KL_GSS_MAX])
{
	char gss[KL_GSS_MAX] = "";
	size_t len;

	typed += strspn(typed, " ");
	len = strcspn(typed, " ");
	if (len >= sizeof gss || typed[len + strspn(typed + len, " ")])
		return false;
	memcpy(gss, typed, len);
	if (gss[0] >= 'a' && gss[0] <= 'z')
		gss[0] = (char)(gss[0] - 'a' + 'A');
	if (!kl_gss_is_valid(gss))
		return false;
	memcpy(ret_gss, gss, sizeof gss);
	return true;
}

bool kl_gss_is_council(const char *text)
{
	return kl_gss_is_valid(text) && kl_area_is_gss(text);
}

bool kl_web_is_valid(const char *text)
{
	static const char host[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t n;

	if (!strncmp(text, "https://", 8))
		text += 8;
	else if (!strncmp(text, "http://", 7))
		text += 7;
	else
		return false;
	n = strspn(text, host);
	if (!n || text[0] == '.' || text[0] == '-' || !memchr(text, '.', n))
		return false;
	if (text[n] && !strchr("/:?#", text[n]))
		return false;
	return !strpbrk(text, " \t\"<>\\^`{|}");
}
