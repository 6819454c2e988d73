/* assess joint, assess forget: the own assessment beside those that others have passed on.
 *
 * The files come up in pieces (protocol/assess_rows.h), and are kept in memory only while the
 * answer is made, unless `keep` was asked for. Without files, what is kept is shown. */
#include "core/joint.h"
#include "core/words.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/kept_shared.h"
#include "daemon/which_assessment.h"
#include "protocol/assess_rows.h"
#include "protocol/doc_shared.h"
#include "protocol/part.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = KL_JOINT_MEMBERS_MAX - 1, FILE_NAME_MAX = 128, TALK_SHOWN = 3 };

struct file {
	char name[FILE_NAME_MAX];
	uint8_t *bytes;
	size_t len;
};

struct joint {
	struct kl_node *node;
	struct file files[FILES_MAX];
	size_t file_count;
	bool keep, given;
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX];
	/* own first, if there is one */
	struct kl_shared members[KL_JOINT_MEMBERS_MAX];
	size_t count;
	bool own;
};

static void destroy(struct joint *j)
{
	for (size_t i = 0; i < j->file_count; i++)
		free(j->files[i].bytes);
	for (size_t i = 0; i < j->count; i++)
		kl_assessment_destroy(j->members[i].assessment);
	free(j);
}

/* ---- taking files in ------------------------------------------------------------------------- */

static int take_piece(struct joint *j, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_file_piece piece;
	struct file *file;
	uint8_t *grown;

	if (kl_file_piece_decode(row, &piece) || piece.file >= j->file_count)
		return kl_fault(fault, KL_E_USAGE, "expected pieces of files");
	file = &j->files[piece.file];
	if (file->len + piece.bytes.len > KL_SHARED_BYTES_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s is larger than any exported assessment",
			file->name);
	grown = realloc(file->bytes, file->len + piece.bytes.len + 1);
	if (!grown)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	file->bytes = grown;
	memcpy(grown + file->len, piece.bytes.data, piece.bytes.len);
	file->len += piece.bytes.len;
	return KL_OK;
}

static int take_part(struct kl_ask *ask, void *data, const struct kl_value *rows)
{
	struct kl_cursor cursor;
	struct kl_value row;
	int rc = kl_part_open(rows->raw, &cursor);

	if (rc)
		return kl_fault(&ask->fault, rc, "a part of the files cannot be read");
	while (!rc && kl_cursor_next(&cursor, &row))
		rc = take_piece(data, &row, &ask->fault);
	return rc;
}

/* ---- who is compared ------------------------------------------------------------------------- */

static int add_member(struct joint *j, struct kl_shared *shared, struct kl_fault *fault)
{
	const struct kl_id *id = &shared->member.identity;

	for (size_t i = 0; i < j->count; i++)
		if (kl_id_equal(&j->members[i].member.identity, id))
			return kl_fault(fault, KL_E_CONFLICT,
				"two files are of %s, revisions %llu and %llu: leave one of them "
				"out",
				shared->from, (unsigned long long)j->members[i].revision,
				(unsigned long long)shared->revision);
	if (kl_id_equal(id, &j->node->home.identity.sign.public_key)) {
		kl_fault(fault, KL_E_CONFLICT, "this is your own assessment");
		return kl_fault_hint(fault, "yours is shown anyhow, as it stands now");
	}
	j->members[j->count++] = *shared;
	return KL_OK;
}

static int read_file(struct joint *j, const struct file *file, struct kl_fault *fault)
{
	struct kl_shared shared;
	int rc = kl_doc_shared_decode(kl_bytes(file->bytes, file->len), &shared, fault);

	if (!rc) {
		rc = add_member(j, &shared, fault);
		if (rc)
			kl_assessment_destroy(shared.assessment);
	}
	if (rc)
		(void)kl_fault_at(fault, "%s", file->name);
	return rc;
}

static bool is_asked_for(const struct joint *j, const struct kl_assessment *a)
{
	return (!j->given || kl_period_equal(a->period, j->period)) &&
	       (!j->place[0] || kl_words_equal(a->place, j->place));
}

