#include "core/likeness.h"
#include "core/money.h"
#include "core/unit.h"
#include "core/words.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = KL_FEATURES - KL_FEATURE_VALUES, NONE = KL_FEATURE_NO_STAND_IN };

/* clang-format off */
static const struct kl_feature_info features[KL_FEATURES] = {
	/* code, name, sort, of councils, of anchors, in profiles, stands in for, alike up to, words */
	[KL_FEATURE_POPULATION] = {"population", "population", KL_FEATURE_SIZE,
		true, true, true, NONE, 1.5, NULL},
	[KL_FEATURE_DENSITY] = {"density", "density", KL_FEATURE_SIZE,
		true, false, false, NONE, 1.5, NULL},
	[KL_FEATURE_DEPRIVATION_SCORE] = {"deprivation_score", "deprivation score",
		KL_FEATURE_NUMBER, true, false, false, NONE, 5, NULL},
	[KL_FEATURE_DEPRIVATION_QUINTILE] = {"deprivation_quintile", "deprivation quintile",
		KL_FEATURE_NUMBER, true, true, true, KL_FEATURE_DEPRIVATION_SCORE, 0, NULL},
	[KL_FEATURE_RURAL_URBAN] = {"rural_urban", "rural or urban", KL_FEATURE_ORDER,
		true, true, true, NONE, 0, kl_rural_urban_classes},
	[KL_FEATURE_LIFE_WOMEN] = {"life_expectancy_women", "women's life expectancy",
		KL_FEATURE_NUMBER, true, false, true, NONE, 1, NULL},
	[KL_FEATURE_LIFE_MEN] = {"life_expectancy_men", "men's life expectancy",
		KL_FEATURE_NUMBER, true, false, true, NONE, 1, NULL},
	[KL_FEATURE_REGION] = {"region", "region", KL_FEATURE_CATEGORY,
		false, true, true, NONE, 0, kl_regions},
	[KL_FEATURE_INCOME_BAND] = {"income_band", "income", KL_FEATURE_ORDER,
		false, true, true, NONE, 0, kl_income_bands},
	[KL_FEATURE_STAFF] = {"staff", "staff", KL_FEATURE_SIZE,
		false, true, true, NONE, 1.5, NULL},
	[KL_FEATURE_TENANTS] = {"tenants", "tenants", KL_FEATURE_SIZE,
		false, true, true, NONE, 1.5, NULL},
	[KL_FEATURE_FLOOR_SPACE] = {"floor_space_m2", "floor space", KL_FEATURE_SIZE,
		false, true, true, NONE, 1.5, NULL},
	[KL_FEATURE_SERVICES] = {"services", "services", KL_FEATURE_SET,
		false, true, true, NONE, 0, NULL},
	[KL_FEATURE_ACTIVITIES] = {"activities", "activities", KL_FEATURE_SET,
		false, true, true, NONE, 0, NULL},
};
/* clang-format on */

const struct kl_feature_info *kl_feature_info(enum kl_feature feature)
{
	return &features[feature];
}

uint32_t kl_features_of(enum kl_member_kind kind)
{
	uint32_t bits = 0;

	for (unsigned f = 0; f < KL_FEATURES; f++)
		if (kind == KL_MEMBER_COUNCIL ? features[f].of_councils : features[f].of_anchors)
			bits |= UINT32_C(1) << f;
	return bits;
}

uint32_t kl_features_counted(uint32_t bits)
{
	uint32_t counted = bits;

	for (unsigned f = 0; f < KL_FEATURES; f++)
		if (features[f].better != NONE && bits >> features[f].better & 1)
			counted &= ~(UINT32_C(1) << f);
	return counted;
}

unsigned kl_features_count(uint32_t bits)
{
	return (unsigned)__builtin_popcount(kl_features_counted(bits));
}

uint32_t kl_features_missing(enum kl_member_kind kind, uint32_t known)
{
	uint32_t missing = kl_features_of(kind) & ~known;

	for (unsigned f = 0; f < KL_FEATURES; f++) {
		uint32_t bit = UINT32_C(1) << f,
			 better =
				 features[f].better == NONE ? 0 : UINT32_C(1) << features[f].better;

		if (known & bit)
			missing &= ~better;
		if (known & better)
			missing &= ~bit;
	}
	return missing;
}

/* ---- sets ---------------------------------------------------------------------------------- */

/* SipHash-2-4 under a key of zeros of the folded text; never 0. */
static uint64_t mark_of(const char *text)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES];
	unsigned char hash[crypto_shorthash_BYTES];
	char folded[KL_WORDS_TEXT_MAX + 1];
	size_t len = kl_words_fold(text, folded);
	uint64_t mark;

	crypto_shorthash(hash, (const unsigned char *)folded, len, key);
	mark = kl_get_u64(hash);
	return mark ? mark : 1;
}

