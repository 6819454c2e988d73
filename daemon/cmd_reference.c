/* reference ...: a table of councils that this member brings, and what it says of them. */
#include "core/day.h"
#include "core/succession.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_profile.h"
#include "daemon/reference.h"
#include "daemon/rows.h"
#include "protocol/doc_council.h"

#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 500, LIST_BYTES_MAX = 200 << 10 };

/* ---- answers ------------------------------------------------------------------------------- */

static void put_double(
	struct kl_writer *w, const char *key, const struct kl_optional_double *number)
{
	if (number->known)
		kl_put_double(w, key, number->value);
	else
		kl_put_nil(w, key);
}

static void put_small(struct kl_writer *w, const char *key, unsigned number)
{
	if (number)
		kl_put_uint(w, key, number);
	else
		kl_put_nil(w, key);
}

static const char *name_of(const struct kl_slug *words, const char *slug)
{
	for (; words->slug; words++)
		if (!strcmp(words->slug, slug))
			return words->name;
	return "";
}

/* What both a list and a single council show. */
static void put_head(struct kl_writer *w, const struct kl_council *c)
{
	kl_put_text(w, "gss", c->gss);
	kl_put_text(w, "name", c->name);
	kl_put_text(w, "nation", kl_council_nation(c));
	kl_put_said(w, "type", name_of(kl_council_types, c->type));
	kl_put_said(w, "region", name_of(kl_regions, c->region));
	kl_put_said(w, "rural_urban", name_of(kl_rural_urban_classes, c->rural_urban));
	if (c->population.known)
		kl_put_int(w, "population", c->population.value);
	else
		kl_put_nil(w, "population");
	put_small(w, "deprivation_quintile", c->deprivation_quintile);
}

/* A county by the letters that a district says, or by its code; else as the table says. */
static const char *county_of(struct kl_node *node, const struct kl_council *c)
{
	const struct kl_council *county = kl_reference_gss(node, c->county);
	const struct kl_reference *r;

	if (county)
		return county->name;
	if (!kl_reference_get(node, &r, NULL))
		for (size_t i = 0; c->county[0] && i < r->n; i++)
			if (!strcmp(r->items[i].letters, c->county))
				return r->items[i].name;
	return c->county;
}

/* The council of the roster that has this row, perhaps under another code of it. */
static const char *member_of(const struct kl_node *node, const char *gss)
{
	const struct kl_roster *roster = node->network ? &node->network->roster : NULL;

	for (size_t i = 0; roster && i < roster->n_members; i++)
		if (roster->members[i].attributes.kind == KL_MEMBER_COUNCIL &&
			(!strcmp(roster->members[i].attributes.gss, gss) ||
				kl_succession_recoded(roster->members[i].attributes.gss, gss)))
			return roster->members[i].name;
	return "";
}

static void put_council(struct kl_node *node, struct kl_writer *w, const struct kl_council *c)
{
	struct kl_optional_double density = {false, 0};

	density.known = kl_council_density(c, &density.value);
	kl_write_map(w, 22);
	put_head(w, c);
	kl_put_said(w, "short_name", c->short_name);
	kl_put_said(w, "letters", c->letters);
	kl_put_said(w, "county", county_of(node, c));
	put_small(w, "population_year", c->population_year);
	put_double(w, "area_km2", &c->area);
	put_double(w, "density_per_km2", &density);
	put_double(w, "latitude", &c->latitude);
	put_double(w, "longitude", &c->longitude);
	put_small(w, "deprivation_decile", c->deprivation_decile);
	put_double(w, "deprivation_score", &c->deprivation_score);
	put_double(w, "urban_share", &c->urban);
	put_double(w, "rural_share", &c->rural);
	put_double(w, "remote_share", &c->remote);
	kl_put_said(w, "member", member_of(node, c->gss));
}

/* ---- import -------------------------------------------------------------------------------- */

struct taking {
	struct kl_node *node;
	char file[256], own[KL_GSS_MAX];
	uint64_t rows, with_population, with_deprivation, with_class, before;
	char (*codes)[KL_GSS_MAX];
};