/* Of what is kept, the latest of each member, or the one of the period and place asked for. They come
 * by period and place: of one period the first stays, which is of the whole area if any is. */
static int take_kept(void *arg, struct kl_shared *shared, struct kl_fault *fault)
{
	struct joint *j = arg;
	struct kl_shared *last = j->count ? &j->members[j->count - 1] : NULL;
	bool same = last && kl_id_equal(&last->member.identity, &shared->member.identity);

	if (!is_asked_for(j, shared->assessment) ||
		(same && kl_period_equal(last->assessment->period, shared->assessment->period))) {
		kl_assessment_destroy(shared->assessment);
		return 0;
	}
	if (same) {
		kl_assessment_destroy(last->assessment);
		*last = *shared;
		return 0;
	}
	if (j->count == FILES_MAX) {
		kl_assessment_destroy(shared->assessment);
		return kl_fault(
			fault, KL_E_TOO_BIG, "more than %d members: name the files", FILES_MAX);
	}
	j->members[j->count++] = *shared;
	return 0;
}

/* The place that all others speak of; NULL if it is the whole area, or not the same. */
static const char *common_place(const struct joint *j)
{
	const char *place = j->count ? j->members[0].assessment->place : "";

	for (size_t i = 1; i < j->count; i++)
		if (!kl_words_equal(place, j->members[i].assessment->place))
			return NULL;
	return *place ? place : NULL;
}

/* The own one stands first: of the period and place asked for, or else of the others' latest period
 * and common place, as far as there is one. */
static int add_own(struct joint *j, struct kl_fault *fault)
{
	struct kl_shared own = {.words = true, .names = true};
	struct kl_fault said = {0};
	struct kl_assessment_choice choice = {
		&j->period, j->place[0] ? j->place : common_place(j), KL_LATEST};
	int rc;

	for (size_t i = 0; i < j->count && !j->given; i++)
		if (!i || j->members[i].assessment->period.year > j->period.year)
			j->period = j->members[i].assessment->period;
	rc = kl_own_assessment(j->node, &choice, &own.assessment, &own.revision, &said);
	if (rc == KL_E_NOT_FOUND && !j->place[0] && choice.place) {
		choice.place = NULL;
		rc = kl_own_assessment(j->node, &choice, &own.assessment, &own.revision, &said);
	}
	if (rc == KL_E_NOT_FOUND && !j->given) {
		choice.period = NULL;
		rc = kl_own_assessment(j->node, &choice, &own.assessment, &own.revision, &said);
	}
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc) {
		*fault = said;
		return rc;
	}
	own.member.identity = j->node->home.identity.sign.public_key;
	(void)kl_copy_text(own.from, sizeof own.from, j->node->home.identity.name);
	memmove(&j->members[1], &j->members[0], j->count * sizeof *j->members);
	j->members[0] = own;
	j->count++;
	j->own = true;
	return KL_OK;
}

static int gather(struct joint *j, struct kl_fault *fault)
{
	int rc = KL_OK;

	for (size_t i = 0; i < j->file_count && !rc; i++)
		rc = read_file(j, &j->files[i], fault);
	if (!rc && !j->file_count)
		rc = kl_kept_shared_visit(j->node, take_kept, j, fault);
	if (!rc && !j->count) {
		kl_fault(fault, KL_E_NOT_FOUND, "there is no assessment of anybody else here");
		rc = kl_fault_hint(fault,
			"ask for one, made with keeplocal assess export --for NAME --out FILE, and "
			"name the file");
	}
	return rc ? rc : add_own(j, fault);
}

