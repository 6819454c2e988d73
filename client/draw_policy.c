#include "client/draw_policy.h"
#include "client/draw.h"

#include <string.h>

enum { LABEL = 40, WIDTH = 58 };

/* ---- a policy ------------------------------------------------------------------------------ */

void kl_draw_policy(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	char text[KL_DRAW_POLICY_TEXT_MAX], label[64], class[32];
	struct kl_value field;

	while (kl_cursor_next(&cursor, &field)) {
		fprintf(out, "%-*s", LABEL, kl_cli_text(&field, "label", "?", label, sizeof label));
		kl_draw_wrapped(
			out, kl_cli_text(&field, "shown", "?", text, sizeof text), WIDTH, LABEL);
	}
	(void)kl_cli_text(answer, "class", "?", class, sizeof class);
	(void)kl_cli_text(answer, "why", "?", label, sizeof label);
	fprintf(out, "\nClass after SE:UK (2016): %s, because\n  ", class);
	kl_draw_wrapped(out, kl_cli_text(answer, "why", "?", text, sizeof text), 96, 2);
}

/* What was said first, taken back or changed. */
static void draw_change(FILE *out, const struct kl_value *change)
{
	char before[KL_DRAW_POLICY_TEXT_MAX], after[KL_DRAW_POLICY_TEXT_MAX], label[64];

	kl_cli_text(change, "before", "", before, sizeof before);
	kl_cli_text(change, "after", "", after, sizeof after);
	fprintf(out, "  %-*s", LABEL - 2, kl_cli_text(change, "label", "?", label, sizeof label));
	if (!after[0])
		fputs("taken back; it was ", out);
	if (!before[0] || !after[0]) {
		kl_draw_wrapped(
			out, before[0] ? before : after, WIDTH - (before[0] ? 19 : 0), LABEL);
		return;
	}
	kl_draw_wrapped(out, before, WIDTH, LABEL);
	fprintf(out, "%*sis now:  ", LABEL - 9, "");
	kl_draw_wrapped(out, after, WIDTH, LABEL);
}

void kl_draw_policy_changes(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "changes");
	struct kl_value change;

	while (kl_cursor_next(&cursor, &change))
		draw_change(out, &change);
}
