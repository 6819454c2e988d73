#include "daemon/profile_answer.h"
#include "core/form.h"
#include "core/money.h"
#include "core/org_id.h"
#include "core/succession.h"
#include "daemon/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------------------- */

static const char *kind_words(const char *value)
{
	for (const struct kl_slug *k = kl_member_kinds; k->slug; k++)
		if (!strcmp(k->slug, value))
			return k->name;
	return value;
}

static const char *fifth_words(const char *value)
{
	return !strcmp(value, "1")   ? "1 (most deprived)"
	       : !strcmp(value, "5") ? "5 (least deprived)"
				     : value;
}

/* Years have no comma. */
static const char *count_words(
	const struct kl_form_field *field, const char *value, char out[KL_MONEY_TEXT_MAX])
{
	return field->high <= 2200 ? value : kl_count_format(strtoll(value, NULL, 10), out);
}

const char *kl_profile_words(
	struct kl_node *node, size_t i, const char *value, char *out, size_t size)
{
	char area[KL_AREA_NAME_MAX], count[KL_MONEY_TEXT_MAX];
	size_t base;
	const struct kl_form_field *field = kl_profile_form(i, &base);
	const char *words = value;

	if (value[0])
		switch (field->sort) {
		case KL_FORM_KIND:
			words = kind_words(value);
			break;
		case KL_FORM_SLUG:
			words = kl_slug_name(field->words, value);
			break;
		case KL_FORM_GSS:
			words = kl_area_name(node, value, area);
			break;
		case KL_FORM_FIFTH:
			words = fifth_words(value);
			break;
		case KL_FORM_COUNT:
			words = count_words(field, value, count);
			break;
		default:
			break;
		}
	if (field->sort == KL_FORM_ORG_ID && kl_org_id_register(value)[0])
		(void)snprintf(out, size, "%s (%s)", value, kl_org_id_register(value));
	else
		(void)kl_copy_text(out, size, words);
	return out;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* What the roster confirms, as a profile: name and attributes. */
static struct kl_profile as_profile(const struct kl_roster_member *confirmed)
{
	struct kl_profile profile;

	kl_profile_init(&profile);
	if (confirmed) {
		(void)kl_copy_text(profile.name, sizeof profile.name, confirmed->name);
		profile.attributes = confirmed->attributes;
	}
	return profile;
}

static void put_field(struct kl_writer *w, struct kl_node *node, size_t i, const char *said,
	const char *confirmed)
{
	char words[KL_PROFILE_VALUE_MAX];
	size_t base;
	const struct kl_form_field *field = kl_profile_form(i, &base);

	kl_write_map(w, 6);
	kl_put_text(w, "field", field->name);
	kl_put_text(w, "label", field->label);
	kl_put_text(w, "value", said[0] ? said : NULL);
	kl_put_text(
		w, "words", said[0] ? kl_profile_words(node, i, said, words, sizeof words) : NULL);
	kl_put_text(w, "confirmed",
		confirmed[0] ? kl_profile_words(node, i, confirmed, words, sizeof words) : NULL);
	kl_put_bool(w, "differs",
		said[0] && confirmed[0] && strcmp(said, confirmed) != 0 &&
			!(field->sort == KL_FORM_GSS && kl_succession_recoded(said, confirmed)));
}

void kl_put_profile_fields(struct kl_writer *w, struct kl_node *node,
	const struct kl_profile *profile, const struct kl_roster_member *confirmed)
{
	struct kl_profile roster = as_profile(confirmed);
	char said[KL_PROFILE_VALUE_MAX], sure[KL_PROFILE_VALUE_MAX];
	const char *name, *label;
	size_t n = 0;

	for (int writing = 0; writing < 2; writing++) {
		if (writing)
			kl_put_array(w, "fields", n);
		for (size_t i = 0; kl_profile_field(profile, i, &name, &label, said, sizeof said) &&
				   kl_profile_field(&roster, i, &name, &label, sure, sizeof sure);
			i++) {
			if (!said[0] && !sure[0])
				continue;
			if (writing)
				put_field(w, node, i, said, sure);
			n++;
		}
	}
}

void kl_put_profile_missing(struct kl_writer *w, const struct kl_profile *profile)
{
	static const char *const optional[] = {"control_group", "other_org_ids", "deprivation_base",
		"deprivation_year", "replaces", "replaced_by", "lep"};
	char said[KL_PROFILE_VALUE_MAX];
	const char *name, *label, *missing[64];
	size_t n = 0;

	for (size_t i = 0; kl_profile_field(profile, i, &name, &label, said, sizeof said); i++) {
		bool is_optional = false;

		for (size_t k = 0; k < sizeof optional / sizeof *optional; k++)
			is_optional |= !strcmp(optional[k], name);
		if (!said[0] && !is_optional &&
			kl_profile_field_is_for(i, profile->attributes.kind) &&
			n < sizeof missing / sizeof *missing)
			missing[n++] = label;
	}
	kl_put_array(w, "missing", n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, missing[i]);
}

/* ---- councils before and after --------------------------------------------------------------- */

static void put_change(struct kl_writer *w, const struct kl_succession *change)
{
	char words[KL_SUCCESSION_WORDS_MAX];

	kl_write_map(w, 3);
	kl_put_uint(w, "year", change->year);
	kl_put_text(w, "text", kl_succession_words(change, words));
	kl_put_text(w, "source", change->source);
}

void kl_put_council_history(struct kl_writer *w, const char *gss)
{
	const struct kl_succession *before[KL_PREDECESSORS_MAX];
	size_t n = gss[0] ? kl_succession_before(gss, before) : 0, after = 0;

	for (size_t i = 0; gss[0] && i < kl_successions_count; i++)
		after += !strcmp(kl_successions[i].from, gss);
	kl_put_array(w, "history", n + after);
	for (size_t i = 0; i < n; i++)
		put_change(w, before[i]);
	for (size_t i = 0; after && i < kl_successions_count; i++)
		if (!strcmp(kl_successions[i].from, gss))
			put_change(w, &kl_successions[i]);
}

bool kl_gss_warning(struct kl_node *node, const char *gss, char out[KL_PROFILE_WARNING_MAX])
{
	const struct kl_succession *change = kl_succession_of(gss);
	const struct kl_council *row = kl_reference_gss(node, gss);
	const struct kl_reference *r;
	char words[KL_SUCCESSION_WORDS_MAX], today[KL_SUCCESSORS_TEXT_MAX];

	if (!gss[0] || (row && (!change || !strcmp(row->gss, gss))))
		return false;
	if (change) {
		(void)snprintf(out, KL_PROFILE_WARNING_MAX,
			"%s is an old code: %s. Which one do you mean today: %s?", gss,
			kl_succession_words(change, words), kl_succession_today_words(gss, today));
		return true;
	}
	if (kl_reference_get(node, &r, NULL) || !r->n)
		return false;
	(void)snprintf(out, KL_PROFILE_WARNING_MAX,
		"%s does not stand in the table of councils that was brought in: is it right?",
		gss);
	return true;
}
