/* spend places: the table that says where suppliers are, and what they are. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/reference.h"
#include "daemon/rows.h"
#include "daemon/spend_files.h"
#include "daemon/which_area.h"

#include <stdlib.h>

struct taking {
	struct kl_node *node;
	char file[256];
	bool has_area, said_area;
	struct kl_area area;
	struct kl_places *places;
	uint64_t rows, placed, sectors, sizes, located;
};

static void destroy(void *data)
{
	struct taking *t = data;

	kl_places_destroy(t->places);
	free(t);
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct taking *t = data;
	struct kl_place place;
	int rc = kl_doc_place_decode(row, &place);

	if (!rc)
		rc = kl_places_add(t->places, &place);
	if (rc)
		return kl_fault(
			fault, rc, "a row of places cannot be taken: %s", kl_error_text(rc));
	t->rows++;
	t->placed += place.place[0] || place.where != KL_WHERE_UNKNOWN;
	t->located += place.where != KL_WHERE_UNKNOWN ||
		      (t->has_area && kl_area_holds(&t->area, place.place) != KL_WHERE_UNKNOWN);
	t->sectors += place.sector != KL_SECTOR_UNKNOWN;
	t->sizes += place.size != KL_SIZE_UNKNOWN;
	return KL_OK;
}

static int end(void *data, struct kl_ask *ask)
{
	const struct taking *t = data;
	struct kl_writer *w = &ask->out;

	if (!t->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "the table names no supplier");
	kl_write_map(w, 10);
	kl_put_text(w, "file", t->file);
	kl_put_uint(w, "rows", t->rows);
	kl_put_uint(w, "suppliers", kl_places_count(t->places));
	kl_put_uint(w, "differing", kl_places_differing(t->places));
	kl_put_uint(w, "with_place", t->placed);
	kl_put_uint(w, "told_by_area", t->located);
	kl_put_uint(w, "with_sector", t->sectors);
	kl_put_uint(w, "with_size", t->sizes);
	kl_put_area(w, t->node, t->has_area ? &t->area : NULL);
	return KL_OK;
}

static int publish(void *data, struct kl_changes *changes, struct kl_fault *fault)
{
	const struct taking *t = data;

	return t->said_area ? kl_spend_area_keep(changes, &t->area, fault) : KL_OK;
}

static int prepare(struct kl_node *node, struct kl_ask *ask, struct taking *t)
{
	enum kl_spend_area_from from;
	char area[KL_AREA_TEXT_MAX];
	int rc;

	t->node = node;
	if ((rc = kl_ask_text(ask, "file", t->file, sizeof t->file)) ||
		(rc = kl_ask_text(ask, "area", area, sizeof area)))
		return rc;
	if (area[0]) {
		rc = kl_which_area(node, area, &t->area, &ask->fault);
		t->has_area = t->said_area = true;
	} else {
		rc = kl_spend_area_get(node, &t->area, &from, &ask->fault);
		t->has_area = !rc && from != KL_SPEND_AREA_NONE;
	}
	t->places = kl_places_new();
	return rc ? rc : t->places ? KL_OK : KL_E_NOMEM;
}

int kl_cmd_spend_places(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.row = take_row, .end = end, .publish = publish, .destroy = destroy};
	struct taking *t = calloc(1, sizeof *t);
	int rc;

	if (!t)
		return KL_E_NOMEM;
	rc = prepare(data, ask, t);
	if (rc) {
		destroy(t);
		return rc;
	}
	return kl_rows_upload(
		data, ask, KL_SPEND_PLACES, KL_SPEND_OWN, kl_bytes_str(t->file), &sink, t);
}
