#include "client/xlsx_tabs.h"
#include "core/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ID_MAX = 64, RELATIONS_MAX = 1024 };

#define SMALL_PART_MAX (UINT64_C(8) << 20)

/* A part names others by ids, which a second part, its relations, maps to where they are. */
struct relation {
	char id[ID_MAX];
	char kind[24]; /* the last word of its type: worksheet, styles, ... */
	char part[KL_XLSX_PART_NAME_MAX];
};

struct relations {
	const char *base; /* the part that they belong to */
	struct kl_fault *fault;
	unsigned count;
	struct relation all[RELATIONS_MAX];
};

static int read_part(struct kl_archive *archive, const char *name,
	const struct kl_xml_events *events, void *data, struct kl_fault *fault)
{
	struct kl_packed *part;
	struct kl_xml *xml;
	int rc = kl_packed_open(archive, name, SMALL_PART_MAX, fault, &part);

	if (rc)
		return rc;
	rc = kl_xml_new(kl_packed_source(part), events, data, SMALL_PART_MAX, fault, &xml);
	if (!rc) {
		rc = kl_xml_run(xml, fault);
		kl_xml_free(xml);
	}
	kl_packed_close(part);
	return rc;
}

/* ---- relations ------------------------------------------------------------------------------- */

/* "sheets/a.xml" beside "xl/workbook.xml" is "xl/sheets/a.xml"; ".." goes up. */
static bool resolve(const char *base, const char *target, char out[KL_XLSX_PART_NAME_MAX])
{
	const char *slash = strrchr(base, '/');
	size_t len = *target != '/' && slash ? (size_t)(slash - base) : 0;

	if (len >= KL_XLSX_PART_NAME_MAX)
		return false;
	memcpy(out, base, len);
	out[len] = '\0';
	while (*target) {
		size_t n = strcspn(target, "/");

		if (n == 2 && strncmp(target, "..", 2) == 0) {
			char *up = strrchr(out, '/');

			len = up ? (size_t)(up - out) : 0;
		} else if (n && !(n == 1 && *target == '.')) {
			if (len + n + 2 > KL_XLSX_PART_NAME_MAX)
				return false;
			if (len)
				out[len++] = '/';
			memcpy(out + len, target, n);
			len += n;
		}
		out[len] = '\0';
		target += n + (target[n] == '/');
	}
	return len > 0;
}

static int on_relation(void *data, const char *name, const char *const *attributes)
{
	struct relations *r = data;
	struct relation *new = &r->all[r->count];
	const char *id = kl_xml_attribute(attributes, "Id");
	const char *type = kl_xml_attribute(attributes, "Type");
	const char *target = kl_xml_attribute(attributes, "Target"), *word;

	if (strcmp(name, "Relationship") != 0 || !id || !type || !target)
		return KL_OK;
	if (r->count == RELATIONS_MAX)
		return kl_fault(r->fault, KL_E_TOO_BIG, "has more than %d parts beside its sheets",
			RELATIONS_MAX);
	word = strrchr(type, '/');
	/* What does not fit is nothing that is looked for. */
	if (kl_copy_text(new->id, sizeof new->id, id) &&
		kl_copy_text(new->kind, sizeof new->kind, word ? word + 1 : type) &&
		resolve(r->base, target, new->part))
		r->count++;
	return KL_OK;
}

/* "xl/_rels/workbook.xml.rels" holds those of "xl/workbook.xml". */
static int read_relations(struct kl_archive *archive, const char *base, struct kl_fault *fault,
	struct relations *ret_relations)
{
	static const struct kl_xml_events events = {on_relation, NULL, NULL};
	const char *slash = strrchr(base, '/'), *file = slash ? slash + 1 : base;
	char name[KL_XLSX_PART_NAME_MAX + 16];

	snprintf(name, sizeof name, "%.*s_rels/%s.rels", (int)(file - base), base, file);
	ret_relations->base = base;
	ret_relations->fault = fault;
	ret_relations->count = 0;
	return read_part(archive, name, &events, ret_relations, fault);
}

static const struct relation *find_kind(const struct relations *r, const char *kind)
{
	for (unsigned i = 0; i < r->count; i++)
		if (strcmp(r->all[i].kind, kind) == 0)
			return &r->all[i];
	return NULL;
}

static const struct relation *find_id(const struct relations *r, const char *id)
{
	for (unsigned i = 0; i < r->count; i++)
		if (strcmp(r->all[i].id, id) == 0)
			return &r->all[i];
	return NULL;
}

/* ---- the workbook ---------------------------------------------------------------------------- */

struct workbook {
	const struct relations *relations;
	struct kl_xlsx_tabs *tabs;
	struct kl_fault *fault;
};

