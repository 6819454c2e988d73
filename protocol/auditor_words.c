/* What the auditor says: findings, summaries, and how members are called in them. */
#include "protocol/auditor_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *kl_audit_step_name(enum kl_audit_step step)
{
	static const char *const names[] = {
#define X(name, word) word,
		KL_AUDIT_STEPS(X)
#undef X
	};

	KL_ASSERT((unsigned)step < KL_AUDIT_STEP_COUNT);
	return names[step];
}

const char *kl_audit_mark_name(enum kl_audit_mark mark)
{
	switch (mark) {
	case KL_MARK_NOTHING:
		return "nothing";
	case KL_MARK_WELL:
		return "well";
	case KL_MARK_NOTE:
		return "note";
	case KL_MARK_NOT_HERE:
		return "not here";
	case KL_MARK_WRONG:
		break;
	}
	return "wrong";
}

/* What is well has less room than what is not: it must not push that out. */
static struct kl_finding *add(struct kl_auditor *a, enum kl_audit_mark mark)
{
	size_t room = mark >= KL_MARK_NOT_HERE ? KL_FINDINGS_MAX : KL_FINDINGS_MAX - 100;

	if (a->finding_count >= room) {
		a->findings_left_out++;
		return NULL;
	}
	if (a->finding_count == a->finding_capacity) {
		size_t more = a->finding_capacity ? 2 * a->finding_capacity : 32;
		struct kl_finding *memory = realloc(a->findings, more * sizeof *memory);

		if (!memory) {
			a->rc = KL_E_NOMEM;
			return NULL;
		}
		a->findings = memory;
		a->finding_capacity = more;
	}
	return &a->findings[a->finding_count++];
}

static void raise_mark(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark)
{
	if (mark > a->marks[step])
		a->marks[step] = mark;
}

static void say(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *before, const char *format, va_list args)
{
	struct kl_finding *finding = add(a, mark);
	size_t len = strlen(before);

	raise_mark(a, step, mark);
	if (!finding)
		return;
	finding->step = step;
	finding->mark = mark;
	memcpy(finding->text, before, len);
	(void)vsnprintf(finding->text + len, sizeof finding->text - len, format, args);
}

void kl_auditor_say(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(a, step, mark, "", format, args);
	va_end(args);
}

void kl_auditor_differs(struct kl_auditor *a, enum kl_audit_step step, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (a->whole)
		say(a, step, KL_MARK_WRONG, "", format, args);
	else
		say(a, step, KL_MARK_NOT_HERE,
			"records are missing or damaged, and perhaps only therefore: ", format,
			args);
	va_end(args);
}

static void sum_up(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *format, va_list args)
{
	raise_mark(a, step, mark);
	(void)vsnprintf(a->summaries[step], sizeof a->summaries[step], format, args);
}

void kl_auditor_sum_up(struct kl_auditor *a, enum kl_audit_step step, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sum_up(a, step, KL_MARK_WELL, format, args);
	va_end(args);
}

void kl_auditor_sum_up_as(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sum_up(a, step, mark, format, args);
	va_end(args);
}

const char *kl_auditor_name(
	const struct kl_auditor *a, const struct kl_id *member, char out[KL_AUDIT_NAME_MAX])
{
	const struct kl_roster_member *m = kl_roster_find(&a->roster, member);
	char hex[KL_ID_HEX_MAX];

	if (m) {
		(void)kl_copy_text(out, KL_AUDIT_NAME_MAX, m->name);
	} else if (kl_id_equal(member, &a->options.convenor)) {
		(void)kl_copy_text(out, KL_AUDIT_NAME_MAX, "the convenor");
	} else {
		kl_hex(member->b, KL_ID_BYTES, hex);
		snprintf(out, KL_AUDIT_NAME_MAX, "member %.16s", hex);
	}
	return out;
}

const char *kl_auditor_seat_name(
	const struct kl_auditor *a, unsigned seat, char out[KL_AUDIT_NAME_MAX + 16])
{
	char name[KL_AUDIT_NAME_MAX];

	snprintf(out, KL_AUDIT_NAME_MAX + 16, "seat %u (%s)", seat,
		kl_auditor_name(a, &a->seats[seat - 1].member, name));
	return out;
}

const char *kl_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* ---- asking ------------------------------------------------------------------------------------ */

enum kl_audit_mark kl_auditor_mark(const struct kl_auditor *a, enum kl_audit_step step)
{
	return a->marks[step];
}

const char *kl_auditor_summary(const struct kl_auditor *a, enum kl_audit_step step)
{
	return a->summaries[step];
}

enum kl_audit_mark kl_auditor_worst(const struct kl_auditor *a)
{
	enum kl_audit_mark worst = KL_MARK_WELL;

	for (unsigned i = 0; i < KL_AUDIT_STEP_COUNT; i++)
		if (a->marks[i] > worst)
			worst = a->marks[i];
	return worst;
}

size_t kl_auditor_findings(const struct kl_auditor *a, size_t *ret_more)
{
	if (ret_more)
		*ret_more = a->findings_left_out;
	return a->finding_count;
}

const struct kl_finding *kl_auditor_finding(const struct kl_auditor *a, size_t index)
{
	KL_ASSERT(index < a->finding_count);
	return &a->findings[index];
}
