/* policy landscape: the network by class, beside what SE:UK published. */
#include "client/draw.h"
#include "client/draw_policy.h"
#include "client/policy_words.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

enum { SHARE_TEXT = 16 };

static const char *share_of(const struct kl_value *map, const char *key, char out[SHARE_TEXT])
{
	double share;

	(void)kl_copy_text(out, SHARE_TEXT, "-");
	if (!kl_get_double(map, key, &share))
		(void)snprintf(out, SHARE_TEXT, "%.0f%%", share * 100);
	return out;
}

static const char *mark(const struct kl_value *row)
{
	return kl_draw_flag(row, "own") ? "< you" : "";
}

static void draw_counts(FILE *out, const struct kl_value *answer)
{
	uint64_t n = kl_draw_uint(answer, "councils"), others = kl_draw_uint(answer, "others");

	fprintf(out, "%" PRIu64 " council%s of the network", n, n == 1 ? "" : "s");
	kl_draw_policy_filters(out, answer);
	fprintf(out,
		": %" PRIu64 " classified, %" PRIu64 " unclassified, %" PRIu64
		" without a published policy\n",
		kl_draw_uint(answer, "classified"), kl_draw_uint(answer, "unclassified"),
		kl_draw_uint(answer, "none"));
	if (others)
		fprintf(out,
			"(%" PRIu64
			" community anchor%s a policy, too; the classes are of councils)\n",
			others, others == 1 ? " has" : "s have");
}

static int draw_classes(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "classes");
	char share[SHARE_TEXT], text[160];
	struct kl_table table;
	struct kl_value row;
	bool shares = false;
	double value;
	int rc;

	kl_table_init(&table, "<class >councils >share >England_2016 <");
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "class", "?");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "n"));
		shares |= !kl_get_double(&row, "share", &value);
		kl_table_cell(&table, "%s", share_of(&row, "share", share));
		kl_table_cell(&table, "%s", share_of(&row, "published_share", share));
		kl_table_cell(&table, "%s", mark(&row));
	}
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	fputs("\nPublished shares: ", out);
	kl_draw_wrapped(out, kl_cli_text(answer, "source", "?", text, sizeof text), 80, 2);
	fputs(shares ? "Shares of the network are of its classified councils.\n"
		     : "Shares of the network are given from 20 classified councils on (ours).\n",
		out);
	return rc;
}

static void draw_own(FILE *out, const struct kl_value *answer)
{
	char class[32], why[600];
	struct kl_value own;

	if (kl_map_get(answer, "own", &own) || own.type != KL_WIRE_MAP)
		return;
	fprintf(out, "You: %s, because\n  ", kl_cli_text(&own, "class", "?", class, sizeof class));
	kl_draw_wrapped(out, kl_cli_text(&own, "why", "?", why, sizeof why), 96, 2);
}

/* Rows of which some are counted: name, number, where we stand. */
static int draw_rows(
	FILE *out, const struct kl_value *map, const char *key, const char *name, const char *head)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	struct kl_table table;
	struct kl_value row;
	bool any = false;
	int rc = KL_OK;

	kl_table_init(&table, "< > <");
	while (kl_cursor_next(&cursor, &row)) {
		if (!kl_draw_uint(&row, "n"))
			continue;
		any = true;
		kl_draw_cell(&table, &row, name, "?");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "n"));
		kl_table_cell(&table, "%s", mark(&row));
	}
	if (any) {
		fprintf(out, "\n%s\n", head);
		rc = kl_table_print(&table, out);
	}
	kl_table_deinit(&table);
	return rc;
}

static int draw_weights(FILE *out, const struct kl_value *answer)
{
	char low[KL_DRAW_NUMBER_MAX], middle[KL_DRAW_NUMBER_MAX], high[KL_DRAW_NUMBER_MAX];
	char head[200];
	struct kl_value w;

	if (kl_map_get(answer, "weights", &w) || !kl_draw_uint(&w, "n"))
		return KL_OK;
	(void)snprintf(head, sizeof head,
		"Weights in scoring that %" PRIu64 " state: from %s%% to %s%%, median %s%%",
		kl_draw_uint(&w, "n"), kl_draw_number(&w, "lowest", "?", low),
		kl_draw_number(&w, "highest", "?", high),
		kl_draw_number(&w, "median", "?", middle));
	return draw_rows(out, &w, "bands", "band", head);
}

static int draw_answers(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "answers");
	struct kl_table table;
	struct kl_value row, own;
	bool any = false, yes;
	int rc = KL_OK;

	kl_table_init(&table, "<what_policies_say >yes >no <");
	while (kl_cursor_next(&cursor, &row)) {
		if (!kl_draw_uint(&row, "yes") && !kl_draw_uint(&row, "no"))
			continue;
		any = true;
		kl_draw_cell(&table, &row, "label", "?");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "yes"));
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "no"));
		kl_table_cell(&table, "%s",
			kl_map_get(&row, "own", &own) || kl_value_bool(&own, &yes) ? ""
			: yes                                                      ? "< you: yes"
										   : "< you: no");
	}
	if (any) {
		fputc('\n', out);
		rc = kl_table_print(&table, out);
	}
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	FILE *out = cli->out;
	int rc;

	draw_counts(out, answer);
	if (kl_draw_uint(answer, "councils") == kl_draw_uint(answer, "none"))
		fputs("Nobody among them has published one yet: 'keeplocal policy set' says "
		      "yours.\n",
			out);
	fputc('\n', out);
	rc = draw_classes(out, answer);
	draw_own(out, answer);
	if (!rc)
		rc = draw_rows(out, answer, "statuses", "name", "Status");
	if (!rc)
		rc = draw_weights(out, answer);
	if (!rc)
		rc = draw_rows(out, answer, "routes", "name", "Routes used");
	if (!rc)
		rc = draw_answers(out, answer);
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_request_show(cli, "policy landscape", NULL, draw);
}

static const struct kl_option options[] = {
	KL_POLICY_FILTER_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_policy_landscape = {
	.words = "policy landscape",
	.example = "keeplocal policy landscape --region \"South West\"",
	.help = "the councils of the network by class (embracer, adopter, complier, bystander), "
		"beside "
		"the published shares",
	.more = "The classes are those of SE:UK's Procuring for Good (2016). A policy that says "
		"too "
		"little, or that the published rules do not decide, is unclassified: 'policy show' "
		"says "
		"why.",
	.options = options,
	.tables = true,
	.run = run,
};
