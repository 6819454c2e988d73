#include "core/spend_sum.h"
#include "core/biggest.h"
#include "core/bytes.h"
#include "core/day.h"
#include "core/money.h"
#include "core/period.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROLES = KL_SPEND_GROUPS + 1, /* of a text: of a group, or SUPPLIER */
	SUPPLIER = KL_SPEND_GROUPS,
	MONTHS_MAX = (KL_PERIOD_YEAR_MAX - KL_PERIOD_YEAR_MIN + 1) * 12,
};

#define NOT_YET UINT32_MAX
#define NOBODY  UINT32_MAX

/* A text of the file, and the numbers that its name has in each of its roles. */
struct text {
	size_t at;
	uint32_t as[ROLES];
};

struct supplier {
	int64_t net;
	uint64_t payments;
	uint32_t place; /* number in the places, or NOBODY */
	uint8_t class, sector, size;
	bool loose;
};

struct group {
	struct kl_names *names;
	struct kl_spend_cut *cuts; /* one more than names: cuts[0] is of payments without one */
	size_t size;
};

struct kl_spend_sum {
	struct kl_spend_query query;
	struct kl_places *places;

	char *text_bytes;
	size_t text_len, text_room;
	struct text *texts;
	size_t text_count, text_size;

	struct kl_names *names;
	struct supplier *suppliers;
	size_t supplier_size;
	struct group groups[KL_SPEND_GROUPS];

	uint16_t month_at[MONTHS_MAX]; /* number + 1 in `months` */
	struct kl_spend_month *months;
	size_t month_count, month_size;

	struct kl_spend_cut total, sectors[KL_SECTOR_COUNT], sizes[KL_SIZE_COUNT];
	int64_t moved; /* all amounts without their sign: as long as this fits, every sum does */
	uint64_t credits;
	int64_t credit_pence;
	int32_t first, last;
	bool any;

	int32_t last_day; /* the month of the day before is most often that of this day */
	size_t last_month_index;
};

/* ---- cuts ---------------------------------------------------------------------------------- */

int64_t kl_spend_pence(const struct kl_spend_cut *cut)
{
	int64_t sum = 0;

	for (int c = 0; c < KL_SPEND_CLASSES; c++)
		sum += cut->pence[c];
	return sum;
}

uint64_t kl_spend_payments(const struct kl_spend_cut *cut)
{
	uint64_t sum = 0;

	for (int c = 0; c < KL_SPEND_CLASSES; c++)
		sum += cut->payments[c];
	return sum;
}

/* Where no place is known at all, nobody can say that nothing is local. */
static bool can_tell(const struct kl_spend_cut *cut, enum kl_spend_class class)
{
	return (class != KL_SPEND_LOCAL && class != KL_SPEND_ELSEWHERE) ||
	       cut->payments[KL_SPEND_LOCAL] || cut->payments[KL_SPEND_ELSEWHERE];
}

bool kl_spend_share(const struct kl_spend_cut *cut, enum kl_spend_class class, double *ret_share)
{
	int64_t whole = kl_spend_pence(cut), part = cut->pence[class];

	if (whole <= 0 || part < 0 || part > whole || !can_tell(cut, class))
		return false;
	*ret_share = kl_share(part, whole);
	return true;
}

bool kl_spend_count_share(
	const struct kl_spend_cut *cut, enum kl_spend_class class, double *ret_share)
{
	uint64_t whole = kl_spend_payments(cut);

	if (!whole || !can_tell(cut, class))
		return false;
	*ret_share = (double)cut->payments[class] / (double)whole;
	return true;
}

static inline void add_to(struct kl_spend_cut *cut, unsigned class, int64_t pence)
{
	cut->pence[class] += pence;
	cut->payments[class] += pence > 0;
}

/* ---- beginning and end --------------------------------------------------------------------- */

struct kl_spend_sum *kl_spend_sum_new(const struct kl_spend_query *query)
{
	struct kl_spend_sum *sum = calloc(1, sizeof *sum);
	bool whole;