size_t kl_mark_slot(const uint64_t slots[KL_MARK_SLOTS], uint64_t mark)
{
	size_t i = mark % KL_MARK_SLOTS;

	while (slots[i] && slots[i] != mark)
		i = (i + 1) % KL_MARK_SLOTS;
	return i;
}

size_t kl_marks_write(const struct kl_text_list *texts, uint64_t out[KL_MARKS_MAX])
{
	uint64_t slots[KL_MARK_SLOTS] = {0};
	size_t n = 0;

	for (size_t i = 0; i < texts->n && i < KL_MARKS_MAX; i++) {
		uint64_t mark = mark_of(texts->items[i]);
		size_t slot = kl_mark_slot(slots, mark);

		if (slots[slot])
			continue;
		slots[slot] = mark;
		out[n++] = mark;
	}
	return n;
}

int kl_marks_of(const struct kl_text_list *texts, struct kl_marks *ret_marks)
{
	uint64_t all[KL_MARKS_MAX];
	struct kl_marks marks = {.n = kl_marks_write(texts, all)};

	if (marks.n && !(marks.items = malloc(marks.n * sizeof *marks.items)))
		return KL_E_NOMEM;
	if (marks.n)
		memcpy(marks.items, all, marks.n * sizeof *all);
	*ret_marks = marks;
	return KL_OK;
}

void kl_marks_deinit(struct kl_marks *marks)
{
	free(marks->items);
	*marks = (struct kl_marks){0};
}

/* ---- what is known ------------------------------------------------------------------------- */

void kl_likeness_put(struct kl_likeness *likeness, enum kl_feature feature, double value)
{
	if (!isfinite(value) || fabs(value) > KL_LIKENESS_MAX ||
		(features[feature].sort == KL_FEATURE_SIZE && value < 0))
		return;
	likeness->values[feature] = value;
	likeness->known |= UINT32_C(1) << feature;
}

static void put_word(struct kl_likeness *likeness, enum kl_feature feature, const char *word)
{
	const struct kl_slug *words = features[feature].words;

	for (int i = 0; word[0] && words[i].slug; i++)
		if (!strcmp(words[i].slug, word))
			kl_likeness_put(likeness, feature, i);
}

static void put_count(struct kl_likeness *likeness, enum kl_feature feature,
	const struct kl_optional_int *count, double scale)
{
	if (count->known)
		kl_likeness_put(likeness, feature, (double)count->value / scale);
}

static void put_set(
	struct kl_likeness *likeness, enum kl_feature feature, struct kl_likeness_set set)
{
	if (!set.texts->n)
		return;
	likeness->sets[feature - KL_FEATURE_VALUES] = set;
	likeness->known |= UINT32_C(1) << feature;
}

void kl_likeness_confirm(struct kl_likeness *likeness, const struct kl_attributes *confirmed)
{
	if (confirmed->type[0])
		(void)kl_copy_text(likeness->type, sizeof likeness->type, confirmed->type);
	if (confirmed->deprivation_quintile)
		kl_likeness_put(
			likeness, KL_FEATURE_DEPRIVATION_QUINTILE, confirmed->deprivation_quintile);
	put_word(likeness, KL_FEATURE_RURAL_URBAN, confirmed->rural_urban);
	put_word(likeness, KL_FEATURE_REGION, confirmed->region);
	put_word(likeness, KL_FEATURE_INCOME_BAND, confirmed->income_band);
}

void kl_likeness_of_profile(const struct kl_profile *profile, const struct kl_marks *services,
	const struct kl_marks *activities, struct kl_likeness *ret_likeness)
{
	struct kl_likeness l = {.kind = profile->attributes.kind};

	kl_likeness_confirm(&l, &profile->attributes);
	put_count(&l, KL_FEATURE_POPULATION, &profile->population, 1);
	put_count(&l, KL_FEATURE_LIFE_WOMEN, &profile->life_expectancy_women, 10);
	put_count(&l, KL_FEATURE_LIFE_MEN, &profile->life_expectancy_men, 10);
	put_count(&l, KL_FEATURE_STAFF, &profile->staff, 10);
	put_count(&l, KL_FEATURE_TENANTS, &profile->tenants, 1);
	put_count(&l, KL_FEATURE_FLOOR_SPACE, &profile->floor_space_m2, 1);
	put_set(&l, KL_FEATURE_SERVICES, (struct kl_likeness_set){&profile->services, services});
	put_set(&l, KL_FEATURE_ACTIVITIES,
		(struct kl_likeness_set){&profile->activities, activities});
	*ret_likeness = l;
}

