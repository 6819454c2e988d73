#include "protocol/doc_council.h"
#include "protocol/part.h"

enum { ITEMS = 19 };

static void put_double(struct kl_writer *w, const struct kl_optional_double *number)
{
	if (number->known)
		kl_write_double(w, number->value);
	else
		kl_write_nil(w);
}

void kl_doc_council_encode(struct kl_writer *w, const struct kl_council *c)
{
	kl_write_array(w, ITEMS);
	kl_write_text(w, c->gss);
	kl_write_text(w, c->name);
	kl_write_maybe_text(w, c->short_name);
	kl_write_maybe_text(w, c->letters);
	kl_write_maybe_text(w, c->county);
	kl_write_maybe_text(w, c->type);
	kl_write_maybe_text(w, c->region);
	kl_write_maybe_text(w, c->rural_urban);
	kl_write_maybe_int(w, c->population.known, c->population.value);
	kl_write_maybe_int(w, c->population_year != 0, c->population_year);
	put_double(w, &c->area);
	put_double(w, &c->latitude);
	put_double(w, &c->longitude);
	kl_write_maybe_int(w, c->deprivation_quintile != 0, c->deprivation_quintile);
	kl_write_maybe_int(w, c->deprivation_decile != 0, c->deprivation_decile);
	put_double(w, &c->deprivation_score);
	put_double(w, &c->urban);
	put_double(w, &c->rural);
	put_double(w, &c->remote);
}

static int get_double(struct kl_cursor *values, struct kl_optional_double *ret_number)
{
	return kl_row_maybe_double(values, &ret_number->known, &ret_number->value);
}

/* A small number that is never 0 when it is there. */
static int get_small(struct kl_cursor *values, int64_t max, int64_t *ret_number)
{
	bool known;
	int rc = kl_row_maybe_int(values, &known, ret_number);

	if (rc)
		return rc;
	if (!known)
		*ret_number = 0;
	else if (*ret_number < 1 || *ret_number > max)
		return KL_E_MALFORMED;
	return KL_OK;
}

static int get_figures(struct kl_cursor *values, struct kl_council *c)
{
	int64_t year, quintile, decile;
	int rc;

	if ((rc = kl_row_maybe_int(values, &c->population.known, &c->population.value)) ||
		(rc = get_small(values, UINT16_MAX, &year)) ||
		(rc = get_double(values, &c->area)) || (rc = get_double(values, &c->latitude)) ||
		(rc = get_double(values, &c->longitude)) ||
		(rc = get_small(values, 5, &quintile)) || (rc = get_small(values, 10, &decile)) ||
		(rc = get_double(values, &c->deprivation_score)) ||
		(rc = get_double(values, &c->urban)) || (rc = get_double(values, &c->rural)) ||
		(rc = get_double(values, &c->remote)))
		return rc;
	c->population_year = (uint16_t)year;
	c->deprivation_quintile = (uint8_t)quintile;
	c->deprivation_decile = (uint8_t)decile;
	return KL_OK;
}

int kl_doc_council_decode(const struct kl_value *row, struct kl_council *ret_council)
{
	struct kl_council c = {.population_year = 0};
	struct kl_cursor values;
	int rc;

	if ((rc = kl_row_open(row, ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, c.gss, sizeof c.gss)) ||
		(rc = kl_row_text(&values, false, c.name, sizeof c.name)) ||
		(rc = kl_row_text(&values, true, c.short_name, sizeof c.short_name)) ||
		(rc = kl_row_text(&values, true, c.letters, sizeof c.letters)) ||
		(rc = kl_row_text(&values, true, c.county, sizeof c.county)) ||
		(rc = kl_row_text(&values, true, c.type, sizeof c.type)) ||
		(rc = kl_row_text(&values, true, c.region, sizeof c.region)) ||
		(rc = kl_row_text(&values, true, c.rural_urban, sizeof c.rural_urban)) ||
		(rc = get_figures(&values, &c)))
		return rc;
	rc = kl_council_check(&c, NULL);
	if (rc)
		return rc;
	*ret_council = c;
	return KL_OK;
}