static int add_tab(struct workbook *w, const char *const *attributes)
{
	const char *name = kl_xml_attribute(attributes, "name");
	const char *state = kl_xml_attribute(attributes, "state"), *id = NULL;
	const struct relation *relation;
	struct kl_xlsx_tab *tab = &w->tabs->tabs[w->tabs->count];

	/* r:id, not sheetId. */
	for (const char *const *a = attributes; *a; a += 2)
		if (strlen(*a) > 3 && strcmp(*a + strlen(*a) - 3, ":id") == 0)
			id = a[1];
	relation = id ? find_id(w->relations, id) : NULL;
	if (!name || !relation || strcmp(relation->kind, "worksheet") != 0)
		return KL_OK; /* a chart, or a dialogue of old */
	if (w->tabs->count == KL_XLSX_TABS_MAX)
		return kl_fault(
			w->fault, KL_E_TOO_BIG, "has more than %d sheets", KL_XLSX_TABS_MAX);
	(void)kl_copy_text(tab->name, sizeof tab->name, name);
	kl_text_make_plain(tab->name, false);
	(void)kl_copy_text(tab->part, sizeof tab->part, relation->part);
	tab->hidden = state && strcmp(state, "visible") != 0;
	w->tabs->count++;
	return KL_OK;
}

static int on_workbook(void *data, const char *name, const char *const *attributes)
{
	struct workbook *w = data;
	const char *from = NULL;

	if (strcmp(name, "sheet") == 0)
		return add_tab(w, attributes);
	if (strcmp(name, "workbookPr") == 0)
		from = kl_xml_attribute(attributes, "date1904");
	if (from)
		w->tabs->since_1904 = strcmp(from, "1") == 0 || strcmp(from, "true") == 0;
	return KL_OK;
}

static void name_part(const struct relations *r, const char *kind, char out[KL_XLSX_PART_NAME_MAX])
{
	const struct relation *relation = find_kind(r, kind);

	(void)kl_copy_text(out, KL_XLSX_PART_NAME_MAX, relation ? relation->part : "");
}

static int read_workbook(struct kl_archive *archive, struct relations *r, struct kl_fault *fault,
	struct kl_xlsx_tabs *tabs)
{
	static const struct kl_xml_events events = {on_workbook, NULL, NULL};
	struct workbook workbook = {r, tabs, fault};
	char part[KL_XLSX_PART_NAME_MAX];
	int rc = read_relations(archive, "", fault, r);

	if (rc)
		return rc;
	name_part(r, "officeDocument", part);
	if (!part[0])
		return kl_fault(fault, KL_E_MALFORMED,
			"is damaged: it does not say where its sheets "
			"are");
	if ((rc = read_relations(archive, part, fault, r)) ||
		(rc = read_part(archive, part, &events, &workbook, fault)))
		return rc;
	name_part(r, "sharedStrings", tabs->strings);
	name_part(r, "styles", tabs->styles);
	if (!tabs->count)
		return kl_fault(fault, KL_E_MALFORMED, "has no sheet with cells");
	return KL_OK;
}

int kl_xlsx_tabs_read(
	struct kl_archive *archive, struct kl_fault *fault, struct kl_xlsx_tabs *ret_tabs)
{
	struct relations *relations = malloc(sizeof *relations);
	int rc;

	if (!relations)
		return kl_fault(fault, KL_E_NOMEM, "no memory for its sheets");
	memset(ret_tabs, 0, sizeof *ret_tabs);
	rc = read_workbook(archive, relations, fault, ret_tabs);
	free(relations);
	return rc;
}

/* ---- choosing -------------------------------------------------------------------------------- */

unsigned kl_xlsx_tabs_list(
	const struct kl_xlsx_tabs *tabs, const struct kl_xlsx_tab *except, char *out, size_t size)
{
	unsigned count = 0;
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < tabs->count; i++) {
		const struct kl_xlsx_tab *tab = &tabs->tabs[i];

		if (tab->hidden || (except && tab == except))
			continue;
		count++;
		if (n + strlen(tab->name) + 10 < size)
			n += (size_t)snprintf(
				out + n, size - n, "%s'%s'", n ? ", " : "", tab->name);
		else if (n >= 3 && strcmp(out + n - 3, "...") != 0 && n + 6 < size)
			n += (size_t)snprintf(out + n, size - n, ", ...");
	}
	return count;
}

static const struct kl_xlsx_tab *look_up(const struct kl_xlsx_tabs *tabs, const char *name)
{
	for (unsigned i = 0; i < tabs->count; i++)
		if (name ? strcasecmp(tabs->tabs[i].name, name) == 0 : !tabs->tabs[i].hidden)
			return &tabs->tabs[i];
	return name ? NULL : &tabs->tabs[0];
}

int kl_xlsx_tabs_find(const struct kl_xlsx_tabs *tabs, const char *path, const char *name,
	struct kl_fault *fault, const struct kl_xlsx_tab **ret_tab)
{
	const struct kl_xlsx_tab *tab = look_up(tabs, name);
	char list[200];

	if (!tab) {
		(void)kl_xlsx_tabs_list(tabs, NULL, list, sizeof list);
		kl_fault(fault, KL_E_USAGE, "%s: has no sheet '%s'", path, name);
		(void)kl_fault_hint(fault, "it has %s", list);
		return KL_E_USAGE;
	}
	*ret_tab = tab;
	return KL_OK;
}
