/* imports: what came in from files, newest first. undo: the last of them is taken back. */
#include "core/day.h"
#include "daemon/changes.h"
#include "daemon/commands.h"
#include "daemon/enabled_figures.h"
#include "daemon/imported.h"
#include "daemon/lm3_tables.h"
#include "daemon/lm3_work.h"
#include "daemon/reference.h"
#include "daemon/spend_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 200 };

struct entry {
	struct kl_import import; /* without its note */
	struct kl_import_note note;
};

/* The last LISTED_MAX imports; the newest stands at (count - 1) % LISTED_MAX. */
struct recent {
	struct entry entries[LISTED_MAX];
	size_t count;
};

static int keep(void *arg, const struct kl_import *import)
{
	struct recent *recent = arg;
	struct entry *entry = &recent->entries[recent->count % LISTED_MAX];
	int rc;

	entry->import = *import;
	entry->import.note = kl_bytes(NULL, 0);
	rc = kl_doc_import_note_decode(import->note, &entry->note);
	if (rc)
		return rc;
	recent->count++;
	return KL_VISIT_ON;
}

static int read_recent(struct kl_node *node, struct recent **ret_recent, struct kl_fault *fault)
{
	struct recent *recent = calloc(1, sizeof *recent);
	int rc = recent ? kl_import_visit(node->store, NULL, keep, recent) : KL_E_NOMEM;

	if (rc) {
		free(recent);
		kl_fault(fault, rc, "the list of imports cannot be read: %s", kl_error_text(rc));
		return rc;
	}
	*ret_recent = recent;
	return KL_OK;
}

/* The one that came in `back` imports before the newest. */
static const struct entry *nth(const struct recent *recent, size_t back)
{
	return &recent->entries[(recent->count - 1 - back) % LISTED_MAX];
}

static size_t listed(const struct recent *recent)
{
	return recent->count < LISTED_MAX ? recent->count : LISTED_MAX;
}

/* What kinds of imports are to people; a name that is only ours is not told. */
static const struct {
	const char *kind, *what;
	bool inner_name;
} plain_kinds[] = {
	{KL_ENABLED_TENANTS, "tenants", false},
	{KL_LM3_SUPPLIERS, "suppliers of an LM3 project", false},
	{KL_LM3_ANSWERS, "answers to an LM3 survey", false},
	{KL_LM3_ASKED, "suppliers asked in an LM3 survey", false},
	{KL_SPEND_KIND, "spending file", true},
	{KL_SPEND_PLACES, "where suppliers are", true},
	{KL_REFERENCE_KIND, "table of councils", true},
};

static void put_words(struct kl_writer *w, const struct kl_import *import)
{
	const char *what = import->kind, *of = import->name;

	for (size_t i = 0; i < sizeof plain_kinds / sizeof *plain_kinds; i++)
		if (!strcmp(plain_kinds[i].kind, import->kind)) {
			what = plain_kinds[i].what;
			of = plain_kinds[i].inner_name ? NULL : of;
		}
	kl_put_text(w, "what", what);
	kl_put_text(w, "of", of);
}

static void put_entry(struct kl_writer *w, const struct entry *entry)
{
	char at[KL_UTC_TEXT_MAX];

	kl_write_map(w, 8);
	put_words(w, &entry->import);
	kl_put_uint(w, "import", entry->import.order);
	kl_put_text(w, "at", entry->note.at ? kl_utc_format(entry->note.at, at) : NULL);
	kl_put_text(w, "kind", entry->import.kind);
	kl_put_text(w, "name", entry->import.name);
	kl_put_text(w, "file", entry->note.file[0] ? entry->note.file : NULL);
	kl_put_uint(w, "rows", entry->note.rows);
}

int kl_cmd_imports(void *data, struct kl_ask *ask)
{
	struct recent *recent;
	int rc = read_recent(data, &recent, &ask->fault);
	size_t n;

	if (rc)
		return rc;
	n = listed(recent);
	kl_write_map(&ask->out, 2);
	kl_put_array(&ask->out, "imports", n);
	for (size_t i = 0; i < n; i++)
		put_entry(&ask->out, nth(recent, i));
	kl_put_uint(&ask->out, "older", recent->count - n);
	free(recent);
	return kl_ask_answer(ask);
}

/* ---- undo ---------------------------------------------------------------------------------- */

/* Imports of these kinds stand beside each other; of all others the newest stands in the place of the
 * one before. */