void kl_likeness_of_council(const struct kl_council *row, struct kl_likeness *ret_likeness)
{
	struct kl_likeness l = {.kind = KL_MEMBER_COUNCIL};
	double density;

	(void)kl_copy_text(l.type, sizeof l.type, row->type);
	put_count(&l, KL_FEATURE_POPULATION, &row->population, 1);
	if (kl_council_density(row, &density))
		kl_likeness_put(&l, KL_FEATURE_DENSITY, density);
	if (row->deprivation_score.known)
		kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_SCORE, row->deprivation_score.value);
	if (row->deprivation_quintile)
		kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_QUINTILE, row->deprivation_quintile);
	put_word(&l, KL_FEATURE_RURAL_URBAN, row->rural_urban);
	put_word(&l, KL_FEATURE_REGION, row->region);
	*ret_likeness = l;
}

uint32_t kl_likeness_complete(struct kl_likeness *likeness, const struct kl_likeness *other)
{
	uint32_t differ = 0;

	for (unsigned f = 0; f < KL_FEATURES; f++) {
		uint32_t bit = UINT32_C(1) << f;
		bool is_set = f >= KL_FEATURE_VALUES;

		if (!(other->known & bit))
			continue;
		if (likeness->known & bit) {
			if (!is_set && likeness->values[f] != other->values[f])
				differ |= bit;
		} else if (is_set) {
			put_set(likeness, f, other->sets[f - KL_FEATURE_VALUES]);
		} else {
			kl_likeness_put(likeness, f, other->values[f]);
		}
	}
	if (!likeness->type[0])
		(void)kl_copy_text(likeness->type, sizeof likeness->type, other->type);
	return differ;
}

/* ---- in words ------------------------------------------------------------------------------ */

/* What stands before and behind a value, and before one that two share. */
static const struct {
	const char *before, *behind, *shared;
	uint32_t scale; /* decimals that are shown: 10 for one */
} phrases[KL_FEATURE_VALUES] = {
	[KL_FEATURE_POPULATION] = {"population ", "", NULL, 1},
	[KL_FEATURE_DENSITY] = {"density ", " people per km2", NULL, 1},
	[KL_FEATURE_DEPRIVATION_SCORE] = {"deprivation score ", "", NULL, 10},
	[KL_FEATURE_DEPRIVATION_QUINTILE] = {"deprivation quintile ", " (1 is the most deprived)",
		NULL, 1},
	[KL_FEATURE_RURAL_URBAN] = {"", "", "both ", 0},
	[KL_FEATURE_LIFE_WOMEN] = {"women's life expectancy ", " years", NULL, 10},
	[KL_FEATURE_LIFE_MEN] = {"men's life expectancy ", " years", NULL, 10},
	[KL_FEATURE_REGION] = {"", "", "both in ", 0},
	[KL_FEATURE_INCOME_BAND] = {"income ", "", "both with an income of ", 0},
	[KL_FEATURE_STAFF] = {"staff ", " (full-time equivalent)", NULL, 10},
	[KL_FEATURE_TENANTS] = {"tenants ", "", NULL, 1},
	[KL_FEATURE_FLOOR_SPACE] = {"floor space ", " m2", NULL, 1},
};

/* Half a step is rounded up, as people round. */
static const char *number_words(double value, uint32_t scale, char out[KL_NUMBER_TEXT_MAX])
{
	int64_t scaled = (int64_t)floor(value * scale + 0.5);

	return scale == 1 ? kl_count_format(scaled, out)
			  : kl_number_format(scaled, KL_UNIT_SCORE, scale, out);
}

const char *kl_feature_value(
	enum kl_feature feature, const struct kl_likeness *likeness, char out[KL_FEATURE_VALUE_MAX])
{
	const struct kl_slug *words = features[feature].words;
	char number[KL_NUMBER_TEXT_MAX];

	if (feature >= KL_FEATURE_VALUES)
		kl_count_format(
			(int64_t)likeness->sets[feature - KL_FEATURE_VALUES].texts->n, number);
	else if (!words)
		number_words(likeness->values[feature], phrases[feature].scale, number);
	(void)kl_copy_text(out, KL_FEATURE_VALUE_MAX,
		words ? words[(size_t)likeness->values[feature]].name : number);
	return out;
}

bool kl_feature_same(
	enum kl_feature feature, const struct kl_likeness *a, const struct kl_likeness *b)
{
	char of_a[KL_FEATURE_VALUE_MAX], of_b[KL_FEATURE_VALUE_MAX];