static int keep(struct joint *j, struct kl_fault *fault)
{
	struct kl_batch *batch;
	int rc = KL_OK;

	if (!j->keep || !j->file_count)
		return KL_OK;
	batch = kl_batch_new();
	for (size_t i = j->own; batch && !rc && i < j->count; i++)
		rc = kl_kept_shared_put(j->node, batch, &j->members[i], fault);
	if (!rc)
		return kl_node_commit(j->node, batch, fault);
	kl_batch_destroy(batch);
	return rc;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static const struct kl_roster_member *on_roster(const struct joint *j, size_t i)
{
	const struct kl_network *network = j->node->network;

	return network ? kl_roster_find(&network->roster, &j->members[i].member.identity) : NULL;
}

/* The name by which the network knows a member counts for more than what it calls itself. */
static const char *name_of(const struct joint *j, size_t i)
{
	const struct kl_roster_member *member = on_roster(j, i);

	return member ? member->name : j->members[i].from;
}

/* By what this member calls itself, or by what the network calls it. */
static bool made_for_us(const struct joint *j, const struct kl_shared *s)
{
	const struct kl_network *network = j->node->network;
	const struct kl_roster_member *self = network ? kl_network_self(network) : NULL;

	for (uint8_t i = 0; i < s->for_count; i++)
		if (kl_words_equal(s->for_whom[i], j->node->home.identity.name) ||
			(self && kl_words_equal(s->for_whom[i], self->name)))
			return true;
	return false;
}

static void put_member(struct kl_writer *w, const struct joint *j, size_t i)
{
	const struct kl_shared *s = &j->members[i];
	bool own = j->own && !i;
	char member[KL_MEMBERID_TEXT_MAX];

	kl_write_map(w, 13);
	kl_put_text(w, "name", name_of(j, i));
	kl_put_text(w, "calls_itself", s->from);
	kl_memberid_format(&s->member, member);
	kl_put_text(w, "member", own ? NULL : member);
	kl_put_bool(w, "own", own);
	kl_put_text(w, "verified", own ? "own" : on_roster(j, i) ? "roster" : "signature");
	kl_put_period(w, "period", s->assessment->period);
	kl_put_said(w, "place", s->assessment->place);
	kl_put_uint(w, "revision", s->revision);
	kl_put_said(w, "date", s->date);
	kl_put_uint(w, "assessors", s->assessment->assessor_count);
	kl_put_bool(w, "words", s->words);
	kl_put_array(w, "for", s->for_count);
	for (uint8_t k = 0; k < s->for_count; k++)
		kl_write_text(w, s->for_whom[k]);
	kl_put_bool(w, "for_us", own || made_for_us(j, s));
}

/* All assessments in the order of members. */
static void all_of(const struct joint *j, const struct kl_assessment *out[KL_JOINT_MEMBERS_MAX])
{
	for (size_t i = 0; i < j->count; i++)
		out[i] = j->members[i].assessment;
}

static void put_distance(
	struct kl_writer *w, const struct joint *j, const struct kl_joint_subject *s)
{
	bool differ = s->view == KL_JOINT_DIFFER;

	kl_put_halves(w, "distance",
		s->members > 1 ? s->highest_doubled - s->lowest_doubled : KL_NO_SCORE);
	kl_put_text(w, "lowest", differ ? name_of(j, s->lowest_of) : NULL);
	kl_put_text(w, "highest", differ ? name_of(j, s->highest_of) : NULL);
}

static void put_subject(struct kl_writer *w, const struct joint *j, size_t subject)
{
	const struct kl_assessment *all[KL_JOINT_MEMBERS_MAX];
	struct kl_joint_subject s;
	struct kl_assessed r;

	all_of(j, all);
	kl_joint_subject(all, j->count, subject, &s);
	kl_write_map(w, 7);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	kl_put_text(w, "view", kl_joint_view_name(s.view));
	put_distance(w, j, &s);
	kl_put_array(w, "scores", j->count);
	for (size_t i = 0; i < j->count; i++) {
		kl_assessment_result(all[i], subject, &r);
		kl_write_map(w, KL_PUT_ASSESSED);
		kl_put_assessed(w, &r);
	}
}

static bool says(const struct kl_subject_notes *n)
{
	return *n->strengths || *n->gaps || *n->action;
}

/* What the members wrote about a subject on which they differ. */
static void put_said(struct kl_writer *w, const struct joint *j, size_t subject)
{
	size_t n = 0;

	for (size_t i = 0; i < j->count; i++)
		n += says(&j->members[i].assessment->notes[subject]);
	kl_put_array(w, "said", n);
	for (size_t i = 0; i < j->count; i++) {
		const struct kl_subject_notes *notes = &j->members[i].assessment->notes[subject];

		if (!says(notes))
			continue;
		kl_write_map(w, 4);
		kl_put_text(w, "name", name_of(j, i));
		kl_put_said(w, "strengths", notes->strengths);
		kl_put_said(w, "gaps", notes->gaps);
		kl_put_said(w, "action", notes->action);
	}
}

static void put_talk(struct kl_writer *w, const struct joint *j)
{
	const struct kl_assessment *all[KL_JOINT_MEMBERS_MAX];
	uint8_t subjects[KL_SUBJECTS];
	size_t n;

	all_of(j, all);
	n = kl_joint_talk_about(all, j->count, subjects);
	kl_put_array(w, "talk_about", n);
	for (size_t i = 0; i < n; i++) {
		struct kl_joint_subject s;

		kl_joint_subject(all, j->count, subjects[i], &s);
		kl_write_map(w, 6);
		kl_put_text(w, "subject", kl_subject_code(subjects[i]));
		kl_put_text(w, "name", kl_subject_name(subjects[i]));
		put_distance(w, j, &s);
		if (i < TALK_SHOWN)
			put_said(w, j, subjects[i]);
		else
			kl_put_array(w, "said", 0);
	}
}

static void put_joint(struct kl_writer *w, const struct joint *j)
{
	kl_write_map(w, 5);
	kl_put_array(w, "members", j->count);
	for (size_t i = 0; i < j->count; i++)
		put_member(w, j, i);
	kl_put_array(w, "subjects", KL_SUBJECTS);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		put_subject(w, j, s);
	put_talk(w, j);
	kl_put_bool(w, "own", j->own);
	kl_put_bool(w, "kept", j->keep || !j->file_count);
}

/* ---- the command ----------------------------------------------------------------------------- */

static int take_end(struct kl_ask *ask, void *data)
{
	struct joint *j = data;
	int rc = gather(j, &ask->fault);

	if (!rc)
		rc = keep(j, &ask->fault);
	if (rc)
		return rc;
	put_joint(&ask->out, j);
	destroy(j);
	return kl_ask_answer(ask);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static const struct kl_ask_hooks hooks = {.part = take_part, .end = take_end, .abort = aborted};

static int take_names(struct kl_ask *ask, struct joint *j)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_get_array(&ask->args, "files", &list);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc || list.count > FILES_MAX)
		return kl_fault(&ask->fault, KL_E_USAGE, "at most %d files at once", FILES_MAX);
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item))
		rc = kl_value_text(&item, j->files[j->file_count++].name, FILE_NAME_MAX);
	return rc ? kl_fault(&ask->fault, KL_E_USAGE, "the name of a file is too long") : KL_OK;
}

int kl_cmd_assess_joint(void *data, struct kl_ask *ask)
{
	struct joint *j = calloc(1, sizeof *j);
	int rc;

	if (!j)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	j->node = data;
	rc = take_names(ask, j);
	if (!rc)
		rc = kl_ask_period(ask, &j->given, &j->period);
	if (!rc)
		rc = kl_ask_text(ask, "place", j->place, sizeof j->place);
	if (!rc && kl_get_bool_or(&ask->args, "keep", false, &j->keep))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--keep: expected true or false");
	if (rc) {
		destroy(j);
		return rc;
	}
	return kl_ask_upload(ask, &hooks, j);
}

int kl_cmd_assess_forget(void *data, struct kl_ask *ask)
{
	char text[256], name[KL_MEMBER_NAME_MAX];
	size_t count;
	int rc = kl_ask_needed(ask, "member", "whose?", text, sizeof text);

	if (!rc)
		rc = kl_kept_shared_forget(data, text, name, &count, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 2);
	kl_put_text(&ask->out, "name", name);
	kl_put_uint(&ask->out, "forgotten", count);
	return kl_ask_answer(ask);
}