static bool adds_up(const char *kind)
{
	static const char *const kinds[] = {KL_LM3_ANSWERS, KL_LM3_ASKED, KL_OBSERVATIONS_IMPORT};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

/* The import before it that has the same kind and name: it counts again, or still counts. NULL: none. */
static const struct entry *before(const struct recent *recent)
{
	const struct entry *last = nth(recent, 0);

	for (size_t i = 1; i < listed(recent); i++) {
		const struct entry *e = nth(recent, i);

		if (!strcmp(e->import.kind, last->import.kind) &&
			!strcmp(e->import.name, last->import.name))
			return e;
	}
	return NULL;
}

/* What the person saw is what is taken back: something may have come in since. */
static int check_asked(struct kl_ask *ask, const struct kl_import *last)
{
	uint64_t asked;

	if (kl_get_uint_or(&ask->args, "import", UINT64_MAX, last->order, &asked))
		return kl_fault(&ask->fault, KL_E_USAGE, "import: expected a number");
	if (asked == last->order)
		return KL_OK;
	kl_fault(&ask->fault, KL_E_CONFLICT, "import %llu is not the last one any more",
		(unsigned long long)asked);
	return kl_fault_hint(&ask->fault, "keeplocal imports lists them");
}

static int undo(struct kl_node *node, struct kl_ask *ask, const struct kl_import *last, bool dry,
	size_t *ret_put_back)
{
	struct kl_batch *batch = kl_batch_new();
	int rc;

	if (!batch)
		return kl_fault(&ask->fault, KL_E_NOMEM, "%s", kl_error_text(KL_E_NOMEM));
	rc = kl_changes_undo(node, batch, last, ret_put_back, &ask->fault);
	kl_batch_urge(batch); /* it makes room */
	if (!rc && !dry)
		rc = kl_store_commit(node->store, batch, &ask->fault);
	kl_batch_destroy(batch);
	/* What cannot be taken away now goes at the next start. */
	if (!rc && !dry && last->parts)
		(void)kl_import_discard(node->store, last->id, NULL);
	if (!rc && !dry) {
		kl_imported_begin(node);
		kl_reference_forget(node);
	}
	return rc;
}

static void put_maybe_entry(struct kl_writer *w, const char *key, const struct entry *entry)
{
	if (!entry) {
		kl_put_nil(w, key);
		return;
	}
	kl_write_text(w, key);
	put_entry(w, entry);
}

static void put_undo(struct kl_writer *w, const struct recent *recent, bool dry, size_t put_back)
{
	const struct entry *other = before(recent);
	bool still = other && adds_up(other->import.kind);

	kl_write_map(w, 5);
	kl_put_bool(w, "undone", !dry);
	kl_write_text(w, "import");
	put_entry(w, nth(recent, 0));
	put_maybe_entry(w, "counts_again", still ? NULL : other);
	put_maybe_entry(w, "still_counts", still ? other : NULL);
	kl_put_uint(w, "documents", put_back);
}

static bool makes_lm3_sums(const char *kind)
{
	return !strcmp(kind, KL_LM3_SUPPLIERS) || !strcmp(kind, KL_LM3_ANSWERS);
}

int kl_cmd_undo(void *data, struct kl_ask *ask)
{
	char kind[KL_STORE_KIND_MAX + 1] = "", name[KL_STORE_NAME_MAX + 1] = "";
	struct recent *recent;
	bool dry = false;
	size_t put_back = 0;
	int rc = read_recent(data, &recent, &ask->fault);

	if (rc)
		return rc;
	if (!recent->count) {
		kl_fault(&ask->fault, KL_E_NOT_FOUND, "no import is there to be taken back");
		rc = kl_fault_hint(&ask->fault, "keeplocal import FILE brings one in");
	}
	if (!rc)
		rc = check_asked(ask, &nth(recent, 0)->import);
	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run: expected yes or no");
	if (!rc)
		rc = undo(data, ask, &nth(recent, 0)->import, dry, &put_back);
	if (!rc) {
		put_undo(&ask->out, recent, dry, put_back);
		(void)kl_copy_text(kind, sizeof kind, nth(recent, 0)->import.kind);
		(void)kl_copy_text(name, sizeof name, nth(recent, 0)->import.name);
	}
	free(recent);
	if (rc)
		return rc;
	return !dry && makes_lm3_sums(kind) ? kl_lm3_work_afresh(data, ask, name)
					    : kl_ask_answer(ask);
}