	if (!sum)
		return NULL;
	sum->query = *query;
	sum->places = kl_places_new();
	sum->names = kl_names_new();
	whole = sum->places && sum->names;
	for (int g = 0; g < KL_SPEND_GROUPS; g++) {
		sum->groups[g].names = kl_names_new();
		sum->groups[g].cuts = calloc(1, sizeof *sum->groups[g].cuts);
		sum->groups[g].size = 1;
		whole = whole && sum->groups[g].names && sum->groups[g].cuts;
	}
	if (whole)
		return sum;
	kl_spend_sum_destroy(sum);
	return NULL;
}

void kl_spend_sum_destroy(struct kl_spend_sum *sum)
{
	if (!sum)
		return;
	kl_places_destroy(sum->places);
	kl_names_destroy(sum->names);
	for (int g = 0; g < KL_SPEND_GROUPS; g++) {
		kl_names_destroy(sum->groups[g].names);
		free(sum->groups[g].cuts);
	}
	free(sum->text_bytes);
	free(sum->texts);
	free(sum->suppliers);
	free(sum->months);
	free(sum);
}

/* The same array with room for `count` + 1 items, new ones being zero; NULL: no memory. */
static void *room(void *items, size_t *size, size_t count, size_t each)
{
	size_t wanted = *size ? *size : 64;
	char *more;

	if (count < *size)
		return items;
	while (wanted <= count)
		wanted *= 2;
	more = realloc(items, wanted * each);
	if (!more)
		return NULL;
	memset(more + *size * each, 0, (wanted - *size) * each);
	*size = wanted;
	return more;
}

/* ---- places and texts ---------------------------------------------------------------------- */

int kl_spend_sum_place(struct kl_spend_sum *sum, const struct kl_place *place)
{
	return kl_places_add(sum->places, place);
}

void kl_spend_sum_file(struct kl_spend_sum *sum)
{
	sum->text_len = 0;
	sum->text_count = 0;
}

int kl_spend_sum_text(struct kl_spend_sum *sum, const char *text)
{
	size_t len = strlen(text) + 1;
	struct text *texts;
	char *bytes;

	if (sum->text_count >= KL_SPEND_TEXTS_MAX)
		return KL_E_TOO_BIG;
	bytes = room(sum->text_bytes, &sum->text_room, sum->text_len + len, 1);
	if (!bytes)
		return KL_E_NOMEM;
	sum->text_bytes = bytes;
	texts = room(sum->texts, &sum->text_size, sum->text_count, sizeof *texts);
	if (!texts)
		return KL_E_NOMEM;
	sum->texts = texts;
	memcpy(bytes + sum->text_len, text, len);
	texts += sum->text_count++;
	texts->at = sum->text_len;
	for (int r = 0; r < ROLES; r++)
		texts->as[r] = NOT_YET;
	sum->text_len += len;
	return KL_OK;
}

/* ---- suppliers ----------------------------------------------------------------------------- */

static unsigned class_of(const struct kl_spend_sum *sum, uint32_t place)
{
	enum kl_where where =
		kl_places_where(sum->places, place, sum->query.has_area ? &sum->query.area : NULL);

	return where == KL_WHERE_LOCAL       ? KL_SPEND_LOCAL
	       : where == KL_WHERE_ELSEWHERE ? KL_SPEND_ELSEWHERE
					     : KL_SPEND_UNKNOWN;
}

static struct supplier new_supplier(const struct kl_spend_sum *sum, const char *name)
{
	struct supplier s = {.place = NOBODY};
	struct kl_place_view place;

	if (kl_spend_is_redacted(name)) {
		s.class = KL_SPEND_REDACTED;
		return s;
	}
	if (kl_places_find(sum->places, name, &s.place, &s.loose))
		return (struct supplier){.place = NOBODY};
	place = kl_places_at(sum->places, s.place);
	s.class = (uint8_t)class_of(sum, s.place);
	s.sector = (uint8_t)place.sector;
	s.size = (uint8_t)place.size;
	return s;
}

static int supplier_of(struct kl_spend_sum *sum, struct text *text, uint32_t *ret_number)
{
	const char *name = sum->text_bytes + text->at;
	struct kl_names_found found;
	void *more;
	int rc;

	if (text->as[SUPPLIER] != NOT_YET) {
		*ret_number = text->as[SUPPLIER];
		return KL_OK;
	}
	rc = kl_names_add(sum->names, name, &found);
	if (rc)
		return rc;
	more = room(sum->suppliers, &sum->supplier_size, found.number, sizeof *sum->suppliers);
	if (!more)
		return KL_E_NOMEM;
	sum->suppliers = more;
	if (found.added)
		sum->suppliers[found.number] = new_supplier(sum, name);
	*ret_number = text->as[SUPPLIER] = found.number;
	return KL_OK;
}