static void destroy(void *data)
{
	struct taking *t = data;

	kl_reference_forget(t->node); /* another table is in force now, if nothing went wrong */
	free(t->codes);
	free(t);
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct taking *t = data;
	struct kl_council c;
	int rc = kl_doc_council_decode(row, &c);

	if (rc)
		return kl_fault(
			fault, rc, "a row of councils cannot be taken: %s", kl_error_text(rc));
	if (t->rows == KL_COUNCILS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "more than %d councils", KL_COUNCILS_MAX);
	memcpy(t->codes[t->rows], c.gss, sizeof c.gss);
	t->rows++;
	t->with_population += c.population.known;
	t->with_deprivation += c.deprivation_quintile != 0;
	t->with_class += c.rural_urban[0] != '\0';
	return KL_OK;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int end(void *data, struct kl_ask *ask)
{
	struct taking *t = data;
	struct kl_writer *w = &ask->out;

	if (!t->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "the table has no councils");
	qsort(t->codes, t->rows, sizeof *t->codes, compare);
	for (size_t i = 1; i < t->rows; i++)
		if (!strcmp(t->codes[i - 1], t->codes[i]))
			return kl_fault(&ask->fault, KL_E_INVALID, "the code %s stands in two rows",
				t->codes[i]);
	kl_write_map(w, 7);
	kl_put_text(w, "file", t->file);
	kl_put_uint(w, "councils", t->rows);
	kl_put_uint(w, "with_population", t->with_population);
	kl_put_uint(w, "with_deprivation", t->with_deprivation);
	kl_put_uint(w, "with_rural_urban", t->with_class);
	kl_put_uint(w, "before", t->before);
	kl_put_said(w, "own",
		t->own[0] && bsearch(t->own, t->codes, t->rows, sizeof *t->codes, compare) ? t->own
											   : "");
	return KL_OK;
}

static int prepare(struct kl_node *node, struct kl_ask *ask, struct taking *t)
{
	const struct kl_reference *r;
	struct kl_profile own;
	int rc;

	t->node = node;
	t->codes = calloc(KL_COUNCILS_MAX, sizeof *t->codes);
	if (!t->codes)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for a table of councils");
	if ((rc = kl_ask_text(ask, "file", t->file, sizeof t->file)) ||
		(rc = kl_reference_get(node, &r, &ask->fault)) ||
		(rc = kl_own_profile(node, &own, &ask->fault)))
		return rc;
	t->before = r->n;
	memcpy(t->own, own.attributes.gss, sizeof t->own);
	kl_profile_deinit(&own);
	return KL_OK;
}

int kl_cmd_reference_import(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {.row = take_row, .end = end, .destroy = destroy};
	struct taking *t = calloc(1, sizeof *t);
	int rc;

	if (!t)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for a table of councils");
	rc = prepare(data, ask, t);
	if (rc) {
		destroy(t);
		return rc;
	}
	return kl_rows_upload(
		data, ask, KL_REFERENCE_KIND, KL_REFERENCE_NAME, kl_bytes_str(t->file), &sink, t);
}

/* ---- show ---------------------------------------------------------------------------------- */

struct about {
	bool any;
	struct kl_import_note note;
};

static int keep_note(void *arg, const struct kl_import *import)
{
	struct about *about = arg;
	int rc = kl_doc_import_note_decode(import->note, &about->note);

	about->any = !rc;
	return rc ? rc : KL_VISIT_ON;
}

/* Which table it is, and what it knows of this member's own area. */
static int show_table(struct kl_node *node, struct kl_ask *ask)
{
	const struct kl_council *own;
	const struct kl_reference *r;
	struct about about = {.any = false};
	struct kl_profile profile;
	char at[KL_UTC_TEXT_MAX];
	int rc = kl_reference_get(node, &r, &ask->fault);

	if (!rc && kl_import_visit(node->store, KL_REFERENCE_KIND, keep_note, &about))
		rc = kl_fault(&ask->fault, KL_E_IO, "the list of imports cannot be read");
	if (!rc && !r->n) {
		kl_fault(&ask->fault, KL_E_NOT_FOUND, "there is no table of councils here yet");
		rc = kl_fault_hint(&ask->fault, "bring one in: keeplocal reference import FILE");
	}
	if (!rc)
		rc = kl_own_profile(node, &profile, &ask->fault);
	if (rc)
		return rc;
	own = kl_reference_gss(node, profile.attributes.gss);
	kl_profile_deinit(&profile);
	kl_write_map(&ask->out, 4);
	kl_put_said(&ask->out, "file", about.any ? about.note.file : "");
	kl_put_text(&ask->out, "at",
		about.any && about.note.at ? kl_utc_format(about.note.at, at) : NULL);
	kl_put_uint(&ask->out, "councils", r->n);
	if (own) {
		kl_write_text(&ask->out, "own");
		put_council(node, &ask->out, own);
	} else {
		kl_put_nil(&ask->out, "own");
	}
	return kl_ask_answer(ask);
}

int kl_cmd_reference_show(void *data, struct kl_ask *ask)
{
	const struct kl_council *council;
	char text[KL_MEMBER_NAME_MAX];
	int rc = kl_ask_text(ask, "council", text, sizeof text);

	if (rc)
		return rc;
	if (!text[0])
		return show_table(data, ask);
	rc = kl_reference_find(data, text, &council, &ask->fault);
	if (rc)
		return rc;
	put_council(data, &ask->out, council);
	return kl_ask_answer(ask);
}

/* ---- list ---------------------------------------------------------------------------------- */

/* What is asked for: part of a name, a type, a region. */
struct wanted {
	char name[KL_MEMBER_NAME_MAX];
	struct kl_attributes is;
};

static bool fits(const struct kl_council *c, const struct wanted *wanted)
{
	if (wanted->name[0] && !kl_words_contain(c->name, wanted->name) &&
		!kl_words_contain(c->short_name, wanted->name) && strcmp(c->gss, wanted->name) != 0)
		return false;
	return (!wanted->is.type[0] || !strcmp(wanted->is.type, c->type)) &&
	       (!wanted->is.region[0] || !strcmp(wanted->is.region, c->region));
}

static int read_wanted(struct kl_ask *ask, struct wanted *wanted)
{
	char type[KL_MEMBER_NAME_MAX], region[KL_MEMBER_NAME_MAX];
	int rc;

	if ((rc = kl_ask_text(ask, "name", wanted->name, sizeof wanted->name)) ||
		(rc = kl_ask_text(ask, "type", type, sizeof type)) ||
		(rc = kl_ask_text(ask, "region", region, sizeof region)) ||
		(rc = kl_attributes_set(&wanted->is, "type", type, &ask->fault)))
		return rc;
	return kl_attributes_set(&wanted->is, "region", region, &ask->fault);
}

/* How many fit, and how many of them an answer holds. */
static size_t count(const struct kl_reference *r, const struct wanted *wanted, size_t *ret_listed)
{
	size_t n = 0, bytes = 0;

	*ret_listed = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (!fits(&r->items[i], wanted))
			continue;
		n++;
		bytes += 320 + strlen(r->items[i].name); /* no less than put_head() writes */
		if (n <= LISTED_MAX && bytes <= LIST_BYTES_MAX)
			*ret_listed = n;
	}
	return n;
}

int kl_cmd_reference_list(void *data, struct kl_ask *ask)
{
	struct wanted wanted = {.name = ""};
	const struct kl_reference *r;
	size_t n, listed;
	int rc = read_wanted(ask, &wanted);

	if (!rc)
		rc = kl_reference_get(data, &r, &ask->fault);
	if (rc)
		return rc;
	n = count(r, &wanted, &listed);
	kl_write_map(&ask->out, 3);
	kl_put_uint(&ask->out, "table", r->n);
	kl_put_uint(&ask->out, "more", n - listed);
	kl_put_array(&ask->out, "councils", listed);
	for (size_t i = 0; listed && i < r->n; i++) {
		if (!fits(&r->items[i], &wanted))
			continue;
		kl_write_map(&ask->out, 8);
		put_head(&ask->out, &r->items[i]);
		listed--;
	}
	return kl_ask_answer(ask);
}
