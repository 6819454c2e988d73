#include "protocol/doc_assessment.h"
#include "protocol/doc.h"

#include <string.h>

enum { KEYS = 7 };

static const char what[] = "the assessment";

static const char *const sector_keys[KL_NOTE_SECTORS] = {
	[KL_NOTE_PRIVATE] = "private", [KL_NOTE_PUBLIC] = "public", [KL_NOTE_SOCIAL] = "social"};

/* ---- writing ------------------------------------------------------------------------------- */

static void write_score(struct kl_writer *w, int score)
{
	if (score == KL_NO_SCORE)
		kl_write_nil(w);
	else
		kl_write_uint(w, (uint64_t)score);
}

static bool says_something(const struct kl_answer *answer, size_t subject)
{
	return answer->score != KL_NO_SCORE || kl_answer_answered(answer, subject) || *answer->note;
}

static void write_answer(struct kl_writer *w, const struct kl_answer *answer, size_t subject)
{
	kl_put_map(w, kl_subject_code(subject), 3);
	kl_write_text(w, "score");
	write_score(w, answer->score);
	if (kl_answer_answered(answer, subject)) {
		kl_put_array(w, "statements", kl_subject_statements(subject));
		for (unsigned i = 0; i < kl_subject_statements(subject); i++)
			write_score(w, answer->statements[i]);
	} else {
		kl_put_nil(w, "statements");
	}
	kl_doc_put_optional(w, "note", answer->note);
}

static void write_assessor(struct kl_writer *w, const struct kl_assessor *assessor)
{
	size_t count = 0;

	for (size_t s = 0; s < KL_SUBJECTS; s++)
		count += says_something(&assessor->answers[s], s);
	kl_write_map(w, 2);
	kl_put_text(w, "name", assessor->name);
	kl_put_map(w, "answers", count);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		if (says_something(&assessor->answers[s], s))
			write_answer(w, &assessor->answers[s], s);
}

static bool notes_say_something(const struct kl_subject_notes *n)
{
	bool sectors = false;

	for (size_t i = 0; i < KL_NOTE_SECTORS; i++)
		sectors |= *n->sectors[i] != '\0';
	return sectors || *n->strengths || *n->gaps || *n->opportunities || *n->action ||
	       *n->owner || *n->due || n->evidence_count;
}

static void write_notes(struct kl_writer *w, const struct kl_subject_notes *n, size_t subject)
{
	kl_put_map(w, kl_subject_code(subject), KL_NOTE_SECTORS + 7);
	for (size_t i = 0; i < KL_NOTE_SECTORS; i++)
		kl_doc_put_optional(w, sector_keys[i], n->sectors[i]);
	kl_doc_put_optional(w, "strengths", n->strengths);
	kl_doc_put_optional(w, "gaps", n->gaps);
	kl_doc_put_optional(w, "opportunities", n->opportunities);
	kl_doc_put_optional(w, "action", n->action);
	kl_doc_put_optional(w, "owner", n->owner);
	kl_doc_put_optional(w, "due", n->due);
	kl_put_array(w, "evidence", n->evidence_count);
	for (uint8_t i = 0; i < n->evidence_count; i++)
		kl_write_text(w, n->evidence[i]);
}

static void write_place_and_principles(struct kl_writer *w, const struct kl_assessment *a)
{
	kl_doc_put_period(w, a->period);
	kl_doc_put_optional(w, "place", a->place);
	kl_put_array(w, "principles", KL_PRINCIPLES);
	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		if (*a->principles[i])
			kl_write_text(w, a->principles[i]);
		else
			kl_write_nil(w);
	kl_put_array(w, "strategies", a->strategy_count);
	for (uint8_t i = 0; i < a->strategy_count; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "title", a->strategies[i].title);
		kl_doc_put_optional(w, "note", a->strategies[i].note);
	}
}

void kl_doc_assessment_encode(struct kl_writer *w, const struct kl_assessment *assessment)
{
	const struct kl_assessment *a = assessment;
	size_t count = 0;

	for (size_t s = 0; s < KL_SUBJECTS; s++)
		count += notes_say_something(&a->notes[s]);
	kl_write_map(w, KEYS);
	kl_put_uint(w, "v", KL_DOC_ASSESSMENT_VERSION);
	write_place_and_principles(w, a);
	kl_put_array(w, "assessors", a->assessor_count);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		write_assessor(w, &a->assessors[i]);
	kl_put_map(w, "subjects", count);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		if (notes_say_something(&a->notes[s]))
			write_notes(w, &a->notes[s], s);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Everything below only fills the struct within its bounds. That order, keys and counts are right
 * is shown by writing it again, and that the values are, by the check. */

static int read_score(const struct kl_value *value, int8_t *ret_score)
{
	uint64_t score;
	int rc;

	if (value->type == KL_WIRE_NIL)
		return KL_OK;
	rc = kl_value_uint(value, KL_SCORE_MAX, &score);
	if (!rc)
		*ret_score = (int8_t)score;
	return rc;
}

static int read_statements(const struct kl_value *map, struct kl_answer *answer)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_map_get(map, "statements", &list);

	if (rc || list.type == KL_WIRE_NIL)
		return rc;
	if (list.type != KL_WIRE_ARRAY || list.count > KL_STATEMENTS_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	for (size_t i = 0; !rc && kl_cursor_next(&c, &item); i++)
		rc = read_score(&item, &answer->statements[i]);
	return rc;
}

static int read_answer(const struct kl_value *map, struct kl_answer *answer)
{
	struct kl_value score;
	int rc = kl_map_get(map, "score", &score);

	if (!rc)
		rc = read_score(&score, &answer->score);
	if (!rc)
		rc = read_statements(map, answer);
	return rc ? rc : kl_doc_optional(map, "note", answer->note, sizeof answer->note);
}

/* Calls back for each entry of a map that is keyed by subject. */
static int each_subject(const struct kl_value *map, void *context,
	int (*visit)(void *context, size_t subject, const struct kl_value *entry))
{
	struct kl_cursor c = kl_cursor(map);
	struct kl_value key, entry;
	char code[16];
	int rc = KL_OK;

	while (!rc && kl_cursor_next(&c, &key) && kl_cursor_next(&c, &entry)) {
		size_t subject = 0;

		rc = kl_value_text(&key, code, sizeof code);
		while (!rc && subject < KL_SUBJECTS && strcmp(code, kl_subject_code(subject)) != 0)
			subject++;
		if (!rc)
			rc = subject < KL_SUBJECTS ? visit(context, subject, &entry)
						   : KL_E_MALFORMED;
	}
	return rc;
}

static int visit_answer(void *context, size_t subject, const struct kl_value *entry)
{
	struct kl_assessor *assessor = context;

	return read_answer(entry, &assessor->answers[subject]);
}

static int read_assessors(const struct kl_value *map, struct kl_assessment *a)
{
	struct kl_value list, item, answers;
	struct kl_cursor c;
	int rc = kl_get_array(map, "assessors", &list);

	if (rc || list.count > KL_ASSESSORS_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item)) {
		struct kl_assessor *assessor = &a->assessors[a->assessor_count++];

		rc = kl_get_text(&item, "name", assessor->name, sizeof assessor->name);
		if (!rc)
			rc = kl_get_map(&item, "answers", &answers);
		if (!rc)
			rc = each_subject(&answers, assessor, visit_answer);
	}
	return rc;
}