static int group_of(struct kl_spend_sum *sum, int g, uint32_t number, uint32_t *ret_index)
{
	struct group *group = &sum->groups[g];
	struct text *text = number ? &sum->texts[number - 1] : NULL;
	struct kl_names_found found;
	void *more;
	int rc;

	*ret_index = 0;
	if (!text)
		return KL_OK;
	if (text->as[g] == NOT_YET) {
		rc = kl_names_add(group->names, sum->text_bytes + text->at, &found);
		if (rc)
			return rc;
		more = room(group->cuts, &group->size, found.number + 1, sizeof *group->cuts);
		if (!more)
			return KL_E_NOMEM;
		group->cuts = more;
		text->as[g] = found.number + 1;
	}
	*ret_index = text->as[g];
	return KL_OK;
}

/* ---- payments ------------------------------------------------------------------------------ */

static int month_of(struct kl_spend_sum *sum, int32_t day, size_t *ret_index)
{
	int year, month, of_month;
	struct kl_spend_month *more;
	uint16_t *at;

	if (sum->any && day == sum->last_day) {
		*ret_index = sum->last_month_index;
		return KL_OK;
	}
	kl_day_split(day, &year, &month, &of_month);
	at = &sum->month_at[(year - KL_PERIOD_YEAR_MIN) * 12 + month - 1];
	if (!*at) {
		more = room(sum->months, &sum->month_size, sum->month_count, sizeof *more);
		if (!more)
			return KL_E_NOMEM;
		sum->months = more;
		sum->months[sum->month_count].year = year;
		sum->months[sum->month_count].month = month;
		*at = (uint16_t)++sum->month_count;
	}
	sum->last_day = day;
	*ret_index = sum->last_month_index = (size_t)*at - 1;
	return KL_OK;
}

/* Where one payment belongs in every cut. */
struct where_to {
	uint32_t supplier, groups[KL_SPEND_GROUPS];
	size_t month;
};

static int find_where(
	struct kl_spend_sum *sum, const struct kl_payment *p, struct where_to *ret_where)
{
	const uint32_t numbers[KL_SPEND_GROUPS] = {
		[KL_SPEND_DEPARTMENT] = p->department,
		[KL_SPEND_CATEGORY] = p->category,
		[KL_SPEND_BODY] = p->body,
	};
	int rc = supplier_of(sum, &sum->texts[p->supplier - 1], &ret_where->supplier);

	for (int g = 0; !rc && g < KL_SPEND_GROUPS; g++)
		rc = group_of(sum, g, numbers[g], &ret_where->groups[g]);
	return rc ? rc : month_of(sum, p->day, &ret_where->month);
}

static void count_in(
	struct kl_spend_sum *sum, const struct kl_payment *p, const struct where_to *where)
{
	struct supplier *s = &sum->suppliers[where->supplier];
	struct kl_spend_month *month = &sum->months[where->month];

	s->net += p->pence;
	s->payments += p->pence > 0;
	add_to(&sum->total, s->class, p->pence);
	add_to(&sum->sectors[s->sector], s->class, p->pence);
	add_to(&sum->sizes[s->size], s->class, p->pence);
	add_to(&month->all, s->class, p->pence);
	if (s->sector != KL_SECTOR_UNKNOWN)
		add_to(&month->sector_known, s->class, p->pence);
	if (s->sector == KL_SECTOR_VOLUNTARY)
		add_to(&month->voluntary, s->class, p->pence);
	for (int g = 0; g < KL_SPEND_GROUPS; g++)
		add_to(&sum->groups[g].cuts[where->groups[g]], s->class, p->pence);
	if (p->pence < 0) {
		sum->credits++;
		sum->credit_pence += p->pence;
	}
	if (!sum->any || p->day < sum->first)
		sum->first = p->day;
	if (!sum->any || p->day > sum->last)
		sum->last = p->day;
	sum->any = true;
}