	return !strcmp(kl_feature_value(feature, a, of_a), kl_feature_value(feature, b, of_b));
}

bool kl_feature_alike(
	enum kl_feature feature, const struct kl_likeness *a, const struct kl_likeness *b)
{
	double x = a->values[feature], y = b->values[feature], most = features[feature].alike;

	if (features[feature].sort == KL_FEATURE_SIZE)
		return fmax(x, y) <= most * fmin(x, y);
	return fabs(x - y) <= most;
}

/* ---- sets in words --------------------------------------------------------------------------- */

enum { NAMED = 3, NAMED_MAX = 60 }; /* how many of a set are named, and how much of each */

/* The marks that are kept of a set, or else those that are made here. */
static struct kl_marks marks_of(const struct kl_likeness_set *set, uint64_t room[KL_MARKS_MAX])
{
	if (set->marks)
		return *set->marks;
	return (struct kl_marks){kl_marks_write(set->texts, room), room};
}

/* The first texts whose marks are in `slots`, each once, as many as there are or have room. */
static void name_common(const struct kl_text_list *texts, const uint64_t slots[KL_MARK_SLOTS],
	size_t common, char *names, size_t size)
{
	uint64_t named[NAMED];
	size_t n = 0, len = 0;

	names[0] = '\0';
	for (size_t i = 0; i < texts->n && n < NAMED && n < common; i++) {
		uint64_t mark = mark_of(texts->items[i]);
		char name[NAMED_MAX];
		size_t k = 0;
		bool whole;

		while (k < n && named[k] != mark)
			k++;
		if (k < n || !slots[kl_mark_slot(slots, mark)])
			continue;
		whole = kl_copy_text(name, sizeof name, texts->items[i]);
		(void)snprintf(
			names + len, size - len, "%s%s%s", n ? ", " : "", name, whole ? "" : "..");
		len += strlen(names + len);
		named[n++] = mark;
	}
	if (common > NAMED)
		(void)snprintf(names + len, size - len, ", ..");
}

static void set_words(enum kl_feature feature, const struct kl_likeness *a,
	const struct kl_likeness *b, char out[KL_FEATURE_TEXT_MAX])
{
	const struct kl_likeness_set *set_a = &a->sets[feature - KL_FEATURE_VALUES],
				     *set_b = &b->sets[feature - KL_FEATURE_VALUES];
	uint64_t room_a[KL_MARKS_MAX], room_b[KL_MARKS_MAX], slots[KL_MARK_SLOTS] = {0};
	struct kl_marks of_a = marks_of(set_a, room_a), of_b = marks_of(set_b, room_b);
	char names[NAMED * (NAMED_MAX + 4) + 8];
	const char *name = features[feature].name;
	size_t common = 0;

	for (size_t i = 0; i < of_b.n; i++)
		slots[kl_mark_slot(slots, of_b.items[i])] = of_b.items[i];
	for (size_t i = 0; i < of_a.n; i++)
		common += slots[kl_mark_slot(slots, of_a.items[i])] != 0;
	name_common(set_a->texts, slots, common, names, sizeof names);
	if (!common)
		snprintf(out, KL_FEATURE_TEXT_MAX, "%s: none in common (%zu against %zu)", name,
			of_a.n, of_b.n);
	else
		snprintf(out, KL_FEATURE_TEXT_MAX, "%s: %zu of %zu in common (%s)", name, common,
			of_a.n + of_b.n - common, names);
}

const char *kl_feature_words(enum kl_feature feature, const struct kl_likeness *a,
	const struct kl_likeness *b, bool alike, char out[KL_FEATURE_TEXT_MAX])
{
	char of_a[KL_FEATURE_VALUE_MAX], of_b[KL_FEATURE_VALUE_MAX];
	const char *shared;

	if (feature >= KL_FEATURE_VALUES) {
		set_words(feature, a, b, out);
		return out;
	}
	shared = phrases[feature].shared;
	kl_feature_value(feature, a, of_a);
	kl_feature_value(feature, b, of_b);
	if (!strcmp(of_a, of_b))
		snprintf(out, KL_FEATURE_TEXT_MAX, "%s%s%s%s",
			shared ? shared : phrases[feature].before, of_a, shared ? "" : " for both",
			phrases[feature].behind);
	else
		snprintf(out, KL_FEATURE_TEXT_MAX, "%s%s %s %s%s", phrases[feature].before, of_a,
			alike ? "and" : "against", of_b, phrases[feature].behind);
	return out;
}