static int read_evidence(const struct kl_value *map, struct kl_subject_notes *n)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_get_array(map, "evidence", &list);

	if (rc || list.count > KL_EVIDENCE_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item))
		rc = kl_value_text(&item, n->evidence[n->evidence_count++], sizeof n->evidence[0]);
	return rc;
}

static int visit_notes(void *context, size_t subject, const struct kl_value *map)
{
	struct kl_assessment *a = context;
	struct kl_subject_notes *n = &a->notes[subject];
	const struct {
		const char *key;
		char *out;
		size_t size;
	} texts[] = {{"strengths", n->strengths, sizeof n->strengths},
		{"gaps", n->gaps, sizeof n->gaps},
		{"opportunities", n->opportunities, sizeof n->opportunities},
		{"action", n->action, sizeof n->action}, {"owner", n->owner, sizeof n->owner},
		{"due", n->due, sizeof n->due}};
	int rc = KL_OK;

	if (notes_say_something(n)) /* the subject stands twice */
		return KL_E_MALFORMED;
	for (size_t i = 0; i < KL_NOTE_SECTORS && !rc; i++)
		rc = kl_doc_optional(map, sector_keys[i], n->sectors[i], sizeof n->sectors[i]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts && !rc; i++)
		rc = kl_doc_optional(map, texts[i].key, texts[i].out, texts[i].size);
	return rc ? rc : read_evidence(map, n);
}

static int read_principles(const struct kl_value *map, struct kl_assessment *a)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_get_array(map, "principles", &list);

	if (rc || list.count != KL_PRINCIPLES)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	for (size_t i = 0; !rc && kl_cursor_next(&c, &item); i++)
		if (item.type != KL_WIRE_NIL)
			rc = kl_value_text(&item, a->principles[i], sizeof a->principles[i]);
	return rc;
}

static int read_strategies(const struct kl_value *map, struct kl_assessment *a)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_get_array(map, "strategies", &list);

	if (rc || list.count > KL_STRATEGIES_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item)) {
		struct kl_strategy *s = &a->strategies[a->strategy_count++];

		rc = kl_get_text(&item, "title", s->title, sizeof s->title);
		if (!rc)
			rc = kl_doc_optional(&item, "note", s->note, sizeof s->note);
	}
	return rc;
}

static int read_all(const struct kl_value *map, struct kl_assessment *a, struct kl_fault *fault)
{
	struct kl_value subjects;
	int rc = kl_doc_period(map, &a->period);

	if (!rc)
		rc = kl_doc_optional(map, "place", a->place, sizeof a->place);
	if (!rc)
		rc = read_principles(map, a);
	if (!rc)
		rc = read_strategies(map, a);
	if (!rc)
		rc = read_assessors(map, a);
	if (!rc)
		rc = kl_get_map(map, "subjects", &subjects);
	if (!rc)
		rc = each_subject(&subjects, a, visit_notes);
	if (rc)
		return kl_doc_fault(fault, KL_E_MALFORMED, what);
	return KL_OK;
}

int kl_doc_assessment_decode(
	struct kl_bytes bytes, struct kl_assessment **ret_assessment, struct kl_fault *fault)
{
	struct kl_assessment *a;
	struct kl_writer again;
	struct kl_value map;
	int rc;

	rc = kl_doc_open(bytes, KL_DOC_ASSESSMENT_VERSION, KEYS, &map);
	if (rc)
		return kl_doc_fault(fault, rc, what);
	a = kl_assessment_new((struct kl_period){0});
	if (!a)
		return kl_doc_fault(fault, KL_E_NOMEM, what);
	rc = read_all(&map, a, fault);
	if (!rc)
		rc = kl_assessment_check(a, fault);
	if (rc)
		goto fail;
	kl_writer_init(&again);
	kl_doc_assessment_encode(&again, a);
	rc = kl_doc_same(bytes, &again, what, fault);
	kl_writer_deinit(&again);
	if (rc)
		goto fail;
	*ret_assessment = a;
	return KL_OK;
fail:
	kl_assessment_destroy(a);
	return rc;
}