int kl_spend_sum_add(struct kl_spend_sum *sum, const struct kl_payment *p)
{
	int64_t size = p->pence < 0 ? -p->pence : p->pence;
	struct where_to where;
	int rc = kl_payment_check(p, (uint32_t)sum->text_count);

	if (rc)
		return rc;
	if (!sum->query.all && (p->day < sum->query.from || p->day > sum->query.to))
		return KL_OK;
	if (sum->moved > INT64_MAX - size)
		return KL_E_RANGE;
	rc = find_where(sum, p, &where);
	if (rc)
		return rc;
	sum->moved += size;
	count_in(sum, p, &where);
	return KL_OK;
}

/* ---- results ------------------------------------------------------------------------------- */

const struct kl_spend_cut *kl_spend_sum_total(const struct kl_spend_sum *sum)
{
	return &sum->total;
}

const struct kl_spend_cut *kl_spend_sum_sector(const struct kl_spend_sum *sum, enum kl_sector s)
{
	return &sum->sectors[s];
}

const struct kl_spend_cut *kl_spend_sum_size(const struct kl_spend_sum *sum, enum kl_size size)
{
	return &sum->sizes[size];
}

uint64_t kl_spend_sum_credits(const struct kl_spend_sum *sum, int64_t *ret_pence)
{
	*ret_pence = sum->credit_pence;
	return sum->credits;
}

bool kl_spend_sum_days(const struct kl_spend_sum *sum, int32_t *ret_first, int32_t *ret_last)
{
	*ret_first = sum->first;
	*ret_last = sum->last;
	return sum->any;
}

size_t kl_spend_sum_months(const struct kl_spend_sum *sum)
{
	return sum->month_count;
}

const struct kl_spend_month *kl_spend_sum_month(const struct kl_spend_sum *sum, size_t index)
{
	KL_ASSERT(index < sum->month_count);
	return &sum->months[index];
}

size_t kl_spend_sum_groups(const struct kl_spend_sum *sum, enum kl_spend_group group)
{
	return kl_names_count(sum->groups[group].names) + 1;
}

const char *kl_spend_sum_group_name(
	const struct kl_spend_sum *sum, enum kl_spend_group group, size_t index)
{
	return index ? kl_names_at(sum->groups[group].names, (uint32_t)index - 1) : "";
}

const struct kl_spend_cut *kl_spend_sum_group(
	const struct kl_spend_sum *sum, enum kl_spend_group group, size_t index)
{
	KL_ASSERT(index < sum->groups[group].size);
	return &sum->groups[group].cuts[index];
}

size_t kl_spend_sum_suppliers(const struct kl_spend_sum *sum)
{
	return kl_names_count(sum->names);
}

struct kl_spend_supplier kl_spend_sum_supplier(const struct kl_spend_sum *sum, size_t index)
{
	const struct supplier *s = &sum->suppliers[index];
	struct kl_spend_supplier r = {.name = kl_names_at(sum->names, (uint32_t)index),
		.matched = "",
		.place = "",
		.net = s->net,
		.payments = s->payments,
		.class = (enum kl_spend_class)s->class,
		.sector = (enum kl_sector)s->sector,
		.size = (enum kl_size)s->size,
		.loose = s->loose};
	struct kl_place_view place;

	if (s->place != NOBODY) {
		place = kl_places_at(sum->places, s->place);
		r.matched = place.supplier;
		r.place = place.place;
	}
	return r;
}

int kl_spend_sum_largest(const struct kl_spend_sum *sum, kl_spend_want_fn *want, size_t max,
	uint32_t *ret_numbers, size_t *ret_count)
{
	size_t count = kl_spend_sum_suppliers(sum), left = 0, n = 0;
	struct kl_big *items = malloc((count ? count : 1) * sizeof *items);

	if (!items)
		return KL_E_NOMEM;
	for (uint32_t i = 0; i < count; i++) {
		struct kl_spend_supplier s = kl_spend_sum_supplier(sum, i);

		if (want(&s))
			items[left++] = (struct kl_big){s.net, i};
	}
	kl_biggest_begin(items, left);
	while (left && n < max)
		ret_numbers[n++] = kl_biggest_take(items, &left).number;
	free(items);
	*ret_count = n;
	return KL_OK;
}
